//! What in an answer is about one customer, so that it cannot be the answer to all of them: what [`redact`] masks, and besides
//! the customer's name, codes of bookings and orders, the end of a card number, and amounts that stand beside these.
//!
//! [`redact`] leaves names and short codes alone, because masking a log must not take away what people talk about. An answer
//! that is to be given to everybody can do without them.

mod given;
mod mentioned;
mod names;
mod pattern;

pub use mentioned::{addressed, given_names, named, says_name, spoken_to};
pub use names::CustomerNames;

use crate::text::redact::redact;
use pattern::regex;
use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Something of one person in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalText {
    /// What it is: `a name`.
    pub what: &'static str,
    /// The words; empty where only the kind is told.
    pub words: String,
    /// What may stand in its place: `{name}`.
    pub placeholder: &'static str,
}

impl PersonalText {
    /// A name.
    pub fn name(words: &str) -> Self {
        Self { what: "a name", words: words.to_owned(), placeholder: NAME }
    }
}

/// Stands for a name.
const NAME: &str = "{name}";

/// `{name}`, `{booking number}`: filled in by whoever sends the answer.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"\{[\p{L}_][\p{L}\p{M}\p{N} _-]{0,40}\}"));

/// A word for something that has a number, and the number.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:booking|reservation|order|ticket|invoice|ref(?:erence)?|case|confirmation|tracking|κρ[αά]τηση[ςσ]?|παραγγελ[ιί]α[ςσ]?|εισιτ[ηή]ριο|τιμολ[οό]γιο|απ[οό]δειξη[ςσ]?)(?:\s+(?:number|no|code|id|with|με|αρ(?:ιθμ[οό][ςσ]?)?|κωδικ[οό][ςσ]?))?[\s.:#№]*(?P<code>(?:\p{L}+[-/])?[\p{L}\d]*\d[\p{L}\d]*(?:[-/][\p{L}\d]+)*)",
    )
});
static CODE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[\p{L}\d]+\b"));
static HASHED: LazyLock<Regex> = LazyLock::new(|| regex(r"[#№]\s?(?P<code>[\p{L}\d-]*\d{3}[\p{L}\d-]*)"));
static CARD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:card|account|visa|mastercard|iban|κ[αά]ρτα[ςσ]?|λογαριασμ[οό][ςσ]?|λογαριασμο[υύ])\b[^.!?\n\d]{0,40}(?P<code>\d{3,4})\b",
    )
});
static STARRED: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:\*{2,}|[•·]{2,}|[xX]{3,})[\s-]?(?P<code>\d{2,4})\b"));
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)(?:[€$£]\s?\d[\d.,]*\d|[€$£]\s?\d|\d(?:[\d.,]*\d)?\s?(?:[€$£]|eur\b|euros?\b|usd\b|gbp\b|ευρ[ωώ]))")
});
/// An amount that is the customer's whatever else stands there.
static OWN_AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:your (?:refund|payment|balance|deposit|invoice|bill|compensation|credit)|(?:επιστροφ[ηή]|πληρωμ[ηή]|υπ[οό]λοιπ[οό]|χρ[ηή]ματ[αά]|αποζημ[ιί]ωσ[ηή])(?: χρημ[αά]των)? σας)\b[^.!?\n\d€$£]{0,20}(?P<amount>[€$£]\s?\d|\d[\d.,]*\s?(?:[€$£]|eur|euro|usd|gbp|ευρ))",
    )
});

/// Masks of [`redact`], what they stand for and what may stand in their place.
const MASKS: [(&str, &str, &str); 7] = [
    ("<email>", "an e-mail address", "{email}"),
    ("<phone>", "a telephone number", "{phone}"),
    ("<iban>", "an account number", "{iban}"),
    ("<card>", "a card number", "{card}"),
    ("<ip>", "a network address", "{address}"),
    ("<url>", "a personal link", "{link}"),
    ("<number>", "a long number or code", "{number}"),
];

/// A text with something else in place of each placeholder (`{name}`).
pub fn without_placeholders<'a>(text: &'a str, with: &str) -> Cow<'a, str> {
    PLACEHOLDER.replace_all(text, with)
}

/// What in a text is about one person. `names` are names that the customer is known by. Placeholders (`{name}`) are about nobody.
pub fn personal(text: &str, names: &CustomerNames) -> Vec<PersonalText> {
    told(text, names, names::called)
}

/// Whether anything in a text is about one person, as answers up to the fifth recipe were told (rule 49).
pub fn was_personal(text: &str) -> bool {
    !told(text, &CustomerNames::default(), names::formerly_called).is_empty()
}

fn told(text: &str, names: &CustomerNames, called: fn(&str) -> Vec<&str>) -> Vec<PersonalText> {
    let text = without_placeholders(text, " _ ");
    let mut out: Vec<PersonalText> = Vec::new();
    let mut add = |what, words: &str, placeholder| {
        if !out.iter().any(|f| f.words == words && (f.what == what || !words.is_empty())) {
            out.push(PersonalText { what, words: words.to_owned(), placeholder });
        }
    };
    called(&text).into_iter().for_each(|name| add("a name", name, NAME));
    for word in CODE.find_iter(&text).filter(|w| names.have(w.as_str())) {
        add("the customer's name", word.as_str(), NAME);
    }
    for pattern in [&CARD, &STARRED] {
        for found in pattern.captures_iter(&text) {
            add("the end of a card or account number", &found["code"], "{card}");
        }
    }
    let numbered = NUMBERED.captures_iter(&text).filter(|c| is_number_of_something(&c["code"]));
    let codes = CODE.find_iter(&text).map(|m| m.as_str()).filter(|w| is_code(w)).map(str::to_owned);
    let hashed = HASHED.captures_iter(&text).map(|c| c["code"].to_owned());
    for code in numbered.map(|c| c["code"].to_owned()).chain(hashed).chain(codes).collect::<Vec<_>>() {
        add("the code of a booking or an order", &code, "{booking}");
    }
    let masked = redact(&text);
    for (mask, what, placeholder) in MASKS {
        // A long number that was told as a code already is no second find.
        let told = mask == "<number>" && out.iter().any(|f| f.placeholder == "{booking}");
        if !told && masked.matches(mask).count() > text.matches(mask).count() {
            out.push(PersonalText { what, words: String::new(), placeholder });
        }
    }
    if !out.is_empty() || OWN_AMOUNT.is_match(&text) {
        for amount in AMOUNT.find_iter(&text) {
            out.push(PersonalText {
                what: "an amount",
                words: amount.as_str().trim().to_owned(),
                placeholder: "{amount}",
            });
        }
    }
    out
}

/// Whether a text calls somebody by a name. However often it is said, it is for one person; firms have telephone numbers, codes and prices of
/// their own.
pub fn names_somebody(text: &str) -> bool {
    personal(text, &CustomerNames::default()).iter().any(|found| found.placeholder == NAME)
}

/// Amounts of money in a text that somebody named in the same conversation: what one customer paid is nobody else's answer. A single
/// digit tells nothing.
pub fn amounts_said<'a>(text: &str, said: impl Iterator<Item = &'a str>) -> Vec<PersonalText> {
    let digits = |amount: &str| -> String { amount.chars().filter(char::is_ascii_digit).collect() };
    let named: BTreeSet<String> =
        said.flat_map(|said| AMOUNT.find_iter(said).map(|m| digits(m.as_str())).collect::<Vec<_>>()).collect();
    AMOUNT
        .find_iter(text)
        .filter(|amount| digits(amount.as_str()).len() > 1 && named.contains(&digits(amount.as_str())))
        .map(|amount| PersonalText {
            what: "an amount of this conversation",
            words: amount.as_str().trim().to_owned(),
            placeholder: "{amount}",
        })
        .collect()
}

/// In words, for a person: `a name (Andreou), an amount (124 EUR)`.
pub fn in_words(found: &[PersonalText]) -> String {
    let one = |f: &PersonalText| match f.words.as_str() {
        "" => f.what.to_owned(),
        words => format!("{} ({words})", f.what),
    };
    found.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Letters and digits mixed as in a booking's code. Flights, rooms and models are shorter.
fn is_code(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let letters_first = word.starts_with(char::is_alphabetic);
    let shouted = !word.chars().any(char::is_lowercase);
    letters > 0 && letters + digits >= 6 && ((digits >= 2 && shouted) || (digits >= 4 && letters_first))
}

/// What follows "order" or "booking" and is no count: three digits, or letters among them.
fn is_number_of_something(code: &str) -> bool {
    let digits = code.chars().filter(char::is_ascii_digit).count();
    digits >= 3 || (digits >= 2 && code.chars().any(char::is_uppercase) && code.chars().count() >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        personal(text, &CustomerNames::default()).iter().map(|f| f.placeholder).collect()
    }

    #[test]
    fn what_is_one_customers_is_found() {
        for (text, found) in [
            (
                "Dear Mrs Andreou, your 124 EUR for booking QX7731 went to the card ending 4412.",
                &["{name}", "{card}", "{booking}", "{amount}"][..],
            ),
            ("Dear mrs andreou, it is on its way.", &["{name}"]),
            ("Hello Maria, it is on its way.", &["{name}"]),
            ("Αγαπητή κυρία Ανδρέου, τα χρήματα στάλθηκαν.", &["{name}"]),
            ("ΑΓΑΠΗΤΗ ΚΥΡΙΑ ΑΝΔΡΕΟΥ, ΣΤΑΛΘΗΚΑΝ", &["{name}"]),
            ("Γεια σας, κ. Παπαδόπουλε, όλα καλά.", &["{name}"]),
            ("Καλημέρα Ελένη, όλα καλά.", &["{name}"]),
            ("Η κράτηση σας με κωδικό QX7731 ακυρώθηκε.", &["{booking}"]),
            ("Your order 48213 has left.", &["{booking}"]),
            ("Order no. AB-1234 has left.", &["{booking}"]),
            ("We sent X7K2PQ again.", &["{booking}"]),
            ("Ticket #4412 is closed.", &["{booking}"]),
            ("It went to your card ****4412.", &["{card}"]),
            ("Στάλθηκαν στην κάρτα που λήγει σε 4412.", &["{card}"]),
            ("It goes to CY17002001280000001200527600.", &["{iban}"]),
            ("Write to maria.k@example.com.", &["{email}"]),
            ("We call +357 99 123456.", &["{phone}"]),
            ("Your refund of €124 was sent on Monday.", &["{amount}"]),
            ("Η επιστροφή χρημάτων σας ύψους 124 ευρώ στάλθηκε.", &["{amount}"]),
        ] {
            let kinds = kinds(text);
            assert!(found.iter().all(|f| kinds.contains(f)), "{text}: {kinds:?}");
        }
    }

    #[test]
    fn what_is_meant_for_everybody_is_not() {
        for text in [
            "Refunds take five days. A change costs €15.",
            "Flight CY123 leaves at 07:45 from gate A12, deck 7.",
            "Dear customer, we are sorry. Dear Sir, dear Madam, hello there!",
            "Dear {name}, your {amount} for booking {booking} went to the card ending {card}.",
            "Αγαπητή πελάτισσα, λυπόμαστε. Γεια σας!",
            "Thank you for asking. Thanks, We will look. Sorry, The ship is late.",
            "Your refund takes 5 to 10 days; orders of 2 tickets are fine, bookings before 2027 too.",
            "You must not miss your ferry. It takes 200 ms and 15kg.",
            "Your card is charged once you board.",
            "Use {όνομα} and {booking number}.",
            "",
        ] {
            assert_eq!(personal(text, &CustomerNames::default()), Vec::new(), "{text}");
        }
    }
}
