//! Which new labels pull a gold turn away from its gold intent, and what happens without them. A heuristic, and says so.

use super::panes::guess;
use super::{Front, Work, work};
use crate::action::Action;
use crate::jobs::{Batch, Blame, Drop, Pull};
use crate::theme::Role;
use crate::tui::overlays;
use crate::tui::screens::review;
use crate::tui::screens::tune::result::below;
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::{Effect, TuneJob};
use crate::tui::widgets::listed::Listed;
use crate::tui::widgets::{Canvas, Hit, numbers, words};
use ratatui::layout::Rect;

/// Columns of the bar beside a share or a pull.
const BAR: usize = 12;

/// Rows of the steps, heading included, that are kept where it is low.
const LEAST_STEPS: u16 = 4;
const NONE: &str = "No new label pulls it away from its gold intent.";

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum List {
    /// What somebody labelled in one step.
    #[default]
    Steps,
    /// Single labels.
    Labels,
}

/// State of the search for whoever is to blame.
#[derive(Debug, Default)]
pub struct Blaming {
    /// What was found last.
    pub found: Option<Box<Blame>>,
    /// What is listed.
    pub list: List,
    rows: [usize; 2],
    /// Labels of this step alone.
    pub step: Option<i64>,
}

impl Blaming {
    /// The selected row of the list that is shown.
    pub fn row(&self) -> usize {
        self.rows[self.list as usize]
    }

    /// The selected row of the list that is shown, to be changed.
    pub fn row_mut(&mut self) -> &mut usize {
        &mut self.rows[self.list as usize]
    }

    /// Shows the list of a tab, all labels of it.
    pub fn show(&mut self, at: usize) {
        self.list = if at == List::Steps as usize { List::Steps } else { List::Labels };
        (self.step, self.rows[List::Labels as usize]) = (None, 0);
    }

    /// How many rows the list has.
    pub fn count(&self) -> usize {
        match self.list {
            List::Steps => self.found.as_ref().map_or(0, |f| f.groups.len()),
            List::Labels => self.labels().len(),
        }
    }

    /// The labels that are listed.
    fn labels(&self) -> Vec<&Pull> {
        self.found.as_ref().map(|f| of_step(f, self.step)).unwrap_or_default()
    }

    /// The selected step.
    pub fn batch(&self) -> Option<&Batch> {
        self.found.as_ref()?.groups.get(self.rows[List::Steps as usize]).filter(|_| self.list == List::Steps)
    }

    /// The selected label.
    pub fn label(&self) -> Option<&Pull> {
        self.labels().get(self.rows[List::Labels as usize]).copied().filter(|_| self.list == List::Labels)
    }
}

/// The labels that pull, of one step or of all.
fn of_step(found: &Blame, step: Option<i64>) -> Vec<&Pull> {
    found.labels.iter().filter(|l| step.is_none_or(|s| l.step == s)).collect()
}

/// Looks for the labels behind the selected turn of the comparison on the screen.
pub fn begin(app: &mut App) -> Vec<Effect> {
    let Some(c) = app.tune.shown() else { return Vec::new() };
    let Some(flip) = app.tune.selected_flip() else { return Vec::new() };
    let (release, against, turn) = (c.release, c.before_release, (flip.conversation, flip.turn));
    let known = app.tune.views.blame.found.as_ref();
    if known.is_some_and(|f| f.release == release && f.before == against && (f.n, f.turn) == turn) {
        app.tune.views.front = Front::Blame;
        return Vec::new();
    }
    work::begin(app, TuneJob::Blame(release, against, turn))
}

/// It is known.
pub fn finished(app: &mut App, work: &Work, found: Box<Blame>) -> Vec<Effect> {
    let (key, turn) = (app.key(Action::BlameTurn), words::fit(&words::line(&found.text), 40));
    app.tune.views.blame = Blaming { found: Some(found), ..Blaming::default() };
    work::show(app, work, Front::Blame);
    match app.tune.views.front {
        Front::Blame => Vec::new(),
        _ => app.say(format!("the labels behind “{turn}” are known: {key} at that turn shows them")),
    }
}

/// Does what was asked for while it is in front.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let blame = &mut app.tune.views.blame;
    match action {
        Action::NextPane | Action::PreviousPane => {
            blame.show(1 - blame.list as usize);
            Vec::new()
        }
        Action::OpenFlip => open(app),
        Action::DropLabels => overlays::confirm_drop(app),
        Action::Leave => {
            if blame.step.take().is_some() {
                blame.list = List::Steps;
            } else {
                app.tune.views.front = Front::Result;
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// A step shows its labels, a label its conversation.
fn open(app: &mut App) -> Vec<Effect> {
    let blame = &mut app.tune.views.blame;
    if let Some(step) = blame.batch().map(|b| b.step) {
        (blame.list, blame.step, blame.rows[List::Labels as usize]) = (List::Labels, Some(step), 0);
        return Vec::new();
    }
    match blame.label().map(|l| l.n.zip(l.turn)) {
        Some(Some(turn)) => review::open_turn(app, turn, Screen::FineTune),
        Some(None) => app.say("a base example belongs to no conversation"),
        None => Vec::new(),
    }
}

/// What would be left out, in words, and the work that does it.
pub fn to_drop(app: &App) -> Option<(String, TuneJob)> {
    let blame = &app.tune.views.blame;
    let found = blame.found.as_ref()?;
    let job = |what| TuneJob::Without(found.release, vec![what], (found.n, found.turn));
    if let Some(b) = blame.batch() {
        let labels = numbers::plural(b.labels, "label", "labels");
        return Some((format!("{labels} of step {} by {}", b.step, words::line(&b.by)), job(Drop::Step(b.step))));
    }
    let l = blame.label()?;
    let said = words::fit(&words::line(&l.text), 60);
    let text = format!("the label {} by {} on “{said}”", words::line(&l.intent), words::line(&l.by));
    Some((text, job(Drop::Decision(l.decision))))
}

/// Whether an action can be done while it is in front.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    match action {
        Action::OpenFlip if app.tune.views.blame.count() == 0 => Err("no new label pulls this turn away"),
        Action::DropLabels if app.tune.work.is_some() => Err("a run is going on already"),
        Action::DropLabels if to_drop(app).is_none() => Err("no new label pulls this turn away"),
        _ => Ok(()),
    }
}

/// Draws it.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    let blame = &app.tune.views.blame;
    let Some(found) = &blame.found else { return };
    let mut y = area.y;
    for (text, role) in heading(found) {
        for line in words::wrap(&text, area.width.into()) {
            canvas.text(area.x, y, area.width, &line, role);
            y += 1;
        }
    }
    y += 1;
    tabs(app, canvas, Rect { y, height: 1, ..area });
    let rest = below(area, y + if area.height > 16 { 2 } else { 1 });
    match blame.list {
        List::Steps => {
            let height = (found.groups.len() as u16 + 1).min(rest.height / 2).max(LEAST_STEPS.min(rest.height));
            steps(app, found, canvas, Rect { height, ..rest });
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
        List::Labels => labels(found, blame.step, Some(blame.row()), canvas, rest),
    }
}

fn heading(found: &Blame) -> Vec<(String, Role)> {
    let before =
        found.before.map_or(String::new(), |r| format!("v{} said {}, ", r.0, guess(found.said_before.as_deref())));
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
        let before = found.before.map_or("the log".to_owned(), |r| format!("v{}", r.0));
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

fn tabs(app: &App, canvas: &mut Canvas, area: Rect) {
    let blame = &app.tune.views.blame;
    let labels = match blame.step {
        Some(step) => format!("labels of step {step}"),
        None => "single labels".to_owned(),
    };
    let mut x = area.x;
    for (list, title) in [(List::Steps, "by step".to_owned()), (List::Labels, labels)] {
        let here = list == blame.list;
        let from = x;
        x = canvas.text(x, area.y, 30, &title, if here { Role::Focus } else { Role::Muted });
        let tab = Rect { x: from, width: x - from, ..area };
        if here {
            canvas.underline(tab);
        }
        canvas.hit(tab, Hit::List(list as usize));
        x += 3;
    }
}

fn steps(app: &App, found: &Blame, canvas: &mut Canvas, area: Rect) {
    let head = format!(
        "{}  {}{}{}{}  of the pull",
        words::pad_left("step", 8),
        words::pad("by", 12),
        words::pad("when", 6),
        words::pad_left("labels", 7),
        words::pad_left("pull", 7),
    );
    let selected = Some(app.tune.views.blame.row());
    Listed { head: &head, len: found.groups.len(), selected, none: NONE }.draw(canvas, area, |i| {
        let b = &found.groups[i];
        vec![
            (format!("{}  ", words::pad_left(&b.step.to_string(), 8)), Role::Muted),
            (words::pad(&words::fit(&words::line(&b.by), 11), 12), Role::Text),
            (words::pad(&app.shared.zone().ago(b.at, app.shared.now), 6), Role::Muted),
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
    Listed { head: &head, len: rows.len(), selected, none: NONE }.draw(canvas, area, |i| {
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
