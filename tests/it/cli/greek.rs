//! A business whose labels are all English answers customers who write Greek, in either alphabet.

use super::shop::{Shop, conversations};
use serde_json::{Value, json};

const UTTERANCES: &str = include_str!("../../fixtures/greek/utterances.tsv");

/// Intent, English, Greek, Greek in Latin letters.
fn utterances() -> Vec<[&'static str; 4]> {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap())
    };
    UTTERANCES.lines().skip(1).map(row).collect()
}

/// A store whose labels are all English, and its first release, live.
fn english() -> Shop {
    let shop = Shop::small();
    let rows: String = utterances().iter().map(|[intent, en, ..]| format!("\"{en}\",{intent}\n")).collect();
    let file = shop.write("base.csv", &format!("text,intent\n{rows}"));
    shop.json(&["intents", "import", file.to_str().unwrap()]);
    shop.json_code(&["finetune"]);
    shop.json(&["promote", "v1", "--override", "--reason", "a first release"]);
    shop
}

/// What the live release makes of texts, in order.
fn understood(shop: &Shop, texts: &[&str]) -> Vec<Value> {
    let lines: String = texts.iter().map(|text| format!("{}\n", json!({"text": text}))).collect();
    let ran = shop.run_with(&["predict", "--follow"], &lines);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn labels_in_english_alone_answer_customers_who_write_greek() {
    let (shop, rows) = (english(), utterances());
    for (writing, least) in [(1, 195), (2, 160), (3, 155)] {
        let texts: Vec<&str> = rows.iter().map(|row| row[writing]).collect();
        let said = understood(&shop, &texts);
        assert_eq!(said.len(), rows.len());
        let right = said.iter().zip(&rows).filter(|(s, row)| s["intent"] == row[0]).count();
        assert!(right >= least, "writing {writing}: {right} of {}", rows.len());
    }
}

#[test]
fn what_was_said_is_found_in_either_alphabet() {
    let shop = Shop::empty();
    let mut lines = conversations(60);
    for (at, text) in
        ["Θέλω να ακυρώσω την κράτησή μου για αύριο", "thelo na akiroso tin kratisi mou gia avrio"].iter().enumerate()
    {
        lines[at]["turns"][0]["text"] = json!(text);
        lines[at]["customer_id"] = json!(format!("someone {at}"));
    }
    shop.import(&lines);
    for query in ["ακυρώσω", "akiroso", "akyrwsw", "\"na akyroso tin\""] {
        let found = shop.json(&["queue", query, "--limit", "0"]);
        assert_eq!(found.as_array().unwrap().len(), 2, "{query}: {found}");
    }
}
