//! Writing the query: keys in the bar, completion, earlier queries.

use super::state::QueueScreen;
use super::state::offers::QueryOffers;
use crate::action::Action;
use crate::domain::Query;
use crate::domain::query::views::DEFAULT_QUERY;
use crate::tui::state::effect::{Effect, ProgramEffect, ask};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::shared::SharedState;
use crossterm::event::KeyEvent;

/// Under which key earlier queries are kept.
pub const KEY: &str = "queries";

/// A key while the cursor is in the query bar; `None` when it is none for a text field.
pub fn edit(queue: &mut QueueScreen, shared: &SharedState, key: KeyEvent) -> Option<Vec<Effect>> {
    let changed = queue.bar.field.key(key)?;
    Some(if changed { written(queue, shared) } else { moved(queue) })
}

/// Text was written or pasted.
pub fn written(queue: &mut QueueScreen, shared: &SharedState) -> Vec<Effect> {
    queue.bar.history.at = None;
    queue.bar.offers = QueryOffers::find(shared, &queue.bar.field);
    let same = Query::parse(&queue.bar.readable()).is_ok_and(|q| q == queue.query);
    if same && queue.bar.offers.is_some() && queue.bar.error.is_none() {
        return Vec::new();
    }
    queue.follow()
}

/// Nothing is completed any more: what was written is what is meant.
fn moved(queue: &mut QueueScreen) -> Vec<Effect> {
    match queue.bar.offers.take() {
        Some(offers) if offers.naming => queue.follow(),
        _ => Vec::new(),
    }
}

/// The cursor leaves the bar, whatever stands in it.
pub fn put_down(queue: &mut QueueScreen) -> Vec<Effect> {
    queue.bar.editing = false;
    moved(queue)
}

/// Puts the cursor into the bar.
pub fn begin(queue: &mut QueueScreen) -> Vec<Effect> {
    let bar = &mut queue.bar;
    (bar.editing, bar.offers, bar.history.at) = (true, None, None);
    // The next word is one of its own.
    let text = bar.field.text();
    if !text.is_empty() && !text.ends_with(' ') && bar.field.cursor() == text.len() {
        bar.field.insert(" ");
    }
    Vec::new()
}

/// Enter, Esc, Tab and arrows while the cursor is in the query bar.
pub fn act(queue: &mut QueueScreen, shared: &SharedState, action: Action) -> Vec<Effect> {
    let fits = shared.page();
    let bar = &mut queue.bar;
    match (action, &mut bar.offers) {
        (Action::Accept, Some(offers)) if offers.selected.is_some() => complete(queue, shared),
        (Action::Toggle, Some(_)) => complete(queue, shared),
        (Action::Toggle, None) => mend(queue),
        (Action::Cancel, Some(_)) => moved(queue),
        // Above the list of all filters lies what was asked earlier.
        (Action::Up, Some(offers)) if offers.selected.is_none() && bar.field.text().trim().is_empty() => {
            earlier(queue, true)
        }
        (Action::Up, Some(offers)) => offers.step(-1),
        (Action::Down, Some(offers)) => offers.step(1),
        (Action::Up, None) => earlier(queue, true),
        (Action::Down, None) => earlier(queue, false),
        (Action::PageUp, _) => queue.step(-(fits as isize), fits),
        (Action::PageDown, _) => queue.step(fits as isize, fits),
        (Action::Accept, _) => accept(queue),
        (Action::Cancel, None) => leave(queue),
        _ => Vec::new(),
    }
}

fn earlier(queue: &mut QueueScreen, back: bool) -> Vec<Effect> {
    let bar = &mut queue.bar;
    let text = bar.field.text().to_owned();
    let Some(found) = bar.history.walk(back, &text) else { return Vec::new() };
    queue.set_query(&found)
}

/// Takes the selected offer, else the first; what may follow it is offered next.
pub fn complete(queue: &mut QueueScreen, shared: &SharedState) -> Vec<Effect> {
    let bar = &mut queue.bar;
    let Some(offers) = bar.offers.take() else { return Vec::new() };
    let Some(insert) = offers.taken().map(str::to_owned) else { return Vec::new() };
    bar.field.replace(offers.at.clone(), &insert);
    written(queue, shared)
}

/// Puts the word that was most likely meant in place of the one that nothing has.
fn mend(queue: &mut QueueScreen) -> Vec<Effect> {
    let bar = &mut queue.bar;
    let Some((at, instead)) = bar.error.as_ref().and_then(|e| Some((e.at.clone(), e.instead.clone()?))) else {
        return Vec::new();
    };
    bar.field.replace(at, &instead);
    queue.bar.offers = None;
    queue.follow()
}

fn accept(queue: &mut QueueScreen) -> Vec<Effect> {
    let mut effects = moved(queue);
    let bar = &mut queue.bar;
    // What cannot be read stays in the bar, marked, until it is mended or given up.
    if bar.error.is_some() {
        return effects;
    }
    bar.editing = false;
    let kept = bar.history.keep(bar.field.text());
    effects.extend(kept.map(|k| ask(CommonRequest::Remember(KEY, k))));
    effects.push(Effect::Program(ProgramEffect::RememberPlace));
    effects
}

fn leave(queue: &mut QueueScreen) -> Vec<Effect> {
    let bar = &mut queue.bar;
    bar.editing = false;
    bar.history.at = None;
    match bar.error.take() {
        Some(_) => queue.set_query(DEFAULT_QUERY),
        None => Vec::new(),
    }
}
