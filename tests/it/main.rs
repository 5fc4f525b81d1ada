//! One binary for all integration tests: linked once. The program from outside, and the rules that its sources keep.

#![allow(clippy::unwrap_used)]

mod cli;
mod layers;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod term;
