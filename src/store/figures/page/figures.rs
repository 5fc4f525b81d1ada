//! What the overview shows, as counts.

use super::repair::RepairableFailures;
use crate::domain::{OneKindOfEnd, Rate, ReleaseId, Timestamp, Zone};
use crate::store::AllTraffic;

/// What the first period is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PeriodBasis {
    /// The last seven calendar days up to the newest finished conversation.
    #[default]
    Week,
    /// The same of a log that ended earlier (rule 9).
    OldWeek,
    /// Everything: the log has no times, or all of it lies ahead of now.
    All,
}

impl PeriodBasis {
    /// What people call the first period, everywhere.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Week => "last 7 days",
            Self::OldWeek => "newest 7 days",
            Self::All => "all conversations",
        }
    }
}

/// Counts over the finished conversations of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Period {
    /// The first moment.
    pub from: i64,
    /// The first moment after it.
    pub to: i64,
    /// Solved by the AI.
    pub resolved: u64,
    /// Of these, those of which the customer said so; the others left without asking more.
    pub confirmed: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// Not solved.
    pub failed: u64,
    /// The customer left.
    pub abandoned: u64,
    /// Nothing tells how these ended; not part of N.
    pub unknown: u64,
    /// Rated by the customer.
    pub rated: u64,
    /// Rated 4 or 5.
    pub satisfied: u64,
    /// Where conversations of a sample stand for more of their kind: the share of N that the rates are worth, 0 to 1.
    pub worth: Option<f64>,
    /// The only kind of end that the store tells of: then there are counts, and no rate of how conversations ended.
    pub one_kind: Option<OneKindOfEnd>,
}

impl Period {
    /// The counts of both.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            from: self.from,
            to: self.to,
            resolved: self.resolved + other.resolved,
            confirmed: self.confirmed + other.confirmed,
            escalated: self.escalated + other.escalated,
            failed: self.failed + other.failed,
            abandoned: self.abandoned + other.abandoned,
            unknown: self.unknown + other.unknown,
            rated: self.rated + other.rated,
            satisfied: self.satisfied + other.satisfied,
            worth: None,
            one_kind: None,
        }
    }

    /// The same where only one kind of end is told.
    pub(super) const fn of_one_kind(self, one_kind: Option<OneKindOfEnd>) -> Self {
        Self { one_kind, ..self }
    }

    /// N: finished, with the AI, real traffic, outcome known.
    pub const fn n(&self) -> u64 {
        self.resolved + self.escalated + self.failed + self.abandoned
    }

    /// A share of N; no data where only one kind of end is told.
    pub fn rate(&self, num: u64) -> Rate {
        if self.one_kind.is_some() { Rate::new(0, 0) } else { self.sure(num, self.n()) }
    }

    /// Solved by the AI, and the others of N.
    pub const fn helped_and_others(&self) -> (u64, u64) {
        (self.resolved, self.escalated + self.failed + self.abandoned)
    }

    /// Real traffic with the AI that ended, whether or not anybody knows how.
    pub const fn ended(&self) -> u64 {
        self.n() + self.unknown
    }

    /// Ratings of 4 or 5 of all ratings.
    pub fn csat(&self) -> Rate {
        self.sure(self.satisfied, self.rated)
    }

    /// Share of conversations of which nobody knows how they ended.
    pub fn unknown_rate(&self) -> Rate {
        self.sure(self.unknown, self.ended())
    }

    fn sure(&self, num: u64, den: u64) -> Rate {
        self.worth.map_or_else(|| Rate::new(num, den), |share| Rate::worth(num, den, share))
    }

    /// So much is unknown that the rates mislead (rule 4).
    pub fn doubtful(&self) -> bool {
        self.unknown_rate().value().is_some_and(|v| v > 0.2)
    }

    /// Whether two periods share a moment.
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// Accuracy on sealed gold; no data where it was never measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accuracies {
    /// The live release.
    pub live: Option<Rate>,
    /// What was there before it.
    pub before: Option<Rate>,
    /// The first `before` of all.
    pub day_one: Option<Rate>,
}

/// One ISO week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekPoint {
    /// The first moment of its Monday.
    pub monday: Timestamp,
    /// Solved by the AI.
    pub resolved: u64,
    /// N.
    pub n: u64,
}

/// A release went live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub release: ReleaseId,
}

/// What a definition moved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MovedTo {
    /// Days and weeks are counted in another zone.
    Zone(String),
    /// Somebody added, merged or retired an intent.
    Intents,
    /// Another version of the test set.
    Gold(i64),
}

/// A definition changed: what lies before and after is not counted alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionMark {
    /// When.
    pub at: Timestamp,
    /// To what.
    pub moved: MovedTo,
}

/// What a segment is made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SegmentKind {
    /// What the customer writes in.
    Language,
    /// Where they write.
    Channel,
    /// What they want (rule 2).
    Intent,
}

/// The conversations of one language, channel or intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentLine {
    /// What it is a segment by.
    pub kind: SegmentKind,
    /// Its name, empty where the log does not say. May come from the log: hostile.
    pub name: String,
    /// Finds exactly these conversations.
    pub query: String,
    /// Resolved, escalated, failed, abandoned in the last seven days.
    pub ends: [u64; 4],
    /// Resolved of N in the seven days before.
    pub before: (u64, u64),
    /// Resolved of N on day one.
    pub first: (u64, u64),
}

impl SegmentLine {
    /// N in the last seven days.
    pub fn n(&self) -> u64 {
        self.ends.iter().sum()
    }
}

/// The last seven days in segments.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentPage {
    /// What the seven days are.
    pub basis: PeriodBasis,
    /// By language, by channel, by intent; the most used first. What is all one segment is left out.
    pub lines: Vec<SegmentLine>,
    /// Resolved of N, over all.
    pub all: (u64, u64),
    /// There is a day one to compare with.
    pub has_day_one: bool,
    /// The zone of the days.
    pub zone: Zone,
    /// What customers wrote has not been read in all conversations yet, so no language is told.
    pub languages_unread: bool,
    /// The only kind of end that is told: then there are counts, and no rates.
    pub one_kind: Option<OneKindOfEnd>,
}

/// How conversations in one language ended.
#[derive(Clone, Debug, PartialEq)]
pub struct InLanguage {
    /// The language's tag, as logged (hostile).
    pub tag: String,
    /// Resolved of N on day one.
    pub then: Rate,
    /// Resolved of N in the last seven days.
    pub now: Rate,
}

/// What the store holds, and what it lacks, over all times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreHoldings {
    /// All conversations.
    pub conversations: u64,
    /// Without an answer of the AI.
    pub without_ai: u64,
    /// Of the others, real traffic whose end nobody knows.
    pub unknown: u64,
    /// Of the others, those that still go on.
    pub pending: u64,
    /// N over all times.
    pub counted: u64,
    /// Without a time.
    pub timeless: u64,
    /// Rightly handed to a person: nothing failed (rule 44).
    pub right_handovers: u64,
    /// Conversations of the one customer who has more than half of all; 0 where nobody has, or there are fewer than 30.
    pub one_customers: u64,
}

impl StoreHoldings {
    /// Of whom rates are told: where most conversations are one customer's there are not as many customers.
    pub const fn whom(&self) -> &'static str {
        if self.one_customers > 0 { "conversations" } else { "customers" }
    }

    /// What follows where most conversations are one customer's; `count` writes a number.
    pub fn mostly_one_customers(&self, count: impl Fn(u64) -> String) -> Option<String> {
        let (theirs, all) = (count(self.one_customers), count(self.conversations));
        (self.one_customers > 0).then(|| {
            format!("One customer has {theirs} of {all} conversations: intervals take them for independent, and are too narrow.")
        })
    }

    /// Conversations that have an outcome and are not of N all the same: without the AI, or no real traffic.
    pub const fn left_out(&self) -> u64 {
        self.conversations.saturating_sub(self.counted + self.unknown + self.pending)
    }
}

/// Everything that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverviewPage {
    /// What `this` is.
    pub basis: PeriodBasis,
    /// The last seven days.
    pub this: Period,
    /// The seven days before.
    pub last: Option<Period>,
    /// Day one.
    pub day_one: Option<Period>,
    /// Intent accuracy.
    pub accuracy: Accuracies,
    /// Weeks with finished conversations, oldest first; none where only one kind of end is told.
    pub weeks: Vec<WeekPoint>,
    /// The log begins within the first of them.
    pub begins_within: bool,
    /// Promotions, oldest first.
    pub promotions: Vec<Promotion>,
    /// Where a definition changed, oldest first.
    pub marks: Vec<DefinitionMark>,
    /// What failed most in the last four weeks, and who can repair it.
    pub repair: RepairableFailures,
    /// Languages in which customers were helped on day one and are now, the most used first.
    pub languages: Vec<InLanguage>,
    /// What customers wrote has not been read in all conversations yet, so no language is told.
    pub languages_unread: bool,
    /// What the store holds and lacks.
    pub holds: StoreHoldings,
    /// Conversations that lie ahead of now: they count nowhere.
    pub ahead: u64,
    /// The zone of all these days.
    pub zone: Zone,
    /// What the last seven days rest on, where not all of their conversations are stored.
    pub all_traffic: Option<AllTraffic>,
}

impl OverviewPage {
    /// Whether there are too few for a rate; where there is a day one there were enough.
    pub fn is_too_few(&self) -> bool {
        self.day_one.is_none() && self.this.n() < Rate::ENOUGH
    }

    /// The seven days before, to compare with; `None` where nothing is known of them, or where they are day one's in part, so that one
    /// comparison would be told as two.
    pub fn compared_last(&self) -> Option<&Period> {
        let is_day_one = |last: &Period| self.day_one.is_some_and(|d| d.overlaps(last) && !d.overlaps(&self.this));
        self.last.as_ref().filter(|last| last.n() > 0 && !is_day_one(last))
    }
}
