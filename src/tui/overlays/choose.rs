//! What happens when an entry of a list is taken.

use super::{Choice, Overlay, editor, open};
use crate::action::Action;
use crate::domain::{Cause, IntentId};
use crate::tui::app::App;
use crate::tui::ask::Request;
use crate::tui::effect::Effect;
use crate::tui::screens::queue::query;
use crate::tui::screens::review::decide;
use crate::tui::update::perform;

/// Takes an entry of the list on top. Switching a filter leaves the list open; everything else closes it first.
pub fn take(app: &mut App, choice: Choice, how: Action) -> Vec<Effect> {
    if let Choice::Facet(key, value) = &choice {
        return facet(app, key, value, how);
    }
    app.overlays.pop();
    match choice {
        Choice::Intent(id) => pick_intent(app, id),
        Choice::NewIntent(name) => new_intent(app, name),
        Choice::Act(action) => perform(app, action),
        Choice::Query(text) => app.queue.set_query(text),
        Choice::Cause(cause) => decide::cause(app, cause),
        Choice::Outcome(outcome) => decide::outcome(app, outcome),
        Choice::Traffic(real) => decide::traffic(app, real),
        Choice::Sentiment(value) => decide::sentiment(app, value),
        Choice::Tour => crate::tui::tour::begin(app),
        Choice::Column(field) => super::import::set_field(app, field),
        Choice::CloseCycle(id) => vec![Effect::Ask(Request::CloseCycle(id))],
        Choice::SaveText => editor::save(app),
        Choice::DropText => {
            app.overlays.pop();
            Vec::new()
        }
        Choice::Quit => vec![Effect::CancelJob, Effect::CancelLoad, Effect::Quit],
        Choice::Nothing | Choice::Facet(..) => Vec::new(),
    }
}

fn facet(app: &mut App, key: &str, value: &str, how: Action) -> Vec<Effect> {
    let text = query::toggle(app.queue.field.text(), key, value);
    let effects = app.queue.set_query(&text);
    let entries = open::filter_entries(app);
    match app.overlays.last_mut() {
        Some(Overlay::Chooser(chooser)) if how == Action::Toggle => chooser.replace(entries),
        _ => drop(app.overlays.pop()),
    }
    effects
}

fn pick_intent(app: &mut App, id: IntentId) -> Vec<Effect> {
    if !app.shared.intents.iter().any(|i| i.id == id) {
        return app.say("this intent is gone; F5 reads the list anew");
    }
    decide::label(app, id, false)
}

/// A new intent for the judged turn; an existing one of that name is simply picked.
pub fn new_intent(app: &mut App, name: String) -> Vec<Effect> {
    let same = app.shared.intents.iter().find(|i| i.name.to_lowercase() == name.to_lowercase()).map(|i| i.id);
    if let Some(id) = same {
        return pick_intent(app, id);
    }
    app.review.proposal = Some(Cause::NewIntent);
    let generation = app.review.next_request();
    vec![Effect::Ask(Request::AddIntent(name, generation))]
}
