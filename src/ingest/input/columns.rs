//! Parquet files: their rows are written as CSV (flat ones) or JSON Lines (rows with lists in them) into a file of our own, and read
//! like any other. Only with the cargo feature `parquet`: its library is large.

use crate::base::quiet::quietly;
use crate::disk::{self, Temporary};
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Columns that a file may have.
const MOST: usize = 2_000;

/// The rows of a file as text, and where they are kept for as long as they are read.
///
/// # Errors
/// It cannot be read, or is damaged.
pub(in crate::ingest) fn rows(path: &Path) -> io::Result<(Temporary, PathBuf)> {
    // What reads them was not made for damaged ones.
    quietly(|| rows_of(path)).unwrap_or_else(|| Err(unreadable(&"it is damaged")))
}

fn rows_of(path: &Path) -> io::Result<(Temporary, PathBuf)> {
    let reader = SerializedFileReader::new(File::open(path)?).map_err(|e| unreadable(&e))?;
    let schema = reader.metadata().file_metadata().schema().get_fields().to_vec();
    if schema.len() > MOST {
        return Err(io::Error::other(format!(
            "this Parquet file has {} columns: at most {MOST} are read",
            schema.len()
        )));
    }
    let is_nested = schema.iter().any(|field| field.is_group());
    let kept = Temporary::new()?;
    let to = kept.path().join(if is_nested { "rows.jsonl" } else { "rows.csv" });
    let rows = reader.get_row_iter(None).map_err(|e| unreadable(&e))?;
    let mut out = BufWriter::new(disk::make(&to)?);
    if is_nested {
        for row in rows {
            serde_json::to_writer(&mut out, &row.map_err(|e| unreadable(&e))?.to_json_value())?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        return Ok((kept, to));
    }
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(schema.iter().map(|field| field.name()))?;
    for row in rows {
        let row = row.map_err(|e| unreadable(&e))?.to_json_value();
        csv.write_record(schema.iter().map(|field| cell(row.get(field.name()))))?;
    }
    csv.flush()?;
    Ok((kept, to))
}

/// A value as a cell of CSV.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("this Parquet file cannot be read: {error}"))
}
