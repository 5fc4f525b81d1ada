//! Going from one view to the next, asking for their counts, saving one's own.

use super::state::QueueScreen;
use super::state::columns::QueueColumns;
use crate::domain::Query;
use crate::domain::query::views;
use crate::domain::query::views::{SavedView, View, ViewContext};
use crate::tui::state::effect::{Effect, ProgramEffect, ask, cheer, say};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::queue::QueueRequest;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::words;

/// Under which key one's own views are kept.
pub use crate::domain::query::views::KEPT_AS as KEY;

/// All views as they are now.
pub fn all(queue: &QueueScreen, shared: &SharedState) -> Vec<View> {
    let around =
        ViewContext { now: shared.now, newest: shared.vocabulary.newest, zone: shared.zone(), me: &shared.reviewer };
    views::all(&queue.views.saved, &around)
}

/// The view that the queue shows: the chosen one as long as the query is its own, else one that has the same query.
pub fn current(queue: &QueueScreen, all: &[View]) -> Option<usize> {
    let text = queue.bar.field.text();
    let same = |v: &&View| v.query == text;
    let chosen = all.iter().position(|v| Some(&v.name) == queue.views.chosen.as_ref() && same(&v));
    chosen.or_else(|| all.iter().position(|v| same(&v)))
}

/// To the next view, or the one before; where the query is nobody's, from the one that was chosen last.
pub fn step(queue: &mut QueueScreen, shared: &SharedState, by: isize) -> Vec<Effect> {
    let all = all(queue, shared);
    let last = all.iter().position(|v| Some(&v.name) == queue.views.chosen.as_ref());
    let next = match current(queue, &all).or(last) {
        Some(i) => (i as isize + by).rem_euclid(all.len() as isize),
        None if by > 0 => 0,
        None => all.len() as isize - 1,
    };
    choose(queue, &all[next as usize])
}

/// Shows a view: its query, its order, its columns.
pub fn choose(queue: &mut QueueScreen, view: &View) -> Vec<Effect> {
    queue.views.chosen = Some(view.name.clone());
    queue.sort = view.sort;
    if let Some(columns) = &view.columns {
        queue.look.columns = QueueColumns::from_names(columns);
    }
    let mut effects = queue.set_query(&view.query);
    effects.push(Effect::Program(ProgramEffect::RememberPlace));
    effects
}

/// Shows the view of this name, if there is one.
pub fn open(queue: &mut QueueScreen, shared: &SharedState, name: &str) -> Vec<Effect> {
    match all(queue, shared).into_iter().find(|v| v.name == name) {
        Some(view) => choose(queue, &view),
        None => Vec::new(),
    }
}

/// Asks how much is in each view.
pub fn ask_counts(queue: &mut QueueScreen, shared: &SharedState) -> Vec<Effect> {
    let readable: Vec<(String, Query)> =
        all(queue, shared).into_iter().filter_map(|v| Some((v.name, Query::parse(&v.query).ok()?))).collect();
    let views = &mut queue.views;
    views.generation += 1;
    let (names, queries) = readable.into_iter().unzip();
    views.asked = names;
    vec![ask(QueueRequest::Counts(queries, views.generation))]
}

fn keep(queue: &mut QueueScreen, shared: &SharedState) -> Vec<Effect> {
    let kept = views::write_saved(&queue.views.saved);
    let mut effects = vec![ask(CommonRequest::Keep(KEY, kept))];
    effects.extend(ask_counts(queue, shared));
    effects.push(Effect::Program(ProgramEffect::RememberPlace));
    effects
}

/// Saves what the queue shows as a view; one of the same name is replaced.
pub fn save(queue: &mut QueueScreen, shared: &SharedState, name: String) -> Vec<Effect> {
    let saved = SavedView {
        name: name.clone(),
        query: queue.bar.field.text().to_owned(),
        sort: queue.sort.to_string(),
        columns: Some(queue.look.columns.names()),
    };
    let all = &mut queue.views.saved;
    match all.iter_mut().find(|v| v.name.to_lowercase() == name.to_lowercase()) {
        Some(old) => *old = saved,
        None => all.push(saved),
    }
    queue.views.chosen = Some(name.clone());
    let mut effects = cheer(format!("saved as view {}", words::line(&name)));
    effects.extend(keep(queue, shared));
    effects
}

/// Gives one's own view another name.
pub fn rename(queue: &mut QueueScreen, shared: &SharedState, from: &str, to: String) -> Vec<Effect> {
    let views = &mut queue.views;
    let Some(view) = views.saved.iter_mut().find(|v| v.name == from) else { return Vec::new() };
    view.name.clone_from(&to);
    if views.chosen.as_deref() == Some(from) {
        views.chosen = Some(to);
    }
    keep(queue, shared)
}

/// Deletes one's own view; what it showed stays in the bar.
pub fn delete(queue: &mut QueueScreen, shared: &SharedState, name: &str) -> Vec<Effect> {
    queue.views.saved.retain(|v| v.name != name);
    let mut effects = say(format!("view {} is deleted; its query is still in the bar", words::line(name)));
    effects.extend(keep(queue, shared));
    effects
}

/// Follows the shown view where other names that data has brought make it another query: its days may have moved on.
pub fn follow(queue: &mut QueueScreen, before: &[View], shown: Option<usize>, now: &[View]) -> Vec<Effect> {
    match shown.and_then(|i| before.get(i).zip(now.get(i))) {
        Some((old, new)) if old.query != new.query => queue.set_query(&new.query),
        _ => Vec::new(),
    }
}
