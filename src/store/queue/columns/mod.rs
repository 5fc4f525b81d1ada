//! The columns of all conversations that filters, orders and counts read, packed in memory: about sixty bytes a row, so that
//! any filter over a million conversations is one pass of a millisecond or two, without an index for each.
//!
//! They are kept in step with the store by two marks: rows with higher numbers are new, and the log `changed`, filled by a
//! trigger, names the others. Segments in the store are a copy of them up to some entry of that log, so that opening a large
//! store reads a few blobs instead of every row, and of those only the columns that somebody asks for. All of this is a
//! cache: the rows are what counts.

mod chunk;
mod counted_days;
mod day_counting;
mod days;
mod narrow;
mod pack;
mod packed;
mod pick;
mod predicate;
mod refresh;
mod sums;

pub(in crate::store) use chunk::{Chunk, ColumnSet, PackedColumn, StateField};
pub(in crate::store) use packed::PackedColumns;
pub(in crate::store) use pick::{Ordering, RankedRow};
pub(in crate::store) use predicate::{ClockTest, IdSet, RowPredicate, Test};
pub use refresh::Changes;

#[cfg(test)]
use chunk::ColumnRow;
#[cfg(test)]
mod days_tests;
#[cfg(test)]
mod tests;
