//! How customers felt and whether they took what they were offered, in the same times as the other rates: once the live release has
//! learnt to tell; what became of offers the log says itself.

use super::Period;
use crate::domain::{Filter, Rate, Timestamp};
use crate::store::figures::signals::LEARNT;
use crate::store::releases::lessons::OFFERED_SQL;
use crate::store::{FeltSoFar, LetDown, Result, Store};

/// A share of conversations of the last seven days, the seven before and day one.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalRate {
    /// The last seven days, or everything where the log has no times.
    pub this: Rate,
    /// The seven before.
    pub last: Option<Rate>,
    /// Day one.
    pub day_one: Option<Rate>,
    /// Finds the numerator of `this`.
    pub query: String,
}

/// What customers show by themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignalRates {
    /// Let down or angry by what customers rated or what is read, of those of N of which it is known; `None`: the live release has not learnt
    /// it.
    pub bad: Option<SignalRate>,
    /// The same of the last seven days, by who says it.
    pub let_down: Option<LetDown>,
    /// How far the live release is with reading how they feel.
    pub so_far: FeltSoFar,
    /// Accepted something, of those that were offered something and of which it is known how they took it; `None`: nobody was.
    pub accepted: Option<SignalRate>,
    /// The store holds a part of a log: these are rates of that part.
    pub sampled: bool,
}

impl Store {
    /// Counts what queries find, a pass over columns in memory each.
    pub(in crate::store::figures) fn read_signal_rates(&self, now: Timestamp) -> Result<SignalRates> {
        let feels = self.live_learned()?.feels;
        let zone = self.zone()?;
        let (_, this, last) = self.periods(zone, self.times(now)?.newest(), now)?;
        let day_one = self.day_one(zone, now)?.filter(|d| !d.overlaps(&this));
        let span = |p: &Period| match p.from {
            i64::MIN => "is:counted test:shown".to_owned(),
            from => {
                let [from, to] = [from, p.to].map(|t| zone.day(Timestamp(t)));
                format!("is:counted since:{from} before:{to} test:shown")
            }
        };
        let rates = |of: &dyn Fn(&str) -> Result<(Rate, String)>| -> Result<Option<SignalRate>> {
            let (rate, query) = of(&span(&this))?;
            let other = |p: Option<&Period>| p.map(|p| of(&span(p)).map(|(rate, _)| rate)).transpose();
            let (last, day_one) = (other(last.as_ref())?, other(day_one.as_ref())?);
            Ok((rate.den > 0).then_some(SignalRate { this: rate, last, day_one, query }))
        };
        let bad = |span: &str| {
            let [query, known] = LEARNT.map(|of| format!("{of} {span}"));
            Ok((Rate::new(self.count_of(&query, now)?, self.count_of(&known, now)?), query))
        };
        let offers = !self.ids(&format!("SELECT conversation FROM ({}) LIMIT 1", *OFFERED_SQL), &[])?.is_empty();
        // Not by their names: a log may have thousands.
        let any = Filter::ANY_OFFER;
        let accepted = |span: &str| {
            let query = format!("accepted:{any} {span}");
            let taken = self.count_of(&query, now)?;
            // Whoever took one offer and passed over another took one.
            let refused = |what: &str, but: &str| self.count_of(&format!("{what}:{any}{but} {span}"), now);
            let declined = refused("declined", &format!(" -accepted:{any}"))?;
            let ignored = refused("ignored", &format!(" -accepted:{any} -declined:{any}"))?;
            Ok((Rate::new(taken, taken + declined + ignored), query))
        };
        let bad = if feels { rates(&bad)? } else { None };
        Ok(SignalRates {
            let_down: bad.is_some().then(|| self.let_down(&span(&this), now)).transpose()?,
            bad,
            accepted: if offers { rates(&accepted)? } else { None },
            so_far: self.felt_so_far()?,
            sampled: self.holds_a_sample()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Conversation, Offer, OfferStatus, Outcome, OutcomeSource, Role, StepId, Turn};
    use crate::store::OnDuplicate;
    use crate::store::figures::page::tests::{NOW, store};

    #[test]
    fn what_became_of_offers_is_counted_before_anything_is_learnt() {
        let store = store();
        assert_eq!(store.read_signal_rates(NOW).unwrap().accepted, None);
        let mut step: Option<StepId> = None;
        for i in 0..40 {
            let turns = vec![Turn::new(Role::User, "where is it"), Turn::new(Role::Bot, "It arrives. A seat?")];
            let mut c = Conversation::new("web", i.to_string(), turns);
            (c.outcome, c.outcome_source) = (Some(Outcome::Resolved), Some(OutcomeSource::Explicit));
            let status = if i < 10 { OfferStatus::Accepted } else { OfferStatus::Declined };
            let (name, meta) = ("Seat".to_owned(), serde_json::Map::new());
            let (id, shown_at, value, currency) = (None, None, None, None);
            c.offers = vec![Offer { id, name, turn: Some(1), status, shown_at, value, currency, meta }];
            let hash = format!("{c:?}").into_bytes();
            store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
        }
        let rates = store.read_signal_rates(NOW).unwrap();
        let taken = rates.accepted.expect("the log says it").this;
        assert_eq!((taken.num, taken.den, rates.bad), (10, 40, None));
    }
}
