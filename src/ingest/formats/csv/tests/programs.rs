//! What columns and keys of single programs leave open, and what they tell: read, or asked by name in a way that can be answered.

use super::*;
use crate::domain::Role::{Agent, Bot, System, User};
use crate::ingest::Speakers;

fn roles(c: &Conversation) -> Vec<Role> {
    c.turns.iter().map(|t| t.role).collect()
}

fn asks(read: &Drained, words: &str) -> bool {
    read.summary.questions.iter().any(|q| q.needed && q.to_string().contains(words))
}

fn says(read: &Drained, words: &str) -> bool {
    read.summary.warnings.iter().any(|w| w.text.contains(words))
}

#[test]
fn a_row_that_is_a_conversation_is_named_by_what_differs_in_each() {
    let rows =
        "Id,ChatKey,CaseId,Body\n1,k1,500A,Bot: Hi<br>Visitor: where<br>\n2,k2,500A,Bot: Hi<br>Visitor: refund<br>\n";
    let read = all(rows);
    let ids: Vec<&str> = read.conversations.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["1", "2"], "{read:?}");
    assert!(says(&read, "column `Id` names the conversation, and not `CaseId`"), "{:?}", read.summary);
    let shared = "CaseId,Body\n500A,Bot: Hi<br>Visitor: where<br>\n500A,Bot: Hi<br>Visitor: refund<br>\n";
    assert!(asks(&all(shared), "would become one conversation"));
    assert_eq!(mapped(shared, "id=CaseId").conversations.len(), 2);
}

#[test]
fn an_id_that_comes_again_names_the_conversation() {
    let rows = "id,thread_id,sender,message\n1,t1,user,where\n2,t1,bot,soon\n3,t2,user,hi\n4,t2,bot,hello\n";
    assert_eq!(all(rows).conversations.len(), 2);
    let lens = r#"{"CustomerMetadata":{"ContactId":"ct-9"},"Participants":[{"ParticipantId":"C","ParticipantRole":"CUSTOMER"},{"ParticipantId":"A","ParticipantRole":"AGENT"}],
        "Transcript":[{"Id":"1","ParticipantId":"C","Content":"lost it"},{"Id":"2","ParticipantId":"A","Content":"Blocking"}]}"#;
    assert!(asks(&all(lens), "--map \"id=CustomerMetadata.ContactId\""), "{:?}", all(lens).summary);
    let read = mapped(lens, "id=CustomerMetadata.ContactId");
    assert_eq!(roles(&read.conversations[0]), [User, Agent]);
}

#[test]
fn the_column_that_tells_ai_from_person_says_who_speaks() {
    let rows = "Conversation ID,Direction,Purpose,Text\ng,inbound,customer,lost\ng,outbound,workflow,Blocking\ng,outbound,agent,Tom here\n";
    assert_eq!(roles(&all(rows).conversations[0]), [User, Bot, Agent]);
    let ways = "Conversation ID,Direction,Text\ng,inbound,lost\ng,outbound,Blocking\nh,inbound,hi\nh,outbound,hello\n";
    assert!(asks(&all(ways), "nobody says whether the AI or a person wrote it"));
    assert_eq!(roles(&mapped(ways, "role:outbound=bot").conversations[0]), [User, Bot]);
    // A question beside its answer is two turns, whatever kind of row they stand in.
    let spans = "session_id,span_kind,input,output\ns,LLM,where is it,soon\n";
    assert_eq!(roles(&all(spans).conversations[0]), [User, Bot]);
}

#[test]
fn notes_are_notes_in_every_way_of_writing_them() {
    for (header, no, yes) in [
        ("public", "true", "false"),
        ("type", "", "note"),
        ("part_type", "comment", "note"),
        ("is_note", "0", "1"),
        ("visibility", "public", "private"),
        ("visibility", "everyone", "agents"),
        ("Privacy", "public", "internal"),
        ("comment_type", "Public", "Internal"),
        ("audience", "customer", "internal"),
        ("note", "false", "true"),
        ("visible_to_customer", "true", "false"),
        ("customer_visible", "1", "0"),
        ("εσωτερικό", "όχι", "ναι"),
        ("message_kind", "Message", "Private note"),
    ] {
        let rows =
            format!("conversation_id,role,text,{header}\na,user,where,{no}\na,bot,soon,{no}\na,agent,odd one,{yes}\n");
        let read = all(&rows);
        assert_eq!(roles(&read.conversations[0]), [User, Bot, System], "{header}");
        assert_eq!(read.conversations[0].outcome, Some(Outcome::Unknown), "{header}");
    }
    let hubspot = r#"{"results":[{"type":"MESSAGE","id":"1","conversationsThreadId":"t","createdBy":"V-1","text":"invoice?","direction":"INCOMING"},
        {"type":"MESSAGE","id":"2","conversationsThreadId":"t","createdBy":"B-7","text":"Which?","direction":"OUTGOING"},
        {"type":"COMMENT","id":"3","conversationsThreadId":"t","createdBy":"A-5","text":"odd","direction":"OUTGOING"},
        {"type":"MESSAGE","id":"4","conversationsThreadId":"t","createdBy":"A-5","text":"Here.","direction":"OUTGOING"}]}"#;
    let read = all(hubspot);
    assert_eq!(roles(&read.conversations[0]), [User, Bot, System, Agent], "{:?}", read.summary);
}

#[test]
fn steps_of_a_dialogue_are_turns_and_what_holds_no_words_is_counted() {
    let steps = r#"{"transcript":{"id":"t","logs":[{"type":"trace","data":{"type":"text","payload":{"message":"Hi"}}},{"type":"action","data":{"type":"text","payload":"where is it"}},{"type":"action","data":{"type":"intent","payload":{"query":"human","intent":{"name":"handoff"}}}},{"type":"trace","data":{"type":"end"}}]}}"#;
    let read = all(steps);
    assert_eq!((read.conversations[0].id.as_str(), roles(&read.conversations[0])), ("t", vec![Bot, User, User]));
    assert!(says(&read, "1 of 4 objects hold no words"), "{:?}", read.summary);
    let watson = r#"{"logs":[{"request":{"input":{"text":""}},"response":{"intents":[],"output":{"text":["Welcome"]},"context":{"conversation_id":"c"}},"request_timestamp":"2026-03-03T10:10:00Z"},
        {"request":{"input":{"text":"where"}},"response":{"intents":[{"intent":"order","confidence":0.9},{"intent":"b","confidence":0.1}],"output":{"text":["Soon"]},"context":{"conversation_id":"c"}},"request_timestamp":"2026-03-03T10:11:00Z"}]}"#;
    let read = all(watson);
    let c = &read.conversations[0];
    assert_eq!((roles(c), c.turns[1].intent.as_deref()), (vec![Bot, User, Bot], Some("order")), "{:?}", read.summary);
    assert_eq!(c.turns[1].at.unwrap().rfc3339(), "2026-03-03T10:11:00Z");
}

#[test]
fn a_column_of_nothing_but_times_is_when_it_was_said() {
    let rows =
        "conversation_id,Vremya,sender,message\na,2026-03-03T10:15:00Z,user,where\na,2026-03-03T10:15:09Z,bot,soon\n";
    let read = all(rows);
    assert!(read.conversations[0].turns[1].at.is_some() && says(&read, "column `Vremya` holds nothing but times"));
    let two = "conversation_id,a1,a2,sender,message\na,2026-03-03T10:15:00Z,2026-03-03T10:15:00Z,user,where\na,2026-03-03T10:15:09Z,2026-03-03T10:15:09Z,bot,soon\n";
    let read = all(two);
    assert!(read.conversations[0].started_at.is_none(), "{read:?}");
    assert!(read.summary.questions.iter().any(|q| q.settle.contains("time=a1")));
    let each =
        "conversation_id,start_time,sender,message\na,2026-03-03 10:15,user,where\na,2026-03-03 10:16,bot,soon\n";
    assert!(all(each).conversations[0].turns[1].at.is_some());
}

#[test]
fn ratings_have_the_worth_that_somebody_says() {
    let rows =
        "conversation_id,sender,message,rating\na,user,where,Bof\na,bot,soon,Bof\nb,user,where,😍\nb,bot,soon,😍\n";
    let read = mapped(rows, "csat=rating,csat:Bof=2");
    let scores: Vec<f64> = read.conversations.iter().filter_map(|c| c.csat.as_ref().map(|r| r.score)).collect();
    assert_eq!(scores, [2.0, 5.0]);
}

#[test]
fn one_body_of_html_among_plain_texts_is_read_as_people_saw_it() {
    let rows = "conversation_id,sender,message\na,user,where is it\na,bot,soon\nb,user,\"<p>Hi,<br>my <b>refund</b>?</p>\"\nb,bot,use the <b> tag\nc,user,hm\nc,bot,ok\n\
        d,user,1\nd,bot,2\ne,user,3\ne,bot,4\nf,user,5\nf,bot,6\n";
    let read = all(rows);
    assert_eq!(texts(&read.conversations[1]), ["Hi,\nmy refund?", "use the <b> tag"]);
    assert!(says(&read, "1 texts are HTML"), "{:?}", read.summary);
}

#[test]
fn answers_to_questions_work_whatever_a_name_holds() {
    let rows = "conversation_id,sender,message\na,\"Smith, John\",where\na,Ana,soon\nb,\"Smith, John\",hi\nb,\"Smith, John\",there?\nb,Ana,hello\n";
    let asked = all(rows);
    assert!(asks(&asked, "'\"role:Smith, John\"=bot'"), "{:?}", asked.summary.questions);
    let told = mapped(rows, "\"role:Smith, John\"=user,role:Ana=bot");
    assert_eq!(roles(&told.conversations[0]), [User, Bot]);
    let said = Speakers::of(&["Smith".to_owned(), " John=user".to_owned(), "Ana=bot".to_owned()]).unwrap();
    assert_eq!(roles(&drain(stream(rows), options(|o| o.speakers = said)).conversations[0]), [User, Bot]);
}

#[test]
fn who_writes_to_whom_names_a_conversation() {
    let rows = "From,To,Body,SentDate,Direction\n+35799123456,+15005550006,where,2026-03-03 10:15:00 UTC,inbound\n\
        +15005550006,+35799123456,soon,2026-03-03 10:15:05 UTC,outbound-reply\n+35799777777,+15005550006,hi,2026-03-03 10:16:00 UTC,inbound\n\
        +15005550006,+35799777777,hello,2026-03-03 10:16:05 UTC,outbound-api\n";
    assert!(asks(&all(rows), "--map \"id=From+To\" names it"), "{:?}", all(rows).summary.questions);
    let read = mapped(rows, "id=From+To,role:outbound-reply=bot,role:outbound-api=bot");
    let ids: Vec<&str> = read.conversations.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["+15005550006 +35799123456", "+15005550006 +35799777777"], "{:?}", read.summary);
    assert_eq!(roles(&read.conversations[0]), [User, Bot]);
}

#[test]
fn somebody_names_the_words_that_nobody_knows() {
    let log = r#"[{"talk":"a","w":"A","t":"where is my order"},{"talk":"a","w":"B","t":"It is on its way."}]"#;
    let refused = LogReader::open(stream(log), options(|_| {})).err().unwrap().to_string();
    assert!(refused.contains("--map text=KEY") && refused.contains("`t`"), "{refused}");
    let read = mapped(log, "text=t,id=talk,role=w,role:A=user,role:B=bot");
    assert_eq!(texts(&read.conversations[0]), ["where is my order", "It is on its way."]);
    assert_eq!((read.conversations[0].id.as_str(), read.rejects.len()), ("a", 0));
}

#[test]
fn an_unknown_key_of_words_beside_a_known_speaker_is_read_or_asked_for() {
    let log = r#"{"conversations":[{"id":"k1","messages":[
        {"senderType":"customer","saidThen":"My internet disconnects all day"},{"senderType":"bot","saidThen":"Please check the cable"}]},
        {"id":"k2","messages":[{"senderType":"customer","saidThen":"Where is the technician now"},{"senderType":"bot","saidThen":"On the way to you"}]}]}"#;
    let read = all(log);
    let asked = read.summary.questions.iter().any(|q| q.settle.contains("text="));
    assert!(asked || read.conversations.len() == 2, "{:?}", read.summary);
    let named = mapped(log, "text=saidThen");
    assert_eq!(named.conversations.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["k1", "k2"]);
}

#[test]
fn what_names_only_whom_it_was_said_to_is_no_customers() {
    let asked = r#"{"sender_id":"s","text":"where is my order","intent":{"name":"status","confidence":0.9}}"#;
    let answered = r#"{"recipient_id":"s","text":"It arrives Tuesday."}"#;
    let read = all(format!("{asked}\n{answered}\n"));
    let said_by = |c: &Conversation| c.turns.iter().map(|t| (t.role, t.text.clone())).collect::<Vec<_>>();
    let answers: Vec<_> =
        read.conversations.iter().flat_map(said_by).filter(|(_, text)| text.starts_with("It")).collect();
    assert!(answers.iter().all(|(role, _)| *role != Role::User), "{read:?}");
    assert!(!read.summary.questions.is_empty(), "{:?}", read.summary);
}
