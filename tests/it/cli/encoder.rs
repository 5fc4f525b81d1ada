//! `encoder`, and what `evaluate` and `finetune` do with it.

use super::shop::{Shop, keys, words};
use serde_json::{Value, json};

const ENCODER: &str = "name family dimensions layers longest bytes precision prefix key languages used";

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/encoders/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn encoders_are_added_chosen_and_removed() {
    let shop = Shop::small();
    assert_eq!(shop.json(&["encoder", "list"]), json!([]));
    let added = shop.json(&["encoder", "add", &fixture("bert")]);
    assert_eq!(keys(&added), words(ENCODER));
    assert_eq!((&added["name"], &added["family"], &added["dimensions"]), (&json!("bert"), &json!("bert"), &json!(8)));
    assert_eq!((&added["used"], &added["languages"]), (&json!(true), &Value::Null));
    let other = shop.json(&["encoder", "add", &fixture("xlm-roberta"), "--name", "many", "--no-use"]);
    assert_eq!((&other["used"], &other["prefix"]), (&json!(false), &json!("query: ")));
    let used = || -> Vec<Value> {
        let list = shop.json(&["encoder"]);
        list.as_array().unwrap().iter().filter(|e| e["used"] == true).map(|e| e["name"].clone()).collect()
    };
    assert_eq!(used(), ["bert"]);
    assert_eq!(shop.json(&["encoder", "use", "many"]), json!({"encoder": "many"}));
    assert_eq!(used(), ["many"]);
    shop.json(&["encoder", "use", "static"]);
    assert!(used().is_empty());

    shop.fails(&["encoder", "use", "mani"], 1, "did you mean \"many\"");
    shop.fails(&["encoder", "add", &fixture("bert")], 1, "installed already");
    shop.fails(&["encoder", "add", "/no/such/directory"], 1, "there is no directory");
    shop.fails(&["encoder", "add", &fixture("bert/1_Pooling"), "--name", "x"], 1, "no model.safetensors");
    shop.fails(&["encoder", "add", &fixture("bert"), "--precision", "f16"], 2, "f32 or int8");
    assert_eq!(shop.json(&["encoder", "remove", "bert"])["name"], "bert");
    assert_eq!(shop.json(&["encoder", "list"]).as_array().unwrap().len(), 1);
    shop.fails(&["encoder", "remove", "bert"], 1, "no encoder called \"bert\"");
    shop.json(&["encoder", "use", "many"]);
    shop.fails(&["encoder", "remove", "many"], 1, "the store trains with many");
    assert_eq!(shop.json(&["encoder", "remove", "many", "--force"])["name"], "many");
}

#[test]
fn without_a_network_the_hub_is_a_clear_error() {
    let shop = Shop::empty();
    let mut command = shop.program();
    let ran = command.args(["encoder", "add", "owner/tiny"]).env("HF_ENDPOINT", "http://127.0.0.1:9").output().unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{err}");
    assert!(err.contains("cannot fetch http://127.0.0.1:9/owner/tiny/resolve/main/config.json"), "{err}");
    assert!(err.contains("`appraise encoder add DIR`"), "{err}");
}

#[test]
fn evaluate_and_finetune_take_an_encoder() {
    let shop = Shop::small();
    let rows: String = (0..40).map(|i| format!("{} {i},{}\n", ["my card", "refund"][i % 2], i % 2)).collect();
    let file = shop.write("rows.csv", &format!("text,intent\n{rows}"));
    let file = file.to_str().unwrap();
    shop.json(&["encoder", "add", &fixture("bert"), "--name", "tiny", "--no-use"]);
    for name in ["none", "static", "tiny"] {
        let report = shop.json(&["evaluate", "--train", file, "--test", file, "--encoder", name]);
        assert!(report["accuracy"].as_f64().unwrap() > 0.9, "{name} {report}");
    }
    shop.fails(&["evaluate", "--train", file, "--test", file, "--encoder", "tinny"], 1, "did you mean \"tiny\"");
    shop.json(&["intents", "import", file]);
    shop.json(&["encoder", "use", "tiny"]);
    shop.json(&["finetune"]);
    shop.json(&["finetune", "--encoder", "none"]);
    let recipes: Vec<Value> = shop.json(&["models"]).as_array().unwrap().iter().map(|m| m["recipe"].clone()).collect();
    assert!(recipes[1].as_str().unwrap().contains("tiny"), "{recipes:?}");
    assert!(!recipes[0].as_str().unwrap().contains("tiny"), "{recipes:?}");
}
