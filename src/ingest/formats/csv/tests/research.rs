//! Tables of research sets and lists: who speaks stands in a column of its own kind, dialogues in one cell, numbers for times.

use super::*;
use crate::domain::Role::{Bot, User};

fn needs(read: &Drained) -> String {
    read.summary.questions.iter().filter(|q| q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

fn roles(read: &Drained) -> Vec<Role> {
    read.conversations.iter().flat_map(|c| &c.turns).map(|t| t.role).collect()
}

/// What a question prints between quotes behind `--map`, the first of it.
fn line(read: &Drained) -> String {
    let needs = needs(read);
    let (_, rest) = needs.split_once("--map \"").unwrap_or_else(|| panic!("no line in {needs}"));
    rest.split_once('"').unwrap().0.to_owned()
}

fn talks(header: &str, row: impl Fn(usize, usize) -> String) -> String {
    let rows = (0..4).flat_map(|talk| (0..5).map(move |turn| (talk, turn)));
    rows.fold(format!("{header}\n"), |all, (talk, turn)| all + &row(talk, turn) + "\n")
}

#[test]
fn a_column_whose_values_take_turns_is_asked_about_by_name() {
    let words = |talk: usize, turn: usize| format!("what is said {talk} {turn}");
    let cases = [
        talks("dialog_id,Agent,text", |talk, turn| {
            format!("{talk},{},{}", ["agent_1", "agent_2"][turn % 2], words(talk, turn))
        }),
        talks("dialog_id,who_wrote,text", |talk, turn| {
            format!("{talk},{},{}", ["Seeker", "Wizard"][turn % 2], words(talk, turn))
        }),
        talks("conversationId,senderWorkerId,text", |talk, turn| {
            format!("{talk},{},{}", talk * 2 + turn % 2, words(talk, turn))
        }),
        // Ids of messages are no two alike.
        talks("dialogue_id,id,text", |talk, turn| format!("{talk},mturk_agent_{},{}", turn % 2, words(talk, turn))),
    ];
    for rows in &cases {
        let column = rows.lines().next().unwrap().split(',').nth(1).unwrap();
        let asked = all(rows);
        assert!(asked.summary.questions.iter().any(|q| q.stops(true)), "{asked:?}");
        assert!(needs(&asked).contains(&format!("column `{column}` may")), "{}", needs(&asked));
        let read = mapped(rows, &line(&asked));
        assert_eq!((needs(&read).as_str(), read.conversations.len()), ("", 4), "{rows}");
        assert_eq!(roles(&read)[..5], [User, Bot, User, Bot, User], "{rows}");
    }
    // A kind of row is none, nor what changes as it likes.
    let kinds =
        talks("dialog_id,topic,text", |talk, turn| format!("{talk},{},{}", ["a", "b"][talk % 2], words(talk, turn)));
    assert!(!needs(&all(&kinds)).contains("`topic` may"), "{}", needs(&all(&kinds)));
}

#[test]
fn what_alternates_without_an_id_is_no_set_of_questions() {
    let rows =
        (0..20).fold("Agent,Text\n".to_owned(), |all, i| all + &format!("{},what is said {i}\n", ["A", "B"][i % 2]));
    let asked = all(&rows);
    assert!(needs(&asked).contains("column `Agent` may"), "{}", needs(&asked));
    let read = mapped(&rows, &line(&asked));
    assert_eq!((needs(&read).as_str(), read.conversations.len(), &roles(&read)[..2]), ("", 1, [User, Bot].as_slice()));
}

#[test]
fn no_column_that_is_constant_or_differs_in_every_row_is_proposed() {
    let rows = |header: &str| {
        (0..20).fold(format!("{header}\n"), |all, i| {
            all + &format!("acc1,m{i},{},what is said {i}\n", ["user", "bot"][i % 2])
        })
    };
    let asked = needs(&all(rows("account_key,message_id,sender,text")));
    assert!(!asked.contains("id=account_key") && asked.contains("`account_key` is the same in all"), "{asked}");
    let own = needs(&all(rows("account_key,id,sender,text")));
    assert!(!own.contains("id=id") && own.contains("id=file"), "{own}");
}

#[test]
fn a_dialogue_in_one_cell_is_no_message() {
    let cells = [
        "<user> hi there %d <bot> hello friend <user> bye now",
        "[USER] hi there %d [BOT] hello friend [USER] bye now",
        "<|user|> hi there %d <|assistant|> hello friend <|user|> bye now",
        "User: hi there %d Bot: hello friend User: bye now",
        "Customer: hi there %d\\nBot: hello friend\\nCustomer: bye now",
        "Customer: hi there %d\\n\\nBot: hello friend\\n\\nCustomer: bye now\\n",
    ];
    for cell in cells {
        let rows = (0..6)
            .fold("id,text\n".to_owned(), |all, i| all + &format!("{i},\"{}\"\n", cell.replace("%d", &i.to_string())));
        let read = all(&rows);
        assert_eq!((needs(&read).as_str(), read.conversations.len()), ("", 6), "{cell}");
        assert_eq!(roles(&read)[..3], [User, Bot, User], "{cell}");
        assert_eq!(texts(&read.conversations[1]), ["hi there 1", "hello friend", "bye now"], "{cell}");
    }
    let unknown =
        all((0..6).fold("id,text\n".to_owned(), |all, i| all + &format!("{i},[USR] hi {i} [SYS] hello [USR] bye\n")));
    assert!(needs(&unknown).contains("`USR`"), "{}", needs(&unknown));
}

#[test]
fn seconds_from_the_beginning_are_no_times() {
    let rows = talks("id,role,text,timestamp", |talk, turn| {
        format!("{talk},{},said {turn},{}", ["user", "bot"][turn % 2], turn as f64 * 3.2)
    });
    let read = all(&rows);
    assert!(read.conversations.iter().flat_map(|c| &c.turns).all(|t| t.at.is_none()), "{read:?}");
    assert!(read.summary.questions.iter().any(|q| q.about.contains("timestamp")), "{:?}", read.summary.questions);
}

#[test]
fn rows_of_another_kind_are_no_words_of_the_customer() {
    let rows = "id,at,type,sender,message\n1,2026-03-01 09:00,message,user,where\n1,2026-03-01 09:01,message,bot,soon\n\
                1,2026-03-01 09:02,rating,user,5\n1,2026-03-01 09:03,typing,bot,\n";
    let read = all(rows);
    assert_eq!(roles(&read), [User, Bot, Role::System, Role::System], "{read:?}");
    assert_eq!(read.conversations[0].turns[2].event.as_deref(), Some("survey"));
}

#[test]
fn whoever_is_named_with_what_they_are_is_asked_for_also_where_they_speak_once() {
    let read =
        all("id,transcript\n1,\"Customer: hi\nBot: hello\nAgent Maria: it is me\"\n2,\"Customer: stop\nBot: Done.\"\n");
    assert!(needs(&read).contains("`Agent Maria`"), "{}", needs(&read));
}

#[test]
fn a_header_that_stands_again_behind_a_mark_of_its_encoding_is_no_row() {
    let part = |id: &str| format!("\u{feff}conversation_id,sender,message\n{id},user,where is it\n{id},bot,soon\n");
    let read = all(part("a") + &part("b"));
    assert_eq!((read.conversations.len(), read.rejects.len()), (2, 0), "{:?}", read.rejects);
}

#[test]
fn ids_that_stand_once_for_several_rows_are_asked_for() {
    let rows = "conversation_id,sender,message\n1,user,where\n,bot,soon\n2,user,stop\n,bot,ok\n";
    assert!(needs(&all(rows)).contains("`conversation_id`: it is empty in 2 of 4 rows"), "{}", needs(&all(rows)));
}

#[test]
fn what_was_said_is_read_and_not_what_was_made_of_it_for_a_learner() {
    let talk = r#"[{"convo_id":3592,"original":[["agent","how may i help?"],["customer","order 4711, please"],["action","Account pulled up."]],
        "delexed":[{"speaker":"agent","text":"how may i help?"},{"speaker":"customer","text":"order <id>, please"},{"speaker":"action","text":"account pulled up."}]}]"#;
    // What tools did is advised as nobody's words.
    assert_eq!(line(&all(talk)), "role:action=tool");
    let read = mapped(talk, "role:action=tool");
    assert_eq!(texts(&read.conversations[0]), ["how may i help?", "order 4711, please", "Account pulled up."]);
    assert_eq!(roles(&read), [Role::Agent, User, Role::Tool]);
}
