//! The line of Responses in which the answer of one conversation stands.

use super::figure::AnswerPage;
use super::{Counting, intent_of};
use crate::domain::{ConversationId, OneKindOfEnd, QueryMoment, Timestamp};
use crate::learn::judge::near::near_groups;
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use crate::store::answers::stage::AnswerStage;
use crate::store::{Result, Store, split_turn};
use crate::text::language::answered_in;
use crate::text::normalise::shape;

/// What followed an answer in the last four weeks: the same conversations as in its line of Responses.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerLine {
    /// The intent it was said to; `none` where there is none; `any`: all of them, of a non-answer.
    pub intent: String,
    /// Where in the talk; `None`: anywhere.
    pub stage: Option<AnswerStage>,
    /// Of a non-answer that was said in several languages: in which; empty where none is known. `None`: in all.
    pub lang: Option<String>,
    /// Conversations that count: what the query finds.
    pub n: u64,
    /// Resolved, escalated, failed, abandoned, as shares of them, 0 to 1.
    pub shares: [f64; 4],
    /// The log has no times: all of it is counted.
    pub is_timeless: bool,
    /// The only kind of end that the log tells: no rate follows.
    pub one_kind: Option<OneKindOfEnd>,
    /// Finds its conversations.
    pub query: String,
}

impl Store {
    /// What followed the answer of a turn (its packed id). `None`: answers were not counted yet, it was said too seldom to be kept, or it
    /// was heard in nothing that counts.
    pub(in crate::store::figures) fn read_answer_line(&self, turn: i64, now: Timestamp) -> Result<Option<AnswerLine>> {
        let Some(book) = self.answer_book()? else { return Ok(None) };
        let (id, _) = split_turn(turn);
        let Some((at, stage)) = self.booked(&book, id, turn)? else { return Ok(None) };
        let counting = Counting::new(self, &book, Some(QueryMoment::Days(AnswerPage::DAYS)), now)?;
        let Some(here) = counting.facts.any(id) else { return Ok(None) };
        let lines = counting.lines_of(at)?;
        let tongue = counting.facts.tongue(here);
        let arm = match lines.over_all.is_empty() {
            true => lines.arms.into_iter().find(|a| a.intent == here.intent && a.stage.is_none_or(|s| s == stage)),
            false => lines.over_all.into_iter().find(|a| a.spoken.as_ref().is_none_or(|spoken| spoken.is(&tongue))),
        };
        let Some(arm) = arm else { return Ok(None) };
        let intent = intent_of(&arm, &*self.intent_names()?);
        Ok(Some(AnswerLine {
            stage: arm.stage,
            lang: arm.spoken.is_some().then_some(tongue),
            n: arm.n(),
            shares: arm.shares(),
            is_timeless: counting.is_timeless,
            one_kind: counting.one_kind,
            query: counting.query(&book.answers[at], &arm, &intent),
            intent,
        }))
    }

    /// Which answer of the book a turn gives, by its place there, and where in the conversation.
    fn booked(&self, book: &AnswerBook, id: ConversationId, turn: i64) -> Result<Option<(usize, AnswerStage)>> {
        let talk = self.spoken(id.0..id.0 + 1)?;
        let Some(place) = talk.iter().position(|t| t.id == turn) else { return Ok(None) };
        let Some(stage) = AnswerStage::within(&talk)(place) else { return Ok(None) };
        let said = &talk[place];
        let is_here = |a: &BookedAnswer| a.rows[stage as usize].binary_search(&said.conversation).is_ok();
        let lang = answered_in(&said.text, said.language.as_deref());
        let words = shape(&said.text);
        for (at, answer) in book.answers.iter().enumerate() {
            if answer.is_action || answer.lang != lang || !is_here(answer) {
                continue;
            }
            let known = answer.turn.map(|turn| self.words_of(turn)).transpose()?.flatten();
            // As they were put together when they were counted.
            if known.is_some_and(|known| near_groups(&[&shape(&known), &words])[1] == 0) {
                return Ok(Some((at, stage)));
            }
        }
        let is_done = |a: &BookedAnswer| a.is_action && said.action.as_ref() == Some(&a.key) && is_here(a);
        Ok(book.answers.iter().position(is_done).map(|at| (at, stage)))
    }
}
