//! The gold set: frozen, versioned test turns from test groups (rules 11, 12).

use crate::domain::review::decision::{join_ids, split_ids};
use crate::domain::{ConversationId, GoldVersion, IntentId, Kind, Timestamp, TurnKey};
use crate::store::codes::{CUSTOMER, LABEL, OPEN_HALF, PIN, SEALED_HALF, SOURCE, TRAINING};
use crate::store::conversations::word_digests::words_digest;
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::{DoingWhat, IntentNames, Result, Store, StoreError, split_turn};
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// At most this many turns a half.
const MOST: usize = 2_000;

/// Which half a gold turn is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GoldHalf {
    /// May be looked at.
    Open,
    /// Verdict, gate and trend only.
    Sealed,
}

/// One gold turn, as scoring needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldItem {
    /// Conversation; what the tests cluster by.
    pub conversation: ConversationId,
    /// `source:id`.
    pub id: String,
    /// Turn number.
    pub turn: TurnKey,
    /// Half.
    pub half: GoldHalf,
    /// What the customer said.
    pub text: String,
    /// Gold intents, as frozen; the first is primary.
    pub intents: Vec<IntentId>,
    /// What the AI predicted at the time, with its confidence; `None` for a fallback or no prediction.
    pub logged: Option<(IntentId, Option<f64>)>,
    /// Whether the source predicts intents at all (on any turn).
    pub source_predicts: bool,
    /// Pinned: must never break.
    pub pinned: bool,
    /// The conversation's language, as logged.
    pub lang: Option<String>,
}

/// A gold turn of the open half, as `gold list` shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoldRow {
    /// `source:id`.
    pub id: String,
    /// Row.
    pub n: ConversationId,
    /// Turn number.
    pub turn: TurnKey,
    /// Gold intents by name.
    pub intents: Vec<String>,
    /// What the customer said.
    pub text: String,
    /// Pinned.
    pub pinned: bool,
    /// None of its intents is in use: it is left out of comparisons.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_in_use: bool,
}

impl GoldItem {
    /// Its intents as they stand today, those in use alone; none: the turn is left out on both sides (rule 37).
    pub fn gold_today(&self, names: &IntentNames) -> Vec<IntentId> {
        names.in_use(&self.intents)
    }
}

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoldVersionRow {
    /// Which.
    pub version: GoldVersion,
    /// When it was frozen.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// Turns of the open half.
    pub open: u64,
    /// Turns of the sealed half.
    pub sealed: u64,
    /// How often its sealed half has been looked at.
    pub looks: u64,
}

impl Store {
    /// The newest gold version, if any.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn gold_version(&self) -> Result<Option<GoldVersion>> {
        self.conn
            .query_row("SELECT max(version) FROM gold_version", [], |r| r.get::<_, Option<i64>>(0))
            .map(|v| v.map(GoldVersion))
            .doing("reading the gold version")
    }

    /// Gold turns at hand, frozen or not: open half, sealed half (before the cap).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn gold_at_hand(&self) -> Result<(u64, u64)> {
        let all = self.gold_candidates()?;
        let open = all.iter().filter(|c| c.half == 1).count() as u64;
        Ok((open, all.len() as u64 - open))
    }

    /// Freezes a new version from the labels at hand.
    ///
    /// # Errors
    /// There are none; or nothing has changed since the newest version.
    pub fn freeze_gold(&mut self, reviewer: &str, now: Timestamp, reason: Option<&str>) -> Result<GoldVersion> {
        self.immediate("freezing the gold set", |store| {
            let mut items = store.gold_candidates()?;
            if items.is_empty() {
                return Err(StoreError::refused(
                    "no turn of a test group has a gold label yet; import conversations with `gold_intent`, or open a cycle: \
                     a tenth of its items are audit items that become gold",
                ));
            }
            thin(&mut items, store.group_seed);
            if store.newest_items()? == items.iter().map(|i| (i.turn, i.intents.clone())).collect::<Vec<_>>() {
                return Err(StoreError::refused("the gold set has not changed since its newest version"));
            }
            let who = store.reviewer_id(reviewer, now)?;
            let decision = store.last_decision()?;
            store
                .conn
                .execute(
                    "INSERT INTO gold_version(at, reviewer, reason, decision) VALUES (?, ?, ?, ?)",
                    params![store.dated(now)?.0, who, reason, decision.0],
                )
                .doing("freezing the gold set")?;
            let version = store.conn.last_insert_rowid();
            let mut s = store
                .conn
                .prepare_cached("INSERT INTO gold_item(version, turn, half, intents, words) VALUES (?, ?, ?, ?, ?)")
                .doing("freezing the gold set")?;
            for i in &items {
                s.execute(params![version, i.turn, i.half, i.intents, i.words]).doing("freezing a gold turn")?;
            }
            Ok(GoldVersion(version))
        })
    }

    /// The version that a run uses: the newest, corrected first where its labels have changed since
    /// ([`Store::correct_gold`]); frozen now if there is none and there are labels for it. `None` without labels.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn gold_or_freeze(&mut self, reviewer: &str, now: Timestamp) -> Result<Option<GoldVersion>> {
        if let Some(v) = self.gold_version()? {
            return Ok(Some(self.correct_gold(reviewer, now)?.unwrap_or(v)));
        }
        if self.gold_candidates()?.is_empty() {
            return Ok(None);
        }
        self.freeze_gold(reviewer, now, Some("first version, frozen by the first fine-tuning")).map(Some)
    }

    fn newest_items(&self) -> Result<Vec<(i64, String)>> {
        self.conn
            .prepare(
                "SELECT turn, intents FROM gold_item WHERE version = (SELECT max(version) FROM gold_version) ORDER BY turn",
            )
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("reading the gold set")
    }

    /// Labels of test groups that came with the log or were made on audit items. Never a turn that was chosen because
    /// the AI failed on it.
    fn gold_candidates(&self) -> Result<Vec<GoldCandidate>> {
        let names = self.intent_names()?;
        let sql = format!(
            "SELECT l.subject << 20 | l.turn, l.value, c.part, t.text FROM current l JOIN conversation c ON c.id = l.subject
             JOIN turn t ON t.id = (l.subject << 20 | l.turn)
             WHERE l.kind = {LABEL} AND c.part > {TRAINING} AND c.traffic = 1 AND t.payload = 0 AND t.role = {CUSTOMER}
               AND NOT EXISTS(SELECT 1 FROM reworded w WHERE w.turn = t.id AND w.decision >= l.decision)
               AND (EXISTS(SELECT 1 FROM cycle_item i WHERE i.conversation = l.subject AND i.audit = 1 AND i.turn = l.turn)
                 OR EXISTS(SELECT 1 FROM decision d JOIN reviewer r ON r.id = d.reviewer
                    WHERE d.subject = l.subject AND d.kind = {LABEL} AND d.turn = l.turn AND r.role = {IMPORTER}))
             ORDER BY 1"
        );
        let read = |r: &Row<'_>| {
            let words = words_digest(&r.get::<_, String>(3)?);
            Ok(GoldCandidate { turn: r.get(0)?, intents: r.get(1)?, half: r.get(2)?, words })
        };
        let mut out: Vec<GoldCandidate> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], read).and_then(Iterator::collect))
            .doing("reading the gold labels")?;
        for c in &mut out {
            c.intents = join_ids(&names.in_use(&split_ids(&c.intents)));
        }
        out.retain(|c| !c.intents.is_empty());
        Ok(out)
    }

    /// The turns of a version. Turns whose group is no test group any more are left out, and those that do not say any more
    /// what they said when they were frozen.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn gold_items(&self, version: GoldVersion) -> Result<Vec<GoldItem>> {
        let predicts = self.predicting_sources()?;
        let sql = format!(
            "SELECT g.turn, g.half, g.intents, t.text, t.intent, t.confidence, t.fallback, s.text || ':' || c.external_id, c.source,
                EXISTS(SELECT 1 FROM current p WHERE p.subject = c.id AND p.kind = {PIN} AND p.turn = t.id & 1048575), g.words,
                (SELECT text FROM term WHERE id = c.language)
             FROM gold_item g JOIN turn t ON t.id = g.turn JOIN conversation c ON c.id = g.turn >> 20
             JOIN term s ON s.id = c.source WHERE g.version = ? AND c.part > {TRAINING} AND t.role = {CUSTOMER} ORDER BY g.turn"
        );
        self.conn
            .prepare(&sql)
            .and_then(|mut s| {
                s.query_map([version.0], |r| {
                    let (conversation, turn) = split_turn(r.get(0)?);
                    let fallback: bool = r.get(6)?;
                    let intent: Option<i64> = r.get(4)?;
                    let confidence: Option<f64> = r.get(5)?;
                    let text: String = r.get(3)?;
                    let frozen: Option<[u8; 16]> = r.get(10)?;
                    if frozen.is_some_and(|words| words != words_digest(&text)) {
                        return Ok(None);
                    }
                    Ok(Some(GoldItem {
                        conversation,
                        turn,
                        half: if r.get::<_, i64>(1)? == OPEN_HALF { GoldHalf::Open } else { GoldHalf::Sealed },
                        intents: split_ids(&r.get::<_, String>(2)?),
                        text,
                        logged: intent.filter(|_| !fallback).map(|i| (IntentId(i), confidence)),
                        id: r.get(7)?,
                        source_predicts: predicts.contains(&r.get::<_, i64>(8)?),
                        pinned: r.get(9)?,
                        lang: r.get(11)?,
                    }))
                })
                .and_then(|rows| rows.filter_map(rusqlite::Result::transpose).collect())
            })
            .doing("reading the gold set")
    }

    /// Sources whose logs predict intents.
    fn predicting_sources(&self) -> Result<Vec<i64>> {
        self.ids(
            &format!("SELECT id FROM term s WHERE kind = {SOURCE} AND EXISTS(
                SELECT 1 FROM conversation c WHERE c.source = s.id AND (c.intent IS NOT NULL OR c.first_intent IS NOT NULL))"),
            &[],
        )
    }

    /// The open half, for people to look at. The sealed half is never listed.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn gold_rows(&self, version: GoldVersion) -> Result<Vec<GoldRow>> {
        let names = self.intent_names()?;
        let open = self.gold_items(version)?.into_iter().filter(|i| i.half == GoldHalf::Open);
        Ok(open
            .map(|i| GoldRow {
                id: i.id,
                n: i.conversation,
                turn: i.turn,
                intents: i.intents.iter().map(|&x| names.name(names.today(x))).collect(),
                text: i.text,
                pinned: i.pinned,
                not_in_use: names.in_use(&i.intents).is_empty(),
            })
            .collect())
    }

    /// All versions, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn gold_versions(&self) -> Result<Vec<GoldVersionRow>> {
        let sql = format!(
            "SELECT v.version, v.at, r.name, v.reason,
                (SELECT count(*) FROM gold_item g WHERE g.version = v.version AND g.half = {OPEN_HALF}),
                (SELECT count(*) FROM gold_item g WHERE g.version = v.version AND g.half = {SEALED_HALF}), v.looks
            FROM gold_version v JOIN reviewer r ON r.id = v.reviewer ORDER BY v.version DESC"
        );
        let read = |r: &Row<'_>| {
            Ok(GoldVersionRow {
                version: GoldVersion(r.get(0)?),
                at: Timestamp(r.get(1)?),
                by: r.get(2)?,
                reason: r.get(3)?,
                open: r.get(4)?,
                sealed: r.get(5)?,
                looks: r.get(6)?,
            })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], read).and_then(Iterator::collect))
            .doing("listing the gold versions")
    }

    /// Counts looks at a version's sealed half; returns the count with these.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(in crate::store) fn count_looks(&self, version: GoldVersion, more: u64) -> Result<u64> {
        self.conn
            .query_row(
                "UPDATE gold_version SET looks = looks + ? WHERE version = ? RETURNING looks",
                (more as i64, version.0),
                |r| r.get(0),
            )
            .doing("counting a look at the sealed half")
    }

    /// Turns that are pinned now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn pinned_turns(&self) -> Result<Vec<(ConversationId, TurnKey)>> {
        self.conn
            .prepare_cached("SELECT subject, turn FROM current WHERE kind = ? ORDER BY subject, turn")
            .and_then(|mut s| {
                s.query_map([Kind::Pin.code()], |r| Ok((ConversationId(r.get(0)?), r.get(1)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading the pins")
    }

    /// Whether a turn is in the open half of the newest version: what may be pinned.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_open_gold(&self, c: ConversationId, turn: TurnKey) -> Result<bool> {
        let half: Option<i64> = self
            .conn
            .query_row(
                "SELECT half FROM gold_item WHERE version = (SELECT max(version) FROM gold_version) AND turn = ?",
                [crate::store::turn_id(c, turn)],
                |r| r.get(0),
            )
            .optional()
            .doing("looking up a gold turn")?;
        Ok(half == Some(1))
    }
}

/// A label that can be gold. `intents` in today's ids; `half` is the conversation's part.
struct GoldCandidate {
    turn: i64,
    intents: String,
    half: i64,
    words: [u8; 16],
}

/// Keeps at most [`MOST`] turns a half: those with the lowest seeded hash, so a random sample of the traffic that stays
/// the same as long as it can when labels are added. In the order of the turns.
fn thin(items: &mut Vec<GoldCandidate>, seed: u64) {
    let rank = |turn: i64| {
        let digest = Sha256::digest([seed.to_le_bytes(), turn.to_le_bytes()].concat());
        u64::from_le_bytes(std::array::from_fn(|i| digest[i]))
    };
    items.sort_by_cached_key(|i| rank(i.turn));
    let mut kept = [0usize; 3];
    items.retain(|i| {
        let n = &mut kept[i.half.clamp(0, 2) as usize];
        *n += 1;
        *n <= MOST
    });
    items.sort_by_key(|i| i.turn);
}
