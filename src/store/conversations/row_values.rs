//! What a conversation becomes in columns: ratings on one scale, words to find it by, and the rest as JSON.

use crate::domain::{Conversation, Csat, Outcome, Turn};
use crate::store::queue::spread::spread;
use crate::text;
use crate::text::greek::{Edition, Greek, ReadText, by_sound, push_key};
use crate::text::normalise::{letters, letters_of};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A rating on the 1-5 scale; scales up to 1 begin at 0, all others at 1.
pub(in crate::store) fn five_scale(c: &Csat) -> f64 {
    let least = if c.max > 1.0 { 1.0 } else { 0.0 };
    (1.0 + 4.0 * (c.score - least) / (c.max - least)).clamp(1.0, 5.0)
}

/// Equal for conversations that fail on near duplicates of a text, within a class of the queue's order and on one side of
/// the split.
pub(in crate::store) fn text_key(said: &str, read: &ReadText, outcome: Outcome, is_test: bool) -> i64 {
    let letters = match said.is_ascii() && read.greek == Greek::None {
        // What most logs are full of: folding it once is enough.
        true => letters_of(read.folded.clone()),
        false => {
            // Greek words by their sound: a sentence and its writing in Latin letters are near duplicates.
            let heard = by_sound(&said.to_lowercase(), Edition::default());
            letters(heard.as_deref().unwrap_or(said))
        }
    };
    let digest = Sha256::digest(letters.as_bytes());
    let class = match outcome {
        Outcome::Failed => 2,
        Outcome::Escalated => 1,
        _ => 0,
    };
    (i64::from_le_bytes(std::array::from_fn(|i| digest[i])) & !7) | (class << 1) | i64::from(is_test)
}

/// What full-text search finds, of what customer, AI and people said and of the log's other fields: folded, and [`spread`].
pub(in crate::store) fn searchable(texts: &[String]) -> String {
    let mut out = String::with_capacity(texts.iter().map(|t| t.len() + 1).sum());
    for text in texts {
        if !out.is_empty() {
            out.push('\n');
        }
        let folded = text::fold::fold(text);
        out.push_str(&spread(&folded));
        push_sounds(&folded, &mut out);
        push_unified(&folded, &mut out);
    }
    out
}

/// Appends a text in the one spelling of words that may be spelled in several; nothing where it stands in that.
fn push_unified(folded: &str, out: &mut String) {
    if let Cow::Owned(unified) = text::fold::unified(folded)
        && !text::fold::words(folded).eq(text::fold::words(&unified))
    {
        out.push('\n');
        out.push_str(&spread(&unified));
    }
}

/// Stands before the sound of a Greek word in the index: a private character, which nobody types and the tokenizer keeps.
pub(in crate::store) const SOUND: char = '\u{f000}';

/// Appends a text's Greek words by their sound, each with [`SOUND`], and its other words between them, so that phrases stay phrases;
/// nothing where it has none.
fn push_sounds(folded: &str, out: &mut String) {
    let greek = Greek::of(folded);
    if greek == Greek::None {
        return;
    }
    out.push('\n');
    for word in text::fold::words(folded) {
        if greek.has(word) {
            out.push(SOUND);
            push_key(word, out);
        } else {
            out.push_str(&spread(word));
        }
        out.push(' ');
    }
}

/// What has no column of its own.
pub(in crate::store) fn extra_of_conversation(c: &Conversation) -> Option<String> {
    let mut extra = Map::new();
    if let Some(bot) = &c.bot {
        extra.insert("bot".to_owned(), json!(bot));
    }
    if !c.tags.is_empty() {
        extra.insert("tags".to_owned(), json!(c.tags));
    }
    if let Some(sampling) = &c.sampling {
        extra.insert("sampling".to_owned(), json!(sampling));
    }
    if !c.meta.is_empty() {
        extra.insert("meta".to_owned(), Value::Object(c.meta.clone()));
    }
    (!extra.is_empty()).then(|| Value::Object(extra).to_string())
}

/// What has no column of its own.
pub(in crate::store) fn extra_of_turn(t: &Turn) -> Option<String> {
    // Most turns have nothing of it.
    let mut extra = None;
    let mut put = |key: &str, value: Value| {
        extra.get_or_insert_with(Map::new).insert(key.to_owned(), value);
    };
    let texts = [("id", &t.id), ("action", &t.action), ("model", &t.model), ("name", &t.name), ("event", &t.event)];
    for (key, value) in texts {
        if let Some(value) = value {
            put(key, json!(value));
        }
    }
    if !t.ranking.is_empty() {
        put("ranking", json!(t.ranking));
    }
    if !t.entities.is_empty() {
        put("entities", json!(t.entities));
    }
    if let Some(x) = t.latency_ms {
        put("latency_ms", json!(x));
    }
    if let Some(x) = t.sentiment {
        put("sentiment", json!(x));
    }
    if !t.gold.is_empty() {
        put("gold", json!(t.gold));
    }
    if let Some(x) = &t.corrected {
        put("corrected", json!(x));
    }
    if !t.meta.is_empty() {
        put("meta", Value::Object(t.meta.clone()));
    }
    extra.map(|extra| Value::Object(extra).to_string())
}
