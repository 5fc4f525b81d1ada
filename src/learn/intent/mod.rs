//! The intent classifier: one linear SVM an intent on n-grams and a softmax on an embedder's vectors, pooled into
//! calibrated confidences.
//!
//! Fitting also predicts every example out of fold, by a model that knew neither its group nor its text. Those
//! predictions are what a screen may show for labelled data (rule 18) and what the pool and the threshold come from
//! (rule 12).

mod codec;
mod fitting;
#[cfg(test)]
mod greek_tests;
mod influence;
mod model;
mod open;
#[cfg(test)]
mod public_data;
mod recipe;
pub mod sampling;
pub mod self_training;
#[cfg(test)]
mod tests;

pub use fitting::{FittedIntents, fit_without_folds};
pub use influence::{IntentContrast, LabelledWords};
pub use model::{IntentModel, IntentPrediction, WrongEmbedder};
pub use recipe::{IntentExample, IntentRecipe};
