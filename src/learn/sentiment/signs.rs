//! What a turn shows of how the customer feels, without any label.

use super::SentimentTurn;
use super::lexicon::{Lexicon, TurnWords};
use super::rules::SentimentRules;
use super::{greek_words, tone, words};
use crate::text::fold;
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
const LISTS: [(Sign, &str); 10] = [
    (Sign::Displeased, words::DISPLEASED),
    (Sign::Displeased, words::PLAIN),
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
const BY_SOUND: [(Sign, &str); 10] = [
    (Sign::Displeased, greek_words::DISPLEASED),
    (Sign::Displeased, greek_words::PLAIN),
    (Sign::Person, greek_words::PERSON),
    (Sign::Against, greek_words::AGAINST),
    (Sign::Pleased, greek_words::PLEASED),
    (Sign::Thanks, greek_words::THANKS),
    (Sign::CouldNot, greek_words::COULD_NOT),
    (Sign::Done, greek_words::DONE),
    (Sign::Good, greek_words::GOOD),
    (Sign::Bad, greek_words::BAD),
];

/// What the newest rules hear besides, ...
const SPELT_SINCE: [(Sign, &str); 4] = [
    (Sign::Displeased, words::PLAIN_SINCE),
    (Sign::Displeased, words::SAD),
    (Sign::Pleased, words::PLEASED_SINCE),
    (Sign::Pleased, words::GLAD),
];
/// ...and by sound.
const HEARD_SINCE: [(Sign, &str); 2] =
    [(Sign::Displeased, greek_words::PLAIN_SINCE), (Sign::Pleased, greek_words::PLEASED_SINCE)];

static SPELT: LazyLock<Lexicon<Sign>> = LazyLock::new(|| Lexicon::spelt(&LISTS));
static OTHERS: LazyLock<Lexicon<Sign>> = LazyLock::new(|| {
    let lists: Vec<(Sign, &str)> = LISTS.into_iter().chain([(Sign::Thanks, greek_words::THANKS_SHORT)]).collect();
    Lexicon::others(&lists)
});
static HEARD: LazyLock<Lexicon<Sign>> = LazyLock::new(|| Lexicon::heard(&BY_SOUND));
static SINCE_SPELT: LazyLock<Lexicon<Sign>> = LazyLock::new(|| Lexicon::others(&SPELT_SINCE));
static SINCE_HEARD: LazyLock<Lexicon<Sign>> = LazyLock::new(|| Lexicon::heard(&HEARD_SINCE));

/// The names of signs, and the phrases of those that have lists: as they are spelt, and Greek ones by sound. Beside them what a
/// text says whatever was learnt (`tones`).
pub(super) fn described(rules: SentimentRules) -> Value {
    let lists = |lists: &[(Sign, &str)]| {
        let mut out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (sign, list) in lists {
            out.entry(NAMES[*sign as usize]).or_default().extend(list.split('|').map(str::to_owned));
        }
        out
    };
    let is_newest = |_: &(Sign, &str)| rules.is_counted();
    let short = [(Sign::Thanks, greek_words::THANKS_SHORT)];
    let spelt: Vec<(Sign, &str)> =
        LISTS.into_iter().chain(short).chain(SPELT_SINCE.into_iter().filter(is_newest)).collect();
    let by_sound: Vec<(Sign, &str)> = BY_SOUND.into_iter().chain(HEARD_SINCE.into_iter().filter(is_newest)).collect();
    json!({"names": NAMES, "spelt": lists(&spelt), "by_sound": lists(&by_sound), "tones": tone::described()})
}

/// How often each list is met in a folded text.
fn counts(folded: &str, rules: SentimentRules) -> [u32; SIGNS] {
    let mut out = [0; SIGNS];
    let mut count = |_: usize, sign: Sign| out[sign as usize] += 1;
    if rules == SentimentRules::AsSpelt {
        TurnWords::of(folded).spelt(&SPELT, &mut count);
        return out;
    }
    let turn = TurnWords::of(folded);
    turn.spelt(&OTHERS, &mut count);
    turn.heard(&HEARD, &mut count);
    if rules.is_counted() {
        turn.spelt(&SINCE_SPELT, &mut count);
        turn.heard(&SINCE_HEARD, &mut count);
    }
    out
}

/// Whether the AI said that it could not.
pub(super) fn could_not(before: &str) -> bool {
    counts(&fold::fold(before), SentimentRules::default())[Sign::CouldNot as usize] > 0
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
