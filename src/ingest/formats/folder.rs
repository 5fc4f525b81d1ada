//! A folder of logs as one import: every file in it and in the folders below, each by its own format. Files of a format whose
//! conversations may go on in another file are read together.

use super::contract::{Format, Found, OpenError, OpenedInput, Records, Sniff};
use super::csv;
use super::table::{FILES, likeliest, taught};
use crate::disk::Temporary;
use crate::ingest::context::Context;
use crate::ingest::formats::grouped::whole_file;
use crate::ingest::input::source::{Container, Input, InputContent, InputSource};
use crate::ingest::input::zipped;
use crate::ingest::times::DateOrder;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

/// Files that a folder may hold.
const MAX_FILES: usize = 200_000;
/// Folders that may stand in each other.
const MAX_DEPTH: usize = 32;

/// How sure a format must be of a file that nobody named: folders hold notes and settings, too.
const LIKELY: u8 = 20;

/// The format.
#[derive(Debug)]
pub(in crate::ingest) struct Folder;

impl Format for Folder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        let is_folder = matches!(source.content, InputContent::Other(Container::Folder));
        is_folder.then(|| Sniff { sure: 50, why: "a folder".to_owned() })
    }

    fn asks_while_reading(&self) -> bool {
        true
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let folder = source.path.filter(|p| p.is_dir()).ok_or("this is no folder")?;
        let (parts, archives) = told(files(&folder)?, cx);
        if parts.is_empty() {
            return Err("nothing in this folder can be read: no file in it is in a format that is known".into());
        }
        let says = |p: &SameFormatFiles| match p.files.len() {
            1 => format!("1 file as {}", p.format.name()),
            n => format!("{n} files as {}", p.format.name()),
        };
        let how = Some(parts.iter().map(says).collect::<Vec<_>>().join(", "));
        let files = parts.iter().map(|p| p.files.len()).sum();
        if !cx.scales.by_all {
            let all = parts.iter().filter(|p| p.format.name() != csv::NAME).flat_map(|p| &p.files);
            cx.scales = csv::scales::of_files(all.map(PathBuf::as_path), cx.said_of_ratings.as_deref());
        }
        let source = cx.source.clone();
        cx.folder = cx.is_source_guessed.then(|| source.clone());
        let (parts, order) = (parts.into(), cx.times.order);
        let records = FolderRecords { parts, archives, source, order, open: None, name: None, given: 0, files };
        Ok(OpenedInput { records: Box::new(records), how })
    }
}

/// Files of one format.
struct SameFormatFiles {
    format: &'static dyn Format,
    files: VecDeque<PathBuf>,
}

/// All files below a folder by name; hidden ones and what links lead to are left out.
pub(in crate::ingest::formats) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![(folder.to_owned(), 0)]);
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if is_marker(&entry.file_name().to_string_lossy()) {
                continue;
            }
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((entry.path(), depth + 1));
            } else if kind.is_file() {
                found.push(entry.path());
            }
            if found.len() > MAX_FILES {
                return Err(io::Error::other(format!("more than {MAX_FILES} files: import its folders one by one")));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file is hidden, or by its name one that programs put beside their data and that holds none: `_SUCCESS`, checksums.
pub fn is_marker(name: &str) -> bool {
    const BESIDE: &[&str] = &["_SUCCESS", "_metadata", "_common_metadata"];
    const BEGIN: &[&str] = &[".", "_started_", "_committed_"];
    BESIDE.contains(&name) || BEGIN.iter().any(|begin| name.starts_with(begin)) || name.ends_with(".crc")
}

/// Whether a folder holds files of a format whose conversations may go on in another file. Others stand by themselves.
pub(in crate::ingest) fn holds_parts(folder: &Path) -> bool {
    let told = |path: PathBuf| {
        let source = InputSource::open(Input::File(path)).ok()?;
        likeliest(FILES.iter(), &source).filter(|(format, sniff)| sniff.sure >= LIKELY && format.spans_files())
    };
    files(folder).is_ok_and(|files| files.into_iter().any(|path| told(path).is_some()))
}

/// The files of a zip archive that holds several, among them a log.
pub(in crate::ingest) fn archive(source: &InputSource) -> io::Result<Option<UnpackedArchive>> {
    let (InputContent::Other(Container::Zip), Some(path)) = (&source.content, &source.path) else { return Ok(None) };
    let Some(folder) = zipped::unpack(path)? else { return Ok(None) };
    let is_likely = |path: &PathBuf| InputSource::open(Input::File(path.clone())).is_ok_and(|s| likely(&s).is_some());
    let files = files(folder.path())?;
    let holds_one = files.iter().any(is_likely);
    Ok(holds_one.then(|| UnpackedArchive { folder, files, name: path.display().to_string() }))
}

/// What an archive was unpacked into, for as long as it is read.
pub(in crate::ingest) struct UnpackedArchive {
    folder: Temporary,
    files: Vec<PathBuf>,
    /// The archive's path.
    name: String,
}

/// The format that reads a file which nobody named.
fn likely(source: &InputSource) -> Option<&'static dyn Format> {
    likeliest(FILES.iter(), source).filter(|(_, sniff)| sniff.sure >= LIKELY).map(|(format, _)| format)
}

/// Files by format, and what archives among them were unpacked into; what is in no format is named.
fn told(files: Vec<PathBuf>, cx: &mut Context) -> (Vec<SameFormatFiles>, Vec<UnpackedArchive>) {
    let (mut parts, mut archives): (Vec<SameFormatFiles>, Vec<UnpackedArchive>) = Default::default();
    let mut files = VecDeque::from(files);
    while let Some(path) = files.pop_front() {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        // A database's own files are read with it.
        if ["-wal", "-shm", "-journal"].iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let is_packed = archives.iter().any(|archive| path.starts_with(archive.folder.path()));
        let opened = InputSource::open(Input::File(path.clone())).and_then(|source| {
            // Archives within archives stay packed: they could go on for ever.
            let archive = if is_packed { None } else { archive(&source)? };
            Ok((source, archive))
        });
        let format = match opened {
            Ok((_, Some(mut archive))) => {
                files.extend(archive.files.drain(..));
                archives.push(archive);
                continue;
            }
            Ok((source, None)) => {
                if let Some(what) = taught(&source) {
                    cx.warnings.add(&format!("{name} is left out: {what}"));
                    continue;
                }
                likely(&source)
            }
            Err(error) => {
                cx.warnings.add(&format!("{name} cannot be read and is left out: {error}"));
                continue;
            }
        };
        let Some(format) = format else {
            cx.warnings.add(&format!("{name} is in no format that can be read: left out"));
            continue;
        };
        match parts.iter_mut().find(|p| p.format.name() == format.name()) {
            Some(part) => part.files.push_back(path),
            None => parts.push(SameFormatFiles { format, files: [path].into() }),
        }
    }
    (parts, archives)
}

struct FolderRecords {
    parts: VecDeque<SameFormatFiles>,
    /// Where archives among the files lie unpacked.
    archives: Vec<UnpackedArchive>,
    /// The folder's own source: of files that are read together.
    source: String,
    /// What a person said dates mean; what one file proves holds for that file.
    order: Option<DateOrder>,
    open: Option<Box<dyn Records>>,
    /// The file that is read, where it stands by itself.
    name: Option<String>,
    /// Files begun so far, of all.
    given: usize,
    files: usize,
}

impl FolderRecords {
    /// A file as people know it: one of an archive by the archive's name.
    fn shown(&self, path: &Path) -> String {
        let within = |archive: &UnpackedArchive| {
            Some((archive.name.clone(), path.strip_prefix(archive.folder.path()).ok()?.to_owned()))
        };
        match self.archives.iter().find_map(within) {
            Some((archive, file)) => format!("{archive}/{}", file.display()),
            None => path.display().to_string(),
        }
    }

    /// Opens what comes next, nothing where it is left out; `None` when nothing comes.
    fn begin(&mut self, cx: &mut Context) -> Option<Result<Option<Box<dyn Records>>, OpenError>> {
        // What one file is says nothing of the next.
        (cx.makes_ids, cx.silence) = (false, None);
        let part = self.parts.front_mut()?;
        if let Some(joined) = part.format.join(part.files.make_contiguous(), cx) {
            self.given += part.files.len();
            self.name = None;
            cx.source.clone_from(&self.source);
            self.parts.pop_front();
            return Some(Ok(Some(joined)));
        }
        let Some(path) = part.files.pop_front() else {
            self.parts.pop_front();
            return self.begin(cx);
        };
        let format = part.format;
        self.given += 1;
        self.name = Some(self.shown(&path));
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let input = Input::File(path);
        cx.times.order = self.order;
        if cx.is_source_guessed {
            cx.source = input.stem();
        }
        let asked = cx.questions.len();
        let opened = InputSource::open(input).map_err(OpenError::from).and_then(|s| format.open(s, cx));
        // What one file asks keeps no other out.
        let own = &mut cx.questions[asked..];
        let stops = own.iter().any(|question| question.stops(cx.accept_guesses));
        own.iter_mut().for_each(|question| question.name_file(&name, stops));
        cx.unanswered |= stops;
        Some(opened.map(|o| Some(o.records).filter(|_| !stops)))
    }
}

impl Records for FolderRecords {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        loop {
            if let Some(records) = &mut self.open {
                match records.next(cx) {
                    Ok(Some(found)) => return Ok(Some(found)),
                    Ok(None) => self.open = None,
                    // The other files can still be read.
                    Err(error) => {
                        let line = records.line();
                        self.open = None;
                        return Ok(Some(Err(crate::ingest::rejects::BadRecord::broken_off(line, &error))));
                    }
                }
                continue;
            }
            match self.begin(cx) {
                None => return Ok(None),
                Some(Ok(records)) => self.open = records,
                Some(Err(error)) => return Ok(Some(Err(whole_file(error.to_string())))),
            }
        }
    }

    fn line(&self) -> u64 {
        self.open.as_ref().map_or(1, |r| r.line())
    }

    fn share(&self) -> Option<f64> {
        Some(self.given as f64 / self.files.max(1) as f64)
    }

    fn file(&self) -> Option<&str> {
        self.open.as_ref().and_then(|r| r.file()).or(self.name.as_deref())
    }
}
