//! What is learnt without labels: what goes live beside it, and what it tells where little is told.

use super::judged::Judged;
use super::report::{Became, Run, keep_with};
use super::tests::{NOW, live, made, put, request, store as offered, talk};
use super::{LearnReport, OfferSituation, feel_at_once, learn_offers, learn_sentiment, offer_features, offers_at};
use crate::base::rng::mix;
use crate::domain::{
    Conversation, ConversationId, Csat, Gate, LearnedAnswers, LearnedReport, OfferStatus, Query, ReleaseId, Responses,
    SilentReporter, Verdict,
};
use crate::jobs::tests::{load, log, options, store};
use crate::jobs::{
    JobError, LearnedBeside, LearnedFound, Responder, TrainingStart, compare, finetune, learned_beside, offers_said,
    promote, rollback,
};
use crate::learn::offers::OfferRules;
use crate::store::{
    AnswersNote, FeltSoFar, HowLearned, Inputs, LearnerKind, LessonsOf, LiveLearned, NotedOrigin, OfferChances, Store,
};

/// A release that tells of offers alone goes live, or stays a candidate.
fn look_at_offers(store: &mut Store, judged: Judged) -> (i64, Option<String>) {
    look(store, LearnerKind::Offers, judged)
}

/// A look that changes nothing but what is noted of it.
fn look(store: &mut Store, learner: LearnerKind, judged: Judged) -> (i64, Option<String>) {
    let noted = NotedOrigin {
        known: store.last_decision().unwrap(),
        conversations: ConversationId(1_200),
        without: Vec::new(),
        made_with: "this".to_owned(),
        inputs: Inputs::new(),
        held_out: Vec::new(),
    };
    let run = Run {
        recipe: learner.recipe(),
        beside: store.live().unwrap(),
        judged,
        refused: Vec::new(),
        read: "offers".to_owned(),
        trained_on: 300,
        seconds: 0.1,
        noted: HowLearned::Answers(Box::new(AnswersNote {
            origin: noted,
            report: LearnedAnswers::found(0.6, 0.7, Verdict::Better),
        })),
    };
    match keep_with(store, &request(), run, |_, _| Ok(()), |_| ()).unwrap() {
        Became::Kept(kept) => (kept.release.0, kept.held_back),
        Became::NothingNew(says) => panic!("{says:?}"),
    }
}

#[test]
fn intents_that_were_compared_with_the_log_go_live_where_only_offers_are() {
    let mut store = store();
    load(&mut store, &log(1200));
    let judged = Judged { delta: 0.1, ci95: [0.05, 0.15], p: 0.0005, doubt: None };
    let (offers, held_back) = look_at_offers(&mut store, judged);
    assert_eq!((store.live().unwrap().map(|r| r.0), held_back), (Some(offers), None));
    // It tells no intents, so nothing waits for what it would say of them: the screen would renew guesses for ever.
    assert_eq!((store.predicting().unwrap(), store.is_stale().unwrap()), (None, false));
    let first = finetune(&mut store, &options(TrainingStart::Scratch), &SilentReporter).unwrap();
    assert_eq!((first.before_release, first.verdict, first.gate), (None, Verdict::Better, Gate::Pass));
    let second = finetune(&mut store, &options(TrainingStart::Scratch), &SilentReporter).unwrap();
    promote(&mut store, "maria", NOW, first.release, "", false).unwrap();
    assert_eq!(store.live().unwrap(), Some(first.release));
    let refused = promote(&mut store, "maria", NOW, second.release, "again", false).unwrap_err();
    assert!(matches!(&refused, JobError::Gate(why) if why.contains("compared with the log")), "{refused}");
}

#[test]
fn a_gain_that_no_chance_shows_goes_not_live_by_itself() {
    let mut store = store();
    load(&mut store, &log(40));
    let judged = Judged { delta: 0.000_02, ci95: [0.000_01, 0.000_03], p: 1e-6, doubt: None };
    let (_, held_back) = look_at_offers(&mut store, judged);
    assert_eq!(store.live().unwrap(), None);
    assert!(held_back.as_deref().is_some_and(|why| why.contains("too little")), "{held_back:?}");
}

#[test]
fn a_chance_of_which_little_is_told_is_not_drawn_to_one_half() {
    let mut store = store();
    // Of ten seats seven are taken, of ten bags two, whatever else is so.
    let offered = |i: u32| {
        let mut c = talk(i);
        let is_seat = mix(u64::from(i)).is_multiple_of(2);
        let (name, of_ten) = if is_seat { ("Seat", 7) } else { ("Bag", 2) };
        c.offers[0].name = name.to_owned();
        let yes = mix(u64::from(i) + 10_000) % 10 < of_ten;
        c.offers[0].status = if yes { OfferStatus::Accepted } else { OfferStatus::Declined };
        c
    };
    put(&mut store, (0..880).map(offered));
    let cut = store.learning_cut().unwrap();
    let (model, _) = offers_at(&store, &cut, OfferRules::default(), 7, &SilentReporter).unwrap();
    let alone = |name| OfferSituation { name, turn: 1, ..OfferSituation::default() };
    let [seat, bag] = ["Seat", "Bag"].map(|name| model.chance(&offer_features(&alone(name))));
    assert!(seat - bag > 0.38, "of the name alone they are {seat:.3} and {bag:.3}");
}

/// Who took it does not, and the other way round.
fn turned(i: u32) -> Conversation {
    let mut c = talk(i);
    c.offers[0].status = match c.offers[0].status {
        OfferStatus::Accepted => OfferStatus::Declined,
        _ => OfferStatus::Accepted,
    };
    c
}

/// What the screen tells of chances, and what a question is told.
fn tells(store: &Store) -> [bool; 2] {
    let mut responder = Responder::new(store, None);
    responder.ready().unwrap();
    let asked = offer_features(&OfferSituation { name: "Seat upgrade", channel: "app", ..OfferSituation::default() });
    let chances = store.live_learned().unwrap().offers;
    [chances.is_some_and(OfferChances::are_told), responder.propensities(&[asked])[0].is_some()]
}

#[test]
fn a_chance_is_told_only_while_what_is_live_does_better_than_the_rate_of_what_it_has_not_seen() {
    let mut store = offered(0..800);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(first.promoted && tells(&store) == [true; 2], "{first:?}");
    put(&mut store, (800..860).map(turned));
    made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert_eq!(tells(&store), [false; 2], "the world has turned over");
    put(&mut store, (1_000..1_400).map(talk));
    made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert_eq!(tells(&store), [true; 2], "it is as it was");
}

#[test]
fn what_a_person_took_back_goes_live_again_only_by_a_person() {
    let mut store = offered(0..800);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(first.promoted, "{first:?}");
    let chance = Judged { delta: 0.0, ci95: [-0.1, 0.1], p: 0.9, doubt: None };
    let (carries, _) = look(&mut store, LearnerKind::Sentiment, chance);
    assert_eq!(rollback(&mut store, "maria", NOW, "too pushy", None).unwrap(), None);
    assert_eq!((store.live().unwrap(), store.live_learned().unwrap()), (None, LiveLearned::default()));
    assert!(rollback(&mut store, "maria", NOW, "again", None).is_err(), "nothing is live");
    put(&mut store, (800..900).map(talk));
    let second = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    let why = second.report.held_back.clone().unwrap_or_default();
    assert!(second.report.verdict == Verdict::Better && !second.promoted, "{second:?}");
    assert!(why.contains("maria took back v1's offers"), "{why}");
    let (_, kept) = store.learned(second.release).unwrap().unwrap();
    assert_eq!((kept.report.held_back, store.live().unwrap()), (Some(why), None), "the screen can say it");
    // What else was learnt beside it leaves it out.
    let carries = ReleaseId(carries);
    assert!(store.learned_sections(carries).unwrap().offers.is_some());
    let says = promote(&mut store, "maria", NOW, carries, "it was", false).unwrap().unwrap();
    assert!(says.starts_with("its offers are left out"), "{says}");
    let left =
        [store.learned_sections(carries).unwrap().offers.is_some(), store.release(carries).unwrap().parent.is_some()];
    assert_eq!(left, [false; 2]);
    promote(&mut store, "maria", NOW, second.release, "", false).unwrap();
    assert_eq!((store.live().unwrap(), store.taken_back(LearnerKind::Offers).unwrap()), (Some(second.release), None));
    let (_, kept) = store.learned(second.release).unwrap().unwrap();
    assert_eq!(kept.report.held_back, None, "it waits no longer");
    assert_eq!(rollback(&mut store, "maria", NOW, "no", None).unwrap(), Some(carries), "and taken back again");
}

#[test]
fn an_offer_that_nobody_can_place_is_told_no_chance() {
    let mut store = offered(0..800);
    assert!(made(learn_offers(&mut store, &request(), &SilentReporter).unwrap()).promoted);
    let mut responder = Responder::new(&store, None);
    let reply = responder.answer("hello", 1).unwrap();
    let asked = serde_json::json!({"text": "hello", "offers": [
        {"name": "Seat upgrade"},
        {"id": "Moon trip", "channel": "app"},
        {"channel": "app"},
        {},
        {"id": "Moon trip"},
        {"name": "Moon trip", "intent": "fly", "channel": "rocket", "lang": "xx"},
    ]});
    let said = offers_said(&responder, &reply, &asked).unwrap().unwrap();
    let told: Vec<bool> = said.iter().map(|s| s.propensity.is_some() && s.lo.is_some() && s.hi.is_some()).collect();
    assert_eq!(told, [true, true, false, false, false, false], "{said:?}");
    assert!(said[2..].iter().all(|s| s.propensity.is_none() && s.lo.is_none() && s.hi.is_none()), "{said:?}");
}

#[test]
fn what_could_be_learnt_and_is_live_is_no_look() {
    let mut store = offered(0..800);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(first.promoted, "{first:?}");
    let cut = store.learning_cut().unwrap();
    let lessons = store.drawn_lessons(LessonsOf::Offers, &cut, 10_000, 7).unwrap().rows;
    let of_tests: Vec<ConversationId> = lessons.iter().filter(|l| l.is_test).map(|l| l.conversation).take(60).collect();
    let customers: Vec<Option<String>> =
        of_tests.iter().map(|id| store.conversation(*id).unwrap().customer_id.clone()).collect();
    put(&mut store, (800..860).zip(customers).map(|(i, customer_id)| Conversation { customer_id, ..talk(i) }));
    let releases = store.releases().unwrap().len();
    let LearnReport::TooLittle { says, .. } = learn_offers(&mut store, &request(), &SilentReporter).unwrap() else {
        panic!("test groups teach nobody")
    };
    assert!(says.contains("nothing to compare") && says.contains("no look is spent"), "{says}");
    let looks = store.learned_looks(LearnerKind::Offers.recipe()).unwrap();
    assert_eq!((store.releases().unwrap().len(), looks), (releases, 1));
}

#[test]
fn what_nobody_could_foresee_goes_not_live_by_itself() {
    let mut store = offered(0..0);
    let leaks = |i: u32| {
        let mut c = talk(i);
        let yes = c.channel.as_deref() == Some("app");
        c.offers[0].status = if yes { OfferStatus::Accepted } else { OfferStatus::Declined };
        c
    };
    put(&mut store, (0..800).map(leaks));
    let run = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert!(!run.promoted && run.report.verdict == Verdict::CannotTell, "{run:?}");
    assert!(run.report.held_back.as_deref().is_some_and(|why| why.contains("too good to be true")), "{run:?}");
    let (_, kept) = store.learned(run.release).unwrap().unwrap();
    assert_eq!(kept.report.held_back, run.report.held_back, "the screen can say it");
    assert_eq!(kept.report.expected, None, "nobody would take every offer");
    // Somebody makes it live all the same: it tells no chance, nor does what carries it on.
    let refused = promote(&mut store, "maria", NOW, run.release, "we like it", false).unwrap_err().to_string();
    assert!(refused.contains("its name, channel") && refused.contains("`--override` with a reason"), "{refused}");
    promote(&mut store, "maria", NOW, run.release, "we like it", true).unwrap();
    assert_eq!(store.live_learned().unwrap().offers, Some(OfferChances::TooGood));
    assert_eq!(tells(&store), [false; 2]);
    let feels = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap());
    if !feels.promoted {
        promote(&mut store, "maria", NOW, feels.release, "a start", true).unwrap();
    }
    assert!(store.live().unwrap() == Some(feels.release) && tells(&store) == [false; 2]);
    let asked = offer_features(&OfferSituation { name: "Seat upgrade", channel: "app", ..OfferSituation::default() });
    let mut fixed = Responder::new(&store, Some(run.release));
    fixed.ready().unwrap();
    assert_eq!(fixed.propensities(&[asked]), [None], "nor does the release itself where it is asked by its number");
}

#[test]
fn what_is_dated_years_ahead_is_not_late() {
    let mut store = offered(0..800);
    let ahead = |i: u32| {
        let mut c = talk(i);
        let at = c.ended_at.map(|at| at.plus(1_800 * 86_400_000));
        (c.started_at, c.ended_at) = (at, at);
        c
    };
    put(&mut store, (800..1_000).map(ahead));
    let run = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap());
    assert_eq!(run.report.expected.map(|e| e.all), Some(160), "a fifth of the 800 that lie behind");
}

#[test]
fn what_customers_rate_is_known_at_once_and_the_rest_once_it_is_read() {
    let mut store = offered(0..800);
    let found = |store: &Store, query: &str| store.queue_count(&Query::parse(query).unwrap(), NOW).unwrap();
    // Nothing reads how customers feel: nothing is left to read, and ratings alone are none of it.
    assert_eq!((store.left_to_feel().unwrap(), found(&store, "sentiment>=-1")), (0, 0));
    let LearnReport::Made(run) = learn_sentiment(&mut store, &request(), &SilentReporter).unwrap() else {
        panic!("nothing is learnt")
    };
    if !run.promoted {
        promote(&mut store, "maria", NOW, run.release, "a start", true).unwrap();
    }
    assert_eq!(store.felt_so_far().unwrap(), FeltSoFar { read: 0, all: 800, before: 0 });
    assert!(feel_at_once(&mut store, &SilentReporter).unwrap().is_done());
    let bad = found(&store, "sentiment<0");
    assert_eq!(found(&store, "sentiment>=-1"), 800);
    // Every second one of what comes in is rated, one that was rated good is rated bad now.
    let rated_anew = talk(2);
    assert!(rated_anew.csat.as_ref().is_some_and(|c| c.score > 4.0));
    let changed = Conversation { csat: rated_anew.csat.map(|c| Csat { score: 1.0, ..c }), ..talk(2) };
    put(&mut store, (800..900).map(talk).chain([changed]));
    assert_eq!((store.left_to_feel().unwrap(), found(&store, "sentiment>=-1")), (50, 850));
    let rated_bad = (800..900).filter(|i| i % 6 == 0).count() as u64;
    assert_eq!(found(&store, "sentiment<0"), bad + rated_bad + 1);
    let mismatches = found(&store, "is:mismatch");
    assert!(feel_at_once(&mut store, &SilentReporter).unwrap().is_done());
    assert_eq!(found(&store, "sentiment>=-1"), 900);
    assert!(found(&store, "is:mismatch") >= mismatches);
    // What another release has read counts until it is read anew, and is told as what it is.
    store.keep_felt(Some(1), &[(ConversationId(1), None)]).unwrap();
    assert_eq!(store.felt_so_far().unwrap(), FeltSoFar { read: 899, all: 900, before: 1 });
    assert!(feel_at_once(&mut store, &SilentReporter).unwrap().is_done());
}

fn beside(store: &Store, before: Option<ReleaseId>, after: ReleaseId) -> Vec<LearnedBeside> {
    learned_beside(store, before, after, &Responses::default(), &request(), &SilentReporter).unwrap()
}

fn signals(one: &LearnedBeside) -> &LearnedReport {
    match &one.judged {
        Some(LearnedFound::Signals(found)) => found,
        other => panic!("{other:?}, {:?}", one.says),
    }
}

#[test]
fn two_releases_are_judged_beside_each_other_on_what_taught_neither_whatever_they_come_from() {
    let mut store = offered(0..800);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap()).release;
    put(&mut store, (800..900).map(talk));
    let feels = made(learn_sentiment(&mut store, &request(), &SilentReporter).unwrap()).release;
    let second = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap()).release;
    let looks = |store: &Store| LearnerKind::UNASKED.map(|l| store.learned_looks(l.recipe()).unwrap());
    let (before, releases) = (looks(&store), store.releases().unwrap().len());
    let of = |a, b| {
        let all = beside(&store, a, b);
        let offers = all.iter().find(|one| one.learner == "offers").expect("offers differ");
        (offers.is_new, offers.is_gone, signals(offers).clone())
    };
    let (is_new, is_gone, alone) = of(None, first);
    assert!(is_new && !is_gone && alone.verdict == Verdict::Better, "{alone:?}");
    let (is_new, _, later) = of(Some(first), second);
    assert!(!is_new && later.before == alone.after, "the earlier one's own figures, on the same: {later:?}");
    let (.., back) = of(Some(second), first);
    assert_eq!((back.delta, &back.before, &back.after), (-later.delta, &later.after, &later.before));
    let felt = beside(&store, Some(feels), first);
    let felt = felt.iter().find(|one| one.learner == "sentiment").expect("the first has none");
    let even = (signals(felt).after.auc - 0.5).abs() < 1e-9;
    assert!(felt.is_gone && even && felt.learned_for.is_none(), "{felt:?}");
    assert_eq!(beside(&store, Some(first), first), []);
    assert_eq!((looks(&store), store.releases().unwrap().len()), (before, releases), "no look, and nothing is made");
}

#[test]
fn where_all_who_judge_say_the_same_nothing_is_judged_and_a_sentence_says_so() {
    let mut store = offered(0..800);
    let first = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap()).release;
    let declined = |i: u32| {
        let mut c = talk(i);
        c.offers[0].status = OfferStatus::Declined;
        c
    };
    put(&mut store, (0..800).map(declined));
    let found = beside(&store, None, first);
    assert!(found.len() == 1 && found[0].judged.is_none(), "{found:?}");
    assert!(found[0].says.as_deref().is_some_and(|says| says.contains("nothing to tell apart")), "{found:?}");
}

#[test]
fn the_same_intents_cost_no_look_and_are_said_to_be_the_same() {
    let mut store = offered(0..800);
    let intents = live(&mut store);
    let learned = made(learn_offers(&mut store, &request(), &SilentReporter).unwrap()).release;
    let looks = |store: &Store| store.gold_versions().unwrap()[0].looks;
    let before = looks(&store);
    let same = compare(&mut store, "maria", NOW, Some(intents), learned, &SilentReporter).unwrap();
    assert!(same.same_intents && same.gate == Gate::Pass && before > 0, "{before}");
    assert_eq!((same.looks, looks(&store)), (before, before));
    let trained = store.release(intents).unwrap().trained_on;
    assert_eq!(same.trained_on, trained, "the examples of the intents, not of the offers");
    let log = compare(&mut store, "maria", NOW, None, learned, &SilentReporter).unwrap();
    assert!(!log.same_intents && log.trained_on == trained);
    assert_eq!((log.looks, looks(&store)), (before + 1, before + 1));
}
