//! How long an import takes against what SQLite itself takes, in the same run, and how long other people wait meanwhile.
//!
//! `cargo bench --bench import -- --n 100000 [--base 100000 --more 200000] [--dir DIRECTORY]`. `--base 0` leaves out the store in
//! use. Each measurement is a process of its own.

#[path = "../support/mod.rs"]
mod support;

mod floor;
mod ours;
mod shared;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use support::conversations::Conversations;
use support::measure::{Mark, flag, measured, peak_memory, table};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Browsable and searchable: times the floor. Waiting: milliseconds.
const GOALS: (f64, f64, f64) = (1.3, 1.2, 100.0);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(what) = flag(&args, "--child") {
        println!("{}", child(&what, &args));
        return;
    }
    let number = |name: &str, default: u64| flag(&args, name).map_or(default, |v| v.parse().expect("a number"));
    let (n, base, more) = (number("--n", 100_000), number("--base", 100_000), number("--more", 200_000));
    let made = tempfile::tempdir().expect("a directory");
    let dir = flag(&args, "--dir").map_or_else(|| made.path().to_owned(), PathBuf::from);
    if n > 0 {
        first_import(&dir, n);
    }
    if base > 0 {
        shared::report(&dir, base, more);
    }
}

fn child(what: &str, args: &[String]) -> Value {
    let path = |name: &str| PathBuf::from(flag(args, name).unwrap_or_default());
    let (log, store) = (path("--log"), path("--store"));
    let marks = match what {
        "floor" => vec![floor::load(&log, &store, false)],
        "floor-search" => vec![floor::load(&log, &store, true)],
        "ours" => ours::load(&log, &store).to_vec(),
        "import" => return shared::importer(&log, &store),
        "decide" => return shared::decider(&store),
        "read" => return shared::reader(&store),
        other => panic!("no measurement called {other}"),
    };
    json!({"marks": marks, "memory": peak_memory(), "mb": megabytes(&store)})
}

/// The size of a file.
fn megabytes(path: &Path) -> f64 {
    std::fs::metadata(path).map_or(0.0, |m| m.len() as f64 / 1e6)
}

fn first_import(dir: &Path, n: u64) {
    let log = dir.join("log.jsonl");
    Conversations::new(n).write_file(n, &log).expect("room for the log");
    println!("{n} conversations, {:.0} MB of JSON Lines, first import", megabytes(&log));
    let run = |what: &str| {
        let store = dir.join(format!("{what}.db"));
        let remove = || {
            for suffix in ["", "-wal", "-shm"] {
                std::fs::remove_file(dir.join(format!("{what}.db{suffix}"))).ok();
            }
        };
        remove();
        let args = ["--child", what, "--log", &log.to_string_lossy(), "--store", &store.to_string_lossy()];
        let result = measured(&args.map(str::to_owned));
        remove();
        result
    };
    let (floor, floor_search, ours) = (run("floor"), run("floor-search"), run("ours"));
    let head =
        ["", "wall s", "of floor", "busier thread s", "of floor", "all threads s", "goal", "store MB", "peak MiB"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut row = |name: &str, of: &Value, at: usize, floor: &Value, goal: Option<f64>| {
        let mark = |v: &Value, at: usize| serde_json::from_value::<Mark>(v["marks"][at].clone()).expect("a mark");
        let (took, least) = (mark(of, at), mark(floor, 0));
        rows.push(vec![
            name.to_owned(),
            format!("{:.2}", took.wall),
            format!("{:.2}", took.wall / least.wall),
            format!("{:.2}", took.longest),
            format!("{:.2}", took.longest / least.longest),
            format!("{:.2}", took.cpu),
            goal.map(|g| format!("{g:.1}")).unwrap_or_default(),
            format!("{:.0}", of["mb"].as_f64().unwrap_or_default()),
            format!("{:.0}", of["memory"].as_f64().unwrap_or_default()),
        ]);
    };
    row("floor, browsable", &floor, 0, &floor, None);
    row("ours, browsable", &ours, 0, &floor, Some(GOALS.0));
    row("floor, searchable", &floor_search, 0, &floor_search, None);
    row("ours, searchable", &ours, 1, &floor_search, Some(GOALS.1));
    table(&rows);
    std::fs::remove_file(&log).ok();
}
