//! Rows that are no data: headers that stand again, titles and sums.

use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use std::borrow::Cow;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// What was logged.
    Data,
    /// The header once more.
    Header,
    /// The header once more, its columns in another order: what follows is meant by that.
    OtherHeader,
    /// A title or a sum: nobody speaks in it.
    Sum,
}

/// Tells kinds of rows by a file's columns.
pub struct RowKinds {
    names: Vec<String>,
    has_header: bool,
    /// Columns of which one is filled where something is said.
    spoken: Vec<usize>,
}

impl RowKinds {
    pub fn of(m: &Mapping, columns: &[String]) -> Self {
        let place = |f: &CsvField| columns.iter().position(|c| Some(c.as_str()) == m.column(*f));
        let fields =
            [CsvField::Role, CsvField::Text, CsvField::Reply, CsvField::Transcript, CsvField::Event, CsvField::Tool];
        Self {
            names: columns.iter().map(|c| plain(c)).collect(),
            has_header: m.header,
            spoken: fields.iter().filter_map(place).collect(),
        }
    }

    /// Of a row with so many cells.
    pub fn kind<'r>(&self, cells: usize, cell: &dyn Fn(usize) -> Cow<'r, str>) -> RowKind {
        if self.has_header && cells == self.names.len() && cells > 1 && self.names.contains(&plain(&cell(0))) {
            let here: Vec<String> = (0..cells).map(|i| plain(&cell(i))).collect();
            if here == self.names {
                return RowKind::Header;
            }
            let sorted = |names: &[String]| {
                let mut names = names.to_vec();
                names.sort_unstable();
                names
            };
            if sorted(&here) == sorted(&self.names) {
                return RowKind::OtherHeader;
            }
        }
        let silent =
            !self.spoken.is_empty() && self.names.len() > 3 && self.spoken.iter().all(|&i| cell(i).trim().is_empty());
        if silent && self.spoken.len() > 1 && (0..cells).filter(|&i| !cell(i).trim().is_empty()).count() <= 2 {
            return RowKind::Sum;
        }
        RowKind::Data
    }
}

/// A name as headers are compared; the file that is appended may begin with a mark of its encoding.
fn plain(name: &str) -> String {
    name.trim().trim_start_matches('\u{feff}').trim().to_lowercase()
}
