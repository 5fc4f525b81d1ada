//! An answer in a language.

use super::accepted::AcceptedAnswers;
use super::answer::IntentResponse;
use serde::{Deserialize, Serialize};

/// An answer in a language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageAnswer {
    /// First part of a BCP 47 tag; empty where it is not known.
    pub lang: String,
    /// The answer.
    #[serde(flatten)]
    pub response: IntentResponse,
    /// All that was accepted, where it is more than one answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptedAnswers>,
}

impl LanguageAnswer {
    /// All that may be answered: the answer, and other accepted ones that requests are kept of.
    pub fn all(&self) -> impl Iterator<Item = &IntentResponse> {
        let others = self.accepted.iter().flat_map(AcceptedAnswers::with_requests);
        std::iter::once(&self.response).chain(others.filter(|r| r.text != self.response.text))
    }
}
