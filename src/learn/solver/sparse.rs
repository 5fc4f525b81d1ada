//! Vectors of which most numbers are 0.

/// A sparse vector: feature number and value, numbers ascending.
pub type Sparse = Vec<(u32, f32)>;
