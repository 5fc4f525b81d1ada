//! The model of an external trainer, served by the trainer's program from what it left behind.

use super::lines::answer;
use super::program::{ProgramLine, RunningProgram};
use super::protocol::{unpack, workplace};
use crate::base::progress::StepProgress;
use crate::disk::Temporary;
use crate::domain::{ExternalAis, IntentId, ReleaseId, Reporter, SpokenIntent};
use crate::jobs::JobError;
use crate::learn::release::artefact::Artefact;
use crate::learn::release::external::TrainedBy;
use crate::text::{self, name_key};
use serde_json::json;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long the program may take until it answers for the first time: a virtual machine takes its time.
const FIRST: Duration = Duration::from_secs(120);
/// How long each answer after that may take.
const NEXT: Duration = Duration::from_secs(30);
/// Questions on their way.
const WINDOW: usize = 64;
/// How often it is asked whether to go on.
const LOOK: Duration = Duration::from_millis(100);

/// A program that answers.
pub(in crate::jobs) struct Serving {
    program: RunningProgram,
    about: TrainedBy,
    said: String,
    asked: u64,
    /// What it was started on; deleted with this.
    _dir: Temporary,
}

/// The best intents with their confidences, best first; and what to answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::jobs) struct ServedAnswer {
    pub ranking: Vec<(IntentId, Option<f64>)>,
    pub response: Option<String>,
}

impl TrainedBy {
    /// What an answer says, by the intents' names at the time of training.
    pub(in crate::jobs) fn said(&self, answered: SpokenIntent) -> ServedAnswer {
        let exact: HashMap<&str, IntentId> = self.intents.iter().map(|(name, id)| (name.as_str(), *id)).collect();
        // Of twins the oldest.
        let mut alike: HashMap<String, IntentId> = HashMap::new();
        for (name, id) in &self.intents {
            let oldest = alike.entry(name_key(name)).or_insert(*id);
            *oldest = (*oldest).min(*id);
        }
        let known = |(name, confidence): (String, Option<f64>)| {
            let id = exact.get(name.as_str()).or_else(|| alike.get(&name_key(&name)))?;
            Some((*id, confidence))
        };
        ServedAnswer { ranking: answered.ranking.into_iter().filter_map(known).collect(), response: answered.response }
    }
}

/// Why a release that something outside made cannot be asked about new texts; `None` when it can.
pub(in crate::jobs) fn why_not(release: ReleaseId, artefact: &Artefact, outside: &ExternalAis) -> Option<String> {
    let v = release.0;
    let Some(external) = &artefact.external else {
        return Some(format!(
            "v{v} is an AI that answers elsewhere: it was measured on the gold set, and cannot be asked here"
        ));
    };
    let name = &external.about.trainer;
    if external.files.is_empty() {
        return Some(format!(
            "v{v} was trained by {name}, which does not serve: its answers to the gold set are all there is"
        ));
    }
    (!outside.trainers.contains_key(name)).then(|| {
        format!("v{v} was trained by {name}, which is not in the configuration of this machine; add [trainer.{name}] to serve it")
    })
}

impl Serving {
    /// Starts the trainer's program on what it left behind.
    ///
    /// # Errors
    /// [`why_not`]; the program cannot be started.
    pub fn start(release: ReleaseId, artefact: &Artefact, outside: &ExternalAis) -> Result<Self, JobError> {
        if let Some(why) = why_not(release, artefact, outside) {
            return Err(JobError::NotThisRelease(why));
        }
        let gone = || JobError::NotThisRelease(format!("v{} cannot be served", release.0));
        let external = artefact.external.as_ref().ok_or_else(gone)?;
        let trainer = outside.trainers.get(&external.about.trainer).ok_or_else(gone)?;
        let dir = workplace()?;
        unpack(&external.files, dir.path())?;
        let said = format!("the trainer {}", trainer.name);
        let mut command = trainer.command.clone();
        command.push("serve".to_owned());
        let program = RunningProgram::start(
            &said,
            &command,
            Some(dir.path()),
            &trainer.dir,
            ("APPRAISE_TRAINER", &trainer.name),
        )?;
        Ok(Self { program, about: external.about.clone(), said, asked: 0, _dir: dir })
    }

    /// Asks about texts; answers in their order.
    ///
    /// # Errors
    /// The program ends, is silent for too long, or says what is no answer; cancelled.
    pub fn ask(&mut self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<ServedAnswer>, JobError> {
        let mut out = Vec::with_capacity(texts.len());
        for window in texts.chunks(WINDOW) {
            let here = StepProgress {
                whole: reporter,
                stage: "asking the trainer",
                done: out.len() as u64,
                total: texts.len() as u64,
            };
            let first = self.asked;
            for text in window {
                let text = if self.about.masked { text::redact(text) } else { (*text).into() };
                let mut line = json!({"id": self.asked, "text": text}).to_string().into_bytes();
                line.push(b'\n');
                if !self.program.tell(line) {
                    return Err(self.broken("does not take texts any more"));
                }
                self.asked += 1;
            }
            out.extend(self.answers(first, window.len(), &here)?);
        }
        Ok(out)
    }

    /// The answers to questions that were asked from a number on.
    fn answers(&mut self, first: u64, n: usize, reporter: &dyn Reporter) -> Result<Vec<ServedAnswer>, JobError> {
        let mut out: Vec<Option<ServedAnswer>> = vec![None; n];
        let mut missing = n;
        let mut until = Instant::now() + if first == 0 { FIRST } else { NEXT };
        while missing > 0 {
            reporter.step("asking the trainer", 0, 0)?;
            let line = match self.program.hear(LOOK) {
                ProgramLine::Line(line) => line,
                ProgramLine::Nothing if Instant::now() < until => continue,
                ProgramLine::Nothing => return Err(self.broken("does not answer")),
                ProgramLine::End => return Err(self.broken("has ended")),
            };
            // Libraries talk on standard output; what is no object is not for us.
            if !line.trim_start().starts_with('{') {
                continue;
            }
            let (id, said) = answer(&line, None).map_err(|e| self.broken(&format!("says what is no answer ({e})")))?;
            let place = id.checked_sub(first).and_then(|at| out.get_mut(usize::try_from(at).ok()?));
            match place {
                Some(place @ None) => *place = Some(self.about.said(said)),
                _ => return Err(self.broken(&format!("answers question {id}, which is not open"))),
            }
            missing -= 1;
            until = Instant::now() + NEXT;
        }
        Ok(out.into_iter().flatten().collect())
    }

    fn broken(&mut self, what: &str) -> JobError {
        self.program.end();
        JobError::outside(format!("{} {what}{}", self.said, self.program.last_words()))
    }
}
