//! Words of scripts that write none apart (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, whose endings stand on
//! the word: each character becomes a word of the index, and a query of several is a phrase. So every part of a sentence
//! is found. Texts and queries go through the same; texts of other scripts come back as they are, uncopied.

use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;

/// A folded text with its characters of such scripts as words of their own.
pub(in crate::store) fn spread(folded: &str) -> Cow<'_, str> {
    // Latin, Greek, Cyrillic, Hebrew and Arabic take two bytes at most.
    if !folded.bytes().any(|b| b >= 0xe0) || !folded.chars().any(stands_alone) {
        return Cow::Borrowed(folded);
    }
    let mut out = String::with_capacity(folded.len() * 2);
    let mut alone = false;
    for c in folded.chars() {
        if alone && is_combining_mark(c) {
            // The tokenizer takes marks for gaps; a private character it keeps within the word.
            out.push(char::from_u32(0xe000 + (c as u32 & 0xfff)).unwrap_or(c));
            continue;
        }
        let stands = stands_alone(c);
        if (stands || alone) && c != ' ' && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push(c);
        alone = stands;
    }
    Cow::Owned(out)
}

fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_become_words_where_words_are_not_written_apart() {
        assert_eq!(spread("我的order订单123"), "我 的 order 订 单 123");
        assert_eq!(spread("환불해 주세요"), "환 불 해 주 세 요");
        assert!(matches!(spread("που είναι “το” ticket €5"), Cow::Borrowed(_)));
        assert_eq!(spread("คืน").chars().filter(|c| *c == ' ').count(), 1);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "([a-z ]|[ก-ฮ]|[\u{e31}-\u{e3a}]|[가-힣]|[一-十]|é){0,20}") {
            let letters = |s: &str| s.chars().filter(|c| *c != ' ').count();
            prop_assert_eq!(letters(&spread(&text)), letters(&text));
        }
    }
}
