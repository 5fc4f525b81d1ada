//! What learns by itself: the conversations that it reads, and the releases that it makes.

use crate::domain::{ConversationId, ReleaseId, Timestamp};
use crate::learn::release::artefact::{self, LearnedSections};
use crate::store::codes::{PENDING, TRAINING};
use crate::store::{Doing, Result, Store, StoreError};
use rusqlite::{OptionalExtension, params};

/// Conversations that are read at most: the newest.
const NEWEST: i64 = 50_000;

/// A finished conversation to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonRow {
    /// Its row.
    pub conversation: ConversationId,
    /// Its customer, else itself, by a number of its own.
    pub group: i64,
    /// It is in a test group.
    pub is_test: bool,
    /// Its last activity.
    pub at: Timestamp,
}

/// A release that a learner makes by itself.
#[derive(Clone, Debug)]
pub struct LearnedRelease {
    /// What is live, whose other sections it carries.
    pub parent: Option<ReleaseId>,
    /// Which learner, as the registry shows it: `learns offers`.
    pub recipe: String,
    /// Seed of the run.
    pub seed: u64,
    /// Examples learnt from.
    pub trained_on: u64,
    /// Seconds of training.
    pub train_seconds: f64,
    /// The artefact.
    pub artefact: Vec<u8>,
}

impl Store {
    /// Finished conversations with the AI that are traffic, by time, source and id (rule 49); `with_offers`: only those in which
    /// something was offered. At most the newest 50,000.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lessons(&self, with_offers: bool) -> Result<Vec<LessonRow>> {
        let offers = if with_offers { "AND EXISTS(SELECT 1 FROM offer o WHERE o.conversation = c.id)" } else { "" };
        let sql = format!(
            "SELECT id, grp, part, last_at FROM (SELECT c.id, c.grp, c.part, c.last_at, s.text, c.external_id FROM conversation c
                JOIN term s ON s.id = c.source WHERE c.traffic = 1 AND c.has_ai = 1 AND c.outcome <> {PENDING} {offers}
                ORDER BY c.last_at DESC, s.text DESC, c.external_id DESC LIMIT ?) ORDER BY last_at, text, external_id"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                let row = |r: &rusqlite::Row<'_>| {
                    Ok(LessonRow {
                        conversation: ConversationId(r.get(0)?),
                        group: r.get(1)?,
                        is_test: r.get::<_, i64>(2)? != TRAINING,
                        at: Timestamp(r.get(3)?),
                    })
                };
                s.query_map([NEWEST], row).and_then(Iterator::collect)
            })
            .doing("reading what to learn from")
    }

    /// The sections of a release that were learnt without anybody's labels.
    ///
    /// # Errors
    /// No such release; its bytes are damaged.
    pub fn learned_sections(&self, id: ReleaseId) -> Result<LearnedSections> {
        let bytes: Option<Vec<u8>> = self
            .conn
            .query_row("SELECT data FROM artefact WHERE release = ?", [id.0], |r| r.get(0))
            .optional()
            .doing("reading an artefact")?;
        let damaged = |e| StoreError::Damaged(format!("the artefact of release v{} cannot be read ({e})", id.0));
        bytes.map_or(Ok(LearnedSections::default()), |bytes| artefact::learned(&bytes).map_err(damaged))
    }

    /// How many releases a learner has made.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn learned_looks(&self, recipe: &str) -> Result<u64> {
        let n: i64 = self
            .conn
            .query_row("SELECT count(*) FROM release WHERE recipe = ?", [recipe], |r| r.get(0))
            .doing("counting releases")?;
        Ok(n.max(0) as u64)
    }

    /// Stores a release that a learner made. It stands on its parent's labels, so that what was labelled since is still new.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn add_learned(&mut self, reviewer: &str, now: Timestamp, new: &LearnedRelease) -> Result<ReleaseId> {
        self.immediate("storing a release", |store| {
            let now = store.dated(now)?;
            let who = store.reviewer_id(reviewer, now)?;
            let sql = "INSERT INTO release(parent, at, reviewer, recipe, seed, decision, gold_version, trained_on, intents, sha256,
                    train_seconds)
                VALUES (?1, ?2, ?3, ?4, ?5, coalesce((SELECT decision FROM release WHERE id = ?1), 0),
                    (SELECT gold_version FROM release WHERE id = ?1), ?6,
                    coalesce((SELECT intents FROM release WHERE id = ?1), 0), ?7, ?8)";
            let digest = artefact::sha256(&new.artefact);
            let parent = new.parent.map(|p| p.0);
            let (seed, trained_on) = (new.seed as i64, new.trained_on as i64);
            store
                .conn
                .execute(sql, params![parent, now.0, who, new.recipe, seed, trained_on, digest, new.train_seconds])
                .doing("storing a release")?;
            let id = ReleaseId(store.conn.last_insert_rowid());
            store
                .conn
                .execute("INSERT INTO artefact(release, data) VALUES (?, ?)", params![id.0, new.artefact])
                .doing("storing an artefact")?;
            Ok(id)
        })
    }
}
