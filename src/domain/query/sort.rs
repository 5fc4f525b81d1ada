//! The order of the queue: up to three keys, each rising or falling.

use crate::base::did_you_mean::nearest;
use std::fmt;
use std::str::FromStr;

/// What the queue can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
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
    pub by: By,
    /// Largest, latest or last first.
    pub descending: bool,
}

/// The order of the queue. Later keys decide where earlier ones are equal, row numbers where all are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    keys: [Option<SortKey>; Sort::MOST],
}

/// Names of keys, each with its usual direction (`true`: falling). `-` before a name turns it round.
const NAMES: [(&str, By, bool); 10] = [
    ("value", By::Value, true),
    ("newest", By::Activity, true),
    ("oldest", By::Activity, false),
    ("confidence", By::Confidence, false),
    ("outcome", By::Outcome, false),
    ("csat", By::Csat, false),
    ("sentiment", By::Sentiment, false),
    ("intent", By::Intent, false),
    ("status", By::Status, false),
    ("relevance", By::Relevance, true),
];

impl Sort {
    /// Keys at most.
    pub const MOST: usize = 3;
    /// What a review teaches most first.
    pub const VALUE: Self = Self::one(By::Value, true);
    /// Last activity, newest first.
    pub const NEWEST: Self = Self::one(By::Activity, true);
    /// Last activity, oldest first.
    pub const OLDEST: Self = Self::one(By::Activity, false);
    /// Lowest confidence first.
    pub const CONFIDENCE: Self = Self::one(By::Confidence, false);
    /// Best match of the words first.
    pub const RELEVANCE: Self = Self::one(By::Relevance, true);
    /// What `s` walks through.
    pub const USUAL: [Self; 4] = [Self::VALUE, Self::NEWEST, Self::OLDEST, Self::CONFIDENCE];

    const fn one(by: By, descending: bool) -> Self {
        Self { keys: [Some(SortKey { by, descending }), None, None] }
    }

    /// The keys in their order of importance; at least one.
    pub fn keys(&self) -> impl Iterator<Item = SortKey> + '_ {
        self.keys.iter().flatten().copied()
    }

    /// The most important key.
    pub fn first(&self) -> SortKey {
        self.keys[0].unwrap_or(SortKey { by: By::Value, descending: true })
    }

    /// The order with a key put first, turned round if it was first already. Others move down; the last one falls off.
    pub fn with_first(self, by: By) -> Self {
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

impl Default for Sort {
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

impl fmt::Display for Sort {
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
    /// There are more keys than [`Sort::MOST`].
    #[error("at most {most} keys, this names {0}", most = Sort::MOST)]
    TooMany(usize),
}

fn known() -> String {
    Sort::names().collect::<Vec<_>>().join(", ")
}

fn meant(name: &str) -> String {
    nearest(name, Sort::names()).map(|n| format!("; did you mean {n}?")).unwrap_or_default()
}

impl FromStr for Sort {
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
            assert_eq!(text.parse::<Sort>().unwrap().to_string(), text);
        }
        assert_eq!("-newest".parse::<Sort>().unwrap(), Sort::OLDEST);
        assert_eq!("Newest , csat".parse::<Sort>().unwrap().to_string(), "newest,csat");
    }

    #[test]
    fn what_is_no_order_says_so() {
        assert!("newset".parse::<Sort>().unwrap_err().to_string().contains("did you mean newest?"));
        assert!("csat,-csat".parse::<Sort>().unwrap_err().to_string().contains("twice"));
        assert!("csat,outcome,value,status".parse::<Sort>().unwrap_err().to_string().contains("at most 3"));
        assert!(" , ".parse::<Sort>().is_err());
    }

    #[test]
    fn a_key_put_first_twice_turns_round() {
        let sort = Sort::NEWEST.with_first(By::Csat);
        assert_eq!(sort.to_string(), "csat,newest");
        assert_eq!(sort.with_first(By::Csat).to_string(), "-csat,newest");
        assert_eq!(sort.with_first(By::Activity).to_string(), "newest,csat");
    }
}
