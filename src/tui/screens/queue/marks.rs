//! Marking conversations, and judging all that are marked at once.

use super::state::QueueScreen;
use super::state::marks::Marks;
use crate::domain::{ConversationId, DecisionId, Judgement};
use crate::store::QueueRow;
use crate::tui::state::effect::{Effect, ProgramEffect, ask, complain, decided as decided_words, say};
use crate::tui::state::request::queue::{DecidedMany, MOST_MARKED, QueueRequest};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{lists, numbers};

/// Up to which decision what is on the screen knows the log.
fn known(shared: &SharedState) -> Option<DecisionId> {
    shared.overview.ready().and_then(|o| o.decision)
}

/// Marks the selected conversation, or takes its mark away, and steps down.
pub fn mark(queue: &mut QueueScreen, shared: &SharedState) -> Vec<Effect> {
    let seen = known(shared);
    let Some(row) = queue.window.selected() else { return Vec::new() };
    if queue.marks.len() >= MOST_MARKED && !queue.marks.has(row.n) {
        return say(format!("{} are marked already, that is the most at once", numbers::count(MOST_MARKED as u64)));
    }
    queue.marks.begin(seen);
    queue.marks.toggle(row);
    queue.step(1, shared.page())
}

/// Marks all from the last mark to the selected row; without a mark, all that the query finds.
pub fn mark_to_here(queue: &mut QueueScreen) -> Vec<Effect> {
    let Some(here) = queue.window.selected().map(|r| r.n) else { return Vec::new() };
    if queue.marks.is_empty() {
        return vec![ask(queue.mark_all())];
    }
    let at = |id| queue.window.rows().iter().position(|r| r.n == id);
    match (queue.marks.anchor.and_then(at), at(here)) {
        (Some(a), Some(b)) if a.abs_diff(b) < MOST_MARKED => {
            let rows = &queue.window.rows()[a.min(b)..=a.max(b)];
            queue.marks.add(rows);
            queue.marks.anchor = Some(here);
            let n = queue.marks.len() as u64;
            say(format!("{} marked", numbers::plural(n, "conversation is", "conversations are")))
        }
        _ => say("the last mark is not among the rows around here; v marks a new beginning"),
    }
}

/// All that the query finds, or the first of it, is here to be marked.
pub fn take_all(queue: &mut QueueScreen, shared: &SharedState, rows: &[QueueRow], more: bool) -> Vec<Effect> {
    let seen = known(shared);
    queue.marks.begin(seen);
    queue.marks.add(rows);
    let n = queue.marks.len() as u64;
    let first = if more { "the first " } else { "all " };
    say(format!("{first}{} marked; Esc unmarks them", numbers::plural(n, "conversation is", "conversations are")))
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
pub fn decide(queue: &mut QueueScreen, judgement: Judgement) -> Vec<Effect> {
    let ids: Vec<ConversationId> = queue.marks.rows.keys().copied().collect();
    if ids.is_empty() {
        return Vec::new();
    }
    vec![ask(QueueRequest::DecideMany(ids, judgement, queue.marks.seen))]
}

/// Says what was done.
pub fn decided(queue: &mut QueueScreen, answer: Result<DecidedMany, String>) -> Vec<Effect> {
    let many = match answer {
        Ok(many) => many,
        Err(why) => return complain("not saved", why),
    };
    // What stays open is marked still: what is missing is said of the same ones.
    if many.open == 0 {
        queue.marks.clear();
    }
    let mut text = many.told;
    text.push_str(&lists::stay_open(many.open));
    text.push_str(&lists::stay_out(many.unfailed as u64));
    if many.left_out > 0 {
        text.push_str(&format!("; {} left out, the customer said nothing there", numbers::count(many.left_out as u64)));
    }
    let mut effects = decided_words(text);
    effects.push(Effect::Program(ProgramEffect::Refresh));
    effects
}
