//! Who was let down: of some customers it is known, of others it is read, and what is read of one customer is seldom sure.

use crate::domain::{ChancesGiven, Difference, EndsRead, Query, Rate, RateMovement, ShareRange, Timestamp};
use crate::store::queue::columns::{ColumnSet, PackedColumn};
use crate::store::releases::felt::CHANCES;
use crate::store::{LearnerKind, Result, Store, StoreError};

/// Who was let down: some rated, of some a reviewer said it, of others it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LetDown {
    /// Of those who rated and of whom no reviewer said how they felt.
    pub rated: Rate,
    /// Of those of whom a reviewer said it, whether they rated or not.
    pub labelled: Rate,
    /// Of the others, as the live release reads them.
    pub read: Rate,
    /// The chances that it gives to those others.
    pub given: ChancesGiven,
    /// Those that it gave to customers who rated.
    pub ends: KnownEnds,
    /// When the release that reads was learnt, and of those who had rated then the let down, where that is surely another share than of all
    /// who rated by now: what is told of the others rests on those ratings.
    pub rated_then: Option<(Timestamp, Rate)>,
}

/// What is known of the chances that the live release gave to customers who rated, without having seen them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KnownEnds {
    /// These are known.
    Known(EndsRead),
    /// It was learnt before that was noted, or elsewhere.
    Unnoted,
    /// It has not read every conversation yet: chances of the release before stand among its own.
    Reading,
}

impl LetDown {
    /// Finds those who rated, those of whom a reviewer said how they felt, and the others; beside `sentiment<0` those who are let down.
    pub const QUERIES: [&str; 3] =
        ["csat>=1 -is:sentiment_labelled", "is:sentiment_labelled", "-csat>=1 -is:sentiment_labelled"];

    /// Between which shares those who are let down lie among those of whom nobody said it.
    pub fn others(&self) -> Option<ShareRange> {
        match self.ends {
            KnownEnds::Known(ends) => ends.range(&self.given),
            KnownEnds::Unnoted | KnownEnds::Reading => None,
        }
    }

    /// The same among all: of those who rated, or of whom a reviewer said it, it is known.
    pub fn together(&self) -> Option<ShareRange> {
        let others = self.others()?;
        let known = self.rated.num + self.labelled.num;
        let all = (self.rated.den + self.labelled.den + self.read.den) as f64;
        let of = |share: f64| (known as f64 + share * self.read.den as f64) / all;
        Some(ShareRange { lo: of(others.lo), hi: of(others.hi) })
    }
}

/// Of those who had rated when a release was learnt the let down, where that is surely another share than of those who rated by now.
fn moved_since(ends: &EndsRead, rated: Rate) -> Option<Rate> {
    let then = Rate::new(ends.bad.n, ends.bad.n + ends.others.n);
    let moved = Difference::between(then, rated)?.moved();
    (moved != RateMovement::CannotTell).then_some(then)
}

impl Store {
    /// Parts conversations that a query finds by who says how their customers felt.
    pub(super) fn let_down(&self, span: &str, now: Timestamp) -> Result<LetDown> {
        let of = |who: &str| -> Result<Rate> {
            let count = |felt: &str| self.count_of(&format!("{felt} {who} {span}"), now);
            Ok(Rate::new(count("sentiment<0")?, count("sentiment>=-1")?))
        };
        let [rated, labelled, others] = LetDown::QUERIES;
        let (rated, labelled) = (of(rated)?, of(labelled)?);
        let parts = self.live_parts()?;
        let by = parts.iter().find(|(part, _)| *part == LearnerKind::Sentiment.name()).map(|(_, by)| *by);
        let noted = by.map(|by| self.learned(by)).transpose()?.flatten().and_then(|(_, row)| row.report.ends);
        let ends = match noted {
            _ if self.is_unfelt()? => KnownEnds::Reading,
            Some(ends) => KnownEnds::Known(ends),
            None => KnownEnds::Unnoted,
        };
        let rated_then = match (ends, by) {
            // Of a sample rows weigh what they stand for, and what is counted here does not.
            (KnownEnds::Known(ends), Some(by)) if !self.holds_a_sample()? => {
                let count = |rated: &str| self.count_of(&format!("{rated} is:counted test:shown"), now);
                let then = moved_since(&ends, Rate::new(count("csat<=2")?, count("csat>=1")?));
                then.map(|then| Ok::<_, StoreError>((self.release(by)?.at, then))).transpose()?
            }
            _ => None,
        };
        let given = self.chances_given(&format!("{others} {span}"), now)?;
        Ok(LetDown { rated, labelled, read: of(others)?, given, ends, rated_then })
    }

    /// The chances of being let down that the live release gives to what a query finds: a pass over a column.
    fn chances_given(&self, query: &str, now: Timestamp) -> Result<ChancesGiven> {
        let query = Query::parse(query).map_err(|e| StoreError::refused(format!("{query}: {e}")))?;
        let wanted = self.wanted(&query, now)?;
        let columns = self.columns(wanted.reads().and(ColumnSet::of(&[PackedColumn::LetDown])))?;
        // Whole numbers: sums of parts are the same in any order.
        let sums: [u64; 3] = wanted.fold(
            &columns,
            |sums: &mut [u64; 3], chunk, at| {
                if let Some(chance) = chunk.let_down[at].checked_sub(1).map(u64::from) {
                    sums.iter_mut().zip([1, chance, chance * chance]).for_each(|(sum, x)| *sum += x);
                }
            },
            |a, b| std::array::from_fn(|i| a[i] + b[i]),
        );
        let [n, sum, squares] = sums.map(|x| x as f64);
        if sums[0] == 0 {
            return Ok(ChancesGiven::default());
        }
        let (mean, most) = (sum / n, f64::from(CHANCES));
        let variance = (squares / n - mean * mean).max(0.0) / (most * most);
        Ok(ChancesGiven { n: sums[0], mean: mean / most, variance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_customers_those_who_rated_or_were_labelled_are_known() {
        let of = |n, mean| ChancesGiven { n, mean, variance: 0.04 };
        let ends = KnownEnds::Known(EndsRead { bad: of(200, 0.5), others: of(800, 0.1) });
        let (rated, labelled) = (Rate::new(280, 950), Rate::new(20, 50));
        let said =
            LetDown { rated, labelled, read: Rate::new(100, 2_000), given: of(2_000, 0.18), ends, rated_then: None };
        let (others, all) = (said.others().unwrap(), said.together().unwrap());
        assert!((all.lo - (300.0 + others.lo * 2_000.0) / 3_000.0).abs() < 1e-12, "{others:?} {all:?}");
        assert!((all.hi - all.lo - (others.hi - others.lo) * 2.0 / 3.0).abs() < 1e-12, "{others:?} {all:?}");
        for ends in [KnownEnds::Unnoted, KnownEnds::Reading] {
            assert_eq!(LetDown { ends, ..said }.together(), None);
        }
        let KnownEnds::Known(ends) = said.ends else { panic!("they are known") };
        assert_eq!(
            moved_since(&ends, Rate::new(280, 950)),
            Some(Rate::new(200, 1_000)),
            "29 of 100 are not the 20 of then"
        );
        assert_eq!(moved_since(&ends, Rate::new(195, 950)), None);
    }
}
