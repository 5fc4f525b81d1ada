//! Files as the screen knows them: a directory, what a log holds, the columns of a CSV file.

use crate::domain::{Role, Timestamp, Zone};
use crate::ingest::formats::csv::{CsvFormat, Mapping, MappingGuess};
use crate::ingest::{DateOrder, ImportQuestion, ReadOptions, Speakers};
use std::path::{Path, PathBuf};

/// A file or a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name; may hold anything that a file system allows.
    pub name: String,
    /// It is a directory.
    pub dir: bool,
    /// Size in bytes.
    pub size: u64,
}

/// A directory and what is in it: directories first, each by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its whole path.
    pub dir: PathBuf,
    /// What is in it.
    pub entries: Vec<FileEntry>,
}

/// What a log holds, as far as its beginning tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogPreview {
    /// The file.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// The format.
    pub format: String,
    /// Why this format.
    pub why: String,
    /// Conversations that could be read of the first records.
    pub read: u64,
    /// Records among them that could not.
    pub rejected: u64,
    /// Why the first of those could not.
    pub problem: Option<String>,
    /// The first turns of the first conversation.
    pub sample: Vec<(Role, String)>,
    /// What only a person can tell.
    pub questions: Vec<ImportQuestion>,
    /// Speakers whom nobody has placed, with how often each was met, the most frequent first.
    pub strangers: Vec<(String, u64)>,
    /// Of a CSV file, its columns.
    pub table: Option<Box<CsvTable>>,
}

/// What a person said of how a log is to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogReading {
    /// Of a table, which column holds what.
    pub mapping: Option<Box<Mapping>>,
    /// Corrections to that or to the guess, as `--map` writes them.
    pub map: Option<String>,
    /// The zone of times that name none.
    pub tz: Option<Zone>,
    /// Who speakers are, where no column says it.
    pub speakers: Vec<(String, Role)>,
    /// Which of day, month and year stands first.
    pub date_order: Option<DateOrder>,
    /// How the text is encoded.
    pub encoding: Option<String>,
}

impl LogReading {
    /// As a log is read by it.
    pub fn options(self, now: Timestamp) -> ReadOptions {
        ReadOptions {
            choice: CsvFormat { mapping: self.mapping.map(|m| *m), map: self.map }.chosen(),
            tz: self.tz.unwrap_or_default(),
            speakers: Speakers::placed(&self.speakers),
            date_order: self.date_order,
            encoding: self.encoding,
            ..ReadOptions::new(now)
        }
    }
}

/// The columns of a CSV file and the mappings that may read them.
#[derive(Clone, Debug, PartialEq)]
pub struct CsvTable {
    /// The file's beginning.
    pub head: Vec<u8>,
    /// What its columns seem to hold.
    pub guess: MappingGuess,
    /// Saved mappings that fit, by name, those that name most columns first.
    pub profiles: Vec<(String, Mapping)>,
}

/// A path as it was typed, with `~` for the person's own directory.
pub fn from_home(typed: &str, home: Option<&Path>) -> PathBuf {
    match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    }
}
