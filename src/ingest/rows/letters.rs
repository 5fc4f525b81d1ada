//! Which code pages of one byte a character a text may be written in, by the letters of the languages that use them.

use encoding_rs::{Encoding, ISO_8859_2, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257};

/// Letters of languages of Central Europe: Polish, Czech, Slovak, Hungarian, those of the South Slavs, Romanian, German.
const CENTRAL: &[&str] =
    &["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţșț", "äöüß"];
/// Pages that are taken for one another, the more usual first, and the letters beyond ASCII of each of their languages.
const PAGES: &[(&Encoding, &[&str])] = &[
    (
        WINDOWS_1252,
        &[
            "äöüß",
            "àâæçéèêëîïôœùûüÿ",
            "áéíóúñü¿¡ºª",
            "ãáâàçéêíõóôúüºª",
            "àèéìíîòóùú",
            "åäöæøé",
            "ëïéèüö",
            "áéíóúýþæðö",
            "àçèéíïòóúü",
        ],
    ),
    (WINDOWS_1250, CENTRAL),
    (ISO_8859_2, CENTRAL),
    (WINDOWS_1254, &["çğıiöşüâîû"]),
    (WINDOWS_1257, &["ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"]),
];
/// Signs that every language has.
const SIGNS: &str = "«»“”„‘’–—…€§°·£©®™½•\u{a0}";
/// Bytes beyond ASCII from which on a detector's guess among pages that all read well is trusted.
const ENOUGH: usize = 40;

/// The page that reads best of those that are taken for one another.
pub(super) struct PageChoice {
    /// The page.
    pub page: &'static Encoding,
    /// Another that reads other letters, and as well, where the text is too short to tell.
    pub rival: Option<&'static Encoding>,
}

/// Looks whether a page that was `found` for a text holds letters of one language, and which others do; `None` where it is no such
/// page, or none does.
pub(super) fn choice(found: &'static Encoding, text: &[u8]) -> Option<PageChoice> {
    PAGES.iter().find(|(page, _)| *page == found)?;
    let read = |page: &'static Encoding| page.decode_without_bom_handling(text).0;
    let fits = |(page, languages): &&(&'static Encoding, &[&str])| holds_one(&read(page), languages);
    let fitting: Vec<&'static Encoding> = PAGES.iter().filter(fits).map(|(page, _)| *page).collect();
    let page = if fitting.contains(&found) { found } else { *fitting.first()? };
    let few = text.iter().filter(|byte| !byte.is_ascii()).count() < ENOUGH;
    let rival = fitting.into_iter().find(|other| few && read(other) != read(page));
    Some(PageChoice { page, rival })
}

/// Whether the letters beyond ASCII are those of one language, but for one in twenty.
fn holds_one(text: &str, languages: &[&str]) -> bool {
    let letters = || text.chars().filter(|c| !c.is_ascii() && !SIGNS.contains(*c));
    let small = |c: char| c.to_lowercase().next().unwrap_or(c);
    let strange = |language: &&str| letters().filter(|c| !language.contains(small(*c))).count();
    languages.iter().map(strange).min().is_some_and(|least| least * 20 <= letters().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, written: &'static Encoding, found: &'static Encoding) -> Option<(&'static str, bool)> {
        choice(found, &written.encode(text).0).map(|choice| (choice.page.name(), choice.rival.is_some()))
    }

    #[test]
    fn pages_are_told_by_the_letters_of_languages() {
        for (text, written, found, is) in [
            // Turkish by letters that Estonian has elsewhere, and by one that none has.
            (
                "Siparişim nerede, değiştirmek istiyorum, teşekkürler",
                WINDOWS_1254,
                WINDOWS_1250,
                ("windows-1254", true),
            ),
            ("Siparişim çıktı mı, değiştirmek istiyorum", WINDOWS_1254, WINDOWS_1252, ("windows-1254", false)),
            ("Kur mano užsakymas, ačiū už pagalbą, labai lėtai", WINDOWS_1257, WINDOWS_1250, ("windows-1257", false)),
            ("Gdzie jest moje zamówienie, proszę o wyjaśnienie", ISO_8859_2, WINDOWS_1250, ("ISO-8859-2", false)),
            ("Größe über Straße", WINDOWS_1252, WINDOWS_1252, ("windows-1252", false)),
            (
                "Où est ma commande déjà payée, ça fait très longtemps",
                WINDOWS_1252,
                WINDOWS_1252,
                ("windows-1252", false),
            ),
            ("Hvað kostar þetta á mánuði?", WINDOWS_1252, WINDOWS_1252, ("windows-1252", true)),
        ] {
            assert_eq!(told(text, written, found), Some(is), "{text}");
        }
        let long = "Siparişim nerede, değiştirmek istiyorum, teşekkürler. ".repeat(10);
        assert_eq!(told(&long, WINDOWS_1254, WINDOWS_1250), Some(("windows-1254", false)));
        assert_eq!(told("Καλημέρα", encoding_rs::WINDOWS_1253, encoding_rs::WINDOWS_1253), None);
    }
}
