//! What a line of Patterns holds.

use super::rows;
use crate::domain::{Difference, Outcome, PatternKind, PatternView, Rate, RateMovement};
use crate::jobs::Detection;
use crate::store::{ActionEffect, PatternLine, PatternPage};
use crate::theme::Role;
use crate::tui::widgets::outcomes::texture;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the words before a line.
const LABEL: usize = 10;
/// Cells of the bar of outcomes.
const BAR: usize = 40;

/// Rows from which on parts stand apart.
const TALL: u16 = 10;

/// Draws it.
pub fn draw(
    view: PatternView,
    line: &PatternLine,
    found: Option<&Detection>,
    page: &PatternPage,
    canvas: &mut Canvas,
    area: Rect,
) {
    let has_times = page.days.is_some();
    let mut out: Vec<(String, Role)> = Vec::new();
    let (wide, is_tall) = (usize::from(area.width), area.height >= TALL);
    let gap = |out: &mut Vec<(String, Role)>| {
        if is_tall {
            out.push((String::new(), Role::Text));
        }
    };
    out.extend(words::wrap(&rows::name(view, line), wide).into_iter().map(|l| (l, Role::Heading)));
    if let Some(kind) = line.kind {
        out.extend(words::wrap(says(kind), wide).into_iter().map(|l| (l, Role::Muted)));
    }
    if let Some(example) = &line.example {
        gap(&mut out);
        let said = words::wrap(&words::line(example), wide.saturating_sub(2));
        out.extend(said.into_iter().take(if is_tall { 3 } else { 1 }).map(|l| (format!("▌ {l}"), Role::Text)));
    }
    let add = |facts: Vec<(&str, String)>, out: &mut Vec<(String, Role)>| {
        for (label, text) in facts {
            for (i, part) in words::wrap(&text, wide.saturating_sub(LABEL)).into_iter().enumerate() {
                out.push((format!("{}{part}", words::pad(if i == 0 { label } else { "" }, LABEL)), Role::Text));
            }
        }
    };
    let now = match &line.effect {
        Some(effect) => handed_out(effect),
        None => [now(view, line, page.days), found.map(detected).unwrap_or_default()].concat(),
    };
    if !now.is_empty() {
        gap(&mut out);
        add(now, &mut out);
    }
    let ever = ever(line);
    if !ever.is_empty() {
        gap(&mut out);
        if has_times && line.kind.is_some_and(|k| k != PatternKind::Noted) {
            // What is found in half a year is told of half a year; the list counts less.
            out.push((half_a_year(line), Role::Muted));
        }
        add(ever, &mut out);
    }
    gap(&mut out);
    let proposed = if page.is_proposed { "proposed, not accepted yet; " } else { "" };
    let opens = format!("{proposed}⏎ shows {}", line.query);
    out.extend(words::wrap(&opens, wide).into_iter().map(|l| (l, Role::Muted)));
    let mut y = area.y;
    for (text, role) in out {
        if y >= area.bottom() {
            return;
        }
        canvas.text(area.x, y, area.width, &text, role);
        y += 1;
    }
    if let Some(outcomes) = line.outcomes.filter(|_| y + 2 < area.bottom()) {
        bar(outcomes, canvas, Rect { y: y + 1, height: area.bottom() - y - 1, ..area });
    }
}

/// What is told of the period that the list counts.
fn now(view: PatternView, line: &PatternLine, days: Option<i64>) -> Vec<(&'static str, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(s) = &line.segment {
        let of = |r: &Rate| format!("{} of {}{}", numbers::count(r.num), numbers::count(r.den), percent(r));
        facts.push(("here", format!("{} failed or were handed over", of(&s.failing))));
        facts.push(("elsewhere", of(&s.elsewhere)));
        if let (Some(more), Some(p)) = (s.more, s.p) {
            let points = |x: f64| numbers::signed(100.0 * x, 1);
            let (by, lo, hi) = (points(more.delta), points(more.lo), points(more.hi));
            let sure = if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") };
            let says = format!("{by} pt [{lo}, {hi}], p {sure} with all lines looked at");
            facts.push(("more", says));
        }
    }
    if let Some(f) = &line.failing {
        let of = format!("{} of {}", numbers::count(f.num), numbers::count(f.den));
        let sure = format!(", {:.0} to {:.0} %", 100.0 * f.lo, 100.0 * f.hi);
        facts.push(match view {
            PatternView::Returned => ("came back", format!("{of} that were resolved{sure}")),
            _ => ("failing", format!("{of} failed or were handed over{sure}")),
        });
    }
    if let Some(c) = &line.csat {
        facts.push(("CSAT", format!("{} of {} rated 4 or 5", numbers::count(c.num), numbers::count(c.den))));
    }
    if let (Some(before), Some(days)) = (line.before, days) {
        let before = numbers::plural(before, "conversation", "conversations");
        facts.push(("before", format!("{before} in the {days} days before")));
    }
    match &line.action {
        Some(a) => facts.push(("given to", words::line(&a.words()))),
        None if line.kind.is_some_and(|k| k != PatternKind::Noted) => {
            facts.push(("given to", "nobody yet".to_owned()));
        }
        None => {}
    }
    if let Some(note) = line.action.as_ref().and_then(|a| a.note.as_ref()) {
        facts.push(("", words::line(note)));
    }
    if let Some(o) = line.opportunity.filter(|o| *o > 0.0) {
        facts.push(("worth", format!("up to {:+.1} pt of resolution", 100.0 * o)));
    }
    facts
}

/// What is told of something that was handed out.
fn handed_out(e: &ActionEffect) -> Vec<(&'static str, String)> {
    let a = &e.action;
    let side = |rate: &Rate| {
        let of = format!("{} of {} {}", numbers::count(rate.num), numbers::count(rate.den), e.of);
        if rate.den == 0 {
            of
        } else {
            format!("{of}{}, {:.0} to {:.0} %", percent(rate), 100.0 * rate.lo, 100.0 * rate.hi)
        }
    };
    let points = |c: Option<Difference>| match c {
        None => "nothing to compare yet".to_owned(),
        Some(c) => {
            let says = match c.moved() {
                RateMovement::Down => "fell",
                RateMovement::Up => "rose",
                RateMovement::CannotTell => "cannot tell yet",
            };
            let signed = |x: f64| numbers::signed(100.0 * x, 1);
            format!("{} pt [{}, {}]: {says}", signed(c.delta), signed(c.lo), signed(c.hi))
        }
    };
    let mut facts = vec![("owner", words::line(&a.owner))];
    facts.extend(a.note.as_ref().map(|note| ("to do", words::line(note))));
    facts.push(("due", a.due.clone().unwrap_or_else(|| "no day".to_owned())));
    facts.push(("state", if a.done_at.is_some() { "done" } else { "open; x says that it is done" }.to_owned()));
    facts.push(("before", format!("{} in four weeks", side(&e.before.rate))));
    let days = numbers::plural(e.after.days.unsigned_abs(), "day", "days");
    facts.push(("after", format!("{} in {days} from {} on", side(&e.after.rate), e.since)));
    facts.push(("change", points(e.change)));
    facts.push(("others", format!("what nobody was given: {}", points(e.others.change))));
    facts
}

/// What a detector found of a mode.
fn detected(d: &Detection) -> Vec<(&'static str, String)> {
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    let mut facts = Vec::new();
    if let (Some(p), Some(lo), Some(hi)) = (d.prevalence, d.lo, d.hi) {
        let of = numbers::plural(d.n, "conversation", "conversations");
        facts.push(("all", format!("{} of {of} ({} to {})", percent(p), percent(lo), percent(hi))));
    }
    if let (Some(found), Some(left)) = (d.tpr, d.tnr) {
        let says =
            format!("finds {} of audit failures in it, leaves {} of others alone", percent(found), percent(left));
        facts.push(("detector", says));
    }
    facts.push(("", words::line(&d.says)));
    facts
}

/// What is told of all that a pattern holds, and of what people said of it.
fn ever(line: &PatternLine) -> Vec<(&'static str, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(e) = &line.evidence {
        let (here, rest) = (Rate::new(e.failed, e.n), Rate::new(e.rest_failed, e.rest_n));
        let of = |r: &Rate| format!("{} of {}{}", numbers::count(r.num), numbers::count(r.den), percent(r));
        let may = if e.clear { "" } else { ": may be chance" };
        facts.push(("fails", format!("{} where it is, {} elsewhere{may}", of(&here), of(&rest))));
    }
    if !line.intents.is_empty() {
        let intents: Vec<String> =
            line.intents.iter().map(|(name, n)| format!("{} {}", words::line(name), numbers::count(*n))).collect();
        facts.push(("intents", intents.join(" · ")));
    }
    if !line.causes.is_empty() {
        let reviewed: u64 = line.causes.iter().map(|c| c.1).sum();
        let causes: Vec<String> =
            line.causes.iter().take(3).map(|(c, n)| format!("{} {}", c.label(), numbers::count(*n))).collect();
        facts.push(("why", format!("{} of {} reviewed", causes.join(" · "), numbers::count(reviewed))));
    } else if line.kind.is_some() {
        facts.push(("why", "nobody has reviewed any of it yet".to_owned()));
    }
    if let Some(says) = &line.says {
        facts.push(("about", words::line(says)));
    }
    if line.repaired_by.is_some() {
        let sure = line.repair_rate().map_or_else(String::new, |r| {
            let (of, all) = (numbers::count(r.num), numbers::count(r.den));
            format!(": {of} of {all} reviewed say so ({:.0} to {:.0} %)", 100.0 * r.lo, 100.0 * r.hi)
        });
        facts.push(("repair", format!("{}{sure}", line.repairer())));
    }
    facts
}

fn half_a_year(line: &PatternLine) -> String {
    let n: u64 = line.trend.iter().sum();
    format!("in half a year, {}", numbers::plural(n, "conversation", "conversations"))
}

fn percent(rate: &Rate) -> String {
    rate.value().map_or_else(String::new, |v| format!(" ({:.0} %)", 100.0 * v))
}

/// How conversations ended, as one bar and in numbers.
fn bar(outcomes: [u64; 4], canvas: &mut Canvas, area: Rect) {
    const ENDS: [(Outcome, &str); 4] = [
        (Outcome::Resolved, "helped"),
        (Outcome::Escalated, "handed over"),
        (Outcome::Failed, "failed"),
        (Outcome::Abandoned, "left"),
    ];
    let all: u64 = outcomes.iter().sum();
    let cells = BAR.min(usize::from(area.width));
    let mut x = area.x;
    let (mut before, mut sum) = (0, 0);
    for (n, (outcome, _)) in outcomes.into_iter().zip(ENDS) {
        sum += n;
        let end = (sum as f64 / all.max(1) as f64 * cells as f64).round() as usize;
        let (sign, role) = texture(outcome);
        x = canvas.text(x, area.y, area.right().saturating_sub(x), &sign.repeat(end - before), role);
        before = end;
    }
    let said: Vec<String> = outcomes
        .into_iter()
        .zip(ENDS)
        .map(|(n, (outcome, word))| format!("{} {word} {}", texture(outcome).0, numbers::count(n)))
        .collect();
    let lines = words::wrap(&said.join("  "), usize::from(area.width));
    for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
        canvas.text(area.x, y, area.width, line, Role::Muted);
    }
}

fn says(kind: PatternKind) -> &'static str {
    match kind {
        PatternKind::Person => "the customer began by asking for a person, and got one",
        PatternKind::PersonLater => "the customer asked for a person after an answer, and got one",
        PatternKind::PersonOffered => "the AI offered a person, and the customer took it",
        PatternKind::Tool => "a lookup or an action of the AI failed, for a technical reason",
        PatternKind::Refused => "a lookup or an action said no, for no technical reason",
        PatternKind::NonAnswer => "one answer to several matters, with which it fails more than without",
        PatternKind::Misunderstood => "the AI did not understand, or understood another intent",
        PatternKind::Answer => "one answer to one matter, with which it fails more than without",
        PatternKind::Question => "the same was asked",
        PatternKind::Noted => "reviewers' notes say the same",
    }
}
