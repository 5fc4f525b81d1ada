//! `import --learn`: what is due looks after the import, as it does on the screen.

use crate::cli::frame::context::Cx;
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::jobs::learners::{LearnReport, learn_what_is_due};
use crate::store::{LearnerKind, Store};
use anyhow::Result;
use serde_json::{Value, json};

/// What is said where it did not come to its end.
const UNLEARNT: &str = "all of it is stored; what is due looks with the next import --learn, when the screen is open, or by `appraise learn`";

/// What came of it.
pub(super) type Learnt = Result<Vec<(LearnerKind, LearnReport)>, JobError>;

/// Has every learner look that has enough new signals.
pub(super) fn learn(cx: &Cx, store: &mut Store, reporter: &dyn Reporter) -> Learnt {
    learn_what_is_due(store, cx.now, cx.settings.seed, reporter)
}

/// The reports, each with its learner's name.
pub(super) fn json(learnt: &Learnt) -> Result<Value> {
    let mut out = Vec::new();
    for (learner, report) in learnt.iter().flatten() {
        let mut one = serde_json::to_value(report)?;
        one["learner"] = json!(learner.name());
        out.push(one);
    }
    Ok(out.into())
}

/// Says what came of it. The import is done, whatever that is; only who stopped it is told so.
pub(super) fn told(cx: &Cx, learnt: Learnt) -> Result<()> {
    match learnt {
        Ok(all) => {
            for (learner, report) in all {
                let what = if matches!(report, LearnReport::TooLittle { .. }) { learner.name() } else { "learnt" };
                cx.note(&format!("{what}: {}", report.came_to()));
            }
            Ok(())
        }
        Err(JobError::Cancelled) => Err(anyhow::Error::new(JobError::Cancelled).context(UNLEARNT)),
        Err(e) => {
            cx.note(&format!("{UNLEARNT}: {e}"));
            Ok(())
        }
    }
}
