//! `label`, `undo`, `redo`

use super::shop::{Shop, keys, words};
use serde_json::{Value, json};

/// A failed conversation of a training customer whose intent the AI had mistaken, and its right intent.
fn mistaken(shop: &Shop) -> (String, String) {
    let rows = shop.training();
    let row = rows.iter().find(|r| r["outcome"] == "failed" && !r["logged"].is_null()).unwrap();
    let id = row["id"].as_str().unwrap().to_owned();
    (id.clone(), right(shop, &id))
}

fn right(shop: &Shop, id: &str) -> String {
    shop.json(&["show", id])["turns"][0]["gold_intents"][0].as_str().unwrap().to_owned()
}

fn status(shop: &Shop, id: &str) -> Value {
    let rows = shop.json(&["queue", "--all", "--limit", "0", "--sort", "newest"]);
    rows.as_array().unwrap().iter().find(|r| r["id"] == id).unwrap()["status"].clone()
}

#[test]
fn a_relabel_sets_the_cause_and_is_one_step() {
    let shop = Shop::small();
    let (id, intent) = mistaken(&shop);
    let made = shop.json(&["label", &id, "--intent", &intent]);
    assert_eq!(keys(&made), words("id n step decisions status counts says correction overrode"));
    assert_eq!(
        made["decisions"],
        json!([
            {"kind": "intent", "turn": 0, "value": [intent]},
            {"kind": "cause", "turn": null, "value": "wrong_intent"},
        ])
    );
    assert_eq!((&made["status"], &made["counts"], &made["says"]), (&json!("done"), &json!(true), &Value::Null));
    assert_eq!(status(&shop, &id), "done");

    let undone = shop.json(&["undo"]);
    assert_eq!(keys(&undone[0]), words("step what id n"));
    assert_eq!((&undone[0]["id"], undone.as_array().unwrap().len()), (&json!(id), 1));
    assert_eq!(status(&shop, &id), "open");
    assert_eq!(shop.json(&["redo"])[0]["id"], json!(id));
    assert_eq!(status(&shop, &id), "done");
}

#[test]
fn after_a_fallback_the_intent_was_missed() {
    let shop = Shop::small();
    let rows = shop.training();
    let fallback = rows.iter().find(|r| r["why"].to_string().contains("fell back")).unwrap();
    let id = fallback["id"].as_str().unwrap();
    let made = shop.json(&["label", id, "--intent", &right(&shop, id)]);
    assert_eq!(made["decisions"][1]["value"], "missed_intent");
    let said = shop.json(&["label", id, "--intent", "order_status", "--cause", "policy"]);
    assert_eq!((said["decisions"].as_array().unwrap().len(), &said["decisions"][1]["value"]), (2, &json!("policy")));
}

#[test]
fn everything_can_be_said_at_once() {
    let shop = Shop::small();
    let (id, intent) = mistaken(&shop);
    let made = shop.json(&[
        "label",
        &id,
        "--intent",
        &intent,
        "--intent",
        "out_of_scope",
        "--response",
        "It was sent.",
        "--cause",
        "tone",
        "--outcome",
        "resolved",
        "--sentiment",
        "-0.5",
        "--note",
        "odd",
        "--flag",
        "is this ours?",
        "--not-traffic",
    ]);
    let kinds: Vec<&str> = made["decisions"].as_array().unwrap().iter().map(|d| d["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["intent", "response", "cause", "outcome", "sentiment", "note", "question", "traffic"]);
    assert_eq!(made["decisions"][0]["value"], json!([intent, "out_of_scope"]));
    assert_eq!((&made["decisions"][1]["turn"], &made["decisions"][4]["value"]), (&json!(1), &json!(-0.5)));
    let shown = shop.json(&["show", &id]);
    assert_eq!((&shown["outcome"], &shown["outcome_source"]), (&json!("resolved"), &json!("reviewer")));
    assert_eq!(shop.json(&["undo"]).as_array().unwrap().len(), 1);
    assert_eq!(shop.json(&["show", &id])["outcome"], "failed");
}

#[test]
fn what_cannot_be_meant_is_refused_with_words() {
    let shop = Shop::small();
    let (id, _) = mistaken(&shop);
    shop.fails(&["label", &id], 2, "nothing to decide");
    shop.fails(&["label", &id, "--intent", "refund_staus"], 1, "did you mean \"refund_status\"");
    shop.fails(&["label", &id, "--intent", "order_status", "--turn", "1"], 1, "not the customer's; theirs are 0");
    shop.fails(&["label", &id, "--intent", "order_status", "--turn", "9"], 1, "no turn 9");
    shop.fails(&["label", &id, "--cause", "polcy"], 2, "policy");
    shop.fails(&["label", &id, "--sentiment", "2"], 2, "-1 to 1");
    shop.fails(&["label", &id, "--status", "done"], 2, "later");
    shop.fails(&["label", "shop:nobody", "--cause", "policy"], 1, "no conversation called");
    shop.json(&["intents", "retire", "order_status"]);
    shop.fails(&["label", &id, "--intent", "order_status"], 1, "retired");
    shop.fails(&["label"], 2, "CONVERSATION");
}

#[test]
fn how_a_customer_felt_is_said_in_a_word_or_a_number_and_in_a_file() {
    let shop = Shop::small();
    let (id, _) = mistaken(&shop);
    let found = |query: &str| shop.json(&["queue", query]).as_array().unwrap().len();
    shop.json(&["label", &id, "--sentiment", "negative"]);
    assert_eq!((found("sentiment<0"), found("sentiment>0")), (1, 0));
    let file = shop.write("felt.csv", &format!("conversation,sentiment\n{id},Positive\n"));
    shop.json(&["label", "--file", file.to_str().unwrap()]);
    assert_eq!((found("sentiment<0"), found("sentiment>=1")), (0, 1));
    let bad = shop.write("cross.csv", &format!("conversation,sentiment\n{id},cross\n"));
    shop.fails(&["label", "--file", bad.to_str().unwrap()], 1, "negative, neutral or positive, not \"cross\"");
    assert_eq!(shop.json(&["show", &id])["felt"], json!([]), "nothing that is live reads it");
}

#[test]
fn a_label_of_a_test_customer_counts_for_nothing_unless_it_is_gold() {
    let shop = Shop::small();
    let ids = shop.test_group();
    // The labels that came with the log are gold; a second turn has none.
    let gold = shop.json(&["label", &ids[0], "--intent", "invoice_copy"]);
    assert_eq!((&gold["counts"], gold["says"].as_str().unwrap().contains("freeze")), (&json!(true), true));
    let mut longer: Value =
        serde_json::from_str(&serde_json::to_string(&shop.json(&["show", &ids[1]])).unwrap()).unwrap();
    longer["turns"].as_array_mut().unwrap().push(json!({"role": "user", "text": "hello?"}));
    let file = shop.write("longer.jsonl", &format!("{longer}\n"));
    shop.json(&["import", file.to_str().unwrap()]);
    let nothing = shop.json(&["label", &ids[1], "--intent", "invoice_copy", "--turn", "2"]);
    assert_eq!((&nothing["counts"], nothing["says"].as_str().unwrap().contains("test group")), (&json!(false), true));
}

#[test]
fn a_file_is_one_step_and_all_or_nothing() {
    let shop = Shop::small();
    let rows = shop.training();
    let open: Vec<&str> = rows.iter().filter(|r| r["outcome"] == "failed").map(|r| r["id"].as_str().unwrap()).collect();
    let (a, b) = (open[0], open[1]);
    let good = format!(
        "conversation,turn,intent,response,cause,note\n{a},,{},,,\"a, note\"\n{b},0,order_status|refund_status,Sorry.,policy,\n",
        right(&shop, a)
    );
    let bad = format!(
        "{good}shop:nobody,,order_status,,,\n{a},,ordr_status,,,\n{b},x,order_status,,,\n{a},,,,,\n{a},,,,polcy,\n"
    );
    let bad = shop.write("bad.csv", &bad);
    let ran = shop.run(&["label", "--file", bad.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    for says in [
        "bad.csv:4: no conversation",
        "bad.csv:5: no intent called",
        "bad.csv:6: turn \"x\"",
        "bad.csv:7: decides nothing",
        "bad.csv:8: no cause called",
        "nothing was written",
    ] {
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    assert_eq!((status(&shop, a), status(&shop, b)), (json!("open"), json!("open")));
    assert_eq!(shop.json(&["show", a])["decisions"].as_array().unwrap().len(), 1);

    let good = shop.write("good.csv", &good);
    let made = shop.json(&["label", "--file", good.to_str().unwrap()]);
    assert_eq!(keys(&made), words("step rows conversations decisions not_counted proposed overrode"));
    assert_eq!(
        (made["rows"].as_u64(), made["conversations"].as_u64(), made["not_counted"].as_u64()),
        (Some(2), Some(2), Some(0))
    );
    assert_eq!((status(&shop, a), status(&shop, b)), (json!("done"), json!("done")));
    assert_eq!(shop.json(&["undo"]).as_array().unwrap().len(), 1);
    assert_eq!((status(&shop, a), status(&shop, b)), (json!("open"), json!("open")));

    let excel =
        format!("\u{feff}Labels of March;;\r\nconversation;intent;note;\r\n{a};{};a, note;\r\n", right(&shop, a));
    let excel = shop.write("excel.csv", &excel);
    assert_eq!(shop.json(&["label", "--file", excel.to_str().unwrap()])["rows"], 1);
    assert_eq!(status(&shop, a), json!("done"));
    shop.json(&["undo"]);
    let wide = shop.write("wide.csv", &format!("conversation,note\n{a},well, no\n"));
    shop.fails(&["label", "--file", wide.to_str().unwrap()], 1, "wide.csv:2: 3 cells, where there are 2 columns");

    let column = shop.write("column.csv", "conversation,intnt\n");
    shop.fails(&["label", "--file", column.to_str().unwrap()], 1, "did you mean intent");
    shop.fails(&["label", a, "--file", "x.csv"], 2, "cannot be used");
}

#[test]
fn undo_walks_ones_own_steps_and_names_who_decided_on_top() {
    let shop = Shop::small();
    let (id, intent) = mistaken(&shop);
    shop.json(&["label", &id, "--intent", &intent, "--as", "maria"]);
    shop.json(&["label", &id, "--note", "mine", "--as", "maria"]);
    shop.json(&["label", &id, "--intent", "out_of_scope", "--as", "nikos"]);
    let (code, undone) = shop.json_code(&["undo", "--steps", "5", "--as", "maria"]);
    assert_eq!((code, undone.as_array().unwrap().len()), (1, 1));
    shop.fails(&["undo", "--as", "maria"], 1, "nikos");
    shop.fails(&["undo", "--as", "zoe"], 1, "nothing of yours");
    shop.fails(&["undo", "--steps", "0"], 2, "steps");
    assert_eq!(shop.json(&["redo", "--as", "maria"]).as_array().unwrap().len(), 1);
}
