//! The Overview as a screen of the program.

use super::state::OverviewScreen;
use super::{opens, view};
use crate::action::{Action, Scope};
use crate::tui::screens::contract::{Screen, step_of};
use crate::tui::state::effect::{Effect, Go, Job, Work, ask, go, or_complain, perform, say, start, stop};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::overview::{OverviewAnswer, OverviewRequest};
use crate::tui::state::seen::Hit;
use crate::tui::state::shared::{Load, Shared};
use crate::tui::state::tab::Tab;
use crate::tui::state::work::Background;
use crate::tui::widgets::Canvas;
use ratatui::layout::Rect;

impl OverviewScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, answer: OverviewAnswer) -> Vec<Effect> {
        match answer {
            OverviewAnswer::Figures(page) => or_complain("the figures could not be read anew", self.take(page)),
            OverviewAnswer::Durable(rate) => or_complain("returns could not be counted", self.durable.take(rate)),
        }
    }

    /// Shows in the queue exactly the failures that the selected row counted.
    fn open_failing(&self) -> Vec<Effect> {
        let Some(page) = self.page.ready() else { return Vec::new() };
        let row = page.repair.failing.get(self.selected);
        row.map_or_else(Vec::new, |row| go(Go::Queue(opens::failures(page, row))))
    }

    /// What the table shows beyond the figures at hand; `None` inside where it is not shown or known already.
    fn ask_durable(&self) -> Option<Effect> {
        (self.table && self.durable == Load::Waiting).then(|| ask(OverviewRequest::Durable))
    }
}

/// Begins the report; stops it where one is being written.
fn write_report(shared: &Shared) -> Vec<Effect> {
    if matches!(shared.reporting, Background::Running(_)) {
        return vec![stop(Work::Report)];
    }
    let mut effects = say("The report is being written; the same key stops it");
    effects.push(start(Job::Report));
    effects
}

impl Screen for OverviewScreen {
    fn scopes(&self, shared: &Shared) -> Vec<Scope> {
        let own = if shared.is_empty() { Scope::Welcome } else { Scope::Overview };
        vec![own, Scope::Move, Scope::Global]
    }

    fn enter(&mut self, _: &Shared) -> Vec<Effect> {
        // Looked up anew with the next look at the table: what it counts may have changed since.
        self.durable = Load::Waiting;
        let mut effects = vec![ask(CommonRequest::Counts), ask(OverviewRequest::Figures)];
        effects.extend(self.ask_durable());
        effects
    }

    fn act(&mut self, shared: &Shared, action: Action) -> Vec<Effect> {
        if let Some(by) = step_of(action, shared.page()) {
            self.step(by);
            return Vec::new();
        }
        match action {
            Action::OpenFailing => return self.open_failing(),
            Action::ToggleIntervals => {
                self.table = !self.table;
                return self.ask_durable().into_iter().collect();
            }
            Action::WriteReport => return write_report(shared),
            Action::StartReview => return go(Go::Tab(Tab::Review)),
            _ => {}
        }
        Vec::new()
    }

    fn enabled(&self, _: &Shared, action: Action) -> Result<(), &'static str> {
        match (self.page.ready(), action) {
            (None, _) => Err("the figures are still being read"),
            (Some(page), Action::OpenFailing) if page.repair.failing.is_empty() => Err("nothing failed in this time"),
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
            Hit::Ended(outcome) => {
                self.page.ready().map_or_else(Vec::new, |page| go(Go::Queue(opens::ended(page, outcome))))
            }
            _ => Vec::new(),
        }
    }

    fn selected(&self, _: &Shared, _: bool) -> Option<String> {
        self.page.ready()?.repair.failing.get(self.selected)?.intent.clone()
    }
}
