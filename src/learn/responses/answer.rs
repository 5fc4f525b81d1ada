//! One answer, and by which rules it was chosen.

use crate::text::language::{asked_in, asked_in_by_letters};
use crate::text::personal::{CustomerNames, names_somebody, personal, was_personal};
use serde::{Deserialize, Serialize};

/// What the AI itself has said so often is meant for everybody, even with a telephone number in it.
const EVERYBODY: u64 = 5;

/// By which rules answers are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResponseRules {
    /// One answer an intent, from answers right after the customer's turn and every correction.
    ByIntent = 1,
    /// One answer an intent and language, from all answers and the accepted corrections. The customer's language is told by its letters.
    ByLanguage = 2,
    /// The same, but Greek in Latin letters is Greek (rule 50).
    ByWriting = 3,
    /// The same, but where accepted answers differ by situation the nearest request tells, and what nobody has an answer to gets none.
    BySituation = 4,
    /// The same, but of what the AI said itself the answer that most customers were helped with, and where it helped nobody none that is
    /// rather another intent's.
    ByOutcome = 5,
    /// The same, but what the AI fills in with each customer's values (names, cities) is one answer: an accepted one with placeholders has
    /// all that followed it, and none of it is given to others. Of what the AI said itself only what most of those heard who were helped,
    /// which calls nobody by a name and is not one of several that differ in a word; where accepted answers differ, but too few requests
    /// tell by what, a request like none of them gets the usual one. Who writes in a language that there is no answer in gets one in another
    /// only where the AI answered such customers so.
    #[default]
    ByMost = 6,
}

impl ResponseRules {
    /// The language that a customer is answered in, as the first part of a BCP 47 tag; empty where nothing tells.
    pub fn asked_in(self, text: &str, logged: Option<&str>) -> String {
        match self {
            Self::ByIntent | Self::ByLanguage => asked_in_by_letters(text, logged),
            Self::ByWriting | Self::BySituation | Self::ByOutcome | Self::ByMost => asked_in(text, logged),
        }
    }

    /// Whether a text that is like nothing the release was trained on is answered all the same, with what its nearest intent gets.
    pub fn answers_anything(self) -> bool {
        self < Self::BySituation
    }
}

/// Where a response comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseOrigin {
    /// A reviewer's latest accepted correction.
    Correction,
    /// The AI's own: the most frequent, by the newer rules the one that most customers were helped with.
    MostUsed,
}

/// The answer to an intent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentResponse {
    /// The words.
    pub text: String,
    /// Where they come from.
    pub from: ResponseOrigin,
    /// How many corrections say this, or how often the AI did.
    pub count: u64,
    /// Of how many corrections of this intent (in this language), or answers to it.
    pub of: u64,
}

impl IntentResponse {
    /// Whether it says something that is one customer's. What the AI says again and again is not; by the newest rules it is where it calls
    /// somebody by a name.
    pub fn is_personal(&self, rules: ResponseRules) -> bool {
        let often = self.from == ResponseOrigin::MostUsed && self.count >= EVERYBODY;
        match rules >= ResponseRules::ByMost {
            true if often => names_somebody(&self.text),
            true => !personal(&self.text, &CustomerNames::default()).is_empty(),
            false => !often && was_personal(&self.text),
        }
    }
}
