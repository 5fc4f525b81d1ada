//! Importing on the screen.

use super::support::harness::{Stage, draw, theme};
use super::support::prelude::*;
use super::support::{fixtures, import_fixtures};
use crate::jobs::ImportReport;
use crate::tui::overlays::Importer;
use crate::tui::runtime::files::look;
use crate::tui::state::files::LogReading;

fn logs() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let line = r#"{"id":"1","turns":[{"role":"user","text":"where is it"},{"role":"bot","text":"It arrives."}]}"#;
    std::fs::write(dir.path().join("chats.jsonl"), format!("{line}\nbroken\n")).unwrap();
    std::fs::write(dir.path().join("notes.txt"), "nothing to see").unwrap();
    std::fs::write(dir.path().join(".hidden.jsonl"), line).unwrap();
    std::fs::create_dir(dir.path().join("older")).unwrap();
    dir
}

fn chooser(dir: &std::path::Path) -> Stage {
    let mut stage = Stage::new(&[], &[]);
    stage.app.shared.home = Some(dir.to_owned());
    stage.press("1 i").type_text("~/");
    stage
}

#[test]
fn an_empty_store_says_how_to_begin() {
    let mut stage = Stage::new(&[], &[]);
    stage.press("1");
    let text = stage.draw();
    assert!(text.contains("The store is empty") && text.contains("import what your AI said"), "{text}");
}

#[test]
fn a_file_is_found_looked_at_and_imported_in_the_background() {
    let dir = logs();
    let mut stage = chooser(dir.path());
    let text = stage.draw();
    assert!(text.contains("older/") && text.contains("chats.jsonl") && !text.contains(".hidden"), "{text}");
    stage.type_text("chat").press("enter");
    let text = stage.draw();
    assert!(text.contains("format canonical") && text.contains("customer   where is it"), "{text}");
    assert!(text.contains("1 of its first 2 records cannot be read"), "{text}");
    stage.press("enter");
    let path = dir.path().canonicalize().unwrap().join("chats.jsonl");
    assert_eq!(stage.loads, [LoadJob::Import(path, LogReading::default())]);
    let progress = JobProgress {
        stage: "import".into(),
        done: 40,
        total: 100,
        stage_ms: 2_000,
        total_ms: 2_000,
        left: Some(3),
        loss: None,
    };
    stage.send(Msg::Job(JobMsg::Loading(progress)));
    assert!(stage.draw().contains("Importing chats.jsonl") && stage.draw().contains("40 %"), "{}", stage.draw());
    stage.press("2");
    assert!(stage.draw().contains("● importing 40 %"));
    let report = ImportReport { new: 1, rejected: 1, conversations: 1, turns: 2, ..ImportReport::default() };
    let rejects = vec!["line 2, column 1: no JSON".to_owned()];
    stage.send(Msg::Job(JobMsg::Loaded(Ok(Box::new(FilledBy::Import(Box::new(report), rejects))))));
    assert!(stage.toast().starts_with("chats.jsonl: 1 new, 0 updated, 0 the same, 1 rejected"), "{}", stage.toast());
    stage.press("D");
    assert!(stage.draw().contains("line 2, column 1: no JSON"));
}

#[test]
fn all_files_of_a_directory_are_one_import() {
    let dir = logs();
    let mut stage = chooser(dir.path());
    assert!(stage.draw().contains("all 2 files here, as one import"), "{}", stage.draw());
    // Below the directory above, one within, and the two files.
    stage.press("down down down down enter");
    assert!(stage.draw().contains("customer   where is it"), "{}", stage.draw());
    stage.press("enter");
    assert_eq!(stage.loads, [LoadJob::Import(dir.path().canonicalize().unwrap(), LogReading::default())]);
}

#[test]
fn directories_are_walked_and_what_is_no_log_says_so() {
    let dir = logs();
    let mut stage = chooser(dir.path());
    stage.type_text("old").press("enter");
    assert!(stage.draw().contains("nothing here has these letters"), "{}", stage.draw());
    stage.type_text("../");
    stage.type_text("notes").press("enter");
    assert!(stage.draw().contains("cannot be imported"), "{}", stage.draw());
    stage.press("enter");
    assert!(stage.loads.is_empty());
    stage.press("esc esc");
    assert!(stage.app.overlays.is_empty());
    // A whole path may be typed or pasted.
    let whole = dir.path().join("chats.jsonl");
    stage.press("i").type_text(whole.to_str().unwrap()).press("enter");
    assert!(stage.draw().contains("format canonical"), "{}", stage.draw());
}

#[test]
fn an_import_can_be_cancelled() {
    let dir = logs();
    let mut stage = chooser(dir.path());
    stage.type_text("chat").press("enter enter X");
    assert!(stage.draw().contains("Stopping"));
    stage.send(Msg::Job(JobMsg::Loaded(Err(JobEnd::Cancelled))));
    assert!(stage.toast().starts_with("stopped"));
    assert_eq!(stage.app.tab, ScreenTab::Overview);
    draw(&stage.app, (80, 24));
}

#[test]
fn csv_columns_are_guessed_corrected_and_saved() {
    let dir = tempfile::tempdir().unwrap();
    let rows: String = (0..30)
        .flat_map(|i| {
            [
                format!("s{i},customer,where is my order {i},2026-03-01T08:00:00Z,free\n"),
                format!("s{i},bot,It arrives on day {i}.,2026-03-01T08:00:05Z,free\n"),
            ]
        })
        .collect();
    std::fs::write(dir.path().join("chats.csv"), format!("session_id,sender,message,created_at,plan\n{rows}")).unwrap();
    let mut stage = chooser(dir.path());
    stage.desk.profiles = Some(dir.path().join("profiles"));
    stage.type_text("chats").press("enter");
    let text = stage.draw();
    assert!(text.contains("which column holds what?") && text.contains("session_id"), "{text}");
    assert!(text.contains("guessed") && text.contains("customer   where is my order 0"), "{text}");
    // The fifth column holds nothing yet; it is said to hold the channel.
    stage.press("down down down down down enter").type_text("channel").press("enter");
    assert!(stage.draw().contains("channel"), "{}", stage.draw());
    stage.press("end enter").type_text("../x").press("enter");
    assert!(stage.draw().contains("letters, digits"), "a name is no path");
    stage.press("ctrl-u").type_text("helpdesk").press("enter");
    assert_eq!(stage.toast(), "saved as profile helpdesk");
    stage.press("home enter");
    let LoadJob::Import(_, LogReading { mapping: Some(mapping), .. }) = &stage.loads[0] else {
        panic!("{:?}", stage.loads)
    };
    assert_eq!(mapping.column(crate::ingest::formats::csv::CsvField::Channel), Some("plan"));
    stage.app.shared.loading = None;
    // The next file with these columns is read by the profile.
    stage.press("I").type_text("~/").type_text("chats").press("enter");
    assert!(stage.draw().contains("the profile helpdesk"), "{}", stage.draw());
    // Without the text there is nothing to import.
    stage.press("down down down enter").type_text("nothing").press("enter home enter");
    assert_eq!(stage.loads.len(), 1);
    assert!(stage.draw().contains("no column is said to hold"), "{}", stage.draw());
}

#[test]
fn what_a_file_leaves_open_is_asked_until_it_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let rows: String =
        (0..30).map(|i| format!("s{i},customer,where is my order {i}\ns{i},Sofia,It arrives on day {i}.\n")).collect();
    std::fs::write(dir.path().join("chats.csv"), format!("session_id,sender,message\n{rows}")).unwrap();
    let mut stage = chooser(dir.path());
    stage.type_text("chats").press("enter");
    assert!(stage.draw().contains("nobody says who these are"), "{}", stage.draw());
    stage.press("enter");
    assert!(stage.loads.is_empty(), "nothing is imported before it is settled");
    // What settles it is asked at once.
    stage.press("ctrl-u").type_text("Sofia").press("enter");
    assert!(stage.draw().contains("such as role:Sofia=bot"), "{}", stage.draw());
    assert!(matches!(stage.app.overlays.last(), Some(Overlay::Prompt(_))), "what is no answer can be mended");
    // As the line for a shell has it.
    stage.press("ctrl-u").type_text("--map \"role:Sofia=bot\"").press("enter");
    let text = stage.draw();
    assert!(!text.contains("nobody says who these are") && text.contains("which column holds what?"), "{text}");
    stage.press("home enter");
    let LoadJob::Import(_, LogReading { mapping: Some(mapping), .. }) = &stage.loads[0] else {
        panic!("{:?}", stage.loads)
    };
    assert_eq!(mapping.senders.get("sofia"), Some(&crate::domain::Role::Bot));
}

#[test]
fn what_a_row_is_follows_what_its_columns_are_said_to_hold() {
    let dir = tempfile::tempdir().unwrap();
    let rows = [
        "02/03/2026,09:14:05,Elena,+35799123456,Hello where is order 4411",
        "02/03/2026,09:14:40,ShopBot,,It is on its way",
        "02/03/2026,09:15:40,Elena,+35799123456,thanks",
        "14/03/2026,20:01:00,Elena,+35799123456,\"I want a refund, please\"",
        "14/03/2026,20:01:30,ShopBot,,I did not understand",
    ];
    std::fs::write(dir.path().join("chats.csv"), rows.join("\n")).unwrap();
    let mut stage = chooser(dir.path());
    stage.type_text("chats").press("enter");
    assert!(stage.draw().contains("no header names them"), "{}", stage.draw());
    let said = "text=column 5,role=column 3,id=file,time=column 1,clock=column 2";
    stage.press("down enter ctrl-u").type_text(said).press("enter");
    assert!(stage.draw().contains("nobody says who these are: `Elena`"), "{}", stage.draw());
    stage.press("enter ctrl-u").type_text("role:Elena=user").press("enter home enter");
    let LoadJob::Import(_, LogReading { mapping: Some(mapping), .. }) = &stage.loads[0] else {
        panic!("{:?}", stage.loads)
    };
    assert_eq!(mapping.shape, crate::ingest::formats::csv::RowShape::Turns);
}

#[test]
fn what_makes_a_rejected_record_readable_can_be_said_in_the_dialogue() {
    let dir = tempfile::tempdir().unwrap();
    let rows =
        "s1,customer,where is it\ns1,bot,soon\ns2,customer,stop my plan\ns2,bot,sorry?\ns2,Sofia,It is stopped.\n";
    std::fs::write(dir.path().join("chats.csv"), format!("session_id,sender,message\n{rows}")).unwrap();
    let mut stage = chooser(dir.path());
    stage.type_text("chats").press("enter");
    assert!(stage.draw().contains("1 of its first 2 records cannot be read"), "{}", stage.draw());
    stage.press("down enter").type_text("role:Sofia=agent").press("enter");
    assert!(!stage.draw().contains("cannot be read"), "{}", stage.draw());
}

#[test]
fn a_question_about_a_file_is_shown_once() {
    let mut app = fixtures::full(ScreenTab::Overview, None, theme());
    let question = crate::ingest::ImportQuestion {
        about: "the key `stars`".to_owned(),
        seen: "1 to 7".to_owned(),
        settle: "--map stars=rating".to_owned(),
        guess: None,
        needed: false,
    };
    import_fixtures::IMPORT.iter().take(2).for_each(|step| step(&mut app, "where is it"));
    let look = LogPreview { questions: vec![question], ..import_fixtures::look("where is it") };
    update(&mut app, Msg::answer(ImportAnswer::Looked(import_fixtures::log_path("where is it"), Ok(Box::new(look)))));
    let (text, _) = draw(&app, (120, 36));
    assert_eq!(text.matches("? the key `stars`").count(), 1, "{text}");
}

#[test]
fn speakers_of_a_chat_are_placed_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let said = |n: u32, who: &str, what: &str| format!("25/03/2026, 10:{n:02} - {who}: {what}\n");
    let chat: String =
        (0..20).map(|n| said(2 * n, "Maria", "when does it leave?") + &said(2 * n + 1, "Ferry", "At nine.")).collect();
    std::fs::write(dir.path().join("chat.txt"), chat).unwrap();
    let mut stage = chooser(dir.path());
    stage.type_text("chat").press("enter");
    let text = stage.draw();
    assert!(text.contains("does not say who these speakers are") && text.contains("who is this?"), "{text}");
    stage.press("enter");
    assert_eq!((stage.loads.len(), stage.toast().contains("settled first")), (0, true));
    // Both are met equally often: by name.
    stage.press("enter enter");
    assert!(stage.draw().contains("AI") && stage.draw().contains("20 at the beginning"), "{}", stage.draw());
    stage.press("down enter");
    assert!(!stage.draw().contains("does not say who these speakers are"), "{}", stage.draw());
    stage.press("up up up up enter");
    let LoadJob::Import(_, reading) = &stage.loads[0] else { panic!("{:?}", stage.loads) };
    let placed = [("Ferry".to_owned(), crate::domain::Role::Bot), ("Maria".to_owned(), crate::domain::Role::User)];
    assert_eq!(reading.speakers, placed, "{reading:?}");
}

/// The flags in the words of what settles a question, each with its value.
fn flags(settle: &str) -> Vec<String> {
    let flag = |(at, _): (usize, &str)| {
        let rest = &settle[at..];
        let (name, value) = rest.split_once(' ')?;
        let value = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next()?,
            _ => value.split_whitespace().next()?.trim_end_matches([';', ',', ')', ':']),
        };
        (!name.contains(';')).then(|| format!("{name} {value}"))
    };
    settle.match_indices("--").filter_map(flag).collect()
}

#[test]
fn whatever_the_command_line_asks_can_be_answered_in_the_dialogue() {
    let dir = tempfile::tempdir().unwrap();
    let told = "session_id,sender,message";
    let files: [(&str, Vec<u8>); 14] = [
        ("strangers.csv", format!("{told}\ns1,Ann,where is it\ns1,Bob,soon\ns2,Ann,hi there\ns2,Bob,hello\n").into()),
        ("no-id.csv", "sender,message\nuser,where is it\nbot,soon\nuser,thanks a lot\n".into()),
        ("no-header.csv", "01/03/2026,10:15:22,Maria,hello there you\n13/03/2026,10:16:01,Ferry,at nine it is\n13/03/2026,10:17:01,Maria,thanks a lot\n".into()),
        ("dates.csv", format!("{told},date\ns1,user,where,03/04/2026 10:00\ns1,bot,soon,03/04/2026 10:01\n").into()),
        ("zone.csv", format!("{told},time,timezone\ns1,user,where,2026-03-01 10:00:00,Asia/Nicosia\ns1,bot,soon,2026-03-01 10:00:05,Asia/Nicosia\n").into()),
        ("empty-id.csv", format!("{told}\ns1,user,where is it\n,bot,soon\ns2,user,stop\n,bot,done\n").into()),
        ("no-words.csv", "id,outcome\n1,resolved\n2,failed\n".into()),
        ("outcome.csv", format!("{told},outcome\ns1,user,where,Parked\ns1,bot,soon,Parked\ns2,user,stop,resolved\ns2,bot,done,resolved\n").into()),
        ("ends.csv", format!("{told},ticket_status,bot_status\ns1,user,where,solved,escalated\ns1,bot,soon,solved,escalated\n").into()),
        ("latency.csv", format!("{told},latency\ns1,user,where,\ns1,bot,soon,1.5\ns2,user,stop,\ns2,bot,done,2.5\n").into()),
        ("encoding.csv", [told.as_bytes(), b"\ns1,user,caf\xe9\ns1,bot,soon\n"].concat()),
        ("who.csv", "dialogue_id,party,utterance\nd1,17,where is my order\nd1,23,on its way\nd1,17,thanks a lot\nd2,17,stop my plan\nd2,23,it is done\nd2,17,thank you\n".into()),
        ("alone.jsonl", r#"{"id":"c1","turns":["where is my order","on its way"]}"#.into()),
        ("chat.txt", "03/04/2026, 10:00 - Maria: when does it leave?\n03/04/2026, 10:01 - Sofia: At nine.\n".into()),
    ];
    let mut asked = 0;
    for (name, bytes) in files {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let preview = look(&path, LogReading::default(), None, crate::domain::Timestamp(0)).unwrap();
        let column = preview.table.as_ref().map(|table| table.guess.names()[0].clone()).unwrap_or_default();
        let questions = preview.questions.clone();
        let mut importer = Importer::default();
        importer.look_at(path.clone());
        importer.looked(&path, Ok(Box::new(preview)));
        for question in questions {
            let ways = flags(&question.settle);
            assert!(!ways.is_empty(), "{name}: {question}");
            for way in ways {
                let given = way.replace("COLUMN", &column);
                assert!(importer.settle(&given).is_ok(), "{name}: {given}: {:?}", importer.settle(&given));
            }
            asked += 1;
        }
    }
    assert!(asked >= 10, "{asked}");
}

#[test]
fn the_words_of_objects_that_nobody_knows_can_be_named() {
    let dir = tempfile::tempdir().unwrap();
    let line = |kind: &str, who: &str, said: &str| {
        format!("{{\"talk\":\"{kind}\",\"by\":\"{who}\",\"inner\":{{\"said_then\":\"{said}\"}}}}\n")
    };
    let log = line("a", "ann", "where is my order") + &line("a", "bob", "it is on its way");
    std::fs::write(dir.path().join("odd.jsonl"), log).unwrap();
    let mut stage = chooser(dir.path());
    stage.type_text("odd").press("enter");
    let text = stage.draw();
    assert!(text.contains("cannot be imported") && text.contains("answer what is asked"), "{text}");
    stage.press("enter").type_text("--map text=inner.said_then").press("enter");
    let text = stage.draw();
    assert!(text.contains("which column holds what?") && text.contains("inner.said_then"), "{text}");
}
