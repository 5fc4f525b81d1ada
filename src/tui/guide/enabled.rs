//! Whether something can be done here and now. Hints, palette and dispatch all ask the same function.

use crate::action::{Action, ActionScope, rows};
use crate::tui::state::app::App;

/// Whether an action can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    if app.shared.read_only && changes(action) {
        return Err("the store is opened read-only");
    }
    // The same action may be on several screens; what counts is what it means on this one.
    let here = app.front().scopes(&app.shared);
    let scope = rows().filter(|r| r.action == action).map(|r| r.scope).find(|s| here.contains(s));
    let shared = &app.shared;
    match action {
        Action::Undo | Action::Redo => Ok(()),
        Action::Import | Action::BuildDemo if shared.loading.is_some() => Err("something is being loaded already"),
        Action::CancelLoading if shared.loading.is_none() => Err("nothing is being loaded"),
        Action::Cancel if app.overlays.is_empty() && app.tour.is_none() && !app.front().writes() => {
            Err("there is nothing to leave")
        }
        Action::Tour | Action::StartReview | Action::Resume if shared.is_empty() => Err("the store is empty"),
        Action::Suspend if cfg!(not(unix)) => Err("this system cannot suspend a program"),
        Action::Details if shared.toasts.last_detail.is_none() => Err("no message has details"),
        _ => match scope {
            Some(ActionScope::Global | ActionScope::Move | ActionScope::Welcome | ActionScope::Field) | None => Ok(()),
            Some(_) => app.front().enabled(shared, action),
        },
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
            | A::OutOfScope
            | A::NothingFailed
            | A::LikeThis
            | A::EditAny
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
            | A::AcceptCorrection
            | A::ReturnCorrection
            | A::EditCorrection
            | A::JudgeCorrections
            | A::DecideMarked
            | A::SaveView
    )
}
