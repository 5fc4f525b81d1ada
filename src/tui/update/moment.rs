//! The store as of a date (rule 51): asked for, read in the background, shown in place of today's, left again.

use super::place;
use crate::domain::{Filter, Query, QueryMoment};
use crate::jobs::StoreAsOf;
use crate::theme::Role;
use crate::tui::screens::queue::{bar, views};
use crate::tui::state::app::App;
use crate::tui::state::choice::TextQuestion;
use crate::tui::state::effect::{
    Effect, GoTo, Job, LongWork, StoreEffect, WorldEffect, ask, cheer, complain, open, say, start, stop,
};
use crate::tui::state::float::PromptSpec;
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::shared::MomentShown;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::{Background, JobEnd};
use std::sync::Arc;

/// Asks for the date; leaves the one that is shown, and stops one that is being read.
pub fn ask_date(app: &App) -> Vec<Effect> {
    if app.shared.as_of.is_some() {
        return vec![Effect::World(WorldEffect::Store(StoreEffect::Present))];
    }
    if matches!(app.shared.looking_back, Background::Running(_)) {
        return vec![stop(LongWork::LookingBack)];
    }
    let zone = app.shared.zone();
    let notes = [
        "Every screen as it was before that day: what was decided by then, and conversations that had ended, in their present words.",
        "Nothing can be changed meanwhile; Esc comes back to today.",
    ];
    open(PromptSpec {
        question: TextQuestion::AsOf,
        title: "As of".to_owned(),
        notes: notes.map(|line| (line.to_owned(), Role::Muted)).to_vec(),
        text: zone.format(zone.days_after(app.shared.now, -28), "%Y-%m-%d"),
    })
}

/// Begins to read the store as of what was written.
///
/// # Errors
/// It is no day and no moment.
pub fn begin(text: &str) -> Result<Vec<Effect>, String> {
    let moment = moment_of(text).ok_or("write a day, such as 2026-03-01, or 28d for 28 days ago")?;
    let mut effects = say("The store is being read as it was; the same command stops it");
    effects.push(start(Job::LookBack(moment)));
    Ok(effects)
}

fn moment_of(text: &str) -> Option<QueryMoment> {
    let query = Query::parse(&format!("since:\"{}\"", text.trim().replace(['"', '\\'], " "))).ok()?;
    match query.terms.as_slice() {
        [term] => match term.filter {
            Filter::Since(moment) => Some(moment),
            _ => None,
        },
        _ => None,
    }
}

/// It was read, or not.
pub fn read(app: &mut App, end: Result<Arc<StoreAsOf>, JobEnd>) -> Vec<Effect> {
    app.shared.looking_back = Background::Idle;
    match end {
        Ok(found) => vec![Effect::World(WorldEffect::Store(StoreEffect::LookBack(found)))],
        Err(JobEnd::Cancelled) => say("stopped; today's store is shown"),
        Err(JobEnd::Failed(why)) => complain("the store cannot be shown as of that day", why),
    }
}

/// Another moment is open: what was read of the one before is forgotten, the screen in front stays.
pub fn entered(app: &mut App, shown: Option<MomentShown>) -> Vec<Effect> {
    // A conversation under review may not have been there.
    let tab = if app.tab == ScreenTab::Review { ScreenTab::Overview } else { app.tab };
    app.forget_store();
    app.shared.read_only = shown.is_some() || app.shared.own_read_only;
    app.shared.as_of = shown.clone();
    // Views and columns are one's own at all times; where one stopped is another matter.
    let mut effects = vec![ask(CommonRequest::Recall(views::KEY)), ask(CommonRequest::Recall(bar::KEY))];
    effects.extend(place::begin(app, None));
    effects.push(Effect::Go(GoTo::Tab(tab)));
    effects.extend(match shown {
        Some(shown) => cheer(format!("As of {}; Esc comes back to today", shown.words)),
        None => cheer("Today's store is shown again"),
    });
    effects
}
