//! A shop's AI with its customers, made by hand, and its store in a directory of its own.

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// When everything in the tests happens.
pub const NOW: &str = "2026-11-22T12:00:00Z";

/// A directory with a store, cut off from the machine's configuration.
pub struct Shop {
    dir: TempDir,
}

/// What a command left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shop {
    /// Without a store.
    pub fn empty() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// With a few tens of conversations.
    pub fn small() -> Self {
        let shop = Self::empty();
        shop.import(&conversations(60));
        shop
    }

    /// Enough test customers for a verdict.
    pub fn large() -> Self {
        let shop = Self::empty();
        shop.import(&conversations(1_500));
        shop
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn store(&self) -> PathBuf {
        self.path("store.db")
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub fn import(&self, lines: &[Value]) -> Value {
        let file = self.write("shop.jsonl", &jsonl(lines));
        self.json(&["import", file.to_str().unwrap()])
    }

    /// The program, not yet run.
    pub fn program(&self) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_appraise"));
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("USER", "ada")
            .current_dir(self.dir.path())
            .args(["--store".as_ref(), self.store().as_os_str()])
            .args(["--now", NOW]);
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    pub fn run_with(&self, args: &[&str], stdin: &str) -> Ran {
        let mut command = self.program();
        command.args(args);
        let output = Command::from_std(command).write_stdin(stdin).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs with `--json`: done, and one value on standard output.
    pub fn json(&self, args: &[&str]) -> Value {
        let (code, value) = self.json_code(args);
        assert_eq!(code, 0, "{args:?}");
        value
    }

    /// As [`Shop::json`], whatever the exit code.
    pub fn json_code(&self, args: &[&str]) -> (i32, Value) {
        let ran = self.run(&[args, &["--json"]].concat());
        let value = serde_json::from_str(&ran.out)
            .unwrap_or_else(|e| panic!("{args:?} exits {}: {e}\n{}\n{}", ran.code, ran.out, ran.err));
        (ran.code, value)
    }

    /// Fails with this code, says something of this and prints nothing.
    pub fn fails(&self, args: &[&str], code: i32, says: &str) {
        let ran = self.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{args:?} says {}", ran.err);
    }

    /// Conversations outside test groups, as `queue` lists them.
    pub fn training(&self) -> Vec<Value> {
        self.json(&["queue", "test:hidden", "--limit", "0", "--sort", "value"]).as_array().unwrap().clone()
    }

    /// Names of conversations of test groups.
    pub fn test_group(&self) -> Vec<String> {
        let all = self.json(&["queue", "test:only", "--limit", "0", "--sort", "oldest"]);
        all.as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// The keys of an object, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// Words, sorted: for comparing with [`keys`].
pub fn words(list: &str) -> Vec<&str> {
    let mut words: Vec<&str> = list.split_whitespace().collect();
    words.sort_unstable();
    words
}

pub fn jsonl(lines: &[Value]) -> String {
    lines.iter().map(|l| format!("{l}\n")).collect()
}

/// Intents and how customers say them.
const SAYINGS: [(&str, [&str; 4]); 4] = [
    (
        "refund_status",
        [
            "when do i get my refund for",
            "is the money back yet for",
            "refund missing",
            "still waiting to be paid back for",
        ],
    ),
    ("order_status", ["where is my", "when does it arrive, the", "track the parcel with", "has it been shipped,"]),
    (
        "change_booking",
        ["can we come later for", "move my reservation of", "another date please for", "reschedule our"],
    ),
    (
        "invoice_copy",
        ["send me the bill of", "i need a receipt for", "invoice again please,", "copy of the paperwork for"],
    ),
];
const THINGS: [&str; 10] = [
    "blue jacket",
    "garden chair",
    "two lamps",
    "green kettle",
    "old sofa",
    "big mirror",
    "wool socks",
    "desk",
    "phone case",
    "tent",
];
const TAILS: [&str; 7] = [
    "from monday",
    "for my sister",
    "bought in may",
    "i told you about",
    "with express delivery",
    "paid by card",
    "thanks",
];

/// What customer `i` wants and says.
pub fn said(i: usize) -> (&'static str, String) {
    let (intent, forms) = SAYINGS[i % SAYINGS.len()];
    let (form, thing, tail) = (forms[i / 4 % 4], THINGS[i / 16 % 10], TAILS[i / 160 % 7]);
    (intent, format!("{form} {thing} {tail} {}", 1000 + i * 7))
}

/// `n` conversations of as many customers. The AI understands three of five; what it does not understand fails, is
/// handed over, or it falls back.
pub fn conversations(n: usize) -> Vec<Value> {
    (0..n).map(conversation).collect()
}

pub fn conversation(i: usize) -> Value {
    let (intent, text) = said(i);
    let wrong = SAYINGS[(i + 1) % SAYINGS.len()].0;
    let at = |minute: usize| format!("2026-{:02}-{:02}T09:{minute:02}:00Z", 9 + i % 3, 1 + i % 28);
    let mut user = json!({"role": "user", "text": text, "at": at(0), "gold_intent": intent});
    let mut bot = json!({"role": "bot", "text": format!("About {intent}: done."), "at": at(1), "action": format!("utter_{intent}")});
    let outcome = match i % 5 {
        0 => "failed",
        1 => "escalated",
        _ => "resolved",
    };
    if i % 10 == 5 {
        user["fallback"] = json!(true);
        bot["fallback"] = json!(true);
    } else {
        user["intent"] = json!(if i % 5 < 2 { wrong } else { intent });
        user["confidence"] = json!(if i % 5 < 2 { 0.4 } else { 0.9 });
    }
    json!({
        "id": format!("c-{i}"), "source": "shop", "customer_id": format!("u-{i}"), "channel": if i.is_multiple_of(2) { "web" } else { "phone" },
        "lang": "en", "outcome": outcome, "turns": [user, bot], "csat": 1 + i % 5,
    })
}

/// Whether a path is there.
pub fn exists(path: &Path) -> bool {
    path.exists()
}
