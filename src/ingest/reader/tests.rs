use super::*;
use crate::domain::{OfferStatus, Outcome, OutcomeSource, Role, Timestamp, Turn};
use crate::ingest::{Speakers, content_hash};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn stream(bytes: &[u8], change: impl FnOnce(&mut ReadOptions)) -> Result<LogReader, IngestError> {
    let mut options = ReadOptions::new(NOW);
    change(&mut options);
    let read = Box::new(Cursor::new(bytes.to_vec()));
    LogReader::open(Input::Stream { name: "logs/shop.jsonl".into(), read }, options)
}

struct Drained {
    conversations: Vec<Conversation>,
    rejects: Vec<Reject>,
    summary: LogSummary,
}

fn drain(mut reader: LogReader) -> Drained {
    let (mut conversations, mut rejects) = (Vec::new(), Vec::new());
    for item in reader.by_ref() {
        match item {
            LogRecord::Conversation { conversation, .. } => conversations.push(*conversation),
            LogRecord::Reject(reject) => rejects.push(reject),
        }
    }
    let summary = reader.summary();
    assert_eq!((summary.conversations, summary.rejected), (conversations.len() as u64, rejects.len() as u64));
    Drained { conversations, rejects, summary }
}

fn all(bytes: impl AsRef<[u8]>) -> Drained {
    drain(stream(bytes.as_ref(), |_| {}).unwrap())
}

fn fixture(name: &str) -> Drained {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ingest").join(name);
    drain(LogReader::open(Input::File(path), ReadOptions::new(NOW)).unwrap())
}

fn ids(read: &Drained) -> Vec<&str> {
    read.conversations.iter().map(|c| c.id.as_str()).collect()
}

fn line(id: u32) -> String {
    format!(r#"{{"id":"c{id}","turns":[{{"role":"user","text":"where is order {id}"}}]}}"#)
}

#[test]
fn one_bad_line_never_stops_an_import() {
    let read = fixture("pitfalls.jsonl");
    assert_eq!(ids(&read), ["ok-1", "dup", "dup", "nan", "surrogate", "latin1", "comma", "control", "last"]);
    let rejects: Vec<(u64, &str)> = read.rejects.iter().map(|r| (r.line, r.reason.as_str())).collect();
    assert_eq!(
        rejects,
        [
            (8, "not JSON: key must be a string"),
            (9, "no `turns`: a conversation has at least one"),
            (11, "a conversation must be a JSON object, and is a number here"),
            (13, "not JSON: EOF while parsing a string"),
        ]
    );
    assert_eq!(read.rejects[0].column, 13);
    assert_eq!(read.rejects[0].excerpt, r#"{"id":"bad",nonsense}"#);
    assert_eq!(read.summary.invalid_utf8.n, 1);
    assert_eq!(read.conversations[2].turns[0].text, "second wins");
    assert_eq!(read.conversations[3].turns[0].confidence, None);
    assert_eq!(read.conversations[4].turns[0].text, "bad \u{fffd} end");
    assert_eq!(read.conversations[5].turns[0].text, "caf\u{fffd}");
    assert!(read.conversations.iter().all(|c| c.source == "pitfalls"));
}

#[test]
fn a_cut_off_last_line_is_told_from_a_broken_one() {
    let cut = format!("{}\n{}", line(1), &line(2)[..20]);
    let read = all(&cut);
    assert_eq!(ids(&read), ["c1"]);
    assert_eq!(read.rejects[0].reason, "the last line is cut off: the log may still be being written");
    assert_eq!((read.rejects[0].line, read.rejects[0].column), (2, 20));
    assert!(all(cut + "\n").rejects[0].reason.starts_with("not JSON"));
    assert_eq!(ids(&all(format!("{}\n{}", line(1), line(2)))), ["c1", "c2"]);
}

#[test]
fn arrays_and_pretty_printed_objects_are_read() {
    assert_eq!(ids(&fixture("array.json")), ["a1", "a2"]);
    assert_eq!(fixture("array.json").rejects[0].line, 11);
    assert_eq!(ids(&fixture("pretty.jsonl")), ["p1", "p2"]);
    assert_eq!(ids(&all(format!("[{},{},]", line(1), line(2)))), ["c1", "c2"]);
}

#[test]
fn compression_and_encodings_are_undone() {
    let text = format!("{}\r\n{}\r\n", line(1), line(2));
    let gz = |s: &str| {
        let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        e.write_all(s.as_bytes()).unwrap();
        e.finish().unwrap()
    };
    let members = [gz(&(line(1) + "\n")), gz(&(line(2) + "\n"))].concat();
    assert_eq!(ids(&all(&members)), ["c1", "c2"]);
    assert_eq!(all(&members).summary.bytes, members.len() as u64);
    assert_eq!(ids(&all(zstd::encode_all(text.as_bytes(), 1).unwrap())), ["c1", "c2"]);
    assert_eq!(ids(&all(format!("\u{feff}{text}"))), ["c1", "c2"]);
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(ids(&all(utf16)), ["c1", "c2"]);
}

#[test]
fn a_compressed_file_that_is_cut_off_gives_what_it_has() {
    let text: String = (0..5_000).map(|i| line(i * 7_919 % 5_000) + "\n").collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    for share in [10, 2] {
        let read = all(&whole[..whole.len() / share]);
        let last = read.rejects.last().unwrap();
        assert!(read.conversations.len() > 50, "{}", read.conversations.len());
        assert_eq!(last.reason, "the file is cut off here: what follows is missing");
    }
}

#[test]
fn huge_lines_are_rejected_and_passed_over() {
    let long = format!(r#"{{"id":"big","turns":[{{"role":"user","text":"{}"}}]}}"#, "x".repeat(5_000));
    let text = format!("{}\n{long}\n{}\n", line(1), line(2));
    let read = drain(stream(text.as_bytes(), |o| o.max_line = 1_000).unwrap());
    assert_eq!(ids(&read), ["c1", "c2"]);
    assert_eq!(read.rejects[0].reason, "longer than 1000 bytes, the limit for one conversation");
    assert!(read.rejects[0].excerpt.len() < 200);
    assert_eq!(ids(&all(&text)), ["c1", "big", "c2"]);
}

#[test]
fn the_source_is_the_files_word_then_the_callers_then_the_name() {
    let own = line(1).replacen('{', r#"{"source":"own","#, 1);
    let text = format!("{own}\n{}\n", line(2));
    let sources = |r: Drained| r.conversations.into_iter().map(|c| c.source).collect::<Vec<_>>();
    assert_eq!(sources(all(&text)), ["own", "shop"]);
    let named = stream(text.as_bytes(), |o| o.source = Some("flag".into())).unwrap();
    assert_eq!(sources(drain(named)), ["own", "flag"]);
}

#[test]
fn formats_are_told_or_named() {
    let error = |bytes: &[u8], from: Option<&str>| {
        stream(bytes, |o| o.from = from.map(str::to_owned)).err().unwrap().to_string()
    };
    assert!(error(b"no log at all\n", None).contains("in no format that can be read (canonical, "));
    assert!(error(b"", Some("canonicl")).contains("did you mean `canonical`?"));
    assert_eq!(all("").conversations.len(), 0);
    assert_eq!(all("").summary.format, "canonical");
    let csv = drain(stream(b"id,text\n", |o| o.from = Some("canonical".into())).unwrap());
    assert_eq!(csv.rejects.len(), 1);
    let missing = LogReader::open(Input::File("/nowhere/x.jsonl".into()), ReadOptions::new(NOW)).err().unwrap();
    assert!(missing.to_string().contains("/nowhere/x.jsonl"));
}

#[test]
fn warnings_are_counted_once_a_kind() {
    let odd = line(1).replacen('{', r#"{"shop":1,"#, 1);
    let read = all(format!("{odd}\n{odd}\n"));
    assert_eq!(read.summary.warnings.len(), 1);
    assert_eq!((read.summary.warnings[0].count, read.summary.warnings[0].line), (2, 1));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), max in 0usize..300) {
        for from in [None, Some("canonical".to_owned()), Some("csv".to_owned())] {
            if let Ok(reader) = stream(&bytes, |o| (o.from, o.max_line) = (from, max)) {
                prop_assert!(drain(reader).rejects.len() <= bytes.len() + 1);
            }
        }
    }

    #[test]
    fn damaged_logs_are_read_or_refused(at in 0usize..300, by in any::<u8>(), pretty: bool) {
        let value: serde_json::Value = serde_json::from_str(&line(1)).unwrap();
        let text = if pretty { serde_json::to_string_pretty(&[&value, &value]).unwrap() } else { format!("{}\n{}", line(1), line(2)) };
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] = by;
        if let Ok(reader) = stream(&bytes, |_| {}) {
            drain(reader);
        }
    }
}

proptest! {
    #[test]
    fn an_export_is_the_same_conversation_again(confidence in 0.0f64..=1.0, latency in any::<f64>(), text in "(?s).{0,20}") {
        prop_assume!(latency.is_finite());
        let mut turn = Turn::new(Role::User, text);
        (turn.confidence, turn.latency_ms) = (Some(confidence), Some(latency));
        let written = serde_json::to_string(&Conversation::new("s", "1", vec![turn])).unwrap();
        let first = all(&written).conversations.remove(0);
        let again = all(serde_json::to_string(&first).unwrap()).conversations.remove(0);
        prop_assert_eq!(content_hash(&first), content_hash(&again));
        prop_assert_eq!((first.turns[0].confidence, first.turns[0].latency_ms), (Some(confidence), Some(latency)));
        prop_assert_eq!(first, again);
    }
}

/// The folder of samples beside the project, on machines that have it.
fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared", "../../shared"].iter().map(|up| root.join(up).join(path)).find(|p| p.exists());
    if found.is_none() {
        eprintln!("skipped: no ../shared/{path} here");
    }
    found
}

fn open(path: PathBuf) -> Drained {
    drain(LogReader::open(Input::File(path), ReadOptions::new(NOW)).unwrap())
}

#[test]
fn the_edge_samples_are_survived() {
    let Some(folder) = shared("formats/samples/edge") else { return };
    let of = |name: &str| {
        let read = open(folder.join(name));
        let ids: Vec<String> = read.conversations.iter().map(|c| c.id.clone()).collect();
        (ids.join(" "), read.rejects.iter().map(|r| r.line).collect::<Vec<_>>())
    };
    assert_eq!(of("blank_and_comment_lines.jsonl"), ("e8 e9".into(), vec![]));
    assert_eq!(of("bom_crlf.jsonl"), ("e1 e2".into(), vec![]));
    assert_eq!(of("control_and_emoji.jsonl"), ("c1".into(), vec![]));
    assert_eq!(of("duplicate_ids.jsonl"), ("e10 e10".into(), vec![]));
    assert_eq!(of("invalid_utf8.jsonl"), ("e3 e4".into(), vec![]));
    assert_eq!(of("lone_surrogate.jsonl"), ("s1".into(), vec![]));
    assert_eq!(of("truncated_last_line.jsonl"), ("e6".into(), vec![2]));
    assert_eq!(of("times.jsonl"), ("t0 t1 t2 t3 t4 t5 t6 t7 t8 t10 t11".into(), vec![10, 13]));
    assert_eq!(open(folder.join("abcd_examples.jsonl.zst")).conversations.len(), 5);
    let huge = open(folder.join("huge_line_2mb.jsonl.gz"));
    assert_eq!((huge.conversations.len(), huge.rejects.len()), (1, 0));
    assert!(huge.conversations[0].turns.iter().map(|t| t.text.len()).sum::<usize>() > 1 << 20);
}

#[test]
fn the_canonical_samples_are_read_whole() {
    let Some(folder) = shared("formats/samples/canonical") else { return };
    for (name, count) in [("abcd_examples", 5), ("rasa_corona", 7), ("sgd_dev_first200", 200), ("star", 200)] {
        let read = open(folder.join(format!("{name}.jsonl")));
        assert_eq!((read.conversations.len(), read.rejects.len()), (count, 0), "{name}");
        assert_eq!(read.summary.warnings, [], "{name}");
        for c in &read.conversations {
            let again = all(serde_json::to_string(c).unwrap() + "\n");
            assert_eq!(again.conversations.first(), Some(c), "{name}");
        }
    }
}

fn counts<T: Ord>(of: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut out = BTreeMap::new();
    of.for_each(|x| *out.entry(x).or_default() += 1);
    out
}

#[test]
fn real_logs_give_the_figures_of_the_formats_page() {
    use Outcome::{Abandoned, Escalated, Failed, Resolved, Unknown};
    let Some(folder) = shared("data/conversations") else { return };
    let of = |name: &str| {
        let read = open(folder.join(format!("{name}.jsonl.gz")));
        assert_eq!((&read.rejects, &read.summary.warnings), (&vec![], &vec![]), "{name}");
        read.conversations
    };
    let outcomes = |cs: &[Conversation]| counts(cs.iter().filter_map(|c| c.outcome));
    let star = of("star_full");
    assert_eq!(outcomes(&star), [(Resolved, 5_120), (Failed, 698), (Abandoned, 387)].into());
    let tau = of("tau_airline");
    assert_eq!(outcomes(&tau), [(Resolved, 49), (Escalated, 48), (Failed, 103)].into());
    let sgd = of("sgd_dev_test");
    assert_eq!(outcomes(&sgd), [(Resolved, 3_221), (Failed, 138), (Unknown, 1_660)].into());
    let offers = counts(sgd.iter().flat_map(|c| &c.offers).map(|o| o.status));
    let expected = [(OfferStatus::Shown, 287), (OfferStatus::Accepted, 8_498), (OfferStatus::Declined, 3_493)];
    assert_eq!(offers, expected.into());
    let dogo = of("multidogo_full");
    assert_eq!(outcomes(&dogo), [(Unknown, 14_147)].into());
    assert_eq!(dogo[0].outcome_source, Some(OutcomeSource::Derived));
    let users = dogo.iter().flat_map(|c| &c.turns).filter(|t| t.role == Role::User && !t.gold.is_empty());
    assert_eq!(users.count(), 116_597);
}

fn folder_of(files: &[(&str, &[u8])], name: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join(name);
    std::fs::create_dir(&folder).unwrap();
    files.iter().for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes).unwrap());
    (dir, folder)
}

#[test]
fn an_empty_folder_says_that_nothing_in_it_can_be_read() {
    let (_dir, folder) = folder_of(&[], "logs");
    let error = LogReader::open(Input::File(folder), ReadOptions::new(NOW)).err().unwrap().to_string();
    assert!(error.contains("nothing in this folder can be read"), "{error}");
}

#[test]
fn a_file_of_a_folder_that_asks_is_left_out_and_the_others_are_read() {
    let asks = b"id,sender,text\n1,Sofia,where is it\n1,Nikos,on its way\n1,Sofia,thanks\n1,Nikos,bye\n2,Sofia,hi\n";
    let (_dir, folder) = folder_of(&[("a.jsonl", line(1).as_bytes()), ("b.csv", asks)], "logs");
    let read = drain(LogReader::open(Input::File(folder), ReadOptions::new(NOW)).unwrap());
    assert_eq!(ids(&read), ["c1"]);
    let question = read.summary.questions.iter().find(|q| q.about.starts_with("b.csv: ")).unwrap();
    assert!(question.settle.contains("until then this file is left out") && read.summary.unanswered, "{question:?}");
    assert!(!question.needed, "it keeps no other file out");
}

#[test]
fn a_zip_within_a_folder_is_read_with_the_other_files() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, id) in [("one.jsonl", 2), ("more/two.jsonl", 3)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(line(id).as_bytes()).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let (_dir, folder) = folder_of(&[("a.jsonl", line(1).as_bytes()), ("b.zip", &zip)], "logs");
    let mut read = drain(LogReader::open(Input::File(folder), ReadOptions::new(NOW)).unwrap());
    read.conversations.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(ids(&read), ["c1", "c2", "c3"]);
    assert_eq!(read.summary.warnings, []);
}

#[test]
fn a_whatsapp_group_begins_with_a_word_of_whatsapp_itself() {
    let chat = "25/03/2026, 10:00 - Shop: Messages and calls are end-to-end encrypted. Nobody else can read them.\n\
        25/03/2026, 10:01 - Anna: where is it\n25/03/2026, 10:02 - Shop bot: on its way\n";
    let read = all(chat);
    let turns: Vec<Role> = read.conversations[0].turns.iter().map(|t| t.role).collect();
    assert_eq!((turns, read.summary.questions.len()), (vec![Role::System, Role::User, Role::Bot], 0));
    assert_eq!(read.summary.warnings, []);
    // Without a last line end it is whole; what is less than a message is left out.
    assert_eq!((all(chat.trim_end()).summary.warnings, all(chat.trim_end()).conversations[0].turns.len()), (vec![], 3));
    for begun in ["25/03/2026, 10:", "25/03/2026, 10:03 - ", "25/03/2026, 10:03 - An"] {
        let cut = all(format!("{chat}{begun}"));
        assert_eq!(cut.conversations[0].turns.last().unwrap().text, "on its way", "{begun}");
        assert!(cut.summary.warnings[0].text.contains("cut off within this line"), "{:?}", cut.summary.warnings);
    }
    // Its name is its first message's, whatever the file is called.
    assert_eq!(read.conversations[0].id, all(chat.trim_end()).conversations[0].id);
    // Dates that may mean two days are asked about, like those of a table.
    let doubt = all(chat.replace("25/03", "05/03"));
    assert_eq!((doubt.conversations.len(), doubt.summary.questions[0].about.as_str()), (0, "the dates"));
}

#[test]
fn greek_of_an_old_macintosh_is_read_where_somebody_says_so() {
    // What `καλημέρα` is there is something else in every other encoding.
    let rows = b"id,sender,text\n1,user,\xeb\xe1\xec\xe8\xed\xdb\xf2\xe1\n1,bot,hello\n";
    let (_dir, folder) = folder_of(&[("log.csv", rows)], "logs");
    let options = ReadOptions { encoding: Some("MacGreek".to_owned()), ..ReadOptions::new(NOW) };
    let read = drain(LogReader::open(Input::File(folder.join("log.csv")), options).unwrap());
    assert_eq!((read.conversations[0].turns[0].text.as_str(), read.summary.invalid_utf8.n), ("καλημέρα", 0));
    assert!(matches!(stream(rows, |o| o.encoding = Some("macgreeek".to_owned())), Err(IngestError::NoSuchEncoding(_))));
}

#[test]
fn a_system_that_answers_customers_is_asked_about() {
    let line = |n: u32| {
        format!(
            "{{\"id\":\"c{n}\",\"turns\":[{{\"speaker\":\"USER\",\"text\":\"a table for two\"}},{{\"speaker\":\"SYSTEM\",\"text\":\"At which time?\"}}]}}\n"
        )
    };
    let log: String = (0..3).map(line).collect();
    let asked = all(&log).summary.questions;
    assert!(asked[0].needed && asked[0].seen.contains("`system` answers 3 of the first 3"), "{asked:?}");
    let said = |role: &str| {
        let speakers = Speakers::of(&[format!("system={role}")]).unwrap();
        drain(stream(log.as_bytes(), |o| o.speakers = speakers.clone()).unwrap())
    };
    let read = said("bot");
    assert_eq!((read.conversations[0].turns[1].role, read.summary.questions.len()), (Role::Bot, 0));
    assert_eq!(said("system").summary.questions.len(), 0);
    // What only tells what happened answers nobody.
    let told = log.replace("}]}", "},{\"role\":\"bot\",\"text\":\"At nine?\"}]}");
    assert_eq!(all(&told).summary.questions.len(), 0);
}

#[test]
fn text_that_was_written_twice_is_asked_about() {
    let twice: String = "Πού είναι;".bytes().map(char::from).collect();
    let record = format!("{{\"id\":\"a\",\"turns\":[{{\"role\":\"user\",\"text\":\"{twice}\"}}]}}\n");
    let asked = all(&record).summary.questions;
    assert!(asked.iter().any(|q| q.needed && q.about == "the encoding"), "{asked:?}");
    let taken = drain(stream(record.as_bytes(), |o| o.encoding = Some("utf-8".into())).unwrap());
    assert!(taken.summary.questions.is_empty(), "{:?}", taken.summary.questions);
}

#[test]
fn beside_an_ai_that_is_known_others_of_a_chat_are_proposed_as_customers() {
    let chat = "25/03/2026, 10:00 - Kostas: where is it\n25/03/2026, 10:01 - Bank Bot: Blocked.\n25/03/2026, 10:02 - Eleni: yes\n";
    let read = all(chat);
    let asked = read.summary.questions.iter().find(|q| q.about == WHO_SPEAKS).unwrap();
    assert!(asked.settle.contains("Kostas=user") && !asked.settle.contains("=bot"), "{asked:?}");
}
