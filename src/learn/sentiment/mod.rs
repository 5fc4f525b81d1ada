//! How the customer feels at a turn: negative, neutral or positive, learnt without labels and better with them.
//!
//! Signs of a turn (`signs`) vote by weights that human labels correct (`vote`); the vote gives soft labels, and a classifier of
//! n-grams, meanings and signs, with what the AI had said last as a block of its own, is fitted to them. Human labels weigh 1, votes
//! 12 / (number of human labels), at most 1. Most customers of a service are neutral: which class is said is decided by offsets that
//! give the best macro F1 out of fold, never by the most probable class alone. How sure it is, labels say that it had not seen
//! (`calibration`). Who is shown and counted as let down is told by another limit, that finds as many as labels do (`offsets`).
//! What a turn says in so many words (`tone`) stands whatever was learnt, until labels show otherwise: pleasure is told only where the words
//! say so, and plain displeasure wherever they do.

mod calibration;
mod features;
mod fitting;
mod greek_words;
pub mod heard;
mod lexicon;
mod model;
mod offsets;
mod open;
mod rules;
mod section;
mod signs;
#[cfg(test)]
mod tests;
mod tone;
mod vote;
mod words;

pub use fitting::{FittedSentiment, SentimentRecipe};
pub use model::{SentimentGuess, SentimentModel};
pub use rules::SentimentRules;

/// How many classes there are.
pub const CLASSES: usize = 3;

/// How a customer feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Feeling {
    /// Displeased.
    Negative = 0,
    /// Neither.
    Neutral = 1,
    /// Pleased.
    Positive = 2,
}

impl Feeling {
    /// All, by number.
    pub const ALL: [Self; CLASSES] = [Self::Negative, Self::Neutral, Self::Positive];

    /// On the scale of reviewers and logs: -1, 0 or 1.
    pub fn number(self) -> f64 {
        f64::from(self as u8) - 1.0
    }

    /// Reads `negative`, `neutral` or `positive`.
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "negative" => Some(Self::Negative),
            "neutral" => Some(Self::Neutral),
            "positive" => Some(Self::Positive),
            _ => None,
        }
    }
}

/// A turn of a customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SentimentTurn<'a> {
    /// What was said.
    pub text: &'a str,
    /// What the AI had said last; empty where it had not.
    pub before: &'a str,
    /// Whether the customer says the same again.
    pub repeats: bool,
}

/// A turn to learn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SentimentExample<'a> {
    /// The turn.
    pub turn: SentimentTurn<'a>,
    /// The AI had answered something that the customer had said: what is said before that is no word on an answer.
    pub is_answered: bool,
    /// What a person said of it; `None`: the signs vote.
    pub feeling: Option<Feeling>,
    /// Its customer, by any number of its own.
    pub group: u64,
    /// What it weighs beside others, 1 on average: more where it stands for many (rule 52).
    pub weight: f32,
}
