//! The floor: what SQLite itself takes. One thread reads known fields, inserts them into a plain schema and builds the
//! indexes afterwards. No hash, no derived column, no dictionary beyond a map, no folding, no history.

use crate::support::measure::{Clock, Mark};
use chrono::DateTime;
use rusqlite::{Connection, params};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

const SCHEMA: &str = "
    CREATE TABLE term(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE conversation(
      id INTEGER PRIMARY KEY, source INTEGER NOT NULL, external_id TEXT NOT NULL, customer TEXT, started_at INTEGER, ended_at INTEGER,
      channel INTEGER, language INTEGER, outcome INTEGER NOT NULL, outcome_source INTEGER NOT NULL, csat REAL, intent INTEGER,
      confidence REAL, sentiment REAL, review INTEGER NOT NULL, assignee INTEGER, cycle INTEGER, priority INTEGER NOT NULL,
      n_turns INTEGER NOT NULL) STRICT;
    CREATE TABLE turn(
      id INTEGER PRIMARY KEY, role INTEGER NOT NULL, at INTEGER, intent INTEGER, confidence REAL, text TEXT NOT NULL) STRICT;
    CREATE VIRTUAL TABLE search USING fts5(text, content='', contentless_delete=1);
    INSERT INTO search(search, rank) VALUES ('hashsize', 67108864);
    INSERT INTO search(search, rank) VALUES ('automerge', 0);";

const INDEXES: &str = "
    CREATE UNIQUE INDEX conversation_key ON conversation(source, external_id);
    CREATE INDEX conversation_queue ON conversation(review, priority DESC, started_at DESC, id DESC);
    CREATE INDEX conversation_started ON conversation(started_at DESC, id DESC);
    CREATE INDEX conversation_intent ON conversation(intent, started_at DESC, id DESC);";

/// Conversations a transaction.
const BATCH: usize = 50_000;

#[derive(Deserialize)]
struct Conversation<'a> {
    #[serde(borrow)]
    source: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    customer_id: Option<Cow<'a, str>>,
    started_at: &'a str,
    #[serde(borrow)]
    channel: Cow<'a, str>,
    #[serde(borrow)]
    lang: Cow<'a, str>,
    outcome: &'a str,
    csat: Option<Csat>,
    sentiment: Option<f64>,
    #[serde(borrow)]
    turns: Vec<Turn<'a>>,
}

#[derive(Deserialize)]
struct Csat {
    score: f64,
}

#[derive(Deserialize)]
struct Turn<'a> {
    role: &'a str,
    at: &'a str,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow)]
    intent: Option<Cow<'a, str>>,
    confidence: Option<f64>,
}

/// Loads a log, with search or without; tells when it was done.
pub fn load(log: &Path, store: &Path, search: bool) -> Mark {
    let clock = Clock::start();
    let mut db = Connection::open(store).expect("a database");
    db.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-262144;",
    )
    .expect("pragmas");
    db.execute_batch(SCHEMA).expect("the schema");
    let mut input = BufReader::with_capacity(1 << 16, std::fs::File::open(log).expect("the log"));
    let mut terms = HashMap::new();
    let mut line = String::new();
    let mut id = 0;
    let mut ended = false;
    while !ended {
        let tx = db.transaction().expect("a transaction");
        for _ in 0..BATCH {
            line.clear();
            if input.read_line(&mut line).expect("a line") == 0 {
                ended = true;
                break;
            }
            id += 1;
            insert(&tx, &mut terms, id, &line, search);
        }
        tx.commit().expect("a commit");
    }
    db.execute_batch(INDEXES).expect("the indexes");
    if search {
        db.execute("INSERT INTO search(search) VALUES ('optimize')", []).expect("one segment");
    }
    clock.mark()
}

fn insert(db: &Connection, terms: &mut HashMap<String, i64>, id: i64, line: &str, search: bool) {
    let c: Conversation = serde_json::from_str(line).expect("a conversation");
    let source = term(db, terms, &c.source);
    let channel = term(db, terms, &c.channel);
    let language = term(db, terms, &c.lang);
    let ended = c.turns.last().map(|t| time(t.at));
    let failing = c
        .turns
        .iter()
        .filter(|t| t.role == "user")
        .min_by(|a, b| a.confidence.unwrap_or(1.0).total_cmp(&b.confidence.unwrap_or(1.0)));
    let intent = failing.and_then(|t| t.intent.as_deref()).map(|i| term(db, terms, i));
    let outcome = ["", "resolved", "escalated", "failed", "abandoned"].iter().position(|o| *o == c.outcome);
    db.prepare_cached("INSERT INTO conversation VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .and_then(|mut s| {
            s.execute(params![
                id,
                source,
                c.id,
                c.customer_id,
                time(c.started_at),
                ended,
                channel,
                language,
                outcome.unwrap_or(0) as i64,
                1,
                c.csat.as_ref().map(|c| c.score),
                intent,
                failing.and_then(|t| t.confidence),
                c.sentiment,
                0,
                None::<i64>,
                None::<i64>,
                outcome.unwrap_or(0) as i64 * 1_000,
                c.turns.len() as i64
            ])
        })
        .expect("a row");
    let mut turns = db.prepare_cached("INSERT INTO turn VALUES (?,?,?,?,?,?)").expect("a statement");
    for (seq, t) in c.turns.iter().enumerate() {
        let role = if t.role == "user" { 1 } else { 2 };
        let intent = t.intent.as_deref().map(|i| term(db, terms, i));
        turns.execute(params![id << 20 | seq as i64, role, time(t.at), intent, t.confidence, t.text]).expect("a turn");
    }
    if search {
        let texts: Vec<&str> = c.turns.iter().map(|t| &*t.text).collect();
        db.prepare_cached("INSERT INTO search(rowid, text) VALUES (?, ?)")
            .and_then(|mut s| s.execute(params![id, texts.join("\n")]))
            .expect("a row of search");
    }
}

fn time(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
}

fn term(db: &Connection, terms: &mut HashMap<String, i64>, text: &str) -> i64 {
    if let Some(&id) = terms.get(text) {
        return id;
    }
    db.execute("INSERT INTO term(text) VALUES (?)", [text]).expect("a term");
    terms.insert(text.to_owned(), db.last_insert_rowid());
    db.last_insert_rowid()
}
