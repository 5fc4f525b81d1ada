//! Drawing Responses: the lists' names, the selected list, and what the selected line holds.

use super::lines::{AnswerPlace, RARE};
use super::names::NO_INTENT;
use super::state::{ResponsesScreen, counted_days};
use super::{corrections, detail, rows};
use crate::action::Action;
use crate::domain::{OUT_OF_SCOPE, ResponseView, Verdict};
use crate::store::{AnswerPage, Strata, UnansweredIntent};
use crate::theme::{Depth, Role};
use crate::tui::screens::sample::{self, Sampled};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::listed::{Cells, LineList};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Rows from which on a line between the names of lists and a list is left free.
const AIRY: u16 = 20;

/// What stands above the intents to which non-answers were given.
const UNANSWERED: &str = "heard a non-answer, by what was asked: write first for what stands on top";

/// Intents that are named above the non-answers.
const NAMED: usize = 2;

/// Draws the screen.
pub fn draw(screen: &ResponsesScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    tabs(screen, shared, canvas, area);
    let air = (area.height >= AIRY).then_some(area.y + 1);
    let top = 1 + u16::from(air.is_some());
    let body = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
    let bad = |why: &str, canvas: &mut Canvas| {
        let lines = [("✗ This could not be counted.", Role::Bad), ("", Role::Text), (&*words::line(why), Role::Muted)];
        canvas.notice(body, &lines);
    };
    match (screen.view, &screen.page, &screen.corrections) {
        (ResponseView::Corrections, _, StoreRead::Waiting) => canvas.notice(body, &[("Reading …", Role::Muted)]),
        (ResponseView::Corrections, _, StoreRead::Failed(why)) => bad(why, canvas),
        (ResponseView::Corrections, _, StoreRead::Ready(_)) => list_corrections(screen, shared, canvas, body),
        (_, StoreRead::Waiting, _) => canvas.notice(body, &[("Counting …", Role::Muted)]),
        (_, StoreRead::Failed(why), _) => bad(why, canvas),
        (_, StoreRead::Ready(None), _) => canvas.notice(body, &not_counted(shared)),
        (_, StoreRead::Ready(Some(page)), _) => list_answers(screen, page, shared, canvas, (body, air)),
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
                let counts = [(screen.waiting(None), "wait"), (screen.personal(), "personal")];
                let told = counts.iter().filter(|(n, _)| *n > 0);
                let told: Vec<String> =
                    told.map(|(n, what)| format!(" {} {what}", numbers::count(*n as u64))).collect();
                (!told.is_empty()).then(|| told.join(","))
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
    let brief = if screen.counts_all() { "all that is stored".to_owned() } else { counted_days(shared) };
    // Nobody asked for all of it: why, is told where there is room.
    let time = match screen.all_time && !screen.time_is_chosen {
        true => format!("{brief}: {} hold too few", counted_days(shared)),
        false => brief.clone(),
    };
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
            (format!("{time} · goes together with, does not prove"), Role::Muted),
            (format!("{time} · no proof"), Role::Muted),
            (time, Role::Muted),
            (format!("{brief} · no proof"), Role::Muted),
            (brief, Role::Muted),
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

/// Says that a list is empty.
fn empty(screen: &ResponsesScreen, canvas: &mut Canvas, body: Rect) {
    let says = nothing(screen);
    for (line, y) in words::wrap(&says, usize::from(body.width)).iter().zip(body.top()..body.bottom()) {
        canvas.text(body.x, y, body.width, line, Role::Muted);
    }
}

/// The rows of a list at most: some three fifths, and what its line holds stands below; of corrections, whose words are read there, two.
fn most_of(view: ResponseView, height: u16) -> u16 {
    let most = match view {
        ResponseView::Corrections => (height * 2 / 5).max(height.saturating_sub(12)),
        ResponseView::Answers | ResponseView::NonAnswers => (height * 3 / 5).max(height.saturating_sub(11)),
    };
    most.max(4)
}

/// A list of so many lines takes what it needs.
fn parts(lines: usize, most: u16, body: Rect) -> (Rect, Rect) {
    let height = u16::try_from(lines).unwrap_or(most).min(most).min(body.height);
    let rows = Rect { x: body.x + 2, width: body.width.saturating_sub(2), height, ..body };
    let top = body.y + height + u16::from(body.height > height + 4);
    (rows, Rect { y: top, height: body.bottom().saturating_sub(top), ..body })
}

fn list_corrections(screen: &ResponsesScreen, shared: &SharedState, canvas: &mut Canvas, body: Rect) {
    let Some(page) = screen.corrections.ready().filter(|page| !page.lines.is_empty()) else {
        return empty(screen, canvas, body);
    };
    let (rows_area, below) = parts(page.lines.len() + 1, most_of(screen.view, body.height), body);
    let table = rows::CorrectionTable::of(&page.lines, usize::from(rows_area.width));
    let head = table.head();
    let listed = LineList { head: &head, len: page.lines.len(), selected: Some(screen.at()), none: "" };
    listed.draw(canvas, rows_area, |i| table.row(&page.lines[i]));
    if let Some(line) = screen.correction().filter(|_| below.height > 0) {
        let end = corrections::draw(screen, shared, page, line, canvas, below);
        sampled(screen, shared, canvas, below, end);
    }
}

/// The answers; what their colours mean stands in the line above, where that is free.
fn list_answers(
    screen: &ResponsesScreen,
    page: &AnswerPage,
    shared: &SharedState,
    canvas: &mut Canvas,
    (body, above): (Rect, Option<u16>),
) {
    if screen.length() == 0 {
        return empty(screen, canvas, body);
    }
    let too_little = page.too_little();
    let is_told = too_little.is_none();
    let doubt = page.unknown_says().filter(|_| page.doubtful());
    let first = non_answers_say(page, body.width.into()).filter(|_| is_told);
    let says = too_little.into_iter().chain(doubt).chain(first);
    let lines: Vec<String> = says.flat_map(|says| words::wrap(&says, body.width.into())).collect();
    for (line, y) in lines.iter().zip(body.top()..body.bottom()) {
        canvas.text(body.x, y, body.width, line, Role::Heading);
    }
    let used = (lines.len() as u16).min(body.height);
    let table = rows::AnswerTable::of(screen, body.width.saturating_sub(2).into());
    let is_coloured = canvas.theme.depth() != Depth::None;
    if let (Some(y), Some(legend)) = (above, table.legend(screen).filter(|_| is_coloured)) {
        canvas.right(body, y, &legend, Role::Muted);
    }
    let body = Rect { y: body.y + used, height: body.height - used, ..body };
    let order = match screen.first_of_others().filter(|at| *at > 0) {
        Some(_) => format!("others: {}", page.order_says()),
        None => page.order_says().to_owned(),
    };
    let title = if screen.view == ResponseView::NonAnswers { UNANSWERED } else { &order };
    let others = screen.first_of_others().filter(|at| *at > 0 || is_told).map(|at| (at, title));
    let lines = screen.length() + 1 + usize::from(others.is_some());
    let (rows_area, below) = parts(lines, most_of(screen.view, body.height), body);
    let head = table.head();
    let listed = LineList { head: &head, len: screen.length(), selected: Some(screen.at()), none: "" };
    let key = shared.keys.map.key_of(Action::OpenAnswer);
    listed.draw_in_parts(others, canvas, rows_area, |i| cells(screen, page, &table, i, &key));
    if below.height == 0 {
        return;
    }
    let end = match (screen.answer(), screen.asked_for()) {
        (Some(answer), _) => detail::draw(page, answer, canvas, below),
        (None, Some(intent)) => detail::draw_unanswered(intent, canvas, below),
        (None, None) => below.y,
    };
    sampled(screen, shared, canvas, below, end);
}

/// What stands in a line.
fn cells(screen: &ResponsesScreen, page: &AnswerPage, table: &rows::AnswerTable, line: usize, key: &str) -> Cells {
    match screen.place(line) {
        Some(AnswerPlace::NonAnswer(i)) => page.non_answers.get(i).map(|answer| table.row(screen, answer)),
        Some(AnswerPlace::Answer(i)) => page.answers.get(i).map(|answer| table.row(screen, answer)),
        Some(AnswerPlace::Unanswered(i)) => page.unanswered.get(i).map(|intent| table.unanswered(intent)),
        Some(AnswerPlace::Rare { all, listed }) => {
            Some(vec![(rare(screen, all, listed, (table.room(), key)), Role::Muted)])
        }
        None => None,
    }
    .unwrap_or_default()
}

/// How many answers few heard, how many of them are listed where that is not all, and the key that does.
fn rare(screen: &ResponsesScreen, all: usize, listed: usize, (room, key): (usize, &str)) -> String {
    let few = numbers::plural(RARE - 1, "conversation", "conversations");
    let [all_of, listed_of] = [all, listed].map(|n| numbers::count(n as u64));
    match (screen.shows_rare, listed < all) {
        (false, _) => format!("▸ {all_of} answers that {few} or fewer heard · {key} lists them"),
        (true, false) => format!("▾ {all_of} answers that {few} or fewer heard · {key} folds them"),
        (true, true) => {
            let long = format!(
                "▾ {listed_of} of {all_of} answers that {few} or fewer heard; `appraise responses rank --json` has all"
            );
            let brief = format!("▾ {listed_of} of {all_of} that few heard; all: appraise responses rank --json");
            if words::width(&long) <= room { long } else { brief }
        }
    }
}

/// A few conversations of the selected line below what is told of it.
fn sampled(screen: &ResponsesScreen, shared: &SharedState, canvas: &mut Canvas, below: Rect, end: u16) {
    if let Some((query, called)) = screen.sampled_of() {
        let what = Sampled { query, called, opens: screen.query().is_some(), let_down: false };
        let area = Rect { y: end + 1, height: below.bottom().saturating_sub(end + 1), ..below };
        sample::draw(&what, shared, canvas, area);
    }
}

/// What the non-answers come to, and for which intents answers are to be written first: as much as a line holds.
fn non_answers_say(page: &AnswerPage, columns: usize) -> Option<String> {
    let sum = |of: fn(&UnansweredIntent) -> u64| page.unanswered.iter().map(of).sum::<u64>();
    let (heard, not_helped) = (sum(|intent| intent.n), sum(|intent| intent.not_helped));
    let instead = page.non_answers.iter().filter(|answer| !answer.ever.is_some_and(|ever| ever.follows())).count();
    let lines = numbers::plural(instead as u64, "non-answer", "non-answers");
    let counts = format!("{} of {}", numbers::count(not_helped), numbers::count(heard));
    let can_be_written = |intent: &&UnansweredIntent| {
        intent.not_helped > 0 && ![NO_INTENT, OUT_OF_SCOPE].contains(&intent.intent.as_str())
    };
    let first: Vec<String> = page
        .unanswered
        .iter()
        .filter(can_be_written)
        .take(NAMED)
        .map(|intent| format!("{} ({})", words::line(&intent.intent), numbers::count(intent.not_helped)))
        .collect();
    let begins = [format!("{lines}: {counts} who heard one were not helped"), format!("{lines}, {counts} not helped")];
    let told = |begin: &String, named: usize| match named {
        0 => begin.clone(),
        _ => format!("{begin}; write for {} first", first[..named].join(", ")),
    };
    let forms = (0..=first.len()).rev().flat_map(|named| begins.iter().map(move |begin| (begin, named)));
    let says = forms.map(|(begin, named)| told(begin, named)).find(|says| words::width(says) <= columns);
    says.filter(|_| heard > 0)
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
            "Which texts are non-answers cannot be told: this log tells of one kind of end alone.".to_owned()
        }
        ResponseView::NonAnswers if screen.page().is_some_and(|p| p.strata != Strata::Intents) => {
            "Which texts are non-answers cannot be told: this log names no intents, and they are found by being said to many.".to_owned()
        }
        ResponseView::NonAnswers => {
            "No text is said to five intents or more in twenty conversations of which fewer than 30 % were helped."
                .to_owned()
        }
        ResponseView::Answers => screen.page().and_then(AnswerPage::nothing).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fold_says_how_many_it_lists_and_where_all_are() {
        let says = |shows_rare: bool, listed: usize, room: usize| {
            rare(&ResponsesScreen { shows_rare, ..ResponsesScreen::default() }, 1_286, listed, (room, "⏎"))
        };
        assert_eq!(says(false, 497, 74), "▸ 1,286 answers that 4 conversations or fewer heard · ⏎ lists them");
        assert_eq!(says(true, 1_286, 74), "▾ 1,286 answers that 4 conversations or fewer heard · ⏎ folds them");
        let brief = says(true, 497, 74);
        assert_eq!(brief, "▾ 497 of 1,286 that few heard; all: appraise responses rank --json");
        assert!(words::width(&brief) <= 74 && says(true, 497, 120).ends_with("has all"));
    }
}
