//! The program on the screen: what all share, the screens, and what floats above them. Nothing here does I/O or reads a clock.

use crate::action::{Action, ActionScope, rows};
use crate::domain::Timestamp;
use crate::keymap::Keymap;
use crate::theme::Theme;
use crate::tui::overlays::Overlay;
use crate::tui::screens::contract::Screen;
use crate::tui::screens::overview::OverviewScreen;
use crate::tui::screens::patterns::PatternsScreen;
use crate::tui::screens::queue::QueueScreen;
use crate::tui::screens::responses::ResponsesScreen;
use crate::tui::screens::review::ReviewScreen;
use crate::tui::screens::signals::SignalsScreen;
use crate::tui::screens::tune::TuneScreen;
use crate::tui::state::guide::{Hints, Tour};
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;

/// Everything that the program shows.
#[derive(Debug)]
pub struct App {
    /// The screen in front.
    pub tab: ScreenTab,
    /// What floats above it, the last on top.
    pub overlays: Vec<Overlay>,
    /// What all screens share.
    pub shared: SharedState,
    /// The Overview screen.
    pub home: OverviewScreen,
    /// The Patterns screen.
    pub patterns: PatternsScreen,
    /// The Responses screen.
    pub responses: ResponsesScreen,
    /// The Queue screen.
    pub queue: QueueScreen,
    /// The Review screen.
    pub review: ReviewScreen,
    /// The Fine-tune screen.
    pub tune: TuneScreen,
    /// The Signals screen.
    pub signals: SignalsScreen,
    /// Hints for newcomers.
    pub hints: Hints,
    /// The tour, while it lasts.
    pub tour: Option<Tour>,
    /// A command that is run on a screen as soon as that has read what it needs.
    pub later: Option<WaitingCommand>,
}

/// A command that waits for a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingCommand {
    /// Where it belongs.
    pub tab: ScreenTab,
    /// What it does.
    pub action: Action,
    /// Nobody waits for it any more from then on.
    pub until: Timestamp,
}

impl App {
    /// A program that has just been started and knows nothing yet.
    pub fn new(reviewer: String, read_only: bool, now: Timestamp, theme: Theme, keymap: Keymap) -> Self {
        Self {
            tab: ScreenTab::default(),
            overlays: Vec::new(),
            shared: SharedState::new(reviewer, read_only, now, theme, keymap),
            home: OverviewScreen::default(),
            patterns: PatternsScreen::default(),
            responses: ResponsesScreen::default(),
            queue: QueueScreen::default(),
            review: ReviewScreen::default(),
            tune: TuneScreen::default(),
            signals: SignalsScreen::default(),
            hints: Hints::default(),
            tour: None,
            later: None,
        }
    }

    /// Forgets all that was read of a store: another one is opened. Answers of the one before find nobody waiting.
    pub fn forget_store(&mut self) {
        self.tab = ScreenTab::default();
        self.overlays.clear();
        self.shared.forget_store();
        self.home = OverviewScreen::after(&self.home);
        self.patterns = PatternsScreen::default();
        self.responses = ResponsesScreen::default();
        self.queue = QueueScreen::after(&self.queue);
        self.review = ReviewScreen::after(&self.review);
        self.tune = TuneScreen::after(&self.tune);
        self.signals = SignalsScreen::default();
    }

    /// The screen in front.
    pub fn front(&self) -> &dyn Screen {
        match self.tab {
            ScreenTab::Overview => &self.home,
            ScreenTab::Patterns => &self.patterns,
            ScreenTab::Responses => &self.responses,
            ScreenTab::Queue => &self.queue,
            ScreenTab::Review => &self.review,
            ScreenTab::FineTune => &self.tune,
            ScreenTab::Signals => &self.signals,
        }
    }

    /// The screen in front, to be changed, and what it may read.
    pub fn front_mut(&mut self) -> (&mut dyn Screen, &SharedState) {
        let screen: &mut dyn Screen = match self.tab {
            ScreenTab::Overview => &mut self.home,
            ScreenTab::Patterns => &mut self.patterns,
            ScreenTab::Responses => &mut self.responses,
            ScreenTab::Queue => &mut self.queue,
            ScreenTab::Review => &mut self.review,
            ScreenTab::FineTune => &mut self.tune,
            ScreenTab::Signals => &mut self.signals,
        };
        (screen, &self.shared)
    }

    /// Where a key is looked up, first to last.
    pub fn scopes(&self) -> Vec<ActionScope> {
        match self.overlays.last() {
            Some(top) => top.scopes(),
            None => self.front().scopes(&self.shared),
        }
    }

    /// Whether what is typed is written into a field.
    pub fn takes_letters(&self) -> bool {
        self.scopes().first().is_some_and(|s| matches!(s, ActionScope::Field | ActionScope::Editor))
    }

    /// Whether an action means something where keys are looked up now.
    pub fn scopes_know(&self, action: Action) -> bool {
        let scopes = self.scopes();
        rows().any(|r| r.action == action && scopes.contains(&r.scope))
    }
}
