//! The learner on files of `text,intent`: what `appraise evaluate` prints, and what anybody can check against peers.

use crate::domain::{HalfScores, IntentId, Reporter};
use crate::ingest::{Input, NamedRows, training_phrases};
use crate::jobs::JobError;
use crate::learn::contract::{LearnerRecipe, Predict};
use crate::learn::intent::{IntentExample, IntentModel, IntentRecipe};
use crate::learn::judge::leakage;
use crate::learn::judge::scores::{Guess, scores};
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::GramRules;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A row of a `text,intent` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledText {
    /// What was said.
    pub text: String,
    /// What it means.
    pub intent: String,
}

/// What the column of texts may be called.
const TEXT: [&str; 4] = ["text", "utterance", "query", "phrase"];
/// What the column of intents may be called; the last is Dialogflow CX's, which names an intent on its first row alone.
const INTENT: [&str; 4] = ["intent", "label", "category", NAMED_ONCE];
const NAMED_ONCE: &str = "intent display name";
/// Bytes of a file of another program's training phrases.
const LONGEST_PHRASES: u64 = 64 << 20;

/// How well out-of-scope texts are told apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutOfScopeReport {
    /// Area under the ROC curve of the score, in-scope texts as positives.
    pub auroc: f64,
    /// Share of out-of-scope texts accepted where 95 % of in-scope texts are.
    pub fpr95: f64,
    /// Out-of-scope texts.
    pub n: u64,
}

/// What `evaluate` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvaluateReport {
    /// Share of test texts whose best guess is right.
    pub accuracy: f64,
    /// Unweighted mean of F1 over the intents of the test file.
    pub macro_f1: f64,
    /// Expected calibration error, 15 bins.
    pub ece: Option<f64>,
    /// Test texts.
    pub n: u64,
    /// Training texts.
    pub trained_on: u64,
    /// Intents in the training file.
    pub intents: u64,
    /// Seconds of training, calibration included.
    pub train_seconds: f64,
    /// Microseconds a single prediction, mean over the test texts, one thread.
    pub predict_us: f64,
    /// Test texts that training texts repeat (rule 15); counted, not left out.
    pub repeats: u64,
    /// Only with a file of out-of-scope texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oos: Option<OutOfScopeReport>,
}

/// A `text,intent` file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledFile {
    /// Its rows that have a text.
    pub rows: Vec<LabelledText>,
    /// The encoding that it seems to have, where it is no UTF-8.
    pub encoding: Option<&'static str>,
    /// Rows with bytes that are no text in it; they are U+FFFD now.
    pub damaged: u64,
}

/// Reads a `text,intent` file, delimited as logs are, under a line that names the columns; other columns are left alone,
/// a missing `intent` is empty. Files in which Rasa and Dialogflow keep training phrases are read as they are.
///
/// # Errors
/// The file cannot be read, has no `text` column, or has a row that cannot be read.
pub fn read_labelled(path: &Path) -> Result<LabelledFile, JobError> {
    let fail = |what: String| JobError::File { path: path.display().to_string(), what };
    if let Some(rows) = phrases(path) {
        return Ok(LabelledFile { rows, encoding: None, damaged: 0 });
    }
    let rows = NamedRows::open(Input::File(path.to_owned()), &TEXT)?;
    let text = rows.column(&TEXT).ok_or_else(|| {
        fail(match rows.columns() {
            [] => "is empty; the first line must name the columns: text,intent".to_owned(),
            there => {
                let there = there.join(", ");
                format!("has no column `text`; the first line must name the columns: text,intent (there are: {there})")
            }
        })
    })?;
    let intent = rows.column(&INTENT);
    let named_once = intent.is_some_and(|at| rows.columns().get(at).is_some_and(|name| name == NAMED_ONCE));
    let mut last = String::new();
    let mut out = LabelledFile { rows: Vec::new(), encoding: rows.encoding(), damaged: 0 };
    for row in rows {
        let row = row.map_err(|bad| fail(format!("line {}: {}", bad.line, bad.reason)))?;
        out.damaged += u64::from(row.is_damaged);
        let (text, mut intent) = (row.cell(Some(text)), row.cell(intent));
        if named_once && intent.is_empty() {
            intent = &last;
        } else if named_once {
            intent.clone_into(&mut last);
        }
        if !text.is_empty() {
            out.rows.push(LabelledText { text: text.to_owned(), intent: intent.to_owned() });
        }
    }
    Ok(out)
}

/// The phrases of a file in which another program keeps them; `None`: it is something else, which says itself what is wrong with it.
fn phrases(path: &Path) -> Option<Vec<LabelledText>> {
    let is_small = std::fs::metadata(path).ok().filter(|m| m.is_file() && m.len() <= LONGEST_PHRASES);
    let text = std::fs::read_to_string(is_small.map(|_| path)?).ok()?;
    let found = training_phrases(&path.display().to_string(), text.trim_start_matches('\u{feff}'))?;
    Some(found.into_iter().map(|p| LabelledText { text: p.text, intent: p.intent }).collect())
}

/// Trains on one list and scores on another. `oos`: texts of no intent at all; `embedder`: where dense vectors come from.
///
/// # Errors
/// Nothing to learn from or to score; cancelled.
pub fn evaluate(
    train_rows: &[LabelledText],
    test_rows: &[LabelledText],
    oos: Option<&[LabelledText]>,
    embedder: Option<Arc<dyn Embedder>>,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<EvaluateReport, JobError> {
    for (rows, what) in [(train_rows, "training"), (test_rows, "test"), (oos.unwrap_or(test_rows), "out-of-scope")] {
        if rows.is_empty() {
            return Err(JobError::NothingToLearn(format!("the {what} file holds no text")));
        }
    }
    let mut ids: HashMap<&str, IntentId> = HashMap::new();
    let mut id = |name| {
        let next = IntentId(ids.len() as i64 + 1);
        *ids.entry(name).or_insert(next)
    };
    let examples: Vec<IntentExample> = train_rows
        .iter()
        .filter(|r| !r.intent.is_empty())
        .enumerate()
        .map(|(i, r)| IntentExample { text: r.text.clone(), intent: id(&r.intent), group: i as u64, weight: 1.0 })
        .collect();
    let intents = examples.iter().map(|e| e.intent).collect::<std::collections::HashSet<_>>().len() as u64;
    let gold: Vec<Vec<IntentId>> = test_rows.iter().map(|r| vec![id(&r.intent)]).collect();
    let known: std::collections::BTreeMap<IntentId, &str> =
        train_rows.iter().filter(|r| !r.intent.is_empty()).map(|r| (id(&r.intent), r.intent.as_str())).collect();
    let names: Vec<(IntentId, String)> = known.into_iter().map(|(id, name)| (id, name.to_owned())).collect();
    let clock = Instant::now();
    let model = (IntentRecipe { names: &names, embedder, ..IntentRecipe::plain(seed) }).fit(&examples, reporter)?.model;
    let train_seconds = clock.elapsed().as_secs_f64();
    let clock = Instant::now();
    let predictions: Vec<_> = test_rows.iter().map(|r| model.predict(&r.text)).collect();
    let predict_us = clock.elapsed().as_secs_f64() * 1e6 / test_rows.len() as f64;
    let guesses: Vec<Guess> = predictions.iter().map(|p| p.best().map(|(i, c)| (i, Some(c)))).collect();
    let texts: Vec<&str> = test_rows.iter().map(|r| r.text.as_str()).collect();
    let train_texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
    let repeats =
        leakage::repeats(&train_texts, &texts, GramRules::default().repeats_by()).into_iter().filter(|&r| r).count()
            as u64;
    let s: HalfScores = scores(&gold, &guesses, &vec![true; gold.len()]);
    let in_scope: Vec<f32> = predictions.iter().map(|p| p.score).collect();
    Ok(EvaluateReport {
        accuracy: s.accuracy,
        macro_f1: s.macro_f1,
        ece: s.ece,
        n: s.n,
        trained_on: examples.len() as u64,
        intents,
        train_seconds,
        predict_us,
        repeats,
        oos: oos.map(|rows| out_of_scope(&model, &in_scope, rows)),
    })
}

fn out_of_scope(model: &IntentModel, in_scope: &[f32], rows: &[LabelledText]) -> OutOfScopeReport {
    let outside: Vec<f32> = rows.iter().map(|r| model.predict(&r.text).score).collect();
    OutOfScopeReport { auroc: auroc(in_scope, &outside), fpr95: fpr95(in_scope, &outside), n: outside.len() as u64 }
}

/// Area under the ROC curve by ranks (Mann-Whitney U / (n m)); ties count half.
fn auroc(positives: &[f32], negatives: &[f32]) -> f64 {
    let mut all: Vec<(f32, bool)> =
        positives.iter().map(|&s| (s, true)).chain(negatives.iter().map(|&s| (s, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins) = (0.0, 0.0);
    for tied in all.chunk_by(|a, b| a.0 == b.0) {
        let good = tied.iter().filter(|t| t.1).count() as f64;
        let bad = tied.len() as f64 - good;
        wins += good * (below + bad / 2.0);
        below += bad;
    }
    wins / (positives.len() as f64 * negatives.len() as f64).max(1.0)
}

/// The share of negatives at or above the score that 95 % of positives reach.
fn fpr95(positives: &[f32], negatives: &[f32]) -> f64 {
    let mut sorted = positives.to_vec();
    sorted.sort_by(f32::total_cmp);
    let threshold = sorted.get(sorted.len() / 20).copied().unwrap_or(f32::INFINITY);
    negatives.iter().filter(|&&s| s >= threshold).count() as f64 / negatives.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auroc_counts_pairs_and_halves_ties() {
        // sklearn.metrics.roc_auc_score([1, 1, 0, 0], [0.9, 0.5, 0.5, 0.1]) == 0.875
        assert!((auroc(&[0.9, 0.5], &[0.5, 0.1]) - 0.875).abs() < 1e-12);
    }

    #[test]
    fn a_file_without_text_is_refused_with_words() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.csv");
        std::fs::write(&path, "a,b\n1,2\n").unwrap();
        let says = |path: &Path| read_labelled(path).unwrap_err().to_string();
        assert!(says(&path).contains("no column `text`") && says(&path).ends_with("(there are: a, b)"));
        std::fs::write(&path, "text,intent\nhi,greet\nwell, hi,greet\n").unwrap();
        assert!(says(&path).contains("line 3: 3 cells, where there are 2 columns"), "{}", says(&path));
        std::fs::write(&path, "").unwrap();
        assert!(says(&path).contains("is empty"));
        assert!(says(dir.path()).contains("this is a folder"));
    }

    #[test]
    fn training_phrases_of_other_programs_are_read_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let rows = |name: &str, text: &str| {
            std::fs::write(dir.path().join(name), text).unwrap();
            let rows = read_labelled(&dir.path().join(name)).unwrap().rows;
            rows.into_iter().map(|r| format!("{}: {}", r.intent, r.text)).collect::<Vec<_>>()
        };
        let cx = "Intent Display Name,Language,Phrase\ncard.lost,en,it is lost\n,,\"gone, it is\"\nagent,en,a person\n";
        assert_eq!(rows("cx.csv", cx), ["card.lost: it is lost", "card.lost: gone, it is", "agent: a person"]);
        assert_eq!(rows("nlu.md", "## intent:greet\n- hey\n- hello\n"), ["greet: hey", "greet: hello"]);
        let es = r#"[{"id":"1","data":[{"text":"yes","userDefined":false}],"isTemplate":false}]"#;
        assert_eq!(rows("affirm_usersays_en.json", es), ["affirm: yes"]);
    }

    #[test]
    fn a_file_saved_by_excel_in_greek_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.csv");
        let text = "Phrase;Label\nπού είναι, παρακαλώ;status\n;empty\nγεια\n";
        std::fs::write(&path, encoding_rs::WINDOWS_1253.encode(text).0).unwrap();
        let read = read_labelled(&path).unwrap();
        let rows: Vec<(&str, &str)> = read.rows.iter().map(|r| (r.text.as_str(), r.intent.as_str())).collect();
        assert_eq!(rows, [("πού είναι, παρακαλώ", "status"), ("γεια", "")]);
        assert_eq!((read.encoding, read.damaged), (Some("windows-1253"), 0));
    }
}
