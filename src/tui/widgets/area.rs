//! Parts of an area.

use ratatui::layout::Rect;

/// Gives the part of an area from a row on.
pub fn below(area: Rect, y: u16) -> Rect {
    Rect { y, height: area.bottom().saturating_sub(y), ..area }
}
