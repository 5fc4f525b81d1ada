//! Tables in Markdown, as rows: written as CSV into a file of our own and read like any other.

use super::workbook::WorkbookSheet;
use crate::disk::{self, Temporary};
use crate::ingest::context::Warnings;
use crate::ingest::formats::contract::OpenError;
use crate::ingest::input::source::{Input, InputSource};
use std::borrow::Cow;
use std::io::{BufRead, BufReader, BufWriter};

/// Lines of the beginning among which the table is looked for.
const LOOKED_AT: usize = 100;

/// Whether a table begins in the first lines of a text: a line of names, and one of dashes below it.
pub(super) fn is_one(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let lines: Vec<&str> = text.lines().take(LOOKED_AT).collect();
    lines.windows(2).any(|pair| is_row(pair[0]) && is_rule(pair[1]) && cells(pair[0]).len() == cells(pair[1]).len())
}

/// The tables of a text as a sheet. Further tables with other names than the first are left out, and told.
pub(super) fn sheet(source: InputSource, max: usize, warnings: &mut Warnings) -> Result<WorkbookSheet, OpenError> {
    let kept = Temporary::new()?;
    let csv = kept.path().join("sheet.csv");
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(disk::make(&csv)?));
    let (mut names, mut held): (Option<Vec<String>>, Option<Vec<String>>) = (None, None);
    let (mut within, mut others) = (false, 0_u64);
    for (number, line) in (1..).zip(BufReader::new(source.into_text()?.read()).split(b'\n')) {
        let line = line?;
        if line.len() > max {
            return Err("a line of this table is longer than the limit".into());
        }
        let line = String::from_utf8_lossy(&line);
        if matches!(line, Cow::Owned(_)) {
            warnings.line = number;
            warnings.damaged();
        }
        if !is_row(&line) {
            (held, within) = (None, false);
            continue;
        }
        let row = cells(&line);
        match held.take() {
            Some(header) if is_rule(&line) => {
                within = names.as_ref().is_none_or(|n| *n == header);
                if names.is_none() {
                    out.write_record(&header)?;
                    names = Some(header);
                } else if !within {
                    others += 1;
                }
            }
            _ if within => out.write_record(&row)?,
            _ => held = Some(row),
        }
    }
    out.flush()?;
    drop(out);
    warnings.line = 0;
    if others > 0 {
        warnings.add(&format!("{others} further tables have other columns than the first: left out"));
    }
    Ok(WorkbookSheet { source: InputSource::open(Input::File(csv))?, kept, is_named_by_file: false })
}

fn is_row(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.len() > 1 && line[1..].contains('|')
}

fn is_rule(line: &str) -> bool {
    line.contains('-') && line.trim().chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// The cells of a row, without what frames them; `\|` is a sign of the text.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let (mut out, mut cell, mut escaped) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '|' if !escaped => out.push(std::mem::take(&mut cell).trim().replace("<br>", "\n")),
            '|' => {
                cell.pop();
                cell.push(c);
            }
            _ => cell.push(c),
        }
        escaped = c == '\\';
    }
    if !cell.trim().is_empty() {
        out.push(cell.trim().to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_and_cut() {
        let text = "# Chats\n\n| id | role | text |\n|---|:--|---|\n| k2 | user | a \\| b? |\n";
        assert!(is_one(text.as_bytes()) && !is_one(b"a|b\n1|2\n") && !is_one(b"| a | b |\n| 1 | 2 |\n"));
        assert_eq!(cells("| k2 | user | a \\| b? |"), ["k2", "user", "a | b?"]);
    }
}
