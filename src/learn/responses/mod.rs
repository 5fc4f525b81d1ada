//! Which answer is given for an intent in a language: a reviewer's accepted correction, else what the AI answered most.
//!
//! A release says by which [`ResponseRules`] its answers were chosen, and is read and made again by those.

mod answer;
mod fitting;
mod non_answers;
mod section;
mod table;
#[cfg(test)]
mod tests;

pub use answer::{IntentResponse, LanguageAnswer, ResponseOrigin, ResponseRules};
pub use fitting::{FittedResponses, ResponseExample, ResponseRecipe};
pub use non_answers::NonAnswers;
pub use table::ResponseTable;
