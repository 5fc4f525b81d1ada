//! What an action and its row are.

use crate::domain::{Cause, PatternView, ResponseView, SignalView};

/// Where a row of the table applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionScope {
    /// Everywhere but in text fields.
    Global,
    /// Wherever something can be walked through or scrolled.
    Move,
    /// The Overview of an empty store.
    Welcome,
    /// The Overview screen.
    Overview,
    /// The last seven days in segments, on the Overview.
    Segments,
    /// Review cycles, on the Overview.
    Cycles,
    /// The Queue screen.
    Queue,
    /// The Review screen.
    Review,
    /// While an item waits for its cause, and in the menu of causes.
    Cause,
    /// The Patterns screen.
    Patterns,
    /// The Responses screen.
    Responses,
    /// The Signals screen.
    Signals,
    /// The Fine-tune screen.
    FineTune,
    /// All releases, on Fine-tune.
    Registry,
    /// Failures put to a release, on Fine-tune.
    Replay,
    /// The labels behind an answer, on Fine-tune.
    Blame,
    /// Two answers without names.
    Judge,
    /// Lists and sheets that float above a screen.
    Menu,
    /// One-line text fields and the lists below them.
    Field,
    /// The editor of a response or a note.
    Editor,
    /// A form of several fields.
    Form,
}

impl ActionScope {
    /// All scopes, in the order of the key sheet.
    pub const ALL: [Self; 21] = [
        Self::Welcome,
        Self::Overview,
        Self::Segments,
        Self::Cycles,
        Self::Queue,
        Self::Review,
        Self::Cause,
        Self::Patterns,
        Self::Responses,
        Self::FineTune,
        Self::Signals,
        Self::Registry,
        Self::Replay,
        Self::Blame,
        Self::Move,
        Self::Global,
        Self::Judge,
        Self::Menu,
        Self::Field,
        Self::Editor,
        Self::Form,
    ];

    /// The heading on the key sheet.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Move => "Moving",
            Self::Welcome => "An empty store",
            Self::Overview => "Overview",
            Self::Segments => "By language, channel, intent",
            Self::Cycles => "Cycles",
            Self::Queue => "Queue",
            Self::Review => "Review",
            Self::Cause => "Why it failed",
            Self::Patterns => "Patterns",
            Self::Responses => "Responses",
            Self::FineTune => "Fine-tune",
            Self::Signals => "Signals",
            Self::Registry => "Registry",
            Self::Replay => "Replay",
            Self::Blame => "Blame",
            Self::Judge => "Judging answers",
            Self::Menu => "Menus",
            Self::Field => "Text fields and lists",
            Self::Editor => "Editor",
            Self::Form => "Forms",
        }
    }
}

/// Something a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table says what each one does")]
pub enum Action {
    Quit,
    Help,
    Palette,
    Undo,
    Redo,
    Refresh,
    /// Shows the store as of a date, or today again.
    AsOf,
    Details,
    CopyId,
    CopyText,
    Tour,
    Import,
    BuildDemo,
    CancelLoading,
    /// A list of the Patterns screen.
    PatternView(PatternView),
    OpenPattern,
    /// A part of the Signals screen.
    SignalView(SignalView),
    OpenSignal,
    /// Those who take an offer more often.
    OpenMoreOften,
    /// Has a learner look now.
    LearnAgain,
    CancelLearning,
    /// Makes what was learnt live.
    PromoteLearned,
    /// Tells offers apart by something else.
    OffersBy,
    SignalIntervals,
    FindPatterns,
    /// Who is taken for whom, as a matrix.
    ConfusionMatrix,
    CellLeft,
    CellRight,
    /// Hands the selected line to somebody.
    HandOut,
    /// Says that what was handed out is done, or not.
    FinishAction,
    /// Labels all that the selected line holds.
    LabelAll,
    /// Makes an intent, or of notes a failure mode, of the selected line.
    MakeIntent,
    /// Accepts the proposed list of topics.
    AcceptTopics,
    /// Gives a topic or a failure mode another name.
    RenameTopic,
    /// Makes a topic or a failure mode stand for another.
    MergeTopic,
    /// Takes a failure mode out of use for finer ones.
    SplitMode,
    RetireMode,
    /// Has a detector tell how much of the traffic a failure mode holds, or stop.
    DetectMode,
    /// A list of the Responses screen.
    ResponseView(ResponseView),
    OpenAnswer,
    AcceptCorrection,
    ReturnCorrection,
    EditCorrection,
    /// Judges what the AI said and what a person wrote, without names.
    JudgeCorrections,
    CompareAnswers,
    /// Another period.
    OtherTime,
    Suspend,
    /// Colours for a dark background.
    DarkColours,
    /// Colours for a light background.
    LightColours,
    /// No colours.
    NoColours,
    /// The colours of the beginning: as the configuration and the terminal say.
    OwnColours,
    /// The tab with this number, counted from 1.
    Tab(u8),
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    OpenFailing,
    ToggleIntervals,
    WriteReport,
    /// Shows the last seven days by language, channel and intent.
    ShowSegments,
    /// Shows the review cycles.
    ShowCycles,
    /// The conversations of the selected line.
    OpenLine,
    /// Selects a week of the trend.
    EarlierWeek,
    LaterWeek,
    /// Shows fewer weeks of the trend, or more.
    ZoomIn,
    ZoomOut,
    OpenItem,
    StartReview,
    /// Goes on where the review stopped.
    Resume,
    EditQuery,
    FilterMenu,
    ClearQuery,
    NextSort,
    SortMenu,
    NextView,
    PreviousView,
    /// Hides test groups, or shows them.
    ToggleTest,
    /// All views; saving, renaming and deleting one's own.
    Views,
    SaveView,
    Jump,
    Columns,
    Mark,
    MarkToHere,
    /// Judges everything that is marked.
    DecideMarked,
    TogglePreview,
    OpenCycle,
    CloseCycle,
    /// The intent behind this digit.
    Pick(u8),
    /// Labels out of scope, and gives that as the cause.
    OutOfScope,
    /// Judges all that got the same answer.
    LikeThis,
    /// Chooses among all answers of the AI which one to correct.
    EditAny,
    /// Shows tool calls whole, or short.
    Unfold,
    /// To the next place in the talk where something shows that it went wrong.
    NextSign,
    PreviousSign,
    /// Back to the turn that is judged.
    BackToTurn,
    /// Nothing failed: rightly handed to a person.
    NothingFailed,
    PickAny,
    Confirm,
    Why,
    EditResponse,
    NewIntent,
    DefineIntent,
    EditNote,
    HowItEnded,
    Sentiment,
    Later,
    Skip,
    Flag,
    /// Answers what is asked about the conversation.
    Answer,
    PreviousTurn,
    NextTurn,
    PreviousItem,
    NextItem,
    ToggleAdvance,
    Leave,
    /// One cause of failure.
    Cause(Cause),
    StartTuning,
    CancelTuning,
    /// Chooses how the next candidate is made.
    ChooseHow,
    Promote,
    Reject,
    /// Freezes a new version of the gold set.
    FreezeGold,
    OpenFlip,
    /// Shows all releases.
    ShowRegistry,
    /// Puts the failures of the last days to a release.
    Replay,
    /// Looks for the labels behind an answer.
    BlameTurn,
    /// Leaves labels out and trains again.
    DropLabels,
    /// Compares two releases.
    Compare,
    /// Makes the release live again that was live before.
    RollBack,
    /// Trains a release again and compares the bytes.
    Verify,
    /// Scores all releases on today's gold.
    ScoreAll,
    /// Writes a release as files.
    ExportModel,
    /// Pins a gold turn, or unpins it.
    Pin,
    /// The labels that the model disputes.
    OpenDisputed,
    /// Shows or hides the learning curve.
    ToggleCurve,
    /// Shows accuracy and F1 of each intent.
    ShowIntents,
    /// Shows the turns that are not right both times.
    ShowFlips,
    /// Shows which intents are taken for which others.
    ShowConfusion,
    /// Shows confidence against accuracy.
    ShowCalibration,
    /// Shows coverage against accuracy.
    ShowCoverage,
    /// Shows what both answer.
    ShowResponses,
    NextPane,
    PreviousPane,
    /// Another view of the same: the next kind of turns, the other side of the confusion.
    OtherView,
    /// Judges answers without knowing whose they are.
    JudgePairs,
    PreferFirst,
    PreferSecond,
    BothFine,
    BothBad,
    SkipPair,
    OlderResult,
    NewerResult,
    Accept,
    Cancel,
    Toggle,
    Save,
}

impl Action {
    /// Whether it stores a decision on the conversation in Review at once.
    pub const fn decides(self) -> bool {
        matches!(
            self,
            Self::Pick(_)
                | Self::OutOfScope
                | Self::Confirm
                | Self::NothingFailed
                | Self::Cause(_)
                | Self::Later
                | Self::Skip
        )
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ActionRow {
    /// Where it applies.
    pub scope: ActionScope,
    /// What it does.
    pub action: Action,
    /// Its name in the palette and in the configuration.
    pub name: &'static str,
    /// Keys it has unless the configuration gives others; a space separates the keys of a sequence. Empty: a command of the
    /// palette alone.
    pub keys: &'static [&'static str],
    /// One or two words for the footer.
    pub label: &'static str,
    /// Importance in the footer: 1 stays longest, 0 is never shown.
    pub rank: u8,
    /// One line for the key sheet.
    pub help: &'static str,
    /// Whether it writes to the store: not on one that is opened for reading alone.
    pub writes: bool,
}

impl ActionRow {
    /// The same, which writes to the store.
    pub(super) const fn writing(self) -> Self {
        Self { writes: true, ..self }
    }
}

pub(super) const fn row(
    scope: ActionScope,
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    label: &'static str,
    rank: u8,
    help: &'static str,
) -> ActionRow {
    ActionRow { scope, action, name, keys, label, rank, help, writes: false }
}
