//! Learning from answers, one after the other.

use super::crossed::crossed;
use super::curve::BINS;
use super::example::OfferExample;
use super::fitted::{FittedOffers, hear_in_any_order, lift};
use super::model::OfferModel;
use super::ridge::Held;
use super::rules::OfferRules;
use crate::base::progress::TRAINING;
use crate::domain::Reporter;
use crate::learn::contract::{FitError, LearnerRecipe};
use std::collections::VecDeque;

/// The careful expert is fitted again when there are this many more answers, as a share.
const GROWTH: f64 = 1.25;
/// ...and to the newest answers only: fitting takes time and memory in proportion.
const RECENT: usize = 50_000;
/// Answers between two looks at whether to go on.
const STEP: usize = 4_096;
/// A model that goes on learning.
#[derive(Clone, Debug, Default)]
pub struct OnlineOffers {
    model: OfferModel,
    recent: VecDeque<OfferExample>,
    /// Answers at the last fit of the careful expert.
    fitted_at: u64,
    /// The sum of all weights, and of those of a yes.
    weights: (f64, f64),
}

impl OnlineOffers {
    /// The model as it is now.
    pub fn model(&self) -> &OfferModel {
        &self.model
    }

    /// Learns from an answer.
    pub fn learn(&mut self, answer: &OfferExample) {
        self.model.hear(&answer.features, answer.accepted, answer.weight);
        let yes = if answer.accepted { answer.weight } else { 0.0 };
        self.weights = (self.weights.0 + answer.weight, self.weights.1 + yes);
        // The share of a yes among all that there are: of weighed answers so many would have it.
        self.model.accepted =
            (self.model.answers as f64 * self.weights.1 / self.weights.0.max(f64::MIN_POSITIVE)).round() as u64;
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(answer.clone());
        if self.model.answers as f64 >= self.fitted_at as f64 * GROWTH + 20.0 {
            self.settle();
        }
    }

    /// Fits the careful expert to all that is known.
    pub fn settle(&mut self) {
        if self.fitted_at < self.model.answers {
            self.model.ridge.fit(self.recent.iter(), Held::Careful);
            self.fitted_at = self.model.answers;
        }
    }
}

/// How offers are learnt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfferRecipe {
    /// How the answers were read.
    pub rules: OfferRules,
}

/// Answers come in the order of time. By former rules a conversation's answers are learnt when the next conversation's come: how well that
/// goes on what is not known yet tells what the model gains, and how often what is said to be so probable comes true.
impl LearnerRecipe<OfferExample> for OfferRecipe {
    type Fitted = FittedOffers;

    fn fit(&self, examples: &[OfferExample], reporter: &dyn Reporter) -> Result<FittedOffers, FitError> {
        if examples.is_empty() {
            return Err(FitError::NothingToLearn);
        }
        if self.rules == OfferRules::Crossed {
            return Ok(crossed(self.rules, examples, reporter)?);
        }
        let mut online = OnlineOffers::default();
        online.model.rules = self.rules;
        let (mut said, mut base) = (Vec::new(), Vec::new());
        let mut next_look = 0;
        for conversation in examples.chunk_by(|a, b| a.group == b.group) {
            if said.len() >= next_look {
                reporter.step(TRAINING, said.len() as u64, examples.len() as u64)?;
                next_look += STEP;
            }
            said.extend(conversation.iter().map(|e| online.model.probability(&e.features)));
            base.extend(conversation.iter().map(|_| online.model.base_rate()));
            conversation.iter().for_each(|e| online.learn(e));
        }
        online.settle();
        let mut model = match self.rules {
            OfferRules::Newest | OfferRules::Drawn => online.model,
            OfferRules::Mixed | OfferRules::InPart | OfferRules::Crossed => mixed(online.model, examples),
        };
        model.lift = lift(examples, &said, &base);
        let from = match self.rules {
            OfferRules::Newest | OfferRules::Drawn | OfferRules::Mixed => 0,
            OfferRules::InPart | OfferRules::Crossed => examples.len() / 2,
        };
        model.bins = bins(&examples[from..], &said[from..]);
        model.settle_what_is_told();
        Ok(FittedOffers { model, said, base })
    }
}

/// A model that has heard the same answers in an order that has nothing to do with time; with the careful expert of the other.
fn mixed(model: OfferModel, examples: &[OfferExample]) -> OfferModel {
    let (accepted, rules, ridge) = (model.accepted, model.rules, model.ridge);
    let mut out = OfferModel { ridge, rules, ..OfferModel::default() };
    hear_in_any_order(&mut out, &examples.iter().collect::<Vec<_>>());
    // The share of a yes among all that there are.
    out.accepted = accepted;
    out
}

/// How many answers were said to be so probable, and how many of them were a yes. Weighed ones count for as many plain ones as all of
/// them are worth together (Kish).
fn bins(examples: &[OfferExample], said: &[f64]) -> [(u64, u64); BINS] {
    let (sum, squares) = examples.iter().fold((0.0, 0.0), |(a, b), e| (a + e.weight, b + e.weight * e.weight));
    let scale = if squares > 0.0 { sum / squares } else { 1.0 };
    let mut weights = [(0.0f64, 0.0f64); BINS];
    for (example, &p) in examples.iter().zip(said) {
        let bin = &mut weights[OfferModel::bin(p)];
        let w = scale * example.weight;
        *bin = (bin.0 + w, bin.1 + if example.accepted { w } else { 0.0 });
    }
    weights.map(|(n, yes)| (n.round() as u64, yes.round() as u64))
}
