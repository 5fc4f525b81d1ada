//! How well groups agree with a grouping that is known.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Adjusted Rand index and normalised mutual information of two groupings of the same items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Adjusted Rand index (Hubert and Arabie 1985): 0 by chance, 1 for the same grouping.
    pub ari: f64,
    /// Mutual information over the arithmetic mean of both entropies, 0 to 1.
    pub nmi: f64,
}

/// Compares two groupings of the same items.
pub fn agreement<A: Hash + Eq + Copy, B: Hash + Eq + Copy>(a: &[A], b: &[B]) -> Agreement {
    let (names_a, sizes_a) = counted(a);
    let (names_b, sizes_b) = counted(b);
    let mut cells: FxHashMap<(u32, u32), u64> = FxHashMap::default();
    for pair in names_a.iter().zip(&names_b) {
        *cells.entry((*pair.0, *pair.1)).or_default() += 1;
    }
    let mut cells: Vec<_> = cells.into_iter().collect();
    cells.sort_unstable();
    let n = a.len() as f64;
    let pairs = |k: u64| k as f64 * (k as f64 - 1.0) / 2.0;
    let (in_a, in_b) = (sizes_a.iter().map(|&k| pairs(k)).sum::<f64>(), sizes_b.iter().map(|&k| pairs(k)).sum::<f64>());
    let together: f64 = cells.iter().map(|c| pairs(c.1)).sum();
    let expected = in_a * in_b / pairs(a.len() as u64).max(1.0);
    let most = (in_a + in_b) / 2.0;
    let ari = if most == expected { 1.0 } else { (together - expected) / (most - expected) };
    let entropy = |sizes: &[u64]| -sizes.iter().map(|&k| k as f64 / n * (k as f64 / n).ln()).sum::<f64>();
    let (of_a, of_b) = (entropy(&sizes_a), entropy(&sizes_b));
    let mutual: f64 = cells
        .iter()
        .map(|&((i, j), k)| {
            let k = k as f64;
            k / n * (n * k / (sizes_a[i as usize] as f64 * sizes_b[j as usize] as f64)).ln()
        })
        .sum();
    let mean = (of_a + of_b) / 2.0;
    Agreement { ari, nmi: if mean > 0.0 { (mutual / mean).clamp(0.0, 1.0) } else { 1.0 } }
}

/// Items by number, and how many have each.
fn counted<T: Hash + Eq + Copy>(items: &[T]) -> (Vec<u32>, Vec<u64>) {
    let mut names = FxHashMap::default();
    let mut sizes = Vec::new();
    let of = items
        .iter()
        .map(|item| {
            let next = names.len() as u32;
            let name = *names.entry(*item).or_insert(next);
            if name == next {
                sizes.push(0);
            }
            sizes[name as usize] += 1;
            name
        })
        .collect();
    (of, sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_scikit_learns() {
        // adjusted_rand_score and normalized_mutual_info_score of these: 0.24242424242424243, 0.5158037429793889
        let a = agreement(&[0, 0, 1, 1, 2, 2], &["x", "x", "x", "y", "y", "y"]);
        assert!(
            (a.ari - 0.242_424_242_424_242_43).abs() < 1e-12 && (a.nmi - 0.515_803_742_979_388_9).abs() < 1e-12,
            "{a:?}"
        );
        let same = agreement(&[3, 3, 4], &['a', 'a', 'b']);
        assert_eq!((same.ari, same.nmi), (1.0, 1.0));
        let one = agreement(&[0, 0], &[1, 1]);
        assert_eq!((one.ari, one.nmi), (1.0, 1.0));
    }
}
