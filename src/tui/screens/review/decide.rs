//! From a key to decisions (rules 10, 25, 26). One act is one list of changes, saved in one transaction; the next
//! conversation comes with the answer. Keys pressed meanwhile wait for it.

use super::lists;
use super::state::ReviewScreen;
use crate::domain::{Cause, Change, ConversationId, IntentId, Outcome, Review, TurnKey};
use crate::store::{DisputedTurn, ReviewItem};
use crate::tui::state::effect::{Effect, ask, open, say};
use crate::tui::state::request::review::{ReviewRequest, Then};
use crate::tui::state::shared::Shared;

/// Saves an act; what comes up next is the next conversation when this one is done.
fn save(review: &mut ReviewScreen, changes: Vec<Change>, done: bool) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    let then = match review.scope.clone() {
        Some(scope) if done && !review.stay => Then::Next(scope, id),
        _ => Then::Stay(id),
    };
    let (seen, generation) = (review.seen, review.next_request());
    vec![ask(ReviewRequest::Decide(changes, then, seen, generation))]
}

/// The customer wanted this intent.
pub fn label(review: &mut ReviewScreen, intent: IntentId, created: bool) -> Vec<Effect> {
    let Some((item, turn)) = review.item().zip(review.turn) else { return Vec::new() };
    if item.turn != Some(turn) {
        let settled = review.disputed().is_some() && review.seeks_disputes();
        return save(review, vec![Change::intents(item.n, turn, &[intent])], settled);
    }
    let (changes, done) = item.case().relabel(intent, created);
    let proposal = (created && !done).then_some(Cause::NewIntent);
    review.proposal = proposal.or(review.proposal.filter(|_| !done));
    save(review, changes, done)
}

/// The intents behind the digits on the turn that is judged now.
pub fn choices(review: &ReviewScreen) -> Vec<(IntentId, String, Option<f64>, bool)> {
    let Some(item) = review.item() else { return Vec::new() };
    if let Some(d) = review.disputed() {
        return contested(item, d);
    }
    let here = item.turn == review.turn;
    if !here {
        // The ranking is that of the turn to judge; on another turn it would mislead.
        return Vec::new();
    }
    item.suggestions
        .iter()
        .take(9)
        .map(|s| (s.intent, s.name.clone(), s.confidence.filter(|_| here), s.now && here && !item.blind()))
        .collect()
}

/// What the digits offer on a disputed label: what the model says that had not seen it, the label, and the other
/// intents without a word on how likely they are, since the live model may have learnt from the label.
fn contested(item: &ReviewItem, d: &DisputedTurn) -> Vec<(IntentId, String, Option<f64>, bool)> {
    let logged = |i: IntentId| item.turn == Some(d.turn) && item.logged == Some(i);
    let both = [(&d.says, d.confidence), (&d.given, d.given_confidence)];
    let others = item.suggestions.iter().filter(|s| s.intent != d.says.0 && s.intent != d.given.0);
    both.into_iter()
        .map(|((i, name), c)| (*i, name.clone(), Some(c), logged(*i)))
        .chain(others.map(|s| (s.intent, s.name.clone(), None, logged(s.intent))))
        .take(9)
        .collect()
}

/// A disputed label is right all the same: it is given again.
fn keep(review: &mut ReviewScreen, d: &DisputedTurn) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    let changes = vec![Change::intents(item.n, d.turn, &d.label)];
    let done = match item.turn == Some(d.turn) {
        true => item.cause.is_some() || !item.needs_cause,
        false => review.seeks_disputes(),
    };
    save(review, changes, done)
}

/// A digit.
pub fn pick(review: &mut ReviewScreen, digit: u8) -> Vec<Effect> {
    let index = usize::from(digit).saturating_sub(1);
    match choices(review).into_iter().nth(index) {
        Some((intent, ..)) => label(review, intent, false),
        None => say("no intent behind this digit; / shows all, n makes one"),
    }
}

/// Enter: the intent is right; on an item that waits for its cause, the cause that is proposed.
pub fn confirm(review: &mut ReviewScreen, shared: &Shared) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    if review.waits_for_cause() {
        return match review.proposal {
            Some(proposed) => cause(review, proposed),
            None => say("one letter says why it failed"),
        };
    }
    if let Some(d) = review.disputed().cloned() {
        return keep(review, &d);
    }
    if review.turn != item.turn {
        return confirm_other_turn(review, shared);
    }
    if item.judged && item.cause.is_some() {
        return review.next_item();
    }
    match item.confirmable.clone() {
        Some((intent, _)) if !item.blind() => label(review, intent, false),
        _ => open(lists::intents(review, shared)),
    }
}

fn confirm_other_turn(review: &mut ReviewScreen, shared: &Shared) -> Vec<Effect> {
    let said = review.item().zip(review.turn).and_then(|(item, t)| {
        if item.blind() {
            return None;
        }
        item.conversation.turn(t)?.intent.clone()
    });
    let known = said.and_then(|name| shared.intents.iter().find(|i| i.name == name).map(|i| i.id));
    match known {
        Some(intent) => label(review, intent, false),
        None => open(lists::intents(review, shared)),
    }
}

/// A cause of failure.
pub fn cause(review: &mut ReviewScreen, cause: Cause) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    let (changes, done) = item.case().because(cause);
    review.proposal = None;
    save(review, changes, done)
}

/// Later, cannot tell: the item goes out of the way and comes back where it was asked for.
pub fn put_off(review: &mut ReviewScreen, status: Review) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![Change::status(id, Some(status))], true)
}

/// Asks something: the item leaves Review until somebody has answered.
pub fn question(review: &mut ReviewScreen, text: &str) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![Change::question(id, text)], true)
}

/// Answers what is asked. The item stays: it is open again.
pub fn answer(review: &mut ReviewScreen, text: &str) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    // A flag of a former version carries no question.
    let change = match item.is_asked() {
        true => Change::answer(item.n, text),
        false => Change::status(item.n, None).because(text),
    };
    save(review, vec![change], false)
}

/// What the AI should have said. The item stays, and `wrong_answer` is proposed.
pub fn response(review: &mut ReviewScreen, id: ConversationId, turn: TurnKey, text: &str) -> Vec<Effect> {
    let text = text.trim_end();
    let to = (!text.trim().is_empty()).then(|| text.to_owned());
    review.proposal = to.is_some().then_some(Cause::WrongAnswer);
    save(review, vec![Change::response(id, turn, to)], false)
}

/// A note; an empty one takes it away.
pub fn note(review: &mut ReviewScreen, id: ConversationId, text: &str) -> Vec<Effect> {
    let text = text.trim();
    save(review, vec![Change::note(id, (!text.is_empty()).then(|| text.to_owned()))], false)
}

/// How it really ended.
pub fn outcome(review: &mut ReviewScreen, outcome: Outcome) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![Change::outcome(id, Some(outcome))], false)
}

/// Spam or a test, or real after all. What is no traffic needs no further judgement.
pub fn traffic(review: &mut ReviewScreen, real: bool) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![Change::traffic(id, real)], !real)
}

/// How the customer felt.
pub fn sentiment(review: &mut ReviewScreen, value: Option<f64>) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![Change::sentiment(id, value)], false)
}
