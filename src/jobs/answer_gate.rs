//! What the gate refuses of a candidate's answers (rule 39), each only where the side before did not do the same: another
//! language than the customer's, a known non-answer in the place of an answer, a person's data.

use super::compare::Sides;
use super::replies::{Said, Voice, table};
use crate::domain::{AnswerFaults, ConversationId, IntentId};
use crate::learn::responses::{ResponseTable, Rules};
use crate::store::{AnsweredRow, GoldItem, Half, split_turn};
use crate::text::language::{answered_in, asked_in, will_do};
use crate::text::personal::personal;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A text that was given to so many intents...
const INTENTS: usize = 5;
/// ...in so many conversations...
const CONVERSATIONS: usize = 20;
/// ...of which a smaller share was resolved is a non-answer.
const RESOLVED: f64 = 0.3;
/// What something outside says on so many gold turns is meant for everybody.
const EVERYBODY: usize = 5;

/// Faults of one answer.
#[derive(Clone, Copy, Default)]
struct Wrong {
    other_language: bool,
    non_answer: bool,
    personal: bool,
}

/// What is known of answers, whoever gives them.
struct Known {
    /// The AI's answers and the corrections, by the rules of today.
    table: ResponseTable,
    non_answers: HashSet<String>,
}

/// The faults of the answers after. `rows` are the AI's answers.
pub(super) fn faults(sides: &Sides<'_>, before: Option<&Voice>, after: &Voice, rows: &[AnsweredRow]) -> AnswerFaults {
    let known = Known { table: table(rows, Rules::ByLanguage), non_answers: non_answers(rows) };
    let open = || sides.gold.iter().enumerate().filter(|(_, g)| g.half == Half::Open);
    let mut said_often: HashMap<&str, usize> = HashMap::new();
    for (at, item) in open() {
        if let Some(said) = after.says(item, &sides.after.1[at]) {
            *said_often.entry(said.text).or_default() += 1;
        }
    }
    let mut out = AnswerFaults::default();
    for (at, item) in open() {
        let Some(new) = after.says(item, &sides.after.1[at]) else { continue };
        let guess_before = sides.before.as_ref().and_then(|(_, said)| said[at]);
        let old = before.and_then(|b| b.says(item, &guess_before));
        let intent = sides.after.1[at].flatten().map(|(intent, _)| intent);
        let mut wrong = known.wrong(item, &new, intent);
        wrong.personal &= said_often.get(new.text).is_none_or(|&n| n < EVERYBODY);
        let was = old.as_ref().map(|old| known.wrong(item, old, intent)).unwrap_or_default();
        if wrong.other_language && !was.other_language {
            out.other_language.add(&item.id);
        }
        if wrong.non_answer && !was.non_answer && old.is_some() {
            out.non_answer.add(&item.id);
        }
        if wrong.personal && !was.personal {
            out.personal.add(&item.id);
        }
    }
    out
}

impl Known {
    fn wrong(&self, item: &GoldItem, said: &Said<'_>, intent: Option<IntentId>) -> Wrong {
        let logged = item.lang.as_deref();
        let asked = asked_in(&item.text, logged);
        let in_theirs = will_do(&answered_in(said.text, logged), &asked);
        Wrong {
            other_language: !in_theirs && intent.is_some_and(|i| self.table.speaks(i, &asked)),
            non_answer: self.non_answers.contains(&key(said.text)),
            personal: match said.from_table {
                Some(response) => response.is_personal(),
                None => !personal(said.text, &BTreeSet::new()).is_empty(),
            },
        }
    }
}

/// Texts that are given to everything and resolve nothing.
fn non_answers(rows: &[AnsweredRow]) -> HashSet<String> {
    let mut texts: HashMap<String, (HashSet<IntentId>, HashMap<ConversationId, bool>)> = HashMap::new();
    for row in rows {
        let (intents, conversations) = texts.entry(key(&row.response)).or_default();
        intents.insert(row.intent);
        conversations.insert(split_turn(row.turn).0, row.resolved);
    }
    let is_one = |(_, (intents, conversations)): &(String, (HashSet<IntentId>, HashMap<ConversationId, bool>))| {
        let resolved = conversations.values().filter(|r| **r).count() as f64;
        intents.len() >= INTENTS
            && conversations.len() >= CONVERSATIONS
            && resolved < RESOLVED * conversations.len() as f64
    };
    texts.into_iter().filter(is_one).map(|(text, _)| text).collect()
}

/// A text without its spacing.
fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
