//! `intents`, `cycle`, `gold`

use super::shop::{Shop, conversations, keys, words};
use serde_json::{Value, json};

#[test]
fn intents_are_changed_and_never_deleted() {
    let shop = Shop::small();
    let state = |name: &str| {
        let list = shop.json(&["intents"]);
        list.as_array().unwrap().iter().find(|i| i["name"] == name).map(|i| i["state"].clone())
    };
    let list = shop.json(&["intents", "list"]);
    assert_eq!(keys(&list[0]), words("id name state examples labels logged"));
    assert_eq!(keys(&shop.json(&["intents", "add", "praise"])), words("id name"));
    assert_eq!(keys(&shop.json(&["intents", "rename", "praise", "compliment"])), words("id from to"));
    assert_eq!(
        shop.json(&["intents", "merge", "compliment", "invoice_copy"]),
        json!({"from": "compliment", "into": "invoice_copy"})
    );
    assert_eq!(state("compliment"), Some(json!("merged")));
    shop.json(&["undo"]);
    assert_eq!(state("compliment"), Some(json!("active")));
    let split = shop.json(&["intents", "split", "order_status", "where_is_it", "when_does_it_come"]);
    assert_eq!(keys(&split), words("from into waiting"));
    assert!(split["waiting"].as_u64().unwrap() > 0);
    assert_eq!(shop.json(&["intents", "retire", "compliment"]), json!({"name": "compliment"}));
    shop.fails(&["intents", "retire", "nothing_like_it"], 1, "no intent called");
    shop.fails(&["intents", "add", "invoice_copy"], 1, "already");
    shop.fails(&["intents", "split", "invoice_copy", "one"], 2, "values");
}

#[test]
fn base_examples_come_from_a_file() {
    let shop = Shop::empty();
    let file =
        shop.write("base.csv", "text,intent\n\"where, is it\",order_status\nmoney back,refund\nmoney back,refund\n");
    let added = shop.json(&["intents", "import", file.to_str().unwrap()]);
    assert_eq!(added, json!({"rows": 3, "examples": 2, "intents": 2}));
    assert_eq!(shop.json(&["intents", "import", file.to_str().unwrap()])["examples"], 0);
    let holes = shop.write("holes.csv", "text,intent\nx,\n");
    shop.fails(&["intents", "import", holes.to_str().unwrap()], 1, "no intent");
    shop.fails(&["intents", "import", "missing.csv"], 1, "missing.csv");
    let headless = shop.write("headless.csv", "a,b\n1,2\n");
    shop.fails(&["intents", "import", headless.to_str().unwrap()], 1, "text,intent");
}

#[test]
fn cycles_open_and_close_when_they_are_due() {
    let shop = Shop::small();
    let open = shop.json(&["cycle", "open", "--goal", "5"]);
    assert_eq!(
        keys(&open),
        words(
            "id name opened_at opened_by closed_at scope goal done skipped closed_decision release goal_text every reviewers plan \
             next_due opened"
        )
    );
    assert_eq!(
        (&open["name"], &open["scope"], &open["goal"]),
        (&json!("2026-W47"), &json!("outcome:failed,escalated status:open test:hidden"), &json!(5))
    );
    assert_eq!((&open["opened"], &open["every"], open["next_due"].is_string()), (&json!(true), &json!("weekly"), true));
    let not_due = |v: &Value| (v["due"].clone(), v["says"].is_string());
    assert_eq!(not_due(&shop.json(&["cycle", "open", "--if-due"])), (json!(false), true));
    assert_eq!(not_due(&shop.json(&["cycle", "close", "--if-due"])), (json!(false), true));
    shop.fails(&["cycle", "open"], 1, "is open");
    assert_eq!(shop.json(&["cycle", "show"])["name"], "2026-W47");
    assert_eq!(shop.json(&["cycle", "list"]).as_array().unwrap().len(), 1);

    let closed = shop.json(&["cycle", "close", "--plan", "write the answers"]);
    assert_eq!((&closed["plan"], closed["items"].is_array()), (&json!("write the answers"), true));
    assert_eq!(not_due(&shop.json(&["cycle", "close", "--if-due"])), (json!(false), true));
    assert_eq!(not_due(&shop.json(&["cycle", "open", "--if-due"])), (json!(false), true));
    shop.fails(&["cycle", "close"], 1, "no cycle is open");
    shop.fails(&["cycle", "show", "nothing"], 1, "no cycle called");
    shop.fails(&["cycle", "open", "outcome:won"], 2, "outcome");
    shop.fails(&["cycle", "open", "--goal", "0"], 2, "goal");
    shop.fails(&["cycle", "open", "--goal", "why", "--goal", "who"], 2, "one number and one sentence");
    let next = ["--goal", "5", "--goal", "why do they leave?", "--every", "monthly", "--reviewer", "ann"];
    let words = shop.json(&[&["cycle", "open"][..], &next[..]].concat());
    assert_eq!((&words["goal"], &words["goal_text"]), (&json!(5), &json!("why do they leave?")));
    assert_eq!((&words["every"], &words["reviewers"]), (&json!("monthly"), &json!(["ann"])));
}

#[test]
fn gold_is_listed_pinned_and_frozen_but_not_picked() {
    let shop = Shop::small();
    assert_eq!(shop.json(&["gold"]), json!([]));
    shop.fails(&["gold", "pin", "shop:c-0", "--turn", "0"], 1, "open half");
    let version = shop.json(&["gold", "freeze", "--reason", "first"]);
    assert_eq!(keys(&version), words("version at by reason open sealed looks"));
    shop.fails(&["gold", "freeze"], 1, "not changed");
    assert_eq!(shop.json(&["gold", "versions"]), json!([version]));
    let open = shop.json(&["gold", "list"]);
    assert_eq!(keys(&open[0]), words("id n turn intents text pinned"));
    let id = open[0]["id"].as_str().unwrap();
    let pinned = shop.json(&["gold", "pin", id, "--turn", "0"]);
    assert_eq!((keys(&pinned), &pinned["pinned"]), (words("id n turn pinned"), &json!(true)));
    assert_eq!(shop.json(&["gold", "list"])[0]["pinned"], true);
    assert_eq!(shop.json(&["gold", "unpin", id, "--turn", "0"])["pinned"], false);

    let added = shop.json(&["gold", "add", id, "--turn", "0", "--intent", "out_of_scope"]);
    assert_eq!((keys(&added), &added["gold_version"]), (words("id n turn intents gold_version"), &json!(2)));
    shop.fails(&["gold", "freeze"], 1, "has not changed since");
    let training = shop.training()[0]["id"].as_str().unwrap().to_owned();
    shop.fails(&["gold", "add", &training, "--turn", "0", "--intent", "out_of_scope"], 1, "training group");
    shop.fails(&["gold", "add", id, "--turn", "1", "--intent", "out_of_scope"], 1, "not the customer's");

    // The sealed half is in no list.
    let listed: Vec<&Value> = open.as_array().unwrap().iter().map(|r| &r["id"]).collect();
    let test = shop.test_group();
    assert_eq!(listed.len() as u64, version["open"].as_u64().unwrap());
    assert!(listed.len() < test.len());
}

#[test]
fn audit_items_are_labelled_blind_and_become_gold() {
    let shop = Shop::empty();
    let mut lines = conversations(100);
    lines.iter_mut().for_each(|c| {
        c["turns"][0].as_object_mut().unwrap().remove("gold_intent");
    });
    shop.import(&lines);
    shop.json(&["cycle", "open", "--goal", "20"]);
    let test = shop.test_group();
    let mut audited = 0;
    for _ in 0..20 {
        let next = shop.json(&["cycle", "show"])["next"].as_str().unwrap().to_owned();
        let blind = test.contains(&next);
        let human = shop.run(&["show", &next]).out;
        assert!(!blind || !human.contains("understood as"), "{human}");
        let made = shop.json(&["label", &next, "--intent", "order_status", "--cause", "policy"]);
        assert_eq!((&made["counts"], &made["says"]), (&json!(true), &Value::Null), "nothing tells that it is one");
        audited += u64::from(blind);
    }
    let done = shop.json(&["cycle", "show"]);
    assert_eq!((audited, &done["done"], &done["next"]), (2, &json!(20), &Value::Null));
    let version = shop.json(&["gold", "freeze"]);
    assert_eq!(version["open"].as_u64().unwrap() + version["sealed"].as_u64().unwrap(), 2);
}
