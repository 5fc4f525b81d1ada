//! The queue: pages by keyset (never by offset), counts.

use super::filter::Conditions;
use super::why::why;
use super::{Cursor, Doing, Page, Place, QueueRow, Result, Store};
use crate::domain::sort::By;
use crate::domain::{
    Cause, ConversationId, Filter, Flag, Outcome, OutcomeSource, Query, Review, Sort, Term, Timestamp,
};
use crate::learn::pick::value;
use crate::learn::signals::Signals;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

/// One key as SQL over `conversation AS c`: an integer, none missing.
fn key_sql(by: By) -> &'static str {
    match by {
        By::Value => "c.priority",
        By::Activity | By::Relevance => "c.last_at",
        By::Confidence => "c.doubt",
        By::Outcome => "CASE c.outcome WHEN 3 THEN 0 WHEN 2 THEN 1 WHEN 4 THEN 2 WHEN 1 THEN 3 ELSE c.outcome END",
        By::Csat => "coalesce(CAST(c.csat * 1000 AS INTEGER), 1000000)",
        By::Sentiment => "coalesce(CAST(c.sentiment * 1000000 AS INTEGER), 1000000000)",
        By::Intent => {
            "coalesce((SELECT count(*) FROM intent a, intent b WHERE b.id = c.intent AND a.name < b.name), 1000000000)"
        }
        By::Status => "c.review",
    }
}

impl Store {
    /// A page of the queue.
    ///
    /// # Errors
    /// The query names what does not exist or has no data yet; the store cannot be read.
    pub fn queue_page(&self, query: &Query, sort: Sort, place: Place, limit: usize, now: Timestamp) -> Result<Page> {
        let conditions = self.queue_conditions(query, sort, now)?;
        // One row more than asked for tells whether there are more.
        let mut rows = self.read_rows(&conditions, sort, place, limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let backwards = matches!(place, Place::End | Place::Before(_));
        if backwards {
            rows.reverse();
        }
        let other_side = match place {
            Place::Start | Place::End => false,
            Place::After(_) | Place::Before(_) => true,
            Place::From(c) => !self.read_rows(&conditions, sort, Place::Before(c), 1)?.is_empty(),
        };
        let (before, after) = if backwards { (more, other_side) } else { (other_side, more) };
        Ok(Page { rows, before, after })
    }

    /// How many conversations a query finds, exactly.
    ///
    /// # Errors
    /// As [`Store::queue_page`].
    pub fn queue_count(&self, query: &Query, sort: Sort, now: Timestamp) -> Result<u64> {
        let conditions = self.queue_conditions(query, sort, now)?;
        let sql = format!("SELECT count(*) FROM conversation c WHERE {}", conditions.clause());
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row(params_from_iter(&conditions.params), |r| r.get(0)))
            .doing("counting the queue")
    }

    /// The place of a conversation in a sort, for [`Place::From`]; `None` when it is not in the store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cursor_of(&self, id: ConversationId, sort: Sort) -> Result<Option<Cursor>> {
        let mut keys = [0; Sort::MOST];
        for (place, key) in keys.iter_mut().zip(sort.keys()) {
            let sql = format!("SELECT {} FROM conversation c WHERE c.id = ?", key_sql(key.by));
            let Some(&found) = self.ids(&sql, &[&id.0])?.first() else { return Ok(None) };
            *place = found;
        }
        Ok(Some(Cursor { keys, id: id.0 }))
    }

    pub(super) fn queue_conditions(&self, query: &Query, sort: Sort, now: Timestamp) -> Result<Conditions> {
        let mut conditions = self.conditions(query, now)?;
        // What only test groups have is what was asked for.
        let of_gold = |t: &Term| matches!(t.filter, Filter::Is(Flag::Gold | Flag::Pinned | Flag::Fixed | Flag::Broken));
        if sort.first().by == By::Value && !query.terms.iter().any(|t| of_gold(t) && !t.negated) {
            // Rule 11: what is picked for its value never comes from a test group.
            conditions.add("c.part = 0", []);
        }
        Ok(conditions)
    }

    /// The first conversation at a place under some conditions.
    pub(super) fn first_of(&self, conditions: &Conditions, sort: Sort, place: Place) -> Result<Option<ConversationId>> {
        Ok(self.read_rows(conditions, sort, place, 1)?.first().map(|r| r.n))
    }

    fn read_rows(&self, conditions: &Conditions, sort: Sort, place: Place, limit: usize) -> Result<Vec<QueueRow>> {
        let (sql, params) = page_sql(conditions, sort, place, limit);
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map(params_from_iter(&params), row_of).and_then(Iterator::collect))
            .doing("reading the queue")
    }
}

/// The statement that reads a page, with its parameters.
fn page_sql(conditions: &Conditions, sort: Sort, place: Place, limit: usize) -> (String, Vec<Value>) {
    let (clause, params) = with_place(conditions, sort, place);
    let backwards = matches!(place, Place::End | Place::Before(_));
    let word = |descending: bool| if descending != backwards { "DESC" } else { "ASC" };
    let keys: Vec<&str> = sort.keys().map(|k| key_sql(k.by)).collect();
    let selected: Vec<String> =
        (0..Sort::MOST).map(|i| format!("{} AS k{i}", keys.get(i).copied().unwrap_or("0"))).collect();
    let selected = selected.join(", ");
    let last = word(sort.first().descending);
    let by = |of: &dyn Fn(usize) -> String| -> String {
        sort.keys().enumerate().map(|(i, k)| format!("{} {}, ", of(i), word(k.descending))).collect()
    };
    let (inner, outer) = (by(&|i| keys[i].to_owned()), by(&|i| format!("page.k{i}")));
    // The page is cut before anything is joined: the joins then cost a page, not the store.
    let sql = format!(
        "WITH page AS MATERIALIZED (SELECT c.id, {selected} FROM conversation c WHERE {clause}
            ORDER BY {inner}c.id {last} LIMIT {limit})
         SELECT c.id, s.text, c.external_id, c.last_at, c.outcome, c.outcome_source, i.name, c.fallback, g.name,
            coalesce(c.suggested_confidence, c.confidence), l.name, c.cause, coalesce(t.text, ''), c.csat, c.review, r.name,
            c.priority, c.mismatch, c.part, EXISTS(SELECT 1 FROM cycle_item a JOIN cycle y ON y.id = a.cycle
                WHERE a.conversation = c.id AND a.audit = 1 AND y.closed_at IS NULL), page.k0, page.k1, page.k2, coalesce(c.signals, 0)
         FROM page JOIN conversation c ON c.id = page.id JOIN term s ON s.id = c.source
         LEFT JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
         LEFT JOIN intent i ON i.id = c.intent LEFT JOIN intent g ON g.id = c.suggested
         LEFT JOIN intent l ON l.id = c.label LEFT JOIN reviewer r ON r.id = c.reviewer
         ORDER BY {outer}page.id {last}"
    );
    (sql, params)
}

/// The conditions with the keyset's own. Its first half is what an index can seek by.
fn with_place(conditions: &Conditions, sort: Sort, place: Place) -> (String, Vec<Value>) {
    let (cursor, forwards, inclusive) = match place {
        Place::Start | Place::End => return (conditions.clause(), conditions.params.clone()),
        Place::After(c) => (c, true, false),
        Place::From(c) => (c, true, true),
        Place::Before(c) => (c, false, false),
    };
    let sign = |descending: bool| if descending == forwards { "<" } else { ">" };
    let equal = if inclusive { "=" } else { "" };
    let mut later = format!("c.id {}{equal} ?", sign(sort.first().descending));
    let mut values = vec![Value::Integer(cursor.id)];
    let keys: Vec<(&str, bool)> = sort.keys().map(|k| (key_sql(k.by), k.descending)).collect();
    for (i, (key, descending)) in keys.iter().enumerate().rev() {
        let sign = sign(*descending);
        later = format!("({key} {sign}= ? AND ({key} {sign} ? OR {later}))");
        values.splice(0..0, [Value::Integer(cursor.keys[i]), Value::Integer(cursor.keys[i])]);
    }
    let mut params = conditions.params.clone();
    params.extend(values);
    (format!("{} AND {later}", conditions.clause()), params)
}

fn row_of(r: &Row<'_>) -> rusqlite::Result<QueueRow> {
    let id: i64 = r.get(0)?;
    let at: i64 = r.get(3)?;
    let outcome = Outcome::from_code(r.get(4)?).unwrap_or(Outcome::Unknown);
    let (source, external): (String, String) = (r.get(1)?, r.get(2)?);
    let mut row = QueueRow {
        n: ConversationId(id),
        id: format!("{source}:{external}"),
        cursor: Cursor { keys: [r.get(20)?, r.get(21)?, r.get(22)?], id },
        at: (at != 0).then_some(Timestamp(at)),
        outcome,
        outcome_source: OutcomeSource::from_code(r.get(5)?).unwrap_or(OutcomeSource::Derived),
        intent: r.get(6)?,
        fallback: r.get(7)?,
        suggested: r.get(8)?,
        confidence: r.get(9)?,
        label: r.get(10)?,
        cause: r.get::<_, Option<i64>>(11)?.and_then(Cause::from_code),
        text: r.get(12)?,
        csat: r.get(13)?,
        status: Review::from_code(r.get(14)?).unwrap_or(Review::Open),
        reviewer: r.get(15)?,
        value: value(r.get(16)?),
        why: Vec::new(),
        test_group: r.get::<_, i64>(18)? != 0,
        found: None,
    };
    let mut signals = Signals::from_bits(r.get(23)?);
    if r.get(19)? {
        // An audit item of the open cycle is labelled blind (rule 11).
        (row.intent, row.suggested, row.confidence, row.fallback) = (None, None, None, false);
        signals = Signals::default();
    }
    row.why = why(&row, r.get(17)?, signals);
    Ok(row)
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
