//! Who is connected, and who has to go when somebody else comes: places are for those who are being answered.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What a connection is doing. In this order they give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// No request has begun.
    Idle,
    /// A request has begun and is not whole: a slow sender.
    Receiving,
    /// An answer is under way: a slow reader.
    Sending,
    /// It is being answered: nobody takes its place.
    Answering,
}

struct Holder {
    stream: TcpStream,
    phase: Phase,
    since: Instant,
}

/// All places.
pub(super) struct Places {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    next: u64,
    open: HashMap<u64, Holder>,
}

/// One place; given back when it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
}

impl Places {
    pub fn new(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection: a free one, or that of whoever has waited longest. `None`: all are being answered.
    pub fn take(places: &Arc<Self>, stream: &TcpStream) -> Option<Place> {
        let stream = stream.try_clone().ok()?;
        let mut held = places.held();
        if held.open.len() >= places.most && !held.close_one() {
            return None;
        }
        let number = held.next;
        held.next += 1;
        held.open.insert(number, Holder { stream, phase: Phase::Idle, since: Instant::now() });
        Some(Place { places: Arc::clone(places), number })
    }

    /// Closes a connection that waits, if there is one.
    pub fn make_room(&self) {
        self.held().close_one();
    }
}

impl Held {
    fn close_one(&mut self) -> bool {
        let waiting = self.open.iter().filter(|(_, h)| h.phase != Phase::Answering);
        let Some(number) = waiting.min_by_key(|(_, h)| (h.phase, h.since)).map(|(n, _)| *n) else { return false };
        if let Some(gone) = self.open.remove(&number) {
            // Its thread hears of it; where the peer has gone already there is nothing to close.
            let _ = gone.stream.shutdown(Shutdown::Both);
        }
        true
    }
}

impl Place {
    /// Says what the connection is doing from now on; false where its place was taken.
    pub fn is_now(&self, phase: Phase) -> bool {
        let mut held = self.places.held();
        let Some(holder) = held.open.get_mut(&self.number) else { return false };
        (holder.phase, holder.since) = (phase, Instant::now());
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.held().open.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn who_waits_gives_way_and_who_is_answered_does_not() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let places = Arc::new(Places::new(3));
        let come = || Places::take(&places, &TcpStream::connect(addr).unwrap());
        let (a, b, c) = (come().unwrap(), come().unwrap(), come().unwrap());
        // Slow senders stay longer than those who ask nothing, slow readers longer than both.
        assert!(a.is_now(Phase::Sending) && b.is_now(Phase::Idle) && c.is_now(Phase::Receiving));
        let d = come().unwrap();
        assert!(!b.is_now(Phase::Receiving), "the idle one went");
        assert!(d.is_now(Phase::Answering));
        let e = come().unwrap();
        assert!(!c.is_now(Phase::Answering), "then the one that sends slowly");
        assert!(e.is_now(Phase::Answering));
        let f = come().unwrap();
        assert!(!a.is_now(Phase::Idle), "then the one that reads slowly");
        assert!(f.is_now(Phase::Answering));
        assert!(come().is_none(), "all are being answered");
        drop(e);
        assert!(come().is_some(), "a place is given back");
        // Of two alike the one that waits longer goes.
        let (g, h) = (come(), come());
        assert!(g.is_some() && !g.unwrap().is_now(Phase::Idle) && h.unwrap().is_now(Phase::Idle));
    }
}
