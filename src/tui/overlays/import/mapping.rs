//! Which column of a CSV file holds what: guessed, corrected, kept as a profile.

use super::told::words_of_shell;
use crate::action::Action;
use crate::ingest;
use crate::ingest::formats::csv;
use crate::ingest::formats::csv::{CsvField, ListedColumn, Mapping, RowShape};
use crate::theme::Role;
use crate::tui::state::choice::{ImportChoice, TextQuestion};
use crate::tui::state::effect::{Effect, open, say};
use crate::tui::state::files::CsvTable;
use crate::tui::state::float::{ChooserSpec, ListEntry, ListSubject, PromptSpec};
use crate::tui::widgets::words;

/// The columns and the mapping as it is now.
#[derive(Debug)]
pub struct ColumnMapping {
    /// The mapping.
    pub mapping: Mapping,
    /// 0: it began as the guess; else as the profile of this number.
    pub from: usize,
    /// The selected line.
    pub selected: usize,
    /// What the file holds.
    pub table: CsvTable,
    /// Its columns, as the mapping reads them.
    pub columns: Vec<ListedColumn>,
    /// Why it cannot be read like this.
    pub problem: Option<String>,
    /// What only a person can tell, what is needed first.
    pub questions: Vec<ingest::ImportQuestion>,
    /// Why the first of its records that cannot be read is none.
    pub refused: Option<String>,
}

/// One line that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingLine {
    Import,
    Answer,
    Column(usize),
    Shape,
    Order,
    From,
    Save,
}

impl ColumnMapping {
    /// The profile that fits, else the guess.
    pub fn new(table: CsvTable) -> Self {
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
            refused: None,
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

    /// Takes what is asked now, and why the first record that cannot be read is none.
    pub fn ask(&mut self, mut questions: Vec<ingest::ImportQuestion>, refused: Option<String>) {
        questions.sort_by_key(|q| !q.needed);
        (self.questions, self.refused) = (questions, refused);
    }

    /// What can be answered: the first question, else what would make a record readable.
    fn asked(&self) -> Option<PromptSpec> {
        let refused = self.refused.as_deref().filter(|why| why.contains("--map "));
        let to_read = || refused.map(|why| prompt(vec![(words::line(why), Role::Text)], String::new()));
        self.questions.first().map(asks).or_else(to_read)
    }

    /// What can be chosen, line by line.
    pub fn lines(&self) -> Vec<MappingLine> {
        let mut out = vec![MappingLine::Import];
        out.extend(self.asked().map(|_| MappingLine::Answer));
        out.extend((0..self.columns.len()).map(MappingLine::Column));
        out.extend([MappingLine::Shape, MappingLine::Order]);
        if !self.table.profiles.is_empty() {
            out.push(MappingLine::From);
        }
        out.push(MappingLine::Save);
        out
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.lines().len().saturating_sub(1));
    }

    /// Whether a column holds what was guessed.
    pub fn guessed(&self, column: &ListedColumn) -> bool {
        self.from == 0 && column.field.is_some() && self.table.guess.mapping.field_of(&column.name) == column.field
    }

    /// What it began as, in words.
    pub fn begun_as(&self) -> String {
        match self.from.checked_sub(1).and_then(|i| self.table.profiles.get(i)) {
            Some((name, _)) => format!("the profile {}", words::line(name)),
            None => "the guess".to_owned(),
        }
    }

    /// Enter and the arrows; `ready`: the file can be imported as it is read now.
    pub fn act(&mut self, action: Action, rows: isize, ready: bool) -> MappingEffect {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp | Action::Top => self.step(-rows),
            Action::PageDown | Action::Bottom => self.step(rows),
            Action::Accept => {
                let line = self.lines().get(self.selected).copied();
                return line.map_or(MappingEffect::Nothing, |l| self.take(l, ready));
            }
            _ => {}
        }
        MappingEffect::Nothing
    }

    fn take(&mut self, line: MappingLine, ready: bool) -> MappingEffect {
        match line {
            MappingLine::Import if ready && self.problem.is_none() => return MappingEffect::Import,
            MappingLine::Import if !self.questions.iter().any(|q| q.needed) => {
                return MappingEffect::Asks(say("it cannot be read like this yet"));
            }
            // What is asked has to be settled first.
            MappingLine::Import | MappingLine::Answer => {
                return MappingEffect::Asks(self.asked().map(open).unwrap_or_default());
            }
            MappingLine::Column(i) => return MappingEffect::Asks(open(self.fields(i))),
            MappingLine::Save => return MappingEffect::Asks(open(name())),
            MappingLine::Shape => {
                let at = RowShape::ALL.iter().position(|s| *s == self.mapping.shape).unwrap_or(0);
                self.mapping.shape = RowShape::ALL[(at + 1) % RowShape::ALL.len()];
            }
            MappingLine::Order => self.mapping.newest_first = !self.mapping.newest_first,
            MappingLine::From => {
                let next = (self.from + 1) % (self.table.profiles.len() + 1);
                self.begin(next);
            }
        }
        self.changed();
        MappingEffect::Changed
    }

    /// A list of everything that a column may hold.
    fn fields(&self, i: usize) -> ChooserSpec {
        let now = self.columns.get(i).and_then(|c| c.field);
        let nothing = "nothing of these  it is kept beside the conversation";
        let mut entries = vec![ListEntry::new(nothing, "", ImportChoice::Field(None)).mark(now.is_none())];
        entries.extend(CsvField::ALL.iter().map(|f| {
            let taken = self.mapping.column(*f).filter(|_| now != Some(*f)).map(words::line).unwrap_or_default();
            let text = format!("{}  {}", f.name(), f.help());
            ListEntry::new(text, taken, ImportChoice::Field(Some(*f))).mark(now == Some(*f))
        }));
        ChooserSpec { subject: ListSubject::Fields, entries }
    }

    /// Takes an answer as `--map` writes it.
    ///
    /// # Errors
    /// Why it is none, for a person.
    pub fn settle(&mut self, given: &str) -> Result<(), String> {
        // As the questions print it for a shell, too.
        let given = match given.trim().strip_prefix("--speakers") {
            Some(speakers) => {
                let speakers = words_of_shell(speakers);
                speakers.split(',').map(|speaker| format!("role:{}", speaker.trim())).collect::<Vec<_>>().join(",")
            }
            None => words_of_shell(given.trim().trim_start_matches("--map")),
        };
        let given = given.as_str();
        if !given.contains('=') {
            return Err("such as role:Sofia=bot or date_order=dmy, please".to_owned());
        }
        csv::amend(&self.table.head, &mut self.mapping, given).map_err(|why| words::line(&why.to_string()))?;
        self.changed();
        Ok(())
    }

    /// Lets the selected column hold this; whether that changed anything.
    pub fn set_field(&mut self, field: Option<CsvField>) -> bool {
        let Some(&MappingLine::Column(i)) = self.lines().get(self.selected) else { return false };
        let Some(column) = self.columns.get(i) else { return false };
        let before = self.mapping.clone();
        match (field, column.field) {
            (Some(field), _) => self.mapping.set(field, Some(&column.name)),
            (None, Some(before)) => self.mapping.set(before, None),
            (None, None) => return false,
        }
        csv::refit(&self.table.head, &before, &mut self.mapping);
        self.changed();
        true
    }
}

/// Asks what settles a question about the file.
fn asks(question: &ingest::ImportQuestion) -> PromptSpec {
    let guess = question.guess.clone().filter(|g| g.contains('=')).unwrap_or_default();
    let notes = vec![
        (format!("{}: {}", words::line(&question.about), words::line(&question.seen)), Role::Text),
        (words::line(&question.settle), Role::Muted),
    ];
    prompt(notes, words::line(&guess))
}

fn prompt(notes: Vec<(String, Role)>, text: String) -> PromptSpec {
    let title = "What settles it, written as --map takes it".to_owned();
    PromptSpec { question: TextQuestion::Mapping, title, notes, text }
}

/// Asks under which name a mapping is kept.
fn name() -> PromptSpec {
    let note = "The next file with these columns is then read the same way, on the screen and with `appraise import --profile`.";
    PromptSpec {
        question: TextQuestion::Profile,
        title: "Save the mapping under which name?".to_owned(),
        notes: vec![(note.to_owned(), Role::Muted)],
        text: String::new(),
    }
}

/// What a key did to a mapping.
#[derive(Debug)]
pub enum MappingEffect {
    /// Nothing that matters elsewhere.
    Nothing,
    /// The file reads otherwise now.
    Changed,
    /// Something is to be asked or said.
    Asks(Vec<Effect>),
    /// The file is to be imported like this.
    Import,
}
