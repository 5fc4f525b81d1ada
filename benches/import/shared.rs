//! A store in use: while one process imports and builds the search, another decides every few milliseconds and a third
//! reads pages. What the two wait is what people would feel.

use crate::ours::{NOW, import, open};
use crate::support::conversations::Conversations;
use crate::support::measure::{again, quantile, table};
use appraise::domain::QueueOrder;
use appraise::domain::{Cause, DecisionChange, Query, SilentReporter};
use appraise::jobs;
use appraise::store::{Access, PageStart};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Output};
use std::time::{Duration, Instant};

/// Between two decisions, and between two pages.
const BETWEEN: Duration = Duration::from_millis(5);

/// Fills a store with `base` conversations, imports `more` while others work in it, and prints what they waited.
pub fn report(dir: &Path, base: u64, more: u64) {
    let mut made = Conversations::new(base + more);
    let (first, second, path) = (dir.join("base.jsonl"), dir.join("more.jsonl"), dir.join("shared.db"));
    made.write_file(base, &first).expect("room for the log");
    made.write_file(more, &second).expect("room for the log");
    for left in ["db", "db-wal", "db-shm", "stop"] {
        std::fs::remove_file(path.with_extension(left)).ok();
    }
    let mut store = open(&path, Access::Bulk);
    import(&mut store, &first);
    jobs::index(&mut store, &SilentReporter).expect("an index");
    drop(store);
    println!("\n{more} conversations into a store of {base} in use");
    let start = |what: &str, log: &Path| -> Child {
        let args = ["--child", what, "--log", &log.to_string_lossy(), "--store", &path.to_string_lossy()];
        again(&args.map(str::to_owned)).spawn().expect("this program runs again")
    };
    let people = [start("decide", &first), start("read", &first)];
    let imported = said(start("import", &second).wait_with_output().expect("the import's end"));
    // They stop when this is there, after the import that they are measured with.
    std::fs::write(path.with_extension("stop"), "").expect("a file");
    let heading = ["", "times", "p50 ms", "p99 ms", "longest ms", "goal p99"].map(str::to_owned).to_vec();
    let mut rows = vec![heading];
    for (name, child, goal) in
        people.into_iter().zip(["a decision waits", "a page waits"]).zip(["100", ""]).map(|((c, n), g)| (n, c, g))
    {
        let waits: Vec<f64> = serde_json::from_value(said(child.wait_with_output().expect("its end"))).expect("waits");
        let of = |share| format!("{:.1}", quantile(&waits, share));
        rows.push(vec![name.to_owned(), waits.len().to_string(), of(0.5), of(0.99), of(1.0), goal.to_owned()]);
    }
    table(&rows);
    println!(
        "browsable after {:.1} s, searchable after {:.1} s",
        number(&imported, "browsable"),
        number(&imported, "searchable")
    );
}

fn said(output: Output) -> Value {
    assert!(output.status.success(), "a process of the measurement failed");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_default()
}

/// Imports and builds the search.
pub fn importer(log: &Path, path: &Path) -> Value {
    let began = Instant::now();
    let mut store = open(path, Access::Bulk);
    import(&mut store, log);
    let browsable = began.elapsed().as_secs_f64();
    jobs::index(&mut store, &SilentReporter).expect("an index");
    json!({"browsable": browsable, "searchable": began.elapsed().as_secs_f64()})
}

/// Decides on one conversation after the other; gives what each decision took in ms, sorted.
pub fn decider(path: &Path) -> Value {
    let mut store = open(path, Access::ReadWrite);
    let rows = pages(&store, 40);
    let mut at = rows.iter().cycle();
    let causes = [Cause::ALL[0], Cause::ALL[1]];
    let mut n = 0;
    waits(path, || {
        n += 1;
        // Another cause each time around, so that each is a change.
        let cause = causes[n / rows.len() % causes.len()];
        let id = *at.next().expect("a conversation");
        store.decide("bench", NOW, &[DecisionChange::cause(id, Some(cause))]).expect("a decision");
    })
}

/// Reads first pages; gives what each took in ms, sorted.
pub fn reader(path: &Path) -> Value {
    let store = open(path, Access::ReadOnly);
    waits(path, || {
        drop(store.queue_page(&Query::default(), QueueOrder::NEWEST, PageStart::Start, 50, NOW).expect("a page"))
    })
}

fn pages(store: &appraise::store::Store, n: usize) -> Vec<appraise::domain::ConversationId> {
    let page = store.queue_page(&Query::default(), QueueOrder::NEWEST, PageStart::Start, n, NOW).expect("a page");
    page.rows.iter().map(|r| r.n).collect()
}

fn waits(path: &Path, mut act: impl FnMut()) -> Value {
    let stop = path.with_extension("stop");
    let mut took = Vec::new();
    while !stop.exists() {
        let began = Instant::now();
        act();
        took.push(began.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(BETWEEN);
    }
    took.sort_by(f64::total_cmp);
    json!(took)
}
