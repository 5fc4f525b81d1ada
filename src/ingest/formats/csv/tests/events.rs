//! Events as data lakes and brokers keep them, and JSON whose words somebody named: what is not said is asked.

use super::*;
use crate::domain::Role::{Bot, User};

fn needs(read: &Drained) -> String {
    read.summary.questions.iter().filter(|q| q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

fn wonders(read: &Drained) -> String {
    read.summary.questions.iter().filter(|q| !q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

fn warned(read: &Drained) -> String {
    read.summary.warnings.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" / ")
}

fn roles(c: &Conversation) -> Vec<Role> {
    c.turns.iter().map(|t| t.role).collect()
}

#[test]
fn naming_the_words_of_objects_answers_only_that() {
    let talks = r#"[{"fold":"train","dialogue":[{"act":"directive","line":"is this seat taken ?"},{"act":"inform","line":"no , please sit ."}]},
        {"fold":"train","dialogue":[{"act":"inform","line":"i got the job !"},{"act":"inform","line":"congratulations !"}]}]"#;
    let asked = needs(&mapped(talks, "text=line"));
    assert!(asked.contains("--map \"id=object_id\"") && asked.contains("role=COLUMN"), "{asked}");
    let read = mapped(talks, "text=line,id=object_id,first_speaker=user");
    assert_eq!((needs(&read).as_str(), read.conversations.len()), ("", 2), "{read:?}");
    assert_eq!(roles(&read.conversations[0]), [User, Bot]);
    let again =
        mapped(&format!("[{}]", &talks[talks.rfind("{\"fold").unwrap()..talks.len() - 1]), "text=line,role:*=user");
    assert_eq!(needs(&again), "");
    // One after the other, of which each says its words alone.
    let events = "{\"at\":\"2026-03-04T10:00:01Z\",\"said\":\"my internet is down\"}\n{\"at\":\"2026-03-04T10:00:02Z\",\"said\":\"Restart the router.\"}\n";
    let asked = needs(&mapped(events, "text=said"));
    assert!(asked.contains("who speaks: nobody says it") && asked.contains("role:*=user"), "{asked}");
    let alone = mapped(events, "text=said,role:*=user");
    assert_eq!((needs(&alone).as_str(), alone.conversations.len()), ("", 2));
    let whole = mapped(events, "text=said,id=file,first_speaker=user");
    assert_eq!(roles(&whole.conversations[0]), [User, Bot], "{whole:?}");
    // A label says what a row is.
    let labelled = r#"[{"said":"where is my order","gold":"status"},{"said":"please stop it","gold":"cancel"}]"#;
    let read = mapped(labelled, "text=said");
    assert_eq!(
        (needs(&read).as_str(), read.conversations[1].turns[0].gold.as_slice()),
        ("", &["cancel".to_owned()][..])
    );
}

#[test]
fn json_in_a_text_is_no_words() {
    let packed = r#"[{"event":"user_message","payload":"{\"text\": \"my internet is down\", \"session\": \"s1\"}"}]"#;
    let refused = LogReader::open(stream(packed), options(|_| {})).err().unwrap().to_string();
    assert!(refused.contains("`payload` holds JSON in a text") && !refused.contains("--map text=KEY"), "{refused}");
}

fn events(kinds: [&str; 2]) -> String {
    (0..8).fold("id,subject,kind,text,time\n".to_owned(), |all, i| {
        all + &format!("m{i},s{},{},words number {i},2026-03-04T10:00:0{i}Z\n", i / 4, kinds[i % 2])
    })
}

#[test]
fn kinds_of_events_that_name_speakers_are_who_speaks() {
    for kinds in
        [["user_message", "bot_message"], ["customer.said", "bot.replied"], ["message.customer", "message.bot"]]
    {
        let asked = needs(&all(events(kinds)));
        assert!(asked.contains("every row has an id of its own, and several speak"), "{asked}");
        assert!(asked.contains("--map \"id=subject\" names it"), "{asked}");
        let read = mapped(&events(kinds), "id=subject");
        assert_eq!((needs(&read).as_str(), read.conversations.len()), ("", 2), "{kinds:?} {read:?}");
        assert_eq!(roles(&read.conversations[0]), [User, Bot, User, Bot], "{kinds:?}");
    }
}

#[test]
fn a_kind_that_only_half_of_the_events_say_is_the_kind_of_all() {
    let event = |i: usize, kind: &str| {
        format!(r#"{{"id":"e{i}","type":"{kind}","data":{{"text":"words {i}","sessionId":"s{}"}}}}"#, i / 2)
    };
    let log: Vec<String> = (0..6).map(|i| event(i, ["customer.said", "bot.replied"][i % 2])).collect();
    let read = all(format!("[{}]", log.join(",")));
    assert_eq!((needs(&read).as_str(), read.conversations.len()), ("", 3), "{read:?}");
    assert!(read.conversations.iter().all(|c| roles(c) == [User, Bot]), "{read:?}");
    // Who said the most of it is no system.
    let empty = "id,sender,text\n1,,hi there\n1,bot,hello\n2,,where\n2,bot,soon\n";
    let asked = needs(&all(empty));
    assert!(asked.contains("role:=user where the customer") && !asked.contains("accept-guesses"), "{asked}");
}

#[test]
fn what_all_rows_say_and_names_of_streams_are_no_labels() {
    for topics in [["billing", "billing"], ["chat.events.v2", "billing"]] {
        let rows =
            (0..4).fold("topic,text\n".to_owned(), |all, i| all + &format!("{},where is it {i}\n", topics[i / 2]));
        let read = all(&rows);
        assert!(read.conversations.iter().all(|c| c.turns[0].gold.is_empty()), "{read:?}");
        assert!(
            wonders(&read).contains("column `topic`") && wonders(&read).contains("gold=topic"),
            "{}",
            wonders(&read)
        );
        assert_eq!(mapped(&rows, "gold=topic").conversations[3].turns[0].gold, [topics[1]]);
    }
    let labelled = all("topic,text\nbilling,where is my bill\ndelivery,where is my parcel\n");
    assert_eq!(labelled.conversations[1].turns[0].gold, ["delivery"]);
}

#[test]
fn a_column_of_who_speaks_is_not_proposed_for_the_conversation() {
    let tweets = (0..6).fold("tweet_id,author_id,inbound,text\n".to_owned(), |all, i| match i % 2 {
        0 => all + &format!("{i},{},True,my data is slow {i}\n", 115_700 + i / 4),
        _ => all + &format!("{i},sprintcare,False,please write to us {i}\n"),
    });
    let asked = needs(&all(tweets));
    assert!(asked.contains("id=COLUMN") && !asked.contains("id=author_id"), "{asked}");
}

#[test]
fn beside_a_known_ai_nobody_is_proposed_as_another() {
    let rows = |header: &str, who: [&str; 3]| {
        (0..6).fold(format!("{header}\n"), |all, i| all + &format!("{},{},what is said {i}\n", i / 3, who[i % 3]))
    };
    for who in [["Bürger", "Chatbot", "Amt"], ["Kostas", "Bank Bot", "Eleni"]] {
        let asked = needs(&all(rows("conversation_id,sender,text", who)));
        assert!(asked.contains("nobody says who these are") && !asked.contains("=bot\""), "{asked}");
        assert!(asked.contains("--map \"role:*=user\" where all of them"), "{asked}");
    }
    let read = all("id,from_agent,text\n1,false,where is it\n1,true,on its way\n2,false,and mine\n2,true,tomorrow\n");
    assert!(warned(&read).contains("if `true` is, --map role:true=bot"), "{}", warned(&read));
    let rows = "id,from_agent,text\n1,false,where is it\n1,true,on its way\n";
    assert_eq!(roles(&mapped(rows, "role:true=bot").conversations[0]), [User, Bot]);
}

#[test]
fn who_of_a_business_has_the_name_of_a_machine_is_the_ai() {
    let message = |n: usize, by_agent: bool, name: &str| {
        format!(
            r#"{{"id":{n},"ticket_id":501,"from_agent":{by_agent},"sender":{{"id":{n},"name":"{name}"}},"body_text":"words {n}"}}"#
        )
    };
    let log = [message(1, false, "Ana Lopez"), message(2, true, "Gorgias Bot"), message(3, true, "Kim")].join("\n");
    let read = all(log);
    assert_eq!((needs(&read).as_str(), read.conversations.len()), ("", 1), "{read:?}");
    assert_eq!(roles(&read.conversations[0]), [User, Bot, Role::Agent]);
}

#[test]
fn what_is_guessed_of_transcripts_is_taken() {
    let talk = |id: usize, who: &str| {
        format!(
            "c{id},\"[2026-03-04 10:00:01] {who}: where is it\n[2026-03-04 10:00:05] Lyro: On its way.\n[2026-03-04 10:01:05] {who}: ok thanks\"\n"
        )
    };
    let rows = format!("id,transcript\n{}{}{}", talk(1, "Ann"), talk(2, "Ben"), talk(3, "Cleo"));
    let asked = all(&rows);
    assert!(needs(&asked).contains("accept-guesses takes role:Lyro=bot,role:*=user"), "{}", needs(&asked));
    let taken = drain(stream(&rows), options(|o| o.accept_guesses = true));
    assert_eq!((taken.conversations.len(), taken.rejects.len()), (3, 0), "{:?}", taken.rejects);
    assert!(taken.conversations.iter().all(|c| roles(c) == [User, Bot, User]), "{taken:?}");
}

#[test]
fn a_tree_of_alternative_answers_is_read_one_way() {
    let tree = r#"{"message_tree_id":"t1","prompt":{"message_id":"t1","text":"write a poem about tea","role":"prompter","replies":[
        {"message_id":"a2","text":"Leaves in water.","role":"assistant","rank":1,"replies":[]},
        {"message_id":"a1","text":"Tea, warm and green.","role":"assistant","rank":0,"replies":[]}]}}"#;
    let read = all(tree.replace('\n', ""));
    assert_eq!(texts(&read.conversations[0]), ["write a poem about tea", "Tea, warm and green."], "{read:?}");
    assert_eq!((roles(&read.conversations[0]), read.conversations[0].id.as_str()), (vec![User, Bot], "t1"));
    assert!(warned(&read).contains("`replies`"), "{}", warned(&read));
}
