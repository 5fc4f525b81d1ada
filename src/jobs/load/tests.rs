//! Imports that are stopped, and the search that is built behind them.

use crate::domain::{ConversationId, Query, Reporter, SilentReporter};
use crate::ingest::{Input, ReadOptions, Rejects};
use crate::jobs::tests::{Impatient, NOW, log};
use crate::jobs::*;
use crate::store::{Access, Founding, NextIndex, OnDuplicate, SearchState, Store};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::AtomicU64;

fn open(path: &Path) -> Store {
    Store::open(path, Access::Bulk, Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

fn load(store: &mut Store, text: &str, dry_run: bool, reporter: &dyn Reporter) -> Result<ImportReport, JobError> {
    let read = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
    load_input(store, Input::Stream { name: "shop.jsonl".into(), read }, dry_run, reporter)
}

fn load_input(
    store: &mut Store,
    input: Input,
    dry_run: bool,
    reporter: &dyn Reporter,
) -> Result<ImportReport, JobError> {
    load_as(store, input, ReadOptions::new(NOW), dry_run, reporter)
}

fn load_as(
    store: &mut Store,
    input: Input,
    read: ReadOptions,
    dry_run: bool,
    reporter: &dyn Reporter,
) -> Result<ImportReport, JobError> {
    let options = ImportOptions { read, on_duplicate: OnDuplicate::Update, take_older: false, dry_run, now: NOW };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    import(store, "maria", input, &options, &mut rejects, reporter)
}

fn found(store: &Store, words: &str) -> u64 {
    store.queue_count(&Query::parse(words).unwrap(), NOW).unwrap()
}

#[test]
fn a_stopped_import_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("a.db"));
    load(&mut store, &log(10), false, &SilentReporter).unwrap();
    let stopped = load(&mut store, &log(1_000), false, &Impatient(AtomicU64::new(0), 2)).unwrap_err();
    assert!(matches!(stopped, JobError::Cancelled));
    let kept = store.figures().frame().unwrap().conversations;
    assert!((11..1_000).contains(&kept), "what was committed stays: {kept}");
    let rest = load(&mut store, &log(1_000), false, &SilentReporter).unwrap();
    assert_eq!((rest.same, rest.new), (kept, 1_000 - kept));
}

#[test]
fn what_is_stored_under_another_source_is_said_to_be() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let talk = |i: u32| {
        format!(
            "{{\"id\":\"c-{i}\",\"turns\":[{{\"role\":\"user\",\"text\":\"where is order {i}\",\"at\":\"2026-03-0{i}T08:00:00Z\"}},\
             {{\"role\":\"bot\",\"text\":\"On its way {i}.\",\"at\":\"2026-03-0{i}T08:00:05Z\"}}]}}\n"
        )
    };
    let text: String = (1..4).map(talk).collect();
    load(&mut open(&path), &text, false, &SilentReporter).unwrap();
    let read = Box::new(std::io::Cursor::new(text.into_bytes()));
    let input = Input::Stream { name: "shop.jsonl".into(), read };
    let named = ReadOptions { source: Some("other".into()), ..ReadOptions::new(NOW) };
    let report = load_as(&mut open(&path), input, named, false, &SilentReporter).unwrap();
    let said = |w: &String| w.starts_with("3 conversations are there already under another source");
    assert!(report.new == 3 && report.warnings.iter().any(said), "{report:?}");
}

#[test]
fn a_search_that_was_stopped_is_finished_by_whoever_comes_next() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let mut store = open(&path);
    load(&mut store, &log(8_000), false, &SilentReporter).unwrap();
    assert_eq!(
        store.search_state().unwrap(),
        SearchState { indexed: 0, total: 8_000 },
        "browsable before it is searchable"
    );
    // The indexes that the load put off come first.
    while store.build_next_index(false).unwrap() == NextIndex::Built {}
    let stopped = index(&mut store, &Impatient(AtomicU64::new(0), 1)).unwrap_err();
    assert!(matches!(stopped, JobError::Cancelled));
    let half = store.search_state().unwrap();
    assert!(half.indexed > 0 && !half.is_complete(), "{half:?}");
    drop(store);
    let mut store = open(&path);
    load(&mut store, &log(8_200), false, &SilentReporter).unwrap();
    assert_eq!(store.search_state().unwrap(), SearchState { indexed: half.indexed, total: 8_200 });
    assert_eq!(index(&mut store, &SilentReporter).unwrap(), 8_200 - half.indexed);
    let texts = log(8_200);
    let said = texts.lines().filter(|l| l.contains("About refund.")).count() as u64;
    assert_eq!(found(&store, "\"about refund\""), said);
    assert_eq!(index(&mut store, &SilentReporter).unwrap(), 0);
}

#[test]
fn indexes_that_a_killed_import_left_out_are_built_by_whoever_comes_next() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    // What a kill leaves of a first import: no index, and a note that it is under way.
    let store = open(&path);
    store.begin_load().unwrap();
    store.begin_import("maria", NOW, "shop.jsonl").unwrap();
    drop(store);
    let mut store = open(&path);
    assert_eq!(store.build_next_index(false).unwrap(), NextIndex::LeftToImport);
    index(&mut store, &SilentReporter).unwrap();
    assert_eq!(store.build_next_index(false).unwrap(), NextIndex::None);
}

#[test]
fn a_dry_run_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let mut store = open(&path);
    load(&mut store, &log(300), false, &SilentReporter).unwrap();
    drop(store);
    let before = std::fs::read(&path).unwrap();
    let mut store = open(&path);
    assert_eq!(load(&mut store, &log(400), true, &SilentReporter).unwrap().new, 100);
    drop(store);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn two_people_may_build_the_search_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let mut store = open(&path);
    load(&mut store, &log(1_500), false, &SilentReporter).unwrap();
    let done: u64 = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| index(&mut open(&path), &SilentReporter).unwrap()));
        both.into_iter().map(|b| b.join().unwrap()).sum()
    });
    assert_eq!(done, 1_500, "each conversation once");
    assert!(store.search_state().unwrap().is_complete());
}

#[test]
fn what_one_column_tells_apart_are_two_conversations() {
    let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    load(&mut store, &log(10), false, &SilentReporter).unwrap();
    let talk = |id: &str| {
        format!(
            "{{\"id\":\"{id}\",\"turns\":[{{\"role\":\"user\",\"text\":\"where is my parcel with the red shoes\",\"at\":\"2026-03-01T10:00:00Z\"}},\
             {{\"role\":\"bot\",\"text\":\"It arrives on Tuesday before noon\",\"at\":\"2026-03-01T10:00:03Z\"}}]}}\n"
        )
    };
    let both = talk("4711") + &talk("04711");
    assert_eq!(load(&mut store, &both, false, &SilentReporter).unwrap().new, 2);
    // A later file in which a spreadsheet has cut the nought, or has put it there, says the same talk once more.
    assert_eq!(load(&mut store, &talk("8080"), false, &SilentReporter).unwrap().new, 1);
    assert_eq!(load(&mut store, &talk("08080"), false, &SilentReporter).unwrap().new, 0);
}

#[test]
fn words_are_found_in_any_spelling_of_their_letters() {
    let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    let said = ["Meine Straße ist falsch", "MEINE STRASSE IST FALSCH", "ＡＢＣ １２３ ﾃｽﾄ", "abc 123 テスト"];
    let line = |(i, text): (usize, &&str)| {
        format!("{{\"id\":\"{i}\",\"turns\":[{{\"role\":\"user\",\"text\":\"{text}\"}}]}}\n")
    };
    load(&mut store, &said.iter().enumerate().map(line).collect::<String>(), false, &SilentReporter).unwrap();
    index(&mut store, &SilentReporter).unwrap();
    for words in
        ["straße", "strasse", "STRASS", "\"meine straße\"", "ＡＢＣ", "abc", "１２３", "テスト", "ﾃｽﾄ", "\"abc 123\""]
    {
        assert_eq!(found(&store, words), 2, "{words}");
    }
}

#[test]
fn a_chat_that_is_exported_again_from_a_later_message_on_goes_on_in_what_is_stored() {
    let said = [
        "10:00 - Maria: hello, where is my order 4711?",
        "10:01 - ShopBot: It arrives on Tuesday.",
        "10:02 - Maria: can I change the address?",
        "10:03 - ShopBot: Yes, tell me the new one.",
        "10:05 - Maria: 12 High Street",
        "10:06 - ShopBot: Done.",
    ];
    let chat = |lines: &[&str]| lines.iter().map(|line| format!("13/03/2026, {line}\n")).collect::<String>();
    let message = |(i, (who, text)): (usize, (&str, &str))| {
        format!(
            "{{\"id\":{i},\"type\":\"message\",\"date_unixtime\":\"{}\",\"from_id\":\"{who}\",\"text\":\"{text}\"}}",
            1_773_396_000 + 60 * i
        )
    };
    let told = [("user7", "where is it"), ("user55", "on its way"), ("user7", "thanks a lot"), ("user55", "bye")];
    let messages: Vec<String> = told.into_iter().enumerate().map(message).collect();
    let export = |part: std::ops::Range<usize>| {
        format!("{{\"name\":\"ShopBot\",\"type\":\"bot_chat\",\"id\":55,\"messages\":[{}]}}", messages[part].join(","))
    };
    let orders = [
        [chat(&said), chat(&said[2..])],
        [chat(&said[2..]), chat(&said)],
        [chat(&said[..4]), chat(&said[2..])],
        [export(0..4), export(1..4)],
        [export(1..4), export(0..4)],
        [export(2..3), export(0..4)],
    ];
    for (i, [first, second]) in orders.iter().enumerate() {
        let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
        assert_eq!(load(&mut store, first, false, &SilentReporter).unwrap().new, 1, "{i}");
        let dry = load(&mut store, second, true, &SilentReporter).unwrap();
        let report = load(&mut store, second, false, &SilentReporter).unwrap();
        assert_eq!((report.new, dry.new, dry.updated), (0, 0, report.updated), "{i}");
        let is_told = report.warnings.iter().any(|w| w.contains("messages that are stored already: it goes on there"));
        assert!(is_told, "{i}: {:?}", report.warnings);
        let all = if i < 3 { said.len() } else { told.len() };
        assert_eq!(store.conversation(ConversationId(1)).unwrap().turns.len(), all, "{i}");
        assert_eq!(load(&mut store, second, false, &SilentReporter).unwrap().same, 1, "{i}");
    }
    // Another customer who says the same at the same time is another.
    let mut store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap();
    load(&mut store, &chat(&said), false, &SilentReporter).unwrap();
    let other = chat(&said[2..]).replace("Maria", "Petros");
    assert_eq!(load(&mut store, &other, false, &SilentReporter).unwrap().new, 1);
}

fn fresh() -> Store {
    Store::in_memory(Founding { seed: 1, test_share: 0.2, now: NOW }).unwrap()
}

const CHAT: [(&str, &str); 6] = [
    ("10:00:05", "Maria: hello, where is my order 4711?"),
    ("10:01:30", "ShopBot: It arrives on Tuesday."),
    ("10:02:10", "Maria: can I change the address?"),
    ("10:03:00", "ShopBot: Yes, tell me the new one."),
    ("10:05:40", "Maria: 12 High Street"),
    ("10:06:02", "ShopBot: Done."),
];

/// Some of its messages as a telephone with Android writes them.
fn android(part: std::ops::Range<usize>) -> String {
    CHAT[part].iter().map(|(at, said)| format!("13/03/2026, {} - {said}\n", &at[..5])).collect()
}

#[test]
fn a_chat_in_the_dates_of_another_telephone_is_the_same_chat() {
    let american = android(0..6).replace("13/03/2026", "3/13/26").replace(" - ", " AM - ");
    let seconds: String = CHAT.iter().map(|(at, said)| format!("[13/3/26, {at}] {said}\n")).collect();
    for (first, second) in [(android(0..6), &american), (android(0..6), &seconds), (seconds.clone(), &american)] {
        let mut store = fresh();
        assert_eq!(load(&mut store, &first, false, &SilentReporter).unwrap().new, 1, "{first}");
        assert_eq!(load(&mut store, second, false, &SilentReporter).unwrap().new, 0, "{first}{second}");
        for again in [&first, second] {
            assert_eq!(load(&mut store, again, false, &SilentReporter).unwrap().same, 1, "{first}{second}{again}");
        }
        assert_eq!(store.conversation(ConversationId(1)).unwrap().turns.len(), CHAT.len(), "{first}{second}");
    }
    // What one message alone says, too.
    let mut store = fresh();
    let first = android(0..6) + "20/03/2026, 09:00 - Maria: hello?\n";
    assert_eq!(load(&mut store, &first, false, &SilentReporter).unwrap().new, 2);
    let second = american + "3/20/26, 9:00 AM - Maria: hello?\n";
    assert_eq!(load(&mut store, &second, false, &SilentReporter).unwrap().new, 0);
    let dir = tempfile::tempdir().unwrap();
    for (name, chat) in [("android.txt", android(0..6)), ("apple.txt", seconds)] {
        std::fs::write(dir.path().join(name), chat).unwrap();
    }
    let of_both = load_input(&mut fresh(), Input::File(dir.path().to_owned()), false, &SilentReporter).unwrap();
    assert_eq!((of_both.new, of_both.updated), (1, 1), "both in one folder");
}

#[test]
fn an_export_that_begins_with_the_last_message_of_a_conversation_has_it_from_there() {
    let whole = android(0..5);
    let later = android(4..5) + "20/03/2026, 09:00 - Maria: is it there?\n20/03/2026, 09:01 - ShopBot: Yes.\n";
    for (first, second, new) in [(&whole, &later, [1, 1]), (&later, &whole, [2, 0])] {
        let mut store = fresh();
        let of = [first, second].map(|log| load(&mut store, log, false, &SilentReporter).unwrap().new);
        assert_eq!(of, new, "{first}{second}");
    }
}

#[test]
fn two_halves_of_a_chat_are_one_conversation_where_no_long_silence_lies_between() {
    let (first, rest) = (android(0..3), android(3..6));
    for (one, other) in [(&first, &rest), (&rest, &first)] {
        let mut store = fresh();
        assert_eq!(load(&mut store, one, false, &SilentReporter).unwrap().new, 1);
        let report = load(&mut store, other, false, &SilentReporter).unwrap();
        assert_eq!(report.new, 0, "{other}");
        assert!(report.warnings.iter().any(|w| w.contains("goes on with one that is stored")), "{:?}", report.warnings);
        assert!(!report.warnings.iter().any(|w| w.contains("no turn in common")), "{:?}", report.warnings);
        let stored = store.conversation(ConversationId(1)).unwrap();
        let said: Vec<&str> = stored.turns.iter().map(|t| t.text.as_str()).collect();
        let all: Vec<&str> = CHAT.iter().filter_map(|(_, said)| Some(said.split_once(": ")?.1)).collect();
        assert_eq!(said, all);
        assert_eq!(load(&mut store, &android(0..6), false, &SilentReporter).unwrap().new, 0, "and then the whole");
    }
    for other in [rest.replace("Maria", "Petros"), rest.replace("13/03", "15/03")] {
        let mut store = fresh();
        load(&mut store, &first, false, &SilentReporter).unwrap();
        assert_eq!(load(&mut store, &other, false, &SilentReporter).unwrap().new, 1, "{other}");
    }
}

#[test]
fn two_exports_of_a_chat_in_one_folder_are_read_as_one() {
    let message = |i: i64, who: &str, text: &str| {
        format!(
            r#"{{"id":{i},"type":"message","date_unixtime":"{}","from":"{who}","from_id":"{who}","text":"{text}"}}"#,
            1_772_442_900 + i * 60
        )
    };
    let chat =
        |said: &[String]| format!(r#"{{"name":"ShopBot","type":"bot_chat","id":7,"messages":[{}]}}"#, said.join(","));
    let all = [("user1", "where is it"), ("user7", "which number?"), ("user1", "4417"), ("user7", "On Tuesday.")];
    let said: Vec<String> = (1..).zip(all).map(|(i, (who, text))| message(i, who, text)).collect();
    let dir = tempfile::tempdir().unwrap();
    // The later one comes first, and both hold the second message.
    for (name, part) in [("a.json", &said[1..]), ("b.json", &said[..2])] {
        std::fs::write(dir.path().join(name), chat(part)).unwrap();
    }
    let mut store = fresh();
    let report = load_input(&mut store, Input::File(dir.path().to_owned()), false, &SilentReporter).unwrap();
    assert_eq!((report.new, report.updated, report.rejected), (1, 0, 0));
    let stored = store.conversation(ConversationId(1)).unwrap();
    let told: Vec<&str> = stored.turns.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(told, all.map(|(_, text)| text));
}

#[test]
fn ratings_that_come_later_rate_what_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("a.db"));
    let talk = |i: u32| {
        format!(
            "{{\"id\":\"c-{i}\",\"turns\":[{{\"role\":\"user\",\"text\":\"where is order {i}\"}},\
             {{\"role\":\"bot\",\"text\":\"On its way {i}.\"}}]}}\n"
        )
    };
    let talks: String = (1..4).map(talk).collect();
    load(&mut store, &talks, false, &SilentReporter).unwrap();
    let rate = |store: &mut Store, rows: &str, source: Option<&str>| {
        let read = Box::new(std::io::Cursor::new(format!("conversation_id,csat\n{rows}").into_bytes()));
        let input = Input::Stream { name: "survey.csv".into(), read };
        let read = ReadOptions { source: source.map(str::to_owned), ..ReadOptions::new(NOW) };
        let report = load_as(store, input, read, false, &SilentReporter).unwrap();
        [report.new, report.updated, report.same, report.rejected]
    };
    let rows = "c-1,5\nc-2,1\nc-9,4\n";
    assert_eq!(rate(&mut store, rows, None), [0, 2, 0, 1], "what is not stored is rejected and counted");
    let csat = |store: &Store, i: i64| store.conversation(ConversationId(i)).unwrap().csat.map(|r| (r.score, r.max));
    assert_eq!([1, 2, 3].map(|i| csat(&store, i)), [Some((5.0, 5.0)), Some((1.0, 5.0)), None]);
    assert_eq!(
        [found(&store, "csat<=2"), found(&store, "outcome:failed"), found(&store, "outcome:resolved")],
        [1, 1, 1]
    );
    // Again it changes nothing, and neither do the conversations as they came.
    assert_eq!(rate(&mut store, rows, None), [0, 0, 2, 1]);
    let again = load(&mut store, &talks, false, &SilentReporter).unwrap();
    assert_eq!([again.new, again.updated, again.same], [0, 0, 3]);
    assert_eq!(csat(&store, 2), Some((1.0, 5.0)));
    assert_eq!(rate(&mut store, "c-2,4\nc-3,4\n", Some("shop")), [0, 2, 0, 0], "a later word holds");
    assert_eq!(csat(&store, 2), Some((4.0, 5.0)));
    // A source that somebody names is that one; of several nobody knows which is meant.
    assert_eq!(rate(&mut store, "c-1,2\n", Some("desk")), [0, 0, 0, 1]);
    let read = Box::new(std::io::Cursor::new(talk(1).into_bytes()));
    let desk = ReadOptions { source: Some("desk".into()), ..ReadOptions::new(NOW) };
    load_as(&mut store, Input::Stream { name: "desk.jsonl".into(), read }, desk, false, &SilentReporter).unwrap();
    assert_eq!(rate(&mut store, "c-1,2\n", None), [0, 0, 0, 1]);
    assert_eq!(rate(&mut store, "c-1,2\n", Some("desk")), [0, 1, 0, 0]);
    assert_eq!(csat(&store, 1), Some((5.0, 5.0)));
}

#[test]
fn ratings_wait_for_the_files_that_hold_what_they_rate() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("a.db"));
    let folder = dir.path().join("logs");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("a.csv"), "conversation_id,csat\nc-1,5\nc-2,2\n").unwrap();
    let talk = |i: u32| {
        format!(
            "{{\"id\":\"c-{i}\",\"turns\":[{{\"role\":\"user\",\"text\":\"where is it\"}},{{\"role\":\"bot\",\"text\":\"There.\"}}]}}\n"
        )
    };
    std::fs::write(folder.join("b.jsonl"), talk(1) + &talk(2)).unwrap();
    let read = ReadOptions::new(NOW);
    let options =
        ImportOptions { read, on_duplicate: OnDuplicate::Update, take_older: false, dry_run: false, now: NOW };
    let mut rejects: Rejects<Box<dyn Write>> = Rejects::new(Box::new(std::io::sink()));
    let report = import_all(&mut store, "maria", &[folder], &options, &mut rejects, &SilentReporter).unwrap();
    assert_eq!([report.new, report.updated, report.rejected], [2, 2, 0], "{:?}", report.warnings);
    assert_eq!(found(&store, "csat<=2"), 1);
}
