//! The threads that work is shared among, where a machine gives fewer than it has processors for, or none.

use rayon::ThreadPoolBuilder;
use std::thread::Builder;

/// Starts as many as were asked for, else one a processor. Left to itself the pool panics at its first use when the system refuses a
/// thread, and reads from the environment how many there are to be.
pub(super) fn prepare(wanted: Option<usize>) {
    let threads = wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let none = || Builder::new().spawn(|| {}).map(std::thread::JoinHandle::join).is_err();
    let built = match none() {
        true => ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global(),
        false => ThreadPoolBuilder::new()
            .num_threads(threads)
            .spawn_handler(|worker| match worker.index() {
                0 => Builder::new().spawn(|| worker.run()).map(drop),
                // One that is refused takes no work; those that are there do it.
                _ => {
                    let _ = Builder::new().spawn(|| worker.run());
                    Ok(())
                }
            })
            .build_global(),
    };
    // It is there already where one process runs several commands, in tests.
    drop(built);
}
