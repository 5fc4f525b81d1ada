//! What is said in conversations, as counting answers reads it.

use crate::domain::{ConversationId, Role};
use crate::store::codes::{LABEL, TRAINING};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::Row;
use std::collections::BTreeSet;

/// One turn, as counting answers reads it.
#[derive(Clone, Debug)]
pub struct SpokenTurn {
    /// Row of the conversation.
    pub conversation: u32,
    /// Packed id.
    pub id: i64,
    /// Where it stands.
    pub place: u32,
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
    /// What the AI did, by the log.
    pub action: Option<String>,
    /// How probable the log says it was that the AI said this: above 0, at most 1.
    pub propensity: Option<f32>,
    /// A person speaks, or takes over.
    pub is_person: bool,
    /// A tool that failed.
    pub failed: bool,
    /// Something is offered in it.
    pub offers: bool,
    /// Of a training group.
    pub is_training: bool,
    /// What the log says the conversation is in, else what its customer writes.
    pub language: Option<String>,
}

impl Store {
    /// Row numbers above the highest conversation's.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn conversation_rows(&self) -> Result<i64> {
        self.conn
            .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM conversation")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("counting conversations")
    }

    /// What is said in a range of conversations, in the order of the talk.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn spoken(&self, rows: std::ops::Range<i64>) -> Result<Vec<SpokenTurn>> {
        let sql = format!(
            "SELECT t.id, t.place, t.role, t.text, t.extra, c.part = {TRAINING}, l.text FROM turn t NOT INDEXED
            CROSS JOIN conversation c ON c.id = t.id >> 20 LEFT JOIN term l ON l.id = coalesce(c.language, nullif(c.written, 0))
            WHERE t.id >= ?1 << 20 AND t.id < ?2 << 20"
        );
        let mut out: Vec<SpokenTurn> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([rows.start, rows.end], spoken_turn).and_then(Iterator::collect))
            .doing("reading what was said")?;
        let offering: BTreeSet<i64> = self
            .conn
            .prepare_cached("SELECT conversation << 20 | turn FROM offer WHERE conversation >= ? AND conversation < ? AND turn IS NOT NULL")
            .and_then(|mut s| s.query_map([rows.start, rows.end], |r| r.get(0)).and_then(Iterator::collect))
            .doing("reading in which turns something was offered")?;
        out.iter_mut().for_each(|turn| turn.offers = offering.contains(&turn.id));
        out.sort_by_key(|t| (t.conversation, t.place));
        Ok(out)
    }

    /// Whether any turn of a customer has an intent, by the log or a reviewer.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn knows_intents(&self) -> Result<bool> {
        Ok(!self.ids("SELECT 1 FROM conversation WHERE first_intent IS NOT NULL LIMIT 1", &[])?.is_empty()
            || !self.ids(&format!("SELECT 1 FROM current WHERE kind = {LABEL} LIMIT 1"), &[])?.is_empty())
    }

    /// The tags of conversations that have some, in their order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn tagged(&self) -> Result<Vec<(ConversationId, String)>> {
        self.conn
            .prepare_cached(
                "SELECT id, (SELECT group_concat(value, ', ') FROM (SELECT DISTINCT value FROM json_each(extra, '$.tags') ORDER BY value))
                 FROM conversation WHERE extra LIKE '%\"tags\"%' ORDER BY id",
            )
            .and_then(|mut s| {
                s.query_map([], |r| Ok((ConversationId(r.get(0)?), r.get::<_, Option<String>>(1)?.unwrap_or_default())))
                    .and_then(Iterator::collect)
            })
            .doing("reading tags")
    }
}

fn spoken_turn(r: &Row<'_>) -> rusqlite::Result<SpokenTurn> {
    let (id, extra): (i64, Option<String>) = (r.get(0)?, r.get(4)?);
    let role = Role::from_code(r.get(2)?).unwrap_or(Role::System);
    let text: String = r.get(3)?;
    let extra = extra.filter(|e| match role {
        Role::Bot => e.contains("\"action\"") || e.contains("\"propensity\""),
        Role::Tool => e.contains("\"error\""),
        Role::System => e.contains("\"event\""),
        _ => false,
    });
    let fields: serde_json::Value = extra.and_then(|e| serde_json::from_str(&e).ok()).unwrap_or_default();
    let action = fields.get("action").and_then(|a| a.as_str()).map(str::trim).filter(|a| !a.is_empty());
    let error = fields
        .pointer("/meta/error")
        .is_some_and(|e| !matches!(e, serde_json::Value::Null | serde_json::Value::Bool(false)));
    let event = fields.get("event").and_then(|e| e.as_str());
    let propensity = fields.pointer("/meta/propensity").and_then(|p| p.as_f64()).filter(|p| *p > 0.0 && *p <= 1.0);
    let says_error = || text.trim_start().get(..5).is_some_and(|s| s.eq_ignore_ascii_case("error"));
    Ok(SpokenTurn {
        conversation: u32::try_from(id >> 20).unwrap_or_default(),
        id,
        place: r.get(1)?,
        role,
        action: action.map(str::to_owned),
        propensity: propensity.map(|p| p as f32),
        is_person: role == Role::Agent || role == Role::System && matches!(event, Some("handoff" | "agent_joined")),
        failed: role == Role::Tool && (error || says_error()),
        offers: false,
        text,
        is_training: r.get(5)?,
        language: r.get(6)?,
    })
}
