//! The rows that classes are trained on, and those that a fold hides.

use crate::learn::solver::sparse::Sparse;
use rayon::prelude::*;

/// Blocks of features that each have norm 1 in a row: words and characters.
pub const BLOCKS: usize = 2;

/// Sparse rows, stored one after the other, with their squared norms (the bias feature counted).
#[derive(Clone, Debug)]
pub struct SparseRows {
    starts: Vec<usize>,
    cells: Sparse,
    /// The squared norm of each, 1 for the bias feature included.
    pub squares: Vec<f64>,
    /// How many features there are.
    pub width: usize,
    /// The first feature of the second block.
    split: u32,
}

impl SparseRows {
    /// Joins `vectors`, whose feature numbers are all below `width`; those from `split` on are a block of their own.
    pub fn new(vectors: &[Sparse], width: usize, split: usize) -> Self {
        let split = split as u32;
        let mut rows = Self { starts: vec![0], cells: Vec::new(), squares: Vec::new(), width, split };
        rows.cells.reserve_exact(vectors.iter().map(Vec::len).sum());
        for v in vectors {
            rows.cells.extend_from_slice(v);
            rows.starts.push(rows.cells.len());
            rows.squares.push(1.0 + v.iter().map(|&(_, x)| f64::from(x) * f64::from(x)).sum::<f64>());
        }
        rows
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.squares.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.squares.is_empty()
    }

    /// The cells of a row.
    pub fn row(&self, i: usize) -> &[(u32, f32)] {
        &self.cells[self.starts[i]..self.starts[i + 1]]
    }

    /// The cells of a row, block by block.
    pub fn blocks(&self, i: usize) -> [&[(u32, f32)]; BLOCKS] {
        let row = self.row(i);
        let (a, b) = row.split_at(row.partition_point(|&(id, _)| id < self.split));
        [a, b]
    }
}

/// The rows that the model of one fold does not know.
#[derive(Clone, Debug)]
pub struct HiddenRows {
    /// Their numbers, ascending.
    pub rows: Vec<u32>,
    /// What each block of the row is multiplied with, so that the features that occur in no row the model knows are out
    /// of the norm, as they are for a new text.
    pub stretch: Vec<[f32; BLOCKS]>,
}

impl HiddenRows {
    /// Hides each of `folds`, ascending lists of row numbers, from a model of its own. `totals`: what each row costs;
    /// one that costs nothing is known to no model.
    pub fn new(rows: &SparseRows, totals: &[f32], folds: &[Vec<u32>]) -> Vec<Self> {
        let count = |counts: &mut [u32], i: usize| {
            let row = if totals[i] > 0.0 { rows.row(i) } else { &[] };
            row.iter().for_each(|&(id, _)| counts[id as usize] += 1);
        };
        let mut all = vec![0u32; rows.width];
        (0..rows.len()).for_each(|i| count(&mut all, i));
        let one = |hidden: &Vec<u32>| {
            let mut here = vec![0u32; rows.width];
            hidden.iter().for_each(|&i| count(&mut here, i as usize));
            let known = |block: &[(u32, f32)]| {
                let known = block.iter().filter(|&&(id, _)| here[id as usize] < all[id as usize]);
                let square: f32 = known.map(|&(_, x)| x * x).sum();
                if square > 0.0 { square.sqrt().recip() } else { 0.0 }
            };
            let stretch = hidden.iter().map(|&i| rows.blocks(i as usize).map(known)).collect();
            Self { rows: hidden.clone(), stretch }
        };
        folds.par_iter().map(one).collect()
    }
}

/// The product of a sparse row with dense weights. Four sums, so that additions need not wait for each other.
pub fn dot(weights: &[f32], row: &[(u32, f32)]) -> f32 {
    let mut sums = [0.0f32; 4];
    let (fours, rest) = row.as_chunks::<4>();
    for four in fours {
        sums.iter_mut().zip(four).for_each(|(sum, &(id, x))| *sum += weights[id as usize] * x);
    }
    rest.iter().for_each(|&(id, x)| sums[0] += weights[id as usize] * x);
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}
