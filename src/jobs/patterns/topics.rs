//! A first list of topics where the log has no intents (rule 46): groups of first requests, in two levels, proposed to a person, and
//! frozen once the list is accepted.

use crate::domain::{ConversationId, IntentId, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::learn::cluster::{
    ClusterGroup, ClusterRecipe, clusters, dot, joined_groups, middle, terms_among, without_common,
};
use crate::learn::vectors::embed::Embedder;
use crate::store::{AcceptedTopics, NewTopic, Store};
use crate::text::name_key;
use serde::Serialize;
use std::collections::BTreeMap;

/// First requests that a list is made from, the newest.
const MOST: usize = 50_000;
/// Finer than patterns of failures are: intents are many.
const RESOLUTION: f64 = 4.0;
/// Cosine of two groups' middles, without what all requests share, from which on they are of one first level. Chosen on first
/// requests of three kinds (an airline's, thirteen services', CLINC150's ten domains).
const KIN: f32 = 0.2;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;
/// Requests that are put to the groups at once.
const BATCH: usize = 2_048;

/// A group that is proposed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProposedTopic {
    /// The first level.
    pub group: String,
    /// The intent.
    pub intent: String,
    /// What it is about, in words.
    pub description: String,
    /// A request that shows it, of a training group. Hostile.
    pub example: String,
    /// Conversations of training groups whose first request is in it.
    pub n: u64,
    /// Its middle.
    #[serde(skip)]
    centre: Vec<f32>,
    #[serde(skip)]
    nearest: f64,
}

/// A line of a list that a person has gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicLine {
    /// The first level; may be empty.
    pub group: String,
    /// The intent.
    pub intent: String,
    /// What it is about, in words.
    pub description: String,
    /// A request that shows it: of a proposed group the same, else any.
    pub example: String,
}

impl TopicLine {
    /// The name of the intent, the first level before a slash.
    fn name(&self) -> String {
        match self.group.trim() {
            "" => self.intent.trim().to_owned(),
            group => format!("{group}/{}", self.intent.trim()),
        }
    }
}

/// Groups first requests of training groups, and names them by what they say.
///
/// # Errors
/// There are too few; the store cannot be read; cancelled.
pub fn propose_topics(
    store: &Store,
    embedder: &dyn Embedder,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Vec<ProposedTopic>, JobError> {
    let requests = store.first_requests(MOST)?;
    let mut with: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    requests.iter().for_each(|(customer, text)| with.entry(text.trim()).or_default().push(*customer));
    let texts: Vec<&str> = with.keys().copied().filter(|t| !t.is_empty()).collect();
    if texts.len() < 10 {
        return Err(JobError::NothingToLearn(format!(
            "a list of topics takes at least 10 different first requests of customers outside test groups; there are {}",
            texts.len()
        )));
    }
    let vectors = embedder.embed(&texts, reporter)?;
    let recipe = ClusterRecipe {
        resolution: RESOLUTION,
        smallest: ClusterRecipe::worth_showing(texts.len()),
        leave_out: 0.1,
        ..ClusterRecipe::plain(seed)
    };
    let width = embedder.width();
    let apart = without_common(&vectors, width);
    let found = clusters(&texts, &apart, width, recipe, reporter)?.groups;
    let first = joined_groups(&found, KIN);
    let voices = |t: u32| with[texts[t as usize]].clone();
    let levels = first_levels(&texts, &found, &first, voices);
    let terms = terms_among(&texts, found.iter().map(|g| &*g.members), voices);
    let mut taken: Vec<String> = Vec::new();
    let mut out: Vec<ProposedTopic> = found
        .iter()
        .zip(&first)
        .zip(&terms)
        .map(|((group, first), terms)| {
            let n = group.members.iter().map(|&t| with[texts[t as usize]].len() as u64).sum();
            let name = unique(&named(terms), &mut taken);
            // What stands for it later meets requests as they are.
            let centre = middle(&vectors, width, &group.members);
            ProposedTopic {
                group: levels.get(first).cloned().unwrap_or_default(),
                intent: name,
                description: format!("requests that speak of {}", spoken(terms)),
                example: texts[group.medoid as usize].to_owned(),
                n,
                nearest: nearest(group, &centre, &vectors, width),
                centre,
            }
        })
        .collect();
    out.sort_by(|a, b| a.group.cmp(&b.group).then(b.n.cmp(&a.n)).then(a.intent.cmp(&b.intent)));
    if !store.is_read_only() {
        let kept: Vec<NewTopic> = out.iter().map(ProposedTopic::topic).collect();
        store.keep_proposed_topics(embedder.key(), &kept)?;
    }
    Ok(out)
}

impl ProposedTopic {
    fn topic(&self) -> NewTopic {
        NewTopic {
            name: self.line().name(),
            n: self.n,
            description: self.description.clone(),
            example: self.example.clone(),
            centre: self.centre.clone(),
            nearest: self.nearest,
        }
    }

    /// As a line of a list.
    pub fn line(&self) -> TopicLine {
        TopicLine {
            group: self.group.clone(),
            intent: self.intent.clone(),
            description: self.description.clone(),
            example: self.example.clone(),
        }
    }
}

/// The names of the first levels, by the groups that stand for them: what tells all that is in one from the others.
fn first_levels(
    texts: &[&str],
    found: &[ClusterGroup],
    first: &[usize],
    voices: impl Fn(u32) -> Vec<i64>,
) -> BTreeMap<usize, String> {
    let mut members: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    found.iter().zip(first).for_each(|(group, &level)| members.entry(level).or_default().extend(&group.members));
    let terms = terms_among(texts, members.values().map(Vec::as_slice), voices);
    // Two that are told by one word are one.
    members.keys().zip(terms).map(|(&level, terms)| (level, word(&terms))).collect()
}

/// The cosine to its middle that all but the loosest of a group have.
fn nearest(group: &ClusterGroup, centre: &[f32], vectors: &[f32], width: usize) -> f64 {
    let mut near: Vec<f32> =
        group.members.iter().map(|&t| dot(&vectors[t as usize * width..][..width], centre)).collect();
    near.sort_by(f32::total_cmp);
    f64::from(near[((near.len() as f64 * LOOSE) as usize).min(near.len() - 1)])
}

/// A name of an intent from what tells a group: `refund_money`.
fn named(terms: &[String]) -> String {
    let terms: Vec<String> = terms.iter().take(2).map(|t| t.replace(' ', "_")).collect();
    let name: String = terms.join("_").chars().filter(|c| c.is_alphanumeric() || *c == '_').take(40).collect();
    if name.is_empty() { "requests".to_owned() } else { name }
}

fn word(terms: &[String]) -> String {
    terms.first().map_or_else(|| "other".to_owned(), |t| t.replace(['/', ' '], "_"))
}

fn spoken(terms: &[String]) -> String {
    if terms.is_empty() { "the same".to_owned() } else { terms.join(", ") }
}

/// Without what a spreadsheet does to blanks.
fn in_a_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unique(name: &str, taken: &mut Vec<String>) -> String {
    let mut out = name.to_owned();
    let mut n = 2;
    while taken.contains(&name_key(&out)) {
        out = format!("{name}_{n}");
        n += 1;
    }
    taken.push(name_key(&out));
    out
}

/// Accepts a list: lines with the example of a proposed group take that group, frozen as it was proposed; others are all that is
/// nearest to their example. Lines of one name are one topic. Then puts every conversation on its topic.
///
/// # Errors
/// A line has no intent or no example; the list was proposed with other vectors; the store cannot be written; cancelled.
pub fn accept_topics(
    store: &mut Store,
    embedder: &dyn Embedder,
    lines: &[TopicLine],
    (reviewer, now): (&str, Timestamp),
    reporter: &dyn Reporter,
) -> Result<(AcceptedTopics, u64), JobError> {
    let refuse = |why: String| Err(JobError::Usage(why));
    if lines.is_empty() {
        return refuse("the list has no line: a topic is a line group,intent,description,example".to_owned());
    }
    for (i, line) in lines.iter().enumerate() {
        if line.intent.trim().is_empty() || line.example.trim().is_empty() {
            return refuse(format!("line {} of the list needs an intent and an example", i + 2));
        }
    }
    let known = store.proposed_topics(Some(embedder.key()))?;
    let loosest = known.iter().map(|t| t.nearest).fold(f64::INFINITY, f64::min);
    let own = if loosest.is_finite() { loosest } else { 0.5 };
    let examples: Vec<&str> = lines.iter().map(|l| l.example.trim()).collect();
    let vectors = embedder.embed(&examples, reporter)?;
    let groups: Vec<NewTopic> = lines
        .iter()
        .zip(vectors.chunks_exact(embedder.width().max(1)))
        .map(|(line, vector)| {
            let frozen = known.iter().find(|t| in_a_line(&t.example) == in_a_line(&line.example));
            NewTopic {
                name: line.name(),
                n: frozen.map_or(0, |t| t.n),
                description: line.description.trim().to_owned(),
                example: line.example.trim().to_owned(),
                centre: frozen.map_or_else(|| vector.to_vec(), |t| t.centre.clone()),
                nearest: frozen.map_or(own, |t| t.nearest),
            }
        })
        .collect();
    let accepted = store.accept_topics(reviewer, now, embedder.key(), &groups)?;
    let on_topic = assign_topics(store, embedder, reporter)?;
    Ok((accepted, on_topic))
}

/// Accepts what was proposed last, as it was proposed.
///
/// # Errors
/// Nothing was proposed; as [`accept_topics`].
pub fn accept_proposed(
    store: &mut Store,
    embedder: &dyn Embedder,
    by: (&str, Timestamp),
    reporter: &dyn Reporter,
) -> Result<(AcceptedTopics, u64), JobError> {
    let lines: Vec<TopicLine> = store
        .proposed_topics(Some(embedder.key()))?
        .into_iter()
        .map(|t| TopicLine { group: String::new(), intent: t.name, description: t.description, example: t.example })
        .collect();
    accept_topics(store, embedder, &lines, by, reporter)
}

/// Puts conversations that the list has not looked at on their topics; gives how many found one. Nothing where no list stands.
///
/// # Errors
/// The list is of other vectors; the store cannot be read or written; cancelled.
pub fn assign_topics(store: &Store, embedder: &dyn Embedder, reporter: &dyn Reporter) -> Result<u64, JobError> {
    let Some(list) = store.topic_list()? else { return Ok(0) };
    if list.vectors != embedder.key() {
        return Err(JobError::Configuration(format!(
            "the list of topics is of vectors of {}, and the store's are of {}; accept the list again",
            list.vectors,
            embedder.key()
        )));
    }
    let (mut after, mut on_topic, mut looked) = (ConversationId(0), 0, 0);
    loop {
        let rows = store.without_topic(list.version, after, BATCH)?;
        let Some(last) = rows.last() else { return Ok(on_topic) };
        after = last.0;
        looked += rows.len() as u64;
        reporter.step("topics", looked, 0)?;
        let texts: Vec<&str> = rows.iter().map(|(_, text)| text.as_str()).collect();
        let vectors = embedder.embed(&texts, reporter)?;
        let found: Vec<(ConversationId, Option<IntentId>)> = rows
            .iter()
            .zip(vectors.chunks_exact(embedder.width().max(1)))
            .map(|((id, _), vector)| {
                let best = list.groups.iter().map(|g| (dot(vector, &g.centre), g)).max_by(|a, b| a.0.total_cmp(&b.0));
                (*id, best.filter(|(cosine, g)| f64::from(*cosine) >= g.nearest).map(|(_, g)| g.intent))
            })
            .collect();
        on_topic += found.iter().filter(|(_, topic)| topic.is_some()).count() as u64;
        store.keep_topics(list.version, &found)?;
    }
}
