//! Where more fails than elsewhere.

use super::listed::{ENDED, FAILURES, FORTNIGHTS, Listed};
use super::types::{PatternLine, PatternPage, Segmented};
use crate::domain::query::quoted_name;
use crate::domain::{Difference, Outcome, Query, Rate};
use crate::learn::judge::stats::{benjamini_hochberg, two_sided};
use crate::store::base::clock::ahead_of;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField, Test};
use crate::store::{Result, StoreError};

/// Below this many conversations a segment is not compared.
const FEWEST: u64 = 30;
/// Two parts that hold this share of everything are each what the other is not.
const OPPOSITES: f64 = 0.9;
/// Below this many conversations a fortnight has no share of its own.
const IN_FORTNIGHT: u64 = 10;

/// Of each fortnight what failed or was handed over, and what ended.
#[derive(Default)]
struct Fortnights([[u64; 2]; FORTNIGHTS as usize]);

/// Of logs with times, the hours: the title, and the query.
const OF_HOURS: &[(&str, &str)] = &[
    ("at night, 0-6 h", "hour:0-5"),
    ("in the morning, 6-12 h", "hour:6-11"),
    ("in the afternoon, 12-18 h", "hour:12-17"),
    ("in the evening, 18-24 h", "hour:18-23"),
];

/// The same of days of the week.
const OF_DAYS: &[(&str, &str)] = &[
    ("Monday", "day:mon"),
    ("Tuesday", "day:tue"),
    ("Wednesday", "day:wed"),
    ("Thursday", "day:thu"),
    ("Friday", "day:fri"),
    ("Saturday", "day:sat"),
    ("Sunday", "day:sun"),
];

/// Segments that every log has.
const OF_LENGTH: &[(&str, &str)] = &[
    ("up to 4 turns", "turns<=4"),
    ("5 to 8 turns", "turns>4 turns<=8"),
    ("9 to 16 turns", "turns>8 turns<=16"),
    ("more than 16 turns", "turns>16"),
];

/// Segments of logs that name customers.
const OF_CUSTOMERS: &[(&str, &str)] = &[("first contact", "-is:again"), ("comes again", "is:again")];

impl Listed<'_> {
    /// The ways in which the traffic is divided into parts that are compared: a title and a query each part.
    fn divisions(&self) -> Result<Vec<Vec<(String, String)>>> {
        use crate::store::codes::{CHANNEL, LANGUAGE};
        let mut out = Vec::new();
        for (key, kind) in [("lang", LANGUAGE), ("channel", CHANNEL)] {
            let named = |name: String| (format!("{key} {name}"), format!("{key}:{}", quoted_name(&name)));
            out.push(self.terms(kind)?.into_iter().map(named).collect());
        }
        let own = |parts: &[(&str, &str)]| -> Vec<(String, String)> {
            parts.iter().map(|(title, query)| ((*title).to_owned(), (*query).to_owned())).collect()
        };
        out.push(own(OF_LENGTH));
        // Without times a conversation has no hour and no day.
        if self.days.is_some() {
            out.extend([own(OF_HOURS), own(OF_DAYS)]);
        }
        if self.store.names_customers()? {
            out.push(own(OF_CUSTOMERS));
        }
        Ok(out)
    }

    /// The parts of one division, each with how it fares against the rest.
    fn compared(&self, parts: Vec<(String, String)>, (failing, all): (u64, u64)) -> Result<Vec<PatternLine>> {
        let mut out = Vec::with_capacity(parts.len());
        for (name, what) in parts {
            let Some(line) = self.line(&name, &format!("{what} {ENDED}"), all)? else { continue };
            // What holds everything has nothing to be compared with.
            if line.n == all {
                continue;
            }
            let here = Rate::new(self.count(&self.query(&format!("{what} {FAILURES}")))?, line.n);
            let elsewhere = Rate::new(failing - here.num, all - line.n);
            let is_large = here.den >= FEWEST && elsewhere.den >= FEWEST;
            let more = is_large.then(|| Difference::between(elsewhere, here)).flatten();
            let p = more.map(|_| two_proportions(here, elsewhere));
            let segment = Some(Segmented { failing: here, elsewhere, more, p });
            out.push(PatternLine { segment, failing_trend: self.failing_over_time(&what)?, ..line });
        }
        Ok(told_once(out, all))
    }

    /// Parts of the traffic whose conversations fail more, or less, than the others, the largest difference first. P-values are
    /// corrected for looking at all of them (Benjamini and Hochberg 1995).
    pub(super) fn segments(&self) -> Result<PatternPage> {
        let mut page = self.page("ended", ENDED)?;
        if page.whole.1 == 0 {
            page.nothing = Some(self.nothing("is of a part that can be compared")?);
            return Ok(page);
        }
        if let Some(says) = self.no_rate(page.whole.1)? {
            page.note = Some(says);
            return Ok(page);
        }
        let failing = self.count(&self.query(FAILURES))?;
        if failing == 0 || failing == page.whole.1 {
            let what = if failing == 0 { "None of them" } else { "All of them" };
            page.note = Some(format!("{what} failed or were handed over: no part of them fails more than another."));
            return Ok(page);
        }
        for parts in self.divisions()? {
            page.lines.extend(self.compared(parts, (failing, page.whole.1))?);
        }
        let tests: Vec<f64> = page.lines.iter().filter_map(|l| l.segment?.p).collect();
        let corrected = benjamini_hochberg(&tests);
        let mut next = corrected.iter();
        for segment in page.lines.iter_mut().filter_map(|l| l.segment.as_mut()) {
            segment.p = segment.p.and_then(|_| next.next().copied());
        }
        let size = |l: &PatternLine| l.segment.and_then(|s| s.more).map_or(0.0, |m| m.delta.abs());
        if page.lines.iter().any(|l| l.query.starts_with("turns")) {
            page.note = Some(
                "Length is no cause: a hand-over adds turns by itself, and what fails in few turns fails otherwise. All of it is \
                 association."
                    .to_owned(),
            );
        }
        page.lines.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.name.cmp(&b.name)));
        Ok(page)
    }
}

impl Listed<'_> {
    /// Of what a query finds: the share that failed or was handed over in each of the last thirteen fortnights; nothing of a log without
    /// times. One pass over columns in memory.
    fn failing_over_time(&self, what: &str) -> Result<Vec<Option<f64>>> {
        if self.days.is_none() {
            return Ok(Vec::new());
        }
        let query = format!("{what} {ENDED} test:shown");
        let query = Query::parse(&query).map_err(|e| StoreError::refused(format!("{query}: {e}")))?;
        let edges = self.fortnights()?;
        let mut wanted = self.store.wanted(&query, self.now)?;
        wanted.and(Test::Active(edges[0]..ahead_of(self.now)), false);
        let read = wanted.reads().and(ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State]));
        let failures = [Outcome::Failed, Outcome::Escalated].map(|o| o.code());
        let look = |seen: &mut Fortnights, chunk: &Chunk, at: usize| {
            let fortnight = edges.partition_point(|&e| e <= chunk.last_at[at]);
            let Some(cell) = fortnight.checked_sub(1).and_then(|f| seen.0.get_mut(f)) else { return };
            cell[0] += u64::from(failures.contains(&i64::from(StateField::OUTCOME.of(chunk.state[at]))));
            cell[1] += 1;
        };
        let add = |mut a: Fortnights, b: Fortnights| {
            a.0.iter_mut().flatten().zip(b.0.into_iter().flatten()).for_each(|(a, b)| *a += b);
            a
        };
        let counts = wanted.fold(&*self.store.columns(read)?, look, add).0;
        let share = |[failed, all]: [u64; 2]| (all >= IN_FORTNIGHT).then(|| failed as f64 / all as f64);
        Ok(counts.map(share).to_vec())
    }
}

/// Of a division of which two parts hold nearly all, where one fails more the other fails less: that is one contrast, told of the part
/// that fails more.
fn told_once(mut lines: Vec<PatternLine>, all: u64) -> Vec<PatternLine> {
    let less = |a: &PatternLine, b: &PatternLine| {
        let more = |l: &PatternLine| l.segment.and_then(|s| s.more).map(|m| m.delta);
        let are_all = (a.n + b.n) as f64 >= OPPOSITES * all as f64 && a.n + b.n <= all;
        are_all && more(a).zip(more(b)).is_some_and(|(a, b)| a < b)
    };
    let opposite = (0..lines.len()).find(|&i| lines.iter().any(|other| less(&lines[i], other)));
    if let Some(i) = opposite {
        lines.remove(i);
    }
    lines
}

/// The two-sided p-value of two rates being one (pooled z test, as `statsmodels.stats.proportion.proportions_ztest`).
fn two_proportions(a: Rate, b: Rate) -> f64 {
    let pooled = (a.num + b.num) as f64 / (a.den + b.den) as f64;
    let se = (pooled * (1.0 - pooled) * (1.0 / a.den as f64 + 1.0 / b.den as f64)).sqrt();
    let delta = a.value().unwrap_or_default() - b.value().unwrap_or_default();
    if se == 0.0 { 1.0 } else { two_sided(delta / se) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, failed: u64, n: u64, (all_failed, all): (u64, u64)) -> PatternLine {
        let (failing, elsewhere) = (Rate::new(failed, n), Rate::new(all_failed - failed, all - n));
        let more = Difference::between(elsewhere, failing);
        let segment = Some(Segmented { failing, elsewhere, more, p: Some(0.01) });
        PatternLine { name: name.to_owned(), n, segment, ..PatternLine::default() }
    }

    #[test]
    fn of_two_parts_that_hold_nearly_all_the_one_that_fails_more_is_told() {
        let names = |lines: Vec<PatternLine>, all| -> Vec<String> {
            told_once(lines, all).into_iter().map(|l| l.name).collect()
        };
        let of = (200, 1_000);
        let lines = vec![line("up to 4", 130, 500, of), line("5 to 8", 60, 460, of), line("9 to 16", 10, 40, of)];
        assert_eq!(names(lines, 1_000), ["up to 4", "9 to 16"]);
        let three = vec![line("a", 100, 400, of), line("b", 60, 350, of), line("c", 40, 250, of)];
        assert_eq!(names(three, 1_000), ["a", "b", "c"]);
        // Parts that lie within each other are no opposites.
        let within = vec![line("all Greek", 190, 900, of), line("Greek in Latin letters", 130, 500, of)];
        assert_eq!(names(within, 1_000).len(), 2);
    }
}
