//! What was answered to a customer, where it stands under a key of its own beside the customer's words:
//! `{"role":"user","text":"where is it","reply":"On its way."}`.

use crate::domain::{Conversation, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::csv::columns::answers::answers;
use crate::ingest::formats::record_error::RecordError;
use crate::text::has_words;
use serde_json::{Map, Value};
use std::mem;

/// Makes turns of such answers, where somebody said of the key who speaks there. Only where nobody but the customer speaks: beside other
/// answers it is one more thing that is known.
///
/// # Errors
/// Nobody said whose words they are.
pub(super) fn settle(c: &mut Conversation, cx: &Context) -> Result<(), RecordError> {
    let is_bare = c.meta.is_empty() && c.turns.iter().all(|turn| turn.meta.is_empty());
    if is_bare || c.turns.iter().any(|turn| matches!(turn.role, Role::Bot | Role::Agent)) {
        return Ok(());
    }
    for mut turn in mem::take(&mut c.turns) {
        let said = if turn.role == Role::User { answered(&mut turn.meta, cx)? } else { Vec::new() };
        c.turns.push(turn);
        c.turns.extend(said);
    }
    c.turns.extend(answered(&mut c.meta, cx)?);
    Ok(())
}

/// Takes what was answered out of what is kept.
fn answered(kept: &mut Map<String, Value>, cx: &Context) -> Result<Vec<Turn>, RecordError> {
    let says = |(key, value): &(&String, &Value)| {
        value.as_str().is_some_and(|text| has_words(text, 2)) && answers(key).is_some()
    };
    let keys: Vec<String> = kept.iter().filter(says).map(|(key, _)| key.clone()).collect();
    let mut out = Vec::new();
    for key in keys {
        let Some(role) = cx.speakers.role(&key) else { return Err(RecordError::Unplaced(key)) };
        if let Some(Value::String(text)) = kept.shift_remove(&key) {
            out.push(Turn::new(role, text));
        }
    }
    Ok(out)
}
