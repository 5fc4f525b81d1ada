//! What the store thread answers to the Queue beyond plain reads: why a query has no rows, counts of views, places to
//! jump to, judgements on many conversations.

use crate::domain::zone::shifted;
use crate::domain::{ConversationId, DecisionId, Judgement, Timestamp, When};
use crate::store::{Attempt, Listed, Page, Place, Store, StoreError};
use crate::tui::runtime::store_thread;
use crate::tui::runtime::store_thread::{Desk, words};
use crate::tui::state::request::{
    Answer, DecidedMany, Goal, JumpRequest, Landing, NamedIntent, NoRows, PageRequest, Request,
};

/// Conversations that can be marked at once.
pub const MOST_MARKED: usize = 1_000;

/// A page, or why there is none and which part of the query is to blame.
pub fn page(store: &Store, asked: &PageRequest, now: Timestamp) -> Result<Page, NoRows> {
    let page = store.queue_page(&asked.query, asked.sort, asked.place, asked.limit, now);
    page.and_then(|page| store.find_elsewhere(page, &asked.query)).map_err(|e| {
        let of_query = matches!(e, StoreError::Refused(_) | StoreError::NotFound { .. });
        let part = if of_query { store.unanswerable(&asked.query, asked.sort, now) } else { None };
        NoRows { why: words(e), part }
    })
}

/// Answers a request of the Queue.
pub fn answer(store: &mut Store, desk: &Desk, request: Request) -> Option<Answer> {
    let now = (desk.clock)();
    Some(match request {
        Request::Counts(queries, generation) => {
            let counts = store.queue_counts(&queries, now).into_iter().map(|c| c.map_err(words));
            Answer::Counts(counts.collect(), generation)
        }
        Request::Vocabulary => Answer::Vocabulary(store.vocabulary(now).map(Box::new).map_err(words)),
        Request::Jump(asked) => {
            let landing = land(store, &asked, now).map_err(words);
            Answer::Jumped(asked, landing)
        }
        Request::MarkAll(query, sort, generation) => {
            let page = store.queue_page(&query, sort, Place::Start, MOST_MARKED, now).map_err(words);
            Answer::MarkAll(page, generation)
        }
        Request::DecideMany(ids, judgement, seen) => decide(store, desk, ids, judgement, seen),
        _ => return None,
    })
}

fn land(store: &Store, asked: &JumpRequest, now: Timestamp) -> Result<Landing, StoreError> {
    let at = |cursor| store.queue_page(&asked.query, asked.sort, Place::From(cursor), 1, now).map(|p| p.rows);
    match &asked.goal {
        Goal::Conversation(name) => {
            // A bare number is most likely one of the column of row numbers.
            let row =
                name.bytes().all(|b| b.is_ascii_digit()).then(|| store.resolve(&format!("#{name}")).ok()).flatten();
            let id = row.map_or_else(|| store.resolve(name), Ok)?;
            let cursor = store.cursor_of(id, &asked.query, asked.sort)?;
            let shown = cursor.map(at).transpose()?.is_some_and(|rows| rows.first().is_some_and(|r| r.n == id));
            Ok(cursor.filter(|_| shown).map_or(Landing::Hidden(id), Landing::Row))
        }
        Goal::Moment(when) => {
            let newest_first = asked.sort.first().descending;
            let moment = match *when {
                // Newest first, a day begins with its last conversation.
                When::Day(day) if newest_first => store.zone()?.midnight(shifted(day, 1)).plus(-1),
                when => store.when(when, now)?,
            };
            let Some(cursor) = store.cursor_at(moment, asked.sort) else { return Ok(Landing::End) };
            Ok(if at(cursor)?.is_empty() { Landing::End } else { Landing::Row(cursor) })
        }
    }
}

/// One step for all, so that one undo takes it back.
fn decide(
    store: &mut Store,
    desk: &Desk,
    ids: Vec<ConversationId>,
    judgement: Judgement,
    seen: Option<DecisionId>,
) -> Answer {
    const NOTHING: &str = "there is nothing to label: the customer said nothing in them, or they are audit items, which Review labels one by one";
    let cases = match store.cases(&ids) {
        Ok(cases) => cases,
        Err(e) => return Answer::DecidedMany(Err(words(e))),
    };
    let decisions: Vec<_> = cases.iter().map(|c| c.decide(&judgement)).filter(|d| !d.is_empty()).collect();
    let done = decisions.len();
    if done == 0 {
        return Answer::DecidedMany(Err(NOTHING.to_owned()));
    }
    match store_thread::decide(store, desk, &decisions.concat(), seen) {
        Ok(Attempt::Saved(_)) => Answer::DecidedMany(Ok(DecidedMany { judgement, done, left_out: ids.len() - done })),
        Ok(Attempt::Overtaken(said)) => Answer::ManyOvertaken(said, ids, judgement, seen.unwrap_or(DecisionId(0))),
        Err(e) => Answer::DecidedMany(Err(words(e))),
    }
}

/// The intent that a person means by a name in Review: one in use that the name means, else a new one, else one that was
/// retired and is in use again.
pub(in crate::tui) fn judged_as(
    store: &mut Store,
    who: &str,
    now: Timestamp,
    name: &str,
) -> Result<NamedIntent, StoreError> {
    let names = store.intent_names()?;
    if let Some(id) = names.find(name).map(|i| names.today(i)).filter(|&i| names.is_active(i)) {
        return Ok(NamedIntent { id, created: false, said: Some(format!("{name} is {} here", names.name(id))) });
    }
    let (id, how) = store.list_intent(who, now, name, false)?;
    let said = (how != Listed::New).then(|| format!("{} was retired and is in use again", names.name(id)));
    Ok(NamedIntent { id, created: true, said })
}
