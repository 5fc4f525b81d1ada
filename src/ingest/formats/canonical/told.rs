//! What a message says of who wrote it, beside a word for it under `role`.

use super::value;
use crate::domain::Role;
use crate::ingest::context::Context;
use crate::ingest::derive::speakers::{self, role_named};
use crate::ingest::formats::record_error::RecordError;
use crate::text::fold;
use serde_json::{Map, Value};

/// Keys whose yes and no say who wrote a message: both, or the first alone.
const FLAGS: &[(&str, Role, Option<Role>)] = &[
    ("from_agent", Role::Agent, Some(Role::User)),
    ("fromAgent", Role::Agent, Some(Role::User)),
    ("isCreatedByUser", Role::User, Some(Role::Bot)),
    ("is_user", Role::User, Some(Role::Bot)),
    ("from_user", Role::User, Some(Role::Bot)),
    ("is_customer", Role::User, None),
    ("is_inbound", Role::User, None),
    ("incoming", Role::User, None),
    ("is_teammate", Role::Agent, None),
];
/// What somebody is, in an object that says who speaks; and what they are called.
const KINDS: &[&str] = &["role", "type", "t", "kind"];
const NAMES: &[&str] = &["name", "n", "displayName", "nickname", "username", "id"];

/// Who wrote a message, by the object or word that says it under another key than `role`, and by its yes and no.
///
/// # Errors
/// Nobody says who that is.
pub(super) fn speaker(
    given: Option<(&str, &Value)>,
    extra: &Map<String, Value>,
    cx: &Context,
) -> Result<Role, RecordError> {
    let flag = flagged(extra);
    let who = given.map(|(_, value)| Named::of(value)).unwrap_or_default();
    match flag {
        // Whoever is called what is no matter where the log says that the customer wrote.
        Some(Role::User) => return Ok(Role::User),
        Some(other) => {
            let said = who.name.and_then(|name| cx.speakers.role(name)).filter(|role| *role != Role::User);
            let machine = who.name.is_some_and(speakers::is_machine).then_some(Role::Bot);
            return Ok(said.or(machine).unwrap_or(other));
        }
        None => {}
    }
    let Some((key, value)) = given else { return Err(RecordError::NoSpeaker(kept_keys(extra))) };
    if let Some(role) = who.role(cx) {
        return Ok(role);
    }
    let shown = who.name.or(who.kind).filter(|word| !word.is_empty());
    Err(RecordError::Stranger {
        key: key.to_owned(),
        given: shown.map_or_else(|| value::short(value), |word| value::short(&Value::from(word))),
    })
}

/// Keys that are named where one of them may say who speaks.
const NAMED: usize = 6;

/// The keys of a turn that are not understood, for whoever looks for one that says who speaks.
fn kept_keys(extra: &Map<String, Value>) -> String {
    let says = |(key, value): (&String, &Value)| {
        (value.is_string() || value.is_number() || value.is_boolean())
            .then(|| format!("`{}`", key.chars().take(40).collect::<String>()))
    };
    let keys: Vec<String> = extra.iter().filter_map(says).take(NAMED).collect();
    if keys.is_empty() { String::new() } else { format!("; there are {}", keys.join(", ")) }
}

/// What an object, or a word, says of who speaks.
#[derive(Default)]
struct Named<'v> {
    kind: Option<&'v str>,
    name: Option<&'v str>,
    is_bot: bool,
}

impl<'v> Named<'v> {
    fn of(value: &'v Value) -> Self {
        if let Some(word) = value.as_str() {
            return Self { name: Some(word), ..Self::default() };
        }
        let first = |keys: &[&str]| keys.iter().find_map(|key| value.get(*key)?.as_str());
        let is_true = |key: &str| value.get(key).and_then(Value::as_bool) == Some(true);
        Self {
            kind: first(KINDS),
            name: first(NAMES),
            is_bot: ["bot", "isBot", "is_bot"].iter().any(|key| is_true(key)),
        }
    }

    fn role(&self, cx: &Context) -> Option<Role> {
        let said = |word: Option<&str>| word.and_then(|word| cx.speakers.role(word));
        let by_kind = self.kind.and_then(|kind| lettered(kind).or_else(|| spoken(kind.trim())));
        let machine = self.is_bot || by_kind == Some(Role::Agent) && self.name.is_some_and(speakers::is_machine);
        said(self.name)
            .or_else(|| said(self.kind))
            .or(machine.then_some(Role::Bot))
            .or(by_kind)
            .or_else(|| self.name.and_then(|name| spoken(name.trim())))
            .or_else(|| cx.speakers.others())
    }
}

/// The letters by which tawk.to tells visitors, agents and itself.
fn lettered(kind: &str) -> Option<Role> {
    match kind {
        "v" => Some(Role::User),
        "a" => Some(Role::Agent),
        "s" => Some(Role::System),
        _ => None,
    }
}

/// The role of a word for who speaks; names say nothing.
fn spoken(word: &str) -> Option<Role> {
    role_named(word).or_else(|| speakers::known(&speakers::word(word)))
}

fn flagged(extra: &Map<String, Value>) -> Option<Role> {
    if extra.is_empty() {
        return None;
    }
    FLAGS.iter().find_map(|(key, yes, no)| match extra.get(*key)?.as_bool()? {
        true => Some(*yes),
        false => *no,
    })
}

/// Whether the log says that no person wrote what stands under a person's role: `automated`, `is_bot`.
pub(super) fn is_automated(extra: &Map<String, Value>) -> bool {
    is_true(extra, &["automated", "is_automated", "is_bot", "from_bot"])
}

/// Whether a wordless message tells of something that happened, by its kind.
pub(super) fn is_notice(extra: &Map<String, Value>) -> bool {
    let kind = extra.get("type").and_then(Value::as_str).unwrap_or_default();
    matches!(kind, "event" | "state" | "notification" | "activity" | "system" | "status")
}

/// Whether a message is a note that the customer does not see. What a customer wrote never is one.
pub(super) fn is_note(role: Role, extra: &Map<String, Value>) -> bool {
    if extra.is_empty() || role == Role::User {
        return false;
    }
    let kind = |key: &str| extra.get(key).and_then(Value::as_str).is_some_and(names_note);
    let hidden = ["private", "is_private", "internal", "is_internal", "internal_note", "is_note", "private_note"];
    let shown = |key: &str| extra.get(key).and_then(Value::as_bool) == Some(false);
    ["type", "kind", "message_type", "channel"].iter().any(|key| kind(key))
        || role != Role::Bot && (is_true(extra, &hidden) || shown("public") || shown("is_public"))
}

/// Whether a kind of message is that of a note among the people of the business.
pub(in crate::ingest) fn names_note(kind: &str) -> bool {
    const NOTES: &[&str] = &["note", "annotation", "memo", "remark", "whisper"];
    const HIDDEN: &[&str] = &["private", "internal", "hidden"];
    const PEOPLE: &[&str] = &["agent", "staff", "team", "operator"];
    let bare: String = kind.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let is_note = |word: &str| NOTES.iter().any(|note| word == *note || word.strip_suffix('s') == Some(note));
    let behind = |words: &[&str]| words.iter().find_map(|word| bare.strip_prefix(word));
    // `agent message` is what a person said.
    is_note(&bare)
        || bare == "noteandreopen"
        || behind(PEOPLE).is_some_and(is_note)
        || behind(HIDDEN).is_some_and(|rest| {
            is_note(rest) || matches!(rest, "comment" | "message" | "reply" | "response" | "answer" | "text")
        })
}

/// Whether a word says of a message, under whatever header, that the customer does not see it.
pub(in crate::ingest) fn is_hidden(word: &str) -> bool {
    let bare: String = fold(word).chars().filter(|c| c.is_alphanumeric()).collect();
    names_note(&bare)
        || matches!(
            bare.as_str(),
            "private"
                | "internal"
                | "internalonly"
                | "hidden"
                | "intern"
                | "interno"
                | "interna"
                | "interne"
                | "εσωτερικο"
                | "εσωτερικη"
        )
}

/// Whether a word for whom a message is visible to says that it is not the customer.
pub(in crate::ingest) fn hides(visible_to: &str) -> bool {
    let bare: String = fold(visible_to).chars().filter(|c| c.is_alphanumeric()).collect();
    is_hidden(&bare)
        || matches!(
            bare.as_str(),
            "agent" | "agents" | "agentonly" | "agentsonly" | "staff" | "staffonly" | "team" | "teamonly" | "operators"
        )
}

/// Whether such a word says that it is the customer, too.
pub(in crate::ingest) fn shows(visible_to: &str) -> bool {
    let bare: String = fold(visible_to).chars().filter(|c| c.is_alphanumeric()).collect();
    matches!(
        bare.as_str(),
        "public"
            | "external"
            | "customer"
            | "customers"
            | "everyone"
            | "everybody"
            | "all"
            | "visible"
            | "reply"
            | "publicreply"
            | "publiccomment"
            | "comment"
            | "message"
            | "user"
            | "enduser"
            | "offentlich"
            | "publico"
            | "δημοσιο"
    )
}

fn is_true(extra: &Map<String, Value>, keys: &[&str]) -> bool {
    keys.iter().any(|key| extra.get(*key).and_then(Value::as_bool) == Some(true))
}
