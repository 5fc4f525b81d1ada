//! What two sides are found to do on the gold set (rules 11-18).

use crate::domain::{
    BeforeIs, Coverage, Findings, Flip, FlipKind, GoldVersion, IntentId, LanguageScore, LeftOut, OpenHalf, Reporter,
};
use crate::jobs::JobError;
use crate::jobs::judge::answers;
use crate::jobs::judge::sides::JudgedSides;
use crate::jobs::predict::predictor::Measured;
use crate::jobs::train::candidate::measured;
use crate::learn::judge::leakage;
use crate::learn::judge::paired::{JudgedTurn, broken_pins, compare, confusion};
use crate::learn::judge::scores::{Guess, coverage, right, scores};
use crate::store::{GoldHalf, GoldItem, IntentNames, Store, TrainingExample};
use crate::text::greek::ReadText;
use crate::text::language::written;
use std::collections::HashMap;

/// Compares two sides on a gold version, as the last thing before the comparison is kept.
///
/// # Errors
/// Cancelled; the store cannot be read.
pub(in crate::jobs) fn findings(
    store: &Store,
    sides: &JudgedSides<'_>,
    gold_version: Option<GoldVersion>,
    reporter: &dyn Reporter,
) -> Result<Findings, JobError> {
    reporter.step("compare", 0, 0)?;
    let (turns, left_out) = judged(sides);
    let names = |i: IntentId| sides.names.name(i);
    let of = |half: GoldHalf| -> Vec<JudgedTurn> {
        turns.iter().filter(|(item, _)| item.half == half).map(|(_, judged)| judged.clone()).collect()
    };
    let open = of(GoldHalf::Open);
    Ok(Findings {
        parent: sides.after.parent,
        former_recipe: sides.after.former,
        before_is: sides.before.is,
        before_release: sides.before.release,
        sealed: compare(&of(GoldHalf::Sealed), &names),
        languages: languages(&turns),
        broken_pins: broken_pins(&open).map(|reason| format!("open half: {reason}")),
        responses: answers::compare(store, sides)?,
        coverage: Coverage {
            before: sides.before.coverage.clone(),
            after: sides.after.coverage.clone(),
            open_before: coverage(open.iter().map(|j| (&j.gold[..], &j.before))),
            open_after: coverage(open.iter().map(|j| (&j.gold[..], &j.after))),
        },
        failures: sides.after.failures,
        left_out,
        gold_version,
        train_seconds: sides.after.train_seconds,
        trained_on: sides.after.trained_on,
        same_intents: false,
        open: open_half(&turns, &open, sides.names),
    })
}

/// What both sides say to every gold turn, and how many turns count for neither: one of them was never asked about it, or
/// no intent of it is in use any more. Where the log stands in for a model, only turns of sources that predict count.
fn judged<'a>(sides: &JudgedSides<'a>) -> (Vec<(&'a GoldItem, JudgedTurn)>, LeftOut) {
    let JudgedSides { before, after, .. } = sides;
    let majority = majority(sides.examples);
    let guess_before = |at: usize, item: &GoldItem| -> Measured {
        match before.is {
            BeforeIs::Model => before.said(at),
            BeforeIs::Log => measured(sides.names, item.logged),
            BeforeIs::Majority => Some(majority.map(|i| (i, None))),
        }
    };
    let asked = sides.gold.iter().enumerate().filter(|(_, g)| before.is != BeforeIs::Log || g.source_predicts);
    let (mut items, mut left_out) = (Vec::new(), LeftOut { repeats_gold: after.repeats_gold, ..LeftOut::default() });
    for (at, item) in asked {
        let gold = item.gold_today(sides.names);
        match (guess_before(at, item), after.says[at]) {
            _ if gold.is_empty() => left_out.intent_not_in_use += 1,
            (Some(before), Some(after)) => items.push((item, gold, before, after)),
            _ => left_out.not_measured += 1,
        }
    }
    let texts: Vec<&str> = items.iter().map(|(item, ..)| item.text.as_str()).collect();
    let trained: Vec<&str> = sides.examples.iter().map(|e| e.text.as_str()).collect();
    let unseen = if after.trained_elsewhere { vec![false; items.len()] } else { leakage::unseen(&texts, &trained) };
    let judged = items.into_iter().zip(unseen).map(|((item, gold, before, after), unseen)| {
        (item, JudgedTurn { cluster: item.conversation.0, gold, before, after, unseen, pinned: item.pinned })
    });
    (judged.collect(), left_out)
}

/// The sealed turns by what they are written in.
fn languages(turns: &[(&GoldItem, JudgedTurn)]) -> Vec<LanguageScore> {
    let sealed = turns.iter().filter(|(item, _)| item.half == GoldHalf::Sealed);
    LanguageScore::count(sealed.map(|(item, j)| {
        let written = written([ReadText::of(&item.text)], item.lang.as_deref()).unwrap_or_default();
        (written, right(&j.gold, &j.before), right(&j.gold, &j.after))
    }))
}

/// The most frequent training intent; of equals the lowest row.
fn majority(trained: &[TrainingExample]) -> Option<IntentId> {
    let mut counts: HashMap<IntentId, u64> = HashMap::new();
    trained.iter().for_each(|e| *counts.entry(e.intent).or_default() += 1);
    counts.into_iter().max_by_key(|&(i, n)| (n, std::cmp::Reverse(i))).map(|(i, _)| i)
}

fn open_half(turns: &[(&GoldItem, JudgedTurn)], open: &[JudgedTurn], names: &IntentNames) -> OpenHalf {
    let column = |guess: fn(&JudgedTurn) -> Guess| {
        let gold: Vec<Vec<IntentId>> = open.iter().map(|j| j.gold.clone()).collect();
        let guesses: Vec<Guess> = open.iter().map(guess).collect();
        let unseen: Vec<bool> = open.iter().map(|j| j.unseen).collect();
        scores(&gold, &guesses, &unseen)
    };
    let mut flips: Vec<Flip> = turns
        .iter()
        .filter(|(item, _)| item.half == GoldHalf::Open)
        .filter_map(|(item, j)| flip(item, j, names))
        .collect();
    // Fixed and broken first; within a kind in the order of the turns.
    flips.sort_by_key(|f| f.kind.code());
    let confusion = confusion(open, &|i| names.name(i));
    OpenHalf { before: column(|j| j.before), after: column(|j| j.after), flips, confusion }
}

fn flip(item: &GoldItem, j: &JudgedTurn, names: &IntentNames) -> Option<Flip> {
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
