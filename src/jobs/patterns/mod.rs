//! What fails alike, found without labels: from what was asked, what was answered, what was called, and how it ended.
//!
//! The first that holds tells: a person was asked for at once; a tool failed; one answer over several matters; a person was offered or
//! asked for later; misunderstood; one answer to one matter; else groups of what was asked ([`crate::learn::cluster`]). What is in no
//! group is not forced into one. What a conversation shares with others that did not fail makes no pattern (`evidence`).

mod answers;
pub mod detect;
mod evidence;
mod notes;
mod questions;
mod reading;
pub mod topics;

use crate::domain::{
    ConversationId, FailureEvidence, IntentId, PatternKind, QueryMoment, Reporter, Role, Timestamp, TurnKey,
};
use crate::jobs::JobError;
use crate::learn::vectors::any_script::AnyScript;
use crate::learn::vectors::embed::Embedder;
use crate::store::{FoundPattern, Store};
use crate::text::is_opening;
use crate::text::normalise::shape;
use answers::{AnswerGroup, AnswerKeys, with_other_language};
use evidence::{Held, Rest, sureness};
use reading::{Failure, SaidAnswer, Talk, ToolError, WantedPerson, seems_misunderstood};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use topics::says_nothing_personal;

/// Calendar days that patterns are looked for in: half a year, as they are shown.
pub const HALF_A_YEAR: i64 = 182;
/// Failures that are read, the newest.
const MOST: usize = 100_000;
/// The smallest pattern of one answer or one error, at least and as a share of all failures.
const FEWEST: usize = 3;
const SHARE: f64 = 0.02;
/// What is handed over as a rule: so many conversations, and such a share of them.
const HANDED_OVER: (u64, f64) = (20, 0.8);
/// Letters of a quoted answer: a wide screen shows them all.
const QUOTED: usize = 72;
/// Requests that show a pattern, and among how many of the most frequent ones they are looked for.
const EXAMPLES: usize = 3;
const LOOKED_AT: usize = 50;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternsFound {
    /// Failures that were read.
    pub failures: u64,
    /// Patterns that hold some of them.
    pub patterns: u64,
    /// Failures that are in one.
    pub held: u64,
}

/// Looks for patterns in the failures of half a year and keeps them. Same store, same seed: same patterns.
///
/// # Errors
/// The store cannot be read or written; cancelled.
pub fn find_patterns(
    store: &Store,
    embedder: Option<&dyn Embedder>,
    now: Timestamp,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<PatternsFound, JobError> {
    // A log without times is one period.
    let since = match store.newest(now)? {
        Some(_) => store.when(QueryMoment::Days(HALF_A_YEAR), now)?,
        None => Timestamp(i64::MIN),
    };
    let rows = store.failed_rows(since, now, MOST)?;
    let handed_over = store.handed_over(since, HANDED_OVER.0, HANDED_OVER.1)?;
    let total = rows.len() as u64;
    let mut failures = Vec::with_capacity(rows.len());
    for (i, row) in rows.into_iter().enumerate() {
        reporter.step("read", i as u64, total)?;
        failures.push(Failure::read(store, row, &handed_over)?);
    }
    let embedder = embedder.map(AnyScript);
    let embedder = embedder.as_ref().map(|e| e as &dyn Embedder);
    let rest = Rest::read(store, since, now, reporter)?;
    let mut found = PatternSearch::new(store, &failures, &rest).all(embedder, seed, reporter)?;
    let held = found.iter().map(|p| p.members.len() as u64).sum();
    let patterns = found.len() as u64;
    found.extend(notes::noted(store, embedder, seed, reporter)?);
    store.keep_patterns(&found, now)?;
    Ok(PatternsFound { failures: total, patterns, held })
}

/// Failures, and which of them no pattern holds yet.
struct PatternSearch<'a> {
    store: &'a Store,
    failures: &'a [Failure],
    rest: &'a Rest,
    keys: AnswerKeys,
    free: Vec<usize>,
    found: Vec<FoundPattern>,
}

/// What may be a pattern: failures that have something and are in no pattern yet, all that have it, and what of the rest has it.
struct Candidate<T> {
    what: T,
    members: Vec<usize>,
    had: Held,
    others: Held,
}

/// Failures in no pattern yet in which a tool said something, and what of the rest it said it in.
type FoundErrors<'a> = (Vec<usize>, Vec<&'a Talk>);

/// What of a pattern is told beside its conversations, as far as it is known where it is found.
#[derive(Default)]
struct Told {
    examples: Vec<(ConversationId, TurnKey)>,
    evidence: Option<FailureEvidence>,
}

impl<'a> PatternSearch<'a> {
    fn new(store: &'a Store, failures: &'a [Failure], rest: &'a Rest) -> Self {
        let keys = AnswerKeys::of(failures.iter().map(|f| &f.talk).chain(&rest.talks));
        Self { store, failures, rest, keys, free: (0..failures.len()).collect(), found: Vec::new() }
    }

    fn all(
        mut self,
        embedder: Option<&dyn Embedder>,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<Vec<FoundPattern>, JobError> {
        // A reviewer's word that something failed beats the guess that nothing did.
        let at_once =
            self.take(|f| f.wanted == WantedPerson::AtOnce && f.row.cause.is_none_or(|cause| !cause.is_failure()));
        self.keep(PatternKind::Person, "person", "asked for a person at once".to_owned(), at_once);
        self.tools();
        self.answers(true)?;
        let offered = self.take(|f| f.wanted == WantedPerson::Offered);
        let name = "the AI offered a person and the customer took it".to_owned();
        self.keep(PatternKind::PersonOffered, "person offered", name, offered);
        let later = self.take(|f| f.wanted == WantedPerson::Later);
        let name = "asked for a person after an answer".to_owned();
        self.keep(PatternKind::PersonLater, "person later", name, later);
        self.misunderstood();
        self.answers(false)?;
        if let Some(embedder) = embedder {
            self.questions(embedder, seed, reporter)?;
        }
        self.tell_apart();
        Ok(self.found)
    }

    /// Takes out of the free ones those that something holds of.
    fn take(&mut self, holds: impl Fn(&Failure) -> bool) -> Vec<usize> {
        let (taken, free) = self.free.iter().partition(|&&i| holds(&self.failures[i]));
        self.free = free;
        taken
    }

    /// What clearly goes with failing of some candidates: one after the other, the surest first, each with the failures that have it
    /// and nothing surer. What only stands beside another in the same failures goes with none of those that are left.
    fn clear<T>(&mut self, candidates: Vec<Candidate<T>>, looks: u64) -> Vec<(T, Vec<usize>, FailureEvidence)> {
        let read = Held::of(self.rest.talks.iter());
        let (all, smallest) = (self.all_failures(), self.smallest());
        let mut is_free = vec![false; self.failures.len()];
        self.free.iter().for_each(|&i| is_free[i] = true);
        let with_free = |c: Candidate<T>| {
            let has = self.held(&c.members);
            (c, has)
        };
        let mut left: Vec<(Candidate<T>, Held)> = candidates.into_iter().map(with_free).collect();
        let mut out = Vec::new();
        loop {
            let free = self.failures.iter().zip(&is_free).filter(|(_, free)| **free).map(|(f, _)| &f.talk);
            let free = Held::of(free);
            let surest = left
                .iter()
                .enumerate()
                .filter(|(_, (c, _))| c.members.len() >= smallest)
                .filter_map(|(at, (c, has))| {
                    let found = self.rest.evidence((*has, free), (c.others, read), looks)?;
                    found.clear.then(|| (sureness(&found), c.members.len(), at))
                })
                .max_by(|a, b| a.0.total_cmp(&b.0).then((a.1, b.2).cmp(&(b.1, a.2))));
            let Some((.., at)) = surest else { break };
            let (candidate, _) = left.swap_remove(at);
            candidate.members.iter().for_each(|&i| is_free[i] = false);
            for (c, has) in &mut left {
                let before = c.members.len();
                c.members.retain(|&i| is_free[i]);
                if c.members.len() < before {
                    *has = self.held(&c.members);
                }
            }
            // What is told of it is told of all failures that have it, in whatever pattern they are.
            let told = self.rest.evidence((candidate.had, all), (candidate.others, read), looks);
            out.extend(told.map(|told| (candidate.what, candidate.members, FailureEvidence { clear: true, ..told })));
        }
        self.free.retain(|&i| is_free[i]);
        out
    }

    fn all_failures(&self) -> Held {
        Held::of(self.failures.iter().map(|f| &f.talk))
    }

    fn held(&self, members: &[usize]) -> Held {
        Held::of(members.iter().map(|&i| &self.failures[i].talk))
    }

    fn keep(&mut self, kind: PatternKind, key: &str, name: String, members: Vec<usize>) {
        self.keep_with(kind, Some(key.to_owned()), name, Told::default(), members);
    }

    fn keep_with(&mut self, kind: PatternKind, key: Option<String>, name: String, told: Told, members: Vec<usize>) {
        if members.is_empty() {
            return;
        }
        let Told { examples, evidence } = told;
        let examples = if examples.is_empty() { self.examples(&members) } else { examples };
        let members = members.into_iter().map(|i| self.failures[i].row.id).collect();
        self.found.push(FoundPattern { kind, key, name, examples, members, evidence });
    }

    fn smallest(&self) -> usize {
        FEWEST.max((self.failures.len() as f64 * SHARE).ceil() as usize)
    }

    /// What was asked most often on the most frequent matters, of the training groups (rule 47), one of each before a second one.
    fn examples(&self, members: &[usize]) -> Vec<(ConversationId, TurnKey)> {
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
    fn answered(&self, keys: &[u64], members: &[usize]) -> Result<Vec<(ConversationId, TurnKey)>, JobError> {
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
    fn showing(&self, mut left: Vec<(usize, TurnKey, bool)>) -> Vec<(ConversationId, TurnKey)> {
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
    fn asked_first(&self, by: impl Iterator<Item = usize>) -> Vec<(usize, TurnKey, bool)> {
        let of = |i: usize| {
            let (turn, text) = self.failures[i].talk.asked.as_ref()?;
            Some((i, *turn, says_nothing_personal(text)))
        };
        by.filter_map(of).take(LOOKED_AT).collect()
    }

    fn tools(&mut self) {
        // What several tools say alike has one reason; what only one says is that tool's.
        let (failures, smallest) = (self.failures, self.smallest());
        let mut of_error: BTreeMap<&str, (FxHashSet<&str>, usize)> = BTreeMap::new();
        for error in self.free.iter().flat_map(|&i| &failures[i].talk.errors) {
            let known = of_error.entry(&error.key).or_default();
            known.0.insert(&error.name);
            known.1 += 1;
        }
        let of = |error: &'a ToolError| match of_error.get(&*error.key) {
            Some((tools, n)) if tools.len() > 1 && *n >= smallest => (error.is_technical, true, &*error.key),
            _ => (error.is_technical, false, &*error.name),
        };
        let of_talk = |talk: &'a Talk| talk.errors.iter().map(of).collect::<FxHashSet<_>>();
        let mut candidates: BTreeMap<_, FoundErrors<'_>> = BTreeMap::new();
        for &i in &self.free {
            of_talk(&failures[i].talk).into_iter().for_each(|what| candidates.entry(what).or_default().0.push(i));
        }
        let all = failures.iter().map(|f| &f.talk);
        let having = |what| Held::of(all.clone().filter(|talk| of_talk(talk).contains(&what)));
        for talk in &self.rest.talks {
            for what in of_talk(talk) {
                if let Some(known) = candidates.get_mut(&what) {
                    known.1.push(talk);
                }
            }
        }
        let looks = candidates.values().filter(|(members, others)| members.len() + others.len() >= smallest).count();
        let candidates = candidates
            .into_iter()
            .map(|(what, (members, others))| {
                let others = Held::of(others.into_iter());
                Candidate { what, members, had: having(what), others }
            })
            .collect();
        for ((is_technical, is_error, what), members, found) in self.clear(candidates, looks as u64) {
            let (kind, word) =
                if is_technical { (PatternKind::Tool, "tool") } else { (PatternKind::Refused, "refused") };
            let said = shown(failures, &members, |f| {
                let said = |e: &&ToolError| {
                    e.is_technical == is_technical && [&e.key, &e.name][usize::from(!is_error)] == what
                };
                f.talk.errors.iter().find(said).map(|e| &*e.text)
            });
            let (key, name) = match (is_error, is_technical) {
                (true, _) => {
                    (format!("error:{what}"), said.map_or_else(|| "one error of several tools".to_owned(), quoted))
                }
                (false, true) => (format!("{word}:{what}"), format!("{what} failed")),
                (false, false) => {
                    let no = said.map_or_else(|| "no".to_owned(), quoted);
                    (format!("{word}:{what}"), format!("{what} said {no}"))
                }
            };
            self.keep_with(kind, Some(key), name, Told { evidence: Some(found), ..Told::default() }, members);
        }
    }

    /// What a reviewer says was understood wrongly; with it, where that clearly goes with failing, what seems so.
    fn misunderstood(&mut self) {
        let seems: Vec<usize> =
            self.free.iter().copied().filter(|&i| seems_misunderstood(&self.failures[i].row)).collect();
        let (free, read) = (self.held(&self.free), Held::of(self.rest.talks.iter()));
        let found = self.rest.evidence((self.held(&seems), free), (self.rest.misunderstood, read), 1);
        // Where nothing can be compared it stays what it is.
        let is_clear = found.is_none_or(|f| f.clear);
        let members = self.take(|f| f.is_relabelled() || (is_clear && seems_misunderstood(&f.row)));
        let name = "misunderstood".to_owned();
        let key = Some("misunderstood".to_owned());
        let seems = self.failures.iter().filter(|f| seems_misunderstood(&f.row)).map(|f| &f.talk);
        let told = self.rest.evidence((Held::of(seems), self.all_failures()), (self.rest.misunderstood, read), 1);
        let told = told.filter(|_| found.is_some_and(|f| f.clear)).map(|t| FailureEvidence { clear: true, ..t });
        let told = Told { evidence: told, ..Told::default() };
        self.keep_with(PatternKind::Misunderstood, key, name, told, members);
    }

    /// Equal answers: to several matters, or to one.
    fn answers(&mut self, several: bool) -> Result<(), JobError> {
        let smallest = self.smallest();
        let mut given: FxHashMap<u64, (Vec<usize>, u64)> = FxHashMap::default();
        for &i in &self.free {
            self.keys
                .in_talk(&self.failures[i].talk)
                .into_iter()
                .for_each(|key| given.entry(key).or_default().0.push(i));
        }
        let of_rest: Vec<Vec<u64>> = self.rest.talks.iter().map(|talk| self.keys.in_talk(talk)).collect();
        let of_all: Vec<Vec<u64>> = self.failures.iter().map(|f| self.keys.in_talk(&f.talk)).collect();
        of_rest.iter().flatten().for_each(|key| given.entry(*key).or_default().1 += 1);
        let looks = given.values().filter(|(members, others)| members.len() as u64 + others >= smallest as u64).count();
        let mut groups: Vec<AnswerGroup> = given
            .into_iter()
            .filter(|(_, (members, _))| members.len() >= smallest.div_ceil(2))
            .map(|(key, (members, _))| AnswerGroup::of(self.failures, &self.keys, key, members))
            .collect();
        groups.sort_by(|a, b| {
            b.members.len().cmp(&a.members.len()).then((&a.members, &a.keys).cmp(&(&b.members, &b.keys)))
        });
        let candidates = with_other_language(groups)
            .into_iter()
            .filter(|group| group.members.len() >= smallest && group.is_to_several() == several)
            .map(|group| {
                let has = |keys: &[u64]| keys.iter().any(|key| group.keys.contains(key));
                let others = self.rest.talks.iter().zip(&of_rest).filter(|(_, keys)| has(keys)).map(|(talk, _)| talk);
                let had = self.failures.iter().zip(&of_all).filter(|(_, keys)| has(keys)).map(|(f, _)| &f.talk);
                let (others, had) = (Held::of(others), Held::of(had));
                Candidate { members: group.members, what: group.keys, had, others }
            })
            .collect();
        let kind = if several { PatternKind::NonAnswer } else { PatternKind::Answer };
        for (keys, members, found) in self.clear(candidates, looks as u64) {
            let (key, said) = self.words_of(&keys, &members)?;
            let unsaid = if several { "one answer to several matters" } else { "one answer, again and again" };
            let name = said.unwrap_or_else(|| unsaid.to_owned());
            let examples = self.answered(&keys, &members)?;
            self.keep_with(kind, Some(key), name, Told { evidence: Some(found), examples }, members);
        }
        Ok(())
    }

    /// What an answer is known by from one finding to the next, and its name: its words as most training groups got them (rule 47). Of
    /// two languages the first.
    fn words_of(&self, keys: &[u64], members: &[usize]) -> Result<(String, Option<String>), JobError> {
        let given = |keys: &[u64]| -> Vec<(usize, SaidAnswer)> {
            let said = |&i: &usize| self.keys.one_of(&self.failures[i].talk, keys).map(|answer| (i, *answer));
            members.iter().filter_map(said).collect()
        };
        // Where the first language is in none that is left, the other.
        let given = Some(given(&keys[..1])).filter(|g| !g.is_empty()).unwrap_or_else(|| given(keys));
        let mut often: FxHashMap<u64, usize> = FxHashMap::default();
        let training = || given.iter().filter(|(i, _)| self.failures[*i].row.is_training);
        training().for_each(|(_, a)| *often.entry(a.words).or_default() += 1);
        // Of equals the first.
        let most = training().rev().max_by_key(|(_, a)| often[&a.words]);
        let Some(&(i, answer)) = most.or(given.first()) else { return Ok((format!("answer:{}", keys[0]), None)) };
        let c = self.store.conversation(self.failures[i].row.id)?;
        let turn = c.turns.into_iter().find(|t| t.key == answer.turn);
        let (text, action) = turn.map(|t| (t.text, t.action)).unwrap_or_default();
        let quote = most.is_some().then(|| quoted(&text));
        let Some(action) = action.filter(|_| self.keys.is_action(&answer)) else {
            return Ok((format!("answer:{}", shape(&text)), quote));
        };
        // What an action says in many words goes by its name, too.
        let says_other = |a: &SaidAnswer| a.words != answer.words && a.is_greek == answer.is_greek;
        let is_one = !given.iter().any(|(_, a)| says_other(a));
        Ok((format!("action:{action}"), quote.map(|said| if is_one { said } else { format!("{action}: {said}") })))
    }

    /// No two patterns have one name: a word more tells them apart, what was asked in them, else a number.
    fn tell_apart(&mut self) {
        let mut taken: FxHashSet<String> = FxHashSet::default();
        for pattern in &mut self.found {
            let name = pattern.name.clone();
            let mut nth = 1;
            while !taken.insert(pattern.name.to_lowercase()) {
                nth += 1;
                pattern.name = format!("{name} ({nth})");
            }
        }
    }
}

/// What the first of some failures that may be shown says: only training groups' words stand on a screen (rule 47).
fn shown<'a>(
    failures: &'a [Failure],
    members: &[usize],
    says: impl Fn(&'a Failure) -> Option<&'a str>,
) -> Option<&'a str> {
    members.iter().map(|&i| &failures[i]).filter(|f| f.row.is_training).find_map(says)
}

/// The beginning of what was said, in quotes.
fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = text.chars().take(QUOTED).collect();
    if cut.len() == text.len() { format!("“{text}”") } else { format!("“{}…”", cut.trim_end()) }
}

#[cfg(test)]
mod tests;
