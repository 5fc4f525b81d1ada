//! What a text says in so many words of how its customer feels, whatever a model has learnt of the log it comes from.

use super::lexicon::{Lexicon, TurnWords, phrases};
use super::{greek_words, words};
use crate::learn::signals::{insult_phrases, insults};
use crate::text::fold;
use crate::text::greek::is_greek;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a word or phrase does in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    /// Displeasure that nobody takes for anything else.
    Plain,
    /// Words of displeasure that may only ask, and kind ones that nobody means: no pleasure.
    Displeased,
    Praise,
    /// Pleasure that nobody takes for anything else.
    Delighted,
    Thanks,
    Asks,
    /// Sends away whom it is said to, where a text begins so.
    Dismisses,
    /// Turns pleasure just behind it round.
    Not,
    /// Turns plain displeasure just behind it round, too.
    IsNot,
    /// Plain words that may be said of something else by whoever asks.
    OfElse,
    /// What counts is what follows.
    But,
    /// Just behind praise it makes that irony.
    Again,
}

impl Tone {
    /// What it is called where another program reads it.
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Displeased => "displeased",
            Self::Praise => "praise",
            Self::Delighted => "delighted",
            Self::Dismisses => "dismisses",
            Self::Thanks => "thanks",
            Self::Asks => "asks",
            Self::Not => "not",
            Self::IsNot => "is_not",
            Self::OfElse => "of_else",
            Self::But => "but",
            Self::Again => "again",
        }
    }
}

/// English, and Greek in the spellings that are too short to be told by sound.
const LISTS: [(Tone, &str); 17] = [
    (Tone::Plain, words::PLAIN),
    (Tone::Plain, words::PLAIN_SINCE),
    (Tone::Plain, words::PLAIN_SAID),
    (Tone::Dismisses, words::DISMISSES),
    (Tone::Displeased, words::DISPLEASED),
    (Tone::Displeased, words::IRONY),
    (Tone::Praise, words::PLEASED),
    (Tone::Praise, words::PLEASED_SINCE),
    (Tone::Delighted, words::PLEASED_SAID),
    (Tone::Thanks, words::THANKS),
    (Tone::Thanks, greek_words::THANKS_SHORT),
    (Tone::Asks, words::ASKS),
    (Tone::Not, words::NOT),
    (Tone::IsNot, words::IS_NOT),
    (Tone::OfElse, words::OF_ELSE),
    (Tone::But, words::BUT),
    (Tone::Again, words::AGAIN),
];
/// The same by sound.
const BY_SOUND: [(Tone, &str); 14] = [
    (Tone::Plain, greek_words::PLAIN),
    (Tone::Plain, greek_words::PLAIN_SINCE),
    (Tone::Plain, greek_words::PLAIN_SAID),
    (Tone::Displeased, greek_words::DISPLEASED),
    (Tone::Praise, greek_words::PLEASED),
    (Tone::Praise, greek_words::PLEASED_SINCE),
    (Tone::Delighted, greek_words::PLEASED_SAID),
    (Tone::Thanks, greek_words::THANKS),
    (Tone::Asks, greek_words::ASKS),
    (Tone::Not, greek_words::NOT),
    (Tone::IsNot, greek_words::IS_NOT),
    (Tone::OfElse, greek_words::OF_ELSE),
    (Tone::But, greek_words::BUT),
    (Tone::Again, greek_words::AGAIN),
];

static SPELT: LazyLock<Lexicon<Tone>> = LazyLock::new(|| Lexicon::others(&LISTS));
static HEARD: LazyLock<Lexicon<Tone>> = LazyLock::new(|| Lexicon::heard(&BY_SOUND));

/// Signs that are no words, of whoever is pleased...
const GLAD: [char; 11] = ['😊', '😀', '😃', '😄', '🙂', '😍', '🥰', '👍', '🙏', '❤', '👏'];
/// ...of whoever may not be...
const CROSS: [char; 4] = ['😤', '🙄', '😒', '😞'];
/// ...and of whoever plainly is not.
const ANGRY: [char; 4] = ['😡', '😠', '🤬', '👎'];

/// Words behind one that turns them round.
const NEAR: usize = 2;

/// The phrases of each tone, as they are spelt and by sound, what else is an insult, and the signs that are no words: for another program.
pub(super) fn described() -> Value {
    let lists = |lists: &[(Tone, &'static str)]| {
        let mut out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (tone, list) in lists {
            out.entry(tone.name()).or_default().extend(phrases(list));
        }
        out
    };
    let (heard, spelt): (Vec<&str>, Vec<&str>) = insult_phrases().partition(|phrase| phrase.chars().any(is_greek));
    json!({
        "spelt": lists(&LISTS), "by_sound": lists(&BY_SOUND), "glad": GLAD, "cross": CROSS, "angry": ANGRY,
        "asking": ASKING, "not_asking": NOT_ASKING,
        "insults": {"spelt": spelt, "by_sound": heard},
    })
}

/// Where a text has which tone.
struct Tones {
    places: Vec<(usize, Tone)>,
    /// Where what counts begins: behind the last `but` that a word follows.
    from: usize,
}

impl Tones {
    fn of(text: &str) -> Self {
        let folded = fold::fold(text);
        let turn = TurnWords::of(&folded);
        let mut places = Vec::new();
        let mut add = |at: usize, tone: Tone| places.push((at, tone));
        turn.spelt(&SPELT, &mut add);
        turn.heard(&HEARD, &mut add);
        // Who is delighted praises, too.
        let delighted: Vec<usize> = places.iter().filter(|p| p.1 == Tone::Delighted).map(|p| p.0).collect();
        places.extend(delighted.into_iter().map(|at| (at, Tone::Praise)));
        let buts = places.iter().filter(|p| p.1 == Tone::But && p.0 + 1 < turn.len());
        let from = buts.map(|p| p.0 + 1).max().unwrap_or(0);
        Self { places, from }
    }

    fn all(&self, tone: Tone) -> impl Iterator<Item = usize> {
        self.places.iter().filter(move |p| p.1 == tone).map(|p| p.0)
    }

    fn has(&self, tone: Tone) -> bool {
        self.all(tone).next().is_some()
    }

    fn is_turned(&self, at: usize, by: Tone) -> bool {
        self.all(by).any(|not| (not + 1..=not + NEAR).contains(&at))
    }

    /// A word of pleasure that counts.
    fn is_glad(&self, tone: Tone) -> bool {
        self.all(tone).any(|at| at >= self.from && !self.is_turned(at, Tone::Not))
    }

    /// `great, another error`
    fn is_irony(&self) -> bool {
        self.all(Tone::Praise).any(|at| self.all(Tone::Again).any(|again| (at + 1..=at + NEAR).contains(&again)))
    }

    /// Sends away whom it is said to.
    fn dismisses(&self) -> bool {
        self.all(Tone::Dismisses).any(|at| at == 0 || at == self.from)
    }

    /// A word of displeasure, or kind words that nobody means.
    fn has_displeasure(&self) -> bool {
        self.has(Tone::Plain) || self.has(Tone::Displeased) || self.dismisses()
    }

    fn is_plain(&self, asks: bool) -> bool {
        let is_made_up_for = |at: usize| at < self.from && self.is_glad(Tone::Praise);
        let is_of_else = |at: usize| asks && self.all(Tone::OfElse).any(|of| of == at);
        self.dismisses()
            || self
                .all(Tone::Plain)
                .any(|at| !self.is_turned(at, Tone::IsNot) && !is_made_up_for(at) && !is_of_else(at))
    }
}

/// Verbs that a question begins with, where none of these words follows: `is good enough` only leaves out who.
const ASKING: [&str; 7] = ["is", "are", "can", "could", "may", "does", "should"];
const NOT_ASKING: [&str; 9] = ["a", "an", "so", "very", "really", "not", "no", "never", "t"];

/// Whether a text begins as questions do, whatever it ends with.
fn begins_as_question(text: &str) -> bool {
    let folded = fold::fold(text);
    let mut words = fold::words(&folded);
    words.next().is_some_and(|first| ASKING.contains(&first)) && words.next().is_some_and(|w| !NOT_ASKING.contains(&w))
}

/// Whether a text asks for something.
fn asks(text: &str, tones: &Tones) -> bool {
    tones.has(Tone::Asks)
        || begins_as_question(text)
        || text.contains('?')
        || text.trim_end().ends_with([';', '\u{37e}'])
}

/// Whether a text says in so many words that its customer is displeased: nobody says so who is content. Praise behind a `but` makes up for
/// what stands before.
pub(super) fn is_plainly_displeased(text: &str) -> bool {
    let tones = Tones::of(text);
    text.contains(ANGRY) || tones.is_plain(asks(text, &tones)) || insults(text) && !tones.has(Tone::IsNot)
}

/// Whether a text asks for something and has no word of displeasure but what may be said of something else.
pub(super) fn only_asks(text: &str) -> bool {
    let tones = Tones::of(text);
    let is_of_else = |at: usize| tones.all(Tone::OfElse).any(|of| of == at);
    let is_displeased =
        tones.has(Tone::Displeased) || tones.dismisses() || tones.all(Tone::Plain).any(|at| !is_of_else(at));
    asks(text, &tones) && !is_displeased && !text.contains(CROSS) && !text.contains(ANGRY) && !insults(text)
}

/// Whether a text says in so many words that its customer is pleased, and nothing in it speaks against that.
pub(super) fn is_plainly_pleased(text: &str) -> bool {
    let tones = Tones::of(text);
    let speaks_against = tones.is_irony() || asks(text, &tones) || tones.has_displeasure();
    tones.is_glad(Tone::Delighted) && !speaks_against
}

/// Whether a text has a word of displeasure, or kind words that nobody means.
pub(super) fn is_displeased(text: &str) -> bool {
    let tones = Tones::of(text);
    text.contains(CROSS) || text.contains(ANGRY) || tones.has_displeasure()
}

/// Whether a text says that its customer is pleased: a word of pleasure or thanks, or such a sign, that no word just before it turns round
/// and no `but` stands behind. What asks for something is a question, however kind; thanks before anything was answered are good manners.
pub(super) fn is_pleased(text: &str, is_answered: bool) -> bool {
    let tones = Tones::of(text);
    let has_words = tones.has(Tone::Praise) || is_answered && tones.has(Tone::Thanks);
    let is_glad = tones.is_glad(Tone::Praise) || is_answered && tones.is_glad(Tone::Thanks);
    !asks(text, &tones) && !tones.is_irony() && (is_glad || is_answered && !has_words && text.contains(GLAD))
}
