//! Writing the query: the text, what can complete it, what is wrong with it, and what was asked earlier.

use super::offers::Offers;
use super::{query, views};
use crate::action::Action;
use crate::domain::{Query, QueryError, Sort};
use crate::store::Unanswerable;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;
use crate::tui::widgets::Field;
use crossterm::event::KeyEvent;
use std::borrow::Cow;

/// Under which key earlier queries are kept.
pub const KEY: &str = "queries";
/// Earlier queries that are kept.
const KEPT: usize = 50;

/// The query bar.
#[derive(Debug)]
pub struct Bar {
    /// The query as written.
    pub field: Field,
    /// The cursor is in the query.
    pub editing: bool,
    /// Why the text is no query, or has no answer.
    pub error: Option<QueryError>,
    /// What would complete it.
    pub offers: Option<Offers>,
    /// Earlier queries.
    pub history: History,
    /// What the rows at hand follow.
    pub answered: Option<(Query, Sort)>,
}

impl Default for Bar {
    fn default() -> Self {
        Self {
            field: Field::new(query::DEFAULT),
            editing: false,
            error: None,
            offers: None,
            history: History::default(),
            answered: None,
        }
    }
}

impl Bar {
    /// Marks the part of the text that the store has no answer to.
    pub fn blame(&mut self, part: Unanswerable) {
        let readable = self.readable();
        let text = readable.as_ref();
        let term = Query::places(text).into_iter().nth(part.term).unwrap_or(0..text.len());
        let name = part.name.as_deref().and_then(|n| text[term.clone()].find(n).map(|i| (term.start + i, n.len())));
        let at = name.map_or(term, |(from, length)| from..from + length);
        self.error = Some(QueryError { message: part.words, at, instead: part.instead });
    }

    /// The text as it is followed: without a word that may become the name of a filter, in whose place there are blanks.
    pub fn readable(&self) -> Cow<'_, str> {
        let text = self.field.text();
        match self.offers.as_ref().filter(|o| o.naming && text.get(o.at.clone()).is_some()) {
            None => text.into(),
            Some(o) => {
                // A minus sign before it goes with it.
                let from = o.at.start - usize::from(text[..o.at.start].ends_with('-'));
                let blanks = " ".repeat(o.at.end - from);
                [&text[..from], &blanks, &text[o.at.end..]].concat().into()
            }
        }
    }

    /// The error, unless it is about what is being completed.
    pub fn shown_error(&self) -> Option<&QueryError> {
        let writing = self.offers.as_ref().map(|_| self.field.cursor());
        self.error.as_ref().filter(|e| writing.is_none_or(|cursor| cursor < e.at.start || cursor > e.at.end))
    }
}

/// Earlier queries, and where one is among them.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The newest first.
    queries: Vec<String>,
    /// Which one is in the bar, and what was there before one began to look.
    at: Option<(usize, String)>,
}

impl History {
    /// What the store remembers.
    pub fn recalled(&mut self, kept: Option<&str>) {
        let kept: Vec<String> = kept.and_then(|k| serde_json::from_str(k).ok()).unwrap_or_default();
        self.queries.extend(kept);
        self.tidy();
    }

    fn tidy(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.queries.retain(|q| seen.insert(q.clone()));
        self.queries.truncate(KEPT);
    }

    /// Keeps a query that was applied; gives what to remember.
    fn keep(&mut self, text: &str) -> Option<String> {
        self.at = None;
        let text = text.trim();
        if text.is_empty() || self.queries.first().is_some_and(|q| q == text) {
            return None;
        }
        self.queries.insert(0, text.to_owned());
        self.tidy();
        serde_json::to_string(&self.queries).ok()
    }

    /// The text one step further back, or forward to what was written before one began to look.
    fn walk(&mut self, back: bool, now: &str) -> Option<String> {
        let here = self.at.as_ref().map(|(i, _)| *i);
        let next = match (here, back) {
            // What stands in the bar already is no step.
            (None, true) => self.queries.iter().position(|q| q != now.trim()).unwrap_or(usize::MAX),
            (Some(i), true) => i + 1,
            (Some(0), false) => return self.at.take().map(|(_, draft)| draft),
            (Some(i), false) => i - 1,
            (None, false) => return None,
        };
        let found = self.queries.get(next)?.clone();
        let draft = self.at.take().map_or_else(|| now.to_owned(), |(_, draft)| draft);
        self.at = Some((next, draft));
        Some(found)
    }
}

/// A key while the cursor is in the query bar; `None` when it is none for a text field.
pub fn edit(app: &mut App, key: KeyEvent) -> Option<Vec<Effect>> {
    let changed = app.queue.bar.field.key(key)?;
    Some(if changed { written(app) } else { moved(app) })
}

/// Text was written or pasted.
pub fn written(app: &mut App) -> Vec<Effect> {
    app.queue.bar.history.at = None;
    app.queue.bar.offers = Offers::find(&app.shared, &app.queue.bar.field);
    let same = super::parse_query(&app.queue.bar.readable()).is_ok_and(|q| q == app.queue.query);
    if same && app.queue.bar.offers.is_some() && app.queue.bar.error.is_none() {
        return Vec::new();
    }
    app.queue.follow()
}

/// Nothing is completed any more: what was written is what is meant.
fn moved(app: &mut App) -> Vec<Effect> {
    match app.queue.bar.offers.take() {
        Some(offers) if offers.naming => app.queue.follow(),
        _ => Vec::new(),
    }
}

/// The cursor leaves the bar, whatever stands in it.
pub fn put_down(app: &mut App) -> Vec<Effect> {
    app.queue.bar.editing = false;
    moved(app)
}

/// Puts the cursor into the bar.
pub fn begin(app: &mut App) -> Vec<Effect> {
    let bar = &mut app.queue.bar;
    (bar.editing, bar.offers, bar.history.at) = (true, None, None);
    Vec::new()
}

/// Enter, Esc, Tab and arrows while the cursor is in the query bar.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let fits = app.seen.rows.max(1);
    let bar = &mut app.queue.bar;
    match (action, &mut bar.offers) {
        (Action::Accept, Some(offers)) if offers.selected.is_some() => complete(app),
        (Action::Toggle, Some(_)) => complete(app),
        (Action::Toggle, None) => mend(app),
        (Action::Cancel, Some(_)) => moved(app),
        (Action::Up, Some(offers)) => offers.step(-1),
        (Action::Down, Some(offers)) => offers.step(1),
        (Action::Up, None) => earlier(app, true),
        (Action::Down, None) => earlier(app, false),
        (Action::PageUp, _) => app.queue.step(-(fits as isize), fits),
        (Action::PageDown, _) => app.queue.step(fits as isize, fits),
        (Action::Accept, _) => accept(app),
        (Action::Cancel, None) => leave(app),
        _ => Vec::new(),
    }
}

fn earlier(app: &mut App, back: bool) -> Vec<Effect> {
    let bar = &mut app.queue.bar;
    let text = bar.field.text().to_owned();
    let Some(found) = bar.history.walk(back, &text) else { return Vec::new() };
    app.queue.set_query(&found)
}

/// Takes the selected offer, else the first; what may follow it is offered next.
pub fn complete(app: &mut App) -> Vec<Effect> {
    let bar = &mut app.queue.bar;
    let Some(offers) = bar.offers.take() else { return Vec::new() };
    let Some(insert) = offers.taken().map(str::to_owned) else { return Vec::new() };
    bar.field.replace(offers.at.clone(), &insert);
    written(app)
}

/// Puts the word that was most likely meant in place of the one that nothing has.
fn mend(app: &mut App) -> Vec<Effect> {
    let bar = &mut app.queue.bar;
    let Some((at, instead)) = bar.error.as_ref().and_then(|e| Some((e.at.clone(), e.instead.clone()?))) else {
        return Vec::new();
    };
    bar.field.replace(at, &instead);
    app.queue.bar.offers = None;
    app.queue.follow()
}

fn accept(app: &mut App) -> Vec<Effect> {
    let mut effects = moved(app);
    let bar = &mut app.queue.bar;
    // What cannot be read stays in the bar, marked, until it is mended or given up.
    if bar.error.is_some() {
        return effects;
    }
    bar.editing = false;
    let kept = bar.history.keep(bar.field.text());
    effects.extend(kept.map(|k| Effect::Ask(Request::Remember(KEY, k))));
    effects.extend(views::remember_place(app));
    effects
}

fn leave(app: &mut App) -> Vec<Effect> {
    let bar = &mut app.queue.bar;
    bar.editing = false;
    bar.history.at = None;
    match bar.error.take() {
        Some(_) => app.queue.set_query(query::DEFAULT),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_queries_are_walked_back_and_forth() {
        let mut history = History::default();
        history.recalled(Some("[\"b\",\"a\",\"b\"]"));
        assert_eq!(history.keep("c"), Some("[\"c\",\"b\",\"a\"]".to_owned()));
        assert_eq!(history.keep("c"), None, "twice in a row is once");
        assert_eq!(history.walk(false, "draft"), None);
        assert_eq!(history.walk(true, "draft").as_deref(), Some("c"));
        assert_eq!(history.walk(true, "c").as_deref(), Some("b"));
        assert_eq!(history.walk(true, "b").as_deref(), Some("a"));
        assert_eq!(history.walk(true, "a"), None, "there is nothing older");
        assert_eq!(history.walk(false, "a").as_deref(), Some("b"));
        assert_eq!(history.walk(false, "b").as_deref(), Some("c"));
        assert_eq!(history.walk(false, "c").as_deref(), Some("draft"));
    }

    #[test]
    fn fifty_are_kept() {
        let mut history = History::default();
        (0..60).for_each(|i| drop(history.keep(&i.to_string())));
        assert_eq!((history.queries.len(), history.queries[0].as_str()), (50, "59"));
    }
}
