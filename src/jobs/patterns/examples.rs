//! Requests that show a pattern: what customers of training groups said (rule 47).

use super::PatternSearch;
use super::topics::says_nothing_personal;
use crate::domain::{ConversationId, IntentId, Role, TurnKey};
use crate::jobs::JobError;
use crate::text::is_opening;
use crate::text::normalise::shape;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Requests that show a pattern, and among how many of the most frequent ones they are looked for.
const EXAMPLES: usize = 3;
const LOOKED_AT: usize = 50;

impl PatternSearch<'_> {
    /// What was asked most often on the most frequent matters, of the training groups (rule 47), one of each before a second one.
    pub(super) fn examples(&self, members: &[usize]) -> Vec<(ConversationId, TurnKey)> {
        let mut asked: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let mut matters: FxHashMap<Option<IntentId>, usize> = FxHashMap::default();
        for &i in members.iter().filter(|&&i| self.failures[i].row.is_training) {
            if let Some((_, text)) = &self.failures[i].talk.asked {
                asked.entry(shape(text)).or_insert((0, i)).0 += 1;
                *matters.entry(self.failures[i].row.matter()).or_default() += 1;
            }
        }
        let mut asked: Vec<(usize, usize)> = asked.into_values().collect();
        let often = |&(n, i): &(usize, usize)| (matters[&self.failures[i].row.matter()], n);
        asked.sort_by(|a, b| often(b).cmp(&often(a)).then(a.1.cmp(&b.1)));
        self.showing(self.asked_first(asked.into_iter().map(|(_, i)| i)))
    }

    /// What got one of some answers: of the most frequent matters, of the training groups (rule 47).
    pub(super) fn answered(&self, keys: &[u64], members: &[usize]) -> Result<Vec<(ConversationId, TurnKey)>, JobError> {
        let mut matters: FxHashMap<Option<IntentId>, usize> = FxHashMap::default();
        let training = || members.iter().copied().filter(|&i| self.failures[i].row.is_training);
        training().for_each(|i| *matters.entry(self.failures[i].row.matter()).or_default() += 1);
        let mut first: Vec<usize> = training().collect();
        first.sort_by_key(|&i| (Reverse(matters[&self.failures[i].row.matter()]), i));
        // Of each of the largest matters a few are looked at.
        let mut looked: FxHashMap<Option<IntentId>, usize> = FxHashMap::default();
        let mut out = Vec::new();
        for i in first {
            let of_matter = looked.entry(self.failures[i].row.matter()).or_default();
            if *of_matter == LOOKED_AT / 5 || out.len() == LOOKED_AT {
                continue;
            }
            let Some(answer) = self.keys.one_of(&self.failures[i].talk, keys) else { continue };
            let c = self.store.conversation(self.failures[i].row.id)?;
            let before = c.turns.iter().take_while(|t| t.key != answer.turn);
            let asked = before.filter(|t| t.role == Role::User && !t.payload && !is_opening(&t.text)).last();
            if let Some(asked) = asked {
                *of_matter += 1;
                out.push((i, asked.key, says_nothing_personal(&asked.text)));
            }
        }
        Ok(self.showing(out))
    }

    /// Of requests that show a pattern, the best first, a few: such as say nothing of one person before others, one of each matter
    /// before a second one. Each with its failure and whether it says nothing of one person.
    pub(super) fn showing(&self, mut left: Vec<(usize, TurnKey, bool)>) -> Vec<(ConversationId, TurnKey)> {
        left.sort_by_key(|(.., says_nothing)| !says_nothing);
        let matter = |i: usize| self.failures[i].row.matter();
        let mut out: Vec<(usize, TurnKey)> = Vec::new();
        while out.len() < EXAMPLES && !left.is_empty() {
            let is_other = |&(i, _, nothing): &(usize, TurnKey, bool)| {
                nothing == left[0].2 && !out.iter().any(|&(shown, _)| matter(shown) == matter(i))
            };
            let at = left.iter().position(is_other).unwrap_or(0);
            let (i, turn, _) = left.remove(at);
            out.push((i, turn));
        }
        out.into_iter().map(|(i, turn)| (self.failures[i].row.id, turn)).collect()
    }

    /// What failures asked, as [`Self::showing`] takes it: the first of some.
    pub(super) fn asked_first(&self, by: impl Iterator<Item = usize>) -> Vec<(usize, TurnKey, bool)> {
        let of = |i: usize| {
            let (turn, text) = self.failures[i].talk.asked.as_ref()?;
            Some((i, *turn, says_nothing_personal(text)))
        };
        by.filter_map(of).take(LOOKED_AT).collect()
    }
}
