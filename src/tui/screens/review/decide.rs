//! From a key to decisions (rules 10, 25, 26). One act is one list of changes, saved in one transaction; the next
//! conversation comes with the answer. Keys pressed meanwhile wait for it.

use super::lists;
use super::state::ReviewScreen;
use crate::action::Action;
use crate::domain::{
    Cause, ConversationId, DecisionChange, IntentId, Judgement, ModeId, OUT_OF_SCOPE_ID, Outcome, Review, TurnKey,
};
use crate::store::{DisputedTurn, ReviewItem, Suggestion};
use crate::tui::state::effect::{Effect, ask, open, say};
use crate::tui::state::request::review::{AfterDecision, NamedLabel, ReviewRequest};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::lists::intent_called;

/// Saves an act; what comes up next is the next conversation when this one is done.
fn save(review: &mut ReviewScreen, changes: Vec<DecisionChange>, done: bool) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    let then = match review.scope.clone() {
        Some(scope) if done && !review.stay => AfterDecision::Next(scope, id),
        _ => AfterDecision::Stay(id),
    };
    let (seen, generation) = (review.seen, review.next_request());
    vec![ask(ReviewRequest::Decide(changes, then, seen, generation))]
}

/// The customer wanted this intent.
pub fn label(review: &mut ReviewScreen, shared: &SharedState, intent: IntentId, created: bool) -> Vec<Effect> {
    let Some((item, turn)) = review.item().zip(review.turn) else { return Vec::new() };
    if item.turn != Some(turn) {
        let settled = review.disputed().is_some() && review.seeks_disputes();
        let said = item.conversation.turn(turn).and_then(|t| t.intent.as_deref());
        let logged = said.and_then(|name| intent_called(&shared.intents, name));
        let case = item.case_of(turn, logged);
        let (changes, done) = case.relabel_beside(intent, created, item.blind());
        return save(review, changes, done || settled);
    }
    let (changes, done) = item.case().relabel(intent, created);
    review.new_intent_on = (created && !done).then_some(item.n);
    save(review, changes, done)
}

/// The customer wanted something of this name; it is new.
pub fn label_named(review: &mut ReviewScreen, name: String) -> Vec<Effect> {
    let Some((item, turn)) = review.item().zip(review.turn) else { return Vec::new() };
    let scope = review.scope.clone().filter(|_| !review.stay);
    let label = NamedLabel { n: item.n, turn, name, scope };
    let (seen, generation) = (review.seen, review.next_request());
    vec![ask(ReviewRequest::LabelNamed(label, seen, generation))]
}

/// The AI had understood this one and all that got the same answer, and this is why they failed.
pub fn alike(review: &mut ReviewScreen, cause: Cause) -> Vec<Effect> {
    let Some(here) = review.item().map(|i| i.n) else { return Vec::new() };
    let others = review.alike().into_iter().flatten().copied().filter(|id| !review.left_out.contains(id));
    let ids = std::iter::once(here).chain(others).collect();
    let then = match review.scope.clone().filter(|_| !review.stay) {
        Some(scope) => AfterDecision::Next(scope, here),
        None => AfterDecision::Stay(here),
    };
    let (seen, generation) = (review.seen, review.next_request());
    vec![ask(ReviewRequest::DecideAlike(ids, Judgement::Understood(cause), then, seen, generation))]
}

/// The intents behind the digits on the turn that is judged now.
pub fn choices(review: &ReviewScreen) -> Vec<(IntentId, String, Option<f64>, bool)> {
    let Some(item) = review.item() else { return Vec::new() };
    if let Some(d) = review.disputed() {
        return contested(item, d);
    }
    review
        .suggestions()
        .iter()
        // It has a key of its own.
        .filter(|s| s.intent != OUT_OF_SCOPE_ID)
        .take(9)
        .map(|s| (s.intent, s.name.clone(), s.confidence, s.now && !item.blind()))
        .collect()
}

/// What the digits offer on a disputed label: what the model says that had not seen it, the label, and the other
/// intents without a word on how likely they are, since the live model may have learnt from the label.
fn contested(item: &ReviewItem, d: &DisputedTurn) -> Vec<(IntentId, String, Option<f64>, bool)> {
    let logged = |i: IntentId| item.turn == Some(d.turn) && item.logged == Some(i);
    let both = [(&d.says, d.confidence), (&d.given, d.given_confidence)];
    let is_other = |s: &&Suggestion| s.intent != d.says.0 && s.intent != d.given.0 && s.intent != OUT_OF_SCOPE_ID;
    let others = item.suggestions.iter().filter(is_other);
    both.into_iter()
        .map(|((i, name), c)| (*i, name.clone(), Some(c), logged(*i)))
        .chain(others.map(|s| (s.intent, s.name.clone(), None, logged(s.intent))))
        .take(9)
        .collect()
}

/// A disputed label is right all the same: it is given again.
fn keep(review: &mut ReviewScreen, d: &DisputedTurn) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    let changes = vec![DecisionChange::intents(item.n, d.turn, &d.label)];
    let done = match item.turn == Some(d.turn) {
        true => item.cause.is_some() || !item.needs_cause,
        false => review.seeks_disputes(),
    };
    save(review, changes, done)
}

/// So long a conversation has been there before a digit can be meant for it, in milliseconds.
const READABLE_FROM: i64 = 300;

/// Why a digit is not taken: it was pressed for the conversation before.
fn too_early(review: &ReviewScreen, shared: &SharedState) -> Option<&'static str> {
    let early = review.appeared.is_some_and(|at| shared.now.0.saturating_sub(at.0) < READABLE_FROM);
    early.then_some("that digit came before this conversation was there: nothing was saved")
}

/// A digit. Only what stands on the screen can be meant by it.
pub fn pick(review: &mut ReviewScreen, shared: &SharedState, digit: u8) -> Vec<Effect> {
    if let Some(why) = too_early(review, shared) {
        return say(why);
    }
    if let Some(d) = review.disputed().filter(|_| digit == 2).cloned() {
        return keep(review, &d);
    }
    let index = usize::from(digit).saturating_sub(1);
    let drawn = shared.seen.hits.iter().any(|(_, hit)| *hit == ScreenHit::Act(Action::Pick(digit)));
    match choices(review).into_iter().nth(index).filter(|_| drawn) {
        Some((intent, ..)) => label(review, shared, intent, false),
        // What is named stands on the screen, too.
        None if review.waits_for_cause() => say("no intent stands behind this digit; a letter says why it failed"),
        None if shared.intents.is_empty() => say("there are no intents yet; n makes the first, 0 is out of scope"),
        None => say("no intent stands behind this digit; / shows all, n makes one, 0 is out of scope"),
    }
}

/// What the customer wanted is nothing for the AI: label and cause in one key.
pub fn out_of_scope(review: &mut ReviewScreen, shared: &SharedState) -> Vec<Effect> {
    match too_early(review, shared) {
        Some(why) => say(why),
        None if review.waits_for_cause() && review.item().is_some_and(|item| item.judged) => {
            say("the intent is said already: a letter says why it failed, u takes it back")
        }
        None => label(review, shared, OUT_OF_SCOPE_ID, false),
    }
}

/// Nothing failed: the customer had to be handed to a person, and was.
pub fn right_handover(review: &mut ReviewScreen) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    let (changes, done) = item.case().understood_but(Cause::RightHandover);
    save(review, changes, done)
}

/// Enter: what the AI understood is right. It never takes a guess, nor a cause.
pub fn confirm(review: &mut ReviewScreen, shared: &SharedState) -> Vec<Effect> {
    if review.item().is_none() {
        return Vec::new();
    }
    if review.waits_for_cause() {
        return say("a letter says why it failed; w says what each of them means");
    }
    if review.disputed().is_some() {
        return say("1 takes what the model says, 2 keeps the label");
    }
    if review.is_decided() {
        return review.next_item();
    }
    match review.confirmable() {
        Some(&(intent, _)) => label(review, shared, intent, false),
        // A hand that confirms by habit is not to write into the test what the next letter happens to find.
        None if review.judges_blind() => say("a digit, / or 0: nothing is proposed here"),
        None => open(lists::intents(review, shared)),
    }
}

/// A cause of failure.
pub fn cause(review: &mut ReviewScreen, cause: Cause) -> Vec<Effect> {
    if review.waits_for_cause() && !review.possible_causes().contains(&cause) {
        return say(match cause {
            Cause::RightHandover => "it was not handed to a person",
            _ if review.item().is_some_and(|item| !item.judged) => "no intent is said, so that cannot have been it",
            _ => "the intent is said already, so that was not it; u takes it back",
        });
    }
    let Some(item) = review.item() else { return Vec::new() };
    let (changes, done) = item.case().because(cause);
    save(review, changes, done)
}

/// What went wrong first: it sets the root cause that it belongs to.
pub fn mode(review: &mut ReviewScreen, mode: ModeId, cause: Cause) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    let (changes, done) = item.case().in_mode(mode, cause);
    save(review, changes, done)
}

/// Later, cannot tell: the item goes out of the way and comes back where it was asked for.
pub fn put_off(review: &mut ReviewScreen, status: Review) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![DecisionChange::status(id, Some(status))], true)
}

/// Asks something: the item leaves Review until somebody has answered.
pub fn question(review: &mut ReviewScreen, text: &str) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![DecisionChange::question(id, text)], true)
}

/// Answers what is asked. The item stays: it is open again.
pub fn answer(review: &mut ReviewScreen, text: &str) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    // A flag of a former version carries no question.
    let change = match item.is_asked() {
        true => DecisionChange::answer(item.n, text),
        false => DecisionChange::status(item.n, None).because(text),
    };
    save(review, vec![change], false)
}

/// Takes one's own question back. The item stays: it is what it was without it.
pub fn withdraw(review: &mut ReviewScreen) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![DecisionChange::question_withdrawn(id)], false)
}

/// What the AI should have said. The item stays, and `wrong_answer` is proposed.
pub fn response(review: &mut ReviewScreen, id: ConversationId, turn: TurnKey, text: &str) -> Vec<Effect> {
    let text = text.trim_end();
    let to = (!text.trim().is_empty()).then(|| text.to_owned());
    save(review, vec![DecisionChange::response(id, turn, to)], false)
}

/// A note; an empty one takes it away.
pub fn note(review: &mut ReviewScreen, id: ConversationId, text: &str) -> Vec<Effect> {
    let text = text.trim();
    save(review, vec![DecisionChange::note(id, (!text.is_empty()).then(|| text.to_owned()))], false)
}

/// What is said where the choice stands already: nothing is written.
const UNCHANGED: &str = "unchanged: that stands already";

/// How it really ended. On a blind item nobody is to learn from the answer what stands.
pub fn outcome(review: &mut ReviewScreen, outcome: Outcome) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    if !item.blind() && item.conversation.outcome == Some(outcome) {
        return say(UNCHANGED);
    }
    let id = item.n;
    save(review, vec![DecisionChange::outcome(id, Some(outcome))], false)
}

/// Spam or a test, or real after all. What is no traffic needs no further judgement.
pub fn traffic(review: &mut ReviewScreen, real: bool) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    save(review, vec![DecisionChange::traffic(id, real)], !real)
}

/// How the customer felt.
pub fn sentiment(review: &mut ReviewScreen, value: Option<f64>) -> Vec<Effect> {
    let Some(item) = review.item() else { return Vec::new() };
    if item.sentiment == value {
        return say(UNCHANGED);
    }
    let id = item.n;
    save(review, vec![DecisionChange::sentiment(id, value)], false)
}
