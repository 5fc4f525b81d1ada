//! `disputed`

use super::shop::{Shop, keys, said, words};
use serde_json::json;

/// `text,intent` rows; those in `wrong` have another intent than they should.
fn rows(wrong: &[usize]) -> String {
    let row = |i: usize| {
        let (intent, text) = said(i);
        let intent = if wrong.contains(&i) { said(i + 1).0 } else { intent };
        format!("\"{text}\",{intent}\n")
    };
    format!("text,intent\n{}", (3_000..3_200).map(row).collect::<String>())
}

#[test]
fn wrong_labels_of_a_store_are_listed_and_settled() {
    let shop = Shop::small();
    shop.fails(&["disputed"], 1, "`appraise finetune` does");
    shop.fails(&["queue", "is:disputed"], 1, "has no data yet");
    let file = shop.write("base.csv", &rows(&[3_021, 3_042]));
    shop.json(&["intents", "import", file.to_str().unwrap()]);
    let row = &shop.training()[0];
    let (id, right) = (row["id"].as_str().unwrap(), row["n"].as_u64().unwrap() as usize - 1);
    let wrong = said(right + 1).0;
    shop.json(&["label", id, "--intent", wrong, "--as", "eve"]);
    shop.json(&["finetune"]);

    let listed = shop.json(&["disputed"]);
    let listed = listed.as_array().unwrap();
    assert_eq!(keys(&listed[0]), words("dispute id n turn text given given_confidence says confidence score by at"));
    let scores: Vec<f64> = listed.iter().map(|d| d["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted(), "{scores:?}");
    let mine = listed.iter().find(|d| d["id"] == json!(id)).expect("it looks wrong");
    assert_eq!((&mine["given"], &mine["says"]), (&json!(wrong), &json!(said(right).0)));
    assert_eq!((&mine["by"], &mine["turn"]), (&json!("eve"), &json!(0)));
    let base: Vec<_> = listed.iter().filter(|d| d["id"].is_null()).map(|d| d["text"].as_str().unwrap()).collect();
    assert!(base.contains(&said(3_021).1.as_str()) && base.contains(&said(3_042).1.as_str()), "{base:?}");
    assert!(shop.json(&["queue", "is:disputed"]).as_array().unwrap().iter().any(|r| r["id"] == json!(id)));
    assert_eq!(shop.json(&["disputed", "--limit", "1"]).as_array().unwrap().len(), 1);
    assert!(shop.run(&["disputed"]).out.contains("base example"));
    assert!(shop.run(&["disputed", "--csv"]).out.starts_with("dispute,id,n,turn,text,given,"));

    let number = mine["dispute"].to_string();
    assert_eq!(shop.json(&["disputed", "--keep", &number])["settled"], 1);
    let left = shop.json(&["disputed", "--limit", "0"]);
    assert!(left.as_array().unwrap().iter().all(|d| d["id"] != json!(id)));
    shop.json(&["finetune"]);
    let left = shop.json(&["disputed", "--limit", "0"]);
    assert!(left.as_array().unwrap().iter().all(|d| d["id"] != json!(id)), "kept for good");
    shop.json(&["undo"]);
    let (_, base) = (shop.json(&["finetune"]), shop.json(&["disputed", "--limit", "0"]));
    let base = base.as_array().unwrap();
    let again = base.iter().find(|d| d["id"] == json!(id)).expect("undone: it is disputed again");
    shop.json(&["disputed", "--take", &again["dispute"].to_string()]);
    assert_eq!(shop.json(&["show", id])["decisions"][0]["after"], json!(said(right).0));
    shop.fails(&["disputed", "--take", "999999"], 1, "`appraise disputed` lists them");
    shop.fails(&["disputed", "--take", "1", "--keep", "1"], 2, "cannot be used with");
}

#[test]
fn labels_of_a_file_are_judged_without_a_store() {
    let shop = Shop::empty();
    let file = shop.write("x.csv", &rows(&[3_030]));
    let file = file.to_str().unwrap();
    let listed = shop.json(&["disputed", "--train", file]);
    assert_eq!(keys(&listed["disputed"][0]), words("text given says confidence given_confidence score"));
    assert_eq!(
        (&listed["disputed"][0]["text"], &listed["disputed"][0]["says"]),
        (&json!(said(3_030).1), &json!(said(3_030).0))
    );
    let flipped = shop.json(&["disputed", "--train", file, "--flip", "0.1"]);
    assert_eq!((&flipped["flip"]["n"], &flipped["flip"]["flipped"]), (&json!(200), &json!(20)));
    for found in flipped["flip"]["found"].as_array().unwrap() {
        assert_eq!(keys(found), words("by top right precision recall"));
        assert!(found["recall"].as_f64().unwrap() > 0.8, "{found}");
    }
    let human = shop.run(&["disputed", "--train", file, "--flip", "0.1"]).out;
    assert!(human.contains("20 of 200 labels were changed at random") && human.contains("self confidence"), "{human}");
    shop.fails(&["disputed", "--flip", "0.1"], 2, "--train");
    shop.fails(&["disputed", "--train", file, "--flip", "2"], 2, "between 0 and 1");
    shop.fails(&["disputed", "--train", "nothing.csv"], 1, "nothing.csv");
}
