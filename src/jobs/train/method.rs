//! Ways to make a candidate.

use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::train::candidate::ReleaseCandidate;
use crate::jobs::train::inputs::TrainingInputs;
use crate::jobs::train::plan::TrainingPlan;
use crate::store::Store;

/// A way to make a candidate: the built-in learners, an external trainer, asking an AI that was trained elsewhere.
pub(in crate::jobs) trait Method {
    /// Reads what a plan says, as far as this method may see it.
    ///
    /// # Errors
    /// There is nothing for this method to work on; the store cannot be read.
    fn inputs(&self, store: &Store, plan: &TrainingPlan) -> Result<TrainingInputs, JobError> {
        TrainingInputs::gather(store, plan)
    }

    /// The plan as this method can follow it; `live` is the release that answers now.
    fn plan(&self, plan: TrainingPlan, _live: Option<&Predictor>) -> TrainingPlan {
        plan
    }

    /// Makes the candidate. `live` is the release that answers now.
    ///
    /// # Errors
    /// The method fails; cancelled.
    fn candidate(
        &mut self,
        store: &mut Store,
        plan: &TrainingPlan,
        inputs: &TrainingInputs,
        live: Option<&Predictor>,
        reporter: &dyn Reporter,
    ) -> Result<ReleaseCandidate, JobError>;
}
