//! Which class is said: offsets on log probabilities that give the best macro F1. Which are told and counted: as many as there are.

use super::{CLASSES, Feeling};

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

/// Bad labels below which offsets alone decide: of fewer nobody knows how many there are.
const BAD: usize = 10;
/// No probability is as high.
const NEVER: f32 = 2.0;

/// The probability of negative from which as many labels, by what was said of them out of fold and what they weigh, are told to be negative
/// as are so; half-way to the next that is not told. `None`: too few are bad. (What counts classes that were chosen for single cases miscounts
/// them: Forman, Quantifying counts and costs via classification, 2008.) `plain`: those whose words say it are told whatever was said of them.
pub(super) fn limit(labels: &[([f32; CLASSES], Feeling, f32)], plain: &[bool]) -> Option<f32> {
    let bad = || labels.iter().filter(|l| l.1 == Feeling::Negative);
    if bad().count() < BAD {
        return None;
    }
    let bad: f64 = bad().map(|l| f64::from(l.2)).sum();
    let (words, others): (Vec<_>, Vec<_>) = labels.iter().zip(plain).partition(|(_, plain)| **plain);
    let mut rows: Vec<(f32, f32)> = others.iter().filter(|(l, _)| leans(&l.0)).map(|(l, _)| (l.0[0], l.2)).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut same = rows.chunk_by(|a, b| a.0 == b.0).peekable();
    let mut told: f64 = words.iter().map(|(l, _)| f64::from(l.2)).sum();
    let mut best = ((told - bad).abs(), NEVER);
    while let Some(here) = same.next() {
        told += here.iter().map(|row| f64::from(row.1)).sum::<f64>();
        let below = same.peek().map_or(0.0, |next| next[0].0);
        if (told - bad).abs() < best.0 {
            best = ((told - bad).abs(), f32::midpoint(here[0].0, below));
        }
    }
    Some(best.1)
}

/// Whether negative is more probable than positive: nothing else is told to be negative, however many are.
pub(super) fn leans(shares: &[f32; CLASSES]) -> bool {
    shares[Feeling::Negative as usize] > shares[Feeling::Positive as usize]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_told_as_labels_say() {
        // What is said is true: of a hundred turns of a probability as many are bad. Nobody is surely bad, one in eight is.
        let labels: Vec<([f32; CLASSES], Feeling, f32)> = (0..25)
            .flat_map(|p| (0..100).map(move |i| (p, i < p)))
            .map(|(p, bad)| {
                let said = [p as f32 / 100.0, 0.9 - p as f32 / 100.0, 0.1];
                (said, if bad { Feeling::Negative } else { Feeling::Neutral }, 1.0)
            })
            .collect();
        let limit_beside = |plain: &[bool]| limit(&labels, plain).unwrap();
        let limit = limit_beside(&vec![false; labels.len()]);
        let told = labels.iter().filter(|l| leans(&l.0) && l.0[0] >= limit).count();
        assert_eq!(told, 300, "as near to {} as whole hundreds are", (0..25).sum::<i32>());
        let truth: Vec<[f32; CLASSES]> =
            labels.iter().map(|l| std::array::from_fn(|k| f32::from(u8::from(l.1 as usize == k)))).collect();
        let said: Vec<[f32; CLASSES]> = labels.iter().map(|l| l.0).collect();
        let best = offsets(&said, &truth);
        let called = said.iter().filter(|s| decide(s.map(|x| x.max(1e-9).ln()), best) == 0).count();
        assert!(called > 350, "what tells single turns apart best calls too many bad: {called}");
        // Where words say it of a hundred that nobody would have told, a hundred others are told fewer.
        let words: Vec<bool> = (0..labels.len()).map(|i| i < 100).collect();
        let told = labels.iter().filter(|l| leans(&l.0) && l.0[0] >= limit_beside(&words)).count();
        assert_eq!(told, 200);
    }

    #[test]
    fn of_few_bad_labels_nothing_is_counted() {
        let label = |feeling| ([0.5, 0.4, 0.1], feeling, 1.0);
        let few: Vec<_> = (0..9).map(|_| label(Feeling::Negative)).collect();
        assert_eq!((limit(&[], &[]), limit(&few, &[false; 9])), (None, None));
        let all: Vec<_> = (0..20).map(|_| label(Feeling::Negative)).collect();
        assert_eq!(limit(&all, &[false; 20]), Some(0.25), "all of them are");
    }
}
