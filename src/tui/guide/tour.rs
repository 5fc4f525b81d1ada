//! A short tour of one review and one fine-tuning. Each step waits for the person to do it. Its text stands in a strip of
//! its own below the screen, so that it never covers what it talks about.

use crate::action::Action;
use crate::theme::Role;
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, GoTo, go};
use crate::tui::state::guide::Tour;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::query::DEFAULT;
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// One step.
struct TourStep {
    /// What it says; `{name}` stands for the key of a command.
    text: &'static str,
    /// Whether it was done.
    done: fn(&App, &Tour) -> bool,
}

const STEPS: &[TourStep] = &[
    TourStep {
        text: "This page says whether the AI gets better: the last 7 days, the 7 before, day one; week by week, with ▲ for a new \
               model; and what still fails most.\n{tab-2} goes to the queue.",
        done: |app, _| app.tab == ScreenTab::Queue,
    },
    TourStep {
        text: "Here are the conversations that went wrong, the most instructive first. The preview shows where it \
               happened.\n{open} opens the selected one.",
        done: |app, _| app.tab == ScreenTab::Review && app.review.item().is_some() && !app.review.wait.busy,
    },
    TourStep {
        text: "▌ marks the turn at which it failed. What did this customer want?\nPress the digit of the right intent; \
               {pick-any} finds any intent; where the AI had understood one, {confirm} says that it is right.",
        done: |app, tour| {
            moved_on(app, tour) || app.review.item().is_some_and(|i| i.judged && i.turn == app.review.turn)
        },
    },
    TourStep {
        text: "The intent is saved. Why did it fail? The letters on the right are the causes; fine-tuning repairs some of \
               them, others need somebody else.\nPress one letter.",
        done: |app, _| !app.review.waits_for_cause(),
    },
    TourStep {
        text: "Saved. Each of the two keys was a decision, and nothing is final.\n{undo} takes the last decision back. Try it.",
        done: |_, tour| tour.undone,
    },
    TourStep {
        text: "It is back as it was; {redo} makes it again. What is decided here is what the AI learns from.\ng {tab-5} goes to \
               Fine-tune.",
        done: |app, _| app.tab == ScreenTab::FineTune,
    },
    TourStep {
        text: "A candidate is trained on all decisions so far and compared with what is live, on test turns that no model \
               has seen. It goes live only if you promote it.\n{fine-tune} starts it; it takes a little while.",
        done: |_, tour| tour.tuned,
    },
    TourStep {
        text: "Before and after, side by side. The verdict says what may be concluded, the gate whether it may go live: \
               {promote} promotes it, {reject} puts it aside.\nThat was the loop. ⏎ ends the tour.",
        done: |_, _| false,
    },
];

fn moved_on(app: &App, tour: &Tour) -> bool {
    app.review.item().map(|i| i.n) != tour.item
}

/// Begins the tour.
pub fn begin(app: &mut App) -> Vec<Effect> {
    app.overlays.clear();
    app.tour = Some(Tour::default());
    let mut effects = go(GoTo::Tab(ScreenTab::Overview));
    if app.shared.counts().demo {
        // What the steps tell of holds for conversations that the visitor can read and whose intent the log tells.
        let legible = format!("{DEFAULT} lang:{} -logged:fallback", app.shared.demo_language());
        effects.extend(app.queue.set_query(&legible));
    }
    effects
}

/// Something was taken back.
pub fn undone(app: &mut App) {
    if let Some(tour) = &mut app.tour {
        tour.undone = true;
    }
}

/// A candidate was trained.
pub fn tuned(app: &mut App) {
    if let Some(tour) = &mut app.tour {
        tour.tuned = true;
    }
}

/// Goes on as far as steps are done.
pub fn advance(app: &mut App) {
    while let Some(tour) = &app.tour {
        if app.review.wait.busy || !STEPS.get(tour.step).is_some_and(|s| (s.done)(app, tour)) {
            return;
        }
        app.tour = Some(Tour { step: tour.step + 1, item: app.review.item().map(|i| i.n), ..Tour::default() });
    }
}

/// Takes Esc (leaves), and Enter on the last step. `true`: the key was the tour's.
pub fn takes(app: &mut App, action: Action) -> bool {
    let Some(tour) = &app.tour else { return false };
    let last = tour.step + 1 == STEPS.len();
    let leave = matches!(action, Action::Cancel | Action::ClearQuery | Action::Leave);
    let end = last && matches!(action, Action::OpenFlip | Action::Accept | Action::OpenItem | Action::Confirm);
    if !(leave || end) {
        return false;
    }
    app.tour = None;
    true
}

/// The text with keys in the place of command names.
fn text(app: &App, tour: &Tour) -> String {
    let Some(step) = STEPS.get(tour.step) else { return String::new() };
    let mut out = String::new();
    let mut rest = step.text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&app.shared.keys.map.first_key_named(name));
        rest = tail;
    }
    out + rest
}

fn lines(app: &App, tour: &Tour, columns: usize) -> Vec<String> {
    text(app, tour).lines().flat_map(|l| words::wrap(l, columns)).collect()
}

/// Rows that the strip takes.
pub fn rows(app: &App, width: u16) -> u16 {
    app.tour.as_ref().map_or(0, |t| lines(app, t, usize::from(width)).len() as u16 + 1)
}

/// Draws the strip.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    let Some(tour) = &app.tour else { return };
    canvas.rule(area, area.y);
    let title = format!(" Tour, {} of {} ", tour.step + 1, STEPS.len());
    canvas.text_over(area.x, area.y, area.width, &title, Role::Focus);
    let more = " Esc leaves it; T begins it again ";
    let width = words::width(more) as u16;
    canvas.text_over(area.right().saturating_sub(width), area.y, width, more, Role::Muted);
    let lines = lines(app, tour, usize::from(area.width));
    let all = lines.len();
    for ((i, line), y) in lines.iter().enumerate().zip(area.y + 1..area.bottom()) {
        // The last line says what to do.
        let role = if i + 1 == all { Role::Accent } else { Role::Text };
        canvas.text(area.x, y, area.width, line, role);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::rows;

    #[test]
    fn every_step_names_commands_that_there_are() {
        for step in STEPS {
            for name in step.text.split('{').skip(1).filter_map(|s| s.split_once('}')).map(|(n, _)| n) {
                assert!(rows().any(|r| r.name == name), "{name}");
            }
        }
    }
}
