//! Products of dense matrices and vectors.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::{Matrix, NdTensorView};

/// A matrix that is stored row by row.
///
/// # Panics
/// When `columns` does not divide the data.
pub fn matrix(data: &[f32], columns: usize) -> Matrix<'_, f32> {
    NdTensorView::from_data([data.len() / columns, columns], data)
}

/// `left * right`, row by row. `out` has as many numbers as the product.
pub fn multiply(left: Matrix<f32>, right: Matrix<f32>, out: &mut [f32]) {
    let inputs = (GemmInputA::Unpacked(left), GemmInputB::Unpacked(right));
    let done = GemmExecutor::<f32>::default().gemm(out, inputs.0, inputs.1, GemmOptions::default());
    debug_assert!(done.is_ok(), "the shapes fit: {done:?}");
}

/// The inner product. Eight sums, so that additions need not wait for each other.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let ((a8, a), (b8, b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (x, y) in a8.iter().zip(b8) {
        for j in 0..8 {
            sums[j] += x[j] * y[j];
        }
    }
    let rest: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn products_are_sums_of_products() {
        let mut rng = Rng::new(3);
        for (n, m, k) in [(1, 1, 1), (5, 3, 9), (8, 17, 16), (3, 4, 7), (70, 257, 150)] {
            let mut random = |n: usize| (0..n).map(|_| rng.f64() as f32 - 0.5).collect::<Vec<f32>>();
            let (a, b) = (random(n * m), random(k * m));
            let mut got = vec![1.0; n * k];
            multiply(matrix(&a, m), matrix(&b, m).transposed(), &mut got);
            for (i, row) in a.chunks(m).enumerate() {
                for (j, column) in b.chunks(m).enumerate() {
                    let want: f32 = row.iter().zip(column).map(|(x, y)| x * y).sum();
                    assert!((got[i * k + j] - want).abs() < 1e-4 && (dot(row, column) - want).abs() < 1e-4);
                }
            }
        }
    }
}
