//! Equal answers, and where they are given.

use super::reading::{Failure, SaidAnswer, Talk};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Words that are said under so many actions are an answer of their own, whatever the action.
const SHARED: usize = 3;
/// An answer is one to several matters from so many intents on, without intents from so many different questions on.
const MATTERS: usize = 3;
const QUESTIONS: usize = 5;
/// What is given to one matter in more than this share of its cases is the answer to that one.
const MAIN: f64 = 2.0 / 3.0;
/// How alike the matters are in which an answer and its other language are given: the cosine of their counts.
const SAME_MATTERS: f64 = 0.35;
/// Tells an action from words with the same hash.
const OF_ACTION: u64 = 0x9e37_79b9_7f4a_7c15;

/// What makes two answers one: the action where the log has one, else the words.
pub(super) struct AnswerKeys {
    shared: FxHashSet<u64>,
}

impl AnswerKeys {
    pub(super) fn of<'a>(talks: impl Iterator<Item = &'a Talk>) -> Self {
        let mut actions: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
        for answer in talks.flat_map(|t| &t.answers) {
            let Some(action) = answer.action else { continue };
            let under = actions.entry(answer.words).or_default();
            if under.len() < SHARED && !under.contains(&action) {
                under.push(action);
            }
        }
        Self {
            shared: actions.into_iter().filter(|(_, under)| under.len() == SHARED).map(|(words, _)| words).collect(),
        }
    }

    /// Whether an answer is known by its action.
    pub(super) fn is_action(&self, answer: &SaidAnswer) -> bool {
        answer.action.is_some() && !self.shared.contains(&answer.words)
    }

    fn key(&self, answer: &SaidAnswer) -> u64 {
        match answer.action {
            Some(action) if self.is_action(answer) => action ^ OF_ACTION,
            _ => answer.words,
        }
    }

    /// The answers of a conversation, each once.
    pub(super) fn in_talk(&self, talk: &Talk) -> Vec<u64> {
        let mut keys: Vec<u64> = talk.answers.iter().map(|a| self.key(a)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Of the answers of a conversation the first that is one of some.
    pub(super) fn one_of<'a>(&self, talk: &'a Talk, keys: &[u64]) -> Option<&'a SaidAnswer> {
        talk.answers.iter().find(|a| keys.contains(&self.key(a)))
    }
}

/// One answer, and where it was given.
pub(super) struct AnswerGroup {
    /// What it is known by; of two languages both.
    pub keys: Vec<u64>,
    pub members: Vec<usize>,
    /// Whether it is in Greek; of an action, which has both languages, nobody asks.
    is_greek: Option<bool>,
    /// How often it was given to each intent; of logs without intents to each question.
    matters: BTreeMap<String, u64>,
    has_intents: bool,
}

impl AnswerGroup {
    pub(super) fn of(failures: &[Failure], keys: &AnswerKeys, key: u64, members: Vec<usize>) -> Self {
        let has_intents = members.iter().any(|&i| failures[i].row.logged.is_some());
        let said = members.first().and_then(|&i| keys.one_of(&failures[i].talk, &[key]));
        let mut matters = BTreeMap::new();
        for &i in &members {
            let matter = match failures[i].row.matter() {
                Some(intent) => intent.0.to_string(),
                None if has_intents => continue,
                None => failures[i].talk.asked.as_ref().map(|a| a.1.to_lowercase()).unwrap_or_default(),
            };
            *matters.entry(matter).or_insert(0) += 1;
        }
        let is_greek = said.filter(|s| !keys.is_action(s)).map(|s| s.is_greek);
        Self { keys: vec![key], members, is_greek, matters, has_intents }
    }

    pub(super) fn is_to_several(&self) -> bool {
        let (most, all) = (self.matters.values().max().copied().unwrap_or(0), self.matters.values().sum::<u64>());
        self.matters.len() >= if self.has_intents { MATTERS } else { QUESTIONS } && most as f64 <= MAIN * all as f64
    }

    /// The cosine of where two answers are given.
    fn alike(&self, other: &Self) -> f64 {
        let both: u64 = self.matters.iter().filter_map(|(m, n)| Some(n * other.matters.get(m)?)).sum();
        let length = |m: &BTreeMap<String, u64>| (m.values().map(|n| n * n).sum::<u64>() as f64).sqrt();
        both as f64 / (length(&self.matters) * length(&other.matters)).max(1.0)
    }
}

/// Joins an answer with what is given to the same matters in the other language: the same answer, as far as anybody can tell
/// without reading both. The largest first, each once.
pub(super) fn with_other_language(groups: Vec<AnswerGroup>) -> Vec<AnswerGroup> {
    let mut out: Vec<AnswerGroup> = Vec::new();
    let mut is_joined: Vec<bool> = Vec::new();
    for group in groups {
        let partner = (0..out.len())
            .filter(|&i| !is_joined[i] && group.is_greek.is_some_and(|g| out[i].is_greek == Some(!g)))
            .filter(|&i| out[i].is_to_several() == group.is_to_several())
            .map(|i| (i, out[i].alike(&group)))
            .filter(|(_, alike)| *alike >= SAME_MATTERS)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match partner {
            Some((i, _)) => {
                is_joined[i] = true;
                let one = &mut out[i];
                one.keys.extend(group.keys);
                one.members.extend(group.members);
                // Who got it in both languages counts once.
                one.members.sort_unstable();
                one.members.dedup();
                group.matters.into_iter().for_each(|(m, n)| *one.matters.entry(m).or_insert(0) += n);
            }
            None => {
                out.push(group);
                is_joined.push(false);
            }
        }
    }
    out
}
