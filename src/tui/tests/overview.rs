//! Overview by keys.

use super::harness::{Stage, draw, failures};
use crate::tui::state::app::Screen;

#[test]
fn a_failing_intent_opens_its_failures_of_the_same_days() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("1");
    assert_eq!(stage.app.screen, Screen::Overview);
    let text = stage.draw();
    assert!(text.contains("0.0 %  (0/9)") && text.contains("order_status"), "{text}");
    let at = stage.app.home.page.ready().unwrap().failing.iter().position(|f| f.intent.is_some()).unwrap();
    for _ in 0..at {
        stage.press("down");
    }
    stage.press("enter");
    assert_eq!(stage.app.screen, Screen::Queue);
    assert_eq!(
        stage.app.queue.bar.field.text(),
        "outcome:failed,escalated intent:order_status since:2026-11-08 before:2026-11-15 test:shown"
    );
    assert_eq!(stage.app.queue.window.rows().len(), 3);
    stage.press("1 r");
    assert_eq!(stage.app.screen, Screen::Review);
}

#[test]
fn intervals_come_and_go() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("1 i");
    assert!(stage.draw().contains("0.0 %  [0.0, 29.9]"), "{}", stage.draw());
    stage.press("i");
    assert!(!stage.draw().contains("29.9"));
}

#[test]
fn it_starts_where_one_was() {
    let mut stage = Stage::new(&failures(3), &[]);
    stage.press("4 q");
    let kept = stage.store.recall("maria", "place").unwrap();
    let mut app = super::fixtures::app(super::harness::theme());
    assert_eq!(app.screen, Screen::Overview, "a newcomer begins with the figures");
    let answer = crate::tui::state::request::Answer::Recalled("place", kept);
    crate::tui::update::update(&mut app, crate::tui::state::msg::Msg::Answer(Box::new(answer)));
    assert_eq!(app.screen, Screen::FineTune);
    draw(&app, (80, 24));
}
