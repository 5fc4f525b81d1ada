//! Groups of texts that mean the same, found without labels and without being told how many there are: a graph of nearest
//! neighbours, weighed by cosine, and its communities by modularity. Knows vectors and texts alone.
//!
//! Settings were chosen on the training files of CLINC150 and BANKING77 (4,500 and 3,080 texts of them), cosine against Jaccard of
//! neighbours and 2 to 12 for the resolution. Tried there and dropped: 15 neighbours; k-means from what was found (CLINC150 +1 to +2
//! ARI, BANKING77 -1 to -2); joining groups whose centroids are as close as their members (nothing joined that mattered).

mod counts;
mod forms;
mod graph;
mod names;
mod neighbours;
pub mod scores;
mod wants;
mod words;

use crate::domain::{Cancelled, Reporter};
use graph::Graph;
use neighbours::{neighbours, normalise};
pub use wants::{Wanted, says, shared_words, wants};

/// Neighbours of a text that its place in the graph comes from.
const NEAR: usize = 10;

/// How groups are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterRecipe {
    /// Higher gives more and smaller groups; [`ClusterRecipe::RESOLUTION`] by default.
    pub resolution: f64,
    /// The share of texts, 0 to below 1, that stay single because they lie loosest: lowest mean cosine to their neighbours.
    pub leave_out: f64,
    /// Groups with fewer texts, each as often as it occurs, are taken apart: each text goes to the nearest group that stays, or stays single where none does.
    pub smallest: usize,
    /// Fixes the order in which texts are looked at: same seed, same groups.
    pub seed: u64,
}

impl ClusterRecipe {
    /// The resolution that was chosen.
    pub const RESOLUTION: f64 = 10.0;

    /// Everything in a group, however small.
    pub fn plain(seed: u64) -> Self {
        Self { resolution: Self::RESOLUTION, leave_out: 0.0, smallest: 1, seed }
    }

    /// The smallest group that is worth a person's look: 3 of 150 texts, 5 up to 5,000, then a two-thousandth, at least 20 of
    /// 40,000.
    pub fn worth_showing(texts: usize) -> usize {
        match texts {
            0..500 => 3,
            500..10_001 => 5,
            _ => texts / 2_000,
        }
    }
}

/// Groups of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// For each text its group, counted from 0, the largest first; `None`: single.
    pub of: Vec<Option<u32>>,
    /// For each group what stands for it.
    pub groups: Vec<ClusterGroup>,
}

/// What stands for a group.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterGroup {
    /// Texts, by their number in the input, in order.
    pub members: Vec<u32>,
    /// The member nearest to the middle.
    pub medoid: u32,
    /// Up to three words or pairs of words that tell it from the others, the most telling first (class-based TF-IDF).
    pub terms: Vec<String>,
    /// The mean of its vectors, of length one.
    pub centroid: Vec<f32>,
}

/// Finds groups among texts. `counts`: how often each occurs, which counts for how large a group is; empty: each once. `vectors`: a
/// row of `width` numbers for each text, as [`crate::learn::vectors::embed::Embedder`] gives them; a text without a vector (all zeros)
/// stays single. Time grows with n to the power of 1.5.
///
/// # Errors
/// [`Cancelled`] when the reporter says so.
pub fn clusters(
    texts: &[&str],
    counts: &[u32],
    vectors: &[f32],
    width: usize,
    recipe: ClusterRecipe,
    reporter: &dyn Reporter,
) -> Result<Clusters, Cancelled> {
    let with_vector: Vec<u32> =
        (0..texts.len() as u32).filter(|&i| vectors[i as usize * width..][..width].iter().any(|&x| x != 0.0)).collect();
    let mut rows: Vec<f32> = Vec::with_capacity(with_vector.len() * width);
    for &i in &with_vector {
        rows.extend_from_slice(&vectors[i as usize * width..][..width]);
    }
    rows.chunks_exact_mut(width.max(1)).for_each(|row| {
        normalise(row);
    });
    let often: Vec<usize> = with_vector.iter().map(|&t| counts.get(t as usize).map_or(1, |&n| n as usize)).collect();
    let near = neighbours(&rows, width, NEAR, recipe.seed, reporter)?;
    let mut kept = tightest(&near.of, recipe.leave_out);
    if recipe.smallest > 1 {
        // What so many say in the same words is a group by itself, wherever it lies.
        kept.iter_mut().zip(&often).for_each(|(kept, &n)| *kept |= n >= recipe.smallest);
    }
    let graph = Graph::new(with_vector.len(), &edges(&near.of, &kept));
    let found = graph.communities(recipe.resolution, recipe.seed, reporter)?;
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); found.iter().max().map_or(0, |&m| m as usize + 1)];
    for (row, (&group, _)) in found.iter().zip(&kept).enumerate().filter(|(_, (_, kept))| **kept) {
        members[group as usize].push(row as u32);
    }
    let members = without_small(members, &rows, width, (recipe.smallest, &often));
    let names = names::terms(
        texts,
        &members.iter().map(|m| m.iter().map(|&r| with_vector[r as usize]).collect()).collect::<Vec<_>>(),
        &|text| vec![i64::from(text)],
    );
    let mut of = vec![None; texts.len()];
    let mut groups = Vec::with_capacity(members.len());
    for (number, (rows_of, terms)) in members.iter().zip(names).enumerate() {
        let centroid = centroid(&rows, width, rows_of);
        let medoid = medoid(&rows, width, rows_of, &centroid);
        let texts: Vec<u32> = rows_of.iter().map(|&r| with_vector[r as usize]).collect();
        texts.iter().for_each(|&t| of[t as usize] = Some(number as u32));
        groups.push(ClusterGroup { members: texts, medoid: with_vector[medoid as usize], terms, centroid });
    }
    Ok(Clusters { of, groups })
}

/// Which texts are kept where a share of the loosest is left out.
fn tightest(near: &[Vec<(u32, f32)>], leave_out: f64) -> Vec<bool> {
    let left_out = ((near.len() as f64 * leave_out.clamp(0.0, 1.0)).round() as usize).min(near.len());
    let tight = |i: usize| near[i].iter().map(|n| f64::from(n.1)).sum::<f64>() / near[i].len().max(1) as f64;
    let mut order: Vec<usize> = (0..near.len()).collect();
    if left_out > 0 {
        let by: Vec<f64> = (0..near.len()).map(tight).collect();
        order.sort_by(|&a, &b| by[a].total_cmp(&by[b]).then(a.cmp(&b)));
    }
    let mut kept = vec![true; near.len()];
    order.iter().take(left_out).for_each(|&i| kept[i] = false);
    kept
}

/// Each pair of neighbours once, with their cosine.
fn edges(near: &[Vec<(u32, f32)>], kept: &[bool]) -> Vec<(u32, u32, f64)> {
    let mut out: Vec<(u32, u32, f64)> = Vec::with_capacity(near.len() * NEAR);
    for (i, near) in near.iter().enumerate().filter(|(i, _)| kept[*i]) {
        let i = i as u32;
        let close = near.iter().filter(|(j, cosine)| *cosine > 0.0 && kept[*j as usize]);
        out.extend(close.map(|&(j, cosine)| (i.min(j), i.max(j), f64::from(cosine))));
    }
    out.sort_unstable_by(|x, y| (x.0, x.1).cmp(&(y.0, y.1)).then(y.2.total_cmp(&x.2)));
    out.dedup_by_key(|e| (e.0, e.1));
    out
}

/// Takes small groups apart; the rest in order of size, equal ones by their first text. A row counts as `often` as its text occurs.
fn without_small(
    members: Vec<Vec<u32>>,
    rows: &[f32],
    width: usize,
    (smallest, often): (usize, &[usize]),
) -> Vec<Vec<u32>> {
    let size = |m: &[u32]| m.iter().map(|&row| often[row as usize]).sum::<usize>();
    let (mut large, small): (Vec<Vec<u32>>, Vec<Vec<u32>>) =
        members.into_iter().filter(|m| !m.is_empty()).partition(|m| size(m) >= smallest);
    if !large.is_empty() {
        let centres: Vec<f32> = large.iter().flat_map(|m| centroid(rows, width, m)).collect();
        let inside: Vec<f32> = large
            .iter()
            .zip(centres.chunks_exact(width))
            .map(|(m, centre)| {
                m.iter().map(|&r| dot(&rows[r as usize * width..][..width], centre)).sum::<f32>() / m.len() as f32
            })
            .collect();
        for row in small.into_iter().flatten() {
            let vector = &rows[row as usize * width..][..width];
            let (best, cosine) = neighbours::best(vector, &centres, width);
            // As near as its members are on average: else it is none of them.
            if cosine >= inside[best as usize] {
                large[best as usize].push(row);
            }
        }
        large.iter_mut().for_each(|m| m.sort_unstable());
    }
    large.sort_by(|a, b| size(b).cmp(&size(a)).then(a[0].cmp(&b[0])));
    large
}

fn centroid(rows: &[f32], width: usize, members: &[u32]) -> Vec<f32> {
    let mut sum = vec![0.0; width];
    for &row in members {
        sum.iter_mut().zip(&rows[row as usize * width..][..width]).for_each(|(s, x)| *s += x);
    }
    normalise(&mut sum);
    sum
}

fn medoid(rows: &[f32], width: usize, members: &[u32], centroid: &[f32]) -> u32 {
    let near = |row: u32| dot(&rows[row as usize * width..][..width], centroid);
    members.iter().copied().fold((0, f32::MIN), |b, row| if near(row) > b.1 { (row, near(row)) } else { b }).0
}

/// Vectors without what all of them share, each of length one again: in a log about flights all requests lie close together, and what
/// tells them apart is what is left. A text without a vector (all zeros) stays so.
pub fn without_common(vectors: &[f32], width: usize) -> Vec<f32> {
    let mut out = vectors.to_vec();
    let mut mean = vec![0.0f32; width];
    for row in out.chunks_exact_mut(width.max(1)) {
        normalise(row);
        mean.iter_mut().zip(row.iter()).for_each(|(m, x)| *m += x);
    }
    let has_vector = |row: &[f32]| row.iter().any(|&x| x != 0.0);
    let n = out.chunks_exact(width.max(1)).filter(|row| has_vector(row)).count().max(1) as f32;
    for row in out.chunks_exact_mut(width.max(1)).filter(|row| has_vector(row)) {
        row.iter_mut().zip(&mean).for_each(|(x, m)| *x -= m / n);
        normalise(row);
    }
    out
}

/// The middle of some texts' vectors, of length one.
pub fn middle(vectors: &[f32], width: usize, members: &[u32]) -> Vec<f32> {
    centroid(vectors, width, members)
}

/// What tells each of some groups of texts from the others, as [`ClusterGroup::terms`] does, where it is known who says a text: what one
/// alone says names nothing, and a text that nobody says who may be shown is left out.
pub fn terms_among<'a>(
    texts: &[&str],
    groups: impl Iterator<Item = &'a [u32]>,
    voices: impl Fn(u32) -> Vec<i64>,
) -> Vec<Vec<String>> {
    let shown: Vec<Vec<u32>> = groups.map(|g| g.iter().copied().filter(|&t| !voices(t).is_empty()).collect()).collect();
    names::terms(texts, &shown, &voices)
}

/// Groups put together: those whose middles are alike on average (average link), the most alike first, as long as the cosine is at
/// least `least` and `may` allows the pair. Numbers of groups, each list in order.
pub fn linked(centroids: &[&[f32]], least: f32, may: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let n = centroids.len();
    let mut lists: Vec<Option<Vec<usize>>> = (0..n).map(|i| Some(vec![i])).collect();
    let allowed = |i: usize, j: usize| if may(i, j) { dot(centroids[i], centroids[j]) } else { f32::NEG_INFINITY };
    // The sums of cosines between two lists: of joined lists the sums of both (Lance and Williams 1967).
    let mut sums: Vec<Vec<f32>> = (0..n).map(|i| (0..n).map(|j| allowed(i, j)).collect()).collect();
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for i in 0..n {
            let Some(a) = lists[i].as_ref().map(Vec::len) else { continue };
            for j in i + 1..n {
                let Some(b) = lists[j].as_ref().map(Vec::len) else { continue };
                let mean = sums[i][j] / (a * b) as f32;
                if mean >= least && best.is_none_or(|b| mean > b.0) {
                    best = Some((mean, i, j));
                }
            }
        }
        let Some((_, i, j)) = best else { break };
        let other = lists[j].take().unwrap_or_default();
        if let Some(list) = &mut lists[i] {
            list.extend(other);
            list.sort_unstable();
        }
        let joined: Vec<f32> = sums[i].iter().zip(&sums[j]).map(|(a, b)| a + b).collect();
        sums.iter_mut().zip(&joined).for_each(|(row, sum)| row[i] = *sum);
        sums[i] = joined;
    }
    lists.into_iter().flatten().collect()
}

/// The product of two vectors: their cosine where both have length one.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests;
