//! `serve` by its binary: an existing bot's server, following what is promoted.

use super::shop::{Shop, keys, said, words};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A server of a shop's live release.
pub struct Serving {
    child: Child,
    addr: String,
}

impl Serving {
    pub fn start(shop: &Shop) -> Self {
        let mut child = shop
            .program()
            .args(["serve", "--addr", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { child, addr: ready["addr"].as_str().unwrap().to_owned() }
    }

    pub fn addr(&self) -> &str {
        &self.addr
    }

    /// Asks on a connection of its own; status and body.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.addr,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap())
    }

    fn parse(&self, text: &str) -> Value {
        let (status, answer) = self.ask("POST", "/model/parse", &json!({ "text": text }).to_string());
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_promotion_is_served_without_a_restart() {
    let shop = Shop::small();
    let server = Serving::start(&shop);
    assert_eq!(server.ask("GET", "/", "").0, 200, "it is there");
    let (status, nothing) = server.ask("POST", "/model/parse", r#"{"text":"hello"}"#);
    assert_eq!(status, 503);
    assert!(nothing["message"].as_str().unwrap().contains("appraise promote"), "{nothing}");
    assert_eq!(server.ask("GET", "/health", "").0, 503);

    shop.json(&["finetune"]);
    shop.json(&["promote", "v1", "--reason", "first"]);
    let answer = server.parse(&said(3).1);
    assert_eq!(keys(&answer), words("text intent entities intent_ranking out_of_scope response release"));
    assert_eq!((&answer["text"], &answer["entities"], &answer["release"]), (&json!(said(3).1), &json!([]), &json!(1)));
    assert_eq!(answer["intent"]["name"], json!(said(3).0));
    assert_eq!(answer["intent"], answer["intent_ranking"][0]);
    assert_eq!(answer["response"], json!(format!("About {}: done.", said(3).0)));
    assert_eq!(server.ask("GET", "/health", "").1["release"], 1);

    shop.json(&["finetune", "--seed", "2"]);
    shop.json(&["promote", "v2", "--reason", "second"]);
    assert_eq!(server.parse("hello")["release"], 2);
    shop.json(&["intents", "rename", said(3).0, "bill"]);
    assert_eq!(server.parse(&said(3).1)["intent"]["name"], said(3).0, "flows are bound to names");
    shop.json(&["intents", "merge", said(2).0, "bill"]);
    assert_eq!(server.parse(&said(2).1)["intent"]["name"], said(2).0, "what was merged answers under its own name");
    shop.json(&["rollback", "--reason", "no"]);
    assert_eq!(server.parse("hello")["release"], 1);
    assert_eq!(server.parse(&said(3).1)["intent"]["name"], "bill", "going live is when names change");
    assert_eq!(server.parse(&said(2).1)["intent"]["name"], "bill");
    let same = shop.run_with(&["predict", "--top", "5"], &format!("{}\n", said(2).1)).out;
    let same: Value = serde_json::from_str(&same).unwrap();
    assert_eq!(server.parse(&said(2).1)["intent"]["confidence"], same["confidence"]);
}

#[test]
fn an_address_that_is_taken_and_a_store_that_is_not_there_are_said() {
    let shop = Shop::small();
    let server = Serving::start(&shop);
    shop.fails(&["serve", "--addr", server.addr()], 1, "cannot listen");
    shop.fails(&["serve", "--addr", "nonsense"], 2, "nonsense");
    Shop::empty().fails(&["serve"], 1, "no store");
}
