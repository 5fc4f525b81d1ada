//! A whole conversation in one cell: `User: … Bot: …`, a line a turn; also as a JSON list of turns.

use super::layout;
use super::row_error::RowError;
use super::tags;
use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::events;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::canonical::turn;
use crate::ingest::formats::csv::cells::{structures, turn_lists};
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::html;
use crate::ingest::times::TimeError;
use crate::text::has_words;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Longest name of a speaker, in characters.
const NAME: usize = 40;

/// Whether a cell is a dialogue: a list of turns, or lines of which two are spoken by usual speakers, or nearly all by a
/// few names that alternate.
pub fn is_dialogue(cell: &str) -> bool {
    if let Some(list) = turn_lists::of_cell(cell) {
        // `[{"agent": "Maria K."}]` says who took part.
        let says = |turn: &Value| turn.get("text").and_then(Value::as_str).is_some_and(|text| has_words(text, 3));
        return structures::structure(cell).as_ref().and_then(structures::turns).is_some() || list.iter().any(says);
    }
    let cell = SeenTranscript::of(cell);
    let lines: Vec<&str> = cell.spoken_lines().into_iter().filter(|l| !l.trim().is_empty()).collect();
    let names: Vec<String> = lines.iter().filter_map(|l| cell.speaker(l)).map(|s| senders::word(s.name)).collect();
    let known = names.iter().filter(|n| senders::known(n).is_some()).count();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let alternate =
        distinct.len() >= 2 && names.len() * 2 >= lines.len() && (distinct.len() < names.len() || known > 0);
    known >= 2 || alternate
}

/// A name that starts lines of a transcript.
pub struct NamedSpeaker {
    /// As it stands.
    pub name: String,
    /// Lines that it starts.
    pub lines: u64,
    /// Whether it starts the first.
    pub first: bool,
    /// Whether a time stands before it, as before all that is said.
    pub stamped: bool,
    /// Lines of it that begin with a time.
    pub stamps: u64,
    /// Whether it is somebody's for sure: a list says so, or a notice of the cell does (`Agent Maria joined the chat`).
    pub certain: bool,
}

/// Whether a name may be somebody's.
pub fn is_called(name: &str) -> bool {
    layout::is_called(name)
}

/// Who speaks in a line that begins with a name before a colon, and whether a time stands beside the name.
pub fn spoken_by(line: &str) -> Option<(&str, bool)> {
    speaker(line).map(|s| (s.name, s.stamp.is_some()))
}

/// What is said in a line that begins with a name before a colon.
pub fn words_of(line: &str) -> Option<&str> {
    speaker(line).map(|s| s.text.trim())
}

/// Who speaks in the lines below one that says no more than that.
pub fn named_on(line: &str) -> Option<&str> {
    layout::bare_name(line)
}

/// Whether a line holds what several say, one behind the other.
pub fn holds_several(line: &str) -> bool {
    layout::of_one_line(line).len() > 1
}

/// The names that start lines of a cell.
pub fn named(cell: &str) -> Vec<NamedSpeaker> {
    let mut out: Vec<NamedSpeaker> = Vec::new();
    if let Some(list) = json_turns(cell) {
        for (i, name) in list.iter().filter_map(structure_speaker).enumerate() {
            note(&mut out, NamedSpeaker { certain: true, ..NamedSpeaker::new(name, i == 0) });
        }
        return out;
    }
    let cell = SeenTranscript::of(cell);
    let stamped = stamps_tell(&lines(&cell.text));
    for (i, line) in cell.spoken_lines().into_iter().filter(|l| !l.trim().is_empty()).enumerate() {
        if let Some(s) = cell.speaker(line) {
            let stamps = u64::from(s.stamp.is_some());
            note(&mut out, NamedSpeaker { stamped, stamps, ..NamedSpeaker::new(s.name, i == 0) });
        }
    }
    let is_unsure = |n: &NamedSpeaker| !n.must_speak() && senders::known(&senders::word(&n.name)).is_none();
    if out.iter().any(is_unsure) {
        let notices: Vec<&str> = lines(&cell.text).into_iter().filter(|line| notice(line).is_some()).collect();
        out.iter_mut().for_each(|n| n.certain = notices.iter().any(|line| line.contains(&n.name)));
    }
    out
}

/// The event that a line tells of.
fn notice(line: &str) -> Option<&'static str> {
    events::told(line.trim_matches(['*', ' ', '-', '=']))
}

/// Names that are told apart within one cell.
const NAMES: usize = 50;

impl NamedSpeaker {
    fn new(name: &str, first: bool) -> Self {
        Self { name: name.to_owned(), lines: 1, first, stamped: false, stamps: 0, certain: false }
    }

    /// Whether it is somebody's, and no word that stands before a colon by chance.
    pub fn must_speak(&self) -> bool {
        self.lines > 1 || self.stamped || self.certain || layout::is_titled(&self.name)
    }
}

fn note(out: &mut Vec<NamedSpeaker>, one: NamedSpeaker) {
    let all = out.len();
    match out.iter_mut().find(|n| n.name == one.name) {
        Some(known) => (known.lines, known.stamps) = (known.lines + 1, known.stamps + one.stamps),
        None if all < NAMES => out.push(one),
        None => {}
    }
}

/// Whether the first line of a cell begins with somebody who speaks.
pub fn begins_with_speaker(cell: &str) -> bool {
    let cell = SeenTranscript::of(cell);
    cell.text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| cell.speaker(line).is_some())
}

/// Who speaks in a turn of a list.
fn structure_speaker(turn: &Value) -> Option<&str> {
    ["role", "sender", "from", "speaker", "author"].iter().find_map(|key| turn.get(key)?.as_str())
}

/// The turns of a transcript. Lines without a speaker go on with the turn before; `stamped`: so do those without a time, by what all
/// transcripts of the file look like.
///
/// # Errors
/// Nobody is known to speak, somebody speaks whom nobody knows, or a turn cannot be read.
pub(super) fn turns(cell: &str, m: &Mapping, stamped: bool, cx: &mut Context) -> Result<Vec<Turn>, RowError> {
    if let Some(list) = json_turns(cell) {
        let turn = |(i, value): (usize, Value)| settled(i, with_role(value, m)?, cx);
        return list.into_iter().enumerate().map(turn).collect();
    }
    let seen = SeenTranscript::of(cell);
    let mut said: Vec<(Role, String, TurnMarks<'_>)> = Vec::new();
    let all = lines(&seen.text);
    let stamped = stamped || stamps_tell(&all);
    let strangers = strangers(cell, m, stamped);
    for line in all {
        let spoken = seen.speaker(line).filter(|s| !stamped || s.stamp.is_some());
        if let Some(stranger) = spoken.as_ref().filter(|s| strangers.iter().any(|name| name == s.name)) {
            return Err(RowError::Stranger(stranger.name.to_owned()));
        }
        let spoken = spoken.and_then(|s| role(s.name, m).map(|role| (role, s)));
        let notice = spoken.is_none() && notice(line).is_some();
        match (spoken, said.last_mut()) {
            (Some((role, s)), _) => {
                said.push((role, s.text.to_owned(), TurnMarks { stamp: s.stamp, called: s.called }))
            }
            (None, _) if notice => said.push((Role::System, line.trim().to_owned(), TurnMarks::default())),
            (None, Some((_, text, _))) => {
                text.push('\n');
                text.push_str(line);
            }
            (None, None) if line.trim().is_empty() => {}
            (None, None) if stamped || is_no_speaker(line, m) => {
                said.push((Role::System, line.trim().to_owned(), TurnMarks::default()));
            }
            (None, None) => {
                let shown: String = line.chars().take(40).collect();
                return Err(RowError::NoSpeaker(shown));
            }
        }
    }
    said.into_iter()
        .enumerate()
        .map(|(i, (role, text, marks))| built(i, role, text.trim_start_matches('\n').trim_end(), &marks, cx))
        .collect()
}

/// What stands beside who speaks.
#[derive(Default)]
struct TurnMarks<'a> {
    stamp: Option<&'a str>,
    called: Option<&'a str>,
}

/// Whether a line begins with a word of which somebody said that it is no speaker.
fn is_no_speaker(line: &str, m: &Mapping) -> bool {
    speaker(line).is_some_and(|s| m.no_speakers.contains(&senders::word(s.name)))
}

/// Names that must be speakers, for they start several lines of the cell or stand behind times, and of whom nobody says who they are.
fn strangers(cell: &str, m: &Mapping, stamped: bool) -> Vec<String> {
    let names = named(cell).into_iter();
    let stranger = |n: &NamedSpeaker| {
        (n.must_speak() || stamped && n.stamps > 0)
            && role(&n.name, m).is_none()
            && !m.no_speakers.contains(&senders::word(&n.name))
    };
    names.filter(stranger).map(|n| n.name).collect()
}

/// A turn of a list, with the role that the mapping gives to its speaker.
fn with_role(mut value: Value, m: &Mapping) -> Result<Value, RowError> {
    let Some(name) = structure_speaker(&value).map(str::to_owned) else { return Ok(value) };
    let Some(role) = role(&name, m) else { return Err(RowError::Stranger(name)) };
    let spelled = ["text", "message", "content", "utterance"].iter().any(|key| value.get(key).is_some());
    let words = if spelled { None } else { structures::words(&value) };
    if let Value::Object(map) = &mut value {
        if let Some(words) = words {
            map.insert("text".to_owned(), words.into());
            map.shift_remove("value");
        }
        for key in ["sender", "from", "speaker", "author"] {
            map.shift_remove(key);
        }
        map.insert("role".to_owned(), role.name().into());
    }
    Ok(value)
}

fn built(i: usize, role: Role, text: &str, marks: &TurnMarks<'_>, cx: &mut Context) -> Result<Turn, RowError> {
    let (mut map, mut meta) = (Map::new(), Map::new());
    map.insert("role".into(), role.name().into());
    map.insert("text".into(), text.into());
    if let Some(event) = events::told(text).filter(|_| role == Role::System) {
        map.insert("event".into(), event.into());
    }
    if let Some(called) = marks.called {
        meta.insert("name".into(), called.into());
    }
    if let Some(stamp) = marks.stamp {
        // A time of day alone is no moment: kept as it stands.
        match cx.times.read(&Value::from(stamp)) {
            Ok(Some(_)) => drop(map.insert("at".into(), stamp.into())),
            found => {
                if matches!(found, Err(TimeError::Ambiguous(_))) {
                    cx.warnings.add(
                        "times in transcripts may mean two dates and are kept in meta: --date-order dmy or mdy says which number is the day",
                    );
                }
                meta.insert("stamp".into(), stamp.into());
            }
        }
    }
    if !meta.is_empty() {
        map.insert("meta".into(), meta.into());
    }
    settled(i, Value::Object(map), cx)
}

/// A turn whose speaker is settled: what was said of a sender called `user` is not said of our word for the customer.
fn settled(i: usize, value: Value, cx: &mut Context) -> Result<Turn, RowError> {
    let role = value.get("role").and_then(Value::as_str).and_then(Role::from_name);
    let turn = turn::read(i, value, false, cx)?;
    Ok(Turn { role: role.unwrap_or(turn.role), ..turn })
}

fn role(name: &str, m: &Mapping) -> Option<Role> {
    let word = senders::word(name);
    m.senders.get(&word).copied().or_else(|| senders::known(&word))
}

fn json_turns(cell: &str) -> Option<Vec<Value>> {
    turn_lists::of_cell(cell).or_else(|| turn_lists::of_texts(cell))
}

/// A transcript without its markup, where paragraphs stand in it, and with who speaks before what was said, where that stood above it.
struct SeenTranscript<'c> {
    text: Cow<'c, str>,
    /// Who speaks stood on lines of its own: what else looks like a name is what was said.
    named_above: bool,
}

impl<'c> SeenTranscript<'c> {
    fn of(cell: &'c str) -> Self {
        let is_marked_up = layout::holds_markup(cell) && html::is_html(cell);
        let text = if is_marked_up { Cow::Owned(html::read(cell).text) } else { Cow::Borrowed(cell) };
        let text = broken(&text).map_or(text, Cow::Owned);
        let text = tags::lines(&text).map_or(text, Cow::Owned);
        let text = layout::with_colons(&text).map_or(text, Cow::Owned);
        match layout::named_above(&text) {
            Some(joined) => Self { text: Cow::Owned(joined), named_above: true },
            None => Self { text, named_above: false },
        }
    }

    fn speaker<'l>(&self, line: &'l str) -> Option<TranscriptParts<'l>> {
        speaker(line).filter(|s| !self.named_above || senders::known(&senders::word(s.name)).is_some())
    }

    /// The lines that may begin with a speaker.
    fn spoken_lines(&self) -> Vec<&str> {
        let all = lines(&self.text);
        let stamped = stamps_tell(&all);
        all.into_iter().filter(|line| !stamped || self.speaker(line).is_none_or(|s| s.stamp.is_some())).collect()
    }
}

/// A transcript whose only line breaks are written in two signs, each a backslash and a letter, with somebody who speaks behind one.
fn broken(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains('\n') || !text.contains("\\n") {
        return None;
    }
    let broken = text.replace("\\r\\n", "\n").replace("\\n", "\n");
    let speaks = |line: &str| {
        speaker(line).is_some_and(|s| s.stamp.is_some() || senders::known(&senders::word(s.name)).is_some())
    };
    let tagged = || tags::lines(&broken).is_some() || layout::named_above(&broken).is_some();
    let is_transcript = broken.lines().skip(1).any(speaks) || tagged();
    is_transcript.then_some(broken)
}

/// Whether what is said stands behind a time and what does not is no line of a speaker: a heading, or a line that goes on.
fn stamps_tell(lines: &[&str]) -> bool {
    let (stamped, bare): (Vec<_>, Vec<_>) = lines.iter().filter_map(|l| speaker(l)).partition(|s| s.stamp.is_some());
    stamped.len() >= 2 && bare.iter().all(|s| senders::known(&senders::word(s.name)).is_none())
}

/// The lines of a transcript; where it is one line, those that a written `\n` or `<br>` ends, or that `;Bot says:` begins.
fn lines(cell: &str) -> Vec<&str> {
    if cell.contains('\n') {
        return cell.lines().collect();
    }
    if cell.contains("Bot says:") && cell.contains("User says:") {
        let begins =
            |at: &usize| ["User says:", "Bot says:"].iter().any(|word| cell[*at..].trim_start().starts_with(word));
        let mut cuts: Vec<usize> = cell.match_indices(';').map(|(at, _)| at + 1).filter(begins).collect();
        cuts.push(cell.len());
        let mut from = 0;
        return cuts
            .into_iter()
            .map(|to| cell[std::mem::replace(&mut from, to)..to].trim().trim_end_matches(';'))
            .collect();
    }
    layout::of_one_line(cell)
}

/// The parts of `[08:00] User: text`.
struct TranscriptParts<'a> {
    stamp: Option<&'a str>,
    name: &'a str,
    /// What they are called, where the name is what they are: `Customer (Maria)`.
    called: Option<&'a str>,
    text: &'a str,
}

fn speaker(line: &str) -> Option<TranscriptParts<'_>> {
    let line = line.trim_start();
    let bracketed = [('[', ']'), ('(', ')')].into_iter().find_map(|(open, close)| {
        let (stamp, rest) = line.strip_prefix(open)?.split_once(close)?;
        stamp.contains(|c: char| c.is_ascii_digit()).then_some((stamp.trim(), rest))
    });
    let (stamp, rest) =
        bracketed.or_else(|| bare_stamp(line)).map_or((None, line), |(stamp, rest)| (Some(stamp), rest));
    let (marked, text) = layout::split_name(rest)?;
    let marked_name = [" says", " said", " wrote"].iter().find_map(|word| marked.trim().strip_suffix(word));
    let name = marked_name.unwrap_or(marked).trim().trim_matches(layout::is_mark).trim();
    let (name, stamp) = match layout::stamp_behind(name) {
        // `**Maria** (10:15): hi`
        Some((name, behind)) => (name.trim_end_matches(layout::is_mark), stamp.or(Some(behind))),
        None => (name, stamp),
    };
    let (name, called) = layout::called(name).map_or((name, None), |(name, called)| (name, Some(called)));
    // `**Customer:** hi`
    let bare =
        ["**", "__", "*", "_"].iter().find_map(|m| text.strip_prefix(m).filter(|_| marked.trim().starts_with(m)));
    let text = bare.unwrap_or(text);
    let few = name.chars().count() <= NAME && name.split_whitespace().count() <= layout::WORDS;
    let fits = few && name.starts_with(char::is_alphabetic) && !text.starts_with("//");
    fits.then(|| TranscriptParts { stamp, name, called, text: text.trim_start_matches([' ', '\t', '\u{a0}']) })
}

/// A time without brackets around it, such as `2026-03-01 09:00 - User: text`.
fn bare_stamp(line: &str) -> Option<(&str, &str)> {
    let is_stamp = |word: &str| {
        let time = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains([':', '-', '/', '.']);
        time || matches!(word, "AM" | "PM" | "am" | "pm" | "-" | "UTC")
    };
    let mut at = 0;
    while let Some(word) = line[at..].split(' ').next().filter(|w| is_stamp(w)) {
        at = (at + word.len() + 1).min(line.len());
    }
    let stamp = line[..at].trim_end_matches([' ', '-']);
    stamp.contains(|c: char| c.is_ascii_digit()).then(|| (stamp, &line[at..]))
}

#[cfg(test)]
mod tests;
