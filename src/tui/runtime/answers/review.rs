//! What Review asks: conversations one after another, and decisions on them.

use super::deciding::decide;
use super::words::words;
use crate::domain::{ConversationId, DecisionChange, DecisionId, Kind, Query, Review, Timestamp};
use crate::store::{
    AdditionOrigin, AnswersTold, Attempt, BesideConversation, NamedAttempt, ReviewItem, ReviewScope, Store, StoreError,
};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::StoreAnswer;
use crate::tui::state::request::common::CommonAnswer;
use crate::tui::state::request::review::{
    AfterDecision, NamedLabel, ReviewAnswer, ReviewOpening, ReviewProgress, ReviewRequest, SavedAct, Shown,
};
use crate::tui::widgets::numbers;

/// Answers a request of Review; `None` where nobody waits for an answer.
pub fn answer(store: &mut Store, desk: &WorkingDesk, request: ReviewRequest) -> Option<StoreAnswer> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    let answer = match request {
        ReviewRequest::Open(open, g) => ReviewAnswer::Opened(show(store, &open, desk).map_err(words), g),
        ReviewRequest::Decide(changes, then, seen, g) => match decide(store, desk, &changes, seen) {
            Ok(Attempt::Saved(_)) => {
                drop_drafts(store, desk, &changes);
                ReviewAnswer::Decided(Ok(saved(store, desk, &changes, then)), g)
            }
            Ok(Attempt::Overtaken(said)) => ReviewAnswer::Overtaken(said, changes, then, g),
            Err(e) => ReviewAnswer::Decided(Err(words(e)), g),
        },
        ReviewRequest::Reread(id) => ReviewAnswer::Reread(store.review_item_for(who, id).map(Box::new).map_err(words)),
        ReviewRequest::Progress(scope) => {
            let progress = progress(store, &scope, now).map_err(words);
            ReviewAnswer::Progress(scope, progress)
        }
        ReviewRequest::LabelNamed(label, seen, g) => label_named(store, desk, label, seen, g),
        ReviewRequest::DecideAlike(ids, judgement, then, seen, g) => {
            let changes = match store.cases(&ids) {
                Ok(cases) => cases.iter().flat_map(|c| c.decide(&judgement)).collect::<Vec<_>>(),
                Err(e) => return Some(ReviewAnswer::Decided(Err(words(e)), g).into()),
            };
            match decide(store, desk, &changes, seen) {
                Ok(Attempt::Saved(_)) => ReviewAnswer::Decided(Ok(saved(store, desk, &changes, then)), g),
                Ok(Attempt::Overtaken(said)) => ReviewAnswer::Overtaken(said, changes, then, g),
                Err(e) => ReviewAnswer::Decided(Err(words(e)), g),
            }
        }
        ReviewRequest::Summary(id) => ReviewAnswer::Summary(store.cycle_summary(id, now).map_err(words)),
        ReviewRequest::Beside(id, scope) => {
            ReviewAnswer::Beside(id, beside(store, id, scope.as_ref(), now).map(Box::new).map_err(words))
        }
        ReviewRequest::Rank(id, turn) => ReviewAnswer::Ranked(id, turn, store.turn_ranking(id, turn).map_err(words)),
        ReviewRequest::Claim(open) => return store.claim(who, now, open).err().map(not_done),
        ReviewRequest::Draft(id, turn, text) => match store.keep_draft(who, now, (id, turn), text.as_deref()) {
            Ok(()) | Err(StoreError::Refused(_)) => return None,
            Err(e) => return Some(not_done(e)),
        },
    };
    Some(answer.into())
}

fn progress(store: &Store, scope: &ReviewScope, now: Timestamp) -> Result<ReviewProgress, StoreError> {
    let (done, total) = store.scope_progress(scope, now)?;
    let hidden = match scope {
        ReviewScope::Query(query, _) if done == total => store.hidden(query, now)?,
        ReviewScope::Query(..) | ReviewScope::Cycle(_) => 0,
    };
    Ok(ReviewProgress { done, total, hidden })
}

fn beside(
    store: &Store,
    id: ConversationId,
    scope: Option<&ReviewScope>,
    now: Timestamp,
) -> Result<BesideConversation, StoreError> {
    let found = store.beside(id, now)?;
    let Some(scope) = scope else { return Ok(found) };
    let outside = store.not_in_scope(scope, found.rows.iter().map(|r| r.n), now)?;
    Ok(BesideConversation { outside, ..found })
}

fn not_done(e: StoreError) -> StoreAnswer {
    CommonAnswer::Told("something could not be done", words(e)).into()
}

fn item(store: &Store, id: Option<ConversationId>, desk: &WorkingDesk) -> Result<Shown, StoreError> {
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Box::new(store.review_item_for(&desk.reviewer, id)?)))
}

/// A draft that was saved is none any more. Where it cannot be thrown away it is offered again, which harms nobody.
fn drop_drafts(store: &Store, desk: &WorkingDesk, changes: &[DecisionChange]) {
    for change in changes.iter().filter(|c| c.kind == Kind::Response) {
        if let Some(turn) = change.target.turn {
            let at = (ConversationId(change.target.subject), turn);
            store.keep_draft(&desk.reviewer, (desk.clock)(), at, None).ok();
        }
    }
}

fn show(store: &Store, open: &ReviewOpening, desk: &WorkingDesk) -> Result<Shown, StoreError> {
    match open {
        ReviewOpening::Item(id) => item(store, Some(*id), desk),
        ReviewOpening::Next(scope, after) => {
            let mut next = store.next_item(scope, *after, &desk.reviewer, (desk.clock)())?;
            if next.is_none()
                && let Some(here) = *after
                && store.review_item(here)?.status == Review::Open
            {
                // The only open one is the one on the screen.
                next = Some(here);
            }
            item(store, next, desk)
        }
    }
}

/// What was saved, in words, and what comes next. That it is saved is told even where neither can be read.
fn saved(store: &Store, desk: &WorkingDesk, changes: &[DecisionChange], then: AfterDecision) -> SavedAct {
    let told = store.told(changes).ok().flatten();
    let mut told = told.map_or_else(|| "saved".to_owned(), |t| format!("{} saved: {}", t.about, t.what));
    if corrects_with_a_non_answer(store, changes, (desk.clock)()) {
        told.push_str(&format!("; {}", AnswersTold::HELPS_FEW));
    }
    let shown = afterwards(store, then, desk);
    if shown.as_ref().is_ok_and(|shown| shown.as_deref().is_some_and(|item| waits_for_intent(item, changes))) {
        told.push_str("; open until it is said what the customer wanted");
    }
    SavedAct { told, shown: shown.map_err(words) }
}

/// Whether a cause was given to what stays open all the same.
fn waits_for_intent(item: &ReviewItem, changes: &[DecisionChange]) -> bool {
    let caused = |c: &DecisionChange| c.kind == Kind::Cause && c.to.is_some() && c.target.subject == item.n.0;
    changes.iter().any(caused) && item.status == Review::Open && item.needs_intent && !item.judged
}

fn corrects_with_a_non_answer(store: &Store, changes: &[DecisionChange], now: Timestamp) -> bool {
    let texts: Vec<&str> =
        changes.iter().filter(|c| c.kind == Kind::Response).filter_map(|c| c.to.as_deref()).collect();
    store.figures().are_no_answers(&texts, now).is_ok_and(|none| none.contains(&true))
}

fn afterwards(store: &Store, then: AfterDecision, desk: &WorkingDesk) -> Result<Shown, StoreError> {
    match then {
        AfterDecision::Next(scope, after) => {
            item(store, store.next_item(&scope, Some(after), &desk.reviewer, (desk.clock)())?, desk)
        }
        AfterDecision::Stay(id) => item(store, Some(id), desk),
    }
}

/// Conversations whose review is done.
fn closed_reviews(store: &Store, now: Timestamp) -> u64 {
    Query::parse("status:done").ok().and_then(|done| store.queue_count(&done, now).ok()).unwrap_or_default()
}

/// What the first intent opens again: what a cause alone had closed (rule 26).
fn reopened(n: u64) -> Option<String> {
    let are = numbers::plural(n, "closed by a cause is", "closed by a cause are");
    (n > 0).then(|| format!("{are} open again"))
}

/// A label by a name, which may be a new intent's: one step.
fn label_named(
    store: &mut Store,
    desk: &WorkingDesk,
    label: NamedLabel,
    seen: Option<DecisionId>,
    g: u64,
) -> ReviewAnswer {
    let failed = |e| ReviewAnswer::Named(Err(words(e)), false, g);
    let item = match store.review_item(label.n) {
        Ok(item) => item,
        Err(e) => return failed(e),
    };
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    let mut done = false;
    let said = item.conversation.turn(label.turn).and_then(|t| t.intent.clone());
    let logged = match said.map(|name| store.find_intent(&name)).transpose() {
        Ok(logged) => logged.flatten(),
        Err(e) => return failed(e),
    };
    let is_first = store.intent_names().is_ok_and(|names| !names.has_intents());
    let closed = if is_first { closed_reviews(store, now) } else { 0 };
    let named =
        store.decide_named((who, now), &label.name, seen, |intent, created| match item.turn == Some(label.turn) {
            true => {
                let (changes, finished) = item.case().relabel(intent, created);
                done = finished;
                changes
            }
            false => {
                let case = item.case_of(label.turn, logged);
                let (changes, finished) = case.relabel_beside(intent, created, item.blind());
                done = finished;
                changes
            }
        });
    let NamedAttempt { attempt, changes, intent, listed } = match named {
        Ok(named) => named,
        Err(e) => return failed(e),
    };
    let then = match label.scope.filter(|_| done) {
        Some(scope) => AfterDecision::Next(scope, label.n),
        None => AfterDecision::Stay(label.n),
    };
    match attempt {
        Attempt::Saved(_) => {
            let name = store.intent_names().map(|names| names.name(intent)).unwrap_or_default();
            let said = match listed {
                None => Some(format!("{} is {name} here", label.name)).filter(|_| name != label.name),
                Some(AdditionOrigin::New) if is_first => reopened(closed.saturating_sub(closed_reviews(store, now))),
                Some(AdditionOrigin::New) => None,
                Some(_) => Some(format!("{name} was retired and is in use again")),
            };
            // One message: a second would take the place of what was saved.
            let mut act = saved(store, desk, &changes, then);
            said.iter().for_each(|said| act.told.push_str(&format!("; {said}")));
            ReviewAnswer::Named(Ok(act), listed.is_some(), g)
        }
        Attempt::Overtaken(said) => ReviewAnswer::Overtaken(said, changes, then, g),
    }
}
