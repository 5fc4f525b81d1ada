//! How well conversations fit the words that are searched for.

use super::filter::{match_phrase, match_words};
use super::{Doing, Result, Store};
use crate::domain::{Filter, Query, Term};
use std::rc::Rc;

/// The fit of every conversation that has the words.
pub(super) struct Fit {
    pattern: String,
    /// Rows of the store when it was computed.
    rows: usize,
    by_row: Rc<Vec<i64>>,
}

impl Store {
    /// By row number: larger is better (BM25 as FTS5 computes it, as places). `None` where a query has no words. Kept until
    /// the words change or conversations are added: pages of one search share it.
    pub(super) fn fit(&self, query: &Query, rows: usize) -> Result<Option<Rc<Vec<i64>>>> {
        let patterns = query.terms.iter().filter_map(|Term { negated, filter }| match filter {
            Filter::Words(words) if !negated => Some(match_words(words)),
            Filter::Phrase(phrase) if !negated => Some(match_phrase(phrase)),
            _ => None,
        });
        let pattern = patterns.filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" AND ");
        if pattern.is_empty() {
            return Ok(None);
        }
        if let Some(fit) = self.caches.fit.borrow().as_ref().filter(|f| f.pattern == pattern && f.rows == rows) {
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
        self.caches.fit.replace(Some(Fit { pattern, rows, by_row: Rc::clone(&by_row) }));
        Ok(Some(by_row))
    }
}
