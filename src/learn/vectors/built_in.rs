//! The vectors that come with the program: the English table, and beside it the Greek one, whose vectors point where those of the English
//! twin of a text point. One classifier serves both languages.

use super::embed::Embedder;
use super::table::VectorTable;
use crate::domain::{Cancelled, Reporter};
use crate::learn::vectors::grams::GramRules;
use crate::text::fold::{fold, words};
use crate::text::greek::{Edition, Greek, push_key_by};
use std::sync::{Arc, LazyLock};

/// Texts between two looks at whether to go on.
const STEP: usize = 4096;

static FIRST: LazyLock<Arc<BothTables>> = LazyLock::new(|| Arc::new(BothTables::read_by(Edition::First)));
static SECOND: LazyLock<Arc<BothTables>> = LazyLock::new(|| Arc::new(BothTables::read_by(Edition::Second)));

/// The built-in vectors.
pub fn built_in() -> Arc<dyn Embedder> {
    by_edition(Edition::default())
}

fn by_edition(edition: Edition) -> Arc<BothTables> {
    Arc::clone(match edition {
        Edition::First => &FIRST,
        Edition::Second => &SECOND,
    })
}

/// The built-in vectors with a key, those of former programs too; `None` for any other.
pub fn of_key(key: &str) -> Option<Arc<dyn Embedder>> {
    // The English table alone: a release of before there was a Greek one. It is asked first, so that such a release does not load both.
    if key == VectorTable::built_in().key() {
        return Some(VectorTable::built_in());
    }
    let found = [Edition::First, Edition::Second].map(by_edition).into_iter().find(|tables| tables.key == key);
    found.map(|tables| tables as Arc<dyn Embedder>)
}

/// The built-in vectors of a program whose models read texts by these rules.
pub fn by_rules(rules: GramRules) -> Arc<dyn Embedder> {
    match rules.greek() {
        None => VectorTable::built_in(),
        Some(edition) => by_edition(edition),
    }
}

/// The vector of a text is the mean of the English table's of its other words and the Greek table's of its Greek words, by how many there
/// are, brought to length one.
struct BothTables {
    key: String,
    english: Arc<VectorTable>,
    greek: Arc<VectorTable>,
    /// Which words are Greek, and what their keys are.
    edition: Edition,
}

impl BothTables {
    fn read_by(edition: Edition) -> Self {
        let (english, greek) = (VectorTable::built_in(), VectorTable::greek());
        let suffix = match edition {
            Edition::First => "",
            Edition::Second => "/2",
        };
        Self { key: format!("{}+{}{suffix}", english.key(), greek.key()), english, greek, edition }
    }

    fn vector(&self, text: &str, out: &mut [f32]) {
        let folded = fold(text);
        let greek = Greek::by(&folded, self.edition);
        if greek == Greek::None {
            return self.english.vector(text, out);
        }
        let (mut keys, mut others, mut counts) = (String::with_capacity(text.len()), String::new(), [0u16; 2]);
        for word in words(&folded) {
            // Digits are of no language; they stay with the Greek words.
            let other = greek == Greek::ByLetters && !greek.has(word) && word.chars().any(char::is_alphabetic);
            let side = if other { &mut others } else { &mut keys };
            if !side.is_empty() {
                side.push(' ');
            }
            if other {
                side.push_str(word)
            } else {
                push_key_by(word, self.edition, side)
            }
            if word.chars().any(char::is_alphabetic) {
                counts[usize::from(other)] = counts[usize::from(other)].saturating_add(1);
            }
        }
        self.greek.vector(&keys, out);
        if counts[1] == 0 {
            return;
        }
        let mut more = vec![0.0; out.len()];
        self.english.vector(&others, &mut more);
        let [greek, english] = counts.map(f32::from);
        out.iter_mut().zip(more).for_each(|(x, y)| *x = greek * *x + english * y);
        super::table::to_length_one(out);
    }
}

impl Embedder for BothTables {
    fn key(&self) -> &str {
        &self.key
    }

    fn width(&self) -> usize {
        self.english.width()
    }

    fn embed(&self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, Cancelled> {
        let mut all = vec![0.0; texts.len() * self.width()];
        for (i, (text, row)) in texts.iter().zip(all.chunks_exact_mut(self.width())).enumerate() {
            if i % STEP == 0 {
                reporter.step("embed", i as u64, texts.len() as u64)?;
            }
            self.vector(text, row);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;

    fn embed(texts: &[&str]) -> Vec<Vec<f32>> {
        let table = built_in();
        table.embed(texts, &SilentReporter).unwrap().chunks_exact(table.width()).map(<[f32]>::to_vec).collect()
    }

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn a_greek_text_points_where_its_english_twin_does() {
        for (english, greek, other) in [
            ("where is my order", ["πού είναι η παραγγελία μου;", "pou einai h paraggelia mou"], "άναψε το φως"),
            ("i want my money back", ["θέλω τα χρήματά μου πίσω", "thelo ta lefta mou piso"], "τι ώρα ανοίγετε"),
            ("i forgot my password", ["ξέχασα τον κωδικό μου", "xehasa ton kwdiko mou"], "ακύρωσε την πτήση"),
        ] {
            let v = embed(&[english, greek[0], greek[1], other]);
            for twin in &v[1..3] {
                assert!(cosine(&v[0], twin) > 0.25 + cosine(&v[0], &v[3]), "{english}");
            }
        }
    }

    #[test]
    fn english_is_as_ever_and_mixed_texts_lie_between() {
        let english = "my parcel is lost";
        assert_eq!(embed(&[english])[0], VectorTable::built_in().embed(&[english], &SilentReporter).unwrap());
        let v = embed(&["ακύρωση", "refund", "ακύρωση refund"]);
        assert!(cosine(&v[0], &v[2]) > cosine(&v[0], &v[1]) && cosine(&v[1], &v[2]) > cosine(&v[0], &v[1]));
        for (text, expected) in [("παραγγελία 12345", 1.0), ("αβγ", 1.0), ("", 0.0), ("日本", 0.0)] {
            let row = &embed(&[text])[0];
            assert!((cosine(row, row) - expected).abs() < 1e-5, "{text}");
        }
    }

    #[test]
    fn former_releases_find_their_vectors() {
        let all = [GramRules::GreekCloser, GramRules::GreekBySound, GramRules::AsWritten].map(by_rules);
        for table in &all {
            assert_eq!((of_key(table.key()).unwrap().key(), table.width()), (table.key(), all[0].width()));
        }
        let [new, former, old] = all;
        assert_eq!(old.key(), VectorTable::built_in().key());
        assert!(new.key() != former.key() && former.key() != old.key() && of_key("other").is_none());
        assert_eq!(built_in().key(), new.key());
    }
}
