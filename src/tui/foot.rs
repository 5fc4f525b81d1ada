//! The line above the keys: what was decided last, and messages.

use crate::action::Action;
use crate::theme::Role;
use crate::tui::guide::hints;
use crate::tui::state::app::App;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{LastDecision, MessageTone};
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// Columns below which what was decided last says nothing any more.
const DECIDED: u16 = 40;

/// Draws, where one decides, what was decided last and the key that takes it back; then, where there is room, what to press next or a hint
/// for newcomers.
pub fn decided(app: &App, canvas: &mut Canvas, line: Rect) {
    let mut x = line.x + 1;
    // A message is the newer word: what was decided last has what is left of the line, or waits.
    let taken = if has_two_lines(app, line) { 0 } else { message_width(app, line) };
    let line = Rect { width: line.width.saturating_sub(taken), ..line };
    if let Some(last) = last_decision(app).filter(|_| line.width >= DECIDED) {
        let (sign, role, action) = match last.undone {
            false => ("✓", Role::Good, Action::Undo),
            true => ("↶", Role::Accent, Action::Redo),
        };
        let (said, backs) = (words::line(&last.text), takes_back(app, last));
        let room = |back: &str| room_beside(line.right() - x, back);
        let whole = backs.iter().find(|back| words::width(&said) <= room(back));
        let back = whole.unwrap_or(&backs[0]);
        let from = x;
        if whole.is_none() && taken > 0 {
            return;
        }
        let text = format!(" {sign} {}", words::clauses(&said, room(back)));
        x = canvas.text_over(x, line.y, line.right() - x, &text, role);
        x = canvas.text_over(x, line.y, line.right() - x, back, Role::Muted);
        canvas.hit(Rect { x: from, width: x - from, ..line }, ScreenHit::Act(action));
        x += 2;
    }
    let hint = app.shared.toasts.next.clone().or_else(|| hints::current(app));
    let Some(hint) = hint.filter(|_| app.shared.toasts.shown().is_none()) else { return };
    let room = line.right().saturating_sub(x + 1);
    if words::width(&hint) + 2 <= usize::from(room) || x == line.x + 1 {
        canvas.text_over(x, line.y, room, &format!(" {hint} "), Role::Accent);
    }
}

/// What was decided last, where that is told.
fn last_decision(app: &App) -> Option<&LastDecision> {
    // While letters are written its key is one of them.
    app.shared.toasts.decided.as_ref().filter(|last| last.is_told_on(app.tab) && !app.takes_letters())
}

/// How the key that takes it back is told: what it does goes before what was decided.
fn takes_back(app: &App, last: &LastDecision) -> [String; 2] {
    let (action, what, short) = match last.undone {
        true => (Action::Redo, "makes it again", "again"),
        false => (Action::Undo, "takes it back", "back"),
    };
    let key = app.shared.keys.map.key_of(action);
    [format!("   {key} {what} "), format!("   {key} {short} ")]
}

/// Columns for what was decided, of so many that the key has a part of.
fn room_beside(columns: u16, back: &str) -> usize {
    usize::from(columns).saturating_sub(words::width(back) + 4)
}

/// Whether what happened by itself stands above what was decided last, since one of them would be cut beside the other.
fn has_two_lines(app: &App, line: Rect) -> bool {
    let Some(last) = last_decision(app).filter(|_| app.shared.toasts.is_lasting()) else { return false };
    let left = line.width.saturating_sub(message_width(app, line));
    let [_, short] = takes_back(app, last);
    left < DECIDED || words::width(&words::line(&last.text)) > room_beside(left - 1, &short)
}

/// A message as it is drawn at the right end of the line above the keys.
fn message_text(app: &App, line: Rect) -> Option<(String, Role)> {
    let toast = app.shared.toasts.shown()?;
    let (sign, role) = match toast.mood {
        MessageTone::Good => ("✓ ", Role::Good),
        MessageTone::Plain => ("", Role::Accent),
        MessageTone::Bad => ("✗ ", Role::Bad),
    };
    let more = if toast.detail.is_some() {
        format!("   {} details", app.shared.keys.map.key_of(Action::Details))
    } else {
        String::new()
    };
    let room = usize::from(line.width).saturating_sub(words::width(&more) + 4);
    Some((format!(" {sign}{}{more} ", words::clauses(&words::line(&toast.text), room)), role))
}

/// Columns that a message takes.
fn message_width(app: &App, line: Rect) -> u16 {
    message_text(app, line).map_or(0, |(text, _)| words::width(&text) as u16)
}

/// Draws the message that is shown: above the line where it would cut what was decided last.
pub fn message(app: &App, canvas: &mut Canvas, line: Rect) {
    let line = if has_two_lines(app, line) { Rect { y: line.y - 1, ..line } } else { line };
    let Some((text, role)) = message_text(app, line) else { return };
    let width = (words::width(&text) as u16).min(line.width);
    let x = line.right() - width;
    canvas.text_over(x, line.y, width, &text, role);
    let details = app.shared.toasts.shown().is_some_and(|t| t.detail.is_some());
    let action = if details { ScreenHit::Act(Action::Details) } else { ScreenHit::Float };
    canvas.hit(Rect { x, width: line.right() - x, ..line }, action);
}
