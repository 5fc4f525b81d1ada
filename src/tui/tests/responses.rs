//! Responses by keys.

use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use crate::domain::time::DAY;
use crate::domain::{
    Conversation, DecisionChange, LearnedAnswers, Outcome, OutcomeSource, QueryMoment, ReleaseId, Role, Turn, Verdict,
};
use crate::jobs::count_answers;
use crate::store::{AnswerPage, CorrectionState};
use crate::tui::state::msg::JobMsg;
use crate::tui::state::request::responses::TestTurns;

/// Counts answers as the job does, and tells the screen.
pub(super) fn counted(stage: &mut Stage) {
    count_answers(&stage.store, &crate::domain::SilentReporter).unwrap();
    stage.send(Msg::Job(JobMsg::Counted(Ok(()))));
}

/// What the selected line counts, and what finds it.
pub(super) fn line_of(stage: &Stage) -> Option<(u64, String)> {
    let screen = &stage.app.responses;
    let n = screen.answer().map(|answer| answer.n).or_else(|| screen.asked_for().map(|intent| intent.n))?;
    Some((n, screen.query()?.to_owned()))
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
            let (n, query) = line_of(&stage).unwrap();
            stage.press("enter");
            assert_eq!(stage.app.queue.count, Some(n), "{query}");
            seen += 1;
        }
    }
    assert_eq!(seen, 6 + 6, "one non-answer and an answer an intent; again that one, and an intent a line below it");
    stage.press("4 n home");
    let answer = stage.app.responses.answer().unwrap();
    assert_eq!((answer.n, answer.intents.len()), (30, 5));
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("a").draw();
        assert!(text.contains("non-answer") && text.contains("95 %") && text.contains("▶"), "{text}");
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
    assert!(text.contains("30 in 4 weeks") && text.contains("a non-answer, said to many intents"), "{text}");
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
    assert!(text.contains("“I am sor") && text.contains("… no inf") && text.contains("… nob"), "{text}");
    assert!(text.contains("others: by how often said"), "nothing is ranked: {text}");
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
    assert!(!stage.press("n").draw().contains("others: "), "there are no others");
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
fn what_was_learnt_of_answers_stands_above_the_corrections() {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.app.queue.window.rows()[0].n;
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    let better = DecisionChange::response(item, turn, Some("Go to the desk and ask for it.".into()));
    stage.store.decide("nikos", NOW, &[better]).unwrap();
    counted(&mut stage);
    stage.press("4 c");
    assert!(!stage.draw().contains("learnt last"), "{}", stage.draw());
    let found = LearnedAnswers::found(0.612, 0.703, Verdict::Better);
    if let StoreRead::Ready(page) = &mut stage.app.responses.corrections {
        page.learned = Some((ReleaseId(14), found));
    }
    for (size, says) in
        [((80, 24), "learnt last v14: better"), ((200, 60), "good answers 61.2 → 70.3 % of 231 turns · worth it")]
    {
        stage.size = size;
        assert!(stage.draw().contains(says), "{}", stage.draw());
    }
}

#[test]
fn of_an_answer_that_points_both_ways_both_figures_stand_on_the_smallest_screen() {
    let talk = |i: u32, intent: &str, said: &str, helped: bool| {
        let asked = Turn { intent: Some(intent.to_owned()), ..Turn::new(Role::User, "please help me with my ticket") };
        let mut c = Conversation::new("web", i.to_string(), vec![asked, Turn::new(Role::Bot, said)]);
        for more in ["and how long does it take", "It takes some days.", "thank you", "You are welcome."] {
            let role = if c.turns.len().is_multiple_of(2) { Role::User } else { Role::Bot };
            c.turns.push(Turn::new(role, more));
        }
        c.outcome = Some(if helped { Outcome::Resolved } else { Outcome::Failed });
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c
    };
    let (a, b) = ("Please take the blue card to the desk.", "We send what you need by mail today.");
    let parts = [("hard", a, 45, 150), ("hard", b, 2, 30), ("easy", a, 30, 30), ("easy", b, 120, 150)];
    let mut all = Vec::new();
    for (intent, said, helped, n) in parts {
        let from = all.len() as u32;
        all.extend((0..n).map(|i| talk(from + i, intent, said, i < helped)));
    }
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (80, 24);
    let at = (0..stage.app.responses.length()).find(|&i| stage.app.responses.answer_at(i).unwrap().signs_differ);
    stage.app.responses.select(at.expect("one points both ways"));
    let text = stage.draw().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("within intents") && text.contains("over all") && !text.contains("decides"), "{text}");
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
    // Of four weeks no answer has enough, so that all was counted.
    let text = stage.press("v n").draw();
    assert!(text.contains("non-answer: 3 % of 31 ever"), "{text}");
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains("“I have no informati") && !text.contains("non-answer: 3"), "the words get room: {text}");
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
    let text = stage.press("home").draw();
    assert!(text.contains("asks") && text.contains("than others") && text.contains(" fewer"), "{text}");
    assert!(text.contains("behind others first, ahead last; then what cannot be compared"), "{text}");
    stage.size = (80, 24);
    let text = stage.draw();
    // Where words have no room beside it, it stands below the list alone; the bar stays.
    assert!(text.contains("fewer were helped than at the rate of other answers"), "{text}");
    assert!(!text.contains("than others") && text.contains("followed"), "{text}");
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
        assert!(text.contains("by how often said") && !text.contains("behind others"), "none is behind: {text}");
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
    let text = stage.draw().split_whitespace().collect::<Vec<_>>().join(" ");
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

/// Somebody who is no lead writes other answers to these conversations.
fn proposed(stage: &mut Stage, answers: &[(&str, &str)]) {
    stage.store.set_role("maria", NOW, "nikos", crate::store::TeamRole::Reviewer).unwrap();
    for (id, text) in answers {
        let id = stage.store.resolve(id).unwrap();
        let turn = stage.store.conversation(id).unwrap().turns[1].key;
        stage.store.decide("nikos", NOW, &[DecisionChange::response(id, turn, Some((*text).to_owned()))]).unwrap();
    }
}

#[test]
fn what_a_correction_would_do_is_being_counted_or_it_says_what_is_missing() {
    let mut stage = Stage::new(&talks(), &[]);
    proposed(&mut stage, &[("web:1", "Ask at the desk.")]);
    stage.press("4 c");
    let says = |stage: &mut Stage| stage.draw().split_whitespace().collect::<Vec<_>>().join(" ");
    let text = says(&mut stage);
    assert!(text.contains("what it would do is not known: no release is live"), "{text}");
    let StoreRead::Ready(counts) = &mut stage.app.shared.overview else { panic!("counted") };
    counts.live = Some(ReleaseId(1));
    let text = says(&mut stage);
    assert!(text.contains("what it would do is being counted"), "{text}");
    stage.app.responses.tests = StoreRead::Failed("the disk is full".to_owned());
    let text = says(&mut stage);
    assert!(text.contains("not known: the disk is full"), "{text}");
    stage.app.responses.tests =
        StoreRead::Ready(Box::new(TestTurns { release: Some(ReleaseId(1)), turns: Vec::new() }));
    let text = says(&mut stage);
    assert!(text.contains("not known: no test turns are frozen"), "{text}");
}

#[test]
fn whoever_decides_on_a_correction_stays_on_it() {
    let mut stage = Stage::new(&talks(), &[]);
    proposed(
        &mut stage,
        &[("web:1", "Ask at the desk."), ("web:3", "Ask at the port."), ("web:7", "Ask at the gate.")],
    );
    stage.press("4 c down");
    let of = |stage: &Stage| {
        let row = &stage.app.responses.correction().unwrap().row;
        (row.n, row.state >= CorrectionState::Accepted)
    };
    let (second, _) = of(&stage);
    stage.press("y");
    assert_eq!(of(&stage), (second, true));
    counted(&mut stage);
    assert_eq!(of(&stage), (second, true), "answers that come do not move it either");
    stage.press("u");
    assert_eq!(of(&stage), (second, false));
    stage.press("y 1 4 home");
    assert_ne!(of(&stage).0, second, "whoever comes anew sees first what waits");
    stage.press("end");
    assert_eq!(of(&stage), (second, true));
    // What was asked is judged, not the AI's own turn.
    stage.press("enter");
    let asked = stage.store.conversation(second).unwrap().turns[0].key;
    assert_eq!((stage.item(), stage.app.review.turn), (Some(second), Some(asked)));
}

#[test]
fn what_holds_something_of_one_customer_waits_for_nobody_to_accept_it() {
    let mut stage = Stage::new(&talks(), &[]);
    proposed(&mut stage, &[("web:1", "Write to maria.andreou@example.org for it.")]);
    let text = stage.press("4 c").draw();
    assert!(text.contains("1 personal") && !text.contains("1 wait"), "{text}");
    assert!(!text.lines().last().unwrap().contains("y accept") && !text.contains("would answer"), "{text}");
    assert!(stage.press("y").toast().contains("something of one customer"), "{}", stage.toast());
}

#[test]
fn what_the_next_release_will_not_say_is_told_before_it_is_accepted() {
    let mut stage = Stage::with_test_groups(&talks(), &[]);
    let ids: Vec<String> = (0..60).map(|i| format!("web:{i}")).collect();
    proposed(&mut stage, &ids.iter().map(|id| (id.as_str(), "Ask at the desk.")).collect::<Vec<_>>());
    stage.press("4 c");
    let lines = &stage.app.responses.corrections.ready().unwrap().lines;
    let at = lines.iter().position(|line| line.row.unused.is_some()).expect("half of them are in test groups");
    stage.app.responses.select(at);
    let text = stage.draw().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("in a test group") && !text.contains("would answer"), "{text}");
    stage.press("y");
    assert!(
        stage.toast().contains("test group") && !stage.toast().contains("for the next release"),
        "{}",
        stage.toast()
    );
}

#[test]
fn non_answers_say_what_is_to_be_written_first_and_open_who_heard_them() {
    let mut all = talks();
    // One intent gets none of them any more, another one more.
    all.iter_mut().filter(|c| c.turns[0].intent.as_deref() == Some("intent_0")).for_each(|c| {
        c.outcome = Some(Outcome::Resolved);
    });
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (120, 36);
    let text = stage.draw();
    assert!(text.contains("1 non-answer: 24 of 30 who heard one were not helped; write for intent_1 (6)"), "{text}");
    stage.size = (80, 24);
    let text = stage.press("n end").draw();
    assert!(text.contains("write for intent_1 (6)") && text.contains("0 not helped"), "the last is intent_0: {text}");
    assert_eq!(stage.app.responses.asked_for().map(|a| (a.intent.as_str(), a.n)), Some(("intent_0", 6)));
}

#[test]
fn what_few_heard_is_one_line_that_opens() {
    let mut all = talks();
    let seldom = ["Parcels lie at the harbour.", "Bicycles travel free on Mondays.", "We send lost keys by post."];
    for (i, text) in (0..6).zip(seldom.iter().cycle()) {
        let mut c = talks().swap_remove(1);
        c.id = format!("seldom-{i}");
        c.turns[1].text = (*text).to_owned();
        all.push(c);
    }
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (120, 36);
    let before = stage.app.responses.length();
    let text = stage.press("end").draw();
    assert!(text.contains("▸ 3 answers that 4 conversations or fewer heard") && !text.contains("Bicycles"), "{text}");
    assert!(text.lines().last().unwrap().contains("list them"), "{text}");
    let text = stage.press("enter").draw();
    assert!(text.contains("▾ 3 answers") && text.contains("Bicycles"), "{text}");
    assert_eq!(stage.app.responses.length(), before + 3);
    stage.press("enter");
    assert_eq!((stage.app.responses.length(), stage.app.queue.back.is_none()), (before, true));
}

#[test]
fn where_four_weeks_tell_nothing_all_that_is_stored_is_counted() {
    let mut stage = Stage::new(&talks()[..20], &[]);
    stage.press("4");
    counted(&mut stage);
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        assert!(stage.draw().contains("all that is stored"), "{}", stage.draw());
    }
    assert!(stage.draw().contains("28 days hold too few"), "{}", stage.draw());
    // Who asks for the weeks gets them.
    let text = stage.press("v").draw();
    assert!(text.contains("28 days") && !text.contains("all that is stored"), "{text}");
    stage.press("1 4");
    assert!(!stage.draw().contains("all that is stored"), "{}", stage.draw());
    assert!(!stage.press("v").draw().contains("hold too few"), "it was asked for");
}

#[test]
fn a_long_intent_leaves_its_answer_half_of_the_room() {
    let mut all = talks();
    for (i, c) in all.iter_mut().enumerate() {
        c.turns[0].intent = Some(format!("an_intent_with_a_rather_long_name_{}", i % 5));
    }
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (80, 24);
    let text = stage.press("a").draw();
    let is_row = |line: &&str| line.trim_start().starts_with("an_intent") && line.contains(" %");
    let rows: Vec<&str> = text.lines().filter(is_row).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.contains("“This")), "{text}");
}

#[test]
fn the_same_answer_at_two_places_says_where() {
    let talk = |i: u32| {
        let [a, b] = ["Your refund is on its way to your bank.", "We send refunds within three days by card."];
        let [first, then] = if i.is_multiple_of(2) { [a, b] } else { [b, a] };
        let asked = Turn { intent: Some("refund".to_owned()), ..Turn::new(Role::User, "where is my refund please") };
        let mut c = Conversation::new("web", i.to_string(), vec![asked]);
        let more = ["and how long does it take", then, "that is good to know", "You are welcome."];
        for text in [first].into_iter().chain(more) {
            let role = if c.turns.len().is_multiple_of(2) { Role::User } else { Role::Bot };
            c.turns.push(Turn::new(role, text));
        }
        c.outcome = Some(if i.is_multiple_of(3) { Outcome::Failed } else { Outcome::Resolved });
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c
    };
    let mut stage = Stage::new(&(0..80).map(talk).collect::<Vec<_>>(), &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (120, 36);
    let text = stage.draw();
    assert!(text.contains("refund  first  “Your") && text.contains("refund  middle  “Your"), "{text}");
    stage.size = (200, 60);
    assert!(stage.draw().contains("refund  “Your"), "where it has a column, it stands there: {}", stage.draw());
}

#[test]
fn no_line_of_the_words_is_cut() {
    let mut stage = Stage::new(&[], &[]);
    stage.size = (80, 24);
    stage.press("? tab");
    assert!(stage.draw().contains("What followed an answer") || stage.draw().contains("How a conversation ends"));
    for _ in 0..100 {
        let text = stage.draw();
        assert!(!text.lines().any(|line| line.contains('│') && line.contains('…')), "{text}");
        stage.press("down");
    }
}

#[test]
fn lines_that_are_alike_but_for_the_language_say_it() {
    let mut all = talks();
    for (i, c) in all.iter_mut().enumerate() {
        let is_greek = i % 4 == 0;
        c.lang = Some(if is_greek { "el" } else { "en" }.to_owned());
        if is_greek {
            c.turns[0].text = "θέλω βοήθεια με το εισιτήριό μου παρακαλώ".to_owned();
        }
    }
    let mut stage = Stage::new(&all, &[]);
    stage.press("4");
    counted(&mut stage);
    let langs: Vec<_> = stage.app.responses.page().unwrap().non_answers.iter().map(|a| a.langs.clone()).collect();
    assert_eq!(langs.len(), 2, "{langs:?}");
    for size in [(80, 24), (120, 36)] {
        stage.size = size;
        let text = stage.press("n home").draw();
        assert!(text.contains("el  “I have") && text.contains("en  “I have"), "{text}");
    }
}

#[test]
fn where_the_log_names_no_intents_an_action_says_its_texts_and_why_it_has_no_rank() {
    let texts =
        ["Open the page called My account and choose a card.", "Go to the desk on the ground floor of the port."];
    let talk = |i: usize| {
        let (tag, asked) = [("bank", "please help me with my card"), ("port", "please help me with my bag")][i / 2 % 2];
        let said = Turn { action: Some("utter_info".to_owned()), ..Turn::new(Role::Bot, texts[i % 2]) };
        let more = [Turn::new(Role::User, "and how long does it take"), Turn::new(Role::Bot, "It takes some days.")];
        let turns = [Turn::new(Role::User, asked), said].into_iter().chain(more).collect();
        let mut c = Conversation::new("web", i.to_string(), turns);
        c.tags = vec![tag.to_owned()];
        c.outcome = Some(if i % 3 == 0 { Outcome::Failed } else { Outcome::Resolved });
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c
    };
    let mut stage = Stage::new(&(0..80).map(talk).collect::<Vec<_>>(), &[]);
    stage.press("4");
    counted(&mut stage);
    stage.size = (120, 36);
    let is_it = |i: &usize| stage.app.responses.answer_at(*i).is_some_and(|answer| answer.answer == "utter_info");
    let at = (0..stage.app.responses.length()).find(is_it).unwrap();
    stage.app.responses.select(at);
    let text = stage.draw();
    assert!(text.contains("”  2 texts") && text.contains("utter_info · 2 texts · "), "{text}");
    assert!(text.contains("not ranked: the log names no intents, and answers are ranked within one"), "{text}");
}

#[test]
fn review_from_a_correction_says_its_words_once_on_the_smallest_screen() {
    let mut stage = Stage::new(&talks(), &[]);
    let item = stage.app.queue.window.rows()[0].n;
    let turn = stage.store.conversation(item).unwrap().turns[1].key;
    let better = DecisionChange::response(item, turn, Some("Go to the desk and ask for it.".into()));
    stage.store.decide("maria", NOW, &[better]).unwrap();
    counted(&mut stage);
    stage.size = (80, 24);
    let text = stage.press("4 c enter").draw();
    assert_eq!(text.matches("Go to the desk and").count(), 1, "{text}");
}
