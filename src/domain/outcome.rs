//! How a conversation ended, why it failed, and where its review stands.

use serde::{Deserialize, Serialize};

/// Makes a field-less enum with a stable integer code (stored), a stable name (JSON, command line) and all values.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The integer under which the store keeps it. Never reused, never renumbered.
            pub const fn code(self) -> i64 { match self { $(Self::$variant => $code),+ } }
            /// The value of a stored integer.
            pub fn from_code(code: i64) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
            /// The name in JSON, on the command line and in queries.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
            /// The value of a name, exactly as [`Self::name`] writes it.
            pub fn from_name(name: &str) -> Option<Self> { match name { $($text => Some(Self::$variant),)+ _ => None } }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.name()) }
        }
    };
}
pub(crate) use coded;

coded!(
    /// How a conversation ended for the customer (rule 4).
    Outcome {
        /// The AI solved it.
        Resolved = 1, "resolved";
        /// It was handed to a person.
        Escalated = 2, "escalated";
        /// The AI did not solve it.
        Failed = 3, "failed";
        /// The customer left before success or failure.
        Abandoned = 4, "abandoned";
        /// Still open, by the source's own word.
        Pending = 5, "pending";
        /// Nothing tells.
        Unknown = 6, "unknown";
    }
);

coded!(
    /// Who says so.
    OutcomeSource {
        /// The log.
        Explicit = 1, "explicit";
        /// Our rules, from how the conversation ended.
        Derived = 2, "derived";
        /// A person.
        Reviewer = 3, "reviewer";
    }
);

coded!(
    /// How sure a resolution is.
    Resolution {
        /// The customer said so.
        Confirmed = 1, "confirmed";
        /// The customer left without asking more.
        Assumed = 2, "assumed";
    }
);

/// The only kind of end that is told, where the log says of no conversation how it ended and nothing but thanks, or nothing but failures
/// and hand-overs, could be told from how they went; silence beside either. Nothing is known of the others then, and no rate follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OneKindOfEnd {
    /// Thanks or praise: no failure can be told.
    Helped,
    /// Failures, hand-overs, silence: no success can be told.
    NotHelped,
}

impl OneKindOfEnd {
    /// Whether a conversation that ended so can be told: what nobody knows the end of always can.
    pub fn tells(self, outcome: Outcome) -> bool {
        match self {
            Self::Helped => !matches!(outcome, Outcome::Failed | Outcome::Escalated),
            Self::NotHelped => outcome != Outcome::Resolved,
        }
    }

    /// What has to come before a rate, in a few words.
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Helped => "needs a log that tells of failures",
            Self::NotHelped => "needs a log that tells of successes",
        }
    }

    /// What is told in place of a rate: of all that ended how many were helped, how many were not as far as anybody knows, and what
    /// cannot be told. `count` writes a number.
    pub fn says(self, (helped, others): (u64, u64), all: u64, count: impl Fn(u64) -> String) -> String {
        let all = count(all);
        match self {
            Self::Helped => {
                let silent = if others > 0 { format!(", {} in silence", count(others)) } else { String::new() };
                format!(
                    "{} of {all} ended in thanks or praise{silent}. Nothing in this log can tell of a failure: there is no rate.",
                    count(helped)
                )
            }
            Self::NotHelped => format!(
                "{} of {all} ended in a failure, a hand-over or silence. Nothing in this log can tell that somebody was helped: \
                 there is no rate.",
                count(others)
            ),
        }
    }

    /// What is missing in the log, and how it comes.
    pub const fn missing(self) -> &'static str {
        match self {
            Self::Helped => {
                "What would tell: an outcome or a status of each conversation, hand-overs to a person, or ratings. Import the same log \
                 again with them."
            }
            Self::NotHelped => {
                "What would tell: an outcome or a status of each conversation, or ratings. Import the same log again with them."
            }
        }
    }
}

coded!(
    /// Where the review of a conversation stands. Derived from the decision log, never set on its own.
    Review {
        /// Nobody has judged it yet, or only in part.
        Open = 0, "open";
        /// Intent verdict and cause are there (rule 26).
        Done = 1, "done";
        /// A reviewer put it off.
        Later = 2, "later";
        /// A reviewer could not tell.
        Skipped = 3, "skipped";
        /// A reviewer asks the lead to look.
        Flagged = 4, "flagged";
    }
);

coded!(
    /// Why it failed: the first upstream error, one a conversation.
    Cause {
        /// The right intent exists, another was predicted.
        WrongIntent = 1, "wrong_intent";
        /// The right intent exists, the AI fell back.
        MissedIntent = 2, "missed_intent";
        /// In scope, but no such intent yet.
        NewIntent = 3, "new_intent";
        /// The AI should not handle it.
        OutOfScope = 4, "out_of_scope";
        /// There is no content for it.
        MissingKnowledge = 5, "missing_knowledge";
        /// Right intent, wrong or outdated answer.
        WrongAnswer = 6, "wrong_answer";
        /// Right but not enough, or unclear.
        IncompleteAnswer = 7, "incomplete_answer";
        /// Cold, rude, off brand.
        Tone = 8, "tone";
        /// Policy forbids what the customer wants.
        Policy = 9, "policy";
        /// A lookup or an action failed.
        Integration = 10, "integration";
        /// Lost the thread, repeated itself.
        ContextLoop = 11, "context_loop";
        /// A late or missed transfer.
        Handoff = 12, "handoff";
        /// The customer had to be handed to a person and was: nothing failed.
        RightHandover = 13, "right_handover";
    }
);

/// What a fine-tuning pass can do about a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Repair {
    /// New labels repair it.
    Training,
    /// Part of it.
    Partly,
    /// A corrected response repairs it.
    Response,
    /// Somebody has to change something else.
    No,
}

impl Cause {
    /// The key that codes it in Review.
    pub const fn key(self) -> char {
        match self {
            Self::WrongIntent => 'w',
            Self::MissedIntent => 'f',
            Self::NewIntent => 'n',
            Self::OutOfScope => 'o',
            Self::MissingKnowledge => 'k',
            Self::WrongAnswer => 'a',
            Self::IncompleteAnswer => 'i',
            Self::Tone => 't',
            Self::Policy => 'p',
            Self::Integration => 'x',
            Self::ContextLoop => 'c',
            Self::Handoff => 'h',
            Self::RightHandover => '.',
        }
    }

    /// The cause that a key codes.
    pub fn from_key(key: char) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.key() == key)
    }

    /// The words that a screen shows.
    pub const fn label(self) -> &'static str {
        match self {
            Self::WrongIntent => "wrong intent",
            Self::MissedIntent => "missed intent",
            Self::NewIntent => "new intent",
            Self::OutOfScope => "out of scope",
            Self::MissingKnowledge => "missing knowledge",
            Self::WrongAnswer => "wrong answer",
            Self::IncompleteAnswer => "incomplete answer",
            Self::Tone => "tone",
            Self::Policy => "policy",
            Self::Integration => "integration",
            Self::ContextLoop => "context or loop",
            Self::Handoff => "handoff",
            Self::RightHandover => "right hand-over",
        }
    }

    /// One line for somebody who sees the code for the first time.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::WrongIntent => "the right intent exists, another was predicted",
            Self::MissedIntent => "the right intent exists, the AI fell back",
            Self::NewIntent => "in scope, but no such intent yet",
            Self::OutOfScope => "the AI should not handle it",
            Self::MissingKnowledge => "there is no content for it",
            Self::WrongAnswer => "right intent, wrong or outdated answer",
            Self::IncompleteAnswer => "right but not enough, or unclear",
            Self::Tone => "cold, rude, off brand",
            Self::Policy => "policy forbids what the customer wants",
            Self::Integration => "a lookup or an action failed",
            Self::ContextLoop => "lost the thread, repeated itself",
            Self::Handoff => "handed over too late, for nothing, or not at all",
            Self::RightHandover => "rightly handed to a person: nothing failed",
        }
    }

    /// Its meaning in a word or two, where there is no room for a line.
    pub const fn gloss(self) -> &'static str {
        match self {
            Self::WrongIntent => "another one",
            Self::MissedIntent => "fell back",
            Self::NewIntent => "not listed",
            Self::OutOfScope => "not for it",
            Self::MissingKnowledge => "no content",
            Self::WrongAnswer => "outdated",
            Self::IncompleteAnswer => "or unclear",
            Self::Tone => "cold, rude",
            Self::Policy => "forbidden",
            Self::Integration => "no service",
            Self::ContextLoop => "repeats",
            Self::Handoff => "late, none",
            Self::RightHandover => "all well",
        }
    }

    /// Whether relabelling sets it by itself (rule 26).
    pub const fn is_about_intent(self) -> bool {
        matches!(self, Self::WrongIntent | Self::MissedIntent | Self::NewIntent)
    }

    /// Whether something failed at all. What did not leaves the ceiling, the causes and "still failing", never the rates.
    pub const fn is_failure(self) -> bool {
        !matches!(self, Self::RightHandover)
    }

    /// Whether fine-tuning can repair it: what the retraining ceiling counts.
    pub const fn repair(self) -> Repair {
        match self {
            Self::WrongIntent | Self::MissedIntent | Self::NewIntent => Repair::Training,
            Self::OutOfScope => Repair::Partly,
            Self::WrongAnswer | Self::IncompleteAnswer | Self::Tone => Repair::Response,
            _ => Repair::No,
        }
    }

    /// Who can repair it, for a person.
    pub const fn repairer(self) -> &'static str {
        match self {
            Self::WrongIntent | Self::MissedIntent | Self::NewIntent => "fine-tuning",
            Self::OutOfScope => "fine-tuning, in part",
            Self::WrongAnswer | Self::IncompleteAnswer | Self::Tone => "corrected answers",
            Self::MissingKnowledge => "content writers",
            Self::Policy => "the business",
            Self::Integration => "engineering",
            Self::ContextLoop => "who builds the dialogue",
            Self::Handoff => "the service desk",
            Self::RightHandover => "nobody: it was right",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_keys_are_one_to_one() {
        for &c in Cause::ALL {
            assert_eq!(Cause::from_code(c.code()), Some(c));
            assert_eq!(Cause::from_name(c.name()), Some(c));
            assert_eq!(Cause::from_key(c.key()), Some(c));
        }
        assert_eq!(Outcome::from_name("won"), None);
    }
}
