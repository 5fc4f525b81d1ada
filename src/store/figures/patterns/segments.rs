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
/// Below this many conversations a fortnight has no share of its own.
const IN_FORTNIGHT: u64 = 10;

/// Of each fortnight what failed or was handed over, and what ended.
#[derive(Default)]
struct Fortnights([[u64; 2]; FORTNIGHTS as usize]);

/// Segments of logs with times: the title, and the query.
const OF_TIMES: &[(&str, &str)] = &[
    ("at night, 0-6 h", "hour:0-5"),
    ("in the morning, 6-12 h", "hour:6-11"),
    ("in the afternoon, 12-18 h", "hour:12-17"),
    ("in the evening, 18-24 h", "hour:18-23"),
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
    /// The parts of the traffic that are compared: a title and a query each.
    fn parts(&self) -> Result<Vec<(String, String)>> {
        use crate::store::codes::{CHANNEL, LANGUAGE};
        let mut out = Vec::new();
        for (key, kind) in [("lang", LANGUAGE), ("channel", CHANNEL)] {
            let named = |name: String| (format!("{key} {name}"), format!("{key}:{}", quoted_name(&name)));
            out.extend(self.terms(kind)?.into_iter().map(named));
        }
        let own = |parts: &[(&str, &str)]| -> Vec<(String, String)> {
            parts.iter().map(|(title, query)| ((*title).to_owned(), (*query).to_owned())).collect()
        };
        out.extend(own(OF_LENGTH));
        // Without times a conversation has no hour and no day.
        if self.days.is_some() {
            out.extend(own(OF_TIMES));
        }
        if self.store.names_customers()? {
            out.extend(own(OF_CUSTOMERS));
        }
        Ok(out)
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
        let mut tests: Vec<f64> = Vec::new();
        for (name, what) in self.parts()? {
            let Some(line) = self.line(&name, &format!("{what} {ENDED}"), page.whole.1)? else { continue };
            // What holds everything has nothing to be compared with.
            if line.n == page.whole.1 {
                continue;
            }
            let here = Rate::new(self.count(&self.query(&format!("{what} {FAILURES}")))?, line.n);
            let elsewhere = Rate::new(failing - here.num, page.whole.1 - line.n);
            let is_large = here.den >= FEWEST && elsewhere.den >= FEWEST;
            let more = is_large.then(|| Difference::between(elsewhere, here)).flatten();
            let p = more.map(|_| two_proportions(here, elsewhere));
            tests.extend(p);
            let segment = Some(Segmented { failing: here, elsewhere, more, p });
            page.lines.push(PatternLine { segment, failing_trend: self.failing_over_time(&what)?, ..line });
        }
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

/// The two-sided p-value of two rates being one (pooled z test, as `statsmodels.stats.proportion.proportions_ztest`).
fn two_proportions(a: Rate, b: Rate) -> f64 {
    let pooled = (a.num + b.num) as f64 / (a.den + b.den) as f64;
    let se = (pooled * (1.0 - pooled) * (1.0 / a.den as f64 + 1.0 / b.den as f64)).sqrt();
    let delta = a.value().unwrap_or_default() - b.value().unwrap_or_default();
    if se == 0.0 { 1.0 } else { two_sided(delta / se) }
}
