//! Texts as sparse vectors: word 1-2-grams and character 2-4-grams within words.
//!
//! The recipe is scikit-learn's `FeatureUnion` of two `TfidfVectorizer`s (`ngram_range=(1, 2),
//! token_pattern=r"(?u)\b\w+\b"`, and `analyzer="char_wb", ngram_range=(2, 4)`), both with `sublinear_tf=True`: tf =
//! 1 + ln(count), idf = ln((1 + n) / (1 + df)) + 1, and each block of its own divided by its L2 norm. Settings were
//! chosen on training data alone (seven sets, out of fold): words of one character count too, and 4 characters are as
//! good as 5 or better (by 0 to 0.8 points) with a third fewer features. n-grams are known by a 32-bit hash: among 10^5
//! of them about one pair collides.

use crate::base::rng::mix;
use crate::learn::solver::sparse::Sparse;
use crate::text::greek::{Edition, by_sound};
use rayon::prelude::*;

/// Character n-grams are this long.
const CHARS: std::ops::RangeInclusive<usize> = 2..=4;
/// The most features a block keeps; beyond, the rarest are dropped. It bounds a model at `2 * 2^18 * intents` bytes.
pub const MAX_FEATURES: usize = 1 << 18;

/// The n-grams of one text with their counts, by hash, before any vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grams {
    words: Vec<(u32, u32)>,
    chars: Vec<(u32, u32)>,
}

/// One step of a running hash over characters; a bijection in either argument.
fn step(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The 32 bits under which an n-gram is known.
fn key(hash: u64) -> u32 {
    (mix(hash) >> 32) as u32
}

/// How texts become n-grams, and what else of the recipe has changed with it (rule 49). A model is asked, and made again, by the rules that
/// it was trained by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GramRules {
    /// As they are written: up to the format 2 of a model.
    AsWritten = 1,
    /// Greek words by their sound, so that both scripts meet; all others as they are written. Format 3.
    GreekBySound = 2,
    /// The same by the second edition of how Greek is read, and vectors fitted more closely. Format 3.
    #[default]
    GreekCloser = 3,
}

impl GramRules {
    /// By which edition a text that sounds like a gold text repeats it (rule 15); `None` where letters alone are compared.
    pub fn repeats_by(self) -> Option<Edition> {
        self.greek().filter(|_| self == Self::GreekCloser)
    }

    /// How Greek is read; `None` where it is read as written.
    pub fn greek(self) -> Option<Edition> {
        match self {
            Self::AsWritten => None,
            Self::GreekBySound => Some(Edition::First),
            Self::GreekCloser => Some(Edition::Second),
        }
    }
}

impl Grams {
    /// The n-grams of `text`, whatever its case and spacing.
    pub fn of(text: &str, rules: GramRules) -> Self {
        let text = text.to_lowercase();
        let read = rules.greek().and_then(|edition| by_sound(&text, edition));
        let text = read.as_deref().unwrap_or(&text);
        let mut keys = Vec::with_capacity(4 * text.len());
        word_keys(text, &mut keys);
        let words = counted(&mut keys);
        keys.clear();
        char_keys(text, &mut keys);
        Self { words, chars: counted(&mut keys) }
    }
}

/// Hashes of the words, and of each two in a row.
fn word_keys(text: &str, keys: &mut Vec<u32>) {
    let mut last = None;
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        if word.is_empty() {
            continue;
        }
        let hash = word.chars().fold(1, |hash, c| step(hash, u64::from(c)));
        keys.push(key(hash));
        if let Some(last) = last {
            keys.push(key(step(last, hash)));
        }
        last = Some(hash);
    }
}

/// Hashes of the character n-grams of each word, the word padded with one space on either side.
fn char_keys(text: &str, keys: &mut Vec<u32>) {
    let mut padded = Vec::with_capacity(32);
    for word in text.split_whitespace() {
        padded.clear();
        padded.push(' ');
        padded.extend(word.chars());
        padded.push(' ');
        for start in 0..padded.len() {
            let mut hash = 2;
            for (i, &c) in padded[start..].iter().take(*CHARS.end()).enumerate() {
                hash = step(hash, u64::from(c));
                if i + 1 >= *CHARS.start() {
                    keys.push(key(hash));
                }
            }
        }
    }
}

/// Distinct keys with their counts, ascending.
fn counted(keys: &mut [u32]) -> Vec<(u32, u32)> {
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32)).collect()
}

/// The features of one kind that training saw, numbered from the most frequent to the rarest.
///
/// Numbering by frequency keeps what is used most close together, in the solver's memory and in the file.
#[derive(Clone, Debug, PartialEq)]
struct GramBlock {
    /// Hash of each feature.
    keys: Vec<u32>,
    /// In how many training texts each occurs.
    df: Vec<u32>,
    /// Inverse document frequency of each.
    idf: Vec<f32>,
    /// `(key, number)`, by key.
    index: Vec<(u32, u32)>,
    /// Where in `index` the keys with each value of their upper bits start; one more at the end.
    starts: Vec<u32>,
    /// How far to shift a key to get its upper bits.
    shift: u32,
}

impl GramBlock {
    fn new(keys: Vec<u32>, df: Vec<u32>, texts: u64) -> Self {
        let idf =
            df.iter().map(|&df| ((texts.saturating_add(1) as f64 / (1.0 + f64::from(df))).ln() + 1.0) as f32).collect();
        let mut index: Vec<(u32, u32)> = keys.iter().zip(0..).map(|(&key, id)| (key, id)).collect();
        index.sort_unstable();
        let bits = index.len().max(2).ilog2();
        let shift = 32 - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for &(key, _) in &index {
            starts[(key >> shift) as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self { keys, df, idf, index, starts, shift }
    }

    fn fit<'a>(texts: impl Iterator<Item = (&'a [(u32, u32)], u32)>, total: u64) -> Self {
        let mut all: Vec<u64> = Vec::new();
        for (grams, times) in texts {
            all.extend(grams.iter().map(|&(key, _)| (u64::from(key) << 32) | u64::from(times)));
        }
        all.par_sort_unstable();
        let same = |a: &u64, b: &u64| a >> 32 == b >> 32;
        let count = |run: &[u64]| run.iter().map(|x| x & 0xffff_ffff).sum::<u64>().min(u64::from(u32::MAX)) as u32;
        let mut found: Vec<(u32, u32)> = all.chunk_by(same).map(|r| ((r[0] >> 32) as u32, count(r))).collect();
        found.sort_unstable_by_key(|&(key, df)| (std::cmp::Reverse(df), key));
        found.truncate(MAX_FEATURES);
        let (keys, df) = found.into_iter().unzip();
        Self::new(keys, df, total)
    }

    fn find(&self, key: u32) -> Option<u32> {
        let bucket = (key >> self.shift) as usize;
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        self.index[range].iter().find(|&&(k, _)| k == key).map(|&(_, id)| id)
    }

    /// Appends the features of `grams` that are known, with L2 norm 1, numbered from `offset`.
    fn push(&self, grams: &[(u32, u32)], offset: u32, out: &mut Sparse) {
        let from = out.len();
        let mut square = 0.0f64;
        for &(key, count) in grams {
            if let Some(id) = self.find(key) {
                let tf = if count == 1 { 1.0 } else { 1.0 + (count as f32).ln() };
                let value = tf * self.idf[id as usize];
                square += f64::from(value) * f64::from(value);
                out.push((offset + id, value));
            }
        }
        let scale = if square > 0.0 { (1.0 / square.sqrt()) as f32 } else { 0.0 };
        out[from..].sort_unstable_by_key(|&(id, _)| id);
        out[from..].iter_mut().for_each(|(_, value)| *value *= scale);
    }
}

/// What training texts consist of: turns any text into a vector of the features it shares with them.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// Training texts, repeats counted.
    texts: u64,
    words: GramBlock,
    chars: GramBlock,
}

impl Vocabulary {
    /// Collects the features of training texts; `times` says how often each text occurs.
    pub fn fit(texts: &[(&Grams, u32)]) -> Self {
        let total = texts.iter().map(|&(_, times)| u64::from(times)).sum();
        let words = GramBlock::fit(texts.iter().map(|&(g, times)| (&g.words[..], times)), total);
        let chars = GramBlock::fit(texts.iter().map(|&(g, times)| (&g.chars[..], times)), total);
        Self { texts: total, words, chars }
    }

    /// Puts a vocabulary together again from [`Self::texts`] and [`Self::blocks`].
    pub fn from_parts(texts: u64, [words, chars]: [(Vec<u32>, Vec<u32>); 2]) -> Self {
        Self { texts, words: GramBlock::new(words.0, words.1, texts), chars: GramBlock::new(chars.0, chars.1, texts) }
    }

    /// How many texts it was fitted on, repeats counted.
    pub fn texts(&self) -> u64 {
        self.texts
    }

    /// Keys and document frequencies of the words, then of the character n-grams.
    pub fn blocks(&self) -> [(&[u32], &[u32]); 2] {
        [&self.words, &self.chars].map(|b| (&b.keys[..], &b.df[..]))
    }

    /// How many features there are: the width of a vector.
    pub fn width(&self) -> usize {
        self.words.keys.len() + self.chars.keys.len()
    }

    /// The number of the first character feature: words come before it.
    pub fn split(&self) -> usize {
        self.words.keys.len()
    }

    /// Which share of a text's character n-grams training saw, from 0 to 1; 0 for a text that has none.
    pub fn known(&self, grams: &Grams) -> f32 {
        let known = grams.chars.iter().filter(|g| self.chars.find(g.0).is_some()).count();
        known as f32 / grams.chars.len().max(1) as f32
    }

    /// The vector of a text's n-grams. Features that training did not see are left out, of the norm too.
    pub fn vector(&self, grams: &Grams) -> Sparse {
        let mut out = Vec::with_capacity(grams.words.len() + grams.chars.len());
        self.words.push(&grams.words, 0, &mut out);
        self.chars.push(&grams.chars, self.words.keys.len() as u32, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Grams {
        Grams::of(text, GramRules::AsWritten)
    }

    #[test]
    fn grams_are_those_of_scikit_learn() {
        // TfidfVectorizer's analyzers on "A card, a CARD?": words a, card, a, card and three pairs; char_wb 2-4
        // in " a ", " card, ", " a ", " card? ".
        let g = of("A card, a  CARD?");
        assert_eq!(g.words.iter().map(|&(_, n)| n).sum::<u32>(), 7);
        assert_eq!(g.words.len(), 4);
        // " a " has 2 + 1, " card, " 6 + 5 + 4, twice each.
        assert_eq!(g.chars.iter().map(|&(_, n)| n).sum::<u32>(), 2 * (3 + 15));
        assert_eq!(g, of("a CARD,  a\tcard?"));
    }

    #[test]
    fn greek_has_the_same_grams_in_both_scripts_and_english_has_its_own() {
        let by_sound = |text| Grams::of(text, GramRules::default());
        let greek = by_sound("Θέλω να ακυρώσω την παραγγελία μου");
        for text in [
            "thelo na akyroso tin paraggelia mou",
            "8elw na akurwsw thn parangelia mou!",
            "ΘΕΛΩ ΝΑ ΑΚΥΡΩΣΩ ΤΗΝ ΠΑΡΑΓΓΕΛΙΑ ΜΟΥ;",
        ] {
            assert_eq!(by_sound(text), greek, "{text}");
        }
        for text in ["where is my order?", "¿dónde está mi pedido?", "12 34", ""] {
            assert_eq!(by_sound(text), of(text), "{text}");
        }
        // Words of another language within a Greek line stay as they are written.
        let mixed = by_sound("θέλω refund");
        assert!(mixed.words.iter().any(|w| of("refund").words.contains(w)));
        let v = Vocabulary::fit(&[(&by_sound("refund please"), 1)]);
        assert_eq!((v.known(&by_sound("refund")), v.known(&greek)), (1.0, 0.0));
    }

    #[test]
    fn vectors_are_those_of_scikit_learn() {
        // Sorted values of the same FeatureUnion (scikit-learn 1.9.1) fitted on these three texts, for the fourth.
        let texts = ["my card is lost", "card lost lost", "where is my order"].map(of);
        let fitted: Vec<(&Grams, u32)> = texts.iter().map(|g| (g, 1)).collect();
        let v = Vocabulary::fit(&fitted);
        let mut got: Vec<f32> = v.vector(&of("lost my lost card xyz")).into_iter().map(|(_, x)| x).collect();
        got.sort_unstable_by(f32::total_cmp);
        let want = [
            0.1076893, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696,
            0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696, 0.1386696,
            0.2347881, 0.2347881, 0.2347881, 0.2347881, 0.2347881, 0.2347881, 0.2347881, 0.2347881, 0.2347881,
            0.2347881, 0.2347881, 0.2347881, 0.4532947, 0.4532947, 0.7674946,
        ];
        assert_eq!((v.width(), got.len()), (78, want.len()));
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{got:?}");
    }

    #[test]
    fn norms_are_one_a_block_and_unknown_texts_are_empty() {
        let texts = ["my card is lost", "where is my order"].map(of);
        let v = Vocabulary::fit(&[(&texts[0], 3), (&texts[1], 1)]);
        let square: f32 = v.vector(&texts[0]).iter().map(|(_, x)| x * x).sum();
        assert!((square - 2.0).abs() < 1e-5, "{square}");
        assert!(v.vector(&of("ΩΨ")).is_empty());
        assert!(v.vector(&of("")).is_empty());
        let blocks = v.blocks().map(|(keys, df)| (keys.to_vec(), df.to_vec()));
        assert_eq!(Vocabulary::from_parts(v.texts(), blocks), v);
    }
}
