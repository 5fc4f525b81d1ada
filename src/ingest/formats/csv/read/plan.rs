//! Where in a row everything stands.

use super::kinds::{RowKind, RowKinds};
use super::width::RowWidth;
use crate::ingest::context::Salt;
use crate::ingest::derive::hash::pseudonym;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::formats::csv::survey::CellForms;
use crate::ingest::rows::cut::CutRow;
use crate::ingest::rows::dialect::{decode, encoding_of};
use encoding_rs::Encoding;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// Which cell holds what, for one file.
pub struct CellPlan {
    pub mapping: Mapping,
    pub encoding: Option<&'static Encoding>,
    /// The column of each field, by [`CsvField`]'s number.
    index: Vec<Option<usize>>,
    /// Two columns that name the conversation together.
    pair: Option<[usize; 2]>,
    /// The column in which the customer's words go on.
    subject: Option<usize>,
    /// Columns that no field takes, with their names.
    pub extra: Vec<(usize, String)>,
    width: RowWidth,
    /// What the file is called, where all of it is one conversation.
    file: Option<String>,
    /// Rows before the first with data: titles and the header.
    pub skip: usize,
    pub forms: CellForms,
    kinds: RowKinds,
    /// Columns without a field that differ within some conversation.
    pub of_turns: BTreeSet<String>,
}

impl CellPlan {
    /// `above`: rows above the one that names the columns.
    pub fn new(mapping: Mapping, columns: &[String], above: usize, forms: CellForms, file: &str) -> Self {
        let place = |f: &CsvField| columns.iter().position(|c| Some(c.as_str()) == mapping.column(*f));
        let index: Vec<Option<usize>> = CsvField::ALL.iter().map(place).collect();
        let pair = mapping.pair.as_ref().and_then(|pair| {
            let at = |name: &str| columns.iter().position(|c| c == name);
            Some([at(&pair[0])?, at(&pair[1])?])
        });
        let subject = mapping.subject(columns).and_then(|name| columns.iter().position(|c| c == name));
        let free = |(i, _): &(usize, &String)| !index.contains(&Some(*i)) && subject != Some(*i);
        let extra: Vec<_> = columns.iter().enumerate().filter(free).map(|(i, c)| (i, c.clone())).collect();
        let encoding = encoding_of(mapping.encoding.as_deref());
        let (skip, kinds) = (above + usize::from(mapping.header), RowKinds::of(&mapping, columns));
        let file = mapping.whole_file.then(|| file.to_owned());
        let width = RowWidth::of(&mapping, columns);
        Self {
            encoding,
            index,
            pair,
            subject,
            width,
            file,
            skip,
            forms,
            kinds,
            extra,
            mapping,
            of_turns: BTreeSet::new(),
        }
    }

    /// The same, where these columns are said of turns and never of a conversation.
    pub fn with_own(self, of_turns: BTreeSet<String>) -> Self {
        Self { of_turns, ..self }
    }

    /// Whether a row is data, and if not, what.
    pub fn kind(&self, row: &CutRow) -> RowKind {
        match self.kinds.kind(row.len(), &|i| decode(row.cell(i), self.encoding).0) {
            RowKind::Sum if self.is_cut(row) => RowKind::Data,
            kind => kind,
        }
    }

    /// Whether the text ends in the middle of a row, or of a character.
    fn is_cut(&self, row: &CutRow) -> bool {
        let last = || row.cell(row.len().saturating_sub(1));
        let in_a_character = || std::str::from_utf8(last()).is_err_and(|e| e.error_len().is_none());
        row.is_open && (row.len() < self.width.least || self.encoding.is_none() && in_a_character())
    }

    pub fn cell<'a>(&self, row: &'a CutRow, field: CsvField) -> Option<Cow<'a, str>> {
        let bytes = row.cell(self.index[field as usize]?);
        Some(decode(bytes, self.encoding).0)
    }

    /// A field's cell without blanks around it; nothing where it is empty or says that there is nothing.
    pub fn word(&self, row: &CutRow, field: CsvField) -> Option<String> {
        let cell = self.cell(row, field)?;
        match field {
            // An intent may be called that.
            CsvField::Intent if cell.trim() == "None" => Some("None".to_owned()),
            _ => filled(&cell),
        }
    }

    /// What the customer's words go on with, in a column of its own.
    pub fn subject(&self, row: &CutRow) -> Option<String> {
        filled(&decode(row.cell(self.subject?), self.encoding).0)
    }

    /// The conversation that a row names.
    pub fn id(&self, row: &CutRow) -> Option<String> {
        self.word(row, CsvField::Id).or_else(|| self.file.clone()).or_else(|| {
            let mut two = self.pair?.map(|i| filled(&decode(row.cell(i), self.encoding).0));
            two.sort();
            let [Some(one), Some(other)] = two else { return None };
            Some(format!("{one} {other}"))
        })
    }

    /// Whether a cell of the row is no text in the encoding.
    pub fn is_damaged(&self, row: &CutRow) -> bool {
        (0..row.len()).any(|i| decode(row.cell(i), self.encoding).1)
    }

    /// What stands between cells, for an excerpt.
    pub fn between(&self) -> &'static str {
        match self.mapping.delimiter {
            ';' => ";",
            '\t' => "\t",
            '|' => "|",
            _ => ",",
        }
    }

    /// Why a row has the wrong number of cells.
    pub fn ragged(&self, row: &CutRow) -> Option<String> {
        if self.is_cut(row) {
            return Some("the file is cut off in this row: what follows is missing".to_owned());
        }
        if self.width.fits(row) {
            return None;
        }
        let lines = match row.more_lines {
            0 => String::new(),
            n => format!(" (it goes on to line {}: is a quote missing?)", row.line + n),
        };
        Some(format!(
            "{} cells, where there are {} columns{lines}: quote cells that hold the delimiter or a line break",
            row.len(),
            self.width.all
        ))
    }
}

/// A cell's text, or nothing where it is empty or says so in a program's words.
pub(super) fn filled(cell: &str) -> Option<String> {
    let word = cell.trim();
    let nothing = matches!(
        word,
        "" | "\\N"
            | "NULL"
            | "null"
            | "NaN"
            | "nan"
            | "NaT"
            | "<NA>"
            | "N/A"
            | "n/a"
            | "#N/A"
            | "(null)"
            | "None"
            | "undefined"
    );
    (!nothing).then(|| word.to_owned())
}

/// Several names in one cell; also as a JSON list.
pub(super) fn list(cell: &str, between: &[char]) -> Vec<String> {
    let json: Option<Vec<String>> = cell.starts_with('[').then(|| serde_json::from_str(cell).ok()).flatten();
    let parts = json.unwrap_or_else(|| cell.split(between).map(str::to_owned).collect());
    parts.into_iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

/// The ids of rows that name none: what the row says, hashed, and which of its kind it is. So an id stays the same when
/// rows are added, moved or labelled anew.
#[derive(Default)]
pub(super) struct OwnIds {
    seen: HashMap<u64, u32>,
}

impl OwnIds {
    pub fn next(&mut self, plan: &CellPlan, row: &CutRow) -> String {
        let said = [CsvField::Transcript, CsvField::Text, CsvField::Reply, CsvField::Time]
            .map(|f| plan.cell(row, f).unwrap_or_default());
        let mut hash = pseudonym(&Salt(Vec::new()), &said.join("\u{1f}"));
        hash.truncate(16);
        let count = self.seen.entry(u64::from_str_radix(&hash, 16).unwrap_or_default()).or_default();
        *count += 1;
        if *count == 1 { hash } else { format!("{hash}-{count}") }
    }
}
