//! The command line by its binary.

mod blame;
mod disputed;
mod economics;
mod encoder;
mod export;
mod flow;
mod gold;
mod import;
mod intents;
mod label;
mod lists;
mod measure;
mod output;
mod people;
mod queue;
mod real;
mod replay;
mod responses;
mod serve;
mod shop;
mod simulate;
mod stats;
mod stores;
mod time;
mod trainer;
mod verify;
