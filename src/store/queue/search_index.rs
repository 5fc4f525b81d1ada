//! Full-text search, built behind the conversations: which rows it does not cover yet, and covering them in short
//! transactions, the newest first.

use crate::domain::{ConversationId, Role};
use crate::store::conversations::meta_words::meta_words;
use crate::store::conversations::row_values::searchable;
use crate::store::{DoingWhat, Result, Store, turn_range};
use rusqlite::{CachedStatement, OptionalExtension, params};

/// How much of the store search covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct SearchState {
    /// Conversations that can be found by their words.
    pub indexed: u64,
    /// Conversations. Told by row numbers: one that was taken out of the store counts as covered.
    pub total: u64,
}

impl SearchState {
    /// Whether every conversation can be found by its words.
    pub fn is_complete(self) -> bool {
        self.indexed >= self.total
    }

    /// Whole per cent that are covered; 100 only when all are.
    pub fn percent(self) -> u64 {
        match self.is_complete() {
            true => 100,
            false => self.indexed * 100 / self.total.max(1),
        }
    }
}

/// What was said in conversations that search does not cover yet, as it was when it was read.
#[derive(Debug, Default)]
pub struct Unsearched {
    ranges: Vec<(i64, i64)>,
    said: Vec<IndexedText>,
}

/// What was said in one conversation.
#[derive(Debug)]
struct IndexedText {
    id: i64,
    /// Of the content; another one means that this is out of date.
    hash: Vec<u8>,
    texts: Vec<String>,
}

/// The same in the form in which it is found.
#[derive(Debug)]
pub struct FoldedText {
    ranges: Vec<(i64, i64)>,
    entries: Vec<(i64, Vec<u8>, String)>,
}

/// What puts conversations into the index: looked up once a transaction.
struct IndexStatements<'s> {
    hash: CachedStatement<'s>,
    insert: CachedStatement<'s>,
}

impl FoldedText {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The first of its rows.
    pub fn first_row(&self) -> Option<i64> {
        self.ranges.iter().map(|r| r.0).min()
    }
}

impl Unsearched {
    /// Folds the texts: the part of the work that needs no store.
    pub fn fold(self) -> FoldedText {
        let entries = self.said.into_iter().map(|s| (s.id, s.hash, searchable(&s.texts)));
        FoldedText { entries: entries.collect(), ranges: self.ranges }
    }
}

impl Store {
    /// How much of the store search covers.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn search_state(&self) -> Result<SearchState> {
        let waiting: u64 = self
            .conn
            .prepare_cached("SELECT coalesce(sum(last - first + 1), 0) FROM unsearched")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking how much search covers")?;
        let total = self.newest_row()?.unsigned_abs();
        Ok(SearchState { indexed: total.saturating_sub(waiting), total })
    }

    /// Whether search covers nothing yet: no reader is in the way of large transactions.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn search_is_blank(&self) -> Result<bool> {
        self.conn
            .query_row("SELECT NOT EXISTS(SELECT 1 FROM search_docsize)", [], |r| r.get(0))
            .doing("looking whether search covers anything")
    }

    /// Notes that search does not cover a run of new rows or one row, within a transaction of the caller's. None of them may
    /// be in the index.
    pub(in crate::store) fn mark_unsearched(&self, first: i64, last: i64) -> Result<()> {
        let run = |sql: &str, p: [i64; 2]| {
            let ran = self.conn.prepare_cached(sql).and_then(|mut s| s.execute(p));
            ran.map(drop).doing("noting what search does not cover yet")
        };
        match self.range_from(first)? {
            Some((_, end)) if end >= last => Ok(()),
            Some((start, end)) if end + 1 >= first => {
                run("UPDATE unsearched SET last = ? WHERE first = ?", [last, start])
            }
            _ => run("INSERT INTO unsearched(first, last) VALUES (?, ?)", [first, last]),
        }
    }

    /// Takes a conversation out of the index, within a transaction of the caller's that notes it as not covered.
    pub(in crate::store) fn unsearch(&self, c: ConversationId) -> Result<()> {
        if self.range_from(c.0)?.is_some_and(|(_, last)| last >= c.0) {
            return Ok(());
        }
        self.search_changes()?;
        self.conn
            .prepare_cached("DELETE FROM search WHERE rowid = ?")
            .and_then(|mut s| s.execute([c.0]))
            .map(drop)
            .doing("taking a conversation out of the search")
    }

    /// The last range that begins at this row or before it.
    fn range_from(&self, row: i64) -> Result<Option<(i64, i64)>> {
        self.conn
            .prepare_cached("SELECT first, last FROM unsearched WHERE first <= ? ORDER BY first DESC LIMIT 1")
            .and_then(|mut s| s.query_row([row], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .doing("looking what search covers")
    }

    /// Reads up to `n` conversations that search does not cover yet, the newest first, of those before a row where one is given: what
    /// is folded and not written yet still stands among them. Empty when it covers all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unsearched(&self, n: u32, before: Option<i64>) -> Result<Unsearched> {
        let end = before.unwrap_or(i64::MAX);
        let mut left = i64::from(n);
        let mut out = Unsearched::default();
        let most = self.most()?;
        let mut s = self
            .conn
            .prepare_cached("SELECT first, min(last, ?1 - 1) FROM unsearched WHERE first < ?1 ORDER BY first DESC")
            .doing("looking what search does not cover")?;
        let mut rows = s.query([end]).doing("looking what search does not cover")?;
        while let Some(row) = rows.next().doing("looking what search does not cover")? {
            let range = |r: &rusqlite::Row<'_>| -> rusqlite::Result<(i64, i64)> { Ok((r.get(0)?, r.get(1)?)) };
            let (first, last) = range(row).doing("looking what search does not cover")?;
            let (first, last) = (most.row(first)?.0, most.row(last)?.0);
            let first = first.max(last - left + 1);
            left -= last - first + 1;
            out.ranges.push((first, last));
            if left <= 0 {
                break;
            }
        }
        // Rows in ascending order: the index would end its segment at each step back.
        out.ranges.reverse();
        for &(first, last) in &out.ranges {
            self.read_said(first, last, &mut out.said)?;
        }
        Ok(out)
    }

    fn read_said(&self, first: i64, last: i64, out: &mut Vec<IndexedText>) -> Result<()> {
        let at = out.len();
        let mut rows = self
            .conn
            .prepare_cached("SELECT id, hash, extra FROM conversation WHERE id BETWEEN ? AND ?")
            .doing("reading rows")?;
        let found = rows
            .query_map([first, last], |r| {
                let extra: Option<String> = r.get(2)?;
                Ok(IndexedText {
                    id: r.get(0)?,
                    hash: r.get(1)?,
                    texts: extra.as_deref().and_then(meta_words).into_iter().collect(),
                })
            })
            .doing("reading rows")?;
        for said in found {
            out.push(said.doing("reading rows")?);
        }
        let mut turns = self
            .conn
            .prepare_cached(
                "SELECT id >> 20, text, CASE WHEN instr(extra, '\"meta\"') THEN extra END FROM turn
                 WHERE id >= ? AND id < ? AND role IN (?, ?, ?)",
            )
            .doing("reading what was said")?;
        let (from, to) = (turn_range(ConversationId(first)).0, turn_range(ConversationId(last)).1);
        // Tools and events are left out.
        let spoken = [Role::User, Role::Bot, Role::Agent].map(|r| r.code());
        let mut texts =
            turns.query(params![from, to, spoken[0], spoken[1], spoken[2]]).doing("reading what was said")?;
        let mut said = out[at..].iter_mut().peekable();
        while let Some(row) = texts.next().doing("reading what was said")? {
            let of: i64 = row.get(0).doing("reading what was said")?;
            while said.next_if(|s| s.id < of).is_some() {}
            if let Some(s) = said.peek_mut().filter(|s| s.id == of) {
                s.texts.push(row.get(1).doing("reading what was said")?);
                let extra: Option<String> = row.get(2).doing("reading what was said")?;
                s.texts.extend(extra.as_deref().and_then(meta_words));
            }
        }
        Ok(())
    }

    /// Puts folded texts into the index and notes that it covers them, in one transaction. What has changed since it was
    /// read is read again; what somebody else has covered meanwhile is left alone. Returns how many were put in.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn index(&self, folded: &FoldedText) -> Result<u64> {
        self.immediate("building the search", |store| {
            let mut entries = folded.entries.iter().peekable();
            let mut done = 0;
            store.search_changes()?;
            let statement = |sql: &str| store.conn.prepare_cached(sql).doing("building the search");
            let mut run = IndexStatements {
                hash: statement("SELECT hash FROM conversation WHERE id = ?")?,
                insert: statement("INSERT INTO search(rowid, text) VALUES (?, ?)")?,
            };
            for &(first, last) in &folded.ranges {
                while entries.next_if(|e| e.0 < first).is_some() {}
                if !store.cover(first, last)? {
                    continue;
                }
                while let Some((id, hash, words)) = entries.next_if(|e| e.0 <= last) {
                    done += u64::from(store.index_one(*id, hash, words, &mut run)?);
                }
            }
            Ok(done)
        })
    }

    /// Takes rows out of the range that holds them; whether one held them all.
    fn cover(&self, first: i64, last: i64) -> Result<bool> {
        let Some((start, end)) = self.range_from(first)?.filter(|r| r.1 >= last) else { return Ok(false) };
        let run = |sql: &str, p: &[i64]| {
            let ran = self.conn.prepare_cached(sql).and_then(|mut s| s.execute(rusqlite::params_from_iter(p)));
            ran.map(drop).doing("noting what search covers")
        };
        match start == first {
            true => run("DELETE FROM unsearched WHERE first = ?", &[start])?,
            false => run("UPDATE unsearched SET last = ? WHERE first = ?", &[first - 1, start])?,
        }
        if end > last {
            run("INSERT INTO unsearched(first, last) VALUES (?, ?)", &[last + 1, end])?;
        }
        Ok(true)
    }

    /// Puts one conversation into the index; whether it is still there.
    fn index_one(&self, id: i64, hash: &[u8], words: &str, run: &mut IndexStatements<'_>) -> Result<bool> {
        let same = run.hash.query_row([id], |r| Ok(r.get_ref(0)?.as_blob()? == hash)).optional();
        let Some(same) = same.doing("building the search")? else { return Ok(false) };
        if same {
            run.insert.execute(params![id, words]).doing("building the search")?;
        } else {
            let mut again = Vec::new();
            self.read_said(id, id, &mut again)?;
            let words = again.first().map(|s| searchable(&s.texts)).unwrap_or_default();
            run.insert.execute(params![id, words]).doing("building the search")?;
        }
        Ok(true)
    }

    /// Merges a little of the index, about so many pages of 4 KB, in a transaction of its own; says whether there was
    /// anything to merge. `whole`: towards one single part, whatever the sizes; say so in the first of several steps only.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn merge_search(&self, pages: i64, whole: bool) -> Result<bool> {
        self.immediate("merging the search", |store| {
            let before = store.conn.total_changes();
            store
                .conn
                .prepare_cached("INSERT INTO search(search, rank) VALUES ('merge', ?)")
                .and_then(|mut s| s.execute([if whole { -pages } else { pages }]))
                .doing("merging the search")?;
            // The statement itself counts as one.
            Ok(store.conn.total_changes() - before >= 2)
        })
    }
}

#[cfg(test)]
#[path = "search_index_tests.rs"]
mod tests;
