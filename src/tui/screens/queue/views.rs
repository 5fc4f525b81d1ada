//! Saved views: going from one to the next, their counts, saving one's own.

use super::columns::Columns;
use crate::domain::Query;
use crate::domain::query::views;
use crate::domain::query::views::{Around, Saved, View};
use crate::tui::screens::review;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;
use crate::tui::widgets::words;
use std::collections::HashMap;

/// Under which key one's own views are kept.
pub use crate::domain::query::views::KEPT_AS as KEY;

/// Views and how much is in each.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// One's own.
    pub saved: Vec<Saved>,
    /// The name of the one that was chosen last.
    pub chosen: Option<String>,
    /// How many conversations each has, by name; `None`: it has no data yet.
    counts: HashMap<String, Option<u64>>,
    /// Those that were asked for last.
    asked: Vec<String>,
    generation: u64,
}

impl Views {
    /// What the store remembers.
    pub fn recalled(&mut self, kept: Option<&str>) {
        self.saved = kept.map(views::read_saved).unwrap_or_default();
    }

    /// The views of another store.
    pub fn after(before: &Self) -> Self {
        Self { generation: before.generation + 1, ..Self::default() }
    }

    /// How many conversations a view has, as it is shown; empty while nobody knows.
    pub fn count(&self, name: &str) -> String {
        match self.counts.get(name) {
            Some(Some(n)) => crate::tui::widgets::numbers::count(*n),
            Some(None) => "–".to_owned(),
            None => String::new(),
        }
    }

    /// Takes counts; older ones are dropped.
    pub fn take(&mut self, counts: Vec<Result<u64, String>>, generation: u64) {
        if generation == self.generation {
            self.counts = std::mem::take(&mut self.asked).into_iter().zip(counts.into_iter().map(Result::ok)).collect();
        }
    }
}

/// All views as they are now.
pub fn all(app: &App) -> Vec<View> {
    let shared = &app.shared;
    let around =
        Around { now: shared.now, newest: shared.vocabulary.newest, zone: shared.zone(), me: &shared.reviewer };
    views::all(&app.queue.views.saved, &around)
}

/// The view that the queue shows: the chosen one as long as the query is its own, else one that has the same query.
pub fn current(app: &App, all: &[View]) -> Option<usize> {
    let text = app.queue.bar.field.text();
    let same = |v: &&View| v.query == text;
    let chosen = all.iter().position(|v| Some(&v.name) == app.queue.views.chosen.as_ref() && same(&v));
    chosen.or_else(|| all.iter().position(|v| same(&v)))
}

/// To the next view, or the one before; where the query is nobody's, from the one that was chosen last.
pub fn step(app: &mut App, by: isize) -> Vec<Effect> {
    let all = all(app);
    let last = all.iter().position(|v| Some(&v.name) == app.queue.views.chosen.as_ref());
    let next = match current(app, &all).or(last) {
        Some(i) => (i as isize + by).rem_euclid(all.len() as isize),
        None if by > 0 => 0,
        None => all.len() as isize - 1,
    };
    choose(app, &all[next as usize])
}

/// Shows a view: its query, its order, its columns.
pub fn choose(app: &mut App, view: &View) -> Vec<Effect> {
    app.queue.views.chosen = Some(view.name.clone());
    app.queue.sort = view.sort;
    if let Some(columns) = &view.columns {
        app.queue.look.columns = Columns::from_names(columns);
    }
    let mut effects = app.queue.set_query(&view.query);
    effects.extend(remember_place(app));
    effects
}

/// Shows the view of this name, if there is one.
pub fn open(app: &mut App, name: &str) -> Vec<Effect> {
    match all(app).into_iter().find(|v| v.name == name) {
        Some(view) => choose(app, &view),
        None => Vec::new(),
    }
}

/// Asks how much is in each view.
pub fn ask_counts(app: &mut App) -> Vec<Effect> {
    let readable: Vec<(String, Query)> =
        all(app).into_iter().filter_map(|v| Some((v.name, Query::parse(&v.query).ok()?))).collect();
    let views = &mut app.queue.views;
    views.generation += 1;
    let (names, queries) = readable.into_iter().unzip();
    views.asked = names;
    vec![Effect::Ask(Request::Counts(queries, views.generation))]
}

/// Keeps where one is, so that the next start resumes here.
pub fn remember_place(app: &App) -> Vec<Effect> {
    vec![Effect::Ask(Request::Remember("place", review::place(app).to_string()))]
}

fn keep(app: &mut App) -> Vec<Effect> {
    let kept = views::write_saved(&app.queue.views.saved);
    let mut effects = vec![Effect::Ask(Request::Remember(KEY, kept))];
    effects.extend(ask_counts(app));
    effects.extend(remember_place(app));
    effects
}

/// Saves what the queue shows as a view; one of the same name is replaced.
pub fn save(app: &mut App, name: String) -> Vec<Effect> {
    let saved = Saved {
        name: name.clone(),
        query: app.queue.bar.field.text().to_owned(),
        sort: app.queue.sort.to_string(),
        columns: Some(app.queue.look.columns.names()),
    };
    let all = &mut app.queue.views.saved;
    match all.iter_mut().find(|v| v.name.to_lowercase() == name.to_lowercase()) {
        Some(old) => *old = saved,
        None => all.push(saved),
    }
    app.queue.views.chosen = Some(name.clone());
    let mut effects = app.cheer(format!("saved as view {}", words::line(&name)));
    effects.extend(keep(app));
    effects
}

/// Gives one's own view another name.
pub fn rename(app: &mut App, from: &str, to: String) -> Vec<Effect> {
    let views = &mut app.queue.views;
    let Some(view) = views.saved.iter_mut().find(|v| v.name == from) else { return Vec::new() };
    view.name.clone_from(&to);
    if views.chosen.as_deref() == Some(from) {
        views.chosen = Some(to);
    }
    keep(app)
}

/// Deletes one's own view; what it showed stays in the bar.
pub fn delete(app: &mut App, name: &str) -> Vec<Effect> {
    app.queue.views.saved.retain(|v| v.name != name);
    let mut effects = app.say(format!("view {} is deleted; its query is still in the bar", words::line(name)));
    effects.extend(keep(app));
    effects
}

/// Names that data has brought are here; days of a view may be others now.
pub fn take_vocabulary(app: &mut App, vocabulary: crate::store::Vocabulary) -> Vec<Effect> {
    let before = all(app);
    let shown = current(app, &before);
    app.shared.vocabulary = vocabulary;
    let now = all(app);
    match shown.map(|i| (&before[i], &now[i])) {
        Some((old, new)) if old.query != new.query => app.queue.set_query(&new.query),
        _ => Vec::new(),
    }
}
