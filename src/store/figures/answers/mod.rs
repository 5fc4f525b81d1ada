//! What followed each answer of the AI, by intent and place in the talk (rule 24): an association, never a cause.

mod arms;
mod asks;
mod differences;
mod drawn;
mod facts;
pub(in crate::store) mod figure;
#[cfg(test)]
mod language_tests;
pub(in crate::store) mod line;
mod messengers;
mod none;
mod success;
#[cfg(test)]
mod tests;
mod unanswered;

use crate::domain::query::quoted_name;
use crate::domain::{ConversationId, Difference, IntentId, OneKindOfEnd, QueryMoment, RateMovement, Role, Timestamp};
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use crate::store::codes::TRAINING;
use crate::store::figures::segments::Outcomes;
use crate::store::{IntentNames, Result, Store};
use crate::text::fit::ELLIPSIS;
use crate::text::fold;
use crate::text::language::answered_in;
use arms::{Arm, SpokenIn};
use differences::Compared;
use facts::{Fact, Facts};
use figure::{AnswerFigures, AnswerPage, EverSaid, Strata, Unranked, WeighedOutcomes};
use std::collections::BTreeSet;

/// Conversations in which the words of an action are looked for, ...
const LOOKED_AT: usize = 50;
/// ...and those that are read for words to the very intent, where others are found.
const READ: usize = 5;

impl Store {
    /// Answers by intent and stage. `None`: they were not counted yet.
    pub(in crate::store::figures) fn read_answers(
        &self,
        since: Option<QueryMoment>,
        now: Timestamp,
    ) -> Result<Option<AnswerPage>> {
        let Some(book) = self.answer_book()? else { return Ok(None) };
        let counting = Counting::new(self, &book, since, now)?;
        let mut page = counting.page()?;
        page.is_fresh = self.answers_are_counted()?;
        if counting.one_kind.is_some() {
            for answer in page.answers.iter_mut().chain(&mut page.non_answers) {
                (answer.rank, answer.ranked_among, answer.signs_differ) = (None, 0, false);
                (answer.beside, answer.others, answer.pooled, answer.within) = (None, None, None, None);
                // Where no difference can be told, none was looked for.
                answer.unranked = answer.unranked.filter(|why| *why != Unranked::NoDifference);
            }
        }
        Ok(Some(page))
    }
}

struct Counting<'a> {
    store: &'a Store,
    book: &'a AnswerBook,
    facts: Facts,
    period: String,
    /// The log has no times: all of it is one period.
    is_timeless: bool,
    knows_tools: bool,
    one_kind: Option<OneKindOfEnd>,
    acts_of_success: BTreeSet<&'a str>,
}

/// The lines of one answer.
#[derive(Default)]
struct AnswerLines {
    /// To each intent, at each stage where that tells something.
    arms: Vec<Arm>,
    /// Over all intents, by language: of one that is none.
    over_all: Vec<Arm>,
    text: Option<String>,
}

impl<'a> Counting<'a> {
    fn new(store: &'a Store, book: &'a AnswerBook, since: Option<QueryMoment>, now: Timestamp) -> Result<Self> {
        let is_timeless = store.newest(now)?.is_none();
        let since = since.filter(|_| !is_timeless);
        let from = since.map(|when| store.when(when, now)).transpose()?;
        let facts = Facts::read(store, book, from, now)?;
        let period = since.map_or(String::new(), |when| format!(" since:{when}"));
        let (knows_tools, one_kind) = (messengers::knows_tools(book), store.read_one_kind_of_end()?);
        let acts_of_success = success::acts_of_success(book, &facts);
        Ok(Self { store, book, facts, period, is_timeless, knows_tools, one_kind, acts_of_success })
    }

    fn lines_of(&self, at: usize) -> Result<AnswerLines> {
        let answer = &self.book.answers[at];
        let mut arms = Arm::each(answer, at, &self.facts);
        if arms.is_empty() {
            return Ok(AnswerLines::default());
        }
        let all = Arm::anywhere(answer, at, &self.facts, None);
        let text = self.example_of(answer)?;
        let told = messengers::told(answer, text.as_deref(), self.knows_tools);
        let is_non_answer = self.helps_few(&all, told);
        let messenger = told.or_else(|| messengers::by_outcome(answer, &self.facts));
        let only_asks = asks::only_asks(answer, text.as_deref());
        let tells_success = success::acts_of(answer).any(|act| self.acts_of_success.contains(act));
        for arm in &mut arms {
            (arm.only_asks, arm.tells_success) = (only_asks, tells_success);
            (arm.messenger, arm.is_non_answer) = (messenger, is_non_answer);
        }
        if !is_non_answer {
            arms = Arm::once(arms, answer, &self.facts);
        }
        let mut over_all = match is_non_answer && all.n() > 0 {
            true => Arm::by_language(answer, at, &self.facts),
            false => Vec::new(),
        };
        // By what it did in all languages it is told that it is none.
        for arm in &mut over_all {
            (arm.ever, arm.ever_intents, arm.ever_at_end) = (all.ever, all.ever_intents.clone(), all.ever_at_end);
        }
        Ok(AnswerLines { arms, over_all, text })
    }

    /// What an answer mostly says, of a training group.
    fn example_of(&self, answer: &BookedAnswer) -> Result<Option<String>> {
        Ok(answer.turn.map(|turn| self.store.words_of(turn)).transpose()?.flatten())
    }

    fn page(&self) -> Result<AnswerPage> {
        let names = self.store.intent_names()?;
        let said = self.store.answers_of_releases()?;
        let (mut arms, mut non_answers, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let differences = differences::Differences::new(&self.facts);
        let drawn = drawn::Drawn::new(self.book, &self.facts);
        for at in 0..self.book.answers.len() {
            let lines = self.lines_of(at)?;
            arms.extend(lines.arms);
            non_answers.extend(lines.over_all);
            texts.push(lines.text);
        }
        arms::shrink(&mut arms);
        arms::shrink(&mut non_answers);
        arms::rank(&mut arms);
        arms.sort_by(|a, b| {
            b.n().cmp(&a.n()).then_with(|| (a.answer, a.intent, a.stage).cmp(&(b.answer, b.intent, b.stage)))
        });
        non_answers.sort_by(|a, b| b.n().cmp(&a.n()).then(a.answer.cmp(&b.answer)));
        let mut told: Vec<Option<(Option<Difference>, Option<Compared>)>> = vec![None; self.book.answers.len()];
        let mut figures = |arm: &Arm| -> Result<AnswerFigures> {
            let booked = &self.book.answers[arm.answer];
            let (pooled, within) = *told[arm.answer].get_or_insert_with(|| differences.of(booked));
            let (text, before) = match booked.is_action && !(arm.over_all && arm.spoken.is_none()) {
                true => {
                    self.words_in(booked, arm, None)?.map_or((None, None), |words| (Some(words.text), words.before))
                }
                false => (texts[arm.answer].clone(), None),
            };
            let [resolved, escalated, failed, abandoned] = arm.outcomes;
            let given = said.of(booked.pattern.as_ref(), text.as_deref());
            let intent = intent_of(arm, &names);
            let beside = match self.facts.strata {
                _ if !self.can_be_compared(arm) => None,
                Strata::Intents => differences.beside(arm),
                Strata::Tags => within.filter(|_| arm.is_enough()),
                Strata::None => None,
            };
            let within = within.map(|compared| compared.difference);
            Ok(AnswerFigures {
                response: first_words(booked, text.as_deref()),
                answer: booked.key.clone(),
                pattern: booked.pattern.clone(),
                stage: arm.stage,
                langs: self.facts.languages(&arm.languages),
                n: arm.n(),
                outcomes: Outcomes { resolved, escalated, failed, abandoned },
                helped: arm.helped.rate(),
                weighed: self.facts.sampled.then(|| weighed(arm)),
                rated: arm.rated,
                satisfied: arm.satisfied,
                csat: (arm.rated > 0).then(|| arm.csat.0 / arm.csat.1),
                posterior: arm.posterior,
                prior: arm.prior,
                drawn_to: arm.drawn_to,
                known_beside: arm.known_beside,
                enough: arm.is_enough(),
                rank: arm.rank,
                ranked_among: arm.ranked_among,
                unranked: arm.unranked,
                beside: beside.map(|compared| compared.difference),
                others: beside.map(|compared| compared.others),
                pooled,
                within,
                signs_differ: pooled.zip(within).is_some_and(signs_differ),
                logged: arm.stage.and_then(|stage| drawn.value(arm.answer, arm.intent, stage)),
                live: given.is_some_and(|g| g.live),
                since_release: given.map(|g| g.first.0),
                text,
                texts: booked.texts,
                said_before: before,
                ever: arm.over_all.then(|| EverSaid {
                    intents: arm.ever_intents.len() as u64,
                    n: arm.ever.rows,
                    helped: arm.ever.share(),
                    at_end: arm.ever_at_end,
                }),
                intents: arm.by_intent.iter().map(|&(i, n)| (intent_name(i, &names), n)).collect(),
                query: self.query(booked, arm, &intent),
                intent,
            })
        };
        let unanswered = self.unanswered(&non_answers, &names);
        let non_answers = non_answers.iter().map(&mut figures).collect::<Result<_>>()?;
        let answers = arms.iter().map(&mut figures).collect::<Result<_>>()?;
        Ok(AnswerPage {
            non_answers,
            unanswered,
            answers,
            n: self.facts.n,
            unknown: self.facts.unknown,
            strata: self.facts.strata,
            is_fresh: false,
            is_timeless: self.is_timeless,
            sampled: self.facts.sampled,
            one_kind: self.one_kind,
        })
    }

    /// Whether an arm may stand beside the others: it is ranked, or would be if more were said in its place, or the whole log names no intents.
    fn can_be_compared(&self, arm: &Arm) -> bool {
        match arm.unranked {
            None | Some(Unranked::Alone | Unranked::NoDifference) => true,
            Some(Unranked::NoIntent) => self.facts.strata != Strata::Intents,
            Some(_) => false,
        }
    }

    /// What an action says lately to an intent, or in one language (`tongue` as facts have it), as training groups heard it. `None`: none of
    /// those that were looked at heard it. Of few conversations the latest is read, else several and the oldest.
    fn words_in(&self, answer: &BookedAnswer, arm: &Arm, tongue: Option<u32>) -> Result<Option<ActionWords>> {
        let speaks = |f: &Fact| {
            tongue.is_none_or(|t| t == f.tongue)
                && arm.spoken.as_ref().is_none_or(|spoken| spoken.is(&self.facts.tongue(f)))
        };
        let is_in = |f: &Fact| f.is_in && speaks(f) && (arm.over_all || f.intent == arm.intent);
        let at = |row: u32| self.facts.of(row).filter(|f| is_in(f)).map(|f| (f.at, row));
        let mut rows: Vec<(i64, u32)> = arms::rows_of(answer).filter_map(at).collect();
        rows.sort_unstable();
        let most = if arm.is_enough() { READ } else { 1 };
        let lately = self.heard(answer, arm, rows.iter().rev().map(|(_, row)| *row), most)?;
        let times = |text: &str| lately.iter().filter(|other| are_alike(text, other)).count();
        // Of equals the latest: `max_by_key` takes the last.
        let Some(text) = lately.iter().rev().max_by_key(|text| times(text)) else { return Ok(None) };
        // Without times nobody knows what came first.
        let oldest = match most > 1 && !self.is_timeless {
            true => self.heard(answer, arm, rows.iter().map(|(_, row)| *row), most)?,
            false => Vec::new(),
        };
        let lang = answered_in(text, None);
        let is_gone = |first: &&String| {
            answered_in(first, None) == lang
                && oldest.iter().filter(|other| are_alike(first, other)).count() > 1
                && !lately.iter().any(|other| are_alike(first, other))
        };
        Ok(Some(ActionWords { text: text.clone(), before: oldest.iter().find(is_gone).cloned() }))
    }

    /// So many texts of an action at most, in the order of conversations: those to the intent itself where they are found, since a
    /// conversation may come to others.
    fn heard(
        &self,
        answer: &BookedAnswer,
        arm: &Arm,
        rows: impl Iterator<Item = u32>,
        most: usize,
    ) -> Result<Vec<String>> {
        let names = self.store.intent_names()?;
        let (mut own, mut others, mut read) = (Vec::new(), Vec::new(), 0);
        for row in rows.take(LOOKED_AT) {
            let sql = "SELECT id FROM conversation WHERE id = ? AND part = ?";
            if self.store.ids(sql, &[&row, &TRAINING])?.is_empty() {
                continue;
            }
            if own.len() == most || !others.is_empty() && read >= READ.max(most) {
                break;
            }
            read += 1;
            let mut asked = None;
            for turn in self.store.conversation(ConversationId(row.into()))?.turns {
                if let Some(intent) = turn.intent.as_deref().filter(|_| turn.role == Role::User) {
                    asked = names.find(intent).map(|i| names.today(i).0);
                }
                if turn.action.as_deref() != Some(&answer.key) || turn.text.is_empty() {
                    continue;
                }
                if arm.over_all || asked.unwrap_or(0) == i64::from(arm.intent) {
                    own.push(turn.text);
                    break;
                }
                others.push(turn.text);
            }
        }
        others.truncate(most);
        Ok(if own.is_empty() { others } else { own })
    }

    fn query(&self, answer: &BookedAnswer, arm: &Arm, intent: &str) -> String {
        let key = match arm.stage {
            Some(stage) => format!("{}/{}", answer.key, stage.name()),
            None => answer.key.clone(),
        };
        let of = match arm.over_all {
            false => format!(" intent:{}", quoted_name(intent)),
            true => arm.spoken.as_ref().map_or_else(String::new, SpokenIn::filter),
        };
        format!("answer:{}{of} is:counted{} test:shown", quoted_name(&key), self.period)
    }
}

/// An arm's intent by its name.
fn intent_of(arm: &Arm, names: &IntentNames) -> String {
    if arm.over_all { "any".to_owned() } else { intent_name(arm.intent, names) }
}

fn intent_name(intent: u32, names: &IntentNames) -> String {
    if intent == 0 { "none".to_owned() } else { names.name(IntentId(i64::from(intent))) }
}

fn weighed(arm: &Arm) -> WeighedOutcomes {
    let [resolved, escalated, failed, abandoned] = arm.stands_for;
    let (n, worth) = (arm.helped.stands_for(), arm.helped.worth());
    WeighedOutcomes { n, resolved, escalated, failed, abandoned, worth }
}

fn signs_differ((pooled, within): (Difference, Difference)) -> bool {
    pooled.delta * within.delta < 0.0 && within.moved() != RateMovement::CannotTell
}

/// The words of an action.
struct ActionWords {
    /// Lately.
    text: String,
    /// At first, where they were others in the same language.
    before: Option<String>,
}

/// The share of words in common from which on two sayings are one with other values.
const ALIKE: f64 = 0.6;

/// Whether two sayings are one, whatever fills it in.
fn are_alike(a: &str, b: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> { fold::words(&fold::fold(text)).map(str::to_owned).collect() };
    let (a, b) = (words(a), words(b));
    let (both, all) = (a.intersection(&b).count(), a.union(&b).count());
    both as f64 >= ALIKE * all as f64
}

/// Letters of an answer that name it.
const NAMED: usize = 60;

fn first_words(answer: &BookedAnswer, text: Option<&str>) -> String {
    match text {
        _ if answer.is_action => answer.key.clone(),
        Some(text) => {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match words.char_indices().nth(NAMED) {
                Some((end, _)) => format!("{}{ELLIPSIS}", words[..end].trim_end()),
                None => words,
            }
        }
        None => "(only test groups heard it)".to_owned(),
    }
}
