//! The first rows of an order after a place in it, without sorting the rest.

use super::chunk::{Chunk, ROWS};
use super::wanted::ones;
use super::{Columns, Wanted};
use crate::domain::Sort;
use crate::domain::sort::{By, SortKey};

/// A row and its keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Found {
    /// By the keys of the order, as they are in the columns.
    pub keys: [i64; Sort::MOST],
    /// Row number.
    pub id: i64,
}

/// An order in one direction: keys and row number, turned so that smaller ones always come first.
type Rank = ([i64; Sort::MOST], i64);

/// How the rows of a query are put in order.
pub(in crate::store) struct Ordering<'a> {
    /// The keys.
    pub sort: Sort,
    /// Places of intents by name, by row.
    pub ranks: &'a [i64],
    /// How well conversations fit the words, by row number: larger is better. Missing where no words are searched for.
    pub fit: Option<&'a [i64]>,
}

impl Ordering<'_> {
    /// A row with its keys.
    pub fn found(&self, chunk: &Chunk, at: usize, id: i64) -> Found {
        let mut keys = [0; Sort::MOST];
        for (place, key) in keys.iter_mut().zip(self.sort.keys()) {
            *place = match (key.by, self.fit) {
                (By::Relevance, Some(fit)) => fit.get(id as usize).copied().unwrap_or(i64::MIN >> 1),
                (by, _) => chunk.key(by, at, self.ranks),
            };
        }
        Found { keys, id }
    }

    fn rank(&self, found: Found, backwards: bool) -> Rank {
        let turned = |x: i64, descending: bool| if descending != backwards { !x } else { x };
        let mut keys = found.keys;
        for (key, SortKey { descending, .. }) in keys.iter_mut().zip(self.sort.keys()) {
            *key = turned(*key, descending);
        }
        (keys, turned(found.id, self.sort.first().descending))
    }
}

/// Candidates that are held before the worst are thrown away.
fn held(limit: usize) -> usize {
    limit.saturating_mul(2).max(1024)
}

impl Columns {
    /// At most `limit` rows of those wanted, in order (backwards: from the other end), from a place on. `inclusive` takes the
    /// row of that place too.
    pub fn pick(
        &self,
        wanted: &Wanted,
        order: &Ordering<'_>,
        from: Option<(Found, bool)>,
        backwards: bool,
        limit: usize,
    ) -> Vec<Found> {
        let masks = wanted.masks(self);
        let bound = from.map(|(found, inclusive)| (order.rank(found, backwards), inclusive));
        let mut best = Best { limit, order, backwards, bound, worst: None, rows: Vec::new() };
        // Later rows are the newer ones; meeting the best rows early lets the rest be passed over.
        let newest_first = order.sort.first().by == By::Activity && order.sort.first().descending != backwards;
        let chunks: Box<dyn Iterator<Item = usize>> =
            if newest_first { Box::new((0..masks.len()).rev()) } else { Box::new(0..masks.len()) };
        for i in chunks {
            best.take_chunk(&self.chunks()[i], &masks[i], (i * ROWS) as i64 + 1);
        }
        best.finish()
    }
}

/// The best rows so far.
struct Best<'a> {
    limit: usize,
    order: &'a Ordering<'a>,
    backwards: bool,
    bound: Option<(Rank, bool)>,
    /// Only ranks below it can still be among the best.
    worst: Option<Rank>,
    rows: Vec<(Rank, Found)>,
}

impl Best<'_> {
    fn take_chunk(&mut self, chunk: &Chunk, mask: &[u64], first: i64) {
        let order = self.order;
        // The commonest keys are read without asking each row which key it is: this loop is what a page costs.
        match order.sort.first().by {
            By::Value => self.scan(chunk, mask, first, |at| chunk.priority[at]),
            By::Activity => self.scan(chunk, mask, first, |at| chunk.last_at[at]),
            _ => self.scan(chunk, mask, first, |at| order.found(chunk, at, first + at as i64).keys[0]),
        }
    }

    /// Looks at the marked rows of a chunk; most are out by their first key.
    fn scan(&mut self, chunk: &Chunk, mask: &[u64], first: i64, key: impl Fn(usize) -> i64) {
        let turned = self.order.sort.first().descending != self.backwards;
        let least = self.bound.map_or(i64::MIN, |(bound, _)| bound.0[0]);
        let mut most = self.worst.map_or(i64::MAX, |worst| worst.0[0]);
        for at in ones(mask) {
            let key = if turned { !key(at) } else { key(at) };
            if key >= least && key <= most {
                self.take(self.order.found(chunk, at, first + at as i64));
                most = self.worst.map_or(i64::MAX, |worst| worst.0[0]);
            }
        }
    }

    fn take(&mut self, found: Found) {
        let rank = self.order.rank(found, self.backwards);
        let ahead = self.bound.is_none_or(|(bound, inclusive)| rank > bound || (inclusive && rank == bound));
        if !ahead || self.worst.is_some_and(|worst| rank >= worst) {
            return;
        }
        self.rows.push((rank, found));
        if self.rows.len() >= held(self.limit) {
            self.cut();
        }
    }

    /// Throws away all but the best.
    fn cut(&mut self) {
        if self.limit < self.rows.len() {
            self.rows.select_nth_unstable_by_key(self.limit, |(rank, _)| *rank);
            self.worst = Some(self.rows[self.limit].0);
            self.rows.truncate(self.limit);
        }
    }

    fn finish(mut self) -> Vec<Found> {
        self.cut();
        self.rows.sort_unstable_by_key(|(rank, _)| *rank);
        self.rows.into_iter().map(|(_, found)| found).collect()
    }
}
