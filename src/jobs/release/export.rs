//! A release as a directory that anybody can read without this program.

use crate::base::npy::Array;
use crate::disk::{InputFiles, NewFolder};
use crate::domain::{ReleaseId, Reporter};
use crate::jobs::JobError;
use crate::learn::contract::ExplainedModel;
use crate::learn::responses::{IntentResponse, LanguageAnswer};
use crate::learn::vectors::built_in;
use crate::learn::vectors::grams::GramRules;
use crate::learn::vectors::table::{ArrayNames, VectorTable};
use crate::store::Store;
use crate::text::greek::latin_weights;
use crate::text::redact;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the directory says about itself, and a program that reads it.
const README: &str = include_str!("../../../assets/model/README.md");
const READER: &str = include_str!("../../../assets/model/read_model.py");
/// What the directory says it is.
const NAME: &str = "appraise-model";
/// Changes when what is written changes.
/// The number of the format: 1 for a model that reads texts as they are written, 2 for one that reads Greek by its sound.
fn format_of(rules: GramRules) -> u32 {
    rules as u32
}
const ENGLISH: ArrayNames =
    ["piece_rows", "piece_scales", "hidden_bias", "in_weights", "in_scales", "out_weights", "out_scales"];
const GREEK: ArrayNames = [
    "greek_piece_rows",
    "greek_piece_scales",
    "greek_hidden_bias",
    "greek_in_weights",
    "greek_in_scales",
    "greek_out_weights",
    "greek_out_scales",
];

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExportReport {
    /// Which release.
    pub release: ReleaseId,
    /// The directory.
    pub out: PathBuf,
    /// SHA-256 of the release's artefact in the store.
    pub sha256: String,
    /// Its files.
    pub files: Vec<String>,
    /// Their bytes.
    pub bytes: u64,
    /// The encoder that a reader has to bring, where the release was trained with one.
    pub needs_encoder: Option<String>,
}

/// What the directory is called until it is complete.
const PART: &str = ".appraise-model-";

/// Writes the model of a release into a directory: arrays as `.npy`, everything else as JSON, the format's description and a
/// reader. Responses are masked unless `reveal`. The directory appears when it is complete; with `force` it replaces one that
/// an export wrote.
///
/// # Errors
/// The release was made outside, or has no model; the directory is there already or cannot be written; cancelled.
pub fn export_model(
    store: &Store,
    release: ReleaseId,
    out: &Path,
    reveal: bool,
    force: bool,
    reporter: &dyn Reporter,
) -> Result<ExportReport, JobError> {
    let inputs = InputFiles::default().store(store.path());
    let folder = NewFolder::begin(out, PART, force.then_some(is_export), &inputs)?;
    let files = files(store, release, reveal, reporter)?;
    for (name, bytes) in &files.written {
        reporter.step("write", 0, 0)?;
        folder.write(name, bytes)?;
    }
    folder.keep()?;
    Ok(ExportReport {
        release,
        out: out.to_owned(),
        sha256: store.release(release)?.sha256,
        bytes: files.written.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
        files: files.written.into_iter().map(|(name, _)| name).collect(),
        needs_encoder: files.encoder,
    })
}

/// Whether an export wrote a directory: its `model.json` says so.
fn is_export(dir: &Path) -> bool {
    let about = std::fs::read(dir.join("model.json")).ok().and_then(|b| serde_json::from_slice::<Value>(&b).ok());
    about.is_some_and(|about| about["format"] == NAME)
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

struct ExportFiles {
    written: Vec<(String, Vec<u8>)>,
    encoder: Option<String>,
}

fn files(store: &Store, release: ReleaseId, reveal: bool, reporter: &dyn Reporter) -> Result<ExportFiles, JobError> {
    reporter.step("read", 0, 0)?;
    let row = store.release(release)?;
    let artefact = store.artefact(release)?;
    let Some(model) = artefact.intents.as_ref() else {
        return Err(JobError::NotThisRelease(match store.made_by(release)? {
            Some(who) => format!("v{} was made outside, by {who}: its model is not here", release.0),
            None => format!(
                "v{} tells no intents: it {} alone, and an export holds intents and their answers, not what sentiment and offers learn",
                release.0, row.recipe
            ),
        }));
    };
    let names = store.intent_names()?;
    let (kind, key) = match model.embedder_key() {
        None => ("none", None),
        Some(key) if key == built_in::by_rules(model.rules()).key() => ("built-in", Some(key)),
        Some(key) => ("encoder", Some(key)),
    };
    let intents: Vec<Value> =
        model.intents().iter().map(|&i| json!({"id": i, "name": names.name(names.today(i))})).collect();
    let about = json!({
        "format": NAME, "format_version": format_of(model.rules()), "program": format!("appraise {}", env!("CARGO_PKG_VERSION")),
        "release": release, "sha256": row.sha256, "trained_at": row.at, "trained_on": row.trained_on, "recipe": row.recipe,
        "seed": row.seed, "answer_rules": artefact.responses.rules() as u32, "vectors": {"kind": kind, "key": key}, "intents": intents, "figures": model.figures(),
    });
    // The reader has the vectors of the model's own edition; answers by nearest request are always by those of today.
    let by_case = built_in::by_rules(model.rules()).key() == built_in::built_in().key()
        && artefact.responses.iter().any(|(_, s)| s.accepted.is_some());
    let shown = |text: &str| if reveal { text.to_owned() } else { redact(text).into_owned() };
    let mut responses: BTreeMap<String, Value> = BTreeMap::new();
    for &i in model.intents() {
        let said = artefact.responses.explain(i);
        if let Some(first) = said.first() {
            let one =
                |r: &IntentResponse| json!({"text": shown(&r.text), "from": r.from, "count": r.count, "of": r.of});
            let mut answer = one(&first.response);
            let spoken = |s: &LanguageAnswer| {
                let mut spoken = one(&s.response);
                if let Some(accepted) = s.accepted.as_ref().filter(|_| by_case) {
                    let texts: Vec<String> = accepted.answers().iter().map(|a| shown(&a.response.text)).collect();
                    spoken["accepted"] = json!({"answers": texts, "least": accepted.least(), "lead": accepted.lead(), "cases": accepted.cases()});
                }
                (s.lang.clone(), spoken)
            };
            answer["languages"] = said.iter().map(spoken).collect::<Map<_, _>>().into();
            responses.insert(names.name(names.today(i)), answer);
        }
    }
    let mut written = vec![
        ("README.md".to_owned(), README.as_bytes().to_vec()),
        ("read_model.py".to_owned(), READER.as_bytes().to_vec()),
        ("model.json".to_owned(), pretty(&about)),
        ("responses.json".to_owned(), pretty(&json!(responses))),
    ];
    let mut arrays = model.arrays();
    let tables = kind == "built-in" || by_case;
    if tables {
        let table = VectorTable::built_in();
        written.push(("pieces.txt".to_owned(), table.piece_lines().into_bytes()));
        arrays.extend(table.arrays(ENGLISH));
    }
    if let Some(edition) = model.rules().greek() {
        let (bias, weights) = latin_weights(edition);
        arrays.extend([Array::floats("latin_greek_bias", &[bias]), Array::levels("latin_greek_weights", weights, 1)]);
        if tables {
            let table = VectorTable::greek();
            written.push(("greek_pieces.txt".to_owned(), table.piece_lines().into_bytes()));
            arrays.extend(table.arrays(GREEK));
        }
    }
    written.extend(arrays.iter().map(|a| (format!("{}.npy", a.name), a.to_bytes())));
    Ok(ExportFiles { written, encoder: key.filter(|_| kind == "encoder").map(str::to_owned) })
}
