//! The vectors that come with the program, distilled from a sentence encoder by `assets/distill`: one for each piece of a
//! vocabulary, which also carries how much the piece says. Their sum, brought to length one, is `x`; a text's vector is
//! `x + out · relu(in · x + bias)`, again brought to length one: the small network adds what pieces mean together.

mod layer;
mod pieces;
#[cfg(test)]
mod tests;

use super::embed::Embedder;
use crate::base::bytes::{ByteReader, BytesError};
use crate::base::npy::Array;
use crate::domain::{Cancelled, Reporter};
use layer::QuantisedLayer;
use pieces::PieceVocabulary;
use std::sync::{Arc, LazyLock};

static ASSET: &[u8] = include_bytes!("../../../../assets/static.bin");
static GREEK: &[u8] = include_bytes!("../../../../assets/greek.bin");

static BUILT_IN: LazyLock<Arc<VectorTable>> = LazyLock::new(|| built_in(ASSET));
static BUILT_IN_GREEK: LazyLock<Arc<VectorTable>> = LazyLock::new(|| built_in(GREEK));

fn built_in(asset: &'static [u8]) -> Arc<VectorTable> {
    Arc::new(VectorTable::read(asset).expect("a test reads the tables that are built in"))
}

/// What the arrays of a table are called: rows and scales of the pieces, bias of the hidden units, weights and scales inwards and outwards.
pub type ArrayNames = [&'static str; 7];

/// Texts between two looks at whether to go on.
const STEP: usize = 4096;

/// A vector for each piece, as 8-bit numbers with a scale a piece, and a network with one hidden layer.
pub struct VectorTable {
    key: String,
    width: usize,
    pieces: PieceVocabulary,
    scales: Vec<f32>,
    /// Row after row, used where it lies in the program's file.
    rows: &'static [u8],
    inward: QuantisedLayer,
    bias: Vec<f32>,
    outward: QuantisedLayer,
}

impl VectorTable {
    /// The table for English that is built in, read once.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// The table for Greek words by their [key](crate::text::greek::push_key) that is built in, read once.
    pub fn greek() -> Arc<Self> {
        Arc::clone(&BUILT_IN_GREEK)
    }

    /// Reads a table: `APST`, version (u16), 8 characters of digest, width (u16), hidden units (u16), number of pieces
    /// (u32), the pieces (a byte of length and the text each), a scale each (f32), `width` signed bytes each; then the
    /// layer inwards, a bias for each hidden unit (f32) and the layer outwards.
    ///
    /// # Errors
    /// [`BytesError`] when the bytes are not such a table.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BytesError> {
        let mut r = ByteReader::new(bytes, b"APST", 1, "a table of vectors")?;
        let digest = str::from_utf8(r.take(8)?).map_err(|_| BytesError::Damaged("the digest is no text"))?;
        let (width, hidden) = (usize::from(r.one::<u16>()?), usize::from(r.one::<u16>()?));
        let count = r.one::<u32>()? as usize;
        let table = Self {
            key: format!("static-{digest}"),
            width,
            pieces: PieceVocabulary::read(&mut r, count)?,
            scales: r.list(count)?,
            rows: r.take(count.checked_mul(width).ok_or(BytesError::Damaged("a length is out of range"))?)?,
            inward: QuantisedLayer::read(&mut r, width, hidden)?,
            bias: r.list(hidden)?,
            outward: QuantisedLayer::read(&mut r, hidden, width)?,
        };
        r.end()?;
        Ok(table)
    }

    /// Its numbers, for an export, under these names.
    pub fn arrays(&self, names: ArrayNames) -> Vec<Array> {
        let rows = self.rows.iter().map(|b| b.cast_signed());
        let [piece_rows, piece_scales, hidden_bias, in_weights, in_scales, out_weights, out_scales] = names;
        let inward = self.inward.arrays(in_weights, in_scales);
        let outward = self.outward.arrays(out_weights, out_scales);
        let mut out = vec![
            Array::levels(piece_rows, rows, self.width),
            Array::floats(piece_scales, &self.scales),
            Array::floats(hidden_bias, &self.bias),
        ];
        out.extend(inward.into_iter().chain(outward));
        out
    }

    /// Its pieces, one a line.
    pub fn piece_lines(&self) -> String {
        let mut names: Vec<(u32, String)> = self.pieces.names().into_iter().collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name + "\n").collect()
    }

    /// Adds the vector of a text to zeros.
    pub(super) fn vector(&self, text: &str, out: &mut [f32]) {
        // The pieces are Latin: of a text in another script they would only tell its punctuation and its numbers.
        let (letters, foreign) = text
            .chars()
            .filter(|c| c.is_alphabetic())
            .fold((0, 0), |(all, foreign), c| (all + 1, foreign + usize::from(c > '\u{24f}')));
        if 4 * foreign > 3 * letters {
            return;
        }
        for id in self.pieces.of(text) {
            let at = id as usize;
            let scale = self.scales[at];
            let row = &self.rows[at * self.width..(at + 1) * self.width];
            out.iter_mut().zip(row).for_each(|(sum, &x)| *sum += scale * f32::from(x.cast_signed()));
        }
        if !to_length_one(out) {
            return;
        }
        let mut hidden = self.inward.times(out);
        hidden.iter_mut().zip(&self.bias).for_each(|(h, b)| *h = (*h + b).max(0.0));
        out.iter_mut().zip(self.outward.times(&hidden)).for_each(|(x, more)| *x += more);
        to_length_one(out);
    }
}

/// False where the vector is all zeros and stays so.
pub(super) fn to_length_one(x: &mut [f32]) -> bool {
    let norm = x.iter().map(|v| v * v).sum::<f32>().sqrt();
    if norm > 0.0 {
        x.iter_mut().for_each(|v| *v /= norm);
    }
    norm > 0.0
}

impl Embedder for VectorTable {
    fn key(&self) -> &str {
        &self.key
    }

    fn width(&self) -> usize {
        self.width
    }

    fn embed(&self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, Cancelled> {
        let mut all = vec![0.0; texts.len() * self.width];
        for (i, (text, row)) in texts.iter().zip(all.chunks_exact_mut(self.width)).enumerate() {
            if i % STEP == 0 {
                reporter.step("embed", i as u64, texts.len() as u64)?;
            }
            self.vector(text, row);
        }
        Ok(all)
    }
}
