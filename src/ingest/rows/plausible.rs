//! Whether a text reads like writing, or like another encoding's bytes taken for this one's.

use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253};

/// Signs that no writing has between two letters.
const NEVER_WITHIN: &str = "§¶†‡‰¤¦¬¨¸±×÷¢¥¿¡“”„‚«»‹›ƒ˜";
/// Those that none has right before a word, either.
const NEVER_BEFORE: &str = "§¶†‡‰¤¦¬¨¸";

/// How many characters stand where no writing has them: controls, signs within words, capitals behind small letters.
pub(super) fn out_of_place(text: &str) -> u64 {
    let is_odd = |(before, c, after): (Option<char>, char, Option<char>)| {
        let small_before = before.is_some_and(char::is_lowercase);
        let within = before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic);
        let begins = !before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphabetic);
        matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}')
            || within && NEVER_WITHIN.contains(c)
            || begins && NEVER_BEFORE.contains(c)
            || small_before && c.is_uppercase()
    };
    let after = text.chars().skip(1).map(Some).chain([None]);
    let before = [None].into_iter().chain(text.chars().map(Some));
    let all = before.zip(text.chars()).zip(after).map(|((before, c), after)| (before, c, after));
    all.filter(|near| !near.1.is_ascii() && is_odd(*near)).count() as u64
}

/// Whether a line is UTF-8 whose bytes were taken for another encoding's and written as UTF-8 once more: read back it is UTF-8
/// again, which no other writing is by chance.
pub(in crate::ingest) fn is_twice(line: &str) -> bool {
    [WINDOWS_1252, WINDOWS_1253, WINDOWS_1251].into_iter().any(|encoding| {
        let mut beyond = line.chars().skip_while(char::is_ascii).map(|c| byte(c, encoding));
        // Most lines are told by their first two characters.
        let leads = matches!(beyond.next(), Some(Some(0xc2..=0xf4)));
        leads
            && matches!(beyond.next(), Some(Some(0x80..=0xbf)))
            && line
                .chars()
                .map(|c| byte(c, encoding))
                .collect::<Option<Vec<u8>>>()
                .is_some_and(|bytes| std::str::from_utf8(&bytes).is_ok())
    })
}

/// The byte that a character was.
fn byte(c: char, encoding: &'static Encoding) -> Option<u8> {
    let mut room = [0; 4];
    let (bytes, _, is_lost) = encoding.encode(c.encode_utf8(&mut room));
    // What an encoding leaves open is read as itself.
    if is_lost { u8::try_from(u32::from(c)).ok() } else { bytes.first().copied() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{MACINTOSH, X_MAC_CYRILLIC};

    #[test]
    fn writing_has_nothing_out_of_place() {
        for text in [
            "Grüß Gott, § 5 und „Zitat“ – 5 €, Größe",
            "Ça va? C’est l’été… «oui»",
            "Πού είναι, Άννα; 50 % · «ναι»",
            "Здравствуйте, где мой заказ № 5?",
            "¿Dónde está? ¡Ya! 20° ½",
            "iPhone™ İstanbul Ødegård",
        ] {
            assert_eq!((out_of_place(text), is_twice(text)), (0, false), "{text}");
        }
    }

    #[test]
    fn bytes_of_another_encoding_are_out_of_place() {
        let taken = |text: &str, was: &'static Encoding, for_: &'static Encoding| {
            out_of_place(&for_.decode_without_bom_handling(&was.encode(text).0).0)
        };
        let macintosh = b"Gr\x9f\xa7 Gott, die Gr\x9a\xa7e f\x9fr";
        assert!(out_of_place(&WINDOWS_1252.decode_without_bom_handling(macintosh).0) > 2);
        assert_eq!(out_of_place(&MACINTOSH.decode_without_bom_handling(macintosh).0), 0);
        let mac_cyrillic = b"\x87\xe4\xf0\xe0\xe2\xf1\xf2\xe2\xf3\xe9\xf2\xe5";
        assert!(out_of_place(&WINDOWS_1251.decode_without_bom_handling(mac_cyrillic).0) > 0);
        assert_eq!(X_MAC_CYRILLIC.decode_without_bom_handling(mac_cyrillic).0, "Здравствуйте");
        assert!(taken("Άννα", encoding_rs::ISO_8859_7, WINDOWS_1253) > 0);
    }

    #[test]
    fn text_that_was_written_twice_is_told() {
        for text in ["Καλημέρα, πού είναι;", "café", "Grüße – 5 €", "Где заказ?"] {
            for encoding in [WINDOWS_1252, WINDOWS_1253, WINDOWS_1251] {
                let twice = encoding.decode_without_bom_handling(text.as_bytes()).0;
                assert!(is_twice(&twice) || twice.contains('\u{fffd}'), "{twice}");
            }
        }
    }
}
