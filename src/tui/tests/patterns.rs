//! Patterns by keys.

use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use crate::domain::PatternView;
use crate::jobs::find_patterns;
use crate::learn::vectors::table::Table;
use crate::tui::state::msg::JobMsg;

/// Nine failures, and their patterns found.
fn found() -> Stage {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("3");
    let table = Table::built_in();
    find_patterns(&stage.store, Some(&*table), NOW, 1, &crate::domain::Silent).unwrap();
    stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    stage
}

#[test]
fn every_line_of_every_list_opens_exactly_what_it_counts() {
    let mut stage = found();
    let mut opened = 0;
    for (view, key) in PatternView::ALL.into_iter().zip(["c", "i", "m", "w", "s", "h", "z"]) {
        stage.press("3").press(key);
        assert_eq!(stage.app.patterns.view, view);
        let lines = stage.app.patterns.page.ready().map_or(0, |p| p.lines.len());
        for at in 0..lines {
            stage.press("3").press(key).press("home");
            for _ in 0..at {
                stage.press("down");
            }
            let line = stage.app.patterns.line().unwrap().clone();
            stage.press("enter");
            assert_eq!((stage.app.tab, stage.app.queue.bar.field.text()), (Tab::Queue, line.query.as_str()));
            assert_eq!(stage.app.queue.count, Some(line.n), "{view:?}: {}", line.query);
            opened += 1;
        }
    }
    assert!(opened >= 5, "{opened}");
}

#[test]
fn what_failed_says_what_it_holds_and_is_reviewed_by_r() {
    let mut stage = found();
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.draw();
        assert!(text.contains("9 conversations failed or were handed over"), "{text}");
        assert!(text.contains("▶"), "{text}");
    }
    let line = stage.app.patterns.line().unwrap().clone();
    stage.press("r");
    assert_eq!(stage.app.tab, Tab::Review, "{line:?}");
    stage.press("esc");
    assert_eq!(stage.app.tab, Tab::Patterns, "leaving goes back");
}

#[test]
fn a_screen_to_come_says_so_and_an_empty_list_says_what_is_missing() {
    let mut stage = Stage::new(&failures(3), &[]);
    stage.press("6");
    assert!(stage.toast().contains("no screen 6 yet"), "{}", stage.toast());
    stage.press("3 w");
    let text = stage.draw();
    assert!(text.contains("No conversation of the last 28 days counts here"), "{text}");
    stage.press("z");
    assert!(stage.draw().contains("could not be counted") || stage.draw().contains("counts here"), "{}", stage.draw());
}
