//! What failures have in common.

use super::outcome::coded;
use super::{Cause, Repair};
use serde::{Deserialize, Serialize};

coded!(
    /// What makes failures a pattern.
    PatternKind {
        /// The customer asked for a person before anything else, and got one.
        Person = 1, "asked_for_person";
        /// A lookup or an action of the AI failed.
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
    }
);

impl PatternKind {
    /// The root cause that it speaks for; `None` where only people can say.
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Person => Some(Cause::RightHandover),
            Self::PersonLater => Some(Cause::Handoff),
            Self::Tool => Some(Cause::Integration),
            Self::NonAnswer => Some(Cause::MissingKnowledge),
            Self::Misunderstood => Some(Cause::WrongIntent),
            Self::Answer | Self::Question => None,
        }
    }

    /// Who can repair it, in a few words, given the cause that reviewers found in most of it.
    pub fn repaired_by(self, reviewed: Option<Cause>) -> &'static str {
        match (self, reviewed.or(self.cause())) {
            (Self::Person, _) => "nobody: the hand-over was right",
            (_, None) => "not known before some are reviewed",
            (_, Some(cause)) => cause.repaired_by(),
        }
    }
}

impl Cause {
    /// Who can repair what fails for this cause, in a few words.
    pub const fn repaired_by(self) -> &'static str {
        match (self, self.repair()) {
            (_, Repair::Training) => "fine-tuning",
            (Self::Integration, _) => "engineering",
            (Self::Policy, _) => "the business",
            (Self::MissingKnowledge | Self::OutOfScope, _) => "content writers",
            (Self::Handoff, _) => "whoever sets up hand-overs",
            (_, Repair::Response) => "a corrected answer",
            (_, Repair::Partly | Repair::No) => "whoever builds the AI",
        }
    }
}
