//! What Review makes of answers: those of the store, and those of the person it asked.

#![deny(clippy::wildcard_enum_match_arm)]

use super::state::{ReviewScreen, ReviewStage};
use super::{decide, lists as own, meanwhile};
use crate::store::ReviewScope;
use crate::tui::state::choice::{EditorPurpose, JudgedAs, JudgedOn, ReviewChoice, ReviewQuestion};
use crate::tui::state::effect::{Effect, Job, ProgramEffect, ask, complain, decided, open, say, start};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::patterns::PatternsRequest;
use crate::tui::state::request::responses::ResponsesRequest;
use crate::tui::state::request::review::{ReviewAnswer, ReviewRequest, SavedAct};
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::Background;
use crate::tui::widgets::lists::{self, intent_called, is_intent, is_unlike_all, near_name};

impl ReviewScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, shared: &SharedState, answer: ReviewAnswer) -> Vec<Effect> {
        match answer {
            ReviewAnswer::Opened(shown, generation) => {
                if generation != self.wait.generation {
                    return Vec::new();
                }
                self.take(shown, generation, shared.now);
                self.settle()
            }
            ReviewAnswer::Progress(scope, progress) => {
                if self.scope.as_ref() == Some(&scope) {
                    self.progress = progress.ok().or(self.progress);
                }
                Vec::new()
            }
            ReviewAnswer::Decided(saved, generation) => self.decided(shared, saved, generation),
            ReviewAnswer::Overtaken(said, changes, then, generation) => match generation == self.wait.generation {
                true => meanwhile::overtaken(self, &said, changes, then),
                false => Vec::new(),
            },
            ReviewAnswer::Reread(item) => {
                // What cannot be read anew stays as it is.
                item.into_iter().for_each(|item| meanwhile::take(self, *item));
                Vec::new()
            }
            ReviewAnswer::Named(saved, created, generation) => self.named(shared, saved, created, generation),
            ReviewAnswer::Summary(found) => {
                self.summary = found.ok();
                Vec::new()
            }
            ReviewAnswer::Ranked(id, turn, ranking) => {
                ranking.into_iter().for_each(|ranking| self.take_ranking(id, turn, ranking, shared.now));
                Vec::new()
            }
            ReviewAnswer::Beside(id, beside) => {
                // What cannot be read is not there: nothing waits for it.
                self.beside = beside.ok().filter(|_| self.item().is_some_and(|i| i.n == id)).map(|b| (id, *b));
                // How an answer fares is told of what was counted; what could not be is not tried again here.
                let lacks = self.beside.as_ref().is_some_and(|(_, b)| !b.is_counted);
                let may = shared.may_count_answers() && matches!(shared.counting, Background::Idle);
                (lacks && may).then(|| start(Job::Answers)).into_iter().collect()
            }
        }
    }

    /// A conversation is on the screen: remember it, and go on with the keys that waited.
    fn settle(&mut self) -> Vec<Effect> {
        let mut effects = vec![Effect::Program(ProgramEffect::RememberPlace)];
        if self.beside.as_ref().map(|b| b.0) != self.item().map(|i| i.n) {
            self.beside = None;
        }
        effects.extend(self.ask_ranking());
        let seen = self.ask_beside();
        effects.extend(self.scope.clone().map(|s| ask(ReviewRequest::Progress(s))));
        if let (ReviewStage::Finished, Some(ReviewScope::Cycle(id))) = (&self.stage, &self.scope) {
            effects.push(ask(ReviewRequest::Summary(*id)));
        }
        effects.push(Effect::Program(ProgramEffect::PressHeld));
        // Last: the next decision of a hand that is ahead goes before it.
        effects.extend(seen);
        effects
    }

    /// Asks what lies beside the conversation on the screen. On a blind item nothing may hint at how it ended or what others were labelled.
    pub(super) fn ask_beside(&self) -> Option<Effect> {
        self.item().filter(|i| !i.blind()).map(|i| ask(ReviewRequest::Beside(i.n, self.scope.clone())))
    }

    fn decided(&mut self, shared: &SharedState, saved: Result<SavedAct, String>, generation: u64) -> Vec<Effect> {
        if generation != self.wait.generation {
            return Vec::new();
        }
        match saved {
            Ok(SavedAct { told, shown }) => {
                self.take(shown, generation, shared.now);
                let mut effects = decided(told);
                effects.push(ask(CommonRequest::Counts));
                effects.extend(self.settle());
                effects
            }
            Err(why) => {
                // Keys that were meant for what would have come next must not act on this one.
                self.wait.busy = false;
                self.wait.typed.clear();
                complain("not saved", why)
            }
        }
    }

    fn named(
        &mut self,
        shared: &SharedState,
        saved: Result<SavedAct, String>,
        created: bool,
        generation: u64,
    ) -> Vec<Effect> {
        if generation != self.wait.generation {
            return Vec::new();
        }
        // What comes next is another conversation: nothing was made for that.
        let here = self.item().map(|item| item.n);
        let mut effects = self.decided(shared, saved, generation);
        if created {
            effects.push(ask(CommonRequest::Intents));
            let stays = self.item().map(|item| item.n) == here && self.waits_for_cause();
            self.new_intent_on = here.filter(|_| stays);
        }
        effects
    }

    /// Takes a choice from something that it opened.
    pub fn chosen(&mut self, shared: &SharedState, choice: ReviewChoice) -> Vec<Effect> {
        match choice {
            ReviewChoice::Note => own::note(self).map(open).unwrap_or_default(),
            ReviewChoice::NewMode(cause) => open(own::new_mode(cause)),
            ReviewChoice::Text(EditorPurpose::Response(id, turn), text) => decide::response(self, id, turn, &text),
            ReviewChoice::Text(EditorPurpose::Correction(id, turn), text) => {
                vec![ask(ResponsesRequest::Write(id, turn, text))]
            }
            ReviewChoice::Text(EditorPurpose::Note(id), text) => decide::note(self, id, &text),
            ReviewChoice::Draft(id, turn, text) => {
                self.keep_draft(id, turn, text.clone());
                vec![ask(ReviewRequest::Draft(id, turn, text))]
            }
            ReviewChoice::Correct(turn) => own::response(self, turn).map(open).unwrap_or_default(),
            ReviewChoice::Alike(cause) => decide::alike(self, cause),
            ReviewChoice::LeaveOut(id) => {
                if !self.left_out.remove(&id) {
                    self.left_out.insert(id);
                }
                own::alike(self, shared).map(open).unwrap_or_default()
            }
            ReviewChoice::Look(act) => meanwhile::look(self, &act),
            ReviewChoice::Theirs(then) => meanwhile::theirs(self, then),
            ReviewChoice::Mine(act) => meanwhile::mine(self, act),
        }
    }

    /// Judges the conversation on the screen.
    pub fn judged(&mut self, shared: &SharedState, judged: JudgedAs) -> Vec<Effect> {
        match judged {
            JudgedAs::Intent(id) if !is_intent(&shared.intents, id) => {
                say("this intent is gone; F5 reads the list anew")
            }
            JudgedAs::Intent(id) => decide::label(self, shared, id, false),
            JudgedAs::Named(name) => match intent_called(&shared.intents, &name) {
                // One that is there is simply picked.
                Some(id) => decide::label(self, shared, id, false),
                None => match near_name(&shared.intents, &name) {
                    Some(near) => open(lists::did_you_mean(JudgedOn::Item, &name, near)),
                    // Letters of a search that found nothing are no name yet.
                    None => open(lists::make_new(JudgedOn::Item, &name)),
                },
            },
            JudgedAs::New(name) => decide::label_named(self, name),
            JudgedAs::Cause(cause) | JudgedAs::Understood(cause) => decide::cause(self, cause),
            JudgedAs::Mode(mode, cause) => decide::mode(self, mode, cause),
            JudgedAs::Outcome(outcome) => decide::outcome(self, outcome),
            JudgedAs::Traffic(real) => decide::traffic(self, real),
            JudgedAs::Sentiment(value) => decide::sentiment(self, value),
        }
    }

    /// Takes what was written to a question.
    ///
    /// # Errors
    /// Why it is no answer, for a person; the question stays.
    pub fn told(
        &mut self,
        shared: &SharedState,
        question: ReviewQuestion,
        text: String,
    ) -> Result<Vec<Effect>, &'static str> {
        match question {
            ReviewQuestion::Intent if text.is_empty() => Err("an intent needs a name"),
            ReviewQuestion::Intent if is_unlike_all(&shared.intents, &text) => Ok(decide::label_named(self, text)),
            ReviewQuestion::Intent => Ok(self.judged(shared, JudgedAs::Named(text))),
            ReviewQuestion::Question if text.is_empty() => Err("what do you want to know?"),
            ReviewQuestion::Question => Ok(decide::question(self, &text)),
            ReviewQuestion::Mode(_) if text.is_empty() => Err("a mode needs a name"),
            ReviewQuestion::Mode(cause) => Ok(vec![ask(PatternsRequest::AddMode(text, cause))]),
            ReviewQuestion::Meaning(intent) => {
                Ok(vec![ask(PatternsRequest::Define(intent, Some(text).filter(|t| !t.is_empty())))])
            }
            ReviewQuestion::Answer if text.is_empty() => Err("a few words, for whoever asked"),
            ReviewQuestion::Answer => Ok(decide::answer(self, &text)),
        }
    }
}
