//! Long work: a bar, its stage, its rate, the time left, and the key that cancels it.

use super::{Canvas, numbers, words};
use crate::action::Action;
use crate::base::progress::{TRAINING, about};
use crate::domain::stage_words;
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::work::JobProgress;
use ratatui::layout::Rect;

/// What a gauge shows.
pub struct Gauge<'a> {
    /// What goes on.
    pub title: &'a str,
    /// Where it is.
    pub progress: &'a JobProgress,
    /// Somebody asked it to stop.
    pub stopping: bool,
    /// What stops it, and its key.
    pub cancel: (Action, String),
    /// How steps are counted; `None`: they are nothing that people count.
    pub count: Option<fn(u64) -> String>,
    /// Stages are no work of their own, only names on the way through all of it.
    pub one_stage: bool,
}

impl Gauge<'_> {
    /// Draws it; gives the rows used, air below included.
    pub fn draw(&self, canvas: &mut Canvas, area: Rect) -> u16 {
        let p = self.progress;
        let stage = words::line(stage_words(&p.stage));
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
        if let Some(count) = self.count.filter(|_| p.total > 0) {
            parts.push(format!("{} of {}", count(p.done), count(p.total)));
        }
        if !self.one_stage {
            parts.extend(self.count.and_then(|count| rate(p, count)));
        }
        parts.extend(p.loss.filter(|_| p.stage == TRAINING).map(|l| format!("loss {l:.2}")));
        // What comes after training takes next to no time.
        let whole = self.one_stage || p.stage == TRAINING;
        parts.extend(p.left.map(|s| if whole { about(s) } else { format!("{} in this step", about(s)) }));
        let x = canvas.text(area.x, area.y + 2, area.width, &parts.join("   "), Role::Muted);
        let (action, key) = &self.cancel;
        let cancel = format!("{key} cancels; everything else goes on working");
        let at = if parts.is_empty() { x } else { x + 3 };
        let end = canvas.text(at, area.y + 2, area.right().saturating_sub(at), &cancel, Role::Muted);
        canvas.hit(Rect { x: at, y: area.y + 2, width: end.saturating_sub(at), height: 1 }, ScreenHit::Act(*action));
        5
    }
}

/// The rate of this stage.
fn rate(p: &JobProgress, count: fn(u64) -> String) -> Option<String> {
    p.per_second().map(|r| match r {
        ..10.0 => format!("{r:.1}/s"),
        _ => format!("{}/s", count(r as u64)),
    })
}
