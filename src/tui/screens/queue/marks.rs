//! Marks: many conversations that are judged at once. A mark is on a conversation, not on a row.

use crate::domain::{Cause, ConversationId, DecisionId, Judgement, Outcome, Review};
use crate::store::QueueRow;
use crate::tui::runtime::triage::MOST_MARKED;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{DecidedMany, Request};
use crate::tui::widgets::{numbers, words};
use std::collections::BTreeMap;

/// What is marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Conversations, and whether each belongs to a test group.
    rows: BTreeMap<ConversationId, bool>,
    /// Up to which decision the log was known when the first of them was marked.
    seen: Option<DecisionId>,
    /// The last one that was marked by itself.
    anchor: Option<ConversationId>,
}

impl Marks {
    /// How many.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a conversation is marked.
    pub fn has(&self, id: ConversationId) -> bool {
        self.rows.contains_key(&id)
    }

    /// How many belong to test groups: labels there count for nothing.
    pub fn of_test_groups(&self) -> usize {
        self.rows.values().filter(|test| **test).count()
    }

    /// Unmarks everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is marked now is judged by what is on the screen now.
    fn begin(&mut self, seen: Option<DecisionId>) {
        if self.rows.is_empty() {
            self.seen = seen;
        }
    }

    fn toggle(&mut self, row: &QueueRow) {
        if self.rows.remove(&row.n).is_none() {
            self.rows.insert(row.n, row.test_group);
        }
        self.anchor = Some(row.n);
    }

    fn add(&mut self, rows: &[QueueRow]) {
        self.rows.extend(rows.iter().map(|r| (r.n, r.test_group)));
    }
}

/// Up to which decision what is on the screen knows the log.
fn known(app: &App) -> Option<DecisionId> {
    app.shared.overview.ready().and_then(|o| o.decision)
}

/// Marks the selected conversation, or takes its mark away, and steps down.
pub fn mark(app: &mut App) -> Vec<Effect> {
    let seen = known(app);
    let Some(row) = app.queue.window.selected() else { return Vec::new() };
    if app.queue.marks.len() >= MOST_MARKED && !app.queue.marks.has(row.n) {
        return app.say(format!("{} are marked already, that is the most at once", numbers::count(MOST_MARKED as u64)));
    }
    app.queue.marks.begin(seen);
    app.queue.marks.toggle(row);
    app.queue.step(1, app.seen.rows.max(1))
}

/// Marks all from the last mark to the selected row; without a mark, all that the query finds.
pub fn mark_to_here(app: &mut App) -> Vec<Effect> {
    let queue = &mut app.queue;
    let Some(here) = queue.window.selected().map(|r| r.n) else { return Vec::new() };
    if queue.marks.is_empty() {
        return vec![Effect::Ask(queue.mark_all())];
    }
    let at = |id| queue.window.rows().iter().position(|r| r.n == id);
    match (queue.marks.anchor.and_then(at), at(here)) {
        (Some(a), Some(b)) if a.abs_diff(b) < MOST_MARKED => {
            let rows = &queue.window.rows()[a.min(b)..=a.max(b)];
            queue.marks.add(rows);
            queue.marks.anchor = Some(here);
            let n = queue.marks.len() as u64;
            app.say(format!("{} marked", numbers::plural(n, "conversation is", "conversations are")))
        }
        _ => app.say("the last mark is not among the rows around here; v marks a new beginning"),
    }
}

/// All that the query finds, or the first of it, is here to be marked.
pub fn take_all(app: &mut App, rows: &[QueueRow], more: bool) -> Vec<Effect> {
    let seen = known(app);
    app.queue.marks.begin(seen);
    app.queue.marks.add(rows);
    let n = app.queue.marks.len() as u64;
    let first = if more { "the first " } else { "all " };
    app.say(format!("{first}{} marked; Esc unmarks them", numbers::plural(n, "conversation is", "conversations are")))
}

/// Says what a judgement on what is marked will be about.
pub fn about(marks: &Marks) -> String {
    let n = numbers::plural(marks.len() as u64, "conversation", "conversations");
    let test = match marks.of_test_groups() as u64 {
        0 => String::new(),
        1 => ", 1 of them in a test group: a label there counts for nothing".to_owned(),
        t => format!(", {} of them in test groups: labels there count for nothing", numbers::count(t)),
    };
    format!("{n}{test}. It is one step: u takes all of it back.")
}

/// Judges everything that is marked.
pub fn decide(app: &mut App, judgement: Judgement) -> Vec<Effect> {
    let ids: Vec<ConversationId> = app.queue.marks.rows.keys().copied().collect();
    if ids.is_empty() {
        return Vec::new();
    }
    vec![Effect::Ask(Request::DecideMany(ids, judgement, app.queue.marks.seen))]
}

/// Says what was done.
pub fn decided(app: &mut App, answer: Result<DecidedMany, String>) -> Vec<Effect> {
    let many = match answer {
        Ok(many) => many,
        Err(why) => return app.complain("not saved", why),
    };
    app.queue.marks.clear();
    let n = numbers::plural(many.done as u64, "conversation", "conversations");
    let left_out = match many.left_out as u64 {
        0 => String::new(),
        n => format!("; {} left out, the customer said nothing there", numbers::count(n)),
    };
    let key = app.keys.map.first_key_named("undo");
    let mut effects = app.cheer(format!("{n}: {}{left_out}   {key} takes it back", spoken(app, many.judgement)));
    effects.extend(app.refresh());
    effects
}

/// A judgement in words.
fn spoken(app: &App, judgement: Judgement) -> String {
    match judgement {
        Judgement::Intent(id) => {
            let name = app.shared.intents.iter().find(|i| i.id == id).map_or("", |i| i.name.as_str());
            format!("labelled {}", words::line(name))
        }
        Judgement::Cause(cause) => Cause::label(cause).to_owned(),
        Judgement::PutOff(Review::Later) => "left for later".to_owned(),
        Judgement::PutOff(Review::Skipped) => "nobody can tell".to_owned(),
        Judgement::PutOff(_) => "put off".to_owned(),
        Judgement::Question(_) => "asked, until somebody answers".to_owned(),
        Judgement::Outcome(Outcome::Resolved) => "resolved after all".to_owned(),
        Judgement::Outcome(outcome) => outcome.to_string(),
        Judgement::NotTraffic => "spam or tests".to_owned(),
    }
}
