use super::*;
use crate::domain::{Query, Timestamp};
use crate::store::ArrivalResult;
use crate::store::tests::{failed, put, search_all, store, user};
use proptest::prelude::*;

fn found(store: &Store, words: &str) -> u64 {
    store.queue_count(&Query::parse(words).unwrap(), Timestamp(1_790_000_000_000)).unwrap()
}

/// The same conversation, which has gone on.
fn longer(id: &str, first: &str, more: &str) -> crate::domain::Conversation {
    let mut c = failed(id, first, None);
    c.turns.push(user(more, None));
    // Messages with ids: the same message with other words is corrected, not another one.
    c.turns.iter_mut().enumerate().for_each(|(i, t)| t.id = Some(format!("m{i}")));
    c
}

fn parcels(store: &mut Store, n: u32) {
    for i in 0..n {
        put(store, &failed(&i.to_string(), &format!("parcel word{i}"), None));
    }
}

/// Every conversation is in the index or noted as not covered, never both, and ranges do not overlap.
fn sound(store: &Store) {
    let ids = |sql: &str| store.ids(sql, &[]).unwrap();
    let within = "EXISTS(SELECT 1 FROM unsearched u WHERE c.id BETWEEN u.first AND u.last)";
    let indexed = "c.id IN (SELECT id FROM search_docsize)";
    assert!(ids(&format!("SELECT id FROM conversation c WHERE {within} = {indexed}")).is_empty());
    assert!(
        ids("SELECT a.first FROM unsearched a JOIN unsearched b ON b.first > a.first AND b.first <= a.last").is_empty()
    );
}

#[test]
fn search_covers_the_newest_first_and_says_how_much() {
    let mut store = store();
    parcels(&mut store, 10);
    assert_eq!(store.search_state().unwrap(), SearchState { indexed: 0, total: 10 });
    assert_eq!(found(&store, "parcel"), 0);
    store.index(&store.unsearched(4, None).unwrap().fold()).unwrap();
    assert_eq!((found(&store, "parcel"), found(&store, "word9"), found(&store, "word5")), (4, 1, 0));
    assert_eq!(store.search_state().unwrap().percent(), 40);
    sound(&store);
    search_all(&store);
    assert!(store.search_state().unwrap().is_complete());
    assert_eq!(found(&store, "parcel"), 10);
}

#[test]
fn an_updated_conversation_is_found_by_what_it_says_now() {
    let mut store = store();
    put(&mut store, &longer("1", "about oranges", "and apples"));
    search_all(&store);
    assert_eq!(found(&store, "apples"), 1);
    let changed = put(&mut store, &longer("1", "about oranges", "and then pears"));
    assert!(matches!(changed, ArrivalResult::Updated(_)));
    assert_eq!((found(&store, "apples"), found(&store, "pears")), (0, 0), "not covered for a moment");
    sound(&store);
    search_all(&store);
    assert_eq!((found(&store, "apples"), found(&store, "pears"), found(&store, "oranges")), (0, 1, 1));
}

#[test]
fn what_changes_while_it_is_folded_is_read_again() {
    let mut store = store();
    put(&mut store, &longer("1", "about oranges", "and apples"));
    put(&mut store, &failed("2", "a plum", None));
    let folded = store.unsearched(10, None).unwrap().fold();
    put(&mut store, &longer("1", "about oranges", "and then pears"));
    put(&mut store, &failed("3", "a cherry", None));
    assert_eq!(store.index(&folded).unwrap(), 2);
    assert_eq!((found(&store, "apples"), found(&store, "pears"), found(&store, "plum")), (0, 1, 1));
    sound(&store);
    assert_eq!(store.index(&folded).unwrap(), 0, "somebody else has covered it");
    search_all(&store);
    assert_eq!(found(&store, "cherry"), 1);
}

#[test]
fn small_parts_merge_in_steps() {
    let mut store = store();
    parcels(&mut store, 40);
    search_all(&store);
    assert!(store.merge_search(8, true).unwrap());
    while store.merge_search(8, false).unwrap() {}
    assert_eq!((found(&store, "parcel"), found(&store, "word39")), (40, 1));
    let segments = store.ids("SELECT count(DISTINCT segid) FROM search_idx", &[]).unwrap();
    assert_eq!(segments, [1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn nothing_is_lost_or_covered_twice(acts in prop::collection::vec((0..4u8, 1..6u32), 1..40)) {
        let mut store = store();
        let (mut new, mut folded) = (0, Vec::new());
        for (act, n) in acts {
            match act {
                0 => for _ in 0..n {
                    new += 1;
                    put(&mut store, &longer(&new.to_string(), "parcel", "first"));
                },
                1 if new > 0 => {
                    put(&mut store, &longer(&(n % new + 1).to_string(), "parcel", &format!("again {n}")));
                }
                2 => folded.push(store.unsearched(n, folded.last().and_then(FoldedText::first_row)).unwrap().fold()),
                _ => if let Some(f) = folded.pop() {
                    store.index(&f).unwrap();
                },
            }
            sound(&store);
        }
        search_all(&store);
        sound(&store);
        prop_assert!(store.search_state().unwrap().is_complete());
        prop_assert_eq!(found(&store, "parcel"), u64::from(new));
    }
}
