//! Figures of a store that holds a part of its log.

use crate::domain::time::DAY;
use crate::domain::{
    Conversation, Outcome, OutcomeSource, QueryMoment, Rate, Resolution, Role, Sampling, StepId, Timestamp, TrafficRow,
    Turn,
};
use crate::store::{CountedWeek, Founding, OnDuplicate, SegmentBy, Store};

/// A Monday, some weeks after the conversations.
const NOW: Timestamp = Timestamp(20_807 * DAY);
/// 2026-11-23, a Monday.
const MONDAY: Timestamp = Timestamp(20_780 * DAY);

fn store() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

fn put(store: &mut Store, id: &str, day: i64, outcome: Outcome, probability: Option<f64>) {
    let mut step: Option<StepId> = None;
    let mut asked = Turn::new(Role::User, format!("where is it, {id}"));
    asked.intent = Some("order".to_owned());
    asked.fallback = outcome == Outcome::Failed;
    asked.at = Some(MONDAY.plus(day * DAY + DAY / 2));
    let mut c = Conversation::new("shop", id, vec![asked, Turn::new(Role::Bot, "It arrives.")]);
    c.outcome = Some(outcome);
    c.outcome_source = Some(OutcomeSource::Explicit);
    c.sampling = probability.and_then(|p| Sampling::new("audit", p));
    let hash = format!("{c:?}").into_bytes();
    store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
}

fn row(week: &str, outcome: Outcome, n: u64) -> TrafficRow {
    TrafficRow {
        source: "shop".into(),
        week: week.parse().unwrap(),
        intent: Some("order".into()),
        channel: None,
        language: None,
        outcome,
        resolution: (outcome == Outcome::Resolved).then_some(Resolution::Confirmed),
        n,
        csat_n: n / 10,
        csat_good: n / 20,
        user_turns: n * 2,
        fallback_turns: n / 5,
    }
}

#[test]
fn a_conversation_of_a_sample_stands_for_more_of_its_kind() {
    let mut store = store();
    for i in 0..40 {
        put(&mut store, &format!("f{i}"), i % 7, Outcome::Failed, Some(0.8));
        put(&mut store, &format!("r{i}"), i % 7, Outcome::Resolved, Some(0.1));
    }
    let stats = store.figures().stats(None, SegmentBy::Week, None, NOW).unwrap();
    assert_eq!((stats.all.n, stats.all.outcomes.failed, stats.all.outcomes.resolved), (450, 50, 400));
    let failure = stats.all.rates["failure"];
    assert_eq!((failure.num, failure.den), (50, 450));
    let plain = Rate::new(50, 450);
    assert!(failure.hi - failure.lo > 1.2 * (plain.hi - plain.lo), "{failure:?} {plain:?}");
    assert_eq!((stats.all.rates["fallback"].num, stats.all.rates["fallback"].den), (50, 450));
    let rests = stats.all_traffic.unwrap();
    assert_eq!((rests.stored, rests.reviewed, rests.weeks.len()), (80, 0, 0));
    // The same figures stand on the overview.
    let page = store.figures().overview(NOW).unwrap();
    assert_eq!((page.this.failed, page.this.n()), (50, 450));
    assert!(page.this.worth.is_some_and(|w| w < 0.5), "{:?}", page.this.worth);
    assert_eq!((page.weeks[0].resolved, page.weeks[0].n), (400, 450));
    // What comes with a whole log stands for itself again.
    put(&mut store, "r0", 0, Outcome::Resolved, None);
    assert_eq!(store.figures().stats(None, SegmentBy::Week, None, NOW).unwrap().all.n, 441);
}

#[test]
fn counted_weeks_stand_in_the_place_of_what_is_stored_of_them() {
    let mut store = store();
    put(&mut store, "a", 1, Outcome::Failed, Some(0.5));
    put(&mut store, "b", 8, Outcome::Resolved, None);
    let rows = [
        row("2026-W48", Outcome::Resolved, 700),
        row("2026-W48", Outcome::Failed, 200),
        row("2026-W48", Outcome::Unknown, 100),
    ];
    let taken = store.take_traffic(&rows, false).unwrap();
    assert_eq!((taken[0].n, taken[0].finished, taken[0].stored, taken[0].replaced), (1_000, 900, 1, false));
    let stats = store.figures().stats(None, SegmentBy::Week, None, NOW).unwrap();
    assert_eq!((stats.all.n, stats.excluded.unknown), (901, 100));
    let rate = stats.all.rates["resolution"];
    assert_eq!((rate.num, rate.den), (701, 901));
    assert_eq!(rate, Rate::new(701, 901), "whole counts have the usual interval");
    assert_eq!(stats.all.rates["unknown"], Rate::new(100, 1_001));
    assert_eq!(
        stats.segments.iter().map(|s| (s.name.as_str(), s.n)).collect::<Vec<_>>(),
        [("2026-W48", 900), ("2026-W49", 1)]
    );
    let rests = stats.all_traffic.unwrap();
    assert_eq!(rests.weeks, [CountedWeek { source: "shop".into(), week: "2026-W48".into() }]);
    assert_eq!(rests.of_the_sample, ["durable_resolution", "reopen"]);
    // Segments that counts do not know are of what is stored, and said to be.
    let months = store.figures().stats(None, SegmentBy::Month, None, NOW).unwrap();
    assert_eq!((months.all.n, months.segments.iter().map(|s| s.n).sum::<u64>()), (901, 3));
    assert_eq!(months.all_traffic.unwrap().of_the_sample[2], "months");
    let intents = store.figures().stats(None, SegmentBy::Intent, None, NOW).unwrap();
    assert_eq!((intents.segments.len(), intents.segments[0].n), (1, 901));
    // A week that the period cuts is counted by its rows.
    let cut = store.figures().stats(Some(QueryMoment::At(MONDAY.plus(DAY))), SegmentBy::Week, None, NOW).unwrap();
    assert_eq!((cut.all.n, cut.all_traffic.map(|t| t.cut.len())), (3, Some(1)));
    // A week given again replaces the former; a dry run nothing.
    store.take_traffic(&[row("2026-W48", Outcome::Failed, 10)], true).unwrap();
    assert_eq!(store.figures().stats(None, SegmentBy::Week, None, NOW).unwrap().all.n, 901);
    assert!(store.take_traffic(&[row("2026-W48", Outcome::Failed, 10)], false).unwrap()[0].replaced);
    assert_eq!(store.figures().stats(None, SegmentBy::Week, None, NOW).unwrap().all.n, 11);
}
