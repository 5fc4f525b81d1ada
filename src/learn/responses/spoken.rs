//! An answer in a language.

use super::accepted::{AcceptedAnswers, CaseChoice};
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

/// An answer that is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GivenResponse<'a> {
    /// The answer.
    pub response: &'a IntentResponse,
    /// The cosine of the request that it was accepted for, where the nearest one decided.
    pub similarity: Option<f32>,
}

impl LanguageAnswer {
    /// What a request gets; `None` where the request tells which answer is given, and nobody has answered one like it.
    pub fn given(&self, asked: &str) -> Option<GivenResponse<'_>> {
        let usual = |response| Some(GivenResponse { response, similarity: None });
        match self.accepted.as_ref().map(|accepted| accepted.choose(asked)) {
            None => usual(&self.response),
            Some(CaseChoice::Untold(latest)) => usual(latest.unwrap_or(&self.response)),
            Some(CaseChoice::Nobody) => None,
            Some(CaseChoice::Nearest(response, near)) => Some(GivenResponse { response, similarity: Some(near) }),
        }
    }

    /// All that may be answered: the usual answer, unless the request always tells which is given, and the accepted ones that requests are
    /// kept of.
    pub fn all(&self) -> impl Iterator<Item = &IntentResponse> {
        let by_request = self.accepted.as_ref().is_some_and(AcceptedAnswers::differ_by_situation);
        let usual = Some(&self.response).filter(|_| !by_request);
        let others = self.accepted.iter().flat_map(AcceptedAnswers::with_requests);
        usual.into_iter().chain(others.filter(move |r| by_request || r.text != self.response.text))
    }
}
