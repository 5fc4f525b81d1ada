//! Hints for newcomers: one line where somebody would stall, gone for good once it was done.

use crate::action::Action;
use crate::tui::screens::contract::Screen;
use crate::tui::screens::overview::state::OverviewFront;
use crate::tui::screens::review::decide;
use crate::tui::screens::tune::state::front::TuneFront;
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, ask};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::tab::ScreenTab;

/// The key under which it is remembered which hints are done.
pub const KEY: &str = "hints";

/// One hint.
struct Hint {
    name: &'static str,
    tab: ScreenTab,
    /// What it is about: doing one of these ends it.
    actions: &'static [Action],
    /// Whether it helps now.
    when: fn(&App) -> bool,
    /// What it says; `{}` is the key of the first action.
    text: &'static str,
}

const HINTS: &[Hint] = &[
    Hint {
        name: "failing",
        tab: ScreenTab::Overview,
        actions: &[Action::OpenFailing, Action::StartReview],
        when: |app| {
            let is_failing = app.home.page.ready().is_some_and(|p| !p.repair.failing.is_empty());
            is_failing && app.home.front == OverviewFront::Figures
        },
        text: "{} shows the conversations behind the selected line",
    },
    Hint {
        name: "open",
        tab: ScreenTab::Queue,
        actions: &[Action::OpenItem, Action::StartReview],
        when: |app| app.queue.window.selected().is_some(),
        text: "{} opens the selected conversation",
    },
    Hint {
        name: "cycle",
        tab: ScreenTab::Queue,
        actions: &[Action::OpenCycle],
        when: |app| app.queue.window.selected().is_some() && app.shared.counts().cycle.is_none(),
        text: "{} opens a review cycle: a part of it tests whether the AI got better",
    },
    Hint {
        name: "cause",
        tab: ScreenTab::Review,
        actions: &[Action::Why],
        when: |app| app.review.waits_for_cause(),
        text: "one letter says why it failed; the next conversation then comes by itself",
    },
    Hint {
        name: "pick",
        tab: ScreenTab::Review,
        actions: &[Action::Pick(1), Action::PickAny, Action::Confirm, Action::NewIntent],
        when: |app| !decide::choices(&app.review).is_empty(),
        text: "▌ marks the turn asked about: a digit says what the customer wanted",
    },
    Hint {
        name: "find",
        tab: ScreenTab::Review,
        actions: &[Action::PickAny, Action::Pick(1), Action::Confirm, Action::NewIntent],
        when: |app| app.review.item().is_some() && app.review.turn.is_some(),
        text: "▌ marks the turn asked about: {} finds the intent that the customer had",
    },
    Hint {
        name: "tune",
        tab: ScreenTab::FineTune,
        actions: &[Action::StartTuning],
        when: |app| {
            app.tune.views.front == TuneFront::Result && app.tune.enabled(&app.shared, Action::StartTuning).is_ok()
        },
        text: "{} trains an intent model; it goes live when you promote it, not before",
    },
];

/// The hint that helps here and now.
pub fn current(app: &App) -> Option<String> {
    let busy = !app.overlays.is_empty() || app.tour.is_some() || app.front().writes();
    if !app.hints.known || busy || app.shared.read_only {
        return None;
    }
    let hint = HINTS.iter().find(|h| h.tab == app.tab && !app.hints.done.contains(h.name) && (h.when)(app))?;
    let key = hint.actions.first().map(|a| app.shared.keys.map.key_of(*a)).unwrap_or_default();
    Some(hint.text.replace("{}", &key))
}

/// Somebody did something: the hint about it is not needed any more.
pub fn did(app: &mut App, action: Action) -> Vec<Effect> {
    let same = |a: &Action| *a == action || matches!((a, action), (Action::Pick(_), Action::Pick(_)));
    let caused = matches!(action, Action::Cause(_)).then_some("cause");
    let new: Vec<&str> = HINTS
        .iter()
        .filter(|h| h.tab == app.tab && (h.actions.iter().any(same) || caused == Some(h.name)))
        .map(|h| h.name)
        .filter(|n| !app.hints.done.contains(*n))
        .collect();
    if new.is_empty() || !app.hints.known {
        return Vec::new();
    }
    app.hints.done.extend(new.into_iter().map(str::to_owned));
    vec![ask(CommonRequest::Remember(KEY, app.hints.words()))]
}
