//! Where the fields of a mapping stand in a file's rows.

use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use crate::ingest::times::DateOrder;

/// Where fields stand in the rows.
pub struct FieldPlaces {
    index: Vec<Option<usize>>,
    pub(super) pair: Option<[usize; 2]>,
    pub(super) whole_file: bool,
    pub(super) shape: RowShape,
    pub(super) order: Option<DateOrder>,
    /// Columns without a field.
    pub(super) free: Vec<usize>,
    /// Columns that say nothing of what was said, when and by whom, where no message has an id.
    pub(super) beside: Vec<usize>,
}

/// Fields that tell a message from others.
pub(super) const OF_MESSAGES: &[CsvField] =
    &[CsvField::Role, CsvField::Text, CsvField::Reply, CsvField::Time, CsvField::Clock, CsvField::Turn];

impl FieldPlaces {
    /// Of a mapping in a file with these columns.
    pub fn of(m: &Mapping, columns: &[String]) -> Self {
        let place = |f: &CsvField| columns.iter().position(|c| Some(c.as_str()) == m.column(*f));
        let at = |name: &String| columns.iter().position(|c| c == name);
        let pair = m.pair.as_ref().and_then(|[one, other]| Some([at(one)?, at(other)?]));
        let index: Vec<Option<usize>> = CsvField::ALL.iter().map(place).collect();
        let free = (0..columns.len()).filter(|i| m.shape == RowShape::Turns && !index.contains(&Some(*i))).collect();
        let is_beside = |field: Option<CsvField>| field.is_none_or(|f| f != CsvField::Id && !OF_MESSAGES.contains(&f));
        let looked = m.shape == RowShape::Turns && m.column(CsvField::MessageId).is_none();
        let beside = (0..columns.len()).filter(|i| looked && is_beside(m.field_of(&columns[*i]))).collect();
        Self { index, pair, whole_file: m.whole_file, shape: m.shape, order: m.date_order, free, beside }
    }

    /// Where a field stands.
    pub(super) fn of_field(&self, field: CsvField) -> Option<usize> {
        self.index[field as usize]
    }
}
