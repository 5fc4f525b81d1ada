//! The line of Responses in which the answer of one conversation stands.

use super::figure::AnswerPage;
use super::{Counting, are_alike, intent_of};
use crate::domain::{ConversationId, OneKindOfEnd, QueryMoment, Timestamp};
use crate::learn::responses::AnswerPattern;
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use crate::store::answers::stage::AnswerStage;
use crate::store::{Result, Store, split_turn};
use crate::text::language::answered_in;

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
    /// What an action says lately, or said at first, in the turn's language, where the turn has other words: what followed is of both. Hostile.
    pub says_too: Option<String>,
    /// Finds its conversations.
    pub query: String,
}

/// An answer where it was said.
struct SaidAnswer {
    id: ConversationId,
    /// Its place in the book.
    at: usize,
    stage: AnswerStage,
    /// Its words.
    words: String,
}

/// How the answer of a turn fares, and which texts are no answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswersTold {
    /// What followed the turn's answer. `None`: answers were not counted yet, it was said too seldom to be kept, or it was heard in
    /// nothing that counts.
    pub line: Option<AnswerLine>,
    /// Of each text whether it is an answer that is none (rule 39), as Responses lists them; of none where answers were not counted yet.
    pub none: Vec<bool>,
}

impl AnswersTold {
    /// What is said of words that are none.
    pub const HELPS_FEW: &str = "the AI says these words to many already, and they help few";
}

impl Store {
    /// What is known of the answer of a turn (its packed id) and of texts, which are turns of a conversation where one is named.
    pub(in crate::store::figures) fn read_answers_told(
        &self,
        turn: Option<i64>,
        (texts, within): (&[&str], Option<ConversationId>),
        now: Timestamp,
    ) -> Result<AnswersTold> {
        let mut out = AnswersTold { line: None, none: vec![false; texts.len()] };
        let Some(book) = self.answer_book()? else { return Ok(out) };
        let said = turn.map(|turn| self.booked(&book, turn)).transpose()?.flatten();
        let often = self.often_said(&book, texts, within)?;
        if said.is_none() && often.iter().all(Option::is_none) {
            return Ok(out);
        }
        let counting = Counting::new(self, &book, Some(QueryMoment::Days(AnswerPage::DAYS)), now)?;
        out.none = often.iter().map(|at| at.map_or(Ok(false), |at| counting.is_none(at))).collect::<Result<_>>()?;
        out.line = said.map(|said| counting.line(said)).transpose()?.flatten();
        Ok(out)
    }
    /// Which answer of the book a turn gives.
    fn booked(&self, book: &AnswerBook, turn: i64) -> Result<Option<SaidAnswer>> {
        let (id, _) = split_turn(turn);
        let talk = self.spoken(id.0..id.0 + 1)?;
        let Some(place) = talk.iter().position(|t| t.id == turn) else { return Ok(None) };
        let Some(stage) = AnswerStage::within(&talk)(place) else { return Ok(None) };
        let said = &talk[place];
        let is_here = |a: &BookedAnswer| a.rows[stage as usize].binary_search(&said.conversation).is_ok();
        let lang = answered_in(&said.text, said.language.as_deref());
        let words = AnswerPattern::of(&said.text);
        for (at, answer) in book.answers.iter().enumerate() {
            // What nothing tells the language of stands with the same words.
            let is_other = !lang.is_empty() && answer.lang != lang;
            if answer.is_action || is_other || !is_here(answer) {
                continue;
            }
            // As they were put together when they were counted.
            if self.pattern_of(answer)?.is_some_and(|pattern| pattern.fits(&words)) {
                return Ok(Some(SaidAnswer { id, at, stage, words: said.text.clone() }));
            }
        }
        let is_done = |a: &BookedAnswer| a.is_action && said.action.as_ref() == Some(&a.key) && is_here(a);
        Ok(book.answers.iter().position(is_done).map(|at| SaidAnswer { id, at, stage, words: said.text.clone() }))
    }
}

impl Counting<'_> {
    /// The line in which an answer stands that was said in a conversation.
    fn line(&self, SaidAnswer { id, at, stage, words }: SaidAnswer) -> Result<Option<AnswerLine>> {
        let Some(here) = self.facts.any(id) else { return Ok(None) };
        let lines = self.lines_of(at)?;
        let tongue = self.facts.tongue(here);
        let arm = match lines.over_all.is_empty() {
            true => lines.arms.into_iter().find(|a| a.intent == here.intent && a.stage.is_none_or(|s| s == stage)),
            false => lines.over_all.into_iter().find(|a| a.spoken.as_ref().is_none_or(|spoken| spoken.is(&tongue))),
        };
        let Some(arm) = arm else { return Ok(None) };
        let intent = intent_of(&arm, &*self.store.intent_names()?);
        let answer = &self.book.answers[at];
        let said = if answer.is_action { self.words_in(answer, &arm, Some(here.tongue))? } else { None };
        let too =
            said.and_then(|said| [Some(said.text), said.before].into_iter().flatten().find(|t| !are_alike(t, &words)));
        Ok(Some(AnswerLine {
            says_too: too,
            stage: arm.stage,
            lang: arm.spoken.is_some().then_some(tongue),
            n: arm.n(),
            shares: arm.shares(),
            is_timeless: self.is_timeless,
            one_kind: self.one_kind,
            query: self.query(answer, &arm, &intent),
            intent,
        }))
    }
}
