//! What Signals marks, orders and leaves out.

use super::signals::{DAY, learnt, learnt_of, talks};
use super::support::harness::{NOW, Stage};
use super::support::prelude::*;
use crate::domain::{
    Conversation, Csat, DecisionChange, OfferStatus, Outcome, Query, QueueOrder, Rate, ReleaseId, Role, Timestamp,
};
use crate::store::{FeltSoFar, FeltWeek, KnownEnds, LetDown, PageStart};

#[test]
fn every_week_has_a_mark_of_its_own_also_the_one_that_has_only_begun() {
    let mut all = talks(600);
    // Five are left to the newest week: too few for a point of the line.
    for c in all.iter_mut().step_by(120) {
        c.ended_at = Some(Timestamp(NOW.0 - DAY));
    }
    let mut stage = learnt_of(&all);
    stage.size = (120, 36);
    let mut mark = |key: &str| {
        let text = stage.press(key).draw();
        text.lines().rev().find_map(|line| line.chars().position(|c| c == '▴'))
    };
    let (newest, before) = (mark("s end"), mark("left"));
    assert!(newest.is_some() && before < newest, "{newest:?} {before:?}");
}

#[test]
fn what_has_too_few_answers_stands_below() {
    let mut all = talks(600);
    for (i, c) in all.iter_mut().take(8).enumerate() {
        c.offers[0].name = if i < 3 { "Zoo" } else { "Aquarium" }.to_owned();
        c.offers[0].status = OfferStatus::Accepted;
    }
    let stage = learnt_of(&all);
    let lines = &stage.app.signals.page.ready().unwrap().lines;
    let told: Vec<(&str, bool)> = lines.iter().map(|l| (l.name.as_str(), l.is_ranked())).collect();
    assert_eq!(told[2..], [("Aquarium", false), ("Zoo", false)], "{told:?}");
    assert!(told[..2].iter().all(|l| l.1), "{told:?}");
}

#[test]
fn offers_are_told_to_be_association_and_counted_apart_from_the_bar() {
    let mut stage = learnt();
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("6 o").draw();
        assert!(text.contains("need not be its doing"), "{text}");
    }
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    page.lines[0].accepted = Rate::new(12_522, 31_351);
    (page.lines[0].answered, page.lines[0].customers, page.lines[0].most_of_one) = (31_351, 40, 9_000);
    (page.lines[0].repeated, page.lines[0].reversed, page.sampled) = (7, Some("channel"), true);
    stage.app.signals.page = crate::tui::state::shared::StoreRead::Ready(page);
    let text = stage.press("i").draw();
    assert!(text.contains("─  12,522/31,351"), "{text}");
    for says in [
        "31,351 answers of 40 customers, 9,000 of one of them",
        "it was offered more than once",
        "the other way round within each channel",
        "drawn from a log count as many as they stand for",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn what_has_no_room_is_left_out_by_whole_notes_and_when_it_looks_again_stays() {
    for intervals in [false, true] {
        let mut stage = learnt();
        stage.size = (80, 24);
        stage.press("6 o");
        if intervals {
            stage.press("i");
        }
        let text = stage.draw();
        assert!(text.contains("looks again"), "{text}");
    }
}

#[test]
fn why_a_key_did_nothing_goes_with_the_next_key() {
    let mut stage = learnt();
    stage.press("$");
    assert!(stage.toast().contains("does nothing here"), "{}", stage.toast());
    stage.press("4 right");
    assert!(stage.toast().starts_with("→ does nothing here"), "{}", stage.toast());
    stage.press("6");
    stage.press("down");
    assert!(!stage.toast().contains("does nothing here"), "{}", stage.toast());
}

#[test]
fn a_week_of_fewer_than_thirty_is_no_point_and_no_share() {
    let mut all = talks(600);
    for c in &mut all {
        c.ended_at = c.ended_at.map(|t| Timestamp(t.0 - 8 * DAY));
        c.started_at = c.ended_at;
        c.turns.iter_mut().for_each(|t| t.at = None);
    }
    // Twenty alone in the newest week, and let down.
    for c in all.iter_mut().skip(1).step_by(2).take(20) {
        (c.started_at, c.ended_at) = (Some(NOW), Some(NOW));
    }
    let mut stage = learnt_of(&all);
    let week = stage.app.signals.page.ready().unwrap().weeks.last().unwrap().clone();
    assert!((10..30).contains(&week.bad.den), "{week:?}");
    stage.size = (120, 36);
    let text = stage.press("s end").draw();
    assert!(text.contains("too few for a share") && !text.contains("100 ┤"), "{text}");
    let text = stage.press("i").draw();
    let chosen = text.lines().find(|line| line.contains("too few for a share")).unwrap();
    assert!(!chosen.contains(" of 100  "), "no share and no interval of one: {chosen}");
    stage.press("i");
    stage.size = (80, 24);
    let text = stage.press("o").draw();
    assert!(text.contains(" of 100 rated or read as let down, week of ") && !text.contains("100 of 100"), "{text}");
}

#[test]
fn a_week_in_which_the_log_begins_or_ends_is_told_as_a_part() {
    let mut all = talks(600);
    for c in &mut all {
        c.started_at = c.ended_at;
        c.turns.iter_mut().for_each(|t| t.at = None);
    }
    let stage = learnt_of(&all);
    let page = stage.app.signals.page.ready().unwrap();
    let (weeks, zone) = (&page.weeks, page.zone);
    // The log is of sixty days, one after another.
    let (begins, ends) = (zone.format(Timestamp(NOW.0 - 59 * DAY), "%u"), zone.format(NOW, "%u"));
    let parts: Vec<bool> = weeks.iter().map(|w| w.is_part).collect();
    assert_eq!((parts[0], parts[parts.len() - 1]), (begins != "1", ends != "7"), "{begins} {ends}");
    assert!(parts[1..parts.len() - 1].iter().all(|is| !is), "{parts:?}");
}

/// Six whole weeks of 150, of whom three of ten are let down; two of three rate in the last three weeks, one of three before.
fn with_a_survey_that_was_switched_on() -> Vec<Conversation> {
    let mut all = talks(900);
    for (i, c) in all.iter_mut().enumerate() {
        let (week, k) = (i % 6, i / 6);
        let happy = k % 10 >= 3;
        if let Some(last) = c.turns.iter_mut().rev().find(|t| t.role == Role::User) {
            last.text = if happy { "great, perfect, thank you" } else { "this is useless and wrong" }.to_owned();
        }
        c.turns.iter_mut().for_each(|t| t.at = None);
        c.outcome = Some(if happy { Outcome::Resolved } else { Outcome::Failed });
        let at = Timestamp(NOW.0 - (7 * week + k % 7) as i64 * DAY);
        (c.started_at, c.ended_at) = (Some(at), Some(at));
        let rated = if week < 3 { k % 3 != 0 } else { k % 3 == 0 };
        c.csat = rated.then_some(Csat { score: if happy { 5.0 } else { 1.0 }, max: 5.0, comment: None, at: None });
    }
    all
}

#[test]
fn where_the_share_who_rate_changes_the_line_is_of_those_who_rated() {
    let mut stage = learnt_of(&with_a_survey_that_was_switched_on());
    let page = stage.app.signals.page.ready().unwrap().clone();
    assert!(!page.by_ratings && page.is_of_ratings(), "{:?}", page.survey);
    assert_eq!(page.survey.as_ref().unwrap().rated_alone, Some((50, 100)));
    let told: Vec<(u64, u64)> = page.weeks.iter().map(|w| (w.bad.num, w.bad.den)).collect();
    assert_eq!(told, [(15, 50), (15, 50), (15, 50), (30, 100), (30, 100), (30, 100)], "nothing got worse");
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("6 s end").draw();
        assert!(text.contains("Rated 1 or 2 of 5") && text.contains("of those who rated: 50 to 100 a week"), "{text}");
    }
    stage.press("enter");
    assert_eq!(stage.app.queue.count, Some(30));
    // With too few ratings for a line the mixture stays, and says so.
    stage.press("6 s end");
    let mut mixed = page;
    if let Some(survey) = &mut mixed.survey {
        (survey.least.1, survey.most.1, survey.rated_alone) = (Rate::new(12, 150), Rate::new(113, 150), None);
    }
    stage.app.signals.page = StoreRead::Ready(mixed);
    stage.size = (200, 60);
    let text = stage.draw();
    assert!(text.contains("8 % rated in the week of") && text.contains("the line mixes both"), "{text}");
}

#[test]
fn a_week_that_has_only_begun_takes_no_whole_one_away() {
    let weeks = |newest: i64| {
        let mut all = talks(60);
        for (i, c) in all.iter_mut().enumerate() {
            // A Monday and another day of each of thirty weeks.
            let back = 7 * (i as i64 / 2) + if i % 2 == 0 { 6 } else { newest };
            let at = Timestamp(NOW.0 - back * DAY);
            (c.started_at, c.ended_at) = (Some(at), Some(at));
            c.turns.iter_mut().for_each(|t| t.at = None);
            c.csat = Some(Csat { score: 1.0, max: 5.0, comment: None, at: None });
        }
        let mut stage = Stage::new(&all, &["order_status"]);
        stage.press("6");
        stage.app.signals.page.ready().unwrap().weeks.iter().map(|w| w.is_part).collect::<Vec<_>>()
    };
    assert_eq!(weeks(0), [false; 26], "the log ends with a Sunday");
    let begun = weeks(3);
    assert_eq!((begun.len(), begun.iter().filter(|part| **part).count(), begun[26]), (27, 1, true));
}

#[test]
fn who_is_let_down_is_told_with_what_says_so_in_plain_words() {
    let mut stage = learnt();
    stage.size = (200, 60);
    stage.press("6 s end");
    stage.draw();
    stage.press("s");
    let StoreRead::Ready(rows) = &mut stage.app.shared.sample.rows else { panic!("no sample") };
    rows.truncate(4);
    for (row, (labelled, csat, why)) in rows.iter_mut().zip([
        (false, Some(1.0), vec!["failed"]),
        (false, None, vec!["failed", "asked for a person", "seems let down at the end"]),
        (false, None, vec!["seems let down at the end"]),
        (true, Some(5.0), vec!["failed"]),
    ]) {
        (row.sentiment_labelled, row.csat, row.why) = (labelled, csat, why);
    }
    let text = stage.draw();
    assert!(text.contains("Who was let down, up to the week of ") && !text.contains("did so"), "{text}");
    for says in ["rated 1 ", "a person ", "last words"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(text.contains(" label ") && !text.contains("rated 5"), "a label stands before a rating: {text}");
}

#[test]
fn a_reviewers_label_is_no_rating_and_is_not_read() {
    let mut stage = learnt();
    let apart = |stage: &Stage| stage.app.signals.page.ready().unwrap().apart.unwrap();
    let before = apart(&stage);
    assert_eq!(before.labelled, Rate::new(0, 0));
    assert!(!stage.press("6 s i").draw().contains("whom reviewers labelled"));
    let [_, labelled, others] = LetDown::QUERIES;
    let query = |text: String| Query::parse(&text).unwrap();
    let fullest = stage.app.signals.page.ready().unwrap().weeks.iter().max_by_key(|w| w.bad.den).unwrap();
    let (counted, week) = (fullest.bad, fullest.query.replace("felt<0", ""));
    let unrated = query(format!("{others} sentiment>=0 {week}"));
    let page = stage.store.queue_page(&unrated, QueueOrder::default(), PageStart::Start, 1, NOW).unwrap();
    let label = DecisionChange::sentiment(page.rows[0].n, Some(-1.0));
    stage.store.decide("maria", NOW, &[label]).unwrap();
    stage.store.catch_up().unwrap();
    let found = query(format!("{labelled} sentiment<0 {week}"));
    assert_eq!(stage.store.queue_count(&found, NOW).unwrap(), 1);
    let rows = stage.store.queue_page(&found, QueueOrder::default(), PageStart::Start, 9, NOW).unwrap().rows;
    assert!(rows[0].sentiment_labelled && rows[0].n == page.rows[0].n);
    stage.size = (200, 60);
    let text = stage.press("f5").draw();
    let after = apart(&stage);
    assert_eq!((after.labelled, after.rated), (Rate::new(1, 1), before.rated));
    assert_eq!((after.read.den, after.given.n), (before.read.den - 1, before.given.n - 1));
    assert!(text.contains("1 of 1 whom reviewers labelled") && text.contains("is:sentiment_labelled"), "{text}");
    // Weeks are compared with each other: what was looked at counts as what was not.
    let weeks = &stage.app.signals.page.ready().unwrap().weeks;
    assert!(weeks.iter().any(|w| w.query.ends_with(&week) && w.bad == counted), "{weeks:?}");
    assert!(text.contains("Rated or read as let down") && text.contains("; with is:sentiment_labelled"), "{text}");
}

#[test]
fn a_log_without_times_is_told_how_many_are_let_down_and_no_release_tells_for_another() {
    let mut all = talks(600);
    for c in &mut all {
        (c.started_at, c.ended_at) = (None, None);
        c.turns.iter_mut().for_each(|t| t.at = None);
    }
    let mut stage = learnt_of(&all);
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.press("6 s").draw();
        assert!(text.contains("How customers feel") && text.contains(" who rated"), "{text}");
    }
    // What is told can be opened, and i says more of it.
    let page = stage.app.signals.page.ready().unwrap();
    let (apart, since) = (page.apart.unwrap(), page.since);
    assert_eq!(since, None);
    assert!(stage.press("i").draw().contains("the Queue finds them: sentiment<0 is:counted test:shown with"));
    stage.press("i enter");
    assert_eq!(stage.app.queue.count, Some(apart.rated.num + apart.labelled.num + apart.read.num));
    stage.press("6 s");
    // One column, in which lines that are wrapped can be read on.
    stage.size = (90, 60);
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    // A candidate stands beside what is live.
    let live = page.feel.learnt_by.unwrap();
    let row = page.feel.newest.as_mut().unwrap();
    row.release = ReleaseId(live.0 + 1);
    let ends = page.apart.unwrap().ends;
    for (ends, says) in
        [(ends, "others"), (KnownEnds::Unnoted, "learns it anew"), (KnownEnds::Reading, "is told once all are read")]
    {
        page.apart = page.apart.map(|apart| LetDown { ends, ..apart });
        stage.app.signals.page = StoreRead::Ready(page.clone());
        let text = stage.draw();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (whose, heading) =
            (text.find(&format!("Who was let down, says v{}", live.0)), text.find("How well does v"));
        assert!(whose.is_some() && whose < heading, "{text}");
        assert!(words.contains(says), "{says}: {text}");
    }
    // Overview says of which conversations that is, what became of offers, and nothing of other times.
    stage.size = (200, 60);
    let text = stage.press("1 i").draw();
    let is_told = stage.app.home.felt.ready().unwrap().let_down.unwrap().together().is_some();
    let line = "Let down (all conversations), seen or not:";
    assert_eq!(text.contains(line), is_told, "{text}");
    assert!(text.contains("Took an offer") && !text.contains("7 before"), "{text}");
    // What counts as it was read before is told as that.
    let StoreRead::Ready(felt) = &mut stage.app.home.felt else { panic!("it is told") };
    felt.so_far = FeltSoFar { read: 0, all: 600, before: 600 };
    let says = "Seen let down: so far 0 of 600 conversations are read; others count as read before.";
    assert!(stage.draw().contains(says), "{}", stage.draw());
}

#[test]
fn who_rated_and_who_did_not_has_room_on_every_screen() {
    let mut stage = learnt();
    stage.press("6 s i");
    let Some(page) = stage.app.signals.page.ready() else { panic!("no page") };
    let since = page.zone.format(page.since.unwrap(), "since %-d %b");
    for size in [(80, 24), (120, 36), (200, 60)] {
        stage.size = size;
        let text = stage.draw();
        assert!(text.contains(" who rated") && text.contains(" of the others"), "{text}");
        assert!(text.contains(&since) && text.contains("┤"), "of when, and below the line of weeks: {text}");
    }
}

#[test]
fn what_is_told_of_those_who_did_not_rate_names_the_ratings_that_it_rests_on_where_they_are_others_now() {
    let mut stage = learnt();
    // One column, in which lines that are wrapped can be read on.
    stage.size = (90, 60);
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    let Some(mut apart) = page.apart else { panic!("nobody was let down") };
    let of = |n, mean| crate::domain::ChancesGiven { n, mean, variance: 0.01 };
    apart.ends = KnownEnds::Known(crate::domain::EndsRead { bad: of(200, 0.8), others: of(800, 0.1) });
    apart.given = of(1_000, 0.2);
    for rated_then in [None, Some((NOW, Rate::new(200, 1_000)))] {
        page.apart = Some(LetDown { rated_then, ..apart });
        stage.app.signals.page = StoreRead::Ready(page.clone());
        let words = stage.press("s").draw().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("of 100 of the others, by what all of them"), "{words}");
        assert_eq!(
            words.contains("when it was 20 of 100 training customers who rated"),
            rated_then.is_some(),
            "{words}"
        );
    }
}

#[test]
fn the_heading_says_how_it_has_moved_and_i_of_how_many() {
    let mut stage = learnt();
    let Some(mut page) = stage.app.signals.page.ready().cloned() else { panic!("no page") };
    let week = page.weeks[0].clone();
    let told = |at: i64, num| FeltWeek {
        monday: Timestamp(NOW.0 - (8 - at) * 7 * DAY),
        bad: Rate::new(num, 100),
        is_part: false,
        ..week.clone()
    };
    page.survey = None;
    for (first, says, short) in [
        (40, ": fell by ", ": fell"),
        (21, ", cannot tell whether it changed", ": cannot tell"),
        (2, ": rose by ", ": rose"),
    ] {
        page.weeks = (0..8).map(|at| told(at, if at < 4 { first } else { 20 })).collect();
        stage.app.signals.page = StoreRead::Ready(page.clone());
        for size in [(80, 24), (120, 36), (200, 60)] {
            stage.size = size;
            let text = stage.press("s").draw();
            let finding = format!("et down: {first} → 20");
            let line = text.lines().find(|line| line.contains(&finding)).unwrap_or_else(|| panic!("{text}"));
            assert!(line.contains(says) || line.contains(short), "{line}");
            assert!(line.contains("first and last 4 "), "of which weeks: {line}");
            assert!(text.contains("Rated or read as let down"), "what it is of: {text}");
        }
        let counts = format!("first 4 weeks: {} of 400, newest: 80 of 400", 4 * first);
        assert!(stage.press("i").draw().contains(&counts), "{}", stage.draw());
        stage.press("i");
    }
}

#[test]
fn one_thing_at_a_time_says_how_well_it_is_told_and_i_says_all() {
    let mut stage = learnt();
    stage.size = (120, 36);
    let text = stage.press("6 s").draw();
    assert_eq!(text.matches("How well does it tell?").count(), 1, "{text}");
    assert!(text.contains("rated turns it had not seen") && !text.contains("learned from  "), "{text}");
    let text = stage.press("o").draw();
    assert!(text.contains("answers it had not seen") && !text.contains("rated turns it had not seen"), "{text}");
    stage.size = (120, 40);
    let text = stage.press("s i").draw();
    for says in ["learned from  ", "log loss", "weeks  ", "looks again"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("taller screen"), "{text}");
    stage.size = (80, 24);
    let text = stage.press("i o").draw();
    assert!(text.contains("Ordered by how often each is surely accepted") && text.contains("v by channel"), "{text}");
    let text = stage.press("v").draw();
    assert!(
        text.contains("Each channel's offers stand together, the most surely") && text.contains("v by language"),
        "{text}"
    );
}

#[test]
fn an_offer_without_a_name_is_a_row_all_the_same() {
    let mut all = talks(60);
    all.iter_mut().filter(|c| c.offers[0].name == "Shuttle").for_each(|c| c.offers[0].name = " ".to_owned());
    let mut stage = Stage::new(&all, &["order_status"]);
    assert!(stage.press("6 o").draw().contains("(no name)"), "{}", stage.draw());
}
