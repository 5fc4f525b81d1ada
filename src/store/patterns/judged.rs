//! What a detector of a failure mode learns from and is measured on: people's words in training groups, and those on audit items.

use crate::domain::{Cause, ConversationId, Detection, ModeId, Timestamp, TurnKey};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ABANDONED, ESCALATED, FAILED, MODE, RESOLVED, REVIEWED, ROOT_CAUSE, TRAINING};
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A conversation of which somebody may have said whether it is in a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeCase {
    /// Which.
    pub id: ConversationId,
    /// The turn to judge.
    pub turn: Option<TurnKey>,
    /// Its group: a customer's conversations go together.
    pub group: i64,
    /// It failed or was handed over; what did not is in no mode.
    pub is_failure: bool,
    /// What a person said; `None`: nothing that tells.
    pub is_in: Option<bool>,
}

/// An audit item of which somebody said whether it is in a mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuditedCase {
    /// The conversation.
    pub case: ModeCase,
    /// 1 / the probability with which it was drawn (rule 23).
    pub weight: f64,
}

/// Audit items of one mode, and what they were drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditedMode {
    /// Those that tell, of closed cycles that kept their odds; a conversation that two cycles drew stands twice.
    pub items: Vec<AuditedCase>,
    /// First and last activity, Unix milliseconds, of what those cycles drew from; everything where there is none of them.
    pub span: (i64, i64),
    /// Others that tell, of a cycle that is open.
    pub open: u64,
    /// Others that tell, of cycles of before the odds of the draw were kept.
    pub without_odds: u64,
}

/// What a detector last found of a mode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeptDetection {
    /// When it looked.
    pub at: Timestamp,
    /// Conversations that somebody has said a cause or a mode of since then.
    pub judged_since: u64,
    /// What it found.
    #[serde(flatten)]
    pub found: Detection,
}

/// A row of `conversation AS c`, as [`Judged::case`] reads it.
static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "c.id, c.failing_turn, c.grp, c.outcome IN ({ESCALATED}, {FAILED}), c.cause, c.review,
            (SELECT CAST(k.value AS INTEGER) FROM current k WHERE k.subject = c.id AND k.kind = {MODE} AND k.turn = -1)"
    )
});

/// Which modes stand for one that is asked about, and its cause.
struct Judged {
    meant: Vec<i64>,
    all: Vec<(i64, i64)>,
    cause: Cause,
}

impl Judged {
    fn case(&self, r: &rusqlite::Row<'_>) -> rusqlite::Result<ModeCase> {
        let (cause, mode): (Option<i64>, Option<i64>) = (r.get(4)?, r.get(6)?);
        let (is_failure, done): (bool, bool) = (r.get(3)?, r.get::<_, i64>(5)? == REVIEWED);
        // A mode stands while the cause is its own.
        let standing = mode.filter(|m| self.all.iter().any(|(id, own)| id == m && Some(*own) == cause));
        let is_in = match (standing, cause.and_then(Cause::from_code)) {
            _ if !is_failure => done.then_some(false),
            (Some(mode), _) => Some(self.meant.contains(&mode)),
            // The same cause and no mode tells nothing: nobody may have thought of modes then.
            (None, Some(cause)) if cause != self.cause => Some(false),
            _ => None,
        };
        Ok(ModeCase { id: ConversationId(r.get(0)?), turn: r.get(1)?, group: r.get(2)?, is_failure, is_in })
    }
}

impl Store {
    fn judged_mode(&self, mode: ModeId) -> Result<Judged> {
        let modes = self.modes()?;
        let today = modes.today(mode);
        let meant = modes.0.iter().filter(|m| modes.today(m.id) == today).map(|m| m.id.0).collect();
        let all = modes.0.iter().map(|m| (m.id.0, m.cause.code())).collect();
        let cause = modes.row(today).map_or(Cause::ContextLoop, |m| m.cause);
        Ok(Judged { meant, all, cause })
    }

    /// Failures of training groups of which people said whether they are in a mode.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mode_lessons(&self, mode: ModeId) -> Result<Vec<ModeCase>> {
        let judged = self.judged_mode(mode)?;
        let sql = format!(
            "SELECT {} FROM conversation c WHERE c.part = {TRAINING} AND c.traffic = 1 AND c.outcome IN ({ESCALATED}, {FAILED})
               AND c.cause IS NOT NULL ORDER BY c.id",
            *COLUMNS
        );
        let cases: Vec<ModeCase> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], |r| judged.case(r)).and_then(Iterator::collect))
            .doing("reading what people said of a mode")?;
        Ok(cases.into_iter().filter(|c| c.is_in.is_some()).collect())
    }

    /// Audit items of N of which people said whether they are in a mode, in the order in which they were drawn.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mode_audit(&self, mode: ModeId) -> Result<AuditedMode> {
        let doing = "reading the audit items of a mode";
        let judged = self.judged_mode(mode)?;
        let sql = format!(
            "SELECT {}, CAST(y.audit_of AS REAL) / nullif(y.audit_drawn, 0), y.closed_at IS NULL
             FROM cycle_item i JOIN cycle y ON y.id = i.cycle JOIN conversation c ON c.id = i.conversation
             WHERE i.audit = 1 AND c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED}
             ORDER BY i.cycle, i.place",
            *COLUMNS
        );
        let read = |r: &rusqlite::Row<'_>| Ok((judged.case(r)?, r.get(7)?, r.get(8)?));
        let cases: Vec<(ModeCase, Option<f64>, bool)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], read).and_then(Iterator::collect))
            .doing(doing)?;
        let span = "SELECT coalesce(min(audit_from), ?), coalesce(max(audit_to), ?) FROM cycle
            WHERE audit_drawn > 0 AND closed_at IS NOT NULL";
        let span = self
            .conn
            .prepare_cached(span)
            .and_then(|mut s| s.query_row([i64::MIN, i64::MAX], |r| Ok((r.get(0)?, r.get(1)?))))
            .doing(doing)?;
        let mut out = AuditedMode { items: Vec::new(), span, open: 0, without_odds: 0 };
        for (case, weight, is_open) in cases.into_iter().filter(|(case, ..)| case.is_in.is_some()) {
            match weight {
                Some(weight) if !is_open => out.items.push(AuditedCase { case, weight }),
                Some(_) => out.open += 1,
                None => out.without_odds += 1,
            }
        }
        Ok(out)
    }

    /// N with its last activity between two moments, to be looked at by a detector.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mode_population(&self, (from, to): (i64, i64), now: Timestamp) -> Result<Vec<ModeCase>> {
        let sql = format!(
            "SELECT id, failing_turn, grp, outcome IN ({ESCALATED}, {FAILED}) FROM conversation
             WHERE traffic = 1 AND has_ai = 1 AND outcome BETWEEN {RESOLVED} AND {ABANDONED} AND last_at >= ? AND last_at <= ? AND last_at < ?
             ORDER BY id"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![from, to, ahead_of(now)], |r| {
                    Ok(ModeCase {
                        id: ConversationId(r.get(0)?),
                        turn: r.get(1)?,
                        group: r.get(2)?,
                        is_failure: r.get(3)?,
                        is_in: None,
                    })
                })
                .and_then(Iterator::collect)
            })
            .doing("reading what a detector looks at")
    }

    /// Keeps what a detector found of a mode, in place of what it found before.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_detection(&self, mode: ModeId, found: &Detection, now: Timestamp) -> Result<()> {
        let doing = "keeping what a detector found";
        let json = serde_json::to_string(found).map_err(|e| StoreError::refused(e.to_string()))?;
        self.immediate(doing, |s| {
            let p = params![mode.0, now.0, s.last_decision()?.0, json];
            s.conn
                .execute("INSERT OR REPLACE INTO detection(mode, at, decision, found) VALUES (?, ?, ?, ?)", p)
                .doing(doing)
                .map(drop)
        })
    }

    /// What detectors last found, by mode.
    pub(in crate::store) fn detections(&self) -> Result<BTreeMap<ModeId, KeptDetection>> {
        let sql = format!(
            "SELECT mode, at, found, (SELECT count(DISTINCT d.subject) FROM decision d
                WHERE d.id > detection.decision AND d.kind IN ({MODE}, {ROOT_CAUSE})) FROM detection"
        );
        let kept: Vec<(i64, i64, String, u64)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).and_then(Iterator::collect)
            })
            .doing("reading what detectors found")?;
        let read = |(mode, at, found, judged_since): (i64, i64, String, u64)| {
            let found = serde_json::from_str(&found).ok()?;
            Some((ModeId(mode), KeptDetection { at: Timestamp(at), judged_since, found }))
        };
        Ok(kept.into_iter().filter_map(read).collect())
    }
}
