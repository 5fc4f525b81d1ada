//! `blame`

use super::shop::{Shop, keys, said, words};
use serde_json::{Value, json};

/// A shop whose live release is good, and a candidate that somebody's sixty wrong labels have spoilt.
fn spoilt() -> (Shop, Value) {
    let shop = Shop::large();
    shop.json(&["finetune"]);
    shop.json(&["promote", "v1"]);
    let rows = shop.training();
    let of = |intent: &str| -> Vec<String> {
        let right = |row: &&Value| row["intent"] == intent && row["outcome"] == "resolved";
        rows.iter().filter(right).map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    // What good reviewers do at the same time.
    let fine: String = of("order_status").iter().take(30).map(|id| format!("{id},0,order_status\n")).collect();
    let fine = shop.write("fine.csv", &format!("conversation,turn,intent\n{fine}"));
    shop.json(&["label", "--file", fine.to_str().unwrap(), "--as", "eleni"]);
    // One way of saying it: the other ways do not outvote these sixty.
    let index = |row: &Value| row["id"].as_str().unwrap().trim_start_matches("shop:c-").parse::<usize>().unwrap();
    let refunds = rows.iter().filter(|row| said(index(row)).1.starts_with("refund missing"));
    let refunds: Vec<&str> = refunds.map(|row| row["id"].as_str().unwrap()).collect();
    let batch: String = refunds.iter().take(60).map(|id| format!("{id},0,invoice_copy\n")).collect();
    let batch = shop.write("batch.csv", &format!("conversation,turn,intent\n{batch}"));
    shop.json(&["label", "--file", batch.to_str().unwrap(), "--as", "kostas"]);
    let (code, c) = shop.json_code(&["finetune"]);
    (shop, json!({"code": code, "comparison": c}))
}

#[test]
fn a_batch_of_wrong_labels_is_pointed_at_and_left_out() {
    let (shop, candidate) = spoilt();
    assert_eq!((&candidate["code"], &candidate["comparison"]["gate"]), (&json!(3), &json!("refuse")), "{candidate}");
    let flips = candidate["comparison"]["open"]["flips"].as_array().unwrap();
    let broken = flips.iter().find(|f| f["kind"] == "broken" && f["gold"] == "refund_status").expect("a broken refund");
    let id = broken["id"].as_str().unwrap();
    let blame = shop.json(&["blame", id, "--turn", "0"]);
    assert_eq!(
        keys(&blame),
        words(
            "release before id n turn text gold said_before says broken towards method new_labels without labels groups"
        )
    );
    assert_eq!((&blame["release"], &blame["before"], &blame["broken"]), (&json!(2), &json!(1), &json!(true)));
    assert_eq!((&blame["says"], &blame["towards"]), (&json!("invoice_copy"), &json!("invoice_copy")));
    assert!(blame["method"].as_str().unwrap().starts_with("heuristic"));
    let labels = blame["labels"].as_array().unwrap();
    assert_eq!(keys(&labels[0]), words("decision id n turn text intent was by at step pull"));
    let by = |who: &str| labels.iter().take(10).filter(|l| l["by"] == who).count();
    assert!(by("kostas") >= 9, "{labels:?}");
    assert_eq!((&labels[0]["intent"], &labels[0]["was"]), (&json!("invoice_copy"), &json!("refund_status")));
    let groups = blame["groups"].as_array().unwrap();
    assert_eq!(keys(&groups[0]), words("by at step labels away pull share"));
    assert_eq!(groups[0]["by"], "kostas");
    assert!(groups[0]["share"].as_f64().unwrap() > 0.9 && groups[0]["labels"].as_u64().unwrap() >= 50, "{groups:?}");
    let human = shop.run(&["blame", id, "--turn", "0"]).out;
    assert!(human.contains(": broken") && human.contains("heuristic") && human.contains("kostas"), "{human}");

    // One label is a matter of seconds, and of little weight; the batch is what it was.
    let (_, one) = shop.json_code(&["blame", id, "--turn", "0", "--drop-top"]);
    assert_eq!((&one["release"], &one["parent"]), (&json!(3), &json!(1)));
    // What came with the log stands again.
    assert_eq!(one["trained_on"], candidate["comparison"]["trained_on"]);
    let step = groups[0]["step"].to_string();
    let ran = shop.run(&["blame", id, "--turn", "0", "--release", "v2", "--drop-step", &step, "--json"]);
    let without: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &without["gate"]), (0, &json!("pass")), "{without}");
    assert!(ran.err.contains("v2 says invoice_copy, v4 says refund_status"), "{}", ran.err);
    assert_eq!(without["trained_on"], candidate["comparison"]["trained_on"], "the labels before the batch are back");
    let recipe = shop.json(&["models", "show", "v4"])["recipe"].clone();
    assert!(recipe.as_str().unwrap().ends_with("from live, without 60 labels"), "{recipe}");
    for release in ["v2", "v3", "v4"] {
        assert_eq!(shop.json(&["models", "verify", release])["reproduced"], json!(true), "{release}");
    }
}

#[test]
fn sealed_turns_and_turns_that_are_no_gold_are_refused() {
    let shop = Shop::small();
    shop.json_code(&["finetune"]);
    let open: Vec<Value> = shop.json(&["gold", "list"]).as_array().unwrap().iter().map(|r| r["id"].clone()).collect();
    let sealed = shop.test_group().into_iter().find(|id| !open.contains(&json!(id))).expect("a sealed turn");
    shop.fails(&["blame", &sealed, "--turn", "0"], 3, "sealed half");
    let training = shop.training()[0]["id"].as_str().unwrap().to_owned();
    shop.fails(&["blame", &training, "--turn", "0"], 1, "no gold turn");
    let open = open[0].as_str().unwrap();
    assert_eq!(shop.json(&["blame", open, "--turn", "0"])["before"], Value::Null);
    shop.fails(&["blame", open, "--turn", "0", "--drop", "999999"], 1, "learned nothing from decision 999999");
}
