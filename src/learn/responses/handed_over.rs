//! What the AI passes on to a person.

use crate::domain::IntentId;
use crate::learn::signals::announces_person;
use std::collections::{BTreeMap, BTreeSet};

/// From intents and what the AI said to them: those to which most of it announces a person. That is no answer that somebody else may give,
/// since nobody comes for it.
pub(super) fn handed_over<'a>(said: impl Iterator<Item = (IntentId, &'a str)>) -> BTreeSet<IntentId> {
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    let mut times: BTreeMap<IntentId, [u64; 2]> = BTreeMap::new();
    for (intent, text) in said {
        let announces = *known.entry(text).or_insert_with(|| announces_person(text));
        times.entry(intent).or_default()[usize::from(announces)] += 1;
    }
    times.into_iter().filter(|(_, [others, announce])| announce > others).map(|(intent, _)| intent).collect()
}
