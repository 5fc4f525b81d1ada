//! The AI's answers as the response learner takes them.

use crate::domain::Reporter;
use crate::learn::contract::{FitError, LearnerRecipe};
use crate::learn::judge::leakage;
use crate::learn::responses::{FittedResponses, NonAnswers, ResponseExample, ResponseRecipe, ResponseRules};
use crate::store::{AnsweredRow, GoldItem, split_turn};
use crate::text::greek::Edition;
use std::collections::BTreeSet;

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
    fit_without(rows, &repeating(rows, held_back, rules), rules, reporter)
}

/// Packed ids of the requests that repeat one of the texts that are held back, ascending; none by the rules before situations.
pub(in crate::jobs) fn repeating(rows: &[AnsweredRow], held_back: &[&str], rules: ResponseRules) -> Vec<i64> {
    if rules < ResponseRules::BySituation {
        return Vec::new();
    }
    let asked: Vec<(i64, &str)> = rows.iter().filter_map(|r| Some((r.asked_turn, r.asked.as_deref()?))).collect();
    let texts: Vec<&str> = asked.iter().map(|(_, text)| *text).collect();
    let repeats = leakage::repeats(held_back, &texts, Some(Edition::default()));
    let turns: BTreeSet<i64> =
        asked.iter().zip(repeats).filter(|(_, repeats)| *repeats).map(|((t, _), _)| *t).collect();
    turns.into_iter().collect()
}

/// As [`fit_responses`], with the requests that teach nothing by their packed ids, ascending.
///
/// # Errors
/// Cancelled.
pub(in crate::jobs) fn fit_without<'a>(
    rows: &'a [AnsweredRow],
    held_out: &[i64],
    rules: ResponseRules,
    reporter: &dyn Reporter,
) -> Result<FittedResponses<'a>, FitError> {
    let taught = |row: &'a AnsweredRow| ResponseExample {
        asked: row.asked.as_deref().filter(|_| held_out.binary_search(&row.asked_turn).is_err()),
        ..example(row)
    };
    let examples: Vec<ResponseExample<'_>> = rows.iter().map(taught).collect();
    ResponseRecipe { rules, non_answers: non_answers(rows, rules) }.fit(&examples, reporter)
}

/// The texts of gold turns.
pub(in crate::jobs) fn texts_of(gold: &[GoldItem]) -> Vec<&str> {
    gold.iter().map(|g| g.text.as_str()).collect()
}

/// What the AI says to everything, and helps nobody with.
pub(in crate::jobs) fn non_answers(rows: &[AnsweredRow], rules: ResponseRules) -> NonAnswers {
    NonAnswers::among(rules, rows.iter().map(|r| (r.intent, split_turn(r.turn).0.0, r.response.as_str(), r.resolved)))
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
