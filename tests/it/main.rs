//! The program from outside: its commands, its screen in a real terminal, and the rules that its sources keep. One
//! binary, linked once.

#![allow(clippy::unwrap_used)]

mod cli;
mod docs;
mod layers;
#[cfg(unix)]
mod pty;
mod rooms;
#[cfg(unix)]
mod term;
