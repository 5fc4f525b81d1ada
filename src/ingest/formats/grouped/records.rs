//! Reads values, lets their pieces wait, and puts conversations together.

use super::PartSink;
use super::shape::{Built, GroupedFormat, RecordGroup, RecordPiece};
use super::spool::{GroupPieces, MAX_EACH, SortedPieces, Spool};
use super::values::Values;
use crate::ingest::context::Context;
use crate::ingest::formats::contract::{Found, Records};
use crate::ingest::input::source::{Input, InputSource};
use crate::ingest::rejects::BadRecord;
use crate::stop;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::PathBuf;

/// What a format of pieces reads.
pub(in crate::ingest::formats) struct GroupedRecords {
    format: GroupedFormat,
    values: Option<Box<dyn Values>>,
    files: VecDeque<PathBuf>,
    /// Names of the files that were begun; none where there is one input.
    names: Vec<String>,
    ready: VecDeque<Found>,
    known: HashMap<String, String>,
    stage: ReadStage,
    /// The file that the last record came from.
    file: u32,
    max: usize,
}

enum ReadStage {
    Reading(Spool),
    Building(SortedPieces),
    Done,
}

impl GroupedRecords {
    pub fn of(format: GroupedFormat, values: Box<dyn Values>, cx: &Context) -> Self {
        Self { values: Some(values), ..Self::of_files(format, Vec::new(), cx) }
    }

    pub fn of_files(format: GroupedFormat, files: Vec<PathBuf>, cx: &Context) -> Self {
        Self {
            format,
            values: None,
            files: files.into(),
            names: Vec::new(),
            ready: VecDeque::new(),
            known: HashMap::new(),
            stage: ReadStage::Reading(Spool::new()),
            file: 0,
            max: cx.max_record,
        }
    }

    /// Begins the next file, where there is one.
    fn begin_file(&mut self, cx: &mut Context) -> bool {
        self.values = None;
        let Some(path) = self.files.pop_front() else { return false };
        self.file = self.names.len() as u32;
        self.names.push(path.display().to_string());
        let opened = InputSource::open(Input::File(path)).map_err(Into::into).and_then(|s| self.format.values(s, cx));
        match opened {
            Ok(values) => self.values = Some(values),
            Err(error) => self.ready.push_back(Err(whole_file(error.to_string()))),
        }
        true
    }

    /// Takes the next value apart; false when there is none left.
    fn read(&mut self, cx: &mut Context) -> io::Result<bool> {
        let ReadStage::Reading(spool) = &mut self.stage else { return Ok(false) };
        let Some(values) = &mut self.values else { return Ok(self.begin_file(cx)) };
        let (value, line) = match values.next(cx) {
            Ok(Some(Ok(found))) => found,
            Ok(Some(Err(bad))) => {
                self.ready.push_back(Err(bad));
                return Ok(true);
            }
            Ok(None) => return Ok(self.begin_file(cx)),
            // Of several files the others can still be read.
            Err(error) if !self.names.is_empty() => {
                self.ready.push_back(Err(BadRecord::broken_off(values.line(), &error)));
                return Ok(self.begin_file(cx));
            }
            Err(error) => return Err(error),
        };
        cx.warnings.line = line;
        let (ready, known) = (&mut self.ready, &mut self.known);
        let stem = self.names.last().map(|name| Input::File(name.into()).stem());
        let mut out = PartSink { cx, ready, spool, known, stem, line, file: self.file, failed: None };
        let taken = (self.format.take)(value, &mut out);
        let failed = out.failed;
        if let Err(why) = taken {
            if let Some(name) = why.stranger() {
                cx.speakers.note(&name);
            }
            let (reason, excerpt) = (why.to_string(), values.excerpt());
            self.ready.push_back(Err(BadRecord { line, column: 1, reason, excerpt }));
        }
        failed.map_or(Ok(true), Err)
    }

    /// Puts the next conversation together; false when there is none left.
    fn build(&mut self, cx: &mut Context) -> io::Result<bool> {
        let ReadStage::Building(sorted) = &mut self.stage else { return Ok(false) };
        let Some(taken) = sorted.next(self.max)? else { return Ok(false) };
        let GroupPieces { name, pieces, line, file, too_much } = taken;
        (self.file, cx.warnings.line) = (file, line);
        let bad = |reason: String| Err(BadRecord { line, column: 1, reason, excerpt: name.chars().take(80).collect() });
        if let Some((pieces, bytes)) = too_much {
            let reason = format!(
                "one conversation of {pieces} records and {} MiB: at most {MAX_EACH} and {} MiB are read",
                bytes >> 20,
                self.max >> 20
            );
            self.ready.push_back(bad(reason));
            return Ok(true);
        }
        let parsed = pieces.into_iter().filter_map(|(_, bytes)| {
            let (tag, json) = bytes.split_first()?;
            Some(RecordPiece { tag: *tag, value: serde_json::from_slice(json).ok()? })
        });
        let group = RecordGroup { id: name.clone(), pieces: parsed.collect(), known: &self.known };
        let built: Vec<Built> = (self.format.build)(group, cx);
        let found = built.into_iter().map(|b| b.map_or_else(|why| bad(why.to_string()), |c| Ok((Box::new(c), line))));
        self.ready.extend(found);
        Ok(true)
    }
}

/// A file of a folder that cannot be read at all.
pub(in crate::ingest::formats) fn whole_file(reason: String) -> BadRecord {
    BadRecord { line: 1, column: 1, reason, excerpt: String::new() }
}

impl Records for GroupedRecords {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        loop {
            if let Some(found) = self.ready.pop_front() {
                return Ok(Some(found));
            }
            // Reading may take long before the first conversation is whole.
            if stop::asked() {
                return Ok(None);
            }
            let more = match &self.stage {
                ReadStage::Reading(_) => self.read(cx)?,
                ReadStage::Building(_) => self.build(cx)?,
                ReadStage::Done => return Ok(None),
            };
            if !more {
                self.stage = match std::mem::replace(&mut self.stage, ReadStage::Done) {
                    ReadStage::Reading(spool) => ReadStage::Building(spool.sorted()?),
                    ReadStage::Building(_) | ReadStage::Done => ReadStage::Done,
                };
            }
        }
    }

    fn line(&self) -> u64 {
        self.values.as_ref().map_or(1, |v| v.line())
    }

    fn share(&self) -> Option<f64> {
        match &self.stage {
            ReadStage::Reading(_) => None,
            ReadStage::Building(sorted) => Some(0.9 + 0.1 * sorted.share()),
            ReadStage::Done => Some(1.0),
        }
    }

    fn file(&self) -> Option<&str> {
        self.names.get(self.file as usize).map(String::as_str)
    }
}
