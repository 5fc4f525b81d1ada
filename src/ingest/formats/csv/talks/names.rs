//! Who speaks in a text, and whether that is a conversation.

use super::lines::{heading, is_key, is_setting, names_somebody, pair};
use crate::domain::Role;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::read::transcript::{is_called, named_on, spoken_by, words_of};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What stands before a colon in the logs of programs.
const LEVELS: &[&str] = &["ERROR", "DEBUG", "TRACE", "WARN", "WARNING", "FATAL", "INFO", "NOTICE", "CRITICAL"];
/// Keys of which a form has more than a conversation has of lines that name nobody.
const SETTINGS: usize = 2;

/// The names that begin lines of a text.
pub(super) struct KnownNames {
    /// Those that begin several lines, and words for who speaks.
    regular: HashSet<String>,
    /// Those beside which a time stands.
    stamped: HashSet<String>,
    /// Those that begin one line each.
    others: HashSet<String>,
    /// What the words for who speaks mean.
    roles: BTreeSet<&'static str>,
}

impl KnownNames {
    pub fn of(lines: &[&str]) -> Self {
        let (mut times, mut stamped, mut roles) = (HashMap::new(), HashSet::new(), BTreeSet::new());
        for line in lines.iter().filter(|line| heading(line).is_none()) {
            match spoken_by(line) {
                Some((name, stamp)) if LEVELS.contains(&name) || !stamp && is_key(name) => {}
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
                None => {
                    let role = named_on(line).and_then(|name| senders::known(&senders::word(name)));
                    roles.extend(role.map(|role| role.name()));
                }
            }
        }
        let is_regular = |(word, n): &(String, u64)| *n > 1 || senders::known(word).is_some();
        let (regular, others): (Vec<_>, Vec<_>) = times.into_iter().partition(is_regular);
        let words = |names: Vec<(String, u64)>| names.into_iter().map(|(word, _)| word).collect();
        Self { regular: words(regular), stamped, others: words(others), roles }
    }

    /// Whether the words for who speaks are of a customer and of whoever answers.
    pub fn are_two(&self) -> bool {
        self.roles.contains(Role::User.name()) && [Role::Bot, Role::Agent].iter().any(|r| self.roles.contains(r.name()))
    }

    /// Whether two are named: who speak often, with the time, or one of them by what they are.
    pub fn are_regular(&self) -> bool {
        let named = self.regular.union(&self.stamped).count();
        let one_is_known = || [Role::User, Role::Bot].iter().any(|r| self.roles.contains(r.name()));
        named > 1 || !self.others.is_empty() && one_is_known()
    }

    /// Whether somebody speaks on a line, as far as the text tells.
    pub fn speaks(&self, line: &str) -> bool {
        if heading(line).is_some() || self.told(line).is_some() {
            return false;
        }
        match spoken_by(line) {
            Some((name, stamp)) => stamp || self.regular.contains(&senders::word(name)),
            None => named_on(line).is_some(),
        }
    }

    /// What a line tells of somebody who speaks by name elsewhere: `Agent: Eleni`.
    pub fn told(&self, line: &str) -> Option<(String, String)> {
        let (what, called) = pair(line)?;
        let name = senders::word(called);
        let speaks = || self.regular.contains(&name) || self.others.contains(&name);
        let tells = senders::known(&senders::word(what)).is_some() && senders::known(&name).is_none() && speaks();
        tells.then(|| (what.to_owned(), called.to_owned()))
    }

    /// Whether lines are a form, a mail or a configuration in which words for who speaks are keys: none stands twice beside other keys,
    /// or nobody says more than a word.
    pub fn are_keys(&self, lines: &[&str]) -> bool {
        let is_spoken = |line: &&&str| self.speaks(line) || names_somebody(line);
        if lines.iter().any(|line| heading(line).is_some()) || !self.stamped.is_empty() {
            return false;
        }
        let said: Vec<(String, &str)> = lines
            .iter()
            .filter(is_spoken)
            .filter_map(|line| Some((senders::word(spoken_by(line)?.0), words_of(line)?)))
            .collect();
        let names = said.iter().map(|(name, _)| name).collect::<HashSet<_>>().len();
        let repeats = names < said.len();
        let first: Vec<&str> = lines.iter().map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
        let begins = |key: &str| first.iter().any(|line| line.starts_with(key));
        let is_mail = begins("From:") && (begins("To:") || begins("Subject:"));
        let is_word = |words: &str| !words.contains([' ', '?', '!', '.', '…', '。', '？', '！']);
        let single = !said.is_empty() && said.iter().all(|(_, words)| is_word(words));
        let others: Vec<&&str> = lines.iter().filter(|line| !is_spoken(line) && is_setting(line)).collect();
        let indented = others.iter().filter(|line| line.starts_with([' ', '\t'])).count();
        let filled = lines.iter().filter(|line| !line.trim().is_empty()).count();
        let is_nested = indented > 1 && others.len() * 2 >= filled;
        let many = others.len() > SETTINGS;
        let of_words = single && (many || names > SETTINGS || !repeats && !others.is_empty());
        is_nested || of_words || !repeats && (many || is_mail)
    }
}
