use crate::base::rng::Rng;
use crate::ingest::formats::fixtures_tests::{NOW, shape};
use crate::ingest::input::source::Input;
use crate::ingest::{LogReader, LogRecord, ReadOptions};
use rusqlite::Connection;
use std::path::Path;

/// What a path comes to, and how many rejects there are; or why it cannot be read.
fn read(path: &Path) -> Result<(Vec<String>, usize), String> {
    let options = ReadOptions { source: Some("s".into()), ..ReadOptions::new(NOW) };
    let mut reader = LogReader::open(Input::File(path.to_owned()), options).map_err(|e| e.to_string())?;
    let (mut shapes, mut rejects) = (Vec::new(), 0);
    for item in reader.by_ref() {
        match item {
            LogRecord::Conversation { conversation, .. } => shapes.push(shape(&conversation)),
            LogRecord::Reject(_) => rejects += 1,
        }
    }
    Ok((shapes, rejects))
}

fn said(who: &str, text: &str, at: f64) -> String {
    format!("{{\"event\":\"{who}\",\"text\":\"{text}\",\"timestamp\":{at}}}")
}

fn tracker_store(path: &Path) -> Connection {
    let db = Connection::open(path).unwrap();
    db.execute_batch(
        "CREATE TABLE events (id INTEGER NOT NULL PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255),
         timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)",
    )
    .unwrap();
    db
}

fn add(db: &Connection, sender: &str, data: &str) {
    db.execute("INSERT INTO events (sender_id, type_name, data) VALUES (?1, 'x', ?2)", [sender, data]).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_a_live_writer_has_not_moved_yet_is_read_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rasa.db");
    let db = tracker_store(&path);
    add(&db, "a", &said("user", "hi", 1.0));
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    add(&db, "a", &said("bot", "hello", 2.0));
    add(&db, "a", "no json");
    let before = (std::fs::read(&path).unwrap(), names(dir.path()));
    let expected = Ok((vec!["a#1 unknown: user hi | bot hello".to_owned()], 1));
    assert_eq!(read(&path), expected);
    assert_eq!((std::fs::read(&path).unwrap(), names(dir.path())), before);
    // A copy of both files, whose writer is gone.
    let copy = tempfile::tempdir().unwrap();
    for name in ["rasa.db", "rasa.db-wal"] {
        std::fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
    }
    assert_eq!(read(&copy.path().join("rasa.db")), expected);
    assert_eq!(names(copy.path()), ["rasa.db", "rasa.db-wal"]);
}

#[test]
fn reviewers_corrections_and_tags_come_with_rasa_x() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rasa.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "CREATE TABLE conversation_event (id INTEGER PRIMARY KEY, conversation_id TEXT, type_name TEXT, timestamp FLOAT, data TEXT);
         CREATE TABLE message_correction (conversation_id TEXT, message_timestamp FLOAT, intent TEXT);
         CREATE TABLE conversation_tag (id INTEGER PRIMARY KEY, value TEXT);
         CREATE TABLE conversation_to_tag_mapping (tag_id INTEGER, conversation_id TEXT);
         CREATE TABLE rasa_x_user (username TEXT, password_hash TEXT);
         INSERT INTO message_correction VALUES ('a', 1593171943.0123, 'refund');
         INSERT INTO conversation_tag VALUES (3, 'vip');
         INSERT INTO conversation_to_tag_mapping VALUES (3, 'a');",
    )
    .unwrap();
    let data = said("user", "money back", 1_593_171_943.012_3);
    db.execute("INSERT INTO conversation_event (conversation_id, data) VALUES ('a', ?1)", [data]).unwrap();
    drop(db);
    let mut reader = LogReader::open(Input::File(path), ReadOptions::new(NOW)).unwrap();
    let Some(LogRecord::Conversation { conversation, .. }) = reader.next() else { panic!("no conversation") };
    assert_eq!(shape(&conversation), "a#1 unknown: user money back gold=refund");
    assert_eq!(conversation.tags, ["vip"]);
    assert!(reader.next().is_none());
}

#[test]
fn nothing_that_was_written_into_a_forged_database_is_run() {
    for forged in [
        // A view that never ends, a virtual table, a column that is computed, rows without numbers.
        "CREATE VIEW events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS sender_id, i AS data FROM n",
        "CREATE VIRTUAL TABLE events USING fts5(sender_id, data)",
        "CREATE TABLE events (sender_id TEXT, data TEXT AS (hex(zeroblob(900000000))))",
        "CREATE TABLE events (sender_id TEXT PRIMARY KEY, data TEXT) WITHOUT ROWID",
        "CREATE TABLE events (rowid TEXT, sender_id TEXT, data TEXT)",
        "CREATE TABLE events (sender_id TEXT)",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rasa.db");
        Connection::open(&path).unwrap().execute_batch(forged).unwrap();
        let refused = read(&path).unwrap_err();
        assert!(refused.contains("SQLite"), "{forged}: {refused}");
    }
}

#[test]
fn a_damaged_database_ends_in_an_error_or_a_reject() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rasa.db");
    let db = tracker_store(&path);
    for i in 0..40 {
        add(&db, &format!("u{}", i % 5), &said("user", &"x".repeat(i * 20), i as f64));
    }
    drop(db);
    let whole = std::fs::read(&path).unwrap();
    let mut rng = Rng::new(3);
    for _ in 0..200 {
        let mut bytes = whole.clone();
        for _ in 0..=rng.below(8) {
            let at = 100 + rng.below(bytes.len() - 100);
            bytes[at] ^= 1 << rng.below(8);
        }
        if rng.below(4) == 0 {
            bytes.truncate(16 + rng.below(bytes.len() - 16));
        }
        std::fs::write(&path, &bytes).unwrap();
        match read(&path) {
            Ok((shapes, rejects)) => assert!(shapes.len() <= 60 && rejects <= 60),
            Err(why) => assert!(why.len() > 10),
        }
    }
}

#[test]
fn events_of_one_sender_may_stand_in_several_files() {
    let dir = tempfile::tempdir().unwrap();
    let line = |who: &str, text: &str, at: u32| {
        format!("{{\"sender_id\":\"a\",\"event\":\"{who}\",\"text\":\"{text}\",\"timestamp\":{at}}}\n")
    };
    std::fs::create_dir(dir.path().join("day2")).unwrap();
    std::fs::write(dir.path().join("day1.jsonl"), line("user", "hi", 1) + "broken\n").unwrap();
    std::fs::write(dir.path().join("day2/b.jsonl"), line("bot", "hello", 2)).unwrap();
    std::fs::write(dir.path().join("README.md"), "# what this is\n\nprose\n").unwrap();
    let mut reader = LogReader::open(Input::File(dir.path().to_owned()), ReadOptions::new(NOW)).unwrap();
    let items: Vec<String> = reader
        .by_ref()
        .map(|item| match item {
            LogRecord::Conversation { conversation, .. } => shape(&conversation),
            LogRecord::Reject(reject) => {
                format!("{}:{}", Path::new(&reject.file).file_name().unwrap().display(), reject.line)
            }
        })
        .collect();
    assert_eq!(items, ["day1.jsonl:2", "a#1 unknown: user hi | bot hello"]);
    assert!(reader.summary().why.contains("2 files as rasa"), "{}", reader.summary().why);
}
