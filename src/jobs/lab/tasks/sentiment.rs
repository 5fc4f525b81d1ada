//! The sentiment learner on files of turns.

use super::records::{fail, read, text};
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::learn::contract::{Fitted, LearnerRecipe, Predict};
use crate::learn::judge::binary::{auc, average_precision, has_both};
use crate::learn::sentiment::{CLASSES, Feeling, SentimentExample, SentimentRecipe, SentimentTurn};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

/// What `evaluate --task sentiment` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SentimentReport {
    /// Share of turns whose class is right.
    pub accuracy: f64,
    /// Unweighted mean of F1 over negative, neutral and positive; `None` where the test file holds one of them alone.
    pub macro_f1: Option<f64>,
    /// Area under the ROC curve of negative against the others; `None` where the test file has not both.
    pub auc_negative: Option<f64>,
    /// Average precision of the same.
    pub ap_negative: Option<f64>,
    /// Turns scored.
    pub n: u64,
    /// Seconds of training.
    pub train_seconds: f64,
    /// Turns learnt from.
    pub trained_on: u64,
    /// Those of them whose label was used.
    pub labels: u64,
    /// How many classes these labels are of.
    pub label_classes: u64,
}

/// A row of a file.
struct SentimentRow {
    text: String,
    before: String,
    feeling: Option<Feeling>,
    group: u64,
}

/// Learns from one file of `text,sentiment` (and `before`) and scores another. `weak`: the training file's labels are not looked
/// at. Training rows without a label are learnt from by their signs.
///
/// # Errors
/// A file cannot be read, a label is none of the three, or the test file has a row without one; cancelled.
pub fn evaluate_sentiment(
    train: &Path,
    test: &Path,
    weak: bool,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<SentimentReport, JobError> {
    let (lesson, exam) = (told(train, !weak)?, told(test, true)?);
    let examples: Vec<SentimentExample> = lesson
        .iter()
        .map(|row| SentimentExample {
            turn: turn(row),
            is_answered: !row.before.is_empty(),
            feeling: row.feeling,
            group: row.group,
            weight: 1.0,
        })
        .collect();
    let clock = Instant::now();
    let model = SentimentRecipe { seed, ..SentimentRecipe::default() }.fit(&examples, reporter)?.into_model();
    let train_seconds = clock.elapsed().as_secs_f64();
    let (mut counts, mut negative) = ([[0u64; CLASSES]; CLASSES], Vec::new());
    for (row, at) in exam.iter().zip(1..) {
        let Some(truth) = row.feeling else { return Err(fail(test, format!("row {at} has no sentiment"))) };
        let said = model.predict(turn(row));
        counts[truth as usize][said.feeling as usize] += 1;
        negative.push((f64::from(said.shares[0]), truth == Feeling::Negative));
    }
    let both = has_both(&negative);
    let right: u64 = (0..CLASSES).map(|k| counts[k][k]).sum();
    Ok(SentimentReport {
        accuracy: right as f64 / exam.len() as f64,
        macro_f1: macro_f1(&counts),
        auc_negative: both.then(|| auc(&negative)),
        ap_negative: both.then(|| average_precision(&negative)),
        n: exam.len() as u64,
        train_seconds,
        trained_on: model.turns(),
        labels: model.human(),
        label_classes: lesson.iter().filter_map(|row| row.feeling).collect::<BTreeSet<_>>().len() as u64,
    })
}

/// The mean of F1 over the classes that occur in the test file; of one class alone whoever always says it would have the best.
fn macro_f1(counts: &[[u64; CLASSES]; CLASSES]) -> Option<f64> {
    let there = |k: usize| counts[k].iter().sum::<u64>();
    let said = |k: usize| counts.iter().map(|row| row[k]).sum::<u64>();
    let f1 = |k: usize| 2.0 * counts[k][k] as f64 / (there(k) + said(k)) as f64;
    let occurring: Vec<f64> = (0..CLASSES).filter(|&k| there(k) > 0).map(f1).collect();
    (occurring.len() > 1).then(|| occurring.iter().sum::<f64>() / occurring.len() as f64)
}

fn turn(row: &SentimentRow) -> SentimentTurn<'_> {
    SentimentTurn { text: &row.text, before: &row.before, repeats: false }
}

fn told(path: &Path, labels: bool) -> Result<Vec<SentimentRow>, JobError> {
    let mut out = Vec::new();
    for (at, row) in read(path, &["text"])? {
        let said = text(&row, "sentiment").trim();
        let feeling = match Feeling::parse(said) {
            _ if !labels || said.is_empty() => None,
            None => return Err(fail(path, format!("row {at}: `{said}` is neither negative, neutral nor positive"))),
            known => known,
        };
        let (text, before) = (text(&row, "text").to_owned(), text(&row, "before").to_owned());
        out.push(SentimentRow { text, before, feeling, group: at });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;
    use std::fmt::Write;

    #[test]
    fn learns_from_a_file_with_and_without_its_labels() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("turns.csv");
        let mut rows = "text,before,sentiment\n".to_owned();
        for i in 0..40 {
            writeln!(rows, "\"no, that is wrong\",\"Sorry, I could not find it {i}\",negative").unwrap();
            writeln!(rows, "to town {i} please,Where to?,neutral").unwrap();
            writeln!(rows, "two people,For how many?,neutral").unwrap();
            writeln!(rows, "\"perfect, thank you so much {i}\",Your booking is confirmed,positive").unwrap();
        }
        std::fs::write(&path, rows).unwrap();
        let labelled = evaluate_sentiment(&path, &path, false, 1, &SilentReporter).unwrap();
        assert!(labelled.accuracy > 0.99 && labelled.labels == 160 && labelled.n == 160, "{labelled:?}");
        assert_eq!(labelled.label_classes, 3);
        let weak = evaluate_sentiment(&path, &path, true, 1, &SilentReporter).unwrap();
        assert!(
            weak.macro_f1 > Some(0.95) && weak.auc_negative.is_some_and(|auc| auc > 0.99) && weak.labels == 0,
            "{weak:?}"
        );
        let one_class = dir.path().join("one_class.csv");
        std::fs::write(&one_class, "text,sentiment\nto town please,neutral\ntwo people,positive\n").unwrap();
        let alike = evaluate_sentiment(&path, &one_class, false, 1, &SilentReporter).unwrap();
        assert_eq!((alike.n, alike.auc_negative, alike.ap_negative), (2, None, None));
        assert!(alike.macro_f1.is_some(), "neutral and positive are two");
        std::fs::write(&one_class, "text,sentiment\nto town please,neutral\ntwo people,neutral\n").unwrap();
        let alike = evaluate_sentiment(&path, &one_class, false, 1, &SilentReporter).unwrap();
        assert_eq!((alike.n, alike.macro_f1), (2, None), "always saying it would do");
        let taught_one = evaluate_sentiment(&one_class, &path, false, 1, &SilentReporter).unwrap();
        assert_eq!((taught_one.labels, taught_one.label_classes), (2, 1));
        std::fs::write(&path, "text,sentiment\nhello,cross\n").unwrap();
        let says = evaluate_sentiment(&path, &path, false, 1, &SilentReporter).unwrap_err().to_string();
        assert!(says.contains("`cross` is neither"), "{says}");
        assert!(evaluate_sentiment(&path, &path, true, 1, &SilentReporter).is_err(), "a test file needs labels");
    }
}
