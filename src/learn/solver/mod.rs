//! Optimisers that every learner may use: linear SVMs by dual descent, softmax regression, dense vectors.

pub(in crate::learn) mod dense;
pub(in crate::learn) mod softmax;
pub mod svm;

/// A sparse vector: feature number and value, numbers ascending.
pub type Sparse = Vec<(u32, f32)>;
