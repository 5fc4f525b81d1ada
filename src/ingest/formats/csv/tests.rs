use super::*;
use crate::domain::Timestamp;
use crate::domain::{Conversation, Outcome, OutcomeSource, Role, Turn};
use crate::ingest::{LogReader, LogRecord, LogSummary, ReadOptions, Reject};
use proptest::prelude::*;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug)]
struct Drained {
    conversations: Vec<Conversation>,
    rejects: Vec<Reject>,
    summary: LogSummary,
}

fn options(change: impl FnOnce(&mut ReadOptions)) -> ReadOptions {
    let mut options = ReadOptions::new(Timestamp(1_790_000_000_000));
    change(&mut options);
    options
}

fn drain(input: Input, options: ReadOptions) -> Drained {
    let mut reader = LogReader::open(input, options).unwrap();
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

fn map(flags: &str) -> Option<FormatChoice> {
    CsvFormat { mapping: None, map: Some(flags.into()) }.chosen()
}

fn stream(text: impl AsRef<[u8]>) -> Input {
    Input::Stream { name: "stdin".into(), read: Box::new(std::io::Cursor::new(text.as_ref().to_vec())) }
}

fn all(text: impl AsRef<[u8]>) -> Drained {
    drain(stream(text), options(|_| {}))
}

fn mapped(text: &str, map: &str) -> Drained {
    drain(stream(text), options(|o| o.choice = self::map(map)))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ingest/csv").join(name)
}

fn file(path: PathBuf) -> Drained {
    drain(Input::File(path), options(|_| {}))
}

fn texts(c: &Conversation) -> Vec<&str> {
    c.turns.iter().map(|t| t.text.as_str()).collect()
}

/// Each conversation in a line: its id, who said what.
fn shapes(read: &Drained) -> Vec<String> {
    let turns = |c: &Conversation| {
        let turns: Vec<String> = c.turns.iter().map(|t| format!("{} {}", t.role.name(), t.text)).collect();
        format!("{}: {}", c.id, turns.join(" | "))
    };
    read.conversations.iter().map(turns).collect()
}

fn ids(read: &Drained) -> Vec<&str> {
    read.conversations.iter().map(|c| c.id.as_str()).collect()
}

#[test]
fn a_greek_excel_export_is_read_as_it_is() {
    let read = drain(Input::File(fixture("semicolon_greek.csv")), options(|o| o.choice = map("role:maria=agent")));
    assert_eq!(read.rejects, []);
    assert_eq!(
        read.summary.why,
        "a mapping was given; mapping guessed: one row a turn; id=Session ID, role=From, text=Message, time=Date, \
         intent=Detected intent, confidence=Score, csat=Rating; 2 more columns kept in meta"
    );
    let [s1, s2] = &read.conversations[..] else { panic!("{:?}", ids(&read)) };
    assert_eq!(texts(s1), ["Πού είναι η παραγγελία μου;", "Φτάνει την Τρίτη.\r\nΚάτι άλλο;", "είπε \"Τρίτη\"; όχι"]);
    assert_eq!(s1.turns.iter().map(|t| t.role).collect::<Vec<_>>(), [Role::User, Role::Bot, Role::User]);
    assert_eq!((s1.turns[0].confidence, s1.turns[2].confidence), (Some(0.91), Some(0.87)));
    assert_eq!(s1.started_at.unwrap().rfc3339(), "2026-03-25T10:00:01Z");
    let csat = s1.csat.as_ref().unwrap();
    assert_eq!((csat.score, csat.max, s1.outcome), (9.0, 10.0, Some(Outcome::Resolved)));
    assert_eq!((s1.meta["Country"].as_str(), s1.turns[2].meta["Page"].as_str()), (Some("CY"), Some("cart")));
    assert_eq!((s2.turns[1].role, s2.outcome), (Role::Agent, Some(Outcome::Unknown)));
}

#[test]
fn rows_that_lie_apart_come_together_where_the_file_can_be_read_again() {
    let path = fixture("interleaved.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    for path in [path, write("x.csv.gz", &gz), write("x.csv", &utf16), write("y.csv", marked.as_bytes())] {
        let read = file(path.clone());
        assert_eq!((ids(&read), &read.rejects), (vec!["a", "b", "c"], &vec![]), "{path:?}");
        assert_eq!(texts(&read.conversations[0])[0], "a one");
        assert_eq!(texts(&read.conversations[0])[1].replace('\r', ""), "a two\non two lines");
        assert_eq!(read.conversations[0].turns.len(), 3);
        assert_eq!(read.summary.bytes, std::fs::metadata(path).unwrap().len());
    }
    let piped = all(&text);
    assert_eq!((ids(&piped), piped.rejects.len()), (vec!["a", "b", "c"], 0), "what a pipe brings is held, and sorted");
    let large = drain(Input::File(write("z.csv.gz", &gz)), options(|o| o.max_line = 100));
    assert!(large.rejects[0].reason.contains("unpack it"), "{:?}", large.rejects);
}

#[test]
fn damage_costs_the_conversation_it_is_in_and_says_where() {
    let read = file(fixture("damaged.csv"));
    assert_eq!(ids(&read), ["ok-1", "ok-2", "ok-3"]);
    let reasons: Vec<String> = read.rejects.iter().map(|r| format!("{} {}", r.line, r.reason)).collect();
    let expected = [
        "4 6 cells, where there are 4 columns",
        "5 a quote opens here and is",
        "7 a quote opens here and is closed in the middle",
        "8 `conversation_id` is empty",
        "9 `sender` is `stranger`, and nobody says who that is: --map \"role:stranger=user\"",
        "11 3 cells, where there are 4 columns",
    ];
    assert_eq!(reasons.len(), expected.len(), "{reasons:#?}");
    for expected in expected {
        assert!(reasons.iter().any(|r| r.starts_with(expected)), "{expected}: {reasons:#?}");
    }
    let half = read.rejects.iter().find(|r| r.line == 11).unwrap();
    assert!(half.reason.ends_with("(the 3 rows of conversation `half` are left out)"), "{}", half.reason);
    assert_eq!(read.conversations[0].turns[0].gold, ["order_status"]);
}

#[test]
fn a_row_that_names_nobody_makes_a_hole_only_where_rows_follow() {
    let text = "id,sender,text\na,user,1\n,user,lost\na,bot,2\nb,user,3\n,bot,lost\nc,user,4\n";
    let read = all(text);
    assert_eq!(ids(&read), ["b", "c"]);
    assert!(read.rejects.iter().any(|r| r.line == 4 && r.reason.contains("in line 3")), "{:?}", read.rejects);
}

#[test]
fn utterances_become_conversations_of_one_turn_with_steady_ids() {
    let read = file(fixture("utterances.tsv"));
    assert_eq!((read.rejects.len(), read.conversations.len()), (0, 3));
    let first = &read.conversations[0];
    let turn = &first.turns[0];
    assert_eq!(
        (turn.gold.as_slice(), turn.intent.as_deref(), turn.confidence),
        (&["order_status".to_owned()][..], Some("order_status"), Some(0.93))
    );
    assert_eq!(read.conversations[2].id, format!("{}-2", first.id));
    let moved = all(
        "label\tutterance\tpredicted\trefund_id\nother\tI want my money back\tx\t1\nnew\twhere is my order\tx\t2\n",
    );
    assert_eq!(
        (moved.conversations[0].id.as_str(), moved.conversations[1].id.as_str()),
        (read.conversations[1].id.as_str(), first.id.as_str())
    );
    assert_eq!((first.id.len(), first.source.as_str()), (16, "utterances"));
}

#[test]
fn a_question_and_its_answer_may_share_a_row() {
    let read = file(fixture("pairs.csv"));
    let c = &read.conversations[0];
    assert_eq!(texts(c), ["hi", "Hello! How can I help?", "where is order 4417", "It arrives on Tuesday."]);
    assert_eq!(
        (c.turns[1].role, c.outcome, texts(&read.conversations[1])),
        (Role::Bot, Some(Outcome::Resolved), vec!["refund"])
    );
}

#[test]
fn transcripts_in_a_cell_become_turns() {
    let read = file(fixture("transcripts.csv"));
    assert_eq!(ids(&read), ["900", "901"]);
    let c = &read.conversations[0];
    assert_eq!(texts(c), ["hello", "Hi! What can I do?", "I want a refund\nfor order 4417", "Done."]);
    assert_eq!((c.turns[0].gold.len(), c.turns[2].gold.as_slice()), (0, &["refund".to_owned()][..]));
    assert_eq!((c.outcome, c.outcome_source), (Some(Outcome::Resolved), Some(OutcomeSource::Explicit)));
    assert_eq!(c.ended_at.unwrap().rfc3339(), "2026-03-01T09:00:12Z");
    // A person took over: that beats the log's success (rule 4).
    let taken = &read.conversations[1];
    assert_eq!((taken.outcome, taken.outcome_source), (Some(Outcome::Escalated), Some(OutcomeSource::Derived)));
    assert!(taken.outcome_reason.as_ref().unwrap().contains("the log says: Solved"));
    assert!(read.rejects[0].line == 8 && read.rejects[0].reason.contains("starts with `no speaker"));
}

#[test]
fn the_order_is_the_files_the_numbers_or_backwards() {
    let numbered = all("id,turn,sender,text\na,2,bot,second\na,1,user,first\na,10,user,third\n");
    assert_eq!(texts(&numbered.conversations[0]), ["first", "second", "third"]);
    let backwards = "id,at,sender,text\na,2026-03-01 09:00:02,bot,second\na,2026-03-01 09:00:01,user,first\n";
    let read = all(backwards);
    assert_eq!(texts(&read.conversations[0]), ["first", "second"]);
    assert!(read.summary.warnings[0].text.contains("backwards"));
    assert_eq!(texts(&mapped(backwards, "order=file").conversations[0]), ["second", "first"]);
    // Also where the rows of a conversation stand apart.
    let apart = "id,at,sender,text\na,2026-03-01 09:01,bot,second\nb,2026-03-02 09:01,bot,fourth\n\
        a,2026-03-01 09:00,user,first\nb,2026-03-02 09:00,user,third\n";
    assert_eq!(texts(&all(apart).conversations[0]), ["first", "second"]);
}

#[test]
fn a_mapping_that_does_not_fit_is_said_before_anything_is_read() {
    let says = |text: &str, map: &str| {
        let options = options(|o| o.choice = self::map(map));
        LogReader::open(stream(text), options).err().unwrap().to_string()
    };
    assert!(
        says("a,b\n1,2\n", "")
            .contains("stdin: no column is known to hold what was said: name it with --map text=COLUMN")
    );
    assert!(says("sender,text\nuser,x\nbot,y\n", "").contains("--map id=COLUMN"));
    assert!(says("id,text\n1,x\n", "text=tex").contains("did you mean `text`?"));
    assert!(says("", "").contains("no column is known"));
    let profile = Mapping::from_toml("shape = \"turns\"\n[columns]\nid = \"session\"\ntext = \"words\"").unwrap();
    let open = |text: &str| {
        LogReader::open(
            stream(text),
            options(|o| o.choice = CsvFormat { mapping: Some(profile.clone()), map: None }.chosen()),
        )
    };
    assert!(open("session,text\n1,x\n").err().unwrap().to_string().contains("no column called `words` for text"));
    let read: Vec<LogRecord> = open("Session,Words\n1,x\n1,y\n").unwrap().collect();
    assert_eq!(read.len(), 1);
}

#[test]
fn senders_are_told_or_asked_for() {
    let phones = "chat,from,body\n1,+35799123456,hi\n1,Acme,hello\n2,+35799654321,yo\n2,Acme,hello\n";
    let asked = all(phones).summary.questions;
    assert!(asked[0].needed && asked[0].to_string().contains("`Acme` (2); --map \"role:Acme=bot\""), "{asked:?}");
    let phones = drain(stream(phones), options(|o| o.accept_guesses = true));
    let roles = |read: &Drained| read.conversations.iter().flat_map(|c| &c.turns).map(|t| t.role).collect::<Vec<_>>();
    assert_eq!(roles(&phones), [Role::User, Role::Bot, Role::User, Role::Bot]);
    let flags = all("session_id,is_bot,message\n1,false,hi there\n1,true,hello you\n");
    assert_eq!(roles(&flags), [Role::User, Role::Bot]);
    let named = mapped("id,sender,text\n1,Al,hi\n1,Bo,hello\n", "role:al=user,role:*=bot");
    assert_eq!((roles(&named), &named.summary.warnings), (vec![Role::User, Role::Bot], &vec![]));
}

#[test]
fn old_encodings_are_read_and_bytes_that_are_no_text_counted() {
    let text = "id;sender;text\n1;user;Καλημέρα, πού είναι η παραγγελία\n1;bot;Έρχεται\n";
    let greek = encoding_rs::WINDOWS_1253.encode(text).0.into_owned();
    let read = all(&greek);
    assert_eq!(texts(&read.conversations[0]), ["Καλημέρα, πού είναι η παραγγελία", "Έρχεται"]);
    assert_eq!(read.summary.invalid_utf8.n, 0);
    assert!(read.summary.warnings[0].text.contains("windows-1253"));
    let mixed = all(b"id,sender,text\n1,user,caf\xe9\n1,bot,\xce\x9a\n");
    assert_eq!((texts(&mixed.conversations[0]), mixed.summary.invalid_utf8.n), (vec!["caf\u{fffd}", "Κ"], 1));
}

#[test]
fn a_file_that_is_cut_off_loses_its_last_conversation_only() {
    let rows: String = (0..6_000).map(|i| format!("c{},user,where is order {}\n", i / 2, i * 7_919 % 5_000)).collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(format!("id,sender,text\n{rows}").as_bytes()).unwrap();
    let whole = gz.finish().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for share in [10, 2] {
        let part = &whole[..whole.len() / share];
        let path = folder.path().join("x.csv.gz");
        std::fs::write(&path, part).unwrap();
        for read in [all(part), file(path)] {
            assert!(read.conversations.len() > 50 && read.conversations.iter().all(|c| c.turns.len() == 2));
            assert_eq!(read.rejects.last().unwrap().reason, "the file is cut off here: what follows is missing");
        }
    }
}

#[test]
fn long_conversations_and_rows_are_rejected_in_bounded_memory() {
    let long = "x".repeat(300);
    let text = format!("id,sender,text\na,user,{long}\nb,user,hi\nb,bot,{0}\nb,user,{0}\nc,user,yo\n", "y".repeat(90));
    let read = drain(stream(&text), options(|o| o.max_line = 150));
    assert_eq!(ids(&read), ["c"]);
    assert!(read.rejects[0].reason.starts_with("a row longer than 150 bytes"), "{:?}", read.rejects);
    assert!(read.rejects[1].reason.starts_with("its conversation is longer than the limit"));
}

/// The turns as a CSV file with these delimiters.
fn written(conversations: &[Conversation], delimiter: u8) -> String {
    let mut out = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    out.write_record(["conversation_id", "role", "text", "timestamp", "intent", "confidence", "gold_intent"]).unwrap();
    for c in conversations {
        for t in &c.turns {
            let at = t.at.map(Timestamp::rfc3339).unwrap_or_default();
            let confidence = t.confidence.map(|x| x.to_string()).unwrap_or_default();
            let intent = t.intent.clone().unwrap_or_default();
            out.write_record([&c.id, t.role.name(), &t.text, &at, &intent, &confidence, &t.gold.join("|")]).unwrap();
        }
    }
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

fn any_turn() -> impl Strategy<Value = Turn> {
    // In a table these words stand for an empty cell.
    let word = || "[a-z_]{1,8}".prop_filter("a word", |w| !matches!(w.as_str(), "nan" | "null"));
    let name = || prop::option::of(word());
    let role = prop::sample::select(Role::ALL);
    (
        "(?s)[\"',;|\t\n\r a-zά👋.]{0,20}",
        role,
        prop::option::of(0i64..2_000_000_000_000),
        name(),
        prop::option::of(0.0f64..=1.0),
        name(),
    )
        .prop_map(|(text, role, at, intent, confidence, gold)| {
            let mut turn = Turn::new(role, text);
            (turn.at, turn.intent, turn.confidence) = (at.map(Timestamp), intent, confidence);
            turn.gold = gold.into_iter().collect();
            turn
        })
}

proptest! {
    #[test]
    fn what_is_written_as_csv_comes_back(turns in prop::collection::vec(prop::collection::vec(any_turn(), 1..5), 1..5), d in 0usize..4) {
        let conversation = |(i, turns)| Conversation::new("s", format!("c{i}"), turns);
        let before: Vec<Conversation> = turns.into_iter().enumerate().map(conversation).collect();
        let delimiter = b",;\t|"[d];
        let map = "shape=turns,id=conversation_id,role=role,text=text,time=timestamp,intent=intent,confidence=confidence,gold=gold_intent,order=file";
        let text = written(&before, delimiter);
        let map = format!("{map},delimiter={}", ["comma", "semicolon", "tab", "pipe"][d]);
        let after = mapped(&text, &map);
        prop_assert_eq!(&after.rejects, &vec![]);
        prop_assert_eq!(after.conversations.len(), before.len());
        for (before, after) in before.iter().zip(&after.conversations) {
            prop_assert_eq!((&before.id, &before.turns), (&after.id, &after.turns));
        }
    }

    #[test]
    fn any_rows_are_read_or_refused(text in "(id|text|role|user|bot|,|;|\"|\n|\r| |1|x|2026-03-01){0,40}", max in 0usize..80) {
        for from in [None, Some("csv".to_owned())] {
            if let Ok(reader) = LogReader::open(stream(&text), options(|o| (o.from, o.max_line) = (from, max))) {
                prop_assert!(reader.count() <= text.len() + 1);
            }
        }
    }

    #[test]
    fn any_bytes_are_guessed_at(bytes in prop::collection::vec(any::<u8>(), 0..300), flags in "[a-z=:*,;#1\"]{0,20}") {
        let guess = guess(&bytes);
        let names = guess.names();
        let _ = guess.mapping.clone().check(&names);
        let _ = correct(&bytes, None, &flags);
        prop_assert_eq!(&columns(&bytes, &guess.mapping), &guess.columns);
        prop_assert_eq!(Mapping::from_toml(&guess.mapping.to_toml()), Ok(guess.mapping));
    }
}

mod answers;
mod doubts;
mod events;
mod exports;
mod foreign;
mod lists;
mod programs;
mod rated;
mod research;
mod settled;
mod shapes;
mod shared;
mod tables;
mod texts;
