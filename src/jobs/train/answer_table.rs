//! The AI's answers as the response learner takes them.

use crate::domain::Reporter;
use crate::learn::contract::{FitError, LearnerRecipe};
use crate::learn::judge::leakage;
use crate::learn::responses::{FittedResponses, NonAnswers, ResponseExample, ResponseRecipe, ResponseRules};
use crate::store::{AnsweredRow, GoldItem, split_turn};
use crate::text::greek::Edition;

/// Fits a response table to answers. A request that repeats one of the texts that are held back (rule 15) teaches nothing about
/// situations; its answer stays an answer to the intent.
///
/// # Errors
/// Cancelled.
pub(in crate::jobs) fn fit_responses<'a>(
    rows: &'a [AnsweredRow],
    held_back: &[&str],
    rules: ResponseRules,
    reporter: &dyn Reporter,
) -> Result<FittedResponses<'a>, FitError> {
    let mut examples: Vec<ResponseExample<'_>> = rows.iter().map(example).collect();
    if rules >= ResponseRules::BySituation {
        let mut asked: Vec<&mut Option<&str>> =
            examples.iter_mut().map(|e| &mut e.asked).filter(|asked| asked.is_some()).collect();
        let texts: Vec<&str> = asked.iter().filter_map(|asked| **asked).collect();
        let repeats = leakage::repeats(held_back, &texts, Some(Edition::default()));
        asked.iter_mut().zip(repeats).filter(|(_, repeats)| *repeats).for_each(|(asked, _)| **asked = None);
    }
    ResponseRecipe { rules, non_answers: non_answers(rows) }.fit(&examples, reporter)
}

/// The texts of gold turns.
pub(in crate::jobs) fn texts_of(gold: &[GoldItem]) -> Vec<&str> {
    gold.iter().map(|g| g.text.as_str()).collect()
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
        asked: row.asked.as_deref(),
        resolved: row.resolved,
    }
}
