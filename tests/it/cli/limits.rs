//! What is too much, and what goes where it must not: by the binary.

use super::measure::{Fake, rasa, send};
use super::shop::{Shop, conversations};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A proxy that counts who comes, and says nothing.
fn proxy() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    std::thread::spawn(move || {
        listener.incoming().for_each(|_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
    });
    (address, seen)
}

#[test]
fn what_goes_to_this_machine_never_meets_a_proxy() {
    let shop = Shop::empty();
    shop.import(&conversations(400));
    let ai = Fake::start(|_, _, to| send(to, "200 OK", "", &rasa("refund_status")));
    let (address, seen) = proxy();
    let config = |url: &str| {
        format!("[ai]\nbot = {{ rasa = \"{url}\", key_env = \"BOT_KEY\", rate = 5000, retries = 0, timeout = 1 }}\n")
    };
    let measure = |variable: &str| {
        let mut command = shop.program();
        command.args(["--config", "config.toml", "measure", "bot", "--json"]);
        command.env("BOT_KEY", "sk-secret").env(variable, &address).output().unwrap()
    };
    shop.write("config.toml", &config(&format!("http://{}", ai.addr)));
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"] {
        let ran = measure(variable);
        assert_eq!(seen.load(Ordering::SeqCst), 0, "{variable}");
        assert!(ran.stderr.is_empty() || !String::from_utf8_lossy(&ran.stderr).contains("cannot"), "{ran:?}");
    }
    assert!(ai.asked.load(Ordering::SeqCst) > 0, "it was asked without one");
    // Elsewhere it is used, with TLS inside; a key never goes through plain http.
    shop.write("config.toml", &config("https://bot.example"));
    assert!(!measure("HTTPS_PROXY").status.success() && seen.load(Ordering::SeqCst) > 0);
    let before = seen.load(Ordering::SeqCst);
    shop.write("config.toml", &config("http://bot.example"));
    let refused = measure("HTTP_PROXY");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("unencrypted"), "{refused:?}");
    assert_eq!(seen.load(Ordering::SeqCst), before);
    shop.write("config.toml", &config("https://bot.example"));
    let mut command = shop.program();
    command
        .args(["--config", "config.toml", "measure", "bot"])
        .env("BOT_KEY", "k")
        .env("ALL_PROXY", "socks5://u:pw@h:1");
    let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(said.contains("http://HOST:PORT") && !said.contains("pw"), "{said}");
}

#[test]
fn a_server_that_is_always_busy_is_asked_as_often_as_is_allowed_and_no_more() {
    let shop = Shop::empty();
    shop.import(&conversations(400));
    let busy = Fake::start(|_, _, to| send(to, "429 Too Many Requests", "Retry-After: 0\r\n", "{}"));
    let config = |retries: u32| {
        let line = format!("[ai]\nx = {{ rasa = \"http://{}\", rate = 10000, retries = {retries} }}\n", busy.addr);
        shop.write("config.toml", &line);
    };
    config(20);
    shop.fails(&["--config", "config.toml", "measure", "x"], 1, "after 21 tries");
    assert_eq!(busy.asked.load(Ordering::SeqCst), 21);
    config(200);
    shop.fails(&["--config", "config.toml", "measure", "x"], 1, "retries must be a whole number from 0 to 20, not 200");
}

#[test]
fn a_record_with_too_much_is_one_reject_and_the_others_are_imported() {
    let keys = |n: usize| (0..n).map(|i| format!("\"k{i}\":1")).collect::<Vec<_>>().join(",");
    let record = |id: &str, more: String| {
        format!("{{\"id\":\"{id}\",\"turns\":[{{\"role\":\"user\",\"text\":\"x\"}}],{more}}}\n")
    };
    let many = format!("\"x\":[{}]", "1,".repeat(2_000_001));
    let shop = Shop::empty();
    let log = [record("a", keys(40_000)), record("b", keys(60_000)), record("c", many), record("d", keys(1))].concat();
    shop.write("log.jsonl", &log);
    let (code, report) = shop.json_code(&["import", "log.jsonl", "--rejects", "rejects.jsonl"]);
    assert_eq!((code, &report["failed"]), (1, &json!("rejected")));
    assert_eq!((&report["new"], &report["rejected"]), (&json!(2), &json!(2)));
    let first = &report["rejects"][0];
    assert!(first["place"].as_str().unwrap().contains("log.jsonl:2:"), "{first}");
    assert!(first["reason"].as_str().unwrap().contains("an object with 60002 keys"), "{first}");
    let rejects = fs::read_to_string(shop.path("rejects.jsonl")).unwrap();
    let reasons: Vec<Value> = rejects.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(reasons[0]["reason"].as_str().unwrap().contains("an object with 60002 keys"), "{rejects}");
    assert!(reasons[1]["reason"].as_str().unwrap().contains("more than 2000000 values"), "{rejects}");
}

#[test]
fn a_tokenizer_that_panics_is_refused_in_words() {
    let shop = Shop::empty();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/encoders/xlm-roberta");
    let to = shop.path("damaged");
    fs::create_dir_all(to.join("1_Pooling")).unwrap();
    for file in ["config.json", "model.safetensors", "modules.json", "1_Pooling/config.json"] {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
    let mut tokenizer: Value = serde_json::from_slice(&fs::read(from.join("tokenizer.json")).unwrap()).unwrap();
    tokenizer["normalizer"] = json!({"type": "Precompiled", "precompiled_charsmap": "AAAAA"});
    fs::write(to.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    let ran = shop.run(&["encoder", "add", "damaged", "--name", "x"]);
    assert!(ran.code == 1 && ran.err.contains("the tokenizer is damaged"), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn the_environment_cannot_ask_for_more_threads_than_help() {
    let shop = Shop::small();
    for threads in ["100000", "0", "-1", "many"] {
        let ran = shop.program().args(["stats", "--json"]).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(ran.status.success(), "{threads}: {ran:?}");
    }
}
