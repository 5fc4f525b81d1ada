//! The AI's answers as the response learner takes them.

use crate::domain::Reporter;
use crate::learn::contract::{FitError, LearnerRecipe};
use crate::learn::responses::{FittedResponses, NonAnswers, ResponseExample, ResponseRecipe, ResponseRules};
use crate::store::{AnsweredRow, split_turn};

/// Fits a response table to answers.
///
/// # Errors
/// Cancelled.
pub(in crate::jobs) fn fit_responses<'a>(
    rows: &'a [AnsweredRow],
    rules: ResponseRules,
    reporter: &dyn Reporter,
) -> Result<FittedResponses<'a>, FitError> {
    let examples: Vec<ResponseExample<'_>> = rows.iter().map(example).collect();
    ResponseRecipe { rules, non_answers: non_answers(rows) }.fit(&examples, reporter)
}

/// What the AI says to everything, and helps nobody with.
pub(in crate::jobs) fn non_answers(rows: &[AnsweredRow]) -> NonAnswers {
    NonAnswers::among(rows.iter().map(|r| (r.intent, split_turn(r.turn).0.0, r.response.as_str(), r.resolved)))
}

fn example(row: &AnsweredRow) -> ResponseExample<'_> {
    ResponseExample {
        intent: row.intent,
        group: split_turn(row.turn).0.0,
        response: &row.response,
        corrected: row.corrected.as_deref(),
        language: &row.language,
        corrected_language: &row.corrected_language,
        asked_language: &row.asked_language,
    }
}
