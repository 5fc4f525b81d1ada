//! One layer of weights: y = x W' + b, in 32-bit floating point or 8-bit integers.

use super::precision::Precision;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::SimdOp;
use rten_tensor::NdTensorView;
use rten_vecmath::{ExtendInit, MinMax, Quantize};

/// Products of unsigned by signed bytes.
type Bytes = GemmExecutor<u8, i8, i32>;

/// A dense layer, its weights laid out for the processor at hand.
pub(super) struct DenseLayer {
    inputs: usize,
    bias: Vec<f32>,
    weights: PackedWeights,
}

enum PackedWeights {
    F32(PackedBMatrix<f32>),
    /// Weights are whole multiples of a step for each output; inputs of a step and a zero for each row, so that a row's
    /// outputs depend on that row alone.
    Int8 {
        weights: PackedBMatrix<i8>,
        steps: Vec<f32>,
        /// For each output the sum of its weights, which takes the inputs' zero out of the product.
        sums: Vec<i32>,
        /// The largest value of an input: 127 where the processor's product of bytes overflows 16 bits, else 255.
        largest: f32,
    },
}

impl DenseLayer {
    /// `weights`: a row for each output, as PyTorch has them; `bias`: a number for each output.
    pub(super) fn new(weights: &[f32], bias: Vec<f32>, precision: Precision) -> Self {
        let (outputs, inputs) = (bias.len(), weights.len() / bias.len());
        let weights = match precision {
            Precision::F32 => {
                let weights = NdTensorView::from_data([outputs, inputs], weights);
                PackedWeights::F32(GemmExecutor::<f32>::default().prepack_b(weights.transposed()))
            }
            Precision::Int8 => {
                let gemm = Bytes::default();
                let rows = weights.chunks_exact(inputs);
                let steps: Vec<f32> =
                    rows.clone().map(|row| row.iter().fold(1e-12_f32, |m, w| m.max(w.abs())) / 127.0).collect();
                let bytes: Vec<i8> =
                    rows.zip(&steps).flat_map(|(row, s)| row.iter().map(move |w| (w / s).round() as i8)).collect();
                let sums = bytes.chunks_exact(inputs).map(|row| row.iter().map(|&w| i32::from(w)).sum()).collect();
                let largest = if gemm.may_saturate() { 127.0 } else { 255.0 };
                let bytes = NdTensorView::from_data([outputs, inputs], bytes.as_slice());
                PackedWeights::Int8 { weights: gemm.prepack_b(bytes.transposed()), steps, sums, largest }
            }
        };
        Self { inputs, bias, weights }
    }

    /// Rows of outputs for rows of inputs.
    pub(super) fn apply(&self, x: &[f32]) -> Vec<f32> {
        let (rows, outputs) = (x.len() / self.inputs, self.bias.len());
        match &self.weights {
            PackedWeights::F32(weights) => {
                let mut out = vec![0.0; rows * outputs];
                let a = NdTensorView::from_data([rows, self.inputs], x);
                let opts = GemmOptions { bias: Some(BiasVector::Row(&self.bias)), ..GemmOptions::default() };
                let gemm = GemmExecutor::<f32>::default();
                let done = gemm.gemm(&mut out, GemmInputA::Unpacked(a), GemmInputB::Packed(weights), opts);
                debug_assert!(done.is_ok(), "shapes are checked when weights are read");
                out
            }
            PackedWeights::Int8 { weights, steps, sums, largest } => {
                let mut bytes = Vec::with_capacity(x.len());
                let scales: Vec<(f32, u8)> =
                    x.chunks_exact(self.inputs).map(|row| quantise(row, *largest, &mut bytes)).collect();
                let mut products = vec![0; rows * outputs];
                let a = NdTensorView::from_data([rows, self.inputs], bytes.as_slice());
                let opts = GemmOptions::default();
                let done =
                    Bytes::default().gemm(&mut products, GemmInputA::Unpacked(a), GemmInputB::Packed(weights), opts);
                debug_assert!(done.is_ok(), "shapes are checked when weights are read");
                let mut out = Vec::with_capacity(products.len());
                for (row, (step, zero)) in products.chunks_exact(outputs).zip(scales) {
                    let zero = i32::from(zero);
                    let numbers = row.iter().zip(sums).zip(steps).zip(&self.bias);
                    out.extend(numbers.map(|(((p, sum), s), b)| (p - zero * sum) as f32 * (step * s) + b));
                }
                out
            }
        }
    }
}

/// Appends a row in bytes; returns the step between two bytes and the byte that means zero.
fn quantise(row: &[f32], largest: f32, bytes: &mut Vec<u8>) -> (f32, u8) {
    let (low, high) = MinMax::new(row).dispatch();
    let (low, high) = (low.min(0.0), high.max(0.0));
    let step = ((high - low) / largest).max(f32::MIN_POSITIVE);
    let zero = (-low / step).round() as u8;
    bytes.extend_init(|to| Quantize::new(row, &mut to[..row.len()], 1.0 / step, zero).dispatch());
    (step, zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    fn numbers(rng: &mut Rng, n: usize) -> Vec<f32> {
        (0..n).map(|_| (rng.next_u64() % 2001) as f32 / 1000.0 - 1.0).collect()
    }

    fn naive(x: &[f32], w: &[f32], b: &[f32]) -> Vec<f32> {
        let inputs = w.len() / b.len();
        let dot =
            |r: &[f32], c: &[f32]| r.iter().zip(c).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() as f32;
        x.chunks(inputs).flat_map(|r| w.chunks(inputs).zip(b).map(move |(c, b)| dot(r, c) + b)).collect()
    }

    /// Shapes around the kernels' tiles, rows with and without values below zero (zero byte 0 and others).
    #[test]
    fn products_are_those_of_a_naive_loop() {
        let mut rng = Rng::part(1, 0);
        for (rows, inputs, outputs) in [(2, 8, 8), (3, 33, 17), (13, 384, 96), (70, 300, 130)] {
            let (w, b) = (numbers(&mut rng, inputs * outputs), numbers(&mut rng, outputs));
            let mut x = numbers(&mut rng, rows * inputs);
            x[..inputs].iter_mut().for_each(|v| *v = v.abs() * 3.0);
            let want = naive(&x, &w, &b);
            let far = |got: Vec<f32>| got.iter().zip(&want).map(|(g, w)| (g - w).abs()).fold(0.0, f32::max);
            let exact = far(DenseLayer::new(&w, b.clone(), Precision::F32).apply(&x));
            assert!(exact < 1e-4, "f32 {rows} {inputs} {outputs}: {exact}");
            // A byte's rounding is 1/127 of weights and 1/50 of inputs at worst; errors add up as random steps do.
            let near = far(DenseLayer::new(&w, b, Precision::Int8).apply(&x));
            assert!(near < 0.02 * (inputs as f32).sqrt(), "int8 {rows} {inputs} {outputs}: {near}");
        }
    }

    /// The product of bytes itself must be exact, whatever the kernel.
    #[test]
    fn bytes_multiply_exactly() {
        let (rows, inputs, outputs) = (29, 515, 67);
        let mut rng = Rng::part(2, 0);
        // Whole numbers that the bytes hold as they are: inputs 0 to 127 with step 1, weights -127 to 127 with step 1.
        let mut x: Vec<f32> = (0..rows * inputs).map(|_| (rng.next_u64() % 128) as f32).collect();
        let mut w: Vec<f32> = (0..outputs * inputs).map(|_| (rng.next_u64() % 255) as f32 - 127.0).collect();
        for row in w.chunks_mut(inputs) {
            row[0] = 127.0;
        }
        let dense = DenseLayer::new(&w, vec![0.0; outputs], Precision::Int8);
        let PackedWeights::Int8 { largest, .. } = &dense.weights else { unreachable!() };
        for row in x.chunks_mut(inputs) {
            row[0] = *largest;
        }
        let want = naive(&x, &w, &vec![0.0; outputs]);
        assert_eq!(dense.apply(&x), want);
        // Shifted by a zero that is not 0: the same, less the column sums.
        x.iter_mut().for_each(|v| *v -= 40.0);
        assert_eq!(dense.apply(&x), naive(&x, &w, &vec![0.0; outputs]));
    }

    #[test]
    fn a_row_does_not_depend_on_the_others() {
        let mut rng = Rng::part(3, 0);
        let (w, b) = (numbers(&mut rng, 96 * 40), numbers(&mut rng, 40));
        let x = numbers(&mut rng, 50 * 96);
        for precision in [Precision::F32, Precision::Int8] {
            let dense = DenseLayer::new(&w, b.clone(), precision);
            let all = dense.apply(&x);
            assert_eq!(dense.apply(&x[96..96 * 3]), all[40..120], "{precision}");
            assert_eq!(dense.apply(&x[96 * 7..96 * 44]), all[40 * 7..40 * 44], "{precision}");
        }
    }
}
