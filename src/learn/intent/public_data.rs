//! Floors on public data, where it lies beside the checkout. Nothing is chosen on the test files.

use super::*;
use crate::domain::Silent;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Where the data is; `None` where it is not.
fn data() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared", "../../shared"].iter().map(|p| here.join(p).join("data/intents")).find(|p| p.exists());
    if found.is_none() {
        eprintln!("skipped: no shared/data/intents beside the checkout");
    }
    found
}

fn read(path: &Path, ids: &mut HashMap<String, i64>) -> Vec<Example> {
    let mut rows = csv::Reader::from_path(path).unwrap();
    let mut all = Vec::new();
    for row in rows.records().map(Result::unwrap) {
        let next = ids.len() as i64;
        let intent = IntentId(*ids.entry(row[1].to_owned()).or_insert(next));
        all.push(Example { text: row[0].to_owned(), intent, group: all.len() as u64, weight: 1.0 });
    }
    all
}

/// Accuracy on the test file, in percent.
fn accuracy(data: &Path, set: &str, file: &str) -> f64 {
    let mut ids = HashMap::new();
    let examples = read(&data.join(set).join(file), &mut ids);
    let test = read(&data.join(set).join("test.csv"), &mut ids);
    let model = train(&examples, &Recipe::plain(1), &Silent).unwrap().model;
    let texts: Vec<&str> = test.iter().map(|e| e.text.as_str()).collect();
    let guesses = model.predict_batch(&texts);
    let right = guesses.iter().zip(&test).filter(|(p, e)| p.best().is_some_and(|b| b.0 == e.intent)).count();
    let accuracy = 100.0 * right as f64 / test.len() as f64;
    eprintln!("{set} {file}: {accuracy:.2} %");
    accuracy
}

#[test]
fn ten_an_intent_reach_the_floors() {
    let Some(data) = data() else { return };
    assert!(accuracy(&data, "banking77", "train_10.csv") >= 72.0);
    assert!(accuracy(&data, "clinc150", "train_10.csv") >= 81.5);
}

#[test]
#[ignore = "takes a minute without optimisation; floors of the full sets"]
fn full_sets_reach_the_floors() {
    let Some(data) = data() else { return };
    assert!(accuracy(&data, "banking77", "train_5.csv") >= 61.5);
    assert!(accuracy(&data, "banking77", "train.csv") >= 91.0);
    assert!(accuracy(&data, "clinc150", "train_5.csv") >= 72.0);
    assert!(accuracy(&data, "clinc150", "train.csv") >= 92.5);
}
