//! Linear support vector machines with squared hinge loss, by dual coordinate descent.
//!
//! The problem is that of LIBLINEAR's `-s 1` (Hsieh et al. 2008, "A dual coordinate descent method for large-scale
//! linear SVM"): minimise `|w|^2 / 2 + sum_i cost_i max(0, 1 - y_i w x_i)^2`, the bias being the weight of a constant
//! feature of value 1. Equal texts are one row with a cost for "is of this class" and one for "is not". Both may be
//! above zero where people disagree; solving such a row as two examples would zigzag, so a row has one dual variable
//! `beta = -loss'(w x)` and its step is the exact minimum along it.
//!
//! Models that lack a fold of the rows start from the full model: its solution minus what the hidden rows put in, then
//! on to their own minimum (DeCoste and Wagstaff 2000, "Alpha seeding for support vector machines"). The minimum is one
//! point, so that the start changes only the time, by a factor of two to three. A model that was trained before is a
//! start of the same kind: at the minimum, `beta` follows from the scores.

mod bundle;
mod cost;
mod descent;
mod rows;
#[cfg(test)]
mod tests;

use crate::domain::Cancelled;
use bundle::{Bundle, LANES};
use cost::Cost;
use descent::Descent;
use rayon::prelude::*;
pub use rows::{Hidden, Rows};

/// Passes at most over the rows of a class. Real sets take 5 to 50.
const MAX_PASSES: usize = 200;
/// Passes before all rows are looked at again.
const PASSES: usize = 8;
/// A row costs this much at most; beyond, both its costs are scaled down alike. A text said 5,000 times then keeps the
/// proportions of its labels but no longer outvotes all that is like it: on MultiDoGO 92.4 instead of 92.2 % (of a fifth
/// of the training conversations), in half the time.
const MAX_COST: f64 = 10.0;

/// One class against the others: `score = bias + weights x`; above 0 for the class, aimed at 1 and -1.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// One weight a feature.
    pub weights: Vec<f32>,
    /// The weight of the constant feature.
    pub bias: f32,
}

/// A class to train.
pub struct Class<'a> {
    /// The part of each row's cost that is of the class, by row number, ascending.
    pub own: &'a [(u32, f32)],
    /// What each row scores in the model to start from; empty for a start from nothing.
    pub start: &'a [f32],
    /// Orders the steps.
    pub seed: u64,
}

/// What is trained.
pub struct Task<'a> {
    /// All texts.
    pub rows: &'a Rows,
    /// What each row costs in all. Rows that cost nothing are left out.
    pub totals: &'a [f32],
    /// The classes.
    pub classes: &'a [Class<'a>],
}

/// The plane of one class, and for each fold in turn what its hidden rows score in the model that does not know them.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// Trained on all rows.
    pub plane: Plane,
    /// Fold by fold, the scores of the hidden rows.
    pub held: Vec<f32>,
}

/// Trains each class. Deterministic in the seeds. `tell` hears how many models (of a class, on all rows or without a
/// fold) are done.
pub fn train(
    task: &Task,
    folds: &[Hidden],
    tell: &dyn Fn(usize) -> Result<(), Cancelled>,
) -> Result<Vec<Solved>, Cancelled> {
    let mut bundle = Bundle::new(task.rows.width);
    let mut solved = Vec::with_capacity(task.classes.len());
    for classes in task.classes.chunks(LANES) {
        let group = Group { rows: task.rows, totals: task.totals, classes };
        let mut done = solved.len() * (1 + folds.len());
        let mut full: Vec<Descent> = classes.par_iter().map(|class| group.begin(class)).collect();
        let mut known: Vec<bool> = task.totals.iter().map(|&t| t > 0.0).collect();
        group.solve(&mut full, &known, &mut bundle);
        done += classes.len();
        tell(done)?;
        let mut held = vec![Vec::new(); classes.len()];
        for hidden in folds {
            let mut part: Vec<Descent> = full.par_iter().map(|class| class.without(&hidden.rows)).collect();
            hidden.rows.iter().for_each(|&i| known[i as usize] = false);
            group.solve(&mut part, &known, &mut bundle);
            hidden.rows.iter().for_each(|&i| known[i as usize] = task.totals[i as usize] > 0.0);
            for (&i, stretch) in hidden.rows.iter().zip(&hidden.stretch) {
                let dots = task.rows.blocks(i as usize).map(|block| bundle.dots(block));
                for (lane, held) in held.iter_mut().enumerate() {
                    held.push(bundle.bias[lane] + dots[0][lane] * stretch[0] + dots[1][lane] * stretch[1]);
                }
            }
            done += classes.len();
            tell(done)?;
        }
        let planes = full.into_iter().map(|class| Plane { weights: class.weights, bias: class.bias as f32 });
        solved.extend(planes.zip(held).map(|(plane, held)| Solved { plane, held }));
    }
    Ok(solved)
}

/// Up to [`LANES`] classes.
struct Group<'a> {
    rows: &'a Rows,
    totals: &'a [f32],
    classes: &'a [Class<'a>],
}

impl<'a> Group<'a> {
    /// What a row costs a class.
    fn cost(&self, class: &Class, row: usize) -> Cost {
        let total = f64::from(self.totals[row]);
        let is = class.own.binary_search_by_key(&(row as u32), |own| own.0).map_or(0.0, |at| f64::from(class.own[at].1));
        // Sums of weights carry rounding; a rest of a millionth is not a disagreement.
        let rest = if total - is > 1e-6 * total { total - is } else { 0.0 };
        let scale = (MAX_COST / total).min(1.0);
        Cost { is: is * scale, is_not: rest * scale }
    }

    /// The first rows that a class works on: its own and some of the others, or all that have a part in its start.
    fn begin(&self, class: &Class) -> Descent<'a> {
        let mut descent = Descent::new(self.rows, class.seed);
        let some = sample(self.rows.len(), class);
        for row in 0..self.rows.len() {
            let cost = self.cost(class, row);
            let start = class.start.get(row).copied();
            let part = start.is_some_and(|score| cost.at(f64::from(score)) != 0.0);
            if self.totals[row] > 0.0 && (part || cost.is > 0.0 || start.is_none() && row % some == 0) {
                descent.add(row as u32, cost, start);
            }
        }
        descent
    }

    /// Descends to the minimum on the known rows; `bundle` has the planes then.
    fn solve(&self, classes: &mut [Descent], known: &[bool], bundle: &mut Bundle) {
        let mut passes = vec![0; classes.len()];
        let mut open = vec![true; classes.len()];
        loop {
            classes.par_iter_mut().zip(&mut passes).zip(&open).filter(|(_, open)| **open).for_each(|((class, taken), _)| {
                *taken += class.run(PASSES);
            });
            bundle.load(classes);
            let missing = self.missing(classes, known, bundle);
            for (lane, class) in classes.iter_mut().enumerate() {
                let outside = missing.iter().map(|(_, beyond)| beyond[lane]).fold(0.0, f32::max);
                open[lane] &= passes[lane] < MAX_PASSES && !class.done(f64::from(outside));
                if open[lane] {
                    for (row, _) in missing.iter().filter(|(_, beyond)| beyond[lane] > 0.0) {
                        class.add(*row, self.cost(&self.classes[lane], *row as usize), None);
                    }
                }
            }
            if open.iter().all(|open| !open) {
                return;
            }
        }
    }

    /// The known rows that a class does not work on although they are on the wrong side of their margin, with how far
    /// for each class.
    fn missing(&self, classes: &[Descent], known: &[bool], bundle: &Bundle) -> Vec<(u32, [f32; LANES])> {
        // What is added to a row's score, times which sign: 0 where the row is worked on.
        let mut signs = vec![[1i8; LANES]; self.rows.len()];
        for (lane, (class, descent)) in self.classes.iter().zip(classes).enumerate() {
            class.own.iter().for_each(|own| signs[own.0 as usize][lane] = -1);
            descent.points.iter().for_each(|point| signs[point.row as usize][lane] = 0);
        }
        let beyond = |row: usize| {
            let (dots, signs) = (bundle.dots(self.rows.row(row)), &signs[row]);
            let beyond: [f32; LANES] = std::array::from_fn(|lane| {
                let sign = f32::from(signs[lane]);
                sign * sign + sign * (bundle.bias[lane] + dots[lane])
            });
            beyond[..classes.len()].iter().any(|&x| x > 0.0).then_some((row as u32, beyond))
        };
        (0..self.rows.len()).into_par_iter().with_min_len(256).filter(|&row| known[row]).filter_map(beyond).collect()
    }
}

/// A start takes each how manieth row of the other classes.
fn sample(rows: usize, class: &Class) -> usize {
    (rows / (200 + 2 * class.own.len())).max(1)
}
