//! A fine-tuning pass by an external trainer: what it is given, and what its answers become.

use super::finetune::{FinetuneOptions, Start};
use crate::domain::{IntentId, Reporter, Spoken, Trainer};
use crate::jobs::JobError;
use crate::jobs::external::{Given, Lesson, train};
use crate::jobs::judge::compare::{TRAINER, turns_of};
use crate::jobs::judge::predictor::{Measured, Respondent, keep};
use crate::jobs::train::training_inputs::{Learned, Material};
use crate::learn::judge::leakage;
use crate::learn::release::artefact::{Artefact, External, TrainedBy};
use crate::learn::responses::ResponseTable;
use crate::store::{MadeOutside, Store, TrainingExample};
use crate::text::redact;
use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Instant;

/// Has a trainer learn from the examples. Those whose text repeats a gold text once both are masked are held out, too.
pub(in crate::jobs) fn by_trainer(
    store: &Store,
    trainer: &Trainer,
    options: &FinetuneOptions,
    material: &mut Material,
    before: Option<&Respondent>,
    reporter: &dyn Reporter,
) -> Result<Learned, JobError> {
    let gold: Vec<Cow<'_, str>> = material.gold.iter().map(|g| seen(trainer, &g.text)).collect();
    let gold: Vec<&str> = gold.iter().map(AsRef::as_ref).collect();
    hold_out(trainer, &gold, &mut material.examples, &mut material.held_out);
    if material.examples.is_empty() {
        return Err(crate::learn::intent::TrainError::NothingToLearn.into());
    }
    let texts: Vec<Cow<'_, str>> = material.examples.iter().map(|e| seen(trainer, &e.text)).collect();
    let intents: Vec<(String, IntentId)> = material.names.named().into_iter().map(|(id, name)| (name, id)).collect();
    let by = format!("{TRAINER}{}", trainer.name);
    let parent = before.filter(|_| options.from == Start::Live);
    let made_it = parent.map(|p| store.made_by(p.release)).transpose()?.flatten().is_some_and(|maker| maker == by);
    let left = parent.filter(|_| made_it).and_then(|p| p.artefact()?.external.as_ref());
    let named: HashMap<IntentId, &str> = intents.iter().map(|(name, id)| (*id, name.as_str())).collect();
    let clock = Instant::now();
    let outcome = train(
        &Given {
            trainer,
            seed: options.seed,
            intents: intents.iter().map(|(name, _)| name.as_str()).collect(),
            lessons: lessons(&material.examples, &texts, &named),
            gold,
            parent: left.map(|external| &external.files),
        },
        reporter,
    )?;
    let seconds = clock.elapsed().as_secs_f64();
    let about = TrainedBy { trainer: trainer.name.clone(), masked: !trainer.reveal, intents };
    let names = &material.names;
    let measure = |spoken: Spoken| -> Measured {
        let best = about.said(spoken).ranking.first().copied();
        Some(best.map(|(i, c)| (names.today(i), c.map(|c| c as f32))))
    };
    let answers = outcome.gold.iter().cloned().map(measure).collect();
    let out_of_fold = outcome.out_of_fold.unwrap_or_default().into_iter().map(measure).collect();
    let turns = turns_of(&material.gold);
    let kept = turns.iter().zip(outcome.gold).map(|((turn, _), spoken)| keep(*turn, about.said(spoken))).collect();
    let known: std::collections::HashSet<IntentId> = material.examples.iter().map(|e| e.intent).collect();
    Ok(Learned {
        answers,
        out_of_fold,
        parent: parent.map(|p| p.release),
        recipe: format!("trainer {}{}", trainer.name, if left.is_some() { ", from live" } else { "" }),
        intents: known.len() as u64,
        seconds,
        disputes: Vec::new(),
        artefact: Artefact {
            intents: None,
            responses: ResponseTable::default(),
            external: Some(External { about, files: outcome.files }),
        },
        outside: Some(MadeOutside { by, answers: kept }),
    })
}

/// A text as the trainer sees it.
fn seen<'a>(trainer: &Trainer, text: &'a str) -> Cow<'a, str> {
    if trainer.reveal { Cow::Borrowed(text) } else { redact(text) }
}

/// Masked, two texts may be the same that were not.
fn hold_out(
    trainer: &Trainer,
    gold: &[&str],
    examples: &mut Vec<TrainingExample>,
    held_out: &mut Vec<TrainingExample>,
) {
    if trainer.reveal {
        return;
    }
    let texts: Vec<Cow<'_, str>> = examples.iter().map(|e| seen(trainer, &e.text)).collect();
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let repeats = leakage::repeats(gold, &texts);
    let (out, kept): (Vec<_>, Vec<_>) =
        std::mem::take(examples).into_iter().zip(repeats).partition(|(_, repeats)| *repeats);
    *examples = kept.into_iter().map(|(e, _)| e).collect();
    held_out.extend(out.into_iter().map(|(e, _)| e));
}

/// Groups are numbered anew: a trainer has no use for our hashes.
fn lessons<'a>(
    examples: &[TrainingExample],
    texts: &'a [Cow<'a, str>],
    named: &HashMap<IntentId, &'a str>,
) -> Vec<Lesson<'a>> {
    let mut groups: HashMap<u64, usize> = HashMap::new();
    let rows = examples.iter().zip(texts).enumerate();
    rows.map(|(id, (e, text))| {
        let next = groups.len();
        let group = *groups.entry(e.group).or_insert(next);
        Lesson { id, text, intent: named.get(&e.intent).copied().unwrap_or_default(), group, weight: 1.0 }
    })
    .collect()
}
