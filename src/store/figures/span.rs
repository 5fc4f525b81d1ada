//! Stretches of time as SQL compares them.

use crate::domain::{Timestamp, Zone};

/// From a moment on and before another.
#[derive(Clone, Copy, Debug)]
pub(in crate::store::figures) struct Span {
    pub from: i64,
    pub to: i64,
}

/// How far a zone's clocks are ahead of UTC at `c.last_at`, in milliseconds, as an expression: SQLite knows no zones.
/// The newest times stand first, since they are asked for most.
pub(in crate::store::figures) fn ahead_of_utc(zone: Zone, to: i64) -> String {
    let spans = zone.spans(Timestamp(0), Timestamp(to.max(1)));
    let begins = spans.windows(2).rev().map(|pair| (pair[0].0, pair[1].1));
    let whens: String = begins.map(|(from, ahead)| format!(" WHEN c.last_at >= {from} THEN {ahead}")).collect();
    let first = spans.first().map_or(0, |s| s.1);
    if whens.is_empty() { first.to_string() } else { format!("CASE{whens} ELSE {first} END") }
}
