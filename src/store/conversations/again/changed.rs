//! What customers say otherwise than before: learners have not looked at it.

use crate::domain::{Conversation, Offer, OfferStatus};
use crate::store::{LearnerKind, Result, Store};
use crate::text::fold;

impl Store {
    /// Notes for those who learn from them the ratings, thumbs and answers to offers that say something else than they did.
    pub(super) fn note_changed_signals(&self, before: &Conversation, after: &Conversation) -> Result<()> {
        let changed = [(LearnerKind::Sentiment, ratings(before, after)), (LearnerKind::Offers, answers(before, after))];
        changed.into_iter().filter(|(_, n)| *n > 0).try_for_each(|(learner, n)| self.unlook(learner, n))
    }
}

fn ratings(before: &Conversation, after: &Conversation) -> u64 {
    let rated = |c: &Conversation| c.csat.as_ref().map(|csat| (csat.score, csat.max));
    let thumbs = before.turns.iter().filter(|old| {
        let new = after.turns.iter().find(|new| new.key == old.key);
        let (was, is) = (old.feedback.as_ref(), new.and_then(|new| new.feedback.as_ref()));
        was.zip(is).is_some_and(|(was, is)| was.score != is.score)
    });
    let is_other = rated(before).zip(rated(after)).is_some_and(|(was, is)| was != is);
    thumbs.count() as u64 + u64::from(is_other)
}

fn answers(before: &Conversation, after: &Conversation) -> u64 {
    let place = |c: &Conversation, o: &Offer| o.turn.and_then(|t| c.turns.get(t as usize)).map(|turn| turn.key);
    let changed = before.offers.iter().filter(|old| {
        let same = |new: &&Offer| {
            let is_called_so = fold::fold(new.name.trim()) == fold::fold(old.name.trim());
            is_called_so && (&new.id, place(after, new)) == (&old.id, place(before, old))
        };
        let mut ends = after.offers.iter().filter(same).map(|new| new.status).peekable();
        old.status != OfferStatus::Shown && ends.peek().is_some() && !ends.any(|end| end == old.status)
    });
    changed.count() as u64
}
