//! Reading the figures that a report is made of.

use super::content::*;
use super::numbers::count;
use super::stats::stats_value;
use super::words::{headline, missing, shown};
use crate::domain::{PatternView, PeriodName, QueryMoment, Rate, Reporter, Timestamp, Zone, is_repairer};
use crate::jobs::{ChangeBy, ChangeOptions, ChangeReport, JobError, change};
use crate::store::{
    ActionRow, LiveOrigin, OverviewPage, PatternPage, Period, PeriodBasis, Promotion, SegmentBy, Store, StoreError,
    StoreStats,
};

/// What fails is counted over so many days.
const FOUR_WEEKS: i64 = 28;
/// Lines of a list.
const LISTED: usize = 12;
/// Releases that are listed, the newest.
const RELEASES: usize = 20;
/// Steps that are proposed for what fails.
const STEPS: usize = 5;

/// Rates as people read them, in their order.
const RATES: [(&str, &str, &str); 12] = [
    ("resolution", "Resolved by the AI", "finished conversations"),
    ("resolution_confirmed", "of these the customer said so", "finished conversations"),
    ("resolution_assumed", "of these the customer asked no more", "finished conversations"),
    ("durable_resolution", "Resolved, and did not come back in 7 days", "resolutions 7 days old"),
    ("escalation", "Handed to a person", "finished conversations"),
    ("failure", "Failed", "finished conversations"),
    ("abandonment", "The customer gave up", "finished conversations"),
    ("reopen", "Came back on the same matter", "resolutions"),
    ("fallback", "Not understood", "customers' turns"),
    ("csat", "Satisfied: 4 or 5 of 5", "ratings"),
    ("csat_response", "Rated at all", "finished conversations"),
    ("unknown", "Nobody knows how it ended", "conversations"),
];

/// What a report is made with.
#[derive(Clone, Debug)]
pub struct ReportOptions {
    /// Now.
    pub now: Timestamp,
    /// Seed of intervals.
    pub seed: u64,
    /// Do not mask addresses and numbers in what people wrote.
    pub reveal: bool,
    /// What an hour of review costs, where that is known.
    pub hourly: Option<f64>,
}

/// Reads the figures.
///
/// # Errors
/// The store cannot be read; cancelled.
pub fn gather(store: &Store, options: &ReportOptions, reporter: &dyn Reporter) -> Result<Report, JobError> {
    reporter.step("read the figures", 0, 0)?;
    let page = store.figures().overview(options.now)?;
    let zone = page.zone;
    let since = (page.basis != PeriodBasis::All).then_some(QueryMoment::Days(7));
    let stats = store.figures().stats(since, SegmentBy::Week, None, options.now)?;
    reporter.step("read what failed", 0, 0)?;
    let patterns = store.figures().patterns(PatternView::Failed, FOUR_WEEKS, options.now)?;
    let has_patterns = patterns.lines.iter().any(|l| l.kind.is_some());
    let show = |words: &str| shown(words, options.reveal);
    let failures = failures(&page, &patterns, &show);
    let changes = changes(store, options, &page, &show, reporter)?;
    let has_intents = store.figures().frame()?.intents > 0;
    let needs_customers = stats.needs.contains_key("durable_resolution") && page.this.n() > 0;
    let name = store.path().file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(Report {
        made_by: format!("appraise {}", env!("CARGO_PKG_VERSION")),
        made_at: zone.stamp(options.now),
        store: show(&name),
        zone: zone.to_string(),
        masked: !options.reveal,
        headline: headline(&page),
        whom: page.holds.whom(),
        day_one: page.day_one.filter(|d| !d.overlaps(&page.this)).map(|d| period("day one", &d, zone)),
        before: page.last.filter(|l| l.n() > 0).map(|l| period("the 7 days before", &l, zone)),
        now: now(&page),
        rates: rates(&stats),
        stats: stats_value(&stats, SegmentBy::Week).map_err(|e| StoreError::refused(e.to_string()))?,
        stayed: store.figures().durable(QueryMoment::Days(7), options.now)?.map(|d| d.stayed).unwrap_or_default(),
        weeks: weeks(&page),
        steps: steps(store, options.now, &failures, &show)?,
        failures,
        releases: releases(store, zone, &page.promotions, &show)?,
        changes,
        ceiling: ceiling(&page),
        cost: cost(store, options)?,
        missing: missing(&page, has_intents, has_patterns, needs_customers),
        notes: notes(&page),
    })
}

fn period(name: &str, p: &Period, zone: Zone) -> ReportPeriod {
    ReportPeriod {
        name: name.to_owned(),
        first: Some(zone.date(Timestamp(p.from))),
        last: Some(zone.date(Timestamp(p.to - 1))),
        n: p.n(),
        resolved: p.resolved,
        confirmed: p.confirmed,
        escalated: p.escalated,
        failed: p.failed,
        abandoned: p.abandoned,
        unknown: p.unknown,
        resolution: p.rate(p.resolved),
    }
}

fn now(page: &OverviewPage) -> ReportPeriod {
    match page.basis {
        PeriodBasis::All => ReportPeriod { first: None, last: None, ..period("all of the log", &page.this, page.zone) },
        PeriodBasis::Week | PeriodBasis::OldWeek => period(page.basis.words(), &page.this, page.zone),
    }
}

fn rates(stats: &StoreStats) -> Vec<NamedRate> {
    let one = |(key, name, of): &(&'static str, &'static str, &'static str)| {
        let (rate, needs) = (stats.all.rates.get(key).copied(), stats.needs.get(key).copied());
        let known = rate.is_some_and(|r| r.den > 0) || needs.is_some();
        known.then_some(NamedRate { key, name, of, rate, needs })
    };
    RATES.iter().filter_map(one).collect()
}

fn weeks(page: &OverviewPage) -> Vec<ReportWeek> {
    let week = |w: &crate::store::WeekPoint| ReportWeek {
        week: page.zone.iso_week(w.monday),
        monday: page.zone.date(w.monday),
        at: w.monday.0,
        resolution: Rate::new(w.resolved, w.n),
    };
    page.weeks.iter().map(week).collect()
}

fn failures(page: &OverviewPage, found: &PatternPage, show: &dyn Fn(&str) -> String) -> Failures {
    let repair = &page.repair;
    let of = found.whole.1;
    let patterns = found.lines.iter().take(LISTED).map(|l| ReportPattern {
        name: show(&l.name),
        n: l.n,
        of,
        trend: l.trend.clone(),
        before: l.before,
        new: l.new,
        example: l.example.as_deref().map(show),
        repaired_by: l.repaired_by.map(str::to_owned),
        query: show(&l.query),
    });
    let causes: Vec<ReportCause> = repair
        .causes()
        .iter()
        .map(|(c, n)| ReportCause { name: c.label(), meaning: c.meaning(), n: *n, repaired_by: c.repairer() })
        .collect();
    let intents = repair.failing.iter().take(LISTED).map(|f| FailingIntent {
        name: f.intent.as_deref().map_or_else(|| "no intent".to_owned(), show),
        failures: f.failures(),
        n: page.this.one_kind.is_none().then_some(f.n),
    });
    let times = match repair.from {
        Some(from) => format!("in four weeks, from {}", page.zone.date(Timestamp(from))),
        None => "in all of the log".to_owned(),
    };
    Failures {
        times,
        failed: repair.failures,
        of: repair.n,
        patterns: patterns.collect(),
        reviewed: causes.iter().map(|c| c.n).sum(),
        causes,
        intents: intents.collect(),
    }
}

fn releases(
    store: &Store,
    zone: Zone,
    went_live: &[Promotion],
    show: &dyn Fn(&str) -> String,
) -> Result<Vec<ReportRelease>, JobError> {
    let known = store.releases()?;
    let spans = store.live_history()?;
    let late = spans.len().saturating_sub(RELEASES);
    let one = |span: &crate::store::LiveSpan| {
        let row = known.iter().find(|r| r.release == span.release);
        ReportRelease {
            release: format!("v{}", span.release.0),
            day: zone.date(span.from),
            at: span.from.0,
            answered: went_live.iter().any(|p| p.at == span.from),
            rolled_back: span.how == LiveOrigin::RolledBack,
            by: show(&span.by),
            reason: span.reason.as_deref().map(show),
            verdict: row.and_then(|r| r.verdict.or(r.learned.as_ref().map(|(_, judged)| *judged))),
            accuracy: row.and_then(|r| Some((r.accuracy?, r.sealed))),
        }
    };
    Ok(spans[late..].iter().map(one).collect())
}

/// By intent, language and channel, as far as there are any; from day one, else from the week before.
fn changes(
    store: &Store,
    options: &ReportOptions,
    page: &OverviewPage,
    show: &dyn Fn(&str) -> String,
    reporter: &dyn Reporter,
) -> Result<Vec<ChangeReport>, JobError> {
    let from = match (page.day_one, page.last) {
        (Some(d), _) if !d.overlaps(&page.this) => PeriodName::DayOne,
        (_, Some(l)) if l.n() > 0 => PeriodName::Before,
        _ => return Ok(Vec::new()),
    };
    let mut out: Vec<ChangeReport> = Vec::new();
    for by in ChangeBy::ALL {
        let asked =
            ChangeOptions { from, to: PeriodName::Last, by, release: None, seed: options.seed, now: options.now };
        match change(store, &asked, reporter) {
            // One stratum tells nothing apart, but it tells the change where there is nothing else.
            Ok(found) if out.iter().any(|c| c.by == found.by) || (found.parts.len() < 2 && by != ChangeBy::Channel) => {
            }
            Ok(found) if found.parts.len() < 2 && !out.is_empty() => {}
            Ok(mut found) => {
                found.parts.iter_mut().for_each(|p| p.name = show(&p.name));
                found.most = found.most.as_deref().map(show);
                found.notes.iter_mut().for_each(|words| *words = show(words));
                out.push(found);
            }
            Err(JobError::Cancelled) => return Err(JobError::Cancelled),
            // A period without stored conversations, or a release that cannot be read here: the rest is told all the same.
            Err(_) => {}
        }
    }
    Ok(out)
}

fn ceiling(page: &OverviewPage) -> Option<Ceiling> {
    let now = page.repair.windows.last().filter(|w| w.n() > 0)?;
    let before = page.repair.before().map(|(w, rate)| (page.zone.date(Timestamp(w.to - 1)), rate));
    Some(Ceiling { now: now.ceiling(), reviewed: now.n(), before })
}

fn cost(store: &Store, options: &ReportOptions) -> Result<Option<Cost>, JobError> {
    let pace = store.pace()?;
    if pace.decisions == 0 {
        return Ok(None);
    }
    let hours = pace.seconds.map(|s| s * pace.decisions as f64 / 3_600.0);
    let money = hours.zip(options.hourly).map(|(h, m)| h * m);
    Ok(Some(Cost { decisions: pace.decisions, seconds: pace.seconds, hours, money }))
}

fn steps(
    store: &Store,
    now: Timestamp,
    failures: &Failures,
    show: &dyn Fn(&str) -> String,
) -> Result<Vec<Step>, JobError> {
    // What somebody has already comes first, with whoever has it; the rest is for those who could repair it.
    let given: Vec<ActionRow> = store.actions(now)?.into_iter().filter(|a| a.done_at.is_none()).collect();
    let names: Vec<String> = given.iter().map(|a| show(&a.name)).collect();
    let size = |name: &str| failures.patterns.iter().find(|p| p.name == name).map(|p| (p.n, p.of));
    let of_action = |(a, name): (&ActionRow, &String)| Step {
        what: a.note.as_deref().map_or_else(|| name.clone(), |note| format!("{name}: {}", show(note))),
        owner: show(&a.owner),
        n: size(name),
        note: a.due.as_ref().map(|due| format!("{} {due}", if a.is_overdue { "overdue" } else { "due" })),
    };
    let mut out: Vec<Step> = given.iter().zip(&names).map(of_action).take(STEPS).collect();
    let of_pattern = |p: &ReportPattern| {
        if names.contains(&p.name) {
            return None;
        }
        let owner = p.repaired_by.clone().filter(|by| is_repairer(by))?;
        Some(Step { what: p.name.clone(), owner, n: Some((p.n, p.of)), note: p.new.then(|| "new".to_owned()) })
    };
    out.extend(failures.patterns.iter().filter_map(of_pattern).take(STEPS));
    let frame = store.figures().frame()?;
    if frame.open > 0 {
        let what = "failures wait for somebody to look at them: appraise, then r".to_owned();
        out.push(Step { what, owner: "reviewers".to_owned(), n: Some((frame.open, frame.failures)), note: None });
    }
    if frame.new_labels > 0 {
        let what = "labels are new since the newest release: appraise finetune".to_owned();
        out.push(Step {
            what,
            owner: "whoever trains".to_owned(),
            n: Some((frame.new_labels, frame.examples)),
            note: None,
        });
    }
    Ok(out)
}

fn notes(page: &OverviewPage) -> Vec<String> {
    let mut out = vec![
        "Counted are finished conversations in which the AI took part and of which it is known how they ended; test traffic is left out."
            .to_owned(),
        "Intervals hold the true value 19 times in 20. A difference whose interval holds 0 is called \"cannot tell\".".to_owned(),
        "What got better or worse is association: what else happened in that time cannot be told apart from it.".to_owned(),
    ];
    if page.basis == PeriodBasis::OldWeek {
        out.push("The log ended earlier than this report was made: the newest 7 days are its last.".to_owned());
    }
    out.extend(page.holds.mostly_one_customers(count));
    out
}
