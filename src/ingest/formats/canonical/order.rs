//! In which order turns were said, where a list does not hold them so.

use crate::domain::{Conversation, Timestamp};
use crate::ingest::context::Context;
use crate::ingest::formats::csv::cells::values::number;
use serde_json::Value;
use std::mem;

/// Keys under which a turn has its place.
const PLACES: &[&str] = &[
    "seq",
    "sequence",
    "sequence_number",
    "index",
    "turn_index",
    "turn_number",
    "message_index",
    "message_number",
    "position",
];
/// Steps back in time among steps forward from which on a list is in no order; fewer are clocks that differ, and so is a single one.
const STEPS: usize = 6;
const FEWEST: usize = 2;

/// Puts turns in the order of the places that all of them have, else of their times; offers follow the turns that they were shown in.
pub(super) fn settle(c: &mut Conversation, cx: &mut Context) {
    let (order, by) = match (by_place(c), by_time(c)) {
        (Some((key, order)), _) => (order, format!("`{key}`")),
        (None, Some(order)) => (order, "their times".to_owned()),
        (None, None) => return,
    };
    cx.warnings.add(&format!("turns stand out of order: read in the order of {by}"));
    let mut places = vec![0_u32; order.len()];
    order.iter().zip(0..).for_each(|(&from, to)| places[from] = to);
    let mut turns: Vec<_> = mem::take(&mut c.turns).into_iter().map(Some).collect();
    c.turns = order.iter().filter_map(|&from| turns[from].take()).collect();
    c.offers.iter_mut().for_each(|o| o.turn = o.turn.and_then(|turn| places.get(turn as usize).copied()));
}

/// The key of the places and the order that they give, where it is another than the list's and no time speaks against it.
fn by_place(c: &Conversation) -> Option<(&'static str, Vec<usize>)> {
    let places = |key: &str| c.turns.iter().map(|turn| place(turn.meta.get(key)?)).collect::<Option<Vec<f64>>>();
    let (key, places) = PLACES.iter().find_map(|key| Some((*key, places(key)?)))?;
    let order = sorted(&places, f64::total_cmp);
    let apart = order.windows(2).all(|two| places[two[0]] < places[two[1]]);
    let times: Option<Vec<Timestamp>> = order.iter().map(|&i| c.turns[i].at).collect();
    let agree = times.is_none_or(|times| times.is_sorted());
    (apart && agree && !places.is_sorted()).then_some((key, order))
}

/// The order of the times, where all turns have one and the list is not meant to be in it.
fn by_time(c: &Conversation) -> Option<Vec<usize>> {
    let times: Vec<Timestamp> = c.turns.iter().map(|turn| turn.at).collect::<Option<_>>()?;
    let steps = |is: fn(&[Timestamp]) -> bool| times.windows(2).filter(|two| is(two)).count();
    let (forward, back) = (steps(|two| two[0] < two[1]), steps(|two| two[0] > two[1]));
    (back >= FEWEST && back * STEPS > forward).then(|| sorted(&times, Timestamp::cmp))
}

fn sorted<T>(keys: &[T], compare: fn(&T, &T) -> std::cmp::Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| compare(&keys[a], &keys[b]));
    order
}

fn place(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| number(value.as_str()?))
}
