//! Jobs outside and this program derive the same outcome of the same conversation, and both of their keys of Greek sounds are one.

use crate::domain::Timestamp;
use crate::ingest::input::source::Input;
use crate::ingest::{LogReader, LogRecord, ReadOptions};
use serde_json::Value;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

const FIXTURE: &str = include_str!("../../../tests/fixtures/sampling/outcomes.jsonl");
const RULES: &str = include_str!("../../../assets/sampling/rules.py");
const KEY: &str = include_str!("../../../assets/distill/greek_key.py");
/// When the fixture is read: 2027-01-15T08:00:00Z.
const NOW: i64 = 1_800_000_000_000;

/// What each conversation of the fixture comes to, by its id.
fn expected() -> Vec<(String, String, Value)> {
    let cases = FIXTURE.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    cases.map(|c| (text(&c["record"]["id"]), text(&c["expect"]), c["record"].clone())).collect()
}

#[test]
fn outcomes_are_those_of_the_fixture() {
    for (id, outcome, record) in expected() {
        let read = Box::new(Cursor::new(record.to_string().into_bytes()));
        let input = Input::Stream { name: "log".into(), read };
        let found: Vec<LogRecord> = LogReader::open(input, ReadOptions::new(Timestamp(NOW))).unwrap().collect();
        let [LogRecord::Conversation { conversation, .. }] = found.as_slice() else { panic!("{id}: {found:?}") };
        assert_eq!(conversation.outcome.map(|o| o.name()), Some(outcome.as_str()), "{id}: {conversation:?}");
    }
}

#[test]
fn sampling_jobs_derive_the_same_outcomes() {
    let program = format!(
        "import json, sys\nsys.path.insert(0, sys.argv[1])\nimport rules\n\
         r = rules.Rules(dict(now={NOW}, salt='00', share=0.2, failures=0.5, audit=0.1))\n\
         for line in open(sys.argv[2], encoding='utf-8'):\n    record = json.loads(line)['record']\n    \
         print(record['id'], r.facts(json.dumps(record)).get('outcome'))\n"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (jobs, fixture) = (root.join("assets/sampling"), root.join("tests/fixtures/sampling/outcomes.jsonl"));
    let run = Command::new("python3").args(["-B", "-c", &program]).arg(jobs).arg(fixture).output();
    let Ok(run) = run else {
        eprintln!("not tested: there is no python3");
        return;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said: Vec<String> = String::from_utf8(run.stdout).unwrap().lines().map(str::to_owned).collect();
    let should: Vec<String> = expected().into_iter().map(|(id, outcome, _)| format!("{id} {outcome}")).collect();
    assert_eq!(said, should);
}

/// A part of a script, from a line that begins so to the first that is empty or to its end.
fn part<'t>(script: &'t str, begins: &str) -> &'t str {
    let start = script.find(begins).unwrap_or_else(|| panic!("`{begins}` is gone")) + begins.len();
    script[start..].split("\n\n\n").next().unwrap()
}

#[test]
fn the_key_of_greek_sounds_is_one() {
    // The two ship apart, so neither can import the other.
    for begins in ["LETTERS = ", "    out, i, n = [], 0, len(w)", "PAIRS = "] {
        assert_eq!(part(RULES, begins), part(KEY, begins), "{begins}");
    }
    assert_eq!(part(RULES, "    s = sounds(word)"), part(KEY, "    s = letters(bare(word))"));
}
