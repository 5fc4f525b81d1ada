//! Is a store sound? Everything that can be checked, each with what to do about it. Looks only; `repair` is a thing of its own.

mod check;
mod content;
mod files;
mod learned;
mod repair;
mod sizes;

use super::{Access, DoingWhat, Founding, LongError, Result, Store, StoreError};
use crate::domain::Reporter;
use crate::store::base::file;
use crate::store::base::look::open_and_look;
use crate::store::base::migrations::MIGRATIONS;
use rusqlite::Connection;
use serde::Serialize;
use std::path::Path;

pub use check::{CheckState, DoctorCheck};
pub use sizes::StoredSize;

use check::{REPAIR, RESTORE};

/// Everything that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Whether there is no fault.
    pub ok: bool,
    /// Version of the schema.
    pub version: usize,
    /// One look after the other.
    pub checks: Vec<DoctorCheck>,
    /// How much there is of what.
    pub sizes: Vec<StoredSize>,
}

impl Diagnosis {
    fn of(version: usize, checks: Vec<DoctorCheck>, sizes: Vec<StoredSize>) -> Self {
        Self { ok: checks.iter().all(|c| c.state != CheckState::Fault), version, checks, sizes }
    }
}

impl Store {
    /// Looks a store through, whatever state it is in; writes nothing. `deep` reads every row where otherwise some are picked.
    ///
    /// # Errors
    /// There is no store, it is no store of ours or of a newer version; stopped.
    pub fn diagnose(
        path: &Path,
        founding: Founding,
        deep: bool,
        reporter: &dyn Reporter,
    ) -> std::result::Result<Diagnosis, LongError> {
        file::prepare(path, true)?;
        let mut checks = files::checks(path);
        let (conn, looked) = match open_and_look(path) {
            Ok(opened) => opened,
            Err(e @ (StoreError::Strange { .. } | StoreError::Damaged(_))) => {
                checks.push(DoctorCheck::fault("schema", e.to_string(), "do not use it: put a backup in its place"));
                return Ok(Diagnosis::of(0, checks, Vec::new()));
            }
            Err(e) => return Err(e.into()),
        };
        if looked.version > MIGRATIONS.len() {
            return Err(StoreError::Newer(path.to_owned()).into());
        }
        checks.push(told("schema", schema(looked.version, looked.missing.len(), &conn))?);
        reporter.step("read the pages", 0, 0)?;
        checks.extend(pages(&conn)?);
        checks.push(told("references", references(&conn))?);
        if looked.version < MIGRATIONS.len() {
            let says = format!(
                "of schema {}, and this program's is {}: what it holds is looked at once it is up to date",
                looked.version,
                MIGRATIONS.len()
            );
            checks.push(DoctorCheck::note(
                "version",
                says,
                Some("any command without --read-only brings it up to date"),
            ));
            return Ok(Diagnosis::of(looked.version, checks, Vec::new()));
        }
        drop(conn);
        let store = match Self::open(path, Access::ReadOnly, founding) {
            Err(StoreError::Damaged(words)) => {
                checks.push(DoctorCheck::fault("settings", words, RESTORE));
                return Ok(Diagnosis::of(looked.version, checks, Vec::new()));
            }
            opened => opened?,
        };
        store.look_through(deep, reporter, &mut checks)?;
        let sizes = match store.sizes() {
            // What cannot be counted has been told.
            Err(StoreError::Damaged(_)) => Vec::new(),
            sizes => sizes?,
        };
        Ok(Diagnosis::of(looked.version, checks, sizes))
    }

    fn look_through(
        &self,
        deep: bool,
        reporter: &dyn Reporter,
        checks: &mut Vec<DoctorCheck>,
    ) -> std::result::Result<(), LongError> {
        type Look = fn(&Store, bool) -> Result<DoctorCheck>;
        const LOOKS: &[(&str, Look)] = &[
            ("conversations", |s, _| s.check_conversations()),
            ("pieces", |s, _| s.check_pieces()),
            ("decisions", |s, _| s.check_current()),
            ("projections", |s, deep| s.check_projections(deep)),
            ("packed columns", |s, deep| s.check_packed(deep)),
            ("search coverage", |s, _| s.check_search()),
            ("changes", |s, _| s.check_changes()),
            ("releases", |s, deep| s.check_releases(deep)),
        ];
        for (i, (name, look)) in LOOKS.iter().enumerate() {
            reporter.step(name, i as u64, LOOKS.len() as u64)?;
            checks.push(told(name, look(self, deep))?);
        }
        Ok(())
    }

    /// Numbers of conversations: all of them, or some thousand from all over the store.
    fn some_rows(&self, all: bool) -> Result<Vec<i64>> {
        const SOME: i64 = 2_000;
        let step = if all { 1 } else { (self.newest_row()? / SOME).max(1) };
        self.ids("SELECT id FROM conversation WHERE id % ? = 0", &[&step])
    }
}

/// A look that cannot go on for damage has found it.
fn told(name: &'static str, found: Result<DoctorCheck>) -> Result<DoctorCheck> {
    match found {
        Err(StoreError::Damaged(words)) => Ok(DoctorCheck::fault(name, words, RESTORE)),
        found => found,
    }
}

fn schema(version: usize, missing: usize, conn: &Connection) -> Result<DoctorCheck> {
    let waiting: bool = conn
        .query_row("SELECT EXISTS(SELECT 1 FROM setting WHERE key = 'deferred_indexes')", [], |r| r.get(0))
        .doing("reading a setting")?;
    Ok(match (missing, waiting) {
        (0, _) => DoctorCheck::sound("schema", format!("every table, index and trigger is ours (schema {version})")),
        (n, true) => DoctorCheck::note(
            "schema",
            format!("{n} indexes wait for a first import that has not ended"),
            Some("the next `appraise import` builds them, and so does `appraise doctor --repair`"),
        ),
        (n, false) => DoctorCheck::fault("schema", format!("{n} indexes are missing"), REPAIR),
    })
}

/// Pages, indexes and full-text search by SQLite's own check.
fn pages(conn: &Connection) -> Result<[DoctorCheck; 2]> {
    const SHOWN: usize = 5;
    let found: Vec<String> = conn
        .prepare("PRAGMA integrity_check(100)")
        .and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect))
        .or_else(|e| match e.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseCorrupt) => Ok(vec![e.to_string()]),
            _ => Err(e),
        })
        .doing("reading the pages")?;
    let (search, pages): (Vec<String>, Vec<String>) =
        found.into_iter().filter(|words| words != "ok").partition(|words| words.contains("FTS5"));
    let shown = |mut all: Vec<String>| {
        let more = all.len().saturating_sub(SHOWN);
        all.truncate(SHOWN);
        all.extend((more > 0).then(|| format!("and {more} more")));
        all
    };
    Ok([
        DoctorCheck::of("pages", "every page and index is sound", &shown(pages), RESTORE),
        DoctorCheck::of("search index", "the search index is sound", &shown(search), REPAIR),
    ])
}

fn references(conn: &Connection) -> Result<DoctorCheck> {
    let found: Vec<String> = conn
        .prepare("SELECT \"table\" || ' to ' || parent || ': ' || count(*) FROM pragma_foreign_key_check() GROUP BY \"table\", parent")
        .and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect))
        .doing("checking references")?;
    Ok(DoctorCheck::of("references", "every reference leads somewhere", &found, RESTORE))
}

#[cfg(test)]
mod tests;
