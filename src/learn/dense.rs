//! Small dense matrices: what the head over embedded texts is solved with.

use rayon::prelude::*;

/// Rows summed at a time: sums are added up in this order, whatever the number of threads.
const CHUNK: usize = 512;

/// The inner product. Eight sums, so that additions need not wait for each other.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let ((a8, a), (b8, b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (x, y) in a8.iter().zip(b8) {
        sums.iter_mut().zip(x.iter().zip(y)).for_each(|(sum, (x, y))| *sum += x * y);
    }
    let rest: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

/// `to += factor * from`.
pub fn add(to: &mut [f32], factor: f32, from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(a, b)| *a += factor * b);
}

/// The weighted sum of the outer products of rows with themselves, `width * width` numbers. Rows come with their
/// weights; those of weight 0 cost nothing.
pub fn gram(rows: &[(&[f32], f32)], width: usize) -> Vec<f32> {
    let part = |chunk: &[(&[f32], f32)]| {
        let mut sum = vec![0.0; width * width];
        for &(row, weight) in chunk.iter().filter(|r| r.1 != 0.0) {
            for (i, &x) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                // The lower triangle is enough.
                add(&mut sum[i * width..=i * width + i], weight * x, row);
            }
        }
        sum
    };
    let parts: Vec<Vec<f32>> = rows.par_chunks(CHUNK).map(part).collect();
    let mut sum = vec![0.0; width * width];
    parts.iter().for_each(|part| add(&mut sum, 1.0, part));
    for i in 0..width {
        for j in 0..i {
            sum[j * width + i] = sum[i * width + j];
        }
    }
    sum
}

/// The lower triangular `L` with `L L' = matrix` (Cholesky), in place of it; what is above the diagonal stays.
/// The matrix must be positive definite: a pivot that rounding made smaller than `least` counts as `least`.
pub fn cholesky(matrix: &mut [f32], width: usize, least: f32) {
    for i in 0..width {
        let (above, rest) = matrix.split_at_mut(i * width);
        let row = &mut rest[..width];
        for j in 0..i {
            let other = &above[j * width..][..=j];
            row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
        }
        row[i] = (row[i] - dot(&row[..i], &row[..i])).max(least).sqrt();
    }
}

/// Solves `L L' x = b` in place of `b`.
pub fn solve(factor: &[f32], b: &mut [f32]) {
    let width = b.len();
    for i in 0..width {
        b[i] = (b[i] - dot(&factor[i * width..][..i], &b[..i])) / factor[i * width + i];
    }
    for i in (0..width).rev() {
        b[i] /= factor[i * width + i];
        let (head, tail) = b.split_at_mut(i);
        add(head, -tail[0], &factor[i * width..][..i]);
    }
}
