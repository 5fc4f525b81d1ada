//! Whether a failure fell once somebody was given it: four weeks after against four before, beside the failures that nobody was
//! given. An association: other things change, too.

use super::failed::named;
use super::listed::{ENDED, FAILURES, NOT_RIGHT};
use super::types::{ActionEffect, EffectSide, OthersEffect};
use crate::domain::zone::shifted;
use crate::domain::{Cause, Difference, Filter, Flag, Query, Rate, RateMovement, Timestamp};
use crate::store::queue::columns::{ColumnSet, PackedColumn};
use crate::store::{ActionRow, Result, Store, StoreError};
use chrono::NaiveDate;

/// Days of each side: four weeks.
const DAYS: i64 = 28;

/// The days of a side: the first, and the first behind it.
#[derive(Clone, Copy)]
struct Days(NaiveDate, NaiveDate);

impl Days {
    /// A query of these days, over all groups (rule 47).
    fn of(self, what: &str) -> String {
        format!("{what} since:{} before:{} test:shown", self.0, self.1).trim_start().to_owned()
    }
}

impl Store {
    pub(in crate::store::figures) fn read_actions(&self, now: Timestamp) -> Result<Vec<ActionEffect>> {
        let actions = self.actions(now)?;
        if actions.is_empty() {
            return Ok(Vec::new());
        }
        let (zone, newest) = (self.zone()?, self.newest(now)?.unwrap_or(now));
        let given: Vec<Query> = actions.iter().map(|a| parsed(&a.about)).collect::<Result<_>>()?;
        let mut out = Vec::with_capacity(actions.len());
        for action in actions {
            let day = zone.day(action.since());
            let since = shifted(day, 1);
            let end = shifted(zone.day(newest), 1);
            let before = Days(shifted(day, -DAYS), day);
            let after = Days(since, shifted(since, DAYS).min(end).max(since));
            out.push(self.effect(action, since, (before, after), &given, now)?);
        }
        Ok(out)
    }

    fn effect(
        &self,
        action: ActionRow,
        since: NaiveDate,
        (before, after): (Days, Days),
        given: &[Query],
        now: Timestamp,
    ) -> Result<ActionEffect> {
        let by_reviewers = |q: &Query| q.terms.iter().any(|t| matches!(t.filter, Filter::Cause(_) | Filter::Mode(_)));
        let reviewed = by_reviewers(&parsed(&action.about)?);
        // What came back was resolved, and is counted as it is.
        let ended = |f: &Filter| matches!(f, Filter::Outcome(_) | Filter::Is(Flag::Zombie));
        let says_outcome = parsed(&action.about)?.terms.iter().any(|t| ended(&t.filter));
        // What was rightly handed over is no failure (rule 44), unless that is what somebody was given.
        let is_right =
            |f: &Filter| matches!(f, Filter::Cause(causes) if causes.iter().any(|cause| !cause.is_failure()));
        let gives_right = parsed(&action.about)?.terms.iter().any(|t| is_right(&t.filter));
        let failures = if gives_right { FAILURES.to_owned() } else { format!("{FAILURES} {NOT_RIGHT}") };
        let what = if says_outcome { action.about.clone() } else { format!("{} {failures}", action.about) };
        let all_failures = if reviewed { format!("{failures} cause:{}", named(Cause::ALL)) } else { failures };
        let all = if reviewed { all_failures.as_str() } else { ENDED };
        let side = |days: Days| -> Result<EffectSide> {
            let query = days.of(&what);
            let passed = (days.1 - days.0).num_days();
            let (num, den) = match passed {
                0 => (0, 0),
                _ => (self.count_of(&query, now)?, self.count_of(&days.of(all), now)?),
            };
            // What does not count in N, spam say, would make more of it than there is.
            Ok(EffectSide { rate: Rate::new(num.min(den), den), query, days: passed })
        };
        let (was, is) = (side(before)?, side(after)?);
        let change = Difference::between(was.rate, is.rate);
        let others = |days: Days| -> Result<Rate> {
            let den = if days.0 == days.1 { 0 } else { self.count_of(&days.of(all), now)? };
            let num = if den == 0 { 0 } else { self.not_given(&days.of(&all_failures), given, now)? };
            Ok(Rate::new(num.min(den), den))
        };
        let (others_before, others_after) = (others(before)?, others(after)?);
        Ok(ActionEffect {
            action,
            since: since.to_string(),
            of: if reviewed { "reviewed failures" } else { "conversations" },
            before: was,
            after: is,
            change,
            fell: change.and_then(|c| match c.moved() {
                RateMovement::Down => Some(true),
                RateMovement::Up => Some(false),
                RateMovement::CannotTell => None,
            }),
            others: OthersEffect {
                before: others_before,
                after: others_after,
                change: Difference::between(others_before, others_after),
            },
        })
    }

    /// How many conversations a query finds.
    pub(in crate::store) fn count_of(&self, query: &str, now: Timestamp) -> Result<u64> {
        self.queue_count(&parsed(query)?, now)
    }

    /// Of what a query finds, what nobody was given: in none of some other queries.
    fn not_given(&self, query: &str, given: &[Query], now: Timestamp) -> Result<u64> {
        let wanted = self.wanted(&parsed(query)?, now)?;
        let others = given.iter().map(|q| self.wanted(q, now)).collect::<Result<Vec<_>>>()?;
        let read =
            others.iter().fold(wanted.reads(), |set, w| set.and(w.reads())).and(ColumnSet::of(&[PackedColumn::State]));
        let columns = self.columns(read)?;
        let masks: Vec<_> = others.iter().map(|w| w.masks(&columns)).collect();
        let all = wanted.masks(&columns);
        let left = |(chunk, mask): (usize, &Vec<u64>)| -> u64 {
            let word = |(at, bits): (usize, &u64)| {
                let taken = masks.iter().fold(0, |taken, m| taken | m[chunk].get(at).copied().unwrap_or(0));
                u64::from((bits & !taken).count_ones())
            };
            mask.iter().enumerate().map(word).sum()
        };
        Ok(all.iter().enumerate().map(left).sum())
    }
}

fn parsed(query: &str) -> Result<Query> {
    Query::parse(query).map_err(|e| StoreError::refused(format!("{query}: {e}")))
}
