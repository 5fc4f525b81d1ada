//! One HTTP/1.1 connection, read without trust: everything has a limit and every wait an end.

use super::chunked::ChunkedBody;
use super::limits::{Limits, NoRequest};
use serde_json::Value;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Header lines of a request.
const HEADERS: usize = 64;
/// How long a peer that was refused may go on sending before the connection is cut: its answer would be lost otherwise.
const LINGER: Duration = Duration::from_secs(1);

/// What is said to a body that does not come.
const LATE_BODY: NoRequest = NoRequest::Refused(408, "the request's body did not come in time");

/// The other end of a connection: bytes both ways, and no wait without an end.
pub trait Peer: Read + Write {
    /// Sets how long the next reads may wait.
    ///
    /// # Errors
    /// What the system says.
    fn read_within(&mut self, time: Duration) -> io::Result<()>;

    /// Sets how long the next writes may wait.
    ///
    /// # Errors
    /// What the system says.
    fn write_within(&mut self, time: Duration) -> io::Result<()>;

    /// Tells the peer that nothing more will be written.
    ///
    /// # Errors
    /// What the system says: the peer has gone.
    fn end(&mut self) -> io::Result<()>;
}

impl Peer for TcpStream {
    fn read_within(&mut self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time))
    }

    fn write_within(&mut self, time: Duration) -> io::Result<()> {
        self.set_write_timeout(Some(time))
    }

    fn end(&mut self) -> io::Result<()> {
        self.shutdown(std::net::Shutdown::Write)
    }
}

/// A request, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// As it stands there: `GET`.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// As it stands there, port included; none is possible with HTTP/1.0 only.
    pub host: Option<String>,
    /// Without its chunks' sizes; at most [`Limits::body`] bytes.
    pub body: Vec<u8>,
    /// The peer wants to ask more on this connection.
    pub keep: bool,
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct HttpResponse {
    pub status: u16,
    pub body: Value,
    /// Methods that would be allowed, with 405.
    pub allow: Option<&'static str>,
}

impl HttpResponse {
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body, allow: None }
    }

    /// In the shape in which Rasa says that something is wrong.
    pub fn error(status: u16, message: &str) -> Self {
        let body = serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"), "status": "failure", "message": message,
            "reason": reason(status), "details": {}, "help": null, "code": status,
        });
        Self { status, body, allow: None }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        417 => "Expectation Failed",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        _ => "Service Unavailable",
    }
}

/// How a body comes.
#[derive(Clone, Copy)]
enum BodyLength {
    /// So many bytes.
    Length(usize),
    /// In chunks, the last of which says so.
    Chunks,
}

/// What the head of a request says.
struct RequestHead {
    /// Bytes of it.
    length: usize,
    request: HttpRequest,
    body: BodyLength,
    /// The peer waits for a word before it sends the body.
    expects: bool,
}

/// A connection.
pub struct Connection<P> {
    peer: P,
    limits: Limits,
    /// Read and not used yet: requests may come before the answer to the one before.
    unread: Vec<u8>,
}

impl Connection<TcpStream> {
    /// A connection over TCP whose answers leave at once.
    pub(super) fn tcp(stream: TcpStream, limits: Limits) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self::new(stream, limits))
    }
}

impl<P: Peer> Connection<P> {
    /// A connection on which nothing was said yet.
    pub fn new(peer: P, limits: Limits) -> Self {
        Self { peer, limits, unread: Vec::new() }
    }

    /// Waits until a request begins.
    pub(super) fn wait(&mut self) -> Result<(), NoRequest> {
        match self.unread.is_empty() {
            true => self.fill(Instant::now() + self.limits.idle, NoRequest::Gone),
            false => Ok(()),
        }
    }

    /// Waits for the next request and reads it. How its bytes were cut on their way changes nothing.
    ///
    /// # Errors
    /// The peer has gone, or what it says is refused; the connection is of no use then.
    pub fn request(&mut self) -> Result<HttpRequest, NoRequest> {
        self.wait()?;
        let until = Instant::now() + self.limits.request;
        let mut head = loop {
            match self.head()? {
                Some(head) => break head,
                None if self.unread.len() > self.limits.head => {
                    return Err(NoRequest::Refused(431, "the request's head is too long"));
                }
                None => self.fill(until, NoRequest::Refused(408, "the request did not come in time"))?,
            }
        };
        self.unread.drain(..head.length);
        let missing = match head.body {
            BodyLength::Length(length) if length > self.limits.body => {
                return Err(NoRequest::Refused(413, "the request's body is too long"));
            }
            BodyLength::Length(length) => self.unread.len() < length,
            BodyLength::Chunks => self.unread.is_empty(),
        };
        if head.expects && missing {
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| NoRequest::Gone)?;
        }
        head.request.body = match head.body {
            BodyLength::Length(length) => self.bytes(length, until)?,
            BodyLength::Chunks => self.chunks(until)?,
        };
        Ok(head.request)
    }

    fn bytes(&mut self, length: usize, until: Instant) -> Result<Vec<u8>, NoRequest> {
        while self.unread.len() < length {
            self.fill(until, LATE_BODY)?;
        }
        Ok(self.unread.drain(..length).collect())
    }

    fn chunks(&mut self, until: Instant) -> Result<Vec<u8>, NoRequest> {
        let mut chunks = ChunkedBody::new(&self.limits);
        while !chunks.take(&mut self.unread)? {
            self.fill(until, LATE_BODY)?;
        }
        Ok(chunks.into_body())
    }

    /// Reads what has come, waiting until a moment at most.
    fn fill(&mut self, until: Instant, too_late: NoRequest) -> Result<(), NoRequest> {
        let mut buffer = [0; 8 << 10];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(too_late);
            }
            self.peer.read_within(left).map_err(|_| NoRequest::Gone)?;
            match self.peer.read(&mut buffer) {
                Ok(0) => return Err(NoRequest::Gone),
                Ok(n) => {
                    self.unread.extend_from_slice(&buffer[..n]);
                    return Ok(());
                }
                Err(e) if matches!(e.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return Err(NoRequest::Gone),
            }
        }
    }

    /// The head of the request at the front of what was read; `None` while it is not whole.
    fn head(&self) -> Result<Option<RequestHead>, NoRequest> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        // No more than a head may have: else what is too long would be refused in other words when it comes at once.
        let begun = &self.unread[..self.unread.len().min(self.limits.head + 1)];
        let length = match parsed.parse(begun) {
            Ok(httparse::Status::Complete(length)) if length <= self.limits.head => length,
            Ok(httparse::Status::Complete(_)) | Err(httparse::Error::TooManyHeaders) => {
                return Err(NoRequest::Refused(431, "the request's head is too long"));
            }
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(NoRequest::Refused(400, "this is no HTTP request")),
        };
        let named = |name: &str| -> Vec<&str> {
            let all = parsed.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
            all.map(|h| std::str::from_utf8(h.value).unwrap_or("\u{fffd}").trim()).collect()
        };
        let newer = parsed.version == Some(1);
        let host = match named("host")[..] {
            [host] => Some(host.to_owned()),
            [] if !newer => None,
            _ => return Err(NoRequest::Refused(400, "the request must name one host")),
        };
        let body = body(&named("transfer-encoding"), &named("content-length"), newer)?;
        let says = |what: &str| {
            named("connection").iter().flat_map(|v| v.split(',')).any(|v| v.trim().eq_ignore_ascii_case(what))
        };
        let expects = match named("expect")[..] {
            [] => false,
            [one] if one.eq_ignore_ascii_case("100-continue") => true,
            _ => return Err(NoRequest::Refused(417, "nothing can be expected but 100-continue")),
        };
        let path = parsed.path.unwrap_or_default().split('?').next().unwrap_or_default();
        let request = HttpRequest {
            method: parsed.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            host,
            body: Vec::new(),
            keep: if newer { !says("close") } else { says("keep-alive") },
        };
        Ok(Some(RequestHead { length, request, body, expects }))
    }

    /// Sends an answer; `body` false for an answer to HEAD.
    pub(super) fn respond(&mut self, response: &HttpResponse, body: bool, keep: bool) -> io::Result<()> {
        let mut text = serde_json::to_vec(&response.body)?;
        text.push(b'\n');
        let allow = response.allow.map_or(String::new(), |methods| format!("Allow: {methods}\r\n"));
        let mut out = format!(
            "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\
             {allow}Content-Length: {}\r\nConnection: {}\r\n\r\n",
            response.status,
            reason(response.status),
            text.len(),
            if keep { "keep-alive" } else { "close" },
        )
        .into_bytes();
        if body {
            out.extend(text);
        }
        self.send(&out)
    }

    /// Sends bytes; a peer that takes them too slowly is given up.
    fn send(&mut self, mut rest: &[u8]) -> io::Result<()> {
        let until = Instant::now() + self.limits.request;
        while !rest.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.peer.write_within(left)?;
            match self.peer.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => rest = &rest[n..],
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Ends the connection so that a peer that is still sending gets its answer.
    pub(super) fn finish(mut self) {
        let until = Instant::now() + LINGER.min(self.limits.request);
        // A peer that has gone needs no farewell.
        if self.peer.end().is_err() {
            return;
        }
        let mut left = self.limits.body * 4;
        while left > 0 {
            self.unread.clear();
            if self.fill(until, NoRequest::Gone).is_err() {
                return;
            }
            left = left.saturating_sub(self.unread.len());
        }
    }
}

/// How the body comes. Who takes one of two answers for the right one, and who the other, would see two different requests.
fn body(encodings: &[&str], lengths: &[&str], newer: bool) -> Result<BodyLength, NoRequest> {
    if encodings.is_empty() {
        return body_length(lengths).map(BodyLength::Length);
    }
    if !lengths.is_empty() {
        return Err(NoRequest::Refused(400, "say Content-Length or Transfer-Encoding, not both"));
    }
    let named: Vec<&str> = encodings.iter().flat_map(|e| e.split(',')).map(str::trim).collect();
    match named[..] {
        [one] if one.eq_ignore_ascii_case("chunked") && newer => Ok(BodyLength::Chunks),
        [one] if one.eq_ignore_ascii_case("chunked") => Err(NoRequest::Refused(400, "HTTP/1.0 knows no chunks")),
        _ => Err(NoRequest::Refused(501, "no Transfer-Encoding is known but chunked")),
    }
}

/// The one length that all Content-Length lines say.
fn body_length(values: &[&str]) -> Result<usize, NoRequest> {
    let Some(first) = values.first() else { return Ok(0) };
    let digits = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
    if !digits || values.iter().any(|v| v != first) {
        return Err(NoRequest::Refused(400, "the Content-Length is no number"));
    }
    // Longer than any number is too long, not wrong.
    Ok(first.parse().unwrap_or(usize::MAX / 2))
}
