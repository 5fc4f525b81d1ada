//! What helps a newcomer: hints, the tour, the glossary, which keys work now.

pub mod enabled;
pub(crate) mod glossary;
pub mod hints;
pub mod tour;
