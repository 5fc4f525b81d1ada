//! What Patterns makes of answers: those of the store, and those of the person it asked.

#![deny(clippy::wildcard_enum_match_arm)]

use super::lists;
use super::state::PatternsScreen;
use crate::domain::{Detection, Judgement};
use crate::tui::state::choice::{JudgedAs, JudgedOn, PatternsChoice, PatternsQuestion};
use crate::tui::state::effect::{Effect, ProgramEffect, ask, complain, decided, open, say};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::patterns::{PatternsAnswer, PatternsRequest};
use crate::tui::state::request::queue::DecidedMany;
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::JobEnd;
use crate::tui::widgets::lists::{
    causes, causes_of_understood, intent_called, intents, is_intent, stay_open, stay_out,
};
use crate::tui::widgets::{numbers, words};

impl PatternsScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, shared: &SharedState, answer: PatternsAnswer) -> Vec<Effect> {
        match answer {
            PatternsAnswer::Page(view, page) => self.take_page(view, page),
            PatternsAnswer::Preview(Err(why)) => complain("this cannot be labelled", why),
            PatternsAnswer::Preview(Ok(preview)) => {
                if preview.ids.is_empty() {
                    return say(lists::nothing_left(&preview));
                }
                let menu = lists::label_all(&preview, shared);
                self.preview = Some(preview);
                open(menu)
            }
            PatternsAnswer::Labelled(Ok(many)) => labelled(many),
            PatternsAnswer::Labelled(Err(why)) => complain("not saved", why),
            PatternsAnswer::Overtaken(said, ids, judgement, seen) => {
                open(lists::overtaken(&said, ids, judgement, seen))
            }
            PatternsAnswer::Decided(Ok(told), lists_changed) => {
                let mut effects = decided(told);
                if lists_changed {
                    effects.extend([ask(CommonRequest::Intents), ask(CommonRequest::Vocabulary)]);
                }
                effects.push(Effect::Program(ProgramEffect::Refresh));
                effects
            }
            PatternsAnswer::Decided(Err(why), _) => complain("not saved", why),
        }
    }

    /// Labels all of a line.
    fn label(&self, judgement: Judgement) -> Vec<Effect> {
        let Some(preview) = &self.preview else { return Vec::new() };
        vec![ask(PatternsRequest::Label(preview.ids.clone(), judgement, preview.seen))]
    }

    /// Takes what a detector found, or why it found nothing.
    pub fn detected(&self, end: Result<Box<Detection>, JobEnd>) -> Vec<Effect> {
        match end {
            Ok(found) => {
                let text = match (found.prevalence, found.lo, found.hi) {
                    (Some(p), Some(lo), Some(hi)) => format!(
                        "{}: {:.1} % of {} ({:.1} to {:.1} %)",
                        words::line(&found.mode),
                        100.0 * p,
                        numbers::plural(found.n, "conversation", "conversations"),
                        100.0 * lo,
                        100.0 * hi
                    ),
                    _ => {
                        format!("{}: no share can be told yet: {}", words::line(&found.mode), words::line(&found.says))
                    }
                };
                let mut effects = say(text);
                effects.push(Effect::Program(ProgramEffect::Refresh));
                effects
            }
            Err(JobEnd::Cancelled) => say("stopped: nothing was told of the mode"),
            Err(JobEnd::Failed(why)) => complain("the detector could not look", why),
        }
    }

    /// Takes a choice from something that it opened.
    pub fn chosen(&mut self, shared: &SharedState, choice: PatternsChoice) -> Vec<Effect> {
        let on = JudgedOn::Pattern;
        match choice {
            PatternsChoice::HandOut(about, terms) => vec![ask(PatternsRequest::HandOut(about, terms))],
            PatternsChoice::ModeUnder(query, cause) => open(lists::name_mode(self, query, cause)),
            PatternsChoice::LabelOthers(ids, judgement, seen) => {
                vec![ask(PatternsRequest::Label(ids, judgement, Some(seen)))]
            }
            PatternsChoice::LabelAll(ids, judgement) => vec![ask(PatternsRequest::Label(ids, judgement, None))],
            PatternsChoice::Intents => open(intents(&shared.intents, on, &[], "")),
            PatternsChoice::Causes => open(causes(on, None, crate::domain::Cause::ALL)),
            PatternsChoice::Understood => open(causes_of_understood(on)),
            PatternsChoice::Modes => open(lists::modes(shared)),
            PatternsChoice::MergeTopic(from, into) => vec![ask(PatternsRequest::MergeTopic(from, into))],
            PatternsChoice::MergeMode(from, into) => vec![ask(PatternsRequest::MergeMode(from, into))],
            PatternsChoice::RetireMode(name) => vec![ask(PatternsRequest::RetireMode(name))],
        }
    }

    /// Judges all that the preview holds.
    pub fn judged(&mut self, shared: &SharedState, judged: JudgedAs) -> Vec<Effect> {
        match judged {
            JudgedAs::Intent(id) if !is_intent(&shared.intents, id) => {
                say("this intent is gone; F5 reads the list anew")
            }
            JudgedAs::Intent(id) => self.label(Judgement::Intent(id)),
            JudgedAs::Named(name) | JudgedAs::New(name) => match intent_called(&shared.intents, &name) {
                Some(id) => self.label(Judgement::Intent(id)),
                None => say(format!("there is no intent {name:?}; n makes one of the line")),
            },
            JudgedAs::Cause(cause) => self.label(Judgement::Cause(cause)),
            JudgedAs::Understood(cause) => self.label(Judgement::Understood(cause)),
            JudgedAs::Mode(mode, cause) => self.label(Judgement::Mode(mode, cause)),
            JudgedAs::Outcome(outcome) => self.label(Judgement::Outcome(outcome)),
            JudgedAs::Traffic(_) => self.label(Judgement::NotTraffic),
            // No list on Patterns offers it.
            JudgedAs::Sentiment(_) => Vec::new(),
        }
    }

    /// Takes what was written to a question.
    ///
    /// # Errors
    /// Why it is no answer, for a person; the question stays.
    pub fn told(&mut self, question: PatternsQuestion, text: String) -> Result<Vec<Effect>, &'static str> {
        match question {
            PatternsQuestion::Intent(_) if text.is_empty() => Err("an intent needs a name"),
            PatternsQuestion::Intent(query) => Ok(vec![ask(PatternsRequest::MakeIntent(query, text))]),
            PatternsQuestion::Mode(..) if text.is_empty() => Err("a mode needs a name"),
            PatternsQuestion::Mode(query, cause) => Ok(vec![ask(PatternsRequest::MakeMode(query, text, cause))]),
            PatternsQuestion::RenameTopic(_) if text.is_empty() => Err("a topic needs a name"),
            PatternsQuestion::RenameTopic(from) => Ok(vec![ask(PatternsRequest::RenameTopic(from, text))]),
            PatternsQuestion::RenameMode(_) if text.is_empty() => Err("a mode needs a name"),
            PatternsQuestion::RenameMode(from) => Ok(vec![ask(PatternsRequest::RenameMode(from, text))]),
            PatternsQuestion::SplitMode(name) => {
                let into: Vec<String> =
                    text.split(',').map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect();
                match into.len() {
                    0 | 1 => Err("a split takes two names at least, with a comma between"),
                    _ => Ok(vec![ask(PatternsRequest::SplitMode(name, into))]),
                }
            }
        }
    }
}

/// Says what was done.
fn labelled(many: DecidedMany) -> Vec<Effect> {
    let mut text = many.told;
    text.push_str(&stay_open(many.open));
    text.push_str(&stay_out(many.unfailed as u64));
    if many.left_out > 0 {
        let n = numbers::count(many.left_out as u64);
        text.push_str(&format!("; {n} left out: the customer said nothing there, or they are labelled blind"));
    }
    let mut effects = decided(text);
    effects.push(Effect::Program(ProgramEffect::Refresh));
    effects
}
