//! Every rate and trend that is shown, read from the store with its denominator. No other room counts.

pub(in crate::store) mod frame;
pub(in crate::store) mod page;
pub(in crate::store) mod stats;
pub(in crate::store) mod time;
