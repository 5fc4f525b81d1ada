//! The query bar: the text, what can complete it, what is wrong with it, and what was asked earlier.

use super::offers::QueryOffers;
use crate::domain::query::views::DEFAULT_QUERY;
use crate::domain::{Query, QueryError, QueueOrder};
use crate::store::Unanswerable;
use crate::tui::widgets::TextField;
use std::borrow::Cow;

/// Earlier queries that are kept.
const KEPT: usize = 50;

/// The query bar.
#[derive(Debug)]
pub struct QueryBar {
    /// The query as written.
    pub field: TextField,
    /// The cursor is in the query.
    pub editing: bool,
    /// Why the text is no query, or has no answer.
    pub error: Option<QueryError>,
    /// What would complete it.
    pub offers: Option<QueryOffers>,
    /// Earlier queries.
    pub history: QueryHistory,
    /// What the rows at hand follow.
    pub answered: Option<(Query, QueueOrder)>,
}

impl Default for QueryBar {
    fn default() -> Self {
        Self {
            field: TextField::new(DEFAULT_QUERY),
            editing: false,
            error: None,
            offers: None,
            history: QueryHistory::default(),
            answered: None,
        }
    }
}

impl QueryBar {
    /// Marks the part of the text that the store has no answer to.
    pub fn blame(&mut self, part: Unanswerable) {
        let readable = self.readable();
        let text = readable.as_ref();
        let term = Query::places(text).into_iter().nth(part.term).unwrap_or(0..text.len());
        let name = part.name.as_deref().and_then(|n| text[term.clone()].find(n).map(|i| (term.start + i, n.len())));
        let at = name.map_or(term, |(from, length)| from..from + length);
        self.error = Some(QueryError { message: part.words, at, instead: part.instead });
    }

    /// The text as it is followed: without a word that may become the name of a filter, in whose place there are blanks.
    pub fn readable(&self) -> Cow<'_, str> {
        let text = self.field.text();
        match self.offers.as_ref().filter(|o| o.naming && text.get(o.at.clone()).is_some()) {
            None => text.into(),
            Some(o) => {
                // A minus sign before it goes with it.
                let from = o.at.start - usize::from(text[..o.at.start].ends_with('-'));
                let blanks = " ".repeat(o.at.end - from);
                [&text[..from], &blanks, &text[o.at.end..]].concat().into()
            }
        }
    }

    /// The error, unless it is about what is being completed.
    pub fn shown_error(&self) -> Option<&QueryError> {
        let writing = self.offers.as_ref().map(|_| self.field.cursor());
        self.error.as_ref().filter(|e| writing.is_none_or(|cursor| cursor < e.at.start || cursor > e.at.end))
    }
}

/// Earlier queries, and where one is among them.
#[derive(Clone, Debug, Default)]
pub struct QueryHistory {
    /// The newest first.
    queries: Vec<String>,
    /// Which one is in the bar, and what was there before one began to look.
    pub at: Option<(usize, String)>,
}

impl QueryHistory {
    /// What the store remembers.
    pub fn recalled(&mut self, kept: Option<&str>) {
        let kept: Vec<String> = kept.and_then(|k| serde_json::from_str(k).ok()).unwrap_or_default();
        self.queries.extend(kept);
        self.tidy();
    }

    fn tidy(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.queries.retain(|q| seen.insert(q.clone()));
        self.queries.truncate(KEPT);
    }

    /// Keeps a query that was applied; gives what to remember.
    pub fn keep(&mut self, text: &str) -> Option<String> {
        self.at = None;
        let text = text.trim();
        if text.is_empty() || self.queries.first().is_some_and(|q| q == text) {
            return None;
        }
        self.queries.insert(0, text.to_owned());
        self.tidy();
        serde_json::to_string(&self.queries).ok()
    }

    /// The text one step further back, or forward to what was written before one began to look.
    pub fn walk(&mut self, back: bool, now: &str) -> Option<String> {
        let here = self.at.as_ref().map(|(i, _)| *i);
        let next = match (here, back) {
            // What stands in the bar already is no step.
            (None, true) => self.queries.iter().position(|q| q != now.trim()).unwrap_or(usize::MAX),
            (Some(i), true) => i + 1,
            (Some(0), false) => return self.at.take().map(|(_, draft)| draft),
            (Some(i), false) => i - 1,
            (None, false) => return None,
        };
        let found = self.queries.get(next)?.clone();
        let draft = self.at.take().map_or_else(|| now.to_owned(), |(_, draft)| draft);
        self.at = Some((next, draft));
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_queries_are_walked_back_and_forth() {
        let mut history = QueryHistory::default();
        history.recalled(Some("[\"b\",\"a\",\"b\"]"));
        assert_eq!(history.keep("c"), Some("[\"c\",\"b\",\"a\"]".to_owned()));
        assert_eq!(history.keep("c"), None, "twice in a row is once");
        assert_eq!(history.walk(false, "draft"), None);
        assert_eq!(history.walk(true, "draft").as_deref(), Some("c"));
        assert_eq!(history.walk(true, "c").as_deref(), Some("b"));
        assert_eq!(history.walk(true, "b").as_deref(), Some("a"));
        assert_eq!(history.walk(true, "a"), None, "there is nothing older");
        assert_eq!(history.walk(false, "a").as_deref(), Some("b"));
        assert_eq!(history.walk(false, "b").as_deref(), Some("c"));
        assert_eq!(history.walk(false, "c").as_deref(), Some("draft"));
    }

    #[test]
    fn fifty_are_kept() {
        let mut history = QueryHistory::default();
        (0..60).for_each(|i| drop(history.keep(&i.to_string())));
        assert_eq!((history.queries.len(), history.queries[0].as_str()), (50, "59"));
    }
}
