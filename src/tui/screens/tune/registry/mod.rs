//! The registry: all releases, what was live when, the gold versions, and what runs left out because it repeats gold.

mod details;
pub mod enabled;
mod lists;
pub mod verdicts;
pub mod view;

use super::lists as floats;
use super::lists::PromotionCandidate;
use super::state::TuneScreen;
use super::state::front::TuneFront;
use super::state::registry::RegistryList;
use crate::action::Action;
use crate::domain::ReleaseId;
use crate::jobs::Verification;
use crate::tui::state::effect::{Effect, GoTo, ask, cheer, complain, go, open, say};
use crate::tui::state::request::tune::{TuneRequest, WhichComparison};
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::TuneJob;
use crate::tui::widgets::{numbers, words};

/// Shows the registry.
pub fn enter(tune: &mut TuneScreen) -> Vec<Effect> {
    tune.views.registry.came_from = tune.views.front;
    tune.views.front = TuneFront::Registry;
    let mut effects = vec![ask(TuneRequest::Registry)];
    effects.extend(shown(tune));
    effects
}

/// What the list that is shown needs.
fn shown(tune: &TuneScreen) -> Vec<Effect> {
    match tune.views.registry.list {
        RegistryList::Gold => vec![ask(TuneRequest::OpenHalf)],
        _ => Vec::new(),
    }
}

/// Shows the list of a tab.
pub fn show_list(tune: &mut TuneScreen, at: usize) -> Vec<Effect> {
    tune.views.registry.list = RegistryList::ALL[at.min(RegistryList::ALL.len() - 1)];
    shown(tune)
}

/// Reads everything that is on the screen anew.
pub fn refresh(tune: &TuneScreen) -> Vec<Effect> {
    let mut effects = vec![ask(TuneRequest::Registry)];
    effects.extend(shown(tune));
    effects
}

/// Does what was asked for while the registry is in front.
pub fn act(tune: &mut TuneScreen, shared: &SharedState, action: Action) -> Vec<Effect> {
    match action {
        Action::NextPane | Action::PreviousPane => {
            let (all, here) = (RegistryList::ALL.len(), tune.views.registry.list as usize);
            let step = if action == Action::NextPane { 1 } else { all - 1 };
            show_list(tune, (here + step) % all)
        }
        Action::Mark => mark(tune),
        Action::Compare => match enabled::pair(tune, shared) {
            Ok((before, after)) => open(floats::compare(tune, before, after)),
            Err(why) => say(why),
        },
        Action::OpenFlip => open_row(tune),
        Action::Promote => match tune.views.registry.selected().cloned() {
            Some(row) => open(floats::promote(&PromotionCandidate::of_row(&row), shared.counts().live)),
            None => Vec::new(),
        },
        Action::Reject => match tune.views.registry.selected().map(|r| r.release) {
            Some(release) => open(floats::reject(release)),
            None => Vec::new(),
        },
        Action::RollBack => floats::rollback(tune).map(open).unwrap_or_default(),
        Action::FreezeGold => vec![ask(TuneRequest::FreezeGold)],
        Action::Pin => pin(tune),
        Action::Verify => on_selected(tune, TuneJob::Verify),
        Action::ScoreAll => tune.begin(TuneJob::Score),
        Action::ExportModel => match tune.views.registry.selected().map(|r| r.release) {
            Some(release) => open(floats::export(release)),
            None => Vec::new(),
        },
        Action::Leave => {
            tune.views.front = tune.views.registry.came_from;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn on_selected(tune: &mut TuneScreen, job: fn(ReleaseId) -> TuneJob) -> Vec<Effect> {
    match tune.views.registry.selected().map(|r| r.release) {
        Some(release) => tune.begin(job(release)),
        None => Vec::new(),
    }
}

fn mark(tune: &mut TuneScreen) -> Vec<Effect> {
    let Some(release) = tune.views.registry.selected().map(|r| r.release) else { return Vec::new() };
    let marked = &mut tune.views.registry.marked;
    match marked.iter().position(|m| *m == release) {
        Some(at) => drop(marked.remove(at)),
        None => {
            if marked.len() == 2 {
                marked.remove(0);
            }
            marked.push(release);
        }
    }
    Vec::new()
}

/// A release shows its comparison, a turn its conversation.
fn open_row(tune: &mut TuneScreen) -> Vec<Effect> {
    let registry = &tune.views.registry;
    let turn = match registry.list {
        RegistryList::Releases | RegistryList::Live => {
            let Some(release) = tune.views.registry.selected().map(|r| r.release) else { return Vec::new() };
            let effects = tune.show(WhichComparison::Of(release));
            tune.views.back = Some(TuneFront::Registry);
            return effects;
        }
        RegistryList::Gold => registry.gold().get(registry.row()).map(|g| (g.n, g.turn)),
        RegistryList::LeftOut => {
            let Some(release) = registry.trained().map(|r| r.release) else { return Vec::new() };
            let Some(rows) = registry.left_out_of(release) else { return tune.begin(TuneJob::HeldOut(release)) };
            let Some(row) = rows.get(registry.row()) else { return Vec::new() };
            match row.n.zip(row.turn) {
                Some(turn) => Some(turn),
                None => return say("a base example belongs to no conversation"),
            }
        }
    };
    let Some(turn) = turn else { return Vec::new() };
    go(GoTo::Turn(turn, ScreenTab::FineTune))
}

fn pin(tune: &TuneScreen) -> Vec<Effect> {
    let registry = &tune.views.registry;
    match registry.gold().get(registry.row()) {
        Some(row) => vec![ask(TuneRequest::Pin((row.n, row.turn), !row.pinned))],
        None => Vec::new(),
    }
}

/// A release was trained again.
pub fn verified(tune: &mut TuneScreen, found: Verification) -> Vec<Effect> {
    let v = found.release.0;
    let why = found.why.iter().map(|w| words::line(w)).collect::<Vec<_>>().join("\n");
    let effects = match (found.reproduced, &found.again) {
        (true, _) => cheer(format!(
            "v{v} is reproduced byte for byte from {}",
            numbers::plural(found.trained_on, "example", "examples")
        )),
        (false, None) => complain(format!("v{v} cannot be trained again"), why),
        (false, Some(_)) => complain(format!("v{v} is not reproduced; {} differ", found.differs.join(" and ")), why),
    };
    tune.views.registry.verified = Some(found);
    effects
}
