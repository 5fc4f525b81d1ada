//! Keys of Review that write what was meant, and say what they wrote (rule 26).

use super::responses::counted;
use super::support::harness::{NOW, Stage, draw_buffer, failed, failures, text_of};
use super::support::prelude::*;
use crate::domain::{Cause, Conversation, ConversationId, IntentId, Outcome, Review, Role, Turn};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

const INTENTS: [&str; 3] = ["order_status", "refund_status", "speak_to_person"];

fn kept(stage: &Stage, id: ConversationId) -> crate::store::ReviewItem {
    stage.store.review_item(id).unwrap()
}

/// Opens the only conversation of a store.
fn only(conversation: Conversation) -> (Stage, ConversationId) {
    let mut stage = Stage::new(&[conversation], &INTENTS);
    let effects = stage.app.queue.set_query("");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    stage.draw();
    stage.press("enter");
    let id = stage.item().unwrap();
    (stage, id)
}

/// The AI guessed, and did not trust its guess.
fn fallback() -> Conversation {
    let mut c = failed(1, "will it snow on the islands", Some("order_status"), 0.13);
    c.turns[0].fallback = true;
    c
}

fn escalated(text: &str, intent: &str) -> Conversation {
    let mut c = failed(1, text, Some(intent), 0.9);
    c.outcome = Some(Outcome::Escalated);
    c
}

#[test]
fn enter_takes_no_guess_after_a_fallback() {
    let (mut stage, id) = only(fallback());
    assert!(!stage.draw().contains("order_status AI"), "a guess is not the AI's word:\n{}", stage.draw());
    stage.press("enter");
    assert_eq!(stage.app.overlays.len(), 1, "it asks which intent");
    stage.press("esc");
    assert!(kept(&stage, id).label.is_none() && kept(&stage, id).cause.is_none());
}

#[test]
fn enter_proposes_nothing_on_a_blind_item() {
    let (mut stage, id) = only(failed(1, "where is it", Some("order_status"), 0.9));
    if let ReviewStage::Item(item) = &mut stage.app.review.stage {
        (item.counts, item.confirmable) = (crate::store::LabelUse::Audit, None);
    }
    assert!(!stage.draw().contains("choose intent"), "{}", stage.draw());
    stage.press("enter");
    assert_eq!(stage.toast(), "a digit, / or 0: nothing is proposed here");
    assert!(stage.app.overlays.is_empty());
    stage.press("o enter");
    assert!(kept(&stage, id).label.is_none(), "a letter finds nothing, and Enter takes nothing");
    stage.press("/");
    assert_eq!(stage.app.overlays.len(), 1);
}

#[test]
fn zero_is_out_of_scope_in_one_key() {
    let (mut stage, id) = only(fallback());
    assert!(stage.draw().contains("0 out of scope"));
    stage.press("0");
    let item = kept(&stage, id);
    assert_eq!(item.label.unwrap().0, ["out_of_scope"]);
    assert_eq!((item.cause, item.status), (Some(Cause::OutOfScope), Review::Done));
    assert_eq!(stage.toast(), format!("#{} saved: out of scope", id.0));
}

#[test]
fn what_is_left_explains_itself() {
    let mut stage = Stage::new(&failures(3), &INTENTS);
    stage.press("r");
    assert!(stage.draw().contains("3 left"), "{}", stage.draw());
    stage.press("-");
    assert!(stage.draw().contains("2 left, 1 done or put off"), "{}", stage.draw());
}

#[test]
fn out_of_scope_stands_there_once() {
    let (mut stage, _) = only(failed(1, "where is it", Some("order_status"), 0.9));
    if let ReviewStage::Item(item) = &mut stage.app.review.stage {
        let intent = crate::domain::OUT_OF_SCOPE_ID;
        let name = "out_of_scope".to_owned();
        item.suggestions.insert(0, crate::store::Suggestion { intent, name, confidence: Some(0.7), now: false });
    }
    let text = stage.draw();
    assert!(text.contains("0 out of scope") && text.contains("1 order_status"), "{text}");
    assert!(!text.contains("out_of_scope"), "{text}");
}

#[test]
fn what_is_said_of_digits_stands_on_the_screen() {
    let mut stage = Stage::new(&[agents(1)], &[]);
    stage.press("r");
    let id = stage.item().unwrap();
    assert!(stage.draw().contains("0 out of scope: nothing for the AI"), "{}", stage.draw());
    stage.press("5");
    assert_eq!(stage.toast(), "no intent stands behind this digit; a letter says why it failed");
    stage.press("0");
    assert_eq!((kept(&stage, id).cause, kept(&stage, id).status), (Some(Cause::OutOfScope), Review::Done));
    let (mut stage, id) = only(failed(1, "where is it", Some("order_status"), 0.9));
    stage.press("enter 0");
    assert!(stage.toast().starts_with("the intent is said already"), "{}", stage.toast());
    assert_eq!((kept(&stage, id).label.unwrap().0, kept(&stage, id).cause), (vec!["order_status".to_owned()], None));
}

#[test]
fn digits_that_are_not_drawn_or_come_too_early_write_nothing() {
    let mut stage = Stage::new(&failures(3), &INTENTS);
    stage.press("r");
    let before = stage.store.last_decision().unwrap();
    stage.press("9");
    assert!(stage.toast().starts_with("no intent stands behind this digit"), "{}", stage.toast());
    assert_eq!(stage.store.last_decision().unwrap(), before);
    // Two keys in a row without time to read between them.
    stage.press("-");
    let after = stage.store.last_decision().unwrap();
    stage.send(Msg::Input(Event::Key(KeyEvent::new(KeyCode::Char('0'), KeyModifiers::NONE))));
    assert!(stage.toast().contains("before this conversation was there"), "{}", stage.toast());
    assert_eq!(stage.store.last_decision().unwrap(), after);
    stage.press("0");
    assert!(stage.store.last_decision().unwrap() > after, "a second later it is meant");
}

#[test]
fn the_line_above_the_keys_says_what_was_stored_until_the_next() {
    let mut stage = Stage::new(&failures(9), &INTENTS);
    stage.press("r");
    let line = |stage: &Stage| text_of(&draw_buffer(&stage.app, (110, 36)).0).lines().nth(34).unwrap().to_owned();
    let mut says = |keys: &str, words: &str| {
        let id = stage.item().unwrap().0;
        stage.press(keys);
        let line = line(&stage);
        assert!(line.contains(&format!("✓ #{id} saved: {words}   u takes it back")), "{line}");
    };
    says("0", "out of scope");
    says("tab", "left for later");
    says("-", "skipped");
    let id = stage.item().unwrap().0;
    stage.press("F").type_text("whose is it?").press("enter");
    assert!(line(&stage).contains(&format!("✓ #{id} saved: asked: whose is it?")), "{}", line(&stage));
    stage.press("u");
    assert!(line(&stage).contains(&format!("↶ taken back: #{id}: asked: whose is it?")), "{}", line(&stage));
    assert!(line(&stage).contains("makes it again"));
    stage.press("[ ] down up");
    assert!(line(&stage).contains("taken back"), "it stays until something else is decided");
}

#[test]
fn tabs_read_g_and_a_digit_in_review() {
    let mut stage = Stage::new(&failures(3), &INTENTS);
    assert!(stage.draw().contains(" 1 Overview"));
    stage.press("r");
    let text = stage.draw();
    assert!(text.contains(" g1 Overview g2 Queue 3 g3 Patterns g4 Responses"), "there is room for whole words: {text}");
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains(" g1 Over g2 Queue"), "{text}");
    stage.size = (60, 18);
    let text = stage.draw();
    assert!(text.lines().next().unwrap().contains("g7 Rev"), "all tabs are there: {text}");
}

#[test]
fn a_right_hand_over_is_one_key_and_no_failure() {
    let (mut stage, id) = only(escalated("I want to talk to a human", "speak_to_person"));
    let text = stage.draw();
    assert!(text.contains("right hand-over") && text.contains("asked for a person, got one"), "{text}");
    stage.press(".");
    let item = kept(&stage, id);
    assert_eq!(item.label.unwrap().0, ["speak_to_person"]);
    assert_eq!((item.cause, item.status), (Some(Cause::RightHandover), Review::Done));
    let page = stage.store.figures().overview(NOW).unwrap();
    assert!(page.repair.causes().is_empty(), "it is in no ceiling");
    assert!(page.repair.failing.is_empty(), "and fails no longer: {:?}", page.repair.failing);
}

#[test]
fn a_right_hand_over_stands_beside_another_proposal_at_every_width() {
    let mut c = escalated("when does my ship leave", "order_status");
    c.turns.insert(1, Turn::new(Role::Tool, "Error: 503 from the booking system"));
    c.number_turns();
    let (mut stage, id) = only(c);
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        let text = stage.draw();
        assert!(text.contains("proposed") && text.contains(". right hand-over"), "{text}");
        assert!(text.lines().last().is_some_and(|keys| keys.contains(". nothing failed")), "{text}");
    }
    if let ReviewStage::Item(item) = &mut stage.app.review.stage {
        item.counts = crate::store::LabelUse::Audit;
    }
    assert!(!stage.draw().contains("nothing failed"), "on a blind item it tells how it ended:\n{}", stage.draw());
    stage.press(".");
    assert_eq!(kept(&stage, id).cause, None);
}

#[test]
fn what_is_told_at_80_columns_breaks_no_word() {
    let (mut stage, id) = only(failed(1, "where is it", Some("order_status"), 0.9));
    stage.size = (80, 24);
    if let ReviewStage::Item(item) = &mut stage.app.review.stage {
        item.conversation.csat = Some(crate::domain::Csat { score: 1.0, max: 5.0, comment: None, at: None });
        item.conversation.channel = Some("a channel with a long name".into());
    }
    let text = stage.draw();
    let head = text.lines().nth(2).unwrap();
    assert!(head.contains("✗ failed") && head.contains("★ 1 of 5") && !head.contains("a channel"), "{head}");
    if let ReviewStage::Item(item) = &mut stage.app.review.stage {
        let turn = item.turn.unwrap();
        item.labels = vec![(turn, vec!["special_assistance".into()], "import:shop".into())];
    }
    let text = stage.draw();
    let said = |l: &str| l.contains("customer") && l.contains("✓ special_assistance");
    assert!(text.lines().any(said), "what somebody said goes before what the AI understood:\n{text}");
    stage.press("k");
    let text = stage.draw();
    assert!(text.contains("k (missing knowledge) comes after the intent; w asks for it now"), "{text}");
    let told = format!("#{} saved: missing knowledge, no content; and something else about it all", id.0);
    stage.app.shared.toasts.decide(told, false, ScreenTab::Review);
    let text = stage.draw();
    assert!(text.contains("saved: missing knowledge, no content   u "), "{text}");
    assert!(!text.contains("and something"), "{text}");
}

#[test]
fn what_did_not_go_to_a_person_has_no_right_hand_over() {
    let (mut stage, id) = only(failed(1, "where is it", Some("order_status"), 0.9));
    stage.press(".");
    assert!(stage.toast().contains("was not handed to a person"), "{}", stage.toast());
    stage.press("enter .");
    assert_eq!(kept(&stage, id).cause, None);
    assert!(!stage.draw().contains("right hand-over"));
}

#[test]
fn a_failed_call_proposes_its_cause_and_only_its_letter_takes_it() {
    let mut c = failed(1, "when does my ship leave", Some("order_status"), 0.9);
    let mut call = Turn::new(Role::Tool, "Error: 503 from the booking system");
    call.name = Some("get_departure".into());
    c.turns.insert(1, call);
    c.number_turns();
    let (mut stage, id) = only(c);
    let drawn = stage.draw();
    assert!(drawn.contains("integration       proposed") && drawn.contains("  get_departure failed"), "{drawn}");
    stage.press("x");
    assert!(stage.toast().starts_with("x (integration) comes after the intent; w asks"), "{}", stage.toast());
    stage.press("enter enter");
    assert_eq!(kept(&stage, id).cause, None, "Enter takes no cause");
    let text = stage.draw();
    assert!(text.contains("integration       proposed") && text.contains("  get_departure failed"), "{text}");
    for gone in ["wrong intent", "missed intent", "new intent"] {
        assert!(!text.contains(gone), "the intent was right:\n{text}");
    }
    stage.press("w");
    assert!(stage.draw().contains("╭ Why did it fail?"), "{}", stage.draw());
    stage.press("esc x");
    assert_eq!(kept(&stage, id).cause, Some(Cause::Integration));
}

#[test]
fn r_goes_through_what_is_shown_and_another_key_goes_on_where_one_stopped() {
    let mut stage = Stage::new(&failures(9), &INTENTS);
    let shown = |stage: &Stage| match &stage.app.review.scope {
        Some(crate::store::ReviewScope::Query(query, _)) => query.to_string(),
        other => panic!("{other:?}"),
    };
    stage.press("r esc");
    let effects = stage.app.queue.set_query("status:open bill test:hidden");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    stage.draw();
    stage.press("r");
    assert_eq!(shown(&stage), "status:open bill test:hidden");
    let id = stage.item();
    assert!(kept(&stage, id.unwrap()).conversation.turns[0].text.contains("bill"));
    stage.press("esc tab R");
    assert_eq!(stage.item(), id, "where one stopped");
    assert_eq!(shown(&stage), "status:open bill test:hidden");
}

#[test]
fn keys_that_find_nothing_to_do_say_so() {
    let (mut stage, _) = only(failed(1, "where is parcel 7", Some("order_status"), 0.9));
    stage.press("]");
    assert_eq!(stage.toast(), "the customer says nothing after it");
    stage.press("[");
    assert_eq!(stage.toast(), "the customer says nothing before it");
    stage.press("'");
    assert_eq!(stage.toast(), "the turn that is judged is in view");
    // The intent is right: its letter among the causes can only mean the list of them, as Enter says.
    stage.press("enter enter");
    assert_eq!(stage.toast(), "a letter says why it failed; w says what each of them means");
    stage.press("w");
    assert!(stage.draw().contains("╭ Why did it fail?"), "{}", stage.draw());
}

#[test]
fn many_at_once_close_and_one_undo_says_what_it_took_back() {
    let all: Vec<_> = (1..=5).map(|i| failed(i, &format!("where is parcel {i}"), Some("order_status"), 0.9)).collect();
    let mut stage = Stage::new(&all, &INTENTS);
    stage.press("V b a k");
    assert_eq!(stage.toast(), "5 conversations: order_status, missing knowledge");
    let open = crate::domain::Query::parse("status:open").unwrap();
    assert_eq!(stage.store.queue_count(&open, NOW).unwrap(), 0, "all are done");
    stage.press("u");
    assert_eq!(stage.toast(), "taken back: 5 conversations: order_status, missing knowledge");
    stage.press("V b w k");
    let told = "5 conversations: missing knowledge; 5 stay open";
    assert_eq!(stage.toast(), format!("{told}; nobody has said what the customers wanted"));
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains(&format!("✓ {told}   u takes it back")), "{text}");
    assert!(text.contains("missing knowledge, no intent yet"), "the row that is selected says it, too: {text}");
    // Where there is room the list does; what stays open is marked still, and one step more closes it.
    assert!(text.contains("● 5 marked"), "{text}");
    stage.size = (120, 36);
    let text = stage.draw();
    assert!(text.matches("missing knowledge").count() >= 6, "a row each: {text}");
    stage.press("b a k");
    assert_eq!(stage.store.queue_count(&open, NOW).unwrap(), 0, "all are done: {}", stage.draw());
    assert!(stage.app.queue.marks.is_empty());
}

#[test]
fn a_new_intent_and_its_label_are_one_step() {
    let (mut stage, id) = only(failed(1, "my umbrella is on the ship", Some("order_status"), 0.4));
    stage.press("n").type_text("lost_property").press("enter");
    assert_eq!(stage.toast(), format!("#{} saved: new intent lost_property, new intent", id.0));
    assert_eq!(kept(&stage, id).label.unwrap().0, ["lost_property"]);
    stage.press("u");
    assert!(kept(&stage, id).label.is_none());
    assert!(stage.app.shared.intents.iter().all(|i| i.name != "lost_property"), "one undo for both");
    stage.press("U");
    assert_eq!(kept(&stage, id).label.unwrap().0, ["lost_property"]);
}

#[test]
fn a_name_that_is_nearly_anothers_is_asked_about() {
    let (mut stage, id) = only(failed(1, "where is it", None, 0.0));
    stage.press("n").type_text("Order-statis").press("enter");
    assert!(stage.draw().contains("Did you mean one that is there?"), "{}", stage.draw());
    assert!(kept(&stage, id).label.is_none());
    stage.press("1");
    assert_eq!(kept(&stage, id).label.unwrap().0, ["order_status"]);
}

#[test]
fn all_with_the_same_answer_are_one_step_after_a_look() {
    let all: Vec<_> = (1..=4).map(|i| failed(i, &format!("where is parcel {i}"), Some("order_status"), 0.9)).collect();
    let mut stage = Stage::new(&all, &INTENTS);
    counted(&mut stage);
    stage.press("r");
    let text = stage.draw();
    assert!(text.contains("4 in 4 weeks") && text.contains("= all 4 like it"), "{text}");
    stage.press("=");
    let text = stage.draw();
    assert!(text.contains("this one and 3 open conversations") && text.contains("where is parcel"), "{text}");
    let here = stage.item().unwrap();
    stage.press("enter");
    assert_eq!(stage.toast(), "its key or ↓ chooses one; nothing was saved");
    assert!(kept(&stage, here).cause.is_none() && !stage.app.overlays.is_empty(), "Enter takes no cause");
    stage.press("n");
    assert_eq!(stage.toast(), "new intent is no choice here; Esc closes");
    stage.press("k");
    assert_eq!(stage.toast(), "4 conversations saved: order_status, missing knowledge");
    let open = crate::domain::Query::parse("status:open").unwrap();
    assert_eq!(stage.store.queue_count(&open, NOW).unwrap(), 0);
    stage.press("u");
    assert_eq!(stage.store.queue_count(&open, NOW).unwrap(), 4, "one undo");
    assert_eq!(stage.item(), Some(here), "back where it was pressed");
}

#[test]
fn one_of_those_with_the_same_answer_can_be_left_out() {
    let all: Vec<_> = (1..=4).map(|i| failed(i, &format!("where is parcel {i}"), Some("order_status"), 0.9)).collect();
    let mut stage = Stage::new(&all, &INTENTS);
    stage.press("r =");
    let out = stage.app.review.beside.as_ref().unwrap().1.rows[1].n;
    stage.press("2");
    let text = stage.draw();
    assert!(
        text.contains("this one and 2 open conversations")
            && text.contains("2    out order_status")
            && text.contains("0.90  failed    14 Nov  where is parcel"),
        "{text}"
    );
    stage.press("2 2 k");
    assert_eq!(stage.toast(), "3 conversations saved: order_status, missing knowledge");
    assert_eq!((kept(&stage, out).status, kept(&stage, out).cause), (Review::Open, None));
    stage.press("u =");
    assert!(stage.draw().contains("this one and 3 open conversations"), "the next look is a new one");
    stage.press("2 esc");
    assert!(stage.draw().contains("= all 4 like it"), "{}", stage.draw());
    stage.press("= k");
    assert_eq!(stage.toast(), "4 conversations saved: order_status, missing knowledge", "as many as the hint says");
}

#[test]
fn what_is_decided_with_it_says_where_it_lies_outside() {
    let all: Vec<_> = (1..=3).map(|i| failed(i, &format!("where is parcel {i}"), Some("order_status"), 0.9)).collect();
    let mut stage = Stage::new(&all, &INTENTS);
    let effects = stage.app.queue.set_query("parcel 1");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    stage.draw();
    stage.press("r =");
    let text = stage.draw();
    assert_eq!(text.matches("outside the filter: where is parcel").count(), 2, "{text}");
}

#[test]
fn every_turn_has_its_own_digits_and_an_undo_comes_back_to_the_one_that_was_judged() {
    let mut wrong = failed(1, "pay for my bag", Some("refund_status"), 0.9);
    let asked = Turn::new(Role::User, "where is my parcel now");
    wrong.turns.push(Turn { intent: Some("order_status".to_owned()), confidence: Some(0.3), ..asked });
    wrong.turns.push(Turn::new(Role::Bot, "I hand you over."));
    wrong.number_turns();
    let (mut stage, id) = only(wrong);
    let failing = kept(&stage, id).turn;
    assert_eq!(stage.app.review.confirmable().unwrap().1, "refund_status");
    stage.press("]");
    let other = stage.app.review.turn;
    assert_ne!(other, failing);
    assert_eq!(stage.app.review.confirmable().unwrap().1, "order_status");
    let text = stage.draw();
    assert!(text.contains("⏎ order_status is right") && text.contains("1 order_status"), "{text}");
    stage.press("enter");
    assert_eq!(kept(&stage, id).labels, [(other.unwrap(), vec!["order_status".to_owned()], "maria".to_owned())]);
    stage.press("k [");
    assert_eq!(kept(&stage, id).cause, Some(Cause::MissingKnowledge));
    stage.press("u");
    let (turn, cause) = (stage.app.review.turn, kept(&stage, id).cause);
    assert_eq!((turn, cause), (other, None), "a cause is said of the turn that was labelled");
    stage.press("u");
    assert!(kept(&stage, id).labels.is_empty());
    assert_eq!(stage.app.review.turn, other, "back at the turn that had been labelled");
}

#[test]
fn stress_of_models_is_shown_and_customers_words_stay_as_they_are() {
    let mut c = failed(1, "is **this** mine", Some("order_status"), 0.9);
    c.turns[1].text = "**Flight 12** leaves at nine.".to_owned();
    let (mut stage, _) = only(c);
    let text = stage.draw();
    assert!(
        text.contains("is **this** mine") && text.contains("Flight 12 leaves") && !text.contains("**Flight"),
        "{text}"
    );
}

/// A conversation of one of the intents that got what is no answer, and ended with that.
fn no_answer(i: u32, intents: &[&str]) -> Conversation {
    let mut c = failed(i, &format!("request {i}"), Some(intents[i as usize % intents.len()]), 0.9);
    c.turns[1].text = "I have no information about that.".to_owned();
    c.turns.truncate(2);
    c
}

#[test]
fn the_key_that_empties_a_field_empties_a_line_of_an_answer() {
    let (mut stage, id) = only(failed(1, "where is it", Some("order_status"), 0.9));
    stage.press("e ctrl-u").type_text("It lies at the desk.").press("ctrl-s");
    let responses = kept(&stage, id).responses;
    assert_eq!(responses.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["It lies at the desk."]);
}

#[test]
fn a_new_intent_of_one_conversation_proposes_nothing_for_the_next() {
    let all = [
        failed(1, "where is it", Some("order_status"), 0.9),
        failed(2, "will it rain on Sunday", Some("order_status"), 0.9),
    ];
    let mut stage = Stage::new(&all, &INTENTS);
    stage.press("r enter");
    let first = stage.item().unwrap();
    let effects = stage.app.review.next_item();
    effects.into_iter().for_each(|e| stage.send_effect(e));
    assert_ne!(stage.item(), Some(first));
    stage.press("n").type_text("weather_info").press("enter");
    assert_eq!(stage.item(), Some(first), "that one is done, and this one waits for its cause");
    let text = stage.draw();
    assert!(text.contains("Why did it fail?") && !text.contains("you made a new intent"), "{text}");
}

#[test]
fn an_answer_that_is_none_proposes_that_there_is_no_content() {
    let intents = ["order_status", "refund_status", "change_booking", "pets", "luggage"];
    let mut stage = Stage::new(&(1..=25).map(|i| no_answer(i, &intents)).collect::<Vec<_>>(), &intents);
    counted(&mut stage);
    stage.press("r");
    let text = stage.draw();
    assert!(text.contains("k missing knowledge") && text.contains("it says so to many, and helps few"), "{text}");
    assert!(stage.app.review.item().unwrap().evidence().is_none(), "only the others tell");
    stage.press("=");
    assert!(stage.draw().contains("▶     choose a cause"), "a proposed cause is under no cursor: {}", stage.draw());
    stage.press("enter");
    assert_eq!(stage.toast(), "its key or ↓ chooses one; nothing was saved");
    let done = crate::domain::Query::parse("status:done").unwrap();
    assert_eq!(stage.store.queue_count(&done, NOW).unwrap(), 0);
    stage.press("down enter");
    assert!(
        stage.toast().contains("conversations saved") && stage.toast().contains("missing knowledge"),
        "{}",
        stage.toast()
    );
}

#[test]
fn a_hand_over_after_an_answer_that_is_none_says_so() {
    let intents = ["order_status", "refund_status", "change_booking", "pets", "luggage"];
    let mut all: Vec<_> = (1..=25).map(|i| no_answer(i, &intents)).collect();
    for (i, answered) in [(26, "I have no information about that."), (27, "Dogs are welcome on deck.")] {
        let mut handed = failed(i, &format!("request {i}"), Some(intents[i as usize % 5]), 0.9);
        handed.outcome = Some(Outcome::Escalated);
        handed.turns[1].text = answered.to_owned();
        handed.turns.insert(2, Turn::new(Role::User, "let me talk to a human"));
        handed.number_turns();
        all.push(handed);
    }
    let mut stage = Stage::new(&all, &intents);
    counted(&mut stage);
    let mut reads = |id: u32| {
        let effects = stage.app.queue.set_query(&format!("\"request {id}\""));
        effects.into_iter().for_each(|e| stage.send_effect(e));
        stage.draw();
        stage.press("enter");
        let text = stage.draw();
        stage.press("esc");
        assert!(text.contains("right hand-over") && text.contains(&format!("request {id}")), "{text}");
        text
    };
    let said = reads(26);
    let lines: Vec<&str> = said.lines().collect();
    let at =
        lines.iter().position(|l| l.contains("the AI had no information, turn 2")).unwrap_or_else(|| panic!("{said}"));
    assert!(lines[at - 1].contains("k missing knowledge"), "it stands below what it speaks for: {said}");
    let said = reads(27);
    assert!(!said.contains("the AI had no information"), "{said}");
}

#[test]
fn a_cause_that_is_pressed_too_early_is_answered() {
    let (mut stage, id) = only(failed(1, "where is it", Some("order_status"), 0.9));
    stage.draw();
    for letter in ["k", "x"] {
        stage.press(letter);
        assert!(stage.toast().contains("comes after the intent"), "{letter}: {}", stage.toast());
    }
    assert_eq!(kept(&stage, id).cause, None);
    stage.press("enter k");
    assert_eq!(kept(&stage, id).cause, Some(Cause::MissingKnowledge));
}

#[test]
fn a_list_whose_rest_is_of_test_groups_says_so() {
    let mut stage = Stage::with_test_groups(&failures(40), &INTENTS);
    let mut end = |query: &str| {
        let effects = stage.app.queue.set_query(query);
        effects.into_iter().for_each(|e| stage.send_effect(e));
        stage.press("r");
        while stage.item().is_some() {
            stage.press("-");
        }
        let text = stage.draw();
        stage.press("esc");
        assert!(text.contains("Nothing is left open here"), "{text}");
        text
    };
    let said = end("outcome:failed");
    assert!(said.contains("of test groups match and are left out"), "{said}");
}

#[test]
fn another_turn_says_its_own_cause_and_what_lies_beside_is_not_about_it() {
    let mut wrong = failed(1, "pay for my bag", Some("refund_status"), 0.9);
    let asked = Turn::new(Role::User, "let me talk to a person");
    wrong.turns.push(Turn { intent: Some("order_status".to_owned()), confidence: Some(0.3), ..asked });
    wrong.turns.push(Turn::new(Role::Bot, "I hand you over."));
    wrong.number_turns();
    let (mut stage, id) = only(wrong);
    let failing = kept(&stage, id).turn;
    stage.press(if failing == Some(kept(&stage, id).conversation.turns[0].key) { "]" } else { "[" });
    assert_ne!(stage.app.review.turn, failing, "the other turn of the customer's is marked");
    stage.press("=");
    assert!(stage.draw().contains("another turn is marked here"), "{}", stage.draw());
    let other = stage.app.review.turn.unwrap();
    let logged = kept(&stage, id).conversation.turn(other).unwrap().intent.clone().unwrap();
    let instead = INTENTS.into_iter().find(|i| *i != logged).unwrap();
    stage.press("/").type_text(instead).press("enter");
    let item = kept(&stage, id);
    assert_eq!((item.cause, item.status), (Some(Cause::WrongIntent), Review::Done));
    // What the AI had understood on it is no reason.
    stage.press("u");
    let case = kept(&stage, id).case_of(other, Some(IntentId(9)));
    assert_eq!(case.relabel_beside(IntentId(9), false, false).0.len(), 1);
    assert!(!case.relabel_beside(IntentId(8), false, true).1, "a blind item is about its own turn");
}

#[test]
fn what_tools_said_is_short_until_it_is_unfolded() {
    let mut c = failed(1, "when does my ship leave", Some("order_status"), 0.9);
    let mut call =
        Turn::new(Role::Tool, format!("{{\"departures\": [{}], \"last\": \"here\"}}", "\"08:00\", ".repeat(60)));
    call.name = Some("get_departure".into());
    c.turns.insert(1, call);
    c.number_turns();
    let (mut stage, _) = only(c);
    assert!(!stage.draw().contains("last") && stage.draw().contains("O opens"), "{}", stage.draw());
    stage.press("O");
    assert!(stage.draw().contains("\"last\": \"here\""), "{}", stage.draw());
}

/// A conversation as agents write it: no intents, tools between, thanks at the end.
fn agents(id: u32) -> Conversation {
    let mut c = failed(id, "hello", None, 0.0);
    let request = Turn::new(Role::User, format!("I want to cancel reservation {id} and get my money back"));
    let answer = Turn::new(Role::Bot, "Your reservation is cancelled.");
    let thanks = Turn::new(Role::User, "Great, thank you! ###STOP###");
    c.turns.truncate(2);
    c.turns.extend([request, answer, thanks]);
    c.number_turns();
    c
}

#[test]
fn agents_without_intents_are_judged_at_the_request() {
    let mut stage = Stage::new(&[agents(1), agents(2)], &[]);
    assert!(stage.draw().contains("I want to cancel reservation"), "the list shows it:\n{}", stage.draw());
    stage.press("r");
    let id = stage.item().unwrap();
    assert_eq!(stage.app.review.turn, Some(crate::domain::TurnKey(2)));
    // No intents at all: the cause alone closes it.
    stage.press("p");
    assert_eq!((kept(&stage, id).cause, kept(&stage, id).status), (Some(Cause::Policy), Review::Done));
    let next = stage.item().unwrap();
    assert_ne!(next, id);
    stage.press("n").type_text("cancel_booking").press("enter");
    let told = stage.toast().to_owned();
    assert!(told.starts_with(&format!("#{} saved: new intent cancel_booking", next.0)), "{told}");
    assert!(told.ends_with("; 1 closed by a cause is open again"), "both are said: {told}");
    stage.size = (80, 24);
    assert!(stage.draw().contains("saved: new intent cancel_booking"), "{}", stage.draw());
    stage.size = (110, 36);
    assert_eq!(stage.item(), Some(next), "it waits for its cause");
    stage.press("k");
    assert_eq!(kept(&stage, next).status, Review::Done);
    // From now on intents are asked for, and the newest has a digit.
    assert_eq!(kept(&stage, id).status, Review::Open, "a cause alone does not close what has intents");
    stage.press("esc enter");
    assert_eq!(decide::choices(&stage.app.review)[0].1, "cancel_booking");
    stage.press("1");
    assert_eq!(kept(&stage, id).status, Review::Done);
}

#[test]
fn what_its_cause_closed_shows_that_when_it_is_opened_again() {
    let mut stage = Stage::new(&[agents(1), agents(2)], &[]);
    stage.press("r p esc / ctrl-u").type_text("status:done").press("enter enter");
    let text = stage.draw();
    assert!(text.contains("✓ policy") && text.contains("✓ closed by its cause"), "{text}");
    assert!(text.contains("1 in this list") && !text.contains("1 left"), "{text}");
    assert!(!text.contains("the only intent") && !text.contains("choose intent"), "{text}");
    stage.press("enter");
    assert!(stage.app.overlays.is_empty(), "nothing is left to say of it: {}", stage.draw());
}

#[test]
fn any_turn_of_the_customer_closes_and_any_answer_can_be_corrected() {
    let mut stage = Stage::new(&[agents(1)], &["cancel_booking"]);
    stage.press("r ]");
    let id = stage.item().unwrap();
    stage.press("1 k");
    let item = kept(&stage, id);
    assert_eq!(item.labels[0].0, crate::domain::TurnKey(4), "the thanks were labelled");
    assert_eq!(item.status, Review::Done);
    stage.press("u u E");
    assert!(stage.draw().contains("Which answer was wrong?"), "{}", stage.draw());
    stage.press("down enter").type_text(" Sorry.").press("ctrl-s");
    assert_eq!(kept(&stage, id).responses.len(), 1);
}
