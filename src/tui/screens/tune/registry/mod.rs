//! The registry: all releases, what was live when, the gold versions, and what runs left out because it repeats gold.

mod details;
mod lists;
pub mod view;

use super::{Front, work};
use crate::action::Action;
use crate::domain::{BeforeIs, Gate, ReleaseId, Verdict};
use crate::jobs::{Back, HeldOut, Verification};
use crate::store::{GoldRow, Registry as Facts, ReleaseRow};
use crate::theme::Role;
use crate::tui::app::{App, Load, Screen};
use crate::tui::ask::{Request, Which};
use crate::tui::effect::{Effect, GoldTurn, TuneJob};
use crate::tui::overlays;
use crate::tui::screens::review;
use crate::tui::widgets::{numbers, words};

/// What the registry lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum List {
    /// All releases, newest first.
    #[default]
    Releases,
    /// What was live from when to when, newest first.
    Live,
    /// The open half of the newest gold version.
    Gold,
    /// What a run did not learn from because it repeats gold.
    LeftOut,
}

impl List {
    /// All, in the order of their tabs.
    pub const ALL: [Self; 4] = [Self::Releases, Self::Live, Self::Gold, Self::LeftOut];

    /// The words on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Live => "live when",
            Self::Gold => "gold",
            Self::LeftOut => "left out",
        }
    }
}

/// State of the registry.
#[derive(Debug, Default)]
pub struct Registry {
    /// What is listed.
    pub list: List,
    /// The selected row of each list.
    rows: [usize; List::ALL.len()],
    /// Releases that are marked to be compared, the one before first; two at most.
    pub marked: Vec<ReleaseId>,
    /// What the store knows beside the releases.
    pub facts: Load<Box<Facts>>,
    /// The open half of the newest gold version.
    pub open_half: Load<Vec<GoldRow>>,
    /// What a release did not learn from, once somebody has asked.
    pub left_out: Option<(ReleaseId, Vec<HeldOut>)>,
    /// What training a release again came to, once somebody has asked.
    pub verified: Option<Verification>,
    /// Where it was opened from.
    came_from: Front,
}

impl Registry {
    /// The selected row of a list.
    pub fn row_of(&self, list: List) -> usize {
        self.rows[list as usize]
    }

    /// The selected row of the list that is shown.
    pub fn row(&self) -> usize {
        self.row_of(self.list)
    }

    /// Selects a row of the list that is shown.
    pub fn select(&mut self, row: usize) {
        self.rows[self.list as usize] = row;
        if self.list != List::LeftOut {
            // It may be another release that is selected now.
            self.rows[List::LeftOut as usize] = 0;
        }
    }

    /// What a roll-back would do.
    pub fn back(&self) -> Option<Back> {
        let facts = self.facts.ready()?;
        Some(Back { from: facts.live.last()?.release, to: facts.previous? })
    }

    /// Takes what a release did not learn from.
    pub fn take_left_out(&mut self, release: ReleaseId, rows: Vec<HeldOut>) {
        self.left_out = Some((release, rows));
        self.rows[List::LeftOut as usize] = 0;
    }

    /// Takes the open half; the selected turn stays selected.
    pub fn take_open_half(&mut self, rows: Result<Vec<GoldRow>, String>) -> Result<(), String> {
        let selected = self.gold().get(self.row_of(List::Gold)).map(|g| (g.n, g.turn));
        self.open_half.take(rows)?;
        if let Some(at) = selected.and_then(|turn| self.gold().iter().position(|g| (g.n, g.turn) == turn)) {
            self.rows[List::Gold as usize] = at;
        }
        Ok(())
    }

    /// Takes which turns are pinned now.
    pub fn take_pins(&mut self, pins: &[GoldTurn]) {
        if let Load::Ready(rows) = &mut self.open_half {
            rows.iter_mut().for_each(|g| g.pinned = pins.contains(&(g.n, g.turn)));
        }
    }

    /// What was left out of a release, where it was looked for.
    pub fn left_out_of(&self, release: ReleaseId) -> Option<&[HeldOut]> {
        self.left_out.as_ref().filter(|(r, _)| *r == release).map(|(_, rows)| rows.as_slice())
    }

    /// The gold turns of the open half, as far as they are here.
    fn gold(&self) -> &[GoldRow] {
        self.open_half.ready().map_or(&[], Vec::as_slice)
    }

    /// Takes what the store knows; what is selected stays selected.
    pub fn take(&mut self, facts: Result<Box<Facts>, String>) -> Result<(), String> {
        let before = self.facts.ready();
        let release = before.and_then(|f| f.releases.get(self.row_of(List::Releases))).map(|r| r.release);
        let span = before.and_then(|f| f.live.iter().rev().nth(self.row_of(List::Live))).map(|s| (s.release, s.from));
        self.facts.take(facts)?;
        let Some(facts) = self.facts.ready() else { return Ok(()) };
        if let Some(at) = release.and_then(|id| facts.releases.iter().position(|r| r.release == id)) {
            self.rows[List::Releases as usize] = at;
        }
        if let Some(at) = span.and_then(|span| facts.live.iter().rev().position(|s| (s.release, s.from) == span)) {
            self.rows[List::Live as usize] = at;
        }
        self.marked.retain(|m| facts.releases.iter().any(|r| r.release == *m));
        Ok(())
    }
}

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
