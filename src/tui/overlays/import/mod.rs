//! Importing on the screen: choose a file, see what it is, import it in the background.

mod browse;
mod columns;
mod look;
mod mapping;
mod state;
mod told;

pub use state::Importer;

use super::reply::OverlayReply;
use crate::action::Action;
use crate::tui::state::choice::{ImportChoice, ProgramChoice};
use crate::tui::state::effect::{Effect, ask, open, say};
use crate::tui::state::files::LogPreview;
use crate::tui::state::request::import::ImportRequest;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::Canvas;
use mapping::ColumnMapping;
use std::path::Path;
use told::ToldLine;

impl Importer {
    /// Takes what a file holds.
    pub fn looked(&mut self, path: &Path, look: Result<Box<LogPreview>, String>) -> Vec<Effect> {
        match &mut self.look {
            Some((here, shown)) if here == path => {
                *shown = look.map_or_else(StoreRead::Failed, |l| StoreRead::Ready(*l))
            }
            _ => return Vec::new(),
        }
        let ready = self.look.as_ref().and_then(|(_, l)| l.ready());
        let asked = ready.map(|look| look.questions.clone()).unwrap_or_default();
        let refused = ready.filter(|look| look.rejected > 0).and_then(|look| look.problem.clone());
        if let Some(columns) = &mut self.columns {
            columns.ask(asked.clone(), refused.clone());
        }
        let table = self.look.as_mut().and_then(|(_, l)| match l {
            StoreRead::Ready(look) => look.table.take(),
            StoreRead::Waiting | StoreRead::Failed(_) => None,
        });
        if let Some(look) = self.look.as_ref().and_then(|(_, look)| look.ready()) {
            self.told.meet(&look.strangers);
        }
        let Some(table) = table.filter(|_| self.columns.is_none()) else { return Vec::new() };
        let mut columns = ColumnMapping::new(*table);
        columns.ask(asked, refused);
        // A profile that fits reads it otherwise than the guess did.
        let again = columns.from > 0;
        self.columns = Some(columns);
        if again { self.look_again() } else { Vec::new() }
    }

    /// Takes what the selected column is said to hold.
    pub fn chosen(&mut self, ImportChoice::Field(field): ImportChoice) -> Vec<Effect> {
        match self.columns.as_mut().is_some_and(|c| c.set_field(field)) {
            true => self.look_again(),
            false => Vec::new(),
        }
    }

    /// Takes an answer to what is asked about the file.
    ///
    /// # Errors
    /// Why it is none, for a person.
    pub fn settle(&mut self, given: &str) -> Result<Vec<Effect>, String> {
        // Of columns only what is said of them is kept with them.
        let is_of_columns =
            |flag: &str| !flag.starts_with("--") || ["--map", "--speakers"].iter().any(|f| flag.starts_with(f));
        match self.columns.as_mut().filter(|_| is_of_columns(given.trim())) {
            Some(columns) => columns.settle(given)?,
            None => self.told.settle(given)?,
        }
        Ok(self.look_again())
    }

    /// Keeps the mapping under a name.
    ///
    /// # Errors
    /// Why it is no name, for a person.
    pub fn save_profile(&self, name: String) -> Result<Vec<Effect>, &'static str> {
        // Profiles are files of their own; a name is no path.
        let plain = name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c));
        if name.is_empty() || !plain || name.starts_with('.') {
            return Err("letters, digits, - and _, please");
        }
        let mapping = self.columns.as_ref().map(|c| Box::new(c.mapping.clone()));
        Ok(mapping.map(|m| ask(ImportRequest::SaveProfile(name, m))).into_iter().collect())
    }

    /// Does what was asked for.
    pub fn act(&mut self, shared: &SharedState, action: Action) -> OverlayReply {
        let rows = shared.page() as isize;
        if let Some((_, look)) = &self.look {
            let asks = |l: &LogPreview| l.questions.iter().any(|q| q.needed);
            let ready = look.ready().is_some_and(|l| (l.read > 0 || l.rejected > 0) && !asks(l));
            if let Some(columns) = self.columns.as_mut().filter(|_| action != Action::Cancel) {
                return match columns.act(action, rows, ready) {
                    mapping::MappingEffect::Nothing => OverlayReply::nothing(),
                    mapping::MappingEffect::Changed => OverlayReply::Stay(self.look_again()),
                    mapping::MappingEffect::Asks(effects) => OverlayReply::Stay(effects),
                    mapping::MappingEffect::Import => self.begin(shared),
                };
            }
            let lines = self.told.lines(look);
            return match action {
                Action::Cancel => {
                    (self.look, self.columns) = (None, None);
                    OverlayReply::nothing()
                }
                Action::Up | Action::Down | Action::PageUp | Action::PageDown => {
                    let by = if matches!(action, Action::PageUp | Action::PageDown) { rows } else { 1 };
                    self.told.step(if matches!(action, Action::Up | Action::PageUp) { -by } else { by }, lines.len());
                    OverlayReply::nothing()
                }
                Action::Accept => match lines.get(self.told.selected) {
                    Some(ToldLine::Import) if ready => self.begin(shared),
                    Some(ToldLine::Import) => match self.told.go_to_open(&lines) {
                        Some(ToldLine::Answer) => OverlayReply::Stay(open(told::asks(look))),
                        _ => OverlayReply::Stay(say("what is asked has to be settled first")),
                    },
                    Some(ToldLine::Speaker(i)) => {
                        self.told.turn(*i);
                        OverlayReply::Stay(self.look_again())
                    }
                    Some(ToldLine::Answer) => OverlayReply::Stay(open(told::asks(look))),
                    None => OverlayReply::nothing(),
                },
                _ => OverlayReply::nothing(),
            };
        }
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-rows),
            Action::PageDown => self.step(rows),
            Action::Accept => return OverlayReply::Stay(self.open(shared.home.as_deref())),
            Action::Cancel => return OverlayReply::Close,
            _ => {}
        }
        OverlayReply::nothing()
    }

    /// Begins the import of the file that is looked at.
    fn begin(&self, shared: &SharedState) -> OverlayReply {
        if shared.loading.is_some() {
            return OverlayReply::Stay(say("something is being loaded already; it has to end first"));
        }
        let Some((path, _)) = &self.look else { return OverlayReply::Close };
        OverlayReply::Chosen(ProgramChoice::Import(path.clone(), self.reading()).into())
    }

    /// Draws it.
    pub fn draw(&self, canvas: &mut Canvas) {
        match &self.look {
            Some((path, look)) => match &self.columns {
                Some(columns) => columns::draw(columns, path, look, canvas),
                None => look::draw(&self.told, path, look, canvas),
            },
            None => browse::draw(self, canvas),
        }
    }
}
