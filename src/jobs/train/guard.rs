//! The leakage guard: what repeats a gold text is not trained on (rule 15).

use crate::domain::ReleaseId;
use crate::jobs::JobError;
use crate::learn::judge::leakage;
use crate::learn::vectors::grams::GramRules;
use crate::store::{GoldItem, Store, TrainingExample};

/// Examples as the guard divides them, each part in the order given.
pub(in crate::jobs) struct GuardedExamples {
    /// May be trained on.
    pub kept: Vec<TrainingExample>,
    /// Repeat a gold text.
    pub held_out: Vec<TrainingExample>,
}

/// Divides examples by the texts of gold turns, as the rules of a recipe compare them.
pub(in crate::jobs) fn guard(examples: Vec<TrainingExample>, gold: &[GoldItem], rules: GramRules) -> GuardedExamples {
    let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
    let gold: Vec<&str> = gold.iter().map(|g| g.text.as_str()).collect();
    let repeats = leakage::repeats(&gold, &texts, rules.repeats_by());
    GuardedExamples::of(examples, repeats)
}

/// By which rules a stored release was guarded; those of this program for one that holds no model of ours.
///
/// # Errors
/// No such release; the store cannot be read.
pub(in crate::jobs) fn rules_of(store: &Store, release: ReleaseId) -> Result<GramRules, JobError> {
    Ok(store.artefact(release)?.intents.map_or_else(GramRules::default, |model| model.rules()))
}

impl GuardedExamples {
    /// Divides examples of which it is known whether they repeat a gold text.
    pub fn of(examples: Vec<TrainingExample>, repeats: Vec<bool>) -> Self {
        let (out, kept): (Vec<_>, Vec<_>) = examples.into_iter().zip(repeats).partition(|(_, repeats)| *repeats);
        let alone = |pairs: Vec<(TrainingExample, bool)>| pairs.into_iter().map(|(e, _)| e).collect();
        Self { kept: alone(kept), held_out: alone(out) }
    }
}
