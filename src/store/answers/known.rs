//! What people have accepted as the answer to the like of a request: beside what the AI said under review.

use super::corrections::CorrectionState;
use crate::domain::{ConversationId, TurnKey};
use crate::learn::responses::AnswerPattern;
use crate::store::codes::{AI, CUSTOMER};
use crate::store::{DoingWhat, Result, Store};
use crate::text::fold;
use crate::text::language::asked_in;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// An answer that was accepted for the same intent in the same language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAnswer {
    /// The words. Hostile.
    pub text: String,
    /// The conversation that it was written for.
    pub of: ConversationId,
    /// Who wrote it.
    pub by: String,
    /// Accepted, in the next release or live.
    pub state: CorrectionState,
    /// Of so many accepted ones this one's request has most words in common.
    pub among: usize,
    /// One of them was written in the place of the very words that the AI said here.
    pub corrects_this: bool,
}

impl Store {
    /// The accepted answer to the nearest request of the same intent and language as the turn to judge; `None` where there is none, or
    /// where the AI said it. The newest where several are as near.
    pub(in crate::store) fn known_answer(&self, id: ConversationId) -> Result<Option<KnownAnswer>> {
        let Some(judged) = self.judged_request(id)? else { return Ok(None) };
        let Some(intent) = self.answered_intent(id, judged.answer)? else { return Ok(None) };
        let intent = self.intent_names()?.today(intent);
        let lang = asked_in(&judged.text, judged.lang.as_deref());
        let words = words_of(&judged.text);
        let mut best: Option<(f64, KnownAnswer)> = None;
        let (mut among, mut corrects_this) = (0, false);
        let said = AnswerPattern::of(&judged.said);
        // The newest first: of equals it stays.
        for row in self.corrections_to(Some(intent))? {
            let is_accepted = row.state > CorrectionState::Returned && row.n != id;
            let same_language = lang.is_empty() || row.lang.is_empty() || row.lang == lang;
            if !is_accepted || !same_language {
                continue;
            }
            among += 1;
            let request = self.judged_request(row.n)?;
            corrects_this |=
                request.as_ref().is_some_and(|r| r.answer == row.turn && AnswerPattern::of(&r.said) == said);
            let near = alike(&words, &request.map_or_else(BTreeSet::new, |r| words_of(&r.text)));
            if best.as_ref().is_none_or(|(nearest, _)| near > *nearest) {
                let (text, of, by, state) = (row.text, row.n, row.by, row.state);
                best = Some((near, KnownAnswer { text, of, by, state, among: 0, corrects_this: false }));
            }
        }
        Ok(best
            .map(|(_, known)| KnownAnswer { among, corrects_this, ..known })
            .filter(|known| !AnswerPattern::of(&known.text).fits(&said)))
    }

    fn judged_request(&self, id: ConversationId) -> Result<Option<JudgedRequest>> {
        self.conn
            .prepare_cached(&format!(
                "SELECT u.text, b.id & 1048575, b.text, n.text FROM conversation c
                 JOIN turn u ON u.id = (c.id << 20 | c.failing_turn) AND u.role = {CUSTOMER}
                 JOIN turn b ON b.id > u.id AND b.id < ((c.id + 1) << 20) AND b.role = {AI}
                 LEFT JOIN term n ON n.id = c.language
                 WHERE c.id = ? AND c.failing_turn IS NOT NULL ORDER BY b.id LIMIT 1"
            ))
            .and_then(|mut s| {
                s.query_row(params![id.0], |r| {
                    Ok(JudgedRequest { text: r.get(0)?, answer: r.get(1)?, said: r.get(2)?, lang: r.get(3)? })
                })
                .optional()
            })
            .doing("reading what was asked")
    }
}

/// The turn to judge, and what the AI said to it.
struct JudgedRequest {
    text: String,
    answer: TurnKey,
    said: String,
    lang: Option<String>,
}

fn words_of(text: &str) -> BTreeSet<String> {
    fold::words(&fold::fold(text)).map(str::to_owned).collect()
}

/// Words that two have in common, of all of either.
fn alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let both = a.intersection(b).count() as f64;
    both / (a.len() as f64 + b.len() as f64 - both).max(1.0)
}
