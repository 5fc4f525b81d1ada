//! A layer of a small network in integers: exact, so the same on every machine, and fast without special instructions.

use crate::base::bytes::{ByteReader, BytesError};
use crate::base::npy::Array;

/// With more inputs a sum of products of 16 and 8 bits could leave 32 bits.
const MOST_INPUTS: usize = 512;

/// `outputs` rows of `inputs` weights. A row is 8-bit numbers and a scale.
pub struct QuantisedLayer {
    inputs: usize,
    scales: Vec<f32>,
    weights: Vec<i16>,
}

impl QuantisedLayer {
    /// Reads the scales (f32), then the weights (i8), row after row.
    pub fn read(from: &mut ByteReader, inputs: usize, outputs: usize) -> Result<Self, BytesError> {
        if inputs > MOST_INPUTS {
            return Err(BytesError::Damaged("a layer is too wide"));
        }
        let scales = from.list(outputs)?;
        let weights = from.take(inputs * outputs)?.iter().map(|&w| w.cast_signed().into()).collect();
        Ok(Self { inputs, scales, weights })
    }

    /// Weights and scales under these names.
    pub fn arrays(&self, weights: &'static str, scales: &'static str) -> [Array; 2] {
        // They were read from 8 bits.
        let levels = self.weights.iter().map(|&w| w as i8);
        [Array::levels(weights, levels, self.inputs), Array::floats(scales, &self.scales)]
    }

    /// The weights times `x`, which is rounded to 16 bits of its largest.
    pub fn times(&self, x: &[f32]) -> Vec<f32> {
        let largest = x.iter().fold(0.0, |most: f32, v| most.max(v.abs()));
        if largest == 0.0 {
            return vec![0.0; self.scales.len()];
        }
        let unit = largest / f32::from(i16::MAX);
        let x: Vec<i16> = x.iter().map(|v| (v / unit).round() as i16).collect();
        let rows = self.weights.chunks_exact(self.inputs);
        rows.zip(&self.scales).map(|(row, scale)| dot(row, &x) as f32 * scale * unit).collect()
    }
}

fn dot(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::bytes::ByteWriter;

    #[test]
    fn a_layer_multiplies_as_its_numbers_say() {
        let mut bytes = ByteWriter::new(b"test", 1);
        bytes.list(&[0.5_f32, 2.0]);
        bytes.list(&[1_i8, -2, 127, 0, -128, 4]);
        let layer = QuantisedLayer::read(&mut ByteReader::new(&bytes.0, b"test", 1, "a test").unwrap(), 3, 2).unwrap();
        let y = layer.times(&[1.0, -0.25, 0.5]);
        for (got, expected) in y.iter().zip([32.5, 68.0]) {
            assert!((got - expected).abs() < 1e-2, "{got} is not {expected}");
        }
        assert_eq!(layer.times(&[0.0; 3]), [0.0, 0.0]);
    }

    #[test]
    fn the_largest_sums_fit() {
        let (most, least) = (vec![i16::MAX; MOST_INPUTS], vec![-128; MOST_INPUTS]);
        assert_eq!(i64::from(dot(&most, &least)), -128 * 32767 * 512);
    }
}
