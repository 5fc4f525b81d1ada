//! Offers of logs that are drawn, of few customers, of two channels, and made twice.

use super::cells::OfferSeen;
use super::*;
use crate::domain::{
    Conversation, Offer, OfferStatus, Outcome, OutcomeSource, Role, Sampling, StepId, Timestamp, Turn,
};
use crate::store::{Founding, OnDuplicate};

const NOW: Timestamp = Timestamp(1_780_000_000_000);

/// Offers of a conversation: customer, channel, and what became of which.
fn put(store: &mut Store, customer: &str, channel: &str, offers: &[(&str, OfferStatus)], probability: Option<f64>) {
    let mut step: Option<StepId> = None;
    let n = store.ids("SELECT count(*) FROM conversation", &[]).unwrap()[0];
    let turns = vec![Turn::new(Role::User, format!("where is it, {n}")), Turn::new(Role::Bot, "It arrives. A cabin?")];
    let mut c = Conversation::new("shop", format!("c{n}"), turns);
    (c.outcome, c.outcome_source) = (Some(Outcome::Resolved), Some(OutcomeSource::Explicit));
    (c.customer_id, c.channel, c.ended_at) = (Some(customer.to_owned()), Some(channel.to_owned()), Some(NOW));
    c.sampling = probability.and_then(|p| Sampling::new("audit", p));
    let offer = |(name, status): &(&str, OfferStatus)| {
        let (id, shown_at, value, currency, meta) = (None, None, None, None, serde_json::Map::new());
        Offer { id, name: (*name).to_owned(), turn: Some(1), status: *status, shown_at, value, currency, meta }
    };
    c.offers = offers.iter().map(offer).collect();
    let hash = format!("{c:?}").into_bytes();
    store.immediate("test", |s| s.put(&c, &hash, NOW, OnDuplicate::Update, &mut step)).unwrap();
}

fn store() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

const YES: OfferStatus = OfferStatus::Accepted;
const NO: OfferStatus = OfferStatus::Declined;

fn answer(yes: bool) -> OfferStatus {
    if yes { YES } else { NO }
}

#[test]
fn what_was_drawn_counts_as_many_as_it_stands_for() {
    let mut store = store();
    for i in 0..40 {
        put(&mut store, &format!("a{i}"), "web", &[("cabin", YES)], None);
        put(&mut store, &format!("b{i}"), "web", &[("cabin", NO)], Some(0.1));
    }
    let (lines, _) = store.offer_lines(OffersBy::Offer).unwrap();
    let line = &lines[0];
    assert_eq!((line.shown, line.accepted.num, line.accepted.den, line.declined), (440, 40, 440, 400));
    assert_eq!((line.stored, line.answered), (80, 80));
    assert!(line.accepted.lo < 40.0 / 440.0 && line.accepted.hi > 40.0 / 440.0 && line.accepted.hi < 0.3, "{line:?}");
}

#[test]
fn one_customer_of_many_answers_makes_no_segment() {
    let mut store = store();
    for i in 0..200_i32 {
        put(&mut store, "whale", "app", &[("cabin", YES)], None);
        let channel = if i % 2 == 0 { "app" } else { "web" };
        put(&mut store, &format!("c{i}"), channel, &[("cabin", answer(i % 10 < 2))], None);
    }
    let (lines, _) = store.offer_lines(OffersBy::Offer).unwrap();
    let line = &lines[0];
    assert_eq!((line.accepted.num, line.accepted.den, line.customers, line.most_of_one), (240, 400, 201, 200));
    assert!(line.is_of_few() && line.accepted.hi - line.accepted.lo > 0.6, "{line:?}");
    assert!(matches!(line.more, MoreOften::CannotTell(_)), "{:?}", line.more);
}

#[test]
fn customers_that_differ_are_told_apart() {
    let mut store = store();
    for i in 0..200_i32 {
        let app = i % 2 == 0;
        let yes = if app { i % 10 < 8 } else { i % 10 < 2 };
        put(&mut store, &format!("c{i}"), if app { "app" } else { "web" }, &[("cabin", answer(yes))], None);
    }
    let (lines, _) = store.offer_lines(OffersBy::Offer).unwrap();
    let MoreOften::Where { what, rate, elsewhere, .. } = &lines[0].more else { panic!("{:?}", lines[0].more) };
    assert_eq!((what.as_str(), rate.num, rate.den, elsewhere.num), ("channel app", 80, 100, 20));
    assert!(!lines[0].is_of_few());
}

#[test]
fn an_offer_that_loses_over_all_and_wins_in_each_channel_is_told_so() {
    let mut store = store();
    let mut add = |name: &'static str, channel: &str, yes: usize, n: usize| {
        for i in 0..n {
            put(&mut store, &format!("{name}{channel}{i}"), channel, &[(name, answer(i < yes))], None);
        }
    };
    add("cabin", "app", 240, 500);
    add("cabin", "web", 5, 50);
    add("seat", "app", 31, 50);
    add("seat", "web", 100, 500);
    let (lines, _) = store.offer_lines(OffersBy::Offer).unwrap();
    let names: Vec<&str> = lines.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["cabin", "seat"]);
    assert_eq!([lines[0].reversed, lines[1].reversed], [Some("channel"); 2]);
    // Told apart by channel each has its own first.
    let (lines, _) = store.offer_lines(OffersBy::Channel).unwrap();
    let places: Vec<_> = lines.iter().map(|l| (l.part.as_deref().unwrap_or_default(), l.name.as_str())).collect();
    assert_eq!(places, [("app", "seat"), ("app", "cabin"), ("web", "seat"), ("web", "cabin")]);
}

#[test]
fn the_offer_that_is_surely_accepted_most_stands_first_also_told_apart() {
    let mut store = store();
    // The web has the most answers, the telephone the offer that is taken most.
    for (channel, yes, n) in [("web", 30, 300), ("app", 40, 100), ("phone", 30, 40)] {
        for i in 0..n {
            put(&mut store, &format!("{channel}{i}"), channel, &[("cabin", answer(i < yes))], None);
        }
    }
    let (lines, _) = store.offer_lines(OffersBy::Channel).unwrap();
    assert_eq!(
        lines.iter().map(|l| l.part.as_deref().unwrap_or_default()).collect::<Vec<_>>(),
        ["phone", "app", "web"]
    );
}

#[test]
fn an_offer_made_twice_is_one_conversation_and_said_to_be_two() {
    let mut store = store();
    for i in 0..30 {
        put(&mut store, &format!("c{i}"), "web", &[("cabin", NO), ("cabin", YES)], None);
        put(&mut store, &format!("d{i}"), "web", &[("cabin", NO)], None);
    }
    let (lines, _) = store.offer_lines(OffersBy::Offer).unwrap();
    let line = &lines[0];
    assert_eq!((line.shown, line.accepted.num, line.repeated, line.stored), (60, 30, 30, 60));
}

#[test]
fn what_is_offered_too_seldom_for_a_line_is_told_together() {
    let names: Vec<String> = (0..1_000).map(|i| format!("room {i}")).collect();
    // Two are answered by 40, all others by up to 4, one of them a yes.
    let cell = |i: usize| {
        let counts: [usize; 4] = if i < 2 { [30, 10, 0, 2] } else { [1, i % 3, 1, 0] };
        let mut cell = OfferCell::default();
        for (end, n) in counts.into_iter().enumerate() {
            for k in 0..n {
                let customer = (i * 1_000 + end * 100 + k) as i64;
                cell.add(&OfferSeen { end, times: 1, customer, weight: 1.0 });
            }
        }
        cell
    };
    let cells: Vec<OfferCell> = (0..1_000).map(cell).collect();
    let rows =
        || names.iter().zip(&cells).map(|(name, cell)| (name.as_str(), None, cell)).collect::<Vec<OfferRow<'_>>>();
    let (told, others) = told_apart(rows());
    assert_eq!((told.len(), others.lines), (2 + UNRANKED, 998 - UNRANKED as u64));
    assert!(told[..2].iter().all(|row| row.2.ends == [30.0, 10.0, 0.0, 2.0]), "what is ranked is told whole");
    assert!(told[2..].iter().all(|row| row.2.answered.rows() == 4), "then those with the most answers");
    let all: u64 = cells.iter().map(|cell| cell.stored).sum();
    let shown: u64 = told.iter().map(|row| row.2.stored).sum();
    assert_eq!(shown + others.shown, all, "nothing is lost");
    assert_eq!(others.accepted, Rate::new(others.lines, others.accepted.den));
    let (told, others) = told_apart(rows().split_off(980));
    assert_eq!((told.len(), others.lines), (20, 0), "a few are all told");
}
