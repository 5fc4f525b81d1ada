//! The mouse.

use super::support::harness::{Stage, failures};
use super::support::prelude::*;
use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

fn event(kind: MouseEventKind, column: u16, row: u16) -> Msg {
    Msg::Input(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

pub fn click(stage: &mut Stage, hit: impl Fn(ScreenHit) -> bool) {
    let (area, _) = *stage.app.shared.seen.hits.iter().rev().find(|(_, h)| hit(*h)).unwrap();
    stage.send(event(MouseEventKind::Down(MouseButton::Left), area.x + 1, area.y));
    stage.draw();
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let mut stage = Stage::new(&failures(9), &["a", "b"]);
    let third = stage.app.queue.window.rows()[2].n;
    click(&mut stage, |h| h == ScreenHit::Row(third));
    assert_eq!(stage.app.queue.window.selected().unwrap().n, third);
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    click(&mut stage, |h| h == ScreenHit::Row(third));
    assert_eq!(stage.item(), Some(third));
}

#[test]
fn the_wheel_moves_and_tabs_and_hints_are_buttons() {
    let mut stage = Stage::new(&failures(9), &["a", "b"]);
    stage.send(event(MouseEventKind::ScrollDown, 5, 8));
    assert_eq!(stage.app.queue.window.selected().unwrap().n, stage.app.queue.window.rows()[3].n);
    click(&mut stage, |h| h == ScreenHit::Act(crate::action::Action::NextSort));
    assert_eq!(stage.app.queue.sort, crate::domain::QueueOrder::NEWEST);
    click(&mut stage, |h| h == ScreenHit::Act(crate::action::Action::Tab(5)));
    assert_eq!(stage.app.tab, ScreenTab::FineTune);
}

#[test]
fn a_click_in_a_menu_takes_and_a_click_beside_it_closes() {
    let mut stage = Stage::new(&failures(9), &["a", "b"]);
    stage.press("enter w");
    click(&mut stage, |h| h == ScreenHit::Entry(1));
    assert!(stage.app.overlays.is_empty());
    assert!(stage.app.review.item().unwrap().cause.is_some());
    stage.press("w");
    stage.send(event(MouseEventKind::Down(MouseButton::Left), 0, 12));
    assert!(stage.app.overlays.is_empty());
}

#[test]
fn a_click_on_a_failing_intent_filters_the_queue() {
    let mut stage = Stage::new(&failures(9), &["a", "b"]);
    stage.press("1");
    let failing = &stage.app.home.page.ready().unwrap().repair.failing;
    let at = failing.iter().position(|f| f.intent.as_deref() == Some("order_status")).unwrap();
    click(&mut stage, |h| h == ScreenHit::Failing(at));
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    assert!(stage.app.queue.bar.field.text().contains("intent:order_status since:28d"));
}
