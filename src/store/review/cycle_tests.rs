//! Review cycles: due by days, opened once by two at once, told with what they found, with the odds of their audits.

use crate::domain::time::{DAY, HOUR};
use crate::domain::{Cause, ConversationId, DecisionChange, Review, Rhythm, Timestamp, TurnKey};
use crate::store::tests::{failed, put, store};
use crate::store::{Access, DueCycle, Founding, NewCycle, ReviewScope, Store};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn filled(store: &mut Store, n: usize) {
    for i in 0..n {
        put(store, &failed(&i.to_string(), &format!("problem number {i}"), Some("order_status")));
    }
}

fn new() -> NewCycle<'static> {
    NewCycle { scope: "outcome:failed status:open", goal: 20, seed: 7, ..NewCycle::default() }
}

#[test]
fn a_cycle_is_due_by_days_and_keeps_the_rhythm_of_the_one_before() {
    let mut store = store();
    filled(&mut store, 200);
    let first = NewCycle { aim: Some("  why do they fail? "), every: Some(Rhythm::Fortnightly), ..new() };
    let DueCycle::Opened(row) = store.open_cycle_if_due("maria", NOW, &first).unwrap() else { panic!("none yet: due") };
    assert_eq!((row.aim.as_deref(), row.every), (Some("why do they fail?"), Rhythm::Fortnightly));
    let again = store.open_cycle_if_due("maria", NOW, &new()).unwrap();
    assert_eq!(again, DueCycle::NotYet { says: format!("cycle {} is open", row.name), next: None });
    store.close_cycle("maria", NOW.plus(DAY), row.id, Some("write it down")).unwrap();
    let day = store.next_cycle_due().unwrap().unwrap();
    let at = |days: i64| NOW.plus(days * DAY);
    let DueCycle::NotYet { says, next } = store.open_cycle_if_due("maria", at(13), &new()).unwrap() else { panic!() };
    assert_eq!((next, says), (Some(day), format!("the next cycle is due on {day}")));
    // Some hours before the hour of the day at which the last one opened.
    let early = store.zone().unwrap().midnight(day);
    let DueCycle::Opened(second) = store.open_cycle_if_due("maria", early, &new()).unwrap() else { panic!("due") };
    assert_eq!(second.every, Rhythm::Fortnightly);
    let planned = store.figures().frame().unwrap().planned.unwrap();
    assert_eq!(planned, (row.name.clone(), "write it down".to_owned()), "asked when the second one is closed");
    let story = store.cycle_story(second.id, early).unwrap();
    assert_eq!(story.before.unwrap().plan.as_deref(), Some("write it down"));
}

#[test]
fn a_cycle_is_named_after_the_week_in_which_it_began_in_the_zone_of_the_store() {
    let mut store = store();
    filled(&mut store, 200);
    store.set_zone("maria", NOW, "Europe/Nicosia".parse().unwrap()).unwrap();
    // A Sunday evening of week 39 in UTC, a Monday of week 40 there.
    let monday = NOW.plus(7 * DAY - 15 * HOUR);
    let mut name = |at: Timestamp| {
        let row = store.open_cycle("maria", at, &new()).unwrap();
        store.close_cycle("maria", at.plus(HOUR), row.id, None).unwrap();
        row.name
    };
    let names = [monday, monday.plus(DAY), monday.plus(7 * DAY)].map(&mut name);
    assert_eq!(names, ["2026-W40", "2026-W40.2", "2026-W41"]);
}

#[test]
fn two_who_ask_at_once_open_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let open = || Store::open(&path, Access::ReadWrite, Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    filled(&mut open(), 60);
    let ask = |name: &'static str| {
        let path = path.clone();
        std::thread::spawn(move || {
            let founding = Founding { seed: 1, test_share: 0.2, now: NOW };
            let mut store = Store::open(&path, Access::ReadWrite, founding).unwrap();
            store.open_cycle_if_due(name, NOW, &new()).unwrap()
        })
    };
    let both = ["ann", "ben"].map(ask).map(|t| t.join().unwrap());
    let opened = both.iter().filter(|b| matches!(b, DueCycle::Opened(_))).count();
    assert_eq!((opened, open().cycles().unwrap().len()), (1, 1), "{both:?}");
}

#[test]
fn what_was_taken_back_is_nobodys_work() {
    let mut store = store();
    filled(&mut store, 200);
    let cycle = store.open_cycle("maria", NOW, &new()).unwrap();
    store.add_intent("maria", NOW, "refund_status").ok();
    let intent = store.intent("refund_status").unwrap();
    let (mut after, mut taught) = (None, Vec::new());
    for n in 0..4 {
        let id = store.next_item(&ReviewScope::Cycle(cycle.id), after, "ann", NOW.plus(n * 6_000)).unwrap().unwrap();
        let turn = store.review_item(id).unwrap().turn.unwrap();
        let changes = [DecisionChange::intents(id, turn, &[intent]), DecisionChange::cause(id, Some(Cause::Policy))];
        store.decide("ann", NOW.plus(n * 6_000), &changes).unwrap();
        let audit = "SELECT 1 FROM cycle_item WHERE conversation = ? AND audit = 1";
        taught.push(u64::from(store.ids(audit, &[&id.0]).unwrap().is_empty()));
        after = Some(id);
    }
    let taught = |n: usize| taught[..n].iter().sum::<u64>();
    store.undo("ann", NOW.plus(60_000)).unwrap();
    store.undo("ann", NOW.plus(61_000)).unwrap();
    let worked = |store: &Store| {
        let story = store.cycle_story(cycle.id, NOW.plus(DAY)).unwrap();
        (story.people, story.row.done, story.relabelled)
    };
    assert_eq!(worked(&store), (vec![("ann".to_owned(), 2)], 2, taught(2)));
    store.redo("ann", NOW.plus(62_000)).unwrap();
    assert_eq!(worked(&store), (vec![("ann".to_owned(), 3)], 3, taught(3)));
}

#[test]
fn intents_that_the_log_does_not_tell_are_no_other_than_it_has_and_audits_teach_nothing() {
    for fell_back in [false, true] {
        let mut store = store();
        for i in 0..100 {
            // What the AI took for unlikely and did not act on is nothing that it understood.
            let mut c = failed(&i.to_string(), &format!("problem number {i}"), fell_back.then_some("refund_status"));
            c.turns[0].fallback = fell_back;
            put(&mut store, &c);
        }
        let cycle = store.open_cycle("maria", NOW, &new()).unwrap();
        store.add_intent("maria", NOW, "refund_status").ok();
        let intent = store.intent("refund_status").unwrap();
        let items = store.ids("SELECT conversation FROM cycle_item WHERE cycle = ?", &[&cycle.id.0]).unwrap();
        for (i, id) in items.iter().enumerate() {
            let change = DecisionChange::intents(ConversationId(*id), TurnKey(0), &[intent]);
            store.decide("ann", NOW.plus(i as i64 + 1), &[change]).unwrap();
        }
        let told = store.cycle_summary(cycle.id, NOW.plus(DAY)).unwrap();
        let audits = store.ids("SELECT count(*) FROM cycle_item WHERE audit = 1", &[]).unwrap()[0] as u64;
        assert!(audits > 0 && told.is_open);
        let taught = items.len() as u64 - audits;
        assert_eq!((told.relabelled, told.named), if fell_back { (taught, 0) } else { (0, taught) });
    }
}

#[test]
fn what_was_skipped_is_not_reviewed_and_every_line_opens_what_it_counts() {
    let mut store = store();
    filled(&mut store, 200);
    let cycle = store.open_cycle("maria", NOW, &NewCycle { reviewers: &["ann".to_owned()], ..new() }).unwrap();
    let (mut after, mut n) = (None::<ConversationId>, 0);
    while let Some(id) = store.next_item(&ReviewScope::Cycle(cycle.id), after, "ann", NOW.plus(n * 6_000)).unwrap() {
        let item = store.review_item(id).unwrap();
        let at = NOW.plus(n * 6_000);
        if !item.blind() && n % 4 == 0 {
            store.decide("ann", at, &[DecisionChange::status(id, Some(Review::Skipped))]).unwrap();
        } else {
            let intent = store.intent("order_status").unwrap();
            let cause = if n % 2 == 0 { Cause::Policy } else { Cause::Integration };
            let changes =
                [DecisionChange::intents(id, item.turn.unwrap(), &[intent]), DecisionChange::cause(id, Some(cause))];
            store.decide("ben", at, &changes).unwrap();
        }
        (after, n) = (Some(id), n + 1);
    }
    let row = store.close_cycle("maria", NOW.plus(DAY), cycle.id, None).unwrap();
    assert_eq!((row.done + row.skipped, row.left(), n), (20, 0, 20));
    assert!(row.skipped >= 3, "{row:?}");
    let story = store.cycle_story(row.id, NOW.plus(DAY)).unwrap();
    assert_eq!(story.people.iter().map(|p| p.1).sum::<u64>(), 20);
    assert_eq!(story.left_by_day.last(), Some(&0));
    assert!(story.run.is_none(), "nothing was trained yet");
    let trained = |store: &Store, decision: i64| {
        let sql =
            "INSERT INTO release(at, reviewer, recipe, seed, decision, trained_on, intents, sha256, train_seconds)
            VALUES (?, 1, 'words', 1, ?, 20, 3, '', 0.1)";
        store.conn.execute(sql, [NOW.0, decision]).unwrap();
        store.cycle_story(row.id, NOW.plus(DAY)).unwrap().run.map(|run| run.release.0)
    };
    assert_eq!(trained(&store, 1), None, "before its labels");
    assert_eq!(trained(&store, store.last_decision().unwrap().0), Some(2), "on all of them, whoever asked for it");
    assert!(story.minutes > 0.5 && story.minutes < 4.0, "{}", story.minutes);
    assert_eq!(story.row.reviewers, ["ann"]);
    let of = |name: &str| story.items.iter().find(|l| l.name.starts_with(name)).map_or(0, |l| l.n);
    assert_eq!((of("all"), of("reviewed"), of("skipped")), (20, row.done, row.skipped));
    for line in story.items.iter().chain(&story.found) {
        let query = crate::domain::Query::parse(&line.query).unwrap();
        assert_eq!(store.queue_count(&query, NOW.plus(DAY)).unwrap(), line.n, "{}", line.query);
    }
    assert_eq!(story.found.iter().map(|l| l.n).sum::<u64>(), row.done);
    // The odds: two drawn of all that could be.
    let audits = store.audits().unwrap();
    let test = store.ids("SELECT count(*) FROM conversation WHERE part > 0", &[]).unwrap()[0] as f64;
    assert_eq!((audits.cycles, audits.items.len()), (1, 2));
    assert!(audits.items.iter().all(|i| i.worked && !i.label.is_empty() && (i.weight - test / 2.0).abs() < 1e-9));
    assert_eq!(
        store.figures().audited(1).unwrap().why.unwrap(),
        "told from 4 closed cycles with a drawn sample on; 1 so far"
    );
}

#[test]
fn opening_and_closing_are_taken_back_and_made_again_as_they_were() {
    let mut store = store();
    filled(&mut store, 200);
    let reviewers = ["maria".to_owned(), "nikos".to_owned()];
    let first = NewCycle { aim: Some("why?"), reviewers: &reviewers, ..new() };
    let opened = store.open_cycle("maria", NOW, &first).unwrap();
    let items = |store: &Store| {
        let sql = "SELECT conversation * 4 + audit * 2 + (turn IS NULL) FROM cycle_item WHERE cycle = ? ORDER BY place";
        store.ids(sql, &[&opened.id.0]).unwrap()
    };
    let frozen = items(&store);
    let undone = store.undo("maria", NOW.plus(1)).unwrap();
    assert_eq!(undone.words, format!("cycle {}: opened", opened.name));
    assert!(store.cycles().unwrap().is_empty() && store.open_cycle_row().unwrap().is_none());
    assert_eq!(store.redo("maria", NOW.plus(2)).unwrap().words, format!("cycle {}: opened", opened.name));
    assert_eq!((store.cycle_row(opened.id).unwrap(), items(&store)), (opened.clone(), frozen));

    store.close_cycle("nikos", NOW.plus(3), opened.id, Some("write it")).unwrap();
    let why = store.undo("maria", NOW.plus(4)).unwrap_err().to_string();
    assert!(why.contains("is closed"), "{why}");
    store.undo("nikos", NOW.plus(5)).unwrap();
    assert_eq!(store.cycle_row(opened.id).unwrap(), opened, "as it was, without a plan");
    store.redo("nikos", NOW.plus(6)).unwrap();
    assert_eq!(store.cycle_row(opened.id).unwrap().plan.as_deref(), Some("write it"));

    let second = store.open_cycle("maria", NOW.plus(DAY), &new()).unwrap();
    assert!(second.id > opened.id);
    let why = store.undo("nikos", NOW.plus(DAY + 1)).unwrap_err().to_string();
    assert!(why.contains("is open; close it first"), "{why}");
    let item =
        ConversationId(store.ids("SELECT conversation FROM cycle_item WHERE cycle = ?", &[&second.id.0]).unwrap()[0]);
    store.decide("nikos", NOW.plus(DAY + 2), &[DecisionChange::cause(item, Some(Cause::Policy))]).unwrap();
    let why = store.undo("maria", NOW.plus(DAY + 3)).unwrap_err().to_string();
    assert!(why.contains("nikos has worked in cycle"), "{why}");
}

/// Rule 52: half of the conversations were drawn with one in ten, and of those the log is wrong.
#[test]
fn a_rate_that_needs_people_weighs_what_was_drawn_from_a_log() {
    let mut store = store();
    filled(&mut store, 400);
    store.conn.execute("INSERT INTO sampled SELECT id, 'rare', 0.1 FROM conversation WHERE id % 2 = 0", []).unwrap();
    let right = store.intent("order_status").unwrap();
    let wrong = store.add_intent("maria", NOW, "refund").unwrap();
    for week in 0..4 {
        let opened = NOW.plus(week * 7 * DAY);
        let cycle = store.open_cycle("maria", opened, &new()).unwrap();
        let (mut after, mut n) = (None::<ConversationId>, 1);
        while let Some(id) = store.next_item(&ReviewScope::Cycle(cycle.id), after, "ann", opened.plus(n)).unwrap() {
            let turn = store.review_item(id).unwrap().turn.unwrap();
            let said = if id.0 % 2 == 0 { wrong } else { right };
            let changes = [DecisionChange::intents(id, turn, &[said]), DecisionChange::cause(id, Some(Cause::Policy))];
            store.decide("ann", opened.plus(n), &changes).unwrap();
            (after, n) = (Some(id), n + 1);
        }
        store.close_cycle("maria", opened.plus(DAY), cycle.id, None).unwrap();
    }
    let audits = store.audits().unwrap();
    let drawn = |even: bool| audits.items.iter().filter(move |i| (i.conversation.0 % 2 == 0) == even);
    let (rare, other) = (drawn(true).count(), drawn(false).count());
    assert!(rare > 0 && other > 0, "of either kind: {rare} and {other}");
    let weight = |even: bool| drawn(even).map(|i| i.weight).sum::<f64>();
    let told = store.figures().audited(1).unwrap().intent_accuracy.audit.unwrap();
    assert_eq!((told.m, told.yes), ((rare + other) as u64, other as u64));
    assert!((told.sure.value - weight(false) / (weight(false) + weight(true))).abs() < 1e-9, "{told:?}");
    assert!(
        told.sure.value < 0.7 * other as f64 / (rare + other) as f64,
        "each of the rare ones stands for ten: {told:?}"
    );
}

#[test]
fn a_summary_counts_as_the_page_of_the_cycle_does_and_says_how_many_were_judged_blind() {
    let mut store = store();
    filled(&mut store, 200);
    let cycle = store.open_cycle("maria", NOW, &new()).unwrap();
    let intent = store.intent("order_status").unwrap();
    let items = "SELECT conversation FROM cycle_item WHERE cycle = ? ORDER BY audit, place";
    let items = store.ids(items, &[&cycle.id.0]).unwrap();
    for (i, id) in items.iter().enumerate() {
        let (id, at) = (ConversationId(*id), NOW.plus(i as i64 + 1));
        let turn = store.review_item(id).unwrap().turn.unwrap();
        let changes = match i {
            0 | 1 => vec![DecisionChange::status(id, Some(Review::Skipped))],
            _ => vec![DecisionChange::intents(id, turn, &[intent]), DecisionChange::cause(id, Some(Cause::Policy))],
        };
        store.decide("ann", at, &changes).unwrap();
    }
    let now = NOW.plus(DAY);
    let told = store.cycle_summary(cycle.id, now).unwrap();
    let audit = store.ids("SELECT count(*) FROM cycle_item WHERE audit = 1", &[]).unwrap()[0] as u64;
    assert!(audit > 0);
    assert_eq!((told.blind, told.skipped), (audit, 2));
    assert_eq!(told.found, store.cycle_story(cycle.id, now).unwrap().found, "one figure on both");
    // What ended well and was judged blind has no cause of failure.
    assert_eq!(told.found.iter().map(|line| line.n).sum::<u64>(), 18 - audit);
    assert_eq!(
        store.scope_progress(&ReviewScope::Cycle(cycle.id), now).unwrap(),
        (18, 20),
        "what was skipped is not in it"
    );
}

#[test]
fn what_was_closed_together_with_an_item_is_told_beside_the_cycle() {
    let mut store = store();
    filled(&mut store, 100);
    let cycle = store.open_cycle("maria", NOW, &new()).unwrap();
    let item = store.ids("SELECT min(conversation) FROM cycle_item WHERE cycle = ?", &[&cycle.id.0]).unwrap()[0];
    let beyond = "SELECT id FROM conversation WHERE id NOT IN (SELECT conversation FROM cycle_item WHERE cycle = ?) ORDER BY id LIMIT 4";
    let beyond = store.ids(beyond, &[&cycle.id.0]).unwrap();
    let other = store.add_intent("ann", NOW, "refund").unwrap();
    let closing = |id: &i64| {
        let id = ConversationId(*id);
        [DecisionChange::intents(id, TurnKey(0), &[other]), DecisionChange::cause(id, Some(Cause::WrongIntent))]
    };
    let alike = |store: &Store| store.cycle_summary(cycle.id, NOW.plus(9)).unwrap().alike;
    // One of its own is no answer to an item.
    store.decide("ann", NOW.plus(1), &closing(&beyond[0])).unwrap();
    assert_eq!(alike(&store), 0);
    let together: Vec<DecisionChange> =
        [&item, &beyond[1], &beyond[2], &beyond[3]].into_iter().flat_map(closing).collect();
    store.decide("ann", NOW.plus(2), &together).unwrap();
    assert_eq!(alike(&store), 3);
}
