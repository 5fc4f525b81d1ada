//! Which conversations, in which order: filters and sorts over packed columns, full-text search, pages by keyset.

pub(in crate::store) mod columns;
pub(in crate::store) mod filter;
mod known;
pub(in crate::store) mod matches;
pub(in crate::store) mod page;
pub(in crate::store) mod reasons;
pub(in crate::store) mod search;
pub(in crate::store) mod search_index;
pub(in crate::store) mod spread;
pub(in crate::store) mod vocabulary;
