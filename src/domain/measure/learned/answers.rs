//! What learning answers anew came to: how often the answers before and after are good ones.

use super::p_of_look;
use crate::base::counted::{count, counted};
use crate::domain::measure::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How often one side gives the good answer. What other learners are measured by does not apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswerScore {
    /// Share of turns that get what a person wrote, else what the AI said where the conversation was resolved.
    pub accuracy: f64,
    /// Always none.
    pub auc: Option<f64>,
    /// Always none.
    pub log_loss: Option<f64>,
    /// Always none.
    pub macro_f1: Option<f64>,
    /// Always none.
    pub ece: Option<f64>,
    /// Turns.
    pub n: u64,
}

impl AnswerScore {
    /// From turn by turn: 1 where the good answer is given.
    pub fn of(hits: &[u8]) -> Self {
        let sum: u64 = hits.iter().map(|h| u64::from(*h)).sum();
        Self { accuracy: sum as f64 / hits.len().max(1) as f64, n: hits.len() as u64, ..Self::default() }
    }
}

/// How many gold turns of the open half are answered otherwise (rule 39).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAnswers {
    /// Turns that either side has an answer to.
    pub n: u64,
    /// ...and that are answered otherwise.
    pub differ: u64,
}

/// What was found when answers were made anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedAnswers {
    /// The live answers on turns of test groups.
    pub before: AnswerScore,
    /// The new ones on the same.
    pub after: AnswerScore,
    /// By how much the share of good answers rose.
    pub delta: f64,
    /// Its 95 % interval, by customer.
    pub ci95: [f64; 2],
    /// Sign-flip test by customer, two-sided.
    pub p_cluster: f64,
    /// What may be concluded.
    pub verdict: Verdict,
    /// The how many-th look by itself this was.
    pub looks: u64,
    /// What changes on the open half of the gold set.
    pub open: OpenAnswers,
    /// Why the gate refuses them; empty: it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// What they were learnt from, counted.
    pub learned_from: BTreeMap<String, u64>,
    /// New corrections after which learning again is worth it.
    pub again_after: u64,
}

impl LearnedAnswers {
    /// How often both sides give a good answer, with the difference, in words.
    pub fn measured(&self) -> String {
        let [lo, hi] = self.ci95.map(|x| 100.0 * x);
        format!(
            "good answers {:.1} % before, {:.1} % after, {:+.1} points [{lo:+.1}, {hi:+.1}] on {} of test groups ({}, look {})",
            100.0 * self.before.accuracy,
            100.0 * self.after.accuracy,
            100.0 * self.delta,
            counted(self.after.n, "turn", "turns"),
            p_of_look(self.p_cluster),
            self.looks
        )
    }

    /// What they were learnt from, in words.
    pub fn taught_by(&self) -> String {
        self.learned_from.iter().map(|(what, n)| format!("{} {what}", count(*n))).collect::<Vec<_>>().join(", ")
    }

    /// When learning again is worth it, in words.
    pub fn again(&self) -> String {
        let new = counted(self.again_after, "new correction", "new corrections");
        format!("worth another look after {new}; nothing begins it by itself")
    }

    /// How many gold turns they answer otherwise, in words; `None`: there were none to ask.
    pub fn of_gold(&self) -> Option<String> {
        let of = counted(self.open.n, "gold turn", "gold turns");
        (self.open.n > 0)
            .then(|| format!("of {of} of the open half {} are answered otherwise", count(self.open.differ)))
    }
}

#[cfg(test)]
impl LearnedAnswers {
    /// A finding for tests: so good before and after.
    pub fn found(before: f64, after: f64, verdict: Verdict) -> Self {
        let score = |accuracy| AnswerScore { accuracy, n: 231, ..AnswerScore::default() };
        Self {
            before: score(before),
            after: score(after),
            delta: after - before,
            ci95: [0.02, 0.15],
            p_cluster: 0.0071,
            verdict,
            looks: 1,
            open: OpenAnswers { n: 110, differ: 12 },
            refused: Vec::new(),
            learned_from: BTreeMap::from([("answers".to_owned(), 1_286), ("corrections".to_owned(), 14)]),
            again_after: 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_told_with_its_denominator_and_read_back() {
        let found = LearnedAnswers::found(0.612, 0.703, Verdict::Better);
        let says = "good answers 61.2 % before, 70.3 % after, +9.1 points [+2.0, +15.0] on 231 turns of test groups (p 0.0071, look 1)";
        assert_eq!(found.measured(), says);
        assert_eq!(found.taught_by(), "1,286 answers, 14 corrections");
        let stored = serde_json::to_string(&LearnedAnswers { delta: 0.125, ..found.clone() }).unwrap();
        assert_eq!(serde_json::from_str::<LearnedAnswers>(&stored).unwrap(), LearnedAnswers { delta: 0.125, ..found });
    }
}
