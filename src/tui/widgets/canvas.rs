//! Drawing by role, and remembering what was drawn where so that the mouse can ask.

use super::words;
use crate::theme::{Role, Theme};
use crate::tui::state::seen::{ScreenHit, SeenFrame};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

/// A frame being drawn.
pub struct Canvas<'a, 'b> {
    /// The frame.
    pub frame: &'a mut Frame<'b>,
    /// Roles and styles.
    pub theme: Theme,
    /// What was drawn where.
    pub seen: SeenFrame,
}

impl<'a, 'b> Canvas<'a, 'b> {
    /// Begins a frame.
    pub fn new(frame: &'a mut Frame<'b>, theme: Theme) -> Self {
        Self { frame, theme, seen: SeenFrame::default() }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Writes clean text into at most `columns`, cut with an ellipsis; gives the column after it.
    pub fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let area = self.frame.area();
        if y >= area.bottom() || x >= area.right() || columns == 0 {
            return x;
        }
        let columns = columns.min(area.right() - x);
        let cut = words::fit(text, usize::from(columns));
        let style = self.style(role);
        self.frame.buffer_mut().set_stringn(x, y, &cut, usize::from(columns), style).0
    }

    /// Writes several pieces one after another into at most `columns`; gives the column after them.
    pub fn pieces(&mut self, x: u16, y: u16, columns: u16, pieces: &[(&str, Role)]) -> u16 {
        let end = x.saturating_add(columns);
        let mut at = x;
        for (text, role) in pieces {
            let room = end.saturating_sub(at);
            at = self.text(at, y, room, text, *role);
            if words::width(text) > usize::from(room) {
                // It was cut; what would follow is gone too.
                break;
            }
        }
        at
    }

    /// Writes text so that it ends at the right edge of `area`; gives the column where it begins.
    pub fn right(&mut self, area: Rect, y: u16, text: &str, role: Role) -> u16 {
        let w = (words::width(text) as u16).min(area.width);
        let x = area.right() - w;
        self.text(x, y, w, text, role);
        x
    }

    /// Writes clean text over what was drawn there; nothing of its style shines through.
    pub fn text_over(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let width = (words::width(text) as u16).min(columns);
        Clear.render(Rect { x, y, width, height: 1 }.intersection(self.frame.area()), self.frame.buffer_mut());
        self.text(x, y, columns, text, role)
    }

    /// A horizontal rule.
    pub fn rule(&mut self, area: Rect, y: u16) {
        let line = "─".repeat(usize::from(area.width));
        self.text(area.x, y, area.width, &line, Role::Faint);
    }

    /// A vertical rule.
    pub fn divider(&mut self, x: u16, area: Rect) {
        for y in area.top()..area.bottom() {
            self.text(x, y, 1, "│", Role::Faint);
        }
    }

    /// Lays a role's style over what is drawn already.
    pub fn over(&mut self, area: Rect, role: Role) {
        let style = self.style(role);
        let buffer = self.frame.buffer_mut();
        if !style.add_modifier.contains(Modifier::REVERSED) {
            return buffer.set_style(area, style);
        }
        let is = |buffer: &Buffer, x: u16, y: u16, what: fn(&str) -> bool| {
            buffer.cell((x, y)).is_some_and(|cell| what(cell.symbol()))
        };
        for at in area.intersection(buffer.area).positions() {
            let beside = [at.x.checked_sub(1), at.x.checked_add(1)];
            let is_beside_bar = || beside.into_iter().flatten().any(|x| is(buffer, x, at.y, is_of_bar));
            // Reversed, a bar would say the opposite: it keeps its own ground, and so does the blank beside it, or its end would not be seen.
            let keeps =
                is(buffer, at.x, at.y, is_of_bar) || is(buffer, at.x, at.y, |sign| sign == " ") && is_beside_bar();
            if let Some(cell) = buffer.cell_mut(at).filter(|_| !keeps) {
                cell.set_style(style);
            }
        }
    }

    /// Marks the row under the cursor: by a tint, reversed where there are none, and by ▶ in the blank column left of it.
    pub fn select(&mut self, line: Rect, role: Role) {
        self.over(line, role);
        let left = line.x.checked_sub(1).map(|x| (x, line.y));
        if let Some((x, y)) = left.filter(|at| self.frame.buffer_mut().cell(*at).is_some_and(|c| c.symbol() == " ")) {
            self.text(x, y, 1, "▶", if role == Role::Resting { Role::Muted } else { Role::Focus });
        }
    }

    /// Takes what is drawn into the background: something floats above it now.
    pub fn dim(&mut self) {
        let (muted, faint) = (self.style(Role::Muted), self.style(Role::Faint));
        let edge = self.style(Role::BandEdge).fg;
        for cell in &mut self.frame.buffer_mut().content {
            // The edge of a tinted band goes with the tint: in the colour of letters it would be blocks.
            if edge == Some(cell.fg) {
                cell.set_symbol(" ");
            }
            if cell.fg != faint.fg.unwrap_or(cell.fg) || faint.fg.is_none() {
                cell.set_style(muted);
            }
            cell.set_style(Style::new().bg(Color::Reset).remove_modifier(Modifier::BOLD | Modifier::REVERSED));
        }
    }

    /// Underlines what is drawn already: the tab in front.
    pub fn underline(&mut self, area: Rect) {
        self.frame.buffer_mut().set_style(area, Modifier::UNDERLINED);
    }

    /// Remembers what lies in an area.
    pub fn hit(&mut self, area: Rect, hit: ScreenHit) {
        self.seen.hits.push((area, hit));
    }

    /// Centred lines with the first as a heading: what a screen without content shows.
    pub fn notice(&mut self, area: Rect, lines: &[(&str, Role)]) {
        let wide = usize::from(area.width.saturating_sub(4)).min(76);
        let wrapped: Vec<(String, Role)> = lines
            .iter()
            .flat_map(|(text, role)| words::wrap(text, wide).into_iter().map(move |l| (l, *role)))
            .collect();
        let block = wrapped.iter().map(|(l, _)| words::width(l)).max().unwrap_or(0) as u16;
        let x = area.x + area.width.saturating_sub(block) / 2;
        let top = area.y + area.height.saturating_sub(wrapped.len() as u16) / 3;
        for (i, (line, role)) in wrapped.iter().enumerate() {
            let y = top + i as u16;
            if y < area.bottom() {
                self.text(x, y, area.right().saturating_sub(x), line, *role);
            }
        }
    }

    /// Clears an area and frames it: what floats. A column of air stands on either side of the frame, all that is left where
    /// that is no more than some letters. Gives the inside, a column of air on either side.
    pub fn float(&mut self, area: Rect, title: &str, role: Role) -> Rect {
        let all = self.frame.area();
        let area = area.intersection(all);
        let left = if area.x - all.x <= SLIVER { all.x } else { area.x - 1 };
        let right = if all.right() - area.right() <= SLIVER { all.right() } else { area.right() + 1 };
        Clear.render(Rect { x: left, width: right - left, ..area }, self.frame.buffer_mut());
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(self.style(role))
            .title_style(self.style(Role::Focus))
            .title(format!(" {title} "));
        let inner = block.inner(area);
        block.render(area, self.frame.buffer_mut());
        self.hit(area, ScreenHit::Float);
        Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner }
    }
}

/// Whether a cell holds a part of a bar, a sparkline or a texture.
fn is_of_bar(symbol: &str) -> bool {
    symbol.chars().next().is_some_and(|c| ('\u{2580}'..='\u{259f}').contains(&c))
}

/// Columns beside a float in which nothing can be read.
const SLIVER: u16 = 6;

/// A rectangle of at most this size in the middle of another.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{Depth, Palette};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    #[test]
    fn a_bar_keeps_its_ground_where_the_row_is_reversed() {
        let mut terminal = Terminal::new(TestBackend::new(6, 1)).unwrap();
        let draw = |frame: &mut Frame<'_>| {
            let mut canvas = Canvas::new(frame, Theme::new(Depth::None, Palette::Dark));
            canvas.text(0, 0, 6, "ab█▒▃c", Role::Text);
            canvas.over(Rect { x: 0, y: 0, width: 6, height: 1 }, Role::Selected);
        };
        let buffer = terminal.draw(draw).unwrap().buffer.clone();
        let reversed = (0..6).map(|x| buffer[(x, 0)].modifier.contains(Modifier::REVERSED)).collect::<Vec<_>>();
        assert_eq!(reversed, [true, true, false, false, false, true]);
        // Reversed, the blank before a bar would be its first cell.
        let draw = |frame: &mut Frame<'_>| {
            let mut canvas = Canvas::new(frame, Theme::new(Depth::None, Palette::Dark));
            canvas.text(0, 0, 6, "7  █ c", Role::Text);
            canvas.over(Rect { x: 0, y: 0, width: 6, height: 1 }, Role::Selected);
        };
        let buffer = terminal.draw(draw).unwrap().buffer.clone();
        let reversed = (0..6).map(|x| buffer[(x, 0)].modifier.contains(Modifier::REVERSED)).collect::<Vec<_>>();
        assert_eq!(reversed, [true, true, false, false, false, true]);
    }
}
