//! `import --follow`: goes on reading as a log grows, until the program is asked to end.
//!
//! Of JSON lines, what was added is read from where the last whole line ended. Rows of a table and lines of a chat belong to what stands
//! above them, so these are read whole again: what is stored already is recognised. A log that is turned over (renamed and begun anew, or
//! emptied) is read to the end of the old file first.

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Usage;
use crate::cli::output::progress::Progress;
use crate::ingest::{Input, Rejects, Speakers, format_of};
use crate::jobs::learners::feel_at_once;
use crate::jobs::{self, ImportOptions, ImportReport, is_stdin};
use crate::stop;
use crate::store::Store;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a log is left alone between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// Bytes that are taken at once.
const MOST: u64 = 8 << 20;
/// Bytes before the end of what was taken that are compared at each look.
const REMEMBERED: usize = 256;
/// Formats that are read whole again when they have grown.
const WHOLE: &[&str] = &["csv", "whatsapp"];

/// The one file that is followed.
pub(super) fn only(files: &[PathBuf]) -> Result<&Path> {
    match files {
        [file] if !is_stdin(file) && file.is_file() => Ok(file),
        _ => Err(Usage::because("--follow takes one file: start one program for each")),
    }
}

/// Imports what is added to a log, as it comes.
pub(super) fn follow(
    cx: &Cx,
    mut log: GrowingLog,
    store: &mut Store,
    options: &ImportOptions,
    rejects: &mut Rejects<Box<dyn Write>>,
    progress: &Progress,
    all: &mut ImportReport,
) -> Result<()> {
    let name = log.name();
    cx.note(&format!("following {name}: ctrl-c ends it"));
    let (mut files_before, mut file) = (ImportReport::default(), ImportReport::default());
    let mut options = options.clone();
    while let Some(GrownPart { read, whole, first }) = log.next()? {
        if first {
            files_before.add_file(std::mem::take(&mut file));
            rejects.begin(whole);
        }
        let input = Input::Stream { name: name.clone(), read };
        let report = jobs::import(store, cx.reviewer(), input, &options, rejects, progress)?;
        let asks = report.failed == Some("questions");
        // A line by itself may look like anything: what the first of them were, the others are.
        if !whole && report.conversations + report.ratings > 0 {
            options.read.from = Some(report.format.clone());
        }
        // What the log has proved so far holds for what comes of it, also where that alone would leave a doubt.
        if !asks {
            options.read.date_order = report.proved.date_order;
            options.read.speakers = Speakers::placed(&report.proved.speakers);
        }
        if whole && !asks {
            // What was read before is read again: only what it changed adds up.
            file = ImportReport { new: file.new + report.new, updated: file.updated + report.updated, ..report };
        } else {
            file.add_file(report);
        }
        *all = files_before.clone();
        all.add_file(file.clone());
        if asks {
            return Ok(());
        }
        jobs::index(store, progress)?;
        // What could not be read is told at the end.
        feel_at_once(store, progress).ok();
    }
    Ok(())
}

/// A log that grows.
pub(super) struct GrowingLog {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines that were taken.
    taken: u64,
    /// The last of them: where others stand in their place, the log was emptied and written anew.
    last: Vec<u8>,
    /// How it is read; told once it holds something.
    growth: Option<LogGrowth>,
}

/// How a log is read as it grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LogGrowth {
    /// Each line by itself.
    Lines,
    /// All of it again; with the size at which it was seen inside quotes.
    Whole(u64),
}

/// What a log has become.
pub(super) struct GrownPart {
    /// What is to be read.
    pub read: Box<dyn Read + Send>,
    /// It is all of the log, not only what was added.
    pub whole: bool,
    /// It is the first of a file.
    pub first: bool,
}

impl GrowingLog {
    /// Opens it at its beginning.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut growing = Self { path: path.to_owned(), file, taken: 0, last: Vec::new(), growth: None };
        growing.tell()?;
        Ok(growing)
    }

    /// Its path, as conversations and rejects name it.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// How it is read, where it holds enough to tell.
    fn tell(&mut self) -> Result<Option<LogGrowth>> {
        if self.growth.is_some() {
            return Ok(self.growth);
        }
        let mut first = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        (&self.file).take(64).read_to_end(&mut first)?;
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        self.growth = match text.iter().find(|b| !b.is_ascii_whitespace()) {
            None => None,
            Some(b'{' | b'#') => Some(LogGrowth::Lines),
            // What is packed, or in two bytes a letter, does not grow by lines.
            Some(_)
                if [&b"\x1f\x8b"[..], b"\x28\xb5\x2f\xfd", b"PK", b"\xff\xfe", b"\xfe\xff"]
                    .iter()
                    .any(|m| text.starts_with(m)) =>
            {
                return Err(self.refused());
            }
            Some(_) if text.contains(&0) => return Err(self.refused()),
            Some(_) => {
                if !format_of(&self.path).is_some_and(|format| WHOLE.contains(&format)) {
                    return Err(self.refused());
                }
                Some(LogGrowth::Whole(0))
            }
        };
        Ok(self.growth)
    }

    fn refused(&self) -> anyhow::Error {
        Usage::because(format!(
            "--follow reads logs of one JSON object a line, CSV and chats of WhatsApp, not packed, and {} is none: import files of other \
             formats again: what is stored is skipped",
            self.path.display()
        ))
    }

    /// What was added since, or all of it; waits for some. `None`: the program is asked to end.
    pub fn next(&mut self) -> Result<Option<GrownPart>> {
        while !stop::asked() {
            let first = self.taken == 0;
            let grown = match self.tell()? {
                Some(LogGrowth::Lines) => Some(self.lines()?)
                    .filter(|lines| !lines.is_empty())
                    .map(|lines| GrownPart { read: Box::new(Cursor::new(lines)), whole: false, first }),
                Some(LogGrowth::Whole(waited)) => self.rows(waited)?.map(|read| GrownPart { read, whole: true, first }),
                None => None,
            };
            if grown.is_some() {
                return Ok(grown);
            }
            if !self.turned_over()? {
                std::thread::sleep(LOOK);
            }
        }
        Ok(None)
    }

    /// All rows, where there are more than before. One that is open in quotes is waited for, and taken as it stands when it does not grow.
    fn rows(&mut self, waited: u64) -> Result<Option<Box<dyn Read + Send>>> {
        let cannot = || format!("cannot read {}", self.path.display());
        let size = self.file.metadata().with_context(cannot)?.len();
        if size <= self.taken {
            return Ok(None);
        }
        self.file.seek(SeekFrom::Start(0)).with_context(cannot)?;
        let (mut at, mut end, mut quotes, mut buf) = (0, 0, 0_usize, vec![0; 1 << 16]);
        loop {
            let n = (&self.file).take(size - at).read(&mut buf).with_context(cannot)?;
            if n == 0 {
                break;
            }
            quotes += memchr::memchr_iter(b'"', &buf[..n]).count();
            end = memchr::memrchr(b'\n', &buf[..n]).map_or(end, |place| at + place as u64 + 1);
            at += n as u64;
        }
        if end <= self.taken {
            return Ok(None);
        }
        if quotes % 2 == 1 && waited != size {
            self.growth = Some(LogGrowth::Whole(size));
            return Ok(None);
        }
        self.taken = end;
        self.file.seek(SeekFrom::Start(0)).with_context(cannot)?;
        Ok(Some(Box::new(self.file.try_clone().with_context(cannot)?.take(end))))
    }

    /// Whole lines behind what was taken.
    fn lines(&mut self) -> Result<Vec<u8>> {
        let cannot = || format!("cannot read {}", self.path.display());
        let mut last = Vec::new();
        self.file.seek(SeekFrom::Start(self.taken - self.last.len() as u64)).with_context(cannot)?;
        (&self.file).take(self.last.len() as u64).read_to_end(&mut last).with_context(cannot)?;
        if last != self.last {
            (self.taken, self.last) = (0, Vec::new());
            return Ok(Vec::new());
        }
        let (mut bytes, mut most) = (Vec::new(), MOST);
        loop {
            let n = (&self.file).take(most).read_to_end(&mut bytes).with_context(cannot)?;
            match memchr::memrchr(b'\n', &bytes) {
                Some(end) => {
                    bytes.truncate(end + 1);
                    self.taken += bytes.len() as u64;
                    self.last = bytes[bytes.len().saturating_sub(REMEMBERED)..].to_vec();
                    return Ok(bytes);
                }
                // A line longer than that is read on; one that is still being written waits.
                None if n as u64 == most => most = MOST,
                None => return Ok(Vec::new()),
            }
        }
    }

    /// Whether another file stands in its place now, or it was emptied; then it is begun anew.
    fn turned_over(&mut self) -> Result<bool> {
        let Ok(there) = std::fs::metadata(&self.path) else { return Ok(false) };
        let here = self.file.metadata()?;
        if same(&there, &here) && there.len() >= self.taken {
            return Ok(false);
        }
        // Its last line may have no end.
        self.file = File::open(&self.path).with_context(|| format!("cannot read {}", self.path.display()))?;
        (self.taken, self.last) = (0, Vec::new());
        Ok(true)
    }
}

#[cfg(unix)]
fn same(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    a.created().ok() == b.created().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn next(log: &mut GrowingLog) -> String {
        let mut text = String::new();
        log.next().unwrap().unwrap().read.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_log_is_followed_over_its_turns() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        std::fs::write(&path, "{\"a\":1}\n{\"half\"").unwrap();
        let mut log = GrowingLog::open(&path).unwrap();
        assert_eq!(next(&mut log), "{\"a\":1}\n");
        assert!(log.lines().unwrap().is_empty() && !log.turned_over().unwrap());
        File::options().append(true).open(&path).unwrap().write_all(b":2}\n").unwrap();
        assert_eq!(next(&mut log), "{\"half\":2}\n");
        // Renamed and begun anew, with a line that came in between.
        File::options().append(true).open(&path).unwrap().write_all(b"{\"late\":3}\n").unwrap();
        std::fs::rename(&path, dir.path().join("x.1")).unwrap();
        std::fs::write(&path, "{\"new\":4}\n").unwrap();
        assert_eq!(next(&mut log), "{\"late\":3}\n");
        assert_eq!(next(&mut log), "{\"new\":4}\n");
        // Emptied in its place.
        std::fs::write(&path, "{}\n").unwrap();
        assert_eq!(next(&mut log), "{}\n");
        // The same, and longer than it was before anybody looked.
        std::fs::write(&path, "{\"longer\":5}\n{\"and\":6}\n").unwrap();
        assert_eq!(next(&mut log), "{\"longer\":5}\n{\"and\":6}\n");
        for (name, text) in [("x.json", "[\n"), ("x.txt", "a,b\n"), ("x.gz", "\u{1f}\u{8b}")] {
            std::fs::write(dir.path().join(name), text).unwrap();
            assert!(GrowingLog::open(&dir.path().join(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn a_growing_table_is_read_whole_with_its_head_and_only_to_a_whole_row() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.csv");
        let add = |text: &str| {
            File::options().append(true).create(true).open(&path).unwrap().write_all(text.as_bytes()).unwrap()
        };
        add("");
        // Nothing tells yet what it will be.
        let mut log = GrowingLog::open(&path).unwrap();
        assert_eq!(log.tell().unwrap(), None);
        let head = "\u{feff}conversation_id,sender,text\n";
        add(&format!("{head}1,user,hi\n1,bo"));
        assert_eq!(next(&mut log), format!("{head}1,user,hi\n"));
        assert!(log.rows(0).unwrap().is_none(), "half a row waits");
        add("t,\"hello\nyou\"\n");
        let rows = format!("{head}1,user,hi\n1,bot,\"hello\nyou\"\n");
        assert_eq!(next(&mut log), rows);
        // A row that is open in quotes is taken only when it stays so.
        add("2,user,\"one\n");
        assert!(log.rows(0).unwrap().is_none());
        assert_eq!(log.growth, Some(LogGrowth::Whole(std::fs::metadata(&path).unwrap().len())));
        assert_eq!(next(&mut log), format!("{rows}2,user,\"one\n"));
        std::fs::rename(&path, dir.path().join("x.1")).unwrap();
        add(&format!("{head}3,user,new\n"));
        assert!(log.turned_over().unwrap());
        for (row, first) in [("3,user,new\n", true), ("3,bot,yes\n", false)] {
            let GrownPart { whole, first: is_first, .. } = log.next().unwrap().unwrap();
            assert_eq!((whole, is_first), (true, first), "{row}");
            add("3,bot,yes\n");
        }
    }
}
