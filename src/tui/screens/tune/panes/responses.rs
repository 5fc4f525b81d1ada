//! What both sides answer: where they differ on the open half, and what they make of corrected answers.

use crate::action::Action;
use crate::domain::{AnsweredTurn, BeforeIs, Comparison, CorrectedTurn, ResponseChange, Responses};
use crate::theme::Role;
use crate::tui::screens::tune::judging;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::panes::Pane;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::area::below;
use crate::tui::widgets::listed::{first_in_view, more_in, rows_alone, unseen};
use crate::tui::widgets::tally;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From so many columns the answers stand beside the list in full.
const BESIDE: u16 = 110;

/// Draws the list and the selected answers.
pub fn draw(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let mut y = area.y;
    for (text, role) in head(tune, shared, c) {
        for line in words::wrap(&text, area.width.into()) {
            canvas.text(area.x, y, area.width, &line, role);
            y += 1;
        }
    }
    let rest = below(area, y + u16::from(area.height > 12));
    let r = &c.responses;
    let empty = if tune.panes.corrected { r.corrections.is_empty() } else { r.changes.is_empty() };
    if empty {
        canvas.text(rest.x, rest.y, rest.width, nothing(tune, c), Role::Muted);
        return;
    }
    if rest.width >= BESIDE {
        let list_area = Rect { width: rest.width * 45 / 100, ..rest };
        list(tune, c, canvas, list_area);
        canvas.divider(list_area.right() + 1, rest);
        let x = list_area.right() + 3;
        return detail(tune, c, canvas, Rect { x, width: rest.right().saturating_sub(x), ..rest });
    }
    let rows = (rest.height * 2 / 5).max(2).min(rest.height);
    list(tune, c, canvas, Rect { height: rows, ..rest });
    let below = below(rest, rest.y + rows + 1);
    if below.height > 0 {
        canvas.rule(rest, rest.y + rows);
        detail(tune, c, canvas, below);
    }
}

fn head(tune: &TuneScreen, shared: &SharedState, c: &Comparison) -> Vec<(String, Role)> {
    let r = &c.responses;
    let other = tune.key(shared, Action::OtherView);
    let score = r.corrected;
    let shown = match tune.panes.corrected {
        true => format!(
            "Corrected answers given as corrected: {}/{} before, {}/{} after, each learned from other conversations alone. \
             {other} shows changed answers.",
            score.before, score.n, score.after, score.n
        ),
        false => format!(
            "Another answer on {} open gold turns. {other} shows corrected answers ({}).",
            numbers::rate(r.differ, r.asked),
            numbers::count(score.n)
        ),
    };
    let more = if tune.panes.corrected { r.more_corrections() } else { r.more_changes() };
    let listed = match (more, tune.panes.corrected) {
        (false, _) => String::new(),
        (true, true) => format!(" The first {} are listed.", Responses::LISTED),
        (true, false) => format!(" The {} on the most turns are listed.", numbers::count(r.changes.len() as u64)),
    };
    let mut out = vec![(shown + &listed, Role::Text)];
    if let Some(said) = tune.judgements.as_ref().filter(|_| !r.changes.is_empty()) {
        let key = tune.key(shared, Action::JudgePairs);
        let more = judging::pairs(c).len().saturating_sub(said.mine.len());
        let more = match (more, said.mine.is_empty()) {
            (0, _) => String::new(),
            (n, true) => format!(" {key} begins with {}.", numbers::plural(n as u64, "pair", "pairs")),
            (n, false) => format!(" {key} judges {}.", numbers::plural(n as u64, "more pair", "more pairs")),
        };
        out.push((format!("{}{more}", tally::tally_words(&said.tally)), Role::Accent));
    }
    out
}

fn nothing(tune: &TuneScreen, c: &Comparison) -> &'static str {
    match (tune.panes.corrected, c.before_is) {
        (true, _) if c.responses.corrected.n == 0 => {
            "No corrected answer is new to both sides: e in Review corrects one."
        }
        (true, _) => "Both give every corrected answer as corrected.",
        (false, BeforeIs::Majority) => "Nothing had answered before.",
        (false, _) if c.responses.asked == 0 => "Neither side has answers to the open half.",
        (false, _) => "Both answer every turn of the open half alike.",
    }
}

fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "no answer".to_owned(), |t| format!("“{}”", words::line(t)))
}

fn list(tune: &TuneScreen, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let panes = &tune.panes;
    let (all, selected) = (panes.len(c), panes.row_of(Pane::Responses));
    let (rows, end) = rows_alone(all, area);
    let fits = usize::from(rows.height);
    let first = first_in_view(selected, fits, all);
    let any_fault = c.responses.changes.iter().any(|change| change.faults.any() || change.losses.any());
    for (i, y) in (first..all).zip(rows.top()..rows.bottom()) {
        let line = Rect { y, height: 1, ..area };
        match panes.corrected {
            true => corrected_row(&c.responses.corrections[i], canvas, line),
            false => changed_row(&c.responses.changes[i], any_fault, canvas, line),
        }
        if i == selected {
            canvas.select(line, Role::Selected);
        }
        canvas.hit(line, ScreenHit::Response(i));
    }
    more_in(unseen(first, fits, all), Role::Muted, canvas, end);
    canvas.seen.rows = fits;
    canvas.seen.scrolled = area;
}

fn changed_row(change: &ResponseChange, any_fault: bool, canvas: &mut Canvas, line: Rect) {
    let n = words::pad_left(&format!("{}×", numbers::count(change.n)), 6);
    let x = canvas.text(line.x, line.y, 7, &format!("{n} "), Role::Muted);
    let (sign, role) = match (change.faults.any(), change.losses.any()) {
        (true, _) => ("! ", Role::Bad),
        (false, true) => ("▾ ", Role::Focus),
        (false, false) => ("  ", Role::Muted),
    };
    let x = canvas.text(x, line.y, if any_fault { 2 } else { 0 }, sign, role);
    let half = line.right().saturating_sub(x + 3) / 2;
    let before = words::fit(&quoted(change.before.as_deref()), half.into());
    let x = canvas.text(x, line.y, half, &words::pad(&before, half.into()), Role::Muted);
    let x = canvas.text(x, line.y, 3, " → ", Role::Muted);
    canvas.text(x, line.y, line.right().saturating_sub(x), &quoted(change.after.as_deref()), Role::Text);
}

fn corrected_row(turn: &CorrectedTurn, canvas: &mut Canvas, line: Rect) {
    let (sign, role) = match turn.rights() {
        (false, true) => ("✓ ", Role::Good),
        (true, false) => ("✗ ", Role::Bad),
        _ => ("· ", Role::Muted),
    };
    let x = canvas.text(line.x, line.y, 2, sign, role);
    canvas.text(x, line.y, line.right().saturating_sub(x), &quoted(Some(&turn.asked.text)), Role::Text);
}

/// The selected answers in full, and what customers had said.
fn detail(tune: &TuneScreen, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let panes = &tune.panes;
    let at = panes.row_of(Pane::Responses);
    let mut parts: Vec<(&str, String, Role)> = Vec::new();
    let answer = |text: &Option<String>| text.as_deref().map_or_else(|| "no answer".to_owned(), words::paragraph);
    if panes.corrected {
        let Some(turn) = c.responses.corrections.get(at) else { return };
        parts.push(("customer", words::paragraph(&turn.asked.text), Role::Text));
        parts.push(("wanted", words::paragraph(&turn.wanted), Role::Good));
        parts.push(("before", answer(&turn.before), Role::Muted));
        parts.push(("after", answer(&turn.after), Role::Text));
    } else {
        let Some(change) = c.responses.changes.get(at) else { return };
        parts.push(("before", answer(&change.before), Role::Muted));
        parts.push(("after", answer(&change.after), Role::Text));
        if change.faults.any() {
            parts.push(("! wrong", change.faults.words(change.n).join(", "), Role::Bad));
        }
        if change.losses.any() {
            parts.push(("▾ worse", change.losses.words().join(", "), Role::Focus));
        }
        let said = |t: &AnsweredTurn| ("customer", words::paragraph(&t.text), Role::Muted);
        parts.extend(change.turns.iter().map(said));
    }
    let mut y = area.y;
    for (label, text, role) in parts {
        let lines = text.lines().flat_map(|l| words::wrap(l, usize::from(area.width.saturating_sub(10))));
        for (i, line) in lines.take(12).enumerate() {
            if y >= area.bottom() {
                return;
            }
            if i == 0 {
                canvas.text(area.x, y, 9, label, Role::Accent);
            }
            canvas.text(area.x + 10, y, area.width.saturating_sub(10), &line, role);
            y += 1;
        }
        y += u16::from(area.height > 16);
    }
}
