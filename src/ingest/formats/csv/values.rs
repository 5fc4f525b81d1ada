//! What the values of a column look like.

use super::field::Field;
use super::flags::truth;
use super::senders;
use super::transcript;
use crate::domain::Outcome;
use crate::ingest::times::{DateOrder, Times};
use crate::text::fold;
use serde_json::Value;
use std::collections::HashSet;

/// A number, also with a comma or a percent sign.
pub(super) fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    let bare = cell.strip_suffix('%').map_or(cell, str::trim_end);
    bare.parse().ok().or_else(|| bare.replacen(',', ".", 1).parse().ok()).filter(|x: &f64| x.is_finite())
}

pub(super) fn is_number(cell: &str) -> bool {
    number(cell).is_some()
}

/// A time; a bare number is one only where it falls between 1979 and 2099.
pub(super) fn is_time(cell: &str) -> bool {
    let times = Times { order: Some(DateOrder::DayFirst), ..Times::default() };
    let likely = |x: f64| [1.0, 1e3, 1e6, 1e9].iter().any(|unit| (3e8..4.1e9).contains(&(x / unit)));
    number(cell).is_none_or(likely) && cell.trim().len() >= 8 && matches!(times.read(&Value::from(cell)), Ok(Some(_)))
}

/// An outcome in the words of exports; only words that leave no doubt.
pub(super) fn outcome(cell: &str) -> Option<Outcome> {
    let word: String = fold(cell).chars().filter(|c| c.is_alphanumeric()).collect();
    if let Some(outcome) = Outcome::from_name(&word) {
        return Some(outcome);
    }
    match word.as_str() {
        "solved" | "success" | "successful" | "completed" | "επιλυθηκε" | "λυθηκε" => {
            Some(Outcome::Resolved)
        }
        "escalation" | "handoff" | "handover" | "handedover" | "handedoff" | "transferred" | "transfer" => {
            Some(Outcome::Escalated)
        }
        "failure" | "fail" | "unresolved" | "unsolved" | "unsuccessful" | "notresolved" | "απετυχε" => {
            Some(Outcome::Failed)
        }
        "abandonment" | "dropped" | "left" | "εγκαταλειφθηκε" => Some(Outcome::Abandoned),
        "open" | "ongoing" | "inprogress" | "εκκρεμει" => Some(Outcome::Pending),
        _ => None,
    }
}

/// A rating and, where the cell tells, the best there is: `4`, `4/5`, `4 of 5`, `good`.
pub(super) fn rating(cell: &str) -> Option<(f64, Option<f64>)> {
    let text = cell.trim();
    if let Some(score) = number(text) {
        return Some((score, text.ends_with('%').then_some(100.0)));
    }
    let parts = text.split_once('/').or_else(|| text.split_once(" of ")).or_else(|| text.split_once(" out of "));
    if let Some((score, max)) = parts.and_then(|(a, b)| Some((number(a)?, number(b)?)))
        && max > 0.0
    {
        return Some((score, Some(max)));
    }
    match fold(text).as_str() {
        "good" | "positive" | "happy" | "satisfied" | "up" => Some((1.0, Some(1.0))),
        "bad" | "negative" | "unhappy" | "dissatisfied" | "down" => Some((0.0, Some(1.0))),
        _ => None,
    }
}

/// Thumbs: above 0 up, below 0 down.
pub(super) fn thumbs(cell: &str) -> Option<i8> {
    match fold(cell.trim()).as_str() {
        "up" | "thumbs_up" | "thumbsup" | "👍" | "like" | "positive" | "good" | "helpful" => Some(1),
        "down" | "thumbs_down" | "thumbsdown" | "👎" | "dislike" | "negative" | "bad" | "not helpful" => Some(-1),
        "neutral" => Some(0),
        word => match (number(word), truth(word)) {
            (Some(x), _) if x < 0.0 => Some(-1),
            // A plain 0 beside 1 means no; -1 to 1 has 0 in the middle. Nobody can tell, so it is neither.
            (Some(x), _) => Some(i8::from(x > 0.0)),
            (None, Some(up)) => Some(if up { 1 } else { -1 }),
            (None, None) => None,
        },
    }
}

/// What the filled cells of a column look like; shares are from 0 to 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Stats {
    pub n: usize,
    pub distinct: usize,
    /// Mean length in characters.
    pub len: f64,
    pub spaces: f64,
    pub times: f64,
    pub numbers: f64,
    pub least: f64,
    pub most: f64,
    pub truths: f64,
    pub roles: f64,
    pub outcomes: f64,
    pub ratings: f64,
    pub thumbs: f64,
    pub transcripts: f64,
}

impl Stats {
    pub fn of<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Self {
        let n = values.clone().count();
        let share = |test: &dyn Fn(&str) -> bool| values.clone().filter(|v| test(v)).count() as f64 / n.max(1) as f64;
        let numbers = values.clone().filter_map(number);
        Self {
            n,
            distinct: values.clone().map(str::trim).collect::<HashSet<_>>().len(),
            len: values.clone().map(|v| v.chars().count()).sum::<usize>() as f64 / n.max(1) as f64,
            spaces: share(&|v| v.trim().contains(' ')),
            times: share(&is_time),
            numbers: share(&is_number),
            least: numbers.clone().fold(f64::INFINITY, f64::min),
            most: numbers.fold(f64::NEG_INFINITY, f64::max),
            truths: share(&|v| truth(v).is_some()),
            roles: share(&|v| senders::known(&senders::word(v)).is_some()),
            outcomes: share(&|v| outcome(v).is_some()),
            ratings: share(&|v| rating(v).is_some()),
            thumbs: share(&|v| thumbs(v).is_some()),
            transcripts: share(&|v| transcript::speakers(v) >= 2),
        }
    }

    /// Whether the column can hold a field, as far as its values tell.
    pub fn can_hold(&self, field: Field) -> bool {
        let within = |least, most| self.numbers >= 0.8 && self.least >= least && self.most <= most;
        if self.n == 0 {
            return true;
        }
        match field {
            Field::Id | Field::MessageId => self.len <= 80.0 && self.transcripts < 0.5,
            // `user` and `bot` may head names, or what they say.
            Field::Customer | Field::Bot => self.len <= 80.0 && (self.spaces < 0.5 || self.len <= 20.0),
            Field::Role => self.roles >= 0.5 || self.truths == 1.0 || (self.len <= 40.0 && self.times < 0.5),
            Field::Text | Field::Reply | Field::Corrected => {
                self.times < 0.9 && (self.numbers < 0.9 || self.n < 3) && self.transcripts < 0.5
            }
            Field::Transcript => self.transcripts >= 0.5,
            Field::Time | Field::Started | Field::Ended => self.times >= 0.5,
            Field::Turn | Field::Latency => self.numbers >= 0.9,
            Field::Confidence => within(0.0, 100.0),
            Field::Sentiment => within(-1.0, 1.0),
            Field::Csat => self.ratings >= 0.8 && (self.numbers < 0.8 || within(-1.0, 100.0)),
            Field::Outcome => self.outcomes >= 0.5,
            Field::Fallback | Field::Payload => self.truths >= 0.8,
            Field::Feedback => self.thumbs >= 0.8,
            Field::Intent | Field::Gold => self.times < 0.5 && self.len <= 60.0,
            _ => self.len <= 200.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_recognised() {
        assert_eq!((number("0,87"), number("87 %"), number("x")), (Some(0.87), Some(87.0), None));
        assert!(is_time("2026-03-03 08:00") && is_time("25/03/2026") && is_time("1772524800"));
        assert!(!is_time("4417") && !is_time("35799123456") && !is_time("hello there"));
        assert_eq!(
            (outcome("Escalated"), outcome("hand-off"), outcome("closed")),
            (Some(Outcome::Escalated), Some(Outcome::Escalated), None)
        );
        assert_eq!(
            (rating("4/5"), rating("good"), rating("x/y")),
            (Some((4.0, Some(5.0))), Some((1.0, Some(1.0))), None)
        );
        assert_eq!((thumbs("👎"), thumbs("-1"), thumbs("yes"), thumbs("0")), (Some(-1), Some(-1), Some(1), Some(0)));
    }
}
