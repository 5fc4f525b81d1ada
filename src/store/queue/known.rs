//! Counts that are known: where nothing in the store could tell of a conversation that a query asks for, none is no zero.

use super::filter::no_data;
use crate::domain::{Filter, Flag, OneKindOfEnd, Outcome, Query, Timestamp};
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField};
use crate::store::{Result, Store};
use std::cell::OnceCell;

/// The only kind of end that is told, once it has been asked for: that may read every row.
type ToldKind = OnceCell<Option<OneKindOfEnd>>;

impl Store {
    /// How many conversations a query finds.
    ///
    /// # Errors
    /// As [`Store::queue_count`]; it finds none, and nothing in the store could tell of any.
    pub fn queue_known(&self, query: &Query, now: Timestamp) -> Result<u64> {
        self.known(query, now, &OnceCell::new())
    }

    /// How many conversations each of some queries finds; for a query that cannot be answered, or of which nothing is known, why.
    pub fn queue_counts(&self, queries: &[Query], now: Timestamp) -> Vec<Result<u64>> {
        let kind = OnceCell::new();
        queries.iter().map(|query| self.known(query, now, &kind)).collect()
    }

    fn known(&self, query: &Query, now: Timestamp, kind: &ToldKind) -> Result<u64> {
        let n = self.queue_count(query, now)?;
        for term in query.terms.iter().filter(|term| n == 0 && !term.negated) {
            if let Some((what, why)) = self.untold(&term.filter, kind)? {
                return Err(no_data(what, why));
            }
        }
        Ok(n)
    }

    /// Refuses a query that asks for a number that no conversation has: a rating, how sure it was, how a customer felt. For who finds nothing
    /// by it: that is no zero.
    ///
    /// # Errors
    /// It asks for one; the store cannot be read.
    pub fn must_have_numbers(&self, query: &Query) -> Result<()> {
        for term in query.terms.iter().filter(|term| !term.negated) {
            if let Some((what, why)) = self.untold_number(&term.filter)? {
                return Err(no_data(what, why));
            }
        }
        Ok(())
    }

    /// The same of a filter, and why.
    fn untold_number(&self, filter: &Filter) -> Result<Option<(&'static str, &'static str)>> {
        Ok(match filter {
            Filter::Confidence(..) if !self.has_number(PackedColumn::Confidence)? => {
                Some(("conf", "neither the log nor a release says how sure it was"))
            }
            Filter::Csat(..) if !self.has_number(PackedColumn::Csat)? => Some(("csat", "no customer rated")),
            Filter::Sentiment(..) | Filter::Felt(..) if !self.has_number(PackedColumn::Sentiment)? => {
                let why = match self.left_to_feel()? {
                    0 => {
                        "neither the log nor a reviewer says how a customer felt, and no live release tells it; `appraise learn sentiment` learns it"
                    }
                    _ => "the live release has not read any conversation yet; it does while the screen is open",
                };
                Some((if matches!(filter, Filter::Felt(..)) { "felt" } else { "sentiment" }, why))
            }
            _ => None,
        })
    }

    /// What a filter asks for that nothing in the store tells, and why.
    fn untold(&self, filter: &Filter, told: &ToldKind) -> Result<Option<(&'static str, &'static str)>> {
        if let Some(number) = self.untold_number(filter)? {
            return Ok(Some(number));
        }
        Ok(match filter {
            Filter::Since(_) | Filter::Before(_) | Filter::Hour(_) | Filter::Day(_) if !self.has_times()? => {
                Some(("the time", "the log has no times"))
            }
            Filter::Is(Flag::Mismatch) if !self.has_two_words()? => {
                Some(("is:mismatch", "no intent of the log stands beside what a release or a reviewer says"))
            }
            Filter::Outcome(list) if list.iter().all(|o| is_end(*o)) && !self.has_ends()? => {
                Some(("outcome", "the log says of no conversation how it ended"))
            }
            Filter::Outcome(list) => {
                if told.get().is_none() {
                    told.set(self.figures().one_kind_of_end()?).ok();
                }
                let kind = told.get().copied().flatten();
                kind.filter(|kind| list.iter().all(|o| !kind.tells(*o))).map(|kind| ("outcome", kind.needs()))
            }
            _ => None,
        })
    }

    /// Whether any conversation has a number in a column.
    fn has_number(&self, column: PackedColumn) -> Result<bool> {
        let read = ColumnSet::of(&[PackedColumn::State, column]);
        let columns = self.columns(read)?;
        let is_there = |chunk: &Chunk| {
            let rows = chunk.state.iter().zip(chunk.numbers(column));
            rows.filter(|(state, _)| StateField::THERE.of(**state) == 1).any(|(_, number)| !number.is_nan())
        };
        Ok(columns.chunks().iter().any(is_there))
    }

    /// Whether the log itself tells of any conversation how its customer felt: that is filtered by, and not learnt from.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn logs_sentiment(&self) -> Result<bool> {
        // Most logs tell none: where no conversation has a number no row is read.
        let told = || self.ids("SELECT 1 FROM conversation WHERE sentiment IS NOT NULL LIMIT 1", &[]);
        Ok(self.has_number(PackedColumn::Sentiment)? && !told()?.is_empty())
    }

    /// Whether any conversation has a time.
    pub(in crate::store) fn has_times(&self) -> Result<bool> {
        let columns = self.columns(ColumnSet::of(&[PackedColumn::State, PackedColumn::LastAt]))?;
        Ok(columns.chunks().iter().filter_map(Chunk::sums).any(|sums| sums.there > sums.timeless))
    }

    /// Whether it is known of any conversation how it ended.
    fn has_ends(&self) -> Result<bool> {
        let columns = self.columns(ColumnSet::of(&[PackedColumn::State]))?;
        let ends = |state: u32| Outcome::from_code(i64::from(StateField::OUTCOME.of(state))).is_some_and(is_end);
        let is_there = |state: &&u32| StateField::THERE.of(**state) == 1;
        Ok(columns.chunks().iter().any(|chunk| chunk.state.iter().filter(is_there).any(|&state| ends(state))))
    }

    /// Whether any conversation has two words on what its customer wanted: the log's, and a release's or a reviewer's.
    fn has_two_words(&self) -> Result<bool> {
        let read = ColumnSet::of(&[PackedColumn::Intent, PackedColumn::Suggested, PackedColumn::Label]);
        let columns = self.columns(read)?;
        let has_two = |chunk: &Chunk| {
            let others = chunk.suggested.iter().zip(&chunk.label).map(|(suggested, label)| suggested | label);
            chunk.intent.iter().zip(others).any(|(logged, other)| *logged > 0 && other > 0)
        };
        Ok(columns.chunks().iter().any(has_two))
    }
}

/// Whether a conversation has ended so.
const fn is_end(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Resolved | Outcome::Escalated | Outcome::Failed | Outcome::Abandoned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, Csat, OutcomeSource, Role, StepId, Turn};
    use crate::store::{Founding, OnDuplicate};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn count(store: &Store, query: &str) -> Option<u64> {
        store.queue_known(&Query::parse(query).unwrap(), NOW).ok()
    }

    #[test]
    fn none_of_what_nothing_tells_is_no_zero() {
        let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
        let mut step: Option<StepId> = None;
        let mut put = |id: &str, asked: Turn, rated: Option<Csat>, outcome: Outcome, source: OutcomeSource| {
            let mut c = Conversation::new("web", id, vec![asked, Turn::new(Role::Bot, "It arrives.")]);
            (c.csat, c.outcome, c.outcome_source) = (rated, Some(outcome), Some(source));
            store.immediate("test", |s| s.put(&c, id.as_bytes(), NOW, OnDuplicate::Update, &mut step)).unwrap();
        };
        put("0", Turn::new(Role::User, "where is it"), None, Outcome::Unknown, OutcomeSource::Derived);
        assert_eq!(count(&store, "outcome:failed,escalated status:open"), None, "of none is known how it ended");
        put("1", Turn::new(Role::User, "where is it"), None, Outcome::Resolved, OutcomeSource::Derived);
        for untold in
            ["conf<0.5", "csat<=2 status:open", "sentiment<0", "is:mismatch", "outcome:failed,escalated status:open"]
        {
            assert_eq!(count(&store, untold), None, "{untold}");
        }
        let numbers = |query: &str| store.must_have_numbers(&Query::parse(query).unwrap()).map_err(|e| e.to_string());
        for (untold, says) in
            [("conf<0.5", "how sure"), ("csat<=2 status:open", "rated"), ("sentiment<0", "learn sentiment")]
        {
            let refused = numbers(untold).unwrap_err();
            assert!(refused.contains("has no data yet") && refused.contains(says), "{refused}");
        }
        assert_eq!((numbers("-sentiment<0"), numbers("is:mismatch")), (Ok(()), Ok(())));
        let query = Query::parse("status:open csat<=2").unwrap();
        let blamed = store.unanswerable(&query, crate::domain::QueueOrder::VALUE, NOW).unwrap();
        assert!(blamed.term == 1 && blamed.words.contains("no customer rated"), "{blamed:?}");
        for timed in ["since:7d", "outcome:resolved before:2026-03-01", "hour:9", "day:sat"] {
            assert_eq!(count(&store, timed), None, "{timed}");
        }
        assert_eq!((count(&store, "outcome:failed,pending"), count(&store, "status:later")), (Some(0), Some(0)));
        let mut asked = Turn::new(Role::User, "where is it");
        (asked.intent, asked.confidence) = (Some("order".to_owned()), Some(0.9));
        let rated = Csat { score: 5.0, max: 5.0, comment: None, at: None };
        asked.at = Some(NOW.plus(-90 * crate::domain::time::DAY));
        put("2", asked, Some(rated), Outcome::Resolved, OutcomeSource::Explicit);
        assert_eq!((count(&store, "since:1h"), count(&store, "before:2020-01-01")), (Some(0), Some(0)));
        for none in ["conf<0.5", "csat<=2 status:open", "outcome:failed,escalated status:open"] {
            assert_eq!(count(&store, none), Some(0), "{none}");
        }
        assert_eq!(count(&store, "is:mismatch"), None, "nobody else has said what it was about");
    }
}
