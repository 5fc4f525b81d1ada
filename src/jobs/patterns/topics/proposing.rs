//! Proposing a list: groups of first requests, those that want the same put together, named by what they want.

use super::examples::masked;
use super::grouping::Requests;
use super::naming::named;
use super::{TopicCentre, asked, key_of, place};
use crate::domain::{ConversationId, Reporter};
use crate::jobs::JobError;
use crate::learn::vectors::embed::Embedder;
use crate::store::{NewTopic, Store};
use serde::Serialize;
use std::collections::BTreeMap;

/// First requests that a list is made from, the newest.
const MOST: usize = 50_000;
/// Different first requests below which there is nothing to group.
const FEWEST: usize = 10;

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
    /// With what identifies a person replaced (rule 32).
    #[must_use]
    pub fn masked(self) -> Self {
        Self { example: masked(&self.example), ..self }
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
    if with.len() < FEWEST {
        return Err(JobError::NothingToLearn(format!(
            "topics take {FEWEST} different first requests outside test groups: there are {}",
            with.len()
        )));
    }
    let requests = Requests::read(&with, embedder, reporter)?;
    let topics = named(&requests, &requests.grouped(embedder, seed, reporter)?, embedder, reporter)?;
    if topics.is_empty() {
        return Err(JobError::NothingToLearn("no topics: hardly any two first requests are alike".to_owned()));
    }
    counted(store, embedder, topics, reporter)
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
