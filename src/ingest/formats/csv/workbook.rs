//! Excel workbooks (`.xlsx`): the sheet with the rows is written as CSV into a file of our own, and read like any other.

use super::columns::field::CsvField;
use crate::base::quiet::quietly;
use crate::disk::{self, Temporary};
use crate::ingest::context::{Context, Warnings};
use crate::ingest::formats::contract::{Found, OpenError, Records};
use crate::ingest::input::source::{Container, Input, InputContent, InputSource};
use calamine::{Cell, DataRef, ExcelDateTime, Reader, Xlsx};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes that all parts of a workbook may have when they are unpacked.
const MAX_UNPACKED: u64 = 1 << 30;
/// Columns that a sheet may have.
const MAX_COLUMNS: u32 = 2_000;
/// Rows of its first sheets that are looked at: what comes before them is titles.
const END: u64 = 64 << 10;

/// A sheet as CSV.
pub(super) struct WorkbookSheet {
    /// The CSV.
    pub source: InputSource,
    /// Where the CSV is kept for as long as it is read.
    pub kept: Temporary,
    /// Whether its conversations are named after the file and how they begin.
    pub is_named_by_file: bool,
}

/// Whether an input is a workbook.
pub(super) fn is_one(source: &InputSource) -> bool {
    let is_zip = matches!(source.content, InputContent::Other(Container::Zip));
    // The list of a zip archive's parts stands at its end.
    let end = |path: &Path| -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(END)))?;
        let mut bytes = Vec::new();
        file.take(END).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let path = source.path.as_deref().filter(|_| is_zip);
    path.and_then(|p| end(p).ok()).is_some_and(|bytes| memchr::memmem::find(&bytes, b"xl/workbook.xml").is_some())
}

/// The sheet of a workbook that holds rows: the first with at least two.
pub(super) fn sheet(source: &InputSource, warnings: &mut Warnings) -> Result<WorkbookSheet, OpenError> {
    let path = source.path.as_deref().ok_or("a workbook can be read from a file alone")?;
    // What reads workbooks was not made for damaged ones.
    let (sheet, notes) = quietly(|| sheet_of(path)).unwrap_or_else(|| Err(unreadable(&"it is damaged")))?;
    notes.iter().for_each(|note| warnings.add(note));
    Ok(sheet)
}

/// It, and what is to be said of the others.
fn sheet_of(path: &Path) -> Result<(WorkbookSheet, Vec<String>), OpenError> {
    check_size(path)?;
    let mut book: Xlsx<BufReader<File>> = calamine::open_workbook(path).map_err(|e| unreadable(&e))?;
    let kept = Temporary::new()?;
    let csv = kept.path().join("sheet.csv");
    let mut sheets: Vec<FilledSheet> = Vec::new();
    for (i, name) in book.sheet_names().into_iter().enumerate() {
        let part = kept.path().join(format!("{i}.csv"));
        if write(&mut book, &name, &part)? > 1 {
            sheets.push(FilledSheet::of(name, part)?);
        }
    }
    // The sheet that looks most like conversations, the first of equal ones; and all with the same columns.
    let best = sheets.iter().max_by_key(|s| (s.rank, std::cmp::Reverse(s.name.clone()))).map(|s| s.rank);
    let Some(first) = sheets.iter().find(|s| Some(s.rank) == best) else {
        return Err("no sheet of this workbook holds rows".into());
    };
    let (same, others): (Vec<&FilledSheet>, Vec<&FilledSheet>) =
        sheets.iter().partition(|s| s.name == first.name || first.rank.0 > 0 && s.columns == first.columns);
    let mut to = BufWriter::new(disk::make(&csv)?);
    for (i, tab) in same.iter().enumerate() {
        tab.append(&mut to, if i == 0 { 0 } else { tab.above + 1 })?;
    }
    to.flush()?;
    let named =
        |tabs: &[&FilledSheet]| tabs.iter().take(10).map(|t| format!("`{}`", t.name)).collect::<Vec<_>>().join(", ");
    let mut notes = Vec::new();
    if same.len() > 1 {
        notes.push(format!("the sheets {} have the same columns: read as one", named(&same)));
    }
    if !others.is_empty() {
        notes.push(format!(
            "of this workbook {} is read; save others as workbooks of their own: {}",
            named(&same),
            named(&others)
        ));
    }
    Ok((WorkbookSheet { source: InputSource::open(Input::File(csv))?, kept, is_named_by_file: false }, notes))
}

/// A sheet that holds rows, written as CSV.
struct FilledSheet {
    name: String,
    path: PathBuf,
    columns: Vec<String>,
    /// Rows above the one that names the columns.
    above: usize,
    /// How many of words, conversation and speaker have a column, and how sure that is.
    rank: (usize, u8),
}

impl FilledSheet {
    fn of(name: String, path: PathBuf) -> Result<Self, OpenError> {
        let mut head = Vec::new();
        File::open(&path)?.take(END).read_to_end(&mut head)?;
        let guess = super::guess(&head);
        let has = |fields: &[CsvField]| fields.iter().any(|f| guess.mapping.column(*f).is_some());
        let named = guess.mapping.header;
        let found = [
            &[CsvField::Text, CsvField::Transcript][..],
            &[CsvField::Id],
            &[CsvField::Role, CsvField::Reply, CsvField::Gold],
        ];
        let rank = if named { found.iter().filter(|fields| has(fields)).count() } else { 0 };
        Ok(Self { name, path, columns: guess.names(), above: guess.above, rank: (rank, guess.sure) })
    }

    /// Writes its rows behind what is there, without the first of them.
    fn append(&self, to: &mut impl Write, without: usize) -> Result<(), OpenError> {
        let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(&self.path)?;
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(to);
        for row in rows.byte_records().skip(without) {
            out.write_byte_record(&row?)?;
        }
        Ok(out.flush()?)
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> OpenError {
    format!("this Excel workbook cannot be read: {error}").into()
}

/// Refuses what unpacks to more than any log: small archives can hold enormous files.
fn check_size(path: &Path) -> Result<(), OpenError> {
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|e| unreadable(&e))?;
    let mut left = MAX_UNPACKED;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|e| unreadable(&e))?;
        left -= io::copy(&mut part.take(left), &mut io::sink())?;
        if left == 0 {
            return Err(format!(
                "this workbook unpacks to more than {} MiB: save the sheet as CSV",
                MAX_UNPACKED >> 20
            )
            .into());
        }
    }
    Ok(())
}

/// Writes a sheet as CSV; how many rows of it hold something.
fn write(book: &mut Xlsx<BufReader<File>>, name: &str, to: &Path) -> Result<u64, OpenError> {
    let mut merged = MergedRows::of(book, name);
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(0) };
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(disk::make(to)?));
    let (mut row, mut at, mut rows): (Vec<String>, Option<u32>, u64) = (Vec::new(), None, 0);
    let mut width = 0;
    let mut end = |row: &mut Vec<String>, at: Option<u32>| -> Result<(), OpenError> {
        if row.iter().any(|cell| !cell.is_empty()) {
            at.iter().for_each(|&line| merged.fill(row, line));
        }
        if row.iter().any(|cell| !cell.is_empty()) {
            rows += 1;
            // A sheet holds no cells behind the last that is filled; a row of CSV has them all.
            width = width.max(row.len());
            row.resize(width, String::new());
            out.write_record(row.iter())?;
        }
        row.clear();
        Ok(())
    };
    while let Some(cell) = cells.next_cell().map_err(|e| unreadable(&e))? {
        let (line, column) = cell.get_position();
        if at != Some(line) {
            end(&mut row, at)?;
            at = Some(line);
        }
        if column >= MAX_COLUMNS {
            return Err(format!("more than {MAX_COLUMNS} columns in the sheet `{name}`").into());
        }
        if row.len() <= column as usize {
            row.resize(column as usize + 1, String::new());
        }
        row[column as usize] = text(&cell);
    }
    end(&mut row, at)?;
    out.flush()?;
    Ok(rows)
}

/// Cells of a column that were made one: all of them hold what the first does.
struct MergedCells {
    column: usize,
    first: u32,
    last: u32,
    text: String,
}

/// The merged cells of a sheet that span rows, as rows are gone through; cells beside each other are titles.
struct MergedRows {
    /// Those further down, the next one last.
    waiting: Vec<MergedCells>,
    open: Vec<MergedCells>,
}

impl MergedRows {
    fn of(book: &mut Xlsx<BufReader<File>>, name: &str) -> Self {
        let found = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        let tall = found.into_iter().filter(|d| d.start.1 == d.end.1 && d.start.0 < d.end.0 && d.start.1 < MAX_COLUMNS);
        let mut waiting: Vec<MergedCells> = tall
            .map(|d| MergedCells { column: d.start.1 as usize, first: d.start.0, last: d.end.0, text: String::new() })
            .collect();
        waiting.sort_by_key(|cells| std::cmp::Reverse(cells.first));
        Self { waiting, open: Vec::new() }
    }

    /// Gives a row what cells above it say for it, too.
    fn fill(&mut self, row: &mut Vec<String>, line: u32) {
        self.open.retain(|cells| cells.last >= line);
        for cells in &self.open {
            row.resize(row.len().max(cells.column + 1), String::new());
            if row[cells.column].is_empty() {
                row[cells.column].clone_from(&cells.text);
            }
        }
        while let Some(mut cells) = self.waiting.pop_if(|cells| cells.first <= line) {
            cells.text = row.get(cells.column).filter(|_| cells.first == line).cloned().unwrap_or_default();
            self.open.push(cells);
        }
    }
}

/// From here on not every whole number is one of a spreadsheet's.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// With the fifteen digits that a spreadsheet keeps: `4.50123456789012E+17`.
fn scientific(x: f64) -> String {
    format!("{x:.14E}").replace('E', "E+").replace("E+-", "E-")
}

fn text(cell: &Cell<DataRef<'_>>) -> String {
    match cell.get_value() {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => n.to_string(),
        // Numbers have no other kind there; what is whole is written as such.
        DataRef::Float(x) if x.fract() == 0.0 && x.abs() < 1e15 => format!("{x:.0}"),
        // Of so large a number the last digits are none of those that were typed: it is shown as a spreadsheet does.
        DataRef::Float(x) if x.abs() >= EXACT => scientific(*x),
        DataRef::Float(x) => x.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => written(moment),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A date, a time of day or both, as every format reads them.
fn written(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    // Beyond the years 1900 to 9999 it is a number that only looks like a date.
    if moment.is_duration() || !(0.0..2_958_466.0).contains(&days) {
        return days.to_string();
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    match (days < 1.0, days.fract() == 0.0, milli) {
        (true, _, _) => format!("{hour:02}:{minute:02}:{second:02}"),
        (_, true, _) => format!("{year:04}-{month:02}-{day:02}"),
        (_, _, 0) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

/// Records of a file that is there as long as they are.
pub(super) struct KeptRecords {
    pub records: Box<dyn Records>,
    pub _file: Temporary,
}

impl Records for KeptRecords {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        self.records.next(cx)
    }

    fn line(&self) -> u64 {
        self.records.line()
    }

    fn share(&self) -> Option<f64> {
        self.records.share()
    }
}

#[cfg(test)]
mod tests;
