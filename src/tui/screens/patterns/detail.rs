//! What a line of Patterns holds.

use super::ended::{bar, legend};
use super::rows;
use crate::domain::zone::Zone;
use crate::domain::{Difference, PatternKind, PatternView, Rate, RateMovement};
use crate::store::{ActionEffect, ConfusedBy, KeptDetection, PatternLine, PatternPage};
use crate::theme::Role;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the words before a line.
const LABEL: usize = 10;

/// Rows from which on parts stand apart.
const TALL: u16 = 10;
/// Rows of the first request that shows a pattern, and of each other, where there is room.
const FIRST: usize = 3;
const OTHERS: usize = 2;

/// What a line holds, laid out for so many columns.
pub struct LineDetail {
    rows: Vec<(String, Role)>,
    /// What opens it, in lines.
    opens: Vec<String>,
    /// How its conversations ended, and of what that is told.
    ended: Option<([u64; 4], &'static str)>,
    columns: usize,
}

/// How much is told, with or without air between parts.
#[derive(Clone, Copy)]
struct Extent {
    more_examples: bool,
    apart: bool,
}

impl LineDetail {
    /// As much as fits into so many columns and rows; where even the least does not, that.
    pub fn fitting(
        view: PatternView,
        line: &PatternLine,
        (page, zone): (&PatternPage, Zone),
        (columns, rows): (u16, u16),
    ) -> Self {
        let of = |more_examples, apart| {
            Self::of(view, line, (page, zone), usize::from(columns), Extent { more_examples, apart })
        };
        let whole = Some(of(true, true)).filter(|d| rows >= TALL && d.height() <= rows);
        // The requests tell more than the bar and air do.
        let dense = || Some(of(true, false)).filter(|d| rows >= TALL && d.lines() <= usize::from(rows));
        whole.or_else(dense).unwrap_or_else(|| of(false, false))
    }

    fn of(
        view: PatternView,
        line: &PatternLine,
        (page, zone): (&PatternPage, Zone),
        columns: usize,
        extent: Extent,
    ) -> Self {
        let has_times = page.days.is_some();
        let mut out: Vec<(String, Role)> = Vec::new();
        let gap = |out: &mut Vec<(String, Role)>| {
            if extent.apart {
                out.push((String::new(), Role::Text));
            }
        };
        out.extend(words::wrap(&rows::name(view, line), columns).into_iter().map(|l| (l, Role::Heading)));
        if let Some(kind) = line.kind.filter(|k| says(*k) != line.name) {
            out.extend(words::wrap(says(kind), columns).into_iter().map(|l| (l, Role::Muted)));
        }
        let more = line
            .more_examples
            .iter()
            .filter(|_| extent.more_examples)
            .map(|said| (said, if extent.apart { OTHERS } else { 1 }));
        for (i, (said, most)) in
            line.example.iter().map(|said| (said, if extent.apart { FIRST } else { 1 })).chain(more).enumerate()
        {
            if i == 0 {
                gap(&mut out);
            }
            let said = words::first_lines(&words::line(said), columns.saturating_sub(2), most);
            out.extend(said.into_iter().map(|l| (format!("▌ {l}"), Role::Text)));
        }
        let add = |facts: Vec<(&str, String)>, out: &mut Vec<(String, Role)>| {
            for (label, text) in facts {
                for (i, part) in words::wrap(&text, columns.saturating_sub(LABEL)).into_iter().enumerate() {
                    out.push((format!("{}{part}", words::pad(if i == 0 { label } else { "" }, LABEL)), Role::Text));
                }
            }
        };
        let now = match &line.effect {
            Some(effect) => handed_out(effect),
            None => {
                let found = line.detection.as_deref().map(|d| detected(d, zone)).unwrap_or_default();
                [now(view, line, page.days), found].concat()
            }
        };
        let ever = ever(line);
        // What is found in half a year is told of half a year; the list counts less.
        let is_found = has_times && line.kind.is_some_and(|k| k != PatternKind::Noted);
        let found = is_found.then(|| ("of half a year, in which it was found".to_owned(), Role::Muted));
        if extent.apart {
            if !now.is_empty() {
                gap(&mut out);
                out.extend(page.days.filter(|_| is_found).map(|days| (counted(line, days), Role::Muted)));
                add(now, &mut out);
            }
            if !ever.is_empty() {
                gap(&mut out);
                out.extend(found);
                add(ever, &mut out);
            }
        } else {
            // In few rows: why, and who can repair it, before how many there were, which the list says.
            out.extend(found.filter(|_| !ever.is_empty()));
            add(ever, &mut out);
            add(now, &mut out);
        }
        gap(&mut out);
        let proposed = if page.is_proposed { "proposed, not accepted yet; " } else { "" };
        let opens = format!("{proposed}⏎ shows {}", line.query);
        let opens = words::wrap(&opens, columns);
        let with_it = || {
            let outcomes = line.evidence.map(|e| e.outcomes).filter(|o| o.iter().any(|&n| n > 0))?;
            Some((outcomes, if has_times { "with it in half a year" } else { "with it" }))
        };
        let ended = line.outcomes.map(|o| (o, "of these")).or_else(with_it);
        Self { rows: out, opens, ended, columns }
    }

    /// Rows of words.
    fn lines(&self) -> usize {
        self.rows.len() + self.opens.len()
    }

    /// Rows that it takes.
    fn height(&self) -> u16 {
        let bar = self.ended.map_or(0, |(n, of)| 2 + legend(n, of, self.columns).len());
        (self.lines() + bar) as u16
    }

    /// Rows that it fills of so many: the bar stands whole or not at all.
    pub fn filled(&self, rows: u16) -> u16 {
        let all = self.height();
        if all <= rows { all } else { rows.min(self.lines() as u16) }
    }

    /// Draws what of it the area holds: what opens it stands there whatever else there is to tell.
    pub fn draw(&self, canvas: &mut Canvas, area: Rect) {
        let mut y = area.y;
        let fits = self.lines() <= usize::from(area.height);
        let opens = if fits { self.opens.clone() } else { vec![words::fit(&self.opens.join(" "), self.columns)] };
        let shown = usize::from(area.height).saturating_sub(opens.len()).max(1).min(usize::from(area.height));
        let told = self.rows.iter().rposition(|(text, _)| fits || !text.is_empty()).map_or(0, |last| last + 1);
        let opens = opens.iter().map(|text| (text.clone(), Role::Muted));
        for (i, (text, role)) in self.rows[..told].iter().take(shown).enumerate() {
            let is_last = i + 1 == shown && told > shown;
            let text = if is_last {
                format!("{} …", words::fit(text, self.columns.saturating_sub(2)))
            } else {
                text.clone()
            };
            canvas.text(area.x, y, area.width, &text, *role);
            y += 1;
        }
        for (text, role) in opens.take(usize::from(area.bottom().saturating_sub(y))) {
            canvas.text(area.x, y, area.width, &text, role);
            y += 1;
        }
        if let Some((outcomes, of)) = self.ended.filter(|_| self.height() <= area.height) {
            bar(outcomes, of, canvas, Rect { y: y + 1, height: area.bottom() - y - 1, ..area });
        }
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
        if line.failing_trend.iter().any(Option::is_some) {
            let known = line.failing_trend.iter().flatten().copied();
            let most = known.fold(0.0, f64::max);
            let says = format!("{}  half a year, at most {:.0} %", rows::shares(&line.failing_trend), 100.0 * most);
            facts.push(("failing", says));
        }
    }
    if let (Some(r), Some(pair)) = (&line.of_logged, &line.pair) {
        let who = match pair.by {
            ConfusedBy::Reviewers => "a reviewer has judged",
            ConfusedBy::LiveRelease => "nobody has judged",
        };
        let (n, all) = (numbers::count(r.num), numbers::count(r.den));
        facts.push((
            "of",
            format!("{n} of {all}{} that the log calls {} and {who}", percent(r), words::line(&pair.logged)),
        ));
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
    match (line.opportunity, &line.failing) {
        (Some(o), _) if o > 0.0 => facts.push(("worth", format!("up to {:+.1} pt of resolution", 100.0 * o))),
        (Some(_), Some(f)) if f.num > 0 => {
            facts.push(("worth", "nothing: a person was asked for at once, or rightly took over".to_owned()));
        }
        _ => {}
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
    facts.push(("due", a.due_words()));
    facts.push(("state", if a.done_at.is_some() { "done" } else { "open; x says that it is done" }.to_owned()));
    facts.push(("before", format!("{} in four weeks", side(&e.before.rate))));
    let days = numbers::plural(e.after.days.unsigned_abs(), "day", "days");
    facts.push(("after", format!("{} in {days} from {} on", side(&e.after.rate), e.since)));
    facts.push(("change", points(e.change)));
    facts.push(("others", format!("what nobody was given: {}", points(e.others.change))));
    facts
}

/// What a detector last found of a mode.
fn detected(kept: &KeptDetection, zone: Zone) -> Vec<(&'static str, String)> {
    let d = &kept.found;
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    let mut facts = Vec::new();
    if let (Some(p), Some(lo), Some(hi)) = (d.prevalence, d.lo, d.hi) {
        let of = numbers::plural(d.n, "conversation", "conversations");
        facts.push(("all", format!("{} of {of} ({} to {})", percent(p), percent(lo), percent(hi))));
    }
    let mut label = "detector";
    if let Some(ai) = &d.ai {
        let (asked, of) = (numbers::plural(ai.asked, "conversation", "conversations"), numbers::rate(ai.agrees, ai.of));
        let name = words::line(&ai.name);
        facts.push((label, format!("{name}, asked about {asked}; it says what people say on {of} audit items")));
        label = "";
    }
    if let (Some(found), Some(left)) = (d.tpr, d.tnr) {
        let [mine, others] = d.audit_failures.map(numbers::count);
        let (found, left) = (percent(found), percent(left));
        let says =
            format!("of audit failures it finds {found} of {mine} in the mode, leaves {left} of {others} others alone");
        facts.push((label, says));
    }
    facts.push(("", words::line(&d.says)));
    let since = match kept.judged_since {
        0 => "nobody has judged a failure since".to_owned(),
        n => format!("{} judged since: p looks again", numbers::plural(n, "failure was", "failures were")),
    };
    facts.push(("looked", format!("{}; {since}", zone.format(kept.at, "%-d %b %Y"))));
    facts
}

/// What is told of all that a pattern holds, and of what people said of it.
fn ever(line: &PatternLine) -> Vec<(&'static str, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(e) = &line.evidence {
        let (here, rest) = (Rate::new(e.failed, e.n), Rate::new(e.rest_failed, e.rest_n));
        let of = |r: &Rate| format!("{} of {}{}", numbers::count(r.num), numbers::count(r.den), percent(r));
        let may = if e.clear { "" } else { ": may be chance" };
        let (with, without) = match line.kind {
            Some(PatternKind::Misunderstood) => ("where it seems so, whatever reviewers say", "elsewhere"),
            Some(PatternKind::Question) => ("of who asked it", "of all others"),
            _ => ("with it", "without"),
        };
        facts.push(("fails", format!("{} {with}; {} {without}{may}", of(&here), of(&rest))));
    }
    if !line.intents.is_empty() {
        let intents: Vec<String> =
            line.intents.iter().map(|(name, n)| format!("{} {}", words::line(name), numbers::count(*n))).collect();
        facts.push(("intents", intents.join(" · ")));
    }
    if let (Some(PatternKind::Noted), Some((cause, ever))) = (line.kind, line.causes.first()) {
        // Of notes only the cause of most is known, and how many there ever were.
        let ever = numbers::plural(*ever, "conversation has", "conversations have");
        facts.push(("why", format!("mostly {}; {ever} such a note, at any time", cause.label())));
    } else if !line.causes.is_empty() {
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

/// What the list counts of it.
fn counted(line: &PatternLine, days: i64) -> String {
    format!("of the last {days} days: {} in this pattern", numbers::plural(line.n, "failure", "failures"))
}

fn percent(rate: &Rate) -> String {
    rate.value().map_or_else(String::new, |v| format!(" ({:.0} %)", 100.0 * v))
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
