//! JSON objects that no format knows, as rows: a message each, or messages in a list within what they belong to. They are written as
//! CSV into a file of our own and read like any other, so that columns are told by header and values, mapped and asked for.

mod columns;
mod keyed;
mod latin;
mod numbered;
mod own;
mod people;
mod programs;
mod silent;
mod spelled;
mod traces;
mod trees;
mod twice;
mod unnamed;
mod wholes;

use super::columns::field::{CsvField, plain};
use super::workbook::WorkbookSheet;
use crate::disk::{self, Temporary};
use crate::ingest::context::Warnings;
use crate::ingest::derive::speakers;
use crate::ingest::formats::contract::{OpenError, Sniff};
use crate::ingest::formats::json::first_values;
use crate::ingest::input::frames::{Frames, RecordEnd, layout};
use crate::ingest::input::record;
use crate::ingest::input::source::{Input, InputSource};
pub(super) use columns::stem;
use columns::{MessageColumns, has_words, is_answered, is_transcript, last, speaks_for_itself};
use latin::MisreadText;
use numbered::{NumberedObjects, OBJECT_ID};
use own::{DEEPEST, PARTS, is_history, own_columns};
use people::{introduce, people};
use serde_json::{Value, json};
use silent::{SilentObjects, is_silent};
use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use wholes::{is_whole, named_above, wider};

/// Columns that rows may have.
const MOST_COLUMNS: usize = 500;
/// The first values of a beginning as they are read.
fn looked_at(head: &[u8]) -> Vec<Value> {
    first_values(head).into_iter().map(keyed::with_lists).collect()
}

/// Whether a beginning holds objects of which rows can be made that a conversation can be read from.
pub(super) fn told(head: &[u8]) -> Option<Sniff> {
    let start = head.iter().find(|b| !b.is_ascii_whitespace())?;
    if !matches!(start, b'{' | b'[') {
        return None;
    }
    let values = looked_at(head);
    let mut found = FoundRows::default();
    values.iter().for_each(|value| rows(value, &MessageColumns::new(), 0, &mut found));
    let keys: HashSet<&str> = found.rows.iter().flat_map(MessageColumns::keys).map(String::as_str).collect();
    let headers: Vec<String> = keys.into_iter().map(plain).collect();
    let has = |field: CsvField| headers.iter().any(|header| field.alias(header).is_some());
    let beside = [CsvField::Id, CsvField::Role, CsvField::Reply, CsvField::Gold, CsvField::Intent];
    let answered = || found.rows.iter().any(is_answered);
    let known =
        has(CsvField::Text) && (beside.into_iter().any(has) || answered()) || found.rows.iter().any(is_transcript);
    // Where nobody has said anything yet, the keys tell.
    let silent = || values.iter().any(|value| is_silent(value, &beside));
    let unnamed = || unnamed::key_of_words(&values).is_some();
    (known || found.rows.is_empty() && (silent() || unnamed()))
        .then(|| Sniff { sure: 45, why: "objects with words, read as rows".to_owned() })
}

/// How to name the words of objects that say something, where nobody can tell under which key; `None` where they say nothing.
pub(super) fn how_to_name_words(head: &[u8]) -> Option<String> {
    let values = first_values(head);
    let keys = unnamed::keys_that_say(&values);
    let named: Vec<String> =
        keys.iter().take(LISTED_KEYS).map(|key| format!("`{}`", key.chars().take(60).collect::<String>())).collect();
    let words = (!named.is_empty())
        .then(|| format!("--map text=KEY names the key of the words where one holds them: {}", named.join(", ")));
    let packed: Vec<String> =
        unnamed::packed_keys(&values).iter().take(LISTED_KEYS).map(|key| format!("`{key}`")).collect();
    let packed = (!packed.is_empty()).then(|| {
        format!(
            "{} holds JSON in a text, which is no words: export it as an object, and what is in it is read",
            packed.join(", ")
        )
    });
    let how: Vec<String> = words.into_iter().chain(packed).collect();
    (!how.is_empty()).then(|| how.join("; "))
}

/// What a search engine's hit holds of the document that was found.
const SOURCE: &str = "_source";

/// Keys that are listed where the words have to be named.
const LISTED_KEYS: usize = 6;

/// Whether a text holds JSON objects, whatever they are: never rows of cells.
pub(super) fn are_objects(head: &[u8]) -> bool {
    let start = head.iter().find(|b| !b.is_ascii_whitespace());
    start.is_some_and(|b| matches!(b, b'{' | b'[')) && first_values(head).iter().any(holds_object)
}

fn holds_object(value: &Value) -> bool {
    value.is_object() || value.as_array().is_some_and(|list| list.iter().any(holds_object))
}

/// The key under which a text has its words where no row can be made by the usual names.
fn unnamed_words(head: &[u8]) -> Option<String> {
    let (values, mut found) = (looked_at(head), FoundRows::default());
    values.iter().for_each(|value| rows(value, &MessageColumns::new(), 0, &mut found));
    if found.rows.is_empty() { unnamed::key_of_words(&values) } else { None }
}

/// The objects of a text as a sheet of rows. Where somebody says so, their words stand under the key `words`.
pub(super) fn sheet(
    source: InputSource,
    words: Option<&str>,
    max: usize,
    warnings: &mut Warnings,
) -> Result<WorkbookSheet, OpenError> {
    let source_name = stem(&source.name);
    let text = source.into_text()?;
    let words = words.map(str::to_owned).or_else(|| unnamed_words(&text.head));
    let layout = layout(&text.head);
    let mut frames = Frames::new(BufReader::with_capacity(1 << 16, text.read()), layout, max);
    let kept = Temporary::new()?;
    let spool = kept.path().join("rows.jsonl");
    let mut out = BufWriter::new(disk::make(&spool)?);
    let (mut buf, mut columns, mut bad) = (Vec::new(), MetColumns::default(), None);
    let mut broken = 0_u64;
    let (mut silent, mut misread) = (SilentObjects::default(), MisreadText::default());
    let (mut histories, mut numbered) = (BTreeSet::new(), NumberedObjects::default());
    while let Some(frame) = frames.next(&mut buf)? {
        warnings.line = frame.line;
        let value = match frame.end {
            RecordEnd::TooLong => Err("it is longer than the limit".to_owned()),
            end => record::parse(&buf, end, max, warnings).map_err(|fault| fault.reason),
        };
        match value {
            Ok(value) => {
                let value = keyed::with_lists(value);
                let mut found = FoundRows { words: words.clone(), ..FoundRows::default() };
                let listed = value.as_array().map_or(std::slice::from_ref(&value), Vec::as_slice);
                for item in listed {
                    let before = found.rows.len();
                    rows(item, &MessageColumns::new(), 0, &mut found);
                    numbered.note(item, &mut found.rows[before..]);
                    silent.count(item, found.rows.len() - before, frame.line);
                }
                silent.add(found.silent, frame.line);
                histories.append(&mut found.histories);
                for row in found.rows {
                    columns.add(&row);
                    row.values().filter_map(Value::as_str).for_each(|text| misread.look(text));
                    serde_json::to_writer(&mut out, &row)?;
                    out.write_all(b"\n")?;
                }
            }
            Err(why) => {
                broken += 1;
                bad.get_or_insert_with(|| format!("line {}: {why}", frame.line));
            }
        }
    }
    out.flush()?;
    frames.tell_beside(warnings)?;
    // Where nothing names a conversation, the file may be one.
    let nameless = !columns.names.iter().any(|name| CsvField::Id.alias(&plain(name)).is_some());
    let file = nameless.then(|| source_name.clone()).filter(|_| !columns.names.iter().any(|name| name == FILE));
    columns.names.retain(|name| name != OBJECT_ID || nameless && numbered.are_several());
    columns.names.extend(file.as_ref().map(|_| FILE.to_owned()));
    let csv = kept.path().join("sheet.csv");
    let mut out = csv::Writer::from_writer(BufWriter::new(disk::make(&csv)?));
    out.write_record(&columns.names)?;
    for line in BufReader::new(File::open(&spool)?).lines() {
        let row: MessageColumns = serde_json::from_str(&line?)?;
        let cell = |name: &String| match &file {
            Some(file) if name == FILE => file.clone(),
            _ => misread.mended(row.get(name).and_then(Value::as_str).unwrap_or_default()),
        };
        out.write_record(columns.names.iter().map(cell))?;
    }
    out.flush()?;
    drop(out);
    let bad =
        bad.map(|first| format!("{broken} values of this file are no JSON and are left out; the first is {first}"));
    warnings.line = 0;
    let left_out = |key: String| format!("`{key}` stands beside what is said, and is left out");
    let notes = bad.into_iter().chain(silent.note()).chain(misread.note()).chain(histories.into_iter().map(left_out));
    notes.for_each(|note| warnings.add(&note));
    Ok(WorkbookSheet { source: InputSource::open(Input::File(csv))?, kept, is_named_by_file: false })
}

/// The column of the file's name, for files of which each is one conversation.
pub(super) const FILE: &str = "file";

/// The names of columns in the order in which they are met.
#[derive(Default)]
struct MetColumns {
    names: Vec<String>,
    known: HashSet<String>,
}

impl MetColumns {
    fn add(&mut self, row: &MessageColumns) {
        for key in row.keys() {
            if self.names.len() < MOST_COLUMNS && !self.known.contains(key) {
                self.known.insert(key.clone());
                self.names.push(key.clone());
            }
        }
    }
}

/// The rows that were made of values, and how many objects among messages hold no words.
#[derive(Default)]
struct FoundRows {
    rows: Vec<MessageColumns>,
    silent: u64,
    /// A key of words beside the usual ones.
    words: Option<String>,
    /// Keys of lists of what was said before, beside what is read.
    histories: BTreeSet<String>,
}

impl FoundRows {
    /// Whether an object says something under that key.
    fn are_words_of(&self, own: &MessageColumns) -> bool {
        let said = self.words.as_ref().and_then(|key| own.get(key)?.as_str());
        said.is_some_and(|words| !words.trim().is_empty())
    }

    /// Adds what an object says; what its lists say was said before is noted.
    fn add(&mut self, row: MessageColumns, lists: &[(String, &[Value])]) {
        let said_before = lists.iter().filter(|(key, list)| !list.is_empty() && is_history(key));
        self.histories.extend(said_before.map(|(key, _)| key.clone()));
        self.rows.push(row);
    }
}

/// Makes rows of a value: of messages in the lists within it, else of itself. `shared` is said of each.
fn rows(value: &Value, shared: &MessageColumns, depth: usize, out: &mut FoundRows) {
    let Value::Object(object) = value else {
        if let Value::Array(list) = value {
            list.iter().filter(|_| depth < DEEPEST).for_each(|v| rows(v, shared, depth + 1, out));
        }
        return;
    };
    if let Some(Value::Object(inner)) =
        object.get(SOURCE).filter(|_| object.contains_key("_index") || object.contains_key("_id"))
    {
        return rows(&Value::Object(inner.clone()), shared, depth, out);
    }
    if let Some(step) = traces::step(object) {
        return rows(&Value::Object(step), shared, depth, out);
    }
    if let Some(whole) = keyed::in_turn(object) {
        return rows(&Value::Object(whole), shared, depth, out);
    }
    let tree = trees::read(object);
    out.histories.extend(tree.as_ref().filter(|(_, left_out)| *left_out).map(|_| "replies".to_owned()));
    let (object, prepared) = twice::as_said(tree.as_ref().map_or(object, |(whole, _)| whole));
    out.histories.extend(prepared);
    let object = object.as_ref();
    if depth < DEEPEST && keyed::is_keyed(object) {
        for (shared, value) in keyed::under_ids(object, shared) {
            match value {
                Value::Array(list) => listed(list, &shared, depth, out),
                other => rows(other, &shared, depth + 1, out),
            }
        }
        return;
    }
    let (own, lists) = own_columns(object, depth);
    let has_words = has_words(&own) || is_transcript(&own) || out.are_words_of(&own);
    let answers = own.get("reply").and_then(Value::as_str).is_some_and(|reply| !reply.trim().is_empty());
    if answers || has_words && own.keys().any(|k| speaks_for_itself(k)) {
        return out.add(joined(shared, own), &lists);
    }
    let people = people(&lists);
    let before = out.rows.len();
    if depth < DEEPEST {
        for (path, list) in lists.iter().filter(|(key, _)| !PARTS.contains(&last(key))) {
            let wider = wider(shared, &own, path);
            listed(list, &wider, depth, out);
        }
        out.rows[before..].iter_mut().for_each(|row| introduce(row, &people));
        let speaks = |row: &MessageColumns| row.keys().any(|key| speaks_for_itself(key));
        if out.rows.len() > before && out.rows[before..].iter().all(speaks) {
            // What the messages say stands there once more, all of it in one text.
            let is_told =
                |key: &&String| is_whole(key) && own[*key].as_str().is_some_and(|text| !text.trim().is_empty());
            for key in own.keys().filter(is_told) {
                out.rows[before..].iter_mut().for_each(|row| drop(row.shift_remove(&named_above(key))));
                out.histories.insert(key.clone());
            }
        }
    }
    if out.rows.len() == before && has_words {
        out.add(joined(shared, own), &lists);
    }
}

/// Rows of a list, and those of its objects that hold no words where others do.
fn listed(list: &[Value], shared: &MessageColumns, depth: usize, out: &mut FoundRows) {
    let named = by_speakers(list);
    let list = named.as_deref().unwrap_or(list);
    let (before, mut silent) = (out.rows.len(), 0);
    for item in list {
        let so_far = out.rows.len();
        rows(item, shared, depth + 1, out);
        silent += u64::from(out.rows.len() == so_far && item.is_object());
    }
    if out.rows.len() > before {
        out.silent += silent;
    }
}

/// The messages of a list of objects of which each says its words under who speaks: `[{"user": "hi"}, {"bot": "hello"}]`; `None` where it is none.
fn by_speakers(list: &[Value]) -> Option<Vec<Value>> {
    let message = |value: &Value| {
        let (who, said) = value.as_object().filter(|object| object.len() == 1)?.iter().next()?;
        speakers::known(&speakers::word(who))?;
        Some(json!({"role": who, "text": said.as_str()?}))
    };
    let messages: Vec<Value> = list.iter().map(message).collect::<Option<_>>()?;
    (messages.len() > 1).then_some(messages)
}

/// A message with what is said of all, and with what programs say of who speaks in ways of their own.
fn joined(shared: &MessageColumns, own: MessageColumns) -> MessageColumns {
    let mut row = own;
    let word = |row: &MessageColumns, key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_true = |row: &MessageColumns, key: &str| word(row, key) == "true";
    // `author.bot` beside `author.type`: what a machine wrote is the AI's.
    let machine =
        row.keys().find(|k| matches!(plain(last(k)).as_str(), "bot" | "isbot" | "automated") && is_true(&row, k));
    let machine = machine.cloned();
    if let Some(key) = machine {
        // Under the key that says it of the others.
        let around = &key[..key.len() - last(&key).len()];
        let kind = format!("{around}type");
        let name = || row.keys().find(|k| !around.is_empty() && k.starts_with(around) && speaks_for_itself(k)).cloned();
        let kind = Some(kind).filter(|kind| row.contains_key(kind)).or_else(name);
        let kind = kind.unwrap_or_else(|| "author_type".to_owned());
        row.insert(kind, "bot".into());
    }
    programs::by_machine_alone(&mut row);
    programs::told(&mut row);
    programs::voice(&mut row, shared);
    programs::ticket(&mut row);
    if !shared.is_empty() {
        programs::numbered(&mut row);
    }
    let kind = word(&row, "type");
    if kind.contains("system") && !row.keys().any(|k| speaks_for_itself(k)) {
        row.insert("author_type".to_owned(), "system".into());
    }
    // That a message is one tells nobody who speaks.
    if matches!(kind.to_lowercase().as_str(), "message" | "text" | "email" | "chat" | "msg" | "comment") {
        row.shift_remove("type");
    }
    for (key, value) in shared {
        row.entry(key.clone()).or_insert_with(|| value.clone());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &Value) -> Vec<MessageColumns> {
        let mut out = FoundRows::default();
        rows(value, &MessageColumns::new(), 0, &mut out);
        out.rows
    }

    #[test]
    fn a_message_is_a_row_and_a_list_of_them_rows_of_their_whole() {
        let one = json!({"text": "hi", "user": "U1", "ts": "1", "blocks": [{"type": "x", "text": "no"}]});
        assert_eq!(of(&one).len(), 1);
        let whole = json!({"id": 7, "description": "Order", "customer": {"id": 9}, "messages": [
            {"id": 1, "from_agent": false, "body_text": "where"}, {"id": 2, "from_agent": true, "body_text": "soon"}]});
        let found = of(&whole);
        assert_eq!(
            (found.len(), found[0]["conversation_id"].as_str(), found[1]["body_text"].as_str()),
            (2, Some("7"), Some("soon"))
        );
        assert_eq!(found[0]["customer.id"], "9");
    }

    #[test]
    fn people_are_introduced_by_their_list() {
        let chat = json!({"id": "c", "users": [{"id": "a", "type": "customer", "name": "Anna"}, {"id": "b", "type": "agent", "name": "ChatBot"}],
            "thread": {"id": "t", "events": [{"author_id": "a", "text": "where"}, {"author_id": "b", "text": "soon"},
                {"type": "system_message", "text": "left", "author_id": null}]}});
        let found = of(&chat);
        let who: Vec<Option<&str>> = found.iter().map(|r| r.get("author_type").and_then(Value::as_str)).collect();
        assert_eq!(who, [Some("customer"), Some("ChatBot"), Some("system")], "{found:?}");
        assert_eq!(found[0]["conversation_id"], "c");
    }

    #[test]
    fn a_task_is_a_question_and_what_has_no_words_is_counted() {
        let task = json!({"instruction": "Add", "input": "1+1", "output": "2"});
        assert_eq!((&of(&task)[0]["text"], &of(&task)[0]["reply"]), (&json!("Add\n1+1"), &json!("2")));
        let bare = json!({"instruction": "Say hi", "input": "", "output": "Hi."});
        assert_eq!(of(&bare)[0]["text"], "Say hi");
        let text = r#"[{"id":"1","sender":"user","text":"hi"},{"id":"2","sender":"user","text":""},{"id":"3","sender":"user","note":"x"}]"#;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.json");
        std::fs::write(&path, text).unwrap();
        let mut said = Warnings::default();
        sheet(InputSource::open(Input::File(path)).unwrap(), None, 1 << 20, &mut said).unwrap();
        assert!(said.list()[0].text.starts_with("2 of 3 objects hold no words"), "{said:?}");
    }

    #[test]
    fn words_under_a_key_of_their_own_are_rows_to_ask_about() {
        let said = json!({"id_chat": "k1", "lines": [{"by": 1, "senderType": "customer", "saidThen": "it broke again"},
            {"by": 2, "senderType": "bot", "saidThen": "Sorry."}]});
        let head = said.to_string();
        assert_eq!((told(head.as_bytes()).is_some(), unnamed_words(head.as_bytes())), (true, Some("saidThen".into())));
        let mut out = FoundRows { words: Some("saidThen".into()), ..FoundRows::default() };
        rows(&said, &MessageColumns::new(), 0, &mut out);
        let shown: Vec<_> = out.rows.iter().map(|r| (r["id_chat"].as_str(), r["saidThen"].as_str())).collect();
        assert_eq!(shown, [(Some("k1"), Some("it broke again")), (Some("k1"), Some("Sorry."))]);
    }

    #[test]
    fn what_stands_in_an_envelope_is_the_message() {
        let event = json!({"event": "message.created", "conversationId": "-8", "payload": {"messageId": "9", "senderType": "CUSTOMER",
            "textContent": "where is it", "conversationId": "-8"}});
        let row = &of(&event)[0];
        assert_eq!((row["senderType"].as_str(), row["textContent"].as_str()), (Some("CUSTOMER"), Some("where is it")));
        assert_eq!((row["messageId"].as_str(), row["conversationId"].as_str()), (Some("9"), Some("-8")));
    }

    #[test]
    fn settings_are_no_rows() {
        assert!(told(br#"{"name":"shop","version":3,"plugins":[{"id":1}]}"#).is_none());
        assert!(told(br#"[{"session":"1","sender":"user","text":"hi"}]"#).is_some());
        assert!(told(b"id,text\n1,hi\n").is_none());
    }
}
