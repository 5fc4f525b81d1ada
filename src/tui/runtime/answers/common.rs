//! What concerns every screen.

use super::words::words;
use crate::domain::{Filter, Query, QueueOrder, TestGroups, Timestamp};
use crate::jobs::encoders::Vectors;
use crate::store::{Overview, PageStart, QueueRow, Store, StoreError, UndoneStep};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::common::{CommonAnswer, CommonRequest, TakenBack};

/// Conversations of a line that are shown: what a tall screen has room for.
const SAMPLED: usize = 40;

/// Answers a request that concerns every screen; `None` where nobody waits for an answer.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: CommonRequest) -> Option<CommonAnswer> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    Some(match request {
        CommonRequest::Counts => CommonAnswer::Counts(counts(store, desk)),
        CommonRequest::Vocabulary => CommonAnswer::Vocabulary(store.vocabulary(now).map(Box::new).map_err(words)),
        CommonRequest::Intents => CommonAnswer::Intents(store.intents().map_err(words)),
        CommonRequest::Sample(query) => {
            let rows = sample(store, &query, now).map_err(words);
            CommonAnswer::Sample(query, rows)
        }
        CommonRequest::Undo => CommonAnswer::Undone(taken_back(store.undo(who, now))),
        CommonRequest::Redo => CommonAnswer::Redone(taken_back(store.redo(who, now))),
        CommonRequest::NextUndo => CommonAnswer::NextUndo(store.next_undo(who).map_err(words)),
        CommonRequest::Remember(key, value) => not_kept(store.note_place(who, now, key, &value))?,
        CommonRequest::Keep(key, value) => not_kept(store.remember(who, now, key, &value))?,
        CommonRequest::Recall(key) => CommonAnswer::Recalled(key, store.recall(who, key).unwrap_or_default()),
    })
}

/// The newest of training groups: words of others do not stand beside figures (rule 47).
fn sample(store: &Store, query: &str, now: Timestamp) -> Result<Vec<QueueRow>, StoreError> {
    let query = Query::parse(query).map_err(|e| StoreError::Refused(format!("{query}: {e}")))?;
    let query = query.whatever_group().with(Filter::Test(TestGroups::Hidden));
    Ok(store.queue_page(&query, QueueOrder::NEWEST, PageStart::Start, SAMPLED, now)?.rows)
}

/// What is told where something could not be kept.
fn not_kept(kept: Result<(), StoreError>) -> Option<CommonAnswer> {
    kept.err().map(|e| CommonAnswer::Told("it could not be kept for the next start", words(e)))
}

/// The counts, with the encoder that a run would really use: one that the store names may not be installed here.
fn counts(store: &Store, desk: &WorkingDesk) -> Result<Box<Overview>, String> {
    let mut counts = store.figures().frame().map_err(words)?;
    let vectors = Vectors::of_store(&desk.encoders, store).map_err(words)?;
    counts.encoder = Some(vectors.name().to_owned());
    Ok(Box::new(counts))
}

fn taken_back(undone: Result<UndoneStep, StoreError>) -> Result<TakenBack, String> {
    undone.map(|u| TakenBack { words: u.words, conversation: u.conversation, turn: u.turn }).map_err(words)
}
