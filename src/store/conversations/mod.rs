//! Conversations in and out: writing, what comes again, what is derived, reading back.

pub(in crate::store) mod again;
pub(in crate::store) mod arriving;
pub(in crate::store) mod derived;
pub(in crate::store) mod first_load;
pub(in crate::store) mod imports;
pub(in crate::store) mod load;
pub(in crate::store) mod meta_words;
mod offer_names;
pub(in crate::store) mod row_values;
pub(in crate::store) mod sampling;
pub(in crate::store) mod signals;
pub(in crate::store) mod travel;
pub(in crate::store) mod word_digests;
pub(in crate::store) mod write;
