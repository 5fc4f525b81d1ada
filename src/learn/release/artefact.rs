//! A release as one piece of bytes: intent model and response table (rule 19).
//!
//! | what | type |
//! |---|---|
//! | magic `AIRL`, format version 1 | 4 bytes, u16 |
//! | SHA-256 of everything after it | 32 bytes |
//! | sections, to the end: tag, length packed, length unpacked, Zstandard data | 4 bytes, u64, u64, bytes |
//!
//! Sections: `INTN` the intent model ([`IntentModel::to_bytes`]), `RESP` the response table as JSON. A section that
//! this program does not know is an error: a release moves as a whole. What an external trainer left behind: `TRNR` its name and
//! whether it sees masked texts, as JSON, and `FILE` its files ([`Files::to_bytes`]).

use crate::base::bytes::{BytesError, Reader, Writer};
use crate::base::files::Files;
use crate::domain::IntentId;
use crate::learn::intent::IntentModel;
use crate::learn::responses::ResponseTable;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Read;

const MAGIC: &[u8; 4] = b"AIRL";
const VERSION: u16 = 1;
/// Where the digest starts, and where it ends.
const DIGEST: std::ops::Range<usize> = 6..38;
const INTENTS: &[u8; 4] = b"INTN";
const RESPONSES: &[u8; 4] = b"RESP";
const TRAINER: &[u8; 4] = b"TRNR";
const FILES: &[u8; 4] = b"FILE";
/// Zstandard's own default level.
const LEVEL: i32 = 3;
/// All sections together unpack to no more: about twenty times the largest model of 300 intents measured.
const MOST: u64 = 1 << 30;
/// A section of JSON unpacks to no more: read, it takes many times its bytes.
const MOST_JSON: u64 = 64 << 20;

/// What a release serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Artefact {
    /// Tells what the customer wants; `None` while there are no labels.
    pub intents: Option<IntentModel>,
    /// What to answer.
    pub responses: ResponseTable,
    /// What an external trainer made, where one did.
    pub external: Option<External>,
}

/// A model that only its trainer's program can use.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// Whose.
    pub about: TrainedBy,
    /// What it needs; empty where the trainer does not serve.
    pub files: Files,
}

/// Which external trainer made a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedBy {
    /// Its name in the configuration.
    pub trainer: String,
    /// It saw masked texts, and is asked masked texts.
    pub masked: bool,
    /// The intents it knows, under the names that it knows them by.
    pub intents: Vec<(String, IntentId)>,
}

impl Artefact {
    /// Nothing at all.
    pub fn empty() -> Self {
        Self { intents: None, responses: ResponseTable::default(), external: None }
    }

    /// The release as bytes; the same release always gives the same bytes.
    ///
    /// # Errors
    /// When memory for packing runs out.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut body = Writer::default();
        if let Some(model) = &self.intents {
            section(&mut body, INTENTS, &model.to_bytes())?;
        }
        section(&mut body, RESPONSES, &serde_json::to_vec(&self.responses)?)?;
        if let Some(external) = &self.external {
            section(&mut body, TRAINER, &serde_json::to_vec(&external.about)?)?;
            section(&mut body, FILES, &external.files.to_bytes())?;
        }
        let mut out = Writer::new(MAGIC, VERSION);
        out.list::<u8>(&Sha256::digest(&body.0));
        out.list(&body.0);
        Ok(out.0)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are no release, of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let mut r = Reader::new(bytes, MAGIC, VERSION, "a release")?;
        let digest = r.take(DIGEST.len())?;
        if Sha256::digest(&bytes[DIGEST.end..])[..] != *digest {
            return Err(BytesError::Damaged("the checksum differs"));
        }
        let (mut intents, mut responses, mut about, mut files) = (None, None, None, None);
        let mut room = MOST;
        while !r.is_empty() {
            let tag = r.take(4)?;
            let (packed, unpacked): (u64, u64) = (r.one()?, r.one()?);
            let packed = usize::try_from(packed).map_err(|_| BytesError::Damaged("a length is out of range"))?;
            let most = if [RESPONSES, TRAINER].iter().any(|t| tag == *t) { MOST_JSON.min(room) } else { room };
            let data = unpack(r.take(packed)?, unpacked, most)?;
            room -= unpacked;
            match tag {
                tag if tag == INTENTS => intents = Some(IntentModel::from_bytes(&data)?),
                tag if tag == RESPONSES => {
                    let table = serde_json::from_slice(&data).map_err(|_| BytesError::Damaged("responses"))?;
                    responses = Some(table);
                }
                tag if tag == TRAINER => {
                    let by = serde_json::from_slice(&data).map_err(|_| BytesError::Damaged("a trainer"))?;
                    about = Some(by);
                }
                tag if tag == FILES => files = Some(Files::from_bytes(&data)?),
                _ => return Err(BytesError::Damaged("an unknown section")),
            }
        }
        let external = about.zip(files).map(|(about, files)| External { about, files });
        Ok(Self { intents, responses: responses.ok_or(BytesError::Damaged("no responses"))?, external })
    }
}

/// The answers of a release alone: its model may be large.
///
/// # Errors
/// As [`Artefact::from_bytes`].
pub fn responses(bytes: &[u8]) -> Result<ResponseTable, BytesError> {
    let mut r = Reader::new(bytes, MAGIC, VERSION, "a release")?;
    r.take(DIGEST.len())?;
    while !r.is_empty() {
        let tag = r.take(4)?;
        let (packed, unpacked): (u64, u64) = (r.one()?, r.one()?);
        let packed = usize::try_from(packed).map_err(|_| BytesError::Damaged("a length is out of range"))?;
        let data = r.take(packed)?;
        if tag == RESPONSES {
            return serde_json::from_slice(&unpack(data, unpacked, MOST_JSON)?)
                .map_err(|_| BytesError::Damaged("responses"));
        }
    }
    Err(BytesError::Damaged("no responses"))
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The SHA-256 under which a release's bytes can be known, in hexadecimal. `None` for bytes too short for one.
pub fn digest(bytes: &[u8]) -> Option<String> {
    Some(bytes.get(DIGEST)?.iter().map(|b| format!("{b:02x}")).collect())
}

fn section(out: &mut Writer, tag: &[u8; 4], data: &[u8]) -> std::io::Result<()> {
    let packed = zstd::encode_all(data, LEVEL)?;
    out.list::<u8>(tag);
    out.list(&[packed.len() as u64, data.len() as u64]);
    out.list::<u8>(&packed);
    Ok(())
}

/// Unpacks exactly `length` bytes, growing as they come.
fn unpack(packed: &[u8], length: u64, most: u64) -> Result<Vec<u8>, BytesError> {
    let damaged = |_| BytesError::Damaged("a section does not unpack");
    if length > most {
        return Err(BytesError::Damaged("a section is too large"));
    }
    let mut data = Vec::new();
    zstd::Decoder::new(packed).map_err(damaged)?.take(length + 1).read_to_end(&mut data).map_err(damaged)?;
    if data.len() as u64 == length { Ok(data) } else { Err(BytesError::Damaged("a section has another length")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;
    use crate::domain::Silent;
    use crate::learn::intent::{Example, Recipe, train};
    use crate::learn::responses::{Answered, NonAnswers, Rules, build};

    fn artefact() -> Artefact {
        let example =
            |i: i64, text: &str| Example { text: text.into(), intent: IntentId(i), group: i as u64, weight: 1.0 };
        let examples = [example(1, "where is my order"), example(2, "refund me"), example(1, "my order is late")];
        let response = "On its way — «σύντομα».";
        let answer =
            Answered { intent: IntentId(1), response, corrected: None, language: "en", corrected_language: "" };
        let model = train(&examples, &Recipe::plain(1), &Silent).unwrap().model;
        Artefact {
            intents: Some(model),
            responses: build(std::iter::once(answer), Rules::ByLanguage, &NonAnswers::default()),
            external: None,
        }
    }

    #[test]
    fn a_release_survives_bytes_and_damage_is_noticed() {
        let release = artefact();
        let bytes = release.to_bytes().unwrap();
        assert_eq!(Artefact::from_bytes(&bytes).unwrap(), release);
        assert_eq!(bytes, artefact().to_bytes().unwrap());
        assert_eq!(responses(&bytes), Ok(release.responses.clone()));
        assert_eq!(digest(&bytes).map(|d| d.len()), Some(64));
        let empty = Artefact { intents: None, responses: ResponseTable::default(), external: None };
        assert_eq!(Artefact::from_bytes(&empty.to_bytes().unwrap()).unwrap(), empty);
        let files = Files::new(vec![("model.bin".into(), vec![7; 1_000])]).unwrap();
        let about = TrainedBy { trainer: "sklearn".into(), masked: true, intents: vec![("a".into(), IntentId(3))] };
        let external = Artefact { external: Some(External { about, files }), ..empty };
        assert_eq!(Artefact::from_bytes(&external.to_bytes().unwrap()).unwrap(), external);
        let mut rng = Rng::new(3);
        for _ in 0..300 {
            let mut bad = bytes.clone();
            let at = rng.below(bad.len());
            bad[at] ^= 1 + rng.below(255) as u8;
            assert!(Artefact::from_bytes(&bad).is_err(), "byte {at}");
            bad.truncate(at);
            assert!(Artefact::from_bytes(&bad).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_release_of_the_first_format_answers_as_it_did() {
        // Written by the program before vectors; the confidences are what it answered.
        let release = Artefact::from_bytes(include_bytes!("../version1.airl")).unwrap();
        assert_eq!(release.responses.rules(), crate::learn::responses::Rules::ByIntent);
        let model = release.intents.unwrap();
        for (text, confidence) in [("is my refund late", 0.522_311), ("where is it", 0.996_129_4)] {
            let guess = model.predict(text);
            assert!((guess.best().unwrap().1 - confidence).abs() < 1e-5, "{guess:?}");
            assert_eq!((guess.out_of_scope, model.needs()), (false, None));
        }
        assert_eq!(IntentModel::from_bytes(&model.to_bytes()), Ok(model));
    }

    #[test]
    fn a_section_that_lies_about_its_length_is_refused() {
        let packed = zstd::encode_all(&[0u8; 1_000_000][..], LEVEL).unwrap();
        assert!(unpack(&packed, 10, MOST).is_err());
        assert!(unpack(&packed, 1_000_001, MOST).is_err());
        assert!(unpack(&packed, u64::MAX, MOST).is_err());
        assert_eq!(unpack(&packed, 1_000_000, MOST).map(|d| d.len()), Ok(1_000_000));
    }

    #[test]
    fn sections_that_would_fill_the_memory_are_refused_before_they_do() {
        let release = |sections: &[(&[u8; 4], u64)]| {
            let packed = zstd::encode_all(&[0u8; 1_000][..], LEVEL).unwrap();
            let mut body = Writer::default();
            for (tag, length) in sections {
                body.list::<u8>(&tag[..]);
                body.list(&[packed.len() as u64, *length]);
                body.list::<u8>(&packed);
            }
            let mut out = Writer::new(MAGIC, VERSION);
            out.list::<u8>(&Sha256::digest(&body.0));
            out.list(&body.0);
            Artefact::from_bytes(&out.0).unwrap_err().to_string()
        };
        assert!(release(&[(RESPONSES, MOST_JSON + 1)]).contains("too large"));
        assert!(release(&[(INTENTS, MOST + 1)]).contains("too large"));
        assert!(release(&[(RESPONSES, 1_000)]).contains("responses"), "within the bounds it is read");
    }
}
