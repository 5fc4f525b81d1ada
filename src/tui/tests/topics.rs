//! The list of topics by keys.

use super::support::harness::{NOW, Stage, failed};
use super::support::prelude::*;
use crate::domain::{Query, SilentReporter};
use crate::learn::vectors::table::VectorTable;
use crate::tui::state::effect::TopicsJob;
use crate::tui::state::msg::JobMsg;

#[test]
fn topics_are_proposed_accepted_renamed_merged_and_taken_back_by_keys() {
    let asked = ["where is my refund for order", "cancel the flight to athens on", "change my seat on", "lost bag tag"];
    let log: Vec<_> =
        (0..160).map(|i| failed(i, &format!("{} {}", asked[i as usize % 4], 100 + i), None, 0.0)).collect();
    let mut stage = Stage::new(&log, &[]);
    stage.size = (120, 36);
    let table = VectorTable::built_in();
    let run = |stage: &mut Stage| {
        let reporter = &SilentReporter;
        match stage.topics.pop().expect("a job was begun") {
            TopicsJob::Propose => crate::jobs::propose_topics(&stage.store, &*table, 1, reporter).map(drop),
            TopicsJob::Accept => {
                crate::jobs::accept_proposed(&mut stage.store, &*table, ("maria", NOW), reporter).map(drop)
            }
        }
        .unwrap();
        stage.send(Msg::Job(JobMsg::ListedTopics(Ok(()))));
    };
    let lines = |stage: &Stage| stage.app.patterns.page.ready().unwrap().lines.clone();
    let text = stage.press("3 o").draw();
    assert!(text.contains("No list of topics yet") && text.contains("t propose a list"), "{text}");
    stage.press("A");
    assert!(stage.topics.is_empty(), "nothing is proposed yet");
    stage.press("t");
    run(&mut stage);
    let proposed = lines(&stage);
    assert!(proposed.len() >= 3 && stage.app.patterns.page.ready().unwrap().is_proposed, "{proposed:?}");
    let text = stage.draw();
    assert!(text.contains("A accept") && text.contains("the proposed list has"), "{text}");
    assert!(!text.contains("R rename") && !text.contains("n make"), "{text}");
    stage.press("R");
    assert!(stage.toast().contains("only proposed"), "{}", stage.toast());
    // A proposed topic can be looked into before anybody accepts it.
    let first = stage.app.patterns.line().unwrap().clone();
    stage.press("enter");
    assert_eq!((stage.app.tab, stage.app.queue.count), (ScreenTab::Queue, Some(first.n)));
    stage.press("3 A");
    run(&mut stage);
    let accepted = lines(&stage);
    let counts = |lines: &[crate::store::PatternLine]| lines.iter().map(|l| (l.name.clone(), l.n)).collect::<Vec<_>>();
    assert_eq!(counts(&accepted), counts(&proposed), "what was proposed is what is accepted");
    assert!(accepted.last().unwrap().name == "on no topic yet" || accepted.iter().map(|l| l.n).sum::<u64>() == 160);
    for line in &accepted {
        let query = Query::parse(&line.query).unwrap();
        assert_eq!(stage.store.queue_count(&query, NOW).unwrap(), line.n, "{}", line.query);
    }
    let text = stage.draw();
    assert!(text.contains("R rename") && text.contains("M merge"), "{text}");
    // Another name; the line keeps what it counts.
    let first = stage.press("home").app.patterns.line().unwrap().clone();
    stage.press("R ctrl-u enter");
    assert!(stage.draw().contains("a topic needs a name"), "{}", stage.draw());
    stage.type_text("money/refund_status");
    stage.press("enter");
    assert!(stage.toast().contains("is called money/refund_status now"), "{}", stage.toast());
    let renamed = lines(&stage).into_iter().find(|l| l.name == "money/refund_status").unwrap();
    assert_eq!(renamed.n, first.n);
    // One stands for another.
    stage.press("home M");
    assert!(stage.draw().contains("counts as"), "{}", stage.draw());
    stage.press("enter");
    assert!(stage.toast().contains("counts as"), "{}", stage.toast());
    let merged = lines(&stage);
    assert_eq!(merged.len(), accepted.len() - 1);
    let all = |lines: &[crate::store::PatternLine]| lines.iter().map(|l| l.n).sum::<u64>();
    assert_eq!(all(&merged), all(&accepted), "both count together");
    stage.press("u");
    assert_eq!(lines(&stage).len(), accepted.len());
    stage.press("u");
    let names = |lines: &[crate::store::PatternLine]| lines.iter().map(|l| l.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&lines(&stage)), names(&accepted));
    stage.press("u");
    assert!(stage.app.patterns.page.ready().unwrap().is_proposed, "proposed again: {:?}", lines(&stage));
}

#[test]
fn too_few_requests_are_said_in_words_of_topics_that_fit_and_a_list_is_taken_back_by_name() {
    let few: Vec<_> = (0..30).map(|i| failed(i, "where is my refund", None, 0.0)).collect();
    let stage = Stage::new(&few, &[]);
    let table = VectorTable::built_in();
    let why = crate::jobs::propose_topics(&stage.store, &*table, 1, &SilentReporter).unwrap_err().to_string();
    let mut stage = stage;
    stage.press("3 o");
    stage.send(Msg::Job(JobMsg::ListedTopics(Err(crate::tui::state::work::JobEnd::Failed(why)))));
    let text = stage.draw();
    assert!(text.contains("topics take 10 different first requests outside test groups: there are 1"), "{text}");
    assert!(!text.contains("patterns could not"), "{text}");
    let asked = ["where is my refund for order", "cancel the flight to athens on", "change my seat on", "lost bag tag"];
    let log: Vec<_> =
        (0..160).map(|i| failed(i, &format!("{} {}", asked[i as usize % 4], 100 + i), None, 0.0)).collect();
    let mut stage = Stage::new(&log, &[]);
    crate::jobs::propose_topics(&stage.store, &*table, 1, &SilentReporter).unwrap();
    crate::jobs::accept_proposed(&mut stage.store, &*table, ("maria", NOW), &SilentReporter).unwrap();
    let words = stage.store.undo("maria", NOW).unwrap().words;
    assert!(words.starts_with("the list of ") && words.contains(" topics, version "), "{words}");
}
