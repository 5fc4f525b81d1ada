//! Signs in a conversation that the AI understood something else than the customer meant: the customer says it again, in
//! the same or in other words, asks for a person, says that the answer was wrong, is angry; the AI gives one answer
//! twice. Pure functions over folded words: English, Greek, and the commonest phrases of a few other languages.
//!
//! What suffices and why is in [`Signals::is_mismatch`].

mod alike;
pub mod evidence;
mod messages;
mod phrases;
mod signal;
#[cfg(test)]
mod tests;

use crate::domain::{Conversation, Role, Turn};
use crate::text::greek::ReadText;
use crate::text::is_smalltalk;
use alike::HashedWords;
pub use messages::{announces_person, knows_nothing, tells_a_state};
use phrases::HeardWords;
pub use signal::Signal;

/// The signs of a conversation, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals(i64);

impl Signals {
    /// Those of stored bits.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// As the store keeps them.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// Whether this one is among them.
    pub const fn has(self, signal: Signal) -> bool {
        self.0 & signal as i64 != 0
    }

    /// Those that are among them, the strongest first.
    pub fn iter(self) -> impl Iterator<Item = Signal> {
        Signal::ALL.into_iter().filter(move |&s| self.has(s))
    }

    /// Whether they suffice to say that the AI and the customer did not mean the same: one strong sign, or two weak ones.
    pub fn is_mismatch(self) -> bool {
        self.iter().map(|s| if s.is_weak() { 1 } else { 2 }).sum::<u32>() >= 2
    }
}

/// A sign, and the turn that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundSign {
    /// Which.
    pub signal: Signal,
    /// The turn, counted from 0.
    pub turn: u32,
}

/// What the customer said, in the place of each turn; `None` in the place of others'.
pub fn said(c: &Conversation) -> Vec<Option<ReadText>> {
    c.turns.iter().map(|t| (t.role == Role::User).then(|| ReadText::of(&t.text))).collect()
}

/// The signs of a conversation, as a set, by what was [`said`].
pub fn signals(c: &Conversation, said: &[Option<ReadText>]) -> Signals {
    Signals(found_in(c, said).iter().fold(0, |bits, f| bits | f.signal as i64))
}

/// The signs of a conversation with their turns, in the order in which they show. Only what happens while the AI answers
/// counts: nothing before its first answer to the customer, nothing after a person took over. So a log of the customer's
/// side alone has no signs but thumbs: whoever says a thing twice may not have had an answer.
pub fn found(c: &Conversation) -> Vec<FoundSign> {
    found_in(c, &said(c))
}

fn found_in(c: &Conversation, said: &[Option<ReadText>]) -> Vec<FoundSign> {
    let mut out = Vec::new();
    let mut so_far = SoFar::default();
    for (i, (turn, said)) in c.turns.iter().zip(said).enumerate().take_while(|(_, (t, _))| !t.is_human_or_handoff()) {
        let mut add = |signal| out.push(FoundSign { signal, turn: i as u32 });
        match (turn.role, said) {
            (Role::User, Some(said)) => so_far.customer(turn, said, &mut add),
            (Role::Bot, _) => so_far.answer(turn, &mut add),
            _ => {}
        }
    }
    out
}

/// Whether a customer asks for a person.
pub fn asks_for_person(text: &str) -> bool {
    HeardWords::new(&ReadText::of(text)).asks_for_person()
}

/// Whether a customer says that the AI is no good.
pub fn insults(text: &str) -> bool {
    HeardWords::new(&ReadText::of(text)).insults()
}

/// The phrases of `insults`, each once.
pub fn insult_phrases() -> impl Iterator<Item = &'static str> {
    phrases::INSULT.split('|')
}

/// Whether the AI offers a person: `shall I transfer you to a human agent?`
pub fn offers_person(text: &str) -> bool {
    HeardWords::new(&ReadText::of(text)).offers_person()
}

/// Words of an answer below which two equal ones say nothing: `Sure.`, `One moment.`
const ANSWER_WORDS: usize = 4;

/// What was said before the turn at hand.
#[derive(Default)]
struct SoFar<'a> {
    /// What the customer said before the last answer.
    answered: Vec<HashedWords<'a>>,
    /// What the customer has said since, and as it was written.
    waiting: Vec<(HashedWords<'a>, &'a str)>,
    /// The last answer.
    answer: &'a str,
}

impl<'a> SoFar<'a> {
    fn customer(&mut self, turn: &'a Turn, said: &'a ReadText, add: &mut impl FnMut(Signal)) {
        if turn.payload {
            return;
        }
        let said = HashedWords::new(HeardWords::new(said));
        let heard = &said.heard;
        if !self.answered.is_empty() {
            let again = self.answered.iter().filter_map(|earlier| earlier.again(&said)).min();
            let signs = [
                heard.says_wrong().then_some(Signal::SaidWrong),
                heard.asks_for_person().then_some(Signal::AskedForPerson),
                again,
                (heard.insults() || shouts(&turn.text)).then_some(Signal::Angry),
            ];
            // Asked last: few turns get here, and the answer costs more than the signs.
            if signs.iter().any(Option::is_some) && !is_smalltalk(&turn.text) {
                signs.into_iter().flatten().for_each(add);
            }
        }
        self.waiting.push((said, &turn.text));
    }

    fn answer(&mut self, turn: &'a Turn, add: &mut impl FnMut(Signal)) {
        if turn.feedback.as_ref().is_some_and(|f| f.score < 0) {
            add(Signal::ThumbsDown);
        }
        let answer = turn.text.trim();
        // The AI's turns in a row are one answer.
        if !self.waiting.is_empty() {
            let same = answer == self.answer && answer.split_whitespace().nth(ANSWER_WORDS - 1).is_some();
            // After a yes or a thanks the AI may well go on as before.
            if same && self.waiting.iter().any(|(_, text)| !is_smalltalk(text)) {
                add(Signal::AiRepeated);
            }
            self.answered = self.waiting.drain(..).map(|(said, _)| said).collect();
        }
        self.answer = answer;
    }
}

/// Capitals from which on a text shouts.
const SHOUTED: usize = 10;

/// Nothing but capitals, and an exclamation mark.
fn shouts(text: &str) -> bool {
    text.contains('!')
        && !text.chars().any(char::is_lowercase)
        && text.chars().filter(|c| c.is_uppercase()).count() >= SHOUTED
}
