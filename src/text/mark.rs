//! Where a text matches what was searched for: words and phrases are compared folded, as the search compares them, and the
//! matches are places in the text as it is written.

use super::fit::{ELLIPSIS, width};
use super::fold::{fold, unified, words};
use super::greek::{Greek, key_of};
use crate::domain::{Filter, Query};
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// What is looked for: sequences of folded words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needles(Vec<Needle>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Needle {
    words: Vec<String>,
    /// Of each word that is Greek, in either script, its sound.
    keys: Vec<Option<String>>,
    /// The last word may go on.
    prefix: bool,
}

impl Needle {
    fn new(words: Vec<String>, greek: Greek, prefix: bool) -> Self {
        let keys = words.iter().map(|w| greek.has(w).then(|| key_of(w))).collect();
        Self { words, keys, prefix }
    }
}

impl Needles {
    /// The words and phrases that a query asks for. As in the search, the last word of bare words is a prefix.
    pub fn of(query: &Query) -> Self {
        let mut out = Self::default();
        for term in query.terms.iter().filter(|t| !t.negated) {
            match &term.filter {
                Filter::Words(text) => {
                    let folded = searched(text);
                    let greek = Greek::of(&folded);
                    let all: Vec<&str> = words(&folded).collect();
                    let last = all.len().saturating_sub(1);
                    let one = |(i, w): (usize, &&str)| Needle::new(vec![(*w).to_owned()], greek, i == last);
                    out.0.extend(all.iter().enumerate().map(one));
                }
                Filter::Phrase(text) => {
                    let folded = searched(text);
                    let phrase: Vec<String> = words(&folded).map(str::to_owned).collect();
                    out.0.extend((!phrase.is_empty()).then(|| Needle::new(phrase, Greek::of(&folded), false)));
                }
                _ => {}
            }
        }
        out
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text as search compares it.
fn searched(text: &str) -> String {
    unified(&fold(text)).into_owned()
}

/// A word of a text: its folded characters, each with the place of the cluster that it comes from.
type Token = Vec<(char, Range<usize>)>;

/// The bytes of `text` that match: in order, apart from each other, whole characters with their accents.
pub fn matches(text: &str, needles: &Needles) -> Vec<Range<usize>> {
    if needles.is_empty() {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..tokens.len() {
        found.extend(needles.0.iter().filter_map(|needle| match_at(&tokens[at..], needle)));
    }
    if needles.0.iter().any(|n| n.keys.iter().any(Option::is_some)) {
        by_sound(text, &tokens, needles, &mut found);
    }
    found.sort_unstable_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for r in found {
        match out.last_mut() {
            Some(last) if r.start < last.end => last.end = last.end.max(r.end),
            _ => out.push(r),
        }
    }
    out
}

fn match_at(tokens: &[Token], needle: &Needle) -> Option<Range<usize>> {
    let mut end = 0;
    for (i, word) in needle.words.iter().enumerate() {
        let token = tokens.get(i)?;
        let mut chars = token.iter();
        for c in word.chars() {
            let (found, place) = chars.next()?;
            if *found != c {
                return None;
            }
            end = place.end;
        }
        let open = needle.prefix && i + 1 == needle.words.len();
        if !open && chars.next().is_some() {
            return None;
        }
    }
    Some(tokens.first()?.first()?.1.start..end)
}

/// Adds where Greek words sound as those that are looked for, whole: which of its letters a match ends at is not told.
fn by_sound(text: &str, tokens: &[Token], needles: &Needles, found: &mut Vec<Range<usize>>) {
    let greek = Greek::of(&fold(text));
    if greek == Greek::None {
        return;
    }
    let heard: Vec<(String, Option<String>)> = tokens
        .iter()
        .map(|token| {
            let word: String = token.iter().map(|(c, _)| *c).collect();
            let key = greek.has(&word).then(|| key_of(&word));
            (word, key)
        })
        .collect();
    for at in 0..tokens.len() {
        for needle in &needles.0 {
            let Some(run) = heard.get(at..at + needle.words.len()) else { continue };
            let is = |(i, (word, heard)): (usize, &(String, Option<String>))| match (&needle.keys[i], heard) {
                (Some(key), Some(heard)) if needle.prefix && i + 1 == run.len() => heard.starts_with(key.as_str()),
                (Some(key), Some(heard)) => heard == key,
                _ => *word == needle.words[i],
            };
            let (first, last) = (&tokens[at], &tokens[at + run.len() - 1]);
            if match_at(&tokens[at..], needle).is_none()
                && run.iter().enumerate().all(is)
                && let (Some(first), Some(last)) = (first.first(), last.last())
            {
                found.push(first.1.start..last.1.end);
            }
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut inside = false;
    let mut push = |c: char, place: Range<usize>| {
        if !(c.is_alphanumeric() || is_combining_mark(c)) {
            inside = false;
            return;
        }
        if !inside {
            out.push(Vec::new());
            inside = true;
        }
        if let Some(token) = out.last_mut() {
            token.push((c, place));
        }
    };
    if text.is_ascii() {
        text.bytes().enumerate().for_each(|(i, b)| push(char::from(b.to_ascii_lowercase()), i..i + 1));
    } else {
        for (start, cluster) in text.grapheme_indices(true) {
            searched(cluster).chars().for_each(|c| push(c, start..start + cluster.len()));
        }
    }
    out
}

/// As much of a line as fits `columns`, such that its first match is in it, and where the matches are in what is left.
pub fn around(line: &str, found: &[Range<usize>], columns: usize) -> (String, Vec<Range<usize>>) {
    let first = found.first().cloned().unwrap_or(0..0);
    // One column is the ellipsis'.
    if width(&line[..first.end]) < columns || width(line) <= columns {
        return (line.to_owned(), found.to_vec());
    }
    // What leads to a match explains it: a third of the room, from the beginning of a word where there is one.
    let room = (columns / 3).min(columns.saturating_sub(width(&line[first.clone()]) + 2));
    let mut start = first.start;
    for (at, cluster) in line[..first.start].grapheme_indices(true).rev() {
        if width(&line[at..first.start]) > room {
            break;
        }
        let begins = cluster.chars().all(char::is_whitespace);
        start =
            if begins || start == first.start || !line[at..start].contains(char::is_whitespace) { at } else { start };
    }
    let tail = line[start..].trim_start();
    let cut = line.len() - tail.len();
    let moved = |at: usize| at + ELLIPSIS.len() - cut;
    (format!("{ELLIPSIS}{tail}"), found.iter().map(|r| moved(r.start)..moved(r.end)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn needles(query: &str) -> Needles {
        Needles::of(&Query::parse(query).unwrap())
    }

    fn marked(text: &str, query: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for r in matches(text, &needles(query)) {
            out.push_str(&format!("{}[{}]", &text[at..r.start], &text[r.clone()]));
            at = r.end;
        }
        out + &text[at..]
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        assert_eq!(marked("Πού είναι η Παραγγελία μου;", "παραγγελια"), "Πού είναι η [Παραγγελία] μου;");
        assert_eq!(marked("ΠΑΡΑΓΓΕΛΙΑ", "Παραγγελία"), "[ΠΑΡΑΓΓΕΛΙΑ]");
        assert_eq!(marked("a Café and a cafe\u{301}.", "cafe"), "a [Café] and a [cafe\u{301}].");
        assert_eq!(marked("of ΌΛΟΥΣ", "ολους"), "of [ΌΛΟΥΣ]");
        assert_eq!(
            (marked("die Straße", "strasse"), marked("Strasse", "Straße")),
            ("die [Straße]".into(), "[Strasse]".into())
        );
        assert_eq!(marked("of ＡＢＣ", "abc"), "of [ＡＢＣ]");
    }

    #[test]
    fn greek_is_found_in_both_scripts() {
        assert_eq!(marked("Θέλω την παραγγελία μου", "thelo"), "[Θέλω] την παραγγελία μου");
        assert_eq!(marked("8elw thn paraggelia mou", "θέλω"), "[8elw] thn paraggelia mou");
        assert_eq!(marked("thelo tin parangelia mou", "\"την παραγγελία\""), "thelo [tin parangelia] mou");
        assert_eq!(marked("Οι παραγγελίες μου", "oi paraggelies"), "[Οι] [παραγγελίες] μου");
        assert_eq!(marked("where is the tin", "την"), "where is the tin", "an English line has no Greek words");
    }

    #[test]
    fn the_last_word_is_a_prefix_and_others_are_whole() {
        assert_eq!(
            marked("refunds and refund, my card, cards", "refund car"),
            "refunds and [refund], my [car]d, [car]ds"
        );
        assert_eq!(marked("a discard", "card"), "a discard", "a word matches from its beginning");
        assert_eq!(marked("Παραγγελίες", "παραγγ"), "[Παραγγ]ελίες");
    }

    #[test]
    fn phrases_are_found_across_punctuation() {
        assert_eq!(marked("No refund: money-back, money!", "\"money back\""), "No refund: [money-back], money!");
        assert_eq!(marked("money backs", "\"money back\""), "money backs", "a phrase is whole");
        assert_eq!(
            marked("money back", "-refund \"money back\" -\"back\""),
            "[money back]",
            "what must not be there is not looked for"
        );
    }

    #[test]
    fn what_overlaps_is_one_match() {
        assert_eq!(marked("money back now", "money \"money back\""), "[money back] now");
        assert_eq!(marked("nothing", "outcome:failed"), "nothing");
    }

    #[test]
    fn a_line_is_cut_around_its_first_match() {
        let line = "I bought it on Monday and it came on Friday and now I want a refund for it please";
        let found = matches(line, &needles("refund"));
        let (shown, at) = around(line, &found, 24);
        assert_eq!((shown.as_str(), &shown[at[0].clone()]), ("…want a refund for it please", "refund"));
        assert_eq!(around(line, &found, 100), (line.to_owned(), found.clone()));
        let early = matches(line, &needles("bought"));
        assert_eq!(around(line, &early, 24).0, line);
        assert_eq!(around("", &[], 10), (String::new(), Vec::new()));
    }

    proptest! {
        #[test]
        fn matches_are_in_order_apart_and_whole(text in "(?s)[aάά\u{301} b-e.ﬁς日本👩‍👩‍👧\u{200d}]{0,40}", query in "[aαb-e]{1,3}( [bςa]{1,2})?") {
            let needles = needles(&query);
            let found = matches(&text, &needles);
            for r in &found {
                prop_assert!(r.start < r.end && text.is_char_boundary(r.start) && text.is_char_boundary(r.end));
            }
            prop_assert!(found.windows(2).all(|w| w[0].end <= w[1].start));
        }

        #[test]
        fn whatever_is_a_word_is_found(text in "\\PC{0,40}", pick in 0usize..40) {
            let folded = searched(&text);
            let all: Vec<&str> = words(&folded).collect();
            prop_assume!(!all.is_empty());
            let word = all[pick % all.len()];
            let needles = Needles(vec![Needle::new(vec![word.to_owned()], Greek::None, false)]);
            // Marks that stand on nothing belong to other clusters in the whole text than in its words.
            prop_assume!(!word.starts_with(is_combining_mark));
            prop_assert!(!matches(&text, &needles).is_empty(), "{word:?} in {text:?}");
        }

        #[test]
        fn what_is_shown_around_a_match_has_it(text in "[a-c ]{0,80}", columns in 12usize..40) {
            let found = matches(&text, &needles("abc"));
            let (shown, at) = around(&text, &found, columns);
            prop_assert_eq!(at.len(), found.len());
            if let Some(first) = at.first() {
                prop_assert!(shown[first.clone()].starts_with("abc"));
                prop_assert!(width(&shown[..first.end]) <= columns.saturating_sub(1) || width(&shown) <= columns);
            }
        }
    }
}
