//! A heading and as many rows below it as fit around the selected one.

use super::Canvas;
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use ratatui::layout::Rect;

/// Pieces of one row.
pub type Cells = Vec<(String, Role)>;

/// A list with one line a row.
pub struct LineList<'a> {
    /// Above the rows.
    pub head: &'a str,
    /// How many rows there are.
    pub len: usize,
    /// Which is selected; `None`: it is only looked at.
    pub selected: Option<usize>,
    /// What stands in place of rows where there are none.
    pub none: &'a str,
}

impl LineList<'_> {
    /// Draws it; `cells` says what stands in a row.
    pub fn draw(&self, canvas: &mut Canvas, area: Rect, cells: impl Fn(usize) -> Cells) {
        self.draw_in_parts(canvas, area, None, cells);
    }

    /// The same with a line of its own before a row, which says what begins there.
    pub fn draw_in_parts(
        &self,
        canvas: &mut Canvas,
        area: Rect,
        second: Option<(usize, &str)>,
        cells: impl Fn(usize) -> Cells,
    ) {
        canvas.text(area.x, area.y, area.width, self.head, Role::Muted);
        let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let fits = usize::from(list.height);
        let before = |row: usize| usize::from(second.is_some_and(|(at, _)| row >= at));
        let selected = self.selected.unwrap_or(0);
        let lines = self.len + before(self.len);
        let first = first_in_view(selected + before(selected), fits, lines);
        for (at, y) in (first..lines).zip(list.top()..list.bottom()) {
            let line = Rect { y, height: 1, ..list };
            let i = match second {
                Some((begins, says)) if at == begins => {
                    canvas.text(line.x, y, line.width, says, Role::Muted);
                    continue;
                }
                Some((begins, _)) if at > begins => at - 1,
                _ => at,
            };
            let cells = cells(i);
            let pieces: Vec<(&str, Role)> = cells.iter().map(|(text, role)| (text.as_str(), *role)).collect();
            canvas.pieces(line.x, y, line.width, &pieces);
            if self.selected == Some(i) {
                canvas.select(line, Role::Selected);
            }
            if self.selected.is_some() {
                canvas.hit(line, ScreenHit::Listed(i));
            }
        }
        if self.len == 0 {
            canvas.text(list.x, list.y, list.width, self.none, Role::Muted);
        }
        if self.selected.is_some() {
            canvas.seen.rows = fits;
            canvas.seen.scrolled = area;
        }
    }
}

/// The first row in view of a list whose selected row is to be seen.
pub fn first_in_view(selected: usize, fits: usize, all: usize) -> usize {
    selected.saturating_sub(fits / 2).min(all.saturating_sub(fits))
}
