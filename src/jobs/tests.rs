//! The loop without a screen: import, fine-tune, compare, promote, roll back.

use super::encoders::Vectors;
use super::*;
use crate::domain::{Cancelled, Gate, Reporter, SilentReporter, Timestamp, Verdict};
use crate::ingest::{Input, ReadOptions, Rejects};
use crate::store::{Access, Founding, OnDuplicate, ShownRollback, Store};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const NOW: Timestamp = Timestamp(1_790_000_000_000);

pub(super) fn store() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

/// A log of `n` conversations about five matters, with gold intents. Texts are drawn from the words of their matter and
/// common ones, so that few repeat. The AI is right in a third of them, and was never asked about invoices.
pub(super) fn log(n: usize) -> String {
    let matters = [
        ("order_status", "parcel order sent package arrive courier tracking shipped late delivery"),
        ("refund", "money back refund pay returned account bank credited charge amount"),
        ("change_booking", "booking date later friday move another day reschedule come earlier"),
        ("invoice_copy", "invoice bill receipt copy pdf vat company document resend print"),
        ("opening_hours", "open close sunday hours holiday tonight time shop morning evening"),
    ];
    let common: Vec<&str> = "please the i my is when can you tell for want need hello about it".split(' ').collect();
    let mut out = String::new();
    for i in 0..n {
        let mut rng = crate::base::rng::Rng::new(i as u64);
        let (intent, words) = matters[i % 5];
        let words: Vec<&str> = words.split(' ').collect();
        let text: Vec<&str> =
            (0..7).map(|k| if k % 2 == 0 { words[rng.below(10)] } else { common[rng.below(common.len())] }).collect();
        let guess = if rng.below(3) == 0 { i % 5 } else { rng.below(5) };
        let guess = if guess == 3 { "opening_hours" } else { matters[guess].0 };
        let line = serde_json::json!({
            "id": format!("c{i}"), "customer_id": format!("u{}", i / 2),
            "turns": [
                {"role": "user", "text": text.join(" "), "intent": guess, "confidence": 0.5, "gold_intent": intent},
                {"role": "bot", "text": format!("About {intent}.")}],
            "outcome": if i % 5 == 0 { "resolved" } else { "failed" },
        });
        out.push_str(&line.to_string());
        out.push('\n');
    }
    out
}

pub(super) fn load(store: &mut Store, text: &str) -> ImportReport {
    let input =
        Input::Stream { name: "shop.jsonl".into(), read: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())) };
    let options = ImportOptions {
        read: ReadOptions::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: false,
        now: NOW,
    };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    import(store, "maria", input, &options, &mut rejects, &SilentReporter).unwrap()
}

pub(super) fn options(from: TrainingStart) -> FinetuneOptions {
    FinetuneOptions { from, cycle: None, vectors: Vectors::Static, seed: 1, reviewer: "maria".into(), now: NOW }
}

/// Cancels at the n-th report.
pub(super) struct Impatient(pub AtomicU64, pub u64);

impl Reporter for Impatient {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        if self.0.fetch_add(1, Ordering::SeqCst) >= self.1 { Err(Cancelled) } else { Ok(()) }
    }
}

/// Keeps the stages it was told of.
#[derive(Default)]
struct Stages(Mutex<Vec<String>>);

impl Reporter for Stages {
    fn step(&self, stage: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        let mut stages = self.0.lock().unwrap();
        if stages.last().is_none_or(|s| s != stage) {
            stages.push(stage.to_owned());
        }
        Ok(())
    }
}

#[test]
fn importing_twice_says_same_and_bad_lines_stop_nothing() {
    let mut store = store();
    let text = log(40) + "{\"id\": \"broken\"\n" + &log(41).lines().last().unwrap().replace("c40", "c99");
    let first = load(&mut store, &text);
    assert_eq!((first.new, first.same, first.rejected, first.conversations), (41, 0, 1, 41));
    assert_eq!((first.outcomes.resolved, first.outcomes.failed), (9, 32));
    let second = load(&mut store, &text);
    assert_eq!((second.new, second.updated, second.same, second.rejected), (0, 0, 41, 1));
    assert_eq!(second.outcomes, first.outcomes);
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let mut store = store();
    let input = Input::Stream { name: "x.jsonl".into(), read: Box::new(std::io::Cursor::new(log(20).into_bytes())) };
    let options = ImportOptions {
        read: ReadOptions::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: true,
        now: NOW,
    };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    let report = import(&mut store, "maria", input, &options, &mut rejects, &SilentReporter).unwrap();
    assert_eq!(report.new, 20);
    assert!(store.is_empty().unwrap());
    assert_eq!(load(&mut store, &log(20)).new, 20, "and nothing is remembered wrongly");
}

#[test]
fn the_loop_closes() {
    let mut store = store();
    load(&mut store, &log(1200));
    let stages = Stages::default();
    let first = finetune(&mut store, &options(TrainingStart::Live), &stages).unwrap();
    assert_eq!(stages.0.lock().unwrap().join(" "), "read embed train responses compare store");
    assert_eq!(first.before_is, crate::domain::BeforeIs::Log);
    assert_eq!((first.parent, first.looks), (None, 1));
    assert!(first.before.accuracy < 0.6 && first.after.accuracy > 0.9, "{:?} {:?}", first.before, first.after);
    assert_eq!((first.verdict, first.gate), (Verdict::Better, Gate::Pass), "{:?}", first.gate_reasons);
    assert!(first.open.flips.iter().any(|f| f.kind == crate::domain::FlipKind::Fixed));

    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    assert_eq!(store.live().unwrap(), Some(first.release));
    let accuracy = store.figures().overview(NOW.plus(1)).unwrap().accuracy;
    assert_eq!(accuracy.live.unwrap().num, first.after.correct, "the same on its own");
    assert_eq!(accuracy.day_one.unwrap().num, first.before.correct, "day one is the log's own predictions");
    let renewed = renew(&mut store, &SilentReporter).unwrap();
    assert_eq!((renewed, store.stale().unwrap()), (1200, 0));

    let second = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    assert_eq!(second.before_is, crate::domain::BeforeIs::Model);
    assert_eq!((second.parent, second.before_release, second.looks), (Some(first.release), Some(first.release), 2));
    assert_eq!((second.fixed, second.broken, second.verdict), (0, 0, Verdict::CannotTell));
    assert_eq!(second.needed, None, "no number when there is no difference");
    let refused = promote(&mut store, "maria", NOW, second.release, "", false).unwrap_err();
    assert!(matches!(refused, JobError::Gate(_)), "cannot_tell needs a reason: {refused}");
    // A comparison with something else takes nothing from the one with what is live.
    let other = compare(&mut store, "maria", NOW, None, second.release, &SilentReporter).unwrap();
    assert_eq!((other.before_release, store.comparisons().unwrap().len()), (None, 3));
    promote(&mut store, "maria", NOW, second.release, "fresh labels", false).unwrap();
    // What is taken back is what was shown, or nothing.
    let stale = ShownRollback { from: first.release, to: Some(second.release) };
    let refused = rollback(&mut store, "maria", NOW, "second thoughts", Some(stale)).unwrap_err();
    assert!(refused.to_string().contains("v2 went live meanwhile") && store.live().unwrap() == Some(second.release));
    let shown = ShownRollback { from: second.release, to: Some(first.release) };
    assert_eq!(rollback(&mut store, "maria", NOW, "second thoughts", Some(shown)).unwrap(), Some(first.release));
    assert_eq!(store.live().unwrap(), Some(first.release));
    assert!(rollback(&mut store, "maria", NOW, "again", None).is_err(), "there was nothing before the first");
    assert!(store.undo("maria", NOW).is_err(), "a promotion is not undone by undo");
}

#[test]
fn another_process_reads_while_an_import_writes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let founding = Founding { seed: 1, test_share: 0.2, now: NOW };
    let mut importer = Store::open(&path, Access::Bulk, founding).unwrap();
    load(&mut importer, &log(50));
    let reviewer = std::thread::spawn({
        let path = path.clone();
        move || {
            let mut store = Store::open(&path, Access::ReadWrite, founding).unwrap();
            for i in 0..30 {
                let id = crate::domain::ConversationId(1 + i % 50);
                store
                    .decide("maria", NOW, &[crate::domain::DecisionChange::note(id, Some(format!("note {i}")))])
                    .unwrap();
            }
        }
    });
    let text: String = log(3000).lines().skip(50).map(|l| format!("{l}\n")).collect();
    assert_eq!(load(&mut importer, &text).new, 2950);
    reviewer.join().unwrap();
    assert_eq!(
        importer.history(crate::domain::ConversationId(1)).unwrap().len(),
        2,
        "gold intent and one note at least"
    );
}

#[test]
fn the_learning_curve_rises_with_the_labels_and_is_kept() {
    let mut store = store();
    let log = log(600);
    // One matter after the other, so that the first fifth of the labels knows one intent alone.
    let lines: Vec<&str> = log.lines().collect();
    let by_matter: Vec<&str> = (0..5).flat_map(|k| lines.iter().skip(k).step_by(5).copied()).collect();
    load(&mut store, &by_matter.join("\n"));
    let none = curve(&store, &Vectors::Static, 1, &SilentReporter).unwrap_err().to_string();
    assert!(none.contains("no gold set"), "{none}");
    store.freeze_gold("maria", NOW, None).unwrap();
    let drawn = curve(&store, &Vectors::Static, 1, &SilentReporter).unwrap();
    let labels: Vec<u64> = drawn.points.iter().map(|p| p.labels).collect();
    assert_eq!(labels.len(), 5, "no base examples: no point without labels");
    assert!(labels.is_sorted_by(|a, b| a < b) && labels[4] > 350, "{labels:?}");
    let (first, last) = (drawn.points[0], drawn.points[4]);
    assert!(first.accuracy < 0.6 && last.accuracy > 0.9, "{drawn:?}");
    assert!(drawn.points.iter().all(|p| p.lo <= p.accuracy && p.accuracy <= p.hi && p.n == first.n && p.n > 30));
    assert_eq!(store.gold_versions().unwrap()[0].looks, 0, "a trend is no look");

    struct Never;
    impl Reporter for Never {
        fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
            Err(Cancelled)
        }
    }
    assert_eq!(curve(&store, &Vectors::Static, 1, &Never).unwrap(), drawn, "the second time nothing is trained");
    assert!(matches!(curve(&store, &Vectors::Static, 2, &Never), Err(JobError::Cancelled)));
    assert_eq!(store.kept_curve().unwrap(), Some(drawn));
}

#[cfg(unix)]
#[test]
fn a_measurement_tells_how_far_it_is_while_it_waits() {
    use crate::domain::{Ai, AskingWay, Cancelled, Price, Reporter};
    use std::sync::Mutex;
    struct Told(Mutex<Vec<(u64, u64)>>);
    impl Reporter for Told {
        fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
            if stage == "asking the AI" {
                self.0.lock().unwrap().push((done, total));
            }
            Ok(())
        }
    }
    let mut store = store();
    load(&mut store, &log(200));
    let script =
        r#"i=0; while read l; do echo "{\"id\":$i,\"intent\":\"refund\",\"confidence\":0.5}"; i=$((i+1)); done"#;
    let ask = AskingWay::Command { command: ["sh", "-c", script].map(str::to_owned).to_vec(), dir: "/".into() };
    let timeout = std::time::Duration::from_secs(30);
    let price = Price::default();
    let ai =
        Ai { name: "bot".into(), ask, key_env: None, reveal: true, rate: 1e6, retries: 0, timeout, price, proxy: None };
    let told = Told(Mutex::default());
    let options = super::MeasureOptions { seed: 1, reviewer: "maria".into(), now: NOW };
    let (c, bill) = crate::jobs::measure(&mut store, &ai, None, &options, &told).unwrap();
    let (told, n) = (told.0.into_inner().unwrap(), c.open.after.n + c.after.n);
    assert_eq!(bill.asked + bill.known, n);
    assert!(told.len() as u64 > n && told.iter().all(|t| t.1 == n) && told.is_sorted(), "{told:?}");
}
