//! Floors on public data, where it lies beside the checkout. Nothing is chosen on the test files.

use super::*;
use crate::domain::{IntentId, SilentReporter};
use crate::learn::contract::LearnerRecipe;
use crate::learn::judge::scores::{calibration, ece};
use crate::learn::vectors::table::VectorTable;
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

fn read(path: &Path, ids: &mut HashMap<String, i64>) -> Vec<IntentExample> {
    let mut rows = csv::Reader::from_path(path).unwrap();
    let mut all = Vec::new();
    for row in rows.records().map(Result::unwrap) {
        let next = ids.len() as i64;
        let intent = IntentId(*ids.entry(row[1].to_owned()).or_insert(next));
        all.push(IntentExample { text: row[0].to_owned(), intent, group: all.len() as u64, weight: 1.0 });
    }
    all
}

/// Accuracy and calibration error on the test file, in percent, with the built-in table and the intents' names.
fn score(data: &Path, set: &str, file: &str) -> [f64; 2] {
    let mut ids = HashMap::new();
    let examples = read(&data.join(set).join(file), &mut ids);
    let test = read(&data.join(set).join("test.csv"), &mut ids);
    let mut names: Vec<(IntentId, String)> = ids.into_iter().map(|(name, id)| (IntentId(id), name)).collect();
    names.sort_unstable();
    let recipe = IntentRecipe { names: &names, embedder: Some(VectorTable::built_in()), ..IntentRecipe::plain(1) };
    let model = recipe.fit(&examples, &SilentReporter).unwrap().model;
    let texts: Vec<&str> = test.iter().map(|e| e.text.as_str()).collect();
    let guesses = model.predict_batch(&texts);
    let judged = || guesses.iter().zip(&test).map(|(p, e)| (p.best().unwrap().1, p.best().unwrap().0 == e.intent));
    let accuracy = 100.0 * judged().filter(|j| j.1).count() as f64 / test.len() as f64;
    let off = 100.0 * ece(&calibration(judged())).unwrap();
    eprintln!("{set} {file}: {accuracy:.2} %, calibration error {off:.2} %");
    [accuracy, off]
}

#[test]
fn five_an_intent_reach_the_floors() {
    let Some(data) = data() else { return };
    assert!(score(&data, "banking77", "train_5.csv")[0] >= 77.0);
    assert!(score(&data, "clinc150", "train_5.csv")[0] >= 83.5);
}

#[test]
#[ignore = "takes a minute without optimisation; floors of the full sets"]
fn larger_sets_reach_the_floors() {
    let Some(data) = data() else { return };
    assert!(score(&data, "banking77", "train_10.csv")[0] >= 82.5);
    assert!(score(&data, "clinc150", "train_10.csv")[0] >= 87.0);
    for (set, floor) in [("banking77", 92.4), ("clinc150", 93.8)] {
        let [accuracy, off] = score(&data, set, "train.csv");
        assert!(accuracy >= floor && off <= 3.0);
    }
}
