//! Before and after, and what may be said about the difference (rules 11-18).

use super::coverage::Coverage;
use super::halves::{Calibration, HalfScores, IntentScore, OpenHalf, SealedHalf};
use super::languages::LanguageScore;
use super::verdict::{BeforeIs, Gate, Verdict};
use crate::domain::{GoldVersion, ReleaseId, Responses};
use serde::{Deserialize, Serialize};

/// This cycle's failures, each scored by a model that was not trained on it (rule 18).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureScore {
    /// Right before.
    pub before: u64,
    /// Right after, out of fold.
    pub after: u64,
    /// Relabelled failures outside test groups.
    pub n: u64,
}

/// What was left out, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Turns whose text repeats a gold text (rule 15).
    pub repeats_gold: u64,
    /// Gold turns that one of the two has never answered and cannot be asked about: they count for neither.
    #[serde(default)]
    pub not_measured: u64,
    /// Gold turns of which no intent is in use any more: they count for neither.
    #[serde(default)]
    pub intent_not_in_use: u64,
}

/// A candidate against what was there before. Figures are of the sealed half unless they stand under `open`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The candidate.
    pub release: ReleaseId,
    /// The release it was trained from, if any.
    pub parent: Option<ReleaseId>,
    /// The release that it was to be trained from and was not, since that is of a former recipe: it began from scratch (rule 49).
    #[serde(default)]
    pub former_recipe: Option<ReleaseId>,
    /// What stands in `before`.
    pub before_is: BeforeIs,
    /// The release in `before`, where it is one.
    pub before_release: Option<ReleaseId>,
    /// Whose intents that release carries, where they are another's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_intents: Option<ReleaseId>,
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
    /// Sealed turns needed for 80 % power at what was observed; only with `cannot_tell` and a difference.
    pub needed: Option<u64>,
    /// Whether it may be promoted.
    pub gate: Gate,
    /// Why not, in words.
    pub gate_reasons: Vec<String>,
    /// What was left out of training.
    pub left_out: LeftOut,
    /// The gold version that both were scored on; `None` while there is no gold.
    pub gold_version: Option<GoldVersion>,
    /// How often this gold version's sealed half has been looked at, this look included.
    pub looks: u64,
    /// Both sides have the same intents: what they say to gold turns is equal by construction, and no look was spent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_intents: bool,
    /// Seconds of training.
    pub train_seconds: f64,
    /// Examples trained on.
    pub trained_on: u64,
    /// Per intent, most turns first.
    pub intents: Vec<IntentScore>,
    /// By what customers write in, most turns first. Empty in comparisons that were made before this was kept.
    #[serde(default)]
    pub languages: Vec<LanguageScore>,
    /// This cycle's (else all reviewed) failures.
    pub failures: FailureScore,
    /// Confidence against accuracy. Empty in comparisons that were made before this was kept, as is `coverage`.
    #[serde(default)]
    pub calibration: Calibration,
    /// Coverage against accuracy.
    #[serde(default)]
    pub coverage: Coverage,
    /// What both answer. Empty in comparisons that were made before this was kept.
    #[serde(default)]
    pub responses: Responses,
    /// The half that may be looked at.
    pub open: OpenHalf,
}

impl Comparison {
    /// The release whose intents stand before, where it is one: as people know it.
    pub fn before_named(&self) -> Option<ReleaseId> {
        self.before_intents.or(self.before_release)
    }
}

/// What two models were found to do, whole but for what the store numbers: the candidate's release and the look.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// The release that the candidate was trained from, if any.
    pub parent: Option<ReleaseId>,
    /// The release that it was to be trained from and was not, since that is of a former recipe.
    pub former_recipe: Option<ReleaseId>,
    /// What stands before.
    pub before_is: BeforeIs,
    /// The release before, where it is one.
    pub before_release: Option<ReleaseId>,
    /// The sealed half.
    pub sealed: SealedHalf,
    /// The sealed half by what customers write in.
    pub languages: Vec<LanguageScore>,
    /// The open half.
    pub open: OpenHalf,
    /// Why the open half's pinned turns refuse it, in words.
    pub broken_pins: Option<String>,
    /// What both answer.
    pub responses: Responses,
    /// Coverage against accuracy.
    pub coverage: Coverage,
    /// This cycle's failures.
    pub failures: FailureScore,
    /// What was left out.
    pub left_out: LeftOut,
    /// The gold version that both were scored on.
    pub gold_version: Option<GoldVersion>,
    /// Seconds of training.
    pub train_seconds: f64,
    /// Examples trained on.
    pub trained_on: u64,
    /// Both sides have the same intents.
    pub same_intents: bool,
}

impl Findings {
    /// The comparison, once the candidate is a stored release and the look is counted. The gate refuses for every reason of the sealed
    /// half, the open half and the answers, in this order (rules 17 and 39).
    pub fn numbered(self, release: ReleaseId, looks: u64) -> Comparison {
        let sealed = self.sealed;
        let mut gate_reasons = sealed.refusals;
        gate_reasons.extend(self.broken_pins);
        gate_reasons.extend(self.responses.faults.reasons());
        Comparison {
            release,
            parent: self.parent,
            former_recipe: self.former_recipe,
            before_is: self.before_is,
            before_release: self.before_release,
            before_intents: None,
            before: sealed.before,
            after: sealed.after,
            fixed: sealed.fixed,
            broken: sealed.broken,
            p_value: sealed.p_value,
            p_cluster: sealed.p_cluster,
            delta: sealed.delta,
            ci95: sealed.ci95,
            verdict: sealed.verdict,
            needed: sealed.needed,
            gate: if gate_reasons.is_empty() { Gate::Pass } else { Gate::Refuse },
            gate_reasons,
            left_out: self.left_out,
            gold_version: self.gold_version,
            looks,
            same_intents: self.same_intents,
            train_seconds: self.train_seconds,
            trained_on: self.trained_on,
            intents: sealed.intents,
            failures: self.failures,
            calibration: sealed.calibration,
            coverage: self.coverage,
            responses: self.responses,
            languages: self.languages,
            open: self.open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AnswerFaults, FaultyTurns};

    fn findings(refusals: &[&str], broken_pins: Option<&str>, faulty: u64) -> Findings {
        let other_language = FaultyTurns { n: faulty, first: vec!["shop:1".into()], rows: Vec::new() };
        Findings {
            parent: None,
            former_recipe: None,
            before_is: BeforeIs::Log,
            before_release: None,
            sealed: SealedHalf {
                before: HalfScores::default(),
                after: HalfScores::default(),
                fixed: 0,
                broken: 0,
                p_value: 1.0,
                p_cluster: 1.0,
                delta: 0.0,
                ci95: [0.0; 2],
                verdict: Verdict::CannotTell,
                needed: None,
                refusals: refusals.iter().map(|r| (*r).to_owned()).collect(),
                intents: Vec::new(),
                calibration: Calibration::default(),
            },
            languages: Vec::new(),
            open: OpenHalf::default(),
            broken_pins: broken_pins.map(str::to_owned),
            responses: Responses {
                faults: AnswerFaults { other_language, ..AnswerFaults::default() },
                ..Responses::default()
            },
            coverage: Coverage::default(),
            failures: FailureScore::default(),
            left_out: LeftOut::default(),
            gold_version: None,
            train_seconds: 0.0,
            trained_on: 0,
            same_intents: false,
        }
    }

    #[test]
    fn the_gate_passes_only_where_nothing_refuses() {
        let passed = findings(&[], None, 0).numbered(ReleaseId(7), 3);
        assert_eq!((passed.gate, passed.release, passed.looks), (Gate::Pass, ReleaseId(7), 3));
        for one in [findings(&["worse"], None, 0), findings(&[], Some("a pin broke"), 0), findings(&[], None, 1)] {
            let refused = one.numbered(ReleaseId(7), 0);
            assert_eq!((refused.gate, refused.gate_reasons.len()), (Gate::Refuse, 1));
        }
        let all = findings(&["worse"], Some("a pin broke"), 2).numbered(ReleaseId(7), 0).gate_reasons;
        assert_eq!(all[..2], ["worse", "a pin broke"]);
        assert!(all[2].contains("another language"), "{all:?}");
    }
}
