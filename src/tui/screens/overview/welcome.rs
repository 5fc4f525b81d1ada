//! An empty store: what to do first.

use crate::action::Action;
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::FillingWork;
use crate::tui::widgets::gauge::Gauge;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// What one can begin with.
const BEGINNINGS: [(Action, &str, &str); 3] = [
    (
        Action::BuildDemo,
        "look around in a made-up company first",
        "half a year of customers, reviews and releases; in a file of its own, built in 10 to 20 seconds",
    ),
    (
        Action::Import,
        "import what your AI said to customers",
        "JSON lines or CSV, plain or compressed; it says what a file is before it takes anything in",
    ),
    (Action::Help, "see what the keys do, and what the words mean", ""),
];

/// Draws the welcome.
pub fn draw(shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let wide = area.width.min(84);
    let x = area.x + (area.width - wide) / 2;
    let rows = 7 + BEGINNINGS.iter().map(|b| 2 + u16::from(!b.2.is_empty())).sum::<u16>();
    let mut y = area.y + area.height.saturating_sub(rows) / 3;
    let mut line = |canvas: &mut Canvas, dx: u16, text: &str, role: Role| {
        for l in words::wrap(text, usize::from(wide - dx)) {
            if y < area.bottom() {
                canvas.text(x + dx, y, wide - dx, &l, role);
            }
            y += 1;
        }
        y - 1
    };
    line(canvas, 0, "Welcome. This is the performance review of an AI employee.", Role::Heading);
    let what = "It shows where your AI failed its customers, lets you say what would have been right, trains it on \
                that, and proves on a frozen test whether it got better.";
    line(canvas, 0, what, Role::Text);
    line(canvas, 0, "", Role::Text);
    line(canvas, 0, "The store is empty. Begin with one of these:", Role::Text);
    line(canvas, 0, "", Role::Text);
    for (action, what, more) in BEGINNINGS {
        let at = line(canvas, 5, what, Role::Text);
        canvas.text(x + 1, at, 3, &shared.keys.map.key_of(action), Role::Key);
        canvas.hit(Rect { x, y: at, width: wide, height: 1 }, ScreenHit::Act(action));
        if !more.is_empty() {
            line(canvas, 5, more, Role::Muted);
        }
        line(canvas, 0, "", Role::Text);
    }
    line(canvas, 0, "Nothing leaves this machine: one file holds everything.", Role::Muted);
}

/// Draws how far the loading is; gives the rows used.
pub fn loading(shared: &SharedState, loading: &FillingWork, canvas: &mut Canvas, area: Rect) -> u16 {
    let (title, count): (_, fn(u64) -> String) = match loading.is_demo() {
        true => ("Building the demo".to_owned(), numbers::count),
        false => (format!("Importing {}", loading.what), numbers::bytes),
    };
    let gauge = Gauge {
        title: &title,
        progress: &loading.run.progress,
        stopping: loading.run.cancelling,
        cancel: (Action::CancelLoading, shared.keys.map.key_of(Action::CancelLoading)),
        count: Some(count),
        one_stage: loading.is_demo(),
    };
    let used = gauge.draw(canvas, area);
    // A demo is built beside an empty store: there the wait can tell what it is about.
    if !loading.is_demo() || !shared.is_empty() {
        return used;
    }
    let told = (loading.run.progress.fraction().unwrap_or(0.0) * STORY.len() as f64) as usize;
    let wide = area.width.min(84);
    let mut y = area.y + used + 1;
    for (i, text) in STORY.iter().enumerate().take(told + 1) {
        let role = if i == told { Role::Text } else { Role::Muted };
        for line in words::wrap(text, usize::from(wide)) {
            if y < area.bottom() {
                canvas.text(area.x, y, wide, &line, role);
            }
            y += 1;
        }
        y += 1;
    }
    (y - area.y).min(area.height)
}

/// What the made-up company goes through, while it does: one sentence after another.
const STORY: [&str; 4] = [
    "A ferry company has bought an AI that answers its customers. On day one it helps about half of them by itself.",
    "Every week two people read forty conversations that went wrong, and say what the customers wanted and why it failed.",
    "Every second week a new model learns from that. It goes live only where a test that no model has seen lets it.",
    "What no training repairs stays: questions without content, a booking system that fails, fares that forbid it. After half \
     a year the overview says what became of all that.",
];
