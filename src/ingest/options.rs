//! How a log is to be read.

use super::context::{PlainScales, Salt};
use super::derive::strangers::Speakers;
use super::formats::contract::FormatChoice;
use super::times::DateOrder;
use crate::domain::{Timestamp, Zone};
use std::sync::Arc;

/// How a log is to be read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Name of the format; `None` or `auto`: tell it from the beginning.
    pub from: Option<String>,
    /// A format with settings of its own, such as [`super::formats::csv::CsvFormat`]. It reads the log unless `from` names
    /// another; `None`: formats are read as they come.
    pub choice: Option<FormatChoice>,
    /// What plain ratings and thumbs are of, where several files that are read one by one have told it together ([`super::scales_of`]);
    /// `None`: the log itself tells.
    pub scales: Option<Arc<PlainScales>>,
    /// Source of conversations that name none; `None`: the file's stem.
    pub source: Option<String>,
    /// Folder that somebody named and that the log lies in: the source of files that hold a conversation each, where nobody named one.
    pub folder: Option<String>,
    /// Zone of times that name none.
    pub tz: Zone,
    /// What `03/04/2026` means; without it such a time is refused.
    pub date_order: Option<DateOrder>,
    /// Take guesses where a person would have to be asked.
    pub accept_guesses: bool,
    /// When the import happens.
    pub now: Timestamp,
    /// Names of events, actions, tools and intents that mean a handoff, beside [`super::HANDOFF_NAMES`]; `*` at the
    /// end stands for anything.
    pub handoff_names: Vec<String>,
    /// Who speakers are, where the log's own words do not say it.
    pub speakers: Speakers,
    /// How the text is encoded, by a name that browsers know; `None`: told from the text.
    pub encoding: Option<String>,
    /// With it, customer ids become pseudonyms.
    pub pseudonymise: Option<Salt>,
    /// Longest record in bytes; longer ones are rejected.
    pub max_line: usize,
}

impl ReadOptions {
    /// Everything by default: format told, source by name, UTC, 64 MiB.
    pub fn new(now: Timestamp) -> Self {
        Self {
            from: None,
            choice: None,
            scales: None,
            source: None,
            folder: None,
            tz: Zone::default(),
            date_order: None,
            accept_guesses: false,
            now,
            handoff_names: Vec::new(),
            speakers: Speakers::default(),
            encoding: None,
            pseudonymise: None,
            max_line: 64 << 20,
        }
    }
}
