//! Whether something goes with failing: an answer that is given everywhere is in many failures, too, and says nothing of them.
//!
//! Conversations that failed are compared with the others of the same time. The chance that so many of those with an answer failed, where
//! the answer made no difference, is Fisher's exact test, one-sided (Fisher 1935), times the number of answers that were looked at
//! (Bonferroni), and has to be below one in a hundred. It counts customers, each once on either side: what one customer says in ten
//! conversations was said by one. The odds of failing must be higher by half, too, since in a large log the smallest difference is
//! certain. Both are counted from a sample of the conversations that did not fail: odds ratios do not hang on its size.

use super::reading::{Talk, seems_misunderstood};
use crate::domain::{FailureEvidence, Outcome, Rate, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::learn::judge::stats::fisher_more;
use crate::store::Store;
use rustc_hash::FxHashSet;

/// Conversations that did not fail, of which so many are read at most.
const MOST: u64 = 20_000;
/// Chance finds something in at most this share of logs.
const CHANCE: f64 = 0.01;
/// How much higher the odds of failing must be.
const ODDS: f64 = 1.5;

/// Some conversations, as they are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// How they ended: resolved, escalated, failed, abandoned.
    ends: [u64; 4],
    /// The customers whose they are.
    customers: u64,
}

impl Held {
    pub(super) fn of<'a>(talks: impl Iterator<Item = &'a Talk>) -> Self {
        let mut out = Self::default();
        let mut customers: FxHashSet<i64> = FxHashSet::default();
        for talk in talks {
            match talk.outcome {
                Outcome::Resolved => out.ends[0] += 1,
                Outcome::Escalated => out.ends[1] += 1,
                Outcome::Failed => out.ends[2] += 1,
                Outcome::Abandoned => out.ends[3] += 1,
                Outcome::Pending | Outcome::Unknown => continue,
            }
            customers.insert(talk.customer);
        }
        Self { customers: customers.len() as u64, ..out }
    }

    fn n(&self) -> u64 {
        self.ends.iter().sum()
    }
}

/// The conversations that did not fail.
pub(super) struct Rest {
    pub talks: Vec<Talk>,
    /// Of these, such that seem to be misunderstood.
    pub misunderstood: Held,
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
        let (mut talks, mut seems) = (Vec::with_capacity(rows.len()), Vec::new());
        for (i, row) in rows.into_iter().enumerate() {
            reporter.step("read what did not fail", i as u64, total)?;
            talks.push(Talk::of(&store.conversation(row.id)?, &row));
            seems.push(seems_misunderstood(&row));
        }
        let misunderstood = Held::of(talks.iter().zip(seems).filter(|(_, seems)| *seems).map(|(talk, _)| talk));
        Ok(Self { talks, misunderstood, each })
    }

    /// What something has to do with failing that `failed` of `failures` have, and `others` of so many of these; one of so many that were
    /// looked at. `None` where there is nothing to compare with.
    pub(super) fn evidence(
        &self,
        (failed, failures): (Held, Held),
        (others, read): (Held, Held),
        looks: u64,
    ) -> Option<FailureEvidence> {
        if read.n() == 0 || failed.n() == 0 {
            return None;
        }
        let (without, others_without) = (failures.customers - failed.customers, read.customers - others.customers);
        let chance = fisher_more(failed.customers, others.customers, without, others_without) * looks.max(1) as f64;
        let (without, others_without) = (failures.n() - failed.n(), read.n() - others.n());
        let odds = failed.n() as f64 * others_without as f64 > ODDS * others.n() as f64 * without as f64;
        let stands_for =
            |n: u64| (n as f64 * self.each as f64 * self.talks.len() as f64 / read.n() as f64).round() as u64;
        let outcomes = [stands_for(others.ends[0]), failed.ends[1], failed.ends[2], stands_for(others.ends[3])];
        Some(FailureEvidence {
            failed: failed.n(),
            n: outcomes.iter().sum(),
            rest_failed: without,
            rest_n: without + stands_for(others_without),
            clear: chance < CHANCE && odds,
            outcomes,
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

    /// So many conversations, of a customer each.
    fn held(n: u64, outcome: Outcome) -> Held {
        let talks: Vec<Talk> = (0..n as i64).map(|customer| talk(customer, outcome)).collect();
        Held::of(talks.iter())
    }

    fn talk(customer: i64, outcome: Outcome) -> Talk {
        Talk { outcome, customer, asked: None, answers: Vec::new(), errors: Vec::new() }
    }

    fn rest(n: u64) -> Rest {
        let talks = (0..n as i64).map(|customer| talk(customer, Outcome::Resolved)).collect();
        Rest { talks, misunderstood: Held::default(), each: 3 }
    }

    fn evidence(rest: &Rest, (failed, failures): (u64, u64), (others, read): (u64, u64)) -> Option<FailureEvidence> {
        let sides = ((held(failed, Outcome::Failed), held(failures, Outcome::Failed)), |n| held(n, Outcome::Resolved));
        rest.evidence(sides.0, ((sides.1)(others), (sides.1)(read)), 20)
    }

    #[test]
    fn what_is_everywhere_and_what_is_rare_say_nothing_and_counts_stand_for_what_was_not_read() {
        let rest = rest(1_000);
        let of = |failed, others| evidence(&rest, (failed, 200), (others, 1_000)).unwrap();
        assert!(!of(100, 500).clear && !of(120, 500).clear && !of(3, 4).clear);
        assert!(of(60, 40).clear && of(12, 2).clear);
        let found = of(60, 40);
        assert_eq!((found.failed, found.n, found.rest_failed, found.rest_n), (60, 180, 140, 3_020));
        assert_eq!(found.outcomes, [120, 0, 60, 0]);
        assert!(evidence(&rest, (60, 200), (0, 0)).is_none());
        // Certain, and nothing that matters.
        let large = Rest { each: 1, ..self::rest(0) };
        assert!(!evidence(&large, (52_000, 100_000), (500_000, 1_000_000)).unwrap().clear);
    }

    #[test]
    fn one_customer_is_one_witness_in_however_many_conversations() {
        let rest = rest(1_000);
        let others = (held(2, Outcome::Resolved), held(1_000, Outcome::Resolved));
        let of = |customer: fn(i64) -> i64| {
            let failed: Vec<Talk> = (0..12).map(|i| talk(customer(i), Outcome::Escalated)).collect();
            let all = failed.iter().chain(&rest.talks[..188]);
            rest.evidence((Held::of(failed.iter()), Held::of(all)), others, 20).unwrap()
        };
        let (one, many) = (of(|_| -1), of(|i| -1 - i));
        assert!(!one.clear && many.clear);
        assert_eq!((one.failed, one.n, one.outcomes), (many.failed, many.n, many.outcomes), "conversations are told");
    }
}
