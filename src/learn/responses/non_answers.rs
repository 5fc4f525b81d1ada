//! What the AI says to everything, and helps nobody with (rule 39).

use super::alike::{Saying, answer_patterns};
use super::answer::ResponseRules;
use super::pattern::AnswerPattern;
use crate::domain::IntentId;
use std::collections::{BTreeMap, BTreeSet};

/// A text that was given to so many intents...
const INTENTS: usize = 5;
/// ...in so many conversations...
const CONVERSATIONS: usize = 20;
/// ...of which a smaller share was resolved is a non-answer (rule 39).
const RESOLVED: f64 = 0.3;

/// Texts that are given to everything and resolve nothing: `please try again later`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NonAnswers(BTreeSet<String>);

impl NonAnswers {
    /// Those among answers: the intent, the conversation (any number of its own), the text, whether the conversation was resolved. By the
    /// newest rules texts that differ in values alone are one.
    pub fn among<'a>(rules: ResponseRules, answers: impl Iterator<Item = (IntentId, i64, &'a str, bool)>) -> Self {
        let mut texts: BTreeMap<String, WhereSaid> = BTreeMap::new();
        for (intent, conversation, text, resolved) in answers {
            let said = texts.entry(without_spacing(text)).or_default();
            said.times += 1;
            said.intents.insert(intent);
            said.conversations.insert(conversation, resolved);
        }
        if rules < ResponseRules::ByMost {
            texts.retain(|_, said| said.is_none());
            return Self(texts.into_keys().collect());
        }
        let sayings: Vec<Saying<'_>> =
            texts.iter().map(|(text, said)| Saying { text, times: said.times, lang: "" }).collect();
        let patterns = answer_patterns(&sayings);
        let mut answers: BTreeMap<&AnswerPattern, WhereSaid> = BTreeMap::new();
        for (pattern, said) in patterns.iter().zip(texts.values()) {
            let all = answers.entry(pattern).or_default();
            all.intents.extend(&said.intents);
            all.conversations.extend(&said.conversations);
        }
        let none =
            texts.keys().zip(&patterns).filter(|(_, pattern)| answers.get(pattern).is_some_and(WhereSaid::is_none));
        Self(none.map(|(text, _)| text.clone()).collect())
    }

    /// Whether a text is one.
    pub fn has(&self, text: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&without_spacing(text))
    }
}

/// Where a text was said.
#[derive(Debug, Default)]
struct WhereSaid {
    times: u64,
    intents: BTreeSet<IntentId>,
    /// Whether each was resolved.
    conversations: BTreeMap<i64, bool>,
}

impl WhereSaid {
    fn is_none(&self) -> bool {
        let resolved = self.conversations.values().filter(|r| **r).count() as f64;
        self.intents.len() >= INTENTS
            && self.conversations.len() >= CONVERSATIONS
            && resolved < RESOLVED * self.conversations.len() as f64
    }
}

/// The words with one blank between two: texts that differ in spacing are one.
pub(super) fn without_spacing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
