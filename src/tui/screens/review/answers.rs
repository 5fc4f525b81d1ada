//! What Review makes of answers: those of the store, and those of the person it asked.

#![deny(clippy::wildcard_enum_match_arm)]

use super::state::ReviewScreen;
use super::{decide, meanwhile};
use crate::domain::Cause;
use crate::tui::state::choice::{JudgedAs, Purpose, ReviewChoice, ReviewQuestion};
use crate::tui::state::effect::{Effect, ProgramEffect, ask, complain, say};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::review::{NamedIntent, ReviewAnswer, ReviewRequest, Shown};
use crate::tui::state::shared::Shared;
use crate::tui::widgets::lists::{intent_called, is_intent};

impl ReviewScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, answer: ReviewAnswer) -> Vec<Effect> {
        match answer {
            ReviewAnswer::Opened(shown, generation) => {
                if generation != self.wait.generation {
                    return Vec::new();
                }
                self.take(shown, generation);
                self.settle()
            }
            ReviewAnswer::Progress(scope, progress) => {
                if self.scope.as_ref() == Some(&scope) {
                    self.progress = progress.ok().or(self.progress);
                }
                Vec::new()
            }
            ReviewAnswer::Decided(saved, generation) => self.decided(saved, generation),
            ReviewAnswer::Overtaken(said, changes, then, generation) => match generation == self.wait.generation {
                true => meanwhile::overtaken(self, &said, changes, then),
                false => Vec::new(),
            },
            ReviewAnswer::Reread(item) => {
                // What cannot be read anew stays as it is.
                item.into_iter().for_each(|item| meanwhile::take(self, *item));
                Vec::new()
            }
            ReviewAnswer::IntentAdded(added, generation) => self.intent_added(added, generation),
        }
    }

    /// A conversation is on the screen: remember it, and go on with the keys that waited.
    fn settle(&self) -> Vec<Effect> {
        let mut effects = vec![Effect::Program(ProgramEffect::RememberPlace)];
        effects.extend(self.scope.clone().map(|s| ask(ReviewRequest::Progress(s))));
        effects.push(Effect::Program(ProgramEffect::PressHeld));
        effects
    }

    fn decided(&mut self, saved: Result<Result<Shown, String>, String>, generation: u64) -> Vec<Effect> {
        if generation != self.wait.generation {
            return Vec::new();
        }
        match saved {
            Ok(shown) => {
                self.take(shown, generation);
                let mut effects = vec![ask(CommonRequest::Counts)];
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

    fn intent_added(&mut self, added: Result<NamedIntent, String>, generation: u64) -> Vec<Effect> {
        if generation != self.wait.generation {
            return Vec::new();
        }
        self.wait.busy = false;
        match added {
            Ok(named) => {
                let mut effects = vec![ask(CommonRequest::Intents)];
                if !named.created {
                    self.proposal = None;
                }
                effects.extend(decide::label(self, named.id, named.created));
                if let Some(said) = named.said {
                    effects.extend(say(said));
                }
                effects
            }
            Err(why) => {
                self.wait.typed.clear();
                self.proposal = None;
                complain("the intent could not be made", why)
            }
        }
    }

    /// Takes a choice from something that it opened.
    pub fn chosen(&mut self, choice: ReviewChoice) -> Vec<Effect> {
        match choice {
            ReviewChoice::Text(Purpose::Response(id, turn), text) => decide::response(self, id, turn, &text),
            ReviewChoice::Text(Purpose::Note(id), text) => decide::note(self, id, &text),
            ReviewChoice::Draft(id, turn, text) => {
                self.keep_draft(id, turn, text.clone());
                vec![ask(ReviewRequest::Draft(id, turn, text))]
            }
            ReviewChoice::Look(act) => meanwhile::look(self, &act),
            ReviewChoice::Theirs(then) => meanwhile::theirs(self, then),
            ReviewChoice::Mine(act) => meanwhile::mine(self, act),
        }
    }

    /// Judges the conversation on the screen.
    pub fn judged(&mut self, shared: &Shared, judged: JudgedAs) -> Vec<Effect> {
        match judged {
            JudgedAs::Intent(id) if !is_intent(&shared.intents, id) => {
                say("this intent is gone; F5 reads the list anew")
            }
            JudgedAs::Intent(id) => decide::label(self, id, false),
            JudgedAs::Named(name) => match intent_called(&shared.intents, &name) {
                // One that is there is simply picked.
                Some(id) => decide::label(self, id, false),
                None => {
                    self.proposal = Some(Cause::NewIntent);
                    let generation = self.next_request();
                    vec![ask(ReviewRequest::AddIntent(name, generation))]
                }
            },
            JudgedAs::Cause(cause) => decide::cause(self, cause),
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
        shared: &Shared,
        question: ReviewQuestion,
        text: String,
    ) -> Result<Vec<Effect>, &'static str> {
        match question {
            ReviewQuestion::Intent if text.is_empty() => Err("an intent needs a name"),
            ReviewQuestion::Intent => Ok(self.judged(shared, JudgedAs::Named(text))),
            ReviewQuestion::Question if text.is_empty() => Err("what do you want to know?"),
            ReviewQuestion::Question => Ok(decide::question(self, &text)),
            ReviewQuestion::Answer if text.is_empty() => Err("a few words, for whoever asked"),
            ReviewQuestion::Answer => Ok(decide::answer(self, &text)),
        }
    }
}
