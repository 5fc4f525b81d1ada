//! Forms of words: what they share, and verbs that say little alone.

use super::names::stem_of;
use unicode_segmentation::UnicodeSegmentation;

/// Verbs that say what is wanted only together with a thing: `get_ride`.
const LIGHT: &[&str] = &["make", "get", "take", "have", "check", "find", "see"];
/// Of the requests that say a thing, the share that has one of them before it, and how far before.
const LIGHTLY: f64 = 0.2;
const BEFORE: usize = 4;
/// The light verb that most often stands shortly before a word.
pub(super) fn light_verb<'a>(texts: impl Iterator<Item = &'a str>, word: &str) -> Option<&'static str> {
    let root = root_of(word);
    let mut often = vec![0_u32; LIGHT.len()];
    let mut say = 0_u32;
    for text in texts {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.unicode_words().collect();
        let Some(at) = words.iter().position(|w| root_of(stem_of(w)) == root) else { continue };
        say += 1;
        let before = &words[at.saturating_sub(BEFORE)..at];
        let verb = before.iter().rev().find_map(|w| LIGHT.iter().position(|light| root_of(w) == root_of(light)));
        if let Some(verb) = verb {
            often[verb] += 1;
        }
    }
    let most = often.iter().zip(LIGHT).rev().max_by_key(|(n, _)| **n)?;
    (*most.0 > 1 && f64::from(*most.0) >= LIGHTLY * f64::from(say)).then_some(most.1)
}

/// What the forms of a word share: without the ends of English inflection; of other alphabets without the last letters, where
/// inflection stands.
pub(super) fn root_of(word: &str) -> String {
    let letters = word.chars().count();
    if !word.is_ascii() {
        let kept = if letters >= 6 { letters - 2 } else { letters };
        return word.chars().take(kept).collect();
    }
    let cut = |end: &str, least: usize| word.strip_suffix(end).filter(|stem| stem.len() >= least);
    let stem = if let Some(stem) = cut("ies", 2) {
        return format!("{stem}y");
    } else if let Some(stem) = cut("sses", 1) {
        return format!("{stem}ss");
    } else if let Some(stem) = cut("ing", 3).or_else(|| cut("ed", 3)) {
        stem
    } else if !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        cut("s", 3).unwrap_or(word)
    } else {
        word
    };
    let stem = stem.strip_suffix('e').filter(|s| s.len() >= 3).unwrap_or(stem);
    let bytes = stem.as_bytes();
    let doubled = bytes.len() > 3
        && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
        && !matches!(bytes[bytes.len() - 1], b's' | b'z' | b'f');
    if doubled { stem[..stem.len() - 1].to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_root() {
        for forms in [
            &["cancel", "cancels", "cancelled", "canceling", "cancelling"] as &[&str],
            &["change", "changes", "changed", "changing"],
            &["upgrade", "upgrading"],
            &["policy", "policies"],
            &["stop", "stopped"],
            &["balance", "balances"],
        ] {
            assert!(forms.iter().all(|f| root_of(f) == root_of(forms[0])), "{forms:?}");
        }
        assert_ne!(root_of("business"), root_of("busy"));
    }
}
