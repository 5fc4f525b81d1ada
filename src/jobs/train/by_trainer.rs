//! A pass by an external trainer: what it is given, and what its answers become.

use crate::domain::{IntentId, Reporter, SpokenIntent, Trainer};
use crate::jobs::JobError;
use crate::jobs::external::{RunInputs, TrainerLesson, train};
use crate::jobs::predict::predictor::{Measured, Predictor, kept, turns_of};
use crate::jobs::train::answer_table::{fit_responses, texts_of};
use crate::jobs::train::candidate::{ReleaseCandidate, measured};
use crate::jobs::train::guard::GuardedExamples;
use crate::jobs::train::inputs::TrainingInputs;
use crate::jobs::train::method::Method;
use crate::jobs::train::plan::TrainingPlan;
use crate::learn::contract::{FitError, Fitted};
use crate::learn::judge::leakage;
use crate::learn::release::artefact::{Artefact, LearnedSections};
use crate::learn::release::external::{External, TrainedBy};
use crate::store::{MadeOutside, Store, TrainingExample};
use crate::text::redact;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::time::Instant;

/// What names an external trainer as the maker of a release.
const TRAINER: &str = "trainer:";

/// Has an external trainer learn. It sees masked texts unless the configuration reveals them.
pub(in crate::jobs) struct ByTrainer<'a>(pub &'a Trainer);

impl Method for ByTrainer<'_> {
    /// Examples that repeat a gold text once both are masked are held out, too.
    fn inputs(&self, store: &Store, plan: &TrainingPlan) -> Result<TrainingInputs, JobError> {
        let mut inputs = TrainingInputs::gather(store, plan)?;
        if !self.0.reveal {
            let gold: Vec<Cow<'_, str>> = inputs.gold.iter().map(|g| redact(&g.text)).collect();
            let texts: Vec<Cow<'_, str>> = inputs.examples.iter().map(|e| redact(&e.text)).collect();
            let repeats = leakage::repeats(&as_strs(&gold), &as_strs(&texts), plan.reads.repeats_by());
            drop(texts);
            let masked = GuardedExamples::of(inputs.examples, repeats);
            inputs.examples = masked.kept;
            inputs.held_out.extend(masked.held_out);
        }
        match inputs.examples.is_empty() {
            true => Err(FitError::NothingToLearn.into()),
            false => Ok(inputs),
        }
    }

    fn candidate(
        &mut self,
        store: &mut Store,
        plan: &TrainingPlan,
        inputs: &TrainingInputs,
        live: Option<&Predictor>,
        reporter: &dyn Reporter,
    ) -> Result<ReleaseCandidate, JobError> {
        let trainer = self.0;
        let gold: Vec<Cow<'_, str>> = inputs.gold.iter().map(|g| seen(trainer, &g.text)).collect();
        let texts: Vec<Cow<'_, str>> = inputs.examples.iter().map(|e| seen(trainer, &e.text)).collect();
        let intents: Vec<(String, IntentId)> = inputs.names.named().into_iter().map(|(id, name)| (name, id)).collect();
        let by = format!("{TRAINER}{}", trainer.name);
        let parent = live.filter(|p| Some(p.release) == plan.parent);
        let made_it = parent.map(|p| store.made_by(p.release)).transpose()?.flatten().is_some_and(|maker| maker == by);
        let left = parent.filter(|_| made_it).and_then(|p| p.artefact()?.external.as_ref());
        let named: HashMap<IntentId, &str> = intents.iter().map(|(name, id)| (*id, name.as_str())).collect();
        let clock = Instant::now();
        let given = RunInputs {
            trainer,
            seed: plan.seed,
            intents: intents.iter().map(|(name, _)| name.as_str()).collect(),
            lessons: lessons(&inputs.examples, &texts, &named),
            gold: as_strs(&gold),
            parent: left.map(|external| &external.files),
        };
        let outcome = train(&given, reporter)?;
        let seconds = clock.elapsed().as_secs_f64();
        let about = TrainedBy { trainer: trainer.name.clone(), masked: !trainer.reveal, intents };
        let guess =
            |said: SpokenIntent| -> Measured { measured(&inputs.names, about.said(said).ranking.first().copied()) };
        let says = outcome.gold.iter().cloned().map(guess).collect();
        let out_of_fold = outcome.out_of_fold.unwrap_or_default().into_iter().map(guess).collect();
        let turns = turns_of(&inputs.gold);
        let answers = turns.iter().zip(outcome.gold).map(|((turn, _), said)| kept(*turn, about.said(said))).collect();
        let known: HashSet<IntentId> = inputs.examples.iter().map(|e| e.intent).collect();
        Ok(ReleaseCandidate {
            says,
            out_of_fold,
            parent: parent.map(|p| p.release),
            former: None,
            recipe: format!("trainer {}{}", trainer.name, if left.is_some() { ", from live" } else { "" }),
            intents: known.len() as u64,
            seconds,
            disputes: Vec::new(),
            artefact: Artefact {
                intents: None,
                responses: fit_responses(&inputs.answers, &texts_of(&inputs.gold), plan.rules, reporter)?.into_model(),
                external: Some(External { about, files: outcome.files }),
                learned: LearnedSections::default(),
            },
            outside: Some(MadeOutside { by, answers }),
            learned_here: true,
        })
    }
}

fn as_strs<'a>(texts: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    texts.iter().map(AsRef::as_ref).collect()
}

/// A text as the trainer sees it.
fn seen<'a>(trainer: &Trainer, text: &'a str) -> Cow<'a, str> {
    if trainer.reveal { Cow::Borrowed(text) } else { redact(text) }
}

/// Groups are numbered anew: a trainer has no use for our hashes.
fn lessons<'a>(
    examples: &[TrainingExample],
    texts: &'a [Cow<'a, str>],
    named: &HashMap<IntentId, &'a str>,
) -> Vec<TrainerLesson<'a>> {
    let mut groups: HashMap<u64, usize> = HashMap::new();
    let rows = examples.iter().zip(texts).enumerate();
    rows.map(|(id, (e, text))| {
        let next = groups.len();
        let group = *groups.entry(e.group).or_insert(next);
        TrainerLesson { id, text, intent: named.get(&e.intent).copied().unwrap_or_default(), group, weight: 1.0 }
    })
    .collect()
}
