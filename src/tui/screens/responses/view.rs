//! Drawing Responses: the lists' names, the selected list, and what the selected line holds.

use super::state::{ResponsesScreen, counted_days};
use super::{corrections, detail, rows};
use crate::action::Action;
use crate::domain::{ResponseView, Verdict};
use crate::store::AnswerPage;
use crate::theme::Role;
use crate::tui::screens::sample::{self, Sampled};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::listed::LineList;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// How the answers below the non-answers are ordered.
const OTHERS: &str = "others, furthest behind other answers first, then by how often it was said";

/// The same where no non-answers stand above them.
const ALL: &str = "furthest behind others first, then by how often said, those ahead last";

/// Draws the screen.
pub fn draw(screen: &ResponsesScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    tabs(screen, shared, canvas, area);
    let top = 1 + u16::from(area.height >= 20);
    let body = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
    let bad = |why: &str, canvas: &mut Canvas| {
        let lines = [("✗ This could not be counted.", Role::Bad), ("", Role::Text), (&*words::line(why), Role::Muted)];
        canvas.notice(body, &lines);
    };
    match (screen.view, &screen.page, &screen.corrections) {
        (ResponseView::Corrections, _, StoreRead::Waiting) => canvas.notice(body, &[("Reading …", Role::Muted)]),
        (ResponseView::Corrections, _, StoreRead::Failed(why)) => bad(why, canvas),
        (ResponseView::Corrections, _, StoreRead::Ready(_)) => list(screen, shared, canvas, body),
        (_, StoreRead::Waiting, _) => canvas.notice(body, &[("Counting …", Role::Muted)]),
        (_, StoreRead::Failed(why), _) => bad(why, canvas),
        (_, StoreRead::Ready(None), _) => canvas.notice(body, &not_counted(shared)),
        (_, StoreRead::Ready(Some(_)), _) => list(screen, shared, canvas, body),
    }
}

fn not_counted(shared: &SharedState) -> [(&'static str, Role); 3] {
    if shared.is_empty() {
        return [
            ("Nothing is stored yet.", Role::Heading),
            ("", Role::Text),
            ("1 goes to the Overview, where a log can be imported.", Role::Muted),
        ];
    }
    if shared.read_only {
        return [
            ("Answers were not counted yet, and the store is open for reading alone.", Role::Heading),
            ("", Role::Text),
            ("Corrections (c) can be read all the same; `appraise responses rank` counts answers.", Role::Muted),
        ];
    }
    [
        ("Counting what the AI said and what followed …", Role::Heading),
        ("", Role::Text),
        ("A million conversations take about half a minute; other screens work meanwhile.", Role::Muted),
    ]
}

fn tabs(screen: &ResponsesScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let mut x = area.x;
    for (i, view) in ResponseView::ALL.into_iter().enumerate() {
        let key = shared.keys.map.key_of(Action::ResponseView(view));
        let from = x;
        x = canvas.text(x, area.y, 3, &format!("{key} "), Role::Muted);
        let (at, room) = (x, area.right().saturating_sub(x));
        let role = if view == screen.view { Role::Focus } else { Role::Muted };
        x = canvas.text(x, area.y, room, view.title(), role);
        if view == screen.view {
            canvas.underline(Rect { x: at, y: area.y, width: x.saturating_sub(at), height: 1 });
        }
        let count = match view {
            ResponseView::Answers => None,
            ResponseView::Corrections => {
                Some(screen.waiting(None)).filter(|n| *n > 0).map(|n| format!(" {} wait", numbers::count(n as u64)))
            }
            ResponseView::NonAnswers => screen
                .page()
                .map(|p| p.non_answers.len() as u64)
                .filter(|n| *n > 0)
                .map(|n| format!(" {}", numbers::count(n))),
        };
        if let Some(count) = count {
            x = canvas.text(x, area.y, area.right().saturating_sub(x), &count, Role::Muted);
        }
        canvas.hit(Rect { x: from, y: area.y, width: x.saturating_sub(from), height: 1 }, ScreenHit::List(i));
        x += if area.width >= 100 { 3 } else { 2 };
    }
    let time = if screen.counts_all() { "all that is stored".to_owned() } else { counted_days(shared) };
    let counting = shared.counting.progress().map(|p| {
        let percent = p.fraction().map_or(String::new(), |f| format!(" {:.0} %", 100.0 * f));
        (format!("counting answers{percent} …"), Role::Accent)
    });
    let says = match screen.view {
        ResponseView::Corrections => learnt_last(screen),
        _ if screen.page().is_some_and(|p| p.sampled) => vec![
            (format!("{time} · counts of a sample, shares weighed to all · no proof"), Role::Muted),
            (format!("{time} · a sample, weighed"), Role::Muted),
            ("a sample, weighed".to_owned(), Role::Muted),
        ],
        _ => vec![
            (format!("{time} · furthest behind first · goes together with, does not prove"), Role::Muted),
            (format!("{time} · goes together with, does not prove"), Role::Muted),
            (format!("{time} · no proof"), Role::Muted),
        ],
    };
    let room = usize::from(area.right().saturating_sub(x));
    if let Some((text, role)) = counting.into_iter().chain(says).find(|(t, _)| words::width(t) < room) {
        canvas.right(area, area.y, &text, role);
    }
}

/// What was found of the answers that were learnt last, the most of it first.
fn learnt_last(screen: &ResponsesScreen) -> Vec<(String, Role)> {
    let Some((release, found)) = screen.corrections.ready().and_then(|page| page.learned.as_ref()) else {
        return Vec::new();
    };
    let v = release.0;
    let verdict = match found.verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::CannotTell => "cannot tell",
    };
    let [before, after] = [&found.before, &found.after].map(|of| 100.0 * of.accuracy);
    let good = format!("good answers {before:.1} → {after:.1} % of {} turns", numbers::count(found.after.n));
    let again =
        format!("worth it again after {}", numbers::plural(found.again_after, "new correction", "new corrections"));
    let told = [
        format!("learnt last v{v}: {verdict}, {good} · {again}"),
        format!("learnt last v{v}: {verdict}, {good}"),
        format!("learnt last v{v}: {verdict}"),
    ];
    told.into_iter().map(|says| (says, Role::Muted)).collect()
}

fn list(screen: &ResponsesScreen, shared: &SharedState, canvas: &mut Canvas, body: Rect) {
    if screen.length() == 0 {
        let says = nothing(screen);
        for (line, y) in words::wrap(&says, usize::from(body.width)).iter().zip(body.top()..body.bottom()) {
            canvas.text(body.x, y, body.width, line, Role::Muted);
        }
        return;
    }
    let mut body = body;
    let page = screen.page().filter(|_| screen.view != ResponseView::Corrections);
    let doubt = |page: &AnswerPage| page.unknown_says().filter(|_| page.doubtful());
    for says in page.into_iter().flat_map(|page| page.too_little().into_iter().chain(doubt(page))) {
        let lines = words::wrap(&says, body.width.into());
        for (line, y) in lines.iter().zip(body.top()..body.bottom()) {
            canvas.text(body.x, y, body.width, line, Role::Heading);
        }
        let rows = (lines.len() as u16).min(body.height);
        body = Rect { y: body.y + rows, height: body.height - rows, ..body };
    }
    // The list takes what it needs, up to some three fifths; what the line holds stands below.
    let is_told = screen.page().is_some_and(|page| page.too_little().is_none());
    let others =
        screen.first_of_others().filter(|at| *at > 0 || is_told).map(|at| (at, if at > 0 { OTHERS } else { ALL }));
    let wanted = (screen.length() + 1 + usize::from(others.is_some())) as u16;
    let most = (body.height * 3 / 5).max(body.height.saturating_sub(11)).max(4);
    let height = wanted.min(most).min(body.height);
    let rows_area = Rect { x: body.x + 2, width: body.width.saturating_sub(2), height, ..body };
    let room = usize::from(rows_area.width);
    match screen.view {
        ResponseView::Corrections => {
            let Some(page) = screen.corrections.ready() else { return };
            let table = rows::CorrectionTable::of(&page.lines, room);
            let head = table.head();
            let listed = LineList { head: &head, len: screen.length(), selected: Some(screen.at()), none: "" };
            listed.draw(canvas, rows_area, |i| table.row(&page.lines[i]));
        }
        ResponseView::Answers | ResponseView::NonAnswers => {
            let table = rows::AnswerTable::of(screen, room);
            let head = table.head();
            let listed = LineList { head: &head, len: screen.length(), selected: Some(screen.at()), none: "" };
            let row = |i| screen.answer_at(i).map(|a| table.row(screen, a)).unwrap_or_default();
            listed.draw_in_parts(others, canvas, rows_area, row);
        }
    }
    let top = body.y + height + u16::from(body.height > height + 4);
    let below = Rect { y: top, height: body.bottom().saturating_sub(top), ..body };
    if below.height == 0 {
        return;
    }
    let end = match (screen.page(), screen.answer(), screen.corrections.ready(), screen.correction()) {
        (Some(page), Some(answer), ..) => detail::draw(page, answer, canvas, below),
        (_, _, Some(page), Some(line)) => corrections::draw(screen, shared, page, line, canvas, below),
        _ => return,
    };
    if let Some((query, called)) = screen.sampled_of() {
        let what = Sampled { query, called, opens: screen.answer().is_some(), let_down: false };
        sample::draw(
            &what,
            shared,
            canvas,
            Rect { y: end + 1, height: below.bottom().saturating_sub(end + 1), ..below },
        );
    }
}

fn nothing(screen: &ResponsesScreen) -> String {
    let (n, ever) = (screen.page().map_or(0, |p| p.n), screen.counts_all());
    match screen.view {
        ResponseView::Corrections => {
            "Nobody has written a better answer yet: e in Review does, while one looks at what the AI said.".to_owned()
        }
        _ if n == 0 => {
            let says = screen.page().and_then(AnswerPage::nothing).unwrap_or_default();
            let other = if ever { "" } else { " v shows all that is stored." };
            format!("{says}{other}")
        }
        ResponseView::NonAnswers if screen.page().is_some_and(|p| p.one_kind.is_some()) => {
            "Which texts are no answers cannot be told: this log tells of one kind of end alone.".to_owned()
        }
        ResponseView::NonAnswers => {
            "No text is said to five intents or more in twenty conversations of which fewer than 30 % were helped."
                .to_owned()
        }
        ResponseView::Answers => screen.page().and_then(AnswerPage::nothing).unwrap_or_default().to_owned(),
    }
}
