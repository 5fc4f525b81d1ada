//! What follows from a conversation alone: worked out before the store is locked, on any thread.

use crate::domain::{Conversation, Outcome, Role, Timestamp, Turn};
use crate::learn::signals::{Signals, said, signals};
use crate::store::codes::{OPEN_HALF, SEALED_HALF, TRAINING};
use crate::store::conversations::row_values::{extra_of_conversation, extra_of_turn, five_scale, text_key};
use crate::text::greek::ReadText;
use crate::text::language::written;
use crate::text::smalltalk::{is_single_sign, is_smalltalk_intent, small_and_opening};
use crate::text::{fold, words};
use sha2::{Digest, Sha256};
use smallvec::{SmallVec, smallvec};
use std::cell::Cell;

/// Works out what follows from conversations, as one store needs it.
#[derive(Clone, Copy, Debug)]
pub struct Deriver {
    /// Seed of the hash that makes groups.
    pub(in crate::store) group_seed: u64,
    /// Share of groups that are test groups.
    pub(in crate::store) test_share: f64,
}

/// What follows from a conversation.
#[derive(Clone, Debug)]
pub struct DerivedFields {
    pub(in crate::store) group: i64,
    pub(in crate::store) part: i64,
    /// The place of the turn to judge (rule 25).
    pub(in crate::store) failing: Option<usize>,
    pub(in crate::store) fell_back: bool,
    /// The place of the turn that says what it is about (rule 2).
    pub(in crate::store) first: Option<usize>,
    /// Equal for near duplicates; 0 without a failing turn.
    pub(in crate::store) text_key: i64,
    /// The last moment known, 0 where the log has no times.
    pub(in crate::store) last_at: i64,
    /// On the scale of 1 to 5.
    pub(in crate::store) csat: Option<f64>,
    pub(in crate::store) has_ai: bool,
    pub(in crate::store) signals: Signals,
    /// What the customer writes in, as a BCP 47 tag (rule 50).
    pub(in crate::store) written: Option<String>,
    /// What has no column of its own, as JSON: of the conversation, and of each turn that has any.
    pub(in crate::store) extra: Option<String>,
    pub(in crate::store) turn_extras: Vec<(usize, String)>,
}

impl DerivedFields {
    /// The last moment known of the conversation; `None` where the log has no times.
    pub fn last_activity(&self) -> Option<Timestamp> {
        Some(self.last_at).filter(|&at| at != 0).map(Timestamp)
    }
}

/// The signs in what the customer said, and what it is written in (rule 50).
pub(in crate::store) fn heard(c: &Conversation, said: &[Option<ReadText>]) -> (Signals, Option<String>) {
    (signals(c, said), written(said.iter().flatten(), c.lang.as_deref()))
}

impl Deriver {
    /// What follows from a conversation.
    pub fn derive(&self, c: &Conversation) -> DerivedFields {
        let (group, part) = self.group_of(c);
        let said = said(c);
        let small = SmallTurns::of(c, &said);
        let matter = first_matter(c, &small);
        let failing = c.failing_turn(|place| small.has(place), matter);
        let outcome = c.outcome.unwrap_or(Outcome::Unknown);
        let (signals, written) = heard(c, &said);
        let failing_text = failing.and_then(|i| Some((c.turns[i].text.as_str(), said[i].as_ref()?)));
        let extras = c.turns.iter().enumerate().filter_map(|(i, t)| Some((i, extra_of_turn(t)?)));
        DerivedFields {
            group,
            part,
            failing,
            fell_back: failing.is_some_and(|i| c.fell_back(i)),
            first: matter,
            text_key: failing_text.map_or(0, |(text, read)| text_key(text, read, outcome, part > TRAINING)),
            last_at: last_activity(c),
            csat: c.csat.as_ref().map(five_scale),
            signals,
            written,
            has_ai: c.turns.iter().any(|t| t.role == Role::Bot || t.intent.is_some()),
            extra: extra_of_conversation(c),
            turn_extras: extras.collect(),
        }
    }

    /// The group (customer, else conversation) and its part (rule 11).
    fn group_of(&self, c: &Conversation) -> (i64, i64) {
        match c.customer_id.as_deref().filter(|s| !s.is_empty()) {
            Some(customer) => self.group_of_key(&["customer\0", customer]),
            None => self.group_of_key(&["conversation\0", &c.source, "\0", &c.id]),
        }
    }

    /// The group and part of whatever a group is made of.
    pub(in crate::store) fn group_of_key(&self, key: &[&str]) -> (i64, i64) {
        let mut hash = Sha256::new();
        hash.update(self.group_seed.to_le_bytes());
        key.iter().for_each(|part| hash.update(part));
        let digest = hash.finalize();
        let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| digest[at + i]));
        // 53 bits make an even fraction of 0..1.
        let fraction = |w: u64| (w >> 11) as f64 / (1u64 << 53) as f64;
        let part = match (fraction(word(8)) < self.test_share, word(16) & 1) {
            (false, _) => TRAINING,
            (true, 0) => OPEN_HALF,
            (true, _) => SEALED_HALF,
        };
        ((word(0) >> 1) as i64, part)
    }
}

/// The last moment known, 0 where the log has no times.
fn last_activity(c: &Conversation) -> i64 {
    let turns = c.turns.iter().filter_map(|t| t.at).max();
    turns.max(c.ended_at).max(c.started_at).map_or(0, |t| t.0)
}

/// The turn that says what the conversation is about (rule 2): the first user turn that is no payload, greeting or thanks; one
/// that only asks for help, says a name or is a letter that the AI did not offer stands back behind a later one.
fn first_matter(c: &Conversation, small: &SmallTurns<'_>) -> Option<usize> {
    let said = |&i: &usize| c.turns[i].role == Role::User && !c.turns[i].payload && !small.has(i);
    (0..c.turns.len()).filter(said).find(|&i| !small.opens(i)).or_else(|| (0..c.turns.len()).find(said))
}

/// Whether a turn is a letter or a short number alone that answers nothing: the AI's turn before it does not name it, as a menu would.
fn is_noise(turns: &[Turn], place: usize, said: &ReadText) -> bool {
    if !is_single_sign(said) {
        return false;
    }
    let before = turns[..place].iter().rfind(|t| t.role == Role::Bot);
    let before = before.map(|t| fold(&t.text)).unwrap_or_default();
    said.words().all(|sign| words(&before).all(|word| word != sign))
}

/// Whether a turn is small talk, and whether it opens or is small talk; `None`: nobody has asked yet.
type ToldTurn = Cell<Option<(bool, bool)>>;

/// Which of the customer's turns are a greeting, thanks or a bare answer, by their words or by the log; each told once.
struct SmallTurns<'a> {
    turns: &'a [Turn],
    said: &'a [Option<ReadText>],
    told: SmallVec<[ToldTurn; 16]>,
}

impl<'a> SmallTurns<'a> {
    fn of(c: &'a Conversation, said: &'a [Option<ReadText>]) -> Self {
        Self { turns: &c.turns, said, told: smallvec![Cell::new(None); c.turns.len()] }
    }

    fn tell(&self, place: usize) -> (bool, bool) {
        let tell = || {
            let turn = &self.turns[place];
            let said = self.said[place].as_ref();
            let (small, opens) = said.map_or((false, false), |read| small_and_opening(&turn.text, read));
            let named = turn.intent.as_deref().is_some_and(is_smalltalk_intent);
            let opens = opens || said.is_some_and(|said| is_noise(self.turns, place, said));
            // What the log's own AI understood is more than an opening.
            (small || named, opens && turn.intent.is_none() || named)
        };
        let told = self.told[place].get().unwrap_or_else(tell);
        self.told[place].set(Some(told));
        told
    }

    fn has(&self, place: usize) -> bool {
        self.tell(place).0
    }

    fn opens(&self, place: usize) -> bool {
        self.tell(place).1
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Conversation, Role, Turn, TurnKey};
    use crate::store::tests::{put, store};

    /// The turn to judge of a log without intents: what the customer came with.
    fn judged(said: &[&str]) -> Option<TurnKey> {
        let mut store = store();
        let turns = said.iter().map(|s| Turn::new(Role::User, *s)).collect();
        put(&mut store, &Conversation::new("web", "1", turns));
        store.review_item(store.resolve("web:1").unwrap()).unwrap().turn
    }

    #[test]
    fn what_only_opens_is_not_what_the_customer_came_with() {
        assert_eq!(
            judged(&["hello", "I need some help", "my name is Mark", "I lost my card", "thanks"]),
            Some(TurnKey(3))
        );
        assert_eq!(judged(&["hello", "I need some help", "thanks"]), Some(TurnKey(1)), "where it is all there is");
        assert_eq!(judged(&["my name is wrong on the ticket", "it should be Mark"]), Some(TurnKey(0)));
    }

    #[test]
    fn a_name_or_a_letter_alone_is_not_what_the_customer_came_with() {
        for first in ["helllo", "HelloQ", "Hello kind soul.", "Alexis.", "I'm Ben!", "Hello I am Alexis.", "r", "6"] {
            assert_eq!(judged(&[first, "is there a table for two tonight", "thanks"]), Some(TurnKey(1)), "{first}");
        }
        assert_eq!(judged(&["r"]), Some(TurnKey(0)), "where it is all there is");
        assert_eq!(judged(&["Trivia", "the first question please"]), Some(TurnKey(0)));
    }

    #[test]
    fn what_a_menu_offered_is_what_the_customer_came_with() {
        let mut store = store();
        let said = [(Role::Bot, "1 for orders, 2 for returns"), (Role::User, "2"), (Role::User, "order 4417")];
        let turns = said.iter().map(|(role, text)| Turn::new(*role, *text)).collect();
        put(&mut store, &Conversation::new("web", "1", turns));
        let item = store.review_item(store.resolve("web:1").unwrap()).unwrap();
        assert_eq!(item.turn, Some(TurnKey(1)));
    }
}
