//! One run of an external trainer; `assets/trainers/README.md` documents the protocol.

use super::lines::read_answers;
use super::program::{ProgramLine, RunningProgram, how};
use crate::base::files::FileListing;
use crate::base::progress::TRAINING;
use crate::disk::{self, Temporary};
use crate::domain::{Reporter, SpokenIntent, Trainer};
use crate::jobs::JobError;
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashSet;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The protocol's version, told in config.json.
const PROTOCOL: u32 = 1;
/// Bytes that a trainer may leave behind: they go into the store.
const ARTEFACT: u64 = 512 << 20;
/// Files that it may leave behind.
const FILES: usize = 10_000;
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// Steps of a progress that is told as a fraction.
const FINE: f64 = 1_000.0;

/// One text to learn from.
#[derive(Debug, Serialize)]
pub(in crate::jobs) struct TrainerLesson<'a> {
    pub id: usize,
    pub text: &'a str,
    pub intent: &'a str,
    /// Texts of one customer have the same; folds must not tear them apart.
    pub group: usize,
    pub weight: f32,
}

/// What a run is given.
pub(in crate::jobs) struct RunInputs<'a> {
    pub trainer: &'a Trainer,
    pub seed: u64,
    pub intents: Vec<&'a str>,
    pub lessons: Vec<TrainerLesson<'a>>,
    pub gold: Vec<&'a str>,
    /// What this trainer left behind for the live release.
    pub parent: Option<&'a FileListing>,
}

/// What came of it.
pub(in crate::jobs) struct Outcome {
    /// To the gold texts.
    pub gold: Vec<SpokenIntent>,
    /// To the lessons, each by a model that was not trained on its group; where the trainer gives them.
    pub out_of_fold: Option<Vec<SpokenIntent>>,
    pub files: FileListing,
}

/// A line on standard output. Other lines are taken for talk.
#[derive(Deserialize)]
struct TrainerLine {
    progress: Option<f64>,
    note: Option<String>,
    loss: Option<f64>,
}

/// Trains. The directory is readable by its owner alone and gone afterwards.
pub(in crate::jobs) fn train(given: &RunInputs<'_>, reporter: &dyn Reporter) -> Result<Outcome, JobError> {
    let dir = workplace()?;
    write_given(given, dir.path())?;
    run(given.trainer, dir.path(), reporter)?;
    let known: HashSet<&str> = given.intents.iter().copied().collect();
    let folds = dir.path().join("out_of_fold.jsonl");
    Ok(Outcome {
        gold: read_answers(&dir.path().join("predictions.jsonl"), given.gold.len(), &known)?,
        out_of_fold: folds.exists().then(|| read_answers(&folds, given.lessons.len(), &known)).transpose()?,
        files: collect(&dir.path().join("artefact"))?,
    })
}

/// A directory that is there as long as a trainer's program.
pub(super) fn workplace() -> Result<Temporary, JobError> {
    Temporary::new().map_err(|source| JobError::NoWorkplace { why: disk::words(&source), source })
}

fn failed(path: &Path, e: &std::io::Error) -> JobError {
    disk::CannotWrite::system(path, e).into()
}

fn write_given(given: &RunInputs<'_>, dir: &Path) -> Result<(), JobError> {
    let trainer = given.trainer;
    let config = json!({
        "protocol": PROTOCOL, "trainer": trainer.name, "seed": given.seed, "intents": given.intents,
        "parent": given.parent.map(|_| "parent"), "masked": !trainer.reveal,
        "limit_seconds": trainer.limit.as_secs(), "options": trainer.options,
    });
    write_lines(&dir.join("train.jsonl"), given.lessons.iter().map(|l| json!(l)))?;
    write_lines(
        &dir.join("gold.jsonl"),
        given.gold.iter().enumerate().map(|(id, text)| json!({"id": id, "text": text})),
    )?;
    write_lines(&dir.join("config.json"), std::iter::once(config))?;
    disk::make_dirs(&dir.join("artefact")).map_err(|e| failed(dir, &e))?;
    given.parent.map_or(Ok(()), |files| unpack(files, &dir.join("parent")))
}

fn write_lines(path: &Path, lines: impl Iterator<Item = serde_json::Value>) -> Result<(), JobError> {
    let write = || -> std::io::Result<()> {
        let mut out = BufWriter::new(disk::make(path)?);
        for line in lines {
            writeln!(out, "{line}")?;
        }
        out.flush()
    };
    write().map_err(|e| failed(path, &e))
}

/// Writes files into a directory, which is made.
pub(super) fn unpack(files: &FileListing, dir: &Path) -> Result<(), JobError> {
    disk::make_dirs(dir).map_err(|e| failed(dir, &e))?;
    for (path, content) in files.iter() {
        let target = dir.join(path);
        let parent = target.parent().unwrap_or(dir);
        let written = disk::make_dirs(parent).and_then(|()| disk::make(&target)?.write_all(content));
        written.map_err(|e| failed(&target, &e))?;
    }
    Ok(())
}

fn run(trainer: &Trainer, dir: &Path, reporter: &dyn Reporter) -> Result<(), JobError> {
    let said = format!("the trainer {}", trainer.name);
    let until = Instant::now() + trainer.limit;
    let mut command = trainer.command.clone();
    command.push("train".to_owned());
    let mut program =
        RunningProgram::start(&said, &command, Some(dir), &trainer.dir, ("APPRAISE_TRAINER", &trainer.name))?;
    program.say_no_more();
    let mut told = TrainerStage { note: TRAINING.to_owned(), done: 0, of: 0 };
    let status = loop {
        // Every exit from here ends the program: dropping it does.
        reporter.step(&told.note, told.done, told.of)?;
        if Instant::now() >= until {
            let limit = trainer.limit.as_secs();
            program.end();
            let words = program.last_words();
            return Err(JobError::outside(format!(
                "{said} was stopped after {limit} s, its `limit` in the configuration{words}"
            )));
        }
        match program.hear(LOOK) {
            ProgramLine::Line(line) => told.hear(&line, reporter),
            ProgramLine::Nothing => {}
            ProgramLine::End => std::thread::sleep(LOOK),
        }
        if let Some(status) = program.ended() {
            break status;
        }
    };
    match status.success() {
        true => Ok(()),
        false => Err(JobError::outside(format!("{said} failed ({}){}", how(status), program.last_words()))),
    }
}

/// Where it is, as far as it tells.
struct TrainerStage {
    note: String,
    done: u64,
    of: u64,
}

impl TrainerStage {
    fn hear(&mut self, line: &str, reporter: &dyn Reporter) {
        let Ok(told) = serde_json::from_str::<TrainerLine>(line) else { return };
        if let Some(part) = told.progress.filter(|p| p.is_finite()) {
            (self.done, self.of) = ((part.clamp(0.0, 1.0) * FINE) as u64, FINE as u64);
        }
        if let Some(note) = told.note {
            self.note = text::clean(note.get(..note.floor_char_boundary(60)).unwrap_or_default()).to_string();
        }
        told.loss.filter(|l| l.is_finite()).iter().for_each(|&l| reporter.loss(l));
    }
}

/// Reads what lies in a directory: regular files, nothing that points elsewhere, not too much.
fn collect(dir: &Path) -> Result<FileListing, JobError> {
    let wrong = |path: &Path, what: &str| JobError::File {
        path: path.strip_prefix(dir.parent().unwrap_or(dir)).unwrap_or(path).display().to_string(),
        what: format!("{what}; the run is refused as a whole"),
    };
    let (mut files, mut bytes, mut open) = (Vec::new(), 0, vec![PathBuf::new()]);
    while let Some(inside) = open.pop() {
        let here = dir.join(&inside);
        for entry in fs::read_dir(&here).map_err(|e| wrong(&here, &e.to_string()))? {
            let entry = entry.map_err(|e| wrong(&here, &e.to_string()))?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(|e| wrong(&here, &e.to_string()))?);
            let name = inside.join(entry.file_name());
            if kind.is_dir() {
                open.push(name);
                continue;
            }
            if !kind.is_file() {
                return Err(wrong(&path, "it is no regular file"));
            }
            bytes += entry.metadata().map_err(|e| wrong(&path, &e.to_string()))?.len();
            if bytes > ARTEFACT || files.len() >= FILES {
                return Err(wrong(
                    &here,
                    &format!("more than {} MB or {FILES} files are not kept in a store", ARTEFACT >> 20),
                ));
            }
            let parts: Option<Vec<&str>> = name.iter().map(|part| part.to_str()).collect();
            let parts = parts.ok_or_else(|| wrong(&path, "its name is no text"))?;
            files.push((parts.join("/"), fs::read(&path).map_err(|e| wrong(&path, &e.to_string()))?));
        }
    }
    FileListing::new(files).map_err(|bad| wrong(Path::new(&bad.0), "its name cannot be kept"))
}
