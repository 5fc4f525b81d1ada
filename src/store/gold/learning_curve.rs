//! The newest learning curve, kept so that a screen has it at once.

use crate::domain::{CurveHits, DecisionId, Kind, LearningCurve};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;

/// The setting that holds it.
const KEY: &str = "learning_curve";
/// The setting that holds the right answers behind it.
const HITS: &str = "learning_curve_hits";

impl Store {
    /// The newest decision that may change what a model learns: on a label, a base example or the intent list.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_teaching_decision(&self) -> Result<DecisionId> {
        // Read from the end: the sign keeps SQLite from collecting all labels by the index on kinds.
        let sql = format!(
            "SELECT id FROM decision WHERE +kind IN ({}, {}, {}, {}) ORDER BY id DESC LIMIT 1",
            Kind::Intent.code(),
            Kind::Example.code(),
            Kind::IntentName.code(),
            Kind::IntentState.code()
        );
        Ok(DecisionId(self.ids(&sql, &[])?.first().copied().unwrap_or(0)))
    }

    /// The curve that was drawn last, whatever has been decided since: compare its decision and gold version with
    /// [`Store::last_teaching_decision`] and [`Store::gold_version`]. `None` when there is none, or it is of another version of
    /// the program.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn kept_curve(&self) -> Result<Option<LearningCurve>> {
        let text = self.setting(KEY)?;
        Ok(text.and_then(|t| serde_json::from_str::<(String, LearningCurve)>(&t).ok()).and_then(|(program, curve)| {
            // Another version's learner may be another one.
            (program == env!("CARGO_PKG_VERSION")).then_some(curve)
        }))
    }

    /// The right answers behind a kept curve; `None` where they were not kept with it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn kept_hits(&self, curve: &LearningCurve) -> Result<Option<CurveHits>> {
        let text = self.setting(HITS)?;
        let kept = text.and_then(|t| serde_json::from_str::<(DecisionId, CurveHits)>(&t).ok());
        let fits = |hits: &CurveHits| hits.right.len() == curve.points.len();
        Ok(kept.filter(|(decision, hits)| *decision == curve.decision && fits(hits)).map(|(_, hits)| hits))
    }

    /// Keeps a curve in place of the one before, with the right answers behind it; does nothing where the store is only
    /// read.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_curve(&self, curve: &LearningCurve, hits: &CurveHits) -> Result<()> {
        if self.is_read_only() {
            return Ok(());
        }
        let text = serde_json::json!([env!("CARGO_PKG_VERSION"), curve]).to_string();
        let behind = serde_json::json!([curve.decision, hits]).to_string();
        self.immediate("keeping the learning curve", |store| {
            let put = |key: &str, text: &str| {
                store.conn.execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![key, text])
            };
            put(KEY, &text).and_then(|_| put(HITS, &behind)).map(drop).doing("keeping the learning curve")
        })
    }
}
