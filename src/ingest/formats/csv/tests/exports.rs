//! Spellings that exports have of what is known otherwise: times, places, entities, paddings.

use super::*;

/// Two conversations of two turns, with a cell of each turn before who speaks and what is said.
fn turns(header: &str, cells: [&str; 4]) -> String {
    let said = [("1", "user", "where is it"), ("1", "bot", "soon"), ("2", "user", "stop it"), ("2", "bot", "done")];
    let row = |((id, who, text), cell): ((&str, &str, &str), &str)| format!("{id},{cell},{who},{text}\n");
    format!("id,{header},sender,message\n{}", said.into_iter().zip(cells).map(row).collect::<String>())
}

fn times(read: &Drained) -> Vec<String> {
    let turns = read.conversations.iter().flat_map(|c| &c.turns);
    turns.map(|t| t.at.map_or("none".to_owned(), Timestamp::rfc3339)).collect()
}

#[test]
fn clocks_may_be_four_digits_beside_a_day() {
    let day = |clock: &str| format!("2026-03-01,{clock}");
    let cells = ["0900", "0901", "2358", "2359"].map(day);
    let read = all(turns("Date,Time", [&cells[0], &cells[1], &cells[2], &cells[3]]));
    assert_eq!(times(&read)[..3], ["2026-03-01T09:00:00Z", "2026-03-01T09:01:00Z", "2026-03-01T23:58:00Z"]);
}

#[test]
fn excels_day_zero_is_no_time() {
    let read = all(turns("timestamp", ["2026-03-01 09:00", "1/0/1900", "2026-03-02 09:00", "1/0/1900 0:00"]));
    assert_eq!(times(&read), ["2026-03-01T09:00:00Z", "none", "2026-03-02T09:00:00Z", "none"]);
    assert_eq!((read.rejects.len(), read.summary.questions.len()), (0, 0), "{:?}", read.summary.questions);
}

#[test]
fn places_may_stand_behind_a_word() {
    let read = all(turns("turn", ["turn_10", "turn_11", "turn_2", "turn_1"]));
    assert_eq!(texts(&read.conversations[0]), ["where is it", "soon"]);
    assert_eq!(texts(&read.conversations[1]), ["done", "stop it"]);
}

#[test]
fn when_whole_conversations_began_has_many_names() {
    for header in ["Created On", "opened", "begin", "Conversation Date", "session_start"] {
        let read = all(format!("id,{header},transcript\n1,2026-03-01 09:00,\"User: a\nBot: b\"\n"));
        let began = read.conversations[0].started_at.map(Timestamp::rfc3339);
        assert_eq!(began.as_deref(), Some("2026-03-01T09:00:00Z"), "{header}");
    }
}

#[test]
fn entities_in_plain_texts_are_signs() {
    let read = all("id,sender,message\n1,user,It&#39;s late &amp; cold\n1,bot,R&D says 3 < 4\n");
    assert_eq!(texts(&read.conversations[0]), ["It's late & cold", "R&D says 3 < 4"]);
}

#[test]
fn a_padded_end_is_no_row() {
    for end in ["\0".repeat(60), "\u{1a}".to_owned()] {
        let read = all(turns("timestamp", ["2026-03-01 09:00"; 4]) + &end);
        assert_eq!((read.conversations.len(), read.rejects.len()), (2, 0), "{end:?}");
    }
}

#[test]
fn lists_of_texts_ask_who_of_two_speaks() {
    let table = "id,dialog\n1,\"['where is my order', 'It comes soon.', 'thanks']\"\n2,\"['stop my plan', 'Done.']\"\n";
    let asked = all(table).summary.questions;
    assert!(asked[0].needed && asked[0].seen.contains("`first` (2), `second` (2)"), "{asked:?}");
    let read = mapped(table, "role:first=user,role:second=bot");
    assert_eq!(texts(&read.conversations[0]), ["where is my order", "It comes soon.", "thanks"]);
    let roles: Vec<Role> = read.conversations.iter().flat_map(|c| &c.turns).map(|t| t.role).collect();
    assert_eq!(roles, [Role::User, Role::Bot, Role::User, Role::User, Role::Bot]);
    // Who took part is no conversation, nor are tags.
    let people = "id,sender,message,people,tags\n1,user,where,\"[{\"\"agent\"\": \"\"Ann K.\"\"}]\",\"[\"\"a b\"\", \"\"c\"\"]\"\n1,bot,soon,,\n";
    assert_eq!(texts(&all(people).conversations[0]), ["where", "soon"]);
}

#[test]
fn texts_that_all_stand_in_quotes_are_without() {
    let table = "id,timestamp,session_id,input,output\n1,2026-03-01,s,\"\"\"where is it\"\"\",\"\"\"soon\"\"\"\n";
    let rows: String = (2..6).map(|i| format!("{i},2026-03-01,s,\"\"\"and {i}\"\"\",\"\"\"yes {i}\"\"\"\n")).collect();
    let read = all(table.to_owned() + &rows);
    assert_eq!(texts(&read.conversations[0])[..3], ["where is it", "soon", "and 2"]);
    // One is in quotes because somebody wrote them.
    let one = all("id,sender,message\n1,user,\"\"\"hello\"\" he said\"\n1,bot,\"\"\"bye\"\"\"\n");
    assert_eq!(texts(&one.conversations[0]), ["\"hello\" he said", "\"bye\""]);
}

#[test]
fn when_somebody_was_handed_over_says_that_it_happened() {
    let read = all(turns("escalated_at", ["2026-03-01 09:05", "2026-03-01 09:05", "", "0000-00-00 00:00:00"]));
    let outcomes: Vec<_> = read.conversations.iter().map(|c| (c.outcome, c.outcome_source)).collect();
    assert_eq!(outcomes[0], (Some(Outcome::Escalated), Some(OutcomeSource::Explicit)));
    assert_ne!(outcomes[1].0, Some(Outcome::Escalated));
    let german = all(turns("eskaliert", ["ja", "ja", "nein", "nein"]));
    let outcomes: Vec<_> = german.conversations.iter().map(|c| c.outcome == Some(Outcome::Escalated)).collect();
    assert_eq!(outcomes, [true, false]);
}

#[test]
fn what_is_left_out_is_named() {
    let history = r#"{"instruction":"and the other?","input":"","output":"Tuesday, too.","history":[{"role":"user","content":"where is it"},{"role":"assistant","content":"On Tuesday."}]}"#;
    let warned: Vec<String> = all(history).summary.warnings.into_iter().map(|w| w.text).collect();
    assert!(warned.iter().any(|w| w.contains("`history` stands beside")), "{warned:?}");
    let read =
        all("id,noted,transcript\n1,2026-03-01 09:00,\"User: a\nBot: b\"\n2,2026-03-02 09:00,\"User: c\nBot: d\"\n");
    let asked = read.summary.questions.iter().map(ToString::to_string).collect::<String>();
    assert!(asked.contains("`noted`") && asked.contains("--map \"started=noted\""), "{asked}");
}

#[test]
fn who_speaks_once_in_a_transcript_of_lines_is_asked_for() {
    let cells =
        ["User: hi there\nBot: Hello.\nMaria: I can help\nUser: ok", "User: stop\nBot: Done.", "User: bye\nBot: Bye."];
    let table = |cells: &[&str]| {
        let row = |(i, cell): (usize, &&str)| format!("{i},\"{cell}\"\n");
        "id,transcript\n".to_owned() + &cells.iter().enumerate().map(row).collect::<String>()
    };
    let needed = |text: &str| {
        let asked = all(text).summary.questions;
        asked.iter().filter(|q| q.needed).map(ToString::to_string).collect::<String>()
    };
    assert!(needed(&table(&cells)).contains("`Maria` (1)"), "{}", needed(&table(&cells)));
    assert_eq!(mapped(&table(&cells), "role:Maria=agent").conversations[0].turns[2].role, Role::Agent);
    // A field of a form speaks nowhere, and where answers go on over lines a word before a colon is one of theirs.
    assert_eq!(needed(&table(&cells).replace("Maria", "Price")), "");
    assert_eq!(needed(&table(&[cells[0], cells[1], "User: list\nBot: These:\none\ntwo"])), "");
}

#[test]
fn short_words_under_user_and_bot_are_what_they_said() {
    let table = "session_id,timestamp,user,bot\ns,2026-03-01 09:00,where is it,\ns,2026-03-01 09:01,,here\ns,2026-03-01 09:02,thanks,\n";
    let read = all(table);
    assert_eq!(texts(&read.conversations[0]), ["where is it", "here", "thanks"]);
    let roles: Vec<Role> = read.conversations[0].turns.iter().map(|t| t.role).collect();
    assert_eq!(roles, [Role::User, Role::Bot, Role::User]);
    // Beside what was said they are names.
    let named = all("session_id,user,bot,sender,message\ns,Anna K,Ada,user,where\ns,Anna K,Ada,bot,here\n");
    assert_eq!(texts(&named.conversations[0]), ["where", "here"]);
}

#[test]
fn what_was_said_before_takes_no_exchange_away() {
    let pairs =
        r#"{"instruction":"and the other?","output":"Tuesday, too.","history":[["where is it now","On Tuesday."]]}"#;
    assert_eq!(texts(&all(pairs).conversations[0]), ["and the other?", "Tuesday, too."]);
    let row = |i: usize| {
        format!("s{i},\"[{{'role': 'user', 'content': 'where is {i}'}}]\",and the other {i},Tuesday too {i}\n")
    };
    for header in ["history", "chat_history"] {
        let table = format!("session_id,{header},question,answer\n{}", (0..3).map(row).collect::<String>());
        assert_eq!(texts(&all(table).conversations[0]), ["and the other 0", "Tuesday too 0"], "{header}");
    }
}
