//! The program from outside: its commands, and the rules that its sources keep.

#![allow(clippy::unwrap_used)]

mod cli;
mod layers;
