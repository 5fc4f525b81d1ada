//! Several people at one store: roles, questions, and words that replace others'.

use super::shop::{Shop, keys, words};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn failed(shop: &Shop, at: usize) -> String {
    shop.json(&["queue"])[at]["id"].as_str().unwrap().to_owned()
}

#[test]
fn whose_word_is_replaced_is_told() {
    let shop = Shop::small();
    let id = failed(&shop, 0);
    let first = shop.json(&["label", &id, "--intent", "refund_status", "--note", "a note", "--as", "maria"]);
    assert_eq!(first["overrode"], json!([]), "labels of the log are nobody's word");
    let ran = shop.run(&["label", &id, "--intent", "invoice_copy", "--note", "another", "--as", "tom", "--json"]);
    assert!(ran.err.contains("maria had said intent refund_status"), "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(keys(&told["overrode"][0]), words("id n reviewer kind turn value"));
    let said: Vec<_> = told["overrode"].as_array().unwrap().iter().map(|o| (&o["kind"], &o["value"])).collect();
    assert!(
        said.contains(&(&json!("intent"), &json!("refund_status")))
            && said.contains(&(&json!("note"), &json!("a note")))
    );
    let same = shop.json(&["label", &id, "--intent", "invoice_copy", "--as", "maria"]);
    assert!(!same["overrode"].to_string().contains("invoice_copy"), "who says the same replaces nothing: {same}");
    let file = shop.write("labels.csv", &format!("conversation,turn,intent\n{id},,order_status\n"));
    let ran = shop.run(&["label", "--file", file.to_str().unwrap(), "--as", "eva", "--json"]);
    assert!(ran.err.contains("maria had said intent invoice_copy"), "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(told["overrode"].as_array().unwrap().iter().any(|o| o["reviewer"] == "maria" && o["id"] == json!(id)));
}

#[test]
fn a_question_waits_for_words() {
    let shop = Shop::small();
    let id = failed(&shop, 0);
    let status = || {
        let all = shop.json(&["queue", "--all", "--limit", "0"]);
        all.as_array().unwrap().iter().find(|r| r["id"] == json!(id)).unwrap()["status"].clone()
    };
    shop.fails(&["label", &id, "--answer", "yes"], 1, "nobody asks anything");
    shop.fails(&["label", &id, "--flag", " "], 1, "needs words");
    shop.fails(&["label", &id, "--status", "flagged"], 2, "later");
    shop.json(&["label", &id, "--flag", "είναι δικό μας;", "--as", "maria"]);
    shop.json(&["label", &id, "--intent", "refund_status", "--cause", "policy", "--as", "tom"]);
    assert_eq!(status(), "flagged");
    let answered = shop.json(&["label", &id, "--answer", "yes", "--as", "tom"]);
    assert_eq!((&answered["overrode"][0]["reviewer"], &answered["status"]), (&json!("maria"), &json!("done")));
    let shown = shop.json(&["show", &id]);
    let newest = &shown["decisions"][0];
    assert_eq!(
        (&newest["kind"], &newest["before"], &newest["reason"]),
        (&json!("question"), &json!("είναι δικό μας;"), &json!("yes"))
    );
    shop.json(&["undo", "--as", "tom"]);
    assert_eq!(status(), "flagged");
}

#[test]
fn leads_give_roles_and_owners_read() {
    let shop = Shop::small();
    let id = failed(&shop, 0);
    let role = |name: &str| {
        let list = shop.json(&["reviewers"]);
        list.as_array().unwrap().iter().find(|p| p["name"] == name).map(|p| p["role"].as_str().unwrap().to_owned())
    };
    shop.json(&["label", &id, "--cause", "tone", "--as", "tom"]);
    assert_eq!(keys(&shop.json(&["reviewers", "list"])[0]), words("name role added_at decisions last"));
    assert_eq!((role("ada").as_deref(), role("tom").as_deref()), (Some("lead"), Some("reviewer")));
    shop.fails(&["reviewers", "role", "tom", "lead", "--as", "tom"], 1, "only a lead gives roles; ask ada");
    shop.fails(&["reviewers", "role", "ada", "owner"], 1, "ada is the last lead");
    assert_eq!(role("ada").as_deref(), Some("lead"));
    assert_eq!(keys(&shop.json(&["reviewers", "role", "tom", "owner"])), words("name role step"));
    shop.fails(&["reviewers", "role", "tom", "owner"], 1, "owner already");
    for refused in [
        &["label", &id, "--cause", "policy"][..],
        &["undo"],
        &["cycle", "open", "status:open"],
        &["intents", "add", "x"],
    ] {
        shop.fails(&[refused, &["--as", "tom"]].concat(), 1, "owners read and decide nothing; ada can change that");
    }
    assert!(shop.run(&["stats", "--as", "tom"]).code == 0);
    let undone = shop.json(&["undo"]);
    assert!(undone[0]["what"].as_str().unwrap().contains("role of tom: owner (was reviewer)"), "{undone}");
    assert_eq!(role("tom").as_deref(), Some("reviewer"));
    shop.json(&["redo"]);
    shop.json(&["reviewers", "role", "eva", "lead"]);
    shop.json(&["reviewers", "role", "ada", "reviewer"]);
    assert_eq!((role("eva").as_deref(), role("ada").as_deref()), (Some("lead"), Some("reviewer")));
    shop.fails(&["reviewers", "role", "tom", "king"], 2, "owner");
}

/// What one process said that it did: the step, and whose words it replaced.
type Told = BTreeMap<i64, BTreeSet<String>>;

fn act(shop: &Shop, who: &str, items: &[String], seed: u64) -> Told {
    let mut told = Told::new();
    let mut dice = seed;
    let mut roll = |n: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % n
    };
    for _ in 0..30 {
        let id = &items[roll(items.len() as u64) as usize];
        let intent = ["refund_status", "invoice_copy", "order_status"][roll(3) as usize];
        let args: Vec<&str> = match roll(6) {
            0 => vec!["undo"],
            1 => vec!["redo"],
            2 => vec!["label", id, "--cause", ["tone", "policy"][roll(2) as usize]],
            _ => vec!["label", id, "--intent", intent],
        };
        let ran = shop.run(&[&args[..], &["--as", who, "--json"]].concat());
        if args[0] != "label" {
            let refused = ["nothing", "decided on it after you"].iter().any(|w| ran.err.contains(w));
            assert!(ran.code == 0 || refused, "{args:?}: {}", ran.err);
            continue;
        }
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        let made: Value = serde_json::from_str(&ran.out).unwrap();
        let overrode = made["overrode"].as_array().unwrap();
        for o in overrode {
            assert!(ran.err.contains(&format!("{} had said", o["reviewer"].as_str().unwrap())), "{}", ran.err);
        }
        let said = overrode.iter().map(|o| format!("{} {}", o["n"], o["kind"].as_str().unwrap())).collect();
        told.insert(made["step"].as_i64().unwrap(), said);
    }
    told
}

/// A row of the log: id, step, reviewer, kind, subject, turn, after, the decision that it takes back.
type LogRow = (i64, i64, i64, i64, i64, i64, Option<String>, Option<i64>);

#[test]
fn of_two_people_at_once_nothing_is_lost_and_every_replaced_word_is_told() {
    let shop = Shop::small();
    let items: Vec<String> = (0..3).map(|i| failed(&shop, i)).collect();
    let told = std::thread::scope(|s| {
        let others = s.spawn(|| act(&shop, "tom", &items, 5));
        let mut told = act(&shop, "maria", &items, 9);
        told.extend(others.join().unwrap());
        told
    });
    let db = Connection::open(shop.store()).unwrap();
    let mut query = db
        .prepare(
            "SELECT id, step, reviewer, kind, subject, turn, after, undoes FROM decision WHERE kind < 20 ORDER BY id",
        )
        .unwrap();
    let log: Vec<LogRow> = query
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let people: BTreeMap<i64, bool> = db
        .prepare("SELECT id, role < 4 FROM reviewer")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    // The log played once more: what stood when each decision was made, and who had said it.
    let mut undone: BTreeSet<i64> = BTreeSet::new();
    let mut should: Told = told.keys().map(|step| (*step, BTreeSet::new())).collect();
    let mut turned: BTreeSet<i64> = BTreeSet::new();
    for (at, row) in log.iter().enumerate() {
        let (_, step, who, kind, subject, turn, after, undoes) = row;
        if let Some(undoes) = undoes {
            let original = log.iter().find(|r| r.0 == *undoes).unwrap().1;
            // Several rows of one undo turn the step once.
            if turned.insert(*step) && !undone.remove(&original) {
                undone.insert(original);
            }
            continue;
        }
        let before = log[..at].iter().rev().find(|r| {
            (r.3, r.4, r.5) == (*kind, *subject, *turn) && r.7.is_none() && !undone.contains(&r.1) && r.1 != *step
        });
        if let Some((_, _, by, .., value, _)) = before
            && by != who
            && people[by]
            && value.is_some()
            && value != after
        {
            let kind = if *kind == 1 { "intent" } else { "cause" };
            should.get_mut(step).expect("every step was told of").insert(format!("{subject} {kind}"));
        }
    }
    assert_eq!(told, should);
    assert!(told.values().filter(|o| !o.is_empty()).count() > 5, "they did get into each other's way");
}
