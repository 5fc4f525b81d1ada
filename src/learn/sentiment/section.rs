//! The sentiment classifier as a section of a release.

use super::CLASSES;
use super::features::TurnBlocks;
use super::model::SentimentModel;
use super::rules::SentimentRules;
use super::signs::SIGNS;
use super::vote::Vote;
use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::learn::contract::{Section, Tag};
use crate::learn::solver::sparse_softmax::SparseSoftmax;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::{MAX_FEATURES, Vocabulary};
use crate::learn::vectors::table::VectorTable;

const MAGIC: &[u8; 4] = b"APSE";
const NEWEST: u16 = SentimentRules::Counted.version();

fn put_vocabulary(w: &mut ByteWriter, vocabulary: &Vocabulary) {
    w.one(vocabulary.texts());
    for (keys, df) in vocabulary.blocks() {
        w.one(keys.len() as u32);
        w.list(keys);
        w.list(df);
    }
}

fn get_vocabulary(r: &mut ByteReader) -> Result<Vocabulary, BytesError> {
    let texts = r.one()?;
    let mut block = || {
        let n = r.one::<u32>()? as usize;
        if n > MAX_FEATURES {
            return Err(BytesError::Damaged("a vocabulary is too large"));
        }
        Ok((r.list(n)?, r.list(n)?))
    };
    Ok(Vocabulary::from_parts(texts, [block()?, block()?]))
}

/// Its meanings are those of one table of vectors, which it names.
impl Section for SentimentModel {
    const TAG: Tag = *b"SENT";
    const MOST: u64 = 128 << 20;

    fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut w = ByteWriter::new(MAGIC, self.rules.version());
        let table = VectorTable::built_in();
        w.one(table.key().len() as u8);
        w.list(table.key().as_bytes());
        w.list(&[self.human, self.turns]);
        w.list(&self.offsets);
        if self.rules.is_counted() {
            w.one(u8::from(self.limit.is_some()));
            w.one(self.limit.unwrap_or_default());
        }
        w.list(&self.vote.prior);
        self.vote.weights.iter().for_each(|pair| w.list(pair));
        put_vocabulary(&mut w, &self.blocks.text);
        put_vocabulary(&mut w, &self.blocks.before);
        self.weights.weights.iter().for_each(|row| w.list(row));
        Ok(w.0)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let what = "a sentiment model";
        let (mut r, rules) = match ByteReader::new(bytes, MAGIC, NEWEST, what) {
            Err(BytesError::Version { found, .. }) if SentimentRules::of_version(found).is_some() => {
                (ByteReader::new(bytes, MAGIC, found, what)?, SentimentRules::of_version(found).unwrap_or_default())
            }
            other => (other?, SentimentRules::Counted),
        };
        let length = usize::from(r.one::<u8>()?);
        if r.take(length)? != VectorTable::built_in().key().as_bytes() {
            return Err(BytesError::Damaged("a sentiment model is of other vectors"));
        }
        let (human, turns) = (r.one()?, r.one()?);
        let offsets = [r.one()?, r.one()?];
        let mut limit = None;
        if rules.is_counted() {
            let (there, at): (u8, f32) = (r.one()?, r.one()?);
            limit = (there != 0).then_some(at);
        }
        let mut vote = Vote { prior: [r.one()?, r.one()?], weights: [[0.0; 2]; SIGNS] };
        for pair in &mut vote.weights {
            *pair = [r.one()?, r.one()?];
        }
        let blocks = TurnBlocks { text: get_vocabulary(&mut r)?, before: get_vocabulary(&mut r)? };
        let numbers: Vec<f32> = r.list((blocks.width() + 1) * CLASSES)?;
        r.end()?;
        if numbers.iter().chain(&limit).any(|x| !x.is_finite()) {
            return Err(BytesError::Damaged("a weight is no number"));
        }
        let weights = SparseSoftmax { weights: numbers.as_chunks::<CLASSES>().0.to_vec() };
        Ok(Self { blocks, vote, weights, offsets, limit, human, turns, rules })
    }
}
