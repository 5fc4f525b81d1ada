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

use super::features::Sparse;
use super::rng::Rng;
use rayon::prelude::*;

/// Rows end a pass when violations are within this: LIBLINEAR's default for `-s 1`.
const EPSILON: f64 = 0.1;
/// A row without a part in the weights that lies beyond its margin by this is left alone until the others are done.
/// LIBLINEAR looks at all of them in its first pass and in each that checks the end, which is most of its work.
const SLACK: f64 = 0.3;
/// Passes at most. Real sets take 5 to 50.
const MAX_PASSES: usize = 200;
/// A row costs this much at most; beyond, both its costs are scaled down alike. A text said 5,000 times then keeps the
/// proportions of its labels but no longer outvotes all that is like it: on MultiDoGO 92.4 instead of 92.2 % (of a fifth
/// of the training conversations), in half the time.
const MAX_COST: f64 = 10.0;

/// Blocks of features that each have norm 1 in a row: words and characters.
const BLOCKS: usize = 2;

/// Sparse rows, stored one after the other, with their squared norms (the bias feature counted).
#[derive(Clone, Debug)]
pub struct Rows {
    starts: Vec<usize>,
    cells: Sparse,
    squares: Vec<f64>,
    width: usize,
    /// The first feature of the second block.
    split: u32,
}

impl Rows {
    /// Joins `vectors`, whose feature numbers are all below `width`; those from `split` on are a block of their own.
    pub fn new(vectors: &[Sparse], width: usize, split: usize) -> Self {
        let split = split as u32;
        let mut rows = Self { starts: vec![0], cells: Vec::new(), squares: Vec::new(), width, split };
        rows.cells.reserve_exact(vectors.iter().map(Vec::len).sum());
        for v in vectors {
            rows.cells.extend_from_slice(v);
            rows.starts.push(rows.cells.len());
            rows.squares.push(1.0 + v.iter().map(|&(_, x)| f64::from(x) * f64::from(x)).sum::<f64>());
        }
        rows
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.squares.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.squares.is_empty()
    }

    fn row(&self, i: usize) -> &[(u32, f32)] {
        &self.cells[self.starts[i]..self.starts[i + 1]]
    }

    fn blocks(&self, i: usize) -> [&[(u32, f32)]; BLOCKS] {
        let row = self.row(i);
        let (a, b) = row.split_at(row.partition_point(|&(id, _)| id < self.split));
        [a, b]
    }
}

/// The rows that the model of one fold does not know.
#[derive(Clone, Debug)]
pub struct Hidden {
    rows: Vec<u32>,
    /// What each block of the row is multiplied with, so that the features that occur in no row the model knows are out
    /// of the norm, as they are for a new text.
    stretch: Vec<[f32; BLOCKS]>,
}

impl Hidden {
    /// Hides each of `folds`, ascending lists of row numbers, from a model of its own. `totals`: what each row costs;
    /// one that costs nothing is known to no model.
    pub fn new(rows: &Rows, totals: &[f32], folds: &[Vec<u32>]) -> Vec<Self> {
        let count = |counts: &mut [u32], i: usize| {
            let row = if totals[i] > 0.0 { rows.row(i) } else { &[] };
            row.iter().for_each(|&(id, _)| counts[id as usize] += 1);
        };
        let mut all = vec![0u32; rows.width];
        (0..rows.len()).for_each(|i| count(&mut all, i));
        let one = |hidden: &Vec<u32>| {
            let mut here = vec![0u32; rows.width];
            hidden.iter().for_each(|&i| count(&mut here, i as usize));
            let known = |block: &[(u32, f32)]| {
                let known = block.iter().filter(|&&(id, _)| here[id as usize] < all[id as usize]);
                let square: f32 = known.map(|&(_, x)| x * x).sum();
                if square > 0.0 { square.sqrt().recip() } else { 0.0 }
            };
            let stretch = hidden.iter().map(|&i| rows.blocks(i as usize).map(known)).collect();
            Self { rows: hidden.clone(), stretch }
        };
        folds.par_iter().map(one).collect()
    }
}

/// One class against the others: `score = bias + weights x`; above 0 for the class, aimed at 1 and -1.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// One weight a feature.
    pub weights: Vec<f32>,
    /// The weight of the constant feature.
    pub bias: f32,
}

/// What a row costs when it is on the wrong side.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// For scoring below 1.
    is: f64,
    /// For scoring above -1.
    is_not: f64,
}

impl Cost {
    /// The score at which the loss has the slope `-beta`: what the row wants to score at its present dual variable.
    fn wanted(self, beta: f64) -> f64 {
        let Self { is, is_not } = self;
        if beta < -4.0 * is_not {
            -beta / (2.0 * is_not) - 1.0
        } else if beta > 4.0 * is {
            1.0 - beta / (2.0 * is)
        } else {
            (2.0 * (is - is_not) - beta) / (2.0 * (is + is_not))
        }
    }

    /// The dual variable at the minimum, for a row of squared norm `q` that scores `base` without its own part.
    fn best(self, base: f64, q: f64) -> f64 {
        let Self { is, is_not } = self;
        let score = if base >= 1.0 + 4.0 * q * is_not {
            (base - 2.0 * q * is_not) / (1.0 + 2.0 * q * is_not)
        } else if base <= -1.0 - 4.0 * q * is {
            (base + 2.0 * q * is) / (1.0 + 2.0 * q * is)
        } else {
            (base + 2.0 * q * (is - is_not)) / (1.0 + 2.0 * q * (is + is_not))
        };
        self.at(score)
    }

    /// The dual variable that belongs to a score at the minimum.
    fn at(self, score: f64) -> f64 {
        2.0 * self.is * (1.0 - score).max(0.0) - 2.0 * self.is_not * (1.0 + score).max(0.0)
    }

    /// +1 or -1 for a row that is all on one side, 0 for one that is on both.
    fn side(self) -> f64 {
        f64::from(u8::from(self.is_not == 0.0)) - f64::from(u8::from(self.is == 0.0))
    }
}

/// What a class is trained on.
pub struct Task<'a> {
    /// All texts.
    pub rows: &'a Rows,
    /// What each row costs in all.
    pub totals: &'a [f32],
    /// The part of it that is of the class, by row number, each row at most once.
    pub own: &'a [(u32, f32)],
    /// What each row scores in the model to start from; empty for a start from nothing.
    pub start: &'a [f32],
    /// Orders the steps.
    pub seed: u64,
}

/// The plane of one class, and for each fold in turn what its hidden rows score in the model that does not know them.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// Trained on all rows.
    pub plane: Plane,
    /// Fold by fold, the scores of the hidden rows.
    pub held: Vec<f32>,
}

/// Trains one class. Rows that cost nothing are left out. Deterministic in the seed.
pub fn train(task: &Task, folds: &[Hidden]) -> Solved {
    let Task { rows, totals, own, start, seed } = *task;
    let scale = |total: f32| (MAX_COST / f64::from(total)).min(1.0);
    let mut costs: Vec<Cost> = totals.iter().map(|&t| Cost { is: 0.0, is_not: f64::from(t) * scale(t) }).collect();
    for &(row, weight) in own {
        let (is, total) = (f64::from(weight), f64::from(totals[row as usize]));
        // Sums of weights carry rounding; a rest of a millionth is not a disagreement.
        let rest = if total - is > 1e-6 * total { total - is } else { 0.0 };
        let scale = scale(totals[row as usize]);
        costs[row as usize] = Cost { is: is * scale, is_not: rest * scale };
    }
    let mut full = Solver::new(rows, &costs, seed);
    full.begin_at(start);
    full.run();
    let mut held = Vec::with_capacity(folds.iter().map(|f| f.rows.len()).sum());
    for hidden in folds {
        let mut part = full.without(hidden);
        part.run();
        held.extend(hidden.rows.iter().zip(&hidden.stretch).map(|(&i, stretch)| {
            let dots = rows.blocks(i as usize).map(|block| dot(&part.weights, block));
            part.bias as f32 + dots[0] * stretch[0] + dots[1] * stretch[1]
        }));
    }
    Solved { plane: Plane { weights: full.weights, bias: full.bias as f32 }, held }
}

/// The product of a sparse row with dense weights. Four sums, so that additions need not wait for each other.
fn dot(weights: &[f32], row: &[(u32, f32)]) -> f32 {
    let mut sums = [0.0f32; 4];
    let (fours, rest) = row.as_chunks::<4>();
    for four in fours {
        sums.iter_mut().zip(four).for_each(|(sum, &(id, x))| *sum += weights[id as usize] * x);
    }
    rest.iter().for_each(|&(id, x)| sums[0] += weights[id as usize] * x);
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// The state of the descent.
#[derive(Clone)]
struct Solver<'a> {
    rows: &'a Rows,
    costs: &'a [Cost],
    beta: Vec<f64>,
    weights: Vec<f32>,
    bias: f64,
    /// Rows still looked at; those behind `len` of the present pass are shrunk away.
    active: Vec<u32>,
    rng: Rng,
}

impl<'a> Solver<'a> {
    fn new(rows: &'a Rows, costs: &'a [Cost], seed: u64) -> Self {
        let active =
            (0..rows.len() as u32).filter(|&i| costs[i as usize].is + costs[i as usize].is_not > 0.0).collect();
        let (beta, weights) = (vec![0.0; rows.len()], vec![0.0; rows.width]);
        Self { rows, costs, beta, weights, bias: 0.0, active, rng: Rng::new(seed) }
    }

    /// Starts at the dual variables that belong to these scores.
    fn begin_at(&mut self, scores: &[f32]) {
        for (i, &score) in scores.iter().enumerate() {
            self.step(i, self.costs[i].at(f64::from(score)));
        }
    }

    /// The same problem without some rows, to go on from here.
    fn without(&self, hidden: &Hidden) -> Self {
        let mut part = self.clone();
        hidden.rows.iter().for_each(|&i| part.step(i as usize, 0.0));
        // Ascending, so that the order of steps does not depend on where the full model ended.
        part.active.sort_unstable();
        part.active.retain(|i| hidden.rows.binary_search(i).is_err());
        part
    }

    /// Sets a dual variable.
    fn step(&mut self, i: usize, beta: f64) {
        let change = beta - self.beta[i];
        if change != 0.0 {
            self.beta[i] = beta;
            self.bias += change;
            let change = change as f32;
            self.rows.row(i).iter().for_each(|&(id, x)| self.weights[id as usize] += change * x);
        }
    }

    fn run(&mut self) {
        let mut len = self.active.len();
        let mut slack = SLACK;
        for _ in 0..MAX_PASSES {
            self.rng.shuffle(&mut self.active[..len]);
            let whole = len == self.active.len();
            let (left, most, least) = self.pass(len, slack);
            len = left;
            if most - least <= EPSILON {
                if whole {
                    break;
                }
                // Done on what is left: look at everything once more.
                len = self.active.len();
                slack = SLACK;
            } else {
                slack = if most <= 0.0 { SLACK } else { most.min(SLACK) };
            }
        }
    }

    /// Takes a step for each of the first `len` active rows. A row that lies beyond its margin by more than `slack`
    /// and has no part in the weights is shrunk away. Returns how many are left and the greatest and least violation.
    fn pass(&mut self, mut len: usize, slack: f64) -> (usize, f64, f64) {
        let (mut most, mut least) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut s = 0;
        while s < len {
            let i = self.active[s] as usize;
            let (row, cost, q, old) = (self.rows.row(i), self.costs[i], self.rows.squares[i], self.beta[i]);
            let score = self.bias + f64::from(dot(&self.weights, row));
            let side = cost.side();
            let mut gradient = score - cost.wanted(old);
            if side != 0.0 {
                gradient *= side;
                if old == 0.0 && gradient > slack {
                    len -= 1;
                    self.active.swap(s, len);
                    continue;
                }
                if old == 0.0 {
                    gradient = gradient.min(0.0);
                }
            }
            most = most.max(gradient);
            least = least.min(gradient);
            if gradient.abs() > 1e-12 {
                self.step(i, cost.best(score - old * q, q));
            }
            s += 1;
        }
        (len, most, least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The objective that LIBLINEAR minimises.
    fn objective(rows: &[Sparse], examples: &[(usize, f32, f32)], plane: &Plane) -> f64 {
        let norm: f32 = plane.weights.iter().map(|w| w * w).sum::<f32>() + plane.bias * plane.bias;
        let loss = |&(row, y, cost): &(usize, f32, f32)| {
            let score = plane.bias + dot(&plane.weights, &rows[row]);
            f64::from(cost * (1.0 - y * score).max(0.0).powi(2))
        };
        f64::from(norm) / 2.0 + examples.iter().map(loss).sum::<f64>()
    }

    /// The minimum by small gradient steps.
    fn slow(rows: &[Sparse], width: usize, examples: &[(usize, f32, f32)]) -> Plane {
        let mut plane = Plane { weights: vec![0.0; width], bias: 0.0 };
        for _ in 0..20_000 {
            let (mut gradient, mut bias) = (plane.weights.clone(), plane.bias);
            for &(row, y, cost) in examples {
                let score = plane.bias + dot(&plane.weights, &rows[row]);
                let slope = -2.0 * cost * y * (1.0 - y * score).max(0.0);
                rows[row].iter().for_each(|&(id, x)| gradient[id as usize] += slope * x);
                bias += slope;
            }
            plane.weights.iter_mut().zip(&gradient).for_each(|(w, g)| *w -= 0.002 * g);
            plane.bias -= 0.002 * bias;
        }
        plane
    }

    #[test]
    fn reaches_the_minimum_also_where_labels_conflict() {
        let mut rng = Rng::new(2);
        let rows: Vec<Sparse> = (0..30).map(|_| (0..6).map(|id| (id, rng.f64() as f32 - 0.3)).collect()).collect();
        // Every third text was said with both labels.
        let (mut totals, mut own, mut examples) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..rows.len() {
            let (is, not) = (rng.below(3) as f32, if i % 3 == 0 { 2.0 } else { 0.0 });
            let not = if is == 0.0 { 1.0 } else { not };
            totals.push(is + not);
            own.extend((is > 0.0).then_some((i as u32, is)));
            examples.extend([(i, 1.0, is), (i, -1.0, not)]);
        }
        let joined = Rows::new(&rows, 6, 3);
        let plane = one(&joined, &totals, &own, &[]);
        let best = objective(&rows, &examples, &slow(&rows, 6, &examples));
        let got = objective(&rows, &examples, &plane);
        assert!(got <= best * 1.005, "{got} {best}");
        assert_eq!(plane, one(&joined, &totals, &own, &[]));
        // From where it ended, and from elsewhere, it comes to the same point.
        let scores: Vec<f32> = rows.iter().map(|row| plane.bias + dot(&plane.weights, row)).collect();
        for start in [scores, vec![0.3; rows.len()]] {
            let again = objective(&rows, &examples, &one(&joined, &totals, &own, &start));
            assert!(again <= best * 1.005, "{again} {best}");
        }
    }

    fn one(rows: &Rows, totals: &[f32], own: &[(u32, f32)], start: &[f32]) -> Plane {
        train(&Task { rows, totals, own, start, seed: 7 }, &[]).plane
    }

    #[test]
    fn a_fold_is_scored_as_by_a_model_that_never_saw_it() {
        let mut rng = Rng::new(5);
        // Feature 5 occurs in row 0 alone: for a model without row 0 it does not exist.
        let rows: Vec<Sparse> = (0..40)
            .map(|i| (0..6).filter(|&id| id < 5 || i == 0).map(|id| (id, rng.f64() as f32 - 0.3)).collect())
            .collect();
        let own: Vec<(u32, f32)> = (0..40).filter(|_| rng.below(3) == 0).map(|i| (i, 1.0)).collect();
        let joined = Rows::new(&rows, 6, 2);
        let (totals, mut without) = ([1.0; 40], [1.0; 40]);
        let hidden: Vec<u32> = (0..40).step_by(4).collect();
        hidden.iter().for_each(|&i| without[i as usize] = 0.0);
        let task = Task { rows: &joined, totals: &totals, own: &own, start: &[], seed: 1 };
        let held = train(&task, &Hidden::new(&joined, &totals, std::slice::from_ref(&hidden))).held;
        let rest: Vec<(u32, f32)> = own.iter().copied().filter(|(i, _)| i % 4 != 0).collect();
        let plane = one(&joined, &without, &rest, &[]);
        for (&i, got) in hidden.iter().zip(held) {
            let norm = |block: &[(u32, f32)]| block.iter().filter(|c| c.0 < 5).map(|c| c.1 * c.1).sum::<f32>().sqrt();
            let part = |block: &[(u32, f32)]| dot(&plane.weights, block) / norm(block);
            let [a, b] = joined.blocks(i as usize);
            let want = plane.bias + part(a) + part(b);
            assert!((got - want).abs() < 0.05, "row {i}: {got} {want}");
        }
    }

    #[test]
    fn agrees_with_scikit_learn() {
        // LinearSVC(C=1, tol=1e-8, dual=True).fit(x, y) of scikit-learn 1.9.1.
        let x = [[1.0, 0.0], [0.8, 0.3], [0.0, 1.0], [0.2, 0.9], [0.5, 0.4]];
        let rows: Vec<Sparse> = x.iter().map(|r| vec![(0, r[0]), (1, r[1])]).collect();
        let plane = one(&Rows::new(&rows, 2, 1), &[1.0; 5], &[(0, 1.0), (1, 1.0)], &[]);
        let want = [0.8612, -0.7840, -0.2027];
        let got = [plane.weights[0], plane.weights[1], plane.bias];
        assert!(got.iter().zip(want).all(|(a, b): (&f32, f32)| (a - b).abs() < 0.03), "{got:?}");
    }

    #[test]
    fn nothing_gives_a_plane_of_zeros() {
        let plane = one(&Rows::new(&[], 3, 1), &[], &[], &[]);
        assert_eq!(plane, Plane { weights: vec![0.0; 3], bias: 0.0 });
    }
}
