//! Commands about the program and its store: the screen, demo, backup, doctor, keys, completions, manual pages.

pub(in crate::cli) mod backup;
pub(in crate::cli) mod completions;
pub(in crate::cli) mod demo;
pub(in crate::cli) mod doctor;
pub(in crate::cli) mod keys;
pub(in crate::cli) mod man;
pub(in crate::cli) mod screen;
