//! Responses by keys.

use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use crate::domain::time::DAY;
use crate::domain::{Conversation, DecisionChange, Outcome, OutcomeSource, QueryMoment, Role, Turn};
use crate::jobs::count_answers;
use crate::store::{AnswerPage, CorrectionState};
use crate::tui::state::msg::JobMsg;

/// Counts answers as the job does, and tells the screen.
pub(super) fn counted(stage: &mut Stage) {
    count_answers(&stage.store, &crate::domain::SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Counted(Ok(()))));
}

/// Sixty conversations about five intents, half of which get one answer that helps nobody.
pub(super) fn talks() -> Vec<Conversation> {
    let talk = |i: u32| {
        let intent = format!("intent_{}", i % 5);
        let asked =
            Turn { intent: Some(intent.clone()), ..Turn::new(Role::User, format!("please help with {intent}")) };
        let said = match i % 2 {
            0 => "I have no information about that, sorry.".to_owned(),
            _ => format!("This is how {intent} is done in three steps."),
        };
        let mut c = Conversation::new("web", i.to_string(), vec![asked, Turn::new(Role::Bot, said)]);
        c.outcome = Some(if i.is_multiple_of(2) { Outcome::Failed } else { Outcome::Resolved });
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c
    };
    (0..60).map(talk).collect()
}

#[test]
fn every_answer_opens_exactly_what_it_counts() {
    let mut stage = Stage::new(&talks(), &[]);
    stage.press("4");
    assert!(stage.draw().contains("Counting what the AI said"), "{}", stage.draw());
    counted(&mut stage);
    let mut seen = 0;
    for key in ["a", "n"] {
        stage.press("4").press(key);
        for at in 0..stage.app.responses.length() {
            stage.press("4 home");
            for _ in 0..at {
                stage.press("down");
            }
            let answer = stage.app.responses.answer().unwrap().clone();
            stage.press("enter");
            assert_eq!(stage.app.queue.count, Some(answer.n), "{}", answer.query);
            seen += 1;
        }
    }
    assert!(seen >= 7, "{seen}");
    stage.press("4 n");
    let answer = stage.app.responses.answer().unwrap();
    assert_eq!((answer.n, answer.intents.len()), (30, 5));
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("a").draw();
        assert!(text.contains("no answer") && text.contains("95 %") && text.contains("▶"), "{text}");
        assert!(text.contains("no proof") || text.contains("goes together with, does not prove"), "{text}");
    }
    // All that is stored, and back.
    assert!(stage.press("v").draw().contains("all that is stored"));
    assert!(!stage.press("v").draw().contains("all that is stored"));
}

#[test]
fn review_says_of_an_answer_what_its_line_says() {
    let mut stage = Stage::new(&talks(), &[]);
    stage.size = (120, 36);
    counted(&mut stage);
    let page = stage.store.figures().answers(Some(QueryMoment::Days(AnswerPage::DAYS)), NOW).unwrap().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for i in 0..60 {
        let id = stage.store.resolve(&format!("web:{i}")).unwrap();
        let line = stage.store.beside(id, NOW).unwrap().line.unwrap();
        let same = page.non_answers.iter().chain(&page.answers).find(|a| a.query == line.query).unwrap();
        assert_eq!((line.n, line.shares, line.stage), (same.n, same.shares(), same.stage), "{}", line.query);
        assert_eq!(line.intent, same.intent);
        seen.insert(line.query);
    }
    assert_eq!(seen.len(), 6, "what is no answer is one line, the others one an intent: {seen:?}");
    let text = stage.press("r").draw();
    assert!(text.contains("30 in 4 weeks") && text.contains("no answer, said to many intents"), "{text}");
}

#[test]
fn lines_that_begin_alike_are_told_apart_and_an_order_is_said() {
    let talk = |(i, mut c): (usize, Conversation)| {
        if i % 2 == 0 {
            let ends = ["no information about that question", "nobody who can reach the booking system"];
            c.turns[1].text = format!("I am sorry, I have {}.", ends[i / 2 % 2]);
        }
        c
    };
    let mut all: Vec<Conversation> = Vec::new();
    for round in 0..3 {
        all.extend(talks().into_iter().map(|mut c| {
            c.id = format!("{round}-{}", c.id);
            c
        }));
    }
    let mut stage = Stage::new(&all.into_iter().enumerate().map(talk).collect::<Vec<_>>(), &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (80, 24);
    let text = stage.press("a home").draw();
    assert!(text.contains("“… no info") && text.contains("I have nob"), "{text}");
    assert!(text.contains("others, furthest behind other answers first, then by how often it was said"), "{text}");
    let first = stage.app.responses.first_of_others().unwrap();
    assert_eq!((first, stage.app.responses.page().unwrap().non_answers.len()), (2, 2));
    for _ in 0..stage.app.responses.length() {
        let text = stage.draw();
        let lines: Vec<&str> = text.lines().collect();
        let goes_on = |pair: &[&str]| !pair[0].trim_end().ends_with("expected of") || pair[1].contains("more such");
        assert!(lines.windows(2).all(goes_on), "{text}");
        assert!(text.contains("▶"), "{text}");
        stage.press("down");
    }
    assert!(!stage.press("n").draw().contains("others, by how many"), "there are no others");
}

#[test]
fn two_answers_stand_side_by_side() {
    let mut stage = Stage::new(&talks(), &[]);
    stage.press("4");
    counted(&mut stage);
    stage.press("end d up");
    assert!(stage.draw().contains("◆"), "the marked one is told: {}", stage.draw());
    let text = stage.press("d").draw();
    assert!(text.contains("Two answers") && text.contains("within"), "{text}");
}

#[test]
fn a_correction_goes_its_way_by_keys() {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.app.queue.window.rows()[0].n;
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    // Somebody who is no lead proposes.
    stage.store.set_role("maria", NOW, "nikos", crate::store::TeamRole::Reviewer).unwrap();
    stage
        .store
        .decide("nikos", NOW, &[DecisionChange::response(item, turn, Some("Go to the desk and ask for it.".into()))])
        .unwrap();
    stage.press("4 c");
    let of = |stage: &Stage| stage.app.responses.corrections.ready().unwrap().lines[0].row.clone();
    assert_eq!(of(&stage).state, CorrectionState::Proposed);
    let text = stage.draw();
    assert!(text.contains("corrections 1 wait") && text.contains("proposed → accepted"), "{text}");
    stage.size = (80, 24);
    let text = stage.draw();
    let row = text.lines().find(|l| l.contains('▶')).unwrap();
    assert!(row.contains("Go to the desk and ask for it."), "columns are as wide as what stands in them: {text}");
    stage.press("y");
    assert!(of(&stage).state >= CorrectionState::Accepted, "{:?}", of(&stage));
    assert!(!stage.draw().lines().last().unwrap().contains("y accept"), "{}", stage.draw());
    assert!(stage.press("y").toast().contains("already"), "{}", stage.toast());
    stage.press("u");
    assert_eq!(of(&stage).state, CorrectionState::Proposed, "u takes it back");
    stage.press("x").type_text("we promise no desk").press("enter");
    assert_eq!(
        (of(&stage).state, of(&stage).reason.as_deref()),
        (CorrectionState::Returned, Some("we promise no desk"))
    );
    stage.press("e").type_text(" Today.").press("ctrl-s");
    assert!(of(&stage).text.ends_with("Today."), "{:?}", of(&stage));
    // What was said and what was written, without names.
    let text = stage.press("b").draw();
    assert!(text.contains("Which answer is better?") && text.contains("please help with"), "{text}");
    stage.press("a");
    assert!(stage.draw().contains("Every pair is judged"), "{}", stage.draw());
}

#[test]
fn what_is_live_says_so_beside_what_waits() {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.store.resolve("web:1").unwrap();
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    stage.store.set_role("maria", NOW, "nikos", crate::store::TeamRole::Reviewer).unwrap();
    let better = DecisionChange::response(item, turn, Some("Go to the desk and ask for it.".into()));
    stage.store.decide("nikos", NOW, &[better]).unwrap();
    stage.press("4");
    counted(&mut stage);
    stage.size = (120, 36);
    let text = stage.press("c a").draw();
    assert!(text.contains("✎ 1 waits") && !text.contains("live, ✎"), "{text}");
    let crate::tui::state::shared::StoreRead::Ready(Some(page)) = &mut stage.app.responses.page else { panic!() };
    page.answers.iter_mut().for_each(|answer| answer.live = true);
    let text = stage.draw();
    assert!(text.contains("live, ✎ 1 waits"), "{text}");
}

#[test]
fn what_helped_lately_and_is_no_answer_says_by_what_it_is_told() {
    let mut all = talks();
    for c in all.iter_mut().filter(|c| c.outcome == Some(Outcome::Failed)) {
        (c.started_at, c.ended_at) = (Some(NOW.plus(-60 * DAY)), Some(NOW.plus(-60 * DAY)));
    }
    let mut lately = talks().swap_remove(0);
    (lately.id, lately.outcome) = ("lately".to_owned(), Some(Outcome::Resolved));
    all.push(lately);
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (200, 60);
    let text = stage.press("n").draw();
    assert!(text.contains("no answer: 3 % of 31 ever"), "{text}");
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains("“I have no information") && !text.contains("no answer: 3"), "the words get room: {text}");
}

#[test]
fn words_that_help_few_are_accepted_only_after_a_question() {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.store.resolve("web:1").unwrap();
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    stage.store.set_role("maria", NOW, "nikos", crate::store::TeamRole::Reviewer).unwrap();
    let vain = DecisionChange::response(item, turn, Some("I have no information about that, sorry.".into()));
    stage.store.decide("nikos", NOW, &[vain]).unwrap();
    counted(&mut stage);
    stage.press("4 c");
    let state = |stage: &Stage| stage.app.responses.corrections.ready().unwrap().lines[0].row.state;
    assert!(stage.draw().contains("and they help few"), "{}", stage.draw());
    stage.press("y");
    assert!(stage.draw().contains("Is that an answer?"), "{}", stage.draw());
    stage.press("enter");
    assert_eq!((stage.app.overlays.len(), state(&stage)), (0, CorrectionState::Proposed), "it stays as it was");
    stage.press("y 2");
    assert!(state(&stage) >= CorrectionState::Accepted, "{:?}", state(&stage));
}

#[test]
fn whoever_is_no_lead_is_not_offered_what_a_lead_decides() {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.app.queue.window.rows()[0].n;
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    let better = DecisionChange::response(item, turn, Some("Go to the desk and ask for it.".into()));
    stage.store.set_role("maria", NOW, "nikos", crate::store::TeamRole::Reviewer).unwrap();
    stage.store.decide("nikos", NOW, &[better]).unwrap();
    stage.desk.reviewer = "nikos".to_owned();
    stage.press("4 c");
    let text = stage.draw();
    assert!(text.contains("proposed") && !text.lines().last().unwrap().contains("y accept"), "{text}");
    stage.press("y");
    assert!(stage.toast().contains("only a lead accepts"), "{}", stage.toast());
    assert!(
        stage.app.overlays.is_empty() && stage.press("x").toast().contains("only a lead"),
        "no reason is asked for"
    );
}

#[test]
fn what_is_missing_is_said() {
    let mut stage = Stage::new(&[], &[]);
    stage.press("4");
    assert!(stage.draw().contains("Nothing is stored yet"), "{}", stage.draw());
    let mut stage = Stage::new(&failures(3), &[]);
    stage.press("4");
    counted(&mut stage);
    assert!(
        !stage.app.responses.page.ready().unwrap().as_ref().unwrap().answers.is_empty()
            || stage.draw().contains("nothing")
    );
    assert!(stage.press("c").draw().contains("Nobody has written a better answer yet"), "{}", stage.draw());
    assert!(stage.press("n").draw().contains("No text is said to five intents"), "{}", stage.draw());
    stage.press("y");
    assert!(stage.toast().contains("c lists them"), "{}", stage.toast());
}

#[test]
fn a_sample_says_what_is_counted_and_what_is_weighed() {
    let mut sample = talks();
    for (i, c) in sample.iter_mut().enumerate() {
        c.sampling = crate::domain::Sampling::new("rest", if i % 2 == 0 { 1.0 } else { 0.2 });
    }
    let mut stage = Stage::new(&sample, &[]);
    stage.press("4");
    counted(&mut stage);
    for (size, says) in [((120, 36), "counts of a sample, shares weighed to all"), ((80, 24), "a sample, weighed")] {
        stage.size = size;
        assert!(stage.draw().contains(says), "{}", stage.draw());
    }
    stage.size = (120, 36);
    let text = stage.press("a end").draw();
    assert!(text.contains("drawn from a log: these 6 stand for 30, of which helped 30"), "{text}");
    let mut whole = Stage::new(&talks(), &[]);
    whole.press("4");
    counted(&mut whole);
    assert!(!whole.draw().contains("sample") && !whole.draw().contains("drawn from a log"));
}

#[test]
fn a_store_with_nothing_to_tell_says_so() {
    let with = |change: fn(usize, &mut Conversation)| {
        let mut all = talks();
        all.iter_mut().enumerate().for_each(|(i, c)| change(i, c));
        let mut stage = Stage::new(&all, &[]);
        stage.press("4");
        counted(&mut stage);
        stage.size = (120, 36);
        stage.draw()
    };
    let unknown = with(|_, c| c.outcome = Some(Outcome::Unknown));
    assert!(unknown.contains("has ended in a known way") && !unknown.contains('%'), "{unknown}");
    // All of them were helped: there are shares, and nothing differs; what has few is not ranked.
    let helped = with(|_, c| c.outcome = Some(Outcome::Resolved));
    assert!(helped.contains("few") && !helped.contains("rank 1"), "{helped}");
    let silent = with(|_, c| c.turns.truncate(1));
    assert!(!silent.contains('%'), "{silent}");
}

#[test]
fn what_harms_most_stands_first_and_what_only_asks_last_and_once() {
    let talk = |i: u32, said: &str, helped: bool| {
        let asked = Turn { intent: Some("refund".to_owned()), ..Turn::new(Role::User, "where is my refund please") };
        let mut c = Conversation::new("web", i.to_string(), vec![asked]);
        for (role, text) in [
            (Role::Bot, "May I have your name, please?"),
            (Role::User, "it is ben"),
            (Role::Bot, said),
            (Role::User, "and how long does it take"),
            (Role::Bot, "May I have your name, please?"),
            (Role::User, "I said so already"),
            (Role::Bot, "You are welcome."),
        ] {
            c.turns.push(Turn::new(role, text));
        }
        c.outcome = Some(if helped { Outcome::Resolved } else { Outcome::Failed });
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c
    };
    let good = (0..100).map(|i| talk(i, "Your refund is on its way to your bank account.", i < 70));
    let bad = (0..100).map(|i| talk(1_000 + i, "We send refunds within three working days by card.", i < 20));
    let mut stage = Stage::new(&good.chain(bad).collect::<Vec<_>>(), &[]);
    stage.size = (120, 36);
    stage.press("4");
    counted(&mut stage);
    let listed: Vec<_> =
        (0..stage.app.responses.length()).map(|i| stage.app.responses.answer_at(i).unwrap().clone()).collect();
    let places = |said: &str| -> Vec<usize> {
        let says = |a: &crate::store::AnswerFigures| a.text.as_deref().is_some_and(|t| t.starts_with(said));
        listed.iter().enumerate().filter(|(_, a)| says(a)).map(|(i, _)| i).collect()
    };
    let (bad, good, asks) = (places("We send"), places("Your refund"), places("May I"));
    assert_eq!((bad.as_slice(), good.as_slice(), asks.len()), ([0].as_slice(), [1].as_slice(), 1), "{listed:?}");
    let asks = &listed[asks[0]];
    assert_eq!((asks.n, asks.unranked, asks.stage), (200, Some(crate::store::Unranked::AsksForDetails), None));
    assert!(stage.draw().contains("asks"), "{}", stage.draw());
    stage.size = (80, 24);
    let text = stage.press("home").draw();
    assert!(
        text.contains("vs others") && text.contains("fewer were helped than at the rate of other answers"),
        "{text}"
    );
    stage.size = (120, 36);
    let query = crate::domain::Query::parse(&asks.query).unwrap();
    assert_eq!(stage.store.queue_count(&query, NOW).unwrap(), 200, "{}", asks.query);
}

/// Of one intent, so many helped of so many by each of two answers.
fn two_answers([a, b]: [(u32, u32); 2]) -> Stage {
    let talk = |i: u32, said: &str, helped: bool| {
        let asked = Turn { intent: Some("refund".to_owned()), ..Turn::new(Role::User, "where is my refund please") };
        let mut c = Conversation::new("web", i.to_string(), vec![asked, Turn::new(Role::Bot, said)]);
        // What comes after keeps the answer from being the last word.
        for more in ["and how long does it take", "It takes some days.", "thank you", "You are welcome."] {
            let role = if c.turns.len().is_multiple_of(2) { Role::User } else { Role::Bot };
            c.turns.push(Turn::new(role, more));
        }
        c.outcome = Some(if helped { Outcome::Resolved } else { Outcome::Failed });
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c
    };
    let first = (0..a.1).map(|i| talk(i, "Your refund is on its way to your bank account.", i < a.0));
    let second = (0..b.1).map(|i| talk(1_000 + i, "We send refunds within three working days by card.", i < b.0));
    let mut stage = Stage::new(&first.chain(second).collect::<Vec<_>>(), &[]);
    stage.size = (120, 36);
    stage.press("4");
    counted(&mut stage);
    stage
}

/// What is said of both answers beside each other.
fn beside(stage: &mut Stage) -> String {
    let of = |stage: &Stage, said: &str| {
        (0..stage.app.responses.length()).find(|&i| {
            stage.app.responses.answer_at(i).is_some_and(|a| a.text.as_deref().is_some_and(|t| t.starts_with(said)))
        })
    };
    for said in ["Your refund", "We send"] {
        let at = of(stage, said).expect("it is listed");
        stage.app.responses.select(at);
        stage.press("d");
    }
    stage.draw()
}

#[test]
fn how_answers_are_ordered_stands_above_them_also_without_non_answers() {
    let mut all = talks();
    for (i, c) in all.iter_mut().enumerate() {
        c.turns[1].text = format!("This is how intent_{} is done in three steps.", i % 5);
    }
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    assert_eq!(stage.app.responses.first_of_others(), Some(0));
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        let text = stage.draw();
        assert!(text.contains("furthest behind others first, then by how often said, those ahead last"), "{text}");
    }
}

#[test]
fn what_has_nothing_beside_it_is_a_whole_sentence_on_the_smallest_screen() {
    let mut all = talks();
    for c in &mut all {
        c.turns[1].text = "This is how it is done in three steps.".to_owned();
        c.outcome = Some(Outcome::Resolved);
    }
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (80, 24);
    let text = stage.draw().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("was helped: it takes some that ended otherwise to tell answers from each other."), "{text}");
    assert!(text.contains("without it: that is too few to compare") && !text.contains("– over"), "{text}");
}

#[test]
fn two_answers_are_told_apart_by_the_interval_of_their_difference() {
    // 45 to 64 % and 60 to 78 % overlap; their difference is clear of 0.
    let text = beside(&mut two_answers([(55, 100), (70, 100)]));
    assert!(text.contains("They differ") && text.contains("helped by A: +15.0 pt [+1.6, +27.7]"), "{text}");
    let text = beside(&mut two_answers([(55, 100), (60, 100)]));
    assert!(text.contains("It holds 0") && !text.contains("They differ"), "{text}");
    let text = beside(&mut two_answers([(12, 20), (70, 100)]));
    assert!(text.contains("30 conversations") && text.contains("A has 20"), "{text}");
}

#[test]
fn what_opens_an_answer_is_in_sight_however_many_intents_got_it() {
    let mut log = talks();
    for (i, c) in log.iter_mut().enumerate().filter(|(i, _)| i % 2 == 0) {
        c.turns[0].intent = Some(format!("an_intent_with_a_rather_long_name_{}", i % 40));
    }
    let mut stage = Stage::new(&log, &[]);
    stage.press("4");
    counted(&mut stage);
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("n home").draw();
        assert!(text.contains("⏎ shows answer:"), "{size:?}: {text}");
    }
    let text = stage.draw();
    assert!(text.contains("here said to 20 intents: ") && text.contains("12 more"), "{text}");
    // Which number is too small, and by how much.
    assert!(text.contains("1 answer is known; 9 more"), "{text}");
}

#[test]
fn a_log_without_times_offers_no_other_time() {
    let mut log = talks();
    for c in &mut log {
        (c.started_at, c.ended_at) = (None, None);
    }
    let mut stage = Stage::new(&log, &[]);
    stage.size = (120, 36);
    stage.press("4");
    counted(&mut stage);
    assert!(!stage.draw().contains("v other time"), "{}", stage.draw());
    stage.press("v");
    assert!(stage.toast().contains("no times"), "{}", stage.toast());
}

#[test]
fn an_answer_tells_of_no_end_that_the_log_cannot_tell() {
    let mut all = talks();
    for c in &mut all {
        (c.outcome, c.outcome_source) = (Some(Outcome::Escalated), Some(OutcomeSource::Derived));
    }
    let mut stage = Stage::new(&all, &[]);
    stage.size = (120, 36);
    stage.press("4");
    counted(&mut stage);
    let text = stage.press("a").draw();
    let n = stage.app.responses.answer().unwrap().n;
    assert!(text.contains(&format!("of {n}: handed over {n}  failed 0")), "{text}");
    assert!(!text.contains("helped 0"), "{text}");
}
