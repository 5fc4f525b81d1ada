//! The vectors that come with the program: one for each piece of a vocabulary, distilled from a sentence encoder by
//! `assets/distill`. A text's vector is the sum of its pieces', which already carry how much each says.

mod pieces;
#[cfg(test)]
mod tests;

use super::bytes::{BytesError, Reader};
use super::embed::Embedder;
use crate::domain::{Cancelled, Reporter};
use pieces::Pieces;
use std::sync::{Arc, LazyLock};

static ASSET: &[u8] = include_bytes!("../../../assets/static.bin");

static BUILT_IN: LazyLock<Arc<Table>> =
    LazyLock::new(|| Arc::new(Table::read(ASSET).expect("a test reads the table that is built in")));

/// Texts between two looks at whether to go on.
const STEP: usize = 4096;

/// A vector for each piece, as 8-bit numbers with a scale a piece.
pub struct Table {
    key: String,
    width: usize,
    pieces: Pieces,
    scales: Vec<f32>,
    /// Row after row, used where it lies in the program's file.
    rows: &'static [u8],
}

impl Table {
    /// The table that is built in, read once.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// Reads a table: `APST`, version (u16), 8 characters of digest, width (u16), number of pieces (u32), the pieces
    /// (a byte of length and the text each), a scale each (f32), and `width` signed bytes each.
    ///
    /// # Errors
    /// [`BytesError`] when the bytes are not such a table.
    pub fn read(bytes: &'static [u8]) -> Result<Self, BytesError> {
        let mut r = Reader::new(bytes, b"APST", 1, "a table of vectors")?;
        let digest = str::from_utf8(r.take(8)?).map_err(|_| BytesError::Damaged("the digest is no text"))?;
        let width = usize::from(r.one::<u16>()?);
        let count = r.one::<u32>()? as usize;
        let pieces = Pieces::read(&mut r, count)?;
        let scales = r.list(count)?;
        let rows = r.take(count.checked_mul(width).ok_or(BytesError::Damaged("a length is out of range"))?)?;
        r.end()?;
        Ok(Self { key: format!("static-{digest}"), width, pieces, scales, rows })
    }

    fn vector(&self, text: &str, out: &mut [f32]) {
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
        let norm = out.iter().map(|x| x * x).sum::<f32>().sqrt();
        if norm > 0.0 {
            out.iter_mut().for_each(|x| *x /= norm);
        }
    }
}

impl Embedder for Table {
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
