//! What is kept, told by what such models say of conversations that they have not heard.

use super::curve::{Cell, Curve, log_odds};
use super::example::OfferExample;
use super::fitting::{FittedOffers, hear_in_any_order, lift, loss};
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

/// Fits a model to all examples and one to all but each part. What these say of their part sets how far the experts are believed, what is
/// told and what it gains: of the later half of the answers, since what comes next is more like these.
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
    let later = examples.len() / 2;
    let (mut least, mut said) = (f64::INFINITY, Vec::new());
    for nearness in NEARNESS {
        let says: Vec<f64> = scores.iter().map(|[a, b]| sigmoid((1.0 - nearness) * a + nearness * b)).collect();
        let cells = cells(&examples[later..], &says[later..]);
        let curve = Curve::fit(&cells);
        let told: Vec<f64> = says.iter().map(|&p| curve.told(p).0).collect();
        let lost: f64 =
            examples[later..].iter().zip(&told[later..]).map(|(e, &p)| e.weight * loss(p, e.accepted)).sum();
        if lost < least {
            (least, said, model.nearness, model.cells) = (lost, told, nearness, cells);
        }
    }
    let mut yes = [(0.0, 0.0); FOLDS as usize];
    for e in &examples[later..] {
        let of = &mut yes[part(e) as usize];
        *of = (of.0 + e.weight, of.1 + if e.accepted { e.weight } else { 0.0 });
    }
    let rate = |left_out: u64| {
        let others = (0..).zip(&yes).filter(|(fold, _)| *fold != left_out);
        let (n, yes) = others.fold((0.0, 0.0), |(n, yes), (_, of)| (n + of.0, yes + of.1));
        (yes + 1.0) / (n + 2.0)
    };
    let base: Vec<f64> = examples.iter().map(|e| rate(part(e))).collect();
    model.lift = lift(&examples[later..], &said[later..], &base[later..]);
    model.settle_what_is_told();
    Ok(FittedOffers { model, said, base })
}

fn all_experts(rules: OfferRules, examples: Vec<&OfferExample>) -> OfferModel {
    let mut out = OfferModel { rules, ..OfferModel::default() };
    hear_in_any_order(&mut out, &examples);
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
