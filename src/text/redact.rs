//! What identifies a person or gives access is replaced by a placeholder before text leaves the store: e-mail addresses,
//! telephone, account, card and other long numbers, network addresses, links with tokens.
//!
//! Names of people and places stay: telling them from other words needs a model of the language, and one that misses a
//! tenth would be trusted all the same.

use regex::{Captures, Regex};
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Digits in a row that are masked whatever they are.
const LONG: usize = 6;
/// Digits that make a code of letters and digits identifying: order and ticket numbers.
const CODE: usize = 5;
/// An international account number has at most this many characters.
const IBAN: usize = 34;

fn regex(pattern: &str) -> Regex {
    // The patterns are constants, each used by a test.
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

static URL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:https?://|www\.)[^\s<>]+"));
static EMAIL: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\p{M}\p{N}._%+'-]+@[\p{L}\p{M}\p{N}.-]*[\p{L}\p{N}]"));
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b[a-z]{2}[0-9]{2}(?:[ -]?[a-z0-9]){11,}"));
static IP4: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"));
static IP6: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"[+(]?\d(?:[ \u{a0}().\-/]{0,3}\d)*"));
static CODES: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\d]+(?:[-_][\p{L}\d]+)*"));
static RUN: LazyLock<Regex> = LazyLock::new(|| regex(r"\d{6,}"));
static DATE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))$"));

/// The text with placeholders (`<email>`, `<phone>`, `<iban>`, `<card>`, `<ip>`, `<url>`, `<number>`) in place of what
/// identifies. Masking what is masked changes nothing. Dates, prices and short numbers stay.
pub fn redact(text: &str) -> Cow<'_, str> {
    let telling = |c: char| c.is_numeric() || c == '@' || c == ':';
    if !text.contains(telling) && !text.to_ascii_lowercase().contains("www.") {
        return Cow::Borrowed(text);
    }
    let text = URL.replace_all(text, |c: &Captures<'_>| url(&c[0]));
    let text = EMAIL.replace_all(&text, "<email>").into_owned();
    let text = accounts(&text);
    let text = IP4.replace_all(&text, |c: &Captures<'_>| kept_unless(c[0].parse::<Ipv4Addr>().is_ok(), &c[0], "<ip>"));
    let text = IP6.replace_all(&text, |c: &Captures<'_>| kept_unless(is_ip6(&c[0]), &c[0], "<ip>")).into_owned();
    // Codes first: a part of one looks like a telephone number.
    let text = CODES.replace_all(&text, |c: &Captures<'_>| kept_unless(is_code(&c[0]), &c[0], "<number>"));
    let text = NUMBER.replace_all(&text, |c: &Captures<'_>| number(&c[0])).into_owned();
    Cow::Owned(RUN.replace_all(&text, "<number>").into_owned())
}

fn kept_unless(mask: bool, text: &str, placeholder: &str) -> String {
    if mask { placeholder } else { text }.to_owned()
}

/// A link to a page says what somebody talks about; one with a query, a name or a token may open an account.
fn url(link: &str) -> String {
    let rest = link.split_once("//").map_or(link, |(_, rest)| rest);
    let long = |part: &str| part.chars().count() >= 16 && part.chars().any(char::is_numeric);
    let telling = rest.contains(['?', '#', '@', '=']) || rest.split('/').skip(1).any(long);
    kept_unless(telling, link, "<url>")
}

/// Masks account numbers: the longest beginning of a candidate whose check digits are right (ISO 13616), since what
/// follows may be words.
fn accounts(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(found) = ACCOUNT.find(rest) {
        let end = iban_end(found.as_str());
        out.push_str(&rest[..found.start()]);
        out.push_str(if end.is_some() { "<iban>" } else { &found.as_str()[..4] });
        rest = &rest[found.start() + end.unwrap_or(4)..];
    }
    out + rest
}

/// Where the account number at the front of a candidate ends.
fn iban_end(candidate: &str) -> Option<usize> {
    let whole_words = candidate.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at);
    let mut ends: Vec<usize> = whole_words.chain([candidate.len()]).collect();
    ends.reverse();
    ends.into_iter().find(|&end| {
        let letters: Vec<u8> = candidate[..end].bytes().filter(u8::is_ascii_alphanumeric).collect();
        (15..=IBAN).contains(&letters.len()) && has_check_digits(&letters)
    })
}

/// The first four characters moved to the end and letters read as 10 to 35, the number leaves 1 when divided by 97.
fn has_check_digits(letters: &[u8]) -> bool {
    let moved = letters[4..].iter().chain(&letters[..4]);
    let rest = moved.fold(0u32, |rest, &c| match c {
        b'0'..=b'9' => (rest * 10 + u32::from(c - b'0')) % 97,
        _ => (rest * 100 + u32::from(c.to_ascii_uppercase() - b'A') + 10) % 97,
    });
    rest == 1
}

/// `::1` names no one, and `a::b` is a name in a program.
fn is_ip6(text: &str) -> bool {
    text.len() >= 6 && text.contains(|c: char| c.is_ascii_digit()) && text.parse::<Ipv6Addr>().is_ok()
}

/// What a number with its separators is.
fn number(written: &str) -> String {
    let digits = written.chars().filter(|c| c.is_numeric()).count();
    let separated = written.chars().any(|c| !c.is_numeric());
    let phone_like = written.starts_with(['+', '(', '0']) || separated;
    let what = match digits {
        _ if DATE.is_match(written) => return written.to_owned(),
        13..=19 if passes_luhn(written) => "<card>",
        7..=15 if phone_like => "<phone>",
        LONG.. => "<number>",
        _ => return written.to_owned(),
    };
    what.to_owned()
}

/// The check digit of card numbers (Luhn, ISO/IEC 7812).
fn passes_luhn(written: &str) -> bool {
    let digits = written.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, d)| match (place % 2, d * 2) {
            (0, _) => d,
            (_, twice @ 10..) => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Letters and digits mixed, with many digits.
fn is_code(word: &str) -> bool {
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    digits >= CODE && word.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_identifies_is_masked() {
        for (text, masked) in [
            ("write to maria.k+shop@mail.example.com!", "write to <email>!"),
            ("γράψτε στο ελένη@παράδειγμα.ελ", "γράψτε στο <email>"),
            ("call +357 99 123456 or (0030) 210-1234567", "call <phone> or <phone>"),
            ("my number is 07700 900123.", "my number is <phone>."),
            ("pay GB82 WEST 1234 5698 7654 32 please now", "pay <iban> please now"),
            ("CY17002001280000001200527600", "<iban>"),
            ("card 4111 1111 1111 1111 exp 12/27", "card <card> exp 12/27"),
            ("from 192.168.1.17 and 2001:db8::1", "from <ip> and <ip>"),
            ("order ORD-2024-00123 and A1B2C3D4E5", "order <number> and <number>"),
            ("ticket 1234567", "ticket <number>"),
            ("see https://shop.example/reset?token=abc", "see <url>"),
            ("see https://shop.example/r/9f8e7d6c5b4a3f2e1d now", "see <url> now"),
            ("٠١٢٣٤٥٦٧٨٩", "<number>"),
        ] {
            assert_eq!(redact(text), masked, "{text}");
        }
    }

    #[test]
    fn what_somebody_talks_about_stays() {
        for text in [
            "refund 49.90 EUR of 2026-11-22, or 22/11/2026 at 10:30",
            "1,250.00 for 3 nights, room 412",
            "see https://shop.example/returns",
            "GB82 is not an account",
            "flight CY123 at 07:45",
            "a::b and C++ at 5:00",
            "καλημέρα, πού είναι η παραγγελία μου;",
            "",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    proptest! {
        #[test]
        fn masking_again_changes_nothing(text in "[ a-zA-Z0-9@.:/+()<>é\u{a0}٣_-]{0,60}") {
            let once = redact(&text).into_owned();
            prop_assert_eq!(redact(&once).into_owned(), once);
        }

        #[test]
        fn no_long_number_and_no_address_is_left(before in "[ a-z0-9.-]{0,20}", after in "\\PC{0,20}", digits in "[0-9]{6,24}", name in "[a-z0-9._]{1,12}") {
            let masked = redact(&format!("{before}{digits} {name}@example.com {after}")).into_owned();
            prop_assert!(!RUN.is_match(&masked), "{}", masked);
            prop_assert!(!masked.contains("@example.com"), "{}", masked);
        }

        #[test]
        fn text_without_digits_and_signs_stays(text in "[\\p{L} ,.!?'-]{0,80}") {
            prop_assume!(!text.to_ascii_lowercase().contains("www.") && !text.contains(char::is_numeric));
            prop_assert_eq!(redact(&text).into_owned(), text);
        }
    }
}
