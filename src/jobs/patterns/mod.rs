//! What fails alike, found without labels: from what was asked, what was answered, what was called, and how it ended.
//!
//! The first that holds tells: a person was asked for; a tool failed; one answer over several matters; misunderstood; one answer
//! with which a matter fails again and again; else groups of what was asked ([`crate::learn::cluster`]). What is in no group is not
//! forced into one.

pub mod detect;
mod notes;
mod reading;
pub mod topics;

use crate::domain::{ConversationId, PatternKind, QueryMoment, Reporter, Timestamp, TurnKey};
use crate::jobs::JobError;
use crate::learn::cluster::{ClusterRecipe, clusters, terms_among};
use crate::learn::vectors::embed::Embedder;
use crate::store::{FoundPattern, Store};
use reading::{AiAnswer, Failure};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Calendar days that patterns are looked for in: half a year, as they are shown.
pub const HALF_A_YEAR: i64 = 182;
/// Failures that are read, the newest.
const MOST: usize = 100_000;
/// An answer is one to several matters from so many intents on, without intents from so many different questions on.
const MATTERS: usize = 3;
const QUESTIONS: usize = 5;
/// The smallest pattern of one answer or one error, at least and as a share of all failures.
const FEWEST: usize = 3;
const SHARE: f64 = 0.02;
/// What is handed over as a rule: so many conversations, and such a share of them.
const HANDED_OVER: (u64, f64) = (20, 0.8);
/// How alike the matters are in which an answer and its other language are given: the cosine of their counts.
const SAME_MATTERS: f64 = 0.35;
/// Letters of a quoted answer: a wide screen shows them all.
const QUOTED: usize = 72;

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
    let mut found = PatternSearch::new(&failures).all(embedder, seed, reporter)?;
    let held = found.iter().map(|p| p.members.len() as u64).sum();
    let patterns = found.len() as u64;
    found.extend(notes::noted(store, embedder, seed, reporter)?);
    store.keep_patterns(&found, now)?;
    Ok(PatternsFound { failures: total, patterns, held })
}

/// Failures, and which of them no pattern holds yet.
struct PatternSearch<'a> {
    failures: &'a [Failure],
    free: Vec<usize>,
    found: Vec<FoundPattern>,
}

impl<'a> PatternSearch<'a> {
    fn new(failures: &'a [Failure]) -> Self {
        Self { failures, free: (0..failures.len()).collect(), found: Vec::new() }
    }

    fn all(
        mut self,
        embedder: Option<&dyn Embedder>,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<Vec<FoundPattern>, JobError> {
        let wanted = self.take(|f| f.wanted_person);
        self.keep(PatternKind::Person, Some("person".to_owned()), "asked for a person at once".to_owned(), wanted);
        self.tools();
        self.answers(true);
        let later = self.take(|f| f.wanted_person_later);
        self.keep(
            PatternKind::PersonLater,
            Some("person later".to_owned()),
            "asked for a person after an answer".to_owned(),
            later,
        );
        let misunderstood = self.take(Failure::is_misunderstood);
        self.misunderstood(misunderstood);
        self.answers(false);
        self.questions(embedder, seed, reporter)?;
        Ok(self.found)
    }

    /// Takes out of the free ones those that something holds of.
    fn take(&mut self, holds: impl Fn(&Failure) -> bool) -> Vec<usize> {
        let (taken, free) = self.free.iter().partition(|&&i| holds(&self.failures[i]));
        self.free = free;
        taken
    }

    fn keep(&mut self, kind: PatternKind, key: Option<String>, name: String, members: Vec<usize>) {
        if members.is_empty() {
            return;
        }
        let example = self.example(&members);
        self.keep_with(kind, key, name, example, members);
    }

    fn keep_with(
        &mut self,
        kind: PatternKind,
        key: Option<String>,
        name: String,
        example: Option<(ConversationId, TurnKey)>,
        members: Vec<usize>,
    ) {
        let members = members.into_iter().map(|i| self.failures[i].row.id).collect();
        self.found.push(FoundPattern { kind, key, name, example, members });
    }

    fn smallest(&self) -> usize {
        FEWEST.max((self.failures.len() as f64 * SHARE).ceil() as usize)
    }

    /// What was asked most often, of the training groups (rule 47).
    fn example(&self, members: &[usize]) -> Option<(ConversationId, TurnKey)> {
        let mut asked: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for &i in members.iter().filter(|&&i| self.failures[i].row.is_training) {
            if let Some((_, text)) = &self.failures[i].asked {
                asked.entry(text.to_lowercase()).or_insert((0, i)).0 += 1;
            }
        }
        let (_, (_, i)) = asked.into_iter().max_by(|a, b| a.1.0.cmp(&b.1.0).then(b.1.1.cmp(&a.1.1)))?;
        self.turn(i)
    }

    fn turn(&self, i: usize) -> Option<(ConversationId, TurnKey)> {
        self.failures[i].asked.as_ref().map(|(turn, _)| (self.failures[i].row.id, *turn))
    }

    fn tools(&mut self) {
        // What several tools say alike has one reason; what only one says is that tool's.
        let failures = self.failures;
        let mut of_error: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut of_tool: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for i in self.take(|f| f.tool.is_some()) {
            let Some(tool) = &failures[i].tool else { continue };
            of_error.entry(&tool.key).or_default().push(i);
        }
        let smallest = self.smallest();
        for (error, members) in of_error {
            let tools: FxHashSet<&str> =
                members.iter().filter_map(|&i| failures[i].tool.as_ref()).map(|t| &*t.name).collect();
            if tools.len() > 1 && members.len() >= smallest {
                let said = shown(failures, &members, |f| f.tool.as_ref().map(|t| &*t.text));
                let name = said.map_or_else(|| "one error of several tools".to_owned(), quoted);
                self.keep(PatternKind::Tool, Some(format!("error:{error}")), name, members);
            } else {
                for i in members {
                    let Some(tool) = &failures[i].tool else { continue };
                    of_tool.entry(&tool.name).or_default().push(i);
                }
            }
        }
        for (tool, mut members) in of_tool {
            members.sort_unstable();
            self.keep(PatternKind::Tool, Some(format!("tool:{tool}")), format!("{tool} failed"), members);
        }
    }

    fn misunderstood(&mut self, members: Vec<usize>) {
        let matters: FxHashSet<_> = members
            .iter()
            .filter_map(|&i| self.failures[i].row.label.or(self.failures[i].row.live.map(|l| l.0)))
            .collect();
        let name = match matters.len() {
            0 => "misunderstood".to_owned(),
            1 => "misunderstood: 1 intent".to_owned(),
            n => format!("misunderstood: {n} intents"),
        };
        self.keep(PatternKind::Misunderstood, Some("misunderstood".to_owned()), name, members);
    }

    /// Equal answers: to several matters, or else those with which one matter fails often.
    fn answers(&mut self, several: bool) {
        let smallest = self.smallest();
        let mut of: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for &i in &self.free {
            if let Some(answer) = &self.failures[i].answer {
                of.entry(&answer.key).or_default().push(i);
            }
        }
        let mut groups: Vec<AnswerGroup<'a>> =
            of.into_values().filter_map(|members| AnswerGroup::of(self.failures, members)).collect();
        groups.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(a.members[0].cmp(&b.members[0])));
        for group in with_other_language(groups) {
            if group.members.len() < smallest || group.is_to_several() != several {
                continue;
            }
            let taken: FxHashSet<usize> = group.members.iter().copied().collect();
            self.free.retain(|i| !taken.contains(i));
            let (kind, unsaid) = match several {
                true => (PatternKind::NonAnswer, "one answer to several matters"),
                false => (PatternKind::Answer, "one answer, again and again"),
            };
            let mut members = group.members;
            members.sort_unstable();
            // What the group began with, not its other language.
            let said = shown(self.failures, &members, |f| {
                f.answer.as_ref().filter(|a| a.key == group.answer.key).map(|a| &*a.text)
            });
            let name = said.map_or_else(|| unsaid.to_owned(), quoted);
            self.keep(kind, Some(format!("answer:{}", group.answer.key)), name, members);
        }
    }

    /// Groups of what was asked in what is left.
    fn questions(
        &mut self,
        embedder: Option<&dyn Embedder>,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<(), JobError> {
        let Some(embedder) = embedder else { return Ok(()) };
        let mut with: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &i in &self.free {
            if let Some((_, text)) = &self.failures[i].asked {
                with.entry(text).or_default().push(i);
            }
        }
        let texts: Vec<&str> = with.keys().copied().collect();
        let vectors = embedder.embed(&texts, reporter)?;
        let recipe = ClusterRecipe {
            resolution: 4.0,
            smallest: ClusterRecipe::worth_showing(texts.len()).max(self.smallest() / 2),
            leave_out: 0.2,
            ..ClusterRecipe::plain(seed)
        };
        let found = clusters(&texts, &vectors, embedder.width(), recipe, reporter)?;
        let of: Vec<&Vec<usize>> = with.values().collect();
        let voices = |t: u32| -> Vec<i64> {
            let rows = of[t as usize].iter().map(|&i| &self.failures[i].row);
            rows.filter(|row| row.is_training).map(|row| row.group).collect()
        };
        let terms = terms_among(&texts, found.groups.iter().map(|g| &*g.members), voices);
        for (group, terms) in found.groups.into_iter().zip(terms) {
            let mut members: Vec<usize> = group.members.iter().flat_map(|&t| of[t as usize].iter().copied()).collect();
            members.sort_unstable();
            let of_medoid = of[group.medoid as usize].iter().copied().find(|&i| self.failures[i].row.is_training);
            let example = of_medoid.and_then(|i| self.turn(i)).or_else(|| self.example(&members));
            let name = if terms.is_empty() { "asked alike".to_owned() } else { terms.join(", ") };
            self.keep_with(PatternKind::Question, None, name, example, members);
        }
        Ok(())
    }
}

/// One answer, and where it was given.
struct AnswerGroup<'a> {
    answer: &'a AiAnswer,
    members: Vec<usize>,
    /// How often it was given to each intent; of logs without intents to each question.
    matters: BTreeMap<String, u64>,
    has_intents: bool,
}

impl<'a> AnswerGroup<'a> {
    fn of(failures: &'a [Failure], members: Vec<usize>) -> Option<Self> {
        let answer = failures[*members.first()?].answer.as_ref()?;
        let has_intents = members.iter().any(|&i| failures[i].row.logged.is_some());
        let mut matters = BTreeMap::new();
        for &i in &members {
            let matter = match failures[i].row.matter() {
                Some(intent) => intent.0.to_string(),
                None if has_intents => continue,
                None => failures[i].asked.as_ref().map(|a| a.1.to_lowercase()).unwrap_or_default(),
            };
            *matters.entry(matter).or_insert(0) += 1;
        }
        Some(Self { answer, members, matters, has_intents })
    }

    fn is_to_several(&self) -> bool {
        self.matters.len() >= if self.has_intents { MATTERS } else { QUESTIONS }
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
fn with_other_language(groups: Vec<AnswerGroup<'_>>) -> Vec<AnswerGroup<'_>> {
    let mut out: Vec<AnswerGroup<'_>> = Vec::new();
    let mut is_joined: Vec<bool> = Vec::new();
    for group in groups {
        let partner = (0..out.len())
            .filter(|&i| !is_joined[i] && out[i].answer.is_greek != group.answer.is_greek)
            .filter(|&i| out[i].is_to_several() == group.is_to_several())
            .map(|i| (i, out[i].alike(&group)))
            .filter(|(_, alike)| *alike >= SAME_MATTERS)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match partner {
            Some((i, _)) => {
                is_joined[i] = true;
                out[i].members.extend(group.members);
                group.matters.into_iter().for_each(|(m, n)| *out[i].matters.entry(m).or_insert(0) += n);
            }
            None => {
                out.push(group);
                is_joined.push(false);
            }
        }
    }
    out
}

/// What the first of some failures that may be shown says: only training groups' words stand on a screen (rule 47).
fn shown<'a>(
    failures: &'a [Failure],
    members: &[usize],
    says: impl Fn(&'a Failure) -> Option<&'a str>,
) -> Option<&'a str> {
    members.iter().map(|&i| &failures[i]).filter(|f| f.row.is_training).find_map(says)
}

/// The beginning of an answer in quotes.
fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = text.chars().take(QUOTED).collect();
    if cut.len() == text.len() { format!("“{text}”") } else { format!("“{}…”", cut.trim_end()) }
}

#[cfg(test)]
mod tests;
