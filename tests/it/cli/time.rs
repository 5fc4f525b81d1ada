//! Time: the store's zone, what lies ahead of now, clocks that were set back, and the days that all figures share.

use super::shop::{NOW, Shop};
use serde_json::{Value, json};

/// A failed conversation of a moment.
fn ended(id: &str, at: &str) -> Value {
    let turn = |role: &str, text: &str| json!({"role": role, "text": text, "at": at});
    let turns = [turn("user", "where is my parcel"), turn("bot", "it comes")];
    json!({"id": id, "source": "shop", "customer_id": id, "outcome": "failed", "ended_at": at, "turns": turns})
}

/// An hour apart, the last at the moment of all tests.
fn hourly(n: usize) -> Vec<Value> {
    let at = |i: usize| {
        let hours = 20 * 24 + 12 - i;
        format!("2026-11-{:02}T{:02}:00:00Z", 2 + hours / 24, hours % 24)
    };
    (0..n).map(|i| ended(&format!("h{i}"), &at(i))).collect()
}

/// The program at another time.
fn at(shop: &Shop, now: &str) -> std::process::Command {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_appraise"));
    program.env_clear().env("HOME", shop.path("")).args(["--store".as_ref(), shop.store().as_os_str()]);
    program.args(["--as", "ada", "--now", now]);
    program
}

fn weeks(stats: &Value) -> Vec<&str> {
    stats["weeks"].as_array().unwrap().iter().map(|w| w["week"].as_str().unwrap()).collect()
}

#[test]
fn one_date_ahead_of_now_changes_no_figure_and_is_named() {
    let shop = Shop::empty();
    shop.import(&hourly(300));
    let figures = || (shop.json(&["queue", "--views"]), shop.json(&["stats", "--since", "7d"])["n"].clone());
    let before = figures();
    assert_eq!(before.1, 6 * 24 + 13, "six days and the hours of today");
    let file = shop.write("future.jsonl", &format!("{}\n", ended("x", "2062-11-20T10:00:00Z")));
    let ran = shop.run(&["import", file.to_str().unwrap()]);
    for word in ["1 conversation lies more than a day ahead", "shop:x", "2062-11-20", "import it again"] {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
    assert_eq!(shop.json(&["import", file.to_str().unwrap()])["ahead"], 1, "said each time");
    let after = figures();
    assert_eq!(before.1, after.1);
    let of = |views: &Value| {
        views.as_array().unwrap().iter().find(|v| v["name"] == "failed or handed over this week").cloned()
    };
    assert_eq!(of(&before.0), of(&after.0));
    let stats = shop.json(&["stats"]);
    assert_eq!((&stats["n"], &stats["excluded"]["ahead"]), (&json!(300), &json!(1)));
    assert!(!weeks(&stats).contains(&"2062-W47"), "{stats}");
    // It can still be found, opened and judged.
    assert_eq!(shop.json(&["queue", "before:2063-01-01", "-before:2030-01-01"])[0]["id"], "shop:x");
    assert_eq!(shop.run(&["label", "shop:x", "--cause", "policy"]).code, 0);
}

#[test]
fn where_everything_lies_ahead_the_clock_is_doubted() {
    let shop = Shop::empty();
    shop.import(&hourly(30));
    let with = |args: &[&str]| {
        let ran = at(&shop, "2026-05-01T00:00:00Z").args(args).output().unwrap();
        (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
    };
    let (out, err) = with(&["stats", "--json"]);
    let stats: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&stats["n"], weeks(&stats).len()), (&json!(30), 1));
    assert!(err.contains("is the clock of this machine right"), "{err}");
    let (out, _) = with(&["stats", "--since", "7d", "--json"]);
    let stats: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&stats["n"], &stats["excluded"]["ahead"]), (&json!(0), &json!(30)));
}

#[test]
fn the_zone_is_a_decision_and_moves_days_weeks_and_months() {
    let shop = Shop::empty();
    // Monday 0:30 in Nicosia, Sunday evening in UTC and in New York; the first minutes of a month there.
    shop.import(&[
        ended("monday", "2026-11-15T22:30:00Z"),
        ended("month", "2026-10-31T22:30:00Z"),
        ended("newest", "2026-11-21T22:30:00Z"),
    ]);
    assert_eq!(shop.json(&["zone"])["zone"], "UTC");
    assert_eq!(weeks(&shop.json(&["stats"])), ["2026-W44", "2026-W46", "2026-W47"]);
    let there = shop.json(&["stats", "--tz", "Europe/Nicosia"]);
    assert_eq!((weeks(&there), there["zone"].as_str()), (vec!["2026-W44", "2026-W47"], Some("Europe/Nicosia")));
    let set = shop.json(&["zone", "europe/nicosia"]);
    assert_eq!(
        (&set["zone"], &set["offset"], set["step"].is_number()),
        (&json!("Europe/Nicosia"), &json!("+02:00"), true)
    );
    assert_eq!(shop.json(&["zone", "Europe/Nicosia"])["step"], json!(null), "the same once more is no decision");
    assert_eq!(weeks(&shop.json(&["stats"])), ["2026-W44", "2026-W47"]);
    let months = shop.json(&["stats", "--by", "month"]);
    assert_eq!(months["months"][0]["month"], "2026-11", "it is November there already");
    // The newest is of the 22nd there: six days before that is the 16th, with Monday's first hour.
    let n = |args: &[&str]| shop.json(args)["n"].clone();
    assert_eq!([n(&["stats", "--since", "7d"]), n(&["stats", "--since", "7d", "--tz", "UTC"])], [json!(2), json!(2)]);
    let found = |q: &str| shop.json(&["queue", q, "--sort", "oldest"]).as_array().unwrap().len();
    assert_eq!(
        [found("since:7d"), found("since:2026-11-16"), found("since:2026-11-17"), found("before:2026-11-01")],
        [2, 2, 1, 0]
    );
    assert!(shop.run(&["show", "shop:monday"]).out.contains("2026-11-16 00:30 EET"));
    // The machine's own zone is nobody's business here.
    let mut tokyo = shop.program();
    let out = tokyo.env("TZ", "Asia/Tokyo").args(["stats", "--json"]).output().unwrap();
    assert_eq!(String::from_utf8(out.stdout).unwrap(), shop.run(&["stats", "--json"]).out);
    assert!(shop.run(&["undo"]).out.contains("zone"));
    assert_eq!(shop.json(&["zone"])["zone"], "UTC");
    shop.fails(&["zone", "Nicosia"], 2, "Europe/Nicosia");
    shop.fails(&["stats", "--tz", "Europe/Atlantis"], 2, "no time zone called `Europe/Atlantis`");
    shop.fails(&["--read-only", "zone", "UTC+2"], 2, "no time zone");
    shop.fails(&["--read-only", "zone", "+02:00"], 1, "read-only");
}

#[test]
fn an_old_store_counts_from_its_newest_day_everywhere_and_says_so() {
    let shop = Shop::empty();
    let old = |day: usize| ended(&format!("d{day}"), &format!("2025-11-{day:02}T10:00:00Z"));
    shop.import(&(1..=20).map(old).collect::<Vec<_>>());
    let ran = shop.run(&["stats", "--since", "7d", "--json"]);
    let stats: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&stats["n"], &stats["since"]), (&json!(7), &json!("2025-11-14T00:00:00Z")));
    assert!(ran.err.contains("days count back from 20 Nov 2025"), "{}", ran.err);
    assert_eq!(shop.json(&["queue", "since:7d", "--limit", "0"]).as_array().unwrap().len(), 7);
    let views = shop.json(&["queue", "--views"]);
    let view = views.as_array().unwrap().iter().find(|v| v["name"] == "failed or handed over this week").unwrap();
    assert_eq!(view["note"], "week to 20 Nov");
    let shown = shop.json(&["queue", "test:hidden", "since:7d", "--limit", "0"]);
    assert_eq!(view["count"], shown.as_array().unwrap().len());
}

#[test]
fn a_store_without_times_has_no_days() {
    let shop = Shop::empty();
    let turns = json!([{"role": "user", "text": "where is it"}, {"role": "bot", "text": "here"}]);
    shop.import(&[json!({"id": "1", "source": "shop", "outcome": "failed", "turns": turns})]);
    shop.json(&["zone", "Asia/Kathmandu"]);
    let stats = shop.json(&["stats"]);
    assert_eq!((&stats["n"], weeks(&stats).len()), (&json!(1), 0));
    assert_eq!(shop.json(&["stats", "--since", "7d"])["n"], 0);
    assert_eq!(shop.json(&["queue", "since:7d"]), json!([]));
}

#[test]
fn a_clock_that_is_set_back_is_told_once_and_writes_nothing_earlier() {
    let shop = Shop::empty();
    shop.import(&hourly(40));
    let at = |now: &str, args: &[&str]| {
        let out = at(&shop, now).arg("--json").args(args).output().unwrap();
        let err = String::from_utf8(out.stderr).unwrap();
        (serde_json::from_slice::<Value>(&out.stdout).unwrap(), err.matches("the clock is behind").count())
    };
    let (open, said) = at("2030-01-01T00:00:00Z", &["cycle", "open"]);
    assert_eq!((&open["name"], said), (&json!("2030-W01"), 0));
    let (closed, said) = at("1990-01-01T00:00:00Z", &["cycle", "close"]);
    assert_eq!((&closed["closed_at"], said), (&json!("2030-01-01T00:00:00Z"), 1));
    let (_, said) = at(NOW, &["label", "shop:h3", "--cause", "policy"]);
    assert_eq!(said, 1);
    let (shown, said) = at(NOW, &["show", "shop:h3"]);
    assert_eq!(
        (&shown["decisions"][0]["at"], said),
        (&json!("2030-01-01T00:00:00Z"), 0),
        "who only looks is told nothing"
    );
}
