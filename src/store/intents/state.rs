//! Whether an intent is on the list, as the table and the values of decisions say it.

/// States of an intent.
pub(in crate::store) const ACTIVE: i64 = 0;
pub(in crate::store) const RETIRED: i64 = 1;
const MERGED: i64 = 2;

/// What the value of a merge begins with; the row of what it stands for follows.
pub(in crate::store) const MERGED_INTO: &str = "merged:";

/// The state that a decision's value says, and what a merged intent stands for.
pub(in crate::store) fn state_of(value: Option<&str>) -> (i64, Option<i64>) {
    match value {
        Some("active") => (ACTIVE, None),
        Some(value) => match value.strip_prefix(MERGED_INTO) {
            Some(into) => (MERGED, into.parse().ok()),
            None => (RETIRED, None),
        },
        None => (RETIRED, None),
    }
}

pub(in crate::store) fn state_name(state: i64) -> &'static str {
    match state {
        ACTIVE => "active",
        RETIRED => "retired",
        _ => "merged",
    }
}
