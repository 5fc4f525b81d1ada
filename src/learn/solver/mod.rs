//! Optimisers that every learner may use: linear SVMs by dual descent, softmax regression, dense vectors.

pub(in crate::learn) mod dense;
pub(in crate::learn) mod softmax;
pub mod sparse;
pub(in crate::learn) mod sparse_softmax;
pub mod svm;
