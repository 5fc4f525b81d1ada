//! What may be said of a comparison, and what stands before (rules 13, 16 and 17).

use crate::domain::ReleaseId;
use crate::domain::outcome::coded;
use serde::{Deserialize, Serialize};

coded!(
    /// What may be concluded (rule 16).
    Verdict {
        /// p_cluster < 0.05, the interval is above 0.
        Better = 1, "better";
        /// p_cluster < 0.05, the interval is below 0.
        Worse = 2, "worse";
        /// Neither, or fewer than 100 sealed turns.
        CannotTell = 3, "cannot_tell";
    }
);

coded!(
    /// What stands in the "before" column (rule 13).
    BeforeIs {
        /// A release.
        Model = 1, "model";
        /// The log's own predictions.
        Log = 2, "log";
        /// The most frequent training intent.
        Majority = 3, "majority";
    }
);

impl Verdict {
    /// What may be concluded, in a word or two.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::CannotTell => "cannot tell",
        }
    }
}

impl BeforeIs {
    /// What stands before, in words; `release` where it is one.
    pub fn words(self, release: Option<ReleaseId>) -> String {
        match (self, release) {
            (Self::Model, Some(release)) => format!("v{}", release.0),
            (Self::Model, None) => "what was there before".to_owned(),
            (Self::Log, _) => "the log".to_owned(),
            (Self::Majority, _) => "always one answer".to_owned(),
        }
    }
}

coded!(
    /// Whether a candidate may be promoted (rule 17).
    Gate {
        /// It may; after `cannot_tell` with a reason.
        Pass = 1, "pass";
        /// Only with an override.
        Refuse = 2, "refuse";
    }
);
