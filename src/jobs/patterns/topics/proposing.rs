//! Proposing a list: groups of first requests, those that want the same put together, named by what they want.

use super::examples::{example_of, masked};
use super::{TopicCentre, TopicLine, asked, key_of, place};
use crate::domain::{ConversationId, Reporter};
use crate::jobs::JobError;
use crate::learn::cluster::{
    ClusterRecipe, Wanted, clusters, dot, linked, middle, says, shared_words, terms_among, wants, without_common,
};
use crate::learn::vectors::embed::Embedder;
use crate::store::{NewTopic, Store};
use crate::text::name_key;
use serde::Serialize;
use std::collections::BTreeMap;

/// First requests that a list is made from, the newest.
const MOST: usize = 50_000;
/// Finer than wants are: what is split by wording is put together again by what it wants.
const RESOLUTION: f64 = 8.0;
/// Cosine of two groups' middles, without what all requests share, from which on groups that are told by the same word want the
/// same.
const SAME: f32 = 0.35;
/// The same from which on groups are of one first level. Both were chosen on first requests of three kinds (an airline's, thirteen
/// services', CLINC150's ten domains).
const KIN: f32 = 0.25;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;
/// Letters of a name.
const LETTERS: usize = 40;

/// A group that is proposed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProposedTopic {
    /// The first level.
    pub group: String,
    /// The intent.
    pub intent: String,
    /// What it is about, in words.
    pub description: String,
    /// A request that shows it, of a training group: where there is one, without anything of one person. Hostile.
    pub example: String,
    /// Conversations whose first request is of it, as they will be once the list is accepted.
    pub n: u64,
}

impl ProposedTopic {
    /// As a line of a list.
    pub fn line(&self) -> TopicLine {
        TopicLine {
            group: self.group.clone(),
            intent: self.intent.clone(),
            description: self.description.clone(),
            example: self.example.clone(),
        }
    }

    /// With what identifies a person replaced (rule 32).
    #[must_use]
    pub fn masked(self) -> Self {
        Self { example: masked(&self.example), ..self }
    }
}

/// First requests that are grouped.
struct Requests<'a> {
    texts: Vec<&'a str>,
    /// Who asks each.
    by: Vec<&'a [i64]>,
    vectors: Vec<f32>,
    /// The vectors without what all requests share.
    apart: Vec<f32>,
    width: usize,
}

impl Requests<'_> {
    fn voices(&self, text: u32) -> Vec<i64> {
        self.by[text as usize].to_vec()
    }

    fn wants(&self, groups: &[Vec<u32>]) -> Vec<Wanted> {
        wants(&self.texts, groups, &|t| self.voices(t))
    }

    fn middles(&self, groups: &[Vec<u32>]) -> Vec<Vec<f32>> {
        groups.iter().map(|g| middle(&self.apart, self.width, g)).collect()
    }

    /// Puts groups together that are told by the same word and lie close, until none are left.
    fn same_put_together(&self, mut groups: Vec<Vec<u32>>) -> (Vec<Vec<u32>>, Vec<Wanted>) {
        loop {
            let told = self.wants(&groups);
            let middles = self.middles(&groups);
            let middles: Vec<&[f32]> = middles.iter().map(Vec::as_slice).collect();
            let lists = linked(&middles, SAME, |i, j| !told[i].word.is_empty() && told[i].word == told[j].word);
            // What would have one name is one topic, unless it points elsewhere.
            let lists = if lists.len() < groups.len() {
                lists
            } else {
                linked(&middles, 0.0, |i, j| told[i].names.first() == told[j].names.first())
            };
            if lists.len() == groups.len() {
                return (groups, told);
            }
            groups = lists
                .iter()
                .map(|list| {
                    let mut all: Vec<u32> = list.iter().flat_map(|&g| groups[g].iter().copied()).collect();
                    all.sort_unstable();
                    all
                })
                .collect();
        }
    }

    /// The cosine to its middle that all but the loosest of a group have.
    fn nearest(&self, group: &[u32], centre: &[f32]) -> f64 {
        let mut near: Vec<f32> =
            group.iter().map(|&t| dot(&self.vectors[t as usize * self.width..][..self.width], centre)).collect();
        near.sort_by(f32::total_cmp);
        f64::from(near[((near.len() as f64 * LOOSE) as usize).min(near.len() - 1)])
    }
}

/// Groups first requests of training groups, and names them by what they want. Counts all conversations by the rule that an accepted
/// list follows.
///
/// # Errors
/// There are too few; the store cannot be read; cancelled.
pub fn propose_topics(
    store: &Store,
    embedder: &dyn Embedder,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Vec<ProposedTopic>, JobError> {
    let rows = store.first_requests(MOST)?;
    let mut with: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (customer, text) in rows {
        with.entry(asked(&text)).or_default().push(customer);
    }
    // How somebody begins is nothing that they want.
    with.remove("");
    if with.len() < 10 {
        return Err(JobError::NothingToLearn(format!(
            "a list of topics takes at least 10 different first requests of customers outside test groups; there are {}",
            with.len()
        )));
    }
    let texts: Vec<&str> = with.keys().map(String::as_str).collect();
    let (vectors, width) = (embedder.embed(&texts, reporter)?, embedder.width());
    let apart = without_common(&vectors, width);
    let requests = Requests { texts, by: with.values().map(Vec::as_slice).collect(), vectors, apart, width };
    let (groups, told) = requests.same_put_together(grouped(&requests, seed, reporter)?);
    // What no word tells is no want: names that were asked for, nothing but signs.
    let (groups, told): (Vec<_>, Vec<_>) = groups.into_iter().zip(told).filter(|(_, t)| !t.word.is_empty()).unzip();
    if groups.is_empty() {
        return Err(JobError::NothingToLearn("no requests are alike enough to make a list of topics".to_owned()));
    }
    let topics = named(&requests, &groups, &told);
    counted(store, embedder, topics, reporter)
}

/// Groups of requests: as fine as can be where at least half of them are in one.
fn grouped(requests: &Requests<'_>, seed: u64, reporter: &dyn Reporter) -> Result<Vec<Vec<u32>>, JobError> {
    let n = requests.texts.len();
    let counts: Vec<u32> = requests.by.iter().map(|by| by.len() as u32).collect();
    let mut resolution = RESOLUTION;
    loop {
        let smallest = ClusterRecipe::worth_showing(n);
        let recipe = ClusterRecipe { resolution, smallest, ..ClusterRecipe::plain(seed) };
        let found = clusters(&requests.texts, &counts, &requests.apart, requests.width, recipe, reporter)?;
        if resolution <= 1.0 || 2 * found.of.iter().flatten().count() >= n {
            return Ok(found.groups.into_iter().map(|g| g.members).collect());
        }
        resolution /= 2.0;
    }
}

/// The groups as topics, in two levels, not counted yet.
fn named(requests: &Requests<'_>, groups: &[Vec<u32>], told: &[Wanted]) -> Vec<NewTopic> {
    let middles = requests.middles(groups);
    let middles: Vec<&[f32]> = middles.iter().map(Vec::as_slice).collect();
    let levels = linked(&middles, KIN, |_, _| true);
    let words = shared_words(&requests.texts, groups, &levels, &|t| requests.voices(t));
    let mut first = vec![String::new(); groups.len()];
    levels.iter().zip(words).for_each(|(list, word)| list.iter().for_each(|&g| first[g].clone_from(&word)));
    let terms = terms_among(&requests.texts, groups.iter().map(Vec::as_slice), |t| requests.voices(t));
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|&a, &b| groups[b].len().cmp(&groups[a].len()).then(a.cmp(&b)));
    let (mut taken, mut shown): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut out = Vec::with_capacity(groups.len());
    // The largest chooses its name first.
    for g in order {
        let name = free_name(&told[g], &mut taken);
        let centre = middle(&requests.vectors, requests.width, &groups[g]);
        let mut near: Vec<u32> = groups[g].clone();
        let cosine = |t: u32| dot(&requests.vectors[t as usize * requests.width..][..requests.width], &centre);
        near.sort_by(|&a, &b| cosine(b).total_cmp(&cosine(a)).then(a.cmp(&b)));
        // What tells the group stands in what shows it.
        let (mut near, others): (Vec<u32>, Vec<u32>) =
            near.into_iter().partition(|&t| says(requests.texts[t as usize], &told[g].word));
        near.extend(others);
        let example = example_of(near.iter().map(|&t| requests.texts[t as usize]), &shown);
        shown.push(example.clone());
        out.push(NewTopic {
            name: if first[g].is_empty() { name } else { format!("{}/{name}", first[g]) },
            n: 0,
            description: described(&terms[g]),
            example,
            nearest: requests.nearest(&groups[g], &centre),
            centre,
        });
    }
    out
}

/// Counts every conversation once by what is proposed, and keeps both where the store may be written.
fn counted(
    store: &Store,
    embedder: &dyn Embedder,
    mut topics: Vec<NewTopic>,
    reporter: &dyn Reporter,
) -> Result<Vec<ProposedTopic>, JobError> {
    let mut placed: Vec<(ConversationId, usize)> = Vec::new();
    let centres: Vec<TopicCentre<'_>> = topics.iter().map(|t| (t.centre.as_slice(), t.nearest)).collect();
    place(store, embedder, &centres, None, reporter, &mut |found| {
        placed.extend(found.iter().filter_map(|(id, place)| Some((*id, (*place)?))));
        Ok(())
    })?;
    placed.iter().for_each(|(_, place)| topics[*place].n += 1);
    if !store.is_read_only() {
        store.keep_proposed_topics(&key_of(embedder), &topics, &placed)?;
    }
    let mut out: Vec<ProposedTopic> = topics
        .into_iter()
        .map(|t| {
            let (group, intent) = t.name.split_once('/').unwrap_or(("", &t.name));
            ProposedTopic {
                group: group.to_owned(),
                intent: intent.to_owned(),
                description: t.description,
                example: t.example,
                n: t.n,
            }
        })
        .collect();
    out.sort_by(|a, b| a.group.cmp(&b.group).then(b.n.cmp(&a.n)).then(a.intent.cmp(&b.intent)));
    Ok(out)
}

/// The best name of a group that no larger one has; numbered where all are taken.
fn free_name(told: &Wanted, taken: &mut Vec<String>) -> String {
    let names = || told.names.iter().map(|n| n.replace('/', "_").chars().take(LETTERS).collect::<String>());
    let best = names().next().unwrap_or_else(|| "other_requests".to_owned());
    let numbered = (2..).map(|n| format!("{best}_{n}"));
    let is_free = |name: &String| !taken.contains(&name_key(name));
    let name = names().chain([best.clone()]).chain(numbered).find(is_free).unwrap_or(best);
    taken.push(name_key(&name));
    name
}

fn described(terms: &[String]) -> String {
    if terms.is_empty() { String::new() } else { format!("requests with the words {}", terms.join(", ")) }
}
