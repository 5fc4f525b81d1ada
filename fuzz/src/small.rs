//! A small store in which something of everything was done: imports, labels, a cycle, gold, releases, a replay, search.

use crate::read::{NOW, stream};
use appraise::domain::{
    Cause, ConversationId, DecisionChange, IntentId, ReleaseId, SilentReporter, Timestamp, TurnKey,
};
use appraise::ingest::{ReadOptions, Rejects};
use appraise::jobs::encoders::Vectors;
use appraise::jobs::{
    FinetuneOptions, ImportOptions, ReplayOptions, TrainingStart, finetune, import, index, promote, replay,
};
use appraise::store::{Access, Founding, NewCycle, OnDuplicate, Store};
use std::path::Path;

/// Conversations in it.
const CONVERSATIONS: usize = 60;
/// Intents with words that their customers use.
const MATTERS: [(&str, [&str; 6]); 4] = [
    ("order_status", ["parcel", "order", "sent", "arrive", "courier", "late"]),
    ("refund", ["money", "back", "refund", "pay", "bank", "charge"]),
    ("opening_hours", ["open", "close", "sunday", "hours", "tonight", "shop"]),
    ("κράτηση", ["booking", "date", "later", "friday", "move", "day"]),
];

/// What a store is founded with.
pub fn founding() -> Founding {
    Founding { seed: 1, test_share: 0.3, now: NOW }
}

/// A directory that goes with its owner: in memory, where the system has such a place, since nothing here has to last.
pub fn dir() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a directory")
}

/// Makes the store at a place where none is.
///
/// # Panics
/// Something of it cannot be done: then the store is no test of anything.
pub fn make(path: &Path) -> Store {
    let mut store = Store::open(path, Access::Bulk, founding()).expect("a new store");
    fill(&mut store).expect("a store that is filled");
    store
}

fn fill(store: &mut Store) -> Result<(), appraise::jobs::JobError> {
    load(store)?;
    index(store, &SilentReporter)?;
    for n in 1..=20 {
        let (id, intent) = (ConversationId(n), IntentId(1 + n % 4));
        let cause = Cause::ALL[n as usize % Cause::ALL.len()];
        store.decide(
            "maria",
            later(n),
            &[DecisionChange::intents(id, TurnKey(0), &[intent]), DecisionChange::cause(id, Some(cause))],
        )?;
    }
    let asked = DecisionChange::note(ConversationId(21), Some("who knows this one?".into()));
    store.decide("andreas", later(30), &[asked])?;
    store.decide(
        "maria",
        later(31),
        &[DecisionChange::response(ConversationId(22), TurnKey(1), Some("It is on its way.".into()))],
    )?;
    store.undo("andreas", later(32))?;
    store.freeze_gold("maria", later(33), Some("the first"))?;
    for at in [40, 50] {
        let from = if at == 40 { TrainingStart::Scratch } else { TrainingStart::Live };
        let vectors = if at == 40 { Vectors::None } else { Vectors::Static };
        let options = FinetuneOptions { from, cycle: None, vectors, seed: 1, reviewer: "maria".into(), now: later(at) };
        let comparison = finetune(store, &options, &SilentReporter)?;
        promote(store, "maria", later(at + 1), comparison.release, "for the test", true)?;
    }
    let week = NewCycle {
        name: Some("first"),
        scope: "outcome:failed",
        goal: 10,
        seed: 1,
        aim: None,
        every: None,
        reviewers: &[],
    };
    store.open_cycle("maria", later(60), &week)?;
    replay(store, &ReplayOptions { release: ReleaseId(1), since: Timestamp(0), most: 10 }, &SilentReporter)?;
    store.remember("maria", later(62), "query", "outcome:failed")?;
    while store.renew_batch()? > 0 {}
    Ok(())
}

fn later(seconds: i64) -> Timestamp {
    NOW.plus(1_000 * seconds)
}

fn load(store: &mut Store) -> Result<(), appraise::jobs::JobError> {
    let options = ImportOptions {
        read: ReadOptions::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: false,
        now: NOW,
    };
    let mut rejects = Rejects::new(Box::new(std::io::sink()) as Box<dyn std::io::Write>);
    import(store, "maria", stream(log().as_bytes(), usize::MAX), &options, &mut rejects, &SilentReporter).map(drop)
}

fn log() -> String {
    (0..CONVERSATIONS).map(|i| conversation(i).to_string() + "\n").collect()
}

fn conversation(i: usize) -> serde_json::Value {
    let (intent, words) = MATTERS[i % 4];
    let said = format!("hello {} {} please {}", words[i % 6], words[(i / 4) % 6], words[(i / 7) % 6]);
    let at = |turn: i64| NOW.plus(-86_400_000 * (i as i64 + 1) + 60_000 * turn).rfc3339();
    let mut line = serde_json::json!({
        "id": format!("c{i}"), "customer_id": format!("u{}", i / 2), "channel": (["web", "whatsapp"][i % 2]),
        "lang": (["en", "el"][i % 2]),
        "turns": [
            {"role": "user", "text": said, "at": at(0), "intent": MATTERS[i / 4 % 4].0, "confidence": 0.4},
            {"role": "bot", "text": format!("About {intent}."), "at": at(1)},
            {"role": "user", "text": "no, that is wrong", "at": at(2)}],
        "outcome": (["failed", "resolved", "escalated"][i % 3]), "csat": 1 + i % 5, "sentiment": 0.1 * (i % 10) as f64 - 0.5,
    });
    if i % 3 == 0 {
        line["turns"][0]["gold_intent"] = intent.into();
    }
    if i % 10 == 0 {
        line["offers"] = serde_json::json!([{"name": "free shipping", "turn": 1, "status": "shown", "value": 5}]);
    }
    line
}
