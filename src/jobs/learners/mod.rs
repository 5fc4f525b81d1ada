//! What learns by itself, over a store: sentiment, offers, responses. Each is fitted on training groups, judged beside what is live on
//! conversations that it has not seen, and promoted alone where that is better (rule 48).

mod judged;
mod offers;
mod offers_read;
mod report;
mod responses;
mod sentiment;

pub use offers::learn_offers;
pub use offers_read::{OfferSituation, offer_features};
pub use report::{AnswerScore, LearnReport, LearnRequest, LearnedFigures, LearnerRun, ResponsesRun};
pub use responses::learn_responses;
pub use sentiment::learn_sentiment;
