//! What tells how customers feel, as another program reads it: numbers in JSON and NumPy arrays.

use super::features::{BEFORE, BEFORE_MEANING, MEANING, SIGN, VOTE};
use super::model::SentimentModel;
use super::signs;
use super::{CLASSES, Feeling};
use crate::base::npy::Array;
use crate::text::greek::Edition;
use serde_json::{Value, json};

/// The arrays of a vocabulary: keys and document frequencies of words, then of characters.
type VocabularyNames = [&'static str; 4];
const TEXT: VocabularyNames =
    ["sentiment_word_keys", "sentiment_word_texts", "sentiment_char_keys", "sentiment_char_texts"];
const BEFORE_TEXT: VocabularyNames = [
    "sentiment_before_word_keys",
    "sentiment_before_word_texts",
    "sentiment_before_char_keys",
    "sentiment_before_char_texts",
];
/// The weights: a row a place, a column a class, the biases last.
const WEIGHTS: &str = "sentiment_weights";

impl SentimentModel {
    /// Everything but the arrays: what the blocks of a row weigh, the signs with their words and their vote, what decides a class.
    pub fn described(&self) -> Value {
        json!({
            "rules": self.rules as u16,
            "classes": Feeling::ALL,
            "labels": self.human,
            "turns": self.turns,
            "texts": self.blocks.text.texts(),
            "before_texts": self.blocks.before.texts(),
            "weighs": {"before": BEFORE, "meaning": MEANING, "before_meaning": BEFORE_MEANING, "signs": SIGN, "vote": VOTE},
            "signs": signs::described(self.rules),
            "vote": {"prior": self.vote.prior, "weights": self.vote.weights},
            "offsets": self.offsets,
            "limit": self.limit,
        })
    }

    /// Its n-grams and weights.
    pub fn arrays(&self) -> Vec<Array> {
        let mut out = Vec::new();
        for (names, vocabulary) in [(TEXT, &self.blocks.text), (BEFORE_TEXT, &self.blocks.before)] {
            let lists = vocabulary.blocks().into_iter().flat_map(|(keys, texts)| [keys, texts]);
            out.extend(names.into_iter().zip(lists).map(|(name, numbers)| Array::counts(name, numbers)));
        }
        let weights = Array::floats(WEIGHTS, self.weights.weights.as_flattened());
        out.push(Array { shape: vec![self.weights.weights.len(), CLASSES], ..weights });
        out
    }

    /// How its n-grams read Greek.
    pub fn greek(&self) -> Option<Edition> {
        self.rules.grams().greek()
    }
}

#[cfg(test)]
mod tests {
    use super::super::signs::SIGNS;
    use super::super::{SentimentExample, SentimentRecipe, SentimentTurn};
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::contract::{Fitted, LearnerRecipe, Predict};
    use crate::learn::vectors::embed::Embedder;
    use crate::learn::vectors::grams::{Grams, Vocabulary};
    use crate::learn::vectors::table::VectorTable;

    #[test]
    fn shares_follow_from_what_is_exported_alone() {
        let said = ["this is useless", "great, thank you", "from Piraeus", "two adults", "no, that is wrong again"];
        let texts: Vec<String> = (0..150).map(|i| format!("{} number {}", said[i % 5], i % 7)).collect();
        let feelings = [Feeling::Negative, Feeling::Positive, Feeling::Neutral, Feeling::Neutral, Feeling::Negative];
        let examples: Vec<SentimentExample<'_>> = (0..150)
            .map(|i| SentimentExample {
                turn: SentimentTurn { text: &texts[i], before: "Sorry, I could not find it.", repeats: i % 9 == 0 },
                is_answered: true,
                feeling: (i % 2 == 0).then_some(feelings[i % 5]),
                group: i as u64,
                weight: 1.0,
            })
            .collect();
        let model = SentimentRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
        let (about, arrays) = (model.described(), model.arrays());
        // What a text says in so many words, so that another program tells no more and no less of it.
        let tones = &about["signs"]["tones"];
        for (kind, list, phrase) in [
            ("spelt", "plain", "for nothing"),
            ("spelt", "asks", "please"),
            ("by_sound", "not", "δεν"),
            ("by_sound", "plain", "ταλαιπωρηθηκα"),
        ] {
            assert!(tones[kind][list].as_array().unwrap().contains(&json!(phrase)), "{phrase} of {list}");
        }
        assert!(tones["glad"].as_array().unwrap().contains(&json!("👍")) && tones["cross"].is_array());
        let words = |name: &str| -> Vec<[u8; 4]> {
            arrays.iter().find(|a| a.name == name).unwrap().data.as_chunks::<4>().0.to_vec()
        };
        let counts = |name: &str| -> Vec<u32> { words(name).into_iter().map(u32::from_le_bytes).collect() };
        let number = |value: &Value| value.as_f64().unwrap() as f32;
        let vocabulary = |names: VocabularyNames, texts: &str| {
            let [words, word_texts, chars, char_texts] = names.map(counts);
            Vocabulary::from_parts(about[texts].as_u64().unwrap(), [(words, word_texts), (chars, char_texts)])
        };
        let blocks = [
            (vocabulary(TEXT, "texts"), 1.0),
            (vocabulary(BEFORE_TEXT, "before_texts"), number(&about["weighs"]["before"])),
        ];
        let weights: Vec<f32> = words(WEIGHTS).into_iter().map(f32::from_le_bytes).collect();
        for (text, before, repeats) in [
            ("this is wrong, useless", "I am unable to do that.", true),
            ("perfect, thanks!", "Done.", false),
            ("Naxos", "", false),
        ] {
            let turn = SentimentTurn { text, before, repeats };
            let (mut row, mut at) = (Vec::new(), 0);
            for (said, (vocabulary, weighs)) in [text, before].into_iter().zip(&blocks) {
                let grams = Grams::of(said, model.rules().grams());
                row.extend(vocabulary.vector(&grams).into_iter().map(|(place, x)| (at + place as usize, weighs * x)));
                at += vocabulary.width();
            }
            let table = VectorTable::built_in();
            for (said, weighs) in [(text, "meaning"), (before, "before_meaning")] {
                let vector = table.embed(&[said], &SilentReporter).unwrap();
                row.extend(vector.iter().enumerate().map(|(i, x)| (at + i, number(&about["weighs"][weighs]) * x)));
                at += table.width();
            }
            let signs = signs::signs(&turn, model.rules());
            row.extend((at..).zip(signs.map(|s| number(&about["weighs"]["signs"]) * s)));
            at += SIGNS;
            for side in [0, 1] {
                let vote: f32 = (0..SIGNS).map(|i| signs[i] * number(&about["vote"]["weights"][i][side])).sum();
                row.push((
                    at + side,
                    number(&about["weighs"]["vote"]) * (number(&about["vote"]["prior"][side]) + vote),
                ));
            }
            assert_eq!(weights.len(), CLASSES * (at + 3), "a row a place, and the biases");
            let score = |class: usize| {
                let of = |place: usize| f64::from(weights[CLASSES * place + class]);
                of(at + 2) + row.iter().map(|&(place, x)| f64::from(x) * of(place)).sum::<f64>()
            };
            let powers: Vec<f64> = (0..CLASSES).map(|class| score(class).exp()).collect();
            let shares = model.predict(turn).shares;
            for (class, power) in powers.iter().enumerate() {
                let share = power / powers.iter().sum::<f64>();
                assert!((share - f64::from(shares[class])).abs() < 1e-4, "{text}: {share} and {shares:?}");
            }
        }
    }
}
