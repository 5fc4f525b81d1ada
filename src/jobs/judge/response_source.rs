//! Where the answers of a side come from: its table, or what was said to single turns.

use crate::domain::{DecisionId, ReleaseId};
use crate::jobs::JobError;
use crate::jobs::predict::predictor::Measured;
use crate::learn::contract::Predict;
use crate::learn::responses::{IntentResponse, ResponseRules, ResponseTable};
use crate::store::{AnsweredRow, GoldHalf, GoldItem, IntentNames, Store, turn_id};
use std::collections::HashMap;

/// Where a side takes its answers from.
pub(in crate::jobs) struct ResponseSource {
    /// By today's intents.
    table: ResponseTable,
    /// What was said to single turns: by something outside, or by the AI at the time.
    turns: HashMap<i64, String>,
    /// Corrections up to here were known to it.
    knew: DecisionId,
}

impl ResponseSource {
    /// A stored release.
    pub fn of(store: &Store, id: ReleaseId, names: &IntentNames) -> Result<Self, JobError> {
        let table = store.artefact(id)?.responses.under(|i| names.today(i));
        let turns = store.kept_responses(id)?;
        Ok(Self { table, turns, knew: store.origin(id)?.moment.known })
    }

    /// A release that is about to be stored; what it says to single turns is given.
    pub fn new(table: &ResponseTable, names: &IntentNames, turns: HashMap<i64, String>, knew: DecisionId) -> Self {
        Self { table: table.under(|i| names.today(i)), turns, knew }
    }

    /// The AI at the time.
    pub fn logged(store: &Store, gold: &[GoldItem]) -> Result<Self, JobError> {
        let mut turns = HashMap::new();
        for item in gold.iter().filter(|g| g.half == GoldHalf::Open) {
            let turn = turn_id(item.conversation, item.turn);
            turns.extend(store.answered(turn)?.map(|text| (turn, text)));
        }
        Ok(Self { table: ResponseTable::default(), turns, knew: DecisionId(0) })
    }

    /// By which rules its answers were chosen.
    pub(in crate::jobs) fn rules(&self) -> ResponseRules {
        self.table.rules()
    }

    /// Whether it knew a correction when it was made: it is not judged on that one (rule 18).
    pub(in crate::jobs) fn knew(&self, correction: &AnsweredRow) -> bool {
        correction.decision <= self.knew
    }

    /// What it says to a gold turn.
    pub(in crate::jobs) fn says(&self, item: &GoldItem, guess: &Measured) -> Option<SourcedResponse<'_>> {
        if let Some(text) = self.turns.get(&turn_id(item.conversation, item.turn)) {
            return Some(SourcedResponse { text, from_table: None });
        }
        let response =
            self.table.predict(((*guess)??.0, &self.table.rules().asked_in(&item.text, item.lang.as_deref())))?;
        Some(SourcedResponse { text: &response.text, from_table: Some(response) })
    }

    /// What its table says to the intent of a corrected turn.
    pub(in crate::jobs) fn answer_to(&self, row: &AnsweredRow) -> Option<String> {
        self.table.predict((row.intent, &row.asked_language)).map(|r| r.text.clone())
    }
}

/// One answer.
pub(in crate::jobs) struct SourcedResponse<'a> {
    pub text: &'a str,
    /// The same as it stands in the release's table; `None` where something outside said it, or the AI at the time.
    pub from_table: Option<&'a IntentResponse>,
}
