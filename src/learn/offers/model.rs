//! What is kept of the learner: its experts, and how well they did on answers that they did not know.

use super::coin::Coin;
use super::curve::{BINS, Cell, Curve, log_odds};
use super::example::{BITS, OfferExample, OfferFeatures};
use super::lessons::Lessons;
use super::ridge::{Held, Ridge, sigmoid};
use super::rules::OfferRules;
use crate::learn::contract::Predict;

/// Answers of the rarest feature at which both experts are believed alike.
pub(super) const SEEN: f64 = 3.0;
/// Steps of Newton's method by which the bets are balanced, at most; none is larger than 1.
const ROUNDS: usize = 20;
/// A smaller one moves no chance that anybody is told.
const BALANCED: f64 = 1e-6;
/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Says how probable a yes is.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferModel {
    pub(super) coins: Vec<Coin>,
    /// The coin of the constant.
    pub(super) constant: Coin,
    /// How often each plain feature was seen, by place.
    pub(super) seen: Vec<u32>,
    pub(super) ridge: Ridge,
    /// The expert of what was seen often; it knows nothing by former rules.
    pub(super) near: Ridge,
    /// How far it is believed, of 1; the two others have the rest.
    pub(super) nearness: f64,
    /// The sum of the rows' sizes.
    pub(super) size: f64,
    pub(super) answers: u64,
    pub(super) accepted: u64,
    pub(super) lift: OfferLift,
    /// By former rules: unknown answers by what was said of them: how many, how many yes.
    pub(super) bins: [(u64, u64); BINS],
    /// Unknown answers, by what was said of them.
    pub(super) cells: Vec<Cell>,
    /// How much what is said varies with the answers it was learnt from, as a variance in log-odds; 0 by former rules.
    pub(super) wobble: f64,
    /// What a question may leave out; empty by former rules.
    pub(super) lessons: Lessons,
    pub(super) rules: OfferRules,
    /// What is told of what it says: follows from the bins or cells. `None` by former rules, and while answers are still being heard.
    pub(super) curve: Option<Curve>,
}

/// By how much the model's loss on unknown answers was below the base rate's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OfferLift {
    /// Nats an answer.
    pub mean: f64,
    /// Lower end of its 95 % interval over conversations.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// Answers.
    pub n: u64,
}

impl OfferLift {
    /// Whether it is one, with its interval.
    pub fn is_sure(self) -> bool {
        self.lo > 0.0
    }
}

/// How probable a yes is, with the interval of that: how often offers of which the model said the same were accepted, wider by how far
/// apart the chances are that it might have where something is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Propensity {
    /// 0 to 1.
    pub propensity: f64,
    /// Lower end of the 95 % interval.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl Default for OfferModel {
    fn default() -> Self {
        Self {
            coins: vec![Coin::default(); 1 << BITS],
            constant: Coin::default(),
            seen: vec![0; 1 << BITS],
            ridge: Ridge::default(),
            near: Ridge::default(),
            nearness: 0.0,
            size: 0.0,
            answers: 0,
            accepted: 0,
            lift: OfferLift::default(),
            bins: [(0, 0); BINS],
            cells: Vec::new(),
            wobble: 0.0,
            lessons: Lessons::default(),
            rules: OfferRules::default(),
            curve: None,
        }
    }
}

impl OfferModel {
    /// How probable a yes is, as it is told, whether or not the model beats the base rate.
    pub fn chance(&self, offer: &OfferFeatures) -> f64 {
        self.told(offer).propensity
    }

    fn told(&self, offer: &OfferFeatures) -> Propensity {
        let (said, spread) = self.said(offer);
        let (propensity, lo, hi) = match &self.curve {
            Some(curve) => curve.told(said, spread),
            None => {
                let (n, yes) = self.bins[Self::bin(said)];
                let (lo, hi) = wilson(yes, n);
                (said, lo.min(said), hi.max(said))
            }
        };
        Propensity { propensity, lo, hi }
    }

    /// Works out what is told, once what came true is known.
    pub(super) fn settle_what_is_told(&mut self) {
        self.curve = match self.rules {
            OfferRules::Newest | OfferRules::Drawn | OfferRules::Mixed => None,
            OfferRules::InPart => Some(Curve::of_bins(&self.bins)),
            OfferRules::Crossed => Some(Curve::fit(&self.cells, self.wobble)),
        };
    }

    /// What the experts say of a yes, before it is compared with what came true.
    pub fn probability(&self, offer: &OfferFeatures) -> f64 {
        self.said(offer).0
    }

    /// The same, and the variance in log-odds of what they say of the ways in which an offer may be meant that leaves something out.
    fn said(&self, offer: &OfferFeatures) -> (f64, f64) {
        let says = |offer: &OfferFeatures| {
            let [others, near] = self.scores(offer);
            sigmoid((1.0 - self.nearness) * others + self.nearness * near)
        };
        let is_met = |word: u64| self.seen[OfferFeatures::place_of_word(word) as usize] > 0;
        let ways = self.lessons.ways(offer, is_met);
        if ways.is_empty() {
            return (says(offer), 0.0);
        }
        let said: Vec<(f64, f64)> = ways.iter().map(|(way, share)| (says(way), *share)).collect();
        let mean = said.iter().map(|(p, share)| share * p).sum::<f64>();
        let off = |p: f64| (log_odds(p) - log_odds(mean)).powi(2);
        (mean, said.iter().map(|(p, share)| share * off(*p)).sum())
    }

    /// What the betting and the careful expert say together, and what the near one says, in log-odds.
    pub(super) fn scores(&self, offer: &OfferFeatures) -> [f64; 2] {
        let rarest = offer.indicators.iter().map(|&p| self.seen[p as usize]).min().unwrap_or(u32::MAX);
        let trust = f64::from(rarest) / (f64::from(rarest) + SEEN);
        let others = trust * self.bet(offer) + (1.0 - trust) * self.ridge.score(offer, Held::Careful);
        [others, self.near.score(offer, Held::Near)]
    }

    /// How probable a yes is by the careful expert alone: for offers of a business that the model has not learnt from, and from
    /// whose answers it does not go on learning.
    pub fn careful(&self, offer: &OfferFeatures) -> f64 {
        sigmoid(self.ridge.score(offer, Held::Careful))
    }

    /// Whether an answered offer had this feature, an indicator by its name: `name=seat`.
    pub fn has_met(&self, feature: &str) -> bool {
        self.seen[OfferFeatures::place_of(feature) as usize] > 0
    }

    /// The share of yes among all answers, shrunk to a half by one yes and one no.
    pub fn base_rate(&self) -> f64 {
        (self.accepted as f64 + 1.0) / (self.answers as f64 + 2.0)
    }

    /// Answers that it learnt from.
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// Which answers it was fitted to.
    pub fn rules(&self) -> OfferRules {
        self.rules
    }

    /// What it gains over the base rate.
    pub fn lift(&self) -> OfferLift {
        self.lift
    }

    /// Whether what it says may be shown: its gain over the base rate is one, with its interval.
    pub fn is_shown(&self) -> bool {
        self.lift.is_sure()
    }

    /// The score of the betting expert.
    fn bet(&self, offer: &OfferFeatures) -> f64 {
        let (mut says, mut size) = (self.constant.says(1.0), self.constant.size(1.0));
        for (place, x) in cells(offer) {
            let coin = &self.coins[place];
            says += coin.says(x);
            size += coin.size(x);
        }
        says / ((self.size + size) / (self.answers as f64 + 1.0)).max(1e-6)
    }

    /// Learns from an answer that weighs so much beside others.
    pub(super) fn hear(&mut self, offer: &OfferFeatures, accepted: bool, weight: f64) {
        let error = sigmoid(self.bet(offer)) - f64::from(u8::from(accepted));
        for (place, x) in cells(offer) {
            self.size += self.coins[place].size(x);
            self.coins[place].hear(x, error, weight);
        }
        self.size += self.constant.size(1.0);
        self.constant.hear(1.0, error, weight);
        offer.indicators.iter().for_each(|&p| self.seen[p as usize] = self.seen[p as usize].saturating_add(1));
        self.answers += 1;
        self.accepted += u64::from(accepted);
    }

    /// Moves the constant of the bets until as many yes are expected of these answers as there are: a bet goes by what came last, and which
    /// answers those were is chance.
    pub(super) fn balance(&mut self, answers: &[&OfferExample]) {
        for _ in 0..ROUNDS {
            let (mut off, mut bend) = (0.0, 0.0);
            for a in answers {
                let p = sigmoid(self.bet(&a.features));
                off += a.weight * (f64::from(u8::from(a.accepted)) - p);
                bend += a.weight * p * (1.0 - p);
            }
            let step = (off / bend.max(BALANCED)).clamp(-1.0, 1.0);
            self.constant.lean(step * self.size / (self.answers as f64 + 1.0));
            if step.abs() < BALANCED {
                break;
            }
        }
    }

    pub(super) fn bin(p: f64) -> usize {
        ((p * BINS as f64) as usize).min(BINS - 1)
    }
}

/// `None` without lift.
impl<'a> Predict<&'a OfferFeatures> for OfferModel {
    type Answer<'m> = Option<Propensity>;

    fn predict(&self, offer: &'a OfferFeatures) -> Option<Propensity> {
        self.is_shown().then(|| self.told(offer))
    }
}

/// Wilson's 95 % interval; everything without answers.
fn wilson(yes: u64, n: u64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (n as f64, yes as f64 / n as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let all = 1.0 + Z * Z / n;
    (((middle - half) / all).max(0.0), ((middle + half) / all).min(1.0))
}

/// Places and values of an offer: what it was given, and its pairs.
fn cells(offer: &OfferFeatures) -> impl Iterator<Item = (usize, f64)> {
    let plain = offer.plain.iter().map(|&(p, x)| (p as usize, f64::from(x)));
    plain.chain(offer.pairs.iter().map(|&p| (p as usize, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_bet_last_moves_no_chance() {
        let answer = |i: u64| OfferExample {
            features: OfferFeatures::new(
                [(if i.is_multiple_of(2) { "day=friday" } else { "day=monday" }, 1.0)].into_iter(),
            ),
            accepted: i >= 700,
            group: i,
            weight: 1.0,
        };
        let answers: Vec<OfferExample> = (0..1_000).map(answer).collect();
        let mut model = OfferModel::default();
        answers.iter().for_each(|a| model.hear(&a.features, a.accepted, a.weight));
        let mean = |model: &OfferModel| answers.iter().map(|a| sigmoid(model.bet(&a.features))).sum::<f64>() / 1_000.0;
        assert!(mean(&model) > 0.5, "three hundred said yes at the end: {}", mean(&model));
        model.balance(&answers.iter().collect::<Vec<_>>());
        assert!((mean(&model) - 0.3).abs() < 1e-4, "{}", mean(&model));
    }
}
