//! `stats`, `evaluate`

use super::shop::{Shop, keys, said, words};
use serde_json::json;

#[test]
fn figures_have_the_keys_of_the_contract_and_add_up() {
    let shop = Shop::small();
    let stats = shop.json(&["stats"]);
    assert_eq!(keys(&stats), words("n excluded outcomes rates accuracy audited needs weeks zone since"));
    assert_eq!(keys(&stats["excluded"]), words("unknown pending not_traffic no_ai ahead"));
    assert_eq!(keys(&stats["outcomes"]), words("resolved escalated failed abandoned"));
    assert_eq!(keys(&stats["rates"]["resolution"]), words("num den lo hi"));
    for name in words(
        "resolution escalation containment abandonment failure fallback csat csat_response durable_resolution reopen",
    ) {
        assert!(stats["rates"][name].is_object(), "{name}");
    }
    // Three of the sixty are of the last days of this month, which are yet to come.
    assert_eq!((stats["n"].as_u64(), stats["outcomes"]["resolved"].as_u64()), (Some(57), Some(34)));
    assert_eq!(stats["excluded"]["ahead"], 3);
    let weeks = stats["weeks"].as_array().unwrap();
    assert_eq!(keys(&weeks[0]), words("week n outcomes rates"));
    assert_eq!(weeks.iter().map(|w| w["n"].as_u64().unwrap()).sum::<u64>(), 57);
    let human = shop.run(&["stats"]).out;
    assert!(human.contains("59.6 %  (34/57)"), "{human}");
}

#[test]
fn of_a_few_conversations_counts_are_told_and_no_per_cent() {
    let shop = Shop::empty();
    shop.import(&[json!({"id": "c-1", "source": "shop", "outcome": "resolved", "turns": [
        {"role": "user", "text": "where is my parcel"}, {"role": "bot", "text": "It arrives on Thursday."}]})]);
    let stats = shop.json(&["stats"]);
    assert_eq!((&stats["rates"]["resolution"]["num"], &stats["rates"]["resolution"]["den"]), (&json!(1), &json!(1)));
    let human = shop.run(&["stats"]).out;
    assert!(human.contains("1 of 1") && human.contains("0 of 1") && !human.contains("100.0 %"), "{human}");
}

#[test]
fn segments_and_periods() {
    let shop = Shop::small();
    assert_eq!(shop.json(&["stats", "--by", "month"])["months"].as_array().unwrap().len(), 3);
    for by in ["intent", "channel", "language", "response", "cause"] {
        let stats = shop.json(&["stats", "--by", by]);
        assert_eq!(keys(&stats["segments"][0]), words(&format!("{by} n outcomes rates")));
    }
    let n = |since: &str| shop.json(&["stats", "--since", since])["n"].as_u64().unwrap();
    assert_eq!((n("2026-11-01"), n("520w")), (17, 57));
    assert!(n("2w") < n("60d"));
    shop.fails(&["stats", "--since", "yesterday"], 2, "7d");
    shop.fails(&["stats", "--by", "year"], 2, "month");
    shop.json(&["label", "shop:c-0", "--not-traffic"]);
    assert_eq!(shop.json(&["stats"])["excluded"]["not_traffic"], 1);
}

#[test]
fn a_log_in_which_only_thanks_can_be_told_has_no_rate_and_says_why() {
    let shop = Shop::empty();
    let ended = |i: usize| {
        let last = if i.is_multiple_of(3) { "thanks" } else { "and the blue one" };
        json!({"id": format!("c-{i}"), "source": "shop", "turns": [
            {"role": "user", "text": format!("where is my parcel {i}")}, {"role": "bot", "text": "It arrives on Thursday."},
            {"role": "user", "text": last}]})
    };
    shop.import(&(0..90).map(ended).collect::<Vec<_>>());
    let stats = shop.json(&["stats"]);
    assert_eq!((&stats["outcomes"]["resolved"], &stats["excluded"]["unknown"]), (&json!(30), &json!(60)));
    assert!(stats["rates"]["resolution"].is_null() && stats["needs"]["resolution"].is_string(), "{stats}");
    let human = shop.run(&["stats"]).out;
    assert!(human.contains("30 of 90 ended in thanks or praise") && !human.contains("100.0 %"), "{human}");
    shop.fails(&["check", "--min-resolution", "0.5"], 1, "needs a log that tells of failures");
    shop.json(&["report", "--out", "r.md"]);
    let report = std::fs::read_to_string(shop.path("r.md")).unwrap();
    assert!(report.contains("# 30 of 90 ended in thanks or praise") && !report.contains("100 customers"), "{report}");
    assert!(report.contains("hand-overs to a person, or ratings"), "{report}");
}

#[test]
fn the_learner_is_scored_on_files() {
    let shop = Shop::empty();
    let rows = |range: std::ops::Range<usize>| -> String {
        let line = |i| format!("\"{}\",{}\n", said(i).1, said(i).0);
        "text,intent\n".to_owned() + &range.map(line).collect::<String>()
    };
    let (train, test) = (shop.write("train.csv", &rows(0..320)), shop.write("test.csv", &rows(320..400)));
    let oos = shop.write("oos.csv", "text\nwhat is the meaning of life\ntell me a joke\n");
    let args = ["evaluate", "--train", train.to_str().unwrap(), "--test", test.to_str().unwrap()];
    let plain = shop.json(&args);
    assert_eq!(keys(&plain), words("accuracy macro_f1 ece n trained_on intents train_seconds predict_us repeats"));
    assert!(plain["accuracy"].as_f64().unwrap() > 0.9 && plain["n"] == json!(80), "{plain}");
    let with = shop.json(&[&args[..], &["--oos", oos.to_str().unwrap(), "--encoder", "none"]].concat());
    assert_eq!(keys(&with["oos"]), words("auroc fpr95 n"));
    shop.fails(&[&args[..], &["--encoder", "statc"]].concat(), 1, "did you mean \"static\"");
    shop.fails(&["evaluate", "--train", "x.csv", "--test", "y.csv"], 1, "x.csv");
}
