//! One binary for all integration tests: linked once.

#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod term;
