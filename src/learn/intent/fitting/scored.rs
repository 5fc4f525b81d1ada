//! An example as both heads score it.

/// The SVMs on n-grams, and the softmax on vectors.
pub const HEADS: usize = 2;

/// A held-out example.
pub struct Scored<'a> {
    /// Scores of all classes by each head; empty where the second is not there.
    pub heads: [&'a [f32]; HEADS],
    /// The true class.
    pub class: usize,
    /// Its weight.
    pub weight: f32,
}

impl Scored<'_> {
    /// What a head says about a class; 0 where the head is not there.
    pub fn score(&self, head: usize, class: usize) -> f32 {
        self.heads[head].get(class).copied().unwrap_or(0.0)
    }
}
