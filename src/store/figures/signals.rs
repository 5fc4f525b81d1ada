//! What customers show by themselves: how they feel, what they take, and how well either is known.

use super::let_down::LetDown;
use super::offers::{OfferLine, OtherOffers};
use crate::domain::{Difference, ExpectedYes, OffersBy, QueryMoment, Rate, ReleaseId, Timestamp, Zone};
use crate::store::{
    FeltSoFar, LearnedRow, LearnerKind, LiveLearned, OfferChances, Promotion, Result, Store, TakenBack,
};

/// Whole weeks that are shown, the newest; one that has only begun is shown beside them.
const WEEKS: i64 = 26;
const DAY: i64 = 86_400_000;
/// Who was let down and of whom it is known, as a live release tells it whatever reviewers said: they look at some weeks and not at others; ...
pub(in crate::store::figures) const LEARNT: [&str; 2] = ["felt<0", "felt>=-1"];
/// ...and as customers' ratings do.
const RATED: [&str; 2] = ["csat<=2", "csat>=1"];
/// Who was let down where all that is said of it counts.
const LET_DOWN: &str = "sentiment<0";

/// How the conversations of a week ended for their customers.
#[derive(Clone, Debug, PartialEq)]
pub struct FeltWeek {
    /// The first moment of its Monday.
    pub monday: Timestamp,
    /// Let down or angry, of those of which it is known; by ratings those who gave 1 or 2 of 5, of those who rated.
    pub bad: Rate,
    /// Finds those that are let down.
    pub query: String,
    /// Finds those that were let down in it or before.
    pub up_to: String,
    /// The log begins or ends within it.
    pub is_part: bool,
}

impl FeltWeek {
    /// Weeks with a share below which there is no line.
    pub const MAKE_A_LINE: usize = 2;

    /// Enough are known for a share.
    pub const fn is_told(&self) -> bool {
        self.bad.den >= Rate::ENOUGH
    }
}

/// How the share of those who are let down has moved since the first weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeltChange {
    /// The first moment of the first week that is counted.
    pub since: Timestamp,
    /// Of the first weeks.
    pub first: Rate,
    /// Of as many weeks, the newest.
    pub last: Rate,
    /// How many weeks each is of.
    pub weeks: usize,
    /// From the one to the other.
    pub moved: Difference,
}

impl FeltChange {
    /// Weeks at either end that are taken together, where there are as many twice: of one alone chance moves more than most changes do.
    const AT_EITHER_END: usize = 4;

    /// From the first to the newest of whole weeks with a share; `None`: there are not two of them.
    fn of(weeks: &[FeltWeek]) -> Option<Self> {
        let whole: Vec<&FeltWeek> = weeks.iter().filter(|w| w.is_told() && !w.is_part).collect();
        let n = Self::AT_EITHER_END.min(whole.len() / 2);
        let sum = |weeks: &[&FeltWeek]| {
            weeks.iter().fold(Rate::new(0, 0), |sum, w| Rate::new(sum.num + w.bad.num, sum.den + w.bad.den))
        };
        let (first, last) = (sum(whole.get(..n)?), sum(whole.get(whole.len() - n..)?));
        Some(Self { since: whole.first()?.monday, first, last, weeks: n, moved: Difference::between(first, last)? })
    }
}

/// How many customers rate has changed: a line of all would rise or fall with that alone.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyChange {
    /// The week in which the smallest share rated, and those that rated of those of whom it is known how they felt.
    pub least: (Timestamp, Rate),
    /// The same of the greatest share.
    pub most: (Timestamp, Rate),
    /// The fewest and the most ratings of a week of which the line is drawn: those alone who rated. `None`: there are too few such weeks, and
    /// the line mixes both.
    pub rated_alone: Option<(u64, u64)>,
}

impl SurveyChange {
    /// By so much the share of those who rate differs between two weeks that cannot be told from each other by a line of both.
    const APART: f64 = 0.2;

    /// Of weeks as a release reads them, and as customers rated them. `None`: the share who rated is much the same in all that are drawn.
    fn of(weeks: &[FeltWeek], rated: &[FeltWeek]) -> Option<Self> {
        let ratings = |week: &FeltWeek| rated.iter().find(|r| r.monday == week.monday).map_or(0, |r| r.bad.den);
        let share = |week: &FeltWeek| (week.monday, Rate::new(ratings(week).min(week.bad.den), week.bad.den));
        let value = |of: &(Timestamp, Rate)| of.1.value().unwrap_or(0.0);
        let drawn = || weeks.iter().filter(|w| w.is_told()).map(share);
        let least = drawn().min_by(|a, b| value(a).total_cmp(&value(b)))?;
        let most = drawn().max_by(|a, b| value(a).total_cmp(&value(b)))?;
        if value(&most) - value(&least) <= Self::APART || most.1.lo <= least.1.hi {
            return None;
        }
        let told = || rated.iter().filter(|w| w.is_told()).map(|w| w.bad.den);
        let rated_alone = told().min().zip(told().max()).filter(|_| told().count() >= FeltWeek::MAKE_A_LINE);
        Some(Self { least, most, rated_alone })
    }
}

/// What is known of a learner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownOf {
    /// Its newest release.
    pub newest: Option<LearnedRow>,
    /// What the live release says comes from its section.
    pub is_live: bool,
    /// Of what is live, the release that learnt this; `None`: nothing that is live did.
    pub learnt_by: Option<ReleaseId>,
    /// The newest release may be promoted: it has never been live and was not rejected.
    pub candidate: Option<ReleaseId>,
    /// Somebody rejected the newest release.
    pub was_rejected: bool,
    /// Of offers: what asking only where a release expects a yes would have come to, and that release: the live one, else the newest of
    /// which that could be told.
    pub expected: Option<(ReleaseId, ExpectedYes)>,
    /// Signals now.
    pub signals: u64,
    /// Signals from which on it looks for the first time.
    pub begins_at: u64,
    /// Signals when it looked last, whatever came of it; `None`: it has never looked.
    pub looked_at: Option<u64>,
    /// What was missing when it looked last, in a sentence.
    pub missing: Option<String>,
    /// What a person took back of it, after which nothing of it goes live by itself.
    pub taken_back: Option<TakenBack>,
}

impl KnownOf {
    /// Signals that came since it looked last: by these it is told when it looks again.
    pub fn new_signals(&self) -> u64 {
        self.signals.saturating_sub(self.looked_at.unwrap_or(0))
    }
}

/// The Signals screen.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalsPage {
    /// The store's zone: weeks follow it.
    pub zone: Zone,
    /// Weeks of which something is known, oldest first.
    pub weeks: Vec<FeltWeek>,
    /// Of all weeks who was let down, by who says it; of everything where the log has no times. `None`: weeks are counted by ratings, or there
    /// are none.
    pub apart: Option<LetDown>,
    /// The first moment of the first week that `apart` is of; `None`: it is of everything.
    pub since: Option<Timestamp>,
    /// What is live does not tell how customers feel: weeks are counted by their ratings.
    pub by_ratings: bool,
    /// How many customers rate has changed, where the live release tells how they feel.
    pub survey: Option<SurveyChange>,
    /// How far the live release is with reading it: until it has read all, weeks mix what is read with what was read before.
    pub so_far: FeltSoFar,
    /// What went live, and when.
    pub promotions: Vec<Promotion>,
    /// No conversation has a time: there are no weeks.
    pub timeless: bool,
    /// The log tells a sentiment of its own.
    pub logs_sentiment: bool,
    /// Of sentiment.
    pub feel: KnownOf,
    /// What became of what was offered; the most often accepted first, by the lower end of the interval, below them what has too few answers
    /// to be ranked. Told apart by a property, each value's stand together.
    pub lines: Vec<OfferLine>,
    /// What is offered too seldom for a line.
    pub others: OtherOffers,
    /// Of offers.
    pub offers: KnownOf,
    /// Conversations of the store were drawn from a log: weeks are those of the sample, not weighed; offers are (rule 52).
    pub sampled: bool,
    /// Whether single offers' chances are told; `None`: nothing that is live has learnt from offers.
    pub chances: Option<OfferChances>,
}

impl SignalsPage {
    /// Whether weeks are of those who rated alone.
    pub fn is_of_ratings(&self) -> bool {
        self.by_ratings || self.survey.as_ref().is_some_and(|s| s.rated_alone.is_some())
    }

    /// Finds all of whom `apart` tells.
    pub fn span(&self) -> String {
        span(self.since, self.zone)
    }

    /// Finds those of them who were let down.
    pub fn all_let_down(&self) -> String {
        format!("{LET_DOWN} {}", self.span())
    }

    /// How the share of those who are let down has moved since the first weeks. `None`: there are not enough weeks, or what they are of has
    /// changed between them.
    pub fn change(&self) -> Option<FeltChange> {
        let mixes_both = self.survey.as_ref().is_some_and(|s| s.rated_alone.is_none());
        FeltChange::of(&self.weeks).filter(|_| !mixes_both && self.so_far.is_done())
    }
}

/// What is counted since a week's first moment, or altogether.
fn span(since: Option<Timestamp>, zone: Zone) -> String {
    let since = since.map_or_else(String::new, |monday| format!("since:{} ", zone.day(monday)));
    format!("is:counted {since}test:shown")
}

/// What asking only where a yes is expected would have come to, by the release that is live, else by the newest of which that could be told:
/// a look at few new answers tells nothing of it.
fn expected_of(rows: &[LearnedRow], live: Option<ReleaseId>) -> Option<(ReleaseId, ExpectedYes)> {
    let told = |row: &LearnedRow| {
        row.report.expected.filter(|_| !row.report.is_too_good()).map(|expected| (row.release, expected))
    };
    rows.iter().find(|row| Some(row.release) == live).and_then(told).or_else(|| rows.iter().find_map(told))
}

impl Store {
    pub(in crate::store::figures) fn read_signals_page(&self, by: OffersBy, now: Timestamp) -> Result<SignalsPage> {
        let zone = self.zone()?;
        let LiveLearned { feels, offers: chances } = self.live_learned()?;
        let parts = self.live_parts()?;
        let (lines, others) = self.offer_lines(by)?;
        let rated = self.felt_weeks(RATED, zone, now)?;
        let (mut weeks, mut survey, mut apart, mut since) = (rated.clone(), None, None, None);
        let timeless = !self.has_times()?;
        if feels {
            weeks = self.felt_weeks(LEARNT, zone, now)?;
            since = weeks.first().map(|week| week.monday);
            // A share needs no weeks.
            if since.is_some() || timeless {
                apart = Some(self.let_down(&span(since, zone), now)?);
            }
            survey = SurveyChange::of(&weeks, &rated);
        }
        if survey.as_ref().is_some_and(|s| s.rated_alone.is_some()) {
            weeks = rated;
        }
        let known = |learner: LearnerKind, is_live: bool| -> Result<KnownOf> {
            let rows = self.learned_by(learner)?;
            let state = rows.first().map(|row| self.release(row.release)).transpose()?.map(|release| release.state);
            let is = |word: &str| state.as_deref() == Some(word);
            let (candidate, was_rejected) =
                (rows.first().map(|r| r.release).filter(|_| is("candidate")), is("rejected"));
            let (signals, missing) = (self.learning_signals(learner)?, self.last_missing(learner)?);
            let learnt_by = parts.iter().find(|(part, _)| is_live && *part == learner.name()).map(|(_, by)| *by);
            let (begins_at, looked_at) = (learner.first_look(self.test_share()), self.last_look(learner)?);
            let (expected, taken_back) = (expected_of(&rows, learnt_by), self.taken_back(learner)?);
            Ok(KnownOf {
                newest: rows.into_iter().next(),
                is_live,
                learnt_by,
                candidate,
                was_rejected,
                expected,
                signals,
                begins_at,
                looked_at,
                missing,
                taken_back,
            })
        };
        Ok(SignalsPage {
            so_far: self.felt_so_far()?,
            timeless,
            logs_sentiment: self.logs_sentiment()?,
            sampled: self.holds_a_sample()?,
            zone,
            apart,
            since,
            weeks,
            by_ratings: !feels,
            survey,
            promotions: self
                .live_history()?
                .into_iter()
                .map(|span| Promotion { at: span.from, release: span.release })
                .collect(),
            feel: known(LearnerKind::Sentiment, feels)?,
            lines,
            others,
            offers: known(LearnerKind::Offers, chances.is_some())?,
            chances,
        })
    }

    /// Weeks up to the newest finished conversation: each number is what its query finds. `by` finds who was let down, and of whom it is
    /// known.
    fn felt_weeks(&self, by: [&str; 2], zone: Zone, now: Timestamp) -> Result<Vec<FeltWeek>> {
        let newest = self.when(QueryMoment::Days(1), now)?;
        let has_begun = |end: i64| zone.day(newest).succ_opt().is_some_and(|day| day < zone.day(Timestamp(end)));
        let before = WEEKS - i64::from(!zone.weeks(newest, newest).last().is_some_and(|&end| has_begun(end)));
        let edges = zone.weeks(Timestamp((newest.0 - 7 * DAY * before).max(1)), newest);
        let mut out: Vec<FeltWeek> = Vec::new();
        let counted = |from, to| self.count_of(&format!("is:counted since:{from} before:{to} test:shown"), now);
        for pair in edges.windows(2) {
            let [monday, end] = [pair[0], pair[1]].map(|t| zone.day(Timestamp(t)));
            let span = format!("is:counted since:{monday} before:{end} test:shown");
            let [query, known] = by.map(|of| format!("{of} {span}"));
            let bad = Rate::new(self.count_of(&query, now)?, self.count_of(&known, now)?);
            if bad.den > 0 {
                let begins = match (out.is_empty(), monday.succ_opt()) {
                    (true, Some(tuesday)) => counted(monday, tuesday)? == 0,
                    (false, _) | (_, None) => false,
                };
                let whom = if by == LEARNT { LET_DOWN } else { by[0] };
                let up_to = format!("{whom} is:counted before:{end} test:shown");
                out.push(FeltWeek {
                    monday: Timestamp(pair[0]),
                    bad,
                    query,
                    up_to,
                    is_part: begins || has_begun(pair[1]),
                });
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks of so many of whom it is known, and of so many who rated.
    fn told(weeks: &[(u64, u64)]) -> Option<SurveyChange> {
        let week = |(at, n): (usize, u64)| FeltWeek {
            monday: Timestamp(7 * DAY * (at as i64 + 1)),
            bad: Rate::new(n / 4, n),
            query: String::new(),
            up_to: String::new(),
            is_part: false,
        };
        let all: Vec<FeltWeek> = weeks.iter().map(|w| w.0).enumerate().map(week).collect();
        let rated: Vec<FeltWeek> = weeks.iter().map(|w| w.1).enumerate().filter(|w| w.1 > 0).map(week).collect();
        SurveyChange::of(&all, &rated)
    }

    #[test]
    fn how_it_moved_is_told_of_several_whole_weeks_at_either_end() {
        let week = |at: usize, num: u64, den: u64, is_part: bool| FeltWeek {
            monday: Timestamp(7 * DAY * (at as i64 + 1)),
            bad: Rate::new(num, den),
            query: String::new(),
            up_to: String::new(),
            is_part,
        };
        let mut weeks: Vec<FeltWeek> = (0..12).map(|at| week(at, 30 - at as u64, 100, at == 0 || at == 11)).collect();
        let change = FeltChange::of(&weeks).unwrap();
        assert_eq!(change.since, weeks[1].monday, "the first is a part of a week");
        assert_eq!((change.first, change.last), (Rate::new(29 + 28 + 27 + 26, 400), Rate::new(23 + 22 + 21 + 20, 400)));
        assert!((change.moved.delta + 0.06).abs() < 1e-12 && change.moved.lo < -0.06, "{change:?}");
        weeks.truncate(4);
        let change = FeltChange::of(&weeks).unwrap();
        assert_eq!(
            (change.first.den, change.last),
            (100, Rate::new(27, 100)),
            "of three weeks one stands at either end"
        );
        weeks.truncate(2);
        assert_eq!(FeltChange::of(&weeks), None, "one whole week");
        assert_eq!(FeltChange::of(&[week(0, 3, 20, false), week(1, 3, 20, false)]), None, "too few for a share");
    }

    #[test]
    fn a_survey_that_was_switched_on_is_no_trend() {
        let changed = told(&[(600, 48), (600, 50), (600, 450), (600, 440)]).unwrap();
        assert_eq!(changed.rated_alone, Some((48, 450)));
        assert_eq!((changed.least.1.num, changed.most.1.num), (48, 450));
        let few = told(&[(200, 0), (200, 10), (200, 150)]).unwrap();
        assert_eq!((few.least.1.num, few.most.1.num, few.rated_alone), (0, 150, None), "one week makes no line");
        assert_eq!(told(&[(600, 200), (600, 290)]), None, "33 and 48 of 100");
        assert_eq!(told(&[(600, 200), (20, 20)]), None, "the second is not drawn");
        assert_eq!(told(&[(30, 10), (30, 18)]), None, "so few may differ by chance");
    }
}
