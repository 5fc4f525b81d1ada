//! The state of choosing a file: the directory, what was typed, the file that is looked at.

use super::mapping::ColumnMapping;
use super::told::ToldOfLog;
use crate::action::ActionScope;
use crate::text::FuzzyMatch;
use crate::tui::overlays::reply::OverlayReply;
use crate::tui::state::effect::{Effect, ask};
use crate::tui::state::files::{Listing, LogPreview, LogReading, from_home};
use crate::tui::state::request::import::ImportRequest;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::TextField;
use crossterm::event::KeyEvent;
use std::path::{Path, PathBuf};

/// Choosing what to import.
#[derive(Debug)]
pub struct Importer {
    /// What was typed: letters that narrow the list down, or a path.
    pub(super) field: TextField,
    /// The directory that is shown, or on its way.
    pub(super) at: PathBuf,
    pub(super) listing: StoreRead<Listing>,
    pub(super) matches: Vec<FuzzyMatch>,
    pub(super) selected: usize,
    /// The file that is looked at.
    pub(super) look: Option<(PathBuf, StoreRead<LogPreview>)>,
    /// Of a CSV file: which column holds what.
    pub(super) columns: Option<ColumnMapping>,
    /// Of a log without columns: what was said of it.
    pub(super) told: ToldOfLog,
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportLine {
    /// The directory above.
    Parent,
    /// What this match stands for.
    Entry(usize),
    /// All files of this directory, as one import.
    Whole,
}

impl Default for Importer {
    /// Begins in the working directory.
    fn default() -> Self {
        let at = PathBuf::from(".");
        Self {
            field: TextField::default(),
            at,
            listing: StoreRead::Waiting,
            matches: Vec::new(),
            selected: 0,
            look: None,
            columns: None,
            told: ToldOfLog::default(),
        }
    }
}

impl Importer {
    /// Where its keys are looked up.
    pub fn scopes(&self) -> Vec<ActionScope> {
        if self.look.is_some() { vec![ActionScope::Menu, ActionScope::Move] } else { vec![ActionScope::Field] }
    }

    /// Takes a key as text; `None` when it is none, or nothing is written.
    pub fn key(&mut self, shared: &SharedState, key: KeyEvent) -> Option<OverlayReply> {
        if self.look.is_some() {
            return None;
        }
        let changed = self.field.key(key)?;
        if changed {
            self.narrow();
        }
        Some(OverlayReply::Stay(self.follow(shared.home.as_deref())))
    }

    /// Takes pasted text: most often a path.
    pub fn paste(&mut self, shared: &SharedState, text: &str) -> OverlayReply {
        self.field.insert(text.trim());
        self.narrow();
        OverlayReply::Stay(self.follow(shared.home.as_deref()))
    }

    /// Reads the directory that is shown.
    pub fn list(&self) -> Vec<Effect> {
        vec![ask(ImportRequest::List(self.at.clone()))]
    }

    /// What a path that is being typed asks for: the directory that it names so far.
    fn follow(&mut self, home: Option<&Path>) -> Vec<Effect> {
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
        self.field = TextField::default();
        self.listing = StoreRead::Waiting;
        self.matches.clear();
        self.selected = 0;
        self.at.clone_from(&dir);
        vec![ask(ImportRequest::List(dir))]
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

    /// How many files of the directory can be imported together: none while somebody looks for one.
    pub(super) fn files(&self) -> usize {
        let shown = self.listing.ready().filter(|_| self.field.text().is_empty());
        shown.map_or(0, |l| l.entries.iter().filter(|e| !e.dir && !e.name.starts_with('.')).count())
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = ImportLine> {
        let entries = (0..self.matches.len()).map(ImportLine::Entry);
        let whole = (self.files() > 1).then_some(ImportLine::Whole);
        self.above().then_some(ImportLine::Parent).into_iter().chain(entries).chain(whole)
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        if let Some(columns) = &mut self.columns {
            return columns.step(by);
        }
        if let Some((_, look)) = &self.look {
            let lines = self.told.lines(look).len();
            return self.told.step(by, lines);
        }
        let all = self.lines().count();
        self.selected = self.selected.saturating_add_signed(by).min(all.saturating_sub(1));
    }

    /// Selects what a click hit.
    pub fn select(&mut self, index: usize) {
        match &mut self.columns {
            Some(columns) => columns.selected = index,
            None if self.look.is_some() => self.told.selected = index,
            None => self.selected = index,
        }
        self.step(0);
    }

    /// Takes a directory.
    pub fn listed(&mut self, listing: Result<Listing, String>) {
        match listing {
            Ok(listing) => {
                self.at.clone_from(&listing.dir);
                self.listing = StoreRead::Ready(listing);
                self.narrow();
            }
            Err(why) => self.listing = StoreRead::Failed(why),
        }
    }

    pub(super) fn open(&mut self, home: Option<&Path>) -> Vec<Effect> {
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
            ImportLine::Parent => dir.parent().map(|p| self.go(p.to_owned())).unwrap_or_default(),
            ImportLine::Whole => self.look_at(dir),
            ImportLine::Entry(i) => {
                let found = self.listing.ready().and_then(|l| l.entries.get(self.matches[i].index));
                match found.map(|e| (e.dir, dir.join(&e.name))) {
                    Some((true, path)) => self.go(path),
                    Some((false, path)) => self.look_at(path),
                    None => Vec::new(),
                }
            }
        }
    }

    /// Looks at a file.
    pub(in crate::tui) fn look_at(&mut self, path: PathBuf) -> Vec<Effect> {
        self.look = Some((path.clone(), StoreRead::Waiting));
        (self.columns, self.told) = (None, ToldOfLog::default());
        vec![ask(ImportRequest::Look(path, LogReading::default()))]
    }

    /// As the log is read by what is said of it now.
    pub(super) fn reading(&self) -> LogReading {
        match &self.columns {
            Some(columns) => {
                // What was said before there were columns is in the mapping.
                LogReading { mapping: Some(Box::new(columns.mapping.clone())), map: None, ..self.told.reading() }
            }
            None => self.told.reading(),
        }
    }

    /// Reads the file's beginning by that.
    pub(super) fn look_again(&self) -> Vec<Effect> {
        let look = self.look.as_ref().map(|(path, _)| ask(ImportRequest::Look(path.clone(), self.reading())));
        look.into_iter().collect()
    }
}
