//! The lines of Patterns.

use crate::domain::{Cause, Difference, FailureEvidence, PatternKind, Rate, is_repairer};
use crate::store::{ActionRow, KeptDetection};
use serde::Serialize;

/// How a part of the traffic fares against the rest of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Segmented {
    /// Failed or handed over, of all its conversations.
    pub failing: Rate,
    /// The same of all others.
    pub elsewhere: Rate,
    /// How much more fails here; `None` where either is too small to compare.
    pub more: Option<Difference>,
    /// The chance of a difference as large in either direction, where there is none, corrected for looking at many (Benjamini-Hochberg).
    pub p: Option<f64>,
}

/// Who says that an intent was taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfusedBy {
    /// Reviewers.
    Reviewers,
    /// The live release, of what nobody has judged.
    LiveRelease,
}

impl ConfusedBy {
    /// What people read.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reviewers => "reviewers",
            Self::LiveRelease => "the live release",
        }
    }
}

/// An intent that was taken for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusedPair {
    /// What the customer meant. Hostile.
    pub meant: String,
    /// What the log says. Hostile.
    pub logged: String,
    /// Who says so.
    pub by: ConfusedBy,
    /// Both are among the most confused: of those every pair is listed, so that a matrix of them is whole.
    pub is_in_matrix: bool,
}

/// A failure's share of one side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectSide {
    /// Failures of all conversations of these days that ended; of causes and modes: of the reviewed failures.
    #[serde(flatten)]
    pub rate: Rate,
    /// Finds the failures.
    pub query: String,
    /// Days that have passed of it, at most 28.
    pub days: i64,
}

/// The failures that nobody was given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OthersEffect {
    /// Before.
    pub before: Rate,
    /// After.
    pub after: Rate,
    /// How their share changed; `None` where a side has no conversations.
    pub change: Option<Difference>,
}

/// Something that was handed out, and whether it fell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionEffect {
    /// What was handed out.
    #[serde(flatten)]
    pub action: ActionRow,
    /// The first day of "after", `2026-11-22`: the day after it was done or handed out. That day itself is on neither side, since part
    /// of it was before.
    pub since: String,
    /// What shares are of: `conversations` or `reviewed failures`.
    pub of: &'static str,
    /// The four weeks before.
    pub before: EffectSide,
    /// The four weeks from that day on, as far as they have passed.
    pub after: EffectSide,
    /// How the share changed; `None` where a side has nothing.
    pub change: Option<Difference>,
    /// It fell; `false`: it rose; `None`: nobody can tell.
    pub fell: Option<bool>,
    /// What nobody was given, over the same days.
    pub others: OthersEffect,
}

/// A line of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PatternLine {
    /// What people read. May come from the log: hostile.
    pub name: String,
    /// Conversations: what the query finds.
    pub n: u64,
    /// Its share of what the list is about; `None` where the list has no whole.
    pub share: Option<f64>,
    /// Of a cause: its share and those of all larger ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cumulative: Option<f64>,
    /// Finds them.
    pub query: String,
    /// Of a pattern: what makes it one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<PatternKind>,
    /// Of a pattern: conversations in the period before, as long; `None` where the log does not reach back over all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Of a pattern: conversations in each of the last thirteen fortnights, the oldest first; null where the log had not begun.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trend: Vec<Option<u64>>,
    /// Of a pattern: none of it is older than the period, although there was a time in which it would have been seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub new: bool,
    /// What a customer said in it. Hostile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// Of a pattern: what others said in it. Hostile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_examples: Vec<String>,
    /// Of a topic: what it is about, in words. By people: hostile.
    #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Who was given it, by when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionRow>,
    /// Of what was handed out: whether it fell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Box<ActionEffect>>,
    /// Intents of it, the most frequent first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub intents: Vec<(String, u64)>,
    /// Causes that reviewers found in it, the most frequent first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<(Cause, u64)>,
    /// Who can repair it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired_by: Option<&'static str>,
    /// How its conversations ended: resolved, escalated, failed, abandoned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<[u64; 4]>,
    /// Failed or handed over, of those that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing: Option<Rate>,
    /// Rated 4 or 5, of those that were rated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csat: Option<Rate>,
    /// The share of all conversations of the period that more would be resolved if none of these failed or was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<f64>,
    /// Of "taken for": who was taken for whom.
    #[serde(skip)]
    pub pair: Option<ConfusedPair>,
    /// Of "taken for": those that were taken so, of all that the log gives this intent and of which the same side says what was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_logged: Option<Rate>,
    /// Of a part of the traffic: the share that failed or was handed over in each of the last thirteen fortnights, the oldest first;
    /// null where fewer than ten ended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failing_trend: Vec<Option<f64>>,
    /// How it fares against the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segmented>,
    /// Of a pattern: how it goes with failing, in the half year that it was found in; `None` where that was not tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<FailureEvidence>,
    /// Of a failure mode: what a detector last found of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<Box<KeptDetection>>,
}

impl PatternLine {
    /// Of the conversations that reviewers judged, those whose cause the one it is left to can repair: how sure that is. `None`:
    /// nobody has judged any, or nobody is known to repair it.
    pub fn repair_rate(&self) -> Option<Rate> {
        let who = self.repaired_by.filter(|who| is_repairer(who))?;
        let reviewed: u64 = self.causes.iter().map(|c| c.1).sum();
        let repaired = self.causes.iter().filter(|c| c.0.repairer() == who).map(|c| c.1).sum();
        (reviewed > 0).then(|| Rate::new(repaired, reviewed))
    }

    /// Of what failed: nothing that a pattern holds which somebody can repair. What is in none, what was right or may have been since a
    /// person was asked for at once, and what was asked alike and fails as all else does.
    pub fn is_aside(&self) -> bool {
        let is_clear = || self.evidence.is_some_and(|e| e.clear);
        match self.kind {
            None | Some(PatternKind::Person) => true,
            Some(PatternKind::Question) => !is_clear(),
            Some(_) => false,
        }
    }

    /// Who can repair it, "perhaps" where it may be less than half of it (the lower end of the 95 % interval).
    pub fn repairer(&self) -> String {
        let who = self.repaired_by.unwrap_or_default();
        let perhaps = self.repair_rate().is_some_and(|r| r.lo < 0.5);
        if perhaps { format!("perhaps {who}") } else { who.to_owned() }
    }
}

/// A list, and what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatternPage {
    /// Calendar days that are counted; `None`: everything, since the log has no times.
    pub days: Option<i64>,
    /// What its shares are of, in words, with how many.
    pub whole: (&'static str, u64),
    /// Finds the whole.
    pub query: String,
    /// All conversations of the period, ended or not, where the whole is a part of these and not of N.
    pub among: Option<u64>,
    /// What the log lacks for this list, and what brings it; nothing was counted then.
    pub missing: Option<&'static str>,
    /// A sentence that belongs to the list.
    pub note: Option<String>,
    /// Why there is no line, and what to do.
    pub nothing: Option<String>,
    /// Of what failed: rightly handed over, as reviewers say; and asked for a person at once, which nobody has reviewed.
    pub handed: (u64, u64),
    /// Of topics: nobody has accepted the list yet.
    pub is_proposed: bool,
    /// The lines, in the order in which they are read.
    pub lines: Vec<PatternLine>,
}

impl PatternPage {
    /// Of what failed: the first line of those that nobody can repair as one thing, where others stand above them; and what that part is
    /// called.
    pub fn rest(&self) -> Option<(usize, &'static str)> {
        const REST: &str = "the rest: nothing that clearly fails more than elsewhere";
        let from = self.lines.iter().position(PatternLine::is_aside)?;
        (from > 0).then_some((from, REST))
    }

    /// Whether nothing is known of what the list is about: then no number stands above the sentence that says so.
    pub fn is_unknown(&self) -> bool {
        self.whole.1 == 0 && self.nothing.is_some()
    }

    /// Of what failed, what was handed over, in words: `19 rightly, 25 asked for a person at once and not reviewed`.
    pub fn handed_over(&self, count: impl Fn(u64) -> String) -> Option<String> {
        let (right, at_once) = self.handed;
        let says = [(right, "rightly"), (at_once, "asked for a person at once and not reviewed")];
        let said: Vec<String> =
            says.into_iter().filter(|s| s.0 > 0).map(|(n, says)| format!("{} {says}", count(n))).collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}
