//! The model as bytes. All numbers little-endian:
//!
//! | what | type |
//! |---|---|
//! | magic `AIIM`, format version 3 | 4 bytes, u16 |
//! | how texts become n-grams: the number of its rules | u32 |
//! | intents `k`, word features `w`, character features `c`, training texts | u32, u32, u32, u64 |
//! | numbers in a vector `d`, length of the embedder's key `n`; both 0 for n-grams alone | u32, u32 |
//! | weights of the two heads, of the SVMs alone, of the softmax alone (not in version 2), threshold | f32 five times |
//! | the reserved intent; the least number for none | i64 |
//! | key of the embedder | n bytes, UTF-8 |
//! | intents, ascending | k of i64 |
//! | biases, scales of the SVMs | k of f32 each |
//! | hash keys and document frequencies of words, then of characters | w of u32 twice, c of u32 twice |
//! | weight levels of the SVMs, one row of intents a feature, words first | (w + c) * k of i8 |
//! | where d is above 0: biases, scales of the softmax | k of f32 each |
//! | where d is above 0: weight levels of the softmax, one row of intents a number | d * k of i8 |
//!
//! Version 2 has no number of rules: it reads texts as they are written, and a model that does so is still written as version 2, the same
//! bytes as ever. Version 1 is read too. It has no vectors: after the training texts come temperature and threshold (f32 each), then
//! the intents and what follows them up to the levels of the SVMs. One head with the weight `1 / temperature` is the
//! same model.

use super::model::{IntentModel, Linear, VectorSource};
use crate::base::bytes::{ByteReader, ByteWriter, BytesError};
use crate::domain::IntentId;
use crate::learn::contract::{Section, Tag};
use crate::learn::vectors::grams::{GramRules, MAX_FEATURES, Vocabulary};

const MAGIC: &[u8; 4] = b"AIIM";
const VERSION: u16 = 3;
/// The version before rules of reading.
const SECOND: u16 = 2;
/// The version before vectors.
const FIRST: u16 = 1;
/// Vectors are not longer, nor are keys: a bound on what a damaged header can ask for.
const MOST: usize = 1 << 16;
/// Weights, biases and scales are not larger: beyond, a score could leave the numbers that there are, and a confidence be none.
const LARGEST: f32 = 1e12;
/// Stands for no reserved intent.
const NONE: i64 = i64::MIN;

impl Section for IntentModel {
    const TAG: Tag = *b"INTN";
    /// About twenty times the largest model of 300 intents measured.
    const MOST: u64 = 1 << 30;

    fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut w = ByteWriter::new(MAGIC, if self.rules == GramRules::AsWritten { SECOND } else { VERSION });
        if self.rules != GramRules::AsWritten {
            w.one(self.rules as u32);
        }
        let blocks = self.vocabulary.blocks();
        let (key, width) = self.source.as_ref().map_or(("", 0), |s| (&s.key, s.width));
        w.one(self.intents.len() as u32);
        blocks.iter().for_each(|(keys, _)| w.one(keys.len() as u32));
        w.one(self.vocabulary.texts());
        w.list(&[width as u32, key.len() as u32]);
        w.list(&self.pool);
        w.one(self.alone);
        if self.rules != GramRules::AsWritten {
            w.one(self.vectors_alone);
        }
        w.one(self.threshold);
        w.one(self.reserved.map_or(NONE, |i| i.0));
        w.list(key.as_bytes());
        self.intents.iter().for_each(|i| w.one(i.0));
        w.list(&self.sparse.bias);
        w.list(&self.sparse.scale);
        for (keys, df) in blocks {
            w.list(keys);
            w.list(df);
        }
        w.list(&self.sparse.levels);
        w.list(&self.dense.bias);
        w.list(&self.dense.scale);
        w.list(&self.dense.levels);
        Ok(w.0)
    }

    /// Reads a model. One of the built-in table is complete; one of an encoder [needs](Self::needs) it attached. Never allocates
    /// more than a few times the bytes' size.
    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        match ByteReader::new(bytes, MAGIC, VERSION, "an intent model") {
            Ok(r) => read(r, VERSION),
            Err(BytesError::Version { found: found @ (FIRST | SECOND), .. }) => {
                read(ByteReader::new(bytes, MAGIC, found, "an intent model")?, found)
            }
            Err(e) => Err(e),
        }
    }
}

fn read(mut r: ByteReader, version: u16) -> Result<IntentModel, BytesError> {
    let rules = match if version == VERSION { r.one()? } else { GramRules::AsWritten as u32 } {
        1 => GramRules::AsWritten,
        2 => GramRules::GreekBySound,
        3 => GramRules::GreekCloser,
        _ => return Err(BytesError::Damaged("its rules are not known")),
    };
    let (classes, words, chars) = (r.one::<u32>()? as usize, r.one::<u32>()? as usize, r.one::<u32>()? as usize);
    let texts = r.one()?;
    let (mut width, mut key, mut reserved, mut vectors_alone) = (0, "", None, 0.0);
    let (pool, alone, threshold): ([f32; 2], f32, f32) = if version == FIRST {
        let (temperature, threshold): (f32, f32) = (r.one()?, r.one()?);
        (
            [1.0 / temperature, 0.0],
            1.0 / temperature,
            if threshold > f32::MIN { threshold / temperature } else { threshold },
        )
    } else {
        width = r.one::<u32>()? as usize;
        let length = r.one::<u32>()? as usize;
        if width > MOST || length > MOST {
            return Err(BytesError::Damaged("vectors are too long"));
        }
        let (pool, alone) = ([r.one()?, r.one()?], r.one()?);
        vectors_alone = if version == SECOND { 0.0 } else { r.one()? };
        let threshold = r.one()?;
        reserved = Some(r.one::<i64>()?).filter(|&i| i != NONE).map(IntentId);
        key = str::from_utf8(r.take(length)?).map_err(|_| BytesError::Damaged("the embedder's key is no text"))?;
        (pool, alone, threshold)
    };
    let intents: Vec<IntentId> = r.list(classes)?.into_iter().map(IntentId).collect();
    let (bias, scale) = (r.list(classes)?, r.list(classes)?);
    if words > MAX_FEATURES || chars > MAX_FEATURES {
        return Err(BytesError::Damaged("too many features"));
    }
    let blocks = [(r.list(words)?, r.list(words)?), (r.list(chars)?, r.list(chars)?)];
    let sparse = Linear { bias, scale, levels: levels(&mut r, words + chars, classes)? };
    let dense = if width > 0 {
        let (bias, scale) = (r.list(classes)?, r.list(classes)?);
        Linear { bias, scale, levels: levels(&mut r, width, classes)? }
    } else {
        Linear::default()
    };
    r.end()?;
    if intents.is_empty() || intents.windows(2).any(|w| w[0] >= w[1]) {
        return Err(BytesError::Damaged("intents are not in order"));
    }
    let heads = [&sparse, &dense].into_iter().flat_map(|h| h.bias.iter().chain(&h.scale));
    if !heads.chain(&pool).chain([&alone, &vectors_alone]).all(|x| x.abs() <= LARGEST)
        || !threshold.is_finite()
        || pool.iter().any(|&w| w < 0.0)
        || alone < 0.0
        || vectors_alone < 0.0
    {
        return Err(BytesError::Damaged("a number is out of range"));
    }
    let vocabulary = Vocabulary::from_parts(texts, blocks);
    let source = (width > 0).then(|| VectorSource::stored(key, width));
    Ok(IntentModel {
        rules,
        vocabulary,
        intents,
        sparse,
        dense,
        pool,
        alone,
        vectors_alone,
        reserved,
        threshold,
        source,
    })
}

fn levels(r: &mut ByteReader, features: usize, classes: usize) -> Result<Vec<i8>, BytesError> {
    r.list(features.checked_mul(classes).ok_or(BytesError::Damaged("a length is out of range"))?)
}
