//! Which new labels pull a gold turn away from its gold intent, and what happens without them. A heuristic, and says so.

use super::lists;
use super::state::TuneScreen;
use super::state::blame::{BlameList, BlameView, of_step};
use super::state::front::TuneFront;
use super::state::work::TuneWork;
use crate::action::Action;
use crate::jobs::{Blame, LeftOutLabels};
use crate::theme::Role;
use crate::tui::state::effect::{Effect, GoTo, go, open, say};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::TuneJob;
use crate::tui::widgets::area::below;
use crate::tui::widgets::listed::LineList;
use crate::tui::widgets::words::guess;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the bar beside a share or a pull.
const BAR: usize = 12;

/// Rows of the steps, heading included, that are kept where it is low.
const LEAST_STEPS: u16 = 4;
const NONE: &str = "No new label pulls it away from its gold intent.";

/// Looks for the labels behind the selected turn of the comparison on the screen.
pub fn begin(tune: &mut TuneScreen) -> Vec<Effect> {
    let Some(c) = tune.shown() else { return Vec::new() };
    let Some(flip) = tune.selected_flip() else { return Vec::new() };
    let (release, against, turn) = (c.release, c.before_release, (flip.conversation, flip.turn));
    let known = tune.views.blame.found.as_ref();
    if known.is_some_and(|f| f.release == release && f.before == against && (f.n, f.turn) == turn) {
        tune.views.front = TuneFront::Blame;
        return Vec::new();
    }
    tune.begin(TuneJob::Blame(release, against, turn))
}

/// It is known.
pub fn finished(tune: &mut TuneScreen, shared: &SharedState, work: &TuneWork, found: Box<Blame>) -> Vec<Effect> {
    let (key, turn) = (tune.key(shared, Action::BlameTurn), words::fit(&words::line(&found.text), 40));
    tune.views.blame = BlameView { found: Some(found), ..BlameView::default() };
    tune.show_result(work, TuneFront::Blame);
    match tune.views.front {
        TuneFront::Blame => Vec::new(),
        _ => say(format!("the labels behind “{turn}” are known: {key} at that turn shows them")),
    }
}

/// Does what was asked for while it is in front.
pub fn act(tune: &mut TuneScreen, action: Action) -> Vec<Effect> {
    let blame = &mut tune.views.blame;
    match action {
        Action::NextPane | Action::PreviousPane => {
            blame.show(1 - blame.list as usize);
            Vec::new()
        }
        Action::OpenFlip => open_row(tune),
        Action::DropLabels => to_drop(tune).map(|(what, job)| open(lists::drop_labels(&what, job))).unwrap_or_default(),
        Action::Leave => {
            if blame.step.take().is_some() {
                blame.list = BlameList::Steps;
            } else {
                tune.views.front = TuneFront::Result;
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// A step shows its labels, a label its conversation.
fn open_row(tune: &mut TuneScreen) -> Vec<Effect> {
    let blame = &mut tune.views.blame;
    if let Some(step) = blame.batch().map(|b| b.step) {
        (blame.list, blame.step, blame.rows[BlameList::Labels as usize]) = (BlameList::Labels, Some(step), 0);
        return Vec::new();
    }
    match blame.label().map(|l| l.n.zip(l.turn)) {
        Some(Some(turn)) => go(GoTo::Turn(turn, ScreenTab::FineTune)),
        Some(None) => say("a base example belongs to no conversation"),
        None => Vec::new(),
    }
}

/// What would be left out, in words, and the work that does it.
fn to_drop(tune: &TuneScreen) -> Option<(String, TuneJob)> {
    let blame = &tune.views.blame;
    let found = blame.found.as_ref()?;
    let job = |what| TuneJob::Without(found.release, vec![what], (found.n, found.turn));
    if let Some(b) = blame.batch() {
        let labels = numbers::plural(b.labels, "label", "labels");
        return Some((
            format!("{labels} of step {} by {}", b.step, words::line(&b.by)),
            job(LeftOutLabels::Step(b.step)),
        ));
    }
    let l = blame.label()?;
    let said = words::fit(&words::line(&l.text), 60);
    let text = format!("the label {} by {} on “{said}”", words::line(&l.intent), words::line(&l.by));
    Some((text, job(LeftOutLabels::Decision(l.decision))))
}

/// Whether an action can be done while it is in front.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(tune: &TuneScreen, action: Action) -> Result<(), &'static str> {
    match action {
        Action::OpenFlip if tune.views.blame.count() == 0 => Err("no new label pulls this turn away"),
        Action::DropLabels if tune.work.is_some() => Err("a run is going on already"),
        Action::DropLabels if to_drop(tune).is_none() => Err("no new label pulls this turn away"),
        _ => Ok(()),
    }
}

/// Draws it.
pub fn draw(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let blame = &tune.views.blame;
    let Some(found) = &blame.found else { return };
    // What is long leaves room for what is asked about it.
    let heading = heading(found).into_iter();
    let lines =
        heading.flat_map(|(text, role)| words::wrap(&text, area.width.into()).into_iter().map(move |l| (l, role)));
    let mut y = area.y;
    for (line, role) in lines.take(usize::from(area.height / 2)) {
        canvas.text(area.x, y, area.width, &line, role);
        y += 1;
    }
    y += 1;
    tabs(tune, canvas, Rect { y, height: 1, ..area });
    let rest = below(area, y + if area.height > 16 { 2 } else { 1 });
    match blame.list {
        BlameList::Steps => {
            let height = (found.groups.len() as u16 + 1).min(rest.height / 2).max(LEAST_STEPS.min(rest.height));
            steps(tune, shared, found, canvas, Rect { height, ..rest });
            let next = below(rest, rest.y + height + 1);
            if let Some(b) = blame.batch().filter(|_| next.height > 3) {
                canvas.text(
                    next.x,
                    next.y,
                    next.width,
                    &format!("labels given together in step {}", b.step),
                    Role::Focus,
                );
                labels(found, Some(b.step), None, canvas, below(next, next.y + 2));
            }
        }
        BlameList::Labels => labels(found, blame.step, Some(blame.row()), canvas, rest),
    }
}

fn heading(found: &Blame) -> Vec<(String, Role)> {
    let before = found
        .before_named()
        .map_or(String::new(), |r| format!("v{} said {}, ", r.0, guess(found.said_before.as_deref())));
    let sign = if found.broken { "✗ broken: " } else { "" };
    let gold = found.gold.iter().map(|g| words::line(g)).collect::<Vec<_>>().join(", ");
    vec![
        (format!("“{}”", words::line(&found.text)), Role::Heading),
        (
            format!("{sign}{before}v{} says {}; right is {gold}", found.release.0, guess(found.says.as_deref())),
            if found.broken { Role::Bad } else { Role::Text },
        ),
        (question(found), Role::Muted),
    ]
}

fn question(found: &Blame) -> String {
    if found.new_labels == 0 {
        let before = found.before_named().map_or("the log".to_owned(), |r| format!("v{}", r.0));
        let none =
            format!("v{} learned from no label that {before} did not know: none can be to blame.", found.release.0);
        return match found.without {
            0 => none,
            n => format!("{none} It was trained without {}: that may be why.", numbers::plural(n, "label", "labels")),
        };
    }
    format!(
        "Which of the {} pull it towards {}? A heuristic: each label's part of the score, the others unchanged. Leaving \
         labels out and training again tells for sure.",
        numbers::plural(found.new_labels, "new label", "new labels"),
        words::line(&found.towards)
    )
}

fn tabs(tune: &TuneScreen, canvas: &mut Canvas, area: Rect) {
    let blame = &tune.views.blame;
    let labels = match blame.step {
        Some(step) => format!("labels of step {step}"),
        None => "single labels".to_owned(),
    };
    let mut x = area.x;
    for (list, title) in [(BlameList::Steps, "by step".to_owned()), (BlameList::Labels, labels)] {
        let here = list == blame.list;
        let from = x;
        x = canvas.text(x, area.y, 30, &title, if here { Role::Focus } else { Role::Muted });
        let tab = Rect { x: from, width: x - from, ..area };
        if here {
            canvas.underline(tab);
        }
        canvas.hit(tab, ScreenHit::List(list as usize));
        x += 3;
    }
}

fn steps(tune: &TuneScreen, shared: &SharedState, found: &Blame, canvas: &mut Canvas, area: Rect) {
    let head = format!(
        "{}  {}{}{}{}  of the pull",
        words::pad_left("step", 8),
        words::pad("by", 12),
        words::pad("when", 6),
        words::pad_left("labels", 7),
        words::pad_left("pull", 7),
    );
    let selected = Some(tune.views.blame.row());
    LineList { head: &head, len: found.groups.len(), selected, none: NONE }.draw(canvas, area, |i| {
        let b = &found.groups[i];
        vec![
            (format!("{}  ", words::pad_left(&b.step.to_string(), 8)), Role::Muted),
            (words::pad(&words::fit(&words::line(&b.by), 11), 12), Role::Text),
            (words::pad(&shared.zone().ago(b.at, shared.now), 6), Role::Muted),
            (words::pad_left(&numbers::count(b.labels), 7), Role::Text),
            (words::pad_left(&numbers::count(b.away), 7), Role::Text),
            (format!("  {} ", words::pad_left(&format!("{:.0} %", b.share * 100.0), 5)), Role::Text),
            (numbers::bar(b.share, BAR), Role::Bad),
        ]
    });
}

/// Labels that pull, of one step or of all.
fn labels(found: &Blame, step: Option<i64>, selected: Option<usize>, canvas: &mut Canvas, area: Rect) {
    let rows = of_step(found, step);
    let strongest = rows.first().map_or(1.0, |l| l.pull);
    let name = usize::from(area.width / 3).clamp(14, 34);
    let bar = if area.width >= 72 { BAR } else { 4 };
    let head = format!(
        "{}  {}  {}{}customer said",
        words::pad_left("pull", 6),
        words::pad("", bar),
        words::pad("label (was)", name),
        words::pad("by", 12),
    );
    LineList { head: &head, len: rows.len(), selected, none: NONE }.draw(canvas, area, |i| {
        let l = rows[i];
        let was = l.was.as_ref().map_or(String::new(), |w| format!(" ({})", words::line(w)));
        let label = format!("{}{was}", words::line(&l.intent));
        let base = if l.n.is_none() { "  (base example)" } else { "" };
        vec![
            (format!("{}  ", words::pad_left(&format!("{:+.2}", l.pull), 6)), Role::Text),
            (format!("{}  ", words::pad(&numbers::bar(l.pull / strongest, bar), bar)), Role::Bad),
            (words::pad(&words::fit(&label, name - 1), name), Role::Text),
            (words::pad(&words::fit(&words::line(&l.by), 11), 12), Role::Muted),
            (format!("“{}”", words::line(&l.text)), Role::Text),
            (base.to_owned(), Role::Muted),
        ]
    });
}
