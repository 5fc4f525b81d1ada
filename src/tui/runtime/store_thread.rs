//! The store thread: it owns a connection and answers requests. A read that a newer one supersedes is not made, and is
//! interrupted when it is being made; orders go before reads that nobody waits for, and put off one that is being made.

use super::answers::answer;
use super::answers::words::words;
use super::desk::{TuiError, WorkingDesk};
use crate::store::{Access, Founding, PageStart, SetBack, Store};
use crate::tui::state::msg::Msg;
use crate::tui::state::request::common::CommonAnswer;
use crate::tui::state::request::queue::{QueueAnswer, QueueRequest};
use crate::tui::state::request::{StoreAnswer, StoreRequest};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The read that is being made, if something newer may interrupt it.
#[derive(Clone, Debug, Default)]
struct ReadInProgress {
    read: Option<StoreRequest>,
    end: ReadEnd,
}

/// How a read ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ReadEnd {
    /// Nobody wanted anything else meanwhile.
    #[default]
    Whole,
    /// It is made again behind the order that came.
    PutOff,
    /// A newer one supersedes it.
    GivenUp,
}

impl ReadInProgress {
    /// What a request that comes now makes of the read in progress; `None`: nothing.
    fn interrupted_by(&self, request: &StoreRequest) -> Option<ReadEnd> {
        let made = self.read.as_ref()?;
        match request.read_kind() {
            // The same once more waits for its end: where others write all the time, what takes longer than they pause would never be shown.
            kind @ Some(_) => (kind == made.read_kind() && request != made).then_some(ReadEnd::GivenUp),
            None => (self.end == ReadEnd::Whole && request.is_waited_for()).then_some(ReadEnd::PutOff),
        }
    }
}

type Running = Arc<Mutex<ReadInProgress>>;

/// The other end of the store thread.
pub struct StoreThread {
    requests: Sender<StoreRequest>,
    running: Running,
    interrupt: Box<dyn Fn() + Send>,
    thread: std::thread::JoinHandle<()>,
}

impl StoreThread {
    /// Starts the thread, which opens the store.
    ///
    /// # Errors
    /// The store cannot be opened; the system gives no thread.
    pub fn start(
        path: PathBuf,
        access: Access,
        founding: Founding,
        desk: WorkingDesk,
        out: Sender<Msg>,
    ) -> Result<Self, TuiError> {
        let (requests, inbox) = channel();
        let running = Running::default();
        let seen = Arc::clone(&running);
        let (ready, opened) = channel();
        let work = move || match Store::open(&path, access, founding) {
            Ok(store) => {
                // Whoever waits for it is still there.
                ready.send(Ok(store.interrupter())).ok();
                let store = store.with_encoders(desk.encoders.clone()).with_outside(desk.outside.clone());
                serve(store, &desk, &inbox, &out, &seen);
            }
            Err(e) => drop(ready.send(Err(e))),
        };
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(work).map_err(TuiError::Thread)?;
        let handle = opened.recv().map_err(|_| TuiError::Thread(std::io::Error::other("the store thread broke")))??;
        Ok(Self { requests, running, interrupt: Box::new(move || handle.interrupt()), thread })
    }

    /// Waits until everything that was asked is done.
    pub fn finish(self) {
        drop(self.requests);
        self.thread.join().ok();
    }

    /// Asks; a read in progress that this one supersedes is given up, and one that would keep an order waiting is put off.
    pub fn ask(&self, request: StoreRequest) {
        // Held until it is sent: the thread can neither go on to something else while it is interrupted, nor begin a read anew before
        // it finds the order.
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = running.interrupted_by(&request) {
            running.end = end;
            (self.interrupt)();
        }
        // The thread only ends with the program.
        self.requests.send(request).ok();
    }
}

/// How often the thread looks for what others have done.
const LOOK: Duration = Duration::from_millis(300);
/// Looks without anything happening before it tidies up.
const QUIET: u32 = 10;

fn serve(mut store: Store, desk: &WorkingDesk, inbox: &Receiver<StoreRequest>, out: &Sender<Msg>, running: &Running) {
    let mut waiting: VecDeque<StoreRequest> = VecDeque::new();
    let (mut looked, mut quiet, mut gone) = (Instant::now(), 0, false);
    let mut set_back = SetBack::default();
    store = store.with_set_back(set_back.clone());
    loop {
        if waiting.is_empty() {
            match inbox.recv_timeout(LOOK) {
                Ok(request) => waiting.push_back(request),
                Err(RecvTimeoutError::Timeout) => {}
                // The program ends, and everything that was asked is done.
                Err(RecvTimeoutError::Disconnected) => {
                    // What cannot be given back lapses.
                    store.claim(&desk.reviewer, (desk.clock)(), None).ok();
                    return;
                }
            }
        }
        waiting.extend(inbox.try_iter());
        quiet = if waiting.is_empty() { quiet + 1 } else { 0 };
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            if let (Err(e), false) = (store.still_there(), gone) {
                gone = true;
                out.send(Msg::answer(CommonAnswer::Gone(words(e)))).ok();
            }
            store.renew_claim(&desk.reviewer, (desk.clock)()).ok();
            // A store that cannot be read says so when somebody asks for something.
            if store.others_committed().unwrap_or(false) {
                quiet = 0;
                out.send(Msg::answer(CommonAnswer::Changed)).ok();
            }
        }
        if quiet == QUIET {
            tidy(&mut store, || {
                waiting.extend(inbox.try_iter());
                waiting.is_empty()
            });
        }
        let Some(request) = next(&mut waiting) else { continue };
        let set = |read| {
            let now = ReadInProgress { read, end: ReadEnd::Whole };
            std::mem::replace(&mut *running.lock().unwrap_or_else(PoisonError::into_inner), now)
        };
        let again = request.read_kind().map(|_| request.clone());
        set(again.clone());
        if let Some(early) = early(&store, desk, &request) {
            out.send(Msg::answer(early)).ok();
        }
        let is_decision = request.decides();
        let work = std::panic::AssertUnwindSafe(|| answer(&mut store, desk, request));
        // The panic hook has told the screen already.
        let answer = std::panic::catch_unwind(work).unwrap_or(None);
        if let Some(words) = set_back.words(store.zone().unwrap_or_default()) {
            out.send(Msg::answer(CommonAnswer::Told("the clock is behind", words))).ok();
            // Once is enough: nobody tells this one any more.
            set_back = SetBack::default();
        }
        // What was interrupted has an error for an answer, or one that nobody waits for.
        match (set(None).end, answer) {
            // The screen may be gone already; orders are carried out all the same.
            (ReadEnd::Whole, Some(answer)) => drop(out.send(Msg::answer(answer))),
            (ReadEnd::PutOff, _) => again.into_iter().for_each(|read| waiting.push_front(read)),
            (ReadEnd::Whole, None) | (ReadEnd::GivenUp, _) => {}
        }
        // Whoever goes on deciding is told again.
        gone &= !is_decision;
    }
}

/// Packs the columns when opening would be quicker for it, as long as nobody asks for anything. They are a cache: what fails
/// here is tried again some other time.
fn tidy(store: &mut Store, go_on: impl FnMut() -> bool) {
    if store.wants_packing().unwrap_or(false) {
        store.pack(go_on).ok();
    }
    store.trim_changes().ok();
}

/// The request to serve now: superseded reads go, the first order comes before any read that can be superseded.
fn next(waiting: &mut VecDeque<StoreRequest>) -> Option<StoreRequest> {
    let newest = |i: usize, r: &StoreRequest| {
        r.read_kind().is_none_or(|kind| !waiting.iter().skip(i + 1).any(|later| later.read_kind() == Some(kind)))
    };
    let keep: Vec<bool> = waiting.iter().enumerate().map(|(i, r)| newest(i, r)).collect();
    let mut keep = keep.into_iter();
    waiting.retain(|_| keep.next().unwrap_or(true));
    let order = waiting.iter().position(|r| r.read_kind().is_none()).unwrap_or(0);
    waiting.remove(order)
}

/// How long a search may take before what it has found so far is shown.
const PATIENCE: Duration = Duration::from_millis(4);

/// The first rows of a search that takes longer; the whole answer follows.
fn early(store: &Store, desk: &WorkingDesk, request: &StoreRequest) -> Option<StoreAnswer> {
    let StoreRequest::Queue(QueueRequest::Page(p)) = request else { return None };
    if p.place != PageStart::Start {
        return None;
    }
    let begin = Instant::now();
    let enough = || begin.elapsed() >= PATIENCE;
    let page = store.queue_first(&p.query, p.sort, p.limit, (desk.clock)(), enough).ok()??;
    let page = store.find_elsewhere(page, &p.query).ok()?;
    Some(QueueAnswer::Page(p.clone(), Ok(page)).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Query, QueueOrder};
    use crate::tui::state::request::common::CommonRequest;
    use crate::tui::state::request::queue::PageRequest;

    #[test]
    fn superseded_reads_go_and_orders_come_first() {
        let count = |g| StoreRequest::from(QueueRequest::Count(Query::default(), g));
        let (counts, undo) = (StoreRequest::from(CommonRequest::Counts), StoreRequest::from(CommonRequest::Undo));
        let mut waiting: VecDeque<StoreRequest> = [count(1), counts.clone(), count(2), undo.clone()].into();
        assert_eq!(next(&mut waiting), Some(undo));
        assert_eq!(next(&mut waiting), Some(counts));
        assert_eq!(next(&mut waiting), Some(count(2)));
        assert_eq!(next(&mut waiting), None);
    }

    #[test]
    fn what_somebody_waits_for_puts_a_read_off_and_another_read_does_not() {
        let count = StoreRequest::from(QueueRequest::Count(Query::default(), 1));
        let (counts, undo) = (StoreRequest::from(CommonRequest::Counts), StoreRequest::from(CommonRequest::Undo));
        let other = StoreRequest::from(QueueRequest::Count(Query::default(), 2));
        let made = ReadInProgress { read: Some(count.clone()), end: ReadEnd::Whole };
        assert_eq!(made.interrupted_by(&undo), Some(ReadEnd::PutOff));
        assert_eq!(made.interrupted_by(&other), Some(ReadEnd::GivenUp));
        assert_eq!(made.interrupted_by(&count), None, "the same once more comes after it");
        assert_eq!(made.interrupted_by(&counts), None);
        let given_up = ReadInProgress { end: ReadEnd::GivenUp, ..made };
        assert_eq!(given_up.interrupted_by(&undo), None, "it ends already, and nobody wants it again");
        assert_eq!(ReadInProgress::default().interrupted_by(&undo), None, "an order is never interrupted");
    }

    #[test]
    fn of_pages_and_counts_that_fast_typing_asks_for_only_the_last_is_read() {
        let text = |n: usize| Query::parse(&"refund"[..n]).unwrap();
        let page = |n: usize| {
            let place = crate::store::PageStart::Start;
            let asked = PageRequest { query: text(n), sort: QueueOrder::VALUE, place, limit: 9, generation: n as u64 };
            StoreRequest::from(QueueRequest::Page(asked))
        };
        let counts = |n: usize| StoreRequest::from(QueueRequest::Counts(vec![text(n)], n as u64));
        let mut waiting: VecDeque<StoreRequest> = (1..=6).flat_map(|n| [page(n), counts(n)]).collect();
        assert_eq!(next(&mut waiting), Some(page(6)));
        assert_eq!(next(&mut waiting), Some(counts(6)));
        assert_eq!(next(&mut waiting), None);
    }
}
