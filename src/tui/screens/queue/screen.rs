//! The Queue as a screen of the program.

use super::state::QueueScreen;
use super::{bar, lists, marks, order, view, views};
use crate::action::{Action, ActionRow, ActionScope};
use crate::domain::query::views::DEFAULT_QUERY;
use crate::domain::{Cause, Judgement, QueueOrder, Review};
use crate::tui::screens::contract::Screen;
use crate::tui::state::choice::{JudgedOn, QueueQuestion};
use crate::tui::state::effect::{Effect, GoTo, ask, go, open, perform};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::queue::QueueRequest;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::lists::{causes, intents, new_intent};
use crate::tui::widgets::{Canvas, numbers, words};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

impl Screen for QueueScreen {
    fn scopes(&self, _: &SharedState) -> Vec<ActionScope> {
        if self.bar.editing {
            vec![ActionScope::Field]
        } else {
            vec![ActionScope::Queue, ActionScope::Move, ActionScope::Global]
        }
    }

    fn enter(&mut self, shared: &SharedState) -> Vec<Effect> {
        let mut effects = self.reread();
        effects.push(ask(CommonRequest::Counts));
        effects.extend(views::ask_counts(self, shared));
        effects
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        if self.bar.editing {
            return bar::act(self, shared, action);
        }
        let fits = shared.page();
        match action {
            Action::Up => self.step(-1, fits),
            Action::Down => self.step(1, fits),
            Action::PageUp => self.step(-(fits as isize), fits),
            Action::PageDown => self.step(fits as isize, fits),
            Action::Top => self.jump_to(false),
            Action::Bottom => self.jump_to(true),
            Action::EditQuery => bar::begin(self),
            Action::ClearQuery => clear(self),
            Action::ToggleTest => self.toggle_test(),
            Action::NextSort => next_sort(self),
            Action::NextView => views::step(self, shared, 1),
            Action::PreviousView => views::step(self, shared, -1),
            Action::TogglePreview => {
                self.look.preview = !self.look.preview;
                Vec::new()
            }
            Action::OpenItem => match self.window.selected() {
                Some(row) => go(GoTo::Item(row.n, Some(self.scope()))),
                None => Vec::new(),
            },
            Action::StartReview => self.begin_review(),
            Action::Resume => go(GoTo::Tab(ScreenTab::Review)),
            _ => above(self, shared, action),
        }
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        let cycle = shared.overview.ready().and_then(|o| o.cycle.as_ref());
        match action {
            Action::OpenItem if self.window.selected().is_none() => Err("nothing is selected"),
            Action::StartReview if self.bar.error.is_some() => Err("the filter cannot be read"),
            Action::StartReview if self.finds_nothing() => Err("nothing matches the filter"),
            Action::OpenCycle if cycle.is_some() => Err("a cycle is open already; C closes it"),
            Action::OpenCycle if self.bar.error.is_some() => Err("the filter cannot be read"),
            Action::OpenCycle if self.finds_nothing() => Err("nothing matches the filter"),
            Action::CloseCycle if cycle.is_none() => Err("no cycle is open"),
            Action::Mark | Action::MarkToHere if self.window.selected().is_none() => Err("nothing is selected"),
            Action::DecideMarked if self.marks.is_empty() => Err("nothing is marked; v marks the selected one"),
            Action::SaveView if self.bar.error.is_some() => Err("the filter cannot be read"),
            Action::TogglePreview if self.window.selected().is_none() => Err("there is nothing to preview"),
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, shared: &SharedState) -> Vec<Effect> {
        let mut effects = self.reread();
        effects.push(ask(CommonRequest::Vocabulary));
        effects.extend(views::ask_counts(self, shared));
        effects
    }

    fn click(&mut self, shared: &SharedState, hit: ScreenHit) -> Vec<Effect> {
        match hit {
            ScreenHit::Query => perform(Action::EditQuery),
            ScreenHit::Row(id) => {
                let mut effects = bar::put_down(self);
                if self.window.selected().is_some_and(|r| r.n == id) {
                    return perform(Action::OpenItem);
                }
                self.window.select(id);
                effects.extend(self.step(0, shared.page()));
                effects.extend(self.ask_preview());
                effects
            }
            ScreenHit::Sort(by) => order::by(self, by),
            ScreenHit::View(i) => {
                self.bar.editing = false;
                views::all(self, shared).get(i).map(|view| views::choose(self, view)).unwrap_or_default()
            }
            ScreenHit::Entry(i) => {
                if let Some(offers) = &mut self.bar.offers {
                    offers.selected = Some(i);
                }
                bar::complete(self, shared)
            }
            _ => Vec::new(),
        }
    }

    fn wheel(&mut self, shared: &SharedState, by: isize) -> Vec<Effect> {
        self.step(by, shared.page())
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        self.window.selected().map(|r| if text { r.text.clone() } else { r.id.clone() })
    }

    fn writes(&self) -> bool {
        self.bar.editing
    }

    fn write(&mut self, shared: &SharedState, key: KeyEvent) -> Option<Vec<Effect>> {
        if self.bar.editing { bar::edit(self, shared, key) } else { None }
    }

    fn paste(&mut self, shared: &SharedState, text: &str) -> Vec<Effect> {
        if !self.bar.editing {
            return Vec::new();
        }
        self.bar.field.insert(text.trim_end());
        bar::written(self, shared)
    }

    fn hints_at(&self, action: Action) -> bool {
        match action {
            Action::ClearQuery => self.marks.is_empty() && self.opened_from().is_some(),
            Action::DecideMarked => !self.marks.is_empty(),
            Action::Toggle => self.bar.offers.is_some(),
            _ => true,
        }
    }

    fn hint(&self, shared: &SharedState, row: &ActionRow) -> Option<String> {
        let key = shared.keys.map.first_key(row);
        match row.action {
            Action::Toggle => Some(format!("{key} complete")),
            Action::ClearQuery => Some(format!("{key} {}", self.opened_from()?.title().to_lowercase())),
            Action::StartReview => {
                let Some(found) = self.count else { return Some(format!("{key} review the open ones")) };
                let (n, all) = (numbers::count(self.to_review), numbers::count(found));
                Some(match () {
                    () if self.query.is_gone_through() => format!("{key} review {all}"),
                    // Reviewed ones and test groups are shown too: that is more than what is gone through.
                    () if self.query.asks_for_reviewed() => format!("{key} review {n} of {all}"),
                    () => format!("{key} review {n} open of {all}"),
                })
            }
            Action::Resume => {
                let cycle = shared.overview.ready().and_then(|o| o.cycle.as_ref())?;
                let done = format!("{}/{}", numbers::count(cycle.done), numbers::count(cycle.goal));
                Some(format!("{key} cycle {} {done}", words::fit(&words::line(&cycle.name), 12)))
            }
            Action::DecideMarked => Some(format!("{key} judge the {} marked", numbers::count(self.marks.len() as u64))),
            _ => None,
        }
    }
}

/// What opens something above the screen, and what is about marks.
fn above(queue: &mut QueueScreen, shared: &SharedState, action: Action) -> Vec<Effect> {
    match action {
        Action::FilterMenu => {
            queue.offers.forget();
            let mut effects = open(lists::filters(queue, shared));
            effects.extend(queue.count_filters(shared));
            effects
        }
        Action::SortMenu => open(lists::orders(queue)),
        Action::Columns => open(lists::columns(queue)),
        Action::Views => open(lists::views(queue, shared)),
        Action::SaveView => open(lists::view_name(queue, None)),
        Action::Jump => open(lists::jump()),
        Action::OpenCycle => {
            let mut effects = open(lists::cycle(queue));
            effects.extend(lists::recent(queue).map(|scope| ask(QueueRequest::FoundForCycle(scope))));
            effects
        }
        Action::CloseCycle => lists::close_cycle(shared).map(open).unwrap_or_default(),
        Action::Mark => marks::mark(queue, shared),
        Action::MarkToHere => marks::mark_to_here(queue),
        Action::DecideMarked => open(lists::marked(queue)),
        Action::PickAny if shared.intents.is_empty() => {
            open(new_intent(QueueQuestion::Intent.into(), "", &shared.intents))
        }
        Action::PickAny => open(intents(&shared.intents, JudgedOn::Marked, &[], "")),
        Action::Why => open(causes(JudgedOn::Marked, None, Cause::ALL)),
        Action::Later => marks::decide(queue, Judgement::PutOff(Review::Later)),
        Action::Skip => marks::decide(queue, Judgement::PutOff(Review::Skipped)),
        Action::Flag => open(lists::question(queue)),
        _ => Vec::new(),
    }
}

/// Esc: first the marks go; then to where these rows were opened, else the filter goes.
fn clear(queue: &mut QueueScreen) -> Vec<Effect> {
    if !queue.marks.is_empty() {
        queue.marks.clear();
        return Vec::new();
    }
    let from = queue.opened_from();
    queue.back = None;
    if let Some(from) = from {
        return go(GoTo::Tab(from));
    }
    queue.sort = QueueOrder::default();
    queue.set_query(DEFAULT_QUERY)
}

fn next_sort(queue: &mut QueueScreen) -> Vec<Effect> {
    let at = QueueOrder::USUAL.iter().position(|s| *s == queue.sort).map_or(0, |i| i + 1);
    order::sort(queue, QueueOrder::USUAL[at % QueueOrder::USUAL.len()])
}
