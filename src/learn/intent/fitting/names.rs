//! Names of intents as texts.

use crate::domain::{IntentId, OUT_OF_SCOPE};

/// What the name of an intent counts as an example, beside 1 for a label.
const WEIGHT: f32 = 1.0;

/// The names that say something, as texts with their weights.
pub fn examples(names: &[(IntentId, String)]) -> Vec<(IntentId, String, f32)> {
    names
        .iter()
        .filter(|(_, name)| name != OUT_OF_SCOPE)
        .filter_map(|(id, name)| Some((*id, words(name)?, WEIGHT)))
        .collect()
}

/// A name as people would say it: "card_arrival" and "cardArrival" as "card arrival". `None` for one without two
/// letters in a row, such as "17" or "i_3".
fn words(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut last = ' ';
    for c in name.chars() {
        let starts_word = c.is_uppercase() && last.is_lowercase();
        if (starts_word || !c.is_alphanumeric()) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
        last = c;
    }
    let letters: Vec<bool> = out.chars().map(char::is_alphabetic).collect();
    letters.windows(2).any(|pair| pair == [true, true]).then(|| out.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        let said = |name| words(name);
        assert_eq!(said("card_arrival").as_deref(), Some("card arrival"));
        assert_eq!(said("cardArrival").as_deref(), Some("card arrival"));
        assert_eq!(said("Refund_not_showing_up?").as_deref(), Some("refund not showing up"));
        assert_eq!(said("FAQ/opening-hours").as_deref(), Some("faq opening hours"));
        assert_eq!(said("χαμένη_κάρτα").as_deref(), Some("χαμένη κάρτα"));
        assert_eq!([said("17"), said("i_3"), said("__"), said("")], [None, None, None, None]);
    }
}
