//! How often review cycles come.

use crate::domain::outcome::coded;
use crate::domain::zone::shifted;
use crate::domain::{Timestamp, Zone};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

coded!(
    /// How often review cycles come.
    Rhythm {
        /// On the same day of every week.
        Weekly = 1, "weekly";
        /// Of every other week.
        Fortnightly = 2, "fortnightly";
        /// On the same day of every month, its last where it has no such day.
        Monthly = 3, "monthly";
    }
);

impl Rhythm {
    /// The day on which the next cycle is due after one that opened at a moment. It counts by days of a zone, so that a
    /// `cron` job some seconds early is not a day late.
    pub fn due(self, opened: Timestamp, zone: Zone) -> NaiveDate {
        let day = zone.day(opened);
        match self {
            Self::Weekly => shifted(day, 7),
            Self::Fortnightly => shifted(day, 14),
            Self::Monthly => day.checked_add_months(Months::new(1)).unwrap_or(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_by_days_not_by_hours() {
        let zone: Zone = "Europe/Nicosia".parse().unwrap();
        let due = |rhythm: Rhythm, opened: &str| {
            rhythm.due(Timestamp::from(opened.parse::<chrono::DateTime<chrono::Utc>>().unwrap()), zone).to_string()
        };
        assert_eq!(due(Rhythm::Weekly, "2026-11-23T07:00:59Z"), "2026-11-30");
        assert_eq!(due(Rhythm::Fortnightly, "2026-11-23T07:00:59Z"), "2026-12-07");
        assert_eq!(due(Rhythm::Monthly, "2026-01-31T07:00:00Z"), "2026-02-28");
        assert_eq!(due(Rhythm::Weekly, "2026-11-22T23:30:00Z"), "2026-11-30", "Monday already, where the team is");
    }
}
