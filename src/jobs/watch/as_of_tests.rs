//! A store that is lived in for some weeks, with a copy kept at the end of each: what is shown as of that moment is what the copy shows.

use super::as_of::{AsOfOptions, as_of};
use crate::base::rng::Rng;
use crate::domain::time::{DAY, HOUR};
use crate::domain::{
    Cause, ConversationId, DecisionChange, Outcome, PatternView, Query, QueryMoment, QueueOrder, Review,
    SilentReporter, Timestamp, TurnKey,
};
use crate::ingest::{Input, ReadOptions, Rejects};
use crate::jobs::encoders::{InstalledEncoders, Vectors};
use crate::jobs::{
    FinetuneOptions, ImportOptions, TrainingStart, count_answers, find_patterns, finetune, import, promote, renew,
};
use crate::store::{Access, Founding, NewCycle, OnDuplicate, Overview, PageStart, SegmentBy, Store};
use std::io::Write;
use std::sync::Arc;

const BEGIN: Timestamp = Timestamp(1_790_000_000_000);
const WEEKS: i64 = 5;
const A_WEEK: usize = 120;

fn founding() -> Founding {
    Founding { seed: 1, test_share: 0.2, now: BEGIN }
}

/// Conversations of one week, in the words of the log of the other tests of this room.
fn week(n: i64) -> String {
    let from = n as usize * A_WEEK;
    let lines = crate::jobs::tests::log(from + A_WEEK);
    let mut out = String::new();
    for (i, line) in lines.lines().enumerate().skip(from) {
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        let at = BEGIN.0 + n * 7 * DAY + (i - from) as i64 * 50 * 60_000;
        value["started_at"] = chrono::DateTime::from_timestamp_millis(at).unwrap().to_rfc3339().into();
        value["channel"] = if i % 3 == 0 { "web" } else { "phone" }.into();
        // What is new in a later week is not known before.
        if n == 3 && i % 7 == 0 {
            value["turns"][0]["intent"] = "gift_card".into();
        }
        out.push_str(&value.to_string());
        out.push('\n');
    }
    out
}

fn take_in(store: &mut Store, n: i64, now: Timestamp) {
    let input = Input::Stream { name: "w.jsonl".into(), read: Box::new(std::io::Cursor::new(week(n).into_bytes())) };
    let options = ImportOptions {
        read: ReadOptions::new(now),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: false,
        now,
    };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    let report = import(store, "maria", input, &options, &mut rejects, &SilentReporter).unwrap();
    assert_eq!(report.new, A_WEEK as u64);
}

/// What two people do in a week: everything that is a decision, some of it taken back and made again, now or later.
fn work(store: &mut Store, n: i64, rng: &mut Rng, now: Timestamp) {
    let rows = (n as usize + 1) * A_WEEK;
    let mut at = now;
    for _ in 0..60 {
        at = at.plus(60_000);
        let who = ["maria", "nikos"][rng.below(2)];
        let c = ConversationId(rng.below(rows) as i64 + 1);
        let intents: Vec<_> = store.intents().unwrap().iter().filter(|i| i.state == "active").map(|i| i.id).collect();
        let intent = intents[rng.below(intents.len())];
        // Refusals are part of life: somebody decided later, nothing is left to take back.
        let _ = match rng.below(10) {
            0 => store.undo(who, at).map(drop),
            1 => store.redo(who, at).map(drop),
            2 => store.decide(who, at, &[DecisionChange::outcome(c, Some(Outcome::Resolved))]).map(drop),
            3 => store.decide(who, at, &[DecisionChange::traffic(c, false)]).map(drop),
            4 => store.decide(who, at, &[DecisionChange::status(c, Some(Review::Later))]).map(drop),
            5 => store.decide(who, at, &[DecisionChange::question(c, "why?")]).map(drop),
            6 => store.decide(who, at, &[DecisionChange::response(c, TurnKey(1), Some("Better so.".into()))]).map(drop),
            _ => {
                let label = DecisionChange::intents(c, TurnKey(0), &[intent]);
                store.decide(who, at, &[label, DecisionChange::cause(c, Some(Cause::ALL[rng.below(3)]))]).map(drop)
            }
        };
    }
    at = at.plus(HOUR);
    match n {
        0 => drop(store.add_intent("maria", at, "complaint").unwrap()),
        1 => drop(store.rename_intent("nikos", at, "refund", "money_back").unwrap()),
        2 => drop(store.merge_intents("maria", at, "opening_hours", "order_status").unwrap()),
        3 => {
            store.rename_intent("nikos", at, "change_booking", "rebooking").unwrap();
            store.set_zone("maria", at, "Europe/Athens".parse().unwrap()).unwrap();
        }
        _ => drop(store.retire_intent("maria", at, "complaint").unwrap()),
    }
    if let Some(open) = store.open_cycle_row().unwrap() {
        store.close_cycle("maria", at, open.id, Some("hand out what has no content")).unwrap();
    }
    store.open_cycle("maria", at, &NewCycle { goal: 20, seed: 1, ..NewCycle::default() }).unwrap();
    if n == 1 || n == 3 {
        let options = FinetuneOptions {
            from: TrainingStart::Live,
            cycle: None,
            vectors: Vectors::Static,
            seed: 1,
            reviewer: "maria".into(),
            now: at,
        };
        let done = finetune(store, &options, &SilentReporter).unwrap();
        promote(store, "maria", at.plus(1), done.release, "for the test", true).unwrap();
    }
}

/// Everything that is shown, in words, each under its name.
fn shown(store: &Store, now: Timestamp) -> Vec<(String, String)> {
    let figures = store.figures();
    let mut out = vec![
        ("overview".to_owned(), format!("{:#?}", figures.overview(now).unwrap())),
        // Which labels are disputed is known of the newest training alone.
        ("frame".to_owned(), format!("{:#?}", Overview { disputed: None, ..figures.frame().unwrap() })),
        ("segments".to_owned(), format!("{:#?}", figures.segments(now).unwrap())),
        ("audited".to_owned(), format!("{:#?}", figures.audited(1).unwrap())),
        ("answers".to_owned(), format!("{:#?}", figures.answers(None, now).unwrap())),
        ("cycles".to_owned(), format!("{:#?}", store.cycles().unwrap())),
        ("corrections".to_owned(), format!("{:#?}", store.corrections().unwrap())),
        ("gold".to_owned(), format!("{:#?}", store.gold_versions().unwrap())),
        ("releases".to_owned(), format!("{:#?}", store.releases().unwrap())),
        ("live".to_owned(), format!("{:#?}", store.live_history().unwrap())),
        ("pace".to_owned(), format!("{:#?}", store.pace().unwrap())),
    ];
    for by in [SegmentBy::Week, SegmentBy::Intent, SegmentBy::Channel, SegmentBy::Cause] {
        out.push((format!("stats by {by:?}"), format!("{:#?}", figures.stats(None, by, None, now).unwrap())));
    }
    for cycle in store.cycles().unwrap() {
        let story = store.cycle_story(cycle.id, now).unwrap();
        out.push((format!("cycle {}", cycle.name), format!("{story:#?}")));
    }
    for view in PatternView::ALL {
        out.push((format!("{view:?}"), format!("{:#?}", figures.patterns(view, 28, now).unwrap())));
    }
    let queries = [
        "",
        "status:open",
        "status:done",
        "outcome:failed",
        "label:refund",
        "intent:order_status",
        "is:mismatch",
        "cause:wrong_intent",
    ];
    for text in queries {
        let query = Query::parse(text).unwrap();
        let page = store.queue_page(&query, QueueOrder::VALUE, PageStart::Start, 30, now).unwrap();
        out.push((format!("queue `{text}`"), format!("{} {:#?}", store.queue_count(&query, now).unwrap(), page.rows)));
    }
    let intents = store.intents().unwrap();
    out.push(("intents".to_owned(), format!("{intents:#?}")));
    out
}

#[test]
fn every_figure_as_of_a_moment_is_that_of_a_copy_kept_then() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.db");
    let encoders = Arc::new(InstalledEncoders::at(dir.path().join("none")));
    let mut store = Store::open(&path, Access::ReadWrite, founding()).unwrap().with_encoders(encoders.clone());
    let mut rng = Rng::new(3);
    let mut moments = Vec::new();
    for n in 0..WEEKS {
        let end = Timestamp(BEGIN.0 + (n + 1) * 7 * DAY - 2 * DAY);
        take_in(&mut store, n, end);
        work(&mut store, n, &mut rng, end.plus(HOUR));
        let moment = end.plus(DAY);
        let copy = dir.path().join(format!("week{n}.db"));
        Store::working_copy(&path, &copy, &SilentReporter).unwrap();
        moments.push((moment, copy));
    }
    drop(store);
    for (moment, copy) in &moments {
        let mut then = Store::open(copy, Access::Bulk, founding()).unwrap().with_encoders(encoders.clone());
        renew(&mut then, &SilentReporter).unwrap();
        let embedder = Vectors::of_store(&encoders, &then).unwrap().open(&encoders).unwrap();
        find_patterns(&then, embedder.as_deref(), *moment, 1, &SilentReporter).unwrap();
        count_answers(&then, &SilentReporter).unwrap();
        let options = AsOfOptions {
            moment: QueryMoment::At(*moment),
            now: BEGIN.plus(WEEKS * 7 * DAY),
            seed: 1,
            founding: founding(),
            encoders: &encoders,
        };
        let found = as_of(&path, &options, &SilentReporter).unwrap();
        let back = Store::open(found.path(), Access::ReadOnly, founding()).unwrap().with_encoders(encoders.clone());
        for ((name, kept), (_, told)) in shown(&then, *moment).iter().zip(shown(&back, *moment)) {
            let differs = kept.lines().zip(told.lines()).find(|(a, b)| a != b);
            assert!(*kept == told, "{name} as of {}: kept {differs:?}", moment.rfc3339());
        }
        let found_sound = Store::diagnose(found.path(), founding(), true, &SilentReporter).unwrap();
        assert!(found_sound.ok, "{:#?}", found_sound.checks);
        let place = found.path().to_owned();
        drop(back);
        drop(found);
        assert!(!place.exists(), "the copy goes with its owner");
    }
    let now = BEGIN.plus(WEEKS * 7 * DAY);
    let ask = |moment| {
        let options = AsOfOptions { moment, now, seed: 1, founding: founding(), encoders: &encoders };
        as_of(&path, &options, &SilentReporter).unwrap_err().to_string()
    };
    assert!(ask(QueryMoment::At(now.plus(DAY))).contains("still to come"));
    assert!(ask(QueryMoment::At(BEGIN)).contains("nothing was there yet"));
}
