//! What a record of another format says of its conversation under keys that mean the same here.

use super::conversation;
use super::value::keep;
use crate::domain::{Conversation, Outcome};
use crate::ingest::context::Context;
use crate::ingest::formats::csv::cells::outcomes;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::record_error::RecordError;
use serde_json::{Map, Value};

/// Keys that mean the same wherever they stand.
const SHARED: &[&str] = &[
    "ended_at",
    "csat",
    "satisfaction_survey",
    "sentiment",
    "offers",
    "sampling",
    "tags",
    "lang",
    "language",
    "locale",
];
/// Fields of a table under whose headers it stands how the customer was served.
const OF_ENDS: &[CsvField] = &[
    CsvField::Outcome,
    CsvField::Escalated,
    CsvField::Resolved,
    CsvField::Abandoned,
    CsvField::Csat,
    CsvField::Feedback,
];
/// Bytes of a value that may be a word for that.
const SHORT: usize = 40;

/// Takes the keys that mean the same here, and gives back the others. Those that by their name may tell how the customer was served are
/// named in a warning.
///
/// # Errors
/// A time that cannot be read, a probability that is none.
pub(in crate::ingest) fn take(
    c: &mut Conversation,
    record: Map<String, Value>,
    cx: &mut Context,
) -> Result<Map<String, Value>, RecordError> {
    let mut rest = Map::new();
    for (key, value) in record {
        if SHARED.contains(&key.as_str()) || conversation::ENDS.contains(&key.as_str()) {
            if let Some(value) = conversation::field(c, &key, value, &mut rest, cx)? {
                keep(&mut rest, "", key, value, cx);
            }
            continue;
        }
        if is_word(&value) && may_tell_end(&key) {
            let shown: String = key.chars().take(SHORT).collect();
            cx.warnings.add(&format!(
                "`{shown}` may tell how the customer was served and is not read under that name: kept in meta (`outcome` and `csat` are read)"
            ));
        }
        if names_offers(&key) && !value.is_null() {
            let shown: String = key.chars().take(SHORT).collect();
            cx.warnings.add(&format!(
                "`{shown}` may be of offers and is not read under that name: kept in meta (`offers` is read: [{{\"name\": \"Gold\", \"status\": \"accepted\"}}])"
            ));
        }
        rest.insert(key, value);
    }
    Ok(rest)
}

/// Takes how a record says that its conversation ended, where that is an outcome.
pub(in crate::ingest) fn outcome(record: &mut Map<String, Value>) -> Option<Outcome> {
    let outcome = outcomes::outcome(record.get("outcome")?.as_str()?)?;
    record.shift_remove("outcome");
    Some(outcome)
}

/// Whether a key is of what was offered to the customer.
fn names_offers(key: &str) -> bool {
    [CsvField::Offer, CsvField::OfferStatus].iter().any(|field| field.alias(&plain(key)).is_some())
}

fn may_tell_end(key: &str) -> bool {
    let header = plain(key);
    OF_ENDS.iter().any(|field| field.alias(&header).is_some())
}

fn is_word(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty() && text.len() <= SHORT,
        Value::Bool(_) | Value::Number(_) => true,
        _ => false,
    }
}
