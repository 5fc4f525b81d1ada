//! The order of day, month and year.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Which number comes first in `03/04/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateOrder {
    /// The day: 3 April.
    #[serde(rename = "dmy")]
    DayFirst,
    /// The month: 4 March.
    #[serde(rename = "mdy")]
    MonthFirst,
    /// The year, of two digits: 26/03/04 is 4 March 2026.
    #[serde(rename = "ymd")]
    YearFirst,
}

impl DateOrder {
    /// As flags and profiles write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
            Self::YearFirst => "ymd",
        }
    }
}

impl FromStr for DateOrder {
    type Err = UnknownDateOrder;

    /// `dmy`, `mdy` or `ymd`.
    fn from_str(text: &str) -> Result<Self, UnknownDateOrder> {
        match text.to_ascii_lowercase().as_str() {
            "dmy" => Ok(Self::DayFirst),
            "mdy" => Ok(Self::MonthFirst),
            "ymd" => Ok(Self::YearFirst),
            _ => Err(UnknownDateOrder(text.to_owned())),
        }
    }
}

/// No order of day and month has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no date order called `{0}`: write dmy (3 April is 03/04), mdy (it is 04/03), or ymd where years of two digits come first"
)]
pub struct UnknownDateOrder(String);

/// A date that may mean two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disorder;
