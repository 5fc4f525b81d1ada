//! From a key to decisions (rules 10, 25, 26). One act is one list of changes, saved in one transaction; the next
//! conversation comes with the answer. Keys pressed meanwhile wait for it.

use super::{Reviewing, next};
use crate::action::Action;
use crate::domain::{Cause, Change, ConversationId, IntentId, Outcome, Review, TurnKey};
use crate::store::{DisputedTurn, ReviewItem};
use crate::tui::overlays;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{Request, Then};

/// Saves an act; what comes up next is the next conversation when this one is done.
fn save(app: &mut App, changes: Vec<Change>, done: bool) -> Vec<Effect> {
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    let then = match app.review.scope.clone() {
        Some(scope) if done && !app.review.stay => Then::Next(scope, id),
        _ => Then::Stay(id),
    };
    let (seen, generation) = (app.review.seen, app.review.next_request());
    vec![Effect::Ask(Request::Decide(changes, then, seen, generation))]
}

/// The customer wanted this intent.
pub fn label(app: &mut App, intent: IntentId, created: bool) -> Vec<Effect> {
    let Some((item, turn)) = app.review.item().zip(app.review.turn) else { return Vec::new() };
    if item.turn != Some(turn) {
        let settled = app.review.disputed().is_some() && app.review.seeks_disputes();
        return save(app, vec![Change::intents(item.n, turn, &[intent])], settled);
    }
    let (changes, done) = item.case().relabel(intent, created);
    let proposal = (created && !done).then_some(Cause::NewIntent);
    app.review.proposal = proposal.or(app.review.proposal.filter(|_| !done));
    save(app, changes, done)
}

/// The intents behind the digits on the turn that is judged now.
pub fn choices(review: &Reviewing) -> Vec<(IntentId, String, Option<f64>, bool)> {
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
fn keep(app: &mut App, d: &DisputedTurn) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    let changes = vec![Change::intents(item.n, d.turn, &d.label)];
    let done = match item.turn == Some(d.turn) {
        true => item.cause.is_some() || !item.needs_cause,
        false => app.review.seeks_disputes(),
    };
    save(app, changes, done)
}

/// A digit.
pub fn pick(app: &mut App, digit: u8) -> Vec<Effect> {
    let index = usize::from(digit).saturating_sub(1);
    match choices(&app.review).into_iter().nth(index) {
        Some((intent, ..)) => label(app, intent, false),
        None => app.say("no intent behind this digit; / shows all, n makes one"),
    }
}

/// Enter: the intent is right; on an item that waits for its cause, the cause that is proposed.
pub fn confirm(app: &mut App) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    if app.review.waits_for_cause() {
        return match app.review.proposal {
            Some(proposed) => cause(app, proposed),
            None => app.say("one letter says why it failed"),
        };
    }
    if let Some(d) = app.review.disputed().cloned() {
        return keep(app, &d);
    }
    if app.review.turn != item.turn {
        return confirm_other_turn(app);
    }
    if item.judged && item.cause.is_some() {
        return next(app);
    }
    match item.confirmable.clone() {
        Some((intent, _)) if !item.blind() => label(app, intent, false),
        _ => overlays::open_intents(app),
    }
}

fn confirm_other_turn(app: &mut App) -> Vec<Effect> {
    let said = app.review.item().zip(app.review.turn).and_then(|(item, t)| {
        if item.blind() {
            return None;
        }
        item.conversation.turn(t)?.intent.clone()
    });
    let known = said.and_then(|name| app.shared.intents.iter().find(|i| i.name == name).map(|i| i.id));
    match known {
        Some(intent) => label(app, intent, false),
        None => overlays::open_intents(app),
    }
}

/// A cause of failure.
pub fn cause(app: &mut App, cause: Cause) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    let (changes, done) = item.case().because(cause);
    app.review.proposal = None;
    save(app, changes, done)
}

/// Later, cannot tell: the item goes out of the way and comes back where it was asked for.
pub fn put_off(app: &mut App, status: Review) -> Vec<Effect> {
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    save(app, vec![Change::status(id, Some(status))], true)
}

/// Asks something: the item leaves Review until somebody has answered.
pub fn ask(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    save(app, vec![Change::question(id, text)], true)
}

/// Answers what is asked. The item stays: it is open again.
pub fn answer(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    // A flag of a former version carries no question.
    let change = match item.is_asked() {
        true => Change::answer(item.n, text),
        false => Change::status(item.n, None).because(text),
    };
    save(app, vec![change], false)
}

/// What the AI should have said. The item stays, and `wrong_answer` is proposed.
pub fn response(app: &mut App, id: ConversationId, turn: TurnKey, text: &str) -> Vec<Effect> {
    let text = text.trim_end();
    let to = (!text.trim().is_empty()).then(|| text.to_owned());
    app.review.proposal = to.is_some().then_some(Cause::WrongAnswer);
    save(app, vec![Change::response(id, turn, to)], false)
}

/// A note; an empty one takes it away.
pub fn note(app: &mut App, id: ConversationId, text: &str) -> Vec<Effect> {
    let text = text.trim();
    save(app, vec![Change::note(id, (!text.is_empty()).then(|| text.to_owned()))], false)
}

/// How it really ended.
pub fn outcome(app: &mut App, outcome: Outcome) -> Vec<Effect> {
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    save(app, vec![Change::outcome(id, Some(outcome))], false)
}

/// Spam or a test, or real after all. What is no traffic needs no further judgement.
pub fn traffic(app: &mut App, real: bool) -> Vec<Effect> {
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    save(app, vec![Change::traffic(id, real)], !real)
}

/// How the customer felt.
pub fn sentiment(app: &mut App, value: Option<f64>) -> Vec<Effect> {
    let Some(id) = app.review.item().map(|i| i.n) else { return Vec::new() };
    save(app, vec![Change::sentiment(id, value)], false)
}

/// Whether an action of Review can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let review = &app.review;
    let Some(item) = review.item() else {
        return match action {
            Action::Leave | Action::ToggleAdvance => Ok(()),
            Action::PreviousItem if !review.visited.is_empty() => Ok(()),
            _ => Err("no conversation is open"),
        };
    };
    match action {
        Action::Pick(_) | Action::PickAny | Action::NewIntent if review.turn.is_none() => {
            Err("the customer said nothing here; say why it failed with w")
        }
        Action::Confirm if review.turn.is_none() && item.cause.is_none() => {
            Err("the customer said nothing here; say why it failed with w")
        }
        Action::PickAny if app.shared.intents.is_empty() => Err("there are no intents yet; n makes the first"),
        Action::EditResponse if review.answer_turn().is_none() => {
            Err("the AI gave no answer after this turn; there is nothing to correct")
        }
        Action::Answer if item.status != Review::Flagged => Err("nobody asks anything about it; F asks"),
        Action::PreviousItem if review.visited.is_empty() => Err("this is the first one"),
        Action::NextItem if review.scope.is_none() => Err("this one was opened alone; Esc goes back to the queue"),
        _ => Ok(()),
    }
}
