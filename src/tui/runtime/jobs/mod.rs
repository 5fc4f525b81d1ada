//! Long work, each on a thread and a connection of its own; it reports, and stops when
//! it is told to.

mod progress;
mod rejects;
mod tune;

pub(in crate::tui) use tune::tune;

use super::desk::WorkingDesk;
use crate::disk::InputFiles;
use crate::domain::{QueryMoment, Reporter};
use crate::ingest::Rejects;
use crate::jobs::demo::DemoOptions;
use crate::jobs::encoders::Vectors;
use crate::jobs::learners::{self, LearnReport, LearnRequest};
use crate::jobs::{self, AsOfOptions, DetectOptions, ImportOptions, JobError};
use crate::learn::vectors::any_script::AnyScript;
use crate::report::{self, Report, ReportOptions};
use crate::store::{Access, Founding, LearnerKind, OnDuplicate, Store};
use crate::tui::state::effect::TopicsJob;
use crate::tui::state::msg::{JobMsg, Msg};
use crate::tui::state::work::{FilledBy, JobEnd, JobProgress, LearntWords, LoadJob, TuneJob};
use progress::ScreenReporter;
use rejects::FirstRejects;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;

/// A demo as `appraise demo` builds it.
const DEMO_WEEKS: u32 = 26;
const DEMO_A_WEEK: u32 = 300;

/// Where long work finds its store, and who asks for it.
#[derive(Clone)]
pub struct Jobs {
    /// The store.
    pub path: PathBuf,
    /// Today's store, while it is shown as of a date.
    pub today: Option<PathBuf>,
    /// For a store that does not exist yet.
    pub founding: Founding,
    /// Nothing may be changed.
    pub read_only: bool,
    /// Who asks.
    pub desk: WorkingDesk,
    /// The file in which a demo is built; without it, the store.
    pub demo: Option<PathBuf>,
    /// Where reports go.
    pub out: Sender<Msg>,
}

/// Work that was started.
pub struct JobHandle {
    cancel: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl JobHandle {
    /// Tells it to stop.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    /// Waits until it has stopped.
    pub fn join(self) {
        // What a panic had to say, the panic hook has said.
        self.thread.join().ok();
    }
}

impl Jobs {
    /// Starts filling the store.
    pub fn load(&self, job: LoadJob) -> std::io::Result<JobHandle> {
        let (demo, founding) = (self.demo.clone().unwrap_or_else(|| self.path.clone()), self.founding);
        self.spawn("load", Access::Bulk, JobMsg::Loading, JobMsg::Loaded, move |store, desk, reporter| match job {
            LoadJob::Demo => {
                let options = DemoOptions {
                    weeks: DEMO_WEEKS,
                    per_week: DEMO_A_WEEK,
                    until: (desk.clock)(),
                    seed: desk.seed,
                    lang: None,
                    promote: true,
                };
                let report = jobs::demo::build_file(&demo, founding, &options, reporter)?;
                Ok(Box::new(FilledBy::Demo(demo, report)))
            }
            LoadJob::Import(path, reading) => {
                let now = (desk.clock)();
                let read = reading.options(now);
                let options =
                    ImportOptions { read, on_duplicate: OnDuplicate::Update, take_older: false, dry_run: false, now };
                let kept = FirstRejects::default();
                let mut rejects = Rejects::new(Box::new(kept.clone()) as Box<dyn Write>);
                let report = jobs::import_all(store, &desk.reviewer, &[path], &options, &mut rejects, reporter)?;
                Ok(Box::new(FilledBy::Import(Box::new(report), kept.words())))
            }
        })
    }

    /// Starts the work of Fine-tune.
    pub fn tune(&self, job: TuneJob) -> std::io::Result<JobHandle> {
        self.spawn("fine-tune", self.access(), JobMsg::Tuning, JobMsg::Tuned, move |store, desk, reporter| {
            tune(store, desk, job, reporter)
        })
    }

    /// Starts drawing the learning curve.
    pub fn draw(&self) -> std::io::Result<JobHandle> {
        self.spawn("curve", self.access(), JobMsg::Drawing, JobMsg::Drawn, |store, desk, reporter| {
            let vectors = Vectors::of_store(&desk.encoders, store)?;
            jobs::economics(store, &vectors, desk.seed, desk.hourly, reporter).map(Box::new)
        })
    }

    fn access(&self) -> Access {
        if self.read_only { Access::ReadOnly } else { Access::ReadWrite }
    }

    /// Starts the renewal of predictions.
    pub fn renew(&self) -> std::io::Result<JobHandle> {
        self.spawn("renew", Access::ReadWrite, JobMsg::Renewing, JobMsg::Renewed, |store, _, reporter| {
            jobs::renew(store, reporter).map(drop)
        })
    }

    /// Starts making all that is stored findable by its words.
    pub fn index(&self) -> std::io::Result<JobHandle> {
        self.spawn("search", Access::Bulk, JobMsg::Indexing, JobMsg::Indexed, |store, _, reporter| {
            jobs::index(store, reporter).map(drop)
        })
    }

    /// Starts looking for patterns in the failures.
    pub fn find(&self) -> std::io::Result<JobHandle> {
        self.spawn("patterns", Access::ReadWrite, JobMsg::Finding, JobMsg::Found, |store, desk, reporter| {
            let embedder = Vectors::of_store(&desk.encoders, store)?.open(&desk.encoders)?;
            jobs::find_patterns(store, embedder.as_deref(), (desk.clock)(), desk.seed, reporter)?;
            // What came since the list of topics was accepted is on one, too.
            embedder.map_or(Ok(0), |e| jobs::assign_topics(store, &AnyScript(&*e), reporter)).map(drop)
        })
    }

    /// Starts proposing a list of topics, or accepting it.
    pub fn topics(&self, job: TopicsJob) -> std::io::Result<JobHandle> {
        self.spawn("topics", Access::ReadWrite, JobMsg::Finding, JobMsg::ListedTopics, move |store, desk, reporter| {
            let embedder = Vectors::of_store(&desk.encoders, store)?.open(&desk.encoders)?;
            let embedder = embedder.ok_or_else(|| JobError::Configuration("topics need vectors".to_owned()))?;
            match job {
                TopicsJob::Propose => {
                    jobs::propose_topics(store, &AnyScript(&*embedder), desk.seed, reporter).map(drop)
                }
                TopicsJob::Accept => {
                    jobs::accept_proposed(store, &AnyScript(&*embedder), (&desk.reviewer, (desk.clock)()), reporter)
                        .map(drop)
                }
            }
        })
    }

    /// Starts looking for a failure mode in all traffic.
    pub fn detect(&self, mode: String) -> std::io::Result<JobHandle> {
        self.spawn("detect", self.access(), JobMsg::Detecting, JobMsg::Detected, move |store, desk, reporter| {
            let mode = store.mode(&mode)?;
            let embedder = Vectors::of_store(&desk.encoders, store)?.open(&desk.encoders)?;
            let options = DetectOptions { mode: &mode, embedder, ask: None, seed: desk.seed, now: (desk.clock)() };
            jobs::detect(store, &options, reporter).map(Box::new)
        })
    }

    /// Starts writing the owner's report.
    pub fn report(&self) -> std::io::Result<JobHandle> {
        // As of a date it is a copy that is read, and that is gone before anybody finds the report beside it.
        let beside = self.today.clone().unwrap_or_else(|| self.path.clone());
        self.spawn("report", self.access(), JobMsg::Reporting, JobMsg::Reported, move |store, desk, reporter| {
            if !store.is_read_only() {
                let embedder = Vectors::of_store(&desk.encoders, store)?.open(&desk.encoders)?;
                jobs::find_patterns(store, embedder.as_deref(), (desk.clock)(), desk.seed, reporter)?;
            }
            let (now, seed, hourly) = ((desk.clock)(), desk.seed, desk.hourly);
            let report = report::gather(store, &ReportOptions { now, seed, reveal: false, hourly }, reporter)?;
            write_report(&report, &beside)
        })
    }

    /// Starts reading the store as of a moment.
    pub fn look_back(&self, moment: QueryMoment) -> std::io::Result<JobHandle> {
        let founding = self.founding;
        self.spawn("as of", Access::ReadOnly, JobMsg::LookingBack, JobMsg::LookedBack, move |store, desk, reporter| {
            let (now, seed, encoders) = ((desk.clock)(), desk.seed, &desk.encoders);
            let options = AsOfOptions { moment, now, seed, founding, encoders };
            jobs::as_of(store.path(), &options, reporter).map(Arc::new)
        })
    }

    /// Starts counting what the AI said.
    pub fn count(&self) -> std::io::Result<JobHandle> {
        self.spawn("answers", Access::ReadWrite, JobMsg::Counting, JobMsg::Counted, |store, _, reporter| {
            jobs::count_answers(store, reporter)
        })
    }

    /// Starts learning from what customers show: one thing because somebody asked, or whatever is due.
    pub fn learn(&self, what: Option<LearnerKind>) -> std::io::Result<JobHandle> {
        self.spawn("learn", Access::ReadWrite, JobMsg::Learning, JobMsg::Learnt, move |store, desk, reporter| {
            let now = (desk.clock)();
            let learnt = match what {
                Some(learner) => {
                    let request = LearnRequest { reviewer: &desk.reviewer, now, seed: desk.seed };
                    learners::learn_asked(store, learner, &request, reporter)?
                }
                None => learners::learn_what_is_due(store, now, desk.seed, reporter)?,
            };
            let mut said = Vec::new();
            for (learner, report) in &learnt {
                said.extend(learnt_words(store, *learner, report, what.is_some())?);
            }
            Ok(said)
        })
    }

    fn spawn<T: 'static>(
        &self,
        name: &str,
        access: Access,
        progress: fn(JobProgress) -> JobMsg,
        end: fn(Result<T, JobEnd>) -> JobMsg,
        work: impl FnOnce(&mut Store, &WorkingDesk, &dyn Reporter) -> Result<T, JobError> + Send + 'static,
    ) -> std::io::Result<JobHandle> {
        let cancel = Arc::new(AtomicBool::new(false));
        let reporter = ScreenReporter::new(self.out.clone(), Arc::clone(&cancel), progress);
        let here = self.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let run = || -> Result<T, JobError> {
                if !here.path.exists() {
                    let place = here.path.display();
                    return Err(JobError::NotFound(format!("the store {place} is not there any more; put it back")));
                }
                let store = Store::open(&here.path, access, here.founding)?;
                let mut store = store.with_encoders(here.desk.encoders.clone()).with_outside(here.desk.outside.clone());
                work(&mut store, &here.desk, &reporter)
            };
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
            let result = match result {
                Ok(Ok(value)) => Ok(value),
                Ok(Err(JobError::Cancelled)) => Err(JobEnd::Cancelled),
                Ok(Err(e)) => Err(JobEnd::Failed(e.to_string())),
                Err(_) => Err(JobEnd::Failed("it broke; this is a fault of the program".to_owned())),
            };
            here.out.send(Msg::Job(end(result))).ok();
        })?;
        Ok(JobHandle { cancel, thread })
    }
}

/// Writes a report where the program was started, else beside the store; where it is.
fn write_report(report: &Report, store: &Path) -> Result<PathBuf, JobError> {
    let inputs = InputFiles::default().store(store);
    let here = std::env::current_dir().map(|dir| dir.join("report.html"));
    let beside = store.with_extension("report.html");
    let tried = here.ok().filter(|path| report::write(report, path, &inputs).is_ok());
    if let Some(path) = tried {
        return Ok(path);
    }
    report::write(report, &beside, &inputs)?;
    Ok(beside)
}

/// What came of learning, for a person; `None`: nobody asked, and there is nothing to say.
fn learnt_words(
    store: &Store,
    learner: LearnerKind,
    report: &LearnReport,
    asked: bool,
) -> Result<Option<LearntWords>, JobError> {
    let what = learner.name();
    let promoted = match report {
        LearnReport::TooLittle { says, .. } => {
            // What is missing stands on the screen, where it has room and stays.
            let stands = store.last_missing(learner)?.is_some() && store.newest_learned(learner)?.is_none();
            let says = match stands {
                true => format!("{what}: too little to learn from yet"),
                false => says.clone(),
            };
            return Ok(asked.then_some(LearntWords { says, promoted: false }));
        }
        LearnReport::Made(run) => run.promoted,
        LearnReport::Answers(run) => run.promoted,
    };
    Ok(Some(LearntWords { says: report.came_to(), promoted }))
}
