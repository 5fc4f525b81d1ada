//! `queue` and `show`

use super::shop::{Shop, conversation, jsonl, keys, words};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const HOSTILE: &str = "=cmd|' /C calc'!A0 \x1b[2J\u{9b}31m \u{202e}evil\u{2066} \u{7}";

fn hostile() -> Shop {
    let shop = Shop::empty();
    // Ids for which the group is a training group: two are enough for one of them.
    let lines: Vec<_> = (0..8)
        .map(|i| {
            let mut c = conversation(i);
            c["turns"][0]["text"] = json!(HOSTILE);
            c["turns"][0]["intent"] = json!("\x1b[31mrefund");
            c["id"] = json!(format!("@{i}"));
            c
        })
        .collect();
    shop.import(&lines);
    shop
}

#[test]
fn rows_have_the_keys_of_the_contract() {
    let shop = Shop::small();
    let rows = shop.json(&["queue"]);
    let rows = rows.as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(
            keys(row),
            words("id n outcome intent logged suggested confidence written text status value why test_group")
        );
        assert!(["failed", "escalated"].contains(&row["outcome"].as_str().unwrap()));
        assert!(row["why"].as_array().unwrap().iter().all(|w| w.is_string()));
    }
    let values: Vec<f64> = rows.iter().map(|r| r["value"].as_f64().unwrap()).collect();
    assert!(values[0] >= 3.0 && values.first() >= values.last());
}

#[test]
fn queries_sorts_and_limits_are_obeyed() {
    let shop = Shop::small();
    let n = |args: &[&str]| shop.json(&[&["queue"], args].concat()).as_array().unwrap().len();
    assert_eq!(n(&["--all", "--limit", "0"]), 60);
    for sort in ["value", "newest", "outcome,-value", "intent"] {
        assert_eq!(n(&["--all", "--sort", sort, "--limit", "0"]), 60, "no order changes what is found");
    }
    assert_eq!(n(&["--all", "--sort", "oldest", "--limit", "7"]), 7);
    assert_eq!(n(&["outcome:failed", "-channel:web", "--sort", "newest"]), 6);
    assert_eq!(n(&["conf<0.5", "--sort=confidence", "--limit", "3"]), 3);
    assert_eq!(n(&["intent:fallback", "--sort", "newest"]), 6);
    let ran = shop.run(&["queue"]);
    assert!(ran.err.contains("listing outcome:failed,escalated status:open test:hidden"), "{}", ran.err);
    assert_eq!(shop.run(&["queue", "--quiet"]).err, "");
    // A query gives all that it counts, where a program reads it; else the first, and says so.
    let many = Shop::large();
    let listed = |args: &[&str]| many.json(&[&["queue"], args].concat()).as_array().unwrap().len();
    let all = listed(&["--all", "--limit", "0"]);
    assert!(all > 50, "{all}");
    assert_eq!((listed(&["test:shown"]), listed(&["--all"]), listed(&["test:shown", "--limit", "7"])), (all, 50, 7));
    assert!(many.run(&["queue", "--all", "--json"]).err.contains("--limit 0 lists all"));
    assert!(many.run(&["queue", "test:shown"]).out.contains("50 of "));
    shop.fails(&["queue", "outcme:failed"], 2, "did you mean `outcome`");
    shop.fails(&["queue", "--sort", "worth"], 2, "newest");
    shop.fails(&["queue", "--csv", "--json"], 2, "choose one");
    let nothing = shop.run(&["queue", "kryptonite"]);
    assert_eq!((nothing.code, nothing.out.lines().count()), (0, 1));
}

#[test]
fn test_groups_are_hidden_by_a_filter_that_is_told_and_counted_elsewhere() {
    let shop = Shop::small();
    let rows = |args: &[&str]| shop.json(&[&["queue"], args, &["--limit", "0"]].concat()).as_array().unwrap().clone();
    let theirs = |rows: &[serde_json::Value]| rows.iter().filter(|r| r["test_group"] == true).count();
    let (usual, all) = (rows(&[]), rows(&["--all"]));
    let asked = rows(&["outcome:failed,escalated", "status:open"]);
    assert_eq!((theirs(&usual), usual.len() + theirs(&asked)), (0, asked.len()));
    assert!(theirs(&asked) > 0 && theirs(&rows(&["test:only"])) == theirs(&all));
    assert_eq!(rows(&["test:hidden"]).len() + theirs(&all), 60);
    let says = format!("{} of these are of test groups", theirs(&all));
    assert!(shop.run(&["queue", "--all"]).out.contains(&says));
    assert!(shop.run(&["queue", "--all", "--csv"]).err.contains(&says));
    assert!(!shop.run(&["queue"]).out.contains("test group"));
    // A word that only test groups have.
    let text = rows(&["test:only"])[0]["text"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(rows(&[&text]).len(), 1);
    let hidden = shop.run(&["queue", &text, "test:hidden"]);
    assert!(hidden.out.contains("1 of a test group is hidden") && hidden.out.contains("test:shown"), "{}", hidden.out);
    shop.fails(&["queue", "test:hiden"], 2, "did you mean `hidden`");
    for sign in ["👎", "?!", "-👎"] {
        shop.fails(&["queue", "--", sign], 1, "nothing to search for");
    }
}

#[test]
fn a_spreadsheet_is_told_that_it_is_utf_8_when_asked() {
    let shop = Shop::small();
    let (plain, marked) = (shop.run(&["queue", "--csv"]).out, shop.run(&["queue", "--csv", "--bom"]).out);
    assert_eq!(marked, format!("\u{feff}{plain}"));
    shop.fails(&["queue", "--bom"], 2, "--csv");
}

#[test]
fn a_store_that_is_not_there_is_said_and_not_made() {
    let shop = Shop::empty();
    shop.fails(&["queue"], 1, "there is no store at");
    shop.fails(&["--read-only", "queue", "--json"], 1, "there is no store at");
    assert!(!super::shop::exists(&shop.store()));
}

#[test]
fn read_only_reads_and_refuses_to_write() {
    let shop = Shop::small();
    assert_eq!(shop.run(&["--read-only", "queue"]).code, 0);
    shop.fails(&["--read-only", "label", "shop:c-0", "--cause", "policy"], 1, "read-only");
}

#[test]
fn a_closed_pipe_is_success() {
    let shop = Shop::empty();
    shop.import(&super::shop::conversations(3_000));
    let mut child = shop
        .program()
        .args(["queue", "--all", "--limit", "0", "--sort", "newest"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    assert!(first.contains("customer said"));
}

#[test]
fn hostile_text_never_reaches_a_terminal_and_json_keeps_it() {
    let shop = hostile();
    let acts = |text: &str| text.contains(['\x1b', '\u{9b}', '\u{202e}', '\u{2066}', '\u{7}']);
    let queue = shop.json(&["queue", "--all", "--sort", "newest"]);
    assert_eq!(queue[0]["text"], HOSTILE);
    for args in [
        vec!["queue", "--all", "--sort", "newest"],
        vec!["queue", "--all", "--sort", "newest", "--json"],
        vec!["show", "shop:@0"],
        vec!["show", "shop:@0", "--json"],
        vec!["intents", "list"],
        vec!["stats", "--by", "intent"],
        vec!["label", "shop:@0", "--intent", "\x1b[31mrefund"],
        vec!["undo"],
        vec!["label", "\x1b[2Jnobody", "--intent", "x"],
    ] {
        let ran = shop.run(&args);
        assert!(!acts(&ran.out) && !acts(&ran.err), "{args:?}: {} {}", ran.out, ran.err);
    }
    assert!(shop.run(&["queue", "--all", "--sort", "newest"]).out.contains('␛'));
}

#[test]
fn csv_cells_are_neither_formulas_nor_escapes() {
    let shop = hostile();
    let csv = shop.run(&["queue", "--all", "--sort", "newest", "--csv"]).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        headers,
        [
            "id",
            "n",
            "outcome",
            "intent",
            "logged",
            "suggested",
            "confidence",
            "text",
            "status",
            "value",
            "why",
            "test_group",
        ]
    );
    let first = reader.records().next().unwrap().unwrap();
    assert!(first[7].starts_with("'=cmd|") && first[7].contains('␛'), "{}", &first[7]);
    assert!(!csv.chars().any(|c| c.is_control() && c != '\n'), "{csv:?}");
    assert!(first[0].starts_with("shop:@"));
}

#[test]
fn show_is_the_canonical_conversation_with_its_decisions() {
    let shop = Shop::small();
    let shown = shop.json(&["show", "shop:c-1"]);
    assert_eq!(
        (shown["id"].as_str(), shown["source"].as_str(), shown["outcome"].as_str()),
        (Some("c-1"), Some("shop"), Some("escalated"))
    );
    assert_eq!(shown["turns"][0]["text"], conversation(1)["turns"][0]["text"]);
    assert_eq!(keys(&shown["decisions"][0]), words("decision at reviewer kind turn before after state"));
    assert_eq!(shown["decisions"][0]["reviewer"], "import:shop");
    assert_eq!(shop.json(&["show", &format!("#{}", shown["n"])]), shown);
    assert_eq!(shop.json(&["show", "c-1"]), shown);
    let human = shop.run(&["show", "shop:c-1"]).out;
    assert!(
        human.contains("customer") && human.contains("understood as") && human.contains("by import:shop"),
        "{human}"
    );
    shop.fails(&["show", "shop:nobody"], 1, "no conversation called");
    // What it prints can be imported again.
    let (other, mut again) = (Shop::empty(), shown);
    again["csat"] = json!({"score": 4, "max": 5});
    other.write("again.jsonl", &jsonl(&[again]));
    assert_eq!(other.json(&["import", "again.jsonl"])["new"], 1);
    let rated = other.run(&["show", "shop:c-1"]).out;
    assert!(rated.contains("rated 4 of 5") && !human.contains("rated 4"), "{rated}");
}

#[test]
fn views_are_listed_and_shown() {
    let shop = Shop::small();
    let views = shop.json(&["queue", "--views"]);
    let views = views.as_array().unwrap();
    let view = |name: &str| views.iter().find(|v| v["name"] == name).unwrap_or_else(|| panic!("{name}"));
    for v in views {
        assert_eq!(keys(v), words("name query sort count own note"));
        assert_eq!(v["own"], json!(false));
    }
    assert_eq!(view("disputed")["count"], json!(null), "no run has told yet");
    for name in ["all open", "low confidence", "Failed Or Handed Over This Week"] {
        let rows = shop.json(&["queue", "--view", name, "--limit", "0"]);
        let count = &view(&name.to_lowercase())["count"];
        assert_eq!(json!(rows.as_array().unwrap().len()), *count, "{name}");
    }
    let all = shop.json(&["queue", "--view", "low confidence", "--limit", "0"]);
    let some = shop.json(&["queue", "--view", "low confidence", "--limit", "0", "-channel:web"]);
    assert!(some.as_array().unwrap().len() < all.as_array().unwrap().len());
    shop.fails(&["queue", "--view", "low confidance"], 2, "did you mean \"low confidence\"");
    shop.fails(&["queue", "--views", "--all"], 2, "cannot be used with");
}
