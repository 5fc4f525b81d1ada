//! Review: one conversation after another, opened at the turn that failed (rules 25-30).

pub mod decide;
pub mod meanwhile;
pub mod panel;
pub mod transcript;
pub mod view;

use crate::action::Action;
use crate::domain::{Cause, ConversationId, DecisionId, Flag, Role, Timestamp, TurnKey};
use crate::store::{DisputedTurn, ReviewItem};
use crate::text::Needles;
use crate::tui::overlays;
use crate::tui::screens::queue::columns::Columns;
use crate::tui::screens::queue::{Queue, views};
use crate::tui::state::app::{App, Load, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{Open, Request, Scope, Shown};
use crossterm::event::KeyEvent;
use std::collections::VecDeque;

/// What Review shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// Nothing was opened yet.
    #[default]
    Idle,
    /// A conversation.
    Item(Box<ReviewItem>),
    /// Nothing in the scope is open any more.
    Finished,
    /// It could not be read, for this reason.
    Failed(String),
}

/// State of the Review screen.
#[derive(Debug, Default)]
pub struct Reviewing {
    /// Which conversations are walked through.
    pub scope: Option<Scope>,
    /// What is shown.
    pub stage: Stage,
    /// Up to which decision whoever sits here knows the log of what is shown.
    pub seen: Option<DecisionId>,
    /// What others were told is open here.
    pub claimed: Option<ConversationId>,
    /// The turn that is judged: the failing one unless another was chosen.
    pub turn: Option<TurnKey>,
    /// First line of the transcript in view; `None`: around the judged turn.
    pub scroll: Option<usize>,
    /// What the store was asked for.
    pub wait: Wait,
    /// Done and all of the scope.
    pub progress: Option<(u64, u64)>,
    /// Stay on a conversation after it is done.
    pub stay: bool,
    /// A cause that Enter takes: what was done so far suggests it.
    pub proposal: Option<Cause>,
    /// Conversations seen before this one.
    pub visited: Vec<ConversationId>,
    /// The turn to judge of the conversation that comes next, where it is not its own choice.
    pub wanted_turn: Option<TurnKey>,
    /// Where the conversation was opened from, if not from the queue: leaving goes back there.
    pub back: Option<Screen>,
    /// The program has just come back here by itself: whoever starts it may mean a digit for a tab.
    pub resumed: bool,
}

/// What the store was asked for, and what happened meanwhile.
#[derive(Debug, Default)]
pub struct Wait {
    /// It is saving or reading: keys wait.
    pub busy: bool,
    /// Keys pressed meanwhile, for what comes up next.
    pub typed: VecDeque<KeyEvent>,
    /// Counts requests; older answers are dropped.
    pub generation: u64,
}

impl Reviewing {
    /// What was searched for to come here: it is marked.
    pub fn needles(&self) -> Needles {
        match &self.scope {
            Some(Scope::Query(query, _)) => Needles::of(query),
            _ => Needles::default(),
        }
    }

    /// The review of another store.
    pub fn after(before: &Self) -> Self {
        let wait = Wait { generation: before.wait.generation + 1, ..Wait::default() };
        Self { wait, ..Self::default() }
    }

    /// The conversation on the screen.
    pub fn item(&self) -> Option<&ReviewItem> {
        match &self.stage {
            Stage::Item(item) => Some(item),
            _ => None,
        }
    }

    /// Whether the intent is judged and only the cause is missing: then the cause letters act. A disputed label is no
    /// judgement before the dispute is settled.
    pub fn waits_for_cause(&self) -> bool {
        self.item().is_some_and(|i| i.judged && i.needs_cause && i.cause.is_none() && self.turn == i.turn)
            && self.disputed().is_none()
    }

    /// The label on the judged turn, if the model disputes it.
    pub fn disputed(&self) -> Option<&DisputedTurn> {
        self.item()?.disputes.iter().find(|d| Some(d.turn) == self.turn)
    }

    /// Whether disputed labels are what is walked through.
    pub fn seeks_disputes(&self) -> bool {
        matches!(&self.scope, Some(Scope::Query(query, _)) if query.asks_for(Flag::Disputed))
    }

    /// The bot turn whose answer can be corrected: the first after the judged turn.
    pub fn answer_turn(&self) -> Option<TurnKey> {
        let item = self.item()?;
        let from = self.turn.and_then(|t| item.conversation.place_of(t)).map_or(0, |t| t + 1);
        item.conversation.turns.iter().skip(from).find(|t| t.role == Role::Bot).map(|t| t.key)
    }

    /// Keeps a draft with the conversation that is shown, as the store does.
    pub fn keep_draft(&mut self, id: ConversationId, turn: TurnKey, text: Option<String>) {
        if let Stage::Item(item) = &mut self.stage
            && item.n == id
        {
            item.drafts.retain(|(t, _)| *t != turn);
            item.drafts.extend(text.map(|text| (turn, text)));
        }
    }

    /// The number of a new request; keys wait until its answer is here.
    pub fn next_request(&mut self) -> u64 {
        self.wait.generation += 1;
        self.wait.busy = true;
        self.wait.generation
    }

    /// Takes what the store shows next; an older answer is dropped.
    pub fn take(&mut self, shown: Result<Shown, String>, generation: u64) {
        if generation != self.wait.generation {
            return;
        }
        self.wait.busy = false;
        match shown {
            Ok(item) => self.show(item),
            Err(why) => {
                self.wait.typed.clear();
                self.stage = Stage::Failed(why);
            }
        }
    }

    fn show(&mut self, item: Option<Box<ReviewItem>>) {
        let before = self.item().map(|i| i.n);
        match item {
            Some(item) => {
                if before != Some(item.n) {
                    // Coming back is no visit of its own.
                    match self.visited.last() == Some(&item.n) {
                        true => drop(self.visited.pop()),
                        false => self.visited.extend(before),
                    }
                    let disputed = item.disputes.first().filter(|_| self.seeks_disputes());
                    self.turn = disputed.map_or(item.turn, |d| Some(d.turn));
                    self.scroll = None;
                    self.proposal = None;
                }
                if let Some(turn) = self.wanted_turn.take() {
                    self.turn = Some(turn);
                    self.scroll = None;
                }
                self.seen = Some(item.seen());
                self.stage = Stage::Item(item);
            }
            None => {
                self.visited.extend(before);
                self.wait.typed.clear();
                self.stage = Stage::Finished;
            }
        }
    }
}

/// The scope of a review that starts from the queue: what the queue shows.
pub fn queue_scope(queue: &Queue) -> Scope {
    Scope::Query(queue.query.clone(), queue.sort)
}

/// The scope that a review has when nobody chose one: the open cycle, else what the queue shows.
fn usual_scope(app: &App) -> Scope {
    match app.shared.overview.ready().and_then(|o| o.cycle.as_ref()) {
        Some(cycle) => Scope::Cycle(cycle.id),
        None => Scope::Query(app.queue.query.for_review(), app.queue.sort),
    }
}

/// Opens one conversation.
pub fn open(app: &mut App, id: ConversationId, scope: Option<Scope>) -> Vec<Effect> {
    app.screen = Screen::Review;
    app.review.back = None;
    if app.review.scope != scope {
        (app.review.scope, app.review.progress) = (scope, None);
    }
    let generation = app.review.next_request();
    vec![Effect::Ask(Request::Open(Open::Item(id), generation))]
}

/// Opens one conversation at a turn; leaving goes back to a screen.
pub fn open_turn(app: &mut App, (id, turn): (ConversationId, TurnKey), back: Screen) -> Vec<Effect> {
    let effects = open(app, id, None);
    (app.review.wanted_turn, app.review.back) = (Some(turn), Some(back));
    effects
}

/// Goes on where the review stopped: the conversation on the screen, else the next open one.
pub fn resume(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::Review;
    let usual = usual_scope(app);
    app.review.back = None;
    let in_cycle = matches!(usual, Scope::Cycle(_));
    if app.review.item().is_some() && (app.review.scope.as_ref() == Some(&usual) || !in_cycle) {
        return Vec::new();
    }
    let left_out = matches!(&usual, Scope::Query(query, _) if *query != app.queue.query);
    (app.review.scope, app.review.progress) = (Some(usual.clone()), None);
    let generation = app.review.next_request();
    let mut effects = vec![Effect::Ask(Request::Open(Open::Next(usual, None), generation))];
    if left_out {
        effects.extend(app.say("test groups are left out; test:shown in the queue's filter takes them in"));
    }
    effects
}

/// The next open conversation, without a decision.
pub fn next(app: &mut App) -> Vec<Effect> {
    let Some(scope) = app.review.scope.clone() else { return Vec::new() };
    let after = app.review.item().map(|i| i.n);
    let generation = app.review.next_request();
    vec![Effect::Ask(Request::Open(Open::Next(scope, after), generation))]
}

fn previous(app: &mut App) -> Vec<Effect> {
    let Some(&id) = app.review.visited.last() else { return Vec::new() };
    let (scope, back) = (app.review.scope.clone(), app.review.back);
    let effects = open(app, id, scope);
    app.review.back = back;
    effects
}

/// Does what was asked for on the Review screen.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if std::mem::take(&mut app.review.resumed) && matches!(action, Action::Pick(_)) {
        return app.say("back where you stopped: press it again to label this turn, or g and a digit for a tab");
    }
    match action {
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
            scroll(app, action);
            Vec::new()
        }
        Action::Pick(digit) => decide::pick(app, digit),
        Action::Confirm => decide::confirm(app),
        Action::Cause(cause) => decide::cause(app, cause),
        Action::Later => decide::put_off(app, crate::domain::Review::Later),
        Action::Skip => decide::put_off(app, crate::domain::Review::Skipped),
        Action::Flag => overlays::ask_question(app),
        Action::Answer => overlays::ask_answer(app),
        Action::PickAny => overlays::open_intents(app),
        Action::Why => overlays::open_causes(app),
        Action::EditResponse => overlays::edit_response(app),
        Action::EditNote => overlays::edit_note(app),
        Action::NewIntent => overlays::ask_new_intent(app),
        Action::HowItEnded => overlays::open_outcomes(app),
        Action::Sentiment => overlays::open_sentiments(app),
        Action::PreviousTurn => other_turn(app, false),
        Action::NextTurn => other_turn(app, true),
        Action::NextItem => next(app),
        Action::PreviousItem => previous(app),
        Action::ToggleAdvance => toggle_advance(app),
        Action::Leave => {
            let back = app.review.back.take().unwrap_or(Screen::Queue);
            app.go(back)
        }
        _ => Vec::new(),
    }
}

fn toggle_advance(app: &mut App) -> Vec<Effect> {
    app.review.stay = !app.review.stay;
    let text = if app.review.stay { "stays on a conversation after a decision" } else { "goes on after a decision" };
    app.say(text)
}

/// Scrolls the transcript, from where it stands now.
pub fn scroll_by(app: &mut App, by: isize) {
    let (fits, all) = app.seen.lines;
    let first = app.review.scroll.unwrap_or(app.seen.first);
    app.review.scroll = Some(first.saturating_add_signed(by).min(all.saturating_sub(fits)));
}

fn scroll(app: &mut App, action: Action) {
    let page = app.seen.lines.0.saturating_sub(2).max(1) as isize;
    match action {
        Action::Up => scroll_by(app, -1),
        Action::Down => scroll_by(app, 1),
        Action::PageUp => scroll_by(app, -page),
        Action::PageDown => scroll_by(app, page),
        Action::Top => app.review.scroll = Some(0),
        _ => scroll_by(app, isize::MAX),
    }
}

fn other_turn(app: &mut App, forward: bool) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    let turns = item.conversation.turns.iter().enumerate();
    let mut users = turns.filter(|(_, t)| t.role == Role::User);
    let here = app.review.turn.and_then(|t| item.conversation.place_of(t));
    let there = match (here, forward) {
        (None, _) => users.next_back(),
        (Some(t), true) => users.find(|(u, _)| *u > t),
        (Some(t), false) => users.rfind(|(u, _)| *u < t),
    };
    if let Some(key) = there.map(|(_, t)| t.key) {
        app.review.turn = Some(key);
        app.review.scroll = None;
    }
    Vec::new()
}

/// What to remember so that the next start resumes here.
pub fn place(app: &App) -> serde_json::Value {
    let views = views::all(app);
    let view = views::current(app, &views).map(|i| views[i].name.as_str());
    serde_json::json!({
        "query": app.queue.bar.field.text(),
        "sort": app.queue.sort.to_string(),
        "preview": app.queue.look.preview,
        "columns": app.queue.look.columns.names(),
        "view": view,
        "screen": app.screen.title(),
        "conversation": app.review.item().map(|i| i.n.0),
        "cycle": matches!(app.review.scope, Some(Scope::Cycle(_))),
        "stay": app.review.stay,
        "newest": app.shared.vocabulary.newest.map(|t| t.0),
    })
}

/// Takes up where the last start stopped.
pub fn restore(app: &mut App, kept: Option<&str>) -> Vec<Effect> {
    let kept: serde_json::Value = kept.and_then(|k| serde_json::from_str(k).ok()).unwrap_or_default();
    if let Some(sort) = kept["sort"].as_str().and_then(|s| s.parse().ok()) {
        app.queue.sort = sort;
    }
    app.queue.look.preview = kept["preview"].as_bool().unwrap_or(true);
    if let Some(names) = kept["columns"].as_array() {
        let names: Vec<&str> = names.iter().filter_map(|n| n.as_str()).collect();
        app.queue.look.columns = Columns::from_names(&names);
    }
    app.review.stay = kept["stay"].as_bool().unwrap_or(false);
    // Until the store has said more: the days of views depend on it, and may have moved on since.
    let newest = &mut app.shared.vocabulary.newest;
    *newest = newest.or(kept["newest"].as_i64().map(Timestamp));
    let view = kept["view"].as_str().and_then(|name| views::all(app).into_iter().find(|v| v.name == name));
    app.queue.views.chosen = view.as_ref().map(|v| v.name.clone());
    let text = view.as_ref().map(|v| v.query.as_str()).or(kept["query"].as_str());
    let mut effects = match text {
        Some(text) => app.queue.set_query(text),
        None => app.queue.follow(),
    };
    if app.queue.bar.error.is_some() {
        effects.extend(app.queue.set_query(super::queue::query::DEFAULT));
    }
    let screen = kept["screen"].as_str().and_then(Screen::from_title);
    if let (Some(Screen::Review), Some(id)) = (screen, kept["conversation"].as_i64()) {
        let scope = if kept["cycle"].as_bool() == Some(true) { usual_scope(app) } else { queue_scope(&app.queue) };
        effects.extend(open(app, ConversationId(id), Some(scope)));
        app.review.resumed = true;
    } else if let Some(screen) = screen.filter(|s| *s != Screen::Review && app.screen == Screen::default()) {
        // Whoever has gone elsewhere meanwhile stays there.
        app.screen = screen;
    }
    effects
}

/// Whether the store's counts say that nothing can be reviewed at all.
pub fn nothing_to_review(app: &App) -> bool {
    matches!(&app.shared.overview, Load::Ready(o) if o.conversations == 0)
}
