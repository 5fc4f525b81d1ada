//! What all screens share. A screen reads it; it is changed by what comes from outside and by what screens ask for.

use super::effect::{Effect, TerminalEffect, WorldEffect};
use super::seen::SeenFrame;
use super::tab::ScreenTab;
use super::work::{Background, FillingWork};
use crate::action::{Action, ActionScope, rows};
use crate::domain::time::DAY;
use crate::domain::{Query, QueueOrder, Timestamp, Zone};
use crate::keymap::{KeyPress, Keymap};
use crate::store::{IntentRow, Overview, QueueRow, StoreVocabulary};
use crate::theme::{Depth, Theme};
use crate::tui::widgets::words;
use std::path::{Path, PathBuf};

/// Something that is read from the store.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum StoreRead<T> {
    /// Not asked for yet, or on its way.
    #[default]
    Waiting,
    /// Here.
    Ready(T),
    /// It could not be read, for this reason.
    Failed(String),
}

impl<T> StoreRead<T> {
    /// The value, if it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Waiting | Self::Failed(_) => None,
        }
    }

    /// Takes an answer; one that failed does not wipe what is here already.
    ///
    /// # Errors
    /// It failed, and what is here stays.
    pub fn take(&mut self, answer: Result<T, String>) -> Result<(), String> {
        match answer {
            Ok(value) => *self = Self::Ready(value),
            Err(why) if self.ready().is_some() => return Err(why),
            Err(why) => *self = Self::Failed(why),
        }
        Ok(())
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
    pub mood: MessageTone,
    /// More about it, for whoever asks.
    pub detail: Option<String>,
    /// It says why this could not be done.
    pub refused: Option<Action>,
}

/// The tone of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageTone {
    /// Done.
    Good,
    /// For your information.
    Plain,
    /// Something went wrong.
    Bad,
}

/// The last decision, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastDecision {
    /// What was said of what.
    pub text: String,
    /// It was taken back.
    pub undone: bool,
    /// Where that was done.
    pub tab: ScreenTab,
}

impl LastDecision {
    /// Whether it is in sight on a screen: where it was done, and between the list and the conversations in it.
    pub fn is_told_on(&self, tab: ScreenTab) -> bool {
        let reviews = |tab| matches!(tab, ScreenTab::Queue | ScreenTab::Review);
        self.tab == tab || (reviews(self.tab) && reviews(tab))
    }
}

/// A message that nobody asked for, and whether it has stood long enough to be read.
#[derive(Clone, Debug)]
struct LastingToast {
    toast: Toast,
    had_time: bool,
}

/// Messages: the one that is shown, and the last one with details.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    /// The one that is shown.
    pub current: Option<Toast>,
    /// What happened while nobody asked for it: it stays until it had its time and a key is pressed after that.
    lasting: Option<LastingToast>,
    /// What was decided last: it stays in sight where one decides.
    pub decided: Option<LastDecision>,
    /// What to press after it, until the next key.
    pub next: Option<String>,
    /// Details of the last one that had any.
    pub last_detail: Option<(String, String)>,
    count: u64,
}

impl Toasts {
    /// Shows a message; gives its number.
    pub fn show(&mut self, text: String, mood: MessageTone, detail: Option<String>) -> u64 {
        self.count += 1;
        if let Some(d) = &detail {
            self.last_detail = Some((text.clone(), d.clone()));
        }
        self.current = Some(Toast { id: self.count, text, mood, detail, refused: None });
        self.count
    }

    /// Shows a message until it has had its time and somebody presses a key; gives its number.
    pub fn stay(&mut self, text: String) -> u64 {
        self.count += 1;
        let toast = Toast { id: self.count, text, mood: MessageTone::Good, detail: None, refused: None };
        self.lasting = Some(LastingToast { toast, had_time: false });
        self.count
    }

    /// The message at the foot: the newest word first.
    pub fn shown(&self) -> Option<&Toast> {
        self.current.iter().chain(self.lasting.iter().map(|l| &l.toast)).max_by_key(|t| t.id)
    }

    /// Whether the message at the foot is one that nobody asked for.
    pub fn is_lasting(&self) -> bool {
        self.shown().map(|t| t.id).is_some_and(|id| self.lasting.as_ref().is_some_and(|l| l.toast.id == id))
    }

    /// Says why something could not be done; gives its number.
    pub fn refuse(&mut self, why: &str, action: Action) -> u64 {
        let id = self.show(why.to_owned(), MessageTone::Plain, None);
        self.current.iter_mut().for_each(|toast| toast.refused = Some(action));
        id
    }

    /// Somebody is there and has pressed a key, or a button: what was said before is over, unless it has details to ask for.
    pub fn somebody_is_there(&mut self) {
        self.current.take_if(|t| t.detail.is_none());
        self.lasting.take_if(|l| l.had_time);
        self.next = None;
    }

    /// What the message that is shown says could not be done.
    pub fn refused(&self) -> Option<Action> {
        self.current.as_ref()?.refused
    }

    /// Keeps what was decided, or taken back, in sight; a message of before would stand over it.
    pub fn decide(&mut self, text: String, undone: bool, tab: ScreenTab) {
        (self.current, self.next) = (None, None);
        self.decided = Some(LastDecision { text, undone, tab });
    }

    /// One goes to another screen: what is no good news was about this one. The details of what went wrong can still be asked for.
    pub fn leave(&mut self) {
        self.current.take_if(|t| t.mood != MessageTone::Good);
    }

    /// Its time is over.
    pub fn expire(&mut self, id: u64) {
        if self.current.as_ref().is_some_and(|t| t.id == id) {
            self.current = None;
        }
        self.lasting.iter_mut().filter(|l| l.toast.id == id).for_each(|l| l.had_time = true);
    }
}

/// Keys: what they mean, and those of a sequence pressed so far.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// What keys ask for.
    pub map: Keymap,
    /// The beginning of a sequence.
    pub pending: Vec<KeyPress>,
}

/// The moment that a store is shown as of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentShown {
    /// The first moment that is left out.
    pub moment: Timestamp,
    /// The same in the words of the store's zone.
    pub words: String,
}

/// A few conversations of the line that is selected.
#[derive(Clone, Debug, Default)]
pub struct LineSample {
    /// Finds the line's conversations; empty: none were asked for yet.
    pub query: String,
    /// Those of training groups, the newest.
    pub rows: StoreRead<Vec<QueueRow>>,
    /// Others may have changed since.
    pub is_stale: bool,
}

/// What all screens share.
#[derive(Debug)]
pub struct SharedState {
    /// Counts of the store.
    pub overview: StoreRead<Overview>,
    /// Active intents, by name.
    pub intents: Vec<IntentRow>,
    /// Whether the store has said which there are.
    pub intents_known: bool,
    /// What else a query can name.
    pub vocabulary: StoreVocabulary,
    /// Query and order of the queue at the time a screen was entered: what a review goes through that has no cycle.
    pub listed: (Query, QueueOrder),
    /// Conversations of the selected line, on a screen with room for them.
    pub sample: LineSample,
    /// Who decides here.
    pub reviewer: String,
    /// The store's name for people: its file's, without the ending.
    pub store: String,
    /// The person's own directory.
    pub home: Option<PathBuf>,
    /// The language that the person reads, as the system says.
    pub reads: Option<String>,
    /// The store is a demo that was built just now.
    pub new_demo: bool,
    /// The terminal has the focus, as far as it says.
    pub focused: bool,
    /// Something was decided, or taken back, since the program was started.
    pub has_acted: bool,
    /// What was decided last was which release is live: no step of undo.
    pub went_live: bool,
    /// Nothing may be changed.
    pub read_only: bool,
    /// The same of today's store, whatever is shown now.
    pub own_read_only: bool,
    /// The store is shown as of this moment (rule 51); `None`: today.
    pub as_of: Option<MomentShown>,
    /// The store is being read as of a date.
    pub looking_back: Background,
    /// What time it is.
    pub now: Timestamp,
    /// Messages at the foot of the screen.
    pub toasts: Toasts,
    /// Keys.
    pub keys: Keys,
    /// Roles and styles.
    pub theme: Theme,
    /// As the configuration and the terminal say.
    pub own_theme: Theme,
    /// The colours that the terminal shows, whatever is chosen now.
    pub depth: Depth,
    /// Somebody has chosen colours: the terminal is not asked any more.
    pub chosen_colours: bool,
    /// The store is being filled.
    pub loading: Option<FillingWork>,
    /// Search is being built, in the background.
    pub indexing: Background,
    /// Looking for patterns.
    pub finding: Background,
    /// Looking for a failure mode in all traffic.
    pub detecting: Background,
    /// The owner's report is being written.
    pub reporting: Background,
    /// Counting what the AI said.
    pub counting: Background,
    /// Learning from what customers show.
    pub learning: Background,
    /// Whether anything is due has been looked at since the store was opened or filled.
    pub looked_for_signals: bool,
    /// Predictions of the live release are being renewed.
    pub renewal: Background,
    /// What the last frame showed.
    pub seen: SeenFrame,
}

impl SharedState {
    /// What is known at the start of the program.
    pub fn new(reviewer: String, read_only: bool, now: Timestamp, theme: Theme, keymap: Keymap) -> Self {
        Self {
            overview: StoreRead::Waiting,
            intents: Vec::new(),
            intents_known: false,
            vocabulary: StoreVocabulary::default(),
            listed: Default::default(),
            reviewer,
            store: String::new(),
            home: None,
            reads: None,
            new_demo: false,
            focused: true,
            read_only,
            has_acted: false,
            went_live: false,
            own_read_only: read_only,
            as_of: None,
            looking_back: Background::Idle,
            now,
            toasts: Toasts::default(),
            keys: Keys { map: keymap, pending: Vec::new() },
            theme,
            own_theme: theme,
            depth: theme.depth(),
            chosen_colours: false,
            loading: None,
            indexing: Background::Idle,
            sample: LineSample::default(),
            finding: Background::Idle,
            detecting: Background::Idle,
            reporting: Background::Idle,
            counting: Background::Idle,
            learning: Background::Idle,
            looked_for_signals: false,
            renewal: Background::Idle,
            seen: SeenFrame::default(),
        }
    }

    /// A language of the demo's customers that the person reads: the made-up company has two.
    pub fn demo_language(&self) -> &str {
        self.reads.as_deref().filter(|tag| *tag == "el").unwrap_or("en")
    }

    /// Forgets what was read of a store: another one is opened.
    pub fn forget_store(&mut self) {
        self.overview = StoreRead::Waiting;
        self.intents.clear();
        self.intents_known = false;
        self.vocabulary = StoreVocabulary::default();
        self.looked_for_signals = false;
        self.sample = LineSample::default();
    }

    /// Takes the name of the store's file.
    pub fn named(&mut self, path: &Path) {
        self.store = path.file_stem().map(|n| words::line(&n.to_string_lossy())).unwrap_or_default();
    }

    /// The zone that times are shown in: the store's.
    pub fn zone(&self) -> Zone {
        self.overview.ready().map(|o| o.zone).unwrap_or_default()
    }

    /// Counts of the store, empty while they are on their way.
    pub fn counts(&self) -> Overview {
        self.overview.ready().cloned().unwrap_or_default()
    }

    /// Whether anything can be changed here: the store may be written, and it is today's.
    pub fn may_write(&self) -> bool {
        !self.read_only && self.as_of.is_none()
    }

    /// What the days up to the newest conversation are called, everywhere: the last, or, of a log that ended earlier, the newest
    /// (rule 9).
    pub fn last_or_newest(&self) -> &'static str {
        let is_old = self.vocabulary.newest.is_some_and(|newest| newest.plus(7 * DAY) < self.now);
        if is_old { "newest" } else { "last" }
    }

    /// Whether the store's counts say that nothing can be reviewed at all.
    pub fn is_empty(&self) -> bool {
        self.overview.ready().is_some_and(|o| o.conversations == 0)
    }

    /// Whether counting what the AI said may start: nothing counts it already, and the store may be written and is not being filled.
    pub fn may_count_answers(&self) -> bool {
        let counts = matches!(self.counting, Background::Running(_));
        !self.read_only && !self.is_empty() && self.loading.is_none() && !counts
    }

    /// Rows that a page up or down goes.
    pub fn page(&self) -> usize {
        self.seen.rows.max(1)
    }

    /// The key of an action where keys are looked up in these scopes, for sentences.
    pub fn key(&self, action: Action, here: &[ActionScope]) -> String {
        let row = rows().find(|r| r.action == action && here.contains(&r.scope));
        row.map_or_else(|| self.keys.map.key_of(action), |r| self.keys.map.first_key(r))
    }

    /// Tells of the end of long work to whoever looks elsewhere.
    pub fn notify(&self, words: &str) -> Option<Effect> {
        let tell = || Effect::World(WorldEffect::Terminal(TerminalEffect::Notify(words.to_owned())));
        (!self.focused).then(tell)
    }
}
