//! `simulate`

use super::shop::{Shop, keys, said, words};
use serde_json::Value;

/// A shop with a training and a test file, and the command over both.
fn files() -> (Shop, Vec<String>) {
    let shop = Shop::empty();
    let rows = |range: std::ops::Range<usize>| -> String {
        let line = |i| format!("\"{}\",{}\n", said(i).1, said(i).0);
        "text,intent\n".to_owned() + &range.map(line).collect::<String>()
    };
    let (train, test) = (shop.write("train.csv", &rows(0..160)), shop.write("test.csv", &rows(200..280)));
    let path = |p: &std::path::Path| p.to_str().unwrap().to_owned();
    let args = ["simulate", "--train", &path(&train), "--test", &path(&test), "--start", "1", "--weeks", "4"];
    let args = args.iter().chain(&["--per-week", "30", "--review", "5"]).map(|s| (*s).to_owned()).collect();
    (shop, args)
}

#[test]
fn weeks_have_the_keys_of_the_contract() {
    let (shop, args) = files();
    let with = |more: &[&str]| -> Vec<Value> {
        let args: Vec<&str> = args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        shop.json(&args).as_array().unwrap().clone()
    };
    let weeks = with(&[]);
    assert_eq!(keys(&weeks[0]), words("week labels accuracy low high before arrived reviewed wrong"));
    let column = |rows: &[Value], key: &str| rows.iter().map(|w| w[key].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(column(&weeks, "week"), [1, 2, 3, 4]);
    let labels = column(&weeks, "labels");
    assert!(labels.windows(2).all(|w| w[1] == w[0] + 5), "{labels:?}");
    assert_eq!(column(&weeks, "arrived"), [30; 4]);
    assert!(weeks.iter().all(|w| (0.0..=1.0).contains(&w["accuracy"].as_f64().unwrap())));
    assert_eq!(with(&[]), weeks, "the same seed is the same run");
    for strategy in ["margin", "random"] {
        assert_eq!(column(&with(&["--strategy", strategy]), "labels"), labels);
    }
    let three = with(&["--seeds", "3", "--encoder", "none"]);
    let of = |w: &Value, key: &str| w[key].as_f64().unwrap();
    assert!(three.iter().all(|w| of(w, "low") <= of(w, "accuracy") && of(w, "accuracy") <= of(w, "high")));
}

#[test]
fn people_see_a_table_and_a_curve() {
    let (shop, args) = files();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let ran = shop.run(&args);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 1 + 4 + 2, "{}", ran.out);
    assert!(lines[0].contains("accuracy") && lines[5].contains('█') && lines[6].contains("strategy value, 1 run"));
    assert!(!super::shop::exists(&shop.store()), "it needs no store and makes none");
    shop.fails(&[&args[..], &["--strategy", "luck"]].concat(), 2, "value, margin, random");
    shop.fails(&[&args[..], &["--encoder", "nobody"]].concat(), 1, "nobody");
    shop.fails(&["simulate", "--train", "x.csv", "--test", "y.csv"], 1, "x.csv");
}
