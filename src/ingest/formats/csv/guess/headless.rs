//! Tables whose columns nothing names.

use super::dialect::Sample;
use super::senders;
use super::stats::CellStats;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};

/// Columns that the question shows, and characters of what stands in each.
const SHOWN: usize = 8;
const LEN: usize = 30;

/// Asks what the columns of a table without a header hold, where their values do not say it: who speaks, in words that are known, or
/// whole conversations; whether it did.
pub(super) fn ask(
    m: &Mapping,
    sample: &Sample,
    stats: &[CellStats],
    said: &PersonsWord<'_>,
    asked: &mut AskedValues,
) -> bool {
    let told = m.column(CsvField::Role).is_some() || m.shape == RowShape::Conversations;
    let answered = [CsvField::Text, CsvField::Reply].iter().any(|f| (said.keys)(f.name()));
    let Some(text) = m.column(CsvField::Text).filter(|_| !sample.header && !told && !answered) else { return false };
    let shown: Vec<String> =
        sample.columns.iter().enumerate().take(SHOWN).map(|(i, name)| example(sample, i, name)).collect();
    let more = sample.columns.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    // By their values: what takes turns, a day, a time of day.
    let role = senders::likeliest(m, sample, stats).map(|sender| sender.column);
    let known = [(CsvField::Time, m.column(CsvField::Time)), (CsvField::Clock, m.column(CsvField::Clock))];
    let known: String = known.iter().filter_map(|(f, c)| Some(format!(",{f}={}", (*c)?))).collect();
    let turns = match role {
        Some(role) => format!(
            "where rows are turns, --map {} (id=COLUMN where a column names conversations, id=file where the file is one)",
            in_shell(&format!("text={text},role={role},id=file{known}"))
        ),
        None => "where rows are turns, also role=COLUMN and id=COLUMN (id=file where the file is one conversation), time=COLUMN and, for a \
                 time of day in a column of its own, clock=COLUMN"
            .to_owned(),
    };
    let settle = format!(
        "--map {} where each row is a customer's words by itself (with gold=COLUMN for what people labelled, reply=COLUMN for the AI's \
         answer); {turns}; --map header=yes where the first row names the columns",
        in_shell(&format!("text={text}"))
    );
    asked.need(
        "what the columns hold",
        format!("no header names them: {}{more}", shown.join(", ")),
        settle,
        &[("text", text)],
        None,
    );
    true
}

/// A column with the first of its values.
fn example(sample: &Sample, i: usize, name: &str) -> String {
    let Some(value) = sample.values(i).next().map(str::trim) else { return format!("{name} (empty)") };
    let cut: String = value.chars().take(LEN).collect();
    let dots = if cut.len() < value.len() { "…" } else { "" };
    format!("{name} (`{}{dots}`)", cut.replace(['\n', '\r', '`'], " "))
}
