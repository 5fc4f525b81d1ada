//! What learns by itself, over a store: sentiment, offers, responses. Each is fitted on training groups, judged beside what is live on
//! conversations that it has not seen, and promoted alone where that is better (rule 48).

#[cfg(test)]
mod answers_tests;
mod by_itself;
mod felt;
mod judged;
#[cfg(test)]
mod live_tests;
mod offers;
mod offers_exam;
mod offers_lack;
mod offers_read;
mod report;
mod responses;
mod sentiment;
mod sentiment_exam;
mod sentiment_read;
#[cfg(test)]
mod tests;

pub use by_itself::{HELD, due, learn, learn_asked, learn_what_is_due};
pub use felt::{FELT_AT_ONCE, feel, feel_at_once};
pub(in crate::jobs) use offers::compare_offers;
pub use offers::{learn_offers, offers_at};
pub use offers_read::{EarlierOffers, OfferSituation, offer_features, offer_words};
pub use report::{AGAIN_AFTER, LearnReport, LearnRequest, LearnerRun, READING_STAGE, ResponsesRun};
pub(in crate::jobs) use responses::compare_responses;
pub use responses::{learn_responses, responses_at};
pub(in crate::jobs) use sentiment::compare_sentiment;
pub use sentiment::{learn_sentiment, sentiment_at};
