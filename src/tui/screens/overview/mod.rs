//! Overview: the business owner's page. Is it better than on day one, what fails most, what can fine-tuning repair.

pub mod failing;
pub mod table;
pub mod trend;
pub mod view;
pub mod welcome;

use crate::action::Action;
use crate::domain::Timestamp;
use crate::store::{Basis, OverviewPage};
use crate::tui::screens::{queue, review};
use crate::tui::state::app::{App, Load, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;

/// State of the Overview screen.
#[derive(Debug, Default)]
pub struct Home {
    /// The figures.
    pub page: Load<Box<OverviewPage>>,
    /// Intervals are shown beside the rates.
    pub intervals: bool,
    /// The selected failing intent.
    pub selected: usize,
}

/// What to read when the screen comes to the front.
pub fn enter(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::Overview;
    vec![Effect::Ask(Request::Overview), Effect::Ask(Request::OverviewPage)]
}

/// Takes the figures.
pub fn take(app: &mut App, page: Result<Box<OverviewPage>, String>) -> Result<(), String> {
    app.home.page.take(page)?;
    let failing = app.home.page.ready().map_or(0, |p| p.failing.len());
    app.home.selected = app.home.selected.min(failing.saturating_sub(1));
    Ok(())
}

/// Does what was asked for on the Overview screen.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = app.seen.rows.max(1) as isize;
    match action {
        Action::Up => step(app, -1),
        Action::Down => step(app, 1),
        Action::PageUp => step(app, -rows),
        Action::PageDown => step(app, rows),
        Action::Top => step(app, isize::MIN / 2),
        Action::Bottom => step(app, isize::MAX / 2),
        Action::OpenFailing => return open_failing(app),
        Action::ToggleIntervals => app.home.intervals = !app.home.intervals,
        Action::StartReview => return review::resume(app),
        _ => {}
    }
    Vec::new()
}

fn step(app: &mut App, by: isize) {
    let failing = app.home.page.ready().map_or(0, |p| p.failing.len());
    app.home.selected = app.home.selected.saturating_add_signed(by).min(failing.saturating_sub(1));
}

/// The queue with the failures of the selected intent.
fn open_failing(app: &mut App) -> Vec<Effect> {
    let Some(page) = app.home.page.ready() else { return Vec::new() };
    let Some(row) = page.failing.get(app.home.selected) else { return Vec::new() };
    // Where the log says nothing about intents, only labels find them.
    let key = if row.labelled * 2 > row.n { "label" } else { "intent" };
    let name = row.intent.as_deref().unwrap_or("none");
    let query = queue::query::toggle("outcome:failed,escalated", key, name);
    // The same days as the figures.
    let days = |from: i64, to: i64| {
        let day = |t: i64| page.zone.date(Timestamp(t));
        format!(" since:{} before:{} test:shown", day(from), day(to))
    };
    let period = match page.basis {
        Basis::All => " test:shown".to_owned(),
        _ => days(page.this.from, page.this.to),
    };
    let query = format!("{query}{period}");
    let mut effects = queue::enter(app);
    effects.extend(app.queue.set_query(&query));
    effects
}

/// Whether an action of the Overview can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let page = app.home.page.ready();
    match action {
        _ if page.is_none() => Err("the figures are still being read"),
        Action::OpenFailing if page.is_some_and(|p| p.failing.is_empty()) => Err("nothing failed in this time"),
        _ => Ok(()),
    }
}
