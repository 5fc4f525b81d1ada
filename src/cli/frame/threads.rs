//! The threads that work is shared among, where a machine gives fewer than it has processors for, or none.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use std::sync::mpsc::{Sender, channel};
use std::thread::Builder;

/// Starts as many as were asked for, else one a processor, or as many as the system gives. Left to itself the pool panics at its first use
/// when the system refuses a thread, and reads from the environment how many there are to be.
pub(in crate::cli) fn prepare(wanted: Option<usize>) {
    let threads = wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    // The pool waits until each of its workers runs, so it may have no more of them than there are threads.
    let mut hands: Vec<Sender<ThreadBuilder>> = (0..threads).map_while(|_| hand()).collect();
    let built = match hands.len() {
        0 => ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global(),
        given => ThreadPoolBuilder::new()
            .num_threads(given)
            .spawn_handler(|worker| {
                let gone = || std::io::Error::other("a thread ended before it had any work");
                hands.pop().ok_or_else(gone)?.send(worker).map_err(|_| gone())
            })
            .build_global(),
    };
    // It is there already where one process runs several commands, in tests.
    drop(built);
}

/// A thread that waits for the worker that it is to be.
fn hand() -> Option<Sender<ThreadBuilder>> {
    let (send, receive) = channel::<ThreadBuilder>();
    let started = Builder::new().spawn(move || {
        if let Ok(worker) = receive.recv() {
            worker.run();
        }
    });
    started.ok().map(|_| send)
}
