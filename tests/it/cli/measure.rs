//! `measure` by the binary: AIs that answer elsewhere, well and badly, over real sockets.

use super::serve::Serving;
use super::shop::{Ran, Shop, conversations, keys, said, words};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const KEY: &str = "sk-very-secret-1234";

/// What a request says.
pub struct Request {
    head: String,
    pub body: Value,
}

/// A server that answers request after request with bytes of its own making.
pub struct Fake {
    pub addr: String,
    pub asked: Arc<AtomicUsize>,
    last: Arc<Mutex<String>>,
}

impl Fake {
    pub fn start(mut answer: impl FnMut(usize, &Request, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap().to_string();
        let (asked, last) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
        let (counted, kept) = (Arc::clone(&asked), Arc::clone(&last));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if let Some(request) = read(&stream) {
                    *kept.lock().unwrap() = request.head.clone() + &request.body.to_string();
                    answer(counted.fetch_add(1, Ordering::SeqCst), &request, &mut stream);
                }
            }
        });
        Self { addr, asked, last }
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut from = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(Request { head, body: serde_json::from_slice(&body).ok()? })
}

pub fn send(to: &mut TcpStream, status: &str, more: &str, body: &str) {
    // The asker may have gone: that is its right.
    let _ = write!(to, "HTTP/1.1 {status}\r\nConnection: close\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len());
}

fn right_answers() -> HashMap<String, &'static str> {
    (0..400).map(|i| (said(i).1, said(i).0)).collect()
}

fn chat(intent: &str) -> String {
    json!({"choices": [{"message": {"content": intent}}], "usage": {"prompt_tokens": 100, "completion_tokens": 5}})
        .to_string()
}

pub fn rasa(intent: &str) -> String {
    json!({"intent": {"name": intent, "confidence": 0.9}, "intent_ranking": [], "entities": []}).to_string()
}

fn shop() -> Shop {
    let shop = Shop::empty();
    shop.import(&conversations(400));
    shop
}

fn measure(shop: &Shop, ai: &str) -> Ran {
    let mut command = shop.program();
    command.args(["--config", "config.toml", "measure", ai, "--json"]).env("BOT_KEY", KEY);
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn measured(shop: &Shop, ai: &str) -> Value {
    let ran = measure(shop, ai);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {} {}", ran.out, ran.err))
}

#[test]
fn a_language_model_is_measured_promoted_changed_and_measured_again() {
    let shop = shop();
    let right = right_answers();
    let right_again = right.clone();
    // Busy at first, as they are; it never understands invoices.
    let before = Fake::start(move |n, request, to| {
        assert!(request.head.to_lowercase().contains(&format!("authorization: bearer {KEY}")));
        let text = request.body["messages"][1]["content"].as_str().unwrap();
        match n {
            0 => send(to, "429 Too Many Requests", "Retry-After: 0\r\n", "{}"),
            1 => send(to, "503 Service Unavailable", "", &format!("down {KEY}")),
            2 => {}
            _ => {
                send(to, "200 OK", "", &chat(if right[text] == "invoice_copy" { "Order Status" } else { right[text] }))
            }
        }
    });
    let after = Fake::start(move |_, request, to| {
        let text = request.body["messages"][1]["content"].as_str().unwrap();
        send(to, "200 OK", "", &chat(right_again[text]));
    });
    let ai = |addr: &str| {
        let price = "price = { request = 0.001, input = 2.0, output = 10.0 }";
        shop.write("config.toml", &format!(
            "[ai]\nllm = {{ chat = \"http://{addr}\", model = \"small\", key_env = \"BOT_KEY\", rate = 5000, {price} }}\n"
        ));
    };
    ai(&before.addr);
    let first = measured(&shop, "llm");
    assert_eq!((&first["before_is"], &first["release"], &first["trained_on"]), (&json!("log"), &json!(1), &json!(0)));
    assert_eq!(first["after"]["unseen_accuracy"], Value::Null, "nobody here knows what it was trained on");
    assert_eq!(keys(&first["bill"]), words("asked known input_tokens output_tokens cost unknown unknown_example"));
    let asked = first["bill"]["asked"].as_u64().unwrap();
    assert_eq!(before.asked.load(Ordering::SeqCst) as u64, asked + 3, "and three that it did not answer");
    assert_eq!(first["bill"]["input_tokens"], json!(100 * asked));
    let cost = asked as f64 * (0.001 + (100.0 * 2.0 + 5.0 * 10.0) / 1e6);
    assert!((first["bill"]["cost"].as_f64().unwrap() - cost).abs() < 1e-9, "{}", first["bill"]);
    assert_eq!(first["bill"]["unknown"], 0, "Order Status is order_status");
    let prompt = before.last.lock().unwrap().clone();
    assert!(prompt.contains("invoice_copy\\norder_status"), "{prompt}");

    shop.json(&["promote", "v1", "--reason", "what is deployed"]);
    assert_eq!(shop.json(&["models"])[0]["outside"], "ai:llm");
    shop.fails(&["predict"], 1, "answers elsewhere");
    assert_eq!(shop.json(&["queue"])[0]["suggested"], Value::Null);
    ai(&after.addr);
    let second = measured(&shop, "llm");
    assert_eq!((&second["before_release"], &second["parent"]), (&json!(1), &json!(1)));
    assert_eq!((&second["before"]["accuracy"], &second["broken"]), (&first["after"]["accuracy"], &json!(0)));
    assert_eq!(
        (&second["after"]["accuracy"], &second["bill"]["known"]),
        (&json!(1.0), &json!(0)),
        "measured anew: {second}"
    );
    assert!(second["fixed"].as_u64().unwrap() > 0);

    for file in fs::read_dir(shop.store().parent().unwrap()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(KEY.len()).any(|w| w == KEY.as_bytes()), "the key is stored");
    }
}

#[test]
fn servers_that_fail_are_told_apart_and_nothing_is_asked_twice() {
    let shop = shop();
    let config = |addr: &str, more: &str| {
        shop.write(
            "config.toml",
            &format!("[ai]\nbot = {{ rasa = \"http://{addr}\", rate = 5000, timeout = 1, {more} }}\n"),
        )
    };
    let says = |answer: fn(&mut TcpStream), more: &str, words: &str| {
        let fake = Fake::start(move |_, _, to| answer(to));
        config(&fake.addr, more);
        let ran = measure(&shop, "bot");
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
        assert!(!ran.err.contains(KEY), "{}", ran.err);
        fake.asked.load(Ordering::SeqCst)
    };
    let key = "key_env = \"BOT_KEY\", retries = 1";
    assert_eq!(says(|to| send(to, "401 Unauthorized", "", ""), key, "`key_env`"), 1);
    assert_eq!(
        says(|to| send(to, "400 Bad Request", "", "no such \x1b[2Jmodel sk-very-secret-1234"), key, "no such"),
        1
    );
    assert_eq!(says(|to| send(to, "500 Oh", "", ""), "retries = 1", "after 2 tries"), 2);
    assert_eq!(says(|to| send(to, "200 OK", "", "<html>hello"), "retries = 1", "JSON"), 1);
    assert_eq!(says(|to| send(to, "200 OK", "", "{}"), "retries = 1", "no Rasa server"), 1);
    assert_eq!(says(|to| send(to, "200 OK", "", &"x".repeat(3 << 20)), "retries = 1", "longer than 1 MB"), 1);
    assert_eq!(
        says(
            |to| {
                let _ = to.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}");
            },
            "retries = 1",
            "after 2 tries"
        ),
        2
    );
    assert_eq!(
        says(
            |to| {
                let _ = to.write_all(b"nonsense\r\n\r\n");
            },
            "retries = 0",
            "after 1 try"
        ),
        1
    );
    assert_eq!(says(|to| send(to, "302 Found", "Location: http://127.0.0.1:1/\r\n", ""), key, "302"), 1);
    assert_eq!(says(|_| std::thread::sleep(Duration::from_secs(3)), "retries = 0", "after 1 try"), 1);
    config("127.0.0.1:1", "retries = 0");
    assert_eq!(measure(&shop, "bot").code, 1, "nobody is there");
    config("bot.example", "key_env = \"BOT_KEY\"");
    assert!(measure(&shop, "bot").err.contains("unencrypted"));
    config("127.0.0.1:1", "key_env = \"NOT_SET\"");
    assert!(measure(&shop, "bot").err.contains("environment variable NOT_SET"));
    assert_eq!(shop.json(&["models"]), json!([]), "nothing of all that is a release");

    // It breaks half-way, and goes on from there; what it names and nobody knows counts as wrong.
    let right = right_answers();
    let fake = Fake::start(move |n, request, to| match (n, right[request.body["text"].as_str().unwrap()]) {
        (20, _) => send(to, "500 Oh", "", ""),
        (_, "invoice_copy") => send(to, "200 OK", "", &rasa("bills & co")),
        (_, "order_status") => send(to, "200 OK", "", &rasa("nlu_fallback")),
        (_, intent) => send(to, "200 OK", "", &rasa(intent)),
    });
    config(&fake.addr, "retries = 0");
    let ran = measure(&shop, "bot");
    assert!(ran.err.contains("20 of ") && ran.err.contains("run it again"), "{}", ran.err);
    let done = measured(&shop, "bot");
    assert!(done["bill"]["known"].as_u64().unwrap() >= 20, "{}", done["bill"]);
    assert_eq!(done["bill"]["unknown_example"], "bills & co");
    let n = done["after"]["n"].as_u64().unwrap();
    let correct = done["after"]["correct"].as_u64().unwrap();
    assert!(correct > 0 && correct < n && done["bill"]["unknown"].as_u64().unwrap() > 0, "{done}");
}

#[test]
fn what_serve_answers_measure_reads() {
    let shop = shop();
    shop.json(&["finetune"]);
    shop.json(&["promote", "v1", "--reason", "first"]);
    let server = Serving::start(&shop);
    shop.write("config.toml", &format!("[ai]\nbot = {{ rasa = \"http://{}\", rate = 5000 }}\n", server.addr()));
    let c = measured(&shop, "bot");
    assert_eq!(
        (&c["fixed"], &c["broken"], &c["verdict"], &c["before_release"]),
        (&json!(0), &json!(0), &json!("cannot_tell"), &json!(1))
    );
    assert_eq!(
        (&c["after"]["accuracy"], &c["open"]["after"]["correct"]),
        (&c["before"]["accuracy"], &c["open"]["before"]["correct"])
    );
    assert!(c["after"]["ece"].is_number(), "confidences come through");
    assert_eq!(c["left_out"], json!({"repeats_gold": 0, "not_measured": 0, "intent_not_in_use": 0}));
}
