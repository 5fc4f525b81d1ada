//! The parts of the page, in the order in which they are read.

use super::chart;
use super::content::*;
use super::numbers::{count, interval, of, of_hundred, percent, points};
use crate::domain::{Rate, RateMovement, StayedPoint, Verdict};
use crate::jobs::{ChangeBy, ChangeReport, StratumPart};
use maud::{Markup, html};

/// Rows of a table of changes.
const ROWS: usize = 12;
/// What people call the four ends.
pub(super) const ENDS: [&str; 4] = ["helped", "handed to a person", "failed", "gave up"];

pub(super) fn head(r: &Report) -> Markup {
    let tone = match r.headline.moved {
        Some(RateMovement::Up) => "up",
        Some(RateMovement::Down) => "down",
        _ => "",
    };
    let sign = match r.headline.moved {
        Some(RateMovement::Up) => "▲ ",
        Some(RateMovement::Down) => "▼ ",
        _ => "",
    };
    html! {
        header {
            p { (r.store) " · " (days(&r.now)) " · " (count(r.now.n)) " finished conversations" }
            h1 { span class=(tone) { (sign) } (r.headline.says) }
            @if !r.headline.sure.is_empty() { p { (r.headline.sure) } }
        }
    }
}

/// `2026-11-16 to 2026-11-22`.
pub(super) fn days(p: &ReportPeriod) -> String {
    match (&p.first, &p.last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => p.name.clone(),
    }
}

pub(super) fn customers(r: &Report) -> Markup {
    if r.now.resolution.den == 0 {
        return html! {};
    }
    if r.is_too_few() {
        return html! {
            section class="keep" {
                h2 { "How they ended" }
                ul class="legend" {
                    @for (end, name) in ENDS.iter().enumerate() { li { (name) " " b { (of(r.now.ends()[end], r.now.n)) } } }
                }
            }
        };
    }
    let periods: Vec<&ReportPeriod> = r.day_one.iter().chain([&r.now]).collect();
    html! {
        section class="keep" {
            h2 { "100 " (r.whom) @if r.day_one.is_some() { ", then and now" } }
            p class="soft" { @for (i, p) in periods.iter().enumerate() { @if i > 0 { "; " } (p.name) ": " (days(p)) ", " (count(p.n)) " conversations" } }
            (chart::customers(&periods, r.whom))
            ul class="legend" {
                @for (end, name) in ENDS.iter().enumerate() {
                    li {
                        (chart::sample(end)) (name) " "
                        @if let Some(d) = &r.day_one { span class="soft" { (share(d, end)) " → " } }
                        b { (share(&r.now, end)) }
                        span class="soft" { " (" (of(r.now.ends()[end], r.now.n)) ")" }
                    }
                }
            }
        }
    }
}

/// How many of 100 ended so, rounded by itself as in the headline: the cells above add up to 100 instead.
pub(super) fn share(p: &ReportPeriod, end: usize) -> u64 {
    of_hundred(&Rate::new(p.ends()[end], p.n))
}

pub(super) fn trend(r: &Report) -> Markup {
    // Where the days of now have no rate, no week has one.
    if r.now.resolution.den == 0 && r.weeks.is_empty() || r.is_too_few() {
        return html! {};
    }
    html! {
        section class="keep" {
            h2 { "Helped by the AI, of 100 " (r.whom) ", by week" }
            @match chart::trend(r) {
                Some(drawn) => {
                    p class="soft" { "The band holds the true value 19 times in 20." @if r.releases.iter().any(|x| x.answered) { " ▲ a new model went live." } }
                    (drawn)
                },
                None => p class="soft" { "There are not two weeks yet: the trend begins with the second." },
            }
        }
    }
}

pub(super) fn failures(r: &Report) -> Markup {
    let f = &r.failures;
    if f.failed == 0 {
        return html! {};
    }
    let found = f.patterns.iter().any(|p| p.repaired_by.is_some());
    html! {
        section {
            h2 { "What failed, and who can repair it" }
            p class="soft" { (of(f.failed, f.of)) " failed or were handed over, " (f.times) "." }
            @if found { (patterns(f)) } @else { (failing_intents(f)) }
            @if let Some(words) = f.more_in_patterns() { p class="soft" { (words) } }
            @if !f.causes.is_empty() { div class="keep" {
                h3 { "Why, as reviewers say: " (count(f.reviewed)) " of these were reviewed" }
                table {
                    tr { th { "cause" } th class="n" { "of " (count(f.reviewed)) } th { "" } th { "who can repair it" } }
                    @for c in &f.causes {
                        tr {
                            td class="name" { (c.name) span class="quote" { (c.meaning) } }
                            td class="n" { (count(c.n)) }
                            td { (bar(c.n, f.causes[0].n)) }
                            td { (c.repaired_by) }
                        }
                    }
                }
            } }
        }
    }
}

fn patterns(f: &Failures) -> Markup {
    let most = f.patterns.iter().map(|p| p.n).max().unwrap_or(1);
    html! {
        table {
            tr { th { "what they have in common" } th class="n" { "of " (count(f.patterns.first().map_or(0, |p| p.of))) } th { "" } th { "half a year" } th { "who can repair it" } }
            @for p in &f.patterns {
                tr {
                    td class="name" {
                        (p.name) @if p.new { span class="tag" { "new" } }
                        @if let Some(said) = &p.example { span class="quote" { "“" (said) "”" } }
                    }
                    td class="n" { (count(p.n)) }
                    td { (bar(p.n, most)) }
                    td { @if !p.trend.is_empty() { (chart::sparkline(&p.trend)) } }
                    td { (p.repaired_by.as_deref().unwrap_or("")) }
                }
            }
        }
    }
}

fn failing_intents(f: &Failures) -> Markup {
    html! {
        table {
            tr { th { "intent" } th class="n" { "failed" } th { "" } th class="n" { "of its own" } }
            @for i in &f.intents {
                tr {
                    td class="name" { (i.name) }
                    td class="n" { (of(i.failures, f.failed)) }
                    td { (bar(i.failures, f.intents[0].failures)) }
                    td class="n" { @if let Some(n) = i.n { (percent((n > 0).then(|| i.failures as f64 / n as f64))) " of " (count(n)) } @else { "–" } }
                }
            }
        }
    }
}

fn bar(n: u64, most: u64) -> Markup {
    let width = 100.0 * n as f64 / most.max(1) as f64;
    html! { div class="bar" { i style=(format!("width:{width:.1}%")) {} } }
}

pub(super) fn steps(r: &Report) -> Markup {
    if r.steps.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What to do next" }
            ol class="steps" {
                @for s in &r.steps {
                    li {
                        b { (s.owner) } ": " (s.what)
                        @if let Some((n, all)) = s.n { span class="soft" { " · " (of(n, all)) } }
                        @if let Some(note) = &s.note { span class="tag" { (note) } }
                    }
                }
            }
        }
    }
}

pub(super) fn changes(r: &Report) -> Markup {
    if r.changes.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What got better or worse" }
            @for (i, c) in r.changes.iter().enumerate() { (change(c, i == 0)) }
        }
    }
}

/// What a table of changes is by.
pub(super) fn by(c: &ChangeReport) -> String {
    match c.by {
        ChangeBy::Intent => format!("By intent, as {} tells it", c.strata_by),
        ChangeBy::Language => "By language".to_owned(),
        ChangeBy::Channel => "By channel".to_owned(),
    }
}

/// A rate of a part; `None` where it has no conversations.
pub(super) fn part_rate(k: u64, n: u64) -> Option<f64> {
    (n > 0).then(|| k as f64 / n as f64)
}

fn change(c: &ChangeReport, whole: bool) -> Markup {
    let line = |p: &StratumPart| {
        let (before, after) = (part_rate(p.resolved_from, p.n_from), part_rate(p.resolved_to, p.n_to));
        html! {
            tr {
                td class="name" { (p.name) }
                td class="n" { (percent(before)) span class="quote" { (of(p.resolved_from, p.n_from)) } }
                td { (chart::dumbbell(&Rate::new(p.resolved_from, p.n_from), &Rate::new(p.resolved_to, p.n_to))) }
                td class="n" { (percent(after)) span class="quote" { (of(p.resolved_to, p.n_to)) } }
                td class="n" { (points(p.within)) }
                td class="n" { (points(p.mix)) }
            }
        }
    };
    html! {
        @if whole {
            p class="soft" { (c.from.first) " to " (c.from.last) " against " (c.to.first) " to " (c.to.last) "." }
            p { (c.says) }
            @if let Some(most) = &c.most { p { "Most: " (most.trim_start_matches("most of it in ")) "." } }
        }
        h3 { (by(c)) }
        div class="wide keep" {
            table {
                tr { th { "" } th class="n" { "helped before" } th { "" } th class="n" { "helped after" } th class="n" { "answered otherwise" } th class="n" { "asked otherwise" } }
                @for p in c.parts.iter().take(ROWS) { (line(p)) }
                tr {
                    td { "all" @if c.parts.len() > ROWS { span class="quote" { "with " (c.parts.len() - ROWS) " more" } } }
                    td class="n" { (percent(Some(c.from.rate))) span class="quote" { (of(c.from.resolved, c.from.n)) } }
                    td { (chart::dumbbell(&Rate::new(c.from.resolved, c.from.n), &Rate::new(c.to.resolved, c.to.n))) }
                    td class="n" { (percent(Some(c.to.rate))) span class="quote" { (of(c.to.resolved, c.to.n)) } }
                    td class="n" { b { (points(c.within.value)) } span class="quote" { (points(c.within.ci95[0])) " to " (points(c.within.ci95[1])) } }
                    td class="n" { b { (points(c.mix.value)) } span class="quote" { (points(c.mix.ci95[0])) " to " (points(c.mix.ci95[1])) } }
                }
            }
        }
    }
}

/// A verdict in words.
pub(super) const fn verdict(v: Verdict) -> &'static str {
    match v {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::CannotTell => "cannot tell",
    }
}

pub(super) fn releases(r: &Report) -> Markup {
    if r.releases.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What was changed" }
            p class="soft" { "Models that went live; accuracy is of intents on test questions that no model was trained on, verdict against the one before." }
            div class="wide" {
                table {
                    thead { tr { th { "model" } th { "since" } th { "verdict" } th class="n" { "accuracy" } th { "by" } th { "why" } } }
                    @for x in r.releases.iter().rev() {
                        tr {
                            td { (x.release) @if x.rolled_back { span class="tag" { "back again" } } }
                            td class="n" style="text-align:left" { (x.day) }
                            td { (x.verdict.map_or("–", verdict)) }
                            td class="n" { (percent(x.accuracy.map(|a| a.0))) @if let Some((_, n)) = x.accuracy { span class="soft" { " of " (count(n)) } } }
                            td class="name" style="min-width:5em" { (x.by) }
                            td class="name" { (x.reason.as_deref().unwrap_or("")) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn ceiling(r: &Report) -> Markup {
    let Some(c) = &r.ceiling else { return html! {} };
    html! {
        section class="keep" {
            h2 { "How much fine-tuning can repair" }
            @match &c.now {
                Some(rate) => {
                    p class="big" { (ceiling_words(c)) }
                    div class="ceiling" { i style=(format!("width:{:.1}%", 100.0 * rate.value().unwrap_or(0.0))) {} }
                    p class="soft" { (percent(rate.value())) ", " (of(rate.num, rate.den)) " reviewed failures of the last four weeks, 95 %: " (interval(rate)) ". The rest needs content, other answers, or somebody else's work." }
                },
                None => p { (ceiling_words(c)) },
            }
        }
    }
}

/// The retraining ceiling in a sentence.
pub(super) fn ceiling_words(c: &Ceiling) -> String {
    match &c.now {
        Some(rate) => {
            let before = c.before.as_ref().map(|(until, b)| {
                format!("; in the four weeks to {until} it was {} ({})", percent(b.value()), of(b.num, b.den))
            });
            format!("At most {} of 100 failures{}.", of_hundred(rate), before.unwrap_or_default())
        }
        None => {
            format!("{} failures of the last four weeks were reviewed; from 30 on it can be told.", count(c.reviewed))
        }
    }
}

pub(super) fn rates(r: &Report) -> Markup {
    if r.rates.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "All rates, " (days(&r.now)) }
            table {
                tr { th { "" } th class="n" { "rate" } th class="n" { "95 %" } th class="n" { "of" } th { "" } }
                @for n in &r.rates {
                    tr {
                        td class=(if n.name.starts_with("of these") { "sub" } else { "" }) { (n.name) }
                        @match (&n.rate, n.needs) {
                            (Some(rate), _) => {
                                td class="n" { b { (percent(rate.value())) } } td class="n" { (interval(rate)) } td class="n" { (of(rate.num, rate.den)) } td class="soft" { (n.of) }
                            },
                            (None, needs) => { td class="soft" colspan="4" { (needs.unwrap_or("")) } },
                        }
                    }
                }
            }
            @if let Some(words) = stayed_words(r) { p { (words) } }
        }
    }
}

/// How many stayed helped, in a sentence.
pub(super) fn stayed_words(r: &Report) -> Option<String> {
    let n = r.stayed.first()?.n;
    let of = |p: &StayedPoint| {
        format!("after {} days {:.0} ({:.0} to {:.0})", p.days, p.stayed * 100.0, p.lo * 100.0, p.hi * 100.0)
    };
    let points: Vec<String> = r.stayed.iter().map(of).collect();
    Some(format!(
        "Of 100 customers helped, so many had not come back on the same matter: {}. Of {} helped in eight weeks; who was helped lately counts \
         for as long as that is known.",
        points.join(", "),
        count(n)
    ))
}

/// What review has cost, in a sentence.
pub(super) fn cost_words(c: &Cost) -> String {
    let decisions = format!("{} decisions by people", count(c.decisions));
    let each = c.seconds.map(|s| format!(", {s:.1} seconds each in the middle")).unwrap_or_default();
    let hours = c.hours.map(|h| format!(": about {h:.1} hours")).unwrap_or_default();
    let money = c.money.map(|m| format!(", {m:.2} in money")).unwrap_or_default();
    format!("{decisions}{each}{hours}{money}.")
}

pub(super) fn cost(r: &Report) -> Markup {
    html! {
        @if let Some(c) = &r.cost {
            section class="keep" { h2 { "What review has cost" } p { (cost_words(c)) } }
        }
    }
}

pub(super) fn foot(r: &Report) -> Markup {
    html! {
        @if !r.missing.is_empty() {
            section class="keep" { h2 { "What cannot be told" } ul class="plain" { @for words in &r.missing { li { (words) } } } }
        }
        footer {
            @for words in &r.notes { p { (words) } }
            p {
                "Made by " (r.made_by) " on " (r.made_at) "; days are those of " (r.zone) ". "
                @if r.masked { "Addresses and numbers of people are masked." } @else { "Not masked: keep it to those who may read customers' words." }
            }
        }
    }
}
