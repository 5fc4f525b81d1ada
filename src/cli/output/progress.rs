//! Progress on standard error, and only to a terminal; a signal stops the work where it can stop cleanly.

use crate::base::progress::about;
use crate::cli::frame::context::Cx;
use crate::domain::{Cancelled, ProgressPace, Reporter, stage_words};
use crate::stop;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Updates a second; more would only cost.
const HZ: u8 = 20;

/// A bar, and an ear for signals: work that reports here ends by itself when the program is asked to end.
pub(in crate::cli) struct Progress {
    bar: ProgressBar,
    _heeding: stop::HeededSignal,
    began: Instant,
    told: Mutex<BarText>,
}

/// What stands behind the bar.
#[derive(Default)]
struct BarText {
    pace: ProgressPace,
    loss: Option<f64>,
}

impl Progress {
    pub(in crate::cli) fn new(cx: &Cx) -> Self {
        let visible = std::io::stderr().is_terminal() && !cx.quiet;
        let target = if visible { ProgressDrawTarget::stderr_with_hz(HZ) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        Self { bar, _heeding: stop::heed(), began: Instant::now(), told: Mutex::default() }
    }

    fn style(total: u64) -> ProgressStyle {
        let template = match total {
            0 => "{msg} {spinner} {elapsed}",
            _ => "{msg} {bar:32} {percent:>3} %  {prefix}",
        };
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    }
}

impl Reporter for Progress {
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        if stop::asked() {
            self.bar.finish_and_clear();
            return Err(Cancelled);
        }
        if self.bar.is_hidden() {
            return Ok(());
        }
        let words = stage_words(stage);
        let is_new = self.bar.message() != words || self.bar.length().unwrap_or(0) != total;
        if is_new {
            self.bar.set_style(Self::style(total));
            self.bar.set_message(words.to_owned());
            self.bar.set_length(total);
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let left = told.pace.left(self.began.elapsed().as_secs_f64(), done, total).map(about);
        let loss = told.loss.map(|l| format!("loss {l:.2}"));
        self.bar.set_prefix(loss.into_iter().chain(left).collect::<Vec<_>>().join("  "));
        self.bar.set_position(done);
        if is_new {
            // Its first step may be long, and would stand there with the last position of the stage before.
            self.bar.force_draw();
        }
        Ok(())
    }

    fn loss(&self, mean: f64) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).loss = Some(mean);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
