//! A release from its inputs to the registry, and what is done with it then: promoting, taking back, exporting.

pub mod compare;
pub(in crate::jobs) mod export;
pub mod finetune;
mod kept;
pub mod learned_beside;
pub mod measure;
mod pipeline;
pub mod promote;
mod request;
#[cfg(test)]
mod tests;
pub mod without;
