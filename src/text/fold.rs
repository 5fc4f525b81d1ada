//! One folding for the haystack, the index and the query, so that `παραγγελια` finds `Παραγγελία` and `ΠΑΡΑΓΓΕΛΙΑ`.

use super::clean::is_invisible;
use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// The text in lower case without accents, with every sigma as σ, without invisible characters. Folding twice changes
/// nothing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match alone(c) {
            Some(folded) => out.push(folded),
            None => return fold_in_context(text),
        }
    }
    out
}

/// Characters below this have their folded form in a table: Latin, Greek, and the combining marks between them.
const IN_TABLE: usize = 0x400;

/// The folded form of a character that is folded alike wherever it stands: a letter that is no mark, one for one.
fn alone(c: char) -> Option<char> {
    static TABLE: LazyLock<[Option<char>; IN_TABLE]> = LazyLock::new(|| {
        std::array::from_fn(|code| {
            let c = char::from_u32(code as u32).filter(|&c| !is_combining_mark(c))?;
            let folded = fold_in_context(c.encode_utf8(&mut [0; 4]));
            let mut chars = folded.chars();
            chars.next().filter(|_| chars.next().is_none())
        })
    });
    // Pictures have no case and take no part in composition.
    if ('\u{1f300}'..='\u{1f64f}').contains(&c) { Some(c) } else { *TABLE.get(c as usize)? }
}

/// Folds letters that may join the marks after them.
fn fold_in_context(text: &str) -> String {
    // Lowering before and after: some capitals only show once a letter is taken apart, some marks once it is lowered.
    let lowered = text.chars().flat_map(char::to_lowercase).nfd().flat_map(char::to_lowercase).nfd();
    lowered.filter(|&c| !is_dropped(c)).map(|c| if c == 'ς' { 'σ' } else { c }).nfc().collect()
}

/// A folded text in the one spelling of what may be spelled in several: `ss` for `ß`, letters, digits and kana of usual width for wide
/// and narrow ones. What is learnt goes by [`fold`]; only search is as generous.
pub fn unified(folded: &str) -> Cow<'_, str> {
    const WIDE_AND_NARROW: RangeInclusive<char> = '\u{ff01}'..='\u{ff9f}';
    if folded.is_ascii() || !folded.contains(|c| c == 'ß' || WIDE_AND_NARROW.contains(&c)) {
        return Cow::Borrowed(folded);
    }
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            'ß' => out.push_str("ss"),
            c if WIDE_AND_NARROW.contains(&c) => out.extend(std::iter::once(c).nfkc()),
            c => out.push(c),
        }
    }
    // The sound mark of narrow kana joins the one before.
    Cow::Owned(out.nfc().collect())
}

/// The folded characters, each with the index of the character of `text` that its cluster starts with.
pub fn fold_with_positions(text: &str) -> Vec<(char, usize)> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for cluster in text.graphemes(true) {
        out.extend(fold(cluster).chars().map(|c| (c, at)));
        at += cluster.chars().count();
    }
    out
}

/// The words of a folded text: letters, digits and the marks on them.
pub fn words(folded: &str) -> Words<'_> {
    Words { rest: folded }
}

/// Where each of the [`words`] of a folded text begins and ends.
pub fn word_places(folded: &str, mut found: impl FnMut(usize, usize)) {
    if !folded.is_ascii() {
        let place = |word: &str| word.as_ptr().addr() - folded.as_ptr().addr();
        return words(folded).for_each(|word| found(place(word), place(word) + word.len()));
    }
    let mut begun = None;
    for (at, &byte) in folded.as_bytes().iter().enumerate() {
        match (BYTES[usize::from(byte)] == ByteKind::Word, begun) {
            (true, None) => begun = Some(at),
            (false, Some(from)) => {
                found(from, at);
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(from) = begun {
        found(from, folded.len());
    }
}

/// The words of a folded text, in order.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let from = edge(self.rest, true);
        let begins = &self.rest[from..];
        let (word, rest) = begins.split_at(edge(begins, false));
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// What a byte of a text is: of no word, of a word, or part of a character that has to be looked at whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteKind {
    Gap,
    Word,
    Part,
}

/// Letters without accents are most of every log: they are told by one look.
static BYTES: [ByteKind; 256] = {
    let mut kinds = [ByteKind::Part; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = if (byte as u8).is_ascii_alphanumeric() { ByteKind::Word } else { ByteKind::Gap };
        byte += 1;
    }
    kinds
};

/// Where the first character stands that is of a word, or is not; the end where there is none.
fn edge(text: &str, of_word: bool) -> usize {
    let (bytes, sought) = (text.as_bytes(), if of_word { ByteKind::Word } else { ByteKind::Gap });
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let kind = BYTES[usize::from(byte)];
        if kind == sought {
            break;
        }
        if kind != ByteKind::Part {
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if (matches!(c, 'α'..='ω') || c.is_alphanumeric() || is_combining_mark(c)) == of_word {
            break;
        }
        at += c.len_utf8();
    }
    at
}

/// Accents, and the vowel points of Hebrew and Arabic. The vowels of Indic scripts, the voicing of Japanese kana and
/// Thai tones are marks too, but part of the word.
fn is_dropped(c: char) -> bool {
    let class = canonical_combining_class(c);
    class == 1
        || class >= 200
        || (10..=36).contains(&class)
        || is_invisible(c)
        || ('\u{fe0e}'..='\u{fe0f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn greek_matches_itself_however_it_is_written() {
        for s in ["Παραγγελία", "ΠΑΡΑΓΓΕΛΙΑ", "παραγγελια", "Παραγγελι\u{301}α"]
        {
            assert_eq!(fold(s), "παραγγελια");
        }
        assert_eq!(fold("ΌΛΟΥΣ"), fold("όλους"));
        assert_eq!(fold("ᾧ"), "ω");
    }

    #[test]
    fn accents_go_and_other_marks_stay() {
        assert_eq!(fold("Ærøskøbing Émile Ångström İstanbul"), "ærøskøbing emile angstrom istanbul");
        assert_eq!(fold("がぎ"), "がぎ");
        assert_eq!(fold("हिन्दी"), "हिन्दी");
        assert_eq!(fold("한국어"), "한국어");
        assert_eq!(fold("pass\u{200b}WORD"), "password");
    }

    #[test]
    fn one_spelling_stands_for_all() {
        for (text, one) in
            [("Straße", "strasse"), ("ＡＢＣ １２３", "abc 123"), ("ﾊﾞｽ", "バス"), ("café", "cafe"), ("ΌΛΟΥΣ", "ολουσ")]
        {
            assert_eq!(unified(&fold(text)), one);
            assert_eq!(unified(one), one);
        }
    }

    #[test]
    fn words_are_letters_and_digits() {
        let text = fold("Πού είναι η παραγγελία #4417; (don't know)");
        assert_eq!(words(&text).collect::<Vec<_>>(), ["που", "ειναι", "η", "παραγγελια", "4417", "don", "t", "know"]);
    }

    #[test]
    fn words_end_where_their_text_does() {
        for (text, expected) in [
            ("", &[][..]),
            (" ,.", &[]),
            ("a", &["a"]),
            ("«π»", &["π"]),
            ("a–é", &["a", "é"]),
            ("日本 7\u{301}!", &["日本", "7\u{301}"]),
            ("a b2, (c) ", &["a", "b2", "c"]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text}");
            let mut found = Vec::new();
            word_places(text, |from, to| found.push(&text[from..to]));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn positions_point_into_the_original() {
        let folded = fold_with_positions("e\u{301}ΣΩ");
        assert_eq!(folded, [('e', 0), ('σ', 2), ('ω', 3)]);
    }

    proptest! {
        #[test]
        fn the_table_says_what_folding_says(s in "([\u{1}-\u{3ff}]|[😀-🙏]|[ά-ώ]|[a-zÀ-ÿ]|\u{301}|がé){0,12}") {
            prop_assert_eq!(fold(&s), fold_in_context(&s));
        }

        #[test]
        fn folding_twice_changes_nothing(s in "\\PC{0,40}") {
            let once = fold(&s);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
