//! Where the answers of a side come from: its table, or what was said to single turns.

use crate::domain::{DecisionId, OUT_OF_SCOPE, ReleaseId};
use crate::jobs::JobError;
use crate::jobs::predict::predictor::Measured;
use crate::learn::contract::Predict;
use crate::learn::intent::{IntentModel, IntentPrediction};
use crate::learn::release::artefact::Artefact;
use crate::learn::responses::{IntentResponse, ResponseQuestion, ResponseRules, ResponseTable};
use crate::store::{AnsweredRow, GoldHalf, GoldItem, IntentNames, Store, turn_id};
use std::collections::{HashMap, HashSet};

/// Where a side takes its answers from.
pub(in crate::jobs) struct ResponseSource {
    /// By today's intents.
    table: ResponseTable,
    /// What was said to single turns: by something outside, or by the AI at the time.
    turns: HashMap<i64, String>,
    /// Corrections up to here were known to it.
    knew: DecisionId,
    /// Gold turns of the open half that are like nothing its model was trained on; empty where it answers those all the same.
    out_of_scope: HashSet<i64>,
}

impl ResponseSource {
    /// A stored release. Its model must be ready for the gold texts.
    pub fn of(store: &Store, id: ReleaseId, names: &IntentNames, gold: &[GoldItem]) -> Result<Self, JobError> {
        let Artefact { responses, intents, .. } = store.artefact(id)?;
        let (turns, knew) = (store.kept_responses(id)?, store.origin(id)?.moment.known);
        Ok(Self::new(&responses, names, turns, knew).silent_on(intents.as_ref(), names, gold))
    }

    /// A release that is about to be stored; what it says to single turns is given.
    pub fn new(table: &ResponseTable, names: &IntentNames, turns: HashMap<i64, String>, knew: DecisionId) -> Self {
        Self { table: table.under(|i| names.today(i)), turns, knew, out_of_scope: HashSet::new() }
    }

    /// The same, with what its model finds like nothing it was trained on, though not of the intent that stands for that.
    #[must_use]
    pub fn silent_on(mut self, model: Option<&IntentModel>, names: &IntentNames, gold: &[GoldItem]) -> Self {
        if let Some(model) = model.filter(|_| !self.table.rules().answers_anything()) {
            let open: Vec<&GoldItem> = gold.iter().filter(|g| g.half == GoldHalf::Open).collect();
            let texts: Vec<&str> = open.iter().map(|g| g.text.as_str()).collect();
            let said = model.predict_batch(&texts);
            let reserved = names.find(OUT_OF_SCOPE);
            let is_reserved = |said: &IntentPrediction| said.best().map(|(i, _)| i) == reserved;
            let outside = open.iter().zip(said).filter(|(_, said)| said.out_of_scope && !is_reserved(said));
            self.out_of_scope = outside.map(|(g, _)| turn_id(g.conversation, g.turn)).collect();
        }
        self
    }

    /// The AI at the time.
    pub fn logged(store: &Store, gold: &[GoldItem]) -> Result<Self, JobError> {
        let mut turns = HashMap::new();
        for item in gold.iter().filter(|g| g.half == GoldHalf::Open) {
            let turn = turn_id(item.conversation, item.turn);
            turns.extend(store.answered(turn)?.map(|text| (turn, text)));
        }
        Ok(Self { table: ResponseTable::default(), turns, knew: DecisionId(0), out_of_scope: HashSet::new() })
    }

    /// By which rules its answers were chosen.
    pub(in crate::jobs) fn rules(&self) -> ResponseRules {
        self.table.rules()
    }

    /// Whether it knew a correction when it was made: it is not judged on that one (rule 18).
    pub(in crate::jobs) fn knew(&self, correction: &AnsweredRow) -> bool {
        correction.decision <= self.knew
    }

    /// What it says to a gold turn. Nothing, by newer rules, to one that is like nothing it was trained on, unless somebody accepted an
    /// answer to a request like it.
    pub(in crate::jobs) fn says(&self, item: &GoldItem, guess: &Measured) -> Option<SourcedResponse<'_>> {
        if let Some(text) = self.turns.get(&turn_id(item.conversation, item.turn)) {
            return Some(SourcedResponse { text, from_table: None });
        }
        let language = self.table.rules().asked_in(&item.text, item.lang.as_deref());
        let question = ResponseQuestion { intent: (*guess)??.0, language: &language, asked: &item.text };
        let given = self.table.predict(question)?;
        let is_known = !self.out_of_scope.contains(&turn_id(item.conversation, item.turn));
        let response = Some(given).filter(|given| is_known || given.similarity.is_some())?.response;
        Some(SourcedResponse { text: &response.text, from_table: Some(response) })
    }

    /// What its table says to the intent of an answered turn, in which this was asked.
    pub(in crate::jobs) fn answer_to(&self, row: &AnsweredRow, asked: &str) -> Option<String> {
        let question = ResponseQuestion { intent: row.intent, language: &row.asked_language, asked };
        self.table.predict(question).map(|given| given.response.text.clone())
    }
}

/// One answer.
pub(in crate::jobs) struct SourcedResponse<'a> {
    pub text: &'a str,
    /// The same as it stands in the release's table; `None` where something outside said it, or the AI at the time.
    pub from_table: Option<&'a IntentResponse>,
}
