//! How many cells a row has.

use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::rows::cut::CutRow;

/// How many cells a row of a file has, and how many of them it must have: columns at the end that nothing names may be missing.
pub struct RowWidth {
    /// All columns.
    pub all: usize,
    /// Those that cannot be missing.
    pub least: usize,
}

impl RowWidth {
    pub fn of(m: &Mapping, columns: &[String]) -> Self {
        let is_unnamed = |i: usize| m.field_of(&columns[i]).is_none() && columns[i] == format!("column {}", i + 1);
        let least = (0..columns.len()).rev().find(|&i| !is_unnamed(i)).map_or(0, |i| i + 1);
        Self { all: columns.len(), least }
    }

    /// Whether a row has as many. In any other row cells stand in wrong columns.
    pub fn fits(&self, row: &CutRow) -> bool {
        let over = (self.all..row.len()).any(|i| !row.cell(i).trim_ascii().is_empty());
        row.len() >= self.least && !over
    }
}
