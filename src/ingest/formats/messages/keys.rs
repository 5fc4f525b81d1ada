//! Under which keys a message says what it is.

use crate::ingest::formats::canonical::conversation::IDS;
use serde_json::Value;

/// Keys that hold the words.
pub(super) const WORDS: &[&str] = &["text", "message", "content", "utterance"];
/// Keys that hold who speaks.
pub(super) const SPEAKERS: &[&str] = &["role", "sender", "speaker", "author", "from", "author_type"];
/// Keys that are said of a conversation, where its messages repeat them.
pub(super) const ABOUT: &[&str] =
    &["source", "channel", "lang", "customer_id", "bot", "outcome", "outcome_reason", "csat", "tags"];

/// The key under which a message names its conversation.
pub(super) fn key_of_id(message: &Value) -> Option<&'static str> {
    IDS.iter().copied().find(|key| message.get(key).is_some_and(|id| id.is_string() || id.is_number()))
}
