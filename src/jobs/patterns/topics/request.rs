//! What a first message asks for, without how it begins: greetings, that help is wanted, who is speaking.

use crate::text::is_opening;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The ends of sentences. A full stop within a word (`4.30`, `Dr. Johnson`) ends none that matters here.
static END: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:[.!?;…]+|[。！？]|\n)\s*"));
/// Somebody who says who they are within a sentence: up to two names after it, and what leads on.
static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)
        \b(?i:(?:and\ )?(?:my\ names?(?:\ is|'s|’s)|this\ is|i\ am|i'm|i’m)|(?:και\ )?(?:με\ λένε|λέγομαι|ονομάζομαι|το\ όνομά\ μου\ είναι))\s+
        \p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’.-]*){0,2}\s*(?:,\s*|\b(?i:and|και)\b\s*|$)",
    )
});
/// A sentence about who is spoken to.
static OF_YOU: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?i:you are|you're|you’re|είσαι|είστε)\b"));

fn regex(pattern: &str) -> Regex {
    // The patterns are constants, each used by a test.
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

/// The sentences of a text that ask for something, with introductions taken out of them: `Hello! I am Maria Nikolaou and I lost my bag.`
/// gives `I lost my bag.` Where nothing is left, nothing was asked yet.
pub(super) fn request_in(text: &str) -> Cow<'_, str> {
    let mut asking: Vec<&str> = sentences(text).into_iter().filter(|s| !is_opening(s)).collect();
    if asking.iter().any(|s| !OF_YOU.is_match(s)) {
        asking.retain(|s| !OF_YOU.is_match(s));
    }
    let joined = if asking.len() <= 1 && asking.first().is_none_or(|s| s.len() == text.len()) {
        Cow::Borrowed(asking.first().copied().unwrap_or_default())
    } else {
        Cow::Owned(asking.join(" "))
    };
    if !introduces(&joined) {
        return joined;
    }
    let rest = INTRODUCED.replace_all(&joined, "").trim().to_owned();
    if is_opening(&rest) { Cow::Borrowed("") } else { Cow::Owned(rest) }
}

/// A text in sentences, none of them blank, each with the sign that ends it.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for found in END.find_iter(text) {
        // Within a word or a number nothing ends.
        if found.end() < text.len() && !found.as_str().contains(char::is_whitespace) && found.as_str().is_ascii() {
            continue;
        }
        out.push(text[from..found.end()].trim());
        from = found.end();
    }
    out.push(text[from..].trim());
    out.retain(|s| !s.is_empty());
    out
}

/// Whether somebody says who they are in it.
pub(super) fn introduces(text: &str) -> bool {
    INTRODUCED.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_left_and_how_it_begins_is_not() {
        for (text, asked) in [
            ("Hi! I need some help. My flight is late.", "My flight is late."),
            ("My name is Sarah Brown. Please check my balance", "Please check my balance"),
            ("Hello, I need some help", ""),
            ("Hi my name is Alexis and I forgot my medicine", "Hi I forgot my medicine"),
            ("Γεια σας! Με λένε Μαρία και έχασα τη βαλίτσα μου", "έχασα τη βαλίτσα μου"),
            ("cancel my flight", "cancel my flight"),
            ("It costs 4.30 euro. Why?", "It costs 4.30 euro. Why?"),
            ("You are the kindest agent. Cancel my flight, please.", "Cancel my flight, please."),
            ("You are late", "You are late"),
            ("", ""),
        ] {
            assert_eq!(request_in(text), asked, "{text}");
        }
        assert!(introduces("I'm Mei Brown, and my flight is late") && !introduces("I'm late for my flight"));
    }

    #[test]
    fn sentences_are_whole() {
        assert_eq!(sentences("One. Two? Three at 4.30!\nfour"), ["One.", "Two?", "Three at 4.30!", "four"]);
        assert_eq!(sentences("我要退票。谢谢！"), ["我要退票。", "谢谢！"]);
        assert!(sentences(" \n ").is_empty());
    }
}
