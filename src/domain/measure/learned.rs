//! What a learner that learns by itself came to, before and after.

use super::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Figures of one side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LearnedFigures {
    /// Area under the ROC curve: of yes, or of negative.
    pub auc: f64,
    /// Mean loss, nats an example.
    pub log_loss: f64,
    /// Of sentiment alone.
    pub macro_f1: Option<f64>,
    /// Calibration error; of offers alone.
    pub ece: Option<f64>,
    /// Examples.
    pub n: u64,
    /// Where some stand for many (rule 52): as many plain examples as they are worth. The other figures are weighed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<f64>,
}

/// Offers of later weeks, and those of them that were expected to be accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedYes {
    /// Answered offers of the later weeks.
    pub all: u64,
    /// ...and accepted.
    pub all_yes: u64,
    /// Those of which a yes was expected: more than of the average offer.
    pub expected: u64,
    /// ...and accepted.
    pub expected_yes: u64,
}

/// What was found when a learner looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedReport {
    /// What is live, or the base rate, on what neither has seen.
    pub before: LearnedFigures,
    /// The new model on the same.
    pub after: LearnedFigures,
    /// By how much the loss fell, nats an example; above 0 is better.
    pub delta: f64,
    /// Its 95 % interval, by customer.
    pub ci95: [f64; 2],
    /// Sign-flip test by customer, two-sided.
    pub p_cluster: f64,
    /// What may be concluded.
    pub verdict: Verdict,
    /// The how many-th look by itself this was.
    pub looks: u64,
    /// What it learnt from, counted.
    pub learned_from: BTreeMap<String, u64>,
    /// New signals after which it looks again.
    pub again_after: u64,
    /// Of sentiment: how many labels, and the area under the curve with the first so many of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_labels: Vec<(u64, f64)>,
    /// Of offers: what asking only where a yes is expected would have come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedYes>,
}

impl LearnedReport {
    /// Under this name [`Self::learned_from`] counts all signals that there are, where the newest alone were read.
    pub const NEWEST_OF: &str = "newest_of_signals";
    /// Under this name it counts the conversations with a signal, where a draw from them was read, ...
    pub const DRAWN_OF: &str = "drawn_of_conversations";
    /// ...and under this one those that were drawn.
    pub const DRAWN: &str = "drawn_conversations";

    /// Under this name it counts the conversations in languages in which no call for a person is heard.
    pub const UNHEARD: &str = "conversations_in_other_letters";

    /// The names that count what could have been read: they are no part of what was learnt from.
    pub const ABOUT: [&str; 4] = [Self::NEWEST_OF, Self::DRAWN_OF, Self::DRAWN, Self::UNHEARD];

    /// What the number of calls for a person leaves out, in a clause; `None`: nothing.
    pub fn unheard(&self, count: impl Fn(u64) -> String) -> Option<String> {
        let n = self.learned_from.get(Self::UNHEARD).copied().filter(|n| *n > 0)?;
        let what = if n == 1 { "conversation is" } else { "conversations are" };
        Some(format!("calls for a person are read in English and Greek alone: {} {what} in other languages", count(n)))
    }

    /// Which way the loss went and by how much, with its interval: `fell by 0.0392 [-0.0308, 0.1033]`.
    pub fn moved(&self, digits: usize) -> String {
        let [lo, hi] = self.ci95;
        match self.delta >= 0.0 {
            true => format!("fell by {:.digits$} [{lo:.digits$}, {hi:.digits$}]", self.delta),
            false => format!("rose by {:.digits$} [{:.digits$}, {:.digits$}]", -self.delta, -hi, -lo),
        }
    }

    /// How much of what there is was read; `None`: all of it.
    pub fn part(&self) -> Option<ReadPart> {
        let of = |name: &str| self.learned_from.get(name).copied();
        match (of(Self::DRAWN), of(Self::DRAWN_OF), of(Self::NEWEST_OF)) {
            (Some(drawn), Some(all), _) => Some(ReadPart::Drawn { drawn, all }),
            (_, _, Some(all)) => Some(ReadPart::Newest { all }),
            _ => None,
        }
    }
}

/// What was read of more than there was time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadPart {
    /// Conversations drawn from all that have a signal.
    Drawn {
        /// So many.
        drawn: u64,
        /// Of so many.
        all: u64,
    },
    /// The newest of so many signals: by the rules of former releases.
    Newest {
        /// All signals.
        all: u64,
    },
}
