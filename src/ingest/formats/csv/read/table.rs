//! From a file to conversations, row by row.
//!
//! Rows of one conversation usually stand together, and then memory holds one conversation at a time. Whether they do is
//! seen in a first pass over the file, which remembers a hash of every conversation's id. Where they do not (a log in
//! the order of time) a second pass notes where each row starts, 16 bytes a row, sorts that by conversation, and reads
//! the rows from there. A pipe cannot be read twice: there, rows of a conversation that was already over are rejected.

use super::kinds::RowKind;
use super::order::{self, Order, RowGrouping, hashed};
use super::plan::{CellPlan, OwnIds};
use super::row_error::RowError;
use super::said::{self, SpokenRow};
use super::whole;
use crate::domain::Conversation;
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::conversation::{MAX_ID, MAX_TURNS};
use crate::ingest::formats::contract::{Found, Records};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::mapping::RowShape;
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::rejects::BadRecord;
use crate::ingest::rows::cut::{CutRow, CutRows, CutStep};
use crate::ingest::rows::dialect::is_separator;
use crate::ingest::rows::text::{RewindableText, TextInput};
use std::collections::{HashSet, VecDeque};
use std::io;

/// The conversations of a file.
pub struct CsvConversations {
    plan: CellPlan,
    rows: CutRows<TextInput>,
    row: CutRow,
    again: Option<RewindableText>,
    max: usize,
    order: Order,
    group: Option<ConversationRows>,
    /// Ids that were over, where nobody knows whether they come again.
    over: Option<HashSet<u64>>,
    own_ids: OwnIds,
    ready: VecDeque<Found>,
    /// Rows that still come before the first with data.
    skip: usize,
    /// The line in which the columns change places: from there on nothing is read.
    until: Option<u64>,
    /// Rows that were passed over since nobody says anything in them: the first one's line, and how many.
    silent: Option<(u64, u64)>,
    /// Whether anything was found.
    found: bool,
}

/// The rows of one conversation, as far as they were read.
struct ConversationRows {
    id: String,
    line: u64,
    said: Vec<SpokenRow>,
    rows: u64,
    turns: usize,
    bytes: usize,
    /// What spoils it.
    bad: Option<BadRecord>,
    /// A row after these that names no conversation and cannot be read; it is in the middle if rows follow.
    hole: Option<u64>,
}

impl Records for CsvConversations {
    fn line(&self) -> u64 {
        self.rows.line()
    }

    /// Rows that are read by conversation are not read in the file's order.
    fn share(&self) -> Option<f64> {
        match &self.order {
            Order::Sorted(places, all) => Some(1.0 - places.len() as f64 / (*all).max(1) as f64),
            _ => None,
        }
    }

    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        if matches!(self.order, Order::Unknown) {
            self.look_ahead();
        }
        loop {
            if let Some(found) = self.ready.pop_front() {
                self.found = true;
                return Ok(Some(found));
            }
            match self.step(cx) {
                Ok(CutStep::End) => {
                    self.close(cx);
                    if self.ready.is_empty() {
                        let silent = self.silent.take().filter(|_| !self.found);
                        return Ok(silent.map(|(line, rows)| Err(nobody_speaks(line, rows))));
                    }
                }
                Ok(CutStep::Bad(bad)) => self.spoiled(bad, cx),
                Ok(CutStep::Row) => self.take(cx),
                // Its last conversation may lack turns: not imported as if it were whole.
                Err(error) => {
                    self.group = None;
                    return Err(error);
                }
            }
        }
    }
}

impl CsvConversations {
    /// Reads `first`, the text from its beginning, by a plan whose mapping was checked against its columns. `again`: the same
    /// text once more, where it is a file.
    pub fn new(plan: CellPlan, first: Box<dyn io::Read + Send>, again: Option<RewindableText>, max: usize) -> Self {
        Self {
            skip: plan.skip,
            until: None,
            silent: None,
            found: false,
            rows: CutRows::new(TextInput::Stream(first), plan.mapping.delimiter as u8, max, 0),
            plan,
            row: CutRow::default(),
            again,
            max,
            order: Order::Unknown,
            group: None,
            over: None,
            own_ids: OwnIds::default(),
            ready: VecDeque::new(),
        }
    }

    fn step(&mut self, cx: &mut Context) -> io::Result<CutStep> {
        loop {
            if let Order::Sorted(places, _) = &mut self.order {
                let Some(place) = places.next() else { return Ok(CutStep::End) };
                self.rows.go_to(place.offset, u64::from(place.line))?;
            } else if self.until.is_some() {
                return Ok(CutStep::End);
            }
            let step = self.rows.next(&mut self.row)?;
            if step != CutStep::Row {
                return Ok(step);
            }
            if is_separator(&self.row) {
                continue;
            }
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            cx.warnings.line = self.row.line;
            match self.plan.kind(&self.row) {
                RowKind::Data => return Ok(CutStep::Row),
                RowKind::Header => cx.warnings.add("the header stands here again: passed over"),
                RowKind::Sum => {
                    let (_, rows) = self.silent.get_or_insert((self.row.line, 0));
                    *rows += 1;
                    cx.warnings.add("a row in which nobody says anything: taken for a title or a sum, and passed over")
                }
                RowKind::OtherHeader => {
                    self.until = Some(self.row.line);
                    let bad = self.other_header(self.row.line);
                    self.close(cx);
                    self.ready.push_back(Err(bad));
                    return Ok(CutStep::End);
                }
            }
        }
    }

    fn other_header(&self, line: u64) -> BadRecord {
        let reason = "another header stands here, with the columns in another order: this line and all below it are left out; \
                      import what follows as a file of its own";
        BadRecord { line, column: 1, reason: reason.to_owned(), excerpt: String::new() }
    }

    /// Finds out in which order rows are to be read.
    fn look_ahead(&mut self) {
        self.order = Order::File;
        if self.plan.mapping.shape != RowShape::Turns {
            return;
        }
        // What goes wrong here goes wrong again when the rows are read as they stand, and is said then.
        let places = self.again.as_ref().map(|again| order::layout(&self.plan, again, self.max));
        match places {
            Some(Ok(RowGrouping::Together)) => {}
            Some(Ok(RowGrouping::Apart(rows, places, until))) => {
                (self.rows, self.order) = (rows, Order::sorted(places));
                self.skip = 0;
                self.ready.extend(until.map(|line| Err(self.other_header(line))));
            }
            Some(Ok(RowGrouping::TooLarge) | Err(_)) | None => self.over = Some(HashSet::new()),
        }
    }

    /// Takes the row that was read.
    fn take(&mut self, cx: &mut Context) {
        cx.warnings.line = self.row.line;
        if self.plan.is_damaged(&self.row) {
            cx.warnings.damaged();
        }
        let ragged = self.plan.ragged(&self.row);
        if let Some(reason) = ragged {
            return self.spoiled(self.fault(reason), cx);
        }
        let said = said::read(&self.plan, &self.row, cx);
        if self.plan.mapping.shape != RowShape::Turns {
            let found = said.and_then(|said| self.alone(said, cx)).map_err(|e| self.fault(e.to_string()));
            self.ready.push_back(found);
            return;
        }
        match (said, self.id()) {
            (Ok(said), Some(id)) => self.add(id, said, cx),
            (Err(e), Some(_)) => self.spoiled(self.fault(e.to_string()), cx),
            (_, None) => {
                let column = self.plan.mapping.column(CsvField::Id).unwrap_or("id");
                self.spoiled(
                    self.fault(format!(
                        "`{column}` is empty: nobody knows which conversation this belongs to (--map empty_id=above where it is that of the \
                         row before); with its id in this row, too, the file can be imported again: what is stored stays, and the row joins it"
                    )),
                    cx,
                );
            }
        }
    }

    /// The conversation that the row belongs to.
    fn id(&self) -> Option<String> {
        let above = || self.group.as_ref().filter(|_| self.plan.mapping.id_from_above).map(|group| group.id.clone());
        self.plan.id(&self.row).or_else(above)
    }

    /// A row that is a conversation.
    fn alone(&mut self, said: SpokenRow, cx: &mut Context) -> Result<(Box<Conversation>, u64), RowError> {
        let id = match self.plan.id(&self.row) {
            Some(id) if id.len() > MAX_ID => return Err(RecordError::LongId(MAX_ID).into()),
            Some(id) => id,
            None => self.own_ids.next(&self.plan, &self.row),
        };
        whole::finish(&self.plan, id, vec![said], cx).map(|c| (Box::new(c), self.row.line))
    }

    fn add(&mut self, id: String, said: SpokenRow, cx: &mut Context) {
        self.turn_to(id, cx);
        let (max, bytes) = (self.max, self.row.bytes());
        let fault = match &self.group {
            Some(g) if g.bad.is_some() => None,
            Some(g) if g.bytes + bytes > max => Some("its conversation is longer than the limit".to_owned()),
            Some(g) if g.turns + said.turns.len() > MAX_TURNS => {
                Some(format!("its conversation has more than {MAX_TURNS} turns"))
            }
            Some(ConversationRows { hole: Some(line), .. }) => {
                Some(format!("its conversation has a row before it, in line {line}, that cannot be read"))
            }
            _ => None,
        };
        let bad = fault.map(|reason| self.fault(reason));
        if let Some(group) = &mut self.group {
            group.rows += 1;
            if group.bad.is_none() && bad.is_none() {
                group.bytes += bytes;
                group.turns += said.turns.len();
                group.said.push(said);
            } else {
                group.spoil(bad);
            }
        }
    }

    /// A row that cannot be read spoils the conversation that it names: one with a hole would look like what it is not.
    fn spoiled(&mut self, bad: BadRecord, cx: &mut Context) {
        match self.id().filter(|_| self.plan.mapping.shape == RowShape::Turns) {
            Some(id) => {
                self.turn_to(id, cx);
                if let Some(group) = &mut self.group {
                    group.rows += 1;
                    group.spoil(Some(bad));
                }
            }
            None => {
                if let Some(group) = &mut self.group {
                    group.hole = group.hole.or(Some(bad.line));
                }
                self.ready.push_back(Err(bad));
            }
        }
    }

    /// Makes `id` the conversation that rows are added to.
    fn turn_to(&mut self, id: String, cx: &mut Context) {
        if self.group.as_ref().is_some_and(|g| g.id == id) {
            return;
        }
        self.close(cx);
        let line = self.row.line;
        let bad = if id.len() > MAX_ID {
            Some(self.fault(RecordError::LongId(MAX_ID).to_string()))
        } else if self.over.as_ref().is_some_and(|over| over.contains(&hashed(&id))) {
            let why = match &self.again {
                Some(_) => {
                    "the file is packed, and too large or too damaged to be sorted: unpack it, or sort it by conversation"
                }
                None => "a stream cannot be sorted: import it as a file, or sort it by conversation first",
            };
            Some(self.fault(format!("rows of this conversation stood further up, with others between; {why}")))
        } else {
            None
        };
        self.group =
            Some(ConversationRows { id, line, said: Vec::new(), rows: 0, turns: 0, bytes: 0, bad, hole: None });
    }

    /// Ends the conversation that rows were added to.
    fn close(&mut self, cx: &mut Context) {
        let Some(group) = self.group.take() else { return };
        if let Some(over) = &mut self.over {
            over.insert(hashed(&group.id));
        }
        cx.warnings.line = group.line;
        let found = match group.bad {
            Some(bad) => Err(bad),
            None => {
                whole::finish(&self.plan, group.id.clone(), group.said, cx).map(|c| (Box::new(c), group.line)).map_err(
                    |e| BadRecord { line: group.line, column: 1, reason: e.to_string(), excerpt: group.id.clone() },
                )
            }
        };
        self.ready.push_back(found.map_err(|mut bad| {
            if group.rows > 1 {
                bad.reason =
                    format!("{} (the {} rows of conversation `{}` are left out)", bad.reason, group.rows, group.id);
            }
            bad
        }));
    }

    /// What is wrong with the row that was read.
    fn fault(&self, reason: String) -> BadRecord {
        let mut excerpt = String::new();
        for i in 0..self.row.len() {
            let cell = String::from_utf8_lossy(self.row.cell(i));
            excerpt.push_str(if i == 0 { "" } else { self.plan.between() });
            excerpt.extend(cell.chars().take(120));
            if excerpt.chars().count() > 120 {
                break;
            }
        }
        BadRecord { line: self.row.line, column: 1, reason, excerpt: excerpt.chars().take(120).collect() }
    }
}

/// What is wrong with a file all of whose rows were passed over.
fn nobody_speaks(line: u64, rows: u64) -> BadRecord {
    let reason =
        format!("nobody says anything in any of {rows} rows: --map text=COLUMN names the column with the words");
    BadRecord { line, column: 1, reason, excerpt: String::new() }
}

impl ConversationRows {
    /// The first thing that is wrong is said; what was read is not needed any more.
    fn spoil(&mut self, bad: Option<BadRecord>) {
        if self.bad.is_none() {
            self.bad = bad;
        }
        self.said = Vec::new();
    }
}
