//! Which training examples a guess comes from: the score of a linear model is a sum over its training examples, each with
//! its dual variable times its likeness to the text (the representer theorem; Yeh et al. 2018, "Representer point selection
//! for explaining deep neural networks").
//!
//! A heuristic here, and to be called so: equal texts are taken one by one, contradictions between labels and caps on very
//! frequent texts are ignored, weights are rounded, and what removing an example would change in the others is left out.

use super::model::{IntentModel, IntentPrediction};
use super::recipe::closeness;
use crate::domain::IntentId;
use crate::learn::contract::ExplainedModel;
use crate::learn::vectors::grams::Grams;
use rayon::prelude::*;

/// An example that the model was fitted to.
#[derive(Clone, Copy, Debug)]
pub struct LabelledWords<'a> {
    /// What was said.
    pub text: &'a str,
    /// Its label.
    pub intent: IntentId,
}

/// Why a text is taken for one intent and not for another.
#[derive(Clone, Copy, Debug)]
pub struct IntentContrast<'a> {
    /// What was said.
    pub text: &'a str,
    /// Examples that the model was fitted to.
    pub examples: &'a [LabelledWords<'a>],
    /// The intent that it should be taken for.
    pub from: IntentId,
    /// The intent that it is taken for, or may be.
    pub towards: IntentId,
}

/// A text as both heads see it.
struct SeenText {
    grams: Vec<(u32, f32)>,
    vector: Vec<f32>,
}

/// For each example how far it pulls a text from one intent towards another: its part of the difference of their scores, in the
/// unit of log odds. Below 0 it holds the text where it should be.
impl ExplainedModel<IntentContrast<'_>> for IntentModel {
    type Reasons<'m> = Vec<f32>;

    fn explain(&self, IntentContrast { text, examples, from, towards }: IntentContrast<'_>) -> Vec<f32> {
        let seen = self.see(std::iter::once(text).chain(examples.iter().map(|e| e.text)));
        let Some((asked, rest)) = seen.split_first() else { return Vec::new() };
        let class = |i: IntentId| self.intents.binary_search(&i).ok();
        let (from, towards) = (class(from), class(towards));
        let weights = match asked.vector.iter().any(|&x| x != 0.0) {
            true if self.hardly_knows(&Grams::of(text, self.rules)) => [0.0, self.vectors_alone],
            true => self.pool,
            false => [self.alone, 0.0],
        };
        let one = |(seen, example): (&SeenText, &LabelledWords<'_>)| {
            let own = class(example.intent);
            let sparse = self.sparse.scores(seen.grams.iter().copied());
            // The dual variable of the squared hinge at its minimum: 2 C y max(0, 1 - y score), with C = 1.
            let dual = |k: Option<usize>| {
                let Some(k) = k else { return 0.0 };
                let side = if own == Some(k) { 1.0 } else { -1.0 };
                2.0 * side * (1.0 - side * sparse[k]).max(0.0)
            };
            let by_words = (dual(towards) - dual(from)) * (likeness(&seen.grams, &asked.grams) + 1.0);
            weights[0] * by_words + weights[1] * self.pull_of_vectors(seen, asked, own, from, towards)
        };
        rest.par_iter().zip(examples).map(one).collect()
    }
}

impl IntentModel {
    /// The same of the head on vectors: of the softmax's minimum, `C (is - probability)` is the dual variable.
    fn pull_of_vectors(
        &self,
        seen: &SeenText,
        asked: &SeenText,
        own: Option<usize>,
        from: Option<usize>,
        towards: Option<usize>,
    ) -> f32 {
        if seen.vector.iter().all(|&x| x == 0.0) {
            return 0.0;
        }
        let scores = self.dense.scores((0..).zip(seen.vector.iter().copied()));
        let closeness = closeness(self.rules, self.embedder_key().unwrap_or_default());
        let dual = |k: Option<usize>| {
            let Some(k) = k else { return 0.0 };
            let is = if own == Some(k) { 1.0 } else { 0.0 };
            closeness * (is - self.confidence(&scores, k))
        };
        let alike: f32 = seen.vector.iter().zip(&asked.vector).map(|(a, b)| a * b).sum();
        (dual(towards) - dual(from)) * (alike + 1.0)
    }

    fn see<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<SeenText> {
        let texts: Vec<&str> = texts.collect();
        let vectors = self.vectors(&texts);
        let width = vectors.len() / texts.len().max(1);
        let one = |(i, text): (usize, &&str)| SeenText {
            grams: self.vocabulary.vector(&Grams::of(text, self.rules)),
            vector: vectors[i * width..][..width].to_vec(),
        };
        texts.par_iter().enumerate().map(one).collect()
    }
}

impl IntentPrediction {
    /// The best intent that is none of these.
    pub fn best_but(&self, not: &[IntentId]) -> Option<IntentId> {
        self.ranking.iter().map(|r| r.0).find(|i| !not.contains(i))
    }
}

/// The product of two vectors by ascending feature.
fn likeness(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::contract::{LearnerRecipe, Predict};
    use crate::learn::intent::{IntentExample, IntentRecipe};
    use crate::learn::vectors::table::VectorTable;

    /// The examples' pulls add up to the difference of the scores, but for the names, rounding and the solvers' tolerance.
    #[test]
    fn pulls_add_up_to_the_difference_of_the_scores() {
        let said = [
            (1, "where is my parcel"),
            (1, "track the parcel"),
            (1, "has my order been sent"),
            (2, "give me my money back"),
            (2, "refund the payment please"),
            (2, "when is the refund paid"),
            (3, "open on sunday"),
            (3, "opening hours please"),
        ];
        let examples: Vec<IntentExample> = said
            .iter()
            .zip(0..)
            .map(|(&(i, text), group)| IntentExample { text: text.into(), intent: IntentId(i), group, weight: 1.0 })
            .collect();
        for embedder in
            [None, Some(VectorTable::built_in() as std::sync::Arc<dyn crate::learn::vectors::embed::Embedder>)]
        {
            let model =
                (IntentRecipe { embedder, ..IntentRecipe::plain(1) }).fit(&examples, &SilentReporter).unwrap().model;
            let examples: Vec<LabelledWords<'_>> =
                said.iter().map(|&(i, text)| LabelledWords { text, intent: IntentId(i) }).collect();
            let text = "is the parcel refunded";
            let pulls =
                model.explain(IntentContrast { text, examples: &examples, from: IntentId(1), towards: IntentId(2) });
            let scores = model.scores(text, &model.vectors(&[text]));
            let (sum, difference) = (pulls.iter().sum::<f32>(), scores[1] - scores[0]);
            let all: f32 = pulls.iter().map(|p| p.abs()).sum();
            assert!((sum - difference).abs() < 0.05 * all, "{sum} {difference}: {pulls:?}");
            // What says "refund" pulls towards refunds, what says "parcel" holds it back.
            assert!(pulls[4] > 0.0 && pulls[5] > 0.0 && pulls[0] < 0.0 && pulls[1] < 0.0, "{pulls:?}");
            assert!(pulls[6].abs() < pulls[1].abs(), "{pulls:?}");
        }
        let model = IntentRecipe::plain(1).fit(&examples, &SilentReporter).unwrap().model;
        let nothing = IntentContrast { text: "x", examples: &[], from: IntentId(1), towards: IntentId(2) };
        assert!(model.explain(nothing).is_empty());
        assert_eq!(model.predict("opening hours").best_but(&[IntentId(3)]).map(|i| i.0 < 3), Some(true));
    }
}
