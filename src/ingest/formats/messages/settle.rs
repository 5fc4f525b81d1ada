//! What is done with the messages of a conversation once all of them have come.

use crate::domain::{Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::html;

/// Reads HTML as people saw it, and puts messages that all have a time into the order of their times.
pub(super) fn settle(turns: &mut [Turn], cx: &mut Context) {
    turns.iter_mut().for_each(|turn| html::as_seen(turn, cx));
    in_order_of_time(turns, cx);
}

fn in_order_of_time(turns: &mut [Turn], cx: &mut Context) {
    let times: Option<Vec<Timestamp>> = turns.iter().map(|turn| turn.at).collect();
    let Some(times) = times.filter(|times| !times.is_sorted()) else { return };
    cx.warnings.add("messages stand out of order: each conversation is read in the order of their times");
    // Of a list whose newest stands first, what has one time runs backwards, too.
    if times.is_sorted_by(|a, b| a >= b) {
        turns.reverse();
    }
    turns.sort_by_key(|turn| turn.at);
}
