//! Rates over conversations of which some stand for many: those of a sample (rule 52).

use super::rate::{Rate, Z95, wilson};
use std::collections::BTreeMap;

/// Terms of Student's quantile that are used below are good from here on.
const LEAST_FREEDOM: f64 = 3.0;

/// The rate over conversations that are all there, and groups of drawn ones.
///
/// `whole` are numerator and denominator of what was counted whole. `drawn` has for each group (a customer's conversations) the sums
/// of 1 / probability, over those in the numerator and over all: Hájek's estimate. Its variance is that of sums over groups drawn one
/// by one, linearised (Särndal et al. 1992, 5.5 and 5.7), what was counted whole being groups of one; so the interval of whole counts
/// is [`Rate::new`]'s, and a rate of a sample is never surer than if it had been drawn from an endless log. The interval is Wilson's
/// at the number of conversations that would be as sure, with Student's quantile for the freedom that the groups leave (Korn and
/// Graubard 1998). Numerator and denominator are rounded.
pub fn estimate(whole: (u64, u64), drawn: impl Iterator<Item = (f64, f64)> + Clone) -> Rate {
    let Some(found) = WeightedRate::of(whole, drawn) else { return Rate::new(whole.0, whole.1) };
    let den = found.den.round() as u64;
    let (lo, hi) = wilson(found.share, found.alike, found.quantile);
    Rate { num: (found.num.round() as u64).min(den), den, lo, hi }
}

/// The share of conversations that the interval of [`estimate`] is worth, 0 to 1: the size of a plain sample that would be as sure.
/// 1 where nothing was drawn.
pub fn worth(whole: (u64, u64), drawn: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    WeightedRate::of(whole, drawn).map_or(1.0, |e| (e.alike / e.den * (Z95 / e.quantile).powi(2)).min(1.0))
}

/// A rate and how sure it is.
struct WeightedRate {
    num: f64,
    den: f64,
    share: f64,
    /// Conversations of a plain sample with the same variance.
    alike: f64,
    quantile: f64,
}

impl WeightedRate {
    /// `None` where nothing was drawn.
    fn of(whole: (u64, u64), drawn: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let sum = |(a, b): (f64, f64), (x, y): (f64, f64)| (a + x, b + y);
        let (drawn_num, drawn_den) = drawn.clone().fold((0.0, 0.0), sum);
        if drawn_den <= 0.0 {
            return None;
        }
        let (whole_num, whole_den) = (whole.0 as f64, whole.1 as f64);
        let den = whole_den + drawn_den;
        let num = whole_num + drawn_num;
        let p = (num / den).clamp(0.0, 1.0);
        let (alike, quantile) = if p > 0.0 && p < 1.0 {
            let mut spread = whole_num * (1.0 - p).powi(2) + (whole_den - whole_num) * p * p;
            let mut fourth = 0.0;
            for (a, b) in drawn {
                let of_group = (a - p * b).powi(2);
                spread += of_group;
                fourth += of_group * of_group;
            }
            let n = (p * (1.0 - p) * den * den / spread).min(den);
            (n, student(spread * spread / fourth))
        } else {
            // All alike: as sure as so many equal ones (Kish).
            let squares = whole_den + drawn.map(|(_, b)| b * b).sum::<f64>();
            (den * den / squares, Z95)
        };
        Some(Self { num, den, share: p, alike, quantile })
    }
}

/// What is counted of rows of which each stands for so many, one by one: [`estimate`] without whole counts, every row a group of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeighedCount {
    /// Rows.
    pub rows: u64,
    /// Powers of the weights: sums of the first, the second and the fourth; of a yes, ...
    yes: [f64; 3],
    /// ...and of all.
    all: [f64; 3],
}

impl WeighedCount {
    /// Counts a row.
    pub fn add(&mut self, weight: f64, yes: bool) {
        self.rows += 1;
        for (at, power) in [weight, weight * weight, weight.powi(4)].into_iter().enumerate() {
            self.all[at] += power;
            self.yes[at] += if yes { power } else { 0.0 };
        }
    }

    /// What all rows that are not in `part` come to.
    pub fn without(&self, part: &Self) -> Self {
        let less = |a: [f64; 3], b: [f64; 3]| std::array::from_fn(|i| (a[i] - b[i]).max(0.0));
        Self {
            rows: self.rows - part.rows.min(self.rows),
            yes: less(self.yes, part.yes),
            all: less(self.all, part.all),
        }
    }

    /// What the rows of both come to.
    pub fn and(&self, other: &Self) -> Self {
        let sum = |a: [f64; 3], b: [f64; 3]| std::array::from_fn(|i| a[i] + b[i]);
        Self { rows: self.rows + other.rows, yes: sum(self.yes, other.yes), all: sum(self.all, other.all) }
    }

    /// How many the rows stand for.
    pub fn stands_for(&self) -> f64 {
        self.all[0]
    }

    /// The share of a yes among all that they stand for; 0 of nothing.
    pub fn share(&self) -> f64 {
        if self.all[0] > 0.0 { (self.yes[0] / self.all[0]).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The size of a plain sample that would be as sure, never more than the rows stand for: where what is rare was kept and the rest thinned
    /// out, more than there are rows.
    pub fn worth(&self) -> f64 {
        if self.all[0] <= 0.0 {
            return 0.0;
        }
        // Each stands for itself: nothing is to be worked out.
        if self.all[0] == self.rows as f64 && self.all[1] == self.all[0] {
            return self.all[0];
        }
        let p = self.share();
        let no = |at: usize| self.all[at] - self.yes[at];
        let n = if p > 0.0 && p < 1.0 {
            let spread = (1.0 - p).powi(2) * self.yes[1] + p * p * no(1);
            let fourth = (1.0 - p).powi(4) * self.yes[2] + p.powi(4) * no(2);
            let n = p * (1.0 - p) * self.all[0] * self.all[0] / spread;
            n * (Z95 / student(spread * spread / fourth)).powi(2)
        } else {
            self.all[0] * self.all[0] / self.all[1]
        };
        n.min(self.all[0])
    }

    /// A yes and all, as many as they are worth: what a plain sample that is as sure would count.
    pub fn plain(&self) -> (f64, f64) {
        let n = self.worth();
        (self.share() * n, n)
    }

    /// The rate; numerator and denominator are what the rows stand for, rounded.
    pub fn rate(&self) -> Rate {
        let (num, den) = (self.yes[0].round() as u64, self.all[0].round() as u64);
        if self.worth() == self.all[0] {
            return Rate::new(num, den);
        }
        let (lo, hi) = wilson(self.share(), self.worth(), Z95);
        Rate { num: num.min(den), den, lo, hi }
    }
}

/// What one customer's rows stand for: those of a yes and all; and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct GroupSum {
    yes: f64,
    all: f64,
    rows: u64,
}

/// What is counted of rows that come in groups, a customer's conversations, and of which each may stand for many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupedCount(BTreeMap<i64, GroupSum>);

impl GroupedCount {
    /// Counts a row of a group.
    pub fn add(&mut self, group: i64, weight: f64, yes: bool) {
        self.join(group, GroupSum { yes: if yes { weight } else { 0.0 }, all: weight, rows: 1 });
    }

    /// Counts all that another has counted.
    pub fn add_all(&mut self, other: &Self) {
        other.0.iter().for_each(|(group, sum)| self.join(*group, *sum));
    }

    fn join(&mut self, group: i64, sum: GroupSum) {
        let mine = self.0.entry(group).or_default();
        *mine = GroupSum { yes: mine.yes + sum.yes, all: mine.all + sum.all, rows: mine.rows + sum.rows };
    }

    /// What all rows that are not in `part` come to.
    pub fn without(&self, part: &Self) -> Self {
        let left = |(group, sum): (&i64, &GroupSum)| {
            let taken = part.0.get(group).copied().unwrap_or_default();
            let rows = sum.rows.checked_sub(taken.rows).filter(|rows| *rows > 0)?;
            let rest = |of: f64, taken: f64| (of - taken).max(0.0);
            Some((*group, GroupSum { yes: rest(sum.yes, taken.yes), all: rest(sum.all, taken.all), rows }))
        };
        Self(self.0.iter().filter_map(left).collect())
    }

    /// Rows.
    pub fn rows(&self) -> u64 {
        self.0.values().map(|sum| sum.rows).sum()
    }

    /// Groups.
    pub fn groups(&self) -> u64 {
        self.0.len() as u64
    }

    /// Rows of the group that has the most.
    pub fn most(&self) -> u64 {
        self.0.values().map(|sum| sum.rows).max().unwrap_or(0)
    }

    /// The rate as [`estimate`] has it: a row that is its group's only one and stands for itself was counted whole.
    pub fn rate(&self) -> Rate {
        let (whole, groups) = self.parts();
        estimate(whole, groups.iter().copied())
    }

    /// A yes and all, as many as they are worth: what a plain sample that is as sure would count.
    pub fn plain(&self) -> (f64, f64) {
        let (whole, groups) = self.parts();
        let (yes, all) = self.sums();
        let worth = worth(whole, groups.iter().copied());
        (yes * worth, all * worth)
    }

    /// The difference of two rates in its standard errors: that of sums over groups around the rate of both together (Rao and Scott 1987), a
    /// group that is in both counting once. Where groups have several rows it is made smaller by what Student's quantile is larger than
    /// the normal one for the freedom that they leave. 0 where nothing differs. Simulated without
    /// a difference, 1,000 times: beyond 1.96 in 4 to 6 of 100 with 60 to 300 customers of one or twenty rows, in fewer than 1 with 12 customers of twenty.
    pub fn apart(&self, other: &Self) -> f64 {
        let (mine, theirs) = (self.sums(), other.sums());
        if mine.1 <= 0.0 || theirs.1 <= 0.0 {
            return 0.0;
        }
        let pooled = (mine.0 + theirs.0) / (mine.1 + theirs.1);
        let (mut spread, mut fourth) = (0.0, 0.0);
        let others = other.0.keys().filter(|group| !self.0.contains_key(group));
        for group in self.0.keys().chain(others) {
            let sums = [self, other].map(|side| side.0.get(group).copied().unwrap_or_default());
            let part = |sum: GroupSum, all: f64| (sum.yes - pooled * sum.all) / all;
            let squared = (part(sums[0], mine.1) - part(sums[1], theirs.1)).powi(2);
            spread += squared;
            let is_plain = sums[0].rows + sums[1].rows == 1 && sums[0].all + sums[1].all == 1.0;
            fourth += if is_plain { 0.0 } else { squared * squared };
        }
        if spread <= 0.0 {
            return 0.0;
        }
        (mine.0 / mine.1 - theirs.0 / theirs.1) / spread.sqrt() * Z95 / student(spread * spread / fourth)
    }

    fn sums(&self) -> (f64, f64) {
        self.0.values().fold((0.0, 0.0), |(yes, all), sum| (yes + sum.yes, all + sum.all))
    }

    /// What was counted whole, and the groups that are left.
    fn parts(&self) -> ((u64, u64), Vec<(f64, f64)>) {
        let (mut whole, mut groups) = ((0, 0), Vec::new());
        for sum in self.0.values() {
            match sum.rows == 1 && sum.all == 1.0 {
                true => whole = (whole.0 + u64::from(sum.yes > 0.0), whole.1 + 1),
                false => groups.push((sum.yes, sum.all)),
            }
        }
        (whole, groups)
    }
}

/// The two-sided 95 % quantile of Student's distribution (Cornish and Fisher's expansion).
pub(super) fn student(freedom: f64) -> f64 {
    let n = if freedom.is_finite() { freedom.max(LEAST_FREEDOM) } else { return Z95 };
    let z = Z95;
    let power = |k| z.powi(k);
    z + (power(3) + z) / (4.0 * n)
        + (5.0 * power(5) + 16.0 * power(3) + 3.0 * z) / (96.0 * n * n)
        + (3.0 * power(7) + 19.0 * power(5) + 17.0 * power(3) - 15.0 * z) / (384.0 * n * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn what_is_counted_whole_has_the_usual_interval() {
        assert_eq!(estimate((412, 577), std::iter::empty()), Rate::new(412, 577));
        // The same, drawn with certainty: as good as counted, but for the freedom of so many groups.
        let ones = (0..577).map(|i| (f64::from(u8::from(i < 412)), 1.0));
        let (drawn, known) = (estimate((0, 0), ones), Rate::new(412, 577));
        assert_eq!((drawn.num, drawn.den), (412, 577));
        assert!((drawn.lo - known.lo).abs() < 1e-3 && (drawn.hi - known.hi).abs() < 1e-3, "{drawn:?}");
    }

    #[test]
    fn quantiles_agree_with_scipy() {
        // scipy.stats.t.ppf(0.975, n)
        for (n, t) in [(3.0, 3.182_446), (5.0, 2.570_582), (10.0, 2.228_139), (30.0, 2.042_272), (200.0, 1.971_896)] {
            let d = (student(n) - t).abs();
            assert!(d < if n < 4.0 { 0.04 } else { 0.006 }, "{n}: {}", student(n));
        }
    }

    #[test]
    fn rows_counted_one_by_one_are_as_sure_as_their_estimate() {
        let rows: Vec<(f64, bool)> = (0..90).map(|i| (if i % 3 == 0 { 1.25 } else { 10.0 }, i % 3 == 0)).collect();
        let mut count = WeighedCount::default();
        rows.iter().for_each(|&(w, yes)| count.add(w, yes));
        let drawn = rows.iter().map(|&(w, yes)| (if yes { w } else { 0.0 }, w));
        let (rate, known) = (count.rate(), estimate((0, 0), drawn));
        assert_eq!((rate.num, rate.den), (known.num, known.den));
        assert!((rate.lo - known.lo).abs() < 4e-3 && (rate.hi - known.hi).abs() < 4e-3, "{rate:?} {known:?}");
        assert!(
            (count.share() - 37.5 / 637.5).abs() < 1e-12 && count.worth() > 90.0 && count.worth() < 637.5,
            "{count:?}"
        );
        // Plain rows are what they were, to the last digit; a part taken away leaves the rest.
        let (mut plain, mut part) = (WeighedCount::default(), WeighedCount::default());
        (0..50).for_each(|i| plain.add(1.0, i < 20));
        (0..10).for_each(|i| part.add(1.0, i < 5));
        assert_eq!((plain.plain(), plain.rate()), ((20.0, 50.0), Rate::new(20, 50)));
        assert_eq!(plain.without(&part).plain(), (15.0, 40.0));
        assert_eq!(WeighedCount::default().plain(), (0.0, 0.0));
    }

    #[test]
    fn one_customer_of_many_conversations_is_one_customer() {
        let count = |rows: &[(i64, bool)]| {
            let mut count = GroupedCount::default();
            rows.iter().for_each(|&(customer, yes)| count.add(customer, 1.0, yes));
            count
        };
        // Each his own: as ever.
        let alone = count(&(0..60).map(|i| (i, i < 20)).collect::<Vec<_>>());
        let others = count(&(60..120).map(|i| (i, i < 100)).collect::<Vec<_>>());
        assert_eq!((alone.rate(), alone.plain()), (Rate::new(20, 60), (20.0, 60.0)));
        let pooled: f64 = 0.5;
        let z = (20.0 / 60.0 - 40.0 / 60.0) / (pooled * pooled * (2.0 / 60.0)).sqrt();
        assert!((alone.apart(&others) - z).abs() < 1e-9, "{} {z}", alone.apart(&others));
        // One says yes 300 times, 300 others seldom.
        let whale: Vec<(i64, bool)> = (0..300).map(|_| (-1, true)).chain((0..300).map(|i| (i, i % 10 == 0))).collect();
        let whale = count(&whale);
        let rate = whale.rate();
        assert_eq!((rate.num, rate.den, whale.groups(), whale.most()), (330, 600, 301, 300));
        assert!(rate.lo < 0.15 && rate.hi > 0.85, "{rate:?}");
        assert!(whale.plain().1 < 5.0, "{:?}", whale.plain());
        let elsewhere = count(&(300..600).map(|i| (i, i % 10 == 0)).collect::<Vec<_>>());
        assert!(whale.apart(&elsewhere).abs() < 1.5, "{}", whale.apart(&elsewhere));
        // A part taken away leaves the rest.
        let part = count(&(0..300).map(|_| (-1, true)).collect::<Vec<_>>());
        assert_eq!(whale.without(&part).rate(), Rate::new(30, 300));
    }

    #[test]
    fn a_few_that_stand_for_many_are_less_sure() {
        let sample = [(0.0, 100.0), (100.0, 100.0), (0.0, 100.0), (1.25, 1.25), (1.25, 1.25)];
        let rate = estimate((0, 0), sample.iter().copied());
        assert_eq!((rate.num, rate.den), (103, 303));
        assert!(rate.hi - rate.lo > 0.5, "{rate:?}");
        assert_eq!(estimate((0, 0), [(0.0, 50.0); 4].iter().copied()).lo, 0.0);
        let none = estimate((0, 0), [(0.0, 50.0); 4].iter().copied());
        assert!(none.hi > 0.4 && none.hi < 0.6, "four conversations, not two hundred: {none:?}");
    }

    /// Customers of one to three conversations; failures are kept, of the rest a share. The interval holds the truth in 95 of 100.
    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let mut rng = Rng::new(11);
        let mut uniform = move || rng.f64();
        let mut held = 0;
        let draws = 1_000;
        for _ in 0..draws {
            let (mut truth, mut sample) = ((0.0, 0.0), Vec::new());
            for _ in 0..600 {
                let (bad, mut group) = (if uniform() < 0.5 { 0.1 } else { 0.4 }, (0.0, 0.0));
                for _ in 0..=(uniform() * 3.0) as usize {
                    let failed = f64::from(u8::from(uniform() < bad));
                    truth = (truth.0 + failed, truth.1 + 1.0);
                    let p = if failed > 0.0 { 0.82 } else { 0.1 };
                    if uniform() < p {
                        group = (group.0 + failed / p, group.1 + 1.0 / p);
                    }
                }
                sample.extend((group.1 > 0.0).then_some(group));
            }
            let rate = estimate((0, 0), sample.iter().copied());
            held += usize::from(rate.lo <= truth.0 / truth.1 && truth.0 / truth.1 <= rate.hi);
        }
        assert!((945..=1000).contains(&held), "{held} of {draws}");
    }
}
