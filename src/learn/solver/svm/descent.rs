//! Coordinate descent for one class on the rows that it works on.

use super::cost::RowCost;
use super::rows::{SparseRows, dot};
use crate::base::rng::Rng;

/// The descent ends when violations are within this: LIBLINEAR's default for `-s 1`.
pub const EPSILON: f64 = 0.1;
/// A row without a part in the weights that lies beyond its margin by this is no longer worked on.
const SLACK: f64 = 0.3;

/// A row that is worked on.
#[derive(Clone, Copy)]
struct DescentPoint {
    row: u32,
    cost: RowCost,
    /// Its dual variable.
    beta: f64,
}

/// The state of the descent. Rows that are not worked on have no part in the weights.
#[derive(Clone)]
pub struct Descent<'a> {
    rows: &'a SparseRows,
    points: Vec<DescentPoint>,
    /// One weight a feature.
    pub weights: Vec<f32>,
    /// The weight of the constant feature.
    pub bias: f64,
    /// Passes taken.
    pub passes: usize,
    /// The least and the greatest violation in the last pass, 0 counted.
    range: (f64, f64),
    rng: Rng,
}

impl<'a> Descent<'a> {
    /// Starts from nothing.
    pub fn new(rows: &'a SparseRows, seed: u64) -> Self {
        let weights = vec![0.0; rows.width];
        Self { rows, points: Vec::new(), weights, bias: 0.0, passes: 0, range: (0.0, 0.0), rng: Rng::new(seed) }
    }

    /// Works on a row from now on, with this dual variable.
    pub fn add(&mut self, row: u32, cost: RowCost, beta: f64) {
        let mut point = DescentPoint { row, cost, beta: 0.0 };
        self.step(&mut point, beta);
        self.points.push(point);
    }

    /// The rows that are worked on.
    pub fn worked_on(&self) -> impl ExactSizeIterator<Item = u32> {
        self.points.iter().map(|point| point.row)
    }

    /// The same problem without some rows (ascending), to go on from here.
    pub fn without(&self, hidden: &[u32]) -> Self {
        let (mut part, mut points) = (self.clone(), self.points.clone());
        part.passes = 0;
        points.retain_mut(|point| {
            let known = hidden.binary_search(&point.row).is_err();
            if !known {
                part.step(point, 0.0);
            }
            known
        });
        Self { points, ..part }
    }

    /// Sets a dual variable.
    fn step(&mut self, point: &mut DescentPoint, beta: f64) {
        let change = beta - point.beta;
        if change != 0.0 {
            point.beta = beta;
            self.bias += change;
            let change = change as f32;
            self.rows.row(point.row as usize).iter().for_each(|&(id, x)| self.weights[id as usize] += change * x);
        }
    }

    /// Whether this is the minimum for all rows, when those that are not worked on lie at most `beyond` on the wrong
    /// side of their margin.
    pub fn is_done(&self, beyond: f64) -> bool {
        self.range.1 - self.range.0.min(-beyond) <= EPSILON
    }

    /// Takes passes until violations are small, `passes` at most.
    pub fn run(&mut self, passes: usize) {
        let mut points = std::mem::take(&mut self.points);
        let mut slack = SLACK;
        for _ in 0..passes {
            self.rng.shuffle(&mut points);
            self.pass(&mut points, slack);
            self.passes += 1;
            let (least, most) = self.range;
            if most - least <= EPSILON {
                break;
            }
            slack = if most > 0.0 { most.min(SLACK) } else { SLACK };
        }
        self.points = points;
    }

    /// Takes a step for each point. Those that lie beyond their margin by more than `slack` and have no part in the
    /// weights are dropped.
    fn pass(&mut self, points: &mut Vec<DescentPoint>, slack: f64) {
        let (mut least, mut most) = (0.0f64, 0.0f64);
        points.retain_mut(|point| {
            let (row, cost, old) = (point.row as usize, point.cost, point.beta);
            let q = self.rows.squares[row];
            let score = self.bias + f64::from(dot(&self.weights, self.rows.row(row)));
            let side = cost.side();
            let mut gradient = score - cost.wanted(old);
            if side != 0.0 {
                gradient *= side;
                if old == 0.0 && gradient > slack {
                    return false;
                }
                if old == 0.0 {
                    gradient = gradient.min(0.0);
                }
            }
            (least, most) = (least.min(gradient), most.max(gradient));
            if gradient.abs() > 1e-12 {
                self.step(point, cost.best(score - old * q, q));
            }
            true
        });
        self.range = (least, most);
    }
}
