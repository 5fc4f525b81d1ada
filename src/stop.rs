//! Being asked to end: ctrl-c (INT), TERM and HUP. One listener for every command and for the screen.
//!
//! Work that asks [`asked`] now and then ends by itself and leaves everything in order. Whoever is waiting for something else
//! (a silent pipe, a peer, one huge record) is ended after [`GRACE`]: what was given to [`last`] is done, then the program is
//! over, as after a kill, which loses nothing that was committed.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// How long work may take to end by itself. Whoever presses ctrl-c waits no longer than a second.
pub const GRACE: Duration = Duration::from_millis(800);
/// Exit code of what was interrupted.
const INTERRUPTED: u8 = 130;
/// How often a read that waits asks whether to go on.
#[cfg(unix)]
const LOOK: Duration = Duration::from_millis(100);

/// The exit code that the first signal asks for; 0 before one came.
static ASKED: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
/// Pieces of work that ask [`asked`].
static HEEDING: AtomicUsize = AtomicUsize::new(0);
static NEXT: AtomicU64 = AtomicU64::new(0);

type Act = Box<dyn FnMut() + Send>;
/// What is done before the program is ended.
static LAST: Mutex<Vec<(u64, Act)>> = Mutex::new(Vec::new());
/// Who is told at once.
static TOLD: Mutex<Vec<(u64, Act)>> = Mutex::new(Vec::new());

/// Whether the program has been asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed) != 0
}

/// The exit code of a program that was asked to end: 130 after ctrl-c, 143 after TERM, 129 after HUP.
pub fn code() -> u8 {
    match ASKED.load(Ordering::Relaxed) {
        0 => INTERRUPTED,
        code => u8::try_from(code).unwrap_or(INTERRUPTED),
    }
}

/// Says, as long as it lives, that somebody asks [`asked`]: a signal then leaves [`GRACE`] to end by itself. Without, it ends
/// the program at once.
#[derive(Debug)]
pub struct HeededSignal(());

/// Promises to ask [`asked`] every now and then.
pub fn heed() -> HeededSignal {
    HEEDING.fetch_add(1, Ordering::Relaxed);
    HeededSignal(())
}

impl Drop for HeededSignal {
    fn drop(&mut self) {
        HEEDING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Something that is to be done when the program is asked to end; not any more once this is dropped.
#[derive(Debug)]
pub struct ArrangedEnd(u64);

/// Does something before a signal ends the program, where it did not end by itself: what would otherwise be left behind is
/// taken away, what was started is ended.
pub fn last(act: impl FnMut() + Send + 'static) -> ArrangedEnd {
    arrange(&LAST, Box::new(act))
}

/// Does something as soon as the program is asked to end.
pub fn told(act: impl FnMut() + Send + 'static) -> ArrangedEnd {
    arrange(&TOLD, Box::new(act))
}

fn arrange(list: &Mutex<Vec<(u64, Act)>>, act: Act) -> ArrangedEnd {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    list.lock().unwrap_or_else(PoisonError::into_inner).push((id, act));
    ArrangedEnd(id)
}

impl Drop for ArrangedEnd {
    fn drop(&mut self) {
        for list in [&LAST, &TOLD] {
            list.lock().unwrap_or_else(PoisonError::into_inner).retain(|(id, _)| *id != self.0);
        }
    }
}

fn act_on(list: &Mutex<Vec<(u64, Act)>>) {
    list.lock().unwrap_or_else(PoisonError::into_inner).iter_mut().rev().for_each(|(_, act)| act());
}

/// Listens for the rest of the program's life; `say` is called when a signal ends it in the middle of something.
///
/// # Errors
/// The system does not let signals be caught, or gives no thread.
#[cfg(unix)]
pub fn listen(say: fn()) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    // A file that may not grow further then fails to be written, with words, in place of ending the program.
    signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    let mut wanted = vec![SIGINT, SIGTERM];
    // `nohup` asks to be left alone when the terminal goes.
    wanted.extend((!is_ignored(SIGHUP)).then_some(SIGHUP));
    let mut signals = signal_hook::iterator::Signals::new(wanted)?;
    let listen = move || {
        for signal in signals.forever() {
            let again = asked();
            ASKED.compare_exchange(0, 128 + signal as usize, Ordering::Relaxed, Ordering::Relaxed).ok();
            act_on(&TOLD);
            let later = move || {
                std::thread::sleep(GRACE);
                end(say);
            };
            match HEEDING.load(Ordering::Relaxed) {
                // Nothing is under way that could be lost.
                0 => end(|| {}),
                _ if again => end(say),
                _ if std::thread::Builder::new().name("end".to_owned()).spawn(later).is_err() => end(say),
                _ => {}
            }
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listen).map(drop)
}

/// Where there are no signals but ctrl-c, the second one ends the program.
///
/// # Errors
/// The system does not let it be caught.
#[cfg(not(unix))]
pub fn listen(_: fn()) -> io::Result<()> {
    use signal_hook::consts::SIGINT;
    let second = Arc::new(std::sync::atomic::AtomicBool::new(false));
    signal_hook::flag::register_conditional_shutdown(SIGINT, i32::from(INTERRUPTED), Arc::clone(&second))?;
    signal_hook::flag::register(SIGINT, second)?;
    signal_hook::flag::register_usize(SIGINT, Arc::clone(&ASKED), usize::from(INTERRUPTED)).map(drop)
}

/// Does what was to be done last: for whoever ends the program in another way than by returning.
pub fn tidy() {
    act_on(&LAST);
}

#[cfg(unix)]
fn end(say: fn()) {
    tidy();
    say();
    // Nothing else may run now: it would work on what has just been taken away.
    signal_hook::low_level::exit(i32::from(code()));
}

/// Whether whoever started the program has asked for a signal to be ignored, as far as the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
    mask.and_then(|m| u64::from_str_radix(m.trim(), 16).ok()).is_some_and(|m| m >> (signal - 1) & 1 == 1)
}

/// Standard input that hears when the program is asked to end while it waits: reading then fails.
///
/// # Errors
/// Standard input is closed.
#[cfg(unix)]
pub fn stdin() -> io::Result<Box<dyn Read + Send>> {
    let own = rustix::stdio::stdin().try_clone_to_owned()?;
    Ok(Box::new(Patient(own.into())))
}

/// Standard input.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn stdin() -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(io::stdin()))
}

#[cfg(unix)]
struct Patient(std::fs::File);

#[cfg(unix)]
impl Read for Patient {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let look = Timespec { tv_sec: 0, tv_nsec: LOOK.subsec_nanos().into() };
        loop {
            if asked() {
                return Err(io::Error::other("stopped"));
            }
            match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&look)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return self.0.read(buf),
                Err(e) => return Err(e.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_arranged_is_done_until_it_is_dropped() {
        let done = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&done);
        let list: Mutex<Vec<(u64, Act)>> = Mutex::default();
        let act = move || {
            count.fetch_add(1, Ordering::Relaxed);
        };
        let arranged = arrange(&list, Box::new(act));
        act_on(&list);
        act_on(&list);
        assert_eq!(done.load(Ordering::Relaxed), 2);
        list.lock().unwrap().retain(|(id, _)| *id != arranged.0);
        act_on(&list);
        assert_eq!(done.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn nobody_has_asked_a_test_to_end() {
        let heeding = heed();
        assert!(!asked());
        assert_eq!((code(), HEEDING.load(Ordering::Relaxed) > 0), (130, true));
        drop(heeding);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn whether_a_signal_is_ignored_is_read_from_the_system() {
        // Rust's runtime ignores SIGPIPE in every program.
        assert!(is_ignored(signal_hook::consts::SIGPIPE) && !is_ignored(signal_hook::consts::SIGTERM));
    }
}
