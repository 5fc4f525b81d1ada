//! Whether something goes with failing: an answer that is given everywhere is in many failures, too, and says nothing of them.
//!
//! Conversations that failed are compared with the others of the same time. The chance that so many of those with an answer failed, where
//! the answer made no difference, is Fisher's exact test, one-sided (Fisher 1935), times the number of answers that were looked at
//! (Bonferroni), and has to be below one in a hundred; the odds of failing must be higher by half, too, since in a large log the smallest
//! difference is certain. Both are counted from a sample of the conversations that did not fail: odds ratios do not hang on its size.

use super::reading::{Talk, seems_misunderstood};
use crate::domain::{FailureEvidence, Rate, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::learn::judge::stats::fisher_more;
use crate::store::Store;

/// Conversations that did not fail, of which so many are read at most.
const MOST: u64 = 20_000;
/// Chance finds something in at most this share of logs.
const CHANCE: f64 = 0.01;
/// How much higher the odds of failing must be.
const ODDS: f64 = 1.5;

/// The conversations that did not fail.
pub(super) struct Rest {
    pub talks: Vec<Talk>,
    /// Of these, such that seem to be misunderstood.
    pub misunderstood: u64,
    /// How many conversations each of them stands for.
    each: u64,
}

impl Rest {
    pub(super) fn read(
        store: &Store,
        since: Timestamp,
        now: Timestamp,
        reporter: &dyn Reporter,
    ) -> Result<Self, JobError> {
        let (rows, each) = store.rest_rows(since, now, MOST)?;
        let total = rows.len() as u64;
        let mut out = Self { talks: Vec::with_capacity(rows.len()), misunderstood: 0, each };
        for (i, row) in rows.into_iter().enumerate() {
            reporter.step("read what did not fail", i as u64, total)?;
            out.talks.push(Talk::of(&store.conversation(row.id)?, &row));
            out.misunderstood += u64::from(seems_misunderstood(&row));
        }
        Ok(out)
    }

    /// What something has to do with failing that `failed` of `failures` have, and `others` of so many of these; one of so many that were
    /// looked at. `None` where there is nothing to compare with.
    pub(super) fn evidence(
        &self,
        (failed, failures): (u64, u64),
        (others, read): (u64, u64),
        looks: u64,
    ) -> Option<FailureEvidence> {
        if read == 0 || failed == 0 {
            return None;
        }
        let (without, others_without) = (failures - failed, read - others);
        let chance = fisher_more(failed, others, without, others_without) * looks.max(1) as f64;
        let odds = failed as f64 * others_without as f64 > ODDS * others as f64 * without as f64;
        let stands_for = |n: u64| (n as f64 * self.each as f64 * self.talks.len() as f64 / read as f64).round() as u64;
        Some(FailureEvidence {
            failed,
            n: failed + stands_for(others),
            rest_failed: without,
            rest_n: without + stands_for(others_without),
            clear: chance < CHANCE && odds,
        })
    }
}

/// How surely it goes with failing: the share of those with it that failed, at the lower end of its interval. Who is in two has the one
/// of which this is more.
pub(super) fn sureness(of: &FailureEvidence) -> f64 {
    Rate::new(of.failed, of.n).lo
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(n: usize) -> Rest {
        let talk = || Talk { asked: None, answers: Vec::new(), errors: Vec::new() };
        Rest { talks: (0..n).map(|_| talk()).collect(), misunderstood: 0, each: 3 }
    }

    #[test]
    fn what_is_everywhere_and_what_is_rare_say_nothing_and_counts_stand_for_what_was_not_read() {
        let rest = rest(1_000);
        let of = |failed, others| rest.evidence((failed, 200), (others, 1_000), 20).unwrap();
        assert!(!of(100, 500).clear && !of(120, 500).clear && !of(3, 4).clear);
        assert!(of(60, 40).clear && of(12, 2).clear);
        let found = of(60, 40);
        assert_eq!((found.failed, found.n, found.rest_failed, found.rest_n), (60, 180, 140, 3_020));
        assert!(rest.evidence((60, 200), (0, 0), 1).is_none());
        // Certain, and nothing that matters.
        let large = Rest { each: 1, ..self::rest(0) };
        assert!(!large.evidence((52_000, 100_000), (500_000, 1_000_000), 1).unwrap().clear);
    }
}
