//! What a person waits for in the queue of a large store, beside the floors of the same run.
//!
//! `cargo bench --bench queue -- STORE`: milliseconds, median and worst of so many turns. Changes nothing but a label, which it
//! takes back.

use appraise::domain::{ConversationId, DecisionChange, Query, QueueOrder, Review, Timestamp};
use appraise::store::{Access, Founding, PageStart, ReviewScope, Store};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

const TURNS: usize = 15;

/// Median and worst of some turns, in milliseconds.
fn timed(mut f: impl FnMut()) -> (f64, f64) {
    let mut took: Vec<f64> = (0..TURNS)
        .map(|_| {
            let begin = Instant::now();
            f();
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    took.sort_by(f64::total_cmp);
    (took[TURNS / 2], took[TURNS - 1])
}

/// Takes a result, so that it is computed.
fn keep<T>(result: T) {
    black_box(result);
}

fn line(what: &str, (median, worst): (f64, f64), beside: &str) {
    println!("{what:<58} {median:>9.2} {worst:>9.2}   {beside}");
}

/// The floor of a filter: one pass over a packed column of that many rows, counting.
fn packed_scan(rows: usize) -> (f64, f64) {
    let column: Vec<u32> = (0..rows as u32).map(|i| i.wrapping_mul(2_654_435_761)).collect();
    timed(|| {
        black_box(black_box(&column).iter().filter(|&&x| x & 7 == 3).count());
    })
}

fn sql(path: &std::path::Path, text: &str) -> (f64, f64) {
    let conn = rusqlite::Connection::open(path).expect("the store opens");
    let begin = Instant::now();
    let n: i64 = conn.query_row(text, [], |r| r.get(0)).expect("a count");
    black_box(n);
    let took = begin.elapsed().as_secs_f64() * 1e3;
    (took, took)
}

fn main() {
    let path = std::env::args().skip(1).find(|a| !a.starts_with("--")).map(PathBuf::from);
    let Some(path) = path else { return println!("give a store: cargo bench --bench queue -- STORE") };
    let now = Timestamp(1_900_000_000_000);
    let founding = Founding { seed: 1, test_share: 0.2, now };
    let begin = Instant::now();
    let mut store = Store::open(&path, Access::ReadWrite, founding).expect("the store opens");
    let opened = begin.elapsed().as_secs_f64() * 1e3;
    let query = |text: &str| Query::parse(text).expect("a query");
    let usual = query("outcome:failed,escalated status:open");
    let begin = Instant::now();
    let first = store.queue_page(&usual, QueueOrder::VALUE, PageStart::Start, 120, now).expect("a page");
    let paged = begin.elapsed().as_secs_f64() * 1e3;
    let rows = store.figures().frame().expect("counts").conversations as usize;
    println!("{rows} conversations, {TURNS} turns; milliseconds\n{:<58} {:>9} {:>9}   goal", "", "median", "worst");
    line("open the store", (opened, opened), "");
    line("first page of all, columns read for it", (paged, paged), "first frame within 40");
    line("floor: one pass over a packed column", packed_scan(rows), "");
    let page = |what: &str, text: &str, sort: QueueOrder, place: PageStart, goal: &str| {
        let q = query(text);
        line(what, timed(|| keep(store.queue_page(&q, sort, place, 120, now).expect("a page"))), goal);
    };
    let after = PageStart::After(first.rows[first.rows.len() / 2].cursor);
    let usual_text = "outcome:failed,escalated status:open";
    page("a page: open failures by value", usual_text, QueueOrder::VALUE, after, "a key within 12");
    page("its end", usual_text, QueueOrder::VALUE, PageStart::End, "12");
    page("everything, newest first", "", QueueOrder::NEWEST, PageStart::Start, "12");
    page("everything, oldest first", "", QueueOrder::OLDEST, PageStart::Start, "12");
    page("everything, lowest confidence first", "", QueueOrder::CONFIDENCE, PageStart::Start, "12");
    page(
        "outcome, then rating, then newest",
        "",
        "outcome,csat,newest".parse().expect("an order"),
        PageStart::Start,
        "12",
    );
    page(
        "conf<0.6 csat<=2 channel:web_chat",
        "conf<0.6 csat<=2 channel:web_chat",
        QueueOrder::VALUE,
        PageStart::Start,
        "6",
    );
    page(
        "intent:refund_status -lang:en since:2026-03-01",
        "intent:refund_status -lang:en since:2026-03-01",
        QueueOrder::NEWEST,
        PageStart::Start,
        "6",
    );
    page("customer:u-77", "customer:u-77", QueueOrder::NEWEST, PageStart::Start, "6");
    for (what, text) in [
        ("search, a rare word: newest", "meter"),
        ("search, a word in a tenth of all: newest", "refund"),
        ("search, a word in nearly all: newest", "the"),
        ("search, a prefix: newest", "de"),
        ("search, a phrase: newest", "\"refund money\""),
        ("search within a filter: newest", "refund outcome:failed lang:en"),
    ] {
        page(what, text, QueueOrder::NEWEST, PageStart::Start, "first rows within 5");
    }
    for text in ["refund", "the", "de", "refund money"] {
        let q = query(text);
        let first = timed(|| {
            let begin = Instant::now();
            let enough = || begin.elapsed().as_millis() >= 4;
            keep(store.queue_first(&q, QueueOrder::NEWEST, 120, now, enough).expect("a page"));
        });
        line(&format!("first rows of a search: {text}"), first, "5");
    }
    page("search by relevance", "refund", QueueOrder::RELEVANCE, PageStart::Start, "on demand");
    let count = |text: &str| {
        let q = query(text);
        timed(|| keep(store.queue_count(&q, now).expect("a count")))
    };
    line("exact count of open failures", count(usual_text), "6");
    line("exact count of conf<0.6 csat<=2", count("conf<0.6 csat<=2"), "6");
    line("counts for the header", timed(|| keep(store.figures().frame().expect("counts"))), "");
    line("the overview", timed(|| keep(store.figures().overview(now).expect("figures"))), "10");
    let id = first.rows[0].n;
    line("one conversation for Review", timed(|| keep(store.review_item(id).expect("an item"))), "");
    let scope = ReviewScope::Query(usual.clone(), QueueOrder::VALUE);
    line("the next open one", timed(|| keep(store.next_item(&scope, Some(id), "bench", now).expect("one"))), "12");
    line("progress of a scope", timed(|| keep(store.scope_progress(&scope, now).expect("counts"))), "");
    let decided = timed(|| {
        store
            .decide("bench", now, &[DecisionChange::status(ConversationId(id.0), Some(Review::Later))])
            .expect("saved");
        store.undo("bench", now).expect("undone");
    });
    line("a decision and its undo, on disk", decided, "12");
    let unindexed = "SELECT count(*) FROM conversation WHERE confidence < 0.6 AND csat <= 2";
    line("beside: conf<0.6 csat<=2 counted by SQL", sql(&path, unindexed), "");
}
