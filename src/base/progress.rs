//! How long work tells where it is and learns that nobody wants it any more.

/// The work was cancelled by the person who started it; nothing was left half-done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Receives progress. A screen feeds a gauge from it, the command line a bar, a test a list.
pub trait Reporter: Sync {
    /// Says that `done` of `total` steps of `stage` are done (`total` 0: not known). Callers may call often;
    /// implementations throttle.
    ///
    /// # Errors
    /// [`Cancelled`] when the work should stop now and leave everything as it was.
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled>;

    /// Says how well training does so far: the mean log loss, in nats an example (ln of the number of intents for a model
    /// that knows nothing, 0 for a perfect one), of the examples that are learnt, and at the end of held-out ones. Comes
    /// between steps; a later value replaces an earlier one. Nobody has to show it.
    fn loss(&self, _mean: f64) {}
}

/// The stage in which a model learns: the long one.
pub const TRAINING: &str = "train";

/// The stage in which models are fitted to parts of the labels.
pub const CURVE: &str = "learning curve";

/// The stage in which conversations are read for signs.
pub const READING: &str = "read signs";

/// A stage in plain words; stages that have no others are said as they are.
pub fn stage_words(stage: &str) -> &str {
    match stage {
        "" => "starting",
        "read" => "reading the labels",
        TRAINING => "learning from the labels",
        "embed" => "reading what the texts mean",
        CURVE => "training on more and more labels",
        "compare" => "comparing on the gold turns",
        "responses" => "collecting the AI's answers",
        "search" => "building the search",
        "replay" => "asking about the failures",
        "store" => "saving the candidate",
        "score" => "scoring on today's gold",
        READING => "reading how conversations went",
        other => other,
    }
}

/// A step of longer work: whatever it says of itself, the whole stands where it stood when the step began.
pub struct StepProgress<'a> {
    /// Who hears of it.
    pub whole: &'a dyn Reporter,
    /// The stage of the whole.
    pub stage: &'a str,
    /// Steps done of the whole.
    pub done: u64,
    /// Steps of the whole.
    pub total: u64,
}

impl Reporter for StepProgress<'_> {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        self.whole.step(self.stage, self.done, self.total)
    }
}

/// Tells how long work will still take, from how much of it is done. What it says runs down like a clock and drifts
/// towards what the steps done so far make likely: steps of uneven length do not make it jump.
#[derive(Clone, Debug, Default)]
pub struct ProgressPace {
    /// When the steps began that are counted now, and with which.
    began: f64,
    first: u64,
    total: u64,
    done: u64,
    /// The last estimate of the seconds left, and when it was made.
    left: Option<(f64, f64)>,
}

impl ProgressPace {
    /// Earlier than this many seconds after the steps began nothing is said.
    const EARLY: f64 = 0.5;
    /// Seconds in which the estimate follows what the steps say.
    const DRIFT: f64 = 3.0;

    /// Whole seconds left after `done` of `total` steps, `now` seconds after some fixed moment. A new total, or a count
    /// that begins anew, begins a new estimate. `None` while nothing can be told.
    pub fn left(&mut self, now: f64, done: u64, total: u64) -> Option<u64> {
        if total != self.total || done < self.done / 2 {
            *self = Self { began: now, first: done, total, done, left: None };
        }
        self.done = self.done.max(done);
        let (steps, elapsed) = (self.done - self.first, now - self.began);
        if steps == 0 || elapsed < Self::EARLY {
            return None;
        }
        let likely = elapsed * total.saturating_sub(self.done) as f64 / steps as f64;
        let left = match self.left {
            None => likely,
            Some((left, at)) => {
                let expected = (left - (now - at)).max(0.0);
                expected + (likely - expected) * ((now - at) / Self::DRIFT).min(1.0)
            }
        };
        self.left = Some((left, now));
        Some(left.ceil() as u64)
    }
}

/// `about 3 s left`, `about 2 min left`.
pub fn about(seconds: u64) -> String {
    match seconds {
        0..=20 => format!("about {seconds} s left"),
        21..=90 => format!("about {} s left", seconds.div_ceil(5) * 5),
        91..=5_400 => format!("about {} min left", seconds.div_ceil(60)),
        _ => format!("about {} h left", seconds.div_ceil(3_600)),
    }
}

/// Reports to nobody and never cancels.
#[derive(Clone, Copy, Debug, Default)]
pub struct SilentReporter;

impl Reporter for SilentReporter {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_runs_down_and_does_not_jump() {
        let mut pace = ProgressPace::default();
        assert_eq!(pace.left(0.0, 0, 100), None);
        assert_eq!(pace.left(0.2, 5, 100), None, "too early to tell");
        let mut last = pace.left(1.0, 10, 100).unwrap();
        assert_eq!(last, 9);
        // Every second step takes three times as long as the others.
        let mut now = 1.0;
        for done in 11..=100 {
            now += if done % 2 == 0 { 0.15 } else { 0.05 };
            let left = pace.left(now, done, 100).unwrap();
            assert!(left <= last + 1 && left + 2 >= last, "{last} to {left} at step {done}");
            last = left;
        }
        assert_eq!(last, 0);
        assert_eq!(pace.left(now, 0, 7), None, "another stage begins anew");
        assert_eq!(pace.left(now + 1.0, 3, 7), Some(2));
    }

    #[test]
    fn a_step_of_longer_work_does_not_move_the_whole() {
        struct ToldProgress(std::sync::Mutex<Vec<(String, u64, u64)>>);
        impl Reporter for ToldProgress {
            fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
                self.0.lock().unwrap().push((stage.to_owned(), done, total));
                Ok(())
            }
        }
        let told = ToldProgress(std::sync::Mutex::default());
        let step = StepProgress { whole: &told, stage: "asking", done: 3, total: 9 };
        step.step("waiting", 0, 0).unwrap();
        assert_eq!(*told.0.lock().unwrap(), [("asking".to_owned(), 3, 9)]);
    }

    #[test]
    fn times_are_rounded_as_people_say_them() {
        assert_eq!(about(3), "about 3 s left");
        assert_eq!(about(41), "about 45 s left");
        assert_eq!(about(125), "about 3 min left");
        assert_eq!(about(7_300), "about 3 h left");
    }
}
