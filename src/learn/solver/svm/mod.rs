//! Linear support vector machines with squared hinge loss, by dual coordinate descent.
//!
//! The problem is that of LIBLINEAR's `-s 1` (Hsieh et al. 2008, "A dual coordinate descent method for large-scale
//! linear SVM"): minimise `|w|^2 / 2 + sum_i cost_i max(0, 1 - y_i w x_i)^2`, the bias being the weight of a constant
//! feature of value 1. Equal texts are one row with a cost for "is of this class" and one for "is not". Both may be
//! above zero where people disagree; solving such a row as two examples would zigzag, so a row has one dual variable
//! `beta = -loss'(w x)` and its step is the exact minimum along it.
//!
//! Most rows of most classes lie beyond their margin and have no part in the weights, so that a class works on a few rows
//! only: it descends on them for some passes, then all rows are scored, for sixteen classes at once, and those on the
//! wrong side of their margin join. It is done when its rows and all others keep the conditions of the minimum within
//! the tolerance of LIBLINEAR. Against descending on all rows with LIBLINEAR's shrinking that is two to three times as
//! fast on 10,000 to 15,000 texts, and seven times on four times as many, most of them near duplicates.
//!
//! Models that lack a fold of the rows start from the full model: its solution minus what the hidden rows put in, then
//! on to their own minimum (DeCoste and Wagstaff 2000, "Alpha seeding for support vector machines"). The minimum is one
//! point, so that the start changes only the time. A model that was trained before is a start of the same kind: at the
//! minimum, `beta` follows from the scores.

mod bundle;
mod class;
mod cost;
mod descent;
mod group;
mod rows;
#[cfg(test)]
mod tests;

use crate::domain::Cancelled;
use bundle::{Bundle, LANES};
pub use class::TrainedClass;
use descent::Descent;
use group::ClassGroup;
use rayon::prelude::*;
pub use rows::{HiddenRows, SparseRows};

/// One class against the others: `score = bias + weights x`; above 0 for the class, aimed at 1 and -1.
#[derive(Clone, Debug, PartialEq)]
pub struct SvmPlane {
    /// One weight a feature.
    pub weights: Vec<f32>,
    /// The weight of the constant feature.
    pub bias: f32,
}

/// What is trained.
pub struct SvmTask<'a> {
    /// All texts.
    pub rows: &'a SparseRows,
    /// What each row costs in all. Rows that cost nothing are left out.
    pub totals: &'a [f32],
    /// The classes.
    pub classes: &'a [TrainedClass<'a>],
}

/// The plane of one class, and for each fold in turn what its hidden rows score in the model that does not know them.
#[derive(Clone, Debug, PartialEq)]
pub struct SolvedPlane {
    /// Trained on all rows.
    pub plane: SvmPlane,
    /// Fold by fold, the scores of the hidden rows.
    pub held: Vec<f32>,
}

/// Trains each class. Deterministic in the seeds. `tell` hears how many models are done, of `1 + folds.len()` a class,
/// and may end the work.
pub fn train(
    task: &SvmTask,
    folds: &[HiddenRows],
    tell: &dyn Fn(usize) -> Result<(), Cancelled>,
) -> Result<Vec<SolvedPlane>, Cancelled> {
    let mut bundle = Bundle::new(task.rows.width);
    let mut solved = Vec::with_capacity(task.classes.len());
    // One group after the other, so that memory does not grow with the threads.
    for classes in task.classes.chunks(LANES) {
        let group = ClassGroup { rows: task.rows, totals: task.totals, classes };
        let before = solved.len() * (1 + folds.len());
        let mut full: Vec<Descent> = classes.par_iter().map(|class| group.begin(class)).collect();
        group.solve(&mut full, &[], &mut bundle, &|| tell(before))?;
        let mut held = vec![Vec::new(); classes.len()];
        for (hidden, done) in folds.iter().zip(1..) {
            let mut part: Vec<Descent> = full.par_iter().map(|class| class.without(&hidden.rows)).collect();
            group.solve(&mut part, &hidden.rows, &mut bundle, &|| tell(before + done * classes.len()))?;
            for scores in bundle.held(task.rows, hidden) {
                held.iter_mut().zip(scores).for_each(|(held, score)| held.push(score));
            }
        }
        let planes = full.into_iter().map(|class| SvmPlane { weights: class.weights, bias: class.bias as f32 });
        solved.extend(planes.zip(held).map(|(plane, held)| SolvedPlane { plane, held }));
        tell(solved.len() * (1 + folds.len()))?;
    }
    Ok(solved)
}
