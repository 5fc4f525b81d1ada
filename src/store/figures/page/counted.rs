//! Which conversations count on the overview.

use crate::store::queue::columns::{RowPredicate, StateField, Test};
use std::collections::BTreeMap;

/// Real traffic with the AI in a range of moments.
pub(super) fn traffic(from: i64, to: i64) -> RowPredicate {
    let mut wanted = RowPredicate::default();
    wanted.and(Test::Active(from..to), false);
    wanted.and(Test::codes(StateField::TRAFFIC, [1]), false);
    wanted.and(Test::codes(StateField::HAS_AI, [1]), false);
    wanted
}

/// Of that, what has ended in a known way: N.
pub(super) fn finished(from: i64, to: i64) -> RowPredicate {
    let mut wanted = RowPredicate::default();
    wanted.and(Test::Active(from..to), false);
    wanted.and(Test::Counted, false);
    wanted
}

/// Counts of two parts together.
pub(super) fn joined<K: Ord, const N: usize>(
    mut one: BTreeMap<K, [u64; N]>,
    other: BTreeMap<K, [u64; N]>,
) -> BTreeMap<K, [u64; N]>
where
    [u64; N]: Default,
{
    for (key, counts) in other {
        one.entry(key).or_default().iter_mut().zip(counts).for_each(|(count, more)| *count += more);
    }
    one
}
