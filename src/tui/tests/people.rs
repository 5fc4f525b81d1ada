//! Two people at one store (rule 42), and keys of other layouts.

use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use crate::domain::{Cause, ConversationId, DecisionChange, Review};
use crate::store::{ReviewItem, TeamRole};

const INTENTS: [&str; 3] = ["order_status", "refund_status", "change_booking"];

fn stage() -> Stage {
    let mut stage = Stage::new(&failures(6), &INTENTS);
    stage.press("r");
    assert!(stage.item().is_some());
    stage
}

fn kept(stage: &Stage, id: ConversationId) -> ReviewItem {
    stage.store.review_item(id).unwrap()
}

/// What tom says of the item on the screen, in a program of his own.
fn tom_labels(stage: &mut Stage, intent: &str) -> ConversationId {
    let item = stage.app.review.item().unwrap();
    let (id, turn) = (item.n, item.turn.unwrap());
    let intent = stage.store.intent(intent).unwrap();
    let changes = [DecisionChange::intents(id, turn, &[intent]), DecisionChange::cause(id, Some(Cause::WrongIntent))];
    stage.store.decide("tom", NOW, &changes).unwrap();
    id
}

fn noticed(stage: &mut Stage) -> String {
    stage.send(Msg::answer(CommonAnswer::Changed));
    stage.draw()
}

fn asks(stage: &mut Stage) -> bool {
    matches!(stage.app.overlays.last(), Some(Overlay::Menu(_))) && stage.draw().contains("tom decided on this")
}

#[test]
fn what_a_colleague_decides_is_shown_on_the_item_and_asked_about() {
    let mut stage = stage();
    let id = tom_labels(&mut stage, "refund_status");
    let screen = noticed(&mut stage);
    assert!(screen.contains("Decided while you look") && screen.contains("tom: intent refund_status"), "{screen}");
    stage.press("/").type_text("change").press("enter");
    assert!(asks(&mut stage));
    assert!(stage.draw().contains("refund_status"));
    assert_eq!(kept(&stage, id).label.unwrap().1, "tom", "nothing is saved before the answer");
    stage.press("m");
    assert_eq!(kept(&stage, id).label.unwrap(), (vec!["change_booking".to_owned()], "maria".to_owned()));
}

#[test]
fn who_is_quicker_than_the_screen_is_asked_too_and_may_keep_what_is_there() {
    let mut stage = stage();
    let id = tom_labels(&mut stage, "refund_status");
    stage.press("w p");
    assert!(asks(&mut stage));
    stage.press("7");
    assert!(asks(&mut stage), "a digit that was meant for the item answers nothing");
    stage.press("y");
    assert_eq!(kept(&stage, id).cause, Some(Cause::WrongIntent));
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn who_looks_first_is_not_asked_again() {
    let mut stage = stage();
    let id = tom_labels(&mut stage, "refund_status");
    stage.press("w p l");
    assert_eq!((stage.item(), kept(&stage, id).cause), (Some(id), Some(Cause::WrongIntent)));
    stage.press("w p");
    assert_eq!(kept(&stage, id).cause, Some(Cause::Policy));
}

#[test]
fn a_note_that_a_colleague_wrote_meanwhile_is_not_written_over_and_ones_own_is_not_lost() {
    let mut stage = stage();
    let id = stage.item().unwrap();
    stage.press("m").type_text("mine");
    stage.store.decide("tom", NOW, &[DecisionChange::note(id, Some("his".into()))]).unwrap();
    noticed(&mut stage);
    stage.press("ctrl-s");
    assert!(asks(&mut stage));
    assert_eq!(kept(&stage, id).note.as_deref(), Some("his"));
    stage.press("l");
    let screen = stage.draw();
    assert!(screen.contains("meanwhile: his") && screen.contains("mine"), "{screen}");
    stage.press("ctrl-s");
    assert_eq!(kept(&stage, id).note.as_deref(), Some("mine"), "who has seen it may");
    // Somebody's note is no word on the intent.
    stage.store.decide("tom", NOW, &[DecisionChange::note(id, None)]).unwrap();
    stage.press("w p");
    assert_eq!(kept(&stage, id).cause, Some(Cause::Policy));
}

#[test]
fn where_one_judges_blind_it_is_not_told_what_a_colleague_said() {
    let mut stage = stage();
    tom_labels(&mut stage, "refund_status");
    let mut item = kept(&stage, stage.item().unwrap());
    item.counts = crate::store::LabelUse::Audit;
    let told = meanwhile::said(&stage.app.review, &stage.app.shared, &item);
    assert_eq!(told, ["tom has judged this"]);
}

#[test]
fn of_what_is_marked_only_that_is_judged_which_nobody_judged_meanwhile() {
    let mut stage = Stage::new(&failures(6), &INTENTS);
    stage.press("v v");
    let rows: Vec<ConversationId> = stage.app.queue.window.rows().iter().take(2).map(|r| r.n).collect();
    stage.store.decide("tom", NOW, &[DecisionChange::cause(rows[0], Some(Cause::Tone))]).unwrap();
    stage.press("b w p");
    let screen = stage.draw();
    assert!(screen.contains("1 of them was judged while they were marked: tom"), "{screen}");
    assert_eq!(kept(&stage, rows[1]).cause, None, "nothing is saved yet");
    stage.press("y");
    assert_eq!(kept(&stage, rows[0]).cause, Some(Cause::Tone));
    assert_eq!(kept(&stage, rows[1]).cause, Some(Cause::Policy));
}

#[test]
fn a_flag_asks_leaves_review_and_is_cleared_by_an_answer_alone() {
    let mut stage = stage();
    let id = stage.item().unwrap();
    stage.press("F").press("enter");
    assert!(stage.draw().contains("what do you want to know?"), "a flag without a question is none");
    stage.type_text("ours?").press("enter");
    assert_eq!(kept(&stage, id).status, Review::Flagged);
    assert_ne!(stage.item(), Some(id));
    let turn = kept(&stage, id).turn.unwrap();
    let intent = stage.store.intent("refund_status").unwrap();
    let label = [DecisionChange::intents(id, turn, &[intent]), DecisionChange::cause(id, Some(Cause::Policy))];
    stage.store.decide("tom", NOW, &label).unwrap();
    assert_eq!(kept(&stage, id).status, Review::Flagged, "a label clears no question");
    stage.press("g 2 / ctrl-u").type_text("status:flagged").press("enter enter");
    assert_eq!(stage.item(), Some(id));
    assert!(stage.draw().contains("maria asks: ours?"));
    stage.press("A");
    assert!(stage.draw().contains("With an answer it is done"), "{}", stage.draw());
    stage.type_text("yes, ours").press("enter");
    assert_eq!(kept(&stage, id).status, Review::Done, "it was judged meanwhile");
    assert!(stage.draw().contains("maria answers: yes, ours"));
    stage.press("u");
    assert_eq!(kept(&stage, id).status, Review::Flagged);
    stage.press("ctrl-r");
    let answer = kept(&stage, id).question().and_then(|q| q.answer);
    assert_eq!(answer, Some(("yes, ours".to_owned(), "maria".to_owned())));
}

#[test]
fn who_asked_takes_it_back_and_leaves_the_answer_to_others() {
    let mut stage = stage();
    let id = stage.item().unwrap();
    stage.store.decide("tom", NOW, &[DecisionChange::note(id, Some("his".into()))]).unwrap();
    stage.store.set_role("maria", NOW, "tom", TeamRole::Lead).unwrap();
    stage.store.set_role("tom", NOW, "maria", TeamRole::Reviewer).unwrap();
    stage.press("F").type_text("ours?").press("enter");
    assert!(stage.store.review_item_for("tom", id).unwrap().may_answer);
    stage.press("g 2 / ctrl-u").type_text("status:flagged").press("enter enter");
    assert_eq!(stage.item(), Some(id));
    assert!(stage.draw().contains("take your question back"), "{}", stage.draw());
    stage.press("A");
    assert!(stage.app.overlays.is_empty(), "nothing is asked of her");
    assert_eq!((kept(&stage, id).status, kept(&stage, id).question()), (Review::Open, None));
    assert!(stage.toast().contains("question taken back"), "{}", stage.toast());
    stage.press("u");
    assert_eq!(kept(&stage, id).status, Review::Flagged);
}

#[test]
fn what_a_colleague_has_open_comes_last() {
    let mut stage = Stage::new(&failures(3), &INTENTS);
    let first = stage.app.queue.window.rows()[0].n;
    stage.store.claim("tom", NOW, Some(first)).unwrap();
    stage.press("r");
    let mut seen = vec![stage.item().unwrap()];
    for _ in 0..2 {
        stage.press("-");
        seen.extend(stage.item());
    }
    assert_eq!((seen.len(), seen[2]), (3, first), "{seen:?}");
}

#[test]
fn a_claim_lapses_and_leaving_gives_it_back() {
    let stage = Stage::new(&failures(3), &INTENTS);
    let scope = crate::store::ReviewScope::Query(crate::store::default_query(), Default::default());
    let first = stage.app.queue.window.rows()[0].n;
    let next = |after: i64| stage.store.next_item(&scope, None, "maria", NOW.plus(after)).unwrap();
    stage.store.claim("tom", NOW, Some(first)).unwrap();
    assert_ne!(next(0), Some(first));
    assert_eq!(next(11 * 60_000), Some(first), "nobody renews it");
    stage.store.renew_claim("tom", NOW.plus(6 * 60_000)).unwrap();
    assert_ne!(next(11 * 60_000), Some(first), "while it is open it is renewed");
    assert_eq!(stage.store.next_item(&scope, None, "tom", NOW).unwrap(), Some(first), "one's own claim hides nothing");
    stage.store.claim("tom", NOW, None).unwrap();
    assert_eq!(next(0), Some(first));
}

#[test]
fn greek_and_russian_keys_work_where_nothing_is_typed() {
    let mut stage = stage();
    let id = stage.item().unwrap();
    stage.press("ς π");
    assert_eq!(kept(&stage, id).cause, Some(Cause::Policy), "w, then p in the menu of causes");
    stage.press("г");
    assert_eq!(kept(&stage, id).cause, None, "u in a Russian layout");
    stage.press("ε").type_text("ωμέγα").press("esc");
    assert!(stage.draw().contains("The text was changed"));
    stage.press("σ");
    assert_eq!(kept(&stage, id).responses.len(), 1, "s saves");
    assert!(kept(&stage, id).responses[0].1.ends_with("ωμέγα"), "where text is typed it stays as it is typed");
    stage.press(";");
    assert!(stage.quit);
}
