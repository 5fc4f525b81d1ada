//! Everything a person can ask for, in one table. The table gives dispatch, the footer's hints, the `?` sheet, the `:`
//! palette, `appraise keys` and the keys that a configuration may override.
//!
//! An action says what, never on what: the target comes from the state of the program.

use crate::domain::Cause;

/// Where a row of the table applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everywhere but in text fields.
    Global,
    /// Wherever something can be walked through or scrolled.
    Move,
    /// The Overview of an empty store.
    Welcome,
    /// The Overview screen.
    Overview,
    /// The Queue screen.
    Queue,
    /// The Review screen.
    Review,
    /// While an item waits for its cause, and in the menu of causes.
    Cause,
    /// The Fine-tune screen.
    FineTune,
    /// Two answers without names.
    Judge,
    /// Lists and sheets that float above a screen.
    Menu,
    /// One-line text fields and the lists below them.
    Field,
    /// The editor of a response or a note.
    Editor,
}

impl Scope {
    /// All scopes, in the order of the key sheet.
    pub const ALL: [Self; 12] = [
        Self::Welcome,
        Self::Overview,
        Self::Queue,
        Self::Review,
        Self::Cause,
        Self::FineTune,
        Self::Move,
        Self::Global,
        Self::Judge,
        Self::Menu,
        Self::Field,
        Self::Editor,
    ];

    /// The heading on the key sheet.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Move => "Moving",
            Self::Welcome => "An empty store",
            Self::Overview => "Overview",
            Self::Queue => "Queue",
            Self::Review => "Review",
            Self::Cause => "Why it failed",
            Self::FineTune => "Fine-tune",
            Self::Judge => "Judging answers",
            Self::Menu => "Menus",
            Self::Field => "Text fields and lists",
            Self::Editor => "Editor",
        }
    }
}

/// Something a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "TABLE says what each one does")]
pub enum Action {
    Quit,
    Help,
    Palette,
    Undo,
    Redo,
    Refresh,
    Details,
    CopyId,
    CopyText,
    Tour,
    Import,
    BuildDemo,
    CancelLoading,
    Suspend,
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
    OpenItem,
    StartReview,
    EditQuery,
    FilterMenu,
    ClearQuery,
    NextSort,
    SortMenu,
    NextView,
    PreviousView,
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
    PickAny,
    Confirm,
    Why,
    EditResponse,
    NewIntent,
    EditNote,
    HowItEnded,
    Sentiment,
    Later,
    Skip,
    Flag,
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
    ToggleFrom,
    Promote,
    Reject,
    /// Freezes a new version of the gold set.
    FreezeGold,
    OpenFlip,
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

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Where it applies.
    pub scope: Scope,
    /// What it does.
    pub action: Action,
    /// Its name in the palette and in the configuration.
    pub name: &'static str,
    /// Keys it has unless the configuration gives others; a space separates the keys of a sequence.
    pub keys: &'static [&'static str],
    /// One or two words for the footer.
    pub label: &'static str,
    /// Importance in the footer: 1 stays longest, 0 is never shown.
    pub rank: u8,
    /// One line for the key sheet.
    pub help: &'static str,
}

const fn row(
    scope: Scope,
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    label: &'static str,
    rank: u8,
    help: &'static str,
) -> Row {
    Row { scope, action, name, keys, label, rank, help }
}

const fn pick(digit: u8, name: &'static str, keys: &'static [&'static str]) -> Row {
    let rank = if digit == 1 { 1 } else { 0 };
    row(
        Scope::Review,
        Action::Pick(digit),
        name,
        keys,
        "pick",
        rank,
        "the customer wanted the intent behind this digit",
    )
}

const fn cause(cause: Cause, name: &'static str, keys: &'static [&'static str]) -> Row {
    row(Scope::Cause, Action::Cause(cause), name, keys, cause.label(), 0, cause.meaning())
}

/// Every action there is, each scope in the order of the key sheet.
pub const TABLE: &[Row] = {
    use Action as A;
    use Scope::{Editor, Field, FineTune, Global, Judge, Menu, Move, Overview, Queue, Review, Welcome};
    &[
        row(Welcome, A::BuildDemo, "demo", &["d"], "demo", 1, "look around in a made-up company"),
        row(
            Welcome,
            A::Import,
            "begin-import",
            &["i"],
            "import a file",
            1,
            "import a file with what the AI said to customers",
        ),
        row(
            Overview,
            A::OpenFailing,
            "open-failing",
            &["enter"],
            "its failures",
            2,
            "the open failures of this intent",
        ),
        row(Overview, A::StartReview, "start-review", &["r"], "review", 1, "review where you stopped"),
        row(Overview, A::ToggleIntervals, "intervals", &["i"], "intervals", 3, "show or hide the 95 % intervals"),
        row(Queue, A::OpenItem, "open", &["enter"], "open", 1, "review the selected conversation"),
        row(
            Queue,
            A::StartReview,
            "review",
            &["r"],
            "review",
            2,
            "review where you stopped, one conversation after another",
        ),
        row(
            Queue,
            A::EditQuery,
            "filter",
            &["/"],
            "filter",
            3,
            "write a query: words, outcome:failed, intent:…, status:open, since:7d",
        ),
        row(
            Queue,
            A::FilterMenu,
            "filter-menu",
            &["f"],
            "choose filter",
            7,
            "choose outcomes, statuses and intents from a list",
        ),
        row(
            Queue,
            A::DecideMarked,
            "judge-marked",
            &["b"],
            "judge the marked",
            1,
            "one judgement on everything that is marked, as one step",
        ),
        row(Queue, A::NextView, "next-view", &["tab"], "next view", 4, "the next saved view"),
        row(Queue, A::PreviousView, "previous-view", &["shift-tab"], "view before", 0, "the saved view before"),
        row(Queue, A::Mark, "mark", &["v"], "mark", 6, "mark or unmark the selected conversation and step down"),
        row(
            Queue,
            A::MarkToHere,
            "mark-to-here",
            &["V"],
            "mark to here",
            0,
            "mark all from the last mark to here; without a mark, all that match, up to 1,000",
        ),
        row(Queue, A::NextSort, "sort", &["s"], "sort", 5, "sort by value, newest, oldest, lowest confidence"),
        row(
            Queue,
            A::SortMenu,
            "sort-menu",
            &["O"],
            "choose order",
            0,
            "sort by any column, up to three one after another",
        ),
        row(Queue, A::Jump, "jump", &["J"], "go to", 9, "go to a conversation by its number or name, or to a day"),
        row(Queue, A::Columns, "columns", &["|"], "columns", 12, "choose the columns of the list"),
        row(Queue, A::Views, "views", &["w"], "views", 11, "all saved views; rename or delete your own"),
        row(
            Queue,
            A::SaveView,
            "save-view",
            &["S"],
            "save view",
            13,
            "save query, order and columns as a view of your own",
        ),
        row(
            Queue,
            A::ClearQuery,
            "clear-filter",
            &["esc"],
            "clear filter",
            0,
            "unmark all; else back to open failures and escalations",
        ),
        row(Queue, A::TogglePreview, "preview", &["p"], "preview", 10, "show or hide the preview"),
        row(
            Queue,
            A::OpenCycle,
            "open-cycle",
            &["c"],
            "open cycle",
            8,
            "open a review cycle over the conversations shown",
        ),
        row(Queue, A::CloseCycle, "close-cycle", &["C"], "close cycle", 8, "close the open review cycle"),
        pick(1, "pick-1", &["1"]),
        pick(2, "pick-2", &["2"]),
        pick(3, "pick-3", &["3"]),
        pick(4, "pick-4", &["4"]),
        pick(5, "pick-5", &["5"]),
        pick(6, "pick-6", &["6"]),
        pick(7, "pick-7", &["7"]),
        pick(8, "pick-8", &["8"]),
        pick(9, "pick-9", &["9"]),
        row(Review, A::PickAny, "pick-any", &["/"], "all intents", 2, "find any intent by a few letters"),
        row(
            Review,
            A::Confirm,
            "confirm",
            &["enter"],
            "intent is right",
            3,
            "the AI understood; next it asks why it failed",
        ),
        row(Review, A::Why, "why", &["w"], "why", 5, "say why it failed"),
        row(Review, A::EditResponse, "edit-response", &["e"], "edit answer", 4, "write what the AI should have said"),
        row(
            Review,
            A::NewIntent,
            "new-intent",
            &["n"],
            "new intent",
            9,
            "make a new intent and label this turn with it",
        ),
        row(Review, A::Later, "later", &["tab"], "later", 6, "leave it open for later and go on"),
        row(Review, A::Skip, "skip", &["-", "S"], "cannot tell", 7, "nobody can tell from this conversation; go on"),
        row(Review, A::Flag, "flag", &["F", "!"], "flag", 10, "ask the lead to look at it; go on"),
        row(
            Review,
            A::HowItEnded,
            "how-it-ended",
            &["r"],
            "how it ended",
            11,
            "it was resolved after all, or it is spam or a test",
        ),
        row(Review, A::Sentiment, "sentiment", &["s"], "feeling", 12, "how the customer felt"),
        row(Review, A::EditNote, "note", &["m"], "note", 13, "write a note for your colleagues"),
        row(
            Review,
            A::PreviousTurn,
            "previous-turn",
            &["["],
            "other turn",
            14,
            "judge the customer's turn before this one",
        ),
        row(Review, A::NextTurn, "next-turn", &["]"], "next turn", 0, "judge the customer's turn after this one"),
        row(Review, A::NextItem, "next-item", &["right", ">"], "next", 0, "go on without deciding"),
        row(Review, A::PreviousItem, "previous-item", &["left", "<"], "previous", 0, "back to the conversation before"),
        row(
            Review,
            A::ToggleAdvance,
            "auto-advance",
            &["z"],
            "stay",
            0,
            "go on to the next one after a decision, or stay",
        ),
        row(Review, A::Leave, "leave-review", &["esc"], "queue", 8, "back to the queue; nothing is lost"),
        cause(Cause::WrongIntent, "cause-wrong-intent", &["w"]),
        cause(Cause::MissedIntent, "cause-missed-intent", &["f"]),
        cause(Cause::NewIntent, "cause-new-intent", &["n"]),
        cause(Cause::OutOfScope, "cause-out-of-scope", &["o"]),
        cause(Cause::MissingKnowledge, "cause-missing-knowledge", &["k"]),
        cause(Cause::WrongAnswer, "cause-wrong-answer", &["a"]),
        cause(Cause::IncompleteAnswer, "cause-incomplete-answer", &["i"]),
        cause(Cause::Tone, "cause-tone", &["t"]),
        cause(Cause::Policy, "cause-policy", &["p"]),
        cause(Cause::Integration, "cause-integration", &["x"]),
        cause(Cause::ContextLoop, "cause-context-loop", &["c"]),
        cause(Cause::Handoff, "cause-handoff", &["h"]),
        row(
            FineTune,
            A::StartTuning,
            "fine-tune",
            &["s"],
            "start",
            1,
            "train a candidate and compare it with what is live",
        ),
        row(
            FineTune,
            A::CancelTuning,
            "cancel-fine-tune",
            &["c"],
            "cancel",
            1,
            "stop the run; nothing is left half-done",
        ),
        row(FineTune, A::Promote, "promote", &["p"], "promote", 2, "make the candidate the live release"),
        row(FineTune, A::Reject, "reject", &["x"], "reject", 3, "put the candidate aside, with a reason"),
        row(
            FineTune,
            A::FreezeGold,
            "freeze-gold",
            &["z"],
            "freeze gold",
            6,
            "freeze a new version of the gold set, new test labels included",
        ),
        row(
            FineTune,
            A::OpenFlip,
            "open-flip",
            &["enter"],
            "open",
            4,
            "open the conversation at this turn; of an intent, its turns",
        ),
        row(FineTune, A::NextPane, "next-pane", &["tab"], "next pane", 5, "the next pane of the comparison"),
        row(FineTune, A::PreviousPane, "previous-pane", &["shift-tab"], "pane before", 0, "the pane before"),
        row(
            FineTune,
            A::ShowIntents,
            "per-intent",
            &["i"],
            "per intent",
            0,
            "accuracy and F1 of each intent, with intervals",
        ),
        row(FineTune, A::ShowFlips, "turns", &["t"], "turns", 0, "turns that were fixed or broken, or are still wrong"),
        row(
            FineTune,
            A::ShowConfusion,
            "confusion",
            &["m"],
            "confusion",
            0,
            "which intents are taken for which others",
        ),
        row(
            FineTune,
            A::ShowCalibration,
            "calibration",
            &["h"],
            "calibration",
            0,
            "how often it is right where it is how sure",
        ),
        row(
            FineTune,
            A::ShowCoverage,
            "coverage",
            &["o"],
            "coverage",
            0,
            "how much it should answer itself, and below which confidence it should hand over",
        ),
        row(FineTune, A::ShowResponses, "responses", &["r"], "responses", 0, "where both answer differently"),
        row(
            FineTune,
            A::JudgePairs,
            "judge-blind",
            &["b"],
            "judge blind",
            3,
            "say which of two answers is better, without knowing whose they are",
        ),
        row(
            FineTune,
            A::OtherView,
            "other-view",
            &["v"],
            "other view",
            4,
            "the next kind of turns; the confusion before or after; corrected answers",
        ),
        row(
            FineTune,
            A::OpenDisputed,
            "disputed",
            &["d"],
            "wrong labels",
            6,
            "the labels that look wrong to the model, in the queue",
        ),
        row(
            FineTune,
            A::ToggleCurve,
            "learning-curve",
            &["l"],
            "learning curve",
            7,
            "show or hide what the labels so far were worth",
        ),
        row(
            FineTune,
            A::ToggleFrom,
            "from-scratch",
            &["f"],
            "from scratch",
            6,
            "start from the live model, or from scratch",
        ),
        row(
            FineTune,
            A::OlderResult,
            "older-result",
            &["left", "["],
            "older",
            7,
            "the comparison of the release before",
        ),
        row(
            FineTune,
            A::NewerResult,
            "newer-result",
            &["right", "]"],
            "newer",
            8,
            "the comparison of the release after",
        ),
        row(Move, A::Up, "up", &["up", "k"], "up", 0, "one up"),
        row(Move, A::Down, "down", &["down", "j"], "down", 0, "one down"),
        row(Move, A::PageUp, "page-up", &["pageup", "ctrl-b"], "page up", 0, "a page up"),
        row(Move, A::PageDown, "page-down", &["pagedown", "ctrl-f", "space"], "page down", 0, "a page down"),
        row(Move, A::Top, "top", &["home", "g g"], "top", 0, "to the first"),
        row(Move, A::Bottom, "bottom", &["end", "G"], "bottom", 0, "to the last"),
        row(Global, A::Undo, "undo", &["u"], "undo", 20, "take your last decision back"),
        row(Global, A::Redo, "redo", &["ctrl-r", "U"], "redo", 0, "make it again"),
        row(Global, A::Tab(1), "tab-1", &["1", "g 1"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
        row(Global, A::Tab(2), "tab-2", &["2", "g 2"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
        row(Global, A::Tab(3), "tab-3", &["3", "g 3"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
        row(Global, A::Tab(4), "tab-4", &["4", "g 4"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
        row(Global, A::Refresh, "refresh", &["f5", "ctrl-l"], "refresh", 0, "read everything again and redraw"),
        row(Global, A::Details, "details", &["D"], "details", 0, "the details of the last message"),
        row(Global, A::CopyId, "copy-id", &["y"], "copy id", 0, "copy the name of what is selected"),
        row(Global, A::CopyText, "copy-text", &["Y"], "copy text", 0, "copy what the customer said there"),
        row(Global, A::Tour, "tour", &["T"], "tour", 0, "a short guided tour: one review, one fine-tuning"),
        row(Global, A::Cancel, "leave-tour", &["esc"], "leave the tour", 0, "leave the tour"),
        row(Global, A::Import, "import", &["I"], "import", 0, "import a file with what the AI said to customers"),
        row(Global, A::CancelLoading, "cancel-import", &["X"], "cancel", 0, "stop the import that goes on"),
        row(Global, A::Suspend, "suspend", &["ctrl-z"], "suspend", 0, "back to the shell; fg returns"),
        row(Global, A::Quit, "quit", &["q", "ctrl-c"], "quit", 30, "leave; every decision is saved already"),
        row(Global, A::Help, "keys", &["?", "f1"], "keys", 0, "this sheet"),
        row(Global, A::Palette, "command", &[":", "ctrl-p"], "command", 0, "find any command by name"),
        row(Judge, A::PreferFirst, "prefer-a", &["a"], "A is better", 1, "answer A is better"),
        row(Judge, A::PreferSecond, "prefer-b", &["b"], "B is better", 2, "answer B is better"),
        row(Judge, A::BothFine, "both-fine", &["="], "both fine", 3, "both answers are fine"),
        row(Judge, A::BothBad, "both-bad", &["x"], "both bad", 4, "neither answer will do"),
        row(Judge, A::SkipPair, "skip-pair", &["s"], "skip", 5, "say nothing of this pair; it comes again next time"),
        row(Judge, A::Undo, "undo-judgement", &["u"], "undo", 6, "take the last judgement back"),
        row(Judge, A::Cancel, "judge-close", &["esc", "q"], "end", 7, "end; every judgement is saved already"),
        row(Menu, A::Accept, "menu-accept", &["enter"], "take", 1, "take the selected one"),
        row(Menu, A::Toggle, "menu-page", &["tab"], "other page", 3, "the other page of the help"),
        row(Menu, A::Cancel, "menu-close", &["esc", "q"], "close", 2, "close without choosing"),
        row(Field, A::Accept, "field-accept", &["enter"], "take", 1, "take it"),
        row(Field, A::Cancel, "field-close", &["esc", "ctrl-c"], "close", 3, "close without changing anything"),
        row(
            Field,
            A::Toggle,
            "field-toggle",
            &["tab"],
            "toggle",
            2,
            "complete what is written; in a list switch the selected one on or off",
        ),
        row(Field, A::Up, "field-up", &["up", "ctrl-p"], "up", 0, "one up"),
        row(Field, A::Down, "field-down", &["down", "ctrl-n"], "down", 0, "one down"),
        row(Field, A::PageUp, "field-page-up", &["pageup"], "page up", 0, "a page up"),
        row(Field, A::PageDown, "field-page-down", &["pagedown"], "page down", 0, "a page down"),
        row(Editor, A::Save, "save", &["ctrl-s", "f2"], "save", 1, "save the text"),
        row(Editor, A::Cancel, "editor-close", &["esc"], "leave", 2, "leave; asks when something was changed"),
    ]
};

/// The row of an action; where it stands in several scopes, the first.
pub fn row_of(action: Action) -> Option<&'static Row> {
    TABLE.iter().find(|r| r.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_every_row_explains_itself() {
        let mut seen = HashSet::new();
        for r in TABLE {
            assert!(seen.insert(r.name), "{} twice", r.name);
            assert!(!r.help.is_empty() && !r.label.is_empty() && !r.keys.is_empty(), "{}", r.name);
        }
    }

    #[test]
    fn causes_have_the_keys_of_the_domain() {
        for &c in Cause::ALL {
            let r = row_of(Action::Cause(c)).expect("every cause has a row");
            assert_eq!(r.keys, [c.key().to_string().as_str()]);
        }
    }
}
