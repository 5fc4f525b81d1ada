//! Who was let down: of some customers it is known, of others it is read, and reading misses some.

use crate::domain::{EndsRead, EstimatedShare, Rate, Timestamp};
use crate::store::{LearnerKind, Result, Store};

/// Who was let down: of some it is known, of others read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LetDown {
    /// Of those who rated.
    pub rated: Rate,
    /// Of those who did not, as the live release reads them.
    pub read: Rate,
    /// How what is live reads those who said how they felt; `None`: it was learnt before that was noted, or elsewhere.
    pub ends: Option<EndsRead>,
}

impl LetDown {
    /// How many of those who did not rate are let down, with what reading misses and mistakes counted in.
    pub fn corrected(&self) -> Option<EstimatedShare> {
        self.ends?.corrected(self.read)
    }

    /// How many of all are: of those who rated it is known.
    pub fn together(&self) -> Option<EstimatedShare> {
        let others = self.corrected()?;
        let all = (self.rated.den + self.read.den) as f64;
        let of = |share: f64| (self.rated.num as f64 + share * self.read.den as f64) / all;
        Some(EstimatedShare { share: of(others.share), lo: of(others.lo), hi: of(others.hi) })
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
        Ok(LetDown { rated, read, ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_customers_those_who_rated_are_known() {
        let ends = Some(EndsRead { bad: 200, found: 100, others: 800, mistaken: 40 });
        let said = LetDown { rated: Rate::new(300, 1_000), read: Rate::new(280, 2_000), ends };
        let (others, all) = (said.corrected().unwrap(), said.together().unwrap());
        assert!(
            (others.share - 0.2).abs() < 1e-12 && (all.share - 700.0 / 3_000.0).abs() < 1e-12,
            "{others:?} {all:?}"
        );
        assert!((all.hi - all.lo - (others.hi - others.lo) * 2.0 / 3.0).abs() < 1e-12, "{others:?} {all:?}");
        assert_eq!(LetDown { ends: None, ..said }.together(), None);
    }
}
