//! Which answer is given for an intent in a language: a reviewer's accepted correction (where those differ by situation, that of the
//! nearest request), else what the AI answered most.
//!
//! A release says by which [`ResponseRules`] its answers were chosen, and is read and made again by those.

mod accepted;
mod alike;
mod answer;
mod answered_in;
mod explore;
mod filled_in;
mod fitting;
mod handed_over;
mod non_answers;
mod pattern;
mod section;
mod spoken;
mod table;
#[cfg(test)]
mod tests;
mod thanked;
mod wording;

pub use accepted::{AcceptedAnswer, AcceptedAnswers, AnsweredCase, last_of_same};
pub use alike::{Saying, answer_patterns};
pub use answer::{IntentResponse, ResponseOrigin, ResponseRules};
pub use explore::{DrawnResponse, POLICY};
pub use fitting::{FittedResponses, ResponseExample, ResponseRecipe};
pub use non_answers::NonAnswers;
pub use pattern::AnswerPattern;
pub use spoken::{GivenResponse, LanguageAnswer};
pub use table::{ResponseQuestion, ResponseTable};
pub use thanked::drop_thanked;
