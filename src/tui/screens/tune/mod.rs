//! Fine-tune: start a run, watch it, see before and after side by side, promote or reject (rules 11-18).

pub mod blame;
mod calibration;
mod confusion;
mod coverage;
pub mod curve;
mod flips;
pub mod how;
mod intents;
pub mod judging;
pub mod panes;
pub mod registry;
pub mod replay;
pub mod responses;
pub mod result;
pub mod view;
pub mod work;

use crate::action::{Action, Scope};
use crate::domain::{Comparison, Costs, Flip, ReleaseId};
use crate::store::{ComparisonRow, Judgements, Overview, ReleaseRow};
use crate::tui::app::{App, Load, Screen};
use crate::tui::ask::{Request, Which};
use crate::tui::effect::{Effect, GoldTurn, How, TuneJob};
use crate::tui::msg::Progress;
use crate::tui::overlays::{self, Candidate};
use crate::tui::screens::{queue, review};
pub use curve::Curve;
pub use how::Ways;
pub use panes::{Pane, Panes};
pub use work::Work;

/// State of the Fine-tune screen.
#[derive(Debug, Default)]
pub struct Tuning {
    /// All releases, newest first.
    pub releases: Load<Vec<ReleaseRow>>,
    /// The comparison on the screen.
    pub comparison: Load<Option<Box<Comparison>>>,
    /// The work that goes on.
    pub work: Option<Work>,
    /// Predictions of the live release are being renewed.
    pub renewal: Background,
    /// What is in front, and what lies behind it.
    pub views: Views,
    /// How the next candidate is made.
    pub how: How,
    /// How else it could be made.
    pub ways: Ways,
    /// The lower half.
    pub panes: Panes,
    /// What a wrong answer and a hand-over cost.
    pub costs: Costs,
    /// What people said of the answers of the comparison on the screen, once it is read.
    pub judgements: Option<Judgements>,
    /// A promotion or rejection is on its way.
    pub busy: bool,
    /// Counts requests; older answers are dropped.
    pub generation: u64,
}

/// What the screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Front {
    /// A comparison.
    #[default]
    Result,
    /// The learning curve.
    Curve,
    /// All releases.
    Registry,
    /// Failures put to a release.
    Replay,
    /// The labels behind an answer.
    Blame,
}

impl Front {
    /// Where keys are looked up.
    pub const fn scope(self) -> Scope {
        match self {
            Self::Result | Self::Curve => Scope::FineTune,
            Self::Registry => Scope::Registry,
            Self::Replay => Scope::Replay,
            Self::Blame => Scope::Blame,
        }
    }
}

/// The views beside the comparison.
#[derive(Debug, Default)]
pub struct Views {
    /// Which one is shown.
    pub front: Front,
    /// Where Esc leads from the comparison.
    pub back: Option<Front>,
    /// The row of the comparison on the screen, where it was asked for by its row.
    pub shown: Option<i64>,
    /// The learning curve.
    pub curve: Curve,
    /// All releases.
    pub registry: registry::Registry,
    /// Failures put to a release.
    pub replay: replay::Replaying,
    /// The labels behind an answer.
    pub blame: blame::Blaming,
}

/// Work in the background that begins by itself: the renewal of predictions, the building of the search.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Background {
    /// Nothing goes on.
    #[default]
    Idle,
    /// It goes on.
    Running(Progress),
    /// It failed, and is not tried again before the next start.
    Broken,
}

impl Background {
    /// Where it is.
    pub fn progress(&self) -> Option<&Progress> {
        match self {
            Self::Running(p) => Some(p),
            _ => None,
        }
    }
}

/// How far work is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Where it is.
    pub progress: Progress,
    /// Somebody asked it to stop.
    pub cancelling: bool,
}

/// Whether there is anything to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// No intents, or nothing labelled with them.
    NothingToLearn,
    /// One can start.
    Yes,
}

impl Tuning {
    /// The comparison on the screen.
    pub fn shown(&self) -> Option<&Comparison> {
        self.comparison.ready().and_then(|c| c.as_deref())
    }

    /// The release that is the candidate of the comparison on the screen.
    pub fn shown_release(&self) -> Option<&ReleaseRow> {
        let id = self.shown()?.release;
        self.releases.ready()?.iter().find(|r| r.release == id)
    }

    /// The selected flip.
    pub fn selected_flip(&self) -> Option<&Flip> {
        self.panes.flip(self.shown()?)
    }

    fn show(&mut self, which: Which) -> Vec<Effect> {
        self.generation += 1;
        self.views.front = Front::Result;
        self.views.shown = match which {
            Which::Row(row) => Some(row),
            Which::Of(_) => None,
        };
        vec![Effect::Ask(Request::Comparison(which, self.generation)), Effect::Ask(Request::Pins)]
    }

    /// Marks the turns of the comparison on the screen that are pinned now.
    pub fn take_pins(&mut self, pins: &[GoldTurn]) {
        if let Load::Ready(Some(c)) = &mut self.comparison {
            c.open.flips.iter_mut().for_each(|f| f.pinned = pins.contains(&(f.conversation, f.turn)));
        }
        self.views.registry.take_pins(pins);
    }

    /// Takes the comparison that was asked for last.
    pub fn take_comparison(
        &mut self,
        c: Result<Option<Box<Comparison>>, String>,
        generation: u64,
    ) -> Result<(), String> {
        if generation != self.generation {
            return Ok(());
        }
        self.panes.rewind();
        self.comparison.take(c)
    }

    /// Takes the releases and the newest comparison.
    pub fn take_releases(
        &mut self,
        answer: Result<(Vec<ReleaseRow>, Option<Box<Comparison>>), String>,
    ) -> Result<(), String> {
        match answer {
            Ok((releases, newest)) => {
                self.releases = Load::Ready(releases);
                let shown = self.shown().map(|c| c.release);
                if shown.is_none() || newest.as_ref().is_some_and(|n| Some(n.release) != shown) {
                    self.panes.rewind();
                }
                self.comparison = Load::Ready(newest);
                self.views.shown = None;
                Ok(())
            }
            Err(why) => {
                self.comparison.take(Err(why.clone())).ok();
                self.releases.take(Err(why))
            }
        }
    }

    /// Takes all releases.
    pub fn take_registry(&mut self, facts: Result<Box<crate::store::Registry>, String>) -> Result<(), String> {
        if let Ok(facts) = &facts {
            self.releases = Load::Ready(facts.releases.clone());
        }
        self.views.registry.take(facts)
    }

    /// The comparison beside the one on the screen: older, or newer.
    fn neighbour(&self, older: bool) -> Option<i64> {
        let all = &self.views.registry.facts.ready()?.comparisons;
        let c = self.shown()?;
        let here = |row: &ComparisonRow| match self.views.shown {
            Some(id) => row.id == id,
            None => row.release == c.release && row.before == c.before_release,
        };
        let at = all.iter().position(here)?;
        let to = if older { at.checked_add(1)? } else { at.checked_sub(1)? };
        all.get(to).map(|row| row.id)
    }
}

/// Whether a run can start.
pub fn ready(o: &Overview) -> Ready {
    if o.examples == 0 || o.intents < 2 { Ready::NothingToLearn } else { Ready::Yes }
}

/// What to read when the screen comes to the front.
pub fn enter(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::FineTune;
    let mut effects = vec![Effect::Ask(Request::Overview)];
    // A comparison that somebody looks at stays; the list of releases is read anew all the same.
    if app.tune.shown().is_none() {
        effects.push(Effect::Ask(Request::Releases));
    }
    effects.extend(refresh(app));
    effects.extend(curve::redraw(app));
    effects
}

/// Reads anew what others may have changed; what one looks at stays.
pub fn refresh(app: &App) -> Vec<Effect> {
    let mut effects = vec![Effect::Ask(Request::Registry), Effect::Ask(Request::Pins)];
    match app.tune.views.front {
        Front::Registry => effects.extend(registry::refresh(app)),
        Front::Replay => effects.extend(replay::refresh(app)),
        _ => {}
    }
    effects
}

/// Does what was asked for on the Fine-tune screen.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = app.seen.rows.max(1) as isize;
    match action {
        Action::Up => step(app, -1),
        Action::Down => step(app, 1),
        Action::PageUp => step(app, -rows),
        Action::PageDown => step(app, rows),
        Action::Top => step(app, isize::MIN / 2),
        Action::Bottom => step(app, isize::MAX / 2),
        Action::CancelTuning if app.tune.work.is_some() => work::cancel(app),
        Action::CancelTuning => curve::cancel(app),
        Action::Replay => match replayable(app) {
            Some(release) => replay::begin(app, release),
            None => Vec::new(),
        },
        _ => match app.tune.views.front {
            Front::Registry => registry::act(app, action),
            Front::Replay => replay::act(app, action),
            Front::Blame => blame::act(app, action),
            Front::Result | Front::Curve => on_result(app, action),
        },
    }
}

/// Does what was asked for while a comparison or the learning curve is in front.
fn on_result(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::StartTuning => start(app),
        Action::ChooseHow => how::open(app),
        Action::ShowRegistry => registry::enter(app),
        Action::BlameTurn => blame::begin(app),
        Action::Pin => match app.tune.selected_flip().map(|f| ((f.conversation, f.turn), f.pinned)) {
            Some((turn, pinned)) => vec![Effect::Ask(Request::Pin(turn, !pinned))],
            None => Vec::new(),
        },
        Action::NextPane | Action::PreviousPane => {
            app.tune.panes.turn(action == Action::NextPane);
            pane_shown(app)
        }
        Action::OtherView => {
            app.tune.panes.other_view();
            Vec::new()
        }
        Action::OlderResult | Action::NewerResult => {
            let there = app.tune.neighbour(action == Action::OlderResult);
            there.map(|row| app.tune.show(Which::Row(row))).unwrap_or_default()
        }
        Action::Promote => match app.tune.shown().map(Candidate::of) {
            Some(candidate) => overlays::ask_promote(app, &candidate),
            None => Vec::new(),
        },
        Action::Reject => match app.tune.shown().map(|c| c.release) {
            Some(release) => overlays::ask_reject(app, release),
            None => Vec::new(),
        },
        Action::FreezeGold => vec![Effect::Ask(Request::FreezeGold)],
        Action::OpenFlip => open_row(app),
        Action::OpenDisputed => open_disputed(app),
        Action::ToggleCurve => curve::toggle(app),
        Action::Leave if app.tune.views.front == Front::Curve => curve::toggle(app),
        Action::Leave => {
            let back = app.tune.views.back.take();
            app.tune.views.front = back.unwrap_or_default();
            refresh(app)
        }
        Action::JudgePairs => judging::begin(app),
        _ => match panes::pane_of(action) {
            Some(pane) => {
                app.tune.panes.show(pane);
                pane_shown(app)
            }
            None => Vec::new(),
        },
    }
}

/// The release whose answers to failures are asked for.
fn replayable(app: &App) -> Option<ReleaseId> {
    match app.tune.views.front {
        Front::Registry => registry::selected(app).map(|r| r.release),
        Front::Replay => app.tune.views.replay.found.as_ref().map(|f| f.replay.release),
        _ => app.tune.shown().map(|c| c.release),
    }
}

/// What a pane needs beside the comparison.
pub fn pane_shown(app: &mut App) -> Vec<Effect> {
    if app.tune.panes.pane == Pane::Responses { judging::ask(app) } else { Vec::new() }
}

fn step(app: &mut App, by: isize) -> Vec<Effect> {
    let moved = |row: usize, len: usize| row.saturating_add_signed(by).min(len.saturating_sub(1));
    match app.tune.views.front {
        Front::Registry => {
            let len = registry::len(app);
            let registry = &mut app.tune.views.registry;
            registry.select(moved(registry.row(), len));
        }
        Front::Replay => app.tune.views.replay.step(by),
        Front::Blame => {
            let blame = &mut app.tune.views.blame;
            *blame.row_mut() = moved(blame.row(), blame.count());
        }
        Front::Result | Front::Curve => {
            let tune = &mut app.tune;
            if let Some(c) = tune.comparison.ready().and_then(|c| c.as_deref()) {
                tune.panes.step(by, c);
            }
        }
    }
    Vec::new()
}

fn start(app: &mut App) -> Vec<Effect> {
    if let How::Ask(name) = app.tune.how.clone() {
        return overlays::confirm_asking(app, &name);
    }
    let job = TuneJob::Train(app.tune.how.clone(), None);
    work::begin(app, job)
}

/// A tab of the registry or of what is to blame was clicked.
pub fn show_list(app: &mut App, at: usize) -> Vec<Effect> {
    match app.tune.views.front {
        Front::Registry => registry::show_list(app, at),
        Front::Blame => {
            app.tune.views.blame.show(at);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// A row was clicked; whether it was the selected one already.
pub fn select_listed(app: &mut App, row: usize) -> bool {
    let views = &mut app.tune.views;
    let before = match views.front {
        Front::Registry => {
            let before = views.registry.row();
            views.registry.select(row);
            before
        }
        Front::Replay => std::mem::replace(&mut views.replay.selected, row),
        Front::Blame => std::mem::replace(views.blame.row_mut(), row),
        Front::Result | Front::Curve => return false,
    };
    before == row
}

/// What is selected as it can be copied: its name, and what the customer said.
pub fn selected_words(app: &App) -> Option<(String, String)> {
    match app.tune.views.front {
        Front::Registry => registry::selected_words(app),
        Front::Replay => app.tune.views.replay.change().map(|c| (c.id.clone(), c.text.clone())),
        Front::Blame => {
            let label = app.tune.views.blame.label()?;
            Some((label.id.clone()?, label.text.clone()))
        }
        Front::Result | Front::Curve => app.tune.selected_flip().map(|f| (f.id.clone(), f.text.clone())),
    }
}

/// Opens the conversation of the selected flip at its turn; of an intent, its turns.
fn open_row(app: &mut App) -> Vec<Effect> {
    if let Some(intent) = app.tune.shown().and_then(|c| app.tune.panes.selected_intent(c)) {
        app.tune.panes.flips_of(intent);
        return Vec::new();
    }
    let turn = app.tune.shown().and_then(|c| app.tune.panes.selected_turn(c));
    match turn {
        Some(turn) => review::open_turn(app, turn, Screen::FineTune),
        None => Vec::new(),
    }
}

/// The queue with the labels that the model disputes.
fn open_disputed(app: &mut App) -> Vec<Effect> {
    let mut effects = queue::enter(app);
    effects.extend(app.queue.set_query("is:disputed"));
    effects
}

/// Whether an action of Fine-tune can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    match action {
        Action::CancelTuning => match tune.work.as_ref().map(|w| &w.run).or(tune.views.curve.run.as_ref()) {
            None => Err("no run is going on"),
            Some(run) if run.cancelling => Err("it is stopping"),
            Some(_) => Ok(()),
        },
        _ if tune.work.is_some() && works(app, action) => Err("a run is going on already"),
        Action::FreezeGold if app.overview().gold_new == 0 && !registry::first_gold(app) => {
            Err("no test label is new: audit items of a cycle become test labels")
        }
        Action::Replay if replayable(app).is_none() => Err("there is no release to ask yet"),
        _ => match tune.views.front {
            Front::Registry => registry::enabled(app, action),
            Front::Replay => replay::enabled(app, action),
            Front::Blame => blame::enabled(app, action),
            Front::Result | Front::Curve => result_enabled(app, action),
        },
    }
}

/// Whether an action begins work on a thread of its own; there is one.
fn works(app: &App, action: Action) -> bool {
    let lists = app.tune.views.front == Front::Registry && registry::opening_works(app);
    matches!(
        action,
        Action::StartTuning
            | Action::Replay
            | Action::BlameTurn
            | Action::Compare
            | Action::Verify
            | Action::ScoreAll
            | Action::ExportModel
            | Action::DropLabels
    ) || action == Action::OpenFlip && lists
}

/// Whether an action can be done while a comparison or the learning curve is in front.
fn result_enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    match action {
        Action::StartTuning if matches!(tune.how, How::Ask(_)) => Ok(()),
        Action::StartTuning => learnable(app),
        Action::OpenDisputed => match app.overview().disputed {
            None => Err("the next run tells which labels look wrong"),
            Some((0, _)) => Err("no label looks wrong to the newest run's model"),
            Some(_) => Ok(()),
        },
        Action::Promote | Action::Reject => decidable(app, action),
        Action::ToggleCurve if tune.views.front == Front::Curve => Ok(()),
        Action::Leave if tune.views.front != Front::Curve && tune.views.back.is_none() => {
            Err("there is nothing to go back to")
        }
        Action::ToggleCurve => learnable(app),
        Action::OpenFlip | Action::NextPane | Action::PreviousPane | Action::OtherView => in_panes(app, action),
        Action::JudgePairs | Action::BlameTurn | Action::Pin => in_panes(app, action),
        _ if panes::pane_of(action).is_some() => in_panes(app, action),
        Action::OlderResult | Action::NewerResult if tune.neighbour(action == Action::OlderResult).is_none() => {
            Err("there is no other comparison that way")
        }
        _ => Ok(()),
    }
}

/// Whether something can be done in the lower half.
fn in_panes(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    let Some(c) = tune.shown() else { return Err("there is no comparison yet") };
    match (action, tune.panes.pane) {
        _ if tune.views.front == Front::Curve => Err("the learning curve stands in its place"),
        (Action::BlameTurn | Action::Pin, Pane::Flips) if tune.selected_flip().is_none() => Err("nothing is selected"),
        (Action::BlameTurn | Action::Pin, Pane::Flips) => Ok(()),
        (Action::BlameTurn | Action::Pin, _) => Err("select a turn first: they are in a pane of their own"),
        (Action::OpenFlip, Pane::Calibration | Pane::Coverage) => Err("there is nothing to open here"),
        (Action::OpenFlip, _) if tune.panes.len(c) == 0 => Err("nothing is selected"),
        (Action::JudgePairs, _) if judging::pairs(c).is_empty() => Err("no turn is answered differently by both"),
        (Action::JudgePairs, Pane::Responses) => Ok(()),
        (Action::JudgePairs, _) => Err("answers are judged from the responses"),
        (Action::OtherView, Pane::Intents | Pane::Calibration | Pane::Coverage) => {
            Err("there is no other view of this")
        }
        _ => Ok(()),
    }
}

fn learnable(app: &App) -> Result<(), &'static str> {
    match app.shared.overview.ready().map(ready) {
        Some(Ready::Yes) => Ok(()),
        Some(Ready::NothingToLearn) => Err("there is nothing to learn from yet"),
        None => Err("the store is still being read"),
    }
}

fn decidable(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    let (Some(c), Some(row)) = (tune.shown(), tune.shown_release()) else { return Err("there is no candidate yet") };
    match action {
        _ if tune.busy => Err("one moment"),
        Action::Promote => registry::promotable(&row.state, c.before_release, app.overview().live),
        _ => registry::rejectable(&row.state),
    }
}
