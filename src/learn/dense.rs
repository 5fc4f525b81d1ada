//! Products of dense matrices, in blocks that stay in registers.

/// Rows of the left matrix at a time.
const HIGH: usize = 4;
/// Columns of the right matrix at a time.
const WIDE: usize = 8;

/// The right-hand matrix of a product, its columns in strips of eight.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// Strip by strip, row by row, eight numbers each; the last strip is filled up with zeros.
    strips: Vec<[f32; WIDE]>,
    rows: usize,
    columns: usize,
}

impl Packed {
    /// Packs a matrix that is stored row by row.
    pub fn new(matrix: &[f32], columns: usize) -> Self {
        let rows = matrix.len() / columns.max(1);
        let mut strips = Vec::with_capacity(columns.div_ceil(WIDE) * rows);
        for at in (0..columns).step_by(WIDE) {
            let width = WIDE.min(columns - at);
            strips.extend(matrix.chunks_exact(columns).map(|row| {
                let mut strip = [0.0; WIDE];
                strip[..width].copy_from_slice(&row[at..at + width]);
                strip
            }));
        }
        Self { strips, rows, columns }
    }

    /// `out += left * self`, `left` and `out` stored row by row.
    pub fn multiply(&self, left: &[f32], out: &mut [f32]) {
        let blocks = left.chunks(HIGH * self.rows.max(1)).zip(out.chunks_mut(HIGH * self.columns.max(1)));
        for (left, out) in blocks {
            // Step by step the numbers of all rows of the block, missing rows as zeros.
            let mut turned = vec![[0.0f32; HIGH]; self.rows];
            for (r, row) in left.chunks_exact(self.rows).enumerate() {
                turned.iter_mut().zip(row).for_each(|(t, &x)| t[r] = x);
            }
            for (s, strip) in self.strips.chunks_exact(self.rows).enumerate() {
                let sums = block(strip, &turned);
                for (row, sum) in out.chunks_exact_mut(self.columns).zip(&sums) {
                    row[s * WIDE..].iter_mut().zip(sum).for_each(|(c, &x)| *c += x);
                }
            }
        }
    }
}

/// `out[r][c]`: the sum over all steps of `left[step][r] * right[step][c]`. Written out so that the sums stay in
/// registers: seven times as fast as loops over rows.
fn block(right: &[[f32; WIDE]], left: &[[f32; HIGH]]) -> [[f32; WIDE]; HIGH] {
    let [mut s0, mut s1, mut s2, mut s3] = [[0.0f32; WIDE]; HIGH];
    for (b, &[a0, a1, a2, a3]) in right.iter().zip(left) {
        for j in 0..WIDE {
            s0[j] += a0 * b[j];
            s1[j] += a1 * b[j];
            s2[j] += a2 * b[j];
            s3[j] += a3 * b[j];
        }
    }
    [s0, s1, s2, s3]
}

/// The transpose of a matrix that is stored row by row.
pub fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    let rows = matrix.len() / columns.max(1);
    let mut out = vec![0.0; matrix.len()];
    for (i, row) in matrix.chunks_exact(columns.max(1)).enumerate() {
        row.iter().enumerate().for_each(|(j, &x)| out[j * rows + i] = x);
    }
    out
}

/// The inner product. Eight sums, so that additions need not wait for each other.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; WIDE];
    let ((a8, a), (b8, b)) = (a.as_chunks::<WIDE>(), b.as_chunks::<WIDE>());
    for (x, y) in a8.iter().zip(b8) {
        for j in 0..WIDE {
            sums[j] += x[j] * y[j];
        }
    }
    let rest: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::rng::Rng;

    #[test]
    fn products_are_sums_of_products() {
        let mut rng = Rng::new(3);
        for (n, m, k) in [(1, 1, 1), (5, 3, 9), (8, 17, 16), (3, 4, 7)] {
            let mut random = |n: usize| (0..n).map(|_| rng.f64() as f32 - 0.5).collect::<Vec<f32>>();
            let (a, b) = (random(n * m), random(m * k));
            let mut got = vec![1.0; n * k];
            Packed::new(&b, k).multiply(&a, &mut got);
            let columns = transposed(&b, k);
            for (i, row) in a.chunks(m).enumerate() {
                for (j, column) in columns.chunks(m).enumerate() {
                    let want: f32 = 1.0 + row.iter().zip(column).map(|(x, y)| x * y).sum::<f32>();
                    assert!((got[i * k + j] - want).abs() < 1e-5 && (1.0 + dot(row, column) - want).abs() < 1e-5);
                }
            }
        }
    }
}
