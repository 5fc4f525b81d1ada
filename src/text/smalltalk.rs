//! Greetings, thanks and bare answers: turns that carry no request. Conservative: every word must be accounted for.

use super::fold::{fold, words};
use super::greek::{ReadText, is_greek, key_of};
use super::memo::WordMemo;
use super::talk_words::{
    ANSWERS, AS_WRITTEN, BYES, FILLERS, GIVEN_NAMES, GREETINGS, INTRODUCTIONS, NOT_A_NAME, OPENERS, SAYS_WHO, THANKS,
};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SmallTalk {
    /// Hello.
    Greeting,
    /// Thanks, or that it worked.
    Thanks,
    /// Goodbye, or that there is nothing else.
    Bye,
    /// Yes, no, ok, great.
    Answer,
    /// That help is wanted, without what for: no small talk, but no request either.
    Opener,
    /// Who is speaking, the same; a name follows.
    Introduction,
    /// The same in words that may go on otherwise: `I'm Ben`, `I'm lost`.
    SaysWho,
    /// Somebody's name.
    Name,
    /// Words that go with any of them and say nothing alone.
    Filler,
}

impl SmallTalk {
    fn opens(self) -> bool {
        matches!(self, Self::Opener | Self::Introduction | Self::SaysWho)
    }
}

/// Bytes beyond which a text is no small talk, and words.
const MAX_BYTES: usize = 400;
const MAX_WORDS: usize = 14;
/// Longest phrase of the lists, in words.
const MAX_PHRASE: usize = 6;
/// Words of a name, the first one and what may stand behind it.
const MAX_NAME: usize = 3;
/// Letters from which on a greeting with a slip of the finger is no other word.
const LONG_GREETING: usize = 5;

/// What is looked for.
#[derive(Default)]
struct KnownPhrases {
    /// Folded.
    written: FxHashMap<String, SmallTalk>,
    /// Their first words.
    written_begin: FxHashSet<String>,
    /// Greek ones by the keys of their words, so that any spelling in either script is found.
    heard: FxHashMap<String, SmallTalk>,
    /// The keys of their first words.
    heard_begin: FxHashSet<String>,
    /// Folded words that are no name.
    not_a_name: FxHashSet<String>,
    /// Folded names that people are given.
    given_names: FxHashSet<String>,
    /// Greetings of one word that are long enough to be known with a slip of the finger.
    long_greetings: Vec<String>,
}

static PHRASES: LazyLock<KnownPhrases> = LazyLock::new(|| {
    let lists = [
        (SmallTalk::Filler, FILLERS),
        (SmallTalk::Opener, OPENERS),
        (SmallTalk::Introduction, INTRODUCTIONS),
        (SmallTalk::SaysWho, SAYS_WHO),
        (SmallTalk::Answer, ANSWERS),
        (SmallTalk::Bye, BYES),
        (SmallTalk::Thanks, THANKS),
        (SmallTalk::Greeting, GREETINGS),
    ];
    let folded = |list: &'static str| list.split('|').map(|p| words(&fold(p)).collect::<Vec<_>>().join(" "));
    let as_written: FxHashSet<String> = folded(AS_WRITTEN).collect();
    let is_long = |g: &String| g.len() >= LONG_GREETING && g.bytes().all(|b| b.is_ascii_lowercase());
    let mut out = KnownPhrases {
        not_a_name: folded(NOT_A_NAME).collect(),
        given_names: folded(GIVEN_NAMES).collect(),
        long_greetings: folded(GREETINGS).filter(is_long).collect(),
        ..KnownPhrases::default()
    };
    for (phrase, kind) in lists.into_iter().flat_map(|(kind, list)| folded(list).map(move |p| (p, kind))) {
        if phrase.split(' ').all(|w| w.chars().any(is_greek)) && !as_written.contains(&phrase) {
            let keys: Vec<String> = phrase.split(' ').map(key_of).collect();
            out.heard.insert(keys.join(" "), kind);
            out.heard_begin.extend(keys.into_iter().next());
        }
        out.written_begin.extend(phrase.split(' ').next().map(str::to_owned));
        out.written.insert(phrase, kind);
    }
    out
});

thread_local! {
    /// Whether a Greek phrase begins with what sounds as a word: most first words are those of many texts.
    static HEARD_BEGIN: RefCell<WordMemo<bool, 1_024>> = RefCell::default();
}

impl KnownPhrases {
    /// The longest phrase at the beginning: its words, and what it is.
    fn at(&self, words: &[&str]) -> Option<(usize, SmallTalk)> {
        let (first, most) = (words.first()?, words.len().min(MAX_PHRASE));
        let begins = || self.heard_begin.contains(&key_of(first));
        let heard_begins = HEARD_BEGIN.with_borrow_mut(|memo| memo.get(first, 0, begins));
        if !heard_begins && !self.written_begin.contains(*first) {
            return None;
        }
        let keys: Vec<String> =
            if heard_begins { words[..most].iter().map(|w| key_of(w)).collect() } else { Vec::new() };
        (1..=most).rev().find_map(|n| {
            let written = self.written.get(&words[..n].join(" "));
            let heard = || self.heard.get(&keys.get(..n)?.join(" "));
            written.or_else(heard).map(|&kind| (n, kind))
        })
    }
}

/// Whether the text is nothing but a greeting, thanks, a goodbye or a bare yes, no or ok (English, Greek in either script, and
/// the commonest of Spanish, German and French), or has no words at all. `hi, where is my order` is not.
pub fn is_smalltalk(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| is_small(&kinds))
}

/// Whether the text is [small talk](is_smalltalk), or says no more than that help is wanted or who is speaking: `hello, I need
/// some help`, `my name is Maria`. What the customer wants comes after it.
pub fn is_opening(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| is_opening_of(&kinds))
}

/// [`is_smalltalk`] and [`is_opening`] of a text that is read already.
pub fn small_and_opening(text: &str, read: &ReadText) -> (bool, bool) {
    let kinds = match text.len() <= MAX_BYTES && !has_markers(text) {
        true => kinds_of(text, read.words()),
        false => kinds(text),
    };
    kinds.map_or((false, false), |kinds| (is_small(&kinds), is_opening_of(&kinds)))
}

fn is_small(kinds: &[SmallTalk]) -> bool {
    // A name says who speaks; beside a greeting or thanks it says to whom.
    let says_more = |k: &SmallTalk| !matches!(k, SmallTalk::Name | SmallTalk::Filler);
    !kinds.iter().any(|k| k.opens()) && (kinds.is_empty() || kinds.iter().any(says_more))
}

fn is_opening_of(kinds: &[SmallTalk]) -> bool {
    kinds.is_empty() || kinds.iter().any(|&k| k != SmallTalk::Filler)
}

/// Whether the text is small talk that ends a conversation well: thanks, `that worked`, a goodbye, `nothing else`.
pub fn is_thanks_or_bye(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| {
        !kinds.iter().any(|k| k.opens()) && kinds.iter().any(|k| matches!(k, SmallTalk::Thanks | SmallTalk::Bye))
    })
}

/// What the text is made of; `None` when it says something else too.
fn kinds(text: &str) -> Option<Vec<SmallTalk>> {
    // Long texts are decided without folding them.
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = without_markers(text);
    kinds_of(&text, words(&fold(&text)))
}

/// The same of the folded words of a text.
fn kinds_of<'a>(text: &str, words: impl Iterator<Item = &'a str>) -> Option<Vec<SmallTalk>> {
    let tokens: SmallVec<[&str; MAX_WORDS + 1]> = words.take(MAX_WORDS + 1).collect();
    if tokens.len() > MAX_WORDS {
        return None;
    }
    let mut kinds = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let (taken, kind) = PHRASES.at(rest).or_else(|| Some((1, word_alone(rest[0])?)))?;
        kinds.push(kind);
        at += taken;
        at += match kind {
            SmallTalk::Introduction => name_at(&tokens[at..])?,
            SmallTalk::SaysWho => told_name_at(text, &tokens, at)?,
            SmallTalk::Name => usize::from(is_surname(text, &tokens, at)),
            _ => 0,
        };
    }
    Some(kinds)
}

/// What a word is that no phrase begins with.
fn word_alone(word: &str) -> Option<SmallTalk> {
    if PHRASES.given_names.contains(word) {
        return Some(SmallTalk::Name);
    }
    drawn_out(word).or_else(|| is_slip_of_greeting(word).then_some(SmallTalk::Greeting))
}

/// How many words the name has with which these begin: the first, and what follows up to a known phrase.
fn name_at(words: &[&str]) -> Option<usize> {
    words.first().filter(|first| !PHRASES.not_a_name.contains(**first))?;
    Some(
        (1..words.len().min(MAX_NAME))
            .find(|&n| PHRASES.at(&words[n..]).is_some())
            .unwrap_or(words.len().min(MAX_NAME)),
    )
}

/// How many words a name has where anything else might stand: one that people are given, or that is written as names are.
fn told_name_at(text: &str, tokens: &[&str], at: usize) -> Option<usize> {
    let rest = tokens.get(at..)?;
    let given = |word: &str| PHRASES.given_names.contains(word);
    let first = *rest.first()?;
    if PHRASES.not_a_name.contains(first) || !(given(first) || is_written_as_name(text, at)) {
        return None;
    }
    let is_name = |word: &str| given(word) || is_written_as_name(text, at + 1) || (given(first) && rest.len() == 2);
    let second = rest.get(1).filter(|_| PHRASES.at(&rest[1..]).is_none()).is_some_and(|word| is_name(word));
    Some(1 + usize::from(second))
}

/// Whether the last word of a text is written as a name and stands behind one.
fn is_surname(text: &str, tokens: &[&str], at: usize) -> bool {
    at + 1 == tokens.len()
        && PHRASES.at(&tokens[at..]).is_none()
        && is_written_as_name(text, at - 1)
        && is_written_as_name(text, at)
}

/// Whether a word of a text, by its place, has a capital before small letters.
fn is_written_as_name(text: &str, at: usize) -> bool {
    let mut letters = words(text).nth(at).unwrap_or_default().chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// Letters of a number that is none of an order, a booking or a customer.
const SHORT_NUMBER: usize = 2;

/// Whether a text is a letter or a short number alone: noise, or the answer to a question that it stands after.
pub fn is_single_sign(read: &ReadText) -> bool {
    let mut all = read.words();
    match (all.next(), all.next()) {
        (Some(word), None) if word.bytes().all(|b| b.is_ascii_digit()) => word.len() <= SHORT_NUMBER,
        // A sign of a script without letters may be a word.
        (Some(word), None) => word.chars().count() == 1 && (word.is_ascii() || word.chars().any(is_greek)),
        _ => false,
    }
}

fn has_markers(text: &str) -> bool {
    // To look for three signs takes preparation: nearly no text has one.
    memchr::memchr(b'#', text.as_bytes()).is_some() && text.contains("###")
}

/// The text without marks of the kind `###STOP###`, with which simulated customers end a conversation.
fn without_markers(text: &str) -> Cow<'_, str> {
    if !has_markers(text) {
        return Cow::Borrowed(text);
    }
    let is_mark =
        |piece: &str| !piece.is_empty() && piece.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c == '-');
    let words = text.split_whitespace().map(|word| match word.split_once("###") {
        Some((before, rest)) if rest.strip_suffix("###").is_some_and(is_mark) => before,
        _ => word,
    });
    Cow::Owned(words.collect::<Vec<_>>().join(" "))
}

/// `hiii`, `okkk`, `helllo`: letters drawn out, the last one or any that stands there three times.
fn drawn_out(word: &str) -> Option<SmallTalk> {
    let known = |word: &str| PHRASES.written.get(word).copied();
    let last = word.chars().next_back()?;
    let stem = word.trim_end_matches(last);
    let at_end = (word.len() - stem.len() > last.len_utf8()).then(|| known(&format!("{stem}{last}"))).flatten();
    // Told of letters of one byte without a copy.
    let drawn = || !word.is_ascii() || word.as_bytes().windows(3).any(|w| w[0] == w[1] && w[1] == w[2]);
    at_end.or_else(|| {
        if !drawn() {
            return None;
        }
        let two = squeezed(word, 2);
        (two.len() < word.len()).then(|| known(&two).or_else(|| known(&squeezed(word, 1)))).flatten()
    })
}

/// The word with so many of every letter that stands there three times or more in a row.
fn squeezed(word: &str, keep: usize) -> String {
    let letters: SmallVec<[char; 16]> = word.chars().collect();
    let runs = letters.chunk_by(|a, b| a == b);
    runs.flat_map(|run| &run[..if run.len() > 2 { keep } else { run.len() }]).collect()
}

/// `helloq`, `hhello`, `helol`: a letter too many, or two that have changed places.
fn is_slip_of_greeting(word: &str) -> bool {
    let word = word.as_bytes();
    let one_more =
        |g: &[u8]| g.len() + 1 == word.len() && (0..word.len()).any(|i| word[..i] == g[..i] && word[i + 1..] == g[i..]);
    let swapped = |g: &[u8]| {
        let at = |i: usize| {
            word[i - 1] == g[i] && word[i] == g[i - 1] && word[..i - 1] == g[..i - 1] && word[i + 1..] == g[i + 1..]
        };
        g.len() == word.len() && (1..word.len()).any(at)
    };
    PHRASES.long_greetings.iter().any(|g| one_more(g.as_bytes()) || swapped(g.as_bytes()))
}

/// Names and parts of names that intents for small talk go by.
const INTENT_PARTS: &[&str] = &[
    "greet",
    "greeting",
    "greetings",
    "hello",
    "hi",
    "thank",
    "thanks",
    "thankyou",
    "gratitude",
    "appreciation",
    "goodbye",
    "bye",
    "farewell",
    "welcome",
    "smalltalk",
    "chitchat",
];
/// Parts that may stand beside them.
const INTENT_BESIDE: &[&str] = &[
    "opening",
    "closing",
    "open",
    "close",
    "user",
    "customer",
    "general",
    "say",
    "good",
    "you",
    "default",
    "intent",
    "start",
    "end",
    "initial",
    "final",
    "and",
    "small",
    "talk",
    "chit",
    "chat",
    "smalltalk",
    "chitchat",
    "faq",
];

thread_local! {
    /// What intents' names come to: a log has few, and each of its turns names one.
    static SMALL_INTENTS: RefCell<FxHashMap<String, bool>> = RefCell::default();
}

/// Names that are remembered, and their bytes at most; a log whose intents are more or longer has something else in their place.
const REMEMBERED: (usize, usize) = (4_096, 64);

/// Whether an intent's name says that it is a greeting, thanks or a goodbye: `greet`, `openinggreeting`, `thank_you`,
/// `Default Welcome Intent`, `smalltalk/greet`.
pub fn is_smalltalk_intent(name: &str) -> bool {
    SMALL_INTENTS.with_borrow_mut(|known| {
        if let Some(&is_small) = known.get(name) {
            return is_small;
        }
        let is_small = names_smalltalk(name);
        if known.len() < REMEMBERED.0 && name.len() <= REMEMBERED.1 {
            known.insert(name.to_owned(), is_small);
        }
        is_small
    })
}

fn names_smalltalk(name: &str) -> bool {
    let folded = fold(&split_camel_case(name));
    let mut parts: SmallVec<[&str; 8]> = words(&folded).flat_map(|w| w.split('_')).filter(|w| !w.is_empty()).collect();
    // `openinggreeting`: one known word after another without anything between.
    if let [one] = parts.as_slice()
        && let Some(beside) = INTENT_BESIDE.iter().find(|b| one.strip_prefix(**b).is_some_and(|r| r.len() > 2))
    {
        parts = smallvec![*beside, &one[beside.len()..]];
    }
    let known = |p: &&str| INTENT_PARTS.contains(p) || INTENT_BESIDE.contains(p);
    matches!(parts.concat().as_str(), "smalltalk" | "chitchat")
        || parts.iter().all(known) && parts.iter().any(|p| INTENT_PARTS.contains(p))
}

/// A space before every capital that follows a small letter.
fn split_camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut small = false;
    for c in name.chars() {
        if small && c.is_uppercase() {
            out.push(' ');
        }
        small = c.is_lowercase();
        out.push(c);
    }
    out
}

/// The phrases and names above, under what they are: for what must know the same ones outside.
#[cfg(test)]
pub(crate) fn known() -> [(&'static str, Vec<&'static str>); 13] {
    let phrases = |list: &'static str| list.split('|').collect();
    [
        ("greetings", phrases(GREETINGS)),
        ("thanks", phrases(THANKS)),
        ("byes", phrases(BYES)),
        ("answers", phrases(ANSWERS)),
        ("openers", phrases(OPENERS)),
        ("introductions", phrases(INTRODUCTIONS)),
        ("says_who", phrases(SAYS_WHO)),
        ("given_names", phrases(GIVEN_NAMES)),
        ("not_a_name", phrases(NOT_A_NAME)),
        ("fillers", phrases(FILLERS)),
        ("as_written", phrases(AS_WRITTEN)),
        ("intent_parts", INTENT_PARTS.to_vec()),
        ("intent_beside", INTENT_BESIDE.to_vec()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_talk_is_seen() {
        for s in [
            "hi",
            "Hello there!",
            "hiii",
            "Good morning, how are you?",
            "thanks a lot, bye",
            "No, that's all. Thanks.",
            "ok thank you",
            "Yes, please",
            "Great, thank you! ###STOP###",
            "###STOP###",
            "Γειά σας!",
            "ΕΥΧΑΡΙΣΤΩ ΠΟΛΥ",
            "όχι, ευχαριστώ",
            "Gracias",
            "👍",
            "  ",
            "Great, that worked, thank you so much!",
            "that’s all, thanks",
            "Thanks for your help!! Have a great day 😊",
            "Yes, please proceed with these changes.",
            "Yes, everything looks correct. Please go ahead with the update. Thank you!",
            "ναι, προχωρήστε παρακαλώ",
            "helllo",
            "HelloQ",
            "HHello!",
            "Helol",
            "heeeello",
            "Hello kind soul.",
            "Hi AI!",
            "Hello Ben",
            "Hello, Alexis here!",
            "thanks, Maria",
            "Hey, how's it going?",
        ] {
            assert!(is_smalltalk(s), "{s}");
        }
    }

    #[test]
    fn greek_small_talk_is_seen_in_either_script() {
        let rows = include_str!("../../tests/fixtures/greek/smalltalk.tsv").lines().skip(1);
        let mut small = 0;
        for row in rows {
            let mut cells = row.split('\t');
            let expected = cells.next() == Some("small");
            small += usize::from(expected);
            for said in cells {
                assert_eq!(is_smalltalk(said), expected, "{said}");
            }
        }
        assert!(small >= 60, "{small}");
    }

    #[test]
    fn a_request_is_not() {
        for s in [
            "hi, where is my order",
            "thanks for nothing",
            "no it is still broken",
            "please",
            "ok but when?",
            "Γεια σας, πού είναι η παραγγελία μου;",
            "help",
            "thank you card",
            "Yes, please transfer me to a human agent",
            "please proceed with cancelling my order",
            "why?",
            "i want to say thanks to the driver who brought it",
            "hello refund",
            "Hallo Rechnung",
            "hellish",
            "Ben",
        ] {
            assert!(!is_smalltalk(s), "{s}");
        }
    }

    #[test]
    fn an_opening_is_no_request_and_no_small_talk() {
        for s in [
            "help",
            "Hello, I need some help",
            "My name is mark",
            "hi, my name is Mary Ann Brown and I need help please",
            "Can you help me? Thanks!",
            "Γεια σας, χρειάζομαι βοήθεια",
            "geia sas xreiazomai voitheia",
            "Καλημέρα, με λένε Μαρία",
            "thanks, can you help me?",
            "Alexis.",
            "Ben",
            "Jane Doe",
            "I'm Ben!",
            "Hi, I'm John.",
            "Hello I am Alexis.",
            "Hi there, I'm Tyler Jones",
            "hi im john smith",
            "Hi, this is Zsófia",
            "Γεια σας, είμαι η Μαρία",
            "Hi I need your help asap",
            "Can you help me or what?",
        ] {
            assert!(is_opening(s) && !is_smalltalk(s) && !is_thanks_or_bye(s), "{s}");
        }
        for s in [
            "My name is wrong on the ticket",
            "my name is misspelled",
            "my name is john and i would like to book a flight",
            "can you help me find a hotel",
            "I have a problem with my card",
            "my name is",
            "I'm lost!",
            "I AM LOCKED OUT",
            "this is wrong",
            "I'm Ben and I lost my card",
            "It is Tuesday.",
            "Trivia",
            "refund",
            "Ben booked twice",
            "I need a flight right now",
            "urgently",
        ] {
            assert!(!is_opening(s), "{s}");
        }
        assert!(is_opening("hello there"));
    }

    #[test]
    fn a_letter_or_a_short_number_alone_is_a_single_sign() {
        for s in ["r", " A. ", "6", "42!", "ω"] {
            assert!(is_single_sign(&ReadText::of(s)), "{s}");
        }
        for s in ["", "ok", "123456", "4417", "查", "6 people", "?"] {
            assert!(!is_single_sign(&ReadText::of(s)), "{s}");
        }
    }

    #[test]
    fn endings_are_told_from_other_small_talk() {
        for s in ["thanks", "ok bye", "nothing else", "ευχαριστώ, καλό βράδυ", "cheers!", "no, that's it"]
        {
            assert!(is_thanks_or_bye(s), "{s}");
        }
        for s in ["hi", "yes", "ok", "no", "👍", "hello", "γεια σας", "thanks, but my card is still blocked"] {
            assert!(!is_thanks_or_bye(s), "{s}");
        }
    }

    #[test]
    fn intents_are_known_by_name() {
        for s in [
            "greet",
            "hello",
            "thanks",
            "thankyou",
            "thank_you",
            "goodbye",
            "openinggreeting",
            "closinggreeting",
            "OpeningGreeting",
            "Default Welcome Intent",
            "smalltalk/greet",
            "chitchat",
            "say_goodbye",
        ] {
            assert!(is_smalltalk_intent(s), "{s}");
        }
        for s in ["order_status", "greeting_card", "close_account", "highlight", "user", "chat_with_agent", "say"] {
            assert!(!is_smalltalk_intent(s), "{s}");
        }
    }

    #[test]
    fn no_phrase_is_longer_than_is_looked_for() {
        assert!(
            PHRASES.written.keys().all(|p| p.split(' ').count() <= MAX_PHRASE),
            "{:?}",
            PHRASES.written.keys().max_by_key(|p| p.split(' ').count())
        );
    }
}
