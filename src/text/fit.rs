//! Text made to fit columns, by the width at which a terminal draws it: wide for CJK and emoji, nothing for accents.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the text that was cut off.
pub const ELLIPSIS: &str = "…";

/// Columns that the text takes: the sum over its grapheme clusters, which is how the screen is drawn.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// The text in at most `columns`, with `…` in the last one where something is missing.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else { return Cow::Borrowed("") };
    let (head, _) = split_at_width(text, room);
    Cow::Owned(format!("{}{ELLIPSIS}", head.trim_end()))
}

/// The text in exactly `columns`: cut, or filled with spaces on the right.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns).into_owned();
    let missing = columns.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// The text in exactly `columns`: cut, or filled with spaces on the left.
pub fn pad_left(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let missing = columns.saturating_sub(width(&text));
    let mut out = " ".repeat(missing);
    out.push_str(&text);
    out
}

/// The text in lines of at most `columns`, broken between words, within a word only where it is longer than a line: behind a comma, if
/// there is one.
/// Spaces at a break are dropped, an indent is kept. No lines when `columns` is 0; one empty line for empty text. A
/// cluster wider than a line stands alone in its line.
pub fn wrap(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    if columns > 0 {
        for paragraph in text.split('\n') {
            wrap_paragraph(paragraph, columns, &mut lines);
        }
    }
    lines
}

fn wrap_paragraph<'a>(text: &'a str, columns: usize, lines: &mut Vec<&'a str>) {
    let (mut start, mut end, mut used) = (0, 0, 0);
    for (space, word) in words_with_space(text) {
        let (space_width, mut word_width) = (width(&text[space..word.start]), width(&text[word.clone()]));
        if used + space_width + word_width <= columns {
            (end, used) = (word.end, used + space_width + word_width);
            continue;
        }
        let mut from = word.start;
        if end > start {
            lines.push(&text[start..end]);
        }
        while word_width > columns {
            let (head, taken) = split_at_width(&text[from..word.end], columns);
            let (head, taken) = if head.is_empty() { first_cluster(&text[from..word.end]) } else { (head, taken) };
            let (head, taken) = head.rfind(',').map_or((head, taken), |at| (&head[..=at], width(&head[..=at])));
            if head.len() == word.end - from {
                break;
            }
            lines.push(head);
            from += head.len();
            word_width = word_width.saturating_sub(taken);
        }
        (start, end, used) = (from, word.end, word_width);
    }
    lines.push(&text[start..end]);
}

/// Every word with the start of the spaces before it. Spaces after the last word belong to no word.
fn words_with_space(text: &str) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let space = at;
        let start = space + text[space..].find(|c: char| c != ' ')?;
        at = text[start..].find(' ').map_or(text.len(), |n| start + n);
        Some((space, start..at))
    })
}

/// The longest start of the text that fits `columns`, and its width.
fn split_at_width(text: &str, columns: usize) -> (&str, usize) {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        let w = cluster.width();
        if used + w > columns {
            return (&text[..at], used);
        }
        used += w;
    }
    (text, used)
}

fn first_cluster(text: &str) -> (&str, usize) {
    let cluster = text.graphemes(true).next().unwrap_or(text);
    (cluster, cluster.width())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_on_clusters_and_says_so() {
        assert_eq!(cut("hello", 5), "hello");
        assert_eq!(cut("hello", 4), "hel…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("a 👩‍👩‍👧 b", 4), "a…");
        assert_eq!((cut("hello", 1).as_ref(), cut("hello", 0).as_ref(), cut("", 0).as_ref()), ("…", "", ""));
    }

    #[test]
    fn pads_by_display_width() {
        assert_eq!(pad("日本", 6), "日本  ");
        assert_eq!(pad("日本語", 4), "日… ");
        assert_eq!(pad_left("42", 5), "   42");
        assert_eq!(pad_left("日本語", 4), " 日…");
    }

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrap("where is my order", 8), ["where is", "my order"]);
        assert_eq!(wrap("  indented text", 10), ["  indented", "text"]);
        assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
        assert_eq!(wrap("trailing   ", 8), ["trailing"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("x", 0), Vec::<&str>::new());
    }

    #[test]
    fn breaks_words_that_are_longer_than_a_line() {
        assert_eq!(wrap("see https://example.org/x ok", 8), ["see", "https://", "example.", "org/x ok"]);
        assert_eq!(wrap("日本語日本語", 5), ["日本", "語日", "本語"]);
        assert_eq!(wrap("日本", 1), ["日", "本"]);
        assert_eq!(wrap("👩‍👩‍👧👩‍👩‍👧", 2), ["👩‍👩‍👧", "👩‍👩‍👧"]);
    }

    proptest! {
        #[test]
        fn fits_and_loses_only_space(s in "(?s).{0,60}", columns in 0usize..20) {
            let s = crate::text::clean_block(&s);
            prop_assert_eq!(width(&pad(s.as_str(), columns)), columns.max(width(&cut(s.as_str(), columns))));
            prop_assert!(width(&cut(s.as_str(), columns)) <= columns);
            let lines = wrap(s.as_str(), columns);
            for line in &lines {
                prop_assert!(width(line) <= columns || line.graphemes(true).count() == 1, "{line:?}");
            }
            let squeeze = |t: &str| t.replace([' ', '\n'], "");
            if columns > 0 {
                prop_assert_eq!(squeeze(&lines.concat()), squeeze(s.as_str()));
            }
        }
    }
}
