//! Overview by keys.

use super::mouse::click;
use super::support::harness::{Stage, draw, failures};
use super::support::prelude::*;
use crate::domain::{Outcome, OutcomeSource, Timestamp};
use crate::store::AllTraffic;

#[test]
fn a_line_of_what_would_help_opens_exactly_what_it_counted() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("1");
    assert_eq!(stage.app.tab, ScreenTab::Overview);
    let text = stage.draw();
    assert!(text.contains("helped 0") && text.contains("order_status"), "{text}");
    let failing = &stage.app.home.page.ready().unwrap().repair.failing;
    let at = failing.iter().position(|f| f.intent.is_some()).unwrap();
    for _ in 0..at {
        stage.press("down");
    }
    stage.press("enter");
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed,escalated intent:order_status since:28d test:shown");
    assert_eq!(stage.app.queue.window.rows().len(), 3);
    stage.press("1 r");
    assert_eq!(stage.app.tab, ScreenTab::Review);
}

#[test]
fn esc_closes_the_table_before_there_is_nothing_to_leave() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("1 i");
    assert!(stage.app.home.table, "{}", stage.draw());
    stage.press("esc");
    assert!(!stage.app.home.table && !stage.toast().contains("nothing to leave"), "{}", stage.toast());
    stage.press("esc");
    assert_eq!(stage.toast(), "there is nothing to leave");
}

#[test]
fn a_number_of_all_traffic_opens_what_is_reviewed_of_it_and_says_so() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("1");
    let StoreRead::Ready(page) = &mut stage.app.home.page else { panic!("the figures are there") };
    let mut counted = (**page).clone();
    (counted.this.resolved, counted.this.failed) = (18_000, 200);
    counted.all_traffic =
        Some(AllTraffic { weeks: Vec::new(), cut: Vec::new(), stored: 400, reviewed: 240, of_the_sample: Vec::new() });
    **page = counted.clone();
    let text = stage.draw();
    assert!(text.contains("the 240 reviewed of 18,200"), "{text}");
    click(&mut stage, |hit| hit == ScreenHit::Ended(Outcome::Failed));
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed since:7d test:shown status:done");
    let text = stage.draw();
    assert!(text.contains("200 is counted over all traffic; these are of the 240 reviewed of 18,200"), "{text}");
    // A row of the table does the same.
    stage.press("1 i");
    stage.app.home.page = StoreRead::Ready(Box::new(counted.clone()));
    stage.draw();
    let failed = stage.app.home.measures().iter().position(|m| m.query.starts_with("outcome:failed")).unwrap();
    assert!(!stage.app.home.measures()[failed].of_stored);
    click(&mut stage, |hit| hit == ScreenHit::Measure(failed));
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed since:7d test:shown status:done");
    stage.press("1 i");
    // Where everything is stored, a number opens all that it counted.
    counted.all_traffic = None;
    stage.press("1");
    stage.app.home.page = StoreRead::Ready(Box::new(counted));
    stage.draw();
    click(&mut stage, |hit| hit == ScreenHit::Ended(Outcome::Failed));
    assert_eq!(stage.app.queue.bar.field.text(), "outcome:failed since:7d test:shown");
}

#[test]
fn of_a_few_conversations_no_rate_is_told() {
    let mut all = failures(10);
    // One of them in the week before.
    let before = |at: Option<Timestamp>| at.map(|at| at.plus(-8 * crate::domain::time::DAY));
    let old = &mut all[9];
    (old.started_at, old.ended_at) = (before(old.started_at), before(old.ended_at));
    old.turns.iter_mut().for_each(|t| t.at = before(t.at));
    all.iter_mut().take(4).for_each(|c| c.outcome = Some(Outcome::Resolved));
    let mut stage = Stage::new(&all, &["order_status"]);
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        let text = stage.press("1").draw();
        assert!(text.contains("4 of 9 helped: too few for a rate."), "{text}");
        assert!(text.contains("Too few conversations for a trend.") && !text.contains("of 100"), "{text}");
        assert!(text.contains("helped 4") && text.contains("failed 5"), "{text}");
        assert!(!text.contains("████"), "{text}");
        assert!(!text.contains(" %  "), "nor of what fails: {text}");
        let table = stage.press("i").draw();
        assert!(table.contains("4/9") && !table.contains("44.4 %"), "counts alone: {table}");
        stage.press("i");
    }
}

#[test]
fn where_only_thanks_can_be_told_no_rate_stands_anywhere() {
    let mut all = failures(45);
    for (i, c) in all.iter_mut().enumerate() {
        c.outcome = Some(if i < 40 { Outcome::Resolved } else { Outcome::Unknown });
        c.outcome_source = Some(OutcomeSource::Derived);
    }
    let mut stage = Stage::new(&all, &["order_status"]);
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("1").draw();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("40 of 45 ended in thanks or praise. Nothing in this log can tell of a failure"),
            "{text}"
        );
        assert!(flat.contains("What works all the same:") && flat.contains("Queue: search, read, label"), "{text}");
        assert!(!flat.contains("of 100") && !flat.contains("████") && !flat.contains("What would help most"), "{text}");
        let table = stage.press("i").draw();
        assert!(!table.contains("100.0 %") && !table.contains("(40/40)"), "{table}");
        let segments = stage.press("i t").draw();
        assert!(segments.contains("needs a log that tells of failures"), "{segments}");
        assert!(!segments.contains("100 %"), "{segments}");
        stage.press("esc");
    }
}

#[test]
fn the_overview_has_patterns_looked_for_once_and_says_so_meanwhile() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    assert_eq!(stage.looks, 0, "the queue needs none");
    stage.press("1 f5 3 1");
    assert_eq!(stage.looks, 1, "once, whoever asks");
    stage.send(Msg::Job(JobMsg::Finding(JobProgress { done: 4, total: 10, ..JobProgress::default() })));
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.draw();
        assert!(text.contains("looking for patterns 40 % …") && text.contains("order_status"), "{text}");
    }
    stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    assert!(
        !stage.draw().contains("looking for patterns") && stage.looks == 1,
        "nothing was found, and it is not asked again"
    );
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.app.shared.read_only = true;
    stage.press("1");
    assert_eq!(stage.looks, 0, "what may not be written");
}

#[test]
fn below_short_lists_of_a_tall_screen_stand_conversations_of_the_selected_line() {
    let said = "it was meant to be back on my card last week";
    let mut stage = Stage::with_test_groups(&failures(30), &["order_status"]);
    for keys in ["1", "3"] {
        stage.size = (200, 60);
        stage.press(keys).draw();
        let text = stage.press(keys).draw();
        assert!(text.contains("What its customers said") && text.contains("✗ failed"), "{text}");
        let rows = stage.app.shared.sample.rows.ready().unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|r| !r.test_group), "{rows:?}");
        assert!(rows.is_sorted_by(|a, b| a.at >= b.at), "the newest first");
    }
    // Another line has others, and those of before are gone at once.
    stage.press("1");
    let names: Vec<String> = stage.app.home.repair_lines().into_iter().map(|l| l.name).collect();
    let at = names.iter().position(|name| name == "order_status").unwrap();
    stage.press("home");
    (0..at).for_each(|_| drop(stage.press("down").draw()));
    assert!(stage.draw().contains(said), "{}", stage.draw());
    stage.hold = true;
    stage.press(if at == 0 { "down" } else { "up" });
    assert!(!stage.draw().contains("What its customers said"), "{}", stage.draw());
    stage.release();
    assert!(stage.draw().contains("What its customers said") && !stage.draw().contains(said), "{}", stage.draw());
}

#[test]
fn the_table_comes_and_goes() {
    let mut stage = Stage::new(&failures(40), &["order_status"]);
    stage.press("1 i");
    let text = stage.draw();
    assert!(text.contains("0.0 %  [0.0, 8.8]     (0/40)") && text.contains("they said so"), "{text}");
    stage.press("i");
    assert!(!stage.draw().contains("[0.0, 8.8]"));
}

#[test]
fn a_log_without_times_has_no_columns_of_other_times() {
    let mut timeless = failures(40);
    for c in &mut timeless {
        (c.started_at, c.ended_at) = (None, None);
        c.turns.iter_mut().for_each(|turn| turn.at = None);
    }
    let mut stage = Stage::new(&timeless, &["order_status"]);
    stage.size = (200, 60);
    let text = stage.press("1 i").draw();
    assert!(text.contains("all conversations") && text.contains("(0/40)"), "{text}");
    assert!(!text.contains("day one") && !text.contains("7 before"), "{text}");
}

#[test]
fn a_report_is_written_beside_the_keys_and_the_same_key_stops_it() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("1 o");
    assert_eq!(stage.reports, (1, 0));
    stage.send(Msg::Job(JobMsg::Reporting(JobProgress::default())));
    stage.press("o");
    assert_eq!(stage.reports, (1, 1), "the second press stops it");
    stage.send(Msg::Job(JobMsg::Reported(Err(JobEnd::Cancelled))));
    stage.press("o");
    assert_eq!(stage.reports, (2, 1));
    stage.send(Msg::Job(JobMsg::Reported(Ok("/home/ada/report.html".into()))));
    let text = stage.draw();
    assert!(text.contains("The report is in /home/ada/report.html"), "{text}");
}

#[test]
fn what_is_compared_with_day_one_says_so() {
    let app = super::support::fixtures::full(ScreenTab::Overview, None, super::support::harness::theme());
    let (wide, _) = draw(&app, (120, 36));
    assert!(wide.contains("Since day one: English 53 → 75  Greek 40 → 67"), "{wide}");
    let (narrow, _) = draw(&app, (80, 24));
    assert!(narrow.contains("Since day one: en 53→75  el 40→67"), "{narrow}");
}

#[test]
fn it_starts_where_one_was() {
    let mut stage = Stage::new(&failures(3), &["refund_status"]);
    stage.press("5 q");
    let kept = stage.store.recall("maria", "place").unwrap();
    let mut app = super::support::fixtures::app(super::support::harness::theme());
    assert_eq!(app.tab, ScreenTab::Overview, "a newcomer begins with the figures");
    let answer = StoreAnswer::Common(CommonAnswer::Recalled("place", kept));
    update(&mut app, Msg::Answer(Box::new(answer)));
    assert_eq!(app.tab, ScreenTab::FineTune);
    draw(&app, (80, 24));
}

#[test]
fn other_views_come_and_go_and_say_what_to_do_where_there_is_nothing() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    let text = stage.press("1 c").draw();
    assert!(text.contains("No review cycle yet.") && text.contains("c in the Queue opens one"), "{text}");
    stage.press("enter");
    assert_eq!(stage.app.tab, ScreenTab::Overview, "there is nothing to open");
    let text = stage.press("esc t").draw();
    assert!(text.contains("By language, channel and intent") && text.contains("order_status"), "{text}");
    let text = stage.press("t").draw();
    assert!(text.contains("What would help most"), "{text}");
    stage.press("left");
    assert_eq!(stage.app.home.trend.week, None, "one week is no trend");
}

#[test]
fn a_set_has_one_name_wherever_it_is_told() {
    use crate::store::PeriodBasis;
    for basis in [PeriodBasis::Week, PeriodBasis::OldWeek] {
        let mut stage = Stage::new(&failures(9), &["order_status"]);
        stage.press("1");
        let StoreRead::Ready(page) = &mut stage.app.home.page else { panic!("the figures are there") };
        page.basis = basis.clone();
        (page.this.resolved, page.this.failed) = (180, 20);
        page.last =
            Some(crate::store::Period { from: page.this.from - 7 * 86_400_000, to: page.this.from, ..page.this });
        for (size, before) in [((120, 36), "the 7 before"), ((102, 36), "7 before")] {
            stage.size = size;
            let bars = stage.draw();
            assert!(bars.contains(basis.words()) && !bars.contains("newest week"), "{bars}");
            stage.press("i");
            let table = stage.draw();
            let head = table.lines().find(|l| l.contains(basis.words())).unwrap_or_default().to_owned();
            assert!(head.contains(before), "{table}");
            stage.press("i");
        }
    }
}

#[test]
fn what_is_one_customers_alone_is_told_as_conversations() {
    let mut app = super::support::fixtures::full(ScreenTab::Overview, None, super::support::harness::theme());
    let mut page = super::support::fixtures::page(None);
    page.holds.one_customers = page.holds.conversations;
    app.home.page = StoreRead::Ready(Box::new(page));
    for size in [(80, 24), (120, 36)] {
        let text = draw(&app, size).0;
        assert!(text.contains("One customer has 14,589 of 14,589 conversations"), "{text}");
        assert!(text.contains("100 conversations") && !text.contains("100 customers"), "{text}");
    }
}

#[test]
fn no_table_is_offered_where_there_is_no_rate() {
    let mut all = failures(9);
    let mut stage = Stage::new(&all, &["order_status"]);
    assert!(stage.press("1").draw().lines().last().unwrap().contains("i table"));
    for c in &mut all {
        (c.outcome, c.outcome_source) = (Some(Outcome::Unknown), Some(OutcomeSource::Derived));
    }
    let mut stage = Stage::new(&all, &["order_status"]);
    stage.press("1");
    assert!(!stage.draw().contains("i table"), "{}", stage.draw());
    stage.press("i");
    assert_eq!(stage.toast(), "there is no rate to list");
}
