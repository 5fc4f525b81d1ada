//! What happens when an entry of a list is taken.

use super::{Choice, Overlay, editor, open};
use crate::action::Action;
use crate::domain::query::sort::By;
use crate::domain::{Cause, IntentId, Judgement};
use crate::store::IntentRow;
use crate::text::{name_key, trim_name};
use crate::tui::screens::queue::columns::Column;
use crate::tui::screens::queue::{marks, order, query, views};
use crate::tui::screens::review::{self, decide};
use crate::tui::screens::tune;
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;
use crate::tui::update::perform;

/// Takes an entry of the list on top. Switching a filter leaves the list open; everything else closes it first.
pub fn take(app: &mut App, choice: Choice, how: Action) -> Vec<Effect> {
    match &choice {
        Choice::Facet(key, value) => return facet(app, key, value, how),
        Choice::Column(column) => return self::column(app, *column, how),
        Choice::Sort(by) => return sort(app, *by),
        _ => app.overlays.pop(),
    };
    // On the Queue a judgement is about what is marked there.
    let marked = app.screen == Screen::Queue;
    match choice {
        Choice::Intent(id) => pick_intent(app, id),
        Choice::NewIntent(name) => new_intent(app, name),
        Choice::Act(action) => perform(app, action),
        Choice::Query(text) => app.queue.set_query(text),
        Choice::Cause(cause) if marked => marks::decide(app, Judgement::Cause(cause)),
        Choice::Outcome(outcome) if marked => marks::decide(app, Judgement::Outcome(outcome)),
        Choice::Traffic(_) if marked => marks::decide(app, Judgement::NotTraffic),
        Choice::Cause(cause) => decide::cause(app, cause),
        Choice::Outcome(outcome) => decide::outcome(app, outcome),
        Choice::Traffic(real) => decide::traffic(app, real),
        Choice::Sentiment(value) => decide::sentiment(app, value),
        Choice::Tour => crate::tui::guide::tour::begin(app),
        Choice::Field(field) => super::import::set_field(app, field),
        Choice::CloseCycle(id) => vec![Effect::Ask(Request::CloseCycle(id))],
        Choice::SaveText => editor::save(app),
        Choice::DropText => editor::drop_text(app),
        Choice::Reopen => super::gone::reopen(app),
        Choice::Quit => vec![Effect::CancelJob, Effect::CancelLoad, Effect::Quit],
        other => of_screen(app, other),
    }
}

/// What is about Fine-tune, views, and single conversations of the queue.
fn of_screen(app: &mut App, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::How(how) => tune::how::choose(app, how),
        Choice::Work(job) => tune::work::begin(app, job),
        Choice::View(name) => views::open(app, &name),
        Choice::RenameView(name) => super::ask_view_name(app, Some(name)),
        Choice::DeleteView(name) => super::confirm_delete_view(app, &name),
        Choice::DropView(name) => views::delete(app, &name),
        Choice::Open(id) => review::open(app, id, None),
        Choice::Meanwhile(answer) => review::meanwhile::answered(app, answer),
        _ => Vec::new(),
    }
}

/// A key comes first or is turned round; the list stays, so that a second key can be put before it.
fn sort(app: &mut App, by: By) -> Vec<Effect> {
    let effects = order::by(app, by);
    let entries = super::order_entries(app);
    if let Some(Overlay::Menu(menu)) = app.overlays.last_mut() {
        menu.replace(entries);
    }
    effects
}

fn column(app: &mut App, column: Column, how: Action) -> Vec<Effect> {
    app.queue.look.columns = app.queue.look.columns.toggled(column);
    let entries = super::column_entries(app);
    match app.overlays.last_mut() {
        Some(Overlay::Chooser(chooser)) if how == Action::Toggle => chooser.replace(entries),
        _ => drop(app.overlays.pop()),
    }
    views::remember_place(app)
}

fn facet(app: &mut App, key: &str, value: &str, how: Action) -> Vec<Effect> {
    let text = query::toggle(app.queue.bar.field.text(), key, value);
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
    if app.screen == Screen::Queue {
        return marks::decide(app, Judgement::Intent(id));
    }
    decide::label(app, id, false)
}

/// A new intent for the judged turn; an existing one of that name is simply picked.
pub fn new_intent(app: &mut App, name: String) -> Vec<Effect> {
    let key = name_key(&name);
    let called = |i: &&IntentRow| std::iter::once(&i.name).chain(&i.aliases).any(|n| name_key(n) == key);
    let mut same: Vec<&IntentRow> = app.shared.intents.iter().filter(called).collect();
    // Of twins the exact spelling is meant, else the oldest.
    same.sort_by_key(|i| (i.name != trim_name(&name), i.id));
    if let Some(id) = same.first().map(|i| i.id) {
        return pick_intent(app, id);
    }
    if app.screen == Screen::Queue {
        return app.say("no intent is called so; open one of the conversations, n makes a new intent there");
    }
    app.review.proposal = Some(Cause::NewIntent);
    let generation = app.review.next_request();
    vec![Effect::Ask(Request::AddIntent(name, generation))]
}
