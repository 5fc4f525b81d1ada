//! Queue: page through conversations, filter, sort, go from view to view, preview, mark many.

pub mod bar;
pub mod columns;
pub mod head;
pub mod jump;
pub mod marks;
pub mod offers;
pub mod order;
pub mod query;
pub mod view;
pub mod views;
pub mod window;

use crate::action::Action;
use crate::domain::{Judgement, Query, Review, Sort};
use crate::store::{Page, Place, ReviewItem};
use crate::tui::overlays;
use crate::tui::parse_query;
use crate::tui::screens::review;
use crate::tui::state::app::{App, Load, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{NoRows, PageRequest, Request};
use crate::tui::widgets::Field;
use bar::Bar;
use columns::Columns;
use marks::Marks;
use views::Views;
use window::{Land, PAGE, Window};

/// State of the Queue screen.
#[derive(Debug)]
pub struct Queue {
    /// The query bar.
    pub bar: Bar,
    /// The last query that could be read: what the rows follow.
    pub query: Query,
    /// The order.
    pub sort: Sort,
    /// Rows.
    pub window: Window,
    /// Whether the rows are here.
    pub load: Load<()>,
    /// How many conversations match.
    pub count: Option<u64>,
    /// Where none does: how many of test groups are hidden.
    pub hidden: u64,
    /// The selected conversation.
    pub preview: Load<Box<ReviewItem>>,
    /// How it is shown.
    pub look: Look,
    /// Saved views.
    pub views: Views,
    /// What is marked.
    pub marks: Marks,
    generation: u64,
}

/// How the queue is shown.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the list.
    pub columns: Columns,
    /// Whether the selected conversation is shown beside it.
    pub preview: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { columns: Columns::default(), preview: true }
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            bar: Bar::default(),
            query: parse_query(query::DEFAULT).unwrap_or_default(),
            sort: Sort::default(),
            window: Window::default(),
            load: Load::Waiting,
            count: None,
            hidden: 0,
            preview: Load::Waiting,
            look: Look::default(),
            views: Views::default(),
            marks: Marks::default(),
            generation: 0,
        }
    }
}

impl Queue {
    /// The queue of another store.
    pub fn after(before: &Self) -> Self {
        Self { generation: before.generation + 1, views: Views::after(&before.views), ..Self::default() }
    }

    /// The number of this state of the queue: answers to another one are dropped.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Asks for all rows, to mark them.
    pub fn mark_all(&self) -> Request {
        Request::MarkAll(self.query.clone(), self.sort, self.generation)
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
        let count = Request::Count(self.query.clone(), self.generation);
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
        self.bar.field = Field::new(text);
        self.bar.offers = None;
        self.follow()
    }

    /// Reads the query bar; new rows only if it is a query.
    pub fn follow(&mut self) -> Vec<Effect> {
        match parse_query(&self.bar.readable()) {
            Ok(query) => {
                self.bar.error = None;
                self.query = query;
                self.reload(Place::Start, Land::First)
            }
            Err(error) => {
                self.bar.error = Some(error);
                Vec::new()
            }
        }
    }

    /// Takes a page; one of an older state of the queue is dropped. Gives what to ask for next.
    pub fn take(&mut self, asked: &PageRequest, page: Result<Page, NoRows>) -> Result<Vec<Effect>, String> {
        if asked.generation != self.generation {
            return Ok(Vec::new());
        }
        let before = self.window.selected().map(|r| r.n);
        let next = match page {
            Ok(page) => {
                self.load = Load::Ready(());
                self.hidden = page.hidden;
                self.bar.answered = Some((asked.query.clone(), asked.sort));
                if parse_query(&self.bar.readable()).is_ok_and(|written| written == asked.query) {
                    // What had no data yet may have some now.
                    self.bar.error = None;
                }
                if page.partial {
                    self.window.begin_with(page);
                    return Ok(self.ask_preview().into_iter().collect());
                }
                match asked.place {
                    Place::After(_) | Place::Before(_) => self.window.take(asked.place, page),
                    _ => self.window.begin(asked.place, page),
                }
            }
            Err(NoRows { part: Some(part), .. }) => {
                self.refuse(part);
                return Ok(Vec::new());
            }
            Err(NoRows { why, part: None }) => {
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

    /// The query names what nothing has, or has no data yet. While it is being written the rows before it stay.
    fn refuse(&mut self, part: crate::store::Unanswerable) {
        self.bar.blame(part);
        self.load = Load::Ready(());
        match self.bar.answered.clone().filter(|_| self.bar.editing) {
            Some((query, sort)) => {
                (self.query, self.sort) = (query, sort);
                self.window.give_up();
            }
            None => {
                self.window = Window::default();
                self.count = None;
            }
        }
    }

    /// Takes a count of this state of the queue.
    pub fn take_count(&mut self, count: Result<u64, String>, generation: u64) {
        if generation == self.generation {
            self.count = count.ok().or(self.count);
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
        Action::EditQuery => bar::begin(app),
        Action::ClearQuery => clear(app),
        Action::NextSort => next_sort(app),
        Action::NextView => views::step(app, 1),
        Action::PreviousView => views::step(app, -1),
        Action::TogglePreview => {
            queue.look.preview = !queue.look.preview;
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
        _ => act_above(app, action),
    }
}

/// What opens something above the screen, and what is about marks.
fn act_above(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::FilterMenu => overlays::open_filters(app),
        Action::SortMenu => overlays::open_orders(app),
        Action::Columns => overlays::open_columns(app),
        Action::Views => overlays::open_views(app),
        Action::SaveView => overlays::ask_view_name(app, None),
        Action::Jump => overlays::ask_jump(app),
        Action::OpenCycle => overlays::ask_cycle(app),
        Action::CloseCycle => overlays::confirm_close_cycle(app),
        Action::Mark => marks::mark(app),
        Action::MarkToHere => marks::mark_to_here(app),
        Action::DecideMarked => overlays::open_marked(app),
        Action::PickAny => overlays::open_intents(app),
        Action::Why => overlays::open_causes(app),
        Action::Later => marks::decide(app, Judgement::PutOff(Review::Later)),
        Action::Skip => marks::decide(app, Judgement::PutOff(Review::Skipped)),
        Action::Flag => overlays::ask_question(app),
        _ => Vec::new(),
    }
}

/// Esc: first the marks go, then the filter.
fn clear(app: &mut App) -> Vec<Effect> {
    if !app.queue.marks.is_empty() {
        app.queue.marks.clear();
        return Vec::new();
    }
    app.queue.set_query(query::DEFAULT)
}

fn next_sort(app: &mut App) -> Vec<Effect> {
    let at = Sort::USUAL.iter().position(|s| *s == app.queue.sort).map_or(0, |i| i + 1);
    order::sort(app, Sort::USUAL[at % Sort::USUAL.len()])
}

/// What to read when the screen comes to the front.
pub fn enter(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::Queue;
    let mut effects = app.queue.refresh();
    effects.push(Effect::Ask(Request::Overview));
    effects.extend(views::ask_counts(app));
    effects
}
