//! The state of the Queue screen.

pub mod bar;
pub mod columns;
pub mod filters;
pub mod marks;
pub mod offers;
pub mod views;
pub mod window;

use crate::domain::query::views::DEFAULT_QUERY;
use crate::domain::{Query, QueueOrder};
use crate::store::{Page, PageStart, ReviewItem, ReviewScope, Unanswerable};
use crate::tui::state::effect::{Effect, GoTo, ask, go, say};
use crate::tui::state::request::queue::{NoRows, PageRequest, QueueCount, QueueRequest};
use crate::tui::state::shared::StoreRead;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::TextField;
use bar::QueryBar;
use columns::QueueColumns;
use filters::FilterCounts;
use marks::Marks;
use views::SavedViews;
use window::{LandAt, PAGE, QueueWindow};

/// State of the Queue screen.
#[derive(Debug)]
pub struct QueueScreen {
    /// The query bar.
    pub bar: QueryBar,
    /// The last query that could be read: what the rows follow.
    pub query: Query,
    /// The order.
    pub sort: QueueOrder,
    /// Rows.
    pub window: QueueWindow,
    /// Whether the rows are here.
    pub load: StoreRead<()>,
    /// How many conversations match.
    pub count: Option<u64>,
    /// How many more match in test groups that are hidden.
    pub hidden: u64,
    /// How many of those that match a review goes through.
    pub to_review: u64,
    /// All of it is on its way for another query than before.
    pub is_counting: bool,
    /// The selected conversation.
    pub preview: StoreRead<Box<ReviewItem>>,
    /// From where these rows were opened, and by which query: Esc goes back there as long as that is what is shown.
    pub back: Option<(ScreenTab, String)>,
    /// How it is shown.
    pub look: QueueLook,
    /// Saved views.
    pub views: SavedViews,
    /// How much each filter of the list finds.
    pub offers: FilterCounts,
    /// What is marked.
    pub marks: Marks,
    /// It shows what a figure counts: test groups are in it because they are counted.
    pub counts_all_groups: bool,
    generation: u64,
}

/// How the queue is shown.
#[derive(Clone, Copy, Debug)]
pub struct QueueLook {
    /// QueueColumns of the list.
    pub columns: QueueColumns,
    /// Whether the selected conversation is shown beside it.
    pub preview: bool,
}

impl Default for QueueLook {
    fn default() -> Self {
        Self { columns: QueueColumns::default(), preview: true }
    }
}

impl Default for QueueScreen {
    fn default() -> Self {
        Self {
            bar: QueryBar::default(),
            query: Query::parse(DEFAULT_QUERY).unwrap_or_default(),
            sort: QueueOrder::default(),
            window: QueueWindow::default(),
            load: StoreRead::Waiting,
            count: None,
            to_review: 0,
            hidden: 0,
            is_counting: false,
            preview: StoreRead::Waiting,
            back: None,
            look: QueueLook::default(),
            views: SavedViews::default(),
            offers: FilterCounts::default(),
            marks: Marks::default(),
            counts_all_groups: false,
            generation: 0,
        }
    }
}

impl QueueScreen {
    /// The queue of another store.
    pub fn after(before: &Self) -> Self {
        Self {
            generation: before.generation + 1,
            views: SavedViews::after(&before.views),
            offers: FilterCounts::after(&before.offers),
            ..Self::default()
        }
    }

    /// The number of this state of the queue: answers to another one are dropped.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The scope of a review that starts here: what is shown.
    pub fn scope(&self) -> ReviewScope {
        ReviewScope::Query(self.query.clone(), self.sort)
    }

    /// Goes through what is shown, one conversation after another.
    pub fn begin_review(&self) -> Vec<Effect> {
        let mut effects = go(GoTo::Scope(self.review_scope(), ScreenTab::Queue));
        if self.counts_all_groups {
            effects.extend(say("test groups are counted here and not reviewed: they are left out"));
        } else if self.query.for_review() != self.query {
            effects.extend(say("test groups are left out; test:shown in the filter takes them in"));
        }
        effects
    }

    /// What `r` goes through: what is shown, without test groups unless somebody asked for them.
    pub fn review_scope(&self) -> ReviewScope {
        let (query, sort) = self.listed();
        ReviewScope::Query(query.for_review(), sort)
    }

    /// What is shown, as a review takes it: a count over all groups is no wish to review them all (rule 47).
    pub fn listed(&self) -> (Query, QueueOrder) {
        let query = if self.counts_all_groups { self.query.whatever_group() } else { self.query.clone() };
        (query, self.sort)
    }

    /// Shows what a figure counts, test groups included.
    pub fn show_counted(&mut self, text: &str) -> Vec<Effect> {
        let effects = self.set_query(text);
        self.counts_all_groups = self.query.counts_all_groups();
        effects
    }

    /// The screen that what is shown was opened from.
    pub fn opened_from(&self) -> Option<ScreenTab> {
        self.back.as_ref().filter(|(_, query)| query == self.bar.field.text()).map(|(from, _)| *from)
    }

    /// Asks for all rows, to mark them.
    pub fn mark_all(&self) -> QueueRequest {
        QueueRequest::MarkAll(self.query.clone(), self.sort, self.generation)
    }

    /// Reads the queue anew: another query, another order, another place in it.
    pub fn read_at(&mut self, place: PageStart, land: LandAt) -> Vec<Effect> {
        self.read(place, land, PAGE)
    }

    /// Reads the rows at hand anew: something has changed. The selection stays on its conversation.
    pub fn reread(&mut self) -> Vec<Effect> {
        let (place, rows) = (self.window.same_place(), self.window.rows().len());
        self.read(place, LandAt::Keep, rows.max(PAGE))
    }

    fn read(&mut self, place: PageStart, land: LandAt, limit: usize) -> Vec<Effect> {
        self.generation += 1;
        self.window.expect(land);
        let count = QueueRequest::Count(self.query.clone(), self.generation);
        vec![self.page(place, limit), ask(count)]
    }

    fn page(&self, place: PageStart, limit: usize) -> Effect {
        ask(QueueRequest::Page(PageRequest {
            query: self.query.clone(),
            sort: self.sort,
            place,
            limit,
            generation: self.generation,
        }))
    }

    /// Puts text into the query bar and follows it if it can be read.
    pub fn set_query(&mut self, text: &str) -> Vec<Effect> {
        self.bar.field = TextField::new(text);
        self.bar.offers = None;
        self.follow()
    }

    /// Shows test groups, or hides them: a part of the filter that is in sight, never of the order.
    pub fn toggle_test(&mut self) -> Vec<Effect> {
        let text = self.bar.field.text().to_owned();
        let rest: Vec<&str> = text.split_whitespace().filter(|w| !w.starts_with("test:")).collect();
        let rest = rest.join(" ");
        let to = if self.query.hides_test_groups() { "test:shown" } else { "test:hidden" };
        self.set_query(format!("{rest} {to}").trim())
    }

    /// Reads the query bar; new rows only if it is a query.
    pub fn follow(&mut self) -> Vec<Effect> {
        match Query::parse(&self.bar.readable()) {
            Ok(query) => {
                self.bar.error = None;
                if query != self.query {
                    // What was counted is of another query.
                    (self.count, self.hidden, self.is_counting) = (None, 0, true);
                    self.counts_all_groups = false;
                }
                self.query = query;
                self.read_at(PageStart::Start, LandAt::First)
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
                self.load = StoreRead::Ready(());
                self.bar.answered = Some((asked.query.clone(), asked.sort));
                if Query::parse(&self.bar.readable()).is_ok_and(|written| written == asked.query) {
                    // What had no data yet may have some now.
                    self.bar.error = None;
                }
                if page.partial {
                    self.window.begin_with(page);
                    return Ok(self.ask_preview().into_iter().collect());
                }
                let next = match asked.place {
                    PageStart::After(_) | PageStart::Before(_) => self.window.take(asked.place, page),
                    _ => self.window.begin(asked.place, page),
                };
                self.marks.renew(self.window.rows());
                next
            }
            Err(NoRows { part: Some(part), .. }) => return Ok(self.refuse(part)),
            Err(NoRows { why, part: None }) => {
                self.window.give_up();
                return self.load.take(Err(why)).map(|()| Vec::new());
            }
        };
        let mut effects: Vec<Effect> = next.map(|p| self.page(p, PAGE)).into_iter().collect();
        let moved = before != self.window.selected().map(|r| r.n);
        if moved || !matches!(asked.place, PageStart::After(_) | PageStart::Before(_)) {
            effects.extend(self.ask_preview());
        }
        Ok(effects)
    }

    /// The query names what nothing has, or has no data yet. While it is being written the rows before it stay, and are counted again.
    fn refuse(&mut self, part: Unanswerable) -> Vec<Effect> {
        self.bar.blame(part);
        self.load = StoreRead::Ready(());
        match self.bar.answered.clone().filter(|_| self.bar.editing) {
            Some((query, sort)) => {
                (self.query, self.sort) = (query, sort);
                self.window.give_up();
                vec![ask(QueueRequest::Count(self.query.clone(), self.generation))]
            }
            None => {
                self.window = QueueWindow::default();
                (self.count, self.is_counting) = (None, false);
                Vec::new()
            }
        }
    }

    /// Takes a count of this state of the queue; an error says that it is not known.
    pub fn take_count(&mut self, count: Result<QueueCount, String>, generation: u64) {
        if generation == self.generation {
            self.is_counting = false;
            self.count = count.as_ref().ok().map(|c| c.found);
            let count = count.unwrap_or_default();
            (self.hidden, self.to_review) = (count.hidden, count.to_review);
        }
    }

    /// Whether nothing is there to go through, as far as it is known.
    pub fn finds_nothing(&self) -> bool {
        let is_read = matches!(self.load, StoreRead::Ready(())) && !self.is_counting;
        self.count.map_or(is_read && self.window.rows().is_empty(), |n| n == 0)
    }

    /// Asks for the preview of the selected conversation.
    pub fn ask_preview(&self) -> Option<Effect> {
        let row = self.window.selected()?;
        Some(ask(QueueRequest::Preview(row.n, self.generation)))
    }

    /// Takes a preview if it is of the selected conversation.
    pub fn take_preview(&mut self, item: Result<Box<ReviewItem>, String>) {
        match item {
            Ok(item) if self.window.selected().is_some_and(|r| r.n == item.n) => self.preview = StoreRead::Ready(item),
            Ok(_) => {}
            Err(why) => self.preview = StoreRead::Failed(why),
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

    /// Goes to the first row, or to the last; gives what to ask for.
    pub fn jump_to(&mut self, to_last: bool) -> Vec<Effect> {
        let place = if to_last { self.window.last() } else { self.window.first() };
        match place {
            Some(place) => {
                let land = if to_last { LandAt::Last } else { LandAt::First };
                self.read_at(place, land)
            }
            None => self.ask_preview().into_iter().collect(),
        }
    }
}
