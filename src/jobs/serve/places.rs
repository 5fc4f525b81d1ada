//! Who is connected, and who has to go when somebody else comes: places are for those who are being answered.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What a connection is doing. In this order they give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ConnectionPhase {
    /// No request has begun.
    Idle,
    /// A request has begun and is not whole: a slow sender.
    Receiving,
    /// An answer is under way: a slow reader.
    Sending,
    /// It is being answered: nobody takes its place.
    Answering,
}

struct PlaceHolder {
    stream: TcpStream,
    phase: ConnectionPhase,
    since: Instant,
}

/// All places.
pub(super) struct ServingPlaces {
    most: usize,
    held: Mutex<HeldPlaces>,
}

#[derive(Default)]
struct HeldPlaces {
    next: u64,
    open: HashMap<u64, PlaceHolder>,
}

/// One place; given back when it is dropped.
pub(super) struct ServingPlace {
    places: Arc<ServingPlaces>,
    number: u64,
}

impl ServingPlaces {
    pub fn new(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, HeldPlaces> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection: a free one, or that of whoever has waited longest. `None`: all are being answered.
    pub fn take(places: &Arc<Self>, stream: &TcpStream) -> Option<ServingPlace> {
        let stream = stream.try_clone().ok()?;
        let mut held = places.held();
        if held.open.len() >= places.most && !held.close_one() {
            return None;
        }
        let number = held.next;
        held.next += 1;
        held.open.insert(number, PlaceHolder { stream, phase: ConnectionPhase::Idle, since: Instant::now() });
        Some(ServingPlace { places: Arc::clone(places), number })
    }

    /// Closes a connection that waits, if there is one.
    pub fn make_room(&self) {
        self.held().close_one();
    }
}

impl HeldPlaces {
    fn close_one(&mut self) -> bool {
        let waiting = self.open.iter().filter(|(_, h)| h.phase != ConnectionPhase::Answering);
        let Some(number) = waiting.min_by_key(|(_, h)| (h.phase, h.since)).map(|(n, _)| *n) else { return false };
        if let Some(gone) = self.open.remove(&number) {
            // Its thread hears of it; where the peer has gone already there is nothing to close.
            let _ = gone.stream.shutdown(Shutdown::Both);
        }
        true
    }
}

impl ServingPlace {
    /// Says what the connection is doing from now on; false where its place was taken.
    pub fn is_now(&self, phase: ConnectionPhase) -> bool {
        let mut held = self.places.held();
        let Some(holder) = held.open.get_mut(&self.number) else { return false };
        (holder.phase, holder.since) = (phase, Instant::now());
        true
    }
}

impl Drop for ServingPlace {
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
        let places = Arc::new(ServingPlaces::new(3));
        let come = || ServingPlaces::take(&places, &TcpStream::connect(addr).unwrap());
        let (a, b, c) = (come().unwrap(), come().unwrap(), come().unwrap());
        // Slow senders stay longer than those who ask nothing, slow readers longer than both.
        assert!(
            a.is_now(ConnectionPhase::Sending)
                && b.is_now(ConnectionPhase::Idle)
                && c.is_now(ConnectionPhase::Receiving)
        );
        let d = come().unwrap();
        assert!(!b.is_now(ConnectionPhase::Receiving), "the idle one went");
        assert!(d.is_now(ConnectionPhase::Answering));
        let e = come().unwrap();
        assert!(!c.is_now(ConnectionPhase::Answering), "then the one that sends slowly");
        assert!(e.is_now(ConnectionPhase::Answering));
        let f = come().unwrap();
        assert!(!a.is_now(ConnectionPhase::Idle), "then the one that reads slowly");
        assert!(f.is_now(ConnectionPhase::Answering));
        assert!(come().is_none(), "all are being answered");
        drop(e);
        assert!(come().is_some(), "a place is given back");
        // Of two alike the one that waits longer goes.
        let (g, h) = (come(), come());
        assert!(g.is_some() && !g.unwrap().is_now(ConnectionPhase::Idle) && h.unwrap().is_now(ConnectionPhase::Idle));
    }
}
