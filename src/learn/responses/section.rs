//! The response table as a section of a release: JSON.

use super::accepted::AcceptedAnswers;
use super::answer::{IntentResponse, ResponseRules};
use super::spoken::LanguageAnswer;
use super::table::ResponseTable;
use crate::base::bytes::BytesError;
use crate::domain::IntentId;
use crate::learn::contract::{Section, Tag};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

impl Section for ResponseTable {
    const TAG: Tag = *b"RESP";
    /// Read, JSON takes many times its bytes.
    const MOST: u64 = 64 << 20;

    fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        Ok(serde_json::to_vec(&StoredResponses::from(self))?)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let stored: StoredResponses = serde_json::from_slice(bytes).map_err(|_| BytesError::Damaged("responses"))?;
        stored.try_into()
    }
}

/// As it stands in a release. The first rules wrote `responses` alone.
#[derive(Default, Serialize, Deserialize)]
struct StoredResponses {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recipe: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    responses: Option<BTreeMap<IntentId, IntentResponse>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<BTreeMap<IntentId, Vec<LanguageAnswer>>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    answered_in: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    handed_over: BTreeSet<IntentId>,
}

impl TryFrom<StoredResponses> for ResponseTable {
    type Error = BytesError;

    fn try_from(stored: StoredResponses) -> Result<Self, BytesError> {
        let table = |rules, answers| Self { rules, answers, ..Self::default() };
        match (stored.recipe, stored.responses, stored.answers) {
            (None, Some(responses), None) => {
                let alone = |response| vec![LanguageAnswer { lang: String::new(), response, accepted: None }];
                let answers = responses.into_iter().map(|(i, r)| (i, alone(r))).collect();
                Ok(table(ResponseRules::ByIntent, answers))
            }
            (Some(2), None, Some(answers)) => Ok(table(ResponseRules::ByLanguage, answers)),
            (Some(3), None, Some(answers)) => Ok(table(ResponseRules::ByWriting, answers)),
            (Some(recipe @ 4..=6), None, Some(answers)) => {
                answers
                    .values()
                    .flatten()
                    .filter_map(|s| s.accepted.as_ref())
                    .try_for_each(AcceptedAnswers::checked)?;
                let rules = match recipe {
                    4 => ResponseRules::BySituation,
                    5 => ResponseRules::ByOutcome,
                    _ => ResponseRules::ByMost,
                };
                Ok(Self { rules, answers, answered_in: stored.answered_in, handed_over: stored.handed_over })
            }
            _ => Err(BytesError::Damaged("responses")),
        }
    }
}

impl From<&ResponseTable> for StoredResponses {
    fn from(table: &ResponseTable) -> Self {
        match table.rules {
            ResponseRules::ByIntent => {
                let first = |(i, said): (&IntentId, &Vec<LanguageAnswer>)| Some((*i, said.first()?.response.clone()));
                let responses = table.answers.iter().filter_map(first).collect();
                Self { responses: Some(responses), ..Self::default() }
            }
            rules => Self {
                recipe: Some(rules as u32),
                responses: None,
                answers: Some(table.answers.clone()),
                answered_in: table.answered_in.clone(),
                handed_over: table.handed_over.clone(),
            },
        }
    }
}
