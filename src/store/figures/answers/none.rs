//! Answers that are none (rule 39): said to many intents, over all that is stored, and of help to few.

use super::Counting;
use super::arms::Arm;
use super::figure::{EverSaid, Unranked};
use super::messengers;
use crate::domain::{ConversationId, OneKindOfEnd};
use crate::learn::judge::near::near_groups;
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use crate::store::{Result, Store};
use crate::text::normalise::shape;

/// A non-answer is said to so many intents...
const INTENTS: usize = 5;
/// ...in so many conversations, of which few were resolved.
const CONVERSATIONS: u64 = 20;

impl Counting<'_> {
    /// Whether an answer is none; `all`: what followed it anywhere. Where no success can be told, nothing says that few were helped; and what
    /// announces a person is none of this kind.
    pub(super) fn helps_few(&self, all: &Arm, messenger: Option<Unranked>) -> bool {
        self.one_kind != Some(OneKindOfEnd::NotHelped)
            && messenger != Some(Unranked::AnnouncesAPerson)
            && all.ever_intents.len() >= INTENTS
            && all.ever.rows >= CONVERSATIONS
            && all.ever.share() < EverSaid::FEW
    }

    /// Whether the answer at a place in the book is none.
    pub(super) fn is_none(&self, at: usize) -> Result<bool> {
        let answer = &self.book.answers[at];
        let said = self.example_of(answer)?;
        let messenger = messengers::told(answer, said.as_deref(), self.knows_tools);
        Ok(self.helps_few(&Arm::anywhere(answer, at, &self.facts, None), messenger))
    }
}

impl Store {
    /// Of each text (of turns of a conversation where one is named: then no others are looked through) the place in the book of the
    /// answer that it is, put together as when they were counted; `None`: of none that is said often enough to be no answer.
    pub(super) fn often_said(
        &self,
        book: &AnswerBook,
        texts: &[&str],
        within: Option<ConversationId>,
    ) -> Result<Vec<Option<usize>>> {
        let shapes: Vec<String> = texts.iter().map(|text| shape(text)).collect();
        let mut out = vec![None; texts.len()];
        let is_often = |a: &BookedAnswer| a.rows.iter().map(Vec::len).sum::<usize>() as u64 >= CONVERSATIONS;
        let is_there = |a: &BookedAnswer| within.is_none_or(|id| a.is_said_in(id));
        for (at, answer) in book.answers.iter().enumerate().filter(|(_, a)| is_often(a) && is_there(a)) {
            if out.iter().all(Option::is_some) {
                break;
            }
            let Some(known) = answer.turn.map(|turn| self.words_of(turn)).transpose()?.flatten() else { continue };
            let known = shape(&known);
            let is_it = |text: &str| !text.is_empty() && near_groups(&[&known, text])[1] == 0;
            for (place, text) in out.iter_mut().zip(&shapes).filter(|(place, _)| place.is_none()) {
                *place = is_it(text).then_some(at);
            }
        }
        Ok(out)
    }
}
