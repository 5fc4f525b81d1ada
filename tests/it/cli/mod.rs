//! The command line by its binary.

mod blame;
mod disputed;
mod economics;
mod encoder;
mod export;
mod flow;
mod gold;
mod import;
mod label;
mod lists;
mod measure;
mod output;
mod outputs;
mod queue;
mod real;
mod replay;
mod serve;
mod shop;
mod simulate;
mod stats;
mod trainer;
mod verify;
