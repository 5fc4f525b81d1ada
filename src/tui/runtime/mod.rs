//! Where the screen meets the world: the loop, the terminal, threads for the store, jobs and files. Only here is I/O.

pub(in crate::tui) mod answers;
mod background;
pub(in crate::tui) mod desk;
pub(in crate::tui) mod files;
mod glued;
pub(in crate::tui) mod jobs;
mod listen;
pub(in crate::tui) mod run;
mod running;
pub(in crate::tui) mod store_thread;
pub(in crate::tui) mod terminal;
