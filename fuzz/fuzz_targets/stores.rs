//! Stores from somebody else. The input is a list of edits on a copy of a small store: any value in any column, statements on the
//! schema, bytes of the file. Then it is opened and looked through. What must hold, beside that nothing panics and that memory
//! stays within bounds (`run.sh`):
//!
//! - a store with an object that our migrations did not make, or made otherwise, is not opened;
//! - opened for reading, the file stays as it is, byte for byte;
//! - nothing is written but the store, its log and its copy before a migration; nothing beside it is touched;
//! - what is said of damage is in words, never SQLite's types or ours.

#![no_main]

use appraise::domain::{ConversationId, DecisionChange, GoldVersion, Query, QueueOrder, SilentReporter, TurnKey};
use appraise::jobs::Responder;
use appraise::store::{Access, PageStart, ReviewScope, SegmentBy, Store, StoreError};
use appraise_fuzz::read::NOW;
use appraise_fuzz::small::{founding, make};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Edits of one input.
const EDITS: usize = 6;
/// Names that may stand beside a store.
const BESIDE: [&str; 4] = ["s.db", "s.db-wal", "s.db-shm", "canary"];

/// One thing that is done to a store.
#[derive(Arbitrary, Debug)]
enum Edit<'a> {
    /// A value in a column of one row, or of all.
    Value { table: u8, column: u8, row: Option<u8>, value: Value<'a> },
    /// A row less.
    Delete { table: u8, row: u8 },
    /// A setting.
    Setting { key: u8, value: &'a str },
    /// One of some statements on the schema.
    Known(u8),
    /// Any statement.
    Statement(&'a str),
    /// Another text of an object of the schema.
    Schema { object: u8, at: u16, cut: u8, put: &'a str },
    /// Bytes at a place of the file.
    Bytes { at: u32, put: &'a [u8] },
    /// The file ends here.
    Cut(u32),
}

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Null,
    Integer(i64),
    Small(i8),
    /// `900000000000` and the like: beyond what the file can hold.
    Power(u8),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
    /// Another row's value of the same column.
    Other(u8),
}

const KNOWN: [&str; 16] = [
    "CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM current; END",
    "CREATE TRIGGER t AFTER UPDATE ON conversation BEGIN INSERT INTO setting VALUES ('forged', '1'); END",
    "DROP TRIGGER decision_is_append_only_update",
    "CREATE VIEW v AS SELECT * FROM turn",
    "CREATE TABLE loot(x)",
    "CREATE TABLE sqlite_x(y)",
    "CREATE INDEX extra ON turn(text)",
    "CREATE VIRTUAL TABLE other USING fts5(x)",
    "ALTER TABLE turn ADD COLUMN more AS (hex(zeroblob(100000000)))",
    "DROP TABLE remembered",
    "DROP INDEX conversation_text",
    "ANALYZE",
    "PRAGMA user_version = 9",
    "PRAGMA user_version = 99",
    "PRAGMA application_id = 5",
    "VACUUM",
];

/// What the queue is asked, and in which order it is shown.
const QUERIES: [(&str, QueueOrder); 11] = [
    ("", QueueOrder::VALUE),
    ("", QueueOrder::NEWEST),
    ("is:changed", QueueOrder::NEWEST),
    ("parcel", QueueOrder::RELEVANCE),
    ("is:gold", QueueOrder::VALUE),
    ("is:fixed", QueueOrder::CONFIDENCE),
    ("is:disputed", QueueOrder::OLDEST),
    ("reviewer:maria", QueueOrder::VALUE),
    ("cycle:first", QueueOrder::VALUE),
    ("since:30d channel:web", QueueOrder::NEWEST),
    ("label:refund conf<0.9", QueueOrder::CONFIDENCE),
];

/// Before and after a change of values: without it, STRICT tables take no value of another type.
const LOOSEN: &str = "PRAGMA writable_schema = ON; CREATE TEMP TABLE kept AS SELECT name, sql FROM main.sqlite_schema;
    UPDATE main.sqlite_schema SET sql = replace(replace(sql, 'STRICT, ', ''), 'STRICT', '') WHERE type = 'table';
    PRAGMA writable_schema = RESET;";
const TIGHTEN: &str = "PRAGMA writable_schema = ON;
    UPDATE main.sqlite_schema SET sql = (SELECT sql FROM temp.kept k WHERE k.name = sqlite_schema.name);
    PRAGMA writable_schema = RESET; DROP TABLE temp.kept;";

/// The store that everything begins with.
struct Base {
    dir: tempfile::TempDir,
    bytes: Vec<u8>,
    /// Tables with rows, and their columns.
    tables: Vec<(String, Vec<String>)>,
    settings: Vec<String>,
    schema: Schema,
}

/// Objects by kind and name.
type Schema = BTreeMap<(String, String), (String, Option<String>)>;

static BASE: LazyLock<Base> = LazyLock::new(|| base().expect("a small store"));

fn base() -> rusqlite::Result<Base> {
    let dir = appraise_fuzz::small::dir();
    let path = dir.path().join("base.db");
    drop(make(&path));
    let db = Connection::open(&path)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let names =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' AND name NOT LIKE 'sqlite_%'";
    let mut tables = Vec::new();
    for table in texts(&db, names)? {
        tables.push((table.clone(), texts(&db, &format!("SELECT name FROM pragma_table_info('{table}')"))?));
    }
    let settings = texts(&db, "SELECT key FROM setting ORDER BY key")?;
    let schema = schema(&db)?;
    drop(db);
    let bytes = std::fs::read(&path).expect("the store");
    std::fs::create_dir(dir.path().join("run")).expect("a directory");
    Ok(Base { dir, bytes, tables, settings, schema })
}

fn texts(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare(sql)?.query_map([], |r| r.get(0))?.collect()
}

fn schema(db: &Connection) -> rusqlite::Result<Schema> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema";
    db.prepare(sql)?.query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?))))?.collect()
}

fuzz_target!(|edits: Vec<Edit>| {
    let dir = BASE.dir.path().join("run");
    let path = dir.join("s.db");
    for entry in std::fs::read_dir(&dir).expect("the directory").flatten() {
        let _ = std::fs::remove_file(entry.path());
    }
    std::fs::write(&path, &BASE.bytes).expect("room");
    std::fs::write(dir.join("canary"), "sings").expect("room");
    let edits = &edits[..edits.len().min(EDITS)];
    for edit in edits {
        // What SQLite refuses to forge is left as it is.
        let _ = forge(&path, edit);
    }
    let before = std::fs::read(&path).expect("the store");
    let ours = Connection::open(&path).and_then(|db| schema(&db)).map(|now| is_ours(&now));
    looked_at(&path, Access::ReadOnly, ours.as_ref().ok());
    assert!(std::fs::read(&path).expect("the store") == before, "looking has changed the file: {edits:?}");
    looked_at(&path, Access::ReadWrite, ours.as_ref().ok());
    for entry in std::fs::read_dir(&dir).expect("the directory").flatten() {
        let name = entry.file_name().into_string().expect("a name");
        assert!(BESIDE.contains(&name.as_str()) || name.starts_with("s.db.v"), "{name} was made: {edits:?}");
    }
    assert_eq!(std::fs::read_to_string(dir.join("canary")).expect("the canary"), "sings");
});

/// Whether a schema is ours, but for indexes that may be missing and statistics; so is that of an empty file.
fn is_ours(now: &Schema) -> bool {
    if now.is_empty() {
        return true;
    }
    let same = now.iter().all(|(key, object)| BASE.schema.get(key) == Some(object) || key.1.starts_with("sqlite_stat"));
    let missing = BASE.schema.iter().filter(|(key, _)| !now.contains_key(*key));
    same && missing.into_iter().all(|((kind, _), (table, _))| kind == "index" && table == "conversation")
}

fn forge(path: &PathBuf, edit: &Edit) -> rusqlite::Result<()> {
    match edit {
        Edit::Bytes { at, put } => {
            let mut bytes = std::fs::read(path).unwrap_or_default();
            let at = *at as usize % bytes.len().max(1);
            let end = bytes.len().min(at + put.len());
            bytes[at..end].copy_from_slice(&put[..end - at]);
            std::fs::write(path, bytes).expect("room");
            return Ok(());
        }
        Edit::Cut(at) => {
            let bytes = std::fs::read(path).unwrap_or_default();
            std::fs::write(path, &bytes[..*at as usize % (bytes.len() + 1)]).expect("room");
            return Ok(());
        }
        _ => {}
    }
    let db = Connection::open(path)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")?;
    // A statement that takes long is given up.
    db.progress_handler(1_000_000, Some(|| true))?;
    let done = forge_in(&db, edit);
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    done
}

fn forge_in(db: &Connection, edit: &Edit) -> rusqlite::Result<()> {
    match edit {
        Edit::Value { table, column, row, value } => {
            let (table, columns) = pick(&BASE.tables, *table);
            let column = pick(columns, *column);
            let (sql, value) = literal(table, column, value);
            let rows = row.map_or(String::new(), |n| {
                format!("WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1 OFFSET {n} % (SELECT max(count(*), 1) FROM {table}))")
            });
            let update = format!("UPDATE OR REPLACE {table} SET {column} = {sql} {rows}");
            if db.execute(&update, [&value]).is_ok() {
                return Ok(());
            }
            db.execute_batch(LOOSEN)?;
            let done = db.execute(&update, [&value]);
            db.execute_batch(TIGHTEN)?;
            done.map(drop)
        }
        Edit::Delete { table, row } => {
            let (table, _) = pick(&BASE.tables, *table);
            db.execute(
                &format!("DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1 OFFSET {row})"),
                [],
            )
            .map(drop)
        }
        Edit::Setting { key, value } => db
            .execute("UPDATE setting SET value = ? WHERE key = ?", [*value, pick(&BASE.settings, *key).as_str()])
            .map(drop),
        Edit::Known(n) => db.execute_batch(KNOWN[usize::from(*n) % KNOWN.len()]),
        Edit::Statement(sql) => db.execute_batch(sql),
        Edit::Schema { object, at, cut, put } => {
            let (kind, name) = pick(&BASE.schema.keys().collect::<Vec<_>>(), *object);
            let sql = "UPDATE sqlite_schema SET sql = substr(sql, 1, ?1) || ?2 || substr(sql, ?1 + ?3 + 1) WHERE type = ?4 AND name = ?5";
            db.execute_batch("PRAGMA writable_schema = ON")?;
            db.execute(sql, rusqlite::params![at, put, cut, kind, name]).map(drop)
        }
        Edit::Bytes { .. } | Edit::Cut(_) => Ok(()),
    }
}

fn pick<T>(all: &[T], n: u8) -> &T {
    &all[usize::from(n) % all.len()]
}

/// A value as an expression with one parameter.
fn literal(table: &str, column: &str, value: &Value) -> (String, rusqlite::types::Value) {
    use rusqlite::types::Value as Sql;
    let plain = match value {
        Value::Null => Sql::Null,
        Value::Integer(n) => Sql::Integer(*n),
        Value::Small(n) => Sql::Integer(i64::from(*n)),
        Value::Power(n) => Sql::Integer((1i64 << (n % 64)).wrapping_sub(i64::from(n / 64 % 2))),
        Value::Real(x) => Sql::Real(*x),
        Value::Text(text) => Sql::Text((*text).to_owned()),
        Value::Blob(bytes) => Sql::Blob(bytes.to_vec()),
        Value::Other(n) => {
            return (format!("(SELECT {column} FROM {table} LIMIT 1 OFFSET ?)"), Sql::Integer(i64::from(*n)));
        }
    };
    ("?".to_owned(), plain)
}

/// Opens a store and looks it through; `ours`: whether its schema is, where that could be read.
fn looked_at(path: &Path, access: Access, ours: Option<&bool>) {
    let mut errors = Vec::new();
    match Store::open(path, access, founding()) {
        Ok(mut store) => {
            assert!(ours != Some(&false), "a forged schema was opened");
            look(&store, &mut errors);
            if access == Access::ReadWrite {
                work(&mut store, &mut errors);
            }
        }
        Err(e) => errors.push(e),
    }
    if access == Access::ReadOnly
        && let Err(e) = Store::diagnose(path, founding(), true, &SilentReporter)
    {
        errors.push(StoreError::Refused(e.to_string()));
    }
    for e in errors {
        let words = e.to_string();
        let raw = ["Invalid column", "out of range for", "Query returned no rows", "Error code", "panicked"];
        assert!(!raw.iter().any(|r| words.contains(r)), "{words}");
    }
}

/// What screens and commands read first.
fn look(store: &Store, errors: &mut Vec<StoreError>) {
    let query = |words: &str| Query::parse(words).expect("a query");
    let one = ConversationId(1);
    let mut tell = |result: Result<(), StoreError>| errors.extend(result.err());
    for (words, sort) in QUERIES {
        tell(store.queue_page(&query(words), sort, PageStart::Start, 20, NOW).map(drop));
    }
    for by in [
        SegmentBy::Week,
        SegmentBy::Month,
        SegmentBy::Intent,
        SegmentBy::Channel,
        SegmentBy::Cause,
        SegmentBy::Response,
    ] {
        tell(store.figures().stats(None, by, None, NOW).map(drop));
    }
    for n in [1, 2, 7, 22, 60] {
        let id = ConversationId(n);
        tell(store.conversation(id).map(drop));
        tell(store.review_item(id).map(drop));
        tell(store.history(id).map(drop));
        tell(store.corrections_of(id).map(drop));
        tell(store.drafts("maria", id).map(drop));
    }
    tell(store.figures().frame().map(drop));
    tell(store.figures().overview(NOW).map(drop));
    tell(store.registry().map(drop));
    tell(store.intents().map(drop));
    tell(store.cycles().map(drop));
    tell(store.people().map(drop));
    tell(store.vocabulary(NOW).map(drop));
    tell(store.comparisons().map(drop));
    tell(store.newest_comparison().map(drop));
    tell(store.live_history().map(drop));
    tell(store.live_model().map(drop));
    tell(store.corrections().map(drop));
    tell(store.disputes().map(drop));
    tell(store.lint().map(drop));
    tell(store.pace().map(drop));
    tell(store.audited().map(drop));
    tell(store.kept_curve().map(drop));
    tell(store.search_state().map(drop));
    tell(store.unsearched(10, None).map(drop));
    tell(store.stale().map(drop));
    tell(store.unread().map(drop));
    tell(store.gold_versions().map(drop));
    tell(store.gold_items(GoldVersion(1)).map(drop));
    tell(store.gold_rows(GoldVersion(1)).map(drop));
    tell(store.pinned_turns().map(drop));
    tell(store.failed_turns(appraise::domain::Timestamp(0), ConversationId(i64::MAX >> 21), 10).map(drop));
    tell(
        store
            .next_item(&ReviewScope::Query(query("outcome:failed"), QueueOrder::VALUE), Some(one), "maria", NOW)
            .map(drop),
    );
    tell(store.moment().and_then(|moment| store.training_examples_at(&moment)).map(drop));
    match store.releases() {
        Ok(releases) => releases.iter().for_each(|r| tell(store.artefact(r.release).map(drop))),
        Err(e) => tell(Err(e)),
    }
    let mut responder = Responder::new(store, None);
    let _ = responder.answer("where is my parcel", 5);
}

/// What people and the background write.
fn work(store: &mut Store, errors: &mut Vec<StoreError>) {
    let one = ConversationId(1);
    errors.extend(store.renew_batch().err());
    errors.extend(store.read_signals_batch().err());
    errors.extend(
        store.decide("maria", NOW, &[DecisionChange::intents(one, TurnKey(0), &[appraise::domain::IntentId(2)])]).err(),
    );
    errors.extend(store.undo("maria", NOW).err());
    errors.extend(store.redo("maria", NOW).err());
    errors.extend(store.rename_intent("maria", NOW, "refund", "money_back").err());
    errors.extend(store.pack(|| true).err());
    errors.extend(store.trim_changes().err());
    errors.extend(store.freeze_gold("maria", NOW, Some("again")).err());
}
