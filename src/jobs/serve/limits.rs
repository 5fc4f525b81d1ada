//! How much a peer may send and how long it may take, and what becomes of one that goes beyond.

use std::time::Duration;

/// How much and how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's head.
    pub head: usize,
    /// Bytes of a request's body.
    pub body: usize,
    /// From the first byte of a request to its last; also how long an answer may take to be taken.
    pub request: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Connections at a time. One that waits for its peer gives way to a new one; only where all have a request that is
    /// being answered is a new one refused.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 16 << 10,
            body: 256 << 10,
            request: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            connections: 64,
        }
    }
}

/// Why there is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRequest {
    /// The peer has gone, or has nothing to say.
    Gone,
    /// It is answered with this status and these words, and the connection is closed.
    Refused(u16, &'static str),
}
