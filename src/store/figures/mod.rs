//! Every rate and trend that is shown, read from the store with its denominator. No other room counts.

pub(in crate::store) mod answers;
pub(in crate::store) mod audited;
mod counts;
pub(in crate::store) mod ended;
pub(in crate::store) mod frame;
pub(in crate::store) mod let_down;
pub(in crate::store) mod offers;
pub(in crate::store) mod page;
pub(in crate::store) mod patterns;
#[cfg(test)]
mod sampled_tests;
pub(in crate::store) mod segments;
pub(in crate::store) mod signals;
mod span;
pub(in crate::store) mod stats;
mod tally;
pub(in crate::store) mod time;
pub(in crate::store) mod traffic;
mod weighing;

use crate::domain::{ConversationId, OffersBy, OneKindOfEnd, PatternView, QueryMoment, Rate, Timestamp, Zone};
use crate::store::{
    ActionEffect, AnswerPage, AnswersTold, AuditedFigures, DurableFigures, ModesPage, Overview, OverviewPage,
    PatternPage, Result, SegmentBy, SegmentPage, SignalRates, SignalsPage, Store, StoreStats,
};

/// The figures of a store: what a screen, a command, a report or JSON shows comes from here.
#[derive(Clone, Copy)]
pub struct StoreFigures<'a>(&'a Store);

impl Store {
    /// The store's figures.
    pub fn figures(&self) -> StoreFigures<'_> {
        StoreFigures(self)
    }
}

impl StoreFigures<'_> {
    /// Counts for the header and the first-run screens.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn frame(self) -> Result<Overview> {
        self.0.read_frame()
    }

    /// The only kind of end that is told, so that no rate follows; `None`: there are rates. Where there is one kind it reads every row once
    /// after each change.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn one_kind_of_end(self) -> Result<Option<OneKindOfEnd>> {
        self.0.read_one_kind_of_end()
    }

    /// The owner's page: the last seven days, the seven before and day one, the weeks, what fails most. Fixes day one when it
    /// is first seen whole.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn overview(self, now: Timestamp) -> Result<OverviewPage> {
        self.0.read_page(now)
    }

    /// Rates that need people, with the audit items' and, where a model helps, the surer ones beside them. Asks the live release about
    /// up to 20,000 turns: a second.
    ///
    /// # Errors
    /// The store cannot be read; the live release's encoder is not installed.
    pub fn audited(self, seed: u64) -> Result<AuditedFigures> {
        self.0.read_audited(seed)
    }

    /// The last seven days by language, channel and intent.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn segments(self, now: Timestamp) -> Result<SegmentPage> {
        self.0.read_segment_page(now)
    }

    /// What fails, in patterns, intents, causes and segments, of the calendar days that a period counts.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn patterns(self, view: PatternView, days: i64, now: Timestamp) -> Result<PatternPage> {
        self.0.read_patterns(view, days, now)
    }

    /// What was handed out, and whether it fell: four weeks after against four before.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn actions(self, now: Timestamp) -> Result<Vec<ActionEffect>> {
        self.0.read_actions(now)
    }

    /// Failure modes with their counts, what notes propose, and whether there are more to find.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn modes(self) -> Result<ModesPage> {
        self.0.read_modes()
    }

    /// How customers feel, week by week, and what became of what they were offered, with what is learnt of either. Reads every offer.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn signals(self, by: OffersBy, now: Timestamp) -> Result<SignalsPage> {
        self.0.read_signals_page(by, now)
    }

    /// Resolutions since a moment that are seven days old and held so long: the customer did not come back on the same matter
    /// (rule 7). `None` without customer ids. Reads the rows of those days, a second a million.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn durable(self, since: QueryMoment, now: Timestamp) -> Result<Option<DurableFigures>> {
        self.0.read_durable(since, now)
    }

    /// How customers felt and what they took, in the times of the Overview; nothing of either before the live release has learnt it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn signal_rates(self, now: Timestamp) -> Result<SignalRates> {
        self.0.read_signal_rates(now)
    }

    /// Customers' turns since a moment that hit the fallback, of all. `None`: there is none. Reads the turns of those days.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn fallback(self, since: QueryMoment, now: Timestamp) -> Result<Option<Rate>> {
        self.0.read_fallback(since, now)
    }

    /// Rates since a moment, in segments, in a zone (the store's where none is given).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn stats(
        self,
        since: Option<QueryMoment>,
        by: SegmentBy,
        zone: Option<Zone>,
        now: Timestamp,
    ) -> Result<StoreStats> {
        self.0.read_stats(since, by, zone, now)
    }

    /// What followed each answer, by intent and stage, in a period: association, never cause. `None`: answers were not counted yet
    /// (`jobs::count_answers`).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answers(self, since: Option<QueryMoment>, now: Timestamp) -> Result<Option<AnswerPage>> {
        self.0.read_answers(since, now)
    }

    /// What followed the answer of one turn (its packed id) of a conversation: the line of [`Self::answers`] over the last four weeks that
    /// holds it; and which of these turns' texts are no answers. One pass over all conversations where anything is to be told.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answers_told(
        self,
        id: ConversationId,
        turn: Option<i64>,
        texts: &[&str],
        now: Timestamp,
    ) -> Result<AnswersTold> {
        self.0.read_answers_told(turn, (texts, Some(id)), now)
    }

    /// Which of some texts, whoever wrote them, are answers that are none (rule 39), as Responses lists them; none where answers were not
    /// counted yet.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn are_no_answers(self, texts: &[&str], now: Timestamp) -> Result<Vec<bool>> {
        Ok(self.0.read_answers_told(None, (texts, None), now)?.none)
    }
}
