//! The registry: all releases, what was live when, the gold versions, and what runs left out because it repeats gold.

mod details;
mod enabled;
mod lists;
mod state;
pub mod view;

use super::{Front, work};
use crate::action::Action;
use crate::domain::{BeforeIs, Gate, ReleaseId, Verdict};
use crate::jobs::{HeldOut, Verification};
use crate::store::ReleaseRow;
use crate::theme::Role;
use crate::tui::overlays;
use crate::tui::screens::review;
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::{Effect, TuneJob};
use crate::tui::state::request::{Request, Which};
use crate::tui::widgets::{numbers, words};
pub use enabled::{enabled, first_gold, promotable, rejectable};
pub use state::{List, Registry};

/// Whether opening looks for what a run left out.
pub fn opening_works(app: &App) -> bool {
    let registry = &app.tune.views.registry;
    registry.list == List::LeftOut && selected(app).is_some_and(|r| registry.left_out_of(r.release).is_none())
}

/// The release that an action is about: the selected one, also where it is listed by when it was live.
pub fn selected(app: &App) -> Option<&ReleaseRow> {
    let registry = &app.tune.views.registry;
    let facts = registry.facts.ready()?;
    match registry.list {
        List::Live => {
            let span = facts.live.iter().rev().nth(registry.row())?;
            facts.releases.iter().find(|r| r.release == span.release)
        }
        _ => facts.releases.get(registry.row_of(List::Releases)),
    }
}

/// The two releases that `compare` is about: the marked ones, else what is live and the selected one.
pub fn pair(app: &App) -> Result<(Option<ReleaseId>, ReleaseId), &'static str> {
    let registry = &app.tune.views.registry;
    if let [before, after] = registry.marked[..] {
        return Ok((Some(before), after));
    }
    let after = selected(app).ok_or("nothing is selected")?.release;
    match (registry.marked.first(), app.overview().live) {
        (Some(&before), _) if before != after => Ok((Some(before), after)),
        (Some(_), _) => Err("select the release to compare it with, or mark a second one"),
        (None, Some(live)) if live == after => Err("this is what is live; mark two releases to compare them"),
        (None, live) => Ok((live, after)),
    }
}

/// Shows the registry.
pub fn enter(app: &mut App) -> Vec<Effect> {
    app.tune.views.registry.came_from = app.tune.views.front;
    app.tune.views.front = Front::Registry;
    let mut effects = vec![Effect::Ask(Request::Registry)];
    effects.extend(shown(app));
    effects
}

/// What the list that is shown needs.
fn shown(app: &App) -> Vec<Effect> {
    match app.tune.views.registry.list {
        List::Gold => vec![Effect::Ask(Request::OpenHalf)],
        _ => Vec::new(),
    }
}

/// Shows the list of a tab.
pub fn show_list(app: &mut App, at: usize) -> Vec<Effect> {
    app.tune.views.registry.list = List::ALL[at.min(List::ALL.len() - 1)];
    shown(app)
}

/// Reads everything that is on the screen anew.
pub fn refresh(app: &App) -> Vec<Effect> {
    let mut effects = vec![Effect::Ask(Request::Registry)];
    effects.extend(shown(app));
    effects
}

/// How many rows the list has.
pub fn len(app: &App) -> usize {
    let registry = &app.tune.views.registry;
    let facts = registry.facts.ready();
    match registry.list {
        List::Releases => facts.map_or(0, |f| f.releases.len()),
        List::Live => facts.map_or(0, |f| f.live.len()),
        List::Gold => registry.gold().len(),
        List::LeftOut => selected(app).and_then(|r| registry.left_out_of(r.release)).map_or(0, <[HeldOut]>::len),
    }
}

/// Does what was asked for while the registry is in front.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::NextPane | Action::PreviousPane => {
            let (all, here) = (List::ALL.len(), app.tune.views.registry.list as usize);
            let step = if action == Action::NextPane { 1 } else { all - 1 };
            show_list(app, (here + step) % all)
        }
        Action::Mark => mark(app),
        Action::Compare => overlays::confirm_compare(app),
        Action::OpenFlip => open(app),
        Action::Promote => match selected(app).cloned() {
            Some(row) => overlays::ask_promote(app, &overlays::Candidate::of_row(&row)),
            None => Vec::new(),
        },
        Action::Reject => match selected(app).map(|r| r.release) {
            Some(release) => overlays::ask_reject(app, release),
            None => Vec::new(),
        },
        Action::RollBack => overlays::ask_rollback(app),
        Action::FreezeGold => vec![Effect::Ask(Request::FreezeGold)],
        Action::Pin => pin(app),
        Action::Verify => on_selected(app, TuneJob::Verify),
        Action::ScoreAll => work::begin(app, TuneJob::Score),
        Action::ExportModel => match selected(app).map(|r| r.release) {
            Some(release) => overlays::ask_export(app, release),
            None => Vec::new(),
        },
        Action::Leave => {
            app.tune.views.front = app.tune.views.registry.came_from;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn on_selected(app: &mut App, job: fn(ReleaseId) -> TuneJob) -> Vec<Effect> {
    match selected(app).map(|r| r.release) {
        Some(release) => work::begin(app, job(release)),
        None => Vec::new(),
    }
}

fn mark(app: &mut App) -> Vec<Effect> {
    let Some(release) = selected(app).map(|r| r.release) else { return Vec::new() };
    let marked = &mut app.tune.views.registry.marked;
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
fn open(app: &mut App) -> Vec<Effect> {
    let registry = &app.tune.views.registry;
    let turn = match registry.list {
        List::Releases | List::Live => {
            let Some(release) = selected(app).map(|r| r.release) else { return Vec::new() };
            let effects = app.tune.show(Which::Of(release));
            app.tune.views.back = Some(Front::Registry);
            return effects;
        }
        List::Gold => registry.gold().get(registry.row()).map(|g| (g.n, g.turn)),
        List::LeftOut => {
            let Some(release) = selected(app).map(|r| r.release) else { return Vec::new() };
            let Some(rows) = registry.left_out_of(release) else { return work::begin(app, TuneJob::HeldOut(release)) };
            let Some(row) = rows.get(registry.row()) else { return Vec::new() };
            match row.n.zip(row.turn) {
                Some(turn) => Some(turn),
                None => return app.say("a base example belongs to no conversation"),
            }
        }
    };
    let Some(turn) = turn else { return Vec::new() };
    review::open_turn(app, turn, Screen::FineTune)
}

/// What is selected as it can be copied: a release's name and digest, or a turn's conversation and words.
pub fn selected_words(app: &App) -> Option<(String, String)> {
    let registry = &app.tune.views.registry;
    match registry.list {
        List::Releases | List::Live => selected(app).map(|r| (format!("v{}", r.release.0), r.sha256.clone())),
        List::Gold => registry.gold().get(registry.row()).map(|g| (g.id.clone(), g.text.clone())),
        List::LeftOut => {
            let row = registry.left_out_of(selected(app)?.release)?.get(registry.row())?;
            Some((row.id.clone()?, row.text.clone()))
        }
    }
}

fn pin(app: &mut App) -> Vec<Effect> {
    let registry = &app.tune.views.registry;
    match registry.gold().get(registry.row()) {
        Some(row) => vec![Effect::Ask(Request::Pin((row.n, row.turn), !row.pinned))],
        None => Vec::new(),
    }
}

/// A release was trained again.
pub fn verified(app: &mut App, found: Verification) -> Vec<Effect> {
    let v = found.release.0;
    let why = found.why.iter().map(|w| words::line(w)).collect::<Vec<_>>().join("\n");
    let effects = match (found.reproduced, &found.again) {
        (true, _) => app.cheer(format!(
            "v{v} is reproduced byte for byte from {}",
            numbers::plural(found.trained_on, "example", "examples")
        )),
        (false, None) => app.complain(format!("v{v} cannot be trained again"), why),
        (false, Some(_)) => {
            app.complain(format!("v{v} is not reproduced; {} differ", found.differs.join(" and ")), why)
        }
    };
    app.tune.views.registry.verified = Some(found);
    effects
}

/// What the newest comparison of a release came to: better than what?
pub fn judged(r: &ReleaseRow) -> (String, Role) {
    let Some(verdict) = r.verdict else { return ("not compared".to_owned(), Role::Muted) };
    verdict_words(verdict, r.before_is, r.compared_with, r.gate)
}

/// A verdict with what it is about.
pub fn verdict_words(
    verdict: Verdict,
    before_is: Option<BeforeIs>,
    before: Option<ReleaseId>,
    gate: Option<Gate>,
) -> (String, Role) {
    let than = before_is.unwrap_or(BeforeIs::Model).words(before);
    let (word, role) = match verdict {
        Verdict::Better => (format!("✓ better than {than}"), Role::Good),
        Verdict::Worse => (format!("✗ worse than {than}"), Role::Bad),
        Verdict::CannotTell => (format!("cannot tell, {than}"), Role::Text),
    };
    match gate {
        Some(Gate::Refuse) => (format!("{word}, refused"), Role::Bad),
        _ => (word, role),
    }
}
