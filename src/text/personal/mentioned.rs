//! Names of people in the middle of what is said: `your ticket, Sofia, is ready`, `I told Bob that it is late`. Whom one speaks to is a
//! customer; of whom one speaks may be somebody of the firm.

use super::given::{is_ambiguous, is_given};
use super::names::{is_no_name, stem};
use super::pattern::regex;
use crate::text::fold::{fold, words};
use regex::Regex;
use std::sync::LazyLock;

/// A word between two commas, after small letters and before them: whom one speaks to.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|\s)\p{Ll}[^\s,]*,\s+(?P<name>\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}[\p{L}\p{M}'’-]*),\s+(?P<next>\p{Ll}[\p{L}\p{M}]*)",
    )
});
/// After these a list goes on.
const JOINS: &[&str] = &["and", "or", "etc", "και", "η", "und", "oder", "et", "ou", "y", "e", "o", "ve"];
/// What places and houses are called that bear somebody's name.
const OF_PLACES: &str = "street st road rd ave avenue lane drive boulevard airport hotel square hall park bay beach island church cathedral \
    museum bridge station hospital university college school restaurant cafe bar club center centre theatre theater gallery market house \
    inn stadium arena";
/// Cities and countries that people are called after, and what stands before a place.
const CITIES: &[&str] = &["sofia", "σοφια", "γεωργια"];
const TO_PLACES: &[&str] = &["to", "from", "in", "at", "via", "near", "στη", "στην", "σε", "απο", "προσ"];

/// Whom a text begins or ends with.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?P<first>\p{Lu}[\p{L}\p{M}'’-]{2,}),|(?:^|\s)\p{Ll}[^\s,]*,\s+(?P<last>\p{Lu}[\p{L}\p{M}'’-]{2,})\s*[.!?…]*\s*$",
    )
});
/// What is said to a customer, and who says it.
const TO_CUSTOMERS: &str = "you your yours you're we i i've i'm we've we're our σας σου σε σοι μας sas sou mas size sizin sizi biletiniz rezervasyonunuz \
    siparişiniz sie ihr ihre ihren ihnen wir vous votre vos nous вам вас ваш ваша ваше ваши мы";

/// After these at the beginning of a sentence a name is whom one speaks to: `ok John we have sent it`.
const INTERJECTIONS: &str = "ok okay yes yeah yep no nope sure well great perfect right alright fine certainly excellent awesome thanks sorry \
    ναι οχι ενταξει ωραια βεβαια μαλιστα τελεια λοιπον";

/// Verbs of telling, before whom it is told, in several languages; Greek has an article between.
const TELLS: &str = "ask asks asked asking tell tells told telling inform informs informed informing notify notified remind reminded contact \
    contacted contacting call called calling phone phoned email emailed text texted message messaged meet met thanked \
    ρωτησα ρωτησαμε ρωτησε ρωτηστε ενημερωσα ενημερωσαμε ενημερωσε ενημερωστε καλεσα καλεσαμε καλεσε καλεστε ειπα ειπαμε ειπε πειτε \
    εδωσα δωσαμε εδωσε δωστε μιλησα μιλησαμε μιλησε μιληστε rotisa rotisame rotiste enimerosa enimerosame enimeroste eipa eipame edosa dosame \
    milisa milisame miliste";
/// Verbs of talking with somebody.
const TALKS: &str = "spoke spoken speak speaking talk talked talking chat chatted said wrote written gave given";
/// Verbs of sending somebody something: words may stand between. What is sent to a place is told nobody.
const SENDS: &str =
    "sent send sending forwarded forward passed pass passing handed hand gave give given escalated assigned";
/// Names of people that are also called places.
const ALSO_PLACES: &str = "paris sofia dallas georgia florence victoria austin jordan sydney chelsea india asia troy virginia carolina milan athena \
    charlotte madison jackson marina crystal σοφια γεωργια μαρινα";
/// Between such a verb and whom it is told.
const LINKS: &str = "to with στον στη στην τον την τη με ston sti stin ton tin me";
/// What has a name before which these stand is no person: a house, a street, a ship, a work.
const BEFORE_PLACES: &str = "hotel villa cafe restaurant ship ferry boat yacht vessel movie film song album saint st san santa port fort lake mount \
    king queen new costa casa puerto οδος οδο οδου λεωφορος λεωφορο λεωφορου πλατεια πλατειας πλοιο πλοιου ξενοδοχειο ξενοδοχειου αγιος αγιου αγιο \
    αγια αγιας";
/// Where people of the firm work, and before that.
const DEPARTMENTS: &str = "care support service services team department sales accounting office εξυπηρετηση εξυπηρετησης υποστηριξη υποστηριξης τμημα \
    τμηματος ομαδα ομαδας λογιστηριο λογιστηριου";
const OF_DEPARTMENTS: &str = "in of from at with στο στη στην απο του της";
/// Who calls somebody; whatever else is called so bears the name.
const CALLERS: &str = "i we he she they you have has had and";
/// What a person does whose name begins a sentence; Turkish says first to whom.
const DOES: &str = "is was has had will can would could said says told asked booked sent called wrote does did should sizi size bunu bu sizinle \
    wird ist war hat kann va θα ειπε ρωτησε καλεσε εστειλε tha eipe rotise";
/// What only a person does, whose name may be a word as well: `Will told me`.
const SAYS: &str = "told said says asked wrote called confirmed replied";

/// Whom a text may call by a name at its beginning or end, in English or Greek: a word in capitals that a comma parts from the rest. At the
/// end only what people are called; at the beginning any word that is followed by what is the customer's or done by who writes. Who knows
/// what else is said can tell more.
pub fn addressed(text: &str) -> Option<&str> {
    /// Words after it in which the customer is spoken to.
    const NEAR: usize = 5;
    let is_known = |name: &&str| is_given(name) || is_ambiguous(name);
    let speaks = |after: &str| after.split_whitespace().take(NEAR).any(|word| is_among(TO_CUSTOMERS, word));
    let found = ADDRESSED.captures_iter(text).find_map(|found| {
        let is_first = |name: &regex::Match<'_>| {
            is_known(&name.as_str()) || found.get(0).is_some_and(|all| speaks(&text[all.end()..]))
        };
        let last = || found.name("last").filter(|name| is_known(&name.as_str()));
        found.name("first").filter(is_first).or_else(last)
    });
    found.map(|name| name.as_str()).filter(|name| !is_no_name(&fold(name)))
}

/// Whom a text may call by a name in its middle. Who knows what else is said can tell more.
pub fn spoken_to(text: &str) -> Vec<&str> {
    let after_interjection = |tokens: &[&str], at: usize| {
        is_given_at(tokens, at)
            && at.checked_sub(1).is_some_and(|b| begins(tokens, b) && is_among(INTERJECTIONS, tokens[b]))
    };
    let mut out = given_where(text, after_interjection);
    let between = BETWEEN.captures_iter(text).filter(|found| !JOINS.contains(&fold(&found["next"]).as_str()));
    let between = between.filter_map(|found| found.name("name")).map(|name| name.as_str());
    out.extend(between.filter(|name| !is_no_name(&fold(name))));
    out
}

/// Given names in the middle of a text, and those that are words as well: of the customer where the conversation knows them.
pub fn given_names(text: &str) -> Vec<&str> {
    given_where(text, is_given_at)
}

/// Given names that can be nothing else where they stand: in capitals, or after who told them something. Not of who speaks, nor of whom
/// it is said where in the firm they work.
pub fn named(text: &str) -> Vec<&str> {
    given_where(text, is_named_at)
}

/// Whether somebody says a name, in either script and any case.
pub fn says_name(said: &str, name: &str) -> bool {
    let (name, said) = (fold(name), fold(said));
    let sound = stem(&name);
    words(&said).any(|word| word == name || sound.is_some() && stem(word) == sound)
}

/// Names in the lines of a text, at places of which something is so.
fn given_where(text: &str, is: impl Fn(&[&str], usize) -> bool) -> Vec<&str> {
    let mut out = Vec::new();
    for line in text.lines() {
        let tokens: Vec<&str> = line.split_whitespace().collect();
        out.extend((0..tokens.len()).filter(|&at| is(&tokens, at)).map(|at| name_in(tokens[at])));
    }
    out
}

/// Whether a word after the first of a line and of a sentence is a given name.
fn is_given_at(tokens: &[&str], at: usize) -> bool {
    let name = name_in(tokens[at]);
    !begins(tokens, at)
        && is_capital(name)
        && is_given(name)
        // `San Jose`, `Garcia Daniel`.
        && (tokens[at - 1].starts_with(char::is_lowercase) || is_no_name(&fold(bare(tokens[at - 1]))))
        && is_of_a_person(tokens, at)
}

fn is_named_at(tokens: &[&str], at: usize) -> bool {
    let (token, name) = (tokens[at], name_in(tokens[at]));
    let is_ambiguous = is_ambiguous(name);
    let is_clear = !is_ambiguous && is_given(name);
    if !is_clear && !is_ambiguous {
        return false;
    }
    let is_told = is_told(tokens, at);
    if !is_capital(name) {
        return is_told && is_clear && name.chars().all(char::is_lowercase);
    }
    if begins(tokens, at) {
        // `Mehmet'e`, `Maria will`.
        let has_case = bare(token).strip_prefix(name).is_some_and(|case| !case.is_empty());
        let does = |verbs: &str| token == name && tokens.get(at + 1).is_some_and(|next| is_among(verbs, next));
        return is_clear && (has_case || does(DOES)) || does(SAYS);
    }
    let before = tokens[at - 1];
    let is_free = || {
        before.starts_with(char::is_lowercase)
            || is_no_name(&fold(bare(before)))
            // The first word of a sentence has a capital anyway.
            || begins(tokens, at - 1) && !is_given(bare(before)) && before.ends_with(char::is_alphabetic)
    };
    is_of_a_person(tokens, at) && !is_of_the_firm(tokens, at) && (is_told || is_clear && is_free())
}

/// Whether the word at a place, which begins no sentence, can be a person's name by what stands around it.
fn is_of_a_person(tokens: &[&str], at: usize) -> bool {
    let (name, before) = (fold(name_in(tokens[at])), fold(bare(tokens[at - 1])));
    let earlier = at.checked_sub(2).map(|at| fold(bare(tokens[at])));
    let is_called = matches!(before.as_str(), "called" | "named")
        && !earlier.as_deref().is_some_and(|who| CALLERS.split_whitespace().any(|caller| caller == who));
    // `Good day, Nikos here.`
    let is_here =
        tokens[at - 1].ends_with(',') && tokens.get(at + 1).is_some_and(|next| is_among("here speaking εδώ", next));
    let is_place = is_among(BEFORE_PLACES, tokens[at - 1])
        || CITIES.contains(&name.as_str()) && TO_PLACES.contains(&before.as_str());
    let is_something_else = is_here || is_called || is_place || says_who(&before, earlier.as_deref());
    !is_something_else && is_whole(&tokens[at..])
}

/// `Eleni in customer care`, `την Ελένη από την εξυπηρέτηση`.
fn is_of_the_firm(tokens: &[&str], at: usize) -> bool {
    /// Words of a department's name, and an article.
    const WORDS: usize = 3;
    let mut rest = tokens[at + 1..].iter();
    let is_linked =
        tokens[at].ends_with(char::is_alphabetic) && rest.next().is_some_and(|t| is_among(OF_DEPARTMENTS, t));
    is_linked && rest.take(WORDS).any(|token| is_among(DEPARTMENTS, token))
}

/// Whether before a place stands that somebody is told something: `ask`, `spoke with`, `είπαμε στον`.
fn is_told(tokens: &[&str], at: usize) -> bool {
    let word =
        |back: usize| at.checked_sub(back).map(|at| tokens[at]).filter(|token| token.ends_with(char::is_alphabetic));
    let is = |words: &str, back: usize| word(back).is_some_and(|token| is_among(words, token));
    let is_verb = |back: usize| is(TELLS, back) || is(TALKS, back);
    let is_sent = || {
        /// Words of what is sent, and the verb.
        const WORDS: usize = 5;
        is("to", 1) && !is_among(ALSO_PLACES, name_in(tokens[at])) && (2..=WORDS).any(|back| is(SENDS, back))
    };
    is(TELLS, 1) || is(LINKS, 1) && (is_verb(2) || is(LINKS, 2) && is_verb(3) || is_sent())
}

fn is_among(words: &str, token: &str) -> bool {
    let said = fold(bare(token));
    words.split_whitespace().any(|word| fold(word) == said)
}

/// Whether a place begins a sentence or a line.
fn begins(tokens: &[&str], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| ends_sentence(tokens[before]) || bare(tokens[before]).is_empty())
}

fn is_capital(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// A word without the signs around it and an English genitive.
fn bare(token: &str) -> &str {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    ["'s", "’s"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

/// The same without what Turkish puts behind a name: `Mehmet'e`.
fn name_in(token: &str) -> &str {
    let word = bare(token);
    match word.split_once(['\'', '’']) {
        Some((name, _)) if name.chars().count() > 1 => name,
        _ => word,
    }
}

fn ends_sentence(token: &str) -> bool {
    token.trim_end_matches(['"', '\'', '’', '”', '»', ')', '*']).ends_with(['.', '!', '?', ':', ';', '…', '·'])
}

/// `I am Anna`, `my name is Anna`, `είμαι η Άννα`: whoever speaks has a name, too.
fn says_who(before: &str, earlier: Option<&str>) -> bool {
    match before {
        "am" | "i'm" | "i’m" | "im" | "bin" | "λενε" => true,
        "is" => matches!(earlier, Some("this" | "name")),
        "η" | "ο" => earlier == Some("ειμαι"),
        _ => false,
    }
}

/// Whether a name with what follows it is one of a person: not `John Wayne Airport`, not `Charles de Gaulle`.
fn is_whole(from: &[&str]) -> bool {
    let mut words = 0;
    let mut tokens = from.iter();
    let mut last = tokens.next();
    while let (Some(before), Some(next)) = (last, tokens.next()) {
        if before.ends_with([',', '.', '!', '?', ':', ';', ')']) {
            break;
        }
        let word = fold(bare(next));
        if !bare(next).starts_with(char::is_uppercase) {
            return words < 2 && *next != "&" && !matches!(word.as_str(), "de" | "of");
        }
        if OF_PLACES.split_whitespace().any(|place| place == word) {
            return false;
        }
        words += 1;
        last = Some(next);
    }
    words < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_anywhere_is_found_and_places_houses_and_words_are_none() {
        for (text, name) in [
            ("I told Bob that it is late.", "Bob"),
            ("I see that Ivan booked two seats.", "Ivan"),
            ("Το έδωσα στη Μαρία χθες.", "Μαρία"),
            ("We have asked Maria Papadopoulou to call.", "Maria"),
            ("Please ask andreas at the desk.", "andreas"),
            ("Ask Andreas at the desk.", "Andreas"),
            ("Maria will call you.", "Maria"),
            ("We told Will that it is late.", "Will"),
            ("We spoke with May about it.", "May"),
            ("Μιλήσαμε με την Ελπίδα.", "Ελπίδα"),
            ("Я сказал Ивану, что билет готов.", "Ивану"),
            ("Мы спросили Марию.", "Марию"),
            ("Mehmet'e söyledim.", "Mehmet"),
            ("to edosa sti Maria xtes", "Maria"),
            ("I sent it to Mark.", "Mark"),
            ("We have passed your case to Grace.", "Grace"),
            ("Will told me that it is late.", "Will"),
            ("Mehmet sizi arayacak.", "Mehmet"),
            ("Your colleague Priya has it.", "Priya"),
            ("We spoke with Anna-Maria about it.", "Anna-Maria"),
        ] {
            assert_eq!(named(text), vec![name], "{text}");
        }
        for text in [
            "It will be there in May, in April or on Friday.",
            "Paris is lovely; the bus to Paris leaves from Sofia.",
            "Mark your bag, and ask will it be there.",
            "Will it be late? May I ask when?",
            "We sent it to Paris, and passed it on to Georgia.",
            "The ferry Maria leaves from the hotel Anna.",
            "There is a restaurant called Luca.",
            "Turn right on Allison Road, then left at John Wayne Airport.",
            "San Jose is in California.",
            "Το γραφείο είναι στην οδό Σπύρου Κυπριανού, στη Λάρνακα.",
            "Με την ελπίδα ότι θα έρθετε, το Κόστος είναι ένα.",
            "Hello! I am Anna, this is Anna, my name is Anna.",
            "Good day, Nikos here. Καλημέρα, Νίκος εδώ.",
            "Economy Flex and Grace Period are products.",
            "I have passed it on to Eleni in customer care, who answers you.",
            "Το έδωσα στην Ελένη από την εξυπηρέτηση.",
        ] {
            assert_eq!(named(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn whom_one_speaks_to_or_of_is_found_and_what_is_called_after_somebody_is_not() {
        for (text, name) in [
            ("ok John we have sent it", "John"),
            ("Done. Yes Maria it is late.", "Maria"),
            ("Your ticket, Sofia, is ready.", "Sofia"),
            ("Your ticket, Aylin, is ready.", "Aylin"),
        ] {
            assert!(spoken_to(text).contains(&name), "{text}: {:?}", spoken_to(text));
        }
        for (text, name) in [
            ("I told Bob that the ferry is late.", "Bob"),
            ("We have moved Bob's ticket to Friday.", "Bob"),
            ("The seat is for Maria Georgiou, by the window.", "Maria"),
            ("Το είπαμε στον Νίκο χθες.", "Νίκο"),
        ] {
            assert_eq!((given_names(text), spoken_to(text)), (vec![name], vec![]), "{text}");
        }
        for text in [
            "It leaves for Paphos and Kos, Limassol, on Friday.",
            "Ferries to San Francisco, San Jose and Santa Rosa leave at nine.",
            "We land at John Wayne Airport, or at Charles de Gaulle.",
            "Turn right on Allison Road.",
            "Economy Flex can be changed, in May and in April.",
            "There is a bus to Sofia.",
            "Hello! I am Anna, this is Anna, my name is Anna.",
            "Γεια σας, είμαι η Μαρία.",
            "You can choose what you like: pizza, Indian, or burgers.",
            "Please give your name, PIN, and account number.",
            "WE TOLD BOB",
            "Done. Maria",
            "- Alex",
        ] {
            assert_eq!((given_names(text), spoken_to(text)), (vec![], vec![]), "{text}");
        }
        assert!(
            says_name("it is for nikos and me", "Νίκο") && says_name("BOB wrote", "Bob") && !says_name("me", "Bob")
        );
    }
}
