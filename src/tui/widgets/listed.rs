//! A heading and as many rows below it as fit around the selected one.

use super::{Canvas, numbers, words};
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

/// A row from which on a list is about something else, and what that is called.
pub type ListPart<'a> = (usize, &'a str);

impl LineList<'_> {
    /// Draws it; `cells` says what stands in a row.
    pub fn draw(&self, canvas: &mut Canvas, area: Rect, cells: impl Fn(usize) -> Cells) {
        self.draw_in_parts(None, canvas, area, cells);
    }

    /// The same with a heading before the row from which on it is about something else: nobody selects it.
    pub fn draw_in_parts(
        &self,
        second: Option<ListPart<'_>>,
        canvas: &mut Canvas,
        area: Rect,
        cells: impl Fn(usize) -> Cells,
    ) {
        canvas.text(area.x, area.y, area.width, self.head, Role::Muted);
        let heading = second.map_or(usize::MAX, |(at, _)| at);
        let rows = self.len + usize::from(heading < self.len);
        let (list, end_line) = rows_below(words::width(self.head.trim_end()), rows, area);
        let fits = usize::from(list.height);
        let selected = self.selected.unwrap_or(0);
        let first = first_in_view(selected + usize::from(selected >= heading), fits, rows);
        for (row, y) in (first..).zip(list.top()..list.bottom()) {
            let line = Rect { y, height: 1, ..list };
            if let Some((_, title)) = second.filter(|(at, _)| *at == row) {
                canvas.text(line.x, y, line.width, title, Role::Heading);
                continue;
            }
            let i = row - usize::from(row > heading);
            if i >= self.len {
                break;
            }
            let cells = cells(i);
            let mut pieces: Vec<(&str, Role)> = cells.iter().map(|(text, role)| (text.as_str(), *role)).collect();
            if let Some(last) = pieces.last_mut() {
                last.0 = last.0.trim_end();
            }
            canvas.pieces(line.x, y, line.width, &pieces);
            if line.width > 0 && is_cut_between(&pieces, usize::from(line.width)) {
                canvas.text_over(line.right() - 1, y, 1, "…", Role::Muted);
            }
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
        let end = first + fits;
        let unseen = rows.saturating_sub(end) - usize::from((end..rows).contains(&heading));
        more_in(unseen, Role::Muted, canvas, end_line);
        if self.selected.is_some() {
            canvas.seen.rows = fits;
            canvas.seen.scrolled = area;
        }
    }
}

/// The lines for so many rows below a heading that takes so many columns of the first line, and the line at whose end it is said that more
/// follow: beside the heading, else one of its own, so that no row is cut for it.
pub fn rows_below(head: usize, rows: usize, area: Rect) -> (Rect, Rect) {
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let beside = head + words::width(&more_words(rows)) < usize::from(area.width);
    // The only row stays in sight.
    if beside || list.height < 2 { (list, Rect { height: 1, ..area }) } else { rows_alone(rows, list) }
}

/// The same without a heading.
pub fn rows_alone(rows: usize, list: Rect) -> (Rect, Rect) {
    let end = Rect { y: list.bottom().saturating_sub(1).max(list.y), height: 1, ..list };
    let keeps = list.height > 1 && rows > usize::from(list.height);
    (Rect { height: list.height - u16::from(keeps), ..list }, end)
}

/// Says at the end of a line that so many rows follow; what the line says there is cut, and shows it.
pub fn more_in(unseen: usize, role: Role, canvas: &mut Canvas, line: Rect) {
    if unseen == 0 {
        return;
    }
    let place = |sign: &str| line.right().saturating_sub(words::width(sign) as u16).max(line.x);
    let mut sign = more_words(unseen);
    let buffer = canvas.frame.buffer_mut();
    if (place(&sign)..line.right()).any(|x| buffer.cell((x, line.y)).is_some_and(|cell| cell.symbol() != " ")) {
        sign.insert(0, '…');
    }
    let x = place(&sign);
    canvas.text_over(x, line.y, line.right() - x, &sign, role);
}

/// Says in the frame below what floats that so many rows follow: no line is cut for it.
pub fn more_in_frame(unseen: usize, canvas: &mut Canvas, inner: Rect) {
    if unseen > 0 {
        canvas.right(inner, inner.bottom(), &format!("{} ", more_words(unseen)), Role::Accent);
    }
}

fn more_words(unseen: usize) -> String {
    format!(" ↓ {} more", numbers::count(unseen as u64))
}

/// Whether something is left out behind a piece that just fits: within a piece the cut has its own sign.
fn is_cut_between(pieces: &[(&str, Role)], columns: usize) -> bool {
    let mut room = columns;
    for (at, (text, _)) in pieces.iter().enumerate() {
        match room.checked_sub(words::width(text)) {
            Some(left) => room = left,
            None => return room == 0 && pieces[at..].iter().any(|(text, _)| !text.trim().is_empty()),
        }
    }
    false
}

/// How many rows of a list follow below the last of so many in view.
pub const fn unseen(first: usize, fits: usize, all: usize) -> usize {
    all.saturating_sub(first + fits)
}

/// The first row in view of a list whose selected row is to be seen.
pub fn first_in_view(selected: usize, fits: usize, all: usize) -> usize {
    selected.saturating_sub(fits / 2).min(all.saturating_sub(fits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{Depth, Palette, Theme};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    /// The lines that are drawn of ten rows in two parts, in so many lines.
    fn drawn(selected: usize, height: u16) -> Vec<String> {
        drawn_of("row", selected, height)
    }

    /// The same of rows that begin so.
    fn drawn_of(name: &str, selected: usize, height: u16) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(12, height)).unwrap();
        let list = LineList { head: "head", len: 10, selected: Some(selected), none: "" };
        let draw = |frame: &mut ratatui::Frame<'_>| {
            let mut canvas = Canvas::new(frame, Theme::new(Depth::default(), Palette::default()));
            let area = Rect { x: 0, y: 0, width: 12, height };
            list.draw_in_parts(Some((7, "the rest")), &mut canvas, area, |i| {
                vec![(format!("{name} {i}   "), Role::Text)]
            });
        };
        let buffer = terminal.draw(draw).unwrap().buffer.clone();
        let line = |y| (0..12).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..height).map(line).collect()
    }

    #[test]
    fn a_heading_stands_before_the_second_part_and_takes_no_row_away() {
        let all = drawn(0, 12);
        assert_eq!(
            (all[7].as_str(), all[8].as_str(), all[9].as_str(), all[11].as_str()),
            ("row 6", "the rest", "row 7", "row 9")
        );
        for selected in 0..10 {
            assert!(drawn(selected, 4).contains(&format!("row {selected}")), "{:?}", drawn(selected, 4));
        }
        assert_eq!(drawn(9, 4), ["head", "row 8", "row 9", ""]);
    }

    #[test]
    fn a_row_that_has_no_room_shows_where_it_is_cut() {
        assert_eq!(drawn_of("ten letter", 0, 12)[1], "ten letter 0", "it ends at the edge; blanks may go");
        assert_eq!(drawn_of("one letter more", 0, 12)[1], "one letter…");
        let cut = |pieces: &[&str]| is_cut_between(&pieces.iter().map(|p| (*p, Role::Text)).collect::<Vec<_>>(), 12);
        assert!(cut(&["one letter ", "x", "y"]) && !cut(&["one letter ", "x", "  "]) && !cut(&["one letter ", "xyz"]));
    }

    #[test]
    fn a_list_that_goes_on_below_the_edge_says_how_far() {
        // No room beside the heading in 12 columns: the sign takes a line, and cuts no row.
        assert_eq!(drawn(0, 4), ["head", "row 0", "row 1", "    ↓ 8 more"], "the second heading is no row");
        assert_eq!(drawn(5, 5), ["head", "row 4", "row 5", "row 6", "    ↓ 3 more"]);
        assert!(drawn(9, 4).iter().all(|line| !line.contains('↓')));
        assert!(drawn(0, 12).iter().all(|line| !line.contains('↓')));
    }
}
