//! What the selected correction is, and where it is on its way.

use super::state::ResponsesScreen;
use crate::store::CorrectionState;
use crate::text::diff::{DiffOp, word_diff};
use crate::theme::Role;
use crate::tui::state::request::responses::{CorrectionLine, CorrectionPage};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the words before a line.
const LABEL: u16 = 8;

/// Draws it.
pub fn draw(screen: &ResponsesScreen, page: &CorrectionPage, line: &CorrectionLine, canvas: &mut Canvas, area: Rect) {
    let row = &line.row;
    let head = format!(
        "Correction {} of {}  {} · {} · #{} turn {}",
        screen.at() + 1,
        page.lines.len(),
        words::line(row.intent.as_deref().unwrap_or("no intent")),
        words::line(&row.by),
        row.n.0,
        line.place + 1
    );
    let way = way(row.state, page.next);
    let length: usize = way.iter().map(|p| words::width(&p.0)).sum();
    let mut y = area.y;
    if words::width(&head) + length + 3 <= usize::from(area.width) {
        canvas.text(area.x, y, area.width, &head, Role::Heading);
        let pieces: Vec<(&str, Role)> = way.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.right() - length as u16, y, length as u16, &pieces);
        y += 1;
    } else {
        canvas.text(area.x, y, area.width, &head, Role::Heading);
        let pieces: Vec<(&str, Role)> = way.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x, y + 1, area.width, &pieces);
        y += 2;
    }
    let columns = usize::from(area.width.saturating_sub(LABEL));
    let left = area.bottom().saturating_sub(y);
    let each = usize::from(left.saturating_sub(3)).max(2) / 2;
    let mut put = |label: &str, lines: Vec<Vec<(String, Role)>>, most: usize| {
        for (i, pieces) in lines.into_iter().take(most).enumerate() {
            if y >= area.bottom() {
                return;
            }
            canvas.text(area.x, y, LABEL, if i == 0 { label } else { "" }, Role::Muted);
            let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
            canvas.pieces(area.x + LABEL, y, area.width.saturating_sub(LABEL), &pieces);
            y += 1;
        }
    };
    let plain = |text: &str, role: Role| words::wrap_pieces(&[(words::line(text), role)], columns);
    if let Some((_, asked)) = &line.asked {
        put("asked", plain(asked, Role::Muted), 1);
    }
    let said = words::line(&line.said);
    let then = words::line(&row.text);
    put("now", plain(&said, Role::Text), each);
    put("then", words::wrap_pieces(&new_words(&said, &then), columns), each);
    let (says, role) = would(screen, line);
    put("", plain(&says, role), 2);
    if let Some(says) = row.says() {
        put("", plain(&says, if row.holds.is_some() { Role::Bad } else { Role::Muted }), 3);
    }
}

/// The way of a correction, where it is now in the accent.
fn way(state: CorrectionState, next: i64) -> Vec<(String, Role)> {
    let here = match state {
        CorrectionState::Returned => 0,
        CorrectionState::Proposed => 1,
        CorrectionState::Accepted => 2,
        CorrectionState::NextRelease => 3,
        CorrectionState::Live => 4,
    };
    // What is live went into an earlier release than the next.
    let release = if state == CorrectionState::Live { "released".to_owned() } else { format!("v{next}") };
    let names = ["draft".to_owned(), "proposed".to_owned(), "accepted".to_owned(), release, "live".to_owned()];
    let mut out = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        if at > 0 {
            out.push((" → ".to_owned(), Role::Muted));
        }
        let name = if at == here && state == CorrectionState::Returned { "sent back".to_owned() } else { name };
        out.push((name, if at == here { Role::Focus } else { Role::Muted }));
    }
    out
}

/// The words after, those that are new in green.
fn new_words(before: &str, after: &str) -> Vec<(String, Role)> {
    word_diff(before, after)
        .into_iter()
        .filter_map(|(op, text)| match op {
            DiffOp::Removed => None,
            DiffOp::Added => Some((text.to_owned(), Role::Good)),
            DiffOp::Same => Some((text.to_owned(), Role::Text)),
        })
        .collect()
}

/// What it would do on test turns, in a sentence.
fn would(screen: &ResponsesScreen, line: &CorrectionLine) -> (String, Role) {
    let Some((reach, all)) = screen.reach_of(line) else {
        return (
            "what it would do is not known: no release is live, or no test turns are frozen".to_owned(),
            Role::Muted,
        );
    };
    let wrongly = match reach.wrongly {
        0 => "none of them judged wrong yet".to_owned(),
        n => format!("{} of them judged wrong", numbers::count(n)),
    };
    let all = numbers::plural(all as u64, "test turn", "test turns");
    let mut says = format!("would answer {} of {all}, {wrongly}", numbers::count(reach.answers));
    if reach.other_language > 0 {
        let who = numbers::plural(reach.other_language, "customer", "customers");
        says.push_str(&format!("; ! {who} wrote in another language and would read {}", spoken(&line.row.lang)));
    }
    (says, if reach.other_language > 0 || reach.wrongly > 0 { Role::Bad } else { Role::Muted })
}

/// The language of an answer, for somebody who would read it.
fn spoken(tag: &str) -> String {
    if tag.is_empty() { "it all the same".to_owned() } else { words::line(&words::language(tag)) }
}
