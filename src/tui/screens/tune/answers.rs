//! What Fine-tune makes of answers: those of the store, of long work, and of the person it asked.

#![deny(clippy::wildcard_enum_match_arm)]

use super::state::TuneScreen;
use super::state::front::TuneFront;
use super::{curve, disputes, ended, how, registry};
use crate::domain::ReleaseId;
use crate::jobs::Economics;
use crate::store::Judgements;
use crate::tui::state::choice::{TuneChoice, TuneQuestion};
use crate::tui::state::effect::{Effect, LongWork, ProgramEffect, ask, cheer, complain, or_complain, stop};
use crate::tui::state::files::from_home;
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::tune::{TuneAnswer, TuneRequest};
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::{Background, JobEnd, JobProgress, TuneJob, TuneResult};

impl TuneScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, shared: &SharedState, answer: TuneAnswer) -> Vec<Effect> {
        match answer {
            TuneAnswer::Releases(answer) => {
                let mut effects = or_complain("the releases could not be read", self.take_releases(answer));
                effects.extend(self.pane_shown());
                effects
            }
            TuneAnswer::Comparison(c, generation) => {
                let taken = self.take_comparison(c, generation);
                let mut effects = or_complain("the comparison could not be read", taken);
                effects.extend(self.pane_shown());
                effects
            }
            TuneAnswer::Registry(facts) => match self.take_registry(facts) {
                Ok(true) => vec![ask(TuneRequest::Releases)],
                taken => or_complain("the releases could not be read", taken.map(drop)),
            },
            TuneAnswer::OpenHalf(rows) => {
                or_complain("the open half could not be read", self.views.registry.take_open_half(rows))
            }
            TuneAnswer::Pinned(Ok(pinned)) => {
                let mut effects = cheer(match pinned {
                    true => "pinned: a candidate that breaks this turn is refused",
                    false => "not pinned any more",
                });
                effects.push(ask(TuneRequest::Pins));
                effects
            }
            TuneAnswer::Pinned(Err(why)) => complain("the turn was not pinned", why),
            TuneAnswer::Pins(Ok(pins)) => {
                self.take_pins(&pins);
                Vec::new()
            }
            TuneAnswer::Pins(Err(why)) => complain("the pins could not be read", why),
            TuneAnswer::Labels(turns, Ok(labels)) => {
                self.views.replay.take_labels(&turns, labels);
                Vec::new()
            }
            TuneAnswer::Labels(_, Err(why)) => complain("what was judged meanwhile could not be read", why),
            TuneAnswer::Promoted(Ok(v)) => {
                self.went_live(shared, format!("v{} is live; guesses are renewed in the background", v.0))
            }
            TuneAnswer::Promoted(Err(why)) => self.not_decided("not promoted", why),
            TuneAnswer::RolledBack(Ok(to)) => {
                let says = to.map_or("nothing is live any more".to_owned(), |v| format!("v{} is live again", v.0));
                self.went_live(shared, format!("rolled back: {says}"))
            }
            TuneAnswer::RolledBack(Err(why)) => self.not_decided("not rolled back", why),
            TuneAnswer::Rejected(Ok(v)) => {
                self.busy = false;
                let mut effects = cheer(format!("v{} is rejected", v.0));
                effects.extend([ask(CommonRequest::Counts), ask(TuneRequest::Registry)]);
                effects
            }
            TuneAnswer::Rejected(Err(why)) => self.not_decided("not rejected", why),
            TuneAnswer::GoldFrozen(Ok(v)) => {
                let mut effects = cheer(format!("gold version {} is frozen; the next run is measured on it", v.0));
                effects.push(ask(CommonRequest::Counts));
                if self.views.front == TuneFront::Registry {
                    effects.extend(registry::refresh(self));
                }
                effects
            }
            TuneAnswer::GoldFrozen(Err(why)) => complain("the gold set was not frozen", why),
            TuneAnswer::DisputedExamples(Ok(rows)) => disputes::examples(&rows),
            TuneAnswer::DisputedExamples(Err(why)) => complain("labels that look wrong could not be read", why),
            TuneAnswer::Settled(Ok(())) => {
                let mut effects = cheer("saved: the next run learns from it");
                effects.extend([ask(CommonRequest::Counts), ask(TuneRequest::DisputedExamples)]);
                effects
            }
            TuneAnswer::Settled(Err(why)) => complain("not saved", why),
        }
    }

    /// Another release is live than before.
    fn went_live(&mut self, shared: &SharedState, words: String) -> Vec<Effect> {
        self.busy = false;
        let mut effects = cheer(words);
        // A renewal for the release before is of no use any more; the next one begins when it has stopped.
        if matches!(shared.renewal, Background::Running(_)) {
            effects.push(stop(LongWork::Renewal));
        }
        // Whatever screen asked for it told of what was live before.
        effects.extend([ask(TuneRequest::Registry), Effect::Program(ProgramEffect::Refresh)]);
        effects
    }

    fn not_decided(&mut self, what: &str, why: String) -> Vec<Effect> {
        self.busy = false;
        complain(what, why)
    }

    /// Takes what people said of the answers of a candidate; `None`: another comparison is on the screen.
    pub fn take_judgements(
        &mut self,
        after: ReleaseId,
        said: Result<Judgements, String>,
        what: &str,
    ) -> Option<Vec<Effect>> {
        self.shown().filter(|c| c.release == after)?;
        Some(match said {
            Ok(said) => {
                self.judgements = Some(said);
                Vec::new()
            }
            Err(why) => complain(what, why),
        })
    }

    /// Takes how far its work is.
    pub fn work_goes_on(&mut self, progress: JobProgress) {
        if let Some(work) = &mut self.work {
            work.run.progress = progress;
        }
    }

    /// Takes what came of its work.
    pub fn work_ended(&mut self, shared: &SharedState, end: Result<TuneResult, JobEnd>) -> Vec<Effect> {
        ended::finished(self, shared, end)
    }

    /// Takes how far the drawing of the learning curve is.
    pub fn drawing_goes_on(&mut self, progress: JobProgress) {
        if let Some(run) = &mut self.views.curve.run {
            run.progress = progress;
        }
    }

    /// Takes the learning curve.
    pub fn drawn(&mut self, end: Result<Box<Economics>, JobEnd>) -> Vec<Effect> {
        curve::finished(self, end)
    }

    /// Takes a choice from something that it opened.
    pub fn chosen(&mut self, shared: &SharedState, choice: TuneChoice) -> Vec<Effect> {
        match choice {
            TuneChoice::How(how) => how::choose(self, shared, how),
            TuneChoice::Work(job) => self.begin(job),
            TuneChoice::DisputedTurns => disputes::turns(),
            TuneChoice::DisputedExamples => vec![ask(TuneRequest::DisputedExamples)],
            TuneChoice::Disputed(row) => disputes::settle(&row),
            TuneChoice::Settle(dispute, as_said) => disputes::settled(dispute, as_said),
        }
    }

    /// Takes what was written to a question.
    ///
    /// # Errors
    /// Why it is no answer, for a person; the question stays.
    pub fn told(
        &mut self,
        shared: &SharedState,
        question: TuneQuestion,
        text: String,
    ) -> Result<Vec<Effect>, &'static str> {
        let reasoned = |text: String| match text.is_empty() {
            true => Err("a few words, for whoever looks at it later"),
            false => Ok(text),
        };
        let request = match question {
            TuneQuestion::Promote(release, over) => TuneRequest::Promote { release, reason: reasoned(text)?, over },
            TuneQuestion::Reject(release) => TuneRequest::Reject(release, reasoned(text)?),
            TuneQuestion::RollBack(back) => TuneRequest::RollBack(back, reasoned(text)?),
            TuneQuestion::Export(_) if text.is_empty() => return Err("a path, please"),
            TuneQuestion::Export(release) => {
                let out = from_home(&text, shared.home.as_deref());
                return Ok(self.begin(TuneJob::Export(release, out)));
            }
        };
        self.busy = true;
        Ok(vec![ask(request)])
    }
}
