//! Which sayings are one answer: they differ in values alone.
//!
//! What stands at a place over all that is said decides. Many different names there are a value, and so are very many different words, each
//! seldom. A few words, each said often, are different answers: `included` and `excluded`. What says yes or no is never a value. So
//! the order in which sayings come makes no difference, and each saying is looked at once (and once for each of its words), whatever else is said.

use super::pattern::AnswerPattern;
use super::wording::{NUMBER, SaidWord, VALUE, WordKind, is_meaning, said_words};
use crate::base::rng::mix;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::hash::BuildHasher;

/// So many different names at a place are a value.
const NAMES: usize = 5;
/// So many different words are...
const WORDS: usize = 12;
/// ...of which none is said in more than one of so many.
const SELDOM: u64 = 4;
/// Words besides the values that sayings must share.
const SHARED: usize = 3;
/// Languages that write every noun as a name.
const NOUNS_AS_NAMES: [&str; 2] = ["de", "lb"];

/// Something that was said.
#[derive(Clone, Copy, Debug)]
pub struct Saying<'a> {
    /// The words.
    pub text: &'a str,
    /// How often.
    pub times: u64,
    /// First part of a BCP 47 tag; empty where it is not known.
    pub lang: &'a str,
}

/// The answer that each of all sayings is: those with one pattern are one answer.
pub fn answer_patterns(sayings: &[Saying<'_>]) -> Vec<AnswerPattern> {
    let without_names = without_names(sayings);
    let mut times: FxHashMap<&[String], u64> = FxHashMap::default();
    for (words, saying) in without_names.iter().zip(sayings) {
        *times.entry(words).or_default() += saying.times;
    }
    let mut frames: FxHashMap<u64, Frame> = FxHashMap::default();
    for (words, times) in &times {
        for (_, frame) in places(words) {
            frames.entry(frame).or_default().add(*times);
        }
    }
    let pattern = |words: &Vec<String>| {
        let open = places(words).filter_map(|(at, frame)| Some((frames.get(&frame)?, at)));
        let open = open.filter(|(frame, _)| frame.is_value());
        let open = open.max_by_key(|&(frame, at)| (frame.words, Reverse(at))).map(|(_, at)| at);
        let word = |(at, word): (usize, &String)| if Some(at) == open { VALUE.to_owned() } else { word.clone() };
        AnswerPattern::from_words(words.iter().enumerate().map(word))
    };
    without_names.iter().map(pattern).collect()
}

/// The words of each saying, [`VALUE`] where many different names stand.
fn without_names(sayings: &[Saying<'_>]) -> Vec<Vec<String>> {
    let said: Vec<Vec<SaidWord>> = sayings.iter().map(|s| with_whole_names(said_words(s.text))).collect();
    let mut names: FxHashMap<Vec<&str>, NamePlaces<'_>> = FxHashMap::default();
    for (words, saying) in said.iter().zip(sayings).filter(|(words, _)| has_name(words)) {
        let here = names.entry(around_names(words)).or_default();
        here.nouns_as_names |= NOUNS_AS_NAMES.contains(&saying.lang);
        here.by_place.resize_with(words.len(), FxHashSet::default);
        for (names, said) in here.by_place.iter_mut().zip(words).filter(|(_, w)| w.kind == WordKind::Name) {
            names.insert(&said.word);
        }
    }
    let shares_enough = |words: &[SaidWord]| {
        words.iter().filter(|w| matches!(w.kind, WordKind::Plain | WordKind::Meaning)).count() >= SHARED
    };
    let words = |words: &Vec<SaidWord>| -> Vec<String> {
        let here = Some(words).filter(|w| has_name(w) && shares_enough(w)).and_then(|w| names.get(&around_names(w)));
        let parts = words.iter().enumerate().flat_map(|(at, said)| match here {
            Some(here) if here.is_value(at) => vec![VALUE.to_owned()],
            _ => said.word.split(' ').map(str::to_owned).collect(),
        });
        parts.collect()
    };
    said.iter().map(words).collect()
}

/// Different names at each place of sayings that differ in names alone.
#[derive(Default)]
struct NamePlaces<'a> {
    by_place: Vec<FxHashSet<&'a str>>,
    nouns_as_names: bool,
}

impl NamePlaces<'_> {
    fn is_value(&self, at: usize) -> bool {
        let least = if self.nouns_as_names { WORDS } else { NAMES };
        self.by_place.get(at).is_some_and(|names| names.len() >= least)
    }
}

fn has_name(words: &[SaidWord]) -> bool {
    words.iter().any(|w| w.kind == WordKind::Name)
}

/// What sayings have in common that differ in names alone.
fn around_names(words: &[SaidWord]) -> Vec<&str> {
    words.iter().map(|w| if w.kind == WordKind::Name { VALUE } else { w.word.as_str() }).collect()
}

/// Words with names of several, `new york`, as one.
fn with_whole_names(words: Vec<SaidWord>) -> Vec<SaidWord> {
    let mut out: Vec<SaidWord> = Vec::with_capacity(words.len());
    for said in words {
        match out.last_mut() {
            Some(last) if last.kind == WordKind::Name && said.kind == WordKind::Name => {
                last.word = format!("{} {}", last.word, said.word);
            }
            _ => out.push(said),
        }
    }
    out
}

/// Sayings that differ in one word.
#[derive(Default)]
struct Frame {
    /// Different words there.
    words: usize,
    /// How often all were said, and the one that was said most.
    times: u64,
    most: u64,
}

impl Frame {
    fn add(&mut self, times: u64) {
        self.words += 1;
        self.times += times;
        self.most = self.most.max(times);
    }

    fn is_value(&self) -> bool {
        self.words >= WORDS && SELDOM * self.most <= self.times
    }
}

/// The places of words that may be a value, each with digits that stand for all the others.
fn places(words: &[String]) -> impl Iterator<Item = (usize, u64)> + '_ {
    let is_plain = |word: &str| word != VALUE && word != NUMBER;
    let others_are_enough = words.iter().filter(|w| is_plain(w)).count() > SHARED;
    let part = |at: usize, word: &str| mix(FxBuildHasher.hash_one((at, word)));
    let all = words.iter().enumerate().fold(words.len() as u64, |sum, (at, w)| sum.wrapping_add(part(at, w)));
    let at = words.iter().enumerate().filter(move |(_, w)| others_are_enough && is_plain(w) && !is_meaning(w));
    at.map(move |(at, w)| (at, all.wrapping_sub(part(at, w)).wrapping_add(part(at, VALUE))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pattern of each, said so many times.
    fn patterns(texts: &[String], times: u64, lang: &str) -> Vec<String> {
        let sayings: Vec<Saying<'_>> = texts.iter().map(|text| Saying { text, times, lang }).collect();
        let patterns = answer_patterns(&sayings);
        let turned: Vec<Saying<'_>> = sayings.iter().rev().copied().collect();
        assert!(answer_patterns(&turned).iter().rev().eq(&patterns), "the order makes no difference");
        patterns.iter().map(AnswerPattern::to_string).collect()
    }

    fn filled(words: &str, with: &dyn Fn(&str) -> String) -> Vec<String> {
        words.split_whitespace().map(with).collect()
    }

    #[test]
    fn answers_that_say_the_opposite_stay_apart() {
        for (one, other) in [
            (
                "You can cancel free of charge up to 24 hours before.",
                "You cannot cancel free of charge up to 24 hours before.",
            ),
            ("Breakfast is included in the price of your room.", "Breakfast is excluded in the price of your room."),
            ("The ship does stop at Rhodes in winter.", "The ship doesn't stop at Rhodes in winter."),
            ("You must pay before you go on board.", "You must pay after you go on board."),
            ("Μπορείτε να ακυρώσετε δωρεάν έως 24 ώρες πριν.", "Δεν μπορείτε να ακυρώσετε δωρεάν έως 24 ώρες πριν."),
            ("Sie können vorher kostenlos stornieren.", "Sie können vorher nicht kostenlos stornieren."),
            ("Yes, you can bring two bags on board.", "No, you can bring two bags on board."),
        ] {
            let [a, b] = &patterns(&[one.to_owned(), other.to_owned()], 40, "")[..] else { panic!() };
            assert_ne!(a, b);
        }
        // However many other words stand there.
        let words = "Not Naxos Paros Syros Tinos Milos Never";
        let found = patterns(&filled(words, &|w| format!("You may {w} take a dog on board")), 9, "en");
        assert_eq!(found[1], "you may * take a dog on board");
        assert!(found[1..6].iter().all(|p| *p == found[1]) && found[0] != found[1] && found[6] != found[0]);
    }

    #[test]
    fn names_fill_an_answer_in_and_a_few_are_different_answers() {
        let names = "Marta John Eleni Jürgen Zoe";
        let sorry = |name: &str| format!("Sorry {name}, I cannot help with this.");
        assert!(patterns(&filled(names, &sorry), 1, "en").iter().all(|p| p == "sorry * i cannot help with this"));
        let two_places = |name: &str| format!("Dear Mr. {name}, your parcel to New {name} is here since Monday.");
        let found = patterns(&filled(names, &two_places), 1, "en");
        assert!(found.iter().all(|p| p == "dear * your parcel to * is here since 0"), "{found:?}");
        let four = patterns(&filled("Marta John Eleni Zoe", &sorry), 30, "en");
        assert_eq!(four.iter().collect::<FxHashSet<_>>().len(), 4, "each may be judged by itself");
        // What little is shared says nothing.
        let greeted = patterns(&filled(names, &|name| format!("Goodbye {name}")), 30, "en");
        assert_eq!(greeted.iter().collect::<FxHashSet<_>>().len(), 5);
        // German writes every noun so.
        let nouns =
            filled("Rechnung Buchung Zahlung Lieferung Fahrkarte", &|noun| format!("Ich habe Ihre {noun} vor mir"));
        assert_eq!(patterns(&nouns, 30, "de").iter().collect::<FxHashSet<_>>().len(), 5);
    }

    #[test]
    fn very_many_words_each_seldom_are_a_value_and_a_few_are_not() {
        let dishes = "pizza pasta soup salad rice beans bread cheese olives fish lamb cake";
        let added = |dish: &str| format!("I have added {dish} to your basket.");
        assert!(patterns(&filled(dishes, &added), 5, "en").iter().all(|p| p == "i have added * to your basket"));
        let states = filled("confirmed delayed cancelled lost", &|state| format!("Your order is {state} as of now."));
        assert_eq!(patterns(&states, 5, "en").iter().collect::<FxHashSet<_>>().len(), 4);
        // One that is said again and again is an answer of its own, and so are the others beside it.
        let texts = filled(dishes, &added);
        let mut sayings: Vec<Saying<'_>> = texts.iter().map(|text| Saying { text, times: 1, lang: "en" }).collect();
        sayings[0].times = 40;
        assert_eq!(answer_patterns(&sayings).iter().collect::<FxHashSet<_>>().len(), 12);
    }

    #[test]
    fn one_answer_in_html_markdown_and_plain_is_one() {
        let forms = [
            "Open **My orders** and choose [Return](https://shop.example/r).",
            "<p>Open <b>My orders</b> and choose <a href=\"https://shop.example/r\">Return</a>.</p>",
            "Open My orders and choose Return",
        ];
        let found = patterns(&forms.map(str::to_owned), 40, "en");
        assert!(found.iter().all(|p| p == "open my orders and choose return"), "{found:?}");
    }
}
