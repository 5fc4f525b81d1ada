//! What a turn shows of how the customer feels, without any label.

use super::SentimentTurn;
use super::rules::SentimentRules;
use super::{greek_words, words};
use crate::text::fold;
use crate::text::greek::{Greek, is_greek, key_of};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How many signs there are.
pub(super) const SIGNS: usize = 14;

/// What a turn shows; each at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Displeased = 0,
    Person = 1,
    Against = 2,
    Pleased = 3,
    Thanks = 4,
    CouldNot = 5,
    Done = 6,
    Shouts = 7,
    Questions = 8,
    Exclaims = 9,
    /// Said again what the AI had just read out, or what was said before: given by who knows the conversation.
    Repeats = 10,
    Good = 11,
    Bad = 12,
    /// Turned down after the AI could not.
    Stuck = 13,
}

/// What they are called where another program reads them, in their order.
const NAMES: [&str; SIGNS] = [
    "displeased",
    "person",
    "against",
    "pleased",
    "thanks",
    "could_not",
    "done",
    "shouts",
    "questions",
    "exclaims",
    "repeats",
    "good",
    "bad",
    "stuck",
];

/// Compared as they are spelt.
const LISTS: [(Sign, &str); 9] = [
    (Sign::Displeased, words::DISPLEASED),
    (Sign::Person, words::PERSON),
    (Sign::Against, words::AGAINST),
    (Sign::Pleased, words::PLEASED),
    (Sign::Thanks, words::THANKS),
    (Sign::CouldNot, words::COULD_NOT),
    (Sign::Done, words::DONE),
    (Sign::Good, words::GOOD),
    (Sign::Bad, words::BAD),
];

/// The same by sound.
const BY_SOUND: [(Sign, &str); 9] = [
    (Sign::Displeased, greek_words::DISPLEASED),
    (Sign::Person, greek_words::PERSON),
    (Sign::Against, greek_words::AGAINST),
    (Sign::Pleased, greek_words::PLEASED),
    (Sign::Thanks, greek_words::THANKS),
    (Sign::CouldNot, greek_words::COULD_NOT),
    (Sign::Done, greek_words::DONE),
    (Sign::Good, greek_words::GOOD),
    (Sign::Bad, greek_words::BAD),
];

/// A phrase's words after the first; the last may stand for any ending.
struct Phrase {
    sign: Sign,
    rest: Vec<String>,
    open: bool,
    /// Letters of all its words.
    letters: usize,
}

#[derive(Default)]
struct Lexicon {
    /// By first word.
    exact: FxHashMap<String, Vec<Phrase>>,
    /// Beginnings of words, by their first two letters.
    open: FxHashMap<String, Vec<(String, Sign)>>,
}

static SPELT: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&LISTS, &str::to_owned, &|_| true));
/// Of the lists above what has no Greek word: those are heard.
static OTHERS: LazyLock<Lexicon> = LazyLock::new(|| {
    let lists: Vec<(Sign, &str)> = LISTS.into_iter().chain([(Sign::Thanks, greek_words::THANKS_SHORT)]).collect();
    Lexicon::of(&lists, &str::to_owned, &|phrase| !phrase.chars().any(is_greek))
});
static HEARD: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&BY_SOUND, &key_of, &|_| true));
/// What the newest rules hear besides.
const HEARD_SINCE: [(Sign, &str); 1] = [(Sign::Displeased, greek_words::DISPLEASED_SINCE)];
static SINCE: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&HEARD_SINCE, &key_of, &|_| true));
/// What takes pleasure out of words, and teaches nothing: displeasure in kind words, what only asks, what turns the next words round.
const TURNS: [(Sign, &str); 3] =
    [(Sign::Displeased, words::IRONY), (Sign::Questions, words::ASKS), (Sign::Against, words::NOT)];
/// The same by sound.
const TURNS_BY_SOUND: [(Sign, &str); 2] = [(Sign::Questions, greek_words::ASKS), (Sign::Against, greek_words::NOT)];
static TURNS_SPELT: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&TURNS, &str::to_owned, &|_| true));
static TURNS_HEARD: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&TURNS_BY_SOUND, &key_of, &|_| true));

impl Lexicon {
    fn of(lists: &[(Sign, &str)], read: &dyn Fn(&str) -> String, keep: &dyn Fn(&str) -> bool) -> Self {
        let mut out = Self::default();
        for (sign, list) in lists {
            for phrase in list.split('|').filter(|p| keep(p)) {
                let open = phrase.ends_with('*');
                let mut words = phrase.trim_end_matches('*').split_whitespace().map(|w| read(&fold::fold(w)));
                let first = words.next().unwrap_or_default();
                let rest: Vec<String> = words.collect();
                if open && rest.is_empty() {
                    out.open.entry(head(&first)).or_default().push((first, *sign));
                } else {
                    let letters = first.len() + rest.iter().map(String::len).sum::<usize>();
                    out.exact.entry(first).or_default().push(Phrase { sign: *sign, rest, open, letters });
                }
            }
        }
        out
    }

    /// Tells each place in words where a phrase of a list begins. Of a phrase of fewer letters than `least` the word where it begins must
    /// be `sure`.
    fn find(&self, words: &[&str], sure: &dyn Fn(usize) -> bool, least: usize, found: &mut dyn FnMut(usize, Sign)) {
        let meets = |phrase: &Phrase, after: &[&str]| {
            let Some((last, inner)) = phrase.rest.split_last() else { return true };
            after.len() >= phrase.rest.len()
                && inner.iter().zip(after).all(|(a, b)| a == b)
                && if phrase.open { after[inner.len()].starts_with(last.as_str()) } else { after[inner.len()] == last }
        };
        for (at, word) in words.iter().enumerate() {
            let is_told = |letters: usize| letters >= least || sure(at);
            let phrases = self.exact.get(*word).into_iter().flatten();
            phrases.filter(|p| is_told(p.letters) && meets(p, &words[at + 1..])).for_each(|p| found(at, p.sign));
            let beginnings = self.open.get(&head(word)).into_iter().flatten();
            beginnings
                .filter(|(b, _)| is_told(b.len()) && word.starts_with(b.as_str()))
                .for_each(|(_, sign)| found(at, *sign));
        }
    }
}

fn head(word: &str) -> String {
    word.chars().take(2).collect()
}

/// The names of signs, and the phrases of those that have lists: as they are spelt, and Greek ones by sound. Beside them what takes pleasure
/// out of words (`turns`), and the pictures of whoever is pleased and is not.
pub(super) fn described(rules: SentimentRules) -> Value {
    let lists = |lists: &[(Sign, &str)]| {
        let mut out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (sign, list) in lists {
            out.entry(NAMES[*sign as usize]).or_default().extend(list.split('|').map(str::to_owned));
        }
        out
    };
    let spelt: Vec<(Sign, &str)> = LISTS.into_iter().chain([(Sign::Thanks, greek_words::THANKS_SHORT)]).collect();
    let since = HEARD_SINCE.into_iter().filter(|_| rules.is_counted());
    let by_sound: Vec<(Sign, &str)> = BY_SOUND.into_iter().chain(since).collect();
    let turned: Vec<(Sign, &str)> = TURNS_BY_SOUND.into_iter().chain(HEARD_SINCE).collect();
    json!({
        "names": NAMES, "spelt": lists(&spelt), "by_sound": lists(&by_sound),
        "turns": {"spelt": lists(&TURNS), "by_sound": lists(&turned)}, "glad": GLAD, "cross": CROSS,
    })
}

/// Letters of a sound from which on it is Greek in a text of any language: a few words in Latin letters are too little to tell their
/// language by.
const LONG_SOUND: usize = 6;

/// Words of a folded text as they are spelt, and by sound.
struct TurnWords<'a> {
    words: Vec<&'a str>,
    keys: Vec<String>,
    greek: Greek,
}

impl<'a> TurnWords<'a> {
    fn of(folded: &'a str) -> Self {
        let words: Vec<&str> = fold::words(folded).collect();
        let keys = words.iter().map(|w| key_of(w)).collect();
        Self { words, keys, greek: Greek::of(folded) }
    }

    fn spelt(&self, lexicon: &Lexicon, found: &mut dyn FnMut(usize, Sign)) {
        lexicon.find(&self.words, &|_| true, 0, found);
    }

    fn heard(&self, lexicon: &Lexicon, found: &mut dyn FnMut(usize, Sign)) {
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        lexicon.find(&keys, &|at| self.greek.has(self.words[at]), LONG_SOUND, found);
    }
}

/// How often each list is met in a folded text.
fn counts(folded: &str, rules: SentimentRules) -> [u32; SIGNS] {
    let mut out = [0; SIGNS];
    let mut count = |_: usize, sign: Sign| out[sign as usize] += 1;
    if rules == SentimentRules::AsSpelt {
        let words: Vec<&str> = fold::words(folded).collect();
        SPELT.find(&words, &|_| true, 0, &mut count);
        return out;
    }
    let turn = TurnWords::of(folded);
    turn.spelt(&OTHERS, &mut count);
    turn.heard(&HEARD, &mut count);
    if rules.is_counted() {
        turn.heard(&SINCE, &mut count);
    }
    out
}

/// Signs that are no words, of whoever is pleased...
const GLAD: [char; 11] = ['😊', '😀', '😃', '😄', '🙂', '😍', '🥰', '👍', '🙏', '❤', '👏'];
/// ...and of whoever is not.
const CROSS: [char; 8] = ['😡', '😠', '🤬', '😤', '👎', '🙄', '😒', '😞'];

/// Whether a text has a word of displeasure, or kind words that nobody means.
pub(super) fn is_displeased(text: &str) -> bool {
    let folded = fold::fold(text);
    let mut is_irony = false;
    TurnWords::of(&folded).spelt(&TURNS_SPELT, &mut |_, sign| is_irony |= sign == Sign::Displeased);
    is_irony || text.contains(CROSS) || counts(&folded, SentimentRules::default())[Sign::Displeased as usize] > 0
}

/// Whether the AI said that it could not.
pub(super) fn could_not(before: &str) -> bool {
    counts(&fold::fold(before), SentimentRules::default())[Sign::CouldNot as usize] > 0
}

/// Words behind one that turns them round.
const NEAR: usize = 2;

/// Whether a text says that its customer is pleased: a word of pleasure or thanks, or such a sign, that no word just before it turns round.
/// What asks for something is a question, however kind; thanks before anything was answered are good manners.
pub(super) fn is_pleased(text: &str, is_answered: bool) -> bool {
    let folded = fold::fold(text);
    let turn = TurnWords::of(&folded);
    let (mut glad, mut not, mut asks) =
        (Vec::new(), Vec::new(), text.contains('?') || text.trim_end().ends_with([';', '\u{37e}']));
    let is_glad = |sign: Sign| sign == Sign::Pleased || sign == Sign::Thanks && is_answered;
    let mut look = |at: usize, sign: Sign| match sign {
        _ if is_glad(sign) => glad.push(at),
        Sign::Against => not.push(at),
        Sign::Questions => asks = true,
        _ => {}
    };
    turn.spelt(&TURNS_SPELT, &mut look);
    turn.heard(&TURNS_HEARD, &mut look);
    // These lists hold weaker words against something.
    let mut add = |at: usize, sign: Sign| {
        if is_glad(sign) {
            glad.push(at);
        }
    };
    turn.spelt(&OTHERS, &mut add);
    turn.heard(&HEARD, &mut add);
    let is_turned = |at: &usize| not.iter().any(|n| (*n + 1..=*n + NEAR).contains(at));
    !asks && (glad.iter().any(|at| !is_turned(at)) || is_answered && glad.is_empty() && text.contains(GLAD))
}

/// Capitals from which on a text shouts.
const SHOUTED: usize = 8;

/// The signs of what a customer said and of what the AI had said before, as strengths from 0 on. Words of the customer count for the
/// customer's signs, words of the AI for the AI's.
pub(super) fn signs(turn: &SentimentTurn<'_>, rules: SentimentRules) -> [f32; SIGNS] {
    let SentimentTurn { text, before, repeats } = *turn;
    let (customer, ai) = (counts(&fold::fold(text), rules), counts(&fold::fold(before), rules));
    let strength = |n: u32| if n == 0 { 0.0 } else { 1.0 + (n as f32).ln().min(1.0) };
    let flag = |yes: bool| f32::from(u8::from(yes));
    let mut out = customer.map(strength);
    for sign in [Sign::CouldNot, Sign::Done] {
        out[sign as usize] = strength(ai[sign as usize]);
    }
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    out[Sign::Shouts as usize] = flag(capitals >= SHOUTED && !text.chars().any(char::is_lowercase));
    let marks = |mark: &[char]| text.chars().filter(|c| mark.contains(c)).count();
    out[Sign::Questions as usize] = flag(text.contains("??") || text.contains("?!") || text.contains("!?"));
    out[Sign::Exclaims as usize] = flag(marks(&['!']) > 0);
    out[Sign::Repeats as usize] = flag(repeats);
    out[Sign::Stuck as usize] = flag(out[Sign::CouldNot as usize] > 0.0 && out[Sign::Against as usize] > 0.0);
    out
}
