//! A key of how a word sounds: a Greek word and its spellings in Latin letters have one, so that θέλω, thelo and 8elw meet.
//!
//! Sounds that the two scripts do not tell apart alike are one: ξ and χ (both are written x), υ and ου (both are written u), β and μπ, δ
//! and ντ, γ and γκ. A few words fall together (της and τις, ξέρω and χαίρω). A word in Latin letters is first read letter by letter; what
//! letters mean together is then the same for both scripts.

use super::edition::Edition;
use smallvec::SmallVec;

/// Letters of a word, on the stack: most words are asked for once in a log.
type WordLetters = SmallVec<[char; 24]>;

/// Whether a letter is Greek.
pub fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}')
}

/// Appends the key of a [folded](crate::text::fold::fold) word: small Latin letters, `q` for θ, which nothing else is. Characters of other scripts, digits
/// and signs stay as they are.
pub fn push_key(word: &str, out: &mut String) {
    push_key_by(word, Edition::default(), out);
}

/// The same by the rules of an edition.
pub fn push_key_by(word: &str, edition: Edition, out: &mut String) {
    let sounds = sounds(word, edition);
    let mut key = WordLetters::new();
    let mut rest = &sounds[..];
    while let Some((first, taken)) = joined(rest) {
        // Doubled letters are single.
        let mut push = |c: char| {
            if key.last() != Some(&c) || !c.is_ascii_lowercase() {
                key.push(c);
            }
        };
        match first {
            JoinedLetters::Text(text) => text.chars().for_each(&mut push),
            JoinedLetters::One(c) => push(c),
        }
        rest = &rest[taken..];
    }
    // What sounds like f after α or ε, before these, is written υ: αυτό, afto.
    for i in 1..key.len().max(1) - 1 {
        if key[i] == 'f' && matches!(key[i - 1], 'a' | 'e') && matches!(key[i + 1], 'k' | 'p' | 't' | 's' | 'x' | 'q') {
            key[i] = 'v';
        }
    }
    out.extend(key);
}

/// What the next sounds are together, and how many they were; `None` at the end.
fn joined(sounds: &[char]) -> Option<(JoinedLetters, usize)> {
    Some(match *sounds {
        // τζιαι is heard as one sound before the vowel.
        ['t', 'z', 'i', 'a' | 'e' | 'i' | 'o' | 'u', ..] => (JoinedLetters::Text("tz"), 3),
        ['g', 'k', 's', ..] => (JoinedLetters::Text("nx"), 3),
        ['a', 'i', ..] => (JoinedLetters::Text("e"), 2),
        ['a', 'u', ..] => (JoinedLetters::Text("av"), 2),
        ['e', 'u', ..] => (JoinedLetters::Text("ev"), 2),
        ['e' | 'o', 'i', ..] | ['o', 'u', ..] => (JoinedLetters::Text("i"), 2),
        ['m', 'p', ..] => (JoinedLetters::Text("v"), 2),
        ['n', 't', ..] => (JoinedLetters::Text("d"), 2),
        ['g' | 'n', 'g' | 'k', ..] => (JoinedLetters::Text("g"), 2),
        ['g', 'x', ..] => (JoinedLetters::Text("nx"), 2),
        ['k', 's', ..] => (JoinedLetters::Text("x"), 2),
        ['u', ..] => (JoinedLetters::Text("i"), 1),
        [c, ..] => (JoinedLetters::One(c), 1),
        [] => return None,
    })
}

enum JoinedLetters {
    Text(&'static str),
    One(char),
}

fn is_vowel(c: Option<char>) -> bool {
    matches!(c, Some('a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w'))
}

/// The sounds of a word's letters. υ is `u`, whether it is written u or y.
fn sounds(word: &str, edition: Edition) -> WordLetters {
    let w: WordLetters = word.chars().collect();
    let mut out = WordLetters::new();
    let mut i = 0;
    while i < w.len() {
        let (before, c, next, after) =
            (i.checked_sub(1).map(|b| w[b]), w[i], w.get(i + 1).copied(), w.get(i + 2).copied());
        i += match (c, next) {
            ('c', Some('h')) => {
                out.push('x');
                2
            }
            ('t', Some('h')) if edition == Edition::Second && is_tir(before, &w[i + 2..]) => {
                out.extend(['t', 'i']);
                2
            }
            ('t' | 'k' | 'p' | 'g' | 'd', Some('h')) => {
                with_h(c, before.is_none(), after, &mut out);
                2
            }
            ('s', Some('h')) if (before.is_none() || edition == Edition::Second) && is_vowel(after) => {
                out.extend(['s', 'i']);
                2
            }
            ('h', _) => {
                out.push(if is_chi(before, next, after) { 'x' } else { 'i' });
                1
            }
            ('y', _) if before.is_none() && is_vowel(next) => {
                out.extend(['g', 'i']);
                1
            }
            ('q', _) => {
                out.push(if next == Some('u') { 'k' } else { 'q' });
                1
            }
            ('3' | '4' | '8' | '9', Some('a'..='z')) => {
                out.extend(
                    match c {
                        '3' => "x",
                        '4' => "ps",
                        _ => "q",
                    }
                    .chars(),
                );
                1
            }
            _ => {
                letter(c, &mut out);
                1
            }
        };
    }
    out
}

/// h after a letter that it may belong to: before a vowel they are θ, χ, φ; before a consonant or at the end it is an η.
fn with_h(c: char, starts: bool, after: Option<char>, out: &mut WordLetters) {
    let together = is_vowel(after) || after == Some('h');
    // At the start, thl is most often of τηλε-.
    let theta = c == 't' && (matches!(after, Some('r' | 'm')) || (after == Some('l') && !starts));
    if together || theta {
        out.push(match c {
            't' => 'q',
            'k' => 'x',
            'p' => 'f',
            other => other,
        });
    } else {
        out.extend([c, 'i']);
    }
}

/// Whether th before `rest` is of τηρ: after s (anemisthras), and in -thrio (eisithrio).
fn is_tir(before: Option<char>, rest: &[char]) -> bool {
    match *rest {
        ['r', 'i', 'o' | 'w' | 'a', ..] => true,
        ['r', ..] => before == Some('s'),
        _ => false,
    }
}

/// Whether an h alone is a χ; else it is an η.
fn is_chi(before: Option<char>, next: Option<char>, after: Option<char>) -> bool {
    let theta = next == Some('t') && after == Some('h');
    is_vowel(next)
        || (is_vowel(before) && matches!(next, Some('r' | 'l' | 'n' | 't')) && !theta)
        || (before.is_none() && next == Some('r') && is_vowel(after))
}

/// A letter by itself.
fn letter(c: char, out: &mut WordLetters) {
    out.push(match c {
        'α' => 'a',
        'β' | 'b' => 'v',
        'γ' => 'g',
        'δ' => 'd',
        'ε' => 'e',
        'ζ' => 'z',
        'η' | 'ι' => 'i',
        'θ' => 'q',
        'κ' | 'c' => 'k',
        'λ' => 'l',
        'μ' => 'm',
        'ν' => 'n',
        'ξ' | 'χ' => 'x',
        'ο' | 'ω' | 'w' => 'o',
        'π' => 'p',
        'ρ' => 'r',
        'σ' | 'ς' => 's',
        'τ' => 't',
        'υ' | 'y' => 'u',
        'φ' => 'f',
        'ψ' => return out.extend(['p', 's']),
        'j' => return out.extend(['t', 'z']),
        other => other,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;
    use proptest::prelude::*;

    fn key(word: &str) -> String {
        let mut out = String::new();
        push_key(&fold(word), &mut out);
        out
    }

    #[test]
    fn spellings_of_a_word_meet() {
        for (all, expected) in [
            ("θέλω thelo thelw 8elw 9elo qelo ΘΈΛΩ", "qelo"),
            ("ευχαριστώ efxaristo euxaristw eyxaristw efharisto efcharisto", "evxaristo"),
            ("παραγγελία paraggelia parangelia paragelia", "paragelia"),
            ("την thn tin tyn", "tin"),
            ("μπορώ mporo mporw boro", "voro"),
            ("ξέρω ksero xero 3erw", "xero"),
            ("ψάχνω psaxno psahno 4axnw psachno", "psaxno"),
            ("για gia ya yia", "gia"),
            ("αυτό afto avto ayto auto", "avto"),
            ("υπηρεσία yphresia ipiresia upiresia", "ipiresia"),
            ("χρήματα xrimata hrimata chrimata", "xrimata"),
            ("βοήθεια voitheia bohtheia voithia voi8eia", "viqia"),
            ("τηλέφωνο thlefwno tilefono", "tilefono"),
            ("ανοίξεις anoikseis anikseis anoi3eis", "anixis"),
            ("τζιαι tze je tziai", "tze"),
            ("άγχος agxos agchos", "anxos"),
            ("εισιτήριο eisithrio isitirio eisitirio", "isitirio"),
            ("ανεμιστήρας anemisthras anemistiras", "anemistiras"),
            ("άνθρωπος anthrwpos an8ropos", "anqropos"),
            ("έσιει eshi esiei", "esi"),
        ] {
            for word in all.split(' ') {
                assert_eq!(key(word), expected, "{word}");
            }
        }
    }

    #[test]
    fn what_is_no_greek_word_stays_readable() {
        assert_eq!(["12", "k9", "7up!", "привет", ""].map(key), ["12", "k9", "7ip!", "привет", ""]);
    }

    #[test]
    fn a_former_edition_is_kept() {
        let mut first = String::new();
        push_key_by("eisithrio", Edition::First, &mut first);
        assert_eq!((first.as_str(), key("eisithrio").as_str()), ("isiqrio", "isitirio"));
    }

    proptest! {
        #[test]
        fn any_word_has_a_key(word in "\\PC{0,12}|[a-zα-ωhtkpgd3489]{0,12}") {
            key(&word);
        }
    }
}
