//! What tells whether an offer is taken, as another program reads it: numbers in JSON and NumPy arrays.

use super::coin::{Coin, WEALTH};
use super::example::BITS;
use super::lessons::{APART, OFTEN, WAYS};
use super::model::{OfferModel, SEEN};
use super::ridge::Ridge;
use crate::base::npy::Array;
use serde_json::{Value, json};

impl OfferModel {
    /// Everything but the arrays: how a name gets its place, the constants of the experts, and how what they say becomes what is told.
    pub fn described(&self) -> Value {
        let lift = self.lift();
        json!({
            "rules": self.rules as u16,
            "place_bits": BITS,
            "answers": self.answers,
            "accepted": self.accepted,
            "lift": {"mean": lift.mean, "lo": finite(lift.lo), "hi": finite(lift.hi), "n": lift.n},
            "constant": numbers(&self.constant),
            "size": self.size,
            "wealth": WEALTH,
            "seen_half": SEEN,
            "ridge_bias": self.ridge.bias,
            "near_bias": self.near.bias,
            "nearness": self.nearness,
            "bins": self.bins,
            "lessons": {"apart": APART, "ways": WAYS, "often": OFTEN},
            "told": self.curve.as_ref().map(super::curve::Curve::described),
        })
    }

    /// Weights by place: of the coins, how often a feature was seen, of the careful and of the near ridge. What has none is left out. Then
    /// lessons that tell what a question leaves out: the hashes of their words by kind, 0 for none, and what they weigh.
    pub fn arrays(&self) -> Vec<Array> {
        let coins: Vec<(u32, &Coin)> = (0..).zip(&self.coins).filter(|(_, c)| **c != Coin::default()).collect();
        let seen: Vec<(u32, u32)> = (0..).zip(self.seen.iter().copied()).filter(|(_, n)| *n > 0).collect();
        let firsts = |pairs: &[(u32, u32)]| pairs.iter().map(|p| p.0).collect::<Vec<u32>>();
        let places: Vec<u32> = coins.iter().map(|c| c.0).collect();
        let values: Vec<f64> = coins.iter().flat_map(|(_, coin)| numbers(coin)).collect();
        let places_of = |ridge: &Ridge| ridge.weights.keys().copied().collect::<Vec<u32>>();
        let weights_of = |ridge: &Ridge| ridge.weights.values().copied().collect::<Vec<f32>>();
        let lessons = self.lessons.combinations();
        let words: Vec<u64> = lessons.iter().flat_map(|(words, _)| words).copied().collect();
        let weighs: Vec<f64> = lessons.iter().map(|(_, weight)| *weight).collect();
        vec![
            Array::counts("offers_coin_places", &places),
            Array { shape: vec![places.len(), 4], ..Array::doubles("offers_coins", &values) },
            Array::counts("offers_seen_places", &firsts(&seen)),
            Array::counts("offers_seen", &seen.iter().map(|s| s.1).collect::<Vec<u32>>()),
            Array::counts("offers_ridge_places", &places_of(&self.ridge)),
            Array::floats("offers_ridge_weights", &weights_of(&self.ridge)),
            Array::counts("offers_near_places", &places_of(&self.near)),
            Array::floats("offers_near_weights", &weights_of(&self.near)),
            Array::hashes("offers_lesson_words", &words, lessons.len()),
            Array::doubles("offers_lesson_weights", &weighs),
        ]
    }
}

/// The sum of negative gradients, the sum of their sizes, what the bets have won, the largest value.
fn numbers(coin: &Coin) -> [f64; 4] {
    [coin.drift, coin.sizes, coin.won, coin.largest]
}

/// JSON has no infinities: of one conversation nothing is known.
fn finite(x: f64) -> Option<f64> {
    Some(x).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::{OfferExample, OfferFeatures, OfferRecipe};
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::contract::{Fitted, LearnerRecipe};
    use std::collections::BTreeMap;

    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[test]
    fn chances_follow_from_what_is_exported_alone() {
        let offer =
            |day: &str, turn: f64| OfferFeatures::new([(day, 1.0), ("kind=ferry", 1.0), ("turn", turn)].into_iter());
        let example = |i: u64| OfferExample {
            features: offer(if i.is_multiple_of(2) { "day=tuesday" } else { "day=friday" }, (i % 5) as f64),
            accepted: i.is_multiple_of(2) != i.is_multiple_of(8),
            group: i / 2,
            weight: 1.0,
        };
        let examples: Vec<OfferExample> = (0..400).map(example).collect();
        let mut model = OfferRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
        // Whichever of them was believed more here, all of them are told.
        model.nearness = 0.5;
        let (about, arrays) = (model.described(), model.arrays());
        let bytes = |name: &str| arrays.iter().find(|a| a.name == name).unwrap().data.clone();
        let counts = |name: &str| -> Vec<u32> {
            bytes(name).as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect()
        };
        let coins: Vec<f64> = bytes("offers_coins").as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect();
        let coins: BTreeMap<u32, [f64; 4]> =
            counts("offers_coin_places").into_iter().zip(coins.as_chunks::<4>().0.iter().copied()).collect();
        let seen: BTreeMap<u32, u32> = counts("offers_seen_places").into_iter().zip(counts("offers_seen")).collect();
        let ridge = |name: &str| -> BTreeMap<u32, f32> {
            let weights = counts(&format!("offers_{name}_weights")).into_iter().map(f32::from_bits);
            counts(&format!("offers_{name}_places")).into_iter().zip(weights).collect()
        };
        let (ridge, near) = (ridge("ridge"), ridge("near"));
        let weighed = |weights: &BTreeMap<u32, f32>, (place, x): (u32, f64)| {
            f64::from(weights.get(&place).copied().unwrap_or_default()) * x
        };
        let number = |value: &Value| value.as_f64().unwrap();
        let constant: [f64; 4] = std::array::from_fn(|k| number(&about["constant"][k]));
        for (day, turn) in [("day=tuesday", 1.0), ("day=friday", 3.0), ("day=sunday", 0.0)] {
            let asked = offer(day, turn);
            let plain = || asked.plain.iter().map(|&(p, x)| (p, f64::from(x)));
            let cells = || plain().chain(asked.pairs.iter().map(|&p| (p, 1.0)));
            let (mut says, mut size) = (0.0, number(&about["size"]));
            for ([drift, sizes, won, largest], x) in
                cells().map(|(place, x)| (coins.get(&place).copied().unwrap_or_default(), x)).chain([(constant, 1.0)])
            {
                let scale = largest.max(x.abs());
                if scale > 0.0 {
                    says += (number(&about["wealth"]) + won) / (scale * (scale + sizes)) * drift * x;
                    size += (x / scale).powi(2);
                }
            }
            let bet = says / (size / (number(&about["answers"]) + 1.0)).max(1e-6);
            let careful = number(&about["ridge_bias"]) + plain().map(|cell| weighed(&ridge, cell)).sum::<f64>();
            let close = number(&about["near_bias"]) + cells().map(|cell| weighed(&near, cell)).sum::<f64>();
            let rarest = asked.indicators.iter().map(|p| seen.get(p).copied().unwrap_or_default()).min().unwrap();
            let trust = f64::from(rarest) / (f64::from(rarest) + number(&about["seen_half"]));
            let nearness = number(&about["nearness"]);
            let said = sigmoid((1.0 - nearness) * (trust * bet + (1.0 - trust) * careful) + nearness * close);
            assert!((said - model.probability(&asked)).abs() < 1e-9, "{day}: {said} and {}", model.probability(&asked));
            let line = [0, 1].map(|k| number(&about["told"]["line"][k]));
            let told = sigmoid(line[0] + line[1] * (said / (1.0 - said)).ln());
            assert!((told - model.chance(&asked)).abs() < 1e-9, "{day}: {told} and {}", model.chance(&asked));
        }
    }
    #[test]
    fn what_a_question_leaves_out_follows_from_the_exported_lessons() {
        let offer = |day: &str| OfferFeatures::by_kind(&[day, "kind=ferry"].map(str::to_owned), ("turn", 0.1));
        let example = |i: u64| OfferExample {
            features: offer(if i.is_multiple_of(3) { "day=tuesday" } else { "day=friday" }),
            accepted: i.is_multiple_of(3) != i.is_multiple_of(8),
            group: i,
            weight: 1.0,
        };
        let examples: Vec<OfferExample> = (0..600).map(example).collect();
        let model = OfferRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
        let arrays = model.arrays();
        let of = |name: &str| arrays.iter().find(|a| a.name == name).unwrap();
        let words: Vec<u64> =
            of("offers_lesson_words").data.as_chunks::<8>().0.iter().map(|b| u64::from_le_bytes(*b)).collect();
        let weights: Vec<f64> =
            of("offers_lesson_weights").data.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect();
        assert_eq!((of("offers_lesson_words").shape.as_slice(), weights.len()), ([2, 2].as_slice(), 2));
        let asked = offer("");
        let ways = words.chunks(2).zip(&weights).map(|(w, n)| (model.probability(&asked.with_words(w.to_vec())), n));
        let (sum, all) = ways.fold((0.0, 0.0), |(sum, all), (p, n)| (sum + n * p, all + n));
        assert!((sum / all - model.probability(&asked)).abs() < 1e-12);
        assert!((all - 600.0).abs() < 1e-6 && (weights[0].min(weights[1]) - 200.0).abs() < 1e-6, "{weights:?}");
    }
}
