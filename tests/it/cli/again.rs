//! A log that comes again: what was decided stays where it was decided.

use super::shop::{Shop, conversation, conversations, exists, jsonl};
use serde_json::{Value, json};

fn greeted(lines: &[Value]) -> Vec<Value> {
    let mut lines = lines.to_vec();
    for c in &mut lines {
        let turns = c["turns"].as_array_mut().unwrap();
        turns.insert(0, json!({"role": "bot", "text": "Welcome to the shop, how can I help?"}));
    }
    lines
}

#[test]
fn a_greeting_in_front_leaves_gold_labels_and_accuracy_as_they_were() {
    let shop = Shop::empty();
    let lines = conversations(400);
    shop.import(&lines);
    let first = shop.json_code(&["finetune"]).1;
    shop.json(&["label", "shop:c-1", "--turn", "0", "--intent", "refund_status", "--cause", "wrong_intent"]);
    let before = shop.json(&["gold", "list"]);
    let came = shop.import(&greeted(&lines));
    assert_eq!(
        (came["updated"].as_u64(), came["orphaned"].as_u64(), came["reworded"].as_u64()),
        (Some(400), Some(0), Some(0))
    );
    assert!(came["carried"].as_u64().unwrap() >= 400, "{came}");
    let texts = |rows: &Value| rows.as_array().unwrap().iter().map(|r| r["text"].clone()).collect::<Vec<_>>();
    let after = shop.json(&["gold", "list"]);
    assert_eq!(texts(&after), texts(&before));
    assert!(after.as_array().unwrap().iter().all(|r| r["turn"] == 1), "numbers are places");
    let item = shop.json(&["show", "shop:c-1"]);
    assert_eq!(item["turns"].as_array().unwrap().len(), 3);
    assert!(item["decisions"].as_array().unwrap().iter().filter(|d| d["kind"] == "intent").all(|d| d["turn"] == 1));
    let second = shop.json_code(&["finetune", "--from", "scratch"]).1;
    assert_eq!(
        (&second["after"]["accuracy"], &second["after"]["n"]),
        (&first["after"]["accuracy"], &first["after"]["n"])
    );
    assert_eq!(shop.import(&greeted(&lines))["same"], 400);
}

#[test]
fn the_same_means_the_same() {
    let shop = Shop::empty();
    let mut line = conversation(0);
    shop.import(&[line.clone()]);
    line["turns"][0]["at"] = json!("2026-09-01T07:00:00Z");
    line["outcome"] = json!("resolved");
    assert_eq!(shop.import(&[line.clone()])["updated"], 1);
    assert_eq!(shop.json(&["show", "shop:c-0"])["outcome"], "resolved");
    line["outcome"] = json!("pending");
    shop.import(&[line.clone()]);
    assert_eq!(shop.json(&["show", "shop:c-0"])["outcome"], "resolved", "pending replaces nothing that is final");
    let mut part = line.clone();
    part["turns"].as_array_mut().unwrap().pop();
    part["outcome"] = json!("failed");
    assert_eq!(shop.import(&[part.clone()])["older"], 1);
    assert_eq!(shop.json(&["show", "shop:c-0"])["outcome"], "resolved");
    let file = shop.write("part.jsonl", &jsonl(&[part]));
    let taken = shop.json(&["import", file.to_str().unwrap(), "--take-older"]);
    let item = shop.json(&["show", "shop:c-0"]);
    assert_eq!(
        (taken["updated"].as_u64(), item["outcome"].as_str(), item["turns"].as_array().unwrap().len()),
        (Some(1), Some("failed"), 2)
    );
}

#[test]
fn words_that_change_wait_for_somebody_who_confirms_the_label() {
    let shop = Shop::small();
    let id = shop.json(&["queue", "test:hidden", "--sort", "newest"])[0]["id"].as_str().unwrap().to_owned();
    let n: usize = id.rsplit('-').next().unwrap().parse().unwrap();
    let mut line = conversation(n);
    line["turns"][0].as_object_mut().unwrap().remove("gold_intent");
    line["turns"][0]["id"] = json!("m1");
    line["turns"][1]["id"] = json!("m2");
    shop.import(&[line.clone()]);
    shop.json(&["label", &id, "--turn", "0", "--intent", "refund_status"]);
    line["turns"][0]["text"] = json!("something else altogether");
    let came = shop.import(&[line]);
    assert!(came["reworded"].as_u64().unwrap() >= 1, "{came}");
    let waiting = shop.json(&["queue", "is:reworded"]);
    assert_eq!((waiting.as_array().unwrap().len(), waiting[0]["id"].as_str()), (1, Some(id.as_str())));
    let decisions = shop.json(&["show", &id])["decisions"].clone();
    let label = decisions.as_array().unwrap().iter().find(|d| d["kind"] == "intent").unwrap();
    let state = label["state"].as_str().unwrap();
    assert!(state.contains("words have changed"), "{state}");
    let lint = shop.json(&["lint"]);
    let found = lint
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["kind"] == "words_changed" && f["says"].to_string().contains("intent"))
        .unwrap();
    assert!(found["about"] == format!("{id} turn 0") && found["says"].to_string().contains("refund_status"), "{found}");
    shop.json(&["label", &id, "--turn", "0", "--intent", "refund_status"]);
    assert_eq!(shop.json(&["queue", "is:reworded"]).as_array().unwrap().len(), 0);
}

#[test]
fn overlapping_exports_and_fractions_of_numbers_are_recognised() {
    let shop = Shop::empty();
    let head = "conversation_id,message_id,created_at,sender,message\n";
    let stop = "c8,3,2026-03-08 23:50,user,stop my plan\nc8,4,2026-03-08 23:51,bot,Done.\n";
    let first = shop.write(
        "chats-W10.csv",
        &format!("{head}c7,1,2026-03-06 09:00,user,where is it\nc7,2,2026-03-06 09:01,bot,Tomorrow.\n{stop}"),
    );
    let second = shop.write(
        "chats-W11.csv",
        &format!("{head}{stop}c9,5,2026-03-10 09:00,user,hi\nc9,6,2026-03-10 09:01,bot,Hello.\n"),
    );
    shop.json(&["import", first.to_str().unwrap()]);
    let came = shop.json(&["import", second.to_str().unwrap()]);
    assert_eq!((came["new"].as_u64(), came["same"].as_u64()), (Some(1), Some(1)), "{came}");
    assert!(
        came["warnings"].to_string().contains("chats-W10:c8") && came["warnings"].to_string().contains("--source"),
        "{came}"
    );
    assert_eq!(shop.json(&["queue", "--all"]).as_array().unwrap().len(), 3);
    let float = |id: &str| {
        format!(
            "conversation_id,timestamp,sender,message\n{id},2026-03-01 09:00,user,first\n{id},2026-03-01 09:01,bot,ok\n"
        )
    };
    let others = ["4711.0", "\"4711,0\"", "'4711", "04711", "\"4,711\""];
    for (name, id) in std::iter::once("4711").chain(others).enumerate().map(|(i, id)| (format!("f{i}.csv"), id)) {
        let file = shop.write(&name, &float(id));
        shop.json(&["import", file.to_str().unwrap(), "--source", "s"]);
    }
    assert_eq!(shop.json(&["queue", "--all"]).as_array().unwrap().len(), 4);
    // What has the name of another file's and says something else is kept beside it, and said.
    let edited = stop.replace("stop my plan", "please end the plan that I have");
    let third = shop.write("chats-W12.csv", &format!("{head}{edited}"));
    let came = shop.json(&["import", third.to_str().unwrap()]);
    assert_eq!(came["new"].as_u64(), Some(1), "{came}");
    let says = came["warnings"].to_string();
    assert!(says.contains("has the name of one that another file brought") && says.contains("chats-W10:c8"), "{says}");
    assert!(exists(&shop.store()));
}

#[test]
fn a_log_without_times_is_known_under_another_name() {
    let shop = Shop::empty();
    let talk = |i: usize| format!("c{i},user,where is the parcel number {i}\nc{i},bot,it arrives in {i} days\n");
    let log =
        |n: std::ops::Range<usize>| "conversation_id,sender,message\n".to_owned() + &n.map(talk).collect::<String>();
    let (first, again) = (shop.write("march.csv", &log(0..10)), shop.write("march-copy.csv", &log(0..12)));
    shop.json(&["import", first.to_str().unwrap()]);
    let came = shop.json(&["import", again.to_str().unwrap()]);
    assert_eq!((came["new"].as_u64(), came["same"].as_u64()), (Some(2), Some(10)), "{came}");
    // The same numbers on other talks are others.
    let other = shop.write("april.csv", &log(0..10).replace("where is the parcel", "please send back the letter"));
    assert_eq!(shop.json(&["import", other.to_str().unwrap()])["new"].as_u64(), Some(10));
}

#[test]
fn a_log_that_names_no_conversation_is_known_under_another_name() {
    let rows =
        |n: std::ops::Range<usize>| n.fold("question,answer\n".to_owned(), |all, i| all + &format!("hello {i},yes\n"));
    let list = |n: std::ops::Range<usize>| {
        n.fold(String::new(), |all, i| {
            all + &format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"hi {i}\"}},{{\"role\":\"assistant\",\"content\":\"yes\"}}]}}\n")
        })
    };
    let chat = "13/03/26, 10:00 - Anna: where is it\n13/03/26, 10:01 - ShopBot: Which?\n";
    let cases = [
        ("csv", rows(0..20), rows(0..22), 20),
        ("jsonl", list(0..20), list(0..22), 20),
        ("txt", chat.to_owned(), chat.trim_end().to_owned(), 1),
    ];
    for (ending, first, again, same) in cases {
        let shop = Shop::empty();
        let write = |name: &str, text: &str| {
            let path = shop.path(&format!("{name}.{ending}"));
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let (one, other) = (write("january", &first), write("copy", &again));
        assert_eq!(shop.json(&["import", &one])["new"], same, "{ending}");
        let came = shop.json(&["import", &other]);
        assert_eq!(came["same"], same, "{came}");
        assert!(came["warnings"].to_string().contains("another name"), "{came}");
        assert_eq!(shop.json(&["import", &other])["new"], 0, "{ending}");
    }
    // What only begins alike is no copy.
    let shop = Shop::empty();
    let other = rows(0..5) + rows(30..60).trim_start_matches("question,answer\n");
    for (name, text) in [("a.csv", rows(0..30)), ("b.csv", other)] {
        let path = shop.path(name);
        std::fs::write(&path, text).unwrap();
        let came = shop.json(&["import", &path.display().to_string()]);
        assert_eq!(came["new"], came["conversations"], "{came}");
    }
}
