//! Rows that rate conversations which stand somewhere else, as surveys are exported.

use super::kinds::RowKind;
use super::plan::CellPlan;
use crate::domain::{Conversation, Timestamp};
use crate::ingest::context::Context;
use crate::ingest::formats::contract::{Found, Records};
use crate::ingest::formats::csv::cells::rated;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::rejects::BadRecord;
use crate::ingest::rows::cut::{CutRow, CutRows, CutStep};
use crate::ingest::rows::dialect::is_separator;
use crate::ingest::rows::text::{RewindableText, TextInput};
use rustc_hash::FxHashMap;
use std::io::{self, Read};

/// The ratings of a table, each as a conversation without turns.
pub struct RatingRows {
    plan: CellPlan,
    rows: CutRows<TextInput>,
    row: CutRow,
    /// Rows that still come before the first with data.
    skip: usize,
    /// By conversation the line of the rating that counts.
    latest: FxHashMap<String, (Option<Timestamp>, u64)>,
}

/// What is noted of a rating that another one of its conversation stands in the place of.
const RATED_AGAIN: &str = "rates a conversation that this file rates more than once: of these the latest counts, by its time where it has one, else by its row";

impl RatingRows {
    /// Reads a text from its beginning, by a plan whose mapping was checked against its columns; before that `again`, where there is one, for
    /// which rating of a conversation is the latest.
    pub fn new(
        plan: CellPlan,
        again: Option<&RewindableText>,
        text: Box<dyn Read + Send>,
        max: usize,
        cx: &Context,
    ) -> Self {
        let (skip, delimiter) = (plan.skip, plan.mapping.delimiter as u8);
        let cut = |text| CutRows::new(text, delimiter, max, 0);
        let rows = cut(TextInput::Stream(text));
        let mut out = Self { plan, rows, row: CutRow::default(), skip, latest: FxHashMap::default() };
        // What goes wrong here goes wrong again when the rows are read, and is said then.
        if let Some(Ok(whole)) = again.map(RewindableText::stream) {
            let rows = std::mem::replace(&mut out.rows, cut(whole));
            while let Ok(Some(step)) = out.step() {
                if step.is_ok() && out.plan.word(&out.row, CsvField::Csat).is_some() {
                    out.note(cx);
                }
            }
            (out.rows, out.skip) = (rows, skip);
        }
        out
    }

    /// Notes the rating in the row that was read, where it is later than what is noted of its conversation.
    fn note(&mut self, cx: &Context) {
        const TIMES: [CsvField; 3] = [CsvField::Time, CsvField::Ended, CsvField::Started];
        let Some(key) = self.key(cx) else { return };
        let told = TIMES.into_iter().find_map(|field| self.plan.word(&self.row, field));
        let at = told.and_then(|told| cx.times.read_text(&told).ok().flatten());
        let noted = self.latest.entry(key).or_insert((at, self.row.line));
        *noted = (*noted).max((at, self.row.line));
    }

    /// Which conversation a row rates.
    fn key(&self, cx: &Context) -> Option<String> {
        let id = self.plan.word(&self.row, CsvField::Id)?;
        let source = self.plan.word(&self.row, CsvField::Source).unwrap_or_else(|| cx.source.clone());
        Some(format!("{source}\0{id}"))
    }

    /// Reads the next row of data; `None`: there is none.
    fn step(&mut self) -> io::Result<Option<Result<(), BadRecord>>> {
        loop {
            match self.rows.next(&mut self.row)? {
                CutStep::End => return Ok(None),
                CutStep::Bad(bad) => return Ok(Some(Err(bad))),
                CutStep::Row if is_separator(&self.row) => {}
                CutStep::Row if self.skip > 0 => self.skip -= 1,
                CutStep::Row if !matches!(self.plan.kind(&self.row), RowKind::Data) => {}
                CutStep::Row => return Ok(Some(Ok(()))),
            }
        }
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
        while let Some(step) = self.step()? {
            if let Err(bad) = step {
                return Ok(Some(Err(bad)));
            }
            cx.warnings.line = self.row.line;
            let latest = self.key(cx).and_then(|key| self.latest.get(&key));
            if latest.is_some_and(|(_, line)| *line != self.row.line)
                && self.plan.word(&self.row, CsvField::Csat).is_some()
            {
                cx.warnings.add(RATED_AGAIN);
            } else if let Some(read) = self.rating(cx) {
                return Ok(Some(read.map(|c| (Box::new(c), self.row.line))));
            }
        }
        Ok(None)
    }

    fn line(&self) -> u64 {
        self.rows.line()
    }
}
