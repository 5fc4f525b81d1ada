//! `gold`: corrections, versions, the guard's list

use super::shop::{Shop, keys, said, words};
use serde_json::{Value, json};

/// Right answers of a release on the sealed half of today's gold.
fn right(shop: &Shop) -> (u64, u64) {
    let stats = shop.json(&["stats"]);
    let point = &stats["accuracy"][0];
    let n = point["n"].as_u64().unwrap();
    ((point["accuracy"].as_f64().unwrap() * n as f64).round() as u64, n)
}

#[test]
fn a_corrected_gold_label_makes_a_version_and_older_releases_are_scored_again() {
    let shop = Shop::large();
    shop.json(&["finetune"]);
    shop.json(&["promote", "v1"]);
    let open = shop.json(&["gold", "list"]);
    let open: Vec<&Value> = open.as_array().unwrap().iter().map(|r| &r["id"]).collect();
    let sealed: Vec<String> = shop.test_group().into_iter().filter(|id| !open.contains(&&json!(id))).collect();
    let before = right(&shop);
    assert_eq!(before.1 as usize, sealed.len());
    // A turn that v1 understands, corrected to something it does not say.
    let index = |id: &str| id.trim_start_matches("shop:c-").parse::<usize>().unwrap();
    let wrong = |id: &str| said(index(id) + 1).0;
    let added = shop.json(&["gold", "add", &sealed[0], "--turn", "0", "--intent", wrong(&sealed[0])]);
    assert_eq!(keys(&added), words("id n turn intents gold_version"));
    assert_eq!(added["gold_version"], 2);
    let versions = shop.json(&["gold", "versions"]);
    assert_eq!((&versions[0]["version"], &versions[0]["reason"]), (&json!(2), &json!("1 gold label corrected")));
    for key in ["open", "sealed", "looks"] {
        assert_eq!(versions[0][key], versions[1][key], "the same turns, as often looked at");
    }
    assert_eq!(right(&shop), (before.0 - 1, before.1), "v1 is scored on today's gold");
    assert_eq!(
        shop.json(&["gold", "add", &sealed[0], "--turn", "0", "--intent", wrong(&sealed[0])])["gold_version"],
        Value::Null
    );

    // In Review: the version is made by the run that would use it.
    shop.json(&["label", &sealed[1], "--intent", wrong(&sealed[1]), "--as", "maria"]);
    assert_eq!(right(&shop), (before.0 - 1, before.1));
    let (_, c) = shop.json_code(&["compare", "log", "v1"]);
    assert_eq!((&c["gold_version"], &c["looks"]), (&json!(3), &json!(2)));
    assert_eq!(right(&shop), (before.0 - 2, before.1));
    shop.json(&["undo", "--as", "maria"]);
    let (_, c) = shop.json_code(&["finetune"]);
    assert_eq!(c["gold_version"], json!(4));
    assert_eq!(right(&shop), (before.0 - 1, before.1));
    let (_, c) = shop.json_code(&["compare", "log", "v1"]);
    assert_eq!(c["gold_version"], json!(4), "nothing changed, nothing new");
    for release in ["v1", "v2"] {
        assert_eq!(shop.json(&["models", "verify", release])["reproduced"], true, "each on the gold of its time");
    }
}

#[test]
fn the_guard_lists_what_it_left_out() {
    let shop = Shop::small();
    let gold = shop.test_group();
    let index: usize = gold[0].trim_start_matches("shop:c-").parse().unwrap();
    let rows =
        format!("text,intent\n\"{}!\",{}\nsomething else,invoice_copy\n", said(index).1.to_uppercase(), said(index).0);
    let file = shop.write("base.csv", &rows);
    shop.json(&["intents", "import", file.to_str().unwrap()]);
    let (_, c) = shop.json_code(&["finetune"]);
    let listed = shop.json(&["gold", "guard"]);
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len() as u64, c["left_out"]["repeats_gold"].as_u64().unwrap());
    assert_eq!(keys(&listed[0]), words("id n turn intent text"));
    let mine = listed.iter().find(|r| r["id"].is_null()).expect("the base example");
    assert_eq!(
        (&mine["intent"], &mine["text"]),
        (&json!(said(index).0), &json!(format!("{}!", said(index).1.to_uppercase())))
    );
    let human = shop.run(&["gold", "guard", "--release", "v1"]).out;
    assert!(human.contains("base example") && human.contains("left out of v1"), "{human}");
}
