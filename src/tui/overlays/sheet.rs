//! Text to read: the keys that work, the details of an error.

use super::reply::OverlayReply;
use crate::action::{Action, ActionRow, ActionScope, rows};
use crate::theme::Role;
use crate::tui::guide::glossary::{TASKS, WORDS};
use crate::tui::state::float::SheetContent;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::listed::{more_in_frame, unseen};
use crate::tui::widgets::{Canvas, words};

/// A sheet and how far it is scrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScrolledSheet {
    content: SheetContent,
    /// First line in view.
    scroll: usize,
}

impl ScrolledSheet {
    /// Opens it at its beginning.
    pub fn new(content: SheetContent) -> Self {
        Self { content, scroll: 0 }
    }

    /// Whether it has another page.
    pub fn has_pages(&self) -> bool {
        matches!(self.content, SheetContent::Keys(_) | SheetContent::Words(_))
    }

    fn turn_page(&mut self) {
        self.scroll = 0;
        self.content = match std::mem::replace(&mut self.content, SheetContent::Keys(Vec::new())) {
            SheetContent::Keys(scopes) => SheetContent::Words(scopes),
            SheetContent::Words(scopes) => SheetContent::Keys(scopes),
            other => other,
        };
    }

    /// Scrolls by so many lines.
    pub fn scroll_by(&mut self, by: isize) {
        self.scroll = self.scroll.saturating_add_signed(by);
    }

    /// Scrolls, turns the page or closes, given how many lines are in view and in all.
    pub fn act(&mut self, action: Action, (fits, all): (usize, usize)) -> OverlayReply {
        if action == Action::Toggle && self.has_pages() {
            self.turn_page();
            return OverlayReply::nothing();
        }
        let lowest = all.saturating_sub(fits);
        let here = self.scroll.min(lowest);
        self.scroll = match action {
            Action::Up => here.saturating_sub(1),
            Action::Down => here + 1,
            Action::PageUp => here.saturating_sub(fits.max(1)),
            Action::PageDown => here + fits.max(1),
            Action::Top => 0,
            Action::Bottom => lowest,
            _ => return OverlayReply::Close,
        }
        .min(lowest);
        OverlayReply::nothing()
    }

    fn lines(&self, shared: &SharedState, columns: usize) -> Vec<Vec<(String, Role)>> {
        match &self.content {
            SheetContent::Words(_) => glossary(columns),
            SheetContent::Keys(scopes) => tasks(shared, columns)
                .into_iter()
                .chain(scopes.iter().flat_map(|s| scope_lines(shared, *s, columns)))
                .collect(),
            SheetContent::Text(_, lines) => lines
                .iter()
                .flat_map(|(t, r)| words::wrap(t, columns).into_iter().map(move |l| vec![(l, *r)]))
                .collect(),
            SheetContent::Detail(what, why) => {
                let mut out: Vec<Vec<(String, Role)>> = words::wrap(&words::paragraph(what), columns)
                    .into_iter()
                    .map(|l| vec![(l, Role::Heading)])
                    .collect();
                out.push(Vec::new());
                out.extend(words::wrap(&words::paragraph(why), columns).into_iter().map(|l| vec![(l, Role::Text)]));
                out
            }
        }
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        // Keys stand in lines of their own, which are cut where they end; words are read, in lines that are not too long.
        let most = if matches!(self.content, SheetContent::Keys(_)) { 150 } else { 96 };
        let wide = most.min(screen.width.saturating_sub(2));
        let lines = self.lines(shared, usize::from(wide.saturating_sub(4)));
        let tall = (lines.len() as u16 + 2).min(screen.height.saturating_sub(2));
        let title = match &self.content {
            SheetContent::Text(title, _) => title.as_str(),
            SheetContent::Keys(_) => "Keys   ⇥ what the words mean   Esc closes",
            SheetContent::Words(_) => "Words   ⇥ the keys   Esc closes",
            SheetContent::Detail(..) => "Details   Esc closes",
        };
        let inner = canvas.float(centred(screen, wide, tall), title, Role::Accent);
        let fits = usize::from(inner.height);
        let first = self.scroll.min(lines.len().saturating_sub(fits));
        for (line, y) in lines.iter().skip(first).zip(inner.top()..inner.bottom()) {
            let pieces: Vec<(&str, Role)> = line.iter().map(|(t, r)| (t.as_str(), *r)).collect();
            canvas.pieces(inner.x, y, inner.width, &pieces);
        }
        more_in_frame(unseen(first, fits, lines.len()), canvas, inner);
        canvas.seen.lines = (fits, lines.len());
    }
}

/// Columns of a key or a word before what it means.
const LEAD: usize = 18;

/// What one may want to do, with the keys for it.
fn tasks(shared: &SharedState, columns: usize) -> Vec<Vec<(String, Role)>> {
    let mut out = vec![vec![("What do you want to do?".to_owned(), Role::Heading)]];
    for (what, names) in TASKS {
        let keys: Vec<String> =
            names.iter().map(|n| shared.keys.map.first_key_named(n)).filter(|k| !k.is_empty()).collect();
        let keys = keys.join("  ");
        out.push(vec![
            (words::pad(&format!("  {keys}"), LEAD), Role::Key),
            (words::fit(what, columns.saturating_sub(LEAD)), Role::Text),
        ]);
    }
    out.push(Vec::new());
    out
}

/// What the words mean.
fn glossary(columns: usize) -> Vec<Vec<(String, Role)>> {
    let mut out = Vec::new();
    for (heading, entries) in WORDS {
        out.push(vec![((*heading).to_owned(), Role::Heading)]);
        for (word, meaning) in *entries {
            for (i, line) in words::wrap(meaning, columns.saturating_sub(LEAD).max(10)).into_iter().enumerate() {
                let lead = if i == 0 { word } else { "" };
                out.push(vec![(words::pad(&format!("  {lead}"), LEAD), Role::Accent), (line, Role::Text)]);
            }
        }
        out.push(Vec::new());
    }
    out
}

/// Rows of a scope with neighbours joined that say the same: `1 … 9  the customer wanted …`.
fn scope_lines(shared: &SharedState, scope: ActionScope, columns: usize) -> Vec<Vec<(String, Role)>> {
    let map = &shared.keys.map;
    let mut out: Vec<Vec<(String, Role)>> = Vec::new();
    let rows: Vec<&ActionRow> = rows().filter(|r| r.scope == scope).collect();
    for group in rows.chunk_by(|a, b| a.help == b.help) {
        let Some(first) = group.first() else { continue };
        let last = group.last().unwrap_or(first);
        let keys = if group.len() > 1 {
            format!("{} … {}", map.first_key(first), map.first_key(last))
        } else {
            map.all_keys(first)
        };
        let name = if group.len() > 1 { first.label } else { first.name };
        let mut line = vec![(words::pad(&format!("  {keys}"), LEAD), Role::Key)];
        // The names are for the palette and the configuration; where it is narrow the explanation matters more.
        if columns >= 88 {
            line.push((words::pad(name, 24), Role::Muted));
        }
        line.push((first.help.to_owned(), Role::Text));
        out.push(line);
    }
    out.insert(0, vec![(scope.title().to_owned(), Role::Heading)]);
    out.push(Vec::new());
    out
}
