//! The command line by its binary.

mod disputed;
mod encoder;
mod flow;
mod import;
mod label;
mod lists;
mod measure;
mod output;
mod queue;
mod real;
mod serve;
mod shop;
mod simulate;
mod stats;
mod trainer;
