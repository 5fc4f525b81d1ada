//! What a review cycle came to: who worked it and how long it took, what was left day by day, what was found, the run that it fed,
//! and what the cycle before had found, against this one.

use crate::domain::query::quoted_name;
use crate::domain::time::DAY;
use crate::domain::{Cause, CycleId, Gate, Kind, Query, Rate, ReleaseId, Timestamp, Verdict};
use crate::store::codes::{ANSWER_TEXT, BEYOND_CONVERSATIONS, DONE, LABEL, PUT_OFF, REAL_TRAFFIC, ROOT_CAUSE};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::review::cycles::WORKED;
use crate::store::{CycleRow, DoingWhat, Result, Store};
use rusqlite::params;
use serde::Serialize;

/// A longer gap between two acts is a break, milliseconds.
const BREAK: i64 = 5 * 60 * 1_000;
/// What the first act of a sitting counts for, milliseconds: nobody saw when it began.
const FIRST: i64 = 10_000;
/// Days of a burn-down at most.
const DAYS: i64 = 62;

/// Conversations, and the query that finds exactly these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountedLine {
    /// What they are, for a person.
    pub name: String,
    /// How many.
    pub n: u64,
    /// Finds them.
    pub query: String,
}

/// The run that a cycle fed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CycleRun {
    /// The release that was trained.
    pub release: ReleaseId,
    /// What the comparison with what was there before said; `None`: it was not compared.
    pub verdict: Option<Verdict>,
    /// Whether it could go live.
    pub gate: Option<Gate>,
    /// Accuracy on the sealed half before it.
    pub before: Option<f64>,
    /// Its own.
    pub after: Option<f64>,
    /// When it first went live.
    pub live_since: Option<Timestamp>,
}

/// A cause in the cycle before and in this one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThenNow {
    /// Which.
    pub cause: Cause,
    /// Of the reviewed conversations of the cycle before.
    pub then: Rate,
    /// Of those of this one.
    pub now: Rate,
}

/// The cycle before, as far as this one can be held to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CycleBefore {
    /// Its name.
    pub name: String,
    /// What was to be done, in the words of whoever closed it.
    pub plan: Option<String>,
    /// What it had found most, then and now.
    pub causes: Vec<ThenNow>,
}

/// Everything that is told of a cycle beside its row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CycleStory {
    /// The cycle.
    #[serde(flatten)]
    pub row: CycleRow,
    /// Items that nobody had worked at the end of each day, from the day on which it opened.
    pub left_by_day: Vec<u64>,
    /// Items by who worked them last, most first.
    pub people: Vec<(String, u64)>,
    /// Minutes that people spent on its conversations, breaks of five minutes and more left out.
    pub minutes: f64,
    /// What the items came to, each line with its query.
    pub items: Vec<CountedLine>,
    /// Causes that were found, each with its query, most first.
    pub found: Vec<CountedLine>,
    /// Turns that got another intent than the AI had understood, which after a fallback is none. Audit items stay out, since nothing
    /// is learnt from them.
    pub relabelled: u64,
    /// Turns that got an intent where the log tells none. Audit items stay out.
    pub named: u64,
    /// Answers that were written better.
    pub corrected: u64,
    /// The run that it fed.
    pub run: Option<CycleRun>,
    /// What the cycle before had found and planned.
    pub before: Option<CycleBefore>,
}

impl Store {
    /// What a cycle came to so far.
    ///
    /// # Errors
    /// No such cycle; the store cannot be read.
    pub fn cycle_story(&self, id: CycleId, now: Timestamp) -> Result<CycleStory> {
        let row = self.cycle_row(id)?;
        let until = row.closed_at.unwrap_or(now);
        let within = (row.opened_at.0, until.0);
        let labelled = |which: &str| {
            let of_turn = format!(
                "d.kind = {LABEL} AND d.after IS NOT NULL AND i.audit = 0
                AND EXISTS(SELECT 1 FROM turn t WHERE t.id = d.subject << 20 | d.turn AND {which})"
            );
            self.decided_in(id, within, &of_turn)
        };
        Ok(CycleStory {
            left_by_day: self.left_by_day(&row, until)?,
            people: self.worked_by(id, within)?,
            minutes: self.minutes_spent(id, within)?,
            items: self.items_of(&row, now)?,
            found: self.found_in(&row, now)?,
            relabelled: labelled(
                "(t.fallback OR t.intent IS NOT NULL AND instr(',' || d.after || ',', ',' || t.intent || ',') = 0)",
            )?,
            named: labelled("t.intent IS NULL AND NOT t.fallback")?,
            corrected: self.decided_in(id, within, &format!("d.kind = {ANSWER_TEXT} AND d.after IS NOT NULL"))?,
            run: self.fed(&row, within)?.map(|release| self.run_of(release)).transpose()?,
            before: self.cycle_before(&row, now)?,
            row,
        })
    }

    /// A line of a cycle: what a query within it finds, test groups included.
    fn within_cycle(&self, row: &CycleRow, name: &str, what: &str, now: Timestamp) -> Result<Option<CountedLine>> {
        let gap = if what.is_empty() { "" } else { " " };
        let query = format!("cycle:{}{gap}{what} test:shown", quoted_name(&row.name));
        let Ok(parsed) = Query::parse(&query) else { return Ok(None) };
        let n = self.queue_count(&parsed, now)?;
        Ok((n > 0).then(|| CountedLine { name: name.to_owned(), n, query }))
    }

    fn items_of(&self, row: &CycleRow, now: Timestamp) -> Result<Vec<CountedLine>> {
        let lines = [
            ("all of it", ""),
            ("reviewed", "status:done"),
            ("skipped: nobody could tell", "status:skipped"),
            ("asked: waits for an answer", "status:flagged"),
            ("left for later", "status:later"),
            ("still open in the queue", "status:open"),
        ];
        let found = lines.into_iter().map(|(name, what)| self.within_cycle(row, name, what, now));
        Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn found_in(&self, row: &CycleRow, now: Timestamp) -> Result<Vec<CountedLine>> {
        let of = |c: &Cause| self.within_cycle(row, c.label(), &format!("cause:{}", c.name()), now);
        let mut found: Vec<CountedLine> =
            Cause::ALL.iter().map(of).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        found.sort_by_key(|line| std::cmp::Reverse(line.n));
        Ok(found)
    }

    /// Items by day, worked when the last word on them was said.
    fn left_by_day(&self, row: &CycleRow, until: Timestamp) -> Result<Vec<u64>> {
        let sql = format!(
            "SELECT coalesce((SELECT max(d.at) FROM decision d JOIN reviewer r ON r.id = d.reviewer
                    WHERE d.subject = i.conversation AND d.kind IN ({LABEL}, {ROOT_CAUSE}, {PUT_OFF}, {REAL_TRAFFIC}) AND r.role < {IMPORTER} AND d.at <= ?2), 0)
             FROM cycle_item i JOIN conversation c ON c.id = i.conversation WHERE i.cycle = ?1 AND {WORKED}",
            WORKED = *WORKED
        );
        let worked = self.ids(&sql, &[&row.id.0, &until.0])?;
        let zone = self.zone()?;
        let last = Timestamp(until.0.min(row.opened_at.0 + DAYS * DAY));
        let edges = zone.days(row.opened_at, last);
        let ends = edges.iter().skip(1).copied();
        Ok(ends.map(|end| row.goal.saturating_sub(worked.iter().filter(|&&at| at < end).count() as u64)).collect())
    }

    /// Who said the last standing word on each item that counts as worked: what was taken back is nobody's work.
    fn worked_by(&self, id: CycleId, (from, to): (i64, i64)) -> Result<Vec<(String, u64)>> {
        let sql = format!("WITH last AS (
                SELECT max(d.id) AS decision FROM decision d JOIN reviewer r ON r.id = d.reviewer
                JOIN step s ON s.id = d.step AND s.state = {DONE} AND d.undoes IS NULL
                JOIN cycle_item i ON i.conversation = d.subject AND i.cycle = ?1 JOIN conversation c ON c.id = i.conversation AND {WORKED}
                WHERE d.kind IN ({LABEL}, {ROOT_CAUSE}, {PUT_OFF}, {REAL_TRAFFIC}) AND d.at BETWEEN ?2 AND ?3 AND r.role < {IMPORTER} GROUP BY d.subject)
            SELECT r.name, count(*) FROM last JOIN decision d ON d.id = last.decision JOIN reviewer r ON r.id = d.reviewer
            GROUP BY 1 ORDER BY 2 DESC, 1", WORKED = *WORKED);
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map(params![id.0, from, to], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .doing("counting who worked a cycle")
    }

    /// From act to act of each person, where the later one is about the cycle.
    fn minutes_spent(&self, id: CycleId, (from, to): (i64, i64)) -> Result<f64> {
        let sql = format!(
            "WITH act AS (
                SELECT s.id, s.at - lag(s.at) OVER (PARTITION BY s.reviewer ORDER BY s.id) AS gap
                FROM step s JOIN reviewer r ON r.id = s.reviewer WHERE r.role < {IMPORTER} AND s.at BETWEEN ?2 AND ?3)
            SELECT CASE WHEN gap BETWEEN 0 AND ?4 THEN gap ELSE ?5 END FROM act
            WHERE EXISTS(SELECT 1 FROM decision d JOIN cycle_item i ON i.conversation = d.subject AND i.cycle = ?1
                WHERE d.step = act.id AND d.kind < {BEYOND_CONVERSATIONS})"
        );
        let gaps = self.ids(&sql, &[&id.0, &from, &to, &BREAK, &FIRST])?;
        Ok(gaps.iter().sum::<i64>() as f64 / 60_000.0)
    }

    /// Targets within a cycle that people decided in its time, and did not take back.
    fn decided_in(&self, id: CycleId, (from, to): (i64, i64), which: &str) -> Result<u64> {
        let sql = format!(
            "SELECT count(DISTINCT d.subject << 20 | d.turn) FROM decision d JOIN reviewer r ON r.id = d.reviewer
                JOIN step s ON s.id = d.step AND s.state = {DONE} AND d.undoes IS NULL
                JOIN cycle_item i ON i.conversation = d.subject AND i.cycle = ?
             WHERE d.at BETWEEN ? AND ? AND r.role < {IMPORTER} AND {which}"
        );
        Ok(self.ids(&sql, &[&id.0, &from, &to])?.first().copied().unwrap_or(0) as u64)
    }

    /// The release that was trained for the cycle, else the first that was trained on all that it labelled.
    fn fed(&self, row: &CycleRow, (from, to): (i64, i64)) -> Result<Option<ReleaseId>> {
        if row.release.is_some() {
            return Ok(row.release);
        }
        let sql = "SELECT min(r.id) FROM release r WHERE r.trained_on > 0 AND r.decision >= (
                SELECT max(d.id) FROM decision d JOIN cycle_item i ON i.conversation = d.subject AND i.cycle = ?1
                WHERE d.kind = ?2 AND d.at BETWEEN ?3 AND ?4)
            AND NOT EXISTS(SELECT 1 FROM learned l WHERE l.release = r.id) HAVING min(r.id) IS NOT NULL";
        let found = self.ids(sql, &[&row.id.0, &Kind::Intent.code(), &from, &to])?;
        Ok(found.first().map(|&id| ReleaseId(id)))
    }

    fn run_of(&self, release: ReleaseId) -> Result<CycleRun> {
        let told = self.comparison_of(release)?;
        let live = "SELECT min(at) FROM decision WHERE kind = ? AND after = ? HAVING min(at) IS NOT NULL";
        let live = self.ids(live, &[&Kind::Live.code(), &release.0.to_string()])?;
        let sealed = told.as_ref().filter(|c| c.gold_version.is_some()).map(|c| (c.before.accuracy, c.after.accuracy));
        Ok(CycleRun {
            release,
            verdict: told.as_ref().map(|c| c.verdict),
            gate: told.as_ref().map(|c| c.gate),
            before: sealed.map(|s| s.0),
            after: sealed.map(|s| s.1),
            live_since: live.first().map(|&at| Timestamp(at)),
        })
    }

    fn cycle_before(&self, row: &CycleRow, now: Timestamp) -> Result<Option<CycleBefore>> {
        let found = self.ids("SELECT id FROM cycle WHERE id < ? ORDER BY id DESC LIMIT 1", &[&row.id.0])?;
        let Some(&id) = found.first() else { return Ok(None) };
        let last = self.cycle_row(CycleId(id))?;
        let found = |row: &CycleRow| -> Result<Vec<(Cause, u64)>> {
            let lines = self.found_in(row, now)?;
            let cause = |l: &CountedLine| Cause::ALL.iter().copied().find(|c| c.label() == l.name);
            Ok(lines.iter().filter_map(|l| Some((cause(l)?, l.n))).collect())
        };
        let (then, here) = (found(&last)?, found(row)?);
        let of = |all: &[(Cause, u64)], cause: Cause| {
            let n = all.iter().find(|(c, _)| *c == cause).map_or(0, |(_, n)| *n);
            Rate::new(n, all.iter().map(|(_, n)| n).sum())
        };
        let causes = then
            .iter()
            .take(3)
            .map(|&(cause, _)| ThenNow { cause, then: of(&then, cause), now: of(&here, cause) })
            .collect();
        Ok(Some(CycleBefore { name: last.name, plan: last.plan, causes }))
    }
}
