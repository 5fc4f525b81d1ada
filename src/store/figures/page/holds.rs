//! What a store holds at all, and how its customers' languages fared.

use super::counted::{finished, joined};
use super::{Holds, InLanguage, Period};
use crate::domain::{Cause, Outcome, Rate};
use crate::store::codes::LANGUAGE;
use crate::store::queue::columns::{Chunk, Column, Field, Set, Test, Wanted};
use crate::store::{Doing, Result, Store};
use std::collections::BTreeMap;

/// Languages with fewer conversations in either time are left out: they say next to nothing.
const ENOUGH: u64 = 30;

/// Resolved and N by row of the language's name.
type ByLanguage = BTreeMap<u32, [u64; 2]>;

impl Store {
    /// Counts of the whole store, from columns in memory.
    pub(super) fn holds(&self) -> Result<Holds> {
        let mut there = Wanted::default();
        there.and(Test::codes(Field::THERE, [1]), false);
        let look = |h: &mut Holds, chunk: &Chunk, at: usize| {
            let state = chunk.state[at];
            let ended = |o: Outcome| i64::from(Field::OUTCOME.of(state)) == o.code();
            let (ai, real) = (Field::HAS_AI.of(state) == 1, Field::TRAFFIC.of(state) == 1);
            h.conversations += 1;
            h.without_ai += u64::from(!ai);
            h.unknown += u64::from(ai && real && ended(Outcome::Unknown));
            h.pending += u64::from(ai && real && ended(Outcome::Pending));
            h.counted += u64::from(Field::is_counted(state));
            h.timeless += u64::from(chunk.last_at[at] == 0);
            h.right_handovers += u64::from(i64::from(Field::CAUSE.of(state)) == Cause::RightHandover.code());
        };
        let and = |a: Holds, b: Holds| Holds {
            conversations: a.conversations + b.conversations,
            without_ai: a.without_ai + b.without_ai,
            unknown: a.unknown + b.unknown,
            pending: a.pending + b.pending,
            counted: a.counted + b.counted,
            timeless: a.timeless + b.timeless,
            right_handovers: a.right_handovers + b.right_handovers,
        };
        Ok(there.fold(&*self.columns(Set::of(&[Column::State, Column::LastAt]))?, look, and))
    }

    /// Languages that have enough conversations in both times, the most used now first.
    pub(super) fn languages(&self, then: Option<&Period>, now: &Period) -> Result<Vec<InLanguage>> {
        let Some(then) = then.filter(|t| !t.overlaps(now)) else { return Ok(Vec::new()) };
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

    fn by_language(&self, period: &Period) -> Result<ByLanguage> {
        let look = |by: &mut ByLanguage, chunk: &Chunk, at: usize| {
            let counts = by.entry(chunk.language[at]).or_default();
            let resolved = i64::from(Field::OUTCOME.of(chunk.state[at])) == Outcome::Resolved.code();
            counts[0] += u64::from(resolved);
            counts[1] += 1;
        };
        let read = Set::of(&[Column::LastAt, Column::State, Column::Language]);
        Ok(finished(period.from, period.to).fold(&*self.columns(read)?, look, joined))
    }

    fn language_tag(&self, row: u32) -> Result<String> {
        self.conn
            .prepare_cached("SELECT text FROM term WHERE id = ? AND kind = ?")
            .and_then(|mut s| s.query_row([i64::from(row), LANGUAGE], |r| r.get(0)))
            .doing("reading the name of a language")
    }
}
