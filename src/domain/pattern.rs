//! What failures have in common.

use super::Cause;
use super::outcome::coded;
use serde::{Deserialize, Serialize};

coded!(
    /// What makes failures a pattern.
    PatternKind {
        /// The customer asked for a person before anything else, and got one.
        Person = 1, "asked_for_person";
        /// A lookup or an action of the AI failed for a technical reason: an error of a server, a timeout, an exception, a connection.
        Tool = 2, "tool_failed";
        /// One answer was given to several matters.
        NonAnswer = 3, "same_answer";
        /// The AI did not understand, or understood another intent than a reviewer or the live release.
        Misunderstood = 4, "misunderstood";
        /// One answer to one matter, with which it fails again and again.
        Answer = 5, "answer";
        /// The same was asked.
        Question = 6, "question";
        /// The customer asked for a person after an answer, and got one.
        PersonLater = 7, "asked_for_person_later";
        /// Reviewers' notes say the same.
        Noted = 8, "noted";
        /// A lookup or an action of the AI said no without a technical reason: no seats left, a card with too little on it.
        Refused = 9, "tool_refused";
        /// The AI offered a person, and the customer took it.
        PersonOffered = 10, "person_offered";
    }
);

/// Judgements from which on they say more of who can repair a pattern than its kind does.
const FEWEST_JUDGED: u64 = 3;
/// Who can repair what nobody has looked at.
const NOT_KNOWN: &str = "not known before a review";

impl PatternKind {
    /// The root cause that it is for certain; `None` where only people can say.
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Tool => Some(Cause::Integration),
            Self::Misunderstood => Some(Cause::WrongIntent),
            Self::Person
            | Self::PersonLater
            | Self::PersonOffered
            | Self::Refused
            | Self::NonAnswer
            | Self::Answer
            | Self::Question
            | Self::Noted => None,
        }
    }

    /// Whether all of it is about one thing that customers want, or that went wrong: an answer, an error or a person is about many.
    pub const fn is_one_matter(self) -> bool {
        matches!(self, Self::Question | Self::Noted)
    }

    /// Who can repair it, in a few words: who can repair most of what reviewers judged, else whom the kind itself speaks for. Fewer
    /// than three judgements say little.
    pub fn repaired_by(self, reviewed: &[(Cause, u64)]) -> &'static str {
        let of = |who: &str| reviewed.iter().filter(|c| c.0.repairer() == who).map(|c| c.1).sum::<u64>();
        // Of equals the one whose cause stands first.
        let most = reviewed.iter().rev().map(|c| (of(c.0.repairer()), c.0.repairer())).max_by_key(|m| m.0);
        let all: u64 = reviewed.iter().map(|c| c.1).sum();
        match (most.filter(|_| all >= FEWEST_JUDGED), self.cause()) {
            (Some((_, who)), _) => who,
            (None, Some(cause)) => cause.repairer(),
            (None, None) => NOT_KNOWN,
        }
    }
}

/// Whether that is somebody who repairs: not nobody, and not whoever is not known yet.
pub fn is_repairer(who: &str) -> bool {
    who != NOT_KNOWN && who != Cause::RightHandover.repairer()
}

/// How often the conversations fail that have something, and those that do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureEvidence {
    /// Of the conversations that have it: failed or handed over.
    pub failed: u64,
    /// Conversations that have it.
    pub n: u64,
    /// Of the others: failed or handed over.
    pub rest_failed: u64,
    /// The others.
    pub rest_n: u64,
    /// It goes with failing clearly: more than chance makes of as many looks, and by half at least.
    pub clear: bool,
    /// How those that have it ended: resolved, escalated, failed, abandoned. All zero: found before this was kept.
    #[serde(default)]
    pub outcomes: [u64; 4],
}

/// What a detector found of a failure mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// The mode.
    pub mode: String,
    /// Conversations of N that it looked at.
    pub n: u64,
    /// The share of them that it takes to be in the mode; `None`: it could not be taught.
    pub raw: Option<f64>,
    /// The share that are in it, by detector and people together; `None`: too few audit items.
    pub prevalence: Option<f64>,
    /// Lower end of its 95 % interval.
    pub lo: Option<f64>,
    /// Upper end.
    pub hi: Option<f64>,
    /// Of audit failures in the mode, the share that it finds.
    pub tpr: Option<f64>,
    /// Of audit failures in no or another mode, the share that it leaves alone.
    pub tnr: Option<f64>,
    /// Audit items of which a person said it.
    pub audit_n: u64,
    /// Of these, in the mode.
    pub audit_positive: u64,
    /// A prevalence can be told.
    pub enough: bool,
    /// What is missing, or how the prevalence was told.
    pub says: String,
    /// Audit failures in the mode, and in no or another one, that `tpr` and `tnr` are of.
    #[serde(default)]
    pub audit_failures: [u64; 2],
    /// Training labels in and not in the mode.
    pub lessons: [u64; 2],
    /// What the audit items alone say, as rule 23 does.
    pub audit_rate: Option<f64>,
    /// Audit items that would be as sure without a detector.
    pub effective_labels: Option<f64>,
    /// How much the detector's word is weighed in the prevalence, 0 (people's alone) to 1; `None`: no prevalence is told.
    #[serde(default)]
    pub lambda: Option<f64>,
    /// The AI that was asked, and how often it agrees with people on audit items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai: Option<AskedDetector>,
}

/// What asking an AI came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedDetector {
    /// Its name in the configuration.
    pub name: String,
    /// Conversations it was asked about.
    pub asked: u64,
    /// Audit items on which it says what people say, of those it was asked about.
    pub agrees: u64,
    /// Those it was asked about.
    pub of: u64,
}

/// A list of what fails, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PatternView {
    /// What failed, by what it has in common.
    #[default]
    Failed,
    /// Each intent with how its conversations ended.
    Intents,
    /// Which intents are taken for which.
    Confused,
    /// Why it failed, as reviewers say.
    Causes,
    /// Where more fails than elsewhere.
    Segments,
    /// What was handed over to people.
    Handovers,
    /// What was resolved, and came back.
    Returned,
    /// What customers came for by the accepted list of topics.
    Topics,
    /// What was handed out, and whether it fell.
    Actions,
}

impl PatternView {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Failed,
        Self::Intents,
        Self::Confused,
        Self::Causes,
        Self::Segments,
        Self::Handovers,
        Self::Returned,
        Self::Topics,
        Self::Actions,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Intents => "intents",
            Self::Confused => "confused",
            Self::Causes => "causes",
            Self::Segments => "segments",
            Self::Handovers => "handovers",
            Self::Returned => "returned",
            Self::Topics => "topics",
            Self::Actions => "actions",
        }
    }

    /// What people read on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Failed => "what failed",
            Self::Intents => "intents",
            Self::Confused => "taken for",
            Self::Causes => "why",
            Self::Segments => "where",
            Self::Handovers => "hand-overs",
            Self::Returned => "came back",
            Self::Topics => "topics",
            Self::Actions => "actions",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_repairs_most_of_what_was_judged_has_it_and_a_few_judgements_say_nothing() {
        let kind = PatternKind::Question;
        assert_eq!(kind.repaired_by(&[]), NOT_KNOWN);
        assert_eq!(kind.repaired_by(&[(Cause::Policy, 2)]), NOT_KNOWN);
        assert_eq!(PatternKind::Tool.repaired_by(&[(Cause::Policy, 2)]), "engineering");
        assert_eq!(PatternKind::Tool.repaired_by(&[(Cause::Policy, 3)]), "the business");
        // One cause leads; two others of one repairer are more.
        let judged = [(Cause::MissingKnowledge, 16), (Cause::WrongAnswer, 12), (Cause::Tone, 8)];
        assert_eq!(kind.repaired_by(&judged), "corrected answers");
        let even = [(Cause::Policy, 4), (Cause::Integration, 4)];
        assert_eq!(kind.repaired_by(&even), "the business", "of equals the first");
    }
}
