//! What learners make of a store, and what becomes of it as a release.

use super::judged::Judged;
use super::report::{Became, Kept, Made, Run, keep, keep_with};
use super::{
    HELD, LearnReport, LearnRequest, LearnerRun, learn_asked, learn_offers, learn_sentiment, learn_what_is_due,
};
use crate::base::progress::{CURVE, Cancelled, Reporter};
use crate::domain::{Conversation, Csat, Offer, OfferStatus, Outcome, Role, SilentReporter, Timestamp, Turn, Verdict};
use crate::domain::{ConversationId, DecisionChange, LearnedAnswers, LearnedReport, ReleaseId};
use crate::jobs::encoders::InstalledEncoders;
use crate::jobs::tests::options;
use crate::jobs::{JobError, TrainingStart, finetune, promote, verify};
use crate::store::{AnswersNote, Founding, HowLearned, Inputs, LearnerKind, NotedOrigin, OnDuplicate, Store};

pub(super) const NOW: Timestamp = Timestamp(1_790_000_000_000);
const DAY: i64 = 86_400_000;

pub(super) fn request() -> LearnRequest<'static> {
    LearnRequest { reviewer: "maria", now: NOW, seed: 7 }
}

/// Who likes it says so, and takes what is offered in the app.
pub(super) fn talk(i: u32) -> Conversation {
    let happy = !i.is_multiple_of(3);
    let app = i.is_multiple_of(2);
    let said = if happy { "great, that is perfect, thank you" } else { "this is useless and wrong" };
    let done = if happy { "All done. A seat upgrade?" } else { "Sorry, I could not find anything. A seat upgrade?" };
    let (asked, intent) = if i.is_multiple_of(2) {
        ("where is my parcel", "order_status")
    } else {
        ("I want my money back", "refund_status")
    };
    // No two ask alike: what repeats a test text is held out of training.
    let word = |k: u64| format!("{:x}", crate::base::rng::mix(u64::from(i) * 8 + k) & 0x00ff_ffff);
    let more: Vec<String> = (0..8).map(word).collect();
    let turns = vec![
        Turn {
            intent: Some(intent.to_owned()),
            gold: vec![intent.to_owned()],
            ..Turn::new(Role::User, format!("{asked} {}", more.join(" ")))
        },
        Turn::new(Role::Bot, done),
        Turn::new(Role::User, said),
    ];
    let mut c = Conversation::new("shop", i.to_string(), turns);
    c.channel = Some(if app { "app" } else { "web" }.to_owned());
    c.customer_id = Some(format!("u{i}"));
    let at = Timestamp(NOW.0 - (900 - i64::from(i)) * DAY / 4);
    (c.started_at, c.ended_at) = (Some(at), Some(at));
    c.outcome = Some(if happy { Outcome::Resolved } else { Outcome::Failed });
    c.csat = (i.is_multiple_of(2)).then_some(Csat {
        score: if happy { 5.0 } else { 1.0 },
        max: 5.0,
        comment: None,
        at: None,
    });
    let yes = if i.is_multiple_of(7) { !app } else { app };
    let status = if yes { OfferStatus::Accepted } else { OfferStatus::Declined };
    let (name, meta) = ("Seat upgrade".to_owned(), serde_json::Map::new());
    c.offers = vec![Offer { id: None, name, turn: Some(1), status, shown_at: None, value: None, currency: None, meta }];
    c
}

pub(super) fn store(order: impl Iterator<Item = u32>) -> Store {
    let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now: NOW }).unwrap();
    put(&mut store, order.map(talk));
    store
}

pub(super) fn put(store: &mut Store, talks: impl Iterator<Item = Conversation>) {
    let mut step = None;
    for c in talks {
        let bytes = serde_json::to_vec(&c).unwrap();
        store.batch(false, |s| s.put(&c, &bytes, NOW, OnDuplicate::Update, &mut step).map(drop)).unwrap();
    }
}

/// A release of the built-in classifier is live.
pub(super) fn live(store: &mut Store) -> ReleaseId {
    let intents = ["order_status", "refund_status"].map(|name| store.intent(name).unwrap());
    for i in 0..200u32 {
        let said = store.conversation(ConversationId(i64::from(i) + 1)).unwrap();
        let intent = intents[said.id.parse::<usize>().unwrap() % 2];
        let key = said.turns[0].key;
        store
            .decide("maria", NOW, &[DecisionChange::intents(ConversationId(i64::from(i) + 1), key, &[intent])])
            .unwrap();
    }
    let run = finetune(store, &options(TrainingStart::Scratch), &SilentReporter).unwrap();
    promote(store, "maria", NOW, run.release, "a start", true).unwrap();
    run.release
}

pub(super) fn made(report: LearnReport) -> LearnerRun {
    match report {
        LearnReport::Made(run) => *run,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_order_of_imports_changes_no_byte() {
    let (mut one, mut other) = (store(0..800), store((0..800).rev()));
    for learn in [learn_offers, learn_sentiment] {
        let [a, b] = [&mut one, &mut other].map(|s| {
            let run = made(learn(s, &request(), &SilentReporter).unwrap());
            (s.release(run.release).unwrap().sha256, s.learned(run.release).unwrap().unwrap().1.inputs, run.report)
        });
        assert_eq!(a, b);
        // Of sentiment each point has the labels that were there by a day, the oldest first.
        let days = &a.2.label_days;
        assert!(days.len() == a.2.by_labels.len() && days.is_sorted(), "{days:?}");
        assert!(a.2.after.macro_f1.is_none() || days.first() < days.last(), "{days:?}");
        assert!(a.2.after.n >= 50 && a.2.learned_from.values().any(|n| *n >= 200), "{:?}", a.2);
    }
}

#[test]
fn learning_goes_live_alone_beside_what_is_live_and_is_made_again_byte_for_byte() {
    let mut store = store(0..800);
    let intents = live(&mut store);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(first.promoted && first.report.verdict == Verdict::Better, "{first:?}");
    assert_eq!((store.live().unwrap(), store.predicting().unwrap()), (Some(first.release), Some(intents)));
    let by = store.live_history().unwrap().pop().unwrap().by;
    assert_eq!(by, "appraise");
    let feels = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
    assert!(store.learned_sections(feels.release).unwrap().offers.is_some(), "offers are carried on");
    let encoders = InstalledEncoders::at("/nowhere".into());
    for release in [first.release, feels.release] {
        let found = verify(&store, &encoders, release, &SilentReporter).unwrap();
        assert!(found.reproduced, "{found:?}");
    }
    // What comes later changes nothing; what changes what was read is told.
    put(&mut store, (800..900).map(talk));
    assert!(verify(&store, &encoders, first.release, &SilentReporter).unwrap().reproduced);
    let changed = (0..40).map(talk).map(|mut c| {
        c.offers[0].status = OfferStatus::Ignored;
        c.turns[2].text += " indeed";
        c
    });
    put(&mut store, changed);
    let found = verify(&store, &encoders, first.release, &SilentReporter).unwrap();
    assert!(!found.reproduced && found.differs == ["offers"], "{found:?}");
    assert!(found.why.iter().any(|w| w.starts_with("data changed since: 40 conversations")), "{found:?}");
    let trend = store.figures().stats(None, crate::store::SegmentBy::Week, None, NOW).unwrap().accuracy;
    assert!(trend.iter().all(|p| p.release == intents), "no point in the intents' trend: {trend:?}");
}

#[test]
fn nothing_new_is_no_look_and_no_release() {
    let mut store = store(0..800);
    live(&mut store);
    for learn in [learn_offers, learn_sentiment] {
        let first = made(learn(&mut store, &request(), &SilentReporter).unwrap());
        let releases = store.releases().unwrap().len();
        let LearnReport::TooLittle { says, .. } = learn(&mut store, &request(), &SilentReporter).unwrap() else {
            panic!("a look at nothing new")
        };
        assert!(says.contains(&format!("nothing new since v{}", first.release.0)), "{says}");
        assert_eq!(store.releases().unwrap().len(), releases);
        // What a person took back is not brought back by itself.
        if first.promoted {
            let parent = store.release(first.release).unwrap().parent.unwrap();
            store.set_live("maria", NOW, parent, "back").unwrap();
            let again = learn(&mut store, &request(), &SilentReporter).unwrap();
            assert!(matches!(again, LearnReport::TooLittle { .. }), "{again:?}");
        }
    }
    put(&mut store, (800..860).map(talk));
    let again = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert_eq!(again.report.looks, 2, "what came since is a look");
}

/// Somebody who leaves as soon as something is being learnt.
struct Leaving;

impl Reporter for Leaving {
    fn step(&self, stage: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        if stage.ends_with("1 of 2") { Err(Cancelled) } else { Ok(()) }
    }
}

/// Keeps the stages that it hears of.
#[derive(Default)]
struct Told(std::sync::Mutex<Vec<String>>);

impl Reporter for Told {
    fn step(&self, stage: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        self.0.lock().unwrap().push(stage.to_owned());
        Ok(())
    }
}

#[test]
fn a_look_that_is_broken_off_is_made_at_the_next_start() {
    let mut store = store(0..800);
    assert!(matches!(learn_what_is_due(&mut store, NOW, 7, &Leaving), Err(JobError::Cancelled)));
    assert_eq!(store.last_look(LearnerKind::Sentiment).unwrap(), None);
    // Killed it gives nothing back, and the next start waits for whoever may still be at it.
    let kind = LearnerKind::Sentiment;
    assert!(store.claim_learning(kind, NOW.plus(-119_000)).unwrap());
    let told = Told::default();
    let made = learn_what_is_due(&mut store, NOW, 7, &told).unwrap();
    let waits = told.0.lock().unwrap().iter().find(|stage| stage.starts_with(HELD)).cloned().unwrap_or_default();
    assert!(waits.contains("tried again at ") && waits.ends_with("(in 1 minute)"), "{waits}");
    for says in ["sentiment, 1 of 2, reading", "sentiment, 1 of 2", "offers, 2 of 2"] {
        assert!(told.0.lock().unwrap().iter().any(|stage| stage == says), "{says}");
    }
    assert_eq!(made.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), LearnerKind::UNASKED);
    assert!(learn_what_is_due(&mut store, NOW, 7, &SilentReporter).unwrap().is_empty(), "nothing is due");
}

/// Keeps how far each stage was.
#[derive(Default)]
struct Bar(std::sync::Mutex<Vec<(String, u64, u64)>>);

impl Reporter for Bar {
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        self.0.lock().unwrap().push((stage.to_owned(), done, total));
        Ok(())
    }
}

#[test]
fn models_on_parts_of_the_labels_are_a_stage_that_moves_and_ends() {
    let (mut store, bar) = (store(0..800), Bar::default());
    made(learn_sentiment(&mut store, &request(), &bar).unwrap());
    let said = bar.0.into_inner().unwrap();
    let curve: Vec<(u64, u64)> = said.iter().filter(|s| s.0 == CURVE).map(|s| (s.1, s.2)).collect();
    let of = curve.first().unwrap().1;
    assert!(of > 1 && (0..=of).all(|done| curve.contains(&(done, of))), "{curve:?}");
}

#[test]
fn of_two_at_once_the_second_overrules_nobody_and_the_same_is_made_once() {
    let mut store = store(0..800);
    let intents = live(&mut store);
    let noted = NotedOrigin {
        known: store.last_decision().unwrap(),
        conversations: ConversationId(800),
        without: Vec::new(),
        made_with: "this".to_owned(),
        inputs: Inputs::new(),
        held_out: Vec::new(),
    };
    let run = |p, read: &str| Run {
        recipe: "learns offers",
        beside: Some(intents),
        judged: Judged { delta: 0.1, ci95: [0.05, 0.15], p, doubt: None },
        refused: Vec::new(),
        read: read.to_owned(),
        trained_on: 300,
        seconds: 0.1,
        noted: HowLearned::Answers(Box::new(AnswersNote {
            origin: noted.clone(),
            report: LearnedAnswers::found(0.6, 0.7, Verdict::Better),
        })),
    };
    let keep_run = |store: &mut Store, run| keep_with(store, &request(), run, |_, _| Ok(()), |_| ()).unwrap();
    let kept = |became| -> Kept {
        match became {
            Became::Kept(kept) => kept,
            Became::NothingNew(says) => panic!("{says:?}"),
        }
    };
    let first = kept(keep_run(&mut store, run(0.0005, "one")));
    assert_eq!((first.looks, first.held_back), (1, None));
    let twin = keep_run(&mut store, run(0.0005, "one"));
    assert!(
        matches!(&twin, Became::NothingNew(LearnReport::TooLittle { says, .. }) if says.contains("No look is spent"))
    );
    let second = kept(keep_run(&mut store, run(0.0005, "what came meanwhile")));
    assert_eq!((second.looks, second.verdict), (2, Verdict::Better));
    assert!(
        second.held_back.as_deref().is_some_and(|why| why.contains("went live meanwhile")),
        "{:?}",
        second.held_back
    );
    assert_eq!(store.live().unwrap(), Some(first.release));
    let third = kept(keep_run(&mut store, run(0.02, "what came meanwhile")));
    assert_eq!((third.looks, third.verdict), (3, Verdict::CannotTell), "a third look asks for more");
    // However much better it is, what the gate refuses does not go live by itself (rule 39).
    let run =
        Run { beside: Some(first.release), refused: vec!["an answer is a customer's".into()], ..run(1e-9, "refused") };
    let refused = kept(keep_run(&mut store, run));
    assert_eq!((refused.verdict, store.live().unwrap()), (Verdict::Better, Some(first.release)));
    assert_eq!(refused.held_back.as_deref(), Some("the gate refuses it: an answer is a customer's"));
}

#[test]
fn what_the_live_model_learnt_from_judges_nobody() {
    let mut store = store(0..800);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(first.promoted, "{first:?}");
    let same = learn_offers(&mut store, &request(), &SilentReporter).unwrap();
    assert!(matches!(same, LearnReport::TooLittle { .. }), "nothing was live before, and nothing is new: {same:?}");
    put(&mut store, (800..801).map(talk));
    let LearnReport::TooLittle { says, .. } = learn_offers(&mut store, &request(), &SilentReporter).unwrap() else {
        panic!("one answer judges nobody")
    };
    assert!(says.contains("1 answer is new to what is live; 49 more are needed"), "{says}");
    put(&mut store, (801..900).map(talk));
    let later = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert_eq!((later.report.looks, later.report.after.n), (2, 100), "all that came since judges, and that alone");
    // Each part of it is told by what has heard the parts before.
    assert!(later.report.delta != 0.0, "{later:?}");
    let first_judged = later.report.learned_from[LearnedReport::AFTERWARDS];
    assert!((40..100).contains(&first_judged), "what is not of a test group teaches afterwards: {first_judged}");
}

#[test]
fn a_smaller_loss_without_an_order_stays_a_candidate() {
    let mut store = store(0..800);
    let LearnerRun { mut report, .. } = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    report.after.auc = 0.5;
    let made_so = Made {
        learner: LearnerKind::Offers,
        beside: store.live().unwrap(),
        judged: Judged { delta: 0.1, ci95: [0.05, 0.15], p: 0.0002, doubt: None },
        read: "something else".to_owned(),
        trained_on: 300,
        seconds: 0.1,
        cut: store.learning_cut().unwrap(),
        inputs: String::new(),
        signals: 800,
        report,
    };
    let run = made(keep(&mut store, &request(), made_so, |_, _| Ok(()), |_| ()).unwrap());
    assert!(!run.promoted && run.report.verdict == Verdict::CannotTell, "{run:?}");
    assert!(run.report.held_back.as_deref().is_some_and(|why| why.contains("surely tell one customer from another")));
    let kept = store.newest_learned(LearnerKind::Offers).unwrap().unwrap();
    assert_eq!((kept.release, kept.report.held_back), (run.release, run.report.held_back), "the screen says why, too");
}

#[test]
fn calls_for_a_person_in_other_languages_are_told_as_not_read() {
    let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now: NOW }).unwrap();
    put(
        &mut store,
        (0..800).map(|i| {
            let mut c = talk(i);
            c.turns[0].text = format!("我要找人工客服 {i}");
            c.turns[2].text = if i.is_multiple_of(3) { "没有用" } else { "谢谢你" }.to_owned();
            c
        }),
    );
    let run = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
    let says = run.report.unheard(|n| n.to_string()).unwrap();
    assert!(says.contains("English and Greek alone") && says.contains("in other languages"), "{says}");
    for logged in [Some("de"), None] {
        let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now: NOW }).unwrap();
        let german = |i| {
            let mut c = talk(i);
            c.lang = logged.map(str::to_owned);
            c.turns[0].text =
                format!("ich möchte bitte mit einem Mitarbeiter über Rechnung {i} sprechen, nicht mit einer Maschine");
            c.turns[2].text =
                if i.is_multiple_of(3) { "das hilft mir gar nicht" } else { "vielen Dank, sehr gut" }.to_owned();
            c
        };
        put(&mut store, (0..800).map(german));
        let run = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
        assert!(run.report.unheard(|n| n.to_string()).is_some(), "{logged:?}: {:?}", run.report.learned_from);
    }
    // Three in four are short, and no letter tells of them: most of their words stand in no English conversation.
    let turkish = |i: u32| {
        let mut c = talk(i);
        if !i.is_multiple_of(4) {
            c.turns[0].text = format!("fatura istiyorum {i}");
            c.turns[2].text = if i.is_multiple_of(3) { "berbat bir hizmet" } else { "harika oldu" }.to_owned();
        }
        c
    };
    let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now: NOW }).unwrap();
    put(&mut store, (0..800).map(turkish));
    let run = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
    let count = |name: &str| run.report.learned_from[name] as f64;
    let share = count(LearnedReport::UNHEARD) / count(LearnedReport::UNHEARD_OF);
    assert!((0.65..0.85).contains(&share), "{:?}", run.report.learned_from);
    let latin = made(learn_sentiment(&mut self::store(0..800), &request(), &SilentReporter).unwrap());
    assert_eq!(latin.report.unheard(|n| n.to_string()), None);
}

#[test]
fn a_candidate_takes_what_is_not_its_own_from_what_is_live() {
    let mut store = store(0..800);
    live(&mut store);
    // Both look beside the same live release; the second is promoted after the first went live.
    let mut feels = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
    if feels.promoted {
        store.set_live("maria", NOW, store.release(feels.release).unwrap().parent.unwrap(), "back").unwrap();
        put(&mut store, (800..860).map(talk));
        feels = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
        if feels.promoted {
            store.set_live("maria", NOW, store.release(feels.release).unwrap().parent.unwrap(), "back").unwrap();
        }
    }
    let offers = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(offers.promoted);
    let again = promote(&mut store, "maria", NOW, feels.release, "both", false);
    let was_live = store.live_history().unwrap().iter().filter(|s| s.release == feels.release).count() > 1;
    let sections = store.learned_sections(feels.release).unwrap();
    match again {
        Ok(taken) if !was_live && sections.offers.is_some() => {
            assert!(taken.unwrap().contains("offers"), "says what it took");
            assert_eq!(sections.offers, store.learned_sections(offers.release).unwrap().offers);
        }
        Ok(taken) => assert_eq!(taken, None, "what was live goes live again as it was"),
        Err(e) => panic!("{e}"),
    }
    assert_eq!(store.newest_learned(LearnerKind::Offers).unwrap().unwrap().release, offers.release);
}

#[test]
fn what_learned_nothing_goes_live_only_over_the_gate() {
    let mut store = Store::in_memory(Founding { seed: 7, test_share: 0.3, now: NOW }).unwrap();
    let by_chance = |i: u32| {
        let mut c = talk(i);
        let yes = crate::base::rng::mix(u64::from(i)).is_multiple_of(2);
        c.offers[0].status = if yes { OfferStatus::Accepted } else { OfferStatus::Declined };
        c
    };
    put(&mut store, (0..800).map(by_chance));
    let run = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    let refused = promote(&mut store, "maria", NOW, run.release, "we like it", false).unwrap_err();
    assert!(matches!(&refused, JobError::Gate(why) if why.contains("learned nothing better")), "{refused}");
    assert_eq!(store.live().unwrap(), None);
    promote(&mut store, "maria", NOW, run.release, "we like it", true).unwrap();
    assert_eq!(store.live().unwrap(), Some(run.release));
}

#[test]
fn too_little_all_alike_and_contradictory_data_is_a_sentence_and_no_number() {
    let says = |mut s: Store,
                learn: fn(
        &mut Store,
        &LearnRequest<'_>,
        &dyn crate::domain::Reporter,
    ) -> Result<LearnReport, crate::jobs::JobError>| {
        match learn(&mut s, &request(), &SilentReporter).unwrap() {
            LearnReport::TooLittle { says, .. } => says,
            LearnReport::Made(run) => format!("{:?} {}", run.report.verdict, run.promoted),
            LearnReport::Answers(run) => panic!("{run:?}"),
        }
    };
    let none = || Store::in_memory(Founding { seed: 7, test_share: 0.3, now: NOW }).unwrap();
    assert!(says(none(), learn_offers).contains("answers are needed (about 56 of 100 teach"));
    assert!(says(none(), learn_sentiment).contains("About 301 more rated conversations"));
    let few = says(store(0..10), learn_offers);
    for part in ["there to learn from", "kept apart to judge by"] {
        assert!(few.contains(part), "all that is missing is told at once: {few}");
    }
    assert!(few.ends_with("of as many customers, are enough for all of it."), "and one number counts: {few}");
    let mut both = store(0..10);
    let asked = learn_asked(&mut both, LearnerKind::Offers, &request(), &SilentReporter).unwrap();
    assert_eq!(asked.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [LearnerKind::Offers, LearnerKind::Sentiment]);
    let known = LearnerKind::UNASKED.map(|kind| both.last_missing(kind).unwrap().is_some());
    assert_eq!(known, [true, true], "what either lacks stands on the screen");
    assert_eq!(learn_asked(&mut both, LearnerKind::Offers, &request(), &SilentReporter).unwrap().len(), 1);
    assert_eq!(few.matches(" more").count(), 1, "and no other: {few}");
    let few = says(store(0..10), learn_sentiment);
    assert!(few.contains("there to learn from (200 needed).") && few.matches(" more").count() == 1, "{few}");
    let with = |change: fn(&mut Conversation)| {
        let mut s = none();
        put(
            &mut s,
            (0..800).map(|i| {
                let mut c = talk(i);
                change(&mut c);
                c
            }),
        );
        s
    };
    let all_yes = with(|c| c.offers[0].status = OfferStatus::Accepted);
    let alike = says(all_yes, learn_offers);
    assert!(alike.starts_with("All 800 answered offers were accepted") && !alike.contains("needed"), "{alike}");
    let all_no = says(with(|c| c.offers[0].status = OfferStatus::Ignored), learn_offers);
    assert!(all_no.contains("until somebody accepts one") && !all_no.contains("needed"), "{all_no}");
    // More of the same helps nobody, however few there are.
    let few = || (0..10).map(|i| Conversation { csat: None, ..talk(i) });
    let mut taken = none();
    put(
        &mut taken,
        few().map(|mut c| {
            c.offers[0].status = OfferStatus::Accepted;
            c
        }),
    );
    assert!(says(taken, learn_offers).starts_with("All 10 answered offers were accepted"));
    let unrated = with(|c| c.csat = None);
    assert!(says(unrated, learn_sentiment).contains("more ratings are needed"));
    let told_by_log = says(with(|c| (c.csat, c.sentiment) = (None, Some(-0.5))), learn_sentiment);
    assert!(
        told_by_log.contains("more ratings are needed") && told_by_log.ends_with("not learnt from."),
        "{told_by_log}"
    );
    let constant = with(|c| c.csat = Some(Csat { score: 5.0, max: 5.0, comment: None, at: None }));
    let content = says(constant, learn_sentiment);
    assert!(content.starts_with("None of the") && content.contains("until somebody is let down"), "{content}");
    let angry = says(with(|c| c.csat = Some(Csat { score: 1.0, max: 5.0, comment: None, at: None })), learn_sentiment);
    assert!(angry.contains("is good") && !angry.contains("needed"), "{angry}");
    let placeless = says(with(|c| c.offers[0].turn = None), learn_offers);
    assert!(placeless.starts_with("Of 800 answered offers none names the turn"), "{placeless}");
    let unheard = says(with(|c| c.turns.retain(|t| t.role == Role::Bot)), learn_sentiment);
    assert!(unheard.contains("in no conversation a customer writes to the AI"), "{unheard}");
    let contradictory = with(|c| {
        let yes = crate::base::rng::mix(c.id.parse().unwrap()).is_multiple_of(2);
        c.offers[0].status = if yes { OfferStatus::Accepted } else { OfferStatus::Declined };
    });
    assert_eq!(says(contradictory, learn_offers), "CannotTell false");
    // However often a few customers say it, nobody else can be told from them.
    let of_one = says(with(|c| c.customer_id = Some("one".to_owned())), learn_sentiment);
    let whose = "The 400 ratings are of 1 customer, and who teaches does not judge (24 needed).";
    assert!(of_one.contains(whose), "{of_one}");
    let of_one = says(with(|c| c.customer_id = Some("one".to_owned())), learn_offers);
    assert!(of_one.ends_with("are of 1 customer: 7 customers are needed to tell."), "{of_one}");
}
