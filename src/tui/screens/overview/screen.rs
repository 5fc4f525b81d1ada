//! The Overview as a screen of the program.

use super::state::OverviewScreen;
use super::view;
use crate::action::{Action, Scope};
use crate::domain::Timestamp;
use crate::store::Basis;
use crate::tui::screens::contract::Screen;
use crate::tui::state::effect::{Effect, Go, ask, go, or_complain, perform};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::overview::{OverviewAnswer, OverviewRequest};
use crate::tui::state::seen::Hit;
use crate::tui::state::shared::Shared;
use crate::tui::state::tab::Tab;
use crate::tui::widgets::{Canvas, query};
use ratatui::layout::Rect;

impl OverviewScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, answer: OverviewAnswer) -> Vec<Effect> {
        let OverviewAnswer::Figures(page) = answer;
        or_complain("the figures could not be read anew", self.take(page))
    }

    /// Shows the failures of the selected intent in the queue, of the same days as the figures.
    fn open_failing(&self) -> Vec<Effect> {
        let Some(page) = self.page.ready() else { return Vec::new() };
        let Some(row) = page.failing.get(self.selected) else { return Vec::new() };
        // Where the log says nothing about intents, only labels find them.
        let key = if row.labelled * 2 > row.n { "label" } else { "intent" };
        let name = row.intent.as_deref().unwrap_or("none");
        let query = query::toggle("outcome:failed,escalated", key, name);
        let days = |from: i64, to: i64| {
            let day = |t: i64| page.zone.date(Timestamp(t));
            format!(" since:{} before:{} test:shown", day(from), day(to))
        };
        let period = match page.basis {
            Basis::All => " test:shown".to_owned(),
            Basis::Week | Basis::OldWeek => days(page.this.from, page.this.to),
        };
        go(Go::Queue(format!("{query}{period}")))
    }
}

impl Screen for OverviewScreen {
    fn scopes(&self, shared: &Shared) -> Vec<Scope> {
        let own = if shared.is_empty() { Scope::Welcome } else { Scope::Overview };
        vec![own, Scope::Move, Scope::Global]
    }

    fn enter(&mut self, _: &Shared) -> Vec<Effect> {
        vec![ask(CommonRequest::Counts), ask(OverviewRequest::Figures)]
    }

    fn act(&mut self, shared: &Shared, action: Action) -> Vec<Effect> {
        let rows = shared.page() as isize;
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-rows),
            Action::PageDown => self.step(rows),
            Action::Top => self.step(isize::MIN / 2),
            Action::Bottom => self.step(isize::MAX / 2),
            Action::OpenFailing => return self.open_failing(),
            Action::ToggleIntervals => self.intervals = !self.intervals,
            Action::StartReview => return go(Go::Tab(Tab::Review)),
            _ => {}
        }
        Vec::new()
    }

    fn enabled(&self, _: &Shared, action: Action) -> Result<(), &'static str> {
        match (self.page.ready(), action) {
            (None, _) => Err("the figures are still being read"),
            (Some(page), Action::OpenFailing) if page.failing.is_empty() => Err("nothing failed in this time"),
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &Shared, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &Shared) -> Vec<Effect> {
        vec![ask(OverviewRequest::Figures)]
    }

    fn click(&mut self, _: &Shared, hit: Hit) -> Vec<Effect> {
        match hit {
            Hit::Failing(i) => {
                self.selected = i;
                perform(Action::OpenFailing)
            }
            _ => Vec::new(),
        }
    }

    fn selected(&self, _: &Shared, _: bool) -> Option<String> {
        self.page.ready()?.failing.get(self.selected)?.intent.clone()
    }
}
