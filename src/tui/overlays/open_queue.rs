//! Opening what floats above the Queue: orders, columns, views, where to go, what is marked.

use super::{Asked, Choice, Chooser, Entry, Menu, Overlay, Prompt, Subject};
use crate::action::Action;
use crate::domain::{ConversationId, Outcome};
use crate::theme::Role;
use crate::tui::screens::queue::columns::Column;
use crate::tui::screens::queue::{marks, order, views};
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::widgets::words;

fn push(app: &mut App, overlay: Overlay) -> Vec<Effect> {
    app.overlays.push(overlay);
    Vec::new()
}

/// What the queue can be sorted by.
pub fn open_orders(app: &mut App) -> Vec<Effect> {
    let note = "A key comes first; once more turns it round. Up to three, one after another.";
    let entries = order_entries(app);
    push(app, Overlay::Menu(Menu::new("Sort the queue", note, entries)))
}

/// The keys of an order; those that are in use with their place and direction.
pub fn order_entries(app: &App) -> Vec<Entry> {
    let sort = app.queue.sort;
    let offered = order::KEYS.iter().filter(|k| order::offered(k.0, &app.queue.query));
    offered
        .zip('1'..='9')
        .map(|((by, name, hint), key)| {
            let used = sort.keys().enumerate().find(|(_, k)| k.by == *by);
            let text = used.map_or_else(|| (*name).to_owned(), |(i, k)| format!("{}. {}", i + 1, order::words(k)));
            Entry::new(text, *hint, Choice::Sort(*by)).key(key).mark(used.is_some())
        })
        .collect()
}

/// The columns of the list.
pub fn open_columns(app: &mut App) -> Vec<Effect> {
    let entries = column_entries(app);
    push(app, Overlay::Chooser(Chooser::new(Subject::Columns, entries)))
}

/// The columns and whether each is on.
pub fn column_entries(app: &App) -> Vec<Entry> {
    let on = |c: Column| app.queue.look.columns.has(c);
    Column::ALL.map(|c| Entry::new(c.name(), c.help(), Choice::Column(c)).mark(on(c))).to_vec()
}

/// All views with their counts, and what can be done with one's own.
pub fn open_views(app: &mut App) -> Vec<Effect> {
    let all = views::all(app);
    let current = views::current(app, &all);
    let mut entries: Vec<Entry> = all
        .iter()
        .enumerate()
        .map(|(i, v)| {
            let why = if v.own { words::line(&v.query) } else { v.why.to_owned() };
            let text = format!("{}  {why}", words::line(&v.name));
            Entry::new(text, app.queue.views.count(&v.name), Choice::View(v.name.clone())).mark(Some(i) == current)
        })
        .collect();
    if !app.shared.read_only {
        entries.push(Entry::new("save what is shown as a view", "", Choice::Act(Action::SaveView)));
        for v in all.iter().filter(|v| v.own) {
            let name = words::line(&v.name);
            entries.push(Entry::new(format!("rename {name}"), "", Choice::RenameView(v.name.clone())));
            entries.push(Entry::new(format!("delete {name}"), "", Choice::DeleteView(v.name.clone())));
        }
    }
    push(app, Overlay::Chooser(Chooser::new(Subject::Views, entries)))
}

/// Asks under which name a view is saved; or the view of a name is kept from now on.
pub fn ask_view_name(app: &mut App, from: Option<String>) -> Vec<Effect> {
    let own = app.queue.views.chosen.clone().filter(|c| app.queue.views.saved.iter().any(|v| v.name == *c));
    let text = from.clone().or(own).unwrap_or_default();
    let (title, note) = match &from {
        Some(name) => (format!("Rename view {}", words::line(name)), "Its query, order and columns stay.".to_owned()),
        None => {
            let query = words::line(app.queue.bar.field.text());
            let query = if query.is_empty() { "everything".to_owned() } else { query };
            let note =
                format!("{query}, sorted by {}. A view of the same name is replaced.", order::spoken(app.queue.sort));
            ("Save as a view".to_owned(), note)
        }
    };
    let prompt = Prompt::new(Asked::ViewName(from), title, vec![(note, Role::Text)], &text);
    push(app, Overlay::Prompt(prompt))
}

/// Asks before one's own view is deleted.
pub fn confirm_delete_view(app: &mut App, name: &str) -> Vec<Effect> {
    let entries = vec![
        Entry::new("delete", "", Choice::DropView(name.to_owned())).key('1'),
        Entry::new("keep", "", Choice::Nothing).key('2'),
    ];
    let title = format!("Delete view {}?", words::line(name));
    push(app, Overlay::Menu(Menu::new(title, "Only the view goes; no conversation is touched.", entries)))
}

/// Asks where to go.
pub fn ask_jump(app: &mut App) -> Vec<Effect> {
    let notes = vec![
        ("A conversation by its number or name: 90412, #90412, web:55.".to_owned(), Role::Text),
        ("A day in an order by time: 2026-03-01, 7d.".to_owned(), Role::Text),
    ];
    push(app, Overlay::Prompt(Prompt::new(Asked::Jump, "Go to", notes, "")))
}

/// A conversation that one wanted to go to is not in the queue as it is filtered.
pub fn offer_hidden(app: &mut App, id: ConversationId) -> Vec<Effect> {
    let entries = vec![
        Entry::new("open it in Review", "", Choice::Open(id)).key('1'),
        Entry::new("stay in the queue", "", Choice::Nothing).key('2'),
    ];
    let note = "The filter hides it; test:hidden hides all test groups.";
    push(app, Overlay::Menu(Menu::new(format!("#{} is not in this list", id.0), note, entries)))
}

/// What can be said of everything that is marked.
pub fn open_marked(app: &mut App) -> Vec<Effect> {
    let entries = vec![
        Entry::new("the customer wanted …", "one intent for the failing turn of each", Choice::Act(Action::PickAny))
            .key('i'),
        Entry::new("it failed because …", "one cause for all", Choice::Act(Action::Why)).key('w'),
        Entry::new("later", "left open for later", Choice::Act(Action::Later)).key('l'),
        Entry::new("cannot tell", "nobody can tell from these", Choice::Act(Action::Skip)).key('s'),
        Entry::new("ask …", "they wait until somebody answers", Choice::Act(Action::Flag)).key('f'),
        Entry::new("resolved after all", "the AI solved them", Choice::Outcome(Outcome::Resolved)).key('r'),
        Entry::new("spam or tests", "they leave all rates", Choice::Traffic(false)).key('x'),
    ];
    let title = format!("Judge the {} marked", crate::tui::widgets::numbers::count(app.queue.marks.len() as u64));
    let note = marks::about(&app.queue.marks);
    push(app, Overlay::Menu(Menu::new(title, note, entries)))
}
