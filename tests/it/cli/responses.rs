//! `responses`, and what `label` says of a correction

use super::shop::{Shop, keys, words};
use serde_json::{Value, json};

/// Two conversations of training customers about one matter.
fn two(shop: &Shop) -> (String, String) {
    let rows = shop.training();
    let id = |r: &Value| r["id"].as_str().unwrap().to_owned();
    let first = &rows[0];
    let second = rows[1..].iter().find(|r| r["intent"] == first["intent"]).unwrap();
    (id(first), id(second))
}

#[test]
fn a_correction_is_listed_accepted_and_returned() {
    let shop = Shop::small();
    let (a, b) = two(&shop);
    assert_eq!(shop.json(&["responses"]), json!([]));
    let made = shop.json(&["label", &a, "--response", "Dear Mrs Andreou, your order 48213 has left."]);
    assert_eq!(made["correction"]["state"], json!("proposed"));
    let says = made["correction"]["says"].as_str().unwrap();
    assert!(says.contains("Andreou") && says.contains("48213") && says.contains("{name}"), "{says}");
    shop.fails(&["responses", "accept", &a], 1, "Andreou");
    let accepted = shop.json(&["responses", "accept", &a, "--text", "Dear {name}, your order {booking} has left."]);
    assert_eq!(keys(&accepted), words("id n turn text state step"));
    assert_eq!((&accepted["turn"], &accepted["state"]), (&json!(1), &json!("accepted")));

    let listed = shop.json(&["responses", "list", "--state", "next_release"]);
    assert_eq!(keys(&listed[0]), words("id n turn state intent lang text by at"));
    assert_eq!(shop.json(&["show", &a])["corrections"], listed);
    shop.json(&["responses", "return", &a, "--turn", "0", "--reason", "no orders here"]);
    let listed = shop.json(&["responses", "list", "--state", "returned"]);
    assert_eq!(listed[0]["reason"], json!("no orders here"));
    assert_eq!(shop.json(&["responses", "list", "--state", "live"]), json!([]));
    shop.fails(&["responses", "accept", &b], 1, "no answer of");
    shop.fails(&["responses", "accept", "shop:nobody"], 1, "no conversation");
    shop.fails(&["responses", "list", "--state", "new"], 2, "proposed");
    let human = shop.run(&["responses"]).out;
    assert!(human.contains("Dear {name}") && human.contains("returned: no orders here"), "{human}");
}

#[test]
fn a_second_person_proposes_and_the_lead_accepts() {
    let shop = Shop::small();
    let (a, b) = two(&shop);
    shop.json(&["label", &a, "--note", "the first here leads"]);
    let made = shop.json(&["--as", "tom", "label", &b, "--response", "It has left."]);
    assert_eq!(made["correction"]["state"], json!("proposed"));
    shop.fails(&["--as", "tom", "responses", "accept", &b], 1, "only a lead");
    shop.fails(&["--as", "lead", "responses", "accept", &b], 1, "--as takes a name, not a role");
    let at_once = shop.run(&["label", &a, "--response", "It has left us."]).out;
    assert!(at_once.contains("the correction is accepted at once, as a lead's own"), "{at_once}");
    shop.json(&["undo"]);
    let file = shop.write("more.csv", &format!("conversation,response\n{a},It left.\n{b},It left.\n"));
    assert_eq!(shop.json(&["--as", "tom", "label", "--file", file.to_str().unwrap()])["proposed"], json!(2));
    shop.json(&["responses", "accept", &b]);
    shop.json(&["undo"]);
    assert_eq!(shop.json(&["responses", "list", "--state", "proposed"]).as_array().unwrap().len(), 2);
}

#[test]
fn what_was_accepted_goes_live_with_a_release_and_says_so() {
    let shop = Shop::small();
    let (a, _) = two(&shop);
    shop.json(&["label", &a, "--response", "It has left, {name}."]);
    assert_eq!(shop.json(&["responses"])[0]["state"], json!("next_release"));
    shop.json_code(&["finetune"]);
    shop.json(&["promote", "v1", "--override", "--reason", "a start"]);
    let row = shop.json(&["responses"]);
    assert_eq!(row[0]["state"], json!("live"));
    let text = shop.json(&["show", &a])["turns"][0]["text"].as_str().unwrap().to_owned();
    let said = shop.run_with(&["predict", "--top", "1"], &format!("{text}\n")).out;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["intent"], &said["response"]), (&row[0]["intent"], &json!("It has left, {name}.")));
}

#[test]
fn answers_are_ranked_and_each_opens_what_it_counts() {
    let shop = Shop::large();
    let ranked = shop.json(&["responses", "rank"]);
    assert_eq!(keys(&ranked), words("n unknown within answers non_answers"));
    let answers = ranked["answers"].as_array().unwrap();
    let first = &answers[0];
    for key in words(
        "intent response answer stage langs n outcomes helped rated satisfied csat posterior prior drawn_to known_beside enough rank ranked_among unranked beside pooled within \
         signs_differ live since_release text query",
    ) {
        assert!(first.get(key).is_some(), "{key}: {first}");
    }
    for a in answers.iter().take(12) {
        let query = a["query"].as_str().unwrap();
        let found = shop.json(&["queue", query, "--limit", "100000"]);
        assert_eq!(found.as_array().unwrap().len() as u64, a["n"].as_u64().unwrap(), "{query}");
        let ends = a["outcomes"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
        assert_eq!(ends, a["n"].as_u64().unwrap());
        assert!(a["rank"].is_null() || a["n"].as_u64().unwrap() >= 30, "never ranked below 30: {a}");
        assert_eq!(a["posterior"].is_null(), a["enough"] == false, "nor is told what is to be expected: {a}");
    }
    // `stats` tells the same, of the same days.
    assert_eq!(shop.json(&["stats", "--by", "response"])["by_intent"], ranked["answers"]);
    let week = shop.json(&["responses", "rank", "--since", "7d"]);
    assert_eq!(shop.json(&["stats", "--by", "response", "--since", "7d"])["by_intent"], week["answers"]);
    // What comes later is counted, too, and reading alone needs no place to write.
    shop.import(&super::shop::conversations(1_520));
    let read_only = shop.json(&["--read-only", "responses", "rank"]);
    assert!(read_only["n"].as_u64() > ranked["n"].as_u64(), "{}", read_only["n"]);
    assert_eq!(shop.json(&["responses", "rank"]), read_only);
    let human = shop.run(&["responses", "rank"]).out;
    assert!(human.contains("need not come from it"), "{human}");
    shop.fails(&["queue", "answer:nobody"], 1, "responses rank");
}

#[test]
fn answers_are_learnt_or_it_says_what_is_missing() {
    let shop = Shop::small();
    let said = shop.json(&["learn", "responses"]);
    assert_eq!((keys(&said), &said["enough"]), (words("enough says"), &json!(false)));
    assert!(said["says"].as_str().unwrap().contains("finetune"), "{said}");
    Shop::empty().fails(&["responses", "rank"], 1, "there is no store");
}
