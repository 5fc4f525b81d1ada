//! A few conversations of the selected line, below lists that leave a tall screen empty.

use crate::learn::signals::Signal;
use crate::store::QueueRow;
use crate::theme::Role;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::outcomes::outcome_look;
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// Rows of the terminal from which on they are asked for: below, lists and what they hold leave no room.
pub const TALL: u16 = 34;
/// Rows that they take at least: heading, and enough to tell something.
pub const LEAST: u16 = 6;

/// From this width on what a reviewer said has a column.
const WIDE: u16 = 100;
/// Columns of what a reviewer said.
const CAUSE: usize = 20;
/// Columns of what says that a customer was let down, in few words and in full.
const SAYS: (usize, usize) = (16, 34);
/// Columns of a moment.
const WHEN: usize = 11;

/// What they are called below a list of failures or answers.
pub const SAID: &str = "What its customers said";

/// Which conversations are shown.
pub struct Sampled<'a> {
    /// Finds all of them.
    pub query: &'a str,
    /// What stands above them.
    pub called: &'a str,
    /// Entering the selected line opens all of them.
    pub opens: bool,
    /// They were let down: beside each stands what says so, so that what is read is told from what was said.
    pub let_down: bool,
}

/// Draws them; nothing while they are on their way, or of another line.
pub fn draw(what: &Sampled<'_>, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let sample = &shared.sample;
    let rows = match &sample.rows {
        StoreRead::Ready(rows) if sample.query == what.query && !rows.is_empty() && area.height >= LEAST => rows,
        _ => return,
    };
    let end = canvas.text(area.x, area.y, area.width, &words::fit(what.called, area.width.into()), Role::Heading);
    let room = area.right().saturating_sub(end);
    let notes = match what.opens {
        true => ["  the newest of training groups; ⏎ shows all of the line", "  the newest; ⏎ shows all"],
        false => ["  the newest of training groups", "  the newest"],
    };
    if let Some(note) = notes.into_iter().find(|note| words::width(note) <= usize::from(room)) {
        canvas.text(end, area.y, room, note, Role::Muted);
    }
    let has_times = rows.iter().any(|r| r.at.is_some());
    let has_causes = area.width >= WIDE && rows.iter().any(|r| r.cause.is_some());
    let number = rows.iter().map(|r| r.n.0.to_string().len()).max().unwrap_or(1) + 1;
    for (row, y) in rows.iter().zip(area.y + 1..area.bottom()) {
        let mut pieces = pieces(row, shared, number, (has_times, has_causes));
        if what.let_down {
            let (few, full) = says_so(row);
            let (says, wide) = if area.width >= WIDE { (full, SAYS.1) } else { (few, SAYS.0) };
            pieces.push((words::pad(&says, wide), Role::Muted));
        }
        let pieces: Vec<(&str, Role)> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
        let end = canvas.pieces(area.x + 2, y, area.width.saturating_sub(2), &pieces);
        let room = area.right().saturating_sub(end);
        canvas.text(end, y, room, &words::fit(&words::line(&row.text), room.into()), Role::Text);
    }
}

/// What says that a customer was let down, in few words and in full: a reviewer, the rating, what the customer did, else the last words alone.
fn says_so(row: &QueueRow) -> (String, String) {
    let did = |s: &&Signal| !matches!(s, Signal::SeemsLetDown | Signal::AiRepeated) && row.why.contains(&s.words());
    let both = |few: &str, full: &str| (few.to_owned(), full.to_owned());
    match (row.csat, Signal::ALL.iter().find(did)) {
        _ if row.sentiment_labelled => both("a label", "a reviewer's label"),
        (Some(csat), _) => both(&format!("rated {csat:.0}"), &format!("the customer rated {csat:.0}")),
        (None, Some(sign)) => both(sign.few_words(), sign.words()),
        (None, None) => both("the last words", "the last words alone, as read"),
    }
}

/// All but the words: number, when, how it ended, and why where reviewers have said it of any.
fn pieces(
    row: &QueueRow,
    shared: &SharedState,
    number: usize,
    (has_times, has_causes): (bool, bool),
) -> Vec<(String, Role)> {
    let (sign, role) = outcome_look(row.outcome);
    let mut out = vec![(words::pad_left(&format!("#{}", row.n.0), number) + "  ", Role::Muted)];
    if has_times {
        let when = row.at.map_or_else(String::new, |at| shared.zone().ago(at, shared.now));
        out.push((words::pad(&when, WHEN), Role::Muted));
    }
    out.push((words::pad(&format!("{sign} {}", row.outcome), 12), role));
    if has_causes {
        let cause = row.cause.map_or_else(String::new, |cause| cause.label().to_owned());
        out.push((words::pad(&cause, CAUSE), Role::Muted));
    }
    out
}
