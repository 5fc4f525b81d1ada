//! Groups of what was asked, where nothing else tells.

use super::{PatternSearch, quoted};
use crate::domain::{FailureEvidence, PatternKind, Reporter};
use crate::jobs::JobError;
use crate::learn::cluster::{ClusterGroup, ClusterRecipe, clusters, dot, middle, terms_among};
use crate::learn::vectors::embed::Embedder;
use std::collections::BTreeMap;

/// Conversations that did not fail, of which so many are put to the groups at most.
const MOST: usize = 5_000;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;

/// Requests with their vectors, row after row.
struct Asked<'a> {
    texts: Vec<&'a str>,
    /// How many conversations ask each.
    times: Vec<u64>,
    vectors: Vec<f32>,
}

impl<'a> Asked<'a> {
    fn of(with: BTreeMap<&'a str, u64>, embedder: &dyn Embedder, reporter: &dyn Reporter) -> Result<Self, JobError> {
        let (texts, times): (Vec<&str>, Vec<u64>) = with.into_iter().unzip();
        let vectors = embedder.embed(&texts, reporter)?;
        Ok(Self { texts, times, vectors })
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
    fn of(terms: Vec<String>, members: Vec<u32>, asked: &Asked<'_>, width: usize) -> Self {
        let middle = middle(&asked.vectors, width, &members);
        let mut near: Vec<f32> =
            members.iter().map(|&t| dot(&asked.vectors[t as usize * width..][..width], &middle)).collect();
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
fn joined(groups: Vec<ClusterGroup>, terms: Vec<Vec<String>>, asked: &Asked<'_>, width: usize) -> Vec<QuestionGroup> {
    let mut out: Vec<(Vec<String>, Vec<String>, Vec<u32>)> = Vec::new();
    for (group, terms) in groups.into_iter().zip(terms) {
        let mut told = terms.clone();
        told.sort_unstable();
        match out.iter_mut().find(|(known, ..)| !told.is_empty() && *known == told) {
            Some((.., members)) => members.extend(group.members),
            None => out.push((told, terms, group.members)),
        }
    }
    out.into_iter().map(|(_, terms, members)| QuestionGroup::of(terms, members, asked, width)).collect()
}

impl PatternSearch<'_> {
    /// Groups of what was asked in what is left. What is asked most fails most: it is told of each whether it fails more than the rest.
    pub(super) fn questions(
        &mut self,
        embedder: &dyn Embedder,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<(), JobError> {
        let (failures, width) = (self.failures, embedder.width());
        let mut with: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &i in &self.free {
            if let Some((_, text)) = &failures[i].talk.asked {
                with.entry(text).or_default().push(i);
            }
        }
        let counts = with.iter().map(|(text, who)| (*text, who.len() as u64)).collect();
        let asked = Asked::of(counts, embedder, reporter)?;
        let recipe = ClusterRecipe {
            resolution: 4.0,
            smallest: ClusterRecipe::worth_showing(asked.texts.len()).max(self.smallest() / 2),
            leave_out: 0.2,
            ..ClusterRecipe::plain(seed)
        };
        let found = clusters(&asked.texts, &asked.vectors, width, recipe, reporter)?.groups;
        let of: Vec<&Vec<usize>> = with.values().collect();
        let voices = |t: u32| -> Vec<i64> {
            let rows = of[t as usize].iter().map(|&i| &failures[i].row);
            rows.filter(|row| row.is_training).map(|row| row.group).collect()
        };
        let terms = terms_among(&asked.texts, found.iter().map(|g| &*g.members), voices);
        let mut groups = joined(found, terms, &asked, width);
        // Requests that lie as near as a group's own are of it, whatever the graph made of them.
        groups.iter_mut().for_each(|g| g.members.clear());
        for (t, vector) in asked.vectors.chunks_exact(width.max(1)).enumerate() {
            if let Some(at) = QuestionGroup::nearest(&groups, vector) {
                groups[at].members.push(t as u32);
            }
        }
        let evidence = self.of_questions(&asked, &groups, embedder, reporter)?;
        for (group, evidence) in groups.into_iter().zip(evidence) {
            // The nearest to the middle that may be shown (rule 47).
            let near = |t: &&u32| dot(&asked.vectors[**t as usize * width..][..width], &group.middle);
            let shown = |t: &u32| of[*t as usize].iter().copied().find(|&i| failures[i].row.is_training);
            let middle = group
                .members
                .iter()
                .filter(|t| shown(t).is_some())
                .max_by(|a, b| near(a).total_cmp(&near(b)).then(b.cmp(a)))
                .and_then(shown);
            let said = middle.and_then(|i| failures[i].talk.asked.as_ref()).map(|a| quoted(&a.1));
            let name = match (group.terms.is_empty(), said) {
                (false, _) => group.terms.join(", "),
                (true, Some(said)) => said,
                (true, None) => "asked alike".to_owned(),
            };
            let mut members: Vec<usize> = group.members.iter().flat_map(|&t| of[t as usize].iter().copied()).collect();
            members.sort_unstable();
            if members.len() < recipe.smallest {
                continue;
            }
            let example = middle.and_then(|i| self.turn(i));
            self.keep_with(PatternKind::Question, None, name, (example, evidence), members);
        }
        Ok(())
    }

    /// How the groups go with failing: requests that failed and others count as of a group by one rule, how near to its middle they lie.
    fn of_questions(
        &self,
        asked: &Asked<'_>,
        groups: &[QuestionGroup],
        embedder: &dyn Embedder,
        reporter: &dyn Reporter,
    ) -> Result<Vec<Option<FailureEvidence>>, JobError> {
        let mut with: BTreeMap<&str, u64> = BTreeMap::new();
        let step = self.rest.talks.len().div_ceil(MOST).max(1);
        for (_, text) in self.rest.talks.iter().step_by(step).filter_map(|t| t.asked.as_ref()) {
            *with.entry(text).or_default() += 1;
        }
        let others = Asked::of(with, embedder, reporter)?;
        let mut rest = vec![0; groups.len()];
        for (vector, times) in others.vectors.chunks_exact(embedder.width().max(1)).zip(&others.times) {
            if let Some(at) = QuestionGroup::nearest(groups, vector) {
                rest[at] += times;
            }
        }
        let (failures, read) = (asked.times.iter().sum(), others.times.iter().sum());
        let failed = |g: &QuestionGroup| g.members.iter().map(|&t| asked.times[t as usize]).sum();
        let looks = groups.len() as u64;
        Ok(groups.iter().zip(rest).map(|(g, r)| self.rest.evidence((failed(g), failures), (r, read), looks)).collect())
    }
}
