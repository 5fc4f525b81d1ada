//! Two models on the gold set: what `finetune` ends with and `compare` repeats (rules 11-18).

use super::JobError;
use super::encoders::ready_for;
use crate::domain::{
    BeforeIs, Comparison, FailureScore, Flip, FlipKind, IntentId, LeftOut, OpenHalf, ReleaseId, Reporter, Timestamp,
};
use crate::learn::compare::{Judged, broken_pins, compare as paired};
use crate::learn::evaluate::{Guess, right, scores};
use crate::learn::guard;
use crate::learn::intent::IntentModel;
use crate::store::{GoldItem, Half, IntentNames, Store, TrainingExample};
use std::collections::HashMap;

/// The two sides of a comparison and what both are judged on.
pub(super) struct Sides<'a> {
    pub before: Option<(ReleaseId, &'a IntentModel)>,
    pub after: (ReleaseId, &'a IntentModel),
    pub parent: Option<ReleaseId>,
    pub gold: &'a [GoldItem],
    /// Texts that `after` was trained on.
    pub trained: &'a [TrainingExample],
    pub names: &'a IntentNames,
    pub seed: u64,
}

/// Compares two stored releases on the newest gold version, and counts the look. `before` of `None` takes the log's own
/// predictions, else the most frequent intent (rule 13).
///
/// # Errors
/// No such release; no gold set; the store cannot be read or written.
pub fn compare(
    store: &mut Store,
    reviewer: &str,
    now: Timestamp,
    before: Option<ReleaseId>,
    after: ReleaseId,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let release = store.release(after)?;
    let version = store.gold_or_freeze(reviewer, now)?;
    let gold = version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    reporter.step("read", 0, 0)?;
    let model = model(store, after)?;
    let old = before.map(|id| model_of(store, id)).transpose()?;
    let (trained, held_out) = training_set(store, release.decision, &gold)?;
    let names = store.intent_names()?;
    let texts: Vec<&str> = gold.iter().map(|g| g.text.as_str()).collect();
    for model in old.iter().chain([&model]) {
        ready_for(store, model, &texts, reporter)?;
    }
    reporter.step("compare", 0, 0)?;
    let sides = Sides {
        before: before.zip(old.as_ref()),
        after: (after, &model),
        parent: release.parent,
        gold: &gold,
        trained: &trained,
        names: &names,
        seed: release.seed,
    };
    let mut comparison = side_by_side(&sides);
    comparison.left_out = LeftOut { repeats_gold: held_out };
    comparison.train_seconds = release.train_seconds;
    comparison.trained_on = release.trained_on;
    comparison.gold_version = version;
    store.keep_comparison(reviewer, now, &mut comparison)?;
    Ok(comparison)
}

fn model_of(store: &Store, id: ReleaseId) -> Result<IntentModel, JobError> {
    store.release(id)?;
    model(store, id)
}

fn model(store: &Store, id: ReleaseId) -> Result<IntentModel, JobError> {
    store.artefact(id)?.intents.ok_or_else(|| JobError::NothingToDo(format!("v{} has no intent model", id.0)))
}

/// What a run up to a decision learns from: the examples that repeat no gold text, and how many do.
pub(super) fn training_set(
    store: &Store,
    up_to: crate::domain::DecisionId,
    gold: &[GoldItem],
) -> Result<(Vec<TrainingExample>, u64), JobError> {
    let (kept, out) = split_by_guard(store.training_examples(up_to)?, gold);
    Ok((kept, out.len() as u64))
}

/// Splits examples into those that may be trained on and those that repeat a gold text (rule 15).
pub(super) fn split_by_guard(
    examples: Vec<TrainingExample>,
    gold: &[GoldItem],
) -> (Vec<TrainingExample>, Vec<TrainingExample>) {
    let gold_texts: Vec<&str> = gold.iter().map(|g| g.text.as_str()).collect();
    let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
    let repeats = guard::repeats(&gold_texts, &texts);
    let (out, kept): (Vec<_>, Vec<_>) = examples.into_iter().zip(repeats).partition(|(_, repeats)| *repeats);
    (kept.into_iter().map(|(e, _)| e).collect(), out.into_iter().map(|(e, _)| e).collect())
}

/// Judges both sides. Store-bound fields (look, held out, seconds) are left for the caller.
pub(super) fn side_by_side(sides: &Sides<'_>) -> Comparison {
    let (before_is, turns) = judge(sides);
    let names = |i: IntentId| sides.names.name(i);
    let of = |half: Half| -> Vec<Judged> {
        turns.iter().filter(|(item, _)| item.half == half).map(|(_, judged)| judged.clone()).collect()
    };
    let sealed = of(Half::Sealed);
    let mut p = paired(&sealed, &names, sides.seed);
    let open = of(Half::Open);
    if let Some(reason) = broken_pins(&open) {
        p.refuse(format!("open half: {reason}"));
    }
    Comparison {
        release: sides.after.0,
        parent: sides.parent,
        before_is,
        before_release: sides.before.map(|(id, _)| id),
        before: p.before,
        after: p.after,
        fixed: p.fixed,
        broken: p.broken,
        p_value: p.p_value,
        p_cluster: p.p_cluster,
        delta: p.delta,
        ci95: p.ci95,
        verdict: p.verdict,
        needed: p.needed,
        gate: p.gate,
        gate_reasons: p.gate_reasons,
        left_out: LeftOut::default(),
        gold_version: None,
        looks: 0,
        train_seconds: 0.0,
        trained_on: sides.trained.len() as u64,
        intents: p.intents,
        failures: FailureScore::default(),
        open: open_half(&turns, &open, sides.names),
    }
}

/// Asks both sides every gold turn. Where the log stands in for a model, only turns of sources that predict count.
fn judge<'a>(sides: &Sides<'a>) -> (BeforeIs, Vec<(&'a GoldItem, Judged)>) {
    let (before_is, items): (BeforeIs, Vec<&GoldItem>) = match sides.before {
        Some(_) => (BeforeIs::Model, sides.gold.iter().collect()),
        None if sides.gold.iter().any(|g| g.source_predicts) => {
            (BeforeIs::Log, sides.gold.iter().filter(|g| g.source_predicts).collect())
        }
        None => (BeforeIs::Majority, sides.gold.iter().collect()),
    };
    let texts: Vec<&str> = items.iter().map(|g| g.text.as_str()).collect();
    let trained: Vec<&str> = sides.trained.iter().map(|e| e.text.as_str()).collect();
    let unseen = guard::unseen(&texts, &trained);
    let guesses = |m: &IntentModel| -> Vec<Guess> {
        m.predict_batch(&texts).iter().map(|p| p.best().map(|(i, c)| (sides.names.today(i), Some(c)))).collect()
    };
    let after = guesses(sides.after.1);
    let before: Vec<Guess> = match (sides.before, before_is) {
        (Some((_, model)), _) => guesses(model),
        (None, BeforeIs::Log) => {
            items.iter().map(|g| g.logged.map(|(i, c)| (sides.names.today(i), c.map(|c| c as f32)))).collect()
        }
        (None, _) => vec![majority(sides.trained).map(|i| (i, None)); items.len()],
    };
    let judged = items.into_iter().zip(before).zip(after).zip(unseen).map(|(((item, before), after), unseen)| {
        let gold = item.intents.iter().map(|&i| sides.names.today(i)).collect();
        (item, Judged { cluster: item.conversation.0, gold, before, after, unseen, pinned: item.pinned })
    });
    (before_is, judged.collect())
}

/// The most frequent training intent; of equals the lowest row.
fn majority(trained: &[TrainingExample]) -> Option<IntentId> {
    let mut counts: HashMap<IntentId, u64> = HashMap::new();
    trained.iter().for_each(|e| *counts.entry(e.intent).or_default() += 1);
    counts.into_iter().max_by_key(|&(i, n)| (n, std::cmp::Reverse(i))).map(|(i, _)| i)
}

fn open_half(turns: &[(&GoldItem, Judged)], open: &[Judged], names: &IntentNames) -> OpenHalf {
    let column = |guess: fn(&Judged) -> Guess| {
        let gold: Vec<Vec<IntentId>> = open.iter().map(|j| j.gold.clone()).collect();
        let guesses: Vec<Guess> = open.iter().map(guess).collect();
        let unseen: Vec<bool> = open.iter().map(|j| j.unseen).collect();
        scores(&gold, &guesses, &unseen)
    };
    let mut flips: Vec<Flip> =
        turns.iter().filter(|(item, _)| item.half == Half::Open).filter_map(|(item, j)| flip(item, j, names)).collect();
    // Fixed and broken first; within a kind in the order of the turns.
    flips.sort_by_key(|f| f.kind.code());
    OpenHalf { before: column(|j| j.before), after: column(|j| j.after), flips }
}

fn flip(item: &GoldItem, j: &Judged, names: &IntentNames) -> Option<Flip> {
    let name = |g: Guess| g.map(|(i, _)| names.name(i));
    let kind = match (right(&j.gold, &j.before), right(&j.gold, &j.after)) {
        (true, true) => return None,
        (false, true) => FlipKind::Fixed,
        (true, false) => FlipKind::Broken,
        (false, false) if name(j.before) == name(j.after) => FlipKind::StillWrong,
        (false, false) => FlipKind::BothWrong,
    };
    Some(Flip {
        id: item.id.clone(),
        conversation: item.conversation,
        turn: item.turn,
        kind,
        before: name(j.before),
        after: name(j.after),
        gold: j.gold.first().map(|&i| names.name(i)).unwrap_or_default(),
        text: item.text.clone(),
        pinned: item.pinned,
    })
}
