//! What fails and where: lists whose every line is a query, and counts exactly what the query finds.

use crate::domain::query::quoted_name;
use crate::domain::{Cause, Difference, IntentId, Outcome, PatternKind, PatternView, Query, Rate, Timestamp, When};
use crate::store::base::clock::ahead_of;
use crate::store::{Doing, Result, Store, StoreError};
use rusqlite::params;
use serde::Serialize;

/// Points of the line of half a year, a fortnight each.
const FORTNIGHTS: i64 = 13;
/// Below this many conversations a segment is not compared.
const FEWEST: u64 = 30;
/// Pairs of intents that are listed.
const PAIRS: usize = 200;

/// How a part of the traffic fares against the rest of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Segmented {
    /// Failed or handed over, of all its conversations.
    pub failing: Rate,
    /// The same of all others.
    pub elsewhere: Rate,
    /// How much more fails here; `None` where either is too small to compare.
    pub more: Option<Difference>,
    /// The chance of a difference as large in either direction, where there is none, corrected for looking at many (Holm).
    pub p: Option<f64>,
}

/// A line of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PatternLine {
    /// What people read. May come from the log: hostile.
    pub name: String,
    /// Conversations: what the query finds.
    pub n: u64,
    /// Its share of what the list is about; `None` where the list has no whole.
    pub share: Option<f64>,
    /// Finds them.
    pub query: String,
    /// Of a pattern: what makes it one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<PatternKind>,
    /// Of a pattern: conversations in the period before, as long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Of a pattern: conversations in each of the last thirteen fortnights, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trend: Vec<u64>,
    /// Of a pattern: none of it is older than the period.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub new: bool,
    /// What a customer said in it. Hostile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Intents of it, the most frequent first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intents: Vec<(String, u64)>,
    /// Causes that reviewers found in it, the most frequent first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<(Cause, u64)>,
    /// Who can repair it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired_by: Option<&'static str>,
    /// How its conversations ended: resolved, escalated, failed, abandoned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<[u64; 4]>,
    /// Failed or handed over, of those that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing: Option<Rate>,
    /// Rated 4 or 5, of those that were rated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csat: Option<Rate>,
    /// The share of all conversations of the period that more would be resolved if none of these failed or was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<f64>,
    /// How it fares against the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segmented>,
}

/// A list, and what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternPage {
    /// What its shares are of, in words, with how many.
    pub whole: (&'static str, u64),
    /// Finds the whole.
    pub query: String,
    /// The lines, in the order in which they are read.
    pub lines: Vec<PatternLine>,
}

const FAILURES: &str = "outcome:failed,escalated";
const ENDED: &str = "outcome:resolved,escalated,failed,abandoned";

impl Store {
    pub(in crate::store) fn read_patterns(&self, view: PatternView, days: i64, now: Timestamp) -> Result<PatternPage> {
        let list = Listed { store: self, days, now };
        match view {
            PatternView::Failed => list.failed(),
            PatternView::Intents => list.intents(),
            PatternView::Confused => list.confused(),
            PatternView::Causes => list.causes(),
            PatternView::Segments => list.segments(),
            PatternView::Handovers => list.handovers(),
            PatternView::Returned => list.returned(),
        }
    }
}

/// The failures of a pattern over time.
#[derive(Clone, Debug, Default)]
struct Trend {
    pattern: i64,
    /// Each of the last thirteen fortnights, the oldest first.
    fortnights: Vec<u64>,
    /// The period before this one, as long.
    before: u64,
    /// What is older still.
    earlier: u64,
}

struct Listed<'a> {
    store: &'a Store,
    days: i64,
    now: Timestamp,
}

impl Listed<'_> {
    /// A query of the period, over all groups (rule 47).
    fn query(&self, what: &str) -> String {
        let blank = if what.is_empty() { "" } else { " " };
        format!("{what}{blank}since:{}d test:shown", self.days)
    }

    fn count(&self, query: &str) -> Result<u64> {
        let parsed = Query::parse(query).map_err(|e| StoreError::refused(format!("{query}: {e}")))?;
        self.store.queue_count(&parsed, self.now)
    }

    /// A line that counts what a query of the period finds; `None` where it finds nothing.
    fn line(&self, name: &str, what: &str, whole: u64) -> Result<Option<PatternLine>> {
        let query = self.query(what);
        let n = self.count(&query)?;
        let share = (whole > 0).then(|| n as f64 / whole as f64);
        Ok((n > 0).then(|| PatternLine { name: name.to_owned(), n, share, query, ..PatternLine::default() }))
    }

    fn page(&self, whole: &'static str, what: &str) -> Result<PatternPage> {
        let query = self.query(what);
        Ok(PatternPage { whole: (whole, self.count(&query)?), query, lines: Vec::new() })
    }

    fn failed(&self) -> Result<PatternPage> {
        let mut page = self.page("failed or were handed over", FAILURES)?;
        let patterns = self.store.patterns()?;
        let names = self.store.intent_names()?;
        let trends = self.trends()?;
        for pattern in &patterns {
            let what = format!("cluster:{} {FAILURES}", pattern.id);
            let Some(line) = self.line(&pattern.name, &what, page.whole.1)? else { continue };
            let over_time = trends.iter().find(|t| t.pattern == pattern.id).cloned().unwrap_or_default();
            // Most of a few that reviewers have judged says little.
            let most = pattern.causes.first().filter(|c| c.1 >= 3).map(|c| c.0);
            page.lines.push(PatternLine {
                kind: Some(pattern.kind),
                before: Some(over_time.before),
                new: over_time.before + over_time.earlier == 0,
                trend: over_time.fortnights,
                example: pattern.example.clone(),
                intents: pattern.intents.iter().take(5).map(|&(i, n)| (names.name(names.today(i)), n)).collect(),
                causes: pattern.causes.clone(),
                repaired_by: Some(pattern.kind.repaired_by(most)),
                opportunity: self.opportunity(line.n)?,
                ..line
            });
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.query.cmp(&b.query)));
        let none = match patterns.is_empty() {
            true => FAILURES.to_owned(),
            false => {
                let ids: Vec<String> = patterns.iter().map(|p| p.id.to_string()).collect();
                format!("{FAILURES} -cluster:{}", ids.join(","))
            }
        };
        page.lines.extend(self.line("all others", &none, page.whole.1)?);
        Ok(page)
    }

    /// Of each pattern: its failures in each of the last thirteen fortnights, in the period before this one, and before that.
    fn trends(&self) -> Result<Vec<Trend>> {
        let doing = "counting patterns over time";
        let edge = |days: i64| self.store.when(When::Days(days), self.now).map(|t| t.0);
        let mut edges: Vec<i64> = (1..=FORTNIGHTS).rev().map(|n| edge(n * 14)).collect::<Result<_>>()?;
        edges.push(ahead_of(self.now));
        let (this, before) = (edge(self.days)?, edge(2 * self.days)?);
        let mut s = self
            .store
            .conn
            .prepare_cached(
                "SELECT i.pattern, c.last_at FROM pattern_item i JOIN conversation c ON c.id = i.conversation
                 WHERE c.outcome IN (?, ?) AND c.traffic = 1 AND c.last_at < ? ORDER BY i.pattern",
            )
            .doing(doing)?;
        let rows = s
            .query_map(params![Outcome::Failed.code(), Outcome::Escalated.code(), ahead_of(self.now)], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?))
            })
            .doing(doing)?;
        let mut out: Vec<Trend> = Vec::new();
        for row in rows {
            let (pattern, at) = row.doing(doing)?;
            if out.last().is_none_or(|l| l.pattern != pattern) {
                out.push(Trend { pattern, fortnights: vec![0; FORTNIGHTS as usize], ..Trend::default() });
            }
            let Some(line) = out.last_mut() else { continue };
            let place = edges.partition_point(|&e| e <= at);
            if place > 0 {
                line.fortnights[place - 1] += 1;
            }
            line.before += u64::from((before..this).contains(&at));
            line.earlier += u64::from(at < before);
        }
        Ok(out)
    }

    /// The share of all conversations of the period that would be resolved more.
    fn opportunity(&self, n: u64) -> Result<Option<f64>> {
        let all = self.count(&self.query(ENDED))?;
        Ok((all > 0).then(|| n as f64 / all as f64))
    }

    fn intents(&self) -> Result<PatternPage> {
        let mut page = self.page("ended", ENDED)?;
        let names = self.store.intent_names()?;
        let mut all: Vec<String> =
            names.all().filter(|&i| names.today(i) == i).map(|i| quoted_name(&names.name(i))).collect();
        all.extend(["fallback".to_owned(), "none".to_owned()]);
        for name in all {
            let what = format!("intent:{name}");
            let Some(line) = self.line(&name, &format!("{what} {ENDED}"), page.whole.1)? else { continue };
            let outcomes = self.outcomes(&what)?;
            let failing = Rate::new(outcomes[1] + outcomes[2], outcomes.iter().sum());
            let csat = self.csat(&what)?;
            let opportunity = (page.whole.1 > 0).then(|| failing.num as f64 / page.whole.1 as f64);
            page.lines.push(PatternLine {
                outcomes: Some(outcomes),
                failing: Some(failing),
                csat,
                opportunity,
                ..line
            });
        }
        page.lines.sort_by(|a, b| {
            let failing = |l: &PatternLine| l.failing.map_or(0, |f| f.num);
            failing(b).cmp(&failing(a)).then(a.name.cmp(&b.name))
        });
        Ok(page)
    }

    fn outcomes(&self, what: &str) -> Result<[u64; 4]> {
        let of = |o: Outcome| self.count(&self.query(&format!("{what} outcome:{}", o.name())));
        Ok([of(Outcome::Resolved)?, of(Outcome::Escalated)?, of(Outcome::Failed)?, of(Outcome::Abandoned)?])
    }

    fn csat(&self, what: &str) -> Result<Option<Rate>> {
        let rated = self.count(&self.query(&format!("{what} {ENDED} csat>=1")))?;
        let good = self.count(&self.query(&format!("{what} {ENDED} csat>=3.5")))?;
        Ok((rated > 0).then(|| Rate::new(good, rated)))
    }

    fn confused(&self) -> Result<PatternPage> {
        let mut page = self.page("were taken for something else", "is:mismatch")?;
        let names = self.store.intent_names()?;
        let since = self.store.when(When::Days(self.days), self.now)?;
        for (column, key) in [("label", "label"), ("suggested", "suggested")] {
            let sql = format!(
                "SELECT intent, {column}, count(*) FROM conversation WHERE intent <> {column} AND last_at BETWEEN ? AND ? AND traffic = 1
                   AND fallback = 0 AND ('{column}' = 'label' OR label IS NULL) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?"
            );
            let doing = "counting who is taken for whom";
            let pairs: Vec<(i64, i64)> = self
                .store
                .conn
                .prepare_cached(&sql)
                .and_then(|mut s| {
                    s.query_map(params![since.0, ahead_of(self.now), PAIRS as i64], |r| Ok((r.get(0)?, r.get(1)?)))
                        .and_then(Iterator::collect)
                })
                .doing(doing)?;
            for (logged, meant) in pairs {
                let (logged, meant) = (names.today(IntentId(logged)), names.today(IntentId(meant)));
                if logged == meant {
                    continue;
                }
                let (logged, meant) = (names.name(logged), names.name(meant));
                let unjudged = if key == "suggested" { " label:none" } else { "" };
                let what = format!("intent:{} {key}:{}{unjudged}", quoted_name(&logged), quoted_name(&meant));
                let by = if key == "label" { "reviewers" } else { "the live release" };
                if let Some(line) = self.line(&format!("{meant} taken for {logged}, by {by}"), &what, 0)?
                    && !page.lines.iter().any(|l| l.query == line.query)
                {
                    page.lines.push(line);
                }
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }

    fn causes(&self) -> Result<PatternPage> {
        let causes: Vec<&str> = Cause::ALL.iter().map(|c| c.name()).collect();
        let mut page = self
            .page("failed or were handed over and have a cause", &format!("{FAILURES} cause:{}", causes.join(",")))?;
        for cause in Cause::ALL {
            if let Some(line) = self.line(cause.label(), &format!("{FAILURES} cause:{}", cause.name()), page.whole.1)? {
                page.lines.push(PatternLine { repaired_by: Some(cause.repairer()), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }

    /// Languages and channels whose conversations fail more, or less, than the others, the largest difference first.
    fn segments(&self) -> Result<PatternPage> {
        let mut page = self.page("ended", ENDED)?;
        let failing = self.count(&self.query(FAILURES))?;
        let mut tests: Vec<f64> = Vec::new();
        for (key, kind) in [("lang", crate::store::codes::LANGUAGE), ("channel", crate::store::codes::CHANNEL)] {
            for name in self.terms(kind)? {
                let what = format!("{key}:{}", quoted_name(&name));
                let Some(line) = self.line(&format!("{key} {name}"), &format!("{what} {ENDED}"), page.whole.1)? else {
                    continue;
                };
                let here = Rate::new(self.count(&self.query(&format!("{what} {FAILURES}")))?, line.n);
                let elsewhere = Rate::new(failing - here.num, page.whole.1 - line.n);
                let is_large = here.den >= FEWEST && elsewhere.den >= FEWEST;
                let more = is_large.then(|| Difference::between(elsewhere, here)).flatten();
                let p = more.map(|_| two_proportions(here, elsewhere));
                tests.extend(p);
                page.lines.push(PatternLine { segment: Some(Segmented { failing: here, elsewhere, more, p }), ..line });
            }
        }
        let corrected = holm(&tests);
        let mut next = corrected.iter();
        for segment in page.lines.iter_mut().filter_map(|l| l.segment.as_mut()) {
            segment.p = segment.p.and_then(|_| next.next().copied());
        }
        let size = |l: &PatternLine| l.segment.and_then(|s| s.more).map_or(0.0, |m| m.delta.abs());
        page.lines.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.name.cmp(&b.name)));
        Ok(page)
    }

    fn terms(&self, kind: i64) -> Result<Vec<String>> {
        self.store
            .conn
            .prepare_cached("SELECT text FROM term WHERE kind = ? ORDER BY text")
            .and_then(|mut s| s.query_map([kind], |r| r.get(0)).and_then(Iterator::collect))
            .doing("listing segments")
    }

    fn handovers(&self) -> Result<PatternPage> {
        let mut page = self.page("were handed over", "outcome:escalated")?;
        let whole = page.whole.1;
        for pattern in self.store.patterns()?.iter().filter(|p| p.kind == PatternKind::Person) {
            page.lines.extend(self.line(
                "right: a person was asked for at once",
                &format!("outcome:escalated cluster:{}", pattern.id),
                whole,
            )?);
        }
        page.lines.extend(self.line("after the AI did not understand", "outcome:escalated intent:fallback", whole)?);
        for cause in Cause::ALL {
            let name = match cause {
                Cause::Handoff => "late, missed, or asked for: reviewers say handoff".to_owned(),
                other if other.repair() == crate::domain::Repair::Training => {
                    format!("avoidable by fine-tuning: {}", other.label())
                }
                other => format!("avoidable by others: {}", other.label()),
            };
            let what = format!("outcome:escalated cause:{}", cause.name());
            if let Some(line) = self.line(&name, &what, whole)? {
                page.lines.push(PatternLine { repaired_by: Some(cause.repairer()), ..line });
            }
        }
        Ok(page)
    }

    fn returned(&self) -> Result<PatternPage> {
        let mut page = self.page("were resolved, and the customer came back within seven days", "is:zombie")?;
        let names = self.store.intent_names()?;
        for intent in names.all().filter(|&i| names.today(i) == i) {
            let name = names.name(intent);
            let what = format!("is:zombie intent:{}", quoted_name(&name));
            if let Some(line) = self.line(&name, &what, page.whole.1)? {
                let resolved = self.count(&self.query(&format!("outcome:resolved intent:{}", quoted_name(&name))))?;
                page.lines.push(PatternLine { failing: Some(Rate::new(line.n, resolved.max(line.n))), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        Ok(page)
    }
}

/// The two-sided p-value of two rates being one (pooled z test, as `statsmodels.stats.proportion.proportions_ztest`).
fn two_proportions(a: Rate, b: Rate) -> f64 {
    let pooled = (a.num + b.num) as f64 / (a.den + b.den) as f64;
    let se = (pooled * (1.0 - pooled) * (1.0 / a.den as f64 + 1.0 / b.den as f64)).sqrt();
    let delta = a.value().unwrap_or_default() - b.value().unwrap_or_default();
    if se == 0.0 { 1.0 } else { crate::learn::judge::stats::two_sided(delta / se) }
}

fn holm(p: &[f64]) -> Vec<f64> {
    crate::learn::judge::stats::holm(p)
}
