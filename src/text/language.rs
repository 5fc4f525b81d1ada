//! Which language a text is in, told by its letters, else by what the log says of its conversation.
//!
//! Letters tell Greek from English, but not English from German: texts in Latin letters are in the log's language, where it
//! names one, and in none that is known where it does not.

use super::fold::fold;
use super::greek::{Greek, ReadText};
use rustc_hash::FxHashSet;
use std::borrow::Borrow;
use std::sync::LazyLock;

/// Alphabets that are told apart, with the language that each stands for where the log names none that is written in it.
const ALPHABETS: [(Alphabet, &[&str]); 5] = [
    (Alphabet::Greek, &["el"]),
    (Alphabet::Cyrillic, &["ru", "uk", "bg", "sr", "mk", "be", "kk"]),
    (Alphabet::Arabic, &["ar", "fa", "ur"]),
    (Alphabet::Hebrew, &["he", "yi"]),
    (Alphabet::Armenian, &["hy"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
    Arabic,
    Hebrew,
    Armenian,
}

impl Alphabet {
    fn of_letter(c: char) -> Option<Self> {
        Some(match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Self::Latin,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{530}'..='\u{58f}' => Self::Armenian,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => Self::Arabic,
            _ => return None,
        })
    }

    const ALL: [Self; 6] = [Self::Latin, Self::Greek, Self::Cyrillic, Self::Arabic, Self::Hebrew, Self::Armenian];

    /// The one that most letters are of; `None` for a text without letters of these.
    fn of(text: &str) -> Option<Self> {
        let mut counts = [0usize; 6];
        for alphabet in text.chars().filter(|c| c.is_alphabetic()).filter_map(Self::of_letter) {
            counts[alphabet as usize] += 1;
        }
        Self::ALL.into_iter().rev().max_by_key(|&a| counts[a as usize]).filter(|&a| counts[a as usize] > 0)
    }

    /// The one that a language is written in.
    fn of_language(language: &str) -> Self {
        ALPHABETS.into_iter().find(|(_, all)| all.contains(&language)).map_or(Self::Latin, |(alphabet, _)| alphabet)
    }
}

/// The language of a customer's text, as the first part of a BCP 47 tag; empty where neither the text nor the log (`logged`,
/// any BCP 47 tag) tell. Greek in Latin letters is Greek.
pub fn asked_in(text: &str, logged: Option<&str>) -> String {
    match Alphabet::of(text) {
        Some(Alphabet::Latin) if Greek::of(&fold(text)) == Greek::InLatin => "el".to_owned(),
        _ => asked_in_by_letters(text, logged),
    }
}

/// The same for releases of former rules, which told it by letters alone: Greek in Latin letters is Greek where the log says so.
pub fn asked_in_by_letters(text: &str, logged: Option<&str>) -> String {
    match Alphabet::of(text) {
        None | Some(Alphabet::Latin) => primary(logged),
        Some(alphabet) => in_letters(alphabet, &primary(logged)),
    }
}

/// Whether most letters of a text are neither Latin nor Greek.
pub fn is_in_other_letters(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let known = |c: &char| matches!(Alphabet::of_letter(*c), Some(Alphabet::Latin | Alphabet::Greek));
    2 * letters().filter(known).count() < letters().count()
}

/// The language of an answer, as [`asked_in`]. An AI does not write Greek in Latin letters: an answer in Latin letters to a
/// customer whose language has others is in a language that is not known.
pub fn answered_in(text: &str, logged: Option<&str>) -> String {
    let logged = primary(logged);
    match Alphabet::of(text) {
        None => String::new(),
        Some(Alphabet::Latin) if Alphabet::of_language(&logged) != Alphabet::Latin => String::new(),
        Some(Alphabet::Latin) => logged,
        Some(alphabet) => in_letters(alphabet, &logged),
    }
}

/// Greek in Latin letters, as a BCP 47 tag.
pub const GREEK_IN_LATIN: &str = "el-Latn";

/// Words that stand in most English lines, and in few of other languages.
static ENGLISH: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    "the i my is it to a you and for in of on not do can have what how please with this that your was are me be where when why there get \
     need want hello hi thanks thank yes order help"
        .split_whitespace()
        .collect()
});

/// Words of Greek in Latin letters below which the log is believed, where it names a language of such letters: `Trivia time` is English.
const LEAST_GREEK: usize = 3;

/// What a conversation is written in, told by the majority of the words of the customer's turns, as a BCP 47 tag: the log's own where
/// it agrees. Latin letters that are not Greek are in the log's language where it names one of such, else in English where its words say
/// so. `None` where nothing tells.
pub fn written(turns: impl IntoIterator<Item = impl Borrow<ReadText>>, logged: Option<&str>) -> Option<String> {
    let (mut alphabets, mut greek_in_latin, mut english) = ([0usize; 6], 0, 0);
    let first = primary(logged);
    let tag = logged.map(str::trim).filter(|_| !first.is_empty());
    let logged_in_latin = tag.is_some() && Alphabet::of_language(&first) == Alphabet::Latin;
    for turn in turns {
        let turn = turn.borrow();
        for word in turn.words() {
            let Some(alphabet) = word.chars().find_map(Alphabet::of_letter) else { continue };
            if turn.greek == Greek::InLatin && alphabet == Alphabet::Latin {
                greek_in_latin += 1;
            } else {
                alphabets[alphabet as usize] += 1;
                english += usize::from(!logged_in_latin && ENGLISH.contains(word));
            }
        }
    }
    let most = Alphabet::ALL.into_iter().rev().max_by_key(|&a| alphabets[a as usize])?;
    let count = alphabets[most as usize];
    if greek_in_latin > 0 && greek_in_latin >= count {
        let is_little = logged_in_latin && greek_in_latin < LEAST_GREEK;
        return if is_little { tag.map(str::to_owned) } else { Some(GREEK_IN_LATIN.to_owned()) };
    }
    match most {
        _ if count == 0 => None,
        Alphabet::Latin if logged_in_latin => tag.map(str::to_owned),
        Alphabet::Latin => (5 * english >= count).then(|| "en".to_owned()),
        other => {
            let told = in_letters(other, &first);
            Some(tag.filter(|t| told == first && *t != GREEK_IN_LATIN).map_or(told, str::to_owned))
        }
    }
}

/// Whether an answer in one language will do for a question in another: they are one, or both are written in Latin letters
/// and one of them is not known.
pub fn will_do(answer: &str, question: &str) -> bool {
    let latin = |language| Alphabet::of_language(language) == Alphabet::Latin;
    answer == question || ((answer.is_empty() || question.is_empty()) && latin(answer) && latin(question))
}

fn in_letters(alphabet: Alphabet, logged: &str) -> String {
    let languages = ALPHABETS.into_iter().find(|(a, _)| *a == alphabet).map_or(&[][..], |(_, all)| all);
    let named = languages.iter().find(|l| **l == logged).or(languages.first());
    named.copied().unwrap_or_default().to_owned()
}

/// `el` of `el-Latn`, `en` of `EN_gb`.
pub fn primary(tag: Option<&str>) -> String {
    let tag = tag.unwrap_or_default().trim();
    let first = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    // "und" is BCP 47 for a language that nobody knows.
    if first == "und" { String::new() } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_neither_latin_nor_greek_are_told() {
        for (text, other) in [
            ("我要找人工客服", true),
            ("Где мой заказ", true),
            ("που είναι", false),
            ("a person please", false),
            ("42 !", false),
        ] {
            assert_eq!(is_in_other_letters(text), other, "{text}");
        }
    }

    #[test]
    fn letters_come_before_the_log_and_the_log_before_nothing() {
        for (text, logged, asked, answered) in [
            ("πού είναι τα χρήματά μου", Some("en"), "el", "el"),
            ("ΠΟΥ ΕΙΝΑΙ το refund", None, "el", "el"),
            ("ἀρχή", None, "el", "el"),
            ("pou einai ta lefta mou", Some("el-Latn"), "el", ""),
            ("pou einai ta lefta mou", Some("en"), "el", "en"),
            ("pou einai ta lefta mou", None, "el", ""),
            ("where is my refund", Some("EN_gb"), "en", "en"),
            ("where is my refund", None, "", ""),
            ("wo ist mein Geld", Some("de"), "de", "de"),
            ("где мои деньги", Some("uk"), "uk", "uk"),
            ("где мои деньги", Some("el"), "ru", "ru"),
            ("أين نقودي", None, "ar", "ar"),
            ("👍 12", Some("el"), "el", ""),
            ("", Some("und"), "", ""),
        ] {
            assert_eq!((&*asked_in(text, logged), &*answered_in(text, logged)), (asked, answered), "{text} {logged:?}");
        }
        assert_eq!(asked_in_by_letters("pou einai ta lefta mou", None), "");
    }

    #[test]
    fn what_is_written_is_told_by_most_words() {
        for (turns, logged, expected) in [
            (&["Θέλω να ακυρώσω την παραγγελία", "thanks"][..], Some("en"), Some("el")),
            (&["pou einai h paraggelia mou", "θέλω"], Some("el"), Some("el-Latn")),
            (&["Trivia time"], Some("en"), Some("en")),
            (&["pou einai"], Some("el"), Some("el-Latn")),
            (&["thelo na akyroso tin paraggelia mou"], Some("en"), Some("el-Latn")),
            (&["where is my order", "thanks"], Some("el"), Some("en")),
            (&["where is my order"], None, Some("en")),
            (&["where is my order"], Some("en-GB"), Some("en-GB")),
            (&["Πού είναι"], Some("el-GR"), Some("el-GR")),
            (&["Πού είναι"], Some("el-Latn"), Some("el")),
            (&["wo ist meine Bestellung"], Some("de"), Some("de")),
            (&["wo ist meine Bestellung"], None, None),
            (&["где мои деньги"], Some("uk"), Some("uk")),
            (&["12", "👍"], Some("el"), None),
            (&[], None, None),
        ] {
            assert_eq!(
                written(turns.iter().map(|t| ReadText::of(t)), logged).as_deref(),
                expected,
                "{turns:?} {logged:?}"
            );
        }
    }

    #[test]
    fn what_is_not_known_will_do_within_latin_letters_alone() {
        for (answer, question, will) in [
            ("el", "el", true),
            ("en", "en", true),
            ("", "", true),
            ("", "en", true),
            ("de", "", true),
            ("de", "en", false),
            ("el", "", false),
            ("", "el", false),
        ] {
            assert_eq!(will_do(answer, question), will, "{answer:?} {question:?}");
        }
    }
}
