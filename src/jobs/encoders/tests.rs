//! Installing, fetching and keeping vectors, with the tiny encoders of `tests/fixtures/encoders`.

use super::*;
use crate::domain::{Cancelled, Reporter, SilentReporter, Timestamp};
use crate::jobs::JobError;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::encoder::{Encoders, Precision, RememberingEncoder, text_key};
use crate::store::{Access, Founding, Store};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/encoders").join(name)
}

fn new(name: &str) -> NewEncoder {
    NewEncoder { name: name.to_owned(), precision: Precision::F32, prefix: None }
}

fn installed() -> (tempfile::TempDir, Arc<InstalledEncoders>) {
    let dir = tempfile::tempdir().unwrap();
    let installed = InstalledEncoders::at(dir.path().join("encoders"));
    (dir, Arc::new(installed))
}

#[test]
fn an_encoder_is_added_found_and_removed() {
    let (_dir, installed) = installed();
    assert!(installed.list().is_empty());
    let bert = installed.add(&fixture("bert"), &new("tiny"), &SilentReporter).unwrap();
    assert_eq!((bert.dimensions, bert.layers, bert.longest, bert.prefix.as_str()), (8, 2, 16, ""));
    let xlm = installed.add(&fixture("xlm-roberta"), &new("many"), &SilentReporter).unwrap();
    assert_eq!(xlm.prefix, "query: ");
    assert_eq!(installed.list(), [xlm, bert.clone()]);
    assert!(bert.key.starts_with("tiny@") && bert.key.ends_with("/f32"), "{}", bert.key);

    let words = |e: JobError| e.to_string();
    assert!(
        installed.add(&fixture("bert"), &new("tiny"), &SilentReporter).map_err(words).unwrap_err().contains("already")
    );
    for name in ["", ".x", "a/b", "static", "none", "é"] {
        assert!(installed.add(&fixture("bert"), &new(name), &SilentReporter).is_err(), "{name:?}");
    }
    assert!(installed.find("tinny").map_err(words).unwrap_err().contains("did you mean \"tiny\"?"));

    let loaded = installed.by_key(&bert.key).unwrap();
    assert!(Arc::ptr_eq(&loaded, &installed.by_key(&bert.key).unwrap()), "loaded once");
    // The same files at another precision, or with another prefix, give other vectors and so have another key.
    installed.remove("tiny").unwrap();
    let prefixed = NewEncoder { prefix: Some("q: ".into()), ..new("tiny") };
    let other = installed.add(&fixture("bert"), &prefixed, &SilentReporter).unwrap();
    assert_ne!(other.key.split('/').next(), bert.key.split('/').next());
    let e = installed.by_key("tiny@0/f32").err().unwrap().to_string();
    assert!(e.contains("other weights") && e.contains("--precision f32"), "{e}");
    let e = installed.by_key("gone@0/int8").err().unwrap().to_string();
    assert!(e.contains("`appraise encoder add DIR --name gone`"), "{e}");
}

#[test]
fn what_fails_or_is_stopped_leaves_nothing() {
    struct StopAt(&'static str);
    impl Reporter for StopAt {
        fn step(&self, stage: &str, _: u64, _: u64) -> Result<(), Cancelled> {
            if stage == self.0 { Err(Cancelled) } else { Ok(()) }
        }
    }
    let (dir, installed) = installed();
    assert!(installed.add(dir.path(), &new("x"), &SilentReporter).is_err());
    for stage in ["embed", "copy"] {
        let stopped = installed.add(&fixture("bert"), &new("x"), &StopAt(stage));
        assert!(matches!(stopped, Err(JobError::Cancelled)), "{stage}");
    }
    assert_eq!(fs::read_dir(installed.dir()).unwrap().count(), 0);
}

/// Counts what an encoder had to compute.
#[derive(Default)]
struct Counting(Mutex<u64>);

impl Reporter for Counting {
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        assert!(stage == "embed" && done <= total);
        let mut most = self.0.lock().unwrap();
        *most = done.max(*most);
        Ok(())
    }
}

#[test]
fn a_text_is_embedded_once_and_only_its_hash_is_kept() {
    let (dir, installed) = installed();
    let key = installed.add(&fixture("bert"), &new("tiny"), &SilentReporter).unwrap().key;
    let path = dir.path().join("s.db");
    let founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_790_000_000_000) };
    let open = |access| Store::open(&path, access, founding).unwrap().with_encoders(installed.clone());
    let texts: Vec<String> = (0..600).map(|i| format!("my card {i} please")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();

    let fresh = {
        let store = open(Access::ReadWrite);
        let encoder = store.encoder(&key).unwrap();
        let reporter = Counting::default();
        embed_ahead(&store, &encoder, &texts, &reporter).unwrap();
        assert_eq!(*reporter.0.lock().unwrap(), 600);
        encoder.embed(&texts, &SilentReporter).unwrap()
    };
    for access in [Access::ReadWrite, Access::ReadOnly] {
        let store = open(access);
        let encoder = store.encoder(&key).unwrap();
        let reporter = Counting::default();
        embed_ahead(&store, &encoder, &texts, &reporter).unwrap();
        assert_eq!(*reporter.0.lock().unwrap(), 0, "{access:?}: all were kept");
        assert_eq!(encoder.embed(&texts, &SilentReporter).unwrap(), fresh, "{access:?}: the very same numbers");
        // What is new is computed; a store that may not be written does not mind.
        embed_ahead(&store, &encoder, &["refund"], &SilentReporter).unwrap();
    }
    let bytes = fs::read(&path).unwrap();
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
    assert!(holds(&text_key(texts[7])) && !holds(texts[7].as_bytes()), "hashes, no texts");
}

#[test]
fn an_interruption_keeps_what_is_done() {
    struct StopAfter(u64);
    impl Reporter for StopAfter {
        fn step(&self, _: &str, done: u64, _: u64) -> Result<(), Cancelled> {
            if done >= self.0 { Err(Cancelled) } else { Ok(()) }
        }
    }
    let (_dir, installed) = installed();
    let key = installed.add(&fixture("bert"), &new("tiny"), &SilentReporter).unwrap().key;
    let founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_790_000_000_000) };
    let store = Store::in_memory(founding).unwrap().with_encoders(installed.clone());
    let texts: Vec<String> = (0..1000).map(|i| format!("refund {i}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let encoder = store.encoder(&key).unwrap();
    assert!(matches!(embed_ahead(&store, &encoder, &texts, &StopAfter(600)), Err(JobError::Cancelled)));

    let again = RememberingEncoder::new(installed.open(&key).unwrap());
    store.recall_vectors(&again, &texts).unwrap();
    assert_eq!(again.unknown(&texts).len(), 1000 - 512, "two pieces of 256 were kept");
}

#[test]
fn a_store_names_its_encoder() {
    let (_dir, installed) = installed();
    installed.add(&fixture("bert"), &new("tiny"), &SilentReporter).unwrap();
    let founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_790_000_000_000) };
    let store = Store::in_memory(founding).unwrap();
    let name = |store: &Store| Vectors::of_store(&installed, store).unwrap().name().to_owned();
    assert_eq!(name(&store), "static");
    for chosen in ["tiny", "none", "static"] {
        store.set_encoder_name(chosen).unwrap();
        assert_eq!(name(&store), chosen);
    }
    store.set_encoder_name("gone").unwrap();
    assert_eq!(name(&store), "static", "what is not installed cannot be used");
    assert!(store.encoder("gone@0/f32").err().unwrap().to_string().contains("is needed"));
}

/// Serves a directory as the hub does, at `/NAME/resolve/main/FILE`. Breaks the first answer of the weights off in the
/// middle. Returns its address; requests are noted.
fn hub(dir: PathBuf, seen: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut broken = false;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let Some(request) = lines.next() else { continue };
            let headers: Vec<String> = lines.take_while(|l| !l.is_empty()).collect();
            let range = headers.iter().find_map(|h| h.to_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
            let from: usize = range.as_ref().map_or(0, |r| r.trim_end_matches('-').parse().unwrap());
            let file = request.split(' ').nth(1).unwrap().strip_prefix("/owner/tiny/resolve/main/").map(str::to_owned);
            seen.lock().unwrap().push(format!("{}{}", file.clone().unwrap_or_default(), range.map_or("", |_| " +")));
            let Some(bytes) = file.as_ref().and_then(|f| fs::read(dir.join(f)).ok()) else {
                stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
                continue;
            };
            let part = format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{}", bytes.len(), bytes.len());
            let status = if from > 0 { part.as_str() } else { "200 OK" };
            let body = &bytes[from..];
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            let cut = file.as_deref() == Some("model.safetensors") && !std::mem::replace(&mut broken, true);
            stream.write_all(if cut { &body[..body.len() / 2] } else { body }).unwrap();
        }
    });
    address
}

#[test]
fn an_encoder_is_fetched_and_a_broken_fetch_goes_on() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let base = hub(fixture("bert"), seen.clone());
    let (dir, installed) = installed();
    let into = dir.path().join("fetched");
    let mut told = Vec::new();
    let mut fetch = |base: &str, name: &str, into: &Path| {
        Hub::new(base, None).fetch(name, into, &mut |words| told.push(words.to_owned()), &SilentReporter)
    };
    let broken = fetch(&base, "owner/tiny", &into).unwrap_err().to_string();
    assert!(broken.contains("Run the command again"), "{broken}");
    fetch(&base, "owner/tiny", &into).unwrap();
    let asked = seen.lock().unwrap().clone();
    assert_eq!(asked[..4], ["config.json", "model.safetensors", "model.safetensors +", "tokenizer.json"]);
    let (fetched, original) = (fs::read(into.join("model.safetensors")), fs::read(fixture("bert/model.safetensors")));
    assert_eq!(fetched.unwrap(), original.unwrap());
    installed.add(&into, &new("tiny"), &SilentReporter).unwrap();
    assert_eq!(installed.list()[0].name, "tiny");

    let nothing = fetch(&base, "owner/none", &dir.path().join("none")).unwrap_err().to_string();
    assert!(nothing.contains("no such encoder"), "{nothing}");
    // A port that nobody listens on: no network.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let lost = fetch(&format!("http://{free}"), "owner/tiny", &dir.path().join("lost")).unwrap_err().to_string();
    assert!(lost.contains("cannot fetch") && lost.contains("`appraise encoder add DIR`"), "{lost}");
    assert_eq!(told[0], "model.safetensors has 1 MB", "before it comes");
}

/// Answers every request with these bytes, and then sends nothing more.
fn odd_hub(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let request = lines.next().unwrap_or_default();
            lines.take_while(|l| !l.is_empty()).for_each(drop);
            // Whoever has heard enough may have gone.
            let _ = stream.write_all(&answer(&request));
            open.push(stream);
        }
    });
    address
}

fn fetched(base: &str, into: &Path, reporter: &dyn Reporter) -> String {
    let hub = Hub { patience: std::time::Duration::from_millis(300), ..Hub::new(base, None) };
    hub.fetch("owner/tiny", into, &mut |_| {}, reporter).unwrap_err().to_string()
}

#[test]
fn a_hub_that_sends_too_much_or_nothing_or_an_odd_answer_is_given_up_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let ok = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}\r\n").into_bytes();
    let status = |s: &str| format!("HTTP/1.1 {s}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes();
    let endless = [ok("Connection: close\r\n"), vec![b' '; 2 << 20]].concat();
    let silent = [ok("Content-Length: 1000\r\n"), b"{".to_vec()].concat();
    for (answer, words) in [
        (endless, "longer than 1 MB"),
        (ok("Content-Length: 6000000000\r\n"), "longer than 1 MB"),
        (silent, "nothing has come for"),
        (status("416 Range Not Satisfiable"), "refuses to send a part"),
        (status("401 Unauthorized"), "not public"),
        (status("403 Forbidden"), "agreed to its terms"),
        (status("429 Too Many Requests"), "too often"),
        (status("503 Service Unavailable"), "try again later"),
        (status("206 Partial Content"), "another part"),
    ] {
        let said = fetched(&odd_hub(move |_| answer.clone()), &dir.path().join(words), &SilentReporter);
        assert!(said.contains(words), "{words}: {said}");
    }
    let base = odd_hub(move |request| match request.contains("config.json") {
        true => [ok("Content-Length: 2\r\nConnection: close\r\n"), b"{}".to_vec()].concat(),
        false => [ok("Connection: close\r\n"), b"weights".to_vec()].concat(),
    });
    let said = fetched(&base, &dir.path().join("no length"), &SilentReporter);
    assert!(said.contains("does not say how large"), "{said}");
}

#[test]
fn ctrl_c_is_heard_while_a_hub_sends_nothing() {
    struct After(std::time::Instant);
    impl Reporter for After {
        fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
            if self.0.elapsed().as_millis() > 100 { Err(Cancelled) } else { Ok(()) }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let base = odd_hub(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".to_vec());
    let hub = Hub::new(&base, None);
    let stopped = hub.fetch("owner/tiny", dir.path(), &mut |_| {}, &After(std::time::Instant::now()));
    assert!(matches!(stopped, Err(JobError::Cancelled)), "{stopped:?}");
}

#[test]
fn names_of_the_hub_are_told_from_paths() {
    assert!(is_hub_name("sentence-transformers/all-MiniLM-L6-v2") && is_hub_name("BAAI/bge-m3"));
    for path in ["./x/y", "/x/y", "../x", "x", "a/b/c", "~/x", "a/", "a/..", ""] {
        assert!(!is_hub_name(path), "{path:?}");
    }
}
