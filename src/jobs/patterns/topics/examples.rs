//! The request that stands for a topic: close to its middle, and with nothing of one person in it where there is such a one.

use super::request::{introduces, sentences};
use crate::learn::cluster::says;
use crate::text::{
    self,
    personal::{CustomerNames, personal},
};
use regex::Regex;
use std::sync::LazyLock;

/// Letters up to which a request is short enough to be shown.
const SHORT: usize = 160;
/// Words that a sentence has at least to stand alone.
const WORDS: usize = 4;

/// Digits that may be a code, a number of a card or a secret, although they are few.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| regex(r"\d{4,}"));
/// A word with a capital within a sentence: mostly a name.
static CAPITAL: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{Ll}\p{Nd},]\s+\p{Lu}\p{L}+"));
/// Somebody's own people, who are mostly named next: `my friend ben`.
static KIN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:my|our)\s+(?:friend|wife|husband|partner|fianc[eé]e?|son|daughter|brother|sister|mother|father|mom|mum|dad|colleague|boss|cousin|uncle|aunt|boyfriend|girlfriend|roommate),?\s+\p{L}|\b(?:φίλος|φίλη|σύζυγος|σύζυγό|γιος|γιο|κόρη|αδερφός|αδερφή|μητέρα|πατέρας|συνάδελφος)\s+μου,?\s+(?:ο\s+|η\s+)?\p{Lu}",
    )
});

fn regex(pattern: &str) -> Regex {
    // The patterns are constants, each used by a test.
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

/// The text with placeholders for what identifies a person or gives access. Masking what is masked changes nothing.
pub(super) fn masked(text: &str) -> String {
    DIGITS.replace_all(&text::redact(text), "<number>").into_owned()
}

/// What of a request stands for it: the sentence that says a word, where that can stand alone; else all of it.
pub(super) fn asking<'a>(request: &'a str, word: &str) -> &'a str {
    let can_stand = |s: &&str| says(s, word) && s.split_whitespace().count() >= WORDS;
    sentences(request).into_iter().find(can_stand).unwrap_or(request)
}

/// The first of some requests that says nothing of one person and no names; else one that only names something; else a sentence of one;
/// else the first as it is, for whoever shows it to mask. Not one that stands for another topic (`shown`). `tiers`: those that show the
/// topic best, those that show it less, each the closest first.
pub(super) fn example_of(tiers: &[Vec<&str>], shown: &[String]) -> String {
    let free = |text: &&str| !shown.iter().any(|s| masked(s) == masked(text));
    let all = || tiers.iter().flatten().copied();
    let clean = || all().filter(|t| t.chars().count() <= SHORT && says_nothing_personal(t)).filter(free);
    let nameless = clean().find(|t| !CAPITAL.is_match(t));
    let part = || {
        let parts = all().flat_map(sentences).filter(|s| s.split_whitespace().count() >= WORDS);
        parts.filter(|s| says_nothing_personal(s)).find(free)
    };
    let found = nameless.or_else(|| clean().next()).or_else(part).or_else(|| all().find(free)).or_else(|| all().next());
    found.unwrap_or_default().to_owned()
}

/// Whether nothing in a text is of one person, as far as that can be told without knowing all names.
pub(in crate::jobs::patterns) fn says_nothing_personal(text: &str) -> bool {
    let names = |sentence: &str| introduces(sentence.trim_end_matches(['.', '!', '?']));
    !sentences(text).into_iter().any(names)
        && !KIN.is_match(text)
        && masked(text) == text
        && personal(text, &CustomerNames::default()).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(requests: &[&str], shown: &[&str]) -> String {
        let shown: Vec<String> = shown.iter().map(|s| (*s).to_owned()).collect();
        example_of(&[requests.to_vec()], &shown)
    }

    #[test]
    fn the_example_says_nothing_of_one_person_where_another_does_as_well() {
        let secret = "Hi my name is Sarah Brown and my bank account is 85731890, with PIN 1596";
        assert_eq!(example(&[secret, "check the balance of my account"], &[]), "check the balance of my account");
        assert_eq!(example(&["remove my friend Sophia", "remove a passenger"], &[]), "remove a passenger");
        for named in ["remove my friend ben", "I'm John. Remove a passenger", "να βγει η φίλη μου η Άννα"]
        {
            assert_eq!(example(&[named, "remove a passenger"], &[]), "remove a passenger", "{named}");
        }
        assert_eq!(example(&["a flight to Boston"], &[]), "a flight to Boston", "names of places are no secret");
        let both = format!("{secret}. I would like to see my balance.");
        assert_eq!(example(&[&both], &[]), "I would like to see my balance.");
        assert_eq!(example(&["see my balance", "see my account"], &["see my balance"]), "see my account");
        assert_eq!(example(&["see my balance"], &["see my balance"]), "see my balance");
        assert_eq!(example(&[], &[]), "");
        // What shows it best goes before what shows it less, and that before a name.
        let tiers = [vec!["remove Sophia from my flights"], vec!["cancel a passenger, please"]];
        assert_eq!(example_of(&tiers, &[]), "cancel a passenger, please");
        let tiers = [vec!["remove a passenger of mine"], vec!["cancel a passenger, please"]];
        assert_eq!(example_of(&tiers, &[]), "remove a passenger of mine");
    }

    #[test]
    fn the_sentence_that_asks_stands_for_a_request() {
        let request = "I'm really upset. My plans have changed. I need to cancel my flight, please.";
        assert_eq!(asking(request, "cancel"), "I need to cancel my flight, please.");
        assert_eq!(asking("Cancel it. I am upset", "cancel"), "Cancel it. I am upset", "too short to stand alone");
        assert_eq!(asking(request, "passenger"), request);
    }

    #[test]
    fn what_must_be_shown_is_masked_and_stays_so() {
        let said = "my account is 85731890, with PIN 1596";
        assert_eq!(example(&[said], &[]), said);
        assert_eq!(masked(said), "my account is <number>, with PIN <number>");
        assert_eq!(masked(&masked(said)), masked(said));
    }
}
