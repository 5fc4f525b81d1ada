//! The other learners on files, without a store: what `appraise evaluate --task` prints.

mod offers;
mod policy;
mod records;
mod sentiment;

pub use offers::{OfferFiles, OfferReport, evaluate_offers};
pub use policy::{PolicyReport, evaluate_policy};
pub use sentiment::{SentimentReport, evaluate_sentiment};
