//! How 100 customers fared then and now: a bar each in the four textures, the numbers below. Of a few customers the numbers alone.

use super::headline::of_hundred;
use crate::domain::Outcome;
use crate::store::{OverviewPage, Period, PeriodBasis};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::widgets::Canvas;
use crate::tui::widgets::outcomes::texture;
use ratatui::layout::Rect;

/// Columns left of a bar.
const LABEL: u16 = 14;
/// In the order of a bar.
const ENDS: [Outcome; 4] = [Outcome::Resolved, Outcome::Escalated, Outcome::Failed, Outcome::Abandoned];

fn counts(p: &Period) -> [u64; 4] {
    [p.resolved, p.escalated, p.failed, p.abandoned]
}

/// Draws bars and legend; gives the rows used.
pub fn draw(page: &OverviewPage, canvas: &mut Canvas, area: Rect) -> u16 {
    let then = page.day_one.as_ref().filter(|d| !d.overlaps(&page.this));
    let now = match page.basis {
        // Where it is narrow, of all there is only this word's room.
        PeriodBasis::All => "all",
        PeriodBasis::Week | PeriodBasis::OldWeek => page.basis.words(),
    };
    let mut y = area.y;
    if page.is_too_few() {
        legend(page, None, canvas, Rect { y, height: 1, ..area });
        return 1;
    }
    if let Some(then) = then {
        bar("day one", Role::Muted, then, canvas, Rect { y, height: 1, ..area });
        y += 1;
    }
    bar(now, Role::Heading, &page.this, canvas, Rect { y, height: 1, ..area });
    legend(page, then, canvas, Rect { y: y + 1, height: 1, ..area });
    y + 2 - area.y
}

fn bar(name: &str, role: Role, p: &Period, canvas: &mut Canvas, line: Rect) {
    canvas.text(line.x, line.y, LABEL, name, role);
    let room = usize::from(line.width.saturating_sub(LABEL)).min(100);
    let mut x = line.x + LABEL;
    for (outcome, cells) in ENDS.into_iter().zip(shares(counts(p), room)) {
        let (sign, role) = texture(outcome);
        let role = if p.doubtful() { Role::Muted } else { role };
        x = canvas.text(x, line.y, cells as u16, &sign.repeat(cells), role);
    }
}

/// Cells for counts, by largest remainder: they add up to all of them.
fn shares(counts: [u64; 4], cells: usize) -> [usize; 4] {
    let all: u64 = counts.iter().sum();
    if all == 0 {
        return [0; 4];
    }
    let exact = counts.map(|n| n as f64 * cells as f64 / all as f64);
    let mut out = exact.map(|x| x as usize);
    let mut rest: Vec<usize> = (0..4).collect();
    rest.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let missing = cells.saturating_sub(out.iter().sum());
    rest.into_iter().take(missing).for_each(|i| out[i] += 1);
    out
}

/// Of 100 conversations, how many ended in each way. They add up to 100; how many were helped is rounded as everywhere.
fn of_hundred_each(p: &Period) -> [u64; 4] {
    let helped = of_hundred(&p.rate(p.resolved));
    let rest = [0, p.escalated, p.failed, p.abandoned];
    let [_, escalated, failed, abandoned] = shares(rest, 100 - helped as usize).map(|n| n as u64);
    [helped, escalated, failed, abandoned]
}

/// Columns from which on the legend has room for whole words.
const WORDY: u16 = 130;

/// What the textures mean, then and now of 100; each is the way to the conversations of the last seven days.
fn legend(page: &OverviewPage, then: Option<&Period>, canvas: &mut Canvas, line: Rect) {
    let wide = line.width >= 100;
    let few = page.is_too_few();
    let long = ["helped", "handed to a person", "failed", "gave up"];
    let short = ["helped", "handed over", "failed", "left"];
    let mut x = line.x + if wide && !few { LABEL } else { 0 };
    let gap = if wide { 4 } else { 2 };
    for (i, outcome) in ENDS.into_iter().enumerate() {
        let share = |p: &Period| if few { counts(p)[i] } else { of_hundred_each(p)[i] };
        let (sign, role) = texture(outcome);
        let name = if wide { long[i] } else { short[i] };
        let arrow = if wide { " → " } else { "→" };
        let before = then.map(|p| format!("{}{arrow}", share(p))).unwrap_or_default();
        let said = match outcome {
            Outcome::Resolved if page.this.resolved > 0 => {
                let said = if few { page.this.confirmed } else { of_hundred(&page.this.rate(page.this.confirmed)) };
                if line.width >= WORDY { format!(" ({said} of them said so)") } else { format!(" ({said} said so)") }
            }
            _ => String::new(),
        };
        let now = share(&page.this).to_string();
        let pieces = [
            (sign, role),
            (" ", Role::Text),
            (name, Role::Text),
            (" ", Role::Text),
            (before.as_str(), Role::Muted),
            (now.as_str(), Role::Heading),
            (said.as_str(), Role::Muted),
        ];
        let from = x;
        x = canvas.pieces(x, line.y, line.right().saturating_sub(x), &pieces);
        canvas.hit(Rect { x: from, width: x - from, ..line }, ScreenHit::Ended(outcome));
        x += gap;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fill_their_room_whatever_the_counts() {
        for counts in [[1, 1, 1, 0], [231, 49, 24, 19], [0, 0, 0, 1], [7, 11, 13, 17]] {
            for cells in [44, 66, 100] {
                assert_eq!(shares(counts, cells).iter().sum::<usize>(), cells, "{counts:?}");
            }
        }
        assert_eq!(shares([50, 25, 25, 0], 100), [50, 25, 25, 0]);
        assert_eq!(shares([0; 4], 100), [0; 4]);
    }

    #[test]
    fn numbers_of_a_hundred_add_up_to_a_hundred() {
        // 25.5, 23.5 and 51.0 would be 26, 24 and 51.
        for (resolved, escalated, failed) in [(51, 47, 102), (1, 1, 1), (199, 1, 0), (1, 0, 0), (0, 0, 7)] {
            let p = Period { resolved, escalated, failed, ..Period::default() };
            let [helped, ..] = of_hundred_each(&p);
            assert_eq!(of_hundred_each(&p).iter().sum::<u64>(), 100, "{resolved} {escalated} {failed}");
            assert_eq!(helped, of_hundred(&p.rate(resolved)));
        }
    }
}
