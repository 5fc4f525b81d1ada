//! Review as a screen of the program.

use super::state::ReviewScreen;
use super::{decide, lists, view};
use crate::action::{Action, Row, Scope};
use crate::domain::Review;
use crate::tui::screens::contract::Screen;
use crate::tui::state::effect::{Effect, Go, ask, go, open, say};
use crate::tui::state::request::review::{Open, ReviewRequest};
use crate::tui::state::seen::Hit;
use crate::tui::state::shared::Shared;
use crate::tui::state::tab::Tab;
use crate::tui::widgets::Canvas;
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

/// Keys that may wait for an answer of the store.
const TYPED_AHEAD: usize = 128;

impl Screen for ReviewScreen {
    fn scopes(&self, _: &Shared) -> Vec<Scope> {
        let cause = self.waits_for_cause().then_some(Scope::Cause);
        cause.into_iter().chain([Scope::Review, Scope::Move, Scope::Global]).collect()
    }

    fn enter(&mut self, shared: &Shared) -> Vec<Effect> {
        self.resume(shared)
    }

    fn act(&mut self, shared: &Shared, action: Action) -> Vec<Effect> {
        if std::mem::take(&mut self.resumed) && matches!(action, Action::Pick(_)) {
            return say("back where you stopped: press it again to label this turn, or g and a digit for a tab");
        }
        match action {
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
                self.scroll(shared, action);
                Vec::new()
            }
            Action::Pick(digit) => decide::pick(self, digit),
            Action::Confirm => decide::confirm(self, shared),
            Action::Cause(cause) => decide::cause(self, cause),
            Action::Later => decide::put_off(self, Review::Later),
            Action::Skip => decide::put_off(self, Review::Skipped),
            Action::PreviousTurn | Action::NextTurn => {
                self.other_turn(action == Action::NextTurn);
                Vec::new()
            }
            Action::NextItem => self.next_item(),
            Action::PreviousItem => self.previous(),
            Action::ToggleAdvance => toggle_advance(self),
            Action::Leave => go(Go::Tab(self.back.take().unwrap_or(Tab::Queue))),
            _ => above(self, shared, action),
        }
    }

    fn enabled(&self, shared: &Shared, action: Action) -> Result<(), &'static str> {
        let Some(item) = self.item() else {
            return match action {
                Action::Leave | Action::ToggleAdvance => Ok(()),
                Action::PreviousItem if !self.visited.is_empty() => Ok(()),
                _ => Err("no conversation is open"),
            };
        };
        match action {
            Action::Pick(_) | Action::PickAny | Action::NewIntent if self.turn.is_none() => {
                Err("the customer said nothing here; say why it failed with w")
            }
            Action::Confirm if self.turn.is_none() && item.cause.is_none() => {
                Err("the customer said nothing here; say why it failed with w")
            }
            Action::PickAny if shared.intents.is_empty() => Err("there are no intents yet; n makes the first"),
            Action::EditResponse if self.answer_turn().is_none() => {
                Err("the AI gave no answer after this turn; there is nothing to correct")
            }
            Action::Answer if item.status != Review::Flagged => Err("nobody asks anything about it; F asks"),
            Action::PreviousItem if self.visited.is_empty() => Err("this is the first one"),
            Action::NextItem if self.scope.is_none() => Err("this one was opened alone; Esc goes back to the queue"),
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &Shared, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &Shared) -> Vec<Effect> {
        let progress = self.scope.clone().map(|scope| ask(ReviewRequest::Progress(scope)));
        let item = self.item().map(|item| ask(ReviewRequest::Reread(item.n)));
        progress.into_iter().chain(item).collect()
    }

    fn reload(&mut self, _: &Shared) -> Vec<Effect> {
        let to = match (self.item().map(|i| i.n), self.scope.clone()) {
            (Some(id), _) => Open::Item(id),
            (None, Some(scope)) => Open::Next(scope, None),
            (None, None) => return Vec::new(),
        };
        let generation = self.next_request();
        vec![ask(ReviewRequest::Open(to, generation))]
    }

    fn click(&mut self, _: &Shared, _: Hit) -> Vec<Effect> {
        Vec::new()
    }

    fn wheel(&mut self, shared: &Shared, by: isize) -> Vec<Effect> {
        self.scroll_by(shared, by);
        Vec::new()
    }

    fn selected(&self, _: &Shared, text: bool) -> Option<String> {
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
    fn hold(&mut self, shared: &Shared, key: KeyEvent) -> bool {
        let waits = self.waits(shared);
        if waits && self.wait.typed.len() < TYPED_AHEAD {
            self.wait.typed.push_back(key);
        }
        waits
    }

    fn next_held(&mut self, shared: &Shared) -> Option<KeyEvent> {
        if self.waits(shared) { None } else { self.wait.typed.pop_front() }
    }

    fn stop_waiting(&mut self) {
        self.wait.busy = false;
        self.wait.typed.clear();
    }

    fn call(&self) -> Option<&'static str> {
        self.waits_for_cause().then_some("a letter says why it failed")
    }

    fn hints_at(&self, action: Action) -> bool {
        let waits = self.waits_for_cause();
        match action {
            Action::Confirm if waits => self.proposal.is_some(),
            Action::Pick(_) => !waits && !decide::choices(self).is_empty(),
            // While letters mean causes, a letter that means something else would mislead.
            Action::Why | Action::NewIntent | Action::PickAny | Action::HowItEnded | Action::Sentiment => !waits,
            Action::PreviousTurn => self.item().is_some_and(|i| i.conversation.turns.len() > 2),
            _ => true,
        }
    }

    fn hint(&self, shared: &Shared, row: &Row) -> Option<String> {
        let key = shared.keys.map.first_key(row);
        match row.action {
            Action::Pick(_) => match decide::choices(self).len() {
                n if n > 1 => Some(format!("1-{n} {}", row.label)),
                _ => Some(format!("1 {}", row.label)),
            },
            Action::Confirm if self.waits_for_cause() => {
                Some(format!("{key} {}", self.proposal.map_or("", |c| c.label())))
            }
            Action::Leave => Some(format!("{key} {}", self.back.unwrap_or(Tab::Queue).title().to_lowercase())),
            Action::Confirm if self.disputed().is_some() => Some(format!("{key} keep the label")),
            Action::Confirm if self.item().is_some_and(|i| i.confirmable.is_none() || i.blind()) => {
                Some(format!("{key} choose intent"))
            }
            _ => None,
        }
    }
}

impl ReviewScreen {
    fn waits(&self, shared: &Shared) -> bool {
        self.wait.busy || !shared.intents_known
    }
}

/// What opens something above the screen.
fn above(review: &ReviewScreen, shared: &Shared, action: Action) -> Vec<Effect> {
    match action {
        Action::Flag => open(lists::question()),
        Action::Answer => lists::answer(review).map(open).unwrap_or_default(),
        Action::PickAny => open(lists::intents(review, shared)),
        Action::Why => open(lists::causes(review)),
        Action::EditResponse => lists::response(review).map(open).unwrap_or_default(),
        Action::EditNote => lists::note(review).map(open).unwrap_or_default(),
        Action::NewIntent => open(lists::new_intent(review)),
        Action::HowItEnded => lists::outcomes(review).map(open).unwrap_or_default(),
        Action::Sentiment => open(lists::sentiments(review)),
        _ => Vec::new(),
    }
}

fn toggle_advance(review: &mut ReviewScreen) -> Vec<Effect> {
    review.stay = !review.stay;
    say(if review.stay { "stays on a conversation after a decision" } else { "goes on after a decision" })
}
