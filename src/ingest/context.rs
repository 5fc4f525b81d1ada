//! What formats need beside the input, and what they leave behind.

use super::derive::speakers::{is_machinery, names_customer, word};
use super::derive::strangers::{Speakers, TAKE_TURNS};
use super::formats::csv::{CsvField, Mapping, RowShape};
use super::times::{DateOrder, TimeReading};
use crate::domain::{Role, Timestamp};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A secret that makes pseudonyms impossible to guess. The same salt gives the same pseudonyms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salt(pub Vec<u8>);

/// Something about the log that was put up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What.
    pub text: String,
    /// How often.
    pub count: u64,
    /// The line where it was seen first.
    pub line: u64,
}

/// Something about a log that only a person can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportQuestion {
    /// What is not understood: a column, a speaker, a key.
    pub about: String,
    /// What was seen there: values, and how often.
    pub seen: String,
    /// What settles it: flags, or the field of the dialogue.
    pub settle: String,
    /// What is taken where guesses are accepted; `None`: nothing can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guess: Option<String>,
    /// Whether the sense of the conversations hangs on it: nothing is imported before it is settled.
    pub needed: bool,
}

/// What a log has proved of how it is to be read: it holds for what comes of it later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProvedReading {
    /// What `03/04/2026` means.
    pub date_order: Option<DateOrder>,
    /// Who speakers are.
    pub speakers: Vec<(String, Role)>,
}

/// What a question about speakers is about.
pub(in crate::ingest) const WHO_SPEAKS: &str = "who speaks";

impl ImportQuestion {
    /// Asks who speakers are whom nobody has placed; `needed`: nothing is imported before.
    pub(super) fn of_strangers(speakers: &Speakers, needed: bool) -> Option<Self> {
        const NAMED: usize = 8;
        let met = speakers.strangers();
        let (first, _) = met.first()?;
        let some: Vec<String> = met.iter().take(NAMED).map(|(name, n)| format!("`{name}` ({n})")).collect();
        if met.iter().all(|(name, _)| TAKE_TURNS.contains(name)) {
            let [one, other] = TAKE_TURNS;
            let settle =
                format!("--speakers {one}=user,{other}=bot where the customer begins (else the other way round)");
            let seen =
                format!("turns are texts alone, of which two take turns; nobody says who {} are", some.join(" and "));
            return Some(Self { about: WHO_SPEAKS.to_owned(), seen, settle, guess: None, needed });
        }
        let more = met.len().saturating_sub(some.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(Self {
            about: WHO_SPEAKS.to_owned(),
            seen: format!("nobody says who these are: {}{more}", some.join(", ")),
            settle: Self::placing(first, met.len() > 1),
            guess: needed.then(|| "nothing for it: their conversations are left out and counted".to_owned()),
            needed,
        })
    }

    /// Asks what became of offers for which a log has other words; `None`: it has none.
    pub(super) fn of_offers(warnings: &Warnings) -> Option<Self> {
        const NAMED: usize = 8;
        let mut met: Vec<(&str, u64)> = warnings.offer_words().collect();
        met.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let some: Vec<String> = met.iter().take(NAMED).map(|(word, n)| format!("{word} ({n})")).collect();
        let more = met.len().saturating_sub(some.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!met.is_empty()).then(|| Self {
            about: "what became of offers".to_owned(),
            seen: format!(
                "`status` is none that is known: {}{more}; those offers stand as shown without an end",
                some.join(", ")
            ),
            settle: "write shown, accepted, declined or ignored there and import it again".to_owned(),
            guess: None,
            needed: false,
        })
    }

    /// The flag that places speakers whom nobody knows: one as the AI, and where there are others, all of them as customers.
    pub(in crate::ingest) fn placing(first: &str, others: bool) -> String {
        let word = word(first);
        match others {
            false if names_customer(&word) => {
                format!("--speakers {} (or bot, agent, tool, system)", in_shell(&format!("{first}=user")))
            }
            false if is_machinery(&word) => {
                format!("--speakers {} (or system, bot, agent, user)", in_shell(&format!("{first}=tool")))
            }
            false => format!("--speakers {} (or user, agent, tool, system)", in_shell(&format!("{first}=bot"))),
            true => format!(
                "--speakers {} where `{first}` is the AI and all others are customers (else NAME=user, bot, agent, tool or system for each)",
                in_shell(&format!("{first}=bot,*=user"))
            ),
        }
    }

    /// The flag that places speakers whom nobody knows beside an AI that is known.
    pub(in crate::ingest) fn placing_beside_ai(first: &str, others: bool) -> String {
        let one = in_shell(&format!("{first}=user"));
        let all = in_shell("*=user");
        match others {
            false => format!("--speakers {one} (or agent, bot, tool, system)"),
            true => format!(
                "--speakers {one} (or agent, bot, tool, system), and so for each; --speakers {all} where all of them are customers"
            ),
        }
    }

    /// The same about one file of a folder; where something `stops` that file, it is left out, and the others are read.
    pub(in crate::ingest) fn name_file(&mut self, file: &str, stops: bool) {
        self.about = format!("{file}: {}", self.about);
        if stops && self.needed {
            self.settle += "; until then this file is left out: import it by itself with that";
            self.needed = false;
        }
    }

    /// Whether it keeps the log from being imported.
    pub fn stops(&self, accept_guesses: bool) -> bool {
        self.needed && !(accept_guesses && self.guess.is_some())
    }
}

/// A word in the quotes that a shell takes off.
pub(super) fn in_shell(word: &str) -> String {
    if word.contains(['"', '$', '`', '\\', '!']) { format!("'{word}'") } else { format!("\"{word}\"") }
}

impl fmt::Display for ImportQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.about, self.seen, self.settle)?;
        match &self.guess {
            Some(guess) if self.needed => write!(f, " (--accept-guesses takes {guess})"),
            _ => Ok(()),
        }
    }
}

/// Kinds of warning that are told apart; a log can hold any number of unknown keys.
const MAX_KINDS: usize = 100;

/// What is said behind a key that is not known, and behind several.
pub(super) const ONE_KEPT: &str = " is not known here, or not in this form: kept in meta";
const SEVERAL_KEPT: &str = "are not known here, or not in this form: kept in meta";
/// Keys that have a line each; more stand in one.
const KEPT_APART: usize = 5;
/// Keys that such a line names.
const KEPT_NAMED: usize = 20;

/// The warnings of one import, each kind once.
#[derive(Clone, Debug, Default)]
pub(super) struct Warnings {
    kinds: BTreeMap<String, (u64, u64)>,
    /// The line that is being read.
    pub line: u64,
    /// Records with bytes that are no text, and the line of the first; those bytes are now U+FFFD.
    pub invalid_utf8: DamagedRecords,
    /// Words for what became of an offer that are not known, and how often each was met.
    offer_words: BTreeMap<String, u64>,
}

/// Records with bytes that are no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DamagedRecords {
    /// How many.
    pub n: u64,
    /// The line of the first.
    pub line: u64,
}

impl DamagedRecords {
    /// These and others that come after them.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self { n: self.n + others.n, line: if self.n == 0 { others.line } else { self.line } }
    }
}

impl Warnings {
    /// None yet, at a line.
    pub fn at(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    /// Notes a warning at the current line.
    pub fn add(&mut self, text: &str) {
        let line = self.line;
        if let Some((count, _)) = self.kinds.get_mut(text) {
            *count += 1;
        } else {
            let text = if self.kinds.len() < MAX_KINDS { text } else { "more kinds of warning, not listed" };
            self.kinds.entry(text.to_owned()).or_insert((0, line)).0 += 1;
        }
    }

    /// Notes a word for what became of an offer that is not known.
    pub fn offer_word(&mut self, word: &str) {
        if self.offer_words.len() < MAX_KINDS || self.offer_words.contains_key(word) {
            *self.offer_words.entry(word.to_owned()).or_default() += 1;
        }
    }

    /// Such words with how often each was met.
    pub fn offer_words(&self) -> impl Iterator<Item = (&str, u64)> {
        self.offer_words.iter().map(|(word, n)| (word.as_str(), *n))
    }

    /// Notes that the record at the current line has bytes that are no text.
    pub fn damaged(&mut self) {
        self.invalid_utf8 = self.invalid_utf8.and(DamagedRecords { n: 1, line: self.line });
    }

    /// A text as it is read, of which each line is a record.
    pub fn lossy<'b>(&mut self, text: &'b [u8]) -> Cow<'b, str> {
        let read = String::from_utf8_lossy(text);
        if matches!(read, Cow::Owned(_)) {
            for (line, _) in (1..).zip(text.split(|&b| b == b'\n')).filter(|(_, l)| std::str::from_utf8(l).is_err()) {
                self.line = line;
                self.damaged();
            }
        }
        read
    }

    /// Adds those of a record that were collected apart.
    pub fn join(&mut self, others: Self) {
        self.invalid_utf8 = self.invalid_utf8.and(others.invalid_utf8);
        for (text, (count, _)) in others.kinds {
            (0..count).for_each(|_| self.add(&text));
        }
        for (word, count) in others.offer_words {
            (0..count).for_each(|_| self.offer_word(&word));
        }
    }

    /// All of them, in the order in which they were first seen.
    pub fn list(&self) -> Vec<Warning> {
        let warning = |(text, &(count, line)): (&String, &(u64, u64))| Warning { text: text.clone(), count, line };
        let all = self.kinds.iter().map(warning);
        let (mut kept, mut list): (Vec<Warning>, Vec<Warning>) = all.partition(|w| w.text.ends_with(ONE_KEPT));
        match kept.len() > KEPT_APART {
            true => list.extend(together(&kept)),
            false => list.append(&mut kept),
        }
        list.sort_by_key(|w| w.line);
        list
    }
}

/// Many keys that are not known, in one line: it begins where the first of them stands, and counts the records of the most frequent.
fn together(kept: &[Warning]) -> Option<Warning> {
    let names = kept.iter().filter_map(|w| w.text.strip_suffix(ONE_KEPT));
    let named = names.take(KEPT_NAMED).collect::<Vec<_>>().join(", ");
    let more = match kept.len().saturating_sub(KEPT_NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let count = kept.iter().map(|w| w.count).max()?;
    let line = kept.iter().map(|w| w.line).min()?;
    Some(Warning { text: format!("{named}{more} {SEVERAL_KEPT}"), count, line })
}

/// What plain numbers of records are of, by all of them.
#[derive(Clone, Debug)]
pub struct PlainScales {
    /// How ratings are read.
    pub(super) ratings: Arc<Mapping>,
    /// Whether they are; else their scale is asked for.
    pub(super) is_read: bool,
    /// What only a person can tell of them.
    pub(super) questions: Vec<ImportQuestion>,
    /// What was settled, and should be looked at.
    pub(super) warnings: Vec<String>,
    /// Whether numbers under `feedback` are points of a scale and no thumbs.
    pub(super) are_points: bool,
    /// Whether all of the log was looked at, so that nothing is left to be said of one record.
    pub(super) by_all: bool,
}

impl Default for PlainScales {
    /// A plain rating is one of 1 to 5.
    fn default() -> Self {
        let mut five = Mapping::new(RowShape::Turns);
        five.set(CsvField::Csat, Some("csat"));
        (five.csat_min, five.csat_max) = (Some(1.0), Some(5.0));
        Self {
            ratings: Arc::new(five),
            is_read: true,
            questions: Vec::new(),
            warnings: Vec::new(),
            are_points: false,
            by_all: false,
        }
    }
}

impl PlainScales {
    /// Whether it asks this.
    pub fn asks(&self, question: &ImportQuestion) -> bool {
        self.questions.contains(question)
    }
}

/// What a format needs to turn records into conversations.
pub(super) struct Context {
    /// How times are read.
    pub times: TimeReading,
    /// The source of conversations that name none.
    pub source: String,
    /// Nobody named that source: it is the file's name, and of several files each has its own.
    pub is_source_guessed: bool,
    /// The folder that the log lies in, where that was named and no source was.
    pub folder: Option<String>,
    /// Who speakers are by what a person said, and whom nobody has placed so far.
    pub speakers: Speakers,
    /// The encoding that a person named; formats of text that is read as it stands know it already.
    pub encoding: Option<&'static str>,
    /// Names of events, actions, tools and intents that mean a handoff, beside [`super::HANDOFF_NAMES`].
    pub handoff_names: Vec<String>,
    /// When the import happens: tells silence from a conversation that goes on.
    pub now: Timestamp,
    /// With it, customer ids become pseudonyms.
    pub salt: Option<Salt>,
    /// Longest record in bytes; longer ones are rejected.
    pub max_record: usize,
    /// What was put up with so far.
    pub warnings: Warnings,
    /// Whether guesses are taken where a person would have to be asked.
    pub accept_guesses: bool,
    /// What only a person can tell. A format asks before its first record.
    pub questions: Vec<ImportQuestion>,
    /// Whether a file of a folder is left out until its questions are answered.
    pub unanswered: bool,
    /// Whether the log names no conversation, so that ids are made of what they say or of the file's name.
    pub makes_ids: bool,
    /// The silence in milliseconds behind which a chat begins another conversation; `None`: the log is cut by something else.
    pub silence: Option<i64>,
    /// What plain ratings and thumbs of records are of.
    pub scales: Arc<PlainScales>,
    /// Whether some record had a rating that such a scale is for.
    pub is_rated: bool,
    /// Whether the input holds ratings alone, of conversations that stand somewhere else.
    pub rates_alone: bool,
    /// What a person said of ratings alone, as `--map` writes it.
    pub said_of_ratings: Option<String>,
}

impl Context {
    /// How plain ratings are read; notes that there are some, so that what their scale leaves open is asked.
    pub fn rating_scale(&mut self) -> Arc<PlainScales> {
        self.is_rated = true;
        Arc::clone(&self.scales)
    }

    /// Notes that the file is one conversation or a few that it does not name: their source is the folder they lie in, where there is one,
    /// for a source of its own for each would say nothing.
    pub fn holds_one_talk(&mut self) {
        self.makes_ids = true;
        if let Some(folder) = &self.folder {
            self.source.clone_from(folder);
        }
    }
}

#[cfg(test)]
impl Context {
    /// With nothing said about how the log is to be read.
    pub fn of(source: &str) -> Self {
        Self {
            times: TimeReading::default(),
            source: source.to_owned(),
            is_source_guessed: true,
            folder: None,
            speakers: Speakers::default(),
            encoding: None,
            handoff_names: Vec::new(),
            now: Timestamp(1_800_000_000_000),
            salt: None,
            max_record: 64 << 20,
            warnings: Warnings::default(),
            accept_guesses: false,
            questions: Vec::new(),
            unanswered: false,
            makes_ids: false,
            silence: None,
            scales: Arc::default(),
            is_rated: false,
            rates_alone: false,
            said_of_ratings: None,
        }
    }
}
