//! `economics`

use super::shop::{Shop, keys, said, words};
use serde_json::{Value, json};

const KEYS: &str = "decisions seconds_per_decision hourly curve gain cost_of_a_point forecast advice says unseen_intents unseen_causes";

#[test]
fn labels_have_a_cost_a_worth_and_a_forecast() {
    let shop = Shop::large();
    let none = shop.json(&["economics"]);
    assert_eq!(keys(&none), words(KEYS));
    assert_eq!((&none["curve"], &none["forecast"], &none["advice"]), (&json!([]), &Value::Null, &json!("cannot_tell")));
    assert!(none["says"].as_str().unwrap().contains("no gold set"), "{none}");

    shop.json(&["gold", "freeze"]);
    // A person decides: ten labels, eight seconds apart, then a break, then one more.
    let rows = shop.training();
    for (i, row) in rows.iter().take(11).enumerate() {
        let id = row["id"].as_str().unwrap();
        let n: usize = id.trim_start_matches("shop:c-").parse().unwrap();
        let at = format!("2026-11-22T12:{:02}:{:02}Z", i * 8 / 60 + if i == 10 { 20 } else { 0 }, i * 8 % 60);
        shop.json(&["label", id, "--intent", said(n).0, "--cause", "wrong_intent", "--now", &at]);
    }
    let config = shop.write("config.toml", "hourly = 36.0\n");
    let e = shop.json(&["economics", "--config", config.to_str().unwrap()]);
    assert_eq!(keys(&e), words(KEYS));
    assert_eq!((&e["decisions"], &e["seconds_per_decision"]), (&json!(11), &json!(8.0)));
    let curve = e["curve"].as_array().unwrap();
    assert_eq!((curve.len(), keys(&curve[0])), (5, words("labels accuracy lo hi n")));
    assert_eq!(keys(&e["gain"]), words("value lo hi"));
    let gain = curve[4]["accuracy"].as_f64().unwrap() - curve[0]["accuracy"].as_f64().unwrap();
    assert!((e["gain"]["value"].as_f64().unwrap() - gain).abs() < 1e-9, "{e}");
    assert_eq!(keys(&e["forecast"]), words("labels gain hours money before again"));
    let money = e["forecast"]["money"].as_f64().unwrap();
    assert!((money - 36.0 * 100.0 * 8.0 / 3_600.0).abs() < 1e-9, "{money}");
    assert_eq!(keys(&e["forecast"]["before"]), words("said came"));
    // As many labels again as there are decide.
    let again = &e["forecast"]["again"];
    assert_eq!(again["labels"], e["curve"][4]["labels"]);
    let worth = 0.005 * again["labels"].as_f64().unwrap() / 100.0;
    let band = &again["gain"];
    let (lo, hi) = (band["lo"].as_f64().unwrap(), band["hi"].as_f64().unwrap());
    let advice = if hi < worth {
        "stop"
    } else if lo >= worth {
        "go_on"
    } else {
        "cannot_tell"
    };
    assert_eq!(e["advice"], json!(advice), "{band}");
    let holds_zero = e["gain"]["lo"].as_f64().unwrap() <= 0.0;
    assert_eq!(e["cost_of_a_point"].is_null(), holds_zero, "{e}");
    assert_eq!(shop.json(&["gold", "versions"])[0]["looks"], 0, "a trend is no look");
    let human = shop.run(&["economics"]).out;
    assert!(human.contains("a decision takes") && human.contains("the next 100 labels"), "{human}");
    shop.fails(&["economics", "--config", shop.write("bad.toml", "hourly = -1\n").to_str().unwrap()], 1, "hourly");
}

#[test]
fn audit_items_alone_tell_what_nobody_has_met() {
    let shop = Shop::empty();
    let mut lines = super::shop::conversations(300);
    lines.iter_mut().for_each(|c| {
        c["turns"][0].as_object_mut().unwrap().remove("gold_intent");
    });
    shop.import(&lines);
    let rows: String = (2_000..2_080).map(|i| format!("\"{}\",{}\n", said(i).1, said(i).0)).collect();
    let file = shop.write("base.csv", &format!("text,intent\n{rows}"));
    shop.json(&["intents", "import", file.to_str().unwrap()]);
    assert_eq!(shop.json(&["economics"])["unseen_intents"], Value::Null);
    shop.json(&["cycle", "open", "--goal", "100"]);
    let tests = shop.test_group();
    // Everything in test groups is labelled; what is no audit item says nothing here.
    let all: String = tests.iter().map(|id| format!("{id},0,order_status\n")).collect();
    let all = shop.write("all.csv", &format!("conversation,turn,intent\n{all}"));
    shop.json(&["label", "--file", all.to_str().unwrap()]);
    let is_audit = |id: &&String| {
        let shown = shop.json(&["show", id]);
        shown["decisions"].as_array().unwrap().iter().any(|d| d["state"] == "gold")
    };
    let audited: Vec<&String> = tests.iter().filter(is_audit).collect();
    assert!(audited.len() >= 2 && audited.len() < tests.len(), "{} of {}", audited.len(), tests.len());
    shop.json(&["label", audited[0], "--turn", "0", "--intent", "invoice_copy"]);
    let u = &shop.json(&["economics"])["unseen_intents"];
    assert_eq!(keys(u), words("items kinds chance"));
    assert_eq!((&u["items"], &u["kinds"]), (&json!(audited.len()), &json!(2)));
    assert!((u["chance"]["value"].as_f64().unwrap() - 1.0 / audited.len() as f64).abs() < 1e-9, "{u}");
}
