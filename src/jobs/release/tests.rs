//! What a run keeps, and what the gate makes of it.

use crate::domain::{Gate, SilentReporter, TurnKey, Verdict};
use crate::jobs::tests::*;
use crate::jobs::*;
use crate::store::{CorrectionState, Store};
use std::sync::atomic::AtomicU64;

#[test]
fn a_comparison_keeps_what_can_be_drawn_of_it() {
    use crate::domain::{Comparison, ErrorCosts};
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
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
    assert!(coverage.best_after(ErrorCosts::default()).is_some_and(|b| b.chosen.cost < 1.0 && b.open.is_some()));

    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    let second = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    assert_eq!(
        second.coverage.before, first.coverage.after,
        "what is live was measured out of fold when it was trained"
    );
    let again = compare(&mut store, "maria", NOW, Some(second.release), first.release, &SilentReporter).unwrap();
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
        let c = finetune(&mut store, &options(TrainingStart::Scratch), &SilentReporter).unwrap();
        store.release(c.release).unwrap().sha256
    };
    assert_eq!(hash(), hash());
}

#[test]
fn a_cancelled_run_leaves_everything_as_it_was() {
    let mut store = store();
    load(&mut store, &log(400));
    for after in [0, 1, 2, 5, 9] {
        let e = finetune(&mut store, &options(TrainingStart::Live), &Impatient(AtomicU64::new(0), after)).unwrap_err();
        assert!(matches!(e, JobError::Cancelled), "{e}");
    }
    assert!(store.releases().unwrap().is_empty());
    assert_eq!(store.newest_comparison().unwrap(), None);
}

#[test]
fn nothing_to_learn_from_says_what_to_do() {
    let e = finetune(&mut store(), &options(TrainingStart::Live), &SilentReporter).unwrap_err();
    assert!(e.to_string().contains("intents import"), "{e}");
}

#[test]
fn without_gold_it_trains_and_cannot_tell() {
    let mut store = store();
    let rows: Vec<(String, String)> =
        [("give it back", "refund"), ("where is it", "tracking")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    store.add_examples("maria", NOW, "file", &rows).unwrap();
    let c = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    assert_eq!((c.verdict, c.after.n, c.gold_version), (Verdict::CannotTell, 0, None));
    promote(&mut store, "maria", NOW, c.release, "a start", false).unwrap();
    assert!(store.live_model().unwrap().is_some());
}

#[test]
fn wrong_labels_make_the_gate_refuse() {
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    // Somebody turns every refund into an invoice.
    let invoice = store.intent("invoice_copy").unwrap();
    let refund = store.intent("refund").unwrap();
    let wrong: Vec<crate::domain::DecisionChange> = store
        .training_examples(store.last_decision().unwrap())
        .unwrap()
        .into_iter()
        .filter(|e| e.intent == refund)
        .map(|e| {
            let turn = e.turn.unwrap();
            crate::domain::DecisionChange::intents(crate::domain::ConversationId(turn >> 20), TurnKey(0), &[invoice])
        })
        .collect();
    store.decide("kostas", NOW, &wrong).unwrap();
    let second = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    assert_eq!((second.verdict, second.gate), (Verdict::Worse, Gate::Refuse), "{:?}", second.gate_reasons);
    assert!(second.gate_reasons.iter().any(|r| r.contains("refund")), "{:?}", second.gate_reasons);
    assert!(second.broken > 10 && second.failures.n > 0, "{} {:?}", second.broken, second.failures);
    let e = promote(&mut store, "maria", NOW, second.release, "I like it", false).unwrap_err();
    assert!(e.to_string().contains("refuses"), "{e}");
    promote(&mut store, "maria", NOW, second.release, "a drill", true).unwrap();
    store.undo("kostas", NOW).unwrap();
    let third = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    assert_eq!((third.verdict, third.after.accuracy), (Verdict::Better, first.after.accuracy));
}

#[test]
fn a_pinned_turn_that_breaks_refuses() {
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    let version = store.gold_version().unwrap().unwrap();
    let refund_turn = store.gold_rows(version).unwrap().into_iter().find(|r| r.intents == ["refund"]).unwrap();
    store.decide("maria", NOW, &[crate::domain::DecisionChange::pin(refund_turn.n, refund_turn.turn, true)]).unwrap();
    let (invoice, refund) = (store.intent("invoice_copy").unwrap(), store.intent("refund").unwrap());
    let learned = store.training_examples(store.last_decision().unwrap()).unwrap();
    let wrong = learned.into_iter().filter(|e| e.intent == refund).map(|e| {
        let turn = e.turn.unwrap();
        crate::domain::DecisionChange::intents(crate::domain::ConversationId(turn >> 20), TurnKey(0), &[invoice])
    });
    store.decide("kostas", NOW, &wrong.collect::<Vec<_>>()).unwrap();
    let second = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    assert!(second.gate_reasons.iter().any(|r| r.contains("pinned")), "{:?}", second.gate_reasons);
}

#[test]
fn answers_are_compared_and_corrections_judged_by_other_conversations() {
    use crate::domain::{ConversationId, DecisionChange};
    let mut store = store();
    load(&mut store, &log(1200));
    let first = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
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
        store.decide("maria", NOW, &[DecisionChange::response(c, TurnKey(1), Some(text.into()))]).unwrap();
    };
    correct(&mut store, refunds[0], "Only here.");
    refunds[1..].iter().for_each(|&c| correct(&mut store, c, "It takes  five days."));
    let second = finetune(&mut store, &options(TrainingStart::Live), &SilentReporter).unwrap();
    let written = store.corrections_of(refunds[1]).unwrap().remove(0);
    assert_eq!((written.state, written.candidate), (CorrectionState::NextRelease, Some(second.release)));
    assert!(written.says().unwrap().contains("says it already and is not live"), "{written:?}");
    let r = &second.responses;
    let score = r.corrected;
    // Each is answered by the latest correction of another conversation: the four agree with each other, nobody with the one.
    assert_eq!((score.n, score.before, score.after), (5, 0, 4), "{:?}", r.corrections);
    let only = r.corrections.iter().find(|t| t.wanted == "Only here.").unwrap();
    assert_eq!((only.rights(), only.after.as_deref()), ((false, false), Some("It takes  five days.")));
    assert!(r.recent.asked > 100 && r.recent.lost == 0, "a second accepted answer takes none away: {:?}", r.recent);
    assert!((1..r.recent.asked).contains(&r.recent.otherwise), "refunds alone: {:?}", r.recent);
    let change = &r.changes[0];
    assert_eq!(
        (change.before.as_deref(), change.after.as_deref()),
        (Some("About refund."), Some("It takes  five days."))
    );
    assert!(change.n > 8 && change.turns.len() == 8, "{change:?}");
    // Few are surely nearer to the request of the one.
    let only: u64 = r.changes[1..].iter().filter(|c| c.after.as_deref() == Some("Only here.")).map(|c| c.n).sum();
    assert_eq!((r.differ, only < change.n / 2), (change.n + only, true), "{:?}", r.changes);
    let open = store.gold_rows(second.gold_version.unwrap()).unwrap();
    assert!(change.turns.iter().all(|t| open.iter().any(|g| g.n == t.conversation)), "never a sealed turn");

    // Compared later, what the releases have learned from counts for neither; what is corrected since counts.
    let again = compare(&mut store, "maria", NOW, Some(first.release), second.release, &SilentReporter).unwrap();
    assert_eq!((again.responses.corrected.n, again.responses.differ), (0, r.differ));
    correct(&mut store, refunds[0], "It takes five days.");
    let again = compare(&mut store, "maria", NOW, Some(first.release), second.release, &SilentReporter).unwrap();
    let score = again.responses.corrected;
    // The very request gets what had been accepted for it, until a release learns what is corrected now.
    let left = &again.responses.corrections;
    assert_eq!((score.n, score.before, score.after, left.len()), (1, 0, 0, 1), "{left:?}");
    assert_eq!(left[0].after.as_deref(), Some("Only here."));
}
