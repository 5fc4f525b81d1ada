//! A release as a directory that anybody can read without this program.

use crate::base::npy::Array;
use crate::disk::{InputFiles, NewFolder};
use crate::domain::{ReleaseId, Reporter};
use crate::jobs::JobError;
use crate::learn::contract::ExplainedModel;
use crate::learn::offers::OfferModel;
use crate::learn::release::artefact::LearnedSections;
use crate::learn::responses::{IntentResponse, LanguageAnswer};
use crate::learn::sentiment::SentimentModel;
use crate::learn::vectors::built_in;
use crate::learn::vectors::grams::GramRules;
use crate::learn::vectors::table::{ArrayNames, VectorTable};
use crate::store::{LearnerKind, Store};
use crate::text::greek::{Edition, latin_weights};
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
const PROGRAM: &str = concat!("appraise ", env!("CARGO_PKG_VERSION"));
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
    let (learned, by_itself) = (learned(store, &artefact.learned)?, learned_arrays(&artefact.learned));
    let Some(model) = artefact.intents.as_ref() else {
        if let Some(who) = store.made_by(release)? {
            return Err(JobError::NotThisRelease(format!(
                "v{} was made outside, by {who}: its model is not here",
                release.0
            )));
        }
        let mut about = json!({
            "format": NAME, "format_version": format_of(GramRules::default()), "program": PROGRAM, "release": release,
            "sha256": row.sha256, "trained_at": row.at, "trained_on": row.trained_on, "recipe": row.recipe, "seed": row.seed,
            "intents": [],
        });
        about.as_object_mut().into_iter().for_each(|about| about.extend(learned.clone()));
        let mut written = described(&about);
        let mut arrays = by_itself;
        if let Some(sentiment) = &artefact.learned.sentiment {
            arrays.extend(latin_greek(sentiment.greek()));
            arrays.extend(english(&mut written));
        }
        written.extend(files_of(&arrays));
        return Ok(ExportFiles { written, encoder: None });
    };
    let names = store.intent_names()?;
    let (kind, key) = match model.embedder_key() {
        None => ("none", None),
        Some(key) if key == built_in::by_rules(model.rules()).key() => ("built-in", Some(key)),
        Some(key) => ("encoder", Some(key)),
    };
    let intents: Vec<Value> =
        model.intents().iter().map(|&i| json!({"id": i, "name": names.name(names.today(i))})).collect();
    let mut about = json!({
        "format": NAME, "format_version": format_of(model.rules()), "program": PROGRAM,
        "release": release, "sha256": row.sha256, "trained_at": row.at, "trained_on": row.trained_on, "recipe": row.recipe,
        "seed": row.seed, "answer_rules": artefact.responses.rules() as u32, "vectors": {"kind": kind, "key": key}, "intents": intents, "figures": model.figures(),
    });
    about.as_object_mut().into_iter().for_each(|about| about.extend(learned.clone()));
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
                    spoken["accepted"] = json!({"answers": texts, "least": accepted.least(), "lead": accepted.lead(), "few": accepted.is_few(), "cases": accepted.cases()});
                }
                (s.lang.clone(), spoken)
            };
            answer["languages"] = said.iter().map(spoken).collect::<Map<_, _>>().into();
            responses.insert(names.name(names.today(i)), answer);
        }
    }
    let mut written = described(&about);
    written.push(("responses.json".to_owned(), pretty(&json!(responses))));
    let mut arrays = model.arrays();
    arrays.extend(by_itself);
    let tables = kind == "built-in" || by_case || artefact.learned.sentiment.is_some();
    if tables {
        arrays.extend(english(&mut written));
    }
    arrays.extend(latin_greek(model.rules().greek()));
    if tables && model.rules().greek().is_some() {
        let table = VectorTable::greek();
        written.push(("greek_pieces.txt".to_owned(), table.piece_lines().into_bytes()));
        arrays.extend(table.arrays(GREEK));
    }
    written.extend(files_of(&arrays));
    Ok(ExportFiles { written, encoder: key.filter(|_| kind == "encoder").map(str::to_owned) })
}

/// What every export holds.
fn described(about: &Value) -> Vec<(String, Vec<u8>)> {
    vec![
        ("README.md".to_owned(), README.as_bytes().to_vec()),
        ("read_model.py".to_owned(), READER.as_bytes().to_vec()),
        ("model.json".to_owned(), pretty(about)),
    ]
}

/// The built-in vectors of words that are not Greek; their pieces are a file of lines.
fn english(written: &mut Vec<(String, Vec<u8>)>) -> Vec<Array> {
    let table = VectorTable::built_in();
    written.push(("pieces.txt".to_owned(), table.piece_lines().into_bytes()));
    table.arrays(ENGLISH)
}

/// What tells Greek in Latin letters, where Greek is read by its sound.
fn latin_greek(edition: Option<Edition>) -> Vec<Array> {
    let of = |edition| {
        let (bias, weights) = latin_weights(edition);
        vec![Array::floats("latin_greek_bias", &[bias]), Array::levels("latin_greek_weights", weights, 1)]
    };
    edition.map(of).unwrap_or_default()
}

fn files_of(arrays: &[Array]) -> impl Iterator<Item = (String, Vec<u8>)> {
    arrays.iter().map(|a| (format!("{}.npy", a.name), a.to_bytes()))
}

/// What a release has learnt by itself, under keys of its own; the chances that were given to customers who rated stand with what was learnt
/// of how customers feel.
fn learned(store: &Store, sections: &LearnedSections) -> Result<Map<String, Value>, JobError> {
    let mut out = Map::new();
    if let Some(sentiment) = &sections.sentiment {
        let mut about = sentiment.described();
        for row in store.learned_by(LearnerKind::Sentiment)? {
            if store.learned_sections(row.release)?.sentiment.as_ref() == Some(sentiment) {
                about["chances"] = json!(row.report.ends);
                break;
            }
        }
        out.insert("sentiment".to_owned(), about);
    }
    if let Some(offers) = &sections.offers {
        let mut about = offers.described();
        about["chances_told"] = json!(store.offer_chances(&store.known_offers(offers)?)?.are_told());
        out.insert("offers".to_owned(), about);
    }
    Ok(out)
}

fn learned_arrays(sections: &LearnedSections) -> Vec<Array> {
    let sentiment = sections.sentiment.iter().flat_map(SentimentModel::arrays);
    sentiment.chain(sections.offers.iter().flat_map(OfferModel::arrays)).collect()
}
