//! Signals by keys.

use super::support::harness::{NOW, Stage, failures};
use super::support::prelude::*;
use crate::domain::{
    Conversation, Csat, Offer, OfferStatus, OffersBy, Outcome, Rate, ReleaseId, SilentReporter, Timestamp,
};
use crate::jobs::learners::{LearnRequest, feel, learn};
use crate::learn::offers::OfferLift;
use crate::store::{LearnerKind, OfferChances};
use crate::tui::state::msg::JobMsg;
use crate::tui::state::work::{Background, JobProgress, LearntWords};

pub(super) const DAY: i64 = 86_400_000;

/// Half of them are let down; who writes in the app takes the offer.
pub(super) fn talks(n: u32) -> Vec<Conversation> {
    let mut out = failures(n);
    for (i, c) in out.iter_mut().enumerate() {
        let happy = i % 2 == 0;
        let app = i % 3 == 0;
        if let Some(last) = c.turns.iter_mut().rev().find(|t| t.role == crate::domain::Role::User) {
            last.text = if happy { "great, perfect, thank you" } else { "this is useless and wrong" }.to_owned();
        }
        c.customer_id = Some(format!("u{i}"));
        c.channel = Some(if app { "app" } else { "web" }.to_owned());
        c.outcome = Some(if happy { Outcome::Resolved } else { Outcome::Failed });
        c.ended_at = Some(Timestamp(NOW.0 - (i as i64 % 60) * DAY));
        c.csat =
            (i % 3 != 1).then_some(Csat { score: if happy { 5.0 } else { 1.0 }, max: 5.0, comment: None, at: None });
        let status = match i % 7 {
            0 => OfferStatus::Ignored,
            1 => OfferStatus::Shown,
            _ if app => OfferStatus::Accepted,
            _ => OfferStatus::Declined,
        };
        let name = if i % 2 == 0 { "Sea view, \"best\"" } else { "Shuttle" }.to_owned();
        let (id, shown_at, value, currency, meta) = (None, None, None, None, serde_json::Map::new());
        c.offers = vec![Offer { id, name, turn: Some(1), status, shown_at, value, currency, meta }];
    }
    out
}

pub(super) fn learnt() -> Stage {
    learnt_of(&talks(600))
}

pub(super) fn learnt_of(talks: &[Conversation]) -> Stage {
    let mut stage = Stage::with_test_groups(talks, &["order_status"]);
    let request = LearnRequest { reviewer: "maria", now: NOW, seed: 7 };
    for learner in LearnerKind::UNASKED {
        learn(&mut stage.store, learner, &request, &SilentReporter).unwrap();
    }
    let made = stage.store.newest_learned(LearnerKind::Sentiment).unwrap().unwrap().release;
    if stage.store.live().unwrap() != Some(made) {
        stage.store.set_live("maria", NOW, made, "a start").unwrap();
    }
    feel(&mut stage.store, &SilentReporter).unwrap();
    stage.store.catch_up().unwrap();
    stage.press("6");
    stage
}

#[test]
fn every_week_and_every_offer_opens_exactly_what_it_counts() {
    let mut stage = learnt();
    let page = stage.app.signals.page.ready().unwrap().clone();
    assert!(page.weeks.len() >= 4 && page.weeks.iter().any(|w| w.bad.num > 0), "{:?}", page.weeks);
    let all = page.weeks.iter().fold((0, 0), |(num, den), w| (num + w.bad.num, den + w.bad.den));
    let crate::store::LetDown { rated, labelled, read, given, ends, rated_then } = page.apart.unwrap();
    let sum = |of: fn(&Rate) -> u64| [rated, labelled, read].iter().map(of).sum::<u64>();
    assert_eq!((sum(|r| r.num), sum(|r| r.den)), all, "who rated, who was labelled, and who was read");
    assert!(rated.den > read.den && read.den > 0, "two of three rated: {rated:?} {read:?}");
    let crate::store::KnownEnds::Known(ends) = ends else { panic!("{ends:?}") };
    assert!(ends.bad.n > 0 && ends.bad.n + ends.others.n <= rated.den, "test groups teach nothing: {ends:?} {rated:?}");
    assert_eq!(
        (given.n, rated_then),
        (read.den, None),
        "no rating has changed, and each of the others is given a chance"
    );
    for back in 0..page.weeks.len() {
        stage.press("6 s end");
        for _ in 0..back {
            stage.press("up");
        }
        let week = stage.app.signals.week().unwrap().clone();
        assert_eq!(week, page.weeks[page.weeks.len() - 1 - back]);
        stage.press("enter");
        assert_eq!((stage.app.tab, stage.app.queue.count), (ScreenTab::Queue, Some(week.bad.num)), "{}", week.query);
    }
    let mut opened = 0;
    for by in [OffersBy::Offer, OffersBy::Channel, OffersBy::Language, OffersBy::Intent] {
        stage.press("6 o");
        while stage.app.signals.by != by {
            stage.press("v");
        }
        for at in 0..stage.app.signals.page.ready().map_or(0, |p| p.lines.len()) {
            stage.press("6 home");
            for _ in 0..at {
                stage.press("down");
            }
            let line = stage.app.signals.offer().unwrap().clone();
            assert_eq!(line.shown, line.accepted.den + line.open);
            assert_eq!(line.accepted.den, line.accepted.num + line.declined + line.ignored);
            stage.press("enter");
            assert_eq!(stage.app.queue.count, Some(line.shown), "{by:?}: {}", line.query);
            for (what, n) in [
                ("accepted", line.accepted.num),
                ("declined", line.declined),
                ("ignored", line.ignored),
                ("open_offer", line.open),
            ] {
                let query = line.query.replace("offered:", &format!("{what}:"));
                stage.send_effect(crate::tui::state::effect::Effect::Go(crate::tui::state::effect::GoTo::Queue(query)));
                assert_eq!(stage.app.queue.count, Some(n), "{what}: {}", line.query);
            }
            opened += 1;
        }
    }
    assert!(opened >= 6, "{opened}");
    // A star is whatever was offered.
    let count = |query: &str| stage.store.queue_count(&crate::domain::Query::parse(query).unwrap(), NOW).unwrap();
    let named = r#"offered:"Sea view, \"best\"",Shuttle test:shown"#;
    for key in ["offered", "accepted", "declined"] {
        let named = count(&named.replace("offered", key));
        assert_eq!((count(&format!("{key}:* test:shown")), named > 0), (named, true), "{key}");
    }
    // Who takes it more often, and what that counts.
    stage.press("6 o home");
    while stage.app.signals.by != OffersBy::Offer {
        stage.press("v");
    }
    let line = stage.app.signals.offer().unwrap().clone();
    let crate::store::MoreOften::Where { what, rate, .. } = &line.more else { panic!("{line:?}") };
    assert!(what == "channel app" || what.starts_with("intent "), "{what}");
    stage.press("m");
    assert_eq!(stage.app.queue.count, Some(rate.num));
}

#[test]
fn on_a_tall_screen_the_trend_has_the_rows_that_offers_leave() {
    let mut stage = learnt();
    stage.size = (200, 60);
    let text = stage.draw();
    let head = text.lines().position(|l| l.contains("answered  accepted")).unwrap();
    assert!(head > 40, "{text}");
    assert!(text.lines().skip(head).any(|l| l.contains("Shuttle")), "{text}");
}

#[test]
fn weeks_go_as_the_line_has_them() {
    let mut stage = learnt();
    let all: Vec<_> = stage.app.signals.page.ready().unwrap().weeks.iter().map(|w| w.monday).collect();
    let mut at = |key: &str| stage.press(key).app.signals.week().unwrap().monday;
    let (first, last) = (all[0], all[all.len() - 1]);
    assert_eq!((at("s"), at("right"), at("left"), at("left")), (last, last, all[all.len() - 2], all[all.len() - 3]));
    assert_eq!((at("home"), at("left"), at("up"), at("down"), at("end")), (first, first, first, all[1], last));
    stage.size = (120, 36);
    assert!(stage.draw().contains("← week"), "{}", stage.draw());
    assert!(!stage.press("o").draw().contains("← week"), "offers have no weeks");
}

#[test]
fn it_says_how_well_it_tells_and_folds_on_a_small_screen() {
    let mut stage = learnt();
    for (size, both) in [((80, 24), false), ((120, 36), true), ((200, 60), true)] {
        stage.size = size;
        stage.press("s");
        let text = stage.draw();
        assert!(
            text.contains("Rated or read as let down, of 100 customers") && text.contains("How well does it tell?"),
            "{text}"
        );
        assert!(text.contains("looks again") && text.contains("after 200 new signals (0 so far)"), "{text}");
        let v = stage.app.signals.page.ready().and_then(|page| page.feel.learnt_by).unwrap().0;
        let reads = [format!(", as v{v} reads all weeks"), format!(", says v{v}")];
        assert!(reads.iter().any(|by| text.contains(by)), "the weeks have a reader: {text}");
        assert_eq!(text.contains("declined  ignored"), both, "{text}");
        stage.press("o");
        assert!(stage.draw().contains("declined  ignored"), "{}", stage.draw());
    }
    stage.press("i");
    assert!(stage.draw().contains("log loss"), "{}", stage.draw());
}

#[test]
fn a_week_that_has_only_begun_is_no_point_of_the_line() {
    let mut all = talks(600);
    for c in &mut all {
        c.ended_at = c.ended_at.map(|t| Timestamp(t.0 - 8 * DAY));
        c.started_at = c.ended_at;
        c.turns.iter_mut().for_each(|t| t.at = None);
    }
    // Two alone in the newest week, and let down.
    for at in [1, 3] {
        all[at].ended_at = Some(NOW);
        all[at].started_at = Some(NOW);
    }
    let mut stage = learnt_of(&all);
    let newest = stage.app.signals.page.ready().unwrap().weeks.last().unwrap().bad;
    assert!((1..10).contains(&newest.den), "{:?}", stage.app.signals.page.ready().unwrap().weeks);
    stage.size = (120, 36);
    let text = stage.draw();
    assert!(text.contains(&format!("{} of {}", newest.num, newest.den)) && !text.contains("100 ┤"), "{text}");
    let text = stage.press("o").draw();
    assert!(!text.contains("100 of 100 let down"), "{text}");
}

#[test]
fn the_mark_of_a_week_leaves_the_months_to_be_read() {
    let mut stage = learnt();
    stage.size = (80, 24);
    let weeks = stage.app.signals.page.ready().unwrap().weeks.len();
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let months = |text: &str| {
        let line = text.lines().rev().find(|l| l.contains('▴')).unwrap_or_default().to_owned();
        names.iter().filter(|m| line.contains(*m)).count()
    };
    let all: Vec<usize> = (0..weeks)
        .map(|back| {
            stage.press("s end");
            for _ in 0..back {
                stage.press("left");
            }
            months(&stage.draw())
        })
        .collect();
    let most = all.iter().max().copied().unwrap_or(0);
    assert!(most > 0 && all[1..].iter().all(|&n| n == most), "{all:?}: {}", stage.draw());
}

#[test]
fn learning_is_started_stopped_and_told_and_what_is_missing_is_a_sentence() {
    let mut stage = Stage::new(&failures(10), &[]);
    let text = stage.press("6").draw();
    assert!(text.contains("there is no number to show") && text.contains("it is learning now"), "{text}");
    stage.send(Msg::Job(JobMsg::Learnt(Ok(Vec::new()))));
    let text = stage.draw();
    assert!(text.contains("there is no number to show") && text.contains("begins by itself at 200"), "{text}");
    assert!(text.contains("No finished conversation holds an offer") || stage.size.1 < 30, "{text}");
    stage.press("enter");
    assert_eq!(stage.app.tab, ScreenTab::Signals);
    stage.press("p");
    assert!(stage.toast().contains("no candidate"), "{}", stage.toast());
    stage.app.shared.learning = Background::Idle;
    stage.press("t");
    assert!(stage.press("t").toast().contains("learning already"), "{}", stage.toast());
    assert!(stage.app.shared.learning.progress().is_some(), "a second t neither stops it nor begins another");
    assert!(stage.press("c").toast().contains("stopping"), "{}", stage.toast());
    let progress = JobProgress { stage: "train".into(), done: 1, total: 2, ..JobProgress::default() };
    stage.send(Msg::Job(JobMsg::Learning(progress)));
    for size in [stage.size, (80, 24)] {
        let before = std::mem::replace(&mut stage.size, size);
        let text = stage.draw();
        stage.size = before;
        assert!(text.contains(" 50 % …") && text.contains("c stops") && !text.contains("from the labels"), "{text}");
    }
    let progress = JobProgress { stage: "offers, 2 of 2".into(), done: 1, total: 2, ..JobProgress::default() };
    stage.send(Msg::Job(JobMsg::Learning(progress)));
    for size in [(80, 24), (120, 36)] {
        let before = std::mem::replace(&mut stage.size, size);
        let text = stage.draw();
        stage.size = before;
        assert!(text.contains("offers, 2 of 2, 50 % …  c stops"), "it begins anew, and says as which: {text}");
    }
    let said = LearntWords { says: "12 turns are there; 188 more are needed.".into(), promoted: false };
    stage.send(Msg::Job(JobMsg::Learnt(Ok(vec![said]))));
    assert!(stage.toast().contains("188 more"), "{}", stage.toast());
    assert_eq!(stage.app.shared.learning, Background::Idle);
    let live = LearntWords { says: "v14 went live by itself: sentiment, judged better".into(), promoted: true };
    stage.send(Msg::Job(JobMsg::Learnt(Ok(vec![live]))));
    stage.size = (80, 24);
    assert!(stage.draw().contains("judged better (6 shows it)"), "whole on the smallest screen: {}", stage.draw());
    assert!(stage.app.shared.looked_for_signals, "once a start");
    stage.press("down");
    assert!(stage.draw().contains("went live by itself"), "whoever was typing has not read it yet");
    let shown = stage.app.shared.toasts.shown().unwrap().id;
    stage.send(Msg::Expire(shown));
    assert!(stage.draw().contains("went live by itself"), "time alone takes it away from nobody");
    stage.press("down");
    assert!(!stage.draw().contains("went live by itself"), "{}", stage.draw());
}

#[test]
fn what_went_live_stands_above_what_was_decided_where_both_have_no_room() {
    let mut stage = Stage::new(&failures(3), &[]);
    let said = "#8191: sailing_times, missed intent, and the others of the same customer are left for later";
    stage.app.shared.toasts.decide(said.to_owned(), false, stage.app.tab);
    let live = LearntWords { says: "v14 went live by itself: sentiment, judged better".into(), promoted: true };
    stage.send(Msg::Job(JobMsg::Learnt(Ok(vec![live]))));
    for (size, lines) in [((120, 36), 2), ((200, 60), 1)] {
        stage.size = size;
        let text = stage.draw();
        let at =
            |words: &str| text.lines().position(|l| l.contains(words)).unwrap_or_else(|| panic!("{words}: {text}"));
        let (live, decided) = (at("judged better (6 shows it)"), at(said));
        assert_eq!(decided - live + 1, lines, "{text}");
        assert!(text.lines().nth(decided).unwrap().contains("u takes it back"), "{text}");
    }
}

#[test]
fn a_late_word_of_a_screen_that_was_left_is_not_said_elsewhere() {
    let mut stage = Stage::new(&failures(3), &[]);
    stage.press("g 2");
    let ask = stage.app.queue.mark_all();
    let page = crate::store::Page { rows: stage.app.queue.window.rows().to_vec(), ..Default::default() };
    let QueueRequest::MarkAll(_, _, generation) = ask else { panic!("{ask:?}") };
    stage.press("g 6");
    stage.send(Msg::answer(QueueAnswer::MarkAll(Ok(page), generation)));
    assert_eq!(stage.app.queue.marks.len(), 3);
    assert!(!stage.toast().contains("are marked"), "{}", stage.toast());
}

#[test]
fn a_chart_that_is_drawn_of_a_part_says_so() {
    let mut stage = learnt();
    assert!(!stage.draw().contains("conversations are read"), "{}", stage.draw());
    let Some(page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    let done = crate::store::FeltSoFar { read: 600, all: 600, before: 0 };
    assert_eq!((page.so_far, done.words(|n| n.to_string())), (done, None));
    let whole = format!("v{}", page.feel.learnt_by.unwrap().0);
    for (before, says) in [(0, "are read"), (5_200, "; others count as read before"), (5_000, "; 5,000 others count")] {
        let so_far = crate::store::FeltSoFar { read: 3_200, all: 8_400, before };
        let part = crate::store::SignalsPage { so_far, ..*page.clone() };
        assert_eq!(part.change(), None);
        stage.app.signals.page = StoreRead::Ready(Box::new(part));
        for size in [(80, 24), (120, 36), (200, 60)] {
            stage.size = size;
            let text = stage.press("s").draw();
            assert!(text.contains("so far 3,200 of 8,400 conversations are read"), "{text}");
            let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(size.0 < 200 || words.contains(says), "{says}: {text}");
            let heading = text.lines().find(|line| line.contains("Rated or read as let down")).unwrap();
            assert!(
                heading.contains("by week") && !heading.contains(&whole),
                "not all is what one release reads: {text}"
            );
        }
    }
}

#[test]
fn an_interval_stands_beside_the_number_that_it_is_of() {
    let mut stage = learnt();
    stage.size = (200, 60);
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    let expected = crate::domain::ExpectedYes { all: 900, all_yes: 180, expected: 300, expected_yes: 111, worth: None };
    page.offers.expected = Some((ReleaseId(7), expected));
    page.chances = Some(OfferChances::Told(OfferLift { mean: 0.052, lo: 0.031, hi: 0.073, n: 900 }));
    stage.app.signals.page = StoreRead::Ready(page.clone());
    let text = stage.press("o").draw();
    assert!(text.contains("v7 (not live) expects a yes"), "{text}");
    assert!(
        text.contains("111 of these 300 were accepted, 37 of 100 [32, 43]; of all 900 it was 180, 20 of 100"),
        "{text}"
    );
    assert!(text.contains("its log loss is 0.052 [0.031, 0.073] below that of the rate"), "{text}");
    stage.size = (80, 24);
    let text = stage.draw();
    assert!(text.contains("37 of 100 [32, 43]") && text.contains("300 of the 900 newest"), "{text}");
    // Why nothing is told stands on every screen, too.
    (page.chances, page.offers.expected) = (Some(OfferChances::TooGood), None);
    stage.app.signals.page = StoreRead::Ready(page);
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.draw();
        assert!(text.contains("No single offer's chance is told by what is live: it is too good to be true"), "{text}");
    }
}

#[test]
fn what_was_learned_for_nothing_is_one_sentence() {
    use crate::domain::{LearnedReport, Verdict};
    let mut stage = learnt();
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    let nothing = |report: &mut LearnedReport| {
        (report.verdict, report.before.auc, report.after.auc) = (Verdict::CannotTell, 0.5, 0.5);
    };
    for known in [&mut page.feel, &mut page.offers] {
        known.newest.iter_mut().for_each(|row| nothing(&mut row.report));
    }
    let n = page.feel.newest.as_ref().unwrap().report.after.n;
    stage.app.signals.page = StoreRead::Ready(page);
    stage.size = (200, 60);
    let text = stage.draw();
    for says in ["always saying the most frequent (", &format!("of {n} rated")] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let of_offers = stage.press("o").draw();
    let most = ["most frequent (accepted: ", "most frequent (not accepted: "];
    assert!(most.iter().any(|says| of_offers.contains(says)), "{of_offers}");
    assert!(!text.contains("How well does it tell?") && !text.contains("tells apart"), "{text}");
    assert!(text.contains("Nothing better is learnt yet"), "it is live, and reads the weeks: {text}");
}

#[test]
fn where_nothing_is_left_to_promote_p_says_so() {
    let mut stage = learnt();
    let base = stage.store.live().unwrap();
    stage.size = (200, 60);
    // What was better went live by itself, and somebody put the one before back.
    stage.press("o");
    assert!(stage.draw().contains("was live and no longer is: nothing that is live has learnt"), "{}", stage.draw());
    stage.press("p");
    assert!(stage.toast().contains("there is no candidate"), "{}", stage.toast());
    assert_eq!(stage.store.live().unwrap(), base);
    // What has just gone live is not what u takes back.
    stage.app.shared.went_live = true;
    let steps = stage.store.last_decision().unwrap();
    stage.press("u");
    assert!(stage.toast().contains("rolled back on Fine-tune"), "{}", stage.toast());
    assert_eq!(stage.store.last_decision().unwrap(), steps);
}

#[test]
fn a_share_of_offers_says_of_what_it_is() {
    let mut all = talks(3);
    for (c, status) in all.iter_mut().zip([OfferStatus::Accepted, OfferStatus::Declined, OfferStatus::Shown]) {
        (c.offers[0].name, c.offers[0].status) = ("Shuttle".to_owned(), status);
    }
    let mut stage = Stage::new(&all, &["order_status"]);
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("6 o").draw();
        assert!(text.contains("Shuttle: 1 of 2 answered accepted; 1 shown without an end"), "{text}");
    }
}

#[test]
fn with_too_little_or_nothing_to_tell_apart_there_is_a_sentence_and_no_number() {
    let says = |change: fn(usize, &mut Conversation), n: u32, key: &str| {
        let mut all = talks(n);
        all.iter_mut().enumerate().for_each(|(i, c)| change(i, c));
        let mut stage = Stage::with_test_groups(&all, &["order_status"]);
        let request = LearnRequest { reviewer: "maria", now: NOW, seed: 7 };
        for learner in LearnerKind::UNASKED {
            learn(&mut stage.store, learner, &request, &SilentReporter).unwrap();
        }
        stage.size = (120, 36);
        stage.press("6").press(key).draw()
    };
    let none: fn(usize, &mut Conversation) = |_, c| {
        c.csat = None;
        c.offers.clear();
    };
    for (what, key, text) in [
        ("ten rows", "s", says(|_, _| {}, 10, "s")),
        ("no rating", "s", says(none, 600, "s")),
        ("no offer", "o", says(none, 600, "o")),
    ] {
        assert!(text.contains("Nothing is learnt yet"), "{what}: {text}");
        assert!(text.contains("more") || text.contains(" answers are needed (about "), "{what} by {key}: {text}");
        assert!(!text.contains("% with") && !text.contains("How well does it tell"), "{what}: {text}");
    }
    let constant = says(|_, c| c.csat = Some(Csat { score: 5.0, max: 5.0, comment: None, at: None }), 600, "s");
    assert!(constant.contains("ratings is bad"), "{constant}");
    let all_yes = says(|_, c| c.offers[0].status = OfferStatus::Accepted, 600, "o");
    assert!(all_yes.contains("answered offers were accepted: there is nothing"), "{all_yes}");
}

#[test]
fn why_there_are_no_weeks_is_told() {
    use crate::store::{KnownOf, SignalsPage};
    let mut stage = learnt();
    stage.size = (120, 36);
    let Some(page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    let none = SignalsPage { weeks: Vec::new(), apart: None, survey: None, ..*page };
    let untold = KnownOf { is_live: false, candidate: None, ..none.feel.clone() };
    for (page, says) in [
        (SignalsPage { timeless: true, ..none.clone() }, "the log has no times"),
        (SignalsPage { by_ratings: true, logs_sentiment: true, feel: untold, ..none }, "a sentiment of its own"),
    ] {
        stage.app.signals.page = StoreRead::Ready(Box::new(page));
        let text = stage.draw();
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn a_candidate_can_be_promoted_unless_it_is_worse_and_why_it_waits_is_told() {
    use crate::domain::Verdict;
    let mut stage = learnt();
    stage.size = (120, 36);
    for (verdict, offered, better) in
        [(Verdict::CannotTell, true, false), (Verdict::Worse, false, false), (Verdict::Better, true, true)]
    {
        let Some(page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
        let mut page = page;
        for known in [&mut page.feel, &mut page.offers] {
            known.candidate = known.newest.as_ref().map(|row| row.release);
            if let Some(row) = &mut known.newest {
                row.report.verdict = verdict;
                row.report.held_back = (!better).then(|| "its chances are far off".to_owned());
            }
        }
        (page.by_ratings, page.feel.is_live) = (true, false);
        stage.app.signals.page = crate::tui::state::shared::StoreRead::Ready(page);
        let text = stage.draw();
        assert_eq!(text.contains("p promote"), offered, "{verdict:?}: {text}");
        assert_eq!(text.contains("once p"), better, "{verdict:?}: {text}");
        let why = text.contains("cannot tell yet: its chances are far off");
        assert_eq!(why, verdict == Verdict::CannotTell, "{verdict:?}: {text}");
    }
}

#[test]
fn a_leak_has_no_verdict_and_is_promoted_only_over_a_refusal() {
    use crate::domain::{LearnedReport, Verdict};
    let mut stage = learnt();
    stage.size = (80, 24);
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    page.offers.candidate = page.offers.newest.as_ref().map(|row| row.release);
    if let Some(row) = &mut page.offers.newest {
        (row.report.verdict, row.report.after.auc) = (Verdict::CannotTell, 0.999);
        row.report.held_back = Some(LearnedReport::TOO_GOOD.to_owned());
    }
    (page.chances, page.offers.expected) = (Some(OfferChances::TooGood), None);
    stage.app.signals.page = StoreRead::Ready(page);
    let text = stage.press("o").draw();
    assert_eq!(text.matches("nearly every").count(), 1, "where to look stands once: {text}");
    assert!(text.contains("no verdict: it is too good") && !text.contains("cannot tell yet"), "{text}");
    assert!(!text.contains("p promote"), "{text}");
    let text = stage.press("p").draw();
    assert!(text.contains("--override") && text.contains("Live it would tell"), "{text}");
}
