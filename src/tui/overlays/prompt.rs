//! One line to write, with what it is for.

use super::Overlay;
use crate::action::Action;
use crate::domain::query::views;
use crate::domain::query::views::Saved;
use crate::domain::{Judgement, ReleaseId};
use crate::jobs::Back;
use crate::theme::Role;
use crate::tui::runtime::files::from_home;
use crate::tui::screens::queue::{self, jump};
use crate::tui::screens::review::decide;
use crate::tui::screens::tune;
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::{Effect, TuneJob};
use crate::tui::state::request::Request;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, Field, words};
use ratatui::layout::Position;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The name of a new intent.
    NewIntent,
    /// How many conversations a new cycle has.
    CycleGoal,
    /// Why to promote a release; with an override past a refusing gate.
    Promote(ReleaseId, bool),
    /// Why to reject a release.
    Reject(ReleaseId),
    /// Why to roll the live release back.
    RollBack(Back),
    /// Where to write a release.
    Export(ReleaseId),
    /// Under which name a mapping is kept.
    Profile,
    /// What settles a question about a file's columns.
    Mapping,
    /// The name of a view; of one that has another so far.
    ViewName(Option<String>),
    /// What one wants to know about a conversation, or about all that are marked.
    Question,
    /// The answer to what is asked about a conversation.
    Answer,
    /// Which conversation or day to go to.
    Jump,
}

/// A question and a line for the answer.
#[derive(Debug)]
pub struct Prompt {
    /// What is asked for.
    pub asked: Asked,
    /// The answer so far.
    pub field: Field,
    title: String,
    notes: Vec<(String, Role)>,
    problem: Option<String>,
}

impl Prompt {
    /// A question with some lines that explain it, and what stands in the field to begin with.
    pub fn new(asked: Asked, title: impl Into<String>, notes: Vec<(String, Role)>, text: &str) -> Self {
        Self { asked, field: Field::new(text), title: title.into(), notes, problem: None }
    }

    /// Draws it.
    pub fn draw(&self, _: &App, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let wide = 72.min(screen.width.saturating_sub(4));
        let columns = usize::from(wide.saturating_sub(4));
        let mut lines: Vec<(String, Role)> = Vec::new();
        for (text, role) in &self.notes {
            lines.extend(words::wrap(text, columns).into_iter().map(|l| (l, *role)));
        }
        let inner = canvas.float(centred(screen, wide, lines.len() as u16 + 6), &self.title, Role::Accent);
        for ((text, role), y) in lines.iter().zip(inner.top()..inner.bottom()) {
            canvas.text(inner.x, y, inner.width, text, *role);
        }
        let y = inner.y + lines.len() as u16 + 1;
        let room = usize::from(inner.width.saturating_sub(3));
        let before = words::width(&self.field.text()[..self.field.cursor()]);
        let skip = before.saturating_sub(room);
        let x = canvas.text(inner.x, y, 2, "› ", Role::Key);
        canvas.text(x, y, inner.width.saturating_sub(2), &words::tail(self.field.text(), skip), Role::Focus);
        canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, y));
        let foot = inner.bottom().saturating_sub(1);
        match &self.problem {
            Some(problem) => canvas.text(inner.x, foot, inner.width, problem, Role::Bad),
            None => canvas.text(inner.x, foot, inner.width, "⏎ takes it   Esc closes", Role::Muted),
        };
    }
}

/// Enter and Esc while a question is on top.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = app.overlays.last_mut() else { return Vec::new() };
    match action {
        Action::Cancel => {
            app.overlays.pop();
            Vec::new()
        }
        Action::Accept => {
            let answer = prompt.field.text().trim().to_owned();
            match check(&prompt.asked, &answer, &app.queue.views.saved) {
                Err(problem) => {
                    prompt.problem = Some(problem.to_owned());
                    Vec::new()
                }
                Ok(()) => {
                    let asked = prompt.asked.clone();
                    app.overlays.pop();
                    answered(app, asked, answer)
                }
            }
        }
        _ => Vec::new(),
    }
}

fn check(asked: &Asked, answer: &str, saved: &[Saved]) -> Result<(), &'static str> {
    match asked {
        Asked::Mapping if !answer.contains('=') => Err("such as role:Sofia=bot or date_order=dmy, please"),
        Asked::ViewName(from) => views::check_name(answer, saved, from.as_deref()),
        Asked::Jump => jump::goal(answer).map(drop),
        Asked::Question if answer.is_empty() => Err("what do you want to know?"),
        Asked::Answer if answer.is_empty() => Err("a few words, for whoever asked"),
        Asked::NewIntent if answer.is_empty() => Err("an intent needs a name"),
        Asked::CycleGoal if answer.parse::<u64>().map_or(true, |n| n == 0) => Err("a number above 0, please"),
        Asked::Export(_) if answer.is_empty() => Err("a path, please"),
        Asked::Promote(..) | Asked::Reject(_) | Asked::RollBack(_) if answer.is_empty() => {
            Err("a few words, for whoever looks at it later")
        }
        Asked::Profile if !profile_name(answer) => Err("letters, digits, - and _, please"),
        _ => Ok(()),
    }
}

/// Profiles are files of their own; a name is no path.
fn profile_name(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c));
    !name.is_empty() && plain && !name.starts_with('.')
}

fn answered(app: &mut App, asked: Asked, answer: String) -> Vec<Effect> {
    match asked {
        Asked::Profile => super::import::save(app, answer),
        Asked::Mapping => super::import::answer(app, &answer),
        Asked::ViewName(None) => queue::views::save(app, answer),
        Asked::ViewName(Some(from)) => queue::views::rename(app, &from, answer),
        Asked::Jump => match jump::goal(&answer) {
            Ok(goal) => jump::go(app, goal),
            Err(why) => app.say(why),
        },
        Asked::Question if app.screen == Screen::Queue => queue::marks::decide(app, Judgement::Question(answer)),
        Asked::Question => decide::ask(app, &answer),
        Asked::Answer => decide::answer(app, &answer),
        Asked::NewIntent => super::choose::new_intent(app, answer),
        Asked::CycleGoal => {
            let scope = app.queue.query.to_string();
            vec![Effect::Ask(Request::OpenCycle { name: None, scope, goal: answer.parse().unwrap_or(1) })]
        }
        Asked::Promote(release, over) => {
            app.tune.busy = true;
            vec![Effect::Ask(Request::Promote { release, reason: answer, over })]
        }
        Asked::RollBack(back) => {
            app.tune.busy = true;
            vec![Effect::Ask(Request::RollBack(back, answer))]
        }
        Asked::Export(release) => {
            let out = from_home(&answer, app.shared.home.as_deref());
            tune::work::begin(app, TuneJob::Export(release, out))
        }
        Asked::Reject(release) => {
            app.tune.busy = true;
            vec![Effect::Ask(Request::Reject(release, answer))]
        }
    }
}
