//! Drawing the overview: what is sure, 100 customers then and now (or the table of rates), the trend, what would help most.

use super::state::{OverviewFront, OverviewScreen};
use super::{bars, cycles, headline, missing, repair, segments, table, trend, welcome};
use crate::store::OverviewPage;
use crate::theme::Role;
use crate::tui::screens::sample::{self, SAID, Sampled};
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// From this size on the causes stand beside the trend.
const WIDE: u16 = 150;
/// Rows of the trend where it is small, heading and months included.
const LEAST_TREND: u16 = 6;
/// Rows of the trend at most, unless the causes stand beside it: below these are conversations of the selected line.
const MOST_TREND: u16 = 26;

/// Draws the screen.
pub fn draw(home: &OverviewScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let mut area = area;
    if let Some(loading) = &shared.loading {
        let used = welcome::loading(shared, loading, canvas, area);
        area = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    }
    if shared.is_empty() {
        if shared.loading.is_none() {
            welcome::draw(shared, canvas, area);
        }
        return;
    }
    let inner = Rect {
        y: area.y + u16::from(area.height >= 28),
        height: area.height.saturating_sub(u16::from(area.height >= 28)),
        ..area
    };
    match home.front {
        OverviewFront::Segments => return segments::draw(home, shared, canvas, inner),
        OverviewFront::Cycles => return cycles::draw(home, shared, canvas, inner),
        OverviewFront::Figures => {}
    }
    match &home.page {
        StoreRead::Waiting => canvas.notice(area, &[("Counting how conversations ended …", Role::Muted)]),
        StoreRead::Failed(why) => canvas.notice(
            area,
            &[
                ("✗ The figures could not be read.", Role::Bad),
                ("", Role::Text),
                (&words::line(why), Role::Muted),
                ("", Role::Text),
                ("F5 tries again.", Role::Text),
            ],
        ),
        StoreRead::Ready(page) => {
            let nothing = missing::nothing_to_count(page, shared);
            if nothing.is_empty() {
                figures(home, shared, page, canvas, area);
            } else {
                let lines: Vec<(&str, Role)> = nothing.iter().map(|(t, r)| (t.as_str(), *r)).collect();
                canvas.notice(area, &lines);
            }
        }
    }
}

fn figures(home: &OverviewScreen, shared: &SharedState, page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    let roomy = area.height >= 28;
    let air = u16::from(roomy);
    let mut y = area.y + air;
    for line in headline::lines(page, area.width).iter().flat_map(|l| words::wrap_pieces(l, usize::from(area.width))) {
        y = pieces(&line, canvas, area, y);
    }
    for (text, role) in missing::notes(page, shared) {
        for line in words::wrap(&text, usize::from(area.width)) {
            y = pieces(&[(line, role)], canvas, area, y);
        }
    }
    y += air;
    let top = Rect { y, height: area.bottom().saturating_sub(y), ..area };
    y = match (home.table, page.this.one_kind) {
        (true, _) => table::draw(home, page, canvas, top),
        (false, None) => y + bars::draw(page, canvas, top),
        (false, Some(kind)) => {
            let lines = missing::of_one_kind(kind, page, shared, usize::from(area.width));
            lines.into_iter().fold(y, |y, line| pieces(&[line], canvas, area, y))
        }
    };
    if page.this.one_kind.is_some() && repair::length(page) == 0 {
        return;
    }
    let rest = Rect { y: y + air, height: area.bottom().saturating_sub(y + air), ..area };
    below(home, shared, page, air, canvas, rest);
}

/// The trend takes what the list leaves; beside it, where there is room, why conversations failed.
fn below(home: &OverviewScreen, shared: &SharedState, page: &OverviewPage, air: u16, canvas: &mut Canvas, area: Rect) {
    let sentence = repair::ceiling_lines(page, usize::from(area.width));
    if usize::from(area.height) < sentence.len() {
        return;
    }
    let foot = area.bottom().saturating_sub(sentence.len() as u16);
    // What is looked for stands below what is there until it is found.
    let looking = shared.finding.progress().filter(|_| page.repair.patterns.is_empty() && repair::length(page) > 0);
    let rows = repair::length(page) as u16 + 1 + u16::from(looking.is_some());
    let wanted = rows.clamp(2, if air == 0 { 4 } else { (area.height / 3).max(6) });
    let room = foot.saturating_sub(area.y + wanted + air);
    let mut y = area.y;
    // Without enough for a trend it is one line that says so.
    let drawn = trend::is_drawn(page);
    let with_causes = area.width >= WIDE && room >= 12 && !page.repair.causes().is_empty();
    let tall = match drawn {
        true if with_causes => room,
        true => room.min(MOST_TREND),
        false => 2,
    };
    let mut beside = None;
    if (drawn && tall >= LEAST_TREND) || (!drawn && !page.weeks.is_empty() && room >= 2) {
        let with_causes = with_causes && drawn;
        let width = if with_causes { area.width * 60 / 100 } else { area.width };
        trend::draw(home, shared.now, page, canvas, Rect { y, width, height: tall, ..area });
        if with_causes {
            let x = area.x + width + 4;
            let right = Rect { x, y, width: area.right() - x, height: tall };
            let used = (repair::causes(page, canvas, right) + 1).min(tall);
            beside = Some(Rect { y: y + used, height: tall - used, ..right });
        }
        y += tall + air;
    }
    let mut list = Rect { y, height: foot.saturating_sub(y), ..area };
    if let Some(progress) = looking.filter(|_| list.height > 2) {
        let line = list.y + (rows - 1).min(list.height - 1);
        canvas.text(list.x + 2, line, list.width, &words::looking_for("patterns", progress.fraction()), Role::Accent);
        list.height = line - list.y;
    }
    let has_focus = home.measure.is_none() && home.trend.selected(page).is_none();
    repair::list((home.selected, has_focus), page, canvas, list);
    let below = y + rows + 1;
    let room = beside.unwrap_or(Rect { y: below, height: foot.saturating_sub(below + 1), ..area });
    let line = home.repair_lines().into_iter().nth(home.selected).filter(|_| home.measure.is_none());
    if let Some(line) = line {
        sample::draw(&Sampled { query: &line.query, called: SAID, opens: true, let_down: false }, shared, canvas, room);
    }
    let mut y = foot;
    for line in &sentence {
        y = pieces(line, canvas, area, y);
    }
}

/// Writes a line; gives the row after it.
fn pieces(line: &[(String, Role)], canvas: &mut Canvas, area: Rect, y: u16) -> u16 {
    if y >= area.bottom() {
        return y;
    }
    let line: Vec<(&str, Role)> = line.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    canvas.pieces(area.x, y, area.width, &line);
    y + 1
}
