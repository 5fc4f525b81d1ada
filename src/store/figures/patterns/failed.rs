//! What failed alike, and what was handed over.

use super::listed::{ENDED, FAILURES, FORTNIGHTS, Listed, NOT_RIGHT};
use super::types::{PatternLine, PatternPage};
use crate::base::counted::{count, counted};
use crate::domain::{Cause, PatternKind, QueryMoment, Repair};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ESCALATED, FAILED};
use crate::store::patterns::{PATTERNS_FOUND, PATTERNS_UP_TO};
use crate::store::{DoingWhat, Result};
use rusqlite::params;
use std::collections::BTreeMap;

/// What came before a period.
#[derive(Clone, Copy)]
struct Earlier {
    /// N of all that time.
    ended: u64,
    /// The log reaches back over a whole period, as long.
    is_whole: bool,
}

/// The failures of a pattern over time.
#[derive(Clone, Debug, Default)]
struct Trend {
    pattern: i64,
    /// Each of the last thirteen fortnights, the oldest first.
    fortnights: Vec<Option<u64>>,
    /// The period before this one, as long.
    before: u64,
    /// What is older still.
    earlier: u64,
}

/// Of a period: what failed or was handed over, of this rightly, N, and what failed and was not right by pattern.
struct KeptCounts {
    failures: u64,
    right: u64,
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
        const WHOLE: &str = "failed or were handed over";
        let kept = if self.over_time { None } else { self.kept_counts()? };
        let mut page = match &kept {
            Some(kept) => self.page_of(WHOLE, FAILURES, kept.failures),
            None => self.page(WHOLE, FAILURES)?,
        };
        let patterns = self.store.patterns()?;
        let names = self.store.intent_names()?;
        let trends = self.trends()?;
        let before = self.earlier()?;
        let all = kept.as_ref().map_or_else(|| self.count(&self.query(ENDED)), |kept| Ok(kept.ended))?;
        // What a query finds, counted before where that is kept.
        let line = |name: &str, what: &str, n: Option<u64>| match n {
            Some(n) => Ok(self.line_of(name, what, n, page.whole.1)),
            None => self.line(name, what, page.whole.1),
        };
        let mut lines = Vec::new();
        for pattern in &patterns {
            let what = format!("cluster:{} {FAILURES} {NOT_RIGHT}", pattern.id);
            let n = kept.as_ref().map(|kept| kept.of(pattern.id));
            let Some(line) = line(&pattern.name, &what, n)? else { continue };
            let mut over_time = trends.iter().find(|t| t.pattern == pattern.id).cloned().unwrap_or_default();
            let trend = std::mem::take(&mut over_time.fortnights);
            let is_unseen = over_time.before + over_time.earlier == 0;
            // What reviewers call right stands in a line of its own.
            let causes: Vec<_> = pattern.causes.iter().copied().filter(|c| c.0.is_failure()).collect();
            let line = PatternLine {
                kind: Some(pattern.kind),
                before: before.filter(|b| b.is_whole).map(|_| over_time.before),
                new: is_unseen && before.is_some_and(|b| self.would_have_been_seen(line.n, (all, b.ended))),
                trend,
                example: pattern.examples.first().cloned(),
                more_examples: pattern.examples.iter().skip(1).cloned().collect(),
                intents: pattern.intents.iter().take(5).map(|&(i, n)| (names.name(names.today(i)), n)).collect(),
                repaired_by: Some(pattern.kind.repaired_by(&causes)),
                causes,
                evidence: pattern.evidence,
                ..line
            };
            let is_told = all > 0 && self.one_kind.is_none();
            let worth = (is_told && line.kind != Some(PatternKind::Person)).then(|| line.n as f64 / all as f64);
            lines.push(PatternLine { opportunity: worth, ..line });
        }
        // What was rightly handed over is no failure: it stays in the list, below what failed (rule 44).
        let right = format!("{FAILURES} cause:{}", Cause::RightHandover.name());
        let right = line("right hand-overs, as reviewers say", &right, kept.as_ref().map(|k| k.right))?;
        page.handed.0 = right.as_ref().map_or(0, |l| l.n);
        let repaired_by = Some(Cause::RightHandover.repairer());
        lines.extend(right.map(|l| PatternLine { repaired_by, ..l }));
        lines.sort_by(|a, b| a.is_aside().cmp(&b.is_aside()).then(b.n.cmp(&a.n)).then(a.query.cmp(&b.query)));
        let none = match patterns.is_empty() {
            true => format!("{FAILURES} {NOT_RIGHT}"),
            false => {
                let ids: Vec<String> = patterns.iter().map(|p| p.id.to_string()).collect();
                format!("{FAILURES} {NOT_RIGHT} -cluster:{}", ids.join(","))
            }
        };
        let others = kept
            .as_ref()
            .map(|k| k.failures.saturating_sub(k.right + patterns.iter().map(|p| k.of(p.id)).sum::<u64>()));
        lines.extend(line("all others", &none, others)?);
        page.lines = lines;
        if self.over_time {
            page.handed.1 = match patterns.iter().find(|p| p.kind == PatternKind::Person) {
                Some(person) => self.count(&self.query(&unreviewed(FAILURES, person.id)))?,
                None => 0,
            };
            self.say_what_is_not_told(&mut page)?;
        }
        Ok(page)
    }

    /// Says why there is no pattern.
    fn say_what_is_not_told(&self, page: &mut PatternPage) -> Result<()> {
        const FEW: u64 = 30;
        let n = page.whole.1;
        if n == 0 {
            page.nothing = Some(self.nothing(page.whole.0)?);
        } else if self.store.setting(PATTERNS_FOUND)?.is_none() {
            page.note = Some("Nobody has looked for patterns yet: t does, and `appraise patterns`.".to_owned());
        } else if page.lines.iter().all(PatternLine::is_aside) {
            let ended = self.count(&self.query(ENDED))?;
            page.note = Some(if n == ended && n == 1 {
                "It failed: what goes with failing cannot be told without some that did not.".to_owned()
            } else if n == ended {
                format!(
                    "All {} that ended failed: what goes with failing cannot be told without some that did not.",
                    count(n)
                )
            } else if n < FEW {
                let failures = counted(n, "failure is", "failures are");
                format!("{failures} too few to tell what goes with them: from about {FEW} on.")
            } else {
                "No answer, no error and no request goes with failing clearly more than the rest does.".to_owned()
            });
        } else if let came @ 1.. = self.came_since()? {
            let came = counted(came, "failure has", "failures have");
            let why = "no pattern holds them before somebody looks again: t does, and `appraise patterns`.";
            page.note = Some(format!("{came} come since patterns were looked for: {why}"));
        }
        Ok(())
    }

    /// Failures of the period that were first imported after patterns were looked for last.
    fn came_since(&self) -> Result<u64> {
        let seen = self.store.setting(PATTERNS_UP_TO)?.and_then(|n| n.parse::<i64>().ok());
        let Some(seen) = seen else { return Ok(0) };
        let sql = "SELECT count(*) FROM conversation c WHERE c.id > ? AND c.outcome IN (?, ?) AND c.traffic = 1 AND c.has_ai = 1
            AND c.cause IS NOT ? AND coalesce(c.last_at, 0) >= ? AND coalesce(c.last_at, 0) < ?";
        let right = Cause::RightHandover.code();
        let p = params![seen, FAILED, ESCALATED, right, self.from()?, ahead_of(self.now)];
        self.store
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row(p, |r| r.get(0)))
            .doing("counting what came since patterns were looked for")
    }

    /// N before this period; `None` of a log without times, and where nothing is told over time.
    fn earlier(&self) -> Result<Option<Earlier>> {
        let Some(length) = self.days.filter(|_| self.over_time) else { return Ok(None) };
        let (basis, from) = (self.store.day_basis()?, self.from()?);
        let days = self.store.counted_days(&basis)?;
        let Some(period) = days.day_range(&basis, from, i64::MAX) else { return Ok(None) };
        let past = days.finished(&(i32::MIN..period.start));
        let first = past.keys().next().map_or(i64::MAX, |&day| i64::from(day));
        let is_whole = first <= i64::from(period.start) - length;
        Ok(Some(Earlier { ended: past.values().sum(), is_whole }))
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
            let [resolved, _, escalated, failed, abandoned, ..] = days.ends(&range);
            let failures = escalated + failed;
            let not_right: u64 =
                days.matters(&range).values().map(|[_, _, failed, escalated]| failed + escalated).sum();
            KeptCounts {
                failures,
                right: failures.saturating_sub(not_right),
                ended: failures + resolved + abandoned,
                by_pattern: days.in_patterns(&range),
            }
        }))
    }

    /// Of each pattern: its failures in each of the last thirteen fortnights, in the period before this one, and before that; nothing
    /// of a log without times.
    fn trends(&self) -> Result<Vec<Trend>> {
        let doing = "counting patterns over time";
        let Some(days) = self.days.filter(|_| self.over_time) else { return Ok(Vec::new()) };
        let edge = |days: i64| self.store.when(QueryMoment::Days(days), self.now).map(|t| t.0);
        let mut edges = self.fortnights()?;
        let none = self.since_it_began(vec![0; FORTNIGHTS as usize], &edges)?;
        edges.push(ahead_of(self.now));
        let (this, before) = (edge(days)?, edge(2 * days)?);
        let mut s = self
            .store
            .conn
            .prepare_cached(
                "SELECT i.pattern, c.last_at FROM pattern_item i JOIN conversation c ON c.id = i.conversation
                 WHERE c.outcome IN (?, ?) AND c.traffic = 1 AND c.has_ai = 1 AND c.cause IS NOT ? AND c.last_at < ?
                 ORDER BY i.pattern",
            )
            .doing(doing)?;
        let rows = s
            .query_map(params![FAILED, ESCALATED, Cause::RightHandover.code(), ahead_of(self.now)], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?))
            })
            .doing(doing)?;
        let mut out: Vec<Trend> = Vec::new();
        for row in rows {
            let (pattern, at) = row.doing(doing)?;
            if out.last().is_none_or(|l| l.pattern != pattern) {
                out.push(Trend { pattern, fortnights: none.clone(), ..Trend::default() });
            }
            let Some(line) = out.last_mut() else { continue };
            let place = edges.partition_point(|&e| e <= at);
            if let Some(Some(n)) = place.checked_sub(1).and_then(|at| line.fortnights.get_mut(at)) {
                *n += 1;
            }
            line.before += u64::from((before..this).contains(&at));
            line.earlier += u64::from(at < before);
        }
        Ok(out)
    }

    /// Hand-overs by what reviewers say of each, and what nobody has reviewed by what is known of it: each in one line.
    pub(super) fn handovers(&self) -> Result<PatternPage> {
        const HANDED_OVER: &str = "outcome:escalated is:counted";
        let mut page = self.page("were handed over", HANDED_OVER)?;
        let whole = page.whole.1;
        for cause in Cause::ALL {
            let name = match cause {
                Cause::RightHandover => "right: reviewers say so".to_owned(),
                Cause::Handoff => "late, or for nothing: reviewers say handoff".to_owned(),
                other if other.repair() == Repair::Training => format!("{}: avoidable by fine-tuning", other.label()),
                other => format!("{}: avoidable by others", other.label()),
            };
            let what = format!("{HANDED_OVER} cause:{}", cause.name());
            if let Some(line) = self.line(&name, &what, whole)? {
                page.lines.push(PatternLine { repaired_by: Some(cause.repairer()), ..line });
            }
        }
        page.lines.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        let mut rest = format!("{HANDED_OVER} -cause:{}", named(Cause::ALL));
        let not_known = Some(PatternKind::Person.repaired_by(&[]));
        let patterns = self.store.patterns()?;
        // What the AI offered and what was asked for are told apart; what is in none of them comes last.
        for (kind, name) in [
            (PatternKind::Person, "a person was asked for at once: not reviewed"),
            (PatternKind::PersonOffered, "the AI offered a person: not reviewed"),
            (PatternKind::PersonLater, "asked for after an answer: not reviewed"),
        ] {
            let Some(id) = patterns.iter().find(|p| p.kind == kind).map(|p| p.id) else { continue };
            let line = self.line(name, &format!("{rest} cluster:{id}"), whole)?;
            page.lines.extend(line.map(|l| PatternLine { repaired_by: not_known, ..l }));
            rest = format!("{rest} -cluster:{id}");
        }
        page.lines.extend(self.line(
            "the AI did not understand: not reviewed",
            &format!("{rest} intent:fallback"),
            whole,
        )?);
        page.lines.extend(self.line("all others: not reviewed", &format!("{rest} -intent:fallback"), whole)?);
        // Who should have been handed over and was not is none of those who were: it has no share of them.
        let missed = format!("outcome:failed,abandoned {ENDED} cause:{}", Cause::Handoff.name());
        if let Some(line) = self.line("missed: nobody took over, reviewers say handoff", &missed, 0)? {
            page.lines.push(PatternLine { repaired_by: Some(Cause::Handoff.repairer()), ..line });
            page.note = Some("Missed ones come last: they were not handed over, so they have no share.".to_owned());
        }
        if page.lines.is_empty() {
            page.nothing = Some(self.nothing("were handed over")?);
        }
        Ok(page)
    }
}

/// Of a pattern, what nobody has said a cause of.
pub(super) fn unreviewed(what: &str, pattern: i64) -> String {
    format!("{what} cluster:{pattern} -cause:{}", named(Cause::ALL))
}

/// Causes as a query names them.
pub(super) fn named(causes: &[Cause]) -> String {
    causes.iter().map(|c| c.name()).collect::<Vec<_>>().join(",")
}
