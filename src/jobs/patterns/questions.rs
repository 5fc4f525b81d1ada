//! Groups of what was asked, where nothing else tells.

use super::{FEWEST, PatternSearch, quoted};
use crate::domain::{PatternKind, Reporter};
use crate::jobs::JobError;
use crate::learn::cluster::{ClusterGroup, ClusterRecipe, clusters, dot, middle, terms_among};
use crate::learn::vectors::embed::Embedder;
use crate::text::letters::is_unspaced;
use std::collections::BTreeMap;

/// Conversations that did not fail, of which so many are put to the groups at most.
const MOST: usize = 5_000;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;

/// A request: which failures ask it, and how many of the rest.
type Askers = (Vec<usize>, u64);

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
        let mut with: BTreeMap<&str, Askers> = BTreeMap::new();
        for &i in &self.free {
            if let Some((_, text)) = &failures[i].talk.asked {
                with.entry(text).or_default().0.push(i);
            }
        }
        let step = self.rest.talks.len().div_ceil(MOST).max(1);
        for (_, text) in self.rest.talks.iter().step_by(step).filter_map(|t| t.asked.as_ref()) {
            with.entry(text).or_default().1 += 1;
        }
        let (texts, askers): (Vec<&str>, Vec<Askers>) = with.into_iter().unzip();
        let vectors = embedder.embed(&texts, reporter)?;
        let smallest = ClusterRecipe::worth_showing(texts.len());
        let recipe = ClusterRecipe { resolution: 4.0, smallest, leave_out: 0.2, ..ClusterRecipe::plain(seed) };
        let found = clusters(&texts, &vectors, width, recipe, reporter)?.groups;
        let shown = |t: u32| askers[t as usize].0.iter().map(|&i| &failures[i].row).filter(|row| row.is_training);
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
        let count = |of: &mut dyn Iterator<Item = &Askers>| {
            of.fold((0, 0), |(failed, rest), (who, n)| (failed + who.len() as u64, rest + n))
        };
        let (failed, read) = count(&mut askers.iter());
        let (looks, fewest) = (groups.len() as u64, FEWEST.max(self.smallest() / 2));
        for group in groups {
            let (here, rest) = count(&mut group.members.iter().map(|&t| &askers[t as usize]));
            if here < fewest as u64 {
                continue;
            }
            let evidence = self.rest.evidence((here, failed), (rest, read), looks);
            // The nearest to the middle that may be shown (rule 47).
            let near = |t: u32| dot(&vectors[t as usize * width..][..width], &group.middle);
            let middle = group.members.iter().copied().filter(|&t| shown(t).next().is_some());
            let middle = middle.max_by(|&a, &b| near(a).total_cmp(&near(b)).then(b.cmp(&a)));
            // Pieces of a script without spaces tell groups apart, and are no words that somebody reads.
            let is_readable = !group.terms.is_empty() && !group.terms.iter().any(|t| is_unspaced(t));
            let name = match (is_readable, middle) {
                (true, _) => group.terms.join(", "),
                (false, Some(t)) => quoted(texts[t as usize]),
                (false, None) => "asked alike".to_owned(),
            };
            let of_training = |t: u32| askers[t as usize].0.iter().copied().find(|&i| failures[i].row.is_training);
            let example = middle.and_then(of_training).and_then(|i| self.turn(i));
            let mut members: Vec<usize> =
                group.members.iter().flat_map(|&t| askers[t as usize].0.iter().copied()).collect();
            members.sort_unstable();
            self.keep_with(PatternKind::Question, None, name, (example, evidence), members);
        }
        Ok(())
    }
}
