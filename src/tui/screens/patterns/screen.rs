//! Patterns as a screen of the program.

use super::state::{LineMatter, PatternsScreen};
use super::{lists, view};
use crate::action::{Action, ActionRow, ActionScope};
use crate::domain::{PatternKind, PatternView, Query, QueueOrder};
use crate::store::PatternLine;
use crate::tui::screens::contract::{Screen, step_of};
use crate::tui::state::choice::ReviewScope;
use crate::tui::state::effect::{Effect, GoTo, Job, LongWork, TopicsJob, ask, go, open, perform, say, start, stop};
use crate::tui::state::request::patterns::PatternsRequest;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::Background;
use crate::tui::widgets::Canvas;
use ratatui::layout::Rect;

impl PatternsScreen {
    /// Looks for patterns the first time since the program began, or since an import.
    pub fn look_once(&mut self, shared: &SharedState) -> Option<Effect> {
        if self.looked { None } else { self.look(shared) }
    }

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

    /// Has a detector look for the selected mode, or stop.
    fn detect(&self, shared: &SharedState) -> Vec<Effect> {
        match (&shared.detecting, self.matter()) {
            (Background::Running(_), _) => vec![stop(LongWork::Detect)],
            (_, Some(LineMatter::Mode(name))) => vec![start(Job::Detect(name))],
            _ => Vec::new(),
        }
    }

    /// Whether the selected line holds conversations that have one thing in common, so that something can be made of it or done about it.
    fn is_one_thing(&self, line: &PatternLine) -> bool {
        match self.view {
            PatternView::Failed => line.kind.is_some_and(|k| k != PatternKind::Person),
            PatternView::Intents => line.name != "none" && line.name != "fallback",
            PatternView::Topics => matches!(self.matter(), Some(LineMatter::Topic(_))),
            PatternView::Segments => false,
            PatternView::Confused
            | PatternView::Causes
            | PatternView::Handovers
            | PatternView::Returned
            | PatternView::Actions => true,
        }
    }

    fn review(&self) -> Vec<Effect> {
        let Some(query) = self.line().and_then(|l| Query::parse(&l.query).ok()) else { return Vec::new() };
        // Test groups are counted and never reviewed out of order (rule 47).
        let counts_all = query.counts_all_groups();
        let query = query.whatever_group().for_review();
        let mut effects = go(GoTo::Scope(ReviewScope::Query(query, QueueOrder::VALUE), ScreenTab::Patterns));
        if counts_all {
            effects.extend(say("test groups are counted here and not reviewed: they are left out"));
        }
        effects
    }
}

impl Screen for PatternsScreen {
    fn scopes(&self, _: &SharedState) -> Vec<ActionScope> {
        vec![ActionScope::Patterns, ActionScope::Move, ActionScope::Global]
    }

    fn enter(&mut self, shared: &SharedState) -> Vec<Effect> {
        let mut effects = self.read();
        effects.extend(self.look_once(shared));
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
            Action::FindPatterns => match self.look(shared) {
                Some(look) => std::iter::once(look).chain(say("patterns are looked for anew")).collect(),
                None => Vec::new(),
            },
            Action::HandOut => lists::hand_out(self, shared).map(open).unwrap_or_default(),
            Action::FinishAction => self.finish(),
            Action::LabelAll => {
                self.line().map(|l| vec![ask(PatternsRequest::Preview(l.query.clone()))]).unwrap_or_default()
            }
            Action::MakeIntent => lists::make(self, shared).map(|float| vec![Effect::Open(float)]).unwrap_or_default(),
            Action::AcceptTopics => {
                self.accepting = true;
                vec![start(Job::Topics(TopicsJob::Accept))]
            }
            Action::RenameTopic => lists::rename(self).map(open).unwrap_or_default(),
            Action::MergeTopic => match lists::merge(self, shared) {
                Some(menu) => open(menu),
                None => say("there is no other one that it could count as"),
            },
            Action::SplitMode => lists::split(self).map(open).unwrap_or_default(),
            Action::RetireMode => lists::retire(self).map(open).unwrap_or_default(),
            Action::DetectMode => self.detect(shared),
            Action::OtherTime => self.other_time(),
            _ => Vec::new(),
        }
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        let line = self.line();
        let is_busy = matches!(shared.finding, Background::Running(_));
        let is_proposed = self.page.ready().is_some_and(|p| p.is_proposed);
        let matter = self.matter();
        let is_mode = matches!(matter, Some(LineMatter::Mode(_)));
        match action {
            Action::ConfusionMatrix if self.view != PatternView::Confused => {
                Err("this is for intents taken for others; m shows them")
            }
            Action::ConfusionMatrix if self.page.ready().is_none_or(|p| p.lines.is_empty()) => {
                Err("no intent was taken for another")
            }
            Action::CellLeft | Action::CellRight if self.matrix.is_none() => {
                Err("this walks the matrix; m and ⇥ show it")
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
            Action::LabelAll | Action::MakeIntent | Action::HandOut | Action::RenameTopic | Action::MergeTopic
                if is_proposed =>
            {
                Err("this topic is only proposed; A accepts the list")
            }
            Action::MakeIntent if line.is_some_and(|l| l.kind.is_none()) => {
                Err("an intent is made of failures that have something in common; c shows them")
            }
            // One answer or one error is given to many matters: they would all be called one.
            Action::MakeIntent if line.is_some_and(|l| !l.kind.is_some_and(PatternKind::is_one_matter)) => {
                Err("an intent is made of what was asked alike; these were answered alike, or failed alike")
            }
            Action::HandOut if line.is_some_and(|l| !self.is_one_thing(l)) => {
                Err("nobody can repair this line as a whole; hand out a pattern, an intent or a cause")
            }
            Action::LabelAll if self.view == PatternView::Actions => Err("c shows the failures, to be labelled"),
            Action::FinishAction if line.is_some_and(|l| l.action.is_none()) => {
                Err("nobody was given this line; a hands it out")
            }
            Action::FindPatterns | Action::AcceptTopics if is_busy => Err("patterns are being looked for"),
            Action::AcceptTopics if self.view != PatternView::Topics || !is_proposed || line.is_none() => {
                Err("no list of topics is proposed; o shows topics, t proposes a list")
            }
            Action::RenameTopic | Action::MergeTopic if matter.is_none() => {
                Err("this is for topics of an accepted list (o) and failure modes (w)")
            }
            Action::DetectMode if matches!(shared.detecting, Background::Running(_)) => Ok(()),
            Action::SplitMode | Action::RetireMode | Action::DetectMode if !is_mode => {
                Err("this is for failure modes; w shows them below their causes")
            }
            Action::OtherTime if self.view == PatternView::Actions => {
                Err("what was handed out is compared over four weeks")
            }
            Action::OtherTime if self.page.ready().is_some_and(|p| p.days.is_none()) => Err("the log has no times"),
            _ => Ok(()),
        }
    }

    fn hint(&self, shared: &SharedState, row: &ActionRow) -> Option<String> {
        let says = match row.action {
            Action::FindPatterns if self.view == PatternView::Topics => "propose a list",
            Action::ConfusionMatrix if self.matrix.is_some() => "next view",
            Action::DetectMode if matches!(shared.detecting, Background::Running(_)) => "stop",
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

    fn sampled(&self, _: &SharedState) -> Option<String> {
        self.line().map(|line| line.query.clone()).filter(|query| !query.is_empty())
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        let line = self.line()?;
        if text { line.example.clone() } else { Some(line.query.clone()) }
    }
}
