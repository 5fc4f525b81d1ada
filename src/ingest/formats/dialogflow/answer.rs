//! The messages of an answer.

use crate::ingest::context::Context;
use crate::ingest::formats::grouped::look::{at, list, shown, words};
use crate::ingest::html;
use serde_json::Value;

/// What the messages of an answer say and do.
#[derive(Default)]
pub(super) struct AnswerMessages {
    pub texts: Vec<String>,
    /// A person takes over, with what is said of it.
    pub hands_over: Option<String>,
    pub success: bool,
    pub ends: bool,
}

/// Parts of a message that say how and where it is given, not what.
const ABOUT: &[&str] =
    &["responseType", "channel", "source", "message", "lang", "type", "condition", "speech", "platform"];

/// Reads the messages of an answer, of CX or of ES.
pub(super) fn answers(messages: &Value, cx: &mut Context) -> AnswerMessages {
    let mut out = AnswerMessages::default();
    for message in list(messages, "").iter().take(1_000) {
        let Some(map) = message.as_object() else { continue };
        for (kind, value) in map.iter().filter(|(_, value)| !value.is_null()) {
            one(kind, value, &mut out, cx);
        }
    }
    out
}

fn one(kind: &str, value: &Value, out: &mut AnswerMessages, cx: &mut Context) {
    match kind {
        "text" => {
            let texts = list(value, "/text").iter().filter_map(Value::as_str).filter(|t| !t.trim().is_empty());
            out.texts.extend(texts.map(str::to_owned));
        }
        "outputAudioText" => {
            let text = words(value, "/text")
                .map(str::to_owned)
                .or_else(|| words(value, "/ssml").map(|body| html::read(body).text));
            out.texts.extend(text);
        }
        "liveAgentHandoff" | "telephonyTransferCall" => {
            let about = at(value, "/metadata");
            out.hands_over = Some(if about.is_null() { kind.to_owned() } else { about.to_string() });
        }
        "conversationSuccess" => out.success = true,
        "endInteraction" => out.ends = true,
        "quickReplies" => {
            let replies: Vec<&str> = list(value, "/quickReplies").iter().filter_map(Value::as_str).collect();
            out.texts.push(
                format!("{}\n[{}]", words(value, "/title").unwrap_or_default(), replies.join(" | ")).trim().to_owned(),
            );
        }
        "simpleResponses" => {
            let said = list(value, "/simpleResponses").iter();
            out.texts.extend(
                said.filter_map(|s| words(s, "/displayText").or_else(|| words(s, "/textToSpeech"))).map(str::to_owned),
            );
        }
        "card" | "basicCard" => {
            let title = words(value, "/title").unwrap_or("[card]");
            out.texts.push(words(value, "/subtitle").map_or(title.to_owned(), |s| format!("{title}\n{s}")));
        }
        "payload" => out.texts.push(payload(value)),
        "image" => out.texts.push("[image]".to_owned()),
        "playAudio" | "mixedAudio" => out.texts.push("[audio]".to_owned()),
        "knowledgeInfoCard" | "toolCall" | "suggestions" | "linkOutSuggestion" => {}
        kind if ABOUT.contains(&kind) => {}
        kind => cx.warnings.add(&format!("a message of kind `{}` is not known here, left out", shown(kind))),
    }
}

/// The words of Messenger's rich content; a payload for a program has none.
fn payload(value: &Value) -> String {
    let rows = list(value, "/richContent").iter().flat_map(|row| list(row, ""));
    let words: Vec<&str> =
        rows.filter_map(|part| words(part, "/title").or_else(|| words(part, "/text"))).take(20).collect();
    if words.is_empty() { "[payload]".to_owned() } else { words.join("\n") }
}
