//! The overview's figures against a small log.

use super::*;
use crate::domain::{Change, Conversation, Csat, Outcome, OutcomeSource, Query, Role, Sort, StepId, Turn};
use crate::store::{Founding, NewCycle, OnDuplicate};

const NOW: Timestamp = Timestamp(20_780 * DAY + DAY / 2);

/// `days` days before NOW, `n` conversations, of which the first `solved` are solved.
fn day(store: &mut Store, days: i64, n: u64, solved: u64) {
    let mut step: Option<StepId> = None;
    for i in 0..n {
        let mut asked = Turn::new(Role::User, "where is it");
        asked.intent = Some(if i % 2 == 0 { "order" } else { "refund" }.to_owned());
        asked.at = Some(NOW.plus(-days * DAY));
        let mut c = Conversation::new("web", format!("{days}-{i}"), vec![asked, Turn::new(Role::Bot, "It arrives.")]);
        c.ended_at = Some(NOW.plus(-days * DAY));
        c.outcome = Some(match i {
            _ if i < solved => Outcome::Resolved,
            _ if i % 3 == 0 => Outcome::Escalated,
            _ => Outcome::Failed,
        });
        c.outcome_source = Some(OutcomeSource::Explicit);
        c.csat = (i % 4 == 0).then_some(Csat {
            score: if i < solved { 5.0 } else { 1.0 },
            max: 5.0,
            comment: None,
            at: None,
        });
        let hash = format!("{c:?}").into_bytes();
        store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
    }
}

fn store() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

#[test]
fn periods_weeks_and_day_one() {
    let mut store = store();
    // 30 days ago too few for a day one; the week that begins 20 days ago holds 210.
    day(&mut store, 30, 50, 10);
    day(&mut store, 20, 110, 40);
    day(&mut store, 15, 100, 40);
    day(&mut store, 9, 60, 30);
    day(&mut store, 2, 80, 60);
    let page = store.overview_page(NOW).unwrap();
    assert_eq!(page.basis, Basis::Week);
    assert_eq!((page.this.resolved, page.this.n()), (60, 80));
    let last = page.last.unwrap();
    assert_eq!((last.resolved, last.n()), (30, 60));
    let first = page.day_one.unwrap();
    assert_eq!((first.resolved, first.n()), (80, 210));
    assert_eq!(page.weeks.iter().map(|w| w.n).sum::<u64>(), 400);
    assert!(page.weeks.iter().all(|w| w.monday.utc().format("%a").to_string() == "Mon"));
    assert_eq!(page.failing.iter().map(|f| f.failed + f.escalated).sum::<u64>(), 20);
    assert_eq!(page.this.rated, 20);
    // Day one stays where it was first seen, whatever is imported later.
    day(&mut store, 60, 300, 300);
    assert_eq!(store.overview_page(NOW).unwrap().day_one.unwrap().from, first.from);
}

#[test]
fn an_old_log_counts_from_its_newest_conversation_and_one_without_times_as_a_whole() {
    let mut old = store();
    day(&mut old, 400, 30, 10);
    day(&mut old, 404, 30, 10);
    let page = old.overview_page(NOW).unwrap();
    assert_eq!((page.basis, page.this.n(), page.day_one), (Basis::OldWeek, 60, None));
    let timeless = store();
    let mut step = None;
    let mut c = Conversation::new("web", "1", vec![Turn::new(Role::User, "hi"), Turn::new(Role::Bot, "hello")]);
    c.outcome = Some(Outcome::Resolved);
    c.outcome_source = Some(OutcomeSource::Explicit);
    timeless.put(&c, b"1", NOW, OnDuplicate::Update, &mut step).unwrap();
    let page = timeless.overview_page(NOW).unwrap();
    assert_eq!((page.basis, page.this.resolved, page.last), (Basis::All, 1, None));
    assert!(page.weeks.is_empty());
    assert_eq!(store().overview_page(NOW).unwrap().this.n(), 0);
}

#[test]
fn a_cycle_covers_the_week_that_it_reviews() {
    let mut store = store();
    day(&mut store, 2, 80, 60);
    let new = NewCycle { name: None, scope: "outcome:failed,escalated", goal: 10, seed: 1 };
    let cycle = store.open_cycle("maria", NOW, &new).unwrap();
    let page = store.overview_page(NOW.plus(DAY)).unwrap();
    assert_eq!(page.basis, Basis::Cycle(cycle.name));
    assert_eq!((page.this.from, page.this.to), (NOW.0 - WEEK, NOW.0));
    assert_eq!(page.this.n(), 80);
    // Causes outside the cycle, then inside it.
    let row = |store: &Store, q: &str| {
        store.queue_page(&Query::parse(q).unwrap(), Sort::NEWEST, crate::store::Place::Start, 1, NOW).unwrap().rows[0].n
    };
    let outside = row(&store, &format!("-cycle:{} outcome:failed", page_name(&page)));
    store.decide("maria", NOW, &[Change::cause(outside, Some(Cause::Policy))]).unwrap();
    let ceiling = store.overview_page(NOW).unwrap().ceiling;
    assert_eq!((ceiling.of_cycle, ceiling.causes), (false, vec![(Cause::Policy, 1)]));
    let inside = row(&store, &format!("cycle:{}", page_name(&page)));
    store.decide("maria", NOW, &[Change::cause(inside, Some(Cause::WrongIntent))]).unwrap();
    let ceiling = store.overview_page(NOW).unwrap().ceiling;
    assert_eq!((ceiling.of_cycle, ceiling.causes), (true, vec![(Cause::WrongIntent, 1)]));
}

fn page_name(page: &OverviewPage) -> &str {
    match &page.basis {
        Basis::Cycle(name) => name,
        other => panic!("{other:?}"),
    }
}
