//! The intent list: names, renames, merges, what the live AI still calls them, base examples.

pub(in crate::store) mod edits;
pub(in crate::store) mod examples;
pub(in crate::store) mod list;
pub(in crate::store) mod names;
pub(in crate::store) mod served;
pub(in crate::store) mod state;

#[cfg(test)]
mod tests;
