//! What the selected correction is, and where it is on its way.

use super::detail::followed;
use super::state::{ResponsesScreen, counted_days};
use crate::store::{AnswerFigures, AnswersTold, CorrectionState};
use crate::text::diff::{DiffOp, word_diff};
use crate::theme::Role;
use crate::tui::state::request::responses::{CorrectionLine, CorrectionPage};
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Rows below the heading from which on it is told what followed.
const TALL: u16 = 9;
/// Lines more of what was asked, where there is room.
const ASKED: usize = 2;
/// Columns of the words before a line.
const LABEL: u16 = 8;

/// Draws it; gives the row after it.
pub fn draw(
    screen: &ResponsesScreen,
    shared: &SharedState,
    page: &CorrectionPage,
    line: &CorrectionLine,
    canvas: &mut Canvas,
    area: Rect,
) -> u16 {
    let row = &line.row;
    let head = format!(
        "Correction {} of {}  {} · {} · #{} turn {}",
        screen.at() + 1,
        numbers::count(page.lines.len() as u64),
        words::line(row.intent.as_deref().unwrap_or("no intent")),
        words::line(&row.by),
        row.n.0,
        line.place + 1
    );
    let way = way(row.state, row.candidate.map_or(page.next, |made| made.0));
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
    // What followed either stands below it where the words have room all the same.
    let fared = match left >= TALL {
        true => screen.fared(line).map(|answer| answer.map(|a| fared(screen, shared, a))),
        false => [None, None],
    };
    let room = usize::from(left.saturating_sub(3 + 2 * fared.iter().flatten().count() as u16)).max(2);
    let mut put = |label: &str, lines: Vec<Vec<(String, Role)>>, most: usize| {
        for (i, pieces) in first_lines(lines, columns, most).into_iter().enumerate() {
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
    let said = words::line(&line.said);
    let then = words::line(&row.text);
    let [before, since] = fared;
    let [now, after] = [plain(&said, Role::Text), words::wrap_pieces(&new_words(&said, &then), columns)];
    if let Some((_, asked)) = &line.asked {
        // A line, and what the answers leave.
        put("asked", plain(asked, Role::Muted), 1 + room.saturating_sub(now.len() + after.len()).min(ASKED));
    }
    // Each has half of the room, and what the other leaves.
    let most = |other: usize| room.saturating_sub(other).max(room / 2);
    let [for_now, for_after] = [most(after.len()), most(now.len())];
    // Of what is live the AI's words are those of before; else nobody knows whether it says them still (a release may have been taken back).
    let is_live = row.state == CorrectionState::Live;
    put(if is_live { "before" } else { "said" }, now, for_now);
    put("", before.map_or_else(Vec::new, |says| plain(&says, Role::Muted)), 2);
    put(if is_live { "now" } else { "then" }, after, for_after);
    put("", since.map_or_else(Vec::new, |says| plain(&says, Role::Muted)), 2);
    if line.helps_few {
        put("", plain(&format!("! {}", AnswersTold::HELPS_FEW), Role::Bad), 2);
    }
    // What the next release does not say, and what is no answer to everybody, reaches nobody: why, stands below.
    if row.unused.is_none() && row.holds.is_none() {
        let (says, role) = would(screen, shared, line);
        put("", plain(&says, role), 2);
    }
    if let Some(says) = row.says() {
        let hinders = row.holds.is_some() || row.unused.is_some();
        put("", plain(&says, if hinders { Role::Bad } else { Role::Muted }), 3);
    }
    y
}

/// What followed an answer in the time that is counted.
fn fared(screen: &ResponsesScreen, shared: &SharedState, answer: &AnswerFigures) -> String {
    let time = match screen.counts_all() {
        true => "of all that is stored".to_owned(),
        false => format!("in the {}", counted_days(shared)),
    };
    let kind = screen.page().and_then(|page| page.one_kind);
    format!("what followed it {time}, {}", followed(answer, kind))
}

/// The first of some lines, with an ellipsis where there are more.
fn first_lines(mut lines: Vec<Vec<(String, Role)>>, columns: usize, most: usize) -> Vec<Vec<(String, Role)>> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let before: usize = last.iter().rev().skip(1).map(|(text, _)| words::width(text)).sum();
            if let Some((text, _)) = last.last_mut() {
                *text = words::fit(&format!("{text} …"), columns.saturating_sub(before));
            }
        }
    }
    lines
}

/// The way of a correction, where it is now in the accent; `next` is the release that says it or will.
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
fn would(screen: &ResponsesScreen, shared: &SharedState, line: &CorrectionLine) -> (String, Role) {
    let Some((reach, all)) = screen.reach_of(line) else {
        let live = shared.overview.ready().map(|overview| overview.live.is_some());
        let says = match (live, &screen.tests) {
            (Some(false), _) => "what it would do is not known: no release is live".to_owned(),
            (_, StoreRead::Waiting) => "what it would do is being counted".to_owned(),
            (_, StoreRead::Failed(why)) => format!("what it would do is not known: {}", words::line(why)),
            (_, StoreRead::Ready(_)) => "what it would do is not known: no test turns are frozen".to_owned(),
        };
        return (says, Role::Muted);
    };
    let wrongly = match reach.wrongly {
        0 => "none of them judged wrong yet".to_owned(),
        n => format!("{} of them judged wrong", numbers::count(n)),
    };
    let all = numbers::plural(all as u64, "test turn", "test turns");
    let answers = match (line.row.state == CorrectionState::Live, line.row.beside_others) {
        (true, false) => "answers",
        (false, false) => "would answer",
        // The others get what else was accepted.
        (true, true) => "answers what is like its own request among",
        (false, true) => "would answer what is like its own request among",
    };
    let mut says = format!("{answers} {} of {all}, {wrongly}", numbers::count(reach.answers));
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
