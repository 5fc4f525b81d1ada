use super::lessons::{DrawnLessons, LearnerKind, LessonsOf};
use crate::domain::{
    Conversation, ConversationId, Csat, Feedback, LearnedAnswers, Outcome, ReleaseId, Role, Sampling, Timestamp, Turn,
};
use crate::store::{
    AnswersNote, BY_ITSELF, Founding, HowLearned, Inputs, LearnedRelease, NotedOrigin, OnDuplicate, Store,
};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Every third was rated; every fifth was drawn from its log with a chance of a tenth.
fn store(order: impl Iterator<Item = u32>) -> Store {
    let store = Store::in_memory(Founding { seed: 7, test_share: 0.2, now: NOW }).unwrap();
    for i in order {
        let mut c = Conversation::new(
            "shop",
            format!("c{i}"),
            vec![Turn::new(Role::User, "where is it"), Turn::new(Role::Bot, "On its way.")],
        );
        c.outcome = Some(Outcome::Resolved);
        (c.started_at, c.ended_at) = (Some(NOW), Some(Timestamp(NOW.0 - i64::from(i % 50))));
        c.csat = i.is_multiple_of(3).then_some(Csat { score: 4.0, max: 5.0, comment: None, at: None });
        c.sampling = i.is_multiple_of(5).then(|| Sampling::new("rest", 0.1)).flatten();
        store.immediate("test", |s| s.put(&c, &i.to_le_bytes(), NOW, OnDuplicate::Update, &mut None)).unwrap();
    }
    store
}

fn drawn(store: &Store, which: LessonsOf, most: usize, seed: u64) -> (Vec<(String, f64)>, DrawnLessons) {
    let found = store.drawn_lessons(which, &store.learning_cut().unwrap(), most, seed).unwrap();
    let named = found.rows.iter().map(|r| (store.conversation(r.conversation).unwrap().id, r.weight)).collect();
    (named, found)
}

#[test]
fn a_draw_follows_from_seed_source_and_id_alone() {
    let (one, other) = (store(0..600), store((0..600).rev()));
    let (named, found) = drawn(&one, LessonsOf::All, 60, 7);
    assert_eq!((named.len(), found.of, found.is_part()), (60, 600, true));
    assert_eq!(named, drawn(&other, LessonsOf::All, 60, 7).0, "whatever came in first");
    assert!(found.rows.is_sorted_by_key(|r| r.at), "in the order of time");
    assert_ne!(named, drawn(&one, LessonsOf::All, 60, 8).0);
    // What comes later is beyond the cut, and moves few of those that are drawn from more.
    let fewer = drawn(&store(0..300), LessonsOf::All, 60, 7).0;
    let stay = named.iter().filter(|n| fewer.contains(n)).count();
    assert!((15..=45).contains(&stay), "about half are of the first half: {stay}");
    let all = drawn(&one, LessonsOf::Rated, 1_000, 7);
    assert_eq!((all.0.len(), all.1.of, all.1.is_part()), (200, 200, false));
    assert_eq!(drawn(&one, LessonsOf::Offers, 1_000, 7).1, DrawnLessons::default());
    // A draw of many is no worse spread than chance makes it.
    let even = named.iter().filter(|(id, _)| id[1..].parse::<u32>().unwrap().is_multiple_of(2)).count();
    assert!((18..=42).contains(&even), "{even}");
}

#[test]
fn what_was_drawn_from_a_log_stands_for_more() {
    for (id, weight) in drawn(&store(0..100), LessonsOf::All, 1_000, 7).0 {
        let expected = if id[1..].parse::<u32>().unwrap().is_multiple_of(5) { 10.0 } else { 1.0 };
        assert!((weight - expected).abs() < 1e-9, "{id}: {weight}");
    }
}

#[test]
fn a_rating_or_an_answer_that_is_another_by_now_is_a_new_signal() {
    use crate::domain::{Offer, OfferStatus, OutcomeSource};
    let store = store(0..0);
    let put = |score: f64, status: OfferStatus| {
        let (id, shown_at, value, currency, meta) = (None, None, None, None, serde_json::Map::new());
        let turns = vec![Turn::new(Role::User, "where is it"), Turn::new(Role::Bot, "On its way. A cabin?")];
        let mut c = Conversation::new("shop", "c", turns);
        (c.outcome, c.outcome_source) = (Some(Outcome::Resolved), Some(OutcomeSource::Explicit));
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
        c.csat = Some(Csat { score, max: 5.0, comment: None, at: None });
        c.offers = vec![Offer { id, name: "cabin".into(), turn: Some(1), status, shown_at, value, currency, meta }];
        let hash = format!("{c:?}").into_bytes();
        store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut None)).unwrap();
    };
    let new = |learner| store.learning_signals(learner).unwrap() - store.last_look(learner).unwrap().unwrap();
    let (sentiment, offers) = (LearnerKind::Sentiment, LearnerKind::Offers);
    put(4.0, OfferStatus::Declined);
    for learner in [sentiment, offers] {
        store.note_look(learner, store.learning_signals(learner).unwrap(), None).unwrap();
    }
    put(4.0, OfferStatus::Shown);
    assert_eq!((new(sentiment), new(offers)), (0, 0), "what has no end is no other answer");
    put(1.0, OfferStatus::Declined);
    assert_eq!((new(sentiment), new(offers)), (1, 0));
    put(1.0, OfferStatus::Accepted);
    assert_eq!((new(sentiment), new(offers)), (1, 1));
}

#[test]
fn one_at_a_time_learns_and_a_killed_one_holds_nobody_up_for_long() {
    let mut store = store(0..3);
    let (kind, other) = (LearnerKind::Sentiment, LearnerKind::Offers);
    assert!(store.claim_learning(kind, NOW).unwrap());
    assert!(!store.claim_learning(kind, NOW.plus(60_000)).unwrap(), "somebody is at it");
    assert!(store.claim_learning(other, NOW).unwrap(), "the other learner is free");
    store.learning_done(kind).unwrap();
    assert!(store.claim_learning(kind, NOW.plus(61_000)).unwrap());
    assert!(!store.claim_learning(kind, NOW.plus(120_000)).unwrap());
    assert!(store.claim_learning(kind, NOW.plus(61_000 + 120_000)).unwrap(), "whoever took it is gone");
    // No process has this number: whoever noted it was killed.
    let killed = format!("{} {}", NOW.0, i32::MAX);
    let noted = "INSERT OR REPLACE INTO setting(key, value) VALUES ('learning:sentiment', ?)";
    store.conn.execute(noted, [killed]).unwrap();
    assert_eq!(store.claim_learning(kind, NOW.plus(1)).unwrap(), cfg!(unix));
    store.conn.execute(noted, [NOW.0.to_string()]).unwrap();
    assert!(!store.claim_learning(kind, NOW.plus(1)).unwrap(), "as programs of before noted it");
}

#[test]
fn a_release_goes_live_only_where_that_is_live_which_it_was_judged_beside() {
    let mut store = store(0..3);
    let new = |store: &Store, n: u8, beside: Option<ReleaseId>| LearnedRelease {
        parent: beside,
        recipe: "learns offers",
        seed: 7,
        trained_on: 1,
        train_seconds: 0.0,
        artefact: vec![n],
        look: u64::from(n),
        verdict: crate::domain::Verdict::Better,
        read: n.to_string(),
        noted: HowLearned::Answers(Box::new(AnswersNote {
            origin: NotedOrigin {
                known: store.last_decision().unwrap(),
                conversations: ConversationId(3),
                without: Vec::new(),
                made_with: "this".to_owned(),
                inputs: Inputs::new(),
                held_out: Vec::new(),
            },
            report: LearnedAnswers::found(0.6, 0.7, crate::domain::Verdict::Better),
        })),
        taken_back: None,
        go_live: Some((BY_ITSELF, "better".to_owned())),
    };
    let made = |store: &mut Store, n: u8, beside: Option<ReleaseId>| {
        let new = new(store, n, beside);
        store.add_learned("maria", NOW, &new).unwrap().unwrap()
    };
    // Stored and live with one commit: killed between two it would stay a candidate, and the same would never be looked at again.
    let a = made(&mut store, 1, None);
    assert_eq!((a.is_live, store.live().unwrap()), (true, Some(a.id)));
    assert_eq!(store.judged_by("learns offers", "1").unwrap(), Some(a.id));
    let decisions = store.last_decision().unwrap();
    // Somebody promoted `a` while `b` was judged beside nothing.
    let b = made(&mut store, 2, None);
    assert!(!b.is_live);
    assert_eq!((store.live().unwrap(), store.last_decision().unwrap()), (Some(a.id), decisions), "nothing was decided");
    assert_eq!(store.judged_by("learns offers", "2").unwrap(), None, "a look at the same is one again");
    let c = made(&mut store, 3, Some(a.id));
    assert_eq!((c.is_live, store.live().unwrap()), (true, Some(c.id)));
    let last = store.live_history().unwrap().pop().unwrap();
    assert_eq!((last.release, last.by.as_str()), (c.id, "appraise"));
    // Somebody took it back while the next was being learnt beside what is live again.
    let next = new(&store, 4, Some(a.id));
    store.set_live("maria", NOW, a.id, "too pushy").unwrap();
    assert_eq!(store.add_learned("maria", NOW, &next).unwrap(), None, "it is decided anew whether it goes live");
    let taken_back = store.taken_back(LearnerKind::Offers).unwrap();
    assert_eq!(taken_back.as_ref().map(|back| back.release), Some(c.id));
    let waits = LearnedRelease { taken_back, go_live: None, ..next };
    assert!(!store.add_learned("maria", NOW, &waits).unwrap().unwrap().is_live);
    assert_eq!(store.live().unwrap(), Some(a.id));
}

#[test]
fn thumbs_on_every_row_count_where_they_say_how_somebody_felt() {
    let store = store(0..0);
    let turn =
        |role, text: &str| Turn { feedback: Some(Feedback { score: 1, comment: None }), ..Turn::new(role, text) };
    let said = [
        (Role::User, "where is it"),
        (Role::Bot, "One moment."),
        (Role::Bot, "On its way."),
        (Role::User, "thank you"),
        (Role::Bot, "Bye."),
    ];
    let mut c = Conversation::new("shop", "a", said.map(|(role, text)| turn(role, text)).to_vec());
    c.outcome = Some(Outcome::Resolved);
    store.immediate("test", |s| s.put(&c, b"a", NOW, OnDuplicate::Update, &mut None)).unwrap();
    // Of five thumbs one is of the answer before something that the customer says.
    assert_eq!(store.learning_signals(LearnerKind::Sentiment).unwrap(), 1);
    // It begins where as many as it takes to judge by are there nine times of ten.
    assert_eq!([0.0, 0.2, 0.5].map(|share| LearnerKind::Sentiment.first_look(share)), [200, 294, 200]);
    assert_eq!(LearnerKind::Offers.first_look(0.2), 200);
}
