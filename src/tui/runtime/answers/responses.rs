//! What Responses asks: what followed answers, corrections; and what it decides about them.

use super::words::words;
use crate::domain::{ConversationId, DecisionChange, QueryMoment, Role, Timestamp, TurnKey};
use crate::jobs::{JobError, test_turns};
use crate::store::{CorrectionState, Store, StoreError};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::responses::{
    CorrectionLine, CorrectionPage, ResponsesAnswer, ResponsesRequest, TestTurns, UNRELEASED,
};

/// Answers a request of Responses.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: ResponsesRequest) -> ResponsesAnswer {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match request {
        ResponsesRequest::Answers(days) => {
            let page = store.figures().answers(days.map(QueryMoment::Days), now);
            ResponsesAnswer::Answers(days, page.map(|p| p.map(Box::new)).map_err(words))
        }
        ResponsesRequest::Corrections => {
            ResponsesAnswer::Corrections(corrections(store, who, now).map(Box::new).map_err(words))
        }
        ResponsesRequest::TestTurns => {
            let found = turns(store).map(Box::new).map_err(|e| e.to_string());
            ResponsesAnswer::TestTurns(found)
        }
        ResponsesRequest::Accept(id, turn) => {
            let place = store.place(id, turn);
            let done = place.and_then(|place| store.accept_response(who, now, id, Some(place), None));
            ResponsesAnswer::Settled(done.and_then(|_| accepted(store, id, turn)).map_err(words))
        }
        ResponsesRequest::Return(id, turn, reason) => {
            let place = store.place(id, turn);
            let done = place.and_then(|place| store.return_response(who, now, id, Some(place), &reason));
            let told = done.and_then(|_| sent_back(store, id, turn));
            ResponsesAnswer::Settled(told.map_err(words))
        }
        ResponsesRequest::Write(id, turn, text) => {
            let text = text.trim_end();
            let to = (!text.trim().is_empty()).then(|| text.to_owned());
            let said = if to.is_some() { "written otherwise" } else { "taken away" };
            let done = store.decide(who, now, &[DecisionChange::response(id, turn, to)]);
            ResponsesAnswer::Settled(done.map(|_| format!("the correction of #{} was {said}", id.0)).map_err(words))
        }
        ResponsesRequest::Judgements => {
            ResponsesAnswer::Judgements(store.judgements(who, None, UNRELEASED).map_err(words))
        }
    }
}

/// That a correction was accepted, and whether the next release says it.
fn accepted(store: &Store, id: ConversationId, turn: TurnKey) -> Result<String, StoreError> {
    let row = store.corrections_of(id)?.into_iter().find(|r| r.turn == turn);
    let says = row.and_then(|r| r.says()).unwrap_or_else(|| "accepted for the next release".to_owned());
    Ok(format!("#{} {says}", id.0))
}

/// That a correction went back, and whether the AI goes on saying it for now.
fn sent_back(store: &Store, id: ConversationId, turn: TurnKey) -> Result<String, StoreError> {
    let row = store.corrections_of(id)?.into_iter().find(|r| r.turn == turn);
    let still = row
        .and_then(|r| r.still_live)
        .map_or_else(String::new, |live| format!(", still live in v{} until the next release", live.0));
    Ok(format!("#{} sent back{still}", id.0))
}

fn turns(store: &mut Store) -> Result<TestTurns, JobError> {
    Ok(TestTurns { release: store.live()?, turns: test_turns(store)? })
}

fn corrections(store: &Store, who: &str, now: Timestamp) -> Result<CorrectionPage, StoreError> {
    let mut rows = store.corrections()?;
    // What waits comes first; the newest of each.
    rows.sort_by_key(|r| r.state != CorrectionState::Proposed);
    let next = store.releases()?.iter().map(|r| r.release.0).max().unwrap_or(0) + 1;
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let none = store.figures().are_no_answers(&texts, now)?;
    let lines = rows
        .into_iter()
        .zip(none)
        .map(|(row, helps_few)| {
            let (said, asked) = talk(store, row.n, row.turn)?;
            Ok(CorrectionLine { place: store.place(row.n, row.turn)?, said, asked, helps_few, row })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(CorrectionPage { lines, next, settles: store.settles_corrections(who)?, learned: store.newest_answers()? })
}

/// What the AI said in a turn, and the customer's last turn before it.
type Talk = (String, Option<(TurnKey, String)>);

fn talk(store: &Store, id: ConversationId, turn: TurnKey) -> Result<Talk, StoreError> {
    let conversation = store.conversation(id)?;
    let place = conversation.place_of(turn).unwrap_or_default();
    let said = conversation.turns.get(place).map(|t| t.text.clone()).unwrap_or_default();
    let before = &conversation.turns[..place.min(conversation.turns.len())];
    let asked = before.iter().rev().find(|t| t.role == Role::User).map(|t| (t.key, t.text.clone()));
    Ok((said, asked))
}
