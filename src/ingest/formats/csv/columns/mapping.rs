//! Which column holds what: guessed, shown, corrected, and saved as a profile.

use super::answers::{ABOUT_TASKS, is_instruction};
use super::field::{CsvField, plain};
use crate::domain::{Outcome, Role};
use crate::ingest::times::DateOrder;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What one row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowShape {
    /// A turn (or a question with its reply); the id says which rows are one conversation.
    Turns,
    /// An utterance on its own, such as a labelled example: a conversation of one turn.
    Utterances,
    /// A conversation, its transcript in one cell.
    Conversations,
}

impl RowShape {
    /// Every shape.
    pub const ALL: &'static [Self] = &[Self::Turns, Self::Utterances, Self::Conversations];

    /// Its name in flags and profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Turns => "turns",
            Self::Utterances => "utterances",
            Self::Conversations => "conversations",
        }
    }

    /// One line about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Turns => "one row a turn",
            Self::Utterances => "one row an utterance",
            Self::Conversations => "one row a conversation",
        }
    }
}

/// Which column of a CSV file holds what. Serialises to the TOML of a profile; columns stand under their names, so that
/// a profile fits every export of the same tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What one row is.
    pub shape: RowShape,
    /// What stands between cells.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Whether the first row names the columns. Without it they are called `column 1`, `column 2`, …
    #[serde(default = "yes")]
    pub header: bool,
    /// The encoding, where it is not UTF-8, such as `windows-1253`. UTF-16 needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether the last turn of a conversation comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newest_first: bool,
    /// Whether the turns of a conversation stand in any order and are put in that of their times.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_time: bool,
    /// The best rating there is; 5 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csat_max: Option<f64>,
    /// The worst rating there is, where it is not 1: ratings below it mean that nobody rated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csat_min: Option<f64>,
    /// The best rating, where it is the lowest, as among school grades: ratings are turned round between it and `csat_max`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csat_best: Option<f64>,
    /// What ratings in words or signs are worth, folded; beside those known anyway.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ratings: BTreeMap<String, f64>,
    /// Words in the rating's column that mean that nobody rated, folded; beside those known anyway.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unrated: BTreeSet<String>,
    /// What `03/04/2026` means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Whether the latency is in seconds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub latency_in_seconds: bool,
    /// Who speaks where the sender is none that is known: for columns that hold names or telephone numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_senders: Option<Role>,
    /// Whether all rows of the file are one conversation, called like it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_file: bool,
    /// Whether a row with an empty id belongs to the conversation of the row before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_from_above: bool,
    /// Whether rows that say the same beside each other are one message, which a join has multiplied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joins_repeats: bool,
    /// Who speaks in the first row of a conversation, where no column says who does and customer and AI take turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_speaker: Option<Role>,
    /// What starts lines of transcripts and is no speaker, folded.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub no_speakers: BTreeSet<String>,
    /// The column of each field.
    #[serde(default)]
    pub columns: BTreeMap<CsvField, String>,
    /// Two columns whose values, in whatever order, name the conversation where no column does: who writes to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<[String; 2]>,
    /// Who speaks, by the word in the sender's column, in lower case; beside words known anyway.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub senders: BTreeMap<String, Role>,
    /// What the words of the outcome's column mean, folded; beside words known anyway.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<String, Outcome>,
}

fn comma() -> char {
    ','
}

fn yes() -> bool {
    true
}

/// Why a mapping cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It is no list of `field=column`.
    #[error("`{given}` is no mapping: write it as text=message,role=sender,id=session_id")]
    Form {
        /// What was given.
        given: String,
    },
    /// No such field or setting.
    #[error("no field called `{given}`{hint}; there are: {known}")]
    CsvField {
        /// What was given.
        given: String,
        /// What may have been meant.
        hint: String,
        /// The fields and settings there are.
        known: String,
    },
    /// No such column.
    #[error("no column called `{given}` for {field}{hint}; there are: {known}")]
    Column {
        /// What was given.
        given: String,
        /// The field that should get it.
        field: String,
        /// What may have been meant.
        hint: String,
        /// The columns there are.
        known: String,
    },
    /// A setting has no such value.
    #[error("{setting} cannot be `{given}`: {allowed}")]
    Value {
        /// The setting.
        setting: String,
        /// What was given.
        given: String,
        /// What it can be.
        allowed: String,
    },
    /// A field that the shape needs has no column.
    #[error("no column is known to hold {what}: name it with --map {field}=COLUMN; there are: {known}")]
    Missing {
        /// The field.
        field: CsvField,
        /// What it says.
        what: String,
        /// The columns there are.
        known: String,
    },
    /// A profile that is no TOML of a mapping.
    #[error("the profile cannot be read: {0}")]
    Profile(String),
}

impl Mapping {
    /// A mapping without columns.
    pub fn new(shape: RowShape) -> Self {
        Self {
            shape,
            delimiter: comma(),
            header: true,
            encoding: None,
            newest_first: false,
            by_time: false,
            csat_max: None,
            csat_min: None,
            csat_best: None,
            ratings: BTreeMap::new(),
            unrated: BTreeSet::new(),
            date_order: None,
            latency_in_seconds: false,
            other_senders: None,
            columns: BTreeMap::new(),
            pair: None,
            whole_file: false,
            id_from_above: false,
            joins_repeats: false,
            first_speaker: None,
            senders: BTreeMap::new(),
            no_speakers: BTreeSet::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// The column of a field.
    pub fn column(&self, field: CsvField) -> Option<&str> {
        self.columns.get(&field).map(String::as_str)
    }

    /// Whether rows are ratings of conversations that are somewhere else: nobody says anything in them.
    pub fn rates_alone(&self) -> bool {
        let has = |field: &CsvField| self.column(*field).is_some();
        let said = [CsvField::Text, CsvField::Reply, CsvField::Transcript, CsvField::Role];
        has(&CsvField::Id) && has(&CsvField::Csat) && !said.iter().any(has)
    }

    /// Whether anything names the conversation that a row belongs to.
    pub fn names_conversations(&self) -> bool {
        self.column(CsvField::Id).is_some() || self.pair.is_some() || self.whole_file
    }

    /// The field that a column holds.
    pub fn field_of(&self, column: &str) -> Option<CsvField> {
        self.columns.iter().find(|(_, c)| *c == column).map(|(f, _)| *f)
    }

    /// Gives a field its column, `None` for none. A column holds one field: it leaves the one it had.
    pub fn set(&mut self, field: CsvField, column: Option<&str>) {
        self.columns.remove(&field);
        if let Some(column) = column {
            self.columns.retain(|_, c| c != column);
            self.columns.insert(field, column.to_owned());
        }
    }

    /// It in words: `one row a turn; id=session_id, role=from, text=message; 3 more columns kept in meta`.
    pub fn describe(&self, columns: &[String]) -> String {
        let pair = self.pair.iter().map(|[one, other]| format!("id={one}+{other}"));
        let whole = self.whole_file.then(|| "id=file".to_owned());
        let subject = self.subject(columns);
        let below = |field: &CsvField| match subject {
            Some(subject) if *field == CsvField::Text => format!("+{subject}"),
            _ => String::new(),
        };
        let named = self.columns.iter().map(|(f, c)| format!("{f}={c}{}", below(f)));
        let fields: Vec<String> = pair.chain(whole).chain(named).collect();
        let more = columns.iter().filter(|c| self.field_of(c).is_none() && subject != Some(c.as_str())).count();
        let rest = match more {
            0 => String::new(),
            1 => "; 1 more column kept in meta".to_owned(),
            n => format!("; {n} more columns kept in meta"),
        };
        let order = match (self.newest_first, self.by_time) {
            (true, _) => "; newest first",
            (_, true) => "; by time",
            _ => "",
        };
        let row = if self.rates_alone() { "one row a rating of a stored conversation" } else { self.shape.help() };
        format!("{row}; {}{order}{rest}", fields.join(", "))
    }

    /// The best and the worst rating, where the best is the lowest.
    pub fn grades(&self) -> Option<(f64, f64)> {
        self.csat_best.zip(self.csat_max).filter(|(best, worst)| best < worst)
    }

    /// The column of what tasks are about, where an AI was given tasks: the customer's words go on in it.
    pub fn subject<'c>(&self, columns: &'c [String]) -> Option<&'c str> {
        let are_tasks =
            self.column(CsvField::Text).is_some_and(is_instruction) && self.column(CsvField::Reply).is_some();
        let free = |name: &str| columns.iter().find(|c| self.field_of(c).is_none() && plain(c) == name);
        ABOUT_TASKS.iter().filter(|_| are_tasks).find_map(|name| free(name)).map(String::as_str)
    }
}
