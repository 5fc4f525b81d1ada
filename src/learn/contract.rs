//! What every learner has in common: intents, responses, sentiment and offers.
//!
//! After linfa's `Fit` and `Predict`: a recipe is fitted to examples, which gives a model and what it says to examples that
//! it has not seen; the model predicts, explains itself, and is a section of a release. A learner imports solvers, vectors and
//! base, never another learner; scoring is for `judge`, which reads [`Fitted::unseen`].

use crate::base::bytes::BytesError;
use crate::domain::{Cancelled, Reporter};

/// Why nothing was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// There is no example, or none with a weight.
    #[error("there are no examples to learn from")]
    NothingToLearn,
    /// Stopped by the person who started it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A recipe: all that a learner is told beside its examples.
pub trait LearnerRecipe<Example> {
    /// What comes of it.
    type Fitted: Fitted;

    /// Fits a model. The same examples in the same order and the same recipe give the same bytes, whatever the number of threads.
    ///
    /// # Errors
    /// [`FitError::NothingToLearn`] where a model needs examples and none is usable; [`FitError::Cancelled`].
    fn fit(&self, examples: &[Example], reporter: &dyn Reporter) -> Result<Self::Fitted, FitError>;
}

/// A model with what is known of it on what it has not seen.
pub trait Fitted {
    /// The model, fitted to all examples.
    type Model: Section;
    /// What it says to an example.
    type Answer;

    /// Says what a model answers to an example (by its place) that has seen neither it nor any other of its group (rule 18).
    /// `None` where nothing would be left to learn from.
    fn unseen(&self, example: usize) -> Option<Self::Answer>;

    /// Keeps the model alone.
    fn into_model(self) -> Self::Model;
}

/// A model that answers questions.
pub trait Predict<Question> {
    /// What it answers.
    type Answer<'m>
    where
        Self: 'm;

    /// Answers a question.
    fn predict(&self, question: Question) -> Self::Answer<'_>;
}

/// A model that says what its answers come from.
pub trait ExplainedModel<Question> {
    /// What they come from.
    type Reasons<'m>
    where
        Self: 'm;

    /// Says what an answer comes from.
    fn explain(&self, question: Question) -> Self::Reasons<'_>;
}

/// The name of a section in a release.
pub type Tag = [u8; 4];

/// A part of a release: what is kept of a model.
pub trait Section: Sized {
    /// Its name. Never changes, never means something else.
    const TAG: Tag;
    /// Bytes that it may have once it is unpacked; more is refused before it is read.
    const MOST: u64;

    /// Writes it; the same model gives the same bytes.
    ///
    /// # Errors
    /// Memory runs out.
    fn to_bytes(&self) -> std::io::Result<Vec<u8>>;

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// The bytes are of something else, of another version or damaged.
    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError>;
}

#[cfg(test)]
mod tests;
