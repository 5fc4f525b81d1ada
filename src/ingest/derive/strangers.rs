//! Who speakers are by what a person said, and which of them nobody has placed.

use super::speakers::{known, word};
use crate::domain::Role;
use std::collections::BTreeMap;

/// Speakers that are remembered.
const REMEMBERED: usize = 1_000;
/// Stands for all whom nobody names.
const OTHERS: &str = "*";

/// Who speaks in lists of texts alone, where two take turns.
pub(in crate::ingest) const TAKE_TURNS: [&str; 2] = ["first", "second"];

/// Bytes of a name before words.
const LONGEST_NAME: usize = 40;

/// Who stands before the words of a text, and these: `Bot: On its way.`; `None` where nobody does.
pub(in crate::ingest) fn named_before(text: &str) -> Option<(&str, &str)> {
    let (who, said) = text.split_once(':')?;
    // A time of day and an address have a colon, too.
    let goes_on = said.starts_with(|c: char| c.is_ascii_digit() || c == '/');
    let (who, said) = (who.trim(), said.trim_start());
    let is_name = who.starts_with(char::is_alphabetic) && who.len() <= LONGEST_NAME && who.split(' ').count() <= 3;
    (is_name && !goes_on && !said.is_empty()).then_some((who, said))
}

/// Who speaks by what stands before the words of a text, where that is a word for who does.
pub(in crate::ingest) fn role_before(text: &str) -> Option<(Role, &str)> {
    let (who, said) = named_before(text)?;
    known(&word(who)).map(|role| (role, said))
}

/// Who speakers are, where a log's own words do not say it: `Sofia=bot`, `*=user`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speakers {
    /// As they were given.
    given: Vec<(String, Role)>,
    by_word: BTreeMap<String, Role>,
    /// Who some are by what stands in the log.
    proved: Vec<(String, Role)>,
    /// Those of whom nobody said who they are, as they stand, and how often each was met.
    strangers: BTreeMap<String, u64>,
}

impl Speakers {
    /// Reads `NAME=ROLE` items.
    ///
    /// # Errors
    /// Which item is none.
    pub fn of(items: &[String]) -> Result<Self, String> {
        let mut found = Self::default();
        // A comma within a name has cut it in two.
        let mut whole: Vec<String> = Vec::new();
        for item in items {
            match whole.last_mut().filter(|before| !before.contains('=')) {
                Some(before) => *before = format!("{before},{item}"),
                None => whole.push(item.clone()),
            }
        }
        for item in whole.iter().map(|i| i.trim()).filter(|i| !i.is_empty()) {
            let told = item.rsplit_once('=').and_then(|(name, role)| {
                let role = Role::from_name(&role.trim().to_ascii_lowercase())?;
                Some((name.trim().to_owned(), role)).filter(|(name, _)| !name.is_empty())
            });
            let (name, role) = told.ok_or_else(|| {
                format!("`{item}`: write NAME=user, or =bot, =agent, =tool, =system; * for all others")
            })?;
            found.by_word.insert(word(&name), role);
            found.given.push((name, role));
        }
        Ok(found)
    }

    /// Takes who speakers are from whoever chose it.
    pub fn placed(said: &[(String, Role)]) -> Self {
        let by_word = said.iter().map(|(name, role)| (word(name), *role)).collect();
        Self { given: said.to_vec(), by_word, ..Self::default() }
    }

    /// Whether anybody said anything.
    pub(in crate::ingest) fn is_told(&self) -> bool {
        !self.given.is_empty()
    }

    /// Who a name stands for, by what was said of this name or of all others.
    pub(in crate::ingest) fn role(&self, name: &str) -> Option<Role> {
        if self.by_word.is_empty() {
            return None;
        }
        self.by_word.get(&word(name)).copied()
    }

    /// Who all others are.
    pub(in crate::ingest) fn others(&self) -> Option<Role> {
        self.by_word.get(OTHERS).copied()
    }

    /// What was said, as it was given.
    pub fn given(&self) -> &[(String, Role)] {
        &self.given
    }

    /// Notes who speakers are by the log itself, for what comes of it later.
    pub(in crate::ingest) fn hold(&mut self, proved: Vec<(String, Role)>) {
        self.proved = proved;
    }

    /// Who speakers are by what was said and, of the others, by the log itself.
    pub fn known_by_now(&self) -> Vec<(String, Role)> {
        let proved = self.proved.iter().filter(|(name, _)| self.role(name).is_none()).cloned();
        self.given.iter().cloned().chain(proved).collect()
    }

    /// Notes a speaker of whom nobody said who that is.
    pub(in crate::ingest) fn note(&mut self, name: &str) {
        if self.strangers.len() < REMEMBERED || self.strangers.contains_key(name) {
            *self.strangers.entry(name.chars().take(60).collect()).or_insert(0) += 1;
        }
    }

    /// Those whom nobody has placed, the most frequent first, with how often they were met.
    pub(in crate::ingest) fn strangers(&self) -> Vec<(&str, u64)> {
        let mut met: Vec<(&str, u64)> = self.strangers.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        met.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_are_who_somebody_said_they_are() {
        let said = Speakers::of(&["Sofía=bot".to_owned(), "Ana = user".to_owned(), "*=agent".to_owned()]).unwrap();
        assert_eq!(
            (said.role("sofia"), said.role(" ANA "), said.role("Tom")),
            (Some(Role::Bot), Some(Role::User), None)
        );
        assert_eq!((said.others(), said.given()[1].clone()), (Some(Role::Agent), ("Ana".to_owned(), Role::User)));
        for wrong in ["Sofia", "Sofia=", "=bot", "Sofia=boss"] {
            assert!(Speakers::of(&[wrong.to_owned()]).unwrap_err().contains(wrong));
        }
    }

    #[test]
    fn who_stands_before_the_words_speaks() {
        assert_eq!(role_before("Bot: Hello, how can I help?"), Some((Role::Bot, "Hello, how can I help?")));
        assert_eq!((role_before("Sofia: yes"), named_before("Sofia: yes")), (None, Some(("Sofia", "yes"))));
        for text in ["https://x.example", "at 10:15 please", "no colon", "Bot:", "what I mean is this: no", "10:15"] {
            assert_eq!(named_before(text), None, "{text}");
        }
    }

    #[test]
    fn strangers_are_told_most_frequent_first() {
        let mut speakers = Speakers::default();
        assert!(speakers.strangers().is_empty());
        ["Tom", "Sofia", "Sofia"].iter().for_each(|n| speakers.note(n));
        assert_eq!(speakers.strangers(), [("Sofia", 2), ("Tom", 1)]);
    }
}
