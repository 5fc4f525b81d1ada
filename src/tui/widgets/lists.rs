//! Lists that several screens open: intents and causes.

use super::{numbers, words};
use crate::domain::{Cause, IntentId, OUT_OF_SCOPE};
use crate::store::IntentRow;
use crate::text::{name_key, trim_name};
use crate::theme::Role;
use crate::tui::state::choice::{Choice, JudgedAs, JudgedOn, Question};
use crate::tui::state::float::{ChooserSpec, Entry, MenuSpec, PromptSpec, Subject};

/// Builds the list of all intents, the most used first; those of a label are marked.
pub fn intents(all: &[IntentRow], on: JudgedOn, label: &[String]) -> ChooserSpec {
    let entry = |text: String, hint: String, id| Entry::new(text, hint, Choice::Judged(on, JudgedAs::Intent(id)));
    let mut used: Vec<_> = all.iter().collect();
    used.sort_by_key(|i| std::cmp::Reverse(i.labels + i.examples));
    let named = used.into_iter().map(|i| {
        let hint = match i.labels {
            _ if i.name == OUT_OF_SCOPE => "not for the AI".to_owned(),
            0 => String::new(),
            n => numbers::plural(n, "label", "labels"),
        };
        entry(words::line(&i.name), hint, i.id).mark(label.contains(&i.name))
    });
    // What was called otherwise is found by its former names, too.
    let former = all.iter().flat_map(|i| {
        let hint = format!("is {} now", words::line(&i.name));
        i.aliases.iter().map(move |name| entry(words::line(name), hint.clone(), i.id))
    });
    let entries = named.chain(former).collect();
    ChooserSpec { subject: Subject::Intents(on), entries }
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

/// Asks for the name of a new intent, with what the customer said above it.
pub fn new_intent(question: Question, said: &str) -> PromptSpec {
    let notes = vec![
        (format!("“{said}”"), Role::Text),
        (
            "What does the customer want? Short, as the others are named: refund_status, change_booking.".to_owned(),
            Role::Muted,
        ),
    ];
    PromptSpec { question, title: "A new intent".to_owned(), notes, text: String::new() }
}

/// Asks why it failed.
pub fn causes(on: JudgedOn, now: Option<Cause>) -> MenuSpec {
    let entries = Cause::ALL
        .iter()
        .map(|c| Entry::new(c.label(), c.meaning(), Choice::Judged(on, JudgedAs::Cause(*c))).mark(now == Some(*c)))
        .collect();
    MenuSpec { causes: Some(on), ..MenuSpec::new("Why did it fail?", "", entries) }
}
