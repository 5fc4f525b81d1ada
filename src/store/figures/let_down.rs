//! Who was let down: of some customers it is known, of others it is read, and what is read of one customer is seldom sure.

use crate::domain::{ChancesGiven, EndsRead, Query, Rate, ShareRange, Timestamp};
use crate::store::queue::columns::{ColumnSet, PackedColumn};
use crate::store::releases::felt::CHANCES;
use crate::store::{LearnerKind, Result, Store, StoreError};

/// Who was let down: of some it is known, of others read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LetDown {
    /// Of those who rated.
    pub rated: Rate,
    /// Of those who did not, as the live release reads them.
    pub read: Rate,
    /// The chances that it gives to those who did not.
    pub given: ChancesGiven,
    /// Those that it gave to customers who said how they felt; `None`: it was learnt before that was noted, or elsewhere.
    pub ends: Option<EndsRead>,
}

impl LetDown {
    /// Between which shares those who are let down lie among those who did not rate.
    pub fn others(&self) -> Option<ShareRange> {
        self.ends?.range(&self.given)
    }

    /// The same among all: of those who rated it is known.
    pub fn together(&self) -> Option<ShareRange> {
        let others = self.others()?;
        let all = (self.rated.den + self.read.den) as f64;
        let of = |share: f64| (self.rated.num as f64 + share * self.read.den as f64) / all;
        Some(ShareRange { lo: of(others.lo), hi: of(others.hi) })
    }
}

impl Store {
    /// Parts conversations that a query finds, of which so many of so many are rated or read as let down, by whether they were rated.
    pub(super) fn let_down(&self, (num, den): (u64, u64), span: &str, now: Timestamp) -> Result<LetDown> {
        let of_rated = |known: &str| self.count_of(&format!("{known} csat>=1 {span}"), now);
        let rated = Rate::new(of_rated("sentiment<0")?, of_rated("sentiment>=-1")?);
        let read = Rate::new(num.saturating_sub(rated.num), den.saturating_sub(rated.den));
        let parts = self.live_parts()?;
        let by = parts.iter().find(|(part, _)| *part == LearnerKind::Sentiment.name()).map(|(_, by)| *by);
        let ends = by.map(|by| self.learned(by)).transpose()?.flatten().and_then(|(_, row)| row.report.ends);
        Ok(LetDown { rated, read, given: self.chances_given(span, now)?, ends })
    }

    /// The chances of being let down that the live release gives to what a query finds and nobody rated: a pass over a column.
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
    fn of_all_customers_those_who_rated_are_known() {
        let of = |n, mean| ChancesGiven { n, mean, variance: 0.04 };
        let ends = Some(EndsRead { bad: of(200, 0.5), others: of(800, 0.1) });
        let said = LetDown { rated: Rate::new(300, 1_000), read: Rate::new(100, 2_000), given: of(2_000, 0.18), ends };
        let (others, all) = (said.others().unwrap(), said.together().unwrap());
        assert!((all.lo - (300.0 + others.lo * 2_000.0) / 3_000.0).abs() < 1e-12, "{others:?} {all:?}");
        assert!((all.hi - all.lo - (others.hi - others.lo) * 2.0 / 3.0).abs() < 1e-12, "{others:?} {all:?}");
        assert_eq!(LetDown { ends: None, ..said }.together(), None);
    }
}
