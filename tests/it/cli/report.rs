//! `report`

use super::shop::{Shop, conversations, keys, words};
use serde_json::{Value, json};
use std::fs;

/// What no page may hold as it is: markup, direction marks, control characters, an address.
const HOSTILE: &str =
    "<script>alert(1)</script>\u{202e}gnp\u{1b}[2J\" onload=x &amp; write to eve@example.com or 4111 1111 1111 1111";

fn made(shop: &Shop, name: &str, more: &[&str]) -> String {
    let ran = shop.run(&[&["report", "--out", name], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    fs::read_to_string(shop.path(name)).unwrap()
}

#[test]
fn one_page_needs_nothing_else_and_has_every_part() {
    let shop = Shop::large();
    assert!([0, 3].contains(&shop.run(&["finetune", "--json"]).code));
    shop.run(&["promote", "v1", "--reason", "it is the first", "--override"]);
    let page = made(&shop, "report.html", &[]);
    for part in [
        "100 customers",
        "by week",
        "What failed",
        "What to do next",
        "What was changed",
        "it is the first",
        "All rates",
        "</html>",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("class=\"trend\"") && page.matches("fill:var(--good)").count() > 40, "the charts are there");
    for no in ["<script", "http://", "https://", "src=", "href=", "@import", "url(http", "onload"] {
        assert!(!page.contains(no), "{no}");
    }
    assert!(page.contains("default-src 'none'"));
    let markdown = made(&shop, "report.md", &[]);
    assert!(markdown.starts_with("<!-- appraise-report") && markdown.contains("| model | since |"), "{markdown}");
    assert_eq!(made(&shop, "report.html", &[]), page, "made again it is the same, over its own file");
}

#[test]
fn its_figures_are_those_of_stats() {
    let shop = Shop::small();
    let report: Value = serde_json::from_str(&made(&shop, "r.json", &[])).unwrap();
    assert_eq!(report["kind"], "appraise-report");
    // What people said of audit items is not of the days of the page.
    let mut stats = shop.json(&["stats", "--since", "7d"]);
    stats.as_object_mut().unwrap().remove("audited");
    assert_eq!(report["stats"], stats);
    let resolution = report["rates"].as_array().unwrap().iter().find(|r| r["key"] == "resolution").unwrap();
    assert_eq!(resolution["rate"], report["stats"]["rates"]["resolution"]);
    assert_eq!(report["now"]["resolved"], report["stats"]["outcomes"]["resolved"]);
    assert_eq!(keys(&report["headline"]), words("moved says sure"));
    let told = shop.json(&["report", "--out", "r.json"]);
    assert_eq!(keys(&told), words("out format n headline missing"));
}

#[test]
fn what_others_wrote_does_nothing_and_is_masked() {
    let shop = Shop::empty();
    let mut all = conversations(400);
    for (i, c) in all.iter_mut().enumerate() {
        c["source"] = json!("shop<img src=x>");
        c["channel"] = json!(HOSTILE);
        let turn = &mut c["turns"][0];
        turn["text"] = json!(format!("{HOSTILE} {i}"));
        turn["intent"] = json!(format!("<b>bold</b>|{} eve@example.com", i % 3));
        c["turns"][1]["text"] = json!(format!("| {HOSTILE}"));
    }
    shop.import(&all);
    let as_eve = ["--as", "<i>eve</i>"];
    shop.run(&[&as_eve[..], &["label", "#1", "--cause", "policy"]].concat());
    for name in ["a.html", "a.md", "a.json"] {
        let text = made(&shop, name, &[]);
        assert!(!text.contains("eve@example.com") && !text.contains("4111 1111"), "{name} is not masked");
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{name}");
        if name != "a.json" {
            assert!(!text.contains("<script") && !text.contains("<img") && !text.contains("<b>bold"), "{name}");
        }
    }
    let shown = made(&shop, "b.html", &["--reveal"]);
    assert!(shown.contains("eve@example.com") && !shown.contains("<script"), "only the mask is lifted");
}

#[test]
fn others_files_stay_and_names_say_the_form() {
    let shop = Shop::small();
    let file = shop.write("mine.html", "<html>my own page</html>");
    shop.fails(&["report", "--out", file.to_str().unwrap()], 1, "has not written it");
    assert_eq!(fs::read_to_string(&file).unwrap(), "<html>my own page</html>");
    shop.fails(&["report", "--out", "report.pdf"], 2, ".html, .md or .json");
    shop.fails(&["report", "--out", "nowhere/report.html"], 1, "directory");
    let store = shop.store();
    shop.fails(&["report", "--out", store.to_str().unwrap()], 2, ".html, .md or .json");
}

#[test]
fn stores_that_lack_something_say_what() {
    let lacks = |change: &dyn Fn(&mut Value)| -> Vec<String> {
        let shop = Shop::empty();
        let mut all = conversations(40);
        all.iter_mut().for_each(change);
        shop.import(&all);
        let report: Value = serde_json::from_str(&made(&shop, "r.json", &[])).unwrap();
        made(&shop, "r.html", &[]);
        made(&shop, "r.md", &[]);
        report["missing"].as_array().unwrap().iter().map(|m| m.as_str().unwrap().to_owned()).collect()
    };
    let says =
        |missing: &[String], what: &str| assert!(missing.iter().any(|m| m.contains(what)), "{what}: {missing:?}");
    says(
        &lacks(&|c| {
            c.as_object_mut().unwrap().remove("outcome");
        }),
        "do not say how they ended",
    );
    says(
        &lacks(&|c| {
            c["turns"].as_array_mut().unwrap().iter_mut().for_each(|t| drop(t.as_object_mut().unwrap().remove("at")))
        }),
        "no times",
    );
    says(
        &lacks(&|c| {
            for t in c["turns"].as_array_mut().unwrap() {
                let t = t.as_object_mut().unwrap();
                for key in ["intent", "gold_intent", "confidence", "action"] {
                    t.remove(key);
                }
            }
        }),
        "no intents",
    );
    says(&lacks(&|c| drop(c.as_object_mut().unwrap().remove("customer_id"))), "names no customers");
    says(&lacks(&|c| c["turns"].as_array_mut().unwrap().truncate(1)), "no answer of an AI");
    let empty = Shop::empty();
    empty.fails(&["report"], 1, "there is no store");
}

#[test]
fn a_read_only_store_has_its_report() {
    let shop = Shop::small();
    let ran = shop.run(&["--read-only", "report", "--out", "r.html"]);
    assert!(ran.code == 0 && ran.err.contains("read-only"), "{}", ran.err);
    for text in [fs::read_to_string(shop.path("r.html")).unwrap(), made(&shop, "r.md", &[])] {
        assert!(text.contains("How they ended") && text.contains("too few for a rate"), "{text}");
        assert!(!text.contains("Of 100 customers the AI"), "a handful is no hundred: {text}");
    }
}
