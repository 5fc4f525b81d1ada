//! Hints, the tour, copies, help: what a newcomer meets.

use super::support::harness::{NOW, Stage, failures, theme};
use super::support::prelude::*;
use super::support::{fixtures, tune_fixtures};
use crate::store::Overview;
use crate::tui::guide::tour;

fn stage() -> Stage {
    let mut stage = Stage::new(&failures(6), &["order_status", "refund_status"]);
    let rows =
        [("where is it".to_owned(), "order_status".to_owned()), ("money back".to_owned(), "refund_status".to_owned())];
    stage.store.add_examples("maria", NOW, "test", &rows).unwrap();
    stage.press("f5");
    stage
}

#[test]
fn hints_go_away_for_good() {
    let mut stage = stage();
    assert!(stage.draw().contains("⏎ opens the selected conversation"), "{}", stage.draw());
    stage.press("enter");
    assert!(stage.draw().contains("a digit says what the customer wanted"), "{}", stage.draw());
    stage.press("/ esc esc");
    assert!(!stage.draw().contains("⏎ opens the selected conversation"));
    assert!(stage.draw().contains("c opens a review cycle"), "{}", stage.draw());
    let kept = stage.store.recall("maria", "hints").unwrap().unwrap();
    assert!(kept.contains("open") && kept.contains("find"), "{kept}");
}

#[test]
fn while_a_query_is_written_no_hint_says_what_enter_does_elsewhere() {
    let mut stage = stage();
    stage.press("/");
    assert!(!stage.draw().contains("⏎ opens the selected conversation"), "{}", stage.draw());
    stage.press("esc");
    assert!(stage.draw().contains("⏎ opens the selected conversation"), "{}", stage.draw());
}

#[test]
fn the_tour_waits_for_each_step() {
    let mut stage = stage();
    stage.press("T");
    assert_eq!(stage.app.tab, ScreenTab::Overview);
    assert!(stage.draw().contains("Tour, 1 of 8"));
    stage.press("down");
    assert!(stage.draw().contains("Tour, 1 of 8"));
    stage.press("2");
    assert!(stage.draw().contains("Tour, 2 of 8"));
    stage.press("enter");
    assert!(stage.draw().contains("Tour, 3 of 8"));
    stage.press("/").type_text("refund").press("enter");
    if stage.app.review.waits_for_cause() {
        assert!(stage.draw().contains("Tour, 4 of 8"), "{}", stage.draw());
        stage.press("k");
    }
    assert!(stage.draw().contains("Tour, 5 of 8"), "{}", stage.draw());
    stage.press("u");
    assert!(stage.draw().contains("Tour, 6 of 8"), "{}", stage.draw());
    stage.press("g 5 s");
    assert!(stage.draw().contains("Tour, 7 of 8"), "{}", stage.draw());
    stage.hold = true;
    stage.send(Msg::Job(JobMsg::Tuned(Ok(tune_fixtures::compared()))));
    assert!(stage.draw().contains("Tour, 8 of 8"), "{}", stage.draw());
    stage.press("enter");
    assert!(stage.app.tour.is_none());
    assert_eq!(stage.app.tab, ScreenTab::FineTune);
}

#[test]
fn the_tour_of_a_demo_goes_through_what_one_can_read_and_what_the_ai_had_understood() {
    for (reads, lang) in [(None, "en"), (Some("el"), "el"), (Some("de"), "en")] {
        let mut app = fixtures::full(ScreenTab::Overview, None, theme());
        app.shared.reads = reads.map(str::to_owned);
        let before = app.queue.bar.field.text().to_owned();
        app.shared.overview = StoreRead::Ready(Overview { demo: false, ..fixtures::overview() });
        tour::begin(&mut app);
        assert_eq!(app.queue.bar.field.text(), before, "a log of one's own stays as it is shown");
        app.shared.overview = StoreRead::Ready(Overview { demo: true, ..fixtures::overview() });
        tour::begin(&mut app);
        assert_eq!(app.queue.bar.field.text(), format!("{DEFAULT} lang:{lang} -logged:fallback"));
        assert!(app.queue.bar.error.is_none());
    }
}

#[test]
fn the_tour_can_be_left_anywhere() {
    for keys in ["T esc", "T 2 esc", "T 2 enter esc", "T 5 esc"] {
        let mut stage = stage();
        stage.press(keys);
        assert!(stage.app.tour.is_none(), "{keys}");
    }
}

#[test]
fn ids_and_words_are_copied_without_their_escapes() {
    let mut conversations = failures(1);
    conversations[0].turns[0].text = "where\u{1b}[2J is it".into();
    let mut stage = Stage::new(&conversations, &[]);
    stage.press("y Y");
    assert_eq!(stage.copied, ["web:1", "where␛ is it"]);
    stage.press("enter y Y");
    assert_eq!(stage.copied[2..], ["web:1", "where␛ is it"]);
}

#[test]
fn help_has_a_page_of_words() {
    let mut stage = stage();
    stage.press("?");
    assert!(stage.draw().contains("What do you want to do?"));
    stage.press("tab");
    assert!(stage.draw().contains("the AI solved it"), "{}", stage.draw());
    stage.press("tab");
    assert!(stage.draw().contains("What do you want to do?"));
    stage.press("esc");
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn whoever_looks_elsewhere_is_told_when_a_run_ends() {
    let mut stage = stage();
    stage.press("5 s");
    stage.send(Msg::Input(crossterm::event::Event::FocusLost));
    stage.hold = true;
    stage.send(Msg::Job(JobMsg::Tuned(Ok(tune_fixtures::compared()))));
    assert_eq!(stage.notified, ["v12 is trained: better"]);
}
