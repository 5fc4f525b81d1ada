//! What a message holds: text, or parts of several kinds.

use super::plain::plain;
use super::tools::ToolCall;
use crate::ingest::context::Warnings;
use crate::ingest::formats::grouped::look::{first_id, shown, unquoted, words};
use crate::ingest::formats::record_error::RecordError;
use serde_json::{Value, json};

/// What a message holds.
#[derive(Debug, Default)]
pub(in crate::ingest::formats) struct MessageContent {
    /// Its words; what is no text stands in it as `[image]`.
    pub text: String,
    /// Results of tools among its parts, with the call they answer.
    pub results: Vec<(Option<String>, String)>,
    /// Calls of tools among its parts.
    pub calls: Vec<ToolCall>,
    /// Calls whose results stand beside them; without words where there is none yet.
    pub done: Vec<(ToolCall, String)>,
    /// Whether it holds nothing but calls, results and thoughts.
    pub calls_alone: bool,
}

/// Reads the content of a message: `content` or `parts`, ShareGPT's `value`, `text`, the `output` of a tool's result, or an object under `payload`.
///
/// # Errors
/// It is neither text nor a list of parts.
pub(in crate::ingest::formats) fn content(
    body: &Value,
    warnings: &mut Warnings,
) -> Result<MessageContent, RecordError> {
    let keys = ["content", "parts", "value", "text", "output", "payload"];
    let found = keys.iter().find_map(|key| body.get(*key).filter(|v| !v.is_null()));
    let mut out = MessageContent::default();
    match found {
        None => {}
        Some(Value::String(text)) => out.text.clone_from(text),
        Some(Value::Array(parts)) => {
            let mut texts = Vec::new();
            parts.iter().for_each(|p| part(p, &mut out, &mut texts, warnings));
            out.text = texts.join("\n");
            out.calls_alone = texts.is_empty() && !parts.is_empty();
        }
        Some(part_alone @ Value::Object(_)) => {
            let mut texts = Vec::new();
            part(part_alone, &mut out, &mut texts, warnings);
            out.text = texts.join("\n");
        }
        Some(other) => out.text = other.to_string(),
    }
    Ok(out)
}

/// Kinds of part that stand for something else than words, and what a reader sees of them.
const SHOWN: &[(&str, &str)] = &[
    ("image_url", "[image]"),
    ("input_image", "[image]"),
    ("image", "[image]"),
    ("image_file", "[image]"),
    ("input_audio", "[audio]"),
    ("audio", "[audio]"),
    ("audio_url", "[audio]"),
    ("video", "[video]"),
    ("video_url", "[video]"),
    ("file", "[file]"),
    ("input_file", "[file]"),
    ("document", "[file]"),
    ("blob", "[file]"),
    ("uri", "[file]"),
];

/// A part that stands for a call of a tool, named by it or by its kind, and for its result.
fn of_tool(part: &Value, name: Option<&str>, out: &mut MessageContent) {
    let Some(name) = words(part, "/toolName").or(name) else { return };
    let arguments = ["args", "input"].iter().find_map(|key| part.get(*key)).unwrap_or(&Value::Null);
    let id = first_id(part, &["/toolCallId"]);
    let result = ["result", "output", "errorText"].iter().find_map(|key| part.get(*key));
    let call = json!({"id": id, "name": name, "args": arguments});
    out.done.extend(ToolCall::of_part(&call).map(|call| (call, result.map(plain).unwrap_or_default())));
}

/// The kind of a part that does not say it: Google names what it holds by a key.
fn unnamed(part: &Value) -> &'static str {
    let kinds = [
        ("functionCall", "google_call"),
        ("function_call", "google_call"),
        ("functionResponse", "google_result"),
        ("function_response", "google_result"),
        ("inlineData", "file"),
        ("fileData", "file"),
        ("inline_data", "file"),
        ("file_data", "file"),
    ];
    kinds.into_iter().find(|(key, _)| part.get(key).is_some()).map_or("text", |(_, kind)| kind)
}

fn part(part: &Value, out: &mut MessageContent, texts: &mut Vec<String>, warnings: &mut Warnings) {
    if let Some(text) = part.as_str() {
        texts.push(text.to_owned());
        return;
    }
    let kind = words(part, "/type").unwrap_or_else(|| unnamed(part));
    match kind {
        "text" | "input_text" | "output_text" | "refusal" => {
            let text = ["/text", "/content", "/refusal", "/text/value", "/value", "/message"]
                .iter()
                .find_map(|path| words(part, path));
            texts.extend(text.map(str::to_owned));
        }
        "tool_use" | "tool_call" | "function_call" => {
            // LLaMA-Factory writes the call as text.
            let written = || ToolCall::of_part(&unquoted(part.get("value")?.clone()));
            out.calls.extend(ToolCall::of_part(part).or_else(written));
        }
        "google_call" => {
            let call = ["functionCall", "function_call"].iter().find_map(|key| part.get(*key));
            out.calls.extend(call.and_then(ToolCall::of_part));
        }
        "google_result" => {
            let given = ["functionResponse", "function_response"].iter().find_map(|key| part.get(*key));
            let result = given.and_then(|given| given.get("response")).map(plain).unwrap_or_default();
            out.results.push((given.and_then(|given| first_id(given, &["/id"])), result));
        }
        // A call and, once it is there, its result in one part.
        "tool-invocation" | "dynamic-tool" => of_tool(part.get("toolInvocation").unwrap_or(part), None, out),
        kind if kind.starts_with("tool-") => of_tool(part, kind.strip_prefix("tool-"), out),
        "tool_result" | "tool_call_response" | "function_response" => {
            let result = ["content", "response", "result", "output"].iter().find_map(|key| part.get(*key));
            let id = first_id(part, &["/tool_use_id", "/id", "/tool_call_id"]);
            out.results.push((id, result.map(plain).unwrap_or_default()));
        }
        // What a model thinks is not what it says; a step's start is no words.
        "reasoning" | "thinking" | "redacted_thinking" | "step-start" => {}
        _ => match SHOWN.iter().find(|(known, _)| *known == kind) {
            Some((_, seen)) => texts.push((*seen).to_owned()),
            None => {
                warnings.add(&format!(
                    "a part of a message of kind `{}` is not known here: shown by its kind",
                    shown(kind)
                ));
                texts.push(format!("[{}]", shown(kind)));
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_a_part_by_itself_or_written_as_text() {
        let called = |part: Value| {
            let calls = content(&json!({"content": [part]}), &mut Warnings::default()).unwrap().calls;
            let turn = calls.into_iter().next().unwrap().into_turn();
            (turn.name, turn.meta.get("arguments").cloned())
        };
        let named = called(json!({"type": "tool_call", "name": "find", "arguments": {"id": 7}}));
        let written = called(json!({"type": "tool_call", "value": r#"{"name": "find", "arguments": {"id": 7}}"#}));
        assert_eq!(written, (Some("find".to_owned()), Some(json!({"id": 7}))));
        assert_eq!(named, written);
    }
}
