use super::figure::{Strata, UnansweredIntent, Unranked};
use super::*;
use crate::domain::{Conversation, Outcome, Query, Role, Turn};
use crate::learn::responses::AnswerPattern;
use crate::store::answers::stage::AnswerStage;
use crate::store::{Founding, OnDuplicate};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Conversations about intents, with how they ended; rows count from 1.
fn with(said: &[(&str, Outcome, Option<f64>)]) -> Store {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    for (i, (intent, outcome, csat)) in said.iter().enumerate() {
        let asked = Turn { intent: Some((*intent).to_owned()), ..Turn::new(Role::User, "please help me with it") };
        let mut c = Conversation::new("s", i.to_string(), vec![asked, Turn::new(Role::Bot, "As you wish.")]);
        (c.outcome, c.started_at, c.ended_at) = (Some(*outcome), Some(NOW), Some(NOW));
        c.csat = csat.map(|score| crate::domain::Csat { score, max: 5.0, comment: None, at: None });
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    store
}

fn answer(key: &str, opening: impl IntoIterator<Item = u32>, closing: impl IntoIterator<Item = u32>) -> BookedAnswer {
    let rows = [opening.into_iter().collect(), Vec::new(), closing.into_iter().collect()];
    let is_action = !key.starts_with('~');
    BookedAnswer { key: key.to_owned(), is_action, times: 1, turn: Some(1 << 20 | 1), rows, ..BookedAnswer::default() }
}

fn keep(store: &Store, answers: Vec<BookedAnswer>) {
    store.keep_answer_book(AnswerBook { answers, ..AnswerBook::default() }).unwrap();
}

fn opened(store: &Store, query: &str) -> u64 {
    store.queue_count(&Query::parse(query).unwrap(), NOW).unwrap()
}

#[test]
fn every_answer_opens_what_it_counts_and_says_what_followed() {
    use Outcome::{Abandoned, Escalated, Failed, Resolved, Unknown};
    let mut said = vec![("refund", Resolved, Some(5.0)); 40];
    said.extend(vec![("refund", Failed, Some(1.0)); 40]);
    said.extend(vec![("order", Escalated, None); 10]);
    said.extend(vec![("order", Abandoned, None); 10]);
    said.extend(vec![("order", Unknown, None); 5]);
    let store = with(&said);
    assert_eq!(store.figures().answers(None, NOW).unwrap(), None, "nothing was counted");
    assert!(store.queue_count(&Query::parse("answer:a").unwrap(), NOW).is_err());
    keep(&store, vec![answer("a", 1..=45, 81..=105), answer("~0123456789", 46..=60, []), answer("b, c", [90], [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    assert!(page.is_fresh && page.strata == Strata::Intents && page.n == 100);
    let told: Vec<_> =
        page.answers.iter().map(|a| (a.intent.as_str(), a.answer.as_str(), a.stage.unwrap(), a.n)).collect();
    use AnswerStage::{Closing, Opening};
    assert_eq!(
        told,
        [
            ("refund", "a", Opening, 45),
            ("order", "a", Closing, 20),
            ("refund", "~0123456789", Opening, 15),
            ("order", "b, c", Opening, 1)
        ]
    );
    for a in &page.answers {
        assert_eq!(opened(&store, &a.query), a.n, "{}", a.query);
    }
    let first = &page.answers[0];
    assert_eq!((first.outcomes.resolved, first.outcomes.failed, first.rated, first.satisfied), (40, 5, 45, 40));
    assert!((first.csat.unwrap() - 205.0 / 45.0).abs() < 1e-9);
    assert_eq!(first.unranked, Some(Unranked::Alone), "the other has too few");
    assert_eq!(page.answers[1].unranked, Some(Unranked::OnlyAtTheEnd));
    // 40 of 45 with, 0 of 35 without, within refund; over all those about orders are among the ones with.
    assert!((first.within.unwrap().delta - 40.0 / 45.0).abs() < 1e-9, "{:?}", first.within);
    assert!((first.pooled.unwrap().delta - 40.0 / 65.0).abs() < 1e-9, "{:?}", first.pooled);
    let few = &page.answers[2];
    assert_eq!((few.n, few.pooled, few.within), (15, None, None), "fewer than 30 are not compared");
    // Past the period there is nothing.
    let later = Timestamp(NOW.0 + 90 * 86_400_000);
    assert_eq!(store.figures().answers(Some(QueryMoment::At(later)), later).unwrap().unwrap().answers, []);
}

#[test]
fn an_action_is_shown_in_the_words_that_its_intent_heard() {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    for i in 0..60_u64 {
        let turns = |intent: &str| {
            let asked = Turn { intent: Some(intent.to_owned()), ..Turn::new(Role::User, "please help me with it") };
            let said = format!("Here is your {intent}.");
            [asked, Turn { action: Some("offer".to_owned()), ..Turn::new(Role::Bot, said) }]
        };
        // Whoever asks for a table came for a bus, and heard of that before.
        let (first, then) = if i % 2 == 0 { ("bus", "bus") } else { ("table", "bus") };
        let mut c = Conversation::new("s", i.to_string(), [turns(first), turns(then)].concat());
        (c.outcome, c.ended_at) = (Some(Outcome::Resolved), Some(NOW));
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    keep(&store, vec![answer("offer", 1..=60, [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let told: Vec<_> = page.answers.iter().map(|a| (a.intent.as_str(), a.text.as_deref().unwrap())).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|(intent, text)| *text == format!("Here is your {intent}.")), "{told:?}");
    assert!(page.answers[0].is_heard());
    for text in [None, Some("offer ".to_owned())] {
        assert!(!AnswerFigures { text, ..page.answers[0].clone() }.is_heard(), "a name is no sentence");
    }
}

#[test]
fn what_lies_behind_others_is_a_number_of_its_own_conversations_and_goes_before_what_is_said_often() {
    use Outcome::{Failed, Resolved};
    let mut said = vec![("refund", Resolved, None); 60];
    said.extend(vec![("refund", Failed, None); 40]);
    said.extend(vec![("refund", Resolved, None); 100]);
    let store = with(&said);
    // The second is never helped with; the first and third hardly differ from the rest.
    keep(&store, vec![answer("a", (1..=30).chain(101..=170), []), answer("b", 61..=100, []), answer("c", 1..=50, [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let order: Vec<&AnswerFigures> = page.in_order().into_iter().map(|i| &page.answers[i]).collect();
    assert_eq!(order[0].answer, "b");
    assert_eq!(
        order[0].beyond_others().map(f64::round),
        Some(-40.0),
        "all of 160 without it were helped, of 40 with it none"
    );
    let shown: Vec<f64> = order.iter().map(|a| a.beyond_others().unwrap_or(0.0)).collect();
    assert!(shown.is_sorted_by(|a, b| a <= b), "{shown:?}");
}

#[test]
fn beside_an_answer_stand_the_others_with_their_counts_and_what_has_none_comes_last() {
    use Outcome::{Failed, Resolved};
    let mut said = Vec::new();
    for (intent, resolved, all) in [("refund", 40, 60), ("refund", 10, 40), ("order", 60, 120)] {
        said.extend((0..all).map(|i| (intent, if i < resolved { Resolved } else { Failed }, None)));
    }
    let store = with(&said);
    keep(&store, vec![answer("a", 1..=60, []), answer("b", 61..=100, []), answer("c", 101..=220, [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let told: Vec<_> = page.in_order().into_iter().map(|i| &page.answers[i]).collect();
    let others = |a: &AnswerFigures| a.others.map(|others| (others.num, others.den));
    assert_eq!(
        told.iter().map(|a| (a.answer.as_str(), others(a), a.beside.is_some())).collect::<Vec<_>>(),
        [("b", Some((40, 60)), true), ("a", Some((10, 40)), true), ("c", None, false)]
    );
    assert_eq!(page.order_says(), "behind others first, ahead last; then what cannot be compared");
}

#[test]
fn what_only_follows_another_answer_is_last_among_non_answers_and_leaves_no_gap() {
    use Outcome::{Failed, Resolved};
    let intents = ["i0", "i1", "i2", "i3", "i4"];
    let said: Vec<_> = (0..100).map(|i| (intents[i % 5], if i < 8 { Resolved } else { Failed }, None)).collect();
    let store = with(&said);
    // An apology at the end leaves more than what is said in the place of an answer.
    keep(&store, vec![answer("~00000000aa", 1..=30, []), answer("~00000000bb", [], 31..=100)]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let told: Vec<_> = page.non_answers_in_order().into_iter().map(|i| &page.non_answers[i]).collect();
    assert_eq!(
        told.iter().map(|a| (a.answer.as_str(), a.ever.unwrap().at_end)).collect::<Vec<_>>(),
        [("~00000000aa", 0), ("~00000000bb", 70)]
    );
    assert!(told[1].ever.unwrap().follows() && !told[0].ever.unwrap().follows());
    assert_eq!(
        page.unanswered.iter().map(|intent| intent.n).sum::<u64>(),
        30,
        "nothing is to be written for the others"
    );
}

#[test]
fn no_line_is_further_behind_than_it_has_conversations_that_were_not_helped() {
    use Outcome::{Failed, Resolved};
    // To refunds it is hardly ever wrong, to orders nearly always: each line says what is so of its own intent.
    let mut said = vec![("refund", Resolved, None); 76];
    said.extend(vec![("refund", Failed, None); 4]);
    said.extend(vec![("order", Failed, None); 60]);
    said.extend(vec![("order", Resolved, None); 100]);
    said.extend(vec![("few", Failed, None); 12]);
    let store = with(&said);
    keep(&store, vec![answer("a", (41..=140).chain(241..=252), []), answer("b", (1..=40).chain(141..=240), [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    for a in &page.answers {
        let (not_helped, beyond) = (a.n - a.outcomes.resolved, a.beyond_others());
        assert!(beyond.is_none_or(|b| -b <= not_helped as f64 && b <= a.outcomes.resolved as f64), "{a:?}");
    }
    let of = |intent: &str| page.answers.iter().find(|a| a.answer == "a" && a.intent == intent).unwrap();
    assert!(of("order").beyond_others().unwrap() < -50.0);
    assert_eq!((of("refund").beyond_others(), of("few").beside), (None, None), "not certain, and too few");
}

#[test]
fn where_only_thanks_can_be_told_no_answer_stands_beside_others() {
    use crate::domain::{OneKindOfEnd, OutcomeSource};
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    for i in 0..80_u64 {
        let asked = Turn { intent: Some("refund".to_owned()), ..Turn::new(Role::User, "please help me with it") };
        let mut c = Conversation::new("s", i.to_string(), vec![asked, Turn::new(Role::Bot, "As you wish.")]);
        c.outcome = Some(if i % 10 == 0 { Outcome::Abandoned } else { Outcome::Resolved });
        (c.outcome_source, c.ended_at) = (Some(OutcomeSource::Derived), Some(NOW));
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    keep(&store, vec![answer("a", 1..=40, []), answer("b", 41..=80, [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    assert_eq!((page.one_kind, page.answers.len()), (Some(OneKindOfEnd::Helped), 2));
    assert!(page.too_little().is_some_and(|says| says.contains("needs a log that tells of failures")));
    let is_alone = |a: &AnswerFigures| a.rank.is_none() && a.pooled.is_none() && a.within.is_none();
    assert!(page.answers.iter().all(is_alone) && page.non_answers.is_empty());
}

#[test]
fn a_non_answer_is_found_by_what_follows_over_many_intents() {
    let intents = ["i0", "i1", "i2", "i3", "i4"];
    let said: Vec<_> = (0..50)
        .map(|i| (intents[i % 5], if i % 10 == 0 { Outcome::Resolved } else { Outcome::Failed }, None))
        .collect();
    let store = with(&said);
    keep(&store, vec![answer("~00000000aa", 1..=40, []), answer("~00000000bb", (1..=50).step_by(5), [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let [found] = &page.non_answers[..] else { panic!("{:?}", page.non_answers) };
    assert_eq!(
        (found.answer.as_str(), found.n, found.intents.len(), found.unranked),
        ("~00000000aa", 40, 5, Some(Unranked::NonAnswer))
    );
    assert_eq!(opened(&store, &found.query), 40);
    let of_it = page.answers.iter().filter(|a| a.answer == "~00000000aa");
    assert!(of_it.clone().count() == 5 && of_it.clone().all(|a| a.unranked == Some(Unranked::NonAnswer)));
}

/// Rule 39 is about all that is stored: what was said but a few times lately is none all the same.
#[test]
fn a_text_is_no_answer_where_its_words_are_listed_as_none() {
    let intents = ["i0", "i1", "i2", "i3", "i4"];
    let said: Vec<_> = (0..30).map(|i| (intents[i % 5], Outcome::Failed, None)).collect();
    let store = with(&said);
    let none = |texts: &[&str], now| store.figures().are_no_answers(texts, now).unwrap();
    assert_eq!(none(&["As you wish."], NOW), [false], "nothing was counted");
    keep(&store, vec![answer("~00000000aa", 1..=30, [])]);
    let later = Timestamp(NOW.0 + 90 * 86_400_000);
    for now in [NOW, later] {
        assert_eq!(none(&["as you  wish", "We open at nine.", ""], now), [true, false, false]);
    }
    let sorry = AnswerPattern::of("Sorry {name}, I cannot help with this.");
    keep(&store, vec![BookedAnswer { pattern: Some(sorry), ..answer("~00000000aa", 1..=30, []) }]);
    let said = ["Sorry Olga, I cannot help with this.", "Sorry Olga, I can help with this.", "As you wish."];
    assert_eq!(none(&said, NOW), [true, false, false], "whatever name fills it in");
    keep(&store, vec![BookedAnswer { before_person: 1, ..answer("~00000000aa", 1..=30, []) }]);
    assert_eq!(none(&["As you wish."], NOW), [false], "what announces a person is no answer of this kind");
    keep(&store, vec![answer("~00000000aa", 1..=19, [])]);
    assert_eq!(none(&["As you wish."], NOW), [false], "too few");
}

#[test]
fn an_answer_that_is_cut_says_so() {
    use crate::store::SegmentBy;
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    let long = "We would like to tell you that your order has left our house on Monday and is on its way.";
    let turns = vec![Turn::new(Role::User, "please help me with my order"), Turn::new(Role::Bot, long)];
    let mut c = Conversation::new("s", "1", turns);
    (c.outcome, c.started_at, c.ended_at) = (Some(Outcome::Failed), Some(NOW), Some(NOW));
    store.immediate("test", |s| s.put(&c, b"1", NOW, OnDuplicate::Update, &mut None)).unwrap();
    keep(&store, vec![answer("~0000000001", [1], [])]);
    let by_words = store.figures().stats(None, SegmentBy::Response, None, NOW).unwrap().segments;
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    for name in [&by_words[0].name, &page.answers[0].response] {
        assert!(name.ends_with('…') && long.starts_with(name.trim_end_matches('…').trim_end()), "{name}");
    }
}

#[test]
fn who_was_handed_over_counts_with_the_answer_that_was_heard_before() {
    use crate::store::SegmentBy;
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    let said = [
        (Role::Bot, "Good day."),
        (Role::User, "when do you open on Sundays"),
        (Role::Bot, "We open at nine."),
        (Role::Bot, "Would you like a card?"),
        (Role::User, "that is no answer to what I asked, give me a person"),
        (Role::Agent, "Hello, this is the desk."),
    ];
    let mut c = Conversation::new("s", "1", said.map(|(role, text)| Turn::new(role, text)).to_vec());
    (c.outcome, c.started_at, c.ended_at) = (Some(Outcome::Escalated), Some(NOW), Some(NOW));
    store.immediate("test", |s| s.put(&c, b"1", NOW, OnDuplicate::Update, &mut None)).unwrap();
    let by_words = store.figures().stats(None, SegmentBy::Response, None, NOW).unwrap().segments;
    let told: Vec<_> = by_words.iter().map(|s| (s.name.as_str(), s.n, s.outcomes.escalated)).collect();
    assert_eq!(told, [("We open at nine.", 1, 1)]);
}

#[test]
fn non_answers_stand_by_whom_they_left_and_their_intents_open_what_they_count() {
    use Outcome::{Failed, Resolved};
    let intents = ["i0", "i1", "i2", "i3", "i4"];
    let end = |i: usize| if i < 11 { Resolved } else { Failed };
    let said: Vec<_> = (0..75).map(|i| (intents[i % 5], end(i), None)).collect();
    let store = with(&said);
    // Of 40 the first left 29, of 45 the second all; ten heard both.
    keep(&store, vec![answer("~00000000aa", 1..=40, []), answer("~00000000bb", 41..=75, 31..=40)]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let keys: Vec<&str> =
        page.non_answers_in_order().into_iter().map(|i| page.non_answers[i].answer.as_str()).collect();
    assert_eq!(keys, ["~00000000bb", "~00000000aa"]);
    let sum = |of: fn(&UnansweredIntent) -> u64| page.unanswered.iter().map(of).sum::<u64>();
    assert_eq!((sum(|u| u.n), sum(|u| u.not_helped), page.unanswered.len()), (75, 64, 5), "each conversation once");
    for intent in &page.unanswered {
        assert_eq!(opened(&store, &intent.query), intent.n, "{}", intent.query);
        assert!((intent.shares[0] - (intent.n - intent.not_helped) as f64 / intent.n as f64).abs() < 1e-9);
    }
    let left: Vec<u64> = page.unanswered.iter().map(|u| u.not_helped).collect();
    assert!(left.is_sorted_by(|a, b| a >= b), "{left:?}");
}

#[test]
fn answers_are_not_told_apart_by_few_conversations_or_by_ends_that_are_all_alike() {
    use Outcome::{Failed, Resolved};
    let says = |said: &[(&str, Outcome, Option<f64>)]| {
        let store = with(said);
        keep(&store, vec![answer("a", 1..=said.len() as u32, [])]);
        store.figures().answers(None, NOW).unwrap().unwrap().too_little()
    };
    let few = says(&[("refund", Failed, None), ("refund", Resolved, None)]).unwrap();
    assert!(few.contains("2 conversations ended in a known way") && few.contains("from 30 on"), "{few}");
    assert!(says(&[("refund", Failed, None)]).unwrap().starts_with("1 conversation ended"));
    let alike = says(&[("refund", Resolved, None); 40]).unwrap();
    assert!(alike.contains("was helped"), "{alike}");
    let mut both = vec![("refund", Resolved, None); 39];
    both.push(("refund", Failed, None));
    assert_eq!(says(&both), None);
}

#[test]
fn a_difference_that_turns_around_within_intents_is_told() {
    use Outcome::{Failed, Resolved};
    // In each intent more is resolved with the answer, but it is mostly given to the hard one.
    let mut said = Vec::new();
    for (intent, resolved, all) in [("hard", 45, 150), ("hard", 2, 30), ("easy", 30, 30), ("easy", 120, 150)] {
        said.extend((0..all).map(|i| (intent, if i < resolved { Resolved } else { Failed }, None)));
    }
    let store = with(&said);
    keep(&store, vec![answer("a", (1..=150).chain(181..=210), []), answer("b", (151..=180).chain(211..=360), [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let a = page.answers.iter().find(|a| a.answer == "a").unwrap();
    let (pooled, within) = (a.pooled.unwrap(), a.within.unwrap());
    assert!(pooled.hi < 0.0 && within.lo > 0.0 && a.signs_differ, "{pooled:?} {within:?}");
    assert_eq!(
        (page.opposite(), page.answers.iter().filter(|a| a.signs_differ).count()),
        (2, 4),
        "of answers, not of lines"
    );
    let ranks: Vec<_> =
        page.answers.iter().filter(|a| a.intent == "hard").map(|a| (a.answer.as_str(), a.rank)).collect();
    assert_eq!(ranks, [("a", Some(1)), ("b", Some(2))]);
}

#[test]
fn tags_stand_in_where_the_log_names_no_intents() {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    for i in 0..160i64 {
        let turns = vec![Turn::new(Role::User, "please help me with it"), Turn::new(Role::Bot, "As you wish.")];
        let mut c = Conversation::new("s", i.to_string(), turns);
        c.outcome = Some(if i % 2 == 0 { Outcome::Resolved } else { Outcome::Failed });
        c.tags = vec![if i < 80 { "bank".into() } else { "doctor".into() }];
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    let tagged = store.tagged().unwrap();
    assert_eq!((tagged.len(), tagged[0].1.as_str()), (160, "bank"));
    let tags = vec![("bank".to_owned(), (1..=80).collect()), ("doctor".to_owned(), (81..=160).collect())];
    let answers = vec![answer("a", 1..=40, [])];
    store.keep_answer_book(AnswerBook { answers, tags, ..AnswerBook::default() }).unwrap();
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    assert_eq!((page.strata, page.answers[0].intent.as_str()), (Strata::Tags, "none"));
    assert!(page.answers[0].within.unwrap().delta.abs() < 1e-9);
    assert_eq!(opened(&store, &page.answers[0].query), 40);
}

#[test]
fn without_intents_no_line_is_behind_others_that_were_asked_for_something_else() {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    for i in 0..200i64 {
        let turns = vec![Turn::new(Role::User, "please help me with it"), Turn::new(Role::Bot, "As you wish.")];
        let mut c = Conversation::new("s", i.to_string(), turns);
        // Of the bank's one of five is helped, whatever is said; of the doctor's all are.
        c.outcome = Some(if i % 5 == 0 || i >= 100 { Outcome::Resolved } else { Outcome::Failed });
        c.tags = vec![if i < 100 { "bank".into() } else { "doctor".into() }];
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    let tags = vec![("bank".to_owned(), (1..=100).collect()), ("doctor".to_owned(), (101..=200).collect())];
    let answers = vec![answer("a", 1..=50, [])];
    store.keep_answer_book(AnswerBook { answers, tags, ..AnswerBook::default() }).unwrap();
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let a = &page.answers[0];
    assert!(a.pooled.unwrap().hi < 0.0 && a.within.unwrap().delta.abs() < 1e-9);
    assert_eq!((page.strata, a.n, a.beyond_others()), (Strata::Tags, 50, None));
}

#[test]
fn without_intents_a_line_is_behind_by_what_its_tags_bear_out_and_without_tags_by_nothing() {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    for i in 0..200i64 {
        let turns = vec![Turn::new(Role::User, "please help me with it"), Turn::new(Role::Bot, "As you wish.")];
        let mut c = Conversation::new("s", i.to_string(), turns);
        // Of the bank's nobody is helped with it, two of five without it; of the doctor's all are.
        c.outcome = Some(if i >= 100 || i >= 50 && i % 5 < 2 { Outcome::Resolved } else { Outcome::Failed });
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    let answers = vec![answer("a", 1..=50, [])];
    let tags = vec![("bank".to_owned(), (1..=100).collect()), ("doctor".to_owned(), (101..=200).collect())];
    let book = AnswerBook { answers, tags, ..AnswerBook::default() };
    store.keep_answer_book(AnswerBook { tags: Vec::new(), ..book.clone() }).unwrap();
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let a = &page.answers[0];
    assert!(page.strata == Strata::None && a.pooled.unwrap().hi < 0.0);
    assert_eq!((a.beside, a.beyond_others()), (None, None), "the others were asked for anything");
    store.keep_answer_book(book).unwrap();
    store.kept.forget();
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let a = &page.answers[0];
    assert_eq!((page.strata, a.beside), (Strata::Tags, a.within));
    assert_eq!(a.beyond_others().map(f64::round), Some(-20.0), "not the 40 that all others would make");
}

#[test]
fn few_on_either_side_make_no_difference_and_what_goes_with_every_success_is_not_ranked() {
    use Outcome::{Failed, Resolved};
    let mut said = vec![("refund", Resolved, None); 80];
    said.extend(vec![("refund", Failed, None); 40]);
    let store = with(&said);
    // With the first all were helped and without it nobody; without the second there are eight.
    keep(&store, vec![answer("a", 1..=80, []), answer("b", (1..=72).chain(81..=120), []), answer("c", 1..=60, [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let of = |key: &str| page.answers.iter().find(|a| a.answer == key).unwrap();
    assert_eq!((of("a").rank, of("a").unranked, of("a").beside), (None, Some(Unranked::TellsSuccess), None));
    assert_eq!((of("b").pooled, of("b").within, of("b").beside), (None, None, None), "eight without it");
    assert!(of("c").rank.is_some() && of("c").within.is_some(), "without it some were helped, too");
}

#[test]
fn what_every_success_goes_with_is_told_by_acts_over_all_intents() {
    use Outcome::{Failed, Resolved};
    let mut said = vec![("refund", Resolved, None); 40];
    said.extend(vec![("order", Resolved, None); 40]);
    said.extend(vec![("order", Failed, None); 40]);
    let store = with(&said);
    let both = || vec![answer("INFORM", 81..=120, []), answer("THANK", 1..=35, [])];
    let done = |rest: u32| {
        keep(
            &store,
            both()
                .into_iter()
                .chain([
                    answer("DONE", 1..=40, []),
                    answer("INFORM+DONE", 31..=rest, []),
                    answer("ASK+DONE", 5..=9, []),
                ])
                .collect(),
        );
        store.kept.forget();
        let page = store.figures().answers(None, NOW).unwrap().unwrap();
        let of = |key: &str| page.answers.iter().find(|a| a.answer == key).unwrap().unranked;
        [of("DONE"), of("INFORM+DONE"), of("THANK")]
    };
    let success = Some(Unranked::TellsSuccess);
    // Neither alone goes with all that were helped: "DONE" with those of refunds, the other with those of orders.
    let [alone, with_more, thanks] = done(80);
    assert_eq!((alone, with_more), (success, success));
    assert_ne!(thanks, success, "of those who were helped some did not hear it");
    let [alone, with_more, _] = done(79);
    assert!(alone != success && with_more != success, "somebody was helped without it");
}

#[test]
fn what_was_counted_is_read_back_and_grows_old() {
    let store = with(&[("refund", Outcome::Resolved, None)]);
    keep(&store, vec![answer("a", [1], [])]);
    assert!(store.answers_are_counted().unwrap());
    let book = store.answer_book().unwrap().unwrap();
    store.kept.forget();
    assert_eq!(*store.answer_book().unwrap().unwrap(), *book, "from the table");
    let c = Conversation::new("s", "new", vec![Turn::new(Role::User, "hello there")]);
    store.immediate("test", |s| s.put(&c, b"new", NOW, OnDuplicate::Update, &mut None)).unwrap();
    assert!(!store.answers_are_counted().unwrap());
    assert!(!store.figures().answers(None, NOW).unwrap().unwrap().is_fresh, "those of before are shown meanwhile");
}

#[test]
fn what_was_drawn_with_known_chances_says_what_always_giving_it_would_bring() {
    use Outcome::{Failed, Resolved};
    // Drawn with a chance of 1 / 4, right in three of five; the other with 3 / 4, never right.
    let said: Vec<_> =
        (0..400).map(|i| ("refund", if i % 4 == 0 && i % 5 < 3 { Resolved } else { Failed }, None)).collect();
    let store = with(&said);
    let drawn = |rows: Vec<u32>, propensity: f32| {
        let chosen =
            rows.iter().map(|&row| crate::store::ChosenAnswer { row, stage: AnswerStage::Opening, propensity });
        let chosen = chosen.collect();
        BookedAnswer { chosen, ..answer(if propensity < 0.5 { "a" } else { "b" }, rows, []) }
    };
    let (a, b): (Vec<u32>, Vec<u32>) = (1..=400).partition(|row| row % 4 == 1);
    keep(&store, vec![drawn(a, 0.25), drawn(b, 0.75)]);
    store.kept.forget();
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let of = |key: &str| page.answers.iter().find(|x| x.answer == key).unwrap().logged.unwrap();
    assert!((of("a").snips - 0.6).abs() < 1e-6 && of("a").identifiable && of("a").n == 400, "{:?}", of("a"));
    assert!(of("b").dr.abs() < 0.01, "{:?}", of("b"));
}

#[test]
fn of_a_sampled_log_rates_are_of_all_that_it_stands_for() {
    // All that failed was kept, of the rest a tenth: 40 failed, 40 resolved that stand for 400.
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    for i in 0..160u32 {
        let asked = Turn { intent: Some("refund".to_owned()), ..Turn::new(Role::User, "please help me with it") };
        let mut c = Conversation::new("s", i.to_string(), vec![asked, Turn::new(Role::Bot, "As you wish.")]);
        let failed = i.is_multiple_of(2);
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c.outcome = Some(if failed { Outcome::Failed } else { Outcome::Resolved });
        let score = if failed { 1.0 } else { 5.0 };
        c.csat = Some(crate::domain::Csat { score, max: 5.0, comment: None, at: None });
        c.sampling = crate::domain::Sampling::new("rest", if failed { 1.0 } else { 0.1 });
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    // The second answer was given to failures only.
    keep(&store, vec![answer("a", 1..=80, []), answer("b", (81..=160).step_by(2), [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    assert!(page.sampled);
    let [a, b] = &page.answers[..] else { panic!("{:?}", page.answers) };
    assert_eq!((a.n, a.outcomes.resolved, a.outcomes.failed), (80, 40, 40), "counts are of the sample");
    assert_eq!(opened(&store, &a.query), a.n);
    let weighed = a.weighed.unwrap();
    assert!((weighed.n - 440.0).abs() < 1e-6 && (weighed.resolved - 400.0).abs() < 1e-6, "{weighed:?}");
    assert!((a.shares()[0] - 400.0 / 440.0).abs() < 1e-9);
    // Shrunk to a half by two cases of as many as these are worth: far above the half that a sample alone would say.
    assert!(a.posterior.mean > 0.88 && a.posterior.mean < 400.0 / 440.0, "{:?}", a.posterior);
    assert!(
        weighed.worth > 80.0 && weighed.worth < 440.0 && a.posterior.hi - a.posterior.lo > 0.04,
        "{weighed:?} {:?}",
        a.posterior
    );
    assert!((a.csat.unwrap() - (40.0 + 2_000.0) / 440.0).abs() < 1e-9, "ratings are weighed, too");
    assert!(b.posterior.hi < 0.15 && b.shares() == [0.0, 0.0, 1.0, 0.0], "{b:?}");
    // With it, 400 of 440; without, 400 of 440 once more.
    assert!(a.pooled.unwrap().delta.abs() < 1e-3, "{:?}", a.pooled);
    assert!((b.pooled.unwrap().delta + 800.0 / 840.0).abs() < 1e-2, "{:?}", b.pooled);
}

#[test]
fn a_non_answer_in_two_languages_is_two_and_each_opens_what_it_counts() {
    let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now: NOW }).unwrap();
    for i in 0..60_i64 {
        let lang = ["en", "el", "el-Latn"][i as usize % 3];
        let asked = match lang {
            "en" => "please help me with my ticket",
            "el" => "θέλω βοήθεια με το εισιτήριό μου παρακαλώ",
            _ => "thelo voithia me to isitirio mou parakalo",
        };
        let asked = Turn { intent: Some(format!("intent_{}", i % 5)), ..Turn::new(Role::User, asked) };
        let said = if lang == "en" { "I have no information." } else { "Δεν έχω πληροφορίες." };
        let mut said = Turn::new(Role::Bot, said);
        said.action = Some("no_info".to_owned());
        let mut c = Conversation::new("s", i.to_string(), vec![asked, said]);
        (c.outcome, c.started_at, c.ended_at) = (Some(Outcome::Failed), Some(NOW), Some(NOW));
        c.lang = Some(lang.to_owned());
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    keep(&store, vec![answer("no_info", 1..=60, [])]);
    let page = store.figures().answers(None, NOW).unwrap().unwrap();
    let told: Vec<(Vec<String>, u64, Option<&str>)> =
        page.non_answers.iter().map(|a| (a.langs.clone(), a.n, a.text.as_deref())).collect();
    assert_eq!(told.iter().map(|t| t.1).collect::<Vec<_>>(), [40, 20], "{told:?}");
    assert!(told[0].0.iter().all(|l| l.starts_with("el")) && told[0].2 == Some("Δεν έχω πληροφορίες."), "{told:?}");
    assert_eq!((told[1].0.as_slice(), told[1].2), (["en".to_owned()].as_slice(), Some("I have no information.")));
    for answer in &page.non_answers {
        let query = Query::parse(&answer.query).unwrap();
        assert_eq!(store.queue_count(&query, NOW).unwrap(), answer.n, "{}", answer.query);
    }
}
