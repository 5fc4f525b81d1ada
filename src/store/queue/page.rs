//! The queue: pages by keyset (never by offset) and counts, from the packed columns; rows are read for a page only.

use super::columns::{ColumnSet, Ordering, PackedColumn, PackedColumns, RankedRow, RowPredicate};
use crate::domain::query::sort::OrderBy;
use crate::domain::{
    Cause, ConversationId, Filter, IntentId, Outcome, OutcomeSource, Query, QueueOrder, Review, TestGroups, Timestamp,
};
use crate::learn::intent::sampling::value;
use crate::learn::signals::Signals;
use crate::store::codes::{LABEL, MOOD, TRAINING};
use crate::store::patterns::topics::TOPIC_OF;
use crate::store::queue::reasons::why;
use crate::store::{Cursor, DoingWhat, IntentNames, Page, PageStart, QueueRow, Result, Store};
use rusqlite::Row;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

/// Rows in the order of a list of row numbers (JSON).
pub(in crate::store) static ROWS_SQL: LazyLock<String> = LazyLock::new(|| {
    format!(
    "SELECT c.id, s.text, c.external_id, c.last_at, c.outcome, c.outcome_source, c.intent, c.fallback, c.suggested,
        coalesce(c.suggested_confidence, c.confidence), c.label, c.cause, coalesce(t.text, ''), c.csat, c.review, r.name,
        c.priority, c.mismatch, c.part, EXISTS(SELECT 1 FROM cycle_item a JOIN cycle y ON y.id = a.cycle
            WHERE a.conversation = c.id AND a.audit = 1 AND y.closed_at IS NULL), 
        coalesce(c.signals, 0) | iif(c.felt < 0, 128, 0),
        h.text, n.text, c.n_turns, coalesce((SELECT CAST(k.value AS REAL) FROM current k
            WHERE k.subject = c.id AND k.kind = {MOOD} AND k.turn = -1), c.felt, c.sentiment),
        coalesce((SELECT CAST(m.value AS INTEGER) FROM current m WHERE m.subject = c.id AND m.kind = {LABEL} AND m.turn = c.first_turn),
            c.first_intent, {topic}),
        EXISTS(SELECT 1 FROM current k WHERE k.subject = c.id AND k.kind = {MOOD} AND k.turn = -1 AND k.value IS NOT NULL)
     FROM json_each(?) p JOIN conversation c ON c.id = p.value JOIN term s ON s.id = c.source
     -- Where the log says nothing of intents, the request is what tells conversations apart.
     LEFT JOIN turn t ON t.id = (c.id << 20 | iif(c.intent IS NULL AND c.first_intent IS NULL AND NOT c.fallback,
        coalesce(c.first_turn, c.failing_turn), c.failing_turn))
     LEFT JOIN term h ON h.id = c.channel LEFT JOIN term n ON n.id = coalesce(nullif(c.written, 0), c.language)
     LEFT JOIN reviewer r ON r.id = c.reviewer", topic = *TOPIC_OF)
});

/// What an order needs to know beside the columns.
pub(in crate::store) struct OrderContext {
    sort: QueueOrder,
    ranks: Vec<i64>,
    fit: Option<Rc<Vec<i64>>>,
}

impl OrderContext {
    fn ordering(&self) -> Ordering<'_> {
        Ordering { sort: self.sort, ranks: &self.ranks, fit: self.fit.as_ref().map(|f| f.as_slice()) }
    }
}

impl Store {
    /// A page of the queue.
    ///
    /// # Errors
    /// The query names what does not exist or has no data yet; the store cannot be read.
    pub fn queue_page(
        &self,
        query: &Query,
        sort: QueueOrder,
        place: PageStart,
        limit: usize,
        now: Timestamp,
    ) -> Result<Page> {
        let wanted = self.wanted(query, now)?;
        let mut page = self.page_of(&wanted, query, sort, place, limit)?;
        if limit > 0 && page.rows.is_empty() && !page.before {
            page.hidden = self.hidden(query, now)?;
        }
        Ok(page)
    }

    /// How many more a query would find if it did not hide test groups.
    ///
    /// # Errors
    /// As [`Store::queue_page`].
    pub fn hidden(&self, query: &Query, now: Timestamp) -> Result<u64> {
        match query.hides_test_groups() {
            true => self.queue_count(&query.whatever_group().with(Filter::Test(TestGroups::Only)), now),
            false => Ok(0),
        }
    }

    /// A page of what is wanted.
    pub(in crate::store) fn page_of(
        &self,
        wanted: &RowPredicate,
        query: &Query,
        sort: QueueOrder,
        place: PageStart,
        limit: usize,
    ) -> Result<Page> {
        let columns = self.columns(wanted.reads().and(Ordering::reads(sort)))?;
        let places = self.places(query, sort, &columns)?;
        // One row more than asked for tells whether there are more.
        let mut found = pick(&columns, wanted, &places, place, limit.saturating_add(1));
        let more = found.len() > limit;
        found.truncate(limit);
        let backwards = matches!(place, PageStart::End | PageStart::Before(_));
        if backwards {
            found.reverse();
        }
        let other_side = match place {
            PageStart::Start | PageStart::End => false,
            PageStart::After(_) | PageStart::Before(_) => true,
            PageStart::From(c) => !pick(&columns, wanted, &places, PageStart::Before(c), 1).is_empty(),
        };
        let (before, after) = if backwards { (more, other_side) } else { (other_side, more) };
        drop(columns);
        Ok(Page { rows: self.rows(&found)?, before, after, ..Page::default() })
    }

    /// How many conversations a query finds, exactly.
    ///
    /// # Errors
    /// As [`Store::queue_page`].
    pub fn queue_count(&self, query: &Query, now: Timestamp) -> Result<u64> {
        let wanted = self.wanted(query, now)?;
        Ok(wanted.count(&*self.columns(wanted.reads())?))
    }

    /// The place of a conversation in a sort, for [`PageStart::From`]; `None` when it is not in the store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cursor_of(&self, id: ConversationId, query: &Query, sort: QueueOrder) -> Result<Option<Cursor>> {
        let columns = self.columns(ColumnSet::of(&[PackedColumn::State]).and(Ordering::reads(sort)))?;
        let places = self.places(query, sort, &columns)?;
        let at = columns.at(id.0);
        Ok(at.map(|(chunk, at)| Cursor(places.ordering().found(chunk, at, id.0))))
    }

    /// At most `limit` conversations that are wanted, in order.
    pub(in crate::store) fn first_of(
        &self,
        wanted: &RowPredicate,
        query: &Query,
        sort: QueueOrder,
        place: PageStart,
        limit: usize,
    ) -> Result<Vec<ConversationId>> {
        let columns = self.columns(wanted.reads().and(Ordering::reads(sort)))?;
        let places = self.places(query, sort, &columns)?;
        Ok(pick(&columns, wanted, &places, place, limit).into_iter().map(|f| ConversationId(f.id)).collect())
    }

    fn places(&self, query: &Query, sort: QueueOrder, columns: &PackedColumns) -> Result<OrderContext> {
        let by = |by: OrderBy| sort.keys().any(|k| k.by == by);
        let ranks = if by(OrderBy::Intent) { self.intent_names()?.ranks() } else { Vec::new() };
        let fit = if by(OrderBy::Relevance) { self.fit(query, columns.len())? } else { None };
        Ok(OrderContext { sort, ranks, fit })
    }

    fn rows(&self, found: &[RankedRow]) -> Result<Vec<QueueRow>> {
        let ids = serde_json::json!(found.iter().map(|f| f.id).collect::<Vec<_>>()).to_string();
        let names = self.intent_names()?;
        let mut rows: HashMap<i64, QueueRow> = self
            .conn
            .prepare_cached(&ROWS_SQL)
            .and_then(|mut s| {
                s.query_map([ids], |r| row_of(r, &names))?
                    .map(|r| r.map(|row| (row.n.0, row)))
                    .collect::<rusqlite::Result<_>>()
            })
            .doing("reading the queue")?;
        let row = |f: &RankedRow| rows.remove(&f.id).map(|row| QueueRow { cursor: Cursor(*f), ..row });
        Ok(found.iter().filter_map(row).collect())
    }
}

fn pick(
    columns: &PackedColumns,
    wanted: &RowPredicate,
    places: &OrderContext,
    place: PageStart,
    limit: usize,
) -> Vec<RankedRow> {
    let (from, backwards) = match place {
        PageStart::Start => (None, false),
        PageStart::End => (None, true),
        PageStart::After(c) => (Some((c.0, false)), false),
        PageStart::From(c) => (Some((c.0, true)), false),
        PageStart::Before(c) => (Some((c.0, false)), true),
    };
    columns.pick(wanted, &places.ordering(), from, backwards, limit)
}

/// The row with an empty place; the page fills it in.
fn row_of(r: &Row<'_>, names: &IntentNames) -> rusqlite::Result<QueueRow> {
    let today = |at| r.get::<_, Option<i64>>(at).map(|id| id.map(|id| names.name(names.today(IntentId(id)))));
    let at: i64 = r.get(3)?;
    let outcome = Outcome::from_code(r.get(4)?).unwrap_or(Outcome::Unknown);
    let (source, external): (String, String) = (r.get(1)?, r.get(2)?);
    let mut row = QueueRow {
        n: ConversationId(r.get(0)?),
        id: format!("{source}:{external}"),
        cursor: Cursor::default(),
        at: (at != 0).then_some(Timestamp(at)),
        outcome,
        outcome_source: OutcomeSource::from_code(r.get(5)?).unwrap_or(OutcomeSource::Derived),
        intent: today(25)?,
        logged: today(6)?,
        fallback: r.get(7)?,
        suggested: today(8)?,
        confidence: r.get(9)?,
        label: today(10)?,
        cause: r.get::<_, Option<i64>>(11)?.and_then(Cause::from_code),
        text: r.get(12)?,
        csat: r.get(13)?,
        channel: r.get(21)?,
        language: r.get(22)?,
        turns: r.get(23)?,
        sentiment: r.get(24)?,
        sentiment_labelled: r.get(26)?,
        status: Review::from_code(r.get(14)?).unwrap_or(Review::Open),
        reviewer: r.get(15)?,
        value: value(r.get(16)?),
        why: Vec::new(),
        test_group: r.get::<_, i64>(18)? != TRAINING,
        found: None,
    };
    let mut signals = Signals::from_bits(r.get(20)?);
    if r.get(19)? {
        // An audit item of the open cycle is labelled blind (rule 11).
        (row.intent, row.logged, row.suggested, row.confidence, row.fallback) = (None, None, None, None, false);
        signals = Signals::default();
    }
    row.why = why(&row, r.get(17)?, signals);
    Ok(row)
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
