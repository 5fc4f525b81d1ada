//! Patterns by keys.

use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use crate::domain::PatternView;
use crate::jobs::find_patterns;
use crate::learn::vectors::table::VectorTable;
use crate::tui::state::msg::JobMsg;

/// Nine failures, and their patterns found.
fn found() -> Stage {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("3");
    let table = VectorTable::built_in();
    find_patterns(&stage.store, Some(&*table), NOW, 1, &crate::domain::SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    stage
}

#[test]
fn every_line_of_every_list_opens_exactly_what_it_counts() {
    let mut stage = found();
    let mut opened = 0;
    for (view, key) in PatternView::ALL.into_iter().zip(["c", "i", "m", "w", "s", "h", "z", "o", "d"]) {
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
            assert_eq!((stage.app.tab, stage.app.queue.bar.field.text()), (ScreenTab::Queue, line.query.as_str()));
            assert_eq!(stage.app.queue.count, Some(line.n), "{view:?}: {}", line.query);
            opened += 1;
        }
    }
    assert!(opened >= 5, "{opened}");
}

#[test]
fn esc_leads_back_from_the_conversations_of_a_line_to_that_line() {
    let mut stage = found();
    stage.size = (200, 60);
    let last = stage.press("i end").app.patterns.line().unwrap().clone();
    let text = stage.press("enter").draw();
    assert!(text.contains("esc patterns"), "{text}");
    // An item of it and back, and then back to the line.
    stage.press("enter esc");
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    stage.press("esc");
    assert_eq!((stage.app.tab, stage.app.patterns.line()), (ScreenTab::Patterns, Some(&last)));
    // Who has looked for something else meanwhile gets the filter cleared.
    stage.press("enter").press("/ ctrl-u").type_text("parcel").press("enter");
    stage.press("esc");
    assert_eq!(stage.app.tab, ScreenTab::Queue);
    assert_eq!(stage.app.queue.bar.field.text(), crate::domain::query::views::DEFAULT_QUERY);
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
    assert_eq!(stage.app.tab, ScreenTab::Review, "{line:?}");
    stage.press("esc");
    assert_eq!(stage.app.tab, ScreenTab::Patterns, "leaving goes back");
}

/// Failures of which reviewers said that something else was meant.
fn confused() -> Stage {
    let mut stage = Stage::new(&failures(30), &["order_status", "refund", "invoice"]);
    let of = |name: &str| stage.store.intent(name).unwrap();
    let (refund, invoice) = (of("refund"), of("invoice"));
    let rows = stage.app.queue.window.rows().to_vec();
    let logged: Vec<_> = rows.iter().filter(|r| r.intent.as_deref() == Some("order_status")).map(|r| r.n).collect();
    assert!(logged.len() >= 5, "{logged:?}");
    use crate::domain::{DecisionChange, TurnKey};
    for (at, id) in logged[..5].iter().enumerate() {
        let meant = if at < 3 { refund } else { invoice };
        stage.store.decide("maria", NOW, &[DecisionChange::intents(*id, TurnKey(0), &[meant])]).unwrap();
    }
    Stage::on(stage.store, NOW)
}

#[test]
fn every_cell_of_the_matrix_opens_exactly_what_it_counts() {
    let mut stage = confused();
    let mut counted = Vec::new();
    for row in 0..2 {
        stage.press("3 c m tab");
        for _ in 0..row {
            stage.press("down");
        }
        let Some(line) = stage.app.patterns.line().cloned() else { panic!("{}", stage.draw()) };
        stage.press("enter");
        assert_eq!(stage.app.queue.bar.field.text(), line.query);
        assert_eq!(stage.app.queue.count, Some(line.n), "{}", line.query);
        counted.push(line.n);
    }
    assert_eq!(counted, [3, 2], "who is taken most stands first");
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("3 c m tab").draw();
        assert!(text.contains("5 of 30 conversations were taken for another intent, by reviewers"), "{text}");
        assert!(text.contains("column 1 of 1: the log says order_status"), "{text}");
        assert!(text.contains("▶   3") && text.contains("invoice") && text.contains("topics"), "{text}");
        // Outside there is nothing, and the same key leads back.
        stage.press("left up right right down down");
        assert_eq!(stage.app.patterns.cell, (1, 0));
        let text = stage.press("tab").draw();
        assert!(text.contains("refund taken for order_status, by reviewers"), "{text}");
    }
}

#[test]
fn an_empty_list_says_what_is_missing() {
    let mut stage = Stage::new(&failures(3), &[]);
    stage.press("3 w");
    let text = stage.draw();
    assert!(text.contains("3 failed or were handed over, and nobody has said why yet"), "{text}");
    stage.press("z");
    let text = stage.draw();
    assert!(text.contains("0 conversations were resolved, and the customer came back within seven days"), "{text}");
}

#[test]
fn what_nobody_knows_is_a_sentence_and_no_number() {
    let mut log = failures(3);
    log.iter_mut().for_each(|c| (c.outcome, c.outcome_source) = (None, None));
    let mut unknown = Stage::new(&log, &[]);
    let mut unjudged = Stage::new(&failures(3), &[]);
    for size in [(80, 24), (120, 36), (200, 60)] {
        (unknown.size, unjudged.size) = (size, size);
        for key in ["c", "i", "w"] {
            let text = unknown.press("3").press(key).draw();
            assert!(text.contains("ended is known") && !text.contains("0 conversations"), "{key}: {text}");
        }
        let text = unjudged.press("3 m").draw();
        assert!(text.contains("nobody has said yet") && !text.contains("0 of 3"), "{text}");
    }
}

#[test]
fn where_the_log_names_no_customers_or_no_times_it_says_which_field_would() {
    for (strip, field) in [(0, "customer_id"), (1, "started_at")] {
        let mut log = failures(3);
        for c in &mut log {
            match strip {
                0 => c.customer_id = None,
                _ => {
                    (c.started_at, c.ended_at) = (None, None);
                    c.turns.iter_mut().for_each(|t| t.at = None);
                }
            }
        }
        let mut stage = Stage::new(&log, &[]);
        for size in [(80, 24), (120, 36), (200, 60)] {
            stage.size = size;
            let text = stage.press("3 z").draw();
            assert!(text.contains("Who came back cannot be told of this log") && text.contains(field), "{text}");
            assert!(!text.contains('✗') && !text.contains("0 conversations"), "{text}");
        }
    }
}

#[test]
fn who_can_repair_a_pattern_stands_with_how_many_say_so_and_how_sure_that_is() {
    use crate::domain::{Cause, DecisionChange, Query, QueueOrder};
    let mut stage = Stage::new(&failures(40), &["order_status"]);
    stage.press("3");
    let table = VectorTable::built_in();
    let find = |stage: &mut Stage| {
        find_patterns(&stage.store, Some(&*table), NOW, 1, &crate::domain::SilentReporter).unwrap();
        stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    };
    find(&mut stage);
    let line = stage.app.patterns.line().unwrap().clone();
    let query = Query::parse(&line.query).unwrap();
    let page =
        stage.store.queue_page(&query, QueueOrder::NEWEST, crate::store::PageStart::Start, 40, NOW).unwrap().rows;
    assert!(page.len() >= 9, "{line:?}");
    // One cause leads, but two others that the same people repair are more.
    for (row, cause) in page.iter().zip([
        Cause::MissingKnowledge,
        Cause::WrongAnswer,
        Cause::MissingKnowledge,
        Cause::Tone,
        Cause::MissingKnowledge,
        Cause::IncompleteAnswer,
        Cause::Tone,
        Cause::WrongAnswer,
    ]) {
        stage.store.decide("maria", NOW, &[DecisionChange::cause(row.n, Some(cause))]).unwrap();
    }
    find(&mut stage);
    let line = stage.app.patterns.page.ready().unwrap().lines.iter().find(|l| l.query == line.query).unwrap().clone();
    let rate = line.repair_rate().unwrap();
    assert_eq!((line.repaired_by, rate.num, rate.den), (Some("corrected answers"), 5, 8));
    assert_eq!(line.repairer(), "perhaps corrected answers", "{rate:?}");
    let says = format!("5 of 8 reviewed say so ({:.0} to {:.0} %)", 100.0 * rate.lo, 100.0 * rate.hi);
    stage.size = (200, 60);
    let text = stage.draw();
    assert!(text.contains("perhaps corrected answers") && text.contains(&says), "{text}");
    let row = format!("5/8 reviewed, {:.0}-{:.0} %", 100.0 * rate.lo, 100.0 * rate.hi);
    let text = stage.press("1").draw();
    assert!(text.contains(&row) && text.contains("who can repair it, by half a year's reviews"), "{text}");
}

#[test]
fn a_line_is_handed_out_and_says_who_has_it() {
    let mut stage = found();
    stage.press("a");
    let text = stage.draw();
    assert!(text.contains("Hand it out") && text.contains("2026-"), "{text}");
    stage.press("ctrl-u ctrl-s");
    assert!(stage.draw().contains("who is to do it?"), "without somebody it stays open");
    stage.type_text("eleni");
    stage.press("tab ctrl-u");
    stage.type_text("2026-12-05");
    stage.press("enter");
    stage.type_text("write the page");
    stage.press("ctrl-s");
    assert!(stage.toast().contains("goes to eleni, due 2026-12-05"), "{}", stage.toast());
    stage.size = (200, 60);
    let text = stage.draw();
    assert!(text.contains("given to  eleni, due 2026-12-05") && text.contains("write the page"), "{text}");
    let action = stage.app.patterns.line().unwrap().action.clone().unwrap();
    assert_eq!((action.owner.as_str(), action.note.as_deref()), ("eleni", Some("write the page")));
    stage.press("x");
    assert!(stage.toast().contains("is done"), "{}", stage.toast());
    stage.press("u u");
    assert!(stage.app.patterns.line().unwrap().action.is_none(), "taken back");
}

#[test]
fn what_is_typed_takes_the_place_of_whom_the_form_proposes() {
    let mut stage = found();
    stage.press("a").type_text("eleni");
    stage.press("tab").type_text("2026-12-05");
    stage.press("ctrl-s");
    assert!(stage.toast().contains("goes to eleni, due 2026-12-05"), "{}", stage.toast());
}

#[test]
fn all_of_a_line_was_understood_and_gets_one_cause_by_b_a_and_a_letter() {
    let mut stage = found();
    let text = stage.press("b").draw();
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
    assert!(place("the customer wanted …") < place("the AI had understood, and …"), "i, a, w: {text}");
    assert!(place("the AI had understood, and …") < place("it failed because …"), "i, a, w: {text}");
    assert!(stage.press("a").draw().contains("had understood them, and it failed because"), "{}", stage.draw());
    stage.press("k");
    let count = |stage: &Stage, query: &str| {
        stage.store.queue_count(&crate::domain::Query::parse(query).unwrap(), NOW).unwrap()
    };
    assert!(count(&stage, "cause:missing_knowledge test:shown") > 0, "{}", stage.toast());
    stage.press("u");
    assert_eq!(count(&stage, "cause:missing_knowledge test:shown"), 0, "one step");
}

#[test]
fn an_intents_owner_stands_on_the_overview() {
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.press("3 i");
    let at = stage.app.patterns.page.ready().unwrap().lines.iter().position(|l| l.name == "order_status").unwrap();
    stage.press("home");
    for _ in 0..at {
        stage.press("down");
    }
    stage.press("a");
    stage.press("ctrl-u");
    stage.type_text("nikos");
    stage.press("ctrl-s 1");
    stage.size = (120, 40);
    let text = stage.draw();
    assert!(text.contains("nikos, due "), "{text}");
}

#[test]
fn what_would_help_most_are_the_patterns_with_who_has_them_once_they_are_found() {
    let mut stage = found();
    let lines = stage.app.patterns.page.ready().unwrap().lines.clone();
    stage.press("home a");
    stage.press("ctrl-u");
    stage.type_text("nikos");
    stage.press("ctrl-s 1");
    for size in [(80, 24), (120, 40), (200, 60)] {
        stage.size = size;
        let text = stage.draw();
        let name: String = lines[0].name.chars().take(12).collect();
        assert!(text.contains(&name) && text.contains(&format!("{} of 9", lines[0].n)), "{text}");
    }
    assert!(stage.draw().contains("nikos, due "), "{}", stage.draw());
    let told = stage.app.home.repair_lines();
    assert_eq!(told.len(), lines.len());
    assert!(lines.iter().all(|line| told.iter().any(|t| (t.n, &t.query) == (line.n, &line.query))));
    for (at, line) in told.iter().enumerate() {
        stage.press("1 home");
        for _ in 0..at {
            stage.press("down");
        }
        stage.press("enter");
        assert_eq!(stage.app.queue.bar.field.text(), line.query);
        assert_eq!(stage.app.queue.count, Some(line.n), "{}", line.query);
    }
}

#[test]
fn all_of_a_line_is_labelled_after_a_preview_without_test_groups_and_taken_back_as_one() {
    let mut stage = Stage::with_test_groups(&failures(60), &["order_status"]);
    stage.press("3");
    let table = VectorTable::built_in();
    find_patterns(&stage.store, Some(&*table), NOW, 1, &crate::domain::SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    let line = stage.app.patterns.line().unwrap().clone();
    let count = |stage: &Stage, query: &str| {
        stage.store.queue_count(&crate::domain::Query::parse(query).unwrap(), NOW).unwrap()
    };
    let bare = line.query.replace(" test:shown", "");
    let (training, test) = (count(&stage, &format!("{bare} test:hidden")), count(&stage, &format!("{bare} test:only")));
    assert!(training > 0 && test > 0, "{line:?}");
    stage.press("b");
    let text = stage.draw();
    assert!(text.contains(&format!("Label {training} conversations")), "{text}");
    assert!(text.contains(&format!("{test} in test groups stay out")), "{text}");
    assert!(text.contains("“"), "customers' words are in sight: {text}");
    stage.press("w k");
    assert_eq!(count(&stage, "cause:missing_knowledge test:shown"), training, "{}", stage.toast());
    stage.press("u");
    assert_eq!(count(&stage, "cause:missing_knowledge test:shown"), 0, "one step");
}

#[test]
fn a_reason_for_failing_is_given_to_the_failures_of_a_line_alone() {
    use super::support::harness::failed;
    use crate::domain::Outcome;
    let talk = |i: u32| {
        let mut c = failed(i, "it was meant to be back on my card last week", Some("order_status"), 0.41);
        c.outcome = Some(if i < 3 { Outcome::Failed } else { Outcome::Resolved });
        c
    };
    let mut stage = Stage::new(&(1..=9).map(talk).collect::<Vec<_>>(), &["order_status"]);
    let count = |stage: &Stage, query: &str| {
        stage.store.queue_count(&crate::domain::Query::parse(query).unwrap(), NOW).unwrap()
    };
    stage.press("3 i b");
    let text = stage.draw();
    assert!(text.contains("Label 9 conversations") && text.contains("the 2 that failed get one cause"), "{text}");
    stage.press("w k");
    assert_eq!(count(&stage, "cause:missing_knowledge"), 2, "{}", stage.toast());
    assert!(stage.toast().contains("7 stay out: nothing says that they failed"), "{}", stage.toast());
}

#[test]
fn a_line_becomes_an_intent_with_its_first_examples() {
    use super::support::harness::failed;
    let log: Vec<_> = (0..12).map(|i| failed(i, &format!("send me a copy of bill {}", 100 + i), None, 0.0)).collect();
    let mut stage = Stage::new(&log, &["order_status"]);
    stage.press("3");
    let table = VectorTable::built_in();
    find_patterns(&stage.store, Some(&*table), NOW, 1, &crate::domain::SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    stage.size = (120, 36);
    let text = stage.press("n").draw();
    assert!(text.contains("up to 20 that nobody has judged"), "{text}");
    stage.type_text("bill_copy");
    stage.press("enter");
    assert!(stage.toast().contains("new intent bill_copy"), "{}", stage.toast());
    let query = crate::domain::Query::parse("label:bill_copy").unwrap();
    assert!(stage.store.queue_count(&query, NOW).unwrap() > 0);
    stage.press("u");
    assert!(stage.store.queue_count(&query, NOW).map_or(0, |n| n) == 0, "intent and labels go as one");
}

#[test]
fn what_was_answered_alike_becomes_no_intent_since_it_is_many() {
    let mut stage = found();
    let kind = stage.app.patterns.line().unwrap().kind.unwrap();
    assert!(!kind.is_one_matter(), "{kind:?}");
    stage.press("n");
    assert!(stage.toast().contains("made of what was asked alike"), "{}", stage.toast());
}

#[test]
fn a_mode_is_made_of_notes_and_given_by_a_digit_that_acts_only_in_its_float() {
    use crate::domain::{Cause, DecisionChange};
    let mut stage = found();
    let rows: Vec<_> = stage
        .store
        .queue_page(
            &crate::domain::Query::default(),
            crate::domain::QueueOrder::VALUE,
            crate::store::PageStart::Start,
            9,
            NOW,
        )
        .unwrap()
        .rows;
    let note = |id, text: &str| {
        vec![DecisionChange::note(id, Some(text.to_owned())), DecisionChange::cause(id, Some(Cause::WrongAnswer))]
    };
    for row in &rows[..2] {
        stage.store.decide("maria", NOW, &note(row.n, "named the wrong harbour")).unwrap();
    }
    let table = VectorTable::built_in();
    find_patterns(&stage.store, Some(&*table), NOW, 1, &crate::domain::SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Found(Ok(()))));
    stage.press("w end");
    let line = stage.app.patterns.line().unwrap().clone();
    assert_eq!((line.kind, line.n), (Some(crate::domain::PatternKind::Noted), 2), "{line:?}");
    stage.press("n");
    stage.type_text("wrong harbour");
    stage.press("enter");
    assert!(stage.toast().contains("mode wrong harbour"), "{}", stage.toast());
    let text = stage.draw();
    assert!(text.contains("mode: wrong harbour") && text.contains("here are more modes is told"), "{text}");
    // In Review m lists it; the digit means it there, and an intent outside.
    stage.send_effect(Effect::Go(crate::tui::state::effect::GoTo::Item(rows[4].n, None)));
    stage.press("m");
    let text = stage.draw();
    assert!(text.contains("What went wrong first?") && text.contains("wrong harbour"), "{text}");
    stage.press("enter");
    assert_eq!(stage.toast(), "its key or ↓ chooses one; nothing was saved");
    stage.press("1");
    let item = stage.store.review_item(rows[4].n).unwrap();
    assert_eq!(item.mode.map(|m| m.1).as_deref(), Some("wrong harbour"));
    assert_eq!(item.cause, Some(Cause::WrongAnswer), "it set its cause");
    assert!(item.label.is_none(), "no intent was picked");
}

#[test]
fn patterns_are_looked_for_again_after_an_import() {
    let mut stage = found();
    assert!(stage.app.patterns.looked);
    stage.app.shared.loading = Some(crate::tui::state::work::FillingWork {
        what: "log".to_owned(),
        run: crate::tui::state::work::JobRun::default(),
    });
    stage.send(Msg::Job(JobMsg::Loaded(Err(crate::tui::state::work::JobEnd::Cancelled))));
    assert!(!stage.app.patterns.looked);
}

#[test]
fn modes_are_renamed_split_merged_and_retired_by_keys_and_taken_back() {
    use crate::domain::Cause;
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    for name in ["wrong port", "wrong harbour"] {
        stage.store.add_mode("maria", NOW, name, Cause::WrongAnswer).unwrap();
    }
    stage.size = (120, 36);
    stage.press("F5 3 w");
    let names = |stage: &Stage| stage.app.patterns.page.ready().unwrap().lines.iter().map(|l| l.name.clone()).collect();
    let both: Vec<String> = vec!["mode: wrong harbour".into(), "mode: wrong port".into()];
    assert_eq!(names(&stage), both, "what holds nothing can be seen to, too");
    let text = stage.press("home").draw();
    for key in ["R rename", "M merge", "S split", "X retire", "p how much"] {
        assert!(text.contains(key), "{key}: {text}");
    }
    stage.press("R ctrl-u");
    stage.type_text("other harbour");
    stage.press("enter");
    assert!(stage.toast().contains("wrong harbour is called other harbour now"), "{}", stage.toast());
    stage.press("u home M");
    assert!(stage.draw().contains("wrong harbour counts as"), "{}", stage.draw());
    stage.press("enter");
    let one: Vec<String> = vec!["mode: wrong port".into()];
    assert_eq!(names(&stage), one);
    stage.press("u home S");
    stage.type_text("only one");
    stage.press("enter");
    assert!(stage.draw().contains("two names at least"), "{}", stage.draw());
    stage.press("ctrl-u");
    stage.type_text("port, pier");
    stage.press("enter");
    assert!(stage.toast().contains("may get one of port, pier instead"), "{}", stage.toast());
    let split: Vec<String> = names(&stage);
    assert_eq!(split, ["mode: pier", "mode: port", "mode: wrong port"]);
    stage.press("u home X y");
    assert!(stage.toast().contains("wrong harbour is retired"), "{}", stage.toast());
    assert_eq!(names(&stage), one);
    stage.press("u");
    assert_eq!(names(&stage), both);
    // These keys are for modes: elsewhere they say so.
    stage.press("i S");
    assert!(stage.toast().contains("for failure modes"), "{}", stage.toast());
}

#[test]
fn a_detector_says_beside_its_mode_what_it_lacks_and_is_stopped_by_its_key() {
    use crate::domain::{Cause, SilentReporter};
    use crate::jobs::{DetectOptions, detect};
    let mut stage = Stage::new(&failures(9), &["order_status"]);
    stage.store.add_mode("maria", NOW, "wrong port", Cause::WrongAnswer).unwrap();
    stage.size = (120, 36);
    stage.press("3 w home p");
    assert_eq!(stage.detections, ["wrong port"]);
    stage.send(Msg::Job(JobMsg::Detecting(Default::default())));
    assert!(stage.draw().contains("p stop"), "{}", stage.draw());
    stage.press("p");
    assert_eq!(stage.stopped, 1);
    stage.send(Msg::Job(JobMsg::Detected(Err(crate::tui::state::work::JobEnd::Cancelled))));
    assert!(stage.toast().contains("stopped"), "{}", stage.toast());
    let mode = stage.store.mode("wrong port").unwrap();
    let options = DetectOptions { mode: &mode, embedder: None, ask: None, seed: 1, now: NOW };
    let found = detect(&stage.store, &options, &SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Detected(Ok(Box::new(found)))));
    let text = stage.draw();
    assert!(text.contains("30 reviewed"), "{text}");
    // It is kept: whoever comes later sees it, when it was, and whether more is known since.
    let mut stage = Stage::on(stage.store, NOW);
    stage.size = (200, 60);
    let text = stage.press("3 w home").draw();
    assert!(text.contains("30 reviewed") && text.contains("nobody has judged a failure since"), "{text}");
    let id = stage.app.queue.window.rows()[0].n;
    stage.store.decide("maria", NOW, &[crate::domain::DecisionChange::cause(id, Some(Cause::Policy))]).unwrap();
    let text = stage.press("c w home down").draw();
    assert!(text.contains("1 failure was judged since"), "{text}");
}

#[test]
fn a_list_gets_the_rows_that_what_a_line_holds_does_not_need() {
    let mut stage = found();
    for size in [(80, 24), (100, 30), (100, 50)] {
        stage.size = size;
        for key in ["c", "i", "s"] {
            let text = stage.press("3").press(key).press("home").draw();
            let lines = stage.app.patterns.page.ready().unwrap().lines.len();
            if lines == 0 {
                continue;
            }
            let rows: Vec<&str> = text.lines().collect();
            let Some(head) = rows.iter().position(|r| r.contains("conv.")) else { panic!("{text}") };
            let filled = rows[head + 1..].iter().take_while(|r| !r.trim().is_empty()).count();
            let (list, after) = rows[head + 1..].split_at(filled);
            let listed = list.iter().filter(|r| !r.contains("the rest: ")).count();
            let blank = after.windows(2).any(|two| two.iter().all(|r| r.trim().is_empty()));
            assert!(listed == lines || !blank, "{key}: {listed} of {lines} lines above empty rows\n{text}");
        }
    }
}

#[test]
fn what_was_handed_out_is_a_list_with_before_and_after() {
    let mut stage = found();
    assert!(stage.press("d").draw().contains("Nothing was handed out"), "{}", stage.draw());
    stage.press("c home a ctrl-u");
    stage.type_text("eleni");
    stage.press("ctrl-s d");
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.draw();
        for word in ["1 conversation", "eleni", "before", "after", "change"] {
            assert!(text.contains(word) || word == "1 conversation", "{word}: {text}");
        }
        assert!(text.contains("1 action was handed out"), "{text}");
        assert!(!text.contains("n make") && !text.contains("b label"), "{text}");
    }
    assert!(stage.draw().contains("what nobody was given"), "{}", stage.draw());
    let line = stage.app.patterns.line().unwrap().clone();
    let effect = line.effect.as_ref().unwrap();
    assert_eq!(
        (effect.after.days, line.n),
        (0, effect.before.rate.num),
        "on its first day what failed before is found"
    );
    stage.press("x");
    assert!(stage.toast().contains("is done"), "{}", stage.toast());
}

#[test]
fn no_action_is_due_on_a_day_that_is_over_and_what_is_overdue_says_so() {
    let mut stage = found();
    stage.size = (120, 36);
    stage.press("c home a ctrl-u");
    stage.type_text("eleni");
    stage.press("enter ctrl-u");
    stage.type_text("2026-01-05");
    let text = stage.press("ctrl-s").draw();
    assert!(text.contains("2026-01-05 is over already"), "{text}");
    stage.press("esc");
    assert!(stage.store.actions(NOW).unwrap().is_empty());
    let about = crate::domain::Query::parse("intent:order_status").unwrap();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let terms = crate::domain::ActionTerms::read("eleni", "", "2026-01-05", today).unwrap();
    stage.store.hand_out("maria", NOW, &about, &terms).unwrap();
    stage.size = (200, 60);
    let text = stage.press("3 d").draw();
    assert!(text.contains("overdue 2026-01-05") && text.contains("2026-01-05: overdue"), "{text}");
}

#[test]
fn another_period_is_counted_by_a_key_and_said() {
    let mut stage = found();
    stage.size = (120, 36);
    for days in [91, 7, 28] {
        let text = stage.press("v").draw();
        assert!(text.contains(&format!("{days} days: ")), "{text}");
        assert_eq!(stage.app.patterns.page.ready().unwrap().days, Some(days));
    }
}

#[test]
fn what_a_line_counts_of_test_groups_is_not_reviewed_from_the_queue_either() {
    let mut stage = Stage::with_test_groups(&failures(60), &["order_status"]);
    stage.press("3 i");
    let line = stage.app.patterns.line().unwrap().clone();
    assert!(line.query.contains("test:shown"), "{line:?}");
    stage.press("enter");
    assert_eq!(stage.app.queue.count, Some(line.n));
    let scope = |stage: &Stage| match &stage.app.queue.review_scope() {
        crate::store::ReviewScope::Query(query, _) => query.hides_test_groups(),
        other => panic!("{other:?}"),
    };
    assert!(scope(&stage));
    stage.press("r");
    assert!(stage.toast().contains("counted here and not reviewed"), "{}", stage.toast());
    let reviewed = stage.app.review.scope.clone();
    assert!(
        matches!(&reviewed, Some(crate::store::ReviewScope::Query(query, _)) if query.hides_test_groups()),
        "{reviewed:?}"
    );
    // Who asks for them gets them.
    stage.press("esc / ctrl-u");
    stage.type_text("status:open test:shown");
    stage.press("enter");
    assert!(!scope(&stage));
}

#[test]
fn the_day_by_which_something_is_due_stands_whole_and_so_does_what_opens_a_line() {
    let mut stage = found();
    stage.press("a ctrl-u");
    stage.type_text("eleni.papadopoulou.of.the.service.desk");
    stage.press("tab ctrl-u");
    stage.type_text("2026-12-05");
    stage.press("ctrl-s");
    for size in [(80, 24), (100, 30), (120, 36), (200, 60)] {
        stage.size = size;
        for key in ["c", "w", "i", "d"] {
            let text = stage.press(key).draw();
            // What was said last stands in a line of its own.
            let said = text.lines().filter(|l| !l.starts_with('─') && l.contains("due 2"));
            let cut: Vec<&str> = said.filter(|l| !l.contains("due 2026-12-05")).collect();
            assert!(cut.is_empty(), "{key} {size:?}: {cut:?} {text}");
        }
        let text = stage.press("c").draw();
        assert!(text.contains("⏎ shows"), "{size:?}: {text}");
    }
    let given = |columns| crate::tui::widgets::words::given("eleni, due 2026-12-05", columns);
    assert_eq!(
        [given(21), given(20), given(15), given(6)],
        ["eleni, due 2026-12-05", "ele…, due 2026-12-05", "due 2026-12-05", "eleni"]
    );
}

#[test]
fn what_is_known_of_no_fortnight_is_no_line_and_no_most() {
    let mut all = failures(9);
    for c in &mut all[..4] {
        (c.outcome, c.channel) = (Some(crate::domain::Outcome::Resolved), Some("app".to_owned()));
    }
    let mut stage = Stage::new(&all, &["order_status"]);
    stage.size = (120, 36);
    stage.press("3 s");
    let line = stage.app.patterns.line().unwrap().clone();
    assert!(line.segment.is_some() && line.failing_trend.iter().all(Option::is_none), "{line:?}");
    assert!(!stage.draw().contains("half a year, at most"), "{}", stage.draw());
}
