//! What the values of a column look like.

use crate::domain::Role;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::canonical::told::{is_hidden, names_note};
use crate::ingest::formats::csv::cells::outcomes::outcome;
use crate::ingest::formats::csv::cells::structures::structure;
use crate::ingest::formats::csv::cells::turn_lists::of_texts;
use crate::ingest::formats::csv::cells::values::{
    duration, is_epoch, is_number, is_stamp, is_time, is_unrated, number, place, rating, thumbs, truth,
};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::read::transcript;
use crate::ingest::times::{clock_alone, clock_in_digits, clock_of, is_day};
use crate::text::has_words;
use std::collections::HashSet;

/// What the filled cells of a column look like; shares are from 0 to 1.
#[derive(Clone, Debug, Default)]
pub(super) struct CellStats {
    pub n: usize,
    pub distinct: usize,
    /// Mean length in characters.
    pub len: f64,
    pub spaces: f64,
    /// Cells of at least two words, and of at least four.
    pub texts: f64,
    pub sentences: f64,
    pub times: f64,
    /// Times in the form of RFC 3339.
    pub stamps: f64,
    /// Whole numbers that count from 1970 to a time of these years.
    pub epochs: f64,
    /// Times of day without a date.
    pub clocks: f64,
    /// Those, and what is a time of day where nothing else can be.
    pub clock_like: f64,
    /// Times of day in four digits.
    pub clock_digits: f64,
    /// Days without a time of day.
    pub days: f64,
    pub numbers: f64,
    /// Places in an order: numbers, also behind a word.
    pub places: f64,
    pub least: f64,
    pub most: f64,
    pub truths: f64,
    pub roles: f64,
    /// How many of customer, AI and person its words tell apart.
    pub who: usize,
    /// Kinds of message that are notes.
    pub notes: f64,
    /// Those, and other words for what customers do not see.
    pub hidden: f64,
    /// Lengths of time with their unit.
    pub durations: f64,
    pub outcomes: f64,
    pub ratings: f64,
    pub thumbs: f64,
    pub transcripts: f64,
    /// Lists of texts alone.
    pub text_lists: f64,
    /// Cells whose first line begins with who speaks.
    pub named: f64,
    /// JSON, or lists as Python prints them.
    pub structures: f64,
}

impl CellStats {
    pub fn of<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Self {
        let n = values.clone().count();
        let share = |test: &dyn Fn(&str) -> bool| values.clone().filter(|v| test(v)).count() as f64 / n.max(1) as f64;
        let numbers = values.clone().filter_map(number);
        Self {
            n,
            distinct: values.clone().map(str::trim).collect::<HashSet<_>>().len(),
            len: values.clone().map(|v| v.chars().count()).sum::<usize>() as f64 / n.max(1) as f64,
            spaces: share(&|v| v.trim().contains(' ')),
            texts: share(&|v| has_words(v, 2)),
            sentences: share(&|v| has_words(v, 4)),
            times: share(&is_time),
            stamps: share(&is_stamp),
            epochs: share(&is_epoch),
            clocks: share(&|v| clock_alone(v).is_some()),
            clock_like: share(&|v| clock_of(v).is_some()),
            clock_digits: share(&|v| clock_in_digits(v).is_some()),
            days: share(&|v| is_time(v) && is_day(v)),
            numbers: share(&is_number),
            places: share(&|v| place(v).is_some()),
            least: numbers.clone().fold(f64::INFINITY, f64::min),
            most: numbers.fold(f64::NEG_INFINITY, f64::max),
            truths: share(&|v| truth(v).is_some()),
            roles: share(&is_sender),
            who: [Role::User, Role::Bot, Role::Agent]
                .iter()
                .filter(|role| values.clone().any(|v| senders::of_kind(&senders::word(v)) == Some(**role)))
                .count(),
            notes: share(&names_note),
            hidden: share(&is_hidden),
            durations: share(&|v| duration(v).is_some()),
            outcomes: share(&|v| outcome(v).is_some()),
            ratings: if values.clone().any(|v| rating(v).is_some()) {
                share(&|v| rating(v).is_some() || is_unrated(v))
            } else {
                0.0
            },
            thumbs: share(&|v| thumbs(v).is_some()),
            transcripts: share(&transcript::is_dialogue),
            text_lists: share(&|v| of_texts(v).is_some()),
            named: share(&transcript::begins_with_speaker),
            structures: share(&|v| structure(v).is_some()),
        }
    }

    /// Whether all its values, of which some differ, are words for those who speak.
    pub fn says_who(&self) -> bool {
        self.n > 1 && self.roles == 1.0 && (2..=8).contains(&self.distinct)
    }

    /// Whether a field's column is read where somebody names it, some of its values at least.
    pub fn is_read_in_part(&self, field: CsvField) -> bool {
        match field {
            CsvField::Fallback | CsvField::Payload | CsvField::Escalated | CsvField::Resolved | CsvField::Abandoned => {
                self.truths > 0.0
            }
            CsvField::Private => self.truths > 0.0 || self.hidden > 0.0,
            // Beside points of a scale 1 is none.
            CsvField::Feedback => self.thumbs > 0.0 && self.most <= 1.0,
            CsvField::Latency => self.numbers + self.durations > 0.0,
            CsvField::Confidence | CsvField::Sentiment => self.numbers > 0.0,
            CsvField::Turn => self.places > 0.0,
            _ => true,
        }
    }

    /// Whether the column can hold a field, as far as its values tell.
    pub fn can_hold(&self, field: CsvField) -> bool {
        let within = |least, most| self.numbers >= 0.8 && self.least >= least && self.most <= most;
        if self.n == 0 {
            return true;
        }
        match field {
            CsvField::Id | CsvField::MessageId => self.len <= 80.0 && self.transcripts < 0.5,
            // `user` and `bot` may head names, or what they say.
            CsvField::Customer | CsvField::Bot => self.len <= 80.0 && (self.spaces < 0.5 || self.len <= 20.0),
            CsvField::Role => self.roles >= 0.5 || self.truths == 1.0 || (self.len <= 40.0 && self.times < 0.5),
            CsvField::Text | CsvField::Reply | CsvField::Corrected => {
                self.times < 0.9 && (self.numbers < 0.9 || self.n < 3) && self.transcripts < 0.5
            }
            CsvField::Transcript => self.transcripts >= 0.5,
            CsvField::Time | CsvField::Started | CsvField::Ended => self.times >= 0.5,
            CsvField::Turn => self.places >= 0.9,
            CsvField::Latency => self.numbers + self.durations >= 0.5,
            CsvField::Confidence => within(0.0, 100.0),
            CsvField::Sentiment => within(-1.0, 1.0),
            CsvField::Propensity => within(0.0, 1.0),
            CsvField::Csat => self.ratings >= 0.8 && (self.numbers < 0.8 || within(-1.0, 100.0)),
            CsvField::Outcome => self.outcomes >= 0.5,
            CsvField::Clock => self.clock_like >= 0.9 || self.clock_digits == 1.0,
            CsvField::Escalated => self.truths >= 0.8 || self.times >= 0.9 && self.numbers < 0.5,
            CsvField::Fallback | CsvField::Payload | CsvField::Resolved | CsvField::Abandoned => self.truths >= 0.8,
            CsvField::Private => self.truths >= 0.8 || self.hidden > 0.0,
            CsvField::Feedback => self.thumbs >= 0.8,
            // How many there were, or whether any was, names none.
            CsvField::Offer => {
                self.numbers < 0.5
                    && self.truths < 0.5
                    && self.times < 0.5
                    && (self.len <= 80.0 || self.structures >= 0.5)
            }
            CsvField::OfferStatus => self.times < 0.5 && self.sentences < 0.5 && self.len <= 40.0,
            // Any number of them in one cell.
            CsvField::Tags => self.times < 0.5,
            CsvField::Intent | CsvField::Gold => self.times < 0.5 && self.len <= 60.0,
            _ => self.len <= 200.0,
        }
    }
}

/// Whether a word says who speaks, or at least that the business does.
fn is_sender(value: &str) -> bool {
    let word = senders::word(value);
    senders::of_kind(&word).is_some() || senders::is_outward(&word)
}
