//! `appraise`: the performance review of an AI employee.
//!
//! The module list below is the map of the layers; imports flow one way, from the top of this list to the bottom
//! (`tests/it/layers.rs` holds the code to it). See ARCHITECTURE.md for the reasons.

pub mod action;
pub mod base;
pub mod cli;
pub mod config;
pub mod disk;
pub mod domain;
pub mod ingest;
pub mod jobs;
pub mod keymap;
pub mod learn;
pub mod report;
pub mod stop;
pub mod store;
pub mod text;
pub mod theme;
pub mod tui;
