//! Whether a text says anything in words, and which, also where a script leaves no spaces between them.

use super::clean::is_invisible;
use unicode_segmentation::UnicodeSegmentation;

/// Whether a text has a letter or a digit of any script. Blanks, invisible characters, punctuation, signs and emoji alone say
/// nothing that an intent could be told from.
pub fn has_content(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !is_invisible(c) && !is_pictured(c))
}

/// Letters that are signs: enclosed ones, of which flags and emoji are made, and the `i` of information.
fn is_pictured(c: char) -> bool {
    matches!(c, '\u{2100}'..='\u{214f}' | '\u{24b6}'..='\u{24e9}' | '\u{3297}' | '\u{3299}' | '\u{1f100}'..='\u{1f2ff}')
}

/// Scripts that leave no spaces between words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unspaced {
    /// Chinese characters and Japanese kana: two of them are about a word.
    Ideographs,
    /// Thai, Lao, Burmese and Khmer: a word has several letters, and where it ends only a dictionary tells.
    SouthEastAsian,
}

const fn unspaced(c: char) -> Option<Unspaced> {
    match c {
        '\u{3005}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9d}'
        | '\u{20000}'..='\u{3134f}' => Some(Unspaced::Ideographs),
        '\u{e01}'..='\u{e4e}' | '\u{e81}'..='\u{ece}' | '\u{1000}'..='\u{1049}' | '\u{1780}'..='\u{17dd}' => {
            Some(Unspaced::SouthEastAsian)
        }
        _ => None,
    }
}

/// Whether a piece of [`word_pieces`] is a word that somebody reads as one, and not a part of several.
pub fn is_whole_word(piece: &str) -> bool {
    !piece.chars().any(|c| unspaced(c) == Some(Unspaced::SouthEastAsian))
}

/// Whether a word is of a script that leaves no spaces.
pub fn is_unspaced(word: &str) -> bool {
    word.chars().next().and_then(unspaced).is_some()
}

/// The words of a text, as they stand in it. Of a script without spaces each two Chinese or Japanese characters in a row, and each
/// three letters of the others: what search engines index where they have no dictionary.
pub fn word_pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let script = unspaced(first);
        let end = rest.find(|c| unspaced(c) != script).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        let Some(script) = script else {
            out.extend(run.unicode_words());
            continue;
        };
        let size = if script == Unspaced::Ideographs { 2 } else { 3 };
        let edges: Vec<usize> = run.grapheme_indices(true).map(|(at, _)| at).chain([run.len()]).collect();
        match edges.len() - 1 {
            n if n <= size => out.push(run),
            n => out.extend((0..=n - size).map(|i| &run[edges[i]..edges[i + size]])),
        }
    }
    out
}

/// Whether a text has at least so many words; of a script without spaces a Chinese or Japanese character is one, or three letters of
/// the others.
pub fn has_words(text: &str, fewest: usize) -> bool {
    let (mut spaced, mut ideographs, mut letters) = (0, 0, 0);
    for word in text.split_whitespace() {
        match word.chars().find(|c| c.is_alphanumeric()).and_then(unspaced) {
            None => spaced += 1,
            Some(Unspaced::Ideographs) => ideographs += word.chars().filter(|&c| unspaced(c).is_some()).count(),
            Some(Unspaced::SouthEastAsian) => letters += word.chars().filter(|&c| unspaced(c).is_some()).count(),
        }
    }
    spaced + ideographs + letters / 3 >= fewest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_and_without_spaces() {
        assert_eq!(word_pieces("where's my card, 7?"), ["where's", "my", "card", "7"]);
        assert_eq!(word_pieces("退款在哪里 ok"), ["退款", "款在", "在哪", "哪里", "ok"]);
        assert_eq!(word_pieces("أين طلبي"), ["أين", "طلبي"]);
        assert_eq!(word_pieces("ไม่รู้"), ["ไม่รู้"], "three letters with their vowels and tones");
        assert!(word_pieces("คืนเงินค่าตั๋ว").len() > 4);
        assert_eq!(word_pieces("好"), ["好"]);
        assert!(word_pieces("").is_empty() && word_pieces("。!").is_empty());
        assert!(has_words("抱歉，我不知道", 4) && has_words("ขอโทษ ฉันไม่ทราบ", 4) && has_words("I do not know", 4));
        assert!(!has_words("好的", 4) && !has_words("One moment.", 4) && !has_words("ครับ", 4));
        assert!(is_whole_word("退款") && is_whole_word("card") && !is_whole_word("คืน"));
    }

    #[test]
    fn words_and_numbers_of_any_script_say_something() {
        for text in ["a", "7", "?ok", "ναι", "да", "はい", "好", "नमस्ते", "สวัสดี", "👍 ok", "1️⃣", "٣", "é", "한"]
        {
            assert!(has_content(text), "{text:?}");
        }
    }

    #[test]
    fn blanks_signs_and_emoji_say_nothing() {
        for text in [
            "",
            "   ",
            "\n\t",
            "\u{200b}",
            "\u{feff}\u{2060}",
            "\u{3164}",
            "\u{115f}",
            "---",
            "?!",
            "…",
            "😀",
            "👍🏽",
            "👩‍👩‍👧",
            "❤️",
            "🇨🇾",
            "🅰️",
            "ℹ️",
            "Ⓜ️",
            "™",
            "€",
            "#",
            "\u{301}",
            "\u{2800}",
            "㊗️",
            "\u{0}",
        ] {
            assert!(!has_content(text), "{text:?}");
        }
    }
}
