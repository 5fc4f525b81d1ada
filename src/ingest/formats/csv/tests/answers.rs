//! Columns of answers that no usual header names: none is lost without a word.

use super::*;
use crate::domain::Role::{Agent, Bot, User};
use serde_json::json;

const ASKED: [&str; 3] = ["where is my parcel now", "can I send it back", "why was I charged twice"];
const ANSWERED: [&str; 3] = ["It arrives on Tuesday.", "Yes, within thirty days.", "One of them is refunded tomorrow."];

/// A table of questions with a column beside them.
fn table(question: &str, answer: &str) -> String {
    let row = |(asked, answered): (&&str, &&str)| format!("\"{asked}\",\"{answered}\"\n");
    format!("{question},{answer}\n{}", ASKED.iter().zip(&ANSWERED).map(row).collect::<String>())
}

/// The same as JSON, an object a row.
fn objects(question: &str, answer: &str) -> String {
    let row =
        |(asked, answered): (&&str, &&str)| serde_json::json!({question: asked, answer: answered}).to_string() + "\n";
    ASKED.iter().zip(&ANSWERED).map(row).collect()
}

fn roles(read: &Drained) -> Vec<Role> {
    read.conversations.iter().flat_map(|c| &c.turns).map(|t| t.role).collect()
}

fn questions(read: &Drained, needed: bool) -> String {
    read.summary
        .questions
        .iter()
        .filter(|q| q.needed == needed)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" / ")
}

fn warned(read: &Drained) -> String {
    read.summary.warnings.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" / ")
}

#[test]
fn names_of_answers_beside_their_words_are_no_words_and_a_draw_stands_on_the_answer() {
    let table = |response: &str| {
        format!(
            "conversation_id,role,text,response,policy,propensity\na,user,where is it,,,\na,bot,On Tuesday.,{response},greedy,0.25\nb,user,refund,,,\nb,bot,No.,utter_refund,greedy,0.75\n"
        )
    };
    let read = all(table("utter_order"));
    assert_eq!(roles(&read), [User, Bot, User, Bot], "{:?}", read.summary);
    let answer = &read.conversations[0].turns[1];
    assert_eq!((answer.text.as_str(), answer.action.as_deref()), ("On Tuesday.", Some("utter_order")));
    assert_eq!((&answer.meta["propensity"], &answer.meta["policy"]), (&json!(0.25), &json!("greedy")));
    let spelled = ["OrderStatus", "order-status", "faq.order"];
    let named = |name: &str| all(table(name)).conversations[0].turns[1].action.clone();
    assert_eq!(spelled.map(named), spelled.map(|name| Some(name.to_owned())));
    assert_eq!(roles(&all(table("Yes"))).len(), 6, "that may be said");
    // Words are words.
    assert_eq!(roles(&all(table("It comes on Tuesday."))).len(), 6);
}

#[test]
fn what_a_header_calls_an_ais_answer_is_one() {
    for header in ["ai_response", "chatbot_answer", "gptResponse", "llm_output", "model output", "Assistant's reply"] {
        for text in [table("message", header), objects("message", header)] {
            let read = all(&text);
            assert_eq!(questions(&read, true), "", "{text}");
            assert_eq!(roles(&read), [User, Bot, User, Bot, User, Bot], "{text}");
            assert_eq!(read.conversations[0].turns[1].text, ANSWERED[0], "{text}");
        }
    }
    // Also where each row says that a customer speaks, and not where the AI has rows of its own.
    let row = |id: &str, role: &str| {
        format!(r#"{{"conversation_id":"{id}","role":"{role}","text":"where is it","ai_response":"On its way."}}"#)
            + "\n"
    };
    let read = all(row("c1", "user") + &row("c1", "user") + &row("c2", "user"));
    assert_eq!((roles(&read), ids(&read)), ([User, Bot].repeat(3), vec!["c1", "c2"]), "{:?}", read.summary);
    let both = all(row("c1", "user") + &row("c1", "bot") + &row("c2", "user"));
    assert_eq!((both.summary.format, roles(&both)), ("messages", vec![User, Bot, User]));
    assert_eq!(roles(&all(table("human", "AI"))), [User, Bot].repeat(3));
    // What is known about an answer is none, and neither is a word.
    let about = "message,ai_response_time\nwhere is it now,2 seconds\ncan I send it,3 seconds\n";
    assert_eq!(roles(&all(about)), [User, User]);
    assert_eq!(roles(&all("message,ai_output\nwhere is it now,refund\ncan I send it,status\n")), [User, User]);
}

#[test]
fn whose_an_answer_is_that_no_header_says_is_asked() {
    for header in ["agent_reply", "support_reply", "reply_text", "first_response", "answer_text", "company_reply"] {
        for text in [table("question", header), objects("question", header)] {
            let asked = all(&text);
            let needs = questions(&asked, true);
            assert!(needs.contains(&format!("column `{header}`")), "{needs}");
            assert!(asked.summary.questions.iter().any(|q| q.stops(true)), "{needs}");
            assert!(needs.contains(&format!("--map \"reply={header}\" where the AI wrote them")), "{needs}");
            assert!(
                needs.contains(&format!("--map \"reply={header},role:{header}=agent\" where people did")),
                "{needs}"
            );
            let ai = mapped(&text, &format!("reply={header}"));
            assert_eq!((questions(&ai, true).as_str(), roles(&ai)), ("", [User, Bot].repeat(3)));
            let people = mapped(&text, &format!("reply={header},role:{header}=agent"));
            assert_eq!((questions(&people, true).as_str(), roles(&people)), ("", [User, Agent].repeat(3)));
            let without = mapped(&text, "reply=");
            assert_eq!((questions(&without, true).as_str(), roles(&without)), ("", vec![User; 3]));
        }
    }
    // Of two that an AI may have written nobody knows which the customer got.
    let two = "question,gpt_reply,claude_bot_reply\nwhere is my parcel,It is on its way.,It comes on Tuesday.\n\
               can I send it back,Yes you can do that.,Within thirty days.\n";
    assert!(questions(&all(two), true).contains("columns `gpt_reply`, `claude_bot_reply`"), "{:?}", all(two).summary);
}

#[test]
fn sentences_that_no_field_takes_are_named() {
    let row = |(asked, answered): (&&str, &&str)| format!("{asked},\"{answered} We told them so by telephone.\"\n");
    let rows: String = ASKED.iter().zip(&ANSWERED).map(row).collect();
    let read = all(format!("question,what we did\n{rows}"));
    let wonders = questions(&read, false);
    assert!(wonders.contains("column `what we did`: it holds sentences"), "{wonders}");
    assert!(wonders.contains("--map \"reply=what we did\""), "{wonders}");
    assert_eq!(read.conversations.len(), 3);
    // Where both sides speak it is no more than named.
    let both = "id,sender,message,summary\n1,user,where is it,They ask where their parcel is.\n1,bot,soon,The AI says when it comes.\n";
    assert_eq!(questions(&all(both), false), "");
    assert!(warned(&all(both)).contains("column `summary`: it holds sentences"), "{}", warned(&all(both)));
    assert!(!warned(&all("id,sender,message,page\n1,user,where,cart\n1,bot,soon,cart\n")).contains("sentences"));
}

#[test]
fn a_task_beside_its_answer_is_what_was_asked() {
    for header in ["response", "output", "model_response"] {
        let read = all(table("instruction", header));
        assert_eq!((questions(&read, true).as_str(), roles(&read)), ("", [User, Bot].repeat(3)), "{header}");
    }
    let labelled =
        "instruction,response,category\nwhere is it now,On its way.,ORDER\ncan I send it,Yes you can.,RETURN\n";
    let read = all(labelled);
    assert_eq!(
        (texts(&read.conversations[1])[0], &read.conversations[1].turns[0].gold),
        ("can I send it", &vec!["RETURN".to_owned()])
    );
    let alpaca = "instruction,input,output\nAdd them up,1 and 2,It is three.\nSay hello,,Hello to you.\n";
    assert_eq!(texts(&all(alpaca).conversations[1]), ["Say hello", "Hello to you."]);
    // What the task is about was said with it.
    for header in ["input", "context"] {
        let about = all(alpaca.replacen("input", header, 1));
        assert_eq!(texts(&about.conversations[0]), ["Add them up\n1 and 2", "It is three."], "{header}");
        assert!(!warned(&about).contains("sentences") && !about.conversations[0].meta.contains_key(header), "{header}");
    }
    let dolly = r#"{"instruction":"When did it start?","context":"It started in 1999.","response":"In 1999.","category":"closed_qa"}"#;
    assert_eq!(texts(&all(dolly).conversations[0]), ["When did it start?\nIt started in 1999.", "In 1999."]);
}
