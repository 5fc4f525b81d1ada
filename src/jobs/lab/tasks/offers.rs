//! The offer learner on files of answered offers.

use super::records::{Numbered, fail, number, read, text};
use crate::base::progress::TRAINING;
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::learn::judge::binary::{auc, calibration_error, has_both, log_loss};
use crate::learn::offers::{OfferExample, OfferFeatures, OnlineOffers};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What the offers are in, and which of them.
#[derive(Clone, Debug)]
pub struct OfferFiles {
    /// Rows to learn from.
    pub train: PathBuf,
    /// Rows to score on.
    pub test: PathBuf,
    /// Only rows of this `part` are learnt from.
    pub part_train: Option<String>,
    /// Only rows of this `part` are scored.
    pub part_test: Option<String>,
    /// Each test row is scored, then learnt from.
    pub progressive: bool,
}

/// What `evaluate --task offers` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferReport {
    /// Area under the ROC curve; `None` where all answers are the same, scored or, without `progressive`, learnt from.
    pub auc: Option<f64>,
    /// Mean loss, nats an answer.
    pub log_loss: f64,
    /// The same of the base rate: of the training rows, and with `progressive` of all before.
    pub base_log_loss: f64,
    /// Calibration error, 15 bins.
    pub ece: f64,
    /// Answers scored.
    pub n: u64,
    /// Rows of both files that say `shown`, without an end: left out.
    pub shown: u64,
}

/// No feature is larger: beyond, squares of it and what is learnt by them are no numbers any more.
const LARGEST: f64 = 1e18;

/// Names of columns that say what came of an offer, or whose row it is: never features.
const NOT_FEATURES: [&str; 5] = ["accepted", "id", "part", "features", "outcome"];

/// Learns from one list of answers and scores another. Without `progressive` the model does not learn from test rows, which are
/// taken for another business's: its careful expert speaks alone.
///
/// # Errors
/// A file cannot be read, or holds no answers; cancelled.
pub fn evaluate_offers(files: &OfferFiles, reporter: &dyn Reporter) -> Result<OfferReport, JobError> {
    let (train, unended) = answers(&files.train, files.part_train.as_deref())?;
    let (test, open) = answers(&files.test, files.part_test.as_deref())?;
    let learns_both = train.iter().any(|e| e.accepted) && train.iter().any(|e| !e.accepted);
    let mut online = OnlineOffers::default();
    for (at, example) in train.iter().enumerate() {
        if at % 4_096 == 0 {
            reporter.step(TRAINING, at as u64, train.len() as u64)?;
        }
        online.learn(example);
    }
    online.settle();
    let (mut said, mut base) = (Vec::new(), Vec::new());
    for example in &test {
        let model = online.model();
        let p = if files.progressive { model.probability(&example.features) } else { model.careful(&example.features) };
        said.push((p, example.accepted));
        base.push((model.base_rate(), example.accepted));
        if files.progressive {
            online.learn(example);
        }
    }
    Ok(OfferReport {
        auc: (has_both(&said) && (files.progressive || learns_both)).then(|| auc(&said)),
        log_loss: log_loss(&said),
        base_log_loss: log_loss(&base),
        ece: calibration_error(&said).unwrap_or_default(),
        n: said.len() as u64,
        shown: unended + open,
    })
}

/// The answers of a part, and how many of its rows have none.
fn answers(path: &Path, part: Option<&str>) -> Result<(Vec<OfferExample>, u64), JobError> {
    let rows = read(path, &["accepted"])?;
    let mine: Vec<Numbered> =
        rows.into_iter().filter(|(_, row)| part.is_none_or(|part| text(row, "part") == part)).collect();
    let all = mine.len();
    if all == 0 {
        return Err(fail(path, format!("has no row of the part `{}`", part.unwrap_or_default())));
    }
    let ended = mine.into_iter().filter(|(_, row)| text(row, "accepted") != "shown");
    let found = ended.map(|row| answer(path, row)).collect::<Result<Vec<OfferExample>, JobError>>()?;
    match found.is_empty() {
        true => Err(fail(path, "holds no answered offer: all were only shown".to_owned())),
        false => {
            let open = (all - found.len()) as u64;
            Ok((found, open))
        }
    }
}

/// `features` is an object, or a cell that holds one; without it every other column is an indicator, or a number where it is one.
fn answer(path: &Path, (at, row): Numbered) -> Result<OfferExample, JobError> {
    let wrong = |what: &str| fail(path, format!("row {at}: {what}"));
    let accepted = match row.get("accepted").and_then(number) {
        Some(0.0) => false,
        Some(1.0) => true,
        _ => match text(&row, "accepted") {
            "true" | "yes" | "accepted" => true,
            "false" | "no" | "declined" | "ignored" => false,
            _ => return Err(wrong("`accepted` is neither 0 nor 1, nor accepted, declined, ignored or shown")),
        },
    };
    let object = match row.get("features") {
        Some(Value::Object(object)) => Some(object.clone()),
        Some(Value::String(cell)) => {
            Some(serde_json::from_str(cell).map_err(|e| wrong(&format!("`features` is no object: {e}")))?)
        }
        Some(_) => return Err(wrong("`features` is no object")),
        None => None,
    };
    let features = match object {
        Some(object) => {
            let values: Vec<(String, f64)> = object
                .into_iter()
                .map(|(name, value)| match number(&value) {
                    Some(x) if x.abs() > LARGEST => Err(wrong(&format!("feature `{name}` is beyond {LARGEST:e}"))),
                    Some(x) => Ok((name, x)),
                    None => Err(wrong(&format!("feature `{name}` is no number"))),
                })
                .collect::<Result<_, JobError>>()?;
            OfferFeatures::new(values.iter().map(|(name, x)| (name.as_str(), *x)))
        }
        None => {
            let others = row.iter().filter(|(name, _)| !NOT_FEATURES.contains(&name.as_str()));
            let values: Vec<(String, f64)> = others
                .map(|(name, value)| match number(value) {
                    Some(x) if x.abs() > LARGEST => Err(wrong(&format!("`{name}` is beyond {LARGEST:e}"))),
                    Some(x) => Ok((name.clone(), x)),
                    None => Ok((format!("{name}={}", value.as_str().unwrap_or_default()), 1.0)),
                })
                .collect::<Result<_, JobError>>()?;
            OfferFeatures::new(values.iter().map(|(name, x)| (name.as_str(), *x)))
        }
    };
    Ok(OfferExample { features, accepted, group: at, weight: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;

    fn write(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    fn files(path: &Path, progressive: bool) -> OfferFiles {
        let part = |p: &str| Some(p.to_owned());
        let (train, test) = (path.to_owned(), path.to_owned());
        OfferFiles { train, test, part_train: part("dev"), part_test: part("test"), progressive }
    }

    #[test]
    fn json_lines_and_parts_are_read() {
        let row = |i: usize| {
            let (part, day) = (if i < 200 { "dev" } else { "test" }, i % 2);
            format!(
                "{{\"id\":\"{i}\",\"part\":\"{part}\",\"accepted\":{day},\"features\":{{\"day={day}\":1,\"turn\":0.5}}}}\n"
            )
        };
        let (_dir, path) = write("rows.jsonl", &(0..300).map(row).collect::<String>());
        for progressive in [false, true] {
            let report = evaluate_offers(&files(&path, progressive), &SilentReporter).unwrap();
            assert!(
                report.n == 100 && report.auc.is_some_and(|auc| auc > 0.99) && report.log_loss < report.base_log_loss,
                "{report:?}"
            );
        }
        let wrong = OfferFiles { part_test: Some("tset".into()), ..files(&path, false) };
        assert!(
            evaluate_offers(&wrong, &SilentReporter).unwrap_err().to_string().contains("no row of the part `tset`")
        );
    }

    #[test]
    fn a_table_has_features_in_its_columns() {
        let rows: String = (0..60).map(|i| format!("dev,{},{}\ntest,{},{}\n", i % 2, i % 2, i % 2, i % 2)).collect();
        let (_dir, path) = write("rows.csv", &format!("part,accepted,day\n{rows}"));
        let report = evaluate_offers(&files(&path, false), &SilentReporter).unwrap();
        assert!(report.auc.is_some_and(|auc| auc > 0.99), "{report:?}");
        let (_dir, path) = write("rows.csv", "part,accepted,day\ndev,0,1\ndev,1,0\ntest,1,0\ntest,1,1\n");
        let alike = evaluate_offers(&files(&path, false), &SilentReporter).unwrap();
        assert_eq!((alike.n, alike.auc), (2, None), "a yes alone is told from nothing");
        let (_dir, path) = write("rows.csv", "part,accepted,day\ndev,1,1\ndev,1,0\ntest,1,0\ntest,0,1\n");
        let untaught = evaluate_offers(&files(&path, false), &SilentReporter).unwrap();
        assert_eq!((untaught.n, untaught.auc), (2, None), "who heard a yes alone tells nobody from another");
        let (_dir, path) = write("rows.csv", "part,accepted,day\ndev,maybe,1\n");
        assert!(
            evaluate_offers(&files(&path, false), &SilentReporter).unwrap_err().to_string().contains("neither 0 nor 1")
        );
    }

    #[test]
    fn what_was_only_shown_is_left_out_and_no_feature_is_beyond_numbers() {
        let rows: String = (0..40).map(|i| format!("dev,{0}\ntest,{0}\n", ["ignored", "accepted"][i % 2])).collect();
        let (_dir, path) = write("rows.csv", &format!("part,accepted\n{rows}dev,shown\ntest,shown\n"));
        let report = evaluate_offers(&files(&path, false), &SilentReporter).unwrap();
        assert_eq!((report.n, report.shown), (40, 2));
        let (_dir, path) = write("rows.csv", "part,accepted,price\ndev,1,1e300\ntest,0,1\n");
        let said = evaluate_offers(&files(&path, false), &SilentReporter).unwrap_err().to_string();
        assert!(said.contains("`price` is beyond 1e18"), "{said}");
    }

    /// The floors of the public rows, where they lie beside the checkout.
    #[test]
    fn the_public_offers_keep_their_floors() {
        let path = Path::new("../shared/data/offers/sgd_offer_rows.jsonl.gz");
        if !path.exists() {
            eprintln!("{} is not there: left out", path.display());
            return;
        }
        let frozen = evaluate_offers(&files(path, false), &SilentReporter).unwrap();
        assert!(frozen.auc >= Some(0.615) && frozen.log_loss <= 0.586, "{frozen:?}");
        let online = evaluate_offers(&files(path, true), &SilentReporter).unwrap();
        assert!(online.auc >= Some(0.72) && online.log_loss <= 0.53 && online.ece <= 0.03, "{online:?}");
    }
}
