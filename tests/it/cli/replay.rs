//! `replay`

use super::shop::{Shop, keys, said, words};
use serde_json::{Value, json};

#[test]
fn failures_are_put_to_a_candidate_and_only_changes_are_to_judge() {
    let shop = Shop::large();
    shop.fails(&["queue", "is:changed"], 1, "has no data yet");
    shop.json(&["finetune"]);
    let labelled = shop.training()[0]["id"].as_str().unwrap().to_owned();
    shop.json(&["label", &labelled, "--intent", "invoice_copy", "--cause", "wrong_intent"]);
    let all = shop.json(&["replay", "v1", "--since", "520w", "--limit", "0"]);
    assert_eq!(keys(&all), words("release since failures same changed unknown to_judge query changes"));
    let changes = all["changes"].as_array().unwrap();
    let of = |key: &str| all[key].as_u64().unwrap();
    assert_eq!(of("failures"), of("same") + of("changed") + of("unknown"));
    assert_eq!((changes.len() as u64, of("unknown")), (of("changed"), 0));
    // Two of five fail, a sealed tenth stays out.
    assert!((500..=580).contains(&of("failures")), "{}", of("failures"));
    assert_eq!(
        keys(&changes[0]),
        words("id n turn text was was_is now confidence test_group label response_was response_now")
    );
    for c in changes {
        let i: usize = c["id"].as_str().unwrap().trim_start_matches("shop:c-").parse().unwrap();
        assert_ne!(c["was"], c["now"]);
        assert_eq!((&c["was_is"], c["was"].is_null()), (&json!("log"), i % 10 == 5), "{c}");
        assert_eq!(c["response_was"], json!(format!("About {}: done.", said(i).0)));
    }
    let right = changes.iter().filter(|c| c["label"].is_null() && c["now"] == said(index(c)).0).count();
    assert!(right as f64 > 0.9 * changes.len() as f64, "{right} of {}", changes.len());
    assert_eq!(changes[0]["response_now"], json!(format!("About {}: done.", changes[0]["now"].as_str().unwrap())));

    // Sealed turns are never listed.
    let sealed: Vec<String> = {
        let open = shop.json(&["gold", "list"]);
        let open: Vec<&Value> = open.as_array().unwrap().iter().map(|r| &r["id"]).collect();
        shop.test_group().into_iter().filter(|id| !open.contains(&&json!(id))).collect()
    };
    assert!(sealed.len() > 50 && changes.iter().all(|c| !sealed.contains(&c["id"].as_str().unwrap().to_owned())));

    // What is to judge is what the queue shows.
    let mine = changes.iter().filter(|c| c["label"].is_null() && c["test_group"] == false);
    let mine: Vec<&Value> = mine.map(|c| &c["id"]).collect();
    let tested = changes.iter().filter(|c| c["test_group"] == true).count() as u64;
    assert_eq!((mine.len() as u64, of("to_judge") + tested), (of("to_judge"), of("changed") - 1));
    assert!(
        tested > 10 && changes[..mine.len()].iter().all(|c| c["test_group"] == false),
        "what is to judge comes first"
    );
    assert!(!mine.contains(&&json!(labelled)) && changes.iter().any(|c| c["id"] == json!(labelled)));
    let queue = shop.json(&["queue", "is:changed", "--limit", "0"]);
    let mut shown: Vec<String> = queue.as_array().unwrap().iter().map(|r| r["id"].to_string()).collect();
    let mut mine: Vec<String> = mine.iter().map(|id| id.to_string()).collect();
    shown.sort();
    mine.sort();
    assert_eq!(shown, mine);

    // Fourteen days back by default, and the newest replay stands.
    let short = shop.json(&["replay", "newest", "--limit", "5"]);
    assert!(
        short["failures"].as_u64().unwrap() < of("failures") / 2 && short["changes"].as_array().unwrap().len() == 5
    );
    let queue = shop.json(&["queue", "is:changed", "--limit", "0", "--sort", "oldest"]);
    assert_eq!(queue.as_array().unwrap().len() as u64, short["to_judge"].as_u64().unwrap());
    let human = shop.run(&["replay", "v1", "--limit", "3"]).out;
    assert!(human.contains("understood otherwise") && human.contains("3 of "), "{human}");
    shop.fails(&["replay", "v7"], 1, "no release called");
}

fn index(change: &Value) -> usize {
    change["id"].as_str().unwrap().trim_start_matches("shop:c-").parse().unwrap()
}
