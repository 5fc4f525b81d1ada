//! Groups of what was asked, where nothing else tells.

use super::evidence::Held;
use super::reading::{Failure, Talk};
use super::{FEWEST, PatternSearch, Told, quoted};
use crate::domain::{FailureEvidence, PatternKind, Reporter};
use crate::jobs::JobError;
use crate::learn::cluster::{ClusterGroup, ClusterRecipe, clusters, dot, middle, terms_among};
use crate::learn::vectors::embed::Embedder;
use crate::text::letters::is_unspaced;
use crate::text::normalise::shape;
use crate::text::redact;
use std::collections::BTreeMap;

/// Conversations that did not fail, of which so many are put to the groups at most.
const MOST: usize = 5_000;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;

/// A request, and who asks it. Requests that differ in figures and in what is masked alone are one.
#[derive(Default)]
struct Request<'a> {
    /// As a training group puts it, where one asks it (rule 47).
    text: &'a str,
    is_training: bool,
    /// Failures that ask it.
    failures: Vec<usize>,
    /// What of the rest asks it.
    rest: Vec<&'a Talk>,
}

impl<'a> Request<'a> {
    /// All requests of some failures and of some of the rest, in the order of their words.
    fn all(failures: &'a [Failure], free: &[usize], rest: impl Iterator<Item = &'a Talk>) -> Vec<Self> {
        let mut with: BTreeMap<String, Self> = BTreeMap::new();
        for &i in free {
            let Some((_, text)) = &failures[i].talk.asked else { continue };
            let (request, is_training) = (with.entry(shape(&redact(text))).or_default(), failures[i].row.is_training);
            if request.failures.is_empty() || (is_training && !request.is_training) {
                (request.text, request.is_training) = (text, is_training);
            }
            request.failures.push(i);
        }
        for talk in rest {
            let Some((_, text)) = &talk.asked else { continue };
            let request = with.entry(shape(&redact(text))).or_default();
            if request.failures.is_empty() && request.rest.is_empty() {
                request.text = text;
            }
            request.rest.push(talk);
        }
        with.into_values().collect()
    }
}

/// A group of requests: its middle, and how near to it a request must lie.
struct QuestionGroup {
    terms: Vec<String>,
    members: Vec<u32>,
    middle: Vec<f32>,
    nearest: f32,
}

impl QuestionGroup {
    fn of(terms: Vec<String>, members: Vec<u32>, vectors: &[f32], width: usize) -> Self {
        let middle = middle(vectors, width, &members);
        let mut near: Vec<f32> =
            members.iter().map(|&t| dot(&vectors[t as usize * width..][..width], &middle)).collect();
        near.sort_unstable_by(f32::total_cmp);
        let nearest = near.get((near.len() as f64 * LOOSE) as usize).copied().unwrap_or(1.0);
        Self { terms, members, middle, nearest }
    }

    /// The group that a request is of; `None` where it lies too far from all.
    fn nearest(groups: &[Self], vector: &[f32]) -> Option<usize> {
        let near = groups.iter().map(|g| dot(vector, &g.middle)).enumerate();
        let (at, cosine) = near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        // What has no vector is near to nothing.
        (cosine >= groups[at].nearest && vector.iter().any(|&x| x != 0.0)).then_some(at)
    }
}

/// Groups that are told by the same words are one: a large matter comes in many parts.
fn joined(groups: Vec<ClusterGroup>, terms: Vec<Vec<String>>, vectors: &[f32], width: usize) -> Vec<QuestionGroup> {
    let mut out: Vec<(Vec<String>, Vec<String>, Vec<u32>)> = Vec::new();
    for (group, terms) in groups.into_iter().zip(terms) {
        let mut told = terms.clone();
        told.sort_unstable();
        match out.iter_mut().find(|(known, ..)| !told.is_empty() && *known == told) {
            Some((.., members)) => members.extend(group.members),
            None => out.push((told, terms, group.members)),
        }
    }
    out.into_iter().map(|(_, terms, members)| QuestionGroup::of(terms, members, vectors, width)).collect()
}

impl PatternSearch<'_> {
    /// Groups of what was asked in what is left. What is asked most fails most: it is told of each whether it fails more than the rest.
    /// So all requests are grouped, and only then it is looked at who failed: groups of failures alone would lie closer to failures.
    pub(super) fn questions(
        &mut self,
        embedder: &dyn Embedder,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<(), JobError> {
        let (failures, width) = (self.failures, embedder.width());
        let step = self.rest.talks.len().div_ceil(MOST).max(1);
        let requests = Request::all(failures, &self.free, self.rest.talks.iter().step_by(step));
        let texts: Vec<&str> = requests.iter().map(|r| r.text).collect();
        let counts: Vec<u32> = requests.iter().map(|r| (r.failures.len() + r.rest.len()) as u32).collect();
        let vectors = embedder.embed(&texts, reporter)?;
        let smallest = ClusterRecipe::worth_showing(texts.len());
        let recipe = ClusterRecipe { resolution: 4.0, smallest, leave_out: 0.2, ..ClusterRecipe::plain(seed) };
        let found = clusters(&texts, &counts, &vectors, width, recipe, reporter)?.groups;
        let shown =
            |t: u32| requests[t as usize].failures.iter().map(|&i| &failures[i].row).filter(|row| row.is_training);
        let voices = |t: u32| -> Vec<i64> { shown(t).map(|row| row.group).collect() };
        let terms = terms_among(&texts, found.iter().map(|g| &*g.members), voices);
        let mut groups = joined(found, terms, &vectors, width);
        // Requests that lie as near as a group's own are of it, whatever the graph made of them.
        groups.iter_mut().for_each(|g| g.members.clear());
        for (t, vector) in vectors.chunks_exact(width.max(1)).enumerate() {
            if let Some(at) = QuestionGroup::nearest(&groups, vector) {
                groups[at].members.push(t as u32);
            }
        }
        let held = |texts: &[u32]| {
            let of = || texts.iter().map(|&t| &requests[t as usize]);
            let failed = of().flat_map(|r| &r.failures).map(|&i| &failures[i].talk);
            (Held::of(failed), Held::of(of().flat_map(|r| r.rest.iter().copied())))
        };
        let all: Vec<u32> = (0..texts.len() as u32).collect();
        let (failed, read) = held(&all);
        let (looks, fewest) = (groups.len() as u64, FEWEST.max(self.smallest() / 2));
        for group in groups {
            let mut members: Vec<usize> =
                group.members.iter().flat_map(|&t| requests[t as usize].failures.iter().copied()).collect();
            if members.len() < fewest {
                continue;
            }
            members.sort_unstable();
            let (here, rest) = held(&group.members);
            // It is looked for among what is in no pattern, and told of all.
            let clear = self.rest.evidence((here, failed), (rest, read), looks).is_some_and(|e| e.clear);
            let evidence = self.rest.evidence((here, self.all_failures()), (rest, read), looks);
            let evidence = evidence.map(|e| FailureEvidence { clear, ..e });
            // The nearest to the middle that may be shown (rule 47).
            let near = |t: u32| dot(&vectors[t as usize * width..][..width], &group.middle);
            let mut nearest: Vec<u32> = group.members.iter().copied().filter(|&t| shown(t).next().is_some()).collect();
            nearest.sort_by(|&a, &b| near(b).total_cmp(&near(a)).then(a.cmp(&b)));
            // Pieces of a script without spaces tell groups apart, and are no words that somebody reads.
            let is_readable = !group.terms.is_empty() && !group.terms.iter().any(|t| is_unspaced(t));
            let name = match (is_readable, nearest.first()) {
                (true, _) => group.terms.join(", "),
                (false, Some(&t)) => quoted(texts[t as usize]),
                (false, None) => "asked alike".to_owned(),
            };
            let of_training =
                |t: u32| requests[t as usize].failures.iter().copied().find(|&i| failures[i].row.is_training);
            let examples = self.showing(self.asked_first(nearest.into_iter().filter_map(of_training)));
            self.keep_with(PatternKind::Question, None, name, Told { examples, evidence }, members);
        }
        Ok(())
    }
}
