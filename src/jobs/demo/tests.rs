//! The demo: earned, repeatable, believable.

use super::company::Lang;
use super::dice::Dice;
use super::words::fill;
use super::*;
use crate::domain::time::DAY;
use crate::domain::{Cause, Rate, Role, SilentReporter, Zone};
use crate::learn::judge::leakage;
use crate::store::{CycleRow, Founding, SegmentBy, StoreStats};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A Sunday noon.
const UNTIL: Timestamp = Timestamp(1_795_348_800_000);

fn store() -> Store {
    Store::in_memory(Founding { seed: 7, test_share: 0.2, now: UNTIL }).unwrap()
}

fn options(weeks: u32, per_week: u32, promote: bool) -> DemoOptions {
    DemoOptions { weeks, per_week, until: UNTIL, seed: 7, lang: None, promote }
}

/// Resolution rate of the first and of the last four calendar weeks.
fn ends(stats: &StoreStats) -> [Rate; 2] {
    let sum = |weeks: &[crate::store::Segment]| {
        Rate::new(weeks.iter().map(|w| w.outcomes.resolved).sum(), weeks.iter().map(|w| w.n).sum())
    };
    let all = &stats.segments;
    [sum(&all[..4]), sum(&all[all.len() - 4..])]
}

fn understood(weeks: &[TrueWeek]) -> f64 {
    weeks.iter().map(|w| w.understood).sum::<u64>() as f64 / weeks.iter().map(|w| w.asked).sum::<u64>() as f64
}

fn figures(report: &DemoReport, stats: &StoreStats) {
    for (i, t) in report.truth.iter().enumerate() {
        let share = |n: u64| n as f64 / t.asked as f64;
        println!("week {:2}: understood {:.3}, resolved {:.3}", i + 1, share(t.understood), share(t.resolved));
    }
    for p in &stats.accuracy {
        println!("v{} {} sealed {:.3} of {}", p.release.0, p.week, p.accuracy, p.n);
    }
    println!("{:?} {:?}", report.labelled, stats.all);
}

/// No customer is answered in another language where there is an answer in theirs.
fn in_their_language(store: &Store) {
    use crate::jobs::Responder;
    use crate::text::language::{answered_in, asked_in, will_do};
    let table = store.artefact(store.live().unwrap().unwrap()).unwrap().responses;
    let mut responder = Responder::new(store, None);
    let (mut asked, mut greek) = (0, 0);
    for n in (1..8_400).step_by(17) {
        let c = store.conversation(crate::domain::ConversationId(n)).unwrap();
        let Some(turn) = c.turns.iter().find(|t| t.role == Role::User) else { continue };
        // As it is asked when it is served: nobody says what language it is in.
        let theirs = asked_in(&turn.text, None);
        let reply = responder.answer(&turn.text, 1).unwrap();
        let (Some(said), Some(intent)) = (reply.response, reply.intent) else { continue };
        let intent = store.find_intent(&intent).unwrap().unwrap();
        (asked, greek) = (asked + 1, greek + usize::from(theirs == "el"));
        let will = will_do(&answered_in(&said, None), &theirs);
        assert!(will || !table.speaks(intent, &theirs), "{}: {said}", turn.text);
    }
    assert!(asked > 250 && greek > 80 && greek < asked - 80, "{greek} of {asked}");
    let spoken = |lang| table.iter().filter(|(_, s)| s.lang == lang).count();
    assert!(spoken("el") > 15 && spoken("en") > 15, "{} {}", spoken("el"), spoken("en"));
}

#[test]
fn the_trend_is_earned() {
    let mut store = store();
    let report = build(&mut store, &options(26, 300, true), &SilentReporter).unwrap();
    assert_eq!((report.conversations, report.weeks, report.releases), (8_400, 26, 13));
    let stats = store.figures().stats(None, SegmentBy::Week, None, UNTIL).unwrap();
    figures(&report, &stats);
    in_their_language(&store);
    let [first, last] = ends(&stats);
    assert!(last.lo > first.hi + 0.08, "{first:?} {last:?}");
    let (begun, now) = (stats.accuracy.first().unwrap(), stats.accuracy.last().unwrap());
    assert!(now.accuracy > begun.accuracy + 0.08, "{begun:?} {now:?}");
    let (first, last) = (understood(&report.truth[..4]), understood(&report.truth[22..]));
    assert!(first < 0.82 && last > first + 0.08, "{first} {last}");

    // Who reviewed was wrong in one label of twenty, give or take.
    let wrong = Rate::new(report.labelled.wrong, report.labelled.given);
    assert!(report.labelled.given > 850 && wrong.lo < 0.05 && wrong.hi > 0.05 && wrong.hi < 0.08, "{wrong:?}");
    believable(&store, &stats);
    the_last_week_waits(&store);
    let overview = store.figures().frame().unwrap();
    assert!(overview.gold.0 >= 150 && overview.gold.1 >= 150, "{:?}", overview.gold);
}

/// Outcomes, causes, languages, offers, ratings, returns: all of them occur.
fn believable(store: &Store, stats: &StoreStats) {
    let o = stats.all.outcomes;
    assert!([o.resolved, o.escalated, o.failed, o.abandoned].iter().all(|&n| n > 300), "{o:?}");
    assert_eq!((stats.excluded.unknown, stats.excluded.no_ai), (0, 600), "{:?}", stats.excluded);
    // Greek is understood from the first day: few fallbacks are left.
    for (rate, least) in [("csat_response", 0.02), ("fallback", 0.003), ("reopen", 0.02)] {
        let value = stats.all.rates[rate].value().unwrap();
        assert!((least..0.40).contains(&value), "{rate} {value}");
    }
    let segments = |by| store.figures().stats(None, by, None, UNTIL).unwrap().segments;
    let causes: Vec<String> = segments(SegmentBy::Cause).into_iter().map(|s| s.name).collect();
    assert!(Cause::ALL.iter().all(|c| causes.iter().any(|n| n == c.name())), "{causes:?}");
    let greek =
        segments(SegmentBy::Language).into_iter().find(|s| s.name == "el").unwrap().n as f64 / stats.all.n as f64;
    assert!((0.30..0.50).contains(&greek), "{greek}");
    assert!(segments(SegmentBy::Intent).len() >= 30 && segments(SegmentBy::Channel).len() == 4);
    assert!(store.releases().unwrap().iter().any(|r| r.state == "rejected"), "not every candidate passes");
    let audited = store.gold_versions().unwrap();
    assert_eq!(audited.len(), 2, "{audited:?}");
}

/// No cycle is open, the newest week is unreviewed and carries the live release's predictions.
fn the_last_week_waits(store: &Store) {
    assert_eq!((store.open_cycle_row().unwrap(), store.stale().unwrap()), (None, 0));
    let cycles = store.cycles().unwrap();
    assert_eq!(cycles.len(), 25);
    let began = |c: &CycleRow| Zone::default().iso_week(c.opened_at);
    assert!(
        cycles.iter().all(|c| c.name == began(c)),
        "a cycle has the name of the week in which it began: {cycles:?}"
    );
    let week = crate::domain::Query::parse("since:6d").unwrap();
    let rows = store
        .queue_page(&week, crate::domain::QueueOrder::NEWEST, crate::store::PageStart::Start, 1_000, UNTIL)
        .unwrap()
        .rows;
    assert!(rows.len() > 200 && rows.iter().all(|r| r.reviewer.is_none() && r.suggested.is_some()));
    assert!(rows.iter().all(|r| r.at.is_some_and(|at| at <= UNTIL)));
}

#[test]
fn without_promotions_nothing_rises() {
    let mut store = store();
    let report = build(&mut store, &options(26, 300, false), &SilentReporter).unwrap();
    let stats = store.figures().stats(None, SegmentBy::Week, None, UNTIL).unwrap();
    figures(&report, &stats);
    let [first, last] = ends(&stats);
    assert!(first.lo < last.hi && last.lo < first.hi, "{first:?} {last:?}");
    assert!((understood(&report.truth[..4]) - understood(&report.truth[22..])).abs() < 0.06);
    assert_eq!((report.releases, stats.accuracy.len()), (1, 1));
    assert_eq!(store.cycles().unwrap().len(), 25, "reviewed all the same");
}

/// Everything that a seed decides, as text.
fn traces(seed: u64) -> (Vec<String>, Vec<String>) {
    let mut store = store();
    build(&mut store, &DemoOptions { seed, ..options(5, 60, true) }, &SilentReporter).unwrap();
    let n = store.figures().frame().unwrap().conversations as i64;
    let mut said: Vec<String> = Vec::new();
    for id in (1..=n).map(ConversationId) {
        said.push(serde_json::to_string(&store.conversation(id).unwrap()).unwrap());
        said.extend(store.history(id).unwrap().iter().map(|d| format!("{} {} {:?}", d.at.0, d.reviewer, d.after)));
    }
    (said, store.releases().unwrap().into_iter().map(|r| r.sha256).collect())
}

#[test]
fn a_seed_gives_one_demo() {
    let first = traces(7);
    assert!(first.0.len() > 900 && first.1.len() == 3);
    assert!(first == traces(7));
    assert!(first.1 != traces(8).1);
}

#[test]
fn test_customers_have_wordings_of_their_own() {
    let company = Company::load().unwrap();
    assert!(company.matters.iter().filter(|m| m.weight > 0.0).count() >= 30);
    let (mut known, mut texts) = (BTreeSet::new(), [Vec::new(), Vec::new()]);
    for matter in &company.matters {
        for lang in [Lang::En, Lang::El] {
            let [train, test] = [false, true].map(|test| matter.families(lang, test));
            assert!(train.len() >= 2 && test.len() >= 2 && train.len() + test.len() >= 4, "{}", matter.name);
            assert!(matter.weight == 0.0 || train.len() >= 3, "{}", matter.name);
            for (i, family) in train.iter().chain(test).enumerate() {
                assert!(known.insert(family.clone()), "a family of {} occurs twice: {family}", matter.name);
                let mut dice = Dice::part(1, known.len() as u64);
                for _ in 0..6 {
                    let text = fill(family, &company, lang, UNTIL, &mut dice);
                    assert!(!text.contains(['[', ']', '{', '}', '|']), "{text}");
                    texts[usize::from(i >= train.len())].push(text);
                }
            }
        }
    }
    let [train, test] = texts.map(|t| t.into_iter().collect::<BTreeSet<_>>());
    let [train, test] = [&train, &test].map(|t| t.iter().map(String::as_str).collect::<Vec<_>>());
    let repeats = leakage::repeats(&test, &train, None).into_iter().filter(|&r| r).count();
    assert!(repeats * 100 < train.len(), "{repeats} of {} repeat a test text", train.len());
}

#[test]
fn offers_notes_and_answers_name_what_there_is() {
    let company = Company::load().unwrap();
    for name in company.offers.iter().flat_map(|o| &o.after) {
        assert!(company.matter(name).is_some(), "{name}");
    }
    for m in &company.matters {
        for lang in [Lang::En, Lang::El] {
            assert_eq!(m.tool.is_some(), !m.found(lang).is_empty(), "{}", m.name);
            assert_eq!(m.fault.is_some() || m.better_from > 0, !m.better(lang).is_empty(), "{}", m.name);
            assert_eq!(m.tool.is_none() && m.known, !m.answer(lang).is_empty(), "{}", m.name);
        }
    }
}

#[test]
fn a_demo_can_be_in_one_language() {
    let mut store = store();
    let one = DemoOptions { lang: Some(DemoLang::En), ..options(2, 40, true) };
    build(&mut store, &one, &SilentReporter).unwrap();
    for id in (601..=680).map(ConversationId) {
        let c = store.conversation(id).unwrap();
        let greek = |text: &str| text.chars().any(|c| ('α'..='ω').contains(&c));
        assert!(c.lang.as_deref() == Some("en") && !c.turns.iter().any(|t| greek(&t.text)), "{c:?}");
    }
}

#[test]
fn a_demo_is_reused_and_other_data_refused() {
    let mut demo = store();
    let first = build(&mut demo, &options(2, 30, true), &SilentReporter).unwrap();
    assert_eq!((first.conversations, first.weeks, first.releases), (660, 2, 1));
    let again = build(&mut demo, &options(26, 300, true), &SilentReporter).unwrap();
    assert_eq!((again.conversations, again.weeks, again.releases), (660, 2, 1));
    let mut own = store();
    own.add_examples("maria", UNTIL, "file", &[("where is it".to_owned(), "tracking".to_owned())]).unwrap();
    let refused = build(&mut own, &options(2, 30, true), &SilentReporter).unwrap_err().to_string();
    assert!(refused.contains("data of its own"), "{refused}");
    assert!(own.is_empty().unwrap());
}

/// Cancels at the n-th report, and keeps the stages.
struct Impatient(AtomicU64, u64, Mutex<Vec<String>>);

impl Reporter for Impatient {
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        assert!(done <= total);
        let mut stages = self.2.lock().unwrap();
        if stages.last().is_none_or(|s| s != stage) {
            stages.push(stage.to_owned());
        }
        if self.0.fetch_add(1, Ordering::SeqCst) >= self.1 { Err(Cancelled) } else { Ok(()) }
    }
}

#[test]
fn progress_is_told_and_a_stopped_demo_says_so() {
    let told = Impatient(AtomicU64::new(0), u64::MAX, Mutex::default());
    build(&mut store(), &options(3, 30, true), &told).unwrap();
    let stages = told.2.into_inner().unwrap();
    assert_eq!(
        stages,
        ["launch", "week 1 of 3", "week 2 of 3", "week 3 of 3", "renew predictions", "search", "patterns"]
    );
    let mut half = store();
    let impatient = Impatient(AtomicU64::new(0), 4, Mutex::default());
    assert!(matches!(build(&mut half, &options(3, 30, true), &impatient), Err(JobError::Cancelled)));
    let refused = build(&mut half, &options(3, 30, true), &SilentReporter).unwrap_err().to_string();
    assert!(refused.contains("delete the file"), "{refused}");
    assert!(build(&mut store(), &options(0, 30, true), &SilentReporter).is_err());
}

#[test]
fn weeks_run_from_monday_and_the_last_ends_now() {
    for days in 0..14 {
        let until = UNTIL.plus(days * DAY);
        let weeks = people::weeks(5, until);
        assert_eq!(weeks.len(), 5);
        for pair in weeks.windows(2) {
            assert_eq!((pair[0].end, pair[0].end.0 - pair[0].start.0), (pair[1].start, 7 * DAY));
            assert_eq!(pair[0].start.utc().format("%a %H").to_string(), "Mon 00");
        }
        let last = weeks[4];
        assert!(last.end == until && (5 * DAY..12 * DAY).contains(&(until.0 - last.start.0)), "{last:?}");
    }
}

#[test]
fn tools_and_people_speak_as_the_format_has_it() {
    let mut store = store();
    build(&mut store, &options(2, 120, true), &SilentReporter).unwrap();
    let mut roles = BTreeSet::new();
    for id in (601..=840).map(ConversationId) {
        let c = store.conversation(id).unwrap();
        roles.extend(c.turns.iter().map(|t| t.role));
        assert!(c.turns.windows(2).all(|t| t[0].at <= t[1].at), "{}", c.id);
        let said = c.turns.iter().filter(|t| t.role == Role::User && !t.payload);
        assert!(said.clone().all(|t| t.intent.is_some() && !t.ranking.is_empty() && t.gold.is_empty()));
        assert!(said.count() >= 1 && c.offers.iter().all(|o| c.turns[o.turn.unwrap() as usize].role == Role::Bot));
    }
    assert_eq!(roles.len(), Role::ALL.len());
}
