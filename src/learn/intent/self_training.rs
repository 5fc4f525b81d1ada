//! Self-training: what a model is surest of, it may learn from (Lee 2013, "Pseudo-label"; self-training since Scudder 1965).

use super::model::IntentPrediction;
use super::recipe::IntentExample;
use crate::domain::IntentId;
use std::collections::BTreeMap;

/// Texts taken for each intent. Taking the same number of each keeps the intents that a model likes from growing.
const EACH: usize = 20;
/// What a text taken so counts, beside 1 for a label.
const WEIGHT: f32 = 0.3;
/// Groups of taken texts: apart from those of conversations (63 bits) and of base examples (the top bit).
const GROUP: u64 = 0b11 << 62;

/// Of texts without a label, those with the widest margin for each intent, as examples of it with a small weight: at most
/// twenty an intent. `predictions` are of a model that learnt from the labels alone. Equal margins: the earlier text.
///
/// Out-of-fold predictions must come from that first model: it has seen every label, and hands on what it knows.
pub fn pseudo_labels(texts: &[&str], predictions: &[IntentPrediction]) -> Vec<IntentExample> {
    let mut by_intent: BTreeMap<IntentId, Vec<usize>> = BTreeMap::new();
    for (i, prediction) in predictions.iter().enumerate() {
        if let Some((intent, _)) = prediction.best() {
            by_intent.entry(intent).or_default().push(i);
        }
    }
    let mut out = Vec::new();
    for (intent, mut rows) in by_intent {
        rows.sort_by(|&a, &b| predictions[b].margin.total_cmp(&predictions[a].margin));
        let example =
            |&i: &usize| IntentExample { text: texts[i].to_owned(), intent, group: GROUP | i as u64, weight: WEIGHT };
        out.extend(rows.iter().take(EACH).map(example));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(intent: i64, margin: f32) -> IntentPrediction {
        IntentPrediction { ranking: vec![(IntentId(intent), margin)], margin, score: 0.0, out_of_scope: false }
    }

    #[test]
    fn each_intent_gives_its_surest_texts() {
        let texts: Vec<String> = (0..30).map(|i| format!("text {i}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        // Twenty-nine of one intent, surer and surer, and one of another, hardly sure.
        let mut predictions: Vec<IntentPrediction> = (0..29).map(|i| prediction(7, i as f32 / 30.0)).collect();
        predictions.push(prediction(3, 0.01));
        let taken = pseudo_labels(&texts, &predictions);
        assert_eq!(taken.len(), 1 + EACH);
        assert_eq!((taken[0].intent, taken[0].text.as_str()), (IntentId(3), "text 29"));
        assert_eq!(taken[1].text, "text 28");
        assert!(taken.iter().all(|e| e.weight == WEIGHT));
        assert!(pseudo_labels(&["hello"], &[IntentPrediction::unknown()]).is_empty());
    }
}
