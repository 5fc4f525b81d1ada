//! The work of Fine-tune: one piece at a time, on a thread of its own.

use super::{Front, Run, flips, registry, replay, result};
use crate::domain::{Comparison, Flip, FlipKind};
use crate::tui::state::app::{App, Load};
use crate::tui::state::effect::{Effect, GoldTurn, How, TuneJob};
use crate::tui::state::msg::{Done, JobEnd};
use crate::tui::state::request::Request;
use crate::tui::widgets::{numbers, words};

/// Work that goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// What it is.
    pub job: TuneJob,
    /// Where it is.
    pub run: Run,
    /// What was in front when it began: what comes of it is shown there alone, so that no key changes its meaning under a hand.
    pub from: Front,
}

impl Work {
    /// What goes on, as a heading.
    pub fn title(&self) -> String {
        match &self.job {
            TuneJob::Train(How::Ask(name), _) => format!("Asking {}", words::line(name)),
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
        matches!(self.job, TuneJob::Train(How::Ask(_), _) | TuneJob::Replay(..) | TuneJob::Score)
    }

    /// What it is called where it failed.
    fn failed(&self) -> &'static str {
        match &self.job {
            TuneJob::Train(How::Ask(_), _) => "the AI could not be measured",
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
const fn stopped(job: &TuneJob) -> &'static str {
    match job {
        TuneJob::Train(How::Ask(_), _) => "stopped; what was answered is kept and is not asked again",
        TuneJob::Score => "stopped; what was scored is kept",
        TuneJob::Train(..) | TuneJob::Without(..) => "the run was cancelled; nothing was changed",
        _ => "stopped; nothing was changed",
    }
}

/// Begins a piece of work.
pub fn begin(app: &mut App, job: TuneJob) -> Vec<Effect> {
    app.tune.work = Some(Work { job: job.clone(), run: Run::default(), from: app.tune.views.front });
    vec![Effect::Tune(job)]
}

/// Tells it to stop.
pub fn cancel(app: &mut App) -> Vec<Effect> {
    app.tune.work.iter_mut().for_each(|w| w.run.cancelling = true);
    vec![Effect::CancelJob]
}

/// It ended.
pub fn finished(app: &mut App, end: Result<Done, JobEnd>) -> Vec<Effect> {
    let Some(work) = app.tune.work.take() else { return Vec::new() };
    match end {
        Ok(done) => take(app, &work, done),
        Err(JobEnd::Cancelled) => {
            let mut effects = vec![Effect::Ask(Request::Overview)];
            effects.extend(app.say(stopped(&work.job)));
            effects
        }
        Err(JobEnd::Failed(why)) => {
            let mut effects = vec![Effect::Ask(Request::Overview)];
            effects.extend(app.notify(work.failed()));
            effects.extend(app.complain(work.failed(), why));
            effects
        }
    }
}

fn take(app: &mut App, work: &Work, done: Done) -> Vec<Effect> {
    match done {
        Done::Compared(c, note) => compared(app, work, c, note),
        Done::Verified(found) => registry::verified(app, found),
        Done::Scored(n) => {
            let mut effects =
                app.cheer(format!("{} scored on today's gold", numbers::plural(n, "release is", "releases are")));
            effects.push(Effect::Ask(Request::Registry));
            effects
        }
        Done::Replayed(found) => replay::finished(app, work, found),
        Done::Blamed(found) => super::blame::finished(app, work, found),
        Done::HeldOut(release, rows) => {
            app.tune.views.registry.take_left_out(release, rows);
            Vec::new()
        }
        Done::Exported(files) => {
            let out = words::line(&files.out.display().to_string());
            let mut text = format!("v{} is in {out}: {}", files.release.0, numbers::bytes(files.bytes));
            if let Some(key) = &files.needs_encoder {
                text.push_str(&format!("; a reader needs the encoder {}", words::line(key)));
            }
            app.cheer(text)
        }
    }
}

/// Shows what came of work where it was begun; whoever has gone elsewhere meanwhile stays there.
pub fn show(app: &mut App, work: &Work, front: Front) {
    let views = &mut app.tune.views;
    if views.front == work.from {
        views.back = (work.from == Front::Registry && front == Front::Result).then_some(Front::Registry);
        views.front = front;
    }
}

/// A candidate, or two releases that are there already.
fn compared(app: &mut App, work: &Work, c: Box<Comparison>, note: Option<String>) -> Vec<Effect> {
    let job = &work.job;
    let verdict = result::verdict_word(c.verdict);
    let mut text = match job {
        TuneJob::Train(How::Ask(name), _) => format!("{} is v{}: {verdict}", words::line(name), c.release.0),
        TuneJob::Compare(before, after) => {
            let before = before.map_or("the log".to_owned(), |r| format!("v{}", r.0));
            format!("v{} beside {before}: {verdict}", after.0)
        }
        _ => format!("v{} is trained: {verdict}", c.release.0),
    };
    if let TuneJob::Without(_, _, turn) = job {
        text.push_str(&format!("; {}", now_on(&c, *turn)));
    }
    if matches!(job, TuneJob::Train(..)) {
        crate::tui::guide::tour::tuned(app);
    }
    app.tune.panes.rewind();
    app.tune.comparison = Load::Ready(Some(c));
    app.tune.views.shown = None;
    show(app, work, Front::Result);
    // What is on its way belongs to another comparison.
    app.tune.generation += 1;
    let mut effects = vec![Effect::Ask(Request::Overview), Effect::Ask(Request::Registry)];
    effects.extend(super::pane_shown(app));
    effects.extend(app.notify(&text));
    effects.extend(app.cheer(text.clone()));
    if let Some(note) = note {
        app.toasts.last_detail = Some((text, note));
    }
    effects
}

/// What a comparison says of one turn of the open half.
fn now_on(c: &Comparison, (conversation, turn): GoldTurn) -> String {
    let found = c.open.flips.iter().find(|f: &&Flip| f.conversation == conversation && f.turn == turn);
    match found {
        Some(f) if f.kind != FlipKind::Fixed => format!("this turn is {}", flips::kind_words(f.kind)),
        _ => "this turn is right".to_owned(),
    }
}
