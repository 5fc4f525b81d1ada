//! How many conversations each filter of the list would leave.

use crate::domain::Query;
use crate::tui::state::choice::QueueChoice;
use crate::tui::state::effect::{Effect, ask};
use crate::tui::state::request::queue::QueueRequest;
use crate::tui::widgets::numbers;
use std::collections::{HashMap, VecDeque};

/// Queries counted at a time: while a list of a hundred is counted at a million conversations, every key is answered in between.
const AT_ONCE: usize = 3;

/// A filter to choose.
#[derive(Clone, Debug)]
pub struct FilterOffer {
    /// Clean text.
    pub text: String,
    /// What the queue would show with this value of its key alone.
    pub query: String,
    /// What it does.
    pub choice: QueueChoice,
    /// Whether the filter has it already.
    pub is_on: bool,
}

/// Queries as they are asked.
fn readable(queries: impl Iterator<Item = String>) -> impl Iterator<Item = (String, Query)> {
    queries.filter_map(|q| Some((q.clone(), Query::parse(&q).ok()?)))
}

/// Counts by query.
#[derive(Clone, Debug, Default)]
pub struct FilterCounts {
    counts: HashMap<String, Option<u64>>,
    waiting: VecDeque<(String, Query)>,
    asked: Vec<String>,
    generation: u64,
}

impl FilterCounts {
    /// The counts of another store.
    pub fn after(before: &Self) -> Self {
        Self { generation: before.generation + 1, ..Self::default() }
    }

    /// Forgets what was counted: conversations may have been decided since.
    pub fn forget(&mut self) {
        *self = Self::after(self);
    }

    /// How many a query finds, as it is shown; empty while nobody knows.
    pub fn count(&self, query: &str) -> String {
        match self.counts.get(query) {
            Some(Some(n)) => numbers::count(*n),
            Some(None) => "–".to_owned(),
            None => String::new(),
        }
    }

    /// Counts what is not known yet, and nothing else.
    pub fn ask(&mut self, queries: impl Iterator<Item = String>) -> Vec<Effect> {
        let unknown = |q: &String| !self.counts.contains_key(q);
        self.waiting = readable(queries.filter(unknown)).collect();
        self.generation += 1;
        self.go_on()
    }

    /// Counts all of it anew; what was counted stays in sight until then.
    pub fn ask_anew(&mut self, queries: impl Iterator<Item = String>) -> Vec<Effect> {
        self.waiting = readable(queries).collect();
        self.generation += 1;
        self.go_on()
    }

    /// Takes counts; older ones are dropped. What waits is counted next.
    pub fn take(&mut self, counts: Vec<Result<u64, String>>, generation: u64) -> Vec<Effect> {
        if generation != self.generation {
            return Vec::new();
        }
        self.counts.extend(std::mem::take(&mut self.asked).into_iter().zip(counts.into_iter().map(Result::ok)));
        self.go_on()
    }

    fn go_on(&mut self) -> Vec<Effect> {
        let next: Vec<_> = self.waiting.drain(..self.waiting.len().min(AT_ONCE)).collect();
        if next.is_empty() {
            return Vec::new();
        }
        let queries;
        (self.asked, queries) = next.into_iter().unzip();
        vec![ask(QueueRequest::FilterCounts(queries, self.generation))]
    }
}
