//! `action`, `modes`, `detect` and `patterns topics`

use super::shop::{Shop, keys, words};
use serde_json::{Value, json};

fn failures_of(shop: &Shop, query: &[&str]) -> Vec<Value> {
    let args = [&["queue"][..], query, &["--limit", "0"]].concat();
    shop.json(&args).as_array().unwrap().clone()
}

#[test]
fn what_is_handed_out_is_compared_with_the_four_weeks_before_and_undone_like_any_decision() {
    let shop = Shop::large();
    let add = |owner: &str| {
        shop.json(&[
            "action",
            "add",
            "intent:order_status",
            "--owner",
            owner,
            "--due",
            "2026-12-05",
            "--note",
            "mend it",
        ])
    };
    let made = add("eleni");
    assert_eq!(keys(&made), words("id name about owner note due given_at given_by done_at was"));
    assert_eq!(
        (&made["name"], &made["about"], &made["was"]),
        (&json!("order_status"), &json!("intent:order_status"), &Value::Null)
    );
    let again = add("content writers");
    assert_eq!((&again["id"], &again["was"]), (&made["id"], &json!("eleni")), "who has it changes, it stays one");
    let list = shop.json(&["action", "list"]);
    let one = &list[0];
    assert_eq!(list.as_array().unwrap().len(), 1);
    for side in ["before", "after"] {
        let query = one[side]["query"].as_str().unwrap();
        let found = failures_of(&shop, &[query]).len();
        assert_eq!(json!(found), one[side]["num"], "{side}: {query}");
    }
    assert_eq!((&one["since"], &one["of"]), (&json!("2026-11-23"), &json!("conversations")));
    let of = |query: &str| failures_of(&shop, &[query]).len() as u64;
    let days = "since:2026-10-25 before:2026-11-22 test:shown";
    assert_eq!(one["before"]["den"], json!(of(&format!("is:counted {days}"))));
    let others = of(&format!("outcome:failed,escalated is:counted -intent:order_status {days}"));
    assert_eq!(one["others"]["before"]["num"], json!(others), "what nobody was given, beside it");
    shop.json(&["undo"]);
    assert_eq!(shop.json(&["action", "list"])[0]["owner"], json!("eleni"));
    shop.json(&["action", "done", "1"]);
    assert_ne!(shop.json(&["action", "list"])[0]["done_at"], Value::Null);
    shop.fails(&["action", "done", "1"], 1, "done already");
    shop.json(&["undo", "--steps", "2"]);
    assert_eq!(shop.json(&["action", "list"]), json!([]));
    shop.fails(&["action", "add", "since:7d", "--owner", "x"], 1, "an action is about something");
    shop.fails(&["action", "add", "intent:order_status", "--owner", " "], 2, "who is to do it");
    shop.fails(&["action", "add", "intent:order_status", "--owner", "x", "--due", "soon"], 2, "is no date");
    shop.fails(&["action", "add", "intent:order_status", "--owner", "x", "--due", "2026-01-05"], 2, "is over already");
    shop.json(&["patterns", "failed"]);
    shop.fails(&["action", "add", "cluster:99999", "--owner", "x"], 1, "appraise patterns");
    shop.fails(&["action", "done", "9"], 1, "action list");
    shop.fails(&["--read-only", "action", "add", "cause:policy", "--owner", "x"], 1, "reading only");
}

#[test]
fn a_failure_that_stopped_fell_and_a_pattern_says_who_has_it() {
    let shop = Shop::empty();
    let line = |i: usize, day: &str, outcome: &str| {
        json!({"id": format!("d{i}"), "source": "shop", "customer_id": format!("k{i}"), "outcome": outcome, "turns": [
            {"role": "user", "text": format!("refund {i}"), "at": format!("{day}T10:00:00Z"), "intent": "refund", "confidence": 0.9},
            {"role": "bot", "text": "It is on its way to you, really.", "at": format!("{day}T10:01:00Z")}]})
    };
    let rows: Vec<Value> = (0..60)
        .map(|i| line(i, "2026-10-20", if i % 2 == 0 { "failed" } else { "resolved" }))
        .chain((60..120).map(|i| line(i, "2026-11-20", if i % 20 == 0 { "failed" } else { "resolved" })))
        .collect();
    shop.import(&rows);
    // Handed out, and done, long before the newest conversation.
    let at = |args: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_appraise"));
        program.env_clear().env("HOME", shop.path("")).env("USER", "ada").arg("--store").arg(shop.store());
        program.args(["--now", "2026-11-01T12:00:00Z"]).args(args).arg("--json");
        let out = program.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice::<Value>(&out.stdout).unwrap()
    };
    let found = &at(&["patterns", "failed", "--days", "3650"])[0];
    let pattern = found["query"].as_str().unwrap().to_owned();
    assert!(found["n"].as_u64().unwrap() > 15, "most of the 30 failures: {found}");
    at(&["action", "add", &pattern, "--owner", "engineering"]);
    let one = &shop.json(&["action", "list"])[0];
    // What is in the pattern is looked for anew once more conversations are there.
    assert!(one["before"]["num"].as_u64().unwrap() > 15 && one["before"]["den"] == json!(60), "{one}");
    assert!(one["after"]["num"].as_u64().unwrap() <= 3 && one["after"]["den"] == json!(60), "{one}");
    assert_eq!(one["fell"], json!(true));
    assert!(one["change"]["hi"].as_f64().unwrap() < 0.0);
    let failed = shop.json(&["patterns", "failed", "--days", "3650"]);
    assert_eq!(failed[0]["action"]["owner"], json!("engineering"));
    assert!(shop.run(&["action", "list"]).out.contains("fell"));
}

#[test]
fn modes_set_their_cause_are_found_by_a_query_and_undone() {
    let shop = Shop::small();
    let rows = failures_of(&shop, &["outcome:failed,escalated", "test:hidden"]);
    let id = |i: usize| rows[i]["id"].as_str().unwrap();
    shop.fails(&["queue", "mode:wrong"], 1, "has no data yet");
    shop.json(&["modes", "add", "wrong port", "--cause", "wrong_answer"]);
    shop.fails(&["modes", "add", " Wrong Port", "--cause", "tone"], 1, "already");
    shop.fails(&["modes", "add", "fine", "--cause", "right_handover"], 1, "nothing failed");
    let said = shop.json(&["label", id(0), "--mode", "Wrong Port"]);
    let kinds: Vec<(&str, &str)> = said["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["kind"].as_str().unwrap(), d["value"].as_str().unwrap()))
        .collect();
    assert_eq!(kinds, [("mode", "wrong port"), ("cause", "wrong_answer")]);
    assert_eq!(failures_of(&shop, &["mode:\"wrong port\""]).len(), 1);
    shop.fails(&["label", id(1), "--mode", "nothing such"], 1, "no failure mode");
    shop.fails(&["label", id(1), "--mode", "wrong port", "--cause", "tone"], 2, "cannot be used with");
    // Another cause takes the mode away; undo brings it back.
    shop.json(&["label", id(0), "--cause", "tone"]);
    assert_eq!(failures_of(&shop, &["mode:\"wrong port\""]).len(), 0);
    shop.json(&["undo"]);
    assert_eq!(failures_of(&shop, &["mode:\"wrong port\""]).len(), 1);
    shop.json(&["modes", "add", "wrong harbour", "--cause", "wrong_answer"]);
    shop.json(&["label", id(1), "--mode", "wrong harbour"]);
    shop.json(&["modes", "merge", "wrong harbour", "wrong port"]);
    assert_eq!(failures_of(&shop, &["mode:\"wrong port\""]).len(), 2, "merges are followed");
    for change in
        [&["split", "wrong harbour", "a", "b"][..], &["retire", "wrong harbour"], &["rename", "wrong harbour", "c"]]
    {
        shop.fails(&[&["modes"], change].concat(), 1, "counts as \"wrong port\"");
    }
    shop.fails(&["modes", "rename", "wrong port", " "], 1, "a mode's name has 1 to 200 characters");
    let causes = shop.json(&["patterns", "causes", "--days", "3650"]);
    let line = causes.as_array().unwrap().iter().find(|l| l["name"] == "mode: wrong port").unwrap();
    assert_eq!(line["n"], json!(2));
    shop.json(&["modes", "rename", "wrong port", "other port"]);
    shop.json(&["modes", "add", "rude", "--cause", "tone"]);
    shop.fails(&["modes", "merge", "rude", "other port"], 1, "a mode has one cause");
    shop.fails(&["modes", "split", "other port", "a", "A"], 1, "at least two new names");
    let split = shop.json(&["modes", "split", "other port", "port A", "port B"]);
    assert_eq!(split["waiting"], json!(2));
    shop.fails(&["label", id(1), "--mode", "other port"], 1, "is retired");
    shop.json(&["undo"]);
    let list = shop.json(&["modes", "list"]);
    assert_eq!(keys(&list), words("modes proposed unseen"));
    let one = &list["modes"][0];
    assert_eq!((&one["name"], &one["cause"], &one["n"]), (&json!("other port"), &json!("wrong_answer"), &json!(2)));
    assert_eq!(failures_of(&shop, &[one["query"].as_str().unwrap()]).len(), 2);
    shop.json(&["modes", "retire", "rude"]);
    let shown = shop.json(&["show", id(0)]);
    assert!(shown["decisions"].as_array().unwrap().iter().any(|d| d["kind"] == "mode"), "{shown}");
    let history = shop.run(&["undo"]);
    assert_eq!(history.out.trim(), "taken back: mode rude: retired");
}

#[test]
fn notes_that_say_the_same_are_proposed_as_modes() {
    let shop = Shop::small();
    let rows = failures_of(&shop, &["outcome:failed,escalated", "test:hidden"]);
    for (i, note) in ["named the wrong harbour", "Named the wrong harbour", "was rude"].iter().enumerate() {
        shop.json(&["label", rows[i]["id"].as_str().unwrap(), "--note", note, "--cause", "wrong_answer"]);
    }
    shop.json(&["patterns", "causes", "--days", "3650"]);
    let proposed = &shop.json(&["modes", "list"])["proposed"];
    assert_eq!(proposed.as_array().unwrap().len(), 1, "{proposed}");
    let one = &proposed[0];
    assert_eq!((&one["n"], &one["cause"]), (&json!(2), &json!("wrong_answer")));
    assert!(one["example"].as_str().unwrap().contains("harbour"), "{one}");
    assert_eq!(failures_of(&shop, &[one["query"].as_str().unwrap()]).len(), 2);
}

#[test]
fn a_detector_says_what_it_lacks_before_it_tells_anything() {
    let shop = Shop::large();
    shop.json(&["modes", "add", "late parcel", "--cause", "integration"]);
    let bare = shop.json(&["detect", "late parcel"]);
    for key in words("mode n raw prevalence lo hi tpr tnr audit_n enough") {
        assert!(bare.get(key).is_some(), "{key}: {bare}");
    }
    assert_eq!((&bare["enough"], &bare["prevalence"], &bare["raw"]), (&json!(false), &Value::Null, &Value::Null));
    assert!(bare["says"].as_str().unwrap().contains("30 reviewed failures"), "{bare}");
    shop.fails(&["detect", "nothing such"], 1, "no failure mode");
    shop.fails(&["detect", "late parcel", "--ai", "nobody"], 1, "nobody");
    shop.fails(&["detect", "late parcel", "--limit", "5"], 2, "--ai");
    // Taught: what asks where a parcel is, is late; the others are rude.
    shop.json(&["modes", "add", "rude", "--cause", "tone"]);
    let rows = failures_of(&shop, &["outcome:failed,escalated", "test:hidden"]);
    let mut csv = "conversation,mode\n".to_owned();
    for row in rows.iter().take(160) {
        let late =
            row["text"].as_str().unwrap().contains("where is my") || row["text"].as_str().unwrap().contains("arrive");
        csv.push_str(&format!("{},{}\n", row["id"].as_str().unwrap(), if late { "late parcel" } else { "rude" }));
    }
    let file = shop.write("modes.csv", &csv);
    shop.json(&["label", "--file", file.to_str().unwrap()]);
    let taught = shop.json(&["detect", "late parcel"]);
    assert!(taught["lessons"][0].as_u64().unwrap() >= 1, "{taught}");
    if taught["lessons"][0].as_u64().unwrap() >= 30 {
        assert!(taught["raw"].as_f64().unwrap() > 0.0, "{taught}");
        assert!(taught["says"].as_str().unwrap().contains("100 audit items"), "{taught}");
    }
    assert_eq!(taught, shop.json(&["detect", "late parcel"]), "the same seed gives the same");
}

#[test]
fn a_list_of_topics_is_proposed_gone_through_accepted_and_stands_where_nobody_says_another_intent() {
    let shop = Shop::empty();
    let asked = [
        "where is my refund for order",
        "cancel the flight to athens on",
        "change my seat on flight",
        "lost bag tag number",
    ];
    let rows: Vec<Value> = (0..160)
        .map(|i| {
            let text = format!("{} {}", asked[i % 4], 100 + i);
            json!({"id": format!("t{i}"), "source": "air", "outcome": if i % 3 == 0 { "failed" } else { "resolved" }, "turns": [
                {"role": "user", "text": text, "at": "2026-11-20T10:00:00Z"}, {"role": "bot", "text": "Let me look into that for you."}]})
        })
        .collect();
    shop.import(&rows);
    shop.fails(&["queue", "topic:refund"], 1, "has no data yet");
    shop.fails(&["patterns", "failed", "--propose"], 2, "are for topics");
    assert!(shop.run(&["patterns", "topics"]).out.contains("No list of topics yet"));
    let path = shop.path("topics.csv");
    let file = path.to_str().unwrap();
    let proposed = shop.json(&["patterns", "topics", "--propose", "--out", file]);
    let groups = proposed.as_array().unwrap();
    assert!(groups.len() >= 3, "{proposed}");
    assert_eq!(keys(&groups[0]), words("group intent description example n"));
    assert_eq!(proposed, shop.json(&["patterns", "topics", "--propose"]), "the same seed gives the same");
    shop.fails(&["patterns", "topics", "--propose", "--out", file], 1, "--force");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("group,intent,description,example\n"), "{text}");
    // A proposed list can be looked into, and counts what the accepted one will.
    let held = |topic: &Value| on_topic(&shop, topic["group"].as_str().unwrap(), topic["intent"].as_str().unwrap());
    let before: u64 = groups.iter().map(|t| t["n"].as_u64().unwrap()).sum();
    assert!(groups.iter().all(|t| json!(held(t)) == t["n"]), "{proposed}");
    assert_eq!(failures_of(&shop, &["topic:none test:shown"]).len() as u64, 160 - before);
    let only_proposed = shop.run(&["patterns", "topics", "--days", "3650"]);
    assert!(only_proposed.out.contains("proposed, not accepted yet"), "{}", only_proposed.out);
    assert!(shop.run(&["patterns", "topics", "--json"]).err.contains("not accepted yet"));
    // A person renames what is about refunds.
    let mut read = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
    for (row, topic) in rows.iter().zip(groups) {
        let expected = ["group", "intent", "description", "example"].map(|key| topic[key].as_str().unwrap());
        assert_eq!(row.iter().collect::<Vec<_>>(), expected);
    }
    let mut list = csv::Writer::from_writer(Vec::new());
    list.write_record(["group", "intent", "description", "example"]).unwrap();
    for row in &rows {
        match row.iter().any(|cell| cell.contains("refund")) {
            true => list.write_record(["money", "refund_status", "about money", &row[3]]).unwrap(),
            false => list.write_record([&row[0], &row[1], &row[2], &row[3]]).unwrap(),
        }
    }
    let list = String::from_utf8(list.into_inner().unwrap()).unwrap();
    let edited = shop.write("edited.csv", &list);
    let accepted = shop.json(&["patterns", "topics", "--accept", edited.to_str().unwrap()]);
    assert_eq!(keys(&accepted), words("version topics new_intents conversations"));
    assert_eq!(accepted["conversations"], json!(before));
    let on = |query: &str| failures_of(&shop, &[query]);
    let refunds = on("topic:money/refund_status test:shown");
    assert!(refunds.len() >= 30, "{} of 40", refunds.len());
    assert!(refunds.iter().all(|r| r["text"].as_str().unwrap().contains("refund")), "{refunds:?}");
    assert_eq!(refunds[0]["intent"], json!("money/refund_status"), "it stands as the intent");
    assert_eq!(on("topic:money test:shown").len(), refunds.len(), "the first level finds all below it");
    assert_eq!(on("intent:money/refund_status test:shown").len(), refunds.len());
    assert!(!shop.run(&["patterns", "topics"]).out.contains("not accepted yet"));
    let lines = shop.json(&["patterns", "topics", "--days", "3650"]);
    for line in lines.as_array().unwrap() {
        assert_eq!(json!(on(line["query"].as_str().unwrap()).len()), line["n"], "{line}");
    }
    // A reviewer's label goes before.
    let id = refunds[0]["id"].as_str().unwrap();
    shop.json(&["intents", "add", "fraud"]);
    shop.json(&["label", id, "--turn", "0", "--intent", "fraud"]);
    assert_eq!(on("intent:money/refund_status test:shown").len(), refunds.len() - 1);
    assert_eq!(on("topic:money/refund_status test:shown").len(), refunds.len(), "its topic it stays on");
    // What comes later is put on the list that stands, and undo takes the list away.
    let more = json!({"id": "late", "source": "air", "outcome": "failed", "turns": [
        {"role": "user", "text": refunds[1]["text"], "at": "2026-11-21T10:00:00Z"}, {"role": "bot", "text": "Let me see."}]});
    shop.import(&[more]);
    shop.json(&["patterns", "topics"]);
    assert_eq!(on("topic:money test:shown").len(), refunds.len() + 1);
    shop.json(&["undo", "--steps", "3"]);
    shop.fails(&["queue", "topic:money"], 1, "no topic called");
    assert_eq!(on("intent:none test:shown").len(), 161, "no topic stands as an intent any more");
    let wrong = shop.write("wrong.csv", "group,intent,description,example\na,,b,\n");
    shop.fails(&["patterns", "topics", "--accept", wrong.to_str().unwrap()], 2, "needs an intent and an example");
}

/// Conversations on a topic.
fn on_topic(shop: &Shop, group: &str, intent: &str) -> usize {
    failures_of(shop, &[&format!("topic:{group}/{intent}"), "test:shown"]).len()
}

#[test]
fn what_a_customer_said_of_themselves_is_masked_in_a_proposed_list_unless_somebody_asks() {
    let shop = Shop::empty();
    let wants = ["please block my card", "I want to see the balance of my account"];
    let rows: Vec<Value> = (0..80)
        .map(|i| {
            let secret = format!("{} 85731{:03}, with PIN 15{:02}", wants[i % 2], i, i);
            json!({"id": format!("t{i}"), "source": "bank", "outcome": "failed", "turns": [
                {"role": "user", "text": secret, "at": "2026-11-20T10:00:00Z"}, {"role": "bot", "text": "Let me see."}]})
        })
        .collect();
    shop.import(&rows);
    let masked = shop.json(&["patterns", "topics", "--propose"]).to_string();
    assert!(masked.contains("<number>") && !masked.contains("85731") && !masked.contains("PIN 15"), "{masked}");
    let bare = shop.json(&["patterns", "topics", "--propose", "--reveal"]).to_string();
    assert!(bare.contains("85731"), "{bare}");
    // The masked list finds its groups again.
    let path = shop.path("bank.csv");
    let all = shop.json(&["patterns", "topics", "--propose", "--out", path.to_str().unwrap()]);
    let before: u64 = all.as_array().unwrap().iter().map(|t| t["n"].as_u64().unwrap()).sum();
    let accepted = shop.json(&["patterns", "topics", "--accept", path.to_str().unwrap()]);
    assert_eq!(accepted["conversations"], json!(before));
}

#[test]
fn segments_are_filters_of_their_own() {
    let shop = Shop::large();
    let count = |query: &[&str]| failures_of(&shop, query).len();
    let all = count(&["test:shown"]);
    assert_eq!(count(&["hour:9", "test:shown"]), all, "all of the shop's talk is at nine");
    assert_eq!((count(&["hour:10-23", "test:shown"]), count(&["turns<=2", "test:shown"])), (0, all));
    let days: usize = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .map(|d| count(&[&format!("day:{d}"), "test:shown"]))
        .sum();
    assert_eq!(days, all);
    assert_eq!(count(&["is:again", "test:shown"]), 0);
    shop.fails(&["queue", "hour:24"], 2, "is no hour");
    shop.fails(&["queue", "day:noon"], 2, "day");
    let segments = shop.json(&["patterns", "segments", "--days", "3650"]);
    let named = |name: &str| segments.as_array().unwrap().iter().any(|l| l["name"] == name);
    // Of two channels one is what the other is not: the one that fails more is told, or both where they fail alike.
    assert!(named("Monday") && (named("channel web") || named("channel phone")), "{segments}");
    for line in segments.as_array().unwrap() {
        assert_eq!(json!(count(&[line["query"].as_str().unwrap()])), line["n"], "{line}");
    }
}
