//! The state of the program on the screen. Nothing here does I/O or reads a clock.

use crate::action::{Action, Scope, rows};
use crate::domain::{Timestamp, Zone};
use crate::keymap::{Key, Keymap};
use crate::store::{IntentRow, Overview, Vocabulary};
use crate::theme::Theme;
use crate::tui::guide::hints::Hints;
use crate::tui::guide::tour::Tour;
use crate::tui::overlays::Overlay;
use crate::tui::screens::overview::Home;
use crate::tui::screens::queue::Queue;
use crate::tui::screens::review::Reviewing;
use crate::tui::screens::tune::{Background, Run, Tuning};
use crate::tui::widgets::Seen;

/// Something that is read from the store.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    /// Not asked for yet, or on its way.
    #[default]
    Waiting,
    /// Here.
    Ready(T),
    /// It could not be read, for this reason.
    Failed(String),
}

impl<T> Load<T> {
    /// The value, if it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// Takes an answer; one that failed does not wipe what is here already.
    pub fn take(&mut self, answer: Result<T, String>) -> Result<(), String> {
        match answer {
            Ok(value) => *self = Self::Ready(value),
            Err(why) if self.ready().is_some() => return Err(why),
            Err(why) => *self = Self::Failed(why),
        }
        Ok(())
    }
}

/// The screens, in the order of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The business owner's page.
    #[default]
    Overview,
    /// Triage.
    Queue,
    /// One conversation after another.
    Review,
    /// Before and after.
    FineTune,
}

impl Screen {
    /// All, in tab order.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Queue, Self::Review, Self::FineTune];

    /// The word on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Queue => "Queue",
            Self::Review => "Review",
            Self::FineTune => "Fine-tune",
        }
    }

    /// The number of its tab.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The screen of a name that [`Self::title`] gave.
    pub fn from_title(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.title() == title)
    }
}

/// What several screens need to know.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Counts of the store.
    pub overview: Load<Overview>,
    /// Active intents, by name.
    pub intents: Vec<IntentRow>,
    /// Whether the store has said which there are.
    pub intents_known: bool,
    /// What else a query can name.
    pub vocabulary: Vocabulary,
    /// Who decides here.
    pub reviewer: String,
    /// The person's own directory.
    pub home: Option<std::path::PathBuf>,
    /// The terminal has the focus, as far as it says.
    pub focused: bool,
    /// Nothing may be changed.
    pub read_only: bool,
    /// What time it is.
    pub now: Timestamp,
}

impl Shared {
    /// The zone that times are shown in: the store's.
    pub fn zone(&self) -> Zone {
        self.overview.ready().map(|o| o.zone).unwrap_or_default()
    }
}

/// The store is being filled in the background.
#[derive(Clone, Debug, PartialEq)]
pub struct Loading {
    /// With what: a file's name, or the demo.
    pub what: String,
    /// Where it is.
    pub run: Run,
}

impl Loading {
    /// Whether it is the demo that is built.
    pub fn is_demo(&self) -> bool {
        self.what == super::msg::Loaded::DEMO
    }
}

/// A message at the foot of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Its number.
    pub id: u64,
    /// One line.
    pub text: String,
    /// Whether it tells of something good, bad or neither.
    pub mood: Mood,
    /// More about it, for whoever asks.
    pub detail: Option<String>,
}

/// The tone of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Done.
    Good,
    /// For your information.
    Plain,
    /// Something went wrong.
    Bad,
}

/// Messages: the one that is shown, and the last one with details.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    /// The one that is shown.
    pub current: Option<Toast>,
    /// Details of the last one that had any.
    pub last_detail: Option<(String, String)>,
    count: u64,
}

impl Toasts {
    /// Shows a message; gives its number.
    pub fn show(&mut self, text: String, mood: Mood, detail: Option<String>) -> u64 {
        self.count += 1;
        if let Some(d) = &detail {
            self.last_detail = Some((text.clone(), d.clone()));
        }
        self.current = Some(Toast { id: self.count, text, mood, detail });
        self.count
    }

    /// Its time is over.
    pub fn expire(&mut self, id: u64) {
        if self.current.as_ref().is_some_and(|t| t.id == id) {
            self.current = None;
        }
    }
}

/// Keys: what they mean, and those of a sequence pressed so far.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// What keys ask for.
    pub map: Keymap,
    /// The beginning of a sequence.
    pub pending: Vec<Key>,
}

/// Everything that the screen shows.
#[derive(Debug)]
pub struct App {
    /// The screen in front.
    pub screen: Screen,
    /// What floats above it, the last on top.
    pub overlays: Vec<Overlay>,
    /// Messages.
    pub toasts: Toasts,
    /// Keys.
    pub keys: Keys,
    /// Roles and styles.
    pub theme: Theme,
    /// What several screens need.
    pub shared: Shared,
    /// The Overview screen.
    pub home: Home,
    /// The Queue screen.
    pub queue: Queue,
    /// The store is being filled.
    pub loading: Option<Loading>,
    /// Search is being built, in the background.
    pub indexing: Background,
    /// The Review screen.
    pub review: Reviewing,
    /// The Fine-tune screen.
    pub tune: Tuning,
    /// Hints for newcomers.
    pub hints: Hints,
    /// The tour, while it lasts.
    pub tour: Option<Tour>,
    /// What the last frame showed.
    pub seen: Seen,
}

impl App {
    /// A program that has just been started and knows nothing yet.
    pub fn new(reviewer: String, read_only: bool, now: Timestamp, theme: Theme, keymap: Keymap) -> Self {
        Self {
            screen: Screen::default(),
            overlays: Vec::new(),
            toasts: Toasts::default(),
            keys: Keys { map: keymap, pending: Vec::new() },
            theme,
            shared: Shared {
                overview: Load::Waiting,
                intents: Vec::new(),
                intents_known: false,
                vocabulary: Vocabulary::default(),
                reviewer,
                home: None,
                focused: true,
                read_only,
                now,
            },
            home: Home::default(),
            queue: Queue::default(),
            loading: None,
            indexing: Background::Idle,
            review: Reviewing::default(),
            tune: Tuning::default(),
            hints: Hints::default(),
            tour: None,
            seen: Seen::default(),
        }
    }

    /// Forgets all that was read of a store: another one is opened. Answers of the one before find nobody waiting.
    pub fn forget_store(&mut self) {
        self.screen = Screen::default();
        self.overlays.clear();
        self.shared.overview = Load::Waiting;
        self.shared.intents.clear();
        self.shared.intents_known = false;
        self.shared.vocabulary = Vocabulary::default();
        self.home = Home { intervals: self.home.intervals, ..Home::default() };
        self.queue = Queue::after(&self.queue);
        self.review = Reviewing::after(&self.review);
        self.tune = Tuning {
            generation: self.tune.generation + 1,
            costs: self.tune.costs,
            ways: self.tune.ways.clone(),
            ..Tuning::default()
        };
    }

    /// Where a key is looked up, first to last.
    pub fn scopes(&self) -> Vec<Scope> {
        match self.overlays.last() {
            Some(top) => top.scopes(),
            None => self.screen_scopes(),
        }
    }

    /// Where a key is looked up while nothing floats above the screen, first to last.
    pub fn screen_scopes(&self) -> Vec<Scope> {
        match self.screen {
            Screen::Overview if matches!(&self.shared.overview, Load::Ready(o) if o.conversations == 0) => {
                vec![Scope::Welcome, Scope::Move, Scope::Global]
            }
            Screen::Overview => vec![Scope::Overview, Scope::Move, Scope::Global],
            Screen::Queue if self.queue.bar.editing => vec![Scope::Field],
            Screen::Queue => vec![Scope::Queue, Scope::Move, Scope::Global],
            Screen::Review if self.review.waits_for_cause() => {
                vec![Scope::Cause, Scope::Review, Scope::Move, Scope::Global]
            }
            Screen::Review => vec![Scope::Review, Scope::Move, Scope::Global],
            Screen::FineTune => vec![self.tune.views.front.scope(), Scope::Move, Scope::Global],
        }
    }

    /// The key of an action on the screen in front, for sentences.
    pub fn key(&self, action: Action) -> String {
        let here = self.screen_scopes();
        let row = rows().find(|r| r.action == action && here.contains(&r.scope));
        row.map_or_else(|| self.keys.map.key_of(action), |r| self.keys.map.first_key(r))
    }

    /// Whether an action means something where keys are looked up now.
    pub fn scopes_know(&self, action: Action) -> bool {
        let scopes = self.scopes();
        rows().any(|r| r.action == action && scopes.contains(&r.scope))
    }

    /// Counts of the store, empty while they are on their way.
    pub fn overview(&self) -> Overview {
        self.shared.overview.ready().cloned().unwrap_or_default()
    }
}
