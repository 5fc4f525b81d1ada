//! Coordinate descent for one class on the rows that matter to it.

use super::cost::Cost;
use super::rows::{Rows, dot};
use crate::learn::rng::Rng;

/// Rows end a pass when violations are within this: LIBLINEAR's default for `-s 1`.
pub const EPSILON: f64 = 0.1;
/// A row without a part in the weights that lies beyond its margin by this is left alone until all rows are looked at.
const SLACK: f64 = 0.3;

/// A row that is worked on.
#[derive(Clone, Copy)]
pub struct Point {
    pub row: u32,
    cost: Cost,
    beta: f64,
}

/// The state of the descent. Rows that are not worked on have no part in the weights.
#[derive(Clone)]
pub struct Descent<'a> {
    rows: &'a Rows,
    pub points: Vec<Point>,
    pub weights: Vec<f32>,
    pub bias: f64,
    /// The greatest violation in the last pass.
    most: f64,
    least: f64,
    rng: Rng,
}

impl<'a> Descent<'a> {
    pub fn new(rows: &'a Rows, seed: u64) -> Self {
        let (most, least) = (f64::NEG_INFINITY, f64::INFINITY);
        Self { rows, points: Vec::new(), weights: vec![0.0; rows.width], bias: 0.0, most, least, rng: Rng::new(seed) }
    }

    /// Works on a row from now on, with the dual variable that belongs to `score`, if there is one.
    pub fn add(&mut self, row: u32, cost: Cost, score: Option<f32>) {
        let mut point = Point { row, cost, beta: 0.0 };
        if let Some(score) = score {
            self.step(&mut point, cost.at(f64::from(score)));
        }
        self.points.push(point);
    }

    /// The same problem without some rows (ascending), to go on from here.
    pub fn without(&self, hidden: &[u32]) -> Self {
        let mut part = self.clone();
        let mut points = std::mem::take(&mut part.points);
        points.retain_mut(|point| {
            let known = hidden.binary_search(&point.row).is_err();
            if !known {
                part.step(point, 0.0);
            }
            known
        });
        part.points = points;
        part
    }

    /// Sets a dual variable.
    fn step(&mut self, point: &mut Point, beta: f64) {
        let change = beta - point.beta;
        if change != 0.0 {
            point.beta = beta;
            self.bias += change;
            let change = change as f32;
            self.rows.row(point.row as usize).iter().for_each(|&(id, x)| self.weights[id as usize] += change * x);
        }
    }

    /// Whether the last pass ended at the minimum of all rows, if a row that is not worked on violates by `outside`.
    pub fn done(&self, outside: f64) -> bool {
        self.most.max(-outside) - self.least.min(-outside) <= EPSILON
    }

    /// Takes passes until violations are small, or `passes` of them. Returns how many it took.
    pub fn run(&mut self, passes: usize) -> usize {
        let mut points = std::mem::take(&mut self.points);
        let mut slack = SLACK;
        let mut taken = 0;
        while taken < passes {
            taken += 1;
            self.rng.shuffle(&mut points);
            self.pass(&mut points, slack);
            if self.most - self.least <= EPSILON {
                break;
            }
            slack = if self.most <= 0.0 { SLACK } else { self.most.min(SLACK) };
        }
        self.points = points;
        taken
    }

    /// Takes a step for each point; drops those that lie beyond their margin by more than `slack` and have no part in
    /// the weights.
    fn pass(&mut self, points: &mut Vec<Point>, slack: f64) {
        (self.most, self.least) = (f64::NEG_INFINITY, f64::INFINITY);
        points.retain_mut(|point| {
            let (cost, old, q) = (point.cost, point.beta, self.rows.squares[point.row as usize]);
            let score = self.bias + f64::from(dot(&self.weights, self.rows.row(point.row as usize)));
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
            self.most = self.most.max(gradient);
            self.least = self.least.min(gradient);
            if gradient.abs() > 1e-12 {
                self.step(point, cost.best(score - old * q, q));
            }
            true
        });
    }
}
