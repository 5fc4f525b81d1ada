//! Queue: page through conversations, filter, sort, preview.

pub mod query;
pub mod view;
pub mod window;

use crate::action::Action;
use crate::domain::{Query, QueryError, Sort};
use crate::store::{Page, Place, ReviewItem};
use crate::tui::app::{App, Load, Screen};
use crate::tui::ask::{PageRequest, Request};
use crate::tui::effect::Effect;
use crate::tui::overlays;
use crate::tui::parse_query;
use crate::tui::screens::review;
use crate::tui::widgets::Field;
use crossterm::event::KeyEvent;
use window::{Land, PAGE, Window};

/// State of the Queue screen.
#[derive(Debug)]
pub struct Queue {
    /// The query as written.
    pub field: Field,
    /// The cursor is in the query.
    pub editing: bool,
    /// The last query that could be read: what the rows follow.
    pub query: Query,
    /// Why the text is no query.
    pub error: Option<QueryError>,
    /// The order.
    pub sort: Sort,
    /// Rows.
    pub window: Window,
    /// Whether the rows are here.
    pub load: Load<()>,
    /// How many conversations match.
    pub count: Option<u64>,
    /// The selected conversation.
    pub preview: Load<Box<ReviewItem>>,
    /// Whether to show it.
    pub show_preview: bool,
    generation: u64,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            field: Field::new(query::DEFAULT),
            editing: false,
            query: parse_query(query::DEFAULT).unwrap_or_default(),
            error: None,
            sort: Sort::default(),
            window: Window::default(),
            load: Load::Waiting,
            count: None,
            preview: Load::Waiting,
            show_preview: true,
            generation: 0,
        }
    }
}

impl Queue {
    /// The queue of another store.
    pub fn after(before: &Self) -> Self {
        Self { generation: before.generation + 1, ..Self::default() }
    }

    /// Reads the queue anew: another query, another order, another place in it.
    pub fn reload(&mut self, place: Place, land: Land) -> Vec<Effect> {
        self.read(place, land, PAGE)
    }

    /// Reads the rows at hand anew: something has changed. The selection stays on its conversation.
    pub fn refresh(&mut self) -> Vec<Effect> {
        let (place, rows) = (self.window.same_place(), self.window.rows().len());
        self.read(place, Land::Keep, rows.max(PAGE))
    }

    fn read(&mut self, place: Place, land: Land, limit: usize) -> Vec<Effect> {
        self.generation += 1;
        self.window.expect(land);
        let count = Request::Count(self.query.clone(), self.sort, self.generation);
        vec![self.page(place, limit), Effect::Ask(count)]
    }

    fn page(&self, place: Place, limit: usize) -> Effect {
        Effect::Ask(Request::Page(PageRequest {
            query: self.query.clone(),
            sort: self.sort,
            place,
            limit,
            generation: self.generation,
        }))
    }

    /// Puts text into the query bar and follows it if it can be read.
    pub fn set_query(&mut self, text: &str) -> Vec<Effect> {
        self.field = Field::new(text);
        self.follow()
    }

    /// Reads the query bar; new rows only if it is a query.
    pub fn follow(&mut self) -> Vec<Effect> {
        match parse_query(self.field.text()) {
            Ok(query) => {
                self.error = None;
                self.query = query;
                self.reload(Place::Start, Land::First)
            }
            Err(error) => {
                self.error = Some(error);
                Vec::new()
            }
        }
    }

    /// Takes a page; one of an older state of the queue is dropped. Gives what to ask for next.
    pub fn take(&mut self, asked: &PageRequest, page: Result<Page, String>) -> Result<Vec<Effect>, String> {
        if asked.generation != self.generation {
            return Ok(Vec::new());
        }
        let before = self.window.selected().map(|r| r.n);
        let next = match page {
            Ok(page) => {
                self.load = Load::Ready(());
                if page.partial {
                    self.window.begin_with(page);
                    return Ok(self.ask_preview().into_iter().collect());
                }
                match asked.place {
                    Place::After(_) | Place::Before(_) => self.window.take(asked.place, page),
                    _ => self.window.begin(asked.place, page),
                }
            }
            Err(why) => {
                self.window.give_up();
                return self.load.take(Err(why)).map(|()| Vec::new());
            }
        };
        let mut effects: Vec<Effect> = next.map(|p| self.page(p, PAGE)).into_iter().collect();
        let moved = before != self.window.selected().map(|r| r.n);
        if moved || !matches!(asked.place, Place::After(_) | Place::Before(_)) {
            effects.extend(self.ask_preview());
        }
        Ok(effects)
    }

    /// Takes a count of this state of the queue.
    pub fn take_count(&mut self, count: Result<u64, String>, generation: u64) {
        if generation == self.generation {
            self.count = count.ok();
        }
    }

    /// Asks for the preview of the selected conversation.
    pub fn ask_preview(&self) -> Option<Effect> {
        let row = self.window.selected()?;
        Some(Effect::Ask(Request::Preview(row.n, self.generation)))
    }

    /// Takes a preview if it is of the selected conversation.
    pub fn take_preview(&mut self, item: Result<Box<ReviewItem>, String>) {
        match item {
            Ok(item) if self.window.selected().is_some_and(|r| r.n == item.n) => self.preview = Load::Ready(item),
            Ok(_) => {}
            Err(why) => self.preview = Load::Failed(why),
        }
    }

    /// Moves the selection; gives what to ask for.
    pub fn step(&mut self, by: isize, fits: usize) -> Vec<Effect> {
        let before = self.window.selected().map(|r| r.n);
        let place = self.window.step(by, fits);
        let mut effects: Vec<Effect> = place.map(|p| self.page(p, PAGE)).into_iter().collect();
        if before != self.window.selected().map(|r| r.n) {
            effects.extend(self.ask_preview());
        }
        effects
    }

    fn jump(&mut self, to_last: bool) -> Vec<Effect> {
        let place = if to_last { self.window.last() } else { self.window.first() };
        match place {
            Some(place) => {
                let land = if to_last { Land::Last } else { Land::First };
                self.reload(place, land)
            }
            None => self.ask_preview().into_iter().collect(),
        }
    }
}

/// Does what was asked for on the Queue screen.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let fits = app.seen.rows.max(1);
    let queue = &mut app.queue;
    match action {
        Action::Up => queue.step(-1, fits),
        Action::Down => queue.step(1, fits),
        Action::PageUp => queue.step(-(fits as isize), fits),
        Action::PageDown => queue.step(fits as isize, fits),
        Action::Top => queue.jump(false),
        Action::Bottom => queue.jump(true),
        Action::EditQuery => {
            queue.editing = true;
            Vec::new()
        }
        Action::ClearQuery => queue.set_query(query::DEFAULT),
        Action::NextSort => {
            let at = Sort::USUAL.iter().position(|s| *s == queue.sort).map_or(0, |i| i + 1);
            queue.sort = Sort::USUAL[at % Sort::USUAL.len()];
            queue.reload(Place::Start, Land::First)
        }
        Action::TogglePreview => {
            queue.show_preview = !queue.show_preview;
            Vec::new()
        }
        Action::OpenItem => match queue.window.selected() {
            Some(row) => {
                let (id, scope) = (row.n, review::queue_scope(queue));
                review::open(app, id, Some(scope))
            }
            None => Vec::new(),
        },
        Action::StartReview => review::resume(app),
        Action::FilterMenu => overlays::open_filters(app),
        Action::OpenCycle => overlays::ask_cycle(app),
        Action::CloseCycle => overlays::confirm_close_cycle(app),
        _ => Vec::new(),
    }
}

/// A key while the cursor is in the query bar; `false` when it is none for a text field.
pub fn edit(app: &mut App, key: KeyEvent) -> Option<Vec<Effect>> {
    let changed = app.queue.field.key(key)?;
    Some(if changed { app.queue.follow() } else { Vec::new() })
}

/// Enter, Esc and arrows while the cursor is in the query bar.
pub fn edit_act(app: &mut App, action: Action) -> Vec<Effect> {
    let fits = app.seen.rows.max(1);
    let queue = &mut app.queue;
    match action {
        Action::Accept | Action::Cancel => {
            // What cannot be read stays in the bar, marked, until it is mended or given up.
            if queue.error.is_some() && action == Action::Accept {
                return Vec::new();
            }
            queue.editing = false;
            if queue.error.take().is_some() {
                return queue.set_query(query::DEFAULT);
            }
            Vec::new()
        }
        Action::Up => queue.step(-1, fits),
        Action::Down => queue.step(1, fits),
        Action::PageUp => queue.step(-(fits as isize), fits),
        Action::PageDown => queue.step(fits as isize, fits),
        _ => Vec::new(),
    }
}

/// What to read when the screen comes to the front.
pub fn enter(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::Queue;
    let mut effects = app.queue.refresh();
    effects.push(Effect::Ask(Request::Overview));
    effects
}
