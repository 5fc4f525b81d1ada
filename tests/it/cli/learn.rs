//! `learn`, and what comes of it: releases, the queue, `predict` with offers.

use super::measure::{Fake, rasa, send};
use super::shop::{Shop, conversations, keys, words};
use serde_json::{Value, json};

/// The shop's conversations with ratings and offers: who writes in the app takes them.
fn rated(n: usize) -> Vec<Value> {
    let mut all = conversations(n);
    for (i, c) in all.iter_mut().enumerate() {
        let (happy, app) = (i % 2 == 0, i % 3 == 0);
        c["channel"] = json!(if app { "app" } else { "web" });
        let said = if happy { "great, perfect, thank you so much" } else { "this is useless, it is wrong again" };
        let turns = c["turns"].as_array_mut().unwrap();
        turns.push(json!({"role": "bot", "text": if happy { "Done." } else { "Sorry, I could not find it." }}));
        turns.push(json!({"role": "user", "text": said}));
        c["csat"] = json!({"score": if happy { 5 } else { 1 }, "max": 5});
        let yes = if i % 9 == 0 { !app } else { app };
        c["offers"] = json!([{"name": "Shuttle", "turn": 1, "status": if yes { "accepted" } else { "declined" }}]);
    }
    all
}

#[test]
fn what_is_learnt_goes_live_is_verified_and_answers() {
    let shop = Shop::empty();
    shop.import(&rated(900));
    let (_, first) = shop.json_code(&["finetune"]);
    assert_eq!(first["release"], 1);
    let offers = shop.json(&["learn", "offers"]);
    assert_eq!(
        (&offers["promoted"], &offers["held_back"]),
        (&json!(false), &json!("no release is live that it could go on with; `appraise finetune` makes one"))
    );
    shop.json(&["promote", "v1", "--override", "--reason", "a start"]);
    let offers = shop.json(&["learn", "offers"]);
    assert_eq!(
        keys(&offers),
        words("release learner before after delta ci95 p_cluster verdict looks learned_from again_after promoted")
    );
    assert_eq!(keys(&offers["before"]), words("auc log_loss macro_f1 ece n"));
    assert_eq!(
        (&offers["promoted"], &offers["verdict"], &offers["looks"], &offers["again_after"]),
        (&json!(true), &json!("better"), &json!(2), &json!(200))
    );
    let live = shop.json(&["models", "show", "live"]);
    assert_eq!((&live["release"], &live["parent"]), (&offers["release"], &json!(1)));
    let feels = shop.json(&["learn", "sentiment"]);
    assert_eq!(keys(&feels["before"]), words("auc log_loss macro_f1 ece n"));
    for release in [&offers, &feels] {
        let v = format!("v{}", release["release"]);
        assert_eq!(shop.json(&["models", "verify", &v])["reproduced"], true, "{v}");
    }
    let asked = shop.run_with(
        &["predict"],
        "{\"text\":\"where is my order\",\"offers\":[{\"id\":7,\"name\":\"Shuttle\",\"channel\":\"app\"},{\"name\":\"Shuttle\",\"channel\":\"web\"}]}\nhello\n",
    );
    let lines: Vec<Value> = asked.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let said = lines[0]["offers"].as_array().unwrap();
    assert_eq!(
        (keys(&said[0]), &said[0]["id"], &said[1]["id"]),
        (words("id propensity lo hi"), &json!(7), &json!("Shuttle"))
    );
    assert!(said[0]["propensity"].as_f64() > said[1]["propensity"].as_f64(), "{said:?}");
    assert!(lines[1].get("offers").is_none());
    // What a release of its own carries on, and what it takes: a fine-tuned candidate of before takes what is live.
    if feels["promoted"] == json!(false) {
        shop.json(&["promote", &format!("v{}", feels["release"]), "--reason", "try it"]);
    }
    let bad = shop.json(&["queue", "sentiment<0", "--limit", "1000"]).as_array().unwrap().len();
    assert!(bad > 0, "the model's word is kept beside each conversation");
    assert_eq!(shop.json(&["queue", "accepted:Shuttle", "--limit", "1000"]).as_array().unwrap().len(), 200, "of 900");
}

#[test]
fn what_answers_elsewhere_stays_live_through_learning() {
    let shop = Shop::empty();
    shop.import(&rated(900));
    let fake = Fake::start(|_, _, to| send(to, "200 OK", "", &rasa("order_status")));
    shop.write("config.toml", &format!("[ai]\nold = {{ rasa = \"http://{}\", rate = 5000 }}\n", fake.addr));
    let mut command = shop.program();
    let ran = command.args(["--config", "config.toml", "measure", "old", "--json"]).output().unwrap();
    assert!(!ran.stdout.is_empty(), "{}", String::from_utf8_lossy(&ran.stderr));
    shop.json(&["promote", "v1", "--override", "--reason", "what is deployed"]);
    let offers = shop.json(&["learn", "offers"]);
    assert_eq!(offers["promoted"], true, "{offers}");
    let live = shop.json(&["models", "show", "live"]);
    assert_eq!((&live["release"], &live["outside"]), (&json!(2), &json!("ai:old")), "{live}");
    assert_eq!(shop.json(&["models", "verify", "v2"])["reproduced"], true);
    shop.fails(&["predict"], 1, "answers elsewhere");
}

#[test]
fn too_little_is_a_sentence_that_says_how_much_more() {
    let shop = Shop::small();
    for what in ["sentiment", "offers"] {
        let said = shop.json(&["learn", what]);
        assert_eq!((keys(&said), &said["enough"]), (words("enough says"), &json!(false)));
        assert!(said["says"].as_str().unwrap().contains("need"), "{said}");
    }
}
