//! Moments as whole milliseconds since 1970-01-01 UTC. Nothing here reads a clock.

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

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
        self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    /// The ISO week, as `2026-W47`.
    pub fn iso_week(self) -> String {
        self.utc().format("%G-W%V").to_string()
    }

    /// The ISO month, as `2026-11`.
    pub fn month(self) -> String {
        self.utc().format("%Y-%m").to_string()
    }

    /// This moment moved by `ms` milliseconds (negative: earlier), saturating.
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// How long before `now` this was, as people say it: `now`, `5m`, `2h`, `3d`, `7w`; the date when over a year
    /// or in the future.
    pub fn ago(self, now: Timestamp) -> String {
        let ms = now.0 - self.0;
        match ms {
            ms if !(0..365 * DAY).contains(&ms) => self.utc().format("%Y-%m-%d").to_string(),
            ms if ms < 60_000 => "now".to_owned(),
            ms if ms < HOUR => format!("{}m", ms / 60_000),
            ms if ms < DAY => format!("{}h", ms / HOUR),
            ms if ms < 14 * DAY => format!("{}d", ms / DAY),
            ms => format!("{}w", ms / (7 * DAY)),
        }
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(t: DateTime<Utc>) -> Self {
        Self(t.timestamp_millis())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.rfc3339())
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

    #[test]
    fn weeks_follow_iso_around_new_year() {
        let t: Timestamp = serde_json::from_str("\"2027-01-01T00:00:00Z\"").unwrap();
        assert_eq!(t.iso_week(), "2026-W53");
    }

    #[test]
    fn ago_reads_like_speech() {
        let now = Timestamp(1_000 * DAY);
        assert_eq!(now.plus(-5 * 60_000).ago(now), "5m");
        assert_eq!(now.plus(-3 * DAY).ago(now), "3d");
        assert_eq!(now.plus(-50 * DAY).ago(now), "7w");
        assert_eq!(now.plus(-400 * DAY).ago(now), "1971-08-24");
    }
}
