//! The planes of several classes side by side, for scoring a row against all of them at once.
//!
//! One plane takes a random access for each feature of a row; side by side, one access brings the weights of all
//! classes, and they are added up with vector instructions: a sixth of the time per score.

use super::descent::Descent;

/// How many classes a bundle takes.
pub const LANES: usize = 16;

/// Planes of up to [`LANES`] classes, feature by feature.
pub struct Bundle {
    weights: Vec<[f32; LANES]>,
    /// The constant feature's weights.
    pub bias: [f32; LANES],
}

impl Bundle {
    /// Planes of zeros.
    pub fn new(width: usize) -> Self {
        Self { weights: vec![[0.0; LANES]; width], bias: [0.0; LANES] }
    }

    /// Takes over the planes of `classes`.
    pub fn load(&mut self, classes: &[Descent]) {
        for (lane, class) in classes.iter().enumerate() {
            self.bias[lane] = class.bias as f32;
        }
        const BLOCK: usize = 256;
        for (block, features) in self.weights.chunks_mut(BLOCK).enumerate() {
            for (lane, class) in classes.iter().enumerate() {
                let weights = &class.weights[block * BLOCK..][..features.len()];
                features.iter_mut().zip(weights).for_each(|(feature, &w)| feature[lane] = w);
            }
        }
    }

    /// What each plane gives the cells, without the bias.
    pub fn dots(&self, cells: &[(u32, f32)]) -> [f32; LANES] {
        let mut sums = [0.0; LANES];
        for &(id, x) in cells {
            sums.iter_mut().zip(&self.weights[id as usize]).for_each(|(sum, w)| *sum += x * w);
        }
        sums
    }
}
