//! JSON of programs that no reader knows: where its conversations, its words and its speakers stand.

use super::*;

#[test]
fn conversations_may_stand_under_their_ids() {
    let bare = r#"{"4901":[{"sender":"user","text":"where"},{"sender":"bot","text":"soon"}],"4902":[{"sender":"user","text":"hi"},{"sender":"bot","text":"hello"}]}"#;
    assert_eq!(shapes(&all(bare)), ["4901: user where | bot soon", "4902: user hi | bot hello"]);
    let inner = r#"{"u-1":{"lang":"en","log":[{"sender":"user","text":"where"},{"sender":"bot","text":"soon"}]},"u-2":{"lang":"el","log":[{"sender":"user","text":"γεια"},{"sender":"bot","text":"καλώς"}]}}"#;
    assert_eq!(shapes(&all(inner)), ["u-1: user where | bot soon", "u-2: user γεια | bot καλώς"]);
    let messages = r#"{"chat_1":{"at":1,"messages":{"-Nx1":{"sender":"user","text":"where"},"-Nx2":{"sender":"bot","text":"soon"}}},"chat_2":{"messages":{"-Nx3":{"sender":"user","text":"hi"},"-Nx4":{"sender":"bot","text":"hello"}}}}"#;
    assert_eq!(shapes(&all(messages)), ["chat_1: user where | bot soon", "chat_2: user hi | bot hello"]);
    // Names of lists are no ids.
    let named = r#"{"messages":[{"session_id":"s","sender":"user","text":"where"},{"session_id":"s","sender":"bot","text":"soon"}]}"#;
    assert_eq!(shapes(&all(named)), ["s: user where | bot soon"]);
}

#[test]
fn a_text_in_parts_is_one_text() {
    let parts = r#"[{"session_id":"s","sender":"user","text":["see ",{"type":"link","text":"https://shop.example"}," please"]},
        {"session_id":"s","sender":"bot","text":"soon"}]"#;
    assert_eq!(shapes(&all(parts)), ["s: user see https://shop.example please | bot soon"]);
}

#[test]
fn an_object_may_hold_a_whole_transcript() {
    let whole = r#"[{"session_id":"t1","transcript":"Customer: where is it?\nBot: It arrives."},{"session_id":"t2","transcript":"Customer: hi\nBot: hello"}]"#;
    assert_eq!(shapes(&all(whole)), ["t1: user where is it? | bot It arrives.", "t2: user hi | bot hello"]);
}

#[test]
fn messages_that_say_whether_the_team_wrote_them_have_speakers() {
    let drift = r#"{"data":{"messages":[{"conversationId":7,"body":"where","teamMember":false},{"conversationId":7,"body":"Maria here","teamMember":true}]}}"#;
    assert_eq!(shapes(&all(drift)), ["7: user where | agent Maria here"]);
}

#[test]
fn the_type_of_a_ticket_is_no_speaker() {
    let tickets = r#"[{"id":1,"subject":"Order","description":"Where is it?","type":"question","messages":[{"sender":"customer","body":"where"},{"sender":"bot","body":"soon"}]},
        {"id":2,"subject":"Money","description":"Refund","type":"incident","priority":"high"}]"#;
    let read = all(tickets);
    assert!(!read.summary.questions.iter().any(|q| q.to_string().contains("incident")), "{:?}", read.summary);
}

#[test]
fn messages_that_only_say_whether_the_ai_wrote_them_have_speakers() {
    let log = r#"[{"id":"s0","messages":[{"is_bot":false,"text":"where is it"},{"is_bot":true,"text":"here"}]},
        {"id":"s1","messages":[{"is_bot":false,"text":"stop my plan"},{"is_bot":true,"text":"Done."}]}]"#;
    assert_eq!(shapes(&all(log)), ["s0: user where is it | bot here", "s1: user stop my plan | bot Done."]);
}

#[test]
fn messages_of_programs_are_read_as_people_saw_them() {
    let log = r#"{"id":"s0","messages":[{"sender":"user","body":"<p>where is it</p>"},{"sender":"bot","body":"<div>here<br></div>"}]}"#;
    assert_eq!(shapes(&all(log)), ["s0: user where is it | bot here"]);
    // Our own format holds text.
    let own = r#"{"id":"s0","turns":[{"role":"user","text":"<p>where</p>"}]}"#;
    assert_eq!(shapes(&all(own)), ["s0: user <p>where</p>"]);
}

#[test]
fn messages_of_a_list_have_their_place_in_it() {
    let log = r#"[{"conversationId":"dlg-0","utterances":[{"index":0,"speaker":"USER","text":"two tickets"},{"index":1,"speaker":"ASSISTANT","text":"which theatre?"}]},
        {"conversationId":"dlg-1","utterances":[{"index":1,"speaker":"ASSISTANT","text":"what size?"},{"index":0,"speaker":"USER","text":"order a pizza"}]}]"#;
    assert_eq!(
        shapes(&all(log)),
        ["dlg-0: user two tickets | bot which theatre?", "dlg-1: user order a pizza | bot what size?"]
    );
}
