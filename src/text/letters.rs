//! Whether a text says anything in words.

use super::clean::is_invisible;

/// Whether a text has a letter or a digit of any script. Blanks, invisible characters, punctuation, signs and emoji alone say
/// nothing that an intent could be told from.
pub fn has_content(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !is_invisible(c) && !is_pictured(c))
}

/// Letters that are signs: enclosed ones, of which flags and emoji are made, and the `i` of information.
fn is_pictured(c: char) -> bool {
    matches!(c, '\u{2100}'..='\u{214f}' | '\u{24b6}'..='\u{24e9}' | '\u{3297}' | '\u{3299}' | '\u{1f100}'..='\u{1f2ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

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
