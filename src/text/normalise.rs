//! When two texts count as the same.

use super::fold::fold;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Lower case and single spaces: what the features of a text depend on. Texts that agree in it have the same vector.
pub fn surface(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word.to_lowercase());
    }
    out
}

/// [`surface`] without punctuation: letters, digits and single spaces. A text of nothing but punctuation or symbols
/// ("?", an emoji) stays as its surface, so that it only equals itself.
pub fn normalise(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut out = String::with_capacity(lower.len());
    let mut space = false;
    for c in lower.chars() {
        if c.is_alphanumeric() {
            if space && !out.is_empty() {
                out.push(' ');
            }
            out.push(c);
            space = false;
        } else if !matches!(c, '\'' | '\u{2019}') {
            // An apostrophe joins: "can't" is "cant".
            space = true;
        }
    }
    if out.is_empty() { surface(text) } else { out }
}

fn regex(pattern: &str) -> Regex {
    // The patterns are constants, each used by a test.
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

/// Tags of HTML that stand within a line, and the others that answers are written with.
static INLINE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)</?(?:a|abbr|b|code|em|font|i|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>"));
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)</?(?:blockquote|br|div|h[1-6]|hr|img|li|ol|p|pre|table|tbody|td|th|thead|tr|ul)(?:\s[^<>]*)?/?>")
});
/// Markdown: `[words](address)`, and what begins a line of a list, a heading or a quotation.
static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"!?\[([^\[\]]*)\]\([^()\s]*\)"));
static LINE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^[ \t]*(?:[-*+>•]|#{1,6})[ \t]+"));
static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| regex(r"\*\*|__|`+"));
/// Characters as HTML writes them.
const ENTITIES: [(&str, &str); 7] =
    [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];

/// A text without what HTML and Markdown write around its words.
pub fn without_markup(text: &str) -> Cow<'_, str> {
    // What each kind of markup cannot do without: most texts have none of it.
    let kinds: [(&[&str], &Regex, &str); 5] = [
        (&["<"], &INLINE, ""),
        (&["<"], &BLOCK, "\n"),
        (&["]("], &LINK, "$1"),
        (&["- ", "* ", "+ ", "> ", "• ", "# "], &LINE, ""),
        (&["**", "__", "`"], &EMPHASIS, ""),
    ];
    let mut out = Cow::Borrowed(text);
    for (signs, markup, words) in kinds {
        if signs.iter().any(|sign| out.contains(sign)) {
            out = Cow::Owned(markup.replace_all(&out, words).into_owned());
        }
    }
    for (written, meant) in ENTITIES {
        if out.contains('&') && out.contains(written) {
            out = Cow::Owned(out.replace(written, meant));
        }
    }
    out
}

/// [`surface`] without markup and with any number being one: what sentences that are filled in otherwise have in common.
pub fn shape(text: &str) -> String {
    let mut out = surface(&without_markup(text));
    let mut last = ' ';
    out.retain(|c| {
        let goes_on = c.is_numeric() && last.is_numeric();
        last = c;
        !goes_on
    });
    out.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect()
}

/// The letters of a text, folded: near duplicates, which differ in case, accents, digits or punctuation only, agree in
/// it. All texts without a letter do.
pub fn letters(text: &str) -> String {
    letters_of(fold(text))
}

/// [`letters`] of a text that is folded already.
pub fn letters_of(mut folded: String) -> String {
    folded.retain(|c| if c.is_ascii() { c.is_ascii_alphabetic() } else { c.is_alphabetic() });
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sameness_ignores_case_spacing_and_punctuation() {
        assert_eq!(surface("  Where IS\tit? "), "where is it?");
        assert_eq!(normalise("Where's my card?!  "), "wheres my card");
        assert_eq!(normalise("a-b,c"), "a b c");
        assert_eq!((normalise("?!"), normalise("👍"), normalise("")), ("?!".into(), "👍".into(), String::new()));
        assert_eq!(normalise("ΚΑΛΗΜΕΡΑ σας."), "καλημερα σας");
    }

    #[test]
    fn any_number_is_one() {
        assert_eq!(shape("Ferry  4711 leaves at 09:35"), "ferry 0 leaves at 0:0");
        assert_eq!(shape(""), "");
    }

    #[test]
    fn markup_is_no_part_of_what_is_said() {
        let plain = "Open the page, choose Return & wait. Then pay.";
        for written in [
            "<p>Open the <a href=\"https://a.example/x\">page</a>, choose <strong>Return</strong> &amp; wait.</p><br/>Then pay.",
            "Open the [page](https://a.example/x), choose **Return** & wait.\n\n- Then pay.",
            "# Open the page,\n* choose `Return` &amp;&nbsp;wait.\n> Then pay.",
        ] {
            assert_eq!(shape(written), shape(plain), "{written}");
        }
        for plain in ["1 < 2 & 3 > 2", "<john@x.example>", "[sic] (x)", "snake_case", "a * b"] {
            assert_eq!(without_markup(plain), plain);
        }
    }

    #[test]
    fn near_duplicates_have_the_same_letters() {
        assert_eq!(letters("Where is parcel 17?!"), letters("WHERE is, parcel 4"));
        assert_eq!((letters("Πού είναι"), letters("12 ?"), letters("👍")), ("πουειναι".into(), "".into(), "".into()));
    }
}
