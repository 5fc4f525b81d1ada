//! What is kept, told by what such models say of conversations that they have not heard.

use super::curve::{Cell, Curve, log_odds};
use super::example::OfferExample;
use super::fitted::{FittedOffers, Z, hear_in_any_order, lift, loss};
use super::lessons::Lessons;
use super::model::OfferModel;
use super::ridge::{Held, sigmoid};
use super::rules::OfferRules;
use crate::base::progress::{Cancelled, TRAINING};
use crate::base::rng::mix;
use crate::domain::Reporter;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Parts of the conversations, of which each is left out once.
const FOLDS: u64 = 5;
/// Groups of answers of which much the same was said.
const CELLS: usize = 20;
/// How far the near expert may be believed.
const NEARNESS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Of fewer answers nobody can tell whether they came true otherwise.
const WINDOW: usize = 100;
/// Of fewer of either kind nobody can tell what tells them apart.
const OF_EACH: usize = 30;
/// Answers by which it is told how much what is said varies.
const LOOKED_AT: usize = 2_000;

/// Fits a model to all examples and one to all but each part. What these say of their part sets how far the experts are believed, what is
/// told and what it gains. A stretch of time that came true otherwise than the one after it is left behind for these, half by half,
/// and for what is learnt where that surely loses less (after Bifet and Gavalda 2007, "Learning from time-changing data with adaptive windowing").
pub(super) fn crossed(
    rules: OfferRules,
    examples: &[OfferExample],
    reporter: &dyn Reporter,
) -> Result<FittedOffers, Cancelled> {
    let part = |e: &OfferExample| mix(e.group) % FOLDS;
    let (begun, all) = (AtomicU64::new(0), examples.len() as u64);
    let fit = |left_out: u64| {
        let step = begun.fetch_add(1, Ordering::Relaxed);
        reporter.step(TRAINING, step * all / (FOLDS + 1), all)?;
        Ok(all_experts(rules, examples.iter().filter(|e| part(e) != left_out).collect()))
    };
    // The last leaves nothing out.
    let mut models = (0..=FOLDS).into_par_iter().map(fit).collect::<Result<Vec<OfferModel>, Cancelled>>()?;
    let mut model = models.pop().unwrap_or_default();
    let scores: Vec<[f64; 2]> = examples.iter().map(|e| models[part(e) as usize].scores(&e.features)).collect();
    let mut from = 0;
    let mut told = Told::of(examples, &scores, from);
    // Where the later half surely came true otherwise, that half alone tells what comes next.
    loop {
        let half = from + (examples.len() - from) / 2;
        let later = &examples[half..];
        if later.len() < WINDOW || !has_both(later) || !surely_off(later, &told.said[half..]) {
            break;
        }
        from = half;
        told = Told::of(examples, &scores, from);
    }
    if from > 0 {
        // Then what was learnt before may mislead, too.
        let newer = crossed(rules, &examples[from..], reporter)?;
        if surely_closer(&examples[from..], &newer.said, &told.said[from..]) {
            return Ok(newer.after(&examples[..from]));
        }
    }
    let mut yes = [(0.0, 0.0); FOLDS as usize];
    for e in &examples[from..] {
        let of = &mut yes[part(e) as usize];
        *of = (of.0 + e.weight, of.1 + if e.accepted { e.weight } else { 0.0 });
    }
    let rate = |left_out: u64| {
        let others = (0..).zip(&yes).filter(|(fold, _)| *fold != left_out);
        let (n, yes) = others.fold((0.0, 0.0), |(n, yes), (_, of)| (n + of.0, yes + of.1));
        (yes + 1.0) / (n + 2.0)
    };
    let base: Vec<f64> = examples.iter().map(|e| rate(part(e))).collect();
    model.lift = lift(&examples[from..], &told.said[from..], &base[from..]);
    (model.nearness, model.cells) = (told.nearness, told.cells);
    model.wobble = wobble(&models, &examples[from..], model.nearness);
    model.lessons = Lessons::drawn(&examples[from..]);
    model.settle_what_is_told();
    Ok(FittedOffers { model, said: told.said, base })
}

/// How far the near expert is believed, and what is told then.
struct Told {
    nearness: f64,
    cells: Vec<Cell>,
    said: Vec<f64>,
}

impl Told {
    /// As loses least, by the answers from one on.
    fn of(examples: &[OfferExample], scores: &[[f64; 2]], from: usize) -> Self {
        let mut best = (f64::INFINITY, Self { nearness: 0.0, cells: Vec::new(), said: Vec::new() });
        for nearness in NEARNESS {
            let says: Vec<f64> = scores.iter().map(|[a, b]| sigmoid((1.0 - nearness) * a + nearness * b)).collect();
            let cells = cells(&examples[from..], &says[from..]);
            let curve = Curve::fit(&cells, 0.0);
            let said: Vec<f64> = says.iter().map(|&p| curve.told(p, 0.0).0).collect();
            let lost: f64 =
                examples[from..].iter().zip(&said[from..]).map(|(e, &p)| e.weight * loss(p, e.accepted)).sum();
            if lost < best.0 {
                best = (lost, Self { nearness, cells, said });
            }
        }
        best.1
    }
}

/// Whether one says of answers what surely loses less than what another says.
fn surely_closer(examples: &[OfferExample], one: &[f64], other: &[f64]) -> bool {
    let (mut gain, mut chance) = (0.0, 0.0);
    for (e, (p, q)) in examples.iter().zip(one.iter().zip(other)) {
        let by = e.weight * (loss(*q, e.accepted) - loss(*p, e.accepted));
        gain += by;
        chance += by * by;
    }
    gain > Z * f64::sqrt(chance)
}

/// How much what is said of an offer varies with the answers that it was learnt from, as a variance in log-odds: by models that each miss
/// a part of these (the grouped jackknife: Efron and Tibshirani 1993, chapter 11).
fn wobble(models: &[OfferModel], examples: &[OfferExample], nearness: f64) -> f64 {
    let step = examples.len().div_ceil(LOOKED_AT).max(1);
    let folds = FOLDS as f64;
    let variance = |e: &OfferExample| {
        let said = models.iter().map(|m| m.scores(&e.features)).map(|[a, b]| (1.0 - nearness) * a + nearness * b);
        let mean = said.clone().sum::<f64>() / folds;
        (folds - 1.0) / folds * said.map(|z| (z - mean).powi(2)).sum::<f64>()
    };
    let all: Vec<f64> = examples.iter().step_by(step).map(variance).collect();
    all.iter().sum::<f64>() / all.len().max(1) as f64
}

/// Whether a stretch has enough of either answer to teach what tells them apart: where all say no, whom nobody asked any more would be
/// forgotten.
fn has_both(examples: &[OfferExample]) -> bool {
    let yes = examples.iter().filter(|e| e.accepted).count();
    yes.min(examples.len() - yes) >= OF_EACH
}

/// Whether so many came true that what was said of them is not.
fn surely_off(examples: &[OfferExample], said: &[f64]) -> bool {
    let (mut off, mut chance) = (0.0, 0.0);
    for (e, p) in examples.iter().zip(said) {
        off += e.weight * (f64::from(u8::from(e.accepted)) - p);
        chance += e.weight * e.weight * p * (1.0 - p);
    }
    off.abs() > Z * f64::sqrt(chance)
}

impl FittedOffers {
    /// The same with what it says of answers that were left behind before those it has heard.
    fn after(mut self, left_behind: &[OfferExample]) -> Self {
        let rate = self.model.base_rate();
        let said = left_behind.iter().map(|e| self.model.chance(&e.features)).collect::<Vec<f64>>();
        self.base.splice(0..0, said.iter().map(|_| rate));
        self.said.splice(0..0, said);
        self
    }
}

fn all_experts(rules: OfferRules, examples: Vec<&OfferExample>) -> OfferModel {
    let mut out = OfferModel { rules, ..OfferModel::default() };
    hear_in_any_order(&mut out, &examples);
    out.balance(&examples);
    let weight =
        |of: &dyn Fn(&OfferExample) -> bool| -> f64 { examples.iter().filter(|e| of(e)).map(|e| e.weight).sum() };
    // The share of a yes among all that there are.
    let share = weight(&|e| e.accepted) / weight(&|_| true).max(f64::MIN_POSITIVE);
    out.accepted = (out.answers as f64 * share).round() as u64;
    out.ridge.fit(examples.iter().copied(), Held::Careful);
    out.near.fit(examples.iter().copied(), Held::Near);
    out
}

/// Answers by what was said of them, in groups of the same number. Weighed ones count for as many plain ones as all of them are worth
/// together (Kish).
fn cells(examples: &[OfferExample], says: &[f64]) -> Vec<Cell> {
    let (sum, squares) = examples.iter().fold((0.0, 0.0), |(a, b), e| (a + e.weight, b + e.weight * e.weight));
    let scale = if squares > 0.0 { sum / squares } else { 1.0 };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.sort_by(|&a, &b| says[a].total_cmp(&says[b]).then(a.cmp(&b)));
    let cell = |group: &[usize]| {
        let mut out = (0.0, 0.0, 0.0);
        for &at in group {
            let w = examples[at].weight;
            let yes = if examples[at].accepted { w } else { 0.0 };
            out = (out.0 + w * log_odds(says[at]), out.1 + w, out.2 + yes);
        }
        (out.0 / out.1.max(f64::MIN_POSITIVE), scale * out.1, scale * out.2)
    };
    order.chunks(examples.len().div_ceil(CELLS).max(1)).map(cell).collect()
}
