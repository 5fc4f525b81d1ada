//! What failed alike, and what was handed over.

use super::listed::{ENDED, FAILURES, FORTNIGHTS, Listed};
use super::types::{PatternLine, PatternPage};
use crate::domain::{Cause, Outcome, PatternKind, QueryMoment, Repair};
use crate::store::base::clock::ahead_of;
use crate::store::{DoingWhat, Result};
use rusqlite::params;
use std::collections::BTreeMap;

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

/// Of a period: what failed or was handed over, all that ended, and the former by pattern.
struct KeptCounts {
    failures: u64,
    ended: u64,
    by_pattern: BTreeMap<u32, [u64; 1]>,
}

impl KeptCounts {
    fn of(&self, pattern: i64) -> u64 {
        u32::try_from(pattern).ok().and_then(|p| self.by_pattern.get(&p)).map_or(0, |[n]| *n)
    }
}

impl Listed<'_> {
    pub(super) fn failed(&self) -> Result<PatternPage> {
        let kept = if self.over_time { None } else { self.kept_counts()? };
        let mut page = match &kept {
            Some(kept) => self.page_of("failed or were handed over", FAILURES, kept.failures),
            None => self.page("failed or were handed over", FAILURES)?,
        };
        let patterns = self.store.patterns()?;
        let names = self.store.intent_names()?;
        let trends = self.trends()?;
        let all = kept.as_ref().map_or_else(|| self.count(&self.query(ENDED)), |kept| Ok(kept.ended))?;
        // What a query finds, counted before where that is kept.
        let line = |name: &str, what: &str, n: Option<u64>| match n {
            Some(n) => Ok(self.line_of(name, what, n, page.whole.1)),
            None => self.line(name, what, page.whole.1),
        };
        let mut lines = Vec::new();
        for pattern in &patterns {
            let what = format!("cluster:{} {FAILURES}", pattern.id);
            let n = kept.as_ref().map(|kept| kept.of(pattern.id));
            let Some(line) = line(&pattern.name, &what, n)? else { continue };
            let over_time = trends.iter().find(|t| t.pattern == pattern.id).cloned().unwrap_or_default();
            lines.push(PatternLine {
                kind: Some(pattern.kind),
                before: self.days.filter(|_| self.over_time).map(|_| over_time.before),
                new: self.days.is_some() && self.over_time && over_time.before + over_time.earlier == 0,
                trend: over_time.fortnights,
                example: pattern.example.clone(),
                intents: pattern.intents.iter().take(5).map(|&(i, n)| (names.name(names.today(i)), n)).collect(),
                causes: pattern.causes.clone(),
                repaired_by: Some(pattern.kind.repaired_by(&pattern.causes)),
                opportunity: (all > 0).then(|| line.n as f64 / all as f64),
                ..line
            });
        }
        // What was rightly handed over is no failure: it stays in the list, below what failed (rule 44).
        lines.sort_by(|a, b| a.is_right().cmp(&b.is_right()).then(b.n.cmp(&a.n)).then(a.query.cmp(&b.query)));
        let none = match patterns.is_empty() {
            true => FAILURES.to_owned(),
            false => {
                let ids: Vec<String> = patterns.iter().map(|p| p.id.to_string()).collect();
                format!("{FAILURES} -cluster:{}", ids.join(","))
            }
        };
        let others =
            kept.as_ref().map(|kept| kept.failures.saturating_sub(patterns.iter().map(|p| kept.of(p.id)).sum()));
        lines.extend(line("all others", &none, others)?);
        page.lines = lines;
        Ok(page)
    }

    /// Counts of the period that are kept; `None` where only the rows can tell.
    fn kept_counts(&self) -> Result<Option<KeptCounts>> {
        let basis = self.store.day_basis()?;
        // Before the columns are held: who reads them meanwhile would copy them.
        let from = self.from()?;
        let days = self.store.counted_days(&basis)?;
        let range = match self.days {
            Some(_) => days.day_range(&basis, from, ahead_of(self.now)),
            None => Some(i32::MIN..i32::MAX),
        };
        Ok(range.map(|range| {
            let [failures, ended] = days.all_ends(&range);
            KeptCounts { failures, ended, by_pattern: days.in_patterns(&range) }
        }))
    }

    /// Of each pattern: its failures in each of the last thirteen fortnights, in the period before this one, and before that; nothing
    /// of a log without times.
    fn trends(&self) -> Result<Vec<Trend>> {
        let doing = "counting patterns over time";
        let Some(days) = self.days.filter(|_| self.over_time) else { return Ok(Vec::new()) };
        let edge = |days: i64| self.store.when(QueryMoment::Days(days), self.now).map(|t| t.0);
        let mut edges: Vec<i64> = (1..=FORTNIGHTS).rev().map(|n| edge(n * 14)).collect::<Result<_>>()?;
        edges.push(ahead_of(self.now));
        let (this, before) = (edge(days)?, edge(2 * days)?);
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

    /// Hand-overs by what reviewers say of each, and what nobody has reviewed by what is known of it: each in one line.
    pub(super) fn handovers(&self) -> Result<PatternPage> {
        let mut page = self.page("were handed over", "outcome:escalated")?;
        let whole = page.whole.1;
        for cause in Cause::ALL {
            let name = match cause {
                Cause::RightHandover => "right: reviewers say so".to_owned(),
                Cause::Handoff => "late, missed, or asked for: reviewers say handoff".to_owned(),
                other if other.repair() == Repair::Training => format!("avoidable by fine-tuning: {}", other.label()),
                other => format!("avoidable by others: {}", other.label()),
            };
            let what = format!("outcome:escalated cause:{}", cause.name());
            if let Some(line) = self.line(&name, &what, whole)? {
                page.lines.push(PatternLine { repaired_by: Some(cause.repairer()), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        let unreviewed = format!("outcome:escalated -cause:{}", named(Cause::ALL));
        let at_once = self.store.patterns()?.iter().find(|p| p.kind == PatternKind::Person).map(|p| p.id);
        let (is_at_once, is_not) = match at_once {
            Some(id) => (Some(format!("{unreviewed} cluster:{id}")), format!("{unreviewed} -cluster:{id}")),
            None => (None, unreviewed),
        };
        if let Some(what) = is_at_once {
            let line = self.line("not reviewed: a person was asked for at once", &what, whole)?;
            page.lines.extend(line.map(|l| PatternLine { repaired_by: Some(Cause::RightHandover.repairer()), ..l }));
        }
        let what = format!("{is_not} intent:fallback");
        page.lines.extend(self.line("not reviewed: the AI did not understand", &what, whole)?);
        page.lines.extend(self.line("not reviewed: all others", &format!("{is_not} -intent:fallback"), whole)?);
        Ok(page)
    }
}

/// Causes as a query names them.
pub(super) fn named(causes: &[Cause]) -> String {
    causes.iter().map(|c| c.name()).collect::<Vec<_>>().join(",")
}
