//! Drawing Patterns: the lists' names, the selected list, and what the selected line holds.

use super::detail::LineDetail;
use super::rows;
use super::state::PatternsScreen;
use crate::action::Action;
use crate::domain::PatternView;
use crate::store::{ConfusedBy, PatternLine, PatternPage};
use crate::theme::Role;
use crate::tui::screens::sample::{self, SAID, Sampled};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::listed::LineList;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From this width on what a line holds stands beside the list, below it otherwise.
const BESIDE: u16 = 110;
/// Columns of what a line holds beside the list, at least.
const DETAIL: u16 = 42;
/// Below this width the lists' names are shortened.
const NARROW: u16 = 110;
/// Rows of what a line holds, below the list, where that has more lines than fit.
const BELOW: u16 = 7;
/// Rows from which on what a line holds stands below the list.
const FEWEST: u16 = 8;
/// Lines whose details are measured: those that are seen first. The list keeps its height from one to the next.
const MEASURED: usize = 50;
/// Rows of what belongs to the list, at most.
const NOTED: usize = 10;
/// The same below a matrix.
const BELOW_MATRIX: u16 = 3;

/// Draws the screen.
pub fn draw(screen: &PatternsScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let says_days = tabs(screen, shared, canvas, area);
    let air = u16::from(area.height >= 20);
    let top = 1 + air;
    let body = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
    match &screen.page {
        StoreRead::Waiting => canvas.notice(body, &[("Counting …", Role::Muted)]),
        StoreRead::Failed(why) => canvas.notice(
            body,
            &[("✗ This could not be counted.", Role::Bad), ("", Role::Text), (&words::line(why), Role::Muted)],
        ),
        StoreRead::Ready(page) => {
            let days = page.days.filter(|_| !says_days);
            let left = body.width.saturating_sub(working(shared, canvas, body));
            heading(&headings(screen, page), days, canvas, Rect { width: left, ..body });
            list(screen, shared, page, canvas, body);
        }
    }
}

/// The lists' names; whether there was room for the days that are counted.
fn tabs(screen: &PatternsScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) -> bool {
    let mut x = area.x;
    for (i, view) in PatternView::ALL.into_iter().enumerate() {
        let key = shared.keys.map.key_of(Action::PatternView(view));
        let from = x;
        x = canvas.text(x, area.y, 3, &format!("{key} "), Role::Muted);
        let at = x;
        x = canvas.text(
            x,
            area.y,
            area.right().saturating_sub(x),
            title(view, area.width),
            if view == screen.view { Role::Focus } else { Role::Muted },
        );
        if view == screen.view {
            canvas.underline(Rect { x: at, y: area.y, width: x.saturating_sub(at), height: 1 });
        }
        canvas.hit(Rect { x: from, y: area.y, width: x.saturating_sub(from), height: 1 }, ScreenHit::List(i));
        x += if area.width >= 100 { 3 } else { 1 };
    }
    let days = match screen.page.ready() {
        Some(page) if page.days.is_none() => "all times".to_owned(),
        _ if screen.view == PatternView::Actions => String::new(),
        _ => format!("{} {} days", shared.last_or_newest(), screen.days()),
    };
    let fits = usize::from(area.right().saturating_sub(x)) > words::width(&days) + 2;
    if fits {
        canvas.right(area, area.y, &days, Role::Muted);
    }
    fits
}

/// A list's name, so short that all of them stand in one line of a narrow screen.
const fn title(view: PatternView, width: u16) -> &'static str {
    match view {
        PatternView::Failed if width < NARROW => "failed",
        PatternView::Confused if width < NARROW => "taken",
        PatternView::Returned if width < NARROW => "back",
        PatternView::Handovers if width < NARROW => "handed",
        _ => view.title(),
    }
}

/// The first of some headings that fits, with the days that are counted where nothing else says them and there is room.
fn heading(headings: &[String], days: Option<i64>, canvas: &mut Canvas, area: Rect) {
    let with = headings.iter().filter_map(|h| Some(format!("{} days: {h}", days?)));
    let fits = |h: &String| words::width(h) <= usize::from(area.width);
    let heading = with.chain(headings.iter().cloned()).find(fits).or_else(|| headings.last().cloned());
    canvas.text(area.x, area.y, area.width, &heading.unwrap_or_default(), Role::Heading);
}

/// What is being looked for, on the right; the columns that it and a gap before it take.
fn working(shared: &SharedState, canvas: &mut Canvas, area: Rect) -> u16 {
    let (what, progress, after) = match (shared.detecting.progress(), shared.finding.progress()) {
        (Some(progress), _) => ("the mode", progress, " p stops"),
        (None, Some(progress)) => ("patterns", progress, ""),
        (None, None) => return 0,
    };
    let says = format!("{}{after}", words::looking_for(what, progress.fraction()));
    canvas.right(area, area.y, &says, Role::Accent);
    words::width(&says) as u16 + 2
}

fn list(screen: &PatternsScreen, shared: &SharedState, page: &PatternPage, canvas: &mut Canvas, area: Rect) {
    let (whole, n) = page.whole;
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if page.lines.is_empty() {
        let says = match (page.missing, &page.note) {
            (Some(missing), _) => missing.to_owned(),
            (None, Some(note)) if page.nothing.is_none() => note.clone(),
            (None, _) => page.nothing.clone().unwrap_or_else(|| nothing(screen.view, page.days, n, whole)),
        };
        for (line, y) in words::wrap(&says, usize::from(body.width)).iter().zip(body.top()..body.bottom()) {
            canvas.text(body.x, y, body.width, line, Role::Muted);
        }
        return;
    }
    let table = |room: u16| rows::PatternColumns::of(screen.view, page, usize::from(room));
    let zone = shared.zone();
    let detail_of = |line: &PatternLine, room| LineDetail::fitting(screen.view, line, (page, zone), room);
    let tallest = |room: (u16, u16)| {
        let measured = page.lines.iter().take(MEASURED).chain(screen.line());
        measured.map(|l| detail_of(l, room).filled(room.1)).max().unwrap_or(0)
    };
    let second = page.rest().filter(|_| screen.view == PatternView::Failed);
    let listed = page.lines.len() + usize::from(second.is_some());
    let listed = u16::try_from(listed).unwrap_or(u16::MAX).saturating_add(2);
    // Names that would be cut beside stand above, where there is room for all of both.
    let is_cut = || table(body.width.saturating_sub(DETAIL + 1)).is_cut();
    let stacks = || {
        screen.matrix.is_none() && is_cut() && {
            let spare = body.height.saturating_sub(listed);
            spare >= BELOW && tallest((body.width, spare)) < spare
        }
    };
    let beside = body.width >= BESIDE && !stacks();
    // Beside it stands what a line holds: the list takes what it needs, and leaves that enough.
    let widest = if beside { body.width - DETAIL } else { body.width };
    let left = if beside {
        let wanted = screen.shown_matrix().map_or_else(|| table(widest - 1).width(), |m| m.width()) + 1;
        u16::try_from(wanted).unwrap_or(widest).max(body.width * 45 / 100).min(widest)
    } else {
        body.width
    };
    // A sentence that belongs to the list stands at its foot.
    let below_list = body.height.saturating_sub(listed + if beside { 1 } else { BELOW + 3 });
    let most = if body.height > 12 { usize::from(below_list).clamp(3, NOTED) } else { 0 };
    let note = whole_sentences(page.note.as_deref().unwrap_or_default(), usize::from(left.saturating_sub(1)), most);
    let noted = note.len() as u16;
    // Where none were asked for the list keeps its height.
    let with_conversations = beside && screen.matrix.is_none() && !shared.sample.query.is_empty();
    let all = body;
    let body = match screen.line().filter(|_| with_conversations) {
        Some(line) => {
            let room = (body.width.saturating_sub(left + 3), body.height);
            let taken = listed.max(tallest(room)) + noted + u16::from(noted > 0) + 1;
            conversations(line, shared, taken, canvas, body)
        }
        None => body,
    };
    let whole = body;
    let body = Rect { height: body.height.saturating_sub(noted + u16::from(noted > 0)), ..body };
    for (line, y) in note.iter().zip(body.bottom() + 1..) {
        canvas.text(whole.x + 1, y, left.saturating_sub(1), line, Role::Muted);
    }
    let below = if beside || body.height < FEWEST {
        0
    } else if screen.shown_matrix().is_some() {
        // A matrix needs its rows more than what a cell holds does.
        BELOW_MATRIX + 1
    } else {
        // What the list does not need, and no more than any line takes.
        // It begins where the list ends.
        let spare = body.height.saturating_sub(listed);
        let most = spare.max(BELOW.min(body.height / 2));
        (tallest((body.width, most)) + 1).max(spare)
    };
    // A blank column on the left for the sign of the selected row.
    let rows_area = Rect { x: body.x + 1, width: left.saturating_sub(1), height: body.height - below, ..body };
    match screen.shown_matrix() {
        Some(matrix) => matrix.draw(screen.cell, canvas, rows_area),
        None => {
            // As wide as was reckoned with, though it takes less: else columns would go that there is room for.
            let table = table(widest - 1);
            let head = table.head();
            let listed = LineList { head: &head, len: page.lines.len(), selected: Some(screen.selected), none: "" };
            listed.draw_in_parts(second, canvas, rows_area, |i| table.row(&page.lines[i]));
        }
    }
    let Some(line) = screen.line() else { return };
    // Where there is no room below both, they stand below the list alone.
    if with_conversations && whole.height == all.height {
        let taken = listed.min(rows_area.height);
        let under = Rect { y: rows_area.y + taken, height: rows_area.height - taken, ..rows_area };
        sample::draw(
            &Sampled { query: &line.query, called: SAID, opens: true, let_down: false },
            shared,
            canvas,
            under,
        );
    }
    let detail = match (beside, below) {
        (true, _) => {
            canvas.divider(body.x + left + 1, body);
            Rect { x: body.x + left + 3, width: body.width.saturating_sub(left + 3), ..body }
        }
        (false, 0) => return,
        (false, below) => Rect { y: body.bottom() - below + 1, height: below - 1, ..body },
    };
    detail_of(line, (detail.width, detail.height)).draw(canvas, detail);
}

/// Draws conversations of the selected line below what list and details take, where that leaves room; gives what is left to these.
fn conversations(line: &PatternLine, shared: &SharedState, taken: u16, canvas: &mut Canvas, body: Rect) -> Rect {
    let height = body.height.saturating_sub(taken);
    if height < sample::LEAST {
        return body;
    }
    let below = Rect { x: body.x + 1, y: body.y + taken, width: body.width.saturating_sub(1), height };
    sample::draw(&Sampled { query: &line.query, called: SAID, opens: true, let_down: false }, shared, canvas, below);
    Rect { height: taken - 1, ..body }
}

/// As many whole sentences as so many rows hold.
fn whole_sentences(text: &str, columns: usize, rows: usize) -> Vec<String> {
    let ends = text.match_indices(". ").map(|(at, _)| at + 1).chain([text.len()]);
    let wrapped = ends.map(|end| words::wrap(text[..end].trim_end(), columns)).filter(|_| !text.is_empty());
    wrapped.take_while(|lines| lines.len() <= rows).last().unwrap_or_default()
}

/// What the list finds, in a sentence; the same in fewer words.
fn headings(screen: &PatternsScreen, page: &PatternPage) -> Vec<String> {
    let (whole, n) = whole_of(page);
    if page.is_unknown() {
        return Vec::new();
    }
    if page.missing.is_some() {
        let what = if screen.view == PatternView::Confused { "Who was taken for whom" } else { "Who came back" };
        return vec![format!("{what} cannot be told of this log")];
    }
    match screen.view {
        PatternView::Topics => return topics_heading(page),
        PatternView::Actions => {
            let given = numbers::plural(page.lines.len() as u64, "action was", "actions were");
            let about = match page.lines.as_slice() {
                [line] => line.effect.as_ref().map_or(0, |e| e.before.rate.num),
                _ => 0,
            };
            let about = match about {
                0 => String::new(),
                n => format!(" for {} of four weeks", numbers::plural(n, "failure", "failures")),
            };
            return vec![format!("{given} handed out{about}; {} not done yet", numbers::count(n))];
        }
        _ => {}
    }
    let all = numbers::plural(n, "conversation", "conversations");
    if screen.view == PatternView::Failed && n > 0 {
        return what_failed(page, &all);
    }
    if screen.view == PatternView::Confused {
        let by = |by| page.lines.iter().filter(|l| l.pair.as_ref().is_some_and(|p| p.by == by)).map(|l| l.n).sum();
        let (said, guessed): (u64, u64) = (by(ConfusedBy::Reviewers), by(ConfusedBy::LiveRelease));
        let of = page
            .among
            .map_or_else(String::new, |n| format!(" of {}", numbers::plural(n, "conversation", "conversations")));
        if let Some(by) = screen.matrix {
            let n = if by == ConfusedBy::Reviewers { said } else { guessed };
            return vec![format!("{}{of} {whole}, by {}", numbers::count(n), by.words())];
        }
        let (n, said, guessed) = (numbers::count(n), numbers::count(said), numbers::count(guessed));
        return vec![
            format!("{n}{of} {whole}: {said} by reviewers, {guessed} by the live release"),
            format!("{n}{of} {whole}: {said} by reviewers"),
            format!("{n} {whole}"),
        ];
    }
    vec![format!("{all} {whole}")]
}

/// What all of a list did, of one conversation in the singular, and how many they are.
fn whole_of(page: &PatternPage) -> (String, u64) {
    let (whole, n) = page.whole;
    (if n == 1 { whole.replace("were", "was") } else { whole.to_owned() }, n)
}

/// What failed, what of it was handed over, and how much of it the largest patterns hold: shares of the whole, as the list's are.
fn what_failed(page: &PatternPage, all: &str) -> Vec<String> {
    let (whole, n) = whole_of(page);
    let held: Vec<u64> = page.lines.iter().filter(|l| l.kind.is_some() && !l.is_aside()).map(|l| l.n).take(5).collect();
    let share = 100.0 * held.iter().sum::<u64>() as f64 / n as f64;
    let few = match held.len() as u64 {
        0 => String::new(),
        n => format!("; {} {share:.0} %", numbers::plural(n, "pattern holds", "patterns hold")),
    };
    let handed = page.handed_over(numbers::count).map_or_else(String::new, |says| format!(": {says}"));
    let count = numbers::count(n);
    let short = match page.handed {
        (0, 0) => String::new(),
        (right, at_once) => {
            format!(", {} rightly, {} asked for a person at once", numbers::count(right), numbers::count(at_once))
        }
    };
    vec![
        format!("{all} {whole}{handed}{few}"),
        format!("{count} {whole}{handed}{few}"),
        format!("{count} {whole}{short}{few}"),
        format!("{count} {whole}{few}"),
        format!("{count} {whole}"),
    ]
}

/// How many are on a topic, or would be.
fn topics_heading(page: &PatternPage) -> Vec<String> {
    let all = numbers::plural(page.whole.1, "conversation", "conversations");
    let on: u64 = page.lines.iter().filter(|l| l.example.is_some()).map(|l| l.n).sum();
    let topics = page.lines.iter().filter(|l| l.example.is_some()).count() as u64;
    let (on, topics) = (numbers::count(on), numbers::plural(topics, "topic", "topics"));
    match (page.lines.is_empty(), page.is_proposed) {
        (true, _) => vec![format!("{all} came in")],
        (_, true) => vec![
            format!("{all} came in; the proposed list has {topics} and would hold {on}: A accepts it"),
            format!("proposed: {topics}, {on} of {all}"),
        ],
        _ => vec![format!("{all} came in; {on} are on one of {topics}")],
    }
}

fn nothing(view: PatternView, days: Option<i64>, n: u64, whole: &str) -> String {
    match (view, n) {
        (PatternView::Actions, _) => {
            "Nothing was handed out: a on a pattern, an intent or a cause gives it to somebody, by a day.".to_owned()
        }
        (view, 0) if view != PatternView::Topics => {
            let times = days.map_or_else(|| "of this log".to_owned(), |days| format!("of the last {days} days"));
            format!("No conversation {times} counts here: none {whole}.")
        }
        (PatternView::Failed, _) => "No patterns yet: t looks for them.".to_owned(),
        (PatternView::Segments, _) => "The log names no language and no channel.".to_owned(),
        (PatternView::Topics, _) => {
            "No list of topics yet. Where the log has no intents, t groups what customers came for and proposes one."
                .to_owned()
        }
        (PatternView::Causes, _) => "Reviewers have not said why yet: r in the Queue begins.".to_owned(),
        _ => "Nothing to tell apart: the log has no intents here.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_conversation_is_told_in_the_singular() {
        let said = |n| whole_of(&PatternPage { whole: ("failed or were handed over", n), ..PatternPage::default() }).0;
        assert_eq!([said(1), said(2)], ["failed or was handed over", "failed or were handed over"]);
    }
}
