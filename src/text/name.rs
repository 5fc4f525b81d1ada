//! Names that people and logs write: which of them are the same.

use super::clean::is_invisible;
use unicode_normalization::UnicodeNormalization;

/// The name without blanks and invisible characters around it.
pub fn trim_name(name: &str) -> &str {
    let joiner = |c| matches!(c, '\u{200c}' | '\u{200d}');
    name.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || joiner(c))
}

/// What names are compared by: trimmed, in lower case, composed. Accents count.
pub fn name_key(name: &str) -> String {
    let name = trim_name(name);
    if name.is_ascii() {
        name.to_ascii_lowercase()
    } else {
        name.nfc().collect::<String>().to_lowercase().nfc().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_but_for_case_and_what_is_around_them() {
        for same in ["pets", "Pets", " pets\t", "PETS", "\u{feff}pets\u{200b}", "\u{a0}pets\u{3000}", "pets\u{200d}"] {
            assert_eq!(name_key(same), "pets", "{same:?}");
        }
        assert_eq!(name_key("ΕΠΙΣΤΡΟΦΉ"), name_key("επιστροφή"));
        assert_ne!(name_key("επιστροφη"), name_key("επιστροφή"), "accents count");
        assert_eq!(name_key("caf\u{65}\u{301}"), name_key("CAFÉ"), "however the accent is written");
        assert_ne!(name_key("pet s"), name_key("pets"));
        assert_eq!((trim_name(" Pets "), trim_name("\u{200b} ")), ("Pets", ""));
    }
}
