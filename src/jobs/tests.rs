//! The loop without a screen: import, fine-tune, compare, promote, roll back.

use super::encoders::Vectors;
use super::*;
use crate::domain::{Cancelled, Gate, Reporter, Silent, Timestamp, TurnKey, Verdict};
use crate::ingest::{Input, Options, Rejects};
use crate::store::{Access, Founding, OnDuplicate, Store};
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
        read: Options::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: false,
        now: NOW,
    };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    import(store, "maria", input, &options, &mut rejects, &Silent).unwrap()
}

pub(super) fn options(from: Start) -> FinetuneOptions {
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
        read: Options::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: true,
        now: NOW,
    };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    let report = import(&mut store, "maria", input, &options, &mut rejects, &Silent).unwrap();
    assert_eq!(report.new, 20);
    assert!(store.is_empty().unwrap());
    assert_eq!(load(&mut store, &log(20)).new, 20, "and nothing is remembered wrongly");
}

#[test]
fn the_loop_closes() {
    let mut store = store();
    load(&mut store, &log(1200));
    let stages = Stages::default();
    let first = finetune(&mut store, &options(Start::Live), &stages).unwrap();
    assert_eq!(stages.0.lock().unwrap().join(" "), "read embed train compare responses store");
    assert_eq!(first.before_is, crate::domain::BeforeIs::Log);
    assert_eq!((first.parent, first.looks), (None, 1));
    assert!(first.before.accuracy < 0.6 && first.after.accuracy > 0.9, "{:?} {:?}", first.before, first.after);
    assert_eq!((first.verdict, first.gate), (Verdict::Better, Gate::Pass), "{:?}", first.gate_reasons);
    assert!(first.open.flips.iter().any(|f| f.kind == crate::domain::FlipKind::Fixed));

    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    assert_eq!(store.live().unwrap(), Some(first.release));
    let accuracy = store.overview_page(NOW.plus(1)).unwrap().accuracy;
    assert_eq!(accuracy.live.unwrap().num, first.after.correct, "the same on its own");
    assert_eq!(accuracy.day_one.unwrap().num, first.before.correct, "day one is the log's own predictions");
    let renewed = renew(&mut store, &Silent).unwrap();
    assert_eq!((renewed, store.stale().unwrap()), (1200, 0));

    let second = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    assert_eq!(second.before_is, crate::domain::BeforeIs::Model);
    assert_eq!((second.parent, second.before_release, second.looks), (Some(first.release), Some(first.release), 2));
    assert_eq!((second.fixed, second.broken, second.verdict), (0, 0, Verdict::CannotTell));
    assert_eq!(second.needed, None, "no number when there is no difference");
    let refused = promote(&mut store, "maria", NOW, second.release, "", false).unwrap_err();
    assert!(matches!(refused, JobError::Gate(_)), "cannot_tell needs a reason: {refused}");
    // A comparison with something else takes nothing from the one with what is live.
    let other = compare(&mut store, "maria", NOW, None, second.release, &Silent).unwrap();
    assert_eq!((other.before_release, store.comparisons().unwrap().len()), (None, 3));
    promote(&mut store, "maria", NOW, second.release, "fresh labels", false).unwrap();
    // What is taken back is what was shown, or nothing.
    let stale = super::Back { from: first.release, to: second.release };
    let refused = rollback(&mut store, "maria", NOW, "second thoughts", Some(stale)).unwrap_err();
    assert!(refused.to_string().contains("v2 went live meanwhile") && store.live().unwrap() == Some(second.release));
    let shown = super::Back { from: second.release, to: first.release };
    assert_eq!(rollback(&mut store, "maria", NOW, "second thoughts", Some(shown)).unwrap(), first.release);
    assert_eq!(store.live().unwrap(), Some(first.release));
    assert!(rollback(&mut store, "maria", NOW, "again", None).is_err(), "there was nothing before the first");
    assert!(store.undo("maria", NOW).is_err(), "a promotion is not undone by undo");
}

#[test]
fn a_comparison_keeps_what_can_be_drawn_of_it() {
    use crate::domain::{Comparison, Costs};
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    let counted = |side: &[crate::domain::CalibrationBin]| {
        side.iter().map(|b| (b.n, b.right)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    };
    assert_eq!(counted(&first.calibration.after), (first.after.n, first.after.correct));
    assert_eq!(crate::learn::judge::scores::ece(&first.calibration.after), first.after.ece);
    let confused: u64 = first.open.confusion.iter().map(|c| c.n).sum();
    assert_eq!(confused, first.open.after.n);
    let right = |said: fn(&crate::domain::Confused) -> &Option<String>| {
        first.open.confusion.iter().filter(|c| said(c).as_ref() == Some(&c.gold)).map(|c| c.n).sum::<u64>()
    };
    assert_eq!((right(|c| &c.before), right(|c| &c.after)), (first.open.before.correct, first.open.after.correct));
    let coverage = &first.coverage;
    assert_eq!(coverage.after.as_ref().map(|c| c.n), Some(first.trained_on));
    assert_eq!(
        coverage.open_after.as_ref().map(|c| (c.n, c.right[0])),
        Some((first.open.after.n, first.open.after.correct))
    );
    assert!(
        coverage.before.is_none() && coverage.open_before.is_some(),
        "the log tells confidences but was not trained here"
    );
    assert!(coverage.best_after(Costs::default()).is_some_and(|b| b.chosen.cost < 1.0 && b.open.is_some()));

    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    let second = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    assert_eq!(
        second.coverage.before, first.coverage.after,
        "what is live was measured out of fold when it was trained"
    );
    let again = compare(&mut store, "maria", NOW, Some(second.release), first.release, &Silent).unwrap();
    assert_eq!((&again.coverage.before, &again.coverage.after), (&second.coverage.after, &first.coverage.after));

    // As a program wrote it before any of this was kept.
    let mut old = serde_json::to_value(&first).unwrap();
    for key in ["calibration", "coverage"] {
        old.as_object_mut().unwrap().remove(key).unwrap();
    }
    old["open"].as_object_mut().unwrap().remove("confusion").unwrap();
    old["intents"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .for_each(|i| drop(i.as_object_mut().unwrap().remove("ci95").unwrap()));
    let read: Comparison = serde_json::from_value(old).unwrap();
    assert_eq!((read.after, read.coverage.after, read.intents[0].ci95), (first.after, None, None));
}

#[test]
fn same_inputs_give_the_same_artefact() {
    let hash = || {
        let mut store = store();
        load(&mut store, &log(400));
        let c = finetune(&mut store, &options(Start::Scratch), &Silent).unwrap();
        store.release(c.release).unwrap().sha256
    };
    assert_eq!(hash(), hash());
}

#[test]
fn a_cancelled_run_leaves_everything_as_it_was() {
    let mut store = store();
    load(&mut store, &log(400));
    for after in [0, 1, 2, 5, 9] {
        let e = finetune(&mut store, &options(Start::Live), &Impatient(AtomicU64::new(0), after)).unwrap_err();
        assert!(matches!(e, JobError::Cancelled), "{e}");
    }
    assert!(store.releases().unwrap().is_empty());
    assert_eq!(store.newest_comparison().unwrap(), None);
}

#[test]
fn nothing_to_learn_from_says_what_to_do() {
    let e = finetune(&mut store(), &options(Start::Live), &Silent).unwrap_err();
    assert!(e.to_string().contains("intents import"), "{e}");
}

#[test]
fn without_gold_it_trains_and_cannot_tell() {
    let mut store = store();
    let rows: Vec<(String, String)> =
        [("give it back", "refund"), ("where is it", "tracking")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    store.add_examples("maria", NOW, "file", &rows).unwrap();
    let c = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    assert_eq!((c.verdict, c.after.n, c.gold_version), (Verdict::CannotTell, 0, None));
    promote(&mut store, "maria", NOW, c.release, "a start", false).unwrap();
    assert!(store.live_model().unwrap().is_some());
}

#[test]
fn wrong_labels_make_the_gate_refuse() {
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    // Somebody turns every refund into an invoice.
    let invoice = store.intent("invoice_copy").unwrap();
    let refund = store.intent("refund").unwrap();
    let wrong: Vec<crate::domain::Change> = store
        .training_examples(store.last_decision().unwrap())
        .unwrap()
        .into_iter()
        .filter(|e| e.intent == refund)
        .map(|e| {
            let turn = e.turn.unwrap();
            crate::domain::Change::intents(crate::domain::ConversationId(turn >> 20), TurnKey(0), &[invoice])
        })
        .collect();
    store.decide("kostas", NOW, &wrong).unwrap();
    let second = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    assert_eq!((second.verdict, second.gate), (Verdict::Worse, Gate::Refuse), "{:?}", second.gate_reasons);
    assert!(second.gate_reasons.iter().any(|r| r.contains("refund")), "{:?}", second.gate_reasons);
    assert!(second.broken > 10 && second.failures.n > 0, "{} {:?}", second.broken, second.failures);
    let e = promote(&mut store, "maria", NOW, second.release, "I like it", false).unwrap_err();
    assert!(e.to_string().contains("refuses"), "{e}");
    promote(&mut store, "maria", NOW, second.release, "a drill", true).unwrap();
    store.undo("kostas", NOW).unwrap();
    let third = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    assert_eq!((third.verdict, third.after.accuracy), (Verdict::Better, first.after.accuracy));
}

#[test]
fn a_pinned_turn_that_breaks_refuses() {
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    let version = store.gold_version().unwrap().unwrap();
    let refund_turn = store.gold_rows(version).unwrap().into_iter().find(|r| r.intents == ["refund"]).unwrap();
    store.decide("maria", NOW, &[crate::domain::Change::pin(refund_turn.n, refund_turn.turn, true)]).unwrap();
    let (invoice, refund) = (store.intent("invoice_copy").unwrap(), store.intent("refund").unwrap());
    let learned = store.training_examples(store.last_decision().unwrap()).unwrap();
    let wrong = learned.into_iter().filter(|e| e.intent == refund).map(|e| {
        let turn = e.turn.unwrap();
        crate::domain::Change::intents(crate::domain::ConversationId(turn >> 20), TurnKey(0), &[invoice])
    });
    store.decide("kostas", NOW, &wrong.collect::<Vec<_>>()).unwrap();
    let second = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    assert!(second.gate_reasons.iter().any(|r| r.contains("pinned")), "{:?}", second.gate_reasons);
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
                store.decide("maria", NOW, &[crate::domain::Change::note(id, Some(format!("note {i}")))]).unwrap();
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
    let none = curve(&store, &Vectors::Static, 1, &Silent).unwrap_err().to_string();
    assert!(none.contains("no gold set"), "{none}");
    store.freeze_gold("maria", NOW, None).unwrap();
    let drawn = curve(&store, &Vectors::Static, 1, &Silent).unwrap();
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

#[test]
fn answers_are_compared_and_corrections_judged_by_other_conversations() {
    use crate::domain::{Change, ConversationId};
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    let r = &first.responses;
    // The log's AI answered every turn after its matter, the table answers by the guessed intent: where that is right
    // both say the same.
    assert!(r.asked > 80 && r.differ < r.asked / 5, "{} of {}", r.differ, r.asked);
    assert_eq!(r.corrected.n, 0);
    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();

    // Four of the newest refunds outside test groups are corrected alike, one otherwise.
    let refunds: Vec<ConversationId> = (0..1200)
        .filter(|i| i % 5 == 1)
        .map(|i| store.resolve(&format!("shop:c{i}")).or_else(|_| store.resolve(&format!("c{i}"))).unwrap())
        .filter(|&c| {
            store
                .training_examples(store.last_decision().unwrap())
                .unwrap()
                .iter()
                .any(|e| e.turn.is_some_and(|t| t >> 20 == c.0))
        })
        .take(5)
        .collect();
    let correct = |store: &mut Store, c, text: &str| {
        store.decide("maria", NOW, &[Change::response(c, TurnKey(1), Some(text.into()))]).unwrap();
    };
    correct(&mut store, refunds[0], "Only here.");
    refunds[1..].iter().for_each(|&c| correct(&mut store, c, "It takes  five days."));
    let second = finetune(&mut store, &options(Start::Live), &Silent).unwrap();
    let r = &second.responses;
    let score = r.corrected;
    // Each is answered by the latest correction of another conversation: the four agree with each other, nobody with the one.
    assert_eq!((score.n, score.before, score.after), (5, 0, 4), "{:?}", r.corrections);
    let only = r.corrections.iter().find(|t| t.wanted == "Only here.").unwrap();
    assert_eq!((only.rights(), only.after.as_deref()), ((false, false), Some("It takes  five days.")));
    let change = &r.changes[0];
    assert_eq!(
        (change.before.as_deref(), change.after.as_deref()),
        (Some("About refund."), Some("It takes  five days."))
    );
    assert!(change.n > 8 && change.turns.len() == 8 && r.differ == change.n, "{change:?}");
    let open = store.gold_rows(second.gold_version.unwrap()).unwrap();
    assert!(change.turns.iter().all(|t| open.iter().any(|g| g.n == t.conversation)), "never a sealed turn");

    // Compared later, what the releases have learned from counts for neither; what is corrected since counts.
    let again = compare(&mut store, "maria", NOW, Some(first.release), second.release, &Silent).unwrap();
    assert_eq!((again.responses.corrected.n, again.responses.differ), (0, r.differ));
    correct(&mut store, refunds[0], "It takes five days.");
    let again = compare(&mut store, "maria", NOW, Some(first.release), second.release, &Silent).unwrap();
    let score = again.responses.corrected;
    assert_eq!((score.n, score.before, score.after, again.responses.corrections.len()), (1, 0, 1, 1));
}

#[cfg(unix)]
#[test]
fn a_measurement_tells_how_far_it_is_while_it_waits() {
    use crate::domain::{Ai, Ask, Cancelled, Price, Reporter};
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
    let ask = Ask::Command { command: ["sh", "-c", script].map(str::to_owned).to_vec(), dir: "/".into() };
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
