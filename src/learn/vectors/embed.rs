//! Texts as dense vectors: what the built-in table and every sentence encoder offer to the classifier.

use crate::domain::{Cancelled, Reporter};

/// Turns texts into vectors of one length that lie close where meanings are close.
pub trait Embedder: Send + Sync {
    /// Names what the vectors come from, precision included: vectors of different keys must not be mixed, and a model
    /// that was trained on one key can only be served with that key.
    fn key(&self) -> &str;

    /// How many numbers a vector has.
    fn width(&self) -> usize;

    /// One vector a text, row after row: `texts.len() * width()` numbers. A row has L2 norm 1, or is all zeros where
    /// nothing in the text is known. The vector of a text does not depend on the other texts of the call.
    ///
    /// # Errors
    /// [`Cancelled`] when the reporter says so.
    fn embed(&self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, Cancelled>;
}
