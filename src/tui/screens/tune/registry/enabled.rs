//! What can be done in the registry, here and now.

use crate::action::Action;
use crate::domain::ReleaseId;
use crate::jobs::HeldOut;
use crate::store::{ANSWERS, LearnerKind, ReleaseRow};
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::registry::RegistryList;
use crate::tui::state::shared::SharedState;

/// Said of a release that a learner made: what compares intents says nothing of it.
const LEARNED: &str = "it learnt what customers do: Signals tells how well, and whether it may go live";

/// Whether an action can be done while the registry is in front.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(tune: &TuneScreen, shared: &SharedState, action: Action) -> Result<(), &'static str> {
    let registry = &tune.views.registry;
    let row = tune.views.registry.selected();
    let learned = row.is_some_and(|r| r.learned.is_some());
    let turns = matches!(registry.list, RegistryList::Gold | RegistryList::LeftOut);
    match action {
        _ if turns && of_release(action) => Err("this is about releases; ⇥ goes to them"),
        Action::Mark | Action::Verify | Action::ExportModel if row.is_none() => Err("nothing is selected"),
        Action::Compare => pair(tune, shared).map(drop),
        Action::OpenFlip if registry.list == RegistryList::LeftOut => match registry.trained() {
            None => Err("nothing is selected"),
            Some(r) if r.trained_on == 0 => Err("it was trained elsewhere: nothing was left out here"),
            Some(r) if registry.left_out_of(r.release).is_some_and(<[HeldOut]>::is_empty) => {
                Err("nothing was left out")
            }
            Some(_) => Ok(()),
        },
        Action::OpenFlip if tune.views.registry.count() == 0 => Err("nothing is selected"),
        Action::OpenFlip if !turns && row.is_some_and(|r| r.verdict.is_none()) => {
            Err(if learned { LEARNED } else { "it has not been compared with anything yet" })
        }
        Action::Promote | Action::Reject if tune.busy => Err("one moment"),
        Action::Promote => row.map_or(Err("nothing is selected"), |r| match (&r.learned, r.verdict) {
            // Answers were judged beside what was live then: the promotion itself says whether that still holds.
            (Some((what, _)), _) if what == LearnerKind::Responses.name() => promotable(r, None, shared.counts().live),
            (Some(_), None) => Err(LEARNED),
            (None, None) => Err("compare it with what is live first"),
            (_, Some(_)) => promotable(r, r.compared_with, shared.counts().live),
        }),
        Action::Reject => row.map_or(Err("nothing is selected"), rejectable),
        Action::RollBack => match registry.back() {
            Some(_) if tune.busy => Err("one moment"),
            Some(_) => Ok(()),
            None => Err("no release was live before that it could go back to"),
        },
        Action::Pin if registry.list != RegistryList::Gold || registry.gold().is_empty() => {
            Err("only turns of the open half can be pinned; ⇥ goes to gold")
        }
        Action::ScoreAll if registry.facts.ready().is_none_or(|f| f.gold.is_empty()) => {
            Err("there is no gold version to score on yet")
        }
        _ => Ok(()),
    }
}

/// The two releases that `compare` is about: the marked ones, else what is live and the selected one.
pub fn pair(tune: &TuneScreen, shared: &SharedState) -> Result<(Option<ReleaseId>, ReleaseId), &'static str> {
    let registry = &tune.views.registry;
    if let [before, after] = registry.marked[..] {
        return Ok((Some(before), after));
    }
    let after = tune.views.registry.selected().ok_or("nothing is selected")?.release;
    match (registry.marked.first(), shared.counts().live) {
        (Some(&before), _) if before != after => Ok((Some(before), after)),
        (Some(_), _) => Err("select the release to compare it with, or mark a second one"),
        (None, Some(live)) if live == after => Err("this is what is live; mark two releases to compare them"),
        (None, live) => Ok((live, after)),
    }
}

/// Whether an action is about the selected release.
fn of_release(action: Action) -> bool {
    use Action::{Compare, ExportModel, Mark, Promote, Reject, Replay, Verify};
    matches!(action, Mark | Compare | Promote | Reject | Verify | ExportModel | Replay)
}

/// Whether a release may be promoted, given what it was compared with and what is live. Of one that was compared with the log the promotion
/// itself says: it goes where what is live tells no intents.
///
/// # Errors
/// Why not, for a person.
pub fn promotable(
    row: &ReleaseRow,
    compared_with: Option<ReleaseId>,
    live: Option<ReleaseId>,
) -> Result<(), &'static str> {
    match row.standing() {
        "live" => Err("it is live already"),
        ANSWERS => Err("it answers already: there is nothing to promote"),
        "rejected" => Err("it was rejected"),
        _ if compared_with.is_some() && compared_with != live => {
            Err("another release is live now: compare it with that first, in the registry")
        }
        _ => Ok(()),
    }
}

/// Whether a release may be put aside.
///
/// # Errors
/// Why not, for a person.
pub fn rejectable(row: &ReleaseRow) -> Result<(), &'static str> {
    match row.standing() {
        "live" => Err("it is live; a roll-back takes it back"),
        "rejected" => Err("it was rejected"),
        ANSWERS => Err("it answers customers: what is live carries its intents; promote another release first"),
        _ if !row.in_use_for.is_empty() => Err("what is live carries a part of it; promote another release first"),
        _ => Ok(()),
    }
}

/// Whether labels at hand could become the first gold version.
pub fn first_gold(tune: &TuneScreen, shared: &SharedState) -> bool {
    tune.views.registry.facts.ready().is_some_and(|f| f.gold.is_empty()) && shared.counts().gold != (0, 0)
}
