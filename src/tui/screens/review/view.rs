//! Drawing Review: the conversation on the left, the judgement on the right; one above the other where it is narrow.

use super::{Stage, panel, transcript};
use crate::action::Action;
use crate::domain::Outcome;
use crate::learn::signals::Signals;
use crate::store::ReviewItem;
use crate::theme::Role;
use crate::tui::state::app::{App, Load, Screen};
use crate::tui::state::request::Scope;
use crate::tui::widgets::{Canvas, Hit, numbers, words};
use ratatui::layout::Rect;

/// Widest text of a transcript: longer lines are hard to read.
const READABLE: u16 = 100;

/// Draws the screen.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    match &app.review.stage {
        Stage::Item(item) => conversation(app, item, canvas, area),
        Stage::Failed(why) => canvas.notice(
            area,
            &[
                ("✗ The conversation could not be read.", Role::Bad),
                ("", Role::Text),
                (&words::line(why), Role::Muted),
                ("", Role::Text),
                ("F5 tries again, Esc goes back to the queue.", Role::Text),
            ],
        ),
        Stage::Finished => finished(app, canvas, area),
        Stage::Idle if super::nothing_to_review(app) => empty(canvas, area),
        Stage::Idle => canvas.notice(area, &[("Looking for the next conversation …", Role::Muted)]),
    }
}

fn empty(canvas: &mut Canvas, area: Rect) {
    canvas.notice(
        area,
        &[
            ("Nothing to review yet.", Role::Heading),
            ("", Role::Text),
            ("Conversations that failed will come up here, one after another.", Role::Text),
            ("g 1 goes to the overview, where the store can be filled.", Role::Text),
        ],
    );
}

fn finished(app: &App, canvas: &mut Canvas, area: Rect) {
    let (done, total) = app.review.progress.unwrap_or_default();
    let count = match app.review.scope {
        Some(Scope::Cycle(_)) => format!("{} of this cycle are reviewed.", numbers::rate(done, total)),
        _ => format!("{} reviewed here.", numbers::plural(done, "conversation", "conversations")),
    };
    let tune = format!("g {} goes to Fine-tune", Screen::FineTune.number());
    let next = match app.review.scope {
        Some(Scope::Cycle(_)) => format!("{tune}; Esc goes to the queue, where C closes the cycle."),
        _ => format!("Esc goes to the queue, where another filter finds more; {tune}."),
    };
    let later = "What was put off: status:later and status:skipped, what waits for an answer: status:flagged, in the queue's filter.";
    canvas.notice(
        area,
        &[
            ("✓ Nothing is left open here.", Role::Good),
            (&count, Role::Text),
            ("", Role::Text),
            (&next, Role::Text),
            (later, Role::Muted),
        ],
    );
}

fn conversation(app: &App, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    header(app, item, canvas, area);
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if body.width < 72 {
        let top = body.height * 45 / 100;
        talk(app, item, canvas, Rect { height: top, ..body });
        canvas.rule(body, body.y + top);
        let rest = Rect { y: body.y + top + 1, height: body.height.saturating_sub(top + 1), ..body };
        panel::draw(app, item, canvas, rest);
        return;
    }
    let side = (body.width * 38 / 100).clamp(30, 70);
    let left = Rect { width: body.width - side - 3, ..body };
    talk(app, item, canvas, left);
    canvas.divider(left.right(), body);
    panel::draw(app, item, canvas, Rect { x: left.right() + 2, width: side, ..body });
}

/// A sign and a role for how a conversation ended.
pub fn outcome_look(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::Resolved => ("✓", Role::Good),
        Outcome::Failed => ("✗", Role::Bad),
        Outcome::Escalated => ("↗", Role::Bad),
        Outcome::Abandoned => ("○", Role::Muted),
        Outcome::Pending | Outcome::Unknown => ("·", Role::Muted),
    }
}

fn header(app: &App, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    let conversation = &item.conversation;
    let mut pieces: Vec<(String, Role)> =
        vec![("‹ ".to_owned(), Role::Accent), (format!("#{}", item.n.0), Role::Heading)];
    if let Some(back) = app.review.back {
        pieces.insert(1, (format!("{} · ", back.title().to_lowercase()), Role::Accent));
    }
    let mut add = |text: String, role| {
        pieces.push((" · ".to_owned(), Role::Faint));
        pieces.push((text, role));
    };
    if let Some(outcome) = conversation.outcome.filter(|_| !item.blind()) {
        let (sign, role) = outcome_look(outcome);
        add(format!("{sign} {outcome}").trim_start_matches("· ").to_owned(), role);
    }
    if !item.blind() && item.status != crate::domain::Review::Open {
        add(item.status.name().to_owned(), Role::Accent);
    }
    conversation.channel.iter().chain(&conversation.lang).for_each(|t| add(words::line(t), Role::Muted));
    if let Some(at) = item.at {
        let zone = app.shared.zone();
        let same_year = zone.format(at, "%Y") == zone.format(app.shared.now, "%Y");
        add(zone.format(at, if same_year { "%-d %b %H:%M %Z" } else { "%-d %b %Y %H:%M %Z" }), Role::Muted);
    }
    if let Some(place) = app.review.turn.and_then(|t| conversation.place_of(t)) {
        add(format!("turn {} of {}", place + 1, conversation.turns.len()), Role::Muted);
    }
    if let Some(csat) = conversation.csat.as_ref().filter(|_| !item.blind()) {
        add(format!("★ {} of {}", csat.score, csat.max), Role::Muted);
    }
    let signs = item.shown_signs().iter().fold(0, |bits, s| bits | s.signal as i64);
    Signals::from_bits(signs).iter().for_each(|s| add(s.words().to_owned(), Role::Accent));
    let progress = app.review.progress.map(|(done, total)| {
        let of = match app.review.scope {
            _ if area.width < 100 => "",
            Some(Scope::Cycle(_)) => " in this cycle",
            _ => " done",
        };
        format!("{}/{}{of}", numbers::count(done), numbers::count(total))
    });
    let progress = if app.review.wait.busy { "saving …".to_owned() } else { progress.unwrap_or_default() };
    let right = canvas.right(area, area.y, &progress, Role::Muted);
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    let end = canvas.pieces(area.x, area.y, right.saturating_sub(area.x + 2), &pieces);
    canvas.hit(Rect { width: end.saturating_sub(area.x), height: 1, ..area }, Hit::Act(Action::Leave));
}

fn talk(app: &App, item: &ReviewItem, canvas: &mut Canvas, area: Rect) {
    let columns = area.width.saturating_sub(3).min(READABLE);
    let (lines, begins) =
        transcript::lines(item, app.review.turn, usize::from(columns), &app.review.needles(), app.shared.zone());
    let fits = usize::from(area.height);
    let lowest = lines.len().saturating_sub(fits);
    // The judged turn stands in the lower half: what led to it is what explains it.
    let first = app.review.scroll.unwrap_or_else(|| begins.saturating_sub(fits / 2)).min(lowest);
    for (line, y) in lines.iter().skip(first).zip(area.top()..area.bottom()) {
        if line.judged {
            canvas.text(area.x, y, 1, "▌", Role::Focus);
        }
        let pieces: Vec<(&str, Role)> = line.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x + 2, y, area.width.saturating_sub(3), &pieces);
    }
    if first > 0 {
        canvas.right(area, area.y, "↑", Role::Muted);
    }
    if first + fits < lines.len() {
        canvas.right(area, area.bottom().saturating_sub(1), "↓", Role::Muted);
    }
    canvas.seen.lines = (fits, lines.len());
    canvas.seen.first = first;
    canvas.seen.scrolled = area;
}

/// Whether the screen waits for its first content.
pub fn loading(app: &App) -> bool {
    app.review.stage == Stage::Idle && matches!(app.shared.overview, Load::Waiting)
}
