//! A list that narrows down while one types: all intents, all commands, all filters.

use super::reply::OverlayReply;
use crate::action::Action;
use crate::text::{FuzzyMatch, fold, rank, words as words_of};
use crate::theme::Role;
use crate::tui::state::choice::{JudgedAs, ListChoice, QueueChoice};
use crate::tui::state::effect::{Effect, say};
use crate::tui::state::float::{ChooserSpec, ListEntry, ListSubject};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::listed::{more_in_frame, unseen};
use crate::tui::widgets::{Canvas, TextField, numbers, words};
use crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};

/// A list and what was typed to narrow it down.
#[derive(Debug)]
pub struct Chooser {
    subject: ListSubject,
    field: TextField,
    entries: Vec<ListEntry>,
    matches: Vec<FuzzyMatch>,
    /// `None`: nobody has written or moved yet, and nothing is taken for meant.
    selected: Option<usize>,
}

impl Chooser {
    /// All entries, the first selected; of intents none, since a hand that confirms by habit would store a guess.
    pub fn new(spec: ChooserSpec) -> Self {
        let ChooserSpec { subject, entries } = spec;
        let mut out = Self { subject, field: TextField::default(), entries, matches: Vec::new(), selected: None };
        out.narrow();
        out
    }

    /// Other entries of this list (something was switched on or off, was counted); text and place stay. Those of another list,
    /// which its first choice tells, are dropped: it was open when they were asked for.
    pub fn replace(&mut self, entries: Vec<ListEntry>) {
        if self.entries.first().map(|e| &e.choice) != entries.first().map(|e| &e.choice) {
            return;
        }
        let selected = self.selected;
        self.entries = entries;
        self.narrow();
        self.selected = selected.map(|at| at.min(self.last()));
    }

    /// The place of the last that matches.
    fn last(&self) -> usize {
        self.matches.len().saturating_sub(1)
    }

    fn narrow(&mut self) {
        let typed = self.field.text().trim();
        // Names of commands have hyphens where their words have blanks.
        let spaced = typed.replace('-', " ");
        let typed = if self.subject == ListSubject::Commands { spaced.as_str() } else { typed };
        self.matches = rank(typed, self.entries.iter().map(|e| e.text.as_str()));
        // Letters that lie scattered over a name say little where others have the words as they were typed.
        let whole = |m: &FuzzyMatch| has_words(&self.entries[m.index].text, typed);
        if self.matches.iter().any(whole) {
            self.matches.retain(|m| m.score == 0 || whole(m));
        }
        // After those that have it in their name: what has it in what it is about.
        let named: Vec<usize> = self.matches.iter().map(|m| m.index).collect();
        let about = |e: &ListEntry| says(&e.detail, typed);
        let mut about: Vec<(usize, &ListEntry)> =
            self.entries.iter().enumerate().filter(|(i, e)| !named.contains(i) && about(e)).collect();
        // Those whose name has some of it before those that only speak of it.
        let waits = typed.is_empty() && matches!(self.subject, ListSubject::Intents(_));
        let typed = fold(typed);
        let in_name = |e: &ListEntry| {
            let name = fold(&e.text);
            words_of(&typed).filter(|word| words_of(&name).any(|w| w.starts_with(word))).count()
        };
        about.sort_by_key(|(_, e)| std::cmp::Reverse(in_name(e)));
        self.matches.extend(about.into_iter().map(|(index, _)| unmarked(index)));
        self.add_called(&typed);
        self.selected = (!waits).then_some(0);
    }

    /// Puts commands first that are called what was typed, folded, and adds those that begin so.
    fn add_called(&mut self, typed: &str) {
        if typed.is_empty() {
            return;
        }
        let names: Vec<Option<String>> = self.entries.iter().map(|e| e.name.map(|n| n.replace('-', " "))).collect();
        for (index, _) in names.iter().enumerate().filter(|(_, n)| n.as_ref().is_some_and(|n| n.starts_with(typed))) {
            if self.matches.iter().all(|m| m.index != index) {
                self.matches.push(unmarked(index));
            }
        }
        self.matches.sort_by_key(|m| names[m.index].as_deref() != Some(typed));
    }

    /// Takes a key as text; `false` when it is none.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let taken = self.field.key(key);
        if taken == Some(true) {
            self.narrow();
        }
        taken.is_some()
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.field.insert(text);
        self.narrow();
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        let there = self.selected.map_or(0, |at| at.saturating_add_signed(by));
        self.selected = Some(there.min(self.last()));
    }

    /// Selects what a click hit.
    pub fn select(&mut self, index: usize) {
        self.selected = Some(index.min(self.last()));
    }

    fn current(&self) -> Option<&ListEntry> {
        self.matches.get(self.selected?).map(|m| &self.entries[m.index])
    }

    /// What is chosen among.
    pub const fn subject(&self) -> ListSubject {
        self.subject
    }

    /// Whether its entries are switched on and off.
    pub const fn toggles(&self) -> bool {
        self.subject.toggles()
    }

    /// Does what was asked for. A switched entry leaves the list open, a taken one closes it.
    pub fn act(&mut self, action: Action, rows: isize) -> OverlayReply {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-rows),
            Action::PageDown => self.step(rows),
            Action::Accept => {
                return self.taken().map_or_else(|| OverlayReply::Stay(self.asks()), OverlayReply::Chosen);
            }
            Action::Toggle if self.toggles() => return self.toggled(),
            Action::Cancel => return OverlayReply::Close,
            _ => {}
        }
        OverlayReply::nothing()
    }

    fn toggled(&self) -> OverlayReply {
        match self.current().map(|e| e.choice.clone()) {
            // The whole query is no switch.
            Some(choice @ ListChoice::Queue(QueueChoice::Query(_))) => OverlayReply::Chosen(choice),
            Some(ListChoice::Queue(QueueChoice::Only(key, value))) => {
                OverlayReply::Kept(QueueChoice::Switch(key, value).into())
            }
            Some(choice) => OverlayReply::Kept(choice),
            None => OverlayReply::nothing(),
        }
    }

    /// What the selected entry stands for; of intents, what was typed where nothing has its letters.
    fn taken(&self) -> Option<ListChoice> {
        let typed = self.field.text().trim();
        let named = match self.subject {
            ListSubject::Intents(on) if !typed.is_empty() => {
                Some(ListChoice::Judged(on, JudgedAs::Named(typed.to_owned())))
            }
            _ => None,
        };
        self.current().map(|e| e.choice.clone()).or(named)
    }

    /// What is said where nothing is chosen yet.
    fn asks(&self) -> Vec<Effect> {
        if self.selected.is_none() { say("letters or ↓ choose an intent; nothing was saved") } else { Vec::new() }
    }

    fn title(&self) -> &'static str {
        match self.subject {
            ListSubject::Intents(_) => "What did the customer want?",
            ListSubject::Commands => "Commands",
            ListSubject::Filters => "Filter the queue",
            ListSubject::Columns => "Columns",
            ListSubject::Views => "Views",
            ListSubject::Fields => "What does this column hold?",
        }
    }

    fn hint(&self, shared: &SharedState) -> String {
        let key = |a| shared.keys.map.key_of(a);
        match self.subject {
            ListSubject::Columns => {
                format!(
                    "{} switches on or off   Esc closes   what has no room goes from the right",
                    key(Action::Toggle)
                )
            }
            ListSubject::Filters => {
                format!("⏎ this one alone   {} switches it on or off   Esc closes", key(Action::Toggle))
            }
            ListSubject::Intents(_) if self.matches.is_empty() => "⏎ asks whether it is new   Esc closes".to_owned(),
            _ if self.selected.is_none() => "letters or ↓ choose one   Esc closes".to_owned(),
            _ => "⏎ takes it   Esc closes".to_owned(),
        }
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let tall = (self.entries.len() as u16 + 5).min(screen.height.saturating_sub(4)).min(26);
        let area = match self.subject {
            // Over the panel: what the customer said stays in view.
            ListSubject::Intents(_) if screen.width >= 74 => {
                let (wide, tall) =
                    ((screen.width * 38 / 100).max(34), screen.height.saturating_sub(5).min(tall.max(20)));
                Rect { x: screen.right().saturating_sub(wide), y: screen.y + 3, width: wide, height: tall }
            }
            _ => centred(screen, 76.min(screen.width.saturating_sub(4)), tall),
        };
        let inner = canvas.float(area, self.title(), Role::Accent);
        let end = canvas.text(inner.x, inner.y, 2, "/ ", Role::Key);
        let room = usize::from(inner.width.saturating_sub(12));
        let before = words::width(&self.field.text()[..self.field.cursor()]);
        let skip = before.saturating_sub(room);
        canvas.text(end, inner.y, inner.width.saturating_sub(12), &words::tail(self.field.text(), skip), Role::Focus);
        canvas.right(
            inner,
            inner.y,
            &format!("{}/{}", numbers::count(self.matches.len() as u64), numbers::count(self.entries.len() as u64)),
            Role::Muted,
        );
        let columns = usize::from(inner.width.saturating_sub(2));
        let most = DETAIL_ROWS.max(usize::from(inner.height / ROWS_PER_DETAIL));
        let lines = self.current().map(|e| details(e, columns, most)).unwrap_or_default();
        // While none is selected there is nothing to keep room for.
        let told = self.entries.iter().filter(|_| self.selected.is_some());
        let detail = told.map(|e| details(e, columns, most).len()).max().unwrap_or(0) as u16;
        let below = if detail > 0 && inner.height > 12 { detail + 1 } else { 0 };
        let list = Rect { y: inner.y + 2, height: inner.height.saturating_sub(3 + below), ..inner };
        for (line, y) in lines.iter().zip(list.bottom()..list.bottom() + below) {
            canvas.text(inner.x + 2, y, inner.width.saturating_sub(2), line, Role::Text);
        }
        let unseen = self.draw_list(canvas, list);
        more_in_frame(unseen, canvas, inner);
        let foot = inner.bottom().saturating_sub(1);
        let hint = self.hint(shared);
        let hint = if words::width(&hint) > inner.width.into() { "↓ chooses   Esc closes" } else { &hint };
        canvas.text(inner.x, foot, inner.width, hint, Role::Muted);
        canvas.frame.set_cursor_position(Position::new(end + (before - skip) as u16, inner.y));
    }

    /// Draws what matches; gives how many follow below.
    fn draw_list(&self, canvas: &mut Canvas, list: Rect) -> usize {
        let fits = usize::from(list.height).max(1);
        let selected = self.selected.unwrap_or(0);
        let top = (selected + 1)
            .saturating_sub(fits)
            .max(selected.saturating_sub(fits / 2).min(self.matches.len().saturating_sub(fits)));
        for ((i, m), y) in self.matches.iter().enumerate().skip(top).zip(list.top()..list.bottom()) {
            let entry = &self.entries[m.index];
            let line = Rect { y, height: 1, ..list };
            let x = canvas.text(line.x, y, 2, if entry.marked { "✓ " } else { "  " }, Role::Good);
            let hint = canvas.right(line, y, &words::fit(&entry.hint, usize::from(line.width / 2)), Role::Muted);
            matched(canvas, x, y, hint.saturating_sub(x + 1), entry, &m.positions);
            if Some(i) == self.selected {
                canvas.select(line, Role::Selected);
            }
            canvas.hit(line, ScreenHit::Entry(i));
        }
        if self.matches.is_empty() {
            canvas.text(list.x + 2, list.y, list.width, "nothing has these letters", Role::Muted);
        }
        canvas.seen.rows = fits;
        unseen(top, fits, self.matches.len())
    }
}

/// A match of which no letters are marked.
fn unmarked(index: usize) -> FuzzyMatch {
    FuzzyMatch { index, score: 0, positions: Vec::new() }
}

/// Whether all words that were typed stand in a text, if only as part of its words.
fn has_words(text: &str, typed: &str) -> bool {
    let (text, typed) = (fold(text), fold(typed));
    words_of(&typed).all(|word| text.contains(word))
}

/// Letters from which on a word is looked for in what entries are about.
const LONG_ENOUGH: usize = 3;

/// Whether all words that were typed begin words of what an entry is about; the last may be half typed.
fn says(detail: &[String], typed: &str) -> bool {
    let typed = fold(typed);
    let said: Vec<String> = detail.iter().map(|line| fold(line)).collect();
    typed.len() >= LONG_ENOUGH
        && words_of(&typed).all(|word| said.iter().any(|line| words_of(line).any(|w| w.starts_with(word))))
}

/// Rows of what an entry is about: so many where there is little room, one more for every so many rows of the list beside it.
const DETAIL_ROWS: usize = 4;
const ROWS_PER_DETAIL: u16 = 3;

/// What an entry is about in rows: the first paragraph whole where there is room, the others a row each.
fn details(entry: &ListEntry, columns: usize, most: usize) -> Vec<String> {
    let Some((first, others)) = entry.detail.split_first() else { return Vec::new() };
    let mut rows = match first.starts_with('“') {
        true => vec![first.clone()],
        false => words::wrap(first, columns),
    };
    let room = most - others.len().min(most - 1);
    if rows.len() > room {
        rows.truncate(room);
        if let Some(last) = rows.last_mut() {
            *last = words::fit(&format!("{last} …"), columns);
        }
    }
    rows.extend(others.iter().cloned());
    rows.truncate(most);
    rows
}

/// Writes an entry with the letters marked that matched.
fn matched(canvas: &mut Canvas, x: u16, y: u16, columns: u16, entry: &ListEntry, positions: &[usize]) {
    // What belongs to another screen stands back.
    let plain = if matches!(entry.choice, ListChoice::ActAt(..)) { Role::Muted } else { Role::Text };
    let mut pieces: Vec<(String, Role)> = Vec::new();
    for (i, c) in entry.text.chars().enumerate() {
        let role = if positions.binary_search(&i).is_ok() { Role::Match } else { plain };
        match pieces.last_mut() {
            Some((text, last)) if *last == role => text.push(c),
            _ => pieces.push((c.to_string(), role)),
        }
    }
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    canvas.pieces(x, y, columns, &pieces);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_is_about_says_that_it_goes_on() {
        let about =
            |text: &str| details(&ListEntry::new("x", "", ListChoice::Nothing).detail(vec![text.to_owned()]), 20, 2);
        assert_eq!(about("left on board or at the port"), ["left on board or at", "the port"]);
        assert_eq!(about("left on board, at the port or in a room"), ["left on board, at", "the port or in a …"]);
        let cut = about("left on board, at the station of buses and trains");
        assert!(cut[1].ends_with('…') && words::width(&cut[1]) <= 20, "{cut:?}");
    }

    #[test]
    fn commands_are_found_by_the_names_that_the_key_sheet_prints() {
        let entry = |text: &str, name| ListEntry::new(text, "", ListChoice::Nothing).named(name);
        let entries = vec![
            entry("zoom in  a stretch of it", "zoom-in"),
            entry("as of a date: every screen", "as-of"),
            entry("the conversations that the selected line counts", "open-failing"),
        ];
        let mut list = Chooser::new(ChooserSpec { subject: ListSubject::Commands, entries });
        let mut found = |typed: &str| {
            list.field = TextField::default();
            list.paste(typed);
            list.matches.iter().map(|m| m.index).collect::<Vec<_>>()
        };
        for typed in ["as-of", "as of", "As-Of"] {
            assert_eq!(found(typed).first(), Some(&1), "{typed}");
        }
        assert_eq!(found("open-failing"), [2]);
        assert_eq!(found("open-f"), [2], "half typed");
        assert_eq!(found("zoom-in"), [0]);
        assert_eq!(found("").len(), 3);
    }

    #[test]
    fn what_entries_are_about_is_found_by_the_words_that_were_typed() {
        let entry =
            |name: &str, about: &str| ListEntry::new(name, "", ListChoice::Nothing).detail(vec![about.to_owned()]);
        let entries = vec![
            entry("account_access", "“I lost or forgot my password”"),
            entry("password_rules", "how long it must be"),
            entry("refund", "“Θέλω τα λεφτά μου πίσω”"),
            entry("reset", "a new password"),
            entry("lost_card", "who lost a card or a password"),
            entry("refunds of ended journeys", ""),
        ];
        let mut list = Chooser::new(ChooserSpec { subject: ListSubject::Commands, entries });
        let mut found = |typed: &str| {
            list.field = TextField::default();
            list.paste(typed);
            list.matches.iter().map(|m| m.index).collect::<Vec<_>>()
        };
        assert_eq!(found("password"), [1, 0, 3, 4], "names before what they are about");
        assert_eq!(found("forgot passw"), [0], "all words, the last half typed");
        assert_eq!(found("lost passw"), [4, 0], "those with one of them in the name first");
        assert_eq!(found("λεφτα"), [2]);
        assert_eq!(found("refund"), [2, 5]);
        assert_eq!(found("reset"), [3], "nothing that has its letters scattered");
        assert_eq!(found("got"), Vec::<usize>::new(), "words by their beginning");
        assert_eq!(found("i"), Vec::<usize>::new(), "too short for what entries are about");
        assert_eq!(found("pswd"), [1], "letters that lie apart, where nothing has them together");
    }
}
