//! What a store may be made of: the tables, indexes and triggers that our own migrations make, text for text, and nothing else. A
//! store may come from somebody else, or be damaged: a trigger, view or check that is not ours would act whenever somebody decides.

use super::migrations::{MIGRATIONS, migrations};
use crate::store::{DoingWhat, Result, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Row};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Tables that SQLite makes where it is asked for statistics: name and text.
const STATISTICS: [(&str, &str); 2] = [
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
];
/// Bytes of a statement at most: ours have some thousand, and so has each text of the schema.
const SQL_BYTES: i32 = 100_000;

/// A table, index or trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct SchemaObject {
    kind: String,
    pub name: String,
    table: String,
    /// How it is made; `None` for indexes that SQLite makes for itself.
    pub sql: Option<String>,
}

impl SchemaObject {
    fn of(r: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { kind: r.get(0)?, name: r.get(1)?, table: r.get(2)?, sql: r.get(3)? })
    }

    /// Whether a store may be without it: a first import builds these when its rows are there.
    fn may_wait(&self) -> bool {
        self.kind == "index" && self.table == "conversation" && self.sql.is_some()
    }

    fn is_statistics(&self) -> bool {
        let own = |(name, sql): &(&str, &str)| self.name == *name && self.sql.as_deref() == Some(*sql);
        self.kind == "table" && STATISTICS.iter().any(own)
    }
}

/// Takes from a connection what no store needs: before anything of the file is read.
pub(in crate::store) fn harden(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES)?;
    conn.set_limit(Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10)?;
    conn.pragma_update(None, "cell_size_check", true)
}

/// What the migrations up to a version make. Made once for each version that a process meets.
fn expected(version: usize) -> Result<Arc<Vec<SchemaObject>>> {
    static MADE: Mutex<BTreeMap<usize, Arc<Vec<SchemaObject>>>> = Mutex::new(BTreeMap::new());
    if let Some(known) = MADE.lock().unwrap_or_else(PoisonError::into_inner).get(&version) {
        return Ok(Arc::clone(known));
    }
    let doing = "making the schema to compare with";
    let mut conn = Connection::open_in_memory().doing(doing)?;
    migrations().to_version(&mut conn, version).map_err(|e| StoreError::Refused(format!("{doing}: {e}")))?;
    let objects = Arc::new(listed(&conn)?);
    MADE.lock().unwrap_or_else(PoisonError::into_inner).insert(version, Arc::clone(&objects));
    Ok(objects)
}

fn listed(conn: &Connection) -> Result<Vec<SchemaObject>> {
    conn.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")
        .and_then(|mut s| s.query_map([], SchemaObject::of).and_then(Iterator::collect))
        .doing("reading the store's tables")
}

/// Compares a store's schema with the one of its version; gives the indexes that are not there yet.
///
/// # Errors
/// Something is there that our migrations did not make, or something that they made is not.
pub(in crate::store) fn check(conn: &Connection, path: &Path, version: usize) -> Result<Vec<SchemaObject>> {
    let strange = |what: String| StoreError::Strange { path: path.to_owned(), what };
    let ours = expected(version)?;
    let mut left: HashMap<(&str, &str), &SchemaObject> =
        ours.iter().map(|o| ((o.kind.as_str(), o.name.as_str()), o)).collect();
    let all = listed(conn)?;
    for found in all.iter().filter(|o| !o.is_statistics()) {
        match left.remove(&(found.kind.as_str(), found.name.as_str())) {
            Some(own) if own == found => {}
            Some(_) => return Err(strange(format!("the {} {:?} is another one", found.kind, found.name))),
            None => return Err(strange(format!("the {} {:?} is none of ours", found.kind, found.name))),
        }
    }
    let mut missing: Vec<SchemaObject> = left.into_values().cloned().collect();
    missing.sort_by(|a, b| a.name.cmp(&b.name));
    match missing.iter().find(|o| !o.may_wait()) {
        Some(gone) => Err(strange(format!("the {} {:?} is missing", gone.kind, gone.name))),
        None => Ok(missing),
    }
}

/// The indexes on conversations that a first import puts off, as the newest schema has them: those that are there, and those that
/// are not.
pub(in crate::store) fn deferrable(conn: &Connection) -> Result<(Vec<SchemaObject>, Vec<SchemaObject>)> {
    let names: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index'")
        .and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect))
        .doing("listing indexes")?;
    let ours = expected(MIGRATIONS.len())?;
    Ok(ours.iter().filter(|o| o.may_wait()).cloned().partition(|o| names.contains(&o.name)))
}

/// The text of one of our own objects.
pub(in crate::store) fn text_of(name: &str) -> Result<String> {
    let ours = expected(MIGRATIONS.len())?;
    let text = ours.iter().find(|o| o.name == name).and_then(|o| o.sql.clone());
    text.ok_or_else(|| StoreError::Damaged(format!("there is no {name} in the schema")))
}

/// Builds indexes from our own text.
pub(in crate::store) fn build(conn: &Connection, indexes: &[SchemaObject]) -> Result<()> {
    let mut texts = indexes.iter().filter_map(|o| o.sql.as_deref());
    texts.try_for_each(|sql| conn.execute_batch(sql)).doing("building indexes")
}
