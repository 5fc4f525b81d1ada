//! Opening what floats: which entries, which explanations.

use super::sheet::Content;
use super::{Asked, Choice, Chooser, Editor, Entry, Menu, Overlay, Prompt, Purpose, Sheet, Subject};
use crate::action::{Action, Scope, rows};
use crate::domain::{Cause, Outcome, Review};
use crate::theme::Role;
use crate::tui::guide::enabled::enabled;
use crate::tui::screens::queue::query;
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::widgets::{numbers, words};

fn push(app: &mut App, overlay: Overlay) -> Vec<Effect> {
    app.overlays.push(overlay);
    Vec::new()
}

/// The keys that work here, those of this screen first.
pub fn open_keys(app: &mut App) -> Vec<Effect> {
    let mut scopes = app.scopes();
    if scopes.contains(&Scope::Review) && !scopes.contains(&Scope::Cause) {
        scopes.insert(1, Scope::Cause);
    }
    scopes.extend([Scope::Menu, Scope::Field, Scope::Editor]);
    push(app, Overlay::Sheet(Sheet::new(Content::Keys(scopes))))
}

/// The details of the last message that had any.
pub fn open_details(app: &mut App) -> Vec<Effect> {
    match app.toasts.last_detail.clone() {
        Some((what, why)) => push(app, Overlay::Sheet(Sheet::new(Content::Detail(what, why)))),
        None => app.say("no message has details"),
    }
}

/// Every command that exists on this screen, with its key; what cannot be done now says why.
pub fn open_palette(app: &mut App) -> Vec<Effect> {
    let scopes = app.scopes();
    let entries = scopes
        .iter()
        .filter(|s| **s != Scope::Move)
        .flat_map(|s| rows().filter(move |r| r.scope == *s))
        .filter(|r| !matches!(r.action, Action::Pick(_) | Action::Palette))
        .map(|r| {
            let key = app.keys.map.first_key(r);
            let hint = match enabled(app, r.action) {
                Ok(()) => key,
                Err(why) => why.to_owned(),
            };
            let text = match r.action {
                Action::Tab(n) => {
                    let screen = Screen::ALL.into_iter().find(|s| s.number() == n).unwrap_or_default();
                    format!("go to {}", screen.title())
                }
                _ => r.name.replace('-', " "),
            };
            Entry::new(
                format!("{text}  {}", if text == r.label { "" } else { r.help }).trim_end(),
                hint,
                Choice::Act(r.action),
            )
        })
        .collect();
    push(app, Overlay::Chooser(Chooser::new(Subject::Commands, entries)))
}

/// All intents, the most used first.
pub fn open_intents(app: &mut App) -> Vec<Effect> {
    if app.shared.intents.is_empty() {
        return ask_new_intent(app);
    }
    let reviewing = app.screen == Screen::Review;
    let label: Vec<String> = app
        .review
        .item()
        .filter(|_| reviewing)
        .and_then(|i| i.labels.iter().find(|(t, ..)| Some(*t) == app.review.turn))
        .map(|(_, names, _)| names.clone())
        .unwrap_or_default();
    let mut intents: Vec<_> = app.shared.intents.iter().collect();
    intents.sort_by_key(|i| std::cmp::Reverse(i.labels + i.examples));
    let entries = intents
        .into_iter()
        .map(|i| {
            let hint = match i.labels {
                _ if i.name == crate::domain::OUT_OF_SCOPE => "not for the AI".to_owned(),
                0 => String::new(),
                n => numbers::plural(n, "label", "labels"),
            };
            Entry::new(words::line(&i.name), hint, Choice::Intent(i.id)).mark(label.contains(&i.name))
        })
        .chain(app.shared.intents.iter().flat_map(other_names))
        .collect();
    push(app, Overlay::Chooser(Chooser::new(Subject::Intents, entries)))
}

/// What was called otherwise is found by its former names, too.
fn other_names(i: &crate::store::IntentRow) -> impl Iterator<Item = Entry> + '_ {
    let hint = format!("is {} now", words::line(&i.name));
    i.aliases.iter().map(move |name| Entry::new(words::line(name), hint.clone(), Choice::Intent(i.id)))
}

/// What the queue can be filtered by without writing.
pub fn open_filters(app: &mut App) -> Vec<Effect> {
    let entries = filter_entries(app);
    push(app, Overlay::Chooser(Chooser::new(Subject::Filters, entries)))
}

/// The filters and whether each is on.
pub fn filter_entries(app: &App) -> Vec<Entry> {
    let text = app.queue.bar.field.text();
    let (outcomes, statuses, intents) =
        (query::values(text, "outcome"), query::values(text, "status"), query::values(text, "intent"));
    let mut out = vec![
        Entry::new("open failures and escalations", "where every day begins", Choice::Query(query::DEFAULT)),
        Entry::new("AI and reviewer disagree", "is:mismatch", Choice::Query("is:mismatch")),
        Entry::new("everything", "no filter", Choice::Query("")),
    ];
    if app.overview().disputed.is_some() {
        let entry = Entry::new("labels that look wrong to the model", "is:disputed", Choice::Query("is:disputed"));
        out.insert(2, entry);
    }
    let mut add = |key: &'static str, value: &str, on: bool| {
        let clean = words::line(value);
        out.push(Entry::new(format!("{key} {clean}"), "", Choice::Facet(key, value.to_owned())).mark(on));
    };
    for o in Outcome::ALL {
        add("outcome", o.name(), outcomes.iter().any(|v| v == o.name()));
    }
    for s in Review::ALL {
        add("status", s.name(), statuses.iter().any(|v| v == s.name()));
    }
    add("intent", "fallback", intents.iter().any(|v| v == "fallback"));
    for i in &app.shared.intents {
        add("intent", &i.name, intents.contains(&i.name));
    }
    out
}

/// Why it failed.
pub fn open_causes(app: &mut App) -> Vec<Effect> {
    let now = app.review.item().filter(|_| app.screen == Screen::Review).and_then(|i| i.cause);
    let entries = Cause::ALL
        .iter()
        .map(|c| Entry::new(c.label(), c.meaning(), Choice::Cause(*c)).mark(now == Some(*c)))
        .collect();
    let mut menu = Menu::new("Why did it fail?", "", entries);
    menu.causes = true;
    push(app, Overlay::Menu(menu))
}

/// How it really ended.
pub fn open_outcomes(app: &mut App) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    let now = item.conversation.outcome.filter(|_| !item.blind());
    let entry = |key, text, hint, o: Outcome| Entry::new(text, hint, Choice::Outcome(o)).key(key).mark(now == Some(o));
    let traffic = if item.traffic {
        Entry::new("spam or a test", "leaves all rates", Choice::Traffic(false)).key('5')
    } else {
        Entry::new("a real customer after all", "back into the rates", Choice::Traffic(true)).key('5')
    };
    let entries = vec![
        entry('1', "resolved after all", "the AI solved it", Outcome::Resolved),
        entry('2', "escalated", "handed to a person", Outcome::Escalated),
        entry('3', "failed", "the AI did not solve it", Outcome::Failed),
        entry('4', "abandoned", "the customer left before", Outcome::Abandoned),
        traffic,
    ];
    push(app, Overlay::Menu(Menu::new("How did it really end?", "", entries)))
}

/// How the customer felt.
pub fn open_sentiments(app: &mut App) -> Vec<Effect> {
    let now = app.review.item().and_then(|i| i.sentiment);
    let entry =
        |key, text: &str, v: f64| Entry::new(text, "", Choice::Sentiment(Some(v))).key(key).mark(now == Some(v));
    let entries = vec![
        entry('1', "angry", -1.0),
        entry('2', "let down", -0.5),
        entry('3', "neither way", 0.0),
        entry('4', "pleased", 0.5),
        entry('5', "delighted", 1.0),
        Entry::new("not said", "", Choice::Sentiment(None)).key('0'),
    ];
    push(app, Overlay::Menu(Menu::new("How did the customer feel?", "", entries)))
}

/// The editor with the answer that the AI gave, or the correction so far.
pub fn edit_response(app: &mut App) -> Vec<Effect> {
    let Some((item, turn)) = app.review.item().zip(app.review.answer_turn()) else { return Vec::new() };
    let corrected = item.responses.iter().find(|(t, _)| *t == turn).map(|(_, text)| text.as_str());
    let said = item.conversation.turn(turn).map(|t| t.corrected.as_deref().unwrap_or(&t.text)).unwrap_or_default();
    let customer = app.review.turn.and_then(|t| item.conversation.turn(t)).map(|t| t.text.as_str()).unwrap_or_default();
    let draft = item.drafts.iter().find(|(t, _)| *t == turn).map(|(_, text)| text.as_str());
    let editor = Editor::new(Purpose::Response(item.n, turn), corrected.unwrap_or(said), customer).with_draft(draft);
    push(app, Overlay::Editor(Box::new(editor)))
}

/// The editor with the note so far.
pub fn edit_note(app: &mut App) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    let editor = Editor::new(Purpose::Note(item.n), item.note.as_deref().unwrap_or_default(), "");
    push(app, Overlay::Editor(Box::new(editor)))
}

/// Asks for the name of a new intent.
pub fn ask_new_intent(app: &mut App) -> Vec<Effect> {
    let said = app.review.item().zip(app.review.turn).and_then(|(i, t)| i.conversation.turn(t));
    let said = said.map(|t| words::fit(&words::line(&t.text), 200)).unwrap_or_default();
    let notes = vec![
        (format!("“{said}”"), Role::Text),
        (
            "What does the customer want? Short, as the others are named: refund_status, change_booking.".to_owned(),
            Role::Muted,
        ),
    ];
    push(app, Overlay::Prompt(Prompt::new(Asked::NewIntent, "A new intent", notes, "")))
}

/// Asks what somebody wants to know about the conversation, or about what is marked.
pub fn ask_question(app: &mut App) -> Vec<Effect> {
    let text = "It leaves Review until somebody has answered; the view `asked` lists what waits.";
    let notes = vec![("What do you want to know?".to_owned(), Role::Text), (text.to_owned(), Role::Muted)];
    let about = match app.screen {
        Screen::Queue => format!("Ask about the {} marked", numbers::count(app.queue.marks.len() as u64)),
        _ => "Ask about this conversation".to_owned(),
    };
    push(app, Overlay::Prompt(Prompt::new(Asked::Question, about, notes, "")))
}

/// Asks for the answer to what is asked about the conversation.
pub fn ask_answer(app: &mut App) -> Vec<Effect> {
    let Some(item) = app.review.item() else { return Vec::new() };
    let asked = item.question().filter(|q| q.answer.is_none());
    let said = asked.map_or_else(|| "flagged without a question".to_owned(), |q| format!("{} asks: {}", q.by, q.text));
    let notes = vec![
        (words::paragraph(&said).to_string(), Role::Text),
        ("With an answer it is open again.".to_owned(), Role::Muted),
    ];
    push(app, Overlay::Prompt(Prompt::new(Asked::Answer, "Answer", notes, "")))
}

/// Asks how long a cycle is to be opened.
pub fn ask_cycle(app: &mut App) -> Vec<Effect> {
    let scope = app.queue.query.to_string();
    let scope = if scope.is_empty() { "everything".to_owned() } else { scope };
    let found = app.queue.count.map(|n| format!(" ({} match now)", numbers::count(n))).unwrap_or_default();
    let notes = vec![
        (format!("{}{found}", words::line(&scope)), Role::Text),
        (
            "The cycle takes the most valuable of these and a random sample beside them. What is in it is fixed when it \
             opens; later conversations go to the next cycle."
                .to_owned(),
            Role::Muted,
        ),
        ("How many conversations do you want to review?".to_owned(), Role::Text),
    ];
    let goal = app.queue.count.unwrap_or(120).clamp(1, 120).to_string();
    push(app, Overlay::Prompt(Prompt::new(Asked::CycleGoal, "Open a review cycle", notes, &goal)))
}

/// Asks before a cycle is closed.
pub fn confirm_close_cycle(app: &mut App) -> Vec<Effect> {
    let overview = app.overview();
    let Some(cycle) = overview.cycle else { return Vec::new() };
    let note = format!("{} of {} are reviewed. What is open stays in the queue.", cycle.done, cycle.goal);
    let entries = vec![
        Entry::new("close it", "fine-tuning can then learn up to here", Choice::CloseCycle(cycle.id)).key('1'),
        Entry::new("leave it open", "", Choice::Nothing).key('2'),
    ];
    push(app, Overlay::Menu(Menu::new(format!("Close cycle {}?", words::line(&cycle.name)), note, entries)))
}

/// Asks whether to be shown around.
pub fn offer_tour(app: &mut App) {
    let entries = vec![
        Entry::new("show me around", "one review, one fine-tuning; two minutes", Choice::Tour).key('1'),
        Entry::new("I look around myself", "T begins the tour later", Choice::Nothing).key('2'),
    ];
    let note = "This is a made-up company: half a year of customers, an AI that learned week by week, and a week of \
                failures to review. Nothing in it can be broken.";
    app.overlays.push(Overlay::Menu(Menu::new("The demo is ready", note, entries)));
}

/// Asks before leaving while work is running.
pub fn confirm_quit(app: &mut App) -> Vec<Effect> {
    let entries = vec![
        Entry::new("leave", "the run is cancelled; what is saved stays", Choice::Quit).key('1'),
        Entry::new("stay", "", Choice::Nothing).key('2'),
    ];
    let what = match &app.tune.work {
        Some(work) => format!("{} is not finished", work.title()),
        None => "Something is being loaded".to_owned(),
    };
    push(app, Overlay::Menu(Menu::new(what, "", entries)))
}
