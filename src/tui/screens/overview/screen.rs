//! The Overview as a screen of the program.

use super::state::{OverviewFront, OverviewScreen};
use super::{cycles, missing, opens, repair, view};
use crate::action::{Action, ActionScope};
use crate::store::CycleRow;
use crate::tui::screens::contract::{Screen, step_of};
use crate::tui::state::effect::{Effect, GoTo, Job, LongWork, ask, go, or_complain, perform, say, start, stop};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::overview::{OverviewAnswer, OverviewRequest};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::Background;
use crate::tui::widgets::Canvas;
use ratatui::layout::Rect;

impl OverviewScreen {
    /// Takes what the store answers.
    pub fn answered(&mut self, answer: OverviewAnswer) -> Vec<Effect> {
        match answer {
            OverviewAnswer::Figures(page) => or_complain("the figures could not be read anew", self.take(page)),
            OverviewAnswer::Durable(rate) => or_complain("returns could not be counted", self.durable.take(rate)),
            OverviewAnswer::Fallback(rate) => or_complain("turns could not be counted", self.fallback.take(rate)),
            OverviewAnswer::Felt(rates) => {
                or_complain("what customers feel could not be counted", self.felt.take(rates))
            }
            OverviewAnswer::Audited(told) => or_complain("audit items could not be counted", self.audited.take(told)),
            OverviewAnswer::Segments(page) => {
                let told = or_complain("the segments could not be counted anew", self.segments.take(page));
                self.line = self.line.min(self.segments.ready().map_or(0, |p| p.lines.len().saturating_sub(1)));
                told
            }
            OverviewAnswer::Cycles(rows) => {
                let before = self.chosen_cycle().map(|row| row.id);
                let mut effects = or_complain("the cycles could not be read anew", self.cycles.take(rows));
                let rows = self.cycles.ready().map_or(&[][..], Vec::as_slice);
                self.cycle = rows.iter().position(|row| Some(row.id) == before).unwrap_or(0);
                effects.extend(self.read_story());
                effects
            }
            OverviewAnswer::Cycle(story) => {
                let wanted = self.chosen_cycle().map(|row| row.id);
                if story.as_ref().is_ok_and(|s| Some(s.row.id) != wanted) {
                    return Vec::new();
                }
                or_complain("the cycle could not be read anew", self.story.take(story))
            }
        }
    }

    /// The selected cycle.
    fn chosen_cycle(&self) -> Option<&CycleRow> {
        self.cycles.ready()?.get(self.cycle)
    }

    fn read_story(&self) -> Option<Effect> {
        self.chosen_cycle().map(|row| ask(OverviewRequest::Cycle(row.id)))
    }

    /// Shows one of the other views, and reads it anew.
    fn show(&mut self, front: OverviewFront) -> Vec<Effect> {
        self.front = front;
        self.inside = None;
        self.read_front()
    }

    fn read_front(&self) -> Vec<Effect> {
        match self.front {
            OverviewFront::Figures => Vec::new(),
            OverviewFront::Segments => vec![ask(OverviewRequest::Segments)],
            OverviewFront::Cycles => vec![ask(OverviewRequest::Cycles)],
        }
    }

    /// Selects another row; of another cycle it reads what it came to.
    fn move_by(&mut self, by: isize) -> Vec<Effect> {
        let before = self.cycle;
        self.step(by);
        if self.front != OverviewFront::Cycles || self.cycle == before {
            return Vec::new();
        }
        self.story = StoreRead::Waiting;
        self.read_story().into_iter().collect()
    }

    /// Shows in the queue exactly what the selected line counts.
    fn open_line(&self) -> Vec<Effect> {
        let query = match (self.front, self.inside) {
            (OverviewFront::Segments, _) => {
                self.segments.ready().and_then(|p| p.lines.get(self.line)).map(|l| l.query.clone())
            }
            (OverviewFront::Cycles, Some(at)) => {
                self.story.ready().and_then(|s| cycles::queries(s).get(at).map(|q| (*q).to_owned()))
            }
            (OverviewFront::Cycles, None) => self.chosen_cycle().map(opens::cycle),
            (OverviewFront::Figures, _) => None,
        };
        query.map_or_else(Vec::new, |query| go(GoTo::Queue(query)))
    }

    /// Shows in the queue exactly the failures that the selected row counted, or the conversations of the selected week.
    fn open_failing(&self) -> Vec<Effect> {
        let Some(page) = self.page.ready() else { return Vec::new() };
        if let Some(week) = self.trend.selected(page) {
            return open_counted(opens::within_traffic(page, opens::week(page, &week), week.n));
        }
        if let Some(row) = self.measure.and_then(|at| self.measures().into_iter().nth(at)) {
            let counted = if row.of_stored { (row.query, None) } else { opens::within_traffic(page, row.query, row.n) };
            return open_counted(counted);
        }
        let line = self.repair_lines().into_iter().nth(self.selected);
        line.map_or_else(Vec::new, |line| go(GoTo::Queue(line.query)))
    }

    fn on_trend(&mut self, action: Action) -> Vec<Effect> {
        let Some(page) = self.page.ready() else { return Vec::new() };
        let stays = match action {
            Action::ZoomIn => (!self.trend.zoom(page, true)).then_some("fewer weeks are no trend"),
            Action::ZoomOut => (!self.trend.zoom(page, false)).then_some("all weeks are shown"),
            _ => {
                self.trend.step(page, if action == Action::EarlierWeek { -1 } else { 1 });
                None
            }
        };
        stays.map(say).unwrap_or_default()
    }

    /// Reads what the table shows beyond the figures at hand, unless it is known already.
    fn ask_table(&self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.table && self.durable == StoreRead::Waiting {
            effects.push(ask(OverviewRequest::Durable));
        }
        if self.table && self.fallback == StoreRead::Waiting {
            effects.push(ask(OverviewRequest::Fallback));
        }
        if self.table && self.felt == StoreRead::Waiting {
            effects.push(ask(OverviewRequest::Felt));
        }
        if self.table && self.audited == StoreRead::Waiting {
            effects.push(ask(OverviewRequest::Audited));
        }
        effects
    }
}

/// Shows in the queue what a number counted, and says what that is where it is not all of it.
fn open_counted((query, told): (String, Option<String>)) -> Vec<Effect> {
    let mut effects = go(GoTo::Queue(query));
    effects.extend(told.into_iter().flat_map(say));
    effects
}

/// Begins the report; stops it where one is being written.
fn write_report(shared: &SharedState) -> Vec<Effect> {
    if matches!(shared.reporting, Background::Running(_)) {
        return vec![stop(LongWork::Report)];
    }
    let mut effects = say("The report is being written; the same key stops it");
    effects.push(start(Job::Report));
    effects
}

impl Screen for OverviewScreen {
    fn scopes(&self, shared: &SharedState) -> Vec<ActionScope> {
        let own = match self.front {
            _ if shared.is_empty() => ActionScope::Welcome,
            OverviewFront::Figures => ActionScope::Overview,
            OverviewFront::Segments => ActionScope::Segments,
            OverviewFront::Cycles => ActionScope::Cycles,
        };
        vec![own, ActionScope::Move, ActionScope::Global]
    }

    fn enter(&mut self, _: &SharedState) -> Vec<Effect> {
        // Looked up anew with the next look at the table: what it counts may have changed since.
        (self.durable, self.fallback, self.audited) = (StoreRead::Waiting, StoreRead::Waiting, StoreRead::Waiting);
        self.felt = StoreRead::Waiting;
        let mut effects = vec![ask(CommonRequest::Counts), ask(OverviewRequest::Figures)];
        effects.extend(self.ask_table());
        effects.extend(self.read_front());
        effects
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        if let Some(by) = step_of(action, shared.page()) {
            return self.move_by(by);
        }
        match action {
            Action::ShowSegments => return self.show(OverviewFront::Segments),
            Action::ShowCycles => return self.show(OverviewFront::Cycles),
            Action::Leave => return self.show(OverviewFront::Figures),
            Action::OpenLine => return self.open_line(),
            Action::NextPane => self.inside = self.inside.or(Some(0)),
            Action::PreviousPane => self.inside = None,
            Action::EarlierWeek | Action::LaterWeek | Action::ZoomIn | Action::ZoomOut => return self.on_trend(action),
            Action::OpenFailing => return self.open_failing(),
            Action::Cancel if self.has_open() => (self.table, self.measure) = (false, None),
            Action::ToggleIntervals => {
                self.table = !self.table;
                self.measure = None;
                return self.ask_table();
            }
            Action::WriteReport => return write_report(shared),
            Action::StartReview => return go(GoTo::Tab(ScreenTab::Review)),
            _ => {}
        }
        Vec::new()
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        match (self.page.ready(), action) {
            (_, Action::OpenLine) if self.open_line().is_empty() => Err("there is no line to open"),
            (
                _,
                Action::OpenLine | Action::Leave | Action::PreviousPane | Action::ShowSegments | Action::ShowCycles,
            ) => Ok(()),
            (_, Action::NextPane) if self.story.ready().is_none_or(|s| cycles::queries(s).is_empty()) => {
                Err("nothing of it is counted yet")
            }
            (_, Action::NextPane | Action::Cancel) => Ok(()),
            (None, _) => Err("the figures are still being read"),
            (Some(page), Action::ToggleIntervals)
                if self.front == OverviewFront::Figures && !missing::nothing_to_count(page, shared).is_empty() =>
            {
                Err("there is no rate to list")
            }
            (Some(page), Action::EarlierWeek | Action::LaterWeek | Action::ZoomIn | Action::ZoomOut)
                if page.weeks.len() < 2 =>
            {
                Err("the trend begins with the second week")
            }
            (Some(page), Action::OpenFailing) if self.trend.selected(page).is_some() || self.measure.is_some() => {
                Ok(())
            }
            (Some(page), Action::OpenFailing) if repair::length(page) == 0 => Err("nothing failed in this time"),
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &SharedState) -> Vec<Effect> {
        let mut effects = vec![ask(OverviewRequest::Figures)];
        effects.extend(self.read_front());
        effects
    }

    fn click(&mut self, _: &SharedState, hit: ScreenHit) -> Vec<Effect> {
        match hit {
            ScreenHit::Measure(i) => {
                self.measure = Some(i);
                perform(Action::OpenFailing)
            }
            ScreenHit::Failing(i) => {
                (self.selected, self.measure) = (i, None);
                perform(Action::OpenFailing)
            }
            ScreenHit::Listed(i) => {
                let at = match self.front {
                    OverviewFront::Segments => &mut self.line,
                    OverviewFront::Cycles | OverviewFront::Figures => &mut self.cycle,
                };
                if *at == i && self.inside.is_none() {
                    return perform(Action::OpenLine);
                }
                let by = i as isize - *at as isize;
                self.inside = None;
                self.move_by(by)
            }
            ScreenHit::Week(monday) if self.trend.week == Some(monday) => perform(Action::OpenFailing),
            ScreenHit::Week(monday) => {
                self.trend.week = Some(monday);
                Vec::new()
            }
            ScreenHit::Ended(outcome) => {
                let Some(page) = self.page.ready() else { return Vec::new() };
                let counted = opens::counted(page, outcome);
                open_counted(opens::within_traffic(page, opens::ended(page, outcome), counted))
            }
            _ => Vec::new(),
        }
    }

    fn has_open(&self) -> bool {
        self.front == OverviewFront::Figures && self.table
    }

    fn sampled(&self, _: &SharedState) -> Option<String> {
        let in_list = self.front == OverviewFront::Figures && self.measure.is_none();
        let line = in_list.then(|| self.repair_lines().into_iter().nth(self.selected)).flatten();
        line.map(|line| line.query)
    }

    fn selected(&self, _: &SharedState, _: bool) -> Option<String> {
        self.repair_lines().into_iter().nth(self.selected).map(|line| line.name)
    }
}
