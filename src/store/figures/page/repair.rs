//! What failed most in the last four weeks, who can repair it, and how much of it fine-tuning can at most (rules 36 and 44).

use super::counted::{finished, joined};
use crate::domain::query::quoted_name;
use crate::domain::{Cause, IntentId, Outcome, Rate, Repair, Timestamp, Zone};
use crate::store::base::clock::ahead_of;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField};
use crate::store::{PatternLine, Result, Store};
use std::collections::BTreeMap;

/// Days of a window: four weeks.
pub(super) const DAYS: i64 = 28;
/// Windows that the trend goes back, the newest included: half a year.
const WINDOWS: i64 = 7;
/// Intents that are listed.
const LISTED: usize = 40;
/// Fewer reviewed failures tell nothing of what fine-tuning can repair (rule 36).
const ENOUGH: u64 = 30;
/// Codes of causes in a column.
const CODES: usize = 64;

/// Causes by their codes, with how often each was given.
type CauseCounts = Vec<(u32, u64)>;

/// Causes that reviewers gave to failures of a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewedCauses {
    /// The first moment.
    pub from: i64,
    /// The first moment after it.
    pub to: i64,
    /// How often each was given, most first.
    pub causes: Vec<(Cause, u64)>,
}

impl ReviewedCauses {
    /// Reviewed failures.
    pub fn n(&self) -> u64 {
        self.causes.iter().map(|c| c.1).sum()
    }

    /// The retraining ceiling: how many of them new labels can repair, all or part. `None` under 30 of them (rule 36).
    pub fn ceiling(&self) -> Option<Rate> {
        let trained = self.causes.iter().filter(|c| matches!(c.0.repair(), Repair::Training | Repair::Partly));
        (self.n() >= ENOUGH).then(|| Rate::new(trained.map(|c| c.1).sum(), self.n()))
    }
}

/// The failures of one conversation's intent (rule 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailingIntent {
    /// Its name; `None` for conversations without one.
    pub intent: Option<String>,
    /// N: all that ended, well or not.
    pub n: u64,
    /// Solved by the AI.
    pub resolved: u64,
    /// Not solved.
    pub failed: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// What reviewers gave as the causes of those that failed or were handed over, most first.
    pub causes: Vec<(Cause, u64)>,
    /// Who was given it, by when.
    pub given: Option<String>,
}

impl FailingIntent {
    /// Failed or handed over.
    pub const fn failures(&self) -> u64 {
        self.failed + self.escalated
    }

    /// Of these, reviewed.
    pub fn reviewed(&self) -> u64 {
        self.causes.iter().map(|c| c.1).sum()
    }
}

/// The failures of the last four weeks up to the newest finished conversation; of all times where the log has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RepairableFailures {
    /// The first moment; `None`: all times.
    pub from: Option<i64>,
    /// Failed or handed over, of N.
    pub failures: u64,
    /// N.
    pub n: u64,
    /// The intents that failed most, most first.
    pub failing: Vec<FailingIntent>,
    /// What failed alike, as Patterns lists it; nothing where nobody has looked for patterns.
    pub patterns: Vec<PatternLine>,
    /// Failed or was handed over, right hand-overs among them: what shares of patterns are of.
    pub in_patterns: u64,
    /// Causes by four weeks, oldest first; the last are those of now.
    pub windows: Vec<ReviewedCauses>,
}

impl RepairableFailures {
    /// The causes of now.
    pub fn causes(&self) -> &[(Cause, u64)] {
        self.windows.last().map_or(&[], |w| &w.causes)
    }

    /// The oldest four weeks before these that say enough, and their ceiling.
    pub fn before(&self) -> Option<(&ReviewedCauses, Rate)> {
        let earlier = self.windows.split_last()?.1;
        earlier.iter().find_map(|w| Some((w, w.ceiling()?)))
    }
}

/// N, resolved, failed, escalated and causes by row of an intent.
type ByIntent = BTreeMap<u32, [u64; 4]>;
/// How often each cause was given to failures of an intent.
type Causes = BTreeMap<(u32, u32), [u64; 1]>;

/// What a pass over a window sees.
#[derive(Default)]
struct RepairPass {
    intents: ByIntent,
    causes: Causes,
}

impl RepairPass {
    fn look(&mut self, chunk: &Chunk, at: usize) {
        let (state, matter) = (chunk.state[at], chunk.matter[at]);
        let cause = StateField::CAUSE.of(state);
        // What was rightly handed over is nothing that fails.
        let right = Cause::from_code(cause.into()).is_some_and(|c| !c.is_failure());
        let is = |o: Outcome| u64::from(i64::from(StateField::OUTCOME.of(state)) == o.code());
        let fails = |o: Outcome| if right { 0 } else { is(o) };
        let add = [1, is(Outcome::Resolved), fails(Outcome::Failed), fails(Outcome::Escalated)];
        self.intents.entry(matter).or_default().iter_mut().zip(add).for_each(|(count, add)| *count += add);
        if cause > 0 && add[2] + add[3] > 0 {
            self.causes.entry((matter, cause)).or_default()[0] += 1;
        }
    }

    fn and(self, other: Self) -> Self {
        Self { intents: joined(self.intents, other.intents), causes: joined(self.causes, other.causes) }
    }
}

/// Causes with their counts, most first.
fn ranked(counts: impl IntoIterator<Item = (u32, u64)>) -> Vec<(Cause, u64)> {
    let mut by = [0; CODES];
    counts.into_iter().for_each(|(code, n)| by[code as usize % CODES] += n);
    let named = |(code, n): (usize, u64)| (n > 0).then_some((Cause::from_code(code as i64)?, n));
    let mut out: Vec<_> = by.into_iter().enumerate().filter_map(named).collect();
    out.sort_by_key(|c| std::cmp::Reverse(c.1));
    out
}

impl Store {
    /// What failed by intent, by what it has in common, and why.
    pub(super) fn repairable(
        &self,
        zone: Zone,
        newest: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<RepairableFailures> {
        let by_intent = self.repairable_intents(zone, newest, now)?;
        if self.patterns()?.is_empty() {
            return Ok(by_intent);
        }
        // One figure, one meaning: these are the lines of Patterns.
        let page = self.read_failed_now(DAYS, now)?;
        Ok(RepairableFailures { patterns: page.lines, in_patterns: page.whole.1, ..by_intent })
    }

    /// One pass over columns in memory for each window; only the newest reads intents' names.
    fn repairable_intents(&self, zone: Zone, newest: Option<Timestamp>, now: Timestamp) -> Result<RepairableFailures> {
        let Some(newest) = newest else {
            let (from, to) = (i64::MIN, ahead_of(now));
            let seen = self.seen(from, to)?;
            return Ok(RepairableFailures { windows: vec![causes_of(from, to, &seen)], ..self.failing(&seen, now)? });
        };
        let (from, to) = window(zone, newest, 0);
        let seen = self.seen(from, to)?;
        let mut windows = self.causes_before(zone, newest)?;
        windows.push(causes_of(from, to, &seen));
        Ok(RepairableFailures { from: Some(from), windows, ..self.failing(&seen, now)? })
    }

    /// Causes by four weeks, those of now last.
    pub(in crate::store::figures) fn causes_over_time(
        &self,
        zone: Zone,
        newest: Timestamp,
    ) -> Result<Vec<ReviewedCauses>> {
        let (from, to) = window(zone, newest, 0);
        let mut windows = self.causes_before(zone, newest)?;
        windows.push(causes_of(from, to, &self.seen(from, to)?));
        Ok(windows)
    }

    fn causes_before(&self, zone: Zone, newest: Timestamp) -> Result<Vec<ReviewedCauses>> {
        let of = |back| {
            let (from, to) = window(zone, newest, back);
            Ok(causes_of(from, to, &self.seen(from, to)?))
        };
        (1..WINDOWS).rev().map(of).collect()
    }

    fn seen(&self, from: i64, to: i64) -> Result<RepairPass> {
        let basis = self.day_basis()?;
        let days = self.counted_days(&basis)?;
        if let Some(range) = days.day_range(&basis, from, to) {
            let mut seen = RepairPass::default();
            for ((matter, cause), counts) in days.matters(&range) {
                let sums = seen.intents.entry(matter).or_default();
                sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
                let failures = counts[2] + counts[3];
                if cause > 0 && failures > 0 {
                    seen.causes.insert((matter, cause), [failures]);
                }
            }
            return Ok(seen);
        }
        let read = ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State, PackedColumn::Matter]);
        Ok(finished(from, to).fold(&*self.columns(read)?, RepairPass::look, RepairPass::and))
    }

    /// The intents of a window by what they stand for today.
    fn failing(&self, seen: &RepairPass, now: Timestamp) -> Result<RepairableFailures> {
        let names = self.intent_names()?;
        let name = |row: u32| (row > 0).then(|| names.name(names.today(IntentId(row.into()))));
        let mut by_name: BTreeMap<Option<String>, (FailingIntent, CauseCounts)> = BTreeMap::new();
        for (row, [n, resolved, failed, escalated]) in &seen.intents {
            let (all, _) = by_name.entry(name(*row)).or_default();
            all.n += n;
            all.resolved += resolved;
            all.failed += failed;
            all.escalated += escalated;
        }
        for ((row, cause), [n]) in &seen.causes {
            by_name.entry(name(*row)).or_default().1.push((*cause, *n));
        }
        let named = by_name.into_iter();
        let mut failing: Vec<FailingIntent> =
            named.map(|(intent, (f, causes))| FailingIntent { intent, causes: ranked(causes), ..f }).collect();
        let n = failing.iter().map(|f| f.n).sum();
        failing.retain(|f| f.failures() > 0);
        let failures = failing.iter().map(FailingIntent::failures).sum();
        failing.sort_by_key(|f| std::cmp::Reverse(f.failures()));
        failing.truncate(LISTED);
        self.put_given(&mut failing, now)?;
        Ok(RepairableFailures { n, failures, failing, ..RepairableFailures::default() })
    }
}

impl Store {
    /// Who was given which intent's failures: the newest action about it alone.
    fn put_given(&self, failing: &mut [FailingIntent], now: Timestamp) -> Result<()> {
        let actions = self.actions(now)?;
        for f in failing.iter_mut().filter(|_| !actions.is_empty()) {
            let about = format!("intent:{}", f.intent.as_deref().map_or_else(|| "none".to_owned(), quoted_name));
            f.given = actions.iter().find(|a| a.about == about).map(|a| a.words());
        }
        Ok(())
    }
}

/// The first moment of four weeks, so many windows back, and the first after it.
fn window(zone: Zone, newest: Timestamp, back: i64) -> (i64, i64) {
    let edge = |windows: i64| zone.days_after(newest, 1 - windows * DAYS).0;
    (edge(back + 1), edge(back))
}

fn causes_of(from: i64, to: i64, seen: &RepairPass) -> ReviewedCauses {
    ReviewedCauses { from, to, causes: ranked(seen.causes.iter().map(|((_, cause), [n])| (*cause, *n))) }
}
