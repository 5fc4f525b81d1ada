//! Fine-tune by keys.

use super::support::comparison_fixtures;
use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use super::support::tune_fixtures;
use crate::domain::CurvePoint;
use crate::domain::{Gate, TurnKey, Verdict};

fn stage() -> Stage {
    Stage::new(&failures(9), &["order_status", "refund_status"])
}

#[test]
fn with_nothing_to_learn_from_it_says_what_to_do() {
    let mut stage = stage();
    stage.press("5");
    assert!(stage.draw().contains("Nothing to learn from yet"));
    stage.press("s");
    assert_eq!(stage.toast(), "there is nothing to learn from yet");
    assert!(stage.tunes.is_empty());
}

#[test]
fn a_sealed_half_of_which_a_part_is_measured_is_named_whole() {
    let mut stage = stage();
    let rows =
        [("where is it".to_owned(), "order_status".to_owned()), ("money back".to_owned(), "refund_status".to_owned())];
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    stage.press("5");
    let StoreRead::Ready(counts) = &mut stage.app.shared.overview else { panic!("counted") };
    counts.gold = (11_000, 11_773);
    let flat = stage.draw().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("measured on 2,000 of the 11,773 sealed turns"), "{flat}");
}

#[test]
fn a_run_shows_progress_can_be_cancelled_and_ends_in_a_comparison() {
    let mut stage = stage();
    let rows =
        [("where is it".to_owned(), "order_status".to_owned()), ("money back".to_owned(), "refund_status".to_owned())];
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    stage.press("5");
    let text = stage.draw();
    assert!(text.contains("Ready to fine-tune") && text.contains("No model is live yet"), "{text}");
    assert!(text.contains("nothing is live until you") && !text.contains("that is live stays"), "{text}");
    stage.press("s");
    assert_eq!(stage.tunes.len(), 1);
    let progress = JobProgress {
        stage: crate::base::progress::TRAINING.into(),
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
    stage.press("2 5 c");
    assert!(stage.draw().contains("Stopping"));
    stage.send(Msg::Job(JobMsg::Tuned(Err(JobEnd::Cancelled))));
    assert_eq!(stage.toast(), "the run was cancelled; nothing was changed");
    stage.press("s");
    stage.hold = true;
    stage.send(Msg::Job(JobMsg::Tuned(Ok(tune_fixtures::compared()))));
    assert!(stage.draw().contains("✓ BETTER"));
}

#[test]
fn promoting_asks_for_a_reason_and_an_override_says_what_it_overrides() {
    let mut stage = stage();
    stage.press("5");
    stage.hold = true;
    stage.app.tune = comparison_fixtures::tuned();
    stage.press("p");
    assert_eq!(stage.toast(), "another release is live now: compare it with that first, in the registry");
    let mut overview = stage.app.shared.counts();
    overview.live = Some(crate::domain::ReleaseId(11));
    stage.app.shared.overview = StoreRead::Ready(overview);
    stage.press("p");
    assert_eq!(stage.app.overlays.len(), 1);
    stage.press("esc");
    let mut refused = comparison_fixtures::comparison();
    refused.verdict = Verdict::Worse;
    refused.gate = Gate::Refuse;
    refused.gate_reasons = vec!["a pinned turn broke".into()];
    stage.app.tune.comparison = StoreRead::Ready(Some(Box::new(refused)));
    stage.press("p");
    assert!(stage.draw().contains("a pinned turn broke"));
    stage.press("enter");
    assert!(stage.draw().contains("a few words"), "a reason is needed");
    stage.type_text("the pin was wrong").press("enter");
    let asked = stage.held.iter().find_map(|r| match r {
        StoreRequest::Tune(TuneRequest::Promote { reason, over, .. }) => Some((reason.clone(), *over)),
        _ => None,
    });
    assert_eq!(asked, Some(("the pin was wrong".to_owned(), true)));
}

#[test]
fn a_flip_opens_its_conversation_at_its_turn() {
    let mut stage = stage();
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    stage.press("t down");
    let flip = stage.app.tune.selected_flip().unwrap().clone();
    assert_eq!(flip.text, "can we come a day later instead");
    stage.press("enter");
    assert_eq!(stage.app.tab, ScreenTab::Review);
    assert_eq!(stage.item(), Some(flip.conversation));
    assert_eq!(stage.app.review.turn, Some(flip.turn));
    assert!(stage.draw().contains("‹ fine-tune · #1"));
    stage.press("esc");
    assert_eq!(stage.app.tab, ScreenTab::FineTune);
    assert_eq!(stage.app.tune.selected_flip(), Some(&flip), "back at the same turn");
    stage.press("2 7 esc");
    assert_eq!(stage.app.tab, ScreenTab::Queue, "what was opened otherwise leads to the queue");
}

#[test]
fn panes_are_stepped_through_and_one_key_away() {
    let mut stage = stage();
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    let mut seen = vec![];
    for _ in Pane::ALL {
        seen.push(stage.app.tune.panes.pane);
        stage.press("tab");
    }
    assert_eq!((seen.as_slice(), stage.app.tune.panes.pane), (Pane::ALL.as_slice(), Pane::Intents));
    for (key, says) in
        [("m", "were mistaken before"), ("h", "Calibration error"), ("o", "of turns itself"), ("t", "still wrong 14")]
    {
        assert!(stage.press(key).draw().contains(says), "{key}: {}", stage.draw());
    }
    stage.press("h enter");
    assert_eq!(stage.toast(), "there is nothing to open here");
    stage.press("v");
    assert_eq!(stage.toast(), "there is no other view of this");
}

#[test]
fn a_curve_has_the_rows_to_be_read_in() {
    let mut stage = stage();
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    stage.size = (120, 36);
    let text = stage.press("o").draw();
    let rows = text.lines().filter(|l| l.trim_start().starts_with('│') || l.contains('┤')).count();
    assert!(rows >= 8, "{rows} rows:\n{text}");
    assert!(text.contains("v11 → v12"), "what it is about stays in one line:\n{text}");
}

#[test]
fn flips_are_filtered_by_kind_and_by_intent() {
    use crate::domain::FlipKind;
    let mut stage = stage();
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    let listed = |stage: &Stage| {
        let c = stage.app.tune.shown().unwrap();
        stage.app.tune.panes.flips(c).iter().map(|f| f.kind).collect::<Vec<_>>()
    };
    stage.press("t");
    assert_eq!(listed(&stage).len(), 17);
    stage.press("v");
    assert_eq!(listed(&stage), [FlipKind::Fixed; 2]);
    stage.press("v");
    assert_eq!(listed(&stage), [FlipKind::Broken]);
    stage.press("v v");
    assert_eq!(listed(&stage), []);
    assert!(stage.draw().contains("No turn is changed, both wrong."));
    stage.press("v end");
    assert_eq!((listed(&stage).len(), stage.app.tune.panes.row()), (17, 16));
    // Enter on an intent lists its turns; the key of the pane lists all of them again.
    stage.press("i home down enter");
    assert_eq!(stage.app.tune.selected_flip().map(|f| f.gold.as_str()), Some("change_booking"));
    assert!(listed(&stage).len() == 1 && stage.draw().contains("open half, change_booking"));
    stage.press("t");
    assert_eq!(listed(&stage).len(), 17);
    // The confusion leads there, too; the other side orders it anew.
    stage.press("m");
    let first = |stage: &Stage| stage.app.tune.panes.mistaken(stage.app.tune.shown().unwrap()).remove(1);
    assert_eq!((first(&stage).gold, first(&stage).after), ("invoice_copy".into(), 3));
    stage.press("v");
    assert_eq!((first(&stage).gold, first(&stage).before), ("refund_status".into(), 9));
    stage.press("down enter");
    assert_eq!(listed(&stage), [FlipKind::Fixed], "refund_status");
    assert!(stage.draw().contains("open half, refund_status taken for order_status"), "{}", stage.draw());
    // Those alone that were taken for it, as the row counts them.
    stage.app.tune.panes.flips_of("refund_status".into(), Some(Some("invoice_copy".into())));
    assert_eq!(listed(&stage), []);
}

#[test]
fn older_comparisons_say_what_they_lack() {
    let mut stage = stage();
    stage.press("5");
    let mut old = comparison_fixtures::comparison();
    (old.calibration, old.coverage, old.open.confusion) = Default::default();
    stage.app.tune = comparison_fixtures::tuned();
    stage.app.tune.comparison = StoreRead::Ready(Some(Box::new(old)));
    for (key, says) in [
        ("m", "made before confusion was kept"),
        ("h", "made before calibration was kept"),
        ("o", "No out-of-fold confidences"),
    ] {
        assert!(stage.press(key).draw().contains(says), "{key}: {}", stage.draw());
    }
}

#[test]
fn the_learning_curve_is_drawn_on_demand_and_can_be_cancelled() {
    let mut stage = stage();
    stage.press("5 l");
    assert_eq!((stage.curves, stage.toast()), (0, "there is nothing to learn from yet"));
    let rows =
        [("where is it".to_owned(), "order_status".to_owned()), ("money back".to_owned(), "refund_status".to_owned())];
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    stage.press("5");
    stage.app.tune.comparison = comparison_fixtures::tuned().comparison;
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
    stage.send(Msg::Job(JobMsg::Drawn(Ok(Box::new(tune_fixtures::economics())))));
    let text = stage.draw();
    for words in ["Learning curve: intent accuracy by number of labels", "1,240 labels: 88.4 %", "0 labels: 71.2 %"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    let one = CurvePoint { labels: 7, accuracy: 0.5, lo: 0.4, hi: 0.6, n: 100 };
    let one = crate::jobs::Economics { curve: vec![one], ..tune_fixtures::economics() };
    stage.app.tune.views.curve.drawn = Some(Box::new(one));
    assert!(stage.draw().contains("7 labels: 50.0 %  (50/100)"));
    stage.press("2 5");
    assert_eq!(stage.curves, 4, "coming back draws it anew");
}

#[test]
fn labels_that_look_wrong_are_one_key_away() {
    let mut stage = stage();
    stage.press("5 d");
    assert_eq!(stage.toast(), "the next run tells which labels look wrong");
    stage.press("2 / ctrl-u").type_text("is:disputed");
    assert!(stage.draw().contains("is:disputed has no data yet"), "{}", stage.draw());
    stage.press("esc 5");
    let mut overview = stage.app.shared.counts();
    overview.disputed = Some((0, 0));
    stage.app.shared.overview = StoreRead::Ready(overview);
    stage.press("d");
    assert_eq!(stage.toast(), "no label looks wrong to the newest run's model");
    let mut overview = stage.app.shared.counts();
    overview.disputed = Some((2, 1));
    stage.app.shared.overview = StoreRead::Ready(overview);
    stage.press("d 2");
    assert_eq!(stage.toast(), "no base example looks wrong any more", "the store has none");
}

#[test]
fn base_examples_that_look_wrong_are_settled_in_a_list() {
    use crate::tui::state::request::StoreAnswer;
    use crate::tui::state::request::tune::TuneAnswer;
    let mut stage = stage();
    stage.press("5");
    let row = crate::store::DisputeRow {
        dispute: crate::domain::DecisionId(7),
        id: None,
        n: None,
        turn: None,
        text: "cabin price\u{1b}[2J".to_owned(),
        given: "fare_info".to_owned(),
        given_confidence: 0.02,
        says: "cabin_price".to_owned(),
        confidence: 0.91,
        by: "import:base.csv".to_owned(),
        at: NOW,
    };
    stage.send(Msg::Answer(Box::new(StoreAnswer::Tune(TuneAnswer::DisputedExamples(Ok(vec![row]))))));
    let drawn = stage.draw();
    assert!(drawn.contains("cabin price") && drawn.contains("fare_info → cabin_price 0.91"), "{drawn}");
    stage.press("enter");
    assert!(stage.draw().contains("Which label is right?"), "{}", stage.draw());
    stage.press("1");
    assert!(stage.toast().starts_with("not saved"), "this store disputes nothing: {}", stage.toast());
}

#[test]
fn answers_are_judged_blind_and_every_judgement_is_kept() {
    use crate::domain::ReleaseId;
    let mut stage = stage();
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    stage.press("b");
    assert_eq!(stage.toast(), "answers are judged from the responses");
    let text = stage.press("r").draw();
    assert!(text.contains("Another answer on 0.7 %  (4/590)") && text.contains("b begins with 3 pairs"), "{text}");
    stage.press("b");
    let text = stage.draw();
    assert!(text.contains("Which answer is better?   0 of 3 judged"), "{text}");
    assert!(text.contains("Refunds reach your card") && text.contains("it was meant to be back on my card"), "{text}");
    let float = text.split("Which answer").nth(1).unwrap();
    for name in ["v11", "v12", "before", "after", "→", "×", "refund_status"] {
        assert!(!float.contains(name), "{name} gives away whose answer it is:\n{text}");
    }
    // Whichever stands first, `a` is kept as what it really was.
    let first = text.find("Refunds reach").unwrap() < text.find("Your order is on its way").unwrap();
    stage.press("a");
    let said = |stage: &Stage| stage.store.judgements("maria", Some(ReleaseId(11)), ReleaseId(12)).unwrap();
    assert_eq!((said(&stage).tally.after, said(&stage).tally.before), (u64::from(first), u64::from(!first)));
    assert!(stage.draw().contains("1 of 3 judged"));
    stage.press("=");
    assert_eq!(said(&stage).tally.ties, 1);
    stage.press("u");
    assert_eq!((said(&stage).tally.ties, said(&stage).mine.len()), (0, 1));
    assert!(stage.draw().contains("1 of 3 judged"), "the pair is back");
    stage.press("x s");
    assert!(stage.draw().contains("Every pair is judged or skipped."), "{}", stage.draw());
    stage.press("esc");
    assert!(
        stage.draw().contains("of 1 (1 tie)") && stage.draw().contains("b judges 1 more pair."),
        "{}",
        stage.draw()
    );
    // A restart offers what is left alone.
    stage.restart();
    stage.press("5");
    stage.app.tune = comparison_fixtures::tuned();
    stage.press("r b");
    assert!(stage.draw().contains("2 of 3 judged"));
    stage.press("esc v");
    let text = stage.draw();
    assert!(text.contains("1/7 before, 5/7 after") && text.contains("is there a fee for changing"), "{text}");
    stage.press("v enter");
    assert_eq!((stage.app.tab, stage.item()), (ScreenTab::Review, Some(crate::domain::ConversationId(1))));
}

#[test]
fn the_order_of_answers_depends_on_pair_and_person() {
    use crate::domain::{ConversationId, Pair, ReleaseId};
    let pair = |c| Pair { conversation: ConversationId(c), turn: TurnKey(0), before: None, after: ReleaseId(2) };
    let firsts = (0..1_000).filter(|&c| after_first(pair(c), "maria")).count();
    let agree = (0..1_000).filter(|&c| after_first(pair(c), "maria") == after_first(pair(c), "eleni")).count();
    assert!((430..570).contains(&firsts) && (430..570).contains(&agree), "{firsts} {agree}");
}
