//! Importing on the screen: choose a file, see what it is, import it in the background.

mod browse;
mod columns;
mod look;

pub use columns::{answer, save, set_field};

use super::Overlay;
use crate::action::{Action, Scope};
use crate::text::Match;
use crate::tui::runtime::files::{Listing, Look, from_home};
use crate::tui::screens::tune::Run;
use crate::tui::state::app::{App, Load, Loading};
use crate::tui::state::effect::{Effect, LoadJob};
use crate::tui::state::request::Request;
use crate::tui::widgets::{Canvas, Field, words};
use columns::Columns;
use crossterm::event::KeyEvent;
use std::path::{Path, PathBuf};

/// Choosing what to import.
#[derive(Debug)]
pub struct Importer {
    /// What was typed: letters that narrow the list down, or a path.
    field: Field,
    /// The directory that is shown, or on its way.
    at: PathBuf,
    listing: Load<Listing>,
    matches: Vec<Match>,
    selected: usize,
    /// The file that is looked at.
    look: Option<(PathBuf, Load<Look>)>,
    /// Of a CSV file: which column holds what.
    columns: Option<Columns>,
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// The directory above.
    Parent,
    /// What this match stands for.
    Entry(usize),
}

impl Importer {
    fn new() -> Self {
        let at = PathBuf::from(".");
        Self {
            field: Field::default(),
            at,
            listing: Load::Waiting,
            matches: Vec::new(),
            selected: 0,
            look: None,
            columns: None,
        }
    }

    /// Where its keys are looked up.
    pub fn scopes(&self) -> Vec<Scope> {
        if self.look.is_some() { vec![Scope::Menu, Scope::Move] } else { vec![Scope::Field] }
    }

    /// Whether letters are written.
    pub fn writes(&self) -> bool {
        self.look.is_none()
    }

    /// Takes a key as text; `false` when it is none.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let taken = self.field.key(key);
        if taken == Some(true) {
            self.narrow();
        }
        taken.is_some()
    }

    /// Takes pasted text: most often a path.
    pub fn paste(&mut self, text: &str) {
        self.field.insert(text.trim());
        self.narrow();
    }

    /// What a path that is being typed asks for: the directory that it names so far.
    pub fn follow(&mut self, home: Option<&Path>) -> Vec<Effect> {
        let typed = self.field.text();
        let dir = match typed {
            "../" => self.at.parent().map(Path::to_owned),
            "~/" => home.map(Path::to_owned),
            _ if typed.ends_with('/') => Some(self.resolve(typed, home)),
            _ => None,
        };
        match dir {
            Some(dir) => self.go(dir),
            None => Vec::new(),
        }
    }

    /// A typed path, from here or from home.
    fn resolve(&self, typed: &str, home: Option<&Path>) -> PathBuf {
        self.at.join(from_home(typed, home))
    }

    fn go(&mut self, dir: PathBuf) -> Vec<Effect> {
        // What is typed next is meant for that directory, even before it is here.
        self.field = Field::default();
        self.listing = Load::Waiting;
        self.matches.clear();
        self.selected = 0;
        self.at.clone_from(&dir);
        vec![Effect::Ask(Request::List(dir))]
    }

    fn narrow(&mut self) {
        let typed = self.field.text().trim();
        let Some(listing) = self.listing.ready() else { return };
        // Hidden files are found only by whoever types a dot.
        let shown = |name: &str| typed.starts_with('.') || !name.starts_with('.');
        let names = listing.entries.iter().map(|e| if shown(&e.name) { e.name.as_str() } else { "" });
        let mut found = crate::text::rank(typed, names);
        found.retain(|m| shown(&listing.entries[m.index].name));
        self.matches = found;
        self.selected = usize::from(!typed.is_empty() && !self.matches.is_empty() && self.above());
    }

    /// Whether there is a directory above this one.
    fn above(&self) -> bool {
        self.at.parent().is_some_and(|p| p != Path::new(""))
    }

    fn lines(&self) -> impl Iterator<Item = Line> {
        self.above().then_some(Line::Parent).into_iter().chain((0..self.matches.len()).map(Line::Entry))
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        if let Some(columns) = &mut self.columns {
            return columns.step(by);
        }
        let all = self.lines().count();
        self.selected = self.selected.saturating_add_signed(by).min(all.saturating_sub(1));
    }

    /// Selects what a click hit.
    pub fn select(&mut self, index: usize) {
        match &mut self.columns {
            Some(columns) => columns.selected = index,
            None => self.selected = index,
        }
        self.step(0);
    }

    /// Takes a directory.
    fn listed(&mut self, listing: Result<Listing, String>) {
        match listing {
            Ok(listing) => {
                self.at.clone_from(&listing.dir);
                self.listing = Load::Ready(listing);
                self.narrow();
            }
            Err(why) => self.listing = Load::Failed(why),
        }
    }

    fn open(&mut self, home: Option<&Path>) -> Vec<Effect> {
        let typed = self.field.text().trim().to_owned();
        if typed == ".." {
            return self.at.parent().map(Path::to_owned).map(|p| self.go(p)).unwrap_or_default();
        }
        if typed.contains('/') {
            let path = self.resolve(&typed, home);
            return self.look_at(path);
        }
        let dir = self.at.clone();
        let Some(line) = self.lines().nth(self.selected) else { return Vec::new() };
        match line {
            Line::Parent => dir.parent().map(|p| self.go(p.to_owned())).unwrap_or_default(),
            Line::Entry(i) => {
                let found = self.listing.ready().and_then(|l| l.entries.get(self.matches[i].index));
                match found.map(|e| (e.dir, dir.join(&e.name))) {
                    Some((true, path)) => self.go(path),
                    Some((false, path)) => self.look_at(path),
                    None => Vec::new(),
                }
            }
        }
    }

    fn look_at(&mut self, path: PathBuf) -> Vec<Effect> {
        self.look = Some((path.clone(), Load::Waiting));
        self.columns = None;
        vec![Effect::Ask(Request::Look(path, None))]
    }

    /// Reads the file's beginning by the mapping as it is now.
    fn look_again(&self) -> Vec<Effect> {
        let Some(((path, _), columns)) = self.look.as_ref().zip(self.columns.as_ref()) else { return Vec::new() };
        vec![Effect::Ask(Request::Look(path.clone(), Some(Box::new(columns.mapping.clone()))))]
    }

    /// Draws it.
    pub fn draw(&self, app: &App, canvas: &mut Canvas) {
        match &self.look {
            Some((path, look)) if self.columns.is_some() => columns::draw(self, path, look, canvas),
            Some((path, look)) => look::draw(app, path, look, canvas),
            None => browse::draw(self, app, canvas),
        }
    }
}

/// Opens the file chooser.
pub fn open(app: &mut App) -> Vec<Effect> {
    app.overlays.push(Overlay::Import(Box::new(Importer::new())));
    vec![Effect::Ask(Request::List(PathBuf::from(".")))]
}

/// Looks at a file.
#[cfg(test)]
pub fn look_at(app: &mut App, path: PathBuf) -> Vec<Effect> {
    importer(app).map(|i| i.look_at(path)).unwrap_or_default()
}

fn importer(app: &mut App) -> Option<&mut Importer> {
    app.overlays.iter_mut().find_map(|o| match o {
        Overlay::Import(i) => Some(i.as_mut()),
        _ => None,
    })
}

/// A directory was listed.
pub fn listed(app: &mut App, listing: Result<Listing, String>) -> Vec<Effect> {
    if let Some(i) = importer(app) {
        i.listed(listing);
    }
    Vec::new()
}

/// A file was looked at.
pub fn looked(app: &mut App, path: &Path, look: Result<Box<Look>, String>) -> Vec<Effect> {
    let Some(importer) = importer(app) else { return Vec::new() };
    match &mut importer.look {
        Some((here, shown)) if here == path => *shown = look.map_or_else(Load::Failed, |l| Load::Ready(*l)),
        _ => return Vec::new(),
    }
    let asked = importer.look.as_ref().and_then(|(_, l)| l.ready()).map(|look| look.questions.clone());
    if let (Some(columns), Some(asked)) = (&mut importer.columns, asked.clone()) {
        columns.ask(asked);
    }
    let table = importer.look.as_mut().and_then(|(_, l)| match l {
        Load::Ready(look) => look.table.take(),
        _ => None,
    });
    match table.filter(|_| importer.columns.is_none()) {
        Some(table) => {
            let mut columns = Columns::new(*table);
            columns.ask(asked.unwrap_or_default());
            // A profile that fits reads it otherwise than the guess did.
            let again = columns.from > 0;
            importer.columns = Some(columns);
            if again { importer.look_again() } else { Vec::new() }
        }
        None => Vec::new(),
    }
}

/// What a key that was written may ask for.
pub fn written(app: &mut App) -> Vec<Effect> {
    let home = app.shared.home.clone();
    match app.overlays.last_mut() {
        Some(Overlay::Import(i)) => i.follow(home.as_deref()),
        _ => Vec::new(),
    }
}

/// Does what was asked for while it is on top.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let home = app.shared.home.clone();
    let rows = app.seen.rows.max(1) as isize;
    let Some(Overlay::Import(importer)) = app.overlays.last_mut() else { return Vec::new() };
    if let Some((_, look)) = &importer.look {
        let asks = |l: &Look| l.questions.iter().any(|q| q.needed);
        let ready = look.ready().is_some_and(|l| (l.read > 0 || l.rejected > 0) && !asks(l));
        if importer.columns.is_some() && action != Action::Cancel {
            return columns::act(app, action, ready);
        }
        return match action {
            Action::Cancel => {
                importer.look = None;
                importer.columns = None;
                Vec::new()
            }
            Action::Accept if ready => begin(app),
            _ => Vec::new(),
        };
    }
    match action {
        Action::Up => importer.step(-1),
        Action::Down => importer.step(1),
        Action::PageUp => importer.step(-rows),
        Action::PageDown => importer.step(rows),
        Action::Accept => return importer.open(home.as_deref()),
        Action::Cancel => drop(app.overlays.pop()),
        _ => {}
    }
    Vec::new()
}

/// Begins the import of the file that is looked at.
fn begin(app: &mut App) -> Vec<Effect> {
    if app.loading.is_some() {
        return app.say("something is being loaded already; it has to end first");
    }
    let Some(Overlay::Import(importer)) = app.overlays.pop() else { return Vec::new() };
    let Some((path, _)) = importer.look else { return Vec::new() };
    let mapping = importer.columns.map(|c| Box::new(c.mapping));
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    app.loading = Some(Loading { what: words::line(&name), run: Run::default() });
    let mut effects = app.go(crate::tui::state::app::Screen::Overview);
    effects.push(Effect::Load(LoadJob::Import(path, mapping)));
    effects
}
