//! How a piece of work of Fine-tune ended.

use super::panes::flips;
use super::state::TuneScreen;
use super::state::front::TuneFront;
use super::state::work::{TuneWork, stopped};
use super::{blame, registry, replay, result};
use crate::domain::{Comparison, Flip, FlipKind};
use crate::tui::state::effect::{Effect, FootMessage, ProgramEffect, ask, cheer, complain, say};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::tune::TuneRequest;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::state::work::{CandidateMethod, GoldTurn, JobEnd, TuneJob, TuneResult};
use crate::tui::widgets::{numbers, words};

/// It ended.
pub fn finished(tune: &mut TuneScreen, shared: &SharedState, end: Result<TuneResult, JobEnd>) -> Vec<Effect> {
    let Some(work) = tune.work.take() else { return Vec::new() };
    match end {
        Ok(done) => take(tune, shared, &work, done),
        Err(JobEnd::Cancelled) => {
            let mut effects = vec![ask(CommonRequest::Counts)];
            effects.extend(say(stopped(&work.job)));
            effects
        }
        Err(JobEnd::Failed(why)) => {
            let mut effects = vec![ask(CommonRequest::Counts)];
            effects.extend(shared.notify(work.failed()));
            effects.extend(complain(work.failed(), why));
            effects
        }
    }
}

fn take(tune: &mut TuneScreen, shared: &SharedState, work: &TuneWork, done: TuneResult) -> Vec<Effect> {
    match done {
        TuneResult::Compared(c, note) => compared(tune, shared, work, c, note),
        TuneResult::Verified(found) => registry::verified(tune, found),
        TuneResult::Scored(n) => {
            let mut effects =
                cheer(format!("{} scored on today's gold", numbers::plural(n, "release is", "releases are")));
            effects.push(ask(TuneRequest::Registry));
            effects
        }
        TuneResult::Replayed(found) => replay::finished(tune, shared, work, found),
        TuneResult::Blamed(found) => blame::finished(tune, shared, work, found),
        TuneResult::HeldOut(release, rows) => {
            tune.views.registry.take_left_out(release, rows);
            Vec::new()
        }
        TuneResult::Exported(files) => {
            let out = words::line(&files.out.display().to_string());
            let mut text = format!("v{} is in {out}: {}", files.release.0, numbers::bytes(files.bytes));
            if let Some(key) = &files.needs_encoder {
                text.push_str(&format!("; a reader needs the encoder {}", words::line(key)));
            }
            cheer(text)
        }
    }
}

/// A candidate, or two releases that are there already.
fn compared(
    tune: &mut TuneScreen,
    shared: &SharedState,
    work: &TuneWork,
    c: Box<Comparison>,
    note: Option<String>,
) -> Vec<Effect> {
    let job = &work.job;
    let verdict = result::verdict_word(c.verdict);
    let mut text = match job {
        TuneJob::Train(CandidateMethod::Ask(name), _) => {
            format!("{} is v{}: {verdict}", words::line(name), c.release.0)
        }
        TuneJob::Compare(before, after) => {
            let before = c.before_intents.or(*before).map_or("the log".to_owned(), |r| format!("v{}", r.0));
            let found = if c.same_intents { "the same intents, no look is spent" } else { verdict };
            format!("v{} beside {before}: {found}", after.0)
        }
        _ => format!("v{} is trained: {verdict}", c.release.0),
    };
    if let TuneJob::Without(_, _, turn) = job {
        text.push_str(&format!("; {}", now_on(&c, *turn)));
    }
    tune.panes.rewind();
    tune.comparison = StoreRead::Ready(Some(c));
    tune.views.shown = None;
    tune.show_result(work, TuneFront::Result);
    // What is on its way belongs to another comparison.
    tune.generation += 1;
    let mut effects = vec![ask(CommonRequest::Counts), ask(TuneRequest::Registry)];
    if matches!(job, TuneJob::Train(..)) {
        effects.push(Effect::Program(ProgramEffect::Trained));
    }
    effects.extend(tune.pane_shown());
    effects.extend(shared.notify(&text));
    effects.extend(cheer(text.clone()));
    if let Some(note) = note {
        effects.push(Effect::Say(FootMessage::Detail(text, note)));
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
