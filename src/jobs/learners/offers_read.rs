//! What is known of an offer when it is made, and nothing of what came after.

use crate::domain::{Conversation, Offer, OfferStatus, Role};
use crate::learn::offers::OfferFeatures;

/// An offer as it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OfferSituation<'a> {
    /// What is offered.
    pub name: &'a str,
    /// What the customer wants, where it is known.
    pub intent: &'a str,
    /// Channel of the conversation.
    pub channel: &'a str,
    /// Its language.
    pub lang: &'a str,
    /// What the AI does in the turn, where the log names it.
    pub action: &'a str,
    /// Turns before.
    pub turn: usize,
    /// What was offered before in the conversation; `None` where nobody tells.
    pub earlier: Option<EarlierOffers>,
}

/// Offers made before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EarlierOffers {
    /// Answered yes before the customer's last turn.
    pub accepted: usize,
    /// ...and no, or not at all.
    pub declined: usize,
    /// All.
    pub shown: usize,
}

impl<'a> OfferSituation<'a> {
    /// The situation of an offer of a conversation; `None` where the log does not say in which turn it was made.
    pub fn of(c: &'a Conversation, offer: &'a Offer) -> Option<Self> {
        let turn = offer.turn? as usize;
        let before = c.turns.get(..turn)?;
        let last_said = before.iter().rposition(|t| t.role == Role::User);
        // An earlier offer's answer is known once the customer has spoken after it: what they said later may be a later answer.
        let earlier = || c.offers.iter().filter(|o| o.turn.is_some_and(|t| (t as usize) < turn));
        let known = |o: &&Offer| o.turn.is_some_and(|t| last_said.is_some_and(|said| (t as usize) < said));
        let count = |yes: bool| {
            let answered = |o: &&Offer| match o.status {
                OfferStatus::Accepted => yes,
                OfferStatus::Declined | OfferStatus::Ignored => !yes,
                OfferStatus::Shown => false,
            };
            earlier().filter(known).filter(answered).count()
        };
        Some(Self {
            name: &offer.name,
            intent: before.iter().rev().find_map(|t| t.intent.as_deref()).unwrap_or_default(),
            channel: c.channel.as_deref().unwrap_or_default(),
            lang: c.lang.as_deref().unwrap_or_default(),
            action: c
                .turns
                .get(turn)
                .filter(|t| t.role == Role::Bot)
                .and_then(|t| t.action.as_deref())
                .unwrap_or_default(),
            turn,
            earlier: Some(EarlierOffers { accepted: count(true), declined: count(false), shown: earlier().count() }),
        })
    }

    /// The same without all that a question may leave out.
    pub fn alone(self) -> Self {
        Self { name: self.name, turn: self.turn, ..Self::default() }
    }
}

/// The words of a situation by kind, each with what it tells; empty where that is not told.
fn words_by_kind(s: &OfferSituation<'_>) -> [String; 5] {
    let words = [("name", s.name), ("intent", s.intent), ("channel", s.channel), ("lang", s.lang), ("act", s.action)];
    words.map(|(kind, word)| if word.is_empty() { String::new() } else { format!("{kind}={word}") })
}

/// The words of a situation, each with what it tells.
pub fn offer_words(s: &OfferSituation<'_>) -> impl Iterator<Item = String> + use<> {
    words_by_kind(s).into_iter().filter(|word| !word.is_empty())
}

/// A situation as numbers.
pub fn offer_features(s: &OfferSituation<'_>) -> OfferFeatures {
    let earlier: [String; 3] =
        s.earlier.map_or_else(Default::default, |EarlierOffers { accepted, declined, shown }| {
            [("na", accepted), ("nd", declined), ("shown", shown)].map(|(kind, n)| format!("{kind}={}", n.min(3)))
        });
    let words: Vec<String> = words_by_kind(s).into_iter().chain(earlier).collect();
    OfferFeatures::by_kind(&words, ("turn", s.turn.min(40) as f64 / 20.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Turn;

    fn conversation() -> Conversation {
        let said = [
            (Role::User, "a ferry to Paros"),
            (Role::Bot, "There is one at noon. A cabin?"),
            (Role::User, "no"),
            (Role::Bot, "Club Gold?"),
            (Role::User, "yes please"),
            (Role::Bot, "Done. A shuttle?"),
            (Role::User, "no"),
        ];
        let turns = said.iter().map(|(role, text)| Turn::new(*role, *text)).collect();
        let mut c = Conversation::new("shop", "1", turns);
        c.offers = [(1, OfferStatus::Declined), (3, OfferStatus::Accepted), (5, OfferStatus::Declined)]
            .map(|(turn, status)| offer(turn, status))
            .to_vec();
        c
    }

    fn offer(turn: u32, status: OfferStatus) -> Offer {
        let name = format!("offer {turn}");
        let (id, shown_at, value, currency, meta) = (None, None, None, None, serde_json::Map::new());
        Offer { id, name, turn: Some(turn), status, shown_at, value, currency, meta }
    }

    #[test]
    fn neither_the_answer_nor_anything_later_is_among_the_features() {
        let c = conversation();
        let at = |c: &Conversation, i: usize| offer_features(&OfferSituation::of(c, &c.offers[i]).unwrap());
        let known = [0, 1, 2].map(|i| at(&c, i));
        for (i, known) in known.iter().enumerate() {
            let mut other = c.clone();
            for status in OfferStatus::ALL {
                other.offers[i].status = *status;
                assert_eq!(&at(&other, i), known, "its own answer");
            }
            let turn = c.offers[i].turn.unwrap() as usize;
            other.turns.truncate(turn + 1);
            other.turns.push(Turn::new(Role::User, "something else"));
            other.offers.truncate(i + 1);
            other.outcome = None;
            other.csat = None;
            assert_eq!(&at(&other, i), known, "what came after");
        }
        let last = OfferSituation::of(&c, &c.offers[2]).unwrap();
        assert_eq!(last.earlier, Some(EarlierOffers { accepted: 1, declined: 1, shown: 2 }));
    }

    #[test]
    fn what_is_not_told_is_missing_and_not_none() {
        let whole = OfferSituation {
            name: "seat",
            intent: "refund",
            channel: "app",
            lang: "en",
            action: "offer",
            turn: 3,
            earlier: Some(EarlierOffers::default()),
        };
        let alone = OfferSituation { name: "seat", turn: 3, ..OfferSituation::default() };
        assert_eq!(whole.alone(), alone);
        let unknown = OfferSituation { earlier: None, ..whole };
        assert_ne!(offer_features(&unknown), offer_features(&whole));
    }
}
