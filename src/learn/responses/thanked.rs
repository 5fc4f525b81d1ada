//! What an AI says to a customer's thanks.

use crate::domain::IntentId;
use std::collections::BTreeMap;

/// Drops what was said to thanks and goodbyes, as `of` tells of each with its intent: a log names such turns after the request before them,
/// or after one that it misheard. An intent that is mostly thanks keeps them.
pub fn drop_thanked<T>(answers: &mut Vec<T>, of: impl Fn(&T) -> (IntentId, bool)) {
    let mut asked: BTreeMap<IntentId, [usize; 2]> = BTreeMap::new();
    for answer in &*answers {
        let (intent, is_thanked) = of(answer);
        asked.entry(intent).or_default()[usize::from(is_thanked)] += 1;
    }
    let is_request = |[requests, thanks]: &[usize; 2]| requests >= thanks;
    answers.retain(|answer| {
        let (intent, is_thanked) = of(answer);
        !is_thanked || !asked.get(&intent).is_some_and(is_request)
    });
}
