//! Answers that are none (rule 39): said to many intents, over all that is stored, and of help to few.

use super::Counting;
use super::arms::Arm;
use super::figure::{EverSaid, Unranked};
use super::messengers;
use crate::domain::{ConversationId, OneKindOfEnd};
use crate::learn::responses::AnswerPattern;
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use crate::store::{Result, Store};

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
        let said: Vec<AnswerPattern> = texts.iter().map(|text| AnswerPattern::of(text)).collect();
        let mut out = vec![None; texts.len()];
        let is_often = |a: &BookedAnswer| a.rows.iter().map(Vec::len).sum::<usize>() as u64 >= CONVERSATIONS;
        let is_there = |a: &BookedAnswer| within.is_none_or(|id| a.is_said_in(id));
        for (at, answer) in book.answers.iter().enumerate().filter(|(_, a)| is_often(a) && is_there(a)) {
            if out.iter().all(Option::is_some) {
                break;
            }
            let Some(pattern) = self.pattern_of(answer)? else { continue };
            let is_it = |said: &AnswerPattern| *said != AnswerPattern::default() && pattern.fits(said);
            for (place, said) in out.iter_mut().zip(&said).filter(|(place, _)| place.is_none()) {
                *place = is_it(said).then_some(at);
            }
        }
        Ok(out)
    }
}
