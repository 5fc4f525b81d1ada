//! Lists that several screens open: intents and causes.

use super::{numbers, words};
use crate::base::did_you_mean::nearest_within;
use crate::domain::{Cause, Filter, IntentId, OUT_OF_SCOPE, Query};
use crate::store::IntentRow;
use crate::text::language::asked_in;
use crate::text::{name_key, trim_name};
use crate::theme::Role;
use crate::tui::state::choice::{JudgedAs, JudgedOn, ListChoice, TextQuestion};
use crate::tui::state::float::{ChooserSpec, ListEntry, ListSubject, MenuSpec, PromptSpec};

/// Builds the list of all intents, the most used first; those of a label are marked.
pub fn intents(all: &[IntentRow], on: JudgedOn, label: &[String], said: &str) -> ChooserSpec {
    let language = asked_in(said, None);
    let entry =
        |text: String, hint: String, id| ListEntry::new(text, hint, ListChoice::Judged(on, JudgedAs::Intent(id)));
    let mut used: Vec<_> = all.iter().collect();
    used.sort_by_key(|i| std::cmp::Reverse(i.labels + i.examples));
    let named = used.into_iter().map(|i| {
        let hint = match i.labels {
            _ if i.name == OUT_OF_SCOPE => "not for the AI".to_owned(),
            0 => String::new(),
            n => numbers::plural(n, "label", "labels"),
        };
        entry(words::line(&i.name), hint, i.id).mark(label.contains(&i.name)).detail(about(i, &language))
    });
    // What was called otherwise is found by its former names, too.
    let former = all.iter().flat_map(|i| {
        let hint = format!("is {} now", words::line(&i.name));
        i.aliases.iter().map(move |name| entry(words::line(name), hint.clone(), i.id))
    });
    let entries = named.chain(former).collect();
    ChooserSpec { subject: ListSubject::Intents(on), entries }
}

/// What it means, where somebody has said so, then what customers said who wanted it.
fn about(intent: &IntentRow, language: &str) -> Vec<String> {
    intent.meaning.iter().map(|m| words::line(m)).chain(samples(intent, language)).collect()
}

/// Lines of what customers said.
const SAMPLES: usize = 2;

/// What customers said who wanted it, a line each; in this language where there is any.
fn samples(intent: &IntentRow, language: &str) -> Vec<String> {
    let mut said: Vec<&String> = intent.samples.iter().collect();
    said.sort_by_key(|text| asked_in(text, None) != language);
    said.into_iter().take(SAMPLES).map(|s| format!("“{}”", words::line(s))).collect()
}

/// Whether an intent is in use.
pub fn is_intent(all: &[IntentRow], id: IntentId) -> bool {
    all.iter().any(|i| i.id == id)
}

/// Finds the intent that a name means. Of twins the exact spelling is meant, else the oldest.
pub fn intent_called(all: &[IntentRow], name: &str) -> Option<IntentId> {
    let key = name_key(name);
    let called = |i: &&IntentRow| std::iter::once(&i.name).chain(&i.aliases).any(|n| name_key(n) == key);
    all.iter().filter(called).min_by_key(|i| (i.name != trim_name(name), i.id)).map(|i| i.id)
}

/// Letters that are wrong where the fingers slipped; more make another word.
const SLIPS: usize = 2;

/// Finds the intent whose name a name is easily taken for: a slip of the fingers, a plural, other word breaks.
pub fn near_name<'a>(all: &'a [IntentRow], name: &str) -> Option<&'a IntentRow> {
    let plain = |n: &str| name_key(n).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let own: Vec<(String, &IntentRow)> =
        all.iter().flat_map(|i| std::iter::once(&i.name).chain(&i.aliases).map(move |n| (plain(n), i))).collect();
    let wanted = plain(name);
    let near = nearest_within(&wanted, own.iter().map(|(n, _)| n.as_str()), SLIPS)?;
    own.iter().find(|(n, _)| n == near).map(|(_, i)| *i)
}

/// Asks whether an intent that is there was meant by a new name.
pub fn did_you_mean(on: JudgedOn, name: &str, near: &IntentRow) -> MenuSpec {
    let entries = vec![
        ListEntry::new(words::line(&near.name), sample_of(near), ListChoice::Judged(on, JudgedAs::Intent(near.id)))
            .key('1'),
        ListEntry::new(
            format!("new: {}", words::line(name)),
            "",
            ListChoice::Judged(on, JudgedAs::New(name.to_owned())),
        )
        .key('2'),
    ];
    MenuSpec::new("Did you mean one that is there?", "Two names for one wish teach the AI neither.", entries)
}

/// Asks whether what was looked for and not found is to be a new intent.
pub fn make_new(on: JudgedOn, name: &str) -> MenuSpec {
    let back = ListEntry::new("look again", "", ListChoice::Nothing);
    if is_filter(name) {
        let note = format!("{} is a filter: in the Queue / takes it.", words::line(name));
        return MenuSpec::new("No intent is called so", note, vec![back]);
    }
    let new = ListEntry::new(
        format!("make it new: {}", words::line(name)),
        "",
        ListChoice::Judged(on, JudgedAs::New(name.to_owned())),
    );
    MenuSpec::new("No intent is called so", "", vec![back, new.key('n')])
}

/// Whether what was written for an intent is meant for the Queue: `#8396`, `outcome:failed`.
fn is_filter(name: &str) -> bool {
    Query::parse(name).is_ok_and(|q| q.terms.iter().any(|t| !matches!(t.filter, Filter::Words(_) | Filter::Phrase(_))))
}

/// Whether no intent has this name or one that it is easily taken for.
pub fn is_unlike_all(all: &[IntentRow], name: &str) -> bool {
    intent_called(all, name).is_none() && near_name(all, name).is_none()
}

/// What customers say who want it, where something is known.
fn sample_of(intent: &IntentRow) -> String {
    intent.samples.first().map(|s| format!("“{}”", words::fit(&words::line(s), 40))).unwrap_or_default()
}

/// Asks for the name of a new intent, with what the customer said above it.
pub fn new_intent(question: TextQuestion, said: &str, all: &[IntentRow]) -> PromptSpec {
    let mut notes = vec![
        (format!("“{said}”"), Role::Text),
        (format!("What does the customer want? Short, as the others are named{}.", named(all)), Role::Muted),
    ];
    if all.is_empty() {
        let first = "It is the first: what a cause alone has closed opens again, to say what the customer wanted.";
        notes.push((first.to_owned(), Role::Muted));
    }
    PromptSpec { question, title: "A new intent".to_owned(), notes, text: String::new() }
}

/// How the team names its intents.
fn named(all: &[IntentRow]) -> String {
    let mut own: Vec<&IntentRow> = all.iter().filter(|i| i.name != OUT_OF_SCOPE).collect();
    own.sort_by_key(|i| std::cmp::Reverse(i.labels));
    let own: Vec<String> = own.into_iter().take(2).map(|i| words::line(&i.name)).collect();
    if own.is_empty() { ", in a word or two".to_owned() } else { format!(": {}", own.join(", ")) }
}

/// Asks why it failed; only what can be true is offered.
pub fn causes(on: JudgedOn, now: Option<Cause>, possible: &[Cause]) -> MenuSpec {
    causes_as(on, now, possible, JudgedAs::Cause)
}

/// Asks why it failed although the AI had understood it.
pub fn causes_of_understood(on: JudgedOn) -> MenuSpec {
    let possible: Vec<Cause> = Cause::ALL.iter().copied().filter(|c| !is_of_intent(*c)).collect();
    let menu = causes_as(on, None, &possible, JudgedAs::Understood);
    MenuSpec { title: "The AI had understood them, and it failed because …".to_owned(), ..menu }
}

/// How many a reason for failing is not said of, after a clause; empty where there are none.
pub fn stay_out(unfailed: u64) -> String {
    match unfailed {
        0 => String::new(),
        1 => "; 1 stays out: nothing says that it failed".to_owned(),
        n => format!("; {} stay out: nothing says that they failed", numbers::count(n)),
    }
}

/// What is said of those that stay open after a reason why: how many in a clause of its own, which is kept where the line has
/// no room for why.
pub fn stay_open(open: usize) -> String {
    match open {
        0 => String::new(),
        1 => "; 1 stays open; nobody has said what the customer wanted".to_owned(),
        n => format!("; {} stay open; nobody has said what the customers wanted", numbers::count(n as u64)),
    }
}

/// Whether it says that the intent was the reason.
const fn is_of_intent(cause: Cause) -> bool {
    cause.is_about_intent() || matches!(cause, Cause::OutOfScope)
}

fn causes_as(on: JudgedOn, now: Option<Cause>, possible: &[Cause], judged: impl Fn(Cause) -> JudgedAs) -> MenuSpec {
    let entry =
        |c: &Cause| ListEntry::new(c.label(), c.meaning(), ListChoice::Judged(on, judged(*c))).mark(now == Some(*c));
    // What is selected by nobody is stored by no Enter.
    let leave = match on {
        JudgedOn::Item => "Esc leaves it as it is",
        JudgedOn::Marked | JudgedOn::Pattern => "Esc leaves them as they are",
    };
    let none = now.is_none().then(|| ListEntry::unchosen("choose a cause", leave));
    let entries = none.into_iter().chain(possible.iter().map(entry)).collect();
    MenuSpec { has_causes: true, ..MenuSpec::new("Why did it fail?", "", entries) }
}
