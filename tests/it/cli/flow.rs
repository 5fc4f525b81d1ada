//! The loop: fine-tune, compare, promote, predict, roll back.

use super::shop::{Shop, conversations, keys, said, words};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

const COMPARISON: &str =
    "release parent former_recipe before_is before_release before after fixed broken p_value p_cluster delta ci95 verdict needed gate
    gate_reasons left_out gold_version looks train_seconds trained_on intents languages failures calibration coverage responses open";

struct Predict {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Predict {
    fn start(shop: &Shop, args: &[&str]) -> Self {
        let mut command = shop.program();
        command.arg("predict").args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, to, from }
    }

    fn ask(&mut self, line: &str) -> Value {
        writeln!(self.to, "{line}").unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn end(mut self) -> i32 {
        drop(self.to);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

#[test]
fn a_candidate_is_judged_promoted_served_and_taken_back() {
    let shop = Shop::large();
    first_candidate_beats_the_log(&shop);
    promoted_releases_answer(&shop);
    a_worse_candidate_is_refused(&shop);
}

fn first_candidate_beats_the_log(shop: &Shop) {
    shop.fails(&["predict"], 1, "no release is live");
    let early = shop.run_with(&["predict", "--follow"], "hello\n");
    assert_eq!(early.code, 1);
    assert!(early.out.starts_with("{\"error\":\"no release is live"), "{}", early.out);
    shop.fails(&["compare", "live", "v1"], 1, "no release is live");
    let c = shop.json(&["finetune"]);
    assert_eq!(keys(&c), words(COMPARISON));
    assert_eq!(keys(&c["after"]), words("accuracy correct macro_f1 ece n unseen_accuracy unseen_n"));
    assert_eq!(keys(&c["open"]), words("before after flips confusion"));
    assert_eq!(keys(&c["intents"][0]), words("intent n before after f1_before f1_after ci95"));
    assert_eq!(keys(&c["open"]["confusion"][0]), words("gold before after n"));
    let coverage = words("before after open_before open_after costs best_before best_after");
    assert_eq!(keys(&c["coverage"]), coverage);
    assert_eq!(c["coverage"]["costs"], json!({"wrong": 5.0, "handover": 1.0}));
    assert_eq!(keys(&c["coverage"]["best_after"]["open"]), words("threshold answered right n cost"));
    assert_eq!(
        (c["calibration"]["after"].as_array().unwrap().len(), &c["coverage"]["best_before"]),
        (15, &Value::Null)
    );
    assert_eq!(keys(&c["open"]["flips"][0]), words("id n turn kind before after gold text pinned"));
    assert_eq!(
        c["left_out"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["repeats_gold", "not_measured", "intent_not_in_use"]
    );
    assert!(c["after"]["n"].as_u64().unwrap() >= 100, "{}", c["after"]);
    assert_eq!((&c["before_is"], &c["verdict"], &c["gate"]), (&json!("log"), &json!("better"), &json!("pass")));
    assert_eq!((&c["release"], &c["parent"], &c["looks"]), (&json!(1), &Value::Null, &json!(1)));
    assert!(c["after"]["accuracy"].as_f64().unwrap() > c["before"]["accuracy"].as_f64().unwrap());

    let again = shop.json(&["compare", "log", "v1"]);
    assert_eq!(keys(&again), words(COMPARISON));
    assert_eq!((&again["after"], &again["looks"]), (&c["after"], &json!(2)));
    let human = shop.run(&["compare", "log", "1"]).out;
    for words in [
        "before: the log",
        "after: v1",
        "verdict: BETTER",
        "gate: passes",
        "F1 before",
        "open half:",
        "look 3",
        "hand over at ",
        "mistaken (open half)",
    ] {
        assert!(human.contains(words), "{words}: {human}");
    }
    let dear = shop.write("dear.toml", "[costs]\nwrong = 1e6\n");
    let dear = shop.json(&["compare", "log", "v1", "--config", dear.to_str().unwrap()]);
    assert_eq!(dear["coverage"]["costs"], json!({"wrong": 1e6, "handover": 1.0}));
    shop.fails(&["compare", "v1", "v1"], 1, "itself");
    shop.fails(&["compare", "log", "v9"], 1, "no release called");
    shop.fails(&["finetune", "--trainer", "rasa"], 1, "there is no [trainer.rasa]");
    shop.fails(&["finetune", "--cycle", "nothing"], 1, "no cycle called");
}

fn promoted_releases_answer(shop: &Shop) {
    let promoted = shop.json(&["promote", "v1"]);
    assert_eq!(
        (keys(&promoted), &promoted["live"], &promoted["renewed"]),
        (words("live renewed"), &json!(1), &json!(1_500))
    );
    let models = shop.json(&["models"]);
    assert_eq!(
        keys(&models[0]),
        words(
            "release parent at by state recipe seed decision gold_version trained_on intents sha256 bytes train_seconds accuracy sealed measured_on compared_with before_is verdict gate reasons"
        )
    );
    assert_eq!(models[0]["state"], "live");
    assert!(shop.json(&["queue"])[0]["suggested"].is_string());
    assert_eq!(keys(&shop.json(&["stats"])["accuracy"][0]), words("release week accuracy n"));

    let mut live = Predict::start(shop, &["--follow", "--top", "2"]);
    let mut fixed = Predict::start(shop, &["--release", "v1"]);
    let answer = live.ask(&said(3).1);
    assert_eq!(keys(&answer), words("text intent confidence ranking out_of_scope response release"));
    assert_eq!((&answer["intent"], &answer["release"]), (&json!(said(3).0), &json!(1)));
    assert_eq!(
        (answer["ranking"].as_array().unwrap().len(), keys(&answer["ranking"][0])),
        (2, words("intent confidence"))
    );
    assert_eq!(answer["response"], json!(format!("About {}: done.", said(3).0)));
    assert_eq!(fixed.ask(&json!({"text": said(2).1}).to_string())["intent"], json!(said(2).0));

    // A second release that nobody can tell from the first needs a reason.
    let (code, second) = shop.json_code(&["finetune", "--seed", "2"]);
    assert_eq!(
        (code, &second["before_is"], &second["parent"], &second["verdict"]),
        (0, &json!("model"), &json!(1), &json!("cannot_tell"))
    );
    shop.fails(&["promote", "v2"], 3, "give a reason");
    assert_eq!(shop.json(&["promote", "newest", "--reason", "other seed"])["live"], 2);
    assert_eq!(live.ask("hello")["release"], 2, "a promotion is taken up without a restart");
    assert_eq!(fixed.ask("hello")["release"], 1);
    assert_eq!(live.ask("{\"words\":1}"), json!({"line": 3, "error": "line 3: this object has no `text`"}));
    let half = live.ask("{\"text\":\"\\ud83d\"}");
    assert!(half["line"] == 4 && half["error"].as_str().unwrap().contains("half a character"), "{half}");
    let nothing = live.ask(" 👍 …");
    assert_eq!(
        (&nothing["intent"], &nothing["confidence"], &nothing["response"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&nothing["ranking"], &nothing["out_of_scope"]), (&json!([]), &json!(true)));
    assert_eq!((live.end(), fixed.end()), (1, 0));

    shop.fails(&["rollback"], 2, "--reason");
    assert_eq!(shop.json(&["rollback", "--reason", "no better"]), json!({"live": 1, "renewed": 1_500}));
    let history = shop.json(&["models", "live"]);
    assert_eq!(keys(&history[0]), words("release from until how by reason"));
    let told: Vec<_> = history.as_array().unwrap().iter().map(|s| (s["release"].clone(), s["how"].clone())).collect();
    assert_eq!(told, [(json!(1), json!("promoted")), (json!(2), json!("promoted")), (json!(1), json!("rolled_back"))]);
    assert_eq!((&history[2]["until"], &history[2]["reason"]), (&Value::Null, &json!("no better")));
    assert_eq!(shop.json(&["models", "--live-on", "2026-11-21"]), json!([]), "the day before the first promotion");
    let then = shop.json(&["models", "--live-on", "2026-12-01"]);
    assert_eq!((then.as_array().unwrap().len(), &then[0]["release"]), (1, &json!(1)));
    assert!(shop.run(&["models", "--live-on", "2026-11-22"]).out.contains("rolled back to"));
    shop.fails(&["models", "--live-on", "yesterday"], 2, "yesterday");
    shop.fails(&["models", "reject", "v1", "--reason", "x"], 1, "live");
    let rejected = shop.json(&["models", "reject", "v2", "--reason", "no use"]);
    assert_eq!((&rejected["reasons"][0], &rejected["state"]), (&json!("no use"), &json!("rejected")));
    assert_eq!(shop.json(&["models", "show", "v2"])["comparison"]["release"], 2);
    let human = shop.run(&["models", "show", "v2"]).out;
    for words in ["decisions up to", "gold version 1", "built in", "against v1", "seed 2"] {
        assert!(human.contains(words), "{words}: {human}");
    }
}

fn a_worse_candidate_is_refused(shop: &Shop) {
    // Examples that say of everything that it is an invoice.
    let rows: String = (1_500..6_000).map(|i| format!("\"{}\",invoice_copy\n", said(i).1)).collect();
    let file = shop.write("wrong.csv", &format!("text,intent\n{rows}"));
    shop.json(&["intents", "import", file.to_str().unwrap()]);
    let (code, worse) = shop.json_code(&["finetune"]);
    assert_eq!((code, &worse["gate"], &worse["verdict"]), (3, &json!("refuse"), &json!("worse")));
    assert_eq!(shop.json_code(&["compare", "live", "newest"]).0, 3);
    shop.fails(&["promote", "newest"], 3, "the gate refuses");
    shop.fails(&["promote", "newest", "--override"], 3, "reason");
    assert_eq!(shop.json(&["models", "show", "newest"])["state"], "candidate");
    let ran = shop.run(&["promote", "newest", "--override", "--reason", "a test"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn without_gold_nobody_can_tell() {
    let shop = Shop::empty();
    let mut lines = conversations(40);
    lines.iter_mut().for_each(|c| {
        c["turns"][0].as_object_mut().unwrap().remove("gold_intent");
    });
    shop.import(&lines);
    shop.fails(&["finetune"], 1, "nothing to learn from");
    let rows: String = (2_000..2_080).map(|i| format!("\"{}\",{}\n", said(i).1, said(i).0)).collect();
    let file = shop.write("base.csv", &format!("text,intent\n{rows}"));
    shop.json(&["intents", "import", file.to_str().unwrap()]);
    let c = shop.json(&["finetune", "--from", "scratch"]);
    assert_eq!((&c["verdict"], &c["after"]["n"], &c["gold_version"]), (&json!("cannot_tell"), &json!(0), &Value::Null));
    let human = shop.run(&["models", "show", "v1"]).out;
    assert!(human.contains("there is no gold yet"), "{human}");
}
