//! Conversations as lists of messages for a language model: OpenAI's chat format, what training files of the same kind make of it
//! (`conversation`, `traj`), Google's `contents`, and ChatGPT's export. One object a conversation, in lines or in one list.

use super::canonical::{conversation::IDS as NAMES, shared_keys, value};
use super::grouped::ending::{KnownEnding, finish};
use super::grouped::look::{at, first_id, id, list, number, shown, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, no_pieces};
use super::model_messages::{self, tree};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Outcome};
use crate::ingest::context::Context;
use crate::ingest::derive::hash::content_hash;
use crate::ingest::html;
use serde_json::{Map, Value, json};

/// The format.
pub(in crate::ingest) static OPENAI: GroupedFormat = GroupedFormat {
    name: "openai",
    marks: &[
        "\"messages\"",
        "\"choices\"",
        "\"conversation\"",
        "\"traj\"",
        "\"contents\"",
        "\"mapping\"",
        "\"custom_id\"",
    ],
    tell,
    lists: &["data", "conversations", "items"],
    has_tables: false,
    asks: true,
    take,
    build,
};

/// Where a record may hold its messages.
const LISTS: &[&str] = &["/messages", "/traj", "/conversation", "/contents"];
/// Where it may name itself, beside the keys under which conversations are named anywhere.
const IDS: &[&str] = &[
    "/metadata/conversation_id",
    "/metadata/id",
    "/_id/$oid",
    "/_id",
    "/session/id",
    "/conversation/id",
    "/chat/id",
    "/thread/id",
    "/ticket/id",
    "/case/id",
    "/caseId",
    "/case_id",
    "/ticketId",
    "/ticket_id",
    "/uuid",
];
/// Where it may name its customer.
const CUSTOMERS: &[&str] =
    &["/user_id", "/userId", "/user", "/customer_id", "/customerId", "/metadata/user_id", "/metadata/customer_id"];
/// Where it may say when it began; where its metadata may.
const STARTS: &[&str] = &["started_at", "created_at", "timestamp", "created", "create_time"];
const METADATA_STARTS: &[&str] = &["/metadata/started_at", "/metadata/created_at"];
/// Keys that say nothing of the conversation: definitions of tools and settings of the model.
const SETTINGS: &[&str] = &["tools", "functions", "parallel_tool_calls", "tool_choice", "response_format"];

/// The same of a request, where its answer stands beside it.
const REQUESTS: &[&str] = &["/messages", "/input", "/request/messages", "/body/messages"];
/// Where the answer stands.
const ANSWERS: &[&str] = &["/choices", "/response/choices", "/response/body/choices"];

fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once("id").chain(NAMES.iter().copied())
}

/// How a record names itself, if it does. The id of a request is none where a conversation is named beside it.
fn name(record: &Value) -> Option<String> {
    let named = |key: &str| id(record, &format!("/{key}"));
    session(record).or_else(|| names().find_map(named)).or_else(|| first_id(record, IDS))
}

/// The conversation that a request with its answer belongs to.
fn session(record: &Value) -> Option<String> {
    answer(record)?;
    NAMES.iter().find_map(|key| id(record, &format!("/{key}")))
}

fn found(record: &Value) -> Option<&[Value]> {
    let lists = if answer(record).is_some() { REQUESTS } else { LISTS };
    lists.iter().map(|path| list(record, path)).find(|list| !list.is_empty())
}

/// The answer to a request that is logged with it: the first of the choices.
fn answer(record: &Value) -> Option<&Value> {
    let choices = ANSWERS.iter().map(|path| list(record, path)).find(|choices| !choices.is_empty())?;
    choices.first()?.get("message").filter(|message| message.is_object())
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let all = |f: fn(&Value) -> bool| values.iter().filter_map(found).flatten().any(f);
    if values.iter().any(|v| batched(v).is_some()) {
        return Some((97, "a batch of requests to a model, or of its answers"));
    }
    if values.iter().any(tree::is_tree) {
        return Some((97, "trees of messages, as ChatGPT exports chats"));
    }
    if !values.iter().any(|v| found(v).is_some()) {
        return None;
    }
    let has_content = |m: &Value| {
        let chain = matches!(words(m, "/type"), Some("human" | "ai" | "system" | "tool"));
        (chain || m.get("role").is_some_and(Value::is_string)) && (m.get("content").is_some() || m["parts"].is_array())
    };
    if values.iter().any(|v| answer(v).is_some() && found(v).is_some_and(|list| list.iter().any(has_content))) {
        return Some((97, "requests to a model with their answers"));
    }
    let tools = |m: &Value| {
        m.get("tool_calls").is_some()
            || m.get("tool_call_id").is_some()
            || m["content"].is_array()
            || m["parts"].is_array()
    };
    let own = |m: &Value| m.get("text").is_some() || m.get("intent").is_some() || m.get("message_type").is_some();
    let role_and_text = |m: &Value| m["role"].is_string() && m["text"].is_string();
    let enclosed = |m: &Value| m["role"].is_string() && m["payload"].is_object();
    match (all(has_content), all(own)) {
        (false, false) if all(enclosed) && values.iter().all(|v| name(v).is_none()) => {
            Some((60, "messages with `role` and their words under `payload`, in conversations without a name"))
        }
        // The canonical format names no conversation that does not name itself.
        (false, true) if all(role_and_text) && values.iter().all(|v| name(v).is_none()) => {
            Some((60, "messages with `role` and `text`, in conversations without a name"))
        }
        (true, false) if all(tools) => Some((97, "messages with roles, and calls of tools or parts")),
        // With an id and plain words the canonical format reads it as well.
        (true, false) => Some((90, "messages with `role` and `content`")),
        _ => None,
    }
}

const REQUEST: u8 = b'q';
const ANSWER: u8 = b'a';

/// What a record of a batch is called and what it is: a request, or its answer in another file.
fn batched(record: &Value) -> Option<(String, u8)> {
    let own = id(record, "/custom_id")?;
    let is_request = !list(record, "/body/messages").is_empty() || !list(record, "/body/input").is_empty();
    let is_answer = record.get("response").is_some() || record.get("error").is_some();
    match (is_request, is_answer) {
        (true, false) => Some((own, REQUEST)),
        (false, true) => Some((own, ANSWER)),
        _ => None,
    }
}

fn take(record: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if let Some((own, tag)) = batched(&record) {
        return out.piece(&own, tag, &record);
    }
    let read = conversation(record, out.cx)?;
    out.conversation(read);
    Ok(())
}

/// A request of a batch with its answer; neither says anything alone.
fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let last = |tag: u8| group.pieces.iter().rev().find(|piece| piece.tag == tag).map(|piece| &piece.value);
    let (Some(request), Some(answer)) = (last(REQUEST), last(ANSWER)) else {
        let wanted = if last(REQUEST).is_some() { BATCH_ANSWER } else { BATCH_REQUEST };
        return vec![Err(RecordError::Missing(wanted))];
    };
    let body = at(request, "/body");
    let mut record = json!({
        "id": group.id,
        "messages": REQUESTS.iter().map(|path| at(body, path)).find(|said| said.is_array()),
        "model": body["model"],
        "metadata": body["metadata"],
    });
    match at(answer, "/response/body") {
        Value::Object(body) if answer["error"].is_null() && body.get("choices").is_some_and(Value::is_array) => {
            record["choices"] = body["choices"].clone();
            record["created"] = body.get("created").cloned().unwrap_or_default();
        }
        other => {
            cx.warnings.add("a request of a batch that failed has no answer");
            record["error"] = if answer["error"].is_null() { other.clone() } else { answer["error"].clone() };
        }
    }
    if let Value::Object(keys) = &mut record {
        keys.retain(|_, value| !value.is_null());
    }
    vec![conversation(record, cx)]
}

const BATCH_ANSWER: &str = "answer: import the input of the batch together with its output, as a folder of both";
const BATCH_REQUEST: &str = "request: import the output of the batch together with its input, as a folder of both";

fn conversation(record: Value, cx: &mut Context) -> Built {
    let record = tree::unrolled(record, cx)?;
    let Some(messages) = found(&record) else { return Err(RecordError::Missing("`messages`")) };
    let mut turns = model_messages::turns(messages, cx)?;
    if let Some(answer) = answer(&record) {
        cx.warnings.add(match session(&record) {
            Some(_) => "each request with its answer is joined with the others of the conversation that it names",
            None => "each request with its answer is read as a conversation of its own",
        });
        model_messages::add(&mut turns, answer, cx)?;
    }
    turns.iter_mut().for_each(|turn| html::as_seen(turn, cx));
    let mut c = Conversation::new(cx.source.clone(), String::new(), turns);
    c.customer_id = first_id(&record, CUSTOMERS);
    c.channel = words(&record, "/channel").or_else(|| words(&record, "/metadata/channel")).map(str::to_owned);
    let model = ["/model", "/metadata/model", "/default_model_slug"].iter().find_map(|path| words(&record, path));
    c.bot = model.map(|m| Bot { name: Some(m.to_owned()), version: None });
    for key in STARTS {
        c.started_at = c.started_at.or(record.get(*key).map_or(Ok(None), |v| cx.times.read(v))?);
    }
    let noted = || METADATA_STARTS.iter().find_map(|path| value::moment(at(&record, path), cx));
    c.started_at = c.started_at.or_else(noted);
    c.id = name(&record).unwrap_or_else(|| {
        // Whoever writes no id gets one of what is said, so that a second import knows it again, whatever the file is called.
        cx.makes_ids = true;
        content_hash(&Conversation { source: String::new(), ..c.clone() })
            .iter()
            .take(8)
            .map(|b| format!("{b:02x}"))
            .collect()
    });
    let mut said = reward(&record, cx)?;
    if ["chosen", "rejected"].iter().any(|key| record.get(*key).is_some_and(|v| !v.is_null())) {
        cx.warnings.add("answers under `chosen` and `rejected` were compared and not given to anybody: kept in meta");
    }
    if let Value::Object(mut rest) = record {
        rest.retain(|key, _| {
            let read = LISTS.iter().chain(REQUESTS).chain(ANSWERS).chain(CUSTOMERS).any(|path| path[1..] == *key);
            !read && !names().any(|name| name == key) && !SETTINGS.contains(&key.as_str())
        });
        value::few_keys(&rest)?;
        let metadata = match rest.shift_remove("metadata") {
            Some(Value::Object(metadata)) => metadata,
            Some(other) => Map::from_iter([("metadata".to_owned(), other)]),
            None => Map::new(),
        };
        for mut keys in [metadata, rest] {
            if let Some(outcome) = shared_keys::outcome(&mut keys) {
                said = Some(KnownEnding::new(outcome, format!("outcome {outcome}")));
            }
            let kept = shared_keys::take(&mut c, keys, cx)?;
            c.meta.extend(kept);
        }
    }
    finish(c, said, cx)
}

/// What a test bench says of a run: 1 is done, 0 is not.
fn reward(record: &Value, cx: &mut Context) -> Result<Option<KnownEnding>, RecordError> {
    let Some(reward) = ["/reward", "/metadata/reward"].iter().find_map(|path| number(record, path)) else {
        return Ok(None);
    };
    let outcome = match reward {
        1.0 => Outcome::Resolved,
        0.0 => Outcome::Failed,
        other => {
            let other = shown(&other.to_string());
            cx.warnings.add(&format!("a reward of {other} is neither 0 nor 1: the outcome is derived"));
            return Ok(None);
        }
    };
    Ok(Some(KnownEnding::new(outcome, format!("reward {reward}"))))
}

/// ShareGPT's training files.
pub(in crate::ingest) static SHAREGPT: GroupedFormat = GroupedFormat {
    name: "sharegpt",
    marks: &["\"conversations\""],
    tell: tell_sharegpt,
    lists: &[],
    has_tables: false,
    asks: true,
    take: take_sharegpt,
    build: no_pieces,
};

fn tell_sharegpt(values: &[Value]) -> Option<(u8, &'static str)> {
    let said = |m: &Value| m.get("from").is_some_and(Value::is_string) && m.get("value").is_some();
    let any = values.iter().any(|v| list(v, "/conversations").iter().any(said));
    any.then_some((97, "conversations with `from` and `value`"))
}

fn take_sharegpt(mut record: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let messages = record.get_mut("conversations").map(Value::take);
    match (messages, &mut record) {
        (Some(messages), Value::Object(map)) => {
            map.shift_remove("conversations");
            map.insert("messages".to_owned(), messages);
            take(record, out)
        }
        _ => Err(RecordError::Missing("`conversations`")),
    }
}
