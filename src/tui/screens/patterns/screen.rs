//! Patterns as a screen of the program.

use super::state::PatternsScreen;
use super::{lists, view};
use crate::action::{Action, ActionRow, ActionScope};
use crate::domain::{PatternView, Query, QueueOrder};
use crate::tui::screens::contract::{Screen, step_of};
use crate::tui::state::choice::ReviewScope;
use crate::tui::state::effect::{Effect, GoTo, Job, TopicsJob, ask, go, open, perform, start};
use crate::tui::state::request::patterns::PatternsRequest;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::Background;
use crate::tui::widgets::Canvas;
use ratatui::layout::Rect;

impl PatternsScreen {
    /// Looks for patterns, unless that goes on, or nothing may be changed.
    fn look(&mut self, shared: &SharedState) -> Option<Effect> {
        let may = !shared.read_only && !shared.is_empty() && shared.loading.is_none();
        if !may || matches!(shared.finding, Background::Running(_)) {
            return None;
        }
        self.looked = true;
        Some(start(Job::Patterns))
    }

    /// What was handed out is done, or is not after all.
    fn finish(&self) -> Vec<Effect> {
        let action = self.line().and_then(|l| l.action.as_ref());
        action.map(|a| vec![ask(PatternsRequest::Finish(a.id, a.done_at.is_none()))]).unwrap_or_default()
    }

    fn review(&self) -> Vec<Effect> {
        let Some(query) = self.line().and_then(|l| Query::parse(&l.query).ok()) else { return Vec::new() };
        // Test groups are counted and never reviewed out of order (rule 47).
        let query = query.whatever_group().for_review();
        go(GoTo::Scope(ReviewScope::Query(query, QueueOrder::VALUE), ScreenTab::Patterns))
    }
}

impl Screen for PatternsScreen {
    fn scopes(&self, _: &SharedState) -> Vec<ActionScope> {
        vec![ActionScope::Patterns, ActionScope::Move, ActionScope::Global]
    }

    fn enter(&mut self, shared: &SharedState) -> Vec<Effect> {
        let mut effects = self.read();
        if !self.looked {
            effects.extend(self.look(shared));
        }
        effects
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        if let Some(by) = step_of(action, shared.page()) {
            self.step(by);
            return Vec::new();
        }
        match action {
            Action::PatternView(view) => self.show(view),
            Action::ConfusionMatrix => {
                self.next_matrix();
                Vec::new()
            }
            Action::CellLeft | Action::CellRight => {
                self.step_cell(0, if action == Action::CellLeft { -1 } else { 1 });
                Vec::new()
            }
            Action::OpenPattern => self.line().map(|l| go(GoTo::Queue(l.query.clone()))).unwrap_or_default(),
            Action::StartReview => self.review(),
            Action::FindPatterns if self.view == PatternView::Topics => vec![start(Job::Topics(TopicsJob::Propose))],
            Action::FindPatterns => self.look(shared).into_iter().collect(),
            Action::HandOut => lists::hand_out(self, shared).map(open).unwrap_or_default(),
            Action::FinishAction => self.finish(),
            Action::LabelAll => {
                self.line().map(|l| vec![ask(PatternsRequest::Preview(l.query.clone()))]).unwrap_or_default()
            }
            Action::MakeIntent => lists::make(self, shared).map(|float| vec![Effect::Open(float)]).unwrap_or_default(),
            Action::AcceptTopics => vec![start(Job::Topics(TopicsJob::Accept))],
            Action::RenameTopic => lists::rename_topic(self).map(open).unwrap_or_default(),
            Action::MergeTopic => lists::merge_topic(self).map(open).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        let line = self.line();
        let is_query = line.is_some_and(|l| !l.query.is_empty());
        let is_busy = matches!(shared.finding, Background::Running(_));
        let on_list = self.view == PatternView::Topics && is_query;
        match action {
            Action::ConfusionMatrix if self.view != PatternView::Confused => {
                Err("this is for intents taken for others; m shows them")
            }
            Action::ConfusionMatrix if self.page.ready().is_none_or(|p| p.lines.is_empty()) => {
                Err("no intent was taken for another")
            }
            Action::CellLeft | Action::CellRight if self.matrix.is_none() => {
                Err("this walks the matrix; m and tab show it")
            }
            Action::OpenPattern
            | Action::StartReview
            | Action::LabelAll
            | Action::MakeIntent
            | Action::HandOut
            | Action::FinishAction
                if line.is_none() =>
            {
                Err(if self.matrix.is_some() {
                    "nothing was taken so: this cell is empty"
                } else {
                    "there is no line to open"
                })
            }
            Action::OpenPattern | Action::StartReview | Action::LabelAll | Action::MakeIntent | Action::HandOut
                if !is_query =>
            {
                Err("this topic is only proposed; A accepts the list")
            }
            Action::FinishAction if line.is_some_and(|l| l.action.is_none()) => {
                Err("nobody was given this line; a hands it out")
            }
            Action::FindPatterns | Action::AcceptTopics if is_busy => Err("patterns are being looked for"),
            Action::AcceptTopics if self.view != PatternView::Topics || is_query || line.is_none() => {
                Err("no list of topics is proposed; o shows topics, t proposes a list")
            }
            Action::RenameTopic | Action::MergeTopic if !on_list => {
                Err("this is for topics of an accepted list; o shows them")
            }
            _ => Ok(()),
        }
    }

    fn hint(&self, shared: &SharedState, row: &ActionRow) -> Option<String> {
        let says = match row.action {
            Action::FindPatterns if self.view == PatternView::Topics => "propose a list",
            Action::ConfusionMatrix if self.matrix.is_some() => "next view",
            _ => return None,
        };
        Some(format!("{} {says}", shared.keys.map.first_key(row)))
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &SharedState) -> Vec<Effect> {
        self.read()
    }

    fn click(&mut self, _: &SharedState, hit: ScreenHit) -> Vec<Effect> {
        match hit {
            ScreenHit::Listed(i) if i == self.selected => perform(Action::OpenPattern),
            ScreenHit::Listed(i) => {
                self.selected = i;
                Vec::new()
            }
            ScreenHit::List(i) => PatternView::ALL.get(i).map(|&view| self.show(view)).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        let line = self.line()?;
        if text { line.example.clone() } else { Some(line.query.clone()) }
    }
}
