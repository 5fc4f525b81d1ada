//! Lists of words and phrases, and where a text meets them.

use crate::text::fold;
use crate::text::greek::{Greek, is_greek, key_of};
use rustc_hash::FxHashMap;

/// A phrase's words after the first; the last may stand for any ending.
struct Phrase<T> {
    means: T,
    rest: Vec<String>,
    open: bool,
    /// Letters of all its words.
    letters: usize,
}

/// The phrases of a list, which `|` divides. Each word may be one of several, which `/` divides: `what a joke/farce` is two phrases.
pub(super) fn phrases(list: &str) -> Vec<String> {
    let with = |begun: Vec<String>, word: &str| -> Vec<String> {
        let ways: Vec<&str> = word.split('/').collect();
        let ends = |begun: &String| -> Vec<String> {
            ways.iter().map(|way| format!("{begun} {way}").trim_start().to_owned()).collect()
        };
        begun.iter().flat_map(ends).collect()
    };
    list.split('|').flat_map(|phrase| phrase.split_whitespace().fold(vec![String::new()], with)).collect()
}

/// Lists, each of what it means.
pub(super) struct Lexicon<T> {
    /// By first word.
    exact: FxHashMap<String, Vec<Phrase<T>>>,
    /// Beginnings of words, by their first two letters.
    open: FxHashMap<String, Vec<(String, T)>>,
}

impl<T: Copy> Lexicon<T> {
    /// Lists compared as they are spelt.
    pub fn spelt(lists: &[(T, &str)]) -> Self {
        Self::of(lists, &str::to_owned, &|_| true)
    }

    /// Of lists what has no Greek word, compared as it is spelt: Greek is heard.
    pub fn others(lists: &[(T, &str)]) -> Self {
        Self::of(lists, &str::to_owned, &|phrase| !phrase.chars().any(is_greek))
    }

    /// Lists compared by sound.
    pub fn heard(lists: &[(T, &str)]) -> Self {
        Self::of(lists, &key_of, &|_| true)
    }

    fn of(lists: &[(T, &str)], read: &dyn Fn(&str) -> String, keep: &dyn Fn(&str) -> bool) -> Self {
        let mut out = Self { exact: FxHashMap::default(), open: FxHashMap::default() };
        for (means, list) in lists {
            for phrase in phrases(list).iter().filter(|p| keep(p)) {
                let open = phrase.ends_with('*');
                let mut words = phrase.trim_end_matches('*').split_whitespace().map(|w| read(&fold::fold(w)));
                let first = words.next().unwrap_or_default();
                let rest: Vec<String> = words.collect();
                if open && rest.is_empty() {
                    out.open.entry(head(&first)).or_default().push((first, *means));
                } else {
                    let letters = first.len() + rest.iter().map(String::len).sum::<usize>();
                    out.exact.entry(first).or_default().push(Phrase { means: *means, rest, open, letters });
                }
            }
        }
        out
    }

    /// Tells each place in words where a phrase of a list begins. Of a phrase of fewer letters than `least` the word where it begins must
    /// be `sure`.
    fn find(&self, words: &[&str], sure: &dyn Fn(usize) -> bool, least: usize, found: &mut dyn FnMut(usize, T)) {
        let meets = |phrase: &Phrase<T>, after: &[&str]| {
            let Some((last, inner)) = phrase.rest.split_last() else { return true };
            after.len() >= phrase.rest.len()
                && inner.iter().zip(after).all(|(a, b)| a == b)
                && if phrase.open { after[inner.len()].starts_with(last.as_str()) } else { after[inner.len()] == last }
        };
        for (at, word) in words.iter().enumerate() {
            let is_told = |letters: usize| letters >= least || sure(at);
            let phrases = self.exact.get(*word).into_iter().flatten();
            phrases.filter(|p| is_told(p.letters) && meets(p, &words[at + 1..])).for_each(|p| found(at, p.means));
            let beginnings = self.open.get(&head(word)).into_iter().flatten();
            beginnings
                .filter(|(b, _)| is_told(b.len()) && word.starts_with(b.as_str()))
                .for_each(|(_, means)| found(at, *means));
        }
    }
}

fn head(word: &str) -> String {
    word.chars().take(2).collect()
}

/// Letters of a sound from which on it is Greek in a text of any language: a few words in Latin letters are too little to tell their
/// language by.
const LONG_SOUND: usize = 6;

/// Words of a folded text as they are spelt, and by sound.
pub(super) struct TurnWords<'a> {
    words: Vec<&'a str>,
    keys: Vec<String>,
    greek: Greek,
}

impl<'a> TurnWords<'a> {
    pub fn of(folded: &'a str) -> Self {
        let words: Vec<&str> = fold::words(folded).collect();
        let keys = words.iter().map(|w| key_of(w)).collect();
        Self { words, keys, greek: Greek::of(folded) }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Tells where phrases begin, as they are spelt.
    pub fn spelt<T: Copy>(&self, lexicon: &Lexicon<T>, found: &mut dyn FnMut(usize, T)) {
        lexicon.find(&self.words, &|_| true, 0, found);
    }

    /// Tells where phrases begin, by sound.
    pub fn heard<T: Copy>(&self, lexicon: &Lexicon<T>, found: &mut dyn FnMut(usize, T)) {
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        lexicon.find(&keys, &|at| self.greek.has(self.words[at]), LONG_SOUND, found);
    }
}
