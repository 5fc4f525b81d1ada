//! How a group of customers says what it says: they want something done, ask, report what is wrong, or want help with something.

use crate::learn::cluster::{Wanted, says};
use regex::Regex;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

/// The share of a group's requests from which on they say it in one manner.
const MOSTLY: f64 = 0.4;
/// Words before a thing among which stands whose it is: `my upcoming flight`.
const BEFORE: usize = 2;

/// Something is wrong.
static WRONG: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:not|never|\p{L}+n['’]t|problems?|issues?|trouble|wrong|broken|missing|delay\w*|late|fail\w*|errors?|frustrat\w*|upset|unacceptable|stolen|δεν|πρόβλημα|χάλασε|άργησε|λάθος)\b",
    )
});
/// Something is asked.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:know|tell me|what|how|when|where|which|is there|are there|find out|figure out|check|wonder\w*|understand\w*|πόσ\p{L}+|πότε|πού|ποι\p{L}+|πώς|μπορώ)\b",
    )
});
/// Help with something is wanted.
static HELP: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\b(?:help|assist\w*|support)\s+(?:me\s+)?with\s+(?:my|our|an?|the|some)\b|\bβοήθεια\s+με\b")
});

fn regex(pattern: &str) -> Regex {
    // The patterns are constants, each used by a test.
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

/// How a group says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Something is to be done, and the name says what.
    Wants,
    Asks,
    Reports,
    Help,
    /// Nothing tells.
    Says,
}

impl Manner {
    /// The manner of most of some requests.
    pub(super) fn of(told: &Wanted, asked: &[&str]) -> Self {
        if told.begins_with_verb {
            return Self::Wants;
        }
        let share = |cue: &Regex| asked.iter().filter(|s| cue.is_match(s)).count() as f64 / asked.len().max(1) as f64;
        let manners = [(Self::Help, share(&HELP)), (Self::Asks, share(&ASKS)), (Self::Reports, share(&WRONG))];
        let most = manners.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share >= MOSTLY);
        most.map_or(Self::Says, |(manner, _)| manner)
    }

    /// A name by what is done and to what.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Self::Wants | Self::Says => name.to_owned(),
            // What stands before it is English.
            _ if name.starts_with(IS) || !name.is_ascii() => name.to_owned(),
            Self::Asks => format!("ask_about_{name}"),
            Self::Reports => format!("report_{name}"),
            Self::Help => format!("help_with_{name}"),
        }
    }
}

/// How a name begins that says in what state somebody or something is.
const IS: &str = "is_";

/// What a group is about, in a sentence for somebody who does not know the log; nothing where no word can be read.
pub(super) fn described(manner: Manner, told: &Wanted, asked: &[&str]) -> String {
    let Some(name) = told.names.first().filter(|name| !crate::text::letters::is_unspaced(name)) else {
        return String::new();
    };
    if let Some(state) = name.strip_prefix(IS) {
        return format!("The customer says that somebody or something is {}.", plain(state));
    }
    let thing = |name: &str| format!("{}{}", determiner(name, asked), plain(name));
    match (manner, name.split_once('_')) {
        (Manner::Wants, Some((verb, to))) if is_over(verb, asked) => {
            format!("The customer says that they {verb} {}.", thing(to))
        }
        (Manner::Wants, Some((verb, to))) => format!("The customer wants to {verb} {}.", thing(to)),
        (Manner::Asks, _) => format!("The customer asks about {}.", thing(name)),
        (Manner::Reports, _) => format!("The customer says that something is wrong: {}.", plain(name)),
        (Manner::Help, _) => format!("The customer wants help with {}.", thing(name)),
        _ => format!("The customer wants something about {}.", thing(name)),
    }
}

fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// Whether a verb says what customers did: `I lost my card`, not `can I order a card`.
fn is_over(verb: &str, asked: &[&str]) -> bool {
    const WHO: [&str; 7] = ["i", "we", "i've", "i’ve", "just", "have", "already"];
    const ASKING: [&str; 8] = ["do", "did", "can", "could", "will", "would", "should", "may"];
    let (mut said, mut over) = (0, 0);
    for text in asked {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.unicode_words().collect();
        if let Some(at) = words.iter().position(|word| *word == verb) {
            said += 1;
            let asks = at > 1 && ASKING.contains(&words[at - 2]);
            over += usize::from(at > 0 && WHO.contains(&words[at - 1]) && !asks);
        }
    }
    2 * over > said
}

/// What most often stands before a thing, as somebody else says it: `my flight` is `their flight`.
fn determiner(thing: &str, asked: &[&str]) -> &'static str {
    const WORDS: [&[&str]; 3] = [&["my", "our"], &["a", "an"], &["the"]];
    let mut often = [0_u32; WORDS.len()];
    let first = thing.split('_').next().unwrap_or(thing);
    for text in asked {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.unicode_words().collect();
        let Some(at) = words.iter().position(|word| says(word, first)) else { continue };
        let mut before = words[at.saturating_sub(BEFORE)..at].iter().rev();
        if let Some(found) = before.find_map(|word| WORDS.iter().position(|said| said.contains(word))) {
            often[found] += 1;
        }
    }
    let most = often.iter().enumerate().rev().max_by_key(|(_, n)| **n).filter(|(_, n)| **n > 0);
    match most.map(|(place, _)| place) {
        Some(0) => "their ",
        Some(1) if thing.starts_with(['a', 'e', 'i', 'o', 'u']) => "an ",
        Some(1) => "a ",
        Some(_) => "the ",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, begins_with_verb: bool) -> Wanted {
        let word = name.rsplit('_').next().unwrap_or_default().to_owned();
        Wanted { word, names: vec![name.to_owned()], begins_with_verb, ..Wanted::default() }
    }

    #[test]
    fn a_name_says_what_is_done_and_a_description_is_a_sentence() {
        for (name, verb, asked, called, says) in [
            (
                "change_flight",
                true,
                "change my upcoming flight",
                "change_flight",
                "The customer wants to change their flight.",
            ),
            ("book_hotel", true, "I want to book a hotel", "book_hotel", "The customer wants to book a hotel."),
            ("balance", false, "tell me the balance", "ask_about_balance", "The customer asks about the balance."),
            (
                "flight_delay",
                false,
                "my flight is delayed, I am upset",
                "report_flight_delay",
                "The customer says that something is wrong: flight delay.",
            ),
            (
                "reservation",
                false,
                "I need help with my reservation",
                "help_with_reservation",
                "The customer wants help with their reservation.",
            ),
            (
                "apartment",
                false,
                "an apartment for two",
                "apartment",
                "The customer wants something about an apartment.",
            ),
            ("lost_card", true, "I lost my card", "lost_card", "The customer says that they lost their card."),
            ("order_card", true, "where do I order a card", "order_card", "The customer wants to order a card."),
            ("fee", false, "why an additional fee, how much is it", "ask_about_fee", "The customer asks about a fee."),
            (
                "χαμένη_αποσκευή",
                false,
                "πού είναι η χαμένη αποσκευή",
                "χαμένη_αποσκευή",
                "The customer asks about χαμένη αποσκευή.",
            ),
            (
                "is_lost",
                false,
                "I am lost, what now",
                "is_lost",
                "The customer says that somebody or something is lost.",
            ),
        ] {
            let (told, asked) = (told(name, verb), [asked]);
            let manner = Manner::of(&told, &asked);
            assert_eq!((manner.name(name).as_str(), described(manner, &told, &asked).as_str()), (called, says));
        }
    }
}
