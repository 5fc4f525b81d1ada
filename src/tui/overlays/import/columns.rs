//! Which column of a CSV file holds what: guessed, shown with examples, corrected, kept as a profile.

use super::Importer;
use crate::action::Action;
use crate::domain::Role as Speaker;
use crate::ingest::Question;
use crate::ingest::formats::csv;
use crate::ingest::formats::csv::{Column, Field, Mapping, Shape};
use crate::theme::Role;
use crate::tui::overlays::{Asked, Choice, Chooser, Entry, Overlay, Prompt, Subject};
use crate::tui::runtime::files::{Look, Table};
use crate::tui::state::app::{App, Load};
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, Hit, words};
use ratatui::layout::Rect;
use std::path::Path;

/// The columns and the mapping as it is now.
#[derive(Debug)]
pub struct Columns {
    /// The mapping.
    pub mapping: Mapping,
    /// 0: it began as the guess; else as the profile of this number.
    pub from: usize,
    /// The selected line.
    pub selected: usize,
    table: Table,
    columns: Vec<Column>,
    problem: Option<String>,
    /// What only a person can tell, what is needed first.
    questions: Vec<Question>,
}

/// One line that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Import,
    Answer,
    Column(usize),
    Shape,
    Order,
    From,
    Save,
}

impl Columns {
    /// The profile that fits, else the guess.
    pub fn new(table: Table) -> Self {
        let from = usize::from(!table.profiles.is_empty());
        let mapping = table.guess.mapping.clone();
        let mut out = Self {
            mapping,
            from,
            selected: 0,
            columns: table.guess.columns.clone(),
            table,
            problem: None,
            questions: Vec::new(),
        };
        out.begin(from);
        out
    }

    fn begin(&mut self, from: usize) {
        self.from = from;
        self.mapping = match from.checked_sub(1).and_then(|i| self.table.profiles.get(i)) {
            Some((_, mapping)) => mapping.clone(),
            None => self.table.guess.mapping.clone(),
        };
        self.changed();
    }

    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }

    fn changed(&mut self) {
        self.columns = csv::columns(&self.table.head, &self.mapping);
        let names = self.names();
        self.problem = self.mapping.check(&names).err().map(|e| match e {
            csv::MappingError::Missing { what, .. } => format!("no column is said to hold {what}"),
            other => other.to_string(),
        });
    }

    /// Takes what is asked now.
    pub fn ask(&mut self, mut questions: Vec<Question>) {
        questions.sort_by_key(|q| !q.needed);
        self.questions = questions;
    }

    fn lines(&self) -> Vec<Line> {
        let mut out = vec![Line::Import];
        out.extend((!self.questions.is_empty()).then_some(Line::Answer));
        out.extend((0..self.columns.len()).map(Line::Column));
        out.extend([Line::Shape, Line::Order]);
        if !self.table.profiles.is_empty() {
            out.push(Line::From);
        }
        out.push(Line::Save);
        out
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.lines().len().saturating_sub(1));
    }

    /// Whether a column holds what was guessed.
    fn guessed(&self, column: &Column) -> bool {
        self.from == 0 && column.field.is_some() && self.table.guess.mapping.field_of(&column.name) == column.field
    }

    fn begun_as(&self) -> String {
        match self.from.checked_sub(1).and_then(|i| self.table.profiles.get(i)) {
            Some((name, _)) => format!("the profile {}", words::line(name)),
            None => "the guess".to_owned(),
        }
    }
}

/// Enter and the arrows.
pub fn act(app: &mut App, action: Action, ready: bool) -> Vec<Effect> {
    let rows = app.seen.rows.max(1) as isize;
    let Some(Overlay::Import(importer)) = app.overlays.last_mut() else { return Vec::new() };
    let Some(columns) = importer.columns.as_mut() else { return Vec::new() };
    match action {
        Action::Up => columns.step(-1),
        Action::Down => columns.step(1),
        Action::PageUp | Action::Top => columns.step(-rows),
        Action::PageDown | Action::Bottom => columns.step(rows),
        Action::Accept => {
            let line = columns.lines().get(columns.selected).copied();
            return line.map(|l| take(app, l, ready)).unwrap_or_default();
        }
        _ => {}
    }
    Vec::new()
}

fn take(app: &mut App, line: Line, ready: bool) -> Vec<Effect> {
    let Some(Overlay::Import(importer)) = app.overlays.last_mut() else { return Vec::new() };
    let Some(columns) = importer.columns.as_mut() else { return Vec::new() };
    match line {
        Line::Import if ready && columns.problem.is_none() => return super::begin(app),
        Line::Import if columns.questions.iter().any(|q| q.needed) => {
            return app.say("what is asked below has to be settled first");
        }
        Line::Import => return app.say("it cannot be read like this yet"),
        Line::Answer => return ask_person(app),
        Line::Column(i) => return choose_field(app, i),
        Line::Save => return ask_name(app),
        Line::Shape => {
            let at = Shape::ALL.iter().position(|s| *s == columns.mapping.shape).unwrap_or(0);
            columns.mapping.shape = Shape::ALL[(at + 1) % Shape::ALL.len()];
        }
        Line::Order => columns.mapping.newest_first = !columns.mapping.newest_first,
        Line::From => {
            let next = (columns.from + 1) % (columns.table.profiles.len() + 1);
            columns.begin(next);
        }
    }
    columns.changed();
    importer.look_again()
}

/// A list of everything that a column may hold.
fn choose_field(app: &mut App, i: usize) -> Vec<Effect> {
    let Some(Overlay::Import(importer)) = app.overlays.last() else { return Vec::new() };
    let Some(columns) = importer.columns.as_ref() else { return Vec::new() };
    let now = columns.columns.get(i).and_then(|c| c.field);
    let mut entries = vec![
        Entry::new("nothing of these  it is kept beside the conversation", "", Choice::Field(None)).mark(now.is_none()),
    ];
    entries.extend(Field::ALL.iter().map(|f| {
        let taken = columns.mapping.column(*f).filter(|_| now != Some(*f)).map(words::line).unwrap_or_default();
        Entry::new(format!("{}  {}", f.name(), f.help()), taken, Choice::Field(Some(*f))).mark(now == Some(*f))
    }));
    app.overlays.push(Overlay::Chooser(Chooser::new(Subject::Fields, entries)));
    Vec::new()
}

/// The selected column holds this.
pub fn set_field(app: &mut App, field: Option<Field>) -> Vec<Effect> {
    let Some(Overlay::Import(importer)) = app.overlays.last_mut() else { return Vec::new() };
    let Some(columns) = importer.columns.as_mut() else { return Vec::new() };
    let Some(&Line::Column(i)) = columns.lines().get(columns.selected) else { return Vec::new() };
    let Some(column) = columns.columns.get(i) else { return Vec::new() };
    match (field, column.field) {
        (Some(field), _) => columns.mapping.set(field, Some(&column.name)),
        (None, Some(before)) => columns.mapping.set(before, None),
        (None, None) => return Vec::new(),
    }
    columns.changed();
    importer.look_again()
}

/// The first question, with a line for the answer.
fn ask_person(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Import(importer)) = app.overlays.last() else { return Vec::new() };
    let Some(question) = importer.columns.as_ref().and_then(|c| c.questions.first()) else { return Vec::new() };
    let notes = vec![
        (format!("{}: {}", words::line(&question.about), words::line(&question.seen)), Role::Text),
        (words::line(&question.settle), Role::Muted),
    ];
    let guess = question.guess.clone().filter(|g| g.contains('=')).unwrap_or_default();
    app.overlays.push(Overlay::Prompt(Prompt::new(
        Asked::Mapping,
        "What settles it, written as --map takes it",
        notes,
        &words::line(&guess),
    )));
    Vec::new()
}

/// Takes an answer as `--map` writes it.
pub fn answer(app: &mut App, given: &str) -> Vec<Effect> {
    let Some(Overlay::Import(importer)) = app.overlays.last_mut() else { return Vec::new() };
    let Some(columns) = importer.columns.as_mut() else { return Vec::new() };
    let names = columns.names();
    let given = given.trim().trim_start_matches("--map").trim();
    if let Err(why) = columns.mapping.apply_flags(given, &names) {
        return app.say(words::line(&why.to_string()));
    }
    columns.changed();
    importer.look_again()
}

fn ask_name(app: &mut App) -> Vec<Effect> {
    let notes = vec![(
        "The next file with these columns is then read the same way, on the screen and with `appraise import --profile`."
            .to_owned(),
        Role::Muted,
    )];
    app.overlays.push(Overlay::Prompt(Prompt::new(Asked::Profile, "Save the mapping under which name?", notes, "")));
    Vec::new()
}

/// Keeps the mapping.
pub fn save(app: &mut App, name: String) -> Vec<Effect> {
    let Some(Overlay::Import(importer)) = app.overlays.last() else { return Vec::new() };
    let Some(columns) = importer.columns.as_ref() else { return Vec::new() };
    vec![Effect::Ask(Request::SaveProfile(name, Box::new(columns.mapping.clone())))]
}

/// Draws the mapping, and the first conversation as it reads it.
pub fn draw(importer: &Importer, path: &Path, look: &Load<Look>, canvas: &mut Canvas) {
    let Some(columns) = importer.columns.as_ref() else { return };
    let screen = canvas.frame.area();
    let sample = sample(columns, look);
    let lines = columns.lines();
    let tall = (lines.len() + sample.len() + 6) as u16;
    let area = centred(screen, 110.min(screen.width.saturating_sub(2)), tall.min(screen.height.saturating_sub(2)));
    let name = path.file_name().map(|n| words::line(&n.to_string_lossy())).unwrap_or_default();
    let title = format!("{}: which column holds what?", words::fit(&name, 40));
    let inner = canvas.float(area, &title, Role::Accent);
    let below = (sample.len() as u16 + 1).min(inner.height / 2);
    let list = Rect { height: inner.height.saturating_sub(below + 1), ..inner };
    draw_lines(columns, &lines, canvas, list);
    let mut y = list.bottom() + 1;
    for (text, role) in &sample {
        if y < inner.bottom().saturating_sub(1) {
            canvas.text(inner.x, y, inner.width, text, *role);
            y += 1;
        }
    }
    let foot = inner.bottom().saturating_sub(1);
    canvas.text(
        inner.x,
        foot,
        inner.width,
        "⏎ does what is selected, or changes a column   Esc goes back",
        Role::Muted,
    );
}

fn draw_lines(columns: &Columns, lines: &[Line], canvas: &mut Canvas, list: Rect) {
    let fits = usize::from(list.height).max(1);
    let first = columns.selected.saturating_sub(fits / 2).min(lines.len().saturating_sub(fits));
    let name = columns.columns.iter().map(|c| words::width(&words::line(&c.name))).max().unwrap_or(0).clamp(8, 24);
    for ((i, line), y) in lines.iter().enumerate().skip(first).zip(list.top()..list.bottom()) {
        let row = Rect { y, height: 1, ..list };
        let pieces = describe(columns, *line, name);
        let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(row.x + 2, y, row.width.saturating_sub(2), &pieces);
        if i == columns.selected {
            canvas.text(row.x, y, 1, "▶", Role::Focus);
            canvas.over(Rect { x: row.x + 2, width: row.width.saturating_sub(2), ..row }, Role::Selected);
        }
        canvas.hit(row, Hit::Entry(i));
    }
    canvas.seen.rows = fits;
}

fn describe(columns: &Columns, line: Line, name: usize) -> Vec<(String, Role)> {
    let set = |what: &str, value: String| vec![(words::pad(what, name + 2), Role::Muted), (value, Role::Text)];
    match line {
        Line::Import => match &columns.problem {
            None => vec![("import it like this".to_owned(), Role::Focus)],
            Some(why) => vec![(format!("! {}", words::line(why)), Role::Bad)],
        },
        Line::Answer => {
            let more = match columns.questions.len() {
                0 | 1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            let about = columns.questions.first().map(|q| words::line(&q.about)).unwrap_or_default();
            set("answer", format!("{about}{more}"))
        }
        Line::Column(i) => {
            let Some(c) = columns.columns.get(i) else { return Vec::new() };
            let field = c.field.map_or("–", Field::name);
            let role = if c.field.is_some() { Role::Accent } else { Role::Muted };
            let guessed = if columns.guessed(c) { "guessed" } else { "" };
            let examples: Vec<String> = c.examples.iter().map(|e| words::fit(&words::line(e), 30)).collect();
            vec![
                (words::pad(&words::line(&c.name), name), Role::Text),
                ("  ".to_owned(), Role::Text),
                (words::pad(field, 13), role),
                (words::pad(guessed, 9), Role::Muted),
                (examples.join(" | "), Role::Muted),
            ]
        }
        Line::Shape => set("a row is", columns.mapping.shape.help().to_owned()),
        Line::Order => {
            let first = if columns.mapping.newest_first { "the newest turn" } else { "the oldest turn" };
            set("first is", first.to_owned())
        }
        Line::From => set("begun from", columns.begun_as()),
        Line::Save => vec![("save this mapping as a profile".to_owned(), Role::Text)],
    }
}

/// How the first conversation reads by the mapping.
fn sample(columns: &Columns, look: &Load<Look>) -> Vec<(String, Role)> {
    let asked = columns
        .questions
        .iter()
        .take(2)
        .map(|q| (format!("? {}: {}", words::line(&q.about), words::line(&q.seen)), Role::Bad));
    let mut out: Vec<(String, Role)> = asked.collect();
    let warned: Vec<(String, Role)> =
        columns.table.guess.warnings.iter().take(2).map(|w| (format!("! {}", words::line(w)), Role::Bad)).collect();
    out.extend(warned);
    match look {
        Load::Waiting => out.push(("Reading its beginning …".to_owned(), Role::Muted)),
        Load::Failed(why) => out.push((format!("✗ {}", words::line(why)), Role::Bad)),
        Load::Ready(look) if look.read == 0 && columns.problem.is_none() => {
            let why = look.problem.as_deref().map(words::line).unwrap_or_default();
            out.push((format!("✗ none of its first records can be read: {why}"), Role::Bad));
        }
        Load::Ready(look) if look.read == 0 => {}
        Load::Ready(look) => {
            out.push(("Its first conversation, read like this:".to_owned(), Role::Muted));
            for (who, text) in look.sample.iter().take(4) {
                let who = match who {
                    Speaker::User => "customer",
                    Speaker::Bot => "AI",
                    Speaker::Agent => "colleague",
                    Speaker::Tool => "tool",
                    Speaker::System => "event",
                };
                out.push((format!("{} {}", words::pad(who, 10), words::line(text)), Role::Text));
            }
        }
    }
    out
}
