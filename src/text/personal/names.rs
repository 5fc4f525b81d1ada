//! Names of people in an answer: those that anybody sees, and those that a conversation knows its customer by, in either script and any case.

use super::pattern::regex;
use crate::text::fold::{fold, words};
use crate::text::greek::key_of;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Titles that a name follows however it is written.
static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:mrs?|mister|κυρ[ιί]α|κ[υύ]ριε|κ[υύ]ριος|κυρ[ιί]ου|sayın|госпожа|господин)\b\.?\s+(?P<name>\p{L}[\p{L}\p{M}'’-]+)",
    )
});
/// Titles that may be other words in small letters, and ones that only a name in capitals follows.
static CAPITAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?:M[rR][sS]?|M[sSxX]|MISS|Miss|D[rR]|Prof|[Κκ](?:[αο]ς?)?|Herrn?|Frau|Monsieur|Madame|Mme|Señora?|Signora?)\b\.?\s+(?P<name>\p{Lu}[\p{L}\p{M}'’-]+)",
    )
});
/// Beginnings of a letter or a talk, and the name that follows.
static GREETED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:\b(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)|thank you|thanks|sorry|αγαπητ(?:[ηή]|[εέ]|[οό]ς)|γεια σ(?:ας|ου)|καλημ[εέ]ρα(?: σ(?:ας|ου))?|καλησπ[εέ]ρα(?: σ(?:ας|ου))?|ευχαριστ[ωώ]|liebe[r]?|hallo|уважаем(?:ая|ый)|здравствуйте)),?\s+(?P<name>\p{Lu}[\p{L}\p{M}'’-]+)",
    )
});
/// The same in further words and languages, by the newest recipe. Where a noun or the next sentence may have a capital, too, a name ends there.
static ALSO_GREETED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:\bευχαριστο[υύ]με)\s+(?P<name>\p{Lu}[\p{L}\p{M}'’-]+)|(?i:\b(?:ευχαριστο[υύ]με|kal[hi]m[ei]ra(?: s(?:as|ou))?|kal[hi]sp[ei]ra(?: s(?:as|ou))?|geia s(?:as|ou)|agapit[eioh]|efxaristoume|eyxaristoume|merhaba|selam|te[sş]ekk[uü]r(?:ler| ederim| ederiz)|[iİ]yi g[uü]nler|danke|vielen dank|guten (?:tag|morgen|abend)|entschuldigung|bonjour|bonsoir|merci|d[eé]sol[eé]e?|ch[eè]re?|hola|gracias|buen[oa]s (?:d[ií]as|tardes|noches)|estimad[oa]|querid[oa]|ciao|salve|buongiorno|buonasera|grazie|gentile|ol[aá]|obrigad[oa]|car[oa]|prezad[oa]|спасибо|привет|добрый (?:день|вечер)|доброе утро)),?\s+(?P<also>\p{Lu}[\p{L}\p{M}'’-]+)\s*(?:[,.!?…]|$)",
    )
});
/// A name before what Turkish calls people by.
static BEFORE_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?P<name>\p{Lu}[\p{L}\p{M}]+)\s+(?:(?:Bey|BEY)(?:['’]\p{L}+|e|i|in|den|le)?|(?:Hanım|HANIM)(?:['’]\p{L}+|a|ı|ın|dan|la)?)\b",
    )
});
/// Words that stand where a name could and are none.
const NO_NAMES: &[&str] = &[
    "sir",
    "madam",
    "customer",
    "customers",
    "guest",
    "guests",
    "passenger",
    "passengers",
    "traveller",
    "travellers",
    "client",
    "clients",
    "team",
    "all",
    "everyone",
    "friend",
    "friends",
    "valued",
    "there",
    "again",
    "for",
    "you",
    "your",
    "we",
    "i",
    "the",
    "that",
    "this",
    "to",
    "about",
    "and",
    "please",
    "if",
    "it",
    "our",
    "πελατη",
    "πελατισσα",
    "πελατες",
    "επιβατη",
    "επιβατες",
    "επιβατισσα",
    "κυρια",
    "κυριε",
    "φιλε",
    "φιλη",
    "σας",
    "σου",
    "για",
    "που",
    "και",
    "η",
    "ο",
    "το",
    "οι",
    "τα",
    "θα",
    "αν",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "κα",
    "κος",
    "damen",
    "herren",
    "kunde",
    "welcome",
    "how",
    "what",
    "where",
    "when",
    "yes",
    "no",
    "πως",
    "τι",
    "ναι",
    "οχι",
];

/// A greeting and nothing else but a word: however that is written, it is whom it greets.
static GREETED_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:\b(?:dear|hello|hi|hey|αγαπητ(?:[ηή]|[εέ]|[οό]ς)|γεια σ(?:ας|ου)|καλημ[εέ]ρα|καλησπ[εέ]ρα))\s+(?P<name>\p{Ll}[\p{L}\p{M}'’-]+)\s*(?:[,!.]|$)",
    )
});
/// Words that answers begin or end with, or that follow a greeting, and are no names either.
const OPENERS: &str = "hello hey ok okay sure yes yeah yep yup nope great right alright excellent sorry fantastic unfortunately correct thanks \
    perfect awesome wow goodbye bye congratulations congrats good noted booked available sometimes again cool completed now wonderful \
    understood wrong well fine certainly absolutely sadly definitely farewell apologies surely cheers indeed enjoy then nice anytime \
    actually currently hope done not later success hmm please however therefore also finally first firstly second secondly next today \
    tomorrow tonight yesterday monday tuesday wednesday thursday friday saturday sunday otherwise additionally generally usually \
    normally once instead still meanwhile luckily fortunately regrettably alternatively afterwards course exactly agreed welcome greetings \
    can my they but is are do have let let's here i'm i'd i'll folks guys everybody world always never maybe perhaps depending looking based when while since for with after before until \
    παρακαλω λυπαμαι καλημερα καλησπερα συγγνωμη συγνωμη ναι οχι γεια βεβαιως φυσικα βεβαια ευχαριστω ευχαριστουμε δυστυχως ευτυχως \
    καταρχην επισης τελικα λοιπον ομως τωρα σημερα αυριο χθες δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη ωραια τελεια \
    ενταξει οκευ σωστα μαλιστα αντιο ωστοσο εναλλακτικα διαφορετικα συνηθως παντα αμεσως ειλικρινα κατανοητο εννοειται χαιρετε \
    λυπουμαστε ευχαριστως careful brilliant amazing lovely super limassol nicosia larnaca paphos kos rhodes athens cyprus greece λεμεσος λευκωσια λαρνακα παφος κως ροδος αθηνα κυπρος \
    παιδια ολοι περαστικα συγχαρητηρια μπραβο οποτε αρα επιπλεον μετα πριν οταν αν πολυ \
    sayın sevgili değerli musterimiz musterilerimiz misafirimiz misafirlerimiz yolcumuz kunden kundin kundinnen gast gaste fahrgast fahrgaste reisende herr frau schon \
    madame monsieur messieurs beaucoup clients cliente clientes clienti senor senora señor signore signora amigo amiga buenas mille todos tutti \
    клиент клиенты пассажир пассажиры гость гости";

/// What a customer says of themselves where a name follows in capitals.
static HERSELF: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(?i:this is)\s+(?:(?P<a>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)\s+(?P<b>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)|(?P<c>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)(?:,|\s+(?:here|speaking|from)\b))|\b(?i:i am|i'm)\s+(?P<d>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)\s+(?P<e>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)|(?i:\b(?:ε[ιί]μαι|εδ[ωώ])\s+[ηο])\s+(?P<f>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)(?:\s+(?P<g>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*))?",
    )
});
/// What a customer says of themselves.
static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:\b(?:my name is|my name's|name:|i am called|με λ[εέ]νε|ονομ[αά]ζομαι|λ[εέ]γομαι|το [οό]νομ[αά] μου ε[ιί]ναι|on the name|in the name of|στο [οό]νομα))\s+(?P<first>\p{L}[\p{L}\p{M}'’-]+)(?:\s+(?P<last>\p{Lu}[\p{L}\p{M}'’-]+))?",
    )
});

/// Whom a customer speaks of, and how one signs.
static SPOKEN_OF: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i:\b(?:my|our) (?:son|daughter|wife|husband|mother|father|mum|mom|dad|brother|sister|friend|colleague|partner|boss|manager|child|baby|boyfriend|girlfriend|grandson|granddaughter|grandmother|grandfather)),?\s+(?P<a>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)|(?i:\b(?:γι[οό][ςσ]?|γιο[υύ]|κ[οό]ρη|γυνα[ιί]κα|σ[υύ]ζυγ[οό](?:[ςσ]|υ)?|[αά]ντρα[ςσ]?|μητ[εέ]ρα|μαμ[αά]|πατ[εέ]ρα[ςσ]?|μπαμπ[αά][ςσ]?|αδε[ρλ]φ(?:[οό][ςσ]?|[ηή]|ο[υύ])|φ[ιί]λ(?:ο[ςσ]?|η)|συν[αά]δελφο[ςσ]?) μου),?\s+(?i:(?:ο|η|τον?|την?|του|της)\s+)?(?P<b>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)|(?i:\b(?:regards|sincerely|με εκτ[ιί]μηση|φιλικ[αά])),?\s+(?P<c>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*)(?:\s+(?P<d>\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*))?",
    )
});

/// Names that a customer is known by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerNames {
    /// Folded.
    words: BTreeSet<String>,
    /// How they sound without their endings: Μαρία, Μαρίας and Maria are one.
    stems: BTreeSet<String>,
}

impl CustomerNames {
    /// What customers say of themselves in `said`, and what of `records` (ids, addresses, names of a contact record) reads as a name.
    pub fn of<'a>(records: impl Iterator<Item = &'a str>, said: impl Iterator<Item = &'a str>) -> Self {
        /// Words of ids that name nobody.
        const COMMON: &[&str] = &[
            "customer",
            "client",
            "guest",
            "user",
            "test",
            "anonymous",
            "visitor",
            "web",
            "unknown",
            "com",
            "mail",
            "none",
        ];
        let mut out = Self::default();
        for record in records {
            let local = record.split('@').next().unwrap_or_default();
            let parts = local.split(|c: char| !c.is_alphabetic());
            // An id with digits is a key, not a name.
            if !local.chars().any(char::is_numeric) {
                let least = |part: &str| {
                    if part.starts_with(char::is_uppercase) && part.contains(char::is_lowercase) { 3 } else { 4 }
                };
                let telling = parts.filter(|part| part.chars().count() >= least(part)).map(fold);
                telling.filter(|word| !COMMON.contains(&word.as_str())).for_each(|word| out.add(word));
            }
        }
        for text in said {
            let told = [&INTRODUCED, &HERSELF, &SPOKEN_OF];
            for found in told.into_iter().flat_map(|pattern| pattern.captures_iter(text)) {
                for name in found.iter().skip(1).flatten() {
                    let telling = |w: &&str| w.chars().count() >= 3 && !is_no_name(w);
                    words(&fold(name.as_str())).filter(telling).for_each(|word| out.add(word.to_owned()));
                }
            }
        }
        out
    }

    fn add(&mut self, word: String) {
        self.stems.extend(stem(&word));
        self.words.insert(word);
    }

    /// Whether a word is one of them: in the same letters, or in capitals in other ones.
    pub(super) fn have(&self, word: &str) -> bool {
        let folded = fold(word);
        let in_capitals = word.starts_with(char::is_uppercase);
        // A short name is another word, too.
        (in_capitals || folded.chars().count() > 3) && self.words.contains(&folded)
            || in_capitals && !is_no_name(&folded) && stem(&folded).is_some_and(|stem| self.stems.contains(&stem))
    }
}

/// How a folded name sounds without its ending, in Russian what is left of it in all cases; `None` where little is left.
pub(super) fn stem(folded: &str) -> Option<String> {
    /// Letters that Russian cases end in.
    const CASES: [char; 12] = ['а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я', 'й', 'ь', 'м'];
    let key = key_of(folded);
    let stem = key.trim_end_matches('s').trim_end_matches(['a', 'e', 'i', 'o', 'u', 'w', 'y']).trim_end_matches(CASES);
    (stem.chars().count() >= 3).then(|| stem.to_owned())
}

/// Whether a folded word is none of a person, wherever it stands.
pub(super) fn is_no_name(folded: &str) -> bool {
    // A sigma at the end of a word is folded to the other one.
    static FOLDED: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| OPENERS.split_whitespace().chain(NO_NAMES.iter().copied()).map(fold).collect());
    FOLDED.contains(folded)
}

/// Whom a text calls by a name after a title or a greeting.
pub(super) fn called(text: &str) -> Vec<&str> {
    let names = after([&TITLED, &CAPITAL, &BEFORE_TITLE, &GREETED, &GREETED_ALONE, &ALSO_GREETED], text);
    names.filter(|name| !is_no_name(&fold(name))).collect()
}

/// The same as answers up to the fifth recipe were told (rule 49).
pub(super) fn formerly_called(text: &str) -> Vec<&str> {
    let names = after([&TITLED, &CAPITAL, &GREETED], text);
    names.filter(|name| !NO_NAMES.contains(&fold(name).as_str())).collect()
}

fn after<'t, const N: usize>(patterns: [&'static LazyLock<Regex>; N], text: &'t str) -> impl Iterator<Item = &'t str> {
    let found = patterns.into_iter().flat_map(move |pattern| pattern.captures_iter(text));
    found.filter_map(|found| found.name("name").or_else(|| found.name("also"))).map(|name| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::personal::{addressed, in_words, names_somebody, personal};

    #[test]
    fn the_customer_is_known_by_what_they_and_the_record_say() {
        let said = ["hi, my name is maria Andreou", "με λένε Ελένη", "my name is on the list"];
        let records = ["k.georgiou@example.com", "guest", "c15", "CUST-0012x"];
        let names = CustomerNames::of(records.into_iter(), said.into_iter());
        for name in ["andreou", "Georgiou", "maria", "Ελένη", "ΕΛΕΝΗΣ", "Eleni", "Μαρία", "Μαρίας"]
        {
            assert!(names.have(name), "{name}: {names:?}");
        }
        assert!(!names.have("guest") && !names.have("CUST") && !names.have("Welcome"), "{names:?}");
        let found = personal("We have sent it, Georgiou, with ΕΛΕΝΗ's things.", &names);
        assert_eq!(in_words(&found), "the customer's name (Georgiou), the customer's name (ΕΛΕΝΗ)");
    }

    #[test]
    fn a_name_is_told_in_either_script_and_any_case() {
        let known = |said: &str, word: &str| CustomerNames::of(std::iter::empty(), [said].into_iter()).have(word);
        for (said, word) in [
            ("hi, this is Eleni Papadaki", "Eleni"),
            ("hi, this is Eleni Papadaki", "Ελένη"),
            ("ειμαι η Μαρία Γεωργίου και θέλω", "Μαρία"),
            ("ειμαι η Μαρία Γεωργίου και θέλω", "Georgiou"),
            ("με λένε Γιώργο", "Γιώργος"),
            ("I am Nikos Ioannou", "Νίκο"),
        ] {
            assert!(known(said, word), "{said}: {word}");
        }
        for (said, word) in [
            ("this is urgent", "Urgent"),
            ("I am German and late", "German"),
            ("είμαι η κάτοχος", "Κάτοχος"),
            ("hi, this is Eleni Papadaki", "elegant"),
            ("this is Very urgent", "Very"),
        ] {
            assert!(!known(said, word), "{said}: {word}");
        }
    }

    #[test]
    fn whom_the_customer_speaks_of_is_a_name_and_who_is_thanked_in_any_language() {
        let said = [
            "my son Aylan lost his bag",
            "ο γιος μου ο Φοίβος",
            "it is late\nregards, Yiota Pavlou",
            "my boss is here",
        ];
        let names = CustomerNames::of(["Zed Ray"].into_iter(), said.into_iter());
        for name in ["Aylan", "Φοίβου", "Yiota", "Pavlou", "Zed"] {
            assert!(names.have(name), "{name}: {names:?}");
        }
        assert!(!names.have("zed") && !names.have("boss") && !names.have("Here"), "{names:?}");
        for text in [
            "Ευχαριστούμε Νίκο",
            "Teşekkürler Ayşe",
            "Merhaba Ayşe, biletiniz hazır.",
            "Danke Jürgen!",
            "Gracias Nuria.",
            "Biletinizi Mehmet Bey gönderdi.",
            "Biletiniz Ayşe Hanım'da.",
            "Kalispera Giorgo, to isitirio stalthike.",
        ] {
            assert!(names_somebody(text), "{text}");
        }
        for text in [
            "Ευχαριστούμε πολύ.",
            "Ευχαριστούμε που επιλέξατε την Anerada.",
            "Sayın müşterimiz, biletiniz hazır.",
            "Biletiniz Beyoğlu İstanbul gişesinde.",
            "Değerli Hanım ve Bey, biletiniz hazır.",
            "Danke, Ihre Buchung ist da.",
            "Danke schön!",
            "Merci Beaucoup!",
            "Hola, su reserva está lista.",
        ] {
            assert!(!names_somebody(text), "{text}");
        }
    }

    #[test]
    fn whom_an_answer_addresses_is_found_and_no_common_word() {
        for text in [
            "Eleni, your refund was sent.",
            "Maria, we are open",
            "Μαρία, ανοίγουμε",
            "Your refund was sent, Eleni.",
            "Zyxel, your refund was sent.",
        ] {
            assert!(addressed(text).is_some(), "{text}");
        }
        for text in [
            "Unfortunately, we are closed.",
            "Δυστυχώς, κλείσαμε.",
            "Yes, on Monday.",
            "OK, done.",
            "It leaves from Kos, Rhodes.",
            "Our shop is in Nicosia, Cyprus.",
            "It is on its way, thanks.",
            "Open My account, Documents.",
            "Ανοίξτε τον λογαριασμό, Έγγραφα.",
            "Έγγραφα, διαβατήρια και βίζες γίνονται δεκτά.",
            "Hesabım, belgeler bölümünde.",
            "When you can, come.",
        ] {
            assert_eq!(addressed(text), None, "{text}");
        }
        assert!(names_somebody("hello bob") && names_somebody("Hi bob, it was sent."));
        for text in
            ["hello again", "Hi there!", "Hello, Can I help?", "Sorry, Unfortunately not.", "Call +357 22 123456."]
        {
            assert!(!names_somebody(text), "{text}");
        }
    }
}
