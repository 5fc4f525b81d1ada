//! Conversations as text or Markdown, a line a turn behind who speaks: each as a cell of a sheet of our own, read like any other
//! transcript. Headings, rules or blank lines part them; what stands above or below what is said are columns.

use super::columns::field::{CsvField, plain};
use super::read::transcript::{holds_several, is_above, is_called, spoken_by};
use super::workbook::WorkbookSheet;
use crate::disk::{self, Temporary};
use crate::domain::Role;
use crate::ingest::context::Warnings;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::contract::OpenError;
use crate::ingest::input::source::{Input, InputSource};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{BufWriter, Read};

/// Lines that may stand above the first that is spoken.
const ABOVE: usize = 20;
/// Words that name a conversation before its number, folded.
const NAMED: &str = "conversation chat session ticket dialogue dialog transcript thread call case interaction gesprach \
    unterhaltung discussion conversacion conversazione conversa συνομιλια диалог чат gorusme sohbet";
/// Words for a number between the two, folded.
const NUMBERS: &[&str] = &["id", "no", "nr", "number", "nummer", "num", "numero", "#", "-", "–"];
/// What else stands above or below a conversation, folded.
const FIELDS: &str = "duration started ended start end subject topic channel category priority department source created \
    closed opened assigned assignee participants outcome resolution rating csat";

/// What stands before a colon in the logs of programs.
const LEVELS: &[&str] = &["ERROR", "DEBUG", "TRACE", "WARN", "WARNING", "FATAL", "INFO", "NOTICE", "CRITICAL"];

/// Whether a text begins with a conversation, a line a turn.
pub(super) fn is_one(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_column = !first.contains(':') && !is_above(first) && CsvField::ALL.iter().any(|f| f.heads(first).is_some());
    if is_column || first.trim_start().starts_with(['{', '"']) {
        return false;
    }
    let lines: Vec<&str> = text.lines().collect();
    let known = KnownNames::of(&lines);
    let Some(begins) = lines.iter().position(|line| known.speaks(line)) else { return false };
    let above: Vec<usize> = (0..begins).filter(|at| !lines[*at].trim().is_empty()).collect();
    // The names of columns stand there, too; titles and fields of a form stand apart or are marked.
    let is_title = |at: &usize| {
        let line = lines[*at];
        is_rule(line)
            || line.starts_with('#')
            || heading(line).is_some()
            || field(line).is_some()
            || names_somebody(line)
            || !line.contains([',', ';', '\t', '|'])
            || lines.get(at + 1).is_some_and(|next| next.trim().is_empty())
    };
    let spoken: Vec<&&str> = lines.iter().filter(|line| known.speaks(line)).collect();
    // Cells are parted so: the columns of such a table can be named.
    if spoken.iter().all(|line| line.trim().contains('\t')) {
        return false;
    }
    let words = lines.iter().filter(|line| !line.trim().is_empty()).count();
    let dense = spoken.len() * 2 + above.len() >= words;
    above.len() <= ABOVE
        && above.iter().all(is_title)
        && (known.are_two() || known.are_regular() && dense)
        && !spoken.iter().take(5).any(|line| holds_several(line))
}

/// The conversations of a text as a sheet: what names each, what else is told of it, and all that is said.
pub(super) fn sheet(source: InputSource, max: usize, warnings: &mut Warnings) -> Result<WorkbookSheet, OpenError> {
    let mut bytes = Vec::new();
    source.into_text()?.read().take(max as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max {
        return Err(format!("a text of more than {} MiB: part it into several files", max >> 20).into());
    }
    let text = warnings.lossy(&bytes);
    let talks = talks(&text, warnings);
    let kept = Temporary::new()?;
    let csv = kept.path().join("sheet.csv");
    let mut out = csv::Writer::from_writer(BufWriter::new(disk::make(&csv)?));
    let named = talks.iter().any(|talk| talk.id.is_some());
    let mut columns: Vec<&str> = Vec::new();
    for (key, _) in talks.iter().flat_map(|talk| &talk.fields) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    let id = named.then_some("conversation_id");
    out.write_record(id.into_iter().chain(columns.iter().copied()).chain(["transcript"]))?;
    for talk in &talks {
        let of = |column: &&str| talk.fields.iter().find(|(key, _)| key == column).map_or("", |(_, value)| value);
        let id = named.then_some(talk.id.as_deref().unwrap_or_default());
        let said = talk.lines.join("\n");
        out.write_record(id.into_iter().chain(columns.iter().map(of)).chain([said.as_str()]))?;
    }
    out.flush()?;
    drop(out);
    warnings.line = 0;
    Ok(WorkbookSheet { source: InputSource::open(Input::File(csv))?, kept })
}

/// The names that begin lines of a text.
struct KnownNames {
    /// Those that begin several lines, and words for who speaks.
    regular: HashSet<String>,
    /// Those beside which a time stands.
    stamped: HashSet<String>,
    /// What the words for who speaks mean.
    roles: BTreeSet<&'static str>,
    /// Whether further names begin a line each.
    others: bool,
}

impl KnownNames {
    fn of(lines: &[&str]) -> Self {
        let (mut times, mut stamped, mut roles) = (HashMap::new(), HashSet::new(), BTreeSet::new());
        for line in lines.iter().filter(|line| heading(line).is_none()) {
            match spoken_by(line) {
                Some((name, _)) if LEVELS.contains(&name) => {}
                Some((name, stamp)) => {
                    let word = senders::word(name);
                    roles.extend(senders::known(&word).map(|role| role.name()));
                    // Programs that log have signs in what stands there: `GET /orders`.
                    let is_name = name.chars().all(|c| c.is_alphanumeric() || " .-'_()".contains(c));
                    stamped.extend((stamp && is_name).then(|| word.clone()));
                    if senders::known(&word).is_some() || is_called(name) {
                        *times.entry(word).or_insert(0_u64) += 1;
                    }
                }
                None if is_above(line) => {
                    let name = senders::word(line.trim_matches(['*', '#', '[', ']', '<', '>', ':', ' ']));
                    roles.extend(senders::known(&name).map(|role| role.name()));
                }
                None => {}
            }
        }
        let is_regular = |(word, n): &(String, u64)| *n > 1 || senders::known(word).is_some();
        let (regular, others): (Vec<_>, Vec<_>) = times.into_iter().partition(is_regular);
        let others = others.iter().any(|(word, _)| !is_among(FIELDS, word));
        Self { regular: regular.into_iter().map(|(word, _)| word).collect(), stamped, roles, others }
    }

    /// Whether the words for who speaks are of a customer and of whoever answers.
    fn are_two(&self) -> bool {
        self.roles.contains(Role::User.name()) && [Role::Bot, Role::Agent].iter().any(|r| self.roles.contains(r.name()))
    }

    /// Whether two are named: who speak often, with the time, or one of them by what they are.
    fn are_regular(&self) -> bool {
        let named = self.regular.union(&self.stamped).count();
        named > 1 || self.others && [Role::User, Role::Bot].iter().any(|r| self.roles.contains(r.name()))
    }

    /// Whether somebody speaks on a line, as far as the text tells.
    fn speaks(&self, line: &str) -> bool {
        if heading(line).is_some() {
            return false;
        }
        match spoken_by(line) {
            Some((name, stamp)) => stamp || self.regular.contains(&senders::word(name)),
            None => is_above(line),
        }
    }
}

/// What parts the conversations of a text, beside headings.
struct Parting {
    rules: bool,
    blanks: bool,
}

impl Parting {
    fn of(lines: &[&str], known: &KnownNames) -> Self {
        let spoken = |part: &&[&str]| part.iter().filter(|line| known.speaks(line)).count();
        let is_whole = |part: &&[&str]| spoken(part) > 1;
        let is_empty = |part: &&[&str]| part.iter().all(|line| line.trim().is_empty());
        let by_rules: Vec<&[&str]> = lines.split(|line| is_rule(line)).filter(|part| !is_empty(part)).collect();
        let said = by_rules.iter().filter(|part| spoken(part) > 0).count();
        let rules = said > 1 && by_rules.iter().filter(|part| is_whole(part)).count() * 2 > said;
        let blocks = lines.split(|line| line.trim().is_empty()).filter(|part| !is_empty(part));
        let blocks: Vec<&[&str]> = blocks.skip_while(|part| spoken(part) == 0).collect();
        let begin = |part: &&[&str]| part.first().and_then(|line| spoken_by(line)).map(|(name, _)| senders::word(name));
        let begins = blocks.first().and_then(begin).and_then(|name| senders::known(&name));
        let alike = |part: &&[&str]| begin(part).is_some_and(|name| senders::known(&name) == begins);
        let headed = lines.iter().any(|line| heading(line).is_some());
        let blanks = !rules && !headed && blocks.len() > 1 && blocks.iter().all(|b| is_whole(b) && alike(b));
        Self { rules, blanks }
    }
}

/// One conversation of a text.
#[derive(Default)]
struct Talk {
    id: Option<String>,
    /// What stands above and below what is said.
    fields: Vec<(String, String)>,
    lines: Vec<String>,
    /// Whether somebody has spoken.
    begun: bool,
}

fn talks(text: &str, warnings: &mut Warnings) -> Vec<Talk> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches('\u{feff}')).collect();
    let known = KnownNames::of(&lines);
    let parting = Parting::of(&lines, &known);
    let (mut out, mut talk, mut apart, mut titles) = (Vec::new(), Talk::default(), true, 0_u64);
    for line in lines {
        let blank = line.trim().is_empty();
        let named = heading(line).filter(|(_, marked)| apart || *marked);
        let ends = named.is_some() || parting.rules && is_rule(line) || parting.blanks && blank;
        if ends && talk.begun {
            out.push(std::mem::take(&mut talk).ended());
        }
        apart = blank || is_rule(line);
        match (named, field(line)) {
            (Some((id, _)), _) => talk.id = Some(id.to_owned()),
            _ if is_rule(line) => talk.say(""),
            _ if talk.begun => talk.say(line),
            (None, Some((key, value))) if !known.speaks(line) => talk.fields.push((key, value)),
            _ if known.speaks(line) || names_somebody(line) => {
                talk.begun = true;
                talk.say(line);
            }
            _ => titles += u64::from(!blank),
        }
    }
    if talk.begun {
        out.push(talk.ended());
    }
    warnings.line = 0;
    if titles > 0 {
        warnings.add(&format!("lines above what is said that name no speaker are left out: {titles}"));
    }
    if out.len() == 1 && !parting.blanks && several_blocks(&out[0].lines, &known) {
        warnings.add(
            "this is read as one conversation, although blank lines part it: put `---` or `Conversation 2` between two where they are several",
        );
    }
    out
}

/// Whether in two blocks of lines more than one turn is said: they may be conversations.
fn several_blocks(lines: &[String], known: &KnownNames) -> bool {
    let blocks = lines.split(|line| line.trim().is_empty());
    blocks.filter(|block| block.iter().filter(|line| known.speaks(line)).count() > 1).count() > 1
}

impl Talk {
    fn say(&mut self, line: &str) {
        if self.begun {
            self.lines.push(line.to_owned());
        }
    }

    /// With what stands below the last words as fields.
    fn ended(mut self) -> Self {
        let is_blank = |line: &mut String| line.trim().is_empty();
        while self.lines.pop_if(is_blank).is_some() {}
        while let Some((key, value)) = self.lines.last().and_then(|line| outcome(line)) {
            self.fields.push((key, value));
            self.lines.pop();
            while self.lines.pop_if(is_blank).is_some() {}
        }
        self
    }
}

/// Whether a word is one of several, which blanks part.
fn is_among(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Whether a line begins with what somebody may be called.
fn names_somebody(line: &str) -> bool {
    spoken_by(line).is_some_and(|(name, _)| is_called(name))
}

/// Whether a line only parts.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let first = line.chars().next();
    line.chars().count() > 2 && first.is_some_and(|c| "-=*_~".contains(c) && line.chars().all(|other| other == c))
}

/// What names a conversation in a heading (`# Conversation 12`, `Chat ID: 8812`, `=== Ticket #4 ===`), and whether the line is marked as one.
fn heading(line: &str) -> Option<(&str, bool)> {
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

/// A key and its value, `Duration: 5 min`, where the key is nobody's name.
fn field(line: &str) -> Option<(String, String)> {
    let (key, value) = line.trim().trim_start_matches(['*', '-', '#', '>', ' ']).split_once(':')?;
    let (key, value) = (key.trim_end_matches(['*', ' ']), value.trim_start_matches(['*', ' ']).trim_end());
    let is_key = !key.is_empty() && key.chars().count() <= 40 && key.starts_with(char::is_alphabetic);
    let means = || CsvField::ALL.iter().any(|f| f.alias(&plain(key)).is_some());
    let is_word = || is_among(FIELDS, &senders::word(key));
    let is_nobody = || senders::known(&senders::word(key)).is_none() && !is_called(key);
    (is_key && !value.is_empty() && (means() || is_word() || is_nobody())).then(|| (key.to_owned(), value.to_owned()))
}

/// How a conversation ended, below it: `Rating: 5`.
fn outcome(line: &str) -> Option<(String, String)> {
    let ends = [CsvField::Outcome, CsvField::Csat];
    field(line).filter(|(key, _)| ends.iter().any(|f| f.alias(&plain(key)).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(Option<String>, usize, String)> {
        assert!(is_one(text.as_bytes()), "{text}");
        let talks = talks(text, &mut Warnings::default());
        talks.into_iter().map(|t| (t.id, t.fields.len(), t.lines.join("|"))).collect()
    }

    fn one(id: &str, fields: usize, said: &str) -> (Option<String>, usize, String) {
        (Some(id).filter(|id| !id.is_empty()).map(str::to_owned), fields, said.to_owned())
    }

    #[test]
    fn conversations_are_parted_by_headings_rules_and_blank_lines() {
        let (a, b) = ("Customer: a\nBot: b", "Customer: c\nBot: d");
        let (first, second) = ("Customer: a|Bot: b", "Customer: c|Bot: d");
        assert_eq!(cut(a), [one("", 0, first)]);
        assert_eq!(cut(&format!("{a}\n\n{b}\n")), [one("", 0, first), one("", 0, second)]);
        assert_eq!(cut(&format!("{a}\n---\n{b}\n")), [one("", 0, first), one("", 0, second)]);
        for (one_is, two_is) in [
            ("# Conversation 12", "# Conversation 13"),
            ("Chat ID: 12", "Chat ID: 13"),
            ("=== Ticket #12 ===", "=== Ticket #13 ==="),
        ] {
            assert_eq!(cut(&format!("{one_is}\n{a}\n{two_is}\n\n{b}")), [one("12", 0, first), one("13", 0, second)]);
        }
        // Blank lines and rules between turns part none.
        assert_eq!(cut("**User:** a\n\n---\n\n**Assistant:** b\n").len(), 1);
        assert_eq!(cut("Customer: a\n\nBot: b\nmore\n\nCustomer: c\nBot: d").len(), 1);
    }

    #[test]
    fn what_stands_above_and_below_are_fields() {
        let text =
            "Chat with support\nChat ID: 8\nDate: 2026-03-02\nDuration: 5 min\n\nEleni: a\nBot: b\n\nRating: 5\n";
        assert_eq!(cut(text), [one("8", 3, "Eleni: a|Bot: b")]);
    }

    #[test]
    fn tables_prose_and_settings_are_none() {
        for other in [
            "id,role,text\n1,user,hi\n1,bot,yo\n",
            "transcript\nUser: hi\nBot: yo\n",
            "conversation_id,transcript\n1,\"User: hi\nBot: yo\"\n",
            "name: shop\nversion: 2\nname: other\n",
            "Dear all,\nthe rule is: be kind\nthe other: be quick\n",
            "{\"a\":\n\"User: b\",\n\"c\":\"Bot: d\"}",
            "User: hi Bot: yo\nUser: ok Bot: fine\n",
            "00:11:09\tAshlee K:\they\n00:11:40\tDora D:\thello\n",
            "",
        ] {
            assert!(!is_one(other.as_bytes()), "{other}");
        }
        for one in ["[10:15] Maria: hi, you\n[10:16] ShopBot: yo\n", "### User\na\n\n### Assistant\n- b\n- c\n"] {
            assert!(is_one(one.as_bytes()), "{one}");
        }
    }
}
