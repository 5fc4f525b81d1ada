//! External trainers by the binary. The trainer is this very test program, started with `acts_as_a_trainer` alone: what libtest
//! prints is talk to the protocol, and no other language is needed.

use super::shop::{Ran, Shop, conversations, said};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{BufRead, Write};
use std::path::Path;

/// A shop whose customers leave their address, and its configuration.
struct Desk {
    shop: Shop,
}

impl Desk {
    fn with(n: usize) -> Self {
        let desk = Self { shop: Shop::empty() };
        desk.import(0, n);
        let exe = std::env::current_exe().unwrap();
        let command = json!([exe, "--exact", "cli::trainer::acts_as_a_trainer", "--nocapture"]);
        let trainer = |name: &str, act: &str, more: &str| {
            format!("{name} = {{ command = {command}, options = {{ act = \"{act}\" }}{more} }}\n")
        };
        let acts: String = ["good", "fails", "half", "liar", "link"].iter().map(|act| trainer(act, act, "")).collect();
        let more = trainer("slow", "slow", ", limit = 1")
            + &trainer("open", "good", ", reveal = true")
            + &trainer("mute", "mute", "")
            + "gone = { command = [\"./no-such-program\"] }\n";
        desk.shop.write("config.toml", &format!("[trainer]\n{acts}{more}"));
        desk
    }

    fn import(&self, from: usize, to: usize) {
        let mut lines = conversations(to).split_off(from);
        for line in &mut lines {
            let text = format!("{} me@mail.example", line["turns"][0]["text"].as_str().unwrap());
            line["turns"][0]["text"] = json!(text);
        }
        self.shop.import(&lines);
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.shop.run(&[&["--config", "config.toml"], args].concat())
    }

    fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }

    fn fails(&self, args: &[&str], says: &str) {
        let ran = self.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{args:?} says {}", ran.err);
    }
}

#[test]
fn a_trainers_release_is_judged_promoted_and_served_like_any_other() {
    let desk = Desk::with(600);
    let first = desk.json(&["finetune", "--trainer", "good"]);
    assert_eq!(
        (&first["before_is"], &first["release"], &first["left_out"]["not_measured"]),
        (&json!("log"), &json!(1), &json!(0))
    );
    assert!(first["after"]["accuracy"].as_f64() > first["before"]["accuracy"].as_f64(), "{first}");
    let model = &desk.json(&["models"])[0];
    assert_eq!((&model["outside"], &model["recipe"]), (&json!("trainer:good"), &json!("trainer good")));
    assert_eq!(desk.json(&["compare", "log", "v1"])["after"], first["after"], "its answers are kept");

    assert_eq!(desk.json(&["promote", "v1", "--reason", "a test"])["renewed"], 600);
    let row = desk.json(&["queue"])[0].clone();
    assert!(row["suggested"].is_string() && row["confidence"].is_number(), "{row}");
    assert_eq!(desk.json(&["stats"])["accuracy"][0]["accuracy"], first["after"]["accuracy"]);
    let ask =
        |config: &[&str]| desk.shop.run_with(&[config, &["predict"]].concat(), &format!("{}\nhello\n", said(3).1));
    let answers = ask(&["--config", "config.toml"]);
    let answer: Value = serde_json::from_str(answers.out.lines().next().unwrap()).unwrap();
    assert_eq!((&answer["intent"], &answer["release"]), (&json!(said(3).0), &json!(1)), "{}", answers.err);
    assert_eq!(answer["response"], json!(format!("About {}: done.", said(3).0)));
    assert_eq!(answers.out.lines().count(), 2);
    desk.json(&["intents", "rename", said(3).0, "bill"]);
    let renamed: Value = serde_json::from_str(ask(&["--config", "config.toml"]).out.lines().next().unwrap()).unwrap();
    assert_eq!(renamed["intent"], json!(said(3).0), "until the next promotion");
    let unnamed = ask(&[]);
    assert!(unnamed.code == 1 && unnamed.err.contains("[trainer.good]"), "{}", unnamed.err);

    // Gold that is new since the run: asked where the trainer is at hand, else measured for neither.
    desk.import(600, 900);
    desk.json(&["gold", "freeze"]);
    let without = desk.shop.json(&["compare", "log", "v1"]);
    assert_eq!(
        (&without["after"]["n"], &without["after"]["correct"]),
        (&first["after"]["n"], &first["after"]["correct"])
    );
    assert!(without["left_out"]["not_measured"].as_u64().unwrap() > 0);
    let asked = desk.json(&["compare", "log", "v1"]);
    assert_eq!(asked["left_out"]["not_measured"], 0);
    assert!(asked["after"]["n"].as_u64() > without["after"]["n"].as_u64());
    assert_eq!(desk.shop.json(&["compare", "log", "v1"])["after"], asked["after"], "what was asked is kept");

    // The next one goes on from it, and a release of the built-in classifier is compared with it.
    let second = desk.json(&["finetune", "--trainer", "good"]);
    assert_eq!((&second["parent"], &second["before_is"]), (&json!(1), &json!("model")));
    assert_eq!(desk.json(&["models"])[0]["recipe"], "trainer good, from live");
    let built_in = desk.json(&["finetune", "--from", "scratch"]);
    assert_eq!((&built_in["before_release"], &built_in["left_out"]["not_measured"]), (&json!(1), &json!(0)));
    // Where it cannot be asked the queue shows the log's own guesses.
    desk.import(900, 901);
    desk.json(&["finetune", "--trainer", "mute"]);
    assert_eq!(desk.json(&["promote", "newest", "--override", "--reason", "a test"])["renewed"], 901);
    assert_eq!(desk.json(&["queue"])[0]["suggested"], Value::Null);
    desk.fails(&["predict"], "does not serve");
}

#[test]
fn what_a_trainer_does_wrong_is_said_and_leaves_nothing() {
    let desk = Desk::with(60);
    for (trainer, says) in [
        ("fails", "(exit 7): no memory left for ☃"),
        ("half", "predictions.jsonl: the last line is incomplete"),
        ("liar", "\"nonsense\" is no intent"),
        ("link", "artefact/passwd: it is no regular file"),
        ("slow", "was stopped after 1 s"),
        ("gone", "cannot start"),
        ("god", "did you mean \"good\"?"),
    ] {
        desk.fails(&["finetune", "--trainer", trainer], says);
    }
    assert_eq!(desk.json(&["models"]), json!([]));
    assert_eq!(desk.json(&["finetune", "--trainer", "open"])["release"], 1, "reveal lifts the masks");
}

/// Acts as a trainer when it is started as one; else there is nothing to see here.
#[test]
fn acts_as_a_trainer() {
    if std::env::var_os("APPRAISE_TRAINER").is_none() {
        return;
    }
    let args: Vec<String> = std::env::args().collect();
    let dir = Path::new(args.last().unwrap());
    match args[args.len() - 2].as_str() {
        "train" => act(dir),
        "serve" => serve(dir),
        other => panic!("started with {other}"),
    }
    std::process::exit(0);
}

fn rows(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn act(dir: &Path) {
    let config: Value = serde_json::from_str(&fs::read_to_string(dir.join("config.json")).unwrap()).unwrap();
    let train = fs::read_to_string(dir.join("train.jsonl")).unwrap();
    let gold = rows(&dir.join("gold.jsonl"));
    assert_eq!(train.contains('@'), config["masked"] == false, "masked texts have no addresses");
    assert!(gold.iter().all(|row| row.get("intent").is_none()), "gold has no labels");
    if std::env::var("APPRAISE_TRAINER").as_deref() == Ok("good") && config["parent"] == "parent" {
        assert!(dir.join("parent/model.jsonl").exists());
    }
    println!("{}\n{{\"progress\": not a number}}", json!({"progress": 0.5, "note": "half"}));
    fs::write(dir.join("artefact/model.jsonl"), &train).unwrap();
    let mut answers: Vec<Value> = gold.iter().map(|row| answer(&rows(&dir.join("train.jsonl")), row)).collect();
    match config["options"]["act"].as_str().unwrap() {
        "fails" => {
            eprintln!("no memory left for ☃");
            std::process::exit(7);
        }
        "slow" => std::thread::sleep(std::time::Duration::from_secs(60)),
        "liar" => answers[0]["intent"] = json!("nonsense"),
        "mute" => fs::remove_file(dir.join("artefact/model.jsonl")).unwrap(),
        #[cfg(unix)]
        "link" => std::os::unix::fs::symlink("/etc/passwd", dir.join("artefact/passwd")).unwrap(),
        _ => {}
    }
    let mut text: String = answers.iter().rev().map(|a| format!("{a}\n")).collect();
    if config["options"]["act"] == "half" {
        text.truncate(text.len() - 5);
    }
    fs::write(dir.join("predictions.jsonl"), text).unwrap();
}

/// The intent of the texts that share most words.
fn answer(model: &[Value], question: &Value) -> Value {
    let words = |row: &Value| row["text"].as_str().unwrap().split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let asked = words(question);
    let mut votes: HashMap<&str, usize> = HashMap::new();
    for row in model {
        let common = words(row).intersection(&asked).count();
        let best = votes.entry(row["intent"].as_str().unwrap()).or_default();
        *best = (*best).max(common);
    }
    let (intent, _) = votes.into_iter().max_by_key(|&(name, n)| (n, name)).unwrap();
    json!({"id": question["id"], "intent": intent, "confidence": 0.75})
}

fn serve(dir: &Path) {
    let model = rows(&dir.join("model.jsonl"));
    for line in std::io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line.unwrap()).unwrap();
        assert!(!question["text"].as_str().unwrap().contains('@'));
        println!("{}", answer(&model, &question));
        std::io::stdout().flush().unwrap();
    }
}
