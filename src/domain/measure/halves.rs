//! How two models do on the two halves of the gold turns (rules 11-18).

use super::verdict::Verdict;
use crate::domain::outcome::coded;
use crate::domain::{ConversationId, TurnKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How one model does on a set of gold turns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HalfScores {
    /// Turns whose best guess is among the gold intents, as a fraction of `n`; 0 when `n` is 0.
    pub accuracy: f64,
    /// The numerator of `accuracy`.
    pub correct: u64,
    /// Unweighted mean of F1 over the intents that occur as primary gold.
    pub macro_f1: f64,
    /// Expected calibration error over 15 equal-width bins; `None` when the guesses carry no confidence.
    pub ece: Option<f64>,
    /// Gold turns scored.
    pub n: u64,
    /// Accuracy on the turns whose text is not in the training data; `None` when there are none.
    pub unseen_accuracy: Option<f64>,
    /// The denominator of `unseen_accuracy`.
    pub unseen_n: u64,
}

coded!(
    /// What happened to one gold turn of the open half.
    FlipKind {
        /// Wrong before, right after.
        Fixed = 1, "fixed";
        /// Right before, wrong after.
        Broken = 2, "broken";
        /// Wrong before and after, with the same guess.
        StillWrong = 3, "still_wrong";
        /// Wrong before and after, with another guess.
        BothWrong = 4, "both_wrong";
    }
);

/// One gold turn of the open half that is not right both times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flip {
    /// `source:id`.
    pub id: String,
    /// Its row.
    #[serde(rename = "n")]
    pub conversation: ConversationId,
    /// Turn number.
    pub turn: TurnKey,
    /// What happened.
    pub kind: FlipKind,
    /// The guess before; `None` for a fallback.
    pub before: Option<String>,
    /// The guess after.
    pub after: Option<String>,
    /// The primary gold intent.
    pub gold: String,
    /// What the customer said.
    pub text: String,
    /// Whether it is pinned.
    pub pinned: bool,
}

/// The open half: everything here may be looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenHalf {
    /// Scores before.
    pub before: HalfScores,
    /// Scores after.
    pub after: HalfScores,
    /// Turns fixed, broken, still wrong; fixed and broken first.
    pub flips: Vec<Flip>,
    /// How often each gold intent was answered with what, before and after: the most frequent first. Empty in
    /// comparisons that were made before this was kept.
    #[serde(default)]
    pub confusion: Vec<Confused>,
}

/// Turns of one gold intent that were taken for the same before and for the same after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confused {
    /// The primary gold intent.
    pub gold: String,
    /// What it was taken for before; `gold` where any listed intent was guessed, `None` for a fallback.
    pub before: Option<String>,
    /// What it was taken for after.
    pub after: Option<String>,
    /// So many turns.
    pub n: u64,
}

/// An intent that was mistaken for another, or fell back, so many times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MistakenIntent {
    /// The primary gold intent.
    pub gold: String,
    /// What it was taken for; `None` for a fallback.
    pub said: Option<String>,
    /// Turns before.
    pub before: u64,
    /// Turns after.
    pub after: u64,
}

impl MistakenIntent {
    /// All pairs that were mistaken before or after, the most frequent first, then by name.
    pub fn of(confusion: &[Confused]) -> Vec<Self> {
        let mut counts: BTreeMap<(&str, Option<&str>), (u64, u64)> = BTreeMap::new();
        for c in confusion {
            let gold = c.gold.as_str();
            for (said, after) in [(c.before.as_deref(), false), (c.after.as_deref(), true)] {
                if said != Some(gold) {
                    let (old, new) = counts.entry((gold, said)).or_default();
                    *(if after { new } else { old }) += c.n;
                }
            }
        }
        let pair = |((gold, said), (before, after)): ((&str, Option<&str>), (u64, u64))| Self {
            gold: gold.to_owned(),
            said: said.map(str::to_owned),
            before,
            after,
        };
        let mut out: Vec<Self> = counts.into_iter().map(pair).collect();
        out.sort_by_key(|p| std::cmp::Reverse(p.before.max(p.after)));
        out
    }
}

/// Guesses whose confidence lies in one of 15 equal-width bins `(lo, hi]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Guesses.
    pub n: u64,
    /// Of those, right.
    pub right: u64,
    /// The sum of their confidences.
    pub confidence: f64,
}

/// Confidence against accuracy on the sealed half: sums alone, no turn can be told from them. A side without confidences
/// has no bins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Bins before, the least confident first.
    pub before: Vec<CalibrationBin>,
    /// Bins after.
    pub after: Vec<CalibrationBin>,
}

/// One intent's gold turns of the sealed half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentScore {
    /// Name.
    pub intent: String,
    /// Sealed turns whose primary gold it is.
    pub n: u64,
    /// Of those, right before.
    pub before: u64,
    /// Of those, right after.
    pub after: u64,
    /// F1 before.
    pub f1_before: f64,
    /// F1 after.
    pub f1_after: f64,
    /// 95 % intervals of the accuracies; `None` in comparisons that were made before these were kept.
    #[serde(default)]
    pub ci95: Option<IntentIntervals>,
}

/// 95 % intervals of one intent's accuracy, as fractions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentIntervals {
    /// Wilson, before.
    pub before: [f64; 2],
    /// Wilson, after.
    pub after: [f64; 2],
    /// Of after minus before, paired; `None` below 20 turns.
    pub change: Option<[f64; 2]>,
}

/// The sealed half: sums alone, no turn is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedHalf {
    /// Scores before.
    pub before: HalfScores,
    /// Scores after.
    pub after: HalfScores,
    /// Wrong before, right after.
    pub fixed: u64,
    /// Right before, wrong after.
    pub broken: u64,
    /// Exact McNemar, two-sided.
    pub p_value: f64,
    /// Sign-flip test over conversations, two-sided.
    pub p_cluster: f64,
    /// Accuracy after minus before.
    pub delta: f64,
    /// Paired bootstrap of `delta` by conversation.
    pub ci95: [f64; 2],
    /// What may be concluded.
    pub verdict: Verdict,
    /// Turns needed for 80 % power at what was observed; only with `CannotTell` and a difference.
    pub needed: Option<u64>,
    /// Why the gate refuses, in words; empty where it passes.
    pub refusals: Vec<String>,
    /// Per primary intent, most turns first, then by name.
    pub intents: Vec<IntentScore>,
    /// Confidence against accuracy.
    pub calibration: Calibration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_on_both_sides() {
        let of = |gold: &str, before: Option<&str>, after: Option<&str>, n| Confused {
            gold: gold.into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            n,
        };
        let all = [
            of("a", Some("a"), Some("a"), 9),
            of("a", Some("b"), Some("a"), 4),
            of("a", Some("b"), Some("c"), 1),
            of("b", None, None, 2),
        ];
        let pairs: Vec<_> = MistakenIntent::of(&all).into_iter().map(|p| (p.gold, p.said, p.before, p.after)).collect();
        let pair =
            |gold: &str, said: Option<&str>, before, after| (gold.to_owned(), said.map(str::to_owned), before, after);
        assert_eq!(pairs, [pair("a", Some("b"), 5, 0), pair("b", None, 2, 2), pair("a", Some("c"), 0, 1)]);
    }
}
