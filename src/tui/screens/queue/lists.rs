//! What the Queue opens above itself: orders, columns, views, filters, where to go, what is marked, cycles.

use super::state::QueueScreen;
use super::state::columns::QueueColumn;
use super::state::filters::FilterOffer;
use super::{marks, order, views};
use crate::action::Action;
use crate::domain::query::views::SHIPPED;
use crate::domain::{ConversationId, DecisionId, Filter, Judgement, Outcome, Query, QueryMoment, Review};
use crate::store::OthersWord;
use crate::theme::Role;
use crate::tui::state::choice::{JudgedAs, JudgedOn, ListChoice, QueueChoice, QueueQuestion, TextQuestion};
use crate::tui::state::float::{ChooserSpec, CycleSpec, ListEntry, ListSubject, MenuSpec, PromptSpec};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{numbers, others, query, words};

/// Builds the list of what the queue can be filtered by without writing, with how many each would leave.
pub fn filters(queue: &QueueScreen, shared: &SharedState) -> ChooserSpec {
    ChooserSpec { subject: ListSubject::Filters, entries: filter_entries(queue, shared) }
}

/// Gives the filters, whether each is on, and how many conversations it finds beside the rest of the filter.
pub fn filter_entries(queue: &QueueScreen, shared: &SharedState) -> Vec<ListEntry> {
    let entry = |o: FilterOffer| ListEntry::new(o.text, queue.offers.count(&o.query), o.choice).mark(o.is_on);
    filter_offers(queue, shared).into_iter().map(entry).collect()
}

/// Everything that the queue can be filtered by without writing.
pub fn filter_offers(queue: &QueueScreen, shared: &SharedState) -> Vec<FilterOffer> {
    // What is a view, too, has its name and finds the same.
    let view = |name: &'static str, why| {
        let query = SHIPPED.iter().find(|view| view.name == name).map_or("", |view| view.query);
        (name, why, query)
    };
    let mut whole = vec![
        ("open failures and escalations", "where every day begins", query::DEFAULT),
        view("mismatches", "log and model disagree"),
        ("everything", "no filter", ""),
    ];
    if shared.counts().disputed.is_some() {
        whole.insert(2, view("disputed", "labels that look wrong to the model"));
    }
    let wide = whole.iter().map(|w| words::width(w.0)).max().unwrap_or(0);
    let mut out: Vec<FilterOffer> = whole
        .into_iter()
        .map(|(name, why, query)| FilterOffer {
            text: format!("{}  {why}", words::pad(name, wide)),
            query: query.to_owned(),
            choice: QueueChoice::Query(query),
            is_on: false,
        })
        .collect();
    let text = queue.bar.field.text();
    let mut add = |key: &'static str, value: &str| {
        out.push(FilterOffer {
            text: format!("{key} {}", words::line(value)),
            query: query::only(text, key, value),
            choice: QueueChoice::Only(key, value.to_owned()),
            is_on: query::values(text, key).iter().any(|v| v == value),
        });
    };
    Outcome::ALL.iter().for_each(|o| add("outcome", o.name()));
    [("since", "7d"), ("since", "28d"), ("test", "hidden"), ("test", "only")].iter().for_each(|(k, v)| add(k, v));
    Review::ALL.iter().for_each(|s| add("status", s.name()));
    add("intent", "fallback");
    shared.intents.iter().for_each(|i| add("intent", &i.name));
    out
}

/// Builds the list of what the queue can be sorted by.
pub fn orders(queue: &QueueScreen) -> MenuSpec {
    let note = "A key comes first; once more turns it round. Up to three, one after another.";
    MenuSpec { stays: true, ..MenuSpec::new("Sort the queue", note, order_entries(queue)) }
}

/// Gives the keys of an order; those that are in use with their place and direction.
pub fn order_entries(queue: &QueueScreen) -> Vec<ListEntry> {
    let sort = queue.sort;
    let offered = order::KEYS.iter().filter(|k| order::offered(k.0, &queue.query));
    offered
        .zip('1'..='9')
        .map(|((by, name, hint), key)| {
            let used = sort.keys().enumerate().find(|(_, k)| k.by == *by);
            let text = used.map_or_else(|| (*name).to_owned(), |(i, k)| format!("{}. {}", i + 1, order::words(k)));
            ListEntry::new(text, *hint, QueueChoice::Sort(*by)).key(key).mark(used.is_some())
        })
        .collect()
}

/// Builds the list of columns.
pub fn columns(queue: &QueueScreen) -> ChooserSpec {
    ChooserSpec { subject: ListSubject::Columns, entries: column_entries(queue) }
}

/// Gives the columns and whether each is on.
pub fn column_entries(queue: &QueueScreen) -> Vec<ListEntry> {
    let on = |c: QueueColumn| queue.look.columns.has(c);
    QueueColumn::ALL.map(|c| ListEntry::new(c.name(), c.help(), QueueChoice::Column(c.name())).mark(on(c))).to_vec()
}

/// Builds the list of all views with their counts, and what can be done with one's own.
pub fn views(queue: &QueueScreen, shared: &SharedState) -> ChooserSpec {
    let all = views::all(queue, shared);
    let current = views::current(queue, &all);
    let wide = all.iter().map(|v| words::width(&words::line(&v.title()))).max().unwrap_or(0);
    let mut entries: Vec<ListEntry> = all
        .iter()
        .enumerate()
        .map(|(i, v)| {
            let why = if v.own { words::line(&v.query) } else { v.why.to_owned() };
            let text = format!("{}  {why}", words::pad(&words::line(&v.title()), wide));
            let choice = QueueChoice::View(v.name.clone());
            ListEntry::new(text, queue.views.count(&v.name), choice).mark(Some(i) == current)
        })
        .collect();
    if !shared.read_only {
        entries.push(ListEntry::new("save what is shown as a view", "", ListChoice::Act(Action::SaveView)));
        for v in all.iter().filter(|v| v.own) {
            let name = words::line(&v.name);
            entries.push(ListEntry::new(format!("rename {name}"), "", QueueChoice::RenameView(v.name.clone())));
            entries.push(ListEntry::new(format!("delete {name}"), "", QueueChoice::DeleteView(v.name.clone())));
        }
    }
    ChooserSpec { subject: ListSubject::Views, entries }
}

/// Asks under which name a view is saved; or the view of a name is kept from now on.
pub fn view_name(queue: &QueueScreen, from: Option<String>) -> PromptSpec {
    let own = queue.views.chosen.clone().filter(|c| queue.views.saved.iter().any(|v| v.name == *c));
    let text = from.clone().or(own).unwrap_or_default();
    let (title, note) = match &from {
        Some(name) => (format!("Rename view {}", words::line(name)), "Its query, order and columns stay.".to_owned()),
        None => {
            let query = words::line(queue.bar.field.text().trim());
            let query = if query.is_empty() { "everything".to_owned() } else { query };
            let note =
                format!("{query}, sorted by {}. A view of the same name is replaced.", order::spoken(queue.sort));
            ("Save as a view".to_owned(), note)
        }
    };
    prompt(QueueQuestion::ViewName(from), title, vec![(note, Role::Text)], text)
}

fn prompt(
    question: QueueQuestion,
    title: impl Into<String>,
    notes: Vec<(String, Role)>,
    text: impl Into<String>,
) -> PromptSpec {
    PromptSpec { question: TextQuestion::Queue(question), title: title.into(), notes, text: text.into() }
}

/// Asks before one's own view is deleted.
pub fn delete_view(name: &str) -> MenuSpec {
    let entries = vec![
        ListEntry::new("delete", "", QueueChoice::DropView(name.to_owned())).key('1'),
        ListEntry::new("keep", "", ListChoice::Nothing).key('2'),
    ];
    let title = format!("Delete view {}?", words::line(name));
    MenuSpec::new(title, "Only the view goes; no conversation is touched.", entries)
}

/// Asks where to go.
pub fn jump() -> PromptSpec {
    let notes = vec![
        ("A conversation by its number or name: 90412, #90412, web:55.".to_owned(), Role::Text),
        ("A day in an order by time: 2026-03-01, 7d.".to_owned(), Role::Text),
    ];
    prompt(QueueQuestion::Jump, "Go to", notes, "")
}

/// Offers to open a conversation that one wanted to go to and that is not in the queue as it is filtered by `query`.
pub fn hidden(id: ConversationId, query: &Query) -> MenuSpec {
    let entries = vec![
        ListEntry::new("open it in Review", "", QueueChoice::Open(id)).key('1'),
        ListEntry::new("stay in the queue", "", ListChoice::Nothing).key('2'),
    ];
    let note = match query.hides_test_groups() {
        true => "The filter hides it; test:hidden hides all test groups.",
        false => "The filter hides it.",
    };
    MenuSpec::new(format!("#{} is not in this list", id.0), note, entries)
}

/// Builds the list of what can be said of everything that is marked.
pub fn marked(queue: &QueueScreen) -> MenuSpec {
    let judged = |as_what| ListChoice::Judged(JudgedOn::Marked, as_what);
    let entries = vec![
        ListEntry::new("the customer wanted …", "one intent for each turn to judge", ListChoice::Act(Action::PickAny))
            .key('i'),
        ListEntry::new("the AI had understood, and …", "as named above, and one cause: done", QueueChoice::Understood)
            .key('a'),
        ListEntry::new("it failed because …", "one cause; the intent stays open", ListChoice::Act(Action::Why))
            .key('w'),
        ListEntry::new("later", "left open for later", ListChoice::Act(Action::Later)).key('l'),
        ListEntry::new("skip", "nobody can tell from these", ListChoice::Act(Action::Skip)).key('s'),
        ListEntry::new("ask …", "they wait until somebody answers", ListChoice::Act(Action::Flag)).key('f'),
        ListEntry::new("resolved after all", "the AI solved them", judged(JudgedAs::Outcome(Outcome::Resolved)))
            .key('r'),
        ListEntry::new("spam or tests", "they leave all rates", judged(JudgedAs::Traffic(false))).key('x'),
    ];
    let title = format!("Judge the {} marked", numbers::count(queue.marks.len() as u64));
    MenuSpec { samples: queue.marks.samples(), ..MenuSpec::new(title, marks::about(&queue.marks), entries) }
}

/// Asks what somebody wants to know about what is marked.
pub fn question(queue: &QueueScreen) -> PromptSpec {
    let about = format!("Ask about the {} marked", numbers::count(queue.marks.len() as u64));
    prompt(QueueQuestion::Question, about, others::asking(), "")
}

/// Asks what is to stand on conversations of which others judged some.
pub fn overtaken(said: &[OthersWord], ids: Vec<ConversationId>, judgement: Judgement, seen: DecisionId) -> MenuSpec {
    let theirs: Vec<ConversationId> = said.iter().map(|w| w.n).collect();
    let rest: Vec<ConversationId> = ids.iter().copied().filter(|id| !theirs.contains(id)).collect();
    let judged = numbers::plural((ids.len() - rest.len()) as u64, "of them was", "of them were");
    let mut entries = vec![ListEntry::new("look at them", "nothing is saved yet", ListChoice::Nothing).key('l')];
    if !rest.is_empty() {
        let text = format!("keep theirs, judge the other {}", numbers::count(rest.len() as u64));
        entries.push(ListEntry::new(text, "", QueueChoice::JudgeOthers(rest, judgement.clone(), seen)).key('y'));
    }
    let all = QueueChoice::JudgeAll(ids, judgement);
    entries.push(ListEntry::new("set mine on all", "theirs stays in the history", all).key('m'));
    let title = format!("{judged} judged while they were marked: {}", others::names(said));
    MenuSpec::new(title, others::told(said, false, true), entries)
}

/// Asks what a cycle is to be opened with.
pub fn cycle(queue: &QueueScreen) -> CycleSpec {
    let goal = queue.count.unwrap_or(120).clamp(1, 120);
    let recent = recent(queue);
    let found = match queue.count.map(numbers::count) {
        Some(_) if recent.is_some() => found(queue, "…"),
        Some(n) => format!("{n} match now"),
        None => String::new(),
    };
    CycleSpec { goal, scope: recent.unwrap_or_else(|| queue.query.clone()).to_string(), found }
}

/// What a cycle is proposed over where that is less than what is shown. What failed half a year ago may be repaired by now: a
/// cycle is about the days behind it unless the filter names others.
pub fn recent(queue: &QueueScreen) -> Option<Query> {
    let has_times = queue.window.rows().iter().any(|r| r.at.is_some());
    (has_times && !queue.query.says_when()).then(|| queue.query.with(Filter::Since(QueryMoment::Days(7))))
}

/// How many are shown, and how many of them a cycle is proposed over.
pub fn found(queue: &QueueScreen, recent: &str) -> String {
    let all = queue.count.map_or_else(|| "–".to_owned(), numbers::count);
    format!("{all} match in all, {recent} in the last seven days (since:7d)")
}

/// Asks what is to be done next, before the open cycle is closed.
pub fn close_cycle(shared: &SharedState) -> Option<PromptSpec> {
    let counts = shared.counts();
    let cycle = counts.cycle?;
    let mut notes = vec![
        (
            format!(
                "{} of {} are reviewed. What is open stays in the queue.",
                numbers::count(cycle.done),
                numbers::count(cycle.goal)
            ),
            Role::Text,
        ),
        ("Fine-tuning can then learn up to here. u opens it again.".to_owned(), Role::Muted),
        (
            "What is to be done next? The next cycle shows it beside what happened. Nothing is an answer, too."
                .to_owned(),
            Role::Text,
        ),
    ];
    if let Some((name, plan)) = counts.planned {
        // What was meant stands beside what is meant now; how it went is on the page of cycles.
        let words = format!("Planned last time ({}): {}", words::line(&name), words::line(&plan));
        notes.insert(2, (words, Role::Heading));
    }
    Some(prompt(QueueQuestion::CyclePlan(cycle.id), format!("Close cycle {}", words::line(&cycle.name)), notes, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_a_conversation_is_what_the_filter_says() {
        let note = |query: &str| hidden(ConversationId(8_403), &Query::parse(query).unwrap()).note;
        assert!(note("status:open test:hidden").contains("test:hidden hides all test groups"));
        assert_eq!(note("status:open test:shown"), "The filter hides it.");
    }
}
