//! What means the same everywhere, and in whatever floats above a screen.

use super::row::{Action as A, Row, Scope, row};

/// Moving, and everywhere.
pub(super) const COMMON: &[Row] = &[
    row(Scope::Move, A::Up, "up", &["up", "k"], "up", 0, "one up"),
    row(Scope::Move, A::Down, "down", &["down", "j"], "down", 0, "one down"),
    row(Scope::Move, A::PageUp, "page-up", &["pageup", "ctrl-b"], "page up", 0, "a page up"),
    row(Scope::Move, A::PageDown, "page-down", &["pagedown", "ctrl-f", "space"], "page down", 0, "a page down"),
    row(Scope::Move, A::Top, "top", &["home", "g g"], "top", 0, "to the first"),
    row(Scope::Move, A::Bottom, "bottom", &["end", "G"], "bottom", 0, "to the last"),
    row(Scope::Global, A::Undo, "undo", &["u"], "undo", 20, "take your last decision back"),
    row(Scope::Global, A::Redo, "redo", &["ctrl-r", "U"], "redo", 0, "make it again"),
    row(Scope::Global, A::Tab(1), "tab-1", &["1", "g 1"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Tab(2), "tab-2", &["2", "g 2"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Tab(3), "tab-3", &["3", "g 3"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Tab(4), "tab-4", &["4", "g 4"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Tab(5), "tab-5", &["5", "g 5"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Tab(6), "tab-6", &["6", "g 6"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Tab(7), "tab-7", &["7", "g 7"], "tab", 0, "go to this tab (in Review: g, then the digit)"),
    row(Scope::Global, A::Refresh, "refresh", &["f5", "ctrl-l"], "refresh", 0, "read everything again and redraw"),
    row(Scope::Global, A::Details, "details", &["D"], "details", 0, "the details of the last message"),
    row(Scope::Global, A::CopyId, "copy-id", &["y"], "copy id", 0, "copy the name of what is selected"),
    row(Scope::Global, A::CopyText, "copy-text", &["Y"], "copy text", 0, "copy what the customer said there"),
    row(Scope::Global, A::Tour, "tour", &["T"], "tour", 0, "a short guided tour: one review, one fine-tuning"),
    row(Scope::Global, A::Cancel, "leave-tour", &["esc"], "leave the tour", 0, "leave the tour"),
    row(Scope::Global, A::Import, "import", &["I"], "import", 0, "import a file with what the AI said to customers"),
    row(Scope::Global, A::CancelLoading, "cancel-import", &["X"], "cancel", 0, "stop the import that goes on"),
    row(Scope::Global, A::Suspend, "suspend", &["ctrl-z"], "suspend", 0, "back to the shell; fg returns"),
    row(Scope::Global, A::DarkColours, "theme-dark", &[], "dark", 0, "colours for a dark background"),
    row(Scope::Global, A::LightColours, "theme-light", &[], "light", 0, "colours for a light background"),
    row(Scope::Global, A::NoColours, "theme-plain", &[], "plain", 0, "no colours"),
    row(Scope::Global, A::Quit, "quit", &["q", "ctrl-c"], "quit", 30, "leave; every decision is saved already"),
    row(Scope::Global, A::Help, "keys", &["?", "f1"], "keys", 0, "this sheet"),
    row(Scope::Global, A::Palette, "command", &[":", "ctrl-p"], "command", 0, "find any command by name"),
];

/// Menus, text fields and the editor.
pub(super) const FLOATING: &[Row] = &[
    row(Scope::Menu, A::Accept, "menu-accept", &["enter"], "take", 1, "take the selected one"),
    row(Scope::Menu, A::Toggle, "menu-page", &["tab"], "other page", 3, "the other page of the help"),
    row(Scope::Menu, A::Cancel, "menu-close", &["esc", "q"], "close", 2, "close without choosing"),
    row(Scope::Field, A::Accept, "field-accept", &["enter"], "take", 1, "take it"),
    row(Scope::Field, A::Cancel, "field-close", &["esc", "ctrl-c"], "close", 3, "close without changing anything"),
    row(
        Scope::Field,
        A::Toggle,
        "field-toggle",
        &["tab"],
        "toggle",
        2,
        "complete what is written; in a list switch the selected one on or off",
    ),
    row(Scope::Field, A::Up, "field-up", &["up", "ctrl-p"], "up", 0, "one up"),
    row(Scope::Field, A::Down, "field-down", &["down", "ctrl-n"], "down", 0, "one down"),
    row(Scope::Field, A::PageUp, "field-page-up", &["pageup"], "page up", 0, "a page up"),
    row(Scope::Field, A::PageDown, "field-page-down", &["pagedown"], "page down", 0, "a page down"),
    row(Scope::Editor, A::Save, "save", &["ctrl-s", "f2"], "save", 1, "save the text"),
    row(Scope::Editor, A::Cancel, "editor-close", &["esc"], "leave", 2, "leave; asks when something was changed"),
];
