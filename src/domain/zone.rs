//! Time zones: which day, week and month a moment belongs to, and where these begin. Daylight saving included.

use super::Timestamp;
use super::time::{DAY, HOUR};
use crate::base::did_you_mean::nearest;
use chrono::format::StrftimeItems;
use chrono::{DateTime, Datelike, Days, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use std::fmt;
use std::str::FromStr;

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Always the same distance from UTC.
    Fixed(FixedOffset),
    /// A place, with its daylight saving.
    Named(chrono_tz::Tz),
}

impl Default for Zone {
    /// UTC.
    fn default() -> Self {
        Self::Named(chrono_tz::UTC)
    }
}

impl fmt::Display for Zone {
    /// As it is read back: `Europe/Nicosia`, `+02:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(offset) => offset.fmt(f),
            Self::Named(tz) => f.write_str(tz.name()),
        }
    }
}

/// There is no such time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no time zone called `{0}`: write UTC, +02:00 or a name such as {meant}", meant = meant(.0).unwrap_or("Europe/Nicosia"))]
pub struct NoZone(pub String);

impl FromStr for Zone {
    type Err = NoZone;

    /// `UTC`, `+02:00` or `Europe/Nicosia`, without regard to case.
    fn from_str(text: &str) -> Result<Self, NoZone> {
        let text = text.trim();
        if let Some(offset) = offset(text) {
            return Ok(Self::Fixed(offset));
        }
        let known = chrono_tz::TZ_VARIANTS;
        let found = known.iter().find(|tz| tz.name().eq_ignore_ascii_case(text));
        found.map(|tz| Self::Named(*tz)).ok_or_else(|| NoZone(text.to_owned()))
    }
}

/// The name that was most likely meant: people know the city, and write blanks.
fn meant(text: &str) -> Option<&'static str> {
    let text = text.replace(' ', "_");
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name());
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let asked = text.rsplit('/').next().unwrap_or(&text);
    // Some cities stand in two parts of the world.
    let mut exact = names().filter(|n| n.contains('/') && city(n).eq_ignore_ascii_case(asked));
    let exact = exact.clone().find(|n| n.starts_with("Europe/")).or_else(|| exact.next());
    exact.or_else(|| nearest(&text, names())).or_else(|| {
        let found = nearest(asked, names().map(city))?;
        names().find(|n| city(n) == found)
    })
}

/// `+02:00`, `+0200` or `+02`.
pub(crate) fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let number: i32 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let (hours, minutes) = match digits.len() {
        2 => (number, 0),
        4 => (number / 100, number % 100),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)))?
}

impl Zone {
    /// A local time as a moment: of two (clocks set back) the earlier, in a gap (clocks set forward) as if they had
    /// not been.
    pub fn moment(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let tz = match self {
            Self::Fixed(offset) => return offset.from_local_datetime(&local).single().map(|t| t.to_utc()),
            Self::Named(tz) => tz,
        };
        match tz.from_local_datetime(&local) {
            LocalResult::Single(t) | LocalResult::Ambiguous(t, _) => Some(t.to_utc()),
            LocalResult::None => {
                let hour = chrono::TimeDelta::hours(1);
                let before = tz.from_local_datetime(&local.checked_sub_signed(hour)?).earliest()?;
                before.to_utc().checked_add_signed(hour)
            }
        }
    }

    /// How far its clocks are ahead of UTC at a moment, in milliseconds.
    pub fn ahead_of_utc(self, at: Timestamp) -> i64 {
        let utc = at.utc();
        let offset = match self {
            Self::Fixed(offset) => offset,
            Self::Named(tz) => tz.offset_from_utc_datetime(&utc.naive_utc()).fix(),
        };
        i64::from(offset.local_minus_utc()) * 1_000
    }

    /// What its clocks and calendars show at a moment.
    pub fn local(self, at: Timestamp) -> NaiveDateTime {
        Timestamp(at.0.saturating_add(self.ahead_of_utc(at))).utc().naive_utc()
    }

    /// The day that a moment belongs to.
    pub fn day(self, at: Timestamp) -> NaiveDate {
        self.local(at).date()
    }

    /// The first moment of a day; where clocks skip midnight, or the whole day, the first one after that.
    pub fn midnight(self, day: NaiveDate) -> Timestamp {
        let local = Timestamp::from(day.and_time(chrono::NaiveTime::MIN).and_utc());
        let known = match self {
            Self::Fixed(offset) => Some(i64::from(offset.local_minus_utc()) * 1_000),
            Self::Named(tz) => {
                let found = tz.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).earliest();
                found.map(|t| i64::from(t.offset().fix().local_minus_utc()) * 1_000)
            }
        };
        known.map_or_else(|| self.after_gap(local), |ahead| local.plus(-ahead))
    }

    /// The first moment at which clocks show this local time or a later one.
    fn after_gap(self, local: Timestamp) -> Timestamp {
        let (mut before, mut after) = (local.0 - 2 * DAY, local.0 + 2 * DAY);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if middle + self.ahead_of_utc(Timestamp(middle)) >= local.0 { after = middle } else { before = middle }
        }
        Timestamp(after)
    }

    /// The first moment of the day a number of days after a moment's (negative: before it).
    pub fn days_after(self, at: Timestamp, days: i64) -> Timestamp {
        self.midnight(shifted(self.day(at), days))
    }

    /// The day of whose month a week is, given its first moment: the middle one, since most of its days are in that month; the last one where a
    /// log begins within it.
    pub fn day_of_month(self, monday: Timestamp, begins: bool) -> NaiveDate {
        shifted(self.day(monday), if begins { 6 } else { 3 })
    }

    /// The ISO week, as `2026-W47`.
    pub fn iso_week(self, at: Timestamp) -> String {
        self.local(at).format("%G-W%V").to_string()
    }

    /// A moment in strftime's notation; `%Z` is the zone's short name (`EET`, `+0545`).
    pub fn format(self, at: Timestamp, form: &str) -> String {
        let utc = at.utc();
        // A form is written by us: one that cannot be read shows as what it is.
        if StrftimeItems::new(form).any(|i| i == chrono::format::Item::Error) {
            return form.to_owned();
        }
        match self {
            Self::Fixed(offset) => utc.with_timezone(&offset).format(form).to_string(),
            Self::Named(tz) => utc.with_timezone(&tz).format(form).to_string(),
        }
    }

    /// A day and a time with the zone beside them: `2026-11-23 07:49 EET`.
    pub fn stamp(self, at: Timestamp) -> String {
        self.format(at, "%Y-%m-%d %H:%M %Z")
    }

    /// What people call it where room is short: the city, `UTC`, or the distance from UTC.
    pub fn short(self) -> String {
        let name = self.to_string();
        name.rsplit('/').next().unwrap_or(&name).replace('_', " ")
    }

    /// A day: `2026-11-23`.
    pub fn date(self, at: Timestamp) -> String {
        self.format(at, "%Y-%m-%d")
    }

    /// How long before `now` a moment was, as people say it: `now`, `5m`, `2h`, `3d`, `7w`; the day when over a year or
    /// in the future.
    pub fn ago(self, at: Timestamp, now: Timestamp) -> String {
        match now.0.saturating_sub(at.0) {
            ms if !(-60_000..365 * DAY).contains(&ms) => self.date(at),
            ms if ms < 60_000 => "now".to_owned(),
            ms if ms < HOUR => format!("{}m", ms / 60_000),
            ms if ms < DAY => format!("{}h", ms / HOUR),
            ms if ms < 14 * DAY => format!("{}d", ms / DAY),
            ms => format!("{}w", ms / (7 * DAY)),
        }
    }

    /// The first moments of all days from that of one moment to that of another, and of the day after.
    pub fn days(self, from: Timestamp, to: Timestamp) -> Vec<i64> {
        self.every(self.day(from), self.day(to), 1)
    }

    /// The same of ISO weeks.
    pub fn weeks(self, from: Timestamp, to: Timestamp) -> Vec<i64> {
        self.every(monday(self.day(from)), self.day(to), 7)
    }

    fn every(self, first: NaiveDate, last: NaiveDate, step: u64) -> Vec<i64> {
        let days = std::iter::successors(Some(first), |d| d.checked_add_days(Days::new(step)));
        let mut edges: Vec<i64> = days.map_while(|d| (d <= last).then(|| self.midnight(d).0)).collect();
        let end = first.checked_add_days(Days::new(step * edges.len() as u64));
        edges.extend(end.map(|d| self.midnight(d).0));
        edges
    }

    /// The times between two moments during which its clocks keep one distance from UTC: until when (exclusive), and how
    /// far ahead in milliseconds. The last one ends at `to`.
    pub fn spans(self, from: Timestamp, to: Timestamp) -> Vec<(i64, i64)> {
        // No zone has ever changed its clocks twice within so short a time.
        const STEP: i64 = 5 * DAY;
        let mut out = Vec::new();
        let (mut at, mut ahead) = (from.0, self.ahead_of_utc(from));
        while at < to.0 {
            let next = at.saturating_add(STEP).min(to.0);
            let then = self.ahead_of_utc(Timestamp(next));
            if then != ahead {
                let (mut before, mut after) = (at, next);
                while after - before > 1 {
                    let middle = before + (after - before) / 2;
                    if self.ahead_of_utc(Timestamp(middle)) == ahead { before = middle } else { after = middle }
                }
                out.push((after, ahead));
            }
            (at, ahead) = (next, then);
        }
        out.push((to.0, ahead));
        out
    }
}

/// A day so many days later; the day itself at the end of the calendar.
pub fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) };
    moved.unwrap_or(day)
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    shifted(day, -i64::from(day.weekday().num_days_from_monday()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        serde_json::from_str(&format!("\"{text}\"")).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_log_that_begins_on_the_1st_begins_with_its_own_month() {
        let zone = zone("Europe/Nicosia");
        // 1 September 2026 is a Tuesday; 1 October a Thursday, 1 August a Saturday.
        for (monday, middle) in
            [("2026-08-31", "2026-09-03"), ("2026-09-28", "2026-10-01"), ("2026-07-27", "2026-07-30")]
        {
            assert_eq!(zone.day_of_month(zone.midnight(day(monday)), false), day(middle));
        }
        assert_eq!(zone.day_of_month(zone.midnight(day("2026-07-27")), true), day("2026-08-02"));
    }

    #[test]
    fn names_are_found_whatever_their_case_and_others_suggested() {
        assert_eq!(zone("europe/nicosia").to_string(), "Europe/Nicosia");
        assert_eq!(zone("+05:30").to_string(), "+05:30");
        for (asked, meant) in [
            ("Nicosia", "Europe/Nicosia"),
            ("Europe/Nicosai", "Europe/Nicosia"),
            ("Kathmandu", "Asia/Kathmandu"),
            ("america/new york", "America/New_York"),
            ("Katmandoo", "Asia/Katmandu"),
        ] {
            let e = asked.parse::<Zone>().unwrap_err().to_string();
            assert!(e.contains(meant) && e.contains(&format!("`{asked}`")), "{e}");
        }
        assert!("".parse::<Zone>().is_err() && "Middle Earth".parse::<Zone>().is_err());
    }

    #[test]
    fn days_have_23_and_25_hours_when_clocks_change() {
        let z = zone("Europe/Nicosia");
        let hours = |d: &str| (z.midnight(shifted(day(d), 1)).0 - z.midnight(day(d)).0) / HOUR;
        assert_eq!([hours("2026-03-28"), hours("2026-03-29"), hours("2026-10-25")], [24, 23, 25]);
        assert_eq!(z.midnight(day("2026-03-29")).rfc3339(), "2026-03-28T22:00:00Z");
        assert_eq!(z.midnight(day("2026-03-30")).rfc3339(), "2026-03-29T21:00:00Z");
        assert_eq!(z.format(at("2026-07-01T07:00:00Z"), "%H:%M %Z"), "10:00 EEST");
        assert_eq!(z.stamp(at("2026-11-23T05:49:00Z")), "2026-11-23 07:49 EET");
        assert_eq!(zone("Asia/Kathmandu").stamp(at("2026-11-23T05:49:00Z")), "2026-11-23 11:34 +0545");
        assert_eq!(zone("America/St_Johns").stamp(at("2026-11-23T01:49:00Z")), "2026-11-22 22:19 NST");
    }

    #[test]
    fn a_midnight_that_clocks_skip_is_the_first_moment_after_it() {
        // Clocks went from 0:00 to 1:00 here; Samoa skipped the whole 30 December 2011.
        assert_eq!(zone("America/Sao_Paulo").midnight(day("2018-11-04")).rfc3339(), "2018-11-04T03:00:00Z");
        let apia = zone("Pacific/Apia");
        assert_eq!(apia.midnight(day("2011-12-30")), apia.midnight(day("2011-12-31")));
        // From 1:00 back to 0:00: the day begins with the first of the two midnights.
        assert_eq!(zone("America/Havana").midnight(day("2026-11-01")).rfc3339(), "2026-11-01T04:00:00Z");
    }

    #[test]
    fn weeks_are_those_of_the_place_and_of_iso_around_new_year() {
        assert_eq!(zone("UTC").iso_week(at("2027-01-01T00:00:00Z")), "2026-W53");
        assert_eq!(zone("Europe/Nicosia").iso_week(at("2027-01-10T23:00:00Z")), "2027-W02");
        assert_eq!(zone("America/New_York").iso_week(at("2027-01-18T03:00:00Z")), "2027-W02");
        let z = zone("Europe/Nicosia");
        let weeks = z.weeks(at("2026-03-20T12:00:00Z"), at("2026-04-01T12:00:00Z"));
        let starts: Vec<String> = weeks.iter().map(|&t| z.format(Timestamp(t), "%a %d %H:%M")).collect();
        assert_eq!(starts, ["Mon 16 00:00", "Mon 23 00:00", "Mon 30 00:00", "Mon 06 00:00"]);
    }

    #[test]
    fn ago_reads_like_speech() {
        let (now, z) = (Timestamp(1_000 * DAY), Zone::default());
        assert_eq!(z.ago(now.plus(20_000), now), "now", "clocks of two machines differ");
        assert_eq!(z.ago(now.plus(-5 * 60_000), now), "5m");
        assert_eq!(z.ago(now.plus(-3 * DAY), now), "3d");
        assert_eq!(z.ago(now.plus(-50 * DAY), now), "7w");
        assert_eq!(z.ago(now.plus(-400 * DAY), now), "1971-08-24");
        assert_eq!(z.ago(now.plus(DAY), now), "1972-09-28");
    }

    proptest! {
        #[test]
        fn every_moment_lies_in_its_day_and_in_its_span(ms in 0i64..4_000_000_000_000, which in 0usize..6) {
            let z = zone(["UTC", "Europe/Nicosia", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "-03:30"][which]);
            let at = Timestamp(ms);
            // St John's turned its clocks at 0:01 until 2011: a minute of such a day comes before the evening before it.
            let odd = which == 2 && ms < 1_330_000_000_000;
            prop_assert!(odd || (z.midnight(z.day(at)) <= at && at < z.midnight(shifted(z.day(at), 1))));
            let spans = z.spans(Timestamp(ms - 400 * DAY), at.plus(1));
            let span = spans.iter().find(|s| ms < s.0);
            prop_assert_eq!(span.map(|s| s.1), Some(z.ahead_of_utc(at)));
        }
    }
}
