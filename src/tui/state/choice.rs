//! What an overlay gives back, by who opened it.

use super::tab::ScreenTab;
use super::work::{CandidateMethod, TuneJob};
use crate::action::Action;
use crate::domain::query::sort::OrderBy;
use crate::domain::{
    ActionTerms, Cause, ConversationId, CycleId, DecisionChange, DecisionId, IntentId, Judgement, ModeId, Outcome,
    ReleaseId, TurnKey,
};
use crate::ingest::formats::csv::CsvField;
use crate::tui::state::files::LogReading;
use crate::tui::state::request::queue::CycleTerms;
use crate::tui::state::request::review::AfterDecision;
use std::path::PathBuf;

pub use crate::store::ReviewScope;
use crate::store::{DisputeRow, ShownRollback};

/// What an entry of a list stands for, or what was written.
#[derive(Clone, Debug, PartialEq)]
pub enum ListChoice {
    /// Leave everything as it is.
    Nothing,
    /// Nothing is chosen yet: Enter takes none of what stands below.
    Unchosen,
    /// This command, on the screen in front.
    Act(Action),
    /// This command, where it belongs.
    ActAt(CommandPlace, Action),
    /// The program as a whole.
    Program(ProgramChoice),
    /// The Queue.
    Queue(QueueChoice),
    /// Review.
    Review(ReviewChoice),
    /// A judgement on the conversation under review, or on all that are marked in the queue.
    Judged(JudgedOn, JudgedAs),
    /// Patterns.
    Patterns(PatternsChoice),
    /// Responses.
    Responses(ResponsesChoice),
    /// Fine-tune.
    Tune(TuneChoice),
    /// The overlay below that is being written in.
    Editor(EditorChoice),
    /// The overlay below in which a file is chosen.
    Import(ImportChoice),
}

/// Where a command belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandPlace {
    /// The screen.
    pub tab: ScreenTab,
    /// What is done there first: one of its lists is opened.
    pub first: Option<Action>,
}

/// A choice about the program as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgramChoice {
    /// Be shown around.
    Tour,
    /// Open again what is there under the store's name.
    Reopen,
    /// Leave although work is running.
    Quit,
    /// Import this log, read as it is said to be.
    Import(PathBuf, LogReading),
}

/// A choice about the queue.
#[derive(Clone, Debug, PartialEq)]
pub enum QueueChoice {
    /// The whole query.
    Query(&'static str),
    /// This as the only value of `key:` in the query.
    Only(&'static str, String),
    /// `key:value` of the query, switched on or off.
    Switch(&'static str, String),
    /// What it is sorted by first.
    Sort(OrderBy),
    /// A column of this name, switched on or off.
    Column(&'static str),
    /// The view of this name.
    View(String),
    /// Another name for the view of this one.
    RenameView(String),
    /// Asks before the view of this name is deleted.
    DeleteView(String),
    /// Deletes the view of this name.
    DropView(String),
    /// This conversation in Review, on its own.
    Open(ConversationId),
    /// Open a cycle.
    OpenCycle(CycleTerms),
    /// Ask why they failed although the AI had understood them.
    Understood,
    /// Judge only those marked that nobody else judged.
    JudgeOthers(Vec<ConversationId>, Judgement, DecisionId),
    /// Judge all that are marked, whatever others said.
    JudgeAll(Vec<ConversationId>, Judgement),
}

/// A choice about the conversation under review.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewChoice {
    /// Correct what the AI said in this turn.
    Correct(TurnKey),
    /// All that got the same answer failed for this.
    Alike(Cause),
    /// One of those with the same answer is left out of that, or taken in again.
    LeaveOut(ConversationId),
    /// Open the note for writing.
    Note,
    /// Ask for the name of a new failure mode under this cause.
    NewMode(Cause),
    /// What was written in the editor.
    Text(EditorPurpose, String),
    /// What is being written and not saved; `None`: it is thrown away.
    Draft(ConversationId, TurnKey, Option<String>),
    /// Others judged it meanwhile: show it as it is now, with what one was writing.
    Look(OvertakenAct),
    /// Others judged it meanwhile: theirs stands.
    Theirs(AfterDecision),
    /// Others judged it meanwhile: one's own takes its place.
    Mine(OvertakenAct),
}

/// A decision, as it was to be saved before others decided on the same.
#[derive(Clone, Debug, PartialEq)]
pub struct OvertakenAct {
    /// What it would have changed.
    pub changes: Vec<DecisionChange>,
    /// What was to be shown afterwards.
    pub then: AfterDecision,
}

/// What is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgedOn {
    /// The conversation under review.
    Item,
    /// All that are marked in the queue.
    Marked,
    /// What the selected line of Patterns holds and nobody has judged.
    Pattern,
}

/// How it is judged.
#[derive(Clone, Debug, PartialEq)]
pub enum JudgedAs {
    /// The customer wanted this.
    Intent(IntentId),
    /// The customer wanted something of this name, which may be new.
    Named(String),
    /// The customer wanted something of this name, however near another's it is.
    New(String),
    /// Why it failed.
    Cause(Cause),
    /// The AI had understood it; why it failed all the same.
    Understood(Cause),
    /// What went wrong first, and the root cause that it belongs to.
    Mode(ModeId, Cause),
    /// How it ended.
    Outcome(Outcome),
    /// Whether it is real traffic.
    Traffic(bool),
    /// How the customer felt.
    Sentiment(Option<f64>),
}

/// A choice about Patterns.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternsChoice {
    /// Hand this (a query) out on these terms.
    HandOut(String, ActionTerms),
    /// Ask for the name of a mode for what notes say, under this cause.
    ModeUnder(String, Cause),
    /// Label only those that nobody else judged meanwhile.
    LabelOthers(Vec<ConversationId>, Judgement, DecisionId),
    /// Label all of them, whatever others said.
    LabelAll(Vec<ConversationId>, Judgement),
    /// Ask why they failed.
    Causes,
    /// Ask why they failed although the AI had understood them.
    Understood,
    /// Ask for their intent.
    Intents,
    /// Ask for their failure mode.
    Modes,
    /// Merge a topic into another, by names.
    MergeTopic(String, String),
    /// Merge a failure mode into another, by names.
    MergeMode(String, String),
    /// Take a failure mode out of use.
    RetireMode(String),
}

/// A choice about Responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponsesChoice {
    /// Accept the correction of this turn.
    Accept(ConversationId, TurnKey),
}

/// A choice about Fine-tune.
#[derive(Clone, Debug, PartialEq)]
pub enum TuneChoice {
    /// How the next candidate is made.
    How(CandidateMethod),
    /// Begin this work.
    Work(TuneJob),
    /// The labels of conversations that look wrong.
    DisputedTurns,
    /// The base examples whose labels look wrong.
    DisputedExamples,
    /// One of them.
    Disputed(Box<DisputeRow>),
    /// What its label is: as the model says, or as it is.
    Settle(DecisionId, bool),
}

/// A choice about text that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorChoice {
    /// Save what is being written.
    Save,
    /// Throw away what is being written.
    Drop,
}

/// A choice about the file to import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportChoice {
    /// What the selected column holds; `None`: kept, not read.
    Field(Option<CsvField>),
}

/// What is written in the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorPurpose {
    /// What the AI should have said in this turn.
    Response(ConversationId, TurnKey),
    /// A note on this conversation.
    Note(ConversationId),
    /// Other words for what somebody wrote in place of this turn.
    Correction(ConversationId, TurnKey),
}

/// What a line of text is asked for, by who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextQuestion {
    /// The Queue.
    Queue(QueueQuestion),
    /// Review.
    Review(ReviewQuestion),
    /// Patterns.
    Patterns(PatternsQuestion),
    /// Fine-tune.
    Tune(TuneQuestion),
    /// Responses: why the correction of this turn is sent back.
    Correction(ConversationId, TurnKey),
    /// The overlay below in which a file is chosen: under which name a mapping is kept.
    Profile,
    /// What settles a question about a file's columns.
    Mapping,
    /// The date that the store is shown as of.
    AsOf,
}

impl TextQuestion {
    /// Whether what stands in the line to begin with is the program's proposal, and nobody's words.
    pub const fn is_proposed(&self) -> bool {
        matches!(self, Self::AsOf | Self::Tune(TuneQuestion::Promote(..)))
    }
}

/// What the queue asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueQuestion {
    /// The name of an intent for what is marked.
    Intent,
    /// What is to be done next, of a cycle that is to be closed.
    CyclePlan(CycleId),
    /// The name of a view; of one that has another so far.
    ViewName(Option<String>),
    /// What one wants to know about all that are marked.
    Question,
    /// Which conversation or day to go to.
    Jump,
}

/// What Review asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewQuestion {
    /// The name of a new intent.
    Intent,
    /// What one wants to know about the conversation.
    Question,
    /// The answer to what is asked about it.
    Answer,
    /// The name of a new failure mode under this cause.
    Mode(Cause),
    /// What an intent means.
    Meaning(IntentId),
}

/// What Patterns asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternsQuestion {
    /// The name of an intent for what a query finds.
    Intent(String),
    /// The name of a failure mode for what a query finds, under a cause.
    Mode(String, Cause),
    /// Another name for the topic of this one.
    RenameTopic(String),
    /// Another name for the failure mode of this one.
    RenameMode(String),
    /// The names of the finer modes that take the place of this one.
    SplitMode(String),
}

/// What Fine-tune asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TuneQuestion {
    /// Why to promote a release; with an override past a refusing gate.
    Promote(ReleaseId, bool),
    /// Why to reject a release.
    Reject(ReleaseId),
    /// Why to roll the live release back.
    RollBack(ShownRollback),
    /// Where to write a release.
    Export(ReleaseId),
}

impl TuneQuestion {
    /// What is asked of a promotion that nothing speaks against. `live`: what is live now.
    pub const fn why_promote(live: Option<ReleaseId>) -> &'static str {
        match live {
            Some(_) => "It becomes live at once; a rollback brings the one before back. Why promote it?",
            None => "It becomes live at once; nothing is live yet that a rollback could bring back. Why promote it?",
        }
    }
}

impl From<QueueQuestion> for TextQuestion {
    fn from(question: QueueQuestion) -> Self {
        Self::Queue(question)
    }
}

impl From<PatternsQuestion> for TextQuestion {
    fn from(question: PatternsQuestion) -> Self {
        Self::Patterns(question)
    }
}

impl From<ReviewQuestion> for TextQuestion {
    fn from(question: ReviewQuestion) -> Self {
        Self::Review(question)
    }
}

/// Puts the choices of an area into the common enum.
macro_rules! areas {
    ($($area:ident: $choice:ty;)+) => {$(
        impl From<$choice> for ListChoice {
            fn from(choice: $choice) -> Self {
                Self::$area(choice)
            }
        }
    )+};
}

areas! {
    Program: ProgramChoice;
    Queue: QueueChoice;
    Review: ReviewChoice;
    Patterns: PatternsChoice;
    Responses: ResponsesChoice;
    Tune: TuneChoice;
    Editor: EditorChoice;
    Import: ImportChoice;
}
