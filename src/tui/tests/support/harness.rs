//! A program without threads and without a terminal: keys go in, requests are answered by a store in memory at once, or
//! (while `hold` is set) when the test says so.

use super::prelude::*;
use crate::domain::{Conversation, ConversationId, Outcome, OutcomeSource, Role, Timestamp, Turn};
use crate::jobs::encoders::InstalledEncoders;
use crate::keymap::Keymap;
use crate::store::{Founding, OnDuplicate, Store};
use crate::theme::{Depth, Palette, Theme};
use crate::tui::runtime::answers::answer;
use crate::tui::state::effect::TopicsJob;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::collections::VecDeque;
use std::sync::Arc;

pub const NOW: Timestamp = Timestamp(1_794_700_800_000);

pub struct Stage {
    pub app: App,
    pub store: Store,
    pub desk: WorkingDesk,
    /// Requests are kept instead of answered.
    pub hold: bool,
    pub held: VecDeque<StoreRequest>,
    pub tunes: Vec<TuneJob>,
    pub loads: Vec<LoadJob>,
    pub topics: Vec<TopicsJob>,
    /// Modes that a detector was to look for, and how often it was stopped.
    pub detections: Vec<String>,
    pub stopped: usize,
    /// How often the learning curve was to be drawn.
    pub curves: usize,
    /// How often patterns were to be looked for.
    pub looks: usize,
    /// Reports that were begun, and stopped.
    pub reports: (usize, usize),
    pub copied: Vec<String>,
    pub notified: Vec<String>,
    pub quit: bool,
    pub size: (u16, u16),
    /// Keys pressed so far: a second lies between them.
    pressed: i64,
}

pub fn founding() -> Founding {
    Founding { seed: 7, test_share: 0.0, now: NOW }
}

pub fn theme() -> Theme {
    Theme::new(Depth::True, Palette::Dark)
}

impl Stage {
    /// A store with these conversations and intents, opened; all of them train.
    pub fn new(conversations: &[Conversation], intents: &[&str]) -> Self {
        Self::founded(founding(), conversations, intents)
    }

    /// The same, with half of the groups test groups.
    pub fn with_test_groups(conversations: &[Conversation], intents: &[&str]) -> Self {
        Self::founded(Founding { test_share: 0.5, ..founding() }, conversations, intents)
    }

    fn founded(founding: Founding, conversations: &[Conversation], intents: &[&str]) -> Self {
        let mut store = Store::in_memory(founding).unwrap();
        let mut step = None;
        for c in conversations {
            store.put(c, c.id.as_bytes(), NOW, OnDuplicate::Update, &mut step).unwrap();
        }
        crate::jobs::index(&mut store, &crate::domain::SilentReporter).unwrap();
        for i in intents {
            // The log has brought some of them.
            store.add_intent("maria", NOW, i).ok();
        }
        Self::on(store, NOW)
    }

    /// The program on a store that is there.
    pub fn on(store: Store, now: Timestamp) -> Self {
        let app = App::new("maria".into(), false, now, theme(), Keymap::default());
        let desk = WorkingDesk {
            reviewer: "maria".into(),
            clock: Arc::new(move || now),
            seed: 7,
            profiles: None,
            encoders: Arc::new(InstalledEncoders::at("/nowhere".into())),
            outside: Arc::default(),
            hourly: None,
        };
        let mut out = Self {
            app,
            store,
            desk,
            hold: false,
            held: VecDeque::new(),
            tunes: vec![],
            loads: vec![],
            topics: vec![],
            detections: vec![],
            stopped: 0,
            curves: 0,
            looks: 0,
            reports: (0, 0),
            copied: vec![],
            notified: vec![],
            quit: false,
            size: (110, 36),
            pressed: 0,
        };
        // Most tests are about the queue; the overview is one key away.
        out.app.tab = ScreenTab::Queue;
        out.act(init());
        out.draw();
        out
    }

    /// What a start asks for, once more.
    pub fn restart(&mut self) {
        self.app.tab = ScreenTab::Queue;
        self.app.overlays.clear();
        self.act(init());
        self.draw();
    }

    fn act(&mut self, effects: Vec<WorldEffect>) {
        for effect in effects {
            match effect {
                WorldEffect::Ask(r) if self.hold => self.held.push_back(r),
                WorldEffect::Ask(r) => self.answer(r),
                WorldEffect::Start(Job::Tune(job)) => self.tunes.push(job),
                WorldEffect::Start(Job::Load(job)) => self.loads.push(job),
                WorldEffect::Start(Job::Topics(job)) => self.topics.push(job),
                WorldEffect::Start(Job::Detect(mode)) => self.detections.push(mode),
                WorldEffect::Stop(LongWork::Detect) => self.stopped += 1,
                WorldEffect::Start(Job::Curve) => self.curves += 1,
                WorldEffect::Start(Job::Patterns) => self.looks += 1,
                WorldEffect::Start(Job::Report) => self.reports.0 += 1,
                WorldEffect::Stop(LongWork::Report) => self.reports.1 += 1,
                WorldEffect::Terminal(TerminalEffect::Copy(text)) => self.copied.push(text),
                WorldEffect::Terminal(TerminalEffect::Notify(words)) => self.notified.push(words),
                WorldEffect::Quit => self.quit = true,
                _ => {}
            }
        }
    }

    fn answer(&mut self, request: StoreRequest) {
        if let Some(a) = answer(&mut self.store, &self.desk, request) {
            self.send(Msg::Answer(Box::new(a)));
        }
    }

    /// Does what a change of the state asked for.
    pub fn send_effect(&mut self, effect: Effect) {
        let effects = settle(&mut self.app, vec![effect]);
        self.act(effects);
    }

    /// Answers everything that was held, in order.
    pub fn release(&mut self) {
        self.hold = false;
        while let Some(r) = self.held.pop_front() {
            self.answer(r);
        }
    }

    pub fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.app, msg);
        self.act(effects);
    }

    /// Lets time pass as it does between two keys of somebody who reads.
    fn next_key(&mut self) {
        self.pressed += 1;
        let now = (self.desk.clock)();
        self.send(Msg::Now(now.plus(1_000 * self.pressed)));
    }

    /// Presses keys written as in the key table, separated by spaces.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for k in keys.split_whitespace() {
            let (code, modifiers) = match k {
                "enter" => (KeyCode::Enter, KeyModifiers::NONE),
                "esc" => (KeyCode::Esc, KeyModifiers::NONE),
                "tab" => (KeyCode::Tab, KeyModifiers::NONE),
                "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
                "down" => (KeyCode::Down, KeyModifiers::NONE),
                "up" => (KeyCode::Up, KeyModifiers::NONE),
                "left" => (KeyCode::Left, KeyModifiers::NONE),
                "right" => (KeyCode::Right, KeyModifiers::NONE),
                "end" => (KeyCode::End, KeyModifiers::NONE),
                "home" => (KeyCode::Home, KeyModifiers::NONE),
                "f5" => (KeyCode::F(5), KeyModifiers::NONE),
                "pagedown" => (KeyCode::PageDown, KeyModifiers::NONE),
                "backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
                _ if k.starts_with("ctrl-") => (KeyCode::Char(k.chars().last().unwrap()), KeyModifiers::CONTROL),
                _ => (KeyCode::Char(k.chars().next().unwrap()), KeyModifiers::NONE),
            };
            self.next_key();
            self.send(Msg::Input(Event::Key(KeyEvent::new(code, modifiers))));
            self.draw();
        }
        self
    }

    /// Types text letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Input(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))));
        }
        self.draw();
        self
    }

    /// Draws, as the loop does after every message; gives the screen as text.
    pub fn draw(&mut self) -> String {
        let (text, seen) = draw(&self.app, self.size);
        self.app.shared.seen = seen;
        text
    }

    /// The conversation under review.
    pub fn item(&self) -> Option<ConversationId> {
        self.app.review.item().map(|i| i.n)
    }

    /// What the message at the foot says.
    pub fn toast(&self) -> &str {
        let toasts = &self.app.shared.toasts;
        let decided = toasts.decided.as_ref().map_or("", |d| &d.text);
        toasts.shown().map_or(decided, |t| &t.text)
    }
}

/// Does what a screen asks for, without a store.
pub fn run(app: &mut App, ask: impl FnOnce(&App) -> Vec<Effect>) {
    let effects = ask(app);
    settle(app, effects);
}

/// Presses one key, without a store.
pub fn press(app: &mut App, code: KeyCode) -> Vec<WorldEffect> {
    update(app, Msg::Input(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))))
}

/// The page of the queue that effects ask for.
pub fn page_of(effects: Vec<Effect>) -> PageRequest {
    let page = |e| match e {
        Effect::World(WorldEffect::Ask(StoreRequest::Queue(QueueRequest::Page(p)))) => Some(p),
        _ => None,
    };
    effects.into_iter().find_map(page).unwrap()
}

/// Draws a state.
pub fn draw_buffer(app: &App, size: (u16, u16)) -> (ratatui::buffer::Buffer, SeenFrame) {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    let mut seen = SeenFrame::default();
    terminal.draw(|frame| seen = view(app, frame)).unwrap();
    (terminal.backend().buffer().clone(), seen)
}

/// Draws a state into text.
pub fn draw(app: &App, size: (u16, u16)) -> (String, SeenFrame) {
    let (buffer, seen) = draw_buffer(app, size);
    (text_of(&buffer), seen)
}

/// The characters of a buffer, without the blanks at the ends of lines.
pub fn text_of(buffer: &ratatui::buffer::Buffer) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += (symbol.width() as u16).max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A failed conversation: the customer asks, the AI understands `intent`, the customer is handed to a person.
pub fn failed(id: u32, text: &str, intent: Option<&str>, confidence: f64) -> Conversation {
    let mut asked = Turn::new(Role::User, text);
    asked.intent = intent.map(str::to_owned);
    asked.confidence = intent.map(|_| confidence);
    asked.at = Some(NOW.plus(-3_600_000 * i64::from(id)));
    let mut answer = Turn::new(Role::Bot, "Your order is on its way and arrives on Thursday.");
    answer.at = asked.at.map(|t| t.plus(5_000));
    let mut handoff = Turn::new(Role::System, "");
    handoff.event = Some("handoff".into());
    handoff.at = asked.at.map(|t| t.plus(60_000));
    let mut c = Conversation::new("web", id.to_string(), vec![asked, answer, handoff]);
    c.ended_at = handoff_time(&c);
    c.started_at = c.turns[0].at;
    c.channel = Some("web chat".into());
    c.lang = Some("en".into());
    c.customer_id = Some(format!("customer-{id}"));
    c.outcome = Some(Outcome::Failed);
    c.outcome_source = Some(OutcomeSource::Explicit);
    c
}

fn handoff_time(c: &Conversation) -> Option<Timestamp> {
    c.turns.last().and_then(|t| t.at)
}

/// So many failures, alternating between a wrong guess, a fallback and no log of intents at all.
pub fn failures(n: u32) -> Vec<Conversation> {
    (1..=n)
        .map(|i| match i % 3 {
            1 => failed(i, "it was meant to be back on my card last week", Some("order_status"), 0.41),
            2 => {
                let mut c = failed(i, "can we come a day later instead", Some("fallback"), 0.22);
                c.turns[0].intent = None;
                c.turns[0].fallback = true;
                c
            }
            _ => failed(i, "send me the bill again please", None, 0.0),
        })
        .collect()
}
