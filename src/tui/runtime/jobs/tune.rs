//! The work of Fine-tune.

use crate::config::Environment;
use crate::domain::{CycleId, Reporter};
use crate::jobs::encoders::Vectors;
use crate::jobs::{self, BlameOptions, FinetuneOptions, JobError, MeasureOptions, ReplayOptions, TrainingStart};
use crate::store::Store;
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::work::{CandidateMethod, TuneJob, TuneResult};

/// Labels, batches and changes that are listed at most.
const LISTED: usize = 500;

/// Does a piece of work of Fine-tune.
pub(in crate::tui) fn tune(
    store: &mut Store,
    desk: &WorkingDesk,
    job: TuneJob,
    reporter: &dyn Reporter,
) -> Result<TuneResult, JobError> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    Ok(match job {
        TuneJob::Train(how, cycle) => return train(store, desk, &how, cycle, reporter),
        TuneJob::Compare(before, after) => {
            TuneResult::Compared(Box::new(jobs::compare(store, who, now, before, after, reporter)?), None)
        }
        TuneJob::Without(release, drops, _) => {
            let done = jobs::retrain_without(store, &desk.encoders, release, &drops, (who, now), reporter)?;
            TuneResult::Compared(Box::new(done), None)
        }
        TuneJob::Verify(release) => TuneResult::Verified(jobs::verify(store, &desk.encoders, release, reporter)?),
        TuneJob::Score => TuneResult::Scored(jobs::score(store, reporter)?),
        TuneJob::Replay(release, since) => TuneResult::Replayed(Box::new(jobs::replay(
            store,
            &ReplayOptions { release, since, most: LISTED },
            reporter,
        )?)),
        TuneJob::Blame(release, against, turn) => {
            let asked = BlameOptions { release, against, turn, most: LISTED };
            TuneResult::Blamed(Box::new(jobs::blame(store, &asked, reporter)?))
        }
        TuneJob::HeldOut(release) => TuneResult::HeldOut(release, jobs::held_out(store, release, reporter)?),
        TuneJob::Export(release, out) => {
            TuneResult::Exported(jobs::export_model(store, release, &out, false, false, reporter)?)
        }
    })
}

/// Makes a candidate.
fn train(
    store: &mut Store,
    desk: &WorkingDesk,
    how: &CandidateMethod,
    cycle: Option<CycleId>,
    reporter: &dyn Reporter,
) -> Result<TuneResult, JobError> {
    let options = FinetuneOptions {
        from: if *how == CandidateMethod::Scratch { TrainingStart::Scratch } else { TrainingStart::Live },
        cycle,
        vectors: Vectors::of_store(&desk.encoders, store)?,
        seed: desk.seed,
        reviewer: desk.reviewer.clone(),
        now: (desk.clock)(),
    };
    let gone = |what: &str, name: &str| {
        JobError::Configuration(format!("the configuration has no {what} {name} any more; choose another way to train"))
    };
    match how {
        CandidateMethod::Live | CandidateMethod::Scratch => {
            Ok(TuneResult::Compared(Box::new(jobs::finetune(store, &options, reporter)?), None))
        }
        CandidateMethod::Trainer(name) => {
            let trainer = desk.outside.trainers.get(name).ok_or_else(|| gone("trainer", name))?;
            let done = jobs::finetune_with(store, trainer, &options, reporter)?;
            let note = jobs::cannot_answer(store, done.release)?;
            Ok(TuneResult::Compared(Box::new(done), note))
        }
        CandidateMethod::Ask(name) => {
            let ai = desk.outside.ais.get(name).ok_or_else(|| gone("AI", name))?;
            let key = Environment::key_of(ai).map_err(|e| JobError::Configuration(e.to_string()))?;
            let asked = MeasureOptions { seed: options.seed, reviewer: options.reviewer, now: options.now };
            let (done, bill) = jobs::measure(store, ai, key.as_ref(), &asked, reporter)?;
            Ok(TuneResult::Compared(Box::new(done), Some(bill.words().join("; "))))
        }
    }
}
