//! What a method has made: a release that is about to be judged and stored.

use crate::domain::{IntentId, ReleaseId};
use crate::jobs::predict::predictor::Measured;
use crate::jobs::train::inputs::TrainingInputs;
use crate::learn::release::artefact::Artefact;
use crate::store::{IntentNames, MadeOutside, NewDispute, TrainingExample};

/// A release that is not stored yet.
pub(in crate::jobs) struct ReleaseCandidate {
    /// What it says to the gold turns of its inputs, in their order.
    pub says: Vec<Measured>,
    /// What it says to the examples, each by a model that was not trained on it; empty where the method does not tell.
    pub out_of_fold: Vec<Measured>,
    /// What is stored of it.
    pub artefact: Artefact,
    /// What it goes on from.
    pub parent: Option<ReleaseId>,
    /// The release that it was to go on from and could not, since that is of a former recipe.
    pub former: Option<ReleaseId>,
    /// How it was made, in words.
    pub recipe: String,
    /// Intents it knows.
    pub intents: u64,
    /// Seconds of training.
    pub seconds: f64,
    /// Labels of the inputs that it disputes.
    pub disputes: Vec<NewDispute>,
    /// What made it outside, where something did.
    pub outside: Option<MadeOutside>,
    /// It learned from the examples of its inputs. What was trained elsewhere has seen texts that nobody here knows.
    pub learned_here: bool,
}

impl ReleaseCandidate {
    /// Examples of its inputs that it learned from.
    pub fn trained_on(&self, inputs: &TrainingInputs) -> u64 {
        if self.learned_here { inputs.examples.len() as u64 } else { 0 }
    }

    /// What was held out of its training.
    pub fn held_out<'a>(&self, inputs: &'a TrainingInputs) -> &'a [TrainingExample] {
        if self.learned_here { &inputs.held_out } else { &[] }
    }
}

/// A guess in today's intents, as a comparison takes it.
pub(in crate::jobs) fn measured(names: &IntentNames, guess: Option<(IntentId, Option<f64>)>) -> Measured {
    Some(guess.map(|(intent, confidence)| (names.today(intent), confidence.map(|c| c as f32))))
}
