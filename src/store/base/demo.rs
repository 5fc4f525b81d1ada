//! Whether a store is the demo, and in which part of the data a customer is.

use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;

/// The setting that marks a demo: `building`, then the number of its weeks.
const KEY: &str = "demo";
const BUILDING: &str = "building";

/// What a store is to the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoState {
    /// Nothing is in it.
    Blank,
    /// A demo of so many weeks.
    Ready(u32),
    /// A demo whose building was stopped.
    Unfinished,
    /// Somebody's data.
    Foreign,
}

impl Store {
    /// What this store is to the demo.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn demo_state(&self) -> Result<DemoState> {
        if let Some(mark) = self.setting(KEY)? {
            return Ok(mark.parse().map_or(DemoState::Unfinished, DemoState::Ready));
        }
        let blank: bool = self
            .conn
            .query_row(
                "SELECT NOT EXISTS(SELECT 1 FROM conversation) AND NOT EXISTS(SELECT 1 FROM decision)",
                [],
                |r| r.get(0),
            )
            .doing("looking whether the store is empty")?;
        Ok(if blank { DemoState::Blank } else { DemoState::Foreign })
    }

    /// Marks the store as a demo: under construction, or finished with so many weeks.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn mark_demo(&self, weeks: Option<u32>) -> Result<()> {
        let mark = weeks.map_or(BUILDING.to_owned(), |w| w.to_string());
        self.conn
            .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![KEY, mark])
            .map(drop)
            .doing("marking the store as a demo")
    }

    /// Whether the conversations of a customer go into the test groups (rule 11).
    pub fn is_test_customer(&self, customer: &str) -> bool {
        self.deriver().group_of_key(&["customer\0", customer]).1 > 0
    }
}
