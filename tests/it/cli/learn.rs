//! `learn`, and what comes of it: releases, the queue, `predict` with offers.

use super::measure::{Fake, rasa, send};
use super::serve::Serving;
use super::shop::{Shop, conversations, jsonl, keys, words};
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
    shop.json(&["promote", "v1", "--override", "--reason", "a start"]);
    let offers = shop.json(&["learn", "offers"]);
    assert_eq!(
        keys(&offers),
        words("release learner before after delta ci95 p_cluster verdict looks learned_from again_after promoted")
    );
    assert_eq!(keys(&offers["before"]), words("auc auc_error log_loss macro_f1 ece n positives"));
    assert_eq!(
        (&offers["promoted"], &offers["verdict"], &offers["looks"], &offers["again_after"]),
        (&json!(true), &json!("better"), &json!(1), &json!(200))
    );
    let live = shop.json(&["models", "show", "live"]);
    assert_eq!((&live["release"], &live["parent"]), (&offers["release"], &json!(1)));
    assert_eq!(live["verdict"], "better", "the learner's own");
    let compared = shop.json(&["compare", "v1", "live"]);
    let learned = &compared["learned"][0];
    assert_eq!(
        (&learned["learner"], &learned["judged_beside"], compared["learned"].as_array().map(Vec::len)),
        (&json!("offers"), &json!(1), Some(1))
    );
    assert_eq!((&learned["found"]["verdict"], &learned["judged"]["verdict"]), (&json!("better"), &json!("better")));
    let n = |found: &str| learned[found]["after"]["n"].as_u64().unwrap();
    assert!(n("judged") > 0 && n("judged") < n("found"), "by test groups alone: {learned}");
    assert_eq!((&compared["same_intents"], &compared["looks"]), (&json!(true), &first["looks"]), "no look is spent");
    let told = shop.run(&["compare", "v1", "live"]).out;
    assert!(told.contains("intents: the same in both; no look at the sealed half"), "{told}");
    assert!(told.contains("\noffers: v2 beside v1, v1 has learnt none\nbetter: "), "{told}");
    assert!(!told.contains("per intent") && !told.contains(" learned from "), "{told}");
    let shown = shop.run(&["models", "show", "live"]).out;
    assert!(shown.contains("better: the log loss fell by ") && !shown.contains("did not go live"), "{shown}");
    let (code, again) = shop.json_code(&["learn", "offers"]);
    assert_eq!((code, &again["enough"]), (0, &json!(false)));
    let nothing = format!("nothing new since v{}", offers["release"]);
    assert!(again["says"].as_str().unwrap().contains(&nothing), "{again}");
    shop.fails(&["queue", "sentiment<0"], 1, "sentiment has no data yet");
    let feels = shop.json(&["learn", "sentiment"]);
    assert_eq!(keys(&feels["before"]), words("auc auc_error log_loss macro_f1 ece n positives"));
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
    let asked = [
        ("this is useless, it is wrong again", "Sorry, I could not find it."),
        ("great, perfect, thank you so much", "Done."),
    ]
    .map(|(text, before)| json!({"text": text, "history": [before]}).to_string() + "\n");
    let felt = shop.run_with(&["predict"], &asked.concat()).out;
    let felt: Vec<f64> =
        felt.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["sentiment"].as_f64().unwrap()).collect();
    assert!(felt[0] < 0.0 && felt[1] > 0.0, "a release that learnt it tells it: {felt:?}");
    let server = Serving::start(&shop);
    for (asked, felt) in asked.iter().zip(&felt) {
        let (_, served) = server.ask("POST", "/model/parse", asked.trim_end());
        assert_eq!(served["sentiment"].as_f64(), Some(*felt), "as predict tells it: {served}");
    }
    let (_, served) = server.ask("POST", "/model/parse", "{\"text\":\"?\"}");
    assert!(served["sentiment"].is_number(), "signs alone are a turn, too: {served}");
    drop(server);
    let bad = shop.json(&["queue", "sentiment<0", "--limit", "1000"]).as_array().unwrap().len();
    assert!(bad > 0, "the model's word is kept beside each conversation");
    assert_eq!(shop.json(&["queue", "accepted:Shuttle", "--limit", "1000"]).as_array().unwrap().len(), 200, "of 900");
    let shown = shop.json(&["show", "#1"]);
    assert!(!shown["felt"].as_array().unwrap().is_empty(), "the customer's turns as they are read: {shown}");
    let mut more = rated(930).split_off(900);
    more.iter_mut().for_each(|c| drop(c.as_object_mut().unwrap().remove("csat")));
    shop.import(&more);
    assert_eq!(
        shop.json(&["queue", "sentiment>=-1", "--limit", "0"]).as_array().unwrap().len(),
        930,
        "import reads them"
    );
}

/// Nobody has labelled anything, and no release is live: what is better goes live all the same, and tells what it has learnt.
#[test]
fn what_is_learnt_goes_live_where_nothing_was_labelled() {
    let shop = Shop::empty();
    let file = shop.write("shop.jsonl", &jsonl(&rated(900)));
    // The command does not learn, and says who does.
    let imported = shop.run(&["import", file.to_str().unwrap()]);
    for what in ["sentiment", "offers"] {
        assert!(imported.err.contains(&format!("(`appraise learn {what}`)")), "{}", imported.err);
    }
    assert_eq!(shop.json(&["models"]), json!([]));
    // Asked to it does, in the same document, and changes no exit code; a second time nothing is due.
    let other = Shop::empty();
    let told = other.json(&["import", file.to_str().unwrap(), "--learn"]);
    let learned = told["learned"].as_array().unwrap();
    assert_eq!(learned.iter().map(|l| l["learner"].as_str().unwrap()).collect::<Vec<_>>(), ["sentiment", "offers"]);
    assert_eq!((&told["new"], &learned[1]["promoted"]), (&json!(900), &json!(true)), "{told}");
    let again = other.run(&["import", file.to_str().unwrap(), "--learn"]);
    assert!(again.code == 0 && !again.err.contains("offers"), "{}", again.err);
    shop.fails(&["learn", "offers", "--read-only"], 1, "what is learnt cannot be kept in it");
    let offers = shop.json(&["learn", "offers"]);
    assert_eq!((&offers["promoted"], &offers["verdict"]), (&json!(true), &json!("better")), "{offers}");
    let listed = shop.run(&["models"]).out;
    assert!(listed.contains("always the same") && !listed.contains("of live"), "nothing was live: {listed}");
    let asked = shop.run_with(
        &["predict"],
        "{\"text\":\"where is my order\",\"offers\":[{\"name\":\"Shuttle\",\"channel\":\"app\"}]}\nhello\n",
    );
    assert_eq!((asked.code, asked.out.lines().count()), (0, 2), "{}", asked.err);
    assert!(asked.err.contains("v1 tells no intents") && asked.err.contains("under `offers` all"), "{}", asked.err);
    let said: Value = serde_json::from_str(asked.out.lines().next().unwrap()).unwrap();
    assert!(said["intent"].is_null() && said["response"].is_null() && said["ranking"] == json!([]), "{said}");
    assert!(said["offers"][0]["propensity"].as_f64().is_some(), "{said}");
    // It can be taken back, and a person brings it back.
    let back = shop.run(&["rollback", "--reason", "too pushy"]);
    assert_eq!(
        (back.code, back.out.as_str()),
        (0, "nothing is live any more; 0 predictions renewed\n"),
        "{}",
        back.err
    );
    assert!(back.err.contains("took back v1's offers: none of it goes live by itself"), "{}", back.err);
    shop.fails(&["predict"], 1, "no release is live");
    shop.fails(&["rollback", "--reason", "again"], 1, "nothing is live that could be taken back");
    assert!(shop.json(&["models", "live"])[0]["until"].is_string());
    shop.json(&["promote", "v1", "--reason", "after all"]);
    assert_eq!(shop.json(&["models", "verify", "v1"])["reproduced"], true);
    let exported = shop.json(&["export", "model", "--out", "model"]);
    let files = exported["files"].to_string();
    assert!(
        files.contains("model.json") && files.contains("offers_coins.npy") && !files.contains("sentiment_"),
        "{files}"
    );
    let about = std::fs::read(shop.path("model/model.json")).unwrap();
    let about: Value = serde_json::from_slice(&about).unwrap();
    assert!(about["intents"] == json!([]) && about["offers"]["answers"].as_u64() > Some(0), "{about}");
    assert!(about["offers"]["chances_told"] == true && files.contains("offers_near_weights.npy"), "{about}");
    let answers = shop.json(&["learn", "responses"]);
    assert!(answers["says"].as_str().unwrap().contains("tells no intents that answers could be given to"), "{answers}");
    // What is fine-tuned then carries it on.
    let (_, tuned) = shop.json_code(&["finetune"]);
    assert_ne!(tuned["before_is"], "model", "{tuned}");
    shop.json(&["promote", "v2", "--override", "--reason", "intents"]);
    let asked = shop.run_with(&["predict"], "{\"text\":\"where is my order\",\"offers\":[{\"name\":\"Shuttle\"}]}\n");
    let said: Value = serde_json::from_str(asked.out.lines().next().unwrap()).unwrap();
    assert!(said["intent"].is_string() && said["offers"][0]["propensity"].as_f64().is_some(), "{said}");
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
    let again = shop.run(&["import", "shop.jsonl"]);
    assert!(!again.err.contains("appraise learn"), "nothing came that could be learnt from: {}", again.err);
    for what in ["sentiment", "offers"] {
        let said = shop.json(&["learn", what]);
        assert_eq!((keys(&said), &said["enough"]), (words("enough says"), &json!(false)));
        let says = said["says"].as_str().unwrap();
        assert!(says.to_lowercase().contains("about "), "{said}");
    }
}

/// What stores have to tell from: a sentence that says how much more, no number, exit 0; nothing is made.
#[test]
fn odd_stores_get_a_sentence_and_no_number() {
    type Change = fn(usize, &mut Value);
    let without: Change = |_, c| {
        c.as_object_mut().unwrap().remove("csat");
        c.as_object_mut().unwrap().remove("offers");
    };
    let cases: [(&str, usize, Change, &str, &str); 6] = [
        ("ten rows", 10, |_, _| {}, "are enough for all of it", "are enough for all of it"),
        ("no rating, no offer", 600, without, "more ratings are needed", "answers are needed (about "),
        (
            "constant",
            600,
            |_, c| {
                c["csat"] = json!({"score": 4, "max": 5});
                c["offers"][0]["status"] = json!("accepted");
            },
            "ratings is bad: there is nothing to tell apart until",
            "answered offers were accepted: there is nothing to tell apart until",
        ),
        (
            "all bad, all declined",
            600,
            |_, c| {
                c["csat"] = json!({"score": 1, "max": 5});
                c["offers"][0]["status"] = json!("declined");
            },
            "ratings is good: there is nothing to tell apart until",
            "answered offers were refused or left unanswered: there is nothing to tell apart until",
        ),
        (
            "hardly a bad one, hardly a yes",
            600,
            |i, c| {
                c["csat"] = json!({"score": if i % 29 == 0 { 1 } else { 5 }, "max": 5});
                c["offers"][0]["status"] = json!(if i % 29 == 0 { "accepted" } else { "ignored" });
            },
            "are bad; about ",
            "are a yes;",
        ),
        (
            "offers without an end",
            600,
            |_, c| c["offers"][0]["status"] = json!("shown"),
            "",
            "answers are needed (about ",
        ),
    ];
    for (what, n, change, feels, offers) in cases {
        let shop = Shop::empty();
        let mut all = rated(n);
        all.iter_mut().enumerate().for_each(|(i, c)| change(i, c));
        shop.import(&all);
        for (learner, says) in [("sentiment", feels), ("offers", offers)] {
            if says.is_empty() {
                continue;
            }
            let (code, said) = shop.json_code(&["learn", learner]);
            assert_eq!(
                (code, keys(&said), &said["enough"]),
                (0, words("enough says"), &json!(false)),
                "{what}: {said}"
            );
            assert!(said["says"].as_str().unwrap().contains(says), "{what}: {said}");
            assert!(!shop.run(&["learn", learner]).out.contains("AUC"), "{what}");
        }
        let (code, said) = shop.json_code(&["learn", "responses"]);
        assert_eq!((code, &said["enough"]), (0, &json!(false)), "{what}: {said}");
        assert_eq!(shop.json(&["models"]), json!([]), "{what}: nothing is made");
    }
}

/// Ratings and answers that a coin decided: a candidate that stays one, and no propensity.
#[test]
fn what_contradicts_itself_is_not_promoted_and_tells_no_chance() {
    let shop = Shop::empty();
    let mut all = rated(900);
    for (i, c) in all.iter_mut().enumerate() {
        let coin = |salt: usize| ((i * 2_654_435_761 + salt * 40_503) % 1_009).is_multiple_of(2);
        c["csat"] = json!({"score": if coin(1) { 5 } else { 1 }, "max": 5});
        c["offers"][0]["status"] = json!(if coin(2) { "accepted" } else { "declined" });
    }
    shop.import(&all);
    shop.json_code(&["finetune"]);
    shop.json(&["promote", "v1", "--override", "--reason", "a start"]);
    for learner in ["sentiment", "offers"] {
        let said = shop.run(&["learn", learner]).out;
        assert!(said.contains("learned nothing better than always saying the most frequent ("), "{said}");
        assert!(said.lines().count() == 1 && !said.contains("AUC"), "a sentence, no table: {said}");
        let made = shop.json(&["models", "show", "newest"]);
        assert_eq!((&made["state"], &made["verdict"]), (&json!("candidate"), &json!("cannot_tell")), "{made}");
        let shown = shop.run(&["models", "show", "newest"]).out;
        assert!(
            shown.contains("cannot tell: the log loss ") && shown.contains("it did not go live by itself: "),
            "{shown}"
        );
    }
    let asked = shop.run_with(&["predict"], "{\"text\":\"where is my order\",\"offers\":[{\"name\":\"Shuttle\"}]}\n");
    let said: Value = serde_json::from_str(asked.out.lines().next().unwrap()).unwrap();
    assert!(said["offers"].is_null() || said["offers"][0]["propensity"].is_null(), "{said}");
}

/// `propensity` and `policy` of turns and offers come in and are shown, and say what always giving an answer would bring; what is no chance
/// is kept and named.
#[test]
fn how_answers_were_drawn_is_kept_and_counted() {
    let shop = Shop::empty();
    let mut all = conversations(600);
    for (i, c) in all.iter_mut().enumerate() {
        let first = i % 4 != 0;
        c["outcome"] = json!(if first == (i % 5 != 0) { "resolved" } else { "failed" });
        let bot = &mut c["turns"][1];
        bot["action"] = json!(if first { "utter_first" } else { "utter_second" });
        bot["propensity"] = json!(if first { 0.75 } else { 0.25 });
        bot["policy"] = json!("explore-1");
        c["offers"] =
            json!([{"name": "Shuttle", "turn": 1, "status": "declined", "propensity": 0.5, "policy": "random"}]);
        if i == 7 {
            c["turns"][1]["propensity"] = json!(1.5);
        }
    }
    let file = shop.write("drawn.jsonl", &super::shop::jsonl(&all));
    let ran = shop.run(&["import", file.to_str().unwrap()]);
    assert!(ran.code == 0 && ran.err.contains("propensity"), "{}", ran.err);
    // They stand beside what they are about; the one that is no chance is kept as it came.
    for (at, chance) in [(1, 0.75), (4, 0.25), (7, 1.5)] {
        let shown = shop.run(&["show", &format!("shop:c-{at}"), "--json"]).out;
        assert!(shown.contains(&format!("\"propensity\":{chance}")), "{shown}");
        assert!(shown.contains("\"policy\":\"explore-1\"") && shown.contains("\"policy\":\"random\""), "{shown}");
    }
    let again = shop.json(&["import", file.to_str().unwrap()]);
    assert_eq!((&again["same"], &again["updated"]), (&json!(600), &json!(0)));
    let ranked = shop.json(&["responses", "rank"]);
    let logged: Vec<&Value> = ranked["answers"].as_array().unwrap().iter().filter(|a| !a["logged"].is_null()).collect();
    assert!(!logged.is_empty(), "{ranked}");
    let draws: u64 =
        logged.iter().filter(|a| a["answer"] == "utter_first").map(|a| a["logged"]["n"].as_u64().unwrap()).sum();
    assert!(draws > 400, "all draws of an intent's place count: {draws}");
}

/// Of a log of which all failures and a tenth of the rest came in, shares are those of the log.
#[test]
fn sampled_logs_are_weighed_in_responses_and_in_what_learns() {
    let shop = Shop::empty();
    let mut all = rated(900);
    for (i, c) in all.iter_mut().enumerate() {
        let bad = i % 2 == 1;
        c["outcome"] = json!(if bad { "failed" } else { "resolved" });
        c["sampling"] =
            json!({"stratum": if bad { "failure" } else { "rest" }, "probability": if bad { 1.0 } else { 0.1 }});
    }
    shop.import(&all);
    let ranked = shop.json(&["responses", "rank"]);
    assert_eq!(ranked["sampled"], true);
    for a in ranked["answers"].as_array().unwrap() {
        let (w, o) = (&a["weighed"], &a["outcomes"]);
        let stands = o["failed"].as_f64().unwrap() + 10.0 * o["resolved"].as_f64().unwrap();
        assert!((w["n"].as_f64().unwrap() - stands).abs() < 1e-6 && w["worth"].as_f64() <= w["n"].as_f64(), "{a}");
        let found = shop.json(&["queue", a["query"].as_str().unwrap(), "--limit", "100000"]);
        assert_eq!(found.as_array().unwrap().len() as u64, a["n"].as_u64().unwrap());
    }
    for learner in ["sentiment", "offers"] {
        let said = shop.json(&["learn", learner]);
        let (n, worth) = (said["after"]["n"].as_f64().unwrap(), said["after"]["worth"].as_f64().unwrap());
        assert!(worth > 0.4 * n && worth < 0.75 * n, "half of one kind and half of another, ten to one: {said}");
        let made = format!("v{}", said["release"]);
        assert_eq!(shop.json(&["models", "verify", &made])["reproduced"], true);
    }
}
