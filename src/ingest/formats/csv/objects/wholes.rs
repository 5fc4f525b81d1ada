//! What stands beside a list of messages is said of all of them.

use super::columns::{MessageColumns, last};
use crate::ingest::formats::csv::columns::field::{CsvField, plain};

/// Characters of a field that is said of all messages of a list.
const LONGEST_SHARED: usize = 2_000;

/// What is said of all that a list at a path holds: what stands beside it, and the id of the object that the list is of.
pub(super) fn wider(shared: &MessageColumns, own: &MessageColumns, path: &str) -> MessageColumns {
    let mut wider = shared.clone();
    for (key, value) in own {
        let short = value.as_str().is_some_and(|v| v.len() <= LONGEST_SHARED);
        if short && !key.contains('.') || plain(last(key)).ends_with("id") {
            wider.insert(named_above(key), value.clone());
        }
    }
    if let Some(id) = path.rsplit_once('.').and_then(|(whole, _)| own.get(&format!("{whole}.id"))) {
        wider.entry("conversation_id").or_insert_with(|| id.clone());
    }
    let rated = own.iter().find(|(key, _)| RATED.iter().any(|end| key.ends_with(end)));
    if let Some((_, score)) = rated {
        wider.entry("csat").or_insert_with(|| score.clone());
    }
    let began = own.iter().find(|(key, _)| key.ends_with(BEGAN));
    if let Some((_, at)) = began {
        wider.entry("started_at").or_insert_with(|| at.clone());
    }
    wider
}

/// Where a call of ElevenLabs says when it began.
const BEGAN: &str = "metadata.start_time_unix_secs";

/// Whether a key is of a whole conversation in one text.
pub(super) fn is_whole(key: &str) -> bool {
    plain(last(key)).ends_with("transcript")
}

/// Where a whole says how its customer rated it.
const RATED: &[&str] = &["rating.score", "satisfaction_survey.score", "satisfaction_rating.score"];

/// The name that a field of a whole has beside those of its messages.
pub(super) fn named_above(key: &str) -> String {
    let known = [
        "conversation",
        "convo",
        "dialog",
        "transcript",
        "session",
        "thread",
        "chat",
        "ticket",
        "customer",
        "contact",
        "channel",
        "lang",
        "locale",
    ];
    let above = format!("conversation_{key}");
    // `id_conversation` names it already; of `id` that is not plain.
    let is_id = |key: &str| CsvField::Id.alias(&plain(key)).is_some();
    let is_known = known.iter().any(|k| plain(key).starts_with(k)) || is_id(key) && !is_id(&above);
    if is_known { key.to_owned() } else { above }
}
