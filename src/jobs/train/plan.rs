//! What a run is asked for, and what of the store it reads.

use crate::domain::{CycleId, GoldVersion, ReleaseId, Timestamp};
use crate::jobs::JobError;
use crate::jobs::encoders::Vectors;
use crate::jobs::predict::predictor::Predictor;
use crate::learn::responses::ResponseRules;
use crate::learn::vectors::grams::GramRules;
use crate::store::{ReadMoment, Store};

/// Where a run starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrainingStart {
    /// The live release, where there is one (rule 21): it is the parent.
    #[default]
    Live,
    /// Nothing: no parent.
    Scratch,
}

/// What a run is given.
#[derive(Clone, Debug)]
pub struct FinetuneOptions {
    /// Where it starts from.
    pub from: TrainingStart,
    /// Cuts the decision log at that cycle's close.
    pub cycle: Option<CycleId>,
    /// Where dense vectors come from.
    pub vectors: Vectors,
    /// Seed.
    pub seed: u64,
    /// Who asks.
    pub reviewer: String,
    /// When.
    pub now: Timestamp,
}

/// What a release is made from.
#[derive(Clone, Debug)]
pub(in crate::jobs) struct TrainingPlan {
    pub moment: ReadMoment,
    /// What the leakage guard keeps out of training.
    pub gold_version: Option<GoldVersion>,
    pub vectors: Vectors,
    pub seed: u64,
    /// What it goes on from.
    pub parent: Option<ReleaseId>,
    /// The live release, where it was to go on from it and cannot: it was made by a former recipe (rule 49).
    pub former: Option<ReleaseId>,
    /// By which rules its answers are chosen.
    pub rules: ResponseRules,
    /// By which rules texts are read.
    pub reads: GramRules,
}

impl TrainingPlan {
    /// The same from scratch where its parent is a model of another recipe: what was learned by other rules is no start.
    pub fn within_recipe(self, live: Option<&Predictor>) -> Self {
        let is_parent = live.filter(|l| Some(l.release) == self.parent);
        match is_parent.and_then(Predictor::model).is_some_and(|model| model.rules() != self.reads) {
            true => Self { former: self.parent, parent: None, ..self },
            false => self,
        }
    }

    /// What a run that starts now reads. Freezes the first gold version where there is none.
    pub fn now(store: &mut Store, options: &FinetuneOptions) -> Result<Self, JobError> {
        let mut moment = store.moment()?;
        if let Some(id) = options.cycle
            && let Some(closed) = store.cycle(&id.0.to_string())?.closed_decision
        {
            moment.labels = closed;
        }
        Ok(Self {
            moment,
            gold_version: store.gold_or_freeze(&options.reviewer, options.now)?,
            vectors: options.vectors.clone(),
            seed: options.seed,
            parent: store.live()?.filter(|_| options.from == TrainingStart::Live),
            former: None,
            rules: ResponseRules::default(),
            reads: GramRules::default(),
        })
    }
}
