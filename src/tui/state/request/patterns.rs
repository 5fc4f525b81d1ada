//! What the Patterns screen asks.

use crate::domain::PatternView;
use crate::store::PatternPage;

/// A question of the Patterns screen.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternsRequest {
    /// A list, over so many calendar days.
    Page(PatternView, i64),
}

/// An answer to a [`PatternsRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum PatternsAnswer {
    Page(PatternView, Result<Box<PatternPage>, String>),
}
