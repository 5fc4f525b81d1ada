//! `intents` and `lint`: names, merges, and what no door brings back.

use super::shop::Shop;
use serde_json::{Value, json};

fn log(shop: &Shop, file: &str, rows: &[(&str, &str)]) {
    let line = |(id, intent): &(&str, &str)| {
        let turns = json!([{"role": "user", "text": format!("about {id}"), "intent": intent, "confidence": 0.6}, {"role": "assistant", "text": "Yes."}]);
        json!({"id": id, "source": "shop", "outcome": "failed", "turns": turns}).to_string()
    };
    let text: Vec<String> = rows.iter().map(line).collect();
    let path = shop.write(file, &text.join("\n"));
    shop.json(&["import", path.to_str().unwrap()]);
}

/// Intents in use but the reserved one.
fn in_use(shop: &Shop) -> Vec<String> {
    let list = shop.json(&["intents", "list"]);
    let rows = list.as_array().unwrap().iter().filter(|i| i["state"] == "active" && i["id"] != 1);
    rows.map(|i| i["name"].as_str().unwrap().to_owned()).collect()
}

fn segments(shop: &Shop) -> Vec<(Value, Value)> {
    let stats = shop.json(&["stats", "--by", "intent"]);
    stats["segments"].as_array().unwrap().iter().map(|s| (s["intent"].clone(), s["n"].clone())).collect()
}

#[test]
fn a_former_name_means_the_intent_at_every_door() {
    let shop = Shop::empty();
    log(&shop, "one.jsonl", &[("p0", "pets"), ("p1", " Pets"), ("p2", "PETS\u{200b}")]);
    assert_eq!(in_use(&shop), ["pets"]);
    shop.json(&["intents", "rename", "pets", "animals"]);
    log(&shop, "two.jsonl", &[("p3", "pets"), ("p4", "Animals ")]);
    assert_eq!((in_use(&shop), segments(&shop)), (vec!["animals".to_owned()], vec![(json!("animals"), json!(5))]));
    assert_eq!(
        shop.json(&["queue", "intent:PETS"]).as_array().unwrap().len(),
        shop.json(&["queue", "intent:animals"]).as_array().unwrap().len()
    );
    let made = shop.json(&["label", "shop:p0", "--intent", "Pets"]);
    assert_eq!(made["decisions"][0]["value"], json!(["animals"]));
    shop.fails(&["intents", "add", "PETS"], 1, "former name of \"animals\"");
    shop.json(&["intents", "add", "other"]);
    shop.fails(&["intents", "rename", "other", "pets"], 1, "former name of \"animals\"");
    shop.fails(&["intents", "rename", "other", "ANIMALS"], 1, "case or blanks alone");
    let list = shop.json(&["intents", "list"]);
    assert_eq!(list[0]["aliases"], json!(["pets"]));
}

#[test]
fn undo_looks_before_it_writes_and_what_lies_before_stays_in_reach() {
    let shop = Shop::empty();
    log(&shop, "one.jsonl", &[("p0", "pets")]);
    shop.json(&["label", "shop:p0", "--intent", "pets"]);
    shop.json(&["intents", "rename", "pets", "animals"]);
    shop.json(&["undo"]);
    // The name is free again; somebody takes it.
    shop.json(&["--as", "kostas", "intents", "add", "Animals"]);
    shop.fails(&["redo"], 1, "cannot be called \"animals\" again");
    shop.fails(&["redo"], 1, "nothing to redo");
    shop.json(&["undo"]);
    assert_eq!(shop.json(&["show", "shop:p0"])["decisions"][0]["after"], Value::Null);

    shop.json(&["intents", "merge", "pets", "Animals"]);
    shop.json(&["undo"]);
    shop.json(&["--as", "kostas", "intents", "merge", "Animals", "pets"]);
    shop.fails(&["redo"], 1, "counts as \"pets\" meanwhile");
}

#[test]
fn merges_are_followed_to_their_end_and_nothing_comes_back_unsaid() {
    let shop = Shop::empty();
    log(&shop, "one.jsonl", &[("1", "a"), ("2", "b"), ("3", "c"), ("4", "pets")]);
    shop.json(&["intents", "merge", "a", "b"]);
    shop.json(&["intents", "merge", "b", "c"]);
    shop.json(&["intents", "retire", "pets"]);
    shop.fails(&["intents", "merge", "c", "a"], 1, "the same intent already");
    shop.fails(&["intents", "merge", "pets", "c"], 1, "is retired");
    shop.fails(&["intents", "split", "c", "c", "d"], 1, "cannot be split into");
    shop.fails(&["intents", "split", "c", "d", "D "], 1, "two different");
    shop.fails(&["intents", "rename", "out_of_scope", "x"], 1, "reserved");
    assert_eq!(segments(&shop), [(json!("c"), json!(3)), (json!("pets"), json!(1))]);
    let file = shop.write("base.csv", "text,intent\none,a\ntwo,pets\nmoney?,refund\nMONEY,cancel\n");
    let added = shop.json(&["intents", "import", file.to_str().unwrap()]);
    assert_eq!(added["retired"], json!({"pets": 1}));
    assert_eq!(added["counts_for"], json!({"a": "c"}));
    assert_eq!(added["contradictory"], json!([{"text": "money?", "intents": ["cancel", "refund"]}]));
    assert_eq!(in_use(&shop), ["c", "cancel", "refund"]);
    let kinds: Vec<String> =
        shop.json(&["lint"]).as_array().unwrap().iter().map(|f| f["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["contradictory_example", "few_texts", "few_texts", "few_texts"]);
    shop.fails(&["intents", "add", "a"], 1, "--apart");
    shop.json(&["intents", "add", "a", "--apart"]);
    assert!(in_use(&shop).contains(&"a".to_owned()));
    // An import that is taken back has retired nothing: the corrected file is taken as it is.
    shop.json(&["undo", "--steps", "2"]);
    assert_eq!(in_use(&shop), ["c"]);
    assert_eq!(shop.json(&["intents", "import", file.to_str().unwrap()])["intents"], 2);
}

#[test]
fn a_definition_is_a_decision_like_any_other() {
    let shop = Shop::empty();
    log(&shop, "one.jsonl", &[("p0", "pets"), ("p1", "fare")]);
    let meaning = |shop: &Shop| {
        let list = shop.json(&["intents", "list"]);
        list.as_array().unwrap().iter().find(|i| i["name"] == "pets").unwrap()["definition"].clone()
    };
    assert_eq!(meaning(&shop), Value::Null);
    let made = shop.json(&["intents", "define", "PETS", "  may an animal\n come along; its price is fare "]);
    let said = json!("may an animal come along; its price is fare");
    assert_eq!(made, json!({"name": "pets", "definition": said}));
    shop.fails(&["intents", "define", "pets", "may an animal come along; its price is fare"], 1, "says already");
    shop.fails(&["intents", "define", "pets", &"x".repeat(301)], 1, "at most 300 characters");
    shop.fails(&["intents", "define", "pest", "x"], 1, "did you mean \"pets\"");
    // It stays with the intent under another name, and goes with whoever takes it back.
    shop.json(&["intents", "rename", "pets", "animals"]);
    shop.json(&["undo"]);
    assert_eq!(meaning(&shop), said);
    shop.json(&["undo"]);
    assert_eq!(meaning(&shop), Value::Null);
    shop.json(&["redo"]);
    assert_eq!(meaning(&shop), said);
    shop.json(&["intents", "define", "pets"]);
    assert_eq!(meaning(&shop), Value::Null);
    shop.json(&["intents", "merge", "pets", "fare"]);
    shop.fails(&["intents", "define", "pets", "x"], 1, "merged");
}
