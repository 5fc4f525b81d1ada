//! Panics of code that is not ours, as values.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs something that may panic; `None`, and nothing said, where it does. What it has changed must not be used then.
pub fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    // Once, and for this thread alone: other threads' panics are told as before.
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    QUIET.set(before);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_the_next_one_is_told_again() {
        assert_eq!(quietly(|| 7), Some(7));
        let odd: Option<()> = quietly(|| {
            assert_eq!(quietly(|| -> u8 { panic!("inner") }), None);
            assert!(QUIET.get(), "still inside");
            panic!("outer")
        });
        assert!(odd.is_none() && !QUIET.get());
    }
}
