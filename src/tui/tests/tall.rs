//! What stands in the rows that lists leave, and what is cut where there are none.

use super::responses::{counted, talks};
use super::signals;
use super::support::harness::{NOW, Stage};
use crate::domain::DecisionChange;

/// A correction of what is no answer, on the list.
fn corrected(text: &str) -> Stage {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.app.queue.window.rows()[0].n;
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    stage.store.set_role("maria", NOW, "nikos", crate::store::TeamRole::Reviewer).unwrap();
    stage.store.decide("nikos", NOW, &[DecisionChange::response(item, turn, Some(text.to_owned()))]).unwrap();
    stage.press("4");
    counted(&mut stage);
    stage.press("c");
    stage
}

#[test]
fn below_a_correction_stands_what_followed_and_who_got_what_it_corrects() {
    let mut stage = corrected("Go to the desk and ask for it.");
    stage.size = (200, 60);
    stage.draw();
    let text = stage.press("home").draw();
    assert!(text.contains("what followed it in the last 28 days, of 30: "), "{text}");
    assert!(text.contains("Who got what it corrects") && text.contains("please help with intent_"), "{text}");
    assert!(!text.contains("shows all of the line"), "the line opens the conversation it was written for: {text}");
}

#[test]
fn a_correction_that_has_no_room_ends_in_a_sign() {
    let mut stage = corrected(&"desk ".repeat(200));
    stage.size = (80, 24);
    let text = stage.draw();
    let of = stage.app.responses.corrections.ready().unwrap().lines[0].row.n;
    assert!(text.lines().any(|l| l.contains('▶') && l.contains(&format!("#{} ", of.0))), "{text}");
    let at = text.lines().position(|l| l.trim_start().starts_with("then ")).unwrap();
    let then: Vec<&str> = text.lines().skip(at).take_while(|l| l.contains("desk")).collect();
    assert!(then.last().unwrap().trim_end().ends_with('…'), "{text}");
}

#[test]
fn until_something_is_learnt_weeks_are_those_of_ratings() {
    let mut stage = Stage::new(&signals::talks(240), &["order_status"]);
    stage.press("6 s");
    let page = stage.app.signals.page.ready().unwrap().clone();
    assert!(page.by_ratings && page.weeks.len() >= 2, "{:?}", page.weeks);
    for back in 0..page.weeks.len() {
        stage.press("6 s end");
        stage.press(&"up ".repeat(back));
        let week = stage.app.signals.week().unwrap().clone();
        stage.press("enter");
        assert_eq!(stage.app.queue.count, Some(week.bad.num), "{}", week.query);
    }
    let most = page.weeks.iter().rev().enumerate().max_by_key(|(_, week)| week.bad.num).unwrap().0;
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        stage.press("6 s end");
        stage.draw();
        stage.press(&"up ".repeat(most));
        let text = stage.press("s").draw();
        assert!(text.contains("Rated 1 or 2 of 5") && text.contains("No release that is live tells"), "{text}");
        if size.0 == 200 {
            assert!(text.contains("Who was let down, up to the week of"), "{text}");
        }
    }
}

#[test]
fn an_answer_that_the_panel_of_review_has_no_room_for_ends_in_a_sign() {
    let said: String = (0..40).map(|i| format!("step{i} ")).collect();
    let mut talk = talks().swap_remove(0);
    talk.turns[1].text = said;
    let mut stage = Stage::new(&[talk], &["intent_0"]);
    stage.press("2 enter");
    let mut seen = 0;
    for height in 18..40 {
        stage.size = (80, height);
        let text = stage.draw();
        let panel: Vec<&str> = text.lines().filter_map(|l| l.rsplit_once('│').map(|(_, right)| right)).collect();
        let below = panel.iter().skip_while(|l| !l.contains("correct the answer")).skip(1);
        let told: Vec<&&str> = below.take_while(|l| l.contains("step")).collect();
        let Some(last) = told.last() else { continue };
        seen += 1;
        assert!(last.trim_end().ends_with('…') || last.contains("step39"), "{text}");
    }
    assert!(seen > 3, "{seen}");
}
