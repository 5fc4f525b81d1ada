//! Exports as other programs and other languages write them.

use super::*;
use crate::domain::Role;
use crate::ingest::Speakers;

fn roles(c: &Conversation) -> Vec<Role> {
    c.turns.iter().map(|t| t.role).collect()
}

fn ends(read: &Drained) -> Vec<Option<Outcome>> {
    read.conversations.iter().map(|c| c.outcome).collect()
}

fn named(name: &str, text: impl AsRef<[u8]>, change: impl FnOnce(&mut ReadOptions)) -> Drained {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    drain(Input::File(path), options(change))
}

#[test]
fn headers_speakers_and_outcomes_of_other_languages_are_known() {
    let german = "Gesprächs-ID;Datum;Uhrzeit;Absender;Nachricht;Konfidenz;Ergebnis\n\
        1;03.03.2026;09:15;Kunde;Wo ist es?;0,91;Gelöst\n1;03.03.2026;09:16;Bot;Dienstag.;;Gelöst\n\
        2;25.03.2026;10:00;Kunde;Geld zurück;0,45;Weitergeleitet\n2;25.03.2026;10:05;Mitarbeiter;Gleich.;;Weitergeleitet\n\
        3;26.03.2026;11:00;Kunde;Verspätet;0,5;Nicht gelöst\n3;26.03.2026;11:01;Bot;Bitte warten.;;Nicht gelöst\n";
    let read = all(german);
    assert_eq!(ends(&read), [Outcome::Resolved, Outcome::Escalated, Outcome::Failed].map(Some), "{read:?}");
    let first = &read.conversations[0].turns[0];
    assert_eq!((first.at.unwrap().rfc3339().as_str(), first.confidence), ("2026-03-03T09:15:00Z", Some(0.91)));
    let spanish = "ID de conversación,Fecha,Remitente,Mensaje,Resultado\n1,\"3 de marzo de 2026, 9:15\",Cliente,¿Dónde está?,Escalado\n\
        1,\"3 de marzo de 2026, 9:16\",Asistente virtual,Le paso.,Escalado\n1,\"3 de marzo de 2026, 9:20\",Agente,Hola,Escalado\n";
    let read = all(spanish);
    assert_eq!(
        (roles(&read.conversations[0]), ends(&read)),
        (vec![Role::User, Role::Bot, Role::Agent], vec![Some(Outcome::Escalated)])
    );
    let russian = encoding_rs::WINDOWS_1251
        .encode("ИД диалога;Дата;Отправитель;Сообщение\n1;25.03.2026 09:15;Клиент;Где мой заказ номер семь?\n1;25.03.2026 09:16;Бот;Во вторник утром.\n")
        .0
        .into_owned();
    assert_eq!(roles(&all(russian).conversations[0]), [Role::User, Role::Bot]);
    let greek = "συνομιλία;αποστολέας;μήνυμα;έκβαση\n1;Πελάτης;πού είναι;Κλιμακώθηκε\n1;Βοηθός;Έρχεται;Κλιμακώθηκε\n";
    assert_eq!(ends(&all(greek)), [Some(Outcome::Escalated)]);
}

#[test]
fn days_that_a_spreadsheet_counts_are_times() {
    let read = all("id,timestamp,role,text\n1,46084.385416667,user,where\n1,46084.5,bot,soon\n");
    let at = |i: usize| read.conversations[0].turns[i].at.unwrap().rfc3339();
    assert_eq!((at(0).as_str(), at(1).as_str()), ("2026-03-03T09:15:00Z", "2026-03-03T12:00:00Z"));
}

#[test]
fn objects_of_programs_that_nobody_knows_are_rows() {
    // A list of messages, who writes as a flag.
    let front = r#"{"_results":[{"id":"m1","type":"email","is_inbound":true,"created_at":1772529300.123,"conversation_id":"c1","text":"Where?"},
        {"id":"m2","type":"email","is_inbound":false,"created_at":1772529400.5,"conversation_id":"c1","text":"Tuesday"}]}"#;
    assert!(all(front).summary.questions[0].seen.contains("nobody says whether the AI or a person wrote it"));
    let read = drain(stream(front), options(|o| o.speakers = Speakers::of(&["outbound=bot".to_owned()]).unwrap()));
    assert_eq!((ids(&read), roles(&read.conversations[0])), (vec!["c1"], vec![Role::User, Role::Bot]), "{read:?}");
    // Chats with their people and events.
    let chats = r#"{"chats":[{"id":"Q","users":[{"id":"a","type":"customer","name":"Anna"},{"id":"b","type":"agent","name":"ChatBot"},{"id":"c","type":"agent","name":"Bob"}],
        "thread":{"id":"T","events":[{"id":"1","author_id":"a","text":"where"},{"id":"2","author_id":"b","text":"soon"},{"id":"3","author_id":"c","text":"hello"}]}}]}"#;
    let read = all(chats);
    assert_eq!(
        (ids(&read), roles(&read.conversations[0])),
        (vec!["Q"], vec![Role::User, Role::Bot, Role::Agent]),
        "{read:?}"
    );
    // What a machine wrote under a person's role.
    let machine = r#"[{"conversationId":5,"author":{"type":"contact","bot":false},"body":"where"},{"conversationId":5,"author":{"type":"user","bot":true},"body":"soon"},
        {"conversationId":5,"author":{"type":"user","bot":false},"body":"Bob here"}]"#;
    assert!(all(machine).summary.questions[0].seen.contains("both `user` (1) and `contact` speak"));
    let told = drain(stream(machine), options(|o| o.speakers = Speakers::of(&["user=agent".to_owned()]).unwrap()));
    assert_eq!(roles(&told.conversations[0]), [Role::User, Role::Bot, Role::Agent]);
    // Threads of a channel: people are asked for.
    let channel = r#"[{"type":"message","user":"U1","text":"where","ts":"1772529300.0001"},
        {"type":"message","subtype":"bot_message","bot_id":"B","text":"soon","ts":"1772529310.0002","thread_ts":"1772529300.0001"}]"#;
    let read = all(channel);
    assert!(
        read.conversations.is_empty() && read.summary.questions.iter().any(|q| q.seen.contains("`U1`")),
        "{:?}",
        read.summary
    );
    let told = drain(
        stream(channel),
        options(|o| o.speakers = Speakers::of(&["U1=user".to_owned(), "B=bot".to_owned()]).unwrap()),
    );
    assert_eq!((ids(&told), roles(&told.conversations[0])), (vec!["1772529300.0001"], vec![Role::User, Role::Bot]));
}

#[test]
fn words_and_speakers_that_stand_deeper_are_found() {
    let (user, bot) = (Role::User, Role::Bot);
    for (program, text, id) in [
        (
            "a memory of LangChain",
            r#"{"id":1,"session_id":"n","message":{"type":"human","content":"where"}}
{"id":2,"session_id":"n","message":{"type":"ai","content":"soon"}}"#,
            "n",
        ),
        (
            "components",
            r#"{"messages":[{"_id":"1","type":"incoming","sessionId":"k","components":[{"cT":"text","data":{"text":"where"}}]},{"_id":"2","type":"bot","sessionId":"k","components":[{"cT":"text","data":{"text":"soon"}}]}]}"#,
            "k",
        ),
        (
            "initiators",
            r#"{"id":"1","conversationId":"g","initiator":{"type":"CUSTOMER"},"content":{"type":"CHAT_MESSAGE","content":"where"}}
{"id":"2","conversationId":"g","initiator":{"type":"SIDEKICK_BOT"},"content":{"type":"CHAT_MESSAGE","content":"soon"}}"#,
            "g",
        ),
        (
            "a dialogue manager",
            r#"{"logs":[{"log_id":"1","session_id":"w","request":{"input":{"message_type":"text","text":"where"}},
            "response":{"output":{"intents":[{"intent":"status","confidence":0.9}],"generic":[{"response_type":"text","text":"soon"}]}}}]}"#,
            "w",
        ),
        (
            "its former version",
            r#"{"logs":[{"log_id":"1","request":{"input":{"text":"where"}},"response":{"intents":[{"intent":"status","confidence":0.9}],
            "output":{"text":["soon"]},"context":{"conversation_id":"w"}}}]}"#,
            "w",
        ),
    ] {
        let read = all(text);
        assert_eq!(ids(&read), [id], "{program}: {:?}", read.summary);
        let c = &read.conversations[0];
        assert_eq!((roles(c), texts(c)), (vec![user, bot], vec!["where", "soon"]), "{program}");
        assert_eq!(c.turns[0].intent.as_deref(), Some("status").filter(|_| id == "w"), "{program}");
    }
    // Steps that name no conversation: the file may be one.
    let steps = r#"[{"turnID":"a","type":"request","payload":{"type":"intent","payload":{"query":"where","intent":{"name":"status"},"confidence":0.9}},"startTime":"2026-01-02T10:00:00Z"},
        {"turnID":"b","type":"text","payload":{"type":"text","payload":{"message":"soon"}},"startTime":"2026-01-02T10:00:01Z"}]"#;
    let asked = named("dialogue-7.json", steps, |_| {});
    assert!(asked.conversations.is_empty() && asked.summary.questions[0].settle.contains("--map id=file"), "{asked:?}");
    let map = CsvFormat { mapping: None, map: Some("id=file".to_owned()) };
    let told = named("dialogue-7.json", steps, |o| o.choice = map.chosen());
    let c = &told.conversations[0];
    assert_eq!(
        (ids(&told), roles(c), c.turns[0].intent.as_deref()),
        (vec!["dialogue-7"], vec![user, bot], Some("status"))
    );
}

#[test]
fn what_is_no_log_is_told_by_what_it_holds() {
    let path = tempfile::tempdir().unwrap();
    let file = path.path().join("orders.json");
    std::fs::write(&file, r#"[{"id":7,"total":12.5,"lines":[{"sku":1},{"sku":2}],"ship":{"city":"x"}}]"#).unwrap();
    let error = LogReader::open(Input::File(file), options(|_| {})).err().unwrap().to_string();
    assert!(
        error.contains("JSON objects with `id`, `total`, `lines` (a list of 2), `ship` (an object of 1)"),
        "{error}"
    );
    assert!(error.contains("The smallest line that is read"), "{error}");
}

#[test]
fn a_few_rows_hide_nothing_that_the_header_says() {
    let one = "chat id,operator 1 nick,rate,transcript\nP1,ChatBot,rated_good,\"Anna: where\nChatBot: soon\nAnna: ok then\"\n";
    let asked = all(one);
    assert!(
        asked.summary.questions[0].about.contains("`transcript`") && asked.summary.questions[0].seen.contains("`Anna`"),
        "{asked:?}"
    );
    let told = drain(stream(one), options(|o| o.speakers = Speakers::of(&["Anna=user".to_owned()]).unwrap()));
    assert_eq!(roles(&told.conversations[0]), [Role::User, Role::Bot, Role::User]);
    // One line each: rejected with what is missing, and no question about a column that the header names.
    let bare = all("id,transcript\nP1,where is my order\n");
    assert!(bare.summary.questions.is_empty() && bare.rejects[0].reason.contains("not with a speaker"), "{bare:?}");
    // Headings stand before the first time; who is named behind a time speaks, once or often.
    let html = "Id,Body\n5,\"<p>Chat Started: Friday</p><p>Chat Origin: Web</p>( 1s ) Bot: Hi<br>( 9s ) Maria: where<br>( 12s ) Bot: soon<br>\"\n";
    assert!(all(html).summary.questions[0].seen.contains("`Maria`"));
    let told = drain(stream(html), options(|o| o.speakers = Speakers::of(&["*=user".to_owned()]).unwrap()));
    assert_eq!(
        roles(&told.conversations[0]).into_iter().filter(|r| *r != Role::System).collect::<Vec<_>>(),
        [Role::Bot, Role::User, Role::Bot],
        "{told:?}"
    );
    let says = "SessionId,InitialUserMessage,ChatTranscript,SessionOutcome\ns,where; now,User says: where; now;Bot says: soon;User says: thanks;,Resolved\n";
    let read = all(says);
    assert_eq!(
        (texts(&read.conversations[0]), ends(&read)),
        (vec!["where; now", "soon", "thanks"], vec![Some(Outcome::Resolved)]),
        "{read:?}"
    );
}

#[test]
fn one_column_a_speaker_beside_who_speaks() {
    let rows = "sessionId,type,source,inputText,outputText\ns,input,user,where,\ns,output,bot,,soon\n";
    let read = all(rows);
    assert_eq!(
        (roles(&read.conversations[0]), texts(&read.conversations[0])),
        (vec![Role::User, Role::Bot], vec!["where", "soon"]),
        "{read:?}"
    );
    let cells = "id,session_id,message\n1,n,\"{\"\"type\"\":\"\"human\"\",\"\"content\"\":\"\"where\"\"}\"\n2,n,\"{\"\"type\"\":\"\"ai\"\",\"\"content\"\":\"\"soon\"\"}\"\n";
    assert_eq!(roles(&all(cells).conversations[0]), [Role::User, Role::Bot]);
}

#[test]
fn tables_in_markdown_are_rows() {
    let read = all(
        "# March\n\n| conversation_id | role | text |\n|---|---|---|\n| k | user | a \\| b? |\n| k | bot | yes |\n\nThe end.\n",
    );
    assert_eq!((ids(&read), texts(&read.conversations[0])), (vec!["k"], vec!["a | b?", "yes"]));
}

#[test]
fn speakers_of_json_are_asked_for_and_told() {
    let line = |i: u32| {
        format!(
            "{{\"id\":\"{i}\",\"turns\":[{{\"sender\":\"Sofia\",\"text\":\"hello\"}},{{\"sender\":\"Guest\",\"text\":\"hi\"}}]}}\n"
        )
    };
    let text: String = (0..5).map(line).collect();
    let asked = named("x.jsonl", &text, |_| {});
    let question = &asked.summary.questions[0];
    assert!(
        question.needed && question.seen.contains("`Sofia` (5)") && question.settle.contains("--speakers"),
        "{question}"
    );
    let told =
        named("x.jsonl", &text, |o| o.speakers = Speakers::of(&["Sofia=bot".to_owned(), "*=user".to_owned()]).unwrap());
    assert_eq!((told.conversations.len(), roles(&told.conversations[0])), (5, vec![Role::Bot, Role::User]));
    // One odd line among many is rejected, and keeps nobody waiting.
    let many: String = (0..50).map(|i| line(i).replace("Sofia", "bot")).collect::<String>() + &line(51);
    let read = named("x.jsonl", &many, |_| {});
    assert_eq!((read.conversations.len(), read.rejects.len(), read.summary.questions[0].needed), (50, 1, false));
}

#[test]
fn chats_of_people_are_asked_who_the_ai_is() {
    let chat = "03/03/2026, 09:15 - Anna: where is it?\n03/03/2026, 09:16 - Shop: On Tuesday.\n25/03/2026, 10:15 - Anna: thanks\n";
    assert!(all(chat).summary.questions[0].seen.contains("which of them is the AI"));
    let told = drain(stream(chat), options(|o| o.speakers = Speakers::of(&["Shop=bot".to_owned()]).unwrap()));
    assert_eq!(roles(&told.conversations[0]), [Role::User, Role::Bot]);
}

#[test]
fn json_in_a_code_page_is_read_as_what_it_is() {
    let text = "[{\"id\":\"1\",\"turns\":[{\"role\":\"user\",\"text\":\"πού είναι η παραγγελία μου παρακαλώ\"},{\"role\":\"bot\",\"text\":\"Έρχεται.\"}]}]";
    let bytes = encoding_rs::WINDOWS_1253.encode(text).0.into_owned();
    let read = named("x.json", bytes, |_| {});
    assert_eq!(texts(&read.conversations[0])[0], "πού είναι η παραγγελία μου παρακαλώ");
    assert!(read.summary.why.contains("windows-1253") && read.summary.invalid_utf8.n == 0, "{:?}", read.summary);
}

#[test]
fn objects_are_read_in_their_encoding_and_what_is_none_is_said() {
    let row = |i: usize| {
        format!(
            "{{\"session\":\"{i}\",\"sender\":\"user\",\"text\":\"πού είναι η παραγγελία μου παρακαλώ\"}}\n{{\"session\":\"{i}\",\"sender\":\"bot\",\"text\":\"Έρχεται.\"}}\n"
        )
    };
    let text: String = (0..3).map(row).collect();
    let bytes = encoding_rs::WINDOWS_1253.encode(&text).0.into_owned();
    for encoding in [None, Some("windows-1253".to_owned())] {
        let read = named("x.jsonl", bytes.clone(), |o| o.encoding = encoding);
        assert_eq!(texts(&read.conversations[2]), ["πού είναι η παραγγελία μου παρακαλώ", "Έρχεται."]);
        assert_eq!(read.summary.invalid_utf8.n, 0);
    }
    let mut damaged = text.into_bytes();
    damaged.extend(b"{\"session\":\"9\",\"sender\":\"user\",\"text\":\"caf\xff\"}\n");
    let read = named("x.jsonl", damaged, |_| {});
    assert_eq!((read.summary.invalid_utf8.n, read.summary.invalid_utf8.line), (1, 7));
}

#[test]
fn lists_that_stand_beside_each_other_are_read_also_in_large_files() {
    let pad = "and so on ".repeat(40);
    let run = |i: usize| {
        format!(
            r#"{{"id":"r{i}","trace_id":"r{i}","run_type":"chain","start_time":"2026-03-01T10:00:00Z","inputs":{{"question":"where is {i} {pad}"}},"outputs":{{"answer":"soon"}}}}"#
        )
    };
    let runs = (0..200).map(run).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"runs":[{runs}],"feedback":[{{"run_id":"r7","key":"user_score","score":0}}]}}"#);
    let read = named("runs.json", text, |_| {});
    let rated = read.conversations.iter().filter(|c| c.turns.iter().any(|t| t.feedback.is_some())).count();
    assert_eq!((read.conversations.len(), rated), (200, 1));
    // A list within a first record that is large is no list of records.
    let talk = |id: usize, parts: usize| {
        let part = format!(r#"{{"part_type":"comment","body":"{pad}","author":{{"type":"bot"}}}}"#);
        let parts = vec![part; parts].join(",");
        format!(
            r#"{{"type":"conversation","id":"{id}","source":{{"body":"hi","author":{{"type":"user"}}}},"linked_objects":{{"data":[]}},"conversation_parts":{{"conversation_parts":[{parts}]}}}}"#
        )
    };
    let read = named("talks.jsonl", format!("{}\n{}\n", talk(1, 300), talk(2, 1)), |_| {});
    assert_eq!((ids(&read), read.conversations[0].turns.len()), (vec!["1", "2"], 301));
}

#[test]
fn a_list_beside_the_one_that_is_read_is_named() {
    let one = |id: &str| format!(r#"{{"id":"{id}","turns":[{{"role":"user","text":"where is it"}}]}}"#);
    let text = format!(
        "{{\"conversations\": [{}],\n\"n\": [1],\n\"pages\": {{\"more\": [{{}}]}}, \"archived\": [ {}]}}\n",
        one("c1"),
        one("c2")
    );
    let read = named("x.json", text, |_| {});
    let said: Vec<&str> = read.summary.warnings.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(ids(&read), ["c1"]);
    assert!(said.len() == 1 && said[0].starts_with("the list `archived` stands beside"), "{said:?}");
}

#[test]
fn threads_of_apps_alone_are_counted() {
    let text = r#"[{"type":"message","user":"U1","ts":"1772532900.000100","text":"where is it"},
        {"type":"message","subtype":"bot_message","bot_id":"B9","username":"Alerts","ts":"1772532910.000100","text":"disk full"},
        {"type":"message","subtype":"bot_message","bot_id":"B9","username":"Alerts","ts":"1772532920.000100","text":"disk full"}]"#;
    let read = named("day.json", text, |o| o.speakers = Speakers::of(&["*=user".to_owned()]).unwrap());
    let apps = read.summary.warnings.iter().find(|w| w.text.contains("only apps speak"));
    assert_eq!((read.conversations.len(), apps.map(|w| w.count)), (1, Some(2)));
    // Where one answers, what the question prints is an answer.
    let thread = text.replace("1772532910.000100\"", "1772532910.000100\",\"thread_ts\":\"1772532900.000100\"");
    let ask = |said: &str| {
        named("day.json", &thread, |o| {
            o.speakers = Speakers::of(&said.split(',').map(str::to_owned).collect::<Vec<_>>()).unwrap()
        })
    };
    assert!(ask("*=user").summary.questions.iter().any(|q| q.settle.contains("system=bot")));
    assert_eq!(roles(&ask("*=user,system=bot").conversations[0]), [Role::User, Role::Bot]);
}

#[test]
fn an_archive_of_several_files_is_one_import() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        ("a.jsonl", "{\"id\":\"1\",\"turns\":[{\"role\":\"user\",\"text\":\"hi\"}]}\n{\"id\":\"2\",\"turns\":[]}\n"),
        ("more/b.csv", "id,role,text\nq,user,where\nq,bot,soon\n"),
        ("../outside.csv", "id,role,text\nq,user,where\nq,bot,soon\n"),
        ("README.txt", "hello"),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    let read = named("week.zip", zip.finish().unwrap().into_inner(), |_| {});
    let mut found = ids(&read);
    found.sort_unstable();
    assert_eq!((found, read.rejects.len()), (vec!["1", "q"], 1), "{read:?}");
    assert!(read.rejects[0].file.ends_with("week.zip/a.jsonl"), "{:?}", read.rejects);
}
