//! Reports by their data; whole ones are made by the binary's tests.

use super::numbers::{hundred, points};
use super::words::headline;
use crate::store::{OverviewPage, Period, StoreHoldings};

#[test]
fn where_one_customer_has_most_conversations_they_are_no_customers() {
    let this = Period { resolved: 60, failed: 40, ..Period::default() };
    let says = |one_customers: u64| {
        let holds = StoreHoldings { one_customers, ..StoreHoldings::default() };
        headline(&OverviewPage { this, holds, ..OverviewPage::default() }).says
    };
    assert!(says(0).starts_with("Of 100 customers the AI helps 60"), "{}", says(0));
    assert!(says(90).starts_with("Of 100 conversations the AI helps 60"), "{}", says(90));
}

#[test]
fn days_before_that_are_day_ones_are_not_compared_with_twice() {
    let period = |from, resolved| Period { from, to: from + 7, resolved, failed: 300 - resolved, ..Period::default() };
    let page = |last| OverviewPage {
        this: period(20, 240),
        last: Some(period(last, 150)),
        day_one: Some(period(0, 150)),
        ..OverviewPage::default()
    };
    assert!(headline(&page(13)).sure.contains("Against the 7 days before"), "{}", headline(&page(13)).sure);
    assert!(!headline(&page(5)).sure.contains("Against the 7 days before"), "{}", headline(&page(5)).sure);
    assert!(headline(&page(5)).says.contains("on day one it was 50"), "{}", headline(&page(5)).says);
}

#[test]
fn a_hundred_cells_are_a_hundred_whatever_the_counts() {
    for counts in [[1, 1, 1, 0], [231, 49, 24, 19], [0, 0, 0, 1], [7, 11, 13, 17], [1, 0, 0, 99_999]] {
        assert_eq!(hundred(counts).iter().sum::<u64>(), 100, "{counts:?}");
    }
    assert_eq!((hundred([50, 25, 25, 0]), hundred([0; 4])), ([50, 25, 25, 0], [0; 4]));
    assert_eq!((points(0.051), points(-0.0367)), ("+5.1".to_owned(), "−3.7".to_owned()));
}
