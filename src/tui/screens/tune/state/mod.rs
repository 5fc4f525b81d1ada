//! The state of the Fine-tune screen.

pub mod blame;
pub mod curve;
pub mod front;
pub mod panes;
pub mod registry;
pub mod replay;
pub mod ways;
pub mod work;

use crate::action::{Action, ActionScope};
use crate::domain::{Comparison, ErrorCosts, Flip, ReleaseId};
use crate::store::{ComparisonRow, Judgements, Overview, Registry, ReleaseRow};
use crate::tui::state::effect::{Effect, Job, LongWork, ask, start, stop};
use crate::tui::state::request::judging::JudgingRequest;
use crate::tui::state::request::tune::{TuneRequest, WhichComparison};
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::state::work::{CandidateMethod, GoldTurn, JobRun, TuneJob};
use blame::BlameView;
use curve::CurveView;
use front::TuneFront;
use panes::{Pane, Panes};
use registry::RegistryView;
use replay::ReplayView;
use ways::CandidateWays;
use work::TuneWork;

/// State of the Fine-tune screen.
#[derive(Debug, Default)]
pub struct TuneScreen {
    /// All releases, newest first.
    pub releases: StoreRead<Vec<ReleaseRow>>,
    /// The comparison on the screen.
    pub comparison: StoreRead<Option<Box<Comparison>>>,
    /// The work that goes on.
    pub work: Option<TuneWork>,
    /// What is in front, and what lies behind it.
    pub views: TuneViews,
    /// How the next candidate is made.
    pub how: CandidateMethod,
    /// How else it could be made.
    pub ways: CandidateWays,
    /// The lower half.
    pub panes: Panes,
    /// What a wrong answer and a hand-over cost.
    pub costs: ErrorCosts,
    /// What people said of the answers of the comparison on the screen, once it is read.
    pub judgements: Option<Judgements>,
    /// A promotion or rejection is on its way.
    pub busy: bool,
    /// Somebody has just come to this screen.
    pub comes_back: bool,
    /// Counts requests; older answers are dropped.
    pub generation: u64,
}

/// The views beside the comparison.
#[derive(Debug, Default)]
pub struct TuneViews {
    /// Which one is shown.
    pub front: TuneFront,
    /// Where Esc leads from the comparison.
    pub back: Option<TuneFront>,
    /// The row of the comparison on the screen, where it was asked for by its row.
    pub shown: Option<i64>,
    /// The learning curve.
    pub curve: CurveView,
    /// All releases.
    pub registry: RegistryView,
    /// Failures put to a release.
    pub replay: ReplayView,
    /// The labels behind an answer.
    pub blame: BlameView,
}

/// Whether there is anything to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearnReadiness {
    /// No intents, or nothing labelled with them.
    NothingToLearn,
    /// One can start.
    Yes,
}

impl TuneScreen {
    /// The screen of another store. What the configuration says stays; answers of the store before are dropped.
    pub fn after(before: &Self) -> Self {
        Self { generation: before.generation + 1, costs: before.costs, ways: before.ways.clone(), ..Self::default() }
    }

    /// Whether everything is here by which the view in front says what can be done.
    pub fn has_read(&self, shared: &SharedState) -> bool {
        let is_here = match self.views.front {
            TuneFront::Registry => !matches!(self.views.registry.facts, StoreRead::Waiting),
            _ => !matches!(self.comparison, StoreRead::Waiting) && !matches!(self.releases, StoreRead::Waiting),
        };
        is_here && !matches!(shared.overview, StoreRead::Waiting)
    }

    /// The key of an action in the view in front, for sentences.
    pub fn key(&self, shared: &SharedState, action: Action) -> String {
        shared.key(action, &[self.views.front.scope(), ActionScope::Move, ActionScope::Global])
    }

    /// Begins a piece of work.
    pub fn begin(&mut self, job: TuneJob) -> Vec<Effect> {
        self.work = Some(TuneWork { job: job.clone(), run: JobRun::default(), from: self.views.front });
        vec![start(Job::Tune(job))]
    }

    /// Tells the work that goes on to stop.
    pub fn cancel(&mut self) -> Vec<Effect> {
        self.work.iter_mut().for_each(|w| w.run.cancelling = true);
        vec![stop(LongWork::Tune)]
    }

    /// Shows what came of work where it was begun; whoever has gone elsewhere meanwhile stays there.
    pub fn show_result(&mut self, work: &TuneWork, front: TuneFront) {
        let views = &mut self.views;
        if views.front == work.from {
            let from_registry = work.from == TuneFront::Registry && front == TuneFront::Result;
            views.back = from_registry.then_some(TuneFront::Registry);
            views.front = front;
        }
    }

    /// Gives what the pane in front needs beside the comparison.
    pub fn pane_shown(&mut self) -> Vec<Effect> {
        if self.panes.pane == Pane::Responses { self.ask_judgements() } else { Vec::new() }
    }

    /// Reads what was judged of the comparison on the screen.
    fn ask_judgements(&mut self) -> Vec<Effect> {
        self.judgements = None;
        let Some(c) = self.shown().filter(|c| !c.responses.changes.is_empty()) else { return Vec::new() };
        vec![ask(JudgingRequest::Judgements(c.before_release, c.release))]
    }

    /// The comparison on the screen.
    pub fn shown(&self) -> Option<&Comparison> {
        self.comparison.ready().and_then(|c| c.as_deref())
    }

    /// The release that is the candidate of the comparison on the screen.
    pub fn shown_release(&self) -> Option<&ReleaseRow> {
        self.release(self.shown()?.release)
    }

    /// What is known of a release.
    pub fn release(&self, id: ReleaseId) -> Option<&ReleaseRow> {
        self.releases.ready()?.iter().find(|r| r.release == id)
    }

    /// The selected flip.
    pub fn selected_flip(&self) -> Option<&Flip> {
        self.panes.flip(self.shown()?)
    }

    /// Shows a comparison.
    pub fn show(&mut self, which: WhichComparison) -> Vec<Effect> {
        self.generation += 1;
        self.views.front = TuneFront::Result;
        self.views.shown = match which {
            WhichComparison::Row(row) => Some(row),
            WhichComparison::Of(_) => None,
        };
        vec![ask(TuneRequest::Comparison(which, self.generation)), ask(TuneRequest::Pins)]
    }

    /// Marks the turns of the comparison on the screen that are pinned now.
    pub fn take_pins(&mut self, pins: &[GoldTurn]) {
        if let StoreRead::Ready(Some(c)) = &mut self.comparison {
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
                self.releases = StoreRead::Ready(releases);
                let shown = self.shown().map(|c| c.release);
                if shown.is_none() || newest.as_ref().is_some_and(|n| Some(n.release) != shown) {
                    self.panes.rewind();
                }
                self.comparison = StoreRead::Ready(newest);
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
    /// Whether the comparison on the screen is to be read anew: it was there because it was the newest, and whoever comes back finds
    /// that a newer one was made meanwhile.
    pub fn take_registry(&mut self, facts: Result<Box<Registry>, String>) -> Result<bool, String> {
        if let Ok(facts) = &facts {
            self.releases = StoreRead::Ready(facts.releases.clone());
        }
        let was_newest = self.views.shown.is_none() && self.newer().is_none();
        let comes_back = std::mem::take(&mut self.comes_back);
        self.views.registry.take(facts)?;
        Ok(comes_back && was_newest && self.newer().is_some())
    }

    /// The newest comparison, where an older one is on the screen.
    pub fn newer(&self) -> Option<&ComparisonRow> {
        self.neighbour(false)?;
        self.views.registry.facts.ready()?.comparisons.first()
    }

    /// The comparison beside the one on the screen: older, or newer.
    pub fn neighbour(&self, older: bool) -> Option<i64> {
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
pub fn ready(o: &Overview) -> LearnReadiness {
    if o.examples == 0 || o.intents < 2 { LearnReadiness::NothingToLearn } else { LearnReadiness::Yes }
}
