//! The failures of the last days put to a release: what it would understand otherwise, and what is to be judged.

use super::panes::guess;
use super::{Front, Work, work};
use crate::action::Action;
use crate::domain::{Query, ReleaseId, Sort, time::DAY};
use crate::jobs::{Change, Replay, WasIs};
use crate::store::Scope;
use crate::theme::Role;
use crate::tui::screens::review;
use crate::tui::screens::tune::result::below;
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::{Effect, GoldTurn, TuneJob};
use crate::tui::state::request::{Open, Request};
use crate::tui::widgets::listed::Listed;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Days that are looked back, in the order in which one key steps through them.
const WINDOWS: [i64; 4] = [14, 30, 90, 7];
/// From so many rows on the selected change is shown whole below the list.
const ROOM: u16 = 14;
/// Rows of the selected change.
const DETAILS: u16 = 7;

/// State of the replay.
#[derive(Debug, Default)]
pub struct Replaying {
    /// What was found last, if anything was.
    pub found: Option<Found>,
    /// The selected change.
    pub selected: usize,
    /// The window that is being asked about.
    asked: usize,
    /// It was found while somebody looked elsewhere, and nobody has seen it yet.
    unseen: bool,
    /// Where it was opened from.
    back: Front,
}

/// What a replay found.
#[derive(Debug)]
pub struct Found {
    /// The figures and the changes.
    pub replay: Box<Replay>,
    /// Which window.
    pub window: usize,
    /// What people have labelled the changed turns by now.
    pub labels: Vec<Option<String>>,
}

impl Found {
    /// What was found just now.
    pub fn new(replay: Box<Replay>, window: usize) -> Self {
        let labels = replay.changes.iter().map(|c| c.label.clone()).collect();
        Self { replay, window, labels }
    }

    /// Changes that are still to be judged.
    pub fn to_judge(&self) -> u64 {
        let judged = |(c, label): (&Change, &Option<String>)| c.label.is_none() && !c.test_group && label.is_some();
        let judged = self.replay.changes.iter().zip(&self.labels).filter(|&pair| judged(pair)).count();
        self.replay.to_judge.saturating_sub(judged as u64)
    }

    fn turns(&self) -> Vec<GoldTurn> {
        self.replay.changes.iter().map(|c| (c.n, c.turn)).collect()
    }
}

impl Replaying {
    /// The selected change.
    pub fn change(&self) -> Option<&Change> {
        self.found.as_ref()?.replay.changes.get(self.selected)
    }

    /// Selects a row.
    pub fn step(&mut self, by: isize) {
        let last = self.found.as_ref().map_or(0, |f| f.replay.changes.len().saturating_sub(1));
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// Takes what people have labelled by now.
    pub fn take_labels(&mut self, turns: &[GoldTurn], labels: Vec<Option<String>>) {
        if let Some(found) = self.found.as_mut().filter(|f| f.turns() == turns) {
            found.labels = labels;
        }
    }
}

/// Puts the failures to a release, or shows what came of it while nobody looked.
pub fn begin(app: &mut App, release: ReleaseId) -> Vec<Effect> {
    let (front, replay) = (app.tune.views.front, &mut app.tune.views.replay);
    if front == Front::Replay {
        let window = replay.found.as_ref().map_or(0, |f| f.window);
        return run(app, release, window);
    }
    replay.back = front;
    if std::mem::take(&mut replay.unseen) && replay.found.as_ref().is_some_and(|f| f.replay.release == release) {
        app.tune.views.front = Front::Replay;
        return refresh(app);
    }
    run(app, release, 0)
}

fn run(app: &mut App, release: ReleaseId, window: usize) -> Vec<Effect> {
    app.tune.views.replay.asked = window;
    // Back from now, or from the newest conversation where that is older (rule 9).
    let now = app.shared.now;
    let until = app.shared.vocabulary.newest.map_or(now, |newest| newest.min(now));
    let job = TuneJob::Replay(release, until.plus(-WINDOWS[window] * DAY));
    work::begin(app, job)
}

/// The answers are here.
pub fn finished(app: &mut App, work: &Work, found: Box<Replay>) -> Vec<Effect> {
    let text = match found.to_judge {
        0 => "nothing new to judge".to_owned(),
        n => format!("{} to judge", numbers::plural(n, "change", "changes")),
    };
    let text = format!("v{} on {}: {text}", found.release.0, numbers::plural(found.failures, "failure", "failures"));
    let replay = &mut app.tune.views.replay;
    replay.found = Some(Found::new(found, replay.asked));
    replay.selected = 0;
    work::show(app, work, Front::Replay);
    app.tune.views.replay.unseen = app.tune.views.front != Front::Replay;
    let mut effects: Vec<Effect> = app.notify(&text).into_iter().collect();
    effects.extend(app.cheer(text));
    effects
}

/// Reads what people have labelled meanwhile.
pub fn refresh(app: &App) -> Vec<Effect> {
    match &app.tune.views.replay.found {
        Some(found) => vec![Effect::Ask(Request::Labels(found.turns()))],
        None => Vec::new(),
    }
}

/// Does what was asked for while the replay is in front.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::OpenFlip => match app.tune.views.replay.change().map(|c| (c.n, c.turn)) {
            Some(turn) => review::open_turn(app, turn, Screen::FineTune),
            None => Vec::new(),
        },
        Action::StartReview => review_all(app),
        Action::OtherView => {
            let Some(found) = &app.tune.views.replay.found else { return Vec::new() };
            let (release, window) = (found.replay.release, (found.window + 1) % WINDOWS.len());
            run(app, release, window)
        }
        Action::Leave => {
            app.tune.views.front = app.tune.views.replay.back;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The changes that nobody has judged, one after another.
fn review_all(app: &mut App) -> Vec<Effect> {
    let Some(found) = &app.tune.views.replay.found else { return Vec::new() };
    let Ok(query) = Query::parse(found.replay.query) else { return Vec::new() };
    let scope = Scope::Query(query.for_review(), Sort::VALUE);
    app.screen = Screen::Review;
    (app.review.scope, app.review.progress) = (Some(scope.clone()), None);
    app.review.back = Some(Screen::FineTune);
    let generation = app.review.next_request();
    vec![Effect::Ask(Request::Open(Open::Next(scope, None), generation))]
}

/// Whether an action can be done while the replay is in front.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let replay = &app.tune.views.replay;
    match action {
        Action::OpenFlip if replay.change().is_none() => Err("nothing is selected"),
        Action::StartReview if replay.found.as_ref().is_none_or(|f| f.to_judge() == 0) => {
            Err("no change is left to judge")
        }
        Action::OtherView if app.tune.work.is_some() => Err("a run is going on already"),
        _ => Ok(()),
    }
}

/// Draws it.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    let replay = &app.tune.views.replay;
    let Some(shown) = &replay.found else {
        let text =
            "The failures of the last days are put to the candidate; only what it understands otherwise is to be read.";
        return canvas.notice(area, &[("Replay", Role::Heading), ("", Role::Text), (text, Role::Muted)]);
    };
    let (found, days) = (&shown.replay, WINDOWS[shown.window]);
    let title = format!("Replay: v{} on the failures of the last {days} days", found.release.0);
    let right =
        if area.width >= 100 { format!("since {}", app.shared.zone().date(found.since)) } else { String::new() };
    let end = canvas.right(area, area.y, &right, Role::Muted);
    canvas.text(area.x, area.y, end.saturating_sub(area.x + 1), &title, Role::Heading);
    let mut y = area.y + 1;
    for (text, role) in sentences(shown, &app.key(Action::StartReview)) {
        for line in words::wrap(&text, area.width.into()) {
            canvas.text(area.x, y, area.width, &line, role);
            y += 1;
        }
    }
    let rest = below(area, y + 1);
    if found.changes.is_empty() {
        return;
    }
    let change = replay.change().filter(|_| rest.height >= ROOM);
    let list = Rect { height: rest.height - if change.is_some() { DETAILS + 1 } else { 0 }, ..rest };
    rows(shown, replay.selected, canvas, list);
    if let Some(change) = change {
        canvas.rule(Rect { height: 1, ..rest }, list.bottom());
        let label = shown.labels[replay.selected].as_deref();
        details(found.release, change, label, canvas, below(rest, list.bottom() + 1));
    }
}

fn sentences(shown: &Found, key: &str) -> Vec<(String, Role)> {
    let (found, to_judge) = (&shown.replay, shown.to_judge());
    if found.failures == 0 {
        return vec![("No conversation failed or was escalated in these days.".to_owned(), Role::Muted)];
    }
    let changed = numbers::rate(found.changed, found.same + found.changed);
    let mut first = format!("{changed} of failures understood otherwise than at the time");
    if found.unknown > 0 {
        first.push_str(&format!("; of {} more nobody knows what was understood", numbers::count(found.unknown)));
    }
    let judge = match to_judge {
        0 => {
            "Nothing is left to judge: what changed has a label, which the release may have learned, or is a test customer's.".to_owned()
        }
        n => format!(
            "A change is no improvement as long as nobody has judged it: {key} goes through the {}.",
            numbers::plural(n, "that has no label", "that have no label")
        ),
    };
    vec![(first, Role::Text), (judge, if to_judge > 0 { Role::Accent } else { Role::Muted })]
}

fn rows(shown: &Found, selected: usize, canvas: &mut Canvas, area: Rect) {
    let found = &shown.replay;
    // Both names have the same room: the change is what one reads for.
    let name = usize::from(area.width / 5).clamp(12, 28);
    let listed = found.changes.len() as u64;
    let count = match listed < found.changed {
        true => format!("  {} of {}", numbers::count(listed), numbers::count(found.changed)),
        false => String::new(),
    };
    let head = format!("  {}  {} customer said{count}", words::pad("at the time", name), words::pad("now", name));
    let list = Listed { head: &head, len: found.changes.len(), selected: Some(selected), none: "" };
    list.draw(canvas, area, |i| {
        let (c, label) = (&found.changes[i], shown.labels[i].as_deref());
        let (sign, role) = sign(c, label);
        let fit = |said: Option<&str>| words::pad(&words::fit(&guess(said), name), name);
        vec![
            (sign.to_owned(), role),
            (fit(c.was.as_deref()), Role::Muted),
            ("→ ".to_owned(), Role::Faint),
            (format!("{} ", fit(c.now.as_deref())), Role::Text),
            (format!("“{}”", words::line(&c.text)), Role::Muted),
        ]
    });
}

/// Whether what it says now agrees with a label.
fn sign(c: &Change, label: Option<&str>) -> (&'static str, Role) {
    match label {
        None if c.test_group => ("· ", Role::Muted),
        None => ("? ", Role::Accent),
        label if label == c.now.as_deref() => ("✓ ", Role::Good),
        label if label == c.was.as_deref() => ("✗ ", Role::Bad),
        Some(_) => ("≠ ", Role::Muted),
    }
}

fn details(release: ReleaseId, c: &Change, label: Option<&str>, canvas: &mut Canvas, area: Rect) {
    let who = match c.was_is {
        WasIs::Log => "at the time",
        WasIs::Live => "live release",
    };
    let mut now = guess(c.now.as_deref());
    if let Some(confidence) = c.confidence {
        now = format!("{now}  {confidence:.2}");
    }
    let answer = |a: &Option<String>| a.as_ref().map_or("–".to_owned(), |a| words::line(a));
    let label = match label {
        Some(label) if c.label.is_some() => format!("{}  (it may have learned that)", words::line(label)),
        Some(label) => words::line(label),
        None if c.test_group => "none; a test customer's counts neither for training nor as gold".to_owned(),
        None => "nobody has said".to_owned(),
    };
    let lines = [
        ("customer", format!("“{}”", words::line(&c.text)), Role::Text),
        (who, guess(c.was.as_deref()), Role::Text),
        ("answered", answer(&c.response_was), Role::Muted),
        ("now", format!("{now}  (v{})", release.0), Role::Heading),
        ("would answer", answer(&c.response_now), Role::Muted),
        ("label", label, Role::Muted),
    ];
    for ((name, text, role), y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.text(area.x, y, 13, name, Role::Muted);
        canvas.text(area.x + 14, y, area.width.saturating_sub(14), text, *role);
    }
}
