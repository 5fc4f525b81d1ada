//! Names of people in the middle of what is said: `I told Bob that it is late`, `your ticket, Sofia, is ready`. A word there can be anything in
//! capitals, so that it counts as a name where people are called so, or where commas part it from the rest.

use super::names::{is_no_name, stem};
use super::pattern::regex;
use crate::text::fold::fold;
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

/// Words of a text in its middle that are names of people by all that is seen of them, as they stand there. Who knows what else is said
/// can tell more.
pub fn mentioned(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> =
        text.lines().flat_map(|line| given_in(&line.split_whitespace().collect::<Vec<_>>())).collect();
    let between = BETWEEN.captures_iter(text).filter(|found| !JOINS.contains(&fold(&found["next"]).as_str()));
    let between = between.filter_map(|found| found.name("name")).map(|name| name.as_str());
    out.extend(between.filter(|name| !is_no_name(&fold(name))));
    out
}

/// Given names in a line, after its first word and after the first of each sentence.
fn given_in<'t>(tokens: &[&'t str]) -> Vec<&'t str> {
    let is_name = |at: &usize| {
        let before = tokens[at - 1];
        let (name, said) = (bare(tokens[*at]), fold(bare(before)));
        let begins = ends_sentence(before) || bare(before).is_empty();
        name.chars().next().is_some_and(char::is_uppercase)
            && name.contains(char::is_lowercase)
            && !begins
            && is_given(name)
            // `San Jose`, `Garcia Daniel`.
            && (before.starts_with(char::is_lowercase) || is_no_name(&said))
            && !says_who(&said, at.checked_sub(2).map(|at| fold(bare(tokens[at]))).as_deref())
            && !(CITIES.contains(&fold(name).as_str()) && TO_PLACES.contains(&said.as_str()))
            && is_whole(&tokens[*at..])
    };
    (1..tokens.len()).filter(is_name).map(|at| bare(tokens[at])).collect()
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
    fn a_name_in_the_middle_is_found_and_what_is_called_after_somebody_is_not() {
        for (text, name) in [
            ("I told Bob that the ferry is late.", "Bob"),
            ("ok John we have sent it", "John"),
            ("Ok John we have sent it", "John"),
            ("We have moved Bob's ticket to Friday.", "Bob"),
            ("Your ticket, Sofia, is ready.", "Sofia"),
            ("Your ticket, Aylin, is ready.", "Aylin"),
            ("The seat is for Maria Georgiou, by the window.", "Maria"),
            ("Το είπαμε στον Νίκο χθες.", "Νίκο"),
        ] {
            assert!(mentioned(text).contains(&name), "{text}: {:?}", mentioned(text));
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
            assert_eq!(mentioned(text), Vec::<&str>::new(), "{text}");
        }
    }
}
