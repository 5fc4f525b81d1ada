//! Names, blame, places of moments, and cases, against a small store.

use super::*;
use crate::domain::time::DAY;
use crate::domain::{Conversation, Judgement, Kind, OutcomeSource, Role, Turn};
use crate::store::{Founding, OnDuplicate};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn store() -> Store {
    let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    let mut step = None;
    for i in 0..10_i64 {
        let mut user = Turn::new(Role::User, format!("where is parcel {i}"));
        user.intent = Some("order_status".into());
        user.at = Some(NOW.plus(-i * DAY));
        let mut c = Conversation::new("shop", format!("c{i}"), vec![user, Turn::new(Role::Bot, "It is late.")]);
        c.ended_at = Some(NOW.plus(-i * DAY));
        c.channel = Some(if i % 2 == 0 { "web" } else { "phone" }.into());
        c.lang = Some("el".into());
        (c.outcome, c.outcome_source) = (Some(Outcome::Failed), Some(OutcomeSource::Explicit));
        store.immediate("test", |s| s.put(&c, &[i as u8], NOW, OnDuplicate::Update, &mut step)).unwrap();
    }
    store.add_intent("maria", NOW, "refund_status").unwrap();
    store
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

#[test]
fn the_vocabulary_is_what_data_has_brought() {
    let v = store().vocabulary(NOW).unwrap();
    assert_eq!(v.channels, ["phone", "web"]);
    assert_eq!(v.languages, ["el", "en"]);
    assert_eq!(v.reviewers, ["maria"]);
    assert_eq!((v.cycles.len(), v.newest), (0, Some(NOW)));
}

#[test]
fn the_part_that_has_no_answer_is_blamed_and_the_nearest_name_given() {
    let store = store();
    let blame = |text: &str| store.unanswerable(&query(text), QueueOrder::NEWEST, NOW);
    assert_eq!(blame("parcel outcome:failed"), None);
    let wrong = blame("parcel intent:order_status,refund_stats").unwrap();
    assert_eq!((wrong.term, wrong.name.as_deref()), (1, Some("refund_stats")));
    assert_eq!(wrong.instead.as_deref(), Some("refund_status"));
    assert_eq!(wrong.words, "no intent called `refund_stats`: did you mean `refund_status`?");
    let later = blame("outcome:failed cluster:3").unwrap();
    assert!(later.term == 1 && later.words.contains("has no data yet"), "{later:?}");
    assert!(blame("is:zombie").unwrap().words.contains("has no data yet"));
}

#[test]
fn a_moment_has_a_place_in_an_order_by_activity_only() {
    let store = store();
    let first_from = |at: i64, sort: QueueOrder| {
        let cursor = store.cursor_at(NOW.plus(at), sort).unwrap();
        let page = store.queue_page(&Query::default(), sort, PageStart::From(cursor), 3, NOW).unwrap();
        page.rows.first().map(|r| r.id.clone())
    };
    assert_eq!(first_from(-3 * DAY, QueueOrder::NEWEST).as_deref(), Some("shop:c3"));
    assert_eq!(first_from(-3 * DAY + 1, QueueOrder::NEWEST).as_deref(), Some("shop:c3"));
    assert_eq!(first_from(-3 * DAY - 1, QueueOrder::NEWEST).as_deref(), Some("shop:c4"));
    assert_eq!(first_from(-3 * DAY, QueueOrder::OLDEST).as_deref(), Some("shop:c3"));
    assert_eq!(first_from(-3 * DAY + 1, QueueOrder::OLDEST).as_deref(), Some("shop:c2"));
    assert_eq!(first_from(-99 * DAY, QueueOrder::NEWEST), None);
    let by_two: QueueOrder = "newest,-csat".parse().unwrap();
    assert_eq!(first_from(-3 * DAY, by_two).as_deref(), Some("shop:c3"));
    assert_eq!(store.cursor_at(NOW, QueueOrder::VALUE), None);
}

#[test]
fn cases_say_what_review_says_of_the_same_conversation() {
    let mut store = store();
    let ids: Vec<ConversationId> = (1..=10).map(ConversationId).collect();
    let refund = store.intent("refund_status").unwrap();
    let decided =
        store.cases(&ids[..2]).unwrap().iter().flat_map(|c| c.decide(&Judgement::Intent(refund))).collect::<Vec<_>>();
    store.decide("maria", NOW, &decided).unwrap();
    let put_off = JudgedCase { ..store.cases(&ids[4..5]).unwrap()[0] }.decide(&Judgement::PutOff(Review::Later));
    store.decide("maria", NOW, &put_off).unwrap();
    for (id, case) in ids.iter().zip(store.cases(&ids).unwrap()) {
        assert_eq!(store.review_item(*id).unwrap().case(), case);
    }
    assert!(decided.iter().any(|c| c.kind == Kind::Cause && c.to.as_deref() == Some("wrong_intent")));
    assert_eq!(store.cases(&[ConversationId(99)]).unwrap(), []);
}

#[test]
fn counts_stand_in_the_order_of_the_queries() {
    let store = store();
    let counts = store.queue_counts(&[query("channel:web"), query("is:zombie")], NOW);
    assert!(matches!(counts[..], [Ok(5), Err(_)]));
}

#[test]
fn audit_items_of_an_open_cycle_are_not_judged_in_a_heap() {
    let mut store = crate::store::tests::store();
    for i in 0..200 {
        crate::store::tests::put(
            &mut store,
            &crate::store::tests::failed(&i.to_string(), &format!("problem {i}"), None),
        );
    }
    let new = crate::store::NewCycle {
        name: None,
        scope: "outcome:failed",
        goal: 100,
        seed: 1,
        ..crate::store::NewCycle::default()
    };
    let cycle = store.open_cycle("ann", NOW, &new).unwrap();
    let audited = store.ids("SELECT conversation FROM cycle_item WHERE audit = 1", &[]).unwrap();
    assert!(!audited.is_empty());
    let ids: Vec<ConversationId> = audited.iter().map(|&i| ConversationId(i)).collect();
    assert_eq!(store.cases(&ids).unwrap(), []);
    store.close_cycle("maria", NOW, cycle.id, None).unwrap();
    assert_eq!(store.cases(&ids).unwrap().len(), ids.len());
}
