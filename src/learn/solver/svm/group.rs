//! Classes that descend side by side, each on the rows that matter to it.

use super::bundle::{Bundle, LANES};
use super::class::TrainedClass;
use super::cost::RowCost;
use super::descent::Descent;
use super::rows::SparseRows;
use crate::domain::Cancelled;
use rayon::prelude::*;

/// Passes at most over the rows of a class. Real sets take 5 to 50.
const MAX_PASSES: usize = 200;
/// Passes before all rows are looked at again.
const PASSES: usize = 6;
/// As many rows of other classes, and two more for each of its own, are what a class begins with. The worst of the rest
/// join: never more than there are already, or these. 100 to 500 take the same time.
const FEW: usize = 200;
/// A row costs this much at most; beyond, both its costs are scaled down alike. A text said 5,000 times then keeps the
/// proportions of its labels but no longer outvotes all that is like it: on MultiDoGO 92.4 instead of 92.2 % (of a fifth
/// of the training conversations), in half the time.
const MAX_COST: f64 = 10.0;

/// Up to [`LANES`] classes.
pub struct ClassGroup<'a> {
    /// All texts.
    pub rows: &'a SparseRows,
    /// What each row costs in all.
    pub totals: &'a [f32],
    /// The classes, one a lane.
    pub classes: &'a [TrainedClass<'a>],
}

/// A row that some class does not work on though it lies on the wrong side of its margin: by how much, above 0 for those
/// classes.
type Missing = (u32, [f32; LANES]);

impl<'a> ClassGroup<'a> {
    /// What a row costs a class.
    fn cost(&self, class: &TrainedClass, row: u32) -> RowCost {
        let total = f64::from(self.totals[row as usize]);
        let is = class.own.binary_search_by_key(&row, |own| own.0).map_or(0.0, |at| f64::from(class.own[at].1));
        // Sums of weights carry rounding; a rest of a millionth is not a disagreement.
        let rest = if total - is > 1e-6 * total { total - is } else { 0.0 };
        let scale = (MAX_COST / total).min(1.0);
        RowCost { is: is * scale, is_not: rest * scale }
    }

    /// The first rows that a class works on: its own, and of the others those with a part in its start, or evenly
    /// spaced ones where it starts from nothing.
    pub fn begin(&self, class: &TrainedClass) -> Descent<'a> {
        let mut descent = Descent::new(self.rows, class.seed);
        let space = (self.rows.len() / (FEW + 2 * class.own.len())).max(1);
        for (i, row) in (0..self.rows.len()).zip(0u32..).filter(|(i, _)| self.totals[*i] > 0.0) {
            let cost = self.cost(class, row);
            let beta = class.start.get(i).map(|&score| cost.at(f64::from(score)));
            if cost.is > 0.0 || beta.map_or(i % space == 0, |beta| beta != 0.0) {
                descent.add(row, cost, beta.unwrap_or(0.0));
            }
        }
        descent
    }

    /// Descends to the minimum on all rows but the `hidden` ones (ascending); `bundle` has the planes then. `go_on` is
    /// asked now and then.
    pub fn solve(
        &self,
        classes: &mut [Descent],
        hidden: &[u32],
        bundle: &mut Bundle,
        go_on: &dyn Fn() -> Result<(), Cancelled>,
    ) -> Result<(), Cancelled> {
        let mut known: Vec<bool> = self.totals.iter().map(|&total| total > 0.0).collect();
        hidden.iter().for_each(|&row| known[row as usize] = false);
        let mut open = vec![true; classes.len()];
        while open.contains(&true) {
            go_on()?;
            classes.par_iter_mut().zip(&open).filter(|(_, open)| **open).for_each(|(class, _)| class.run(PASSES));
            bundle.load(classes);
            let missing = self.missing(classes, &known, bundle);
            classes.par_iter_mut().zip(&mut open).enumerate().filter(|(_, (_, open))| **open).for_each(
                |(lane, (class, open))| {
                    let worst = missing.iter().map(|(_, beyond)| beyond[lane]).fold(0.0, f32::max);
                    *open = class.passes < MAX_PASSES && !class.is_done(f64::from(worst));
                    if *open {
                        self.join(class, lane, &missing);
                    }
                },
            );
        }
        Ok(())
    }

    /// The known rows that are missing in some class.
    fn missing(&self, classes: &[Descent], known: &[bool], bundle: &Bundle) -> Vec<Missing> {
        // 1 where the score should be below -1, -1 where above 1, 0 where the row is worked on.
        let mut signs = vec![[1i8; LANES]; self.rows.len()];
        for (lane, (class, descent)) in self.classes.iter().zip(classes).enumerate() {
            class.own.iter().for_each(|own| signs[own.0 as usize][lane] = -1);
            descent.worked_on().for_each(|row| signs[row as usize][lane] = 0);
        }
        let beyond = |row: usize| {
            let scores = bundle.scores(self.rows.row(row));
            let beyond: [f32; LANES] = std::array::from_fn(|lane| {
                let sign = f32::from(signs[row][lane]);
                sign * (sign + scores[lane])
            });
            beyond[..classes.len()].iter().any(|&x| x > 0.0).then_some((row as u32, beyond))
        };
        (0..self.rows.len()).into_par_iter().with_min_len(256).filter(|&row| known[row]).filter_map(beyond).collect()
    }

    /// Lets a class work on the worst of the rows that it misses.
    fn join(&self, class: &mut Descent, lane: usize, missing: &[Missing]) {
        let mut rows: Vec<(f32, u32)> =
            missing.iter().map(|(row, beyond)| (beyond[lane], *row)).filter(|(beyond, _)| *beyond > 0.0).collect();
        let most = class.worked_on().len().max(2 * FEW);
        if rows.len() > most {
            rows.select_nth_unstable_by(most, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            rows.truncate(most);
        }
        rows.sort_unstable_by_key(|&(_, row)| row);
        rows.into_iter().for_each(|(_, row)| class.add(row, self.cost(&self.classes[lane], row), 0.0));
    }
}
