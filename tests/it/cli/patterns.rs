//! `patterns` and `cluster`

use super::shop::{Shop, conversations, keys, words};
use serde_json::{Value, json};

#[test]
fn every_line_is_a_query_that_lists_exactly_its_conversations() {
    let shop = Shop::large();
    // People alone among themselves are of no rate.
    let alone = |i: usize| {
        let at = |minute: usize| format!("2026-11-20T09:{minute:02}:00Z");
        let outcome = ["failed", "escalated", "abandoned"][i % 3];
        json!({"id": format!("h-{i}"), "source": "shop", "outcome": outcome, "turns": [
            {"role": "user", "text": "is anybody there", "at": at(0)}, {"role": "agent", "text": "yes, I am", "at": at(1)}]})
    };
    shop.import(&(0..9).map(alone).collect::<Vec<_>>());
    shop.fails(&["queue", "cluster:1"], 1, "has no data yet");
    let mut lines = 0;
    for view in ["failed", "intents", "confused", "causes", "segments", "handovers"] {
        let page = shop.json(&["patterns", view, "--days", "3650"]);
        for line in page.as_array().unwrap() {
            let query = line["query"].as_str().unwrap();
            let listed = shop.json(&["queue", query, "--limit", "0"]);
            assert_eq!(json!(listed.as_array().unwrap().len()), line["n"], "{view}: {query}");
            lines += 1;
        }
    }
    assert!(lines > 6, "{lines}");
    let failed = shop.json(&["patterns", "--days", "3650"]);
    let of: u64 = failed.as_array().unwrap().iter().map(|l| l["n"].as_u64().unwrap()).sum();
    let all = |more: &str| {
        let query = ["queue", "outcome:failed,escalated", more, "since:3650d", "test:shown", "--limit", "0"];
        shop.json(&query).as_array().unwrap().len() as u64
    };
    assert_eq!(of, all("is:counted"), "each failure is in one pattern, or in none");
    assert_eq!(of + 6, all("turns>0"));
    assert_eq!(failed, shop.json(&["patterns", "--days", "3650"]), "found again, they are the same");
    assert!(shop.run(&["patterns", "failed", "--days", "3650"]).out.contains("who can repair it"));
}

#[test]
fn what_came_back_says_what_a_log_lacks() {
    let bare = |strip: fn(&mut Value)| {
        let shop = Shop::empty();
        let mut rows = conversations(60);
        rows.iter_mut().for_each(strip);
        shop.import(&rows);
        shop
    };
    let unnamed: fn(&mut Value) = |c| drop(c.as_object_mut().unwrap().remove("customer_id"));
    let timeless: fn(&mut Value) = |c| {
        let turns = c["turns"].as_array_mut().unwrap();
        turns.iter_mut().for_each(|t| drop(t.as_object_mut().unwrap().remove("at")));
    };
    for (strip, field) in [(unnamed, "customer_id"), (timeless, "started_at")] {
        let shop = bare(strip);
        let ran = shop.run(&["patterns", "returned", "--json"]);
        assert_eq!((ran.code, ran.out.trim()), (0, "[]"), "{}", ran.err);
        assert!(ran.err.contains(field), "{}", ran.err);
        let ran = shop.run(&["patterns", "returned"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "no count of what cannot be counted");
    }
    bare(unnamed).fails(&["queue", "is:zombie"], 1, "customer_id");
    let named = Shop::small().run(&["patterns", "returned"]);
    assert!(named.out.contains("0 conversations") && !named.err.contains("customer_id"), "{} {}", named.out, named.err);
}

#[test]
fn texts_are_grouped_and_scored_against_intents_where_there_are_any() {
    let shop = Shop::empty();
    let topics = [("refund", "money"), ("password", "login"), ("delivery", "parcel"), ("table for dinner", "booking")];
    let asked = [
        "where is my",
        "a problem with the",
        "help me with the",
        "again the",
        "a question about my",
        "tell me about the",
    ];
    let line = |(what, intent): (&str, &str)| asked.map(|words| format!("{words} {what},{intent}\n")).concat();
    let file = shop.write("texts.csv", &("text,intent\n".to_owned() + &topics.map(line).concat()));
    let path = file.to_str().unwrap();
    let report = shop.json(&["cluster", path, "--resolution", "1"]);
    assert_eq!(keys(&report), words("n clusters single seconds ari nmi groups"));
    assert!(report["ari"].as_f64().unwrap() > 0.7, "{report}");
    let in_groups: u64 = report["groups"].as_array().unwrap().iter().map(|g| g["n"].as_u64().unwrap()).sum();
    assert_eq!(json!(in_groups + report["single"].as_u64().unwrap()), report["n"]);
    let loose = shop.json(&["cluster", path, "--resolution", "1", "--leave-out", "0.5"]);
    assert!(loose["single"].as_u64() > report["single"].as_u64());
    let bare = shop.write("bare.csv", "text\nhello there\ngoodbye now\n");
    assert_eq!(shop.json(&["cluster", bare.to_str().unwrap()])["ari"], Value::Null);
    shop.fails(&["cluster", path, "--resolution=-1"], 2, "0.01 to 1000");
    shop.fails(&["cluster", path, "--vectors", path], 1, "no NumPy file");
}
