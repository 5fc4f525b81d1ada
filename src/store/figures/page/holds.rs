//! What a store holds at all, and how its customers' languages fared.

use super::counted::{finished, joined};
use super::{InLanguage, Period, StoreHoldings};
use crate::domain::{Outcome, Rate};
use crate::store::codes::LANGUAGE;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField};
use crate::store::{DoingWhat, Result, Store};
use std::collections::BTreeMap;

/// Languages with fewer conversations in either time are left out: they say next to nothing.
const ENOUGH: u64 = 30;

/// Rows that are looked at to find a customer who has more than half of all: missed once in 100,000 times.
const LOOKED_AT: i64 = 64;

/// Resolved and N by row of the language's name.
type ByLanguage = BTreeMap<u32, [u64; 2]>;

impl Store {
    /// Counts of the whole store, from what is kept beside the columns in memory.
    pub(super) fn holds(&self) -> Result<StoreHoldings> {
        let columns = self.counted_days(&self.day_basis()?)?;
        let mut holds =
            columns.chunks().iter().filter_map(Chunk::sums).fold(StoreHoldings::default(), |h, sums| StoreHoldings {
                conversations: h.conversations + sums.there,
                without_ai: h.without_ai + sums.without_ai,
                unknown: h.unknown + sums.unknown,
                pending: h.pending + sums.pending,
                counted: h.counted + sums.counted,
                timeless: h.timeless + sums.timeless,
                right_handovers: h.right_handovers + sums.right_handovers,
                one_customers: 0,
            });
        if holds.conversations >= ENOUGH {
            let most = self.conversations_of_most_frequent_customer()?;
            holds.one_customers = if 2 * most > holds.conversations { most } else { 0 };
        }
        Ok(holds)
    }

    /// How many conversations the customer has who has more than half of all, if anybody has; else of anybody, or 0. Who that can be,
    /// a few rows from all over the store tell: most customers of most stores are not counted at all.
    fn conversations_of_most_frequent_customer(&self) -> Result<u64> {
        let last = self.ids("SELECT coalesce(max(id), 0) FROM conversation", &[])?.first().copied().unwrap_or(0);
        let looked_at: Vec<i64> = (0..LOOKED_AT).map(|i| 1 + i * last / LOOKED_AT).collect();
        let sql = "SELECT count(*) FROM conversation WHERE customer = (SELECT c.customer FROM json_each(?1) j JOIN conversation c
                ON c.id = j.value WHERE c.customer IS NOT NULL AND c.customer <> '' GROUP BY 1 HAVING 4 * count(*) >= ?2
                ORDER BY count(*) DESC LIMIT 1)";
        let found = self.ids(sql, &[&serde_json::json!(looked_at).to_string(), &LOOKED_AT.min(last)])?;
        Ok(found.first().map_or(0, |n| n.unsigned_abs()))
    }

    /// Languages that have enough conversations in both times, the most used now first.
    pub(super) fn languages(&self, then: Option<&Period>, now: &Period) -> Result<Vec<InLanguage>> {
        let Some(then) = then.filter(|t| !t.overlaps(now)) else { return Ok(Vec::new()) };
        if self.languages_unread()? {
            return Ok(Vec::new());
        }
        let (then, now) = (self.by_language(then)?, self.by_language(now)?);
        let mut out: Vec<InLanguage> = Vec::new();
        for (row, [resolved, n]) in now {
            let [before, of] = then.get(&row).copied().unwrap_or_default();
            if row > 0 && n >= ENOUGH && of >= ENOUGH {
                let (then, now) = (Rate::new(before, of), Rate::new(resolved, n));
                out.push(InLanguage { tag: self.language_tag(row)?, then, now });
            }
        }
        out.sort_by_key(|l| std::cmp::Reverse(l.now.den));
        Ok(out)
    }

    /// Whether the languages of some conversations are still to be read, as in a store of an older version: shares of them would change under
    /// the reader's eyes. Costs a look-up in an index.
    pub(super) fn languages_unread(&self) -> Result<bool> {
        Ok(!self.ids("SELECT 1 FROM conversation WHERE written IS NULL LIMIT 1", &[])?.is_empty())
    }

    fn by_language(&self, period: &Period) -> Result<ByLanguage> {
        let basis = self.day_basis()?;
        let days = self.counted_days(&basis)?;
        if let Some(range) = days.day_range(&basis, period.from, period.to) {
            return Ok(days.languages(&range));
        }
        let look = |by: &mut ByLanguage, chunk: &Chunk, at: usize| {
            let counts = by.entry(chunk.language[at]).or_default();
            let resolved = i64::from(StateField::OUTCOME.of(chunk.state[at])) == Outcome::Resolved.code();
            counts[0] += u64::from(resolved);
            counts[1] += 1;
        };
        let read = ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State, PackedColumn::Language]);
        Ok(finished(period.from, period.to).fold(&*self.columns(read)?, look, joined))
    }

    fn language_tag(&self, row: u32) -> Result<String> {
        self.conn
            .prepare_cached("SELECT text FROM term WHERE id = ? AND kind = ?")
            .and_then(|mut s| s.query_row([i64::from(row), LANGUAGE], |r| r.get(0)))
            .doing("reading the name of a language")
    }
}
