//! The review cycles: a list, and what the selected one came to. Every number with a line of its own opens what it counts.

use super::state::OverviewScreen;
use crate::domain::{Gate, Rate, Verdict, Zone};
use crate::store::{CycleRow, CycleStory};
use crate::theme::Role;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::listed::{Cells, LineList, first_in_view, more_in, rows_alone, unseen};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From this width on the selected cycle stands beside the list.
const BESIDE: u16 = 100;
/// Columns of the list there.
const LIST: u16 = 46;
/// Rows of the list above the selected cycle.
const ABOVE: u16 = 7;
/// Cells of a bar of progress.
const BAR: usize = 10;

/// A line about a cycle.
struct Line {
    pieces: Vec<(String, Role)>,
    /// Its place among the lines that open something.
    opens: Option<usize>,
}

/// The queries of the lines that open something, in their order.
pub fn queries(story: &CycleStory) -> Vec<&str> {
    story.items.iter().chain(&story.found).map(|l| l.query.as_str()).collect()
}

/// Draws the page.
pub fn draw(home: &OverviewScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let rows = match &home.cycles {
        StoreRead::Waiting => return canvas.notice(area, &[("Reading the cycles …", Role::Muted)]),
        StoreRead::Failed(why) => {
            return canvas.notice(
                area,
                &[("✗ The cycles could not be read.", Role::Bad), ("", Role::Text), (&words::line(why), Role::Muted)],
            );
        }
        StoreRead::Ready(rows) => rows,
    };
    if rows.is_empty() {
        return canvas.notice(
            area,
            &[
                ("No review cycle yet.", Role::Heading),
                ("", Role::Text),
                (
                    "A cycle is a week's review: what is in it is fixed when it opens, a tenth of it becomes the test.",
                    Role::Text,
                ),
                ("c in the Queue opens one; appraise cycle open --if-due does it by itself.", Role::Muted),
            ],
        );
    }
    canvas.pieces(area.x, area.y, area.width, &heading(rows, shared));
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let (list, detail) = if body.width >= BESIDE {
        canvas.divider(body.x + LIST + 1, body);
        (Rect { width: LIST, ..body }, Rect { x: body.x + LIST + 3, width: body.width - LIST - 3, ..body })
    } else {
        let high = ABOVE.min(body.height / 2);
        let y = body.y + high + 1;
        (Rect { height: high, ..body }, Rect { y, height: body.bottom().saturating_sub(y), ..body })
    };
    let list = Rect { x: list.x + 1, width: list.width - 1, ..list };
    let head = format!("{:<17}{:<8}{:<BAR$}  reviewed", "cycle", "opened", "");
    let selected = Some(home.cycle).filter(|_| home.inside.is_none());
    LineList { head: &head, len: rows.len(), selected: selected.or(Some(home.cycle)), none: "" }.draw(
        canvas,
        list,
        |i| row(&rows[i], shared.zone()),
    );
    match &home.story {
        StoreRead::Waiting => drop(canvas.text(detail.x, detail.y, detail.width, "Reading …", Role::Muted)),
        StoreRead::Failed(why) => drop(canvas.text(detail.x, detail.y, detail.width, &words::line(why), Role::Bad)),
        StoreRead::Ready(story) => told(home, story, shared.zone(), canvas, detail),
    }
}

fn heading(rows: &[CycleRow], shared: &SharedState) -> [(&'static str, Role); 2] {
    let today = shared.zone().day(shared.now);
    let rest = match rows.first() {
        Some(row) if row.closed_at.is_none() => "one is open",
        Some(row) if row.every.due(row.opened_at, shared.zone()) <= today => "the next is due: c in the Queue opens it",
        _ => "none is open",
    };
    [("Review cycles  ", Role::Heading), (rest, Role::Muted)]
}

fn row(row: &CycleRow, zone: Zone) -> Cells {
    let share = row.done as f64 / row.goal.max(1) as f64;
    let open = row.closed_at.is_none();
    vec![
        (words::pad(&words::fit(&words::line(&row.name), 16), 17), if open { Role::Heading } else { Role::Text }),
        (words::pad(&zone.format(row.opened_at, "%-d %b"), 8), Role::Muted),
        (words::pad(&numbers::bar(share, BAR), BAR), if open { Role::Accent } else { Role::Muted }),
        (format!("  {}/{}", numbers::count(row.done), numbers::count(row.goal)), Role::Text),
    ]
}

fn told(home: &OverviewScreen, story: &CycleStory, zone: Zone, canvas: &mut Canvas, area: Rect) {
    let lines = lines(story, zone, usize::from(area.width));
    let at = home.inside.and_then(|i| lines.iter().position(|l| l.opens == Some(i)));
    let (rows, end) = rows_alone(lines.len(), area);
    let fits = usize::from(rows.height);
    let first = first_in_view(at.unwrap_or(0), fits, lines.len());
    for (line, y) in lines.iter().skip(first).zip(rows.top()..rows.bottom()) {
        let pieces: Vec<(&str, Role)> = line.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        let gap = 2 * u16::from(line.opens.is_some());
        canvas.pieces(area.x + gap, y, area.width.saturating_sub(gap), &pieces);
        if line.opens.is_some() && line.opens == home.inside {
            canvas.text(area.x, y, 1, "▶", Role::Focus);
            canvas.over(Rect { y, height: 1, ..area }, Role::Selected);
        }
    }
    more_in(unseen(first, fits, lines.len()), Role::Muted, canvas, end);
}

fn lines(s: &CycleStory, zone: Zone, columns: usize) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut opens = 0;
    let mut said = |out: &mut Vec<Line>, pieces: Vec<(String, Role)>| {
        out.extend(words::wrap_pieces(&pieces, columns).into_iter().map(|pieces| Line { pieces, opens: None }));
    };
    let text = |t: String| (t, Role::Text);
    let muted = |t: String| (t, Role::Muted);
    let row = &s.row;
    let state = row.closed_at.map_or_else(|| "open".to_owned(), |t| format!("closed {}", zone.format(t, "%-d %b")));
    said(
        &mut out,
        vec![(words::line(&row.name), Role::Heading), muted(format!("  {state} · {}", words::line(&row.scope)))],
    );
    if let Some(aim) = &row.aim {
        said(&mut out, vec![muted("to find out  ".to_owned()), text(words::line(aim))]);
    }
    let by: Vec<String> =
        s.people.iter().map(|(who, n)| format!("{} {}", words::line(who), numbers::count(*n))).collect();
    if !by.is_empty() {
        let minutes = numbers::seconds((s.minutes * 60.0).round() as u64);
        said(&mut out, vec![muted("worked by  ".to_owned()), text(by.join(", ")), muted(format!("  in {minutes}"))]);
    }
    if !row.reviewers.is_empty() {
        said(&mut out, vec![muted("meant for  ".to_owned()), text(words::line(&row.reviewers.join(", ")))]);
    }
    if s.left_by_day.len() > 1 {
        let most = row.goal.max(1) as f64;
        let spark: String = s.left_by_day.iter().map(|&left| numbers::spark(left as f64 / most)).collect();
        let left = s.left_by_day.last().copied().unwrap_or_default();
        said(
            &mut out,
            vec![muted("left, by day  ".to_owned()), (spark, Role::Accent), text(format!(" {}", numbers::count(left)))],
        );
    }
    out.push(Line { pieces: Vec::new(), opens: None });
    counted(&mut out, &mut opens, &s.items, row.goal);
    if !s.found.is_empty() {
        out.push(Line { pieces: Vec::new(), opens: None });
        let all = s.found.iter().map(|l| l.n).sum::<u64>();
        // Closing it adds them.
        let blind = if row.closed_at.is_none() { ", without those judged blind until it is closed" } else { "" };
        said(
            &mut out,
            vec![
                ("Why they failed".to_owned(), Role::Heading),
                muted(format!("  {} with a cause{blind}", numbers::count(all))),
            ],
        );
        counted(&mut out, &mut opens, &s.found, all);
    }
    out.push(Line { pieces: Vec::new(), opens: None });
    if s.relabelled + s.named + s.corrected > 0 {
        let mut intents = numbers::plural(s.relabelled, "intent", "intents");
        if s.named > 0 {
            intents = format!("{intents}, {} said where the log tells none", numbers::count(s.named));
        }
        let answers = numbers::plural(s.corrected, "answer", "answers");
        said(&mut out, vec![muted("put right  ".to_owned()), text(format!("{intents}, {answers}"))]);
    }
    said(&mut out, run(s, zone));
    before(s, &mut out, &mut said);
    if let Some(plan) = &row.plan {
        said(&mut out, vec![muted("to do next  ".to_owned()), text(words::line(plan))]);
    }
    out
}

/// Lines that open what they count.
fn counted(out: &mut Vec<Line>, opens: &mut usize, lines: &[crate::store::CountedLine], of: u64) {
    let digits = lines.iter().map(|l| numbers::count(l.n).len()).max().unwrap_or(1);
    for line in lines {
        let bar = numbers::bar(line.n as f64 / of.max(1) as f64, BAR * 2);
        let pieces = vec![
            (words::pad(&words::fit(&line.name, 28), 29), Role::Text),
            (format!("{:>digits$}  ", numbers::count(line.n)), Role::Text),
            (bar, Role::Muted),
        ];
        out.push(Line { pieces, opens: Some(*opens) });
        *opens += 1;
    }
}

fn run(s: &CycleStory, zone: Zone) -> Vec<(String, Role)> {
    let Some(run) = &s.run else {
        let words =
            if s.row.closed_at.is_some() { "nothing was trained on it" } else { "it feeds the next fine-tuning" };
        return vec![("fine-tuning  ".to_owned(), Role::Muted), (words.to_owned(), Role::Text)];
    };
    let (verdict, role) = match run.verdict {
        Some(Verdict::Better) => ("better", Role::Good),
        Some(Verdict::Worse) => ("worse", Role::Bad),
        Some(Verdict::CannotTell) => ("cannot tell", Role::Muted),
        None => ("not compared", Role::Muted),
    };
    let mut out = vec![
        ("fine-tuning  ".to_owned(), Role::Muted),
        (format!("v{}: ", run.release.0), Role::Text),
        (verdict.to_owned(), role),
    ];
    if let (Some(before), Some(after)) = (run.before, run.after) {
        out.push((format!("  {:.1} → {:.1} % right on sealed turns", before * 100.0, after * 100.0), Role::Muted));
    }
    let end = match (run.live_since, run.gate) {
        (Some(at), _) => format!("  live since {}", zone.format(at, "%-d %b")),
        (None, Some(Gate::Refuse)) => "  refused by the gate".to_owned(),
        (None, _) => "  not promoted".to_owned(),
    };
    out.push((end, Role::Text));
    out
}

fn before(s: &CycleStory, out: &mut Vec<Line>, said: &mut impl FnMut(&mut Vec<Line>, Vec<(String, Role)>)) {
    let Some(before) = &s.before else { return };
    let name = words::line(&before.name);
    if let Some(plan) = &before.plan {
        said(out, vec![(format!("planned in {name}  "), Role::Muted), (words::line(plan), Role::Text)]);
    }
    if s.found.is_empty() {
        return;
    }
    let share = |r: &Rate| {
        format!("{:.0} % ({}/{})", r.value().unwrap_or_default() * 100.0, numbers::count(r.num), numbers::count(r.den))
    };
    for t in &before.causes {
        let pieces = vec![
            (format!("{}  ", t.cause.label()), Role::Text),
            (format!("{} in {name}, {} now", share(&t.then), share(&t.now)), Role::Muted),
        ];
        said(out, pieces);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CycleId, Rhythm, Timestamp};

    #[test]
    fn a_bar_is_as_full_as_the_number_beside_it() {
        let cycle = |done, skipped, goal| CycleRow {
            id: CycleId(1),
            name: "2026-W47".to_owned(),
            opened_at: Timestamp(0),
            opened_by: "maria".to_owned(),
            closed_at: None,
            scope: String::new(),
            goal,
            done,
            skipped,
            closed_decision: None,
            release: None,
            aim: None,
            every: Rhythm::Weekly,
            reviewers: Vec::new(),
            plan: None,
        };
        let full = |row_of: &CycleRow| row(row_of, Zone::default())[2].0.trim_end().chars().count();
        assert_eq!([full(&cycle(1, 2, 3)), full(&cycle(39, 1, 40))], [3, 10]);
    }
}
