//! What columns leave open, or say twice: asked or named, with a line that does what it says.

use super::*;
use crate::domain::Role::{Bot, System, User};

fn asked(read: &Drained, about: &str) -> Vec<(bool, String)> {
    let of = |q: &&crate::ingest::ImportQuestion| q.about == about;
    read.summary.questions.iter().filter(of).map(|q| (q.needed, q.to_string())).collect()
}

fn roles(c: &Conversation) -> Vec<Role> {
    c.turns.iter().map(|t| t.role).collect()
}

/// Rows of a question and an answer a conversation, the answer's with these cells.
fn table(columns: &str, cells: &[&str]) -> String {
    let blank = ",".repeat(columns.matches(',').count());
    let row = |(i, c): (usize, &&str)| format!("k{i},user,where is it {i},{blank}\nk{i},bot,on its way,{c}\n");
    format!("conversation_id,role,text,{columns}\n{}", cells.iter().enumerate().map(row).collect::<String>())
}

#[test]
fn two_columns_that_tell_other_ends_are_asked_about() {
    let rows = table("ticket_status,bot_status", &["solved,resolved", "solved,escalated"]);
    let [(needed, said)] = &asked(&all(&rows), "column `bot_status`")[..] else { panic!("{:?}", all(&rows).summary) };
    assert!(*needed && said.contains("in 1 of 2 rows"), "{said}");
    assert!(said.contains("--map \"outcome=ticket_status\" or --map \"outcome=bot_status\""), "{said}");
    let ends = |read: &Drained| read.conversations.iter().map(|c| c.outcome).collect::<Vec<_>>();
    let read = mapped(&rows, "outcome=bot_status");
    assert_eq!(ends(&read), [Some(Outcome::Resolved), Some(Outcome::Escalated)], "{:?}", read.summary);
    // A header that leaves no doubt holds, and the other is named.
    let plain = all(table("outcome,status", &["resolved,failed", "failed,failed"]));
    let [(false, said)] = &asked(&plain, "column `status`")[..] else { panic!("{:?}", plain.summary) };
    assert!(said.contains("--map \"outcome=status\""), "{said}");
    assert_eq!(ends(&plain), [Some(Outcome::Resolved), Some(Outcome::Failed)]);
    let agree = all(table("outcome,status", &["resolved,solved", "failed,failed"]));
    assert_eq!(asked(&agree, "column `status`"), []);
}

#[test]
fn times_that_cannot_be_read_are_named_with_what_settles_them() {
    for cell in ["2 hours ago", "1.77244E+12", "soon"] {
        let rows = format!("conversation_id,time,role,text\nc1,{cell},user,where is it\nc1,{cell},bot,on its way\n");
        let read = all(rows);
        let [(false, said)] = &asked(&read, "column `time`")[..] else { panic!("{cell}: {:?}", read.summary) };
        assert!(said.contains("2026-03-03T08:00:00Z") && !said.contains("all the same"), "{said}");
    }
    let dotted =
        all("conversation_id,time,role,text\nc1,25.03.26 20.00,user,where is it\nc1,25.03.26 20.01,bot,soon\n");
    assert_eq!(dotted.conversations[0].started_at.unwrap().rfc3339(), "2026-03-25T20:00:00Z", "{:?}", dotted.summary);
}

#[test]
fn thumbs_are_read_in_their_spellings_and_named_under_other_headers() {
    let thumbs = |read: &Drained| -> Vec<Option<i8>> {
        read.conversations.iter().map(|c| c.turns[1].feedback.as_ref().map(|f| f.score)).collect()
    };
    let spelled = all(table("feedback", &["thumbs_up", "thumbs up", "Up", "thumbs_down", "none"]));
    assert_eq!(thumbs(&spelled), [Some(1), Some(1), Some(1), Some(-1), None], "{:?}", spelled.summary);
    assert_eq!(thumbs(&all(table("Was this helpful?", &["yes", "no"]))), [Some(1), Some(-1)]);
    let other = all(table("did this help you", &["yes", "no"]));
    let [(false, said)] = &asked(&other, "column `did this help you`")[..] else { panic!("{:?}", other.summary) };
    assert!(said.contains("--map \"feedback=did this help you\""), "{said}");
}

#[test]
fn the_line_for_a_scale_takes_every_rating_there_is() {
    for (ratings, line) in [(["7", "6", "1"], "csat_max=7"), (["0.9", "0.2", "1.0"], "csat_max=1\"")] {
        let rows = table("csat", &ratings);
        let [(false, said)] = &asked(&all(&rows), "column `csat`")[..] else { panic!("{:?}", all(&rows).summary) };
        assert!(said.contains(line), "{said}");
        let read = mapped(&rows, line.trim_end_matches('"'));
        assert!(read.conversations.iter().all(|c| c.csat.is_some()), "{ratings:?}: {:?}", read.summary);
    }
}

#[test]
fn who_writes_in_one_conversation_is_no_guess() {
    let chat = r#"{"messages":[{"sid":"1","conversation_sid":"c","author":"+35799123456","body":"where is it"},{"sid":"2","conversation_sid":"c","author":"system","body":"On its way"},{"sid":"3","conversation_sid":"c","author":"maria@shop.example","body":"Maria here"}]}"#;
    let read = all(chat);
    let [(true, said)] = &asked(&read, "column `author`")[..] else { panic!("{:?}", read.summary) };
    assert!(said.contains("`system` (1 of 3 rows) may be the AI") && !said.contains("accept-guesses"), "{said}");
}

#[test]
fn ids_of_two_messages_name_no_conversations() {
    let two = r#"{"_results":[{"id":"m2","is_inbound":false,"text":"On its way","author":{"email":"bot@x.example"}},{"id":"m1","is_inbound":true,"text":"where is it","author":null}]}"#;
    let read = all(two);
    assert!(asked(&read, "column `id`").iter().any(|(needed, _)| *needed), "{:?}", read.summary);
    // What names messages and comes again names no conversation either.
    let steps = "message_id,role,text\nt1,bot,hi\nt2,user,where is it\nt2,bot,soon\nt3,user,thanks\n";
    let said: String = all(steps).summary.questions.iter().map(ToString::to_string).collect();
    assert!(said.contains("--map id=COLUMN") && !said.contains("id=message_id"), "{said}");
}

#[test]
fn what_programs_say_in_ways_of_their_own_is_read() {
    let notes = "ticket_id,author_type,public,channel,text\n1,customer,true,chat,where is it\n1,bot,true,chat,soon\n1,agent,false,internal-note,look\n";
    let read = all(notes);
    assert_eq!(
        (roles(&read.conversations[0]), read.conversations[0].channel.as_deref()),
        (vec![User, Bot, System], Some("chat"))
    );
    let call = r#"{"conversation_id":"c","transcript":[{"role":"agent","message":"Hi, how can I help?","time_in_call_secs":0},{"role":"user","message":"where is it","time_in_call_secs":5}],"metadata":{"start_time_unix_secs":1772442840}}"#;
    assert_eq!(all(call).conversations[0].started_at.map(|at| at.0), Some(1_772_442_840_000));
    let steps = r#"{"id":"th","steps":[{"id":"1","threadId":"th","type":"user_message","output":"where is it"},{"id":"2","threadId":"th","type":"llm","input":"x y","output":"On its way"},{"id":"3","threadId":"th","type":"assistant_message","output":"On its way","feedback":{"value":1}}]}"#;
    let read = all(steps);
    let c = &read.conversations[0];
    assert_eq!((texts(c), c.turns[1].feedback.as_ref().map(|f| f.score)), (vec!["where is it", "On its way"], Some(1)));
    let lists = r#"{"conversation":"k","chat_log":["Bot: Hello there","User: where is it"]}"#;
    assert_eq!(roles(&all(lists).conversations[0]), [Bot, User], "{:?}", all(lists).summary);
}

#[test]
fn flags_of_how_it_ended_are_read_in_their_language_or_proposed_as_flags() {
    for (columns, yes, no) in
        [("eskaliert,gelöst", "ja", "nein"), ("escalato,risolto", "sì", "no"), ("yükseltildi,çözüldü", "evet", "hayır")]
    {
        let read = all(table(columns, &[&format!("{yes},{no}"), &format!("{no},{yes}")]));
        let ends: Vec<_> = read.conversations.iter().map(|c| c.outcome).collect();
        assert_eq!(ends, [Some(Outcome::Escalated), Some(Outcome::Resolved)], "{columns}: {:?}", read.summary);
    }
    let unsure = all(table("bot_transfer_flag", &["1", "0"]));
    let [(false, said)] = &asked(&unsure, "column `bot_transfer_flag`")[..] else { panic!("{:?}", unsure.summary) };
    assert!(said.contains("--map \"escalated=bot_transfer_flag\" where yes means that"), "{said}");
    let inverse = all(table("unresolved", &["yes", "no"]));
    let [(false, said)] = &asked(&inverse, "column `unresolved`")[..] else { panic!("{:?}", inverse.summary) };
    assert!(said.contains("--map \"outcome=unresolved,outcome:yes=failed\""), "{said}");
}

#[test]
fn a_time_whose_half_of_the_day_stands_apart_is_none() {
    let head = "chat_id,date,time,am_pm,sender,text\n";
    let read = all(format!("{head}a,03/25/2026,10:15,PM,customer,where is it\na,03/25/2026,10:16,PM,bot,soon\n"));
    let [(false, said)] = &asked(&read, "column `time`")[..] else { panic!("{:?}", read.summary) };
    assert!(said.contains("`am_pm` says which half of the day"), "{said}");
    assert!(
        read.conversations[0].turns.iter().all(|t| t.at.is_none_or(|at| !at.rfc3339().contains("T10:1"))),
        "{read:?}"
    );
}

#[test]
fn what_stands_above_whole_conversations_names_the_column() {
    let read = all("Kennung,Mitschrift\nt1,\"Kunde: wo ist es\nBot: unterwegs\"\nt2,\"Kunde: stop\nBot: erledigt\"\n");
    assert_eq!((read.conversations.len(), read.rejects.len()), (2, 0), "{read:?}");
    // A year of another era is no time.
    let other = all("chat_id,date,sender,text\na,25/03/2569,customer,hi\na,26/03/2569,bot,yo\n");
    assert!(
        other.conversations[0].turns.iter().all(|t| t.at.is_none()) && !other.summary.questions.is_empty(),
        "{other:?}"
    );
}

#[test]
fn a_column_of_ends_beside_one_of_states_is_named_and_a_time_may_be_unknown() {
    let read = all(table("status,Ergebnis", &["closed,gelöst", "open,eskaliert"]));
    let [(false, said)] = &asked(&read, "column `Ergebnis`")[..] else { panic!("{:?}", read.summary) };
    assert!(said.contains("outcome=Ergebnis,outcome:gelöst=resolved"), "{said}");
    let head = "conversation_id,role,text,sent\n";
    let times = all(format!(
        "{head}a,user,hi,unknown\na,bot,yo,unknown\nb,user,hi,2026-03-02 10:00\nb,bot,yo,2026-03-02 10:01\n"
    ));
    assert_eq!((times.conversations.len(), times.rejects.len()), (2, 0), "{times:?}");
}

#[test]
fn messages_that_a_join_has_multiplied_are_read_once_or_asked_about() {
    for id in ["mid", "event_key", "nachricht_id", "message_nr"] {
        let head = format!("conv,{id},role,text,tag,product\n");
        let rows = "c1,m1,user,refund,a,A\nc1,m1,user,refund,b,A\nc1,m1,user,refund,a,B\nc1,m2,bot,ok,a,A\nc1,m2,bot,ok,b,A\nc1,m2,bot,ok,a,B\n";
        let read = all(head + rows);
        assert_eq!(roles(&read.conversations[0]), [User, Bot], "{id}: {:?}", read.summary);
        assert_eq!(read.conversations.len(), 1);
    }
    // `id` is the message's where each of it stands beside one message alone.
    let read = all("conv,id,role,text,tag\nc1,m1,user,refund,a\nc1,m1,user,refund,b\nc1,m2,bot,ok,a\nc1,m2,bot,ok,b\n");
    assert_eq!((read.conversations.len(), roles(&read.conversations[0])), (1, vec![User, Bot]), "{:?}", read.summary);
    let bare = "conv,role,text,agent_id,tag\nc1,user,refund,7,a\nc1,user,refund,7,b\nc1,bot,ok,7,a\nc1,bot,ok,7,b\nc2,user,hi,7,a\nc2,bot,ok,7,a\n";
    let read = all(bare);
    let [(true, said)] = &asked(&read, "column `tag`")[..] else { panic!("{:?}", read.summary) };
    assert!(said.contains("2 of 6 rows") && said.contains("--map repeats=one"), "{said}");
    let turns = |map: &str| mapped(bare, map).conversations.iter().map(|c| c.turns.len()).collect::<Vec<_>>();
    assert_eq!((turns("repeats=one"), turns("repeats=each")), (vec![2, 2], vec![4, 2]));
    // Somebody who says the same twice is no join.
    let twice = "conv,role,text,n\nc1,user,hi,1\nc1,user,hi,2\nc1,bot,ok,3\n";
    assert_eq!(all(twice).summary.questions, [], "{:?}", all(twice).summary);
}

#[test]
fn lines_that_are_printed_change_what_is_read() {
    let notes = |column: &str, words: [&str; 2]| {
        let [hidden, seen] = words;
        let rows = format!(
            "conv,role,text,{column}\n1,user,hi,{seen}\n1,bot,ok,{seen}\n1,agent,he lies,{hidden}\n1,agent,Hello,{seen}\n"
        );
        let read = all(rows);
        (read.conversations[0].turns[2].event.clone(), read.summary.questions.len())
    };
    assert_eq!(notes("note", ["internal", ""]).0.as_deref(), Some("note"));
    assert_eq!(notes("type", ["private_reply", "message"]).0.as_deref(), Some("note"));
    // How long it took, with its unit.
    let took = all(table("latency", &["1.2s", "850 ms", "1 200 ms"]));
    let ms: Vec<_> = took.conversations.iter().map(|c| c.turns[1].latency_ms).collect();
    assert_eq!(
        (ms, took.summary.questions.len()),
        (vec![Some(1200.0), Some(850.0), Some(1200.0)], 0),
        "{:?}",
        took.summary
    );
    // No line promises to read what cannot be read, and what a line leaves out is said.
    let never = all(table("resolved", &["maybe", "perhaps"]));
    let [(false, said)] = &asked(&never, "column `resolved`")[..] else { panic!("{:?}", never.summary) };
    assert!(said.contains("write yes or no") && !said.contains("all the same"), "{said}");
    let some = mapped(&table("resolved", &["true", "maybe", "2"]), "resolved=resolved");
    assert!(some.summary.warnings.iter().any(|w| w.text.contains("`resolved` are no yes or no")), "{:?}", some.summary);
    let both = "conversation_id,user_message,bot_response,agent_reply\n1,where is it,on its way,\n1,no,,let me look at it\n2,refund,ok,\n";
    let [(false, said)] = &asked(&all(both), "column `agent_reply`")[..] else { panic!("{:?}", all(both).summary) };
    assert!(said.contains("reply=agent_reply,role:agent_reply=agent"), "{said}");
}

#[test]
fn a_rating_that_says_of_how_many_tells_it_of_the_others_and_a_word_may_be_none() {
    let rated =
        |read: &Drained| read.conversations.iter().map(|c| c.csat.as_ref().map(|r| r.score)).collect::<Vec<_>>();
    let stars = all(table("rating", &["2 of 5", "1 star"]));
    assert_eq!((rated(&stars), stars.summary.questions.len()), (vec![Some(2.0), Some(1.0)], 0), "{:?}", stars.summary);
    let none = all(table("Bewertung", &["keine", "2 Sterne", "5 Sterne"]));
    assert_eq!(rated(&none), [None, Some(2.0), Some(5.0)], "{:?}", none.summary);
    let said = mapped(&table("csat", &["5", "weiß nicht"]), "csat=csat,csat:weiß nicht=none");
    assert_eq!((rated(&said), said.summary.questions.len()), (vec![Some(5.0), None], 0), "{:?}", said.summary);
}

#[test]
fn numbers_that_are_times_and_flags_in_german_are_not_lost() {
    for (column, unit) in [("time_us", "123456"), ("timestamp_ns", "123456789"), ("sk", "123")] {
        let rows = format!(
            "conversation,{column},who,msg\nc1,1772700002{unit},bot,ok\nc1,1772700000{unit},customer,refund\nc2,1772700003{unit},customer,cancel\n"
        );
        let read = all(rows);
        let c = read.conversations.iter().find(|c| c.id == "c1").unwrap();
        assert_eq!(
            c.turns.iter().filter_map(|t| t.at).map(|at| at.0 / 1_000).collect::<Vec<_>>(),
            [1_772_700_000, 1_772_700_002],
            "{column}: {:?}",
            read.summary
        );
    }
    let numbers = all("conversation,order_no,who,msg\nc1,1772700000,customer,refund\nc1,1772700007,bot,ok\n");
    assert!(numbers.conversations[0].turns.iter().all(|t| t.at.is_none()), "{:?}", numbers.summary);
    let german = all(
        "session,sender,message,Zufrieden,Übergabe\n1,Nutzer,hi,ja,x\n1,Bot,ok,ja,x\n2,Nutzer,bye,nein,\n2,Bot,no,nein,\n",
    );
    let [(false, said)] = &asked(&german, "column `Zufrieden`")[..] else { panic!("{:?}", german.summary) };
    assert!(said.contains("csat=Zufrieden,csat:ja=5,csat:nein=1"), "{said}");
    let [(false, said)] = &asked(&german, "column `Übergabe`")[..] else { panic!("{:?}", german.summary) };
    assert!(said.contains("outcome=Übergabe,outcome:x=escalated"), "{said}");
}

#[test]
fn examples_never_propose_the_opposite() {
    let ends = all(table("outcome", &["Handed to someone else (agent)", "resolved"]));
    let [(false, said)] = &asked(&ends, "column `outcome`")[..] else { panic!("{:?}", ends.summary) };
    assert!(said.contains("=escalated\" (or resolved"), "{said}");
    let ways = "conv,direction,text\n1,inbound,hi\n1,outbound,hello\n2,in,refund\n2,out,ok\n";
    let [(true, said)] = &asked(&all(ways), "column `direction`")[..] else { panic!("{:?}", all(ways).summary) };
    assert!(said.contains("role:out=bot,role:outbound=bot") && !said.contains("role:*=user"), "{said}");
}

#[test]
fn tables_and_talks_in_other_scripts_are_read() {
    let read = all(
        "会話ID,送信者,メッセージ,日時,評価\n1,顧客,返金,2026/03/05 10:15,5\n1,ボット,はい,2026/03/05 10:16,5\n2,顧客,注文,2026/03/25 10:15,1\n2,担当者,こんにちは,2026/03/25 10:16,1\n",
    );
    assert_eq!((ids(&read), roles(&read.conversations[0])), (vec!["1", "2"], vec![User, Bot]), "{:?}", read.summary);
    assert!(read.conversations.iter().all(|c| c.csat.is_some() && c.turns[0].at.is_some()), "{:?}", read.summary);
    let talk = "Πελάτης: Πού είναι η παραγγελία μου;\nΒοηθός: Έρχεται αύριο το πρωί\nΠελάτης: Ευχαριστώ πολύ\nΒοηθός: Παρακαλώ\n";
    let plain = all(talk);
    let greek = all(encoding_rs::WINDOWS_1253.encode(talk).0);
    let said =
        |read: &Drained| read.conversations.iter().flat_map(|c| c.turns.clone()).map(|t| t.text).collect::<Vec<_>>();
    assert_eq!(said(&greek), said(&plain), "{:?}", greek.summary);
}

#[test]
fn no_points_of_five_are_no_rating() {
    let read = all(table("csat_score", &["5/5", "0/5", "1/5"]));
    let [(false, said)] = &asked(&read, "column `csat_score`")[..] else { panic!("{:?}", read.summary) };
    assert!(said.contains("`0/5`") && said.contains("csat_min=0"), "{said}");
    let rated =
        |read: &Drained| read.conversations.iter().map(|c| c.csat.as_ref().map(|r| r.score)).collect::<Vec<_>>();
    assert_eq!(rated(&read), [Some(5.0), None, Some(1.0)]);
    assert_eq!(rated(&mapped(&table("csat_score", &["5/5", "0/5"]), "csat_min=0")), [Some(5.0), Some(0.0)]);
    assert_eq!(rated(&all(table("csat_score", &["100 %", "0 %"]))), [Some(100.0), Some(0.0)]);
}
