//! The server over real sockets, with peers that are slow, broken or mean. Limits are short here.

use super::*;
use crate::jobs::TrainingStart;
use crate::jobs::finetune;
use crate::jobs::promote;
use crate::jobs::tests::{NOW, load, log, options, store};
use std::io::{Read, Write};
use std::time::Instant;

const SHORT: Limits = Limits {
    head: 2 << 10,
    body: 4 << 10,
    request: Duration::from_millis(400),
    idle: Duration::from_millis(800),
    connections: 4,
};

/// Starts a server on a store with a live release; it lives as long as the test's process.
fn start(limits: Limits) -> SocketAddr {
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), limits).unwrap();
    let addr = server.addr();
    std::thread::spawn(move || {
        let mut store = store();
        load(&mut store, &log(200));
        let c = finetune(&mut store, &options(TrainingStart::Live), &crate::domain::SilentReporter).unwrap();
        promote(&mut store, "maria", NOW, c.release, "a test", true).unwrap();
        server.run(&mut Responder::new(&store, None), |_| {}).unwrap();
    });
    addr
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    // A server that never answers fails a test instead of hanging it.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Sends bytes, closes the sending half and reads everything until the server closes.
fn tell(addr: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(addr);
    // A server that refuses at once may be gone before all is said; what it answered is what counts.
    let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(std::net::Shutdown::Write));
    everything(&mut stream)
}

fn everything(stream: &mut TcpStream) -> String {
    let mut out = Vec::new();
    // A reset after the answer is an end, too.
    let _ = stream.read_to_end(&mut out);
    String::from_utf8(out).unwrap()
}

fn parse(body: &[u8], more: &str) -> Vec<u8> {
    let head = format!("POST /model/parse HTTP/1.1\r\nHost: localhost\r\n{more}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A request whose body comes as these chunks.
fn chunked(chunks: &str, more: &str) -> Vec<u8> {
    let head = "POST /model/parse HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n";
    format!("{head}{more}\r\n{chunks}").into_bytes()
}

const REFUND: &[u8] = br#"{"text":"money back refund please"}"#;

/// Tries again while those before, on a slow machine, have not been hung up on yet.
fn patiently(addr: SocketAddr, bytes: &[u8]) -> String {
    let answers = std::iter::repeat_with(|| tell(addr, bytes)).take(100);
    let mut free = answers.skip_while(|said| {
        let full = said.starts_with("HTTP/1.1 503");
        if full {
            std::thread::sleep(Duration::from_millis(20));
        }
        full
    });
    free.next().expect("a free place")
}

#[test]
fn what_is_wrong_with_a_request_is_said_and_the_next_one_is_answered() {
    let addr = start(SHORT);
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(4 << 10));
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(100));
    let get = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n");
    let cases: Vec<(Vec<u8>, u16, &str)> = vec![
        (parse(b"{\"text\":", ""), 400, "no JSON"),
        (parse(b"[1]", ""), 400, "`text`"),
        (parse(b"{\"text\":7}", ""), 400, "`text`"),
        (parse(b"{\"text\":\"\xff\xfe\"}", ""), 400, "no JSON"),
        (parse(b"", ""), 400, "no JSON"),
        (parse("[".repeat(4_000).as_bytes(), ""), 400, "no JSON"),
        (parse(&[b'x'; 5 << 10], ""), 413, "too long"),
        (b"POST /model/parse HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2\r\n\r\n{}".to_vec(), 403, "localhost"),
        (chunked("0\r\n\r\n", ""), 400, "no JSON"),
        (chunked("4\r\n{\"te\n", ""), 400, "malformed"),
        (chunked("2000\r\n", ""), 413, "too long"),
        (chunked(&format!("0\r\nX: {}\r\n\r\n", "x".repeat(3 << 10)), ""), 431, "too long"),
        (chunked("0\r\n\r\n", "Content-Length: 5\r\n"), 400, "not both"),
        (chunked("0\r\n\r\n", "Transfer-Encoding: gzip\r\n"), 501, "chunked"),
        (chunked("0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), 501, "chunked"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity\r\n\r\n".to_vec(), 501, "chunked"),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(), 400, "HTTP/1.0"),
        (parse(REFUND, "Content-Length: 3\r\n"), 400, "Content-Length"),
        (get("/", "Content-Length: -1\r\n").into_bytes(), 400, "Content-Length"),
        (get("/", "Content-Length: 99999999999999999999999\r\n").into_bytes(), 413, "too long"),
        (parse(REFUND, "Expect: wonders\r\n"), 417, "100-continue"),
        (get("/model/parse", "").into_bytes(), 405, "POST"),
        (b"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), 405, "GET"),
        (get("/model/train", "").into_bytes(), 404, "/model/parse"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), 400, "host"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), 400, "no HTTP"),
        (long.into_bytes(), 431, "too long"),
        (many.into_bytes(), 431, "too long"),
    ];
    for (bytes, status, words) in cases {
        let said = patiently(addr, &bytes);
        let sent = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        assert!(said.starts_with(&format!("HTTP/1.1 {status} ")), "{sent}: {said}");
        let body = said.split_once("\r\n\r\n").unwrap().1;
        let body: Value = serde_json::from_str(body).unwrap();
        assert!(body["message"].as_str().unwrap().contains(words), "{sent}: {body}");
        assert_eq!((body["status"].as_str(), body["code"].as_u64()), (Some("failure"), Some(u64::from(status))));
    }
    let right = tell(addr, &parse(REFUND, "Connection: close\r\n"));
    assert!(right.starts_with("HTTP/1.1 200 OK") && right.contains("\"name\":\"refund\""), "{right}");
}

#[test]
fn requests_that_come_together_are_answered_in_their_order() {
    let addr = start(SHORT);
    let invoice = br#"{"text":"invoice bill receipt copy"}"#;
    let bytes = [parse(REFUND, ""), parse(b"nonsense", ""), parse(invoice, ""), b"GET / HTTP/1.0\r\n\r\nrest".to_vec()]
        .concat();
    let said = tell(addr, &bytes);
    let at = |what: &str| said.find(what).unwrap_or_else(|| panic!("{what}: {said}"));
    let (first, second) = (at("\"intent\":{\"name\":\"refund\""), at("\"intent\":{\"name\":\"invoice_copy\""));
    assert!(first < at("no JSON") && at("no JSON") < second, "{said}");
    assert_eq!(said.matches("HTTP/1.1 ").count(), 4, "{said}");
    assert!(said.contains("Connection: close"), "HTTP/1.0 closes: {said}");
    // Answers to HEAD have no body, or the next answer would be misread.
    let head = tell(addr, b"HEAD /health HTTP/1.1\r\nHost: [::1]:5005\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    // A body that is only sent once the server says so.
    let mut stream = connect(addr);
    let whole = parse(REFUND, "Expect: 100-continue\r\nConnection: close\r\n");
    stream.write_all(&whole[..whole.len() - REFUND.len()]).unwrap();
    let mut go = [0; 25];
    stream.read_exact(&mut go).unwrap();
    assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(REFUND).unwrap();
    assert!(everything(&mut stream).contains("\"name\":\"refund\""));
}

#[test]
fn bodies_in_chunks_are_answered_and_the_connection_goes_on() {
    let addr = start(SHORT);
    let refund = "8;a=b\r\n{\"text\":\r\n16\r\n\"money back refund ple\r\n6\r\nase\"}\n\r\n0\r\nX-Sum: 1\r\n\r\n";
    let bytes = [chunked(refund, ""), parse(REFUND, ""), chunked(refund, "Connection: close\r\n")].concat();
    let said = tell(addr, &bytes);
    assert_eq!(said.matches("HTTP/1.1 200 OK").count(), 3, "{said}");
    assert_eq!(said.matches("\"intent\":{\"name\":\"refund\"").count(), 3, "{said}");
    // A byte at a time, and only once the server says so.
    let mut stream = connect(addr);
    let whole = chunked(refund, "Expect: 100-continue\r\nConnection: close\r\n");
    stream.write_all(&whole[..whole.len() - refund.len()]).unwrap();
    let mut go = [0; 25];
    stream.read_exact(&mut go).unwrap();
    assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
    refund.bytes().for_each(|byte| stream.write_all(&[byte]).unwrap());
    assert!(everything(&mut stream).contains("\"name\":\"refund\""));
    // What never ends is cut off.
    let mut half = connect(addr);
    half.write_all(&chunked("8\r\n{\"text\":\r\n", "")).unwrap();
    assert!(everything(&mut half).starts_with("HTTP/1.1 408"));
    // Nothing to say has no intent.
    let nothing = tell(addr, &parse("{\"text\":\" 👍 …\"}".as_bytes(), "Connection: close\r\n"));
    let body: Value = serde_json::from_str(nothing.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["intent"], serde_json::json!({"name": null, "confidence": 0.0}));
    assert_eq!((&body["intent_ranking"], &body["response"]), (&serde_json::json!([]), &Value::Null));
}

#[test]
fn slow_and_silent_peers_are_cut_off_and_cost_nobody_else() {
    let addr = start(Limits { connections: 8, ..SHORT });
    assert!(tell(addr, &parse(REFUND, "")).contains("refund"), "the model is there");
    let began = Instant::now();
    // One letter at a time: each arrives in time, the whole does not.
    let mut drip = connect(addr);
    let mut silent = connect(addr);
    let mut half = connect(addr);
    half.write_all(b"POST /model/parse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{").unwrap();
    let dripping = std::thread::spawn({
        let mut drip = drip.try_clone().unwrap();
        move || {
            for byte in parse(REFUND, "") {
                if drip.write_all(&[byte]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    });
    let asked = Instant::now();
    assert!(tell(addr, &parse(REFUND, "")).contains("\"name\":\"refund\""), "others are answered meanwhile");
    assert!(asked.elapsed() < SHORT.request, "{:?}", asked.elapsed());
    assert!(everything(&mut drip).starts_with("HTTP/1.1 408"));
    assert!(everything(&mut half).starts_with("HTTP/1.1 408"));
    assert_eq!(everything(&mut silent), "", "who says nothing is told nothing");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    dripping.join().unwrap();
}

/// A peer that says a text in pieces of some size.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(self.1).min(buf.len());
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl http::Peer for Pieces<'_> {
    fn read_within(&mut self, _: Duration) -> std::io::Result<()> {
        Ok(())
    }

    fn write_within(&mut self, _: Duration) -> std::io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_head_is_refused_in_the_same_words_however_it_comes() {
    // Too long before it is seen to be no head at all; no head at all before it is too long.
    let cases = [(SHORT.head + 9, 431), (SHORT.head - 40, 400)];
    for (length, status) in cases {
        let bytes = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n", "x".repeat(length));
        for piece in [1, 7, 1_000, bytes.len()] {
            let limits = Limits { request: Duration::from_secs(60), ..SHORT };
            let refused = Connection::new(Pieces(bytes.as_bytes(), piece), limits).request();
            assert!(
                matches!(refused, Err(NoRequest::Refused(s, _)) if s == status),
                "{length} by {piece}: {refused:?}"
            );
        }
    }
}

/// Connections that do as told and stay.
fn hold(addr: SocketAddr, n: usize, first: &[u8]) -> Vec<TcpStream> {
    let one = || {
        let mut stream = connect(addr);
        stream.write_all(first).unwrap();
        stream
    };
    std::iter::repeat_with(one).take(n).collect()
}

#[test]
fn nobody_is_shut_out_by_those_who_wait() {
    let long = Limits { request: Duration::from_secs(60), idle: Duration::from_secs(60), ..SHORT };
    let addr = start(long);
    assert!(tell(addr, &parse(REFUND, "")).contains("refund"));
    // A pool that asked once and keeps its connections.
    let mut pool = hold(addr, 3 * SHORT.connections, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(tell(addr, &parse(REFUND, "")).contains("\"name\":\"refund\""), "beside idle ones");
    assert!(everything(&mut pool[0]).matches("200 OK").count() <= 1, "the one that waited longest was closed");
    // Some who say nothing, who send slowly, who send a body slowly.
    let half = b"POST /model/parse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{";
    for begun in [&b""[..], b"GET / HT", half] {
        let _slow = hold(addr, 3 * SHORT.connections, begun);
        assert!(tell(addr, &parse(REFUND, "")).contains("\"name\":\"refund\""), "beside slow ones: {begun:?}");
    }
    // Peers that ask and do not wait for the answer.
    for _ in 0..40 {
        let _ = connect(addr).write_all(&parse(REFUND, ""));
    }
    let until = Instant::now() + Duration::from_secs(20);
    while !tell(addr, &parse(REFUND, "")).contains("\"name\":\"refund\"") {
        assert!(Instant::now() < until, "peers that left are still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_local_server_answers_to_local_names_only() {
    for host in ["localhost", "localhost:5005", "127.0.0.1:5005", "[::1]:80", "[::1]", "LOCALHOST"] {
        assert!(names_this_machine(host), "{host}");
    }
    for host in ["evil.example", "localhost.evil.example:5005", "", "127.0.0.1.evil.example"] {
        assert!(!names_this_machine(host), "{host}");
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let first = Server::bind("127.0.0.1:0".parse().unwrap(), SHORT).unwrap();
    let error = Server::bind(first.addr(), SHORT).unwrap_err().to_string();
    assert!(error.contains(&first.addr().to_string()) && error.contains("--addr"), "{error}");
}
