//! The screen in a real terminal.

use crate::term::Term;
use appraise::domain::{Query, SilentReporter, Timestamp};
use appraise::ingest::{Input, ReadOptions, Rejects};
use appraise::jobs::{ImportOptions, import};
use appraise::store::{Access, Founding, OnDuplicate, Store};
use std::path::{Path, PathBuf};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const FOUNDING: Founding = Founding { seed: 1, test_share: 0.2, now: NOW };

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_appraise"))
}

/// Failures of an AI that logs no intents, as most agents on language models do, and a list of intents of the team's own.
fn store_without_model(dir: &Path) -> PathBuf {
    let path = dir.join("store.db");
    let mut store = Store::open(&path, Access::Bulk, FOUNDING).unwrap();
    let mut log = String::new();
    for i in 0..40 {
        let line = serde_json::json!({
            "id": format!("c{i}"), "outcome": "failed", "ended_at": format!("2026-09-{:02}T08:00:00Z", 1 + i % 20),
            "turns": [
                {"role": "user", "text": format!("where is order {i}, it should have come {} days ago", i % 9)},
                {"role": "bot", "text": "Our shops open at nine."},
                {"role": "user", "text": format!("that is not what I asked about order {i}")}]});
        log.push_str(&format!("{line}\n"));
    }
    let input = Input::Stream { name: "bot.jsonl".into(), read: Box::new(std::io::Cursor::new(log.into_bytes())) };
    let options = ImportOptions {
        read: ReadOptions::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: false,
        now: NOW,
    };
    let mut rejects: Rejects<Box<dyn std::io::Write>> = Rejects::new(Box::new(std::io::sink()));
    import(&mut store, "maria", input, &options, &mut rejects, &SilentReporter).unwrap();
    let rows = [("where is my parcel", "order_status"), ("give me my money back", "refund")];
    let rows: Vec<(String, String)> = rows.iter().map(|(t, i)| ((*t).to_owned(), (*i).to_owned())).collect();
    store.add_examples("maria", NOW, "test", &rows).unwrap();
    path
}

fn open(store: &Path, size: (u16, u16)) -> Term {
    let args = ["--store", store.to_str().unwrap(), "--now", "2026-09-22T12:00:00Z"];
    Term::start(program(), &args, size, store.parent().unwrap())
}

/// Decisions on conversations so far.
fn decided(store: &Path) -> i64 {
    Store::open(store, Access::ReadOnly, FOUNDING).unwrap().last_decision().unwrap().0
}

fn done(store: &Path) -> u64 {
    let store = Store::open(store, Access::ReadOnly, FOUNDING).unwrap();
    store.queue_count(&Query::parse("outcome:failed,escalated status:done").unwrap(), NOW).unwrap()
}

/// Where maria stopped, as the store keeps it.
fn place(store: &Path) -> String {
    Store::open(store, Access::ReadOnly, FOUNDING).unwrap().recall("maria", "place").unwrap().unwrap_or_default()
}

#[test]
fn ten_failures_are_reviewed_by_keyboard_alone() {
    for size in [(80, 24), (200, 60)] {
        let dir = tempfile::tempdir().unwrap();
        let store = store_without_model(dir.path());
        let mut term = open(&store, size);
        term.wait_for("failed");
        term.keys("r");
        term.wait_for("What did the customer want?");
        for n in 1..=10 {
            // Everything is typed at once: keys wait for the decision before them.
            term.keys("/order\rk");
            term.wait_until("the next item", |_| done(&store) == n);
        }
        term.keys("u");
        term.wait_until("the last one taken back", |_| done(&store) == 9);
        term.keys("\x12");
        term.wait_until("and done again", |_| done(&store) == 10);
        term.keys("\x1b");
        term.wait_for("customer said");
        term.keys("q");
        assert_eq!(term.end(), 0);
        assert!(term.is_restored(), "the terminal is given back at {size:?}");
    }
}

#[test]
fn killing_it_after_any_key_loses_no_decision() {
    let dir = tempfile::tempdir().unwrap();
    let store = store_without_model(dir.path());
    let before = decided(&store);
    // After each of the keys of two reviews: the intent is a decision of its own, and so is the cause. It comes back
    // where it was killed, so only the first time `r` begins the review. The first key that would decide says where one is.
    let typed = ["r", "/", "/order", "/order\r", "kk", "/order\rk"];
    let expected = [0, 0, 0, 1, 2, 4];
    let (mut was, mut ended) = (String::new(), false);
    for (keys, expected) in typed.into_iter().zip(expected) {
        let mut term = open(&store, (80, 24));
        term.wait_for(if keys == "r" { "What would help most" } else { "should the AI have said" });
        if ended && place(&store) == was {
            // The kill came between the decision and the place: it comes back at the item that is done.
            term.keys(">");
            term.wait_until("the next item", |_| place(&store) != was);
        }
        (was, ended) = (place(&store), keys == "kk");
        // All at once, as a fast typist would: what comes before the screen is ready waits for it.
        term.keys(keys);
        term.wait_until(&format!("the decision after {keys:?}"), |_| decided(&store) - before >= expected);
        if keys == "r" {
            term.wait_until("the place kept", |_| place(&store).contains("\"screen\":\"Review\""));
        }
        term.kill_hard();
        assert_eq!(decided(&store) - before, expected, "after {keys:?}");
    }
    assert_eq!(done(&store), 2);
}

#[test]
fn it_survives_any_size_and_odd_input() {
    let dir = tempfile::tempdir().unwrap();
    let store = store_without_model(dir.path());
    let mut term = open(&store, (80, 24));
    term.wait_for("failed");
    term.keys("2");
    term.wait_for("customer said");
    term.resize((20, 5));
    term.wait_for("small");
    term.resize((120, 36));
    term.wait_for("sorted by value");
    // A paste into the query bar, an unfinished escape, bytes that are no text, a mouse click far away.
    term.keys("/\x1b[200~outcome:failed \x1b[31mrm -rf\n\x1b[201~");
    term.keys("\x1b");
    term.keys("\x1b[<0;300;300M\u{feff}\u{202e}");
    term.keys("\x1b\x1b");
    term.wait_for("1 Over");
    // Escape and a movement of the mouse in one read: none of its letters is a key, though `;` is q on a Greek keyboard.
    term.keys("\x1b\x1b[<35;3;3M\x1b\x1b[<0;33;33m");
    term.keys("?");
    term.wait_for("what the words mean");
    term.keys("\x1b");
    term.wait_until("the keys to close", |t| !t.text().contains("what the words mean"));
    term.keys("\x03");
    term.keys("q");
    assert_eq!(term.end(), 0);
    assert!(term.is_restored());
}

#[test]
fn a_termination_signal_gives_the_terminal_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = store_without_model(dir.path());
    let mut term = open(&store, (80, 24));
    term.wait_for("failed");
    term.signal("-TERM");
    assert_eq!(term.end(), 143);
    term.wait_until("the terminal back", Term::is_restored);
    for signal in ["-QUIT", "-ABRT", "-USR1"] {
        let mut term = open(&store, (80, 24));
        term.wait_for("failed");
        term.signal(signal);
        term.end();
        term.wait_until("the terminal back", Term::is_restored);
    }
}

#[test]
fn a_store_that_is_replaced_under_the_screen_is_said_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = store_without_model(dir.path());
    let backup = dir.path().join("backup.db");
    std::fs::copy(&store, &backup).unwrap();
    let mut term = open(&store, (80, 24));
    term.wait_for("What would help most");
    term.keys("r");
    term.wait_for("should the AI have said");
    for ending in ["-wal", "-shm"] {
        std::fs::remove_file(dir.path().join(format!("store.db{ending}"))).unwrap();
    }
    std::fs::rename(&backup, &store).unwrap();
    let before = decided(&store);
    term.wait_for("The store is gone");
    term.wait_for("was replaced by another file");
    term.keys("121");
    term.wait_for("The store is gone");
    assert_eq!(decided(&store), before);
    term.keys("o");
    term.wait_for("What would help most");
    term.keys("r");
    term.wait_for("should the AI have said");
    term.keys("/order\r");
    term.wait_until("a decision in the new store", |_| decided(&store) > before);
    std::fs::remove_file(&store).unwrap();
    term.wait_for("was deleted, moved");
    term.keys("q");
    term.end();
}
