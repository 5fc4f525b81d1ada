//! `detect` on audit items of a closed cycle, by a learned detector and by asking an AI over a real socket.

use super::measure::{Fake, send};
use super::shop::{Ran, Shop, conversations};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

const MODE: &str = "late parcel";

/// A shop whose failures people have judged, in a cycle of audit items that is still open. Customers write where they can be reached.
fn judged() -> Shop {
    let shop = Shop::empty();
    let mut rows = conversations(3_000);
    for (i, row) in rows.iter_mut().enumerate() {
        let text = row["turns"][0]["text"].as_str().unwrap().to_owned();
        row["turns"][0]["text"] = json!(format!("{text}, write to kim{i}@mail.example"));
        row["turns"][0].as_object_mut().unwrap().remove("gold_intent");
    }
    shop.import(&rows);
    shop.json(&["modes", "add", MODE, "--cause", "integration"]);
    shop.json(&["modes", "add", "rude", "--cause", "tone"]);
    shop.json(&["cycle", "open", "--goal", "1200"]);
    let all = shop.json(&["queue", "test:shown", "--limit", "0"]);
    let mut failed = "conversation,turn,intent,mode\n".to_owned();
    let mut others = "conversation,turn,intent\n".to_owned();
    for row in all.as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        match row["outcome"].as_str().unwrap() {
            "failed" | "escalated" => {
                let mode = if is_late(row["text"].as_str().unwrap()) { MODE } else { "rude" };
                failed.push_str(&format!("{id},0,order_status,{mode}\n"));
            }
            _ => others.push_str(&format!("{id},0,order_status\n")),
        }
    }
    for (name, text) in [("failed.csv", failed), ("others.csv", others)] {
        let file = shop.write(name, &text);
        shop.json(&["label", "--file", file.to_str().unwrap()]);
    }
    shop
}

fn is_late(text: &str) -> bool {
    ["where is my", "arrive", "track the parcel", "shipped"].iter().any(|word| text.contains(word))
}

fn ask(shop: &Shop, more: &[&str]) -> Ran {
    shop.run(&[&["--read-only", "--config", "config.toml", "detect", MODE, "--ai", "llm"][..], more].concat())
}

#[test]
fn audit_items_count_once_their_cycle_is_closed_and_tell_a_prevalence() {
    let shop = judged();
    let open = shop.json(&["detect", MODE]);
    assert_eq!((&open["audit_n"], &open["enough"]), (&json!(0), &json!(false)), "{open}");
    assert!(open["says"].as_str().unwrap().contains("wait for their cycle to close"), "{open}");
    assert!(open["raw"].as_f64().unwrap() > 0.0, "the detector was taught: {open}");
    shop.json(&["cycle", "close"]);
    let told = shop.json(&["detect", MODE]);
    assert!(told["audit_n"].as_u64().unwrap() >= 100, "{told}");
    let of = |key: &str| told[key].as_f64().unwrap_or_else(|| panic!("{key}: {told}"));
    // Two of five conversations fail, every fourth of these asks for a parcel.
    assert!(of("lo") <= 0.1 && 0.1 <= of("hi") && of("lo") < of("prevalence"), "{told}");
    assert!(of("tpr") > 0.8 && of("tnr") > 0.8, "{told}");
}

#[test]
fn an_ai_is_asked_masked_about_a_bounded_sample_and_its_agreement_comes_first() {
    let shop = judged();
    shop.json(&["cycle", "close"]);
    let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
    let kept = Arc::clone(&heard);
    // Right but for one thing that it cannot know.
    let ai = Fake::start(move |_, request, to| {
        let body = request.body.clone();
        let text = body["messages"][1]["content"].as_str().unwrap();
        let said = if is_late(text) && !text.contains("tent") { MODE } else { "something_else" };
        kept.lock().unwrap().push(body.clone());
        let usage = json!({"prompt_tokens": 1, "completion_tokens": 1});
        send(to, "200 OK", "", &json!({"choices": [{"message": {"content": said}}], "usage": usage}).to_string());
    });
    shop.write(
        "config.toml",
        &format!("[ai]\nllm = {{ chat = \"http://{}\", model = \"small\", rate = 5000 }}\n", ai.addr),
    );
    let ran = ask(&shop, &["--limit", "150", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let asked = told["ai"]["asked"].as_u64().unwrap();
    let bodies = std::mem::take(&mut *heard.lock().unwrap());
    assert_eq!(bodies.len() as u64, asked);
    assert!((40..=150).contains(&asked), "{told}");
    assert!(ran.err.contains(&format!("llm is asked about {asked} conversations, masked")), "{}", ran.err);
    // What leaves the machine: nobody's address; the mode, its cause and judged failures of training groups.
    let whole = format!("{bodies:?}");
    assert!(!whole.contains("mail.example"), "{whole}");
    let system = bodies[0]["messages"][0]["content"].as_str().unwrap();
    for words in [MODE, "integration", "something_else", "Examples that people judged to be late parcel"] {
        assert!(system.contains(words), "{words}: {system}");
    }
    let tests = shop.json(&["queue", "test:only", "--limit", "0"]);
    for row in tests.as_array().unwrap() {
        let begins = row["text"].as_str().unwrap().split(", write to").next().unwrap().to_owned();
        assert!(!system.contains(&begins), "a test group's words are an example: {begins}");
    }
    // It agrees with people on most audit items, and that is told before what it found.
    let (agrees, of) = (told["ai"]["agrees"].as_u64().unwrap(), told["ai"]["of"].as_u64().unwrap());
    assert!(agrees < of && agrees * 10 > of * 8, "{told}");
    assert!(told["prevalence"].as_f64().unwrap() > 0.05 && told["enough"] == json!(true), "{told}");
    let human = ask(&shop, &["--limit", "150"]).out;
    let lines: Vec<&str> = human.lines().collect();
    assert!(lines[0].contains(&format!("it says what people say on {agrees} of {of} audit items")), "{human}");
    assert!(lines[1].starts_with("late parcel: "), "{human}");
    // The same seed asks the same; a limit below what the audit items take tells nothing but how many they take.
    let texts = |bodies: &[Value]| -> BTreeSet<String> {
        bodies.iter().map(|b| b["messages"][1]["content"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&std::mem::take(&mut *heard.lock().unwrap())), texts(&bodies));
    let few: Value = serde_json::from_str(&ask(&shop, &["--limit", "10", "--json"]).out).unwrap();
    let asked = heard.lock().unwrap().len();
    assert!((1..=10).contains(&asked) && few["ai"]["asked"] == json!(asked), "{few}");
    assert_eq!((&few["enough"], &few["prevalence"]), (&json!(false), &Value::Null), "{few}");
    assert!(few["says"].as_str().unwrap().contains(&format!("--limit {of} or more")), "{few}");
}
