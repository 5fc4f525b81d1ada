//! Logs of any bytes, of every format. The first byte says which format is asked for, or that it is to be told; the second how it
//! is read: as a stream or a file, the order of dates, guesses, pseudonyms, the longest record. What must hold, beside that
//! nothing panics:
//!
//! - everything is read, and nothing comes after the end;
//! - what comes is valid ([`appraise_fuzz::read`]), reads again from the canonical format as the same, and is as much as the
//!   summary says;
//! - the same bytes give the same in whatever pieces they come, and twice the same from a file, which stays as it is;
//! - with pseudonyms no customer is called what the log calls them, and nothing else changes.

#![no_main]

use appraise::domain::Zone;
use appraise::ingest::{
    DateOrder, IngestError, Input, LogReader, LogRecord, LogSummary, ReadOptions, Reject, Salt, pseudonym,
};
use appraise_fuzz::read::{NOW, all, stream};
use appraise_fuzz::small;
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;

const ORDERS: [Option<DateOrder>; 2] = [None, Some(DateOrder::DayFirst)];
const LONGEST: [usize; 4] = [1 << 20, 40, 400, 4_000];

/// Every format's name, as the program says them.
static FORMATS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let options = ReadOptions { from: Some("?".into()), ..ReadOptions::new(NOW) };
    match LogReader::open(stream(b"", 1), options) {
        Err(IngestError::NoSuchFormat { known, .. }) => known.split(", ").map(str::to_owned).collect(),
        _ => panic!("`?` is no format"),
    }
});

/// Where logs stand as files.
static DIR: LazyLock<tempfile::TempDir> = LazyLock::new(small::dir);

fuzz_target!(|input: &[u8]| {
    let Some((&[format, how], log)) = input.split_first_chunk::<2>() else { return };
    let how = usize::from(how);
    // Half of the values: told.
    let asked = (format < 128).then(|| &FORMATS[usize::from(format) % FORMATS.len()]);
    let options = ReadOptions {
        from: asked.cloned(),
        date_order: ORDERS[how % 2],
        accept_guesses: how & 2 != 0,
        max_line: LONGEST[how / 4 % 4],
        pseudonymise: (how & 16 != 0).then(|| Salt(b"salt".to_vec())),
        source: (how & 32 != 0).then(|| "named".to_owned()),
        tz: if how & 64 != 0 { "Europe/Nicosia".parse().expect("a zone") } else { Zone::default() },
        ..ReadOptions::new(NOW)
    };
    let from_file = how & 128 != 0;
    let read = |piece: usize, options: &ReadOptions| match from_file {
        true => all(file(log), options.clone()),
        false => all(stream(log, piece), options.clone()),
    };
    let (whole, again) = (read(usize::MAX, &options), read(1 + how % 7, &options));
    let Some((items, summary)) = &whole else {
        assert!(again.is_none());
        return;
    };
    if is_broken_off(items) {
        // How much of what is packed comes out before the damage depends on the pieces.
        assert!(again.is_some_and(|(items, _)| is_broken_off(&items)));
    } else {
        assert_eq!(whole, again);
        assert!(from_file || summary.bytes == log.len() as u64, "{summary:?} of {} bytes", log.len());
    }
    if let Some(salt) = &options.pseudonymise {
        let plain = read(usize::MAX, &ReadOptions { pseudonymise: None, ..options.clone() });
        pseudonyms(salt, &plain.expect("it was read before"), (items, summary));
    }
});

fn file(log: &[u8]) -> Input {
    let path: PathBuf = DIR.path().join("shop.log");
    std::fs::write(&path, log).expect("room for a log");
    Input::File(path)
}

/// Whether the log could not be read to its end.
fn is_broken_off(items: &[LogRecord]) -> bool {
    let broken = |r: &Reject| r.reason.contains("from here on") || r.reason.contains("is cut off here");
    matches!(items.last(), Some(LogRecord::Reject(reject)) if broken(reject))
}

/// Every customer has the pseudonym that the salt gives, and nothing else has changed.
fn pseudonyms(salt: &Salt, plain: &(Vec<LogRecord>, LogSummary), hidden: (&[LogRecord], &LogSummary)) {
    assert_eq!((plain.0.len(), &plain.1), (hidden.0.len(), hidden.1));
    for pair in plain.0.iter().zip(hidden.0) {
        match pair {
            (LogRecord::Conversation { conversation: a, .. }, LogRecord::Conversation { conversation: b, .. }) => {
                let mut a = a.clone();
                a.customer_id = a.customer_id.map(|id| pseudonym(salt, &id));
                assert_eq!(&a, b);
            }
            (a, b) => assert_eq!(a, b),
        }
    }
}
