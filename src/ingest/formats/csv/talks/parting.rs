//! What parts the conversations of a text.

use super::lines::{field, heading, is_rule, names_somebody, number, shape, title};
use super::names::KnownNames;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::read::transcript::spoken_by;
use std::collections::{HashMap, HashSet};

/// What parts the conversations of a text, beside headings that say so.
pub(super) struct Parting {
    pub rules: bool,
    pub blanks: bool,
    /// The lines that begin a conversation although they do not call it one, and what they name it.
    pub titles: HashMap<usize, Option<String>>,
    /// The first line that may name a conversation, and is read as words: it stands alone above whoever speaks first.
    pub doubt: Option<usize>,
}

impl Parting {
    pub fn of(lines: &[&str], known: &KnownNames) -> Self {
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
        let titles = titles(lines, known);
        let headed = titles.len() > 1 || lines.iter().any(|line| heading(line).is_some());
        let blanks = !rules && !headed && blocks.len() > 1 && blocks.iter().all(|b| is_whole(b) && alike(b));
        let doubt = if blanks { None } else { doubt(lines, known, &titles) };
        Self { rules, blanks, titles, doubt }
    }
}

/// Headings in Markdown above what somebody says, and lines above the first words that stand again with another number or date.
fn titles(lines: &[&str], known: &KnownNames) -> HashMap<usize, Option<String>> {
    let leads = |at: usize| leads(lines, at, known);
    let is_apart = |at: usize| at == 0 || lines[at - 1].trim().is_empty() || is_rule(lines[at - 1]);
    let is_open = |at: &usize| !known.speaks(lines[*at]) && heading(lines[*at]).is_none();
    let marked = |at: &usize| is_open(at) && title(lines[*at]).is_some() && leads(*at);
    let headings: Vec<usize> = (0..lines.len()).filter(marked).collect();
    let first = lines.iter().position(|line| known.speaks(line)).unwrap_or(lines.len());
    let top = lines.iter().position(|line| !line.trim().is_empty());
    // Of fields the uppermost begins a conversation; others stand below what was said, too.
    let recurs = |at: &usize| is_open(at) && is_apart(*at) && !names_somebody(lines[*at]) && leads(*at);
    let above = (0..first).filter(recurs).filter(|at| field(lines[*at]).is_none() || Some(*at) == top);
    let above: HashSet<String> = above.filter_map(|at| shape(lines[at])).collect();
    let alike = |at: &usize| shape(lines[*at]).is_some_and(|shape| above.contains(&shape)) && recurs(at);
    let again: Vec<usize> = (0..lines.len()).filter(alike).collect();
    let mut out = HashMap::new();
    if again.iter().any(|at| *at > first) {
        out.extend(again.iter().map(|at| (*at, field(lines[*at]).is_none().then(|| number(lines[*at]).to_owned()))));
    }
    let is_one = headings.len() == 1;
    for at in headings {
        out.entry(at).or_insert_with(|| title(lines[at]).filter(|_| !is_one).map(str::to_owned));
    }
    // What names two names neither.
    let mut times: HashMap<String, u64> = HashMap::new();
    out.values().flatten().for_each(|name| *times.entry(name.clone()).or_default() += 1);
    if times.values().any(|n| *n > 1) {
        out.values_mut().for_each(|name| *name = None);
    }
    out
}

/// Signs of which one ends a sentence.
const ENDS: &[char] = &['.', '?', '!', ':', ',', ';', ')', '…', '。', '？', '！'];
/// Longest line that may be a heading, in characters.
const TITLE: usize = 60;

/// The first line within what is said that stands alone above whoever speaks first, as headings do.
fn doubt(lines: &[&str], known: &KnownNames, titles: &HashMap<usize, Option<String>>) -> Option<usize> {
    let begins = |line: &&str| spoken_by(line).filter(|_| known.speaks(line)).map(|(name, _)| senders::word(name));
    let (begun, first) = lines.iter().enumerate().find_map(|(at, line)| Some((at, begins(line)?)))?;
    let is_blank = |at: usize| lines.get(at).is_some_and(|line| line.trim().is_empty());
    let is_alone = |at: &usize| is_blank(*at - 1) && is_blank(*at + 1);
    let is_short = |line: &str| (1..=TITLE).contains(&line.trim().chars().count()) && !line.trim().ends_with(ENDS);
    let is_open = |at: &usize| {
        let line = lines[*at];
        let is_told = heading(line).is_some() || titles.contains_key(at) || is_rule(line);
        is_short(line) && !is_told && !known.speaks(line) && spoken_by(line).is_none()
    };
    let next = |at: usize| lines[at + 1..].iter().find(|line| !line.trim().is_empty());
    let leads = |at: &usize| next(*at).and_then(begins).is_some_and(|name| name == first);
    (begun + 1..lines.len()).filter(is_alone).filter(is_open).find(leads)
}

/// Whether below a line, beside headings and fields, somebody speaks first.
fn leads(lines: &[&str], at: usize, known: &KnownNames) -> bool {
    let is_form = |line: &str| {
        line.trim().is_empty()
            || is_rule(line)
            || !known.speaks(line) && (heading(line).is_some() || title(line).is_some() || field(line).is_some())
            || known.told(line).is_some()
    };
    let mut below = lines[at + 1..].iter().filter(|line| !is_form(line));
    let Some(next) = below.next() else { return false };
    known.speaks(next) || names_somebody(next) && below.next().is_some_and(|line| known.speaks(line))
}
