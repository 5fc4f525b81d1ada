//! Errors for a person.

/// An error as words for a person.
pub(in crate::tui) fn words(e: impl std::fmt::Display) -> String {
    e.to_string()
}
