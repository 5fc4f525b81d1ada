//! Progress on its way to the screen, at most twenty times a second.

use crate::domain::{Cancelled, ProgressPace, Reporter};
use crate::tui::state::msg::{JobMsg, Msg};
use crate::tui::state::work::JobProgress;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Least time between two reports.
const BETWEEN: Duration = Duration::from_millis(50);

/// Sends progress to the screen.
pub(super) struct ScreenReporter {
    out: Sender<Msg>,
    cancel: Arc<AtomicBool>,
    progress: fn(JobProgress) -> JobMsg,
    state: Mutex<Option<StageTiming>>,
}

struct StageTiming {
    began: Instant,
    stage: String,
    stage_began: Instant,
    sent: Instant,
    pace: ProgressPace,
    loss: Option<f64>,
}

impl ScreenReporter {
    /// Reports as messages of a kind, until it is told to stop.
    pub(super) fn new(out: Sender<Msg>, cancel: Arc<AtomicBool>, progress: fn(JobProgress) -> JobMsg) -> Self {
        Self { out, cancel, progress, state: Mutex::default() }
    }

    /// Does something with what is known of the time, from the first report on.
    fn timed<T>(&self, stage: &str, f: impl FnOnce(&mut StageTiming, bool) -> T) -> T {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let first = state.is_none();
        let timing = state.get_or_insert_with(|| StageTiming {
            began: now,
            stage: stage.to_owned(),
            stage_began: now,
            sent: now,
            pace: ProgressPace::default(),
            loss: None,
        });
        f(timing, first)
    }
}

impl Reporter for ScreenReporter {
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        let progress = self.timed(stage, |timing, first| {
            let now = Instant::now();
            let new_stage = first || timing.stage != stage;
            if new_stage {
                (timing.stage, timing.stage_began) = (stage.to_owned(), now);
            } else if now - timing.sent < BETWEEN {
                return None;
            }
            timing.sent = now;
            let ms = |since: Instant| (now - since).as_millis() as u64;
            let (stage_ms, total_ms) = (ms(timing.stage_began), ms(timing.began));
            let left = timing.pace.left((now - timing.began).as_secs_f64(), done, total);
            Some(JobProgress { stage: stage.to_owned(), done, total, stage_ms, total_ms, left, loss: timing.loss })
        });
        if let Some(progress) = progress {
            self.out.send(Msg::Job((self.progress)(progress))).ok();
        }
        Ok(())
    }

    fn loss(&self, mean: f64) {
        // It is shown with the next step.
        self.timed("", |timing, _| timing.loss = Some(mean));
    }
}
