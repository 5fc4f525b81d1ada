//! Long work: a bar, its stage, its rate, the time left, and the key that cancels it.

use super::{Canvas, Hit, numbers, words};
use crate::action::Action;
use crate::theme::Role;
use crate::tui::msg::Progress;
use ratatui::layout::Rect;

/// What a gauge shows.
pub struct Gauge<'a> {
    /// What goes on.
    pub title: &'a str,
    /// Where it is.
    pub progress: &'a Progress,
    /// Somebody asked it to stop.
    pub stopping: bool,
    /// What stops it, and its key.
    pub cancel: (Action, String),
    /// How steps are counted.
    pub count: fn(u64) -> String,
}

impl Gauge<'_> {
    /// Draws it; gives the rows used, air below included.
    pub fn draw(&self, canvas: &mut Canvas, area: Rect) -> u16 {
        let p = self.progress;
        let stage = if p.stage.is_empty() { "starting".to_owned() } else { words::line(&p.stage) };
        let title = if self.stopping { "Stopping …".to_owned() } else { format!("{}: {stage}", self.title) };
        let time = canvas.right(area, area.y, &numbers::seconds(p.total_ms / 1000), Role::Muted);
        canvas.text(area.x, area.y, time.saturating_sub(area.x + 1), &title, Role::Focus);
        let columns = usize::from(area.width.saturating_sub(8)).min(80);
        let done = p.fraction().map_or(0, |f| (f * columns as f64).round() as usize);
        let x = canvas.text(area.x, area.y + 1, columns as u16, &"━".repeat(done), Role::Accent);
        let x = canvas.text(x, area.y + 1, (columns - done) as u16, &"─".repeat(columns - done), Role::Faint);
        let percent = p.fraction().map(|f| format!(" {:>3.0} %", f * 100.0)).unwrap_or_default();
        canvas.text(x, area.y + 1, 7, &percent, Role::Text);
        let mut parts = Vec::new();
        if p.total > 0 {
            parts.push(format!("{} of {}", (self.count)(p.done), (self.count)(p.total)));
        }
        parts.extend(p.per_second().map(|r| match r {
            ..10.0 => format!("{r:.1}/s"),
            _ => format!("{}/s", (self.count)(r as u64)),
        }));
        parts.extend(p.seconds_left().map(|s| format!("{} left in this step", numbers::seconds(s))));
        let x = canvas.text(area.x, area.y + 2, area.width, &parts.join("   "), Role::Muted);
        let (action, key) = &self.cancel;
        let cancel = format!("{key} cancels; everything else goes on working");
        let at = if parts.is_empty() { x } else { x + 3 };
        let end = canvas.text(at, area.y + 2, area.right().saturating_sub(at), &cancel, Role::Muted);
        canvas.hit(Rect { x: at, y: area.y + 2, width: end.saturating_sub(at), height: 1 }, Hit::Act(*action));
        5
    }
}
