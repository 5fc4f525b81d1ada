//! Requests that come in pieces. The first eight bytes say how they are cut. What must hold, beside that nothing panics:
//!
//! - the same bytes give the same requests and the same refusal however they are cut: else a proxy and this server could see
//!   two different requests in one stream;
//! - no request has a longer head or body than the limits allow, and nothing is made out of nothing;
//! - a request that is written down plainly reads as the same request again;
//! - nothing is sent to the peer before an answer but `100 Continue`.

#![no_main]

use appraise::jobs::serve::Limits;
use appraise::jobs::serve::NoRequest;
use appraise::jobs::serve::http::{Connection, HttpRequest, Peer};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::time::Duration;

/// Small, so that they are reached; an hour to read in, since nobody waits.
const LIMITS: Limits = Limits {
    head: 192,
    body: 96,
    request: Duration::from_secs(3_600),
    idle: Duration::from_secs(3_600),
    connections: 1,
};
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A peer that says everything in pieces and notes what it is told.
struct Pieces<'a> {
    rest: &'a [u8],
    /// Lengths of pieces, over and over.
    lengths: &'a [u8],
    next: usize,
    told: Rc<RefCell<Vec<u8>>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let length = self.lengths.get(self.next % self.lengths.len().max(1)).map_or(usize::MAX, |&n| n as usize + 1);
        self.next += 1;
        let n = length.min(self.rest.len()).min(buf.len());
        let (now, later) = self.rest.split_at(n);
        buf[..n].copy_from_slice(now);
        self.rest = later;
        Ok(n)
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.told.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Peer for Pieces<'_> {
    fn read_within(&mut self, _: Duration) -> io::Result<()> {
        Ok(())
    }

    fn write_within(&mut self, _: Duration) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// All requests of a stream, and why there are no more.
fn requests(bytes: &[u8], lengths: &[u8]) -> (Vec<HttpRequest>, NoRequest) {
    let told = Rc::default();
    let peer = Pieces { rest: bytes, lengths, next: 0, told: Rc::clone(&told) };
    let mut connection = Connection::new(peer, LIMITS);
    let mut found = Vec::new();
    let end = loop {
        match connection.request() {
            Ok(request) => found.push(request),
            Err(end) => break end,
        }
    };
    assert!(told.borrow().chunks(CONTINUE.len()).all(|said| said == CONTINUE));
    (found, end)
}

fuzz_target!(|input: &[u8]| {
    let Some((lengths, bytes)) = input.split_first_chunk::<8>() else { return };
    let (whole, end) = requests(bytes, &[]);
    for lengths in [&lengths[..], &[0], &[1, 0]] {
        let cut = requests(bytes, lengths);
        assert_eq!((&whole, end), (&cut.0, cut.1), "{lengths:?}");
    }
    let mut least = 0;
    for request in &whole {
        assert!(request.body.len() <= LIMITS.body);
        let head = request.method.len() + request.path.len() + request.host.as_ref().map_or(0, String::len);
        assert!(!request.method.is_empty() && head <= LIMITS.head);
        assert!(!request.path.contains(['?', ' ', '\r', '\n']));
        least += head + request.body.len();
        if let Some(plain) = plainly(request) {
            assert_eq!(requests(&plain, &[]).0, [request.clone()]);
        }
    }
    assert!(least <= bytes.len());
});

/// A request as its simplest bytes; `None` where those are longer than the limits, which say nothing of the meaning.
fn plainly(request: &HttpRequest) -> Option<Vec<u8>> {
    let connection = if request.keep { "" } else { "Connection: close\r\n" };
    let host = request.host.as_ref()?;
    let mut out = format!(
        "{} {} HTTP/1.1\r\nHost: {host}\r\n{connection}Content-Length: {}\r\n\r\n",
        request.method,
        request.path,
        request.body.len()
    )
    .into_bytes();
    let fits = out.len() <= LIMITS.head;
    out.extend_from_slice(&request.body);
    fits.then_some(out)
}
