//! Tables, their mappings, and profiles. The input is text: a first line with flags as `--map` takes them, then a profile, a line
//! `---`, then the table. Without that line all of it is the table. What must hold, beside that nothing panics:
//!
//! - what is guessed, corrected or read from a profile can be saved as a profile and reads as the same again;
//! - a correction that is refused changes nothing;
//! - every column is listed once, under a name of its own;
//! - what is read by it is valid ([`appraise_fuzz::read`]); packed or not, a file gives the same.

#![no_main]

use appraise::ingest::formats::csv::{CsvFormat, Mapping, columns, correct, guess};
use appraise::ingest::{Input, LogRecord, ReadOptions};
use appraise_fuzz::read::{NOW, all};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

/// Where tables stand as files.
static DIR: LazyLock<tempfile::TempDir> = LazyLock::new(appraise_fuzz::small::dir);

fuzz_target!(|input: &[u8]| {
    let (flags, profile, table) = parts(input);
    let guessed = guess(table);
    assert!(guessed.sure <= 100);
    kept(&guessed.mapping);
    let names = guessed.names();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    assert_eq!(columns(table, &guessed.mapping), guessed.columns);
    flagged(&guessed.mapping, &flags, &names);
    let profile = Mapping::from_toml(&profile).ok();
    profile.iter().for_each(kept);
    if let Ok(corrected) = correct(table, profile.as_ref(), &flags) {
        kept(&corrected.mapping);
        corrected.mapping.describe(&corrected.names());
        let mut fits = corrected.mapping.clone();
        let _ = fits.check(&corrected.names());
    }
    read(&flags, profile, table);
});

/// Flags, profile and table.
fn parts(input: &[u8]) -> (String, String, &[u8]) {
    let Some(at) = input.windows(5).position(|w| w == b"\n---\n") else { return (String::new(), String::new(), input) };
    let head = String::from_utf8_lossy(&input[..at]);
    let (flags, profile) = head.split_once('\n').unwrap_or((&head, ""));
    (flags.to_owned(), profile.to_owned(), &input[at + 5..])
}

/// A mapping can be saved and read again.
fn kept(mapping: &Mapping) {
    let toml = mapping.to_toml();
    assert_eq!(Mapping::from_toml(&toml).as_ref(), Ok(mapping), "{toml}");
}

fn flagged(mapping: &Mapping, flags: &str, names: &[String]) {
    let mut changed = mapping.clone();
    match changed.apply_flags(flags, names) {
        Ok(()) => kept(&changed),
        Err(_) => assert_eq!(changed, *mapping),
    }
}

/// Reads the table from a file and from a packed one.
fn read(flags: &str, profile: Option<Mapping>, table: &[u8]) {
    let choice = CsvFormat { mapping: profile, map: (!flags.is_empty()).then(|| flags.to_owned()) }.chosen();
    let options = ReadOptions {
        from: choice.is_none().then(|| "csv".to_owned()),
        choice,
        source: Some("shop".into()),
        max_line: 4_000,
        accept_guesses: true,
        ..ReadOptions::new(NOW)
    };
    let file = |name: &str, bytes: &[u8]| {
        let path: PathBuf = DIR.path().join(name);
        std::fs::write(&path, bytes).expect("room for a table");
        all(Input::File(path), options.clone())
    };
    let plain = file("plain.csv", table);
    let packed = file("packed.csv.zst", &zstd::encode_all(table, 1).expect("memory"));
    if let (Some((plain, _)), Some((packed, _))) = (plain, packed)
        // What is packed is undone once.
        && !is_packed(table)
    {
        let told = |items: &[LogRecord]| items.iter().map(told).collect::<Vec<_>>();
        assert_eq!(told(&plain), told(&packed));
    }
}

fn is_packed(table: &[u8]) -> bool {
    [&[0x1f, 0x8b][..], &[0x28, 0xb5, 0x2f, 0xfd], b"PK"].iter().any(|magic| table.starts_with(magic))
}

/// What came, without the name of the file.
fn told(item: &LogRecord) -> String {
    match item {
        LogRecord::Conversation { conversation, line, .. } => format!("{line}: {conversation:?}"),
        LogRecord::Reject(r) => format!("{}:{}: {} {}", r.line, r.column, r.reason, r.excerpt),
    }
}
