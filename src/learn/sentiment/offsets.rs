//! Which class is said: offsets on log probabilities that give the best macro F1.

use super::CLASSES;

/// Offsets are looked for this far on either side, in such steps.
const FAR: i32 = 24;
const STEP: f32 = 0.125;
/// More rows than this tell nothing more.
const ROWS: usize = 8_000;
/// A wider offset must gain so much macro F1 a unit: what a few rows tell is mostly chance.
const HELD: f64 = 0.004;

/// Offsets of negative and positive against neutral for probabilities `said` of rows whose classes are `truth`, as shares.
pub(super) fn offsets(said: &[[f32; CLASSES]], truth: &[[f32; CLASSES]]) -> [f32; 2] {
    let every = said.len().div_ceil(ROWS).max(1);
    let rows: Vec<([f32; CLASSES], [f32; CLASSES])> =
        said.iter().zip(truth).step_by(every).map(|(p, t)| (p.map(|x| x.max(1e-9).ln()), *t)).collect();
    let mut best = (f64::MIN, [0.0, 0.0]);
    for negative in -FAR..=FAR {
        for positive in -FAR..=FAR {
            let at = [STEP * negative as f32, STEP * positive as f32];
            let f1 = macro_f1(&rows, at) - HELD * f64::from(at[0].abs() + at[1].abs());
            if f1 > best.0 {
                best = (f1, at);
            }
        }
    }
    best.1
}

/// The class that log probabilities and offsets say.
pub(super) fn decide(scores: [f32; CLASSES], offsets: [f32; 2]) -> usize {
    let moved = [scores[0] + offsets[0], scores[1], scores[2] + offsets[1]];
    (0..CLASSES).rev().max_by(|&a, &b| moved[a].total_cmp(&moved[b])).unwrap_or(1)
}

fn macro_f1(rows: &[([f32; CLASSES], [f32; CLASSES])], at: [f32; 2]) -> f64 {
    let (mut right, mut there, mut said) = ([0.0f64; CLASSES], [0.0f64; CLASSES], [0.0f64; CLASSES]);
    for (scores, truth) in rows {
        let class = decide(*scores, at);
        let all: f32 = truth.iter().sum();
        said[class] += f64::from(all);
        right[class] += f64::from(truth[class]);
        there.iter_mut().zip(truth).for_each(|(t, x)| *t += f64::from(*x));
    }
    let f1 = |k: usize| if there[k] + said[k] == 0.0 { 0.0 } else { 2.0 * right[k] / (there[k] + said[k]) };
    (0..CLASSES).map(f1).sum::<f64>() / CLASSES as f64
}
