//! Answers are put beside others that those hear who write in the same language.

use super::figure::{AnswerPage, Unranked};
use crate::domain::{Conversation, Outcome, Role, Timestamp, Turn};
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use crate::store::{Founding, OnDuplicate, Store};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Conversations about one intent, by language, what was said and how it ended; rows count from 1.
fn with(said: &[(&str, &str, Outcome)]) -> Store {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    for (i, (lang, words, outcome)) in said.iter().enumerate() {
        let asks = match *lang {
            "el" => "θέλω βοήθεια με το εισιτήριό μου παρακαλώ",
            _ => "please help me with my ticket",
        };
        let asked = Turn { intent: Some("refund".to_owned()), ..Turn::new(Role::User, asks) };
        let mut c = Conversation::new("s", i.to_string(), vec![asked, Turn::new(Role::Bot, *words)]);
        (c.outcome, c.started_at, c.ended_at) = (Some(*outcome), Some(NOW), Some(NOW));
        c.lang = Some((*lang).to_owned());
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    store
}

/// Answers that were given first, to rows from one to another.
fn page(store: &Store, answers: &[(&str, bool, std::ops::RangeInclusive<u32>)]) -> AnswerPage {
    let booked = |(key, is_action, rows): &(&str, bool, std::ops::RangeInclusive<u32>)| BookedAnswer {
        key: (*key).to_owned(),
        is_action: *is_action,
        times: 1,
        turn: Some(i64::from(*rows.start()) << 20 | 1),
        rows: [rows.clone().collect(), Vec::new(), Vec::new()],
        ..BookedAnswer::default()
    };
    let answers = answers.iter().map(booked).collect();
    store.keep_answer_book(AnswerBook { answers, ..AnswerBook::default() }).unwrap();
    store.figures().answers(None, NOW).unwrap().unwrap()
}

/// So many conversations of which some were helped.
fn ended<'a>(lang: &'a str, words: &'a str, helped: usize, n: usize) -> Vec<(&'a str, &'a str, Outcome)> {
    (0..n).map(|i| (lang, words, if i < helped { Outcome::Resolved } else { Outcome::Failed })).collect()
}

#[test]
fn what_is_said_in_another_language_is_nothing_to_be_behind() {
    let greek = ended("el", "Πάρτε την μπλε κάρτα.", 10, 50);
    let english = ended("en", "Take the blue card.", 45, 50);
    let store = with(&[greek, english].concat());
    let told = page(&store, &[("~0000000001", false, 1..=50), ("~0000000002", false, 51..=100)]);
    for a in &told.answers {
        assert_eq!((a.beside, a.unranked, a.ranked_among), (None, Some(Unranked::Alone), 0), "{a:?}");
    }
}

#[test]
fn an_answer_with_an_action_and_one_without_are_ranked_and_compared_together() {
    let said = [ended("en", "Take the blue card.", 45, 50), ended("en", "Ring the front office at noon.", 10, 50)];
    let store = with(&said.concat());
    let told = page(&store, &[("utter_card", true, 1..=50), ("~0000000002", false, 51..=100)]);
    let of = |key: &str| told.answers.iter().find(|a| a.answer == key).unwrap();
    assert_eq!((of("utter_card").rank, of("utter_card").ranked_among), (Some(1), 2));
    assert_eq!(of("~0000000002").rank, Some(2));
    assert_eq!(of("~0000000002").beyond_others().map(f64::round), Some(-35.0), "90 % of 50 less 10");
}

#[test]
fn beside_an_answer_in_two_languages_stand_the_others_within_each() {
    // To Greeks it does as well as the other, to the English too; it is mostly said to Greeks, who are helped less.
    let said = [
        ended("el", "Η κάρτα.", 16, 80),
        ended("en", "The card.", 16, 20),
        ended("el", "Το κλειδί.", 4, 20),
        ended("en", "The key.", 64, 80),
    ];
    let store = with(&said.concat());
    let told = page(&store, &[("card", true, 1..=100), ("key", true, 101..=200)]);
    let card = told.answers.iter().find(|a| a.answer == "card").unwrap();
    assert!(card.beside.unwrap().delta.abs() < 1e-9 && card.beyond_others().is_none(), "{card:?}");
    assert!(card.within.unwrap().delta.abs() < 1e-9 && card.pooled.unwrap().delta < -0.3, "{card:?}");
}

#[test]
fn what_only_hands_over_is_told_by_how_everybody_ended_who_heard_it() {
    let mut said: Vec<(&str, &str, Outcome)> = vec![("en", "A moment please.", Outcome::Escalated); 40];
    said.extend(ended("en", "Take the blue card.", 40, 50));
    said.extend(ended("en", "Ring the front office at noon.", 10, 50));
    let mut store = with(&said);
    let answers = [("utter_x", true, 1..=40), ("utter_y", true, 41..=90), ("utter_z", true, 91..=140)];
    let why = |store: &Store| {
        let told = page(store, &answers);
        told.answers.iter().find(|a| a.answer == "utter_x").unwrap().unranked
    };
    assert_eq!(why(&store), Some(Unranked::AnnouncesAPerson));
    // Of one it is known otherwise.
    said[0].2 = Outcome::Resolved;
    store = with(&said);
    assert_eq!(why(&store), None);
}

#[test]
fn of_how_many_nobody_knows_how_they_ended_is_said_in_one_line() {
    let mut said = ended("en", "Take the blue card.", 40, 60);
    said.extend(vec![("en", "Take the blue card.", Outcome::Unknown); 20]);
    let store = with(&said);
    let told = page(&store, &[("utter_card", true, 1..=80)]);
    assert_eq!((told.n, told.unknown.num, told.unknown.den), (60, 20, 80));
    assert!(told.doubtful());
    assert_eq!(told.unknown_says().unwrap(), "Nobody knows how 25.0 % (20 of 80) ended: these rates say little.");
    let known = with(&ended("en", "Take the blue card.", 40, 60));
    assert_eq!(page(&known, &[("utter_card", true, 1..=60)]).unknown_says(), None);
}
