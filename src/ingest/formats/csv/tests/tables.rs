//! Tables as people keep them: columns that nothing names, rows that are cut or too wide, headers behind a word for what the row is.

use super::*;
use crate::domain::Role::{Agent, Bot, User};

fn roles(read: &Drained) -> Vec<Role> {
    read.conversations.iter().flat_map(|c| &c.turns).map(|t| t.role).collect()
}

fn said(read: &Drained) -> Vec<&str> {
    read.conversations.iter().flat_map(texts).collect()
}

/// What has to be settled first, in words.
fn needs(read: &Drained) -> String {
    read.summary.questions.iter().filter(|q| q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

/// What is left out until somebody says it.
fn wonders(read: &Drained) -> String {
    read.summary.questions.iter().filter(|q| !q.needed).map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

fn warned(read: &Drained) -> String {
    read.summary.warnings.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" / ")
}

fn is_asked(read: &Drained, words: &[&str]) {
    let needs = needs(read);
    assert!(words.iter().all(|w| needs.contains(w)), "{needs}");
    assert!(read.summary.questions.iter().any(|q| q.stops(false)), "{needs}");
}

#[test]
fn a_table_that_nothing_names_is_asked_about_and_is_no_label() {
    let labelled = "where is my order now,status\nwhere is it today,status\nplease stop it all,cancel\n";
    let asked = all(labelled);
    is_asked(&asked, &["no header names them: column 1 (`where is my order now`), column 2 (`status`)", "header=yes"]);
    let plain = mapped(labelled, "text=column 1");
    assert_eq!((needs(&plain).as_str(), plain.conversations.len()), ("", 3));
    assert!(plain.conversations.iter().all(|c| c.turns[0].gold.is_empty()), "{plain:?}");
    let gold = mapped(labelled, "text=column 1,gold=column 2");
    assert_eq!(gold.conversations[2].turns[0].gold, ["cancel"]);
    let named = mapped(&format!("what they wrote,why\n{labelled}"), "header=yes,text=what they wrote");
    assert_eq!((needs(&named).as_str(), said(&named)[0]), ("", "where is my order now"));
    // What the file proves is not asked.
    let told = all("c1,user,where is my order now\nc1,bot,on its way to you\n");
    assert_eq!((needs(&told).as_str(), roles(&told)), ("", vec![User, Bot]));
}

#[test]
fn short_titles_above_sentences_are_a_header() {
    let rows = "Issue,Subject,Company\n\"I lost access to the team, please help\",Access lost,Acme\n\
                My card was charged twice this week,Charged twice,Globex\nThe test does not start for me,Test,Acme\n";
    let asked = all(rows);
    is_asked(&asked, &["column `Issue` looks like it", "--map \"text=Issue\"", "header=no"]);
    let read = mapped(rows, "text=Issue");
    assert_eq!((said(&read)[1], read.conversations.len()), ("My card was charged twice this week", 3));
    assert!(read.conversations.iter().all(|c| c.turns[0].gold.is_empty()));
    assert_eq!(read.conversations[0].meta["Company"], "Acme");
}

#[test]
fn questions_and_answers_go_by_their_first_letters() {
    let read = all("Q,A\n안녕.,안녕하세요.\n넌 누구니?,나는 바이트!\n시험 망쳤어.,ㅠㅠ\n");
    assert_eq!((needs(&read).as_str(), roles(&read)), ("", vec![User, Bot, User, Bot, User, Bot]), "{read:?}");
    assert_eq!(said(&read)[..2], ["안녕.", "안녕하세요."]);
}

#[test]
fn a_chat_without_a_header_can_be_told_whole() {
    let chat = "00:11:09\tAshlee K:\they\n00:11:40\tDora D:\thello there\n00:11:43\tAshlee K:\they again\n";
    is_asked(&all(chat), &["column 2 (`Ashlee K:`)", "role=COLUMN", "id=file"]);
    is_asked(&mapped(chat, "text=column 3,role=column 2,id=file"), &["`Ashlee K:` (2)"]);
    let read = mapped(chat, "text=column 3,role=column 2,id=file,role:Ashlee K:=user,role:*=agent");
    assert_eq!((ids(&read), roles(&read)), (vec!["stdin"], vec![User, Agent, User]), "{read:?}");
}

#[test]
fn a_file_may_be_one_conversation() {
    let rows = "sender,content\nI,hello there\nYang,hello to you\nI,see you soon\n";
    is_asked(&all(rows), &["there are `sender`, `content`", "--map id=file"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat-7.csv");
    std::fs::write(&path, rows).unwrap();
    let read = drain(Input::File(path), options(|o| o.choice = map("id=file,role:I=user,role:*=bot")));
    assert_eq!((ids(&read), roles(&read)), (vec!["chat-7"], vec![User, Bot, User]));
    assert!(read.summary.why.contains("id=file"), "{}", read.summary.why);
    // A column that is called so is that column.
    let own = mapped("file,sender,text\na,user,hi\nb,user,yo\n", "id=file");
    assert_eq!(ids(&own), ["a", "b"]);
}

#[test]
fn rows_that_belong_together_are_no_set_of_questions() {
    let rows = "user_id,message_id,message_text\n0,99,Hi\n0,100,Hello! I am your partner.\n0,101,I think so\n1,102,Hey\n1,103,Hello! Shall we?\n";
    let asked = all(rows);
    is_asked(&asked, &["`user_id` comes again from row to row", "--map \"id=user_id\""]);
    is_asked(&mapped(rows, "id=user_id"), &["no column says it", "first_speaker=user"]);
    let read = mapped(rows, "id=user_id,first_speaker=user");
    assert_eq!((needs(&read).as_str(), roles(&read)), ("", vec![User, Bot, User, User, Bot]));
    assert_eq!(mapped(rows, "shape=utterances").conversations.len(), 5);
    // A label says what it is.
    let labelled = all(rows.replace("message_id", "label"));
    assert_eq!((needs(&labelled).as_str(), labelled.conversations.len()), ("", 5));
}

#[test]
fn nothing_is_said_is_never_silent() {
    let survey = "Taker,Response,Kind of question,Asked on\n1,0 - very unlikely,single choice,22/04/2026\n2,4 - quite likely,single choice,23/04/2026\n";
    is_asked(&all(survey), &["column `Response` looks like answers", "--map text=COLUMN"]);
    // A profile, or what was said on the command line, may leave it out as well.
    let refused = LogReader::open(stream(survey), options(|o| o.choice = map("reply=Response"))).err();
    assert!(refused.is_some_and(|e| e.to_string().contains("--map text=COLUMN")));
    let silent = all("id,sender,message,event\n1,,,\n2,,,\n");
    assert_eq!((silent.conversations.len(), silent.rejects.len()), (0, 1), "{silent:?}");
    assert!(silent.rejects[0].reason.contains("in any of 2 rows"), "{silent:?}");
}

#[test]
fn what_is_too_wide_says_nothing_of_its_columns() {
    let good = |i: usize| format!("{i},2026-03-01 09:0{i},what of order {i}?,it is on its way,status,TRUE\n");
    let wide = |i: usize| format!("{i},2026-03-01 10:00,and now?,I am sorry, I did not get that,unknown,FALSE\n");
    let rows = format!(
        "session_id,timestamp,user_msg,bot_reply,intent,resolved\n{}{}{}{}",
        good(1),
        wide(8),
        wide(9),
        (2..5).map(good).collect::<String>()
    );
    let read = all(&rows);
    assert_eq!((needs(&read).as_str(), wonders(&read).as_str(), read.rejects.len()), ("", "", 2), "{read:?}");
    assert!(read.conversations.iter().all(|c| c.outcome == Some(Outcome::Resolved)), "{read:?}");
    assert_eq!(roles(&read)[..2], [User, Bot]);
}

#[test]
fn a_cell_that_the_file_ends_in_costs_its_row() {
    let row = |i: usize| format!("Ana,21-10-2024,00:19:1{i},\"what of {i},\nreally\",\"it, is\non its way\",a\n");
    let whole: String = (0..6).map(row).collect();
    let cut =
        "Ana,22-10-2024,00:20:00,why,\"The bank, as it\nwas here\nand, in truth, there, and so\non\n\nand then, it\n";
    let read = all(format!("name,date,time,question,response,files\n{whole}{cut}"));
    assert_eq!((read.conversations.len(), read.rejects.len()), (6, 1), "{:?}", read.rejects);
    assert!(read.rejects[0].reason.contains("the file is cut off in this cell"), "{:?}", read.rejects);
    assert_eq!(read.conversations[3].turns[0].at.unwrap().rfc3339(), "2024-10-21T00:19:13Z");
    assert_eq!(wonders(&read), "");
}

#[test]
fn a_word_for_what_the_row_is_hides_no_header() {
    let rows = "Ticket ID,Customer Email,Ticket Type,Ticket Description,Ticket Status,Ticket Channel,Customer Satisfaction Rating,Date of Purchase\n\
                1,ana@shop.example,Refund,where is my money now,Solved,Email,5,2021-03-22\n2,bo@shop.example,Technical,it does not start,Escalated,Phone,,2021-05-22\n\
                3,cy@shop.example,Refund,it came broken today,Solved,Chat,3,2020-07-14\n";
    let read = all(rows);
    assert_eq!(needs(&read), "", "{read:?}");
    let first = &read.conversations[0];
    assert_eq!((first.customer_id.as_deref(), first.channel.as_deref()), (Some("ana@shop.example"), Some("Email")));
    assert_eq!((first.csat.as_ref().unwrap().score, first.outcome), (5.0, Some(Outcome::Resolved)));
    assert_eq!((said(&read)[0], first.meta["Ticket Type"].as_str()), ("where is my money now", Some("Refund")));
    assert!(wonders(&read).contains("`Date of Purchase` holds times"), "{}", wonders(&read));
    // Words that are no outcome are named, and what people rated keeps its name.
    let open = all(rows.replace("Solved", "Closed").replace("Escalated", "Open"));
    assert!(wonders(&open).contains("column `Ticket Status`"), "{}", wonders(&open));
    for (header, field) in [
        ("Ticket Status", Some(CsvField::Outcome)),
        ("case_created_at", Some(CsvField::Started)),
        ("customerEmail", Some(CsvField::Customer)),
        ("Ticket Category", None),
        ("Customer Type", None),
        ("Call Reason", None),
        ("message status", None),
    ] {
        let named = CsvField::ALL.iter().copied().find(|f| f.heads(header).is_some());
        assert_eq!(named, field, "{header}");
    }
}

#[test]
fn transcripts_are_known_by_their_headers_and_by_who_stands_above() {
    let calls = "Ticket ID,Status,Full Transcript\n1,closed,\"[2025-07-14T20:47:02.000Z] User 38967: Call from: me\n\nCall to: you\n\nTime of call: now\"\n\
                 2,closed,\"[2025-07-14T21:00:00.000Z] User 38967: hello there\n[2025-07-14T21:01:00.000Z] Desk: good day\nCall to: me\"\n\
                 3,closed,\"[2025-07-15T21:00:00.000Z] Desk: it is mended\"\n";
    let asked = all(calls);
    is_asked(&asked, &["column `Full Transcript`", "`User 38967` (2)"]);
    assert!(!needs(&asked).contains("Call to") && !needs(&asked).contains("text="), "{}", needs(&asked));
    let read = mapped(calls, "role:Desk=bot,role:*=user");
    assert_eq!((roles(&read), read.rejects.len()), (vec![User, User, Bot, Bot], 0), "{read:?}");
    assert_eq!(said(&read)[0], "Call from: me\n\nCall to: you\n\nTime of call: now");
    let above = ",Conversation,Helpful\n0,\"USER\nhello\nASSISTANT\nHello!\nSteps: two\nSteps: ten\nUSER\nagent\n\",4\n1,\"USER\nhi\nASSISTANT\nHi.\",5\n";
    let read = all(above);
    assert_eq!((needs(&read).as_str(), roles(&read)), ("", vec![User, Bot, User, User, Bot]), "{read:?}");
    assert_eq!(said(&read)[..3], ["hello", "Hello!\nSteps: two\nSteps: ten", "agent"]);
    let alone = all("Conversations\n\"USER\nhello\nASSISTANT\nHello!\"\n\"USER\nhi\nASSISTANT\nHi.\"\n");
    assert_eq!(roles(&alone), [User, Bot, User, Bot]);
    let agents =
        all("id,conversation\n1,\"AGENT: good day\nCUSTOMER: cancel it\"\n2,\"AGENT: hello\nCUSTOMER: refund me\"\n");
    assert!(warned(&agents).contains("--map role:agent=bot"), "{}", warned(&agents));
}

#[test]
fn words_that_come_again_in_every_row_are_nobodys() {
    let row = |i: usize| format!("Resolved,P{},Contact Us,2{}/04/2026,{i}@shop.example\n", i % 3, i % 9);
    let rows: String = (0..30).map(row).collect();
    let asked = all(format!("Status,Priority,Case Origin,Opened,Your Email Address\n{rows}"));
    is_asked(&asked, &["no column looks like it holds words", "`Case Origin`", "transcript=COLUMN"]);
    assert!(asked.summary.questions.iter().all(|q| q.stops(true) || !q.needed), "{}", needs(&asked));
}

#[test]
fn ids_that_may_be_are_named() {
    let rows = "participant_id,condition,role,message\n123,Warm,user,Hi there\n123,Warm,assistant,Hello\n7,Cold,user,Hey you\n7,Cold,assistant,Yes\n";
    is_asked(&all(rows), &["--map \"id=participant_id\""]);
    assert_eq!(ids(&mapped(rows, "id=participant_id")), ["123", "7"]);
}

#[test]
fn marks_in_angle_brackets_are_no_html() {
    let tagged = "id,role,text\n1,user,<U>where is it<A>on its way<U>thanks\n1,bot,<U>and<A>now\n";
    assert_eq!(said(&all(tagged)), ["<U>where is it<A>on its way<U>thanks", "<U>and<A>now"]);
}

#[test]
fn a_source_that_differs_from_row_to_row_names_no_log() {
    let rows = "id,question,answer,source\n1,where is it now,soon,knowledge_base\n2,who are you then,a bot,fallback\n";
    let read = all(rows);
    assert!(read.conversations.iter().all(|c| c.source == "stdin"), "{read:?}");
    assert_eq!(read.conversations[1].meta["source"], "fallback");
    assert!(wonders(&read).contains("column `source`: it holds `knowledge_base`, `fallback`"), "{}", wonders(&read));
    assert_eq!(mapped(rows, "source=source").conversations[0].source, "knowledge_base");
    assert_eq!(all(rows.replace("fallback", "knowledge_base")).conversations[0].source, "knowledge_base");
}

#[test]
fn day_and_time_of_day_in_two_columns_are_one_time_whatever_they_are_called() {
    for (day, clock, [a, b, c]) in [
        ("date", "time", ["2026-03-02 00:00:00", "09:15:10", "09:15:30"]),
        ("Date", "Time (UTC)", ["2026-03-02", "9:15:10 AM", "9:15:30 AM"]),
        ("Chat Date", "Chat Time", ["2026-03-02", "09:15:10", "09:15:30"]),
        ("day", "clock", ["2026-03-02", "09:15:10", "09:15:30"]),
        ("Date (UTC)", "Time (UTC)", ["2026-03-02", "09:15:10", "09:15:30"]),
        ("Date", "Time", ["2026-03-02", "0.385532407", "0.385763889"]),
        ("date", "time", ["2026-03-02 00:00:00", "1899-12-30 09:15:10", "1899-12-30 09:15:30"]),
    ] {
        let rows = format!("{day},{clock},Session ID,Sender,Message\n{a},{b},s,Visitor,where\n{a},{c},s,Bot,soon\n");
        let at = |i: usize| all(&rows).conversations[0].turns[i].at.map(Timestamp::rfc3339).unwrap_or_default();
        assert_eq!((at(0).as_str(), at(1).as_str()), ("2026-03-02T09:15:10Z", "2026-03-02T09:15:30Z"), "{rows}");
    }
    // How long something took is no time of day.
    let spans = "Date,Handle Time,Session ID,Sender,Message\n2026-03-02,00:05:10,s,Visitor,where\n2026-03-02,00:05:10,s,Bot,soon\n";
    assert_eq!(all(spans).conversations[0].turns[0].at.unwrap().rfc3339(), "2026-03-02T00:00:00Z");
}

#[test]
fn short_dates_of_a_whole_month_tell_their_order() {
    let table = |date: &dyn Fn(u32) -> String| {
        let row = |d: u32| format!("k{d},{0} 10:01,user,question {d}\nk{d},{0} 10:21,bot,soon {d}\n", date(d));
        format!("conversation_id,timestamp,sender,message\n{}", (1..=28).map(row).collect::<String>())
    };
    let last = |rows: String| all(rows).conversations[27].turns[0].at.map(Timestamp::rfc3339).unwrap_or_default();
    assert_eq!(last(table(&|d| format!("5/{d}/26"))), "2026-05-28T10:01:00Z");
    assert_eq!(last(table(&|d| format!("26/05/{d:02}"))), "2026-05-28T10:01:00Z");
    assert_eq!(last(table(&|d| format!("{d:02}.05.26"))), "2026-05-28T10:01:00Z");
}

#[test]
fn a_request_in_a_structure_is_read_beside_a_plain_answer() {
    let rows = "id,timestamp,sessionId,input,output\nt1,2026-03-01T09:00:00Z,s1,\"[{\"\"role\"\": \"\"system\"\", \"\"content\"\": \"\"Be brief.\"\"}, {\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"where is it\"\"}]\",On its way.\n\
        t2,2026-03-01T10:00:00Z,s2,\"{\"\"args\"\": [\"\"which day\"\"], \"\"kwargs\"\": {}}\",Tuesday.\n";
    let read = all(rows);
    let said: Vec<Vec<&str>> = read.conversations.iter().map(texts).collect();
    assert_eq!(said, [["where is it", "On its way."], ["which day", "Tuesday."]], "{:?}", read.summary);
}

#[test]
fn a_scale_of_ratings_that_cannot_be_told_is_asked_and_no_answer_is_no_rating() {
    let table = |ratings: &[&str]| {
        let row = |(i, r): (usize, &&str)| format!("k{i},user,where {i},\nk{i},bot,soon,{r}\n");
        format!("id,sender,message,csat\n{}", ratings.iter().enumerate().map(row).collect::<String>())
    };
    let scores = |ratings: &[&str]| -> Vec<Option<(f64, f64)>> {
        all(table(ratings)).conversations.iter().map(|c| c.csat.as_ref().map(|r| (r.score, r.max))).collect()
    };
    assert_eq!(scores(&["7", "6", "1"]), [None, None, None]);
    assert!(all(table(&["7", "6", "1"])).summary.questions.iter().any(|q| q.seen.contains("6, 7 or 10")));
    assert_eq!(scores(&["5", "99", "1"]), [Some((5.0, 5.0)), None, Some((1.0, 5.0))]);
    // A slip rescales nobody; what is of several scales is asked for; beside a best of ten stars and words keep their worth.
    let mut slip = ["5", "4", "1", "3", "2"].repeat(5);
    slip.push("50");
    let read = scores(&slip);
    assert_eq!((read[0], read[2], read[25]), (Some((5.0, 5.0)), Some((1.0, 5.0)), None));
    assert!(all(table(&slip)).summary.questions.iter().any(|q| q.seen.contains("50")));
    assert_eq!(scores(&["5", "4", "9", "1", "80", "2"]), [None; 6]);
    let ten = scores(&["9", "8", "★★★★★", "3"]);
    assert_eq!((ten[0], ten[2].map(|(score, max)| score / max)), (Some((9.0, 10.0)), Some(1.0)), "{ten:?}");
    let points =
        "id,sender,message,feedback\nk,user,hi,\nk,bot,soon,5\nl,user,hi,\nl,bot,soon,1\nm,user,hi,\nm,bot,no,3\n";
    let read = all(points);
    assert!(read.conversations.iter().flat_map(|c| &c.turns).all(|t| t.feedback.is_none()), "points are no thumbs");
    assert!(read.summary.questions.iter().any(|q| q.settle.contains("csat=feedback")), "{:?}", read.summary);
    let words = scores(&["Satisfied", "Very satisfied", "Dissatisfied", "Neutral"]);
    assert_eq!(words, [(4.0, 5.0), (5.0, 5.0), (2.0, 5.0), (3.0, 5.0)].map(Some));
    assert_eq!(scores(&["Good", "Bad"]), [(1.0, 1.0), (0.0, 1.0)].map(Some));
}

#[test]
fn two_exports_of_different_encodings_that_were_joined_are_read_as_what_they_are() {
    let rows = |from: usize| -> String {
        (from..from + 6)
            .map(|i| format!("r{i},user,Καλημέρα πού είναι το δέμα {i}\nr{i},bot,Έρχεται αύριο\n"))
            .collect()
    };
    let legacy = encoding_rs::WINDOWS_1253.encode(&rows(6)).0.into_owned();
    for (name, text) in [
        ("late", [b"id,sender,message\n".to_vec(), rows(0).into_bytes(), legacy.clone()].concat()),
        ("early", [b"id,sender,message\n".to_vec(), legacy, rows(0).into_bytes()].concat()),
    ] {
        let read = all(text);
        assert_eq!(read.conversations.len(), 12, "{name}");
        let whole = read
            .conversations
            .iter()
            .all(|c| texts(c)[0].starts_with("Καλημέρα πού") && texts(c)[1] == "Έρχεται αύριο");
        assert!(whole && read.summary.invalid_utf8.n == 0, "{name}: {:?}", texts(&read.conversations[0]));
        assert!(
            read.summary.warnings.iter().any(|w| w.text.contains("12 lines are UTF-8 and 12 are not")),
            "{:?}",
            read.summary
        );
    }
}

#[test]
fn a_header_in_another_dialect_in_the_middle_is_no_end_of_titles() {
    let comma =
        "Conversation ID,Sender,Message\nc1,Customer,where is it\nc1,Bot,soon\nc3,Customer,hi there\nc3,Bot,hello\n";
    let semi = "Conversation ID;Sender;Message\nc2;Customer;a person\nc2;Bot;no\n";
    let read = all(format!("{comma}{semi}"));
    assert_eq!((ids(&read), read.rejects.len()), (vec!["c1", "c3"], 3), "{:?}", read.rejects);
}

#[test]
fn numbers_that_run_backwards_tell_the_order_where_times_do_not() {
    let rows = "id,message_id,time,sender,message\nc1,3,2026-03-01 09:00,user,thanks\nc1,2,2026-03-01 09:00,bot,soon\nc1,1,2026-03-01 09:00,user,where\n";
    let read = all(rows);
    assert_eq!(texts(&read.conversations[0]), ["where", "soon", "thanks"], "{:?}", read.summary);
    assert!(read.summary.warnings.iter().any(|w| w.text.contains("`message_id` runs backwards")));
}

#[test]
fn of_school_grades_the_lowest_is_the_best() {
    let rows = |header: &str, grades: [&str; 3]| {
        grades.iter().zip(1..).fold(format!("conversation_id;role;text;{header}\n"), |all, (grade, i)| {
            all + &format!("{i};user;where is it;{grade}\n{i};bot;on its way;{grade}\n")
        })
    };
    let scores = |read: &Drained| {
        read.conversations.iter().map(|c| c.csat.as_ref().map(|csat| (csat.score, csat.max))).collect::<Vec<_>>()
    };
    let turned = vec![Some((6.0, 6.0)), Some((1.0, 6.0)), Some((2.0, 6.0))];
    let words = all(rows("Bewertung", ["1 - sehr gut", "6 - ungenügend", "5 - mangelhaft"]));
    assert_eq!(scores(&words), turned);
    assert!(warned(&words).contains("csat_best=6,csat_max=6"), "{}", warned(&words));
    let in_header = rows("Bewertung (1=sehr gut/6=ungenügend)", ["1", "6", "5"]);
    assert_eq!(scores(&mapped(&in_header, "csat=#4")), turned);
    let grades = rows("Schulnote", ["1", "6", "5"]);
    let asked = all(&grades);
    assert_eq!(scores(&asked), [None, None, None]);
    assert!(wonders(&asked).contains("csat_best=1,csat_max=6"), "{}", wonders(&asked));
    assert_eq!(scores(&mapped(&grades, "csat=Schulnote,csat_best=1,csat_max=6")), turned);
    let note = all(rows("Note", ["1", "5", "4"]));
    assert_eq!(scores(&note), [None, None, None], "which is the best is asked");
    assert!(wonders(&note).contains("csat_best=1"), "{}", wonders(&note));
    assert!(wonders(&mapped(&grades, "csat_best=1")).contains("csat_best=1,csat_max=6"));
    let usual = all(rows("rating", ["5 - very good", "1 - very bad", "4 - good"]));
    assert_eq!(scores(&usual), [Some((5.0, 5.0)), Some((1.0, 5.0)), Some((4.0, 5.0))]);
}
