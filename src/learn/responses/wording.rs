//! A saying as words, each with what it may be: the meaning, a value, a word like any other.

use crate::text::fold;
use crate::text::normalise::{shape, surface, without_markup};
use crate::text::personal::without_placeholders;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use unicode_normalization::char::is_combining_mark;

/// Stands for a value: a name, a city, whatever is filled in.
pub(super) const VALUE: &str = "*";
/// Stands for a number or a day: what differs in these alone is the same.
pub(super) const NUMBER: &str = "0";

/// What a word of a saying may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// A word like any other.
    Plain,
    /// Says yes or no: with another word in its place it is another answer.
    Meaning,
    /// Written as names are.
    Name,
    /// A number, a day or a placeholder.
    Filled,
}

/// A word of a saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SaidWord {
    /// Folded; [`NUMBER`] or [`VALUE`] for what is filled in.
    pub word: String,
    pub kind: WordKind,
}

/// Words that turn a meaning round, allow or refuse. Greek also in Latin letters.
const MEANING: &str = "yes no not never none nothing nobody neither nor without cannot cant wont dont doesnt didnt isnt arent wasnt werent \
    couldnt wouldnt shouldnt mustnt hasnt havent hadnt non except only unable impossible unfortunately refused declined denied \
    ναι όχι όι δεν δε μην μη χωρίς ποτέ κανένας κανείς καμία κανένα τίποτα τίποτε ούτε μόνο αδύνατο αδύνατον δυστυχώς \
    nai oxi ohi ochi den dhen min mhn xoris xwris horis pote kanenas kamia kanena tipota oute mono adynato adinato dystyxws distixos \
    ja nein nicht nichts kein keine keinen keinem keiner keines nie niemals niemand ohne nur weder leider unmöglich \
    oui ne pas jamais aucun aucune rien sans seulement impossible malheureusement \
    sí nunca ningún ninguna nada sin solo imposible lamentablemente \
    sì mai nessun nessuno nessuna senza purtroppo sim não nem sem infelizmente \
    evet hayır değil yok asla да не нет без никогда нельзя ні";

/// Days and months by name: a date is filled in however it is written. What is another word as well is left out.
const DAYS: &str = "monday tuesday wednesday thursday friday saturday sunday january february april june july august september october november december \
    δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου \
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz juni juli oktober dezember \
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier février avril juin juillet août septembre octobre novembre décembre \
    lunes miércoles jueves viernes sábado domingo enero febrero abril junio julio agosto septiembre octubre noviembre diciembre";

fn folded(words: &'static str) -> FxHashSet<String> {
    words.split_whitespace().map(fold).collect()
}

/// Whether a folded word says yes or no.
pub(super) fn is_meaning(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<String>> = LazyLock::new(|| folded(MEANING));
    WORDS.contains(word)
}

fn is_day(word: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<String>> = LazyLock::new(|| folded(DAYS));
    WORDS.contains(word)
}

/// The words of a saying, without markup and punctuation. What has no letter and no digit is one word.
pub(super) fn said_words(text: &str) -> Vec<SaidWord> {
    let plain = without_markup(text);
    let plain = without_placeholders(&plain, PLACE);
    // Where everything is in capitals these say nothing of a word.
    let tells_case = plain.chars().any(char::is_lowercase);
    let (mut out, mut begins) = (Vec::new(), true);
    for token in plain.split_whitespace() {
        if token == PLACE.trim() || token.contains('@') && token.is_ascii() {
            let word = if token == PLACE.trim() { VALUE } else { NUMBER };
            add(&mut out, SaidWord { word: word.to_owned(), kind: WordKind::Filled });
            begins = false;
            continue;
        }
        for piece in token.split(|c: char| !is_of_word(c)).filter(|piece| piece.contains(char::is_alphanumeric)) {
            add(&mut out, said_word(piece, tells_case && !begins));
            begins = false;
        }
        begins |= ends_sentence(token);
    }
    if out.is_empty() && !text.trim().is_empty() {
        out.push(SaidWord { word: surface(text), kind: WordKind::Plain });
    }
    out
}

/// What a placeholder is while a text is cut into words.
const PLACE: &str = " \u{e000} ";

/// After `Mr.` and the like the sentence goes on.
fn ends_sentence(token: &str) -> bool {
    let is_title = |word: &str| word.starts_with(char::is_uppercase) && word.chars().count() <= 3;
    token.ends_with(['.', '!', '?', ':', ';', '…', '·']) && !token.strip_suffix('.').is_some_and(is_title)
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c)
}

/// It joins: `can't` is `cant`.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

fn said_word(piece: &str, may_be_name: bool) -> SaidWord {
    let word = fold(&piece.replace(is_apostrophe, ""));
    let is = |kind, word: String| SaidWord { word, kind };
    if word.contains(char::is_numeric) {
        // Alphabets without blanks between words have whole sentences in one.
        let is_code = word.is_ascii() || word.chars().all(char::is_numeric);
        return if is_code { is(WordKind::Filled, NUMBER.to_owned()) } else { is(WordKind::Plain, shape(&word)) };
    }
    match word {
        word if is_meaning(&word) => is(WordKind::Meaning, word),
        word if is_day(&word) => is(WordKind::Filled, NUMBER.to_owned()),
        word if may_be_name && piece.starts_with(char::is_uppercase) && !is_i(&word) => is(WordKind::Name, word),
        word => is(WordKind::Plain, word),
    }
}

/// English writes it in a capital wherever it stands.
fn is_i(word: &str) -> bool {
    matches!(word, "i" | "im" | "ill" | "ive")
}

/// Adds a word; a number of several parts is one.
fn add(out: &mut Vec<SaidWord>, word: SaidWord) {
    if word.kind != WordKind::Filled || out.last() != Some(&word) {
        out.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(String, WordKind)> {
        said_words(text).into_iter().map(|w| (w.word, w.kind)).collect()
    }

    #[test]
    fn a_saying_is_words_without_markup_numbers_and_days() {
        use WordKind::{Filled, Meaning, Name, Plain};
        let of = |all: &[(&str, WordKind)]| all.iter().map(|(w, k)| ((*w).to_owned(), *k)).collect::<Vec<_>>();
        assert_eq!(
            kinds("Sorry <b>Márta</b>, you CAN'T leave on Monday, 9:30."),
            of(&[
                ("sorry", Plain),
                ("marta", Name),
                ("you", Plain),
                ("cant", Meaning),
                ("leave", Plain),
                ("on", Plain),
                ("0", Filled)
            ])
        );
        assert_eq!(
            kinds("Dear {first name}, write to ab-12@x.example."),
            of(&[("dear", Plain), ("*", Filled), ("write", Plain), ("to", Plain), ("0", Filled)])
        );
        assert_eq!(kinds("WE ARE OPEN"), of(&[("we", Plain), ("are", Plain), ("open", Plain)]));
        assert_eq!(kinds("Done. It is mine, so am I."), kinds("done! it is mine so am I"));
        assert_eq!(kinds("您的订单123已发货"), of(&[("您的订单0已发货", Plain)]));
        assert_eq!((kinds("👍"), kinds(" ")), (of(&[("👍", Plain)]), of(&[])));
    }
}
