//! Full-text search: which conversations have the words, and how well they fit them.

use super::columns::{IdSet, Test};
use super::filter::pattern;
use crate::domain::{Query, QueryTerm, QueueOrder, Timestamp};
use crate::store::{DoingWhat, Page, PageStart, Result, Store};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Newest row numbers first, so that a search which is cut short has found the newest.
const SQL: &str = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC";

/// The setting that counts changes of the index.
const SEARCH_STATE: &str = "search_state";

/// Sets that are kept: a query has few parts with words.
const KEPT: usize = 4;

/// What tells one state of the index from another: it is counted on with every change.
type Stamp = u64;

/// What was found last, and how well it fits.
#[derive(Default)]
struct RecentSearch {
    searched: RefCell<Vec<SearchResult>>,
    fit: RefCell<Option<SearchFit>>,
}

/// What a pattern has found.
struct SearchResult {
    pattern: String,
    /// State of the index when it was found.
    stamp: Stamp,
    found: Arc<IdSet>,
}

/// The fit of every conversation that has the words.
struct SearchFit {
    pattern: String,
    stamp: Stamp,
    by_row: Rc<Vec<i64>>,
}

impl Store {
    /// The state of the index. Others' changes count, too.
    fn stamp(&self) -> Result<Stamp> {
        Ok(self.setting(SEARCH_STATE)?.and_then(|state| state.parse().ok()).unwrap_or_default())
    }

    /// Notes within a transaction that the index is changed by it.
    pub(in crate::store) fn search_changes(&self) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO setting(key, value) VALUES (?, '1') ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
            )
            .and_then(|mut s| s.execute([SEARCH_STATE]))
            .map(drop)
            .doing("noting that the search changes")
    }

    /// Every conversation that matches. Kept while what can be found is the same: the pages and the count of a search share it.
    pub(in crate::store) fn search(&self, pattern: &str) -> Result<Arc<IdSet>> {
        let stamp = self.stamp()?;
        let kept = |s: &&SearchResult| s.pattern == pattern && s.stamp == stamp;
        if let Some(known) = self.kept.of::<RecentSearch>().searched.borrow().iter().find(kept) {
            return Ok(Arc::clone(&known.found));
        }
        let (found, _) = self.search_until(pattern, || false)?;
        let found = Arc::new(found);
        let kept = self.kept.of::<RecentSearch>();
        let mut all = kept.searched.borrow_mut();
        all.retain(|s| s.stamp == stamp);
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push(SearchResult { pattern: pattern.to_owned(), stamp, found: Arc::clone(&found) });
        Ok(found)
    }

    /// The newest conversations that match, as many as are found before it is enough; whether these are all.
    fn search_until(&self, pattern: &str, mut enough: impl FnMut() -> bool) -> Result<(IdSet, bool)> {
        let mut found = IdSet::default();
        let most = self.most()?;
        let mut s = self.conn.prepare_cached(SQL).doing("searching")?;
        let mut rows = s.query([pattern]).doing("searching")?;
        let mut seen = 0u32;
        while let Some(r) = rows.next().doing("searching")? {
            found.add(most.row(r.get(0).doing("searching")?)?);
            seen += 1;
            // Looking at the clock costs more than a row.
            if seen.is_multiple_of(256) && enough() {
                return Ok((found, false));
            }
        }
        Ok((found, true))
    }

    /// A first page at once, where a query has words that too many conversations have to be looked through in time: of the
    /// newest that match. `None` when [`Store::queue_page`] is as quick.
    ///
    /// # Errors
    /// As [`Store::queue_page`].
    pub fn queue_first(
        &self,
        query: &Query,
        sort: QueueOrder,
        limit: usize,
        now: Timestamp,
        mut enough: impl FnMut() -> bool,
    ) -> Result<Option<Page>> {
        let searches = |t: &QueryTerm| pattern(&t.filter).is_some_and(|p| !p.is_empty());
        // Not to have a word can only be said once all that have it are known.
        if !query.terms.iter().any(searches) || query.terms.iter().any(|t| t.negated && searches(t)) {
            return Ok(None);
        }
        // A word as it stands is found at once; what begins with it only after everything that does was put in order.
        let word = |pattern: &str| pattern.strip_suffix('*').unwrap_or(pattern).to_owned();
        let mut whole = true;
        let wanted = self.wanted_by(query, now, &mut |pattern| {
            let (found, all) = self.search_until(&word(pattern), &mut enough)?;
            whole &= all && !pattern.ends_with('*');
            Ok(Test::Among(Arc::new(found)))
        })?;
        if whole {
            return Ok(None);
        }
        // How well they fit is only known when all are.
        let sort = if sort == QueueOrder::RELEVANCE { QueueOrder::NEWEST } else { sort };
        let page = self.page_of(&wanted, &Query::default(), sort, PageStart::Start, limit)?;
        Ok((!page.rows.is_empty()).then_some(Page { partial: true, ..page }))
    }

    /// By row number: larger is better (BM25 as FTS5 computes it, as places). `None` where a query has no words. Kept like
    /// what a search has found.
    pub(in crate::store) fn fit(&self, query: &Query, rows: usize) -> Result<Option<Rc<Vec<i64>>>> {
        let patterns = query.terms.iter().filter(|t| !t.negated).filter_map(|t| pattern(&t.filter));
        let pattern = patterns.filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" AND ");
        if pattern.is_empty() {
            return Ok(None);
        }
        let stamp = self.stamp()?;
        if let Some(fit) =
            self.kept.of::<RecentSearch>().fit.borrow().as_ref().filter(|f| f.pattern == pattern && f.stamp == stamp)
        {
            return Ok(Some(Rc::clone(&fit.by_row)));
        }
        let mut by_row = vec![i64::MIN >> 1; rows + 1];
        let mut s = self
            .conn
            .prepare_cached("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank")
            .doing("ordering by relevance")?;
        let mut found = s.query([&pattern]).doing("ordering by relevance")?;
        let mut place = 0;
        while let Some(r) = found.next().doing("ordering by relevance")? {
            let id: usize = r.get(0).doing("ordering by relevance")?;
            place -= 1;
            if let Some(fit) = by_row.get_mut(id) {
                *fit = place;
            }
        }
        let by_row = Rc::new(by_row);
        self.kept.of::<RecentSearch>().fit.replace(Some(SearchFit { pattern, stamp, by_row: Rc::clone(&by_row) }));
        Ok(Some(by_row))
    }
}
