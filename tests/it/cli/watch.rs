//! `change` and `check`

use super::shop::{Shop, keys, words};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;

/// Conversations of a channel on a day, so many of them resolved; each of a customer of its own.
fn of_day(day: &str, channel: &str, resolved: usize, n: usize) -> Vec<Value> {
    let one = |i: usize| {
        let outcome = if i < resolved { "resolved" } else { "escalated" };
        json!({
            "id": format!("{day}-{channel}-{i}"), "source": "shop", "customer_id": format!("{day}-{channel}-{i}"), "channel": channel,
            "lang": "en", "outcome": outcome, "turns": [
                {"role": "user", "text": format!("about {channel}"), "at": format!("{day}T09:00:00Z")},
                {"role": "bot", "text": "Done.", "at": format!("{day}T09:01:00Z")},
            ],
        })
    };
    (0..n).map(one).collect()
}

/// The table of Kitagawa's parts in the tests of `rate_change`, once more through a store.
const TABLE: [(&str, [usize; 4], f64, f64); 5] = [
    ("order_status", [320, 400, 255, 300], 0.016_25, -0.031_25),
    ("refund", [125, 250, 220, 400], 0.014_583_333, -0.007_638_889),
    ("cancel", [90, 150, 78, 120], 0.006_25, -0.000_416_667),
    ("login", [70, 100, 60, 80], 0.004_166_667, -0.003_611_111),
    ("other", [30, 100, 105, 300], 0.008_75, -0.043_75),
];

fn close(value: &Value, known: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - known).abs() < 5e-7, "{value} is not {known}");
}

#[test]
fn a_change_is_taken_apart_as_the_table_says() {
    let shop = Shop::empty();
    let mut all = Vec::new();
    for (channel, [before, of, after, to], _, _) in TABLE {
        all.extend(of_day("2026-11-03", channel, before, of));
        all.extend(of_day("2026-11-10", channel, after, to));
    }
    shop.import(&all);
    let args = ["change", "--from", "2026-W45", "--to", "2026-11-10", "--by", "channel"];
    let change = shop.json(&args);
    assert_eq!(keys(&change), words("by strata_by total within mix parts from to says most notes"));
    assert_eq!((&change["by"], &change["strata_by"]), (&json!("channel"), &json!("channel")));
    assert_eq!(keys(&change["within"]), words("value ci95"));
    close(&change["total"]["value"], -0.036_666_667);
    close(&change["within"]["value"], 0.05);
    close(&change["mix"]["value"], -0.086_666_667);
    for (name, [_, of, _, to], within, mix) in TABLE {
        let part = change["parts"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap();
        close(&part["within"], within);
        close(&part["mix"], mix);
        assert_eq!((&part["n_from"], &part["n_to"]), (&json!(of), &json!(to)));
    }
    let says = change["says"].as_str().unwrap();
    assert!(says.contains("answered better") && says.contains("more of the harder ones came"), "{says}");
    assert_eq!(change, shop.json(&args), "the same seed, the same intervals");
    let human = shop.run(&args).out;
    assert!(human.contains("63.5 %  (635/1,000)") && human.contains("association"), "{human}");
    // Without a release intents cannot be told, and the log's are not used.
    let ran = shop.run(&["change", "--from", "2026-W45", "--to", "2026-W46", "--json"]);
    let by: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&by["by"], &by["strata_by"]), (&json!("language"), &json!("language")));
    assert!(ran.err.contains("no release can tell intents"), "{}", ran.err);
}

#[test]
fn where_only_other_questions_came_the_words_say_so() {
    let shop = Shop::empty();
    let mut all = of_day("2026-11-03", "easy", 360, 400);
    all.extend(of_day("2026-11-03", "hard", 30, 100));
    all.extend(of_day("2026-11-10", "easy", 90, 100));
    all.extend(of_day("2026-11-10", "hard", 120, 400));
    shop.import(&all);
    let change = shop.json(&["change", "--from", "2026-11-03", "--to", "2026-11-10", "--by", "channel"]);
    close(&change["within"]["value"], 0.0);
    let says = change["says"].as_str().unwrap();
    assert!(says.contains("The same questions were answered as before; more of the harder ones came"), "{says}");
}

#[test]
fn periods_that_cannot_be_compared_are_refused_with_what_can() {
    let shop = Shop::small();
    shop.fails(&["change", "--from", "yesterday", "--to", "last"], 2, "2026-W20");
    shop.fails(&["change", "--from", "28d", "--to", "last"], 2, "share days");
    shop.fails(&["change", "--from", "day-one", "--to", "last"], 1, "no day one yet");
    shop.fails(&["change", "--from", "2025-01", "--to", "last"], 1, "no finished conversation lies in 2025-01");
    shop.fails(&["change", "--from", "before", "--to", "last", "--by", "cause"], 2, "channel");
}

/// Labels and logged intents move nothing: one release tells the strata.
#[test]
fn intents_are_told_by_one_release_whatever_people_say() {
    let shop = Shop::large();
    assert!([0, 3].contains(&shop.run(&["finetune", "--json"]).code));
    let args = ["change", "--from", "2026-09", "--to", "2026-10"];
    let before = shop.json(&args);
    assert_eq!((&before["by"], &before["strata_by"]), (&json!("intent"), &json!("v1")));
    assert!(before["parts"].as_array().unwrap().iter().any(|p| p["name"] == "refund_status"), "{before}");
    for row in shop.training().iter().take(5) {
        shop.json(&["label", row["id"].as_str().unwrap(), "--intent", "invoice_copy"]);
    }
    assert_eq!(before, shop.json(&args));
}

#[test]
fn a_check_leaves_its_limit_only_where_the_whole_interval_does() {
    let shop = Shop::empty();
    shop.import(&of_day("2026-11-20", "web", 120, 200));
    shop.fails(&["check"], 2, "--min-resolution");
    shop.fails(&["check", "--min-resolution", "70"], 2, "0 to 1");
    let check = shop.json(&["check", "--min-resolution", "0.5", "--max-escalation", "0.6"]);
    assert_eq!(keys(&check), words("ok breaches checked since kept notes told"));
    assert_eq!((&check["ok"], &check["breaches"], &check["since"]), (&json!(true), &json!([]), &json!("2026-11-14")));
    let (code, check) = shop.json_code(&["check", "--min-resolution", "0.9"]);
    assert_eq!((code, &check["ok"], &check["kept"]), (3, &json!(false), &json!(true)));
    let breach = &check["breaches"][0];
    assert_eq!(keys(breach), words("rate limit value lo hi n since says"));
    assert_eq!((&breach["rate"], &breach["n"], &breach["value"]), (&json!("resolution"), &json!(200), &json!(0.6)));
    let (lo, hi) = (breach["lo"].as_f64().unwrap(), breach["hi"].as_f64().unwrap());
    assert!(0.45 < lo && lo < 0.55 && 0.65 < hi && hi < 0.75, "{breach}");
    assert!(breach["says"].as_str().unwrap().starts_with("Resolution is below its limit of 90.0 %"), "{breach}");
    let ran = shop.run(&["check", "--min-resolution", "0.9"]);
    assert_eq!((ran.code, ran.out.lines().count()), (3, 1), "one sentence a breach: {}", ran.out);
    // Just beyond the rate, but within the interval: no breach.
    assert_eq!(shop.run(&["check", "--min-resolution", "0.65"]).code, 0);
    // The beginning is kept until it is begun anew.
    shop.import(&of_day("2026-11-22", "web", 10, 10));
    assert_eq!(shop.json(&["check", "--max-escalation", "1"])["since"], "2026-11-14");
    assert_eq!(shop.json(&["check", "--max-escalation", "1", "--restart"])["since"], "2026-11-16");
}

#[test]
fn a_customer_counts_once_a_day_and_a_read_only_store_keeps_nothing() {
    let shop = Shop::empty();
    let mut all = of_day("2026-11-20", "web", 10, 20);
    all.iter_mut().for_each(|c| c["customer_id"] = json!("one"));
    shop.import(&all);
    let check = shop.json(&["--read-only", "check", "--min-resolution", "0.5"]);
    assert_eq!((&check["checked"][0]["n"], &check["checked"][0]["value"]), (&json!(1), &json!(0.5)));
    assert_eq!((&check["kept"], check["notes"].as_array().unwrap().len()), (&json!(false), 1));
    let empty = shop.json(&["check", "--max-drop", "0.05"]);
    assert_eq!((&empty["ok"], &empty["checked"][0]["value"]), (&json!(true), &Value::Null));
    assert!(empty["checked"][0]["says"].as_str().unwrap().contains("100 customer-days are needed"), "{empty}");
}

#[test]
fn a_drop_is_noticed_within_days_and_usual_days_are_not() {
    let shop = Shop::empty();
    let day = |n: i64| format!("2026-{:02}-{:02}", 9 + (n - 1) / 30, 1 + (n - 1) % 30);
    let mut all: Vec<Value> = (1..=60).flat_map(|n| of_day(&day(n), "web", 32 + (n % 3) as usize, 40)).collect();
    shop.import(&all);
    // Beside the shop's own --now another would be refused.
    let check = |now: &str| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_appraise"));
        program
            .env_clear()
            .env("HOME", shop.path(""))
            .env("USER", "ada")
            .args(["--store".as_ref(), shop.store().as_os_str()]);
        let out = program.args(["--now", now, "check", "--max-drop", "0.1", "--json"]).output().unwrap();
        (out.status.code().unwrap(), serde_json::from_slice::<Value>(&out.stdout).unwrap())
    };
    let (code, usual) = check("2026-10-30T20:00:00Z");
    assert_eq!((code, &usual["ok"]), (0, &json!(true)), "{usual}");
    all = (61..=70).flat_map(|n| of_day(&day(n), "web", 20, 40)).collect();
    shop.import(&all);
    let (code, fallen) = check("2026-11-10T20:00:00Z");
    assert_eq!((code, &fallen["breaches"][0]["rate"]), (3, &json!("drop")), "{fallen}");
    let breach = &fallen["breaches"][0];
    assert!(breach["value"].as_f64().unwrap() > 0.2 && breach["since"].as_str().unwrap() >= "2026-10-28", "{breach}");
}

#[test]
fn a_webhook_is_told_counts_alone_and_its_failure_hides_no_breach() {
    let shop = Shop::empty();
    shop.import(&of_day("2026-11-20", "web", 0, 100));
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", server.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut text = String::new();
        let mut piece = [0; 4096];
        while !text.contains("\"breaches\"") {
            let n = stream.read(&mut piece).unwrap();
            text += &String::from_utf8_lossy(&piece[..n]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        text
    });
    let (code, told) = shop.json_code(&["check", "--min-resolution", "0.5", "--webhook", &url]);
    assert_eq!((code, &told["told"]), (3, &json!(true)));
    let heard = heard.join().unwrap();
    assert!(
        heard.starts_with("POST /hook") && heard.contains("\"resolution\"") && !heard.contains("about web"),
        "{heard}"
    );
    // Nobody listens there any more.
    let ran = shop.run(&["check", "--min-resolution", "0.5", "--webhook", &url]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("could not be told") && !ran.err.contains("/hook") && ran.out.contains("below its limit"),
        "{}",
        ran.err
    );
    shop.fails(&["check", "--min-resolution", "0.5", "--webhook", "http://example.com/x"], 2, "https://");
}

#[test]
fn prometheus_reads_a_file_that_is_replaced_whole_and_only_if_it_is_ours() {
    let shop = Shop::empty();
    shop.import(&of_day("2026-11-20", "web", 50, 100));
    let file = shop.path("appraise.prom");
    let args = ["check", "--min-resolution", "0.4", "--prometheus", file.to_str().unwrap()];
    assert_eq!(shop.run(&args).code, 0);
    let text = std::fs::read_to_string(&file).unwrap();
    for line in [
        "appraise_check_ok 1",
        "appraise_check_value{rate=\"resolution\"} 0.5",
        "appraise_check_customer_days{rate=\"resolution\"} 100",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}: {text}");
    }
    assert!(text.lines().filter(|l| !l.starts_with('#')).all(|l| l.split(' ').count() == 2), "{text}");
    assert_eq!(shop.run(&args).code, 0, "our own is replaced");
    std::fs::write(&file, "node_load1 3\n").unwrap();
    let ran = shop.run(&args);
    assert!(ran.code == 1 && ran.err.contains("has not written it"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "node_load1 3\n");
}
