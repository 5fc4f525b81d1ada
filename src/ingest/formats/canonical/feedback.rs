//! Thumbs on an answer, in the ways in which programs write them.

use super::value::{Fields, number, text};
use crate::domain::Feedback;
use crate::ingest::context::Context;
use serde_json::{Map, Value};

/// An object with a score, or the bare score: -1, 0 or 1. What else the object says goes into `extra`; gives the value back where it is
/// no thumb. A point of another scale is none.
pub(in crate::ingest) fn read(
    value: Value,
    extra: &mut Map<String, Value>,
    cx: &mut Context,
) -> Result<Feedback, Value> {
    let of_more = cx.scales.are_points || value.get("max").and_then(number).is_some_and(|max| max > 1.0);
    let score = match value.get("score").or_else(|| value.get("rating")).unwrap_or(&value) {
        Value::String(word) if thumb(word).is_some() => thumb(word).unwrap_or_default(),
        Value::Bool(true) => 1,
        Value::Bool(false) => -1,
        given => match number(given) {
            Some(1.0) if !of_more => 1,
            Some(-1.0) if !of_more => -1,
            Some(0.0) if !of_more => 0,
            Some(_) => {
                cx.warnings.add("`feedback` is no thumb (-1, 0 or 1) but a point of a scale: a customer's rating is written as `csat` of the conversation, {\"score\": 4, \"max\": 5}");
                return Err(value);
            }
            None => return Err(value),
        },
    };
    let mut feedback = Feedback { score, comment: None };
    if let Value::Object(mut map) = value {
        if map.shift_remove("score").is_none() {
            map.shift_remove("rating");
        }
        let mut fields = Fields::new(map);
        feedback.comment = fields.take("comment").or_else(|| fields.take("reason")).and_then(|v| text(v).ok());
        fields.keep_rest(extra, "feedback.", cx);
    }
    Ok(feedback)
}

/// A thumb in a word: `thumbsDown`, `up`.
fn thumb(word: &str) -> Option<i8> {
    let bare: String = word.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase()).collect();
    match bare.as_str() {
        "thumbsup" | "up" | "like" | "positive" => Some(1),
        "thumbsdown" | "down" | "dislike" | "negative" => Some(-1),
        _ => None,
    }
}
