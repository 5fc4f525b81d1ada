//! Responses as a screen of the program.

use super::state::ResponsesScreen;
use super::{compared, view};
use crate::action::{Action, ActionRow, ActionScope};
use crate::domain::{ConversationId, ResponseView, TurnKey};
use crate::store::AnswersTold;
use crate::theme::Role;
use crate::tui::screens::contract::Screen;
use crate::tui::state::choice::{EditorPurpose, ListChoice, ResponsesChoice, TextQuestion};
use crate::tui::state::effect::{Effect, GoTo, Job, ask, go, open, perform, say, start};
use crate::tui::state::float::{EditorSpec, Float, ListEntry, MenuSpec, PromptSpec};
use crate::tui::state::request::responses::ResponsesRequest;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

impl ResponsesScreen {
    fn open(&mut self) -> Vec<Effect> {
        if self.rare().is_some() {
            self.toggle_rare();
            return Vec::new();
        }
        match (self.query(), self.correction()) {
            (Some(query), _) => go(GoTo::Queue(query.to_owned())),
            // Review stands at what was asked, the AI's answer right below it.
            (None, Some(line)) => {
                let turn = line.asked.as_ref().map_or(line.row.turn, |(turn, _)| *turn);
                go(GoTo::Turn((line.row.n, turn), ScreenTab::Responses))
            }
            (None, None) => Vec::new(),
        }
    }

    /// Accepts a correction; asks first where its words are no answer.
    fn accept(&self) -> Vec<Effect> {
        let Some(line) = self.correction() else { return Vec::new() };
        let choice = ResponsesChoice::Accept(line.row.n, line.row.turn);
        if !line.helps_few {
            return self.chosen(choice);
        }
        let entries = vec![
            ListEntry::new("leave it", "", ListChoice::Nothing).key('1'),
            ListEntry::new("accept it all the same", "the next release says it", choice).key('2'),
        ];
        let note =
            format!("“{}”: {}; n lists them.", words::fit(&words::line(&line.row.text), 60), AnswersTold::HELPS_FEW);
        open(MenuSpec::new("Is that an answer?", note, entries))
    }

    /// Takes a choice from something that it opened.
    pub fn chosen(&self, choice: ResponsesChoice) -> Vec<Effect> {
        let ResponsesChoice::Accept(id, turn) = choice;
        vec![ask(ResponsesRequest::Accept(id, turn))]
    }

    /// Asks why a correction goes back.
    fn send_back(&self) -> Vec<Effect> {
        let Some(line) = self.correction() else { return Vec::new() };
        let text = words::fit(&words::line(&line.row.text), 60);
        open(PromptSpec {
            question: TextQuestion::Correction(line.row.n, line.row.turn),
            title: "Send the correction back".to_owned(),
            notes: vec![
                (format!("“{text}”, by {}", words::line(&line.row.by)), Role::Text),
                ("Why? Whoever wrote it will want to know.".to_owned(), Role::Muted),
            ],
            text: String::new(),
        })
    }

    /// Sends a correction back for a reason.
    ///
    /// # Errors
    /// No reason.
    pub fn told(&self, id: ConversationId, turn: TurnKey, reason: String) -> Result<Vec<Effect>, &'static str> {
        if reason.trim().is_empty() {
            return Err("a few words, for whoever wrote it");
        }
        Ok(vec![ask(ResponsesRequest::Return(id, turn, reason))])
    }

    fn edit(&self) -> Vec<Effect> {
        let Some(line) = self.correction() else { return Vec::new() };
        open(EditorSpec {
            purpose: EditorPurpose::Correction(line.row.n, line.row.turn),
            text: line.row.text.clone(),
            draft: None,
            context: line.asked.as_ref().map(|a| a.1.clone()).unwrap_or_default(),
        })
    }

    /// Marks an answer, or puts it beside the one that is marked.
    fn compare(&mut self, shared: &SharedState) -> Vec<Effect> {
        let Some(answer) = self.answer() else { return Vec::new() };
        let query = answer.query.clone();
        let Some(marked) = self.marked.take().filter(|m| *m != query) else {
            self.marked = Some(query);
            return say(format!(
                "{} on another answer puts both side by side",
                shared.key(Action::CompareAnswers, &[ActionScope::Responses])
            ));
        };
        let page = self.page();
        let all = || page.into_iter().flat_map(|p| p.non_answers.iter().chain(&p.answers));
        let (Some(first), Some(second)) = (all().find(|a| a.query == marked), all().find(|a| a.query == query)) else {
            return say("the answer that was marked is not listed any more");
        };
        open(Float::Sheet(compared::sheet(first, second)))
    }
}

impl Screen for ResponsesScreen {
    fn scopes(&self, _: &SharedState) -> Vec<ActionScope> {
        vec![ActionScope::Responses, ActionScope::Move, ActionScope::Global]
    }

    fn enter(&mut self, shared: &SharedState) -> Vec<Effect> {
        self.puts_in_order = true;
        let mut effects = self.read(shared);
        effects.extend(shared.may_count_answers().then(|| start(Job::Answers)));
        effects
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        let rows = shared.page() as isize;
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-rows),
            Action::PageDown => self.step(rows),
            Action::Top => self.step(isize::MIN / 2),
            Action::Bottom => self.step(isize::MAX / 2),
            Action::ResponseView(view) => self.view = view,
            Action::OpenAnswer => return self.open(),
            Action::AcceptCorrection => return self.accept(),
            Action::ReturnCorrection => return self.send_back(),
            Action::EditCorrection => return self.edit(),
            Action::JudgeCorrections => return vec![ask(ResponsesRequest::Judgements)],
            Action::CompareAnswers => return self.compare(shared),
            Action::OtherTime => {
                (self.all_time, self.time_is_chosen) = (!self.all_time, true);
                (self.page, self.marked) = (StoreRead::Waiting, None);
                self.put_in_order();
                return self.read(shared);
            }
            _ => {}
        }
        Vec::new()
    }

    fn enabled(&self, _: &SharedState, action: Action) -> Result<(), &'static str> {
        match action {
            Action::OpenAnswer if self.length() == 0 => Err("there is no line to open"),
            Action::AcceptCorrection | Action::ReturnCorrection | Action::EditCorrection
                if self.correction().is_none() =>
            {
                Err("no correction is selected: c lists them")
            }
            Action::AcceptCorrection | Action::ReturnCorrection if !self.settles() => {
                Err("only a lead accepts or returns corrections; e writes one otherwise")
            }
            Action::AcceptCorrection if self.is_accepted() => {
                Err("it is an answer to everybody already; x sends it back")
            }
            Action::AcceptCorrection if self.is_personal() => Err(
                "it holds something of one customer: with placeholders in its place (e) it can be an answer to everybody",
            ),
            Action::JudgeCorrections if self.corrections.ready().is_none_or(|p| p.lines.is_empty()) => {
                Err("nobody has corrected an answer yet")
            }
            Action::CompareAnswers if self.answer().is_none() => Err("no answer is selected: a lists them"),
            Action::CompareAnswers if self.page().is_some_and(|p| p.one_kind.is_some()) => {
                Err("this log tells of one kind of end alone: no answer can be told from another")
            }
            Action::OtherTime if self.page().is_some_and(|p| p.is_timeless) => {
                Err("the log has no times: all of it is counted")
            }
            _ => Ok(()),
        }
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, shared: &SharedState) -> Vec<Effect> {
        self.read(shared)
    }

    fn reload(&mut self, shared: &SharedState) -> Vec<Effect> {
        self.enter(shared)
    }

    fn click(&mut self, _: &SharedState, hit: ScreenHit) -> Vec<Effect> {
        match hit {
            ScreenHit::Listed(i) if i == self.at() => return perform(Action::OpenAnswer),
            ScreenHit::Listed(i) => self.select(i),
            ScreenHit::List(i) => self.view = ResponseView::ALL.get(i).copied().unwrap_or_default(),
            _ => {}
        }
        Vec::new()
    }

    fn sampled(&self, _: &SharedState) -> Option<String> {
        self.sampled_of().map(|(query, _)| query.to_owned())
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        match (self.query(), self.correction()) {
            (Some(_), _) if text => self.answer().and_then(|answer| answer.text.clone()),
            (Some(query), _) => Some(query.to_owned()),
            (None, Some(line)) => Some(if text { line.row.text.clone() } else { line.row.id.clone() }),
            (None, None) => None,
        }
    }

    fn hint(&self, shared: &SharedState, row: &ActionRow) -> Option<String> {
        let says = match row.action {
            Action::OpenAnswer if self.rare().is_some() => {
                if self.shows_rare {
                    "fold them"
                } else {
                    "list them"
                }
            }
            Action::OpenAnswer if self.correction().is_some() => "its conversation",
            _ => return None,
        };
        Some(format!("{} {says}", shared.keys.map.first_key(row)))
    }

    fn hints_at(&self, action: Action) -> bool {
        let settles = matches!(action, Action::AcceptCorrection | Action::ReturnCorrection);
        let corrects = settles || matches!(action, Action::EditCorrection | Action::JudgeCorrections);
        let answers = matches!(action, Action::CompareAnswers | Action::OtherTime);
        let accepts = !self.is_accepted() && !self.is_personal();
        let offered = !settles || (self.settles() && (action != Action::AcceptCorrection || accepts));
        if self.view == ResponseView::Corrections { !answers && offered } else { !corrects }
    }
}
