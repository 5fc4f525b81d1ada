//! What one row says.

use super::offsets;
use super::plan::{CellPlan, filled, list};
use super::row_error::RowError;
use super::transcript;
use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::events;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::canonical::told::{hides, is_hidden};
use crate::ingest::formats::canonical::turn;
use crate::ingest::formats::canonical::value::of_a_draw;
use crate::ingest::formats::csv::cells::values::truth;
use crate::ingest::formats::csv::cells::{structures, values};
use crate::ingest::formats::csv::columns::field::{CsvField, FieldScope, VISIBILITY, plain};
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::html;
use crate::ingest::mail;
use crate::ingest::rows::cut::CutRow;
use crate::ingest::rows::dialect::decode;
use crate::ingest::times::is_offset;
use crate::ingest::times::joined;
use crate::text::is_opening;
use serde_json::{Map, Value, json};

/// What one row says.
#[derive(Debug)]
pub(super) struct SpokenRow {
    pub turns: Vec<Turn>,
    /// Who speaks, where that is told by who speaks first.
    pub sender: Option<String>,
    /// Its place, where the row has one.
    pub place: Option<f64>,
    /// Fields of the conversation.
    pub about: Vec<(CsvField, String)>,
    /// Columns that no field takes.
    pub extra: Map<String, Value>,
}

/// Reads the turns of a row.
///
/// # Errors
/// What cannot be read, with its column.
pub(super) fn read(plan: &CellPlan, row: &CutRow, cx: &mut Context) -> Result<SpokenRow, RowError> {
    let turns = match plan.mapping.shape {
        RowShape::Conversations => conversation(plan, row, cx)?,
        RowShape::Turns | RowShape::Utterances => exchange(plan, row, cx)?,
    };
    let about = CsvField::ALL.iter().filter(|f| is_about(**f, plan.mapping.shape));
    // How colleagues write to each other is not how the customer is reached.
    let of_note = plan.mapping.shape == RowShape::Turns && is_note(plan, row);
    let about = about.filter(|f| !(of_note && **f == CsvField::Channel));
    let about = about.filter_map(|&f| Some((f, plan.word(row, f)?))).collect();
    let mut extra = Map::new();
    for (i, name) in &plan.extra {
        if let Some(value) = filled(&decode(row.cell(*i), plan.encoding).0) {
            extra.insert(name.clone(), value.into());
        }
    }
    let place = plan.word(row, CsvField::Turn).and_then(|w| values::place(&w));
    let sender = plan.word(row, CsvField::Role).map(|s| senders::word(&s));
    let sender = sender.filter(|word| plan.mapping.first_speaker.is_some() && placed(&plan.mapping, word).is_none());
    Ok(SpokenRow { turns, sender, place, about, extra })
}

/// Whether a field goes to the conversation and not to a turn.
fn is_about(field: CsvField, shape: RowShape) -> bool {
    let of_conversation = field.scope() == FieldScope::Conversation;
    of_conversation && !matches!(field, CsvField::Id | CsvField::Transcript)
        || (shape == RowShape::Conversations && field == CsvField::Sentiment)
}

/// Whether the customer does not see a row: its column says yes or names a note, or one that says what is public says no.
fn is_note(plan: &CellPlan, row: &CutRow) -> bool {
    let Some(word) = plan.word(row, CsvField::Private) else { return false };
    let header = plan.mapping.column(CsvField::Private).map(plain).unwrap_or_default();
    let says_seen = header.ends_with("public") || header.contains("visible");
    is_hidden(&word) || VISIBILITY.contains(&header.as_str()) && hides(&word) || truth(&word) == Some(!says_seen)
}

/// What a row tells that is no message, by the column of its kind: that somebody types or has read, how a survey was answered.
fn notice(plan: &CellPlan, row: &CutRow) -> Option<&'static str> {
    const KINDS: &[&str] = &["type", "kind", "eventtype", "messagetype", "rowtype", "activitytype", "entrytype"];
    let by_turns = plan.mapping.shape == RowShape::Turns;
    let (i, _) = plan.extra.iter().find(|(_, name)| by_turns && KINDS.contains(&plain(name).as_str()))?;
    match plain(&decode(row.cell(*i), plan.encoding).0).as_str() {
        "typing" | "typingon" | "typingoff" | "typingstarted" | "typingstopped" | "istyping" => Some("typing"),
        "read" | "readreceipt" | "seen" | "messageread" => Some("read"),
        "delivered" | "deliveryreceipt" | "messagedelivered" => Some("delivered"),
        "rating" | "csat" | "survey" | "surveyresponse" | "surveyanswer" | "nps" | "csatresponse" => Some("survey"),
        _ => None,
    }
}

/// The turn of a row, and the reply to it where the row has one.
fn exchange(plan: &CellPlan, row: &CutRow, cx: &mut Context) -> Result<Vec<Turn>, RowError> {
    let private = is_note(plan, row);
    let notice = notice(plan, row);
    let role = if private || notice.is_some() { Role::System } else { role(plan, row)? };
    let (text, quoted) = words(plan, row, CsvField::Text, role != Role::Bot, cx)?;
    let text = text.map(|task| match plan.subject(row) {
        Some(subject) => format!("{task}\n{subject}"),
        None => task,
    });
    let (reply, _) = words(plan, row, CsvField::Reply, false, cx)?;
    let reply = reply.filter(|r| !r.trim().is_empty());
    let mut first = Map::new();
    first.insert("role".into(), role.name().into());
    if let Some(quoted) = quoted {
        first.insert("meta".into(), json!({ "quoted": quoted }));
    }
    let told = || text.as_deref().filter(|_| role == Role::System).and_then(events::told);
    let event = if private { Some("note") } else { notice.or_else(told) };
    if let Some(event) = event {
        first.insert("event".into(), event.into());
    }
    let mut second = Map::new();
    second.insert("role".into(), answerer(&plan.mapping).name().into());
    let paired = plan.mapping.column(CsvField::Reply).is_some() && role == Role::User;
    for (field, key) in KEYS {
        let Some(value) = value(plan, row, *field, cx) else { continue };
        if *field == CsvField::Time {
            let column = plan.mapping.column(CsvField::Time).unwrap_or(key);
            if is_offset(&value) {
                cx.warnings.add(&format!(
                    "`{column}` counts from the beginning of the talk in some rows, which is no time: it is kept in meta there"
                ));
                if let Value::Object(meta) = first.entry("meta").or_insert_with(|| json!({})) {
                    meta.insert(column.to_owned(), value);
                }
                continue;
            }
            cx.times.read(&value).map_err(|error| RowError::Time { column: column.to_owned(), error })?;
        }
        let of_answer = matches!(
            field,
            CsvField::Corrected
                | CsvField::Feedback
                | CsvField::Action
                | CsvField::Model
                | CsvField::Latency
                | CsvField::Propensity
                | CsvField::Policy
        );
        let map = if of_answer && paired { &mut second } else { &mut first };
        map.insert((*key).to_owned(), value);
    }
    let mut turns = Vec::new();
    let speechless = text.as_ref().is_none_or(|t| t.trim().is_empty());
    if speechless && plan.mapping.shape == RowShape::Utterances && reply.is_none() {
        return Err(RowError::NoText);
    }
    if speechless
        && paired
        && reply.is_none()
        && let Some(column) = said_elsewhere(plan, row)
    {
        return Err(RowError::SaidElsewhere(column));
    }
    // A row that only has a reply is the AI's alone, its time too.
    if let Some(at) = first.get("at").filter(|_| speechless && reply.is_some()) {
        second.entry("at").or_insert_with(|| at.clone());
    }
    if !(speechless && reply.is_some()) {
        first.insert("text".into(), text.unwrap_or_default().into());
        turns.push(built(first, cx)?);
    }
    if let Some(reply) = reply {
        second.insert("text".into(), reply.into());
        turns.push(built(second, cx)?);
    }
    Ok(turns)
}

/// Who answers in the same row: the AI, unless somebody said of the column that another does.
fn answerer(m: &Mapping) -> Role {
    let column = m.column(CsvField::Reply).map(senders::word);
    column.and_then(|column| m.senders.get(&column).copied()).unwrap_or(Role::Bot)
}

/// A column without a field that holds what somebody said in this row, by its header and its words.
fn said_elsewhere(plan: &CellPlan, row: &CutRow) -> Option<String> {
    const SAID: &[&str] = &["message", "text", "reply", "response", "answer", "msg", "utterance"];
    let holds = |(i, name): &&(usize, String)| {
        let header = plain(name);
        SAID.iter().any(|word| header.contains(word)) && decode(row.cell(*i), plan.encoding).0.trim().contains(' ')
    };
    plan.extra.iter().find(holds).map(|(_, name)| name.clone())
}

/// The words of a cell as the file's cells are written, and what they quote; `quotes`: lines that begin with `>` at their end, too.
fn words(
    plan: &CellPlan,
    row: &CutRow,
    field: CsvField,
    quotes: bool,
    cx: &mut Context,
) -> Result<(Option<String>, Option<String>), RowError> {
    let Some(cell) = plan.cell(row, field) else { return Ok((None, None)) };
    if plan.forms.structures[usize::from(field == CsvField::Reply)]
        && let Some(structure) = structures::structure(&cell)
    {
        let column = plan.mapping.column(field).unwrap_or(field.name());
        let words = structures::words(&structure).ok_or_else(|| RowError::NoWords(column.to_owned()))?;
        return Ok((Some(words), None));
    }
    // A button among what was typed, a card among answers.
    if cell.trim_start().starts_with('{')
        && let Some(words) = structures::structure(&cell).as_ref().and_then(structures::words)
    {
        let column = plan.mapping.column(field).unwrap_or(field.name());
        cx.warnings
            .add(&format!("some cells of `{column}` hold JSON: what is said in them is read, the rest left out"));
        return Ok((Some(words), None));
    }
    // Among texts that are HTML some are not: their lines are lines.
    let is_html = plan.forms.html && html::is_html(&cell);
    let seen = if is_html { Some(html::read(&cell)) } else { html::seen(&cell) };
    if let Some(html::HtmlBody { text, quoted }) = seen {
        return Ok((Some(text), quoted));
    }
    if field == CsvField::Text
        && let Some(mail) = mail::parts(&cell, quotes)
    {
        cx.warnings.add(mail::KEPT);
        return Ok((Some(mail.text.to_owned()), Some(mail.quoted.to_owned())));
    }
    Ok((Some(cell.into_owned()), None))
}

/// The fields of a turn, and what the canonical format calls them.
const KEYS: &[(CsvField, &str)] = &[
    (CsvField::MessageId, "id"),
    (CsvField::Time, "at"),
    (CsvField::Intent, "intent"),
    (CsvField::Confidence, "confidence"),
    (CsvField::Gold, "gold_intents"),
    (CsvField::Corrected, "corrected"),
    (CsvField::Fallback, "fallback"),
    (CsvField::Payload, "payload"),
    (CsvField::Feedback, "feedback"),
    (CsvField::Action, "action"),
    (CsvField::Event, "event"),
    (CsvField::Tool, "name"),
    (CsvField::Sentiment, "sentiment"),
    (CsvField::Model, "model"),
    (CsvField::Latency, "latency_ms"),
    (CsvField::Propensity, "propensity"),
    (CsvField::Policy, "policy"),
];

/// A field's cell as the canonical format has it.
fn value(plan: &CellPlan, row: &CutRow, field: CsvField, cx: &mut Context) -> Option<Value> {
    let mut word = plan.word(row, field)?;
    if field == CsvField::Time
        && let Some(clock) = plan.word(row, CsvField::Clock)
    {
        word = joined(&word, &clock);
    }
    let understood = match field {
        CsvField::Confidence if !word.ends_with('%') => {
            let unit = if plan.forms.percent { 100.0 } else { 1.0 };
            values::number(&word).map(|x| Value::from(x / unit))
        }
        CsvField::Latency => {
            let unit = if plan.mapping.latency_in_seconds { 1_000.0 } else { 1.0 };
            values::duration(&word).or_else(|| Some(values::number(&word)? * unit)).map(Value::from)
        }
        CsvField::Sentiment => values::number(&word).map(Value::from),
        CsvField::Propensity => values::number(&word).map(Value::from).filter(|x| of_a_draw("propensity", x)),
        CsvField::Fallback | CsvField::Payload => truth(&word).map(Value::from),
        CsvField::Feedback => values::thumbs(&word).map(Value::from),
        CsvField::Gold => return Some(list(&word, &['|']).into()),
        CsvField::Corrected => return plan.cell(row, field).map(|c| c.into_owned().into()),
        _ => None,
    };
    let strict = matches!(
        field,
        CsvField::Fallback
            | CsvField::Payload
            | CsvField::Feedback
            | CsvField::Sentiment
            | CsvField::Latency
            | CsvField::Propensity
    );
    if strict && understood.is_none() {
        let meant = match field {
            CsvField::Fallback | CsvField::Payload => "no yes or no",
            CsvField::Feedback => "no thumbs",
            CsvField::Propensity => "no chances above 0 and at most 1",
            _ => "no numbers",
        };
        cx.warnings.add(&format!("some values of `{}` are {meant} and are left out", plan.mapping.column(field)?));
        return None;
    }
    Some(understood.unwrap_or_else(|| word.into()))
}

fn built(map: Map<String, Value>, cx: &mut Context) -> Result<Turn, RowError> {
    // Who speaks is settled here: what was said of a sender called `user` is not said of our word for the customer.
    let role = map.get("role").and_then(Value::as_str).and_then(Role::from_name);
    let turn = turn::of(map, cx)?;
    Ok(Turn { role: role.unwrap_or(turn.role), ..turn })
}

fn role(plan: &CellPlan, row: &CutRow) -> Result<Role, RowError> {
    let m = &plan.mapping;
    let Some(column) = m.column(CsvField::Role) else {
        let cell = plan.cell(row, CsvField::Text).filter(|_| plan.forms.structures[0]);
        let says = cell.and_then(|cell| structures::speaker(&structures::structure(&cell)?));
        return Ok(says.or(m.other_senders).unwrap_or(Role::User));
    };
    let sender = plan.word(row, CsvField::Role);
    let word = sender.as_deref().map(senders::word).unwrap_or_default();
    let known = placed(m, &word);
    // Who speaks first is told once the conversation is together.
    let known = known.or(m.first_speaker.filter(|_| !word.is_empty()));
    // How somebody is reached is how customers stand in logs; a number of the company's own is asked for before.
    let contact = || senders::is_contact(&word).then_some(Role::User);
    known.or(m.other_senders.filter(|_| !word.is_empty())).or_else(contact).ok_or_else(|| match sender {
        Some(s) => {
            let s: String = s.chars().take(60).collect();
            RowError::UnknownSender { column: column.to_owned(), sender: s }
        }
        None => RowError::NoSender(column.to_owned()),
    })
}

/// Who a sender is by what was said or its word tells.
fn placed(m: &Mapping, word: &str) -> Option<Role> {
    m.senders.get(word).copied().or_else(|| senders::of_kind(word))
}

/// The turns of a transcript; what the row says of an intent belongs to the turn that the conversation is named after
/// (rule 2): the first of the customer's that is more than an opening.
fn conversation(plan: &CellPlan, row: &CutRow, cx: &mut Context) -> Result<Vec<Turn>, RowError> {
    let cell = plan.cell(row, CsvField::Transcript).unwrap_or_default();
    let mut turns = transcript::turns(&cell, &plan.mapping, plan.forms.stamped, cx)?;
    let day = plan.word(row, CsvField::Started);
    if let Some(day) = day
        && let Ok(Some(began)) = cx.times.read_text(&day)
    {
        offsets::settle(&mut turns, began);
        offsets::on_day(&mut turns, &day, &cx.times);
    }
    if let Some(clock) = turns.iter().filter(|turn| turn.at.is_none()).find_map(offsets::clock) {
        cx.warnings.add(&format!(
            "times beside who speaks are of no day (`{clock}`) and kept in meta: a line `Date: 2026-03-05` above, or a column of the day, gives it"
        ));
    }
    let user = |t: &&mut Turn| t.role == Role::User;
    let named = turns.iter().position(|t| t.role == Role::User && !t.payload && !is_opening(&t.text));
    let named = named.or_else(|| turns.iter().position(|t| t.role == Role::User));
    let Some(target) = named.and_then(|i| turns.get_mut(i)).filter(user) else { return Ok(turns) };
    let mut map = Map::new();
    for (field, key) in
        [(CsvField::Intent, "intent"), (CsvField::Confidence, "confidence"), (CsvField::Gold, "gold_intents")]
    {
        if let Some(value) = value(plan, row, field, cx) {
            map.insert(key.to_owned(), value);
        }
    }
    map.insert("role".into(), Role::User.name().into());
    map.insert("text".into(), "".into());
    let read = built(map, cx)?;
    target.intent = read.intent.or(target.intent.take());
    target.confidence = read.confidence.or(target.confidence);
    if !read.gold.is_empty() {
        target.gold = read.gold;
    }
    Ok(turns)
}
