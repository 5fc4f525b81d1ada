//! The first rows of an order after a place in it, without sorting the rest.

use super::chunk::{Chunk, ColumnSet, ROWS};
use super::{PackedColumns, RowPredicate};
use crate::domain::QueueOrder;
use crate::domain::query::sort::{OrderBy, SortKey};
use crate::store::queue::columns::predicate::ones;
use rayon::prelude::*;

/// A row and its keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct RankedRow {
    /// By the keys of the order, as they are in the columns.
    pub keys: [i64; QueueOrder::MOST],
    /// ColumnRow number.
    pub id: i64,
}

/// An order in one direction: keys and row number, turned so that smaller ones always come first.
type Rank = ([i64; QueueOrder::MOST], i64);

/// How the rows of a query are put in order.
pub(in crate::store) struct Ordering<'a> {
    /// The keys.
    pub sort: QueueOrder,
    /// Places of intents by name, by row.
    pub ranks: &'a [i64],
    /// How well conversations fit the words, by row number: larger is better. Missing where no words are searched for.
    pub fit: Option<&'a [i64]>,
}

impl Ordering<'_> {
    /// The columns that it reads.
    pub fn reads(sort: QueueOrder) -> ColumnSet {
        sort.keys().fold(ColumnSet::default(), |set, key| set.and(Chunk::read_by(key.by)))
    }

    /// A row with its keys.
    pub fn found(&self, chunk: &Chunk, at: usize, id: i64) -> RankedRow {
        let mut keys = [0; QueueOrder::MOST];
        for (place, key) in keys.iter_mut().zip(self.sort.keys()) {
            *place = self.key(key.by, chunk, at, id);
        }
        RankedRow { keys, id }
    }

    /// The key at a place of the order.
    fn key(&self, by: OrderBy, chunk: &Chunk, at: usize, id: i64) -> i64 {
        match (by, self.fit) {
            (OrderBy::Relevance, Some(fit)) => fit.get(id as usize).copied().unwrap_or(i64::MIN >> 1),
            (by, _) => chunk.key(by, at, self.ranks),
        }
    }

    fn rank(&self, found: RankedRow, backwards: bool) -> Rank {
        let mut keys = found.keys;
        for (key, SortKey { descending, .. }) in keys.iter_mut().zip(self.sort.keys()) {
            *key = turned(*key, descending != backwards);
        }
        (keys, turned(found.id, self.sort.first().descending != backwards))
    }
}

/// So that smaller ones come first.
const fn turned(x: i64, down: bool) -> i64 {
    if down { !x } else { x }
}

/// Candidates that are held before the worst are thrown away.
fn held(limit: usize) -> usize {
    limit.saturating_mul(2).max(1024)
}

impl PackedColumns {
    /// At most `limit` rows of those wanted, in order (backwards: from the other end), from a place on. `inclusive` takes the
    /// row of that place too.
    pub fn pick(
        &self,
        wanted: &RowPredicate,
        order: &Ordering<'_>,
        from: Option<(RankedRow, bool)>,
        backwards: bool,
        limit: usize,
    ) -> Vec<RankedRow> {
        let masks = wanted.masks(self);
        let bound = from.map(|(found, inclusive)| (order.rank(found, backwards), inclusive));
        let empty = BestRows { limit, order, backwards, bound, worst: None, rows: Vec::new() };
        // Later rows are the newer ones; meeting the best rows early lets the rest be passed over.
        let newest_first = order.sort.first().by == OrderBy::Activity && order.sort.first().descending != backwards;
        let last = masks.len().saturating_sub(1);
        let parts = rayon::current_num_threads().min(masks.len());
        let of_part = |part: usize| {
            let mut best = empty.clone();
            for i in (part..masks.len()).step_by(parts).map(|i| if newest_first { last - i } else { i }) {
                best.take_chunk(&self.chunks()[i], &masks[i], (i * ROWS) as i64 + 1);
            }
            best.rows
        };
        let rows = (0..parts).into_par_iter().flat_map_iter(of_part).collect();
        BestRows { rows, ..empty }.finish()
    }
}

/// The best rows so far.
#[derive(Clone)]
struct BestRows<'a> {
    limit: usize,
    order: &'a Ordering<'a>,
    backwards: bool,
    bound: Option<(Rank, bool)>,
    /// Only ranks below it can still be among the best.
    worst: Option<Rank>,
    rows: Vec<(Rank, RankedRow)>,
}

impl BestRows<'_> {
    fn take_chunk(&mut self, chunk: &Chunk, mask: &[u64], first: i64) {
        let order = self.order;
        // Which key it is is asked once a chunk, not once a row: this loop is what a page costs.
        match order.sort.first().by {
            OrderBy::Value => self.scan(chunk, mask, first, |at| chunk.priority[at]),
            OrderBy::Activity => self.scan(chunk, mask, first, |at| chunk.last_at[at]),
            OrderBy::Confidence => self.scan(chunk, mask, first, |at| chunk.key(OrderBy::Confidence, at, &[])),
            OrderBy::Outcome => self.scan(chunk, mask, first, |at| chunk.key(OrderBy::Outcome, at, &[])),
            OrderBy::Csat => self.scan(chunk, mask, first, |at| chunk.key(OrderBy::Csat, at, &[])),
            OrderBy::Sentiment => self.scan(chunk, mask, first, |at| chunk.key(OrderBy::Sentiment, at, &[])),
            OrderBy::Intent => self.scan(chunk, mask, first, |at| chunk.key(OrderBy::Intent, at, order.ranks)),
            OrderBy::Status => self.scan(chunk, mask, first, |at| chunk.key(OrderBy::Status, at, &[])),
            OrderBy::Relevance => {
                self.scan(chunk, mask, first, |at| order.key(OrderBy::Relevance, chunk, at, first + at as i64));
            }
        }
    }

    /// Looks at the marked rows of a chunk; most are out by their first key.
    fn scan(&mut self, chunk: &Chunk, mask: &[u64], first: i64, key: impl Fn(usize) -> i64) {
        let down = self.order.sort.first().descending != self.backwards;
        let least = self.bound.map_or(i64::MIN, |(bound, _)| bound.0[0]);
        let mut most = self.worst.map_or(i64::MAX, |worst| worst.0[0]);
        for at in ones(mask) {
            let key = turned(key(at), down);
            if key < least || key > most || (key == most && self.is_worse(chunk, at, first + at as i64)) {
                continue;
            }
            self.take(self.order.found(chunk, at, first + at as i64));
            most = self.worst.map_or(i64::MAX, |worst| worst.0[0]);
        }
    }

    /// Whether a row that has the first key of the worst one is out by the next.
    fn is_worse(&self, chunk: &Chunk, at: usize, id: i64) -> bool {
        let (Some(worst), Some(second)) = (self.worst, self.order.sort.keys().nth(1)) else { return false };
        let key = self.order.key(second.by, chunk, at, id);
        turned(key, second.descending != self.backwards) > worst.0[1]
    }

    fn take(&mut self, found: RankedRow) {
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

    fn finish(mut self) -> Vec<RankedRow> {
        self.cut();
        self.rows.sort_unstable_by_key(|(rank, _)| *rank);
        self.rows.into_iter().map(|(_, found)| found).collect()
    }
}
