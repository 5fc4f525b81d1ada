//! What every list of Patterns is made of: queries over a period, and how many conversations each finds.

use super::types::{PatternLine, PatternPage};
use crate::base::counted::counted;
use crate::domain::{IntentId, OneKindOfEnd, Outcome, Query, QueryMoment, Rate, Timestamp};
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, RowPredicate};
use crate::store::{DoingWhat, Result, Store, StoreError};
use std::collections::BTreeMap;

/// Points of a line of half a year, a fortnight each.
pub(super) const FORTNIGHTS: i64 = 13;
/// The failures of N (rule 44).
pub(super) const FAILURES: &str = "outcome:failed,escalated is:counted";
/// N (rule 4): real traffic with the AI that ended in a known way.
pub(super) const ENDED: &str = "is:counted";
/// Among failures, what nobody rightly handed over.
pub(super) const NOT_RIGHT: &str = "-cause:right_handover";

/// A list that is being counted.
pub(super) struct Listed<'a> {
    pub store: &'a Store,
    /// Calendar days of the period; `None`: everything, of a log without times.
    pub days: Option<i64>,
    pub now: Timestamp,
    /// Patterns are counted over time, too: a pass over all that ever failed in them.
    pub over_time: bool,
    /// The only kind of end that is told: then there is no share of failures.
    pub one_kind: Option<OneKindOfEnd>,
}

impl Listed<'_> {
    /// A query of the period, over all groups (rule 47).
    pub(super) fn query(&self, what: &str) -> String {
        let since = self.days.map_or_else(String::new, |days| format!("since:{days}d"));
        let parts = [what, since.as_str(), "test:shown"];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The first moment of the period.
    pub(super) fn from(&self) -> Result<i64> {
        self.days.map_or(Ok(i64::MIN), |days| Ok(self.store.when(QueryMoment::Days(days), self.now)?.0))
    }

    /// The first moments of the last thirteen fortnights, the oldest first.
    pub(super) fn fortnights(&self) -> Result<Vec<i64>> {
        let edge = |days: i64| self.store.when(QueryMoment::Days(days), self.now).map(|t| t.0);
        (1..=FORTNIGHTS).rev().map(|n| edge(n * 14)).collect()
    }

    /// Counts of those fortnights; nothing of those that were over before the log began.
    pub(super) fn since_it_began(&self, counts: Vec<u64>, edges: &[i64]) -> Result<Vec<Option<u64>>> {
        let began = self.store.oldest()?.map_or(0, |oldest| edges.partition_point(|&edge| edge <= oldest.0));
        let unknown = began.saturating_sub(1);
        Ok(counts.into_iter().enumerate().map(|(at, n)| (at >= unknown).then_some(n)).collect())
    }

    pub(super) fn count(&self, query: &str) -> Result<u64> {
        let parsed = Query::parse(query).map_err(|e| StoreError::refused(format!("{query}: {e}")))?;
        self.store.queue_count(&parsed, self.now)
    }

    /// What a query of the period wants: for what is asked of it again and again, since some of it takes long to find out.
    pub(super) fn wanted(&self, what: &str) -> Result<RowPredicate> {
        let query = self.query(what);
        let parsed = Query::parse(&query).map_err(|e| StoreError::refused(format!("{query}: {e}")))?;
        self.store.wanted(&parsed, self.now)
    }

    /// How many conversations are wanted.
    pub(super) fn count_wanted(&self, wanted: &RowPredicate) -> Result<u64> {
        Ok(wanted.count(&*self.store.columns(wanted.reads())?))
    }

    /// How many are wanted of each intent by its name today; of none, nothing. One pass over columns in memory.
    pub(super) fn by_intent(&self, wanted: &RowPredicate) -> Result<BTreeMap<String, u64>> {
        let look = |seen: &mut BTreeMap<u32, u64>, chunk: &Chunk, at: usize| {
            *seen.entry(chunk.matter[at]).or_default() += 1;
        };
        let add = |mut a: BTreeMap<u32, u64>, b: BTreeMap<u32, u64>| {
            b.into_iter().for_each(|(matter, n)| *a.entry(matter).or_default() += n);
            a
        };
        let read = wanted.reads().and(ColumnSet::of(&[PackedColumn::Matter]));
        let counts = wanted.fold(&*self.store.columns(read)?, look, add);
        let names = self.store.intent_names()?;
        let mut out = BTreeMap::new();
        for (matter, n) in counts.into_iter().filter(|(matter, _)| *matter != 0) {
            *out.entry(names.name(names.today(IntentId(matter.into())))).or_default() += n;
        }
        Ok(out)
    }

    /// A line that counts what a query of the period finds; `None` where it finds nothing.
    pub(super) fn line(&self, name: &str, what: &str, whole: u64) -> Result<Option<PatternLine>> {
        let n = self.count(&self.query(what))?;
        Ok(self.line_of(name, what, n, whole))
    }

    /// The same of a count that is known.
    pub(super) fn line_of(&self, name: &str, what: &str, n: u64, whole: u64) -> Option<PatternLine> {
        let (query, share) = (self.query(what), (whole > 0).then(|| n as f64 / whole as f64));
        (n > 0).then(|| PatternLine { name: name.to_owned(), n, share, query, ..PatternLine::default() })
    }

    pub(super) fn page(&self, whole: &'static str, what: &str) -> Result<PatternPage> {
        Ok(self.page_of(whole, what, self.count(&self.query(what))?))
    }

    /// The same of a count that is known.
    pub(super) fn page_of(&self, whole: &'static str, what: &str, n: u64) -> PatternPage {
        let query = self.query(what);
        PatternPage { days: self.days, whole: (whole, n), query, ..PatternPage::default() }
    }

    /// A share of those that ended; `None` where only one kind of end is told.
    pub(super) fn of_ended(&self, num: u64, ended: u64) -> Option<Rate> {
        self.one_kind.is_none().then(|| Rate::new(num, ended))
    }

    /// What is told in place of such shares.
    pub(super) fn no_rate(&self, ended: u64) -> Result<Option<String>> {
        let Some(kind) = self.one_kind else { return Ok(None) };
        let helped = self.count(&self.query(&format!("outcome:{} {ENDED}", Outcome::Resolved.name())))?;
        let unknown = self.count(&self.query(&format!("outcome:{}", Outcome::Unknown.name())))?;
        let says = kind.says((helped, ended - helped), ended + unknown, |n| n.to_string());
        Ok(Some(format!("{says} {}", kind.missing())))
    }

    /// A list that cannot be counted, since the log lacks something.
    pub(super) fn without(&self, whole: &'static str, missing: &'static str) -> PatternPage {
        PatternPage { days: self.days, whole: (whole, 0), missing: Some(missing), ..PatternPage::default() }
    }

    /// Why a list that counts N has no line, in a sentence that says what to do.
    pub(super) fn nothing(&self, what: &str) -> Result<String> {
        let times = self.days.map_or_else(|| "of this log".to_owned(), |days| format!("of the last {days} days"));
        let (all, ended) = (self.count(&self.query(""))?, self.count(&self.query(ENDED))?);
        if let Some(says) = self.no_rate(ended)?.filter(|_| ended > 0 && self.one_kind == Some(OneKindOfEnd::Helped)) {
            return Ok(says);
        }
        let unknown = self.count(&self.query("outcome:unknown,pending"))?;
        let conversations = counted(all, "conversation", "conversations");
        Ok(match (all, ended) {
            (0, _) if self.days.is_none() => "The store holds no conversation yet.".to_owned(),
            (0, _) => format!("No conversation {times} is in the store."),
            (1, 0) if unknown == 1 => format!(
                "How the one conversation {times} ended is not known, and nothing can be counted here before. The field outcome of an \
                 import says it, or a reviewer: r in the Queue, then r for it (`appraise label --outcome`)."
            ),
            (_, 0) if unknown == all => format!(
                "How none of the {conversations} {times} ended is known, and nothing can be counted here before. The field outcome of \
                 an import says it, or a reviewer: r in the Queue, then r for each (`appraise label --outcome`)."
            ),
            (_, 0) => format!(
                "None of the {conversations} {times} counts: {unknown} ended nobody knows how, the others are without the AI or no \
                 real traffic."
            ),
            _ if unknown > 0 => format!(
                "None of the conversations {times} whose end is known ({ended}) {what}. How {unknown} more ended nobody knows: the field \
                 outcome of an import says it."
            ),
            _ => format!("None of the conversations {times} that ended ({ended}) {what}."),
        })
    }

    /// Whether there was a time before this period in which something would have been seen that is in `n` conversations of it, had it
    /// been as frequent: at least five times.
    pub(super) fn would_have_been_seen(&self, n: u64, (ended, before): (u64, u64)) -> bool {
        const TIMES: u64 = 5;
        n * before >= TIMES * ended.max(1)
    }

    /// The names of a kind that the log has.
    pub(super) fn terms(&self, kind: i64) -> Result<Vec<String>> {
        self.store
            .conn
            .prepare_cached("SELECT text FROM term WHERE kind = ? ORDER BY text")
            .and_then(|mut s| s.query_map([kind], |r| r.get(0)).and_then(Iterator::collect))
            .doing("listing segments")
    }
}
