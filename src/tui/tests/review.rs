//! Review by keys alone (rules 10, 25-27).

use super::responses::counted;
use super::support::fixtures;
use super::support::harness::{NOW, Stage, draw, failed, failures, theme};
use super::support::prelude::*;
use crate::domain::{
    Cause, Conversation, ConversationId, CycleId, DecisionChange, IntentId, Outcome, OutcomeSource, Review, TurnKey,
};
use crate::store::{CountedLine, CycleSummary, LabelUse, ReviewScope, Suggestion};

const INTENTS: [&str; 3] = ["order_status", "refund_status", "change_booking"];

fn stage(n: u32) -> Stage {
    Stage::new(&failures(n), &INTENTS)
}

/// Opens the first failure in the queue whose text begins so.
fn open(stage: &mut Stage, text: &str) -> ConversationId {
    let row = stage.app.queue.window.rows().iter().find(|r| r.text.starts_with(text)).unwrap().n;
    stage.app.queue.window.select(row);
    stage.press("enter");
    assert_eq!(stage.item(), Some(row));
    row
}

fn kept(stage: &Stage, id: ConversationId) -> crate::store::ReviewItem {
    stage.store.review_item(id).unwrap()
}

/// The digit behind which an intent stands now.
fn digit(stage: &Stage, name: &str) -> String {
    let all = decide::choices(&stage.app.review);
    (all.iter().position(|c| c.1 == name).unwrap() + 1).to_string()
}

#[test]
fn the_rows_below_a_short_talk_say_what_the_intents_mean() {
    let mut stage = Stage::new(&failures(3), &["order_status", "refund_status"]);
    stage.press("r");
    stage.size = (200, 60);
    assert!(!stage.draw().contains("what these intents mean"), "nothing is known of them:\n{}", stage.draw());
    for row in &mut stage.app.shared.intents {
        row.meaning = Some(format!("all about {}", row.name));
        row.samples = vec!["an example".to_owned()];
    }
    let text = stage.draw();
    let first = decide::choices(&stage.app.review)[0].1.clone();
    assert!(text.contains("what these intents mean") && text.contains(&format!("all about {first}")), "{text}");
    assert!(text.contains("“an example”"), "{text}");
    stage.size = (80, 24);
    assert!(stage.draw().contains("handed to a person"), "the talk has the room first:\n{}", stage.draw());
}

#[test]
fn where_a_long_talk_leaves_no_room_the_first_intent_has_a_line() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    let (id, name, ..) = decide::choices(&app.review)[0].clone();
    for (size, told) in [((80, 24), true), ((200, 60), false)] {
        let (text, _) = draw(&app, size);
        assert!(!text.contains("all about it"), "{text}");
        app.shared
            .intents
            .iter_mut()
            .filter(|row| row.id == id)
            .for_each(|row| row.meaning = Some("all about it".into()));
        let (text, _) = draw(&app, size);
        assert!(text.contains("all about it"), "{size:?}: {text}");
        assert_eq!(
            text.contains(&format!("{name}  all about it")) && !text.contains("what these intents mean"),
            told,
            "{text}"
        );
        app.shared.intents.iter_mut().for_each(|row| row.meaning = None);
    }
}

#[test]
fn relabelling_takes_one_key() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    // Without a model only what the log said has a digit; any other is found by letters.
    stage.press("/").type_text("refund").press("enter");
    let item = kept(&stage, id);
    assert_eq!(item.label.unwrap().0, ["refund_status"]);
    assert_eq!(item.cause, Some(Cause::WrongIntent));
    assert_eq!(item.status, Review::Done);
    assert_ne!(stage.item(), Some(id), "the next item is up");
}

#[test]
fn after_a_fallback_the_cause_is_missed_intent() {
    let mut stage = stage(6);
    let id = open(&mut stage, "can we come");
    stage.press("/").type_text("change").press("enter");
    assert_eq!(kept(&stage, id).cause, Some(Cause::MissedIntent));
    assert_ne!(stage.item(), Some(id));
}

#[test]
fn confirming_takes_two_keys_and_is_saved_after_the_first() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.press("enter");
    let item = kept(&stage, id);
    assert!(item.judged && item.cause.is_none() && item.status == Review::Open);
    assert_eq!(stage.item(), Some(id), "it waits for the cause");
    assert!(stage.draw().contains("missing knowledge"));
    stage.press("k");
    assert_eq!(kept(&stage, id).cause, Some(Cause::MissingKnowledge));
    assert_eq!(kept(&stage, id).status, Review::Done);
    assert_ne!(stage.item(), Some(id));
}

#[test]
fn picking_what_the_ai_said_waits_for_a_cause() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    let key = digit(&stage, "order_status");
    stage.press(&key);
    assert_eq!(stage.item(), Some(id));
    assert_eq!(kept(&stage, id).cause, None);
    stage.press("x");
    assert_eq!(kept(&stage, id).cause, Some(Cause::Integration));
}

#[test]
fn without_a_logged_intent_enter_asks_for_one_and_then_for_the_cause() {
    let mut stage = stage(6);
    let id = open(&mut stage, "send me");
    stage.press("enter");
    assert_eq!(stage.app.overlays.len(), 1);
    stage.type_text("refund").press("enter");
    assert_eq!(kept(&stage, id).label.unwrap().0, ["refund_status"]);
    assert_eq!(stage.item(), Some(id));
    stage.press("a");
    assert_eq!(kept(&stage, id).cause, Some(Cause::WrongAnswer));
}

#[test]
fn enter_twice_on_a_fallback_stores_no_guess() {
    let mut stage = stage(6);
    let id = open(&mut stage, "can we come");
    stage.press("enter enter");
    assert_eq!(stage.app.overlays.len(), 1, "the list waits for a choice");
    assert!(stage.toast().contains("nothing was saved"), "{}", stage.toast());
    assert!(!kept(&stage, id).judged);
    stage.press("down enter");
    assert!(kept(&stage, id).judged, "what was chosen is stored");
}

#[test]
fn cause_letters_act_only_while_an_item_waits() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.press("x a i h o");
    assert_eq!(kept(&stage, id).cause, None);
    stage.press("w p");
    assert_eq!(kept(&stage, id).cause, Some(Cause::Policy));
    assert_eq!(stage.item(), Some(id), "the intent is still missing");
    stage.press("enter");
    assert_ne!(stage.item(), Some(id), "now it is done");
}

#[test]
fn digits_never_switch_tabs_in_review_but_g_digits_do() {
    let mut stage = stage(6);
    open(&mut stage, "send me");
    stage.press("3");
    assert_eq!(stage.app.tab, ScreenTab::Review);
    stage.press("g 5");
    assert_eq!(stage.app.tab, ScreenTab::FineTune);
    stage.press("2");
    assert_eq!(stage.app.tab, ScreenTab::Queue);
}

#[test]
fn keys_typed_while_saving_meet_the_next_item() {
    let mut stage = stage(9);
    let first = open(&mut stage, "it was meant");
    stage.hold = true;
    // Confirm, cause, then the same on whatever comes next: four keys before the store has answered once.
    stage.press("enter k - -");
    // What a newcomer has learned is noted beside it.
    let asked = stage.held.iter().filter(|r| !matches!(r, StoreRequest::Common(CommonRequest::Remember(..)))).count();
    assert_eq!(asked, 1, "one decision is on its way, nothing else was asked");
    stage.release();
    assert_eq!(kept(&stage, first).cause, Some(Cause::MissingKnowledge));
    let skipped = stage.store.queue_count(&crate::domain::Query::parse("status:skipped").unwrap(), NOW);
    assert_eq!(skipped.unwrap(), 2);
}

#[test]
fn a_failed_save_drops_the_keys_behind_it() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.hold = true;
    stage.press("enter k");
    stage.held.clear();
    let g = stage.app.review.wait.generation;
    let lost = StoreAnswer::Review(ReviewAnswer::Decided(Err("disk full".into()), g));
    stage.hold = false;
    stage.send(Msg::Answer(Box::new(lost)));
    assert_eq!(stage.toast(), "not saved: disk full");
    assert_eq!(stage.item(), Some(id));
    assert!(!kept(&stage, id).judged && kept(&stage, id).cause.is_none());
}

#[test]
fn editing_the_answer_keeps_the_item_and_proposes_wrong_answer() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.press("e").type_text(" Sorry!").press("ctrl-s");
    let item = kept(&stage, id);
    assert_eq!(item.responses, [(TurnKey(1), "Your order is on its way and arrives on Thursday. Sorry!".to_owned())]);
    assert_eq!(stage.item(), Some(id));
    stage.press("enter");
    assert_eq!(stage.item(), Some(id));
    assert!(stage.draw().contains("you corrected the answer"), "{}", stage.draw());
    // Whoever starts the program anew is told the same, by the log.
    stage.send_effect(Effect::Go(crate::tui::state::effect::GoTo::Tab(crate::tui::state::tab::ScreenTab::Queue)));
    stage.app.review = crate::tui::screens::review::state::ReviewScreen::default();
    stage.send_effect(Effect::Go(crate::tui::state::effect::GoTo::Item(id, None)));
    assert!(stage.draw().contains("you corrected the answer"), "{}", stage.draw());
    stage.press("enter");
    assert_eq!(kept(&stage, id).cause, None, "Enter takes no cause");
    stage.press("a");
    assert_eq!(kept(&stage, id).cause, Some(Cause::WrongAnswer));
}

#[test]
fn leaving_the_editor_asks_when_something_was_changed() {
    let mut stage = stage(3);
    let id = open(&mut stage, "it was meant");
    stage.press("e esc");
    assert!(stage.app.overlays.is_empty(), "nothing was changed");
    stage.press("e").type_text("x").press("esc");
    assert_eq!(stage.app.overlays.len(), 2);
    stage.press("c").type_text("y").press("esc s");
    assert!(stage.app.overlays.is_empty());
    assert!(kept(&stage, id).responses[0].1.ends_with("xy"));
}

#[test]
fn what_was_begun_is_offered_again_until_it_is_saved_or_thrown_away() {
    let mut stage = stage(3);
    let id = open(&mut stage, "it was meant");
    let draft = |stage: &Stage| stage.store.drafts("maria", id).unwrap();
    stage.press("e").type_text(" Sor");
    assert!(draft(&stage)[0].1.ends_with("Thursday. Sor"), "each key is kept: the terminal may close at any time");
    // Another terminal finds it.
    stage.restart();
    open(&mut stage, "it was meant");
    stage.press("e").type_text("ry").press("esc");
    assert_eq!(stage.app.overlays.len(), 2, "it is not saved, and that is said");
    stage.press("s");
    assert!(kept(&stage, id).responses[0].1.ends_with("Thursday. Sorry"));
    assert_eq!(draft(&stage), [], "what is saved is no draft");
    stage.press("e").type_text("!").press("esc d e esc");
    assert!(stage.app.overlays.is_empty(), "what was thrown away is not offered");
    assert_eq!(draft(&stage), []);
}

#[test]
fn a_new_intent_sets_its_cause() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.press("n").type_text("card_refund").press("enter");
    let item = kept(&stage, id);
    assert_eq!(item.label.unwrap().0, ["card_refund"]);
    assert_eq!(item.cause, Some(Cause::NewIntent));
    assert!(stage.app.shared.intents.iter().any(|i| i.name == "card_refund"));
}

#[test]
fn undo_takes_a_whole_act_back_and_shows_its_item() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.press("/").type_text("refund").press("enter");
    assert_ne!(stage.item(), Some(id));
    stage.press("u");
    assert_eq!(stage.item(), Some(id));
    assert!(kept(&stage, id).label.is_none() && kept(&stage, id).cause.is_none());
    assert!(stage.toast().starts_with("taken back: "), "{}", stage.toast());
    stage.press("ctrl-r");
    assert_eq!(kept(&stage, id).cause, Some(Cause::WrongIntent));
}

#[test]
fn later_skip_and_flag_go_on() {
    let mut stage = stage(9);
    let first = open(&mut stage, "it was meant");
    stage.press("tab");
    let second = stage.item().unwrap();
    stage.press("-");
    let third = stage.item().unwrap();
    stage.press("F").type_text("whose is it?").press("enter");
    assert_eq!(kept(&stage, first).status, Review::Later);
    assert_eq!(kept(&stage, second).status, Review::Skipped);
    assert_eq!(kept(&stage, third).status, Review::Flagged);
    stage.press("left");
    assert_eq!(stage.item(), Some(third));
}

#[test]
fn ten_failures_by_keyboard_alone_until_nothing_is_open() {
    let mut stage = stage(10);
    stage.press("r");
    for _ in 0..10 {
        let id = stage.item().unwrap();
        stage.press("/").type_text("refund").press("enter");
        if stage.item() == Some(id) {
            stage.press("k");
        }
        assert_eq!(kept(&stage, id).status, Review::Done);
    }
    assert_eq!(stage.item(), None);
    assert!(stage.draw().contains("Nothing is left open here"));
}

#[test]
fn it_resumes_where_one_stopped() {
    let mut stage = stage(6);
    let id = open(&mut stage, "can we come");
    stage.press("q");
    assert!(stage.quit);
    let kept = stage.store.recall("maria", "place").unwrap();
    let mut again = Stage::new(&failures(6), &INTENTS);
    again.store.remember("maria", NOW, "place", &kept.unwrap()).unwrap();
    let answer = StoreAnswer::Common(CommonAnswer::Recalled("place", again.store.recall("maria", "place").unwrap()));
    again.send(Msg::Answer(Box::new(answer)));
    assert_eq!(again.item(), Some(id));
    assert_eq!(again.app.tab, ScreenTab::Review);

    let before = again.store.last_decision().unwrap();
    again.press("1");
    assert_eq!(again.store.last_decision().unwrap(), before, "the first digit may have been meant for a tab");
    assert!(again.toast().contains("back where you stopped"), "{}", again.toast());
    again.press("1");
    assert!(!again.toast().contains("back where you stopped"), "the second time it is meant: {}", again.toast());
}

#[test]
fn a_conversation_that_went_well_needs_no_cause() {
    let mut c = failed(1, "where is it", Some("order_status"), 0.9);
    c.outcome = Some(Outcome::Resolved);
    c.turns.truncate(2);
    let mut stage = Stage::new(&[c], &INTENTS);
    stage.press("/");
    stage.app.queue.bar.field = Default::default();
    stage.type_text("is:mismatch").press("ctrl-u enter");
    stage.press("enter enter");
    assert!(stage.app.review.item().is_none(), "done after one key");
}

#[test]
fn a_blind_item_shows_whole_names_and_as_many_as_there_is_room_for() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    let ReviewStage::Item(item) = &mut app.review.stage else { panic!("no item") };
    (item.counts, item.judged) = (LabelUse::Audit, false);
    let offered = |i: i64| Suggestion {
        intent: IntentId(100 + i),
        name: format!("special_assistance_{i}"),
        confidence: None,
        now: false,
    };
    item.suggestions = (1..=9).map(offered).collect();
    let (text, _) = draw(&app, (80, 24));
    for i in 1..=7 {
        assert!(text.contains(&format!("{i} special_assistance_{i}")), "{text}");
    }
}

#[test]
fn the_list_of_intents_has_its_word_on_the_smallest_screen() {
    let app = fixtures::full(ScreenTab::Review, None, theme());
    let (text, _) = draw(&app, (80, 24));
    assert!(text.contains("/ all  n new"), "{text}");
}

#[test]
fn the_end_of_a_cycle_is_told_in_whole_sentences() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    app.review.stage = ReviewStage::Finished;
    app.review.scope = Some(ReviewScope::Cycle(CycleId(3)));
    app.review.progress = Some(ReviewProgress { done: 3, total: 5, hidden: 0 });
    let wrong = CountedLine { name: Cause::WrongIntent.label().to_owned(), n: 3, query: String::new() };
    let summary = CycleSummary { found: vec![wrong], blind: 1, alike: 2, skipped: 2, ..CycleSummary::default() };
    app.review.summary = Some(summary);
    let (text, _) = draw(&app, (80, 24));
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("3 of 5 in this cycle are reviewed; besides 2 skipped."), "{text}");
    assert!(flat.contains("1 item was drawn by chance and judged blind: the test of the AI"), "{text}");
    assert!(flat.contains("0 intents were not what the AI had understood, 0 answers"), "{text}");
    assert!(!flat.contains("until the cycle is closed"), "{text}");
    app.review.summary.iter_mut().for_each(|s| s.is_open = true);
    let (text, _) = draw(&app, (80, 24));
    assert!(text.contains("without the 1 judged blind, until the cycle is closed"), "{text}");
    assert!(flat.contains("2 conversations outside it had the same answer as one of these"), "{text}");
}

#[test]
fn the_end_of_a_cycle_says_which_intents_the_log_did_not_tell() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    app.review.stage = ReviewStage::Finished;
    app.review.scope = Some(ReviewScope::Cycle(CycleId(3)));
    app.review.summary = Some(CycleSummary { named: 18, ..CycleSummary::default() });
    let (text, _) = draw(&app, (80, 24));
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("18 intents were said where the log tells none, 0 answers written better"), "{text}");
    assert!(!flat.contains("understood"), "{text}");
}

#[test]
fn a_cause_that_is_chosen_says_what_it_means_on_the_smallest_screen() {
    let mut app = fixtures::full(ScreenTab::Review, None, theme());
    let ReviewStage::Item(item) = &mut app.review.stage else { panic!("no item") };
    (item.cause, item.judged) = (Some(Cause::Policy), true);
    let (text, _) = draw(&app, (80, 24));
    assert!(text.contains("✓ policy") && text.contains(&Cause::Policy.meaning()[..20]), "{text}");
}

#[test]
fn what_stands_already_is_not_written_again() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    let outcome = kept(&stage, id).conversation.outcome;
    let all = [Outcome::Resolved, Outcome::Escalated, Outcome::Failed, Outcome::Abandoned];
    let digit = all.iter().position(|o| Some(*o) == outcome).unwrap() + 1;
    stage.press(&format!("r {digit}"));
    assert_eq!(stage.toast(), "unchanged: that stands already");
    stage.press("s 0");
    assert_eq!(stage.toast(), "unchanged: that stands already");
    assert_eq!(kept(&stage, id).history, [], "nothing is written");
}

#[test]
fn how_an_answer_fares_is_no_rate_where_one_kind_of_end_alone_is_told() {
    let mut all: Vec<_> = (1..=4).map(|i| failed(i, "where is it", Some("order_status"), 0.9)).collect();
    all[0].outcome = Some(Outcome::Resolved);
    let drawn = |all: &[Conversation]| {
        let mut stage = Stage::new(all, &INTENTS);
        stage.size = (120, 36);
        counted(&mut stage);
        stage.press("r").draw()
    };
    let text = drawn(&all);
    assert!(text.contains("4 in 4 weeks") && text.contains("helped 25.0 %"), "{text}");
    for c in &mut all {
        (c.outcome, c.outcome_source) = (Some(Outcome::Escalated), Some(OutcomeSource::Derived));
    }
    let text = drawn(&all);
    assert!(text.contains("4 in 4 weeks") && !text.contains("helped 0.0 %"), "{text}");
    assert!(text.contains("a rate needs a log that tells"), "{text}");
}

#[test]
fn spam_leaves_the_rates_and_goes_on() {
    let mut stage = stage(6);
    let id = open(&mut stage, "it was meant");
    stage.press("r 5");
    assert!(!kept(&stage, id).traffic);
    assert_ne!(stage.item(), Some(id));
}

#[test]
fn read_only_says_so_and_changes_nothing() {
    let mut stage = stage(6);
    stage.app.shared.read_only = true;
    let id = open(&mut stage, "it was meant");
    stage.press("enter");
    assert_eq!(stage.toast(), "the store is opened read-only");
    assert!(!kept(&stage, id).judged);
}

/// A store in which one of the labelled failures is labelled wrong, fine-tuned once.
fn disputed_stage() -> (Stage, ConversationId) {
    let mut conversations = failures(3);
    conversations.push(failed(7, "please refund the money for order 77", Some("order_status"), 0.5));
    let mut stage = Stage::new(&conversations, &INTENTS);
    let rows: Vec<(String, String)> = (0..60)
        .map(|i| match i % 2 {
            0 => (format!("please refund the money for order {i}"), "refund_status".to_owned()),
            _ => (format!("where is the parcel with order {i}"), "order_status".to_owned()),
        })
        .collect();
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    let id = stage.store.resolve("web:7").unwrap();
    let order = stage.store.intent("order_status").unwrap();
    let changes =
        [DecisionChange::intents(id, TurnKey(0), &[order]), DecisionChange::cause(id, Some(Cause::MissingKnowledge))];
    stage.store.decide("eleni", NOW, &changes).unwrap();
    let options = crate::jobs::FinetuneOptions {
        from: crate::jobs::TrainingStart::Scratch,
        cycle: None,
        vectors: crate::jobs::encoders::Vectors::None,
        seed: 1,
        reviewer: "maria".into(),
        now: NOW,
    };
    crate::jobs::finetune(&mut stage.store, &options, &crate::domain::SilentReporter).unwrap();
    stage.press("5 f5");
    (stage, id)
}

#[test]
fn a_disputed_label_is_kept_by_one_key_and_undone_by_another() {
    let (mut stage, id) = disputed_stage();
    assert!(stage.draw().contains("1 label looks wrong: d shows them"), "{}", stage.draw());
    stage.press("d enter");
    assert_eq!(stage.item(), Some(id));
    let text = stage.draw();
    for words in
        ["This label looks wrong", "eleni said order_status", "says refund_status", "2 ✓ order_status", "keep it"]
    {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    stage.press("enter");
    assert_eq!(kept(&stage, id).disputes.len(), 1, "Enter settles nothing: elsewhere it says that the AI is right");
    assert_eq!(stage.toast(), "1 takes what the model says, 2 keeps the label");
    stage.press("2");
    let item = kept(&stage, id);
    assert_eq!(item.label.unwrap(), (vec!["order_status".to_owned()], "maria".to_owned()));
    assert!(item.disputes.is_empty(), "settled");
    assert_eq!(stage.store.figures().frame().unwrap().disputed, Some((0, 0)));
    assert!(stage.draw().contains("Nothing is left open here"), "{}", stage.draw());
    stage.press("u");
    assert_eq!(kept(&stage, id).disputes.len(), 1, "undone: it is disputed again");
    assert_eq!(stage.store.figures().frame().unwrap().disputed, Some((1, 0)));
}

#[test]
fn a_digit_relabels_a_disputed_turn_with_what_the_model_says() {
    let (mut stage, id) = disputed_stage();
    stage.press("d enter");
    let key = digit(&stage, "refund_status");
    assert_eq!(key, "1", "what the model says comes first");
    stage.press(&key);
    let item = kept(&stage, id);
    assert_eq!(item.label.unwrap().0, ["refund_status"]);
    assert!(item.disputes.is_empty());
    assert_eq!(item.cause, Some(Cause::WrongIntent), "as with any relabelling (rule 26)");
}

#[test]
fn times_are_the_stores_and_say_so() {
    let mut stage = stage(3);
    let id = open(&mut stage, "it was meant");
    let at = kept(&stage, id).at.unwrap();
    assert!(stage.draw().contains(&at.utc().format("%-d %b %H:%M UTC").to_string()), "{}", stage.draw());
    stage.store.set_zone("maria", NOW, "Asia/Kathmandu".parse().unwrap()).unwrap();
    stage.send(Msg::answer(CommonAnswer::Changed));
    let there = at.plus(345 * 60_000).utc().format("%-d %b %H:%M +0545").to_string();
    assert!(stage.draw().contains(&there), "{there}: {}", stage.draw());
}

#[test]
fn r_leaves_test_groups_out_unless_the_filter_names_them() {
    let mut stage = Stage::with_test_groups(&failures(40), &INTENTS);
    let theirs = |stage: &Stage| stage.app.queue.window.rows().iter().filter(|r| r.test_group).count();
    assert_eq!(theirs(&stage), 0, "by default they are not in sight");
    let effects = stage.app.queue.set_query("outcome:failed");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    assert!(theirs(&stage) > 0);
    stage.press("r");
    let walked = |stage: &Stage| match &stage.app.review.scope {
        Some(crate::store::ReviewScope::Query(query, _)) => query.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(walked(&stage), "outcome:failed test:hidden");
    assert!(stage.draw().contains("test groups are left out"), "{}", stage.draw());
    stage.press("esc");
    let effects = stage.app.queue.set_query("outcome:failed test:only");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    stage.app.review.stage = Default::default();
    stage.press("r");
    assert_eq!(walked(&stage), "outcome:failed test:only");
    assert!(stage.draw().contains("Test group"), "{}", stage.draw());
}

#[test]
fn a_review_of_test_groups_alone_says_that_they_are_left_out() {
    let mut stage = Stage::with_test_groups(&failures(40), &INTENTS);
    let effects = stage.app.queue.set_query("test:hidden -test:hidden");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    stage.press("1 r");
    let text = stage.draw();
    assert!(text.contains("Nothing outside the test groups matches this filter."), "{text}");
    assert!(text.contains("conversations of test groups match and are left out"), "{text}");
    stage.press("esc 3 i r");
    assert!(stage.toast().contains("counted here and not reviewed"), "{}", stage.toast());
}

#[test]
fn a_filter_that_hides_all_it_finds_says_how_to_see_it() {
    let mut stage = Stage::with_test_groups(&failures(40), &INTENTS);
    let effects = stage.app.queue.set_query("test:hidden -test:hidden");
    effects.into_iter().for_each(|e| stage.send_effect(e));
    let text = stage.draw();
    assert!(
        text.contains("conversations of test groups do") && text.contains("test:shown in place of test:hidden"),
        "{text}"
    );
}

#[test]
fn what_an_intent_means_is_written_and_stands_in_the_list() {
    let mut t = stage(6);
    open(&mut t, "it was meant");
    t.press("/").type_text("refund").press("enter left");
    t.press(":").type_text("intent of this turn means").press("enter");
    assert!(t.draw().contains("What belongs to refund_status"), "{}", t.draw());
    t.type_text("an animal on board; its price is fare").press("enter");
    assert!(t.toast().contains("says what it means"), "{}", t.toast());
    t.press("/ down");
    assert!(t.draw().contains("an animal on board; its price is"), "{}", t.draw());
    let text = t.press("esc u").draw();
    let named: Vec<&str> = text.lines().filter(|l| l.contains("an animal on board")).collect();
    assert!(named.len() == 1 && named[0].contains("taken back"), "{text}");
    let text = t.press("/").draw();
    assert!(!text.contains("an animal on board"), "{text}");
}
