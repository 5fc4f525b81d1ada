//! Which labels of a file look wrong, and how well wrong labels would be found in it.

use super::evaluate::LabelledText;
use crate::base::rng::Rng;
use crate::domain::{IntentId, Reporter};
use crate::jobs::JobError;
use crate::jobs::train::label_errors::judged_labels;
use crate::learn::contract::LearnerRecipe;
use crate::learn::intent::{IntentExample, IntentRecipe};
use crate::learn::judge::label_errors::{JudgedLabel, LabelDispute, Score, UsualConfidence, disputes};
use crate::learn::vectors::embed::Embedder;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// A label of a file that looks wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisputedText {
    /// What was said.
    pub text: String,
    /// The label.
    pub given: String,
    /// What the model says instead.
    pub says: String,
    /// Its confidence in that.
    pub confidence: f32,
    /// Its confidence in the label.
    pub given_confidence: f32,
    /// The label before it was changed on purpose, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// How well one score puts wrong labels first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisputeQuality {
    /// [`Score::name`], or `disputed`.
    pub by: &'static str,
    /// How many labels are looked at, worst first.
    pub top: u64,
    /// Of those, labels that were changed.
    pub right: u64,
    /// `right` / `top`.
    pub precision: f64,
    /// `right` / all that were changed.
    pub recall: f64,
}

/// How well labels that were changed on purpose are found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlipReport {
    /// Labels.
    pub n: u64,
    /// Labels that were changed to another intent, drawn at random.
    pub flipped: u64,
    /// By each score, the same number of labels as were changed; by `disputed`, all that `appraise disputed` lists.
    pub found: Vec<DisputeQuality>,
}

/// Trains on labelled texts and gives the labels that look wrong, the most doubtful first. With `flip`, that share of
/// the labels is first changed to another intent, and the report says how many of those are found.
///
/// # Errors
/// Nothing to learn from, or (with `flip`) only one intent; cancelled.
pub fn disputed_texts(
    rows: &[LabelledText],
    flip: Option<f64>,
    embedder: Option<Arc<dyn Embedder>>,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<(Vec<DisputedText>, Option<FlipReport>), JobError> {
    let mut names: Vec<&str> = rows.iter().map(|r| r.intent.as_str()).filter(|i| !i.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let ids: HashMap<&str, usize> = names.iter().enumerate().map(|(i, &n)| (n, i)).collect();
    let labelled: Vec<(&LabelledText, usize)> =
        rows.iter().filter_map(|r| Some((r, *ids.get(r.intent.as_str())?))).collect();
    let mut given: Vec<usize> = labelled.iter().map(|&(_, i)| i).collect();
    if let Some(share) = flip {
        if names.len() < 2 {
            return Err(JobError::NothingToLearn(
                "labels can only be changed where there are two intents or more".to_owned(),
            ));
        }
        flip_labels(&mut given, names.len(), share, seed);
    }
    let examples: Vec<IntentExample> = labelled
        .iter()
        .zip(&given)
        .enumerate()
        .map(|(i, ((r, _), &k))| IntentExample {
            text: r.text.clone(),
            intent: IntentId(k as i64),
            group: i as u64,
            weight: 1.0,
        })
        .collect();
    let named: Vec<(IntentId, String)> =
        names.iter().zip(0..).map(|(&name, id)| (IntentId(id), name.to_owned())).collect();
    let trained = (IntentRecipe { names: &named, embedder, ..IntentRecipe::plain(seed) }).fit(&examples, reporter)?;
    let labels = judged_labels(&examples, &trained);
    let flipped: Vec<bool> = labelled.iter().zip(&given).map(|(&(_, was), &now)| was != now).collect();
    let found = disputes(&labels);
    let report = flip.map(|_| report(&labels, &flipped, &found));
    let name = |i: IntentId| names.get(i.0 as usize).map_or_else(String::new, |n| (*n).to_owned());
    let text = |d: &LabelDispute| DisputedText {
        text: examples[d.at].text.clone(),
        given: name(examples[d.at].intent),
        says: name(d.says),
        confidence: d.confidence,
        given_confidence: d.given,
        was: flipped[d.at].then(|| labelled[d.at].0.intent.clone()),
    };
    Ok((found.iter().map(text).collect(), report))
}

/// Changes a share of the labels, drawn without replacement, each to one of the other intents with equal chance.
fn flip_labels(labels: &mut [usize], intents: usize, share: f64, seed: u64) {
    let mut rng = Rng::new(seed);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    rng.shuffle(&mut order);
    let wanted = (labels.len() as f64 * share.clamp(0.0, 1.0)).round() as usize;
    for at in order.into_iter().take(wanted) {
        labels[at] = (labels[at] + 1 + rng.below(intents - 1)) % intents;
    }
}

fn report(labels: &[Option<JudgedLabel>], flipped: &[bool], disputes: &[LabelDispute]) -> FlipReport {
    let all = flipped.iter().filter(|&&f| f).count();
    let found = |by, looked: &[usize]| {
        let right = looked.iter().filter(|&&at| flipped[at]).count();
        let ratio = |of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
        let (precision, recall) = (ratio(looked.len()), ratio(all));
        DisputeQuality { by, top: looked.len() as u64, right: right as u64, precision, recall }
    };
    let known: Vec<JudgedLabel> = labels.iter().flatten().copied().collect();
    let usual = UsualConfidence::of(&known);
    let mut out: Vec<DisputeQuality> = Score::ALL
        .into_iter()
        .map(|score| {
            let scored = labels.iter().enumerate().filter_map(|(at, l)| Some((at, usual.score(score, l.as_ref()?))));
            let mut order: Vec<(usize, f64)> = scored.collect();
            order.sort_by(|a, b| a.1.total_cmp(&b.1));
            let top: Vec<usize> = order.iter().take(all).map(|&(at, _)| at).collect();
            found(score.name(), &top)
        })
        .collect();
    out.push(found("disputed", &disputes.iter().map(|d| d.at).collect::<Vec<_>>()));
    FlipReport { n: labels.len() as u64, flipped: all as u64, found: out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;

    #[test]
    fn flipping_changes_the_share_and_nothing_else() {
        let mut labels: Vec<usize> = (0..200).map(|i| i % 5).collect();
        let before = labels.clone();
        flip_labels(&mut labels, 5, 0.05, 3);
        assert_eq!(before.iter().zip(&labels).filter(|(a, b)| a != b).count(), 10);
        assert!(labels.iter().all(|&l| l < 5));
        let mut again = before.clone();
        flip_labels(&mut again, 5, 0.05, 3);
        assert_eq!(again, labels);
    }

    #[test]
    fn changed_labels_are_found() {
        let words = ["refund money", "parcel late", "card blocked", "invoice copy", "address change"];
        let rows: Vec<LabelledText> = (0..200)
            .map(|i| LabelledText {
                text: format!("please look at the {} number {i}", words[i % 5]),
                intent: format!("intent_{}", i % 5),
            })
            .collect();
        let (listed, report) = disputed_texts(&rows, Some(0.05), None, 1, &SilentReporter).unwrap();
        let report = report.unwrap();
        assert_eq!((report.n, report.flipped), (200, 10));
        assert!(report.found.iter().all(|f| f.recall == 1.0), "{report:?}");
        assert!(listed.iter().filter(|d| d.was.is_some()).all(|d| d.was.as_deref() == Some(&d.says)));
        let (listed, none) = disputed_texts(&rows, None, None, 1, &SilentReporter).unwrap();
        assert_eq!((listed, none), (vec![], None), "nothing is wrong in them");
        assert!(disputed_texts(&rows[..1], Some(0.5), None, 1, &SilentReporter).is_err());
    }
}
