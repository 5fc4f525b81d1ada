//! A first list of topics where the log has no intents (rule 46): groups of first requests, in two levels, proposed to a person, and
//! frozen once the list is accepted. Proposed and accepted groups meet requests by one rule, so both count the same.

mod examples;
mod grouping;
mod manner;
mod naming;
mod proposing;
mod request;

use crate::domain::{ConversationId, IntentId, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::learn::cluster::dot;
use crate::learn::vectors::embed::Embedder;
use crate::store::{AcceptedTopics, NewTopic, Store};
use examples::masked;
pub(super) use examples::says_nothing_personal;
pub use proposing::{ProposedTopic, propose_topics};
use request::request_in;

/// Requests that are put to the groups at once.
const BATCH: usize = 2_048;
/// Requests are read without how they begin: a list that was made of whole texts does not fit.
const RECIPE: &str = "requests";

/// The key of what the middles of a list are of.
fn key_of(embedder: &dyn Embedder) -> String {
    format!("{}/{RECIPE}", embedder.key())
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
    let key = key_of(embedder);
    let known = store.proposed_topics(Some(&key))?;
    let loosest = known.iter().map(|t| t.nearest).fold(f64::INFINITY, f64::min);
    let own = if loosest.is_finite() { loosest } else { 0.5 };
    let examples: Vec<String> = lines.iter().map(|l| asked(&l.example)).collect();
    let examples: Vec<&str> = examples.iter().map(String::as_str).collect();
    let vectors = embedder.embed(&examples, reporter)?;
    let groups: Vec<NewTopic> = lines
        .iter()
        .zip(vectors.chunks_exact(embedder.width().max(1)))
        .map(|(line, vector)| {
            let frozen = known.iter().find(|t| same_example(&t.example, &line.example));
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
    let accepted = store.accept_topics(reviewer, now, &key, &groups)?;
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
        .proposed_topics(Some(&key_of(embedder)))?
        .into_iter()
        .map(|t| TopicLine {
            group: String::new(),
            intent: t.name,
            description: t.description,
            example: masked(&t.example),
        })
        .collect();
    accept_topics(store, embedder, &lines, by, reporter)
}

/// Puts conversations that the list has not looked at on their topics; gives how many found one. Nothing where no list stands.
///
/// # Errors
/// The list is of other vectors; the store cannot be read or written; cancelled.
pub fn assign_topics(store: &Store, embedder: &dyn Embedder, reporter: &dyn Reporter) -> Result<u64, JobError> {
    let Some(list) = store.topic_list()? else { return Ok(0) };
    let key = key_of(embedder);
    if list.vectors != key {
        return Err(JobError::Configuration(format!(
            "the list of topics is of vectors of {}, and the store's are of {}; accept the list again",
            list.vectors, key
        )));
    }
    let groups: Vec<TopicCentre<'_>> = list.groups.iter().map(|g| (g.centre.as_slice(), g.nearest)).collect();
    let mut on_topic = 0;
    place(store, embedder, &groups, Some(list.version), reporter, &mut |found| {
        let topics: Vec<(ConversationId, Option<IntentId>)> =
            found.iter().map(|(id, place)| (*id, place.map(|p| list.groups[p].intent))).collect();
        on_topic += topics.iter().filter(|(_, topic)| topic.is_some()).count() as u64;
        Ok(store.keep_topics(list.version, &topics)?)
    })?;
    Ok(on_topic)
}

/// The middle of a group, of length one, and the cosine to it below which a request is not of it.
type TopicCentre<'a> = (&'a [f32], f64);

/// Conversations with the place of the group that each is of.
type Placed = [(ConversationId, Option<usize>)];

/// Puts first requests to groups: each is of the one whose middle is nearest, of those from which it lies no further off than what counts
/// as of them. Of
/// a version those that it has not looked at yet, else all. `take` gets them in parts.
fn place(
    store: &Store,
    embedder: &dyn Embedder,
    groups: &[TopicCentre<'_>],
    version: Option<i64>,
    reporter: &dyn Reporter,
    take: &mut dyn FnMut(&Placed) -> Result<(), JobError>,
) -> Result<(), JobError> {
    let (mut after, mut looked) = (ConversationId(0), 0);
    loop {
        let rows = store.without_topic(version, after, BATCH)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.0;
        looked += rows.len() as u64;
        reporter.step("topics", looked, 0)?;
        let texts: Vec<String> = rows.iter().map(|(_, text)| asked(text)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = embedder.embed(&texts, reporter)?;
        let found: Vec<(ConversationId, Option<usize>)> = rows
            .iter()
            .zip(vectors.chunks_exact(embedder.width().max(1)))
            .map(|((id, _), vector)| (*id, nearest_of(groups, vector)))
            .collect();
        take(&found)?;
    }
}

fn nearest_of(groups: &[TopicCentre<'_>], vector: &[f32]) -> Option<usize> {
    let near = groups.iter().map(|(centre, nearest)| (dot(vector, centre), *nearest)).enumerate();
    // What has no vector is near nothing.
    let of_it = near.filter(|(_, (cosine, nearest))| *cosine > 0.0 && f64::from(*cosine) >= *nearest);
    of_it.max_by(|a, b| a.1.0.total_cmp(&b.1.0)).map(|(place, _)| place)
}

/// What a first message asks, in one line.
fn asked(text: &str) -> String {
    in_a_line(&request_in(text))
}

/// Without what a spreadsheet does to blanks.
fn in_a_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line of a list has the example of a proposed group, masked or as it was said.
fn same_example(proposed: &str, line: &str) -> bool {
    in_a_line(&masked(proposed)) == in_a_line(&masked(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_of_the_nearest_topic_that_reaches_so_far() {
        let (narrow, wide): (&[f32], &[f32]) = (&[1.0, 0.0], &[0.0, 1.0]);
        let topics = [(narrow, 0.95), (wide, 0.5)];
        assert_eq!(nearest_of(&topics, &[0.98, 0.2]), Some(0));
        assert_eq!(nearest_of(&topics, &[0.8, 0.6]), Some(1), "the nearer one does not reach it");
        assert_eq!(nearest_of(&topics, &[0.9, 0.4]), None);
        assert_eq!(nearest_of(&topics, &[0.0, 0.0]), None);
    }
}
