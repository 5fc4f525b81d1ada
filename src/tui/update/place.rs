//! Where one stopped: kept whenever it changes, taken up at the next start. Names and keys here are stored.

use crate::domain::{ConversationId, CycleId, Timestamp};
use crate::store::ReviewScope;
use crate::tui::guide::hints;
use crate::tui::screens::queue::state::columns::QueueColumns;
use crate::tui::screens::queue::{bar, views};
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, WorldEffect, ask};
use crate::tui::state::request::StoreRequest;
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::overview::OverviewRequest;
use crate::tui::state::request::tune::TuneRequest;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::query::DEFAULT;

/// Under which key it is kept.
pub const KEY: &str = "place";

/// What to do when the program starts: find out where it stopped. Everything else waits for that, so that what is on the
/// screen first is also read first.
pub fn init() -> Vec<WorldEffect> {
    // Before the place: it may be a view of one's own.
    let keys = [views::KEY, bar::KEY, KEY];
    keys.map(|key| WorldEffect::Ask(StoreRequest::Common(CommonRequest::Recall(key)))).to_vec()
}

/// What to read once it is known where the program stopped.
pub fn begin(app: &mut App, kept: Option<&str>) -> Vec<Effect> {
    let mut effects = restore(app, kept);
    let shown = [ask(OverviewRequest::Figures), ask(CommonRequest::Counts)];
    match app.tab {
        ScreenTab::Overview => drop(effects.splice(0..0, shown)),
        ScreenTab::Queue
        | ScreenTab::Patterns
        | ScreenTab::Responses
        | ScreenTab::Review
        | ScreenTab::FineTune
        | ScreenTab::Signals => effects.extend(shown),
    }
    effects.extend([
        ask(CommonRequest::Vocabulary),
        ask(CommonRequest::Recall(hints::KEY)),
        ask(CommonRequest::Intents),
        ask(TuneRequest::Releases),
    ]);
    effects.extend(views::ask_counts(&mut app.queue, &app.shared));
    effects
}

/// Keeps where one is.
pub fn remember(app: &App) -> Effect {
    ask(CommonRequest::Remember(KEY, place(app).to_string()))
}

/// What to remember so that the next start resumes here.
fn place(app: &App) -> serde_json::Value {
    let views = views::all(&app.queue, &app.shared);
    let view = views::current(&app.queue, &views).map(|i| views[i].name.as_str());
    serde_json::json!({
        "query": app.queue.bar.field.text(),
        "counted": app.queue.counts_all_groups,
        "sort": app.queue.sort.to_string(),
        "preview": app.queue.look.preview,
        "columns": app.queue.look.columns.names(),
        "view": view,
        "screen": app.tab.title(),
        "conversation": app.review.item().map(|i| i.n.0),
        "cycle": match app.review.scope {
            Some(ReviewScope::Cycle(id)) => Some(id.0),
            Some(ReviewScope::Query(..)) | None => None,
        },
        "stay": app.review.stay,
        "newest": app.shared.vocabulary.newest.map(|t| t.0),
    })
}

/// The first look into a demo: customers whose language the visitor can read.
fn begins_in_own_language(app: &App) -> Option<String> {
    app.shared.new_demo.then(|| format!("{DEFAULT} lang:{}", app.shared.demo_language()))
}

/// Takes up where the last start stopped.
fn restore(app: &mut App, kept: Option<&str>) -> Vec<Effect> {
    let kept: serde_json::Value = kept.and_then(|k| serde_json::from_str(k).ok()).unwrap_or_default();
    if let Some(sort) = kept["sort"].as_str().and_then(|s| s.parse().ok()) {
        app.queue.sort = sort;
    }
    app.queue.look.preview = kept["preview"].as_bool().unwrap_or(true);
    if let Some(names) = kept["columns"].as_array() {
        let names: Vec<&str> = names.iter().filter_map(|n| n.as_str()).collect();
        app.queue.look.columns = QueueColumns::from_names(&names);
    }
    app.review.stay = kept["stay"].as_bool().unwrap_or(false);
    // Until the store has said more: the days of views depend on it, and may have moved on since.
    let newest = &mut app.shared.vocabulary.newest;
    *newest = newest.or(kept["newest"].as_i64().map(Timestamp));
    let all = views::all(&app.queue, &app.shared);
    let view = kept["view"].as_str().and_then(|name| all.into_iter().find(|v| v.name == name));
    app.queue.views.chosen = view.as_ref().map(|v| v.name.clone());
    let text = view.as_ref().map(|v| v.query.as_str()).or(kept["query"].as_str());
    let own = begins_in_own_language(app).filter(|_| text.is_none());
    let mut effects = match text.map(str::to_owned).or(own) {
        Some(text) if kept["counted"] == true => app.queue.show_counted(&text),
        Some(text) => app.queue.set_query(&text),
        None => app.queue.follow(),
    };
    if app.queue.bar.error.is_some() {
        effects.extend(app.queue.set_query(DEFAULT));
    }
    app.shared.listed = app.queue.listed();
    let screen = kept["screen"].as_str().and_then(ScreenTab::from_title);
    if let (Some(ScreenTab::Review), Some(id)) = (screen, kept["conversation"].as_i64()) {
        // By its number: which cycle is open is not read yet.
        let cycle = kept["cycle"].as_i64().map(|id| ReviewScope::Cycle(CycleId(id)));
        let scope = cycle.unwrap_or_else(|| app.queue.scope());
        app.tab = ScreenTab::Review;
        effects.extend(app.review.open(ConversationId(id), Some(scope)));
        app.review.resumed = true;
    } else if let Some(screen) = screen.filter(|s| *s != ScreenTab::Review && app.tab == ScreenTab::default()) {
        // Whoever has gone elsewhere meanwhile stays there.
        app.tab = screen;
    }
    effects
}
