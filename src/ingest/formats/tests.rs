use super::contract::{FormatChoice, Found, OpenError, OpenedInput, Records};
use super::*;
use crate::domain::{Conversation, Role, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::input::source::{Container, Input, InputContent};
use crate::ingest::{IngestError, LogReader, LogRecord, ReadOptions, Speakers};
use std::collections::{BTreeMap, btree_map};
use std::io::{self, Cursor};
use std::path::Path;
use std::sync::Arc;

fn text(head: &str) -> InputSource {
    let read = Box::new(Cursor::new(head.as_bytes().to_vec()));
    InputSource::open(Input::Stream { name: "x".into(), read }).unwrap()
}

fn sure(head: &str) -> u8 {
    detect(&text(head)).filter(|(format, _)| format.name() == "canonical").map_or(0, |(_, sniff)| sniff.sure)
}

#[test]
fn rows_are_told_and_never_json() {
    let of = |head: &str| detect(&text(head)).map(|(format, _)| format.name());
    assert_eq!(of("id,sender,message\n1,user,hi\n"), Some("csv"));
    assert_eq!(of("text;label\nwhere is it;status\n"), Some("csv"));
    assert_eq!(of("where is my order,status\nstop it now,cancel\n"), Some("csv"));
    assert_eq!(of("{\"text\":1,\"message\":2}\n{\"text\":1}\n"), None);
    assert_eq!(of("id,text\n{\"id\":1,\"turns\":[]}\n"), Some("canonical"));
    assert_eq!(of("log.jsonl: made by hand; wrapped as {\"messages\":[...],\"metadata\":{...}}.\n"), None);
    assert_eq!(
        (of("just a line of prose, with a comma\n\nand more"), of("a,b\n1,2\n"), of("text\nhi\n")),
        (None, None, None)
    );
}

#[test]
fn the_canonical_format_is_told_by_its_keys() {
    let one = r#"{"id":1,"turns":[{"role":"user","text":"x"}]}"#;
    assert_eq!(sure(one), 95);
    assert_eq!(sure(&format!("[{one}")), 95);
    assert_eq!(sure(&format!("broken\n\n{one}\n")), 95);
    assert_eq!(sure(r#"{"messages":[]}"#), 50);
    assert_eq!(sure(r#"{"id":1,"turns":[{"ro"#), 95);
    assert_eq!(sure(r#"{broken "turns":["#), 40);
    assert_eq!((sure("{}"), sure(""), sure("# x"), sure("id,text\n1,x")), (10, 10, 5, 0));
}

#[test]
fn records_in_a_list_under_a_word_for_records_are_told_as_they_are() {
    let lex = r#"{"messageVersion":"2.0","timestamp":"2026-03-01T09:00:01Z","requestId":"r1","sessionId":"s1","inputTranscript":"where is it","messages":[{"content":"Which one?","contentType":"PlainText"}],"interpretations":[{"nluConfidence":"0.9","intent":{"name":"Track"}}]}"#;
    let langsmith = r#"{"id":"r1","trace_id":"r1","name":"chat","run_type":"chain","start_time":"2026-03-01T09:00:00","inputs":{"messages":[{"role":"user","content":"where is it"}]},"outputs":{"output":"Which one?"},"parent_run_id":null}"#;
    let sharegpt = r#"{"conversations":[{"from":"human","value":"where is it"},{"from":"gpt","value":"Which one?"}]}"#;
    for (format, record) in [("lex", lex), ("langsmith", langsmith), ("sharegpt", sharegpt)] {
        for wrapped in [
            format!("{{\"count\":1,\"results\":[{record}],\"next\":null}}"),
            format!("{{\n  \"data\": [\n{record}\n]}}"),
        ] {
            let read = Box::new(Cursor::new(wrapped.clone().into_bytes()));
            let input = Input::Stream { name: "x.json".into(), read };
            let mut reader = LogReader::open(input, ReadOptions::new(Timestamp(1_790_000_000_000))).unwrap();
            let Some(LogRecord::Conversation { conversation, .. }) = reader.next() else { panic!("{wrapped}") };
            let said: Vec<(Role, &str)> = conversation.turns.iter().map(|t| (t.role, t.text.as_str())).collect();
            assert_eq!(said, [(Role::User, "where is it"), (Role::Bot, "Which one?")], "{wrapped}");
            assert_eq!(reader.summary().format, format, "{wrapped}");
        }
    }
}

#[test]
fn a_format_is_named_once() {
    let mut names: Vec<&str> = all().map(|f| f.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all().count());
}

/// What a line a record does not cover: a folder of two files that belong together, with events that are gathered by
/// conversation.
#[derive(Debug)]
struct Export;

impl Format for Export {
    fn name(&self) -> &'static str {
        "export"
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        let InputContent::Other(Container::Folder) = source.content else { return None };
        let has = |name: &str| source.path.as_ref().is_some_and(|folder| folder.join(name).is_file());
        (has("people") && has("said")).then(|| Sniff { sure: 90, why: "`people` and `said`".to_owned() })
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let folder = source.path.ok_or("a folder has a path")?;
        let people = std::fs::read_to_string(folder.join("people"))?;
        let roles: BTreeMap<&str, Role> = people
            .lines()
            .filter_map(|l| l.split_once('='))
            .filter_map(|(n, r)| Some((n, Role::from_name(r)?)))
            .collect();
        let mut gathered: BTreeMap<String, Vec<Turn>> = BTreeMap::new();
        for line in std::fs::read_to_string(folder.join("said"))?.lines() {
            let mut parts = line.splitn(3, ' ');
            if let (Some(id), Some(who), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                let role = roles.get(who).copied().unwrap_or(Role::System);
                gathered.entry(id.to_owned()).or_default().push(Turn::new(role, text));
            }
        }
        cx.warnings.add("no times");
        let records = Gathered { left: gathered.into_iter(), given: 0, all: 2 };
        Ok(OpenedInput { records: Box::new(records), how: Some("2 files".to_owned()) })
    }
}

struct Gathered {
    left: btree_map::IntoIter<String, Vec<Turn>>,
    given: u64,
    all: u64,
}

impl Records for Gathered {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        let Some((id, turns)) = self.left.next() else { return Ok(None) };
        self.given += 1;
        Ok(Some(Ok((Box::new(Conversation::new(cx.source.clone(), id, turns)), self.given))))
    }

    fn line(&self) -> u64 {
        self.given + 1
    }

    fn share(&self) -> Option<f64> {
        Some(self.given as f64 / self.all as f64)
    }
}

fn open(path: &Path) -> Result<LogReader, IngestError> {
    let choice = FormatChoice { format: Arc::new(Export), why: "a test", ratings: None };
    LogReader::open(
        Input::File(path.to_owned()),
        ReadOptions { choice: Some(choice), ..ReadOptions::new(Timestamp(0)) },
    )
}

#[test]
fn a_folder_of_events_that_belong_together_is_one_input() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("shop");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("people"), "ann=user\nrob=bot\n").unwrap();
    assert!(Export.sniff(&InputSource::open(Input::File(folder.clone())).unwrap()).is_none());
    std::fs::write(folder.join("said"), "1 ann hi\n2 ann where is it\n1 rob hello\n").unwrap();
    assert_eq!(Export.sniff(&InputSource::open(Input::File(folder.clone())).unwrap()).unwrap().sure, 90);
    let mut reader = open(&folder).unwrap();
    let found: Vec<(String, Vec<String>)> = reader
        .by_ref()
        .map(|item| match item {
            LogRecord::Conversation { conversation: c, is_source_guessed: true, .. } => {
                (format!("{}:{}", c.source, c.id), c.turns.iter().map(|t| format!("{} {}", t.role, t.text)).collect())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [("shop:1", vec!["user hi", "bot hello"]), ("shop:2", vec!["user where is it"])];
    let expected = expected.map(|(id, turns)| (id.to_owned(), turns.into_iter().map(str::to_owned).collect()));
    assert_eq!(found, expected);
    let summary = reader.summary();
    assert_eq!((summary.format, summary.why.as_str()), ("export", "a test; 2 files"));
    assert_eq!((summary.conversations, summary.warnings[0].text.as_str()), (2, "no times"));
}

#[test]
fn what_a_format_cannot_open_is_told_with_the_inputs_name() {
    let dir = tempfile::tempdir().unwrap();
    let error = open(dir.path()).err().unwrap();
    let IngestError::Format { format, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*format, "export");
    assert!(error.to_string().starts_with(&dir.path().display().to_string()));
    let untold = LogReader::open(Input::File(dir.path().to_owned()), ReadOptions::new(Timestamp(0))).err().unwrap();
    assert!(untold.to_string().contains("nothing in this folder can be read"), "{untold}");
}

#[test]
fn a_folder_of_chats_is_one_source() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("shop");
    std::fs::create_dir(&folder).unwrap();
    for (day, name) in [(13, "Maria"), (14, "Petros")] {
        let chat = format!("{day}/03/2026, 10:00 - {name}: where is it\n{day}/03/2026, 10:01 - ShopBot: On its way.\n");
        std::fs::write(folder.join(format!("Chat with {name}.txt")), chat).unwrap();
    }
    let sources = |path: &Path, folder: Option<&str>| -> Vec<String> {
        let options = ReadOptions { folder: folder.map(str::to_owned), ..ReadOptions::new(Timestamp(0)) };
        let reader = LogReader::open(Input::File(path.to_owned()), options).unwrap();
        reader
            .map(|item| match item {
                LogRecord::Conversation { conversation, is_id_made: true, .. } => conversation.source,
                other => panic!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(sources(&folder, None), ["shop", "shop"]);
    assert_eq!(sources(&folder.join("Chat with Maria.txt"), Some("shop")), ["shop"]);
    assert_eq!(sources(&folder.join("Chat with Maria.txt"), None), ["Chat with Maria"]);
}

#[test]
fn in_a_chat_among_people_the_ai_is_called_as_it_signs() {
    let message = |(id, from): (u32, &str)| {
        format!(
            r#"{{"id":{id},"type":"message","date_unixtime":"{}","from":"{from}","from_id":"user{id}","text":"hi"}}"#,
            1_767_261_600 + id
        )
    };
    let messages: Vec<String> = [(1, "Maria"), (2, "ShopBot"), (3, "Nikos")].into_iter().map(message).collect();
    let chat = format!(r#"{{"name":"Nikos","type":"personal_chat","id":9,"messages":[{}]}}"#, messages.join(","));
    let placed = ["Maria=user", "Nikos=agent", "ShopBot=bot"].map(str::to_owned);
    let speakers = Speakers::of(&placed).unwrap();
    let read = Box::new(Cursor::new(chat.into_bytes()));
    let input = Input::Stream { name: "result.json".into(), read };
    let mut reader = LogReader::open(input, ReadOptions { speakers, ..ReadOptions::new(Timestamp(0)) }).unwrap();
    let Some(LogRecord::Conversation { conversation, .. }) = reader.next() else { panic!("nothing is read") };
    assert_eq!(conversation.bot.and_then(|bot| bot.name).as_deref(), Some("ShopBot"));
}
