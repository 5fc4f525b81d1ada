//! Against slow descent, scikit-learn, and models that never saw a fold.

use super::rows::dot;
use super::*;
use crate::base::rng::Rng;
use crate::learn::solver::sparse::Sparse;

/// The objective that LIBLINEAR minimises.
fn objective(rows: &[Sparse], examples: &[(usize, f32, f32)], plane: &SvmPlane) -> f64 {
    let norm: f32 = plane.weights.iter().map(|w| w * w).sum::<f32>() + plane.bias * plane.bias;
    let loss = |&(row, y, cost): &(usize, f32, f32)| {
        let score = plane.bias + dot(&plane.weights, &rows[row]);
        f64::from(cost * (1.0 - y * score).max(0.0).powi(2))
    };
    f64::from(norm) / 2.0 + examples.iter().map(loss).sum::<f64>()
}

/// The minimum by small gradient steps.
fn slow(rows: &[Sparse], width: usize, examples: &[(usize, f32, f32)]) -> SvmPlane {
    let mut plane = SvmPlane { weights: vec![0.0; width], bias: 0.0 };
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
    let joined = SparseRows::new(&rows, 6, 3);
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

#[test]
fn rows_that_a_class_did_not_begin_with_join() {
    let mut rng = Rng::new(3);
    let rows: Vec<Sparse> = (0..4000).map(|_| (0..8).map(|id| (id, rng.f64() as f32 - 0.5)).collect()).collect();
    // Of the class is what lies far along feature 0, so that most rows of the others do not matter.
    let own: Vec<(u32, f32)> = (0..).zip(&rows).filter(|(_, row)| row[0].1 > 0.48).map(|(i, _)| (i, 1.0)).collect();
    let mut examples: Vec<(usize, f32, f32)> = (0..rows.len()).map(|i| (i, -1.0, 1.0)).collect();
    own.iter().for_each(|&(i, _)| examples[i as usize].1 = 1.0);
    let (joined, totals) = (SparseRows::new(&rows, 8, 4), vec![1.0; rows.len()]);
    let few = objective(&rows, &examples, &one(&joined, &totals, &own, &[]));
    // With such scores every row has a part in the start.
    let all = objective(&rows, &examples, &one(&joined, &totals, &own, &vec![0.3; rows.len()]));
    assert!((few / all - 1.0).abs() < 0.005, "{few} {all}");
}

fn one(rows: &SparseRows, totals: &[f32], own: &[(u32, f32)], start: &[f32]) -> SvmPlane {
    solve(rows, totals, own, start, &[]).plane
}

fn solve(rows: &SparseRows, totals: &[f32], own: &[(u32, f32)], start: &[f32], folds: &[HiddenRows]) -> SolvedPlane {
    let classes = [TrainedClass { own, start, seed: 7 }];
    train(&SvmTask { rows, totals, classes: &classes }, folds, &|_| Ok(())).unwrap().remove(0)
}

#[test]
fn a_fold_is_scored_as_by_a_model_that_never_saw_it() {
    let mut rng = Rng::new(5);
    // Feature 5 occurs in row 0 alone: for a model without row 0 it does not exist.
    let rows: Vec<Sparse> = (0..40)
        .map(|i| (0..6).filter(|&id| id < 5 || i == 0).map(|id| (id, rng.f64() as f32 - 0.3)).collect())
        .collect();
    let own: Vec<(u32, f32)> = (0..40).filter(|_| rng.below(3) == 0).map(|i| (i, 1.0)).collect();
    let joined = SparseRows::new(&rows, 6, 2);
    let (totals, mut without) = ([1.0; 40], [1.0; 40]);
    let hidden: Vec<u32> = (0..40).step_by(4).collect();
    hidden.iter().for_each(|&i| without[i as usize] = 0.0);
    let folds = HiddenRows::new(&joined, &totals, std::slice::from_ref(&hidden));
    let held = solve(&joined, &totals, &own, &[], &folds).held;
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
    let plane = one(&SparseRows::new(&rows, 2, 1), &[1.0; 5], &[(0, 1.0), (1, 1.0)], &[]);
    let want = [0.8612, -0.7840, -0.2027];
    let got = [plane.weights[0], plane.weights[1], plane.bias];
    assert!(got.iter().zip(want).all(|(a, b): (&f32, f32)| (a - b).abs() < 0.03), "{got:?}");
}

#[test]
fn nothing_gives_a_plane_of_zeros() {
    let plane = one(&SparseRows::new(&[], 3, 1), &[], &[], &[]);
    assert_eq!(plane, SvmPlane { weights: vec![0.0; 3], bias: 0.0 });
}
