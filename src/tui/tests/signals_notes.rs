//! What Signals marks, orders and leaves out.

use super::signals::{DAY, learnt, learnt_of, talks};
use super::support::harness::NOW;
use crate::domain::{OfferStatus, Timestamp};

#[test]
fn every_week_has_a_mark_of_its_own_also_the_one_that_has_only_begun() {
    let mut all = talks(600);
    // Five are left to the newest week: too few for a point of the line.
    for c in all.iter_mut().step_by(120) {
        c.ended_at = Some(Timestamp(NOW.0 - DAY));
    }
    let mut stage = learnt_of(&all);
    stage.size = (120, 36);
    let mut mark = |key: &str| {
        let text = stage.press(key).draw();
        text.lines().find_map(|line| line.chars().position(|c| c == '▴'))
    };
    let (newest, before) = (mark("s end"), mark("left"));
    assert!(newest.is_some() && before < newest, "{newest:?} {before:?}");
}

#[test]
fn what_has_too_few_answers_stands_below_by_name() {
    let mut all = talks(600);
    for (i, c) in all.iter_mut().take(8).enumerate() {
        c.offers[0].name = if i < 3 { "Zoo" } else { "Aquarium" }.to_owned();
        c.offers[0].status = OfferStatus::Accepted;
    }
    let stage = learnt_of(&all);
    let lines = &stage.app.signals.page.ready().unwrap().lines;
    let told: Vec<(&str, bool)> = lines.iter().map(|l| (l.name.as_str(), l.is_ranked())).collect();
    assert_eq!(told[2..], [("Aquarium", false), ("Zoo", false)], "{told:?}");
    assert!(told[..2].iter().all(|l| l.1), "{told:?}");
}

#[test]
fn what_has_no_room_is_left_out_by_whole_notes_and_when_it_looks_again_stays() {
    for intervals in [false, true] {
        let mut stage = learnt();
        stage.size = (80, 24);
        stage.press("6 o");
        if intervals {
            stage.press("i");
        }
        let text = stage.draw();
        assert!(text.contains("looks again"), "{text}");
    }
}

#[test]
fn why_a_key_did_nothing_goes_with_the_next_key() {
    let mut stage = learnt();
    stage.press("$");
    assert!(stage.toast().contains("does nothing here"), "{}", stage.toast());
    stage.press("4 right");
    assert!(stage.toast().starts_with("→ does nothing here"), "{}", stage.toast());
    stage.press("6");
    stage.press("down");
    assert!(!stage.toast().contains("does nothing here"), "{}", stage.toast());
}

#[test]
fn a_week_of_fewer_than_thirty_is_no_point_and_no_share() {
    let mut all = talks(600);
    for c in &mut all {
        c.ended_at = c.ended_at.map(|t| Timestamp(t.0 - 8 * DAY));
        c.started_at = c.ended_at;
        c.turns.iter_mut().for_each(|t| t.at = None);
    }
    // Twenty alone in the newest week, and let down.
    for c in all.iter_mut().skip(1).step_by(2).take(20) {
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
    }
    let mut stage = learnt_of(&all);
    let week = stage.app.signals.page.ready().unwrap().weeks.last().unwrap().clone();
    assert!((10..30).contains(&week.bad.den), "{week:?}");
    stage.size = (120, 36);
    let text = stage.press("s end").draw();
    assert!(text.contains("too few for a share") && !text.contains("100 ┤"), "{text}");
    stage.size = (80, 24);
    let text = stage.press("o").draw();
    assert!(text.contains(" of 100 let down or angry in the week of ") && !text.contains("100 of 100"), "{text}");
}

#[test]
fn a_week_in_which_the_log_begins_or_ends_is_told_as_a_part() {
    let mut all = talks(600);
    for c in &mut all {
        c.started_at = c.ended_at;
        c.turns.iter_mut().for_each(|t| t.at = None);
    }
    let stage = learnt_of(&all);
    let page = stage.app.signals.page.ready().unwrap();
    let (weeks, zone) = (&page.weeks, page.zone);
    // The log is of sixty days, one after another.
    let (begins, ends) = (zone.format(Timestamp(NOW.0 - 59 * DAY), "%u"), zone.format(NOW, "%u"));
    let parts: Vec<bool> = weeks.iter().map(|w| w.is_part).collect();
    assert_eq!((parts[0], parts[parts.len() - 1]), (begins != "1", ends != "7"), "{begins} {ends}");
    assert!(parts[1..parts.len() - 1].iter().all(|is| !is), "{parts:?}");
}
