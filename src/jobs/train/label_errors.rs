//! Labels as a run judges them that has not seen them.

use crate::learn::intent::{FittedIntents, IntentExample};
use crate::learn::judge::label_errors::JudgedLabel;

/// Judges the labels of a run, in the order of its examples; `None` where nothing was left to predict from.
pub(in crate::jobs) fn judged_labels<'a>(
    examples: &[IntentExample],
    fitted: &'a FittedIntents,
) -> Vec<Option<JudgedLabel<'a>>> {
    let judged = examples.iter().zip(&fitted.out_of_fold).zip(&fitted.given);
    judged.map(|((e, p), c)| Some(JudgedLabel { given: e.intent, confidence: (*c)?, ranking: &p.ranking })).collect()
}
