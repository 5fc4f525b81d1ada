//! Why a conversation is in the queue, in words.

use crate::domain::Outcome;
use crate::learn::signals::{Signal, Signals};
use crate::store::QueueRow;

/// Below this confidence a row says "low confidence".
const LOW_CONFIDENCE: f64 = 0.5;

/// The reasons of a row, the strongest first. `mismatch`: what the store decided of it, by intents or by signs.
pub(in crate::store) fn why(row: &QueueRow, mismatch: bool, signals: Signals) -> Vec<&'static str> {
    let mut out = Vec::new();
    match row.outcome {
        Outcome::Failed => out.push("failed"),
        Outcome::Escalated => out.push("escalated"),
        Outcome::Abandoned => out.push("abandoned"),
        _ => {}
    }
    if row.fallback {
        out.push("the AI fell back");
    }
    let differs = |other: &Option<String>| row.logged.is_some() && other.is_some() && *other != row.logged;
    if mismatch && differs(&row.label) {
        out.push("relabelled");
    } else if mismatch && differs(&row.suggested) {
        out.push("log and model differ");
    }
    out.extend(signals.iter().map(Signal::words));
    if row.csat.is_some_and(|c| c <= 2.0) {
        out.push("rated 1 or 2");
    }
    if row.confidence.is_some_and(|c| c < LOW_CONFIDENCE) {
        out.push("low confidence");
    }
    out
}
