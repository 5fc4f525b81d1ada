//! The store against small hand-made logs.

use super::*;
use crate::domain::{
    Cause, Conversation, ConversationId, DecisionChange, DecisionId, IntentId, Outcome, OutcomeSource, Query, Review,
    Role, StepId, Timestamp, Turn, TurnKey,
};
use crate::domain::{DecisionTarget, Kind, QueueOrder};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn founding() -> Founding {
    Founding { seed: 1, test_share: 0.2, now: NOW }
}

pub(super) fn store() -> Store {
    Store::in_memory(founding()).unwrap()
}

pub(super) fn user(text: &str, intent: Option<&str>) -> Turn {
    Turn { intent: intent.map(str::to_owned), confidence: intent.map(|_| 0.6), ..Turn::new(Role::User, text) }
}

pub(super) fn failed(id: &str, text: &str, intent: Option<&str>) -> Conversation {
    let turns = vec![user(text, intent), Turn::new(Role::Bot, "It arrives on Tuesday.")];
    Conversation {
        outcome: Some(Outcome::Failed),
        outcome_source: Some(OutcomeSource::Explicit),
        ..Conversation::new("shop", id, turns)
    }
}

pub(super) fn put(store: &mut Store, c: &Conversation) -> ArrivalResult {
    let mut step: Option<StepId> = None;
    let hash = format!("{c:?}").into_bytes();
    store.immediate("test", |s| s.put(c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap()
}

/// Makes everything findable by its words.
pub(super) fn search_all(store: &Store) {
    loop {
        let folded = store.unsearched(3, None).unwrap().fold();
        if folded.is_empty() {
            return;
        }
        store.index(&folded).unwrap();
    }
}

/// Puts conversations until one lands in a training group (or a test group); returns its row.
fn put_in(store: &mut Store, part_is_test: bool, make: impl Fn(&str) -> Conversation) -> ConversationId {
    for i in 0.. {
        let ArrivalResult::New(id) = put(store, &make(&format!("g{i}"))) else { continue };
        let part = store.ids("SELECT part FROM conversation WHERE id = ?", &[&id.0]).unwrap()[0];
        if (part > 0) == part_is_test {
            return id;
        }
    }
    unreachable!()
}

fn all_rows(store: &Store, q: &Query, sort: QueueOrder, page: usize) -> Vec<i64> {
    let mut out = Vec::new();
    let mut place = PageStart::Start;
    loop {
        let p = store.queue_page(q, sort, place, page, NOW).unwrap();
        out.extend(p.rows.iter().map(|r| r.n.0));
        match p.rows.last() {
            Some(last) if p.after => place = PageStart::After(last.cursor),
            _ => return out,
        }
    }
}

#[test]
fn a_customers_conversations_stay_in_one_group() {
    let mut store = store();
    for customer in 0..60 {
        for n in 0..4 {
            let mut c = failed(&format!("{customer}-{n}"), "where is it", None);
            c.customer_id = Some(format!("u{customer}"));
            put(&mut store, &c);
        }
    }
    let split: Vec<i64> = store
        .ids("SELECT count(DISTINCT part) + count(DISTINCT grp) FROM conversation GROUP BY customer", &[])
        .unwrap();
    assert_eq!(split, vec![2; 60], "one group and one part each");
    let parts =
        store.ids("SELECT count(DISTINCT customer) FROM conversation GROUP BY part ORDER BY part", &[]).unwrap();
    assert_eq!(parts.len(), 3, "training, open and sealed groups: {parts:?}");
    assert!(parts[0] > 35, "about 80 % train: {parts:?}");
}

#[test]
fn putting_twice_changes_nothing_and_more_turns_update() {
    let mut store = store();
    let c = failed("1", "where is it", Some("order_status"));
    let ArrivalResult::New(id) = put(&mut store, &c) else { panic!() };
    assert_eq!(put(&mut store, &c), ArrivalResult::Same(id));
    let mut longer = c.clone();
    longer.turns.push(user("no, the refund", None));
    assert_eq!(put(&mut store, &longer), ArrivalResult::Updated(id));
    assert_eq!(store.conversation(id).unwrap().turns.len(), 3);
    assert_eq!(put(&mut store, &c), ArrivalResult::Same(id), "an older copy takes nothing away");
    assert_eq!(store.conversation(id).unwrap().turns.len(), 3);
}

#[test]
fn a_conversation_reads_back_as_it_was_written() {
    let mut store = store();
    let line = serde_json::json!({"k": [1, null]});
    let mut c = failed("x:1", "it was \u{1b}[31mred", Some("colour"));
    c.channel = Some("web".into());
    c.lang = Some("el".into());
    c.customer_id = Some("u".into());
    c.csat = Some(crate::domain::Csat { score: 2.0, max: 5.0, comment: Some("meh".into()), at: None });
    c.tags = vec!["vip".into()];
    c.meta = line.as_object().unwrap().clone();
    c.turns[1].feedback = Some(crate::domain::Feedback { score: -1, comment: None });
    c.turns[1].action = Some("utter_x".into());
    let ArrivalResult::New(id) = put(&mut store, &c) else { panic!() };
    assert_eq!(store.conversation(id).unwrap(), c);
    assert_eq!(store.resolve("shop:x:1").unwrap(), id);
    assert_eq!(store.resolve(&format!("#{}", id.0)).unwrap(), id);
    assert!(store.resolve("shop:nope").unwrap_err().to_string().contains("no conversation"));
}

#[test]
fn undo_and_redo_walk_the_log_and_never_erase_it() {
    let mut store = store();
    let id = put_in(&mut store, false, |i| failed(i, "where is my refund", Some("order_status")));
    let refund = store.add_intent("maria", NOW, "refund_status").unwrap();
    let label =
        [DecisionChange::intents(id, TurnKey(0), &[refund]), DecisionChange::cause(id, Some(Cause::WrongIntent))];
    store.decide("maria", NOW, &label).unwrap();
    let item = store.review_item(id).unwrap();
    assert_eq!((item.status, item.cause), (Review::Done, Some(Cause::WrongIntent)));
    assert_eq!(item.label, Some((vec!["refund_status".to_owned()], "maria".to_owned())));

    let undone = store.undo("maria", NOW).unwrap();
    assert_eq!(undone.conversation, Some(id));
    let item = store.review_item(id).unwrap();
    assert_eq!((item.status, item.cause, item.label), (Review::Open, None, None));
    store.redo("maria", NOW).unwrap();
    assert_eq!(store.review_item(id).unwrap().status, Review::Done);
    assert!(store.redo("maria", NOW).unwrap_err().to_string().contains("nothing to redo"));
    assert_eq!(store.review_item(id).unwrap().history.len(), 6, "two decisions, two undone, two redone");
    assert!(store.conn.execute("DELETE FROM decision", []).is_err(), "the log is append-only");
    assert!(store.conn.execute("UPDATE decision SET after = 'x'", []).is_err());

    store.undo("maria", NOW).unwrap();
    store.decide("maria", NOW, &[DecisionChange::note(id, Some("hm".into()))]).unwrap();
    assert!(store.redo("maria", NOW).is_err(), "a new act overtakes what was undone");
}

#[test]
fn undo_is_refused_where_somebody_decided_later_and_names_them() {
    let mut store = store();
    let id = put_in(&mut store, false, |i| failed(i, "hello there friend", None));
    store.decide("maria", NOW, &[DecisionChange::cause(id, Some(Cause::Tone))]).unwrap();
    store.decide("kostas", NOW, &[DecisionChange::cause(id, Some(Cause::Policy))]).unwrap();
    assert!(store.undo("maria", NOW).unwrap_err().to_string().contains("kostas"));
    assert_eq!(store.review_item(id).unwrap().cause, Some(Cause::Policy), "and nothing has changed");
    store.undo("kostas", NOW).unwrap();
    let item = store.review_item(id).unwrap();
    assert_eq!(item.cause, Some(Cause::Tone), "maria's word stands again");
    store.undo("maria", NOW).unwrap();
    assert_eq!(store.review_item(id).unwrap().cause, None);
}

#[test]
fn undo_brings_back_nothing_that_its_author_has_taken_back() {
    let mut store = store();
    let id = put_in(&mut store, false, |i| failed(i, "hello there friend", None));
    store.decide("maria", NOW, &[DecisionChange::cause(id, Some(Cause::Tone))]).unwrap();
    store.decide("kostas", NOW, &[DecisionChange::cause(id, Some(Cause::Policy))]).unwrap();
    store.undo("kostas", NOW).unwrap();
    store.undo("maria", NOW).unwrap();
    store.redo("kostas", NOW).unwrap();
    assert_eq!(store.review_item(id).unwrap().cause, Some(Cause::Policy));
    store.undo("kostas", NOW).unwrap();
    assert_eq!(store.review_item(id).unwrap().cause, None, "maria had taken hers back");
}

#[test]
fn labels_of_a_log_are_an_imports_and_never_beat_a_person() {
    let mut store = store();
    let make = |i: &str| {
        let mut c = failed(i, "where is my refund", Some("order_status"));
        c.turns[0].gold = vec!["refund".into(), "complaint".into()];
        c
    };
    let id = put_in(&mut store, false, make);
    let item = store.review_item(id).unwrap();
    assert_eq!(item.label, Some((vec!["refund".to_owned(), "complaint".to_owned()], "import:shop".to_owned())));
    assert!(!item.judged && item.status == Review::Open, "an import closes no item");
    assert!(store.undo("import:shop", NOW).is_err());
    let other = store.add_intent("maria", NOW, "other").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(id, TurnKey(0), &[other])]).unwrap();
    let mut again = make(store.conversation(id).unwrap().id.as_str());
    again.turns[0].gold = vec!["third".into()];
    assert!(matches!(put(&mut store, &again), ArrivalResult::Updated(_)));
    assert_eq!(store.review_item(id).unwrap().label.unwrap().0, vec!["other".to_owned()]);
    store.undo("maria", NOW).unwrap();
    let item = store.review_item(id).unwrap();
    assert_eq!(item.label.unwrap().1, "import:shop", "undoing gives the label back to the import");
}

#[test]
fn paging_finds_every_row_once_in_order_both_ways() {
    let mut store = store();
    for i in 0..97 {
        let mut c = failed(&i.to_string(), &format!("text {}", i % 7), None);
        c.turns[0].confidence = Some(f64::from(i % 10) / 10.0);
        c.ended_at = Some(Timestamp(NOW.0 - i64::from(i % 13) * 1000));
        put(&mut store, &c);
    }
    for sort in QueueOrder::USUAL {
        let q = Query::default();
        let whole = all_rows(&store, &q, sort, 1000);
        assert_eq!(all_rows(&store, &q, sort, 10), whole, "{sort:?}");
        assert_eq!(whole.len() as u64, store.queue_count(&q, NOW).unwrap());
        let end = store.queue_page(&q, sort, PageStart::End, 10, NOW).unwrap();
        assert_eq!(end.rows.iter().map(|r| r.n.0).collect::<Vec<_>>(), whole[whole.len() - 10..]);
        assert!(end.before && !end.after);
        let before = store.queue_page(&q, sort, PageStart::Before(end.rows[0].cursor), 10, NOW).unwrap();
        assert_eq!(before.rows.iter().map(|r| r.n.0).collect::<Vec<_>>(), whole[whole.len() - 20..whole.len() - 10]);
        let from = store.queue_page(&q, sort, PageStart::From(before.rows[3].cursor), 3, NOW).unwrap();
        assert_eq!(from.rows[0].n, before.rows[3].n);
        assert!(from.before && from.after);
    }
    let test: i64 = store.ids("SELECT count(*) FROM conversation WHERE part > 0", &[]).unwrap()[0];
    let count = |q: &str| store.queue_count(&Query::parse(q).unwrap(), NOW).unwrap() as i64;
    assert_eq!([count(""), count("test:shown"), count("test:hidden"), count("test:only")], [97, 97, 97 - test, test]);
    assert_eq!((count("-test:only"), count("-test:shown"), test > 0), (97 - test, 0, true));
}

#[test]
fn filters_agree_with_what_they_say() {
    let mut store = store();
    put(&mut store, &failed("1", "Πού είναι η Παραγγελία μου;", Some("order_status")));
    put(&mut store, &failed("2", "refund please", Some("Refund")));
    let mut c = failed("3", "it broke", None);
    c.outcome = Some(Outcome::Resolved);
    c.turns[1].fallback = true;
    c.csat = Some(crate::domain::Csat { score: 1.0, max: 5.0, comment: None, at: None });
    put(&mut store, &c);
    search_all(&store);
    let count = |text: &str| store.queue_count(&Query::parse(text).unwrap(), NOW).unwrap();
    assert_eq!(count("παραγγελια"), 1);
    assert_eq!(count("παραγ"), 1, "the last word is a prefix");
    assert_eq!(count("\"refund please\""), 1);
    assert_eq!(count("outcome:failed"), 2);
    assert_eq!(count("-outcome:failed"), 1);
    assert_eq!(count("intent:refund"), 1);
    assert_eq!(count("intent:fallback"), 1);
    assert_eq!(count("csat<=2"), 1);
    assert_eq!(count("-csat<=2"), 2, "a missing rating is not a low one");
    assert_eq!(count("conf<0.7"), 2);
    assert_eq!(count("status:open"), 3);
    assert_eq!(count("\"'; DROP TABLE turn; --\""), 0);
    assert_eq!(count("refund 👎"), 1, "beside words a sign is nothing");
    let refused = |text: &str| store.queue_count(&Query::parse(text).unwrap(), NOW).unwrap_err().to_string();
    for sign in ["👎", "-👎", "\"?!\"", "—", "🇨🇾 ❤️", "\u{200b}"] {
        assert!(refused(sign).contains("nothing to search for"), "{sign}");
    }
    assert!(refused("intent:refnd").contains("Refund"), "{}", refused("intent:refnd"));
    assert!(refused("is:zombie").contains("no data yet"));
    assert!(refused("channel:web").contains("no data yet"));
}

#[test]
fn a_cycle_freezes_its_scope_and_hides_a_tenth_of_audit_items() {
    let mut store = store();
    for i in 0..200 {
        put(&mut store, &failed(&i.to_string(), &format!("problem number {i}"), Some("order_status")));
    }
    let new = NewCycle { name: None, scope: "outcome:failed status:open", goal: 40, seed: 7, ..NewCycle::default() };
    let cycle = store.open_cycle("maria", NOW, &new).unwrap();
    assert_eq!((cycle.goal, cycle.done), (40, 0));
    assert_eq!(cycle.name, crate::domain::Zone::default().iso_week(NOW));
    assert!(store.open_cycle("maria", NOW, &new).is_err(), "one at a time");
    let audit = store.ids("SELECT conversation FROM cycle_item WHERE audit = 1", &[]).unwrap();
    assert_eq!(audit.len(), 4);
    let item = store.review_item(ConversationId(audit[0])).unwrap();
    assert!(item.blind() && item.confirmable.is_none());
    assert!(item.suggestions.iter().all(|s| s.confidence.is_none() && !s.now));
    let in_test = store
        .ids("SELECT count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation WHERE (c.part > 0) <> i.audit", &[])
        .unwrap();
    assert_eq!(in_test, vec![0], "audit items come from test groups, all others from training groups");

    let other = store.add_intent("maria", NOW, "refund").unwrap();
    let scope = ReviewScope::Cycle(cycle.id);
    let mut seen = Vec::new();
    let mut at = None;
    while let Some(id) = store.next_item(&scope, at, "maria", NOW).unwrap() {
        assert!(!seen.contains(&id), "each item once");
        seen.push(id);
        let item = store.review_item(id).unwrap();
        let changes = [
            DecisionChange::intents(id, item.turn.unwrap(), &[other]),
            DecisionChange::cause(id, Some(Cause::WrongIntent)),
        ];
        store.decide("maria", NOW, &changes).unwrap();
        at = Some(id);
    }
    assert_eq!(seen.len(), 40);
    assert_eq!(store.scope_progress(&scope, NOW).unwrap(), (40, 40));
    let last = store.last_decision().unwrap();
    let closed = store.close_cycle("maria", NOW, cycle.id, None).unwrap();
    assert_eq!(closed.closed_decision, Some(last));
    let (open, sealed) = store.gold_at_hand().unwrap();
    assert_eq!(open + sealed, 4, "audit labels become gold, others never");

    assert_eq!(store.figures().frame().unwrap().gold_new, 0, "nothing is frozen yet");
    let first = store.freeze_gold("maria", NOW, None).unwrap();
    assert!(store.freeze_gold("maria", NOW, None).is_err(), "nothing has changed");
    let gold = &store.gold_items(first).unwrap()[0];
    let refused = store.add_intent("maria", NOW, "other matter").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(gold.conversation, gold.turn, &[refused])]).unwrap();
    assert_eq!(store.figures().frame().unwrap().gold_new, 1, "a gold label that was edited waits for a new version");
    let second = store.freeze_gold("maria", NOW, None).unwrap();
    assert_eq!(store.figures().frame().unwrap().gold_new, 0);
    let was = |v| store.gold_items(v).unwrap()[0].intents.clone();
    assert_ne!(was(first), was(second), "the older version stays as it was");
}

#[test]
fn what_is_left_of_a_filter_is_what_is_open() {
    let mut store = store();
    for i in 0..9 {
        put_in(&mut store, false, |n| failed(&format!("{n} {i}"), "where is it", Some("order_status")));
    }
    let query = Query::parse("outcome:failed").unwrap();
    let all = store.queue_count(&query, NOW).unwrap();
    let scope = ReviewScope::Query(query, QueueOrder::default());
    assert_eq!(store.scope_progress(&scope, NOW).unwrap(), (0, all));
    let ids = store.ids("SELECT id FROM conversation ORDER BY id LIMIT 2", &[]).unwrap();
    let [closed, later] = ids[..] else { panic!("{ids:?}") };
    let refund = store.add_intent("maria", NOW, "refund").unwrap();
    let closing = [
        DecisionChange::intents(ConversationId(closed), TurnKey(0), &[refund]),
        DecisionChange::cause(ConversationId(closed), Some(Cause::WrongIntent)),
    ];
    store.decide("maria", NOW, &closing).unwrap();
    // What is put off is not left either, and nobody decided on it.
    let off = DecisionChange::status(ConversationId(later), Some(Review::Later));
    store.decide("maria", NOW, &[off]).unwrap();
    assert_eq!(store.scope_progress(&scope, NOW).unwrap(), (2, all));
}

#[test]
fn a_label_on_a_test_group_is_neither_training_nor_gold() {
    let mut store = store();
    let id = put_in(&mut store, true, |i| failed(i, "where is my refund", Some("order_status")));
    let refund = store.add_intent("maria", NOW, "refund").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(id, TurnKey(0), &[refund])]).unwrap();
    assert_eq!(store.review_item(id).unwrap().counts, LabelUse::Nothing);
    assert!(store.training_examples(store.last_decision().unwrap()).unwrap().is_empty());
    assert_eq!(store.gold_at_hand().unwrap(), (0, 0));
}

#[test]
fn training_follows_the_log_merges_and_the_cut() {
    let mut store = store();
    let id = put_in(&mut store, false, |i| failed(i, "where is my refund", Some("order_status")));
    let rows = [("give it back", "refund"), ("where is my refund", "tracking")];
    let rows: Vec<(String, String)> = rows.iter().map(|(t, i)| ((*t).to_owned(), (*i).to_owned())).collect();
    let mut added = || store.add_examples("maria", NOW, "file", &rows).map(|a| (a.examples, a.intents)).unwrap();
    assert_eq!((added(), added()), ((2, 2), (0, 0)), "importing twice adds nothing");
    let cut = store.last_decision().unwrap();
    let refund = store.intent("refund").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(id, TurnKey(0), &[refund])]).unwrap();
    let texts = |up_to: DecisionId| -> Vec<(String, IntentId)> {
        store.training_examples(up_to).unwrap().into_iter().map(|e| (e.text, e.intent)).collect()
    };
    let tracking = store.intent("tracking").unwrap();
    assert_eq!(texts(cut), vec![("give it back".into(), refund), ("where is my refund".into(), tracking)]);
    let now = store.last_decision().unwrap();
    assert_eq!(
        texts(now),
        vec![("give it back".into(), refund), ("where is my refund".into(), refund)],
        "the label beats the base example with the same text"
    );
    store.merge_intents("maria", NOW, "refund", "tracking").unwrap();
    assert!(store.training_examples(now).unwrap().iter().all(|e| e.intent == tracking));
    store.undo("maria", NOW).unwrap();
    store.retire_intent("maria", NOW, "refund").unwrap();
    assert!(store.training_examples(now).unwrap().is_empty());
    assert_eq!(store.review_item(id).unwrap().status, Review::Open, "a label with a retired intent asks again");
    store.undo("maria", NOW).unwrap();
    store.undo("maria", NOW).unwrap();
    assert!(!store.review_item(id).unwrap().judged);
    store.undo("maria", NOW).unwrap();
    assert!(
        store.training_examples(store.last_decision().unwrap()).unwrap().is_empty(),
        "one undo takes the whole file back"
    );
}

#[test]
fn renaming_and_merging_an_intent_of_the_log_can_be_undone() {
    let mut store = store();
    put(&mut store, &failed("1", "where is it", Some("pets")));
    let pets = store.intent("pets").unwrap();
    store.rename_intent("maria", NOW, "pets", "animals").unwrap();
    store.undo("maria", NOW).unwrap();
    assert_eq!(store.intent("pets").unwrap(), pets);
    store.redo("maria", NOW).unwrap();
    assert_eq!(store.intent("animals").unwrap(), pets);
    store.add_intent("maria", NOW, "other").unwrap();
    store.merge_intents("maria", NOW, "animals", "other").unwrap();
    store.undo("maria", NOW).unwrap();
    assert!(store.intent_names().unwrap().is_active(pets), "in use, as the log had it");
    store.undo("maria", NOW).unwrap();
    assert!(!store.intents().unwrap().iter().any(|i| i.name == "other" && i.state == "active"));
}

#[test]
fn a_foreign_or_newer_file_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1)").unwrap();
    drop(other);
    let e = Store::open(&path, Access::ReadWrite, founding()).err().unwrap();
    assert!(matches!(e, StoreError::Foreign(_)), "{e}");
    let text = dir.path().join("x.txt");
    std::fs::write(&text, "this is no database, but long enough to look at ".repeat(20)).unwrap();
    assert!(matches!(Store::open(&text, Access::ReadWrite, founding()).err(), Some(StoreError::Foreign(_))));
    let mine = dir.path().join("s.db");
    drop(Store::open(&mine, Access::ReadWrite, founding()).unwrap());
    rusqlite::Connection::open(&mine).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Store::open(&mine, Access::ReadWrite, founding()).err(), Some(StoreError::Newer(_))));
}

#[test]
fn a_store_of_the_first_version_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("migrations/001.sql")).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 0x61707072; PRAGMA user_version = 1;
         INSERT INTO setting(key, value) VALUES ('group_seed', '5'), ('test_share', '0.3'), ('created_at', '7');
         INSERT INTO intent(id, name, origin, added_at) VALUES (2, 'refund', 'hand', 0);
         INSERT INTO example(intent, text, origin) VALUES (2, 'money back', 'hand');",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    assert_eq!((store.group_seed, store.test_share), (5, 0.3));
    assert_eq!(store.intents().unwrap().iter().find(|i| i.name == "refund").map(|i| i.examples), Some(1));
    assert_eq!(store.encoder_name().unwrap(), None);
    store.set_encoder_name("static").unwrap();
    assert_eq!(store.ids("SELECT count(*) FROM embedding", &[]).unwrap(), [0]);
    drop(store);
    let again = Store::open(&path, Access::ReadOnly, founding()).unwrap();
    assert_eq!(again.encoder_name().unwrap().as_deref(), Some("static"));
    assert!(again.set_encoder_name("none").unwrap_err().to_string().contains("read-only"));
}

#[cfg(unix)]
#[test]
fn files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/er/store.db");
    let mut store = Store::open(&path, Access::ReadWrite, founding()).unwrap();
    put(&mut store, &failed("1", "x", None));
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
    }
    assert_eq!(std::fs::metadata(dir.path().join("deep")).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn rates_have_their_denominators_and_outcomes_add_up() {
    let mut store = store();
    for (i, o) in [Outcome::Resolved, Outcome::Failed, Outcome::Escalated, Outcome::Abandoned, Outcome::Unknown]
        .iter()
        .enumerate()
    {
        let mut c = failed(&i.to_string(), &format!("text {i}"), Some("a"));
        c.outcome = Some(*o);
        c.ended_at = Some(NOW);
        put(&mut store, &c);
    }
    let spam = match put(&mut store, &failed("spam", "buy now", None)) {
        ArrivalResult::New(id) => id,
        other => panic!("{other:?}"),
    };
    store.decide("maria", NOW, &[DecisionChange::traffic(spam, false)]).unwrap();
    let s = store.figures().stats(None, SegmentBy::Week, None, NOW).unwrap();
    assert_eq!((s.all.n, s.excluded.unknown, s.excluded.not_traffic), (4, 1, 1));
    let o = s.all.outcomes;
    assert_eq!(o.resolved + o.escalated + o.failed + o.abandoned, s.all.n);
    assert_eq!((s.all.rates["resolution"].num, s.all.rates["resolution"].den), (1, 4));
    assert_eq!((s.all.rates["unknown"].num, s.all.rates["unknown"].den), (1, 5));
    assert_eq!(s.needs["reopen"], "needs customer ids");
    assert_eq!(s.segments.len(), 1);
    for by in SegmentBy::ALL {
        let s = store.figures().stats(None, by, None, NOW).unwrap();
        assert_eq!(s.segments.iter().map(|x| x.n).sum::<u64>(), 4, "{by:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever two people decide, undo and redo: the latest words equal a replay of the steps that stand.
    #[test]
    fn the_latest_words_are_a_replay_of_the_steps_that_stand(acts in proptest::collection::vec((0u8..4, 0usize..2, 0usize..3, 0usize..12), 1..40)) {
        let mut store = store();
        let ids: Vec<ConversationId> = (0..3).map(|i| match put(&mut store, &failed(&i.to_string(), &format!("t {i}"), None)) {
            ArrivalResult::New(id) => id,
            other => panic!("{other:?}"),
        }).collect();
        let people = ["maria", "kostas"];
        for (act, who, which, cause) in acts {
            let result = match act {
                0 | 1 => store.decide(people[who], NOW, &[DecisionChange::cause(ids[which], Cause::ALL.get(cause).copied())]).map(drop),
                2 => store.undo(people[who], NOW).map(drop),
                _ => store.redo(people[who], NOW).map(drop),
            };
            if let Err(e) = result {
                prop_assert!(matches!(e, StoreError::Refused(_)), "{e}");
            }
            for &id in &ids {
                let replayed: Option<String> = store.conn.query_row(
                    "SELECT after FROM decision d JOIN step s ON s.id = d.step WHERE d.subject = ? AND d.kind = 3
                        AND d.undoes IS NULL AND s.state = 0 ORDER BY d.id DESC LIMIT 1", [id.0], |r| r.get(0)).unwrap_or(None);
                let current = store.current_value(Kind::Cause, DecisionTarget { subject: id.0, turn: None }).unwrap().map(|v| v.0);
                prop_assert_eq!(current, replayed);
            }
        }
    }
}

/// A release that disputes labels, as a run would store it.
fn dispute(store: &mut Store, all: Vec<NewDispute>) -> u64 {
    store
        .immediate("test", |s| {
            let n = s.keep_disputes(&all)?;
            s.conn
                .execute(
                    "INSERT INTO release(at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds, disputed)
                     VALUES (0, 1, '', 0, 0, 0, 0, '', 0, ?)",
                    [n as i64],
                )
                .doing("test")?;
            Ok(n)
        })
        .unwrap()
}

fn found(store: &Store) -> Vec<i64> {
    all_rows(store, &Query::parse("is:disputed").unwrap(), QueueOrder::VALUE, 10)
}

#[test]
fn a_dispute_stands_until_somebody_gives_the_label_again() {
    let mut store = store();
    let id = put_in(&mut store, false, |i| failed(i, "where is my refund", Some("order_status")));
    let refund = store.add_intent("maria", NOW, "refund_status").unwrap();
    let order = store.intent("order_status").unwrap();
    let query = Query::parse("is:disputed").unwrap();
    let e = store.queue_count(&query, NOW).unwrap_err();
    assert!(e.to_string().contains("has no data yet"), "{e}");
    assert_eq!(store.figures().frame().unwrap().disputed, None);

    store.decide("maria", NOW, &[DecisionChange::intents(id, TurnKey(0), &[order])]).unwrap();
    store.add_examples("maria", NOW, "test", &[("track my parcel".into(), "order_status".into())]).unwrap();
    let examples = store.training_examples(store.last_decision().unwrap()).unwrap();
    assert_eq!(examples.len(), 2);
    let new = |e: &TrainingExample| NewDispute {
        decision: e.decision,
        says: refund,
        confidence: 0.9,
        given: if e.turn.is_some() { 0.001 } else { 0.002 },
    };
    let all: Vec<NewDispute> = examples.iter().map(new).collect();
    assert_eq!(dispute(&mut store, all.clone()), 2);
    assert_eq!((found(&store), store.figures().frame().unwrap().disputed), (vec![id.0], Some((1, 1))));
    let rows = store.dispute_rows(&store.disputes().unwrap()).unwrap();
    let row = &rows[0];
    assert_eq!((row.n, row.turn, row.text.as_str()), (Some(id), Some(TurnKey(0)), "where is my refund"));
    assert_eq!((row.given.as_str(), row.says.as_str(), row.by.as_str()), ("order_status", "refund_status", "maria"));
    assert_eq!((rows[1].id.as_ref(), rows[1].text.as_str()), (None, "track my parcel"));

    // The same label again: settled, by whomever, and undone.
    store.decide("eleni", NOW, &[DecisionChange::intents(id, TurnKey(0), &[order])]).unwrap();
    assert_eq!((found(&store), store.settled_disputes().unwrap()), (vec![], (1, 1)));
    let kept = store.training_examples(store.last_decision().unwrap()).unwrap();
    assert_eq!(dispute(&mut store, kept.iter().map(new).collect()), 1, "a run does not dispute it again");
    store.undo("eleni", NOW).unwrap();
    let back = store.training_examples(store.last_decision().unwrap()).unwrap();
    assert_eq!(dispute(&mut store, back.iter().map(new).collect()), 2, "what was undone confirms nothing");
    assert_eq!(found(&store), [id.0]);

    // Another label, and undone.
    store.decide("eleni", NOW, &[DecisionChange::intents(id, TurnKey(0), &[refund])]).unwrap();
    assert_eq!(found(&store), [] as [i64; 0]);
    store.undo("eleni", NOW).unwrap();
    assert_eq!(found(&store), [id.0]);
    store.merge_intents("maria", NOW, "order_status", "refund_status").unwrap();
    assert_eq!(found(&store), [] as [i64; 0], "they are one intent now");
}

#[test]
fn disputes_are_settled_by_number() {
    let mut store = store();
    let id = put_in(&mut store, false, |i| failed(i, "where is my refund", Some("order_status")));
    let refund = store.add_intent("maria", NOW, "refund_status").unwrap();
    let order = store.intent("order_status").unwrap();
    store.decide("maria", NOW, &[DecisionChange::intents(id, TurnKey(0), &[order])]).unwrap();
    store.add_examples("maria", NOW, "test", &[("track my parcel".into(), "order_status".into())]).unwrap();
    let examples = store.training_examples(store.last_decision().unwrap()).unwrap();
    let new = |e: &TrainingExample| NewDispute { decision: e.decision, says: refund, confidence: 0.9, given: 0.001 };
    dispute(&mut store, examples.iter().map(new).collect());
    let numbers: Vec<DecisionId> = store.disputes().unwrap().iter().map(|d| d.decision).collect();
    store.settle("eleni", NOW, &numbers, true).unwrap();
    assert_eq!(store.review_item(id).unwrap().label.unwrap().0, ["refund_status"]);
    let after = store.training_examples(store.last_decision().unwrap()).unwrap();
    assert!(after.iter().all(|e| e.intent == refund));
    let e = store.settle("eleni", NOW, &numbers, false).unwrap_err();
    assert!(e.to_string().contains("no disputed label"), "{e}");
    store.undo("eleni", NOW).unwrap();
    assert_eq!(store.disputes().unwrap().len(), 2);
    store.settle("eleni", NOW, &numbers, false).unwrap();
    assert_eq!(store.figures().frame().unwrap().disputed, Some((0, 0)));
}

#[test]
fn an_older_store_is_not_read_by_halves() {
    let dir = tempfile::tempdir().unwrap();
    let (new, path) = (dir.path().join("new.db"), dir.path().join("s.db"));
    drop(Store::open(&new, Access::ReadWrite, founding()).unwrap());
    super::trust_tests::older(&path, 1, &new);
    let e = Store::open(&path, Access::ReadOnly, founding()).err().unwrap();
    assert!(matches!(e, StoreError::Older(_)), "{e}");
}

#[test]
fn two_connections_add_the_same_person_once() {
    let store = store();
    let first = store.reviewer_id("maria", NOW).unwrap();
    // What a connection does that looked her up just before she was added.
    assert_eq!(store.add_reviewer("maria", NOW).unwrap(), first);
}

#[test]
fn what_the_customer_said_stands_before_what_a_log_says_of_how_they_felt() {
    use crate::learn::sentiment::heard::FeltEnd;
    let mut store = store();
    for (id, csat, logged) in [("rated", Some(1.0), Some(0.8)), ("read", None, Some(0.8)), ("logged", None, Some(-0.8))]
    {
        let mut c = failed(id, "where is my parcel", Some("order_status"));
        c.csat = csat.map(|score| crate::domain::Csat { score, max: 5.0, comment: None, at: None });
        c.sentiment = logged;
        put(&mut store, &c);
    }
    let count = |store: &Store, q: &str| store.queue_count(&Query::parse(q).unwrap(), NOW).unwrap();
    assert_eq!(count(&store, "sentiment<0"), 1, "nothing is read yet: as the log says");
    let end = |felt, chance| Some(FeltEnd { felt, chance });
    let ends =
        [(ConversationId(1), end(-1.0, None)), (ConversationId(2), end(-0.6, Some(0.6))), (ConversationId(3), None)];
    store.keep_felt(Some(7), &ends).unwrap();
    assert_eq!(count(&store, "sentiment<0"), 3, "where the customer says nothing the log does");
}
