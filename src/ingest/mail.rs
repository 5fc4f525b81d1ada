//! Mail as plain text: what was written, and below it the mail that it answers.

use crate::text::fold;

/// A mail's own words, and what it quotes below them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct MailParts<'t> {
    /// What was written.
    pub text: &'t str,
    /// The mail that it answers.
    pub quoted: &'t str,
}

/// What is said of it.
pub(in crate::ingest) const KEPT: &str = "mail that is quoted below an answer is kept in meta";
/// How lines end that say who wrote what is quoted below them, folded.
pub(in crate::ingest) const WROTE: &[&str] =
    &["wrote:", "writes:", "schrieb:", "a ecrit:", "a ecrit :", "escribio:", "ha scritto:", "escreveu:", "εγραψε:"];
/// What the first line of a quoted mail's head names, folded: who wrote it.
const FROM: &[&str] = &["from", "von", "de", "da", "van", "απο", "od", "kimden", "от"];
/// What further lines of that head name, folded: when, to whom.
const HEAD: &[&str] = &[
    "sent",
    "date",
    "to",
    "cc",
    "gesendet",
    "datum",
    "an",
    "envoye",
    "a",
    "enviado",
    "fecha",
    "para",
    "inviato",
    "data",
    "verzonden",
    "aan",
    "enviada",
    "σταλθηκε",
    "ημερομηνια",
    "προσ",
    "do",
    "kime",
    "отправлено",
    "кому",
];
/// And about what: a journey from here to there has none.
const SUBJECT: &[&str] =
    &["subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "θεμα", "temat", "konu", "тема"];
/// Lines of such a head that follow the first.
const FOLLOW: usize = 6;
/// What stands on the line above a quoted mail between dashes, folded.
const ABOVE: &[&str] = &[
    "original message",
    "forwarded message",
    "ursprungliche nachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
    "αρχικο μηνυμα",
];
/// Lines that begin so are quoted.
const QUOTED: char = '>';

/// Takes a text apart where a quoted mail stands below what was written; `None` where none does, or nothing else was written. `quotes`: lines
/// that begin with `>` at its end are quoted, whatever stands above them.
pub(in crate::ingest) fn parts(text: &str, quotes: bool) -> Option<MailParts<'_>> {
    let mut at = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            let from = at;
            at += line.len();
            (from, line.trim())
        })
        .collect();
    if lines.len() < 2 {
        return None;
    }
    let rest = |i: usize| lines[i..].iter().map(|(_, line)| *line).filter(|line| !line.is_empty());
    let begins = |i: usize| {
        let line = lines[i].1;
        let wrote = line.ends_with(':') && WROTE.iter().any(|word| fold(line).ends_with(word));
        let head = || rest(i + 1).take(FOLLOW).take_while(|line| names(line, HEAD) || names(line, SUBJECT));
        names(line, FROM) && head().count() > 1 && head().any(|line| names(line, SUBJECT))
            || is_rule(line) && rest(i + 1).next().is_some()
            || wrote
                && rest(i + 1).next().is_some_and(|line| line.starts_with(QUOTED))
                && rest(i + 1).all(|line| line.starts_with(QUOTED))
            || quotes && line.starts_with(QUOTED) && rest(i).all(|line| line.starts_with(QUOTED))
    };
    let from = (1..lines.len()).find(|&i| begins(i)).map(|i| lines[i].0)?;
    let (own, quoted) = text.split_at(from);
    let (text, quoted) = (own.trim_end(), quoted.trim_end());
    (!text.trim().is_empty()).then_some(MailParts { text, quoted })
}

/// Whether a line is one of a mail's head that begins with one of these words: `Von: Shop <s@shop.example>`, also in stars.
fn names(line: &str, words: &[&str]) -> bool {
    let Some((name, rest)) = line.split_once(':') else { return false };
    let name = fold(name.trim_matches(['*', ' ', '>']));
    !rest.trim().is_empty() && words.contains(&name.as_str())
}

/// Whether a line says between dashes that a mail follows.
fn is_rule(line: &str) -> bool {
    let bare = line.trim_matches(['-', '_', ' ']);
    line.starts_with("--") && ABOVE.contains(&fold(bare).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_below_an_answer_is_told_from_it() {
        for quoted in [
            "From: Ann <a@x.cy>\nSent: Monday\nTo: Shop\nSubject: order\n\nwhere is it",
            "*Von:* Ann <a@x.cy>\n*Gesendet:* Montag\n*An:* Shop\n*Betreff:* Bestellung\n\nwo ist sie",
            "Από: Άννα\nΣτάλθηκε: Δευτέρα\nΠρος: Shop\nΘέμα: παραγγελία\n\nπού είναι",
            "-----Original Message-----\nFrom: Ann\n\nwhere is it",
            "On Mon, 2 Mar 2026, Ann wrote:\n> where is it\n>\n> Ann",
        ] {
            let text = format!("On its way.\n\nMaria\n\n{quoted}\n");
            assert_eq!(parts(&text, false), Some(MailParts { text: "On its way.\n\nMaria", quoted }), "{quoted}");
        }
        let lines = "Thanks!\n> On its way.\n> Maria";
        assert_eq!(parts(lines, true).map(|mail| mail.text), Some("Thanks!"));
        for whole in [
            lines,
            "From: Nicosia\nTo: Limassol\nDate: Monday",
            "Your trip:\nFrom: Nicosia\nTo: Limassol\nDate: Monday\nPrice: 4",
            "she wrote:\nhello",
            "see below\n> what\nand answer",
            "one line",
            "",
        ] {
            assert_eq!(parts(whole, false), None, "{whole}");
        }
    }
}
