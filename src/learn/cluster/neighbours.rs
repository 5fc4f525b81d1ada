//! The nearest neighbours of every vector by cosine: exactly for few, through coarse lists for many.

use crate::base::rng::Rng;
use crate::domain::{Cancelled, Reporter};
use rayon::prelude::*;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::NdTensorView;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Above this many vectors neighbours are looked for in the nearest coarse lists alone.
const EXACT: usize = 6_000;
/// Coarse lists that are searched for the members of one: of 100,000 customers' texts they hold 95 % of the true neighbours.
const PROBED: usize = 12;
/// Rounds of the coarse lists' k-means, and vectors a list that they learn from.
const ROUNDS: usize = 6;
const SAMPLE: usize = 40;
/// Rows of one matrix product: 512 rows of 20,000 products are 40 MB.
const BLOCK: usize = 512;

/// Neighbours with their cosines, the nearest first.
type Near = Vec<(u32, f32)>;

/// Vectors whose neighbours are looked for among others.
struct VectorList {
    rows: Vec<u32>,
    among: Vec<u32>,
}

/// Up to `k` neighbours of each of `n` vectors, the nearest first, itself left out. Equal similarities go by index.
pub(super) struct Neighbours {
    /// For each vector its neighbours with their cosines.
    pub of: Vec<Near>,
}

/// Finds them. `vectors`: rows of `width` numbers, each of length one.
///
/// # Errors
/// [`Cancelled`] when the reporter says so.
pub(super) fn neighbours(
    vectors: &[f32],
    width: usize,
    k: usize,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Neighbours, Cancelled> {
    let n = vectors.len() / width;
    let all: Vec<u32> = (0..n as u32).collect();
    let groups: Vec<VectorList> = if n <= EXACT {
        all.chunks(BLOCK).map(|rows| VectorList { rows: rows.to_vec(), among: all.clone() }).collect()
    } else {
        coarse(vectors, width, seed, reporter)?
    };
    let (done, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
    let found: Vec<Vec<(u32, Near)>> = groups
        .par_iter()
        .map(|VectorList { rows, among }| {
            if stopped.load(Ordering::Relaxed) {
                return Vec::new();
            }
            let near = nearest(vectors, width, rows, among, k);
            let done = done.fetch_add(rows.len() as u64, Ordering::Relaxed) + rows.len() as u64;
            if reporter.step("neighbours", done, n as u64).is_err() {
                stopped.store(true, Ordering::Relaxed);
            }
            near
        })
        .collect();
    if stopped.into_inner() {
        return Err(Cancelled);
    }
    let mut of = vec![Vec::new(); n];
    for (row, near) in found.into_iter().flatten() {
        of[row as usize] = near;
    }
    Ok(Neighbours { of })
}

/// The `k` nearest of `among` for each of `rows`.
fn nearest(vectors: &[f32], width: usize, rows: &[u32], among: &[u32], k: usize) -> Vec<(u32, Near)> {
    let members = gather(vectors, width, among);
    let mut out = Vec::with_capacity(rows.len());
    for rows in rows.chunks(BLOCK) {
        let products = products(&gather(vectors, width, rows), &members, width);
        for (&row, similar) in rows.iter().zip(products.chunks_exact(among.len())) {
            let mut best: Near = Vec::with_capacity(k + 1);
            for (&other, &similarity) in among.iter().zip(similar) {
                if other == row || (best.len() == k && !nearer((other, similarity), best[k - 1])) {
                    continue;
                }
                let place = best.partition_point(|&b| nearer(b, (other, similarity)));
                best.insert(place, (other, similarity));
                best.truncate(k);
            }
            out.push((row, best));
        }
    }
    out
}

/// Whether `a` comes before `b`: more similar, or as similar and earlier.
fn nearer(a: (u32, f32), b: (u32, f32)) -> bool {
    a.1 > b.1 || (a.1 == b.1 && a.0 < b.0)
}

/// Rows of vectors, one after the other.
fn gather(vectors: &[f32], width: usize, rows: &[u32]) -> Vec<f32> {
    let mut out = Vec::with_capacity(rows.len() * width);
    for &row in rows {
        out.extend_from_slice(&vectors[row as usize * width..][..width]);
    }
    out
}

/// Dot products of each row of `a` with each row of `b`.
fn products(a: &[f32], b: &[f32], width: usize) -> Vec<f32> {
    let (rows, columns) = (a.len() / width, b.len() / width);
    let mut out = vec![0.0; rows * columns];
    let a = NdTensorView::from_data([rows, width], a);
    let b = NdTensorView::from_data([columns, width], b);
    let done = GemmExecutor::<f32>::default().gemm(
        &mut out,
        GemmInputA::Unpacked(a),
        GemmInputB::Unpacked(b.transposed()),
        GemmOptions::default(),
    );
    debug_assert!(done.is_ok(), "rows have one width");
    out
}

/// Lists of vectors that lie together, each with all vectors of the lists nearest to it (spherical k-means on a sample).
fn coarse(vectors: &[f32], width: usize, seed: u64, reporter: &dyn Reporter) -> Result<Vec<VectorList>, Cancelled> {
    let n = vectors.len() / width;
    let lists = (n as f64).sqrt().round() as usize;
    let mut rng = Rng::part(seed, 1);
    let mut sample: Vec<u32> = (0..n as u32).collect();
    rng.shuffle(&mut sample);
    sample.truncate(lists * SAMPLE);
    let sampled = gather(vectors, width, &sample);
    let mut centres = sampled[..lists * width].to_vec();
    for round in 0..ROUNDS {
        reporter.step("lists", round as u64, ROUNDS as u64)?;
        let at = assign(&sampled, &centres, width);
        let mut sums = vec![0.0_f32; lists * width];
        for (row, &list) in sampled.chunks_exact(width).zip(&at) {
            let sum = &mut sums[list as usize * width..][..width];
            sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
        }
        for (sum, centre) in sums.chunks_exact_mut(width).zip(centres.chunks_exact(width)) {
            if !normalise(sum) {
                sum.copy_from_slice(centre);
            }
        }
        centres = sums;
    }
    let at = assign(vectors, &centres, width);
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); lists];
    at.iter().enumerate().for_each(|(i, &list)| members[list as usize].push(i as u32));
    let near = products(&centres, &centres, width);
    Ok((0..lists)
        .filter(|&list| !members[list].is_empty())
        .map(|list| {
            let mut others: Vec<usize> = (0..lists).collect();
            let row = &near[list * lists..][..lists];
            others.sort_by(|&a, &b| row[b].total_cmp(&row[a]).then(a.cmp(&b)));
            let mut among: Vec<u32> = others.iter().take(PROBED).flat_map(|&l| members[l].iter().copied()).collect();
            among.sort_unstable();
            VectorList { rows: members[list].clone(), among }
        })
        .collect())
}

/// The nearest centre of each vector.
fn assign(vectors: &[f32], centres: &[f32], width: usize) -> Vec<u32> {
    let lists = centres.len() / width;
    vectors
        .par_chunks(BLOCK * width)
        .flat_map_iter(|rows| {
            let products = products(rows, centres, width);
            products.chunks_exact(lists.max(1)).map(largest).map(|(list, _)| list).collect::<Vec<_>>()
        })
        .collect()
}

/// The centre nearest to one vector, with its cosine.
pub(super) fn best(vector: &[f32], centres: &[f32], width: usize) -> (u32, f32) {
    largest(&products(vector, centres, width))
}

/// The first of the largest numbers.
fn largest(row: &[f32]) -> (u32, f32) {
    row.iter().enumerate().fold((0, f32::MIN), |best, (i, &x)| if x > best.1 { (i as u32, x) } else { best })
}

/// Makes a vector's length one; `false` where it has none.
pub(super) fn normalise(vector: &mut [f32]) -> bool {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 1e-12 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
    length > 1e-12
}
