use super::super::*;
use serde_json::json;

fn at(text: &str) -> String {
    match TimeReading::default().read(&json!(text)) {
        Ok(t) => t.map_or("none".into(), Timestamp::rfc3339),
        Err(e) => e.to_string(),
    }
}

#[test]
fn times_are_read_as_people_and_programs_write_them() {
    for text in [
        "Tue Mar 03 10:15:00 +0000 2026",
        "Tue Mar  3 10:15:00 2026",
        "Tue, 03 Mar 2026 10:15:00 GMT",
        "Mar 3, 2026, 10:15 AM",
        "March 3rd, 2026 at 10:15 am",
        "3 March 2026 10:15",
        "03-Mar-2026 10:15:00",
        "03-Mar-26 10:15",
        "2026-03-03 10:15:00.000000000 +0000 UTC",
        "2026-03-03 10:15:00 +0000 UTC m=+0.000123",
        "2026-03-03 10:15:00,000",
        "2026-03-03T10:15:00+0000",
        "2026-03-03T12:15:00+02:00[Europe/Nicosia]",
        "2026-03-03 12:15 EET",
        "2026-03-03 10:15:00 UTC+00:00",
        "2026-03-03 10.15.00",
        "20260303T101500Z",
        "20260303101500",
        "2026/3/3 10:15",
        "2026.03.03 10:15",
        "2026年3月3日 10:15",
        "10:15 03/03/2026",
        "03/03/2026 às 10:15",
        "3Mar2026 10:15:00",
        "[2026-03-03 10:15:00]",
        "'2026-03-03 10:15:00'",
        "10:15, 3 March 2026",
        "03/03/26 10:15",
        "3/3/2026, 10:15:00 a.m.",
        "3/3/2026 10:15:00 πμ",
        "3/3/2026 10:15:00 π.μ.",
        "3 Μαρτίου 2026 10:15",
        "3 de marzo de 2026 10:15",
        "2026-03-03\u{202f}10:15",
        "Tuesday, March 3, 2026 10:15:00 AM",
        "Dienstag, 3. März 2026 um 10:15 Uhr",
        "Di., 3. März 2026, 10:15",
        "mardi 3 mars 2026 à 10h15",
        "martes, 3 de marzo de 2026, 10:15",
        "3 марта 2026 г. в 10:15",
        "46084.427083333",
        "46084,427083333",
        "03.03.26 10:15",
        "03.03.26 10.15",
        "03.03.2026, 10.15",
        "03/Mar/2026:10:15:00 +0000",
        "03-MAR-26 10.15.00 AM",
        "03-MAR-26 10.15.00.000000 AM +00:00",
        "2026年3月3日 上午10:15",
        "2026年03月03日 10時15分",
        "2026/03/03(火) 10:15",
        "2026년 3월 3일 오전 10:15",
        "2026. 3. 3. 오전 10:15",
        "٠٣/٠٣/٢٠٢٦ ١٠:١٥",
        "2026-03-03 12:15 UTC+2",
        "2026-03-03 15:45 UTC+5:30",
        "2026-03-03 05:15:00 (UTC-05:00)",
        "2026-03-03 05:15 (EST)",
        "2026-03-03 12:15:00 (Europe/Nicosia)",
        "2026-03-03 10:15:00 (edited)",
        "3/3/26, 10:15\u{202f}AM",
        "ISODate(\"2026-03-03T10:15:00Z\")",
        "/Date(1772532900000+0200)/",
        "datetime.datetime(2026, 3, 3, 10, 15)",
        "Timestamp('2026-03-03 10:15:00')",
    ] {
        assert_eq!(at(text), "2026-03-03T10:15:00Z", "{text}");
    }
    assert_eq!(at("25/03/2026, 3:16 p.m."), "2026-03-25T15:16:00Z");
    assert_eq!(at("25/3/2026 12:16:00 μμ"), "2026-03-25T12:16:00Z");
    assert_eq!(at("25/3/2026 12:16:00 πμ"), "2026-03-25T00:16:00Z");
    assert_eq!(at("3/25/26 9:22"), "2026-03-25T09:22:00Z");
    // The half of the day behind a clock that counts to 24.
    assert_eq!(at("06/20/2020 00:08 AM"), "2020-06-20T00:08:00Z");
    assert_eq!(at("06/20/2020 13:05 PM"), "2020-06-20T13:05:00Z");
    assert_eq!(at("06/20/2020 0:08 PM"), "2020-06-20T12:08:00Z");
}

#[test]
fn what_is_not_understood_to_its_end_is_no_time() {
    for text in [
        "may 5 refunds",
        "order 7712",
        "3 days ago",
        "10:15",
        "yesterday 10:15",
        "32/13/26",
        "13:61 03/03/2026",
        "06/20/2020 13:05 AM",
        "2026-W10",
        "about 03/03/2026",
        "1-2-3",
        "12 34 56 78",
        "2026-03-03 10:15:00 (Eastern European Standard Time)",
    ] {
        assert!(at(text).contains("no time that can be read"), "{text}: {}", at(text));
    }
    assert!(at("03/04/26 10:00").contains("--date-order"), "{}", at("03/04/26 10:00"));
    assert_eq!(clock_alone("9:05 π.μ.").unwrap().to_string(), "09:05:00");
    assert!(clock_alone("2026-03-03 09:05").is_none() && clock_alone("905").is_none());
}

#[test]
fn databases_write_times_as_objects() {
    for object in [
        json!({"$date": "2026-03-03T10:15:00Z"}),
        json!({"$date": {"$numberLong": "1772532900000"}}),
        json!({"$date": 1772532900000_i64}),
        json!({"_seconds": 1772532900, "_nanoseconds": 0}),
        json!({"seconds": 1772532900, "nanos": 0}),
    ] {
        let read = TimeReading::default().read(&object).map(|t| t.map(Timestamp::rfc3339));
        assert_eq!(read, Ok(Some("2026-03-03T10:15:00Z".to_owned())), "{object}");
    }
    assert!(TimeReading::default().read(&json!({"seconds": 12, "minutes": 3, "hours": 1})).is_err());
    assert!(TimeReading::default().read(&json!({"$date": {"$date": []}})).is_err());
}
