//! What Review asks: conversations one after another, and decisions on them.

use super::deciding::decide;
use super::words::words;
use crate::domain::{Change, ConversationId, Kind, Review, Timestamp};
use crate::store::{Attempt, Listed, Store, StoreError};
use crate::tui::runtime::desk::Desk;
use crate::tui::state::request::Answer;
use crate::tui::state::request::common::CommonAnswer;
use crate::tui::state::request::review::{NamedIntent, Open, ReviewAnswer, ReviewRequest, Shown, Then};

/// Answers a request of Review; `None` where nobody waits for an answer.
pub fn answer(store: &mut Store, desk: &Desk, request: ReviewRequest) -> Option<Answer> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    let answer = match request {
        ReviewRequest::Open(open, g) => ReviewAnswer::Opened(show(store, &open, desk).map_err(words), g),
        ReviewRequest::Decide(changes, then, seen, g) => match decide(store, desk, &changes, seen) {
            Ok(Attempt::Saved(_)) => {
                drop_drafts(store, desk, &changes);
                ReviewAnswer::Decided(Ok(afterwards(store, then, desk).map_err(words)), g)
            }
            Ok(Attempt::Overtaken(said)) => ReviewAnswer::Overtaken(said, changes, then, g),
            Err(e) => ReviewAnswer::Decided(Err(words(e)), g),
        },
        ReviewRequest::Reread(id) => ReviewAnswer::Reread(store.review_item(id).map(Box::new).map_err(words)),
        ReviewRequest::Progress(scope) => {
            let progress = store.scope_progress(&scope, now).map_err(words);
            ReviewAnswer::Progress(scope, progress)
        }
        ReviewRequest::AddIntent(name, g) => {
            ReviewAnswer::IntentAdded(judged_as(store, who, now, &name).map_err(words), g)
        }
        ReviewRequest::Claim(open) => return store.claim(who, now, open).err().map(not_done),
        ReviewRequest::Draft(id, turn, text) => match store.keep_draft(who, now, (id, turn), text.as_deref()) {
            Ok(()) | Err(StoreError::Refused(_)) => return None,
            Err(e) => return Some(not_done(e)),
        },
    };
    Some(answer.into())
}

fn not_done(e: StoreError) -> Answer {
    CommonAnswer::Told("something could not be done", words(e)).into()
}

fn item(store: &Store, id: Option<ConversationId>, desk: &Desk) -> Result<Shown, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let mut item = store.review_item(id)?;
    item.drafts = store.drafts(&desk.reviewer, id)?;
    Ok(Some(Box::new(item)))
}

/// A draft that was saved is none any more. Where it cannot be thrown away it is offered again, which harms nobody.
fn drop_drafts(store: &Store, desk: &Desk, changes: &[Change]) {
    for change in changes.iter().filter(|c| c.kind == Kind::Response) {
        if let Some(turn) = change.target.turn {
            let at = (ConversationId(change.target.subject), turn);
            store.keep_draft(&desk.reviewer, (desk.clock)(), at, None).ok();
        }
    }
}

fn show(store: &Store, open: &Open, desk: &Desk) -> Result<Shown, StoreError> {
    match open {
        Open::Item(id) => item(store, Some(*id), desk),
        Open::Next(scope, after) => {
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

fn afterwards(store: &Store, then: Then, desk: &Desk) -> Result<Shown, StoreError> {
    match then {
        Then::Next(scope, after) => {
            item(store, store.next_item(&scope, Some(after), &desk.reviewer, (desk.clock)())?, desk)
        }
        Then::Stay(id) => item(store, Some(id), desk),
    }
}

/// The intent that a person means by a name in Review: one in use that the name means, else a new one, else one that was
/// retired and is in use again.
fn judged_as(store: &mut Store, who: &str, now: Timestamp, name: &str) -> Result<NamedIntent, StoreError> {
    let names = store.intent_names()?;
    if let Some(id) = names.find(name).map(|i| names.today(i)).filter(|&i| names.is_active(i)) {
        return Ok(NamedIntent { id, created: false, said: Some(format!("{name} is {} here", names.name(id))) });
    }
    let (id, how) = store.list_intent(who, now, name, false)?;
    let said = (how != Listed::New).then(|| format!("{} was retired and is in use again", names.name(id)));
    Ok(NamedIntent { id, created: true, said })
}
