//! Patterns as a screen of the program.

use super::state::PatternsScreen;
use super::view;
use crate::action::{Action, Scope};
use crate::domain::{PatternView, Query, Sort};
use crate::tui::screens::contract::Screen;
use crate::tui::state::choice::ReviewScope;
use crate::tui::state::effect::{Effect, Go, Job, go, perform, start};
use crate::tui::state::seen::Hit;
use crate::tui::state::shared::Shared;
use crate::tui::state::tab::Tab;
use crate::tui::state::work::Background;
use crate::tui::widgets::Canvas;
use ratatui::layout::Rect;

impl PatternsScreen {
    /// Looks for patterns, unless that goes on, or nothing may be changed.
    fn look(&mut self, shared: &Shared) -> Option<Effect> {
        let may = !shared.read_only && !shared.is_empty() && shared.loading.is_none();
        if !may || matches!(shared.finding, Background::Running(_)) {
            return None;
        }
        self.looked = true;
        Some(start(Job::Patterns))
    }

    fn review(&self) -> Vec<Effect> {
        let Some(query) = self.line().and_then(|l| Query::parse(&l.query).ok()) else { return Vec::new() };
        // Test groups are counted and never reviewed out of order (rule 47).
        let query = query.whatever_group().for_review();
        go(Go::Scope(ReviewScope::Query(query, Sort::VALUE), Tab::Patterns))
    }
}

impl Screen for PatternsScreen {
    fn scopes(&self, _: &Shared) -> Vec<Scope> {
        vec![Scope::Patterns, Scope::Move, Scope::Global]
    }

    fn enter(&mut self, shared: &Shared) -> Vec<Effect> {
        let mut effects = self.read();
        if !self.looked {
            effects.extend(self.look(shared));
        }
        effects
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
            Action::PatternView(view) => return self.show(view),
            Action::OpenPattern => return self.line().map(|l| go(Go::Queue(l.query.clone()))).unwrap_or_default(),
            Action::StartReview => return self.review(),
            Action::FindPatterns => return self.look(shared).into_iter().collect(),
            _ => {}
        }
        Vec::new()
    }

    fn enabled(&self, shared: &Shared, action: Action) -> Result<(), &'static str> {
        match action {
            Action::OpenPattern | Action::StartReview if self.line().is_none() => Err("there is no line to open"),
            Action::FindPatterns if shared.read_only => Err("the store is open for reading alone"),
            Action::FindPatterns if matches!(shared.finding, Background::Running(_)) => {
                Err("patterns are being looked for")
            }
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &Shared, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &Shared) -> Vec<Effect> {
        self.read()
    }

    fn click(&mut self, _: &Shared, hit: Hit) -> Vec<Effect> {
        match hit {
            Hit::Listed(i) if i == self.selected => perform(Action::OpenPattern),
            Hit::Listed(i) => {
                self.selected = i;
                Vec::new()
            }
            Hit::List(i) => PatternView::ALL.get(i).map(|&view| self.show(view)).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn selected(&self, _: &Shared, text: bool) -> Option<String> {
        let line = self.line()?;
        if text { line.example.clone() } else { Some(line.query.clone()) }
    }
}
