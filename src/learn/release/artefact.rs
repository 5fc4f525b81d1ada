//! A release as one piece of bytes (rule 19).
//!
//! | what | type |
//! |---|---|
//! | magic `AIRL`, format version 1 | 4 bytes, u16 |
//! | SHA-256 of everything after it | 32 bytes |
//! | sections, to the end: tag, length packed, length unpacked, Zstandard data | 4 bytes, u64, u64, bytes |
//!
//! What is a [`Section`](crate::learn::contract::Section), in this order: the intent model, the response table, what tells how
//! customers feel, what says whether they take an offer, what an external trainer left behind (its name, its files). A section that this program does not know is an error: a release moves as a whole.

use super::external::External;
use super::sections::{Sections, write};
use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::learn::intent::IntentModel;
use crate::learn::offers::OfferModel;
use crate::learn::responses::ResponseTable;
use crate::learn::sentiment::SentimentModel;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 4] = b"AIRL";
const VERSION: u16 = 1;
/// Where the digest starts, and where it ends.
const DIGEST: std::ops::Range<usize> = 6..38;

/// What a release serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Artefact {
    /// Tells what the customer wants; `None` while there are no labels.
    pub intents: Option<IntentModel>,
    /// What to answer.
    pub responses: ResponseTable,
    /// What an external trainer made, where one did.
    pub external: Option<External>,
    /// What is learnt by itself, and carried from release to release.
    pub learned: LearnedSections,
}

/// Sections that are learnt without anybody's labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearnedSections {
    /// Tells how a customer feels.
    pub sentiment: Option<SentimentModel>,
    /// Says how probable it is that an offer is taken.
    pub offers: Option<OfferModel>,
}

impl LearnedSections {
    /// Whether nothing was learnt.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Artefact {
    /// Nothing at all.
    pub fn empty() -> Self {
        Self { intents: None, responses: ResponseTable::default(), external: None, learned: LearnedSections::default() }
    }

    /// The release as bytes; the same release always gives the same bytes.
    ///
    /// # Errors
    /// When memory for packing runs out.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut body = ByteWriter::default();
        if let Some(model) = &self.intents {
            write(&mut body, model)?;
        }
        write(&mut body, &self.responses)?;
        if let Some(model) = &self.learned.sentiment {
            write(&mut body, model)?;
        }
        if let Some(model) = &self.learned.offers {
            write(&mut body, model)?;
        }
        if let Some(External { about, files }) = &self.external {
            write(&mut body, about)?;
            write(&mut body, files)?;
        }
        let mut out = ByteWriter::new(MAGIC, VERSION);
        out.list::<u8>(&Sha256::digest(&body.0));
        out.list(&body.0);
        Ok(out.0)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are no release, of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let mut r = ByteReader::new(bytes, MAGIC, VERSION, "a release")?;
        let digest = r.take(DIGEST.len())?;
        if Sha256::digest(&bytes[DIGEST.end..])[..] != *digest {
            return Err(BytesError::Damaged("the checksum differs"));
        }
        let mut sections = Sections::of(r)?;
        let read = Self {
            intents: sections.take()?,
            responses: sections.take()?.ok_or(BytesError::Damaged("no responses"))?,
            learned: LearnedSections { sentiment: sections.take()?, offers: sections.take()? },
            external: sections.take()?.zip(sections.take()?).map(|(about, files)| External { about, files }),
        };
        sections.end()?;
        Ok(read)
    }
}

/// The answers of a release alone: its model may be large.
///
/// # Errors
/// As [`Artefact::from_bytes`].
pub fn responses(bytes: &[u8]) -> Result<ResponseTable, BytesError> {
    let mut r = ByteReader::new(bytes, MAGIC, VERSION, "a release")?;
    r.take(DIGEST.len())?;
    Sections::of(r)?.take()?.ok_or(BytesError::Damaged("no responses"))
}

/// The sections that were learnt without anybody's labels, alone.
///
/// # Errors
/// As [`Artefact::from_bytes`].
pub fn learned(bytes: &[u8]) -> Result<LearnedSections, BytesError> {
    let mut r = ByteReader::new(bytes, MAGIC, VERSION, "a release")?;
    r.take(DIGEST.len())?;
    let mut sections = Sections::of(r)?;
    Ok(LearnedSections { sentiment: sections.take()?, offers: sections.take()? })
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The SHA-256 under which a release's bytes can be known, in hexadecimal. `None` for bytes too short for one.
pub fn digest(bytes: &[u8]) -> Option<String> {
    Some(bytes.get(DIGEST)?.iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::files::FileListing;
    use crate::base::rng::Rng;
    use crate::domain::{IntentId, SilentReporter};
    use crate::learn::contract::{Fitted, LearnerRecipe, Predict, Section, Tag};
    use crate::learn::intent::{IntentExample, IntentRecipe};
    use crate::learn::release::external::TrainedBy;
    use crate::learn::responses::{ResponseExample, ResponseRecipe, ResponseRules};

    fn artefact() -> Artefact {
        let example =
            |i: i64, text: &str| IntentExample { text: text.into(), intent: IntentId(i), group: i as u64, weight: 1.0 };
        let examples = [example(1, "where is my order"), example(2, "refund me"), example(1, "my order is late")];
        let response = "On its way — «σύντομα».";
        let answer = ResponseExample {
            intent: IntentId(1),
            group: 1,
            response,
            corrected: None,
            language: "en",
            corrected_language: "",
            asked_language: "en",
            asked: None,
            resolved: false,
        };
        let model = IntentRecipe::plain(1).fit(&examples, &SilentReporter).unwrap().model;
        Artefact {
            intents: Some(model),
            responses: ResponseRecipe::default().fit(&[answer], &SilentReporter).unwrap().into_model(),
            external: None,
            learned: LearnedSections::default(),
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
        let empty = Artefact::empty();
        assert_eq!(Artefact::from_bytes(&empty.to_bytes().unwrap()).unwrap(), empty);
        let files = FileListing::new(vec![("model.bin".into(), vec![7; 1_000])]).unwrap();
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
        let release = Artefact::from_bytes(include_bytes!("version1.airl")).unwrap();
        assert_eq!(release.responses.rules(), ResponseRules::ByIntent);
        let model = release.intents.unwrap();
        for (text, confidence) in [("is my refund late", 0.522_311), ("where is it", 0.996_129_4)] {
            let guess = model.predict(text);
            assert!((guess.best().unwrap().1 - confidence).abs() < 1e-5, "{guess:?}");
            assert_eq!((guess.out_of_scope, model.needs()), (false, None));
        }
        assert_eq!(IntentModel::from_bytes(&model.to_bytes().unwrap()), Ok(model));
    }

    #[test]
    fn a_release_of_today_is_read_and_written_as_the_same_bytes() {
        // Written by the program when learners had no contract yet. Another version of Zstandard may pack otherwise: then releases are
        // not made again byte for byte either, and `models verify` says which parts differ.
        let bytes = include_bytes!("version2.airl");
        let release = Artefact::from_bytes(bytes).unwrap();
        assert_eq!(release.to_bytes().unwrap(), bytes);
        let model = release.intents.unwrap();
        let guess = model.predict("where is my order");
        assert!((guess.best().unwrap().1 - 0.999_868_75).abs() < 1e-5, "{guess:?}");
        assert_eq!(release.responses.rules(), ResponseRules::ByLanguage);
        assert_eq!(release.responses.iter().count(), 2);
    }

    #[test]
    fn sections_that_would_fill_the_memory_are_refused_before_they_do() {
        let release = |sections: &[(Tag, u64)]| {
            let packed = zstd::encode_all(&[0u8; 1_000][..], 3).unwrap();
            let mut body = ByteWriter::default();
            for (tag, length) in sections {
                body.list::<u8>(&tag[..]);
                body.list(&[packed.len() as u64, *length]);
                body.list::<u8>(&packed);
            }
            let mut out = ByteWriter::new(MAGIC, VERSION);
            out.list::<u8>(&Sha256::digest(&body.0));
            out.list(&body.0);
            Artefact::from_bytes(&out.0).unwrap_err().to_string()
        };
        assert!(release(&[(ResponseTable::TAG, ResponseTable::MOST + 1)]).contains("too large"));
        assert!(release(&[(IntentModel::TAG, IntentModel::MOST + 1)]).contains("too large"));
        assert!(release(&[(ResponseTable::TAG, 1_000)]).contains("responses"), "within the bounds it is read");
    }
}
