//! The customer's turns of a conversation, and what is known of how they felt.

use super::signs::could_not;
use super::tone::{is_displeased, is_pleased, only_asks};
use super::{Feeling, SentimentModel, SentimentTurn};
use crate::domain::{Conversation, Role, Timestamp};
use crate::learn::contract::Predict;
use crate::learn::signals::{Signal, asks_for_person, found};
use crate::text::has_words;
use std::collections::BTreeSet;

/// How sure plain words of displeasure are at least, however rarely a model has met them: a judgement, not measured.
const PLAIN: f64 = 0.8;
/// What a reviewer said is neither good nor bad up to here.
const NEITHER: f64 = 0.1;

/// Who says how a customer felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A reviewer.
    Reviewer,
    /// The customer, who rated the conversation.
    Rating,
    /// The customer, who marked an answer.
    Thumb,
}

/// A customer's turn of the store.
#[derive(Clone, Debug)]
pub struct HeardTurn {
    /// Where it stands.
    pub at: u32,
    /// What was said.
    pub text: String,
    /// What the AI had said last.
    pub before: String,
    /// The AI had answered something that the customer had said: a greeting answers nothing.
    pub is_answered: bool,
    /// The customer says the same again.
    pub repeats: bool,
    /// It is among the signs that the AI understood something else: whoever says so is not pleased, whatever a model reads.
    pub has_sign: bool,
    /// What somebody says of it.
    pub rated: Option<(Feeling, By)>,
    /// Its customer, by a number of its own; 0 where only the turn matters.
    pub group: i64,
    /// In a test group.
    pub is_test: bool,
    /// The last activity of its conversation; the epoch where the log has no times.
    pub ended: Timestamp,
    /// How many turns of its kind it stands for (rule 52); 1 where nothing was drawn from a log.
    pub weight: f64,
}

impl HeardTurn {
    /// The turn as it is learnt from and asked about.
    pub fn turn(&self) -> SentimentTurn<'_> {
        SentimentTurn { text: &self.text, before: &self.before, repeats: self.repeats }
    }

    /// What somebody says of it.
    pub fn feeling(&self) -> Option<Feeling> {
        self.rated.map(|r| r.0)
    }
}

/// The customer's turns up to where a person took over, and whether a person was asked for. A rating of the conversation, and what a
/// reviewer says, is one of its last turn; a thumb is one of the turn after the answer.
pub fn heard(c: &Conversation, said: Option<f64>) -> (Vec<HeardTurn>, bool) {
    let signs = found(c);
    let again = |s: Signal| matches!(s, Signal::SaidAgain | Signal::Rephrased);
    let repeats: BTreeSet<u32> = signs.iter().filter(|f| again(f.signal)).map(|f| f.turn).collect();
    let asked = signs.iter().any(|f| f.signal == Signal::AskedForPerson);
    let mut out: Vec<HeardTurn> = Vec::new();
    let signed: BTreeSet<u32> = signs.iter().map(|f| f.turn).collect();
    let (mut before, mut thumb, mut is_answered) = ("", None, false);
    for (at, turn) in c.turns.iter().enumerate().take_while(|(_, t)| !t.is_human_or_handoff()) {
        match turn.role {
            Role::Bot => {
                before = &turn.text;
                is_answered = !out.is_empty() && has_words(before, 1);
                thumb = turn.feedback.as_ref().map(|f| f.score);
            }
            Role::User if !turn.payload && !turn.text.trim().is_empty() => {
                let rated = thumb.take().map(|score| match score {
                    ..0 => (Feeling::Negative, By::Thumb),
                    0 => (Feeling::Neutral, By::Thumb),
                    _ => (Feeling::Positive, By::Thumb),
                });
                let (text, before) = (turn.text.clone(), before.to_owned());
                let at = at as u32;
                let (repeats, has_sign) = (repeats.contains(&at), signed.contains(&at));
                out.push(HeardTurn {
                    at,
                    text,
                    before,
                    is_answered,
                    repeats,
                    has_sign,
                    rated,
                    group: 0,
                    is_test: false,
                    ended: Timestamp(0),
                    weight: 1.0,
                });
            }
            _ => {}
        }
    }
    if let Some(last) = out.last_mut() {
        last.rated = said_of(c, said).or(last.rated);
    }
    (out, asked)
}

/// What a reviewer, else the customer's rating, says of a conversation.
pub fn said_of(c: &Conversation, said: Option<f64>) -> Option<(Feeling, By)> {
    let reviewer = said.map(|x| match x {
        x if x < -NEITHER => (Feeling::Negative, By::Reviewer),
        x if x > NEITHER => (Feeling::Positive, By::Reviewer),
        _ => (Feeling::Neutral, By::Reviewer),
    });
    let csat = c.csat.as_ref().filter(|c| c.max > 0.0).map(|c| match c.score / c.max {
        x if x <= 0.4 => (Feeling::Negative, By::Rating),
        x if x < 0.8 => (Feeling::Neutral, By::Rating),
        _ => (Feeling::Positive, By::Rating),
    });
    reviewer.or(csat)
}

/// How a conversation ends for its customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeltEnd {
    /// -1 to 1; below 0 exactly where it is negative.
    pub felt: f64,
    /// The chance that the customer is let down; `None`: the customer said it.
    pub chance: Option<f64>,
}

/// How a conversation ends for its customer: as the customer's rating says, else as a model reads the customer's last turn. Whoever says one
/// thing alone asks it: how that ended is not in it, and it is read as negative only where it says so itself. Nor do plain words before any
/// answer tell how it ended: in the demo 31 of 120 who came so rated badly, and 249 of 1,348 others; behind an answer 32 of 57, and 81 of 868.
/// `None` where the customer says nothing.
pub fn end_of(c: &Conversation, model: &SentimentModel) -> Option<FeltEnd> {
    rated_end(c).or_else(|| {
        let (turns, _) = heard(c, None);
        turns.last().map(|t| {
            let chance = model.predict(t.turn()).shares[Feeling::Negative as usize];
            let read = if t.is_answered { number(model, t) } else { learned(model, t) };
            let felt = if turns.len() == 1 && !says_displeased(t) { read.max(0.0) } else { read };
            FeltEnd { felt, chance: Some(f64::from(chance)) }
        })
    })
}

/// How a conversation ends for its customer, as the customer's rating says: that takes no model. `None`: the customer did not rate.
pub fn rated_end(c: &Conversation) -> Option<FeltEnd> {
    said_of(c, None).map(|(feeling, _)| FeltEnd { felt: feeling.number(), chance: None })
}

/// How the customer feels at a turn, -1 to 1: as a model says, and below or above 0 wherever the turn says so in so many words. A model that was
/// learnt where nobody speaks so knows nothing against them. Who has heard no answer yet and only asks, politely for a person, too, has said
/// nothing of it: a model may have learnt that those who ask so end up let down, but that is not in the text.
pub fn number(model: &SentimentModel, heard: &HeardTurn) -> f64 {
    if model.takes_at_word(&heard.text) {
        let share = model.predict(heard.turn()).shares[Feeling::Negative as usize];
        return -f64::from(share).max(PLAIN);
    }
    let read = learned(model, heard);
    if says_pleased(heard) && model.takes_praise_at_word(&heard.text) {
        return read.max(PLAIN);
    }
    let asks = model.rules().is_counted() && !heard.is_answered && only_asks(&heard.text);
    if asks { read.max(0.0) } else { read }
}

/// What a model says of a turn, -1 to 1: below 0 exactly where it tells it as negative. Above 0 only where the turn itself says so: where most
/// customers rate 5 a model learns that whatever they ask comes before a 5, and a question is no pleasure.
fn learned(model: &SentimentModel, heard: &HeardTurn) -> f64 {
    let guess = model.predict(heard.turn());
    let share = |f: Feeling| f64::from(guess.shares[f as usize]).max(0.01);
    match model.told(&guess) {
        Feeling::Negative => -share(Feeling::Negative),
        Feeling::Positive if says_pleased(heard) => share(Feeling::Positive),
        Feeling::Neutral | Feeling::Positive => 0.0,
    }
}

/// Whether a turn itself says that its customer is pleased. Thanks for a refusal are good manners.
fn says_pleased(heard: &HeardTurn) -> bool {
    is_pleased(&heard.text, heard.is_answered) && !says_displeased(heard) && !could_not(&heard.before)
}

/// Whether a turn itself says that its customer is not pleased, whatever a model reads: a word of displeasure, a call for a person, that the
/// answer was wrong.
fn says_displeased(heard: &HeardTurn) -> bool {
    heard.has_sign || is_displeased(&heard.text) || asks_for_person(&heard.text)
}
