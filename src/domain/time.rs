//! Moments as whole milliseconds since 1970-01-01 UTC. Nothing here reads a clock.

use chrono::{DateTime, Datelike, SecondsFormat, TimeZone, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// RFC 3339 with zeros for digits.
const PATTERN: [u8; 24] = *b"0000-00-00T00:00:00.000Z";

/// Milliseconds in an hour.
pub const HOUR: i64 = 3_600_000;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// The calendar form, in UTC. Moments outside chrono's range (about ±262,000 years) become the epoch.
    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or_default()
    }

    /// RFC 3339 in UTC; milliseconds only where there are any.
    pub fn rfc3339(self) -> String {
        let mut text = PATTERN;
        let written = self.write_to(&mut text).map(str::to_owned);
        written.unwrap_or_else(|| self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// RFC 3339 without an allocation, into a copy of [`PATTERN`]; `None` for a year that has not four digits.
    fn write_to(self, text: &mut [u8; PATTERN.len()]) -> Option<&str> {
        // Without its zone: each part of a moment that has one is worked out from the zone anew.
        let at = self.utc().naive_utc();
        let year = u32::try_from(at.year()).ok().filter(|year| *year < 10_000)?;
        let ms = at.nanosecond() / 1_000_000;
        let pairs = [year / 100, year % 100, at.month(), at.day(), at.hour(), at.minute(), at.second(), ms / 10];
        for (place, number) in [0, 2, 5, 8, 11, 14, 17, 20].into_iter().zip(pairs) {
            text[place] += (number / 10) as u8;
            text[place + 1] += (number % 10) as u8;
        }
        text[22] += (ms % 10) as u8;
        let length = if ms > 0 { PATTERN.len() } else { 20 };
        text[length - 1] = b'Z';
        std::str::from_utf8(&text[..length]).ok()
    }

    /// This moment moved by `ms` milliseconds (negative: earlier), saturating.
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(t: DateTime<Utc>) -> Self {
        Self(t.timestamp_millis())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // Every turn of every log is hashed with its time.
        let mut text = PATTERN;
        match self.write_to(&mut text) {
            Some(text) => s.serialize_str(text),
            None => s.serialize_str(&self.rfc3339()),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        DateTime::parse_from_rfc3339(&text).map(|t| Self(t.timestamp_millis())).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_moment_is_written_as_the_calendar_has_it(
            ms in prop_oneof![-70_000_000_000_000i64..300_000_000_000_000, (0i64..4_102_444_800).prop_map(|s| s * 1_000)],
        ) {
            let expected = Timestamp(ms).utc().to_rfc3339_opts(SecondsFormat::AutoSi, true);
            prop_assert_eq!(serde_json::to_string(&Timestamp(ms)).unwrap(), format!("\"{expected}\""));
            prop_assert_eq!(Timestamp(ms).rfc3339(), expected);
        }
    }
}
