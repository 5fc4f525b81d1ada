//! Which conversations of a span stand for themselves, which for more of their kind, and which weeks were counted whole (rule 52).

use crate::domain::{IsoWeek, Outcome, Resolution, Zone};
use crate::store::codes::SOURCE;
use crate::store::conversations::sampling::{JOIN_SAMPLED, STANDS_FOR};
use crate::store::figures::segments::SegmentBy;
use crate::store::figures::span::Span;
use crate::store::figures::tally::CountedGroups;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// How the rows of a span are weighed. By default each stands for itself.
#[derive(Clone, Debug, Default)]
pub(in crate::store::figures) struct Weighing {
    /// Whether any row of the store was drawn.
    pub sampled: bool,
    /// Weeks of which all was counted, with their source: rows of theirs are not.
    pub weeks: BTreeSet<(String, String)>,
    /// The same that the span only holds a part of: their rows are.
    pub cut: BTreeSet<(String, String)>,
    /// Row of the source, first moment and the first after it.
    runs: Vec<(i64, i64, i64)>,
}

impl Weighing {
    /// Each row stands for itself.
    pub fn is_plain(&self) -> bool {
        !self.sampled && self.weeks.is_empty()
    }

    /// The same, with rows instead of whole counts.
    pub fn of_rows(&self) -> Self {
        Self { sampled: self.sampled, ..Self::default() }
    }

    /// What stands before a SELECT from `conversation c`.
    pub fn with(&self) -> String {
        let runs: Vec<String> = self.runs.iter().map(|(s, from, to)| format!("({s},{from},{to})")).collect();
        match runs.is_empty() {
            true => String::new(),
            false => format!("WITH covered(source, first, last) AS (VALUES {}) ", runs.join(",")),
        }
    }

    /// What stands behind its tables.
    pub fn join(&self) -> &'static str {
        if self.sampled { JOIN_SAMPLED } else { "" }
    }

    /// What stands behind its conditions.
    pub fn besides(&self) -> &'static str {
        match self.runs.is_empty() {
            true => "",
            false => {
                " AND NOT EXISTS(SELECT 1 FROM covered v WHERE v.source = c.source AND c.last_at >= v.first AND c.last_at < v.last)"
            }
        }
    }

    /// How many conversations a row stands for.
    pub fn weight(&self) -> String {
        match self.sampled {
            true => STANDS_FOR.to_owned(),
            false => "1".to_owned(),
        }
    }

    /// The group of a row that was drawn; NULL for one that stands for itself.
    pub fn group(&self) -> &'static str {
        if self.sampled { "CASE WHEN w.conversation IS NULL THEN NULL ELSE c.grp END" } else { "NULL" }
    }
}

impl Store {
    /// Whether any conversation came in as one drawn from a log. What is not weighed then says that it is of the sample.
    pub(in crate::store::figures) fn holds_a_sample(&self) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT EXISTS(SELECT 1 FROM sampled)")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking for samples")
    }

    /// How many of its kind each row stands for that was drawn from a log.
    pub(in crate::store::figures) fn weights_of_rows(&self) -> Result<Vec<(i64, f64)>> {
        self.conn
            .prepare_cached(&format!("SELECT w.conversation, {STANDS_FOR} FROM sampled w"))
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("reading the weights of samples")
    }

    /// How the rows of a span are weighed. The weeks of whole counts are those of the store's zone.
    pub(in crate::store::figures) fn weighing(&self, within: Span) -> Result<Weighing> {
        let sampled = self.holds_a_sample()?;
        let named: Vec<(String, String)> = self
            .conn
            .prepare_cached("SELECT DISTINCT source, week FROM traffic ORDER BY 1, 2")
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("looking for counted weeks")?;
        let mut found = Weighing { sampled, ..Weighing::default() };
        if named.is_empty() {
            return Ok(found);
        }
        let zone = self.zone()?;
        for (source, week) in named {
            let Some((from, to)) = span_of(&week, zone) else { continue };
            match () {
                () if within.from <= from && to <= within.to => {
                    found.runs.extend(self.source_row(&source)?.map(|row| (row, from, to)));
                    found.weeks.insert((source, week));
                }
                () if within.from < to && from < within.to => drop(found.cut.insert((source, week))),
                () => {}
            }
        }
        found.runs = joined(found.runs);
        Ok(found)
    }

    fn source_row(&self, source: &str) -> Result<Option<i64>> {
        self.conn
            .prepare_cached("SELECT id FROM term WHERE kind = ? AND text = ?")
            .and_then(|mut s| s.query_row(params![SOURCE, source], |r| r.get(0)).optional())
            .doing("looking up a source")
    }

    /// What the whole counts of some weeks say, in segments; of kinds that they know.
    pub(in crate::store::figures) fn counted_weeks(
        &self,
        weighing: &Weighing,
        by: SegmentBy,
    ) -> Result<BTreeMap<Option<String>, CountedGroups>> {
        let mut out: BTreeMap<Option<String>, CountedGroups> = BTreeMap::new();
        if weighing.weeks.is_empty() {
            return Ok(out);
        }
        let key = match by {
            SegmentBy::Week => "week",
            SegmentBy::Intent => "intent",
            SegmentBy::Channel => "channel",
            SegmentBy::Language => "language",
            SegmentBy::Month | SegmentBy::Cause | SegmentBy::Response => "NULL",
        };
        let sql = format!(
            "SELECT source, week, {key}, outcome, resolution, sum(n), sum(csat_n), sum(csat_good), sum(user_turns), sum(fallback_turns)
             FROM traffic GROUP BY 1, 2, 3, 4, 5"
        );
        let mut statement = self.conn.prepare_cached(&sql).doing("reading the counted weeks")?;
        let mut rows = statement.query([]).doing("reading the counted weeks")?;
        let names = self.intent_names()?;
        while let Some(row) = rows.next().doing("reading the counted weeks")? {
            let read = WeekRow::of(row).doing("reading the counted weeks")?;
            if !weighing.weeks.contains(&read.of) {
                continue;
            }
            let name = match (by, read.key.as_deref()) {
                (SegmentBy::Intent, Some(name)) => {
                    names.find(name).map(|id| names.name(names.today(id))).or(read.key.clone())
                }
                _ => read.key.clone(),
            };
            read.count(&mut out.entry(name).or_default().whole);
        }
        Ok(out)
    }
}

/// One sum over joint rows.
struct WeekRow {
    of: (String, String),
    key: Option<String>,
    outcome: Option<Outcome>,
    resolution: Option<Resolution>,
    /// Conversations, rated, satisfied, turns, fallbacks.
    sums: [f64; 5],
}

impl WeekRow {
    fn of(r: &Row<'_>) -> rusqlite::Result<Self> {
        let sum = |i: usize| r.get::<_, i64>(i).map(|n| n.max(0) as f64);
        Ok(Self {
            of: (r.get(0)?, r.get(1)?),
            key: r.get(2)?,
            outcome: Outcome::from_code(r.get(3)?),
            resolution: r.get::<_, Option<i64>>(4)?.and_then(Resolution::from_code),
            sums: [sum(5)?, sum(6)?, sum(7)?, sum(8)?, sum(9)?],
        })
    }

    fn count(&self, tally: &mut super::tally::WeightTally) {
        let [n, rated, satisfied, turns, fallbacks] = self.sums;
        tally.turns += turns;
        tally.fallbacks += fallbacks;
        let place = match self.outcome {
            Some(Outcome::Resolved) => 0,
            Some(Outcome::Escalated) => 1,
            Some(Outcome::Failed) => 2,
            Some(Outcome::Abandoned) => 3,
            Some(Outcome::Pending) => return tally.pending += n,
            Some(Outcome::Unknown) | None => return tally.unknown += n,
        };
        tally.outcomes[place] += n;
        tally.rated += rated;
        tally.satisfied += satisfied;
        match (self.outcome, self.resolution) {
            (Some(Outcome::Resolved), Some(Resolution::Confirmed)) => tally.confirmed += n,
            (Some(Outcome::Resolved), _) => tally.assumed += n,
            _ => {}
        }
    }
}

fn span_of(week: &str, zone: Zone) -> Option<(i64, i64)> {
    let (from, to) = week.parse::<IsoWeek>().ok()?.span(zone);
    Some((from.0, to.0))
}

/// Runs of one source that follow each other as one: a statement with years of weeks would be long.
fn joined(mut runs: Vec<(i64, i64, i64)>) -> Vec<(i64, i64, i64)> {
    runs.sort_unstable();
    let mut out: Vec<(i64, i64, i64)> = Vec::new();
    for run in runs {
        match out.last_mut() {
            Some(last) if last.0 == run.0 && last.2 == run.1 => last.2 = run.2,
            _ => out.push(run),
        }
    }
    out
}
