//! What takes long: store and learners brought together, with progress and cancel.
//!
//! A release goes down one way: `train` reads its inputs and makes a candidate, `judge` puts it beside what is live, `release` keeps
//! both. Rooms use only those before them: encoders, external, predict, train, judge, release, then the others.

pub mod answers;
pub mod demo;
pub mod encoders;
mod error;
mod external;
pub mod judge;
pub mod lab;
pub mod learners;
pub mod load;
mod net;
pub mod patterns;
mod predict;
pub mod release;
pub mod serve;
pub mod train;
mod watch;

pub use answers::{Reach, TestTurn, count_answers, reach, test_turns};
pub use error::{Cause, JobError};
pub use judge::blame::{Blame, BlameOptions, BlamedStep, LabelPull, METHOD, blame};
pub use judge::held_out::{HeldOut, held_out};
pub use judge::replay::{Replay, ReplayOptions, ReplayedChange, WasIs, replay};
pub use judge::score::score;
pub use lab::cluster::{ClusterOptions, ClusterReport, ClusteredGroup, cluster_texts, read_vectors};
pub use lab::disputed::{DisputedText, FlipReport, disputed_texts};
pub use lab::evaluate::{EvaluateReport, LabelledFile, LabelledText, evaluate, read_labelled};
pub use lab::simulate::{SimulateOptions, SimulatedWeek, simulate};
pub use lab::tasks::{
    OfferFiles, OfferReport, PolicyReport, SentimentReport, evaluate_offers, evaluate_policy, evaluate_sentiment,
};
pub use load::folder::{import_all, is_stdin};
pub use load::import::{ImportOptions, import};
pub use load::index::index;
pub use load::report::{ImportReport, ToldReject};
pub use patterns::detect::{AskAi, DetectOptions, detect, detect_calls};
pub use patterns::topics::{ProposedTopic, TopicLine, accept_proposed, accept_topics, assign_topics, propose_topics};
pub use patterns::{PatternsFound, find_patterns};
pub use predict::feeling::sentiment_said;
pub use predict::offered::{OfferSaid, offers_said};
pub use predict::predictor::cannot_answer;
pub use predict::responder::{Reply, Responder};
pub use release::compare::compare;
pub use release::export::{ExportReport, export_model};
pub use release::finetune::{finetune, finetune_with};
pub use release::learned_beside::{LearnedBeside, LearnedFound, learned_beside};
pub use release::measure::{MeasureOptions, measure};
pub use release::promote::{promote, renew, rollback};
pub use release::without::{LeftOutLabels, retrain_without};
pub use train::by_asking::AskingBill;
pub use train::economics::{Advice, Economics, economics};
pub use train::learning_curve::curve;
pub use train::plan::{FinetuneOptions, TrainingStart};
pub use train::verify::{Verification, verify};
pub use watch::{
    AsOfOptions, Breach, ChangeBy, ChangeEffect, ChangeOptions, ChangeReport, CheckOptions, CheckReport, Checked,
    CountedPeriod, Limits, StoreAsOf, StratumPart, Webhook, as_of, change, check, send, write_prometheus,
};

#[cfg(test)]
mod tests;
