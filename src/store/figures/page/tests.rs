//! The overview's figures against a small log.

use super::*;
use crate::domain::Cause;
use crate::domain::{
    Conversation, Csat, DecisionChange, Outcome, OutcomeSource, Query, QueryMoment, QueueOrder, Role, StepId, Turn,
};
use crate::store::{Founding, NewCycle, OnDuplicate};

pub(super) const NOW: Timestamp = Timestamp(20_780 * DAY + DAY / 2);

/// `days` days before NOW, `n` conversations, of which the first `solved` are solved.
pub(super) fn day(store: &mut Store, days: i64, n: u64, solved: u64) {
    let mut step: Option<StepId> = None;
    for i in 0..n {
        let mut asked = Turn::new(Role::User, if i % 5 == 0 { "πού είναι το δέμα μου" } else { "where is it" });
        asked.intent = Some(if i % 2 == 0 { "order" } else { "refund" }.to_owned());
        asked.at = Some(NOW.plus(-days * DAY));
        let mut c = Conversation::new("web", format!("{days}-{i}"), vec![asked, Turn::new(Role::Bot, "It arrives.")]);
        c.ended_at = Some(NOW.plus(-days * DAY));
        c.outcome = Some(match i {
            _ if i < solved => Outcome::Resolved,
            _ if i % 3 == 0 => Outcome::Escalated,
            _ => Outcome::Failed,
        });
        c.outcome_source = Some(OutcomeSource::Explicit);
        c.csat = (i % 4 == 0).then_some(Csat {
            score: if i < solved { 5.0 } else { 1.0 },
            max: 5.0,
            comment: None,
            at: None,
        });
        let hash = format!("{c:?}").into_bytes();
        store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
    }
}

pub(super) fn store() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

#[test]
fn periods_weeks_and_day_one() {
    let mut store = store();
    // 30 days ago too few for a day one; the week that begins 20 days ago holds 210.
    day(&mut store, 30, 50, 10);
    day(&mut store, 20, 110, 40);
    day(&mut store, 16, 100, 40);
    day(&mut store, 9, 60, 30);
    day(&mut store, 2, 80, 60);
    let page = store.figures().overview(NOW).unwrap();
    assert_eq!(page.basis, PeriodBasis::Week);
    assert_eq!((page.this.resolved, page.this.n()), (60, 80));
    let last = page.last.unwrap();
    assert_eq!((last.resolved, last.n()), (30, 60));
    let first = page.day_one.unwrap();
    assert_eq!((first.resolved, first.n()), (80, 210));
    assert_eq!(page.weeks.iter().map(|w| w.n).sum::<u64>(), 400);
    assert!(page.weeks.iter().all(|w| w.monday.utc().format("%a %H").to_string() == "Mon 00"));
    assert_eq!(page.repair.failing.iter().map(FailingIntent::failures).sum::<u64>(), 180, "of the last four weeks");
    assert_eq!((page.repair.n, page.repair.failures), (350, 180));
    assert_eq!(page.this.rated, 20);
    // Day one stays where it was first seen, whatever is imported later.
    day(&mut store, 60, 300, 300);
    assert_eq!(store.figures().overview(NOW).unwrap().day_one.unwrap().from, first.from);
    // A log that begins on a Thursday holds a part of its first week; one that begins on the Monday all of it.
    assert!(page.begins_within && store.figures().overview(NOW).unwrap().begins_within);
    day(&mut store, 63, 30, 10);
    assert!(!store.figures().overview(NOW).unwrap().begins_within);
}

#[test]
fn an_old_log_counts_from_its_newest_conversation_and_one_without_times_as_a_whole() {
    let mut old = store();
    day(&mut old, 400, 30, 10);
    day(&mut old, 404, 30, 10);
    let page = old.figures().overview(NOW).unwrap();
    assert_eq!((page.basis, page.this.n(), page.day_one), (PeriodBasis::OldWeek, 60, None));
    let timeless = store();
    let mut step = None;
    let mut c = Conversation::new("web", "1", vec![Turn::new(Role::User, "hi"), Turn::new(Role::Bot, "hello")]);
    c.outcome = Some(Outcome::Resolved);
    c.outcome_source = Some(OutcomeSource::Explicit);
    timeless.put(&c, b"1", NOW, OnDuplicate::Update, &mut step).unwrap();
    let page = timeless.figures().overview(NOW).unwrap();
    assert_eq!((page.basis, page.this.resolved, page.last), (PeriodBasis::All, 1, None));
    assert!(page.weeks.is_empty());
    assert_eq!(store().figures().overview(NOW).unwrap().this.n(), 0);
}

/// The day before NOW, `n` conversations that ended so.
fn ended(store: &mut Store, name: &str, n: u64, outcome: Outcome, source: OutcomeSource) {
    let mut step: Option<StepId> = None;
    for i in 0..n {
        let mut asked = Turn::new(Role::User, "where is it");
        (asked.intent, asked.at) = (Some("order".to_owned()), Some(NOW.plus(-DAY)));
        let mut c = Conversation::new("web", format!("{name}-{i}"), vec![asked, Turn::new(Role::Bot, "It arrives.")]);
        (c.ended_at, c.outcome, c.outcome_source) = (Some(NOW.plus(-DAY)), Some(outcome), Some(source));
        let hash = format!("{c:?}").into_bytes();
        store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
    }
}

#[test]
fn where_only_one_kind_of_end_can_be_told_there_are_counts_and_no_rates() {
    use crate::domain::{OneKindOfEnd, PatternView};
    use crate::store::SegmentBy;
    for (told, other, kind) in [
        (Outcome::Resolved, Outcome::Failed, OneKindOfEnd::Helped),
        (Outcome::Escalated, Outcome::Resolved, OneKindOfEnd::NotHelped),
    ] {
        let mut store = store();
        ended(&mut store, "told", 35, told, OutcomeSource::Derived);
        ended(&mut store, "left", 5, Outcome::Abandoned, OutcomeSource::Derived);
        ended(&mut store, "open", 60, Outcome::Unknown, OutcomeSource::Derived);
        let page = store.figures().overview(NOW).unwrap();
        assert_eq!(page.this.one_kind, Some(kind));
        assert_eq!((page.this.n(), page.this.ended(), page.this.rate(35).value()), (40, 100, None));
        assert!(page.weeks.is_empty() && page.this.unknown_rate().den == 100);
        let stats = store.figures().stats(None, SegmentBy::Intent, None, NOW).unwrap();
        assert_eq!((stats.all.n, stats.one_kind), (40, Some(kind)));
        for rate in ["resolution", "resolution_confirmed", "escalation", "containment", "failure", "abandonment"] {
            assert!(!stats.all.rates.contains_key(rate) && !stats.segments[0].rates.contains_key(rate), "{rate}");
            assert_eq!(stats.needs[rate], kind.needs());
        }
        assert_eq!(store.figures().segments(NOW).unwrap().one_kind, Some(kind));
        let intents = store.figures().patterns(PatternView::Intents, 28, NOW).unwrap();
        assert!(intents.lines.iter().all(|l| l.failing.is_none() && l.opportunity.is_none()), "{intents:?}");
        let note = intents.note.unwrap_or_default();
        let counts = if kind == OneKindOfEnd::Helped {
            "35 of 100 ended in thanks or praise, 5 in silence"
        } else {
            "40 of 100"
        };
        assert!(note.contains(counts) && note.contains("there is no rate"), "{note}");
        let failed = store.figures().patterns(PatternView::Failed, 28, NOW).unwrap();
        let says = failed.nothing.unwrap_or_default();
        assert_eq!(says.contains("Nothing in this log can tell of a failure"), kind == OneKindOfEnd::Helped, "{says}");
        // A few that people correct are picked.
        let all = Query::parse("outcome:unknown").unwrap();
        let rows = store.queue_page(&all, QueueOrder::NEWEST, crate::store::PageStart::Start, 100, NOW).unwrap().rows;
        store.decide("maria", NOW, &[DecisionChange::outcome(rows[0].n, Some(other))]).unwrap();
        assert_eq!(store.figures().one_kind_of_end().unwrap(), Some(kind));
        // As many as were told: that is a log which people have read.
        for row in &rows[1..40] {
            store.decide("maria", NOW, &[DecisionChange::outcome(row.n, Some(other))]).unwrap();
        }
        assert_eq!(store.figures().one_kind_of_end().unwrap(), None);
    }
}

#[test]
fn what_a_log_says_of_its_ends_is_its_word_and_both_kinds_make_a_rate() {
    for (outcome, source) in [
        (Outcome::Resolved, OutcomeSource::Explicit),
        (Outcome::Abandoned, OutcomeSource::Explicit),
        (Outcome::Failed, OutcomeSource::Derived),
        (Outcome::Escalated, OutcomeSource::Derived),
    ] {
        let mut store = store();
        ended(&mut store, "told", 40, Outcome::Resolved, OutcomeSource::Derived);
        ended(&mut store, "more", 1, outcome, source);
        let page = store.figures().overview(NOW).unwrap();
        assert_eq!((page.this.one_kind, page.this.rate(40).den), (None, 41), "{outcome:?} {source:?}");
    }
}

#[test]
fn a_cycle_changes_no_figure() {
    let mut store = store();
    day(&mut store, 20, 210, 100);
    day(&mut store, 2, 80, 60);
    let before = store.figures().overview(NOW.plus(DAY)).unwrap();
    let new = NewCycle { name: None, scope: "outcome:failed,escalated", goal: 10, seed: 1, ..NewCycle::default() };
    let cycle = store.open_cycle("maria", NOW, &new).unwrap();
    let page = store.figures().overview(NOW.plus(DAY)).unwrap();
    assert_eq!(page, before, "open");
    assert_eq!((page.basis.clone(), page.this.n()), (PeriodBasis::Week, 80));
    assert_eq!(page.this.to, NOW.0 - DAY - DAY / 2, "the newest is of the day before yesterday");
    let inside = &Query::parse(&format!("cycle:{}", cycle.name)).unwrap();
    let row = store.queue_page(inside, QueueOrder::NEWEST, crate::store::PageStart::Start, 1, NOW).unwrap().rows[0].n;
    store.decide("maria", NOW, &[DecisionChange::cause(row, Some(Cause::WrongIntent))]).unwrap();
    let causes = store.figures().overview(NOW).unwrap().repair.causes().to_vec();
    store.close_cycle("maria", NOW, cycle.id, None).unwrap();
    assert_eq!(store.figures().overview(NOW).unwrap().repair.causes(), causes, "closed");
}

#[test]
fn the_ceiling_is_of_four_weeks_and_needs_thirty() {
    let mut store = store();
    day(&mut store, 60, 40, 0);
    day(&mut store, 10, 60, 20);
    let of = |store: &Store, q: &str| -> Vec<_> {
        let rows =
            store.queue_page(&Query::parse(q).unwrap(), QueueOrder::NEWEST, crate::store::PageStart::Start, 100, NOW);
        rows.unwrap().rows.iter().map(|r| r.n).collect()
    };
    let (new, old) =
        (of(&store, "outcome:failed,escalated since:28d"), of(&store, "outcome:failed,escalated before:28d"));
    for (i, id) in old.iter().enumerate() {
        let cause = if i < 30 { Cause::MissedIntent } else { Cause::MissingKnowledge };
        store.decide("maria", NOW, &[DecisionChange::cause(*id, Some(cause))]).unwrap();
    }
    for (i, id) in new.iter().take(29).enumerate() {
        let cause = if i < 10 { Cause::WrongIntent } else { Cause::MissingKnowledge };
        store.decide("maria", NOW, &[DecisionChange::cause(*id, Some(cause))]).unwrap();
    }
    let repair = store.figures().overview(NOW).unwrap().repair;
    let now = repair.windows.last().unwrap();
    assert_eq!((now.n(), now.ceiling()), (29, None), "29 tell nothing");
    let (_, before) = repair.before().unwrap();
    assert_eq!((before.num, before.den), (30, 40));
    store.decide("maria", NOW, &[DecisionChange::cause(new[29], Some(Cause::OutOfScope))]).unwrap();
    // Nothing failed where a person was rightly called: out of the ceiling, and of what fails still.
    store.decide("maria", NOW, &[DecisionChange::cause(new[30], Some(Cause::RightHandover))]).unwrap();
    let page = store.figures().overview(NOW).unwrap();
    let ceiling = page.repair.windows.last().unwrap().ceiling().unwrap();
    assert_eq!((ceiling.num, ceiling.den), (11, 30));
    assert_eq!((page.repair.failures, page.holds.right_handovers), (39, 1));
}

#[test]
fn what_a_store_lacks_is_counted() {
    let mut store = store();
    day(&mut store, 2, 10, 6);
    let mut step = None;
    let mut put = |id: &str, turns: Vec<Turn>, outcome: Option<Outcome>| {
        let mut c = Conversation::new("web", id, turns);
        (c.outcome, c.outcome_source) = (outcome, outcome.map(|_| OutcomeSource::Explicit));
        store.put(&c, id.as_bytes(), NOW, OnDuplicate::Update, &mut step).unwrap();
    };
    let (user, bot) = (|| Turn::new(Role::User, "where is it"), || Turn::new(Role::Bot, "here"));
    put("no answer", vec![user()], Some(Outcome::Failed));
    put("open", vec![user(), bot()], Some(Outcome::Pending));
    let holds = store.figures().overview(NOW).unwrap().holds;
    let lacks = (holds.conversations, holds.counted, holds.without_ai, holds.pending, holds.timeless);
    assert_eq!((lacks, holds.left_out()), ((12, 10, 1, 1, 2), 1));
}

#[test]
fn what_lies_ahead_of_now_counts_nowhere_and_moves_nothing() {
    let mut store = store();
    day(&mut store, 2, 80, 60);
    day(&mut store, 9, 60, 30);
    let before = store.figures().overview(NOW).unwrap();
    // A clock that goes before by some hours is no wrong time; 36 years are.
    day(&mut store, 0, 4, 4);
    day(&mut store, -13_149, 3, 0);
    let page = store.figures().overview(NOW).unwrap();
    assert_eq!((before.ahead, page.ahead), (0, 3));
    assert_eq!((page.this.n(), page.this.failed + page.this.escalated), (84, 20));
    assert_eq!((page.weeks.len(), page.last.unwrap().n()), (before.weeks.len() + 1, 60), "a Monday");
    assert_eq!(store.newest(NOW).unwrap(), Some(NOW));
    let count = |q: &str| store.queue_count(&Query::parse(q).unwrap(), NOW).unwrap();
    assert_eq!((count("since:7d"), count("since:14d"), count("before:14d"), count("")), (84, 144, 0, 147));
    let stats = store.figures().stats(Some(QueryMoment::Days(7)), crate::store::SegmentBy::Week, None, NOW).unwrap();
    assert_eq!((stats.all.n, stats.excluded.ahead, stats.segments.len()), (84, 3, 2));
    // All of it ahead: nothing to count, and no word of a log without times.
    let mut ahead = self::store();
    day(&mut ahead, -400, 30, 10);
    let page = ahead.figures().overview(NOW).unwrap();
    assert_eq!(
        (page.basis, page.this.n(), page.ahead, page.weeks.len(), page.day_one),
        (PeriodBasis::All, 0, 30, 0, None)
    );
}

#[test]
fn days_and_weeks_are_those_of_the_zone_and_all_counts_agree() {
    // One an hour, for five weeks across the night in which clocks go forward in Nicosia (29 March 2026, 1:00 UTC).
    let begin = Timestamp(1_772_971_200_000);
    let now = begin.plus(35 * DAY);
    for zone in
        ["UTC", "Europe/Nicosia", "Asia/Kathmandu", "America/St_Johns", "America/Los_Angeles", "Pacific/Auckland"]
    {
        let mut store = store();
        let mut step = None;
        for hour in 0..35 * 24 {
            let at = begin.plus(hour * DAY / 24);
            let turns = vec![Turn::new(Role::User, "where is it"), Turn::new(Role::Bot, "here")];
            let mut c = Conversation::new("web", hour.to_string(), turns);
            (c.ended_at, c.outcome) = (Some(at), Some(Outcome::Failed));
            c.outcome_source = Some(OutcomeSource::Explicit);
            store.put(&c, hour.to_string().as_bytes(), NOW, OnDuplicate::Update, &mut step).unwrap();
        }
        let zone: Zone = zone.parse().unwrap();
        store.set_zone("maria", now, zone).unwrap();
        let page = store.figures().overview(now).unwrap();
        assert_eq!(page.zone, zone);
        let local = |ms: i64| zone.format(Timestamp(ms), "%a %H:%M");
        assert!([page.this.from, page.this.to].iter().all(|&t| local(t).ends_with("00:00")), "{zone}");
        for week in &page.weeks {
            assert_eq!(local(week.monday.0), "Mon 00:00", "{zone}");
            // An hour is missing in the week in which clocks go forward.
            let hours = (zone.days_after(week.monday, 7).0 - week.monday.0) / (DAY / 24);
            assert!(
                week.n <= hours as u64
                    && (week.n == hours as u64 || *week == page.weeks[0] || *week == *page.weeks.last().unwrap())
            );
        }
        // The Overview, `since:7d`, `stats --since 7d` and the weeks of `stats` tell the same.
        let count = |q: &str| store.queue_count(&Query::parse(q).unwrap(), now).unwrap();
        let stats =
            store.figures().stats(Some(QueryMoment::Days(7)), crate::store::SegmentBy::Week, None, now).unwrap();
        assert_eq!([count("since:7d"), stats.all.n], [page.this.n(); 2], "{zone}");
        assert_eq!(count("since:14d before:7d"), page.last.unwrap().n(), "{zone}");
        let weeks = store.figures().stats(None, crate::store::SegmentBy::Week, None, now).unwrap().segments;
        let told: Vec<(String, u64)> = weeks.into_iter().map(|s| (s.name, s.n)).collect();
        let trend: Vec<_> = page.weeks.iter().map(|w| (zone.iso_week(w.monday), w.n)).collect();
        assert_eq!(told, trend, "{zone}");
        let first = zone.date(Timestamp(page.this.from));
        assert_eq!(count(&format!("since:{first}")), page.this.n(), "{zone}");
        // For one answer only.
        let utc = store.figures().stats(None, crate::store::SegmentBy::Week, Some(Zone::default()), now).unwrap();
        assert_eq!(utc.segments[0].n, begin_of_utc_weeks(begin), "{zone}");
    }
}

/// Hours of the week in which it all begins.
fn begin_of_utc_weeks(begin: Timestamp) -> u64 {
    let monday = Zone::default().weeks(begin, begin)[1];
    ((monday - begin.0) / (DAY / 24)) as u64
}

#[test]
fn day_one_is_a_date_and_older_versions_kept_its_moment() {
    let mut store = store();
    day(&mut store, 20, 110, 40);
    day(&mut store, 15, 100, 40);
    let utc = store.figures().overview(NOW).unwrap().day_one.unwrap();
    store.set_zone("maria", NOW, "America/St_Johns".parse().unwrap()).unwrap();
    let there = store.figures().overview(NOW).unwrap().day_one.unwrap();
    assert_eq!(there.from - utc.from, 5 * DAY / 48 + DAY / 24, "the same date begins three and a half hours later");
    store.conn.execute("UPDATE setting SET value = ? WHERE key = ?", params![utc.from.to_string(), DAY_ONE]).unwrap();
    assert_eq!(store.figures().overview(NOW).unwrap().day_one.unwrap().from, there.from);
    store.undo("maria", NOW).unwrap();
    assert_eq!(store.figures().overview(NOW).unwrap().day_one.unwrap().from, utc.from);
}

#[test]
fn a_clock_that_is_set_back_dates_nothing_before_the_newest_decision() {
    let mut store = store();
    day(&mut store, 2, 80, 60);
    let id =
        store.queue_page(&Query::default(), QueueOrder::NEWEST, crate::store::PageStart::Start, 1, NOW).unwrap().rows
            [0]
        .n;
    let told = crate::store::SetBack::default();
    store = store.with_set_back(told.clone());
    store.decide("maria", NOW, &[DecisionChange::cause(id, Some(Cause::Policy))]).unwrap();
    let new = NewCycle { name: None, scope: "outcome:failed,escalated", goal: 10, seed: 1, ..NewCycle::default() };
    let later = NOW.plus(30 * DAY);
    let cycle = store.open_cycle("maria", later, &new).unwrap();
    assert_eq!(told.take(), None, "time goes on as it should");
    let early = Timestamp(631_152_000_000);
    let closed = store.close_cycle("maria", early, cycle.id, None).unwrap();
    assert_eq!((closed.opened_at, closed.closed_at), (later, Some(later)));
    assert_eq!((told.take(), told.take()), (Some(later), None), "it is said, and said once");
    store.set_live("maria", early, ReleaseId(1), "first").unwrap_err();
    store.decide("maria", early, &[DecisionChange::live(ReleaseId(1)).because("first")]).unwrap();
    assert_eq!(store.live_history().unwrap()[0].from, later);
    store.decide("maria", early, &[DecisionChange::cause(id, None)]).unwrap();
    store.undo("maria", early).unwrap();
    let out_of_order = "SELECT count(*) FROM decision a JOIN decision b ON b.id = a.id + 1 WHERE b.at < a.at";
    assert_eq!(store.ids(out_of_order, &[]).unwrap(), [0]);
    assert_eq!(store.ids("SELECT count(*) FROM decision WHERE kind = ?", &[&Kind::Cause.code()]).unwrap(), [3]);
    // Some seconds are no news.
    told.take();
    store.decide("tom", later.plus(-5_000), &[DecisionChange::cause(id, None)]).unwrap();
    assert_eq!(told.take(), None);
}

#[test]
fn a_customer_who_has_more_than_half_of_all_is_found() {
    for (theirs, told) in [(30, 30), (15, 0)] {
        let store = store();
        let mut step: Option<StepId> = None;
        for i in 0..40 {
            let turns = vec![Turn::new(Role::User, "where is it"), Turn::new(Role::Bot, "It arrives.")];
            let mut c = Conversation::new("web", i.to_string(), turns);
            // One after another, as logs have them.
            c.customer_id = Some(if i < theirs { "one".to_owned() } else { format!("u{i}") });
            (c.outcome, c.outcome_source) = (Some(Outcome::Resolved), Some(OutcomeSource::Explicit));
            let hash = format!("{c:?}").into_bytes();
            store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
        }
        assert_eq!(store.holds().unwrap().one_customers, told);
    }
}
