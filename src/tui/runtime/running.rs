//! The work that goes on beside the screen, one of a kind.

use super::jobs::{JobHandle, Jobs};
use crate::tui::state::effect::{Job, LongWork};
use std::collections::BTreeMap;

/// A kind of work; a newer one takes the place of an older one, which ends by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum JobKind {
    Tune,
    Load,
    Curve,
    Renewal,
    Index,
    Answers,
    Patterns,
    Report,
    Learn,
    LookBack,
    Detect,
}

impl JobKind {
    fn of(job: &Job) -> Self {
        match job {
            Job::Tune(_) => Self::Tune,
            Job::Load(_) => Self::Load,
            Job::Curve => Self::Curve,
            Job::Renewal => Self::Renewal,
            Job::Index => Self::Index,
            Job::Answers => Self::Answers,
            Job::Patterns | Job::Topics(_) => Self::Patterns,
            Job::Report => Self::Report,
            Job::Learn(_) => Self::Learn,
            Job::LookBack(_) => Self::LookBack,
            Job::Detect(_) => Self::Detect,
        }
    }

    fn of_work(work: LongWork) -> Self {
        match work {
            LongWork::Tune => Self::Tune,
            LongWork::Load => Self::Load,
            LongWork::Curve => Self::Curve,
            LongWork::Renewal => Self::Renewal,
            LongWork::Report => Self::Report,
            LongWork::Learn => Self::Learn,
            LongWork::LookingBack => Self::LookBack,
            LongWork::Detect => Self::Detect,
        }
    }
}

/// The work that was started last, of each kind.
#[derive(Default)]
pub(super) struct RunningJobs(BTreeMap<JobKind, JobHandle>);

impl RunningJobs {
    /// Starts a piece of work.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(&mut self, jobs: &Jobs, job: Job) -> std::io::Result<()> {
        let kind = JobKind::of(&job);
        let handle = match job {
            Job::Tune(job) => jobs.tune(job)?,
            Job::Load(job) => jobs.load(job)?,
            Job::Curve => jobs.draw()?,
            Job::Renewal => jobs.renew()?,
            Job::Index => jobs.index()?,
            Job::Answers => jobs.count()?,
            Job::Patterns => jobs.find()?,
            Job::Report => jobs.report()?,
            Job::Topics(job) => jobs.topics(job)?,
            Job::Learn(what) => jobs.learn(what)?,
            Job::LookBack(moment) => jobs.look_back(moment)?,
            Job::Detect(mode) => jobs.detect(mode)?,
        };
        self.0.insert(kind, handle);
        Ok(())
    }

    /// Tells a piece of work to stop.
    pub(super) fn cancel(&self, work: LongWork) {
        self.0.get(&JobKind::of_work(work)).into_iter().for_each(JobHandle::cancel);
    }

    /// Tells what works on the store that is open to stop, because another will be; what it did stays there. Training and
    /// filling are asked about before, and go on.
    pub(super) fn leave_store(&self) {
        let stays = [JobKind::Tune, JobKind::Load];
        self.0.iter().filter(|(kind, _)| !stays.contains(kind)).for_each(|(_, job)| job.cancel());
    }

    /// Stops everything and waits for it.
    pub(super) fn finish(self) {
        self.0.values().for_each(JobHandle::cancel);
        self.0.into_values().for_each(JobHandle::join);
    }
}
