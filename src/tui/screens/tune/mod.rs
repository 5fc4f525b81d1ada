//! Fine-tune: start a run, watch it, see before and after side by side, promote or reject (rules 11-18).

mod calibration;
mod confusion;
mod coverage;
pub mod curve;
mod flips;
mod intents;
pub mod judging;
pub mod panes;
pub mod responses;
pub mod result;
pub mod view;

use crate::action::Action;
use crate::domain::{Comparison, Costs, Flip, ReleaseId};
use crate::store::{Judgements, Overview, ReleaseRow};
use crate::tui::app::{App, Load, Screen};
use crate::tui::ask::Request;
use crate::tui::effect::{Effect, TuneJob};
use crate::tui::msg::{JobEnd, Progress};
use crate::tui::overlays;
use crate::tui::screens::{queue, review};
pub use curve::Curve;
pub use panes::{Pane, Panes};

/// State of the Fine-tune screen.
#[derive(Debug, Default)]
pub struct Tuning {
    /// All releases, newest first.
    pub releases: Load<Vec<ReleaseRow>>,
    /// The comparison on the screen.
    pub comparison: Load<Option<Box<Comparison>>>,
    /// The run that goes on.
    pub run: Option<Run>,
    /// Predictions of the live release are being renewed.
    pub renewal: Background,
    /// The learning curve.
    pub curve: Curve,
    /// Start from scratch, not from the live release.
    pub scratch: bool,
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

/// A run that goes on.
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

    fn show(&mut self, release: ReleaseId) -> Vec<Effect> {
        self.generation += 1;
        vec![Effect::Ask(Request::Comparison(release, self.generation))]
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
                Ok(())
            }
            Err(why) => {
                self.comparison.take(Err(why.clone())).ok();
                self.releases.take(Err(why))
            }
        }
    }

    /// The release beside the one on the screen: older, or newer.
    fn neighbour(&self, older: bool) -> Option<ReleaseId> {
        let compared: Vec<_> =
            self.releases.ready()?.iter().filter(|r| r.verdict.is_some()).map(|r| r.release).collect();
        let here = self.shown()?.release;
        let at = compared.iter().position(|r| *r == here)?;
        let to = if older { at.checked_add(1)? } else { at.checked_sub(1)? };
        compared.get(to).copied()
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
    effects.extend(curve::redraw(app));
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
        Action::StartTuning => start(app),
        Action::CancelTuning if app.tune.run.is_none() => curve::cancel(app),
        Action::CancelTuning => {
            app.tune.run.iter_mut().for_each(|r| r.cancelling = true);
            vec![Effect::CancelJob]
        }
        Action::ToggleFrom => {
            app.tune.scratch = !app.tune.scratch;
            app.say(if app.tune.scratch {
                "the next run starts from scratch"
            } else {
                "the next run starts from the live model"
            })
        }
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
            there.map(|r| app.tune.show(r)).unwrap_or_default()
        }
        Action::Promote => overlays::ask_promote(app),
        Action::Reject => overlays::ask_reject(app),
        Action::FreezeGold => vec![Effect::Ask(Request::FreezeGold)],
        Action::OpenFlip => open_row(app),
        Action::OpenDisputed => open_disputed(app),
        Action::ToggleCurve => curve::toggle(app),
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

/// What a pane needs beside the comparison.
pub fn pane_shown(app: &mut App) -> Vec<Effect> {
    if app.tune.panes.pane == Pane::Responses { judging::ask(app) } else { Vec::new() }
}

fn step(app: &mut App, by: isize) -> Vec<Effect> {
    let tune = &mut app.tune;
    if let Some(c) = tune.comparison.ready().and_then(|c| c.as_deref()) {
        tune.panes.step(by, c);
    }
    Vec::new()
}

fn start(app: &mut App) -> Vec<Effect> {
    app.tune.run = Some(Run::default());
    vec![Effect::Tune(TuneJob { scratch: app.tune.scratch, cycle: None })]
}

/// Opens the conversation of the selected flip at its turn; of an intent, its turns.
fn open_row(app: &mut App) -> Vec<Effect> {
    if let Some(intent) = app.tune.shown().and_then(|c| app.tune.panes.selected_intent(c)) {
        app.tune.panes.flips_of(intent);
        return Vec::new();
    }
    let turn = app.tune.shown().and_then(|c| app.tune.panes.selected_turn(c));
    let Some((id, turn)) = turn else { return Vec::new() };
    let effects = review::open(app, id, None);
    (app.review.wanted_turn, app.review.back) = (Some(turn), Some(Screen::FineTune));
    effects
}

/// The queue with the labels that the model disputes.
fn open_disputed(app: &mut App) -> Vec<Effect> {
    let mut effects = queue::enter(app);
    effects.extend(app.queue.set_query("is:disputed"));
    effects
}

/// A run ended.
pub fn finished(app: &mut App, end: Result<Box<Comparison>, JobEnd>) -> Vec<Effect> {
    app.tune.run = None;
    let mut effects = vec![Effect::Ask(Request::Overview)];
    match end {
        Ok(c) => {
            let words = format!("v{} is trained: {}", c.release.0, result::verdict_word(c.verdict));
            crate::tui::tour::tuned(app);
            app.tune.panes.rewind();
            app.tune.comparison = Load::Ready(Some(c));
            effects.push(Effect::Ask(Request::Releases));
            effects.extend(app.notify(&words));
            effects.extend(app.cheer(words));
        }
        Err(JobEnd::Cancelled) => effects.extend(app.say("the run was cancelled; nothing was changed")),
        Err(JobEnd::Failed(why)) => {
            effects.extend(app.notify("fine-tuning failed"));
            effects.extend(app.complain("fine-tuning failed", why));
        }
    }
    effects
}

/// Whether an action of Fine-tune can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    match action {
        Action::StartTuning if tune.run.is_some() => Err("a run is going on already"),
        Action::StartTuning => learnable(app),
        Action::CancelTuning => match tune.run.as_ref().or(tune.curve.run.as_ref()) {
            None => Err("no run is going on"),
            Some(run) if run.cancelling => Err("it is stopping"),
            Some(_) => Ok(()),
        },
        Action::OpenDisputed => match app.overview().disputed {
            None => Err("the next run tells which labels look wrong"),
            Some((0, _)) => Err("no label looks wrong to the newest run's model"),
            Some(_) => Ok(()),
        },
        Action::ToggleFrom if app.overview().live.is_none() => Err("there is no live model to start from"),
        Action::FreezeGold if app.overview().gold_new == 0 => {
            Err("no test label is new: audit items of a cycle become test labels")
        }
        Action::Promote | Action::Reject => decidable(app),
        Action::ToggleCurve if tune.curve.shown => Ok(()),
        Action::ToggleCurve => learnable(app),
        Action::OpenFlip | Action::NextPane | Action::PreviousPane | Action::OtherView => in_panes(app, action),
        Action::JudgePairs => in_panes(app, action),
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
        _ if tune.curve.shown => Err("the learning curve stands in its place"),
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

fn decidable(app: &App) -> Result<(), &'static str> {
    let tune = &app.tune;
    match tune.shown_release().map(|r| r.state.as_str()) {
        _ if tune.shown().is_none() => Err("there is no candidate yet"),
        _ if tune.busy => Err("one moment"),
        Some("live") => Err("it is live already"),
        Some("rejected") => Err("it was rejected"),
        Some("former") => Err("it was live before; a rollback brings it back"),
        _ => Ok(()),
    }
}
