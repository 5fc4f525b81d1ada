//! The work of Fine-tune: one piece at a time, on a thread of its own.

use super::front::TuneFront;
use crate::tui::state::work::{CandidateMethod, JobRun, TuneJob};
use crate::tui::widgets::words;

/// Work that goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct TuneWork {
    /// What it is.
    pub job: TuneJob,
    /// Where it is.
    pub run: JobRun,
    /// What was in front when it began: what comes of it is shown there alone, so that no key changes its meaning under a hand.
    pub from: TuneFront,
}

impl TuneWork {
    /// What goes on, as a heading.
    pub fn title(&self) -> String {
        match &self.job {
            TuneJob::Train(CandidateMethod::Ask(name), _) => format!("Asking {}", words::line(name)),
            TuneJob::Train(..) => "Fine-tuning".to_owned(),
            TuneJob::Compare(None, after) => format!("Comparing v{} with the log", after.0),
            TuneJob::Compare(Some(before), after) => format!("Comparing v{} with v{}", after.0, before.0),
            TuneJob::Without(release, ..) => format!("Training v{} again without labels", release.0),
            TuneJob::Verify(release) => format!("Training v{} again", release.0),
            TuneJob::Score => "Scoring all releases".to_owned(),
            TuneJob::Replay(release, _) => format!("Replaying failures with v{}", release.0),
            TuneJob::Blame(..) => "Looking for the labels behind it".to_owned(),
            TuneJob::HeldOut(release) => format!("Looking for what v{} left out", release.0),
            TuneJob::Export(release, _) => format!("Writing v{}", release.0),
        }
    }

    /// Whether its steps are things that people count: questions, failures, releases.
    pub const fn counts(&self) -> bool {
        matches!(self.job, TuneJob::Train(CandidateMethod::Ask(_), _) | TuneJob::Replay(..) | TuneJob::Score)
    }

    /// What it is called where it failed.
    pub fn failed(&self) -> &'static str {
        match &self.job {
            TuneJob::Train(CandidateMethod::Ask(_), _) => "the AI could not be measured",
            TuneJob::Train(..) => "fine-tuning failed",
            TuneJob::Compare(..) => "they could not be compared",
            TuneJob::Without(..) => "it was not trained again",
            TuneJob::Verify(_) => "it could not be verified",
            TuneJob::Score => "the releases could not be scored",
            TuneJob::Replay(..) => "the failures could not be replayed",
            TuneJob::Blame(..) => "the labels behind it were not found",
            TuneJob::HeldOut(_) => "what was left out could not be listed",
            TuneJob::Export(..) => "the release was not written",
        }
    }
}

/// What is said when somebody has stopped it.
pub const fn stopped(job: &TuneJob) -> &'static str {
    match job {
        TuneJob::Train(CandidateMethod::Ask(_), _) => "stopped; what was answered is kept and is not asked again",
        TuneJob::Score => "stopped; what was scored is kept",
        TuneJob::Train(..) | TuneJob::Without(..) => "the run was cancelled; nothing was changed",
        _ => "stopped; nothing was changed",
    }
}
