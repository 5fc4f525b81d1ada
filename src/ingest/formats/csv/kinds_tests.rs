//! The kinds of fault that logs from the field have: the right value comes out, or it is asked by name.

use super::*;
use crate::domain::{Conversation, Outcome, OutcomeSource, Role, Timestamp};
use crate::ingest::{LogReader, LogRecord, LogSummary, ReadOptions, Reject};

struct Read {
    conversations: Vec<Conversation>,
    rejects: Vec<Reject>,
    summary: LogSummary,
}

impl Read {
    /// What is needed first, in words.
    fn needs(&self) -> String {
        self.summary.questions.iter().filter(|q| q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
    }

    /// What is left out until somebody says it.
    fn wonders(&self) -> String {
        self.summary.questions.iter().filter(|q| !q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
    }

    fn roles(&self) -> Vec<Role> {
        self.conversations.iter().flat_map(|c| &c.turns).map(|t| t.role).collect()
    }

    fn times(&self) -> Vec<String> {
        let at = |t: &crate::domain::Turn| t.at.map_or("none".to_owned(), Timestamp::rfc3339);
        self.conversations.iter().flat_map(|c| &c.turns).map(at).collect()
    }

    fn outcomes(&self) -> Vec<Outcome> {
        self.conversations.iter().filter_map(|c| c.outcome).collect()
    }
}

fn read_with(bytes: &[u8], change: impl FnOnce(&mut ReadOptions)) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    std::fs::write(&path, bytes).unwrap();
    let mut options = ReadOptions::new(Timestamp(1_790_000_000_000));
    change(&mut options);
    let mut reader = LogReader::open(Input::File(path), options).unwrap();
    let (mut conversations, mut rejects) = (Vec::new(), Vec::new());
    for item in reader.by_ref() {
        match item {
            LogRecord::Conversation { conversation, .. } => conversations.push(*conversation),
            LogRecord::Reject(reject) => rejects.push(reject),
        }
    }
    Read { conversations, rejects, summary: reader.summary() }
}

fn read(text: &str) -> Read {
    read_with(text.as_bytes(), |_| {})
}

fn mapped(text: &str, map: &str) -> Read {
    read_with(text.as_bytes(), |o| o.choice = CsvFormat { mapping: None, map: Some(map.into()) }.chosen())
}

/// Rows of two turns a conversation, with one more column.
fn with_column(name: &str, values: &[&str]) -> String {
    let row = |(i, v): (usize, &&str)| {
        format!("c{i},2026-03-01 09:00,user,where is {i},{v}\nc{i},2026-03-01 09:01,bot,there,{v}\n")
    };
    format!("chat_id,timestamp,sender,message,{name}\n{}", values.iter().enumerate().map(row).collect::<String>())
}

#[test]
fn a_speaker_whom_nobody_knows_is_asked_for() {
    let names =
        "id,at,author,message\n1,2026-03-01,Nikos,a\n1,2026-03-01,Sofia,b\n2,2026-03-01,Anna,c\n2,2026-03-01,Sofia,d\n";
    let asked = read(names);
    assert!(
        asked.needs().contains("`Sofia` (2)") && asked.needs().contains("role:Sofia=bot,role:*=user\""),
        "{}",
        asked.needs()
    );
    assert!(asked.summary.questions[0].stops(false) && !asked.summary.questions[0].stops(true));
    let (user, bot) = (Role::User, Role::Bot);
    assert_eq!(mapped(names, "role:sofia=bot,role:*=user").roles(), [user, bot, user, bot]);
    assert_eq!(read_with(names.as_bytes(), |o| o.accept_guesses = true).roles(), [user, bot, user, bot]);
    let transcripts = "id,transcript\n1,\"Visitor: a\nSofia: b\nVisitor: c\"\n2,\"Visitor: a\nSofia: b\"\n";
    assert!(read(transcripts).needs().contains("`Sofia` (2)"), "{}", read(transcripts).needs());
    assert_eq!(mapped(transcripts, "role:sofia=agent").roles(), [user, Role::Agent, user, user, Role::Agent]);
    let plain = mapped(transcripts, "role:sofia=none");
    assert_eq!((plain.needs().as_str(), plain.roles()), ("", vec![user, user, user]));
}

#[test]
fn user_beside_another_customer_is_somebody_else() {
    let chatwoot = "id,conversation_id,private,sender_type,content\n1,42,f,Contact,hi\n2,42,f,AgentBot,yo\n3,42,f,User,hello\n4,42,t,User,a note\n";
    let read_ = read(chatwoot);
    assert_eq!(read_.roles(), [Role::User, Role::Bot, Role::Agent, Role::System]);
    assert_eq!(
        (read_.conversations[0].turns[3].event.as_deref(), read_.outcomes()),
        (Some("note"), vec![Outcome::Escalated])
    );
    let two = read("id,sender,message\n1,customer,hi\n1,bot,yo\n1,user,hm\n2,customer,hi\n2,user,hm\n");
    assert!(two.needs().contains("both `user` (2) and `customer`"), "{}", two.needs());
}

#[test]
fn dates_tell_their_order_or_it_is_asked() {
    let rows = |dates: &[&str]| {
        let row = |(i, d): (usize, &&str)| format!("{i},{d} 10:01,user,hi\n{i},{d} 10:02,bot,yo\n");
        format!("id,timestamp,sender,message\n{}", dates.iter().enumerate().map(row).collect::<String>())
    };
    let told = read(&rows(&["3/7/26", "3/9/26", "3/25/26"]));
    assert_eq!((told.times()[0].as_str(), told.needs()), ("2026-03-07T10:01:00Z", String::new()));
    let late: Vec<String> =
        (0..300).map(|i| format!("{:02}/05/2026", i % 12 + 1)).chain(["13/05/2026".to_owned()]).collect();
    let late = read(&rows(&late.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!((late.times()[2].as_str(), late.rejects.len()), ("2026-05-02T10:01:00Z", 0));
    let open = rows(&["03/04/2026", "05/06/2026"]);
    assert!(read(&open).needs().contains("--date-order dmy"), "{}", read(&open).needs());
    assert_eq!(mapped(&open, "date_order=mdy").times()[0], "2026-03-04T10:01:00Z");
}

#[test]
fn times_stand_in_two_columns_or_cannot_be_read() {
    let two =
        read("Date,Time,Session ID,Sender,Message\n2026-03-02,09:15:10,s1,Visitor,hi\n2026-03-02,3:16 PM,s1,Bot,yo\n");
    assert_eq!(two.times(), ["2026-03-02T09:15:10Z", "2026-03-02T15:16:00Z"]);
    let strange = read("id,sender,message,timestamp\n1,user,hi,week 9\n1,bot,yo,week 9\n");
    assert!(strange.wonders().contains("column `timestamp`"), "{}", strange.wonders());
    assert_eq!((strange.times(), strange.rejects.len()), (vec!["none".to_owned(); 2], 0));
    let none = read(
        "id,sender,message,at\n1,user,hi,0000-00-00 00:00:00\n1,bot,yo,2026-03-01 09:00\n2,user,x,-\n2,bot,y,2026-03-01 09:00\n",
    );
    assert_eq!((none.times()[0].as_str(), none.times()[2].as_str(), none.rejects.len()), ("none", "none", 0));
    let whole = read("id,date,transcript\n1,2026-03-01 09:00,\"User: a\nBot: b\"\n");
    assert_eq!(whole.conversations[0].started_at.unwrap().rfc3339(), "2026-03-01T09:00:00Z");
}

#[test]
fn ratings_that_mean_none_are_none() {
    let scores = |read: &Read| read.conversations.iter().map(|c| c.csat.as_ref().map(|s| s.score)).collect::<Vec<_>>();
    let zeros = read(&with_column("rating", &["0", "5", "0", "1"]));
    assert_eq!((scores(&zeros), zeros.outcomes()[3]), (vec![None, Some(5.0), None, Some(1.0)], Outcome::Failed));
    assert!(zeros.wonders().contains("csat_min=0"), "{}", zeros.wonders());
    let worst = mapped(&with_column("rating", &["0", "5"]), "csat_min=0");
    assert_eq!(scores(&worst), [Some(1.0), Some(5.0)], "counted from 1");
    let words = read(&with_column("csat", &["Not rated", "4", "N/A", "-"]));
    assert_eq!((scores(&words), words.wonders().as_str()), (vec![None, Some(4.0), None, None], ""));
    let thumbs = read(&with_column("rating", &["1", "0", "1"]));
    assert!(scores(&thumbs) == [None, None, None] && thumbs.wonders().contains("csat_max=5"), "{}", thumbs.wonders());
}

#[test]
fn a_status_of_rows_is_no_outcome() {
    for words in [["success", "success", "error"], ["completed", "completed", "completed"], ["sent", "failed", "open"]]
    {
        let read = read(&with_column("status", &words));
        assert!(read.conversations.iter().all(|c| c.outcome_source != Some(OutcomeSource::Explicit)), "{words:?}");
        assert!(read.wonders().contains("--map outcome=status"), "{}", read.wonders());
    }
    let ends = read(&with_column("status", &["Solved", "Escalated"]));
    assert_eq!((ends.outcomes(), ends.wonders().as_str()), (vec![Outcome::Resolved, Outcome::Escalated], ""));
    let words = with_column("outcome", &["Closed", "Handled by agent", "Bot resolved"]);
    let some = read(&words);
    assert_eq!(some.outcomes(), [Outcome::Unknown, Outcome::Escalated, Outcome::Resolved]);
    assert!(
        some.wonders().contains("`Closed` (2)") && some.wonders().contains("outcome:Closed=resolved"),
        "{}",
        some.wonders()
    );
    assert_eq!(mapped(&words, "outcome:Closed=abandoned").outcomes()[0], Outcome::Abandoned);
    let flags = read(
        "session_id,question,answer,escalated,resolved\ns0,hi,yo,False,yes\ns1,hi,yo,True,no\ns2,hi,yo,False,no\n",
    );
    assert_eq!(flags.outcomes(), [Outcome::Resolved, Outcome::Escalated, Outcome::Failed]);
}

#[test]
fn structures_in_cells_are_read() {
    let python = "id,messages\n1,\"[{'role': 'user', 'content': \"\"Where's it?\"\"}, {'role': 'assistant', 'content': 'There.'}]\"\n";
    assert_eq!(read(python).roles(), [Role::User, Role::Bot]);
    let trace = "id,sessionId,input,output,latency\na,s,\"{\"\"messages\"\": [{\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"x\"\"}]}\",\"\"\"On.\"\"\",1.2\n\
                 b,s,\"{\"\"messages\"\": [{\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"x\"\"}, {\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"y\"\"}]}\",\"{\"\"content\"\": \"\"No.\"\"}\",0.9\n";
    let traced = read(trace);
    let said: Vec<&str> = traced.conversations[0].turns.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(said, ["x", "On.", "y", "No."]);
    assert!(traced.wonders().contains("latency_unit=s"), "{}", traced.wonders());
}

#[test]
fn titles_headers_and_sums_are_no_rows() {
    let report = "Report,,,,\nPeriod:,March,,,\n\nConversation ID,Timestamp,Sender,Message,Outcome\nc1,2026-03-01 09:00,Customer,hi,Resolved\n\
                  c1,2026-03-01 09:01,Bot,yo,Resolved\nConversation ID,Timestamp,Sender,Message,Outcome\nc2,2026-03-01 09:00,Customer,hi,Failed\nTotal:,2,,,\n";
    let read_ = read(report);
    assert_eq!((read_.outcomes(), read_.rejects.len()), (vec![Outcome::Resolved, Outcome::Failed], 0));
    let other = read("id,sender,message\n1,user,hi\n1,bot,yo\nmessage,sender,id\nhi,user,2\n");
    assert!(
        other.conversations.len() == 1 && other.rejects[0].reason.contains("another header"),
        "{:?}",
        other.rejects
    );
}

#[test]
fn what_a_join_has_multiplied_is_read_once() {
    let joined = read(
        "conversation_id,message_id,sender,content,tag\nc,m1,user,hi,a\nc,m1,user,hi,b\nc,m2,bot,yo,a\nc,m2,bot,yo,b\n",
    );
    assert_eq!(
        (joined.roles(), joined.conversations[0].tags.clone()),
        (vec![Role::User, Role::Bot], vec!["a".to_owned(), "b".to_owned()])
    );
    let bare = read(
        "id,at,sender,content,x\nc,2026-03-01 09:00,user,hi,1\nc,2026-03-01 09:00,user,hi,2\nc,2026-03-01 09:01,bot,yo,1\nc,2026-03-01 09:01,bot,yo,2\n",
    );
    assert_eq!((bare.roles().len(), bare.conversations[0].meta["x"].to_string().as_str()), (2, "[\"1\",\"2\"]"));
    let said_twice = read(
        "id,at,sender,content\nc,2026-03-01 09:00,user,hi\nc,2026-03-01 09:00,user,hi\nc,2026-03-01 09:01,bot,yo\n",
    );
    assert_eq!(said_twice.roles().len(), 3);
}

#[test]
fn html_notices_and_orders_are_understood() {
    let html = read(
        "id,author,body\n1,user,\"<p>Hi,<br>it&#39;s <b>la</b>te</p>\"\n1,bot,<p>Sorry</p><blockquote>old</blockquote>\n",
    );
    assert_eq!(html.conversations[0].turns[0].text, "Hi,\nit's late");
    assert_eq!(html.conversations[0].turns[1].meta["quoted"], "old");
    let joined = read(
        "id,sender,message\n1,Visitor,hi\n1,Bot,wait\n1,System,Agent Maria joined the chat\n2,Visitor,hi\n2,Bot,ok\n2,System,Visitor left\n",
    );
    assert_eq!(joined.outcomes(), [Outcome::Escalated, Outcome::Unknown]);
    let shuffled = read(
        "id,at,sender,message\n1,2026-03-01 09:02,user,c\n1,2026-03-01 09:00,user,a\n1,2026-03-01 09:01,bot,b\n2,2026-03-01 09:01,bot,b\n2,2026-03-01 09:00,user,a\n2,2026-03-01 09:03,user,d\n",
    );
    assert_eq!(shuffled.conversations[0].turns.iter().map(|t| t.text.as_str()).collect::<String>(), "abc");
    let fallback = read("id,sender,message,intent,confidence\n1,user,qwe,Default Fallback Intent,1\n1,bot,sorry,,\n");
    assert!(fallback.conversations[0].turns[0].fallback && fallback.outcomes() == [Outcome::Failed]);
}

#[test]
fn ids_and_words_are_not_guessed_at() {
    let rounded = read("conversation_id,sender,message\n1.23457E+14,user,hi\n1.23457E+14,bot,yo\n");
    assert!(rounded.needs().contains("rounded, such as `1.23457E+14`"), "{}", rounded.needs());
    let wordless = read("conversation_id,outcome,duration\n1,did not want it,100.0\n2,no offer was made,101\n");
    assert!(wordless.conversations.is_empty() && wordless.needs().contains("no column"), "{}", wordless.needs());
    let unnamed = read("conversation_id,sender,what she wrote\n1,user,where is my order\n1,bot,it is here now\n");
    assert!(unnamed.needs().contains("column `what she wrote` looks like it"), "{}", unnamed.needs());
    let percent = read("id,sender,message,intent,confidence\n1,user,hi,a,87\n1,bot,yo,,\n2,user,hi,a,1\n2,bot,yo,,\n");
    assert_eq!(percent.conversations[1].turns[0].confidence, Some(0.01));
}

#[test]
fn a_row_that_the_file_ends_in_is_no_sum() {
    let whole =
        "id,at,sender,message,outcome\na,2026-03-03 10:15,user,hi,failed\nb,2026-03-03 10:17,user,refund,failed\n";
    let cut = read(&format!("{whole}b,2026-03-03 "));
    let ids: Vec<&str> = cut.conversations.iter().map(|c| c.id.as_str()).collect();
    assert_eq!((ids, cut.rejects.len()), (vec!["a"], 1), "its conversation lacks a turn");
    assert!(cut.rejects[0].reason.contains("cut off in this row"), "{}", cut.rejects[0].reason);
    let sum = read(&format!("{whole}Sum,2\n"));
    assert_eq!((sum.conversations.len(), sum.rejects.len()), (2, 0));
}

#[test]
fn encodings_beyond_the_beginning_are_told() {
    let rows: String = (0..3_000).map(|i| format!("{i},user,where is order {i}\n{i},bot,on its way\n")).collect();
    let text = format!("id,sender,message\n{rows}x,user,Здравствуйте где мой заказ\nx,bot,Он уже в пути\n");
    let late = read_with(&encoding_rs::WINDOWS_1251.encode(&text).0, |_| {});
    assert_eq!(late.conversations.last().unwrap().turns[0].text, "Здравствуйте где мой заказ");
    let few = read_with(b"id,sender,message\n1,user,caf\xe9\n1,bot,yo\n", |_| {});
    assert!(few.needs().contains("encoding"), "{}", few.needs());
    let nul = read("id,sender,message\n1,user,he\0llo\n1,bot,yo\n");
    assert_eq!(nul.conversations[0].turns[0].text, "hello");
}

#[test]
fn lists_of_messages_beside_each_other_are_a_question_and_its_answer() {
    let list = |of: &[(&str, &str)]| {
        let one =
            |(role, text): &(&str, &str)| format!("{{\"\"role\"\": \"\"{role}\"\", \"\"content\"\": \"\"{text}\"\"}}");
        format!("\"[{}]\"", of.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    let (first, second) = (list(&[("user", "x")]), list(&[("user", "x"), ("assistant", "On."), ("user", "y")]));
    let (on, no) = (list(&[("assistant", "On.")]), list(&[("assistant", "No.")]));
    let traced = read(&format!("id,sessionId,input,output\na,s,{first},{on}\nb,s,{second},{no}\n"));
    let said: Vec<&str> = traced.conversations[0].turns.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(said, ["x", "On.", "y", "No."]);
}

#[test]
fn fallbacks_are_known_in_other_letters() {
    let read = read("id,sender,message,intent,confidence\n1,user,qwe,Άγνωστο,0.3\n1,bot,sorry,,\n");
    assert!(read.conversations[0].turns[0].fallback);
}

#[test]
fn notes_are_told_by_their_kind_whatever_its_header() {
    for (column, seen, note) in [
        ("channel_type", "web", "whisper"),
        ("category", "message", "internal comment"),
        ("kind", "message", "annotation"),
    ] {
        let rows = format!(
            "id,sender,message,{column}\n1,user,hi,{seen}\n1,bot,yo,{seen}\n1,agent,look at this,{note}\n2,user,hi,{seen}\n2,bot,yo,{seen}\n"
        );
        assert_eq!(read(&rows).roles()[..3], [Role::User, Role::Bot, Role::System], "{column}");
    }
}

#[test]
fn an_outcome_of_each_message_is_none_of_the_conversation() {
    let rows = "id,sender,message,outcome\n1,user,hi,success\n1,bot,yo,error\n2,user,hi,success\n2,bot,yo,success\n";
    let read_ = read(rows);
    assert!(read_.conversations.iter().all(|c| c.outcome_source != Some(OutcomeSource::Explicit)));
    assert!(read_.wonders().contains("--map outcome=outcome"), "{}", read_.wonders());
}

#[test]
fn columns_that_tell_how_it_ended_are_named_where_they_are_not_read() {
    for (name, values) in [
        ("deflected", ["yes", "no"]),
        ("containment", ["contained", "not contained"]),
        ("closed_by", ["bot", "agent"]),
        ("unresolved", ["true", "false"]),
    ] {
        let read = read(&with_column(name, &values));
        assert!(read.wonders().contains(&format!("column `{name}`")), "{name}: {}", read.wonders());
        assert!(read.conversations.iter().all(|c| c.outcome_source != Some(OutcomeSource::Explicit)), "{name}");
    }
    let unresolved = with_column("unresolved", &["true", "false"]);
    let said = mapped(&unresolved, "outcome=unresolved,outcome:true=failed,outcome:false=resolved");
    assert_eq!((said.outcomes(), said.wonders()), (vec![Outcome::Failed, Outcome::Resolved], String::new()));
    assert_eq!(read(&with_column("resolution_time", &["2h", "5h"])).wonders(), "");
}

#[test]
fn a_scale_that_may_begin_at_0_is_asked_for() {
    let read = read(&with_column("rating", &["0", "1", "4", "2"]));
    assert!(read.conversations.iter().all(|c| c.csat.is_none()));
    assert!(read.wonders().contains("run from 0 to 4"), "{}", read.wonders());
}

#[test]
fn what_a_third_column_says_leaves_no_empty_message() {
    let read = read(
        "id,at,User message,Bot message,Agent message\n1,2026-03-01 09:00,hi,,\n1,2026-03-01 09:01,,yo,\n\
         1,2026-03-01 09:02,,,Hello I am Maria\n2,2026-03-01 09:00,hi,,\n2,2026-03-01 09:01,,yo,\n",
    );
    let ids: Vec<&str> = read.conversations.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["2"]);
    assert!(read.rejects[0].reason.contains("`Agent message` holds some"), "{}", read.rejects[0].reason);
}

#[test]
fn a_file_that_ends_within_a_character_is_cut_off() {
    let rows = "id,sender,message\n1,user,γεια\n1,bot,γεια σας\n2,user,πού είναι\n2,bot,εδώ".as_bytes();
    let cut = read_with(&rows[..rows.len() - 1], |_| {});
    let ids: Vec<&str> = cut.conversations.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["1"]);
    assert!(cut.rejects[0].reason.contains("cut off in this row"), "{}", cut.rejects[0].reason);
}

#[test]
fn text_that_is_no_writing_is_asked_about() {
    let rows = "id,sender,message\n1,user,Grüß Gott und wo ist die Größe für mich\n1,bot,Sie kommt übermorgen\n";
    let macintosh = encoding_rs::MACINTOSH.encode(rows).0;
    let asked = read_with(&macintosh, |_| {});
    assert!(asked.needs().contains("it may be macintosh"), "{}", asked.needs());
    let taken = read_with(&macintosh, |o| o.accept_guesses = true);
    assert_eq!(taken.conversations[0].turns[0].text, "Grüß Gott und wo ist die Größe für mich");
    let twice = encoding_rs::WINDOWS_1252.decode_without_bom_handling(rows.as_bytes()).0;
    assert!(read(&twice).needs().contains("written as UTF-8 once more"), "{}", read(&twice).needs());
    assert_eq!(mapped(&twice, "encoding=utf-8").needs(), "");
}

#[test]
fn a_zone_beside_times_that_name_none_is_asked_for() {
    let rows = |time: &str, zone: &str| {
        format!("id,timestamp,timezone,sender,message\n1,{time},{zone},user,hi\n1,{time},{zone},bot,yo\n")
    };
    let local = rows("2026-03-03 10:00:00", "Europe/Athens");
    assert!(read(&local).needs().contains("--tz Europe/Athens"), "{}", read(&local).needs());
    assert_eq!(
        read_with(local.as_bytes(), |o| o.tz = "Europe/Athens".parse().unwrap()).times()[0],
        "2026-03-03T08:00:00Z"
    );
    assert_eq!(mapped(&local, "time=timestamp").times()[0], "2026-03-03T10:00:00Z");
    for (time, zone) in [("2026-03-03T10:00:00Z", "Europe/Athens"), ("2026-03-03 10:00:00", "UTC")] {
        assert_eq!(read(&rows(time, zone)).needs(), "", "{time} {zone}");
    }
}

#[test]
fn a_button_in_json_among_typed_words_is_read_as_its_words() {
    let read = read(
        "id,sender,message\n1,user,\"{\"\"title\"\": \"\"Track order\"\", \"\"payload\"\": \"\"/track\"\"}\"\n1,bot,soon\n2,user,stop my plan\n2,bot,ok\n",
    );
    assert_eq!(read.conversations[0].turns[0].text, "Track order");
    assert!(read.summary.warnings.iter().any(|w| w.text.contains("some cells of `message` hold JSON")));
}
