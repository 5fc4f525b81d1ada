//! What can be done in the registry, here and now.

use super::{List, len, pair, selected};
use crate::action::Action;
use crate::domain::ReleaseId;
use crate::jobs::HeldOut;
use crate::tui::state::app::App;

/// Whether an action can be done while the registry is in front.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let registry = &app.tune.views.registry;
    let row = selected(app);
    let turns = matches!(registry.list, List::Gold | List::LeftOut);
    match action {
        _ if turns && of_release(action) => Err("this is about releases; ⇥ goes to them"),
        Action::Mark | Action::Verify | Action::ExportModel if row.is_none() => Err("nothing is selected"),
        Action::Compare => pair(app).map(drop),
        Action::OpenFlip if registry.list == List::LeftOut => match row {
            None => Err("nothing is selected"),
            Some(r) if r.trained_on == 0 => Err("it was trained elsewhere: nothing was left out here"),
            Some(r) if registry.left_out_of(r.release).is_some_and(<[HeldOut]>::is_empty) => {
                Err("nothing was left out")
            }
            Some(_) => Ok(()),
        },
        Action::OpenFlip if len(app) == 0 => Err("nothing is selected"),
        Action::OpenFlip if !turns && row.is_some_and(|r| r.verdict.is_none()) => {
            Err("it has not been compared with anything yet")
        }
        Action::Promote | Action::Reject if app.tune.busy => Err("one moment"),
        Action::Promote => row.map_or(Err("nothing is selected"), |r| match r.verdict {
            None => Err("compare it with what is live first"),
            Some(_) => promotable(&r.state, r.compared_with, app.overview().live),
        }),
        Action::Reject => row.map_or(Err("nothing is selected"), |r| rejectable(&r.state)),
        Action::RollBack => match registry.back() {
            Some(_) if app.tune.busy => Err("one moment"),
            Some(_) => Ok(()),
            None => Err("no release was live before"),
        },
        Action::Pin if registry.list != List::Gold || registry.gold().is_empty() => {
            Err("only turns of the open half can be pinned; ⇥ goes to gold")
        }
        Action::ScoreAll if registry.facts.ready().is_none_or(|f| f.gold.is_empty()) => {
            Err("there is no gold version to score on yet")
        }
        _ => Ok(()),
    }
}

/// Whether an action is about the selected release.
fn of_release(action: Action) -> bool {
    use Action::{Compare, ExportModel, Mark, Promote, Reject, Replay, Verify};
    matches!(action, Mark | Compare | Promote | Reject | Verify | ExportModel | Replay)
}

/// Whether a release may be promoted, given what it was compared with and what is live.
///
/// # Errors
/// Why not, for a person.
pub fn promotable(state: &str, compared_with: Option<ReleaseId>, live: Option<ReleaseId>) -> Result<(), &'static str> {
    match state {
        "live" => Err("it is live already"),
        "rejected" => Err("it was rejected"),
        _ if compared_with != live => Err("another release is live now: compare it with that first, in the registry"),
        _ => Ok(()),
    }
}

/// Whether a release may be put aside.
///
/// # Errors
/// Why not, for a person.
pub fn rejectable(state: &str) -> Result<(), &'static str> {
    match state {
        "live" => Err("it is live; a roll-back takes it back"),
        "rejected" => Err("it was rejected"),
        _ => Ok(()),
    }
}

/// Whether labels at hand could become the first gold version.
pub fn first_gold(app: &App) -> bool {
    app.tune.views.registry.facts.ready().is_some_and(|f| f.gold.is_empty()) && app.overview().gold != (0, 0)
}
