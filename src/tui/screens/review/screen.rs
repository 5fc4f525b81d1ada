//! Review as a screen of the program.

use super::state::{ReviewScreen, ReviewStage};
use super::{decide, lists, view};
use crate::action::{Action, ActionRow, ActionScope};
use crate::domain::{Cause, Review, Role};
use crate::keymap::KeyPress;
use crate::tui::screens::contract::Screen;
use crate::tui::state::effect::{Effect, GoTo, ask, go, open, say};
use crate::tui::state::float::PromptSpec;
use crate::tui::state::request::review::{ReviewOpening, ReviewRequest};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::{Canvas, numbers};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

/// Keys that may wait for an answer of the store.
const TYPED_AHEAD: usize = 128;

impl Screen for ReviewScreen {
    fn scopes(&self, shared: &SharedState) -> Vec<ActionScope> {
        let cause = self.waits_for_cause().then_some(ActionScope::Cause);
        // Where nothing can be moved, the letter that goes up is the commonest cause, pressed too early: it is answered.
        let (fits, lines) = shared.seen.lines;
        let moves = (self.item().is_none() || lines > fits).then_some(ActionScope::Move);
        cause.into_iter().chain([ActionScope::Review]).chain(moves).chain([ActionScope::Global]).collect()
    }

    fn enter(&mut self, shared: &SharedState) -> Vec<Effect> {
        self.resume(shared)
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        let decides = action.decides() && self.stage != ReviewStage::Finished;
        if std::mem::take(&mut self.resumed) && decides {
            return say("back where you stopped: again decides on this one; g and a digit is a tab");
        }
        match action {
            // Where all of it is in sight there is nothing to move but the turn.
            Action::Up | Action::Down if shared.seen.lines.1 <= shared.seen.lines.0 => {
                self.other_turn(action == Action::Down)
            }
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
                self.scroll(shared, action);
                Vec::new()
            }
            Action::Pick(digit) => decide::pick(self, shared, digit),
            Action::OutOfScope => decide::out_of_scope(self, shared),
            Action::NothingFailed => decide::right_handover(self),
            Action::Confirm if self.stage == ReviewStage::Finished => go(GoTo::Tab(ScreenTab::FineTune)),
            Action::Confirm => decide::confirm(self, shared),
            // Where there is no intent yet the first can be made at once.
            Action::Cause(Cause::NewIntent) if self.item().is_some_and(|i| !i.needs_intent) => {
                open(lists::new_intent(self, shared))
            }
            // The letter of a cause that cannot have been it means the list of causes, where it is that key, too.
            Action::Cause(cause) if self.asks_for_list(shared, cause) => open(lists::causes(self)),
            Action::Cause(cause) => decide::cause(self, cause),
            Action::Later => decide::put_off(self, Review::Later),
            Action::Skip => decide::put_off(self, Review::Skipped),
            Action::PreviousTurn | Action::NextTurn => self.other_turn(action == Action::NextTurn),
            Action::NextSign | Action::PreviousSign => self.to_sign(shared, action == Action::NextSign),
            Action::BackToTurn => match self.scroll.take() {
                Some(_) => Vec::new(),
                None => say("the turn that is judged is in view"),
            },
            Action::Unfold => {
                (self.unfolded, self.scroll) = (!self.unfolded, None);
                Vec::new()
            }
            Action::NextItem => self.next_item(),
            Action::PreviousItem => self.previous(),
            Action::ToggleAdvance => toggle_advance(self),
            // Every look is a new one: what was left out in one that was closed is in again.
            Action::LikeThis => {
                self.left_out.clear();
                lists::alike(self, shared).map(open).unwrap_or_default()
            }
            // What one asked oneself is for somebody else to answer.
            Action::Answer if self.item().is_some_and(|item| !item.may_answer) => decide::withdraw(self),
            Action::Leave => go(GoTo::Tab(self.back.take().unwrap_or(ScreenTab::Queue))),
            _ => above(self, shared, action),
        }
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        let Some(item) = self.item() else {
            return match action {
                Action::Leave | Action::ToggleAdvance => Ok(()),
                Action::Confirm if self.stage == ReviewStage::Finished => Ok(()),
                Action::PreviousItem if !self.visited.is_empty() => Ok(()),
                _ => Err("no conversation is open"),
            };
        };
        match action {
            Action::Pick(_) | Action::OutOfScope | Action::PickAny | Action::NewIntent if self.turn.is_none() => {
                Err("the customer said nothing here; say why it failed with w")
            }
            Action::Confirm if self.turn.is_none() && item.cause.is_none() => {
                Err("the customer said nothing here; say why it failed with w")
            }
            // Whether it was handed over is not to be known before; nor is the log's intent taken unseen.
            Action::NothingFailed if self.judges_blind() => Err("a digit, / or 0: nothing is proposed here"),
            Action::NothingFailed if !item.was_handed_over() => {
                Err("this one was not handed to a person: something failed; w says what")
            }
            Action::PickAny if shared.intents.is_empty() => Err("there are no intents yet; n makes the first"),
            Action::DefineIntent if definition(self, shared).is_none() => {
                Err("this turn has no intent yet: label it, then say what its intent means")
            }
            Action::EditResponse if self.answer_turn().is_none() => {
                Err("the AI said nothing in it; there is nothing to correct")
            }
            Action::EditAny if !item.conversation.turns.iter().any(|t| t.role == Role::Bot) => {
                Err("the AI said nothing in it; there is nothing to correct")
            }
            Action::LikeThis if item.blind() => Err("this one is judged alone"),
            Action::LikeThis if !item.conversation.turns.iter().any(|t| t.role == Role::Bot) => {
                Err("the AI said nothing here")
            }
            Action::LikeThis if item.turn != self.turn => {
                Err("= is about the answer to the turn that failed, and another turn is marked here")
            }
            Action::LikeThis if self.alike().is_none() => {
                Err("no other open conversation of the last four weeks got this answer and was understood")
            }
            Action::Unfold if !item.conversation.turns.iter().any(|t| t.role == Role::Tool) => {
                Err("no tool was called in it")
            }
            Action::Answer if item.status != Review::Flagged => Err("nobody asks anything about it; F asks"),
            Action::PreviousItem if self.visited.is_empty() => Err("this is the first one"),
            Action::NextItem if self.scope.is_none() => Err("this one was opened alone; Esc goes back to the queue"),
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &SharedState) -> Vec<Effect> {
        let progress = self.scope.clone().map(|scope| ask(ReviewRequest::Progress(scope)));
        let item = self.item().map(|item| ask(ReviewRequest::Reread(item.n)));
        progress.into_iter().chain(item).chain(self.ask_beside()).collect()
    }

    fn reload(&mut self, _: &SharedState) -> Vec<Effect> {
        let to = match (self.item().map(|i| i.n), self.scope.clone()) {
            (Some(id), _) => ReviewOpening::Item(id),
            (None, Some(scope)) => ReviewOpening::Next(scope, None),
            (None, None) => return Vec::new(),
        };
        let generation = self.next_request();
        vec![ask(ReviewRequest::Open(to, generation))]
    }

    fn click(&mut self, _: &SharedState, _: ScreenHit) -> Vec<Effect> {
        Vec::new()
    }

    fn wheel(&mut self, shared: &SharedState, by: isize) -> Vec<Effect> {
        self.scroll_by(shared, by);
        Vec::new()
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        let c = &self.item()?.conversation;
        match text {
            true => self.turn.and_then(|t| c.turn(t)).map(|t| t.text.clone()),
            false => Some(format!("{}:{}", c.source, c.id)),
        }
    }

    fn is_busy(&self) -> bool {
        self.wait.busy
    }

    /// Keys wait for a decision to be saved, for the conversation to come, and for the intents that they pick from.
    fn hold(&mut self, shared: &SharedState, key: KeyEvent) -> bool {
        let waits = self.waits(shared);
        if waits && self.wait.typed.len() < TYPED_AHEAD {
            self.wait.typed.push_back(key);
        }
        waits
    }

    fn next_held(&mut self, shared: &SharedState) -> Option<KeyEvent> {
        if self.waits(shared) { None } else { self.wait.typed.pop_front() }
    }

    fn stop_waiting(&mut self) {
        self.wait.busy = false;
        self.wait.typed.clear();
    }

    fn unknown(&self, shared: &SharedState, key: KeyPress) -> Option<String> {
        let letter = key.plain()?;
        let here = self.item().is_some();
        match Cause::from_key(letter) {
            Some(cause) if here => {
                let why = shared.keys.map.first_key_named("why");
                Some(format!("{letter} ({}) comes after the intent; {why} asks for it now", cause.label()))
            }
            _ => None,
        }
    }

    fn call(&self) -> Option<&'static str> {
        self.waits_for_cause().then_some("a letter says why it failed")
    }

    fn hints_at(&self, action: Action) -> bool {
        let waits = self.waits_for_cause();
        match action {
            Action::Confirm => !waits && self.disputed().is_none() && !self.judges_blind(),
            Action::Pick(_) => !waits && !decide::choices(self).is_empty(),
            // While letters mean causes, a letter that means something else would mislead.
            Action::Why
            | Action::NewIntent
            | Action::PickAny
            | Action::OutOfScope
            | Action::HowItEnded
            | Action::Sentiment => !waits,
            Action::LikeThis => self.alike().is_some(),
            Action::PreviousTurn => self.item().is_some_and(|i| i.conversation.turns.len() > 2),
            _ => true,
        }
    }

    fn hint(&self, shared: &SharedState, row: &ActionRow) -> Option<String> {
        let key = shared.keys.map.first_key(row);
        match row.action {
            Action::Pick(_) if self.disputed().is_some() => Some("1 the model's  2 keep the label".to_owned()),
            Action::LikeThis => {
                self.alike().map(|open| format!("{key} all {} like it", numbers::count(open.len() as u64 + 1)))
            }
            Action::Leave => Some(format!("{key} {}", self.back.unwrap_or(ScreenTab::Queue).title().to_lowercase())),
            Action::Confirm => Some(format!("{key} {}", self.confirms())),
            Action::Answer if self.item().is_some_and(|item| !item.may_answer) => Some(format!("{key} take back")),
            _ => None,
        }
    }
}

impl ReviewScreen {
    /// What Enter does here, in a few words.
    fn confirms(&self) -> String {
        if self.item().is_none() {
            return ScreenTab::FineTune.title().to_owned();
        }
        if self.is_decided() {
            return "next".to_owned();
        }
        let what = if self.confirmable().is_some() { "intent is right" } else { "choose intent" };
        what.to_owned()
    }

    /// Whether the letter of a cause is the key of the list of causes and says nothing else here.
    fn asks_for_list(&self, shared: &SharedState, cause: Cause) -> bool {
        let key = |action| shared.keys.map.key_of(action);
        let is_possible = self.possible_causes().contains(&cause);
        self.waits_for_cause() && !is_possible && key(Action::Why) == key(Action::Cause(cause))
    }

    fn waits(&self, shared: &SharedState) -> bool {
        self.wait.busy || !shared.intents_known
    }
}

/// The question what the intent of the turn means.
fn definition(review: &ReviewScreen, shared: &SharedState) -> Option<PromptSpec> {
    let guess = decide::choices(review).first().map(|(intent, ..)| *intent);
    lists::definition(review, shared, guess)
}

/// What opens something above the screen.
fn above(review: &ReviewScreen, shared: &SharedState, action: Action) -> Vec<Effect> {
    match action {
        Action::Flag => open(lists::question()),
        Action::Answer => lists::answer(review).map(open).unwrap_or_default(),
        Action::PickAny => open(lists::intents(review, shared)),
        Action::Why => open(lists::causes(review)),
        Action::EditResponse => {
            review.answer_turn().and_then(|turn| lists::response(review, turn)).map(open).unwrap_or_default()
        }
        Action::EditAny => lists::answers(review).map(open).unwrap_or_default(),
        Action::EditNote => lists::modes(review, shared).map(open).unwrap_or_default(),
        Action::NewIntent => open(lists::new_intent(review, shared)),
        Action::DefineIntent => definition(review, shared).map(open).unwrap_or_default(),
        Action::HowItEnded => lists::outcomes(review).map(open).unwrap_or_default(),
        Action::Sentiment => open(lists::sentiments(review)),
        _ => Vec::new(),
    }
}

fn toggle_advance(review: &mut ReviewScreen) -> Vec<Effect> {
    review.stay = !review.stay;
    say(if review.stay { "stays on a conversation after a decision" } else { "goes on after a decision" })
}
