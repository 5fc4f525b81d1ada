//! TimeReading of any form. What must hold, beside that nothing panics:
//!
//! - what is read lies in the years 1 to 9999;
//! - it reads again from its own RFC 3339 form to the same moment, in every zone and with either order of dates;
//! - an order of dates never changes a time that is read without one.

#![no_main]

use appraise::domain::{Timestamp, Zone};
use appraise::ingest::DateOrder;
use appraise::ingest::times::TimeReading;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const ZONES: [&str; 6] = ["UTC", "Europe/Nicosia", "Pacific/Apia", "America/St_Johns", "+14:00", "-12:00"];
const ORDERS: [Option<DateOrder>; 3] = [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)];
/// The first moment of the year 1, and the first of the year 10000.
const YEARS: std::ops::Range<i64> = -62_135_596_800_000..253_402_300_800_000;

fuzz_target!(|input: &[u8]| {
    let Some((&zone, rest)) = input.split_first() else { return };
    let zone: Zone = ZONES[zone as usize % ZONES.len()].parse().expect("a zone that there is");
    let text = String::from_utf8_lossy(rest);
    check(zone, &json!(text));
    // The same as JSON, where it is some: numbers of any size.
    if let Ok(value) = serde_json::from_str::<Value>(&text) {
        check(zone, &value);
    }
    if let Some(eight) = rest.first_chunk::<8>() {
        check(zone, &json!(i64::from_le_bytes(*eight)));
        check(zone, &json!(u64::from_le_bytes(*eight)));
        check(zone, &json!(f64::from_le_bytes(*eight)));
    }
});

fn check(zone: Zone, value: &Value) {
    let [untold, day_first, month_first] = ORDERS.map(|order| TimeReading { zone, order }.read(value));
    for moment in [&untold, &day_first, &month_first].into_iter().flatten().flatten() {
        assert!(YEARS.contains(&moment.0), "{value} is {moment:?}");
        again(zone, *moment);
    }
    if untold.is_ok() {
        assert!(untold == day_first && untold == month_first, "{value}: {untold:?} {day_first:?} {month_first:?}");
    }
}

fn again(zone: Zone, moment: Timestamp) {
    let text = moment.rfc3339();
    for order in ORDERS {
        assert_eq!(TimeReading { zone, order }.read(&json!(text)), Ok(Some(moment)), "{text}");
    }
    assert_eq!(serde_json::from_value::<Timestamp>(json!(text)).ok(), Some(moment), "{text}");
}
