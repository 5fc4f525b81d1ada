//! What Fine-tune knows.

use super::{Curve, Panes, Ways, Work, blame, registry, replay};
use crate::action::Scope;
use crate::domain::{Comparison, Costs, Flip};
use crate::store::{ComparisonRow, Judgements, Overview, ReleaseRow};
use crate::tui::state::app::Load;
use crate::tui::state::effect::{Effect, GoldTurn, How};
use crate::tui::state::msg::Progress;
use crate::tui::state::request::{Request, Which};

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

    pub(super) fn show(&mut self, which: Which) -> Vec<Effect> {
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
    pub(super) fn neighbour(&self, older: bool) -> Option<i64> {
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
