//! Patterns that are read once.

use regex::Regex;

/// A pattern that is a constant, used by a test.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}
