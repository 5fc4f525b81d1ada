//! Which number of a date is the day, told by all dates of a log.

use super::loose::{LooseDate, numbers};
use super::{DateOrder, TimeError, TimeReading, is_nothing};
use serde_json::Value;

/// Every order.
const ORDERS: [DateOrder; 3] = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];

/// What the times of a column say about the order of their numbers, and how many are none.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct OrderEvidence {
    /// Values that are filled in.
    pub filled: u64,
    /// Values that are no times.
    pub unreadable: u64,
    /// One of them.
    pub strange: Option<String>,
    /// Dates whose order has to be known.
    pub in_numbers: u64,
    /// One that may mean two dates.
    pub ambiguous: Option<String>,
    /// How many of those there are.
    pub ambiguities: u64,
    /// How many are a date under each order.
    fits: [u64; 3],
    /// A year of two digits may lead in each of them, by the sign between the numbers.
    year_may_lead: bool,
    /// Smallest and largest of each of the three numbers.
    ranges: [Option<(u32, u32)>; 3],
}

impl OrderEvidence {
    /// Looks at one value.
    pub fn add(&mut self, value: &str) {
        let text = value.trim();
        if is_nothing(&text.to_lowercase()) {
            return;
        }
        self.filled += 1;
        // Times that need no order are most, and are told quickly.
        match TimeReading::default().read(&Value::from(text)) {
            // What stands for none proves nothing.
            Ok(None) => return,
            Ok(Some(_)) => {}
            Err(TimeError::Ambiguous(shown)) => {
                self.ambiguities += 1;
                self.ambiguous.get_or_insert(shown);
            }
            Err(TimeError::Unreadable(_)) => {
                self.unreadable += 1;
                self.strange.get_or_insert_with(|| text.chars().take(40).collect());
                return;
            }
        }
        if text.as_bytes().get(4) != Some(&b'-')
            && let Some(found) = numbers(text)
        {
            self.count(found);
        }
    }

    fn count(&mut self, found: LooseDate) {
        self.year_may_lead = found.year_may_lead && (self.in_numbers == 0 || self.year_may_lead);
        self.in_numbers += 1;
        for (fits, order) in self.fits.iter_mut().zip(ORDERS) {
            *fits += u64::from(found.under(order).is_some());
        }
        for (range, part) in self.ranges.iter_mut().zip(found.parts) {
            let (least, most) = range.unwrap_or((part, part));
            *range = Some((least.min(part), most.max(part)));
        }
    }

    /// The one order under which every date is one; `None` where several are left, or none.
    pub fn order(&self) -> Option<DateOrder> {
        let years = self.spread(0) <= 1 && self.spread(2) > 3;
        let fits = |(order, fits): &(DateOrder, u64)| {
            // Where a year of two digits seldom leads it has to look like years, and what stands last like days.
            let usual = *order != DateOrder::YearFirst || self.year_may_lead || years;
            *fits == self.in_numbers && *fits > 0 && usual
        };
        let left: Vec<DateOrder> = ORDERS.into_iter().zip(self.fits).filter(fits).map(|f| f.0).collect();
        match left.as_slice() {
            [only] => Some(*only),
            // Days run through the month, years do not.
            [first, DateOrder::YearFirst] if self.spread(2) <= 1 && self.spread(0) > 3 => Some(*first),
            [.., last @ DateOrder::YearFirst] if years => Some(*last),
            _ => None,
        }
    }

    /// Whether no order fits all.
    pub fn is_mixed(&self) -> bool {
        self.in_numbers > 0 && self.fits.iter().all(|&f| f < self.in_numbers)
    }

    fn spread(&self, part: usize) -> u32 {
        self.ranges[part].map_or(0, |(least, most)| most - least)
    }

    /// Adds what another column of the same log says.
    pub fn join(&mut self, other: &Self) {
        if other.in_numbers > 0 {
            self.year_may_lead = other.year_may_lead && (self.in_numbers == 0 || self.year_may_lead);
        }
        self.filled += other.filled;
        self.unreadable += other.unreadable;
        self.in_numbers += other.in_numbers;
        self.ambiguities += other.ambiguities;
        self.strange = self.strange.take().or_else(|| other.strange.clone());
        self.ambiguous = self.ambiguous.take().or_else(|| other.ambiguous.clone());
        for i in 0..3 {
            self.fits[i] += other.fits[i];
            self.ranges[i] = match (self.ranges[i], other.ranges[i]) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(values: &[&str]) -> Option<DateOrder> {
        let mut evidence = OrderEvidence::default();
        values.iter().for_each(|v| evidence.add(v));
        evidence.order()
    }

    #[test]
    fn one_date_tells_the_order_of_all() {
        assert_eq!(order(&["03/04/2026", "13/04/2026 10:00"]), Some(DateOrder::DayFirst));
        assert_eq!(order(&["3/7/26 9:22", "3/25/26 10:01"]), Some(DateOrder::MonthFirst));
        assert_eq!(order(&["01/05/26", "09/05/26", "13/05/26", "28/05/26"]), Some(DateOrder::DayFirst));
        assert_eq!(order(&["26-03-01", "26-03-09", "26-03-25"]), Some(DateOrder::YearFirst));
        // A year of two digits leads between dashes alone.
        assert_eq!(order(&["25/03/26", "26/03/26"]), Some(DateOrder::DayFirst));
        // Unless all of them say so: one year, and days that run through the month.
        let days: Vec<String> = (1..=28).map(|d| format!("26/05/{d:02}")).collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        assert_eq!(order(&days), Some(DateOrder::YearFirst));
        assert_eq!(order(&["5/1/26", "5/9/26", "5/24/26", "5/28/26"]), Some(DateOrder::MonthFirst));
        assert_eq!(order(&["03/04/2026", "05/06/2026", "-"]), None);
        assert_eq!(order(&["13/04/2026", "04/13/2026"]), None);
        assert_eq!(order(&["2026-03-04", "1772531700"]), None);
    }
}
