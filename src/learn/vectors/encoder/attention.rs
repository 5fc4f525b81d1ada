//! Self-attention within each text of a batch.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::SimdOp;
use rten_tensor::{Matrix, NdTensorView};
use rten_vecmath::Softmax;

/// softmax(q k' / sqrt(d)) v for each text and head (Vaswani et al. 2017, formula 1). `qkv`: for each token its query,
/// key and value, `width` numbers each, a head's numbers together; `ends`: where each text ends, in tokens. Returns
/// `width` numbers for each token.
pub(super) fn attend(qkv: &[f32], ends: &[usize], width: usize, heads: usize) -> Vec<f32> {
    let gemm = &GemmExecutor::default();
    let size = width / heads;
    let scale = 1.0 / (size as f32).sqrt();
    let mut out = vec![0.0; qkv.len() / 3];
    let (mut scores, mut mixed) = (Vec::new(), Vec::new());
    let mut start = 0;
    for &end in ends {
        let n = end - start;
        if n == 0 {
            continue;
        }
        let part = |which: usize, head: usize| {
            let at = start * 3 * width + which * width + head * size;
            view(&qkv[at..], n, size, 3 * width)
        };
        for head in 0..heads {
            let (q, k, v) = (part(0, head), part(1, head), part(2, head));
            scores.resize(n * n, 0.0);
            let opts = GemmOptions { alpha: scale, ..GemmOptions::default() };
            multiply(gemm, &mut scores, q, k.transposed(), opts);
            for row in scores.chunks_exact_mut(n) {
                Softmax::new_mut(row).dispatch();
            }
            mixed.resize(n * size, 0.0);
            multiply(gemm, &mut mixed, view(&scores, n, n, n), v, GemmOptions::default());
            for (token, row) in mixed.chunks_exact(size).enumerate() {
                let at = (start + token) * width + head * size;
                out[at..at + size].copy_from_slice(row);
            }
        }
        start = end;
    }
    out
}

/// `rows` rows of `columns` numbers that lie `step` numbers apart.
///
/// # Panics
/// When the data is too short.
fn view(data: &[f32], rows: usize, columns: usize, step: usize) -> Matrix<'_, f32> {
    NdTensorView::from_slice_with_strides([rows, columns], data, [step, 1]).expect("data is long enough")
}

fn multiply(gemm: &GemmExecutor<f32>, out: &mut [f32], a: Matrix<f32>, b: Matrix<f32>, opts: Options<'_>) {
    let done = gemm.gemm(out, GemmInputA::Unpacked(a), GemmInputB::Unpacked(b), opts);
    debug_assert!(done.is_ok(), "the shapes are those of one text");
}

type Options<'a> = GemmOptions<'a, f32, f32, f32>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    /// Two texts of 3 and 2 tokens, 2 heads of 4 numbers, against the formula written out.
    #[test]
    fn attention_is_the_formula() {
        let (width, heads, ends) = (8, 2, [3, 5]);
        let mut rng = Rng::part(5, 0);
        let qkv: Vec<f32> = (0..5 * 3 * width).map(|_| (rng.next_u64() % 200) as f32 / 100.0 - 1.0).collect();
        let got = attend(&qkv, &ends, width, heads);
        let at = |token: usize, which: usize, i: usize| f64::from(qkv[token * 3 * width + which * width + i]);
        for token in 0..5 {
            let text = if token < 3 { 0..3 } else { 3..5 };
            for i in 0..width {
                let head = i / 4 * 4..i / 4 * 4 + 4;
                let dot = |other: usize| head.clone().map(|j| at(token, 0, j) * at(other, 1, j)).sum::<f64>() / 2.0;
                let weights: Vec<f64> = text.clone().map(|o| dot(o).exp()).collect();
                let mixed: f64 = text.clone().zip(&weights).map(|(o, w)| w * at(o, 2, i)).sum();
                let want = mixed / weights.iter().sum::<f64>();
                assert!((f64::from(got[token * width + i]) - want).abs() < 1e-5, "token {token} number {i}");
            }
        }
    }
}
