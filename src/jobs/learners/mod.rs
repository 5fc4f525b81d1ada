//! What learns by itself, over a store: sentiment and offers. Each is fitted on training groups, judged beside what is live on
//! conversations that it has not seen, and promoted alone where that is better (rule 48).

mod judged;
mod offers;
mod offers_read;
mod report;
mod sentiment;

pub use offers::learn_offers;
pub use offers_read::{OfferSituation, offer_features};
pub use report::{LearnReport, LearnRequest, LearnedFigures, LearnerRun};
pub use sentiment::learn_sentiment;
