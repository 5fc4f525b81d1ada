//! Who is taken for whom as a matrix: rows were meant, columns are what the log says; each cell is a line of the list.

use crate::store::{ConfusedBy, ConfusedPair, PatternLine, PatternPage};
use crate::theme::Role;
use crate::tui::widgets::listed::{first_in_view, more_in, unseen};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;
use std::collections::BTreeMap;

/// Columns of a cell.
const CELL: u16 = 6;
/// Most columns of a row's name.
const NAME: usize = 30;
/// Rows of the names of columns below the matrix.
const LEGEND: u16 = 4;

/// What stands above the rows' names.
const TITLE: &str = "meant ↓  said →";

/// A row and a column.
pub type MatrixCell = (usize, usize);

/// The most confused intents against each other, those with the most conversations first.
pub struct ConfusionMatrix<'a> {
    meant: Vec<&'a str>,
    logged: Vec<&'a str>,
    cells: BTreeMap<MatrixCell, &'a PatternLine>,
}

impl<'a> ConfusionMatrix<'a> {
    /// The matrix of what somebody tells of; `None` where they tell of nothing.
    pub fn of(page: &'a PatternPage, by: ConfusedBy) -> Option<Self> {
        let told: Vec<(&PatternLine, &ConfusedPair)> = page
            .lines
            .iter()
            .filter_map(|l| Some((l, l.pair.as_ref()?)))
            .filter(|(_, p)| p.by == by && p.is_in_matrix)
            .collect();
        let axis = |side: fn(&'a ConfusedPair) -> &'a str| {
            let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
            told.iter().for_each(|(l, p)| *totals.entry(side(p)).or_default() += l.n);
            let mut names: Vec<(&str, u64)> = totals.into_iter().collect();
            names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            names.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        let (meant, logged) = (axis(|p| &p.meant), axis(|p| &p.logged));
        let place = |axis: &[&str], name: &str| axis.iter().position(|a| *a == name);
        let cell = |(l, p): &(&'a PatternLine, &ConfusedPair)| {
            Some(((place(&meant, &p.meant)?, place(&logged, &p.logged)?), *l))
        };
        let cells: BTreeMap<_, _> = told.iter().filter_map(cell).collect();
        (!cells.is_empty()).then_some(Self { meant, logged, cells })
    }

    /// Rows and columns.
    pub fn size(&self) -> MatrixCell {
        (self.meant.len(), self.logged.len())
    }

    /// The line of a cell; `None`: nobody was taken so.
    pub fn line(&self, cell: MatrixCell) -> Option<&'a PatternLine> {
        self.cells.get(&cell).copied()
    }

    /// The cell with the most conversations: where one begins.
    pub fn largest(&self) -> MatrixCell {
        let most = self.cells.iter().max_by_key(|(cell, line)| (line.n, std::cmp::Reverse(**cell)));
        most.map(|(cell, _)| *cell).unwrap_or_default()
    }

    /// A cell so many rows and columns away, kept inside.
    pub fn step(&self, (row, column): MatrixCell, (down, right): (isize, isize)) -> MatrixCell {
        (
            row.saturating_add_signed(down).min(self.meant.len().saturating_sub(1)),
            column.saturating_add_signed(right).min(self.logged.len().saturating_sub(1)),
        )
    }

    /// Columns of the longest name of a row.
    fn longest(&self) -> usize {
        self.meant.iter().map(|m| words::width(&words::line(m))).max().unwrap_or(0)
    }

    /// Columns in which all of it fits.
    pub fn width(&self) -> usize {
        self.longest().clamp(TITLE.len(), NAME) + usize::from(CELL) * self.logged.len() + 3
    }

    /// Draws it with the selected cell.
    pub fn draw(&self, selected: MatrixCell, canvas: &mut Canvas, area: Rect) {
        let name = self.longest().clamp(8, NAME.min(usize::from(area.width / 3)));
        let left = area.x + name as u16 + 1;
        // A column on the right for the sign that more follow.
        let fits = usize::from((area.right().saturating_sub(left + 1)) / CELL).max(1);
        let first = first_in_view(selected.1, fits, self.logged.len());
        let shown = first..self.logged.len().min(first + fits);
        canvas.text(area.x, area.y, name as u16, TITLE, Role::Muted);
        for (k, column) in shown.clone().enumerate() {
            let role = if column == selected.1 { Role::Focus } else { Role::Muted };
            let x = left + k as u16 * CELL;
            canvas.text(x, area.y, CELL, &words::pad_left(&(column + 1).to_string(), 5), role);
        }
        // On either side where there are more columns than fit.
        if shown.start > 0 {
            canvas.text(left, area.y, 1, "‹", Role::Accent);
        }
        if shown.end < self.logged.len() {
            let x = left + shown.len() as u16 * CELL;
            canvas.text(x, area.y, area.right().saturating_sub(x), "›", Role::Accent);
        }
        let legend = self.legend(selected.1, usize::from(area.width));
        let legend_rows = (legend.len() as u16).min(LEGEND);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(2 + legend_rows), ..area };
        let top = first_in_view(selected.0, usize::from(rows.height), self.meant.len());
        for (row, y) in (top..self.meant.len()).zip(rows.top()..rows.bottom()) {
            let role = if row == selected.0 { Role::Focus } else { Role::Text };
            let meant = words::fit(&words::line(self.meant[row]), name);
            canvas.text(area.x, y, name as u16, &meant, role);
            for (k, column) in shown.clone().enumerate() {
                let cell = Rect { x: left + k as u16 * CELL, y, width: CELL, height: 1 };
                let (text, role) = match self.line((row, column)) {
                    Some(line) => (numbers::count(line.n), Role::Text),
                    None if self.meant[row] == self.logged[column] => ("=".to_owned(), Role::Faint),
                    None => ("·".to_owned(), Role::Faint),
                };
                canvas.text(cell.x, y, CELL, &words::pad_left(&text, 5), role);
                if (row, column) == selected {
                    canvas.over(cell, Role::Selected);
                    canvas.text_over(cell.x, y, 1, "▶", Role::Focus);
                }
            }
        }
        let used = rows.height.min((self.meant.len() - top.min(self.meant.len())) as u16);
        for (line, y) in legend.iter().zip(rows.y + used + 1..area.bottom()) {
            canvas.text(area.x, y, area.width, line, Role::Muted);
        }
        let unseen = unseen(top, usize::from(rows.height), self.meant.len());
        more_in(unseen, Role::Muted, canvas, Rect { y: rows.bottom(), height: 1, ..rows });
        canvas.seen.rows = usize::from(rows.height);
    }

    /// The names of the columns, the selected one in a sentence of its own.
    fn legend(&self, selected: usize, columns: usize) -> Vec<String> {
        let said = self.logged.get(selected).map_or_else(String::new, |name| words::line(name));
        let place = format!("column {} of {}: the log says {said}", selected + 1, self.logged.len());
        let mut out = vec![words::fit(&place, columns)];
        let all: Vec<String> =
            self.logged.iter().enumerate().map(|(k, name)| format!("{} {}", k + 1, words::line(name))).collect();
        out.extend(words::wrap(&all.join(" · "), columns));
        out
    }
}
