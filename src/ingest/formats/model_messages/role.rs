//! Who says a message.

use crate::domain::Role;
use crate::ingest::formats::grouped::look::{unknown, words};
use crate::ingest::formats::record_error::RecordError;
use serde_json::Value;

/// The names that OpenAI, Anthropic, Google, LangChain and ShareGPT files give to those who speak.
const ROLES: &[(&str, Role)] = &[
    ("user", Role::User),
    ("human", Role::User),
    ("humanmessage", Role::User),
    ("humanmessagechunk", Role::User),
    ("assistant", Role::Bot),
    ("ai", Role::Bot),
    ("aimessage", Role::Bot),
    ("aimessagechunk", Role::Bot),
    ("model", Role::Bot),
    ("gpt", Role::Bot),
    ("chatgpt", Role::Bot),
    ("bot", Role::Bot),
    ("system", Role::System),
    ("systemmessage", Role::System),
    ("developer", Role::System),
    ("tool", Role::Tool),
    ("toolmessage", Role::Tool),
    ("function", Role::Tool),
    ("functionmessage", Role::Tool),
    ("function_call", Role::Tool),
    ("function_call_output", Role::Tool),
    ("function_response", Role::Tool),
    ("tool_call", Role::Tool),
    ("tool_response", Role::Tool),
    ("observation", Role::Tool),
];

/// Who says a message.
///
/// # Errors
/// No format of messages names its role.
pub(in crate::ingest::formats) fn role(message: &Value) -> Result<Role, RecordError> {
    let class = message.pointer("/id").and_then(Value::as_array).and_then(|id| id.last()).and_then(Value::as_str);
    let name =
        words(message, "/role").or_else(|| words(message, "/from")).or(class).or_else(|| words(message, "/type"));
    let Some(name) = name else { return Err(RecordError::NoSpeaker(String::new())) };
    let lower = name.trim().to_ascii_lowercase();
    let known = ROLES.iter().find(|(word, _)| *word == lower).map(|(_, role)| *role);
    known.ok_or_else(|| unknown("role", &Value::from(name), "user, assistant, system, developer, tool or function"))
}
