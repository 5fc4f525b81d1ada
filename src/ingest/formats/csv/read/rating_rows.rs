//! Rows that rate conversations which stand somewhere else, as surveys are exported.

use super::kinds::RowKind;
use super::plan::CellPlan;
use crate::domain::Conversation;
use crate::ingest::context::Context;
use crate::ingest::formats::contract::{Found, Records};
use crate::ingest::formats::csv::cells::rated;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::rejects::BadRecord;
use crate::ingest::rows::cut::{CutRow, CutRows, CutStep};
use crate::ingest::rows::dialect::is_separator;
use crate::ingest::rows::text::TextInput;
use std::io::{self, Read};

/// The ratings of a table, each as a conversation without turns.
pub struct RatingRows {
    plan: CellPlan,
    rows: CutRows<TextInput>,
    row: CutRow,
    /// Rows that still come before the first with data.
    skip: usize,
}

impl RatingRows {
    /// Reads a text from its beginning, by a plan whose mapping was checked against its columns.
    pub fn new(plan: CellPlan, text: Box<dyn Read + Send>, max: usize) -> Self {
        let rows = CutRows::new(TextInput::Stream(text), plan.mapping.delimiter as u8, max, 0);
        Self { skip: plan.skip, plan, rows, row: CutRow::default() }
    }

    fn bad(&self, reason: String) -> BadRecord {
        BadRecord { line: self.row.line, column: 1, reason, excerpt: String::new() }
    }

    /// The rating in the row that was read; `None`: nobody rated.
    fn rating(&self, cx: &mut Context) -> Option<Result<Conversation, BadRecord>> {
        let word = |field| self.plan.word(&self.row, field);
        if let Some(reason) = self.plan.ragged(&self.row) {
            return Some(Err(self.bad(reason)));
        }
        let mut csat = rated::read(&word(CsvField::Csat)?, &self.plan.mapping, cx)?;
        csat.comment = word(CsvField::CsatComment);
        let Some(id) = word(CsvField::Id) else {
            return Some(Err(self.bad("nothing names the conversation that this rates".to_owned())));
        };
        let source = word(CsvField::Source).unwrap_or_else(|| cx.source.clone());
        let mut c = Conversation::new(source, id, Vec::new());
        c.csat = Some(csat);
        Some(Ok(c))
    }
}

impl Records for RatingRows {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        loop {
            match self.rows.next(&mut self.row)? {
                CutStep::End => return Ok(None),
                CutStep::Bad(bad) => return Ok(Some(Err(bad))),
                CutStep::Row if is_separator(&self.row) => {}
                CutStep::Row if self.skip > 0 => self.skip -= 1,
                CutStep::Row if !matches!(self.plan.kind(&self.row), RowKind::Data) => {}
                CutStep::Row => {
                    cx.warnings.line = self.row.line;
                    if let Some(read) = self.rating(cx) {
                        return Ok(Some(read.map(|c| (Box::new(c), self.row.line))));
                    }
                }
            }
        }
    }

    fn line(&self) -> u64 {
        self.rows.line()
    }
}
