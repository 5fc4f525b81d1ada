//! Filling an empty store: indexes are built once, behind the rows, which takes half the time and reads back nothing. No screen needs
//! them for what it shows, only to find one customer's conversations and near duplicates quickly.

use crate::store::base::open::CHECKPOINT;
use crate::store::base::schema;
use crate::store::codes::RUNNING;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{OptionalExtension, params};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// The setting that says that indexes are not there, by their names: what a kill leaves behind. It only says so: they are built
/// from our own text, since a store may come from anybody.
const KEY: &str = "deferred_indexes";
/// Texts whose near duplicates are counted in memory: about 70 MB.
const MOST: usize = 3_500_000;

/// Pages of the write-ahead log after which it is folded into the file, while nobody else writes.
const FIRST_CHECKPOINT: i64 = 16_000;

/// How often each text was stored, while the index that tells is not there.
#[derive(Debug, Default)]
pub(in crate::store) struct FirstLoad {
    seen: FxHashMap<i64, i64>,
    /// The last conversation stored by this load.
    last: i64,
}

/// The load that this connection is at, while it fills an empty store.
#[derive(Default)]
pub(in crate::store) struct FillingLoad(pub RefCell<Option<FirstLoad>>);

/// What became of the indexes that a load put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextIndex {
    /// One was built; there are more.
    Built,
    /// None is missing any more.
    None,
    /// An import is under way, by what the store says.
    LeftToImport,
}

impl FirstLoad {
    /// How many near duplicates were stored before this one.
    pub fn number(&mut self, text_key: i64) -> i64 {
        let next = self.seen.entry(text_key).or_default();
        *next += 1;
        *next - 1
    }
}

impl Store {
    /// Whether no conversation is stored.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_empty(&self) -> Result<bool> {
        self.newest_row().map(|last| last == 0)
    }

    /// Whether this connection fills a store that was empty.
    pub(in crate::store) fn is_first_load(&self) -> bool {
        self.kept.of::<FillingLoad>().0.borrow().is_some()
    }

    /// The number of the newest conversation's row; 0 where there is none.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn newest_row(&self) -> Result<i64> {
        self.conn
            .prepare_cached("SELECT coalesce(max(id), 0) FROM conversation")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking for the newest conversation")
    }

    /// Prepares an empty store to be filled: puts off the indexes on conversations. With a store that has any, builds
    /// those that a load before this one left out.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_load(&self) -> Result<()> {
        let begun = self.immediate("preparing to load", |store| {
            if !store.is_empty()? {
                return Ok(false);
            }
            let (there, _) = schema::deferrable(&store.conn)?;
            if there.is_empty() {
                return Ok(store.setting(KEY)?.is_some());
            }
            let names: Vec<&str> = there.iter().map(|index| index.name.as_str()).collect();
            store
                .conn
                .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![KEY, names.join(" ")])
                .doing("noting indexes")?;
            names
                .iter()
                .try_for_each(|name| store.conn.execute_batch(&format!("DROP INDEX {name}")))
                .doing("putting off indexes")?;
            Ok(true)
        })?;
        if !begun {
            return if self.setting(KEY)?.is_some() {
                self.immediate("building indexes", Self::build_indexes)
            } else {
                Ok(())
            };
        }
        *self.kept.of::<FillingLoad>().0.borrow_mut() = Some(FirstLoad::default());
        self.checkpoint_after(FIRST_CHECKPOINT)
    }

    /// Ends a load. The indexes that it put off wait for [`Store::build_next_index`].
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn end_load(&self) -> Result<()> {
        *self.kept.of::<FillingLoad>().0.borrow_mut() = None;
        self.checkpoint_after(CHECKPOINT)
    }

    /// Builds one of the indexes that a load put off, in a transaction of its own, so that nobody waits for all of them. While an import
    /// is under way they are left to whoever ends it, unless it `is_killed`: nothing in the store says of a killed one that it ended.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn build_next_index(&self, is_killed: bool) -> Result<NextIndex> {
        if self.setting(KEY)?.is_none() {
            return Ok(NextIndex::None);
        }
        self.immediate("building indexes", |store| {
            let sql = "SELECT state FROM import ORDER BY id DESC LIMIT 1";
            let state: Option<String> =
                store.conn.query_row(sql, [], |r| r.get(0)).optional().doing("looking for an import under way")?;
            let (_, missing) = schema::deferrable(&store.conn)?;
            match missing.split_first() {
                Some(_) if state.as_deref() == Some(RUNNING) && !is_killed => Ok(NextIndex::LeftToImport),
                Some((next, more)) if !more.is_empty() => {
                    schema::build(&store.conn, std::slice::from_ref(next)).map(|()| NextIndex::Built)
                }
                _ => store.build_indexes().map(|()| NextIndex::None),
            }
        })
    }

    /// Folds the write-ahead log into the file only when it has grown large, as long as nobody else writes: each folding waits for the disk
    /// three times. `false`: as always again, with what there is folded at once.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn fold_seldom(&self, seldom: bool) -> Result<()> {
        self.checkpoint_after(if seldom { FIRST_CHECKPOINT } else { CHECKPOINT })?;
        if seldom {
            return Ok(());
        }
        // Readers in the way leave some of it to the next time.
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).doing("folding the log")
    }

    fn checkpoint_after(&self, pages: i64) -> Result<()> {
        self.conn.pragma_update(None, "wal_autocheckpoint", pages).doing("setting how long the log grows")
    }

    /// Within a transaction: whether the load may go on without indexes. Not when there are too many texts to count, nor
    /// when somebody else has stored conversations too; then they are built.
    pub(in crate::store) fn check_load(&self) -> Result<()> {
        let over = match &*self.kept.of::<FillingLoad>().0.borrow() {
            Some(load) => load.seen.len() > MOST || load.last != self.newest_row()?,
            None => return Ok(()),
        };
        if over {
            self.build_indexes()?;
            *self.kept.of::<FillingLoad>().0.borrow_mut() = None;
        }
        Ok(())
    }

    /// Notes what this load has stored.
    pub(in crate::store) fn loaded(&self) -> Result<()> {
        let last = self.newest_row()?;
        if let Some(load) = &mut *self.kept.of::<FillingLoad>().0.borrow_mut() {
            load.last = last;
        }
        Ok(())
    }

    /// Builds the indexes that are not there.
    pub(in crate::store) fn build_indexes(&self) -> Result<()> {
        let (_, missing) = schema::deferrable(&self.conn)?;
        schema::build(&self.conn, &missing)?;
        self.conn.execute("DELETE FROM setting WHERE key = ?", [KEY]).map(drop).doing("building indexes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{failed, put, store};

    fn indexes(store: &Store) -> Vec<i64> {
        let sql =
            "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'conversation' AND sql IS NOT NULL";
        store.ids(sql, &[]).unwrap()
    }

    #[test]
    fn indexes_are_there_after_a_load_and_after_one_that_was_killed() {
        let mut store = store();
        let all = indexes(&store);
        assert!(all[0] > 1);
        store.begin_load().unwrap();
        assert_eq!(indexes(&store), [0]);
        store.batch(false, |s| s.check_load()).unwrap();
        put(&mut store, &failed("1", "where is it", None));
        // What a kill leaves: rows, and no indexes.
        *store.kept.of::<FillingLoad>().0.borrow_mut() = None;
        store.begin_load().unwrap();
        assert_eq!(indexes(&store), all);
        store.begin_load().unwrap();
        store.end_load().unwrap();
        assert_eq!(indexes(&store), all, "a store in use keeps them");
    }

    #[test]
    fn indexes_come_one_by_one_behind_a_load_and_never_in_the_middle_of_one() {
        let mut store = store();
        let all = indexes(&store)[0];
        let now = crate::domain::Timestamp(0);
        let import = store.begin_import("maria", now, "a.jsonl").unwrap();
        store.begin_load().unwrap();
        put(&mut store, &failed("1", "where is it", None));
        // As another connection may ask.
        assert_eq!(store.build_next_index(false).unwrap(), NextIndex::LeftToImport);
        assert_eq!(indexes(&store), [0]);
        store.end_load().unwrap();
        store.end_import(import, "done", "canonical", [1, 0, 0, 0, 0]).unwrap();
        let mut built = Vec::new();
        while store.build_next_index(false).unwrap() == NextIndex::Built {
            built.extend(indexes(&store));
        }
        assert_eq!(built, (1..all).collect::<Vec<_>>());
        assert_eq!((indexes(&store), store.setting(KEY).unwrap()), (vec![all], None));
        assert_eq!(store.build_next_index(false).unwrap(), NextIndex::None);
    }

    #[test]
    fn near_duplicates_have_the_same_numbers_with_the_index_and_without() {
        let numbers = |first: bool| {
            let mut store = store();
            if first {
                store.begin_load().unwrap();
            }
            let mut step = None;
            for texts in [["where is it", "my refund"], ["Where is it?", "WHERE is it 2"], ["my refund!", "hello"]] {
                let put = |s: &Store| {
                    texts.iter().try_for_each(|t| {
                        let c = failed(t, t, None);
                        s.put(&c, t.as_bytes(), crate::domain::Timestamp(0), Default::default(), &mut step).map(drop)
                    })
                };
                store.batch(false, put).unwrap();
            }
            store.end_load().unwrap();
            store.ids("SELECT repeats FROM conversation ORDER BY id", &[]).unwrap()
        };
        assert_eq!(numbers(true), numbers(false));
        assert!(numbers(true).iter().any(|n| *n > 0));
    }

    #[test]
    fn somebody_elses_conversations_end_the_load_without_indexes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let founding = crate::store::Founding { seed: 1, test_share: 0.0, now: crate::domain::Timestamp(0) };
        let open = || Store::open(&path, crate::store::Access::Bulk, founding).unwrap();
        let (mut a, mut b) = (open(), open());
        a.begin_load().unwrap();
        a.batch(false, |s| s.put(&failed("1", "x y", None), b"1", founding.now, Default::default(), &mut None))
            .unwrap();
        assert_eq!(indexes(&a), [0]);
        put(&mut b, &failed("2", "x y", None));
        a.batch(false, |s| s.put(&failed("3", "x y", None), b"3", founding.now, Default::default(), &mut None))
            .unwrap();
        assert!(indexes(&a)[0] > 0);
        assert_eq!(a.ids("SELECT repeats FROM conversation ORDER BY id", &[]).unwrap(), [0, 1, 2]);
    }
}
