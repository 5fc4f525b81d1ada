//! What a release is stored as. The first byte says what the rest is: a model, files, answers, a release with the digest made
//! right, sections that are packed here, or numbers of which a model is made. What must hold, beside that nothing panics and that
//! memory stays within a few times the input (limits in `run.sh`):
//!
//! - what loads predicts, with finite confidences that rank and add up to no more than 1;
//! - what loads is written as bytes that load as the same;
//! - the answers of a release read alone are those of the whole.

#![no_main]

use appraise::base::bytes::ByteWriter;
use appraise::base::files::FileListing;
use appraise::domain::IntentId;
use appraise::learn::contract::{ExplainedModel, Predict, Section};
use appraise::learn::intent::IntentModel;
use appraise::learn::release::artefact::{Artefact, digest, responses};
use appraise::learn::responses::{ResponseQuestion, ResponseRules, ResponseTable};
use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

const TEXTS: [&str; 5] =
    ["where is my order", "", "πού είναι η παραγγελία μου;", "🙂 …", "a\u{301}\0 refund refund refund"];
/// What a model holds at most here: larger ones are the same, only slower.
const LARGEST: u32 = 12;

fuzz_target!(|input: &[u8]| {
    let Some((&kind, rest)) = input.split_first() else { return };
    match kind % 6 {
        0 => model(rest),
        1 => files(rest),
        2 => answers(rest),
        3 => release(rest),
        4 => release(&sections(rest)),
        _ => {
            if let Ok(parts) = Parts::arbitrary(&mut Unstructured::new(rest)) {
                model(&parts.bytes());
            }
        }
    }
});

fn model(bytes: &[u8]) {
    if let Ok(model) = IntentModel::from_bytes(bytes) {
        assert_eq!(IntentModel::from_bytes(&model.to_bytes().expect("memory")).as_ref(), Ok(&model));
        predicts(&model);
    }
}

fn predicts(model: &IntentModel) {
    let together = model.predict_batch(&TEXTS);
    for (text, batch) in TEXTS.iter().zip(together) {
        let alone = model.predict(text);
        assert_eq!(alone, batch);
        let sum: f32 = alone.ranking.iter().map(|(_, confidence)| confidence).sum();
        assert!((0.0..=1.001).contains(&sum), "{text}: {alone:?}");
        assert!(alone.ranking.windows(2).all(|w| w[0].1 >= w[1].1), "{text}: {alone:?}");
        assert!(alone.margin.is_finite() && alone.score.is_finite(), "{text}: {alone:?}");
        assert!(alone.ranking.iter().all(|(intent, _)| model.intents().contains(intent)));
    }
}

fn files(bytes: &[u8]) {
    if let Ok(files) = FileListing::from_bytes(bytes) {
        assert_eq!(FileListing::from_bytes(&files.to_bytes()), Ok(files.clone()));
        for (path, _) in files.iter() {
            assert!(!path.starts_with('/') && !path.split('/').any(|part| matches!(part, "" | "." | "..")), "{path:?}");
        }
    }
}

fn answers(bytes: &[u8]) {
    if let Ok(table) = ResponseTable::from_bytes(bytes) {
        assert_eq!(ResponseTable::from_bytes(&table.to_bytes().expect("memory")).as_ref(), Ok(&table));
        said(&table);
    }
}

fn said(table: &ResponseTable) {
    for (intent, spoken) in table.iter() {
        for language in ["", "en", "el", &spoken.lang] {
            let given = table.predict(ResponseQuestion { intent, language, asked: "" });
            // Where accepted answers differ by situation nobody may have one, nor by the newest rules who writes in another language.
            let may_be_none = table.rules() >= ResponseRules::ByMost || table.iter().any(|(_, s)| s.accepted.is_some());
            assert!(given.is_some() || may_be_none);
        }
        spoken.response.is_personal(table.rules());
    }
    let same = table.under(|intent| intent);
    assert!(same.iter().all(|(intent, spoken)| table.explain(intent).contains(spoken)));
    let merged = table.under(|_| IntentId(0));
    assert!(merged.iter().all(|(intent, _)| intent == IntentId(0)));
}

/// What stands behind the digest of a release.
fn release(body: &[u8]) {
    let mut out = ByteWriter::new(b"AIRL", 1);
    out.list::<u8>(&Sha256::digest(body));
    out.list(body);
    let loaded = Artefact::from_bytes(&out.0);
    let alone = responses(&out.0);
    assert_eq!(digest(&out.0).map(|d| d.len()), Some(64));
    let Ok(artefact) = loaded else { return };
    assert_eq!(alone.as_ref(), Ok(&artefact.responses));
    let bytes = artefact.to_bytes().expect("memory");
    assert_eq!(Artefact::from_bytes(&bytes).as_ref(), Ok(&artefact));
    assert_eq!(responses(&bytes).as_ref(), Ok(&artefact.responses));
    said(&artefact.responses);
    artefact.intents.iter().for_each(predicts);
}

/// Sections out of a list of: a byte for the tag, two for the length, and the data, which is packed.
fn sections(mut rest: &[u8]) -> Vec<u8> {
    let mut body = ByteWriter::default();
    while let Some((&[tag, low, high], data)) = rest.split_first_chunk::<3>() {
        let (data, after) = data.split_at(data.len().min(usize::from(u16::from_le_bytes([low, high]))));
        let packed = zstd::encode_all(data, 1).expect("memory");
        body.list::<u8>([b"INTN", b"RESP", b"TRNR", b"FILE", b"NEWS"][usize::from(tag) % 5]);
        body.list(&[packed.len() as u64, data.len() as u64]);
        body.list::<u8>(&packed);
        rest = after;
    }
    body.0
}

/// A model whose lengths fit, with any numbers in it.
#[derive(Arbitrary, Debug)]
struct Parts {
    first_version: bool,
    classes: u8,
    words: u8,
    chars: u8,
    texts: u64,
    /// Whether it has vectors: those of the table that is built in, where its width is right.
    vectors: Option<bool>,
    numbers: Vec<f32>,
    keys: Vec<u32>,
    levels: Vec<i8>,
    reserved: Option<i64>,
}

impl Parts {
    fn bytes(&self) -> Vec<u8> {
        let [classes, words, chars] = [self.classes, self.words, self.chars].map(|n| u32::from(n) % LARGEST);
        let mut numbers = self.numbers.iter().copied().chain(std::iter::repeat(0.5));
        let mut keys = self.keys.iter().copied().chain(1..);
        let mut levels = self.levels.iter().copied().chain(std::iter::repeat(1));
        let mut floats = |n: u32| -> Vec<f32> { numbers.by_ref().take(n as usize).collect() };
        let mut out = ByteWriter::new(b"AIIM", if self.first_version { 1 } else { 2 });
        out.list(&[classes, words, chars]);
        out.one(self.texts);
        let table = appraise::learn::vectors::table::VectorTable::built_in();
        let (key, width) = match self.vectors.filter(|_| !self.first_version) {
            None => (String::new(), 0),
            Some(true) => {
                use appraise::learn::vectors::embed::Embedder;
                (table.key().to_owned(), table.width() as u32)
            }
            Some(false) => ("encoder".to_owned(), 3),
        };
        if self.first_version {
            out.list(&floats(2));
        } else {
            out.list(&[width, key.len() as u32]);
            out.list(&floats(4));
            out.one(self.reserved.unwrap_or(i64::MIN));
            out.list(key.as_bytes());
        }
        (0..classes).for_each(|class| out.one(i64::from(class) + 1));
        out.list(&floats(2 * classes));
        for n in [words, words, chars, chars] {
            out.list(&keys.by_ref().take(n as usize).collect::<Vec<u32>>());
        }
        let mut row = |n: u32| levels.by_ref().take((n * classes) as usize).collect::<Vec<i8>>();
        out.list(&row(words + chars));
        if width > 0 {
            out.list(&floats(2 * classes));
            out.list(&row(width));
        }
        out.0
    }
}
