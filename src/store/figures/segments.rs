//! What figures are told in: segments, their counts and rates, and what does not count.

use crate::domain::Rate;
use crate::store::codes::{AI, CUSTOMER, LABEL};
use crate::store::patterns::topics::TOPIC_OF;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The AI's answer to the turn to judge, of a conversation `c`, else (a person took over in place of an answer) to the latest turn of the
/// customer before it that got one: its action name, else its first words.
pub(in crate::store::figures) static ANSWER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(SELECT coalesce(json_extract(b.extra, '$.action'), substr(b.text, 1, 60) || CASE WHEN length(b.text) > 60 THEN '…' ELSE '' END)
    FROM turn u JOIN turn b ON b.id >= c.id << 20 AND b.id < (c.id + 1) << 20 AND b.role = {AI} AND b.place > u.place
    WHERE u.id >= c.id << 20 AND u.id < (c.id + 1) << 20 AND u.role = {CUSTOMER}
      AND u.place <= (SELECT place FROM turn WHERE id = c.id << 20 | c.failing_turn) ORDER BY u.place DESC, b.place LIMIT 1)"
    )
});

/// What segments are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SegmentBy {
    /// ISO week of the last activity, in a zone.
    #[default]
    Week,
    /// Month of the last activity, in a zone.
    Month,
    /// The conversation's intent (rule 2): the reviewer's label, else the log's.
    Intent,
    /// Channel.
    Channel,
    /// Language.
    Language,
    /// Root cause.
    Cause,
    /// The bot's response to the failing turn, else to the latest before it that got one: its action name, else its first words.
    Response,
}

impl SegmentBy {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Week, Self::Month, Self::Intent, Self::Channel, Self::Language, Self::Cause, Self::Response];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Intent => "intent",
            Self::Channel => "channel",
            Self::Language => "language",
            Self::Cause => "cause",
            Self::Response => "response",
        }
    }

    /// The key under which its segments stand in JSON.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Week => "weeks",
            Self::Month => "months",
            _ => "segments",
        }
    }

    /// Whether weeks that were counted whole can be told apart so: they know no causes and answers, and belong to no month.
    pub(in crate::store::figures) const fn knows_whole_counts(self, in_the_stores_zone: bool) -> bool {
        match self {
            Self::Week => in_the_stores_zone,
            Self::Intent | Self::Channel | Self::Language => true,
            Self::Month | Self::Cause | Self::Response => false,
        }
    }

    /// What a conversation is a segment of; `ahead` is how far clocks are ahead of UTC ([`ahead_of_utc`]).
    pub(in crate::store::figures) fn sql(self, ahead: &str) -> String {
        let local = |form: &str| {
            format!("CASE WHEN c.last_at > 0 THEN strftime('{form}', (c.last_at + {ahead}) / 1000, 'unixepoch') END")
        };
        match self {
            Self::Week => return local("%G-W%V"),
            Self::Month => return local("%Y-%m"),
            Self::Intent => {
                return format!("coalesce((SELECT CAST(value AS INTEGER) FROM current l WHERE l.subject = c.id AND l.kind = {LABEL} AND l.turn = c.first_turn),
                    c.first_intent, {})", *TOPIC_OF);
            }
            Self::Channel => "(SELECT text FROM term WHERE id = c.channel)",
            Self::Language => "(SELECT text FROM term WHERE id = coalesce(nullif(c.written, 0), c.language))",
            Self::Cause => "c.cause",
            Self::Response => return ANSWER.clone(),
        }
        .to_owned()
    }
}

/// Conversations that do not count, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExcludedCounts {
    /// Nothing tells how they ended.
    pub unknown: u64,
    /// Still open.
    pub pending: u64,
    /// Spam or tests.
    pub not_traffic: u64,
    /// The AI took no part.
    pub no_ai: u64,
    /// It lies ahead of now: its time cannot be right (rule 9).
    pub ahead: u64,
}

/// Counts of the four outcomes that add up to N.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Solved by the AI.
    pub resolved: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// Not solved.
    pub failed: u64,
    /// The customer left.
    pub abandoned: u64,
}

/// One segment's figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Segment {
    /// Its name, under the name of what it is a segment by (`week`, `intent`, …).
    #[serde(skip)]
    pub name: String,
    /// N: finished, with the AI, real traffic, outcome known.
    pub n: u64,
    /// The four outcomes.
    pub outcomes: Outcomes,
    /// Rates by name.
    pub rates: BTreeMap<&'static str, Rate>,
}
