//! Answers that are learnt from what people corrected and what the AI said: made again, and what they are judged by.

use super::responses::beside_gold;
use super::tests::{NOW, live, put, request, store, talk};
use super::{LearnReport, ResponsesRun, learn_responses};
use crate::domain::review::decision::{ACCEPTED, RETURNED};
use crate::domain::{ConversationId, DecisionChange, DecisionId, IntentId, SilentReporter, TurnKey, Verdict};
use crate::jobs::encoders::InstalledEncoders;
use crate::jobs::train::answer_table::fit_without;
use crate::jobs::{promote, rollback, verify};
use crate::learn::contract::{Fitted, Predict};
use crate::learn::responses::{ResponseQuestion, ResponseRules, ResponseTable};
use crate::store::{AnsweredRow, LearnerKind, Store, turn_id};

fn answers(report: LearnReport) -> ResponsesRun {
    match report {
        LearnReport::Answers(run) => *run,
        other => panic!("{other:?}"),
    }
}

/// Somebody writes what the AI should have said there, and it is accepted.
fn correct(store: &mut Store, id: ConversationId, text: &str) {
    let key = store.conversation(id).unwrap().turns[1].key;
    let accepted = DecisionChange::response_state(id, key, Some(ACCEPTED));
    store.decide("maria", NOW, &[DecisionChange::response(id, key, Some(text.to_owned())), accepted]).unwrap();
}

#[test]
fn answers_are_made_again_whatever_came_later_and_what_was_tampered_with_is_found() {
    let mut store = store(0..800);
    // Customers of both sides ask this in the same words.
    put(
        &mut store,
        (900..1_020).step_by(2).map(|i| {
            let mut c = talk(i);
            c.turns[0].text = "please tell me by which day my parcel will be at the door".to_owned();
            c
        }),
    );
    live(&mut store);
    let rows = store.lessons(false, &store.learning_cut().unwrap()).unwrap();
    let trains = |asks: &str| {
        let asked = |c: ConversationId| store.conversation(c).unwrap().turns[0].text.starts_with(asks);
        rows.iter().filter(|r| !r.is_test && asked(r.conversation)).map(|r| r.conversation).take(2).collect::<Vec<_>>()
    };
    let (repeats, own) = (trains("please tell me"), trains("where is my parcel"));
    correct(&mut store, repeats[0], "It comes on the day that stands in your mail.");
    correct(&mut store, own[0], "Your parcel is where the link in your mail says.");
    let run = answers(learn_responses(&mut store, &request(), &SilentReporter).unwrap());
    assert_eq!(run.report.learned_from["corrections"], 2);
    let open = run.report.open;
    assert!(open.n > 0 && open.differ > 0, "what changes for gold turns is told (rule 39): {open:?}");
    let kept = store.learned_answers(run.release).unwrap().expect("what was found is kept");
    assert_eq!((kept.verdict, kept.looks, &kept.open), (run.report.verdict, run.report.looks, &open));
    let origin = store.origin(run.release).unwrap();
    let asked = turn_id(repeats[0], store.conversation(repeats[0]).unwrap().turns[0].key);
    assert_eq!(
        (origin.noted, origin.held_out),
        (true, vec![asked]),
        "what test groups ask in the same words teaches nothing"
    );
    let encoders = InstalledEncoders::at("/nowhere".into());
    let again = |store: &Store| verify(store, &encoders, run.release, &SilentReporter).unwrap();
    assert!(again(&store).reproduced, "{:?}", again(&store));
    // What came later is not read: conversations, corrections, a return, labels, another name.
    put(&mut store, (800..900).map(talk));
    correct(&mut store, own[1], "Ask the driver.");
    let (first, key) = (own[0], store.conversation(own[0]).unwrap().turns[1].key);
    store.decide("maria", NOW, &[DecisionChange::response_state(first, key, Some(RETURNED))]).unwrap();
    let refund = store.intent("refund_status").unwrap();
    let said = store.conversation(own[1]).unwrap().turns[0].key;
    store.decide("maria", NOW, &[DecisionChange::intents(own[1], said, &[refund])]).unwrap();
    assert!(again(&store).reproduced, "{:?}", again(&store));
    // Its bytes were exchanged.
    let live = store.live().unwrap().unwrap();
    if live != run.release {
        let (mut other, whole) = (store.artefact(run.release).unwrap(), store.artefact(run.release).unwrap());
        other.responses = ResponseTable::default();
        let parent = store.release(run.release).unwrap().parent.unwrap();
        let exchange = |store: &mut Store, bytes: &[u8]| {
            store.complete_candidate(run.release, Some(parent), bytes, Some(LearnerKind::Responses)).unwrap();
        };
        exchange(&mut store, &other.to_bytes().unwrap());
        let found = again(&store);
        assert!(!found.reproduced && found.differs == ["responses"], "{found:?}");
        exchange(&mut store, &whole.to_bytes().unwrap());
        assert!(again(&store).reproduced);
    }
    // Conversations that it read say something else now.
    let changed = (0..40).map(talk).map(|mut c| {
        c.offers.clear();
        c.turns[1].text = "Look under the mat.".to_owned();
        c
    });
    put(&mut store, changed);
    let found = again(&store);
    assert!(!found.reproduced && found.differs == ["responses"], "{found:?}");
    assert!(found.why.iter().any(|w| w.starts_with("data changed since: 40 conversations")), "{found:?}");
}

#[test]
fn the_same_once_more_is_no_look_and_no_release() {
    let mut store = store(0..800);
    live(&mut store);
    let row = store.lessons(false, &store.learning_cut().unwrap()).unwrap().into_iter().find(|r| !r.is_test).unwrap();
    correct(&mut store, row.conversation, "It is on its way to you.");
    let first = answers(learn_responses(&mut store, &request(), &SilentReporter).unwrap());
    let releases = store.releases().unwrap().len();
    for _ in 0..2 {
        let LearnReport::TooLittle { says, .. } = learn_responses(&mut store, &request(), &SilentReporter).unwrap()
        else {
            panic!("a look at nothing new")
        };
        assert!(says.contains("nothing new"), "v{}: {says}", first.release.0);
    }
    // What does not bear on any answer is nothing new: people go on deciding, and other learners make releases.
    let other = store.lessons(false, &store.learning_cut().unwrap()).unwrap()[0].conversation;
    store.decide("maria", NOW, &[DecisionChange::note(other, Some("looked at".to_owned()))]).unwrap();
    let again = learn_responses(&mut store, &request(), &SilentReporter).unwrap();
    assert!(matches!(again, LearnReport::TooLittle { .. }), "{again:?}");
    assert_eq!(store.releases().unwrap().len(), releases);
}

#[test]
fn answers_that_nobody_who_is_asked_hears_otherwise_are_no_release_and_no_look() {
    let mut store = store(0..800);
    let release = live(&mut store);
    let lessons = store.lessons(false, &store.learning_cut().unwrap()).unwrap();
    let asks = |c: ConversationId| store.conversation(c).unwrap().turns[0].text.starts_with("where is my parcel");
    let row = lessons.iter().find(|r| !r.is_test && asks(r.conversation)).unwrap().conversation;
    let order = store.intent("order_status").unwrap();
    let question = ResponseQuestion { intent: order, language: "en", asked: "where is my parcel" };
    let said = store.responses_of(release).unwrap().predict(question).expect("an answer").response.text.clone();
    // Accepted is what is said already: another table, and the same words for everybody.
    correct(&mut store, row, &said);
    let releases = store.releases().unwrap().len();
    let LearnReport::TooLittle { says, .. } = learn_responses(&mut store, &request(), &SilentReporter).unwrap() else {
        panic!("a release that answers the same")
    };
    assert!(says.contains(&format!("the same answer as v{} to all ", release.0)), "{says}");
    assert!(says.contains("turns of test groups") && says.contains("no look is spent"), "{says}");
    assert_eq!(store.releases().unwrap().len(), releases);
    assert_eq!(store.learned_looks(LearnerKind::Responses.recipe()).unwrap(), 0);
}

#[test]
fn what_was_judged_goes_live_by_that_judgement_and_no_other_comparison_is_asked_for() {
    let mut store = store(0..800);
    live(&mut store);
    let row = store.lessons(false, &store.learning_cut().unwrap()).unwrap().into_iter().find(|r| !r.is_test).unwrap();
    correct(&mut store, row.conversation, "It is on its way to you.");
    let run = answers(learn_responses(&mut store, &request(), &SilentReporter).unwrap());
    if run.promoted {
        rollback(&mut store, "maria", NOW, "a test", None).unwrap();
    }
    let done = promote(&mut store, "maria", NOW, run.release, "a test", false);
    let may = run.report.verdict != Verdict::Worse && run.report.refused.is_empty();
    assert_eq!(done.is_ok(), may, "{done:?}");
    assert_eq!(store.live().unwrap() == Some(run.release), may);
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let mut store = store(0..10);
    let LearnReport::TooLittle { says, .. } = learn_responses(&mut store, &request(), &SilentReporter).unwrap() else {
        panic!("there is nothing to learn from")
    };
    assert!(says.contains("No release is live") && says.contains("it takes 100 turns, and 30 customers:"), "{says}");
    assert!(says.contains("more turns are needed"), "{says}");
}

/// What is said to five intents and helps hardly anybody, in the place of what the live release says.
#[test]
fn the_gate_reads_what_is_learnt_beside_the_live_answers() {
    const LATER: &str = "Ask again later.";
    let mut store = store(0..800);
    let release = live(&mut store);
    let row = |n: i64, intent: IntentId, corrected: Option<&str>, resolved: bool| AnsweredRow {
        intent,
        response: LATER.to_owned(),
        corrected: corrected.map(str::to_owned),
        turn: turn_id(ConversationId(n), TurnKey(1)),
        decision: DecisionId(0),
        asked: None,
        asked_turn: turn_id(ConversationId(n), TurnKey(0)),
        language: "en".to_owned(),
        corrected_language: "en".to_owned(),
        asked_language: "en".to_owned(),
        resolved,
    };
    let said: Vec<AnsweredRow> = (0..25).map(|n| row(2_000 + n, IntentId(50 + n % 5), None, n % 5 == 0)).collect();
    let intents = ["order_status", "refund_status"].map(|name| store.intent(name).unwrap());
    let corrected = intents.map(|intent| row(3_000 + intent.0, intent, Some(LATER), true));
    let table = fit_without(&corrected, &[], ResponseRules::default(), &SilentReporter).unwrap().into_model();
    let found = beside_gold(&mut store, release, &table, &said, 7, &SilentReporter).unwrap();
    assert!(found.asked > 0 && found.differ > 0 && found.faults.non_answer.n > 0, "{found:?}");
    assert!(found.faults.reasons()[0].contains("in the place of an answer"), "{:?}", found.faults.reasons());
    let same = store.responses_of(release).unwrap();
    let found = beside_gold(&mut store, release, &same, &said, 7, &SilentReporter).unwrap();
    assert!(found.asked > 0 && found.differ == 0 && found.faults.reasons().is_empty(), "{found:?}");
}
