//! Bot Framework: transcripts of activities, bare or under `transcript`. What the AI took a message for stands in traces of
//! its recognizers, joined by `replyToId`; how it ended in `endOfConversation`, or in what Copilot Studio says of the session.

use super::grouped::ending::{KnownEnding, event, finish};
use super::grouped::look::{at, first_id, id, list, shown, time, unknown, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Feedback, Outcome, Ranked, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::value::confidence;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static BOT_FRAMEWORK: GroupedFormat = GroupedFormat {
    name: "botframework",
    marks: &["\"channelId\"", "\"replyToId\"", "\"conversationUpdate\"", "\"endOfConversation\"", "activities"],
    tell,
    lists: &["transcript", "activities"],
    has_tables: true,
    asks: false,
    take,
    build,
};

/// Turns among which the one is looked for that an activity is about.
const NEAR: usize = 200;

/// Activities that tell of neither words nor the end.
const QUIET: &[&str] = &[
    "conversationUpdate",
    "typing",
    "invoke",
    "invokeResponse",
    "installationUpdate",
    "contactRelationUpdate",
    "messageUpdate",
    "messageDelete",
    "deleteUserData",
    "command",
    "commandResult",
    "suggestion",
    "configuration",
    "ping",
];

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let is_one = |v: &Value| {
        let kind = words(v, "/type").unwrap_or_default();
        let known =
            ["message", "trace", "event", "endOfConversation", "handoff"].contains(&kind) || QUIET.contains(&kind);
        known && at(v, "/from").is_object() && (v.get("channelId").is_some() || v.get("recipient").is_some())
    };
    if values.iter().any(|v| cell(v).is_some()) {
        return Some((97, "transcripts of Copilot Studio, each in a cell"));
    }
    values.iter().any(is_one).then_some((97, "activities of Bot Framework"))
}

/// The cell of a row of Dataverse that holds a transcript.
fn cell(row: &Value) -> Option<&str> {
    let cell = row.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case("content"))?.1.as_str()?;
    cell.trim_start().strip_prefix('{')?.trim_start().starts_with("\"activities\"").then_some(cell)
}

/// The activities of a row, each a piece of the conversation that the row is.
fn unpack(row: &Value, cell: &str, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let content: Value =
        serde_json::from_str(cell).map_err(|_| RecordError::Missing("JSON that is whole in `content`"))?;
    let id = row.as_object().and_then(|row| {
        let named = |(key, value): (&String, &Value)| {
            let key = key.to_ascii_lowercase();
            (key.starts_with("conversationtranscript") || key == "name")
                .then(|| value.as_str().map(str::to_owned))
                .flatten()
        };
        row.iter().find_map(named)
    });
    let id = id.ok_or(RecordError::Missing("`conversationtranscriptid` or `name`"))?;
    list(&content, "/activities").iter().try_for_each(|activity| out.piece(&id, b'a', activity))
}

fn take(activity: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if let Some(cell) = cell(&activity) {
        return unpack(&activity, cell, out);
    }
    if words(&activity, "/type").is_none() {
        return Err(RecordError::Missing("`type` of an activity"));
    }
    // A transcript without ids of its conversation is one conversation, named like its file.
    let own = first_id(&activity, &["/conversation/id"]).unwrap_or_else(|| out.stem());
    out.piece(&own, b'a', &activity)
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut c = Conversation::new(cx.source.clone(), group.id, Vec::new());
    let mut said = None;
    for piece in &group.pieces {
        match activity(&piece.value, &mut c, cx) {
            Ok(end) => said = end.or(said),
            Err(why) => return vec![Err(why.at(format!("activity {}", id(&piece.value, "/id").unwrap_or_default())))],
        }
    }
    if c.turns.iter().all(|t| t.role == Role::System) {
        cx.warnings.add("a transcript in which nobody said anything, left out");
        return Vec::new();
    }
    vec![finish(c, said, cx)]
}

fn activity(a: &Value, c: &mut Conversation, cx: &mut Context) -> Result<Option<KnownEnding>, RecordError> {
    c.channel = c.channel.take().or_else(|| words(a, "/channelId").map(str::to_owned));
    c.lang = c.lang.take().or_else(|| words(a, "/locale").map(str::to_owned));
    match words(a, "/type").unwrap_or_default() {
        "message" => c.turns.push(message(a, cx)?),
        "trace" if words(a, "/valueType") == Some("SessionInfo") => return Ok(session(a, cx)),
        "trace" => recognized(a, &mut c.turns, cx),
        "messageReaction" => reacted(a, &mut c.turns, cx),
        "handoff" => c.turns.push(at_time(event("handoff", ""), a, cx)?),
        "event" if matches!(words(a, "/name"), Some("handoff.initiate" | "handoff.status")) => {
            let done = words(a, "/value/state") != Some("failed");
            let name = if done { "handoff" } else { "error" };
            c.turns.push(at_time(event(name, words(a, "/name").unwrap_or_default()), a, cx)?);
        }
        "event" => {}
        "endOfConversation" => {
            c.turns.push(at_time(event("close", words(a, "/code").unwrap_or_default()), a, cx)?);
            return Ok(ended(a, cx));
        }
        kind if QUIET.contains(&kind) => {}
        kind => cx.warnings.add(&format!("an activity `{}` is not known here, left out", shown(kind))),
    }
    if c.bot.is_none() && speaker(a).is_ok_and(|r| r == Role::Bot) {
        c.bot = words(a, "/from/name").map(|name| Bot { name: Some(name.to_owned()), version: None });
    }
    if c.customer_id.is_none() && words(a, "/type") == Some("message") && speaker(a).is_ok_and(|r| r == Role::User) {
        c.customer_id = id(a, "/from/id");
    }
    Ok(None)
}

/// Who sends an activity: by role, else by the other's; a bot alone replies to something.
fn speaker(a: &Value) -> Result<Role, RecordError> {
    match (role(a, "/from/role"), role(a, "/recipient/role")) {
        (Some("user"), _) | (None, Some("bot" | "skill")) => Ok(Role::User),
        (Some("bot" | "skill"), _) | (None, Some("user")) => Ok(Role::Bot),
        (Some(_), _) => Err(unknown("role", at(a, "/from/role"), "user, bot or skill")),
        (None, _) if words(a, "/replyToId").is_some() => Ok(Role::Bot),
        (None, _) => Err(RecordError::Missing("`from.role`: nobody knows who speaks")),
    }
}

/// A role by its name or, as Copilot Studio stores it, by its number.
fn role<'a>(a: &'a Value, path: &str) -> Option<&'a str> {
    match at(a, path).as_u64() {
        Some(0) => Some("bot"),
        Some(1) => Some("user"),
        _ => words(a, path),
    }
}

fn at_time(mut turn: Turn, a: &Value, cx: &Context) -> Result<Turn, RecordError> {
    turn.at = time(a, "/timestamp", cx)?;
    turn.id = id(a, "/id");
    Ok(turn)
}

fn message(a: &Value, cx: &Context) -> Result<Turn, RecordError> {
    let role = speaker(a)?;
    let text = words(a, "/text").map(str::to_owned);
    let pressed = role == Role::User && text.is_none() && !at(a, "/value").is_null();
    let shown = list(a, "/attachments").iter().take(20).map(card).collect::<Vec<_>>().join("\n");
    let text = match text {
        Some(text) if shown.is_empty() => text,
        Some(text) => format!("{text}\n{shown}"),
        // A button sends a value and no words.
        None if pressed => at(a, "/value").to_string(),
        None => shown,
    };
    let mut turn = at_time(Turn::new(role, text.replace("\r\n", "\n")), a, cx)?;
    turn.payload = pressed;
    Ok(turn)
}

/// The words on a card, or what kind of attachment it is.
fn card(attachment: &Value) -> String {
    let content = at(attachment, "/content");
    let mut texts: Vec<&str> =
        ["/title", "/subtitle", "/text"].iter().filter_map(|path| words(content, path)).collect();
    let mut left: Vec<&Value> = list(content, "/body").iter().rev().collect();
    while let (Some(part), true) = (left.pop(), texts.len() < 20) {
        texts.extend(words(part, "/text"));
        for key in ["/items", "/columns"] {
            left.extend(list(part, key).iter().rev());
        }
    }
    if texts.is_empty() {
        format!("[{}]", words(attachment, "/contentType").unwrap_or("attachment"))
    } else {
        texts.join("\n")
    }
}

/// What a recognizer took a message for.
fn recognized(a: &Value, turns: &mut [Turn], cx: &mut Context) {
    let result = [at(a, "/value/recognizerResult"), at(a, "/value/result"), at(a, "/value")];
    let Some(intents) = result.iter().find_map(|r| at(r, "/intents").as_object()) else { return };
    let Some(asked) = id(a, "/replyToId") else { return };
    let Some(turn) = turns.iter_mut().rev().take(NEAR).find(|t| t.role == Role::User && t.id.as_ref() == Some(&asked))
    else {
        return;
    };
    let mut ranking: Vec<Ranked> = Vec::new();
    for (intent, given) in intents.iter().take(1_000) {
        let score = given.get("score").unwrap_or(given);
        if let Some(confidence) = confidence(score, cx) {
            ranking.push(Ranked { intent: intent.clone(), confidence });
        }
    }
    ranking.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let Some(best) = ranking.first() else { return };
    turn.fallback = best.intent == "None";
    turn.intent = Some(best.intent.clone());
    turn.confidence = (!turn.fallback).then_some(best.confidence);
    turn.ranking = ranking;
}

/// A thumb on an answer: Teams sends `like`; other reactions are no judgement.
fn reacted(a: &Value, turns: &mut [Turn], cx: &mut Context) {
    let Some(on) = id(a, "/replyToId") else { return };
    let Some(turn) = turns.iter_mut().rev().take(NEAR).find(|t| t.role == Role::Bot && t.id.as_ref() == Some(&on))
    else {
        return;
    };
    for reaction in list(a, "/reactionsAdded").iter().filter_map(|r| words(r, "/type")) {
        match reaction {
            "like" | "thumbsup" | "plusOne" => turn.feedback = Some(Feedback { score: 1, comment: None }),
            "dislike" | "thumbsdown" => turn.feedback = Some(Feedback { score: -1, comment: None }),
            other => cx.warnings.add(&format!("a reaction `{}` is neither up nor down, left out", shown(other))),
        }
    }
}

/// What Copilot Studio says of a session: it is resolved where the customer said so or nobody objected.
fn session(a: &Value, cx: &mut Context) -> Option<KnownEnding> {
    let word = words(a, "/value/outcome")?;
    let outcome = match word {
        "Resolved" => Outcome::Resolved,
        "Escalated" | "HandOff" => Outcome::Escalated,
        "Abandoned" => Outcome::Abandoned,
        "None" => return None,
        other => {
            cx.warnings.add(&format!("a session that ended `{}` is not known: the outcome is derived", shown(other)));
            return None;
        }
    };
    Some(KnownEnding::new(outcome, format!("session {word}")))
}

fn ended(a: &Value, cx: &mut Context) -> Option<KnownEnding> {
    let code = words(a, "/code")?;
    let outcome = match code {
        "completedSuccessfully" => Outcome::Resolved,
        "userCancelled" | "botTimedOut" => Outcome::Abandoned,
        "botIssuedInvalidMessage" | "channelFailed" => Outcome::Failed,
        "unknown" => return None,
        other => {
            cx.warnings.add(&format!("an end with code `{}` is not known: the outcome is derived", shown(other)));
            return None;
        }
    };
    Some(KnownEnding::new(outcome, format!("endOfConversation {code}")))
}
