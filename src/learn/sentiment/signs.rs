//! What a turn shows of how the customer feels, without any label.

use super::words;
use crate::text::fold;
use rustc_hash::FxHashMap;
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

/// A phrase's words after the first; the last may stand for any ending.
struct Phrase {
    sign: Sign,
    rest: Vec<String>,
    open: bool,
}

#[derive(Default)]
struct Lexicon {
    /// By first word.
    exact: FxHashMap<String, Vec<Phrase>>,
    /// Beginnings of words, by their first two letters.
    open: FxHashMap<String, Vec<(String, Sign)>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut out = Lexicon::default();
    for (sign, list) in LISTS {
        for phrase in list.split('|') {
            let open = phrase.ends_with('*');
            let mut words = phrase.trim_end_matches('*').split_whitespace().map(fold::fold);
            let first = words.next().unwrap_or_default();
            let rest: Vec<String> = words.collect();
            if open && rest.is_empty() {
                out.open.entry(head(&first)).or_default().push((first, sign));
            } else {
                out.exact.entry(first).or_default().push(Phrase { sign, rest, open });
            }
        }
    }
    out
});

fn head(word: &str) -> String {
    word.chars().take(2).collect()
}

/// How often each list is met in a text.
fn counts(words: &[&str]) -> [u32; SIGNS] {
    let mut out = [0; SIGNS];
    let meets = |phrase: &Phrase, after: &[&str]| {
        let Some((last, inner)) = phrase.rest.split_last() else { return true };
        after.len() >= phrase.rest.len()
            && inner.iter().zip(after).all(|(a, b)| a == b)
            && if phrase.open { after[inner.len()].starts_with(last.as_str()) } else { after[inner.len()] == last }
    };
    for (at, word) in words.iter().enumerate() {
        let phrases = LEXICON.exact.get(*word).into_iter().flatten();
        phrases.filter(|p| meets(p, &words[at + 1..])).for_each(|p| out[p.sign as usize] += 1);
        let beginnings = LEXICON.open.get(&head(word)).into_iter().flatten();
        beginnings.filter(|(b, _)| word.starts_with(b.as_str())).for_each(|(_, sign)| out[*sign as usize] += 1);
    }
    out
}

/// Capitals from which on a text shouts.
const SHOUTED: usize = 8;

/// The signs of what a customer said and of what the AI had said before, as strengths from 0 on. Words of the customer count for the
/// customer's signs, words of the AI for the AI's.
pub(super) fn signs(text: &str, before: &str, repeats: bool) -> [f32; SIGNS] {
    let (text_folded, before_folded) = (fold::fold(text), fold::fold(before));
    let words: Vec<&str> = fold::words(&text_folded).collect();
    let said: Vec<&str> = fold::words(&before_folded).collect();
    let (customer, ai) = (counts(&words), counts(&said));
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
