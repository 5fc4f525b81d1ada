//! The built-in method: the learners of this program.

use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::jobs::encoders::{Vectors, embed_ahead, ready_for};
use crate::jobs::predict::predictor::{Measured, Predictor};
use crate::jobs::train::answer_table::{fit_responses, texts_of};
use crate::jobs::train::candidate::ReleaseCandidate;
use crate::jobs::train::inputs::TrainingInputs;
use crate::jobs::train::label_errors::judged_labels;
use crate::jobs::train::method::Method;
use crate::jobs::train::plan::TrainingPlan;
use crate::learn::contract::{Fitted, LearnerRecipe};
use crate::learn::intent::{FittedIntents, IntentExample, IntentModel, IntentPrediction, IntentRecipe};
use crate::learn::judge::label_errors::{LabelDispute, disputes};
use crate::learn::release::artefact::{Artefact, LearnedSections};
use crate::learn::vectors::built_in;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::GramRules;
use crate::store::{NewDispute, Store, TrainingExample};
use std::sync::Arc;
use std::time::Instant;

/// Learns here, from the parent where the plan has one.
pub(in crate::jobs) struct BuiltIn;

impl Method for BuiltIn {
    fn plan(&self, plan: TrainingPlan, live: Option<&Predictor>) -> TrainingPlan {
        plan.within_recipe(live)
    }

    fn candidate(
        &mut self,
        store: &mut Store,
        plan: &TrainingPlan,
        inputs: &TrainingInputs,
        live: Option<&Predictor>,
        reporter: &dyn Reporter,
    ) -> Result<ReleaseCandidate, JobError> {
        let live = live.filter(|l| Some(l.release) == plan.parent);
        // A release is made again from its own parent, which need not be live.
        let other = plan.parent.filter(|_| live.is_none());
        let other = other.map(|id| Predictor::of(store, id)).transpose()?.flatten();
        learn(store, plan, inputs, live.or(other.as_ref()).and_then(Predictor::model), reporter)
    }
}

pub(in crate::jobs) fn example(e: &TrainingExample) -> IntentExample {
    IntentExample { text: e.text.clone(), intent: e.intent, group: e.group, weight: 1.0 }
}

/// Learns from inputs, from a model where there is one to go on from.
///
/// # Errors
/// Nothing to learn from; cancelled; the encoder is not there.
pub(in crate::jobs) fn learn(
    store: &Store,
    plan: &TrainingPlan,
    inputs: &TrainingInputs,
    start: Option<&IntentModel>,
    reporter: &dyn Reporter,
) -> Result<ReleaseCandidate, JobError> {
    let examples: Vec<IntentExample> = inputs.examples.iter().map(example).collect();
    let clock = Instant::now();
    let embedder = embedder(store, &plan.vectors, plan.reads, &examples, reporter)?;
    let recipe = IntentRecipe { seed: plan.seed, names: &inputs.then.named(), embedder, rules: plan.reads, start };
    let fitted = recipe.fit(&examples, reporter)?;
    if let Some(encoder) = store.encoder_of(&fitted.model) {
        store.keep_vectors(&encoder)?;
    }
    let seconds = clock.elapsed().as_secs_f64();
    let gold: Vec<&str> = inputs.gold.iter().map(|g| g.text.as_str()).collect();
    ready_for(store, &fitted.model, &gold, reporter)?;
    let guess = |p: Option<&IntentPrediction>| -> Measured {
        Some(p.and_then(IntentPrediction::best).map(|(i, c)| (inputs.names.today(i), Some(c))))
    };
    Ok(ReleaseCandidate {
        says: fitted.model.predict_batch(&gold).iter().map(|p| guess(Some(p))).collect(),
        out_of_fold: (0..examples.len()).map(|at| guess(fitted.unseen(at).as_ref())).collect(),
        disputes: disputed(&inputs.examples, &examples, &fitted),
        parent: plan.parent,
        former: plan.former,
        recipe: recipe_name(plan, start.is_some()),
        intents: fitted.model.intents().len() as u64,
        seconds,
        artefact: Artefact {
            responses: fit_responses(&inputs.answers, &texts_of(&inputs.gold), plan.rules, reporter)?.into_model(),
            intents: Some(fitted.into_model()),
            external: None,
            learned: LearnedSections::default(),
        },
        outside: None,
        learned_here: true,
    })
}

/// The recipe as the registry shows it.
fn recipe_name(plan: &TrainingPlan, warm: bool) -> String {
    let mut name = match &plan.vectors {
        Vectors::None => "words".to_owned(),
        Vectors::Static => "words + built-in vectors".to_owned(),
        Vectors::Encoder(encoder) => format!("words + {}", encoder.name),
    };
    if warm {
        name.push_str(", from live");
    }
    if let Some(former) = plan.former {
        name.push_str(&format!(", from scratch since v{} is of a former recipe", former.0));
    }
    match plan.moment.without.len() {
        0 => {}
        1 => name.push_str(", without 1 label"),
        n => name.push_str(&format!(", without {n} labels")),
    }
    name
}

/// What turns texts into vectors, with those of the training texts at hand.
pub(in crate::jobs) fn embedder(
    store: &Store,
    vectors: &Vectors,
    reads: GramRules,
    examples: &[IntentExample],
    reporter: &dyn Reporter,
) -> Result<Option<Arc<dyn Embedder>>, JobError> {
    Ok(match vectors {
        Vectors::None => None,
        Vectors::Static => Some(built_in::by_rules(reads)),
        Vectors::Encoder(installed) => {
            let encoder = store.encoder(&installed.key)?;
            let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
            embed_ahead(store, &encoder, &texts, reporter)?;
            Some(encoder)
        }
    })
}

/// The labels that the candidate disputes, each judged by a model that was not trained on it.
fn disputed(labels: &[TrainingExample], examples: &[IntentExample], fitted: &FittedIntents) -> Vec<NewDispute> {
    let new = |d: LabelDispute| NewDispute {
        decision: labels[d.at].decision,
        says: d.says,
        confidence: d.confidence,
        given: d.given,
    };
    disputes(&judged_labels(examples, fitted)).into_iter().map(new).collect()
}
