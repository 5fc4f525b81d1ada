//! What the AI says to everything, and helps nobody with (rule 39).

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
    /// Those among answers: the intent, the conversation (any number of its own), the text, whether the conversation was resolved.
    pub fn among<'a>(answers: impl Iterator<Item = (IntentId, i64, &'a str, bool)>) -> Self {
        let mut texts: BTreeMap<String, (BTreeSet<IntentId>, BTreeMap<i64, bool>)> = BTreeMap::new();
        for (intent, conversation, text, resolved) in answers {
            let (intents, conversations) = texts.entry(without_spacing(text)).or_default();
            intents.insert(intent);
            conversations.insert(conversation, resolved);
        }
        texts.retain(|_, (intents, conversations)| {
            let resolved = conversations.values().filter(|r| **r).count() as f64;
            intents.len() >= INTENTS
                && conversations.len() >= CONVERSATIONS
                && resolved < RESOLVED * conversations.len() as f64
        });
        Self(texts.into_keys().collect())
    }

    /// Whether a text is one.
    pub fn has(&self, text: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&without_spacing(text))
    }
}

/// The words with one blank between two: texts that differ in spacing are one.
pub(super) fn without_spacing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
