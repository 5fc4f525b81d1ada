//! What the Queue asks: pages and counts, why a query has no rows, places to jump to, judgements on many conversations, cycles.

use super::deciding::{self, Many};
use super::words::words;
use crate::domain::zone::shifted;
use crate::domain::{ConversationId, DecisionId, Filter, Judgement, Query, QueryMoment, Review, Timestamp};
use crate::store::{NewCycle, Page, PageStart, Store, StoreError};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::queue::{
    JumpGoal, JumpLanding, JumpRequest, MOST_MARKED, NoRows, PageRequest, QueueAnswer, QueueCount, QueueRequest,
};

/// Answers a request of the Queue.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: QueueRequest) -> QueueAnswer {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match request {
        QueueRequest::Page(asked) => {
            let page = page(store, &asked, now);
            QueueAnswer::Page(asked, page)
        }
        QueueRequest::Count(query, g) => QueueAnswer::Count(count(store, &query, now).map_err(words), g),
        QueueRequest::Counts(queries, g) => QueueAnswer::Counts(counts(store, &queries, now), g),
        QueueRequest::FilterCounts(queries, g) => QueueAnswer::FilterCounts(counts(store, &queries, now), g),
        QueueRequest::Preview(id, _) => QueueAnswer::Preview(store.review_item(id).map(Box::new).map_err(words)),
        QueueRequest::Jump(asked) => {
            let landing = land(store, &asked, now).map_err(words);
            QueueAnswer::Jumped(asked, landing)
        }
        QueueRequest::MarkAll(query, sort, g) => {
            let page = store.queue_page(&query, sort, PageStart::Start, MOST_MARKED, now).map_err(words);
            QueueAnswer::MarkAll(page, g)
        }
        QueueRequest::DecideMany(ids, judgement, seen) => decide_many(store, desk, ids, judgement, seen),
        QueueRequest::FoundForCycle(query) => QueueAnswer::FoundForCycle(store.queue_known(&query, now).map_err(words)),
        QueueRequest::OpenCycle(asked) => {
            let new = NewCycle {
                scope: &asked.scope,
                goal: asked.goal,
                seed: desk.seed,
                aim: asked.aim.as_deref(),
                reviewers: &asked.reviewers,
                ..NewCycle::default()
            };
            let opened = store.open_cycle(who, now, &new);
            let opened = opened.map(|row| (row, store.not_picked(&asked.scope, now).unwrap_or_default()));
            QueueAnswer::CycleOpened(opened.map_err(words))
        }
        QueueRequest::CloseCycle(id, plan) => {
            QueueAnswer::CycleClosed(store.close_cycle(who, now, id, Some(&plan)).map_err(words))
        }
    }
}

fn count(store: &Store, query: &Query, now: Timestamp) -> crate::store::Result<QueueCount> {
    let (found, hidden) = (store.queue_known(query, now)?, store.hidden(query, now)?);
    let reviewed = query.for_review();
    let to_review = match () {
        () if query.is_gone_through() => found,
        () if query.asks_for_reviewed() => store.queue_count(&reviewed, now)?,
        () => store.queue_count(&reviewed.with(Filter::Status(vec![Review::Open])), now)?,
    };
    Ok(QueueCount { found, hidden, to_review })
}

fn counts(store: &Store, queries: &[Query], now: Timestamp) -> Vec<Result<u64, String>> {
    store.queue_counts(queries, now).into_iter().map(|c| c.map_err(words)).collect()
}

/// A page, or why there is none and which part of the query is to blame.
fn page(store: &Store, asked: &PageRequest, now: Timestamp) -> Result<Page, NoRows> {
    let page = store.queue_page(&asked.query, asked.sort, asked.place, asked.limit, now);
    let told = page.and_then(|page| {
        if matches!(asked.place, PageStart::Start) && page.rows.is_empty() {
            store.must_have_numbers(&asked.query)?;
        }
        Ok(page)
    });
    told.and_then(|page| store.find_elsewhere(page, &asked.query)).map_err(|e| {
        let of_query = matches!(e, StoreError::Refused(_) | StoreError::NotFound { .. });
        let part = if of_query { store.unanswerable(&asked.query, asked.sort, now) } else { None };
        NoRows { why: words(e), part }
    })
}

fn land(store: &Store, asked: &JumpRequest, now: Timestamp) -> Result<JumpLanding, StoreError> {
    let at = |cursor| store.queue_page(&asked.query, asked.sort, PageStart::From(cursor), 1, now).map(|p| p.rows);
    match &asked.goal {
        JumpGoal::Conversation(name) => {
            // A bare number is most likely one of the column of row numbers.
            let row =
                name.bytes().all(|b| b.is_ascii_digit()).then(|| store.resolve(&format!("#{name}")).ok()).flatten();
            let id = row.map_or_else(|| store.resolve(name), Ok)?;
            let cursor = store.cursor_of(id, &asked.query, asked.sort)?;
            let shown = cursor.map(at).transpose()?.is_some_and(|rows| rows.first().is_some_and(|r| r.n == id));
            Ok(cursor.filter(|_| shown).map_or(JumpLanding::Hidden(id), JumpLanding::Row))
        }
        JumpGoal::Moment(when) => {
            let newest_first = asked.sort.first().descending;
            let moment = match *when {
                // Newest first, a day begins with its last conversation.
                QueryMoment::Day(day) if newest_first => store.zone()?.midnight(shifted(day, 1)).plus(-1),
                when @ (QueryMoment::At(_) | QueryMoment::Day(_) | QueryMoment::Days(_) | QueryMoment::Ago(_)) => {
                    store.when(when, now)?
                }
            };
            let Some(cursor) = store.cursor_at(moment, asked.sort) else { return Ok(JumpLanding::End) };
            Ok(if at(cursor)?.is_empty() { JumpLanding::End } else { JumpLanding::Row(cursor) })
        }
    }
}

/// One step for all, so that one undo takes it back.
fn decide_many(
    store: &mut Store,
    desk: &WorkingDesk,
    ids: Vec<ConversationId>,
    judgement: Judgement,
    seen: Option<DecisionId>,
) -> QueueAnswer {
    match deciding::decide_many(store, desk, &ids, &judgement, seen) {
        Ok(Many::Saved(many)) => QueueAnswer::DecidedMany(Ok(many)),
        Ok(Many::Overtaken(said)) => QueueAnswer::ManyOvertaken(said, ids, judgement, seen.unwrap_or(DecisionId(0))),
        Err(why) => QueueAnswer::DecidedMany(Err(why)),
    }
}
