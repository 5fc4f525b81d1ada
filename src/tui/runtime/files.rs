//! What the store thread does with files for the screen: lists a directory, looks at a log before it is imported.

use crate::disk::InputFiles;
use crate::domain::Timestamp;
use crate::ingest::formats::csv;
use crate::ingest::formats::csv::Mapping;
use crate::ingest::{IngestError, Input, LogReader, LogRecord};
use crate::tui::state::files::{CsvTable, FileEntry, Listing, LogPreview, LogReading};
use std::path::Path;

/// Conversations that are read to show what a file holds.
const PROBED: usize = 20;
/// Turns of the first conversation that are shown.
const SHOWN: usize = 6;
/// Most entries of a directory that are listed.
const MOST: usize = 5_000;

/// Lists a directory.
///
/// # Errors
/// It cannot be read, for a person.
pub fn list(dir: &Path) -> Result<Listing, String> {
    let words = |e: std::io::Error| format!("{}: {e}", dir.display());
    let whole = dir.canonicalize().map_err(words)?;
    let mut entries: Vec<FileEntry> = std::fs::read_dir(&whole)
        .map_err(words)?
        .filter_map(Result::ok)
        .filter_map(|e| {
            // Links count as what they point to; what is gone meanwhile is left out.
            let meta = std::fs::metadata(e.path()).ok()?;
            let usable = meta.is_dir() || meta.is_file();
            let name = e.file_name().to_str()?.to_owned();
            usable.then_some(FileEntry { name, dir: meta.is_dir(), size: meta.len() })
        })
        .take(MOST)
        .collect();
    entries.sort_by(|a, b| b.dir.cmp(&a.dir).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase())));
    Ok(Listing { dir: whole, entries })
}

/// Reads the beginning of a log.
///
/// # Errors
/// It cannot be read, or is of no known format.
pub fn look(path: &Path, reading: LogReading, profiles: Option<&Path>, now: Timestamp) -> Result<LogPreview, String> {
    let cannot = |e: std::io::Error| format!("{}: {e}", path.display());
    let meta = std::fs::metadata(path).map_err(cannot)?;
    let size =
        if meta.is_dir() { list(path)?.entries.iter().filter(|e| !e.dir).map(|e| e.size).sum() } else { meta.len() };
    let (mapped, map) = (reading.mapping.is_some(), reading.map.clone());
    let mut reader = match LogReader::open(Input::File(path.to_owned()), reading.options(now)) {
        Ok(reader) => reader,
        // Its columns can still be named by hand.
        Err(e @ IngestError::Format { format: csv::NAME, .. }) => {
            let table = Some(Box::new(table(path, map.as_deref(), profiles)?));
            let (format, problem) = (csv::NAME.to_owned(), Some(e.to_string()));
            return Ok(LogPreview { path: path.to_owned(), size, format, problem, table, ..LogPreview::default() });
        }
        Err(e) => return Err(e.to_string()),
    };
    let mut out = LogPreview { path: path.to_owned(), size, ..LogPreview::default() };
    if reader.summary().format == csv::NAME && !mapped {
        out.table = Some(Box::new(table(path, map.as_deref(), profiles)?));
    }
    for item in reader.by_ref().take(PROBED) {
        match item {
            LogRecord::Conversation { conversation, .. } => {
                if out.read == 0 {
                    let turns = conversation.turns.iter().filter(|t| !t.text.is_empty()).take(SHOWN);
                    out.sample = turns.map(|t| (t.role, t.text.chars().take(400).collect())).collect();
                }
                out.read += 1;
            }
            LogRecord::Reject(reject) => {
                out.rejected += 1;
                out.problem.get_or_insert_with(|| format!("line {}: {}", reject.line, reject.reason));
            }
        }
    }
    out.strangers = reader.strangers();
    let summary = reader.summary();
    (out.format, out.why, out.questions) = (summary.format.to_owned(), summary.why, summary.questions);
    Ok(out)
}

/// The columns of a CSV file, and the profiles that fit them.
fn table(path: &Path, map: Option<&str>, profiles: Option<&Path>) -> Result<CsvTable, String> {
    let head = csv::head(Input::File(path.to_owned()), map).map_err(|e| e.to_string())?;
    let guess = head.correct(None, map.unwrap_or_default()).map_err(|e| e.to_string())?;
    let names = guess.names();
    let files = profiles.and_then(|dir| std::fs::read_dir(dir).ok()).into_iter().flatten().filter_map(Result::ok);
    let mut fitting: Vec<(String, Mapping)> = files
        .filter_map(|f| {
            let path = f.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let mut mapping = Mapping::from_toml(&std::fs::read_to_string(&path).ok()?).ok()?;
            mapping.check(&names).ok()?;
            Some((name, mapping))
        })
        .collect();
    fitting.sort_by(|a, b| b.1.columns.len().cmp(&a.1.columns.len()).then_with(|| a.0.cmp(&b.0)));
    Ok(CsvTable { head: head.text, guess, profiles: fitting })
}

/// Keeps a mapping under a name.
///
/// # Errors
/// There is no place for it, or it cannot be written.
pub fn save_profile(dir: Option<&Path>, name: &str, mapping: &Mapping) -> Result<(), String> {
    let dir = dir.ok_or("this system has no configuration directory to keep profiles in")?;
    let path = dir.join(format!("{name}.toml"));
    let file = Mapping::begin_profile(&path, &InputFiles::default());
    file.and_then(|file| mapping.keep_profile(&path, file)).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_lists_directories_first_and_a_log_shows_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("chats.jsonl");
        let line = r#"{"id":"1","turns":[{"role":"user","text":"where is it"},{"role":"bot","text":"It arrives."}]}"#;
        std::fs::write(&log, format!("{line}\nbroken\n")).unwrap();
        std::fs::create_dir(dir.path().join("zoo")).unwrap();
        let listing = list(dir.path()).unwrap();
        let names: Vec<_> = listing.entries.iter().map(|e| (e.name.as_str(), e.dir)).collect();
        assert_eq!(names, [("zoo", true), ("chats.jsonl", false)]);
        let look = look(&log, LogReading::default(), None, Timestamp(0)).unwrap();
        assert_eq!((look.format.as_str(), look.read, look.rejected), ("canonical", 1, 1));
        assert_eq!(look.sample.len(), 2);
        assert!(list(&dir.path().join("nowhere")).is_err());
    }
}
