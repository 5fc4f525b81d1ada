//! Topics, where the log has no intents (rule 46): an accepted list is a version of frozen groups, and each conversation is on the
//! topic of the group that its first request is nearest to.

use crate::domain::{ConversationId, DecisionChange, DecisionTarget, IntentId, Kind, Timestamp};
use crate::store::codes::{TOPICS, TRAINING};
use crate::store::intents::edits::AdditionOrigin;
use crate::store::{DoingWhat, Result, Store, StoreError};
use crate::text::name_key;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The name that queries have for conversations on no topic.
const NONE: &str = "none";

/// A group of a list that is to be accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTopic {
    /// The intent that it becomes; what stands before `/` is the first level.
    pub name: String,
    /// First requests of training groups in it, where it was proposed.
    pub n: u64,
    /// What it is about, in words.
    pub description: String,
    /// What a customer said in it, of a training group.
    pub example: String,
    /// Its middle, of length one.
    pub centre: Vec<f32>,
    /// The cosine to the middle below which a request is not of it.
    pub nearest: f64,
}

/// A group of the list that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicGroup {
    /// The intent that it stands for; 0 where it was only proposed.
    pub intent: IntentId,
    /// What it was called when it was proposed or accepted.
    pub name: String,
    /// First requests of training groups in it, where it was proposed.
    pub n: u64,
    /// What it is about, in words.
    pub description: String,
    /// What a customer said in it.
    pub example: String,
    /// Its middle, of length one.
    pub centre: Vec<f32>,
    /// The cosine to the middle below which a request is not of it.
    pub nearest: f64,
}

/// The list of topics that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicList {
    /// Its version, counted from 1.
    pub version: i64,
    /// Key of the vectors that the middles are of.
    pub vectors: String,
    /// Its groups.
    pub groups: Vec<TopicGroup>,
}

/// What came of accepting a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedTopics {
    /// The version.
    pub version: i64,
    /// Intents that were not on the list before.
    pub new_intents: u64,
    /// Topics: different names of the list.
    pub topics: u64,
}

/// The topic of `conversation AS c` by the list that stands: it stands as the conversation's intent where nobody says another.
pub(in crate::store) static TOPIC_OF: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(SELECT nullif(t.intent, 0) FROM topic t JOIN current v
            ON v.subject = 0 AND v.kind = {TOPICS} AND v.turn = -1 AND t.version = CAST(v.value AS INTEGER) WHERE t.conversation = c.id)"
    )
});

/// Conversations on topics of a version, by their numbers in `topic` as a JSON array.
const TOPIC_SQL: &str =
    "SELECT conversation FROM topic WHERE version = ?1 AND intent IN (SELECT value FROM json_each(?2))";

/// Conversations on no topic of a version.
const NO_TOPIC_SQL: &str =
    "SELECT id FROM conversation WHERE id NOT IN (SELECT conversation FROM topic WHERE version = ?1 AND intent <> 0)";

/// What stands in `topic` for the group at a place of a list that is only proposed: intents are accepted first.
const fn proposed_code(place: i64) -> i64 {
    -1 - place
}

/// The topics that a query can name: of the list that stands, else of what was proposed last.
struct NamedTopics {
    version: i64,
    /// What stands in `topic` for each, and its name today.
    topics: Vec<(i64, String)>,
}

impl Store {
    /// The version of the list of topics that stands.
    pub(in crate::store) fn topic_version(&self) -> Result<Option<i64>> {
        let value = self.current_value(Kind::Topics, DecisionTarget { subject: 0, turn: None })?;
        Ok(value.and_then(|(version, ..)| version.parse().ok()))
    }

    /// The list of topics that stands.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn topic_list(&self) -> Result<Option<TopicList>> {
        let doing = "reading the list of topics";
        let Some(version) = self.topic_version()? else { return Ok(None) };
        let vectors: Option<String> = self
            .conn
            .query_row("SELECT vectors FROM topic_version WHERE version = ?", [version], |r| r.get(0))
            .optional()
            .doing(doing)?;
        let Some(vectors) = vectors else { return Ok(None) };
        let groups = self.topic_groups("g.version = ?1", &[&version])?;
        Ok(Some(TopicList { version, vectors, groups }))
    }

    fn topic_groups(&self, which: &str, params: &[&dyn rusqlite::ToSql]) -> Result<Vec<TopicGroup>> {
        let sql = format!(
            "SELECT g.intent, g.description, g.example, g.centre, g.nearest, g.name, g.n FROM topic_group g
             JOIN topic_version v ON v.version = g.version WHERE {which} ORDER BY g.place"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params, |r| {
                    let centre: Vec<u8> = r.get(3)?;
                    Ok(TopicGroup {
                        intent: IntentId(r.get(0)?),
                        description: r.get(1)?,
                        example: r.get(2)?,
                        centre: centre.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
                        nearest: r.get(4)?,
                        name: r.get(5)?,
                        n: r.get(6)?,
                    })
                })
                .and_then(Iterator::collect)
            })
            .doing("reading the list of topics")
    }

    /// Lets a list of topics stand: its names are on the list of intents from now on. One step.
    ///
    /// # Errors
    /// It is empty; a name is no name, or that of an intent that was merged; the store cannot be written.
    pub fn accept_topics(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        vectors: &str,
        groups: &[NewTopic],
    ) -> Result<AcceptedTopics> {
        let doing = "accepting a list of topics";
        let Some(width) = groups.first().map(|g| g.centre.len()) else {
            return Err(StoreError::refused("the list of topics is empty"));
        };
        self.immediate(doing, |store| {
            let mut changes = Vec::new();
            let mut listed: BTreeSet<IntentId> = BTreeSet::new();
            let mut new_intents = 0;
            let version = store.new_topic_version(vectors, width, now)?;
            for (place, group) in (0_i64..).zip(groups) {
                let name = store.check_name_of(&group.name, "a topic's name", "booking/change_date")?;
                let names = store.intent_names()?;
                let used =
                    names.find(&name).map(|i| names.today(i)).filter(|&i| names.is_active(i) || listed.contains(&i));
                let intent = match used {
                    Some(intent) => intent,
                    None => {
                        let (intent, how) = store.place_on_list(&name, false, now)?;
                        new_intents += u64::from(how == AdditionOrigin::New);
                        changes.push(DecisionChange::intent_state(intent, "active"));
                        intent
                    }
                };
                listed.insert(intent);
                store.put_topic_group(version, place, intent, group)?;
            }
            changes.push(DecisionChange::topics(version));
            store.decide_within(reviewer, now, &changes)?;
            Ok(AcceptedTopics { version, new_intents, topics: listed.len() as u64 })
        })
    }

    fn new_topic_version(&self, vectors: &str, width: usize, now: Timestamp) -> Result<i64> {
        self.conn
            .query_row(
                "INSERT INTO topic_version(version, at, vectors, width)
                 SELECT coalesce(max(version), 0) + 1, ?, ?, ? FROM topic_version RETURNING version",
                params![now.0, vectors, width as i64],
                |r| r.get(0),
            )
            .doing("keeping a list of topics")
    }

    fn put_topic_group(&self, version: i64, place: i64, intent: IntentId, group: &NewTopic) -> Result<()> {
        let centre: Vec<u8> = group.centre.iter().flat_map(|x| x.to_le_bytes()).collect();
        let p = params![
            version,
            place,
            intent.0,
            group.name,
            group.n,
            group.description,
            group.example,
            centre,
            group.nearest
        ];
        self.conn
            .prepare_cached(
                "INSERT INTO topic_group(version, place, intent, name, n, description, example, centre, nearest)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .and_then(|mut s| s.execute(p))
            .map(drop)
            .doing("keeping a list of topics")
    }

    /// Keeps groups that were proposed, and the place of the group that each conversation would be of, for whoever accepts them later;
    /// those proposed before are forgotten. No decision.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_proposed_topics(
        &self,
        vectors: &str,
        groups: &[NewTopic],
        placed: &[(ConversationId, usize)],
    ) -> Result<()> {
        let doing = "keeping proposed topics";
        self.immediate(doing, |store| {
            let unused = "NOT EXISTS(SELECT 1 FROM topic_group g WHERE g.version = topic_version.version)";
            store
                .conn
                .execute("DELETE FROM topic WHERE version IN (SELECT version FROM topic_group WHERE intent = 0)", [])
                .and_then(|_| store.conn.execute("DELETE FROM topic_group WHERE intent = 0", []))
                .and_then(|_| store.conn.execute(&format!("DELETE FROM topic_version WHERE {unused}"), []))
                .doing(doing)?;
            let width = groups.first().map_or(0, |g| g.centre.len());
            let version = store.new_topic_version(vectors, width, Timestamp(0))?;
            (0_i64..).zip(groups).try_for_each(|(place, g)| store.put_topic_group(version, place, IntentId(0), g))?;
            let mut put = store
                .conn
                .prepare_cached("INSERT INTO topic(conversation, version, intent) VALUES (?, ?, ?)")
                .doing(doing)?;
            for (conversation, place) in placed {
                let code = proposed_code(i64::try_from(*place).unwrap_or(i64::MAX - 1));
                put.execute([conversation.0, version, code]).doing(doing)?;
            }
            Ok(())
        })
    }

    /// The groups that were proposed last, where they are of these vectors (`None`: of any).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn proposed_topics(&self, vectors: Option<&str>) -> Result<Vec<TopicGroup>> {
        self.topic_groups("g.intent = 0 AND v.vectors = coalesce(?1, v.vectors)", &[&vectors])
    }

    /// Conversations that a version has not looked at yet (`None`: all), after a row: each with its first request.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn without_topic(
        &self,
        version: Option<i64>,
        after: ConversationId,
        most: usize,
    ) -> Result<Vec<(ConversationId, String)>> {
        self.conn
            .prepare_cached(
                "SELECT c.id, t.text FROM conversation c JOIN turn t ON t.id = (c.id << 20 | c.first_turn)
                 WHERE c.id > ?1 AND c.first_turn IS NOT NULL
                   AND NOT EXISTS(SELECT 1 FROM topic x WHERE x.conversation = c.id AND x.version = ?2) ORDER BY c.id LIMIT ?3",
            )
            .and_then(|mut s| {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                s.query_map(params![after.0, version, most], |r| Ok((ConversationId(r.get(0)?), r.get(1)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading first requests")
    }

    /// Keeps the topics of conversations; `None`: near none.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_topics(&self, version: i64, found: &[(ConversationId, Option<IntentId>)]) -> Result<()> {
        let doing = "keeping topics";
        self.immediate(doing, |store| {
            let mut put = store
                .conn
                .prepare_cached("INSERT OR REPLACE INTO topic(conversation, version, intent) VALUES (?, ?, ?)")
                .doing(doing)?;
            let mut changed = store.conn.prepare_cached("INSERT INTO changed(conversation) VALUES (?)").doing(doing)?;
            for (conversation, intent) in found {
                put.execute(params![conversation.0, version, intent.map_or(0, |i| i.0)]).doing(doing)?;
                if intent.is_some() {
                    changed.execute([conversation.0]).doing(doing)?;
                }
            }
            Ok(())
        })
    }

    /// Marks what a change of the list that stands changes: the topics of both.
    pub(in crate::store) fn project_topics(&self) -> Result<()> {
        self.conn
            .execute("INSERT INTO changed(conversation) SELECT DISTINCT conversation FROM topic WHERE intent > 0", [])
            .map(drop)
            .doing("applying a decision")
    }

    /// First requests with the customer who came with each (else the conversation), by a number of its own; of training groups, outside
    /// N's spam: what a first list is made from. The newest, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn first_requests(&self, most: usize) -> Result<Vec<(i64, String)>> {
        let mut rows: Vec<(i64, String)> = self
            .conn
            .prepare_cached(
                "SELECT c.grp, t.text FROM conversation c JOIN turn t ON t.id = (c.id << 20 | c.first_turn)
                 WHERE c.part = ? AND c.traffic = 1 AND c.first_turn IS NOT NULL ORDER BY c.id DESC LIMIT ?",
            )
            .and_then(|mut s| {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                s.query_map([TRAINING, most], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect)
            })
            .doing("reading first requests")?;
        rows.reverse();
        Ok(rows)
    }

    fn named_topics(&self) -> Result<Option<NamedTopics>> {
        let doing = "reading the list of topics";
        if let Some(version) = self.topic_version()? {
            // Former lists' topics, too: what a name meant does not go with the list.
            let names = self.intent_names()?;
            let topics = self.ids("SELECT DISTINCT intent FROM topic_group WHERE intent > 0", &[])?;
            let topics = topics.into_iter().map(|i| (i, names.name(names.today(IntentId(i))))).collect();
            return Ok(Some(NamedTopics { version, topics }));
        }
        let proposed: Vec<(i64, i64, String)> = self
            .conn
            .prepare_cached("SELECT version, place, name FROM topic_group WHERE intent = 0 ORDER BY place")
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).and_then(Iterator::collect))
            .doing(doing)?;
        let Some(version) = proposed.first().map(|p| p.0) else { return Ok(None) };
        let topics = proposed.into_iter().map(|(_, place, name)| (proposed_code(place), name)).collect();
        Ok(Some(NamedTopics { version, topics }))
    }

    /// The statement that finds conversations on topics, with its parameters: a name is that of a topic or of a first level, `none` is
    /// none of them. `None`: there is no list, not even a proposed one.
    pub(in crate::store) fn topic_rows(&self, wanted: &[String]) -> Result<Option<(String, [Value; 2])>> {
        let Some(known) = self.named_topics()? else { return Ok(None) };
        let intents = self.intent_names()?;
        let mut codes = Vec::new();
        let mut has_none = false;
        for name in wanted {
            let key = name_key(name);
            if key == NONE {
                has_none = true;
                continue;
            }
            let meant = intents.find(name).map(|i| intents.name(intents.today(i)));
            let is = |own: &str| {
                name_key(own) == key
                    || meant.as_deref() == Some(own)
                    || own.split_once('/').is_some_and(|(first, _)| name_key(first) == key)
            };
            let found: Vec<i64> = known.topics.iter().filter(|(_, own)| is(own)).map(|t| t.0).collect();
            if found.is_empty() {
                return Err(StoreError::NotFound {
                    what: "topic",
                    name: name.clone(),
                    hint: "`appraise patterns topics` lists them".to_owned(),
                });
            }
            codes.extend(found);
        }
        let none = if has_none { format!(" UNION {NO_TOPIC_SQL}") } else { String::new() };
        let codes = serde_json::json!(codes).to_string();
        Ok(Some((format!("{TOPIC_SQL}{none}"), [Value::Integer(known.version), Value::Text(codes)])))
    }
}
