//! Vectors for texts that an embedder knows nothing of: those of an alphabet that its pieces lack.

use super::embed::Embedder;
use crate::base::rng::mix;
use crate::domain::{Cancelled, Reporter};
use crate::text::fold::fold;
use crate::text::letters::{is_unspaced, word_pieces};

/// Letters of a word that are taken together besides it: what its forms have in common.
const LETTERS: usize = 3;
/// What such letters weigh beside a whole word.
const OF_LETTERS: f32 = 0.35;

/// An embedder that gives a text it knows nothing of the vector of its words and of their letters, hashed with signs (Weinberger et al.
/// 2009): alike are texts that say the same words, and no more than that. All other vectors stay as they are, so it keeps the key.
pub struct AnyScript<'a>(pub &'a dyn Embedder);

impl Embedder for AnyScript<'_> {
    fn key(&self) -> &str {
        self.0.key()
    }

    fn width(&self) -> usize {
        self.0.width()
    }

    fn embed(&self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, Cancelled> {
        let mut out = self.0.embed(texts, reporter)?;
        for (row, text) in out.chunks_exact_mut(self.width().max(1)).zip(texts) {
            if row.iter().all(|&x| x == 0.0) {
                hashed(text, row);
            }
        }
        Ok(out)
    }
}

/// Adds what a text says to zeros, and brings it to length one.
fn hashed(text: &str, out: &mut [f32]) {
    let text = fold(text);
    for word in word_pieces(&text) {
        add(out, word.chars(), 1.0);
        let letters: Vec<char> = word.chars().collect();
        if !is_unspaced(word) && letters.len() > LETTERS {
            letters.windows(LETTERS).for_each(|of| add(out, of.iter().copied(), OF_LETTERS));
        }
    }
    let length = out.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        out.iter_mut().for_each(|x| *x /= length);
    }
}

fn add(out: &mut [f32], letters: impl Iterator<Item = char>, weight: f32) {
    let hash = letters.fold(0, |hash, c| mix(hash ^ u64::from(c)));
    let at = (hash >> 1) % out.len().max(1) as u64;
    out[at as usize] += if hash & 1 == 0 { weight } else { -weight };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::cluster::dot;
    use crate::learn::vectors::table::VectorTable;

    #[test]
    fn texts_of_every_alphabet_have_vectors_and_alike_ones_lie_close() {
        let table = VectorTable::built_in();
        let any = AnyScript(&*table);
        let texts = [
            "where is my refund",
            "我要申请退款",
            "退款什么时候到",
            "航班延误了吗",
            "أين طلبي",
            "متى يصل طلبي",
            "كم ثمن التذكرة",
            "?!",
        ];
        let rows = any.embed(&texts, &SilentReporter).unwrap();
        let row = |i: usize| &rows[i * any.width()..(i + 1) * any.width()];
        assert_eq!(row(0), &*table.embed(&texts[..1], &SilentReporter).unwrap());
        for (i, text) in texts.iter().enumerate().take(7) {
            assert!((dot(row(i), row(i)) - 1.0).abs() < 1e-5, "{text}");
        }
        assert!(dot(row(1), row(2)) > 0.15 && dot(row(1), row(2)) > dot(row(1), row(3)) + 0.1);
        assert!(dot(row(4), row(5)) > 0.3 && dot(row(4), row(5)) > dot(row(4), row(6)) + 0.2);
        assert!(row(7).iter().all(|&x| x == 0.0));
    }
}
