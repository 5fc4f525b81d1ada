//! Stores from somebody else: forged in every table, with objects of their own, damaged, older, in the way.

use super::tests::{failed, put, search_all};
use super::*;
use crate::domain::{Cancelled, Cause, ConversationId, DecisionChange, Reporter, SilentReporter, Timestamp};
use crate::store::base::migrations::{APPLICATION_ID, migrations};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::{Path, PathBuf};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

pub(super) fn founding() -> Founding {
    Founding { seed: 1, test_share: 0.2, now: NOW }
}

fn open(path: &Path, access: Access) -> Result<Store> {
    Store::open(path, access, founding())
}

/// A directory with a store that has something in most tables.
pub(super) fn filled() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let mut store = open(&path, Access::Bulk).unwrap();
    for i in 0..12 {
        put(&mut store, &failed(&i.to_string(), &format!("where is parcel {i}"), Some("order_status")));
    }
    store.decide("maria", NOW, &[DecisionChange::cause(ConversationId(1), Some(Cause::Policy))]).unwrap();
    store.add_intent("maria", NOW, "refund").unwrap();
    store.remember("maria", NOW, "query", "parcel").unwrap();
    store
        .conn
        .execute_batch(
            "INSERT INTO replayed VALUES (1, 1); INSERT INTO revised VALUES (2, 0);
             INSERT INTO setting VALUES ('replayed', '1');
             INSERT INTO encoder VALUES (1, 'e'); INSERT INTO embedding VALUES (1, x'00', x'01');
             INSERT INTO offer VALUES (1, 0, 'o', 'free shipping', 1, 1, 1, 1.0, 'EUR', NULL);
             INSERT INTO feedback VALUES (1, -1, 4, 5, 'good', 1);
             INSERT INTO cycle(id, name, scope, opened_at, opened_by) VALUES (1, '2026-W40', 'outcome:failed', 1, 1);
             INSERT INTO cycle_item VALUES (1, 0, 3, 0, NULL);",
        )
        .unwrap();
    search_all(&store);
    (dir, path)
}

/// Writes into a store what its program never would: without triggers, with any type in any column.
pub(super) fn forge(path: &Path, sql: &str) {
    try_forge(path, sql).unwrap();
}

fn try_forge(path: &Path, sql: &str) -> rusqlite::Result<()> {
    let conn = Connection::open(path)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    conn.execute_batch("PRAGMA foreign_keys = OFF")?;
    conn.execute_batch(sql)
}

/// Makes a store as an older version of the program made it, with the rows of a new one.
pub(super) fn older(path: &Path, version: usize, like: &Path) {
    crate::store::base::file::prepare(path, false).unwrap();
    let mut conn = Connection::open(path).unwrap();
    conn.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    migrations().to_version(&mut conn, version).unwrap();
    conn.execute("ATTACH ? AS new", [like.to_str().unwrap()]).unwrap();
    let texts = |sql: &str, p: &[&str]| -> Vec<String> {
        let mut s = conn.prepare(sql).unwrap();
        s.query_map(rusqlite::params_from_iter(p), |r| r.get(0)).unwrap().map(std::result::Result::unwrap).collect()
    };
    let tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_%'";
    for table in texts(tables, &[]) {
        let columns = "SELECT name FROM pragma_table_info(?1, 'main') WHERE name IN (SELECT name FROM pragma_table_info(?1, 'new'))";
        let columns = texts(columns, &[&table]).join(", ");
        let copy = format!("INSERT OR REPLACE INTO main.{table}({columns}) SELECT {columns} FROM new.{table}");
        conn.execute_batch(&copy).unwrap();
    }
    let found = "INSERT INTO main.search(rowid, text) SELECT id, external_id FROM new.conversation c
        WHERE NOT EXISTS(SELECT 1 FROM new.unsearched u WHERE c.id BETWEEN u.first AND u.last)";
    conn.execute_batch(found).unwrap();
}

/// Stops whatever asks.
struct Stop;

impl Reporter for Stop {
    fn step(&self, _: &str, _: u64, _: u64) -> std::result::Result<(), Cancelled> {
        Err(Cancelled)
    }
}

/// Everything that a screen or a command reads first. Whatever is in the store, it ends, and says nothing of SQL.
fn look_around(store: &Store) -> Vec<StoreError> {
    let query = |words: &str| crate::domain::Query::parse(words).unwrap();
    let page = |words: &str, sort| store.queue_page(&query(words), sort, PageStart::Start, 20, NOW).map(drop);
    use crate::domain::QueueOrder;
    let results = [
        page("", QueueOrder::NEWEST),
        page("is:changed", QueueOrder::NEWEST),
        page("parcel", QueueOrder::RELEVANCE),
        page("reviewer:maria", QueueOrder::NEWEST),
        page("cycle:2026-W40", QueueOrder::NEWEST),
        store.figures().frame().map(drop),
        store.registry().map(drop),
        store.intents().map(drop),
        store.cycles().map(drop),
        store.conversation(ConversationId(1)).map(drop),
        store.review_item(ConversationId(1)).map(drop),
        store.history(ConversationId(1)).map(drop),
        store.search_state().map(drop),
        store.unsearched(10, None).map(drop),
        store.figures().stats(None, SegmentBy::Week, None, NOW).map(drop),
        store.vocabulary(NOW).map(drop),
    ];
    results.into_iter().filter_map(std::result::Result::err).collect()
}

#[test]
fn no_forged_value_of_any_table_takes_memory_or_shows_sql() {
    let (dir, path) = filled();
    let columns: Vec<(String, String)> = {
        let conn = Connection::open(&path).unwrap();
        let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'search%' AND t.name NOT LIKE 'sqlite_%'";
        conn.prepare(sql).unwrap().query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(|r| r.unwrap()).collect()
    };
    assert!(columns.len() > 150, "{}", columns.len());
    let loosen = "PRAGMA writable_schema = ON; CREATE TABLE IF NOT EXISTS temp.kept AS SELECT name, sql FROM sqlite_schema;
        UPDATE sqlite_schema SET sql = replace(replace(sql, 'STRICT, ', ''), 'STRICT', '') WHERE type = 'table'; PRAGMA writable_schema = RESET;";
    let tighten = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = (SELECT sql FROM temp.kept k WHERE k.name = sqlite_schema.name);
        PRAGMA writable_schema = RESET;";
    let forged = dir.path().join("forged.db");
    let (mut refused, mut read) = (0, 0);
    for (i, (table, column)) in columns.iter().enumerate() {
        for value in [["900000000000", "x'00ff'"], ["-1", "'a' || char(0, 27) || '[2Jb'"]][i % 2] {
            std::fs::copy(&path, &forged).unwrap();
            let sql = format!("{loosen} UPDATE OR REPLACE {table} SET {column} = {value}; {tighten}");
            // No file can hold bytes for a row number.
            if try_forge(&forged, &sql).is_err() {
                continue;
            }
            let errors = match open(&forged, Access::ReadWrite) {
                Ok(store) => look_around(&store),
                Err(e) => vec![e],
            };
            for e in &errors {
                let words = e.to_string();
                let raw = ["SELECT", "no rows", "out of range for", "Invalid column", "Error code"];
                assert!(!raw.iter().any(|r| words.contains(r)), "{table}.{column} = {value}: {words}");
            }
            if errors.is_empty() { read += 1 } else { refused += 1 }
        }
    }
    assert!(refused > 20 && read > 20, "{refused} {read}");
}

#[test]
fn a_number_beyond_the_store_is_damage() {
    for sql in [
        "UPDATE conversation SET id = 900000000000 WHERE id = 12",
        "UPDATE replayed SET conversation = 900000000000",
        "UPDATE current SET subject = 900000000000",
        "UPDATE cycle_item SET conversation = 900000000000",
        "UPDATE intent SET id = 900000000000 WHERE name = 'refund'",
        "DELETE FROM unsearched; INSERT INTO unsearched VALUES (1, 9000000000000000000)",
    ] {
        let (_dir, path) = filled();
        forge(&path, sql);
        let errors = look_around(&open(&path, Access::ReadOnly).unwrap());
        let damaged = |e: &StoreError| matches!(e, StoreError::Damaged(_)) && e.to_string().contains("appraise doctor");
        assert!(errors.iter().any(damaged), "{sql}: {errors:?}");
        let found = Store::diagnose(&path, founding(), true, &SilentReporter).unwrap();
        assert!(!found.ok, "{sql}: {found:?}");
    }
}

/// Each of these would act, or stand for something else, whenever the store is used.
const STRANGE: &[&str] = &[
    "CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM current; END",
    "CREATE TRIGGER \"a\nb\" AFTER INSERT ON step BEGIN SELECT 1; END",
    "DROP TRIGGER decision_is_append_only_update",
    "DROP TRIGGER conversation_changed; CREATE TRIGGER conversation_changed AFTER UPDATE ON conversation BEGIN DELETE FROM turn; END",
    "CREATE VIEW v AS SELECT 1",
    "ALTER TABLE current RENAME TO currently; CREATE VIEW current AS SELECT * FROM currently",
    "ALTER TABLE turn ADD COLUMN more TEXT",
    "ALTER TABLE turn ADD COLUMN more AS (hex(zeroblob(100000000)))",
    "ALTER TABLE conversation ADD COLUMN checked INTEGER CHECK (randomblob(1000000000) IS NULL)",
    "CREATE TABLE loot(x)",
    "CREATE VIRTUAL TABLE other USING fts5(x)",
    "CREATE INDEX extra ON turn(text)",
    "CREATE INDEX conversation_more ON conversation(hex(zeroblob(id)))",
    "DROP INDEX conversation_text; CREATE INDEX conversation_text ON conversation(repeats, text_key)",
    "DROP TABLE remembered",
    "DROP INDEX decision_kind",
    "CREATE TABLE sqlite_x(y)",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || ' ' WHERE name = 'turn'",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE turn(' WHERE name = 'turn'",
    "PRAGMA user_version = 5",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = -3",
];

#[test]
fn a_store_with_objects_of_its_own_is_not_used() {
    let (_dir, path) = filled();
    let forged = path.with_extension("forged");
    for sql in STRANGE {
        std::fs::copy(&path, &forged).unwrap();
        let conn = Connection::open(&forged).unwrap();
        // SQLite itself refuses some of them; those cannot be in a store.
        if conn.execute_batch(sql).is_err() {
            continue;
        }
        drop(conn);
        let before = std::fs::read(&forged).unwrap();
        for access in [Access::ReadWrite, Access::Bulk, Access::ReadOnly] {
            let e = open(&forged, access).err().unwrap_or_else(|| panic!("{sql} is used"));
            assert!(matches!(e, StoreError::Strange { .. } | StoreError::Damaged(_)), "{sql}: {e:?}");
            assert!(!e.to_string().contains("CREATE"), "{sql}: {e}");
        }
        assert!(std::fs::read(&forged).unwrap() == before, "{sql}: it was written to");
        let found = Store::diagnose(&forged, founding(), false, &SilentReporter).unwrap();
        assert!(!found.ok, "{sql}");
    }
    // Statistics are SQLite's own.
    std::fs::copy(&path, &forged).unwrap();
    forge(&forged, "ANALYZE");
    assert_eq!(look_around(&open(&forged, Access::ReadWrite).unwrap()).len(), 0);
}

#[test]
fn text_of_a_setting_is_never_run() {
    let (dir, path) = filled();
    let target = dir.path().join("written");
    let sql = format!("COMMIT; ATTACH '{}' AS p; CREATE TABLE p.x(y); DELETE FROM turn; BEGIN", target.display());
    Connection::open(&path).unwrap().execute("INSERT INTO setting VALUES ('deferred_indexes', ?)", [&sql]).unwrap();
    let store = open(&path, Access::Bulk).unwrap();
    store.begin_load().unwrap();
    store.end_load().unwrap();
    assert!(!target.exists());
    assert_eq!(store.ids("SELECT count(*) FROM turn", &[]).unwrap(), [24]);
    assert_eq!(store.setting("deferred_indexes").unwrap(), None);
    assert!(store.conn.execute("ATTACH ? AS p", [target.to_str().unwrap()]).is_err(), "nothing can be attached");
    assert!(store.conn.execute("UPDATE search_data SET block = x''", []).is_err(), "search's own tables are closed");
}

#[test]
fn an_older_store_is_copied_before_it_is_brought_up_to_date() {
    let (dir, new) = filled();
    for version in [1, 4, 7, 11, 16] {
        let path = dir.path().join(format!("old{version}.db"));
        older(&path, version, &new);
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(open(&path, Access::ReadOnly).err(), Some(StoreError::Older(_))));
        assert!(std::fs::read(&path).unwrap() == before);
        let stale = crate::disk::beside(&path, ".v0.bak");
        std::fs::copy(&path, &stale).unwrap();
        let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
        std::fs::File::options().write(true).open(&stale).unwrap().set_modified(long_ago).unwrap();
        let store = open(&path, Access::ReadWrite).unwrap();
        assert_eq!(look_around(&store).len(), 0, "{version}");
        drop(store);
        let kept = crate::disk::beside(&path, &format!(".v{version}.bak"));
        assert!(kept.exists() && !stale.exists(), "{version}");
        let number = |p: &Path| {
            Connection::open(p).unwrap().query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).unwrap()
        };
        assert_eq!(number(&kept), version as i64);
        assert!(number(&path) > 16);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&kept).unwrap().permissions()) & 0o777,
            0o600
        );
    }
    let path = dir.path().join("without.db");
    older(&path, 9, &new);
    // Something else has the name that the copy would get.
    let taken = crate::disk::beside(&path, ".v9.bak");
    std::fs::write(&taken, "mine").unwrap();
    let e = open(&path, Access::ReadWrite).err().unwrap();
    assert!(e.to_string().contains("v9.bak"), "{e}");
    Store::update_without_copy(&path).unwrap();
    assert_eq!(look_around(&open(&path, Access::ReadWrite).unwrap()).len(), 0);
    assert_eq!(std::fs::read(&taken).unwrap(), b"mine");
}

#[test]
fn a_first_import_that_was_killed_with_an_older_version_is_brought_up_to_date() {
    let (dir, new) = filled();
    let path = dir.path().join("old.db");
    older(&path, 2, &new);
    forge(
        &path,
        "DROP INDEX conversation_text; DROP INDEX conversation_value; INSERT INTO setting VALUES ('deferred_indexes', 'CREATE INDEX x ON turn(text)')",
    );
    let store = open(&path, Access::Bulk).unwrap();
    store.begin_load().unwrap();
    store.end_load().unwrap();
    drop(store);
    let found = Store::diagnose(&path, founding(), true, &SilentReporter).unwrap();
    assert!(found.ok, "{found:#?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_has_too_long_a_name_is_refused_and_left_alone() {
    let (dir, path) = filled();
    let pipe = dir.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    let mut places = vec![dir.path().to_owned(), PathBuf::from("/dev/null")];
    places.extend(made.is_ok_and(|s| s.success()).then_some(pipe));
    let long = (0..40).fold(dir.path().join("long"), |p, _| p.join("a_directory_name"));
    places.push(long.join("s.db"));
    for place in places {
        for access in [Access::ReadWrite, Access::ReadOnly] {
            let e = open(&place, access).err().unwrap().to_string();
            assert!(e.contains("--store PATH"), "{}: {e}", place.display());
        }
    }
    assert!(!dir.path().join("long").exists(), "nothing is left behind");
    // SQLite would delete the file that such a journal names.
    let mut journal = b"\0\0\0\0important".to_vec();
    journal.extend([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
    std::fs::write(crate::disk::beside(&path, "-journal"), journal).unwrap();
    assert!(matches!(open(&path, Access::ReadOnly).err(), Some(StoreError::Strange { .. })));
}

#[test]
fn a_backup_is_of_one_moment_and_replaces_nothing() {
    let (dir, path) = filled();
    let backup = |to: &Path, force| Store::backup(&path, to, force, &SilentReporter);
    let to = dir.path().join("copy.db");
    let copied = backup(&to, false).unwrap();
    assert_eq!((copied.conversations, copied.turns), (12, 24));
    assert_eq!(copied.bytes, std::fs::metadata(&to).unwrap().len());
    assert_eq!(look_around(&open(&to, Access::ReadWrite).unwrap()).len(), 0);
    let refused = |to: &Path, force| backup(to, force).unwrap_err().to_string();
    assert!(refused(&to, false).contains("--force"));
    backup(&to, true).unwrap();
    let wal = crate::disk::beside(&path, "-wal");
    for own in [path.clone(), dir.path().join("./s.db"), wal] {
        assert!(refused(&own, true).contains("the store itself"), "{}", own.display());
    }
    let other = dir.path().join("notes.txt");
    std::fs::write(&other, "mine").unwrap();
    assert!(refused(&other, true).contains("no backup"));
    assert!(refused(&dir.path().join("nowhere/copy.db"), false).contains("cannot be written"));
    assert_eq!(std::fs::read(&other).unwrap(), b"mine");
    assert!(matches!(Store::backup(&path, &dir.path().join("x.db"), false, &Stop), Err(LongError::Cancelled(_))));
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(names.iter().all(|n| !n.to_string_lossy().contains("appraise-backup")), "{names:?}");
    // An older store is copied as it is.
    let (old, copied) = (dir.path().join("old.db"), dir.path().join("old copy.db"));
    older(&old, 6, &path);
    assert_eq!(Store::backup(&old, &copied, false, &SilentReporter).unwrap().conversations, 12);
    assert!(matches!(open(&copied, Access::ReadOnly).err(), Some(StoreError::Older(_))));
}
