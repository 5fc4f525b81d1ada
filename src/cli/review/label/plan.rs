//! From what a person says of a conversation to decisions (rules 25, 26).

use crate::domain::{Cause, DecisionChange, IntentId, Outcome, Review, Role, TurnKey};
use crate::learn::sentiment::Feeling;
use crate::store::{IntentNames, ReviewItem, Store};
use anyhow::{Result, bail};

/// What a person says of one conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct LabelWish {
    /// Its number.
    pub turn: Option<u32>,
    pub intents: Vec<String>,
    pub response: Option<String>,
    pub cause: Option<Cause>,
    pub mode: Option<String>,
    pub outcome: Option<Outcome>,
    pub sentiment: Option<f64>,
    pub note: Option<String>,
    pub status: Option<Review>,
    pub flag: Option<String>,
    pub answer: Option<String>,
    pub not_traffic: bool,
}

impl LabelWish {
    /// A turn alone decides nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.intents.is_empty()
            && self.response.is_none()
            && self.cause.is_none()
            && self.mode.is_none()
            && self.outcome.is_none()
            && self.sentiment.is_none()
            && self.note.is_none()
            && self.status.is_none()
            && self.flag.is_none()
            && self.answer.is_none()
            && !self.not_traffic
    }
}

/// The decisions that follow.
///
/// # Errors
/// An intent that does not exist or is out of use; a turn that is not the customer's; no answer to correct.
pub(super) fn changes(
    store: &Store,
    names: &IntentNames,
    item: &ReviewItem,
    wish: &LabelWish,
) -> Result<Vec<DecisionChange>> {
    let mut out = Vec::new();
    let mode = wish.mode.as_deref().map(|name| store.mode(name)).transpose()?;
    let mut cause = wish.cause.or(mode.as_ref().map(|m| m.cause)).map(Some);
    out.extend(mode.map(|m| DecisionChange::mode(item.n, Some(m.id))));
    if !wish.intents.is_empty() {
        let turn = customer_turn(item, wish.turn)?;
        let intents = intents(store, names, &wish.intents)?;
        out.push(DecisionChange::intents(item.n, turn, &intents));
        if cause.is_none() && item.turn == Some(turn) {
            // A cause that an earlier label had set goes when the AI turns out to have been right.
            let outdated = item.cause.filter(|c| c.is_about_intent()).map(|_| None);
            cause = item.case().cause_of_relabel(&intents, false).map(Some).or(outdated);
        }
    }
    if let Some(text) = &wish.response {
        let text = (!text.trim().is_empty()).then(|| text.trim_end().to_owned());
        out.push(DecisionChange::response(item.n, answer_turn(item, wish.turn)?, text));
    }
    out.extend(cause.map(|c| DecisionChange::cause(item.n, c)));
    out.extend(wish.outcome.map(|o| DecisionChange::outcome(item.n, Some(o))));
    out.extend(wish.sentiment.map(|s| DecisionChange::sentiment(item.n, Some(s))));
    out.extend(
        wish.note.as_ref().map(|n| DecisionChange::note(item.n, (!n.trim().is_empty()).then(|| n.trim().to_owned()))),
    );
    out.extend(wish.status.map(|s| DecisionChange::status(item.n, (s != Review::Open).then_some(s))));
    if let Some(text) = &wish.flag {
        out.push(DecisionChange::question(item.n, worded(text, "--flag", "what do you want to know?")?));
    }
    if let Some(text) = &wish.answer {
        out.extend(answer(item, worded(text, "--answer", "what is to be done?")?)?);
    }
    out.extend(wish.not_traffic.then(|| DecisionChange::traffic(item.n, false)));
    Ok(out)
}

fn worded<'a>(text: &'a str, flag: &str, hint: &str) -> Result<&'a str> {
    match text.trim() {
        "" => bail!("{flag} needs words: {hint}"),
        text => Ok(text),
    }
}

/// What an answer decides. A flag of a former version carries no question; it goes too.
fn answer(item: &ReviewItem, text: &str) -> Result<Vec<DecisionChange>> {
    match (item.is_asked(), item.status) {
        (true, _) if !item.may_answer => {
            bail!("you asked this yourself: a lead or a colleague answers it; A in Review takes your question back")
        }
        (true, _) => Ok(vec![DecisionChange::answer(item.n, text)]),
        (false, Review::Flagged) => Ok(vec![DecisionChange::status(item.n, None).because(text)]),
        _ => bail!("nobody asks anything about it; `appraise queue status:flagged` lists what waits for an answer"),
    }
}

/// The intents of some names, as they are today.
pub(in crate::cli) fn intents(store: &Store, names: &IntentNames, wanted: &[String]) -> Result<Vec<IntentId>> {
    let mut out = Vec::new();
    for name in wanted {
        let id = names.today(store.intent(name)?);
        if !names.is_active(id) {
            let own = names.name(id);
            bail!("intent {own:?} is retired; `appraise intents add {own}` takes it up again");
        }
        if !out.contains(&id) {
            out.push(id);
        }
    }
    Ok(out)
}

/// A turn of the customer: the one that is named, else the one to judge.
pub(in crate::cli) fn customer_turn(item: &ReviewItem, wanted: Option<u32>) -> Result<TurnKey> {
    let Some(turn) = wanted.map(|n| n as usize).or_else(|| judged(item)) else {
        bail!("the customer says nothing in it: there is no turn to give an intent");
    };
    match item.conversation.turns.get(turn) {
        None => bail!("there is no turn {turn}; turns go from 0 to {}", item.conversation.turns.len() - 1),
        Some(t) if t.role != Role::User => {
            let theirs: Vec<String> = turns_of(item, Role::User).map(|t| t.to_string()).collect();
            bail!("turn {turn} is not the customer's; theirs are {} (counted from 0)", theirs.join(", "))
        }
        Some(t) => Ok(t.key),
    }
}

/// The AI's turn that is corrected: the one that is named, else the first after the turn to judge.
fn answer_turn(item: &ReviewItem, wanted: Option<u32>) -> Result<TurnKey> {
    let from = wanted.map(|n| n as usize).or_else(|| judged(item)).unwrap_or(0);
    match turns_of(item, Role::Bot).find(|&t| t >= from).and_then(|t| item.conversation.key_at(t)) {
        Some(turn) => Ok(turn),
        None => bail!(
            "the AI says nothing after turn {from} (counted from 0): there is no answer to correct; name another with --turn"
        ),
    }
}

/// Where the turn to judge stands.
fn judged(item: &ReviewItem) -> Option<usize> {
    item.turn.and_then(|t| item.conversation.place_of(t))
}

fn turns_of(item: &ReviewItem, role: Role) -> impl Iterator<Item = usize> + '_ {
    (0..).zip(&item.conversation.turns).filter(move |(_, t)| t.role == role).map(|(i, _)| i)
}

/// How a customer felt, as a number from -1 to 1 or in a word.
pub(super) fn sentiment(text: &str) -> Result<f64, String> {
    let number = || text.parse::<f64>().ok().filter(|v| (-1.0..=1.0).contains(v));
    let value = Feeling::parse(text).map(Feeling::number).or_else(number);
    value.ok_or_else(|| "sentiment goes from -1 to 1, or is negative, neutral or positive".to_owned())
}
