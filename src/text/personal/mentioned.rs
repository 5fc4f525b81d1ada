//! Names of people in the middle of what is said: `your ticket, Sofia, is ready`, `I told Bob that it is late`. Whom one speaks to is a
//! customer; of whom one speaks may be somebody of the firm.

use super::names::{is_no_name, stem};
use super::pattern::regex;
use crate::text::fold::{fold, words};
use crate::text::talk_words::GIVEN_NAMES;
use regex::Regex;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// A word between two commas, after small letters and before them: whom one speaks to.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|\s)\p{Ll}[^\s,]*,\s+(?P<name>\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}[\p{L}\p{M}'’-]*),\s+(?P<next>\p{Ll}[\p{L}\p{M}]*)",
    )
});
/// After these a list goes on.
const JOINS: &[&str] = &["and", "or", "etc", "και", "η", "und", "oder", "et", "ou", "y", "e", "o", "ve"];
/// What places and houses are called that bear somebody's name.
const OF_PLACES: &str = "street st road rd ave avenue lane drive boulevard airport hotel square hall park bay beach island church cathedral \
    museum bridge station hospital university college school restaurant cafe bar club center centre theatre theater gallery market house \
    inn stadium arena";
/// Cities and countries that people are called after, and what stands before a place.
const CITIES: &[&str] = &["sofia", "σοφια", "γεωργια"];
const TO_PLACES: &[&str] = &["to", "from", "in", "at", "via", "near", "στη", "στην", "σε", "απο", "προσ"];

/// After these at the beginning of a sentence a name is whom one speaks to: `ok John we have sent it`.
const INTERJECTIONS: &str = "ok okay yes yeah yep no nope sure well great perfect right alright fine certainly excellent awesome thanks sorry \
    ναι οχι ενταξει ωραια βεβαια μαλιστα τελεια λοιπον";

/// Whom a text may call by a name in its middle. Who knows what else is said can tell more.
pub fn spoken_to(text: &str) -> Vec<&str> {
    let after_interjection = |tokens: &[&str], at: usize| {
        let said = fold(bare(tokens[at - 1]));
        let begins = at == 1 || ends_sentence(tokens[at - 2]);
        begins && INTERJECTIONS.split_whitespace().any(|word| word == said)
    };
    let mut out = given_where(text, after_interjection);
    let between = BETWEEN.captures_iter(text).filter(|found| !JOINS.contains(&fold(&found["next"]).as_str()));
    let between = between.filter_map(|found| found.name("name")).map(|name| name.as_str());
    out.extend(between.filter(|name| !is_no_name(&fold(name))));
    out
}

/// Given names in the middle of a text: somebody's of the firm, or of the customer where the conversation knows them.
pub fn given_names(text: &str) -> Vec<&str> {
    given_where(text, |_, _| true)
}

/// Whether somebody says a name, in either script and any case.
pub fn says_name(said: &str, name: &str) -> bool {
    let (name, said) = (fold(name), fold(said));
    let sound = stem(&name);
    words(&said).any(|word| word == name || sound.is_some() && stem(word) == sound)
}

/// Given names after the first word of a line and of a sentence, of which something is so.
fn given_where(text: &str, is: impl Fn(&[&str], usize) -> bool) -> Vec<&str> {
    let mut out = Vec::new();
    for line in text.lines() {
        let tokens: Vec<&str> = line.split_whitespace().collect();
        let found = (1..tokens.len()).filter(|&at| is_given_at(&tokens, at) && is(&tokens, at));
        out.extend(found.map(|at| bare(tokens[at])));
    }
    out
}

fn is_given_at(tokens: &[&str], at: usize) -> bool {
    let before = tokens[at - 1];
    let (name, said) = (bare(tokens[at]), fold(bare(before)));
    let begins = ends_sentence(before) || bare(before).is_empty();
    name.starts_with(char::is_uppercase)
        && name.contains(char::is_lowercase)
        && !begins
        && is_given(name)
        // `San Jose`, `Garcia Daniel`.
        && (before.starts_with(char::is_lowercase) || is_no_name(&said))
        && !says_who(&said, at.checked_sub(2).map(|at| fold(bare(tokens[at]))).as_deref())
        && !(CITIES.contains(&fold(name).as_str()) && TO_PLACES.contains(&said.as_str()))
        && is_whole(&tokens[at..])
}

/// A word without the signs around it and an English genitive.
fn bare(token: &str) -> &str {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    ["'s", "’s"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

fn ends_sentence(token: &str) -> bool {
    token.trim_end_matches(['"', '\'', '’', '”', '»', ')', '*']).ends_with(['.', '!', '?', ':', ';', '…', '·'])
}

/// `I am Anna`, `my name is Anna`, `είμαι η Άννα`: whoever speaks has a name, too.
fn says_who(before: &str, earlier: Option<&str>) -> bool {
    match before {
        "am" | "i'm" | "i’m" | "im" | "bin" | "λενε" => true,
        "is" => matches!(earlier, Some("this" | "name")),
        "η" | "ο" => earlier == Some("ειμαι"),
        _ => false,
    }
}

/// Whether a name with what follows it is one of a person: not `John Wayne Airport`, not `Charles de Gaulle`.
fn is_whole(from: &[&str]) -> bool {
    let mut words = 0;
    let mut tokens = from.iter();
    let mut last = tokens.next();
    while let (Some(before), Some(next)) = (last, tokens.next()) {
        if before.ends_with([',', '.', '!', '?', ':', ';', ')']) {
            break;
        }
        let word = fold(bare(next));
        if !bare(next).starts_with(char::is_uppercase) {
            return words < 2 && *next != "&" && !matches!(word.as_str(), "de" | "of");
        }
        if OF_PLACES.split_whitespace().any(|place| place == word) {
            return false;
        }
        words += 1;
        last = Some(next);
    }
    words < 2
}

/// Whether people are called so; Greek names in any case.
fn is_given(name: &str) -> bool {
    static NAMES: LazyLock<FxHashSet<String>> = LazyLock::new(|| GIVEN_NAMES.split('|').map(fold).collect());
    static GREEK: LazyLock<FxHashSet<String>> =
        LazyLock::new(|| NAMES.iter().filter(|name| !name.is_ascii()).filter_map(|name| stem(name)).collect());
    let folded = fold(name);
    NAMES.contains(&folded) || !folded.is_ascii() && stem(&folded).is_some_and(|stem| GREEK.contains(&stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_one_speaks_to_or_of_is_found_and_what_is_called_after_somebody_is_not() {
        for (text, name) in [
            ("ok John we have sent it", "John"),
            ("Done. Yes Maria it is late.", "Maria"),
            ("Your ticket, Sofia, is ready.", "Sofia"),
            ("Your ticket, Aylin, is ready.", "Aylin"),
        ] {
            assert!(spoken_to(text).contains(&name), "{text}: {:?}", spoken_to(text));
        }
        for (text, name) in [
            ("I told Bob that the ferry is late.", "Bob"),
            ("We have moved Bob's ticket to Friday.", "Bob"),
            ("The seat is for Maria Georgiou, by the window.", "Maria"),
            ("Το είπαμε στον Νίκο χθες.", "Νίκο"),
        ] {
            assert_eq!((given_names(text), spoken_to(text)), (vec![name], vec![]), "{text}");
        }
        for text in [
            "It leaves for Paphos and Kos, Limassol, on Friday.",
            "Ferries to San Francisco, San Jose and Santa Rosa leave at nine.",
            "We land at John Wayne Airport, or at Charles de Gaulle.",
            "Turn right on Allison Road.",
            "Economy Flex can be changed, in May and in April.",
            "There is a bus to Sofia.",
            "Hello! I am Anna, this is Anna, my name is Anna.",
            "Γεια σας, είμαι η Μαρία.",
            "You can choose what you like: pizza, Indian, or burgers.",
            "Please give your name, PIN, and account number.",
            "WE TOLD BOB",
            "Done. Maria",
            "- Alex",
        ] {
            assert_eq!((given_names(text), spoken_to(text)), (vec![], vec![]), "{text}");
        }
        assert!(
            says_name("it is for nikos and me", "Νίκο") && says_name("BOB wrote", "Bob") && !says_name("me", "Bob")
        );
    }
}
