//! When two texts count as the same.

use super::fold::fold;

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

/// [`surface`] with any number being one: what sentences that are filled in otherwise have in common.
pub fn shape(text: &str) -> String {
    let mut out = surface(text);
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
    fn near_duplicates_have_the_same_letters() {
        assert_eq!(letters("Where is parcel 17?!"), letters("WHERE is, parcel 4"));
        assert_eq!((letters("Πού είναι"), letters("12 ?"), letters("👍")), ("πουειναι".into(), "".into(), "".into()));
    }
}
