//! Two models on the gold set: what `finetune` ends with and `compare` repeats (rules 11-18).

use crate::domain::{
    BeforeIs, Comparison, Coverage, CoverageCurve, FailureScore, Flip, FlipKind, IntentId, LeftOut, OpenHalf,
    ReleaseId, Reporter, Responses, Timestamp,
};
use crate::jobs::JobError;
use crate::jobs::judge::predictor::{Measured, Respondent};
use crate::jobs::judge::responses;
use crate::jobs::judge::responses::Voice;
use crate::learn::judge::leakage;
use crate::learn::judge::paired::{Judged, broken_pins, compare as paired, confusion};
use crate::learn::judge::scores::{Guess, coverage, right, scores};
use crate::learn::responses::Rules;
use crate::store::{GoldItem, Half, IntentNames, Moment, Store, TrainingExample, turn_id};
use std::collections::HashMap;

/// What names an AI as the maker of a release.
pub(in crate::jobs) const AI: &str = "ai:";
/// What names an external trainer as one.
pub(in crate::jobs) const TRAINER: &str = "trainer:";

/// The two sides of a comparison and what both are judged on.
pub(in crate::jobs) struct Sides<'a> {
    /// A release and what it says to each gold turn.
    pub before: Option<(ReleaseId, Vec<Measured>)>,
    pub after: (ReleaseId, Vec<Measured>),
    pub parent: Option<ReleaseId>,
    pub gold: &'a [GoldItem],
    /// Texts that `after` was trained on: of an AI that was trained elsewhere, nobody here knows them.
    pub trained: &'a [TrainingExample],
    pub trained_elsewhere: bool,
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
    let (trained, held_out) = training_set(store, after, &gold)?;
    let before = before.map(|id| answers_of(store, id, &gold, reporter)).transpose()?;
    let after = answers_of(store, after, &gold, reporter)?;
    let names = store.intent_names()?;
    reporter.step("compare", 0, 0)?;
    let sides = Sides {
        before,
        after,
        parent: release.parent,
        gold: &gold,
        trained: &trained,
        trained_elsewhere: is_ai(release.outside.as_deref()),
        names: &names,
        seed: release.seed,
    };
    let mut comparison = side_by_side(&sides);
    comparison.left_out.repeats_gold = if sides.trained_elsewhere { 0 } else { held_out };
    comparison.train_seconds = release.train_seconds;
    comparison.trained_on = release.trained_on;
    comparison.gold_version = version;
    reporter.step("responses", 0, 0)?;
    let heard = voice_before(store, sides.before.as_ref().map(|(id, _)| *id), comparison.before_is, &gold, &names)?;
    let voice = Voice::of(store, release.release, &names)?;
    let rows = store.answers(&store.moment()?, Rules::default())?;
    comparison.take_responses(responses::compare(store, &sides, heard.as_ref(), &voice, &rows, false)?);
    comparison.coverage.before = before_coverage(store, &comparison)?;
    comparison.coverage.after = kept_coverage(store, release.release)?;
    store.keep_comparison(reviewer, now, &mut comparison)?;
    Ok(comparison)
}

/// What answered before: a release, or the AI at the time.
pub(in crate::jobs) fn voice_before(
    store: &Store,
    release: Option<ReleaseId>,
    before_is: BeforeIs,
    gold: &[GoldItem],
    names: &IntentNames,
) -> Result<Option<Voice>, JobError> {
    match (release, before_is) {
        (Some(id), _) => Voice::of(store, id, names).map(Some),
        (None, BeforeIs::Log) => Voice::logged(store, gold).map(Some),
        (None, _) => Ok(None),
    }
}

/// The curve of what stands in `before`, as its own training left it.
pub(in crate::jobs) fn before_coverage(store: &Store, c: &Comparison) -> Result<Option<CoverageCurve>, JobError> {
    c.before_release.map(|id| kept_coverage(store, id)).transpose().map(Option::flatten)
}

/// A release's out-of-fold curve: nobody can draw it again without training again, so comparisons hand it on.
fn kept_coverage(store: &Store, id: ReleaseId) -> Result<Option<CoverageCurve>, JobError> {
    Ok(store.comparison_of(id)?.and_then(|c| c.coverage.after))
}

/// Whether a release is an AI as it is deployed elsewhere.
fn is_ai(outside: Option<&str>) -> bool {
    outside.is_some_and(|by| by.starts_with(AI))
}

fn answers_of(
    store: &mut Store,
    id: ReleaseId,
    gold: &[GoldItem],
    reporter: &dyn Reporter,
) -> Result<(ReleaseId, Vec<Measured>), JobError> {
    store.release(id)?;
    let respondent =
        Respondent::of(store, id)?.ok_or_else(|| JobError::NothingToDo(format!("v{} has no intent model", id.0)))?;
    Ok((id, respondent.say(store, &turns_of(gold), reporter)?))
}

/// Packed ids and texts of gold turns.
pub(in crate::jobs) fn turns_of(gold: &[GoldItem]) -> Vec<(i64, &str)> {
    gold.iter().map(|g| (turn_id(g.conversation, g.turn), g.text.as_str())).collect()
}

/// What a release learned from: the examples that repeat no gold text, and how many do.
fn training_set(store: &Store, release: ReleaseId, gold: &[GoldItem]) -> Result<(Vec<TrainingExample>, u64), JobError> {
    let read = store.origin(release)?.moment;
    // Under today's intents: that is what both sides are judged in.
    let today = Moment { labels: read.labels, without: read.without, ..store.moment()? };
    let (kept, out) = split_by_guard(store.training_examples_at(&today)?, gold);
    Ok((kept, out.len() as u64))
}

/// Splits examples into those that may be trained on and those that repeat a gold text (rule 15).
pub(in crate::jobs) fn split_by_guard(
    examples: Vec<TrainingExample>,
    gold: &[GoldItem],
) -> (Vec<TrainingExample>, Vec<TrainingExample>) {
    let gold_texts: Vec<&str> = gold.iter().map(|g| g.text.as_str()).collect();
    let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
    let repeats = leakage::repeats(&gold_texts, &texts);
    let (out, kept): (Vec<_>, Vec<_>) = examples.into_iter().zip(repeats).partition(|(_, repeats)| *repeats);
    (kept.into_iter().map(|(e, _)| e).collect(), out.into_iter().map(|(e, _)| e).collect())
}

/// Judges both sides. Store-bound fields (look, held out, seconds) are left for the caller.
pub(in crate::jobs) fn side_by_side(sides: &Sides<'_>) -> Comparison {
    let (before_is, turns, left_out) = judge(sides);
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
        before_release: sides.before.as_ref().map(|(id, _)| *id),
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
        left_out,
        gold_version: None,
        looks: 0,
        train_seconds: 0.0,
        trained_on: if sides.trained_elsewhere { 0 } else { sides.trained.len() as u64 },
        intents: p.intents,
        failures: FailureScore::default(),
        calibration: p.calibration,
        coverage: Coverage {
            open_before: coverage(open.iter().map(|j| (&j.gold[..], &j.before))),
            open_after: coverage(open.iter().map(|j| (&j.gold[..], &j.after))),
            ..Coverage::default()
        },
        responses: Responses::default(),
        open: open_half(&turns, &open, sides.names),
    }
}

/// What both sides say to every gold turn, and how many turns count for neither: one of them was never asked about it, or
/// no intent of it is in use any more. Where the log stands in for a model, only turns of sources that predict count.
fn judge<'a>(sides: &Sides<'a>) -> (BeforeIs, Vec<(&'a GoldItem, Judged)>, LeftOut) {
    let before_is = match &sides.before {
        Some(_) => BeforeIs::Model,
        None if sides.gold.iter().any(|g| g.source_predicts) => BeforeIs::Log,
        None => BeforeIs::Majority,
    };
    let majority = majority(sides.trained);
    let before = |at: usize, item: &GoldItem| -> Measured {
        match (&sides.before, before_is) {
            (Some((_, said)), _) => said[at],
            (None, BeforeIs::Log) => Some(item.logged.map(|(i, c)| (sides.names.today(i), c.map(|c| c as f32)))),
            (None, _) => Some(majority.map(|i| (i, None))),
        }
    };
    let asked = sides.gold.iter().enumerate().filter(|(_, g)| before_is != BeforeIs::Log || g.source_predicts);
    let (mut items, mut left_out) = (Vec::new(), LeftOut::default());
    for (at, item) in asked {
        let gold = item.gold_today(sides.names);
        match (before(at, item), sides.after.1[at]) {
            _ if gold.is_empty() => left_out.intent_not_in_use += 1,
            (Some(before), Some(after)) => items.push((item, gold, before, after)),
            _ => left_out.not_measured += 1,
        }
    }
    let texts: Vec<&str> = items.iter().map(|(item, ..)| item.text.as_str()).collect();
    let trained: Vec<&str> = sides.trained.iter().map(|e| e.text.as_str()).collect();
    let unseen = if sides.trained_elsewhere { vec![false; items.len()] } else { leakage::unseen(&texts, &trained) };
    let judged = items.into_iter().zip(unseen).map(|((item, gold, before, after), unseen)| {
        (item, Judged { cluster: item.conversation.0, gold, before, after, unseen, pinned: item.pinned })
    });
    (before_is, judged.collect(), left_out)
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
    let confusion = confusion(open, &|i| names.name(i));
    OpenHalf { before: column(|j| j.before), after: column(|j| j.after), flips, confusion }
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
