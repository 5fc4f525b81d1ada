//! Shapes in which programs keep conversations: hits of a search engine, turns under numbers, texts alone, traces, lists in markup.

use super::*;
use crate::ingest::Speakers;

#[test]
fn hits_of_a_search_engine_are_the_documents_that_were_found() {
    let hit = |session: &str, sender: &str, text: &str| {
        format!(
            r#"{{"_index":"chat","_id":"{session}{sender}","_score":1,"_source":{{"session_id":"{session}","sender":"{sender}","message":"{text}"}}}}"#
        )
    };
    let hits = [
        hit("s1", "user", "where is it"),
        hit("s1", "bot", "soon"),
        hit("s2", "user", "stop it"),
        hit("s2", "bot", "done"),
    ];
    let wanted = ["s1: user where is it | bot soon", "s2: user stop it | bot done"];
    let answer =
        format!(r#"{{"took":3,"timed_out":false,"hits":{{"total":{{"value":4}},"hits":[{}]}}}}"#, hits.join(","));
    assert_eq!(shapes(&all(answer)), wanted);
    assert_eq!(shapes(&all(hits.join("\n"))), wanted);
}

#[test]
fn turns_may_stand_under_numbers_and_their_words_under_payload() {
    let numbered = r#"{"id":"c1","turns":{"10":{"role":"user","text":"thanks"},"2":{"role":"bot","text":"soon"},"1":{"role":"user","text":"where is it"}}}"#;
    assert_eq!(shapes(&all(numbered)), ["c1: user where is it | bot soon | user thanks"]);
    let messages = r#"[{"role":"user","payload":{"type":"text","text":"where is it"}},{"role":"assistant","payload":{"message":"soon"}}]"#;
    let named = format!(r#"{{"dialog_id":"c1","messages":{messages}}}"#);
    assert_eq!(shapes(&all(named)), ["c1: user where is it | bot soon"]);
    let read = all(format!(r#"{{"messages":{messages}}}"#));
    assert_eq!(texts(&read.conversations[0]), ["where is it", "soon"]);
}

#[test]
fn of_turns_that_are_texts_alone_it_is_asked_who_begins() {
    let text = r#"{"id":"c1","turns":["where is my order","on its way","thanks"]}"#;
    let read = all(text);
    let question = &read.summary.questions[0];
    assert!(question.needed && question.settle.contains("--speakers first=user,second=bot"), "{question}");
    let placed = [("first", Role::User), ("second", Role::Bot)].map(|(name, role)| (name.to_owned(), role));
    let read = drain(stream(text), options(|o| o.speakers = Speakers::placed(&placed)));
    assert_eq!(shapes(&read), ["c1: user where is my order | bot on its way | user thanks"]);
    let other = r#"[{"id":"c1","dialogue":["where is my order","on its way"]},{"id":"c2","dialogue":["stop my plan","it is done"]}]"#;
    let asked = all(other).summary.questions;
    assert!(asked.iter().any(|q| q.settle.contains("role:first")), "{asked:?}");
    let read = mapped(other, "role:first=user,role:second=bot");
    assert_eq!(shapes(&read)[1], "c2: user stop my plan | bot it is done");
}

#[test]
fn a_trace_is_a_question_and_its_answer() {
    let trace = |asked: &str, answered: &str| {
        let request = serde_json::json!({"messages": [{"role": "user", "content": asked}]}).to_string();
        let response =
            serde_json::json!({"choices": [{"message": {"role": "assistant", "content": answered}}]}).to_string();
        (request, response)
    };
    let (request, response) = trace("where is it", "on its way");
    let line = serde_json::json!({"info": {"trace_id": "t1", "trace_metadata": {"mlflow.trace.session": "s1"}}, "data": {"spans": [
        {"parent_id": null, "attributes": {"mlflow.spanInputs": request, "mlflow.spanOutputs": response}}]}});
    assert_eq!(shapes(&all(line.to_string())), ["s1: user where is it | bot on its way"]);
    let mut csv = "trace_id,timestamp_ms,request,response\n".to_owned();
    for i in 0..3 {
        let (request, response) = trace(&format!("where is order {i}"), "on its way");
        let quoted = [request, response].map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        csv += &format!("t{i},{},{}\n", 1_772_359_200_000_i64 + i, quoted.join(","));
    }
    let read = all(csv);
    assert_eq!(read.conversations.len(), 3, "{read:?}");
    assert_eq!(texts(&read.conversations[0]), ["where is order 0", "on its way"]);
}

#[test]
fn cells_may_hold_turns_in_yaml_or_xml() {
    let xml = "id,transcript\nc1,\"<chat><message from=\"\"user\"\">where is it now</message><message from=\"\"bot\"\">soon</message></chat>\"\n\
               c2,\"<chat><message from=\"\"user\"\">stop my plan please</message><message from=\"\"bot\"\">done</message></chat>\"\n";
    assert_eq!(shapes(&all(xml)), ["c1: user where is it now | bot soon", "c2: user stop my plan please | bot done"]);
    let yaml = "id,conversation\nc1,\"- role: user\n  content: where is it now\n- role: assistant\n  content: soon\n\"\n\
                c2,\"- role: user\n  content: stop my plan please\n- role: assistant\n  content: done\n\"\n";
    assert_eq!(shapes(&all(yaml)), ["c1: user where is it now | bot soon", "c2: user stop my plan please | bot done"]);
}

#[test]
fn mail_that_is_quoted_below_an_answer_is_kept_beside_it() {
    let text = "ticket_id,role,body\nt1,customer,where is my order\nt1,agent,\"On its way.\n\nFrom: Ann\nSent: Monday\nTo: Shop\nSubject: order\n\nwhere is my order\"\n\
                t1,customer,\"Thanks!\n> On its way.\"\nt1,bot,\"Look:\n> it is here\"\n";
    let read = all(text);
    let c = &read.conversations[0];
    assert_eq!(texts(c), ["where is my order", "On its way.", "Thanks!", "Look:\n> it is here"]);
    assert_eq!(c.turns[2].meta["quoted"], "> On its way.");
    assert!(
        read.summary.warnings.iter().any(|w| w.text.starts_with("mail that is quoted")),
        "{:?}",
        read.summary.warnings
    );
    let json = r#"{"id":"c1","messages":[{"role":"user","text":"where"},{"role":"agent","text":"On its way.\n\nOn Mon, Ann wrote:\n> where"}]}"#;
    assert_eq!(shapes(&all(json)), ["c1: user where | agent On its way."]);
}

#[test]
fn messages_go_before_the_transcript_that_is_made_of_them() {
    let call = |id: &str| {
        let said = |who: &str, text: &str| format!(r#"{{"id":"{id}{who}","text":"{text}","user":"{who}"}}"#);
        format!(
            r#"{{"call_id":"{id}","concatenated_transcript":"user: where is it \n assistant: soon","transcripts":[{},{}]}}"#,
            said("user", "where is it"),
            said("assistant", "soon")
        )
    };
    let read = all(format!(r#"{{"calls":[{},{}]}}"#, call("b0"), call("b1")));
    assert_eq!(shapes(&read), ["b0: user where is it | bot soon", "b1: user where is it | bot soon"]);
    assert!(
        read.summary.warnings.iter().any(|w| w.text.starts_with("`concatenated_transcript` stands beside")),
        "{read:?}"
    );
}

#[test]
fn of_steps_what_came_out_is_what_was_said() {
    let step = |kind: &str, said: &str| format!(r#"{{"threadId":"t1","type":"{kind}","input":"","output":"{said}"}}"#);
    let steps = [step("user_message", "where is it"), step("run", "x"), step("assistant_message", "on its way")];
    let thread = format!(r#"[{{"id":"t1","steps":[{}]}}]"#, steps.join(","));
    assert_eq!(shapes(&all(thread)), ["t1: user where is it | bot on its way"]);
    let table = "id,type,threadId,input,output\n1,user_message,t1,,where is it\n2,assistant_message,t1,,on its way\n";
    assert_eq!(shapes(&all(table)), ["t1: user where is it | bot on its way"]);
}

#[test]
fn who_is_called_an_agent_in_a_call_that_an_ai_answers_is_the_ai() {
    let eleven = r#"[{"agent_id":"a1","conversation_id":"c1","transcript":[{"role":"user","message":"where is it","time_in_call_secs":4},
        {"role":"agent","message":"soon","time_in_call_secs":9}]}]"#;
    assert_eq!(shapes(&all(eleven)), ["c1: user where is it | bot soon"]);
}

#[test]
fn who_speaks_may_be_the_key_of_what_was_said() {
    let log = r#"[{"id":"c1","dialog":[{"user":"where is it"},{"bot":"soon"}]},{"id":"c2","dialog":[{"user":"stop it"},{"bot":"done"},{"user":"thanks"}]}]"#;
    assert_eq!(shapes(&all(log)), ["c1: user where is it | bot soon", "c2: user stop it | bot done | user thanks"]);
}

#[test]
fn what_a_stream_carries_is_the_message() {
    let line = |who: &str, said: &str| {
        format!(
            r#"{{"topic":"chat","offset":1,"key":"s1","value":{{"conversationId":"s1","sender":"{who}","text":"{said}"}}}}"#
        )
    };
    assert_eq!(
        shapes(&all([line("user", "where is it"), line("bot", "soon")].join("\n"))),
        ["s1: user where is it | bot soon"]
    );
}
