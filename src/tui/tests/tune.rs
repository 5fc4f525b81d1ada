//! Fine-tune by keys.

use super::fixtures;
use super::harness::{NOW, Stage, failures};
use crate::domain::{CurvePoint, DecisionId, GoldVersion, LearningCurve};
use crate::domain::{Gate, Verdict};
use crate::tui::app::Screen;
use crate::tui::msg::{JobEnd, JobMsg, Msg, Progress};

fn stage() -> Stage {
    Stage::new(&failures(9), &["order_status", "refund_status"])
}

#[test]
fn with_nothing_to_learn_from_it_says_what_to_do() {
    let mut stage = stage();
    stage.press("4");
    assert!(stage.draw().contains("Nothing to learn from yet"));
    stage.press("s");
    assert_eq!(stage.toast(), "there is nothing to learn from yet");
    assert!(stage.tunes.is_empty());
}

#[test]
fn a_run_shows_progress_can_be_cancelled_and_ends_in_a_comparison() {
    let mut stage = stage();
    let rows =
        [("where is it".to_owned(), "order_status".to_owned()), ("money back".to_owned(), "refund_status".to_owned())];
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    stage.press("4");
    assert!(stage.draw().contains("Ready to fine-tune"));
    stage.press("s");
    assert_eq!(stage.tunes.len(), 1);
    let progress = Progress {
        stage: crate::domain::progress::TRAINING.into(),
        done: 40,
        total: 100,
        stage_ms: 2_000,
        total_ms: 3_000,
        left: Some(3),
        loss: Some(0.618),
    };
    stage.send(Msg::Job(JobMsg::Tuning(progress)));
    let text = stage.draw();
    for words in ["Fine-tuning: learning from the labels", "40 %", "loss 0.62", "about 3 s left", "c cancels"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    stage.press("2");
    assert!(stage.draw().contains("● fine-tuning 40 %"), "the rest goes on working");
    stage.press("q");
    assert!(!stage.quit, "it asks first");
    stage.press("2 4 c");
    assert!(stage.draw().contains("Stopping"));
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Cancelled))));
    assert_eq!(stage.toast(), "the run was cancelled; nothing was changed");
    stage.press("s");
    stage.hold = true;
    stage.send(Msg::Job(JobMsg::Tuned(Ok(Box::new(fixtures::comparison())))));
    assert!(stage.draw().contains("✓ BETTER"));
}

#[test]
fn promoting_asks_for_a_reason_and_an_override_says_what_it_overrides() {
    let mut stage = stage();
    stage.press("4");
    stage.hold = true;
    stage.app.tune = fixtures::tuned();
    stage.press("p");
    assert_eq!(stage.app.overlays.len(), 1);
    stage.press("esc");
    let mut refused = fixtures::comparison();
    refused.verdict = Verdict::Worse;
    refused.gate = Gate::Refuse;
    refused.gate_reasons = vec!["a pinned turn broke".into()];
    stage.app.tune.comparison = crate::tui::app::Load::Ready(Some(Box::new(refused)));
    stage.press("p");
    assert!(stage.draw().contains("a pinned turn broke"));
    stage.press("enter");
    assert!(stage.draw().contains("a few words"), "a reason is needed");
    stage.type_text("the pin was wrong").press("enter");
    let asked = stage.held.iter().find_map(|r| match r {
        crate::tui::ask::Request::Promote { reason, over, .. } => Some((reason.clone(), *over)),
        _ => None,
    });
    assert_eq!(asked, Some(("the pin was wrong".to_owned(), true)));
}

#[test]
fn a_flip_opens_its_conversation_at_its_turn() {
    let mut stage = stage();
    stage.press("4");
    stage.app.tune = fixtures::tuned();
    let flip = stage.app.tune.selected_flip().unwrap().clone();
    stage.press("enter");
    assert_eq!(stage.app.screen, Screen::Review);
    assert_eq!(stage.item(), Some(flip.conversation));
    assert_eq!(stage.app.review.turn, Some(flip.turn));
}

#[test]
fn the_learning_curve_is_drawn_on_demand_and_can_be_cancelled() {
    let mut stage = stage();
    stage.press("4 l");
    assert_eq!((stage.curves, stage.toast()), (0, "there is nothing to learn from yet"));
    let rows =
        [("where is it".to_owned(), "order_status".to_owned()), ("money back".to_owned(), "refund_status".to_owned())];
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    stage.press("4");
    stage.app.tune.comparison = fixtures::tuned().comparison;
    stage.press("l");
    assert_eq!(stage.curves, 1);
    assert!(stage.draw().contains("Learning curve: starting"));
    stage.press("c");
    assert!(stage.draw().contains("Stopping"));
    stage.send(Msg::Job(JobMsg::Drawn(Err(JobEnd::Cancelled))));
    assert_eq!(stage.toast(), "the learning curve was not drawn");
    assert!(stage.draw().contains("BETTER"), "the result is back");

    stage.press("l");
    stage.send(Msg::Job(JobMsg::Drawn(Err(JobEnd::Failed("there are no labels".into())))));
    assert!(stage.draw().contains("There is no learning curve.") && stage.draw().contains("there are no labels"));
    stage.press("l l");
    stage.send(Msg::Job(JobMsg::Drawn(Ok(Box::new(fixtures::curve())))));
    let text = stage.draw();
    for words in
        ["Learning curve: intent accuracy by number of labels", "1,240 labels: 88.4 %", "same 2,000 sealed turns"]
    {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    let one = CurvePoint { labels: 7, accuracy: 0.5, lo: 0.4, hi: 0.6, n: 100 };
    let one = LearningCurve {
        decision: DecisionId(1),
        gold_version: GoldVersion(1),
        seed: 1,
        vectors: "static".to_owned(),
        points: vec![one],
    };
    stage.app.tune.curve.drawn = Some(Box::new(one));
    assert!(stage.draw().contains("7 labels: 50.0 %  (50/100)"));
    stage.press("2 4");
    assert_eq!(stage.curves, 4, "coming back draws it anew");
}

#[test]
fn labels_that_look_wrong_are_one_key_away() {
    let mut stage = stage();
    stage.press("4 d");
    assert_eq!(stage.toast(), "the next run tells which labels look wrong");
    stage.press("2 / ctrl-u").type_text("is:disputed");
    assert!(stage.draw().contains("is:disputed has no data yet"), "{}", stage.draw());
    stage.press("esc 4");
    let mut overview = stage.app.overview();
    overview.disputed = Some((0, 0));
    stage.app.shared.overview = crate::tui::app::Load::Ready(overview);
    stage.press("d");
    assert_eq!(stage.toast(), "no label looks wrong to the newest run's model");
}
