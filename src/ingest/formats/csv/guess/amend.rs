//! A mapping that a person changes bit by bit.

use super::dialect::{Dialect, Sample};
use super::shape;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::{Mapping, MappingError, RowShape};

/// Changes a mapping of a text that begins with `head` by what `--map` says; what a row is follows as in [`refit`], unless that is said.
///
/// # Errors
/// A flag that cannot be. The mapping is then as it was.
pub fn amend(head: &[u8], mapping: &mut Mapping, given: &str) -> Result<(), MappingError> {
    let before = mapping.clone();
    mapping.apply_flags(given, &Sample::read(head, &Dialect::of(&before)).columns)?;
    if !flags::pairs(given)?.iter().any(|(key, _)| key.eq_ignore_ascii_case("shape")) {
        refit(head, &before, mapping);
    }
    Ok(())
}

/// Lets what a row is follow the fields of a changed mapping, where they tell it otherwise than those before did; where they do not, it stays as
/// somebody may have set it.
pub fn refit(head: &[u8], before: &Mapping, mapping: &mut Mapping) {
    let told = |m: &Mapping| shape(m, &Sample::read(head, &Dialect::of(m)));
    let now = told(mapping);
    if now == told(before) {
        return;
    }
    mapping.shape = now;
    if now != RowShape::Conversations {
        mapping.set(CsvField::Transcript, None);
    }
}
