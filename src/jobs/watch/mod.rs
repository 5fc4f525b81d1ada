//! What an owner watches: what changed between two periods, and whether a rate has left its limits.

mod change;
mod check;
mod found;
mod observed;
mod prometheus;
mod told;
mod webhook;

pub use change::{ChangeBy, ChangeOptions, ChangeReport, CountedPeriod, StratumPart, ChangeEffect, change};
pub use check::check;
pub use found::{Breach, CheckReport, CheckOptions, Checked, Limits};
pub use prometheus::write_prometheus;
pub use webhook::{Webhook, send};
