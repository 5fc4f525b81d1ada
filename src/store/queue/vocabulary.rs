//! What a query can name, where it fails, places in the queue, and cases for decisions on many conversations.

use crate::base::did_you_mean::nearest;
use crate::domain::{
    Cause, ConversationId, Filter, IntentId, JudgedCase, Outcome, Query, QueueOrder, Review, Timestamp,
};
use crate::store::codes::{CHANNEL, LABEL, LANGUAGE};
use crate::store::decisions::projection_rules::needs_cause;
use crate::store::decisions::reviewers::{IMPORT, IMPORTER};
use crate::store::{Cursor, DoingWhat, Modes, PageStart, Result, Store, StoreError};
use serde::Serialize;

/// Names that data has brought; text is as logged (hostile).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StoreVocabulary {
    /// Channels, by name.
    pub channels: Vec<String>,
    /// Languages, by name.
    pub languages: Vec<String>,
    /// Who has decided or could, imports included.
    pub reviewers: Vec<String>,
    /// Cycles, the newest first.
    pub cycles: Vec<String>,
    /// Failure modes.
    pub modes: Modes,
    /// Topics of the list that stands, and what stands before a slash in their names.
    pub topics: Vec<String>,
    /// The newest finished conversation's last activity: the last seven days end with its day.
    pub newest: Option<Timestamp>,
}

/// Which part of a query cannot be answered, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswerable {
    /// What is wrong and what to do, in words.
    pub words: String,
    /// Which term of the query.
    pub term: usize,
    /// The name that nothing has.
    pub name: Option<String>,
    /// The nearest that there is.
    pub instead: Option<String>,
}

impl Store {
    /// What a query can name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn vocabulary(&self, now: Timestamp) -> Result<StoreVocabulary> {
        let terms = |kind: i64| self.texts("SELECT text FROM term WHERE kind = ? ORDER BY text", &[&kind]);
        Ok(StoreVocabulary {
            channels: terms(CHANNEL)?,
            languages: terms(LANGUAGE)?,
            reviewers: self.texts("SELECT name FROM reviewer ORDER BY name LIKE ?, name", &[&format!("{IMPORT}%")])?,
            cycles: self.texts("SELECT name FROM cycle ORDER BY id DESC", &[])?,
            modes: self.modes()?,
            topics: self.topic_names()?,
            newest: self.newest(now)?,
        })
    }

    fn topic_names(&self) -> Result<Vec<String>> {
        let names = self.intent_names()?;
        let mut out = std::collections::BTreeSet::new();
        for group in self.topic_list()?.map(|l| l.groups).unwrap_or_default() {
            let name = names.name(names.today(group.intent));
            out.extend(name.split_once('/').map(|(first, _)| first.to_owned()));
            out.insert(name);
        }
        Ok(out.into_iter().collect())
    }

    pub(in crate::store) fn texts(&self, sql: &str, params: &[&dyn rusqlite::ToSql]) -> Result<Vec<String>> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map(params, |r| r.get(0)).and_then(Iterator::collect))
            .doing("reading names")
    }

    /// The part of a query that the store has no answer to; `None` when all of it can be answered, or the store cannot
    /// be read at all.
    pub fn unanswerable(&self, query: &Query, sort: QueueOrder, now: Timestamp) -> Option<Unanswerable> {
        query.terms.iter().enumerate().find_map(|(term, t)| {
            let alone = Query { terms: vec![t.clone()] };
            let asked = self.queue_page(&alone, sort, PageStart::Start, 0, now);
            let (words, name) = match asked.and_then(|_| self.must_have_numbers(&alone)) {
                Err(StoreError::Refused(words)) => {
                    return Some(Unanswerable { words, term, name: None, instead: None });
                }
                Err(StoreError::NotFound { what, name, .. }) => (format!("no {what} called `{name}`"), name),
                _ => return None,
            };
            let instead = self.nearest_name(&t.filter, &name);
            let hint = instead.as_ref().map(|n| format!(": did you mean `{n}`?")).unwrap_or_default();
            Some(Unanswerable { words: words + &hint, term, name: Some(name), instead })
        })
    }

    fn nearest_name(&self, filter: &Filter, name: &str) -> Option<String> {
        match filter {
            Filter::Intent(_) | Filter::Logged(_) | Filter::Suggested(_) | Filter::Label(_) => {
                let intents = self.intents().ok()?;
                nearest(name, intents.iter().map(|i| i.name.as_str())).map(str::to_owned)
            }
            _ => None,
        }
    }

    /// The place of a moment in an order by activity, for [`PageStart::From`]: before everything that happened then. `None`
    /// in another order.
    pub fn cursor_at(&self, at: Timestamp, sort: QueueOrder) -> Option<Cursor> {
        if sort.first().by != crate::domain::query::sort::OrderBy::Activity {
            return None;
        }
        let before_all = |descending: bool| if descending { i64::MAX } else { i64::MIN };
        let mut keys = [0; QueueOrder::MOST];
        keys.iter_mut().zip(sort.keys()).for_each(|(place, key)| *place = before_all(key.descending));
        keys[0] = at.0;
        Some(Cursor(super::columns::RankedRow { keys, id: before_all(sort.first().descending) }))
    }

    /// What the rules of judging need to know of some conversations. Those that are gone are left out, and audit items of
    /// an open cycle: they are labelled blind, one by one (rule 11).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cases(&self, ids: &[ConversationId]) -> Result<Vec<JudgedCase>> {
        let names = self.intent_names()?;
        let mut s = self
            .conn
            .prepare_cached(&format!(
                "SELECT failing_turn, intent, fallback,
                    judged OR EXISTS(SELECT 1 FROM current l JOIN reviewer r ON r.id = l.reviewer
                        WHERE l.subject = c.id AND l.kind = {LABEL} AND r.role < {IMPORTER}),
                    outcome, traffic, cause, review FROM conversation c WHERE id = ?
                    AND NOT EXISTS(SELECT 1 FROM cycle_item a JOIN cycle y ON y.id = a.cycle
                        WHERE a.conversation = c.id AND a.audit = 1 AND y.closed_at IS NULL)",
            ))
            .doing("reading what is marked")?;
        let mut read = |id: &ConversationId| {
            s.query_map([id.0], |r| {
                let outcome = Outcome::from_code(r.get(4)?).unwrap_or(Outcome::Unknown);
                Ok(JudgedCase {
                    n: *id,
                    turn: r.get(0)?,
                    logged: r.get::<_, Option<i64>>(1)?.map(|i| names.today(IntentId(i))),
                    fell_back: r.get(2)?,
                    judged: r.get(3)?,
                    needs_intent: names.has_intents(),
                    needs_cause: needs_cause(outcome, r.get(5)?),
                    cause: r.get::<_, Option<i64>>(6)?.and_then(Cause::from_code),
                    status: Review::from_code(r.get(7)?).unwrap_or(Review::Open),
                })
            })?
            .collect::<rusqlite::Result<Vec<JudgedCase>>>()
        };
        let found: rusqlite::Result<Vec<Vec<JudgedCase>>> = ids.iter().map(&mut read).collect();
        Ok(found.doing("reading what is marked")?.into_iter().flatten().collect())
    }
}

#[cfg(test)]
#[path = "vocabulary_tests.rs"]
mod tests;
