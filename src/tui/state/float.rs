//! What can be opened above a screen, as data: a screen says what it wants to ask, the overlay asks it.

use super::choice::{EditorPurpose, JudgedOn, ListChoice, TextQuestion};
use crate::action::ActionScope;
use crate::base::rng::mix;
use crate::domain::{ActionTerms, AnsweredTurn, Pair};
use crate::store::Judgements;
use crate::theme::Role;
use chrono::NaiveDate;

/// Something to be opened.
#[derive(Clone, Debug)]
pub enum Float {
    /// Text to read.
    Sheet(SheetContent),
    /// A list that narrows down while one types.
    Chooser(ChooserSpec),
    /// A short list.
    Menu(MenuSpec),
    /// One line to write.
    Prompt(PromptSpec),
    /// Several lines to write.
    Editor(EditorSpec),
    /// Opening a review cycle.
    Cycle(CycleSpec),
    /// To whom something is handed out.
    HandOut(HandOutSpec),
    /// Two answers without names: the pairs, and what was judged so far.
    Judge(Vec<PairToJudge>, Judgements),
    /// Choosing what to import.
    Import,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListEntry {
    /// The key that takes it, where it has one of its own.
    pub key: Option<char>,
    /// Clean text.
    pub text: String,
    /// What stands beside it.
    pub hint: String,
    /// It is on, or the current one.
    pub marked: bool,
    /// What is to be known of it while it is selected, in lines of clean text.
    pub detail: Vec<String>,
    /// What a command is called in the settings and the key sheet.
    pub name: Option<&'static str>,
    /// What it stands for.
    pub choice: ListChoice,
}

impl ListEntry {
    /// An entry without a key or a mark.
    pub fn new(text: impl Into<String>, hint: impl Into<String>, choice: impl Into<ListChoice>) -> Self {
        Self {
            key: None,
            text: text.into(),
            hint: hint.into(),
            marked: false,
            detail: Vec::new(),
            name: None,
            choice: choice.into(),
        }
    }

    /// What stands first and selected where Enter is to take none of the others by habit.
    pub fn unchosen(text: &str, leave: &str) -> Self {
        Self::new(text, leave, ListChoice::Unchosen)
    }

    /// The same with a key of its own.
    #[must_use]
    pub fn key(mut self, key: char) -> Self {
        self.key = Some(key);
        self
    }

    /// The same with what is to be known of it.
    #[must_use]
    pub fn detail(mut self, lines: Vec<String>) -> Self {
        self.detail = lines;
        self
    }

    /// The same with the name of a command.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// The same with a mark.
    #[must_use]
    pub fn mark(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }
}

/// What a sheet shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetContent {
    /// The keys of these scopes.
    Keys(Vec<ActionScope>),
    /// What the words mean; and the keys of these scopes on the other page.
    Words(Vec<ActionScope>),
    /// A message and its details.
    Detail(String, String),
    /// Lines under a title.
    Text(String, Vec<(String, Role)>),
}

/// What is chosen from a list that narrows down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSubject {
    /// What the customer wanted. A name that is none of them may be a new one.
    Intents(JudgedOn),
    /// A command.
    Commands,
    /// Parts of the query.
    Filters,
    /// Columns of the queue.
    Columns,
    /// Saved views.
    Views,
    /// What a column holds.
    Fields,
}

impl ListSubject {
    /// Whether its entries are switched on and off.
    pub const fn toggles(self) -> bool {
        matches!(self, Self::Filters | Self::Columns)
    }
}

/// A list that narrows down while one types.
#[derive(Clone, Debug, PartialEq)]
pub struct ChooserSpec {
    /// What is chosen.
    pub subject: ListSubject,
    /// All there is to choose from.
    pub entries: Vec<ListEntry>,
}

/// A short list.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuSpec {
    /// The question.
    pub title: String,
    /// A line of explanation; may be empty.
    pub note: String,
    /// Examples of what it is about, clean, a line each.
    pub samples: Vec<String>,
    /// All there is to choose from.
    pub entries: Vec<ListEntry>,
    /// Cause letters act in it.
    pub has_causes: bool,
    /// It stays open when an entry is taken.
    pub stays: bool,
    /// The tone of its title.
    pub tone: Role,
}

impl MenuSpec {
    /// A question, a line of explanation (may be empty), and the answers.
    pub fn new(title: impl Into<String>, note: impl Into<String>, entries: Vec<ListEntry>) -> Self {
        let (title, note) = (title.into(), note.into());
        Self { title, note, samples: Vec::new(), entries, has_causes: false, stays: false, tone: Role::Accent }
    }
}

/// A question and a line for the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptSpec {
    /// What is asked for.
    pub question: TextQuestion,
    /// The heading.
    pub title: String,
    /// Lines that explain it.
    pub notes: Vec<(String, Role)>,
    /// What stands in the line to begin with.
    pub text: String,
}

/// Text to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorSpec {
    /// What for.
    pub purpose: EditorPurpose,
    /// What stands there so far.
    pub text: String,
    /// What was begun before and not saved: one goes on with it.
    pub draft: Option<String>,
    /// What stands above it to be read; may be empty.
    pub context: String,
}

/// Handing something out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOutSpec {
    /// What it is about: a query.
    pub about: String,
    /// How people call it. Hostile.
    pub name: String,
    /// The terms so far, or what is proposed.
    pub terms: ActionTerms,
    /// Who has it, where somebody has.
    pub with: Option<String>,
    /// Today: what is due is due from then on.
    pub today: NaiveDate,
}

/// Opening a review cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleSpec {
    /// How many conversations are proposed.
    pub goal: u64,
    /// Which, in the query language.
    pub scope: String,
    /// How many there are, in words.
    pub found: String,
}

/// Two answers to one customer's turn.
#[derive(Clone, Debug, PartialEq)]
pub struct PairToJudge {
    /// Which pair.
    pub pair: Pair,
    /// What the customer said.
    pub asked: AnsweredTurn,
    /// What is answered before.
    pub before: String,
    /// What is answered after.
    pub after: String,
}

/// Whether the answer after stands first: by a hash of pair and person, so that nobody can get used to an order.
pub fn after_first(pair: Pair, reviewer: &str) -> bool {
    let person = reviewer.bytes().fold(7, |h, b| mix(h ^ u64::from(b)));
    let parts = [pair.conversation.0, i64::from(pair.turn.0), pair.before.map_or(0, |r| r.0), pair.after.0];
    mix(parts.into_iter().fold(person, |h, part| mix(h ^ part as u64))) & 1 == 1
}

impl From<MenuSpec> for Float {
    fn from(spec: MenuSpec) -> Self {
        Self::Menu(spec)
    }
}

impl From<ChooserSpec> for Float {
    fn from(spec: ChooserSpec) -> Self {
        Self::Chooser(spec)
    }
}

impl From<PromptSpec> for Float {
    fn from(spec: PromptSpec) -> Self {
        Self::Prompt(spec)
    }
}

impl From<CycleSpec> for Float {
    fn from(spec: CycleSpec) -> Self {
        Self::Cycle(spec)
    }
}

impl From<HandOutSpec> for Float {
    fn from(spec: HandOutSpec) -> Self {
        Self::HandOut(spec)
    }
}

impl From<EditorSpec> for Float {
    fn from(spec: EditorSpec) -> Self {
        Self::Editor(spec)
    }
}
