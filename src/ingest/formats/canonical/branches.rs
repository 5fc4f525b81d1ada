//! Messages that answer each other as a tree: whoever asks again, or has an answer written anew, begins a branch. The one that was
//! read last is taken.

use crate::ingest::context::Context;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Keys under which a message names the one that it follows, and itself.
const PARENTS: &[&str] = &["parentMessageId", "parent_message_id", "parentId", "parent_id"];
const OWN: &[&str] = &["messageId", "message_id", "id"];
/// What holds the answers to a message.
const CHILDREN: &str = "children";

fn word<'v>(message: &'v Value, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| message.get(*key)?.as_str())
}

/// Whether what is kept of a message says that it is one of a tree.
pub(super) fn is_of_one(kept: &Map<String, Value>) -> bool {
    !kept.is_empty() && PARENTS.iter().chain(&[CHILDREN]).any(|key| kept.contains_key(*key))
}

/// Whether a message holds answers to it.
fn holds_answers(message: &Value) -> bool {
    message.get(CHILDREN).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

/// The branch that was read last, where messages hold their answers or name what they follow; else the list as it is.
pub(super) fn read_last(list: Vec<Value>, cx: &mut Context) -> Vec<Value> {
    let (list, left_out) = match list.iter().any(holds_answers) {
        true => unrolled(list),
        false => walked(list),
    };
    if left_out {
        cx.warnings.add("a chat with branches that were asked or answered anew: the one that was read last is taken");
    }
    list
}

/// Messages that hold their answers. Several that follow none another are branches where they name a common parent, else one after
/// the other.
fn unrolled(list: Vec<Value>) -> (Vec<Value>, bool) {
    let (mut out, mut left_out) = (Vec::new(), false);
    let begins = list.first().and_then(|m| word(m, PARENTS).map(str::to_owned));
    let siblings = begins.is_some() && list.iter().all(|m| word(m, PARENTS) == begins.as_deref());
    let mut level = list;
    if !siblings && level.len() > 1 {
        // Threads of answers below each message: all of them were said.
        for mut message in level {
            let below = taken(&mut message);
            out.push(message);
            let (below, branches) = unrolled(below);
            left_out |= branches;
            out.extend(below);
        }
        return (out, left_out);
    }
    while let Some(mut last) = level.pop() {
        left_out |= !level.is_empty();
        level = taken(&mut last);
        out.push(last);
    }
    (out, left_out)
}

fn taken(message: &mut Value) -> Vec<Value> {
    match message.as_object_mut().and_then(|map| map.shift_remove(CHILDREN)) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// Messages in a list of which each names the one that it follows: where two follow one, the way back from the last of all.
fn walked(list: Vec<Value>) -> (Vec<Value>, bool) {
    let mut followed = HashSet::new();
    let parents: Option<Vec<&str>> = list.iter().map(|m| word(m, PARENTS)).collect();
    let forks = parents.is_some_and(|parents| !parents.into_iter().all(|parent| followed.insert(parent)));
    let places: HashMap<&str, usize> = list.iter().enumerate().filter_map(|(i, m)| Some((word(m, OWN)?, i))).collect();
    if !forks || places.len() < list.len() {
        return (list, false);
    }
    let mut kept = vec![false; list.len()];
    let mut at = list.len().checked_sub(1);
    while let Some(i) = at.filter(|&i| !kept[i]) {
        kept[i] = true;
        at = word(&list[i], PARENTS).and_then(|parent| places.get(parent).copied());
    }
    let left_out = kept.iter().any(|kept| !kept);
    let mut kept = kept.into_iter();
    (list.into_iter().filter(|_| kept.next() == Some(true)).collect(), left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(list: Value) -> (String, usize) {
        let mut cx = Context::of("x");
        let read = read_last(list.as_array().unwrap().clone(), &mut cx);
        let texts: Vec<&str> = read.iter().filter_map(|m| m["text"].as_str()).collect();
        (texts.join(" "), cx.warnings.list().len())
    }

    #[test]
    fn the_branch_that_was_read_last_is_taken_and_said() {
        let tree = json!([{"messageId": "a", "parentMessageId": "0", "text": "1", "children": [
            {"messageId": "b", "parentMessageId": "a", "text": "no", "children": []},
            {"messageId": "c", "parentMessageId": "a", "text": "2", "children": [
                {"messageId": "d", "parentMessageId": "c", "text": "3"}]}]}]);
        assert_eq!(of(tree), ("1 2 3".to_owned(), 1));
        let flat = json!([{"messageId": "a", "parentMessageId": "0", "text": "1"},
            {"messageId": "b", "parentMessageId": "a", "text": "no"}, {"messageId": "c", "parentMessageId": "a", "text": "2"}]);
        assert_eq!(of(flat), ("1 2".to_owned(), 1));
        let threads = json!([{"text": "1", "children": [{"text": "2"}]}, {"text": "3"}]);
        assert_eq!(of(threads), ("1 2 3".to_owned(), 0));
        let plain = json!([{"id": "a", "text": "1"}, {"id": "b", "text": "2"}]);
        assert_eq!(of(plain), ("1 2".to_owned(), 0));
    }
}
