//! What is asked while two answers are judged.

use super::words::words;
use crate::domain::{ConversationId, Role, TurnKey};
use crate::store::{Store, StoreError};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::judging::{JudgingAnswer, JudgingRequest};

/// Answers a request of whoever judges answers.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: JudgingRequest) -> JudgingAnswer {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match request {
        JudgingRequest::Judgements(before, after) => {
            JudgingAnswer::Judgements(after, store.judgements(who, before, after).map_err(words))
        }
        JudgingRequest::Prefer(pair, said) => {
            let saved = store.prefer(who, now, pair, said);
            let judgements = saved.and_then(|()| store.judgements(who, pair.before, pair.after));
            JudgingAnswer::Preferred(pair.after, judgements.map_err(words))
        }
        JudgingRequest::SaidBefore(id, turn) => {
            JudgingAnswer::SaidBefore(id, turn, said_before(store, id, turn).map_err(words))
        }
    }
}

/// The last few turns of customer and AI before a turn.
fn said_before(store: &Store, id: ConversationId, turn: TurnKey) -> Result<Vec<(Role, String)>, StoreError> {
    const TURNS: usize = 4;
    let conversation = store.conversation(id)?;
    let place = conversation.place_of(turn).unwrap_or_default();
    let talk = conversation.turns.into_iter().take(place).filter(|t| matches!(t.role, Role::User | Role::Bot));
    let talk: Vec<(Role, String)> = talk.map(|t| (t.role, t.text)).collect();
    Ok(talk[talk.len().saturating_sub(TURNS)..].to_vec())
}
