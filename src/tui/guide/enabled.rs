//! Whether something can be done here and now. Hints, palette and dispatch all ask the same function.

use crate::action::{Action, Scope, rows};
use crate::tui::screens::{overview, review, tune};
use crate::tui::state::app::{App, Load, Screen};

/// Whether an action can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    if app.shared.read_only && changes(action) {
        return Err("the store is opened read-only");
    }
    // The same action may be on several screens; what counts is what it means on this one.
    let here = app.screen_scopes();
    let mut found = rows().filter(|r| r.action == action).map(|r| r.scope);
    let scope = found.clone().find(|s| here.contains(s)).or_else(|| found.next());
    match (action, scope) {
        (Action::Undo | Action::Redo, _) => Ok(()),
        (Action::Import | Action::BuildDemo, _) if app.loading.is_some() => Err("something is being loaded already"),
        (Action::CancelLoading, _) if app.loading.is_none() => Err("nothing is being loaded"),
        (Action::Cancel, _) if app.overlays.is_empty() && app.tour.is_none() && !app.queue.bar.editing => {
            Err("there is nothing to leave")
        }
        (Action::Tour, _) if review::nothing_to_review(app) => Err("the store is empty"),
        (Action::StartReview, _) if review::nothing_to_review(app) => Err("the store is empty"),
        (Action::Suspend, _) if cfg!(not(unix)) => Err("this system cannot suspend a program"),
        (Action::Details, _) if app.toasts.last_detail.is_none() => Err("no message has details"),
        (_, Some(Scope::Overview)) if app.screen == Screen::Overview => overview::enabled(app, action),
        (_, Some(Scope::Review | Scope::Cause)) if app.screen == Screen::Review => review::decide::enabled(app, action),
        (_, Some(Scope::FineTune | Scope::Registry | Scope::Replay | Scope::Blame))
            if app.screen == Screen::FineTune =>
        {
            tune::enabled(app, action)
        }
        (_, Some(Scope::Queue)) if app.screen == Screen::Queue => queue(app, action),
        _ => Ok(()),
    }
}

/// Actions that write to the store.
fn changes(action: Action) -> bool {
    use Action as A;
    matches!(
        action,
        A::Undo
            | A::Redo
            | A::OpenCycle
            | A::CloseCycle
            | A::Pick(_)
            | A::PickAny
            | A::Confirm
            | A::Why
            | A::EditResponse
            | A::NewIntent
            | A::EditNote
            | A::HowItEnded
            | A::Sentiment
            | A::Later
            | A::Skip
            | A::Flag
            | A::Answer
            | A::Cause(_)
            | A::Import
            | A::BuildDemo
            | A::StartTuning
            | A::Promote
            | A::Reject
            | A::FreezeGold
            | A::RollBack
            | A::Pin
            | A::Compare
            | A::DropLabels
            | A::ScoreAll
            | A::Replay
            | A::JudgePairs
            | A::DecideMarked
            | A::SaveView
    )
}

fn queue(app: &App, action: Action) -> Result<(), &'static str> {
    let cycle = app.shared.overview.ready().and_then(|o| o.cycle.as_ref());
    match action {
        Action::OpenItem if app.queue.window.selected().is_none() => Err("nothing is selected"),
        Action::OpenCycle if cycle.is_some() => Err("a cycle is open already; C closes it"),
        Action::OpenCycle if app.queue.bar.error.is_some() => Err("the filter cannot be read"),
        Action::OpenCycle if app.queue.count == Some(0) => Err("nothing matches the filter"),
        Action::CloseCycle if cycle.is_none() => Err("no cycle is open"),
        Action::Mark | Action::MarkToHere if app.queue.window.selected().is_none() => Err("nothing is selected"),
        Action::DecideMarked if app.queue.marks.is_empty() => Err("nothing is marked; v marks the selected one"),
        Action::SaveView if app.queue.bar.error.is_some() => Err("the filter cannot be read"),
        Action::TogglePreview if matches!(app.queue.load, Load::Failed(_)) => Err("there is nothing to preview"),
        _ => Ok(()),
    }
}
