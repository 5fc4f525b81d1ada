use super::*;
use crate::base::rng::Rng;
use crate::domain::SilentReporter;
use crate::learn::cluster::scores::agreement;

/// `n` vectors around `k` middles, with their middle's number.
fn made(n: usize, k: usize, width: usize, spread: f32, seed: u64) -> (Vec<f32>, Vec<usize>) {
    let mut rng = Rng::new(seed);
    let mut number = || (rng.f64() + rng.f64() + rng.f64() - 1.5) as f32;
    let middles: Vec<f32> = (0..k * width).map(|_| number()).collect();
    let mut out = Vec::new();
    let mut of = Vec::new();
    for i in 0..n {
        let middle = &middles[(i % k) * width..][..width];
        let mut row: Vec<f32> = middle.iter().map(|m| m + spread * number()).collect();
        normalise(&mut row);
        out.extend(row);
        of.push(i % k);
    }
    (out, of)
}

fn found(vectors: &[f32], width: usize, recipe: ClusterRecipe) -> Clusters {
    let texts = vec!["x"; vectors.len() / width];
    clusters(&texts, &[], vectors, width, recipe, &SilentReporter).unwrap()
}

#[test]
fn groups_that_lie_apart_are_found_and_each_run_finds_the_same() {
    for n in [300, 7_000] {
        let (vectors, of) = made(n, 20, 32, 0.5, 3);
        let one = found(&vectors, 32, ClusterRecipe::plain(1));
        let same = agreement(&one.of, &of);
        assert!(same.nmi > 0.8, "{n}: {same:?}");
        assert_eq!(one, found(&vectors, 32, ClusterRecipe::plain(1)));
        assert!(one.groups.windows(2).all(|g| g[0].members.len() >= g[1].members.len()));
        for (number, group) in one.groups.iter().enumerate() {
            assert!(group.members.contains(&group.medoid));
            assert!(group.members.iter().all(|&m| one.of[m as usize] == Some(number as u32)));
        }
    }
}

#[test]
fn threads_do_not_change_what_is_found() {
    let (vectors, _) = made(7_000, 30, 16, 0.8, 5);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| found(&vectors, 16, ClusterRecipe::plain(1)))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn the_loosest_are_left_out_and_small_groups_taken_apart() {
    let (mut vectors, _) = made(200, 4, 16, 0.2, 9);
    let (loose, _) = made(20, 20, 16, 0.0, 77);
    vectors.extend(loose);
    let recipe = ClusterRecipe { leave_out: 20.0 / 220.0, smallest: 5, resolution: 1.0, ..ClusterRecipe::plain(1) };
    let one = found(&vectors, 16, recipe);
    let single: Vec<usize> = (0..220).filter(|&i| one.of[i].is_none()).collect();
    assert!(single.iter().filter(|&&i| i >= 200).count() >= 17, "{single:?}");
    assert!(one.groups.iter().all(|g| g.members.len() >= 5));
}

#[test]
fn nothing_one_and_vectors_without_length_are_no_trouble() {
    assert!(found(&[], 8, ClusterRecipe::plain(1)).groups.is_empty());
    let one = found(&[1.0, 0.0], 2, ClusterRecipe::plain(1));
    assert_eq!((one.of, one.groups.len()), (vec![Some(0)], 1));
    let none = found(&[0.0; 6], 2, ClusterRecipe::plain(1));
    assert_eq!((none.of, none.groups.len()), (vec![None; 3], 0));
    let equal = found(&[1.0, 0.0].repeat(30), 2, ClusterRecipe::plain(1));
    assert!(!equal.groups.is_empty() && equal.of.iter().all(Option::is_some));
}

#[test]
fn groups_whose_middles_are_close_are_linked_where_they_may_be() {
    let middles: [&[f32]; 4] = [&[1.0, 0.0], &[0.96, 0.28], &[0.0, 1.0], &[0.28, 0.96]];
    let any = |_: usize, _: usize| true;
    assert_eq!(linked(&middles, 0.9, any), [vec![0, 1], vec![2, 3]]);
    assert_eq!(linked(&middles, 0.97, any), [vec![0], vec![1], vec![2], vec![3]]);
    // On average, not by the nearest two: 1 and 3 have 0.54.
    assert_eq!(linked(&middles, 0.5, any), [vec![0, 1], vec![2, 3]]);
    assert_eq!(linked(&middles, 0.9, |i, j| (i, j) != (0, 1) && (i, j) != (1, 0)), [vec![0], vec![1], vec![2, 3]]);
    assert!(linked(&[], 0.5, any).is_empty());
}
