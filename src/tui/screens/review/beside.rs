//! What lies beside a conversation, in the panel: how its answer fares, and what else got that answer.

use super::rows::{PanelRow, gap, heading, keyed, plain};
use super::state::ReviewScreen;
use crate::action::Action;
use crate::store::{AnswerLine, KnownAnswer, ReviewItem};
use crate::theme::Role;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::outcomes::bar;
use crate::tui::widgets::{numbers, words};

/// Of the open ones with the same answer so many stand beside a conversation; all of them stand in the list that `=` opens.
const SHOWN: usize = 6;

/// Columns of the bar of endings.
const BAR: usize = 18;

/// Draws what lies beside, as far as there is room.
pub fn draw(
    review: &ReviewScreen,
    shared: &SharedState,
    item: &ReviewItem,
    rows: &mut Vec<PanelRow>,
    columns: usize,
    fits: usize,
) {
    let beside = review.beside.as_ref().filter(|(n, _)| *n == item.n && !item.blind() && item.turn == review.turn);
    if let Some(known) = beside.and_then(|(_, b)| b.known.as_ref()).filter(|_| rows.len() + 4 < fits) {
        known_answer(known, rows, columns);
    }
    let Some((_, beside)) = beside.filter(|_| rows.len() + 4 < fits) else { return };
    match &beside.line {
        Some(line) if line.n > 1 => {
            heading(rows, if line.says_too.is_some() { "This action, in other words too" } else { "This answer" });
            fared(line, rows, columns);
            if let Some(too) = &line.says_too {
                let says = format!("it says, too: {}", words::line(too));
                rows.extend(shortened(&says, columns).into_iter().map(|line| plain(line, Role::Muted)));
            }
        }
        _ if beside.rows.is_empty() => return,
        _ => heading(rows, "This answer"),
    }
    if let Some(open) = review.alike() {
        let text = format!("all {} like it, with a look at them", numbers::count(open.len() as u64 + 1));
        rows.push(keyed(shared, Action::LikeThis, text, Role::Text));
    }
    let open = beside.rows.iter().filter(|r| r.decided.is_none()).take(SHOWN);
    let decided = beside.rows.iter().filter(|r| r.decided.is_some());
    for row in open.chain(decided).take(fits.saturating_sub(rows.len() + 1)) {
        let decided = row.decided.as_ref().map(|(cause, by)| format!("  {}, {}", cause.label(), words::line(by)));
        let decided = decided.unwrap_or_else(|| "  open".to_owned());
        let room = columns.saturating_sub(words::width(&decided) + 9);
        let text = words::pad(&words::fit(&words::line(&row.text), room), room);
        rows.push(PanelRow::of([
            (format!("  {:<6} ", row.n.0), Role::Muted),
            (text, Role::Text),
            (decided, Role::Muted),
        ]));
    }
    gap(rows);
}

/// How an answer fares, as its line of Responses says it.
fn fared(line: &AnswerLine, rows: &mut Vec<PanelRow>, columns: usize) {
    let time = if line.is_timeless { "in all" } else { "in 4 weeks" };
    let mut row = plain(format!("{} {time}", numbers::count(line.n)), Role::Text);
    match line.one_kind {
        Some(kind) => {
            rows.push(row);
            let why = words::wrap(&format!("a rate {}", kind.needs()), columns);
            rows.extend(why.into_iter().map(|line| plain(line, Role::Muted)));
        }
        None => {
            let helped = format!("  helped {:.1} %", 100.0 * line.shares[0]);
            row.pieces.push(("  ".to_owned(), Role::Muted));
            row.pieces.extend(bar(line.shares, BAR.min(columns.saturating_sub(row.width() + words::width(&helped)))));
            row.pieces.push((helped, Role::Muted));
            rows.push(row);
        }
    }
    rows.push(plain(words::clauses(&said_where(line), columns), Role::Muted));
}

/// Which line of Responses it is: one answer has several.
fn said_where(line: &AnswerLine) -> String {
    let at = line.stage.map_or_else(String::new, |stage| format!(", {}", stage.word()));
    let (intent, lang) = (words::line(&line.intent), line.lang.as_deref());
    match (intent.as_str(), lang) {
        ("any", Some("")) => "a non-answer, said to many intents, in no known language".to_owned(),
        ("any", Some(lang)) => {
            format!("a non-answer, said to many intents, in {}", words::language(&words::line(lang)))
        }
        ("any", None) => "a non-answer, said to many intents".to_owned(),
        ("none", _) => format!("said to no intent{at}"),
        (intent, _) => format!("said to {intent}{at}"),
    }
}

/// Lines of what an answer says.
const KNOWN: usize = 2;

/// The first lines of a text, with a sign where more follow.
fn shortened(text: &str, columns: usize) -> Vec<String> {
    let mut lines = words::wrap(text, columns);
    if lines.len() > KNOWN {
        lines.truncate(KNOWN);
        if let Some(last) = lines.last_mut() {
            *last = format!("{} …", words::fit(last, columns.saturating_sub(2)));
        }
    }
    lines
}

/// What the AI could have said: somebody accepted it for a request like this one.
fn known_answer(known: &KnownAnswer, rows: &mut Vec<PanelRow>, columns: usize) {
    heading(rows, "There is an accepted answer");
    let lines = shortened(&words::line(&known.text), columns.saturating_sub(2));
    rows.extend(lines.into_iter().map(|l| plain(format!("▌ {l}"), Role::Text)));
    let nearest = if known.among > 1 { format!(", the nearest of {}", known.among) } else { String::new() };
    let says = format!("written for #{} by {}, {}{nearest}", known.of.0, words::line(&known.by), known.state.words());
    rows.push(plain(words::clauses(&says, columns), Role::Muted));
    gap(rows);
}
