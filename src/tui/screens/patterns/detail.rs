//! What a line of Patterns holds.

use crate::domain::{Outcome, PatternKind};
use crate::store::PatternLine;
use crate::theme::Role;
use crate::tui::widgets::outcomes::texture;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the words before a line.
const LABEL: usize = 10;
/// Cells of the bar of outcomes.
const BAR: usize = 40;

/// Draws it.
pub fn draw(line: &PatternLine, has_times: bool, canvas: &mut Canvas, area: Rect) {
    let mut out: Vec<(String, Role)> = Vec::new();
    let wide = usize::from(area.width);
    out.extend(words::wrap(&words::line(&line.name), wide).into_iter().map(|l| (l, Role::Heading)));
    if let Some(kind) = line.kind {
        out.push((says(kind).to_owned(), Role::Muted));
    }
    if let Some(example) = &line.example {
        out.push((String::new(), Role::Text));
        let said = words::wrap(&words::line(example), wide.saturating_sub(2));
        out.extend(said.into_iter().take(3).map(|l| (format!("▌ {l}"), Role::Text)));
    }
    let mut facts: Vec<(&str, String)> = Vec::new();
    if !line.intents.is_empty() {
        let intents: Vec<String> =
            line.intents.iter().map(|(name, n)| format!("{} {}", words::line(name), numbers::count(*n))).collect();
        facts.push(("intents", intents.join(" · ")));
    }
    if !line.causes.is_empty() {
        let reviewed: u64 = line.causes.iter().map(|c| c.1).sum();
        let causes: Vec<String> =
            line.causes.iter().take(3).map(|(c, n)| format!("{} {}", c.label(), numbers::count(*n))).collect();
        let when = if has_times { " in half a year" } else { "" };
        facts.push(("why", format!("{} of {} reviewed{when}", causes.join(" · "), numbers::count(reviewed))));
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
    if !facts.is_empty() {
        out.push((String::new(), Role::Text));
    }
    for (label, text) in facts {
        for (i, part) in words::wrap(&text, wide.saturating_sub(LABEL)).into_iter().enumerate() {
            out.push((format!("{}{part}", words::pad(if i == 0 { label } else { "" }, LABEL)), Role::Text));
        }
    }
    out.push((String::new(), Role::Text));
    let opens = if line.query.is_empty() {
        "proposed, not accepted yet".to_owned()
    } else {
        format!("⏎ shows {}", line.query)
    };
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
    canvas.text(area.x, area.y + 1, area.width, &said.join("  "), Role::Muted);
}

fn says(kind: PatternKind) -> &'static str {
    match kind {
        PatternKind::Person => "the customer began by asking for a person, and got one",
        PatternKind::PersonLater => "the customer asked for a person after an answer, and got one",
        PatternKind::Tool => "a lookup or an action of the AI failed",
        PatternKind::NonAnswer => "one answer to several matters",
        PatternKind::Misunderstood => "the AI did not understand, or understood another intent",
        PatternKind::Answer => "one answer to one matter, with which it fails again and again",
        PatternKind::Question => "the same was asked",
        PatternKind::Noted => "reviewers' notes say the same",
    }
}
