//! The query language of the queue: words and `key:value` filters, all of which must hold.

mod display;
pub mod keys;
mod parse;
mod slot;
pub mod sort;
pub mod views;

pub use display::quoted_name;
pub use keys::{FilterKey, KeyKind};
pub use slot::{QuerySlot, SlotContent};

use super::outcome::coded;
use super::zone::{Zone, shifted};
use super::{Cause, OfferStatus, Outcome, Review, Timestamp};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A parsed query: every term must hold. Empty: everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What must hold.
    pub terms: Vec<QueryTerm>,
}

impl Query {
    /// Whether it counts calendar days back ([`QueryMoment::Days`]).
    pub fn counts_days(&self) -> bool {
        self.terms
            .iter()
            .any(|t| matches!(t.filter, Filter::Since(QueryMoment::Days(_)) | Filter::Before(QueryMoment::Days(_))))
    }

    /// Whether it says when the last activity was.
    pub fn says_when(&self) -> bool {
        self.terms.iter().any(|t| matches!(t.filter, Filter::Since(_) | Filter::Before(_)))
    }

    /// Whether it asks for conversations whose review is not open.
    pub fn asks_for_reviewed(&self) -> bool {
        self.terms.iter().any(|t| match &t.filter {
            Filter::Status(list) => !t.negated && !list.contains(&Review::Open),
            _ => false,
        })
    }

    /// Whether it leaves out test groups.
    pub fn hides_test_groups(&self) -> bool {
        self.terms.iter().any(|t| !t.negated && t.filter == Filter::Test(TestGroups::Hidden))
    }

    /// Whether it takes test groups in beside all others, as figures do.
    pub fn counts_all_groups(&self) -> bool {
        self.terms.iter().any(|t| !t.negated && t.filter == Filter::Test(TestGroups::Shown))
    }

    /// What a review of it goes through: no test groups, unless it asks for them or for what only they have (rule 11).
    pub fn for_review(&self) -> Self {
        let of_gold = |f: &Filter| matches!(f, Filter::Is(Flag::Gold | Flag::Pinned | Flag::Fixed | Flag::Broken));
        let says = |t: &QueryTerm| matches!(t.filter, Filter::Test(_)) || (!t.negated && of_gold(&t.filter));
        if self.terms.iter().any(says) { self.clone() } else { self.with(Filter::Test(TestGroups::Hidden)) }
    }

    /// Whether a review of it goes through all that it finds: it asks for open ones alone, or for those that are not, and leaves
    /// test groups out or asks for them; or for disputed labels, which only what trains has.
    pub fn is_gone_through(&self) -> bool {
        let says = |t: &QueryTerm| {
            !t.negated
                && matches!(&t.filter, Filter::Status(list) if list.as_slice() == [Review::Open] || !list.contains(&Review::Open))
        };
        (self.terms.iter().any(says) && self.for_review() == *self) || self.asks_for(Flag::Disputed)
    }

    /// The same without what it says about test groups.
    pub fn whatever_group(&self) -> Self {
        let about = |t: &&QueryTerm| !matches!(t.filter, Filter::Test(_));
        Self { terms: self.terms.iter().filter(about).cloned().collect() }
    }

    /// What it is about, whenever it happened: without days, test groups, that it failed, and that it counts.
    pub fn matter(&self) -> Self {
        // Failures, or all that ended: in either the matter is what failed.
        let plain = |list: &[Outcome]| match list.len() {
            2 => list.iter().all(|o| matches!(o, Outcome::Failed | Outcome::Escalated)),
            n => n == 4 && list.iter().all(|o| o.code() <= Outcome::Abandoned.code()),
        };
        let is_matter = |t: &&QueryTerm| match &t.filter {
            Filter::Since(_) | Filter::Before(_) | Filter::Test(_) | Filter::Is(Flag::Counted) => false,
            Filter::Outcome(list) => t.negated || !plain(list),
            Filter::Cause(list) => !(t.negated && list.as_slice() == [Cause::RightHandover]),
            _ => true,
        };
        Self { terms: self.terms.iter().filter(is_matter).cloned().collect() }
    }

    /// The same, and something more that must hold.
    pub fn with(&self, filter: Filter) -> Self {
        let mut more = self.clone();
        more.terms.push(QueryTerm { negated: false, filter });
        more
    }

    /// Whether it finds only what has this flag.
    pub fn asks_for(&self, flag: Flag) -> bool {
        self.terms.iter().any(|t| !t.negated && t.filter == Filter::Is(flag))
    }
}

/// One condition, or its opposite.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryTerm {
    /// Written with a leading `-`.
    pub negated: bool,
    /// The condition.
    pub filter: Filter,
}

/// A comparison of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cmp {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=` or `:`
    Equal,
}

/// A moment, absolute or counted back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryMoment {
    /// The first of so many calendar days (`7d`, `2w`), the last of which is the day that periods end with (rule 8).
    Days(i64),
    /// Milliseconds before now (`12h`).
    Ago(i64),
    /// The first moment of a day.
    Day(NaiveDate),
    /// A moment.
    At(Timestamp),
}

impl QueryMoment {
    /// The moment that is meant, in a zone; `last` lies in the last of the days that [`QueryMoment::Days`] counts.
    pub fn moment(self, last: Timestamp, now: Timestamp, zone: Zone) -> Timestamp {
        // More than a thousand years ago is before everything.
        const MOST: i64 = 400_000;
        match self {
            Self::Days(n) => zone.midnight(shifted(zone.day(last), 1 - n.min(MOST))),
            Self::Ago(ms) => now.plus(-ms),
            Self::Day(day) => zone.midnight(day),
            Self::At(moment) => moment,
        }
    }
}

coded!(
    /// `test:…`: what of the test groups (rule 11).
    TestGroups {
        /// Nothing: training groups alone.
        Hidden = 1, "hidden";
        /// Everything beside the training groups.
        Shown = 2, "shown";
        /// The test groups alone.
        Only = 3, "only";
    }
);

coded!(
    /// `day:…`: the day of the week of the last activity.
    DayOfWeek {
        /// Monday.
        Monday = 0, "mon";
        /// Tuesday.
        Tuesday = 1, "tue";
        /// Wednesday.
        Wednesday = 2, "wed";
        /// Thursday.
        Thursday = 3, "thu";
        /// Friday.
        Friday = 4, "fri";
        /// Saturday.
        Saturday = 5, "sat";
        /// Sunday.
        Sunday = 6, "sun";
    }
);

coded!(
    /// `is:…`
    Flag {
        /// The AI's intent and the reviewer's, or the live model's, differ, or the conversation shows that it meant something else.
        Mismatch = 1, "mismatch";
        /// The newest run's model disputes a label. No data before the first run that tells.
        Disputed = 2, "disputed";
        /// A pinned gold turn.
        Pinned = 3, "pinned";
        /// In the current gold version.
        Gold = 4, "gold";
        /// Resolved, but the customer came back on the same matter within seven days. No data where the log names no customers.
        Zombie = 5, "zombie";
        /// Fixed by the last comparison (open half).
        Fixed = 6, "fixed";
        /// Broken by the last comparison (open half).
        Broken = 7, "broken";
        /// The last replay answers it otherwise, and nobody had labelled it. No data before the first replay.
        Changed = 8, "changed";
        /// Something was decided on a turn that another speaker has now.
        Orphaned = 9, "orphaned";
        /// Something was decided on a turn whose words have changed since.
        Reworded = 10, "reworded";
        /// One of N, of which every rate is a share: finished in a known way, with the AI, real traffic (rule 4).
        Counted = 11, "counted";
        /// The customer had come before. No data where the log names no customers.
        Again = 12, "again";
        /// A reviewer said how the customer felt: that is neither the customer's rating nor read by a model.
        SentimentLabelled = 13, "sentiment_labelled";
    }
);

/// One condition. Lists mean any of them. Names are compared exactly, without regard to case.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Words that were said: folded, the last one as a prefix.
    Words(String),
    /// A quoted phrase that was said.
    Phrase(String),
    /// One conversation, by the row that is its name in sight: `#123`.
    Row(i64),
    /// How it ended.
    Outcome(Vec<Outcome>),
    /// The conversation's intent (rule 2): a reviewer's word, else the log's; `fallback`: the AI fell back.
    Intent(Vec<String>),
    /// The log's intent on the failing turn; `fallback`: the AI fell back there.
    Logged(Vec<String>),
    /// The live model's intent on the failing turn.
    Suggested(Vec<String>),
    /// The reviewer's intent on the failing turn.
    Label(Vec<String>),
    /// Root cause.
    Cause(Vec<Cause>),
    /// The live model's confidence, else the log's, on the failing turn.
    Confidence(Cmp, f64),
    /// Rating on the 1-5 scale.
    Csat(Cmp, f64),
    /// -1 to 1: a reviewer's word before the rating, what the live release reads and the log's.
    Sentiment(Cmp, f64),
    /// The same without reviewers' words: what was looked at is compared with what was not.
    Felt(Cmp, f64),
    /// So many turns.
    Turns(Cmp, f64),
    /// The hour of the last activity in the store's zone: from, to, both within.
    Hour(Vec<(u8, u8)>),
    /// The day of the week of the last activity in the store's zone.
    Day(Vec<DayOfWeek>),
    /// Last activity at or after.
    Since(QueryMoment),
    /// Last activity before.
    Before(QueryMoment),
    /// Channel names.
    Channel(Vec<String>),
    /// Language tags.
    Lang(Vec<String>),
    /// Customer ids.
    Customer(Vec<String>),
    /// Where the review stands.
    Status(Vec<Review>),
    /// Who decided something on it.
    Reviewer(Vec<String>),
    /// In the frozen scope of a cycle.
    Cycle(Vec<String>),
    /// In a pattern of failures, by number or name. No data before they were looked for.
    Cluster(Vec<String>),
    /// In a failure mode. No data before there are any.
    Mode(Vec<String>),
    /// On a topic of the accepted list, else of the proposed one; `none`: on none of them. No data before there is one.
    Topic(Vec<String>),
    /// The AI gave one of these answers, by key, or key and stage. No data before they were counted.
    Answer(Vec<String>),
    /// What became of offers, by name; in finished conversations with the AI that are traffic (rule 53). `None`: whatever became of it.
    Offer(Option<OfferStatus>, Vec<String>),
    /// `test:…`
    Test(TestGroups),
    /// `is:…`
    Is(Flag),
}

impl Filter {
    /// Among names of offers: whatever it was.
    pub const ANY_OFFER: &'static str = "*";
}

/// Why a query cannot be read. `at` is the byte range of the culprit in the query's text, for marking it in place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong and what to write instead.
    pub message: String,
    /// Where.
    pub at: std::ops::Range<usize>,
    /// The known word that was most likely meant, to put in its place.
    pub instead: Option<String>,
}
