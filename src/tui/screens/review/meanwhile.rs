//! What others decide while one looks (rule 42): it is shown on the item, and who judges the same is asked first.

use super::lists;
use super::state::{ReviewScreen, ReviewStage};
use crate::domain::{DecisionChange, Kind};
use crate::store::{DecisionRow, OthersWord, ReviewItem};
use crate::tui::state::choice::{EditorPurpose, OvertakenAct};
use crate::tui::state::effect::{Effect, ask, open};
use crate::tui::state::float::EditorSpec;
use crate::tui::state::request::review::{AfterDecision, ReviewOpening, ReviewRequest};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::others::{spoken, value};
use crate::tui::widgets::words;

/// Takes the conversation as it is now, unless nothing was decided on it. What one knows of it stays as it was.
pub fn take(review: &mut ReviewScreen, item: ReviewItem) {
    let here = review.item().is_some_and(|i| i.n == item.n && i.seen() < item.seen());
    if here && !review.wait.busy {
        review.stage = ReviewStage::Item(Box::new(item));
    }
}

/// Gives what others decided on the item since it was shown, newest first. Where one judges blind, not what they said.
pub fn said(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem) -> Vec<String> {
    let Some(seen) = review.seen else { return Vec::new() };
    let others = item.history.iter().filter(|d| d.decision > seen && d.reviewer != shared.reviewer);
    let line = |d: &DecisionRow| {
        let who = words::line(&d.reviewer);
        let what = d.after.as_deref().map_or_else(|| "taken away".to_owned(), |v| value(d.kind, v));
        match (item.blind(), d.undoes) {
            (true, _) => format!("{who} has judged this"),
            (_, Some(_)) => format!("{who} took back {}", spoken(d.kind)),
            _ => format!("{who}: {} {what}", spoken(d.kind)),
        }
    };
    let mut out: Vec<String> = others.map(line).collect();
    out.dedup();
    out
}

/// Asks what is to stand. Keys that were typed meanwhile were meant for something else.
pub fn overtaken(
    review: &mut ReviewScreen,
    said: &[OthersWord],
    changes: Vec<DecisionChange>,
    then: AfterDecision,
) -> Vec<Effect> {
    review.wait.busy = false;
    review.wait.typed.clear();
    let blind = review.item().is_some_and(ReviewItem::blind);
    open(lists::overtaken(said, blind, OvertakenAct { changes, then }))
}

/// Saves one's own all the same.
pub fn mine(review: &mut ReviewScreen, act: OvertakenAct) -> Vec<Effect> {
    let generation = review.next_request();
    vec![ask(ReviewRequest::Decide(act.changes, act.then, None, generation))]
}

/// Leaves what others said.
pub fn theirs(review: &mut ReviewScreen, then: AfterDecision) -> Vec<Effect> {
    let to = match then {
        AfterDecision::Next(scope, after) => ReviewOpening::Next(scope, Some(after)),
        AfterDecision::Stay(id) => ReviewOpening::Item(id),
    };
    let generation = review.next_request();
    vec![ask(ReviewRequest::Open(to, generation))]
}

/// Shows what stands; a text that one wrote is there to go on with.
pub fn look(review: &mut ReviewScreen, act: &OvertakenAct) -> Vec<Effect> {
    let Some(id) = review.item().map(|i| i.n) else { return Vec::new() };
    let mut effects = Vec::new();
    if let Some(change) = act.changes.iter().find(|c| matches!(c.kind, Kind::Response | Kind::Note)) {
        let purpose = match (change.kind, change.target.turn) {
            (Kind::Response, Some(turn)) => EditorPurpose::Response(id, turn),
            _ => EditorPurpose::Note(id),
        };
        let theirs = review.item().and_then(|item| match purpose {
            EditorPurpose::Response(_, turn) | EditorPurpose::Correction(_, turn) => {
                item.responses.iter().find(|(t, _)| *t == turn).map(|(_, text)| text.clone())
            }
            EditorPurpose::Note(_) => item.note.clone(),
        });
        let text = theirs.unwrap_or_default();
        let (draft, context) = (Some(change.to.clone().unwrap_or_default()), format!("meanwhile: {text}"));
        effects = open(EditorSpec { purpose, text, draft, context });
    }
    let generation = review.next_request();
    effects.push(ask(ReviewRequest::Open(ReviewOpening::Item(id), generation)));
    effects
}
