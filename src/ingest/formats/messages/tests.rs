use crate::domain::{Conversation, Role, Timestamp};
use crate::ingest::{Input, LogReader, LogRecord, ReadOptions, Reject};
use std::io::Cursor;

fn read(input: Input) -> (String, Vec<Conversation>, Vec<Reject>) {
    let mut reader = LogReader::open(input, ReadOptions::new(Timestamp(1_790_000_000_000))).unwrap();
    let (mut conversations, mut rejects) = (Vec::new(), Vec::new());
    for item in reader.by_ref() {
        match item {
            LogRecord::Conversation { conversation, .. } => conversations.push(*conversation),
            LogRecord::Reject(reject) => rejects.push(reject),
        }
    }
    (reader.summary().why, conversations, rejects)
}

fn stream(text: &str) -> Input {
    Input::Stream { name: "stdin".into(), read: Box::new(Cursor::new(text.as_bytes().to_vec())) }
}

fn line(id: &str, who: &str, words: &str) -> String {
    format!("{{\"conversation_id\":\"{id}\",\"sender\":\"{who}\",\"text\":\"{words}\",\"lang\":\"el\"}}\n")
}

#[test]
fn messages_of_a_conversation_come_together() {
    let text = line("a", "user", "1")
        + &line("a", "bot", "2")
        + &line("b", "user", "3")
        + "broken\n"
        + &line("b", "Sofia", "4");
    let (why, found, rejects) = read(stream(&text));
    assert_eq!(why, "one message a line, joined by `conversation_id`");
    assert_eq!(
        (found.len(), found[0].turns.len(), found[0].turns[1].role, found[0].lang.as_deref()),
        (1, 2, Role::Bot, Some("el"))
    );
    assert_eq!(rejects.len(), 2);
    assert!(rejects.iter().any(|r| r.reason.contains("`sender` is \"Sofia\"")), "{rejects:?}");
}

#[test]
fn a_log_in_the_order_of_time_is_sorted_where_it_is_a_file() {
    let text: String =
        (0..30).map(|i| line(&format!("c{}", i % 3), ["user", "bot"][i / 3 % 2], &i.to_string())).collect();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.jsonl");
    std::fs::write(&path, &text).unwrap();
    let (_, found, rejects) = read(Input::File(path));
    assert_eq!((found.len(), rejects.len()), (3, 0));
    assert!(found.iter().all(|c| c.turns.len() == 10 && c.turns.is_sorted_by_key(|t| t.text.parse::<u32>().unwrap())));
    let (_, found, rejects) = read(stream(&text));
    assert!(found.len() == 3 && rejects.iter().all(|r| r.reason.contains("import it as a file")), "{rejects:?}");
}

#[test]
fn messages_are_read_in_the_order_of_their_times_and_notes_are_no_answers() {
    let said = |who: &str, text: &str, at: u32, more: &str| {
        format!(
            "{{\"thread_id\":\"t\",\"role\":\"{who}\",\"text\":\"{text}\",\"created_at\":{}{more}}}\n",
            1_772_532_900 + at
        )
    };
    // The newest first, two of them within one second.
    let newest = said("bot", "4", 30, "")
        + &said("user", "3", 30, "")
        + &said("bot", "2", 9, "")
        + &said("user", "<p>1</p>", 0, "");
    let (_, found, _) = read(stream(&newest));
    let texts: Vec<&str> = found[0].turns.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(texts, ["1", "2", "3", "4"]);
    for mark in
        ["\"private\":true", "\"is_private\":true", "\"type\":\"note\"", "\"internal\":true", "\"public\":false"]
    {
        let text =
            said("user", "where", 0, "") + &said("bot", "soon", 1, "") + &said("agent", "odd", 2, &format!(",{mark}"));
        let (_, found, _) = read(stream(&text));
        let last = found[0].turns.last().unwrap();
        assert_eq!((last.role, last.event.as_deref()), (Role::System, Some("note")), "{mark}");
        assert_eq!(found[0].outcome, Some(crate::domain::Outcome::Unknown), "{mark}");
    }
}
