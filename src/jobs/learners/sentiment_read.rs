//! What customers of a store said, turn by turn.

use super::report::READING_STAGE;
use crate::domain::{LearnedReport, Reporter};
use crate::jobs::JobError;
use crate::learn::sentiment::SentimentRules;
use crate::learn::sentiment::heard::{HeardTurn, heard};
use crate::store::{LearnedCut, LessonRow, LessonsOf, Store};
use crate::text::greek::ReadText;
use crate::text::language::{is_in_other_letters, primary, written};
use rustc_hash::FxHashSet;

/// Turns that are kept at most, the newest: of those that somebody rated, and of the others. By the former rules alone.
const NEWEST_RATED: usize = 12_000;
const NEWEST_OTHERS: usize = 10_000;
/// Conversations that are drawn at most: of those that somebody rated, and of all for what nobody rated. A million conversations are
/// learnt from within a minute so, on two cores.
const RATED: usize = 40_000;
const OTHERS: usize = 5_000;
/// Turns that nobody rated, at most.
const OTHER_TURNS: usize = 12_000;
/// The languages in which calls for a person are heard.
const READ: [&str; 2] = ["en", "el"];
/// Words of a customer below which nothing is told by them.
const TELLING: usize = 3;
/// Conversations between two looks at whether to go on.
const STEP: usize = 256;

/// What was read.
#[derive(Default)]
pub(super) struct Heard {
    pub turns: Vec<HeardTurn>,
    /// Conversations in which the customer asks for a person.
    pub person: u64,
    /// Conversations in languages in which no such call is heard, ...
    pub unheard: u64,
    /// ...and those that were looked at for that.
    pub looked_at: u64,
    /// Of how much it is a part, under the names of [`LearnedReport::ABOUT`]; empty: it is all.
    pub part: Vec<(&'static str, u64)>,
}

impl Heard {
    /// Keeps of a conversation what is asked for: turns that somebody rated, turns that nobody rated. What nobody rated judges nothing.
    fn take(&mut self, turns: Vec<HeardTurn>, row: &LessonRow, wanted: &mut dyn FnMut(bool) -> bool) {
        for t in turns {
            let rated = t.rated.is_some();
            if (rated || !row.is_test) && wanted(rated) {
                let (group, is_test, ended, weight) = (row.group, row.is_test, row.at, row.weight);
                self.turns.push(HeardTurn { group, is_test, ended, weight, ..t });
            }
        }
    }
}

/// Customers' turns up to a cut, the newest first, by time, source and id: a bounded number of them, by the rules of a model.
pub(super) fn read(
    store: &Store,
    cut: &LearnedCut,
    rules: SentimentRules,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Heard, JobError> {
    match rules {
        SentimentRules::AsSpelt => read_newest(store, cut, reporter),
        SentimentRules::BySound | SentimentRules::Calibrated | SentimentRules::Counted => {
            read_drawn(store, cut, seed, reporter)
        }
    }
}

/// A draw from all that somebody rated, and one from all for what nobody did.
fn read_drawn(store: &Store, cut: &LearnedCut, seed: u64, reporter: &dyn Reporter) -> Result<Heard, JobError> {
    reporter.step(READING_STAGE, 0, 1)?;
    let rated = store.drawn_lessons(LessonsOf::Rated, cut, RATED, seed)?;
    let others = store.drawn_lessons(LessonsOf::All, cut, OTHERS, seed)?;
    let said = store.said_sentiments(cut)?;
    let mut out = Heard::default();
    if rated.is_part() {
        out.part = vec![(LearnedReport::DRAWN, rated.rows.len() as u64), (LearnedReport::DRAWN_OF, rated.of)];
    }
    let total = (rated.rows.len() + others.rows.len()) as u64;
    let (mut others_left, mut languages) = (OTHER_TURNS, LanguagesRead::default());
    for (at, (row, is_rated)) in
        rated.rows.iter().rev().map(|r| (r, true)).chain(others.rows.iter().rev().map(|r| (r, false))).enumerate()
    {
        if at % STEP == 0 {
            reporter.step(READING_STAGE, at as u64, total)?;
        }
        let conversation = store.conversation(row.conversation)?;
        let (turns, person) = heard(&conversation, said.get(&row.conversation).copied());
        out.person += u64::from(!is_rated && !row.is_test && person);
        if !is_rated && !row.is_test {
            languages.look(&turns, conversation.lang.as_deref());
        }
        out.take(turns, row, &mut |has_rating| match (is_rated, has_rating) {
            (true, rated) => rated,
            (false, true) => false,
            (false, false) => {
                let keep = others_left > 0;
                others_left = others_left.saturating_sub(1);
                keep
            }
        });
    }
    (out.unheard, out.looked_at) = (languages.others(), languages.looked_at);
    Ok(out)
}

/// Which conversations are in a language that is not read: by the letters, by what the log says, else since most of their words stand in no
/// conversation of a language that is read. A few words in Latin letters tell nothing by themselves.
#[derive(Default)]
struct LanguagesRead {
    looked_at: u64,
    others: u64,
    /// Words of conversations in a language that is read.
    known: FxHashSet<String>,
    /// The words of each conversation whose language nothing tells.
    untold: Vec<Vec<String>>,
}

impl LanguagesRead {
    fn look(&mut self, turns: &[HeardTurn], logged: Option<&str>) {
        if turns.is_empty() {
            return;
        }
        self.looked_at += 1;
        if turns.iter().all(|t| is_in_other_letters(&t.text)) {
            self.others += 1;
            return;
        }
        let said: Vec<ReadText> = turns.iter().map(|t| ReadText::of(&t.text)).collect();
        let letters = |word: &&str| word.chars().any(char::is_alphabetic);
        let words = said.iter().flat_map(ReadText::words).filter(letters).map(str::to_owned);
        match written(&said, logged) {
            Some(tag) if READ.contains(&primary(Some(&tag)).as_str()) => self.known.extend(words),
            Some(_) => self.others += 1,
            None => self.untold.push(words.collect()),
        }
    }

    /// How many are in a language that is not read.
    fn others(&self) -> u64 {
        let is_other = |words: &&Vec<String>| {
            let unknown = words.iter().filter(|word| !self.known.contains(*word)).count();
            words.len() >= TELLING && 2 * unknown > words.len()
        };
        self.others + self.untold.iter().filter(is_other).count() as u64
    }
}

/// The newest conversations, up to a number of turns.
fn read_newest(store: &Store, cut: &LearnedCut, reporter: &dyn Reporter) -> Result<Heard, JobError> {
    let lessons = store.lessons(false, cut)?;
    let said = store.said_sentiments(cut)?;
    let mut out = Heard::default();
    let (mut rated, mut others) = (0, 0);
    for (at, row) in lessons.iter().rev().enumerate() {
        if at % STEP == 0 {
            reporter.step(READING_STAGE, at as u64, lessons.len() as u64)?;
        }
        if rated >= NEWEST_RATED && others >= NEWEST_OTHERS {
            break;
        }
        let conversation = store.conversation(row.conversation)?;
        let (turns, person) = heard(&conversation, said.get(&row.conversation).copied());
        out.person += u64::from(!row.is_test && person);
        out.take(turns, row, &mut |has_rating| {
            let (of, most) = if has_rating { (&mut rated, NEWEST_RATED) } else { (&mut others, NEWEST_OTHERS) };
            let keep = *of < most;
            *of += usize::from(keep);
            keep
        });
    }
    Ok(out)
}
