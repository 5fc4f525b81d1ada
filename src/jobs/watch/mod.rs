//! What an owner watches: what changed between two periods, and whether a rate has left its limits.

mod as_of;
#[cfg(test)]
mod as_of_tests;
mod change;
mod check;
mod found;
mod needed;
mod observed;
mod prometheus;
mod told;
mod webhook;

pub use as_of::{AsOfOptions, StoreAsOf, as_of};
pub use change::{ChangeBy, ChangeEffect, ChangeOptions, ChangeReport, CountedPeriod, StratumPart, change};
pub use check::check;
pub use found::{Breach, CheckOptions, CheckReport, Checked, Limits};
pub use prometheus::write_prometheus;
pub use webhook::{Webhook, send};
