//! What lines of a text are that nobody says: rules, headings, dates, and fields of a form.

use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::read::transcript::{is_called, spoken_by};

/// Words that name a conversation before its number, folded.
const NAMED: &str = "conversation chat session ticket dialogue dialog transcript thread call case interaction gesprach \
    unterhaltung discussion conversacion conversazione conversa συνομιλια диалог чат gorusme sohbet";
/// Words for a number between the two, folded.
const NUMBERS: &[&str] = &["id", "no", "nr", "number", "nummer", "num", "numero", "#", "-", "–"];
/// What else stands above or below a conversation, folded.
const FIELDS: &str = "duration started ended start end subject topic channel category priority department source created \
    closed opened assigned assignee participants outcome resolution rating csat";

/// Headers of who speaks that may stand before what is said, folded.
const SPEAKERS: &str = "sender speaker author participant actor absender sprecher verfasser autor auteur hablante αποστολεασ ομιλητησ gonderen";

/// Whether a word is one of several, which blanks part.
fn is_among(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Whether a line only parts: `---`, `* * *`.
pub(super) fn is_rule(line: &str) -> bool {
    let mut signs = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = signs.next() else { return false };
    "-=*_~".contains(first) && signs.clone().count() > 1 && signs.all(|other| other == first)
}

/// What names a conversation in a heading (`# Conversation 12`, `Chat ID: 8812`, `=== Ticket #4 ===`), and whether the line is marked as one.
pub(super) fn heading(line: &str) -> Option<(&str, bool)> {
    let is_mark = |c: char| "#=*-_~[]<>: ".contains(c);
    let bare = line.trim().trim_matches(is_mark);
    let mut words = bare.split([' ', '\t', ':', '#', '_']).filter(|word| !word.is_empty());
    words.next().map(senders::word).filter(|word| is_among(NAMED, word))?;
    let (mut id, mut numbered) = (words.next()?, false);
    while NUMBERS.contains(&senders::word(id.trim_end_matches('.')).as_str()) {
        (id, numbered) = (words.next()?, true);
    }
    let begins = line.trim().starts_with(['#', '=', '*', '-', '[']) || numbered;
    let is_id = numbered || id.contains(|c: char| c.is_ascii_digit()) && !id.contains(',');
    // A sentence may begin with the word: `Chat 2 times with us`.
    let ends = words.next().is_none_or(|next| next.starts_with(['(', '[', '-', '–', '|', ',']));
    (is_id && ends).then_some((id.trim_matches(['(', ')', '[', ']', ',', '.']), begins))
}

/// The words of a heading in Markdown.
pub(super) fn title(line: &str) -> Option<&str> {
    let words = line.trim().strip_prefix('#')?.trim_start_matches('#');
    let title = words.trim().trim_end_matches('#').trim_end();
    (words.starts_with(' ') && !title.is_empty()).then_some(title)
}

/// A line with every number in it as one sign: what stands again with another number or date looks alike.
pub(super) fn shape(line: &str) -> Option<String> {
    let mut out = String::new();
    for c in line.trim().chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if !(c == '0' && out.ends_with('0')) {
            out.push(c);
        }
    }
    out.contains('0').then_some(out)
}

/// The only number of a line, else the line.
pub(super) fn number(line: &str) -> &str {
    let mut numbers = line.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    match (numbers.next(), numbers.next()) {
        (Some(only), None) => only,
        _ => line.trim(),
    }
}

/// The date in a heading, with its time of day where one follows: `2026-03-05 10:15` of `Chat 4 (2026-03-05 10:15)`.
pub(super) fn date(line: &str) -> Option<&str> {
    let of_date = |c: char| c.is_ascii_digit() || "-/.".contains(c);
    let is_date = |word: &str| {
        let word = word.split('T').next().unwrap_or_default();
        let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
        parts.len() == 3 && word.chars().all(of_date) && parts.iter().all(|p| (1..=4).contains(&p.len()))
    };
    let is_clock = |word: &str| word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || c == ':');
    let between = [' ', '(', ')', '[', ']', ',', '\t'];
    let words = || line.trim().split(between).filter(|word| !word.is_empty());
    let found = words().find(|word| is_date(word))?;
    let at = line.find(found)?;
    let end = at + found.len();
    let clock = line[end..].strip_prefix(' ').and_then(|rest| rest.split(between).next()).filter(|word| is_clock(word));
    Some(&line[at..end + clock.map_or(0, |clock| clock.len() + 1)])
}

/// Whether a word before a colon is a field of a form in a language that is known, and no word for who speaks.
pub(super) fn is_key(name: &str) -> bool {
    // What somebody asks and what is answered stand before what is said.
    let is_words = |f: &CsvField| matches!(f, CsvField::Text | CsvField::Reply);
    let word = senders::word(name);
    let means = || CsvField::ALL.iter().any(|f| !is_words(f) && f.alias(&plain(name)).is_some());
    senders::known(&word).is_none() && !is_among(SPEAKERS, &word) && (is_among(FIELDS, &word) || means())
}

/// The words on both sides of a line's first colon, without what marks them up.
pub(super) fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().trim_start_matches(['*', '-', '#', '>', ' ']).split_once(':')?;
    let (key, value) = (key.trim_end_matches(['*', ' ']), value.trim_start_matches(['*', ' ']).trim_end());
    let is_key = !key.is_empty() && key.chars().count() <= 40 && key.starts_with(char::is_alphabetic);
    (is_key && !value.is_empty()).then_some((key, value))
}

/// A key and its value, `Duration: 5 min`, where the key is nobody's name.
pub(super) fn field(line: &str) -> Option<(String, String)> {
    let (key, value) = pair(line)?;
    let is_nobody = || senders::known(&senders::word(key)).is_none() && !is_called(key);
    (is_key(key) || is_nobody()).then(|| (key.to_owned(), value.to_owned()))
}

/// How a conversation ended, below it: `Rating: 5`.
pub(super) fn outcome(line: &str) -> Option<(String, String)> {
    let ends = [CsvField::Outcome, CsvField::Csat];
    field(line).filter(|(key, _)| ends.iter().any(|f| f.alias(&plain(key)).is_some()) && !is_remark(key))
}

/// Whether a word that means a mark in some languages begins what somebody remarks in others.
pub(super) fn is_remark(key: &str) -> bool {
    matches!(senders::word(key).as_str(), "note" | "nota")
}

/// Whether a line begins with what somebody may be called.
pub(super) fn names_somebody(line: &str) -> bool {
    spoken_by(line).is_some_and(|(name, _)| is_called(name) && !is_key(name))
}

/// Whether a line sets something, as configurations do: `port: 8080`, `name = x`, `steps:`.
pub(super) fn is_setting(line: &str) -> bool {
    let of_key = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let line = line.trim_start_matches(['-', ' ', '\t']);
    let Some((key, _)) = line.split_once(['=', ':']) else { return false };
    let key = key.trim_end();
    !key.is_empty() && key.chars().all(of_key) && senders::known(&senders::word(key)).is_none() && !is_key(key)
}
