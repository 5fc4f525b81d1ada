//! The order by value, against generated conversations.

use super::*;
use crate::base::rng::Rng;
use crate::domain::{Conversation, Role, StepId, Turn};
use crate::store::{Founding, OnDuplicate};
use std::collections::HashMap;

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn store() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

/// A conversation about one of thirty matters, the first ones far more often, in changing case, digits and punctuation.
fn said(i: usize) -> Conversation {
    let mut rng = Rng::part(3, i as u64);
    let matter = rng.below(30).min(rng.below(30)).min(rng.below(30));
    let name = ["lost", "late", "torn", "cold", "blue"][matter % 5];
    let end = ["", "!", "...", " 17", "?"][rng.below(5)];
    let text = format!("My {name} thing {}{end}", char::from(b'a' + (matter / 5) as u8));
    let text = if rng.below(4) == 0 { text.to_uppercase() } else { text };
    let outcome = [Outcome::Failed, Outcome::Escalated, Outcome::Resolved][rng.below(3)];
    // As a model has it: as sure of one copy as of another.
    let confidence = Some((matter as f64 * 0.37).fract());
    let user = Turn { confidence, intent: Some("lost".into()), ..Turn::new(Role::User, text) };
    let turns = vec![user, Turn::new(Role::Bot, "I see.")];
    Conversation { outcome: Some(outcome), ..Conversation::new("shop", format!("c{i}"), turns) }
}

fn put(store: &mut Store, c: &Conversation) {
    let mut step: Option<StepId> = None;
    let hash = format!("{c:?}").into_bytes();
    store.immediate("test", |s| s.put(c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
}

fn filled(n: usize) -> Store {
    let mut store = store();
    (0..n).for_each(|i| put(&mut store, &said(i)));
    store
}

/// Letters of what was said.
fn letters(row: &QueueRow) -> String {
    row.text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect()
}

fn by_value(store: &Store, query: &Query) -> Vec<QueueRow> {
    // Copies are numbered on each side of the split for itself.
    store.queue_page(&query.for_review(), QueueOrder::VALUE, PageStart::Start, 10_000, NOW).unwrap().rows
}

/// Checks rule 28: classes in order; in a class all first copies of a text, then all second ones; among those the least
/// sure first.
fn check(rows: &[QueueRow]) {
    let class = |r: &QueueRow| match r.outcome {
        Outcome::Failed => 0,
        Outcome::Escalated => 1,
        _ => 2,
    };
    let mut copies: HashMap<(u8, String), u32> = HashMap::new();
    let keys: Vec<(u8, u32, f64)> = rows
        .iter()
        .map(|r| {
            let copy = copies.entry((class(r), letters(r))).or_default();
            *copy += 1;
            (class(r), *copy, r.confidence.unwrap())
        })
        .collect();
    assert!(keys.is_sorted_by(|a, b| a.partial_cmp(b).is_some_and(std::cmp::Ordering::is_le)), "{keys:?}");
}

#[test]
fn near_duplicates_are_kept_apart_within_their_class() {
    let store = filled(600);
    let rows = by_value(&store, &Query::default());
    assert!(rows.len() > 400, "{}", rows.len());
    check(&rows);
    let side_by_side = |rows: &[QueueRow]| rows.windows(2).filter(|w| letters(&w[0]) == letters(&w[1])).count();
    // What nobody but one text says any more has nothing to stand between.
    let failed: Vec<QueueRow> = by_value(&store, &Query::parse("outcome:failed").unwrap());
    let last = letters(&failed[failed.len() - 1]);
    let tail = failed.iter().rev().take_while(|r| letters(r) == last).count();
    assert_eq!(side_by_side(&failed[..failed.len() - tail]), 0);
    assert!(tail < 10, "{tail}");
    let most = rows.iter().filter(|r| letters(r) == "mylostthinga").count();
    assert!(most > 30, "the commonest text is said {most} times");
}

#[test]
fn a_changed_text_or_outcome_takes_its_new_place() {
    let mut store = filled(300);
    for i in (0..300).step_by(7) {
        // What comes again has more turns, ends otherwise, and sometimes fails on other words.
        let mut again = said(i + 300 * usize::from(i % 2 == 0));
        again.id = format!("c{i}");
        again.turns.push(Turn::new(Role::System, "closed"));
        again.outcome = said(i + 900).outcome;
        put(&mut store, &again);
    }
    let rows = by_value(&store, &Query::default());
    assert!(rows.len() > 200);
    // Those that changed leave gaps in the numbers, so only what stands side by side is checked.
    let mut seen: HashMap<(Outcome, String, i64), u32> = HashMap::new();
    for r in &rows {
        let tier = store.ids("SELECT repeats FROM conversation WHERE id = ?", &[&r.n.0]).unwrap()[0];
        *seen.entry((r.outcome, letters(r), tier)).or_default() += 1;
    }
    assert!(seen.values().all(|&n| n == 1), "two copies of a text have the same number: {seen:?}");
}

#[test]
fn near_duplicates_are_counted_by_one_seek() {
    let store = filled(50);
    let mut s = store
        .conn
        .prepare("EXPLAIN QUERY PLAN SELECT coalesce(max(repeats) + 1, 0) FROM conversation WHERE text_key = ?")
        .unwrap();
    let steps: Vec<String> = s.query_map([7], |r| r.get(3)).unwrap().map(std::result::Result::unwrap).collect();
    assert!(steps.iter().all(|s| s.contains("conversation_text")), "{steps:?}");
}

#[test]
fn a_conversation_is_found_by_the_number_that_it_is_shown_with() {
    let store = filled(12);
    let count = |text: &str| store.queue_count(&Query::parse(text).unwrap(), NOW).unwrap();
    assert_eq!((count("#3"), count("-#3"), count("#13"), count("#0"), count("#3 #4")), (1, 11, 0, 0, 0));
    assert_eq!(by_value(&store, &Query::parse("#3 test:shown").unwrap())[0].n.0, 3);
}
