//! The newest learning curve, kept so that a screen has it at once.

use super::{Doing, Result, Store};
use crate::domain::{DecisionId, Kind, LearningCurve};
use rusqlite::params;

/// The setting that holds it.
const KEY: &str = "learning_curve";

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

    /// Keeps a curve in place of the one before; does nothing where the store is only read.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_curve(&self, curve: &LearningCurve) -> Result<()> {
        if self.is_read_only() {
            return Ok(());
        }
        let text = serde_json::json!([env!("CARGO_PKG_VERSION"), curve]).to_string();
        self.conn
            .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![KEY, text])
            .map(drop)
            .doing("keeping the learning curve")
    }
}
