//! `models verify`

use super::shop::{Shop, conversations, keys, said, words};
use serde_json::{Value, json};

fn reproduced(shop: &Shop, release: &str) -> Value {
    let found = shop.json(&["models", "verify", release]);
    assert_eq!((&found["reproduced"], &found["why"]), (&json!(true), &json!([])), "{release}: {found}");
    assert_eq!(found["sha256"], found["again"]);
    found
}

fn base(shop: &Shop, name: &str, range: std::ops::Range<usize>) {
    let rows: String = range.map(|i| format!("\"{}\",{}\n", said(i).1, said(i).0)).collect();
    let file = shop.write(name, &format!("text,intent\n{rows}"));
    shop.json(&["intents", "import", file.to_str().unwrap()]);
}

#[test]
fn old_and_new_releases_are_made_again_byte_for_byte() {
    let shop = Shop::small();
    base(&shop, "base.csv", 2_000..2_100);
    shop.json_code(&["finetune"]);
    let first = reproduced(&shop, "v1");
    assert_eq!(keys(&first), words("release reproduced sha256 again differs why trained_on train_seconds"));
    shop.json(&["promote", "v1", "--override", "--reason", "a start"]);

    // Everything that may change does: labels, corrected answers, spam, names, merges, base examples, more conversations.
    let rows = shop.training();
    let id = |at: usize| rows[at]["id"].as_str().unwrap().to_owned();
    shop.json(&["label", &id(0), "--intent", "invoice_copy", "--cause", "wrong_intent"]);
    shop.json(&["label", &id(1), "--response", "It is on its way."]);
    shop.json(&["label", &id(2), "--not-traffic"]);
    shop.json(&["intents", "rename", "refund_status", "money_back"]);
    shop.json(&["intents", "merge", "change_booking", "order_status"]);
    base(&shop, "more.csv", 3_000..3_040);
    let more = conversations(120);
    shop.import(&more[60..]);
    reproduced(&shop, "v1");

    shop.json_code(&["finetune"]);
    assert_eq!(shop.json(&["models", "show", "v2"])["parent"], json!(1));
    shop.json(&["promote", "v2", "--override", "--reason", "more"]);
    shop.json(&["intents", "rename", "money_back", "refunds"]);
    shop.json(&["undo"]);
    shop.json(&["intents", "retire", "invoice_copy"]);
    shop.json(&["label", &id(3), "--not-traffic"]);
    shop.json_code(&["finetune", "--from", "scratch", "--seed", "7"]);
    for release in ["v1", "v2", "v3"] {
        reproduced(&shop, release);
    }
    let human = shop.run(&["models", "verify", "v3"]).out;
    assert!(human.starts_with("v3: reproduced byte for byte\n"), "{human}");
    assert_eq!(shop.json(&["models"]).as_array().unwrap().len(), 3, "nothing is stored");
}

#[test]
fn what_cannot_be_made_again_says_why() {
    let shop = Shop::empty();
    let mut lines = conversations(60);
    // Messages with ids: with other words each is still the same message.
    for c in &mut lines {
        (0..2).for_each(|i| c["turns"][i]["id"] = json!(format!("m{i}")));
    }
    shop.import(&lines);
    shop.json_code(&["finetune"]);
    for c in &mut lines {
        c["turns"][0]["text"] = json!(format!("{} urgently", c["turns"][0]["text"].as_str().unwrap()));
    }
    shop.import(&lines);
    let (code, found) = shop.json_code(&["models", "verify", "v1"]);
    assert_eq!((code, &found["reproduced"]), (3, &json!(false)));
    assert!(found["again"].is_string() && found["differs"][0] == "intent model", "{found}");
    let why = found["why"].to_string();
    for words in ["labels and base examples", "60 conversations were imported anew", "shop:c-0"] {
        assert!(why.contains(words), "{words}: {why}");
    }
    let human = shop.run(&["models", "verify", "v1"]);
    assert_eq!(human.code, 3);
    assert!(human.out.contains("not reproduced"), "{}", human.out);
    shop.fails(&["models", "verify", "v9"], 1, "no release called");
}
