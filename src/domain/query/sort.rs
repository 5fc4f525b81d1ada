//! The order of the queue: up to three keys, each rising or falling.

use crate::base::did_you_mean::nearest;
use std::fmt;
use std::str::FromStr;

/// What the queue can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderBy {
    /// What a review teaches (rule 28).
    Value,
    /// Last activity.
    Activity,
    /// The live model's confidence, else the log's. Nobody's word on it comes last.
    Confidence,
    /// How it ended: failed, escalated, abandoned, resolved, pending, unknown.
    Outcome,
    /// The customer's rating. Unrated ones come last.
    Csat,
    /// Sentiment, a reviewer's word before the log's. Unknown ones come last.
    Sentiment,
    /// The conversation's intent (rule 2) by its name. None comes last.
    Intent,
    /// Where the review stands.
    Status,
    /// How well it fits the words that are searched for; without words, last activity.
    Relevance,
}

/// One key: what, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// What.
    pub by: OrderBy,
    /// Largest, latest or last first.
    pub descending: bool,
}

/// The order of the queue. Later keys decide where earlier ones are equal, row numbers where all are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QueueOrder {
    keys: [Option<SortKey>; QueueOrder::MOST],
}

/// Names of keys, each with its usual direction (`true`: falling). `-` before a name turns it round.
const NAMES: [(&str, OrderBy, bool); 10] = [
    ("value", OrderBy::Value, true),
    ("newest", OrderBy::Activity, true),
    ("oldest", OrderBy::Activity, false),
    ("confidence", OrderBy::Confidence, false),
    ("outcome", OrderBy::Outcome, false),
    ("csat", OrderBy::Csat, false),
    ("sentiment", OrderBy::Sentiment, false),
    ("intent", OrderBy::Intent, false),
    ("status", OrderBy::Status, false),
    ("relevance", OrderBy::Relevance, true),
];

impl QueueOrder {
    /// Keys at most.
    pub const MOST: usize = 3;
    /// What a review teaches most first.
    pub const VALUE: Self = Self::one(OrderBy::Value, true);
    /// Last activity, newest first.
    pub const NEWEST: Self = Self::one(OrderBy::Activity, true);
    /// Last activity, oldest first.
    pub const OLDEST: Self = Self::one(OrderBy::Activity, false);
    /// Lowest confidence first.
    pub const CONFIDENCE: Self = Self::one(OrderBy::Confidence, false);
    /// Best match of the words first.
    pub const RELEVANCE: Self = Self::one(OrderBy::Relevance, true);
    /// What `s` walks through.
    pub const USUAL: [Self; 4] = [Self::VALUE, Self::NEWEST, Self::OLDEST, Self::CONFIDENCE];

    const fn one(by: OrderBy, descending: bool) -> Self {
        Self { keys: [Some(SortKey { by, descending }), None, None] }
    }

    /// The keys in their order of importance; at least one.
    pub fn keys(&self) -> impl Iterator<Item = SortKey> + '_ {
        self.keys.iter().flatten().copied()
    }

    /// The most important key.
    pub fn first(&self) -> SortKey {
        self.keys[0].unwrap_or(SortKey { by: OrderBy::Value, descending: true })
    }

    /// The order with a key put first, turned round if it was first already. Others move down; the last one falls off.
    pub fn with_first(self, by: OrderBy) -> Self {
        let usual = NAMES.iter().find(|n| n.1 == by).is_some_and(|n| n.2);
        let first = self.first();
        let descending = if first.by == by { !first.descending } else { usual };
        let rest = self.keys().filter(|k| k.by != by);
        Self::of(std::iter::once(SortKey { by, descending }).chain(rest))
    }

    /// The first keys of a list; by value when it is empty.
    pub fn of(keys: impl IntoIterator<Item = SortKey>) -> Self {
        let mut out = [None; Self::MOST];
        out.iter_mut().zip(keys).for_each(|(place, key)| *place = Some(key));
        if out[0].is_none() { Self::VALUE } else { Self { keys: out } }
    }

    /// Every name of a key, for help and completion.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|n| n.0)
    }
}

impl Default for QueueOrder {
    fn default() -> Self {
        Self::VALUE
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = NAMES.iter().find(|n| n.1 == self.by && n.2 == self.descending);
        match (exact, NAMES.iter().find(|n| n.1 == self.by)) {
            (Some(n), _) => f.write_str(n.0),
            (None, Some(n)) => write!(f, "-{}", n.0),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for QueueOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys().enumerate().try_for_each(|(i, key)| {
            f.write_str(if i > 0 { "," } else { "" })?;
            key.fmt(f)
        })
    }
}

/// Why words name no order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSort {
    /// A key is not known.
    #[error("no order called {name:?}{}; there are {}", meant(name), known())]
    Unknown {
        /// What was written.
        name: String,
    },
    /// One key stands there twice.
    #[error("{0} is named twice")]
    Twice(String),
    /// Nothing stands there.
    #[error("write one of {}", known())]
    Nothing,
    /// There are more keys than [`QueueOrder::MOST`].
    #[error("at most {most} keys, this names {0}", most = QueueOrder::MOST)]
    TooMany(usize),
}

fn known() -> String {
    QueueOrder::names().collect::<Vec<_>>().join(", ")
}

fn meant(name: &str) -> String {
    nearest(name, QueueOrder::names()).map(|n| format!("; did you mean {n}?")).unwrap_or_default()
}

impl FromStr for QueueOrder {
    type Err = NoSort;

    /// Reads a comma list of names, such as `outcome,-csat,newest`.
    fn from_str(text: &str) -> Result<Self, NoSort> {
        let mut keys: Vec<SortKey> = Vec::new();
        for word in text.split(',').map(str::trim).filter(|w| !w.is_empty()) {
            let (turned, name) = word.strip_prefix('-').map_or((false, word), |n| (true, n));
            let Some(&(_, by, falling)) = NAMES.iter().find(|n| n.0.eq_ignore_ascii_case(name)) else {
                return Err(NoSort::Unknown { name: name.to_owned() });
            };
            if keys.iter().any(|k| k.by == by) {
                return Err(NoSort::Twice(name.to_owned()));
            }
            keys.push(SortKey { by, descending: falling != turned });
        }
        match keys.len() {
            0 => Err(NoSort::Nothing),
            n if n > Self::MOST => Err(NoSort::TooMany(n)),
            _ => Ok(Self::of(keys)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for text in ["value", "newest", "oldest", "-value", "outcome,-csat,newest", "sentiment,value"] {
            assert_eq!(text.parse::<QueueOrder>().unwrap().to_string(), text);
        }
        assert_eq!("-newest".parse::<QueueOrder>().unwrap(), QueueOrder::OLDEST);
        assert_eq!("Newest , csat".parse::<QueueOrder>().unwrap().to_string(), "newest,csat");
    }

    #[test]
    fn what_is_no_order_says_so() {
        assert!("newset".parse::<QueueOrder>().unwrap_err().to_string().contains("did you mean newest?"));
        assert!("csat,-csat".parse::<QueueOrder>().unwrap_err().to_string().contains("twice"));
        assert!("csat,outcome,value,status".parse::<QueueOrder>().unwrap_err().to_string().contains("at most 3"));
        assert!(" , ".parse::<QueueOrder>().is_err());
    }

    #[test]
    fn a_key_put_first_twice_turns_round() {
        let sort = QueueOrder::NEWEST.with_first(OrderBy::Csat);
        assert_eq!(sort.to_string(), "csat,newest");
        assert_eq!(sort.with_first(OrderBy::Csat).to_string(), "-csat,newest");
        assert_eq!(sort.with_first(OrderBy::Activity).to_string(), "newest,csat");
    }
}
