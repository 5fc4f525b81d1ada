//! The model as bytes. All numbers little-endian:
//!
//! | what | type |
//! |---|---|
//! | magic `AIIM`, format version 1 | 4 bytes, u16 |
//! | intents `k`, word features `w`, character features `c`, training texts | u32, u32, u32, u64 |
//! | temperature, threshold | f32, f32 |
//! | intents, ascending | k of i64 |
//! | biases, scales | k of f32 each |
//! | hash keys and document frequencies of words, then of characters | w of u32 twice, c of u32 twice |
//! | weight levels, one row of intents a feature, words first | (w + c) * k of i8 |

use super::IntentModel;
use crate::domain::IntentId;
use crate::learn::bytes::{BytesError, Reader, Writer};
use crate::learn::features::{MAX_FEATURES, Vocabulary};

const MAGIC: &[u8; 4] = b"AIIM";
const VERSION: u16 = 1;

impl IntentModel {
    /// The model in its binary format; the same model always gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new(MAGIC, VERSION);
        let blocks = self.vocabulary.blocks();
        w.one(self.intents.len() as u32);
        blocks.iter().for_each(|(keys, _)| w.one(keys.len() as u32));
        w.one(self.vocabulary.texts());
        w.list(&[self.temperature, self.threshold]);
        self.intents.iter().for_each(|i| w.one(i.0));
        w.list(&self.bias);
        w.list(&self.scale);
        for (keys, df) in blocks {
            w.list(keys);
            w.list(df);
        }
        w.list(&self.weights);
        w.0
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are no model, of another version or damaged. Never allocates more than a few times their size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let mut r = Reader::new(bytes, MAGIC, VERSION, "an intent model")?;
        let (classes, words, chars) = (r.one::<u32>()? as usize, r.one::<u32>()? as usize, r.one::<u32>()? as usize);
        let texts = r.one()?;
        let (temperature, threshold): (f32, f32) = (r.one()?, r.one()?);
        let intents: Vec<IntentId> = r.list(classes)?.into_iter().map(IntentId).collect();
        let (bias, scale): (Vec<f32>, Vec<f32>) = (r.list(classes)?, r.list(classes)?);
        if words > MAX_FEATURES || chars > MAX_FEATURES {
            return Err(BytesError::Damaged("too many features"));
        }
        let blocks = [(r.list(words)?, r.list(words)?), (r.list(chars)?, r.list(chars)?)];
        let cells = (words + chars).checked_mul(classes).ok_or(BytesError::Damaged("a length is out of range"))?;
        let weights = r.list(cells)?;
        r.end()?;
        if intents.is_empty() || intents.windows(2).any(|w| w[0] >= w[1]) {
            return Err(BytesError::Damaged("intents are not in order"));
        }
        let finite = bias.iter().chain(&scale).chain([&temperature, &threshold]).all(|x| x.is_finite());
        if !finite || temperature <= 0.0 {
            return Err(BytesError::Damaged("a number is out of range"));
        }
        let vocabulary = Vocabulary::from_parts(texts, blocks);
        Ok(Self { vocabulary, intents, bias, scale, weights, temperature, threshold, source: None })
    }
}
