//! How the conversations of a line ended, as a bar.

use crate::domain::Outcome;
use crate::theme::Role;
use crate::tui::widgets::outcomes::texture;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Cells of the bar of outcomes.
const BAR: usize = 40;

const ENDS: [(Outcome, &str); 4] = [
    (Outcome::Resolved, "helped"),
    (Outcome::Escalated, "handed over"),
    (Outcome::Failed, "failed"),
    (Outcome::Abandoned, "left"),
];

/// How conversations ended, as one bar and in numbers.
pub(super) fn bar(outcomes: [u64; 4], of: &str, canvas: &mut Canvas, area: Rect) {
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
    for (line, y) in legend(outcomes, of, usize::from(area.width)).iter().zip(area.y + 1..area.bottom()) {
        canvas.text(area.x, y, area.width, line, Role::Muted);
    }
}

/// What the bar is of, and its parts.
pub(super) fn legend(outcomes: [u64; 4], of: &str, columns: usize) -> Vec<String> {
    let said: Vec<String> = outcomes
        .into_iter()
        .zip(ENDS)
        .map(|(n, (outcome, word))| format!("{} {word} {}", texture(outcome).0, numbers::count(n)))
        .collect();
    let all = numbers::count(outcomes.iter().sum());
    words::wrap(&format!("{all} {of}: {}", said.join("  ")), columns)
}
