//! The failures of the last days put to a release: what it would understand otherwise, and what is to be judged.

use super::state::TuneScreen;
use super::state::front::TuneFront;
use super::state::replay::FoundReplay;
use super::state::work::TuneWork;
use crate::action::Action;
use crate::domain::{Query, QueueOrder, ReleaseId, time::DAY};
use crate::jobs::{Replay, ReplayedChange, WasIs};
use crate::store::ReviewScope;
use crate::theme::Role;
use crate::tui::state::effect::{Effect, GoTo, ask, cheer, go};
use crate::tui::state::request::tune::TuneRequest;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::TuneJob;
use crate::tui::widgets::area::below;
use crate::tui::widgets::listed::LineList;
use crate::tui::widgets::words::guess;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Days that are looked back, in the order in which one key steps through them.
const WINDOWS: [i64; 4] = [14, 30, 90, 7];
/// From so many rows on the selected change is shown whole below the list.
const ROOM: u16 = 14;
/// Rows of the selected change.
const DETAILS: u16 = 7;

/// Puts the failures to a release, or shows what came of it while nobody looked.
pub fn begin(tune: &mut TuneScreen, shared: &SharedState, release: ReleaseId) -> Vec<Effect> {
    let (front, replay) = (tune.views.front, &mut tune.views.replay);
    if front == TuneFront::Replay {
        let window = replay.found.as_ref().map_or(0, |f| f.window);
        return run(tune, shared, release, window);
    }
    replay.back = front;
    if std::mem::take(&mut replay.unseen) && replay.found.as_ref().is_some_and(|f| f.replay.release == release) {
        tune.views.front = TuneFront::Replay;
        return refresh(tune);
    }
    run(tune, shared, release, 0)
}

fn run(tune: &mut TuneScreen, shared: &SharedState, release: ReleaseId, window: usize) -> Vec<Effect> {
    tune.views.replay.asked = window;
    // Back from now, or from the newest conversation where that is older (rule 9).
    let now = shared.now;
    let until = shared.vocabulary.newest.map_or(now, |newest| newest.min(now));
    let job = TuneJob::Replay(release, until.plus(-WINDOWS[window] * DAY));
    tune.begin(job)
}

/// The answers are here.
pub fn finished(tune: &mut TuneScreen, shared: &SharedState, work: &TuneWork, found: Box<Replay>) -> Vec<Effect> {
    let text = match found.to_judge {
        0 => "nothing new to judge".to_owned(),
        n => format!("{} to judge", numbers::plural(n, "change", "changes")),
    };
    let text = format!("v{} on {}: {text}", found.release.0, numbers::plural(found.failures, "failure", "failures"));
    let replay = &mut tune.views.replay;
    replay.found = Some(FoundReplay::new(found, replay.asked));
    replay.selected = 0;
    tune.show_result(work, TuneFront::Replay);
    tune.views.replay.unseen = tune.views.front != TuneFront::Replay;
    let mut effects: Vec<Effect> = shared.notify(&text).into_iter().collect();
    effects.extend(cheer(text));
    effects
}

/// Reads what people have labelled meanwhile.
pub fn refresh(tune: &TuneScreen) -> Vec<Effect> {
    match &tune.views.replay.found {
        Some(found) => vec![ask(TuneRequest::Labels(found.turns()))],
        None => Vec::new(),
    }
}

/// Does what was asked for while the replay is in front.
pub fn act(tune: &mut TuneScreen, shared: &SharedState, action: Action) -> Vec<Effect> {
    match action {
        Action::OpenFlip => match tune.views.replay.change().map(|c| (c.n, c.turn)) {
            Some(turn) => go(GoTo::Turn(turn, ScreenTab::FineTune)),
            None => Vec::new(),
        },
        Action::StartReview => review_all(tune),
        Action::OtherView => {
            let Some(found) = &tune.views.replay.found else { return Vec::new() };
            let (release, window) = (found.replay.release, (found.window + 1) % WINDOWS.len());
            run(tune, shared, release, window)
        }
        Action::Leave => {
            tune.views.front = tune.views.replay.back;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The changes that nobody has judged, one after another.
fn review_all(tune: &TuneScreen) -> Vec<Effect> {
    let Some(found) = &tune.views.replay.found else { return Vec::new() };
    let Ok(query) = Query::parse(found.replay.query) else { return Vec::new() };
    let scope = ReviewScope::Query(query.for_review(), QueueOrder::VALUE);
    go(GoTo::Scope(scope, ScreenTab::FineTune))
}

/// Whether an action can be done while the replay is in front.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(tune: &TuneScreen, action: Action) -> Result<(), &'static str> {
    let replay = &tune.views.replay;
    match action {
        Action::OpenFlip if replay.change().is_none() => Err("nothing is selected"),
        Action::StartReview if replay.found.as_ref().is_none_or(|f| f.to_judge() == 0) => {
            Err("no change is left to judge")
        }
        Action::OtherView if tune.work.is_some() => Err("a run is going on already"),
        _ => Ok(()),
    }
}

/// Draws it.
pub fn draw(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let replay = &tune.views.replay;
    let Some(shown) = &replay.found else {
        let text =
            "The failures of the last days are put to the candidate; only what it understands otherwise is to be read.";
        return canvas.notice(area, &[("Replay", Role::Heading), ("", Role::Text), (text, Role::Muted)]);
    };
    let (found, days) = (&shown.replay, WINDOWS[shown.window]);
    let title = format!("Replay: v{} on the failures of the last {days} days", found.release.0);
    let right = if area.width >= 100 { format!("since {}", shared.zone().date(found.since)) } else { String::new() };
    let end = canvas.right(area, area.y, &right, Role::Muted);
    canvas.text(area.x, area.y, end.saturating_sub(area.x + 1), &title, Role::Heading);
    let mut y = area.y + 1;
    for (text, role) in sentences(shown, &tune.key(shared, Action::StartReview)) {
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

fn sentences(shown: &FoundReplay, key: &str) -> Vec<(String, Role)> {
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
        0 if found.changed == 0 => "Nothing is left to judge: all are understood as at the time.".to_owned(),
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

fn rows(shown: &FoundReplay, selected: usize, canvas: &mut Canvas, area: Rect) {
    let found = &shown.replay;
    // Both names have the same room: the change is what one reads for.
    let name = usize::from(area.width / 5).clamp(12, 28);
    let listed = found.changes.len() as u64;
    let count = match listed < found.changed {
        true => format!("  {} of {}", numbers::count(listed), numbers::count(found.changed)),
        false => String::new(),
    };
    let head = format!("  {}  {} customer said{count}", words::pad("at the time", name), words::pad("now", name));
    let list = LineList { head: &head, len: found.changes.len(), selected: Some(selected), none: "" };
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
fn sign(c: &ReplayedChange, label: Option<&str>) -> (&'static str, Role) {
    match label {
        None if c.test_group => ("· ", Role::Muted),
        None => ("? ", Role::Accent),
        label if label == c.now.as_deref() => ("✓ ", Role::Good),
        label if label == c.was.as_deref() => ("✗ ", Role::Bad),
        Some(_) => ("≠ ", Role::Muted),
    }
}

fn details(release: ReleaseId, c: &ReplayedChange, label: Option<&str>, canvas: &mut Canvas, area: Rect) {
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
