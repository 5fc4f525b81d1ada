//! Numbers in a store are not trusted: memory that is as large as a number is taken only where the file is large enough for it.

use crate::store::{DoingWhat, Result, Store, StoreError};

/// Bytes of the file that a conversation takes at least: its row alone has some sixty fields.
const BYTES_A_ROW: i64 = 64;
/// Row numbers that any store may have.
const ALWAYS: i64 = 1 << 16;
/// Intents that a store can have.
pub(in crate::store) const MOST_INTENTS: i64 = 1 << 20;

/// A conversation's row number that a store of its size can have; see [`HighestRow::row`].
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct RowNumber(pub i64);

/// The highest row number of a conversation that a store of this size can have.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct HighestRow(i64);

impl HighestRow {
    /// Takes a row number from the store.
    ///
    /// # Errors
    /// The store cannot have so many rows: it is damaged.
    pub fn row(self, id: i64) -> Result<RowNumber> {
        match id <= self.0 {
            true => Ok(RowNumber(id)),
            false => Err(StoreError::Damaged(format!(
                "there is a conversation number {id} in it, and it is too small for so many"
            ))),
        }
    }
}

impl Store {
    /// The highest row number that this store can have.
    pub(in crate::store) fn most(&self) -> Result<HighestRow> {
        let bytes: i64 = self
            .conn
            .prepare_cached("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("reading the store's size")?;
        Ok(HighestRow((bytes / BYTES_A_ROW).max(ALWAYS)))
    }
}
