//! A fitted model of offers, and what tells how well it does.

use super::example::OfferExample;
use super::model::{OfferLift, OfferModel};
use crate::base::rng::mix;
use crate::learn::contract::Fitted;
use std::collections::BTreeMap;

/// The two-sided 95 % point of the normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// The model with what was said of each answer before any of its conversation was known.
#[derive(Clone, Debug)]
pub struct FittedOffers {
    pub(super) model: OfferModel,
    pub(super) said: Vec<f64>,
    pub(super) base: Vec<f64>,
}

impl FittedOffers {
    /// What the base rate said of an answer when the model said [`Fitted::unseen`].
    pub fn base(&self, example: usize) -> Option<f64> {
        self.base.get(example).copied()
    }
}

/// Has the bets heard answers in an order that has nothing to do with theirs.
pub(super) fn hear_in_any_order(model: &mut OfferModel, examples: &[&OfferExample]) {
    let mut order: Vec<u64> = (0..examples.len() as u64).collect();
    order.sort_unstable_by_key(|&at| mix(at));
    for e in order.iter().filter_map(|&at| examples.get(at as usize)) {
        model.hear(&e.features, e.accepted, e.weight);
    }
}

impl Fitted for FittedOffers {
    type Model = OfferModel;
    type Answer = f64;

    fn unseen(&self, example: usize) -> Option<f64> {
        self.said.get(example).copied()
    }

    fn into_model(self) -> OfferModel {
        self.model
    }
}

/// The loss of one answer, in nats.
pub(super) fn loss(p: f64, yes: bool) -> f64 {
    -(if yes { p } else { 1.0 - p }).max(1e-9).ln()
}

/// The mean gain over the base rate with an interval of sums over conversations.
pub(super) fn lift(examples: &[OfferExample], said: &[f64], base: &[f64]) -> OfferLift {
    let mut gains: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    for ((e, p), b) in examples.iter().zip(said).zip(base) {
        let gain = gains.entry(e.group).or_default();
        *gain = (gain.0 + e.weight * (loss(*b, e.accepted) - loss(*p, e.accepted)), gain.1 + e.weight);
    }
    let (n, groups) = (gains.values().map(|g| g.1).sum::<f64>(), gains.len() as f64);
    let mean = gains.values().map(|g| g.0).sum::<f64>() / n;
    let square: f64 = gains.values().map(|(sum, n)| (sum - mean * n).powi(2)).sum();
    // One conversation tells nothing of how conversations differ.
    let half = if groups < 2.0 { f64::INFINITY } else { Z * (square * groups / (groups - 1.0)).sqrt() / n };
    OfferLift { mean, lo: mean - half, hi: mean + half, n: examples.len() as u64 }
}
